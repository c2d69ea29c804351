//! `show inbox`: what waits for this role, what waits for the other one, and what nobody has sorted.

use crate::cli::show::records;
use crate::insight::attention::{AttentionItem, AttentionKind, inbox};
use crate::insight::changed_why::{PastStep, changed_whys};
use crate::insight::proposals::{ProposedChange, cells, status};
use crate::insight::views;
use crate::model::product::Product;
use crate::model::role::Role;
use crate::model::schema::{Conflict, Feedback, Proposal};
use crate::model::value::{Cell, Map, Value, When};
use crate::store::history::History;

/// The three parts, and the records themselves as other views give them.
pub fn json(product: &Product, role: Role, history: &History, now: When) -> Value {
    let all = inbox(product, role, now.day());
    let rows = |items: &[AttentionItem]| Value::from_iter(items.iter().flat_map(|one| of(product, one, history)));
    let mut out = records::json(product, views::INBOX.kinds);
    out.insert("for_me", rows(&all.for_me));
    out.insert("waiting", rows(&all.waiting));
    out.insert("customers", rows(&all.customers));
    Value::from(out)
}

/// A line for each, under the name of its part.
pub fn text(product: &Product, role: Role, now: When) -> String {
    let all = inbox(product, role, now.day());
    let mut out = Vec::new();
    for (title, items) in
        [("For you", &all.for_me), ("Waiting for the other role", &all.waiting), ("Not sorted", &all.customers)]
    {
        out.push(format!("{title}: {}", items.len()));
        let line = |item: &AttentionItem| {
            let name = product.name_of(item.on);
            let title = product.find(item.on).map(|record| record.title()).unwrap_or_default();
            let first = title.lines().next().unwrap_or_default();
            format!("  {name:<9} {first} ({})", item.kind)
        };
        out.extend(items.iter().map(line));
    }
    out.join("\n")
}

/// The rows of one item: a record that depends on two changed whys asks about both.
fn of(product: &Product, item: &AttentionItem, history: &History) -> Vec<Value> {
    let mut row = Map::new();
    row.insert("kind", kind(item.kind).into());
    row.insert("number", product.name_of(item.on).into());
    let rows = match item.kind {
        AttentionKind::Proposed => vec![proposal(product, item, row)],
        AttentionKind::WhyMoved | AttentionKind::GoalMoved | AttentionKind::VisionMoved => {
            suspects(product, item, &row, history)
        }
        AttentionKind::Conflict => conflicts(product, item, &row),
        AttentionKind::Unsorted | AttentionKind::Question | AttentionKind::Remark => vec![voice(product, item, row)],
        AttentionKind::NoGoal
        | AttentionKind::Agree
        | AttentionKind::Promise
        | AttentionKind::HowMoved
        | AttentionKind::Answered
        | AttentionKind::Revisit => vec![row],
    };
    let is_said = |value: &Value| !matches!(value, Value::Null) && value.as_str() != Some("");
    let said = |row: Map| row.into_iter().filter(|(_, value)| is_said(value)).collect::<Map>().into();
    rows.into_iter().map(said).collect()
}

fn kind(kind: AttentionKind) -> &'static str {
    match kind {
        AttentionKind::Proposed => "proposal",
        AttentionKind::WhyMoved | AttentionKind::GoalMoved | AttentionKind::VisionMoved => "suspect",
        AttentionKind::Conflict => "conflict",
        AttentionKind::Unsorted => "voice",
        AttentionKind::Question => "question",
        AttentionKind::Answered => "answer",
        AttentionKind::Remark => "comment",
        AttentionKind::Promise => "promise",
        AttentionKind::Agree => "agree",
        AttentionKind::HowMoved => "echo",
        AttentionKind::Revisit => "decision",
        AttentionKind::NoGoal => "no_goal",
    }
}

fn proposal(product: &Product, item: &AttentionItem, mut row: Map) -> Map {
    let Some(proposal) = product.get::<Proposal>(item.on) else { return row };
    let cells = cells(product, proposal);
    row.insert("about", proposal.about.first().map(|id| product.name_of(*id)).into());
    if let [cell] = cells.as_slice() {
        row.insert("field", cell.change.field.key.into());
    }
    row.insert("by", proposal.by.to_value());
    row.insert("at", proposal.at.to_value());
    row.insert("was", value(product, &cells, |cell| &cell.change.from));
    row.insert("now", value(product, &cells, |cell| &cell.present));
    row.insert("want", value(product, &cells, |cell| &cell.change.to));
    row.insert("because", proposal.because.to_value());
    row.insert("state", status(product, proposal).key().into());
    row
}

/// The value of a single cell, or an object with the values of several.
fn value(product: &Product, cells: &[ProposedChange], of: fn(&ProposedChange) -> &Value) -> Value {
    let named = |cell: &ProposedChange| records::named(product, cell.change.field, of(cell));
    if let [cell] = cells {
        return named(cell);
    }
    let all = cells.iter().map(|cell| (cell.change.field.key.to_string(), named(cell)));
    let all: Map = all.filter(|(_, value)| !value.is_null()).collect();
    if all.is_empty() { Value::Null } else { Value::from(all) }
}

/// A row for each field of each why that changed.
fn suspects(product: &Product, item: &AttentionItem, row: &Map, history: &History) -> Vec<Map> {
    let Some(record) = product.find(item.on) else { return Vec::new() };
    let past = || {
        let entries = history.entries.iter().rev();
        entries.map(|one| PastStep { id: one.id, by: &one.by, at: one.time, step: &one.step })
    };
    let mut out = Vec::new();
    for changed in changed_whys(product, record, past) {
        let mut about = row.clone();
        about.insert("about", product.name_of(changed.why).into());
        if changed.fields.is_empty() {
            out.push(about.clone());
        }
        for one in changed.fields {
            let mut row = about.clone();
            row.insert("field", one.field.key.into());
            row.insert("by", one.by.into());
            row.insert("at", one.at.to_string().into());
            row.insert("was", records::named(product, one.field, &one.before));
            row.insert("now", records::named(product, one.field, &one.after));
            out.push(row);
        }
    }
    out
}

fn conflicts(product: &Product, item: &AttentionItem, row: &Map) -> Vec<Map> {
    let about = |one: &&std::sync::Arc<Conflict>| one.record == Some(item.on);
    let one = |conflict: &std::sync::Arc<Conflict>| {
        let mut row = row.clone();
        let field = product.find(item.on).and_then(|record| record.kind().field(&conflict.field));
        row.insert("field", conflict.field.to_value());
        row.insert("by", conflict.by.to_value());
        row.insert("was", conflict.lost.0.clone());
        row.insert("now", field.map(|field| product.value(item.on, field)).unwrap_or_default());
        row
    };
    product.all::<Conflict>().filter(about).map(one).collect()
}

fn voice(product: &Product, item: &AttentionItem, mut row: Map) -> Map {
    let Some(one) = product.get::<Feedback>(item.on) else { return row };
    row.insert("about", one.links.first().map(|id| product.name_of(*id)).into());
    row.insert("by", one.source.to_value());
    row.insert("at", one.date.to_value());
    row.insert("now", one.quote.to_value());
    row
}
