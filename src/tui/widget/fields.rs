//! The rows of the why and how panes: fields of the selected record and of what it serves, checkboxes, notes, links.

use crate::insight::address::{address, named_source};
use crate::insight::agreement::{agreed_in_words, state_in_words};
use crate::insight::comments::{holds_comments, kept_comments};
use crate::insight::done::checked;
use crate::insight::outlook::short;
use crate::model::field::{Field, Record};
use crate::model::grammar::key_in_words;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::schema::{BacklogItem, Conflict, Decision, Feedback, FeedbackKind, Kind, ProductGoal};
use crate::model::value::{Cell, Confirmation, Day, Extra, Map, Shape, Value};
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::Ui;
use crate::tui::term::layout::Focus;
use crate::tui::term::text::clean;

/// The record a pane is about, for its border.
pub fn record_title(ui: &Ui, product: &Product, _: Focus) -> String {
    let Some(row) = ui.chosen_row() else { return String::new() };
    match product.find(row.id) {
        Some(_) if row.kind == Kind::VisionBoard => "Vision".to_string(),
        Some(record) => format!("{} {}", record.name(), clean(&record.title())),
        None => String::new(),
    }
}

/// The rows of one record's fields that belong to `half`, in the table's order, with checklists row by row.
pub fn fields_of(product: &Product, kind: Kind, id: Id, half: Owner) -> Vec<PaneRow> {
    let mut out = Vec::new();
    let Some(record) = product.table(kind).find(id) else { return out };
    let wanted = |field: &&Field| {
        let owner = if field.owner == Owner::Both { kind.owner() } else { field.owner };
        let half_of = if owner == Owner::Both { Owner::Why } else { owner };
        half_of == half && (field.is_typed() || (!field.actions.is_empty() && field.owner != Owner::System))
    };
    for field in kind.fields().iter().filter(wanted) {
        // A field set only by actions is shown once it is set.
        if !field.actions.is_empty() && !matches!(field.shape, Shape::Choice(_)) && record.value(field).is_null() {
            continue;
        }
        match field.shape {
            Shape::Criteria | Shape::Tasks => boxes(product, id, field, &record.value(field), &mut out),
            _ => out.push(PaneRow::Field { record: id, field }),
        }
        let other = |one: &&std::sync::Arc<Conflict>| one.record == Some(id) && &*one.field == field.key;
        if let Some(conflict) = product.all::<Conflict>().find(other) {
            let word = format!(
                "{} was changed twice; {} wrote another value. {{conflict.choose}} chooses.",
                field.label, &*conflict.by
            );
            out.push(PaneRow::Warning(word));
        }
    }
    out
}

/// Who has agreed to a Product Goal that is not active yet.
pub fn agreement_of(product: &Product, id: Id, today: Day) -> Option<PaneRow> {
    let said = agreed_in_words(product, product.get::<ProductGoal>(id)?, today);
    (!said.is_empty()).then(|| PaneRow::Note(format!("Agreed: {said}")))
}

/// The rows of one field, by its key: sentences with checkboxes row by row.
pub fn sentences_of(product: &Product, kind: Kind, id: Id, key: &str) -> Vec<PaneRow> {
    let mut out = Vec::new();
    if let (Some(record), Some(field)) = (product.table(kind).find(id), kind.field(key)) {
        match field.shape {
            Shape::Criteria | Shape::Tasks => boxes(product, id, field, &record.value(field), &mut out),
            _ => out.push(PaneRow::Field { record: id, field }),
        }
    }
    out
}

fn boxes(product: &Product, id: Id, field: &'static Field, value: &Value, out: &mut Vec<PaneRow>) {
    let all = value.as_array().map(Vec::as_slice).unwrap_or_default();
    if all.is_empty() {
        out.push(PaneRow::Field { record: id, field });
        return;
    }
    let ticked = |one: &Value| ["met", "done"].iter().any(|key| one.get(key) == Some(&Value::Bool(true)));
    let done = all.iter().filter(|one| ticked(one)).count();
    let item = product.get::<BacklogItem>(id).filter(|_| field.shape == Shape::Criteria);
    let waived = item.map_or(0, |item| checked(product, item).criteria_waived);
    let waived = if waived > 0 { format!(", {waived} waived") } else { String::new() };
    out.push(PaneRow::Heading(format!("{}  {done} of {}{waived}", field.label, all.len())));
    for (nth, one) in all.iter().enumerate() {
        let text = one.get("text").and_then(Value::as_str).unwrap_or_default().to_string();
        out.push(PaneRow::Box { record: id, field, nth, text, ticked: ticked(one) });
    }
}

