//! Measures with their readings.

use crate::model::saturating::percent;
use crate::model::value::cell::{Cell, Shape, Value, plain};
use crate::model::value::date::Day;
use crate::model::value::number::Amount;
use crate::model::value::text::Line;
use crate::model::value::text::within_limit;
use serde::{Deserialize, Serialize};

/// One dated value of a measure.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Reading {
    pub day: Day,
    pub value: Amount,
    #[serde(default, skip_serializing_if = "Line::is_blank")]
    pub note: Line,
}

/// What is measured, from which value to which: `Bookings made, 38 → 55 %`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Measure {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    pub name: Line,
    #[serde(skip_serializing_if = "Line::is_blank")]
    pub unit: Line,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Amount>,
    /// Until when, as it was typed: `by 31 May`.
    #[serde(skip_serializing_if = "Line::is_blank")]
    pub due: Line,
    /// Oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<Reading>,
}

impl Measure {
    pub fn is_empty(&self) -> bool {
        *self == Measure::default()
    }

    /// The newest reading. `None` if nobody has read it yet: the starting value is no news.
    pub fn today(&self) -> Option<Amount> {
        self.readings.iter().max_by_key(|reading| reading.day).map(|reading| reading.value)
    }

    /// The progress from `from` to `target`, in percent from 0 to 100. `None` without a reading or without both ends.
    pub fn progress(&self) -> Option<u8> {
        let (from, target, today) = (self.from?.as_f64(), self.target?.as_f64(), self.today()?.as_f64());
        if from == target {
            return None;
        }
        Some(percent((today - from) / (target - from)))
    }

    /// A number with its unit.
    pub fn with_unit(&self, amount: Amount) -> String {
        format!("{amount} {}", &*self.unit).trim().to_string()
    }

    /// Splits what was typed into the name and the numbers: after a comma or a colon, or where a range begins, as in
    /// `Bookings from 38 to 55 %`. `None` if there are no numbers.
    fn split(text: &str) -> Option<(&str, Numbers<'_>)> {
        for mark in [", ", ": "] {
            if let Some((name, tail)) = text.rsplit_once(mark)
                && let Some(numbers) = Numbers::parse(tail)
            {
                return Some((name.trim(), numbers));
            }
        }
        let begins = text.match_indices(char::is_whitespace).map(|(at, _)| at);
        let range = |at: usize| {
            let (name, tail) = text.split_at_checked(at)?;
            Some((name.trim(), Numbers::parse(tail).filter(|numbers| numbers.from.is_some())?))
        };
        Numbers::parse(text).map(|numbers| ("", numbers)).or_else(|| begins.into_iter().find_map(range))
    }
}

/// The numbers of a measure as they are typed: `38 → 55 %`, `from 38 to 55 %`, `6`.
struct Numbers<'a> {
    from: Option<Amount>,
    target: Amount,
    unit: &'a str,
}

impl Numbers<'_> {
    fn parse(text: &str) -> Option<Numbers<'_>> {
        let text = text.trim();
        let text = text.strip_prefix("from ").unwrap_or(text);
        let range = ["→", "->", "=>", " to "].iter().find_map(|mark| text.split_once(mark));
        let (target, unit) = number(range.map_or(text, |(_, target)| target))?;
        let from = match range.map(|(from, _)| number(from)) {
            None => None,
            Some(Some((from, its))) if its.is_empty() || its == unit => Some(from),
            Some(_) => return None,
        };
        Some(Numbers { from, target, unit })
    }
}

/// The words that begin the end of a measure.
const UNTIL: &[&str] = &[" by ", " until ", " before ", " till ", " bis ", " d'ici ", " hasta ", " até "];

/// What is written before the end of a measure, and that end: `Calls, 80 → 40 %` and `by 31 May`. What is bought `by phone`
/// has no end.
fn until(text: &str) -> (&str, &str) {
    let lower = text.to_ascii_lowercase();
    let at = UNTIL.iter().filter_map(|word| lower.rfind(word)).max();
    let parts = at.and_then(|at| text.split_at_checked(at)).map(|(head, due)| (head.trim_end(), due.trim()));
    parts.filter(|(_, due)| due.split_whitespace().skip(1).all(is_of_time)).unwrap_or((text, ""))
}

