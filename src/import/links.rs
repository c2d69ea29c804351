//! Resolves the links of an import in a second pass, once every record has its id. A link to a record that neither the
//! file nor the product has is left out and listed; nothing is linked by guessing.

use crate::import::found::{FoundRecord, Identity, Tally};
use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::schema::Kind;
use crate::model::value::{Cell, Shape, Value};
use rustc_hash::FxHashMap;

/// Which records are which, and what their links will be.
#[derive(Default)]
pub struct Links {
    /// (site, key) → record, from this file and earlier imports; only existing records.
    pub named: FxHashMap<(String, String), Id>,
    /// The repository of records that do not name theirs.
    pub site: String,
    /// Records that this import creates.
    pub new: FxHashMap<Id, Kind>,
}

impl Links {
    pub fn of_site(site: String) -> Links {
        Links { site, ..Links::default() }
    }

    /// Site and key, with the default site for those that name none.
    pub fn place(&self, site: &str, key: &str) -> (String, String) {
        (if site.is_empty() { self.site.clone() } else { site.to_string() }, key.to_string())
    }

    /// Resolves a link to ids. The rules of the product decide later which of them the field takes.
    pub fn resolve(&self, record: &FoundRecord, field: &Field, to: &[Identity], warnings: &mut Tally) -> Value {
        let mut ids: Vec<Id> = Vec::new();
        for one in to {
            match self.id_of(one) {
                Some(id) if !ids.contains(&id) => ids.push(id),
                Some(_) => {}
                None => {
                    let what = format!("{}: link to a missing record, left out", field.label);
                    warnings.add(&what, &format!("{} → {}", record.title(), name(one)));
                }
            }
        }
        match field.shape {
            Shape::Link => ids.first().copied().to_value(),
            _ => ids.to_value(),
        }
    }

    fn id_of(&self, one: &Identity) -> Option<Id> {
        match one {
            Identity::Foreign { site, key } => self.named.get(&self.place(site, key)).copied(),
            Identity::Own(id) => Some(*id),
        }
    }
}

fn name(identity: &Identity) -> String {
    match identity {
        Identity::Own(id) => id.to_string(),
        Identity::Foreign { site, key } if site.is_empty() => format!("#{key}"),
        Identity::Foreign { site, key } => format!("{site}#{key}"),
    }
}
