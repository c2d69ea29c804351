//! Parses dates as people type them: `fri`, `28 nov`, `+2w`, `end of sprint`. A small English grammar; the
//! interpretation is shown before it is accepted, so that a guess never goes unseen.

use crate::model::product::Product;
use crate::model::schema::{Sprint, SprintState};
use crate::model::value::Day;
use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

/// How to interpret a date without its year or month.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lean {
    /// From today on, for plans.
    Ahead,
    /// Up to today, for things that were said.
    Back,
}

/// The context for interpreting dates.
#[derive(Clone, Debug)]
pub struct Around {
    pub today: Day,
    pub lean: Lean,
    /// `3/4` means the fourth of March.
    pub month_first: bool,
    pub sprints: Vec<Known>,
}

/// What a date can refer to about a sprint.
#[derive(Clone, Debug)]
pub struct Known {
    pub number: u32,
    pub start: Option<Day>,
    pub end: Option<Day>,
    pub active: bool,
}

impl Around {
    pub fn new(product: &Product, today: Day, lean: Lean, month_first: bool) -> Around {
        let known = |sprint: &Sprint| Known {
            number: sprint.number,
            start: sprint.start,
            end: sprint.end,
            active: sprint.state == SprintState::Active,
        };
        let sprints = product.all::<Sprint>().map(|sprint| known(sprint)).collect();
        Around { today, lean, month_first, sprints }
    }
}

/// Formats a date: `Fri 28 Nov 2026`.
pub fn in_words(day: Day) -> String {
    day.0.format("%a %-d %b %Y").to_string()
}

/// Returns the day that the text means. The error is a sentence.
pub fn read(text: &str, around: &Around) -> Result<Day, String> {
    let lower = text.to_lowercase().replace(',', " ");
    let words: Vec<&str> = lower.split_whitespace().filter(|word| *word != "of" && *word != "the").collect();
    let today = around.today.0;
    let unknown = || {
        let shown: String = text.trim().chars().take(40).collect();
        format!("\u{201c}{shown}\u{201d} is not a date I know. Try fri, 28 nov, +2w.")
    };
    if words.contains(&"sprint") {
        return sprint(&words, around).unwrap_or_else(|| Err(unknown()));
    }
    let found = named(&words, today)
        .or_else(|| weekday_words(&words, around))
        .or_else(|| offset(&words, today))
        .or_else(|| quarter(&words, around))
        .or_else(|| written(&words, around));
    // Years far from today are typos.
    found.filter(|day| (1900..=2200).contains(&day.year())).map(Day).ok_or_else(unknown)
}

fn named(words: &[&str], today: NaiveDate) -> Option<NaiveDate> {
    let (year, month) = (today.year(), today.month());
    match words {
        ["today" | "tod" | "now"] => Some(today),
        ["tomorrow" | "tom" | "tmr"] => today.succ_opt(),
        ["yesterday"] => today.pred_opt(),
        ["eow"] | ["end", "week"] => on_or_after(today, Weekday::Fri),
        ["eom"] | ["end", "month"] => last_of(year, month),
        ["eoq"] | ["end", "quarter"] => last_of(year, last_month_of(quarter_of(month))),
        ["eoy"] | ["end", "year"] => last_of(year, 12),
        ["next", "week"] => on_or_after(today.succ_opt()?, Weekday::Mon),
        ["next", "month"] => today.with_day(1)?.checked_add_months(Months::new(1)),
        ["end", name] => {
            let month = month_named(name)?;
            [year, year.saturating_add(1)].into_iter().filter_map(|year| last_of(year, month)).find(|day| *day >= today)
        }
        _ => None,
    }
}

