//! Lists: the border, only the visible rows, and the add line.

use crate::insight::address::source_number;
use crate::insight::find::{found_in_or_near, holds, words};
use crate::model::grammar::plural;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, Kind};
use crate::tui::state::access::can_have;
use crate::tui::state::contract::{Layer, ListLine};
use crate::tui::state::filter::{self, FilterContext, chips};
use crate::tui::state::ui::{ListRow, Rows, Ui};
use crate::tui::term::layout::{Focus, Part, extent};
use crate::tui::term::paint::{Paint, Zone};
use crate::tui::term::text::{clean, cut, fit, thousands, times, width};
use crate::tui::term::theme::Border;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::widgets::{Block, Widget};

/// One row's text: its number, its title, and the right part.
#[derive(Clone, Debug, Default)]
pub struct RowText {
    pub number: String,
    pub title: String,
    pub tail: String,
}

impl RowText {
    pub fn new(number: &str, title: &str, tail: &str) -> RowText {
        RowText { number: number.to_string(), title: title.to_string(), tail: tail.to_string() }
    }
}

/// Keeps the rows that all filters keep and whose texts contain every word of the find line, and the rows above them in
/// a tree. Case matters once a capital is typed.
pub fn narrow(ui: &Ui, product: &Product, rows: &mut Rows) {
    let (find, filters) = (ui.place().find.trim(), &ui.place().filters);
    if find.is_empty() && filters.is_empty() {
        return;
    }
    let (words, exact) = words(find);
    let hits = ui.haystack.as_ref().filter(|stack| stack.fits(product, exact)).map(|stack| stack.hits(&words));
    let found = |row: &ListRow| match (&hits, row.kind) {
        _ if words.is_empty() => true,
        (Some(hits), Some(Kind::BacklogItem)) => hits.get(row.slot as usize).copied().unwrap_or(false),
        _ => product.find(row.id).is_some_and(|record| holds(record, &words, exact)),
    };
    let context = FilterContext::of(product, filters, &ui.by);
    let passes = |row: &ListRow| row.kind.is_none_or(|kind| filter::keep(filters, product, kind, row.id, &context));
    keep(rows, |row| passes(row) && found(row));
}

/// Counts the stories that the find line would find if closed ones were shown, or if no filter was on.
pub fn count_left_out(ui: &Ui, product: &Product, is_closed: fn(&BacklogItem) -> bool, rows: &mut Rows) {
    let place = ui.place();
    if rows.rows.is_empty() && !place.closed && !place.filters.is_empty() && place.find.trim().is_empty() {
        let context = FilterContext::of(product, &place.filters, &ui.by);
        let kept = |item: &BacklogItem| filter::keep(&place.filters, product, Kind::BacklogItem, item.id, &context);
        rows.kept_closed = product.all::<BacklogItem>().filter(|item| is_closed(item) && kept(item)).count();
    }
    let (words, exact) = words(place.find.trim());
    let hits = ui.haystack.as_ref().filter(|stack| stack.fits(product, exact)).map(|stack| stack.hits(&words));
    let Some(hits) = hits.filter(|_| !words.is_empty()) else { return };
    let context = FilterContext::of(product, &place.filters, &ui.by);
    for slot in product.table(Kind::BacklogItem).order() {
        let is_hit = hits.get(*slot as usize).copied().unwrap_or(false);
        let Some(item) = product.items().at(*slot).filter(|_| is_hit) else { continue };
        let passes = filter::keep(&place.filters, product, Kind::BacklogItem, item.id, &context);
        if !passes {
            rows.found_filtered = rows.found_filtered.saturating_add(1);
        } else if is_closed(item) && !place.closed {
            rows.found_closed = rows.found_closed.saturating_add(1);
        }
    }
}

/// `3 more among the closed ones, {key} shows them`, and what the filters leave out; empty if nothing more is found.
pub fn found_elsewhere(ui: &Ui, key: &str) -> String {
    let mut parts = Vec::new();
    let more = |count: usize| match ui.rows.rows.len() {
        0 => thousands(count),
        _ => format!("{} more", thousands(count)),
    };
    if ui.rows.found_closed > 0 {
        parts.push(format!("{} among the closed ones, {key} shows them", more(ui.rows.found_closed)));
    }
    if ui.rows.found_filtered > 0 {
        parts.push(format!("{} hidden by the filters", more(ui.rows.found_filtered)));
    }
    parts.join(" · ")
}

