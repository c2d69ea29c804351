//! A review for presenting: one step in a single pane with space around it.

use crate::insight::review::Topic;
use crate::model::product::Product;
use crate::model::saturating::{reached, signed};
use crate::model::schema::Feedback;
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::Ui;
use crate::tui::term::layout::{Focus, Part};
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{cut, wrap};
use crate::tui::view::review::steps::{here, progress};
use crate::tui::widget::fields::shown_text;
use crate::tui::widget::list;
use crate::tui::widget::pane::pane_rows;
use ratatui::layout::Rect;
use ratatui::style::Style;

pub fn draw(ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
    let Some((review, step, sprint)) = here(ui, product) else { return };
    let nth = review.steps.iter().position(|one| one == step).unwrap_or(0).saturating_add(1);
    let title = format!("SPRINT {}  step {nth} of {}", sprint.number, review.steps.len());
    let inner = list::frame(ui, product, &title, "{zoom} back to the steps", area, buffer);
    let margin = if inner.width >= 60 { 6usize } else { 2 };
    let columns = usize::from(inner.width).saturating_sub(margin.saturating_mul(2));
    let airy = inner.height >= 20;
    let mut lines: Vec<(String, Style)> = Vec::new();
    if airy {
        lines.push((String::new(), Style::new()));
    }
    lines.push((cut(&step.title.to_uppercase(), columns).into_owned(), ui.theme.chosen()));
    for focus in [Focus::Why, Focus::How] {
        let half = if focus == Focus::Why { ui.theme.why() } else { ui.theme.how() };
        lines.push((String::new(), Style::new()));
        let head = format!(
            "{} {}",
            if focus == Focus::Why { "WHY" } else { "HOW" },
            (ui.screen().pane_title)(ui, product, focus)
        );
        lines.push((cut(&head, columns).into_owned(), half.patch(ui.theme.strong())));
        // The name of what is shown is already above.
        let known = |row: &PaneRow| matches!((row, &step.topic), (PaneRow::Link { id, .. }, Topic::Done(_)) if product.get::<Feedback>(*id).is_none());
        for row in pane_rows(ui, product, focus).into_iter().filter(|row| !known(row)) {
            lines.extend(row_lines(ui, product, &row, columns, airy));
        }
    }
    let (shown, all) = progress(ui, product);
    let percent = reached(signed(shown), signed(all));
    let room = usize::from(inner.height.saturating_sub(2));
    let more = lines.len().saturating_sub(room);
    for (y, (text, style)) in lines.iter().take(room).enumerate() {
        buffer.write(inner.row(y).past(margin), text, columns, *style);
    }
    let foot = format!("{} {shown} of {all} shown", ui.theme.bar(percent, 20));
    let foot = if more > 0 { format!("{foot}   {more} more lines in the panes") } else { foot };
    let y = inner.bottom().saturating_sub(1);
    buffer.write(Rect { y, ..inner }.past(margin), cut(&foot, columns), columns, ui.theme.quiet());
}

/// A row for reading aloud: labels and text, no hints.
fn row_lines(ui: &Ui, product: &Product, row: &PaneRow, columns: usize, airy: bool) -> Vec<(String, Style)> {
    let indent = |text: &str, style: Style| -> Vec<(String, Style)> {
        wrap(text, columns.saturating_sub(2), 12).into_iter().map(|line| (format!("  {line}"), style)).collect()
    };
    match row {
        PaneRow::Heading(text) => {
            let mut out = if airy { vec![(String::new(), Style::new())] } else { Vec::new() };
            out.extend(indent(text, ui.theme.strong()));
            out
        }
        PaneRow::Said { label, text } => {
            let lines = wrap(text, columns.saturating_sub(12), 12).into_iter().enumerate();
            let line = |(at, line)| (format!("  {:<9} {line}", if at == 0 { *label } else { "" }), Style::new());
            lines.map(line).collect()
        }
        PaneRow::Text(text) | PaneRow::Link { text, .. } => indent(text, Style::new()),
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