/// `fri`: the nearest one that is not today. `next fri`: in the next week. `last fri`: the one before today.
fn weekday_words(words: &[&str], around: &Around) -> Option<NaiveDate> {
    let today = around.today.0;
    match words {
        [name] => {
            let day = weekday_named(name)?;
            match around.lean {
                Lean::Ahead => on_or_after(today.succ_opt()?, day),
                Lean::Back => on_or_before(today.pred_opt()?, day),
            }
        }
        ["this", name] => in_week(today, weekday_named(name)?),
        ["next", name] => in_week(today.checked_add_days(Days::new(7))?, weekday_named(name)?),
        ["last", name] => on_or_before(today.pred_opt()?, weekday_named(name)?),
        // A date with its weekday, as shown: the weekday adds nothing.
        [name, rest @ ..] if weekday_named(name).is_some() => written(rest, around),
        _ => None,
    }
}

/// `+3`, `+2w`, `-1m`, `in 3 days`, `2 weeks ago`.
fn offset(words: &[&str], today: NaiveDate) -> Option<NaiveDate> {
    let (back, count, unit) = match words {
        [one] => {
            let (back, rest) = match (one.strip_prefix('+'), one.strip_prefix(['-', '−'])) {
                (Some(rest), _) => (false, rest),
                (None, Some(rest)) => (true, rest),
                (None, None) => return None,
            };
            let (count, unit) = rest.split_at_checked(rest.trim_end_matches(char::is_alphabetic).len())?;
            (back, count, unit)
        }
        ["in", count, unit] => (false, *count, *unit),
        [count, unit, "ago"] => (true, *count, *unit),
        _ => return None,
    };
    let count: u32 = if count == "a" || count == "one" { 1 } else { count.parse().ok()? };
    let days = |each: u64| Days::new(u64::from(count).saturating_mul(each));
    let months = |each: u32| Months::new(count.saturating_mul(each));
    match unit {
        "" | "d" | "day" | "days" if back => today.checked_sub_days(days(1)),
        "" | "d" | "day" | "days" => today.checked_add_days(days(1)),
        "w" | "week" | "weeks" if back => today.checked_sub_days(days(7)),
        "w" | "week" | "weeks" => today.checked_add_days(days(7)),
        "m" | "month" | "months" if back => today.checked_sub_months(months(1)),
        "m" | "month" | "months" => today.checked_add_months(months(1)),
        "y" | "year" | "years" if back => today.checked_sub_months(months(12)),
        "y" | "year" | "years" => today.checked_add_months(months(12)),
        _ => None,
    }
}

/// `q1`, `q1 2027`: the last day of a quarter, as meant in plans.
fn quarter(words: &[&str], around: &Around) -> Option<NaiveDate> {
    let words = if let ["end", rest @ ..] = words { rest } else { words };
    let (name, year) = match words {
        [name] => (*name, None),
        [name, year] => (*name, Some(year_named(year)?)),
        _ => return None,
    };
    let number: u32 = name.strip_prefix('q')?.parse().ok().filter(|number| (1..=4).contains(number))?;
    nearest(around, year, |year| last_of(year, last_month_of(number)))
}

/// Numeric dates: `28`, `28 nov`, `nov 28 2026`, `28.11.`, `3/4`, `2026-11-28`.
fn written(words: &[&str], around: &Around) -> Option<NaiveDate> {
    match words {
        [one] => numbers(one, around),
        [a, b] => day_and_month(a, b, None, around),
        [a, b, year] => day_and_month(a, b, Some(year_named(year)?), around),
        _ => None,
    }
}

fn day_and_month(a: &str, b: &str, year: Option<i32>, around: &Around) -> Option<NaiveDate> {
    let (day, month) = match (month_named(a), month_named(b)) {
        (Some(month), _) => (day_named(b)?, month),
        (None, Some(month)) => (day_named(a)?, month),
        // `28. 11.`, as written in much of Europe.
        (None, None) => {
            let month: u32 = b.trim_end_matches('.').parse().ok()?;
            (a.strip_suffix('.')?.parse().ok()?, month)
        }
    };
    nearest(around, year, |year| NaiveDate::from_ymd_opt(year, month, day))
}

