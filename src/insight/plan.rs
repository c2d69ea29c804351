//! Sprint planning: what is ready in backlog order, what fits, what is not ready and why, and what to check before the
//! start. It warns and never refuses.

use crate::insight::ready::{DefinitionOfReady, Lack};
use crate::insight::sprint::{Sum, ended_on, is_open};
use crate::insight::velocity::{Pace, Period, Unit, pace};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::saturating::nearest;
use crate::model::schema::{BacklogItem, Horizon, Kind, RoadmapItem, RoadmapResult, Sprint, SprintState};
use crate::model::value::{Amount, Day, Life};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

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
pub struct Suggestion {
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
    /// The stories in the sprint. One with parts counts through these alone, here and in `serves`.
    pub selected: Sum,
    /// The capacity: set by hand, or proposed.
    pub capacity: Option<Amount>,
    pub suggestion: Option<Suggestion>,
    /// What the selected stories serve: roadmap items in backlog order, then stories that serve none.
    pub serves: Vec<(Option<Id>, Sum)>,
    pub warnings: Vec<String>,
}

/// Returns the likely velocity in whole points, reduced by the share of absent person-days. `None` if there is no
/// likely velocity yet or the team does not size its stories.
pub fn suggestion(product: &Product, sprint: &Sprint, today: Day) -> Option<Suggestion> {
    suggested(sprint, &pace(product, today))
}

/// How many points a sprint takes: as set by hand, else as proposed.
pub fn capacity(sprint: &Sprint, pace: &Pace) -> Option<Amount> {
    sprint.capacity.or_else(|| suggested(sprint, pace).map(|one| one.points))
}

fn suggested(sprint: &Sprint, pace: &Pace) -> Option<Suggestion> {
    if pace.unit == Unit::Stories || pace.lacks().is_some() {
        return None;
    }
    let in_sprint = |amount: Amount| match pace.period {
        Period::Sprint => amount,
        Period::Week => Amount::hundredths(amount.in_hundredths().saturating_mul(weeks_of(sprint))),
    };
    let (likely, safe) = (in_sprint(pace.likely()?), in_sprint(pace.safe()?));
    let days = sprint.person_days.filter(|all| *all > Amount::default());
    let person_days = days.map(|all| {
        let absent = sprint.absent_days.unwrap_or_default().max(Amount::default()).min(all);
        (all.minus(absent), all)
    });
    let share = person_days.map_or(1.0, |(there, all)| there.as_f64() / all.as_f64());
    let points = Amount::whole(nearest((likely.as_f64() * share + 1e-9).floor()));
    Some(Suggestion { points, likely, safe, person_days })
}

/// How many weeks a sprint takes, from its dates; two if it has none.
fn weeks_of(sprint: &Sprint) -> i64 {
    let days = sprint.start.zip(sprint.end).map(|(start, end)| end.days_since(start).saturating_add(1));
    days.map_or(2, |days| days.saturating_add(3) / 7).max(1)
}

/// The plan of a sprint, or of the next one if none has been created yet.
pub fn plan(product: &Product, sprint: Option<Id>, today: Day) -> Plan {
    let nobody = Sprint::default();
    let sprint = sprint.and_then(|id| product.get::<Sprint>(id)).map_or(&nobody, |sprint| sprint);
    let mut out = Plan { suggestion: suggestion(product, sprint, today), ..Plan::default() };
    out.capacity = sprint.capacity.or(out.suggestion.map(|one| one.points));
    let (mut sum, ready) = (Sum::default(), DefinitionOfReady::of(product));
    for item in product.all::<BacklogItem>().filter(|item| is_free(product, item, sprint.id)) {
        let lacks = ready.lacks(product, item);
        let selected = item.sprint == Some(sprint.id);
        // The points of a story count once: in its parts, where it has some.
        let counts = product.index().counts(item);
        if !counts && !selected {
            continue;
        }
        if selected && counts {
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

/// What fills a sprint, and the ready stories that were passed over.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filled {
    pub takes: Vec<Id>,
    pub passed: Vec<(Id, PassedOver)>,
}

/// Why a ready story is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PassedOver {
    /// There is no room for it. If it depends on others that are not in yet, they count with it.
    Large { points: Option<Amount>, with: Option<With> },
    /// It depends on this story, which is open and cannot be taken.
    Waits(Id),
}

/// What has to come in before a story.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct With {
    pub first: Id,
    pub count: usize,
    /// The points of all of them and of the story itself.
    pub points: Amount,
}

