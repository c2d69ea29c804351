//! The horizon and result of roadmap items, and ratifying the roadmap.

use crate::actions::action::{Action, Args, Argument, Context, Setter, asks_nothing, one_or_many, wrong_kind};
use crate::actions::edit::{self, Place};
use crate::actions::now::{ask_for_now, missing_of};
use crate::insight::forecast::forecast;
use crate::model::change::{Change, Step};
use crate::model::grammar::count_of;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::schema::{Horizon, Kind, RoadmapItem, RoadmapResult, RoadmapVersion, record_json};
use crate::model::undo_barrier::Fence;
use crate::model::value::{Any, Cell, Line, Prose, Value};

pub const HORIZON: Action = Action {
    name: "roadmap.horizon",
    hint: "Moves a roadmap item to another horizon. Now requires all its reasons.",
    with: &[("on", "the roadmap item, or a list of them"), ("to", "now, next or later")],
    run: |product, args, context| set_horizon(product, &args.records("on")?, &args.value("to")?, args, context),
    sets: Some(Setter { field: "horizon", set: set_horizon, asks: asks_nothing, at_creation: true }),
};

pub const RESULT: Action = Action {
    name: "roadmap.result",
    hint: "Sets the result of a roadmap item: launched, achieved, missed, parked, declined, or open again.",
    with: &[
        ("on", "the roadmap item, or a list of them"),
        ("to", "what became of it"),
        ("reason", "required to decline"),
    ],
    run: |product, args, context| set_result(product, &args.records("on")?, &args.value("to")?, args, context),
    sets: Some(Setter { field: "result", set: set_result, asks: asks_why, at_creation: false }),
};

fn set_horizon(product: &Product, ids: &[Id], to: &Value, _: &Args, _: &mut Context) -> Result<Step, Refusal> {
    horizon(product, ids, Horizon::from_value(to).map_err(Refusal::unchanged)?)
}

/// Moves roadmap items to another horizon.
///
/// # Errors
///
/// Refuses all if one of them cannot go to NOW yet.
pub fn horizon(product: &Product, ids: &[Id], to: Horizon) -> Result<Step, Refusal> {
    let mut step = Step::default();
    for id in ids {
        let item = roadmap_item(product, *id)?;
        if to == Horizon::Now && item.horizon != Horizon::Now {
            ask_for_now(&product.name_of(*id), &missing_of(product, *id))?;
        }
        step.label = format!("{} {} → {}", product.name_of(*id), item.horizon.label(), to.label());
        step.changes.extend(product.edit::<RoadmapItem>(*id, "", |item| item.horizon = to).changes);
    }
    if ids.len() != 1 {
        step.label = format!("{} → {}", count_of(ids.len(), Kind::RoadmapItem), to.label());
    }
    Ok(step)
}

fn roadmap_item(product: &Product, id: Id) -> Result<&RoadmapItem, Refusal> {
    product.get::<RoadmapItem>(id).map(|item| &**item).ok_or_else(|| wrong_kind(product, id, Kind::RoadmapItem))
}

fn set_result(product: &Product, ids: &[Id], to: &Value, args: &Args, _: &mut Context) -> Result<Step, Refusal> {
    result(product, ids, RoadmapResult::from_value(to).map_err(Refusal::unchanged)?, args.trimmed("reason"))
}

/// Declining requires a reason.
fn asks_why(_: &Product, _: &[Id], to: &Value) -> Option<Argument> {
    let declines = RoadmapResult::from_value(to) == Ok(RoadmapResult::Declined);
    declines.then_some(Argument { key: "reason", about: "why it is declined" })
}

