//! The figures of a sprint. All are computed from its entries, none from live stories, so that they never change
//! afterwards.

use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::saturating::small;
use crate::model::schema::{BacklogItem, ItemStatus, Sprint, SprintState};
use crate::model::snapshot_types::SprintEntry;
use crate::model::value::{Amount, Day, When};
use chrono::Datelike;
use std::borrow::Cow;

/// The maximum number of rows: a longer sprint is a typo, because Scrum allows a month at most.
const LONGEST: usize = 400;

/// What is counted: points, or stories if the team does not size them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Unit {
    #[default]
    Points,
    Stories,
}

/// A set of stories: their points and their number. A story without points adds nothing to the points.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sum {
    pub points: Amount,
    pub stories: u32,
    pub unsized_items: u32,
}

impl Sum {
    pub fn of<'a>(entries: impl Iterator<Item = &'a SprintEntry>) -> Sum {
        let mut sum = Sum::default();
        for entry in entries {
            sum.add(entry.points);
        }
        sum
    }

    pub fn plus(self, other: Sum) -> Sum {
        Sum {
            points: self.points.plus(other.points),
            stories: self.stories.saturating_add(other.stories),
            unsized_items: self.unsized_items.saturating_add(other.unsized_items),
        }
    }

    pub fn add(&mut self, points: Option<Amount>) {
        self.points = [self.points, points.unwrap_or_default()].into_iter().sum();
        self.stories = self.stories.saturating_add(1);
        self.unsized_items = self.unsized_items.saturating_add(u32::from(points.is_none()));
    }
}

/// What became of the stories of a sprint, in points and stories, sized by their entries (docs/FIGURES.md, Sprint
/// figures). Always: planned + added = removed + dropped + completed + carried + remaining.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Figures {
    /// There at the start.
    pub planned: Sum,
    /// Added while it ran, including stories that left again.
    pub added: Sum,
    /// Left while it ran.
    pub removed: Sum,
    /// Done when it ended, or so far.
    pub completed: Sum,
    /// Not done when it ended, and not dropped.
    pub carried: Sum,
    /// Dropped, during the sprint or at its end.
    pub dropped: Sum,
    /// The part of `dropped` that was still in the sprint when it ended: planned, and not done.
    pub dropped_at_end: Sum,
    /// Still open in a sprint that is not over.
    pub remaining: Sum,
}

impl Figures {
    /// What the sprint holds: all that came in and did not leave while it ran (docs/FIGURES.md, Sprint progress).
    pub fn scope(&self) -> Sum {
        self.completed.plus(self.undone())
    }

    /// What it holds that is not done: open while it runs; once it is over, carried on or dropped at its end.
    pub fn undone(&self) -> Sum {
        [self.remaining, self.carried, self.dropped_at_end].into_iter().fold(Sum::default(), Sum::plus)
    }

    /// What left it while it ran: removed, or dropped before the end.
    pub fn left_early(&self) -> Sum {
        let dropped = |all: Sum, end: Sum| Sum {
            points: all.points.minus(end.points),
            stories: all.stories.saturating_sub(end.stories),
            unsized_items: all.unsized_items.saturating_sub(end.unsized_items),
        };
        self.removed.plus(dropped(self.dropped, self.dropped_at_end))
    }

    /// What its progress is counted in: points, or stories if none of its stories is sized.
    pub fn unit(&self) -> Unit {
        let all = self.planned.plus(self.added);
        if all.unsized_items < all.stories { Unit::Points } else { Unit::Stories }
    }
}

/// The state of an entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    Open,
    Done,
    Removed,
    /// Dropped while the sprint ran: a change of its scope.
    Dropped,
    /// Dropped when it ended: it was in the sprint to the end, and is not done.
    DroppedAtEnd,
    Carried,
}

/// Returns the state of an entry, in a sprint that is over or not. The entry decides, not the story's current state.
pub fn standing(entry: &SprintEntry, over: bool) -> Standing {
    match entry {
        _ if entry.outcome == SprintEntry::DROPPED && entry.is_in() => Standing::DroppedAtEnd,
        _ if entry.outcome == SprintEntry::DROPPED => Standing::Dropped,
        _ if !entry.is_in() => Standing::Removed,
        _ if entry.done.is_some() => Standing::Done,
        _ if over => Standing::Carried,
        _ => Standing::Open,
    }
}

