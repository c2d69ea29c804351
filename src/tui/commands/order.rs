//! Manual order: by one place, to the top, to the bottom, to a place.

use crate::actions::Context;
use crate::actions::edit::{Place, reorder};
use crate::actions::proposal::withdraw;
use crate::insight::proposals::{moves_up, open_on};
use crate::model::change::Step;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rules::plural_noun;
use crate::model::saturating::{put_at, take_at};
use crate::model::schema::{ItemStatus, Kind};
use crate::model::value::Value;
use crate::tui::overlay::prompt::Prompt;
use crate::tui::state::access::{can_move, may_edit, may_order, proposes};
use crate::tui::state::contract::{Command, Commit, Dropped, Group, Outcome};
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::Ui;
use crate::tui::term::layout::Focus;
use crate::tui::term::text::thousands;
use crate::tui::widget::pane::row_under_cursor;
use rustc_hash::FxHashSet;

pub const COMMANDS: &[Command] = &[
    Command {
        name: "order.up",
        keys: &["+", "K", "Shift-Up"],
        group: Group::This,
        label: "raise",
        hint: "One place up: more important.",
        synonyms: &["order", "rank", "priority", "raise"],
        weight: 62,
        ready: can_order,
        run: |ui, product, context| one_place(ui, product, context, true),
    },
    Command {
        name: "order.down",
        keys: &["-", "J", "Shift-Down"],
        group: Group::This,
        label: "lower",
        hint: "One place down: less important.",
        synonyms: &["order", "rank", "priority", "lower"],
        weight: 61,
        ready: can_order,
        run: |ui, product, context| one_place(ui, product, context, false),
    },
    Command {
        name: "move.top",
        keys: &["m t"],
        group: Group::This,
        label: "to top",
        hint: "To the top of the list.",
        synonyms: &["first", "most important"],
        weight: 0,
        ready: can_move,
        run: |ui, product, _| end(ui, product, true),
    },
    Command {
        name: "move.bottom",
        keys: &["m b"],
        group: Group::This,
        label: "to bottom",
        hint: "To the bottom of the list.",
        synonyms: &["last"],
        weight: 0,
        ready: can_move,
        run: |ui, product, _| end(ui, product, false),
    },
    Command {
        name: "move.place",
        keys: &["m m", "m 1", "m 2", "m 3", "m 4", "m 5", "m 6", "m 7", "m 8", "m 9"],
        group: Group::This,
        label: "to place",
        hint: "To a place by its number; a digit starts the number at once.",
        synonyms: &["position"],
        weight: 0,
        ready: can_move,
        run: to_place,
    },
];

pub fn can_order(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    if ui.focus() != Focus::List {
        let row = row_under_cursor(ui, product);
        return match row {
            Some(PaneRow::Box { field, .. }) => may_edit(ui, product, field),
            _ => Err("this row cannot be moved up or down".into()),
        };
    }
    can_move(ui, product)
}

/// The rows among which a row can move: those of the same kind, in the same column or branch.
fn peers(ui: &Ui, kind: Kind, ids: &[Id]) -> Vec<Id> {
    let rows = &ui.rows.rows;
    let at = rows.iter().position(|row| ids.contains(&row.id)).unwrap_or(0);
    let range = match ui.rows.columns.iter().find(|column| column.contains(&at)) {
        Some(column) => column.clone(),
        None => ui.stretch(at).filter(|_| kind == Kind::BacklogItem).unwrap_or(0..rows.len()),
    };
    rows.get(range).unwrap_or_default().iter().filter(|row| row.kind == Some(kind)).map(|row| row.id).collect()
}

fn commit(step: Result<crate::model::change::Step, crate::model::rules::Refusal>, choose: Option<Id>) -> Outcome {
    match step {
        Ok(step) => Outcome::Commit(Commit { choose, ..Commit::new(step) }),
        Err(refusal) => Outcome::refuse(refusal),
    }
}

/// Moves one sentence of the list under the cursor of a pane up or down.
fn sentence(ui: &mut Ui, product: &Product, up: bool) -> Outcome {
    let Some(PaneRow::Box { record, field, nth, .. }) = row_under_cursor(ui, product) else {
        return Outcome::say("Esc goes back to the list; {order.up} and {order.down} move there.");
    };
    if let Err(word) = may_edit(ui, product, field) {
        return Outcome::refuse(word);
    }
    let mut all = product.value(record, field).as_array().cloned().unwrap_or_default();
    let to = if up { nth.checked_sub(1) } else { Some(nth.saturating_add(1)).filter(|to| *to < all.len()) };
    let Some(to) = to else {
        return Outcome::say(if up { "It is already the first." } else { "It is already the last." });
    };
    if let Some(one) = take_at(&mut all, nth) {
        put_at(&mut all, to, one);
    }
    let place = ui.place_mut();
    let at = if place.focus == Focus::How { &mut place.how_at } else { &mut place.why_at };
    *at = if up { at.saturating_sub(1) } else { at.saturating_add(1) };
    super::edit::told(product, record, field, &Value::from(all), "Moved")
}

