//! View 5: the running sprint. Four columns of cards, why and how of the selected one, the sprint's progress. Turned,
//! it is the burndown or the burn-up in full size.

pub mod cards;
pub mod commands;

use crate::insight::burndown::{Pulse, pulse, slots};
use crate::insight::outlook::short;
use crate::insight::review_text::{done_of, ended_in_words, points_of, scope_of};
use crate::insight::sprint::{ended_on, figures, is_over, latest, running};
use crate::insight::views;
use crate::model::product::Product;
use crate::model::rules::capital;
use crate::model::schema::{BacklogItem, ItemStatus, Kind, Sprint, SprintState};
use crate::model::value::{Amount, Day, When};
use crate::tui::state::contract::{Adds, Command, HistoryWanted, ListForm, Screen};
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::{ListRow, Rows, Ui};
use crate::tui::term::layout::{Arrangement, Focus, Part, extent};
use crate::tui::term::paint::{Paint, Zone};
use crate::tui::term::text::{clean, hung, wrap};
use crate::tui::view::backlog;
use crate::tui::view::board::cards::COLUMNS;
use crate::tui::widget::chart::{self, Chart};
use crate::tui::widget::fields::record_title;
use crate::tui::widget::list;
use ratatui::layout::Rect;
use ratatui::style::Style;

pub const SCREEN: Screen = Screen {
    form: |ui| {
        let above = Arrangement::AboveThree { high: cards::are_many(ui) };
        let arrangement = if ui.place().is_turned() { Arrangement::Alone } else { above };
        ListForm { arrangement, row_height: 3, heading: 0 }
    },
    adds: Adds::Story(commands::add),
    enters: Focus::How,
    turns: &["board", "burndown", "burn-up"],
    verbs: commands::VERBS,
    drops: Some(commands::drop_in),
    one_column: cards::is_one,
    column_name: |nth| COLUMNS.get(nth).map(|status| status.label()),
    lists: |ui| !ui.place().is_turned(),
    // The board shows since when a story has been in its column.
    history: |_| HistoryWanted::Recent,
    footer,
    prepare: cards::prepare,
    rows: |ui, product| rows(ui, product),
    draw,
    why,
    how,
    pane_title,
    status,
    empty: "No sprint is running. {go.plan} plans one.",
    ..Screen::of(&views::BOARD)
};

fn footer(ui: &Ui, command: &Command) -> Option<(u8, &'static str)> {
    Some(match command.name {
        "horizon.later" => (99, "on"),
        "horizon.sooner" => (98, "back"),
        "story.done" => (97, "done"),
        "turn" if ui.place().turn == 1 => (93, "burn-up"),
        "turn" if ui.place().turn == 2 => (93, "board"),
        "turn" => (93, "burndown"),
        "zoom" if ui.place().is_turned() => (92, if ui.zoom { "smaller" } else { "larger" }),
        "sprint.close" => (94, "close"),
        "sprint.reopen" if ui.rows.rows.is_empty() => (70, "reopen last"),
        _ => return None,
    })
}

fn rows(ui: &Ui, product: &Product) -> Rows {
    let mut out = Rows::default();
    let Some(sprint) = running(product) else { return out };
    let inside: Vec<_> = product.all::<BacklogItem>().filter(|item| item.sprint == Some(sprint.id)).collect();
    for status in COLUMNS {
        let begin = out.rows.len();
        let mine = inside.iter().filter(|item| item.status == status);
        let rows = mine.map(|item| ListRow::of(product, Kind::BacklogItem, item.id, 0)).collect();
        let mut column = Rows { rows, ..Rows::default() };
        list::narrow(ui, product, &mut column);
        out.hidden = out.hidden.saturating_add(column.hidden);
        out.narrowed = out.narrowed.saturating_add(column.narrowed);
        out.rows.append(&mut column.rows);
        out.columns.push(begin..out.rows.len());
    }
    out
}

