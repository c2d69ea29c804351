//! Short lines of their own: find, points, a place in the order; and a text to read.

use crate::actions::edit::{Place, reorder, set};
use crate::actions::{self, Context};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::Kind;
use crate::model::value::{Cell, Value};
use crate::tui::command::{Commit, Outcome};
use crate::tui::commands;
use crate::tui::layout::Part;
use crate::tui::paint::Paint;
use crate::tui::settings::table::joined;
use crate::tui::text::{clean, cut, fit, width};
use crate::tui::ui::Ui;
use crate::tui::widget::input::LineInput;
use crate::tui::widget::menu::{Menu, Which};
use crate::tui::widget::{Input, Next, Overlay, top};
use crossterm::event::KeyCode;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// What the line is for.
#[derive(Clone, Debug)]
pub enum Purpose {
    /// Narrows the list while it is typed.
    Find,
    /// Points of these stories. A value of the scale is taken at once where no other begins with its digits.
    Points(Vec<Id>),
    /// The place these records go to.
    Place(Kind, Vec<Id>),
    /// Today's value of a measure of this record.
    Reading(Id, String),
    /// A word about these records.
    Comment(Vec<Id>),
    /// What is new in the version of the roadmap that is about to be ratified.
    Ratify,
    /// The day since which changes are shown.
    Since,
}

#[derive(Clone, Debug)]
pub struct Small {
    purpose: Purpose,
    line: LineInput,
}

impl Small {
    pub fn new(purpose: Purpose, text: &str) -> Small {
        Small { purpose, line: LineInput::new(text) }
    }

    pub fn hints(&self, ui: &Ui) -> String {
        match self.purpose {
            Purpose::Find => "type to narrow · Enter keeps the narrowed list · Esc clears".to_string(),
            Purpose::Points(_) => {
                format!("{} · 0 or ? clears · Enter takes · Esc back", joined(&ui.settings.points))
            }
            Purpose::Place(..) => "a place, then Enter · Esc back".to_string(),
            Purpose::Comment(_) => "- worry · ? question · + idea · * praise · Enter keeps it · Esc back".to_string(),
            Purpose::Reading(..) => "a number, then Enter: it is kept with today's date · Esc back".to_string(),
            Purpose::Ratify => "a sentence, or nothing · Enter ratifies · Esc back".to_string(),
            Purpose::Since => "mon, 12 nov, -2w · Enter takes the day · Esc back".to_string(),
        }
    }

    fn label(&self) -> String {
        match &self.purpose {
            Purpose::Find => "find: ".to_string(),
            Purpose::Points(_) => "points: ".to_string(),
            Purpose::Place(..) => "move to place: ".to_string(),
            Purpose::Comment(_) => "comment: ".to_string(),
            Purpose::Ratify => "ratify, what is new: ".to_string(),
            Purpose::Since => "changes since: ".to_string(),
            Purpose::Reading(_, name) => format!("{} today: ", cut(&clean(name), 40)),
        }
    }

