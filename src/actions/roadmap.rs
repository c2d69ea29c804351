//! Where a roadmap item stands, and what becomes of it.

use crate::actions::edit::{self, Place};
use crate::actions::{Action, Context, wrong_kind};
use crate::insight::forecast::forecast;
use crate::model::change::{Change, Step};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rules::Refusal;
use crate::model::schema::{Horizon, Kind, RoadmapItem, RoadmapResult, RoadmapVersion, record_json};
use crate::model::undo_barrier::Fence;
use crate::model::value::{Any, Cell, Line, Prose, Value};

pub const HORIZON: Action = Action {
    name: "roadmap.horizon",
    hint: "Brings a roadmap item nearer or puts it off. Now asks for all its reasons.",
    with: &[("on", "the roadmap item"), ("to", "now, next or later")],
    run: |product, args, _| {
        let (_, id) = args.record("on")?;
        let to = Horizon::from_text(args.needed("to")?).map_err(|why| Refusal::new(why, "Nothing was changed."))?;
        horizon(product, id, to)
    },
};

pub const RESULT: Action = Action {
    name: "roadmap.result",
    hint: "Says what became of a roadmap item: launched, achieved, missed, parked, declined, or open again.",
    with: &[("on", "the roadmap item"), ("to", "what became of it"), ("reason", "needed to decline")],
    run: |product, args, _| {
        let (_, id) = args.record("on")?;
        let to =
            RoadmapResult::from_text(args.needed("to")?).map_err(|why| Refusal::new(why, "Nothing was changed."))?;
        result(product, id, to, args.text("reason").unwrap_or_default())
    },
};

/// What NOW asks, in the order in which a person thinks about it.
pub const NOW_ASKS: [&str; 6] = ["problem", "outcome", "measure", "who", "why_now", "serves"];

/// The labels of the reasons that NOW asks and that are empty.
pub fn missing_for_now(value: &dyn Fn(&str) -> Value) -> Vec<&'static str> {
    let empty = |key: &&&str| value(key).is_null();
    let label = |key: &&str| match *key {
        "serves" => Some("goal"),
        key => Kind::RoadmapItem.field(key).map(|field| field.label),
    };
    NOW_ASKS.iter().filter(empty).filter_map(label).collect()
}

/// The same for a record of the product.
pub fn missing_of(product: &Product, id: Id) -> Vec<&'static str> {
    let Some(record) = product.table(Kind::RoadmapItem).find(id) else { return Vec::new() };
    missing_for_now(&|key| Kind::RoadmapItem.field(key).map(|field| record.value(field)).unwrap_or_default())
}

pub fn ask_for_now(name: &str, missing: &[&str]) -> Result<(), Refusal> {
    if missing.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(
        format!("NOW asks for {} more: {}.", missing.len(), missing.join(", ").to_lowercase()),
        format!("{name} stays where it is."),
    ))
}

pub fn horizon(product: &Product, id: Id, to: Horizon) -> Result<Step, Refusal> {
    let item = product.get::<RoadmapItem>(id).ok_or_else(|| wrong_kind(product, id, Kind::RoadmapItem))?;
    if to == Horizon::Now && item.horizon != Horizon::Now {
        ask_for_now(&product.name_of(id), &missing_of(product, id))?;
    }
    let label = format!("{} {} → {}", product.name_of(id), item.horizon.label(), to.label());
    Ok(product.edit::<RoadmapItem>(id, label, |item| item.horizon = to))
}

pub fn result(product: &Product, id: Id, to: RoadmapResult, reason: &str) -> Result<Step, Refusal> {
    use RoadmapResult::{Achieved, Declined, Launched, Missed, Open, Parked};
    let item = product.get::<RoadmapItem>(id).ok_or_else(|| wrong_kind(product, id, Kind::RoadmapItem))?;
    let good = matches!(
        (item.result, to),
        (Open, Launched | Parked | Declined) | (Launched, Achieved | Missed | Open) | (Parked | Declined, Open)
    ) || item.result == to;
    if !good {
        let what =
            format!("{} is {}; it cannot become {} from there.", product.name_of(id), item.result.label(), to.label());
        return Err(Refusal::new(what, "Nothing was changed."));
    }
    if to == Declined && reason.trim().is_empty() {
        return Err(Refusal::new("Declining asks for a reason.", "It helps the next time somebody asks for it."));
    }
    let label = format!("{} is {}", product.name_of(id), to.label());
    Ok(product.edit::<RoadmapItem>(id, label, |item| {
        item.result = to;
        if !reason.trim().is_empty() {
            item.reason = Prose::from(reason.trim());
        }
    }))
}

pub const RATIFY: Action = Action {
    name: "roadmap.ratify",
    hint: "Freezes the roadmap as it is now, as a version that the team can rely on.",
    with: &[("note", "what is new in it, in a sentence")],
    run: |product, args, context| ratify(product, args.text("note").unwrap_or_default(), context),
};

/// A version of the roadmap: a copy of every living roadmap item, and the forecast as it is now. It asks for something
/// in Now that is open.
pub fn ratify(product: &Product, note: &str, context: &mut Context) -> Result<Step, Refusal> {
    let now = |item: &&std::sync::Arc<RoadmapItem>| {
        item.horizon == Horizon::Now && matches!(item.result, RoadmapResult::Open | RoadmapResult::Launched)
    };
    if product.all::<RoadmapItem>().find(now).is_none() {
        return Err(Refusal::new(
            "Nothing on the roadmap is in Now, so there is nothing to rely on yet.",
            "roadmap.horizon brings an item there; nothing was changed.",
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
    let cells: Vec<_> =
        Kind::RoadmapVersion.field("note").map(|field| (field, note.trim().into())).into_iter().collect();
    let (mut step, id) = edit::add(product, Kind::RoadmapVersion, &cells, Place::Bottom, context)?;
    let facts = [
        ("at", Some(context.now).to_value()),
        ("by", Line::from(context.by.as_str()).to_value()),
        ("items", Any(Value::Array(items)).to_value()),
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
