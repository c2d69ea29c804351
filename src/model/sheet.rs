//! A record as a row of a spreadsheet: which column holds which field, a value as the text of a cell, and back. What a
//! cell cannot say goes into one more column as JSON, so that nothing is lost. The export writes such rows, the import
//! reads them.

use crate::model::field::{Field, Record};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::schema::Kind;
use crate::model::value::{Map, Shape, Value};
use rustc_hash::FxHashMap;

/// The column of the record's id; the first one, by which such a file is known.
pub const ID: &str = "whyhow id";
/// What people call the record, with its number: S24.
pub const KEY: &str = "key";
pub const KIND: &str = "kind";
pub const RANK: &str = "rank";
/// The columns above, in this order.
pub const HEAD: [&str; 4] = [ID, KEY, KIND, RANK];
/// For people only: the days of the sprint that a story is in.
pub const SPRINT_DAYS: [&str; 2] = ["sprint start", "sprint end"];
/// The values that their cells do not say exactly, and what the record has beside its fields.
pub const EXACT: &str = "exact";
/// The step up to which the product is in the file, in the first row.
pub const THROUGH: &str = "through";
/// Before the header of data that an import brought: `extra: github/author`.
const BESIDE: &str = "extra: ";
/// The same for a number, or for yes and no: `extra value: github/comments`.
const BESIDE_VALUE: &str = "extra value: ";
/// The field that such data is in.
const BESIDE_KEY: &str = "extra";

/// Columns with a name for people, in this order. Every other field is a column under its key.
const NAMED: &[(&str, &[(Kind, &str)])] = &[
    ("type", &[(Kind::BacklogItem, "kind"), (Kind::RoadmapItem, "kind"), (Kind::Feedback, "kind")]),
    (
        "state",
        &[
            (Kind::BacklogItem, "status"),
            (Kind::Sprint, "state"),
            (Kind::RoadmapItem, "result"),
            (Kind::ProductGoal, "state"),
            (Kind::Feedback, "state"),
            (Kind::Proposal, "state"),
        ],
    ),
    ("estimate", &[(Kind::BacklogItem, "points")]),
    ("sprint", &[(Kind::BacklogItem, "sprint")]),
    ("roadmap item", &[(Kind::BacklogItem, "serves")]),
    ("parent", &[(Kind::BacklogItem, "parent")]),
    ("labels", &[(Kind::BacklogItem, "labels")]),
    ("people", &[(Kind::BacklogItem, "assignee")]),
    ("acceptance criteria", &[(Kind::BacklogItem, "criteria")]),
    ("tasks", &[(Kind::BacklogItem, "tasks")]),
    ("depends on", &[(Kind::BacklogItem, "depends_on")]),
    ("created", &[(Kind::BacklogItem, "created")]),
    ("done", &[(Kind::BacklogItem, "closed")]),
    ("description", &[(Kind::BacklogItem, "story")]),
];

const TITLE: &str = "title";

/// The header of the column that holds a field. The id, number, rank and life of a record are in the head of the row.
pub fn header(field: &Field) -> &'static str {
    if field.kind.title_field() == Some(field) {
        return TITLE;
    }
    let named = NAMED.iter().find(|(_, fields)| fields.contains(&(field.kind, field.key)));
    named.map_or(field.key, |(header, _)| header)
}

/// The field of a kind that a column holds.
pub fn field_of(kind: Kind, column: &str) -> Option<&'static Field> {
    kind.fields().iter().find(|field| is_a_cell(field) && header(field) == column)
}

/// All columns of fields: those with a name for people first, what only the program reads last.
pub fn headers() -> Vec<&'static str> {
    let mut out: Vec<&'static str> = std::iter::once(TITLE).chain(NAMED.iter().map(|(header, _)| *header)).collect();
    // Stories first: theirs are looked at most.
    let all = Kind::ALL.iter().rev().flat_map(|kind| kind.fields()).filter(|field| is_a_cell(field));
    let (facts, texts): (Vec<&Field>, Vec<&Field>) =
        all.partition(|field| matches!(field.shape, Shape::Entries | Shape::Facts));
    for header in texts.into_iter().chain(facts).map(header) {
        if !out.contains(&header) {
            out.push(header);
        }
    }
    out
}

/// True if a field has a column; the others are in the head of the row or in columns of their own.
fn is_a_cell(field: &Field) -> bool {
    !field.is_head() && field.shape != Shape::Extra
}

/// What people call a record, with its number in any case: S24, sprint 13, P1.
pub fn key_of(record: &dyn Record) -> String {
    match record.kind() {
        Kind::VisionBoard => format!("{}{}", record.kind().letter(), record.number()),
        _ => record.name(),
    }
}

