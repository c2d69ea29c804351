//! Rust type ⇄ value ⇄ text: what a field may contain, how it is written in JSON, and how a person reads and types it.
//!
//! A [`Value`] is plain JSON. `null` stands for a field's default, so a record that was never written and a field that
//! was cleared look the same everywhere.

use crate::model::id::Id;
use crate::model::rank::Rank;
use crate::model::saturating::{nearest, percent, take_at};
use chrono::Datelike;
use serde::de::{DeserializeOwned, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::ops::Deref;

pub use serde_json::Value;
pub type Map = serde_json::Map<String, Value>;

/// The longest text that a field accepts, in bytes.
pub const LONGEST_TEXT: usize = 1 << 20;

/// The type of a field's value: decides its editor, its merge and its columns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// One line of text.
    Line,
    /// Many lines of text.
    Prose,
    /// A number with up to two decimals.
    Amount,
    /// One of a fixed list.
    Choice(&'static [Choice]),
    /// A calendar day.
    Day,
    /// A point in time.
    When,
    /// One other record.
    Link,
    /// Several other records.
    Links,
    /// A set of short words.
    Labels,
    /// Checkable sentences.
    Criteria,
    /// Small pieces of work.
    Tasks,
    /// What is measured, from where to where.
    Measure,
    /// Several measures.
    Measures,
    /// Imported data without a matching field.
    Extra,
    /// Computed; a list with one element per related record.
    Entries,
    /// Computed; nobody edits it.
    Facts,
}

/// One value of a fixed list.
#[derive(PartialEq, Eq, Debug)]
pub struct Choice {
    pub key: &'static str,
    pub label: &'static str,
}

/// A type of field.
pub trait Cell: Clone + PartialEq + Default + Serialize + DeserializeOwned + Send + Sync + 'static {
    const SHAPE: Shape;
    /// Written to the file even if it is the default, so that scripts find it.
    const ALWAYS_WRITTEN: bool = false;

    /// As a person reads it.
    fn to_text(&self) -> String;

    /// Parses what a person typed. The error says what is expected.
    fn from_text(text: &str) -> Result<Self, String>;

    /// Calls `see` with every record that the value points at.
    fn each_id(&self, _see: &mut dyn FnMut(Id)) {}

    /// The confirmations that it holds.
    fn confirmations(&self) -> &[Confirmation] {
        &[]
    }

    /// The step that it names.
    fn token(&self) -> Option<Id> {
        None
    }

    fn to_value(&self) -> Value {
        if *self == Self::default() {
            return Value::Null;
        }
        serde_json::to_value(self).unwrap_or(Value::Null)
    }

    /// Reads JSON. Text is also accepted if the type can be typed as text.
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Null => Ok(Self::default()),
            _ => Self::deserialize(value).map_err(|error| plain(&error)),
        }
    }
}

/// A serde error without its position, which is meaningless for a single value.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.strip_prefix("invalid type: ").map_or(text.clone(), |rest| format!("found {rest}"))
}

pub(crate) fn nobody_types(_: &str) -> String {
    "this is computed and cannot be typed".to_string()
}

/// One line of text. A line break read from outside becomes a space.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Line(String);

/// Many lines of text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Prose(String);

impl From<String> for Line {
    fn from(text: String) -> Self {
        if memchr::memchr2(b'\n', b'\r', text.as_bytes()).is_none() {
            return Line(text);
        }
        let flat = text.replace("\r\n", " ").replace(['\n', '\r'], " ");
        Line(flat.trim().to_string())
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Line::from(text.to_string())
    }
}

impl From<&str> for Prose {
    fn from(text: &str) -> Self {
        Prose(text.to_string())
    }
}

impl From<String> for Prose {
    fn from(text: String) -> Self {
        Prose(text)
    }
}

impl Deref for Line {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl Deref for Prose {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Line::from)
    }
}

fn within_limit(text: &str) -> Result<(), String> {
    if text.len() <= LONGEST_TEXT {
        return Ok(());
    }
    Err(format!("the text is {} bytes long; the limit is 1 MiB", text.len()))
}

