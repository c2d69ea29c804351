//! When the stories of each roadmap item will be done: a Monte Carlo simulation with 10,000 runs, drawn from past
//! sprints (docs/FIGURES.md, Forecast).
//!
//! The Product Backlog is worked off in order; a roadmap item is done once everything down to its last open story is. A
//! forecast is never typed, and nobody is held to one.

use crate::insight::monte_carlo::{Chance, SumsOfDraws};
use crate::insight::plan::capacity;
use crate::insight::rhythm::{Rhythm, coming};
use crate::insight::sprint::{in_planning, is_open, running};
use crate::insight::velocity::{Pace, Period, Unit, closed, pace, velocity};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::saturating::signed;
use crate::model::schema::{BacklogItem, Horizon, ItemStatus, RoadmapItem, RoadmapResult, Sprint};
use crate::model::snapshot_types::{ForecastSnapshot, SprintEntry};
use crate::model::value::{Amount, Day, When};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// The number of runs: enough to keep the sampling error of an 85 % share at 0.4 percentage points.
pub const RUNS: u32 = 10_000;
/// How many periods ahead a forecast looks: nearly four years of two-week sprints. Anything beyond is reported as such.
pub const FAR: usize = 100;
/// The largest velocity of a run, in hundredths: `FAR` of them add up without overflow.
const LARGEST: i64 = i64::MAX >> 8;

/// When a roadmap item's last open story is done: after this many periods, including the running one, on this day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Arrival {
    pub periods: usize,
    pub day: Day,
}

/// The forecast for a roadmap item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    pub item: Id,
    /// Open points of its own stories, or their number if stories are counted.
    pub remaining: Amount,
    /// Its own open stories without points: each gets a size drawn from what the team has done.
    pub unsized_items: u32,
    /// Open points of other stories above its last one, and the number of those without points.
    pub ahead: Amount,
    pub unsized_ahead: u32,
    /// Its last open story: everything down to it comes first.
    pub last: Option<Id>,
    /// The first day of the period in which work on its first open story starts, at the likely pace.
    pub begins: Option<Day>,
    /// Done by then in half of all runs.
    pub likely: Option<Arrival>,
    /// Done by then in 85 of 100 runs.
    pub safe: Option<Arrival>,
    /// Why there is no forecast.
    pub why: Option<String>,
    /// It has stories and all of them are done.
    pub finished: Option<Finished>,
}

/// All stories of a roadmap item are done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Finished {
    /// The day on which the last of them was, if that is known.
    pub on: Option<Day>,
}

/// A forecast for the whole roadmap, by horizon and then in order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Forecast {
    pub pace: Pace,
    /// The length of the sprints that are counted on.
    pub rhythm: Rhythm,
    pub rows: Vec<Row>,
    /// Why there is none.
    pub why: Option<String>,
}

impl Forecast {
    /// As stored when the roadmap is ratified and when a sprint is closed.
    pub fn kept(&self) -> Vec<ForecastSnapshot> {
        let kept = |row: &Row| ForecastSnapshot {
            item: row.item,
            remaining: row.remaining,
            in_stories: self.pace.unit == Unit::Stories,
            ahead: Some(row.ahead),
            unsized_ahead: row.unsized_ahead,
            velocity: self.pace.likely(),
            unsized_items: row.unsized_items,
            likely: row.likely.map(|one| one.day),
            safe: row.safe.map(|one| one.day),
        };
        self.rows.iter().map(kept).collect()
    }

    pub fn row(&self, item: Id) -> Option<&Row> {
        self.rows.iter().find(|row| row.item == item)
    }
}

/// The load down to a position in the backlog, in hundredths, and the number of stories without a size.
#[derive(Clone, Copy, Debug, Default)]
struct Load {
    size: i64,
    unsized_items: u32,
}

impl Load {
    fn add(&mut self, size: Option<i64>) {
        match size {
            Some(size) => self.size = self.size.saturating_add(size.max(0)),
            None => self.unsized_items = self.unsized_items.saturating_add(1),
        }
    }
}

