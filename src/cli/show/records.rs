//! Views that list records: vision, roadmap, backlog, Definition of Done, inbox.

use crate::insight::agreement::{state_in_words, waits_for};
use crate::insight::text::{points_word, progress};
use crate::model::field::{Field, Record};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, Goal, Horizon, Kind, ProductGoal, RoadmapItem, record_json};
use crate::model::value::{Cell, Map, Value};

/// The existing records of some kinds as in product.json, in order, with the numbers people see.
pub fn json(product: &Product, kinds: &[Kind]) -> Map {
    let mut map = Map::new();
    for kind in kinds {
        let shelf = product.table(*kind);
        let one = |slot: &u32| -> Option<Value> {
            let record = shelf.record(*slot)?;
            let mut json = record_json(product.shelves(), *kind, record.id())?;
            if let Some(fields) = json.as_object_mut() {
                fields.insert("number", record.name().into());
                named_links(product, record, fields);
                // The state is the stored one; a draft that both roles have agreed to says what it waits for.
                let goal = product.get::<ProductGoal>(record.id());
                if let Some(active) = goal.and_then(|goal| waits_for(product, goal)) {
                    fields.insert("waits_for", product.name_of(active).into());
                }
            }
            Some(json)
        };
        let all: Vec<Value> = shelf.order().iter().filter_map(one).collect();
        match (kind, all.first()) {
            (Kind::VisionBoard, Some(one)) => map.insert(kind.plural(), one.clone()),
            _ => map.insert(kind.plural(), Value::from(all)),
        };
    }
    map
}

/// Replaces links by numbers, so that people can read them and scripts can follow them through `number`.
fn named_links(product: &Product, record: &dyn Record, fields: &mut Map) {
    for field in record.kind().fields().iter().filter(|field| !field.targets.is_empty()) {
        if let Some(value) = fields.get_mut(field.key) {
            *value = named(product, field, value);
        }
    }
}

/// A value with numbers in place of ids, if it is one of a link.
pub fn named(product: &Product, field: &Field, value: &Value) -> Value {
    let name =
        |value: &Value| value.as_str().and_then(Id::parse).map_or(value.clone(), |id| product.name_of(id).into());
    match value {
        _ if field.targets.is_empty() => value.clone(),
        Value::Array(all) => Value::from_iter(all.iter().map(name)),
        one => name(one),
    }
}

fn paragraph(out: &mut Vec<String>, label: &str, text: &str) {
    for (at, line) in text.lines().enumerate() {
        let head = if at == 0 { label } else { "" };
        out.push(format!("{head:<14}{line}"));
    }
}

pub fn vision(product: &Product) -> String {
    let mut out = Vec::new();
    let shelf = product.table(Kind::VisionBoard);
    if let Some(board) = shelf.order().first().and_then(|slot| shelf.record(*slot)) {
        for field in Kind::VisionBoard.typed_fields() {
            paragraph(&mut out, field.label, &board.text(field));
        }
    }
    for goal in product.all::<Goal>() {
        paragraph(
            &mut out,
            &Kind::Goal.numbered(goal.number),
            &format!("{}\n{}", &*goal.title, goal.measures.to_text()),
        );
    }
    for goal in product.all::<ProductGoal>() {
        paragraph(&mut out, "Product Goal", &format!("{} ({})", &*goal.title, state_in_words(product, goal)));
    }
    out.join("\n")
}

pub fn roadmap(product: &Product) -> String {
    let mut out = Vec::new();
    for horizon in [Horizon::Now, Horizon::Next, Horizon::Later] {
        out.push(horizon.label().to_uppercase());
        for item in product.all::<RoadmapItem>().filter(|item| item.horizon == horizon) {
            let progress = progress(product, item.id);
            out.push(format!("  R{:<4} {}  ({progress})", item.number, &*item.title));
        }
    }
    out.join("\n")
}

pub fn backlog(product: &Product) -> String {
    let row = |(place, item): (usize, &std::sync::Arc<BacklogItem>)| {
        let why = item.serves.map(|id| product.name_of(id)).unwrap_or_default();
        let points = points_word(product, item);
        format!(
            "{:>5}  S{:<6} {:>4}  {:<9} {:<5} {}",
            place.saturating_add(1),
            item.number,
            points,
            item.status.label(),
            why,
            &*item.title
        )
    };
    product.all::<BacklogItem>().enumerate().map(row).collect::<Vec<_>>().join("\n")
}
