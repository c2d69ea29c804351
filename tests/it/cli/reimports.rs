//! A newer file of the same source: what changed on both sides since the last import meets, and what cannot is named.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use crate::harness::load::data_file;
use crate::harness::scratch::whyhow;
use crate::harness::trial::{Trial, parse};
use whyhow::import::{Answered, Found, Settling, Whose, github};
use whyhow::json;
use whyhow::model::schema::{BacklogItem, ItemStatus, Kind, RoadmapItem, Sprint};
use whyhow::model::value::Value;
use whyhow::model::value::{Cell, When};
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
    trial.product.value(item.id, Kind::BacklogItem.field(key).unwrap())
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
    assert!(plan.report.text().contains("1 changed; your own changes kept on 1 of them"), "{}", plan.report.text());
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

fn both_changed() -> (Trial, Found) {
    let mut trial = Trial::new();
    trial.import(&issue(json!({"body": "A fee."})));
    trial.edit("1", |item: &mut BacklogItem| {
        item.title = "Pay by card".into();
        item.notes = "A fee of 2 %.".into();
    });
    let newer = issue(json!({"title": "Pay online", "body": "No fee."}));
    (trial, newer)
}

fn answers(all: Option<Whose>, named: &[(&str, Whose)]) -> Settling {
    let named = named.iter().map(|(name, side)| (Answered::parse(name), *side)).collect();
    Settling { all, named, ..Settling::default() }
}

#[test]
fn a_conflict_is_listed_with_both_values_until_it_is_settled() {
    let (mut trial, newer) = both_changed();
    for _ in 0..2 {
        let plan = trial.import(&newer);
        let report = plan.report.text();
        for part in [
            "yours is kept\n  S1 Pay by card\n    Title here: “Pay by card”\n    Title in the file: “Pay online”\n",
            "“Pay online”\n    Notes here: “A fee of 2 %.”\n    Notes in the file: “No fee.”\n",
            "--theirs S1: what the file says about S1",
            "--theirs S1.title: one field",
            "--mine S1: what you have",
        ] {
            assert!(report.contains(part), "{part}\n{report}");
        }
    }
    let plan = trial.settle(&newer, answers(None, &[("S1.title", Whose::Theirs), ("s1.notes", Whose::Mine)]));
    assert!(plan.report.text().contains("settled for the file's\n  S1"), "{}", plan.report.text());
    assert_eq!((cell(&trial, "title"), cell(&trial, "notes")), (json!("Pay online"), json!("A fee of 2 %.")));
    let plan = trial.import(&newer);
    assert!(plan.step.is_empty() && plan.report.differs.is_empty(), "{}", plan.report.text());
    // Yours was preferred to that text, not to every later one.
    let plan = trial.import(&issue(json!({"title": "Pay online", "body": "A fee of 3 %."})));
    assert_eq!(plan.report.differs.len(), 1);
}

#[test]
fn one_answer_settles_all() {
    for (side, title) in [(Whose::Mine, "Pay by card"), (Whose::Theirs, "Pay online")] {
        let (mut trial, newer) = both_changed();
        let plan = trial.settle(&newer, answers(Some(side), &[]));
        assert_eq!(plan.step.label.starts_with("Settled what changed"), side == Whose::Mine, "{}", plan.step.label);
        assert_eq!(cell(&trial, "title"), title);
        assert!(trial.import(&newer).report.differs.is_empty());
    }
}

