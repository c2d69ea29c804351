//! A question with a few answers: arrows and Enter, or a number. Esc cancels.

use crate::actions::Context;
use crate::model::product::Product;
use crate::model::saturating::take_at;
use crate::tui::state::contract::{Layer, Next, Outcome};
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::layout::Part;
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{clean, cut, fit, hung, width, wrap};
use crate::tui::widget::popup;
use crate::tui::widget::stray_letters::StrayLetters;
use crossterm::event::KeyCode;
use ratatui::style::Style;

/// What an answer does.
pub type Do = Box<dyn FnOnce(&mut Ui, &Product, &mut Context) -> Outcome>;

pub struct Answer {
    label: String,
    act: Do,
}

pub struct Ask {
    title: String,
    words: String,
    answers: Vec<Answer>,
    at: usize,
    stray: StrayLetters,
}

const LETTERS: &str = "Letters do nothing here: a digit answers, or ↑ ↓ and Enter. Esc goes back.";

impl Ask {
    pub fn new(title: impl Into<String>, words: impl Into<String>) -> Ask {
        Ask { title: title.into(), words: words.into(), answers: Vec::new(), at: 0, stray: StrayLetters::default() }
    }

    pub fn or(
        mut self,
        label: impl Into<String>,
        act: impl FnOnce(&mut Ui, &Product, &mut Context) -> Outcome + 'static,
    ) -> Ask {
        self.answers.push(Answer { label: label.into(), act: Box::new(act) });
        self
    }

    /// The default answer for Enter.
    pub fn at(mut self, at: usize) -> Ask {
        self.at = at.min(self.answers.len().saturating_sub(1));
        self
    }

    fn take(mut self, nth: usize, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        let Some(answer) = take_at(&mut self.answers, nth) else {
            return (Some(Box::new(self)), Outcome::Nothing);
        };
        (None, (answer.act)(ui, product, context))
    }
}

impl Layer for Ask {
    fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        if let Input::Click(nth) = input {
            return self.take(*nth, ui, product, context);
        }
        if self.stray.takes(input) {
            return (Some(self), Outcome::say(LETTERS));
        }
        let last = self.answers.len().saturating_sub(1);
        match input.press().map(|press| (press.code, press.ctrl)) {
            Some((KeyCode::Esc, false)) | Some((KeyCode::Char('c'), true)) => {
                return (None, Outcome::Nothing);
            }
            Some((KeyCode::Up | KeyCode::Char('k'), false)) => self.at = self.at.saturating_sub(1),
            Some((KeyCode::Down | KeyCode::Char('j'), false)) => self.at = self.at.saturating_add(1).min(last),
            Some((KeyCode::Enter, _)) => {
                let at = self.at;
                return self.take(at, ui, product, context);
            }
            Some((KeyCode::Char(digit @ '1'..='9'), false)) => {
                return self.take((digit as usize).saturating_sub('1' as usize), ui, product, context);
            }
            _ => {}
        }
        (Some(self), Outcome::Nothing)
    }

    fn hints(&self, _: &Ui) -> String {
        "↑ ↓ and Enter · a number picks at once · Esc back".to_string()
    }

    fn draw(&self, ui: &Ui, _: &Product, buffer: &mut Paint) {
        let widest = self.answers.iter().map(|answer| width(&answer.label).saturating_add(6)).max().unwrap_or(0);
        let columns = popup::columns(ui, 64, widest);
        let words: Vec<String> =
            if self.words.is_empty() { Vec::new() } else { wrap(&ui.keymap.fill(&self.words), columns, 16) };
        let gap = usize::from(!words.is_empty());
        // An answer wider than the window takes more lines.
        let lines: Vec<(usize, String)> = self
            .answers
            .iter()
            .enumerate()
            .flat_map(|(nth, answer)| {
                let text = format!("{}  {}", nth.saturating_add(1), clean(&answer.label));
                hung(&text, columns.saturating_sub(2), 3).into_iter().map(move |line| (nth, line))
            })
            .collect();
        let rows = lines.len().saturating_add(words.len()).saturating_add(gap);
        let inner = popup::frame(ui, &self.title, columns, rows, buffer);
        let columns = usize::from(inner.width);
        let mut before = None;
        for (y, (nth, line)) in lines.iter().enumerate().take(usize::from(inner.height)) {
            let chosen = *nth == self.at;
            let begins = before.replace(*nth) != Some(*nth);
            let pointer = if chosen && begins { ui.theme.pointer() } else { " " };
            let style = if chosen { ui.theme.chosen() } else { Style::new() };
            buffer.write(inner.row(y), fit(&cut(&format!("{pointer} {line}"), columns), columns), columns, style);
            if chosen && begins {
                popup::cursor(inner, y, buffer);
            }
            popup::entry(inner, y, *nth, buffer);
        }
        let below = lines.len().saturating_add(gap);
        for (at, line) in words.iter().enumerate().take(usize::from(inner.height).saturating_sub(below)) {
            buffer.write(inner.row(below.saturating_add(at)), cut(line, columns), columns, ui.theme.quiet());
        }
    }
}