fn one_place(ui: &mut Ui, product: &Product, context: &mut Context, up: bool) -> Outcome {
    if ui.focus() != Focus::List {
        return sentence(ui, product, up);
    }
    let Some((kind, ids)) = ui.moved(product) else { return Outcome::Nothing };
    let mut peers = peers(ui, kind, &ids);
    // Who has proposed a place goes on from there.
    let place = |ids: &[Id], peers: &[Id]| peers.iter().position(|id| ids.contains(id));
    let (own, was) = (own_place(ui, product, kind, &ids), place(&ids, &peers));
    if let (Some((_, beside, above)), [one]) = (own, ids.as_slice()) {
        let mut rest = peers.clone();
        rest.retain(|id| id != one);
        if let Some(at) = rest.iter().position(|id| *id == beside) {
            put_at(&mut rest, if above { at } else { at.saturating_add(1) }, *one);
            peers = rest;
        }
    }
    let mine = |id: &Id| ids.contains(id);
    let anchor = if up {
        peers.iter().position(mine).and_then(|first| first.checked_sub(1)).and_then(|at| peers.get(at))
    } else {
        peers.iter().rposition(mine).and_then(|last| peers.get(last.saturating_add(1)))
    };
    let Some(anchor) = anchor else {
        return Outcome::say(if up { "It is already at the top." } else { "It is already at the bottom." });
    };
    let to = place(&ids, &peers).map(|at| if up { at.saturating_sub(1) } else { at.saturating_add(1) });
    if let (Some((proposal, ..)), true) = (own, to == was) {
        return Outcome::of(withdraw(product, proposal, context));
    }
    let place = if up { Place::Before(*anchor) } else { Place::After(*anchor) };
    commit(reorder(product, kind, &ids, place), ui.place().chosen)
}

/// One's own open proposal to move just this record: the proposal, the record beside which it would stand, and whether
/// above it.
fn own_place(ui: &Ui, product: &Product, kind: Kind, ids: &[Id]) -> Option<(Id, Id, bool)> {
    let (rank, [one]) = (kind.field("rank")?, ids) else { return None };
    if !proposes(ui, rank) {
        return None;
    }
    let own = open_on(product, *one).into_iter().filter(|proposal| *proposal.by == *ui.by);
    own.filter_map(|proposal| match proposal.changes.as_slice() {
        [cell] if cell.field == rank.key => Some((proposal.id, cell.beside?, moves_up(cell)?)),
        _ => None,
    })
    .next_back()
}

fn end(ui: &mut Ui, product: &Product, top: bool) -> Outcome {
    let Some((kind, ids)) = ui.moved(product) else { return Outcome::Nothing };
    // Relative to what is shown, so that a filter or a branch has a top of its own; in the order by hand, even where the
    // list is sorted by something else.
    let mut shown: FxHashSet<Id> = peers(ui, kind, &ids).into_iter().collect();
    shown.retain(|id| !ids.contains(id));
    let order = by_hand(ui, product, kind);
    let mut rest = order.iter().copied().filter(|id| shown.contains(id));
    let anchor = if top { rest.next() } else { rest.next_back() };
    let is_part = ui.rows.hidden > 0 || ui.place().is_turned();
    let at = |id: Id| order.iter().position(|one| *one == id);
    let passes = |id: &Id| anchor.is_some_and(|anchor| if top { at(*id) > at(anchor) } else { at(*id) < at(anchor) });
    if is_part && anchor.is_some() && !ids.iter().any(passes) {
        let end = if top { "top" } else { "bottom" };
        return Outcome::say(format!("It is already at the {end} of what is shown."));
    }
    let place = match (top, anchor) {
        (true, Some(first)) if is_part => Place::Before(first),
        (false, Some(last)) if is_part => Place::After(last),
        (true, _) => Place::Top,
        (false, _) => Place::Bottom,
    };
    // The top of what is shown counts as the top, but not without its place among all.
    let mut word = if top { "to the top" } else { "to the bottom" }.to_string();
    let mut among = String::new();
    let others: Vec<Id> = order.iter().copied().filter(|id| !ids.contains(id)).collect();
    let beside = anchor.filter(|_| is_part).and_then(|anchor| others.iter().position(|id| *id == anchor));
    let passed = beside.filter(|at| if top { *at > 0 } else { at.saturating_add(1) < others.len() });
    if let (Kind::BacklogItem, Some(passed)) = (kind, passed) {
        word.push_str(" of what is shown");
        let last = if top { passed.saturating_add(1) } else { passed.saturating_add(ids.len()).saturating_add(1) };
        among = format!(", place {} of {}", thousands(last), thousands(order.len()));
    }
    let step = reorder(product, kind, &ids, place).map(|mut step| {
        if !step.is_empty() {
            step.label = moved_label(product, kind, &ids, &word);
        }
        step
    });
    let choose = ui.place().chosen;
    match commit(step, choose) {
        Outcome::Commit(mut done) if !done.step.is_empty() => {
            done.say = Some(format!("{}{among}. {{undo}} puts it back.", done.step.label).into());
            Outcome::Commit(done)
        }
        other => other,
    }
}

