//! How much gets done: points per sprint, or per week if a team has no sprints. Never per person, and not a measure of
//! performance.

pub use crate::insight::sprint::Unit;
use crate::insight::sprint::{Standing, ended_on, standing};
use crate::model::product::Product;
use crate::model::saturating::signed;
use crate::model::schema::{BacklogItem, ItemStatus, Sprint, SprintState};
use crate::model::snapshot_types::SprintEntry;
use crate::model::value::{Amount, Day};
use std::sync::Arc;

/// How many periods back a forecast looks: about five months of two-week sprints (docs/FIGURES.md, Velocity).
pub const LOOKS_BACK: usize = 10;
/// With fewer periods there is no forecast.
pub const NEEDS: usize = 3;
/// Up to this many, the basis is called thin.
pub const THIN: usize = 5;

/// The period over which it is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Period {
    #[default]
    Sprint,
    Week,
}

impl Period {
    /// `1 sprint`, `3 sprints`.
    pub fn several(self, count: usize) -> String {
        let word = match self {
            Period::Sprint => "sprint",
            Period::Week => "week",
        };
        format!("{count} {word}{}", if count == 1 { "" } else { "s" })
    }
}

/// What was done in each of the last periods, and how it was counted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pace {
    pub unit: Unit,
    pub period: Period,
    /// Oldest first, up to ten.
    pub each: Vec<Amount>,
    /// The sprints they come from; empty if weeks are counted.
    pub sprints: Vec<u32>,
    /// True if closed sprints are left out because they came from elsewhere without dates.
    pub leaves_out: bool,
}

impl Pace {
    /// Returns the largest value reached in at least `share` of 100 periods: 50 gives the likely value, 85 the safe one
    /// (docs/FIGURES.md, Likely and safe). `None` with fewer than three periods, or if nothing was
    /// done in any.
    pub fn reached(&self, share: usize) -> Option<Amount> {
        let mut all = self.each.clone();
        all.sort_unstable_by(|a, b| b.cmp(a));
        let needed = all.len().saturating_mul(share).div_ceil(100);
        all.get(needed.saturating_sub(1)).copied().filter(|_| self.lacks().is_none())
    }

    pub fn likely(&self) -> Option<Amount> {
        self.reached(50)
    }

    pub fn safe(&self) -> Option<Amount> {
        self.reached(85)
    }

    /// `3 sprints, thin`.
    pub fn basis(&self) -> String {
        format!("{}{}", self.period.several(self.each.len()), if self.is_thin() { ", thin" } else { "" })
    }

    /// True if there are enough periods for a forecast, but few.
    pub fn is_thin(&self) -> bool {
        (NEEDS..=THIN).contains(&self.each.len())
    }

    /// Why there is no forecast.
    pub fn lacks(&self) -> Option<String> {
        match self.each.len() {
            len if len < NEEDS => Some(match self.period {
                Period::Sprint if self.leaves_out => format!("needs {NEEDS} closed sprints with dates"),
                Period::Sprint => format!("needs {NEEDS} closed sprints"),
                Period::Week => format!("needs {}", self.period.several(NEEDS)),
            }),
            len if self.each.iter().all(|one| *one <= Amount::default()) => {
                Some(format!("nothing was done in {}", self.period.several(len)))
            }
            _ => None,
        }
    }
}

/// The closed sprints, oldest first: by the day on which they ended, then by number. Cancelled ones do not count, those with nothing done
/// do.
pub fn closed(product: &Product) -> Vec<&Arc<Sprint>> {
    let mut all: Vec<_> = product.all::<Sprint>().filter(|one| one.state == SprintState::Closed).collect();
    all.sort_by_key(|one| (ended_on(one), one.number));
    all
}

/// Returns what was done in a sprint: the points, or the number, of its completed entries, sized at the start or when
/// added (docs/FIGURES.md, Velocity).
pub fn velocity(entries: &[SprintEntry], unit: Unit) -> Amount {
    let done = entries.iter().filter(|one| standing(one, true) == Standing::Done);
    match unit {
        Unit::Points => done.filter_map(|one| one.points).sum(),
        Unit::Stories => Amount::whole(signed(done.count())),
    }
}

