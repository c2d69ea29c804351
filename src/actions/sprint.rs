//! The life of a sprint: new, filled, started, closed; cancelled or reopened where it must be. The deeds and what they
//! share; the acts themselves stand in the files of this folder.

pub mod close;
pub mod select;
pub mod start;

use crate::actions::{Args, wrong_kind};
use crate::insight::sprint::{in_planning, running};
use crate::model::change::Change;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rules::Refusal;
use crate::model::schema::{BacklogItem, ItemStatus, Kind, Sprint, SprintState};
use crate::model::snapshot_types::SprintEntry;
use crate::model::value::{Amount, Cell, Day, Value, When};
use std::sync::Arc;

pub use close::{CANCEL, CLOSE, Carry, Closing, REOPEN, cancel, close, reopen};
pub use select::{NEW, New, PLAN, UNPLAN, default_days, discard, new, new_with, plan, unplan};
pub use start::{START, Starting, start};

/// The entries of sprints while an act edits them: several stories of one sprint become one change of its cell.
#[derive(Default)]
pub struct Ledger {
    sprints: Vec<(Id, Vec<SprintEntry>)>,
}

impl Ledger {
    /// Edits the entries of a sprint, as this act has them so far.
    pub fn edit<T>(&mut self, product: &Product, sprint: Id, edit: impl FnOnce(&mut Vec<SprintEntry>) -> T) -> T {
        if let Some((_, known)) = self.sprints.iter_mut().find(|(known, _)| *known == sprint) {
            return edit(known);
        }
        let mut entries = product.get::<Sprint>(sprint).map(|one| one.entries.clone()).unwrap_or_default();
        let out = edit(&mut entries);
        self.sprints.push((sprint, entries));
        out
    }

    /// A story's move to another status, as the running sprint it is in sees it.
    pub fn follow(&mut self, product: &Product, item: &BacklogItem, to: ItemStatus, now: When) {
        let sprint = item.sprint.and_then(|id| product.get::<Sprint>(id));
        let Some(sprint) = sprint.filter(|sprint| sprint.state == SprintState::Active) else { return };
        self.edit(product, sprint.id, |entries| {
            if let Some(entry) = entries.iter_mut().rev().find(|entry| entry.item == item.id) {
                follow(entry, to, now);
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
        ItemStatus::Done => entry.done = entry.done.or(Some(now)),
        ItemStatus::Dropped => {
            entry.done = None;
            entry.removed = entry.removed.or(Some(now));
            entry.outcome = SprintEntry::DROPPED.to_string();
        }
        _ => entry.done = None,
    }
}

/// Words of a refusal after which everything is as it was.
fn unchanged(what: impl Into<String>) -> Refusal {
    Refusal::new(what, "Nothing was changed.")
}

fn sprint_of(product: &Product, id: Id) -> Result<&Arc<Sprint>, Refusal> {
    let sprint = product.get::<Sprint>(id).filter(|sprint| sprint.alive == crate::model::value::Life::Alive);
    sprint.ok_or_else(|| wrong_kind(product, id, Kind::Sprint))
}

/// The sprint that `sprint` names.
fn named(args: &Args, product: &Product) -> Result<Option<Id>, Refusal> {
    let text = match args.with.get("sprint") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let (kind, id) = (args.lookup)(&text).ok_or_else(|| crate::actions::no_record(&text))?;
    if kind != Kind::Sprint { Err(wrong_kind(product, id, Kind::Sprint)) } else { Ok(Some(id)) }
}

/// The only sprint in planning.
fn only_planned(product: &Product) -> Result<Id, Refusal> {
    match in_planning(product).as_slice() {
        [one] => Ok(one.id),
        [] => Err(Refusal::new("No sprint is in planning.", "sprint.new makes one; nothing was changed.")),
        several => {
            let names: Vec<String> = several.iter().map(|one| product.name_of(one.id)).collect();
            Err(unchanged(format!("{} are in planning; name one as \"sprint\".", names.join(" and "))))
        }
    }
}

/// The running sprint.
fn running_one(product: &Product) -> Result<Id, Refusal> {
    running(product).map(|sprint| sprint.id).ok_or_else(|| {
        Refusal::new("No sprint is running.", "sprint.start starts the one in planning; nothing was changed.")
    })
}

/// The day that a key holds.
fn day(args: &Args, key: &str) -> Result<Option<Day>, Refusal> {
    args.text(key).map(|text| Day::parse(text).map_err(unchanged)).transpose()
}

/// The number that a key holds.
fn amount(args: &Args, key: &str) -> Result<Option<Amount>, Refusal> {
    let value = args.with.get(key).cloned().unwrap_or_default();
    Option::<Amount>::from_value(&value).map_err(|why| unchanged(format!("{key:?}: {why}.")))
}

/// The reason that a key holds, which must be there.
fn reason<'a>(args: &'a Args, what: &str) -> Result<&'a str, Refusal> {
    let given = args.text("reason").map(str::trim).filter(|text| !text.is_empty());
    given.ok_or_else(|| {
        Refusal::new(format!("{what} asks for a reason."), "Give it as \"reason\"; nothing was changed.")
    })
}

/// `S24`, or `3 stories`.
fn several(product: &Product, ids: &[Id]) -> String {
    match ids {
        [one] => product.name_of(*one),
        all => format!("{} stories", all.len()),
    }
}
