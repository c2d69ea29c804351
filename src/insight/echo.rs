//! The echo: a how that moved much since the roadmap was ratified, or since the manager last looked (docs/FIGURES.md, Echo).

use crate::insight::outlook::last_version;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, ItemStatus, RoadmapItem, RoadmapResult, Sprint, SprintResult, SprintState};
use crate::model::value::{Amount, When};
use std::fmt;

/// By how much the stories may grow before the manager is asked, in percent of their size at that time.
const GROWTH: i64 = 30;

/// What moved in the how of a roadmap item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Echo {
    pub since: When,
    /// Open size then, and that size now with what was done since; if it grew by 30 % or more.
    pub grown: Option<(Amount, Amount)>,
    /// Stories that were dropped since.
    pub dropped: Vec<Id>,
    /// Sprints for it that were cancelled, or ended without their Sprint Goal, since.
    pub let_go: Vec<Id>,
}

impl fmt::Display for Echo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let grown = self.grown.map(|(then, now)| format!("its open work went from {then} to {now}"));
        let dropped = (!self.dropped.is_empty()).then(|| match self.dropped.len() {
            1 => "a story was dropped".to_string(),
            many => format!("{many} stories were dropped"),
        });
        let let_go =
            (!self.let_go.is_empty()).then(|| "a sprint that served it was cancelled or missed its goal".to_string());
        f.write_str(&grown.into_iter().chain(dropped).chain(let_go).collect::<Vec<_>>().join(", "))
    }
}

/// The open size of a roadmap item's stories: points, or the number of stories where none has points.
pub fn open_size(product: &Product, item: Id) -> Amount {
    let sums = product.index().under(Some(item)).sums;
    match sums.is_in_points() {
        true => sums.points().minus(sums.done_points()),
        false => Amount::whole(i64::from(sums.open())),
    }
}

/// What moved in the how of an open roadmap item. `None` if nothing moved much, or nothing was ratified yet.
pub fn echo(product: &Product, item: &RoadmapItem) -> Option<Echo> {
    if !matches!(item.result, RoadmapResult::Open | RoadmapResult::Launched) {
        return None;
    }
    let (since, then) = base(product, item)?;
    let stories = || {
        let slots = product.index().under(Some(item.id)).slots.iter();
        slots.filter_map(|slot| product.items().at(*slot)).filter(|story| story.closed.is_some_and(|at| at.0 > since.0))
    };
    let in_points = product.index().under(Some(item.id)).sums.is_in_points();
    let size = |story: &BacklogItem| if in_points { story.points.unwrap_or_default() } else { Amount::whole(1) };
    let counts = |story: &&std::sync::Arc<BacklogItem>| product.index().counts(story);
    let done = stories().filter(counts).filter(|story| story.status == ItemStatus::Done);
    let done = done.map(|story| size(story).in_hundredths());
    let now = open_size(product, item.id).in_hundredths().saturating_add(done.fold(0, i64::saturating_add));
    let limit = then.in_hundredths().saturating_mul(GROWTH.saturating_add(100));
    let grew = then.in_hundredths() > 0 && now.saturating_mul(100) >= limit;
    let ended = |one: &Sprint| one.ended.is_some_and(|at| at.0 > since.0) && one.serves.contains(&item.id);
    let lost = |one: &Sprint| one.state == SprintState::Cancelled || one.result == SprintResult::Not;
    let found = Echo {
        since,
        grown: grew.then(|| (then, Amount::hundredths(now))),
        dropped: stories().filter(|story| is_given_up(story)).map(|story| story.id).collect(),
        let_go: product.all::<Sprint>().filter(|one| ended(one) && lost(one)).map(|one| one.id).collect(),
    };
    (found.grown.is_some() || !found.dropped.is_empty() || !found.let_go.is_empty()).then_some(found)
}

/// True if it was dropped, and no other story stands for it.
fn is_given_up(story: &BacklogItem) -> bool {
    story.status == ItemStatus::Dropped && story.duplicate_of.is_none()
}

/// When the how was last agreed, and its open size then: in the ratified version, or when the manager last looked.
fn base(product: &Product, item: &RoadmapItem) -> Option<(When, Amount)> {
    let version = last_version(product)?;
    let ratified = version.at?;
    let seen = item.how_seen.as_ref().filter(|seen| seen.at.0 > ratified.0).map(|seen| (seen.at, seen.remaining));
    let kept = || version.forecast.iter().find(|one| one.item == item.id).map(|one| (ratified, one.remaining));
    seen.or_else(kept)
}
