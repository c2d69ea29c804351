//! The output of a reader: records in this program's terms, whatever the file looked like. It says where each came
//! from and what it links to, and knows nothing of the product into which it may go.

use crate::model::field::{Entity, Field, TypedField};
use crate::model::id::Id;
use crate::model::mail::take_mail_out;
use crate::model::rank::Rank;
use crate::model::schema::Kind;
use crate::model::value::{Cell, LastNumbers, Map, Value};
use std::marker::PhantomData;
use std::ops::Deref;

/// Everything in a file.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The format's name for people.
    pub format: &'static str,
    /// The system that knows the keys: `github`. Empty for our own files, whose records have ids.
    pub system: &'static str,
    /// The file's name.
    pub from: String,
    /// The person said which site its records belong to.
    pub site_is_given: bool,
    /// Its keys name a record wherever it lies, as `SHOP-12` does: no site is guessed from titles.
    pub keys_are_enough: bool,
    /// Its word for what is to do says no more than that it is open.
    pub says_open_only: bool,
    /// Of our own files, the step up to which the product is in it. Such a file holds whole records: a field that it does
    /// not name is empty.
    pub through: Option<Id>,
    /// Of our own files, the highest number given, per kind.
    pub last_numbers: LastNumbers,
    /// In the file's order.
    pub records: Vec<FoundRecord>,
    /// What became of groups of the file that have no kind of their own here, in words: `milestones: 60 labels`.
    pub became: Vec<String>,
    /// Things for a person to look at.
    pub warnings: Tally,
    /// What was left out, and why.
    pub skipped: Tally,
    /// Values without a field here, kept with the record.
    pub kept_beside: usize,
    /// Values that are meaningless outside the other program and are not kept.
    pub machine_only: usize,
}

impl Found {
    /// Leaves mail addresses out: people are known by their names.
    pub fn take_mail_out(&mut self) {
        let mut count = 0usize;
        for record in &mut self.records {
            let texts = record.fields.iter_mut().map(|(_, value)| value).chain(record.extra.values_mut());
            count = count.saturating_add(texts.map(take_mail_out).sum());
        }
        if count > 0 {
            self.skipped.add_many("mail address in a text: left out, the name stays", count);
        }
    }
}

#[derive(Clone, Debug)]
pub struct FoundRecord {
    pub kind: Kind,
    pub identity: Identity,
    /// Only what the file says: a field that it does not name is left alone.
    pub fields: Vec<(&'static Field, Value)>,
    /// The records to which it links, per field.
    pub links: Vec<(&'static Field, Vec<Identity>)>,
    /// Data without a field: header → values as read.
    pub extra: Map,
    /// Its rank, if the file has one; otherwise the file's order counts.
    pub rank: Option<Rank>,
    /// Its number, if the file has one.
    pub number: Option<u32>,
}

impl FoundRecord {
    pub fn new(kind: Kind, identity: Identity) -> FoundRecord {
        FoundRecord {
            kind,
            identity,
            fields: Vec::new(),
            links: Vec::new(),
            extra: Map::new(),
            rank: None,
            number: None,
        }
    }

    /// The file's value of a field; `None` if the file does not name it.
    pub fn value(&self, field: &Field) -> Option<&Value> {
        self.fields.iter().find(|(known, _)| *known == field).map(|(_, value)| value)
    }

    pub fn text(&self, field: &Field) -> &str {
        self.value(field).and_then(Value::as_str).unwrap_or_default()
    }

    /// Its name as in the file.
    pub fn title(&self) -> &str {
        self.kind.title_field().map(|field| self.text(field)).unwrap_or_default()
    }
}

/// A record of a known kind while a reader fills it. Fields come from `schema::fields`, so that a field of another kind,
/// a misspelt one, or a value of another type does not compile.
pub struct RecordOf<E> {
    record: FoundRecord,
    kind: PhantomData<E>,
}

impl<E: Entity> RecordOf<E> {
    pub fn new(identity: Identity) -> RecordOf<E> {
        RecordOf { record: FoundRecord::new(E::KIND, identity), kind: PhantomData }
    }

    pub fn set<T: Cell>(&mut self, field: TypedField<E, T>, value: T) {
        self.record.fields.push((field.field, value.to_value()));
    }

    /// Sets a value as the file wrote it: the field parses it later, and an invalid value is listed.
    pub fn set_as_read<T: Cell>(&mut self, field: TypedField<E, T>, value: impl Into<Value>) {
        self.record.fields.push((field.field, value.into()));
    }

    /// Links to other records, whether or not the file contains them.
    pub fn link<T: Cell>(&mut self, field: TypedField<E, T>, to: Vec<Identity>) {
        self.record.links.push((field.field, to));
    }

    /// Keeps all of this data without a field.
    pub fn keep_all(&mut self, headers: Map) {
        if self.record.extra.is_empty() {
            self.record.extra = headers;
        } else {
            self.record.extra.extend(headers);
        }
    }

    /// Keeps data without a field, as read.
    pub fn keep(&mut self, header: &str, values: Value) {
        self.record.extra.insert(header.to_string(), values);
    }
}

impl<E> Deref for RecordOf<E> {
    type Target = FoundRecord;
    fn deref(&self) -> &FoundRecord {
        &self.record
    }
}

impl<E> From<RecordOf<E>> for FoundRecord {
    fn from(one: RecordOf<E>) -> FoundRecord {
        one.record
    }
}

/// What identifies a record, here or in the system it comes from.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Identity {
    Own(Id),
    /// The site is empty if the file does not name one.
    Foreign {
        site: String,
        key: String,
    },
}

/// Repeated messages, grouped: what, how often, and a few examples.
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

    /// Appends the groups of another one.
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
