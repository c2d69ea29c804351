//! What readers of stories share: words, states, keys that occur twice, and what is kept beside a story.

use crate::import::found::{Found, FoundRecord, Identity, RecordOf};
use crate::import::task_lists::boxes;
use crate::import::vocabulary;
use crate::model::field::Entity;
use crate::model::schema::fields::item;
use crate::model::schema::{BacklogItem, ItemStatus};
use crate::model::value::{Amount, Boxed, Map, Value};
use rustc_hash::FxHashMap;

/// A story while a reader fills it.
pub type Story = RecordOf<BacklogItem>;

/// Names of fields that hold the size of a story in points.
const POINTS: &[&str] =
    &["points", "point", "story points", "story point", "story point estimate", "points estimate", "estimate", "size"];

pub const UNKNOWN_STATE: &str = "state that is not known: imported as to do, and the word is kept beside the story";
pub const NO_STATE: &str = "no state in the file: imported as to do";

/// The identity of a record of another system.
pub fn foreign(site: &str, key: &str) -> Identity {
    Identity::Foreign { site: site.to_string(), key: key.to_string() }
}

/// A title on one line; a missing one is named after its key.
pub fn title(text: &str, key: &str) -> String {
    match one_line(text) {
        words if words.is_empty() => format!("(no title, #{key})"),
        words => words,
    }
}

pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text with the line ends of this program.
pub fn lines(text: &str) -> String {
    if memchr::memchr(b'\r', text.as_bytes()).is_none() {
        return text.to_string();
    }
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// The description, and what it contains.
pub fn describe(record: &mut Story, body: &str, with_boxes: bool) {
    let body = lines(body);
    if with_boxes {
        let boxes = boxes(&body);
        record.set(item::criteria(), boxes.criteria);
        record.set(item::tasks(), boxes.tasks);
    }
    record.set(item::notes(), body.into());
}

/// Items of checklists, without those that have no words.
pub fn ticked<T: Boxed>(all: impl IntoIterator<Item = (String, bool)>, make: fn(&str, bool) -> T) -> Vec<T> {
    let words = all.into_iter().map(|(text, done)| (one_line(&text), done));
    words.filter(|(text, _)| !text.is_empty()).map(|(text, done)| make(&text, done)).collect()
}

/// The status that a word stands for, also where other signs stand beside it: `(done)`.
pub fn status_of(word: &str) -> Option<ItemStatus> {
    vocabulary::status(word).or_else(|| vocabulary::status(word.trim_matches(|c: char| !c.is_alphanumeric())))
}

/// Sets the status that the file's word stands for. A word that says more than the status here is kept.
pub fn set_status(found: &mut Found, record: &mut Story, word: &str) -> ItemStatus {
    set_status_as(found, record, word, None)
}

/// Sets the status that the file's word stands for, as a person said it.
pub fn set_status_as(found: &mut Found, record: &mut Story, word: &str, said: Option<ItemStatus>) -> ItemStatus {
    let word = word.trim();
    let parts = vocabulary::status_and_rest(word).filter(|(head, _)| status_of(head).is_some());
    let status = said.or_else(|| status_of(word)).or_else(|| parts.and_then(|(head, _)| status_of(head)));
    if status.is_some_and(ItemStatus::is_open) {
        record.set(item::blocked(), vocabulary::blocked_by(parts.unwrap_or((word, ""))).into());
    }
    match status {
        Some(status) => {
            if vocabulary::plain(word) != status.label() {
                keep(found, record, "status", &Value::from(word));
            }
        }
        None if word.is_empty() => found.warnings.add(NO_STATE, ""),
        None => {
            found.warnings.add(UNKNOWN_STATE, word);
            keep(found, record, "status", &Value::from(word));
        }
    }
    let status = status.unwrap_or_default();
    record.set(item::status(), status);
    status
}

/// True for the name of a field that holds points.
pub fn names_points(name: &str) -> bool {
    POINTS.contains(&vocabulary::plain(name).as_str())
}

/// A number of points, written as a number or as a text.
pub fn points(value: &Value) -> Option<Amount> {
    match value {
        Value::Number(number) => Amount::parse(&number.to_string()).ok(),
        Value::String(text) => Amount::parse(text.trim()).ok().filter(|_| !text.trim().is_empty()),
        _ => None,
    }
}

/// Keeps a value without a field beside the record, as a list; empty ones are not kept.
pub fn keep<E: Entity>(found: &mut Found, record: &mut RecordOf<E>, header: &str, value: &Value) {
    let values: Vec<Value> = match value {
        Value::Array(all) => all.iter().filter(|one| !is_empty(one)).cloned().collect(),
        one if is_empty(one) => Vec::new(),
        one => vec![one.clone()],
    };
    if !values.is_empty() {
        found.kept_beside = found.kept_beside.saturating_add(values.len());
        found.count_kept(header);
        // A field that people made may have the name of another one.
        let others = (2..).map(|nth| format!("{header} ({nth})"));
        let free = std::iter::once(header.to_string()).chain(others).find(|name| !record.extra.contains_key(name));
        record.keep(&free.unwrap_or_default(), Value::from(values));
    }
}

pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(all) => all.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

/// A copy without the keys that only the other program understands, at any depth.
pub fn without(value: &Value, machine: fn(&str) -> bool) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(key, value)| !machine(key) && !value.is_null());
            kept.map(|(key, value)| (key.clone(), without(value, machine))).collect::<Map>().into()
        }
        Value::Array(all) => all.iter().map(|one| without(one, machine)).collect(),
        other => other.clone(),
    }
}

