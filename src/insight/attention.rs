//! What needs somebody's attention in a role: proposals to answer, hows to review, conflicting values, missing reasons.

use crate::insight::proposals;
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
    /// The other half proposes a change.
    Proposed,
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
            AttentionKind::Proposed => "waits for an answer",
            AttentionKind::WhyMoved => "was agreed before its why moved",
            AttentionKind::GoalMoved => "was agreed before its goal moved",
            AttentionKind::VisionMoved => "was agreed before the vision moved",
            AttentionKind::NoGoal => "serves no goal yet",
            AttentionKind::Unsorted => "was not sorted yet",
        })
    }
}

/// What stands in somebody's Inbox, in three parts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct InboxParts {
    /// What this role has to answer, decide or look at again.
    pub for_me: Vec<AttentionItem>,
    /// What the other role has to. Empty for somebody in both roles.
    pub waiting: Vec<AttentionItem>,
    /// Feedback that nobody has sorted.
    pub customers: Vec<AttentionItem>,
}

/// The Inbox of a role.
pub fn inbox(product: &Product, role: Role) -> InboxParts {
    let other = match role {
        Role::Pm => Some(Role::Po),
        Role::Po => Some(Role::Pm),
        Role::Both => None,
    };
    // What the other role has not written yet is its own affair.
    let asked = |one: &AttentionItem| one.kind != AttentionKind::NoGoal;
    let waiting = other.map(|role| of_role(product, role).into_iter().filter(asked).collect());
    InboxParts { for_me: of_role(product, role), waiting: waiting.unwrap_or_default(), customers: unsorted(product) }
}

/// What needs attention in this role, the most urgent kind first, each kind in order.
pub fn needs(product: &Product, role: Role) -> Vec<AttentionItem> {
    let mut out = of_role(product, role);
    out.append(&mut unsorted(product));
    out
}

fn unsorted(product: &Product) -> Vec<AttentionItem> {
    let new = |one: &&std::sync::Arc<Feedback>| one.state == FeedbackState::New;
    let item = |one: &std::sync::Arc<Feedback>| AttentionItem { on: one.id, kind: AttentionKind::Unsorted };
    product.all::<Feedback>().filter(new).map(item).collect()
}

fn of_role(product: &Product, role: Role) -> Vec<AttentionItem> {
    let mut out = Vec::new();
    let mut add = |on: Id, kind: AttentionKind| out.push(AttentionItem { on, kind });
    for conflict in product.all::<Conflict>() {
        let owner = conflict.record.and_then(|id| product.find(id)).and_then(|one| one.kind().field(&conflict.field));
        if let (Some(on), true) = (conflict.record, owner.is_some_and(|field| role.owns(field.owner))) {
            add(on, AttentionKind::Conflict);
        }
    }
    for proposal in proposals::open(product).filter(|one| proposals::decides(role, one)) {
        add(proposal.id, AttentionKind::Proposed);
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
    out
}