/// Returns the stories that fill the sprint: ready stories from the top until the next one does not fit, then smaller
/// ones below it. A story comes behind what it depends on, or not at all. Stories already in it stay. Empty if no
/// capacity is known.
pub fn fill(product: &Product, plan: &Plan) -> Filled {
    let Some(capacity) = plan.capacity else { return Filled::default() };
    let known = plan.ready.iter().chain(&plan.not_ready).map(|one| (one.item, one)).collect();
    let mut filling = Filling { product, known, taken: FxHashSet::default(), only_ready: true };
    let mut room = capacity.minus(plan.selected.points);
    let mut out = Filled::default();
    for one in plan.ready.iter().filter(|one| !one.selected) {
        let with = match filling.needed(one.item) {
            Ok(with) => with,
            Err(why) => {
                out.passed.push((one.item, why));
                continue;
            }
        };
        let size: Amount = with.iter().filter_map(|id| filling.known.get(id)?.points).sum();
        if size <= room {
            room = room.minus(size);
            filling.taken.extend(&with);
            out.takes.extend(with);
        } else {
            let (first, count) = (with.first().copied(), with.len().saturating_sub(1));
            let with = first.filter(|_| count > 0).map(|first| With { first, count, points: size });
            out.passed.push((one.item, PassedOver::Large { points: one.points, with }));
        }
    }
    out
}

/// The first `count` stories that are not in the sprint yet, ready ones first, each behind what it depends on. For a team that
/// does not size its stories, and for a backlog in which nothing is ready.
pub fn first(product: &Product, plan: &Plan, count: usize) -> Vec<Id> {
    let known = plan.ready.iter().chain(&plan.not_ready).map(|one| (one.item, one)).collect();
    let mut filling = Filling { product, known, taken: FxHashSet::default(), only_ready: false };
    let mut out: Vec<Id> = Vec::new();
    for one in plan.ready.iter().chain(&plan.not_ready).filter(|one| !one.selected) {
        let Ok(with) = filling.needed(one.item) else { continue };
        if out.len().saturating_add(with.len()) > count {
            continue;
        }
        filling.taken.extend(&with);
        out.extend(with);
    }
    out
}

/// A sprint while it is filled.
struct Filling<'a> {
    product: &'a Product,
    known: FxHashMap<Id, &'a Candidate>,
    taken: FxHashSet<Id>,
    only_ready: bool,
}

