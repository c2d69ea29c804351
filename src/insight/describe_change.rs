//! Describes what a step did: which field of which record, from what to what, and whose half that was.

use crate::insight::text::text;
use crate::insight::trace::asks_again;
use crate::model::change::{Change, Step};
use crate::model::grammar::quoted;
use crate::model::id::Id;
use crate::model::merge::{Met, meet};
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::schema::{BacklogItem, Kind};
use crate::model::value::{Cell as _, Life, Measure, Reading, Shape, Value};

/// A cell changed by a person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChangeText {
    pub id: Id,
    /// `R2 Measure`.
    pub what: String,
    pub from: String,
    pub to: String,
    pub owner: Owner,
}

/// The owner of a change: the field's, or the kind's for cells that every record has.
pub fn owner(change: &Change) -> Owner {
    match change.field.owner {
        Owner::Both if change.field.is_head() => change.kind().owner(),
        owner => owner,
    }
}

/// What a person did, without the numbers and tokens added by the program.
pub fn by_hand(step: &Step) -> impl Iterator<Item = &Change> {
    step.changes.iter().filter(|change| {
        let computed = change.field.owner == Owner::System || change.field.key == "unknown";
        !computed && change.field.key != "rank"
    })
}

/// The half that a step changed; both if it changed both or neither.
pub fn half(step: &Step) -> Owner {
    let owners: Vec<Owner> = step.changes.iter().map(owner).filter(|owner| *owner != Owner::System).collect();
    match owners.first() {
        Some(first) if owners.iter().all(|owner| owner == first) => *first,
        _ => Owner::Both,
    }
}

/// Describes each cell with its two values. A new record lists its fields, a deleted one says that it was deleted.
pub fn told(product: &Product, step: &Step) -> Vec<ChangeText> {
    let made: Vec<Id> = step.created().map(|(_, id)| id).collect();
    by_hand(step).map(|change| tell(product, change, made.contains(&change.id))).collect()
}

fn tell(product: &Product, change: &Change, made: bool) -> ChangeText {
    let name = name_of(product, change.id, change.kind());
    let (what, from, to) = match change.field.key {
        "alive" => {
            let word = |value: &Value| match value {
                Value::Bool(true) => "there",
                Value::Bool(false) => "deleted",
                _ => "did not exist",
            };
            (name, word(&change.from).to_string(), word(&change.to).to_string())
        }
        _ => {
            let say = |value: &Value| match (change.field.shape, value) {
                // An unset choice is the first one, once the record exists.
                (Shape::Choice([first, ..]), Value::Null) if !made => first.label.to_string(),
                _ => text(product, change.field, value),
            };
            let (from, to) = read(change).unwrap_or_else(|| (say(&change.from), say(&change.to)));
            (format!("{name} {}", change.field.label), from, to)
        }
    };
    ChangeText { id: change.id, what, from, to, owner: owner(change) }
}

/// The readings that differ, of a change of readings alone: the text of a measure says none.
fn read(change: &Change) -> Option<(String, String)> {
    let readings = |value: &Value| {
        let measures = match change.field.shape {
            Shape::Measure => Measure::from_value(value).map(|one| vec![one]).ok(),
            Shape::Measures => Vec::from_value(value).ok(),
            _ => None,
        };
        let all = measures?.into_iter().flat_map(|one: Measure| one.readings);
        let said = |one: Reading| format!("{} on {} {}", one.value, one.day, &*one.note).trim_end().to_string();
        Some(all.map(said).collect::<Vec<String>>())
    };
    if change.field.text_of(&change.from) != change.field.text_of(&change.to) {
        return None;
    }
    let (was, now) = (readings(&change.from)?, readings(&change.to)?);
    let only = |these: &[String], those: &[String]| {
        let only: Vec<&str> = these.iter().filter(|one| !those.contains(one)).map(String::as_str).collect();
        // What is beside a new reading, or that it is the first.
        match (only.is_empty(), these.last()) {
            (false, _) => only.join(", "),
            (true, Some(last)) => last.clone(),
            (true, None) => "no reading".to_string(),
        }
    };
    (was != now).then(|| (only(&was, &now), only(&now, &was)))
}

