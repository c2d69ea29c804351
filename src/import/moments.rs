//! Points in time as JSON files and text files of other tools write them; one that cannot be read is none.

use crate::model::value::{Day, Value, When};
use chrono::{DateTime, NaiveDateTime};

/// A point in time: a text in one of many forms, or seconds since 1970, also as text.
pub fn when(value: &Value) -> Option<When> {
    match value {
        Value::Number(seconds) => epoch(seconds.as_i64()?),
        Value::String(text) => read(text.trim()),
        _ => None,
    }
}

fn read(text: &str) -> Option<When> {
    if let Ok(when) = When::parse(text) {
        return Some(when);
    }
    // `2015-12-07T14:19:13.000-0800`: an offset without a colon.
    if let Ok(time) = DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z") {
        return Some(When(time));
    }
    const WITHOUT_ZONE: &[&str] =
        &["%Y%m%dT%H%M%SZ", "%Y%m%dT%H%M%S", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M"];
    if let Some(time) = WITHOUT_ZONE.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok()) {
        return Some(When(time.and_utc().fixed_offset()));
    }
    if text.len() >= 9 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return epoch(text.parse().ok()?);
    }
    let day = Day::parse(text).ok()?;
    Some(When(day.0.and_hms_opt(0, 0, 0)?.and_utc().fixed_offset()))
}

/// Seconds, or milliseconds where seconds would lie thousands of years ahead.
fn epoch(number: i64) -> Option<When> {
    let seconds = if number > 100_000_000_000 { number.checked_div(1000)? } else { number };
    DateTime::from_timestamp(seconds, 0).map(|time| When(time.fixed_offset()))
}

/// The day of a point in time, as it was written there.
pub fn day(value: &Value) -> Option<Day> {
    let text = value.as_str().and_then(|text| text.trim().get(..10));
    text.and_then(|text| Day::parse(text).ok()).or_else(|| when(value).map(When::day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_forms_are_read() {
        for (text, wanted) in [
            ("2015-12-07T14:19:13.000-0800", "2015-12-07T14:19:13-08:00"),
            ("2016-04-11T07:29:03.294-07:00", "2016-04-11T07:29:03.294-07:00"),
            ("2015-06-19T10:43:07.207Z", "2015-06-19T10:43:07.207Z"),
            ("20141018T050231Z", "2014-10-18T05:02:31Z"),
            ("1234567889", "2009-02-13T23:31:29Z"),
            ("1789052400000", "2026-09-10T15:00:00Z"),
            ("2026-08-17 07:26", "2026-08-17T07:26:00Z"),
            ("2025-06-03", "2025-06-03T00:00:00Z"),
        ] {
            assert_eq!(when(&text.into()).map(|when| when.to_string()).as_deref(), Some(wanted), "{text}");
        }
        assert_eq!(when(&Value::from(1_234_567_889)).unwrap().to_string(), "2009-02-13T23:31:29Z");
        for text in ["", "soon", "2025-13-01", "12", "99999999999999999999"] {
            assert_eq!(when(&text.into()), None, "{text}");
        }
        assert_eq!(day(&"2016-04-27T23:29:00.000-07:00".into()).unwrap().to_string(), "2016-04-27");
    }
}
