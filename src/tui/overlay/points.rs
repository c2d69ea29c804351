//! Points of the selected stories, in an input line. A value of the scale is set at once if no other begins with its
//! digits; if a digit follows that makes a longer number of it, the line is back with both. Enter sets any number, and so does moving on.

use crate::actions::Context;
use crate::actions::edit::set;
use crate::model::grammar::count_of;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::Kind;
use crate::model::value::{Amount, Cell, Value};
use crate::tui::overlay::own_wish::withdrawn;
use crate::tui::overlay::prompt::draw_line;
use crate::tui::settings::table::joined;
use crate::tui::state::access::proposes;
use crate::tui::state::contract::{Commit, Layer, LayerKind, Next, Outcome, Then};
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::key::Press;
use crate::tui::term::layout::Focus;
use crate::tui::term::paint::Paint;
use crate::tui::widget::input::LineInput;
use crate::tui::widget::text_keys;
use crossterm::event::KeyCode;

/// Numbers that teams estimate with. Other digits after the first open a view, as they do everywhere.
const LONGER: &[&str] = &["16", "20", "21", "30", "32", "34", "40", "50", "55", "60", "64", "70", "80", "89", "90"];

/// How a number was taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Goes {
    /// By its last digit.
    AtOnce,
    /// By a key that moves the selection by so many rows.
    By(isize),
}

#[derive(Clone)]
pub struct Points {
    ids: Vec<Id>,
    line: LineInput,
}

impl Points {
    /// A line for the points of these stories.
    pub fn of(ids: Vec<Id>) -> Points {
        Points { ids, line: LineInput::new("") }
    }

    /// Sets the points, and moves the selection by so many rows.
    fn write(self: Box<Self>, ui: &Ui, product: &Product, value: &Value, goes: Goes) -> Next {
        let Some(field) = Kind::BacklogItem.field("points") else { return (None, Outcome::Nothing) };
        match set(product, &self.ids, field, value) {
            Ok(step) => {
                let beside = off_the_scale(ui, value);
                let say = (!step.is_empty()).then_some(beside).flatten();
                let say = say.map(|word| format!("{}. {word} {{undo}} takes it back.", step.label).into());
                let then: Option<Then> = match goes {
                    Goes::By(rows) if ui.focus() == Focus::List => Some(Box::new(move |ui, _| ui.step(rows))),
                    _ => None,
                };
                let more: Option<Box<dyn Layer>> = (goes == Goes::AtOnce).then(|| self.clone() as Box<dyn Layer>);
                let retry: Option<Box<dyn Layer>> = Some(self);
                (None, Outcome::Commit(Commit { then, retry, more, say, ..Commit::new(step) }))
            }
            Err(refusal) => (Some(self), Outcome::refuse(refusal)),
        }
    }

    /// A digit, a point or a comma.
    fn digit(mut self: Box<Self>, input: &Input, ui: &Ui, product: &Product) -> Next {
        self.line.take(input);
        let whole = self.line.text().replace(',', ".");
        let mut fits = ui.settings.points_beginning(&whole);
        match (fits.next(), fits.next()) {
            (Some(only), None) if only.to_string() == whole => {
                self.write(ui, product, &Some(only).to_value(), Goes::AtOnce)
            }
            // If nothing on the scale begins with 0, it clears the points.
            (None, _) if whole == "0" => self.write(ui, product, &Value::Null, Goes::AtOnce),
            _ => (Some(self), Outcome::Nothing),
        }
    }

    /// Sets what was typed, if it is a number.
    fn take(self: Box<Self>, ui: &Ui, product: &Product, by: isize) -> Next {
        let text = self.line.text();
        if text.is_empty() {
            let scale = joined(&ui.settings.points);
            return (Some(self), Outcome::say(format!("Points are numbers: {scale}. {{close}} goes back.")));
        }
        match Kind::BacklogItem.field("points").map(|field| field.from_text(&text)) {
            Some(Ok(value)) => self.write(ui, product, &value, Goes::By(by)),
            Some(Err(why)) => (Some(self), Outcome::refuse(why)),
            None => (None, Outcome::Nothing),
        }
    }

    fn take_key(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product) -> Next {
        let Some(press) = input.press() else {
            self.line.take(input);
            return (Some(self), Outcome::Nothing);
        };
        let interrupt = press.ctrl && press.code == KeyCode::Char('c') && !self.line.has_selection();
        if press.code == KeyCode::Esc || interrupt {
            ui.line_history.keep("points", &self.line.text());
            return (None, Outcome::Nothing);
        }
        let empty = self.line.is_empty();
        match (press.code, press.letter()) {
            (_, Some(c)) if c.is_ascii_digit() || matches!(c, '.' | ',') => self.digit(input, ui, product),
            (_, Some('?')) if empty => self.write(ui, product, &Value::Null, Goes::By(0)),
            (KeyCode::Enter | KeyCode::Tab, _) => {
                ui.line_history.keep("points", &self.line.text());
                self.take(ui, product, 0)
            }
            (KeyCode::Down, _) | (_, Some('j')) => self.take(ui, product, 1),
            (KeyCode::Up, _) | (_, Some('k')) => self.take(ui, product, -1),
            (_, Some(_)) if empty => self.take(ui, product, 0),
            (_, Some(_)) => (Some(self), Outcome::say("Enter sets the points, {close} goes back.")),
            _ => {
                self.line.take(input);
                (Some(self), Outcome::Nothing)
            }
        }
    }
}

/// `99 is not on the scale; kept all the same.`
fn off_the_scale(ui: &Ui, value: &Value) -> Option<String> {
    let size = Option::<Amount>::from_value(value).ok().flatten()?;
    (!ui.settings.points.contains(&size)).then(|| format!("{size} is not on the scale; kept all the same."))
}

impl Layer for Points {
    fn input(self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        let (ids, field) = (self.ids.clone(), Kind::BacklogItem.field("points"));
        let next = self.take_key(input, ui, product);
        // The points as they are, typed where a proposal of one's own waits, take that back.
        match (next, field) {
            ((layer, Outcome::Commit(commit)), Some(field)) if commit.step.is_empty() => {
                let commit = match withdrawn(product, &ids, field, context) {
                    Some((step, say)) => Commit { step, say: Some(say), ..commit },
                    None => commit,
                };
                (layer, Outcome::Commit(commit))
            }
            (next, _) => next,
        }
    }

    fn draw(&self, ui: &Ui, _: &Product, buffer: &mut Paint) {
        let label = match self.ids.len() {
            0 | 1 => "points: ".to_string(),
            many => format!("points of {}: ", count_of(many, Kind::BacklogItem)),
        };
        draw_line(ui, &label, &self.line, buffer);
    }

    fn binds_alt(&self, letter: char) -> bool {
        text_keys::binds_alt(letter)
    }

    fn hints(&self, ui: &Ui) -> String {
        let proposes = Kind::BacklogItem.field("points").is_some_and(|field| proposes(ui, field));
        let enter = if proposes { "proposes" } else { "sets" };
        format!("{} · 0 or ? clears · Enter {enter} · Esc back", joined(&ui.settings.points))
    }

    fn goes_on_with(&self, press: Press) -> bool {
        let digit = press.letter().filter(char::is_ascii_digit);
        digit.is_some_and(|digit| LONGER.contains(&format!("{}{digit}", self.line.text()).as_str()))
    }

    fn takes_at_once(&self, press: Press) -> bool {
        press.letter().is_some_and(|c| c.is_ascii_digit() || c == '?')
    }

    fn kind(&self) -> LayerKind {
        LayerKind::StatusLine
    }
}