pub fn text<'a>(map: &'a Map, key: &str) -> &'a str {
    map.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The objects in a list of an object.
pub fn objects<'a>(map: &'a Map, key: &str) -> impl Iterator<Item = &'a Map> {
    map.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

/// An address without its query where that holds a key or a token.
pub fn address(url: &str) -> &str {
    match url.split_once('?') {
        Some((address, query)) if query.contains("token=") || query.contains("key=") => address,
        _ => url,
    }
}

/// The keys of a file, to tell a repeat from a second record of the same key.
#[derive(Default)]
pub struct SeenKeys {
    /// The checksum of the first record of each key, and how often the key was given.
    keys: FxHashMap<String, (u32, usize)>,
    /// Where a record is written to be summed up.
    text: Vec<u8>,
}

impl SeenKeys {
    /// The key under which a record goes; `None` for an exact repeat. Both are listed.
    pub fn take(&mut self, found: &mut Found, key: &str, read: &impl serde::Serialize) -> Option<String> {
        self.text.clear();
        let reads = serde_json::to_writer(&mut self.text, read).map_or(0, |()| crc32fast::hash(&self.text));
        let Some((known, times)) = self.keys.get_mut(key) else {
            self.keys.insert(key.to_string(), (reads, 1));
            return Some(key.to_string());
        };
        if *known == reads {
            found.skipped.add("record that occurs twice in the file", key);
            return None;
        }
        *times = times.saturating_add(1);
        let second = format!("{key}~{times}");
        found.warnings.add("record with the key of another one: both are kept", &format!("{key}, here {second}"));
        Some(second)
    }
}

/// Records that stories link to come before them, in the order of the table.
pub fn before(found: &mut Found, mut first: Vec<FoundRecord>) {
    first.append(&mut found.records);
    found.records = first;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_in_an_address_is_not_kept() {
        assert_eq!(address("https://a.b/c?token=1&x=2"), "https://a.b/c");
        assert_eq!(address("https://a.b/c?page=2"), "https://a.b/c?page=2");
    }

    #[test]
    fn points_go_by_their_name_and_value() {
        assert!(names_points("Story Points") && names_points("story_points") && !names_points("Votes"));
        assert_eq!(points(&Value::from("0.5")).unwrap().to_string(), "0.5");
        assert_eq!(points(&Value::from(5.0)).unwrap().to_string(), "5");
        assert_eq!(points(&Value::from("many")), None);
        assert_eq!(points(&Value::from("")), None);
    }
}
