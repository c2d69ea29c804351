//! How GitHub's tools wrap data: pages, archives, queries, URLs, people. Only shapes; `github` defines what they mean
//! for an item.

use crate::model::saturating::drop_first;
use crate::model::value::{Map, Value};
use std::sync::Arc;

/// Keys that may contain lists of issues.
const LISTS: &[&str] = &["issues", "items", "nodes", "data", "edges"];
/// Keys around them, as in the answer to a query.
const AROUND: &[&str] = &["data", "repository", "organization", "viewer", "user", "search", "issues", "node"];

/// The records of a file, whatever wraps them.
#[derive(Default)]
pub(super) struct Pages {
    pub records: Vec<Value>,
    pub pulls: usize,
    pub site: String,
    /// How many there are according to the file.
    pub promised: Option<u64>,
}

pub(super) fn unpack(documents: Vec<Value>) -> Pages {
    let mut pages = Pages::default();
    documents.into_iter().for_each(|document| pages.take(document));
    pages
}

impl Pages {
    /// One document: a list, a list of pages as `gh --slurp` writes it, or an object that holds a list.
    fn take(&mut self, document: Value) {
        match document {
            Value::Array(all) => {
                for one in Arc::unwrap_or_clone(all) {
                    let is_page = one.is_array()
                        || one.as_object().is_some_and(|map| list_in(map).is_some() || around(map).is_some());
                    if is_page { self.take(one) } else { self.records.push(one) }
                }
            }
            Value::Object(top) => {
                let mut top = Arc::unwrap_or_clone(top);
                let pulls = top.get("pulls").and_then(Value::as_array).map_or(0, Vec::len);
                self.pulls = self.pulls.saturating_add(pulls);
                if let Some(repo) = first(&top, &["repo", "repository"]) {
                    self.site =
                        repo.as_str().or_else(|| repo.get("nameWithOwner")?.as_str()).unwrap_or_default().into();
                }
                let promised = first(&top, &["totalCount", "total_count"]).and_then(Value::as_u64);
                self.promised = self.promised.max(promised);
                match list_in(&top).or_else(|| around(&top)).and_then(|key| top.get_mut(key)).map(Value::take) {
                    // The edges of a query are one more layer.
                    Some(Value::Array(all)) if all.iter().any(|one| one.get("node").is_some()) => {
                        Arc::unwrap_or_clone(all).into_iter().for_each(|one| self.take(one));
                    }
                    Some(Value::Array(all)) => self.records.extend(Arc::unwrap_or_clone(all)),
                    Some(inside) => self.take(inside),
                    None => self.records.push(Value::from(top)),
                }
            }
            other => self.records.push(other),
        }
    }
}

/// The key of the list of issues that an object holds; an issue holds none.
fn list_in(top: &Map) -> Option<&'static str> {
    let is_issue = top.contains_key("title");
    LISTS.iter().copied().find(|key| !is_issue && top.get(key).is_some_and(Value::is_array))
}

/// The key of the object that holds it, where no list is.
fn around(top: &Map) -> Option<&'static str> {
    let is_issue = top.contains_key("title");
    AROUND.iter().copied().find(|key| !is_issue && top.get(key).is_some_and(Value::is_object))
}

/// The first of these keys that is present.
pub(super) fn first<'a>(map: &'a Map, keys: &[&str]) -> Option<&'a Value> {
    keys.iter().find_map(|key| map.get(key))
}

pub(super) fn text<'a>(map: &'a Map, keys: &[&str]) -> &'a str {
    first(map, keys).and_then(Value::as_str).unwrap_or_default()
}

/// A list, also if a query wraps it in `nodes`, or if there is a single element.
pub(super) fn several(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(all) => all.iter().collect(),
        Value::Null => Vec::new(),
        Value::Object(map) => map.get("nodes").map_or_else(|| vec![value], several),
        other => vec![other],
    }
}

/// The name of a label, a person or a milestone, given as text or as an object.
pub(super) fn name<'a>(value: &'a Value, key: &str) -> &'a str {
    value.as_str().or_else(|| value.get(key)?.as_str()).unwrap_or_default().trim()
}

/// `https://github.com/owner/repo/issues/12` → (`owner/repo`, `12`). A self-hosted server keeps its name.
pub(super) fn place_of(url: &str) -> Option<(String, String)> {
    let path = url.split_once("://")?.1.split(['?', '#']).next()?;
    let mut parts = path.split('/');
    let host = parts.next()?;
    let mut rest: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    if let Some(at) = rest.iter().position(|part| *part == "repos") {
        drop_first(&mut rest, at.saturating_add(1));
    }
    let mut rest = rest.into_iter();
    let (owner, repo) = (rest.next()?, rest.next()?);
    let key = rest.nth(1).unwrap_or_default();
    let site = match host {
        "github.com" | "www.github.com" | "api.github.com" => format!("{owner}/{repo}"),
        host => format!("{host}/{owner}/{repo}"),
    };
    Some((site, key.to_string()))
}

pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(all) => all.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

/// Replaces people by their names, and removes URLs of pictures and pages of the other program.
pub(super) fn without_machinery(value: &Value) -> Value {
    match value {
        Value::Object(map) => match map.get("login") {
            Some(Value::String(login)) => Value::from(login.clone()),
            _ => map
                .iter()
                .filter(|(key, value)| {
                    !(key.ends_with("_url") && &***key != "html_url") && &***key != "node_id" && !value.is_null()
                })
                .map(|(key, value)| (Arc::clone(key), without_machinery(value)))
                .collect::<Map>()
                .into(),
        },
        Value::Array(all) => all.iter().map(without_machinery).collect(),
        other => other.clone(),
    }
}

/// Counts how often a text says that something depends on an issue.
pub(super) fn mentions(body: &str) -> usize {
    const SAYS: &[&str] = &["depends on", "blocked by", "closes", "fixes", "resolves", "duplicate of"];
    if !body.contains('#') {
        return 0;
    }
    let body = body.to_ascii_lowercase();
    let names_issue = |rest: &str| {
        let rest = rest.trim_start_matches([':', ' ']);
        rest.strip_prefix('#').is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
    };
    SAYS.iter()
        .map(|says| {
            body.match_indices(says)
                .filter_map(|(at, _)| body.get(at.saturating_add(says.len())..))
                .filter(|rest| names_issue(rest))
                .count()
        })
        .sum()
}