/// The feedback on a record, newest last; the inbox has all of it.
pub fn voices_of(product: &Product, id: Id) -> Vec<PaneRow> {
    let all: Vec<_> = product.all::<Feedback>().filter(|one| one.links.contains(&id)).collect();
    if all.is_empty() {
        return Vec::new();
    }
    let mut out = vec![PaneRow::Heading(format!("Feedback  {}", all.len()))];
    for one in all.iter().rev().take(8).rev() {
        let words = one.quote.lines().next().unwrap_or_default();
        out.push(PaneRow::Link { id: one.id, text: format!("{} {words}  {}", sign(one.kind), &*one.source) });
        if let Some(answer) = one.answer.lines().next() {
            let by = if one.answered_by.trim().is_empty() { "answer" } else { one.answered_by.trim() };
            out.push(PaneRow::Note(format!("  {}: {}", clean(by), clean(answer))));
        }
    }
    out
}

/// What was said when somebody confirmed that a record still fits the why as it is now.
pub fn confirmed_notes_of(product: &Product, record: &dyn Record, today: Day) -> Vec<PaneRow> {
    let stands = |one: &&Confirmation| product.find(one.on).and_then(|why| why.why_rev()) == one.rev;
    let all = record.confirmed().iter().filter(|one| !one.note.trim().is_empty()).filter(stands);
    let row = |one: &Confirmation| {
        let (by, day) = (clean(&one.by), short(one.at.day(), today));
        PaneRow::Note(format!("Still fits {} ({by}, {day}): {}", product.name_of(one.on), clean(one.note.trim())))
    };
    all.map(row).collect()
}

/// The decisions about a record that no later one has replaced.
pub fn decisions_of(product: &Product, id: Id) -> Vec<PaneRow> {
    let about = |one: &&std::sync::Arc<Decision>| one.links.contains(&id) && one.superseded_by.is_none();
    let row = |one: &std::sync::Arc<Decision>| PaneRow::Link { id: one.id, text: format!("decided: {}", &*one.title) };
    product.all::<Decision>().filter(about).map(row).collect()
}

/// Its number in the tool it came from, and how its page opens: `GitHub #2271 · o opens its page`.
fn source_of(record: &dyn Record) -> Option<PaneRow> {
    let opens = if address(record).is_some() { " · {address.open} opens its page" } else { "" };
    named_source(record).map(|source| PaneRow::Note(format!("{source}{opens}")))
}

/// Where it came from, and imported data without a matching field; comments first, with author and day.
pub fn extra_of(product: &Product, kind: Kind, id: Id) -> Vec<PaneRow> {
    let found = product.table(kind).find(id);
    let mut out: Vec<PaneRow> = found.and_then(source_of).into_iter().collect();
    let found = found.zip(kind.field("extra"));
    let Some(Ok(extra)) = found.map(|(record, field)| Extra::from_value(&record.value(field))) else {
        return out;
    };
    let comments = kept_comments(&extra.0);
    if !comments.is_empty() {
        out.push(PaneRow::Heading("Comments from the import".to_string()));
    }
    for one in comments {
        let head: Vec<&str> = [one.by.as_str(), one.day.as_str()].into_iter().filter(|word| !word.is_empty()).collect();
        out.push(PaneRow::Note(head.join(" · ")));
        out.extend(one.text.lines().map(|line| PaneRow::Note(format!("  {line}"))));
    }
    let mut rest = (*extra.0).clone();
    for fields in rest.values_mut().filter_map(Value::as_object_mut) {
        fields.retain(|header, value| !holds_comments(header, value));
        *fields = in_words(fields);
    }
    let mut others = Map::new();
    for (source, fields) in &mut rest {
        let Some(fields) = fields.as_object_mut() else { continue };
        let below = fields.iter().filter(|(key, value)| !is_for_people(key, value));
        let below: Map = below.map(|(key, value)| (key.clone(), value.clone())).collect();
        if !below.is_empty() {
            others.insert(source.clone(), Value::from(below));
        }
        fields.retain(|key, value| is_for_people(key, value));
    }
    let text = Extra(rest.into()).to_text();
    if !text.is_empty() || !others.is_empty() {
        out.push(PaneRow::Heading("Kept from the import".to_string()));
        out.extend(text.lines().map(|line| PaneRow::Note(line.to_string())));
    }
    if !others.is_empty() {
        let all = Extra(others.into()).to_text();
        out.push(PaneRow::Note(format!("for programs: {}", all.lines().collect::<Vec<_>>().join(" · "))));
    }
    out
}