/// The number in such a key.
pub fn number_in(key: &str) -> Option<u64> {
    key.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().ok()
}

/// Records by what people call them, where that is one record's alone.
#[derive(Default)]
pub struct Names {
    ids: FxHashMap<String, Option<Id>>,
    names: FxHashMap<Id, String>,
}

impl Names {
    pub fn of(product: &Product) -> Names {
        let mut out = Names::default();
        for record in Kind::ALL.iter().flat_map(|kind| product.living(*kind)) {
            out.add(key_of(record), record.id());
        }
        out
    }

    pub fn add(&mut self, name: String, id: Id) {
        self.names.insert(id, name.clone());
        self.ids.entry(name).and_modify(|known| *known = known.filter(|known| *known == id)).or_insert(Some(id));
    }

    fn name(&self, id: Id) -> String {
        let name = self.names.get(&id).filter(|name| self.ids.get(*name) == Some(&Some(id)));
        name.cloned().unwrap_or_else(|| id.to_string())
    }

    fn id(&self, name: &str) -> Option<Id> {
        self.ids.get(name).copied().flatten().or_else(|| Id::parse(name))
    }
}

/// A value as the text of a cell. Whether the cell says all of it, [`value_of`] tells.
pub fn text_of(field: &Field, value: &Value, names: &Names) -> String {
    let named = |value: &Value| value.as_str().map(|id| Id::parse(id).map_or(id.to_string(), |id| names.name(id)));
    let text = match (field.shape, value) {
        // What nobody chose is said too: an empty state says nothing to people.
        (Shape::Choice(choices), Value::Null) => choices.first().map(|one| one.label.to_string()).unwrap_or_default(),
        (_, Value::Null) => String::new(),
        (Shape::Line | Shape::Prose | Shape::Day | Shape::When, Value::String(text)) => text.to_string(),
        (Shape::Link, value) => named(value).unwrap_or_default(),
        (Shape::Links, Value::Array(all)) => all.iter().filter_map(named).collect::<Vec<_>>().join(", "),
        (Shape::Entries | Shape::Facts | Shape::Extra, value) => fact(value),
        _ => field.text_of(value),
    };
    visible(&text)
}

/// What a cell says, as the field stores it. A text that is no value of the field stays a text.
pub fn value_of(field: &Field, text: &str, names: &Names) -> Value {
    let id = |name: &str| Value::from(names.id(name.trim()).map_or(name.trim().to_string(), |id| id.to_string()));
    match field.shape {
        _ if text.is_empty() => Value::Null,
        Shape::Line | Shape::Prose | Shape::Day | Shape::When => Value::from(text.to_string()),
        Shape::Link => id(text),
        Shape::Links => text.split(',').map(id).collect(),
        Shape::Entries | Shape::Facts | Shape::Extra => said_fact(text),
        _ => field.from_text(text).unwrap_or_else(|_| Value::from(text.to_string())),
    }
}

/// Words as they are, everything else as JSON.
fn fact(value: &Value) -> String {
    match value {
        Value::String(text) if said_fact(text) == *value => text.to_string(),
        value => value.to_string(),
    }
}

fn said_fact(text: &str) -> Value {
    match text.starts_with(['{', '[', '"', '-']) || text.starts_with(|c: char| c.is_ascii_digit()) {
        true => serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.to_string())),
        false if text == "true" || text == "false" => Value::Bool(text == "true"),
        false => Value::from(text.to_string()),
    }
}

/// A record as the cells of its row: by header, and what they do not say exactly.
#[derive(Debug, Default)]
pub struct SheetRow {
    pub cells: Vec<(String, String)>,
    pub exact: Map,
}

impl SheetRow {
    pub fn of(record: &dyn Record, names: &Names) -> SheetRow {
        let mut row = SheetRow::default();
        for field in record.kind().fields() {
            let value = record.value(field);
            match field.key {
                "alive" | "number" => {}
                "rank" => row.put(RANK.to_string(), value.as_str().unwrap_or_default().to_string()),
                // What the record has beside its fields stands with the values under its own keys.
                "unknown" => row.exact.extend(value.as_object().cloned().unwrap_or_default()),
                _ if field.shape == Shape::Extra => row.beside(field, &value),
                _ => {
                    let text = text_of(field, &value, names);
                    if !is_same(&value_of(field, &text, names), &value) {
                        row.exact.insert(field.key.to_string(), value);
                    }
                    row.put(header(field).to_string(), text);
                }
            }
        }
        row
    }

