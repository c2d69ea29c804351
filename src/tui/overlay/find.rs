//! The find line, which narrows the list as you type.

use crate::actions::Context;
use crate::insight::find;
use crate::model::product::Product;
use crate::model::schema::Kind;
use crate::tui::overlay::menu::{Menu, Which};
use crate::tui::overlay::prompt::draw_line;
use crate::tui::state::contract::{Layer, LayerKind, Next, Outcome};
use crate::tui::state::dispatch::perform;
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::layout::Part;
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{thousands, width};
use crate::tui::widget::input::LineInput;
use crate::tui::widget::list;
use crate::tui::widget::text_keys;
use crossterm::event::KeyCode;

const LABEL: &str = "find: ";

pub struct FindLine {
    line: LineInput,
}

impl FindLine {
    pub fn new(text: &str) -> FindLine {
        FindLine { line: LineInput::new(text) }
    }
}

impl Layer for FindLine {
    fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        let press = input.press();
        let interrupt = press.is_some_and(|press| press.ctrl && press.code == KeyCode::Char('c'));
        match press.map(|press| press.code) {
            Some(KeyCode::Esc) => return self.cancel(ui),
            _ if interrupt && !self.line.has_selection() => return self.cancel(ui),
            // A second / in the empty input searches everywhere.
            Some(KeyCode::Char('/')) if self.line.is_empty() => {
                return (Some(Box::new(Menu::new(Which::Everywhere))), Outcome::Nothing);
            }
            Some(KeyCode::Enter) if ui.rows.rows.is_empty() && !self.line.is_empty() => {
                let word = match list::found_elsewhere(ui, "Tab") {
                    none if none.is_empty() => {
                        "Nothing matches. Change the words, or {close} shows everything.".to_string()
                    }
                    found => format!("Nothing matches in this list: {found}."),
                };
                return (Some(self), Outcome::say(word));
            }
            Some(KeyCode::Enter) => {
                ui.line_history.keep("find", &self.line.text());
                ui.place_mut().before_find = None;
                return (None, Outcome::Nothing);
            }
            Some(KeyCode::Tab) => {
                let place = ui.place_mut();
                place.closed = !place.closed;
                let word = if place.closed { "Closed ones are searched, too." } else { "Only open ones are searched." };
                return (Some(self), Outcome::say(word));
            }
            Some(KeyCode::Char('o')) if press.is_some_and(|press| press.ctrl) && ui.rows.rows.is_empty() => {
                return (Some(self), Outcome::say("Nothing matches, so there is no page to open."));
            }
            Some(KeyCode::Char('o')) if press.is_some_and(|press| press.ctrl) => {
                // It is about the match, not about what was selected before.
                ui.aim = None;
                let open = ui.registry.command("address.open");
                let outcome = open.map_or(Outcome::Nothing, |open| perform(open, ui, product, context));
                return (Some(self), outcome);
            }
            // In an input with text, the arrow keys go through the matches.
            Some(KeyCode::Up) if self.line.is_fresh() => {
                self.line.earlier(&mut ui.line_history, "find");
                ui.place_mut().find = self.line.text();
            }
            Some(KeyCode::Up) => ui.step(-1),
            Some(KeyCode::Down) => ui.step(1),
            _ => {
                self.line.take_with(input, &mut ui.kill);
                ui.place_mut().find = self.line.text();
                // A number means its record, whatever else contains the digits.
                if let Some(id) = find::numbered(product, &ui.place().find) {
                    let place = ui.place_mut();
                    (place.chosen, place.at) = (Some(id), usize::MAX);
                }
            }
        }
        (Some(self), Outcome::Nothing)
    }

    fn draw(&self, ui: &Ui, _: &Product, buffer: &mut Paint) {
        draw_line(ui, LABEL, &self.line, buffer);
        let Some(status) = ui.areas().map(|areas| areas.status) else { return };
        let found = ui.rows.rows.iter().filter(|row| row.kind == Some(Kind::BacklogItem)).count();
        let elsewhere = list::found_elsewhere(ui, "Tab");
        if self.line.is_empty() || elsewhere.is_empty() {
            return;
        }
        // What was typed matters more.
        let words = [format!("{} here · {elsewhere} ", thousands(found)), format!("{elsewhere} ")];
        let room = usize::from(status.width)
            .saturating_sub(width(LABEL).saturating_add(width(&self.line.text())).saturating_add(4));
        if let Some(words) = words.into_iter().find(|words| width(words) <= room) {
            let at = usize::from(status.width).saturating_sub(width(&words));
            buffer.write(status.past(at), &words, width(&words), ui.theme.quiet());
        }
    }

    fn binds_alt(&self, letter: char) -> bool {
        text_keys::binds_alt(letter)
    }

    fn hints(&self, _: &Ui) -> String {
        "type to narrow · Enter keeps it · Tab closed too · Ctrl-O its page · Esc clears".to_string()
    }

    fn kind(&self) -> LayerKind {
        LayerKind::StatusLine
    }
}

impl FindLine {
    fn cancel(self: Box<Self>, ui: &mut Ui) -> Next {
        ui.line_history.keep("find", &self.line.text());
        let place = ui.place_mut();
        place.find.clear();
        if let Some(before) = place.before_find.take() {
            (place.chosen, place.at) = (Some(before), usize::MAX);
        }
        (None, Outcome::Nothing)
    }
}
