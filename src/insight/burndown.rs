//! The state of a sprint: what is left compared with the ideal, per working day, as the basis of charts and sentences.
//! Weekends belong to the working day before them, so that they do not look like a standstill.

use crate::insight::outlook::short;
use crate::insight::sprint::{BurndownRow, Standing, Sum, Unit, burndown, counted, figures, is_over, standing};
use crate::insight::sprint::{working_days, works};
use crate::model::saturating::{nearest, small};
use crate::model::schema::Sprint;
use crate::model::snapshot_types::SprintEntry;
use crate::model::value::{Amount, Day};

/// One working day with the free days that follow it.
#[derive(Clone, PartialEq, Debug)]
pub struct WorkingDay {
    pub day: Day,
    /// The number of the working day, from 1.
    pub nth: u32,
    pub today: bool,
    /// The first working day, as long as it is still to come.
    pub to_come: bool,
    /// Not yet done, and in the sprint at all. `None` for days to come.
    pub remaining: Option<Amount>,
    pub scope: Option<Amount>,
    pub ideal: f64,
    /// The planned points from which the ideal falls: without those that have left.
    pub planned: f64,
    /// Points added and removed after the start.
    pub came: Amount,
    pub went: Amount,
}

/// Whether what is left is about on the ideal line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Track {
    Ahead,
    On,
    Behind,
}

/// In points, or in stories if none of them is sized.
#[derive(Clone, PartialEq, Debug)]
pub struct Pulse {
    pub left: Amount,
    pub done: Amount,
    /// Dropped while the sprint ran: a change of its scope, no progress.
    pub dropped: Amount,
    pub ideal: f64,
    pub track: Track,
    /// The number of the working day, and of how many.
    pub day: u32,
    pub days: u32,
    /// `30 Nov`: the first day, as long as it is still to come.
    pub starts: Option<String>,
    /// `30 Nov`: the first working day of a sprint that begins on a weekend, as long as it is still to come.
    pub begins: Option<String>,
    /// The sprint has ended: what is left was not done, and nobody is ahead or behind any more.
    pub is_over: bool,
    /// True if any story has points.
    pub sized: bool,
    pub stories_left: u32,
    pub stories_done: u32,
    /// Stories that add nothing to the points.
    pub unsized_items: u32,
}

/// The working days of a sprint, or all its days if it has none.
pub fn slots(sprint: &Sprint, entries: &[SprintEntry], today: Day) -> Vec<WorkingDay> {
    let rows = burndown(sprint, entries, today);
    let entries = &*counted(entries);
    let none_works = !rows.iter().any(|row| works(row.day));
    let mut out: Vec<WorkingDay> = Vec::new();
    let mut before: Vec<&BurndownRow> = Vec::new();
    for row in &rows {
        match out.last_mut() {
            Some(last) if !none_works && !works(row.day) => take_in(last, row, today),
            None if !none_works && !works(row.day) => before.push(row),
            _ => {
                let nth = small(out.len()).saturating_add(1);
                let mut slot = WorkingDay {
                    day: row.day,
                    nth,
                    today: false,
                    to_come: false,
                    remaining: None,
                    scope: None,
                    ideal: row.ideal,
                    planned: row.planned,
                    came: Amount::default(),
                    went: Amount::default(),
                };
                std::mem::take(&mut before).into_iter().chain([row]).for_each(|row| take_in(&mut slot, row, today));
                out.push(slot);
            }
        }
    }
    for entry in entries {
        let points = entry.points.unwrap_or_default();
        if let Some(when) = entry.sized {
            add(&mut out, when.day(), points, true);
        } else if !entry.is_planned() {
            add(&mut out, entry.added.day(), points, true);
        }
        if let Some(when) = entry.removed {
            add(&mut out, when.day(), points, false);
        }
    }
    if let Some(first) = out.first_mut().filter(|first| today < first.day && !is_over(sprint)) {
        (first.today, first.to_come) = (false, true);
    }
    out
}

fn take_in(slot: &mut WorkingDay, row: &BurndownRow, today: Day) {
    slot.today |= row.day == today;
    (slot.ideal, slot.planned) = (row.ideal, row.planned);
    slot.remaining = row.remaining.or(slot.remaining);
    slot.scope = row.scope.or(slot.scope);
}

/// Adds points that were added or removed to the slot of their day.
fn add(slots: &mut [WorkingDay], day: Day, points: Amount, came: bool) {
    let at = slots.iter().rposition(|slot| slot.day <= day).unwrap_or(0);
    if let Some(slot) = slots.get_mut(at) {
        let sum = if came { &mut slot.came } else { &mut slot.went };
        *sum = [*sum, points].into_iter().sum();
    }
}

