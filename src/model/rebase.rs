//! Rebases a step on a product that has changed since: what still fits is applied, concurrent changes are merged, lost
//! values are kept.

use crate::model::change::{Change, Origin, Step};
use crate::model::derived_cells::{Stamp, complete, conflict, is_computed};
use crate::model::id::Id;
use crate::model::merge::{Met, meet};
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::schema::{Kind, Sprint, SprintState};
use crate::model::value::{Cell, LastNumbers, Life, Shape, Value};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;

/// A step in the form in which it can be written now.
#[derive(Clone, Debug, Default)]
pub struct Rebased {
    pub step: Step,
    /// Descriptions of the cells that were left alone because they have changed since.
    pub left: Vec<String>,
    /// A value lost and is kept as a conflict.
    pub conflicts: usize,
}

/// Rebases a step. `last_writer` tells who wrote the losing value, according to the history.
pub fn rebase(
    product: &Product,
    step: &Step,
    way: Origin,
    stamp: &Stamp,
    last_writer: &dyn Fn(Id, &str) -> String,
) -> Result<Rebased, Refusal> {
    let mut out = Rebased { step: Step::new(step.label.clone()), ..Rebased::default() };
    out.step.changes.reserve(step.changes.len());
    let new: FxHashSet<Id> = step.created().map(|(_, id)| id).collect();
    let turned: FxHashMap<Id, bool> = lives_after(step);
    let mut revived: FxHashSet<Id> = FxHashSet::default();
    let mut numbers: FxHashSet<(Kind, Option<u64>)> = FxHashSet::default();
    for change in &step.changes {
        if change.field.key == "last_numbers" {
            out.step.changes.extend(raised(product, change).filter(|_| way == Origin::Edit));
            continue;
        }
        if is_computed(change.field) && way != Origin::Undo {
            // A record may bring its number, in the file or with its creation.
            let brings = way == Origin::External || new.contains(&change.id);
            if !(brings && is_free(product, change) && numbers.insert((change.kind(), change.to.as_u64()))) {
                continue;
            }
        }
        let record = product.table(change.kind()).find(change.id);
        let life = record.map_or(Life::Nothing, |record| record.life());
        if way == Origin::Edit && life == Life::Nothing && !new.contains(&change.id) {
            return Err(Refusal::new(
                "What you edited has been undone in the meantime.",
                "Your text is kept; nothing was changed.",
            ));
        }
        let current = record.map(|record| record.value(change.field)).unwrap_or_default();
        match way {
            Origin::Undo => back(product, &to_the_living(product, &turned, change), current, &mut out),
            Origin::Edit | Origin::External => {
                if life == Life::Deleted && change.field.key != "alive" && current != change.to {
                    revive(change, &mut revived, &mut out);
                }
                act(change, current, stamp, last_writer, &mut out);
            }
        }
    }
    if way == Origin::Undo {
        stay_out(product, &mut out);
        uncreate(product, &mut out.step);
    }
    complete(product, &mut out.step, stamp);
    Ok(out)
}

/// True if no other record has this number.
fn is_free(product: &Product, change: &Change) -> bool {
    let number = change.to.as_u64().and_then(|number| u32::try_from(number).ok());
    let holder = number.and_then(|number| product.table(change.kind()).by_number(number));
    number.is_some() && holder.is_none_or(|id| id == change.id)
}

/// Numbers only rise: a step can say that more were given, as the import of another product does.
fn raised(product: &Product, change: &Change) -> Option<Change> {
    let from = product.value(change.id, change.field);
    let mut last = LastNumbers::from_value(&from).unwrap_or_default();
    last.raise(&LastNumbers::from_value(&change.to).unwrap_or_default());
    let to = last.to_value();
    (from != to).then(|| Change { from, to, ..change.clone() })
}

/// The records that the step creates, deletes or restores, each with whether anything of it exists afterwards.
fn lives_after(step: &Step) -> FxHashMap<Id, bool> {
    let turns = step.changes.iter().filter(|one| one.field.key == "alive");
    // The first one counts.
    turns.rev().map(|one| (one.id, !one.to.is_null())).collect()
}

/// A restored link must not lead to a record that no longer exists at all. A deleted record may be restored, and then
/// the link works again; until then it is shown as broken.
fn to_the_living<'a>(product: &Product, turned: &FxHashMap<Id, bool>, change: &'a Change) -> Cow<'a, Change> {
    // A link's confirmation goes with it.
    if !change.field.is_link() && change.field.key != "confirmed" {
        return Cow::Borrowed(change);
    }
    let lives = |value: &Value| {
        let Some(id) = value.get("on").unwrap_or(value).as_str().and_then(Id::parse) else { return false };
        match turned.get(&id) {
            Some(lives) => *lives,
            None => product.find(id).is_some_and(|record| record.life() != Life::Nothing),
        }
    };
    let to = match &change.to {
        Value::Array(all) => {
            let living: Vec<Value> = all.iter().filter(|one| lives(one)).cloned().collect();
            if living.is_empty() { Value::Null } else { Value::from(living) }
        }
        one if one.is_null() || lives(one) => one.clone(),
        _ => Value::Null,
    };
    Cow::Owned(Change { to, ..change.clone() })
}

