//! All records as rows of one table, from which an import gets every fact back. Columns that nobody uses are left out,
//! except those that people look for.

use crate::export::csv::text::{OPTIONS, written};
use crate::export::format::{ExportFormat, Form, Subject, Written};
use crate::model::field::Record;
use crate::model::product::Product;
use crate::model::rules::Refusal;
use crate::model::schema::{BacklogItem, Kind, Sprint};
use crate::model::sheet::{EXACT, HEAD, Names, SPRINT_DAYS, SheetRow, THROUGH, escaped, headers, key_of};
use crate::model::value::{Day, Value};
use crate::options::Options;
use rustc_hash::{FxHashMap, FxHashSet};

/// The row of the table.
pub const ROW: ExportFormat = ExportFormat {
    name: "csv",
    title: "CSV",
    about: "every record as a row, for a spreadsheet; import reads it back without loss",
    ending: "csv",
    form: Form::Ready,
    tells_past: false,
    options: OPTIONS,
    check: |_| Ok(()),
    write,
};

/// Columns that are there even if they are empty.
const ALWAYS: &[&str] = &[
    "title",
    "type",
    "state",
    "estimate",
    "sprint",
    "roadmap item",
    "parent",
    "labels",
    "people",
    "acceptance criteria",
    "tasks",
    "depends on",
    "created",
    "done",
    "description",
];

fn write(subject: &Subject, options: &Options) -> Result<Written, Refusal> {
    let product = subject.product;
    let names = Names::of(product);
    let records: Vec<&dyn Record> = Kind::ALL.iter().flat_map(|kind| product.living(*kind)).collect();
    let rows: Vec<SheetRow> = records.iter().map(|one| SheetRow::of(*one, &names)).collect();
    // Of imported data the headers come in the order in which the records have them.
    let mut used: Vec<&str> = Vec::new();
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    for (header, _) in rows.iter().flat_map(|row| &row.cells) {
        if seen.insert(header) {
            used.push(header);
        }
    }
    let mut columns: Vec<String> = HEAD.map(str::to_string).to_vec();
    for header in headers().into_iter().filter(|header| ALWAYS.contains(header) || seen.contains(header)) {
        columns.push(header.to_string());
        if header == "sprint" {
            columns.extend(SPRINT_DAYS.map(str::to_string));
        }
    }
    let known: FxHashSet<String> = columns.iter().cloned().collect();
    columns.extend(used.into_iter().filter(|header| !known.contains(*header)).map(str::to_string));
    columns.push(EXACT.to_string());
    let through = product.unknown.get(THROUGH).and_then(Value::as_str);
    columns.extend(through.map(|_| THROUGH.to_string()));
    let mut out = vec![columns.clone()];
    for (nth, (record, mut row)) in records.iter().zip(rows).enumerate() {
        row.settle(*record, &columns);
        let mut cells = cells(product, *record, row);
        if let Some(through) = through.filter(|_| nth == 0) {
            cells.insert(THROUGH.to_string(), through.to_string());
        }
        out.push(columns.iter().map(|header| cells.remove(header).unwrap_or_default()).collect());
    }
    written(&out, options)
}

/// The cells of a record by header.
fn cells(product: &Product, record: &dyn Record, row: SheetRow) -> FxHashMap<String, String> {
    let mut out: FxHashMap<String, String> = row.cells.into_iter().collect();
    let mut put = |header: &str, text: String| drop(out.insert(header.to_string(), text));
    let [id, key, kind, _] = HEAD;
    put(id, record.id().to_string());
    put(key, key_of(record));
    put(kind, record.kind().key().to_string());
    if !row.exact.is_empty() {
        put(EXACT, escaped(&Value::from(row.exact).to_string()));
    }
    let sprint = product.get::<BacklogItem>(record.id()).and_then(|story| product.get::<Sprint>(story.sprint?));
    let days = sprint.map_or([None, None], |sprint| [sprint.start, sprint.end]);
    for (header, day) in SPRINT_DAYS.into_iter().zip(days) {
        put(header, day.map(|day: Day| day.to_string()).unwrap_or_default());
    }
    out
}
