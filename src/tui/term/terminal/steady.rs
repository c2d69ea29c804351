//! Writes frames to the terminal so that characters of disputed width (joined emoji, flags, symbols drawn as emoji,
//! some scripts) do no harm. Each such character is drawn at its own position on spaces, and so is whatever follows it,
//! so that rows stay aligned whatever width the terminal gives the character.

use crate::tui::term::text::has_known_width;
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::{Cell, CellWidth};
use ratatui::layout::{Position, Size};
use std::io::{self, Write};

/// No window is taken to be larger, in columns and rows: a terminal may report anything, and each cell takes memory.
const MOST: (u16, u16) = (2000, 700);

pub struct Steady<W: Write>(CrosstermBackend<W>);

impl<W: Write> Steady<W> {
    pub fn new(out: W) -> Steady<W> {
        Steady(CrosstermBackend::new(out))
    }

    fn draw_alone(&mut self, (x, y, cell): (u16, u16, &Cell)) -> io::Result<()> {
        let mut blank = cell.clone();
        blank.set_symbol(" ");
        // A terminal that uses fewer columns leaves old content in the others.
        self.0.draw((0..cell.cell_width()).map(|nth| (x.saturating_add(nth), y, &blank)))?;
        self.0.draw(std::iter::once((x, y, cell)))
    }
}

impl<W: Write> Write for Steady<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut self.0)
    }
}

impl<W: Write> Backend for Steady<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut rest = content.peekable();
        while rest.peek().is_some() {
            // Each separate call starts by positioning the cursor.
            self.0.draw(std::iter::from_fn(|| rest.next_if(|(_, _, cell)| has_known_width(cell.symbol()))))?;
            if let Some(doubtful) = rest.next() {
                self.draw_alone(doubtful)?;
            }
        }
        Ok(())
    }

    fn append_lines(&mut self, n: u16) -> io::Result<()> {
        self.0.append_lines(n)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.0.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.0.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.0.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.0.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.0.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.0.clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        self.0.size().map(|size| Size { width: size.width.min(MOST.0), height: size.height.min(MOST.1) })
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.0.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::term::paint::Paint;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    fn frame(text: &str) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 1));
        buffer.set_string(0, 0, text, Style::new());
        buffer.set_string(11, 0, "│", Style::new());
        Paint::on(&mut buffer).zones();
        buffer
    }

    /// Row 68: a terminal that takes two columns for each picture of a family, and one that takes none for a selector, end with
    /// the same border, whatever stood there before.
    #[test]
    fn what_stands_behind_a_letter_of_doubtful_width_stays_where_it_is() {
        let texts = ["plain words", "👨‍👩‍👧‍👦 x", "☕️☎︎❤️1️⃣", "ｶﾞｷﾞ 🇩🇪🇫", "हिन्दी", "日本語日本"];
        for first in texts {
            for second in texts {
                let mut screen = vt100::Parser::new(1, 12, 0);
                let mut before = Buffer::empty(Rect::new(0, 0, 12, 1));
                for text in [first, second] {
                    let (after, mut out) = (frame(text), Vec::new());
                    Steady::new(&mut out).draw(before.diff_iter(&after)).unwrap();
                    screen.process(&out);
                    before = after;
                }
                let shown = screen.screen().contents();
                assert_eq!(screen.screen().cell(0, 11).unwrap().contents(), "│", "{first} then {second}: {shown:?}");
                if second == texts[0] {
                    assert_eq!(shown, "plain words│", "after {first}");
                }
            }
        }
    }
}