/// The records of a kind in the order made by hand; of stories, closed ones only where they are shown.
fn by_hand(ui: &Ui, product: &Product, kind: Kind) -> Vec<Id> {
    let is_closed = |id: Id| {
        product.items().get(id).is_some_and(|item| matches!(item.status, ItemStatus::Done | ItemStatus::Dropped))
    };
    let all = product.living(kind).map(|record| record.id());
    all.filter(|id| kind != Kind::BacklogItem || ui.place().closed || !is_closed(*id)).collect()
}

fn moved_label(product: &Product, kind: Kind, ids: &[Id], word: &str) -> String {
    let what = match ids {
        [one] => product.name_of(*one),
        all => format!("{} {}", all.len(), plural_noun(kind)),
    };
    format!("Moved {what} {word}")
}

/// Handles a drop on a row: the dragged rows take its place, also in its column.
pub fn drop_on(ui: &mut Ui, product: &Product, context: &mut Context, id: Id, at: usize) -> Outcome {
    let Some(over) = ui.rows.rows.get(at).copied().filter(|row| row.id != id) else { return Outcome::Nothing };
    let column = |id: Id| {
        let at = ui.rows.rows.iter().position(|row| row.id == id)?;
        ui.rows.columns.iter().position(|column| column.contains(&at))
    };
    if let (Some(from), Some(to)) = (column(id), column(over.id))
        && from != to
    {
        return drop_in(ui, product, context, id, to);
    }
    let Some((kind, ids)) = ui.dragged(product, id) else { return Outcome::Nothing };
    if over.kind != Some(kind) {
        return Outcome::say("It cannot be ordered there.");
    }
    if let Err(word) = may_order(ui, product, kind) {
        return Outcome::refuse(word);
    }
    let from = ui.rows.rows.iter().position(|row| row.id == id).unwrap_or(0);
    let place = if from < at { Place::After(over.id) } else { Place::Before(over.id) };
    commit(reorder(product, kind, &ids, place), Some(id))
}

/// Handles a drop in a column.
pub fn drop_in(ui: &mut Ui, product: &Product, context: &mut Context, id: Id, column: usize) -> Outcome {
    match (ui.screen().drops, ui.dragged(product, id)) {
        (Some(drops), Some((_, ids))) => drops(ui, product, context, Dropped { ids, column, order: Step::default() }),
        _ => Outcome::Nothing,
    }
}

fn to_place(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let Some((kind, ids)) = ui.moved(product) else { return Outcome::Nothing };
    let digit = ui.last_press.and_then(crate::tui::term::key::Press::letter).filter(char::is_ascii_digit);
    let begun = digit.map(String::from).unwrap_or_default();
    let line =
        Prompt::new("move to place: ", "a place, then Enter · Esc back", "place", move |text, ui, product, _| {
            Ok(at_place(ui, product, kind, &ids, text))
        });
    ui.open(line.number(&begun))
}

fn at_place(ui: &Ui, product: &Product, kind: Kind, ids: &[Id], text: &str) -> Outcome {
    let Ok(place) = text.trim().parse::<usize>() else {
        return Outcome::say("A place is a number. Nothing was moved.");
    };
    let rest: Vec<Id> =
        ui.rows.rows.iter().filter(|row| row.kind == Some(kind) && !ids.contains(&row.id)).map(|row| row.id).collect();
    let to = match rest.get(place.saturating_sub(1)) {
        Some(id) => Place::Before(*id),
        None => Place::Bottom,
    };
    Outcome::of(reorder(product, kind, ids, to))
}
