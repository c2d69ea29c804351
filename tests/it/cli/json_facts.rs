//! Real files of other tools that are no CSV: what is known of each has to come out of the product. The test prints a row
//! per file and fact (`cargo test -- --nocapture json_facts`), and a line where the files are not at hand.

#![allow(clippy::print_stdout, reason = "the table is what people run it for")]

use crate::harness::digest::sha256;
use crate::harness::trial::{Trial, titles};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use whyhow::import::{SourceFile, github, read, trello};
use whyhow::json;
use whyhow::model::schema::{BacklogItem, ItemStatus, RoadmapItem, Sprint};
use whyhow::model::value::Value;
use whyhow::options::Options;
use whyhow::tui::state::import_folder;

/// The folders whose files this test reads.
const FOLDERS: &[&str] = &["backlog-md", "github", "github-projects", "jira-json", "roadmaps", "taskwarrior", "trello"];

fn folder() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    std::env::var_os("WHYHOW_REAL_FILES").map_or_else(beside, PathBuf::from)
}

/// Options under which each fact can be counted: boxes of descriptions are no boxes of checklists.
fn options(kind: &str) -> Options {
    let mut options = Options::default();
    if kind == "trello" {
        options.set(&trello::LISTS, "status").unwrap();
        options.set(&github::BOXES, "no").unwrap();
    }
    options
}

