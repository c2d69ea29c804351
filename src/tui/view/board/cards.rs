//! The cards of the board: as many lines each as there is room for, the selected one complete.

use crate::insight::age::{StatusChange, since};
use crate::insight::done::checked;
use crate::insight::sprint::{Sum, entry_of, running, size_words};
use crate::insight::trace::is_suspect;
use crate::model::change::Change;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, ItemStatus, Kind};
use crate::model::value::{Amount, Day};
use crate::tui::state::ui::Ui;
use crate::tui::term::layout::{Focus, Part, extent, side_by_side};
use crate::tui::term::paint::{Paint, Zone};
use crate::tui::term::text::{clean, cut, fit, times, width, wrap, wrap_or_cut};
use crate::tui::widget::list;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use rustc_hash::FxHashMap;
use std::ops::Range;

pub const COLUMNS: [ItemStatus; 4] = [ItemStatus::ToDo, ItemStatus::Doing, ItemStatus::ToAccept, ItemStatus::Done];

/// No more steps of the history are looked at.
const LOOKS_BACK: usize = 20_000;

/// Since when each story of the board has been in its column, as far as the open journal segment tells.
struct Since(FxHashMap<Id, Day>);

/// Works out the ages once per change of the history.
pub fn prepare(ui: &mut Ui, product: &Product) {
    let inside = |id: Id| running(product).is_some_and(|sprint| entry_of(sprint, id).is_some());
    let past = ui.past.iter().skip(ui.past.len().saturating_sub(LOOKS_BACK));
    let changes = past.flat_map(|entry| {
        let about = |one: &&Change| one.kind() == Kind::BacklogItem && one.field.key == "status";
        entry.step.changes.iter().filter(about).map(|one| StatusChange {
            item: one.id,
            step: entry.id,
            undoes: entry.undoes,
            redoes: entry.redoes,
            from: one.from.clone(),
            to: one.to.clone(),
            day: entry.time.day(),
        })
    });
    let since = since(changes.filter(|change| inside(change.item)));
    ui.slots.put(Since(since));
}

/// All columns fit from this width on.
const ALL_COLUMNS: u16 = 76;

/// Whether only the present column is on the screen.
pub fn is_one(ui: &Ui) -> bool {
    !ui.place().is_turned() && is_narrow(ui, ui.areas().and_then(|areas| areas.list).unwrap_or(ui.window))
}

fn is_narrow(ui: &Ui, area: Rect) -> bool {
    area.width < ALL_COLUMNS || ui.settings.accessible
}

/// The columns' places: side by side where each has room for a title, else the present one alone.
fn places(ui: &Ui, area: Rect) -> Vec<(usize, Rect)> {
    if is_narrow(ui, area) {
        return vec![(ui.place().column.min(COLUMNS.len().saturating_sub(1)), area)];
    }
    let filled: Vec<bool> = ui.rows.columns.iter().map(|column| !column.is_empty()).collect();
    // At least as wide as its name, with the border, the pointer and blanks.
    let heading = |status: &ItemStatus| match area.width < SCREEN_WITH_HEADINGS {
        true => extent(width(status.label()).saturating_add(6)),
        false => HEADING,
    };
    let headings: Vec<u16> = COLUMNS.iter().map(heading).collect();
    side_by_side(area, &filled, &headings).into_iter().enumerate().collect()
}

/// The name of the longest column in its border.
const HEADING: u16 = 15;

/// Where the columns have less than this together, an empty one shows its name alone: the titles need the room.
const SCREEN_WITH_HEADINGS: u16 = 110;
const INITIALS: u16 = 11;

/// Whether half of the window would cut the cards of the fullest column.
pub fn are_many(ui: &Ui) -> bool {
    let most = ui.rows.columns.iter().map(ExactSizeIterator::len).max().unwrap_or(0);
    most.saturating_mul(CARD) > usize::from(ui.window.height / 2)
}

/// The lines of a card whose title needs two.
const CARD: usize = 4;

pub fn draw(ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
    let all = places(ui, area);
    let alone = all.len() == 1;
    let nothing = FxHashMap::default();
    let since = ui.slots.get::<Since>().map_or(&nothing, |since| &since.0);
    for (nth, area) in all {
        let Some(range) = ui.rows.columns.get(nth).cloned() else { continue };
        let Some(status) = COLUMNS.get(nth).copied() else { continue };
        let present = ui.place().column == nth;
        buffer.zone(area, Zone::Column(nth));
        let label = label(ui, product, status, &range, area.width, alone);
        let inner = list::column_frame(ui, &status.label().to_uppercase(), &label, present, area, buffer);
        column(ui, product, since, (range, present), inner, buffer);
    }
}