/// Keeps these rows and, in a tree, the rows above them. The others are counted as hidden.
fn keep(rows: &mut Rows, wanted: impl Fn(&ListRow) -> bool) {
    let before = rows.rows.len();
    let mut kept: Vec<bool> = rows.rows.iter().map(wanted).collect();
    // From below: a row is above the last kept one if it is less deep.
    let mut depth = 0;
    for (row, kept) in rows.rows.iter().zip(&mut kept).rev() {
        if *kept || row.depth < depth {
            (*kept, depth) = (true, row.depth);
        }
    }
    let mut kept = kept.into_iter();
    rows.rows.retain(|_| kept.next().unwrap_or(false));
    let gone = before.saturating_sub(rows.rows.len());
    rows.hidden = rows.hidden.saturating_add(gone);
    rows.narrowed = rows.narrowed.saturating_add(gone);
}

/// `17 of 3,062 shown`, while filters or the find line leave something out; the heads of a tree do not count.
pub fn shown_of(ui: &Ui) -> Option<String> {
    let narrowed = ui.rows.narrowed;
    if narrowed == 0 {
        return None;
    }
    let is_story = |row: &&ListRow| row.kind == Some(Kind::BacklogItem);
    let rows = &ui.rows.rows;
    let shown = if ui.screen().is_long { rows.iter().filter(is_story).count() } else { rows.len() };
    Some(format!("{} of {} shown", thousands(shown), thousands(shown.saturating_add(narrowed))))
}

/// `like S12`, with the title of a story that the list does not show.
fn partner(ui: &Ui, product: &Product, row: &ListRow) -> Option<String> {
    let other = product.items().get(*ui.rows.alike.get(&row.id)?)?;
    let is_shown = ui.rows.rows.iter().any(|one| one.id == other.id);
    let rest = if is_shown { String::new() } else { format!(" ({}) {}", other.status.label(), clean(&other.title)) };
    Some(format!("like {}{rest}", product.name_of(other.id)))
}

/// Why a row is where it is: the story that it reads like; `in description`, where the find line hit a row that does not
/// show it; else the number that the list is sorted by.
pub fn note(ui: &Ui, product: &Product, row: &ListRow) -> String {
    let find = ui.place().find.trim();
    if let Some(partner) = partner(ui, product, row) {
        return partner;
    }
    if let (Some(sort), true) = (ui.sort(), find.is_empty()) {
        let item = product.items().at(row.slot).filter(|item| item.id == row.id);
        return item.map(|item| sort.note(product, item)).unwrap_or_default();
    }
    if find.is_empty() || row.kind.is_none() {
        return String::new();
    }
    let (words, exact) = words(find);
    let Some(record) = product.find(row.id) else { return String::new() };
    let Some(field) = found_in_or_near(product, record, &words, exact) else { return String::new() };
    let source = record.kind().source_field().filter(|source| source.label.eq_ignore_ascii_case(&field));
    // The number says more than that it was found there.
    let number = source.and_then(|_| source_number(record)).filter(|number| {
        let number = if exact { number.clone() } else { number.to_lowercase() };
        words.iter().any(|word| number.contains(word.as_str()))
    });
    number.unwrap_or_else(|| format!("in {}", cut(&clean(&field), 24)))
}

/// The add line of the top layer: below its row, or at the head of the list if that row is not shown.
pub fn adding_after(ui: &Ui) -> Option<(ListLine, &dyn Layer)> {
    let top = ui.top()?;
    let line = top.list_line()?;
    let shown = |id: Id| ui.rows.rows.iter().any(|row| row.id == id);
    // What the list has none of belongs to the row that the cursor is on.
    let is_foreign = ui.rows.rows.iter().all(|row| row.kind != Some(line.kind));
    let chosen = ui.chosen_row().map(|row| row.id).filter(|id| is_foreign && shown(*id));
    let below = line.below.filter(|id| shown(*id)).or(chosen);
    Some((ListLine { below, ..line }, top))
}

fn titled(ui: &Ui, title: &str, focused: bool) -> (String, Style) {
    let pointer = if focused { ui.theme.pointer() } else { " " };
    let style = if focused { ui.theme.chosen() } else { ui.theme.strong() };
    (format!("{pointer}{title} "), style)
}