impl Cell for Line {
    const SHAPE: Shape = Shape::Line;
    fn to_text(&self) -> String {
        self.0.clone()
    }
    fn from_text(text: &str) -> Result<Self, String> {
        within_limit(text)?;
        Ok(Line::from(text.trim()))
    }
}

impl Cell for Prose {
    const SHAPE: Shape = Shape::Prose;
    fn to_text(&self) -> String {
        self.0.clone()
    }
    fn from_text(text: &str) -> Result<Self, String> {
        within_limit(text)?;
        Ok(Prose(text.trim_end().to_string()))
    }
}

/// A number with up to two decimals, stored as hundredths so that sums are exact. `3` or `0.5` in JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Amount(i64);

impl Amount {
    const LARGEST: f64 = 1e12;

    pub const fn whole(n: i64) -> Self {
        Amount(n.saturating_mul(100))
    }

    pub const fn hundredths(n: i64) -> Self {
        Amount(n)
    }

    pub const fn in_hundredths(self) -> i64 {
        self.0
    }

    pub const fn plus(self, other: Amount) -> Self {
        Amount(self.0.saturating_add(other.0))
    }

    pub const fn minus(self, other: Amount) -> Self {
        Amount(self.0.saturating_sub(other.0))
    }

    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 100.0
    }

    fn from_f64(number: f64) -> Result<Self, String> {
        if !number.is_finite() || number.abs() > Self::LARGEST {
            return Err(format!("{number} is out of range"));
        }
        Ok(Amount(nearest(number * 100.0)))
    }

    /// Parses `3`, `0.5`, `0,5` or `-2`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim().replace(',', ".").replace('−', "-");
        match text.parse::<f64>() {
            Ok(number) => Self::from_f64(number),
            Err(_) => Err(format!("{text:?} is not a number")),
        }
    }
}

impl std::iter::Sum for Amount {
    fn sum<I: Iterator<Item = Amount>>(all: I) -> Self {
        all.fold(Amount::default(), Amount::plus)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        let text = match rest {
            0 => format!("{sign}{whole}"),
            r if r % 10 == 0 => format!("{sign}{whole}.{}", r / 10),
            r => format!("{sign}{whole}.{r:02}"),
        };
        f.pad(&text)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 100 == 0 { serializer.serialize_i64(self.0 / 100) } else { serializer.serialize_f64(self.as_f64()) }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;
        impl Visitor<'_> for Number {
            type Value = Amount;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number")
            }
            fn visit_i64<E: serde::de::Error>(self, n: i64) -> Result<Amount, E> {
                Amount::from_f64(n as f64).map_err(E::custom)
            }
            fn visit_u64<E: serde::de::Error>(self, n: u64) -> Result<Amount, E> {
                Amount::from_f64(n as f64).map_err(E::custom)
            }
            fn visit_f64<E: serde::de::Error>(self, n: f64) -> Result<Amount, E> {
                Amount::from_f64(n).map_err(E::custom)
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Amount, E> {
                Amount::parse(text).map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Number)
    }
}

impl Cell for Option<Amount> {
    const SHAPE: Shape = Shape::Amount;
    fn to_text(&self) -> String {
        self.map(|amount| amount.to_string()).unwrap_or_default()
    }
    fn from_text(text: &str) -> Result<Self, String> {
        match text.trim() {
            "" | "?" | "-" => Ok(None),
            text => Amount::parse(text).map(Some),
        }
    }
}

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
            .map_err(|_| format!("{text:?} is not a day; write it as 2026-03-02"))
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
        chrono::DateTime::parse_from_rfc3339(text.trim())
            .map(When)
            .map_err(|_| format!("{text:?} is not a time; write it as 2026-03-02T09:00:00Z"))
    }

    pub fn day(self) -> Day {
        Day(self.0.date_naive())
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
}

