//! Imports from end to end: a file becomes a step, the step goes into a product as the store would write it, and the same
//! file a second time changes nothing. Real files of other tools, where they are at hand, are tried in `tests/tools/real_files.rs`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use crate::harness::load::data_file;
use crate::harness::trial::{Trial, gives_what_it_holds, parse, strings, titles};
use whyhow::import::{Found, SourceFile, github, read};
use whyhow::json;
use whyhow::model::field::Entity;
use whyhow::model::id::Id;
use whyhow::model::schema::{BacklogItem, ItemKind, ItemStatus, Kind, RoadmapItem, RoadmapResult, Sprint, SprintState};
use whyhow::model::value::{Cell, Line, Value};
use whyhow::options::Options;

fn own(name: &str) -> String {
    std::fs::read_to_string(data_file(&format!("github/{name}"))).unwrap()
}

fn fixture(name: &str) -> Found {
    parse(name, &own(name), &Options::default())
}

fn with(milestones: &str) -> Found {
    let mut options = Options::default();
    options.set(&github::MILESTONES, milestones).unwrap();
    parse("gh-cli.json", &own("gh-cli.json"), &options)
}

#[test]
fn lists_of_short_words_become_labels_unless_that_is_turned_off() {
    let issue = whyhow::json!([{"number": 1, "title": "Bell", "state": "OPEN", "labels": [{"name": "sound"}],
        "areas": ["bridge", "crew"], "tags": [{"deep": 1}], "totalReactions": 2}]);
    let labels = |setting: &str| {
        let mut options = Options::default();
        options.set(&github::WORD_LISTS, setting).unwrap();
        let mut trial = Trial::new();
        trial.import(&parse("issues.json", &issue.to_string(), &options));
        let item = trial.item("1");
        let kept = item.extra.0.get("github").unwrap();
        (item.labels.to_vec(), kept.get("areas").is_some(), kept.get("tags").is_some())
    };
    let words = |all: &[&str]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(labels("yes"), (words(&["sound", "bridge", "crew"]), false, true));
    assert_eq!(labels("no"), (words(&["sound"]), true, true));
}

#[test]
fn the_list_of_the_command_line_tool_is_read() {
    let mut trial = Trial::new();
    let plan = trial.import(&fixture("gh-cli.json"));
    assert_eq!(plan.step.label, "Imported 3 stories from gh-cli.json");
    let order: Vec<String> = trial.product.all::<BacklogItem>().map(|item| item.title.to_string()).collect();
    assert_eq!(order, ["Riders see the price first", "Prices", "Prices"]);

    let item = trial.item("7");
    assert_eq!(item.kind, ItemKind::Story);
    assert_eq!(item.status, ItemStatus::ToDo);
    assert_eq!(item.criteria.to_text(), "[x] price on the first page\n[ ] in the rider's currency");
    assert_eq!(item.tasks.to_text(), "[ ] ask the tariff service");
    assert!(item.notes.contains("## Plan\n- [ ] ask"), "line ends are those of this program");
    assert_eq!(&*item.assignee, "omar, ida");
    assert_eq!(&*item.labels, ["enhancement", "area/price", "Spring"]);
    assert_eq!(item.created.unwrap().to_string(), "2026-01-02T08:00:00Z");
    assert_eq!(item.parent, Some(trial.item("5").id));
    let source = item.source.as_ref().unwrap();
    assert_eq!((&*source.system, &*source.site, &*source.key), ("github", "ferry/app", "7"));
    let extra = item.extra.0.get("github").unwrap();
    assert_eq!(extra["author"], whyhow::json!(["omar"]));
    assert_eq!(extra["comments"][0]["body"], "yes");
    assert_eq!(extra["comments"][0]["author"], "ida");
    assert_eq!(extra["updatedAt"], whyhow::json!(["2026-01-05T08:00:00Z"]));
    assert!(extra.get("reactionGroups").is_none() && extra.get("title").is_none());

    let done = trial.item("5");
    assert_eq!((done.kind, done.status), (ItemKind::Chore, ItemStatus::Done));
    assert_eq!(done.closed.unwrap().to_string(), "2026-01-04T08:00:00Z");
    assert_eq!(done.parent, None, "the circle is cut");
    let dropped = trial.item("4");
    assert_eq!((dropped.kind, dropped.status), (ItemKind::Bug, ItemStatus::Dropped));

    let report = plan.report.text();
    for part in ["would close a cycle", "to a missing record", "Depends on", "3 stories: 3 new", "ferry/app#999"] {
        assert!(report.contains(part), "{part}\n{report}");
    }
}

