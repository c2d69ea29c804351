//! How Jira's interfaces wrap issues and sprints: pages, lists of pages, records one a line, and the texts in which old
//! servers write a sprint. Only shapes.

use crate::import::moments;
use crate::import::story::{objects, one_line, text};
use crate::model::schema::SprintState;
use crate::model::value::{Day, Map, Value, When};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// The records of a file, whatever wraps them.
#[derive(Default)]
pub struct JiraPages {
    pub issues: Vec<Map>,
    pub sprints: Vec<JiraSprint>,
    /// What the fields are called, where a page says so.
    pub names: FxHashMap<String, String>,
    /// How many issues there are, as far as a page says so.
    pub promised: u64,
    /// A page says that another one follows.
    pub goes_on: bool,
    /// Entries that are neither an issue nor a sprint.
    pub others: usize,
}

impl JiraPages {
    pub fn of(documents: Vec<Value>) -> JiraPages {
        let mut pages = JiraPages::default();
        documents.into_iter().for_each(|document| pages.take(document));
        pages
    }

    fn take(&mut self, value: Value) {
        match value {
            Value::Array(all) => Arc::unwrap_or_clone(all).into_iter().for_each(|one| self.take(one)),
            Value::Object(map) => {
                let mut map = Arc::unwrap_or_clone(map);
                if map.contains_key("key") && map.get("fields").is_some_and(Value::is_object) {
                    return self.issues.push(map);
                }
                if let Some(sprint) = JiraSprint::of_map(&map) {
                    return self.sprints.push(sprint);
                }
                for (field, name) in map.get("names").and_then(Value::as_object).into_iter().flatten() {
                    self.names.extend(name.as_str().map(|name| (field.to_string(), name.to_string())));
                }
                let lists = ["issues", "values", "data", "sprints"];
                let Some((key, inside)) = lists.iter().find_map(|key| Some((*key, map.remove(key)?))) else {
                    self.others = self.others.saturating_add(1);
                    return;
                };
                if key == "issues" {
                    self.promised = self.promised.max(map.get("total").and_then(Value::as_u64).unwrap_or(0));
                }
                let is_last = map.get("isLast").and_then(Value::as_bool);
                self.goes_on = (self.goes_on && is_last != Some(true)) || is_last == Some(false);
                self.take(inside);
            }
            _ => self.others = self.others.saturating_add(1),
        }
    }
}

/// A sprint, from a page of sprints or from an issue.
#[derive(Clone, Debug, PartialEq)]
pub struct JiraSprint {
    pub id: String,
    pub name: String,
    pub goal: String,
    pub state: SprintState,
    pub start: Option<Day>,
    pub end: Option<Day>,
    pub ended: Option<When>,
}

impl JiraSprint {
    /// The sprints in a field of an issue: objects, texts of old servers, one or a list. `None` for any other field.
    pub fn all_in(value: &Value) -> Option<Vec<JiraSprint>> {
        let all = match value {
            Value::Array(all) => all.iter().map(JiraSprint::of).collect::<Option<Vec<_>>>()?,
            one => vec![JiraSprint::of(one)?],
        };
        Some(all).filter(|all| !all.is_empty())
    }

    fn of(value: &Value) -> Option<JiraSprint> {
        match value {
            Value::Object(map) => JiraSprint::of_map(map),
            Value::String(text) => JiraSprint::of_text(text),
            _ => None,
        }
    }

