//! Describes the forecast for one roadmap item: the likely and safe dates, whether a promise holds, and what was
//! forecast before.

use crate::insight::forecast::{Arrival, Finished, Forecast, Row};
use crate::insight::sprint::{in_planning, running};
use crate::insight::velocity::{Pace, Period, Unit, closed};
use crate::model::grammar::capital;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{Kind, RoadmapItem, RoadmapVersion, Sprint};
use crate::model::snapshot_types::ForecastSnapshot;
use crate::model::value::{Amount, Day};
use chrono::Datelike;
use std::sync::Arc;

/// One sentence; `wrong` marks a warning.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sentence {
    pub text: String,
    pub wrong: bool,
}

fn plain(text: impl Into<String>) -> Sentence {
    Sentence { text: text.into(), wrong: false }
}

/// A promised day compared with the forecast, or with the day on which all was done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Promise {
    pub day: Day,
    pub to: String,
    pub made: Option<Day>,
    /// Days from the safe forecast to the promise, or from the day on which all was done; negative if it does not hold.
    /// `None` if neither is known.
    pub spare: Option<i64>,
    /// All stories are done.
    pub finished: Option<Finished>,
}

impl Promise {
    pub fn holds(&self) -> Option<bool> {
        self.spare.map(|days| days >= 0)
    }

    /// `all stories are done (28 Nov), before the promise of 31 Mar 2027 to Anna`, once they are.
    pub fn finished_words(&self, today: Day) -> Option<String> {
        let done = done_words(self.finished?, today);
        let to = if self.to.is_empty() { String::new() } else { format!(" to {}", self.to) };
        let promise = format!("the promise of {}{to}", short(self.day, today));
        Some(match self.spare {
            None => format!("{done}, with {promise}"),
            Some(0) => format!("{done}, on the day of {promise}"),
            Some(spare) if spare > 0 => format!("{done}, before {promise}"),
            Some(late) => format!("{done}, {} after {promise}", days(late.saturating_neg())),
        })
    }

    /// Whether it holds, or was held, in a word or two for a card or a cell. Empty if nobody can say.
    pub fn short_verdict(&self, today: Day) -> String {
        match (self.finished, self.holds()) {
            (Some(Finished { on: Some(on) }), Some(true)) => format!("done {}", short(on, today)),
            (Some(Finished { on: Some(on) }), _) => format!("done late, {}", short(on, today)),
            (Some(Finished { on: None }), _) => "all stories are done".to_string(),
            (None, Some(true)) => "holds".to_string(),
            (None, Some(false)) => "does not hold".to_string(),
            (None, None) => String::new(),
        }
    }
}

/// `all stories are done (28 Nov)`.
fn done_words(finished: Finished, today: Day) -> String {
    let on = finished.on.map(|day| format!(" ({})", short(day, today))).unwrap_or_default();
    format!("all stories are done{on}")
}

pub fn promise(item: &RoadmapItem, forecast: &Forecast) -> Option<Promise> {
    let day = item.promised?;
    let row = forecast.row(item.id);
    let finished = row.and_then(|row| row.finished);
    let reached = finished.map_or_else(|| row.and_then(|row| row.safe).map(|safe| safe.day), |one| one.on);
    Some(Promise {
        day,
        to: item.promised_to.trim().to_string(),
        made: item.promised_on,
        spare: reached.map(|reached| day.days_since(reached)),
        finished,
    })
}

/// `17 Dec to Anna, holds`: a typed day and whether the safe forecast holds it, or when all was done.
pub fn promise_line(item: &RoadmapItem, forecast: &Forecast, today: Day) -> Option<String> {
    let one = promise(item, forecast)?;
    let to = if one.to.is_empty() { String::new() } else { format!(" to {}", one.to) };
    let verdict = one.short_verdict(today);
    let verdict = if verdict.is_empty() { verdict } else { format!(", {verdict}") };
    Some(format!("{}{to}{verdict}", short(one.day, today)))
}

/// The velocity that a forecast rests on: `Velocity 24, 19, 21 points: likely 21, safe 19 (3 sprints, thin)`.
pub fn pace_line(forecast: &Forecast) -> String {
    let each: Vec<String> = forecast.pace.each.iter().map(Amount::to_string).collect();
    let unit = if forecast.pace.unit == Unit::Points { "points" } else { "stories" };
    let velocity = if each.is_empty() { "none yet".to_string() } else { format!("{} {unit}", each.join(", ")) };
    match (forecast.pace.likely(), forecast.pace.safe(), &forecast.why) {
        (Some(likely), Some(safe), None) => {
            format!("Velocity {velocity}: likely {likely}, safe {safe} ({})", forecast.pace.basis())
        }
        _ if forecast.pace.lacks().is_some() => capital(&velocity_words(&forecast.pace, false)),
        (_, _, why) => format!("Velocity {velocity}: {}", why.clone().unwrap_or_default()),
    }
}

