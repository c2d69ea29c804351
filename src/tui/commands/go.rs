//! Navigation: rows, columns, panes, views.

use crate::actions::Context;
use crate::insight::trace::thread;
use crate::model::product::Product;
use crate::tui::state::contract::{Command, Group, Outcome, always, on_something};
use crate::tui::state::ui::Ui;
use crate::tui::term::layout::Focus;
use crate::tui::widget::pane::{PaneExtents, extents};

/// A command that only moves.
macro_rules! move_row {
    ($name:literal, $keys:expr, $label:literal, $hint:literal, $weight:literal, $run:expr) => {
        Command {
            name: $name,
            keys: $keys,
            group: Group::Move,
            label: $label,
            hint: $hint,
            synonyms: synonyms($name),
            weight: $weight,
            ready: always,
            run: $run,
        }
    };
}

/// What people look for that a view shows.
const fn synonyms(name: &str) -> &'static [&'static str] {
    match name.as_bytes() {
        b"go.vision" => &["product goal", "goals"],
        b"go.roadmap" => &["forecast", "timeline"],
        b"go.plan" => &["forecast", "capacity", "velocity"],
        b"go.board" => &["burndown", "sprint backlog"],
        b"go.done" => &["definition of ready", "definition of done", "ready", "definition"],
        _ => &[],
    }
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
    move_row!("go.page_up", &["PgUp", "Ctrl-U"], "page up", "A page up.", 0, |ui, product, _| by_page(
        ui, product, false
    )),
    move_row!("go.page_down", &["PgDn", "Ctrl-D"], "page down", "A page down.", 0, |ui, product, _| by_page(
        ui, product, true
    )),
    move_row!("go.first", &["Home", "g g"], "first", "The first row.", 0, |ui, product, _| by(
        ui,
        product,
        isize::MIN / 2
    )),
    move_row!("go.last", &["End", "G"], "last", "The last row.", 0, |ui, product, _| by(ui, product, isize::MAX / 2)),
    move_row!("go.pane", &["Tab"], "pane", "The next pane: list, why, how.", 65, |ui, _, _| pane(ui, true)),
    move_row!("go.pane_back", &["Shift-Tab"], "pane back", "The previous pane.", 0, |ui, _, _| pane(ui, false)),
    move_row!("go.vision", &["1", "g v"], "Vision", "The vision, the goals and the Product Goal.", 0, |ui, _, _| view(
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
    move_row!("go.board", &["5", "g s"], "Board", "The board of the running sprint.", 0, |ui, _, _| cards(ui)),
    move_row!("go.review", &["6", "g w"], "Review", "The sprint review, step by step.", 0, |ui, _, _| view(
        ui, "review"
    )),
    move_row!("go.done", &["7", "g d"], "Done", "The Definition of Done and of Ready.", 0, |ui, _, _| view(ui, "done")),
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

/// Down or up by rows of the list, or by rows and lines of a pane. 10,000 or more is the end.
pub fn by(ui: &mut Ui, product: &Product, by: isize) -> Outcome {
    let focus = ui.focus();
    if focus == Focus::List {
        ui.step(by);
        return Outcome::Nothing;
    }
    let extents = extents(ui, product, focus);
    let (at, inside) = (ui.stop(focus).min(extents.last_stop()), ui.place().inside);
    let (at, inside) = match by {
        10_000.. => (extents.last_stop(), isize::MAX),
        ..=-10_000 => (0, isize::MIN),
        _ => one_row(&extents, at, inside, by > 0),
    };
    to_line(ui, &extents, at, inside);
    Outcome::Nothing
}

fn to_line(ui: &mut Ui, extents: &PaneExtents, at: usize, inside: isize) {
    let focus = ui.focus();
    let place = ui.place_mut();
    place.inside = extents.within(at, inside);
    if focus == Focus::How { place.how_at = at } else { place.why_at = at }
}

/// A page of the list, or of the lines of a pane.
pub fn by_page(ui: &mut Ui, product: &Product, down: bool) -> Outcome {
    let focus = ui.focus();
    if focus == Focus::List {
        let page = ui.page().max(1);
        ui.step(if down { page } else { page.saturating_neg() });
        return Outcome::Nothing;
    }
    let extents = extents(ui, product, focus);
    let at = ui.stop(focus).min(extents.last_stop());
    let (at, inside) = page(&extents, at, ui.place().inside, down);
    to_line(ui, &extents, at, inside);
    Outcome::Nothing
}

/// One line of what stands below a row, if there is some, else the next row.
fn one_row(extents: &PaneExtents, at: usize, inside: isize, down: bool) -> (usize, isize) {
    let scrolled = extents.within(at, inside.saturating_add(if down { 1 } else { -1 }));
    match down {
        _ if scrolled != extents.within(at, inside) => (at, scrolled),
        true if at < extents.last_stop() => (at.saturating_add(1), 0),
        false if at > 0 => (at.saturating_sub(1), 0),
        _ => (at, inside),
    }
}

/// As far as the pane scrolls by its height.
fn page(extents: &PaneExtents, at: usize, inside: isize, down: bool) -> (usize, isize) {
    let begun = extents.position(at, inside);
    let mut here = one_row(extents, at, inside, down);
    loop {
        let next = one_row(extents, here.0, here.1, down);
        if next == here || extents.position(next.0, next.1).abs_diff(begun) > extents.height() {
            return here;
        }
        here = next;
    }
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

/// The board opens with its cards, whatever chart was left open: commands act on a card.
fn cards(ui: &mut Ui) -> Outcome {
    let said = view(ui, "board");
    ui.place_mut().turn = 0;
    said
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
