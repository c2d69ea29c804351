//! The keys that may follow a prefix key, in a box.

use crate::actions::Context;
use crate::model::product::Product;
use crate::tui::overlay::carry::CarriedRows;
use crate::tui::state::access::can_move;
use crate::tui::state::contract::{Command, Layer, LayerKind, Next, Outcome};
use crate::tui::state::dispatch::{perform, ready};
use crate::tui::state::keymap::Keymap;
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::key::Press;
use crate::tui::term::keyboard::on_latin;
use crate::tui::term::layout::{Focus, Part};
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{cut, fit, hung, width};
use crate::tui::widget::{list, popup};
use crossterm::event::KeyCode;
use ratatui::style::Style;
use std::time::{Duration, Instant};

/// The box of a prefix.
pub struct KeysBox {
    first: Press,
    at: usize,
    since: Instant,
    /// Whether an arrow key opened it.
    wanted: bool,
}

/// The first boxes, this many, are drawn at once; later ones wait for a slow hand.
const LEARNING: u32 = 50;

impl KeysBox {
    pub fn new(first: Press) -> KeysBox {
        KeysBox { first, at: 0, since: Instant::now(), wanted: false }
    }

    /// What may follow: first what can be done here and now.
    fn choices(&self, ui: &Ui, product: &Product) -> Vec<(Press, &'static Command)> {
        let mut all = ui.keymap.after(self.first);
        all.sort_by_key(|(_, command)| ready(command, ui, product).is_err());
        all
    }

    /// Returns true for the box of moving, in which arrows carry the rows instead of moving in the box.
    fn carries(&self, ui: &Ui) -> bool {
        ui.focus() == Focus::List
            && ui.keymap.keys_of("move.top").iter().any(|keys| keys.first == self.first && keys.second.is_some())
    }
}

impl Layer for KeysBox {
    /// The press as meant after the prefix: a letter of another layout stands for the key it is on.
    fn meant(&self, press: Press, keymap: &Keymap) -> Press {
        let known = keymap.second(self.first, press).is_some();
        if known { press } else { on_latin(press).unwrap_or(press) }
    }

    /// How long until it is drawn; `None` if it is.
    fn waits(&self, ui: &Ui) -> Option<Duration> {
        if self.wanted || ui.boxes <= LEARNING {
            return None;
        }
        let delay = Duration::from_millis(u64::from(ui.settings.hint_delay_ms));
        delay.checked_sub(self.since.elapsed()).filter(|left| !left.is_zero())
    }

    fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        let choices = self.choices(ui, product);
        if let Input::Click(nth) = input
            && let Some((_, command)) = choices.get(*nth)
        {
            return (None, perform(command, ui, product, context));
        }
        let Some(press) = input.press() else { return (Some(self), Outcome::Nothing) };
        if let Some(command) = ui.keymap.second(self.first, press) {
            return (None, perform(command, ui, product, context));
        }
        self.wanted |= matches!(press.code, KeyCode::Up | KeyCode::Down);
        match press.code {
            KeyCode::Esc => (None, Outcome::Nothing),
            KeyCode::Char('c') if press.ctrl => (None, Outcome::Nothing),
            KeyCode::Up | KeyCode::Down | KeyCode::Left | KeyCode::Right if self.carries(ui) => {
                match can_move(ui, product) {
                    Err(why) => (None, Outcome::refuse(why)),
                    Ok(()) => {
                        match ui
                            .moved(product)
                            .and_then(|(kind, ids)| CarriedRows::new(self.first, ui, product, kind, &ids))
                        {
                            Some(carry) => Box::new(carry).input(input, ui, product, context),
                            None => (None, Outcome::Nothing),
                        }
                    }
                }
            }
            KeyCode::Up => {
                self.at = self.at.saturating_sub(1);
                (Some(self), Outcome::Nothing)
            }
            KeyCode::Down => {
                self.at = self.at.saturating_add(1).min(choices.len().saturating_sub(1));
                (Some(self), Outcome::Nothing)
            }
            KeyCode::Enter => match choices.get(self.at) {
                Some((_, command)) => (None, perform(command, ui, product, context)),
                None => (None, Outcome::Nothing),
            },
            _ => {
                let word = format!("{press} does nothing after {}. {{close}} leaves the box.", self.first);
                (Some(self), Outcome::say(word))
            }
        }
    }

    fn kind(&self) -> LayerKind {
        LayerKind::Sequence
    }

    fn hints(&self, ui: &Ui) -> String {
        match self.carries(ui) {
            true => "a key · ↑ ↓ ← → carry · Esc back".to_string(),
            false => "a key, or ↑ ↓ and Enter · Esc back".to_string(),
        }
    }

    fn draw(&self, ui: &Ui, product: &Product, buffer: &mut Paint) {
        if self.waits(ui).is_some() {
            return;
        }
        let choices = self.choices(ui, product);
        let carries = usize::from(self.carries(ui));
        let sentence = |(press, command): &(Press, &'static Command)| {
            format!("{:<5} {}", press.to_string(), ui.keymap.sentence_of(command))
        };
        let needed = choices.iter().map(|choice| width(&sentence(choice))).max().unwrap_or(0);
        let columns = popup::columns(ui, 58, needed);
        // The selected one is shown in full.
        let whole = |at: usize, text: &str| match at == self.at {
            true => hung(text, columns, 6),
            false => vec![cut(text, columns).into_owned()],
        };
        let lines: Vec<(usize, String)> = choices
            .iter()
            .enumerate()
            .flat_map(|(at, choice)| whole(at, &sentence(choice)).into_iter().map(move |line| (at, line)))
            .collect();
        let inner =
            popup::frame(ui, &format!("{} …", self.first), columns, lines.len().saturating_add(carries), buffer);
        let inner = if carries > 0 && inner.height > 1 {
            let words = cut("↑ ↓ ← → carry it there, Enter drops it", usize::from(inner.width));
            buffer.write(inner, words, usize::from(inner.width), ui.theme.strong());
            inner.below(1)
        } else {
            inner
        };
        let (columns, height) = (usize::from(inner.width), usize::from(inner.height));
        let selected = lines.iter().rposition(|(at, _)| *at == self.at).unwrap_or(0);
        let first = popup::scrolled(selected, lines.len(), height);
        for (y, (at, text)) in lines.iter().skip(first).take(height).enumerate() {
            let why = choices.get(*at).and_then(|(_, command)| ready(command, ui, product).err());
            let style = match (*at == self.at, why.is_some()) {
                (true, _) => ui.theme.chosen(),
                (false, true) => ui.theme.quiet(),
                _ => Style::new(),
            };
            buffer.write(inner.row(y), fit(text, columns), columns, style);
            popup::entry(inner, y, *at, buffer);
        }
        let last = lines.get(first.saturating_add(height).saturating_sub(1)).map_or(0, |(at, _)| at.saturating_add(1));
        let below = if lines.len() > first.saturating_add(height) { choices.len().saturating_sub(last) } else { 0 };
        list::more(ui, below, inner, buffer);
    }
}
