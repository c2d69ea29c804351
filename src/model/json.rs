//! JSON of which a copy is free: texts, lists and maps are shared. A record, the step that wrote it, the history and the
//! undo stack hold the same text, which is in memory once.

use rustc_hash::FxBuildHasher;
use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Number;
use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher};
use std::ops::{Deref, DerefMut, Index, IndexMut};
use std::sync::Arc;

/// For [`json!`] in crates that do not depend on it.
#[doc(hidden)]
pub use serde_json;

/// Plain JSON. Equal whatever the order of the keys.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    Number(Number),
    String(Arc<str>),
    Array(Arc<Vec<Value>>),
    Object(Arc<Map>),
}

type Pairs = indexmap::IndexMap<Arc<str>, Value, FxBuildHasher>;

/// Keys with their values, in the order in which they were inserted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Map(Pairs);

impl Map {
    pub fn new() -> Map {
        Map::default()
    }

    pub fn with_capacity(count: usize) -> Map {
        Map(Pairs::with_capacity_and_hasher(count, FxBuildHasher))
    }

    /// Returns the value that the key had.
    pub fn insert(&mut self, key: impl Into<Arc<str>>, value: Value) -> Option<Value> {
        self.0.insert(key.into(), value)
    }

    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.0.get_mut(key)
    }

    pub fn contains_key(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Takes a key out; the others keep their order.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.0.shift_remove(key)
    }
}

impl Hash for Map {
    /// Whatever the order of the keys.
    fn hash<H: Hasher>(&self, state: &mut H) {
        let one = |pair: (&Arc<str>, &Value)| FxBuildHasher.hash_one(pair);
        state.write_u64(self.iter().map(one).fold(0, u64::wrapping_add));
    }
}

impl Deref for Map {
    type Target = Pairs;
    fn deref(&self) -> &Pairs {
        &self.0
    }
}

impl DerefMut for Map {
    fn deref_mut(&mut self) -> &mut Pairs {
        &mut self.0
    }
}

