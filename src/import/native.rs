//! whyhow's own JSON, as in product.json and written by `export --to json`: records keep their ids. Read key by key, so
//! that a record with three fields changes three fields, and one bad value does not affect the others.

use crate::import::bytes::SourceFile;
use crate::import::format::{ImportFormat, Progress};
use crate::import::found::{Found, FoundRecord, Identity};
use crate::import::json;
use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::rank::Rank;
use crate::model::rules::Refusal;
use crate::model::schema::{FORMAT, Kind};
use crate::model::value::{Cell, LastNumbers, Map, Shape, Value};
use crate::options::Options;
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// A higher number is none that people say, and would leave too few for others.
const HIGHEST_NUMBER: u32 = 100_000_000;

const SAFE: &str = "Nothing was imported and your product is as it was.";

/// The key of the step up to which the product is in the file, as the export writes it.
pub const THROUGH: &str = "through";

/// Our own files.
pub const ROW: ImportFormat = ImportFormat {
    name: "json",
    title: "whyhow JSON",
    about: "product.json and `export --to json`; records keep their ids",
    recognise,
    options: &[],
    read,
};

fn recognise(file: &SourceFile) -> bool {
    let top = file.outline();
    !top.list && top.has("format") && Kind::ALL.iter().any(|kind| top.has(kind.plural()))
}

fn read(file: &SourceFile, _: &Options, progress: Progress) -> Result<Found, Refusal> {
    let mut found = Found { format: ROW.title, from: file.name.clone(), ..Found::default() };
    let mut documents = json::documents(file)?.into_iter();
    let (Some(Value::Object(top)), None) = (documents.next(), documents.next()) else {
        return Err(Refusal::new(
            format!("{} is not a single product.", file.name),
            format!("{SAFE} Choose another file."),
        ));
    };
    let mut top = Arc::unwrap_or_clone(top);
    version(file, &top.remove("format").unwrap_or_default(), &mut found)?;
    found.through = top.remove(THROUGH).and_then(|id| Id::parse(id.as_str()?));
    let mut all: Vec<(Kind, Map)> = Vec::new();
    for kind in Kind::ALL {
        let records = match top.remove(kind.plural()) {
            Some(Value::Array(records)) => Arc::unwrap_or_clone(records),
            Some(one @ Value::Object(_)) => vec![one],
            Some(Value::Null) | None => Vec::new(),
            Some(_) => {
                found.skipped.add(&format!("{}: expected a list of records", kind.plural()), "");
                Vec::new()
            }
        };
        for record in records {
            match record {
                Value::Object(record) => all.push((*kind, Arc::unwrap_or_clone(record))),
                _ => found.skipped.add(&format!("{}: an entry that is no record", kind.plural()), ""),
            }
        }
    }
    for key in top.keys() {
        found.skipped.add("unknown key at the top level", key);
    }
    take_in(all, &mut found, progress);
    Ok(found)
}

/// Takes in records in the form of product.json.
pub(super) fn take_in(mut all: Vec<(Kind, Map)>, found: &mut Found, progress: Progress) {
    // Numbers are reassigned in this order, so that a copy has the same numbers as the original.
    all.sort_by_key(|(kind, record)| (*kind, record.get("number").and_then(Value::as_u64).unwrap_or(u64::MAX)));
    let total = all.len();
    let mut known: FxHashSet<Id> = FxHashSet::default();
    for (done, (kind, record)) in all.into_iter().enumerate() {
        match record.get("id").and_then(Value::as_str).and_then(Id::parse) {
            // Of two records with the same id, neither may overwrite the other.
            Some(id) if !known.insert(id) => {
                found
                    .skipped
                    .add("record with the id of another one in the file: the first was imported", &id.to_string());
            }
            _ => one(kind, record, found),
        }
        if done % 1000 == 0 {
            progress(done, total);
        }
    }
    progress(total, total);
}

/// The major version must be ours; a file with a higher minor version is read as far as it is understood.
fn version(file: &SourceFile, format: &Value, found: &mut Found) -> Result<(), Refusal> {
    let parts = |text: &str| -> Option<(u32, u32)> {
        let (major, minor) = text.split_once('.')?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    };
    let (Some(theirs), Some(ours)) = (format.as_str().and_then(parts), parts(FORMAT)) else {
        let what = match format {
            Value::Null => format!("{} does not say which format it has.", file.name),
            format => format!("{} has the format {format}, which is not known.", file.name),
        };
        return Err(Refusal::new(what, format!("{SAFE} This program reads {FORMAT}.")));
    };
    if theirs.0 != ours.0 {
        let what = format!("{} has the format {}.{}; this program reads {FORMAT}.", file.name, theirs.0, theirs.1);
        return Err(Refusal::new(what, format!("{SAFE} Install the newest whyhow to read it.")));
    }
    if theirs.1 > ours.1 {
        found.warnings.add("the file was written by a newer whyhow: unknown data is kept with the records", "");
    }
    Ok(())
}

/// Fields that are assigned here and never read from a file.
fn is_given_here(field: &Field) -> bool {
    matches!(field.key, "alive" | "rank" | "number" | "unknown" | "last_numbers")
}

fn one(kind: Kind, record: Map, found: &mut Found) {
    let named = record.get("id").and_then(Value::as_str);
    let Some(id) = named.and_then(Id::parse) else {
        return found.skipped.add(&format!("{} without an id", kind.noun()), named.unwrap_or_default());
    };
    if record.get("deleted") == Some(&Value::Bool(true)) {
        return found.skipped.add("record deleted in the file; nothing is deleted here", "");
    }
    let mut out = FoundRecord::new(kind, Identity::Own(id));
    let mut unknown = Map::new();
    for (key, value) in record {
        match (&*key, kind.field(&key)) {
            ("id" | "deleted", _) => {}
            ("number", _) => {
                let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
                out.number = number.filter(|number| (1..=HIGHEST_NUMBER).contains(number));
            }
            ("last_numbers", Some(_)) => {
                found.last_numbers = LastNumbers::from_value(&value).unwrap_or_default();
                found.last_numbers.0.retain(|kind, number| Kind::parse(kind).is_some() && *number <= HIGHEST_NUMBER);
            }
            ("rank", _) => out.rank = value.as_str().and_then(Rank::parse).filter(|rank| !rank.is_empty()),
            (_, Some(field)) if is_given_here(field) => {}
            (_, Some(field)) => take(field, &value, &mut out, found),
            (_, None) => {
                unknown.insert(key, value);
            }
        }
    }
    if !unknown.is_empty() {
        found.kept_beside = found.kept_beside.saturating_add(unknown.len());
        out.fields.extend(kind.field("unknown").map(|field| (field, Value::from(unknown))));
    }
    found.records.push(out);
}

fn take(field: &'static Field, value: &Value, out: &mut FoundRecord, found: &mut Found) {
    match field.accept(value) {
        Err(why) => found.skipped.add(&format!("invalid value: {}.{}", field.kind.key(), field.key), &why),
        Ok(value) if matches!(field.shape, Shape::Link | Shape::Links) => {
            let ids = match &value {
                Value::Array(all) => all.iter().filter_map(Value::as_str).filter_map(Id::parse).collect(),
                Value::String(one) => Id::parse(one).into_iter().collect(),
                _ => Vec::new(),
            };
            // A conflict refers to a record of any kind, which the link rules do not cover.
            if field.targets.is_empty() {
                out.fields.push((field, value));
            } else {
                out.links.push((field, ids.into_iter().map(Identity::Own).collect()));
            }
        }
        Ok(value) => out.fields.push((field, value)),
    }
}