/// What was done in the last three sprints, and the resulting likely and safe velocity; shorter if there is little room.
pub fn velocity_words(pace: &Pace, is_short: bool) -> String {
    let last = pace.each.get(pace.each.len().saturating_sub(3)..).unwrap_or_default();
    let values: Vec<String> = last.iter().map(Amount::to_string).collect();
    let period = match (pace.period, last.len()) {
        (Period::Sprint, 1) => "last sprint",
        (Period::Week, 1) => "last week",
        (Period::Sprint, 2) => "last two sprints",
        (Period::Week, 2) => "last two weeks",
        (Period::Sprint, _) if is_short => "last",
        (Period::Week, _) if is_short => "last weeks",
        (Period::Sprint, _) => "last three",
        (Period::Week, _) => "last three weeks",
    };
    let unit = if pace.unit == Unit::Stories { " stories" } else { "" };
    let known = format!("{period} {}{unit}", values.join(" "));
    match (pace.likely(), pace.safe(), pace.lacks()) {
        (Some(likely), Some(safe), _) if pace.each.len() > last.len() => {
            let all = pace.period.several(pace.each.len());
            format!("{known}; from {all}: likely {likely}, safe {safe}")
        }
        (Some(likely), Some(safe), _) => format!("{known}: likely {likely}, safe {safe}"),
        (_, _, Some(lacks)) if last.is_empty() => format!("no velocity yet: it {lacks}"),
        (_, _, Some(lacks)) => {
            let done = match last {
                [only] => size(*only, pace.unit),
                _ => format!("{} {}", values.join(", "), if unit.is_empty() { "points" } else { "stories" }),
            };
            format!("{period}: {done}; no velocity yet ({lacks})")
        }
        _ => known,
    }
}

/// `17 Dec`, with the year if it differs from today's.
pub fn short(day: Day, today: Day) -> String {
    let form = if day.0.year() == today.0.year() { "%-d %b" } else { "%-d %b %Y" };
    day.0.format(form).to_string()
}

/// `1 day`, `7 days`.
pub fn days(count: i64) -> String {
    format!("{count} day{}", if count == 1 { "" } else { "s" })
}

/// The number of the first sprint in a forecast.
pub fn first_sprint(product: &Product) -> u32 {
    let coming: Option<&Arc<Sprint>> = running(product).or_else(|| in_planning(product).first().copied());
    coming.map_or_else(|| next_sprint(product), |sprint| sprint.number)
}

/// The number that the next new sprint gets: numbers of discarded ones are not given again.
pub fn next_sprint(product: &Product) -> u32 {
    let given = product.vision().and_then(|board| board.last_numbers.0.get(Kind::Sprint.key()).copied());
    let last = product.all::<Sprint>().map(|sprint| sprint.number).max();
    given.max(last).unwrap_or(0).saturating_add(1)
}

/// `sprint 14, ends 17 Dec`; by weeks `within 3 weeks, by 17 Dec`.
pub fn arrival(product: &Product, forecast: &Forecast, one: Arrival, today: Day) -> String {
    let day = short(one.day, today);
    match forecast.pace.period {
        Period::Sprint => {
            let number = one.periods.saturating_sub(1).saturating_add(first_sprint(product) as usize);
            format!("sprint {number}, ends {day}")
        }
        Period::Week => format!("within {}, by {day}", Period::Week.several(one.periods)),
    }
}

/// The last ratified version of the roadmap.
pub fn last_version(product: &Product) -> Option<&Arc<RoadmapVersion>> {
    product.all::<RoadmapVersion>().max_by_key(|version| (version.at, version.number))
}

/// `14 points`, `3 stories`.
pub fn size(amount: Amount, unit: Unit) -> String {
    let word = match unit {
        Unit::Points => "point",
        Unit::Stories => "stor",
    };
    let one = amount == Amount::whole(1);
    match (unit, one) {
        (Unit::Points, true) => format!("{amount} {word}"),
        (Unit::Points, false) => format!("{amount} {word}s"),
        (Unit::Stories, true) => format!("{amount} {word}y"),
        (Unit::Stories, false) => format!("{amount} {word}ies"),
    }
}

/// `14 points left, 1 story unsized`.
pub fn left(row: &Row, unit: Unit) -> String {
    format!("{} left{}", size(row.remaining, unit), unsized_of(row))
}

/// Returns the same without a verb, for a column that is headed "Left": `13 points, 2 stories unsized`.
pub fn left_in_column(row: &Row, unit: Unit) -> String {
    format!("{}{}", size(row.remaining, unit), unsized_of(row))
}

