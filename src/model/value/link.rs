//! Links to other records.

use crate::model::id::Id;
use crate::model::value::cell::{Cell, Shape, Value, plain};
use crate::model::value::text::words;
use serde::Deserialize;

impl Cell for Option<Id> {
    const SHAPE: Shape = Shape::Link;
    fn to_text(&self) -> String {
        self.map(|id| id.to_string()).unwrap_or_default()
    }
    fn from_text(text: &str) -> Result<Self, String> {
        match text.trim() {
            "" => Ok(None),
            text => Id::parse(text).map(Some).ok_or_else(|| format!("\u{201c}{text}\u{201d} is not a record")),
        }
    }
    fn each_id(&self, see: &mut dyn FnMut(Id)) {
        self.iter().copied().for_each(see);
    }
    fn to_value(&self) -> Value {
        self.map(Value::from).unwrap_or_default()
    }
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Null => Ok(None),
            _ => Id::deserialize(value).map(Some).map_err(|error| plain(&error)),
        }
    }
}

impl Cell for Vec<Id> {
    const SHAPE: Shape = Shape::Links;
    fn to_text(&self) -> String {
        self.iter().map(Id::to_string).collect::<Vec<_>>().join(", ")
    }
    fn from_text(text: &str) -> Result<Self, String> {
        words(text).map(|w| Id::parse(w).ok_or_else(|| format!("\u{201c}{w}\u{201d} is not a record"))).collect()
    }
    fn each_id(&self, see: &mut dyn FnMut(Id)) {
        self.iter().copied().for_each(see);
    }
    fn to_value(&self) -> Value {
        if self.is_empty() { Value::Null } else { self.iter().copied().map(Value::from).collect() }
    }
}
