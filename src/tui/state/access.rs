//! Who may write what, for everything on the screen: the one place that asks, and the sentence if the answer is no.

use crate::insight::sprint::is_open;
use crate::model::access::{Access, access};
use crate::model::author::NO_NAME;
use crate::model::field::Field;
use crate::model::grammar::capital;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::schema::{BacklogItem, Kind};
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::ui::Ui;
use crate::tui::term::text::clean;

/// The owner of a half, by name if known.
pub fn owner_name(product: &Product, owner: Owner) -> String {
    named_owner(product, owner).unwrap_or_else(|| format!("the {}", owner.seat()))
}

/// The owner of a half as a border names it, without an article.
pub fn owner_label(product: &Product, owner: Owner) -> String {
    named_owner(product, owner).unwrap_or_else(|| owner.seat().to_string())
}

fn named_owner(product: &Product, owner: Owner) -> Option<String> {
    let board = product.vision()?;
    let name = match owner {
        Owner::Why => board.pm_name.trim(),
        Owner::How => board.po_name.trim(),
        _ => "",
    };
    (!name.is_empty() && name != NO_NAME).then(|| format!("{} ({})", clean(name), owner.seat()))
}

/// Returns true if the current role may write the field.
pub fn can_write(ui: &Ui, field: &Field) -> bool {
    access(ui.role, field) == Access::Write
}

/// Returns true if the current role may add, delete and order records of a kind.
pub fn can_have(ui: &Ui, kind: Kind) -> bool {
    kind.field("alive").is_some_and(|field| can_write(ui, field))
}

/// Returns true if an edit of the field becomes a proposal to the other half.
pub fn proposes(ui: &Ui, field: &Field) -> bool {
    access(ui.role, field) == Access::Propose
}

/// Checks that the current role may write the field or propose it; the error is a sentence.
pub fn may_edit(ui: &Ui, product: &Product, field: &Field) -> Result<(), NotReady> {
    match access(ui.role, field) {
        Access::Write | Access::Propose => Ok(()),
        Access::No => Err(not_yours(ui, product, field.owner, &field.noun())),
    }
}

/// A story that is over waits for nothing. What is written there can still be taken away.
pub fn may_block(product: &Product, id: Id, field: &Field) -> Result<(), NotReady> {
    let item = product.get::<BacklogItem>(id).filter(|_| field.kind == Kind::BacklogItem && field.key == "blocked");
    match item.filter(|item| !is_open(item) && item.blocked.is_empty()) {
        Some(item) => {
            let (name, status) = (product.name_of(id), item.status.label());
            Err(NotReady::Sentence(format!("{name} is {status}, so nothing blocks it any more.")))
        }
        None => Ok(()),
    }
}

/// Checks that the current role may add and delete records of a kind, or propose to.
pub fn may_have(ui: &Ui, product: &Product, kind: Kind) -> Result<(), NotReady> {
    kind.field("alive").map_or(Ok(()), |field| may_edit(ui, product, field))
}

/// Checks that the current role may order records of a kind, or propose to.
pub fn may_order(ui: &Ui, product: &Product, kind: Kind) -> Result<(), NotReady> {
    if let Some(sort) = ui.sort() {
        let label = sort.label();
        return Err(NotReady::Sentence(format!(
            "The list is sorted by {label}. {{filter.clear}} shows your own order."
        )));
    }
    kind.field("rank").map_or(Ok(()), |field| may_edit(ui, product, field))
}

/// Checks that the current role may act on records of a kind, as whoever may add them can: what nobody can propose, such
/// as the start of a sprint. `what` names the act in the refusal.
pub fn may_act(ui: &Ui, product: &Product, kind: Kind, what: impl FnOnce() -> String) -> Result<(), NotReady> {
    if can_have(ui, kind) { Ok(()) } else { Err(not_yours(ui, product, kind.owner(), &what())) }
}

/// Says who owns something, and what to do about it.
fn not_yours(ui: &Ui, product: &Product, owner: Owner, what: &str) -> NotReady {
    let owner = capital(&owner_name(product, owner));
    NotReady::Sentence(format!("{owner} owns {what}. You are {}: {{role}} changes the role.", ui.role.label()))
}

/// Checks that the selected rows have an order that this role may change, whatever pane the cursor is in.
pub fn can_move(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    let mut kinds = ui.some_targets().filter_map(|id| Some(product.find(id)?.kind())).peekable();
    if kinds.peek().is_none() {
        return Err("nothing selected has an order".into());
    }
    kinds.try_for_each(|kind| match kind {
        Kind::VisionBoard => Err("the vision has no order".into()),
        kind => may_order(ui, product, kind),
    })
}