impl<K: Into<Arc<str>>> FromIterator<(K, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(all: I) -> Map {
        Map(all.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }
}

impl<K: Into<Arc<str>>> Extend<(K, Value)> for Map {
    fn extend<I: IntoIterator<Item = (K, Value)>>(&mut self, all: I) {
        self.0.extend(all.into_iter().map(|(key, value)| (key.into(), value)));
    }
}

impl IntoIterator for Map {
    type Item = (Arc<str>, Value);
    type IntoIter = indexmap::map::IntoIter<Arc<str>, Value>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a mut Map {
    type Item = (&'a Arc<str>, &'a mut Value);
    type IntoIter = indexmap::map::IterMut<'a, Arc<str>, Value>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter_mut()
    }
}

impl<'a> IntoIterator for &'a Map {
    type Item = (&'a Arc<str>, &'a Value);
    type IntoIter = indexmap::map::Iter<'a, Arc<str>, Value>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// A key of a map, or a place in a list.
pub trait Key: Copy {
    fn of(self, value: &Value) -> Option<&Value>;
    fn of_mut(self, value: &mut Value) -> Option<&mut Value>;
}

impl Key for &str {
    fn of(self, value: &Value) -> Option<&Value> {
        value.as_object()?.get(self)
    }
    fn of_mut(self, value: &mut Value) -> Option<&mut Value> {
        value.as_object_mut()?.get_mut(self)
    }
}

impl Key for &Arc<str> {
    fn of(self, value: &Value) -> Option<&Value> {
        (**self).of(value)
    }
    fn of_mut(self, value: &mut Value) -> Option<&mut Value> {
        (**self).of_mut(value)
    }
}

impl Key for &&str {
    fn of(self, value: &Value) -> Option<&Value> {
        (*self).of(value)
    }
    fn of_mut(self, value: &mut Value) -> Option<&mut Value> {
        (*self).of_mut(value)
    }
}

impl Key for &String {
    fn of(self, value: &Value) -> Option<&Value> {
        self.as_str().of(value)
    }
    fn of_mut(self, value: &mut Value) -> Option<&mut Value> {
        self.as_str().of_mut(value)
    }
}

impl Key for usize {
    fn of(self, value: &Value) -> Option<&Value> {
        value.as_array()?.get(self)
    }
    fn of_mut(self, value: &mut Value) -> Option<&mut Value> {
        value.as_array_mut()?.get_mut(self)
    }
}

impl Value {
    pub fn get(&self, key: impl Key) -> Option<&Value> {
        key.of(self)
    }

    pub fn get_mut(&mut self, key: impl Key) -> Option<&mut Value> {
        key.of_mut(self)
    }

    pub fn is_null(&self) -> bool {
        *self == Value::Null
    }

    pub fn is_boolean(&self) -> bool {
        matches!(self, Value::Bool(_))
    }

    pub fn is_number(&self) -> bool {
        matches!(self, Value::Number(_))
    }

    pub fn is_string(&self) -> bool {
        matches!(self, Value::String(_))
    }

    pub fn is_array(&self) -> bool {
        matches!(self, Value::Array(_))
    }

    pub fn is_object(&self) -> bool {
        matches!(self, Value::Object(_))
    }

    pub fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(yes) = self { Some(*yes) } else { None }
    }

    pub fn as_u64(&self) -> Option<u64> {
        if let Value::Number(number) = self { number.as_u64() } else { None }
    }

    pub fn as_i64(&self) -> Option<i64> {
        if let Value::Number(number) = self { number.as_i64() } else { None }
    }

    pub fn as_f64(&self) -> Option<f64> {
        if let Value::Number(number) = self { number.as_f64() } else { None }
    }

    pub fn as_str(&self) -> Option<&str> {
        if let Value::String(text) = self { Some(text) } else { None }
    }

    pub fn as_array(&self) -> Option<&Vec<Value>> {
        if let Value::Array(all) = self { Some(all) } else { None }
    }

    /// Copies the list if somebody else has it too.
    pub fn as_array_mut(&mut self) -> Option<&mut Vec<Value>> {
        if let Value::Array(all) = self { Some(Arc::make_mut(all)) } else { None }
    }

    pub fn as_object(&self) -> Option<&Map> {
        if let Value::Object(map) = self { Some(map) } else { None }
    }

    /// Copies the map if somebody else has it too.
    pub fn as_object_mut(&mut self) -> Option<&mut Map> {
        if let Value::Object(map) = self { Some(Arc::make_mut(map)) } else { None }
    }

    /// Leaves `null` behind.
    pub fn take(&mut self) -> Value {
        std::mem::take(self)
    }

    /// Whatever serde can write.
    ///
    /// # Errors
    ///
    /// Those of its `Serialize`: a map whose keys are no texts.
    pub fn of(any: impl Serialize) -> Result<Value, serde_json::Error> {
        serde_json::to_value(any).map(Value::from)
    }
}

/// `null` for what is not there.
impl<K: Key> Index<K> for Value {
    type Output = Value;
    fn index(&self, key: K) -> &Value {
        static NOTHING: Value = Value::Null;
        key.of(self).unwrap_or(&NOTHING)
    }
}

/// A key that is not there is inserted; what is no map becomes one.
impl IndexMut<&str> for Value {
    fn index_mut(&mut self, key: &str) -> &mut Value {
        if !self.is_object() {
            *self = Map::new().into();
        }
        let Value::Object(map) = self else { return self };
        Arc::make_mut(map).entry(key.into()).or_default()
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

macro_rules! from {
    ($($type:ty: $one:ident => $value:expr;)*) => { $(
        impl From<$type> for Value {
            fn from($one: $type) -> Value {
                $value
            }
        }
    )* };
}
from! {
    bool: yes => Value::Bool(yes);
    u32: number => Value::Number(number.into());
    u64: number => Value::Number(number.into());
    i32: number => Value::Number(number.into());
    i64: number => Value::Number(number.into());
    usize: number => Value::Number(number.into());
    f64: number => Number::from_f64(number).map_or(Value::Null, Value::Number);
    &str: text => Value::String(text.into());
    String: text => Value::String(text.into());
    &String: text => Value::String(text.as_str().into());
    Arc<str>: text => Value::String(text);
    std::borrow::Cow<'_, str>: text => Value::String(text.into());
    Vec<Value>: all => Value::Array(Arc::new(all));
    Map: map => Value::Object(Arc::new(map));
    Arc<Map>: map => Value::Object(map);
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(one: Option<T>) -> Value {
        one.map_or(Value::Null, T::into)
    }
}

impl From<Vec<String>> for Value {
    fn from(all: Vec<String>) -> Value {
        all.into_iter().map(Value::from).collect()
    }
}

impl From<&[String]> for Value {
    fn from(all: &[String]) -> Value {
        all.iter().map(Value::from).collect()
    }
}

impl FromIterator<Value> for Value {
    fn from_iter<I: IntoIterator<Item = Value>>(all: I) -> Value {
        Value::from(all.into_iter().collect::<Vec<_>>())
    }
}

impl From<serde_json::Value> for Value {
    fn from(value: serde_json::Value) -> Value {
        match value {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(yes) => Value::Bool(yes),
            serde_json::Value::Number(number) => Value::Number(number),
            serde_json::Value::String(text) => text.into(),
            serde_json::Value::Array(all) => all.into_iter().map(Value::from).collect(),
            serde_json::Value::Object(map) => {
                map.into_iter().map(|(key, value)| (key, Value::from(value))).collect::<Map>().into()
            }
        }
    }
}

macro_rules! same_as {
    ($($type:ty: $view:ident => $seen:expr;)*) => { $(
        impl PartialEq<$type> for Value {
            fn eq(&self, other: &$type) -> bool {
                let $view = self;
                $seen == Some((*other).into())
            }
        }
    )* };
}
same_as! {
    &str: value => value.as_str();
    bool: value => value.as_bool();
    u32: value => value.as_u64();
    u64: value => value.as_u64();
    i32: value => value.as_i64();
    i64: value => value.as_i64();
    f64: value => value.as_f64();
}

impl PartialEq<str> for Value {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == Some(other)
    }
}

impl PartialEq<String> for Value {
    fn eq(&self, other: &String) -> bool {
        self.as_str() == Some(other)
    }
}

impl Serialize for Map {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(yes) => serializer.serialize_bool(*yes),
            Value::Number(number) => number.serialize(serializer),
            Value::String(text) => serializer.serialize_str(text),
            Value::Array(all) => serializer.collect_seq(&**all),
            Value::Object(map) => map.serialize(serializer),
        }
    }
}

