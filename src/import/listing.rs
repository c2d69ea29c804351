//! Which records an import touches, one by one, where counts alone say too little: what is new, what changes in which
//! field, and what the file no longer has.

use crate::import::report::{Report, apart, shown};
use crate::model::change::{Change, Step};
use crate::model::grammar::{grouped, plural};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::Kind;
use crate::model::value::{Map, Shape, Value};
use rustc_hash::FxHashMap;

/// What is listed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ImportList {
    New,
    Changed,
    Gone,
}

/// A record, and what becomes of its fields.
#[derive(Clone, PartialEq, Debug)]
pub struct ListedRecord {
    /// `S24 Pay by phone`
    pub head: String,
    pub fields: Vec<ListedField>,
}

/// A field that gets another value, both as people read them.
#[derive(Clone, PartialEq, Debug)]
pub struct ListedField {
    pub label: String,
    pub here: String,
    pub file: String,
}

impl ImportList {
    pub const ALL: [ImportList; 3] = [ImportList::New, ImportList::Changed, ImportList::Gone];

    /// How many records it lists.
    pub fn count(self, report: &Report) -> usize {
        match self {
            ImportList::New => report.total(|one| one.new),
            ImportList::Changed => report.total(|one| one.changed),
            ImportList::Gone => report.gone.len(),
        }
    }

    /// `12 records change`.
    pub fn words(self, records: usize) -> String {
        let many = grouped(records);
        match self {
            ImportList::New => format!("{many} {} new", plural(records, "record is", "records are")),
            ImportList::Changed => format!("{many} {}", plural(records, "record changes", "records change")),
            ImportList::Gone => {
                format!("{many} {} open here but not in the file", plural(records, "record is", "records are"))
            }
        }
    }

    pub fn records(self, product: &Product, step: &Step, report: &Report) -> Vec<ListedRecord> {
        match self {
            ImportList::New => new(step),
            ImportList::Changed => changed(product, step),
            ImportList::Gone => report.gone.iter().map(|id| alone(head(product, *id))).collect(),
        }
    }

    /// What it lists as lines, the first ones where there are many.
    pub fn lines(records: &[ListedRecord], most: usize) -> Vec<String> {
        let mut out = Vec::new();
        for one in records.iter().take(most) {
            out.push(format!("  {}", shown(&one.head, 100)));
            out.extend(one.fields.iter().map(|field| {
                let (here, file) = apart(&field.here, &field.file);
                format!("      {}: here {here}, in the file {file}", shown(&field.label, 40))
            }));
        }
        if let more @ 1.. = records.len().saturating_sub(most) {
            out.push(format!("  and {} more", grouped(more)));
        }
        out
    }
}

fn alone(head: String) -> ListedRecord {
    ListedRecord { head, fields: Vec::new() }
}

fn head(product: &Product, id: Id) -> String {
    product.find(id).map(|record| format!("{} {}", record.name(), record.title())).unwrap_or_default()
}

/// The values of a step that has not been taken yet, by record.
fn by_record(step: &Step) -> Vec<(Id, Vec<&Change>)> {
    let mut places: FxHashMap<Id, usize> = FxHashMap::default();
    let mut out: Vec<(Id, Vec<&Change>)> = Vec::new();
    for change in &step.changes {
        let place = *places.entry(change.id).or_insert(out.len());
        match out.get_mut(place) {
            Some((_, all)) => all.push(change),
            None => out.push((change.id, vec![change])),
        }
    }
    out
}

fn is_new(all: &[&Change]) -> bool {
    all.iter().any(|change| change.is_creation())
}

fn title(all: &[&Change]) -> String {
    let title = all.iter().find(|change| change.kind().title_field() == Some(change.field));
    title.and_then(|change| change.to.as_str()).unwrap_or_default().to_string()
}

fn new(step: &Step) -> Vec<ListedRecord> {
    let all = by_record(step);
    let name = |all: &[&Change]| {
        let kind = all.first().map_or(Kind::BacklogItem, |change| change.kind());
        let number = all.iter().find(|change| change.field.key == "number");
        let number = number.and_then(|change| change.to.as_u64()).and_then(|number| u32::try_from(number).ok());
        match number {
            Some(number) => format!("{} ", kind.numbered(number)),
            // A list is of stories, unless it says something else.
            None if kind == Kind::BacklogItem => String::new(),
            None => format!("{}: ", kind.noun()),
        }
    };
    all.iter().filter(|(_, all)| is_new(all)).map(|(_, all)| alone(format!("{}{}", name(all), title(all)))).collect()
}

fn changed(product: &Product, step: &Step) -> Vec<ListedRecord> {
    let all = by_record(step);
    let coming: FxHashMap<Id, String> =
        all.iter().filter(|(_, all)| is_new(all)).map(|(id, all)| (*id, title(all))).collect();
    let mut out = Vec::new();
    for (id, all) in all.iter().filter(|(_, all)| !is_new(all)) {
        let told = |change: &&&Change| {
            change.kind().source_field() != Some(change.field)
                && !matches!(change.field.key, "last_numbers" | "imported_at")
        };
        let fields: Vec<ListedField> =
            all.iter().filter(told).flat_map(|change| fields_of(product, change, &coming)).collect();
        if !fields.is_empty() {
            out.push(ListedRecord { head: head(product, *id), fields });
        }
    }
    out
}

fn fields_of(product: &Product, change: &Change, coming: &FxHashMap<Id, String>) -> Vec<ListedField> {
    let field = change.field;
    if field.shape == Shape::Extra {
        return of_extra(&change.from, &change.to);
    }
    let said = |value: &Value| {
        if !field.is_link() {
            return field.text_of(value);
        }
        let name = |id: Id| match coming.get(&id) {
            Some(title) => format!("\u{201c}{title}\u{201d}"),
            None => product.name_of(id),
        };
        Id::all_in(value).map(name).collect::<Vec<_>>().join(", ")
    };
    vec![ListedField { label: field.label.to_string(), here: said(&change.from), file: said(&change.to) }]
}

/// What an import kept beside a record: header by header.
fn of_extra(from: &Value, to: &Value) -> Vec<ListedField> {
    let none = Map::new();
    let mut out = Vec::new();
    let systems = to.as_object().unwrap_or(&none);
    for (system, headers) in systems.iter() {
        let before = from.get(system).and_then(Value::as_object).unwrap_or(&none);
        for (header, value) in headers.as_object().unwrap_or(&none).iter() {
            if before.get(header) != Some(value) {
                let here = before.get(header).map(words).unwrap_or_default();
                out.push(ListedField { label: header.to_string(), here, file: words(value) });
            }
        }
    }
    out
}

fn words(value: &Value) -> String {
    match value {
        Value::Array(all) => all.iter().map(words).collect::<Vec<_>>().join(", "),
        Value::String(text) => text.to_string(),
        other => other.to_string(),
    }
}