#[test]
fn pages_of_the_api_meet_the_list_by_key() {
    let mut trial = Trial::new();
    trial.import(&fixture("gh-cli.json"));
    trial.edit("7", |item| item.title = Line::from("Riders see what they pay"));
    let plan = trial.import(&fixture("rest.json"));
    assert_eq!(plan.report.total(|one| one.new), 1);
    assert_eq!(plan.report.total(|one| one.changed), 1);
    assert_eq!(plan.report.differs.len(), 1, "{:?}", plan.report.differs);
    assert_eq!(plan.step.label, "Imported 1 story, and changes to 1 story, from rest.json");
    let item = trial.item("7");
    assert_eq!(&*item.title, "Riders see what they pay", "changed on both sides: mine is kept");
    assert_eq!((item.kind, item.status), (ItemKind::Bug, ItemStatus::Done));
    assert_eq!(&*item.notes, "Shorter.");
    assert!(item.criteria.is_empty());
    assert!(item.parent.is_some(), "the file says nothing of parents");
    let extra = item.extra.0.get("github").unwrap();
    assert_eq!(extra["author"], whyhow::json!(["omar"]), "what the file does not name stays");
    assert_eq!(extra["type"], whyhow::json!([{"name": "Bug"}]));
    assert!(extra.get("events_url").is_none() && extra.get("reactions").is_none());
    assert_eq!(&*trial.item("9").title, "(no title, #9)");
    assert_eq!(trial.item("9").kind, ItemKind::Bug);
    assert_eq!(plan.report.skipped.count("pull request: not imported as a story"), 1);
}

#[test]
fn an_archive_gives_its_issues() {
    let mut trial = Trial::new();
    let found = fixture("archive.json");
    assert_eq!(found.skipped.count("pull request: not imported as a story"), 2);
    trial.import(&found);
    let item = trial.item("3");
    assert_eq!(*item.source.as_ref().unwrap().site, *"ferry/app");
    assert_eq!(item.extra.0["github"]["comments"][0]["body"], "a\r\nb");
}

#[test]
fn only_mine_changed_stays_and_only_theirs_is_taken() {
    let mut trial = Trial::new();
    trial.import(&fixture("gh-cli.json"));
    trial.edit("5", |item| item.title = Line::from("Mine"));
    let plan = trial.import(&fixture("gh-cli.json"));
    assert!(plan.step.is_empty());
    assert_eq!(plan.report.total(|one| one.kept), 1);
    let theirs = own("gh-cli.json").replace("Riders see the price first", "Theirs");
    let plan = trial.import(&parse("b.json", &theirs, &Options::default()));
    assert_eq!((&*trial.item("5").title, &*trial.item("7").title), ("Mine", "Theirs"));
    assert!(plan.report.differs.is_empty());
    assert_eq!(plan.step.changes.len(), 2, "the title and what was imported last");
}

#[test]
fn what_was_deleted_here_stays_deleted() {
    let mut trial = Trial::new();
    trial.import(&fixture("gh-cli.json"));
    trial.edit("4", |item| item.alive = whyhow::model::value::Life::Deleted);
    let plan = trial.import(&fixture("gh-cli.json"));
    assert!(plan.step.is_empty());
    assert!(plan.report.text().contains("not restored"));
}

