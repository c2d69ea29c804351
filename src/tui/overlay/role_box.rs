//! Who sits at the keyboard: the role and the name, in one box. Digits and arrows choose the role, letters are the name.

use crate::actions::Context;
use crate::model::author::may_be_called;
use crate::model::product::Product;
use crate::model::role::Role;
use crate::tui::state::contract::{Layer, Next, Outcome};
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::layout::Part;
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{cut, fit, width, wrap};
use crate::tui::widget::input::LineInput;
use crate::tui::widget::popup;
use crate::tui::widget::stray_letters::{StrayLetters, digit};
use crate::tui::widget::text_keys;
use crossterm::event::KeyCode;
use ratatui::style::Style;

const ROLES: [(Role, &str); 3] = [
    (Role::Pm, "Product manager   I write the why"),
    (Role::Po, "Product owner     I write the how"),
    (Role::Both, "Both roles        one person"),
];

const WORDS: &str = "You can read everything in any role. The role decides which half you write; \
                     the name stands beside what you do.";

pub struct RoleBox {
    at: usize,
    name: LineInput,
    /// Somebody has gone to the name or begun to type it, so digits belong to it.
    typed: bool,
    /// A digit has chosen the role: what is typed on is no name before Tab.
    by_digit: bool,
    stray: StrayLetters,
}

/// A longer name would take the room of everything beside it.
const LONGEST: usize = 40;

impl RoleBox {
    pub fn of(ui: &Ui) -> RoleBox {
        let at = ROLES.iter().position(|(role, _)| *role == ui.role).unwrap_or(0);
        RoleBox {
            at,
            name: LineInput::replaceable(&ui.by),
            typed: false,
            by_digit: false,
            stray: StrayLetters::default(),
        }
    }

    fn take(self: Box<Self>, ui: &Ui) -> Next {
        let name = self.name.text().trim().to_string();
        if name.is_empty() {
            return (Some(self), Outcome::refuse("A name needs letters."));
        }
        if name.chars().count() > LONGEST {
            return (Some(self), Outcome::refuse(format!("A name has at most {LONGEST} characters: shorten it.")));
        }
        if let Err(refusal) = may_be_called(&name) {
            return (Some(self), Outcome::refuse(refusal));
        }
        let role = ROLES.get(self.at).map_or(ui.role, |(role, _)| *role);
        if role == ui.role && name == ui.by {
            return (None, Outcome::say("You are who you were before."));
        }
        (None, Outcome::SitDown(role, name))
    }
}

impl Layer for RoleBox {
    fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, _: &Product, _: &mut Context) -> Next {
        if let Input::Click(nth) = input {
            self.at = (*nth).min(ROLES.len().saturating_sub(1));
            return (Some(self), Outcome::Nothing);
        }
        let press = input.press();
        if let Some(nth) = press.and_then(digit).filter(|nth| !self.typed && *nth < ROLES.len()) {
            (self.at, self.by_digit) = (nth, true);
            return (Some(self), Outcome::Nothing);
        }
        if self.by_digit && !self.typed && self.stray.takes(input) {
            return (Some(self), Outcome::say("The role is chosen. Tab goes to the name, Enter takes both."));
        }
        match press.map(|press| (press.code, press.ctrl)) {
            Some((KeyCode::Esc, _)) => return (None, Outcome::Nothing),
            Some((KeyCode::Char('c'), true)) if !self.name.has_selection() => return (None, Outcome::Nothing),
            Some((KeyCode::Enter, _)) => return self.take(ui),
            Some((KeyCode::Up, _)) => (self.at, self.by_digit) = (self.at.saturating_sub(1), false),
            // On to the name, and back to the roles.
            Some((KeyCode::Tab, _)) => self.typed = true,
            Some((KeyCode::BackTab, _)) => self.typed = false,
            // Below the last role is the name.
            Some((KeyCode::Down, _)) => {
                self.by_digit = false;
                self.typed |= self.at.saturating_add(1) == ROLES.len();
                self.at = self.at.saturating_add(1).min(ROLES.len().saturating_sub(1));
            }
            // A name begins with no blank.
            Some((KeyCode::Char(' '), false)) if !self.typed => {}
            _ => {
                self.typed |= press.is_none_or(|press| press.letter().is_some());
                self.name.take_with(input, &mut ui.kill);
            }
        }
        (Some(self), Outcome::Nothing)
    }

    fn binds_alt(&self, letter: char) -> bool {
        text_keys::binds_alt(letter)
    }

    fn hints(&self, _: &Ui) -> String {
        "↑ ↓ or a digit: the role · Tab: the name · Enter takes both · Esc back".to_string()
    }

    fn draw(&self, ui: &Ui, _: &Product, buffer: &mut Paint) {
        let room = usize::from(ui.window.width.saturating_sub(6)).clamp(10, 64);
        let words = wrap(WORDS, room, 4);
        let inner = popup::frame(ui, "Who are you now?", room, words.len().saturating_add(6), buffer);
        let columns = usize::from(inner.width);
        for (nth, (_, label)) in ROLES.iter().enumerate() {
            let chosen = nth == self.at;
            let pointer = if chosen { ui.theme.pointer() } else { " " };
            let style = if chosen { ui.theme.chosen() } else { Style::new() };
            let text = format!("{pointer} {}  {label}", nth.saturating_add(1));
            buffer.write(inner.row(nth), fit(&cut(&text, columns), columns), columns, style);
            popup::entry(inner, nth, nth, buffer);
        }
        let label = "  Name  ";
        let line = inner.row(4);
        buffer.write(line, label, columns, ui.theme.strong());
        self.name.draw(line.past(width(label)), Style::new(), buffer);
        for (at, line) in words.iter().enumerate() {
            buffer.write(inner.row(at.saturating_add(6)), cut(line, columns), columns, ui.theme.quiet());
        }
    }
}