/// Computes the forecast as of a day. `today` matters only if no sprint is running or planned, or if weeks are counted.
pub fn forecast(product: &Product, today: Day) -> Forecast {
    let pace = pace(product, today);
    let Loads { own, upto, before, last } = loads(product, pace.unit);
    let why = pace.lacks();
    let mut rows: Vec<Row> = items(product).map(|item| row(product, item.id, &own, &upto, &why)).collect();
    for row in &mut rows {
        row.last = last.get(&row.item).copied();
    }
    if why.is_none() {
        let mut wanted: Vec<(usize, Load)> = rows
            .iter()
            .enumerate()
            .filter(|(_, row)| row.why.is_none())
            .filter_map(|(place, row)| upto.get(&row.item).map(|load| (place, *load)))
            .collect();
        // Both parts grow along the backlog, so this is the order in which the items are reached.
        wanted.sort_by_key(|(_, load)| (load.size, load.unsized_items));
        let loads: Vec<Load> = wanted.iter().map(|(_, load)| *load).collect();
        let first = First::of(product, &pace);
        let sizes = sizes(product, &pace);
        let counts = drawn(&loads, &sizes, &pace, &first);
        let calendar = Calendar::of(product, &pace, today);
        for row in &mut rows {
            let waits = before.get(&row.item).map(|load| first.periods_before(load, &sizes, &pace));
            row.begins = waits.map(|periods| calendar.begin(periods));
        }
        for ((place, _), counts) in wanted.iter().zip(&counts) {
            if let Some(row) = rows.get_mut(*place) {
                row.likely = reached(counts, 50).map(|periods| calendar.arrival(periods));
                row.safe = reached(counts, 85).map(|periods| calendar.arrival(periods));
                if row.safe.is_none() {
                    row.why = Some(format!("more than {} away", pace.period.several(FAR)));
                }
            }
        }
    }
    Forecast { pace, rhythm: Rhythm::of(product), rows, why }
}

/// The roadmap items for which work can still be expected.
fn items(product: &Product) -> impl Iterator<Item = &Arc<RoadmapItem>> {
    let open = |item: &&Arc<RoadmapItem>| matches!(item.result, RoadmapResult::Open | RoadmapResult::Launched);
    [Horizon::Now, Horizon::Next, Horizon::Later]
        .into_iter()
        .flat_map(move |horizon| product.all::<RoadmapItem>().filter(move |one| one.horizon == horizon).filter(open))
}

fn size_of(points: Option<Amount>, unit: Unit) -> Option<i64> {
    match unit {
        Unit::Points => points.map(Amount::in_hundredths),
        Unit::Stories => Some(Amount::whole(1).in_hundredths()),
    }
}

type LoadOf = FxHashMap<Id, Load>;

/// The open stories of each why, everything open down to its last open story, and everything above its first.
#[derive(Default)]
struct Loads {
    own: LoadOf,
    upto: LoadOf,
    before: LoadOf,
    last: FxHashMap<Id, Id>,
}

/// In one pass down the backlog.
fn loads(product: &Product, unit: Unit) -> Loads {
    let (mut out, mut all) = (Loads::default(), Load::default());
    let counts = |item: &&Arc<BacklogItem>| is_open(item) && product.index().counts(item);
    for item in product.all::<BacklogItem>().filter(counts) {
        let size = size_of(item.points, unit);
        if let Some(why) = item.serves {
            out.before.entry(why).or_insert(all);
        }
        all.add(size);
        if let Some(why) = item.serves {
            out.own.entry(why).or_default().add(size);
            out.upto.insert(why, all);
            out.last.insert(why, item.id);
        }
    }
    out
}

fn row(product: &Product, item: Id, own: &LoadOf, upto: &LoadOf, why: &Option<String>) -> Row {
    let (mine, all) = (own.get(&item).copied().unwrap_or_default(), upto.get(&item).copied().unwrap_or_default());
    let lacks = match product.index().under(Some(item)).sums {
        sums if sums.items == 0 => Some("no stories yet".to_string()),
        sums if sums.open() == 0 => Some("nothing is open".to_string()),
        _ => why.clone(),
    };
    Row {
        item,
        remaining: Amount::hundredths(mine.size),
        unsized_items: mine.unsized_items,
        ahead: Amount::hundredths(all.size.saturating_sub(mine.size)),
        unsized_ahead: all.unsized_items.saturating_sub(mine.unsized_items),
        last: None,
        begins: None,
        likely: None,
        safe: None,
        why: lacks,
        finished: finished(product, item),
    }
}

fn finished(product: &Product, item: Id) -> Option<Finished> {
    let under = product.index().under(Some(item));
    if under.sums.items == 0 || under.sums.open() > 0 {
        return None;
    }
    let stories = under.slots.iter().filter_map(|slot| product.items().at(*slot));
    let mut done = stories.filter(|story| story.status == ItemStatus::Done).peekable();
    done.peek()?;
    Some(Finished { on: done.filter_map(|story| story.closed.map(When::day)).max() })
}