fn unsized_of(row: &Row) -> String {
    unsized_words(row.unsized_items)
}

fn unsized_words(count: u32) -> String {
    match count {
        0 => String::new(),
        1 => ", 1 story unsized".to_string(),
        count => format!(", {count} stories unsized"),
    }
}

/// Returns all sentences about one item's forecast.
pub fn sentences(product: &Product, forecast: &Forecast, item: Id, today: Day) -> Vec<Sentence> {
    let Some(record) = product.get::<RoadmapItem>(item) else { return Vec::new() };
    let Some(row) = forecast.row(item) else {
        return vec![plain(format!("{} is {}: nothing is forecast.", record.number_word(), record.result.label()))];
    };
    let mut out = vec![plain(standing(forecast, row))];
    let promise = promise(record, forecast);
    if let Some(finished) = row.finished {
        let said = promise.and_then(|promise| promise.finished_words(today));
        out.push(plain(format!("{}.", capital(&said.unwrap_or_else(|| done_words(finished, today))))));
        out.extend(since_ratified(product, row, &forecast.pace, today));
        out.extend(since_close(product, row, &forecast.pace, today));
        return out;
    }
    out.extend(ahead(product, forecast, row));
    match (row.likely, row.safe, &row.why) {
        (Some(likely), safe, why) => {
            let said = |one| arrival(product, forecast, one, today);
            out.push(plain(format!("Likely, in half of all runs: {}", said(likely))));
            let safe = safe.map(said).or_else(|| why.clone()).unwrap_or_default();
            out.push(plain(format!("Safe, in 85 of 100 runs: {safe}")));
        }
        (None, _, why) => {
            out.push(plain(format!("No forecast: {}.", why.clone().unwrap_or_else(|| "nothing is open".into()))))
        }
    }
    out.extend(promise.map(|promise| kept_or_not(&promise, row, today)));
    out.extend(since_ratified(product, row, &forecast.pace, today));
    out.extend(since_close(product, row, &forecast.pace, today));
    if row.likely.is_some() && forecast.pace.is_thin() {
        out.push(plain(format!("Based on {} only.", forecast.pace.period.several(forecast.pace.each.len()))));
    }
    out
}

fn standing(forecast: &Forecast, row: &Row) -> String {
    let each: Vec<String> = forecast.pace.each.iter().map(Amount::to_string).collect();
    let velocity = match forecast.pace.lacks() {
        _ if each.is_empty() => String::new(),
        Some(_) => format!(" · {}", velocity_words(&forecast.pace, true)),
        None => format!(" · velocity {}", each.join(", ")),
    };
    let rhythm = match (row.likely, forecast.pace.period) {
        (Some(_), Period::Sprint) => format!(" · {}", forecast.rhythm.words()),
        _ => String::new(),
    };
    format!("{}{velocity}{rhythm}", left(row, forecast.pace.unit))
}

/// `Before its last story, S9, come 14 points and 3 unsized stories of other items.`: the backlog is worked off in order.
fn ahead(product: &Product, forecast: &Forecast, row: &Row) -> Option<Sentence> {
    if row.ahead == Amount::default() && row.unsized_ahead == 0 {
        return None;
    }
    let last = row.last.map(|id| format!(", {},", product.name_of(id))).unwrap_or_default();
    let sized = (row.ahead != Amount::default()).then(|| size(row.ahead, forecast.pace.unit));
    let unsized_ones = match row.unsized_ahead {
        0 => None,
        1 => Some("1 unsized story".to_string()),
        many => Some(format!("{many} unsized stories")),
    };
    let parts: Vec<String> = sized.into_iter().chain(unsized_ones).collect();
    Some(plain(format!("Before its last story{last} come {} of other items.", parts.join(" and "))))
}

fn kept_or_not(promise: &Promise, row: &Row, today: Day) -> Sentence {
    let day = short(promise.day, today);
    let what = match promise.to.as_str() {
        "" => format!("The promise of {day}"),
        to => format!("The promise of {day} to {to}"),
    };
    match promise.spare {
        Some(0) => plain(format!("{what} holds, with no day spare.")),
        Some(spare) if spare > 0 => plain(format!("{what} holds, {} spare.", days(spare))),
        Some(late) => Sentence {
            text: format!("{what} does not hold: safe is {} later.", days(late.saturating_neg())),
            wrong: true,
        },
        None if row.remaining == Amount::default() && row.unsized_items == 0 && row.why.is_some() => {
            plain(format!("{what}: {}.", row.why.clone().unwrap_or_default()))
        }
        None => Sentence { text: format!("{what} has no safe forecast to compare it with."), wrong: true },
    }
}

