//! Real tables of other tools: each fact that is known of a file has to come out of the product, row by row.

use crate::harness::digest::sha256;
use crate::harness::trial::Trial;
use crate::needs::{real_files, tests};
use std::collections::{BTreeMap, BTreeSet};
use whyhow::import::table::{ColumnRole, headers_of};
use whyhow::import::{SourceFile, read};
use whyhow::json;
use whyhow::model::schema::{BacklogItem, Goal, RoadmapItem, Sprint};
use whyhow::model::value::Amount;
use whyhow::model::value::{Map, Value};
use whyhow::options::Options;

tests! {
    Data:
        real_tables_give_what_they_hold;
}

fn real_tables_give_what_they_hold() {
    let folder = real_files().unwrap();
    let expected: Value = serde_json::from_slice(&std::fs::read(folder.join("expected.json")).unwrap()).unwrap();
    let (mut lines, mut wrong, mut tried) = (Vec::new(), 0, 0);
    for (path, facts) in expected.as_object().unwrap().iter().filter(|(path, _)| path.ends_with(".csv")) {
        let bytes = std::fs::read(folder.join(&**path)).unwrap();
        let got = facts_of(path, &bytes);
        for (name, wanted) in facts.as_object().unwrap() {
            let Some(got) = got.get(name) else { continue };
            let is_same = same(wanted, got);
            wrong += usize::from(!is_same);
            tried += 1;
            let mark = if is_same { " " } else { "≠" };
            lines.push(format!("{mark} {path:44} {name:28} {:34} {}", short(wanted), short(got)));
        }
    }
    eprintln!("{}", lines.join("\n"));
    assert!(tried > 0, "{} names no table", folder.join("expected.json").display());
    assert_eq!(wrong, 0, "{wrong} of {tried} facts differ");
}

fn same(wanted: &Value, got: &Value) -> bool {
    match (wanted, got) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| same(value, other)))
        }
        _ => wanted == got,
    }
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() > 32 { text.chars().take(31).chain(['…']).collect() } else { text }
}

/// A row of the file: a record, or a task of one.
struct Held {
    title: String,
    extra: Map,
}

