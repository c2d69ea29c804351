//! Lines to read, some of which lead to a record: the why of something, what depends on it.

use crate::actions::Context;
use crate::actions::link::confirm;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::tui::overlay::prompt::Prompt;
use crate::tui::state::contract::{Layer, LayerKind, Next, Outcome};
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::layout::Part;
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{clean, cut, fit, width};
use crate::tui::widget::{list, popup};
use crossterm::event::KeyCode;
use ratatui::style::Style;
use std::cell::Cell;

#[derive(Clone, Debug)]
pub struct TrailLine {
    pub to: Option<Id>,
    pub text: String,
}

#[derive(Clone, Debug)]
pub struct Trail {
    title: String,
    lines: Vec<TrailLine>,
    at: usize,
    /// The first line shown, if lines without a record were scrolled to, and the last one that can be.
    first: Option<usize>,
    shown: Cell<(usize, usize)>,
    /// The record that the key which confirms in a list confirms here.
    confirms: Option<Id>,
}

impl Trail {
    /// With this record to be confirmed.
    pub fn confirming(self, id: Id) -> Trail {
        Trail { confirms: Some(id), ..self }
    }

    /// The cursor starts on `on`, if it is one of the lines.
    pub fn new(title: String, lines: Vec<TrailLine>, on: Id) -> Trail {
        let at = lines.iter().position(|line| line.to == Some(on)).unwrap_or(0);
        Trail { title, lines, at, first: None, shown: Cell::default(), confirms: None }
    }

    fn step(&mut self, down: bool) {
        let stops = self.lines.iter().enumerate().filter(|(_, line)| line.to.is_some()).map(|(at, _)| at);
        let mut stops = stops;
        let next = if down { stops.find(|at| *at > self.at) } else { stops.rfind(|at| *at < self.at) };
        let (first, last) = self.shown.get();
        match (next, self.first) {
            // Back up to the row that leads somewhere.
            (_, Some(top)) if !down => self.first = top.checked_sub(1).filter(|top| *top > 0),
            (Some(next), _) => (self.at, self.first) = (next, None),
            (None, _) if down => self.first = Some(self.first.unwrap_or(first).saturating_add(1).min(last)),
            (None, _) => {}
        }
    }

    /// A page on, as far as there are lines.
    fn page(&mut self) {
        let (first, last) = self.shown.get();
        let height = self.lines.len().saturating_sub(last);
        self.first = Some(first.saturating_add(height.saturating_sub(1)).min(last));
    }
}

impl Layer for Trail {
    fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        let press = input.press();
        if let (Some(id), Some(press)) = (self.confirms, press)
            && ui.keymap.touches("confirm", press)
        {
            return (None, Outcome::of(confirm(product, &[id], "", context)));
        }
        if let (Some(id), Some(press)) = (self.confirms, press)
            && ui.keymap.touches("comment", press)
        {
            return (None, with_note(ui, product, id));
        }
        let chosen = match input {
            Input::Click(nth) => Some(*nth),
            _ => press.filter(|press| press.code == KeyCode::Enter).map(|_| self.at),
        };
        if let Some(id) = chosen.and_then(|at| self.lines.get(at)).and_then(|line| line.to) {
            ui.to_record(product, id);
            return (None, Outcome::Nothing);
        }
        match press.map(|press| press.code) {
            Some(KeyCode::Up | KeyCode::Char('k')) => self.step(false),
            Some(KeyCode::Down | KeyCode::Char('j')) => self.step(true),
            Some(KeyCode::PageUp | KeyCode::Home) => (self.at, self.first) = (0, None),
            Some(KeyCode::PageDown) => self.page(),
            Some(KeyCode::End) => {
                self.first = Some(self.shown.get().1);
                self.at = self.lines.iter().rposition(|line| line.to.is_some()).unwrap_or(0);
            }
            Some(KeyCode::Esc | KeyCode::Enter | KeyCode::Char('q' | '?')) => return (None, Outcome::Nothing),
            Some(KeyCode::Char('c')) if press.is_some_and(|press| press.ctrl) => return (None, Outcome::Nothing),
            Some(_) => {
                return (Some(self), Outcome::say("This box takes no text. {close} closes it, Enter goes to the row."));
            }
            None => {}
        }
        (Some(self), Outcome::Nothing)
    }

    fn draw(&self, ui: &Ui, _: &Product, buffer: &mut Paint) {
        let widest = self.lines.iter().map(|line| width(&line.text).saturating_add(2)).max().unwrap_or(0);
        let widest = popup::columns(ui, 48, widest);
        let inner = popup::frame(ui, &self.title, widest, self.lines.len(), buffer);
        let (columns, height) = (usize::from(inner.width), usize::from(inner.height));
        let last = self.lines.len().saturating_sub(height);
        let first = self.first.map_or_else(|| popup::scrolled(self.at, self.lines.len(), height), |top| top.min(last));
        self.shown.set((first, last));
        for (y, (at, line)) in self.lines.iter().enumerate().skip(first).take(height).enumerate() {
            let chosen = at == self.at && line.to.is_some();
            let pointer = if chosen { ui.theme.pointer() } else { " " };
            let style = match (chosen, line.to.is_some()) {
                (true, _) => ui.theme.chosen(),
                (false, true) => Style::new(),
                _ => ui.theme.quiet(),
            };
            let text = format!("{pointer} {}", clean(&line.text));
            buffer.write(inner.row(y), fit(&cut(&text, columns), columns), columns, style);
            if chosen {
                popup::cursor(inner, y, buffer);
            }
            if line.to.is_some() {
                popup::entry(inner, y, at, buffer);
            }
        }
        list::more(ui, self.lines.len().saturating_sub(first.saturating_add(height)), inner, buffer);
    }

    fn hints(&self, ui: &Ui) -> String {
        if self.confirms.is_some() {
            return ui
                .keymap
                .fill("{confirm} it still fits · {comment} with a note · Enter goes to the why · Esc back")
                .into_owned();
        }
        "↑ ↓ choose · Enter goes there · Esc back".to_string()
    }

    fn kind(&self) -> LayerKind {
        LayerKind::Trail
    }
}

/// Opens a line for the note that goes with the confirmation.
fn with_note(ui: &mut Ui, product: &Product, id: Id) -> Outcome {
    let label = format!("{} still fits, note: ", product.name_of(id));
    ui.open(Prompt::new(
        label,
        "Enter confirms it with this note · Esc back",
        "confirm",
        move |text, _, product, context| {
            let step = confirm(product, &[id], text.trim(), context);
            step.map(Outcome::commit).map_err(|refusal| format!("{refusal:#}"))
        },
    ))
}
