//! Ticking rows: what is ticked, every act is about.

use crate::actions::Context;
use crate::model::product::Product;
use crate::tui::command::{Command, Group, Outcome};
use crate::tui::layout::Focus;
use crate::tui::screen::panes::PaneRow;
use crate::tui::screen::review;
use crate::tui::ui::Ui;
use crate::tui::widget::editor::may_edit;

pub const COMMANDS: &[Command] = &[
    Command {
        name: "tick",
        keys: &["Space"],
        group: Group::List,
        label: "tick",
        hint: "Flip the box at the row's start and step down.",
        synonyms: &["select", "mark", "check"],
        weight: 75,
        ready: has_box,
        run: tick,
    },
    Command {
        name: "tick.range",
        keys: &["v"],
        group: Group::List,
        label: "tick range",
        hint: "Tick a range: {tick.range}, move, then {tick.range} again.",
        synonyms: &["select range", "visual"],
        weight: 0,
        ready: on_a_row,
        run: range,
    },
    Command {
        name: "tick.all",
        keys: &["V"],
        group: Group::List,
        label: "tick all",
        hint: "Tick all that is shown, or let go of all.",
        synonyms: &["select all", "none"],
        weight: 0,
        ready: on_a_row,
        run: all,
    },
];

fn on_a_row(ui: &Ui, product: &Product) -> Result<(), String> {
    if review::is_shown(ui) {
        return Err("steps of a review are marked one by one".to_string());
    }
    if ui.focus() != Focus::List || ui.chosen_row().is_none() {
        return Err("no row is chosen".to_string());
    }
    // In the plan the box says what is in the sprint, which is the product owner's.
    if ui.screen().name == "plan" { super::sprint::may_plan(ui, product) } else { Ok(()) }
}

/// A row of the list, or a row of a pane that begins with a box.
fn has_box(ui: &Ui, product: &Product) -> Result<(), String> {
    if ui.focus() == Focus::List {
        return if review::is_shown(ui) { Ok(()) } else { on_a_row(ui, product) };
    }
    let row = crate::tui::widget::pane::row_under_cursor(ui, product);
    match row {
        Some(PaneRow::Box { field, .. }) => may_edit(ui, product, field),
        _ => Err("no box in this row".to_string()),
    }
}

fn tick(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    if ui.focus() != Focus::List {
        return super::edit::flip(ui, product);
    }
    if review::is_shown(ui) {
        return super::review::flip(ui, product, context);
    }
    let Some(row) = ui.chosen_row() else { return Outcome::Done };
    if ui.screen().name == "plan" {
        let outcome = super::sprint::flip(ui, product, row.id, context);
        super::go::step(ui, 1);
        return outcome;
    }
    if !ui.ticked.remove(&row.id) {
        ui.ticked.insert(row.id);
    }
    super::go::step(ui, 1);
    Outcome::Done
}

/// Flips the box of a row that was clicked.
pub fn flip_row(ui: &mut Ui, product: &Product, at: usize, context: &mut Context) -> Outcome {
    let Some(row) = ui.rows.rows.get(at).copied() else { return Outcome::Done };
    if ui.screen().name == "plan" {
        return match super::sprint::may_plan(ui, product) {
            Ok(()) => super::sprint::flip(ui, product, row.id, context),
            Err(why) => Outcome::refuse(why),
        };
    }
    if !ui.ticked.remove(&row.id) {
        ui.ticked.insert(row.id);
    }
    Outcome::Done
}

/// Ticks from the cursor to a row.
pub fn to_row(ui: &mut Ui, at: usize) {
    if ui.screen().name == "plan" {
        return ui.choose(at);
    }
    let from = ui.place().at.min(ui.rows.rows.len().saturating_sub(1));
    let range = from.min(at)..=from.max(at);
    let ids: Vec<_> = ui.rows.rows.get(range).unwrap_or_default().iter().map(|row| row.id).collect();
    ui.ticked.extend(ids);
    ui.choose(at);
}

fn range(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    let Some(row) = ui.chosen_row() else { return Outcome::Done };
    let begun = ui.range.take().and_then(|id| ui.rows.rows.iter().position(|row| row.id == id));
    let Some(begun) = begun else {
        ui.range = Some(row.id);
        return Outcome::say("Move to the other end, then {tick.range} again ticks all between.");
    };
    let at = ui.place().at;
    let ids: Vec<_> =
        ui.rows.rows.get(begun.min(at)..=begun.max(at)).unwrap_or_default().iter().map(|row| row.id).collect();
    if ui.screen().name == "plan" {
        return super::sprint::put_in(ui, product, &ids, context);
    }
    ui.ticked.extend(ids);
    Outcome::Done
}

fn all(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    if ui.screen().name == "plan" {
        return super::sprint::flip_all(ui, product, context);
    }
    if ui.ticked.is_empty() {
        ui.ticked.extend(ui.rows.rows.iter().map(|row| row.id));
        let count = crate::tui::screen::thousands(ui.ticked.len());
        return Outcome::say(format!("{count} ticked. {{tick.all}} lets go of them."));
    }
    ui.ticked.clear();
    Outcome::Done
}