/// True if the sprint was closed or cancelled.
pub fn is_over(sprint: &Sprint) -> bool {
    matches!(sprint.state, SprintState::Closed | SprintState::Cancelled)
}

/// The day on which a sprint that is over ended: when it was closed or cancelled, else its last day. `None` for one
/// that is not over, and for one that came from elsewhere without dates.
pub fn ended_on(sprint: &Sprint) -> Option<Day> {
    sprint.ended.map(When::day).or(sprint.end).filter(|_| is_over(sprint))
}

/// Computes the figures of these entries (docs/FIGURES.md, Sprint figures).
pub fn figures(entries: &[SprintEntry], over: bool) -> Figures {
    let standing_as = |wanted: Standing| Sum::of(entries.iter().filter(|one| standing(one, over) == wanted));
    let dropped_at_end = standing_as(Standing::DroppedAtEnd);
    Figures {
        planned: Sum::of(entries.iter().filter(|one| one.is_planned())),
        added: Sum::of(entries.iter().filter(|one| !one.is_planned())),
        removed: standing_as(Standing::Removed),
        completed: standing_as(Standing::Done),
        carried: standing_as(Standing::Carried),
        dropped: standing_as(Standing::Dropped).plus(dropped_at_end),
        dropped_at_end,
        remaining: standing_as(Standing::Open),
    }
}

/// The stories selected for a sprint that has not started, as starting it at `now` would record them: existing, not
/// done, without parts that count instead, in backlog order.
pub fn selected(product: &Product, sprint: &Sprint, now: When) -> Vec<SprintEntry> {
    let counts = |item: &BacklogItem| is_open(item) && product.index().counts(item);
    let inside = |item: &&std::sync::Arc<BacklogItem>| item.sprint == Some(sprint.id) && counts(item);
    product.all::<BacklogItem>().filter(inside).map(|item| SprintEntry::new(item.id, item.points, now)).collect()
}

/// True if neither done nor dropped.
pub fn is_open(item: &BacklogItem) -> bool {
    !matches!(item.status, ItemStatus::Done | ItemStatus::Dropped)
}

/// The entries from which a sprint's figures are computed: the stored ones, or in planning those selected now.
pub fn entries_of(product: &Product, sprint: &Sprint, now: When) -> Vec<SprintEntry> {
    if sprint.state == SprintState::Planning { selected(product, sprint, now) } else { sprint.entries.clone() }
}

/// A story's latest entry in a sprint: with it everything about the sprint is counted.
pub fn entry_of(sprint: &Sprint, item: Id) -> Option<&SprintEntry> {
    sprint.entries.iter().rev().find(|entry| entry.item == item)
}

/// The size that counts in a sprint, and today's if that is another one: `5`, `5 (now 8)`. A story without one is `?`.
pub fn size_words(counts: Option<Amount>, now: Option<Amount>) -> String {
    let word = |size: Option<Amount>| size.map_or_else(|| "?".to_string(), |size| size.to_string());
    if counts == now { word(counts) } else { format!("{} (now {})", word(counts), word(now)) }
}

/// One calendar day of a burndown, at the end of the day: in points, or in stories if none of them is sized.
#[derive(Clone, PartialEq, Debug)]
pub struct BurndownRow {
    pub day: Day,
    /// Not yet done. `None` for days to come.
    pub remaining: Option<Amount>,
    /// In the sprint, done or not. `None` for days to come.
    pub scope: Option<Amount>,
    /// What would remain if the planned points fell evenly: all on the first working day, none after the last one, with
    /// equal steps on the working days in between.
    pub ideal: f64,
    /// The planned points from which the ideal falls: without those that have left by the end of the day.
    pub planned: f64,
}

/// The entries as a burndown counts them: by their points, or one each if none of them is sized.
pub fn counted(entries: &[SprintEntry]) -> Cow<'_, [SprintEntry]> {
    if figures(entries, false).unit() == Unit::Points {
        return Cow::Borrowed(entries);
    }
    let one = |entry: &SprintEntry| SprintEntry { points: Some(Amount::whole(1)), sized: None, ..entry.clone() };
    entries.iter().map(one).collect()
}

