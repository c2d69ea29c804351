//! Orders in which stories can be looked at besides the one made by hand: by age, by a number of their own, or by any number
//! that came with an import.

use crate::model::grammar::key_in_words;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, Feedback};
use crate::model::value::Value;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Sort {
    /// By creation, oldest first.
    Oldest,
    /// By creation, newest first.
    Newest,
    /// The others have the largest number first.
    Value,
    Points,
    /// By how many pieces of feedback link to the story.
    Voices,
    /// A number kept from an import, by its path: the source, the header, and maybe a key below.
    Imported(Vec<String>),
}

impl Sort {
    /// What the list is sorted by, as in "sorted by …".
    pub fn label(&self) -> String {
        match self {
            Sort::Oldest => "age, oldest first".to_string(),
            Sort::Newest => "age, newest first".to_string(),
            Sort::Value => "value".to_string(),
            Sort::Points => "points".to_string(),
            Sort::Voices => "voices".to_string(),
            Sort::Imported(path) => {
                let words = path.get(1..).unwrap_or_default().iter().map(|key| key_in_words(key)).collect::<Vec<_>>();
                counted(&words.join(" "))
            }
        }
    }

    /// True for the rank of importance that another tool gives, not for a number that grows with it.
    fn is_priority(&self) -> bool {
        let Sort::Imported(path) = self else { return false };
        path.last().is_some_and(|key| is_priority(key))
    }

    /// True for a day by which something is wanted: the next one comes first.
    fn is_due(&self) -> bool {
        let Sort::Imported(path) = self else { return false };
        let is_due = |key: &String| {
            let words = key_in_words(key).to_lowercase();
            DUE.iter().any(|due| words == *due)
        };
        path.last().is_some_and(is_due)
    }

    /// One word for a file; [`Sort::from_word`] reads it.
    pub fn word(&self) -> String {
        match self {
            Sort::Oldest => "oldest".to_string(),
            Sort::Newest => "newest".to_string(),
            Sort::Value => "value".to_string(),
            Sort::Points => "points".to_string(),
            Sort::Voices => "voices".to_string(),
            Sort::Imported(path) => serde_json::to_string(path).unwrap_or_default(),
        }
    }

    pub fn from_word(word: &str) -> Option<Sort> {
        Some(match word {
            "oldest" => Sort::Oldest,
            "newest" => Sort::Newest,
            "value" => Sort::Value,
            "points" => Sort::Points,
            "voices" => Sort::Voices,
            other => Sort::Imported(serde_json::from_str(other).ok()?),
        })
    }

    /// What the row of a story shows of it; empty if the row shows it anyway or there is none.
    pub fn note(&self, product: &Product, item: &BacklogItem) -> String {
        match self {
            Sort::Oldest | Sort::Newest => {
                item.created.as_ref().map(|when| when.0.format("%-d %b %y").to_string()).unwrap_or_default()
            }
            Sort::Value => item.value.map(|value| format!("value {value}")).unwrap_or_default(),
            Sort::Points => String::new(),
            Sort::Voices => match product.all::<Feedback>().filter(|voice| voice.links.contains(&item.id)).count() {
                0 => String::new(),
                1 => "1 voice".to_string(),
                many => format!("{many} voices"),
            },
            Sort::Imported(path) => {
                let said = value_at(&item.extra.0, path).filter(|value| number(value).is_none());
                let said = said.and_then(alone).map(str::trim).map(str::to_string);
                let number = || at_path(&item.extra.0, path).map(|number| number.to_string());
                said.or_else(number).map(|said| format!("{} {said}", self.label())).unwrap_or_default()
            }
        }
    }
}

/// What tools call the day by which something is wanted.
const DUE: &[&str] = &[
    "due",
    "due date",
    "duedate",
    "due on",
    "deadline",
    "fälligkeitsdatum",
    "fällig",
    "fällig am",
    "frist",
    "termin",
    "échéance",
    "date d'échéance",
    "date limite",
    "fecha de vencimiento",
    "fecha límite",
    "data limite",
    "data de vencimento",
    "scadenza",
];

/// The words for ranks of importance, the highest first.
const PRIORITIES: [&[&str]; 5] = [
    &["highest", "blocker", "critical", "urgent", "p0", "must", "must have", "a", "höchste", "kritisch"],
    &["high", "major", "p1", "should", "should have", "b", "hoch", "haute", "élevée", "alta"],
    &["medium", "normal", "moderate", "p2", "could", "could have", "c", "mittel", "moyenne", "media", "média"],
    &["low", "minor", "p3", "won't", "won't have", "d", "niedrig", "basse", "faible", "baja", "baixa", "bassa"],
    &["lowest", "trivial", "p4", "e", "niedrigste"],
];

