//! whyhow's own CSV, as `export --to csv` writes it: a row for each record, which keeps its id. Each row becomes a record
//! in the form of product.json, and then everything is as with that.

use crate::import::bytes::SourceFile;
use crate::import::format::{ImportFormat, Progress};
use crate::import::found::Found;
use crate::import::native::take_in;
use crate::model::id::Id;
use crate::model::rules::Refusal;
use crate::model::schema::Kind;
use crate::model::sheet::{EXACT, ID, KEY, KIND, Names, RANK, THROUGH, fields_of, number_in, record_of, unmarked};
use crate::model::value::{Map, Value};
use crate::options::Options;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Our own tables.
pub const ROW: ImportFormat = ImportFormat {
    name: "whyhow-csv",
    title: "whyhow CSV",
    about: "`export --to csv`, also after it was edited in a spreadsheet; records keep their ids",
    recognise: |file| delimiter(&file.text).is_some(),
    options: &[],
    read,
};

/// What stands between the cells; `None` if the file does not begin with our first column.
fn delimiter(text: &str) -> Option<u8> {
    let text = without_hint(text);
    let text = text.strip_prefix('"').unwrap_or(text);
    let rest = text.strip_prefix(ID)?;
    let rest = rest.strip_prefix('"').unwrap_or(rest);
    rest.bytes().next().filter(|byte| matches!(byte, b',' | b';' | b'\t' | b'|'))
}

/// The text behind a line `sep=;`, which Excel asks for and keeps.
fn without_hint(text: &str) -> &str {
    match text.split_once('\n') {
        Some((first, rest)) if first.trim_end().len() <= 5 && first.starts_with("sep=") => rest,
        _ => text,
    }
}

/// A row as it was meant: without marks against formulas, with line ends as everywhere.
fn cells(record: &csv::StringRecord) -> Vec<String> {
    record.iter().map(|cell| unmarked(cell).replace("\r\n", "\n")).collect()
}

fn read(file: &SourceFile, _: &Options, progress: Progress) -> Result<Found, Refusal> {
    let mut found = Found { format: ROW.title, from: file.name.clone(), ..Found::default() };
    let Some(delimiter) = delimiter(&file.text) else {
        let what = format!("{} does not begin with the column {ID:?}.", file.name);
        return Err(Refusal::new(what, "Nothing was imported; only whyhow's own CSV can be read like this."));
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(without_hint(&file.text).as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => rows.push(cells(&record)),
            Err(why) => found.skipped.add(&format!("a row that is none: {why}"), ""),
        }
    }
    let mut rows = rows.into_iter();
    let columns = rows.next().unwrap_or_default();
    let rows: Vec<Vec<String>> = rows.filter(|row| row.iter().any(|cell| !cell.trim().is_empty())).collect();
    let at = |row: &[String], column: &str| -> String {
        let place = columns.iter().position(|known| known == column);
        place.and_then(|place| row.get(place)).cloned().unwrap_or_default()
    };
    let mut names = Names::default();
    for row in &rows {
        if let Some(id) = Id::parse(&at(row, ID)) {
            names.add(at(row, KEY), id);
        }
    }
    let mut all = Vec::with_capacity(rows.len());
    let mut fields = FxHashMap::default();
    for row in &rows {
        let id = at(row, ID);
        let Some(kind) = Kind::parse(&at(row, KIND)) else {
            found.skipped.add("a row without a kind of record", &at(row, KEY));
            continue;
        };
        if row.len() > columns.len() {
            found.skipped.add("cells to the right of the last column", &at(row, KEY));
        }
        let exact = exact(&at(row, EXACT), &at(row, KEY), &mut found);
        let fields = fields.entry(kind).or_insert_with(|| fields_of(kind, &columns));
        let mut record = record_of((&columns, fields), row, &exact, &names);
        record.insert("id", id.into());
        let rank = at(row, RANK);
        if !rank.is_empty() {
            record.insert("rank", rank.into());
        }
        record.extend(number_in(&at(row, KEY)).map(|number| ("number".to_string(), Value::from(number))));
        all.push((kind, record));
        found.through = found.through.or_else(|| Id::parse(&at(row, THROUGH)));
    }
    take_in(all, &mut found, progress);
    Ok(found)
}

/// The values that the cells do not say exactly. Without them the cells count as they are.
fn exact(text: &str, of: &str, found: &mut Found) -> Map {
    match serde_json::from_str(text) {
        _ if text.is_empty() => Map::new(),
        Ok(Value::Object(exact)) => Arc::unwrap_or_clone(exact),
        _ => {
            found.warnings.add(&format!("the column {EXACT:?} cannot be read; the cells count as they are"), of);
            Map::new()
        }
    }
}