/// The day on which it was done follows the status, and is no matter of its own.
#[test]
fn the_facts_of_closing_follow_the_status() {
    let closed = issue(json!({"state": "CLOSED", "closedAt": "2026-01-05T08:00:00Z"}));
    let mut trial = Trial::new();
    trial.import(&issue(json!({})));
    trial.edit("1", |item: &mut BacklogItem| item.status = ItemStatus::Doing);
    let plan = trial.import(&closed);
    assert_eq!(plan.report.differs.iter().map(|one| one.field.key).collect::<Vec<_>>(), ["status"]);
    assert!(
        plan.report.text().contains("Status here: “doing”\n    Status in the file: “done”"),
        "{}",
        plan.report.text()
    );
    assert_eq!((trial.item("1").status, trial.item("1").closed), (ItemStatus::Doing, None));
    trial.settle(&closed, answers(Some(Whose::Theirs), &[]));
    assert_eq!((trial.item("1").status, trial.item("1").closed.is_some()), (ItemStatus::Done, true));

    let mut trial = Trial::new();
    trial.import(&issue(json!({})));
    let here = When::parse("2026-01-02T08:00:00Z").unwrap();
    trial.edit("1", |item: &mut BacklogItem| (item.status, item.closed) = (ItemStatus::Done, Some(here)));
    let plan = trial.import(&closed);
    assert!(plan.report.differs.is_empty(), "both say that it is done: {}", plan.report.text());
    assert_eq!(trial.item("1").closed, Some(here));
}

#[test]
fn the_command_settles_what_is_named_and_says_what_is_not_there() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let file = dir.path().join("issues.json");
    let run = |args: &[&str]| {
        let done = whyhow(&data).args(args).output().unwrap();
        let said = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (said(&done.stdout), said(&done.stderr), done.status.code().unwrap())
    };
    let at = "https://github.com/ferry/app/issues/1";
    let issue = |title: &str| json!([{"number": 1, "title": title, "state": "OPEN", "url": at}]).to_string();
    let path = file.to_str().unwrap();
    std::fs::write(&file, issue("Pay")).unwrap();
    run(&["import", path, "--into", "Ferry"]);
    let lines = dir.path().join("lines.jsonl");
    std::fs::write(&lines, "{\"do\":\"set\",\"on\":\"S1\",\"set\":{\"title\":\"Mine\"}}\n").unwrap();
    assert_eq!(run(&["--product", "Ferry", "batch", lines.to_str().unwrap()]).2, 0);
    std::fs::write(&file, issue("Theirs")).unwrap();
    let (out, error, code) = run(&["import", path, "--theirs", "S7"]);
    assert!(out.contains("Title in the file: “Theirs”") && code == 0, "{out}");
    assert!(error.contains("Nothing to settle about S7"), "{error}");
    let (out, ..) = run(&["import", path, "--theirs", "S1"]);
    assert!(out.contains("1 story: 1 changed") && out.contains("settled for the file's"), "{out}");
    let (out, ..) = run(&["import", path, "--conflicts", "theirs"]);
    assert!(out.contains("1 unchanged") && !out.contains("Changed here"), "{out}");
}

/// Issues of one repository or two, however they are wrapped.
#[test]
fn pages_are_read_however_they_are_wrapped() {
    let at = |n: u64| format!("https://github.com/ferry/app/issues/{n}");
    let issue = |n: u64| json!({"number": n, "title": format!("t{n}"), "state": "OPEN", "url": at(n)});
    let search = |n: u64| json!({"total_count": 2, "incomplete_results": false, "items": [issue(n)]});
    let query = |list: Value| json!({"data": {"repository": {"nameWithOwner": "ferry/app", "issues": list}}});
    for file in [
        json!([[issue(1)], [issue(2)]]),
        json!([[], [issue(1), issue(2)]]),
        json!([search(1), search(2)]),
        json!([query(json!({"totalCount": 2, "nodes": [issue(1)]})), query(json!({"nodes": [issue(2)]}))]),
        query(json!({"edges": [{"node": issue(1)}, {"cursor": "x", "node": issue(2)}]})),
        json!({"data": {"search": {"issueCount": 2, "nodes": [issue(1), issue(2)]}}}),
    ] {
        let found = parse("pages.json", &file.to_string(), &Options::default());
        let titles: Vec<&str> = found.records.iter().map(|record| record.title()).collect();
        assert_eq!((titles, found.skipped.total()), (vec!["t1", "t2"], 0), "{file}");
    }
}

