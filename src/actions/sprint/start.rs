//! Starts a sprint: records what was selected, with sizes and rules, for good.

use crate::actions::action::{Action, Context};
use crate::actions::sprint::args::{day, named, only_planned, sprint_of};
use crate::actions::sprint::select::days_fit;
use crate::insight::done::rules_now;
use crate::insight::plan::suggestion;
use crate::insight::sprint::{is_open, running, selected};
use crate::model::change::Step;
use crate::model::grammar::capital;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::schema::{BacklogItem, Sprint, SprintState};
use crate::model::undo_barrier::Fence;
use crate::model::value::{Day, Line};

pub const START: Action = Action {
    name: "sprint.start",
    hint: "Starts a sprint: requires a goal, dates and a story, and records what was selected.",
    with: &[
        ("sprint", "the sprint; without it the one in planning"),
        ("goal", "the Sprint Goal, if it is not set yet"),
        ("start", "the first day"),
        ("end", "the last day"),
    ],
    run: |product, args, context| {
        let sprint = named(args, product)?.map_or_else(|| only_planned(product), Ok)?;
        let goal = args.text("goal").map(str::to_string);
        start(product, sprint, &Starting { goal, start: day(args, "start")?, end: day(args, "end")? }, context)
    },
    sets: None,
};

/// The answers given when starting; whatever is left out stays as planned.
#[derive(Clone, Debug, Default)]
pub struct Starting {
    pub goal: Option<String>,
    pub start: Option<Day>,
    pub end: Option<Day>,
}

/// Starts a sprint. Its entries become the selected stories with their sizes, the current Definition of Done is stored,
/// and a missing capacity is set to the proposed one.
pub fn start(product: &Product, id: Id, said: &Starting, context: &mut Context) -> Result<Step, Refusal> {
    let sprint = sprint_of(product, id)?;
    let name = product.name_of(id);
    if sprint.state != SprintState::Planning {
        return Err(Refusal::unchanged(format!("{} is {}.", capital(&name), sprint.state.label())));
    }
    if let Some(other) = running(product) {
        return Err(Refusal::new(
            format!("{} is running.", capital(&product.name_of(other.id))),
            "{sprint.close} closes it first; nothing was changed.",
        ));
    }
    let goal = said.goal.as_deref().map_or_else(|| sprint.goal.to_string(), |goal| goal.trim().to_string());
    if goal.trim().is_empty() {
        return Err(Refusal::new(
            format!("{} has no Sprint Goal yet.", capital(&name)),
            "Say in one sentence why it is worth doing; nothing was changed.",
        ));
    }
    let (Some(first), Some(last)) = (said.start.or(sprint.start), said.end.or(sprint.end)) else {
        return Err(Refusal::new(
            format!("{} has no dates yet.", capital(&name)),
            "Give start and end; nothing was changed.",
        ));
    };
    days_fit(first, last)?;
    let entries = selected(product, sprint, context.now);
    if entries.is_empty() {
        return Err(Refusal::new(
            format!("{} has no open story.", capital(&name)),
            "{sprint.plan} selects one; nothing was changed.",
        ));
    }
    let capacity = sprint.capacity.or_else(|| suggestion(product, sprint, context.now.day()).map(|one| one.points));
    let mut step = product.edit::<Sprint>(id, format!("{} {name}", Fence::Start.verb()), |sprint| {
        sprint.goal = Line::from(goal);
        (sprint.start, sprint.end, sprint.capacity) = (Some(first), Some(last), capacity);
        (sprint.state, sprint.entries, sprint.done_rules) = (SprintState::Active, entries, rules_now(product));
    });
    // A story done before the start is not part of the sprint, nor is one whose parts count instead.
    let stays = |item: &BacklogItem| is_open(item) && product.index().counts(item);
    for item in product.all::<BacklogItem>().filter(|item| item.sprint == Some(id) && !stays(item)) {
        step.changes.extend(product.edit::<BacklogItem>(item.id, "", |item| item.sprint = None).changes);
    }
    Ok(step)
}
