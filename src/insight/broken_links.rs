//! Broken links: to a missing record, to the wrong kind of record, to the record itself, or in a cycle. A product with
//! such links opens and works; this lists what to look at.

use crate::model::field::{Field, Record};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, Kind};
use crate::model::value::{Shape, Value};
use rustc_hash::FxHashMap;

/// Returns a sentence for each broken link of an existing record, in the order of the table.
pub fn loose_links(product: &Product) -> Vec<String> {
    let mut out = Vec::new();
    for kind in Kind::ALL {
        let links: Vec<&Field> = kind
            .fields()
            .iter()
            .filter(|field| matches!(field.shape, Shape::Link | Shape::Links) && !field.targets.is_empty())
            .collect();
        let shelf = product.table(*kind);
        for record in shelf.slots().filter_map(|slot| shelf.record(slot)).filter(|record| record.is_alive()) {
            for field in &links {
                out.extend(ids(&record.value(field)).into_iter().filter_map(|id| fault(product, record, field, id)));
            }
        }
    }
    out.extend(circle(product, "Depends on", |item| item.depends_on.clone()));
    out.extend(circle(product, "Part of", |item| item.parent.into_iter().collect()));
    out
}

fn ids(value: &Value) -> Vec<Id> {
    match value {
        Value::Array(all) => all.iter().filter_map(Value::as_str).filter_map(Id::parse).collect(),
        one => one.as_str().and_then(Id::parse).into_iter().collect(),
    }
}

fn fault(product: &Product, record: &dyn Record, field: &Field, id: Id) -> Option<String> {
    let (name, label) = (record.name(), field.label);
    if id == record.id() {
        return Some(format!("{name}, {label}: it links to itself."));
    }
    match product.find(id) {
        None => Some(format!("{name}, {label}: it links to a missing record ({id}).")),
        Some(other) if !other.is_alive() => Some(format!("{name}, {label}: {} was deleted.", other.name())),
        Some(other) if !field.targets.contains(&other.kind()) => {
            Some(format!("{name}, {label}: {} is a {}, which is not allowed here.", other.name(), other.kind().noun()))
        }
        Some(_) => None,
    }
}

/// Returns a sentence if following a link leads back to its start. Uses an explicit stack instead of recursion.
fn circle(product: &Product, label: &str, next: impl Fn(&BacklogItem) -> Vec<Id>) -> Option<String> {
    // 1: being visited, 2: no cycle below it.
    let mut seen: FxHashMap<Id, u8> = FxHashMap::default();
    for start in product.all::<BacklogItem>() {
        let mut open = vec![(start.id, false)];
        while let Some((id, done)) = open.pop() {
            if done {
                seen.insert(id, 2);
                continue;
            }
            match seen.get(&id) {
                Some(1) => return Some(format!("{label}: {} leads back to itself.", product.name_of(id))),
                Some(_) => continue,
                None => {}
            }
            seen.insert(id, 1);
            open.push((id, true));
            let on = product.get::<BacklogItem>(id).map(|item| next(item)).unwrap_or_default();
            open.extend(on.into_iter().filter(|to| *to != id && seen.get(to) != Some(&2)).map(|to| (to, false)));
        }
    }
    None
}