    fn of_map(map: &Map) -> Option<JiraSprint> {
        let about_sprints = ["originBoardId", "boardId", "startDate", "goal"].iter().any(|key| map.contains_key(key));
        let state = state(text(map, "state"))?;
        let is_sprint = !text(map, "name").trim().is_empty() && (about_sprints || map.contains_key("id"));
        is_sprint.then(|| {
            let part = |key: &str| map.get(key).filter(|value| value.is_string());
            JiraSprint {
                id: map
                    .get("id")
                    .map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_string))
                    .unwrap_or_default(),
                name: one_line(text(map, "name")),
                goal: one_line(text(map, "goal")),
                state,
                start: part("startDate").and_then(moments::day),
                end: part("endDate").and_then(moments::day),
                ended: part("completeDate").and_then(moments::when),
            }
        })
    }

    /// `com.atlassian.greenhopper.service.sprint.Sprint@7eede03a[id=2,state=FUTURE,name=A, B,goal=<null>]`
    fn of_text(text: &str) -> Option<JiraSprint> {
        let (head, body) = text.split_once('[')?;
        let body = body.strip_suffix(']').filter(|_| head.contains("greenhopper"))?;
        let mut map = Map::new();
        let mut last = String::new();
        for part in body.split(',') {
            let key = part.split_once('=').filter(|(key, _)| !key.is_empty() && key.chars().all(char::is_alphanumeric));
            match (key, map.get_mut(&last)) {
                (Some((key, value)), _) => {
                    last = key.to_string();
                    map.insert(last.as_str(), Value::from(value));
                }
                // A comma in the value.
                (None, Some(Value::String(value))) => *value = format!("{value},{part}").into(),
                _ => {}
            }
        }
        map.retain(|_, value| value != "<null>");
        JiraSprint::of_map(&map)
    }
}

fn state(word: &str) -> Option<SprintState> {
    match word.to_lowercase().as_str() {
        "future" => Some(SprintState::Planning),
        "active" => Some(SprintState::Active),
        "closed" => Some(SprintState::Closed),
        _ => None,
    }
}

/// The name in an object such as a status, a person or a version.
pub fn named<'a>(fields: &'a Map, key: &str) -> &'a str {
    name_in(fields.get(key).unwrap_or(&Value::Null))
}

pub fn name_in(value: &Value) -> &str {
    let keys = ["displayName", "name", "value"];
    value.as_str().or_else(|| keys.iter().find_map(|key| value.get(*key)?.as_str())).unwrap_or_default().trim()
}

/// The names in a list of such objects.
pub fn all_named(fields: &Map, key: &str) -> Vec<String> {
    let all = fields.get(key).and_then(Value::as_array).into_iter().flatten();
    all.map(name_in).filter(|name| !name.is_empty()).map(str::to_string).collect()
}

/// The comments of an issue, oldest first.
pub fn comments(fields: &Map) -> Vec<&Map> {
    match fields.get("comment") {
        Some(Value::Object(page)) => objects(page, "comments").collect(),
        Some(Value::Array(_)) => objects(fields, "comment").collect(),
        _ => Vec::new(),
    }
}

/// A place in the order by hand: `0|i00847:`.
pub fn rank(value: &Value) -> Option<&str> {
    let (bucket, rest) = value.as_str()?.split_once('|')?;
    let is_rank = matches!(bucket, "0" | "1" | "2") && rest.contains(':') && rest.len() < 300;
    let plain = rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b':');
    (is_rank && plain).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_an_old_server_is_a_sprint() {
        let text = "com.atlassian.greenhopper.service.sprint.Sprint@7eede03a[id=2,rapidViewId=2,state=ACTIVE,name=Wheels, brakes,\
            goal=<null>,startDate=2026-03-02T09:00:00.000+01:00,endDate=2026-03-13T17:00:00.000+01:00,completeDate=<null>,sequence=2]";
        let sprint = &JiraSprint::all_in(&crate::json!([text])).unwrap()[0];
        assert_eq!((&*sprint.name, &*sprint.goal, sprint.state), ("Wheels, brakes", "", SprintState::Active));
        assert_eq!((sprint.start.unwrap().to_string(), sprint.ended), ("2026-03-02".to_string(), None));
        for other in [crate::json!("a[b=c]"), crate::json!([]), crate::json!([{"name": "x", "id": 1}])] {
            assert_eq!(JiraSprint::all_in(&other), None);
        }
    }

    #[test]
    fn a_rank_is_told_from_other_texts() {
        assert_eq!(rank(&"0|i00847:".into()), Some("i00847:"));
        assert_eq!(rank(&"0|0zzzzd:vi".into()), Some("0zzzzd:vi"));
        for text in ["0|A:", "3|a:", "a|b", "0|b"] {
            assert_eq!(rank(&text.into()), None, "{text}");
        }
    }
}
