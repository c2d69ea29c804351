//! What needs somebody's attention in a role: hows to review, conflicting values, missing reasons.

use crate::insight::trace::{is_suspect, suspects};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::{Owner, Role};
use crate::model::schema::{
    BacklogItem, Conflict, Feedback, FeedbackState, Goal, ProductGoal, RoadmapItem, RoadmapResult,
};
use std::fmt;

/// One thing that needs attention.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AttentionItem {
    pub on: Id,
    pub kind: AttentionKind,
}

/// Why it needs attention. As text, it continues after the record's name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AttentionKind {
    /// Two people changed a field at the same time.
    Conflict,
    /// Agreed before the why of a story changed.
    WhyMoved,
    /// Agreed before the goal of a roadmap item or Product Goal changed.
    GoalMoved,
    /// Agreed before the vision changed.
    VisionMoved,
    /// A roadmap item that serves no goal.
    NoGoal,
    /// Feedback that nobody has sorted yet.
    Unsorted,
}

impl fmt::Display for AttentionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            AttentionKind::Conflict => "was changed twice; both values are kept",
            AttentionKind::WhyMoved => "was agreed before its why moved",
            AttentionKind::GoalMoved => "was agreed before its goal moved",
            AttentionKind::VisionMoved => "was agreed before the vision moved",
            AttentionKind::NoGoal => "serves no goal yet",
            AttentionKind::Unsorted => "was not sorted yet",
        })
    }
}

/// What needs attention in this role, the most urgent kind first, each kind in order.
pub fn needs(product: &Product, role: Role) -> Vec<AttentionItem> {
    let mut out = Vec::new();
    let mut add = |on: Id, kind: AttentionKind| out.push(AttentionItem { on, kind });
    for conflict in product.all::<Conflict>() {
        let owner = conflict.record.and_then(|id| product.find(id)).and_then(|one| one.kind().field(&conflict.field));
        if let (Some(on), true) = (conflict.record, owner.is_some_and(|field| role.owns(field.owner))) {
            add(on, AttentionKind::Conflict);
        }
    }
    if role.owns(Owner::How) {
        product
            .all::<BacklogItem>()
            .filter(|item| is_suspect(product, item))
            .for_each(|item| add(item.id, AttentionKind::WhyMoved));
    }
    if role.owns(Owner::Why) {
        let open =
            |item: &&std::sync::Arc<RoadmapItem>| matches!(item.result, RoadmapResult::Open | RoadmapResult::Launched);
        for item in product.all::<RoadmapItem>().filter(open) {
            if !suspects(product, &item.confirmed).is_empty() {
                add(item.id, AttentionKind::GoalMoved);
            } else if item.serves.is_empty() {
                add(item.id, AttentionKind::NoGoal);
            }
        }
        let moved = |confirmed| !suspects(product, confirmed).is_empty();
        product.all::<ProductGoal>().filter(|goal| moved(&goal.confirmed)).for_each(|goal| {
            add(goal.id, AttentionKind::GoalMoved);
        });
        product.all::<Goal>().filter(|goal| moved(&goal.confirmed)).for_each(|goal| {
            add(goal.id, AttentionKind::VisionMoved);
        });
    }
    let new = |one: &&std::sync::Arc<Feedback>| one.state == FeedbackState::New;
    product.all::<Feedback>().filter(new).for_each(|one| add(one.id, AttentionKind::Unsorted));
    out
}
