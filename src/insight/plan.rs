//! Sprint planning: what is ready in backlog order, what fits, what is not ready and why, and what to check before the
//! start. It warns and never refuses.

use crate::insight::sprint::{Sum, is_open};
use crate::insight::trace::is_suspect;
use crate::insight::velocity::{Unit, pace};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::saturating::nearest;
use crate::model::schema::{BacklogItem, Horizon, Kind, RoadmapItem, RoadmapResult, Sprint, SprintState};
use crate::model::value::{Amount, Day, Life};
use std::sync::Arc;

/// What a story lacks to be ready (docs/FIGURES.md, Ready): a size, a criterion, a valid why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lack {
    Size,
    Criteria,
    /// It serves nothing.
    Why,
    /// Its why has changed since it was agreed.
    Suspect,
}

impl Lack {
    /// A short form for lists.
    pub fn word(self) -> &'static str {
        match self {
            Lack::Size => "size",
            Lack::Criteria => "criteria",
            Lack::Why => "no why",
            Lack::Suspect => "why changed",
        }
    }
}

/// A story that can be selected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Candidate {
    pub item: Id,
    pub points: Option<Amount>,
    /// The points of all ready stories down to this one.
    pub sum: Amount,
    /// It is in the sprint being planned.
    pub selected: bool,
    pub lacks: Vec<Lack>,
}

/// How many points fit in, and how that was computed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Proposal {
    pub points: Amount,
    /// The likely and safe velocity it is based on, in points.
    pub likely: Amount,
    pub safe: Amount,
    /// Person-days present, of all person-days.
    pub person_days: Option<(Amount, Amount)>,
}

/// The current plan of a sprint.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Plan {
    /// In backlog order.
    pub ready: Vec<Candidate>,
    pub not_ready: Vec<Candidate>,
    /// The stories in the sprint.
    pub selected: Sum,
    /// The capacity: set by hand, or proposed.
    pub capacity: Option<Amount>,
    pub proposal: Option<Proposal>,
    /// What the selected stories serve: roadmap items in backlog order, then stories that serve none.
    pub serves: Vec<(Option<Id>, Sum)>,
    pub warnings: Vec<String>,
}

/// What a story lacks to be ready.
pub fn lacks(product: &Product, item: &BacklogItem) -> Vec<Lack> {
    let served = item.serves.and_then(|why| product.find(why)).is_some_and(|why| why.is_alive());
    let all = [
        (Lack::Size, item.points.is_none()),
        (Lack::Criteria, item.criteria.is_empty()),
        (Lack::Why, !served),
        (Lack::Suspect, served && is_suspect(product, item)),
    ];
    all.into_iter().filter(|(_, lacks)| *lacks).map(|(lack, _)| lack).collect()
}

/// A story is ready to plan: it lacks nothing. It warns and never refuses.
pub fn is_ready(product: &Product, item: &BacklogItem) -> bool {
    lacks(product, item).is_empty()
}

/// Returns the likely velocity in whole points, reduced by the share of absent person-days. `None` if there is no
/// likely velocity yet or the team does not size its stories.
pub fn proposal(product: &Product, sprint: &Sprint, today: Day) -> Option<Proposal> {
    let pace = pace(product, today);
    let (likely, safe) = (pace.likely()?, pace.safe()?);
    if pace.unit == Unit::Stories {
        return None;
    }
    let days = sprint.person_days.filter(|all| *all > Amount::default());
    let person_days = days.map(|all| {
        let absent = sprint.absent_days.unwrap_or_default().max(Amount::default()).min(all);
        (all.minus(absent), all)
    });
    let share = person_days.map_or(1.0, |(there, all)| there.as_f64() / all.as_f64());
    let points = Amount::whole(nearest((likely.as_f64() * share + 1e-9).floor()));
    Some(Proposal { points, likely, safe, person_days })
}

/// The plan of a sprint, or of the next one if none has been created yet.
pub fn plan(product: &Product, sprint: Option<Id>, today: Day) -> Plan {
    let nobody = Sprint::default();
    let sprint = sprint.and_then(|id| product.get::<Sprint>(id)).map_or(&nobody, |sprint| sprint);
    let mut out = Plan { proposal: proposal(product, sprint, today), ..Plan::default() };
    out.capacity = sprint.capacity.or(out.proposal.map(|one| one.points));
    let mut sum = Sum::default();
    for item in product.all::<BacklogItem>().filter(|item| is_free(product, item, sprint.id)) {
        let lacks = lacks(product, item);
        let selected = item.sprint == Some(sprint.id);
        if selected {
            out.selected.add(item.points);
            count_why(product, &mut out.serves, item);
        }
        if lacks.is_empty() {
            sum.add(item.points);
        }
        let one = Candidate { item: item.id, points: item.points, sum: sum.points, selected, lacks };
        if one.lacks.is_empty() { out.ready.push(one) } else { out.not_ready.push(one) }
    }
    out.serves.sort_by_key(|(why, _)| why.is_none());
    out.warnings = warnings(product, sprint, &out);
    out
}

/// True if it is open and in no other planned or running sprint.
fn is_free(product: &Product, item: &BacklogItem, sprint: Id) -> bool {
    let elsewhere = |other: Id| {
        let other = product.get::<Sprint>(other).filter(|one| one.alive == Life::Alive);
        other.is_some_and(|one| matches!(one.state, SprintState::Planning | SprintState::Active))
    };
    is_open(item) && item.sprint.is_none_or(|id| id == sprint || !elsewhere(id))
}