/// The names of months and days, which people shorten: `mar` is for March, mars, marzo and março alike.
const NAMES: &[&str] = &[
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
    "januar",
    "februar",
    "märz",
    "mai",
    "juni",
    "juli",
    "oktober",
    "dezember",
    "janvier",
    "février",
    "mars",
    "avril",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
    "janeiro",
    "fevereiro",
    "março",
    "maio",
    "junho",
    "julho",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// Other words of a time.
const TIMES: &[&str] = &[
    "spring",
    "summer",
    "autumn",
    "winter",
    "christmas",
    "easter",
    "year",
    "years",
    "month",
    "months",
    "week",
    "weeks",
    "quarter",
    "today",
    "tomorrow",
];

/// Words between those of a day.
const BETWEEN: &[&str] =
    &["the", "of", "in", "end", "start", "middle", "next", "this", "last", "de", "ende", "anfang", "fin", "final"];

/// True for a word of a day: a number such as `31st` or `2027-05-31`, a quarter, one of [`TIMES`], or a name or what it
/// begins with.
fn is_of_time(word: &str) -> bool {
    let word = word.trim_matches(|c: char| ".,()".contains(c)).to_lowercase();
    let is_number = word.starts_with(|c: char| c.is_ascii_digit());
    let is_part = word.strip_prefix(['q', 'h']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let is_name = word.chars().count() >= 3 && NAMES.iter().any(|name| name.starts_with(&word));
    is_number || is_part || is_name || BETWEEN.contains(&word.as_str()) || TIMES.contains(&word.as_str())
}

/// A number, and the unit behind it, which has no comma.
fn number(text: &str) -> Option<(Amount, &str)> {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || ".,-+".contains(c))).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end).filter(|(_, unit)| !unit.contains(','))?;
    Some((Amount::parse(number.trim_end_matches(['.', ','])).ok()?, unit.trim()))
}

impl Cell for Measure {
    const SHAPE: Shape = Shape::Measure;
    fn to_text(&self) -> String {
        let Some(target) = self.target else { return self.name.to_string() };
        let from = self.from.map(|from| format!("{from} → ")).unwrap_or_default();
        let unit = if self.unit.is_empty() { String::new() } else { format!(" {}", &*self.unit) };
        let name = if self.name.is_empty() { String::new() } else { format!("{}, ", &*self.name) };
        let due = if self.due.is_empty() { String::new() } else { format!(" {}", &*self.due) };
        format!("{name}{from}{target}{unit}{due}")
    }
    fn from_text(text: &str) -> Result<Self, String> {
        within_limit(text)?;
        let text = text.trim();
        let (head, due) = until(text);
        Ok(match Measure::split(head) {
            Some((name, Numbers { from, target, unit })) => Measure {
                name: Line::from(name),
                unit: Line::from(unit),
                from,
                target: Some(target),
                due: Line::from(due),
                ..Measure::default()
            },
            None => Measure { name: Line::from(text), ..Measure::default() },
        })
    }
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Null => Ok(Measure::default()),
            Value::String(text) => Measure::from_text(text),
            _ => Measure::deserialize(value).map_err(|error| plain(&error)),
        }
    }
}

impl Cell for Vec<Measure> {
    const SHAPE: Shape = Shape::Measures;
    fn to_text(&self) -> String {
        self.iter().map(Measure::to_text).collect::<Vec<_>>().join("\n")
    }
    fn from_text(text: &str) -> Result<Self, String> {
        text.lines().filter(|line| !line.trim().is_empty()).map(Measure::from_text).collect()
    }
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Null => Ok(Vec::new()),
            Value::String(text) => Self::from_text(text),
            Value::Array(all) => all.iter().map(Measure::from_value).collect(),
            _ => Err("expected a list of measures".to_string()),
        }
    }
}

