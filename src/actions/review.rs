//! Sprint reviews: which steps were shown, and stories created from what the team wants to try.

use crate::actions::action::{Action, Context, wrong_kind};
use crate::actions::edit::{self, Place};
use crate::insight::review::{dealt, review};
use crate::model::change::{Change, Step};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::schema::{Kind, Sprint};
use crate::model::snapshot_types::ShownStep;
use crate::model::value::Cell;

pub const STEP: Action = Action {
    name: "review.step",
    hint: "Marks a step of a sprint's review as shown, as left out, or as open again.",
    with: &[
        ("sprint", "the sprint"),
        ("step", "goal, the number of a done story, not_done, voices, roadmap, next, keep, problem or try"),
        ("to", "shown (default), left_out or open"),
    ],
    run: |product, args, context| {
        let (_, sprint) = args.record("sprint")?;
        let name = args.needed("step")?;
        let key = (args.lookup)(name).map_or_else(|| name.to_string(), |(_, id)| id.to_string());
        let to = match args.text("to").unwrap_or("shown") {
            "shown" => Dealt::Shown,
            "left_out" => Dealt::LeftOut,
            "open" => Dealt::Open,
            other => {
                let what = format!("A step can be shown, left_out or open, not {other:?}.");
                return Err(Refusal::unchanged(what));
            }
        };
        step(product, sprint, &key, to, context)
    },
    sets: None,
};

/// How a step was dealt with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dealt {
    Open,
    Shown,
    LeftOut,
}

pub fn step(product: &Product, sprint: Id, key: &str, to: Dealt, context: &Context) -> Result<Step, Refusal> {
    let record = product.get::<Sprint>(sprint).ok_or_else(|| wrong_kind(product, sprint, Kind::Sprint))?;
    let name = product.name_of(sprint);
    let all = review(product, sprint, context.now).map(|review| review.steps).unwrap_or_default();
    let Some(one) = all.iter().find(|one| one.topic.key() == key) else {
        return Err(Refusal::unchanged(format!("The review of {name} has no step {key:?}.")));
    };
    let now = match dealt(record, one) {
        None => Dealt::Open,
        Some(kept) if kept.left_out => Dealt::LeftOut,
        Some(_) => Dealt::Shown,
    };
    let word = match to {
        Dealt::Open => "Open again",
        Dealt::Shown => "Shown",
        Dealt::LeftOut => "Left out",
    };
    if now == to {
        return Ok(Step::default());
    }
    let kept =
        ShownStep { id: key.to_string(), by: context.by.clone(), at: context.now, left_out: to == Dealt::LeftOut };
    Ok(product.edit::<Sprint>(sprint, format!("{word} in the review of {name}: {:?}", one.title), |sprint| {
        sprint.shown.retain(|one| one.id != key);
        if to != Dealt::Open {
            sprint.shown.push(kept);
        }
    }))
}

pub const STORY: Action = Action {
    name: "review.story",
    hint: "Creates a story from something the team wants to try, and ticks it off.",
    with: &[("sprint", "the sprint"), ("text", "the line as written in the retrospective")],
    run: |product, args, context| {
        let (_, sprint) = args.record("sprint")?;
        story(product, sprint, args.needed("text")?, context).map(|(step, _)| step)
    },
    sets: None,
};

/// Creates a story at the top of the backlog, because it is meant for the next sprint, and ticks the line's checkbox.
pub fn story(product: &Product, sprint: Id, text: &str, context: &mut Context) -> Result<(Step, Id), Refusal> {
    let record = product.get::<Sprint>(sprint).ok_or_else(|| wrong_kind(product, sprint, Kind::Sprint))?;
    let Some(nth) = record.tried.iter().position(|one| *one.text == *text.trim()) else {
        let what = format!("The retrospective of {} has no line {text:?}.", product.name_of(sprint));
        return Err(Refusal::unchanged(what));
    };
    let cells: Vec<_> = [
        Kind::BacklogItem.field("title").map(|field| (field, text.trim().into())),
        Kind::BacklogItem
            .field("notes")
            .map(|field| (field, format!("To try, from the retrospective of {}.", product.name_of(sprint)).into())),
    ]
    .into_iter()
    .flatten()
    .collect();
    let (mut step, made) = edit::add(product, Kind::BacklogItem, &cells, Place::Top, context)?;
    let mut tried = record.tried.clone();
    if let Some(one) = tried.get_mut(nth) {
        one.done = true;
    }
    if let Some(field) = Kind::Sprint.field("tried") {
        let (from, to) = (product.value(sprint, field), tried.to_value());
        if from != to {
            step.changes.push(Change { id: sprint, field, from, to });
        }
    }
    step.label = format!("A story from what the team tries: {}", text.trim());
    Ok((step, made))
}