fn count_why(product: &Product, serves: &mut Vec<(Option<Id>, Sum)>, item: &BacklogItem) {
    let why = item.serves.filter(|why| product.get::<RoadmapItem>(*why).is_some());
    match serves.iter_mut().find(|(known, _)| *known == why) {
        Some((_, sum)) => sum.add(item.points),
        None => {
            let mut sum = Sum::default();
            sum.add(item.points);
            serves.push((why, sum));
        }
    }
}

/// Returns the stories that fill the sprint: ready stories from the top until the next one does not fit, then smaller
/// ones below it. Stories already in it stay. Empty if no capacity is known.
pub fn fill(plan: &Plan) -> Vec<Id> {
    let Some(capacity) = plan.capacity else { return Vec::new() };
    let mut room = capacity.minus(plan.selected.points);
    let mut out = Vec::new();
    for one in plan.ready.iter().filter(|one| !one.selected) {
        let size = one.points.unwrap_or_default();
        if size <= room {
            room = room.minus(size);
            out.push(one.item);
        }
    }
    out
}

/// `3 points`, `1 point`.
fn points(amount: Amount) -> String {
    format!("{amount} point{}", if amount == Amount::whole(1) { "" } else { "s" })
}

/// Warnings before the sprint starts, the most important first. None of them is binding.
fn warnings(product: &Product, sprint: &Sprint, plan: &Plan) -> Vec<String> {
    let mut out = Vec::new();
    let over = plan.capacity.map(|all| plan.selected.points.minus(all));
    if let (Some(capacity), Some(over)) = (plan.capacity, over.filter(|over| *over > Amount::default())) {
        out.push(format!("{} of {capacity}, {} too many.", plan.selected.points, over));
    }
    if plan.selected.unsized_items > 0 {
        out.push(format!("{} of the selected stories have no points.", plan.selected.unsized_items));
    }
    if let Some((_, sum)) = plan.serves.iter().find(|(why, _)| why.is_none()) {
        out.push(format!("{} serve no roadmap item. Fine if intended.", points(sum.points)));
    }
    let unready = plan.not_ready.iter().filter(|one| one.selected);
    out.extend(unready.map(|one| {
        let lacks: Vec<&str> = one.lacks.iter().map(|lack| lack.word()).collect();
        format!("{} is selected and not ready: {}.", product.name_of(one.item), lacks.join(", "))
    }));
    if sprint.absent_days.is_some() && plan.proposal.is_some_and(|one| one.person_days.is_none()) {
        out.push("Absent days lower the capacity once Person-days gives the total.".to_string());
    }
    for one in plan.ready.iter().chain(&plan.not_ready).filter(|one| one.selected) {
        let item = product.get::<BacklogItem>(one.item);
        out.extend(item.into_iter().flat_map(|item| concerns(product, item, sprint.id, plan.capacity)));
    }
    out.extend(overlaps(product, sprint));
    out
}

/// Obstacles of a story that is, or might be, in this sprint.
pub fn concerns(product: &Product, item: &BacklogItem, sprint: Id, capacity: Option<Amount>) -> Vec<String> {
    let name = product.name_of(item.id);
    let mut out = Vec::new();
    if !item.blocked.is_empty() {
        out.push(format!("{name} is blocked: {}", &*item.blocked));
    }
    // Looked up story by story, so that a plan with thousands of them stays fast.
    let outside = |id: &Id| {
        let other = product.get::<BacklogItem>(*id).filter(|other| other.alive == Life::Alive);
        other.is_some_and(|other| is_open(other) && other.sprint != Some(sprint))
    };
    for other in item.depends_on.iter().filter(|id| outside(id)) {
        out.push(format!("{name} depends on {}, which is not done and not selected.", product.name_of(*other)));
    }
    let why: Option<&Arc<RoadmapItem>> = item.serves.and_then(|why| product.get::<RoadmapItem>(why));
    match why {
        Some(why) if matches!(why.result, RoadmapResult::Parked | RoadmapResult::Declined) => {
            out.push(format!("{name} serves {}, which is {}.", product.name_of(why.id), why.result.label()));
        }
        Some(why) if why.horizon == Horizon::Later => {
            out.push(format!("{name} serves {}, which is in Later.", product.name_of(why.id)));
        }
        _ => {}
    }
    let takes_half = |all: &Amount| item.points.is_some_and(|size| size.plus(size) > *all);
    if let (Some(all), Some(size)) = (capacity.filter(takes_half), item.points) {
        out.push(format!("{name} alone is {size} of {all}: smaller stories reduce the risk."));
    }
    out
}

/// Other sprints that overlap in time.
fn overlaps(product: &Product, sprint: &Sprint) -> Option<String> {
    let (start, end) = (sprint.start?, sprint.end?);
    let meets = |other: &&Arc<Sprint>| {
        let days = other.start.zip(other.end).filter(|_| other.id != sprint.id);
        other.state != SprintState::Cancelled && days.is_some_and(|(first, last)| first <= end && start <= last)
    };
    let other = product.all::<Sprint>().find(meets)?;
    let (mine, theirs) = (Kind::Sprint.numbered(sprint.number), Kind::Sprint.numbered(other.number));
    Some(format!("The dates of {mine} and {theirs} overlap."))
}
