//! Texts: one line, many lines, a set of short words.

use crate::model::json::Text;
use crate::model::value::cell::{Cell, LONGEST_TEXT, Shape, Value, plain};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::ops::Deref;
use std::sync::Arc;

/// One line of text. A line break read from outside becomes a space. Shared: a copy of a record copies no text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Line(Arc<str>);

/// Many lines of text. Shared, as a [`Line`] is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Prose(Arc<str>);

impl Serialize for Line {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl Serialize for Prose {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Prose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Text::deserialize(deserializer).map(|Text(text)| Prose(text))
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Line(one_line(text).into())
    }
}

/// The text without line breaks.
fn one_line(text: String) -> String {
    if memchr::memchr2(b'\n', b'\r', text.as_bytes()).is_none() {
        return text;
    }
    let flat = text.replace("\r\n", " ").replace(['\n', '\r'], " ");
    flat.trim().to_string()
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        match memchr::memchr2(b'\n', b'\r', text.as_bytes()) {
            None => Line(text.into()),
            Some(_) => Line::from(text.to_string()),
        }
    }
}

impl From<&str> for Prose {
    fn from(text: &str) -> Self {
        Prose(text.into())
    }
}

impl From<String> for Prose {
    fn from(text: String) -> Self {
        Prose(text.into())
    }
}

impl Line {
    fn shared(text: Arc<str>) -> Line {
        match memchr::memchr2(b'\n', b'\r', text.as_bytes()) {
            None => Line(text),
            Some(_) => Line::from(&*text),
        }
    }

    /// For serde: an empty line is not written.
    pub(super) fn is_blank(&self) -> bool {
        self.0.is_empty()
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
        Text::deserialize(deserializer).map(|Text(text)| Line::shared(text))
    }
}

pub(super) fn within_limit(text: &str) -> Result<(), String> {
    if text.len() <= LONGEST_TEXT {
        return Ok(());
    }
    Err(format!("the text is {} bytes long; the limit is 1 MiB", text.len()))
}

impl Cell for Line {
    const SHAPE: Shape = Shape::Line;
    fn to_text(&self) -> String {
        self.0.to_string()
    }
    fn from_text(text: &str) -> Result<Self, String> {
        within_limit(text)?;
        Ok(Line::from(text.trim()))
    }
    fn to_value(&self) -> Value {
        text_value(&self.0)
    }
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::String(text) => Ok(Line::shared(Arc::clone(text))),
            Value::Null => Ok(Line::default()),
            _ => Line::deserialize(value).map_err(|error| plain(&error)),
        }
    }
}

impl Cell for Prose {
    const SHAPE: Shape = Shape::Prose;
    fn to_text(&self) -> String {
        self.0.to_string()
    }
    fn from_text(text: &str) -> Result<Self, String> {
        within_limit(text)?;
        Ok(Prose(text.trim_end().into()))
    }
    fn to_value(&self) -> Value {
        text_value(&self.0)
    }
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::String(text) => Ok(Prose(Arc::clone(text))),
            Value::Null => Ok(Prose::default()),
            _ => Prose::deserialize(value).map_err(|error| plain(&error)),
        }
    }
}

/// An empty text is no value.
fn text_value(text: &Arc<str>) -> Value {
    if text.is_empty() { Value::Null } else { Value::from(Arc::clone(text)) }
}

pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '\n']).map(str::trim).filter(|word| !word.is_empty())
}

/// A set of short words, in the order given, without duplicates. Shared, as a [`Line`] is.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Labels(Arc<[String]>);

impl FromIterator<String> for Labels {
    fn from_iter<I: IntoIterator<Item = String>>(all: I) -> Self {
        let mut out: Vec<String> = Vec::new();
        for label in all {
            let label = label.split_whitespace().collect::<Vec<_>>().join(" ");
            if !label.is_empty() && !out.contains(&label) {
                out.push(label);
            }
        }
        Labels(out.into())
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
            Value::Array(all) if all.iter().all(Value::is_string) => {
                Ok(all.iter().filter_map(Value::as_str).map(str::to_string).collect())
            }
            _ => Labels::deserialize(value).map_err(|error| plain(&error)),
        }
    }
    fn to_value(&self) -> Value {
        if self.0.is_empty() { Value::Null } else { Value::from(&*self.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_no_line_end() {
        assert_eq!(&*Line::from("a\r\nb\nc"), "a b c");
    }
}