fn back(product: &Product, change: &Change, current: Value, out: &mut Rebased) {
    let stays = || change.field.of(product.name_of(change.id));
    if change.from == change.to && change.field.key == "why_rev" {
        // Only the wording of a why changed, and only that is taken back.
        out.step.changes.push(Change { from: current.clone(), to: current, ..change.clone() });
    } else if change.from == change.to {
        // A link to a record that no longer exists: nothing of it can be restored.
        out.left.extend((change.field.owner != crate::model::role::Owner::System).then(stays));
    } else if current == change.from {
        out.step.changes.push(change.clone());
    } else if change.field.shape == Shape::Entries {
        // Only one's own lines are undone: the list has lines about other stories, by other people.
        match meet(change.field.shape, &change.from, &change.to, &current) {
            Met::Merged(to) if to != current => out.step.changes.push(Change { from: current, to, ..change.clone() }),
            _ => {}
        }
    } else if current != change.to && change.field.owner != crate::model::role::Owner::System {
        out.left.push(stays());
    }
}

fn act(change: &Change, current: Value, stamp: &Stamp, last_writer: &dyn Fn(Id, &str) -> String, out: &mut Rebased) {
    if current == change.to {
        // A token that is written as it was says that only the wording of a why changed.
        let is_wording = change.field.key == "why_rev" && change.from == change.to;
        out.step.changes.extend(is_wording.then(|| change.clone()));
        return;
    }
    if current == change.from {
        out.step.changes.push(change.clone());
        return;
    }
    let moved = Change { from: current.clone(), ..change.clone() };
    // Of two places the later line wins without a message: order changes often and is easily changed again.
    if matches!(change.field.key, "rank" | "alive" | "why_rev" | "confirmed") {
        out.step.changes.push(moved);
        return;
    }
    match meet(change.field.shape, &change.from, &change.to, &current) {
        Met::Merged(to) if to == current => {}
        Met::Merged(to) => out.step.changes.push(Change { to, ..moved }),
        Met::Torn => {
            let by = last_writer(change.id, change.field.key);
            out.step.changes.extend(conflict(&moved, &by, out.conflicts, stamp));
            out.conflicts = out.conflicts.saturating_add(1);
            out.step.changes.push(moved);
        }
    }
}

/// An edit of a record that somebody deleted meanwhile restores it: a deletion never discards an edit.
fn revive(change: &Change, revived: &mut FxHashSet<Id>, out: &mut Rebased) {
    let Some(alive) = change.kind().field("alive").filter(|_| revived.insert(change.id)) else { return };
    // Few records of a step are deleted ones, so that this is rare.
    if out.step.changes.iter().any(|other| other.id == change.id && other.field == alive) {
        return;
    }
    out.step.changes.push(Change { id: change.id, field: alive, from: Value::Bool(false), to: Value::Bool(true) });
}

/// A restored story stays out of a sprint that has started without it.
fn stay_out(product: &Product, out: &mut Rebased) {
    let changes = &out.step.changes;
    let turns = changes.iter().filter(|one| one.field.key == "alive" && one.from == Value::Bool(false));
    let revived: FxHashSet<Id> = turns.map(|one| one.id).collect();
    if revived.is_empty() {
        return;
    }
    let started = |one: &Change| {
        let sprint = one.to.as_str().and_then(Id::parse).and_then(|id| product.get::<Sprint>(id));
        sprint.is_some_and(|sprint| sprint.state != SprintState::Planning)
    };
    let stays = |one: &Change| {
        one.kind() == Kind::BacklogItem && one.field.key == "sprint" && revived.contains(&one.id) && started(one)
    };
    let (left, kept): (Vec<Change>, Vec<Change>) = std::mem::take(&mut out.step.changes).into_iter().partition(stays);
    out.step.changes = kept;
    out.left.extend(left.iter().map(|one| one.field.of(product.name_of(one.id))));
}

/// Undoing a creation leaves nothing, unless others have built on the record: then it is deleted and can be restored.
fn uncreate(product: &Product, step: &mut Step) {
    let undone: Vec<(Kind, Id)> = step
        .changes
        .iter()
        .filter(|change| change.field.key == "alive" && change.from == Value::Bool(true) && change.to.is_null())
        .map(|change| (change.kind(), change.id))
        .collect();
    if undone.is_empty() {
        return;
    }
    let pointed_at = product.pointed_at(step, &undone.iter().map(|(_, id)| *id).collect());
    let emptied: FxHashSet<(Id, &str)> =
        step.changes.iter().filter(|one| one.to.is_null()).map(|one| (one.id, one.field.key)).collect();
    let stays = |(kind, id): &(Kind, Id)| built_on(product, &emptied, *kind, *id, &pointed_at);
    let stays: Vec<(Kind, Id)> = undone.into_iter().filter(stays).collect();
    let deleted: FxHashSet<Id> = stays.iter().map(|(_, id)| *id).collect();
    step.changes.retain(|change| !deleted.contains(&change.id));
    for (kind, id) in stays {
        if let Some(alive) = kind.field("alive") {
            step.changes.push(Change { id, field: alive, from: Value::Bool(true), to: Value::Bool(false) });
        }
    }
}

/// True if the record contains a cell by somebody else, or something that stays links to it.
fn built_on(
    product: &Product,
    emptied: &FxHashSet<(Id, &str)>,
    kind: Kind,
    id: Id,
    pointed_at: &FxHashSet<Id>,
) -> bool {
    let Some(record) = product.table(kind).find(id) else { return false };
    let written =
        kind.fields().iter().any(|field| !emptied.contains(&(id, field.key)) && !record.value(field).is_null());
    written || pointed_at.contains(&id)
}
