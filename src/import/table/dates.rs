//! Dates as other tools write them. What cannot be read is `None`, and the caller keeps the text; a date never fails an
//! import.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};

/// Whether the day or the month stands first where both are numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Order {
    #[default]
    DayFirst,
    MonthFirst,
}

/// A date as far as a cell says it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SourceDate {
    Day(NaiveDate),
    /// A date and time in a zone that nobody named: that of whoever exported it.
    Wall(NaiveDateTime),
    Instant(DateTime<FixedOffset>),
}

/// What a column says about its order.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Evidence {
    pub day_first: bool,
    pub month_first: bool,
    /// It has dates that may be read both ways.
    pub open: bool,
}

impl Evidence {
    pub fn take(&mut self, other: Evidence) {
        self.day_first |= other.day_first;
        self.month_first |= other.month_first;
        self.open |= other.open;
    }

    /// The order that the dates have; `None` where they do not say, or say both.
    pub fn order(self) -> Option<Order> {
        match (self.day_first, self.month_first) {
            (true, false) => Some(Order::DayFirst),
            (false, true) => Some(Order::MonthFirst),
            _ => None,
        }
    }
}

/// The years that a field takes.
const YEARS: std::ops::RangeInclusive<i64> = 1900..=2200;

impl SourceDate {
    pub fn day(self) -> NaiveDate {
        match self {
            SourceDate::Day(day) => day,
            SourceDate::Wall(wall) => wall.date(),
            SourceDate::Instant(instant) => instant.date_naive(),
        }
    }

    /// As a time of the file format. A time without a zone gets the offset `-00:00`, by which the command line and the
    /// screen know that it counts in the local zone.
    pub fn to_when(self) -> String {
        let wall = match self {
            SourceDate::Instant(instant) => return instant.to_utc().to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            SourceDate::Wall(wall) => wall,
            SourceDate::Day(day) => day.and_time(NaiveTime::MIN),
        };
        wall.format("%Y-%m-%dT%H:%M:%S-00:00").to_string()
    }

    /// With a zone for a time that names none.
    pub fn in_zone(self, zone: Option<FixedOffset>) -> SourceDate {
        match (self, zone) {
            (SourceDate::Wall(wall), Some(zone)) => {
                zone.from_local_datetime(&wall).single().map_or(self, SourceDate::Instant)
            }
            _ => self,
        }
    }
}

/// Reads a date; `order` counts only where the text leaves it open.
pub fn read(text: &str, order: Order) -> Option<SourceDate> {
    let text = text.trim();
    if text.is_empty() || text.len() > 80 {
        return None;
    }
    if let Some(moment) = iso(text).or_else(|| epoch(text)) {
        return within(moment);
    }
    let text = text.to_lowercase().replace(['\u{a0}', '\u{202f}', '\u{2009}'], " ");
    let text = text.split('(').next().unwrap_or_default();
    let (date, time) = parted(text);
    let day = day(&tokens(date), date, order)?;
    within(match time {
        "" => SourceDate::Day(day),
        time => {
            let (time, rest) = clock(time)?;
            match zone(rest) {
                Some(zone) => zone.from_local_datetime(&day.and_time(time)).single().map(SourceDate::Instant)?,
                None if rest.trim().is_empty() => SourceDate::Wall(day.and_time(time)),
                None => return None,
            }
        }
    })
}

fn within(moment: SourceDate) -> Option<SourceDate> {
    YEARS.contains(&i64::from(chrono::Datelike::year(&moment.day()))).then_some(moment)
}

/// What a cell says about the order of its column.
pub fn evidence(text: &str) -> Evidence {
    let text = text.trim();
    let mut out = Evidence::default();
    if text.len() > 40 || !text.starts_with(|c: char| c.is_ascii_digit()) {
        return out;
    }
    let (date, _) = parted(text);
    let mut numbers = date.trim().splitn(3, ['/', '.', '-']);
    let mut two = || numbers.next().filter(|one| one.len() <= 2).and_then(|one| one.parse::<u8>().ok());
    let (Some(first), Some(second)) = (two(), two()) else { return out };
    // A date with dots has its day first everywhere.
    if date.contains('.') {
        return out;
    }
    match (first > 12, second > 12) {
        (true, false) => out.day_first = true,
        (false, true) => out.month_first = true,
        (false, false) => out.open = true,
        (true, true) => {}
    }
    out
}

