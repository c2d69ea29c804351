//! The trace from any record up to the vision, and where it breaks.

use crate::insight::sprint::is_open;
use crate::model::field::Record;
use crate::model::grammar::count_of;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{
    BacklogItem, Conflict, Decision, Feedback, GoalState, Kind, ProductGoal, Proposal, RoadmapItem, RoadmapResult,
    Sprint, Stage, VisionBoard,
};
use rustc_hash::FxHashSet;

/// One node of the trace.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TraceNode {
    pub kind: Kind,
    pub id: Id,
    /// `S24`, `R2`, `G1`.
    pub name: String,
    pub title: String,
    /// Confirmed against an older text of the node above.
    pub suspect: bool,
}

/// The chain from a record upwards, nearest first, and descriptions of its breaks.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Thread {
    pub knots: Vec<TraceNode>,
    /// What stands beside the chain: the sprint that a story is in with its Sprint Goal, other whys of a record of the
    /// chain, and the Product Goal that the team is working towards.
    pub beside: Vec<TraceNode>,
    pub breaks: Vec<String>,
}

/// Follows what the record serves. Of several targets, the first existing one is followed, the others are listed beside
/// it.
pub fn thread(product: &Product, from: Id) -> Thread {
    let mut out = Thread::default();
    let mut at = Some(from);
    while let Some(id) = at {
        if out.knots.iter().any(|knot| knot.id == id) {
            out.breaks.push(format!("{} leads back to itself.", product.name_of(id)));
            return out;
        }
        let Some(record) = product.find(id) else {
            out.breaks.push("It points at something that no longer exists.".to_string());
            return out;
        };
        if !record.is_alive() {
            out.breaks.push(format!("{} was deleted.", record.name()));
        }
        if let Some(word) = given_up(product, record).filter(|_| id != from) {
            out.breaks.push(format!("{} is {word}.", record.name()));
        }
        if id != from && says_no_why(product, record) {
            out.breaks.push(format!("{} says no why: neither problem nor outcome.", record.name()));
        }
        let suspect = !asks_again(product, record).is_empty();
        out.knots.push(TraceNode { kind: record.kind(), id, name: record.name(), title: record.title(), suspect });
        at = above(product, record);
        if at.is_none() && record.kind() != Kind::VisionBoard {
            let word = if record.kind() == Kind::Feedback { "is about nothing yet" } else { "serves nothing yet" };
            out.breaks.push(format!("{} {word}.", record.name()));
        }
    }
    if product.vision().is_some_and(|vision| vision.vision.is_empty()) {
        out.breaks.push("The vision is not written yet.".to_string());
    }
    if product.vision().is_some_and(|vision| vision.stage == Stage::Retired) {
        out.breaks.push("The product is retired.".to_string());
    }
    out.beside = beside(product, &out.knots);
    out
}

/// What stands beside a chain, each record once.
fn beside(product: &Product, knots: &[TraceNode]) -> Vec<TraceNode> {
    let mut out: Vec<TraceNode> = Vec::new();
    let mut add = |id: Id| {
        let is_known = knots.iter().chain(&out).any(|knot| knot.id == id);
        if let Some(record) = product.find(id).filter(|record| record.is_alive() && !is_known) {
            let suspect = !asks_again(product, record).is_empty();
            let (kind, name, title) = (record.kind(), record.name(), record.title());
            out.push(TraceNode { kind, id, name, title, suspect });
        }
    };
    for knot in knots {
        product.items().get(knot.id).and_then(|item| item.sprint).into_iter().for_each(&mut add);
        product.find(knot.id).into_iter().flat_map(|record| record.whys()).for_each(&mut add);
    }
    let active = product.all::<ProductGoal>().find(|goal| goal.state == GoalState::Active).map(|goal| goal.id);
    active.into_iter().for_each(&mut add);
    out
}

