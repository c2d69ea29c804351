//! How long the coming sprints are, and when they begin and end (docs/FIGURES.md, Forecast).

use crate::insight::sprint::{ended_on, first_working, in_planning, running, working_days, works};
use crate::model::product::Product;
use crate::model::schema::{Sprint, SprintState};
use crate::model::value::Day;
use std::sync::Arc;

/// The longest sprint that is taken for a rhythm, in days: a milestone of years is none.
const LONGEST: u32 = 366;

/// The length for which a team plans its sprints.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rhythm {
    WorkingDays(u32),
    /// Of sprints that end on a weekend.
    Days(i64),
}

impl Default for Rhythm {
    /// Two weeks are ten working days, whatever day they start on.
    fn default() -> Self {
        Rhythm::WorkingDays(10)
    }
}

/// The sprint planned last, with its planned days and the day on which it ended or will end.
fn last(product: &Product) -> Option<(Day, Day, Day)> {
    let dated = |sprint: &Arc<Sprint>| {
        let (start, end) = sprint.start.zip(sprint.end)?;
        Some((start, end, ended_on(sprint).unwrap_or(end)))
    };
    let all = product.all::<Sprint>().filter(|one| one.state != SprintState::Cancelled).filter_map(dated);
    all.max_by_key(|(.., ended)| *ended)
}

impl Rhythm {
    /// As the sprint was planned that ends last: one that was closed early says nothing about the length of the next.
    pub fn of(product: &Product) -> Rhythm {
        match last(product) {
            Some((start, end, _)) if works(end) => Rhythm::WorkingDays(working_days(start, end).clamp(1, LONGEST)),
            Some((start, end, _)) => Rhythm::Days(end.days_since(start).saturating_add(1).clamp(1, LONGEST.into())),
            None => Rhythm::default(),
        }
    }

    /// The last day of a sprint that begins on this day.
    pub fn end(self, start: Day) -> Day {
        match self {
            Rhythm::Days(days) => start.plus(days.saturating_sub(1)),
            Rhythm::WorkingDays(count) => {
                let mut worked = (0..).map(|days| start.plus(days)).filter(|day| works(*day));
                worked.nth(count.saturating_sub(1) as usize).unwrap_or(start)
            }
        }
    }

    /// `sprints of 10 working days`.
    pub fn words(self) -> String {
        match self {
            Rhythm::WorkingDays(1) => "sprints of 1 working day".to_string(),
            Rhythm::WorkingDays(count) => format!("sprints of {count} working days"),
            Rhythm::Days(1) => "sprints of 1 day".to_string(),
            Rhythm::Days(count) => format!("sprints of {count} days"),
        }
    }
}

fn working_day_after(day: Day) -> Day {
    first_working(day.plus(1)).unwrap_or(day)
}

/// The dates proposed for a new sprint: from the working day after the last sprint's end, or today if that is past, and
/// as many working days as the last one; two weeks if there was none. If the last one ended on a weekend, as many days.
pub fn default_days(product: &Product, start: Option<Day>, today: Day) -> (Day, Day) {
    let after = last(product).map(|(.., ended)| working_day_after(ended));
    let start = start.unwrap_or_else(|| after.map_or(today, |day| day.max(today)));
    (start, Rhythm::of(product).end(start))
}

