//! The dates of each roadmap item on a timeline: when parts of it were done, what is in a sprint, what is forecast.
//! Only the promise is typed.

use crate::insight::forecast::Forecast;
use crate::insight::sprint::{is_open, is_over};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, ItemStatus, RoadmapItem, Sprint, SprintState};
use crate::model::value::Day;
use rustc_hash::FxHashMap;

/// What a range of days shows; earlier variants are drawn over later ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stretch {
    Done,
    InSprint,
    Forecast,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    pub what: Stretch,
    pub from: Day,
    /// The last day, inclusive.
    pub to: Day,
}

/// One item's dates.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Days {
    pub spans: Vec<Span>,
    /// No size yet: it has no stories, or none of the open ones has points.
    pub unsized_since: Option<Day>,
    /// The safe forecast is beyond the forecast horizon.
    pub endless: bool,
}

impl Days {
    /// What a day shows.
    pub fn on(&self, from: Day, to: Day) -> Option<Stretch> {
        let meets = |what: Stretch| self.spans.iter().any(|one| one.what == what && one.from <= to && from <= one.to);
        [Stretch::Done, Stretch::InSprint, Stretch::Forecast].into_iter().find(|what| meets(*what))
    }

    fn push(&mut self, what: Stretch, from: Day, to: Day) {
        if from <= to {
            self.spans.push(Span { what, from, to });
        }
    }
}

/// The dates of all roadmap items.
pub fn spans(product: &Product, forecast: &Forecast, today: Day) -> FxHashMap<Id, Days> {
    let mut out: FxHashMap<Id, Days> = product.all::<RoadmapItem>().map(|item| (item.id, Days::default())).collect();
    for sprint in product.all::<Sprint>() {
        done_in(product, sprint, today, &mut out);
    }
    for item in product.all::<BacklogItem>() {
        one_story(product, item, &mut out);
    }
    for row in &forecast.rows {
        let Some(days) = out.get_mut(&row.item) else { continue };
        let begins = row.begins.filter(|day| *day > today).unwrap_or(today);
        if let Some(end) = row.safe.or(row.likely) {
            days.push(Stretch::Forecast, begins, end.day);
            days.endless = row.safe.is_none();
        }
        let sums = product.index().under(Some(row.item)).sums;
        let no_size =
            sums.items == 0 || (sums.open() > 0 && row.remaining.in_hundredths() == 0 && row.unsized_items > 0);
        days.unsized_since = no_size.then_some(begins);
    }
    out
}

/// From the first day of a sprint to the last day on which a story of the item was done in it.
fn done_in(product: &Product, sprint: &Sprint, today: Day, out: &mut FxHashMap<Id, Days>) {
    if sprint.state == SprintState::Planning {
        return;
    }
    for entry in sprint.entries.iter().filter(|entry| entry.is_in()) {
        let Some(done) = entry.done.map(|at| at.day()) else { continue };
        let Some(item) = product.get::<BacklogItem>(entry.item) else { continue };
        let Some(days) = item.serves.and_then(|why| out.get_mut(&why)) else { continue };
        let from = sprint.start.filter(|start| *start <= done).unwrap_or(done);
        days.push(Stretch::Done, from, done.min(today));
    }
}

/// Stories selected for a sprint that is not over; and a story done outside a sprint, on its day.
fn one_story(product: &Product, item: &BacklogItem, out: &mut FxHashMap<Id, Days>) {
    let Some(days) = item.serves.and_then(|why| out.get_mut(&why)) else { return };
    let sprint = item.sprint.and_then(|id| product.get::<Sprint>(id));
    match sprint {
        Some(sprint) if is_open(item) && !is_over(sprint) => {
            if let (Some(start), Some(end)) = (sprint.start, sprint.end) {
                days.push(Stretch::InSprint, start, end);
            }
        }
        None if item.status == ItemStatus::Done => {
            if let Some(day) = item.closed.map(|at| at.day()) {
                days.push(Stretch::Done, day, day);
            }
        }
        _ => {}
    }
}
