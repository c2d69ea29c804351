//! Dialogs: a heavy border in the middle of the window.

use crate::tui::state::ui::Ui;
use crate::tui::term::key::Press;
use crate::tui::term::layout::{Part, extent};
use crate::tui::term::paint::{Paint, Zone};
use crate::tui::term::text::{cut, width};
use crate::tui::term::theme::Border;
use crossterm::event::KeyCode;
use ratatui::layout::Rect;
use ratatui::widgets::{Block, Clear, Widget};

/// The columns inside a dialog: what its rows need, but so many at least, and no more than the window has.
pub fn columns(ui: &Ui, least: usize, needed: usize) -> usize {
    needed.max(least).min(usize::from(ui.window.width.saturating_sub(6))).max(10)
}

/// The width of the longest title that is not cut.
pub fn title_room(ui: &Ui) -> usize {
    usize::from(ui.window.width).saturating_sub(14)
}

/// The rows that a dialog which needs so many has inside.
pub fn rows_inside(ui: &Ui, rows: usize) -> usize {
    usize::from(height(ui, rows).min(ui.window.height).saturating_sub(2))
}

fn height(ui: &Ui, rows: usize) -> u16 {
    extent(rows.saturating_add(2)).min(ui.window.height.saturating_sub(2)).max(3)
}

/// Draws a dialog of about this size inside the window and returns the area inside.
pub fn frame(ui: &Ui, title: &str, columns: usize, rows: usize, buffer: &mut Paint) -> Rect {
    let window = ui.window;
    // The title with its pads, and Esc.
    let columns = columns.max(width(title).saturating_add(10));
    let width_ = extent(columns.saturating_add(4)).min(window.width.saturating_sub(2)).max(10);
    let height = height(ui, rows);
    let area = Rect {
        x: window.x.saturating_add(window.width.saturating_sub(width_) / 2),
        y: window.y.saturating_add(window.height.saturating_sub(height) / 2),
        width: width_.min(window.width),
        height: height.min(window.height),
    };
    Clear.render(area, buffer);
    buffer.zone(area, Zone::Top);
    buffer.cut_left_of(area);
    let block = Block::bordered().border_set(ui.theme.border(Border::Top)).border_style(ui.theme.boxes());
    let inner = block.inner(area);
    block.render(area, buffer);
    let room = usize::from(area.width.saturating_sub(4));
    buffer.write(area.past(2), format!(" {} ", cut(title, room.saturating_sub(8))), room, ui.theme.strong());
    let esc = " Esc ";
    if usize::from(area.width) > width(title).saturating_add(12) {
        let close = Rect { x: area.right().saturating_sub(7), width: 5, ..area.row(0) };
        buffer.write(close, esc, 5, ui.theme.quiet());
        buffer.zone(close, Zone::Press(Press::plain(KeyCode::Esc)));
    }
    inner.indented()
}

/// Puts the terminal's cursor on the selected row of a dialog.
pub fn cursor(inner: Rect, y: usize, buffer: &mut Paint) {
    buffer.cursor(inner.x, inner.y.saturating_add(extent(y)));
}

/// Makes a row of a dialog a button.
pub fn entry(inner: Rect, y: usize, nth: usize, buffer: &mut Paint) {
    buffer.zone(inner.row(y), Zone::Entry(nth));
}

/// The first row to show so that `at` is visible.
pub fn scrolled(at: usize, all: usize, height: usize) -> usize {
    at.saturating_sub(height.saturating_sub(1) / 2).min(all.saturating_sub(height))
}
