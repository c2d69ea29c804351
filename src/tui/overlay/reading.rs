//! A box with text to read.

use crate::actions::Context;
use crate::model::product::Product;
use crate::tui::state::contract::{Layer, Next, Outcome};
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::layout::Part;
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{clean, hung, width};
use crate::tui::widget::text_keys;
use crate::tui::widget::{list, popup};
use crossterm::event::KeyCode;
use ratatui::style::Style;

/// A line wrapped to `columns`, with its further rows indented.
fn whole(line: &str, columns: usize) -> Vec<String> {
    let indent = line.chars().take_while(|c| *c == ' ').count().saturating_add(2);
    hung(line, columns, indent)
}

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
            Some(KeyCode::PageUp) => self.top = self.top.saturating_sub(10),
            Some(KeyCode::PageDown | KeyCode::Char(' ')) => {
                self.top = self.top.saturating_add(10).min(self.lines.len().saturating_sub(1))
            }
            Some(KeyCode::Home) => self.top = 0,
            Some(KeyCode::End) => self.top = self.lines.len().saturating_sub(1),
            Some(KeyCode::Esc | KeyCode::Enter | KeyCode::Char('q' | '?')) => return (None, Outcome::Nothing),
            Some(KeyCode::Char('c')) if input.press().is_some_and(|press| press.ctrl) => {
                return (None, Outcome::Nothing);
            }
            Some(_) => return (Some(self), Outcome::say("{close} or Enter closes it.")),
            None => {}
        }
        (Some(self), Outcome::Nothing)
    }

    fn draw(&self, ui: &Ui, _: &Product, buffer: &mut Paint) {
        let widest = self.lines.iter().map(|line| width(line)).max().unwrap_or(0).clamp(40, 110);
        // Long lines are wrapped, further ones indented: nothing of a text to read is cut off.
        let columns = widest.min(usize::from(ui.window.width).saturating_sub(6)).max(10);
        let all: Vec<String> = self.lines.iter().skip(self.top).flat_map(|line| whole(&clean(line), columns)).collect();
        let inner = popup::frame(ui, &self.title, widest, all.len(), buffer);
        let columns = usize::from(inner.width);
        for (y, line) in all.iter().take(usize::from(inner.height)).enumerate() {
            buffer.write(inner.row(y), line, columns, Style::new());
        }
        list::more(ui, all.len().saturating_sub(usize::from(inner.height)), inner, buffer);
    }

    fn binds_alt(&self, letter: char) -> bool {
        text_keys::binds_alt(letter)
    }

    fn hints(&self, _: &Ui) -> String {
        "↑ ↓ scroll · Esc back".to_string()
    }
}
