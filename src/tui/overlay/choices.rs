//! The rows of a picker: what a field can link to, and the words in use.

use crate::actions::{goal, roadmap};
use crate::model::field::{Field, Record};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{GoalState, ItemStatus, Kind, ProductGoal, RoadmapItem, RoadmapResult};
use crate::model::value::{Cell, Choice, Value};

#[derive(Clone, Debug)]
pub struct Pick {
    pub label: String,
    pub value: Value,
}

/// The words that existing records have in a field, and some more, in alphabetical order.
pub fn in_use(product: &Product, field: &Field, more: &[String]) -> Vec<Pick> {
    let shelf = product.table(field.kind);
    let mut words: Vec<String> = more.to_vec();
    for record in shelf.order().iter().filter_map(|slot| shelf.record(*slot)) {
        match record.value(field) {
            Value::String(word) => words.push(word.to_string()),
            Value::Array(all) => words.extend(all.iter().filter_map(Value::as_str).map(str::to_string)),
            _ => {}
        }
    }
    words.retain(|word| !word.trim().is_empty());
    words.sort_by_key(|word| (word.to_lowercase(), word.clone()));
    words.dedup();
    words.into_iter().map(|word| Pick { value: word.as_str().into(), label: word }).collect()
}

/// What a choice can become, in the order of the list; yes always stands before no.
pub fn possible(product: &Product, records: &[Id], field: &Field, choices: &[Choice]) -> Vec<Pick> {
    let can_be = |choice: &&Choice| {
        let to = Value::from(choice.key);
        let can = |id: &Id| match (field.kind, field.key) {
            (Kind::RoadmapItem, "result") => {
                let item = product.get::<RoadmapItem>(*id).zip(RoadmapResult::from_value(&to).ok());
                item.is_none_or(|(item, to)| roadmap::can_become(item.result, to))
            }
            (Kind::ProductGoal, "state") => {
                let goal = product.get::<ProductGoal>(*id).zip(GoalState::from_value(&to).ok());
                goal.is_none_or(|(goal, to)| goal::can_become(goal.state, to))
            }
            _ => true,
        };
        records.iter().all(can)
    };
    let pick = |choice: &Choice| Pick { label: choice.label.to_string(), value: choice.key.into() };
    let mut out: Vec<Pick> = choices.iter().filter(can_be).map(pick).collect();
    if choices.len() == 2 {
        out.sort_by_key(|pick| pick.value.as_str() == Some("no"));
    }
    out
}

/// The list elements that all of these records share.
pub fn shared(product: &Product, records: &[Id], field: &'static Field) -> Vec<Value> {
    let list = |id: &Id| product.value(*id, field).as_array().cloned().unwrap_or_default();
    let mut out = records.first().map(list).unwrap_or_default();
    for id in records.iter().skip(1) {
        let other = list(id);
        out.retain(|value| other.contains(value));
    }
    out
}

/// The values that some of these records have, but not all.
pub fn partial(product: &Product, records: &[Id], field: &'static Field) -> Vec<Value> {
    let of_all = shared(product, records, field);
    let mut out: Vec<Value> = Vec::new();
    for id in records {
        let list = product.value(*id, field).as_array().cloned().unwrap_or_default();
        for value in list {
            if !of_all.contains(&value) && !out.contains(&value) {
                out.push(value);
            }
        }
    }
    out
}

/// The row of the current value.
pub fn present_place(all: &[Pick], present: &Value, field: &Field) -> usize {
    let normal = |value: &Value| field.accept(value).unwrap_or_default();
    // A picker is rarely opened for "none".
    let first = usize::from(present.is_null() && all.len() > 1 && all.first().is_some_and(|pick| pick.value.is_null()));
    let known = all.iter().position(|pick| !present.is_null() && normal(&pick.value) == *present);
    let usual = all.iter().position(|pick| !pick.value.is_null() && normal(&pick.value) == *present);
    known.or(usual).unwrap_or(first)
}

/// The existing records to which a link can point, in order.
pub fn targets(product: &Product, records: &[Id], field: &'static Field, none: bool) -> Vec<Pick> {
    let mut out = Vec::new();
    if none {
        out.push(Pick { label: "none".to_string(), value: Value::Null });
    }
    for kind in field.targets {
        let shelf = product.table(*kind);
        let living = shelf.order().iter().filter_map(|slot| shelf.record(*slot));
        for record in living.filter(|record| !records.contains(&record.id())) {
            let item = product.items().get(record.id());
            let status = item.map(|item| item.status).filter(|status| !status.is_open());
            // A dropped story cannot be the one that stays.
            if field.key == "duplicate_of" && status == Some(ItemStatus::Dropped) {
                continue;
            }
            let source = item.and_then(|item| item.source.as_ref());
            let state = status.map(|status| format!("  {}", status.label())).unwrap_or_default();
            // An imported story is known by its number there, too.
            let key = source.map(|source| format!("  #{}", source.key)).unwrap_or_default();
            out.push(Pick { label: format!("{}{state}{key}", named(record)), value: record.id().to_string().into() });
        }
    }
    out
}

fn named(record: &dyn Record) -> String {
    format!("{} {}", record.name(), record.title())
}