fn facts_of(path: &str, bytes: &[u8]) -> Map {
    let file = SourceFile::from_bytes(path, bytes, None).unwrap();
    let found = read(&file, None, &Options::default(), &mut |_, _| {}).unwrap();
    let mut trial = Trial::new();
    trial.import(&found);
    let product = &trial.product;
    let stories: Vec<&BacklogItem> = product.all::<BacklogItem>().map(|one| &**one).collect();
    let roadmap: Vec<&RoadmapItem> = product.all::<RoadmapItem>().map(|one| &**one).collect();
    let goals: Vec<&Goal> = product.all::<Goal>().map(|one| &**one).collect();
    let sprints: Vec<&Sprint> = product.all::<Sprint>().map(|one| &**one).collect();
    let extra = |all: &Map| -> Map { all.get(found.system).and_then(Value::as_object).cloned().unwrap_or_default() };
    let mut held: Vec<Held> = Vec::new();
    held.extend(goals.iter().map(|one| Held { title: one.title.to_string(), extra: extra(&one.extra.0) }));
    held.extend(roadmap.iter().map(|one| Held { title: one.title.to_string(), extra: extra(&one.extra.0) }));
    for story in &stories {
        let beside = extra(&story.extra.0);
        let under = beside.get("sub-tasks").and_then(Value::as_array).cloned().unwrap_or_default();
        let names = story.tasks.iter().skip(story.tasks.len() - under.len());
        let tasks = under.iter().zip(names);
        held.extend(tasks.map(|(extra, task)| Held {
            title: task.text.to_string(),
            extra: extra.as_object().cloned().unwrap_or_default(),
        }));
        held.push(Held { title: story.title.to_string(), extra: beside });
    }
    let headers = headers_of(&file, None);
    let header = |role: ColumnRole| headers.iter().find(|one| one.guess == Some(role)).map(|one| one.name.clone());
    let values = |one: &Held, name: &Option<String>| -> Vec<String> {
        let all = name.as_ref().and_then(|name| one.extra.get(name)).and_then(Value::as_array);
        all.into_iter().flatten().filter_map(Value::as_str).map(str::to_string).collect()
    };
    let words = |role: ColumnRole| -> Value {
        let (name, mut counts) = (header(role), BTreeMap::<String, usize>::new());
        held.iter().flat_map(|one| values(one, &name)).for_each(|word| *counts.entry(word).or_default() += 1);
        json!(counts)
    };
    let mut titles: Vec<String> =
        held.iter().map(|one| one.title.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    titles.sort();
    let points: Vec<Amount> = stories.iter().filter_map(|one| one.points).collect();
    let mut by_points: BTreeMap<String, usize> = BTreeMap::new();
    points.iter().for_each(|amount| *by_points.entry(amount.to_string()).or_default() += 1);
    let mut names: Vec<String> = sprints.iter().map(|one| one.goal.to_string()).collect();
    names.sort();
    let history = |one: &&Held| values(one, &Some("Sprint".to_string())).into_iter().collect::<BTreeSet<_>>().len() > 1;
    let keys: BTreeSet<&str> = found
        .records
        .iter()
        .filter_map(|one| match &one.identity {
            whyhow::import::Identity::Foreign { key, .. } => Some(key.as_str()),
            whyhow::import::Identity::Own(_) => None,
        })
        .filter(|key| !key.starts_with("sprint:") && !key.starts_with("text-"))
        .collect();
    let sub_tasks = held.len() - stories.len() - roadmap.len() - goals.len();
    let mut out = Map::new();
    out.insert("items", json!(held.len()));
    out.insert("titles_sha256", json!(sha256(titles.join("\n").as_bytes())));
    out.insert("titles_distinct", json!(titles.iter().collect::<BTreeSet<_>>().len()));
    out.insert("longest_title_chars", json!(titles.iter().map(|title| title.chars().count()).max()));
    out.insert("by_status", words(ColumnRole::Status));
    out.insert("by_type", words(ColumnRole::Type));
    out.insert("by_priority", words(ColumnRole::Priority));
    out.insert("sprints", json!(names));
    out.insert("items_in_more_than_one_sprint", json!(held.iter().filter(history).count()));
    let sprint_of_roadmap =
        held.iter().take(goals.len() + roadmap.len()).filter(|one| !values(one, &Some("Sprint".into())).is_empty());
    let outside = stories.iter().filter(|one| one.sprint.is_none()).count() + goals.len() + roadmap.len();
    out.insert("items_in_no_sprint", json!(outside - sprint_of_roadmap.count()));
    let sum: i64 = points.iter().map(|amount| amount.in_hundredths()).sum();
    out.insert("points", json!({"sum": sum as f64 / 100.0, "count": points.len()}));
    out.insert("by_points", json!(by_points));
    out.insert(
        "comments".to_string(),
        json!(held.iter().map(|one| values(one, &header(ColumnRole::Comment)).len()).sum::<usize>()),
    );
    out.insert("keys_distinct", json!(keys.len() + sub_tasks));
    let labels: BTreeSet<&str> = stories.iter().flat_map(|one| one.labels.iter()).map(String::as_str).collect();
    if path.starts_with("jira-csv") {
        out.insert("labels_distinct", json!(labels.len()));
        out.insert("resolved", json!(values_of(&held, &stories, "Resolved")));
    }
    let phases = held.iter().flat_map(|one| values(one, &Some("Phase".into())));
    out.insert("distinct[Phase]", json!(phases.collect::<BTreeSet<_>>().len()));
    out
}

/// Stories with a time of closing, and other records that keep one beside them.
fn values_of(held: &[Held], stories: &[&BacklogItem], header: &str) -> usize {
    let beside = held.iter().filter(|one| one.extra.contains_key(header)).count();
    stories.iter().filter(|one| one.closed.is_some()).count() + beside
}