fn numbers(word: &str, around: &Around) -> Option<NaiveDate> {
    if let Some(day) = day_named(word) {
        return day_of_month(day, around);
    }
    if !word.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let parts: Vec<&str> = word.trim_end_matches('.').split(['.', '/', '-']).collect();
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.len() <= 4);
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => {
            NaiveDate::from_ymd_opt(year_named(year)?, number(month)?, number(day)?)
        }
        [a, b, rest @ ..] if rest.len() <= 1 => {
            let (a, b) = (number(a)?, number(b)?);
            let slash = word.contains('/');
            // A number that cannot be a month is the day, whatever the locale.
            let month_first = slash && b > 12 || slash && around.month_first && a <= 12;
            let (day, month) = if month_first { (b, a) } else { (a, b) };
            let year = rest.first().map(|year| year_named(year).ok_or(())).transpose().ok()?;
            nearest(around, year, |year| NaiveDate::from_ymd_opt(year, month, day))
        }
        _ => None,
    }
}

/// The nearest such day, in a month that has it.
fn day_of_month(day: u32, around: &Around) -> Option<NaiveDate> {
    let today = around.today.0;
    let first = today.with_day(1)?;
    (0..4).find_map(|months| {
        let month = match around.lean {
            Lean::Ahead => first.checked_add_months(Months::new(months))?,
            Lean::Back => first.checked_sub_months(Months::new(months))?,
        };
        month.with_day(day).filter(|found| fits(*found, around))
    })
}

fn fits(day: NaiveDate, around: &Around) -> bool {
    match around.lean {
        Lean::Ahead => day >= around.today.0,
        Lean::Back => day <= around.today.0,
    }
}

/// The day in the given year, or else in the nearest suitable one; a leap day may be years away.
fn nearest(around: &Around, year: Option<i32>, day: impl Fn(i32) -> Option<NaiveDate>) -> Option<NaiveDate> {
    if let Some(year) = year {
        return day(year);
    }
    let this = around.today.0.year();
    (0..9).find_map(|years| {
        let year = if around.lean == Lean::Ahead { this.saturating_add(years) } else { this.saturating_sub(years) };
        day(year).filter(|day| fits(*day, around))
    })
}

/// `end of sprint`, `sprint 15`, `start of sprint 15`.
fn sprint(words: &[&str], around: &Around) -> Option<Result<Day, String>> {
    let (first, rest) = match words {
        ["end", rest @ ..] => (false, rest),
        ["start", rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let known = match rest {
        ["sprint"] | ["this", "sprint"] => match around.sprints.iter().find(|sprint| sprint.active) {
            Some(sprint) => sprint,
            None => return Some(Err("No sprint is running. Try fri, 28 nov, +2w.".to_string())),
        },
        ["sprint", number] => {
            let number: u32 = number.trim_start_matches('#').parse().ok()?;
            match around.sprints.iter().find(|sprint| sprint.number == number) {
                Some(sprint) => sprint,
                None => return Some(Err(format!("There is no sprint {number}. Try fri, 28 nov, +2w."))),
            }
        }
        _ => return None,
    };
    let (day, which) = if first { (known.start, "first") } else { (known.end, "last") };
    Some(day.ok_or_else(|| format!("Sprint {} has no {which} day yet. Try fri, 28 nov, +2w.", known.number)))
}

fn quarter_of(month: u32) -> u32 {
    month.div_ceil(3)
}

fn last_month_of(quarter: u32) -> u32 {
    quarter.saturating_mul(3)
}

fn last_of(year: i32, month: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, 1)?.checked_add_months(Months::new(1))?.pred_opt()
}

fn in_week(day: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
    let monday = day.checked_sub_days(Days::new(day.weekday().num_days_from_monday().into()))?;
    monday.checked_add_days(Days::new(weekday.num_days_from_monday().into()))
}

fn on_or_after(day: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
    day.iter_days().take(7).find(|day| day.weekday() == weekday)
}

fn on_or_before(day: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
    (0..7).filter_map(|back| day.checked_sub_days(Days::new(back))).find(|day| day.weekday() == weekday)
}

/// The index of a name in a list by its first letters; at least three, so that typos are not misread.
fn named_in(names: &[&str], word: &str) -> Option<u32> {
    let word = word.trim_end_matches('.');
    let fits = |name: &&str| word.len() >= 3 && name.starts_with(word);
    names.iter().position(fits).and_then(|at| u32::try_from(at).ok())
}

fn weekday_named(word: &str) -> Option<Weekday> {
    const NAMES: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    Weekday::try_from(u8::try_from(named_in(&NAMES, word)?).ok()?).ok()
}

fn month_named(word: &str) -> Option<u32> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    named_in(&NAMES, if word == "sept" { "sep" } else { word }).map(|at| at.saturating_add(1))
}