/// Two repositories may have a milestone of one number; one that is renamed and moved at once is the same one.
#[test]
fn milestones_are_known_by_repository_and_number() {
    let file = |spring: &str, day: &str, state: &str| {
        let issue = |repo: &str, n: u64, title: &str, day: &str, state: &str| {
            let milestone = json!({"number": 1, "title": title, "due_on": format!("{day}T00:00:00Z"), "state": state});
            json!({"number": n, "title": format!("{repo} {n}"), "state": state, "milestone": milestone,
                "html_url": format!("https://github.com/ferry/{repo}/issues/{n}")})
        };
        json!([issue("app", 1, spring, day, state), issue("web", 1, "Web", "2026-06-01", "open")]).to_string()
    };
    let read = |milestones: &str, text: &str| {
        let mut options = Options::default();
        options.set(&github::MILESTONES, milestones).unwrap();
        parse("issues.json", text, &options)
    };
    let mut trial = Trial::new();
    trial.import(&read("sprint", &file("Spring", "2026-05-01", "open")));
    let plan = trial.import(&read("sprint", &file("Summer", "2026-07-01", "open")));
    assert!(plan.report.text().contains("2 sprints: 1 changed, 1 unchanged\n"), "{}", plan.report.text());
    let sprints: Vec<String> =
        trial.product.all::<Sprint>().map(|one| format!("{} {}", &*one.goal, one.end.unwrap())).collect();
    assert_eq!(sprints, ["Summer 2026-07-01", "Web 2026-06-01"]);

    let mut trial = Trial::new();
    for (state, result) in [("open", "open"), ("closed", "launched"), ("open", "open")] {
        trial.import(&read("roadmap", &file("Summer", "2026-07-01", state)));
        let first = trial.product.all::<RoadmapItem>().next().unwrap();
        assert_eq!(first.result.key(), result, "a milestone that is opened again is open");
    }
}

/// A transfer gives an issue another repository and number. It is known by title and time of creation, and only where the
/// file shows that it is no longer in the old place.
#[test]
fn a_transferred_issue_is_the_same_story() {
    let issue = |repo: &str, n: u64, title: &str, minute: u64, more: Value| {
        let mut issue = json!({"number": n, "title": title, "state": "OPEN", "createdAt": format!("2026-01-02T08:{minute:02}:00Z"),
            "url": format!("https://github.com/ferry/{repo}/issues/{n}")});
        issue.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        issue
    };
    let read = |all: Value| parse("issues.json", &all.to_string(), &Options::default());
    let (stays, moves) = (issue("app", 1, "Stays", 1, json!({})), issue("app", 2, "Moves", 2, json!({})));
    let there = issue("web", 9, "Moves", 2, json!({"body": "More."}));
    let titles = |trial: &Trial| trial.product.items().len();

    let mut trial = Trial::new();
    trial.import(&read(json!([stays, moves])));
    let id = trial.item("2").id;
    let plan = trial.import(&read(json!([stays, there, issue("web", 10, "Moves", 2, json!({}))])));
    assert!(plan.report.text().contains("Moves, until now ferry/app#2"), "{}", plan.report.text());
    assert_eq!((titles(&trial), trial.item("9").id, &*trial.item("9").notes), (3, id, "More."));
    assert_eq!(*trial.item("9").source.as_ref().unwrap().site, *"ferry/web");

    // The old one is still there, or nothing is known of its repository, or it was made at another time.
    for newer in [json!([stays, moves, there]), json!([there]), json!([stays, issue("web", 9, "Moves", 3, json!({}))])]
    {
        let mut trial = Trial::new();
        trial.import(&read(json!([stays, moves])));
        trial.import(&read(newer));
        assert_eq!(titles(&trial), 3);
    }
}

