//! Who a story is about: those it is assigned to, and those who wrote it in the tool that it came from.

use crate::model::schema::BacklogItem;
use crate::model::value::{Map, Value};

/// The names of imported columns that hold whoever wrote a story, in small letters without blanks.
const AUTHORS: &[&str] = &[
    "author",
    "authorname",
    "authorusername",
    "creator",
    "createdby",
    "openedby",
    "reporter",
    "requester",
    "submitter",
];

/// The names of imported columns that hold whoever works on it; an import keeps them where it set nobody.
const ASSIGNED: &[&str] = &["assignee", "assignees", "assignedto", "assigneename", "owner", "owners", "members"];

/// Those a story is assigned to, each once.
pub fn assigned(item: &BacklogItem) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    named(&item.assignee, &mut out);
    if out.is_empty() {
        imported(&item.extra.0, ASSIGNED, &mut out);
    }
    out
}

/// Those who wrote it where it came from.
pub fn authors(item: &BacklogItem) -> Vec<String> {
    let mut out = Vec::new();
    imported(&item.extra.0, AUTHORS, &mut out);
    out
}

/// The names in a text, which separates them by commas or semicolons.
fn named(text: &str, out: &mut Vec<String>) {
    for name in text.split([',', ';']).map(str::trim).filter(|name| !name.is_empty()) {
        if !out.iter().any(|known| known == name) {
            out.push(name.to_string());
        }
    }
}

fn imported(extra: &Map, columns: &[&str], out: &mut Vec<String>) {
    let is_meant = |key: &str| {
        let letters: String = key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        columns.contains(&letters.as_str())
    };
    for held in extra.values().filter_map(Value::as_object) {
        held.iter().filter(|(key, _)| is_meant(key)).for_each(|(_, value)| people_in(value, out));
    }
}

/// The names in a value: a text, a list, or what tools write about a person.
fn people_in(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::String(text) => named(text, out),
        Value::Array(all) => all.iter().for_each(|one| people_in(one, out)),
        Value::Object(person) => {
            let keys = ["login", "displayName", "name", "fullName", "username"];
            if let Some(name) = keys.iter().find_map(|key| person.get(key)?.as_str()) {
                named(name, out);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    use crate::model::value::Extra;

    #[test]
    fn people_are_found_wherever_an_import_left_them() {
        let extra = json!({"github": {"author": ["ana"], "assignees": [{"login": "ben"}], "url": ["x"]},
            "jira": {"Reporter": "Cy, Dee", "Created By": ["ana"]}});
        let mut item =
            BacklogItem { extra: Extra(extra.as_object().cloned().unwrap().into()), ..BacklogItem::default() };
        assert_eq!(authors(&item), ["ana", "Cy", "Dee"]);
        assert_eq!(assigned(&item), ["ben"]);
        item.assignee = "Eve; Fay, Eve".into();
        assert_eq!(assigned(&item), ["Eve", "Fay"], "what the story says itself comes first");
    }
}
