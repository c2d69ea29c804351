//! A box with text to read.

use crate::actions::Context;
use crate::model::product::Product;
use crate::tui::state::contract::{Layer, Next, Outcome};
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::layout::Part;
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{clean, cut, width};
use crate::tui::widget::popup;
use crate::tui::widget::text_keys;
use crossterm::event::KeyCode;
use ratatui::style::Style;

/// A text to read in a box.
#[derive(Clone, Debug)]
pub struct ReadingBox {
    pub title: String,
    pub lines: Vec<String>,
    pub top: usize,
}

impl Layer for ReadingBox {
    fn input(mut self: Box<Self>, input: &Input, _: &mut Ui, _: &Product, _: &mut Context) -> Next {
        match input.press().map(|press| press.code) {
            Some(KeyCode::Up | KeyCode::Char('k')) => self.top = self.top.saturating_sub(1),
            Some(KeyCode::Down | KeyCode::Char('j')) => {
                self.top = self.top.saturating_add(1).min(self.lines.len().saturating_sub(1))
            }
            _ => return (None, Outcome::Nothing),
        }
        (Some(self), Outcome::Nothing)
    }

    fn draw(&self, ui: &Ui, _: &Product, buffer: &mut Paint) {
        let widest = self.lines.iter().map(|line| width(line)).max().unwrap_or(0).clamp(40, 90);
        let inner = popup::frame(ui, &self.title, widest, self.lines.len(), buffer);
        let columns = usize::from(inner.width);
        for (y, line) in self.lines.iter().skip(self.top).take(usize::from(inner.height)).enumerate() {
            buffer.write(inner.row(y), cut(&clean(line), columns), columns, Style::new());
        }
    }

    fn binds_alt(&self, letter: char) -> bool {
        text_keys::binds_alt(letter)
    }

    fn hints(&self, _: &Ui) -> String {
        "↑ ↓ scroll · Esc back".to_string()
    }
}