/// `28`, `28th`, `3rd`, `28.`
fn day_named(word: &str) -> Option<u32> {
    let bare = ["st", "nd", "rd", "th", "."].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    bare.parse().ok().filter(|day| (1..=31).contains(day) && bare.len() <= 2)
}

/// `2026`, `26`.
fn year_named(word: &str) -> Option<i32> {
    let year: i32 = word.parse().ok()?;
    match word.len() {
        4 => Some(year),
        2 => Some(year.saturating_add(2000)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    /// A Wednesday.
    fn around() -> Around {
        let sprint =
            |number, start, end, active| Known { number, start: Some(day(start)), end: Some(day(end)), active };
        let sprints = vec![
            sprint(14, "2026-11-09", "2026-11-20", true),
            sprint(15, "2026-11-23", "2026-12-04", false),
            Known { number: 16, start: None, end: None, active: false },
        ];
        Around { today: day("2026-11-18"), lean: Lean::Ahead, month_first: false, sprints }
    }

    fn reads(around: &Around, pairs: &[(&str, &str)]) {
        for (text, wanted) in pairs {
            let read = read(text, around).map(|day| day.to_string());
            assert_eq!(read.as_deref(), Ok(*wanted), "{text:?}");
        }
    }

    #[test]
    fn plans_are_read_ahead() {
        reads(
            &around(),
            &[
                ("today", "2026-11-18"),
                ("tomorrow", "2026-11-19"),
                ("Yesterday", "2026-11-17"),
                ("fri", "2026-11-20"),
                ("Friday", "2026-11-20"),
                ("wed", "2026-11-25"),
                ("this mon", "2026-11-16"),
                ("next mon", "2026-11-23"),
                ("next fri", "2026-11-27"),
                ("last fri", "2026-11-13"),
                ("28", "2026-11-28"),
                ("18", "2026-11-18"),
                ("17", "2026-12-17"),
                ("31", "2026-12-31"),
                ("28 nov", "2026-11-28"),
                ("nov 28", "2026-11-28"),
                ("3rd of march", "2027-03-03"),
                ("1 Sept. 2027", "2027-09-01"),
                ("28.11.", "2026-11-28"),
                ("28.11", "2026-11-28"),
                ("28.11.27", "2027-11-28"),
                ("28. 11.", "2026-11-28"),
                ("2026-11-28", "2026-11-28"),
                ("2026/11/28", "2026-11-28"),
                ("Sat 28 Nov 2026", "2026-11-28"),
                ("29 feb", "2028-02-29"),
                ("+3", "2026-11-21"),
                ("+2w", "2026-12-02"),
                ("+1m", "2026-12-18"),
                ("+1y", "2027-11-18"),
                ("-3", "2026-11-15"),
                ("in 2 weeks", "2026-12-02"),
                ("3 days ago", "2026-11-15"),
                ("eow", "2026-11-20"),
                ("eom", "2026-11-30"),
                ("end of month", "2026-11-30"),
                ("eoq", "2026-12-31"),
                ("eoy", "2026-12-31"),
                ("end of jan", "2027-01-31"),
                ("next week", "2026-11-23"),
                ("next month", "2026-12-01"),
                ("end of sprint", "2026-11-20"),
                ("sprint 15", "2026-12-04"),
                ("start of sprint 15", "2026-11-23"),
                ("end of sprint 14", "2026-11-20"),
                ("q1", "2027-03-31"),
                ("q4", "2026-12-31"),
                ("Q2 2028", "2028-06-30"),
                ("end of q3", "2027-09-30"),
            ],
        );
    }

    #[test]
    fn what_somebody_said_is_read_back() {
        let around = Around { lean: Lean::Back, ..around() };
        reads(
            &around,
            &[
                ("28", "2026-10-28"),
                ("18", "2026-11-18"),
                ("fri", "2026-11-13"),
                ("28 nov", "2025-11-28"),
                ("1.3.", "2026-03-01"),
                ("q1", "2026-03-31"),
                ("yesterday", "2026-11-17"),
                ("+1", "2026-11-19"),
            ],
        );
    }

    #[test]
    fn day_and_month_follow_the_place_unless_only_one_way_makes_sense() {
        reads(
            &around(),
            &[("3/4", "2027-04-03"), ("4/28", "2027-04-28"), ("28/4", "2027-04-28"), ("3/4/26", "2026-04-03")],
        );
        let us = Around { month_first: true, ..around() };
        reads(
            &us,
            &[("3/4", "2027-03-04"), ("28/4", "2027-04-28"), ("3.4.", "2027-04-03"), ("3/4/2026", "2026-03-04")],
        );
    }

    #[test]
    fn what_is_unclear_is_refused_in_a_sentence() {
        for text in [
            "3rd of never",
            "",
            "32",
            "31 feb",
            "0",
            "31.2.",
            "13/13",
            "f",
            "+",
            "+2x",
            "+9999999999",
            "1 1 1 1",
            "q5",
            "nov",
            "28 11",
            "99999999-1-1",
        ] {
            let word = read(text, &around()).unwrap_err();
            assert_eq!(word, format!("\u{201c}{text}\u{201d} is not a date I know. Try fri, 28 nov, +2w."));
        }
        assert_eq!(read("sprint 99", &around()).unwrap_err(), "There is no sprint 99. Try fri, 28 nov, +2w.");
        assert_eq!(read("sprint 16", &around()).unwrap_err(), "Sprint 16 has no last day yet. Try fri, 28 nov, +2w.");
        let none = Around { sprints: Vec::new(), ..around() };
        assert_eq!(read("end of sprint", &none).unwrap_err(), "No sprint is running. Try fri, 28 nov, +2w.");
        assert!(
            read("sprint of never", &around())
                .unwrap_err()
                .starts_with("\u{201c}sprint of never\u{201d} is not a date I know.")
        );
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_breaks_it(text in "\\PC{0,20}|[-+]?[0-9]{0,12}[./ -]?[0-9a-z]{0,8}[./ -]?[0-9a-z]{0,8}", days in 0i64..2_000_000, back: bool, us: bool) {
            let today = NaiveDate::MIN.checked_add_signed(chrono::Duration::days(days)).unwrap();
            for today in [today, NaiveDate::MAX, NaiveDate::MIN, around().today.0] {
                let lean = if back { Lean::Back } else { Lean::Ahead };
                let around = Around { today: Day(today), lean, month_first: us, ..around() };
                let _ = read(&text, &around);
            }
        }

        #[test]
        fn a_day_reads_back_from_its_own_words(days in 0u64..100_000) {
            let one = Day(NaiveDate::from_ymd_opt(1900, 1, 1).unwrap().checked_add_days(Days::new(days)).unwrap());
            prop_assert_eq!(read(&in_words(one), &around()), Ok(one));
            prop_assert_eq!(read(&one.to_string(), &around()), Ok(one));
        }
    }
}
