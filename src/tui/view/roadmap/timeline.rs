//! View 2, turned once: the roadmap on a line of weeks. Spans come from done work, sprints and the team's own
//! velocity; promises are the only days typed by hand.

use crate::insight::outlook::first_sprint;
use crate::insight::outlook::{self, promise, short};
use crate::insight::rhythm::coming;
use crate::insight::sprint::is_open;
use crate::insight::text::{ShareDone, progress, size_and_state};
use crate::insight::timeline::{Days, Stretch};
use crate::model::product::Product;
use crate::model::saturating::signed;
use crate::model::schema::{Horizon, Kind, RoadmapItem, Sprint};
use crate::model::value::Day;
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::{ListRow, Rows, Ui};
use crate::tui::term::key::Press;
use crate::tui::term::layout::{Focus, Part, extent};
use crate::tui::term::paint::{Paint, Zone};
use crate::tui::term::text::{times, width};
use crate::tui::view::outlook::{forecast, outlook_rows, spans};
use crate::tui::view::roadmap::columns::columned;
use crate::tui::widget::fields::record_title;
use crate::tui::widget::list;
use chrono::Datelike;
use crossterm::event::KeyCode;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Its place among the layouts of the roadmap.
pub const TIMELINE: usize = 1;

/// Lines above the rows: months, sprints.
pub const HEADING: u16 = 2;

pub fn is_shown(ui: &Ui) -> bool {
    ui.screen().name == "roadmap" && ui.place().turn == TIMELINE
}

/// Scrolls by four weeks.
pub fn scroll(ui: &mut Ui, by: isize) {
    let place = ui.place_mut();
    place.weeks = place.weeks.saturating_add(if by < 0 { -4 } else { 4 }).clamp(-260, 260);
}

/// All columns below each other.
pub fn rows(ui: &Ui, product: &Product) -> Rows {
    let mut out = columned(ui, product);
    out.columns.clear();
    out
}

/// Maps days to columns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Scale {
    first: Day,
    /// Days in one column.
    step: i64,
    columns: usize,
}

impl Scale {
    /// About five months, beginning four weeks ago, on a Monday.
    fn of(ui: &Ui, columns: usize) -> Scale {
        let step = 150i64.checked_div(signed(columns)).unwrap_or(7).clamp(2, 7);
        let weeks = i64::from(ui.place().weeks).saturating_sub(4);
        Scale { first: ui.today.monday().plus(weeks.saturating_mul(7)), step, columns }
    }

    /// The days of a column.
    fn days(&self, column: usize) -> (Day, Day) {
        let from = self.first.plus(self.step.saturating_mul(signed(column)));
        (from, from.plus(self.step.saturating_sub(1)))
    }

    /// The column of a day, if it is visible.
    fn column(&self, day: Day) -> Option<usize> {
        let column = day.days_since(self.first).checked_div_euclid(self.step)?;
        usize::try_from(column).ok().filter(|column| *column < self.columns)
    }

    fn is_before(&self, day: Day) -> bool {
        day < self.first
    }

    /// The columns in which a month begins, with its name; the first column names the current month.
    fn months(&self) -> Vec<(usize, String)> {
        let mut out: Vec<(usize, String)> = Vec::new();
        for column in 0..self.columns {
            let (from, to) = self.days(column);
            let begins = column == 0 || to.0.month() != from.plus(-1).0.month();
            if begins {
                let named = if column == 0 { from.0 } else { to.0 };
                let year =
                    if named.month() == 1 || column == 0 { named.format(" %y").to_string() } else { String::new() };
                out.push((column, format!("{}{year}", named.format("%b"))));
            }
        }
        out
    }
}

/// The left edge of the chart.
fn name_columns(columns: u16) -> usize {
    match columns {
        100.. => 41,
        70.. => 29,
        50.. => 23,
        _ => 17,
    }
}

