//! The output of a reader: records in terms of this program, whatever the file looked like. It says where each came
//! from and what it links to, and knows nothing about the product it may go into.

use crate::model::id::Id;
use crate::model::rank::Rank;
use crate::model::schema::Kind;
use crate::model::value::{Map, Value};

/// Everything a file contains.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The format's name for people.
    pub format: &'static str,
    /// The system in which the keys are unique: `github`. Empty for our own files, whose records have ids.
    pub system: &'static str,
    /// The file's name.
    pub from: String,
    /// In the file's order.
    pub records: Vec<FoundRecord>,
    /// What the user should look at.
    pub warnings: Tally,
    /// What was left out, and why.
    pub skipped: Tally,
    /// Values without a field here, kept with the record.
    pub kept_beside: usize,
    /// Values that are meaningless outside the other program and are not kept.
    pub machine_only: usize,
}

#[derive(Clone, Debug)]
pub struct FoundRecord {
    pub kind: Kind,
    pub identity: Identity,
    /// Only what the file says: fields it does not name are not touched.
    pub fields: Vec<(&'static str, Value)>,
    /// The records it links to, per field.
    pub links: Vec<(&'static str, Vec<Identity>)>,
    /// Data without a field: header → values as read.
    pub extra: Map,
    /// Its rank, if the file gives one. Otherwise the file's order counts.
    pub rank: Option<Rank>,
}

impl FoundRecord {
    pub fn new(kind: Kind, identity: Identity) -> FoundRecord {
        FoundRecord { kind, identity, fields: Vec::new(), links: Vec::new(), extra: Map::new(), rank: None }
    }

    pub fn value(&self, key: &str) -> Option<&Value> {
        self.fields.iter().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    pub fn text(&self, key: &str) -> &str {
        self.value(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// Its name in the file.
    pub fn title(&self) -> &str {
        self.kind.title_field().map(|field| self.text(field.key)).unwrap_or_default()
    }
}

/// What identifies a record, here or in the system it comes from.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Identity {
    Own(Id),
    /// An empty site means that the file names none.
    Foreign {
        site: String,
        key: String,
    },
}

/// Repeated events, grouped: what, how often, and a few examples.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally(pub Vec<Counted>);

#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    pub what: String,
    pub count: usize,
    pub examples: Vec<String>,
}

const EXAMPLES: usize = 5;

impl Tally {
    pub fn add(&mut self, what: &str, example: &str) {
        self.add_many(what, 1);
        let Some(group) = self.0.iter_mut().find(|group| group.what == what) else { return };
        if !example.is_empty() && group.examples.len() < EXAMPLES {
            group.examples.push(example.to_string());
        }
    }

    pub fn add_many(&mut self, what: &str, count: usize) {
        match self.0.iter_mut().find(|group| group.what == what) {
            Some(group) => group.count = group.count.saturating_add(count),
            None => self.0.push(Counted { what: what.to_string(), count, examples: Vec::new() }),
        }
    }

    pub fn count(&self, what: &str) -> usize {
        self.0.iter().find(|group| group.what == what).map_or(0, |group| group.count)
    }

    pub fn total(&self) -> usize {
        self.0.iter().map(|group| group.count).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Appends the groups of another tally.
    pub fn take(&mut self, other: &Tally) {
        for group in &other.0 {
            self.add_many(&group.what, group.count);
            if let Some(mine) = self.0.iter_mut().find(|mine| mine.what == group.what) {
                let room = EXAMPLES.saturating_sub(mine.examples.len());
                mine.examples.extend(group.examples.iter().take(room).cloned());
            }
        }
    }
}