/// What came of a file, in the words of the facts.
fn got(kind: &str, trial: &Trial, warned: &str) -> BTreeMap<&'static str, Value> {
    let items: Vec<&BacklogItem> = trial.product.all::<BacklogItem>().map(|item| &**item).collect();
    let count = |wanted: &dyn Fn(&BacklogItem) -> bool| json!(items.iter().filter(|item| wanted(item)).count());
    let all = titles(trial);
    let mut out = BTreeMap::from([
        ("items", json!(items.len())),
        ("titles_sha256", json!(sha256(all.join("\n").as_bytes()))),
        ("titles_distinct", json!(all.iter().collect::<BTreeSet<_>>().len())),
        ("longest_title_chars", json!(all.iter().map(|title| title.chars().count()).max())),
    ]);
    let extra = |item: &BacklogItem, key: &str| -> Vec<Value> {
        let kept = item.extra.0.values().find_map(|system| system.get(key)).and_then(Value::as_array);
        kept.cloned().unwrap_or_default()
    };
    let word = |item: &BacklogItem, key: &str| extra(item, key).first().and_then(Value::as_str).map(str::to_string);
    let tally = |words: &dyn Fn(&BacklogItem) -> Option<String>| {
        let mut out: BTreeMap<String, u64> = BTreeMap::new();
        items.iter().filter_map(|item| words(item)).for_each(|word| *out.entry(word).or_default() += 1);
        json!(out)
    };
    let boxes = || {
        let ticks = items.iter().flat_map(|item| {
            let criteria = item.criteria.iter().map(|one| one.met);
            criteria.chain(item.tasks.iter().map(|one| one.done)).collect::<Vec<_>>()
        });
        let ticks: Vec<bool> = ticks.collect();
        json!([ticks.iter().filter(|done| !**done).count(), ticks.iter().filter(|done| **done).count()])
    };
    let label_uses = || items.iter().map(|item| item.labels.len()).sum::<usize>();
    // The word of the file, which is kept where it says more than the status.
    let status = |item: &BacklogItem| {
        Some(word(item, "status").unwrap_or_else(|| item.status.label().to_string()).to_lowercase())
    };
    let archived = |item: &BacklogItem| !extra(item, "archived").is_empty();
    match kind {
        "trello" => {
            out.insert("cards_archived", count(&archived));
            out.insert("cards_open_on_open_list", count(&|item| !archived(item)));
            out.insert("open_cards_by_list", tally(&|item| word(item, "list").filter(|_| !archived(item))));
            out.insert("check_items", boxes());
            out.insert("label_uses", json!(label_uses()));
            out.insert("with_desc", count(&|item| !item.notes.is_empty()));
            out.insert("with_due", count(&|item| !extra(item, "due").is_empty()));
            out.insert("comments", json!(items.iter().map(|item| extra(item, "comments").len()).sum::<usize>()));
            let members = |item: &&BacklogItem| item.assignee.split(", ").filter(|name| !name.is_empty()).count();
            out.insert("member_uses", json!(items.iter().map(members).sum::<usize>()));
            let secret = items.iter().any(|item| json!(item.extra.0).to_string().contains("@boards.trello.com"));
            assert!(!secret, "the address that posts to a card was kept");
        }
        "github-projects" => {
            out.insert("by_status", tally(&status));
            // Plain bullets under a heading of criteria are criteria too, and no boxes.
            let of_bullets = |item: &&BacklogItem| {
                let bullet = |text: &str| item.notes.lines().any(|line| line.trim() == format!("- {text}"));
                item.criteria.iter().filter(|one| bullet(&one.text)).count()
            };
            let bullets: usize = items.iter().map(of_bullets).sum();
            let all = boxes();
            out.insert("task_list_boxes", json!([all[0].as_u64().unwrap() - bullets as u64, all[1]]));
            let names = |all: Vec<String>| json!(all.into_iter().collect::<BTreeSet<_>>().len());
            out.insert("labels_distinct", names(items.iter().flat_map(|item| item.labels.iter().cloned()).collect()));
            let people = items.iter().flat_map(|item| item.assignee.split(", ")).filter(|name| !name.is_empty());
            out.insert("assignees_distinct", names(people.map(str::to_string).collect()));
            out.insert("empty_bodies", count(&|item| item.notes.is_empty()));
            out.insert("truncated", json!(warned.contains("the list is incomplete")));
        }
        "jira-json" => {
            let sprints: Vec<&Sprint> = trial.product.all::<Sprint>().map(|one| &**one).collect();
            // Where a sprint has a goal, its name is in the note.
            let name = |one: &&Sprint| one.note.strip_suffix(" in Jira").unwrap_or(&one.goal).to_string();
            out.insert("sprints", json!(sprints.iter().map(name).collect::<BTreeSet<_>>()));
            let days = |one: &&Sprint| Some(format!("{} {}", one.start?, one.end?));
            out.insert("sprint_days", json!(sprints.iter().filter_map(days).collect::<Vec<_>>()));
            let mut states: BTreeMap<&str, usize> = BTreeMap::new();
            sprints.iter().for_each(|one| *states.entry(one.state.key()).or_default() += 1);
            out.insert("sprint_states", json!(states));
            out.insert("by_status", tally(&status));
            out.insert("epics", json!(trial.product.all::<RoadmapItem>().map(|one| &*one.title).collect::<Vec<_>>()));
            out.insert("truncated", json!(warned.contains("the list is incomplete")));
        }
        "taskwarrior" => {
            let word = |item: &BacklogItem| match item.status {
                ItemStatus::Done => "completed",
                ItemStatus::Dropped => "deleted",
                _ => "pending",
            };
            out.insert("by_status", tally(&|item| Some(word(item).to_string())));
            out.insert("with_due", count(&|item| !extra(item, "due").is_empty()));
            out.insert("with_depends", count(&|item| !item.depends_on.is_empty()));
        }
        "backlog-md" => {
            out.insert("by_status", tally(&status));
            let folder = |item: &BacklogItem| {
                let folder = word(item, "folder").unwrap_or_else(|| "tasks".to_string());
                Some(if folder == "archive" { "archive/tasks".to_string() } else { folder })
            };
            out.insert("by_folder", tally(&folder));
            let priority = |item: &BacklogItem| Some(word(item, "priority").unwrap_or_else(|| "(none)".to_string()));
            out.insert("by_priority", tally(&priority));
            let has_parent = |item: &BacklogItem| item.parent.is_some() || !extra(item, "parent_task_id").is_empty();
            out.insert("with_parent", count(&has_parent));
            let met = |met: bool| items.iter().flat_map(|i| i.criteria.iter()).filter(|one| one.met == met).count();
            out.insert("acceptance_criteria_boxes", json!([met(false), met(true)]));
            let ids: BTreeSet<&str> =
                items.iter().map(|i| i.source.as_ref().unwrap().key.trim_end_matches("~2")).collect();
            out.insert("ids_distinct_ignoring_case", json!(ids.len()));
        }
        "roadmaps" => {
            let open = count(&|item| item.status.is_open());
            out.insert("boxes_open", open);
            out.insert("boxes_done", count(&|item| !item.status.is_open()));
        }
        "github" => {
            let closed = |item: &BacklogItem| matches!(item.status, ItemStatus::Done | ItemStatus::Dropped);
            let state = |item: &BacklogItem| Some(if closed(item) { "CLOSED" } else { "OPEN" }.to_string());
            out.insert("by_state", tally(&state));
            out.insert("with_body", count(&|item| !item.notes.is_empty()));
        }
        _ => {}
    }
    out
}

