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

/// Who has agreed to a draft and what it waits for, in a sentence; empty if nobody has agreed yet.
pub fn agreed_in_words(product: &Product, goal: &ProductGoal, today: Day) -> String {
    let said = |one: &Agreement| {
        let role = Role::parse(&one.role).map_or(String::new(), |role| role.label().to_string());
        let who = match one.by.trim() {
            "" => format!("the {role}"),
            name => format!("{name} ({role})"),
        };
        format!("{who}, {}", short(one.at.day(), today))
    };
    let mut said: Vec<String> = standing(goal).map(said).collect();
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