fn is_priority(key: &str) -> bool {
    matches!(
        key.to_lowercase().as_str(),
        "priority" | "prio" | "priorität" | "priorité" | "prioridad" | "prioridade" | "priorità"
    )
}

/// The rank of a word for importance, from 1.
fn priority(value: &Value) -> Option<f64> {
    let text = alone(value)?.trim().trim_matches(['(', ')']).to_lowercase();
    let rank = PRIORITIES.iter().position(|words| words.contains(&text.as_str()))?;
    u32::try_from(rank.saturating_add(1)).ok().map(f64::from)
}

/// A text, or one alone in a list.
fn alone(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Array(all) => match all.as_slice() {
            [one] => alone(one),
            _ => None,
        },
        _ => None,
    }
}

/// A day as a number: `2026-03-02`, also with a time behind it, and `22/Dec/25 2:38 PM` as Jira writes it.
fn day(value: &Value) -> Option<f64> {
    use chrono::{Datelike, NaiveDate};
    let text = alone(value)?.trim();
    let head = text.get(..10).and_then(|head| NaiveDate::parse_from_str(head, "%Y-%m-%d").ok());
    let jira = || NaiveDate::parse_from_str(text.split_whitespace().next()?, "%d/%b/%y").ok();
    head.or_else(jira).map(|day| f64::from(day.num_days_from_ce()))
}

/// What a value that an import kept is sorted by: a number, a day, or a rank of importance.
fn key_of(key: &str, value: &Value) -> Option<f64> {
    let rank = || if is_priority(key) { priority(value) } else { None };
    number(value).or_else(|| day(value)).or_else(rank)
}

/// What a count counts: `comment count` is `comments`, `reactions total count` is `reactions`.
fn counted(words: &str) -> String {
    let all: Vec<&str> = words.split(' ').collect();
    let ([what @ .., "total", "count"] | [what @ .., "count"]) = all.as_slice() else { return words.to_string() };
    match what.last() {
        None => words.to_string(),
        Some(last) if last.ends_with('s') => what.join(" "),
        Some(_) => format!("{}s", what.join(" ")),
    }
}

/// The sorts, with how many stories have a number for each: first our own, always in the same places, then what came with
/// imports.
pub fn sorts(product: &Product) -> Vec<(Sort, usize)> {
    let items = || product.all::<BacklogItem>();
    let dated = items().filter(|item| item.created.is_some()).count();
    let mut out = vec![
        (Sort::Oldest, dated),
        (Sort::Newest, dated),
        (Sort::Value, items().filter(|item| item.value.is_some()).count()),
        (Sort::Points, items().filter(|item| item.points.is_some()).count()),
        (Sort::Voices, voices(product).len()),
    ];
    let mut paths: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for item in items() {
        for (path, _) in imported(&item.extra.0) {
            let count = paths.entry(path).or_default();
            *count = count.saturating_add(1);
        }
    }
    out.extend(paths.into_iter().map(|(path, count)| (Sort::Imported(path), count)));
    out
}

/// The sort keys of all stories that have one: ascending keys give the order. Stories without one come last.
pub fn sort_keys(product: &Product, sort: &Sort) -> FxHashMap<Id, f64> {
    let voices = if *sort == Sort::Voices { voices(product) } else { FxHashMap::default() };
    let key = |item: &BacklogItem| {
        let number = number_of(sort, item, &voices)?;
        Some((item.id, if *sort == Sort::Oldest || sort.is_priority() || sort.is_due() { number } else { -number }))
    };
    product.all::<BacklogItem>().filter_map(|item| key(item)).collect()
}

#[allow(clippy::cast_precision_loss, reason = "seconds and counts are far below 2^53, up to which an f64 is exact")]
fn number_of(sort: &Sort, item: &BacklogItem, voices: &FxHashMap<Id, usize>) -> Option<f64> {
    match sort {
        Sort::Oldest | Sort::Newest => item.created.as_ref().map(|when| when.0.timestamp() as f64),
        Sort::Value => item.value.map(|value| value.as_f64()),
        Sort::Points => item.points.map(|points| points.as_f64()),
        Sort::Voices => voices.get(&item.id).map(|count| *count as f64),
        // Tools count priorities from 1, the highest, and write 0 or -1 where there is none.
        Sort::Imported(path) => at_path(&item.extra.0, path).filter(|number| !sort.is_priority() || *number > 0.0),
    }
}

/// How many pieces of feedback link to each story.
fn voices(product: &Product) -> FxHashMap<Id, usize> {
    let mut out: FxHashMap<Id, usize> = FxHashMap::default();
    for id in product.all::<Feedback>().flat_map(|one| one.links.iter()) {
        if product.items().get(*id).is_some() {
            let count = out.entry(*id).or_default();
            *count = count.saturating_add(1);
        }
    }
    out
}

