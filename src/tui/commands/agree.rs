//! Agreement between two people: that a how still fits its why, and which of two values is kept.

use crate::actions::{Context, link};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rules::plural_noun;
use crate::model::schema::{Conflict, Kind};
use crate::tui::commands::propose;
use crate::tui::overlay::picker;
use crate::tui::state::access::may_act;
use crate::tui::state::contract::{Command, Group, Outcome, on_something};
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::ui::Ui;

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
        hint: "It still fits its why; accept a proposal; in the history: restore it.",
        synonyms: &["suspect", "agree", "still fits", "accept", "proposal"],
        weight: 0,
        ready: may_confirm,
        run: confirm,
    },
];

fn has_conflict(_: &Ui, product: &Product) -> Result<(), NotReady> {
    let any = product.all::<Conflict>().next().is_some();
    if any { Ok(()) } else { Err("no field was changed by two people at the same time".into()) }
}

fn choose_value(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let on = |id: Id| product.all::<Conflict>().any(|one| one.record == Some(id));
    let here = ui.chosen_row().map(|row| row.id).filter(|id| on(*id));
    let Some(about) = here.or_else(|| product.all::<Conflict>().find_map(|one| one.record)) else {
        return Outcome::refuse("The record with that value no longer exists.");
    };
    // The question is about the selected record, or goes to the one that it is about.
    if here.is_none() {
        ui.to_record(product, about);
    }
    match picker::for_conflict(product, Some(about)) {
        Some(picker) => ui.open(picker),
        None => Outcome::say("The record with that value no longer exists."),
    }
}

/// Checks that the selected record depends on something and that this role can confirm it.
fn may_confirm(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    on_something(ui, product)?;
    if propose::chosen(ui, product).is_some() {
        return propose::may_answer(ui, product);
    }
    may_confirm_these(ui, product, ui.some_targets())
}

/// Checks that these depend on something and that this role can confirm them.
pub fn may_confirm_these(ui: &Ui, product: &Product, about: impl Iterator<Item = Id>) -> Result<(), NotReady> {
    for kind in about.filter_map(|id| Some(product.find(id)?.kind())) {
        if kind.field("confirmed").is_none() {
            return Err(format!("a {} does not serve anything", kind.noun()).into());
        }
        may_act(ui, product, kind, || format!("whether {} still fit", plural_noun(kind)))?;
    }
    Ok(())
}

fn confirm(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    if propose::chosen(ui, product).is_some() {
        return propose::accept_these(product, &ui.targets_of(product, Kind::Proposal), context);
    }
    confirm_these(product, &ui.targets(), context)
}

/// Confirms that these still fit what they depend on.
pub fn confirm_these(product: &Product, ids: &[Id], context: &mut Context) -> Outcome {
    match link::confirm(product, ids, "", context) {
        Ok(step) if step.is_empty() => Outcome::say("Nothing to confirm: it was agreed under the current why."),
        other => Outcome::of(other),
    }
}