/// The possible sizes of a story without points: those of stories done in the sprints considered, else of all done
/// stories, else of all sized stories.
fn sizes(product: &Product, pace: &Pace) -> Vec<i64> {
    let entries = closed(product).into_iter().filter(|sprint| pace.sprints.contains(&sprint.number));
    let done = |entry: &&SprintEntry| entry.is_in() && entry.done.is_some();
    let found: Vec<i64> = entries
        .flat_map(|sprint| sprint.entries.iter().filter(done))
        .filter_map(|entry| size_of(entry.points, Unit::Points))
        .collect();
    if !found.is_empty() {
        return found;
    }
    let sized = |open: bool| {
        let counts = |item: &&Arc<BacklogItem>| product.index().counts(item);
        let items = product.all::<BacklogItem>().filter(counts).filter(move |item| open || !is_open(item));
        items.filter_map(|item| size_of(item.points, Unit::Points)).collect::<Vec<i64>>()
    };
    let done = sized(false);
    if done.is_empty() { sized(true) } else { done }
}

/// What is known about the first period: what the running sprint has completed, and how its capacity compares with the
/// likely velocity, which scales only this sprint.
struct First {
    done: i64,
    scale: Option<(i64, i64)>,
}

impl First {
    fn of(product: &Product, pace: &Pace) -> First {
        if pace.period == Period::Week {
            return First { done: 0, scale: None };
        }
        let coming: Option<&Arc<Sprint>> = running(product).or_else(|| in_planning(product).first().copied());
        let done = running(product).map_or(0, |sprint| velocity(&sprint.entries, pace.unit).in_hundredths());
        let capacity = coming.and_then(|sprint| capacity(sprint, pace)).filter(|_| pace.unit == Unit::Points);
        let likely = pace.likely().map(Amount::in_hundredths).filter(|likely| *likely > 0);
        First { done, scale: capacity.map(Amount::in_hundredths).zip(likely) }
    }

    /// How many whole periods a load takes at the likely pace, with stories without points counted as the mean of the
    /// others.
    fn periods_before(&self, load: &Load, sizes: &[i64], pace: &Pace) -> usize {
        let likely = pace.likely().map_or(0, Amount::in_hundredths);
        let sum = sizes.iter().fold(0i64, |sum, size| sum.saturating_add(*size));
        let mean = sum.checked_div(signed(sizes.len())).unwrap_or_default();
        let guessed = mean.saturating_mul(i64::from(load.unsized_items));
        let left = load.size.saturating_add(guessed).saturating_sub(self.left(likely));
        if left < 0 {
            return 0;
        }
        let periods = left.checked_div(likely).map(|whole| usize::try_from(whole.saturating_add(1)));
        periods.and_then(Result::ok).map_or(FAR, |periods| periods.min(FAR))
    }

    fn left(&self, velocity: i64) -> i64 {
        let scaled = |(capacity, likely): (i64, i64)| velocity.saturating_mul(capacity).checked_div(likely);
        self.scale.and_then(scaled).unwrap_or(velocity).saturating_sub(self.done).max(0)
    }
}

/// How often each load was completed in 1, 2, 3 … periods, over all runs. `loads` must be ascending.
fn drawn(loads: &[Load], sizes: &[i64], pace: &Pace, first: &First) -> Vec<Vec<u32>> {
    let velocities: Vec<i64> = pace.each.iter().map(|one| one.in_hundredths()).collect();
    let figures = loads.iter().flat_map(|load| [load.size, i64::from(load.unsized_items)]);
    let mut chance = Chance::seeded(
        velocities.iter().copied().chain(sizes.iter().copied()).chain(figures).chain([first.done, first.left(100)]),
    );
    let most = loads.last().map_or(0, |load| load.unsized_items);
    let sums = SumsOfDraws::of(sizes, most, &mut chance);
    // Prevents overflow without checking in each run: the loop below is the whole cost of a forecast.
    let velocities: Vec<i64> = velocities.into_iter().map(|one| one.clamp(-LARGEST, LARGEST)).collect();
    let mut counts = vec![vec![0u32; FAR]; loads.len()];
    for _ in 0..RUNS {
        let (mut done, mut periods) = (0i64, 0usize);
        let (mut guessed, mut counted) = (0i64, 0u32);
        'run: for (load, counts) in loads.iter().zip(&mut counts) {
            let more = load.unsized_items.saturating_sub(counted);
            guessed = guessed.saturating_add(sums.draw(more, &mut chance));
            counted = load.unsized_items;
            let wanted = load.size.saturating_add(guessed);
            while periods == 0 || done < wanted {
                if periods == FAR {
                    break 'run;
                }
                let velocity = chance.one_of(&velocities);
                let more = if periods == 0 { first.left(velocity).min(LARGEST) } else { velocity };
                (done, periods) = (done.wrapping_add(more), periods.wrapping_add(1));
            }
            if let Some(count) = counts.get_mut(periods.saturating_sub(1)) {
                *count = count.saturating_add(1);
            }
        }
    }
    counts
}

