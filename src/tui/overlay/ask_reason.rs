//! A dialog that asks for a line of text before something is done: why a sprint is reopened, the title of a new story.

use crate::actions::Context;
use crate::model::product::Product;
use crate::model::rules::Refusal;
use crate::tui::state::contract::{Layer, Next, Outcome};
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::layout::Part;
use crate::tui::term::paint::Paint;
use crate::tui::term::text::wrap;
use crate::tui::widget::input::LineInput;
use crate::tui::widget::popup;
use crate::tui::widget::text_keys;
use crossterm::event::KeyCode;

/// What to do with the text. On a refusal the dialog stays open, with the text in it.
pub type Takes = Box<dyn Fn(&str, &mut Ui, &Product, &mut Context) -> Result<Outcome, Refusal>>;

pub struct Reason {
    title: String,
    words: String,
    /// Shown if nothing was typed; empty if that is fine.
    lacks: &'static str,
    line: LineInput,
    takes: Takes,
}

impl Reason {
    pub fn new(
        title: impl Into<String>,
        words: impl Into<String>,
        lacks: &'static str,
        takes: impl Fn(&str, &mut Ui, &Product, &mut Context) -> Result<Outcome, Refusal> + 'static,
    ) -> Reason {
        let line = LineInput::new("");
        Reason { title: title.into(), words: words.into(), lacks, line, takes: Box::new(takes) }
    }

    /// A dialog with text already in the line.
    pub fn begun(self, text: &str) -> Reason {
        Reason { line: LineInput::new(text), ..self }
    }
}

impl Layer for Reason {
    fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        match input.press().map(|press| (press.code, press.ctrl)) {
            Some((KeyCode::Esc, _)) => {
                ui.line_history.keep("reason", &self.line.text());
                return (None, Outcome::Nothing);
            }
            Some((KeyCode::Char('c'), true)) if !self.line.has_selection() => {
                ui.line_history.keep("reason", &self.line.text());
                return (None, Outcome::Nothing);
            }
            Some((KeyCode::Up, _)) => self.line.earlier(&mut ui.line_history, "reason"),
            Some((KeyCode::Enter, _)) => {
                let text = self.line.text().trim().to_string();
                if text.is_empty() && !self.lacks.is_empty() {
                    let lacks = format!("{} Nothing has been changed yet.", self.lacks);
                    return (Some(self), Outcome::say(lacks));
                }
                ui.line_history.keep("reason", &text);
                return match (self.takes)(&text, ui, product, context) {
                    Ok(outcome) => (None, outcome.or_again(self)),
                    Err(refusal) => (Some(self), Outcome::refuse(refusal)),
                };
            }
            _ => self.line.take_with(input, &mut ui.kill),
        }
        (Some(self), Outcome::Nothing)
    }

    fn binds_alt(&self, letter: char) -> bool {
        text_keys::binds_alt(letter)
    }

    fn hints(&self, _: &Ui) -> String {
        "Enter does it · ↑ earlier ones · Esc back, nothing is changed".to_string()
    }

    fn draw(&self, ui: &Ui, _: &Product, buffer: &mut Paint) {
        let columns = popup::columns(ui, 62, usize::from(ui.window.width / 2));
        let words = wrap(&ui.keymap.fill(&self.words), columns, 12);
        let inner = popup::frame(ui, &self.title, columns, words.len().saturating_add(2), buffer);
        let columns = usize::from(inner.width);
        buffer.write(inner, "> ", columns, ui.theme.strong());
        let line = inner.row(0).past(2);
        self.line.draw(line, ratatui::style::Style::new(), buffer);
        let room = usize::from(inner.height.saturating_sub(2));
        for (at, line) in words.iter().take(room).enumerate() {
            buffer.write(inner.row(at.saturating_add(2)), line, columns, ui.theme.quiet());
        }
    }
}