/// The points of a column, and how many of its stories have none.
fn sum_of(ui: &Ui, product: &Product, range: &Range<usize>) -> Sum {
    let mut sum = Sum::default();
    for row in ui.rows.rows.get(range.clone()).unwrap_or_default() {
        if let Some(item) = product.get::<BacklogItem>(row.id) {
            sum.add(size_of(product, item));
        }
    }
    sum
}

/// The size that counts in the running sprint.
pub fn size_of(product: &Product, item: &BacklogItem) -> Option<Amount> {
    let entry = running(product).and_then(|sprint| entry_of(sprint, item.id));
    entry.map_or(item.points, |entry| entry.points)
}

/// How many stories of the running sprint are in work, shown or not.
fn in_work(product: &Product) -> usize {
    let entries = running(product).map(|sprint| sprint.entries.as_slice()).unwrap_or_default();
    let stories =
        entries.iter().filter(|entry| entry.is_in()).filter_map(|entry| product.get::<BacklogItem>(entry.item));
    stories.filter(|item| item.status == ItemStatus::Doing).count()
}

fn label(ui: &Ui, product: &Product, status: ItemStatus, range: &Range<usize>, columns: u16, alone: bool) -> String {
    let sum = sum_of(ui, product, range);
    let (points, stories) = (sum.points, range.len());
    let limit = ui.settings.doing_limit as usize;
    let over = if limit > 0 && in_work(product) > limit { "over " } else { "" };
    let limit = match status {
        ItemStatus::Doing if limit > 0 => format!(" · {over}max {limit}"),
        _ => String::new(),
    };
    // A story without points is counted beside them, as `?` on its card.
    let unsized_words = match sum.unsized_items {
        0 => String::new(),
        count => format!(", {count} unsized"),
    };
    // The border, the name with its pointer, and blanks.
    let room = usize::from(columns).saturating_sub(width(status.label()).saturating_add(10));
    if alone {
        let count = |at: usize| ui.rows.columns.get(at).map_or(0, Range::len);
        let others = COLUMNS.iter().enumerate().filter(|(_, one)| **one != status);
        let others: Vec<String> = others.map(|(at, one)| format!("{} {}", one.label(), count(at))).collect();
        let own = format!("{stories} · {points} pts{unsized_words}{limit}");
        let all = format!("{own} · {}", others.join(", "));
        return if width(&all) <= room { all } else { own };
    }
    let forms = match sum.unsized_items {
        0 => vec![format!("{stories} · {points} pts{limit}"), format!("{stories} · {points}{limit}")],
        _ => vec![
            format!("{stories} · {points} pts{unsized_words}{limit}"),
            format!("{points} pts{unsized_words}{limit}"),
            format!("{points}{unsized_words}{limit}"),
        ],
    };
    let shortest = match sum.unsized_items {
        0 => format!("{points}{limit}"),
        count => format!("{points}+{count}?{limit}"),
    };
    forms.into_iter().find(|form| width(form) <= room).unwrap_or(shortest)
}

/// The most lines of a title.
const TITLE: usize = 4;

/// The most lines of a card, and of its title, the tallest first.
const FORMS: [(usize, usize); 6] = [(usize::MAX, TITLE), (usize::MAX, 2), (usize::MAX, 1), (2, 2), (2, 1), (1, 1)];

/// One line of a card.
struct Line(String, Style);

