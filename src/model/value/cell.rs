//! What a field's type has to provide: its shape, and the ways between value and text.

use crate::model::id::Id;
use crate::model::value::choice::Choice;
use crate::model::value::facts::Confirmation;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use crate::model::json::{Map, Value};

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

impl Shape {
    /// Why a value from outside is refused: the field's own reason, or what it expects where the value is something else
    /// altogether. What a parser says of that is for programmers.
    pub(crate) fn refused(self, value: &Value, why: String) -> String {
        let all = |of: fn(&Value) -> bool| value.as_array().is_some_and(|all| all.iter().all(of));
        let sentence = |one: &Value| one.is_string() || one.get("text").is_some_and(Value::is_string);
        let (is_of_that_kind, expected) = match self {
            Shape::Line | Shape::Prose => (value.is_string(), "text in quotes"),
            Shape::Amount => (value.is_string() || value.is_number(), "a number"),
            Shape::Choice(_) => (value.is_string(), "a word in quotes"),
            Shape::Day => (value.is_string(), "a day in quotes, as in \"2026-03-02\""),
            Shape::When => (value.is_string(), "a time in quotes, as in \"2026-03-02T09:00:00Z\""),
            Shape::Link => (value.is_string(), "the id of a record"),
            Shape::Links => (value.is_string() || all(Value::is_string), "a list of ids"),
            Shape::Labels => (value.is_string() || all(Value::is_string), "a list of words"),
            Shape::Criteria | Shape::Tasks => (value.is_string() || all(sentence), "a list of sentences"),
            Shape::Measure => (value.is_string() || value.get("name").is_some(), "a measure"),
            Shape::Measures => {
                (value.is_string() || all(|one| one.is_string() || one.get("name").is_some()), "a list of measures")
            }
            Shape::Extra => (value.is_object(), "an object"),
            Shape::Entries | Shape::Facts => (false, "what whyhow writes there"),
        };
        if is_of_that_kind { why } else { format!("expected {expected}") }
    }
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
        Value::of(self).unwrap_or_default()
    }

    /// Turns a value from outside into the one that the field stores. One that is invalid stays as it is.
    ///
    /// # Errors
    ///
    /// Those of `from_value`.
    fn settle(value: &mut Value) -> Result<(), String> {
        *value = Self::from_value(value)?.to_value();
        Ok(())
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
pub(super) fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.strip_prefix("invalid type: ").map_or(text.clone(), |rest| format!("found {rest}"))
}

pub(crate) fn nobody_types(_: &str) -> String {
    "this is computed and cannot be typed".to_string()
}