/// Draws the border of a view's only list; returns the area inside.
pub fn frame(ui: &Ui, product: &Product, title: &str, label: &str, area: Rect, buffer: &mut Paint) -> Rect {
    buffer.zone(area, Zone::Pane(Focus::List));
    let focused = ui.focus() == Focus::List;
    let (name, style) = titled(ui, title, focused);
    let left = usize::from(area.width.saturating_sub(8)).saturating_sub(width(&name));
    let words = in_force_within(ui, product, left);
    bordered(ui, &name, style, &words, label, area, buffer)
}

/// What is ticked, and what narrows, widens or sorts the list: it stays in sight as long as it holds.
fn in_force(ui: &Ui, product: &Product) -> Vec<String> {
    let place = ui.place();
    let mut parts: Vec<String> = ui.span().map(|span| rows_in(span.count())).into_iter().collect();
    parts.extend(ticks(ui));
    parts.extend(chips(&place.filters, product));
    if !place.find.trim().is_empty() {
        parts.push(format!("find: {}", place.find.trim()));
    }
    if place.closed {
        parts.push("closed too".to_string());
    }
    parts.extend(ui.sort().map(|sort| format!("by {}", sort.label())));
    parts.iter().map(|part| clean(part).into_owned()).collect()
}

/// What is in force, in so many columns: where all of it does not fit, each part is cut, so that none vanishes.
pub fn in_force_within(ui: &Ui, product: &Product, columns: usize) -> String {
    let parts = in_force(ui, product);
    let whole = parts.join(" · ");
    if parts.is_empty() || width(&whole) <= columns {
        return whole;
    }
    let between = parts.len().saturating_sub(1).saturating_mul(3);
    // The short ones leave their room to the others.
    let (mut left, mut rooms) = (columns.saturating_sub(between), vec![0usize; parts.len()]);
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|nth| parts.get(*nth).map_or(0, |part| width(part)));
    for (done, nth) in order.iter().enumerate() {
        let fair = left.checked_div(parts.len().saturating_sub(done)).unwrap_or_default();
        let room = parts.get(*nth).map_or(0, |part| width(part)).min(fair);
        left = left.saturating_sub(room);
        if let Some(one) = rooms.get_mut(*nth) {
            *one = room;
        }
    }
    let is_short = |(part, room): (&String, &usize)| *room < width(part).min(6);
    if parts.iter().zip(&rooms).any(is_short) {
        return some_in_force(&parts, columns);
    }
    parts.iter().zip(rooms).map(|(part, room)| cut(part, room).into_owned()).collect::<Vec<_>>().join(" · ")
}

/// As many parts as fit, what is ticked first, and how many more there are: `1 ticked · no points · bug · +2`.
fn some_in_force(parts: &[String], columns: usize) -> String {
    for count in (1..parts.len()).rev() {
        let more = format!("+{}", parts.len().saturating_sub(count));
        let some = parts.iter().take(count).cloned().chain([more]).collect::<Vec<_>>().join(" · ");
        if width(&some) <= columns {
            return some;
        }
    }
    let count = format!("{} in force", parts.len());
    if width(&count) <= columns { count } else { String::new() }
}

/// `v: 5 rows`, while a range is begun.
fn rows_in(count: usize) -> String {
    if count == 1 { "v: 1 row".to_string() } else { format!("v: {} rows", thousands(count)) }
}

/// `5 ticked, 2 hidden`. Acts take those that are shown.
fn ticks(ui: &Ui) -> Option<String> {
    let (shown, hidden) = (ui.ticked.len(), ui.ticked_hidden.len());
    let all = thousands(shown.saturating_add(hidden));
    match (shown, hidden) {
        (0, 0) => None,
        (_, 0) => Some(format!("{all} ticked")),
        (0, _) => Some(format!("{all} ticked, all hidden")),
        _ => Some(format!("{all} ticked, {} hidden", thousands(hidden))),
    }
}

/// Draws what is in force on the lower border of a list in columns, which have a border each.
pub fn below_columns(ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
    let room = usize::from(area.width.saturating_sub(4));
    let words = in_force_within(ui, product, room.saturating_sub(2));
    if words.is_empty() || ui.rows.columns.is_empty() || !(ui.screen().lists)(ui) {
        return;
    }
    let words = format!(" {words} ");
    let x = area.right().saturating_sub(extent(width(&words)).saturating_add(2));
    let last = Rect { x, y: area.bottom().saturating_sub(1), ..area };
    buffer.write(last, &words, room, ui.theme.strong());
}