pub fn draw(ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
    let label = if area.width >= 60 { "timeline · {turn} changes" } else { "timeline" };
    let inner = list::frame(ui, product, "ROADMAP", label, area, buffer);
    if ui.settings.accessible {
        list::draw_rows(ui, product, inner, buffer, &|_, row, _| spoken(ui, product, row));
        return;
    }
    let needs = ui.place().row_needs().min(usize::from(inner.width) / 2);
    let names = name_columns(inner.width).max(needs);
    let chart = inner.past(names);
    let scale = Scale::of(ui, usize::from(chart.width));
    draw_heading(ui, product, &scale, chart, buffer);
    let room = inner.below(HEADING.into());
    let wide = inner.width >= 100;
    list::draw_rows(ui, product, room, buffer, &|at, row, _| name(ui, product, at, row, wide, chart.width));
    draw_spans(ui, product, &scale, Rect { y: room.y, height: room.height, ..chart }, buffer);
    draw_legend(ui, area, buffer);
}

/// What the names need beside the chart.
pub fn needed(ui: &Ui, product: &Product, row: &ListRow) -> usize {
    let wide = ui.window.width >= 102;
    list::needed(ui, row, &name(ui, product, 0, row, wide, 0))
}

/// Number, title, mark and percent; the chart is drawn over the blanks behind them.
fn name(ui: &Ui, product: &Product, at: usize, row: &ListRow, wide: bool, chart: u16) -> list::RowText {
    let Some(item) = product.get::<RoadmapItem>(row.id) else { return list::RowText::default() };
    let above = at.checked_sub(1).filter(|_| at > ui.place().top).and_then(|at| ui.rows.rows.get(at));
    let above = above.and_then(|row| product.get::<RoadmapItem>(row.id)).map(|one| one.horizon);
    let group = match (wide, above == Some(item.horizon)) {
        (false, _) => String::new(),
        (true, true) => times(" ", 6),
        (true, false) => format!("{:<6}", item.horizon.label().to_uppercase()),
    };
    let sums = product.index().under(Some(item.id)).sums;
    let share = |one: ShareDone| if wide { one.short() } else { one.compact() };
    let percent = ShareDone::of(&sums).map_or_else(|| "--".to_string(), share);
    let percent = if wide { format!("{percent:>9}") } else { format!("{percent:>4}") };
    let suspect = !crate::insight::trace::asks_again(product, &**item).is_empty()
        || crate::insight::echo::echo(product, item).is_some();
    list::RowText {
        number: format!("{group}{}", Kind::RoadmapItem.numbered(item.number)),
        title: item.title.to_string(),
        tail: format!("{:>2} {percent} {}", ui.mark(item.id, suspect), times(" ", usize::from(chart))),
    }
}

/// For a screen reader, a row is a sentence.
fn spoken(ui: &Ui, product: &Product, row: &ListRow) -> list::RowText {
    let Some(item) = product.get::<RoadmapItem>(row.id) else { return list::RowText::default() };
    let known = forecast(ui);
    let percent = progress(product, item.id);
    let promised = match promise(item, known) {
        None => String::new(),
        Some(one) => {
            let holds = match one.short_verdict(ui.today) {
                words if words.is_empty() => "no forecast to compare it with".to_string(),
                words => words,
            };
            format!(", promised {}: {holds}", short(one.day, ui.today))
        }
    };
    let said = outlook::line(product, known, item.id, ui.today).replace(" · ", ", ");
    list::RowText {
        number: Kind::RoadmapItem.numbered(item.number),
        title: format!("{}, {}, {percent}, {said}{promised}", &*item.title, item.horizon.label()),
        tail: String::new(),
    }
}

fn put(buffer: &mut Paint, at: Rect, text: &str, style: Style) {
    buffer.write(at, text, usize::from(at.width), style);
}