#[test]
fn milestones_become_sprints_or_roadmap_items() {
    let mut trial = Trial::new();
    trial.import(&with("sprint"));
    let sprints: Vec<&Sprint> = trial.product.all::<Sprint>().map(|one| &**one).collect();
    assert_eq!(sprints.iter().map(|one| &*one.goal).collect::<Vec<_>>(), ["Winter", "Spring"]);
    assert_eq!(sprints[1].end.unwrap().to_string(), "2026-05-01");
    assert_eq!((sprints[1].state, sprints[0].state), (SprintState::Planning, SprintState::Closed));
    assert_eq!(trial.item("7").sprint, Some(sprints[1].id));
    assert_eq!(sprints[0].entries.len(), 1);
    assert_eq!(sprints[0].entries[0].outcome, "done");
    assert_eq!(&*trial.item("7").labels, ["enhancement", "area/price"]);

    let mut trial = Trial::new();
    trial.import(&with("roadmap"));
    let roadmap: Vec<&RoadmapItem> = trial.product.all::<RoadmapItem>().map(|one| &**one).collect();
    assert_eq!(roadmap[0].result, RoadmapResult::Open);
    assert_eq!(roadmap[1].result, RoadmapResult::Launched);
    assert_eq!(trial.item("7").serves, Some(roadmap[0].id));
    assert_eq!(trial.item("7").confirmed.len(), 1);
}

/// A list of issues begins with the newest; the oldest sprint has the lowest number all the same.
#[test]
fn milestones_become_sprints_numbered_from_the_oldest_on() {
    let issue = |number: u32, title: &str, closed: &str, due: Option<&str>| {
        json!({"number": number, "title": title, "state": if closed.is_empty() { "OPEN" } else { "CLOSED" },
            "closedAt": closed, "milestone": {"number": number, "title": format!("Sprint of {title}"), "dueOn": due},
            "url": format!("https://github.com/ferry/app/issues/{number}")})
    };
    let text = json!([
        issue(4, "June", "", Some("2026-06-30T00:00:00Z")),
        issue(3, "May", "2026-05-20T10:00:00Z", None),
        issue(2, "April", "2026-04-20T10:00:00Z", Some("2026-04-30T00:00:00Z")),
        issue(1, "March", "2026-03-20T10:00:00Z", None),
    ]);
    let mut options = Options::default();
    options.set(&github::MILESTONES, "sprint").unwrap();
    let mut trial = Trial::new();
    trial.import(&parse("issues.json", &text.to_string(), &options));
    let mut sprints: Vec<&Sprint> = trial.product.all::<Sprint>().map(|one| &**one).collect();
    sprints.sort_by_key(|one| one.number);
    let goals: Vec<&str> = sprints.iter().map(|one| &*one.goal).collect();
    assert_eq!(goals, ["Sprint of March", "Sprint of April", "Sprint of May", "Sprint of June"]);
}

#[test]
fn files_without_a_repository_are_kept_apart_by_what_their_numbers_mean() {
    let list = |titles: [&str; 3]| {
        let all: Vec<Value> =
            titles.iter().zip(1..).map(|(title, n)| whyhow::json!({"number": n, "title": title})).collect();
        serde_json::to_string(&all).unwrap()
    };
    let mut trial = Trial::new();
    let one = parse("one.json", &list(["a", "b", "c"]), &Options::default());
    assert_eq!(one.warnings.count("no state in the file: imported as to do"), 3);
    trial.import(&one);
    trial.import(&parse("two.json", &list(["x", "y", "z"]), &Options::default()));
    assert_eq!(trial.product.items().len(), 6, "numbers that mean other things are other items");
    trial.import(&parse("renamed.json", &list(["a", "b", "changed"]), &Options::default()));
    assert_eq!(trial.product.items().len(), 6);
    assert!(trial.product.all::<BacklogItem>().any(|item| &*item.title == "changed"));
}

#[test]
fn a_list_that_may_be_cut_off_says_so() {
    let all: Vec<Value> = (0..30).map(|n| whyhow::json!({"number": n, "title": "t", "state": "OPEN"})).collect();
    let found = parse("a.json", &serde_json::to_string(&all).unwrap(), &Options::default());
    assert!(found.warnings.0.iter().any(|one| one.what.contains("may be incomplete")));
    let page = whyhow::json!({"total_count": 89, "incomplete_results": false, "items": all});
    let found = parse("a.json", &page.to_string(), &Options::default());
    assert!(found.warnings.0.iter().any(|one| one.what.contains("30 of 89")));
}

