//! The drawing surface: the cells of a frame, and what a click on each place does. Whatever is drawn as a button is
//! one, because both are recorded together.

use crate::tui::term::key::Press;
use crate::tui::term::layout::Focus;
use crate::tui::term::text::{clean_cell, has_known_width, width};
use ratatui::buffer::{Buffer, Cell, CellDiffOption};
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use std::ops::{Deref, DerefMut};

/// What is under the pointer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Zone {
    /// Acts like the command's key.
    Command(&'static str),
    /// Acts like this key.
    Press(Press),
    /// A tab.
    View(usize),
    /// A row of the list.
    Row(usize),
    /// The box at the start of a row.
    Tick(usize),
    /// A column of the list, below its rows.
    Column(usize),
    /// A pane, beside its rows.
    Pane(Focus),
    /// A row of a pane, by cursor stop.
    Stop(Focus, usize),
    /// The checkbox of such a row.
    Flip(Focus, usize),
    /// A row of the overlay.
    Entry(usize),
    /// The border between the why and the how.
    Split,
    /// The overlay, beside its rows.
    Top,
}

/// A cluster of code points is one character, and may take this many columns.
const WIDEST_LETTER: u16 = 24;

pub struct Paint<'a> {
    buffer: &'a mut Buffer,
    zones: Vec<(Rect, Zone)>,
    cursor: Option<(u16, u16)>,
}

impl<'a> Paint<'a> {
    pub fn on(buffer: &'a mut Buffer) -> Paint<'a> {
        Paint { buffer, zones: Vec::new(), cursor: None }
    }

    /// Registers a click zone; later ones are above earlier ones.
    pub fn zone(&mut self, area: Rect, zone: Zone) {
        if !area.is_empty() {
            self.zones.push((area, zone));
        }
    }

    /// Puts the terminal's own cursor here: on the selected row, or where text is typed. Screen readers, braille
    /// displays and input methods follow it. Later calls win.
    pub fn cursor(&mut self, column: u16, row: u16) {
        self.cursor = Some((column, row));
    }

    /// Takes the cursor position from a text area.
    pub fn cursor_in(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        let drawn = area.positions().find(|at| {
            self.buffer.cell(*at).is_some_and(|cell| cell.modifier.contains(ratatui::style::Modifier::REVERSED))
        });
        let at = drawn.map_or((area.x, area.y), |at| (at.x, at.y));
        self.cursor = Some(at);
    }

    /// Replaces the few symbols of our own that a terminal without Unicode lacks.
    pub fn to_ascii(&mut self) {
        const SIGNS: &[(&str, &str)] = &[
            ("…", "~"),
            ("·", "."),
            ("─", "-"),
            ("→", ">"),
            ("←", "<"),
            ("↑", "^"),
            ("↓", "v"),
            ("✓", "x"),
            ("–", "-"),
        ];
        for cell in &mut self.buffer.content {
            if let Some((_, plain)) = SIGNS.iter().find(|(sign, _)| *sign == cell.symbol()) {
                cell.set_symbol(plain);
            }
        }
    }

    /// Writes a text from the first cell of an area, in at most that many columns. Anything outside the frame is not
    /// drawn.
    pub fn write(&mut self, at: Rect, text: impl AsRef<str>, columns: usize, style: impl Into<Style>) {
        let first = Position { x: at.x, y: at.y };
        if self.buffer.area.contains(first) {
            #[allow(clippy::disallowed_methods, reason = "its first cell is there, and no row is left")]
            self.buffer.set_stringn(at.x, at.y, text, columns, style);
        }
    }

    /// Removes a character cut by the left border of this area, because it would push the border aside.
    pub fn cut_left_of(&mut self, area: Rect) {
        for y in area.y..area.bottom() {
            for back in 1..=area.x.min(WIDEST_LETTER) {
                let cell = self.buffer.cell_mut((area.x.saturating_sub(back), y));
                if let Some(cell) = cell.filter(|cell| width(cell.symbol()) > usize::from(back)) {
                    cell.set_symbol(" ");
                }
            }
        }
    }

    /// Finishes the frame. Whatever drew on it, no cell contains anything that could control the terminal.
    pub fn zones(self) -> Zones {
        sweep(self.buffer);
        hold_columns(self.buffer);
        Zones { places: self.zones, cursor: self.cursor }
    }
}

/// The final sweep of a frame. Text is sanitised where it is laid out; this catches what slipped past, such as stored
/// text in a text area.
fn sweep(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if let Some(shown) = clean_cell(cell.symbol()) {
            cell.set_symbol(&shown);
        }
    }
}

