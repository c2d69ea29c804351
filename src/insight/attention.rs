//! What needs somebody's attention in a role: hows to review, conflicting values, missing reasons.

use crate::insight::trace::{is_suspect, suspects};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::{Owner, Role};
use crate::model::schema::{
    BacklogItem, Conflict, Feedback, FeedbackState, Goal, ItemStatus, ProductGoal, RoadmapItem, RoadmapResult,
};

/// One thing that needs attention.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AttentionItem {
    pub on: Id,
    /// Why: a phrase that follows the record's name.
    pub word: &'static str,
}

/// What needs attention in this role, the most urgent kind first, each kind in order.
pub fn needs(product: &Product, role: Role) -> Vec<AttentionItem> {
    let mut out = Vec::new();
    let mut add = |on: Id, word: &'static str| out.push(AttentionItem { on, word });
    for conflict in product.all::<Conflict>() {
        let owner = conflict.record.and_then(|id| product.find(id)).and_then(|one| one.kind().field(&conflict.field));
        if let (Some(on), true) = (conflict.record, owner.is_some_and(|field| role.owns(field.owner))) {
            add(on, "was changed twice; both values are kept");
        }
    }
    if role.owns(Owner::How) {
        let open = |item: &&std::sync::Arc<BacklogItem>| {
            !matches!(item.status, ItemStatus::Done | ItemStatus::Dropped) && is_suspect(product, item)
        };
        product.all::<BacklogItem>().filter(open).for_each(|item| add(item.id, "was agreed before its why moved"));
    }
    if role.owns(Owner::Why) {
        let open =
            |item: &&std::sync::Arc<RoadmapItem>| matches!(item.result, RoadmapResult::Open | RoadmapResult::Launched);
        for item in product.all::<RoadmapItem>().filter(open) {
            if !suspects(product, &item.confirmed).is_empty() {
                add(item.id, "was agreed before its goal moved");
            } else if item.serves.is_empty() {
                add(item.id, "serves no goal yet");
            }
        }
        let moved = |confirmed| !suspects(product, confirmed).is_empty();
        product.all::<ProductGoal>().filter(|goal| moved(&goal.confirmed)).for_each(|goal| {
            add(goal.id, "was agreed before its goal moved");
        });
        product.all::<Goal>().filter(|goal| moved(&goal.confirmed)).for_each(|goal| {
            add(goal.id, "was agreed before the vision moved");
        });
    }
    let new = |one: &&std::sync::Arc<Feedback>| one.state == FeedbackState::New;
    product.all::<Feedback>().filter(new).for_each(|one| add(one.id, "was not sorted yet"));
    out
}
