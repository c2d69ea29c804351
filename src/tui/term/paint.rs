//! What is drawn on: the cells of a frame, and beside them what a click on each place means. What is drawn as a button
//! is one, since both are written down in the same breath.

use crate::tui::term::key::Press;
use crate::tui::term::layout::Focus;
use crate::tui::term::text::{clean_cell, has_known_width, width};
use ratatui::buffer::{Buffer, Cell, CellDiffOption};
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use std::ops::{Deref, DerefMut};

/// What lies under the pointer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Zone {
    /// Does what the command's key does.
    Command(&'static str),
    /// Does what this key does here.
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
    /// A row of a pane, by the cursor's stops.
    Stop(Focus, usize),
    /// The box of such a row.
    Flip(Focus, usize),
    /// A row of the box on top.
    Entry(usize),
    /// The border between the why and the how.
    Split,
    /// The box on top, beside its rows.
    Top,
}

/// A heap of signs is one letter, and may take this many columns.
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

    /// What is drawn here answers to clicks; what is drawn later lies above.
    pub fn zone(&mut self, area: Rect, zone: Zone) {
        if !area.is_empty() {
            self.zones.push((area, zone));
        }
    }

    /// The terminal's own cursor stands here: on the chosen row, or where text is typed. Screen readers, braille lines
    /// and input methods go by it. What is drawn later lies above.
    pub fn cursor(&mut self, column: u16, row: u16) {
        self.cursor = Some((column, row));
    }

    /// The cursor where a text area drew its own.
    pub fn cursor_in(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        let drawn = area.positions().find(|at| {
            self.buffer.cell(*at).is_some_and(|cell| cell.modifier.contains(ratatui::style::Modifier::REVERSED))
        });
        let at = drawn.map_or((area.x, area.y), |at| (at.x, at.y));
        self.cursor = Some(at);
    }

    /// A text from the first cell of a place, in at most so many columns. What lies beyond the frame is not drawn.
    pub fn write(&mut self, at: Rect, text: impl AsRef<str>, columns: usize, style: impl Into<Style>) {
        let first = Position { x: at.x, y: at.y };
        if self.buffer.area.contains(first) {
            #[allow(clippy::disallowed_methods, reason = "its first cell is there, and no row is left")]
            self.buffer.set_stringn(at.x, at.y, text, columns, style);
        }
    }

    /// A letter that the left border of this area cuts through would push the border aside: it goes.
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

    /// The frame is done. Whatever drew on it, no cell of it holds what could steer the terminal.
    pub fn zones(self) -> Zones {
        sweep(self.buffer);
        hold_columns(self.buffer);
        Zones { places: self.zones, cursor: self.cursor }
    }
}

/// The last look at a frame. Texts are cleaned where they are laid out; here is what slipped past that, such as what
/// stands in a text area as it is stored.
fn sweep(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if let Some(shown) = clean_cell(cell.symbol()) {
            cell.set_symbol(&shown);
        }
    }
}

/// Terminals do not agree on how wide joined pictures, flags and some scripts are. Behind such a letter everything is
/// drawn anew in each frame, each cell at its own place, and once more when the letter is gone: where a terminal takes
/// more columns for it than the frame has, what it drew over comes back.
fn hold_columns(buffer: &mut Buffer) {
    let columns = usize::from(buffer.area.width).max(1);
    let last = buffer.content.len();
    let row = |begin: &usize| Some(begin.saturating_add(columns)).filter(|next| *next < last);
    for begin in std::iter::successors(Some(0), row) {
        let cells = buffer.content.get_mut(begin..).unwrap_or_default();
        let doubtful = |cell: &Cell| !has_known_width(cell.symbol());
        let Some(from) = cells.iter().take(columns).position(doubtful) else { continue };
        // What runs over the edge goes on in the next row.
        let mut cells = cells.iter_mut().take(columns.saturating_add(usize::from(WIDEST_LETTER))).skip(from);
        while let Some(cell) = cells.next() {
            cell.set_diff_option(CellDiffOption::AlwaysUpdate);
            // A blank written behind a wide letter would wipe it out.
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

/// The places of one frame.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Zones {
    places: Vec<(Rect, Zone)>,
    /// Where the terminal's cursor stands.
    pub cursor: Option<(u16, u16)>,
}

impl Zones {
    /// What lies topmost at a place.
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
