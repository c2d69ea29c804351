//! Adding in place: a line in the list where the new record will live. Only the title is needed.

use crate::deeds::Context;
use crate::deeds::edit::{Place, add};
use crate::model::change::Step;
use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Role;
use crate::model::schema::Kind;
use crate::model::value::Value;
use crate::tui::command::{Commit, Outcome};
use crate::tui::ui::Ui;
use crate::tui::widget::editor::{After, Editor};
use crate::tui::widget::input::{LineInput, pasted};
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
    /// Further titles that were pasted as lines.
    more: Vec<String>,
    added: usize,
}

impl AddLine {
    pub fn new(seed: Seed) -> AddLine {
        AddLine { below: seed.below, seed, line: LineInput::new(""), more: Vec::new(), added: 0 }
    }

    pub fn hints(&self) -> String {
        if !self.more.is_empty() {
            return format!("Enter adds all {} · Esc cancels", self.more.len() + 1);
        }
        "Enter adds it · ↓ and another · Tab its fields · Esc cancels".to_string()
    }

    pub fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        let Some(press) = input.press() else {
            if let Input::Paste(text) = input {
                self.take_paste(text);
            }
            return (Some(Overlay::Add(self)), Outcome::Done);
        };
        match press.code {
            KeyCode::Esc => self.cancel(ui),
            KeyCode::Char('c') if press.ctrl => self.cancel(ui),
            KeyCode::Up if self.line.is_empty() => {
                self.line = LineInput::new(&ui.cancelled);
                (Some(Overlay::Add(self)), Outcome::Done)
            }
            KeyCode::Enter | KeyCode::Down | KeyCode::Tab => self.take(press.code, product, context),
            _ => {
                self.line.take(input);
                (Some(Overlay::Add(self)), Outcome::Done)
            }
        }
    }

    fn take_paste(&mut self, text: &str) {
        let clean = pasted(text);
        let mut lines = clean.lines().map(title_of).filter(|line| !line.is_empty());
        if let Some(first) = lines.next() {
            self.line.take(&Input::Paste(first.to_string()));
        }
        self.more.extend(lines.map(str::to_string));
    }

    fn cancel(self, ui: &mut Ui) -> Next {
        if !self.line.is_empty() {
            ui.cancelled = self.line.text();
            return (None, Outcome::say("Cancelled. ↑ in the next line brings the text back."));
        }
        let word = match self.added {
            0 => String::new(),
            n => format!("{n} added. u takes them back, one by one."),
        };
        (None, if word.is_empty() { Outcome::Done } else { Outcome::say(word) })
    }

    fn take(self: Box<Self>, code: KeyCode, product: &Product, context: &mut Context) -> Next {
        if self.line.text().trim().is_empty() {
            let outcome =
                if self.added == 0 { Outcome::say("Nothing was added: it needs a title.") } else { Outcome::Done };
            return (None, outcome);
        }
        let (step, first, last) = match self.steps(product, context) {
            Ok(made) => made,
            Err(refusal) => return (Some(Overlay::Add(self)), Outcome::refuse(refusal)),
        };
        let count = self.more.len() + 1;
        let say = match (count, self.seed.word.is_empty()) {
            (1, true) => None,
            (1, false) => Some(self.seed.word.clone()),
            (count, _) => Some(format!("{count} added. u takes them back.")),
        };
        let kept = self.seed.clone();
        let seed = Seed { place: Place::After(last), below: Some(last), ..self.seed.clone() };
        let added = self.added + count;
        let then: Option<crate::tui::command::Then> = match code {
            KeyCode::Down => Some(Box::new(move |ui: &mut Ui, _: &Product| {
                let mut next = AddLine::new(seed);
                next.added = added;
                ui.overlays.push(Overlay::Add(Box::new(next)));
            })),
            KeyCode::Tab => Some(Box::new(move |ui: &mut Ui, product: &Product| {
                let role = ui.role;
                if let Some(field) = first_field(seed.kind, role) {
                    Editor::open(ui, product, first, field, After::Add(Box::new(seed)));
                }
            })),
            _ => None,
        };
        let choose = Some(if code == KeyCode::Tab { first } else { last });
        let retry = Some(Box::new(Overlay::Add(Box::new(AddLine { seed: kept, ..*self }))));
        (None, Outcome::Commit(Commit { choose, say, then, retry, ..Commit::new(step) }))
    }

    /// One act for all titles; the first and the last record it makes.
    fn steps(&self, product: &Product, context: &mut Context) -> Result<(Step, Id, Id), crate::model::rules::Refusal> {
        let mut titles = vec![self.line.text()];
        titles.extend(self.more.iter().cloned());
        let Some(title_field) = self.seed.kind.title_field() else {
            return Err(crate::model::rules::Refusal::new("It has no title.", ""));
        };
        let mut all = Step::default();
        let mut made: Vec<Id> = Vec::new();
        let ranks = crate::deeds::edit::ranks_at(product, self.seed.kind, self.seed.place, titles.len(), &[]);
        for (title, rank) in titles.iter().zip(ranks) {
            let mut cells: Vec<(&'static Field, Value)> = vec![(title_field, title.trim().into())];
            cells.extend(self.seed.cells.iter().cloned());
            let (mut step, id) = add(product, self.seed.kind, &cells, Place::Bottom, context)?;
            for change in step.changes.iter_mut().filter(|change| change.field.key == "rank") {
                change.to = crate::model::value::Cell::to_value(&rank);
            }
            if all.label.is_empty() {
                all.label = step.label.clone();
            }
            all.changes.append(&mut step.changes);
            made.push(id);
        }
        if titles.len() > 1 {
            all.label = format!("Added {} {}", titles.len(), crate::model::rules::plural_noun(self.seed.kind));
        }
        match (made.first(), made.last()) {
            (Some(first), Some(last)) => Ok((all, *first, *last)),
            _ => Err(crate::model::rules::Refusal::new("It needs a title.", "Nothing was added.")),
        }
    }
}

/// A pasted line without its bullet or box.
fn title_of(line: &str) -> &str {
    let line = line.trim();
    let line = ["- [ ] ", "- [x] ", "* ", "- ", "• "].iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line);
    line.trim()
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