/// `2025-12-22T14:38:02.000+0100`, `2017-08-17 08:42:42.23`, `2024-05-14T08:53:33Z`, `2025-06-03`, `20141018T050231Z`.
fn iso(text: &str) -> Option<SourceDate> {
    if !text.is_ascii() {
        return None;
    }
    let compact = text.len() >= 8 && text.get(..8).is_some_and(|head| head.bytes().all(|byte| byte.is_ascii_digit()));
    let (year, month, day, rest) = if compact {
        (text.get(..4)?, text.get(4..6)?, text.get(6..8)?, text.get(8..)?)
    } else {
        let is_sign = |at: usize| matches!(text.as_bytes().get(at), Some(b'-' | b'/'));
        if !is_sign(4) || !is_sign(7) {
            return None;
        }
        (text.get(..4)?, text.get(5..7)?, text.get(8..10)?, text.get(10..)?)
    };
    let day = date(number(year)?, number(month)?, number(day)?)?;
    if rest.is_empty() {
        return Some(SourceDate::Day(day));
    }
    let rest = rest.strip_prefix(['T', 't', ' '])?.trim_start();
    let (time, rest) = if compact && rest.len() >= 6 && !rest.contains(':') {
        let (hours, minutes) = (number(rest.get(..2)?)?, number(rest.get(2..4)?)?);
        (NaiveTime::from_hms_opt(hours, minutes, number(rest.get(4..6)?)?)?, rest.get(6..)?)
    } else {
        clock(rest)?
    };
    let rest = rest.trim();
    if rest.is_empty() {
        return Some(SourceDate::Wall(day.and_time(time)));
    }
    zone(rest)?.from_local_datetime(&day.and_time(time)).single().map(SourceDate::Instant)
}

/// Seconds or milliseconds since 1970.
fn epoch(text: &str) -> Option<SourceDate> {
    if !matches!(text.len(), 9 | 10 | 12 | 13) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i64 = text.parse().ok()?;
    let moment = if text.len() > 10 { Utc.timestamp_millis_opt(number) } else { Utc.timestamp_opt(number, 0) };
    moment.single().map(|moment| SourceDate::Instant(moment.fixed_offset()))
}

/// A text before and from its time of day.
fn parted(text: &str) -> (&str, &str) {
    let Some(colon) = text.find(':') else { return (text, "") };
    let hours = text.get(..colon).unwrap_or_default();
    let start = hours.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    (hours.get(..start).unwrap_or_default(), text.get(start..).unwrap_or_default())
}

/// `2:38 PM`, `08:42:42.23`, `5:00 a. m.`: a time of day, and what follows it.
fn clock(text: &str) -> Option<(NaiveTime, &str)> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.' | ','))).unwrap_or(text.len());
    let (time, rest) = text.split_at_checked(end)?;
    let (whole, _) = time.split_once(['.', ',']).unwrap_or((time, ""));
    let mut parts = whole.split(':');
    let (hours, minutes) = (number(parts.next()?)?, number(parts.next()?)?);
    let seconds = match parts.next() {
        Some(seconds) => number(seconds)?,
        None => 0,
    };
    let trimmed = rest.trim_start();
    let mark = [("a. m.", false), ("p. m.", true), ("a.m.", false), ("p.m.", true), ("am", false), ("pm", true)];
    let mark = mark.iter().find_map(|(mark, is_pm)| {
        let head = trimmed.get(..mark.len()).filter(|head| head.eq_ignore_ascii_case(mark))?;
        Some((*is_pm, trimmed.get(head.len()..)?))
    });
    let (hours, rest) = match mark {
        Some((_, _)) if hours > 12 => (hours, mark.map_or(rest, |(_, rest)| rest)),
        Some((true, rest)) => (if hours == 12 { 12 } else { hours.saturating_add(12) }, rest),
        Some((false, rest)) => (if hours == 12 { 0 } else { hours }, rest),
        None => (hours, rest),
    };
    Some((NaiveTime::from_hms_opt(hours, minutes, seconds)?, rest))
}

/// `Z`, `UTC`, `GMT+0100`, `+01:00`, `+0100`, `+01`.
pub fn zone(text: &str) -> Option<FixedOffset> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let bare = lower.strip_prefix("gmt").or_else(|| lower.strip_prefix("utc")).unwrap_or(&lower);
    match bare.trim() {
        "" if !lower.is_empty() => return FixedOffset::east_opt(0),
        "z" => return FixedOffset::east_opt(0),
        _ => {}
    }
    let (sign, digits) = bare.trim().split_at_checked(1)?;
    let digits: String = digits.chars().filter(|c| *c != ':').collect();
    let (hours, minutes) = match digits.len() {
        1 | 2 => (number(&digits)?, 0),
        4 => (number(digits.get(..2)?)?, number(digits.get(2..)?)?),
        _ => return None,
    };
    let seconds = i32::try_from(hours.saturating_mul(60).saturating_add(minutes).saturating_mul(60)).ok()?;
    match sign {
        "+" => FixedOffset::east_opt(seconds),
        "-" | "\u{2212}" => FixedOffset::west_opt(seconds),
        _ => None,
    }
}

