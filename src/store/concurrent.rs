//! Concurrent steps: those of other sessions that reached the file first, unseen by the author of a step.
//!
//! Nearly everything is merged cell by cell in `rebase`. A deletion is not: it is about the whole record, including
//! what others wrote into it meanwhile. So it gives way to an edit that its author had not seen, and a record created
//! under something deleted meanwhile is kept without that link.

use crate::model::change::{Change, Origin, Step};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::rules::Refusal;
use crate::model::value::Value;
use crate::store::journal::LoggedStep;
use std::sync::Arc;

/// The entries after the step `seen`; all of them if it is not among them.
pub fn behind(entries: &[Arc<LoggedStep>], seen: Option<Id>) -> &[Arc<LoggedStep>] {
    let from = entries.iter().rposition(|entry| Some(entry.id) == seen).map_or(0, |at| at.saturating_add(1));
    entries.get(from..).unwrap_or_default()
}

/// Fits a step to what `others` wrote and its author had not seen.
///
/// Only deletions and links of new records are looked at; `rebase` joins the cells afterwards. A record that an undo or a
/// redo brings back keeps its links: they work again once their targets are restored, as `hold` allows. Returns the step as it
/// can be admitted, and the links that were left out of it, in words. `product` has the steps of `others` in it and
/// does not change.
///
/// # Errors
///
/// The step deletes a record that others worked on meanwhile. The refusal names them and what they did.
pub fn fit(
    product: &Product,
    step: &Step,
    way: Origin,
    others: &[&LoggedStep],
) -> Result<(Step, Vec<String>), Refusal> {
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
                format!("Look at {name} first, and delete it there if it should go all the same."),
            ));
        }
    }
    let mut left = Vec::new();
    let mut out = step.clone();
    let made: Vec<Id> = step.created().map(|(_, id)| id).filter(|_| way != Origin::Undo).collect();
    for change in out.changes.iter_mut().filter(|change| made.contains(&change.id)) {
        unlink(product, change, others, &mut left);
    }
    out.changes.retain(|change| change.from != change.to);
    Ok((out, left))
}

/// True if it writes into the record, restores it, or adds a link to it.
fn is_about(change: &Change, id: Id) -> bool {
    if change.id == id {
        let revived = change.field.key == "alive" && change.to == Value::Bool(true);
        return revived || (change.field.owner != Owner::System && !change.field.is_head());
    }
    let names = |value: &Value| Id::all_in(value).any(|one| one == id);
    change.field.is_link() && names(&change.to) && !names(&change.from)
}

/// Removes links to records that others deleted meanwhile.
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
            if kept.is_empty() { Value::Null } else { Value::from(kept) }
        }
        one if lost(one) => Value::Null,
        one => one.clone(),
    };
}
