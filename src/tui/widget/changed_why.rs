//! What changed in a why since the selected record was agreed, as rows of a pane.

use crate::insight::changed_why::{ChangedField, ChangedWhy, PastStep, changed_whys as changes};
use crate::insight::outlook::short;
use crate::insight::proposals::differing_words;
use crate::insight::text;
use crate::insight::trace::asks_again;
use crate::model::field::Record;
use crate::model::grammar::capital;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::store::journal::LoggedStep;
use crate::tui::state::access::{can_have, owner_name};
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::Ui;
use crate::tui::term::text::clean;
use std::cell::Cell;
use std::sync::Arc;

/// The steps that are known, and what was found in them for the record shown last.
pub struct KnownSteps {
    steps: Arc<Vec<Arc<LoggedStep>>>,
    is_coming: bool,
    found: Cell<Option<(Id, u64, Vec<ChangedWhy>)>>,
}

/// True if the selected record asks for another look, so that the history is needed.
pub fn is_wanted(ui: &Ui, product: &Product) -> bool {
    let record = ui.chosen_row().and_then(|row| product.find(row.id));
    record.is_some_and(|record| !asks_again(product, record).is_empty())
}

/// Stores the history for the rows; `is_coming` is true while older steps are still read.
pub fn know(ui: &mut Ui, steps: Arc<Vec<Arc<LoggedStep>>>, is_coming: bool) {
    let same = |known: &KnownSteps| known.steps.len() == steps.len() && known.is_coming == is_coming;
    if !ui.slots.get::<KnownSteps>().is_some_and(same) {
        ui.slots.put(KnownSteps { steps, is_coming, found: Cell::new(None) });
    }
}

/// What changed in the whys of a record since it was agreed.
pub fn changed(ui: &Ui, product: &Product, record: &dyn Record) -> Vec<ChangedWhy> {
    let Some(known) = ui.slots.get::<KnownSteps>() else { return changes(product, record, std::iter::empty) };
    let key = (record.id(), product.rev());
    let found = match known.found.take() {
        Some((id, rev, found)) if (id, rev) == key => found,
        _ => changes(product, record, || {
            known.steps.iter().rev().map(|entry| PastStep {
                id: entry.id,
                by: &entry.by,
                at: entry.time,
                step: &entry.step,
            })
        }),
    };
    known.found.set(Some((key.0, key.1, found.clone())));
    found
}

/// The rows of a pane: each why that changed, its fields before and after, and how to go on.
pub fn changed_whys(ui: &Ui, product: &Product, record: &dyn Record) -> Vec<PaneRow> {
    if asks_again(product, record).is_empty() {
        return Vec::new();
    }
    let mut out = Vec::new();
    for one in changed(ui, product, record) {
        out.push(PaneRow::Warning(heading(ui, product, record, &one)));
        for field in &one.fields {
            out.push(PaneRow::Said { label: field.field.label, text: before_and_after(product, field) });
            out.push(PaneRow::Note(format!("{}, {}", clean(&field.by), short(field.at.day(), ui.today))));
        }
        if one.fields.is_empty() {
            let is_coming = ui.slots.get::<KnownSteps>().is_some_and(|known| known.is_coming);
            out.push(PaneRow::Note(match (one.is_back, is_coming) {
                (true, _) => as_before(product, record, &one),
                (false, true) => "What changed is being read.".to_string(),
                (false, false) => "What changed is not in the history.".to_string(),
            }));
        }
    }
    out.push(PaneRow::Note(match can_have(ui, record.kind()) {
        true => "{confirm} says that it still fits.".to_string(),
        false => format!("{} says whether it still fits.", capital(&owner_name(product, record.kind().owner()))),
    }));
    out
}

/// `! R2 Price before booking changed since S5 was agreed (Omar, 3 Nov)`.
fn heading(ui: &Ui, product: &Product, record: &dyn Record, one: &ChangedWhy) -> String {
    let title = product.find(one.why).map(|why| why.title()).unwrap_or_default();
    let by = clean(&one.agreed_by);
    let who = if by.trim().is_empty() { String::new() } else { format!("{by}, ") };
    let day = short(one.agreed.day(), ui.today);
    format!("! {} {} changed since {} was agreed ({who}{day})", product.name_of(one.why), clean(&title), record.name())
}

/// `R2 reads today as it did when S5 was agreed.`
pub fn as_before(product: &Product, record: &dyn Record, one: &ChangedWhy) -> String {
    format!("{} reads today as it did when {} was agreed.", product.name_of(one.why), record.name())
}

/// The words of a longer text that went and that came; nothing for a short one.
pub fn differing(product: &Product, one: &ChangedField) -> Vec<String> {
    let (before, after) = (text::text(product, one.field, &one.before), text::text(product, one.field, &one.after));
    let (gone, came) = differing_words(&before, &after);
    let is_long = before.split_whitespace().count().min(after.split_whitespace().count()) > 3;
    let told = [("removed", gone), ("added", came)].into_iter().filter(|(_, words)| is_long && !words.is_empty());
    told.map(|(what, words)| format!("{what}: {words}")).collect()
}

/// `38 → 55 %`, or the two texts below each other.
pub fn before_and_after(product: &Product, one: &ChangedField) -> String {
    let say = |value| match text::text(product, one.field, value) {
        empty if empty.trim().is_empty() => "nothing".to_string(),
        said => said,
    };
    let (before, after) = (say(&one.before), say(&one.after));
    match before.chars().count().saturating_add(after.chars().count()) {
        ..=40 if !before.contains('\n') && !after.contains('\n') => format!("{before} → {after}"),
        _ => format!("was: {before}\nnow: {after}"),
    }
}
