//! How people and tools write their lists, apart from what the formats say: columns by other names, cells with several
//! values, rows that belong to something without a row.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use crate::harness::trial::{Trial, parse};
use whyhow::import::table::PROJECTS;
use whyhow::json;
use whyhow::model::schema::{BacklogItem, ItemStatus, RoadmapItem, Sprint};
use whyhow::model::value::Cell;
use whyhow::options::Options;

/// The product with a file in it, imported twice.
fn taken(name: &str, text: &str) -> Trial {
    let mut trial = Trial::new();
    trial.import(&parse(name, text, &Options::default()));
    trial
}

#[test]
fn a_day_that_the_import_filled_in_is_no_change_of_yours() {
    let text = "ID,Title,Status,Created,Completed\nA-1,Auth,Done,,\nA-2,Login,Todo,2026-01-01T00:00:00Z,\n";
    let again = taken("list.csv", text).plan(&parse("list.csv", text, &Options::default()));
    assert!(!again.report.text().contains("kept on"), "{}", again.report.text());
}

mod markdown_tables {
    use super::*;

    const PAGE: &str = "# Ferry\n\n## Open\n\n\
        | ID | Title | Status | Points | Sprint | Created | Severity |\n|----|:-----|--------|---|---|---|---|\n\
        | US-1 | [Pay](pay.md) \\| refund | ✅ Done | 3 | Sprint 1 | 2026-02-14 | high |\n\
        | US-2 | Sail | ⏳ | 5 | - | | |\n| 1 | Dock | 🚧 In progress | | Sprint 1 | | |\n\n\
        ## Next\n\n- [ ] Write the timetable\n- [x] Ask the captain\n";

    #[test]
    fn they_are_read_with_the_boxes_beside_them_and_as_any_table() {
        for name in ["list.md", "-", "list.txt"] {
            let trial = taken(name, PAGE);
            let titles: Vec<String> = trial.product.all::<BacklogItem>().map(|item| item.title.to_string()).collect();
            assert_eq!(titles, ["Pay | refund", "Sail", "Dock", "Write the timetable", "Ask the captain"], "{name}");
            let pay = trial.item("US-1");
            assert_eq!((pay.status, pay.points.unwrap().to_string()), (ItemStatus::Done, "3".to_string()));
            assert_eq!(pay.created.unwrap().to_string()[..10], *"2026-02-14");
            assert_eq!(pay.extra.0["markdown"]["Severity"], json!(["high"]));
            assert_eq!(trial.item("US-2").status, ItemStatus::Doing);
            assert_eq!(trial.item("US-2").sprint, None);
            let sprints: Vec<_> = trial.product.all::<Sprint>().map(|one| (one.goal.to_string(), one.id)).collect();
            assert_eq!((&*sprints[0].0, sprints.len(), pay.sprint), ("Sprint 1", 1, Some(sprints[0].1)));
        }
    }

    #[test]
    fn a_row_with_another_title_is_the_story_of_its_key() {
        let mut trial = taken("list.md", PAGE);
        let newer = PAGE.replace("Sail", "Sail at dawn").replace("Dock", "Dock at noon");
        let plan = trial.import(&parse("list.md", &newer, &Options::default()));
        assert_eq!(plan.report.total(|one| one.new), 0, "{}", plan.report.text());
        assert_eq!(&*trial.item("US-2").title, "Sail at dawn");
    }

    #[test]
    fn a_table_with_boxes_in_its_texts_is_a_table() {
        let text = "ID,Title,Description\n1,Pay,\"Do\n- [ ] first\n- [x] then\n\"\n2,Sail,\n";
        assert_eq!(parse("-", text, &Options::default()).format, "CSV");
        assert_eq!(parse("list.csv", "Title|State\na|-\nb|done\n", &Options::default()).format, "CSV");
    }
}

fn with_projects(text: &str) -> Trial {
    let mut options = Options::default();
    options.set(&PROJECTS, "roadmap").unwrap();
    let mut trial = Trial::new();
    trial.import(&parse("list.csv", text, &options));
    trial
}