/// With one role, what belongs to the other one arrives as proposals, once: the next import of the same file finds what it
/// brought and what it proposed.
#[test]
fn an_import_in_one_role_proposes_the_rest_once() {
    for (file, more) in [("github/gh-cli.json", "milestones=roadmap"), ("jira-csv/wheel-shop.csv", "projects=roadmap")]
    {
        for role in ["pm", "po"] {
            let data = tempfile::tempdir().unwrap();
            let facts = || {
                let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_whyhow"));
                command.arg("--data").arg(data.path()).args(["--as", role, "--by", "Ida", "import"]);
                let output = command.arg(data_file(file)).args(["--into", "Shed", "--set", more]).output().unwrap();
                assert!(output.status.success(), "{file} {role}: {}", String::from_utf8_lossy(&output.stderr));
                let listed = whyhow::store::products::Data(data.path().to_path_buf()).find(Some("Shed")).unwrap();
                let product = whyhow::store::open::open(&listed.folder).unwrap().product;
                let count = |kind: Kind| product.living(kind).count();
                [Kind::BacklogItem, Kind::RoadmapItem, Kind::Goal, Kind::Sprint, Kind::Proposal].map(count)
            };
            let first = facts();
            let (own, proposed) = (if role == "po" { first[0] } else { first[1] }, first[4]);
            assert!(own > 0 && proposed > 0, "{file} {role}: {first:?}");
            assert_eq!(facts(), first, "{file} {role}");
            assert_eq!(facts(), first, "{file} {role}");
        }
    }
}

/// A story that the next file no longer has stays, and is named.
#[test]
fn what_is_gone_from_the_file_is_named_and_left_as_it_is() {
    let issue = |number: u32, state: &str| {
        json!({"number": number, "title": format!("Ferry {number}"), "state": state,
            "url": format!("https://github.com/ferry/app/issues/{number}")})
    };
    let file = |all: &[Value]| parse("issues.json", &json!(all).to_string(), &Options::default());
    let mut trial = Trial::new();
    trial.import(&file(&[issue(1, "OPEN"), issue(2, "OPEN"), issue(3, "CLOSED")]));
    let plan = trial.import(&file(&[issue(1, "OPEN")]));
    let text = plan.report.text();
    assert!(text.contains("1 × imported earlier and open here, but not in this file"), "{text}");
    assert!(text.contains("Ferry 2") && !text.contains("Ferry 3"), "what is done is missed by nobody: {text}");
    assert!(plan.step.is_empty(), "nothing is changed");
    assert!(trial.plan(&file(&[issue(9, "OPEN")])).report.text().contains("1 story: 1 new"));
}

/// Whoever only looks sees which records it would be, and what in them.
#[test]
fn a_dry_run_names_what_is_new_and_what_changes() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("plan.csv");
    let rows = |count: usize| (0..count).map(|nth| format!("B-{nth},Story {nth}\n")).collect::<String>();
    let run = |args: &[&str]| {
        let output =
            whyhow(data.path()).arg("import").arg(&file).args(["--into", "Ferry"]).args(args).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    std::fs::write(&file, "Key,Title\nA-1,Pay\nA-2,Moor\nA-3,Sell\n").unwrap();
    run(&[]);
    std::fs::write(&file, format!("Key,Title\nA-1,Pay by phone\nA-2,Moor\nA-3,Sell\n{}", rows(30))).unwrap();
    let said = run(&["--dry-run"]);
    for there in [
        "30 records are new\n  Story 0\n",
        "  and 20 more\n",
        "1 record changes\n  S1 Pay\n      Title: here \u{201c}Pay\u{201d}, in the file \u{201c}Pay by phone\u{201d}\n",
        "--report FILE lists them all.",
    ] {
        assert!(said.contains(there), "{there}: {said}");
    }
    let elsewhere = tempfile::tempdir().unwrap();
    let report = elsewhere.path().join("report.txt");
    run(&["--dry-run", "--report", report.to_str().unwrap()]);
    assert!(std::fs::read_to_string(report).unwrap().contains("  Story 29\n"));
    assert!(!run(&[]).contains("30 records are new"), "what was imported is on the screen");
}