/// What was forecast for an item before, and how that has changed.
fn slip(was: &ForecastSnapshot, (row, pace): (&Row, &Pace), when: &str, today: Day) -> Option<Sentence> {
    let then = was.safe?;
    let Some(now) = row.safe.map(|one| one.day) else {
        return Some(plain(format!("{when} the safe date was {}.", short(then, today))));
    };
    let moved = now.days_since(then);
    let said = format!("{when} the safe date was {}.", short(then, today));
    let why = match moved {
        0 => "It has not changed since.".to_string(),
        sooner if sooner < 0 => {
            let why = causes(was, row, pace, false).map(|why| format!(" Since then: {why}.")).unwrap_or_default();
            format!("It has moved {} closer.{why}", days(sooner.saturating_neg()))
        }
        later => {
            let none = ", though its open work, what comes before it and likely velocity did not get worse: time passed, sprints were moved, or velocity varies more";
            let known = was.in_stories == (pace.unit == Unit::Stories) && was.ahead.is_some();
            let none = if known { none } else { ". What came before it then is not known" };
            let slipped = days(later);
            match causes(was, row, pace, true) {
                Some(why) => format!("It has slipped {slipped}. Since then: {why}."),
                None => format!("It has slipped {slipped}{none}."),
            }
        }
    };
    Some(plain(format!("{said} {why}")))
}

/// What got worse, or better, since then: only what the figures say. `None` if none of them did.
fn causes(was: &ForecastSnapshot, row: &Row, pace: &Pace, worse: bool) -> Option<String> {
    let mut out = Vec::new();
    let mut told = |what: &str, then: String, now: String, is_so: bool| {
        if is_so {
            out.push(format!("{what} {then} → {now}"));
        }
    };
    let same_unit = was.in_stories == (pace.unit == Unit::Stories);
    let unit = if pace.unit == Unit::Stories { "stories" } else { "points" };
    let sized = |what: &str| format!("{what} {unit}");
    let (then, now) = (was.remaining, row.remaining);
    told(&sized("its open"), then.to_string(), now.to_string(), same_unit && now != then && (now > then) == worse);
    let (then, now) = (was.unsized_items, row.unsized_items);
    told("its unsized stories", then.to_string(), now.to_string(), now != then && (now > then) == worse);
    if let Some(then) = was.ahead {
        let now = row.ahead;
        let what = format!("the {unit} of other items before it");
        told(&what, then.to_string(), now.to_string(), same_unit && now != then && (now > then) == worse);
        let (then, now) = (was.unsized_ahead, row.unsized_ahead);
        let what = "the unsized stories of other items before it";
        told(what, then.to_string(), now.to_string(), now != then && (now > then) == worse);
    }
    if let (Some(then), Some(now)) = (was.velocity, pace.likely()) {
        told("likely velocity", then.to_string(), now.to_string(), same_unit && now != then && (now < then) == worse);
    }
    (!out.is_empty()).then(|| out.join(", "))
}

fn since_ratified(product: &Product, row: &Row, pace: &Pace, today: Day) -> Option<Sentence> {
    let version = last_version(product)?;
    let on = short(version.at?.day(), today);
    let Some(was) = version.forecast.iter().find(|one| one.item == row.item) else {
        return Some(plain(format!("Version {} of {on} did not include it.", version.number)));
    };
    slip(was, (row, pace), &format!("At ratification, {on},"), today)
}

fn since_close(product: &Product, row: &Row, pace: &Pace, today: Day) -> Option<Sentence> {
    let sprint = closed(product).last().copied()?;
    let was = sprint.forecast.iter().find(|one| one.item == row.item)?;
    slip(was, (row, pace), &format!("At the close of sprint {}", sprint.number), today)
}

/// One line for the status line and screen readers: `14 points left · likely sprint 14, ends 17 Dec · safe …`.
pub fn line(product: &Product, forecast: &Forecast, item: Id, today: Day) -> String {
    let Some(row) = forecast.row(item) else { return "nothing is forecast".to_string() };
    let said = |one| arrival(product, forecast, one, today);
    let left = left(row, forecast.pace.unit);
    match (row.likely, row.safe) {
        (Some(likely), Some(safe)) if likely == safe => format!("{left} · likely and safe: {}", said(safe)),
        (Some(likely), Some(safe)) => format!("{left} · likely {} · safe {}", said(likely), said(safe)),
        _ => format!("{left} · {}", row.why.clone().unwrap_or_else(|| "no forecast".to_string())),
    }
}

impl RoadmapItem {
    fn number_word(&self) -> String {
        Kind::RoadmapItem.numbered(self.number)
    }
}