fn whys(trial: &Trial) -> Vec<String> {
    trial.product.all::<RoadmapItem>().map(|one| one.title.to_string()).collect()
}

fn why_of(trial: &Trial, key: &str) -> String {
    let serves = trial.item(key).serves.unwrap();
    trial.product.get::<RoadmapItem>(serves).unwrap().title.to_string()
}

#[test]
fn columns_are_known_by_a_part_of_their_names() {
    let text = "ID,Epic,User Story Title,Story,Criterios de aceptación en formato libre,Tareas,Points (Fibonacci),\
        Etiquetas (labels),Severity,Status\n\
        A-1,Booking,Search,\"As a rider, I search\",1) finds a boat; 2) sees its price,\"- [ ] form\n- [x] list\",8,\
        \"web, ui\",S1,Implemented\n";
    let plan = Trial::new().import(&parse("list.csv", text, &Options::default()));
    let report = plan.report.text();
    assert!(report.contains("no field for this column, kept under Extra: \u{201c}Severity\u{201d}\n"), "{report}");
    let trial = taken("list.csv", text);
    let item = trial.item("A-1");
    assert_eq!((&*item.title, &*item.notes), ("Search", "As a rider, I search"));
    assert_eq!(item.criteria.to_text(), "[ ] finds a boat\n[ ] sees its price");
    assert_eq!(item.tasks.to_text(), "[ ] form\n[x] list");
    assert_eq!((item.points.unwrap().to_string(), item.status), ("8".to_string(), ItemStatus::Done));
    assert_eq!(&*item.labels, ["web", "ui", "Booking"]);
    let text = "ID,Title,User Story / Description,Context,Estimate (hours)\nA-1,Log in,As a rider I log in,Old,12\n";
    let trial = taken("list.csv", text);
    assert_eq!((&*trial.item("A-1").notes, trial.item("A-1").points), ("As a rider I log in", None));
}

mod without_a_row {
    use super::*;

    #[test]
    fn epics_and_projects_are_labels_or_roadmap_items() {
        for (head, cells) in [
            ("Epic", "Booking"),
            ("Epic Name", "Booking"),
            ("Epic Link", "Booking on line"),
            ("Project", "Booking"),
            ("Category/Epic", "Booking"),
        ] {
            let text = format!("ID,Title,{head}\nA-1,Search,{cells}\nA-2,Pay,{cells}\nA-3,Sail,\n");
            let trial = taken("list.csv", &text);
            assert_eq!(
                (&*trial.item("A-1").labels, trial.item("A-1").serves),
                (&[cells.to_string()][..], None),
                "{head}"
            );
            let trial = with_projects(&text);
            assert_eq!((whys(&trial), why_of(&trial, "A-2")), (vec![cells.to_string()], cells.to_string()), "{head}");
            assert!(trial.item("A-1").labels.is_empty() && trial.item("A-3").serves.is_none(), "{head}");
        }
        let text = "ID,Feature,User Story,Project\nA-1,Booking,I search,Ferry\n";
        assert_eq!(&*taken("list.csv", text).item("A-1").labels, ["Booking", "Ferry"]);
        assert_eq!(why_of(&with_projects(text), "A-1"), "Booking");
    }

