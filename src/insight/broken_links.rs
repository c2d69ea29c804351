//! Broken links: to a missing record, to the wrong kind of record, to the record itself, or in a cycle. A product with
//! such links opens and works; this lists what to look at.

use crate::model::field::{Field, Record};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::Kind;
use rustc_hash::FxHashMap;

/// Returns a sentence for each broken link of an existing record, in the order of the table.
pub fn loose_links(product: &Product) -> Vec<String> {
    let mut out = Vec::new();
    for kind in Kind::ALL {
        let links: Vec<&Field> = kind.links().collect();
        let table = product.table(*kind);
        for record in table.slots().filter_map(|slot| table.record(slot)).filter(|record| record.is_alive()) {
            for field in &links {
                out.extend(record.links_of(field).into_iter().filter_map(|id| fault(product, record, field, id)));
            }
        }
    }
    let fields = Kind::ALL.iter().flat_map(|kind| kind.links());
    out.extend(fields.filter(|field| field.may_circle()).filter_map(|field| circle(product, field)));
    out
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
fn circle(product: &Product, field: &Field) -> Option<String> {
    // 1: being visited, 2: no cycle below it.
    let mut seen: FxHashMap<Id, u8> = FxHashMap::default();
    for start in product.living(field.kind) {
        let mut open = vec![(start.id(), false)];
        while let Some((id, done)) = open.pop() {
            if done {
                seen.insert(id, 2);
                continue;
            }
            match seen.get(&id) {
                Some(1) => return Some(format!("{}: {} leads back to itself.", field.label, product.name_of(id))),
                Some(_) => continue,
                None => {}
            }
            seen.insert(id, 1);
            open.push((id, true));
            let on = product.table(field.kind).find(id).map(|record| record.links_of(field)).unwrap_or_default();
            open.extend(on.into_iter().filter(|to| *to != id && seen.get(to) != Some(&2)).map(|to| (to, false)));
        }
    }
    None
}
