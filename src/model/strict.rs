//! JSON of any shape without duplicate keys. A plain map would silently keep the last of two, and the first one's value
//! would be lost with the next write.

use crate::model::json::{AnyJson, Map, Value};
use serde::de::{DeserializeSeed, Error};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::sync::Arc;

/// The deepest nesting of maps and lists in a file that is read. Parsers stop at 128 levels, and a value lies a few levels
/// deeper in `product.json` and in the journal than in the file it came from.
pub const MOST_NESTED: usize = 64;

/// The deepest nesting of a single value of any shape in a file of ours. Deeper than that of any file it came from, and
/// with the levels above it still within what parsers read.
pub(crate) const MOST_NESTED_IN_VALUE: usize = 80;

/// The line at which a JSON text is nested deeper than this many levels; `None` if it never is.
pub fn nested_deeper(text: &str, most: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (0usize, 0usize);
    while let Some(byte) = bytes.get(at) {
        at = at.saturating_add(1);
        // Without the bit that parts `[` from `{`.
        match byte & 0b1101_1111 {
            b'[' => {
                depth = depth.saturating_add(1);
                if depth > most {
                    let before = bytes.get(..at).unwrap_or_default();
                    return Some(memchr::memchr_iter(b'\n', before).count().saturating_add(1));
                }
            }
            b']' => depth = depth.saturating_sub(1),
            _ if *byte == b'"' => at = string_end(bytes, at),
            _ => {}
        }
    }
    None
}

/// The place behind the string that begins here, after its first quote.
fn string_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(found) = memchr::memchr2(b'"', b'\\', rest) else { return bytes.len() };
        at = at.saturating_add(found).saturating_add(1);
        if rest.get(found) == Some(&b'"') {
            return at;
        }
        at = at.saturating_add(1);
    }
}

/// How deep maps and lists are nested in a value: 0 for one that is neither.
pub fn depth(value: &Value) -> usize {
    let inner = match value {
        Value::Array(all) => all.iter().map(depth).max(),
        Value::Object(all) => all.values().map(depth).max(),
        _ => return 0,
    };
    inner.unwrap_or(0).saturating_add(1)
}

/// A JSON text in which each map or list below the given level is a string that holds its source, so that a parser with
/// a limit reads it and nothing is lost. Brackets that are never closed stay as they are.
pub fn shallow(text: &str, most: usize) -> Cow<'_, str> {
    if nested_deeper(text, most).is_none() {
        return Cow::Borrowed(text);
    }
    let (mut out, mut copied) = (String::with_capacity(text.len()), 0usize);
    let (mut depth, mut begin) = (0usize, 0usize);
    let (mut in_string, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => {
                if depth == most {
                    begin = at;
                }
                depth = depth.saturating_add(1);
            }
            b']' | b'}' => {
                let was_deeper = depth > most;
                depth = depth.saturating_sub(1);
                if was_deeper && depth == most {
                    let end = at.saturating_add(1);
                    out.push_str(text.get(copied..begin).unwrap_or_default());
                    let source = text.get(begin..end).unwrap_or_default();
                    out.push_str(&Value::from(source).to_string());
                    copied = end;
                }
            }
            _ => {}
        }
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

/// A value in which no map has a duplicate key, and which is nested no deeper than any that whyhow writes.
pub struct Strict(pub Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        AnyJson::strict(MOST_NESTED_IN_VALUE).deserialize(deserializer).map(Strict)
    }
}

/// For a field of any shape.
pub fn value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    Strict::deserialize(deserializer).map(|Strict(value)| value)
}

/// For a field that is a map.
pub fn map<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<Map>, D::Error> {
    match value(deserializer)? {
        Value::Object(map) => Ok(map),
        other => Err(D::Error::custom(format!("invalid type: {other}, expected a map"))),
    }
}

/// For a map of numbers.
pub fn numbers<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<std::collections::BTreeMap<String, u32>, D::Error> {
    let number =
        |(key, value): (&Arc<str>, &Value)| Ok((key.to_string(), u32::deserialize(value).map_err(D::Error::custom)?));
    map(deserializer)?.iter().map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_the_first_too_deep_level_is_found() {
        let brackets_in_a_string = "[\"[[[{{{\\\"[[\", 1]";
        for (text, most, want) in [
            ("[[1]]", 2, None),
            ("[\n[\n[1]]]", 2, Some(3)),
            ("{\"a\":[{}]}", 2, Some(1)),
            ("[1],[2],[3]", 1, None),
            (brackets_in_a_string, 1, None),
            ("[\"never closed [[[", 1, None),
            ("[\"ends with an escape\\", 1, None),
        ] {
            assert_eq!(nested_deeper(text, most), want, "{text}");
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_refused_however_deep_it_stands() {
        let read = |text: &str| serde_json::from_str::<Strict>(text).map(|Strict(value)| value);
        for text in [r#"{"a":1,"a":2}"#, r#"[{"a":{"b":[{"c":1,"c":1}]}}]"#, r#"{"a":1,"\u0061":1}"#] {
            let said = read(text).unwrap_err().to_string();
            assert!(said.contains("occurs twice at line 1 column"), "{said}");
        }
        let text = r#"{"a":[null,true,-1,18446744073709551615,0.5,"x",{"b":{}}]}"#;
        assert_eq!(read(text).unwrap(), serde_json::from_str::<Value>(text).unwrap());
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(read(&nested(MOST_NESTED_IN_VALUE)).is_ok());
        for levels in [MOST_NESTED_IN_VALUE + 1, 100_000] {
            assert!(read(&nested(levels)).unwrap_err().to_string().contains("levels deep at line 1 column"));
        }
    }

    #[test]
    fn a_deep_value_becomes_its_own_source_below_the_level() {
        for (text, most, want) in [
            ("[[1]]", 2, "[[1]]"),
            ("[[1],{\"a\":[2]}]", 1, "[\"[1]\",\"{\\\"a\\\":[2]}\"]"),
            ("[\"[[\",[\"]\"]]", 1, "[\"[[\",\"[\\\"]\\\"]\"]"),
            ("[[[", 1, "[[["),
        ] {
            assert_eq!(shallow(text, most), want);
        }
        let deep = format!("{}1{}", "[".repeat(5000), "]".repeat(5000));
        let read: Value = serde_json::from_str(&shallow(&deep, 64)).unwrap();
        assert_eq!(depth(&read), 64);
    }
}
