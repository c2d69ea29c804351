//! Comments that came with an import, as people read them: who, when, what. They are kept as the other tool wrote them.

use crate::model::value::Map;
use crate::model::value::Value;

/// A comment of another tool.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct KeptComment {
    /// Empty if only an account is known.
    pub by: String,
    /// As the tool wrote it, without the time.
    pub day: String,
    pub text: String,
}

/// The names under which tools keep comments.
const HEADERS: &[&str] = &["comment", "comments", "annotations"];

/// Whether a header holds comments, in this form that can be read.
pub fn holds_comments(header: &str, value: &Value) -> bool {
    HEADERS.contains(&header.to_lowercase().as_str())
        && value.as_array().is_some_and(|all| all.iter().any(|one| one.is_object() || parts(one).is_some()))
}

/// The comments among what an import kept, in the order of the file.
pub fn kept_comments(extra: &Map) -> Vec<KeptComment> {
    let mut out = Vec::new();
    for fields in extra.values().filter_map(Value::as_object) {
        for (_, value) in fields.iter().filter(|(header, value)| holds_comments(header, value)) {
            out.extend(value.as_array().into_iter().flatten().filter_map(|one| comment(one, fields)));
        }
    }
    out
}

fn comment(value: &Value, beside: &Map) -> Option<KeptComment> {
    let Some(map) = value.as_object() else {
        let (day, account, text) = parts(value)?;
        let by = name_of(account, beside).unwrap_or_default();
        return Some(KeptComment { by, day: day.to_string(), text: text.to_string() });
    };
    let first = |keys: &[&str]| keys.iter().find_map(|key| map.get(key)).map(words).unwrap_or_default();
    let date = first(&["date", "created", "createdAt", "created_at", "entry"]);
    let text = first(&["text", "body", "description"]);
    let by = first(&["author", "by", "user"]);
    (!text.trim().is_empty()).then(|| KeptComment { by, day: day_of(&date).to_string(), text })
}

/// The name of a person, or a text.
fn words(value: &Value) -> String {
    let name = |map: &Map| {
        let keys = ["displayName", "fullName", "name", "login", "username"];
        keys.iter().find_map(|key| map.get(key)?.as_str().map(str::to_string))
    };
    match value {
        Value::String(text) => text.to_string(),
        Value::Object(map) => name(map).unwrap_or_default(),
        _ => String::new(),
    }
}

/// `2026-03-04T13:00:00Z` → `2026-03-04`, `04/Mar/26 1:00 PM` → `04/Mar/26`.
fn day_of(date: &str) -> &str {
    date.split([' ', 'T']).next().unwrap_or_default()
}

/// Jira's `04/Mar/26 1:00 PM;557058:aa;text`; only its first two semicolons part it.
fn parts(value: &Value) -> Option<(&str, &str, &str)> {
    let (date, rest) = value.as_str()?.split_once(';')?;
    let (account, text) = rest.split_once(';')?;
    let is_date = date.len() < 40 && date.starts_with(|c: char| c.is_ascii_digit()) && date.contains(['/', '-', '.']);
    is_date.then_some((day_of(date), account, text))
}

/// The name that stands beside an account in another column of the record.
fn name_of(account: &str, beside: &Map) -> Option<String> {
    let is_account = account.contains(':') || account.chars().filter(char::is_ascii_digit).count() > 8;
    if !is_account {
        return Some(account.to_string());
    }
    let all = |header: &str| beside.get(header).and_then(Value::as_array);
    beside.keys().find_map(|header| {
        let people = all(header.strip_suffix(" Id")?)?;
        let at = all(header)?.iter().position(|one| one.as_str() == Some(account))?;
        people.get(at)?.as_str().map(str::to_string)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn comments_of_every_tool_are_read() {
        let extra = json!({
            "jira": {"Watchers": ["Ida", "Omar"], "Watchers Id": ["557058:aa", "557058:bb"],
                "Comment": ["04/Mar/26 1:00 PM;557058:bb;First; with more\nlines", "05/Mar/26 2:00 PM;ida;Done?", "no date"]},
            "trello": {"comments": [{"author": "Zoe", "date": "2026-03-04T13:00:00Z", "text": "Ship it"}]},
            "github": {"comments": [3]},
            "taskwarrior": {"annotations": [{"entry": "2026-03-05T08:00:00Z", "description": "called"}]},
        });
        let all: Vec<_> = kept_comments(extra.as_object().unwrap())
            .into_iter()
            .map(|one| format!("{}|{}|{}", one.by, one.day, one.text))
            .collect();
        assert_eq!(
            all,
            [
                "Omar|04/Mar/26|First; with more\nlines",
                "ida|05/Mar/26|Done?",
                "Zoe|2026-03-04|Ship it",
                "|2026-03-05|called"
            ]
        );
    }
}
