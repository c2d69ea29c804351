//! Adding, setting, ordering and deleting records of any kind.

use crate::actions::action::Context;
use crate::actions::now::{ask_for_now, missing_for_now};
use crate::insight::text;
use crate::model::change::{Change, Step};
use crate::model::field::Field;
use crate::model::grammar::{count_of, plural_noun};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rank::Rank;
use crate::model::refusal::Refusal;
use crate::model::role::Owner;
use crate::model::saturating::put_all_at;
use crate::model::schema::{BacklogItem, Horizon, Kind, Sprint, SprintState, Stage};
use crate::model::value::{Cell, Shape, Value};

/// Where a record goes in the order of its kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    Top,
    Bottom,
    Before(Id),
    After(Id),
}

/// Adds a record with these cells. The step's label contains its title.
pub fn add(
    product: &Product,
    kind: Kind,
    cells: &[(&'static Field, Value)],
    place: Place,
    context: &mut Context,
) -> Result<(Step, Id), Refusal> {
    let (step, made) = add_all(product, kind, &[cells.to_vec()], place, context)?;
    Ok((step, made.first().copied().unwrap_or_default()))
}

/// Adds several records as one step, one below the other at a place.
pub fn add_all(
    product: &Product,
    kind: Kind,
    rows: &[Vec<(&'static Field, Value)>],
    place: Place,
    context: &mut Context,
) -> Result<(Step, Vec<Id>), Refusal> {
    let mut step = Step::default();
    let mut made = Vec::with_capacity(rows.len());
    let ranks = ranks_at(product, kind, place, rows.len(), &[]);
    let fits = fit(gap(product, kind, place, &[]), &ranks);
    for (cells, rank) in rows.iter().zip(&ranks) {
        let id = context.fresh(product);
        step.changes.extend(cells_of_new(kind, id, cells, fits.then_some(rank), context)?);
        made.push(id);
    }
    if !fits {
        step.changes.extend(ranked_anew(product, kind, &made, place, String::new()).changes);
    }
    step.label = label_of_added(kind, rows);
    Ok((step, made))
}

fn label_of_added(kind: Kind, rows: &[Vec<(&'static Field, Value)>]) -> String {
    let [cells] = rows else { return format!("Added {} {}", rows.len(), plural_noun(kind)) };
    match cells.iter().find(|(field, _)| Some(*field) == kind.title_field()) {
        Some((_, value)) => format!("Added the {} {}", kind.noun(), short(value)),
        None => format!("Added a {}", kind.noun()),
    }
}

/// The cells of one new record, including those that every new record gets.
fn cells_of_new(
    kind: Kind,
    id: Id,
    cells: &[(&'static Field, Value)],
    rank: Option<&Rank>,
    context: &Context,
) -> Result<Vec<Change>, Refusal> {
    if let Some((field, _)) = cells.iter().find(|(field, _)| field.owner == Owner::System) {
        return Err(not_by_hand(field));
    }
    let mut step = Step::default();
    let mut write = |field: Option<&'static Field>, to: &Value| -> Result<(), Refusal> {
        let Some(field) = field else { return Ok(()) };
        let to = field.accept(to).map_err(Refusal::unchanged)?;
        if !to.is_null() {
            step.changes.push(Change { id, field, from: Value::Null, to });
        }
        Ok(())
    };
    write(kind.field("alive"), &true.into())?;
    if let Some(rank) = rank {
        write(kind.field("rank"), &rank.to_value())?;
    }
    for (field, value) in cells {
        write(Some(field), value)?;
    }
    if matches!(kind, Kind::BacklogItem | Kind::Feedback) {
        write(kind.field("created"), &Some(context.now).to_value())?;
    }
    if kind == Kind::Decision {
        write(kind.field("by"), &context.by.as_str().into())?;
        write(kind.field("at"), &Some(context.now).to_value())?;
    }
    let horizon = cells.iter().find(|(field, _)| field.kind == Kind::RoadmapItem && field.key == "horizon");
    if horizon.is_some_and(|(_, to)| Horizon::from_value(to) == Ok(Horizon::Now)) {
        let missing = missing_for_now(&|key| step_value(&step, key));
        ask_for_now("The new item", &missing)?;
    }
    Ok(step.changes)
}

fn step_value(step: &Step, key: &str) -> Value {
    step.changes.iter().find(|change| change.field.key == key).map(|change| change.to.clone()).unwrap_or_default()
}

/// A text in quotes, shortened to fit a line.
pub fn short(value: &Value) -> String {
    let text = value.as_str().unwrap_or_default();
    let first = text.lines().next().unwrap_or_default();
    let mut out: String = first.chars().take(48).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    format!("\"{out}\"")
}

/// What follows from a value that closes much at once, for a person to read before it is set; `None` for all others.
pub fn consequence(field: &Field, value: &Value) -> Option<&'static str> {
    let retires = (field.kind, field.key) == (Kind::VisionBoard, "stage")
        && Stage::from_value(value).is_ok_and(|stage| stage == Stage::Retired);
    retires.then_some(
        "A retired product is kept and can be read, but nothing in it changes any more. Setting its stage back, or undo, opens it again.",
    )
}

/// Writes one value to one field of several records, as one step. Records that already have the value are left out.
///
/// # Errors
///
/// Refuses a field that only an action sets (`actions::set_through` sets those too), a value that the field refuses,
/// and a record that is gone or of another kind.
pub fn set(product: &Product, ids: &[Id], field: &'static Field, value: &Value) -> Result<Step, Refusal> {
    if field.owner == Owner::System || field.is_head() || !field.actions.is_empty() {
        return Err(not_by_hand(field));
    }
    let mut step = Step::default();
    for id in ids {
        match product.table(field.kind).find(*id) {
            Some(record) if record.is_alive() => {}
            Some(record) => {
                let what = format!("{} is deleted.", record.name());
                return Err(Refusal::new(what, "{bin} restores it. Nothing was changed."));
            }
            None => return Err(Refusal::unchanged(format!("{} has no {}.", product.name_of(*id), field.noun()))),
        }
        let change = product.set(*id, field, value).map_err(Refusal::unchanged)?;
        step.changes.extend(change);
    }
    step.label = label_of_set(product, &step, field);
    Ok(step)
}

/// Marks the whys that a step changes as reworded only: their tokens stay as they are, so that nobody looks again.
pub fn only_wording(product: &Product, step: &mut Step) {
    let mut whys: Vec<(Kind, Id)> =
        step.changes.iter().filter(|one| one.field.is_reason()).map(|one| (one.kind(), one.id)).collect();
    whys.dedup();
    for (kind, id) in whys {
        if let Some(field) = kind.field("why_rev") {
            let token = product.value(id, field);
            step.changes.push(Change { id, field, from: token.clone(), to: token });
        }
    }
}

/// Why a form does not set a field, and what does.
fn not_by_hand(field: &Field) -> Refusal {
    let hint = match field.actions {
        _ if field.owner == Owner::System => "whyhow writes it itself.".to_string(),
        [] => "A separate action sets it.".to_string(),
        [one] => format!("The command {one} sets it."),
        [first @ .., last] => format!("The commands {} and {last} set it.", first.join(", ")),
    };
    Refusal::new(format!("{} is not set by hand.", field.label), hint)
}

/// `Points of S24 3 → 5`, `Points of 6 stories`.
fn label_of_set(product: &Product, step: &Step, field: &Field) -> String {
    match step.changes.as_slice() {
        [one] if from_to(product, field, one).is_empty() => format!("Changed {}", field.of(product.name_of(one.id))),
        [one] => what_moves(product, one),
        all => format!("Changed {}", field.of_many(format!("{} {}", all.len(), plural_noun(field.kind)))),
    }
}

/// `Points of S24 3 → 5`, or `Notes of S24` for a longer value.
pub(super) fn what_moves(product: &Product, change: &Change) -> String {
    let colon = if change.field.is_said_as_clause() { ":" } else { "" };
    let what = change.field.head_of(product.name_of(change.id));
    match from_to(product, change.field, change) {
        none if none.is_empty() => what,
        values => format!("{what}{colon}{values}"),
    }
}

/// The sentences that a list would lose, if it gains none.
pub(super) fn only_removed(change: &Change) -> Option<String> {
    if !matches!(change.field.shape, Shape::Criteria | Shape::Tasks) || change.is_creation() {
        return None;
    }
    let texts = |value: &Value| -> Vec<String> {
        let all = value.as_array().cloned().unwrap_or_default();
        all.iter().filter_map(|one| one.get("text")?.as_str().map(str::to_string)).collect()
    };
    let (was, want) = (texts(&change.from), texts(&change.to));
    let gone: Vec<&String> = was.iter().filter(|one| !want.contains(one)).collect();
    let is_less = want.iter().all(|one| was.contains(one)) && want.len() < was.len();
    match gone.as_slice() {
        [] => None,
        [one] if is_less => Some(short(&one.as_str().into())),
        [one, more @ ..] if is_less => Some(format!("{} and {} more", short(&one.as_str().into()), more.len())),
        _ => None,
    }
}

fn from_to(product: &Product, field: &Field, change: &Change) -> String {
    let show = |value: &Value| -> Option<String> {
        let text = match value {
            Value::Null => "none".to_string(),
            Value::String(text) => Id::parse(text).map_or_else(|| text.to_string(), |id| product.name_of(id)),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        (text.len() <= 24).then_some(text)
    };
    let show = |value: &Value| text::choice(field, value).map_or_else(|| show(value), |label| Some(label.to_string()));
    match (show(&change.from), show(&change.to)) {
        (Some(from), Some(to)) if !matches!(field.shape, Shape::Prose) => {
            format!(" {from} → {to}")
        }
        _ => String::new(),
    }
}

/// Moves records to one place, keeping their current order. Their neighbours keep their ranks unless these would grow
/// too long.
pub fn reorder(product: &Product, kind: Kind, ids: &[Id], place: Place) -> Result<Step, Refusal> {
    if let Place::Before(anchor) | Place::After(anchor) = place
        && ids.contains(&anchor)
    {
        return Ok(Step::default());
    }
    let shelf = product.table(kind);
    if let Place::Before(anchor) | Place::After(anchor) = place
        && shelf.find(anchor).is_none_or(|record| !record.is_alive())
    {
        let what = format!("{} is not a {} to move next to.", product.name_of(anchor), kind.noun());
        return Err(Refusal::new(what, "Nothing was moved."));
    }
    let mut moved: Vec<(&Rank, Id)> = Vec::new();
    for id in ids {
        let Some(record) = shelf.find(*id).filter(|record| record.is_alive()) else {
            return Err(Refusal::unchanged(format!("{} cannot be moved.", product.name_of(*id))));
        };
        moved.push((record.rank(), *id));
    }
    moved.sort();
    let what = match moved.as_slice() {
        [(_, one)] => product.name_of(*one),
        all => format!("{} {}", all.len(), plural_noun(kind)),
    };
    let place_words = match place {
        Place::Top => "to the top".to_string(),
        Place::Bottom => "to the bottom".to_string(),
        Place::Before(anchor) => format!("above {}", product.name_of(anchor)),
        Place::After(anchor) => format!("below {}", product.name_of(anchor)),
    };
    let mut step = Step::new(format!("Moved {what} {place_words}"));
    let ranks = ranks_at(product, kind, place, moved.len(), ids);
    if !fit(gap(product, kind, place, ids), &ranks) {
        return Ok(ranked_anew(product, kind, &moved.iter().map(|(_, id)| *id).collect::<Vec<_>>(), place, step.label));
    }
    for ((_, id), rank) in moved.iter().zip(ranks) {
        step.changes.extend(rank_change(product, kind, *id, &rank));
    }
    Ok(step)
}

/// True if the ranks are short enough and really between their neighbours: two records added at the same time, or read
/// from a file without ranks, leave no room between them.
fn fit((above, below): (Option<&Rank>, Option<&Rank>), ranks: &[Rank]) -> bool {
    let mut last = above;
    for rank in ranks {
        if rank.is_long() || rank.is_empty() || last.is_some_and(|last| last >= rank) {
            return false;
        }
        last = Some(rank);
    }
    last.zip(below).is_none_or(|(last, below)| last < below)
}

fn rank_change(product: &Product, kind: Kind, id: Id, rank: &Rank) -> Option<Change> {
    let field = kind.field("rank")?;
    let (from, to) = (product.value(id, field), rank.to_value());
    (from != to).then_some(Change { id, field, from, to })
}

/// The ranks on both sides of a place, without the records that are moved.
fn gap<'a>(product: &'a Product, kind: Kind, place: Place, moving: &[Id]) -> (Option<&'a Rank>, Option<&'a Rank>) {
    let shelf = product.table(kind);
    let order = shelf.order();
    let still = |slot: &u32| shelf.record(*slot).filter(|record| !moving.contains(&record.id()));
    let rank = |record: &'a dyn crate::model::field::Record| record.rank();
    let position = |id: Id| {
        let record = shelf.find(id)?;
        let key = (record.rank(), id);
        let before = |slot: &u32| shelf.record(*slot).is_some_and(|other| (other.rank(), other.id()) < key);
        let at = order.partition_point(before);
        (order.get(at) == shelf.slot_of(id).as_ref()).then_some(at)
    };
    match place {
        Place::Top => (None, order.iter().find_map(still).map(rank)),
        Place::Bottom => (order.iter().rev().find_map(still).map(rank), None),
        Place::Before(id) => match position(id) {
            Some(at) => {
                let above = order.get(..at).unwrap_or_default().iter().rev().find_map(still).map(rank);
                (above, shelf.find(id).map(rank))
            }
            None => gap(product, kind, Place::Bottom, moving),
        },
        Place::After(id) => match position(id) {
            Some(at) => {
                let below = order.get(at.saturating_add(1)..).unwrap_or_default().iter().find_map(still).map(rank);
                (shelf.find(id).map(rank), below)
            }
            None => gap(product, kind, Place::Bottom, moving),
        },
    }
}

/// New ranks for `count` records at a place.
pub fn ranks_at(product: &Product, kind: Kind, place: Place, count: usize, moving: &[Id]) -> Vec<Rank> {
    match gap(product, kind, place, moving) {
        (None, Some(first)) => {
            let mut out: Vec<Rank> = Vec::with_capacity(count);
            for _ in 0..count {
                let next = Rank::between(None, Some(out.last().unwrap_or(first)));
                out.push(next);
            }
            out.reverse();
            out
        }
        (above, below) => Rank::spread(above, below, count),
    }
}

/// Restores a deleted record as it was.
pub fn revive(product: &Product, id: Id) -> Result<Step, Refusal> {
    let Some(record) = product.find(id) else {
        return Err(Refusal::unchanged("It can no longer be restored."));
    };
    let alive = record.kind().field("alive");
    let change = alive.and_then(|field| product.set(id, field, &Value::Bool(true)).ok().flatten());
    let label = format!("Restored {} “{}”", record.name(), record.title());
    Ok(Step { label, changes: change.into_iter().collect() })
}

/// Assigns new, short ranks to all records of the kind, with the moved ones at their place, because the ranks between
/// two neighbours had grown too long.
fn ranked_anew(product: &Product, kind: Kind, moved: &[Id], place: Place, label: String) -> Step {
    let shelf = product.table(kind);
    let mut all: Vec<Id> =
        shelf.order().iter().filter_map(|slot| shelf.record(*slot)).map(|record| record.id()).collect();
    all.retain(|id| !moved.contains(id));
    let at = match place {
        Place::Top => 0,
        Place::Bottom => all.len(),
        Place::Before(id) => all.iter().position(|one| *one == id).unwrap_or(all.len()),
        Place::After(id) => all.iter().position(|one| *one == id).map_or(all.len(), |at| at.saturating_add(1)),
    };
    put_all_at(&mut all, at, moved.iter().copied());
    let ranks = Rank::spread(None, None, all.len());
    let changes = all.iter().zip(&ranks).filter_map(|(id, rank)| rank_change(product, kind, *id, rank)).collect();
    Step { label, changes }
}

/// A deleted story is removed from its sprint, so that it is not restored into one that has started.
fn out_of_plan(product: &Product, id: Id) -> Option<Change> {
    let sprint = product.get::<Sprint>(product.get::<BacklogItem>(id)?.sprint?)?;
    let field = Kind::BacklogItem.field("sprint").filter(|_| sprint.state == SprintState::Planning)?;
    Some(Change { id, field, from: product.value(id, field), to: Value::Null })
}

/// Deletes records. They stay in the file, marked as deleted, and undo restores them.
pub fn delete(product: &Product, ids: &[Id]) -> Result<Step, Refusal> {
    let mut step = Step::default();
    for id in ids {
        let Some(record) = product.find(*id).filter(|record| record.is_alive()) else {
            return Err(Refusal::unchanged(format!("{} is already deleted.", product.name_of(*id))));
        };
        if record.kind() == Kind::VisionBoard {
            return Err(Refusal::new(
                "The product itself cannot be deleted here.",
                "You can set its stage to Retired.",
            ));
        }
        if record.kind() == Kind::Proposal {
            let what = format!("{} is a proposal.", record.name());
            return Err(Refusal::new(what, "{proposal.withdraw} takes your own back; others are answered."));
        }
        if record.kind() == Kind::BacklogItem {
            step.changes.extend(out_of_plan(product, *id));
        }
        if let Some(field) = record.kind().field("alive") {
            step.changes.push(Change { id: *id, field, from: true.into(), to: false.into() });
        }
    }
    step.label = match ids {
        [one] => {
            let title = product.find(*one).map(|record| short(&record.title().into())).unwrap_or_default();
            format!("Deleted {} {title}", product.name_of(*one))
        }
        many => format!("Deleted {}", counted_by_kind(product, many)),
    };
    Ok(step)
}

/// `5 stories`, `1 roadmap item and 3 stories`.
fn counted_by_kind(product: &Product, ids: &[Id]) -> String {
    let kinds: Vec<Kind> = ids.iter().filter_map(|id| product.find(*id)).map(|record| record.kind()).collect();
    let count = |kind: &Kind| match kinds.iter().filter(|one| *one == kind).count() {
        0 => None,
        n => Some(count_of(n, *kind)),
    };
    let mut all: Vec<String> = Kind::ALL.iter().filter_map(count).collect();
    let last = all.pop().unwrap_or_default();
    if all.is_empty() { last } else { format!("{} and {last}", all.join(", ")) }
}