/// The velocities of the last ten closed sprints, or of weeks if there has never been a sprint.
pub fn pace(product: &Product, today: Day) -> Pace {
    // One that came from elsewhere without dates says nothing about pace.
    let (all, undated): (Vec<_>, Vec<_>) = closed(product).into_iter().partition(|one| ended_on(one).is_some());
    let used = all.get(all.len().saturating_sub(LOOKS_BACK)..).unwrap_or_default();
    if product.all::<Sprint>().len() == 0
        && let Some(weeks) = throughput(product, today)
    {
        return weeks;
    }
    let sized = used.iter().flat_map(|sprint| &sprint.entries).any(|entry| entry.points.is_some());
    let unit = if sized || used.is_empty() { Unit::Points } else { Unit::Stories };
    Pace {
        unit,
        period: Period::Sprint,
        each: used.iter().map(|sprint| velocity(&sprint.entries, unit)).collect(),
        sprints: used.iter().map(|sprint| sprint.number).collect(),
        leaves_out: !undated.is_empty(),
    }
}

/// What was done in each of the last ten whole weeks, according to the days on which stories were done. Weeks run from
/// Monday to Sunday; empty ones count, the current one does not. Empty with fewer than three of them.
fn throughput(product: &Product, today: Day) -> Option<Pace> {
    let this_week = today.monday();
    let done = |item: &Arc<BacklogItem>| {
        let day = item.closed.filter(|_| item.status == ItemStatus::Done)?.day();
        Some((day.monday(), item.points)).filter(|(week, _)| *week < this_week)
    };
    let all: Vec<(Day, Option<Amount>)> =
        product.all::<BacklogItem>().filter(|item| product.index().counts(item)).filter_map(done).collect();
    let first = all.iter().map(|(week, _)| *week).min()?;
    let weeks = this_week.days_since(first) / 7;
    let weeks = usize::try_from(weeks).unwrap_or_default().min(LOOKS_BACK);
    let begin = this_week.plus(signed(weeks).saturating_mul(-7));
    let unit = if all.iter().any(|(_, points)| points.is_some()) { Unit::Points } else { Unit::Stories };
    let mut each = vec![Vec::new(); weeks];
    for (week, points) in all.iter().filter(|(week, _)| *week >= begin) {
        let place = usize::try_from(week.days_since(begin) / 7).unwrap_or_default();
        let size = if unit == Unit::Stories { Some(Amount::whole(1)) } else { *points };
        if let (Some(week), Some(size)) = (each.get_mut(place), size) {
            week.push(size);
        }
    }
    let each: Vec<Amount> = each.into_iter().map(|week| week.into_iter().sum()).collect();
    (each.len() >= NEEDS).then_some(Pace { unit, period: Period::Week, each, ..Pace::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(each: &[i64]) -> Pace {
        Pace { each: each.iter().map(|one| Amount::whole(*one)).collect(), ..Pace::default() }
    }

    #[test]
    fn likely_is_reached_by_half_and_safe_by_eighty_five_of_a_hundred() {
        let three = pace(&[24, 19, 21]);
        assert_eq!((three.likely(), three.safe()), (Some(Amount::whole(21)), Some(Amount::whole(19))));
        assert_eq!(three.basis(), "3 sprints, thin");
        let ten = pace(&[10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
        // Five of ten reach 60, nine of ten reach 20.
        assert_eq!((ten.likely(), ten.safe()), (Some(Amount::whole(60)), Some(Amount::whole(20))));
        assert_eq!(ten.basis(), "10 sprints");
        let two = pace(&[24, 19]);
        assert_eq!((two.likely(), two.lacks()), (None, Some("needs 3 closed sprints".to_string())));
        assert_eq!(pace(&[0, 0, 0]).lacks(), Some("nothing was done in 3 sprints".to_string()));
    }
}