fn draw(ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
    let charted = charted(product);
    match (charted, ui.place().turn) {
        (Some(sprint), 1) => draw_chart(ui, product, sprint, Chart::Down, area, buffer),
        (Some(sprint), 2) => draw_chart(ui, product, sprint, Chart::Up, area, buffer),
        _ if running(product).is_some() => cards::draw(ui, product, area, buffer),
        _ => draw_none(ui, product, area, buffer),
    }
    if let Some(aside) = ui.areas().and_then(|areas| areas.aside) {
        match charted {
            Some(sprint) => draw_aside(ui, sprint, aside, buffer),
            None => drop(list::column_frame(ui, heading(Chart::Down), "", false, aside, buffer)),
        }
    }
}

/// The sprint that the charts show: the running one, else the one that ended last.
pub fn charted(product: &Product) -> Option<&Sprint> {
    latest(product).filter(|sprint| sprint.state != SprintState::Planning).map(|sprint| &**sprint)
}

/// Without days there is no burndown to look at, as of a sprint whose dates an import did not have.
pub fn has_days(sprint: &Sprint) -> bool {
    sprint.start.is_some() && sprint.end.is_some()
}

/// `closed 20 Nov`. `None` while the sprint runs.
fn ended(ui: &Ui, sprint: &Sprint) -> Option<String> {
    ended_on(sprint).map(|day| ended_in_words(sprint, day, ui.today))
}

/// `day 7 of 10`, or how the sprint ended.
fn when(ui: &Ui, sprint: &Sprint, now: &Pulse) -> String {
    ended(ui, sprint).unwrap_or_else(|| now.day_words())
}

fn draw_none(ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
    let inner = list::frame(ui, product, "BOARD", "no sprint", area, buffer);
    let mut words = ui.screen().empty.to_string();
    if let Some(last) = charted(product).filter(|sprint| sprint.state == SprintState::Closed) {
        let name = capital(&product.name_of(last.id));
        let chart = if has_days(last) { " {turn} shows its burndown," } else { "" };
        words.push_str(&format!(" {name} was the last one:{chart} {{sprint.reopen}} opens it again."));
    }
    let columns = usize::from(inner.width.saturating_sub(2));
    for (y, line) in wrap(&ui.keymap.fill(&words), columns, usize::from(inner.height)).iter().enumerate() {
        buffer.write(inner.row(y).past(1), line, columns, ui.theme.quiet());
    }
}

fn heading(chart: Chart) -> &'static str {
    if chart == Chart::Down { "BURNDOWN" } else { "BURN-UP" }
}

/// What the lines of a chart mean, and in what they count.
fn legend(ui: &Ui, chart: Chart, unit: &str) -> String {
    let ideal = ui.theme.glyph("┄┄", "--");
    let bar = if ui.theme.ascii { "#" } else { "█" };
    match chart {
        _ if ui.settings.accessible => "in words".to_string(),
        Chart::Down => format!("{unit}: {bar} left {ideal} ideal"),
        Chart::Up => format!("{unit}: {bar} done {ideal} ideal {} scope", ui.theme.glyph("━━", "==")),
    }
}

/// The burndown beside the panes. A click on it shows it large.
fn draw_aside(ui: &Ui, sprint: &Sprint, area: Rect, buffer: &mut Paint) {
    let now = pulse(sprint, &sprint.entries, ui.today);
    let legend = match ended(ui, sprint) {
        Some(ended) => ended,
        None => format!("{} left · {} ideal", now.unit(), ui.theme.glyph("┄", "-")),
    };
    let inner = list::column_frame(ui, heading(Chart::Down), &legend, false, area, buffer);
    buffer.zone(area, Zone::Command("turn"));
    let words = [now.caption(), scope_words(sprint)];
    chart_with(ui, sprint, Chart::Down, &words, inner, buffer);
}

fn draw_chart(ui: &Ui, product: &Product, sprint: &Sprint, chart: Chart, area: Rect, buffer: &mut Paint) {
    let ended = ended(ui, sprint).map(|ended| format!(" · {ended}")).unwrap_or_default();
    let title = format!("{}  sprint {}{ended}", heading(chart), sprint.number);
    let now = pulse(sprint, &sprint.entries, ui.today);
    let label = format!(
        "{} · {{turn}} {}",
        legend(ui, chart, now.unit()),
        if chart == Chart::Down { "burn-up" } else { "board" }
    );
    let inner = list::frame(ui, product, &title, &label, area, buffer);
    let mut words = vec![match chart {
        Chart::Down => format!("{}: {}.", when(ui, sprint, &now), now.sentence()),
        Chart::Up if now.is_over => {
            format!("{}: {} done, {} not done.", when(ui, sprint, &now), now.amount(now.done), now.left)
        }
        Chart::Up => format!("{}: {} done, {} to go.", when(ui, sprint, &now), now.amount(now.done), now.left),
    }];
    // Zoomed, the chart has the room of what it says in words.
    if !ui.zoom || ui.settings.accessible {
        words.push(scope_words(sprint));
        words.extend(scope_log(product, sprint, ui.today).into_iter().rev().take(12));
    }
    chart_with(ui, sprint, chart, &words, inner, buffer);
}