    /// Looks whether imported data comes back in its order from columns in this one; if not, it is kept exactly too.
    pub fn settle(&mut self, record: &dyn Record, columns: &[String]) {
        let Some(field) = record.kind().field(BESIDE_KEY).filter(|_| !self.exact.contains_key(BESIDE_KEY)) else {
            return;
        };
        let mut back = Map::new();
        let mine: FxHashMap<&str, &str> = self.cells.iter().map(|(header, text)| (&**header, &**text)).collect();
        for column in columns.iter().filter(|column| is_beside(column)) {
            take_beside(&mut back, column, mine.get(column.as_str()).copied().unwrap_or_default());
        }
        let value = record.value(field);
        if !value.is_null() && !is_same(&Value::from(back), &value) {
            self.exact.insert(BESIDE_KEY.to_string(), value);
        }
    }

    fn put(&mut self, header: String, text: String) {
        if !text.is_empty() {
            self.cells.push((header, text));
        }
    }

    /// Data that an import brought: a column for each header, or all of it as it is if columns cannot say it.
    fn beside(&mut self, field: &Field, value: &Value) {
        let mut cells = Vec::new();
        for (system, headers) in value.as_object().into_iter().flatten() {
            for (header, values) in headers.as_object().into_iter().flatten() {
                let (before, text) = listed(values);
                cells.push((visible(&format!("{before}{system}/{header}")), visible(&text)));
            }
        }
        let mut back = Map::new();
        cells.iter().for_each(|(header, text)| take_beside(&mut back, header, text));
        if is_same(&Value::from(back), value) || value.is_null() {
            cells.into_iter().for_each(|(header, text)| self.put(header, text));
        } else {
            self.exact.insert(field.key, value.clone());
        }
    }
}

fn is_beside(column: &str) -> bool {
    column.starts_with(BESIDE) || column.starts_with(BESIDE_VALUE)
}

/// A list of one text is that text, one of a single number that number, in a column of its own kind; anything else is JSON.
fn listed(values: &Value) -> (&'static str, String) {
    match values.as_array().map(Vec::as_slice) {
        Some([Value::String(one)]) if is_same(&said_list(one), values) => (BESIDE, one.to_string()),
        Some([one @ (Value::Number(_) | Value::Bool(_))]) => (BESIDE_VALUE, one.to_string()),
        _ => (BESIDE, values.to_string()),
    }
}

fn said_list(text: &str) -> Value {
    let json = if text.starts_with(['[', '{', '"']) { serde_json::from_str(text).ok() } else { None };
    json.unwrap_or_else(|| Value::from(vec![Value::from(text.to_string())]))
}

/// Puts a cell of data that an import brought where it belongs. Other columns are none of that.
pub fn take_beside(extra: &mut Map, header: &str, text: &str) {
    let value = header.strip_prefix(BESIDE_VALUE);
    let name = value.or_else(|| header.strip_prefix(BESIDE)).and_then(|rest| rest.split_once('/'));
    let Some((system, header)) = name else { return };
    if text.is_empty() {
        return;
    }
    let of_system = extra.entry(system.into()).or_insert_with(|| Value::from(Map::new()));
    if let Some(headers) = of_system.as_object_mut() {
        let said = match value.and_then(|_| serde_json::from_str::<Value>(&text.to_lowercase()).ok()) {
            Some(one) => Value::from(vec![one]),
            None => said_list(text),
        };
        headers.insert(header.to_string(), said);
    }
}

/// True if two values are written alike, the order of keys included.
fn is_same(a: &Value, b: &Value) -> bool {
    a == b && serde_json::to_vec(a).ok() == serde_json::to_vec(b).ok()
}

/// The fields of a kind in the columns of a file, in their order.
pub fn fields_of(kind: Kind, columns: &[String]) -> Vec<Option<&'static Field>> {
    columns.iter().map(|column| field_of(kind, column)).collect()
}

