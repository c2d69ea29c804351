//! Points of the selected stories, in an input line. A value of the scale is set at once if no other begins with its
//! digits.

use crate::actions::Context;
use crate::actions::edit::set;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::Kind;
use crate::model::value::{Cell, Value};
use crate::tui::overlay::prompt::draw_line;
use crate::tui::settings::table::joined;
use crate::tui::state::contract::{Layer, LayerKind, Next, Outcome};
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::key::Press;
use crate::tui::term::paint::Paint;
use crate::tui::widget::input::LineInput;
use crate::tui::widget::text_keys;
use crossterm::event::KeyCode;

pub struct Points {
    ids: Vec<Id>,
    line: LineInput,
}

impl Points {
    /// A line for the points of these stories.
    pub fn of(ids: Vec<Id>) -> Points {
        Points { ids, line: LineInput::new("") }
    }
}

impl Layer for Points {
    fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, _: &mut Context) -> Next {
        let press = input.press();
        let code = press.map(|press| press.code);
        if code == Some(KeyCode::Esc)
            || press.is_some_and(|press| press.ctrl && press.code == KeyCode::Char('c')) && !self.line.has_selection()
        {
            ui.line_history.keep("points", &self.line.text());
            return (None, Outcome::Nothing);
        }
        if code == Some(KeyCode::Enter) {
            ui.line_history.keep("points", &self.line.text());
        }
        let Some(field) = Kind::BacklogItem.field("points") else { return (None, Outcome::Nothing) };
        let ids = self.ids.clone();
        let write = |value: Value| (None, Outcome::of(set(product, &ids, field, &value)));
        let letter = press.and_then(Press::letter);
        let text = self.line.text();
        if let Some(c) = letter.filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',')) {
            let whole = format!("{text}{c}").replace(',', ".");
            let mut fits = ui.settings.points_beginning(&whole);
            return match (fits.next(), fits.next()) {
                (Some(only), None) if only.to_string() == whole => write(Some(only).to_value()),
                // If nothing on the scale begins with 0, it clears the points.
                (None, _) if whole == "0" => write(Value::Null),
                _ => {
                    self.line.take(input);
                    (Some(self), Outcome::Nothing)
                }
            };
        }
        match (text.as_str(), letter, code) {
            ("", Some('?'), _) => write(Value::Null),
            (_, _, Some(KeyCode::Backspace)) => {
                self.line.take(input);
                (Some(self), Outcome::Nothing)
            }
            ("", ..) => {
                let scale = joined(&ui.settings.points);
                (Some(self), Outcome::say(format!("Points are numbers: {scale}. {{close}} goes back.")))
            }
            (text, _, code) => match field.from_text(text) {
                Ok(value) => write(value),
                Err(why) if code == Some(KeyCode::Enter) => (Some(self), Outcome::refuse(why)),
                Err(why) => (None, Outcome::refuse(why)),
            },
        }
    }

    fn draw(&self, ui: &Ui, _: &Product, buffer: &mut Paint) {
        draw_line(ui, "points: ", &self.line, buffer);
    }

    fn binds_alt(&self, letter: char) -> bool {
        text_keys::binds_alt(letter)
    }

    fn hints(&self, ui: &Ui) -> String {
        format!("{} · 0 or ? clears · Enter sets · Esc back", joined(&ui.settings.points))
    }

    fn takes_at_once(&self) -> bool {
        true
    }

    fn kind(&self) -> LayerKind {
        LayerKind::StatusLine
    }
}