/// True for a kept value that says something to a reader: no yes or no of a program, no address, no identifier.
fn is_for_people(key: &str, value: &Value) -> bool {
    match value {
        Value::Number(_) | Value::Array(_) if key.eq_ignore_ascii_case("priority") => true,
        Value::Array(all) => all.iter().any(|one| is_for_people(key, one)),
        Value::Object(_) => true,
        Value::Number(number) => number.as_i64() != Some(-1),
        Value::String(text) => {
            let is_one = !text.trim().contains(char::is_whitespace);
            let is_id = key == "id" || key.ends_with(" id") || key.ends_with(" ids");
            let is_address = text.trim_start().starts_with("http://") || text.trim_start().starts_with("https://");
            !(is_one && (is_address || is_id || matches!(&**text, "yes" | "no" | "true" | "false")))
        }
        Value::Bool(_) | Value::Null => false,
    }
}

/// What an import kept of one source, with the keys of the other tool's file as words.
fn in_words(kept: &Map) -> Map {
    let mut out = Map::new();
    for (key, value) in kept {
        let value = match value {
            Value::Object(below) => Value::from(in_words(below)),
            Value::Bool(is_so) => if *is_so { "yes" } else { "no" }.into(),
            other => other.clone(),
        };
        // Two keys may read alike; none is lost.
        let words = Some(key_in_words(key)).filter(|words| !out.contains_key(words));
        out.insert(words.unwrap_or_else(|| key.to_string()), value);
    }
    out
}

/// A field's text in a pane, with links by number and title.
pub fn shown_text(product: &Product, record: Id, field: &Field) -> String {
    let Some(one) = product.table(field.kind).find(record) else { return String::new() };
    let linked = |value: &Value| -> String {
        let Some(id) = value.as_str().and_then(Id::parse) else { return String::new() };
        match product.find(id) {
            Some(target) if target.is_alive() => format!("{} {}", target.name(), target.title()),
            Some(target) => format!("{} (deleted)", target.name()),
            None => "something that no longer exists".to_string(),
        }
    };
    if let Some(goal) = product.get::<ProductGoal>(record).filter(|_| field.key == "state") {
        return state_in_words(product, goal);
    }
    match (field.shape, one.value(field)) {
        (Shape::Link, value @ Value::String(_)) => linked(&value),
        (Shape::Links, Value::Array(all)) => all.iter().map(linked).collect::<Vec<_>>().join("\n"),
        // Editors and files keep the short form that sorts.
        (Shape::Day, value) => match Option::<Day>::from_value(&value) {
            Ok(Some(day)) => day.0.format("%-d %b %Y").to_string(),
            _ => one.text(field),
        },
        _ => one.text(field),
    }
}

/// The symbol for a kind of feedback, also typed at the start of a comment.
pub fn sign(kind: FeedbackKind) -> char {
    match kind {
        FeedbackKind::Complaint => '-',
        FeedbackKind::Question => '?',
        FeedbackKind::Praise => '*',
        FeedbackKind::Idea | FeedbackKind::Request => '+',
        _ => '·',
    }
}
