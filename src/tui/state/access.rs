//! Who may write what, for everything on the screen: the one place that asks, and the sentence where the answer is no.

use crate::model::field::Field;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::rules::plural_noun;
use crate::model::schema::Kind;
use crate::tui::state::ui::Ui;
use crate::tui::term::text::clean;

/// Who owns a half, by name where it is known.
pub fn owner_name(product: &Product, owner: Owner) -> String {
    named_owner(product, owner).unwrap_or_else(|| format!("the {}", owner.seat()))
}

/// The same in a border, where there is no room for an article.
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
    (!name.is_empty()).then(|| format!("{} ({})", clean(name), owner.seat()))
}

/// Whether the present role may edit the field, in a sentence where it may not.
pub fn may_edit(ui: &Ui, product: &Product, field: &Field) -> Result<(), String> {
    may_write(ui, product, field.owner, || field.label.to_lowercase())
}

/// Whether the present role may add, delete or order records of a kind.
pub fn may_have(ui: &Ui, product: &Product, kind: Kind) -> Result<(), String> {
    may_write(ui, product, kind.owner(), || format!("the {}", plural_noun(kind)))
}

pub fn may_order(ui: &Ui, product: &Product, kind: Kind) -> Result<(), String> {
    may_write(ui, product, kind.owner(), || format!("the order of {}", plural_noun(kind)))
}

/// Whether what belongs to `owner` may be written; `what` it is called where it may not.
pub fn may_write(ui: &Ui, product: &Product, owner: Owner, what: impl FnOnce() -> String) -> Result<(), String> {
    if ui.role.owns(owner) { Ok(()) } else { Err(not_yours(ui, product, owner, &what())) }
}

/// Whose something is, and what to do about it.
fn not_yours(ui: &Ui, product: &Product, owner: Owner, what: &str) -> String {
    let owner = owner_name(product, owner);
    let mut first = owner.chars();
    let owner = first.next().map(|c| c.to_uppercase().to_string() + first.as_str()).unwrap_or_default();
    format!("{owner} owns {what}. You are {}: {{role}} changes the role.", ui.role.label())
}

/// The rows that are chosen have an order that this role may change, whatever pane the cursor is in.
pub fn can_move(ui: &Ui, product: &Product) -> Result<(), String> {
    let mut kinds = ui.some_targets().filter_map(|id| Some(product.find(id)?.kind())).peekable();
    if kinds.peek().is_none() {
        return Err("nothing is chosen that has an order".to_string());
    }
    kinds.try_for_each(|kind| match kind {
        Kind::VisionBoard => Err("the vision has no order".to_string()),
        kind => may_order(ui, product, kind),
    })
}
