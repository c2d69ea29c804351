//! The steps of a review as a list, each in full: what does not fit in one line takes more. Below it the sprint in figures
//! and what was said.

use crate::insight::review::{ReviewStep, dealt, heard};
use crate::insight::review_text::{days_so_far, points_of, result, scope_of, seat, stories_of};
use crate::insight::sprint::Unit;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::saturating::reached;
use crate::model::schema::{BacklogItem, Feedback, Sprint};
use crate::tui::state::ui::Ui;
use crate::tui::term::layout::{Focus, Part, extent};
use crate::tui::term::paint::{Paint, Zone};
use crate::tui::term::text::{clean, times, width, wrap};
use crate::tui::view::review::steps::{place, progress, review};
use crate::tui::widget::fields::sign;
use crate::tui::widget::list;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// The box, the pointer, the number, and on the right who leads.
const BESIDE_TITLE: usize = 11;

/// The border, the pointer and the blanks around the title of the list.
const BESIDE_HEADING: usize = 6;

/// How wide the list would have to be to show its title and every step in one line, with its border.
pub fn wished(ui: &Ui) -> u16 {
    let steps = review(ui).map(|review| review.steps.as_slice()).unwrap_or_default();
    let widest = steps.iter().map(|step| width(&step.title)).max().unwrap_or(0);
    let heading = "REVIEW OF SPRINT 10 · 2 of 10, t latest".chars().count().saturating_add(BESIDE_HEADING);
    extent(widest.saturating_add(BESIDE_TITLE).saturating_add(2).max(heading))
}

/// One step as lines of the list.
struct Drawn {
    /// Its row.
    at: usize,
    lines: Vec<String>,
    chosen: bool,
    pointer: usize,
}

pub fn draw(ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
    let title = title(ui, product, usize::from(area.width));
    let inner = list::frame(ui, product, &title, "", area, buffer);
    if place(ui).is_some() {
        buffer.zone(Rect { height: 1, ..area.past(2) }, Zone::Command("turn"));
    }
    if ui.rows.rows.is_empty() {
        return list::empty(ui, product, inner, buffer);
    }
    let rows = drawn(ui, product, usize::from(inner.width));
    let height = usize::from(inner.height);
    let first = first_seen(&rows, height);
    let mut y = 0usize;
    let mut seen = 0usize;
    for row in rows.iter().skip(first) {
        if y >= height {
            break;
        }
        let style = list::row_style(ui, row.chosen, Focus::List);
        for (nth, line) in row.lines.iter().enumerate().take(height.saturating_sub(y)) {
            let at = inner.row(y.saturating_add(nth));
            buffer.write(at, line, usize::from(inner.width), style);
            buffer.zone(at, Zone::Row(row.at));
        }
        buffer.zone(Rect { width: 3.min(inner.width), ..inner.row(y) }, Zone::Tick(row.at));
        if row.chosen && ui.focus() == Focus::List {
            let at = inner.row(y).past(row.pointer);
            buffer.cursor(at.x, at.y);
        }
        y = y.saturating_add(row.lines.len());
        seen = seen.saturating_add(1);
    }
    list::more(ui, rows.len().saturating_sub(first.saturating_add(seen)), inner, buffer);
    draw_progress(ui, product, area, buffer);
    draw_summary(ui, product, inner.below(y), buffer);
}

/// `REVIEW OF SPRINT 12 · 2 of 9, t older`, or as much of it as there is room for.
fn title(ui: &Ui, product: &Product, columns: usize) -> String {
    let sprint = review(ui).and_then(|review| product.get::<Sprint>(review.sprint));
    let Some(sprint) = sprint else { return "REVIEW".to_string() };
    let short = format!("SPRINT {}", sprint.number);
    let Some((at, all)) = place(ui) else { return format!("REVIEW OF {short}") };
    let way = ui.keymap.fill(if at < all { "{turn} older" } else { "{turn} latest" }).into_owned();
    let where_ = format!("{short} · {at} of {all}");
    let mut forms = vec![format!("REVIEW OF {where_}, {way}"), format!("{where_}, {way}"), where_];
    if !ui.place().find.trim().is_empty() {
        // The find line needs the room.
        forms.clear();
    }
    let room = columns.saturating_sub(BESIDE_HEADING);
    forms.into_iter().find(|form| width(form) <= room).unwrap_or(short)
}