/// A record in the form of product.json, from the cells of its row. Cells that say what the exact values say give way
/// to these; a cell that somebody changed since counts.
pub fn record_of(
    (columns, fields): (&[String], &[Option<&'static Field>]),
    row: &[String],
    exact: &Map,
    names: &Names,
) -> Map {
    let (mut out, mut extra) = (Map::new(), Map::new());
    let cells = row.iter().map(String::as_str).chain(std::iter::repeat(""));
    for ((column, field), text) in columns.iter().zip(fields).zip(cells) {
        match field {
            None => take_beside(&mut extra, column, text),
            // Nobody empties what only the program writes: it may have written it since.
            Some(field) if text.is_empty() && field.owner == Owner::System && !exact.contains_key(field.key) => {}
            Some(field) => {
                let known = exact.get(field.key).filter(|value| text_of(field, value, names) == text);
                let value = known.cloned().unwrap_or_else(|| value_of(field, text, names));
                out.insert(field.key.to_string(), value);
            }
        }
    }
    let extra = Some(Value::from(extra)).filter(|extra| extra.as_object().is_some_and(|all| !all.is_empty()));
    // Alike but for their order, or not said by cells at all.
    let known = exact.get(BESIDE_KEY).filter(|known| extra.as_ref().is_none_or(|extra| extra == *known));
    if let Some(extra) = known.cloned().or(extra) {
        out.insert(BESIDE_KEY.to_string(), extra);
    }
    for (key, value) in exact {
        if !out.contains_key(key) {
            out.insert(key.clone(), value.clone());
        }
    }
    out
}

/// Characters that steer a terminal, turn the direction of a text, or hide in it.
pub fn is_hidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// A text in which such characters are visible placeholders.
pub fn visible(text: &str) -> String {
    text.chars().map(|c| if is_hidden(c) { '\u{FFFD}' } else { c }).collect()
}

/// JSON in which such characters are escaped, which does not change its meaning.
pub fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        let mut units = [0u16; 2];
        match is_hidden(c) {
            true => c.encode_utf16(&mut units).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}"))),
            false => out.push(c),
        }
    }
    out
}

/// True if a spreadsheet would take the text for a formula, or if a mark before it would be taken for ours.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// A cell as it is written. A formula gets a mark, so that a spreadsheet takes it for a text. A mark that is somebody's
/// own gets one in any case, so that it stays when ours are taken off.
pub fn marked(text: &str, safe: bool) -> String {
    let marks = is_formula(text) && (safe || text.starts_with('\''));
    if marks { format!("'{text}") } else { text.to_string() }
}

/// A cell as it was meant: without our mark.
pub fn unmarked(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Row 70: a formula is a text, and comes back as it was.
    #[test]
    fn a_mark_comes_off_whatever_the_text_was() {
        for text in ["=1+1", "'=1", "''=1", "-3", "+1", "@x", "\tx", "'", "'a", "''", "a=1", "", "'-"] {
            for safe in [true, false] {
                assert_eq!(unmarked(&marked(text, safe)), text, "{text:?} {safe}");
            }
            let written = marked(text, true);
            assert!(!written.starts_with(['=', '+', '-', '@', '\t', '\r']), "{written:?}");
        }
        assert_eq!(marked("=1", false), "=1");
    }

    #[test]
    fn a_single_number_is_a_number_in_its_cell() {
        for value in
            [crate::json!([0]), crate::json!([-1]), crate::json!([true]), crate::json!(["0"]), crate::json!([0, 1])]
        {
            let (before, text) = listed(&value);
            let mut back = Map::new();
            take_beside(&mut back, &format!("{before}github/comments"), &text);
            assert_eq!(back["github"]["comments"], value, "{before}{text}");
        }
        assert_eq!(listed(&crate::json!([0])), (BESIDE_VALUE, "0".to_string()));
        assert_eq!(listed(&crate::json!(["0"])), (BESIDE, "0".to_string()));
    }

    #[test]
    fn no_two_fields_of_a_kind_share_a_column() {
        let all = headers();
        for kind in Kind::ALL {
            let mine: Vec<&str> = kind.fields().iter().filter(|field| is_a_cell(field)).map(header).collect();
            for (nth, header) in mine.iter().enumerate() {
                assert!(!mine[..nth].contains(header), "{header} of {kind:?} stands twice");
                assert!(all.contains(header), "{header} is no column");
                assert!(
                    !HEAD.contains(header) && !SPRINT_DAYS.contains(header) && *header != EXACT && *header != THROUGH
                );
                assert_eq!(field_of(*kind, header).map(super::header), Some(*header));
            }
        }
        for (header, fields) in NAMED {
            for (kind, key) in *fields {
                assert!(kind.field(key).is_some(), "{header} holds {key}, which {kind:?} does not have");
            }
        }
    }

    #[test]
    fn what_hides_is_seen_in_a_cell_and_kept_in_json() {
        let text = "a\u{1b}[2J\u{202e}b\u{e0041}";
        assert_eq!(visible(text), "a\u{FFFD}[2J\u{FFFD}b\u{FFFD}");
        let json = escaped(&Value::from(text).to_string());
        assert!(!json.chars().any(is_hidden), "{json}");
        assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), text);
    }
}