fn number(text: &str) -> Option<u32> {
    if text.is_empty() || text.len() > 4 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

fn date(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// A year of two digits is near.
fn whole_year(text: &str) -> Option<u32> {
    let year = number(text)?;
    match text.len() {
        2 if year < 70 => year.checked_add(2000),
        2 => year.checked_add(1900),
        4 => Some(year),
        _ => None,
    }
}

fn tokens(text: &str) -> Vec<&str> {
    let split = text.split(|c: char| !c.is_alphanumeric());
    split
        .filter(|token| !token.is_empty() && !matches!(*token, "de" | "of" | "del" | "le" | "t" | "at" | "à"))
        .collect()
}

/// The number of `4th`, `1er`, `22`.
fn ordinal(token: &str) -> Option<&str> {
    let bare = ["st", "nd", "rd", "th", "er"].iter().find_map(|end| token.strip_suffix(end)).unwrap_or(token);
    number(bare).map(|_| bare)
}

fn day(tokens: &[&str], text: &str, order: Order) -> Option<NaiveDate> {
    let numbers: Vec<&str> = tokens.iter().filter_map(|token| ordinal(token)).collect();
    let words: Vec<&str> = tokens.iter().copied().filter(|token| ordinal(token).is_none()).collect();
    // The name of the day of the week stands first, if at all.
    let word = match words.as_slice() {
        [] => None,
        [month] | [_, month] => Some(month_of(month)?),
        _ => return None,
    };
    match (word, numbers.as_slice()) {
        (Some(month), [year, day]) if year.len() == 4 => date(number(year)?, month, number(day)?),
        (Some(month), [day, year]) => date(whole_year(year)?, month, number(day)?),
        (None, [year, month, day]) if year.len() == 4 => date(number(year)?, number(month)?, number(day)?),
        (None, [first, second, year]) => {
            let (first, second) = (number(first)?, number(second)?);
            let is_day_first = match (first > 12, second > 12) {
                (true, _) => true,
                (_, true) => false,
                _ => text.contains('.') || order == Order::DayFirst,
            };
            let (day, month) = if is_day_first { (first, second) } else { (second, first) };
            date(whole_year(year)?, month, day)
        }
        _ => None,
    }
}

/// The month of a name in English, Spanish, Portuguese, French, German or Italian, written out or cut to three letters
/// or more.
fn month_of(word: &str) -> Option<u32> {
    const MONTHS: &[(&str, u32)] = &[
        ("juin", 6),
        ("juil", 7),
        ("jan", 1),
        ("ene", 1),
        ("gen", 1),
        ("jän", 1),
        ("feb", 2),
        ("fev", 2),
        ("fév", 2),
        ("mar", 3),
        ("mär", 3),
        ("mrz", 3),
        ("apr", 4),
        ("abr", 4),
        ("avr", 4),
        ("may", 5),
        ("mai", 5),
        ("mag", 5),
        ("jun", 6),
        ("giu", 6),
        ("jul", 7),
        ("lug", 7),
        ("aug", 8),
        ("ago", 8),
        ("aou", 8),
        ("aoû", 8),
        ("sep", 9),
        ("set", 9),
        ("oct", 10),
        ("out", 10),
        ("okt", 10),
        ("ott", 10),
        ("nov", 11),
        ("dec", 12),
        ("dez", 12),
        ("dic", 12),
        ("déc", 12),
    ];
    MONTHS.iter().find(|(name, _)| word.starts_with(name)).map(|(_, month)| *month)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn said(text: &str) -> String {
        read(text, Order::DayFirst).map(SourceDate::to_when).unwrap_or_default()
    }

    #[test]
    fn every_form_of_the_tools_is_read() {
        for (text, when) in [
            ("22/Dec/25 2:38 PM", "2025-12-22T14:38:00-00:00"),
            ("11/abr/26 9:33 AM", "2026-04-11T09:33:00-00:00"),
            ("17/mai/26 8:40 PM", "2026-05-17T20:40:00-00:00"),
            ("17/mai./26 12:05 a. m.", "2026-05-17T00:05:00-00:00"),
            ("03/févr./26 08:40", "2026-02-03T08:40:00-00:00"),
            ("05/Mär/26 8:40 AM", "2026-03-05T08:40:00-00:00"),
            ("07/ago/25 12:00 PM", "2025-08-07T12:00:00-00:00"),
            ("1 juil. 2025", "2025-07-01T00:00:00-00:00"),
            ("1 de junio de 2025", "2025-06-01T00:00:00-00:00"),
            ("16/02/2017 15:26", "2017-02-16T15:26:00-00:00"),
            ("6/21/2025 16:14", "2025-06-21T16:14:00-00:00"),
            ("31.12.2025", "2025-12-31T00:00:00-00:00"),
            ("2025-12-22T14:38:02.000+0100", "2025-12-22T13:38:02Z"),
            ("2017-08-17 08:42:42.23", "2017-08-17T08:42:42-00:00"),
            ("2024-05-14T08:53:33Z", "2024-05-14T08:53:33Z"),
            ("2024-05-14 08:53:33 UTC", "2024-05-14T08:53:33Z"),
            ("2022-11-04T12:33:39.449+02:00", "2022-11-04T10:33:39Z"),
            ("Mon Feb 06 2023 05:00:00 GMT+0000 (GMT)", "2023-02-06T05:00:00Z"),
            ("Friday, November 4th 2022, 12:33:39 pm +02:00", "2022-11-04T10:33:39Z"),
            ("8/12/2025 7:00:00 AM", "2025-12-08T07:00:00-00:00"),
            ("20141018T050231Z", "2014-10-18T05:02:31Z"),
            ("1234567889", "2009-02-13T23:31:29Z"),
            ("1789052400000", "2026-09-10T15:00:00Z"),
            ("2026-08-17 07:26", "2026-08-17T07:26:00-00:00"),
            ("2025-06-03", "2025-06-03T00:00:00-00:00"),
            ("2025/06/03", "2025-06-03T00:00:00-00:00"),
            ("Dec 22, 2025", "2025-12-22T00:00:00-00:00"),
            ("22-Dec-2025", "2025-12-22T00:00:00-00:00"),
        ] {
            assert_eq!(said(text), when, "{text}");
        }
        for text in
            ["", "soon", "31/Feb/25", "0000-00-00", "12", "99/99/2025", "3025-01-01", "5.0", "1.2", "Q3 2025", "12:30"]
        {
            assert_eq!(said(text), "", "{text}");
        }
    }

    #[test]
    fn a_column_says_its_order() {
        let column = |cells: &[&str]| {
            let mut all = Evidence::default();
            cells.iter().for_each(|cell| all.take(evidence(cell)));
            all.order()
        };
        assert_eq!(column(&["03/04/2025", "16/02/2017 15:26"]), Some(Order::DayFirst));
        assert_eq!(column(&["03/04/2025", "6/21/2025 16:14"]), Some(Order::MonthFirst));
        assert_eq!(column(&["03/04/2025", ""]), None);
        assert_eq!(column(&["22/Dec/25", "2025-01-30", "03.04.2025"]), None);
        assert_eq!(read("03/04/2025", Order::MonthFirst).unwrap().to_when(), "2025-03-04T00:00:00-00:00");
        assert_eq!(read("03.04.2025", Order::MonthFirst).unwrap().to_when(), "2025-04-03T00:00:00-00:00");
    }

    #[test]
    fn a_zone_of_its_own_column_counts() {
        let wall = read("2025-12-22 14:38", Order::DayFirst).unwrap();
        assert_eq!(wall.in_zone(zone("+01:00")).to_when(), "2025-12-22T13:38:00Z");
        assert_eq!(wall.in_zone(zone("nowhere")), wall);
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in any::<String>(), near in "[0-9/.:aAmMpP ,TZ+-]{0,25}") {
            for text in [text, near] {
                let _ = (read(&text, Order::DayFirst), evidence(&text), zone(&text));
            }
        }

        #[test]
        fn what_is_written_reads_back(seconds in 0i64..4_000_000_000) {
            let instant = Utc.timestamp_opt(seconds, 0).single().unwrap();
            for form in ["%Y-%m-%dT%H:%M:%SZ", "%d/%b/%Y %I:%M:%S %p +0000", "%a %b %d %Y %H:%M:%S GMT+0000 (GMT)"] {
                let text = instant.format(form).to_string();
                prop_assert_eq!(read(&text, Order::DayFirst), Some(SourceDate::Instant(instant.fixed_offset())), "{}", text);
            }
        }
    }
}