fn column(
    ui: &Ui,
    product: &Product,
    since: &FxHashMap<Id, Day>,
    (range, present): (Range<usize>, bool),
    area: Rect,
    buffer: &mut Paint,
) {
    if range.is_empty() {
        let word = if present && area.width >= INITIALS.saturating_add(2) { "nothing here" } else { "none" };
        let room = usize::from(area.width.saturating_sub(2));
        for (y, line) in wrap(word, room, usize::from(area.height)).iter().enumerate() {
            buffer.write(area.row(y).past(1), line, room, ui.theme.quiet());
        }
        return;
    }
    let items: Vec<(usize, &BacklogItem)> =
        range.clone().filter_map(|at| Some((at, &**product.get::<BacklogItem>(ui.rows.rows.get(at)?.id)?))).collect();
    let is_chosen = |at: usize, item: &BacklogItem| ui.place().at == at && ui.place().chosen == Some(item.id);
    // The most lines of a card, and of its title; the chosen card is shown completely.
    let one = |(at, item): &(usize, &BacklogItem), (most, title): (usize, usize)| {
        let chosen = is_chosen(*at, item);
        let most = if chosen { (usize::MAX, TITLE) } else { (most, title) };
        card(ui, product, item, since.get(&item.id).copied(), (chosen, most), usize::from(area.width))
    };
    let cards = |form: (usize, usize)| -> Vec<Vec<Line>> { items.iter().map(|item| one(item, form)).collect() };
    let height = usize::from(area.height);
    let lines = |all: &[Vec<Line>]| all.iter().map(Vec::len).sum::<usize>();
    let fitting = FORMS.iter().map(|form| cards(*form)).enumerate().find(|(_, all)| lines(all) <= height);
    let (form, mut drawn) = fitting.unwrap_or_else(|| (0, cards((1, 1))));
    // What all of them leave over goes to those that need it, from the top.
    for form in FORMS.iter().take(form).rev() {
        for (item, card) in items.iter().zip(0usize..) {
            let Some(now) = drawn.get(card).map(Vec::len) else { continue };
            let more = one(item, *form);
            if lines(&drawn).saturating_sub(now).saturating_add(more.len()) <= height
                && let Some(card) = drawn.get_mut(card)
            {
                *card = more;
            }
        }
    }
    let gap = usize::from(drawn.iter().map(|card| card.len().saturating_add(1)).sum::<usize>() <= height + 1);
    let chosen = items.iter().position(|(at, item)| is_chosen(*at, item)).unwrap_or(0);
    let first = first_seen(&drawn, chosen, height);
    let (mut y, end) = (area.y, area.bottom());
    let mut seen = 0usize;
    for ((at, item), lines) in items.iter().zip(&drawn).skip(first) {
        if y >= end {
            break;
        }
        let card = Rect { y, height: extent(lines.len()).min(end.saturating_sub(y)), ..area };
        buffer.zone(card, Zone::Row(*at));
        if !ui.ticked.is_empty() {
            buffer.zone(Rect { width: 3.min(area.width), height: 1, ..card }, Zone::Tick(*at));
        }
        for Line(text, style) in lines.iter().take(usize::from(card.height)) {
            let dropping = ui.dropping == Some(item.id);
            let style = if dropping { style.add_modifier(Modifier::UNDERLINED) } else { *style };
            buffer.write(Rect { y, ..area }, cut(text, usize::from(area.width)), usize::from(area.width), style);
            y = y.saturating_add(1);
        }
        y = y.saturating_add(extent(gap));
        seen = seen.saturating_add(1);
    }
    list::more(ui, items.len().saturating_sub(first.saturating_add(seen)), area, buffer);
}

/// The first card to draw so that the selected one is completely visible.
fn first_seen(cards: &[Vec<Line>], chosen: usize, height: usize) -> usize {
    let mut used = 0usize;
    let mut first = 0;
    for (at, card) in cards.iter().enumerate().take(chosen.saturating_add(1)).rev() {
        used = used.saturating_add(card.len());
        if used > height {
            first = at.saturating_add(1).min(chosen);
            break;
        }
    }
    first
}

fn card(
    ui: &Ui,
    product: &Product,
    item: &BacklogItem,
    since: Option<Day>,
    (chosen, (most, title_lines)): (bool, (usize, usize)),
    columns: usize,
) -> Vec<Line> {
    let row = ui.rows.rows.iter().find(|row| row.id == item.id);
    let carried = row.is_some_and(|row| list::carried(ui, row));
    let style = if carried { ui.theme.chosen() } else { list::row_style(ui, chosen, Focus::List) };
    let ticked = ui.ticked.contains(&item.id);
    let head = match (ui.ticked.is_empty(), ticked, ui.theme.bare) {
        _ if carried => ui.theme.glyph("⇅", "^").to_string(),
        // In a narrow column the pointer is at the border.
        (true, ..) if columns < 24 => String::new(),
        (true, ..) => " ".to_string(),
        (false, true, true) => "ticked ".to_string(),
        (false, false, true) => String::new(),
        (false, true, false) => format!("[{}]", ui.theme.tick()),
        (false, false, false) => "[ ]".to_string(),
    };
    let pointer = if chosen { ui.theme.pointer() } else { " " };
    let done =
        if item.status == ItemStatus::Done && !ui.theme.bare { format!("{} ", ui.theme.tick()) } else { String::new() };
    // In a narrow column there is a line for what it is now.
    let counts = size_of(product, item);
    let points = size_words(counts, if columns < WIDE { counts } else { item.points });
    let mark = ui.mark(item.id, is_suspect(product, item));
    let tail = format!("{mark}{points:>2}");
    let style = if ticked { style.patch(ui.theme.strong()) } else { style };
    let before = format!("{head}{pointer}{done}S{} ", item.number);
    let room = columns.saturating_sub(width(&tail).saturating_add(1));
    let title = titled(&before, &clean(&item.title), (room, columns), title_lines);
    let line = |(nth, text): (usize, String)| match nth {
        0 => Line(format!("{} {tail}", fit(&text, room)), style),
        _ => Line(text, style),
    };
    let mut out: Vec<Line> = title.into_iter().enumerate().map(line).collect();
    let indent = below_title(columns);
    for (text, wrong) in details(ui, product, item, since, columns < WIDE) {
        let style = if wrong { ui.theme.wrong() } else { ui.theme.quiet() };
        let room = columns.saturating_sub(indent);
        let whole = title_lines == TITLE && width(&clean(&text)) > room;
        let lines = if whole { wrap_or_cut(&text, room, 3) } else { vec![clean(&text).into_owned()] };
        out.extend(lines.into_iter().map(|line| Line(format!("{}{line}", times(" ", indent)), style)));
    }
    out.truncate(most);
    out
}