/// Returns one row per calendar day from the first day to the last, or to the day on which the sprint ended; one that
/// runs past its last day gets a row for each day since. The day of a step is the local day of its time. A running
/// sprint has no figures after `today`.
pub fn burndown(sprint: &Sprint, entries: &[SprintEntry], today: Day) -> Vec<BurndownRow> {
    let (Some(start), Some(end)) = (sprint.start, sprint.end) else { return Vec::new() };
    let entries = &*counted(entries);
    let steps = working_days(start, end).saturating_sub(1);
    let first = first_working(start).unwrap_or(start);
    let mut fallen = 0u32;
    let last = match sprint.state {
        SprintState::Closed | SprintState::Cancelled => ended_on(sprint).unwrap_or(end).max(start),
        SprintState::Active => end.max(today),
        SprintState::Planning => end,
    };
    let days = start.0.iter_days().take_while(|day| *day <= last.0).take(LONGEST).map(Day);
    let row = |day: Day| {
        if day > first && day <= end && works(day) {
            fallen = fallen.saturating_add(1);
        }
        let come = is_over(sprint) || day <= today;
        let part = if steps == 0 { 0.0 } else { f64::from(fallen) / f64::from(steps) };
        let planned = planned_on(entries, day).as_f64();
        BurndownRow {
            day,
            remaining: come.then(|| at_end_of(entries, day, true)),
            scope: come.then(|| at_end_of(entries, day, false)),
            ideal: (planned * (1.0 - part) * 100.0).round() / 100.0,
            planned,
        }
    };
    days.map(row).collect()
}

/// The points planned at the start, without those taken out or dropped by the end of a day.
pub fn planned_on(entries: &[SprintEntry], day: Day) -> Amount {
    let left = |one: &SprintEntry| one.removed.is_some_and(|when| when.day() <= day);
    let stays = |one: &&SprintEntry| one.is_planned() && one.sized.is_none() && !left(one);
    entries.iter().filter(stays).filter_map(|one| one.points).sum()
}

/// The points in the sprint at the end of a day: all, or those not done.
fn at_end_of(entries: &[SprintEntry], day: Day, undone: bool) -> Amount {
    let by_then = |when: Option<When>| when.is_some_and(|when| when.day() <= day);
    // Planned stories count from the first row on, whenever the sprint was started.
    let there = |one: &&SprintEntry| (one.is_planned() || one.added.day() <= day) && !by_then(one.removed);
    entries
        .iter()
        .filter(there)
        .filter(|one| !(undone && one.is_done_on(day)))
        .filter_map(|one| one.points_on(day))
        .sum()
}

/// Monday to Friday.
pub fn works(day: Day) -> bool {
    day.0.weekday().num_days_from_monday() < 5
}

/// The first working day, this one or one after it.
pub fn first_working(day: Day) -> Option<Day> {
    day.0.iter_days().map(Day).take(7).find(|day| works(*day))
}

/// The number of working days from the first to the last day, both inclusive.
pub fn working_days(start: Day, end: Day) -> u32 {
    let days = start.0.iter_days().take_while(|day| *day <= end.0).take(LONGEST);
    small(days.filter(|day| works(Day(*day))).count())
}

/// The running sprint, of which there is at most one.
pub fn running(product: &Product) -> Option<&std::sync::Arc<Sprint>> {
    product.all::<Sprint>().find(|sprint| sprint.state == SprintState::Active)
}

/// The sprints in planning, the next one first: by first day, then by number.
pub fn in_planning(product: &Product) -> Vec<&std::sync::Arc<Sprint>> {
    let mut all: Vec<_> = product.all::<Sprint>().filter(|one| one.state == SprintState::Planning).collect();
    all.sort_by_key(|one| (one.start.is_none(), one.start, one.number));
    all
}