/// The chart, and below it the same in words; a screen reader gets the words alone.
fn chart_with(ui: &Ui, sprint: &Sprint, chart: Chart, words: &[String], area: Rect, buffer: &mut Paint) {
    let columns = usize::from(area.width.saturating_sub(1));
    let (mut y, end) = (area.y, area.bottom());
    let slots = slots(sprint, &sprint.entries, ui.today);
    let lines: Vec<String> = words.iter().flat_map(|line| hung(&clean(line), columns.saturating_sub(1), 2)).collect();
    if !ui.settings.accessible {
        let room = extent(lines.len()).min((area.height / 3).max(1));
        let plot = Rect { height: area.height.saturating_sub(room), ..area };
        y = y.saturating_add(chart::draw(ui, chart, &slots, plot, buffer));
    }
    for line in lines {
        if y < end {
            buffer.write(Rect { y, ..area }.past(1), line, columns, Style::new());
            y = y.saturating_add(1);
        }
    }
}

/// `Scope 19 planned, +5 -3 since the start`.
fn scope_words(sprint: &Sprint) -> String {
    format!("Scope {}", scope_of(&figures(&sprint.entries, is_over(sprint))))
}

/// What came and went since the start, oldest first, with the reasons.
fn scope_log(product: &Product, sprint: &Sprint, today: Day) -> Vec<String> {
    let mut all = Vec::new();
    for one in &sprint.entries {
        let size = one.points.map_or_else(|| "?".to_string(), |points| points.to_string());
        let name = product.name_of(one.item);
        if !one.is_planned() {
            // Of one that came in without points, the same line says when it was sized.
            let sized = match one.sized.map(When::day) {
                Some(day) if day != one.added.day() => format!(", sized {}", short(day, today)),
                _ => String::new(),
            };
            let day = short(one.added.day(), today);
            all.push((one.added, format!("+{size} {name}  {day}: {}{sized}", one.added_reason)));
        } else if let Some(when) = one.sized {
            all.push((when, format!("={size} {name}  {}: sized", short(when.day(), today))));
        }
        if let Some(when) = one.removed {
            let why = if one.removed_reason.is_empty() { &one.outcome } else { &one.removed_reason };
            all.push((when, format!("-{size} {name}  {}: {why}", short(when.day(), today))));
        }
    }
    all.sort_by_key(|(when, _)| *when);
    all.into_iter().map(|(_, line)| line).collect()
}

fn why(ui: &Ui, product: &Product) -> Vec<PaneRow> {
    let Some(sprint) = running(product) else { return Vec::new() };
    let mut out = vec![PaneRow::Heading("Sprint Goal".to_string()), PaneRow::Text(sprint.goal.to_string())];
    if !sprint.belief.is_empty() {
        out.push(PaneRow::Text(format!("We believe: {}", &*sprint.belief)));
    }
    let story = (backlog::SCREEN.why)(ui, product);
    // Whatever needs attention is visible without scrolling.
    let (warnings, story): (Vec<_>, Vec<_>) = story.into_iter().partition(|row| matches!(row, PaneRow::Warning(_)));
    out.extend(warnings);
    if !story.is_empty() {
        out.push(PaneRow::Text(String::new()));
        out.extend(story);
    }
    out
}

