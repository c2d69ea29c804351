//! A short input in the status line: a place, a reading, a comment, a day.

use crate::actions::Context;
use crate::model::product::Product;
use crate::tui::overlay::editor::NextStep;
use crate::tui::state::contract::{Commit, Layer, LayerKind, Next, Outcome, Then};
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::key::Press;
use crate::tui::term::layout::Part;
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{fit, width};
use crate::tui::widget::input::LineInput;
use crate::tui::widget::text_keys;
use crossterm::event::KeyCode;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// What happens with the text. On an error the line stays, with the text in it.
type Takes = Box<dyn Fn(&str, &mut Ui, &Product, &mut Context) -> Result<Outcome, String>>;

pub struct Prompt {
    /// The label, with a colon.
    label: String,
    hint: &'static str,
    /// The purpose under which the input is remembered; `↑` recalls it.
    purpose: &'static str,
    /// Accepts digits only, without earlier input.
    is_number: bool,
    line: LineInput,
    takes: Takes,
    /// Where Tab leads, once the text is kept.
    next: Option<NextStep>,
    /// What Tab makes of the text.
    completes: Option<Completes>,
}

/// The text as far as it is clear, and what may follow.
type Completes = fn(&str, &Ui) -> (String, Vec<String>);

impl Prompt {
    pub fn new(
        label: impl Into<String>,
        hint: &'static str,
        purpose: &'static str,
        takes: impl Fn(&str, &mut Ui, &Product, &mut Context) -> Result<Outcome, String> + 'static,
    ) -> Prompt {
        let line = LineInput::new("");
        Prompt {
            label: label.into(),
            hint,
            purpose,
            is_number: false,
            line,
            takes: Box::new(takes),
            next: None,
            completes: None,
        }
    }

    /// A line from which Tab leads on.
    pub fn before(self, next: Option<NextStep>) -> Prompt {
        Prompt { next, ..self }
    }

    /// A line in which Tab completes what is typed.
    pub fn completed_by(self, completes: Completes) -> Prompt {
        Prompt { completes: Some(completes), ..self }
    }

    /// A line with a text that typing replaces.
    pub fn proposing(self, text: &str) -> Prompt {
        Prompt { line: LineInput::replaceable(text), ..self }
    }

    /// A line for a number whose first digits have been typed.
    pub fn number(self, begun: &str) -> Prompt {
        Prompt { is_number: true, line: LineInput::new(begun), ..self }
    }
}

impl Layer for Prompt {
    fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        let press = input.press();
        let interrupt = press.is_some_and(|press| press.ctrl && press.code == KeyCode::Char('c'));
        match press.map(|press| press.code) {
            Some(KeyCode::Esc) => return self.cancel(ui),
            _ if interrupt && !self.line.has_selection() => return self.cancel(ui),
            Some(KeyCode::Enter) => {
                let text = self.line.text();
                ui.line_history.keep(self.purpose, &text);
                return match (self.takes)(&text, ui, product, context) {
                    Ok(outcome) => (None, outcome.or_again(self)),
                    Err(why) => (Some(self), Outcome::refuse(why)),
                };
            }
            Some(code @ (KeyCode::Tab | KeyCode::BackTab)) if self.next.is_some() => {
                return self.go_on(code == KeyCode::Tab, ui, product, context);
            }
            Some(KeyCode::Tab) if self.completes.is_some() => {
                let outcome = self.complete(ui);
                return (Some(self), outcome);
            }
            _ if self.is_number => {
                if press.and_then(Press::letter).is_none_or(|c| c.is_ascii_digit()) {
                    self.line.take(input);
                }
            }
            Some(KeyCode::Up) => self.line.earlier(&mut ui.line_history, self.purpose),
            _ => self.line.take_with(input, &mut ui.kill),
        }
        (Some(self), Outcome::Nothing)
    }

    fn draw(&self, ui: &Ui, _: &Product, buffer: &mut Paint) {
        draw_line(ui, &self.label, &self.line, buffer);
    }

    fn binds_alt(&self, letter: char) -> bool {
        text_keys::binds_alt(letter)
    }

    fn hints(&self, _: &Ui) -> String {
        self.hint.to_string()
    }

    fn kind(&self) -> LayerKind {
        LayerKind::StatusLine
    }
}

impl Prompt {
    /// Tab: keeps what was typed, if anything, and opens what follows.
    fn go_on(self: Box<Self>, forward: bool, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        let Some(next) = self.next else { return (Some(self), Outcome::Nothing) };
        let text = self.line.text();
        if text.trim().is_empty() {
            next(ui, product, forward);
            return (None, Outcome::Nothing);
        }
        ui.line_history.keep(self.purpose, &text);
        match (self.takes)(&text, ui, product, context) {
            Ok(Outcome::Commit(commit)) => {
                let then: Then = Box::new(move |ui, product| next(ui, product, forward));
                (None, Outcome::Commit(Commit { then: Some(then), ..commit }).or_again(self))
            }
            Ok(other) => (None, other),
            Err(why) => (Some(self), Outcome::refuse(why)),
        }
    }

    /// Completes the text as far as it is clear, then names what is possible.
    fn complete(&mut self, ui: &Ui) -> Outcome {
        let Some(completes) = self.completes else { return Outcome::Nothing };
        let before = self.line.text();
        let (text, names) = completes(&before, ui);
        if text != before {
            self.line = LineInput::new(&text);
            return Outcome::Nothing;
        }
        match names.len() {
            0 => Outcome::say("No file there begins like that."),
            1 => Outcome::Nothing,
            many => {
                let first = names.get(..5).unwrap_or(&names).join("  ");
                let rest = if many > 5 { format!("  and {} more", many.saturating_sub(5)) } else { String::new() };
                Outcome::say(format!("{first}{rest}"))
            }
        }
    }

    fn cancel(self: Box<Self>, ui: &mut Ui) -> Next {
        ui.line_history.keep(self.purpose, &self.line.text());
        (None, Outcome::Nothing)
    }
}

/// Draws a line with its label over the status line.
pub fn draw_line(ui: &Ui, label: &str, line: &LineInput, buffer: &mut Paint) {
    let Some(areas) = ui.areas() else { return };
    let area = areas.status;
    let columns = usize::from(area.width);
    buffer.write(area, fit(&format!(" {label}"), columns), columns, ui.theme.strong());
    let rest = area.past(width(label).saturating_add(1));
    line.draw(Rect { width: rest.width.min(60), ..rest }, Style::new(), buffer);
}
