//! Ticking rows: commands apply to the ticked rows.

use crate::actions::Context;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::tui::state::access::may_edit;
use crate::tui::state::contract::{Command, Group, Outcome};
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::Ui;
use crate::tui::term::layout::Focus;
use crate::tui::widget::pane::row_under_cursor;
use rustc_hash::FxHashSet;

pub const COMMANDS: &[Command] = &[
    Command {
        name: "tick",
        keys: &["Space"],
        group: Group::List,
        label: "tick",
        hint: "Toggle the box at the row's start and step down.",
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
        hint: "Tick everything shown; if all of it is ticked, untick it all.",
        synonyms: &["select all", "none"],
        weight: 0,
        ready: on_a_row,
        run: all,
    },
    Command {
        name: "tick.again",
        keys: &["g V"],
        group: Group::List,
        label: "tick again",
        hint: "Tick what was ticked before the ticks were taken away.",
        synonyms: &["last ticks", "reselect"],
        weight: 0,
        ready: |ui, _| if ui.last_ticked.is_empty() { Err("nothing was ticked before".into()) } else { Ok(()) },
        run: |ui, product, _| match ui.tick_again(product) {
            0 => Outcome::say("They are no longer here."),
            1 => Outcome::say("1 ticked again."),
            many => Outcome::say(format!("{many} ticked again.")),
        },
    },
];

pub fn on_a_row(ui: &Ui, _: &Product) -> Result<(), NotReady> {
    match ui.focus() {
        Focus::List if ui.chosen_row().is_some() => Ok(()),
        Focus::List => Err("no row is selected".into()),
        Focus::Why => Err("you are in WHY; Esc goes back to the list".into()),
        Focus::How => Err("you are in HOW; Esc goes back to the list".into()),
    }
}

/// A row of the list, or a row of a pane with a checkbox.
pub fn has_box(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    if ui.focus() == Focus::List {
        return on_a_row(ui, product);
    }
    match row_under_cursor(ui, product) {
        Some(PaneRow::Box { field, .. }) => may_edit(ui, product, field),
        _ => Err("this row has no checkbox".into()),
    }
}

/// Toggles the box of the row under the cursor and steps down; in a pane, the box of a sentence.
pub fn tick(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    if ui.focus() != Focus::List {
        return super::edit::flip(ui, product);
    }
    let Some(row) = ui.chosen_row() else { return Outcome::Nothing };
    let outcome = flipped(ui, product, context, row.id);
    ui.step(1);
    outcome
}

/// Toggles the box of a clicked row.
pub fn flip_row(ui: &mut Ui, product: &Product, at: usize, context: &mut Context) -> Outcome {
    match ui.rows.rows.get(at).copied() {
        Some(row) => flipped(ui, product, context, row.id),
        None => Outcome::Nothing,
    }
}

fn flipped(ui: &mut Ui, product: &Product, context: &mut Context, id: Id) -> Outcome {
    if let Some(flips) = ui.screen().flips {
        return flips(ui, product, context, id);
    }
    if !ui.ticked.remove(&id) {
        ui.ticked.insert(id);
    }
    Outcome::Nothing
}

/// Ticks from the cursor to a row.
pub fn to_row(ui: &mut Ui, at: usize) {
    // If a view's boxes have a meaning of their own, a range of them is toggled by key only.
    if ui.screen().flips.is_some() {
        return ui.choose(at);
    }
    let from = ui.place().at.min(ui.rows.rows.len().saturating_sub(1));
    let ids = between(ui, from, at);
    ui.ticked.extend(ids);
    ui.choose(at);
}

fn range(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    let Some(row) = ui.chosen_row() else { return Outcome::Nothing };
    let Some(ids) = ranged(ui, row.id) else {
        return Outcome::say("Move to the other end, then {tick.range} again ticks everything between.");
    };
    ui.ticked.extend(ids);
    Outcome::say(format!("{} ticked.", crate::tui::term::text::thousands(ui.ticked.len())))
}

/// Returns the rows between the start of the range and the cursor. Without a range, starts one here and returns None.
pub fn ranged(ui: &mut Ui, here: Id) -> Option<Vec<Id>> {
    let begun = ui.range.take().and_then(|id| ui.rows.rows.iter().position(|row| row.id == id));
    let Some(begun) = begun else {
        ui.range = Some(here);
        return None;
    };
    Some(between(ui, begun, ui.place().at))
}

/// The rows from one to another that are on the screen.
fn between(ui: &Ui, one: usize, other: usize) -> Vec<Id> {
    let shown = ui.rows_on_screen();
    let from = one.min(other).max(shown.start);
    let to = one.max(other).saturating_add(1).min(shown.end);
    ui.rows.rows.get(from..to.max(from)).unwrap_or_default().iter().map(|row| row.id).collect()
}

fn all(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    let shown = ui.rows.rows.get(ui.rows_on_screen()).unwrap_or_default();
    if shown.is_empty() && ui.ticked.is_empty() && ui.ticked_hidden.is_empty() {
        return Outcome::say("Nothing is shown, so there is nothing to tick.");
    }
    if ui.ticked.len() < shown.len() {
        ui.ticked.extend(shown.iter().map(|row| row.id));
        let count = crate::tui::term::text::thousands(ui.ticked.len());
        return Outcome::say(format!("{count} ticked. {{tick.all}} unticks them."));
    }
    let hidden = ui.ticked_hidden.len();
    ui.untick();
    // What is hidden was not meant.
    if hidden > 0 {
        let rows = ui.rows.rows.get(ui.rows_on_screen()).unwrap_or_default();
        let shown: FxHashSet<Id> = rows.iter().map(|row| row.id).collect();
        ui.ticked_hidden = ui.last_ticked.iter().copied().filter(|id| !shown.contains(id)).collect();
    }
    match hidden {
        0 => Outcome::say("Nothing is ticked any more. {tick.again} ticks the same ones again."),
        _ => Outcome::say(format!("Only the {hidden} hidden ones are still ticked. {{close}} unticks them.")),
    }
}