/// The sprint that `show` and the review start with: the running one, else the last one that ended, else the next.
pub fn latest(product: &Product) -> Option<&std::sync::Arc<Sprint>> {
    // One without days says nothing about when it was.
    let when = |one: &std::sync::Arc<Sprint>| (one.end.is_some(), ended_on(one), one.number);
    let ended = product.all::<Sprint>().filter(|one| is_over(one)).max_by_key(|one| when(one));
    running(product).or(ended).or_else(|| in_planning(product).first().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> When {
        When::parse(text).unwrap()
    }

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn entry(nth: u64, points: i64) -> SprintEntry {
        SprintEntry::new(Id::from_bits(nth), Some(Amount::whole(points)), at("2026-03-02T09:00:00Z"))
    }

    fn sprint(start: &str, end: &str) -> Sprint {
        let state = SprintState::Closed;
        Sprint { start: Some(day(start)), end: Some(day(end)), state, ..Sprint::default() }
    }

    #[test]
    fn every_point_that_came_in_is_somewhere() {
        let mut all = [entry(1, 3), entry(2, 5), entry(3, 8), entry(4, 1), entry(5, 2)];
        all[0].done = Some(at("2026-03-04T09:00:00Z"));
        all[1].added_reason = "a customer waits".into();
        all[2].removed = Some(at("2026-03-05T09:00:00Z"));
        (all[3].outcome, all[3].removed) = (SprintEntry::DROPPED.into(), all[2].removed);
        let now = figures(&all, false);
        let points = |sum: Sum| sum.points.in_hundredths() / 100;
        assert_eq!((points(now.planned), points(now.added), points(now.removed)), (14, 5, 8));
        assert_eq!((points(now.completed), points(now.dropped), points(now.remaining)), (3, 1, 7));
        let then = figures(&all, true);
        assert_eq!((points(then.carried), points(then.remaining), then.carried.stories), (7, 0, 2));
    }

    #[test]
    fn what_is_dropped_at_the_end_was_planned_and_is_not_done() {
        let mut all = [entry(1, 3), entry(2, 3), entry(3, 9)];
        all[0].done = Some(at("2026-03-02T15:00:00Z"));
        all[1].outcome = SprintEntry::DROPPED.into();
        let sums = figures(&all, true);
        let points = |sum: Sum| sum.points.in_hundredths() / 100;
        assert_eq!((points(sums.completed), points(sums.scope()), points(sums.undone())), (3, 15, 12));
        assert_eq!((points(sums.dropped), points(sums.left_early()), points(sums.carried)), (3, 0, 9));
        let rows = burndown(&sprint("2026-03-02", "2026-03-02"), &all, day("2026-03-30"));
        assert_eq!((rows[0].remaining, rows[0].scope), (Some(Amount::whole(12)), Some(Amount::whole(15))));
        // Dropped while the sprint ran, it is a change of scope.
        all[1].removed = all[0].done;
        let sums = figures(&all, true);
        assert_eq!((points(sums.scope()), points(sums.undone()), points(sums.left_early())), (12, 9, 3));
    }

    #[test]
    fn the_ideal_falls_on_working_days_from_all_to_nothing() {
        // Thursday to the Wednesday after.
        let rows = burndown(&sprint("2026-03-05", "2026-03-11"), &[entry(1, 4), entry(2, 4)], day("2026-03-30"));
        let ideal: Vec<f64> = rows.iter().map(|row| row.ideal).collect();
        assert_eq!(ideal, [8.0, 6.0, 6.0, 6.0, 4.0, 2.0, 0.0]);
        assert!(rows.iter().all(|row| row.remaining == Some(Amount::whole(8))));
    }

    #[test]
    fn a_sprint_that_starts_on_a_weekend_falls_from_its_first_working_day_on() {
        // Saturday to the Friday after next.
        let rows = burndown(&sprint("2026-11-28", "2026-12-11"), &[entry(1, 18)], day("2026-12-30"));
        let ideal: Vec<f64> = rows.iter().map(|row| row.ideal).take(4).collect();
        assert_eq!((ideal, rows.last().map(|row| row.ideal)), (vec![18.0, 18.0, 18.0, 16.0], Some(0.0)));
    }

    #[test]
    fn the_day_of_an_act_is_the_one_on_the_wall() {
        let mut one = entry(1, 3);
        // In Berlin it is the 4th already, in Greenwich still the 3rd.
        one.done = Some(at("2026-03-04T00:30:00+01:00"));
        let rows = burndown(&sprint("2026-03-03", "2026-03-04"), &[one], day("2026-03-30"));
        let left: Vec<Option<Amount>> = rows.iter().map(|row| row.remaining).collect();
        assert_eq!(left, [Some(Amount::whole(3)), Some(Amount::whole(0))]);
    }

    #[test]
    fn a_running_sprint_has_no_figures_of_days_to_come() {
        let running = Sprint { state: SprintState::Active, ..sprint("2026-03-02", "2026-03-06") };
        let rows = burndown(&running, &[entry(1, 3)], day("2026-03-03"));
        assert_eq!(rows.iter().filter(|row| row.remaining.is_some()).count(), 2);
        assert_eq!(rows.len(), 5);
    }
}
