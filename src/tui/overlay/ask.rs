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
use crate::tui::widget::stray_letters::StrayLetters;
use crate::tui::widget::{list, popup};
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
    /// How far it is scrolled below the last answer, where the window is too low for its words.
    below: usize,
    stray: StrayLetters,
}

const LETTERS: &str = "Letters do nothing here: a digit answers, or ↑ ↓ and Enter. Esc goes back.";

/// The lines of a page.
const PAGE: usize = 8;

impl Ask {
    pub fn new(title: impl Into<String>, words: impl Into<String>) -> Ask {
        Ask {
            title: title.into(),
            words: words.into(),
            answers: Vec::new(),
            at: 0,
            below: 0,
            stray: StrayLetters::default(),
        }
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

    /// All lines, with the answer that each is of, and their width. An answer wider than the window takes more lines.
    fn lines(&self, ui: &Ui) -> (Vec<(Option<usize>, String)>, usize) {
        let widest = self.answers.iter().map(|answer| width(&answer.label).saturating_add(6)).max().unwrap_or(0);
        let columns = popup::columns(ui, 64, widest);
        let answer = |(nth, answer): (usize, &Answer)| {
            let text = format!("{}  {}", nth.saturating_add(1), clean(&answer.label));
            hung(&text, columns.saturating_sub(2), 3).into_iter().map(move |line| (Some(nth), line))
        };
        let mut out: Vec<(Option<usize>, String)> = self.answers.iter().enumerate().flat_map(answer).collect();
        if !self.words.is_empty() {
            out.push((None, String::new()));
            out.extend(wrap(&ui.keymap.fill(&self.words), columns, 40).into_iter().map(|line| (None, line)));
        }
        (out, columns)
    }

    /// The first line in sight: the chosen answer is, and whatever was scrolled to.
    fn top(&self, lines: &[(Option<usize>, String)], height: usize) -> usize {
        let end = lines.iter().rposition(|(nth, _)| *nth == Some(self.at)).map_or(0, |last| last.saturating_add(1));
        end.saturating_sub(height).saturating_add(self.below).min(lines.len().saturating_sub(height))
    }

    fn down(&mut self, ui: &Ui) {
        if self.at.saturating_add(1) < self.answers.len() {
            self.at = self.at.saturating_add(1);
            return;
        }
        let (lines, _) = self.lines(ui);
        let height = popup::rows_inside(ui, lines.len());
        if self.top(&lines, height).saturating_add(height) < lines.len() {
            self.below = self.below.saturating_add(1);
        }
    }

    fn up(&mut self) {
        match self.below {
            0 => self.at = self.at.saturating_sub(1),
            below => self.below = below.saturating_sub(1),
        }
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
        match input.press().map(|press| (press.code, press.ctrl)) {
            Some((KeyCode::Esc, false)) | Some((KeyCode::Char('c'), true)) => {
                return (None, Outcome::Nothing);
            }
            Some((KeyCode::Up | KeyCode::Char('k'), false)) => self.up(),
            Some((KeyCode::Down | KeyCode::Char('j'), false)) => self.down(ui),
            Some((KeyCode::PageUp, _)) => (0..PAGE).for_each(|_| self.up()),
            Some((KeyCode::PageDown, _)) => (0..PAGE).for_each(|_| self.down(ui)),
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
        let (lines, columns) = self.lines(ui);
        let inner = popup::frame(ui, &self.title, columns, lines.len(), buffer);
        let (columns, height) = (usize::from(inner.width), usize::from(inner.height));
        let top = self.top(&lines, height);
        let mut before = None;
        for (y, (nth, line)) in lines.iter().skip(top).take(height).enumerate() {
            let Some(nth) = nth else {
                buffer.write(inner.row(y), cut(line, columns), columns, ui.theme.quiet());
                continue;
            };
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
        list::more(ui, lines.len().saturating_sub(top.saturating_add(height)), inner, buffer);
    }
}