impl Cell for Option<When> {
    const SHAPE: Shape = Shape::When;
    fn to_text(&self) -> String {
        self.map(|when| when.to_string()).unwrap_or_default()
    }
    fn from_text(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() { Ok(None) } else { When::parse(text).map(Some) }
    }
}

impl Cell for Option<Id> {
    const SHAPE: Shape = Shape::Link;
    fn to_text(&self) -> String {
        self.map(|id| id.to_string()).unwrap_or_default()
    }
    fn from_text(text: &str) -> Result<Self, String> {
        match text.trim() {
            "" => Ok(None),
            text => Id::parse(text).map(Some).ok_or_else(|| format!("{text:?} is not a record")),
        }
    }
    fn each_id(&self, see: &mut dyn FnMut(Id)) {
        self.iter().copied().for_each(see);
    }
}

impl Cell for Vec<Id> {
    const SHAPE: Shape = Shape::Links;
    fn to_text(&self) -> String {
        self.iter().map(Id::to_string).collect::<Vec<_>>().join(", ")
    }
    fn from_text(text: &str) -> Result<Self, String> {
        words(text).map(|w| Id::parse(w).ok_or_else(|| format!("{w:?} is not a record"))).collect()
    }
    fn each_id(&self, see: &mut dyn FnMut(Id)) {
        self.iter().copied().for_each(see);
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '\n']).map(str::trim).filter(|word| !word.is_empty())
}

/// A set of short words, in the order given, without duplicates.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Labels(Vec<String>);

impl FromIterator<String> for Labels {
    fn from_iter<I: IntoIterator<Item = String>>(all: I) -> Self {
        let mut out: Vec<String> = Vec::new();
        for label in all {
            let label = label.split_whitespace().collect::<Vec<_>>().join(" ");
            if !label.is_empty() && !out.contains(&label) {
                out.push(label);
            }
        }
        Labels(out)
    }
}

impl Deref for Labels {
    type Target = [String];
    fn deref(&self) -> &[String] {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Labels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<String>::deserialize(deserializer)?.into_iter().collect())
    }
}

impl Cell for Labels {
    const SHAPE: Shape = Shape::Labels;
    fn to_text(&self) -> String {
        self.0.join(", ")
    }
    fn from_text(text: &str) -> Result<Self, String> {
        Ok(words(text).map(str::to_string).collect())
    }
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Null => Ok(Labels::default()),
            Value::String(text) => Labels::from_text(text),
            _ => Labels::deserialize(value).map_err(|error| plain(&error)),
        }
    }
}

fn blank(line: &Line) -> bool {
    line.is_empty()
}

fn is_false(flag: &bool) -> bool {
    !flag
}

/// One checkable sentence of a story. `id` is written once the text differs from the original, so that two people's
/// edits of one criterion can be merged; until then the text itself identifies it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Criterion {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    pub text: Line,
    #[serde(default, skip_serializing_if = "is_false")]
    pub met: bool,
}

/// One task of a story, planned by the Developers.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Task {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    pub text: Line,
    #[serde(default, skip_serializing_if = "is_false")]
    pub done: bool,
    #[serde(default, skip_serializing_if = "blank")]
    pub by: Line,
}

/// A list of sentences with checkboxes: criteria and tasks are read and written alike.
pub trait Boxed: Clone + PartialEq + Default {
    fn text(&self) -> &str;
    fn ticked(&self) -> bool;
    fn with(text: &str, ticked: bool) -> Self;
    fn set_ticked(&mut self, ticked: bool);
    fn renamed(&self, text: &str) -> Self;
}

