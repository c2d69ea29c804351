//! `show history`: every act, newest first.

use crate::model::change::Change;
use crate::model::product::Product;
use crate::model::value::Value;
use crate::store::history::History;
use crate::store::journal::LoggedStep;

pub fn json(product: &Product, history: &History) -> Value {
    Value::from_iter(history.entries.iter().rev().map(|entry| row(product, entry)))
}

pub fn text(history: &History) -> String {
    history.entries.iter().rev().map(|entry| line(entry)).collect::<Vec<_>>().join("\n")
}

/// One line per step: time, name, role and label.
fn line(entry: &LoggedStep) -> String {
    let time = entry.time.0.format("%Y-%m-%d %H:%M");
    format!("{time}  {:<5} {:<10} {}", entry.role.label(), entry.by, entry.told())
}

fn row(product: &Product, entry: &LoggedStep) -> Value {
    let change = |c: &Change| {
        crate::json!({
            "kind": c.kind().key(), "id": c.id, "number": product.name_of(c.id),
            "field": c.field.key, "from": c.from, "to": c.to,
        })
    };
    crate::json!({
        "step": entry.id, "time": entry.time, "by": entry.by, "role": entry.role.key(), "label": entry.step.label,
        "undoes": entry.undoes, "redoes": entry.redoes,
        "changes": entry.step.changes.iter().map(change).collect::<Vec<_>>(),
    })
}
