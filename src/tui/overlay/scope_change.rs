//! Adding to a running sprint: what goes out in exchange, and why. Both are stored in the sprint's entries.

use crate::actions::Context;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, Sprint};
use crate::model::value::Amount;
use crate::tui::overlay::exchange::Exchange;
use crate::tui::state::contract::{Commit, Layer, Next, Outcome};
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::layout::Part;
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{cut, wrap};
use crate::tui::widget::input::LineInput;
use crate::tui::widget::popup;
use crate::tui::widget::text_keys;
use crossterm::event::KeyCode;
use ratatui::style::Style;

pub struct ComesIn {
    stories: Vec<Id>,
    /// `S30 (5)`, or how many stories with how many points.
    what: String,
    comes: Amount,
    exchange: Exchange,
    at: usize,
    /// The reason, once the user has decided what goes out.
    line: Option<LineInput>,
}

impl ComesIn {
    pub fn of(product: &Product, sprint: &Sprint, stories: Vec<Id>) -> ComesIn {
        let size = |id: &Id| product.get::<BacklogItem>(*id).and_then(|item| item.points);
        let comes: Amount = stories.iter().filter_map(size).sum();
        let what = match stories.as_slice() {
            [one] => {
                let points = size(one).map_or_else(|| "no points".to_string(), |points| points.to_string());
                format!("{} ({points})", product.name_of(*one))
            }
            many => format!("{} stories ({comes})", many.len()),
        };
        let exchange = Exchange::of(product, sprint, &stories);
        let line = exchange.is_empty().then(|| LineInput::new(""));
        // The first candidates to go out are last in the backlog.
        let at = exchange.len().saturating_sub(1);
        ComesIn { stories, what, comes, exchange, at, line }
    }

    fn take(self: Box<Self>, line: LineInput, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        let reason = line.text().trim().to_string();
        if reason.is_empty() {
            let word = "It requires a reason, which is stored with the sprint. Nothing has been changed yet.";
            return (Some(Box::new(ComesIn { line: Some(line), ..*self })), Outcome::say(word));
        }
        ui.line_history.keep("reason", &reason);
        match self.exchange.step(product, &self.stories, &reason, context) {
            Ok(step) => {
                let (into, out) = (&self.exchange.name, self.exchange.out());
                let say = Some(format!("{} into {into}{out}. {{undo}} takes it back.", self.what).into());
                let choose = self.stories.first().copied();
                let retry: Option<Box<dyn Layer>> = Some(Box::new(ComesIn { line: Some(line), ..*self }));
                (None, Outcome::Commit(Commit { say, choose, retry, ..Commit::new(step) }))
            }
            Err(refusal) => (Some(Box::new(ComesIn { line: Some(line), ..*self })), Outcome::refuse(refusal)),
        }
    }

    fn flip(&mut self) {
        self.exchange.flip(self.at);
        // The first candidates are last, so the cursor steps up.
        self.at = self.at.saturating_sub(1);
    }
}

impl Layer for ComesIn {
    fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        if let Some(mut line) = self.line.take() {
            match input.press().map(|press| (press.code, press.ctrl)) {
                Some((KeyCode::Esc, _)) if !self.exchange.is_empty() => {}
                Some((KeyCode::Esc, _)) | Some((KeyCode::Char('c'), true)) => return (None, Outcome::Nothing),
                Some((KeyCode::Enter, _)) => return self.take(line, ui, product, context),
                Some((KeyCode::Up, _)) => {
                    line.earlier(&mut ui.line_history, "reason");
                    self.line = Some(line);
                }
                _ => {
                    line.take_with(input, &mut ui.kill);
                    self.line = Some(line);
                }
            }
            return (Some(self), Outcome::Nothing);
        }
        let last = self.exchange.len().saturating_sub(1);
        if let Input::Click(nth) = input {
            self.at = (*nth).min(last);
            self.flip();
            return (Some(self), Outcome::Nothing);
        }
        match input.press().map(|press| (press.code, press.ctrl)) {
            Some((KeyCode::Esc, false)) | Some((KeyCode::Char('c'), true)) => {
                return (
                    None,
                    Outcome::say(format!("{} is unchanged.", crate::model::rules::capital(&self.exchange.name))),
                );
            }
            Some((KeyCode::Up | KeyCode::Char('k'), _)) => self.at = self.at.saturating_sub(1),
            Some((KeyCode::Down | KeyCode::Char('j'), _)) => self.at = self.at.saturating_add(1).min(last),
            Some((KeyCode::Char(' '), _)) => self.flip(),
            Some((KeyCode::Enter, _)) => self.line = Some(LineInput::new("")),
            _ => {}
        }
        (Some(self), Outcome::Nothing)
    }

    fn binds_alt(&self, letter: char) -> bool {
        text_keys::binds_alt(letter)
    }

    fn hints(&self, _: &Ui) -> String {
        match self.line {
            Some(_) => "Enter does it · ↑ earlier ones · Esc back".to_string(),
            None => "Space ticks what goes out · Enter goes on to the reason · Esc back".to_string(),
        }
    }

    fn draw(&self, ui: &Ui, _: &Product, buffer: &mut Paint) {
        let columns = popup::columns(ui, 68, self.exchange.needed());
        let words = match (self.exchange.is_empty(), &self.line) {
            (_, Some(_)) => "Why? The reason is stored with the sprint.",
            (false, None) => "Space ticks stories that leave for it. Enter goes on to the reason.",
            (true, None) => "",
        };
        let words = wrap(words, columns, 2);
        let rows = self.exchange.len().saturating_add(words.len()).saturating_add(4);
        let inner =
            popup::frame(ui, &format!("{} comes into {}", self.what, self.exchange.name), columns, rows, buffer);
        let (columns, height) = (usize::from(inner.width), usize::from(inner.height));
        let room = height.saturating_sub(words.len().saturating_add(4));
        let first = popup::scrolled(self.at, self.exchange.len(), room.max(1));
        for (y, nth) in (first..self.exchange.len()).take(room).enumerate() {
            let chosen = nth == self.at && self.line.is_none();
            let style = if chosen { ui.theme.chosen() } else { Style::new() };
            buffer.write(inner.row(y), self.exchange.row(ui, nth, chosen, columns), columns, style);
            popup::entry(inner, y, nth, buffer);
        }
        let mut y = self.exchange.len().min(room).saturating_add(usize::from(!self.exchange.is_empty()));
        let mut put = |text: &str, style: Style| {
            if y < height {
                buffer.write(inner.row(y), cut(text, columns), columns, style);
            }
            y = y.saturating_add(1);
        };
        let (balance, is_over) = self.exchange.balance(self.comes);
        put(&balance, if is_over { ui.theme.wrong() } else { Style::new() });
        words.iter().for_each(|line| put(line, ui.theme.quiet()));
        if let Some(line) = &self.line {
            put("> ", ui.theme.strong());
            // In a low window the input covers the last row.
            line.draw(inner.row(y.min(height).saturating_sub(1)).past(2), Style::new(), buffer);
        }
    }
}