/// Months with their first day, sprints with theirs, and today.
fn draw_heading(ui: &Ui, product: &Product, scale: &Scale, chart: Rect, buffer: &mut Paint) {
    let right = chart.right();
    let months = scale.months();
    let ends = months.iter().skip(1).map(|(column, _)| *column).chain([scale.columns]);
    for ((column, name), end) in months.iter().zip(ends) {
        // A month that is nearly over has no room for its year or its name.
        let words = [name.as_str(), name.get(..3).unwrap_or_default(), ""];
        let word = words
            .into_iter()
            .find(|word| column.saturating_add(width(word)) < end.saturating_sub(1))
            .unwrap_or_default();
        put(buffer, chart.past(*column), &format!("|{word}"), ui.theme.quiet());
    }
    // Where short sprints leave no room for all, the running or next one keeps its name.
    let mut all = sprints(ui, product);
    let first = first_sprint(product);
    all.sort_by_key(|(number, _)| *number != first);
    let mut taken: Vec<(usize, usize)> = Vec::new();
    for (number, start) in all {
        let word = format!("s{number}");
        let Some(column) = scale.column(start) else { continue };
        let end = column.saturating_add(width(&word));
        if end <= scale.columns && taken.iter().all(|(from, to)| end < *from || column > *to) {
            put(buffer, chart.row(1).past(column), &word, ui.theme.quiet());
            taken.push((column, end));
        }
    }
    if let Some(column) = scale.column(ui.today) {
        let mark = ui.theme.glyph("▾", "v");
        let is_free =
            |at: usize| months.iter().all(|(month, name)| at < *month || at > month.saturating_add(width(name)));
        let word = if (column..column.saturating_add(6)).all(is_free) { "today" } else { "" };
        put(buffer, chart.past(column), &format!("{mark}{word}"), ui.theme.strong());
    }
    let keys = [(chart.x.saturating_sub(3), "←", KeyCode::Left), (right.saturating_sub(1), "→", KeyCode::Right)];
    for (x, sign, code) in keys {
        let place = Rect { x, width: 1, ..chart.row(0) };
        put(buffer, place, sign, ui.theme.strong());
        buffer.zone(place, Zone::Press(Press::plain(code)));
    }
}

/// The sprints that have a first day, followed by those that a forecast counts on.
fn sprints(ui: &Ui, product: &Product) -> Vec<(u32, Day)> {
    let mut out: Vec<(u32, Day)> =
        product.all::<Sprint>().filter_map(|sprint| Some((sprint.number, sprint.start?))).collect();
    out.sort_by_key(|(_, start)| *start);
    let is_known = forecast(ui).why.is_none() && !forecast(ui).pace.sprints.is_empty();
    if is_known {
        let last = out.last().map(|(_, start)| *start);
        let first = first_sprint(product);
        let later = coming(product, ui.today, 60)
            .into_iter()
            .zip(0u32..)
            .map(|((start, _), nth)| (first.saturating_add(nth), start));
        out.extend(later.filter(|(_, start)| last.is_none_or(|last| *start > last)));
    }
    out
}

fn draw_spans(ui: &Ui, product: &Product, scale: &Scale, chart: Rect, buffer: &mut Paint) {
    let adding = list::adding_after(ui).map(|(line, _)| line.below);
    let mut rest = chart.below(usize::from(adding == Some(None)));
    for row in ui.rows.rows.iter().skip(ui.place().top) {
        if rest.is_empty() {
            return;
        }
        let (Some(item), Some(days)) = (product.get::<RoadmapItem>(row.id), spans(ui).get(&row.id)) else {
            continue;
        };
        draw_line(ui, item, days, scale, rest.row(0), buffer);
        rest = rest.below(if adding == Some(Some(row.id)) { 2 } else { 1 });
    }
}

/// The months and today as thin lines, over them the spans, over these the promises.
fn draw_line(ui: &Ui, item: &RoadmapItem, days: &Days, scale: &Scale, area: Rect, buffer: &mut Paint) {
    let months: Vec<usize> = scale.months().into_iter().map(|(column, _)| column).collect();
    let today = scale.column(ui.today);
    let one = |column: usize| Rect { width: 1, ..area.past(column) };
    for column in 0..scale.columns {
        let (from, to) = scale.days(column);
        let (sign, style) = match days.on(from, to) {
            Some(Stretch::Done) => (ui.theme.glyph("█", "#"), Style::new()),
            Some(Stretch::InSprint) => (ui.theme.glyph("▓", "="), ui.theme.how()),
            Some(Stretch::Forecast) => (ui.theme.glyph("░", "."), ui.theme.quiet()),
            None if today == Some(column) => (":", ui.theme.strong()),
            None if months.contains(&column) => ("|", ui.theme.quiet()),
            None => (" ", Style::new()),
        };
        put(buffer, one(column), sign, style);
    }
    let mut at = |day: Day, sign: &str, style: Style| {
        let last = usize::from(area.width).saturating_sub(1);
        match scale.column(day) {
            Some(column) => put(buffer, one(column), sign, style),
            // Arrows point at what is outside the window.
            None if scale.is_before(day) => put(buffer, one(0), ui.theme.glyph("←", "<"), style),
            None => put(buffer, one(last), ui.theme.glyph("→", ">"), style),
        }
    };
    if let Some(since) = days.unsized_since {
        at(since, "?", ui.theme.strong());
    }
    if let Some(last) = days.spans.iter().map(|span| span.to).max().filter(|day| scale.column(*day).is_none()) {
        at(last, "", ui.theme.quiet());
    }
    if let Some(promise) = promise(item, forecast(ui)) {
        let style = if promise.holds() == Some(false) { ui.theme.wrong() } else { ui.theme.strong() };
        at(promise.day, ui.theme.glyph("◆", "*"), style);
    }
}