/// What was counted by hand in files that are not among the facts.
fn counted_here() -> whyhow::model::value::Map {
    let names = [
        "Iteration-10",
        "Iteration-12-1",
        "Iteration-12-2",
        "Iteration-13-2",
        "Minimal Example Sprint",
        "Sprint with a Goal",
    ];
    let counted = json!({
        "jira-json/go-jira-sprints.json": {
            "items": 0, "sprints": names, "sprint_states": {"closed": 3, "active": 1, "planning": 2},
            "sprint_days": ["2016-04-11 2016-04-27", "2016-05-19 2016-05-26", "2016-06-01 2016-06-08", "2016-06-20 2016-06-28"]
        },
        "jira-json/go-jira-issues_in_sprint.json": {
            "items": 1, "titles_distinct": 1, "by_status": {"ready": 1}, "epics": ["Moderation design"], "truncated": true
        },
    });
    counted.as_object().unwrap().clone()
}

/// Facts and results in one spelling: words in lower case, a state that the file does not name as an open one.
fn plain(value: &Value) -> Value {
    serde_json::from_str(&value.to_string().to_lowercase().replace("(absent)", "open")).unwrap()
}

#[test]
fn real_files_give_their_facts() {
    let folder = folder();
    let Ok(expected) = std::fs::read(folder.join("expected.json")) else {
        println!("skipped: {} has no expected.json", folder.display());
        return;
    };
    let mut expected: Value = serde_json::from_slice(&expected).unwrap();
    expected.as_object_mut().unwrap().extend(counted_here());
    let (mut rows, mut wrong) = (0, 0);
    for (name, facts) in expected.as_object().unwrap() {
        let kind = name.split('/').next().unwrap();
        if !FOLDERS.contains(&kind) {
            continue;
        }
        let path = folder.join(&**name);
        let file = if path.is_dir() {
            import_folder::read(&path, None).unwrap()
        } else {
            SourceFile::from_bytes(name, &std::fs::read(path).unwrap(), None).unwrap()
        };
        let found = read(&file, None, &options(kind), &mut |_, _| {}).unwrap();
        let mut trial = Trial::new();
        let plan = trial.import(&found);
        let mut known = 0;
        for (fact, got) in got(kind, &trial, &plan.report.text()) {
            let Some(wanted) = facts.get(fact) else { continue };
            let same = plain(wanted) == plain(&got);
            println!("{} {name} | {fact} | {wanted} | {got}", if same { "ok   " } else { "WRONG" });
            (rows, known, wrong) = (rows + 1, known + 1, wrong + usize::from(!same));
        }
        assert!(known > 0, "{name} was compared with nothing");
    }
    println!("{rows} facts, {wrong} wrong");
    assert_eq!(wrong, 0, "the table above names them");
}