/// The border of one column of several.
pub fn column_frame(ui: &Ui, title: &str, label: &str, present: bool, area: Rect, buffer: &mut Paint) -> Rect {
    let (name, style) = titled(ui, title, present && ui.focus() == Focus::List);
    bordered(ui, &name, style, "", label, area, buffer)
}

/// The border with its title, and on its right what is in force and the label: the label goes first where room is short.
fn bordered(ui: &Ui, name: &str, style: Style, in_force: &str, label: &str, area: Rect, buffer: &mut Paint) -> Rect {
    let block = Block::bordered().border_set(ui.theme.border(Border::List)).border_style(ui.theme.lists());
    let inner = block.inner(area);
    block.render(area, buffer);
    let room = usize::from(area.width.saturating_sub(4));
    let name = cut(name, room);
    buffer.write(area.past(2), &name, room, style);
    let left = room.saturating_sub(width(&name).saturating_add(4));
    let filled = clean(&ui.keymap.fill(label)).into_owned();
    let both = if in_force.is_empty() { filled } else { format!("{in_force} · {filled}") };
    let fits = width(&both) <= left;
    let words = if fits { both } else { cut(in_force, left).into_owned() };
    if !words.is_empty() {
        let turns = fits && label.contains("{turn}");
        let label = format!(" {words} ");
        let x = area.right().saturating_sub(extent(width(&label)).saturating_add(1));
        buffer.write(Rect { x, ..area }, &label, room, ui.theme.quiet());
        if turns {
            buffer.zone(Rect { x, width: extent(width(&label)), y: area.y, height: 1 }, Zone::Command("turn"));
        }
    }
    inner
}

pub fn row_style(ui: &Ui, chosen: bool, focus: Focus) -> Style {
    match (chosen, ui.focus() == focus) {
        (true, true) => ui.theme.chosen(),
        (true, false) => ui.theme.strong(),
        _ => Style::new(),
    }
}

/// The width of the place in the order.
fn place_columns(ui: &Ui) -> usize {
    ui.rows.rows.len().max(10).to_string().len()
}

/// The line of a row: what stands before its number, the title with a note behind it, the columns on the right.
pub fn composed(head: &str, line: &RowText, note: &str, columns: usize) -> String {
    let number = if line.number.is_empty() { String::new() } else { format!("{} ", clean(&line.number)) };
    let fixed = [head, &number, &line.tail].map(width).iter().fold(1, |sum: usize, one| sum.saturating_add(*one));
    let title = clean(&line.title);
    // A title may use what an empty column leaves blank.
    let blank = line.tail.len().saturating_sub(line.tail.trim_start().len());
    let noted = if note.is_empty() { 0 } else { width(note).saturating_add(3) };
    let needs = width(&title).saturating_add(noted);
    let blank = if needs.saturating_add(fixed) > columns { blank } else { 0 };
    let tail = line.tail.get(blank..).unwrap_or_default();
    let room = columns.saturating_sub(fixed).saturating_add(blank);
    let title = if note.is_empty() {
        fit(&title, room)
    } else {
        // The title is what a row is known by.
        let note = format!(" · {}", cut(note, (room / 2).max(room.saturating_sub(width(&title).saturating_add(3)))));
        fit(&format!("{}{note}", cut(&title, room.saturating_sub(width(&note)))), room)
    };
    format!("{head}{number}{title} {tail}")
}

/// The columns of a row whose title is not cut.
pub fn needed(ui: &Ui, row: &ListRow, line: &RowText) -> usize {
    let place = if ui.screen().numbered && !ui.place().is_turned() {
        place_columns(ui).saturating_add(1)
    } else {
        usize::from(row.depth).saturating_mul(2)
    };
    let number = if line.number.is_empty() { 0 } else { width(&clean(&line.number)).saturating_add(1) };
    let parts = [4, place, number, width(&clean(&line.title)), 1, width(line.tail.trim_start())];
    parts.into_iter().fold(0usize, usize::saturating_add)
}

/// Whether a column of this width, which may be left out, still leaves the titles what they need.
pub fn has_room_for(ui: &Ui, extra: usize, columns: usize) -> bool {
    ui.place().row_needs().saturating_add(extra) <= columns
}

fn has_boxes(ui: &Ui) -> bool {
    ui.screen().boxes || !ui.ticked.is_empty() || ui.range.is_some()
}

