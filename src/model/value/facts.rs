//! What whyhow itself writes about a record: never typed, stored as JSON.

use crate::model::id::Id;
use crate::model::rank::Rank;
use crate::model::strict::{MOST_NESTED_IN_VALUE, depth};
use crate::model::value::cell::{Cell, Map, Shape, Value, nobody_types, plain};
use crate::model::value::date::When;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::Arc;

/// Imported data without a matching field: per source, header → values as read, in the file's order.
///
/// Shared: a change of another field of the record copies the record, but not this.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Extra(#[serde(serialize_with = "plain_map", deserialize_with = "crate::model::strict::map")] pub Arc<Map>);

fn plain_map<S: Serializer>(map: &Arc<Map>, serializer: S) -> Result<S::Ok, S::Error> {
    map.serialize(serializer)
}

fn has_none(map: &Arc<Map>) -> bool {
    map.is_empty()
}

impl Cell for Extra {
    const SHAPE: Shape = Shape::Extra;
    fn to_text(&self) -> String {
        let mut out = Vec::new();
        for (source, fields) in self.0.iter() {
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
    fn to_value(&self) -> Value {
        if self.0.is_empty() { Value::Null } else { Value::from(Arc::clone(&self.0)) }
    }
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            // A map in memory has no key twice, so that the way through the parser shows no more than its depth.
            Value::Object(map) if fits(value) => Ok(Extra(Arc::clone(map))),
            Value::Null => Ok(Extra::default()),
            _ => Extra::deserialize(value).map_err(|error| plain(&error)),
        }
    }
}

fn flat(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_string(),
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
        impl $crate::model::value::cell::Cell for $type {
            const SHAPE: $crate::model::value::cell::Shape = $crate::model::value::cell::Shape::$shape;
            fn to_text(&self) -> String {
                match self.to_value() {
                    $crate::model::value::cell::Value::Null => String::new(),
                    $crate::model::value::cell::Value::String(text) => text.to_string(),
                    other => other.to_string(),
                }
            }
            fn from_text(text: &str) -> Result<Self, String> {
                if text.trim().is_empty() { Ok(Self::default()) } else { Err($crate::model::value::cell::nobody_types(text)) }
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
    pub by: Arc<str>,
    pub at: When,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Where an imported record came from; the next import finds it by (system, site, key).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Source {
    pub system: Arc<str>,
    #[serde(default = "nowhere", skip_serializing_if = "is_nowhere")]
    pub site: Arc<str>,
    pub key: Arc<str>,
    /// Per mapped field what was imported last, for comparison by a later import: a checksum, or the elements of a list.
    /// Shared, as [`Extra`] is.
    #[serde(
        default,
        skip_serializing_if = "has_none",
        serialize_with = "plain_map",
        deserialize_with = "crate::model::strict::map"
    )]
    pub base: Arc<Map>,
}

/// As people read it: `github acme/shop#2271`, `jira example.org ABC-12`.
fn nowhere() -> Arc<str> {
    Arc::from("")
}

fn is_nowhere(site: &Arc<str>) -> bool {
    site.is_empty()
}

impl Cell for Option<Source> {
    const SHAPE: Shape = Shape::Facts;
    fn to_text(&self) -> String {
        let Some(source) = self else { return String::new() };
        let is_number = !source.key.is_empty() && source.key.bytes().all(|byte| byte.is_ascii_digit());
        let between = if is_number { "#" } else { " " };
        format!("{} {}{between}{}", source.system, source.site, source.key).trim().to_string()
    }
    fn from_text(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() { Ok(None) } else { Err(nobody_types(text)) }
    }
    fn to_value(&self) -> Value {
        let Some(source) = self else { return Value::Null };
        let mut map = Map::with_capacity(4);
        map.insert("system", Arc::clone(&source.system).into());
        if !source.site.is_empty() {
            map.insert("site", Arc::clone(&source.site).into());
        }
        map.insert("key", Arc::clone(&source.key).into());
        if !source.base.is_empty() {
            map.insert("base", Arc::clone(&source.base).into());
        }
        map.into()
    }
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Null => Ok(None),
            _ => match known_source(value) {
                Some(source) => Ok(Some(source)),
                None => Option::deserialize(value).map_err(|error| plain(&error)),
            },
        }
    }
}

/// A source as this program writes it; `None` leaves the parser to say what is wrong.
fn known_source(value: &Value) -> Option<Source> {
    let text = |key: &str| match value.get(key)? {
        Value::String(text) => Some(Arc::clone(text)),
        _ => None,
    };
    let site = if value.get("site").is_some() { text("site")? } else { nowhere() };
    let base = match value.get("base") {
        None => Arc::default(),
        Some(Value::Object(base)) if value.get("base").is_some_and(fits) => Arc::clone(base),
        Some(_) => return None,
    };
    Some(Source { system: text("system")?, site, key: text("key")?, base })
}

/// True if no parser refuses the value for its depth.
fn fits(value: &Value) -> bool {
    depth(value) <= MOST_NESTED_IN_VALUE
}

/// The highest number ever given, per kind.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LastNumbers(
    #[serde(deserialize_with = "crate::model::strict::numbers")] pub std::collections::BTreeMap<String, u32>,
);

impl LastNumbers {
    /// Takes the higher number of each kind.
    pub fn raise(&mut self, other: &LastNumbers) {
        for (kind, number) in &other.0 {
            let mine = self.0.entry(kind.clone()).or_default();
            *mine = (*mine).max(*number);
        }
    }
}

/// Unknown keys of a record, kept unchanged.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Unknown(pub Option<Box<Map>>);

/// Any value of any field, as stored in a conflict.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Any(#[serde(deserialize_with = "crate::model::strict::value")] pub Value);
