//! Resolves the links of an import in a second pass, once every record has its id. A link to a missing record is left
//! out, as is one that would close a cycle; both are listed, and nothing is linked by guessing.

use crate::import::found::{FoundRecord, Identity, Tally};
use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, Kind};
use crate::model::value::{Cell, Shape, Value};
use rustc_hash::{FxHashMap, FxHashSet};

/// Which records are which, and what their links will be.
#[derive(Default)]
pub struct Links {
    /// (site, key) → record, from this file and earlier imports; only existing records.
    pub named: FxHashMap<(String, String), (Kind, Id)>,
    /// The repository of records that do not name theirs.
    pub site: String,
    /// Records that this import creates.
    pub new: FxHashMap<Id, Kind>,
    /// Links between items after this import, where it changes them.
    parents: FxHashMap<Id, Vec<Id>>,
    depends: FxHashMap<Id, Vec<Id>>,
}

impl Links {
    pub fn of_site(site: String) -> Links {
        Links { site, ..Links::default() }
    }

    /// Site and key, with the default site for those that name none.
    pub fn place(&self, site: &str, key: &str) -> (String, String) {
        (if site.is_empty() { self.site.clone() } else { site.to_string() }, key.to_string())
    }

    /// Resolves a link to ids, checked against what the product allows.
    pub fn resolve(
        &self,
        product: &Product,
        (id, record): (Id, &FoundRecord),
        field: &Field,
        to: &[Identity],
        warnings: &mut Tally,
    ) -> Value {
        let mut ids: Vec<Id> = Vec::new();
        for one in to {
            let found = match one {
                Identity::Foreign { site, key } => self.named.get(&self.place(site, key)).copied(),
                Identity::Own(id) => self.kind_of(product, *id).map(|kind| (kind, *id)),
            };
            let what = match found {
                Some((kind, target)) if field.targets.contains(&kind) && target != id => {
                    if ids.contains(&target) {
                        continue;
                    }
                    if !self.closes_circle(product, id, field, target) {
                        ids.push(target);
                        continue;
                    }
                    format!("{}: links that would close a cycle, left out", field.label)
                }
                _ => format!("{}: links to missing records, left out", field.label),
            };
            warnings.add(&what, &format!("{} → {}", record.title(), name(one)));
        }
        match field.shape {
            Shape::Link => ids.first().copied().to_value(),
            _ => ids.to_value(),
        }
    }

    fn kind_of(&self, product: &Product, id: Id) -> Option<Kind> {
        let here = || product.find(id).filter(|record| record.is_alive()).map(|record| record.kind());
        self.new.get(&id).copied().or_else(here)
    }

    /// Remembers a link, to detect cycles that later ones might close.
    pub fn settle(&mut self, id: Id, field: &Field, to: &Value) {
        if let Some(links) = self.followed(field.key) {
            let ids = match to {
                Value::Array(all) => all.iter().filter_map(Value::as_str).filter_map(Id::parse).collect(),
                Value::String(one) => Id::parse(one).into_iter().collect(),
                _ => Vec::new(),
            };
            links.insert(id, ids);
        }
    }

    fn followed(&mut self, key: &str) -> Option<&mut FxHashMap<Id, Vec<Id>>> {
        match key {
            "parent" => Some(&mut self.parents),
            "depends_on" => Some(&mut self.depends),
            _ => None,
        }
    }

    fn closes_circle(&self, product: &Product, id: Id, field: &Field, target: Id) -> bool {
        let (settled, of_parent) = match (field.kind, field.key) {
            (Kind::BacklogItem, "parent") => (&self.parents, true),
            (Kind::BacklogItem, "depends_on") => (&self.depends, false),
            _ => return false,
        };
        let mut seen: FxHashSet<Id> = FxHashSet::default();
        let mut open = vec![target];
        while let Some(at) = open.pop() {
            if at == id {
                return true;
            }
            if !seen.insert(at) {
                continue;
            }
            match (settled.get(&at), product.get::<BacklogItem>(at)) {
                (Some(to), _) => open.extend(to),
                (None, Some(item)) if of_parent => open.extend(item.parent),
                (None, Some(item)) => open.extend(&item.depends_on),
                (None, None) => {}
            }
        }
        false
    }
}

fn name(identity: &Identity) -> String {
    match identity {
        Identity::Own(id) => id.to_string(),
        Identity::Foreign { site, key } if site.is_empty() => format!("#{key}"),
        Identity::Foreign { site, key } => format!("{site}#{key}"),
    }
}