macro_rules! boxed {
    ($type:ident, $flag:ident, $shape:expr) => {
        impl Boxed for $type {
            fn text(&self) -> &str {
                &self.text
            }
            fn ticked(&self) -> bool {
                self.$flag
            }
            fn with(text: &str, ticked: bool) -> Self {
                $type { text: Line::from(text.trim()), $flag: ticked, ..$type::default() }
            }
            fn set_ticked(&mut self, ticked: bool) {
                self.$flag = ticked;
            }
            fn renamed(&self, text: &str) -> Self {
                let id = self.id.clone().unwrap_or_else(|| element_name(&self.text));
                $type { id: Some(id), text: Line::from(text.trim()), ..self.clone() }
            }
        }
        impl Cell for Vec<$type> {
            const SHAPE: Shape = $shape;
            fn to_text(&self) -> String {
                boxes_to_text(self)
            }
            fn from_text(text: &str) -> Result<Self, String> {
                within_limit(text)?;
                Ok(boxes_from_text(text))
            }
            fn from_value(value: &Value) -> Result<Self, String> {
                match value {
                    Value::Null => Ok(Vec::new()),
                    Value::String(text) => Self::from_text(text),
                    Value::Array(all) => all.iter().map(one_box).collect(),
                    _ => Err("expected a list of sentences".to_string()),
                }
            }
        }
    };
}
boxed!(Criterion, met, Shape::Criteria);
boxed!(Task, done, Shape::Tasks);

fn one_box<T: Boxed + DeserializeOwned>(value: &Value) -> Result<T, String> {
    match value {
        Value::String(text) => {
            let (text, ticked) = read_box(text);
            Ok(T::with(text, ticked))
        }
        _ => T::deserialize(value).map_err(|error| plain(&error)),
    }
}

/// The name of a list element without an id: a checksum of its original text.
pub fn element_name(text: &str) -> String {
    format!("{:08x}", crc32fast::hash(text.as_bytes()))
}

fn read_box(line: &str) -> (&str, bool) {
    let line = line.trim();
    let line = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")).unwrap_or(line);
    for (mark, ticked) in [("[x]", true), ("[X]", true), ("[✓]", true), ("[ ]", false), ("[]", false)] {
        if let Some(rest) = line.strip_prefix(mark) {
            return (rest.trim(), ticked);
        }
    }
    (line, false)
}

fn boxes_to_text<T: Boxed>(all: &[T]) -> String {
    let line = |one: &T| format!("[{}] {}", if one.ticked() { 'x' } else { ' ' }, one.text());
    all.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn boxes_from_text<T: Boxed>(text: &str) -> Vec<T> {
    let lines = text.lines().map(read_box).filter(|(text, _)| !text.is_empty());
    lines.map(|(text, ticked)| T::with(text, ticked)).collect()
}

/// Matches a typed list with the old one, so that an element whose text only changed keeps its identity: equal texts
/// are matched first, the rest by position.
pub fn retyped<T: Boxed>(before: &[T], typed: Vec<T>) -> Vec<T> {
    let mut left: Vec<Option<&T>> = before.iter().map(Some).collect();
    let mut found: Vec<Option<T>> = Vec::with_capacity(typed.len());
    for one in &typed {
        let same = left.iter_mut().find(|old| old.is_some_and(|old| old.text() == one.text()));
        found.push(same.and_then(Option::take).cloned());
    }
    let mut rest: Vec<(usize, &T)> =
        left.iter().enumerate().filter_map(|(place, old)| old.map(|old| (place, old))).collect();
    let mut out = Vec::with_capacity(typed.len());
    for ((place, one), old) in typed.into_iter().enumerate().zip(found) {
        let kept = old.or_else(|| {
            let at = rest.iter().position(|(was, _)| *was == place)?;
            Some(take_at(&mut rest, at)?.1.renamed(one.text()))
        });
        out.push(kept.map_or(one.clone(), |mut kept| {
            kept.set_ticked(one.ticked());
            kept
        }));
    }
    out
}

/// One dated value of a measure.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Reading {
    pub day: Day,
    pub value: Amount,
    #[serde(default, skip_serializing_if = "blank")]
    pub note: Line,
}