#[test]
fn the_same_number_twice_is_kept_and_named() {
    let issue = |title: &str| whyhow::json!({"number": 1, "title": title, "state": "OPEN"});
    let page = whyhow::json!([issue("a"), issue("a"), issue("b")]);
    let mut trial = Trial::new();
    let found = parse("a.json", &page.to_string(), &Options::default());
    assert_eq!(found.skipped.total(), 1);
    trial.import(&found);
    assert_eq!(&*trial.item("1~2").title, "b");
}

#[test]
fn broken_and_unknown_files_are_refused_in_words() {
    let refuse = |text: &str| {
        let file = SourceFile::from_bytes("a.json", text.as_bytes(), None).unwrap();
        read(&file, None, &Options::default(), &mut |_, _| {}).unwrap_err().to_string()
    };
    assert!(refuse("[{\"number\": 1, \"title\": \"x\",}]").contains("is not JSON at line 1, column"));
    assert!(refuse("[{\"number\": 1, \"title\": \"x\"").contains("ends too early"));
    assert!(refuse("hello").contains("--from"));
    assert!(refuse("[{\"name\": 1}]").contains("not in a known format"));
    assert!(refuse("{\"format\":\"9.0\",\"items\":[]}").contains("newest whyhow"));
    let lines: String = (1..4).map(|n| format!("{{\"number\":{n},\"title\":\"t\",\"state\":\"OPEN\"}}\n")).collect();
    assert_eq!(parse("a.jsonl", &lines, &Options::default()).records.len(), 3);
}

#[test]
fn our_own_file_goes_into_an_empty_product_and_meets_itself() {
    let mut trial = Trial::new();
    trial.import(&with("sprint"));
    let shelves = trial.product.shelves();
    let mut top = whyhow::model::value::Map::new();
    top.insert("format", Value::from("1.0"));
    for kind in Kind::ALL {
        let shelf = trial.product.table(*kind);
        let all: Vec<Value> = shelf
            .slots()
            .filter_map(|slot| shelf.record(slot))
            .filter_map(|record| whyhow::model::schema::record_json(shelves, *kind, record.id()))
            .collect();
        top.insert(kind.plural().to_string(), Value::from(all));
    }
    let mut text = Value::from(top.clone());
    let found = parse("product.json", &text.to_string(), &Options::default());
    assert_eq!(found.format, "whyhow JSON");
    let same = trial.plan(&found);
    assert!(same.step.is_empty(), "{:?}", same.step);

    let mut empty = Trial::new();
    empty.import(&found);
    for record in trial.product.items().all() {
        assert_eq!(Some(record), empty.product.items().get(record.id));
    }

    text["items"].get_mut(0).unwrap()["title"] = Value::from("Renamed elsewhere");
    text["items"].get_mut(0).unwrap()["colour"] = Value::from("green");
    text["items"].get_mut(0).unwrap()["points"] = Value::from("many");
    text["items"].get_mut(0).unwrap()["depends_on"] = whyhow::json!(["0000000000001"]);
    text["items"].get_mut(1).unwrap()["deleted"] = Value::from(true);
    let plan = trial.import(&parse("product.json", &text.to_string(), &Options::default()));
    assert_eq!(plan.report.total(|one| one.changed), 1);
    let id = Id::parse(text["items"][0]["id"].as_str().unwrap()).unwrap();
    let item = trial.product.get::<BacklogItem>(id).unwrap();
    assert_eq!(&*item.title, "Renamed elsewhere");
    assert_eq!(item.unknown.0.as_ref().unwrap()["colour"], "green");
    assert!(trial.product.items().all().all(|item| item.is_alive()), "nothing is deleted by an import");
    let report = plan.report.text();
    for part in ["invalid value", "to a missing record", "deleted in the file"] {
        assert!(report.contains(part), "{part}\n{report}");
    }
}