fn drawn(ui: &Ui, product: &Product, columns: usize) -> Vec<Drawn> {
    let Some(review) = review(ui) else { return Vec::new() };
    let Some(sprint) = product.get::<Sprint>(review.sprint) else { return Vec::new() };
    let digits = review.steps.len().to_string().len();
    let row = |(at, row): (usize, &crate::tui::state::ui::ListRow)| {
        let nth = row.slot as usize;
        let step = review.steps.get(nth)?;
        let chosen = ui.place().at == at && ui.place().chosen == Some(row.id);
        let pointer = if chosen { ui.theme.pointer() } else { " " };
        let mark = mark(ui, sprint, step);
        let head = format!("{mark}{pointer}{:>digits$} ", nth.saturating_add(1));
        let tail = if columns >= 24 && step.seat != Owner::Both { seat(step) } else { "" };
        let tail_room = if columns >= 24 { 3 } else { 0 };
        let room = columns.saturating_sub(width(&head).saturating_add(tail_room)).max(8);
        let indent = times(" ", width(&head));
        let lines = wrap(&step.title, room, 12).into_iter().enumerate().map(|(nth, line)| match nth {
            0 if tail.is_empty() => format!("{head}{line}"),
            0 => format!("{head}{line}{} {tail}", times(" ", room.saturating_sub(width(&line)))),
            _ => format!("{indent}{line}"),
        });
        Some(Drawn { at, lines: lines.collect(), chosen, pointer: width(&mark) })
    };
    ui.rows.rows.iter().enumerate().filter_map(row).collect()
}

fn mark(ui: &Ui, sprint: &Sprint, step: &ReviewStep) -> String {
    match dealt(sprint, step) {
        Some(kept) if kept.left_out => ui.theme.state("[-]", "left out "),
        Some(_) if ui.theme.bare => "shown    ",
        Some(_) => ui.theme.glyph("[✓]", "[x]"),
        None => ui.theme.state("[ ]", "open     "),
    }
    .to_string()
}

/// The first step to draw so that the current one is completely visible, and the one after it if there is room.
fn first_seen(rows: &[Drawn], height: usize) -> usize {
    let chosen = rows.iter().position(|row| row.chosen).unwrap_or(0);
    let mut used = 0usize;
    for (at, row) in rows.iter().enumerate().take(chosen.saturating_add(2)).rev() {
        used = used.saturating_add(row.lines.len());
        if used > height {
            return at.saturating_add(1).min(chosen);
        }
    }
    0
}

/// `2/10 shown` on the lower border.
fn draw_progress(ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
    let (shown, all) = progress(ui, product);
    let words = format!(" {shown}/{all} shown ");
    let x = area.right().saturating_sub(extent(width(&words)).saturating_add(2));
    let last = Rect { x, y: area.bottom().saturating_sub(1), width: extent(width(&words)), height: 1 };
    if last.x > area.x.saturating_add(14) {
        buffer.write(last, &words, width(&words), ui.theme.quiet());
    }
}

/// The sprint in figures, and the feedback.
fn draw_summary(ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
    let Some(review) = review(ui) else { return };
    let Some(sprint) = product.get::<Sprint>(review.sprint) else { return };
    let columns = usize::from(area.width.saturating_sub(2));
    let figures = &review.figures;
    let (quiet, strong) = (ui.theme.quiet(), ui.theme.strong());
    let scope = figures.scope();
    let (done, all) = match figures.unit() {
        Unit::Points => (figures.completed.points.in_hundredths(), scope.points.in_hundredths()),
        Unit::Stories => (i64::from(figures.completed.stories), i64::from(scope.stories)),
    };
    let bar = ui.theme.bar(reached(done, all), area.width.saturating_sub(20).min(12));
    let mut rows: Vec<(&str, String, Style)> = vec![("Goal", result(sprint).to_string(), strong)];
    let stories = stories_of(figures);
    match points_of(figures) {
        Some(points) => {
            rows.push(("Points", format!("{points} {bar}"), quiet));
            rows.push(("Stories", stories, quiet));
        }
        None => rows.push(("Stories", format!("{stories} {bar}"), quiet)),
    }
    rows.push(("Scope", scope_of(figures), quiet));
    rows.push(("Days", days_so_far(sprint, ui.today), quiet));
    let mut lines: Vec<(String, Style)> = vec![(String::new(), quiet)];
    for (label, text, style) in rows {
        let wrapped = wrap(&text, columns.saturating_sub(8), 3).into_iter().enumerate();
        lines.extend(wrapped.map(|(nth, line)| (format!("{:<8}{line}", if nth == 0 { label } else { "" }), style)));
    }
    let said = heard(product, review);
    if !said.is_empty() {
        lines.push((String::new(), quiet));
        lines.push((format!("Feedback  {}", said.len()), strong));
    }
    for one in said.iter().rev() {
        let wrapped = wrap(&spoken(product, one), columns.saturating_sub(2), 12).into_iter().enumerate();
        lines.extend(wrapped.map(|(nth, line)| (format!("{}{line}", if nth == 0 { "" } else { "  " }), quiet)));
    }
    for (y, (text, style)) in lines.iter().take(usize::from(area.height)).enumerate() {
        buffer.write(area.row(y).past(1), clean(text), columns, *style);
    }
}

/// `- Ilse  S21: add the tax`.
fn spoken(product: &Product, one: &Feedback) -> String {
    let about = one.links.iter().find(|id| product.get::<BacklogItem>(**id).is_some());
    let about = about.or(one.links.first()).filter(|id| product.get::<Sprint>(**id).is_none());
    let about = about.map(|id| format!("{}: ", product.name_of(*id))).unwrap_or_default();
    let quote = one.quote.lines().next().unwrap_or_default();
    format!("{} {}  {about}{quote}", sign(one.kind), one.source.trim())
}
