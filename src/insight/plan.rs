//! Planning a sprint: what is ready in backlog order, what fits, what is not ready and why, and what to look at before
//! it starts. It warns and never refuses.

use crate::insight::sprint::{Sum, is_open};
use crate::insight::trace::is_suspect;
use crate::insight::velocity::{Unit, pace};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::saturating::nearest;
use crate::model::schema::{BacklogItem, Horizon, Kind, RoadmapItem, RoadmapResult, Sprint, SprintState};
use crate::model::value::{Amount, Day, Life};
use std::sync::Arc;

/// What a story lacks to be ready (domain 6.4: a size, one criterion, a why that stands).
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
    /// As a list has room for it.
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
    /// It is in the sprint that is planned.
    pub selected: bool,
    pub lacks: Vec<Lack>,
}

/// How many points fit in, and where that comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Proposal {
    pub points: Amount,
    /// The likely and the safe velocity it comes from, in points.
    pub likely: Amount,
    pub safe: Amount,
    /// Person-days that are there, of all of them.
    pub person_days: Option<(Amount, Amount)>,
}

/// A sprint's plan as it stands.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Plan {
    /// In backlog order.
    pub ready: Vec<Candidate>,
    pub not_ready: Vec<Candidate>,
    /// What is in the sprint.
    pub selected: Sum,
    /// What fits in: set by hand, or proposed.
    pub capacity: Option<Amount>,
    pub proposal: Option<Proposal>,
    /// What the selected stories serve: roadmap items in backlog order, then nothing on the roadmap.
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

/// The likely velocity in whole points, lowered by the share of person-days that are missing. Nothing where there is no
/// likely velocity yet, or where the team does not size its stories.
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

/// The plan of a sprint, or of the next one where none is made yet.
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

/// Open, and in no other sprint that is planned or runs.
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

/// What to tick so that the sprint is full: ready stories from the top until the next one does not fit, then smaller ones
/// below it. What is in already stays. Nothing where no capacity is known.
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

/// What to look at before the sprint starts, the weightiest first. None of it forbids anything.
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
        out.push(format!("{} serve no roadmap item. Fine if you mean it.", points(sum.points)));
    }
    let unready = plan.not_ready.iter().filter(|one| one.selected);
    out.extend(unready.map(|one| {
        let lacks: Vec<&str> = one.lacks.iter().map(|lack| lack.word()).collect();
        format!("{} is selected and not ready: {}.", product.name_of(one.item), lacks.join(", "))
    }));
    if sprint.absent_days.is_some() && plan.proposal.is_some_and(|one| one.person_days.is_none()) {
        out.push("Absent days lower the capacity once Person-days says how many there are in all.".to_string());
    }
    for one in plan.ready.iter().chain(&plan.not_ready).filter(|one| one.selected) {
        let item = product.get::<BacklogItem>(one.item);
        out.extend(item.into_iter().flat_map(|item| concerns(product, item, sprint.id, plan.capacity)));
    }
    out.extend(overlaps(product, sprint));
    out
}

/// What stands in the way of a story that is, or might be, in this sprint.
pub fn concerns(product: &Product, item: &BacklogItem, sprint: Id, capacity: Option<Amount>) -> Vec<String> {
    let name = product.name_of(item.id);
    let mut out = Vec::new();
    if !item.blocked.is_empty() {
        out.push(format!("{name} is blocked: {}", &*item.blocked));
    }
    // Looked up story by story, so that a plan of thousands of them stays quick.
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
            out.push(format!("{name} serves {}, which is for later.", product.name_of(why.id)));
        }
        _ => {}
    }
    let takes_half = |all: &Amount| item.points.is_some_and(|size| size.plus(size) > *all);
    if let (Some(all), Some(size)) = (capacity.filter(takes_half), item.points) {
        out.push(format!("{name} alone is {size} of {all}: in smaller stories less hangs on one."));
    }
    out
}

/// Other sprints with some of the same days.
fn overlaps(product: &Product, sprint: &Sprint) -> Option<String> {
    let (start, end) = (sprint.start?, sprint.end?);
    let meets = |other: &&Arc<Sprint>| {
        let days = other.start.zip(other.end).filter(|_| other.id != sprint.id);
        other.state != SprintState::Cancelled && days.is_some_and(|(first, last)| first <= end && start <= last)
    };
    let other = product.all::<Sprint>().find(meets)?;
    let (mine, theirs) = (Kind::Sprint.numbered(sprint.number), Kind::Sprint.numbered(other.number));
    Some(format!("The days of {mine} overlap with those of {theirs}."))
}