/// Reads JSON of any shape. A strict one refuses a key that occurs twice in one map, of which a plain one keeps the last
/// value, and what is nested more than so many levels deep.
#[derive(Clone, Copy)]
pub(super) struct AnyJson {
    inside: usize,
    most: Option<usize>,
}

impl AnyJson {
    const PLAIN: AnyJson = AnyJson { inside: 0, most: None };

    pub(super) fn strict(most: usize) -> AnyJson {
        AnyJson { inside: 0, most: Some(most) }
    }

    fn deeper<E: Error>(self) -> Result<AnyJson, E> {
        let inside = self.inside.saturating_add(1);
        match self.most {
            Some(most) if inside > most => Err(E::custom(format!("a value is nested more than {most} levels deep"))),
            most => Ok(AnyJson { inside, most }),
        }
    }
}

/// The message about a key that occurs twice in one map.
pub fn twice(key: &str) -> String {
    format!("the key {key:?} occurs twice")
}

impl<'de> DeserializeSeed<'de> for AnyJson {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AnyJson {
    type Value = Value;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }
    fn visit_bool<E>(self, yes: bool) -> Result<Value, E> {
        Ok(yes.into())
    }
    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }
    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }
    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }
    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let inside = self.deeper()?;
        let mut all: Vec<Value> = Vec::new();
        while let Some(one) = seq.next_element_seed(inside)? {
            all.push(one);
        }
        Ok(all.into())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let inside = self.deeper()?;
        let mut all = Map::new();
        while let Some(Text(key)) = map.next_key()? {
            if self.most.is_some() && all.contains_key(&key) {
                return Err(A::Error::custom(twice(&key)));
            }
            all.insert(key, map.next_value_seed(inside)?);
        }
        Ok(all.into())
    }
}

/// A text, read without a copy in between.
pub struct Text(pub Arc<str>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Seen;
        impl Visitor<'_> for Seen {
            type Value = Text;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Text, E> {
                Ok(Text(text.into()))
            }
        }
        deserializer.deserialize_str(Seen)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyJson::PLAIN)
    }
}