/// The legend, on the lower border.
fn draw_legend(ui: &Ui, area: Rect, buffer: &mut Paint) {
    let [done, sprint, safe, promised] =
        [("█", "#"), ("▓", "="), ("░", "."), ("◆", "*")].map(|(sign, plain)| ui.theme.glyph(sign, plain));
    let long = format!(
        " {done} done  {sprint} in a sprint  {safe} forecast, safe: not a promise  {promised} promised  ? no size yet "
    );
    let short = format!(" {done} done {sprint} sprint {safe} safe {promised} promised ? no size ");
    let room = usize::from(area.width.saturating_sub(18));
    let Some(text) = [long, short].into_iter().find(|text| width(text) <= room) else { return };
    let x = area.right().saturating_sub(extent(width(&text)).saturating_add(2));
    let border = area.below(usize::from(area.height).saturating_sub(1));
    put(buffer, Rect { x, ..border }, &text, ui.theme.quiet());
}

/// The forecast in words, and the open stories behind it.
pub fn how(ui: &Ui, product: &Product) -> Vec<PaneRow> {
    let Some(row) = ui.chosen_row() else { return Vec::new() };
    let mut out = outlook_rows(ui, product, row.id);
    let under = product.index().under(Some(row.id));
    let open: Vec<PaneRow> = under
        .slots
        .iter()
        .filter_map(|slot| product.items().at(*slot))
        .filter(|item| is_open(item) && product.index().counts(item))
        .take(50)
        .map(|item| {
            let text = format!("S{} {}\t{}", item.number, &*item.title, size_and_state(product, item));
            PaneRow::Link { id: item.id, text }
        })
        .collect();
    if !open.is_empty() {
        out.push(PaneRow::Heading("Still open".to_string()));
        out.extend(open);
    }
    out
}

pub fn pane_title(ui: &Ui, product: &Product, focus: Focus) -> String {
    match (focus, ui.chosen_row()) {
        (Focus::How, Some(row)) => format!("{} forecast, from sprints", product.name_of(row.id)),
        _ => record_title(ui, product, focus),
    }
}

pub fn status(ui: &Ui, product: &Product) -> String {
    let Some(item) = ui.chosen_row().and_then(|row| product.get::<RoadmapItem>(row.id)) else {
        return "Timeline: only promises are typed here".to_string();
    };
    let horizon: Horizon = item.horizon;
    let said = outlook::line(product, forecast(ui), item.id, ui.today);
    format!("{} · {} · {said}", Kind::RoadmapItem.numbered(item.number), horizon.label())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn every_day_stands_in_one_column_and_every_month_begins_once() {
        for (step, columns) in [(2, 79), (3, 51), (7, 20)] {
            let scale = Scale { first: day("2026-11-02"), step, columns };
            for column in 0..columns {
                let (from, to) = scale.days(column);
                assert_eq!((scale.column(from), scale.column(to)), (Some(column), Some(column)));
            }
            assert_eq!((scale.column(day("2026-11-01")), scale.is_before(day("2026-11-01"))), (None, true));
            let months = scale.months();
            let names: Vec<&str> = months.iter().map(|(_, name)| name.as_str()).collect();
            assert_eq!(names.get(..4), Some(&["Nov 26", "Dec", "Jan 27", "Feb"][..]));
            for (column, _) in months.iter().skip(1) {
                let (from, to) = scale.days(*column);
                let first = from.0.iter_days().take(step as usize).any(|day| day.day() == 1);
                assert!(first, "{from} to {to}");
            }
        }
    }
}
