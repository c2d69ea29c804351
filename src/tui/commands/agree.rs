//! What two people have to agree on: that a how still fits its why, and which of two values stands.

use crate::actions::{Context, link};
use crate::model::product::Product;
use crate::model::rules::plural_noun;
use crate::model::schema::Conflict;
use crate::tui::command::{Command, Commit, Group, Outcome, on_something};
use crate::tui::screen::changes;
use crate::tui::ui::Ui;
use crate::tui::widget::Overlay;
use crate::tui::widget::editor::not_yours;
use crate::tui::widget::picker;

pub const COMMANDS: &[Command] = &[
    Command {
        name: "conflict.choose",
        keys: &["s c"],
        group: Group::This,
        label: "choose value",
        hint: "Choose between two values that were written at the same time.",
        synonyms: &["conflict", "merge", "both"],
        weight: 0,
        ready: has_conflict,
        run: choose_value,
    },
    Command {
        name: "confirm",
        keys: &["C"],
        group: Group::This,
        label: "confirm",
        hint: "Confirm: it still fits its why. In the history: bring this back.",
        synonyms: &["suspect", "agree", "still fits"],
        weight: 0,
        ready: |ui, product| match crate::tui::screen::history::chosen(ui) {
            // What is brought back is written by whoever owns it.
            Some(entry) => {
                let step = crate::insight::describe_change::bring_back(product, &entry.step);
                crate::model::rules::permit(ui.role, &step).map_err(|refusal| refusal.to_string())
            }
            None => may_confirm(ui, product),
        },
        run: confirm,
    },
];

fn has_conflict(_: &Ui, product: &Product) -> Result<(), String> {
    let any = product.all::<Conflict>().next().is_some();
    if any { Ok(()) } else { Err("nothing was changed twice at the same time".to_string()) }
}

fn choose_value(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    match picker::for_conflict(product, ui.place().chosen) {
        Some(picker) => ui.open(Overlay::Pick(Box::new(picker))),
        None => Outcome::say("The record of that value is gone."),
    }
}

/// What is chosen hangs on something, and whether it still fits is this role's to say.
fn may_confirm(ui: &Ui, product: &Product) -> Result<(), String> {
    on_something(ui, product)?;
    let about = if changes::is_shown(ui) { changes::asking(ui, product) } else { ui.some_targets().collect() };
    for kind in about.into_iter().filter_map(|id| Some(product.find(id)?.kind())) {
        if kind.field("confirmed").is_none() {
            return Err(format!("a {} hangs on nothing", kind.noun()));
        }
        if !ui.role.owns(kind.owner()) {
            return Err(not_yours(ui, product, kind.owner(), &format!("whether {} still fit", plural_noun(kind))));
        }
    }
    Ok(())
}

fn confirm(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    if let Some(entry) = crate::tui::screen::history::chosen(ui) {
        return bring_back(product, entry);
    }
    let ids = if changes::is_shown(ui) { changes::asking(ui, product) } else { ui.targets() };
    match link::confirm(product, &ids, "", context) {
        Ok(step) if step.is_empty() => Outcome::say("Nothing to confirm: it was agreed on the why as it is."),
        other => Outcome::of(other),
    }
}

/// An old version, as a new change.
fn bring_back(product: &Product, entry: &crate::store::journal::LoggedStep) -> Outcome {
    if entry.fence {
        return Outcome::say("Others build on that one, so it has a way back of its own.");
    }
    let step = crate::insight::describe_change::bring_back(product, &entry.step);
    if step.is_empty() {
        return Outcome::say("It is so already: nothing has changed since.");
    }
    let say = Some(format!("{}. {{undo}} takes it back.", step.label));
    Outcome::Commit(Commit { say, ..Commit::new(step) })
}