impl<'de> Deserialize<'de> for Map {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Seen;
        impl<'de> Visitor<'de> for Seen {
            type Value = Map;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Map, A::Error> {
                match AnyJson::PLAIN.visit_map(map)? {
                    Value::Object(map) => Ok(Arc::unwrap_or_clone(map)),
                    _ => Ok(Map::new()),
                }
            }
        }
        deserializer.deserialize_map(Seen)
    }
}

impl<'de> IntoDeserializer<'de, serde_json::Error> for &'de Value {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

fn pairs(map: &Map) -> MapDeserializer<'_, impl Iterator<Item = (&str, &Value)>, serde_json::Error> {
    MapDeserializer::new(map.iter().map(|(key, value)| (&**key, value)))
}

impl<'de> Deserializer<'de> for &'de Value {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self {
            Value::Null => visitor.visit_unit(),
            Value::Bool(yes) => visitor.visit_bool(*yes),
            Value::Number(number) => number.deserialize_any(visitor),
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(all) => {
                let mut seq = SeqDeserializer::new(all.iter());
                let value = visitor.visit_seq(&mut seq)?;
                seq.end().map(|()| value)
            }
            Value::Object(map) => {
                let mut map = pairs(map);
                let value = visitor.visit_map(&mut map)?;
                map.end().map(|()| value)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        if self.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        match self {
            Value::String(text) => visitor.visit_enum((&**text).into_deserializer()),
            Value::Object(map) => visitor.visit_enum(MapAccessDeserializer::new(pairs(map))),
            _ => self.deserialize_any(visitor),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// [`serde_json::json!`] as a [`Value`].
#[macro_export]
macro_rules! json {
    ($($any:tt)+) => { $crate::model::json::Value::from($crate::model::json::serde_json::json!($($any)+)) };
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    const ALL: &str = r#"{"a":[null,true,-1,18446744073709551615,0.5,"x",{"b":{}}],"c":"\u0001\n"}"#;

    #[test]
    fn a_value_is_written_as_it_was_read() {
        let value: Value = serde_json::from_str(ALL).unwrap();
        assert_eq!(serde_json::to_string(&value).unwrap(), ALL);
        assert_eq!(value.to_string(), ALL);
        let plain: serde_json::Value = serde_json::from_str(ALL).unwrap();
        assert_eq!(Value::from(plain.clone()), value);
        assert_eq!(Value::of(&plain).unwrap(), value);
        assert_eq!(Value::deserialize(&value).unwrap(), value);
    }

    #[test]
    fn the_order_of_keys_stays_and_does_not_count() {
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        let (one, two) = (read(r#"{"b":1,"a":2}"#), read(r#"{"a":2,"b":1}"#));
        assert_eq!(one, two);
        assert_eq!(one.to_string(), r#"{"b":1,"a":2}"#);
        let mut less = read(r#"{"a":1,"b":2,"c":3}"#);
        less.as_object_mut().unwrap().remove("a");
        assert_eq!(less.to_string(), r#"{"b":2,"c":3}"#);
    }

    #[test]
    fn a_copy_shares_everything_until_it_is_changed() {
        let one: Value = serde_json::from_str(ALL).unwrap();
        let mut two = one.clone();
        assert!(std::ptr::eq(one["c"].as_str().unwrap(), two["c"].as_str().unwrap()));
        *two.get_mut("c").unwrap() = "y".into();
        assert_eq!((&one["c"], &two["c"]), (&"\u{1}\n".into(), &"y".into()));
    }

    #[test]
    fn types_are_read_from_it_as_from_text() {
        #[derive(Deserialize, PartialEq, Debug)]
        #[serde(rename_all = "lowercase")]
        enum Way {
            Up,
            By(u8),
        }
        #[derive(Deserialize, PartialEq, Debug)]
        struct All {
            way: Vec<Way>,
            at: Option<u32>,
            #[serde(default)]
            not: Option<u32>,
            by: BTreeMap<String, f64>,
        }
        let text = r#"{"way":["up",{"by":3}],"at":7,"by":{"x":0.5}}"#;
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(All::deserialize(&value).unwrap(), serde_json::from_str::<All>(text).unwrap());
        let bad: Value = serde_json::from_str(r#"{"way":[],"at":"x","by":{}}"#).unwrap();
        assert!(
            All::deserialize(&bad).unwrap_err().to_string().starts_with("invalid type: string \"x\", expected u32")
        );
    }
}