/// The state of a sprint today, or when it ended.
pub fn pulse(sprint: &Sprint, entries: &[SprintEntry], today: Day) -> Pulse {
    let now = figures(entries, is_over(sprint));
    let rows = burndown(sprint, entries, today);
    let passed = rows.iter().rev().find(|row| row.day <= today || is_over(sprint));
    let (ideal, planned) = passed.or(rows.first()).map_or((0.0, 0.0), |row| (row.ideal, row.planned));
    let (days, day) = match (sprint.start, sprint.end) {
        (Some(start), Some(end)) if today < start => (working_days(start, end), 0),
        (Some(start), Some(end)) => (working_days(start, end), working_days(start, today.min(end))),
        _ => (0, 0),
    };
    let begins = rows.iter().find(|row| row.day > today && works(row.day)).filter(|_| day == 0);
    let begins = begins.map(|row| short(row.day, today));
    let starts = sprint.start.filter(|start| *start > today).map(|start| short(start, today));
    let sized = now.unit() == Unit::Points;
    let counts = |sum: Sum| if sized { sum.points } else { Amount::whole(i64::from(sum.stories)) };
    let left = counts(now.undone());
    // Within a day's worth nobody is ahead or behind, because stories are done whole; nor before the first working day.
    let worth = planned / f64::from(days.saturating_sub(1).max(1));
    let has_begun = starts.is_none() && begins.is_none();
    let track = match left.as_f64() - ideal {
        _ if !has_begun => Track::On,
        over if over > worth => Track::Behind,
        over if over < -worth => Track::Ahead,
        _ => Track::On,
    };
    Pulse {
        left,
        done: counts(now.completed),
        dropped: counts(Sum::of(entries.iter().filter(|one| standing(one, false) == Standing::Dropped))),
        ideal,
        track,
        day,
        days,
        starts,
        begins,
        is_over: is_over(sprint),
        sized,
        stories_left: now.undone().stories,
        stories_done: now.completed.stories,
        unsized_items: now.scope().unsized_items,
    }
}

impl Pulse {
    /// The ideal value for people: a whole number, or one decimal.
    pub fn ideal(&self) -> String {
        let text = format!("{:.1}", self.ideal);
        text.strip_suffix(".0").map(str::to_string).unwrap_or(text)
    }

    /// `on track`, `4 points behind`.
    pub fn track(&self) -> String {
        self.track_in(|far| self.amount(far))
    }

    /// `4 points`, or `1 story` if stories are counted.
    pub fn amount(&self, amount: Amount) -> String {
        match self.sized {
            true => points(amount),
            false => format!("{amount} {}", if amount == Amount::whole(1) { "story" } else { "stories" }),
        }
    }

    /// `points`, or `stories` if none of them is sized.
    pub fn unit(&self) -> &'static str {
        if self.sized { "points" } else { "stories" }
    }

    /// `4 behind`, if the unit is shown beside it.
    pub fn short_track(&self) -> String {
        self.track_in(|far| far.to_string())
    }

    fn track_in(&self, words: impl Fn(Amount) -> String) -> String {
        let far = Amount::whole(nearest((self.left.as_f64() - self.ideal).abs()));
        match self.track {
            Track::On => "on track".to_string(),
            Track::Ahead => format!("{} ahead", words(far)),
            Track::Behind => format!("{} behind", words(far)),
        }
    }

    /// `day 7 of 10`, or `starts 30 Nov`.
    pub fn day_words(&self) -> String {
        if let Some(starts) = &self.starts {
            return format!("starts {starts}");
        }
        match (self.day, &self.begins) {
            (0, Some(begins)) => format!("running, first working day {begins}"),
            (0, None) => "running".to_string(),
            (day, _) => format!("day {day} of {}", self.days),
        }
    }

    /// Describes a chart in one sentence.
    pub fn sentence(&self) -> String {
        match self.is_over {
            true => self.left_words(),
            false => {
                format!("{}{}, ideal {}, {}", self.left_words(), self.dropped_words(", "), self.ideal(), self.track())
            }
        }
    }

    /// `9 points left, 2 unsized`; once the sprint has ended, `9 points not done`.
    pub fn left_words(&self) -> String {
        let left = format!("{} {}", self.amount(self.left), if self.is_over { "not done" } else { "left" });
        format!("{left}{}", self.unsized_words())
    }

    /// What a burndown says in one line: `9 points left · ideal 12 · 3 ahead`, or what was not done in the end.
    pub fn caption(&self) -> String {
        match self.is_over {
            true => self.left_words(),
            false => {
                let dropped = self.dropped_words(" · ");
                format!("{}{dropped} · ideal {} · {}", self.left_words(), self.ideal(), self.short_track())
            }
        }
    }

    /// `, 2 dropped`, if something was dropped.
    fn dropped_words(&self, before: &str) -> String {
        match self.dropped {
            none if none == Amount::default() => String::new(),
            dropped => format!("{before}{dropped} dropped"),
        }
    }

    /// `, 2 unsized`, if the sprint is counted in points and some of its stories have none; `, none has a size` if stories
    /// are counted.
    pub fn unsized_words(&self) -> String {
        match self.unsized_items {
            0 => String::new(),
            _ if !self.sized => ", none has a size".to_string(),
            count => format!(", {count} unsized"),
        }
    }
}

