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

    fn numbers(text: &str) -> Option<(Option<Amount>, Amount, &str)> {
        let arrow = ["→", "->"].iter().find_map(|arrow| text.split_once(arrow));
        let (from, rest) = match arrow {
            Some((from, rest)) => (Some(Amount::parse(from).ok()?), rest.trim()),
            None => (None, text.trim()),
        };
        let end = rest.find(|c: char| !(c.is_ascii_digit() || ".,-+".contains(c))).unwrap_or(rest.len());
        let (number, unit) = rest.split_at_checked(end)?;
        Some((from, Amount::parse(number.trim_end_matches(['.', ','])).ok()?, unit.trim()))
    }
}

impl Cell for Measure {
    const SHAPE: Shape = Shape::Measure;
    fn to_text(&self) -> String {
        let Some(target) = self.target else { return self.name.to_string() };
        let from = self.from.map(|from| format!("{from} → ")).unwrap_or_default();
        let unit = if self.unit.is_empty() { String::new() } else { format!(" {}", &*self.unit) };
        let name = if self.name.is_empty() { String::new() } else { format!("{}, ", &*self.name) };
        format!("{name}{from}{target}{unit}")
    }
    fn from_text(text: &str) -> Result<Self, String> {
        within_limit(text)?;
        let text = text.trim();
        let (name, numbers) = match text.rsplit_once(", ") {
            Some((name, tail)) => (name.trim(), Measure::numbers(tail)),
            None => ("", Measure::numbers(text)),
        };
        Ok(match numbers {
            Some((from, target, unit)) => Measure {
                name: Line::from(name),
                unit: Line::from(unit),
                from,
                target: Some(target),
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
