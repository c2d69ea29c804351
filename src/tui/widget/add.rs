//! Adding in place: a line in the list where the new record will live. Only the title is needed.

use crate::actions::Context;
use crate::actions::edit::{Place, add};
use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Role;
use crate::model::schema::Kind;
use crate::model::value::Value;
use crate::tui::command::{Commit, Outcome};
use crate::tui::ui::Ui;
use crate::tui::widget::editor::{After, Editor};
use crate::tui::widget::input::{LineInput, is_lines};
use crate::tui::widget::sheet::Sheet;
use crate::tui::widget::{Input, Next, Overlay};
use crossterm::event::KeyCode;

/// What is being added, and where.
#[derive(Clone, Debug)]
pub struct Seed {
    pub kind: Kind,
    /// What the new record gets beside its title: what it serves, its horizon.
    pub cells: Vec<(&'static Field, Value)>,
    pub place: Place,
    /// The row of the list that the line stands below.
    pub below: Option<Id>,
    /// A word for the status line once it is added.
    pub word: String,
}

pub struct AddLine {
    pub seed: Seed,
    pub below: Option<Id>,
    pub line: LineInput,
    added: usize,
}

impl AddLine {
    pub fn new(seed: Seed) -> AddLine {
        AddLine { below: seed.below, seed, line: LineInput::new(""), added: 0 }
    }

    /// With a title to begin from.
    pub fn with(seed: Seed, title: &str) -> AddLine {
        AddLine { line: LineInput::new(title), ..AddLine::new(seed) }
    }

    pub fn hints(&self) -> String {
        "Enter adds it · ↓ and another · Tab its fields · ↑ earlier ones · Esc cancels".to_string()
    }

    pub fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        let Some(press) = input.press() else {
            return match input {
                // Lines become records once they were shown; a single one is a part of the title.
                Input::Paste(text) if is_lines(text) => {
                    let whole = format!("{}{text}", self.line.text());
                    Sheet::over(self, ui, product, &whole)
                }
                _ => {
                    self.line.take(input);
                    (Some(Overlay::Add(self)), Outcome::Done)
                }
            };
        };
        match press.code {
            KeyCode::Esc => self.cancel(ui),
            KeyCode::Char('c') if press.ctrl && !self.line.has_selection() => self.cancel(ui),
            KeyCode::Up => {
                self.line.earlier(&mut ui.entries, "add");
                (Some(Overlay::Add(self)), Outcome::Done)
            }
            KeyCode::Enter | KeyCode::Down | KeyCode::Tab => {
                ui.entries.keep("add", &self.line.text());
                self.take(press.code, product, context)
            }
            _ => {
                self.line.take_with(input, &mut ui.kill);
                (Some(Overlay::Add(self)), Outcome::Done)
            }
        }
    }

    fn cancel(self, ui: &mut Ui) -> Next {
        if !self.line.is_empty() {
            ui.entries.keep("add", &self.line.text());
            return (None, Outcome::say("Cancelled. ↑ in the next line brings the text back."));
        }
        let word = match self.added {
            0 => String::new(),
            n => format!("{n} added. {{undo}} takes them back, one by one."),
        };
        (None, if word.is_empty() { Outcome::Done } else { Outcome::say(word) })
    }

    fn take(self: Box<Self>, code: KeyCode, product: &Product, context: &mut Context) -> Next {
        if self.line.text().trim().is_empty() {
            let outcome =
                if self.added == 0 { Outcome::say("Nothing was added: it needs a title.") } else { Outcome::Done };
            return (None, outcome);
        }
        let Some(title) = self.seed.kind.title_field() else { return (None, Outcome::Done) };
        let mut cells = vec![(title, Value::from(self.line.text().trim()))];
        cells.extend(self.seed.cells.iter().cloned());
        let (step, made) = match add(product, self.seed.kind, &cells, self.seed.place, context) {
            Ok(made) => made,
            Err(refusal) => return (Some(Overlay::Add(self)), Outcome::refuse(refusal)),
        };
        let say = (!self.seed.word.is_empty()).then(|| self.seed.word.clone());
        let kept = self.seed.clone();
        let seed = Seed { place: Place::After(made), below: Some(made), ..self.seed.clone() };
        let added = self.added.saturating_add(1);
        let then: Option<crate::tui::command::Then> = match code {
            KeyCode::Down => Some(Box::new(move |ui: &mut Ui, _: &Product| {
                let mut next = AddLine::new(seed);
                next.added = added;
                ui.overlays.push(Overlay::Add(Box::new(next)));
            })),
            KeyCode::Tab => Some(Box::new(move |ui: &mut Ui, product: &Product| {
                let role = ui.role;
                if let Some(field) = first_field(seed.kind, role) {
                    Editor::open(ui, product, made, field, After::Add(Box::new(seed)));
                }
            })),
            _ => None,
        };
        let choose = Some(made);
        let retry = Some(Box::new(Overlay::Add(Box::new(AddLine { seed: kept, ..*self }))));
        (None, Outcome::Commit(Commit { choose, say, then, retry, ..Commit::new(step) }))
    }
}

/// Where Tab goes from the title: the first why for the PM, the criteria for the PO.
pub fn first_field(kind: Kind, role: Role) -> Option<&'static Field> {
    let key = match (kind, role) {
        (Kind::RoadmapItem, Role::Po) => "approach",
        (Kind::RoadmapItem, _) => "problem",
        (Kind::BacklogItem, Role::Pm) => "benefit",
        (Kind::BacklogItem, _) => "criteria",
        (Kind::Goal, _) => "why",
        (Kind::ProductGoal, _) => "measure",
        _ => return kind.typed_fields().nth(1),
    };
    kind.field(key)
}
