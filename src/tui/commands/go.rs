//! Navigation: rows, columns, panes, views.

use crate::actions::Context;
use crate::insight::trace::thread;
use crate::model::product::Product;
use crate::tui::state::contract::{Command, Group, Outcome, always, on_something};
use crate::tui::state::ui::Ui;
use crate::tui::term::layout::Focus;
use crate::tui::widget::pane::{overflow, stops};

/// A command that only moves.
macro_rules! move_row {
    ($name:literal, $keys:expr, $label:literal, $hint:literal, $weight:literal, $run:expr) => {
        Command {
            name: $name,
            keys: $keys,
            group: Group::Move,
            label: $label,
            hint: $hint,
            synonyms: &[],
            weight: $weight,
            ready: always,
            run: $run,
        }
    };
}

pub const COMMANDS: &[Command] = &[
    move_row!("go.up", &["Up", "k"], "up", "One up.", 0, |ui, product, _| by(ui, product, -1)),
    move_row!("go.down", &["Down", "j"], "down", "One down.", 0, |ui, product, _| by(ui, product, 1)),
    move_row!(
        "go.left",
        &["Left", "h"],
        "left",
        "The column to the left, earlier weeks, or out of the pane.",
        0,
        |ui, _, _| sideways(ui, -1)
    ),
    move_row!(
        "go.right",
        &["Right", "l"],
        "right",
        "The column to the right, later weeks, or into the panes.",
        0,
        |ui, _, _| { sideways(ui, 1) }
    ),
    move_row!("go.page_up", &["PgUp", "Ctrl-U"], "page up", "A page up.", 0, |ui, product, _| {
        let page = ui.page();
        by(ui, product, page.saturating_neg())
    }),
    move_row!("go.page_down", &["PgDn", "Ctrl-D"], "page down", "A page down.", 0, |ui, product, _| {
        let page = ui.page();
        by(ui, product, page)
    }),
    move_row!("go.first", &["Home", "g g"], "first", "The first row.", 0, |ui, product, _| by(
        ui,
        product,
        isize::MIN / 2
    )),
    move_row!("go.last", &["End", "G"], "last", "The last row.", 0, |ui, product, _| by(ui, product, isize::MAX / 2)),
    move_row!("go.pane", &["Tab"], "pane", "The next pane: list, why, how.", 65, |ui, _, _| pane(ui, true)),
    move_row!("go.pane_back", &["Shift-Tab"], "pane back", "The previous pane.", 0, |ui, _, _| pane(ui, false)),
    move_row!("go.vision", &["1", "g v"], "Vision", "The vision board and the goals.", 0, |ui, _, _| view(
        ui, "vision"
    )),
    move_row!("go.roadmap", &["2", "g r"], "Roadmap", "The roadmap: now, next, later.", 0, |ui, _, _| view(
        ui, "roadmap"
    )),
    move_row!("go.backlog", &["3", "g b"], "Backlog", "The Product Backlog.", 0, |ui, _, _| view(ui, "backlog")),
    move_row!(
        "go.plan",
        &["4", "g p"],
        "Plan",
        "The next sprint: what fits, and why it is worth doing.",
        0,
        |ui, _, _| { view(ui, "plan") }
    ),
    move_row!("go.board", &["5", "g s"], "Board", "The board of the running sprint.", 0, |ui, _, _| view(ui, "board")),
    move_row!("go.review", &["6", "g w"], "Review", "The sprint review, step by step.", 0, |ui, _, _| view(
        ui, "review"
    )),
    move_row!("go.done", &["7", "g d"], "Done", "The Definition of Done.", 0, |ui, _, _| view(ui, "done")),
    move_row!("go.inbox", &["8", "g i"], "Inbox", "What people say about the product.", 0, |ui, _, _| view(
        ui, "inbox"
    )),
    move_row!("go.history", &["9", "g h"], "History", "Every change, newest first.", 0, |ui, _, _| view(ui, "history")),
    move_row!("go.products", &["0", "g x"], "Products", "All products on this computer.", 0, |ui, _, _| view(
        ui, "products"
    )),
    move_row!("go.back", &["g o"], "back", "Back to where you were.", 0, back),
    Command {
        name: "go.served",
        keys: &["g u"],
        group: Group::Move,
        label: "go up",
        hint: "To the roadmap item or goal that this serves.",
        synonyms: &["parent", "epic"],
        weight: 0,
        ready: on_something,
        run: served,
    },
];

pub fn by(ui: &mut Ui, product: &Product, by: isize) -> Outcome {
    let focus = ui.focus();
    if focus == Focus::List {
        ui.step(by);
        return Outcome::Nothing;
    }
    // In a text that is taller than its pane, the cursor scrolls before it moves on.
    let (inside, room) = (ui.place().inside, overflow(ui, product, focus));
    if room > 0 && by.unsigned_abs() < 10_000 {
        let to = inside.saturating_add_signed(by).min(room);
        if to != inside {
            ui.place_mut().inside = to;
            return Outcome::Nothing;
        }
    }
    let last = stops(ui, product, focus).saturating_sub(1);
    // Paging is for long texts; fields are passed one by one.
    let by = if by.unsigned_abs() < 10_000 { by.signum() } else { by };
    let at = ui.stop(focus).saturating_add_signed(by).min(last);
    let place = ui.place_mut();
    place.inside = 0;
    if focus == Focus::How {
        place.how_at = at
    } else {
        place.why_at = at
    }
    Outcome::Nothing
}

pub fn sideways(ui: &mut Ui, by: isize) -> Outcome {
    let focus = ui.focus();
    let columns = ui.rows.columns.len();
    if focus == Focus::List && columns > 0 {
        let column = ui.place().column;
        match column.checked_add_signed(by).filter(|to| *to < columns) {
            Some(to) => ui.column_to(column, to),
            None if by > 0 => ui.place_mut().focus = Focus::Why,
            None => {}
        }
        return Outcome::Nothing;
    }
    let to = match (focus, by > 0) {
        (Focus::List, true) => Focus::Why,
        (Focus::Why, true) => Focus::How,
        (Focus::How, false) => Focus::Why,
        (Focus::Why, false) => Focus::List,
        (same, _) => same,
    };
    ui.place_mut().focus = to;
    Outcome::Nothing
}

fn pane(ui: &mut Ui, forward: bool) -> Outcome {
    let place = ui.place_mut();
    place.focus = if forward { place.focus.next() } else { place.focus.previous() };
    Outcome::Nothing
}

fn view(ui: &mut Ui, name: &str) -> Outcome {
    if let Some(to) = ui.registry.named(name) {
        ui.go(to);
    }
    Outcome::Nothing
}

fn back(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    let Some((view, chosen)) = ui.back.take() else { return Outcome::say("There is nowhere to go back to yet.") };
    ui.go(view);
    ui.place_mut().chosen = chosen;
    Outcome::Nothing
}

fn served(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let Some(id) = ui.place().chosen else { return Outcome::Nothing };
    match thread(product, id).knots.get(1) {
        Some(knot) => {
            ui.to_record(product, knot.id);
            Outcome::Nothing
        }
        None => Outcome::say("It serves nothing yet. {set.serves} sets what it serves."),
    }
}