/// The line above the rows that names the columns.
pub fn draw_heading(ui: &Ui, line: &RowText, area: Rect, buffer: &mut Paint) {
    let columns = usize::from(area.width);
    let before = if ui.theme.bare {
        times(" ", 9)
    } else if ui.place().is_turned() {
        "    ".to_string()
    } else {
        format!("    {}", times(" ", place_columns(ui).saturating_sub(1)))
    };
    buffer.write(area, composed(&before, line, "", columns), columns, ui.theme.quiet());
}

/// Draws the visible rows, and the add line in its place.
pub fn draw_rows(
    ui: &Ui,
    product: &Product,
    area: Rect,
    buffer: &mut Paint,
    line: &dyn Fn(usize, &ListRow, usize) -> RowText,
) {
    let adding = adding_after(ui);
    let rows = &ui.rows.rows;
    if rows.is_empty() && adding.is_none() {
        empty(ui, product, area, buffer);
        return;
    }
    let (mut y, last) = (area.y, area.bottom());
    let indent =
        times(" ", (if ui.place().is_turned() { 0 } else { place_columns(ui).saturating_add(1) }).saturating_add(4));
    if let Some((line @ ListLine { below: None, .. }, layer)) = adding {
        y = draw_add_line(ui, line, layer, &indent, Rect { y, height: 1, ..area }, buffer);
    }
    let top = ui.place().top;
    let mut shown = 0usize;
    for (at, row) in rows.iter().enumerate().skip(top) {
        if y >= last {
            break;
        }
        let text = line(at, row, usize::from(area.width));
        draw_row(ui, product, (at, row), &text, Rect { y, height: 1, ..area }, buffer);
        y = y.saturating_add(1);
        shown = shown.saturating_add(1);
        if let Some((line, layer)) = adding
            && line.below == Some(row.id)
        {
            y = draw_add_line(
                ui,
                line,
                layer,
                &indent,
                Rect { y: y.min(last.saturating_sub(1)), height: 1, ..area },
                buffer,
            );
        }
    }
    more(ui, rows.len().saturating_sub(top.saturating_add(shown)), area, buffer);
    scrollbar(ui, rows.len(), top, area, buffer);
}

fn draw_row(ui: &Ui, product: &Product, (at, row): (usize, &ListRow), line: &RowText, area: Rect, buffer: &mut Paint) {
    let columns = usize::from(area.width);
    let chosen = ui.place().at == at && ui.place().chosen == Some(row.id);
    let ticked = ui.ticked.contains(&row.id);
    let pointer = if chosen { ui.theme.pointer() } else { " " };
    let in_span = ui.span().is_some_and(|span| span.contains(&at));
    let mut head = match (has_boxes(ui), ticked) {
        (true, _) if in_span && ui.theme.bare => format!("{:<7}{pointer} ", "range"),
        (true, _) if in_span => format!("[v]{pointer}"),
        (true, _) if ui.theme.bare => format!("{:<7}{pointer} ", if ticked { "ticked" } else { "" }),
        (true, true) => format!("[{}]{pointer}", ui.theme.tick()),
        (true, false) => format!("[ ]{pointer}"),
        (false, _) => format!(" {pointer} "),
    };
    if ui.screen().numbered && !ui.place().is_turned() {
        // Sorted to look at, a row is not at its place in the order.
        let place = if ui.sort().is_none() { at.saturating_add(1).to_string() } else { String::new() };
        head.push_str(&format!("{place:>0$} ", place_columns(ui)));
    } else {
        head.push_str(&times("  ", usize::from(row.depth)));
    }
    let style = row_style(ui, chosen, Focus::List);
    if carried(ui, row) {
        head = head.replacen(' ', ui.theme.glyph("⇅", "^"), 1);
    }
    let style = if carried(ui, row) { ui.theme.chosen() } else { style };
    let style = if ticked || in_span { style.patch(ui.theme.strong()) } else { style };
    let text = composed(&head, line, &note(ui, product, row), columns);
    let style = if ui.dropping == Some(row.id) { style.add_modifier(Modifier::UNDERLINED) } else { style };
    buffer.write(area, cut(&text, columns), columns, style);
    if chosen && ui.focus() == Focus::List {
        let at = area.past(head.find(ui.theme.pointer()).unwrap_or(0).min(usize::from(area.width)));
        buffer.cursor(at.x, at.y);
    }
    buffer.zone(area, Zone::Row(at));
    if has_boxes(ui) {
        buffer.zone(Rect { width: 3.min(area.width), ..area }, Zone::Tick(at));
    }
}