fn how(ui: &Ui, product: &Product) -> Vec<PaneRow> {
    let Some(item) = ui.chosen_row().and_then(|row| product.get::<BacklogItem>(row.id)) else { return Vec::new() };
    let mut out = Vec::new();
    if !item.blocked.is_empty() {
        out.push(PaneRow::Warning(format!("Blocked: {}", &*item.blocked)));
    }
    let counts = cards::size_of(product, item);
    if counts != item.points {
        let size = |points: Option<Amount>| points.map_or_else(|| "unsized".to_string(), |points| points.to_string());
        out.push(PaneRow::Note(format!(
            "The sprint counts {}, the size when the story came in; it is {} now. The new size counts from the next sprint on.",
            size(counts),
            size(item.points)
        )));
    }
    let check = crate::insight::done::checked(product, item);
    let rules = check.rules.len();
    if rules > 0 && item.status != ItemStatus::Done {
        let held = rules.saturating_sub(check.open().len());
        out.push(PaneRow::Note(format!("Done check {held} of {rules}. {{story.done}} opens it.")));
    }
    out.extend((backlog::SCREEN.how)(ui, product));
    // It is shown above, and the column shows the story's status.
    out.retain(|row| !matches!(row, PaneRow::Field { field, .. } if matches!(field.key, "status" | "sprint")));
    out
}

fn pane_title(ui: &Ui, product: &Product, focus: Focus) -> String {
    let item = ui.chosen_row().and_then(|row| product.get::<BacklogItem>(row.id));
    match (focus, item.and_then(|item| product.find(item.serves?))) {
        (Focus::Why, Some(served)) => format!("{} {}", served.name(), crate::tui::term::text::clean(&served.title())),
        (Focus::Why, None) => "of the sprint".to_string(),
        _ => record_title(ui, product, focus),
    }
}

fn status(ui: &Ui, product: &Product) -> String {
    let Some(sprint) = running(product) else { return status_of_none(ui, product) };
    let now = pulse(sprint, &sprint.entries, ui.today);
    let all = points_of(&figures(&sprint.entries, is_over(sprint))).unwrap_or_default();
    let short = all.replace(" of ", "/");
    let unsized_words = now.unsized_words();
    let name = capital(&product.name_of(sprint.id));
    let beside = ui.areas().is_some_and(|areas| areas.aside.is_some());
    let mut parts = match (now.sized, ui.window.width) {
        (false, 70..) => {
            let stories = now.stories_done.saturating_add(now.stories_left);
            vec![name, now.day_words(), format!("{} of {stories} stories done, none has a size", now.stories_done)]
        }
        (false, _) => {
            let stories = now.stories_done.saturating_add(now.stories_left);
            vec![short_day(&now), format!("{}/{stories} stories, none sized", now.stories_done)]
        }
        (true, 110..) => vec![name, now.day_words(), format!("{all} points done{unsized_words}")],
        (true, 70..) => vec![name, short_day(&now), format!("{short} pts{unsized_words}")],
        (true, _) => vec![short_day(&now), format!("{short} pts{unsized_words}")],
    };
    if ui.settings.accessible {
        parts.push(now.sentence());
    } else if !beside && (now.sized || ui.window.width >= 70) {
        let spark = chart::spark(ui, &slots(sprint, &sprint.entries, ui.today));
        let spark = if spark.trim().is_empty() { String::new() } else { format!(" {}", spark.trim_end()) };
        parts.push(format!("left{spark} {}, ideal {}, {}", now.left, now.ideal(), now.short_track()));
    }
    parts.join(" · ")
}

/// The chart of the sprint that ended last, if it is shown.
fn status_of_none(ui: &Ui, product: &Product) -> String {
    let chart = charted(product).filter(|_| ui.place().is_turned());
    match chart.and_then(|sprint| Some((sprint, ended(ui, sprint)?))) {
        Some((sprint, ended)) => {
            let all = done_of(&figures(&sprint.entries, is_over(sprint)));
            format!("{} · {ended} · {all} done", capital(&product.name_of(sprint.id)))
        }
        None => "Board · no sprint is running".to_string(),
    }
}

/// `day 7/10`, or `starts 30 Nov`; `day 1 on 30 Nov` in a sprint that begins on the weekend before.
fn short_day(now: &Pulse) -> String {
    match (&now.starts, &now.begins) {
        (None, Some(begins)) => format!("day 1 on {begins}"),
        (None, None) if now.day > 0 => format!("day {}/{}", now.day, now.days),
        _ => now.day_words(),
    }
}
