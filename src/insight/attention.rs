//! What needs somebody's attention in a role: proposals to answer, hows to review, conflicting values, missing reasons.

use crate::insight::agreement::{lapsed, still_agrees};
use crate::insight::echo::echo;
use crate::insight::forecast::forecast;
use crate::insight::outlook::promise;
use crate::insight::proposals;
use crate::insight::trace::{asks_again, is_suspect};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::{Owner, Role};
use crate::model::schema::{
    BacklogItem, Conflict, Decision, Feedback, FeedbackKind, FeedbackState, Goal, ProductGoal, RoadmapItem,
    RoadmapResult,
};
use crate::model::value::Day;
use rustc_hash::FxHashSet;
use std::fmt;
use std::sync::Arc;

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
    /// The other half asks something.
    Question,
    /// The other half remarked on something.
    Remark,
    /// The other role has agreed to a Product Goal, or its words are others than this role agreed to.
    Agree,
    /// A promise lies before the safe forecast.
    Promise,
    /// The how has moved much since the roadmap was ratified.
    HowMoved,
    /// A decision is to be looked at again.
    Revisit,
    /// Agreed before the why of a story changed.
    WhyMoved,
    /// Agreed before the goal of a roadmap item or Product Goal changed.
    GoalMoved,
    /// Agreed before the vision changed.
    VisionMoved,
    /// A roadmap item that serves no goal.
    NoGoal,
    /// Somebody answered what this person asked or proposed.
    Answered,
    /// Feedback that nobody has sorted yet.
    Unsorted,
}

impl fmt::Display for AttentionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            AttentionKind::Conflict => "was changed twice; both values are kept",
            AttentionKind::Proposed => "waits for an answer",
            AttentionKind::Question => "asks a question",
            AttentionKind::Remark => "has a remark for you",
            AttentionKind::Agree => "waits for agreement",
            AttentionKind::Promise => "is promised for a day before its safe forecast",
            AttentionKind::HowMoved => "has stories that changed since it was ratified",
            AttentionKind::Revisit => "is due for another look",
            AttentionKind::WhyMoved => "was agreed before its why changed",
            AttentionKind::GoalMoved => "was agreed before its goal changed",
            AttentionKind::VisionMoved => "was agreed before the vision changed",
            AttentionKind::NoGoal => "serves no goal yet",
            AttentionKind::Answered => "was answered",
            AttentionKind::Unsorted => "is not sorted yet",
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

/// The Inbox of a role on a day.
pub fn inbox(product: &Product, role: Role, today: Day) -> InboxParts {
    let other = match role {
        Role::Pm => Some(Role::Po),
        Role::Po => Some(Role::Pm),
        Role::Both => None,
    };
    let waiting = other.map(|role| of_role(product, role, today));
    InboxParts {
        for_me: of_role(product, role, today),
        waiting: waiting.unwrap_or_default(),
        customers: unsorted(product, today),
    }
}

/// What needs attention in this role, the most urgent kind first, each kind in order.
pub fn needs(product: &Product, role: Role, today: Day) -> Vec<AttentionItem> {
    let mut out = of_role(product, role, today);
    out.append(&mut unsorted(product, today));
    out
}

/// How many records wait for this role, each once: the *for you* of the Inbox.
pub fn waiting(product: &Product, role: Role, today: Day) -> usize {
    of_role(product, role, today).iter().map(|one| one.on).collect::<FxHashSet<Id>>().len()
}

/// The half that answers what somebody of the team said: the other one than theirs, and for somebody in both roles the
/// half of what it is about. `None` for a voice from outside.
pub fn addressee(product: &Product, one: &Feedback) -> Option<Owner> {
    match Role::parse(&one.role)? {
        Role::Pm => Some(Owner::How),
        Role::Po => Some(Owner::Why),
        Role::Both => {
            let about = one.links.iter().filter_map(|id| product.find(*id)).map(|record| record.kind().owner());
            Some(about.into_iter().find(|owner| *owner == Owner::How).unwrap_or(Owner::Why))
        }
    }
}