/// Terminals disagree on the width of joined emoji, flags and some scripts. Everything after such a character is
/// redrawn in each frame, each cell at its own position, and once more when the character is gone, to restore what a
/// wider rendering has overwritten.
fn hold_columns(buffer: &mut Buffer) {
    let columns = usize::from(buffer.area.width).max(1);
    let last = buffer.content.len();
    let row = |begin: &usize| Some(begin.saturating_add(columns)).filter(|next| *next < last);
    for begin in std::iter::successors(Some(0), row) {
        let cells = buffer.content.get_mut(begin..).unwrap_or_default();
        let doubtful = |cell: &Cell| !has_known_width(cell.symbol());
        let Some(from) = cells.iter().take(columns).position(doubtful) else { continue };
        // Text that runs over the edge continues in the next row.
        let mut cells = cells.iter_mut().take(columns.saturating_add(usize::from(WIDEST_LETTER))).skip(from);
        while let Some(cell) = cells.next() {
            cell.set_diff_option(CellDiffOption::AlwaysUpdate);
            // A space written after a wide character would erase it.
            for _ in 1..width(cell.symbol()) {
                if let Some(covered) = cells.next() {
                    covered.set_diff_option(CellDiffOption::Skip);
                }
            }
        }
    }
}

impl Deref for Paint<'_> {
    type Target = Buffer;
    fn deref(&self) -> &Buffer {
        self.buffer
    }
}

impl DerefMut for Paint<'_> {
    fn deref_mut(&mut self) -> &mut Buffer {
        self.buffer
    }
}

/// The click zones of one frame.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Zones {
    places: Vec<(Rect, Zone)>,
    /// The position of the terminal's cursor.
    pub cursor: Option<(u16, u16)>,
}

impl Zones {
    /// The topmost zone at a position.
    pub fn at(&self, column: u16, row: u16) -> Option<Zone> {
        let here = |area: &Rect| area.contains(Position { x: column, y: row });
        self.places.iter().rev().find(|(area, _)| here(area)).map(|(_, zone)| *zone)
    }

    pub fn all(&self) -> impl Iterator<Item = &(Rect, Zone)> {
        self.places.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Row 64: whoever draws past the cleaning is caught at the end.
    #[test]
    fn a_cell_that_was_set_raw_is_swept() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 4, 1));
        let raw = ["\u{1b}]52;c;AAAA\u{7}", "a\u{202e}", "\u{9b}31m", "日\u{200b}"];
        for (cell, symbol) in buffer.content.iter_mut().zip(raw) {
            cell.set_symbol(symbol);
        }
        Paint::on(&mut buffer).zones();
        let swept: Vec<&str> = buffer.content.iter().map(|cell| cell.symbol()).collect();
        assert_eq!(swept[1..], ["a", "�31m", "日"]);
        assert!(swept[0].starts_with('␛') && !swept[0].contains(|c: char| c.is_control()));
    }

    /// Row 68: what a terminal drew over comes back.
    #[test]
    fn behind_a_letter_of_doubtful_width_everything_is_drawn_anew() {
        let area = Rect::new(0, 0, 6, 2);
        let frame = |text: &str| {
            let mut buffer = Buffer::empty(area);
            buffer.set_string(0, 0, text, ratatui::style::Style::new());
            buffer.set_string(5, 0, "│", ratatui::style::Style::new());
            Paint::on(&mut buffer).zones();
            buffer
        };
        let drawn =
            |before: &Buffer, after: &Buffer| -> Vec<u16> { before.diff_iter(after).map(|(x, ..)| x).collect() };
        let (family, plain) = (frame("ab👨‍👩‍👧"), frame("ab日é"));
        assert!(drawn(&family, &family).contains(&5), "the border comes back in each frame");
        assert!(drawn(&family, &plain).contains(&5), "and after the last one");
        assert_eq!(drawn(&plain, &plain), [0u16; 0]);
    }
}