/// The next record on the way up: what a record serves. Goals and rules of done serve the vision itself, a sprint the
/// active Product Goal, and feedback leads to what it is about.
fn above(product: &Product, record: &dyn Record) -> Option<Id> {
    let vision = || product.vision().map(|vision| vision.id);
    let served = record.whys().first().copied();
    match record.kind() {
        Kind::VisionBoard => None,
        Kind::Goal | Kind::ProductGoal => served.or_else(vision),
        Kind::Sprint => {
            let active = product.all::<ProductGoal>().find(|goal| goal.state == GoalState::Active).map(|goal| goal.id);
            served.or(active).or_else(vision)
        }
        Kind::DoneRule | Kind::RoadmapVersion => served.or_else(vision),
        Kind::Feedback => {
            let about = product.get::<Feedback>(record.id())?;
            // The sprint in whose review it was said is no reason for it.
            let is_sprint = |id: &&Id| product.get::<Sprint>(**id).is_some();
            about.links.iter().find(|id| !is_sprint(id)).or_else(|| about.links.first()).copied()
        }
        Kind::Conflict => product.get::<Conflict>(record.id())?.record,
        Kind::Proposal => product.get::<Proposal>(record.id())?.about.first().copied(),
        Kind::Decision => product.get::<Decision>(record.id())?.links.first().copied().or_else(vision),
        Kind::RoadmapItem | Kind::BacklogItem => served,
    }
}

/// True if a roadmap item has neither a problem nor an outcome.
fn says_no_why(product: &Product, record: &dyn Record) -> bool {
    let item = product.get::<RoadmapItem>(record.id());
    item.is_some_and(|item| item.problem.trim().is_empty() && item.outcome.trim().is_empty())
}

/// Why a why is no reason any more, if so: it was put aside or given up.
fn given_up(product: &Product, record: &dyn Record) -> Option<&'static str> {
    if let Some(item) = product.get::<RoadmapItem>(record.id()) {
        return matches!(item.result, RoadmapResult::Parked | RoadmapResult::Declined).then(|| item.result.label());
    }
    let goal = product.get::<ProductGoal>(record.id())?;
    (goal.state == GoalState::Abandoned).then(|| goal.state.label())
}

/// The current token of a why.
pub fn token(product: &Product, why: Id) -> Option<Id> {
    product.find(why)?.why_rev()
}

/// The whys of a record that have changed since it was confirmed. What is over asks nobody: a story done or dropped, a
/// roadmap item achieved, missed, parked or declined, a Product Goal fulfilled or abandoned.
pub fn asks_again(product: &Product, record: &dyn Record) -> Vec<Id> {
    if record.confirmed().is_empty() || is_over(product, record) { Vec::new() } else { product.changed_whys(record) }
}

pub fn is_over(product: &Product, record: &dyn Record) -> bool {
    match record.kind() {
        Kind::BacklogItem => product.items().get(record.id()).is_some_and(|item| !is_open(item)),
        Kind::RoadmapItem => product
            .get::<RoadmapItem>(record.id())
            .is_some_and(|item| !matches!(item.result, RoadmapResult::Open | RoadmapResult::Launched)),
        Kind::ProductGoal => product
            .get::<ProductGoal>(record.id())
            .is_some_and(|goal| matches!(goal.state, GoalState::Fulfilled | GoalState::Abandoned)),
        _ => false,
    }
}

/// True if a story asks for another look.
pub fn is_suspect(product: &Product, item: &BacklogItem) -> bool {
    !asks_again(product, item).is_empty()
}

/// The existing records that would lose a why if these were deleted, each once. Empty if the vision is among them: it
/// is never deleted.
pub fn hanging<'a>(product: &'a Product, ids: &[Id]) -> Vec<&'a dyn Record> {
    let mut out: Vec<&dyn Record> = Vec::new();
    let mut seen: FxHashSet<Id> = ids.iter().copied().collect();
    for id in ids.iter().filter(|id| product.get::<VisionBoard>(**id).is_none()) {
        out.extend(product.hanging_on(*id).into_iter().filter(|record| seen.insert(record.id())));
    }
    out
}

/// How many of each kind: `1 roadmap item and 3 stories`.
pub fn hanging_in_words(records: &[&dyn Record]) -> String {
    let of = |kind: &Kind| records.iter().filter(|record| record.kind() == *kind).count();
    let counts: Vec<String> =
        Kind::ALL.iter().filter(|kind| of(kind) > 0).map(|kind| count_of(of(kind), *kind)).collect();
    match counts.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => counts.concat(),
    }
}