/// What is measured, from which value to which: `Bookings made, 38 → 55 %`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Measure {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    pub name: Line,
    #[serde(skip_serializing_if = "blank")]
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

    /// The newest reading, or the starting value.
    pub fn today(&self) -> Option<Amount> {
        self.readings.iter().max_by_key(|reading| reading.day).map(|reading| reading.value).or(self.from)
    }

    /// The progress from `from` to `target`, in percent from 0 to 100.
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
    let old = |one: &Measure, place: usize| {
        before.iter().find(|old| old.name == one.name).or_else(|| before.get(place)).cloned().unwrap_or_default()
    };
    let keep = |(place, one): (usize, Measure)| {
        let old = old(&one, place);
        Measure { id: old.id, readings: old.readings, ..one }
    };
    typed.into_iter().enumerate().map(keep).collect()
}

/// Imported data without a matching field: per source, header → values as read, in the file's order.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Extra(#[serde(deserialize_with = "crate::model::strict::map")] pub Map);

impl Cell for Extra {
    const SHAPE: Shape = Shape::Extra;
    fn to_text(&self) -> String {
        let mut out = Vec::new();
        for (source, fields) in &self.0 {
            match fields {
                Value::Object(fields) => out.extend(fields.iter().map(|(k, v)| format!("{source} {k}: {}", flat(v)))),
                other => out.push(format!("{source}: {}", flat(other))),
            }
        }
        out.join("\n")
    }
    fn from_text(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() { Ok(Extra::default()) } else { Err(nobody_types(text)) }
    }
}

fn flat(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(flat).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// Whether a record exists. It goes from nothing to alive to deleted; ids are never reused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Life {
    #[default]
    Nothing,
    Alive,
    Deleted,
}

impl Serialize for Life {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Life::Nothing => serializer.serialize_none(),
            Life::Alive => serializer.serialize_bool(true),
            Life::Deleted => serializer.serialize_bool(false),
        }
    }
}

impl<'de> Deserialize<'de> for Life {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Option::<bool>::deserialize(deserializer)? {
            None => Life::Nothing,
            Some(true) => Life::Alive,
            Some(false) => Life::Deleted,
        })
    }
}

/// What whyhow itself writes: stored as JSON, never typed.
macro_rules! facts {
    ($shape:ident: $($type:ty $({ $($more:tt)* })?),* $(,)?) => { $(
        impl $crate::model::value::Cell for $type {
            const SHAPE: $crate::model::value::Shape = $crate::model::value::Shape::$shape;
            fn to_text(&self) -> String {
                match self.to_value() {
                    $crate::model::value::Value::Null => String::new(),
                    $crate::model::value::Value::String(text) => text,
                    other => other.to_string(),
                }
            }
            fn from_text(text: &str) -> Result<Self, String> {
                if text.trim().is_empty() { Ok(Self::default()) } else { Err($crate::model::value::nobody_types(text)) }
            }
            $($($more)*)?
        }
    )* };
}
pub(crate) use facts;
facts!(Facts:
    Life,
    Rank,
    u32,
    Option<Source>,
    LastNumbers,
    Unknown,
    Any,
    Token {
        fn token(&self) -> Option<Id> {
            self.0
        }
    },
    Vec<Confirmation> {
        fn confirmations(&self) -> &[Confirmation] {
            self
        }
    },
);

/// The step that last changed a why in substance. `None` if no why has been written yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Token(pub Option<Id>);

/// A confirmation that a how still fits its why.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Confirmation {
    /// The why it depends on.
    pub on: Id,
    /// The why's token at that time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rev: Option<Id>,
    pub by: String,
    pub at: When,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Where an imported record came from; the next import finds it by (system, site, key).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Source {
    pub system: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub site: String,
    pub key: String,
    /// A checksum per mapped field as last imported, for comparison by a later import.
    #[serde(default, skip_serializing_if = "Map::is_empty", deserialize_with = "crate::model::strict::map")]
    pub base: Map,
}

/// The highest number ever given, per kind.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LastNumbers(
    #[serde(deserialize_with = "crate::model::strict::numbers")] pub std::collections::BTreeMap<String, u32>,
);

/// Unknown keys of a record, kept unchanged.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Unknown(pub Option<Box<Map>>);