/// Returns after how many periods at least `share` of 100 runs were done. `None` if that is too far away.
fn reached(counts: &[u32], share: u32) -> Option<usize> {
    let needed = (RUNS / 100).saturating_mul(share);
    let mut sum = 0u32;
    counts
        .iter()
        .position(|count| {
            sum = sum.saturating_add(*count);
            sum >= needed
        })
        .map(|place| place.saturating_add(1))
}

/// The day on which each period ends.
struct Calendar {
    /// The first and the last day of each period.
    periods: Vec<(Day, Day)>,
    today: Day,
}

impl Calendar {
    fn of(product: &Product, pace: &Pace, today: Day) -> Calendar {
        let count = FAR.saturating_add(1);
        let week = |nth: usize| {
            let start = today.plus(signed(nth).saturating_mul(7));
            (start.plus(1), start.plus(7))
        };
        let periods = match pace.period {
            Period::Week => (0..count).map(week).collect(),
            Period::Sprint => coming(product, today, count),
        };
        Calendar { periods, today }
    }

    fn period(&self, nth: usize) -> (Day, Day) {
        self.periods.get(nth).or(self.periods.last()).copied().unwrap_or((self.today, self.today))
    }

    /// The first day after this many periods.
    fn begin(&self, periods: usize) -> Day {
        self.period(periods).0
    }

    fn arrival(&self, periods: usize) -> Arrival {
        Arrival { periods, day: self.period(periods.saturating_sub(1)).1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(each: &[i64]) -> Pace {
        Pace { each: each.iter().map(|one| Amount::whole(*one)).collect(), ..Pace::default() }
    }

    const NO_FIRST: First = First { done: 0, scale: None };

    #[test]
    fn a_steady_team_is_forecast_to_the_sprint() {
        let loads = [10, 20, 21, 200].map(|points| Load { size: points * 100, unsized_items: 0 });
        let counts = drawn(&loads, &[], &pace(&[10, 10, 10]), &NO_FIRST);
        let likely: Vec<Option<usize>> = counts.iter().map(|one| reached(one, 50)).collect();
        assert_eq!(likely, [Some(1), Some(2), Some(3), Some(20)]);
        assert_eq!(reached(&counts[3], 85), Some(20));
    }

    #[test]
    fn chance_falls_as_it_must() {
        // One draw of 10 or 30: half of the runs reach 20 in the first sprint, three quarters in two... and all in two.
        let loads = [Load { size: 2000, unsized_items: 0 }, Load { size: 4000, unsized_items: 0 }];
        let counts = drawn(&loads, &[], &pace(&[10, 30]), &NO_FIRST);
        assert!(counts[0][0].abs_diff(5000) < 250, "{:?}", &counts[0][..4]);
        assert_eq!(counts[0][0] + counts[0][1], RUNS);
        // 40 in two sprints: 30+10, 10+30, 30+30.
        assert!(counts[1][1].abs_diff(7500) < 250, "{:?}", &counts[1][..5]);
    }

    #[test]
    fn stories_without_points_take_sizes_of_what_was_done() {
        let loads = [Load { size: 0, unsized_items: 10 }];
        let counts = drawn(&loads, &[200], &pace(&[10, 10, 10]), &NO_FIRST);
        assert_eq!((reached(&counts[0], 50), counts[0][1]), (Some(2), RUNS));
    }

    #[test]
    fn what_the_running_sprint_has_done_is_not_done_twice() {
        let loads = [Load { size: 1000, unsized_items: 0 }];
        let half = First { done: 600, scale: None };
        let counts = drawn(&loads, &[], &pace(&[10, 10, 10]), &half);
        assert_eq!(counts[0][1], RUNS, "four points are left in the first sprint, so it takes two");
        let small = First { done: 0, scale: Some((500, 1000)) };
        assert_eq!(drawn(&loads, &[], &pace(&[10, 10, 10]), &small)[0][1], RUNS, "half the capacity, half the sprint");
    }

    #[test]
    fn what_is_too_far_has_no_forecast() {
        let counts = drawn(&[Load { size: 100_100, unsized_items: 0 }], &[], &pace(&[10, 10, 10]), &NO_FIRST);
        assert_eq!(reached(&counts[0], 50), None);
    }
}