/// Voices from outside that nobody has sorted, without those that come back later.
fn unsorted(product: &Product, today: Day) -> Vec<AttentionItem> {
    let new = |one: &&Arc<Feedback>| {
        one.state == FeedbackState::New && one.role.is_empty() && one.later.is_none_or(|day| day <= today)
    };
    let item = |one: &Arc<Feedback>| AttentionItem { on: one.id, kind: AttentionKind::Unsorted };
    product.all::<Feedback>().filter(new).map(item).collect()
}

/// The roadmap items that were promised for a day before their safe forecast.
fn broken_promises(product: &Product, today: Day) -> Vec<Id> {
    let promised: Vec<&Arc<RoadmapItem>> = product
        .all::<RoadmapItem>()
        .filter(|item| item.promised.is_some() && item.result == RoadmapResult::Open)
        .collect();
    if promised.is_empty() {
        return Vec::new();
    }
    let forecast = forecast(product, today);
    // What is done, if late, asks for nothing any more.
    let breaks = |item: &&Arc<RoadmapItem>| {
        promise(item, &forecast).is_some_and(|one| one.holds() == Some(false) && one.finished.is_none())
    };
    promised.into_iter().filter(breaks).map(|item| item.id).collect()
}

/// What a why of the manager's hangs on has changed: the vision alone, or a goal.
fn moved(product: &Product, changed: &[Id]) -> AttentionKind {
    let vision = product.vision().map(|board| board.id);
    match changed.iter().all(|id| Some(*id) == vision) {
        true => AttentionKind::VisionMoved,
        false => AttentionKind::GoalMoved,
    }
}

fn of_role(product: &Product, role: Role, today: Day) -> Vec<AttentionItem> {
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
    for one in product.all::<Feedback>().filter(|one| one.state == FeedbackState::New) {
        if addressee(product, one).is_some_and(|owner| role.owns(owner)) {
            let is_question = one.kind == FeedbackKind::Question;
            add(one.id, if is_question { AttentionKind::Question } else { AttentionKind::Remark });
        }
    }
    for goal in product.all::<ProductGoal>() {
        let again = lapsed(goal).filter_map(|one| Role::parse(&one.role)).any(|one| role == one || role == Role::Both);
        if again || still_agrees(goal).is_some_and(|missing| role == missing || role == Role::Both) {
            add(goal.id, AttentionKind::Agree);
        }
    }
    for one in product.all::<Decision>().filter(|one| one.superseded_by.is_none()) {
        if one.revisit.is_some_and(|day| day <= today) {
            add(one.id, AttentionKind::Revisit);
        }
    }
    if role.owns(Owner::How) {
        product
            .all::<BacklogItem>()
            .filter(|item| is_suspect(product, item))
            .for_each(|item| add(item.id, AttentionKind::WhyMoved));
    }
    if role.owns(Owner::Why) {
        broken_promises(product, today).into_iter().for_each(|item| add(item, AttentionKind::Promise));
        let open =
            |item: &&std::sync::Arc<RoadmapItem>| matches!(item.result, RoadmapResult::Open | RoadmapResult::Launched);
        for item in product.all::<RoadmapItem>().filter(open) {
            if echo(product, item).is_some() {
                add(item.id, AttentionKind::HowMoved);
            }
            let changed = asks_again(product, &**item);
            if !changed.is_empty() {
                add(item.id, moved(product, &changed));
            } else if item.serves.is_empty() {
                add(item.id, AttentionKind::NoGoal);
            }
        }
        let goals = product.all::<ProductGoal>().map(|goal| (goal.id, asks_again(product, &**goal)));
        let goals = goals.chain(product.all::<Goal>().map(|goal| (goal.id, asks_again(product, &**goal))));
        for (goal, changed) in goals.filter(|(_, changed)| !changed.is_empty()) {
            add(goal, moved(product, &changed));
        }
    }
    out
}
