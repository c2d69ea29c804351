//! A newer file of the same source: what changed on both sides since the last import meets, and what cannot is named.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use crate::harness::trial::{Trial, parse};
use serde_json::{Value, json};
use whyhow::import::Found;
use whyhow::model::schema::BacklogItem;
use whyhow::model::value::Cell;
use whyhow::options::Options;

/// A file with one issue that has these keys.
fn issue(more: Value) -> Found {
    let mut issue =
        json!({"number": 1, "title": "Pay", "state": "OPEN", "url": "https://github.com/ferry/app/issues/1"});
    issue.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    parse("issues.json", &json!([issue]).to_string(), &Options::default())
}

/// One cell of the story.
fn cell(trial: &Trial, key: &str) -> Value {
    let item = trial.item("1");
    trial.product.value(item.id, whyhow::model::schema::Kind::BacklogItem.field(key).unwrap())
}

fn labels(names: &[&str]) -> Value {
    names.iter().map(|name| json!({"name": name})).collect()
}

/// What both sides did to labels and people is in it, also after another import of the same file.
#[test]
fn lists_meet_element_by_element() {
    let mut trial = Trial::new();
    let logins = |names: &[&str]| -> Value { names.iter().map(|name| json!({"login": name})).collect() };
    trial.import(&issue(json!({"labels": labels(&["ui", "old", "both"]), "assignees": logins(&["ida", "omar"])})));
    trial.edit("1", |item: &mut BacklogItem| {
        item.labels = Cell::from_value(&json!(["ui", "old", "mine"])).unwrap();
        item.assignee = "ida, mia".into();
    });
    let newer = json!({"labels": labels(&["ui", "both", "theirs"]), "assignees": logins(&["omar", "ida", "zoe"])});
    let plan = trial.import(&issue(newer.clone()));
    assert_eq!(cell(&trial, "labels"), json!(["ui", "mine", "theirs"]));
    assert_eq!(cell(&trial, "assignee"), "ida, zoe, mia");
    assert!(plan.report.differs.is_empty(), "{:?}", plan.report.differs);
    assert!(plan.report.text().contains("1 changed, 1 with your own changes kept"), "{}", plan.report.text());
    // What was removed here stays removed, and what both have is no news.
    assert!(trial.plan(&issue(newer)).step.is_empty());
    trial.import(&issue(json!({"labels": labels(&["theirs"]), "assignees": []})));
    assert_eq!(cell(&trial, "labels"), json!(["mine", "theirs"]));
    assert_eq!(cell(&trial, "assignee"), "mia");
}

#[test]
fn boxes_of_the_body_keep_what_was_ticked_or_added_here() {
    let body =
        |criteria: &str, tasks: &str| json!({"body": format!("## Acceptance criteria\n{criteria}\n## Plan\n{tasks}")});
    let mut trial = Trial::new();
    trial.import(&issue(body("- [ ] fast\n- [ ] safe\n- [ ] gone", "- [ ] draw\n- [x] ask")));
    trial.edit("1", |item: &mut BacklogItem| {
        item.criteria = Cell::from_text("[x] fast\n[ ] safe\n[ ] gone\n[ ] mine").unwrap();
        item.tasks = Cell::from_text("[x] draw").unwrap();
    });
    trial.import(&issue(body("- [ ] fast\n- [x] safe\n- [ ] new", "- [ ] draw\n- [x] ask\n- [ ] tell")));
    let item = trial.item("1");
    assert_eq!(item.criteria.to_text(), "[x] fast\n[x] safe\n[ ] new\n[ ] mine");
    assert_eq!(item.tasks.to_text(), "[x] draw\n[ ] tell");
}

/// A link that the product refuses is not remembered as brought, and what the file takes back goes.
#[test]
fn links_meet_too() {
    let file = |of_one: &[u64]| {
        let at = |number: u64| format!("https://github.com/ferry/app/issues/{number}");
        let issue = |number: u64, by: &[u64]| {
            let by: Vec<Value> = by.iter().map(|n| json!({"url": at(*n), "number": n})).collect();
            json!({"number": number, "title": format!("t{number}"), "state": "OPEN", "url": at(number), "blockedBy": by})
        };
        let all = json!([issue(1, of_one), issue(2, &[1]), issue(3, &[]), issue(4, &[])]);
        parse("issues.json", &all.to_string(), &Options::default())
    };
    let mut trial = Trial::new();
    trial.import(&file(&[3]));
    let (three, four) = (trial.item("3").id, trial.item("4").id);
    trial.edit("1", |item: &mut BacklogItem| item.depends_on = vec![three, four]);
    // Two depends on one already: the circle is cut, and each import says so.
    for _ in 0..2 {
        let plan = trial.import(&file(&[2]));
        assert!(plan.report.text().contains("would close a cycle"));
        assert_eq!(trial.item("1").depends_on, [four]);
    }
    trial.import(&file(&[]));
    assert_eq!(trial.item("1").depends_on, [four]);
}