    /// Under which its entries are kept.
    fn entries(&self) -> &'static str {
        match self.purpose {
            Purpose::Find => "find",
            Purpose::Points(_) => "points",
            Purpose::Place(..) => "place",
            Purpose::Reading(..) => "reading",
            Purpose::Comment(_) => "comment",
            Purpose::Ratify => "ratify",
            Purpose::Since => "since",
        }
    }

    pub fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        let press = input.press();
        let code = press.map(|press| press.code);
        let cancel =
            code == Some(KeyCode::Esc) || press.is_some_and(|press| press.ctrl && press.code == KeyCode::Char('c'));
        if cancel && (code == Some(KeyCode::Esc) || !self.line.has_selection()) {
            ui.entries.keep(self.entries(), &self.line.text());
            if matches!(self.purpose, Purpose::Find) {
                ui.place_mut().find.clear();
            }
            return (None, Outcome::Done);
        }
        if code == Some(KeyCode::Enter) {
            ui.entries.keep(self.entries(), &self.line.text());
        }
        match (&self.purpose, code) {
            // A second / on the empty line looks everywhere.
            (Purpose::Find, Some(KeyCode::Char('/'))) if self.line.is_empty() => {
                return (Some(Overlay::Menu(Box::new(Menu::new(Which::Everywhere)))), Outcome::Done);
            }
            // In a line with words the arrows walk through what they found.
            (Purpose::Find, Some(KeyCode::Up)) if self.line.is_fresh() => {
                self.line.earlier(&mut ui.entries, "find");
                ui.place_mut().find = self.line.text();
            }
            (Purpose::Reading(..), Some(KeyCode::Up)) => self.line.earlier(&mut ui.entries, "reading"),
            (Purpose::Find, Some(KeyCode::Enter)) => return (None, Outcome::Done),
            (Purpose::Find, Some(KeyCode::Up)) => crate::tui::commands::go::step(ui, -1),
            (Purpose::Find, Some(KeyCode::Down)) => crate::tui::commands::go::step(ui, 1),
            (Purpose::Find, _) => {
                self.line.take_with(input, &mut ui.kill);
                ui.place_mut().find = self.line.text();
            }
            (Purpose::Points(ids), _) => return points(ids.clone(), self.line, input, ui, product),
            (Purpose::Place(kind, ids), Some(KeyCode::Enter)) => {
                return (None, to_place(ui, product, *kind, ids, &self.line.text()));
            }
            (Purpose::Reading(id, _), Some(KeyCode::Enter)) => {
                let read = actions::goal::read(product, *id, &self.line.text(), context);
                return match read {
                    Ok(step) => (None, Outcome::commit(step)),
                    Err(refusal) => (Some(Overlay::Small(self)), Outcome::refuse(refusal)),
                };
            }
            (Purpose::Comment(ids), Some(KeyCode::Enter)) => {
                let said = actions::feedback::comment(product, ids, &self.line.text(), context);
                return match said {
                    Ok(step) => (None, Outcome::Commit(Commit { say: Some(COMMENTED.into()), ..Commit::new(step) })),
                    Err(refusal) => (Some(Overlay::Small(self)), Outcome::refuse(refusal)),
                };
            }
            (Purpose::Ratify | Purpose::Since, Some(KeyCode::Enter)) => {
                let text = self.line.text();
                let done = match self.purpose {
                    Purpose::Ratify => commands::roadmap::ratified(product, &text, context),
                    _ => commands::roadmap::since_day(ui, product, &text),
                };
                return match done {
                    Ok(outcome) => (None, outcome),
                    Err(why) => (Some(Overlay::Small(self)), Outcome::refuse(why)),
                };
            }
            (Purpose::Ratify | Purpose::Since, Some(KeyCode::Up)) => {
                let entries = self.entries();
                self.line.earlier(&mut ui.entries, entries);
            }
            (Purpose::Ratify | Purpose::Since, _) => self.line.take_with(input, &mut ui.kill),
            (Purpose::Comment(_), Some(KeyCode::Up)) => self.line.earlier(&mut ui.entries, "comment"),
            (Purpose::Reading(..) | Purpose::Comment(_), _) => self.line.take_with(input, &mut ui.kill),
            (Purpose::Place(..), _) => {
                let is_digit = press.and_then(crate::tui::key::Press::letter).is_none_or(|c| c.is_ascii_digit());
                if is_digit {
                    self.line.take(input);
                }
            }
        }
        (Some(Overlay::Small(self)), Outcome::Done)
    }

    pub fn draw(&self, ui: &Ui, buffer: &mut Paint) {
        let Some(areas) = ui.areas() else { return };
        let area = areas.status;
        let label = self.label();
        let columns = usize::from(area.width);
        buffer.write(area, fit(&format!(" {label}"), columns), columns, ui.theme.strong());
        let rest = area.past(width(&label).saturating_add(1));
        self.line.draw(Rect { width: rest.width.min(60), ..rest }, Style::new(), buffer);
    }
}