    #[test]
    fn an_epic_with_its_key_and_title_is_a_roadmap_item() {
        let gitlab = "Title,Issue ID,URL,State,Author Username,Epic ID,Epic Title\n\
            Header,4,https://gitlab.com/a/b/-/issues/4,Open,ida,4,Website\nFooter,5,https://gitlab.com/a/b/-/issues/5,Open,ida,4,Website\n";
        let trial = taken("gitlab.csv", gitlab);
        assert_eq!(
            (whys(&trial), why_of(&trial, "4"), why_of(&trial, "5")),
            (vec!["Website".into()], "Website".into(), "Website".into())
        );
        let jira = "Summary,Issue key,Issue Type,Status,Parent key,Parent summary\n\
            Bell,S-1,Story,To Do,S-9,Sound\nClapper,S-2,Sub-task,To Do,S-8,Old story\n";
        let trial = taken("jira.csv", jira);
        assert_eq!((whys(&trial), why_of(&trial, "S-1")), (vec!["Sound".to_string()], "Sound".to_string()));
        assert_eq!(trial.item("S-2").serves, None, "above a sub-task there is a story");
        // The epic itself comes later, under its key.
        let mut trial = trial;
        let later = "Summary,Issue key,Issue Type,Status\nSound and bells,S-9,Epic,Done\n";
        trial.import(&parse("jira.csv", later, &Options::default()));
        assert_eq!(whys(&trial), ["Sound and bells"]);
    }

    #[test]
    fn stories_find_the_row_of_their_epic_by_its_name_or_its_label() {
        let text = "Summary,Issue Type,Issue key,Epic Name,Sprint\nSound,Epic,A-1,Bells,\nRing,Story,A-2,Sound,\nToll,Story,A-3,bells,\n";
        let trial = taken("list.csv", text);
        assert_eq!(
            (whys(&trial).len(), why_of(&trial, "A-2"), why_of(&trial, "A-3")),
            (1, "Sound".into(), "Sound".into())
        );
        let text = "Id,Title,Labels,Type,Current State\n1,The sound of it,the sound,epic,\n2,Ring,\"ui, the sound\",feature,started\n";
        let trial = taken("pivotal.csv", text);
        assert_eq!((whys(&trial).len(), why_of(&trial, "2")), (1, "The sound of it".to_string()));
    }

    #[test]
    fn a_tree_and_a_flat_list_keep_what_is_above_a_feature() {
        let tree = "ID,Work Item Type,Title 1,Title 2,State\n1,Epic,Pay,,New\n2,Feature,,Cards,New\n";
        let flat = "ID,Work Item Type,Title,State,Parent\n1,Epic,Pay,New,\n2,Feature,Cards,New,1\n";
        for text in [tree, flat] {
            let trial = taken("azure.csv", text);
            let cards = trial.product.all::<RoadmapItem>().find(|one| &*one.title == "Cards").unwrap();
            assert_eq!(cards.extra.0["azure"]["Parent"], json!(["1"]));
        }
    }
}

#[test]
fn lists_and_line_breaks_of_clickup_are_read() {
    let text = "Task ID,Task Name,Task Content,Status,Priority,Checklists,Sprint Points\n\
        a1,Pitch,Write it.\\nTwo parts.,to do,null,\"{\"\"Steps\"\":[\"\"Hook\"\",\"\"Bio\"\"]}\",3\n";
    let trial = taken("clickup.csv", text);
    let item = trial.item("a1");
    assert_eq!((&*item.notes, item.tasks.to_text()), ("Write it.\nTwo parts.", "[ ] Hook\n[ ] Bio".to_string()));
    assert_eq!(item.points.unwrap().to_string(), "3");
    assert_eq!(item.extra.0["clickup"].get("Priority"), None);
}

#[test]
fn what_is_archived_is_dropped_unless_it_was_done() {
    let text = "Card ID,Card Name,Labels,List Name,Archived\n\
        c1,Tiles,\"Buy (green), Urgent (red_dark)\",To do,true\nc2,Paint,,Done,true\nc3,Lamp,(sky),To do,false\n";
    let trial = taken("cards.csv", text);
    let statuses = ["c1", "c2", "c3"].map(|key| trial.item(key).status);
    assert_eq!(statuses, [ItemStatus::Dropped, ItemStatus::Done, ItemStatus::ToDo]);
    assert_eq!(&*trial.item("c1").labels, ["Buy", "Urgent"]);
    assert_eq!(&*trial.item("c3").labels, ["sky"]);
    let found = parse("cards.csv", text, &Options::default());
    assert!(!found.warnings.0.iter().any(|one| one.what.contains("date")), "{:?}", found.warnings);
    let text = "id,name,type,requester,owners,is_completed,is_archived,state,created_at\n\
        1,Log in,feature,ida,ida,FALSE,TRUE,Unstarted,2024/05/01 10:00:00\n";
    assert_eq!(taken("shortcut.csv", text).item("1").status, ItemStatus::Dropped);
}

