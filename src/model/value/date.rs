//! Days and points in time.

use crate::model::value::cell::{Cell, Shape, Value};
use chrono::Datelike;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A calendar day, without a time zone: sprints begin and end on days.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Day(pub chrono::NaiveDate);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.format("%Y-%m-%d").to_string())
    }
}

impl Day {
    pub fn parse(text: &str) -> Result<Day, String> {
        chrono::NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d")
            .map(Day)
            .map_err(|_| format!("\u{201c}{text}\u{201d} is not a day; write it as 2026-03-02"))
    }

    /// Returns the day `days` later, or earlier if negative, limited to the calendar's first and last day.
    pub fn plus(self, days: i64) -> Day {
        let end = if days < 0 { chrono::NaiveDate::MIN } else { chrono::NaiveDate::MAX };
        let later = chrono::Duration::try_days(days).and_then(|days| self.0.checked_add_signed(days));
        Day(later.unwrap_or(end))
    }

    /// Returns the number of days from `earlier` to this day; negative if `earlier` is the later one.
    pub fn days_since(self, earlier: Day) -> i64 {
        self.0.signed_duration_since(earlier.0).num_days()
    }

    /// The Monday of its week.
    pub fn monday(self) -> Day {
        self.plus(i64::from(self.0.weekday().num_days_from_monday()).saturating_neg())
    }
}

/// A point in time with the offset in which it was written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct When(pub chrono::DateTime<chrono::FixedOffset>);

impl When {
    pub fn parse(text: &str) -> Result<When, String> {
        if let Some(when) = plain(text) {
            return Ok(When(when));
        }
        chrono::DateTime::parse_from_rfc3339(text.trim())
            .map(When)
            .map_err(|_| format!("\u{201c}{text}\u{201d} is not a time; write it as 2026-03-02T09:00:00Z"))
    }

    pub fn day(self) -> Day {
        Day(self.0.date_naive())
    }
}

/// A time as whyhow writes it: `2026-03-02T09:00:00+01:00`, with `Z`, with parts of a second. Opening a product reads two
/// of them for each record, and a reader of all forms takes several times as long. `None` for any other form.
fn plain(text: &str) -> Option<chrono::DateTime<chrono::FixedOffset>> {
    let (moment, rest) = text.split_at_checked(19)?;
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if marks.iter().any(|(at, mark)| moment.as_bytes().get(*at) != Some(mark)) {
        return None;
    }
    let part = |from: usize, to: usize| number(moment.get(from..to)?);
    let day = chrono::NaiveDate::from_ymd_opt(i32::try_from(part(0, 4)?).ok()?, part(5, 7)?, part(8, 10)?)?;
    let (nanoseconds, zone) = fraction(rest)?;
    let local = day.and_hms_nano_opt(part(11, 13)?, part(14, 16)?, part(17, 19)?, nanoseconds)?;
    local.and_local_timezone(chrono::FixedOffset::east_opt(east(zone)?)?).single()
}

/// A number of digits only.
fn number(text: &str) -> Option<u32> {
    let bytes = text.as_bytes();
    let sum = |sum: u32, digit: &u8| sum.saturating_mul(10).saturating_add(u32::from(digit & 15));
    (!bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit)).then(|| bytes.iter().fold(0, sum))
}

/// The nanoseconds of `.25+01:00`, and the zone that follows.
fn fraction(text: &str) -> Option<(u32, &str)> {
    let Some(rest) = text.strip_prefix('.') else { return Some((0, text)) };
    let digits = rest.bytes().position(|byte| !byte.is_ascii_digit()).filter(|digits| *digits <= 9)?;
    let (digits, zone) = rest.split_at_checked(digits)?;
    let scale = 10u32.checked_pow(9u32.checked_sub(u32::try_from(digits.len()).ok()?)?)?;
    Some((number(digits)?.checked_mul(scale)?, zone))
}

/// The seconds east of Greenwich of `Z` or `+01:00`.
fn east(zone: &str) -> Option<i32> {
    if zone == "Z" {
        return Some(0);
    }
    let (hours, minutes) = zone.get(1..).filter(|rest| rest.as_bytes().get(2) == Some(&b':'))?.split_once(':')?;
    let hours = number(hours).filter(|_| zone.len() == 6)?;
    let minutes = number(minutes).filter(|minutes| *minutes < 60)?;
    let seconds = i32::try_from(hours.saturating_mul(60).saturating_add(minutes).saturating_mul(60)).ok()?;
    match zone.as_bytes().first()? {
        b'+' => Some(seconds),
        b'-' => Some(seconds.saturating_neg()),
        _ => None,
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
    }
}

/// Types that are stored in JSON as the text shown to people.
macro_rules! written_as_text {
    ($($type:ty),*) => { $(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl Visitor<'_> for Text {
                    type Value = $type;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("a date in quotes")
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$type, E> {
                        <$type>::parse(text).map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Text)
            }
        }
    )* };
}
written_as_text!(Day, When);

impl Cell for Option<Day> {
    const SHAPE: Shape = Shape::Day;
    fn to_text(&self) -> String {
        self.map(|day| day.to_string()).unwrap_or_default()
    }
    fn from_text(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() { Ok(None) } else { Day::parse(text).map(Some) }
    }
    fn to_value(&self) -> Value {
        self.map(|one| Value::from(one.to_string())).unwrap_or_default()
    }
}

impl Cell for Option<When> {
    const SHAPE: Shape = Shape::When;
    fn to_text(&self) -> String {
        self.map(|when| when.to_string()).unwrap_or_default()
    }
    fn from_text(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() { Ok(None) } else { When::parse(text).map(Some) }
    }
    fn to_value(&self) -> Value {
        self.map(|one| Value::from(one.to_string())).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_read_the_short_way_is_the_same_as_the_long_way() {
        let texts = [
            "2026-03-02T09:00:00Z",
            "2026-03-02T09:00:00+01:00",
            "2024-02-29T23:59:59-11:30",
            "0000-01-01T00:00:00Z",
            "2026-03-02T09:00:00-00:00",
            "2026-03-02T09:00:00+23:59",
            "2026-03-02T09:00:00.5Z",
            "2026-03-02T09:00:00.123456789+01:00",
        ];
        for text in texts {
            let long = chrono::DateTime::parse_from_rfc3339(text).unwrap();
            let short = plain(text).unwrap();
            assert_eq!((short, short.offset()), (long, long.offset()), "{text}");
        }
        for text in [
            "2026-02-30T09:00:00Z",
            "2026-03-02T24:00:00Z",
            "2026-03-02T09:00:60Z",
            "2026-03-02T09:00:00.Z",
            "2026-03-02T09:00:00.1234567890Z",
            "2026-03-02T09:00:00+1:000",
            "2026-03-02 09:00:00Z",
            "2026-03-02T09:00:00+24:00",
            "2026-03-02T09:00:00+01:60",
            "2026-03-02T09:00:00",
            "2026-03-02T09:00:0١Z",
            "",
        ] {
            assert_eq!(plain(text), None, "{text}");
            assert_eq!(When::parse(text).ok(), chrono::DateTime::parse_from_rfc3339(text).ok().map(When), "{text}");
        }
    }
}
