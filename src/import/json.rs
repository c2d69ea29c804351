//! JSON as other tools write it: one document, or several in a row as in paged downloads. An invalid file is refused
//! with the position and what to do; one nested deeper than [`MOST_NESTED`] levels too.

use crate::import::bytes::SourceFile;
use crate::model::rules::Refusal;
use crate::model::strict::{MOST_NESTED, Strict, nested_deeper};
use crate::model::value::Value;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Every document of the file.
pub fn documents(file: &SourceFile) -> Result<Vec<Value>, Refusal> {
    shallow(file)?;
    let all = serde_json::Deserializer::from_str(&file.text).into_iter();
    let all: Result<Vec<Value>, _> = all.map(|one| one.map(|Strict(value)| value)).collect();
    let all = all.map_err(|error| in_words(file, &error))?;
    if all.is_empty() { Err(empty(file)) } else { Ok(all) }
}

fn empty(file: &SourceFile) -> Refusal {
    Refusal::new(format!("{} is empty.", file.name), "Nothing was imported; export it again and check its size.")
}

/// True if the file is JSON at all.
pub fn check(file: &SourceFile) -> Result<(), Refusal> {
    shallow(file)?;
    if file.text.trim().is_empty() {
        return Err(empty(file));
    }
    let mut all = serde_json::Deserializer::from_str(&file.text).into_iter::<IgnoredAny>();
    all.try_for_each(|one| one.map(drop)).map_err(|error| in_words(file, &error))
}

/// Refuses a file that no reader here should follow to its end.
fn shallow(file: &SourceFile) -> Result<(), Refusal> {
    let Some(line) = nested_deeper(&file.text, MOST_NESTED) else { return Ok(()) };
    Err(Refusal::new(
        format!("{} is nested more than {MOST_NESTED} levels deep at line {line}.", file.name),
        "Nothing was imported and your product is unchanged. Check that place in the file.",
    ))
}

fn in_words(file: &SourceFile, error: &serde_json::Error) -> Refusal {
    let (name, line, column) = (&file.name, error.line(), error.column());
    let safe = "Nothing was imported and your product is unchanged.";
    let reason = error.to_string();
    let reason = reason.split(" at line ").next().unwrap_or_default();
    if error.is_eof() {
        return Refusal::new(
            format!("{name} ends too early, at line {line}, column {column}."),
            format!("{safe} Export it again; the file is incomplete."),
        );
    }
    // What is JSON but not accepted: a key that occurs twice.
    if error.is_data() {
        return Refusal::new(
            format!("{name} has a contradiction at line {line}, column {column}: {reason}."),
            format!("{safe} Remove one of them from the file."),
        );
    }
    Refusal::new(
        format!("{name} is not JSON at line {line}, column {column}: {reason}."),
        format!("{safe} Export it again, or fix that place in the file."),
    )
}

/// The outline of a file's top level, without its records.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outline {
    /// The top level is a list.
    pub list: bool,
    /// The keys of the top level, or of the first record of a list.
    pub keys: Vec<String>,
}

impl Outline {
    pub fn has(&self, key: &str) -> bool {
        self.keys.iter().any(|known| known == key)
    }
}

/// As much of the outline as is readable before an error, so that the format of an invalid file is still detected.
pub fn outline(text: &str) -> Outline {
    let mut outline = Outline::default();
    let mut parser = serde_json::Deserializer::from_str(text);
    // Only what was seen counts, not how reading ended.
    let _ = Top { outline: &mut outline }.deserialize(&mut parser);
    outline
}

struct Top<'a> {
    outline: &'a mut Outline,
}

impl<'de> DeserializeSeed<'de> for Top<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Top<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("records")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        // A list of pages: the first record of the first page.
        self.outline.list = true;
        // The first record is enough; the rest is not read. Pages before it may be empty.
        while self.outline.keys.is_empty() {
            if seq.next_element_seed(Top { outline: self.outline })?.is_none() {
                break;
            }
        }
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            self.outline.keys.push(key);
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> SourceFile {
        SourceFile { name: "a.json".to_string(), text: text.to_string(), ..SourceFile::default() }
    }

    #[test]
    fn a_broken_file_is_refused_with_its_place() {
        let refusal = documents(&file("[\n  {\"a\": 1,}\n]")).unwrap_err();
        assert!(refusal.what.contains("line 2, column 11"), "{refusal}");
        assert!(refusal.hint.starts_with("Nothing was imported"), "{refusal}");
        assert!(documents(&file("[{\"a\": ")).unwrap_err().what.contains("ends too early"));
        assert!(documents(&file("")).unwrap_err().what.contains("empty"));
        let deep = "[".repeat(5000);
        assert!(documents(&file(&deep)).unwrap_err().what.contains("64 levels"));
    }

    #[test]
    fn pages_behind_each_other_are_read() {
        assert_eq!(documents(&file("[1][2]\n{\"a\":1}\n")).unwrap().len(), 3);
    }

    #[test]
    fn the_outline_shows_the_keys() {
        let keys = |text| outline(text).keys.join(" ");
        assert_eq!(keys("[{\"title\":1,\"number\":[{}]},{\"x\":1}]"), "title number");
        assert_eq!(keys("{\"format\":\"1.0\",\"items\":[{}]}"), "format items");
        assert_eq!(keys("[{\"title\":1,\"numb"), "title");
        assert_eq!(keys("[[],[{\"title\":1}]]"), "title");
        assert_eq!(outline("nonsense"), Outline::default());
    }
}
