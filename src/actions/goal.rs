//! The life cycle of a Product Goal.

use crate::actions::action::{Action, Args, Argument, Context, Setter, wrong_kind};
use crate::insight::agreement::{active_beside, both_agreed, next_in_line, still_agrees};
use crate::model::change::Step;
use crate::model::grammar::count_of;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::schema::{GoalState, Kind, ProductGoal};
use crate::model::snapshot_types::Agreement;
use crate::model::value::{Cell, Value};

pub const STATE: Action = Action {
    name: "goal.state",
    hint: "Makes a Product Goal active, fulfilled or abandoned. Only one is active at a time.",
    with: &[
        ("on", "the Product Goal, or a list of them"),
        ("to", "draft, active, fulfilled or abandoned"),
        ("reason", "why it is abandoned"),
    ],
    run: |product, args, context| set_state(product, &args.records("on")?, &args.value("to")?, args, context),
    sets: Some(Setter { field: "state", set: set_state, asks: asks_why, at_creation: false }),
};

fn set_state(product: &Product, ids: &[Id], to: &Value, args: &Args, context: &mut Context) -> Result<Step, Refusal> {
    state(product, ids, GoalState::from_value(to).map_err(Refusal::unchanged)?, args.trimmed("reason"), context)
}

/// Abandoning needs a reason.
fn asks_why(product: &Product, ids: &[Id], to: &Value) -> Option<Argument> {
    let abandons = GoalState::from_value(to) == Ok(GoalState::Abandoned);
    let stands = |id: &Id| product.get::<ProductGoal>(*id).is_some_and(|goal| goal.state == GoalState::Active);
    (abandons && ids.iter().any(stands)).then_some(Argument { key: "reason", about: "why it is abandoned" })
}

/// Agrees in one's role; the goal is active once both have, unless it has to wait for the one that is active now.
fn agree(goal: &mut ProductGoal, waits: bool, context: &Context) {
    let (role, rev) = (context.role.key().to_string(), goal.why_rev.0);
    if !both_agreed(goal) {
        goal.agreed.retain(|one| one.rev == rev && one.role != role);
        goal.agreed.push(Agreement { role, by: context.by.clone(), at: context.now, rev });
    }
    if both_agreed(goal) && !waits {
        goal.state = GoalState::Active;
    }
}

/// Whether a Product Goal in one state can get into another.
pub fn can_become(from: GoalState, to: GoalState) -> bool {
    use GoalState::{Abandoned, Active, Draft, Fulfilled};
    from == to || matches!((from, to), (Draft, Active) | (Active, Draft | Fulfilled | Abandoned))
}

/// Moves Product Goals on: a draft becomes active once both roles have agreed, an active one fulfilled or abandoned. The
/// next one that both have agreed to is active from then on.
///
/// # Errors
///
/// Refuses all if one of them cannot change to that state, and to abandon one without a reason.
pub fn state(product: &Product, ids: &[Id], to: GoalState, reason: &str, context: &Context) -> Result<Step, Refusal> {
    if asks_why(product, ids, &to.to_value()).is_some() && reason.is_empty() {
        return Err(Refusal::new("Abandoning a Product Goal requires a reason.", "Nothing was changed."));
    }
    let (mut step, mut missing) = (Step::default(), None);
    let (active, mut queued) = (active_beside(product, ids), false);
    for id in ids {
        let goal = product.get::<ProductGoal>(*id).ok_or_else(|| wrong_kind(product, *id, Kind::ProductGoal))?;
        if !can_become(goal.state, to) {
            let what = format!("A {} Product Goal cannot become {}.", goal.state.label(), to.label());
            return Err(Refusal::new(
                what,
                "Draft goes to active, active to fulfilled or abandoned; nothing was changed.",
            ));
        }
        let one = product.edit::<ProductGoal>(*id, "", |goal| {
            match to {
                GoalState::Active if goal.state == GoalState::Draft => agree(goal, active.is_some(), context),
                _ => goal.state = to,
            }
            queued |= to == GoalState::Active && goal.state == GoalState::Draft;
            match to {
                GoalState::Abandoned => goal.reason = reason.into(),
                GoalState::Draft => goal.agreed.clear(),
                _ => {}
            }
            missing = missing.or(still_agrees(goal));
        });
        step.changes.extend(one.changes);
    }
    let names: Vec<String> = ids.iter().map(|id| product.name_of(*id)).collect();
    let over = active.filter(|_| queued).map(|id| format!("{} is fulfilled or abandoned", product.name_of(id)));
    if let (true, Some(when)) = (queued, both(missing.map(|role| format!("the {} agrees too", role.label())), over)) {
        step.label = format!("Agreed to {}; active once {when}", names.join(", "));
        return Ok(step);
    }
    step.label = match ids {
        [one] => format!("The Product Goal {} is {}", product.name_of(*one), to.label()),
        many => format!("{} are {}", count_of(many.len(), Kind::ProductGoal), to.label()),
    };
    let ends = matches!(to, GoalState::Fulfilled | GoalState::Abandoned) && active.is_none();
    if let Some(next) = next_in_line(product, ids).filter(|_| ends && !step.is_empty()) {
        step.changes.extend(product.edit::<ProductGoal>(next, "", |goal| goal.state = GoalState::Active).changes);
        step.label = format!("{}; {} is active now, as agreed", step.label, product.name_of(next));
    }
    Ok(step)
}

fn both(first: Option<String>, second: Option<String>) -> Option<String> {
    let all: Vec<String> = first.into_iter().chain(second).collect();
    (!all.is_empty()).then(|| all.join(" and "))
}