#[test]
fn another_product_fills_up_what_is_empty_and_replaces_nothing() {
    let mine = r#"{"format":"1.0","product":{"id":"0000000000001","name":"Ferry","vision":"Cross in peace","stage":"growth"},
        "sprints":[{"id":"0000000000002","goal":"Ours","state":"active","start":"2026-03-02","end":"2026-03-13"}]}"#;
    let theirs = r#"{"format":"1.0","colour":1,"product":{"id":"0000000000011","name":"Bus","vision":"Ride","needs":"A seat"},
        "goals":[{"id":"0000000000013","title":"Full buses","confirmed":[{"on":"0000000000011","by":"Ida","at":"2026-01-01T00:00:00Z"}]}],
        "sprints":[{"id":"0000000000012","goal":"Theirs","state":"active","start":"2026-03-20","end":"2026-03-02"}],
        "items":[{"id":"0000000000014","notes":"nameless","serves":"0000000000013","sprint":"0000000000012","parent":"0000000000014"}]}"#;
    let mut trial = Trial::new();
    trial.import(&parse("mine.json", mine, &Options::default()));
    let plan = trial.import(&parse("theirs.json", theirs, &Options::default()));
    let board = trial.product.vision().unwrap();
    assert_eq!((&*board.name, &*board.vision, &*board.needs), ("Ferry", "Cross in peace", "A seat"));
    assert_eq!(plan.report.differs.len(), 1);
    let running: Vec<&str> =
        trial.product.all::<Sprint>().filter(|one| one.state == SprintState::Active).map(|one| &*one.goal).collect();
    assert_eq!(running, ["Ours"]);
    let theirs = trial.product.all::<Sprint>().find(|one| &*one.goal == "Theirs").unwrap();
    assert_eq!((theirs.state, theirs.start, theirs.end), (SprintState::Planning, None, None));
    let goal = trial.product.all::<whyhow::model::schema::Goal>().next().unwrap();
    assert_eq!(goal.confirmed[0].on, board.id);
    let item = trial.product.all::<BacklogItem>().next().unwrap();
    assert_eq!((&*item.title, item.serves, item.parent), ("(no title)", Some(goal.id), None));
    assert_eq!(item.sprint, Some(theirs.id));
}

/// Sizes that people have: the plan alone must stay quick in a release build; here it must only be right.
#[test]
fn many_issues_go_in_at_once() {
    let all: Vec<Value> = (0..5000)
        .map(|n| whyhow::json!({"number": n, "title": format!("t{n}"), "state": "OPEN", "url": format!("https://github.com/a/b/issues/{n}"), "body": "text"}))
        .collect();
    let mut trial = Trial::new();
    trial.import(&parse("a.json", &serde_json::to_string(&all).unwrap(), &Options::default()));
    assert_eq!(trial.product.items().len(), 5000);
    assert!(trial.product.items().iter().zip(0..).all(|(item, n)| *item.title == format!("t{n}")));
}

/// Small files of our own, each with the quirks of a kind of file that people have, and what somebody else counted in it.
#[test]
fn files_with_the_quirks_of_real_ones_give_what_they_hold() {
    let expected: Value = serde_json::from_slice(&std::fs::read(data_file("expected.json")).unwrap()).unwrap();
    for (path, facts) in expected.as_object().unwrap() {
        let trial = gives_what_it_holds(path, &std::fs::read(data_file(path)).unwrap(), facts);
        assert_eq!(titles(&trial), strings(&facts["titles"]), "{path}");
    }
}

/// A milestone with open issues and no day is no sprint: the report says how many became what, and of which.
#[test]
fn an_import_says_what_became_of_the_milestones() {
    let dir = tempfile::tempdir().unwrap();
    let issue = |number: u64, state: &str, milestone: &str| serde_json::json!({"number": number, "title": format!("Issue {number}"), "state": state, "milestone": {"title": milestone}});
    let all =
        serde_json::json!([issue(1, "closed", "May"), issue(2, "open", "Backlog"), issue(3, "closed", "Backlog")]);
    let file = dir.path().join("issues.json");
    std::fs::write(&file, all.to_string()).unwrap();
    let said = |more: &[&str]| {
        let mut command = crate::harness::scratch::whyhow(&dir.path().join("data"));
        command.args(["import", "--dry-run", "--into", "Ferry"]).arg(&file).args(more);
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    let labels = said(&[]);
    assert!(labels.contains("milestones: 2 labels; the setting milestones can make them"), "{labels}");
    let sprints = said(&["--set", "milestones=sprint"]);
    assert!(sprints.contains("milestones: 1 sprint, 1 label (Backlog: open issues and no day to end on)"), "{sprints}");
    let items = said(&["--set", "milestones=roadmap"]);
    assert!(items.contains("milestones: 2 roadmap items"), "{items}");
}