impl Filling<'_> {
    /// A story behind the ready stories that it depends on and that are not taken yet; or why it cannot be taken.
    fn needed(&self, item: Id) -> Result<Vec<Id>, PassedOver> {
        let (mut out, mut seen) = (Vec::new(), FxHashSet::default());
        // Depth first, each story twice: once to look at what it depends on, and once to be put behind that.
        let mut open = vec![(item, false)];
        while let Some((id, is_behind)) = open.pop() {
            if is_behind {
                out.push(id);
                continue;
            }
            let one = self.known.get(&id);
            if self.taken.contains(&id) || seen.contains(&id) || one.is_some_and(|one| one.selected) {
                continue;
            }
            let story = self.product.get::<BacklogItem>(id).filter(|story| story.alive == Life::Alive);
            let Some(story) = story.filter(|story| is_open(story)) else { continue };
            let is_whole = !self.product.index().counts(story);
            if is_whole || one.is_none_or(|one| self.only_ready && !one.lacks.is_empty()) {
                return Err(PassedOver::Waits(id));
            }
            seen.insert(id);
            open.push((id, true));
            open.extend(story.depends_on.iter().rev().map(|other| (*other, false)));
        }
        Ok(out)
    }
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
        let words = match plan.selected.unsized_items {
            1 => "1 selected story has no points.".to_string(),
            count => format!("{count} selected stories have no points."),
        };
        out.push(words);
    }
    if let Some((_, sum)) = plan.serves.iter().find(|(why, _)| why.is_none()) {
        let what = match sum.points == Amount::default() {
            true => {
                crate::model::grammar::count(sum.stories as usize, "selected story serves", "selected stories serve")
            }
            false => format!("{} of the selection serve", points(sum.points)),
        };
        out.push(format!("{what} no roadmap item, which may be what you want."));
    }
    let wholes = || plan.not_ready.iter().filter(|one| one.selected && one.lacks.contains(&Lack::Parts));
    out.extend(wholes().map(|one| {
        format!("{} is selected, but its parts count instead. The start leaves it out.", product.name_of(one.item))
    }));
    let whole: FxHashSet<Id> = wholes().map(|one| one.item).collect();
    let unready = plan.not_ready.iter().filter(|one| one.selected && !whole.contains(&one.item));
    out.extend(unready.map(|one| {
        let lacks: Vec<&str> = one.lacks.iter().map(|lack| lack.word()).collect();
        format!("{} is selected and not ready: {}.", product.name_of(one.item), lacks.join(", "))
    }));
    if sprint.absent_days.is_some() && plan.suggestion.is_some_and(|one| one.person_days.is_none()) {
        out.push("Absent days lower the capacity once Person-days gives the total.".to_string());
    }
    let selected = plan.ready.iter().chain(&plan.not_ready).filter(|one| one.selected);
    let mut later: Vec<(Id, Id)> = Vec::new();
    for one in selected.filter(|one| !whole.contains(&one.item)) {
        let item = product.get::<BacklogItem>(one.item);
        let Some(item) = item else { continue };
        out.extend(own_concerns(product, item, sprint.id, plan.capacity));
        later.extend(in_later(product, item).map(|why| (item.id, why)));
    }
    // After an import everything may be in Later: that is one thing to say.
    out.extend(match later.as_slice() {
        [] => None,
        [(story, why)] => Some(serves_later(product, *story, *why)),
        all => Some(format!("{} stories serve items in Later.", all.len())),
    });
    out.extend(overlaps(product, sprint));
    out
}

/// Obstacles of a story that is, or might be, in this sprint.
pub fn concerns(product: &Product, item: &BacklogItem, sprint: Id, capacity: Option<Amount>) -> Vec<String> {
    let later = in_later(product, item).map(|why| serves_later(product, item.id, why));
    own_concerns(product, item, sprint, capacity).into_iter().chain(later).collect()
}

/// The roadmap item in Later that a story serves.
fn in_later(product: &Product, item: &BacklogItem) -> Option<Id> {
    let why = product.get::<RoadmapItem>(item.serves?)?;
    (why.horizon == Horizon::Later && !is_given_up(why)).then_some(why.id)
}

fn is_given_up(why: &RoadmapItem) -> bool {
    matches!(why.result, RoadmapResult::Parked | RoadmapResult::Declined)
}

fn serves_later(product: &Product, story: Id, why: Id) -> String {
    format!("{} serves {}, which is in Later.", product.name_of(story), product.name_of(why))
}

/// What stands in the way of this story itself.
fn own_concerns(product: &Product, item: &BacklogItem, sprint: Id, capacity: Option<Amount>) -> Vec<String> {
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
    if let Some(why) = why.filter(|why| is_given_up(why)) {
        out.push(format!("{name} serves {}, which is {}.", product.name_of(why.id), why.result.label()));
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
    // A closed sprint ended on the day it was closed, on which the next one may start.
    let meets = |other: &&Arc<Sprint>| match other.start.zip(other.end).filter(|_| other.id != sprint.id) {
        None => false,
        Some(_) if other.state == SprintState::Cancelled => false,
        Some((first, _)) if let Some(ended) = ended_on(other) => first <= end && start < ended,
        Some((first, last)) => first <= end && start <= last,
    };
    let other = product.all::<Sprint>().find(meets)?;
    let (mine, theirs) = (Kind::Sprint.numbered(sprint.number), Kind::Sprint.numbered(other.number));
    Some(format!("The dates of {mine} and {theirs} overlap."))
}
