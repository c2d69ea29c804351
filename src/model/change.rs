//! The whole algebra: a change moves one cell from one value to another, a step is a labelled list of changes.
//!
//! Creating a record sets `alive` from empty to true plus the given fields, deleting sets `alive` to false, reordering
//! sets `rank`. There are no other operations.

use crate::model::field::{Entity, Field, Record};
use crate::model::id::Id;
use crate::model::schema::Kind;
use crate::model::value::Value;
use rustc_hash::FxHashMap;

#[derive(Clone, PartialEq, Debug)]
pub struct Change {
    pub id: Id,
    pub field: &'static Field,
    pub from: Value,
    pub to: Value,
}

impl Change {
    pub fn kind(&self) -> Kind {
        self.field.kind
    }

    pub fn is_creation(&self) -> bool {
        self.field.key == "alive" && self.from.is_null() && self.to == Value::Bool(true)
    }

    pub fn is_deletion(&self) -> bool {
        self.field.key == "alive" && self.to == Value::Bool(false)
    }
}

/// Where a step comes from. It decides what gives way if a cell has changed, and what is checked: only an external step
/// skips the owner check and the rules. No input can choose it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// Something new: the later line wins.
    Edit,
    /// An edit of the file itself, made without this program: like an edit, but the numbers in the file are kept.
    External,
    /// Undo or redo of an earlier step: cells changed since then are left alone.
    Undo,
}

/// What a person does at once: one undo step, one line of the journal.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Step {
    /// What a person did, in the past tense: `Set points of S24 to 5`.
    pub label: String,
    pub changes: Vec<Change>,
}

impl Step {
    pub fn new(label: impl Into<String>) -> Step {
        Step { label: label.into(), changes: Vec::new() }
    }

    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Returns the step that undoes this one.
    pub fn invert(&self) -> Step {
        let back = |change: &Change| Change { from: change.to.clone(), to: change.from.clone(), ..change.clone() };
        Step { label: self.label.clone(), changes: self.changes.iter().rev().map(back).collect() }
    }

    /// Returns this step followed by another, as one step. A cell changed by both keeps the first `from` and the last
    /// `to`.
    pub fn join(&mut self, other: Step) {
        for change in other.changes {
            let same = |known: &&mut Change| known.id == change.id && known.field == change.field;
            match self.changes.iter_mut().rev().find(same) {
                Some(known) => known.to = change.to,
                None => self.changes.push(change),
            }
        }
        self.changes.retain(|change| change.from != change.to);
    }

    /// The records it creates.
    pub fn created(&self) -> impl Iterator<Item = (Kind, Id)> {
        self.changes.iter().filter(|change| change.is_creation()).map(|change| (change.kind(), change.id))
    }

    /// The changes grouped by record, in order of first appearance.
    pub fn runs(&self) -> impl Iterator<Item = &[Change]> {
        self.changes.chunk_by(|a, b| a.id == b.id && a.field.kind == b.field.kind)
    }
}

/// Many steps on their way to become one, joined as [`Step::join`] joins two, in time that grows with their cells alone.
#[derive(Default)]
pub struct JoinedSteps {
    changes: Vec<Change>,
    places: FxHashMap<(Kind, Id, &'static str), usize>,
}

impl JoinedSteps {
    pub fn add(&mut self, step: Step) {
        for change in step.changes {
            let place = *self.places.entry((change.kind(), change.id, change.field.key)).or_insert(self.changes.len());
            match self.changes.get_mut(place) {
                Some(known) => known.to = change.to,
                None => self.changes.push(change),
            }
        }
    }

    pub fn into_step(mut self, label: String) -> Step {
        self.changes.retain(|change| change.from != change.to);
        Step { label, changes: self.changes }
    }
}

/// Returns the changes between two versions of one record, in the table's order.
pub fn diff<E: Entity>(before: &E, after: &E) -> Vec<Change> {
    diff_records(Entity::id(after), before as &dyn Record, after as &dyn Record)
}

/// Like [`diff`], without knowing the kind.
pub fn diff_records(id: Id, before: &dyn Record, after: &dyn Record) -> Vec<Change> {
    let mut changes = Vec::new();
    for field in after.kind().fields() {
        let (from, to) = (before.value(field), after.value(field));
        if from != to {
            changes.push(Change { id, field, from, to });
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_steps_join_as_two_by_two() {
        let cell = |bits: u64, key: &str, from: &str, to: &str| Change {
            id: Id::from_bits(bits),
            field: Kind::BacklogItem.field(key).unwrap(),
            from: from.into(),
            to: to.into(),
        };
        let steps = [
            vec![cell(1, "title", "a", "b"), cell(2, "title", "x", "y")],
            vec![cell(1, "title", "b", "c"), cell(1, "story", "", "s"), cell(2, "title", "y", "x")],
            vec![cell(2, "title", "x", "z"), cell(1, "story", "s", "")],
        ];
        let steps = steps.map(|changes| Step { label: String::new(), changes });
        let (mut one, mut all) = (Step::default(), JoinedSteps::default());
        for step in steps {
            one.join(step.clone());
            all.add(step);
        }
        assert_eq!(one.changes, [cell(1, "title", "a", "c"), cell(2, "title", "x", "z")]);
        assert_eq!(all.into_step(String::new()), one);
    }
}