/// The first and the last day of the next `count` sprints: the running one and those in planning, then as each would be
/// proposed.
pub fn coming(product: &Product, today: Day, count: usize) -> Vec<(Day, Day)> {
    let rhythm = Rhythm::of(product);
    let mut known = running(product).into_iter().chain(in_planning(product));
    let mut next = match known.next().map(|sprint| (sprint.start, sprint.end)) {
        None => default_days(product, None, today),
        Some((start, Some(end))) if end >= today => (start.unwrap_or(today), end),
        // One that is past its last day: the running sprint ends today at the earliest, a planned one starts today.
        Some((start, Some(_))) if running(product).is_some() => (start.unwrap_or(today), today),
        Some((start, _)) => {
            let start = start.filter(|day| *day >= today).unwrap_or(today);
            (start, rhythm.end(start))
        }
    };
    let mut out = Vec::with_capacity(count);
    for _ in 0..count {
        out.push(next);
        let start = working_day_after(next.1);
        let planned = known.next().and_then(|sprint| sprint.start.zip(sprint.end));
        next = planned.filter(|(first, end)| *first >= start && end >= first).unwrap_or((start, rhythm.end(start)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::change::{Step, diff};
    use crate::model::id::Id;
    use crate::model::value::{Life, When};

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn product(sprints: &[(SprintState, &str, &str, Option<&str>)]) -> Product {
        let mut product = Product::default();
        for (nth, (state, start, end, ended)) in sprints.iter().enumerate() {
            let before = Sprint { id: Id::from_bits(1 + nth as u64), ..Sprint::default() };
            let mut after = before.clone();
            (after.alive, after.state) = (Life::Alive, *state);
            (after.start, after.end) = (Some(day(start)), Some(day(end)));
            after.ended = ended.map(|ended| When::parse(&format!("{ended}T10:00:00Z")).unwrap());
            product.apply(&Step { label: String::new(), changes: diff(&before, &after) }).unwrap();
        }
        product
    }

    fn next(product: &Product, today: &str) -> Vec<(String, String)> {
        let all = coming(product, day(today), 3).into_iter();
        all.map(|(start, end)| (start.to_string(), end.to_string())).collect()
    }

    fn days(all: [(&str, &str); 3]) -> Vec<(String, String)> {
        all.map(|(start, end)| (start.to_string(), end.to_string())).to_vec()
    }

    #[test]
    fn sprints_that_were_closed_early_are_followed_by_sprints_of_the_planned_length() {
        let closed = SprintState::Closed;
        let early = product(&[
            (closed, "2026-11-23", "2026-12-04", Some("2026-11-23")),
            (closed, "2026-11-24", "2026-12-07", Some("2026-11-24")),
            (closed, "2026-11-25", "2026-12-08", Some("2026-11-25")),
        ]);
        assert_eq!(Rhythm::of(&early).words(), "sprints of 10 working days");
        let expected = [("2026-11-26", "2026-12-09"), ("2026-12-10", "2026-12-23"), ("2026-12-24", "2027-01-06")];
        assert_eq!(next(&early, "2026-11-25"), days(expected));
        assert_eq!(
            next(&early, "2026-11-28")[0].0,
            "2026-11-28",
            "as Plan proposes it: {:?}",
            default_days(&early, None, day("2026-11-28"))
        );
    }

    #[test]
    fn a_sprint_of_three_months_is_followed_by_one_as_long() {
        let product = product(&[(SprintState::Closed, "2026-01-05", "2026-04-03", None)]);
        assert_eq!(Rhythm::of(&product), Rhythm::WorkingDays(65));
        assert_eq!(Rhythm::of(&product).end(day("2026-04-06")), day("2026-07-03"));
    }

    #[test]
    fn the_planned_sprint_comes_first_and_gives_the_length() {
        let planned = product(&[
            (SprintState::Closed, "2026-11-02", "2026-11-13", Some("2026-11-13")),
            (SprintState::Active, "2026-11-16", "2026-11-20", None),
            (SprintState::Planning, "2026-11-30", "2026-12-02", None),
        ]);
        let expected = [("2026-11-16", "2026-11-20"), ("2026-11-30", "2026-12-02"), ("2026-12-03", "2026-12-07")];
        assert_eq!(next(&planned, "2026-11-17"), days(expected));
        // The running sprint is late.
        assert_eq!(next(&planned, "2026-11-24")[0].1, "2026-11-24");
    }

    #[test]
    fn sprints_that_end_on_a_weekend_keep_their_days() {
        let sundays = product(&[(SprintState::Closed, "2026-11-16", "2026-11-29", Some("2026-11-29"))]);
        let expected = [("2026-11-30", "2026-12-13"), ("2026-12-14", "2026-12-27"), ("2026-12-28", "2027-01-10")];
        assert_eq!(next(&sundays, "2026-11-29"), days(expected));
        assert_eq!(Rhythm::of(&sundays).words(), "sprints of 14 days");
    }
}