/// Where the lines below a title begin.
fn below_title(columns: usize) -> usize {
    if columns < 24 { 2 } else { 4 }
}

/// The number and the title of a card: what does not fit into the first line, which has the points beside it, goes on
/// below, in a narrow column further left.
fn titled(before: &str, title: &str, (first, all): (usize, usize), most: usize) -> Vec<String> {
    let indent = if all < NARROW { below_title(all).min(width(before)) } else { width(before) };
    let (first, below) = (first.saturating_sub(width(before)), all.saturating_sub(indent));
    let lines = wrap(title, first, 2);
    let begin = lines.first().filter(|_| lines.len() > 1 && most > 1 && first >= 8);
    let Some((begin, rest)) = begin.and_then(|begin| Some((begin, title.strip_prefix(begin.as_str())?))) else {
        return vec![format!("{before}{title}")];
    };
    let mut out = vec![format!("{before}{begin}")];
    let mut rest = rest.trim_start();
    while !rest.is_empty() && out.len() < most {
        let is_last = out.len().saturating_add(1) == most;
        let line = wrap(rest, below, 1).into_iter().next().filter(|line| !is_last && rest.starts_with(line.as_str()));
        let line = line.unwrap_or_else(|| cut(rest, below).into_owned());
        rest = rest.strip_prefix(line.as_str()).unwrap_or_default().trim_start();
        out.push(format!("{}{line}", times(" ", indent)));
    }
    out
}

/// In a column narrower than this, lines begin further left.
const NARROW: usize = 30;

/// From this width on, the size of today stands beside the one that counts.
const WIDE: usize = 24;

/// What else a card shows, the most important first; true marks a warning.
fn details(ui: &Ui, product: &Product, item: &BacklogItem, since: Option<Day>, narrow: bool) -> Vec<(String, bool)> {
    let mut out = Vec::new();
    if !item.blocked.is_empty() {
        out.push((format!("blocked: {}", &*item.blocked), true));
    }
    let counts = size_of(product, item);
    if narrow && counts != item.points {
        out.push((size_words(counts, item.points), false));
    }
    let days = since.map(|since| ui.today.days_since(since));
    // In a narrow column, the why pane shows what it serves.
    let serves = item.serves.filter(|_| !narrow).map(|id| product.name_of(id));
    let who = if item.assignee.is_empty() { "nobody yet".to_string() } else { item.assignee.to_string() };
    if item.status == ItemStatus::Done {
        let day = item.closed.map(|when| format!("done {}", short_day(when.day())));
        let parts: Vec<String> = [serves, day].into_iter().flatten().collect();
        out.push((parts.join(" · "), false));
        return out;
    }
    let here = match (item.status, days) {
        (ItemStatus::ToDo, _) | (_, None) => None,
        (_, Some(0)) => Some("since today".to_string()),
        (_, Some(1)) => Some("1 day".to_string()),
        (_, Some(days)) => Some(format!("{days} days")),
    };
    let parts: Vec<String> = [serves, Some(who), here].into_iter().flatten().collect();
    out.push((parts.join(" · "), false));
    let check = checked(product, item);
    let mut parts = Vec::new();
    if check.criteria > 0 {
        let waived =
            if check.criteria_waived > 0 { format!(" + {} waived", check.criteria_waived) } else { String::new() };
        parts.push(format!("criteria {}/{}{waived}", check.met, check.criteria));
    }
    let rules = check.rules.len();
    let held = rules.saturating_sub(check.open().len());
    if rules > 0 && (held > 0 || item.status == ItemStatus::ToAccept) {
        parts.push(format!("check {held}/{rules}"));
    }
    let nothing_yet = check.met == 0 && held == 0 && item.status == ItemStatus::ToDo;
    if !nothing_yet {
        let lines = if narrow { parts } else { vec![parts.join(" · ")] };
        out.extend(lines.into_iter().filter(|line| !line.is_empty()).map(|line| (line, false)));
    }
    out
}

/// `28 Nov`.
fn short_day(day: Day) -> String {
    day.0.format("%-d %b").to_string()
}
