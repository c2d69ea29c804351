//! Sprint reviews: whether the goal was met, which steps were shown, and stories created from what the team wants to try.

use crate::actions::action::{Action, Args, Context, Setter, asks_nothing, wrong_kind};
use crate::actions::edit::{self, Place};
use crate::insight::review::{dealt, review, said_in, texts};
use crate::insight::sprint::is_over;
use crate::model::change::{Change, Step};
use crate::model::grammar::capital;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::schema::{Kind, Sprint, SprintResult, SprintState};
use crate::model::snapshot_types::ShownStep;
use crate::model::value::{Cell, Value};

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
        Dealt::Open => "Opened again",
        Dealt::Shown => "Shown",
        Dealt::LeftOut => "Left out",
    };
    if now == to {
        return Ok(Step::default());
    }
    let kept =
        ShownStep { id: key.to_string(), by: context.by.clone(), at: context.now, left_out: to == Dealt::LeftOut };
    Ok(product.edit::<Sprint>(sprint, format!("{word} in the review of {name}: “{}”", one.title), |sprint| {
        sprint.shown.retain(|one| one.id != key);
        if to != Dealt::Open {
            sprint.shown.push(kept);
        }
    }))
}

pub const RESULT: Action = Action {
    name: "review.result",
    hint: "Says whether the Sprint Goal was met, in the review or after it.",
    with: &[("on", "the sprint"), ("to", "met, partly or not")],
    run: |product, args, context| set_result(product, &args.records("on")?, &args.value("to")?, args, context),
    sets: Some(Setter { field: "result", set: set_result, asks: asks_nothing, at_creation: false }),
};

/// Says whether the Sprint Goal was met.
///
/// # Errors
///
/// The sprint has not started, was cancelled, or is closed and would have no result.
fn set_result(product: &Product, ids: &[Id], to: &Value, _: &Args, _: &mut Context) -> Result<Step, Refusal> {
    let to = SprintResult::from_value(to).map_err(Refusal::unchanged)?;
    let mut step = Step::default();
    for id in ids {
        let sprint = product.get::<Sprint>(*id).ok_or_else(|| wrong_kind(product, *id, Kind::Sprint))?;
        let name = product.name_of(*id);
        if matches!(sprint.state, SprintState::Planning | SprintState::Cancelled) {
            let what = format!("{} is {}.", capital(&name), sprint.state.label());
            return Err(Refusal::new(what, "Only a sprint that has started has a result; nothing was changed."));
        }
        if is_over(sprint) && to == SprintResult::Open {
            return Err(Refusal::unchanged("A closed sprint keeps a result: met, partly met or not met."));
        }
        let label = format!("Sprint Goal of {name}: {}", to.label());
        let one = product.edit::<Sprint>(*id, label.clone(), |sprint| sprint.result = to);
        step.changes.extend(one.changes);
        step.label = label;
    }
    Ok(step)
}

/// What else an act in the review of a sprint writes: feedback keeps the step `key` in which it was given, and a step whose
/// text was written counts as shown.
pub fn along(product: &Product, sprint: Id, key: &str, act: &Step, context: &Context) -> Vec<Change> {
    let mut out = Vec::new();
    let (said, links) = (Kind::Feedback.field("said_in"), Kind::Feedback.field("links"));
    let is_here = |id: Id| {
        let mut changes = act.changes.iter().filter(|change| change.id == id && Some(change.field) == links);
        changes.any(|change| Id::all_in(&change.to).any(|link| link == sprint))
    };
    for (kind, id) in act.created().filter(|(kind, _)| *kind == Kind::Feedback) {
        if let Some(field) = said.filter(|_| kind == Kind::Feedback && is_here(id)) {
            out.push(Change { id, field, from: Value::Null, to: key.into() });
        }
    }
    let by_hand = act.changes.iter().any(|change| change.id == sprint && change.field.key == "shown");
    let mut after = product.clone();
    let whole = Step { label: String::new(), changes: act.changes.iter().chain(&out).cloned().collect() };
    if by_hand || after.apply(&whole).is_err() {
        return out;
    }
    out.extend(shown_by(product, &after, sprint, act, context));
    out
}

/// The steps that an act wrote a text for, as shown.
fn shown_by(before: &Product, after: &Product, sprint: Id, act: &Step, context: &Context) -> Vec<Change> {
    let reviews = (review(before, sprint, context.now), review(after, sprint, context.now));
    let ((Some(was), Some(is)), Some(record)) = (reviews, before.get::<Sprint>(sprint)) else { return Vec::new() };
    let written = |key: &str| {
        act.changes.iter().any(|change| change.id == sprint && change.field.key == key && has_words(&change.to))
    };
    let mut fresh = Vec::new();
    for step in is.steps.iter().filter(|step| dealt(record, step).is_none()) {
        let heard = |product: &Product, review| said_in(product, review, step).len();
        if texts(&step.topic).iter().any(|key| written(key)) || heard(after, &is) > heard(before, &was) {
            let id = step.topic.key();
            fresh.push(ShownStep { id, by: context.by.clone(), at: context.now, left_out: false });
        }
    }
    if fresh.is_empty() {
        return Vec::new();
    }
    before.edit::<Sprint>(sprint, "", |sprint| sprint.shown.extend(fresh)).changes
}

fn has_words(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(all) => !all.is_empty(),
        other => other.as_str().is_none_or(|text| !text.trim().is_empty() && text != SprintResult::Open.key()),
    }
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
        let what = format!("The retrospective of {} has no line \u{201c}{text}\u{201d}.", product.name_of(sprint));
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