/// Any value of any field, as stored in a conflict.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Any(#[serde(deserialize_with = "crate::model::strict::value")] pub Value);

/// Declares a fixed list of values; the first is the default.
macro_rules! choices {
    ($( $(#[doc = $doc:literal])+ $Name:ident {
        $first:ident = $first_key:literal $first_label:literal
        $(, $variant:ident = $key:literal $label:literal )* $(,)?
    } )*) => { $(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $Name {
            #[default]
            #[serde(rename = $first_key)]
            #[doc = $first_label]
            $first,
            $( #[serde(rename = $key)] #[doc = $label] $variant, )*
        }
        impl $Name {
            pub const ALL: &'static [$Name] = &[ $Name::$first $(, $Name::$variant )* ];
            const CHOICES: &'static [Choice] = &[
                Choice { key: $first_key, label: $first_label }
                $(, Choice { key: $key, label: $label } )*
            ];
            pub fn key(self) -> &'static str {
                match self { $Name::$first => $first_key $(, $Name::$variant => $key )* }
            }
            pub fn label(self) -> &'static str {
                match self { $Name::$first => $first_label $(, $Name::$variant => $label )* }
            }
        }
        impl Cell for $Name {
            const SHAPE: Shape = Shape::Choice($Name::CHOICES);
            const ALWAYS_WRITTEN: bool = true;
            fn to_text(&self) -> String {
                self.label().to_string()
            }
            fn from_text(text: &str) -> Result<Self, String> {
                let text = text.trim();
                if text.is_empty() {
                    return Ok($Name::default());
                }
                let named = |one: &$Name| one.key().eq_ignore_ascii_case(text) || one.label().eq_ignore_ascii_case(text);
                Self::ALL.iter().copied().find(named).ok_or_else(|| {
                    let keys: Vec<&str> = Self::ALL.iter().map(|one| one.key()).collect();
                    format!("{text:?} is not one of {}", keys.join(", "))
                })
            }
            fn from_value(value: &Value) -> Result<Self, String> {
                match value {
                    Value::Null => Ok($Name::default()),
                    Value::String(text) => Self::from_text(text),
                    _ => Err("expected a word".to_string()),
                }
            }
        }
    )* };
}
pub(crate) use choices;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        for text in ["3", "0.5", "-2", "12.25", "0", "1000000"] {
            assert_eq!(Amount::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Amount::parse("0,5").unwrap(), Amount::hundredths(50));
        assert!(Amount::parse("1e999").is_err());
        assert!(Amount::parse("x").is_err());
        assert_eq!(serde_json::to_string(&Amount::whole(3)).unwrap(), "3");
        assert_eq!(serde_json::to_string(&Amount::hundredths(50)).unwrap(), "0.5");
    }

    #[test]
    fn a_measure_reads_as_it_is_written() {
        for text in ["Bookings made, 38 → 55 %", "No-shows, 14 → 6", "Revenue, 5 M", "only words", ""] {
            assert_eq!(Measure::from_text(text).unwrap().to_text(), text, "{text}");
        }
        let measure = Measure::from_text("Bookings started → bookings made, 38 -> 55 %").unwrap();
        assert_eq!(&*measure.name, "Bookings started → bookings made");
        assert_eq!(measure.progress(), Some(0));
    }

    #[test]
    fn a_retyped_list_keeps_its_elements() {
        let before: Vec<Criterion> = boxes_from_text("[x] one\n[ ] two\n[ ] three");
        let after = retyped(&before, boxes_from_text("[x] one\n[x] two, better\nnew\n[ ] three"));
        assert_eq!(after[0], before[0]);
        assert_eq!(after[1].id.as_deref(), Some(element_name("two").as_str()));
        assert!(after[1].met);
        assert_eq!(after[2].id, None);
        assert_eq!(after[3], before[2]);
    }

    #[test]
    fn a_line_has_no_line_end() {
        assert_eq!(&*Line::from("a\r\nb\nc"), "a b c");
    }
}