const COMMENTED: &str = "It is in the inbox. {undo} takes it back.";

fn points(ids: Vec<Id>, mut line: LineInput, input: &Input, ui: &Ui, product: &Product) -> Next {
    let Some(field) = Kind::BacklogItem.field("points") else { return (None, Outcome::Done) };
    let write = |value: Value| (None, Outcome::of(set(product, &ids, field, &value)));
    let stay = |line, outcome| {
        (Some(Overlay::Small(Box::new(Small { purpose: Purpose::Points(ids.clone()), line }))), outcome)
    };
    let press = input.press();
    let letter = press.and_then(crate::tui::key::Press::letter);
    let text = line.text();
    if let Some(c) = letter.filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',')) {
        let whole = format!("{text}{c}").replace(',', ".");
        let mut fits = ui.settings.points_beginning(&whole);
        return match (fits.next(), fits.next()) {
            (Some(only), None) if only.to_string() == whole => write(Some(only).to_value()),
            // A scale with nothing that begins with 0 leaves it free to clear.
            (None, _) if whole == "0" => write(Value::Null),
            _ => {
                line.take(input);
                stay(line, Outcome::Done)
            }
        };
    }
    match (text.as_str(), letter, press.map(|press| press.code)) {
        ("", Some('?'), _) => write(Value::Null),
        (_, _, Some(KeyCode::Backspace)) => {
            line.take(input);
            stay(line, Outcome::Done)
        }
        ("", ..) => {
            let scale = joined(&ui.settings.points);
            stay(line, Outcome::say(format!("Points are numbers: {scale}. {{close}} goes back.")))
        }
        (text, _, code) => match field.from_text(text) {
            Ok(value) => write(value),
            Err(why) if code == Some(KeyCode::Enter) => stay(line, Outcome::refuse(why)),
            Err(why) => (None, Outcome::refuse(why)),
        },
    }
}

fn to_place(ui: &Ui, product: &Product, kind: Kind, ids: &[Id], text: &str) -> Outcome {
    let Ok(place) = text.trim().parse::<usize>() else {
        return Outcome::say("A place is a number. Nothing was moved.");
    };
    let rest: Vec<Id> =
        ui.rows.rows.iter().filter(|row| row.kind == Some(kind) && !ids.contains(&row.id)).map(|row| row.id).collect();
    let to = match rest.get(place.saturating_sub(1)) {
        Some(id) => Place::Before(*id),
        None => Place::Bottom,
    };
    Outcome::of(reorder(product, kind, ids, to))
}

/// A text to read in a box.
#[derive(Clone, Debug)]
pub struct Reading {
    pub title: String,
    pub lines: Vec<String>,
    pub top: usize,
}

impl Reading {
    pub fn input(mut self, input: &Input) -> Next {
        match input.press().map(|press| press.code) {
            Some(KeyCode::Up | KeyCode::Char('k')) => self.top = self.top.saturating_sub(1),
            Some(KeyCode::Down | KeyCode::Char('j')) => {
                self.top = self.top.saturating_add(1).min(self.lines.len().saturating_sub(1))
            }
            _ => return (None, Outcome::Done),
        }
        (Some(Overlay::Read(self)), Outcome::Done)
    }

    pub fn draw(&self, ui: &Ui, buffer: &mut Paint) {
        let widest = self.lines.iter().map(|line| width(line)).max().unwrap_or(0).clamp(40, 90);
        let inner = top::frame(ui, &self.title, widest, self.lines.len(), buffer);
        let columns = usize::from(inner.width);
        for (y, line) in self.lines.iter().skip(self.top).take(usize::from(inner.height)).enumerate() {
            buffer.write(inner.row(y), cut(&clean(line), columns), columns, Style::new());
        }
    }
}