/// `1 point`, `3 points`.
pub fn points(amount: Amount) -> String {
    format!("{amount} point{}", if amount == Amount::whole(1) { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::id::Id;
    use crate::model::schema::SprintState;
    use crate::model::value::When;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn entry(nth: u64, points: i64, added: &str, reason: &str) -> SprintEntry {
        let mut entry = SprintEntry::new(Id::from_bits(nth), Some(Amount::whole(points)), When::parse(added).unwrap());
        entry.added_reason = reason.to_string();
        entry
    }

    /// Monday the 2nd to Friday the 13th.
    fn sprint() -> Sprint {
        let (start, end) = (Some(day("2026-03-02")), Some(day("2026-03-13")));
        Sprint { start, end, state: SprintState::Active, ..Sprint::default() }
    }

    #[test]
    fn weekends_belong_to_the_friday_before() {
        let mut all = [entry(1, 9, "2026-03-02T09:00:00Z", ""), entry(2, 3, "2026-03-07T09:00:00Z", "asked for")];
        all[0].done = Some(When::parse("2026-03-08T09:00:00Z").unwrap());
        let slots = slots(&sprint(), &all, day("2026-03-08"));
        assert_eq!(slots.len(), 10);
        let friday = &slots[4];
        assert_eq!((friday.nth, friday.today, friday.came), (5, true, Amount::whole(3)));
        assert_eq!((friday.remaining, friday.scope), (Some(Amount::whole(3)), Some(Amount::whole(12))));
        assert_eq!(slots[5].remaining, None);
    }

    /// Without sizes the stories themselves are counted: nothing left of nothing would always be on track.
    #[test]
    fn without_sizes_the_burndown_counts_stories() {
        let unsized_entry = |nth: u64| SprintEntry { points: None, ..entry(nth, 0, "2026-03-02T09:00:00Z", "") };
        let mut all = [unsized_entry(1), unsized_entry(2), unsized_entry(3)];
        all[0].done = Some(When::parse("2026-03-03T09:00:00Z").unwrap());
        let late = pulse(&sprint(), &all, day("2026-03-12"));
        assert_eq!(late.sentence(), "2 stories left, none has a size, ideal 0.3, 2 stories behind");
        let slots = slots(&sprint(), &all, day("2026-03-03"));
        assert_eq!((slots[0].remaining, slots[1].remaining), (Some(Amount::whole(3)), Some(Amount::whole(2))));
        assert_eq!((slots[0].ideal, slots[9].ideal), (3.0, 0.0));
    }

    #[test]
    fn a_days_worth_more_or_less_is_on_track() {
        let all = [entry(1, 18, "2026-03-02T09:00:00Z", "")];
        let on = |today: &str| pulse(&sprint(), &all, day(today));
        assert_eq!((on("2026-03-03").ideal(), on("2026-03-03").track), ("16".to_string(), Track::On));
        let late = on("2026-03-09");
        assert_eq!((late.day, late.days), (6, 10));
        assert_eq!(late.sentence(), "18 points left, ideal 8, 10 points behind");
        assert_eq!(on("2026-02-20").day, 0);
        assert_eq!(on("2026-02-28").day_words(), "starts 2 Mar");
        let weekend = Sprint { start: Some(day("2026-02-28")), ..sprint() };
        let saturday = pulse(&weekend, &all, day("2026-02-28"));
        assert_eq!(saturday.day_words(), "running, first working day 2 Mar");
        let first = &slots(&weekend, &all, day("2026-02-28"))[0];
        assert!(first.to_come && !first.today, "the Saturday before is not day 1");
    }
}