/// Sets the result of roadmap items. The reason is stored with each.
///
/// # Errors
///
/// Refuses all if one of them cannot change to that result, and refuses to decline without a reason.
pub fn result(product: &Product, ids: &[Id], to: RoadmapResult, reason: &str) -> Result<Step, Refusal> {
    let mut step = Step::default();
    for id in ids {
        step.changes.extend(result_of(product, *id, to, reason)?.changes);
    }
    let verb = if ids.len() == 1 { "is" } else { "are" };
    step.label = format!("{} {verb} {}", one_or_many(product, Kind::RoadmapItem, ids), to.label());
    Ok(step)
}

/// Whether a roadmap item with one result can get another: what was not launched is neither achieved nor missed.
pub fn can_become(from: RoadmapResult, to: RoadmapResult) -> bool {
    use RoadmapResult::{Achieved, Declined, Launched, Missed, Open, Parked};
    let good = matches!(
        (from, to),
        (Open, Launched | Parked | Declined) | (Launched, Achieved | Missed | Open) | (Parked | Declined, Open)
    );
    good || from == to
}

fn result_of(product: &Product, id: Id, to: RoadmapResult, reason: &str) -> Result<Step, Refusal> {
    let item = roadmap_item(product, id)?;
    if !can_become(item.result, to) {
        let what =
            format!("{} is {}; it cannot become {} from there.", product.name_of(id), item.result.label(), to.label());
        return Err(Refusal::unchanged(what));
    }
    if to == RoadmapResult::Declined && reason.trim().is_empty() {
        return Err(Refusal::new("Declining asks for a reason.", "It helps when somebody asks for it again."));
    }
    Ok(product.edit::<RoadmapItem>(id, "", |item| {
        item.result = to;
        if !reason.trim().is_empty() {
            item.reason = Prose::from(reason.trim());
        }
    }))
}

pub const RATIFY: Action = Action {
    name: "roadmap.ratify",
    hint: "Stores the current roadmap as a version that the team can rely on.",
    with: &[("note", "what is new in this version, in a sentence")],
    run: |product, args, context| ratify(product, args.trimmed("note"), context),
    sets: None,
};

/// Stores a version of the roadmap: a copy of every existing roadmap item, and the current forecast. Requires an open
/// item in Now.
pub fn ratify(product: &Product, note: &str, context: &mut Context) -> Result<Step, Refusal> {
    let now = |item: &&std::sync::Arc<RoadmapItem>| {
        item.horizon == Horizon::Now && matches!(item.result, RoadmapResult::Open | RoadmapResult::Launched)
    };
    if product.all::<RoadmapItem>().find(now).is_none() {
        return Err(Refusal::new(
            "Nothing on the roadmap is in Now, so there is nothing to rely on yet.",
            "roadmap.horizon moves an item there; nothing was changed.",
        ));
    }
    let copy = |item: &std::sync::Arc<RoadmapItem>| {
        let mut json = record_json(product.shelves(), Kind::RoadmapItem, item.id)?;
        for key in ["rank", "extra", "source", "confirmed"] {
            json.as_object_mut()?.shift_remove(key);
        }
        Some(json)
    };
    let items: Vec<Value> = product.all::<RoadmapItem>().filter_map(copy).collect();
    let cells: Vec<_> = Kind::RoadmapVersion.field("note").map(|field| (field, note.into())).into_iter().collect();
    let (mut step, id) = edit::add(product, Kind::RoadmapVersion, &cells, Place::Bottom, context)?;
    let facts = [
        ("at", Some(context.now).to_value()),
        ("by", Line::from(context.by.as_str()).to_value()),
        ("items", Any(Value::from(items)).to_value()),
        ("forecast", forecast(product, context.now.day()).kept().to_value()),
    ];
    for (key, to) in facts {
        let field = Kind::RoadmapVersion.field(key).filter(|_| !to.is_null());
        step.changes.extend(field.map(|field| Change { id, field, from: Value::Null, to }));
    }
    let count = product.all::<RoadmapVersion>().len().saturating_add(1);
    step.label = format!("{} the roadmap, version {count}", Fence::Ratify.verb());
    Ok(step)
}