/// The name of a record for people, even if it no longer exists.
fn name_of(product: &Product, id: Id, kind: Kind) -> String {
    match product.find(id) {
        Some(record) if kind == Kind::VisionBoard => format!("Vision of {}", record.title()),
        Some(record) => record.name(),
        None => format!("a {} that no longer exists", kind.noun()),
    }
}

/// What needs another look because of this step: records confirmed against the why it changed.
pub fn set_off(product: &Product, step: &Step) -> Vec<Id> {
    let whys: Vec<Id> = step.changes.iter().filter(|c| c.field.key == "why_rev").map(|c| c.id).collect();
    let mut out = Vec::new();
    if whys.is_empty() {
        return out;
    }
    for kind in Kind::ALL.iter().filter(|kind| kind.field("confirmed").is_some()) {
        for record in product.living(*kind) {
            // Most records were confirmed against none of them.
            let may_ask = record.confirmed().iter().any(|one| whys.contains(&one.on));
            if may_ask && asks_again(product, record).iter().any(|why| whys.contains(why)) {
                out.push(record.id());
            }
        }
    }
    out
}

/// What taking an earlier act back means now.
pub struct TakenBack {
    pub step: Step,
    /// Cells that have changed since in a way that cannot be told apart from the act; they stay as they are.
    pub left: Vec<String>,
    /// Texts and values written later, which go with the act.
    pub over: Vec<String>,
}

/// Returns a step that takes out what an earlier act did. Of lists and texts only its own part goes: elements and lines that
/// came later stay, and what it removed is there again. A single value is what it was before.
pub fn bring_back(product: &Product, step: &Step) -> TakenBack {
    let (mut left, mut over) = (Vec::new(), Vec::new());
    let order = |change: &&Change| change.field.key == "rank";
    let by_hand: Vec<&Change> = by_hand(step).collect();
    // If only the order was changed, the order is restored.
    let wanted = if by_hand.is_empty() { step.changes.iter().filter(order).collect() } else { by_hand };
    // A record that went back to nothing, such as an undone addition, has nothing to restore.
    let is_there = |id: Id| product.find(id).is_some_and(|record| record.life() != Life::Nothing);
    let mut back = |change: &Change| {
        if !is_there(change.id) {
            return None;
        }
        let now = product.value(change.id, change.field);
        // A record that did not exist yet is deleted, not removed: its number has been assigned.
        let what = || change.field.of(name_of(product, change.id, change.kind()));
        let to = match meet(change.field.shape, &change.to, &change.from, &now) {
            _ if change.is_creation() => Value::Bool(false),
            Met::Merged(to) => to,
            // An element that was changed by the act and again since.
            Met::Torn if is_list(change.field.shape) => {
                left.push(what());
                return None;
            }
            Met::Torn => {
                if now != change.from {
                    over.push(what());
                }
                change.from.clone()
            }
        };
        (now != to).then(|| Change { id: change.id, field: change.field, from: now, to })
    };
    let created: Vec<Id> = step.created().map(|(_, id)| id).collect();
    let keep = |change: &&Change| !created.contains(&change.id) || change.is_creation();
    let mut changes: Vec<Change> = wanted.into_iter().filter(keep).filter_map(&mut back).collect();
    let stories = out_of_sprints(product, &changes);
    changes.extend(stories);
    TakenBack { step: Step { label: format!("Took back {}", quoted(&step.label)), changes }, left, over }
}

fn is_list(shape: Shape) -> bool {
    matches!(shape, Shape::Labels | Shape::Links | Shape::Criteria | Shape::Tasks | Shape::Measures | Shape::Entries)
}

/// Stories leave a sprint that disappears, as they do when its plan is discarded.
fn out_of_sprints(product: &Product, changes: &[Change]) -> Vec<Change> {
    let gone = |id: Id| changes.iter().any(|one| one.id == id && one.kind() == Kind::Sprint && one.is_deletion());
    let known = |id: Id| changes.iter().any(|one| one.id == id && one.field.key == "sprint");
    let Some(field) = Kind::BacklogItem.field("sprint") else { return Vec::new() };
    let in_one = product.all::<BacklogItem>().filter(|item| item.sprint.is_some_and(gone) && !known(item.id));
    in_one.map(|item| Change { id: item.id, field, from: product.value(item.id, field), to: Value::Null }).collect()
}
