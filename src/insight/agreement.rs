//! Who has agreed to a Product Goal: it is active once both roles have and no other one is.

use crate::insight::outlook::short;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Role;
use crate::model::schema::{GoalState, ProductGoal};
use crate::model::snapshot_types::Agreement;
use crate::model::value::Day;

/// The agreements to a Product Goal as it reads now.
fn standing(goal: &ProductGoal) -> impl Iterator<Item = &Agreement> {
    goal.agreed.iter().filter(|one| one.rev == goal.why_rev.0)
}

/// The agreements to a draft that were to other words than it has now, if nobody has agreed to these yet.
pub fn lapsed(goal: &ProductGoal) -> impl Iterator<Item = &Agreement> {
    let is_open = goal.state == GoalState::Draft && standing(goal).next().is_none();
    goal.agreed.iter().filter(move |_| is_open)
}

/// The roles that have agreed to a Product Goal as it reads now.
pub fn agreed(goal: &ProductGoal) -> Vec<Role> {
    standing(goal).filter_map(|one| Role::parse(&one.role)).collect()
}

/// True if both roles have agreed to it.
pub fn both_agreed(goal: &ProductGoal) -> bool {
    let roles = agreed(goal);
    roles.contains(&Role::Both) || (roles.contains(&Role::Pm) && roles.contains(&Role::Po))
}

/// The role that still has to agree before a draft becomes active; `None` if nobody has agreed yet, or nobody has to.
pub fn still_agrees(goal: &ProductGoal) -> Option<Role> {
    if goal.state != GoalState::Draft || both_agreed(goal) {
        return None;
    }
    match agreed(goal).first() {
        Some(Role::Pm) => Some(Role::Po),
        Some(Role::Po) => Some(Role::Pm),
        _ => None,
    }
}

/// The active Product Goal, other than these.
pub fn active_beside(product: &Product, ids: &[Id]) -> Option<Id> {
    let active = |goal: &&std::sync::Arc<ProductGoal>| goal.state == GoalState::Active && !ids.contains(&goal.id);
    product.all::<ProductGoal>().find(active).map(|goal| goal.id)
}

/// The first draft that both have agreed to: it waits for the active Product Goal to end.
pub fn next_in_line(product: &Product, ids: &[Id]) -> Option<Id> {
    let waits = |goal: &&std::sync::Arc<ProductGoal>| {
        goal.state == GoalState::Draft && both_agreed(goal) && !ids.contains(&goal.id)
    };
    product.all::<ProductGoal>().find(waits).map(|goal| goal.id)
}

/// `Ann (PM), 3 Nov`, for each who has agreed.
fn agreed_by(goal: &ProductGoal, today: Day) -> Vec<String> {
    let said = |one: &Agreement| {
        let role = Role::parse(&one.role).map_or(String::new(), |role| role.label().to_string());
        let who = match one.by.trim() {
            "" => format!("the {role}"),
            name => format!("{name} ({role})"),
        };
        format!("{who}, {}", short(one.at.day(), today))
    };
    standing(goal).map(said).collect()
}

/// Who has agreed to a draft and what it waits for, in a sentence; empty if nobody has agreed yet.
pub fn agreed_in_words(product: &Product, goal: &ProductGoal, today: Day) -> String {
    let mut said = agreed_by(goal, today);
    if goal.state != GoalState::Draft || said.is_empty() {
        return String::new();
    }
    said.extend(still_agrees(goal).map(|role| format!("the {} not yet", role.label())));
    let said = said.join("; ");
    match active_beside(product, &[goal.id]) {
        Some(active) if both_agreed(goal) => {
            format!("{said}. It is active as soon as {} is fulfilled or abandoned.", product.name_of(active))
        }
        None if both_agreed(goal) => format!("{said}. {{confirm}} makes it active."),
        _ => said,
    }
}

/// The active Product Goal for whose end a draft waits that both have agreed to.
pub fn waits_for(product: &Product, goal: &ProductGoal) -> Option<Id> {
    active_beside(product, &[goal.id]).filter(|_| goal.state == GoalState::Draft && both_agreed(goal))
}

/// The state of a Product Goal in a word or two: a draft that both have agreed to says what it waits for.
pub fn state_in_words(product: &Product, goal: &ProductGoal) -> String {
    match waits_for(product, goal) {
        Some(active) => format!("agreed, waits for {}", product.name_of(active)),
        None => goal.state.label().to_string(),
    }
}

/// Why a draft that this role has agreed to is not active yet, and what helps. `None` if this role has not agreed to it,
/// and if nothing is in its way.
pub fn not_active_yet(product: &Product, goal: &ProductGoal, role: Role, today: Day) -> Option<String> {
    let name = product.name_of(goal.id);
    let said = agreed_by(goal, today).join("; ");
    if goal.state != GoalState::Draft {
        return None;
    }
    if both_agreed(goal) {
        let active = product.name_of(active_beside(product, &[goal.id])?);
        return Some(format!(
            "{name} is agreed: {said}. It becomes active when {active} ends: {{set.status}} on {active} makes that one \
             fulfilled or abandoned."
        ));
    }
    let missing = still_agrees(goal).filter(|missing| *missing != role && role != Role::Both)?;
    Some(format!("{name} is agreed: {said}. It becomes active when the {} agrees too.", missing.label()))
}
