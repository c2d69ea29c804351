//! What somebody could not have seen when they acted: steps of other sessions that came into the file before theirs.
//!
//! Nearly everything meets cell by cell in `rebase`. A deletion does not: it says something about the whole record, also
//! about what others wrote into it meanwhile. So it gives way to an edit that it had not seen, and a record that was made
//! under something deleted meanwhile is kept without that link.

use crate::model::change::{Change, Step};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::rules::Refusal;
use crate::model::value::Value;
use crate::store::journal::LoggedStep;
use std::sync::Arc;

/// The entries behind the last step that was seen. Where that is not among them, all of them came later.
pub fn behind(entries: &[Arc<LoggedStep>], seen: Option<Id>) -> &[Arc<LoggedStep>] {
    let from = entries.iter().rposition(|entry| Some(entry.id) == seen).map_or(0, |at| at.saturating_add(1));
    entries.get(from..).unwrap_or_default()
}

/// The step as it can be taken by somebody who had not seen `others`, and what was left out of it, in words.
pub fn fit(product: &Product, step: &Step, others: &[&LoggedStep]) -> Result<(Step, Vec<String>), Refusal> {
    let gone = |change: &&Change| change.field.key == "alive" && change.to != Value::Bool(true);
    for deleted in step.changes.iter().filter(gone) {
        if !product.find(deleted.id).is_some_and(|record| record.is_alive()) {
            continue;
        }
        let edit = others.iter().find(|entry| entry.step.changes.iter().any(|change| is_about(change, deleted.id)));
        if let Some(entry) = edit {
            let name = product.name_of(deleted.id);
            return Err(Refusal::new(
                format!("{} worked on {name} meanwhile ({}), so it was not deleted.", entry.by, entry.step.label),
                "Look at it first; deleting it once more deletes it as it is now.",
            ));
        }
    }
    let mut left = Vec::new();
    let mut out = step.clone();
    let made: Vec<Id> = step.created().map(|(_, id)| id).collect();
    for change in out.changes.iter_mut().filter(|change| made.contains(&change.id)) {
        unlink(product, change, others, &mut left);
    }
    out.changes.retain(|change| change.from != change.to);
    Ok((out, left))
}

/// It writes into the record, brings it back, or begins to point at it.
fn is_about(change: &Change, id: Id) -> bool {
    if change.id == id {
        let revived = change.field.key == "alive" && change.to == Value::Bool(true);
        return revived || (change.field.owner != Owner::System && !change.field.is_head());
    }
    let names = |value: &Value| Id::all_in(value).any(|one| one == id);
    change.field.is_link() && names(&change.to) && !names(&change.from)
}

/// Takes links out that lead to what others deleted meanwhile.
fn unlink(product: &Product, change: &mut Change, others: &[&LoggedStep], left: &mut Vec<String>) {
    if !change.field.is_link() {
        return;
    }
    let went = |id: Id| {
        let deleted = |entry: &&LoggedStep| entry.step.changes.iter().any(|one| one.id == id && one.is_deletion());
        product.find(id).is_some_and(|record| !record.is_alive()) && others.iter().any(deleted)
    };
    let mut lost = |value: &Value| {
        let id = Id::all_in(value).find(|id| went(*id));
        left.extend(id.map(|id| format!("{} to {}, which was deleted", change.field.label, product.name_of(id))));
        id.is_some()
    };
    change.to = match &change.to {
        Value::Array(all) => {
            let kept: Vec<Value> = all.iter().filter(|one| !lost(one)).cloned().collect();
            if kept.is_empty() { Value::Null } else { Value::Array(kept) }
        }
        one if lost(one) => Value::Null,
        one => one.clone(),
    };
}
