//! A review for presenting: one step in a single pane with space around it. What does not fit is scrolled.

use crate::insight::review::Topic;
use crate::model::product::Product;
use crate::model::saturating::{reached, signed};
use crate::model::schema::Feedback;
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::Ui;
use crate::tui::term::layout::{Focus, Part, extent};
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{cut, wrap};
use crate::tui::view::review::steps::{here, progress};
use crate::tui::widget::fields::shown_text;
use crate::tui::widget::list;
use crate::tui::widget::pane::pane_rows;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// As many lines as a step could ever have.
const MOST: usize = 10_000;

/// Whether the large form is on the screen.
pub fn is_open(ui: &Ui) -> bool {
    ui.zoom && ui.focus() == Focus::List && !ui.settings.accessible && !ui.rows.rows.is_empty()
}

/// The room inside the border: the margin, the columns of text, and the lines above the foot.
struct Room {
    margin: usize,
    columns: usize,
    lines: usize,
    airy: bool,
}

fn room(inner: Rect) -> Room {
    let margin = if inner.width >= 60 { 6usize } else { 2 };
    Room {
        margin,
        columns: usize::from(inner.width).saturating_sub(margin.saturating_mul(2)),
        lines: usize::from(inner.height.saturating_sub(2)).max(1),
        airy: inner.height >= 20,
    }
}

/// How many lines of the step do not fit on the page.
pub fn overflow(ui: &Ui, product: &Product) -> usize {
    let Some(area) = ui.areas().and_then(|areas| areas.list) else { return 0 };
    let inner = Rect { width: area.width.saturating_sub(2), height: area.height.saturating_sub(2), ..area };
    let room = room(inner);
    lines(ui, product, &room).len().saturating_sub(room.lines)
}

/// The lines that a page scrolls by.
pub fn page(ui: &Ui) -> usize {
    let height = ui.areas().and_then(|areas| areas.list).map_or(4, |area| area.height);
    usize::from(height.saturating_sub(6)).max(1)
}

/// All lines of the step.
fn lines(ui: &Ui, product: &Product, room: &Room) -> Vec<(String, Style)> {
    let Some((_, step, _)) = here(ui, product) else { return Vec::new() };
    let (columns, airy) = (room.columns, room.airy);
    let mut lines: Vec<(String, Style)> = Vec::new();
    if airy {
        lines.push((String::new(), Style::new()));
    }
    let wrapped = |text: &str, style: Style| wrap(text, columns, MOST).into_iter().map(move |line| (line, style));
    lines.extend(wrapped(&step.title.to_uppercase(), ui.theme.chosen()));
    for focus in [Focus::Why, Focus::How] {
        let half = if focus == Focus::Why { ui.theme.why() } else { ui.theme.how() };
        lines.push((String::new(), Style::new()));
        let head = format!(
            "{} {}",
            if focus == Focus::Why { "WHY" } else { "HOW" },
            (ui.screen().pane_title)(ui, product, focus)
        );
        lines.extend(wrapped(&head, half.patch(ui.theme.strong())));
        // The name of what is shown is already above.
        let known = |row: &PaneRow| matches!((row, &step.topic), (PaneRow::Link { id, .. }, Topic::Done(_)) if product.get::<Feedback>(*id).is_none());
        for row in pane_rows(ui, product, focus).into_iter().filter(|row| !known(row)) {
            lines.extend(row_lines(ui, product, &row, columns, airy));
        }
    }
    lines
}

pub fn draw(ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
    let Some((review, step, sprint)) = here(ui, product) else { return };
    let nth = review.steps.iter().position(|one| one == step).unwrap_or(0).saturating_add(1);
    let title = format!("SPRINT {}  step {nth} of {}", sprint.number, review.steps.len());
    let inner = list::frame(ui, product, &title, "{zoom} back to the steps", area, buffer);
    let room = room(inner);
    let lines = lines(ui, product, &room);
    let (shown, all) = progress(ui, product);
    let percent = reached(signed(shown), signed(all));
    let top = usize::try_from(ui.place().inside).unwrap_or(0).min(lines.len().saturating_sub(room.lines));
    for (y, (text, style)) in lines.iter().skip(top).take(room.lines).enumerate() {
        buffer.write(inner.row(y).past(room.margin), text, room.columns, *style);
    }
    let bar = ui.theme.bar(percent, extent(room.columns / 4).clamp(6, 20));
    let foot = format!("{bar} {shown} of {all} shown");
    let below = lines.len().saturating_sub(top.saturating_add(room.lines));
    let arrows = ui.keymap.fill("{go.up} {go.down}");
    let foot = match (top, below) {
        (0, 0) => foot,
        (_, 0) => format!("{foot}   {arrows} {top} above"),
        (0, _) => format!("{foot}   {arrows} {below} more"),
        _ => format!("{foot}   {arrows} {top} above, {below} more"),
    };
    let y = inner.bottom().saturating_sub(1);
    let last = Rect { y, ..inner }.past(room.margin);
    buffer.write(last, cut(&foot, room.columns), room.columns, ui.theme.quiet());
}

/// A row for reading aloud: labels and text, no hints.
fn row_lines(ui: &Ui, product: &Product, row: &PaneRow, columns: usize, airy: bool) -> Vec<(String, Style)> {
    let indent = |text: &str, style: Style| -> Vec<(String, Style)> {
        wrap(text, columns.saturating_sub(2), MOST).into_iter().map(|line| (format!("  {line}"), style)).collect()
    };
    match row {
        PaneRow::Heading(text) => {
            let mut out = if airy { vec![(String::new(), Style::new())] } else { Vec::new() };
            out.extend(indent(text, ui.theme.strong()));
            out
        }
        PaneRow::Said { label, text } => {
            let lines = wrap(text, columns.saturating_sub(12), MOST).into_iter().enumerate();
            let line = |(at, line)| (format!("  {:<9} {line}", if at == 0 { *label } else { "" }), Style::new());
            lines.map(line).collect()
        }
        PaneRow::Text(text) | PaneRow::Link { text, .. } | PaneRow::Wanted { text, .. } => indent(text, Style::new()),
        PaneRow::Warning(text) => indent(text, ui.theme.wrong()),
        PaneRow::Box { text, ticked, .. } => {
            indent(&format!("[{}] {text}", if *ticked { ui.theme.tick() } else { " " }), Style::new())
        }
        PaneRow::Field { record, field } => match shown_text(product, *record, field) {
            text if text.trim().is_empty() => Vec::new(),
            text => indent(&format!("{}: {text}", field.label), Style::new()),
        },
        // Key hints are only for the person at the keyboard.
        PaneRow::Note(_) => Vec::new(),
    }
}
