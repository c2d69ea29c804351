//! Who has agreed to a Product Goal: it is active once both roles have.

use crate::model::role::Role;
use crate::model::schema::{GoalState, ProductGoal};

/// The roles that have agreed to a Product Goal as it reads now.
pub fn agreed(goal: &ProductGoal) -> Vec<Role> {
    let stands = goal.agreed.iter().filter(|one| one.rev == goal.why_rev.0);
    stands.filter_map(|one| Role::parse(&one.role)).collect()
}

/// The role that still has to agree before a draft becomes active; `None` if nobody has agreed yet, or nobody has to.
pub fn still_agrees(goal: &ProductGoal) -> Option<Role> {
    match agreed(goal).as_slice() {
        [Role::Pm] if goal.state == GoalState::Draft => Some(Role::Po),
        [Role::Po] if goal.state == GoalState::Draft => Some(Role::Pm),
        _ => None,
    }
}