/// Whether the row is being carried.
pub fn carried(ui: &Ui, row: &ListRow) -> bool {
    ui.top().is_some_and(|top| top.carries(row.id))
}

/// Draws the line in which a title is typed; returns the row below it.
pub fn draw_add_line(ui: &Ui, line: ListLine, layer: &dyn Layer, indent: &str, area: Rect, buffer: &mut Paint) -> u16 {
    let mixed = ui.screen().kinds.len() > 1;
    let head = match ui.rows.rows.iter().find(|row| Some(row.id) == line.below) {
        _ if !can_have(ui, line.kind) => format!("{indent}+ proposed {}: ", line.kind.noun()),
        // The new record is of another kind than the row above it.
        Some(row) if mixed || row.kind != Some(line.kind) => format!("{indent}+ {}: ", line.kind.noun()),
        // Below no row, it says what it is if the list is of something else.
        None if ui.rows.rows.first().is_some_and(|row| row.kind != Some(line.kind)) => {
            format!("{indent}+ {}: ", line.kind.noun())
        }
        _ => format!("{indent}+ "),
    };
    let columns = usize::from(area.width);
    buffer.write(area, fit(&head, columns), columns, ui.theme.strong());
    layer.draw_list_line(area.past(width(&head)), ui.theme.strong(), buffer);
    area.y.saturating_add(1)
}

/// Draws on the lower border how many rows are below the last visible one.
pub fn more(ui: &Ui, below: usize, area: Rect, buffer: &mut Paint) {
    if below == 0 {
        return;
    }
    let word = format!(" {}  {} more ", ui.theme.dots(), thousands(below));
    if width(&word).saturating_add(2) <= usize::from(area.width) {
        buffer.write(Rect { y: area.bottom(), ..area }.past(1), &word, usize::from(area.width), ui.theme.quiet());
    }
}

/// Draws a thin mark on the right border that shows the position in the list.
pub fn scrollbar(ui: &Ui, all: usize, top: usize, area: Rect, buffer: &mut Paint) {
    let seen = usize::from(area.height);
    if all <= seen || seen == 0 {
        return;
    }
    let part = |rows: usize, of: usize, all: usize| rows.saturating_mul(of).checked_div(all).unwrap_or_default();
    let long = part(seen, seen, all).max(1);
    let at = part(top, seen.saturating_sub(long), all.saturating_sub(seen));
    for row in at..at.saturating_add(long).min(seen) {
        let position = (area.right(), area.y.saturating_add(extent(row)));
        if let Some(cell) = buffer.cell_mut(position) {
            cell.set_symbol(ui.theme.glyph("┃", "#"));
        }
    }
}

pub fn empty(ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
    let find = ui.place().find.trim();
    let words = if !find.is_empty() {
        let none = ui.place().closed || ui.screen().kinds.is_empty();
        let typing = ui.top().is_some();
        let closed = match none {
            true => "",
            false if typing => " Closed ones were not searched: Tab searches them, too.",
            false => " Closed ones were not searched: {filter.closed} shows them.",
        };
        format!("Nothing here has \u{201c}{}\u{201d} in it. Esc clears the find line.{closed}", clean(find))
    } else if !ui.place().filters.is_empty() {
        let chips = chips(&ui.place().filters, product);
        let filters = plural(chips.len(), "filter", "filters");
        let chips = chips.join(" and ");
        let again = "{filter.clear} shows everything again.";
        match ui.rows.kept_closed {
            0 => format!("Nothing passes the {filters} {chips}. {again}"),
            1 => format!(
                "The one story that passes the {filters} {chips} is closed: {{filter.closed}} shows it. {again}"
            ),
            many => format!(
                "All {} that pass the {filters} {chips} are closed: {{filter.closed}} shows them. {again}",
                thousands(many)
            ),
        }
    } else if ui.rows.hidden > 0 && !ui.screen().kinds.is_empty() {
        format!("All {} are closed. {{filter.closed}} shows them.", ui.rows.hidden)
    } else {
        ui.screen().empty.to_string()
    };
    let columns = usize::from(area.width.saturating_sub(2));
    let lines = crate::tui::term::text::wrap(&ui.keymap.fill(&words), columns, usize::from(area.height));
    for (at, line) in lines.iter().enumerate() {
        buffer.write(area.row(at).past(1), line, columns, ui.theme.quiet());
    }
}