/// Parses a typed list of measures, keeping the readings of those whose name is unchanged.
pub fn remeasured(before: &[Measure], typed: Vec<Measure>) -> Vec<Measure> {
    // A line in the place of one that is gone is that one, renamed.
    let renamed = |place: usize| before.get(place).filter(|old| typed.iter().all(|one| one.name != old.name));
    let old = |one: &Measure, place: usize| {
        let same = before.iter().find(|old| old.name == one.name);
        same.or_else(|| renamed(place)).cloned().unwrap_or_default()
    };
    let keep = |(place, one): (usize, Measure)| {
        let old = old(&one, place);
        Measure { id: old.id, readings: old.readings, ..one }
    };
    typed.iter().cloned().enumerate().map(keep).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measure_reads_as_it_is_written() {
        for text in ["Bookings made, 38 → 55 %", "No-shows, 14 → 6", "Revenue, 5 M", "only words", ""] {
            assert_eq!(Measure::from_text(text).unwrap().to_text(), text, "{text}");
        }
        let measure = Measure::from_text("Bookings started → bookings made, 38 -> 55 %").unwrap();
        assert_eq!(&*measure.name, "Bookings started → bookings made");
        assert_eq!(measure.progress(), None, "nobody has read it yet");
    }

    #[test]
    fn a_range_is_read_however_it_is_typed() {
        for (typed, read) in [
            ("Bookings made, 30 to 50 %", "Bookings made, 30 → 50 %"),
            ("30 to 50 %", "30 → 50 %"),
            ("from 30 % to 50 %", "30 → 50 %"),
            ("Bookings made from 38 to 55 %", "Bookings made, 38 → 55 %"),
            ("Bookings made 38 -> 55 %", "Bookings made, 38 → 55 %"),
            ("Bookings made: 38 => 55", "Bookings made, 38 → 55"),
            ("Route 66", "Route 66"),
            ("Time to answer, 4 h", "Time to answer, 4 h"),
            ("4 h to 20 min", "4 h to 20 min"),
        ] {
            let measure = Measure::from_text(typed).unwrap();
            assert_eq!(measure.to_text(), read, "{typed}");
        }
        assert_eq!(Measure::from_text("30 to 50 %").unwrap().from, Some(Amount::whole(30)));
        assert_eq!(Measure::from_text("4 h to 20 min").unwrap().target, None, "two units are no range");
    }

    #[test]
    fn the_end_of_a_measure_is_no_part_of_its_unit() {
        for (typed, read, unit, due) in [
            ("Tickets, 80 → 40 % by May", "Tickets, 80 → 40 % by May", "%", "by May"),
            ("Tickets, 80% → 40% by 31 May, 2027", "Tickets, 80 → 40 % by 31 May, 2027", "%", "by 31 May, 2027"),
            ("Tickets from 80 to 40 by May", "Tickets, 80 → 40 by May", "", "by May"),
            ("Calls: 10 calls by end of Q2", "Calls, 10 calls by end of Q2", "calls", "by end of Q2"),
            ("Anrufe, 9 → 3 bis Ende März", "Anrufe, 9 → 3 bis Ende März", "", "bis Ende März"),
            ("Orders, 9 → 3 calls by phone", "Orders, 9 → 3 calls by phone", "calls by phone", ""),
            ("Orders, 9 → 3 calls by mail", "Orders, 9 → 3 calls by mail", "calls by mail", ""),
            ("Sold by May, 9 → 3", "Sold by May, 9 → 3", "", ""),
            ("< 10 calls by June", "< 10 calls by June", "", ""),
        ] {
            let measure = Measure::from_text(typed).unwrap();
            assert_eq!((measure.to_text().as_str(), &*measure.unit, &*measure.due), (read, unit, due), "{typed}");
            assert_eq!(Measure::from_text(read).unwrap(), measure, "{typed}");
        }
    }

    #[test]
    fn readings_stay_with_their_measure_whatever_is_typed_around_it() {
        let day = Day::parse("2026-03-02").unwrap();
        let reading = Reading { day, value: Amount::whole(40), note: Line::default() };
        let first = Measure {
            id: Some("a".into()),
            readings: vec![reading],
            ..Measure::from_text("Bookings, 38 → 55").unwrap()
        };
        let typed = |text: &str| remeasured(std::slice::from_ref(&first), Vec::<Measure>::from_text(text).unwrap());
        let has = |all: &[Measure]| all.iter().map(|one| one.readings.len()).collect::<Vec<_>>();
        assert_eq!(has(&typed("Bookings, 38 → 60")), [1]);
        assert_eq!(has(&typed("Bookings made, 38 → 55")), [1], "renamed");
        assert_eq!(has(&typed("Calls, 9 → 3\nBookings, 38 → 55")), [0, 1], "a new one above it");
        assert_eq!(typed("Calls, 9 → 3\nBookings, 38 → 55")[0].id, None);
    }
}