/// A number, also one written as text or alone in a list.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        Value::Array(all) => match all.as_slice() {
            [one] => number(one),
            _ => None,
        },
        _ => None,
    }
}

/// The object that a value is, or that stands alone in a list.
fn object(value: &Value) -> Option<&crate::model::value::Map> {
    match value {
        Value::Array(all) => match all.as_slice() {
            [one] => object(one),
            _ => None,
        },
        other => other.as_object(),
    }
}

fn value_at<'a>(extra: &'a crate::model::value::Map, path: &[String]) -> Option<&'a Value> {
    let (last, above) = path.split_last()?;
    let mut map = extra;
    for key in above {
        map = object(map.get(key)?)?;
    }
    map.get(last)
}

fn at_path(extra: &crate::model::value::Map, path: &[String]) -> Option<f64> {
    key_of(path.last()?, value_at(extra, path)?)
}

/// The numbers, days and ranks kept from imports, by their paths.
fn imported(extra: &crate::model::value::Map) -> Vec<(Vec<String>, f64)> {
    let mut out = Vec::new();
    let path = |all: &[&Arc<str>]| all.iter().map(|one| one.to_string()).collect::<Vec<String>>();
    for (source, headers) in extra {
        for (header, value) in headers.as_object().into_iter().flatten() {
            out.extend(key_of(header, value).map(|number| (path(&[source, header]), number)));
            for (key, below) in object(value).into_iter().flatten() {
                out.extend(number(below).map(|number| (path(&[source, header, key]), number)));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn numbers_are_found_wherever_an_import_left_them() {
        let extra = json!({"github": {"comments": [12], "reactions": [{"total_count": 3, "url": "x"}], "milestone": ["9"],
            "labels": [1, 2]}});
        let found: Vec<String> = imported(extra.as_object().unwrap())
            .into_iter()
            .map(|(path, number)| format!("{path:?} {number}"))
            .collect();
        assert_eq!(
            found,
            [
                r#"["github", "comments"] 12"#,
                r#"["github", "reactions", "total_count"] 3"#,
                r#"["github", "milestone"] 9"#
            ]
        );
        let path = ["github", "reactions", "total_count"].map(str::to_string);
        assert_eq!(at_path(extra.as_object().unwrap(), &path), Some(3.0));
        let sort = Sort::Imported(path.to_vec());
        assert_eq!(Sort::from_word(&sort.word()), Some(sort.clone()));
        assert_eq!(sort.label(), "reactions");
        let of = |key: &str| Sort::Imported(vec!["github".to_string(), key.to_string()]).label();
        assert_eq!((of("totalReactions"), of("commentCount")), ("total reactions".into(), "comments".into()));
    }

    #[test]
    fn words_for_importance_and_days_have_an_order() {
        let (due, priority) = (["csv", "Due date"].map(str::to_string), ["csv", "Priority"].map(str::to_string));
        let of = |path: &[String], value: &str| {
            let Value::Object(extra) = json!({"csv": {(path[1].as_str()): [value]}}) else { return None };
            let item = BacklogItem { extra: crate::model::value::Extra(extra), ..BacklogItem::default() };
            let sort = Sort::Imported(path.to_vec());
            number_of(&sort, &item, &FxHashMap::default()).map(|key| (key, sort.note(&Product::default(), &item)))
        };
        assert!(of(&due, "2026-03-02") < of(&due, "2026-03-10T08:00:00Z"));
        assert_eq!(of(&due, "22/Dec/25 2:38 PM").map(|(key, _)| key), of(&due, "2025-12-22").map(|(key, _)| key));
        assert!(Sort::Imported(due.to_vec()).is_due());
        assert!(of(&priority, "Blocker") < of(&priority, "High") && of(&priority, "High") < of(&priority, "Low"));
        assert_eq!(of(&priority, "High"), Some((2.0, "Priority High".to_string())));
        assert_eq!(of(&priority, "Zoe"), None);
    }

    #[test]
    fn a_priority_counts_from_one_and_what_is_below_is_none() {
        let sort = |key: &str| Sort::Imported(vec!["github".to_string(), key.to_string()]);
        let item = |extra| BacklogItem { extra: crate::model::value::Extra(extra), ..BacklogItem::default() };
        let of = |key: &str, number: i64| {
            let Value::Object(extra) = json!({"github": {key: [number]}}) else { return None };
            number_of(&sort(key), &item(extra), &FxHashMap::default())
        };
        assert_eq!((of("priority", -1), of("priority", 0), of("priority", 2)), (None, None, Some(2.0)));
        assert_eq!(of("comments", 0), Some(0.0));
        assert!(sort("Priority").is_priority() && !sort("comments").is_priority());
    }
}
