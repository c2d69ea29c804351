//! The entries of sprints while an action edits them.

use crate::model::change::Change;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, ItemStatus, Kind, Sprint, SprintState};
use crate::model::snapshot_types::SprintEntry;
use crate::model::value::{Cell, When};

/// The entries of sprints while an action edits them: several stories of one sprint become one change of its cell.
#[derive(Default)]
pub struct Ledger {
    sprints: Vec<(Id, Vec<SprintEntry>)>,
}

impl Ledger {
    /// Edits the entries of a sprint, as this action has them so far.
    pub fn edit<T>(&mut self, product: &Product, sprint: Id, edit: impl FnOnce(&mut Vec<SprintEntry>) -> T) -> T {
        if let Some((_, known)) = self.sprints.iter_mut().find(|(known, _)| *known == sprint) {
            return edit(known);
        }
        let mut entries = product.get::<Sprint>(sprint).map(|one| one.entries.clone()).unwrap_or_default();
        let out = edit(&mut entries);
        self.sprints.push((sprint, entries));
        out
    }

    /// Records a story's change of status in the running sprint it is in.
    pub fn follow(&mut self, product: &Product, item: &BacklogItem, to: ItemStatus, now: When) {
        let sprint = item.sprint.and_then(|id| product.get::<Sprint>(id));
        let Some(sprint) = sprint.filter(|sprint| sprint.state == SprintState::Active) else { return };
        self.edit(product, sprint.id, |entries| {
            if let Some(entry) = entries.iter_mut().rev().find(|entry| entry.item == item.id) {
                follow(entry, to, now);
            }
        });
    }

    /// Records that a story left a sprint, and why.
    pub fn leave(&mut self, product: &Product, sprint: Id, item: Id, reason: &str, now: When) {
        self.edit(product, sprint, |entries| {
            if let Some(entry) = entries.iter_mut().rev().find(|one| one.item == item && one.is_in()) {
                (entry.removed, entry.removed_reason) = (Some(now), reason.to_string());
            }
        });
    }

    /// The changes of the sprints' cells.
    pub fn changes(self, product: &Product) -> Vec<Change> {
        let Some(field) = Kind::Sprint.field("entries") else { return Vec::new() };
        let change = |(id, entries): (Id, Vec<SprintEntry>)| {
            let (from, to) = (product.value(id, field), entries.to_value());
            (from != to).then_some(Change { id, field, from, to })
        };
        self.sprints.into_iter().filter_map(change).collect()
    }
}

fn follow(entry: &mut SprintEntry, to: ItemStatus, now: When) {
    if to != ItemStatus::Dropped && entry.outcome == SprintEntry::DROPPED {
        (entry.removed, entry.outcome) = (None, String::new());
    }
    match to {
        ItemStatus::Done => entry.finish(now),
        ItemStatus::Dropped => {
            entry.reopen(now);
            entry.removed = entry.removed.or(Some(now));
            entry.outcome = SprintEntry::DROPPED.to_string();
        }
        _ => entry.reopen(now),
    }
}