#[test]
fn a_link_to_a_story_that_is_not_there_is_named_in_both_directions() {
    let text = "ID,Title,Blocks,Blocked by\nA-1,Auth,\"A-2, X-99\",\nA-2,Login,,X-98\n";
    let report = Trial::new().plan(&parse("list.csv", text, &Options::default())).report.text();
    assert!(report.contains("Auth → #X-99") && report.contains("Login → #X-98"), "{report}");
}

#[test]
fn a_closed_issue_without_a_status_in_its_project_is_done() {
    let item = |state: &str, number: u32| {
        json!({"id": format!("P{number}"), "title": "a", "content": {"type": "Issue", "title": "a", "number": number,
            "state": state, "stateReason": if number == 3 { "NOT_PLANNED" } else { "" }, "repository": "ferry/app",
            "url": format!("https://github.com/ferry/app/issues/{number}")}})
    };
    let page = json!({"items": [item("OPEN", 1), item("CLOSED", 2), item("CLOSED", 3)], "totalCount": 3});
    let trial = taken("items.json", &page.to_string());
    let statuses = ["1", "2", "3"].map(|key| trial.item(key).status);
    assert_eq!(statuses, [ItemStatus::ToDo, ItemStatus::Done, ItemStatus::Dropped]);
}

#[test]
fn boxes_with_other_marks_are_stories_and_headings_with_text_are_named() {
    let text = "# Road\n\nHello.\n\n## A\n\n- [x] one\n- [-] two\n- [~] three\n- [/] four\n- [>] five\n- [-] six\n  - [ ] seven\n\n\
        ## B\n\nGet it on line.\n\n## C\n\n- plain\n\n## D\n\n### E\n\n| Title |\n|---|\n| [-] eight |\n";
    let found = parse("road.md", text, &Options::default());
    let told = found.skipped.0.iter().find(|one| one.what.starts_with("heading with text only")).unwrap();
    assert_eq!(told.examples, ["B", "C"]);
    assert!(found.warnings.count("box with [-]: read as dropped") == 1, "{:?}", found.warnings);
    let trial = taken("road.md", text);
    let mut all: Vec<_> =
        trial.product.all::<BacklogItem>().map(|one| (one.title.to_string(), one.status.key())).collect();
    all.sort();
    let wanted = [
        ("eight", "dropped"),
        ("five", "to_do"),
        ("four", "doing"),
        ("one", "done"),
        ("six", "doing"),
        ("three", "doing"),
        ("two", "dropped"),
    ];
    assert_eq!(all, wanted.map(|(title, status)| (title.to_string(), status)));
    let why = trial.product.all::<RoadmapItem>().find(|one| &*one.title == "A").unwrap();
    assert!(why.problem.is_empty(), "{}", &*why.problem);
}

#[test]
fn two_tables_of_a_page_may_have_a_row_each_for_a_story() {
    let text = "# Ferry\n\n## Backlog\n\n| ID | Title | Points |\n|---|---|---|\n| US-1 | Pay | 3 |\n| US-2 | Sail | 5 |\n\n\
        ## Week 12\n\n| ID | Title | Status | Sprint |\n|---|---|---|---|\n| US-1 | Pay | Done | One |\n| US-2 | Dock | Done | One |\n";
    let trial = taken("list.md", text);
    assert_eq!(trial.product.all::<BacklogItem>().len(), 3, "another title is another story");
    let pay = trial.item("US-1");
    assert_eq!((pay.points.unwrap().to_string(), pay.status), ("3".to_string(), ItemStatus::Done));
    assert!(pay.sprint.is_some());
    assert_eq!((&*trial.item("US-2").title, &*trial.item("US-2~2").title), ("Sail", "Dock"));
}
