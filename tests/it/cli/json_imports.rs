//! Readers of JSON, folders and Markdown, over small files of a bicycle repair shop: what each part of a file becomes.

use crate::harness::load::data_file;
use crate::harness::trial::{Trial, parse};
use whyhow::import::Found;
use whyhow::json;
use whyhow::model::schema::{BacklogItem, ItemKind, ItemStatus, RoadmapItem, RoadmapResult, Sprint, SprintState};
use whyhow::model::value::Cell;
use whyhow::model::value::Value;
use whyhow::options::{FormatOption, Options};

fn with(name: &str, set: &[(&FormatOption, &str)]) -> Found {
    let mut options = Options::default();
    set.iter().for_each(|(option, value)| options.set(option, value).unwrap());
    parse(name, &std::fs::read_to_string(data_file(name)).unwrap(), &options)
}

fn imported(name: &str, set: &[(&FormatOption, &str)]) -> (Trial, String) {
    let mut trial = Trial::new();
    let plan = trial.import(&with(name, set));
    (trial, plan.report.text())
}

fn titled<'a>(trial: &'a Trial, title: &str) -> &'a BacklogItem {
    trial.product.all::<BacklogItem>().find(|item| &*item.title == title).unwrap_or_else(|| panic!("{title}"))
}

fn order(trial: &Trial) -> Vec<String> {
    trial.product.all::<BacklogItem>().map(|item| item.title.to_string()).collect()
}

mod trello {
    use super::*;
    use whyhow::import::trello::LISTS;

    #[test]
    fn a_card_comes_with_all_that_is_on_it() {
        let (trial, report) = imported("trello/board.json", &[]);
        let item = titled(&trial, "Brake pads wear out without a warning");
        assert_eq!((item.kind, item.status), (ItemKind::Bug, ItemStatus::ToDo));
        assert_eq!(item.criteria.to_text(), "[x] it says so once a week\n[ ] the app says when 2 mm are left");
        assert_eq!(item.tasks.to_text(), "[ ] measure ten pads\n[x] ask Ida\n[x] order a gauge");
        assert_eq!((&*item.labels, &*item.assignee), (&["bug".to_string(), "sky".to_string()][..], "Ida Brandt, omar"));
        assert_eq!(item.points.unwrap().to_string(), "5");
        assert_eq!(item.created.unwrap().to_string(), "2024-02-29T03:54:41Z");
        let extra = &item.extra.0["trello"];
        assert_eq!(extra["comments"][0]["text"], "First: we need a gauge");
        assert_eq!(extra["comments"][1]["author"], "Ida Brandt");
        assert_eq!(extra["Season"], json!(["Spring"]));
        assert_eq!(extra["due"], json!(["2026-04-01T10:00:00.000Z"]));
        assert_eq!(extra["due (2)"], json!(["true"]), "a field of the same name is kept beside it");
        assert_eq!(extra["attachments"][0]["url"], "https://trello.com/1/cards/x/attachments/y/download/pads.jpg");
        assert_eq!(extra["attachments"][1]["url"], "https://example.org/norm?page=2");
        assert!(!json!(extra).to_string().contains("boards.trello.com"), "the secret address");
        assert!(report.contains("list whose name says no status"), "{report}");
        assert!(report.contains("description of the board"), "{report}");
    }

    #[test]
    fn lists_give_order_state_and_what_is_archived() {
        let (trial, _) = imported("trello/board.json", &[]);
        assert_eq!(
            order(&trial)[..6],
            [
                "Riders book a slot",
                "Brake pads wear out without a warning",
                "Fit the new lift",
                "Sharpen the price list",
                "Wheel truing course",
                "Truing stand"
            ]
        );
        let state = |title: &str| titled(&trial, title).status;
        assert_eq!(state("Fit the new lift"), ItemStatus::Doing);
        assert_eq!(state("Sharpen the price list"), ItemStatus::Done);
        assert_eq!(titled(&trial, "Sharpen the price list").closed.unwrap().to_string(), "2026-02-20T15:00:00Z");
        assert_eq!(state("Truing stand"), ItemStatus::Done, "its date is marked complete");
        assert_eq!(&*titled(&trial, "Helmets for children").labels, ["Spring campaign"]);
        for archived in ["Tandem rental", "Sell our own tea"] {
            let item = titled(&trial, archived);
            assert_eq!((item.status, &*item.reason), (ItemStatus::Dropped, "Archived in Trello"));
        }
    }

    #[test]
    fn other_lists_become_sprints_or_roadmap_items() {
        let (trial, _) = imported("trello/board.json", &[(&LISTS, "sprint")]);
        let sprints: Vec<&Sprint> = trial.product.all::<Sprint>().map(|one| &**one).collect();
        assert_eq!(
            sprints.iter().map(|one| (&*one.goal, one.state)).collect::<Vec<_>>(),
            [
                ("In the workshop", SprintState::Planning),
                ("Spring campaign", SprintState::Planning),
                ("Old ideas", SprintState::Closed)
            ]
        );
        assert_eq!(titled(&trial, "Helmets for children").sprint, Some(sprints[1].id));
        let (trial, _) = imported("trello/board.json", &[(&LISTS, "roadmap")]);
        let roadmap: Vec<&RoadmapItem> = trial.product.all::<RoadmapItem>().map(|one| &**one).collect();
        assert_eq!((&*roadmap[2].title, roadmap[2].result), ("Old ideas", RoadmapResult::Launched));
        assert_eq!(titled(&trial, "Wheel truing course").serves, Some(roadmap[0].id));
        let (_, report) = imported("trello/board.json", &[(&LISTS, "status")]);
        assert_eq!(report.matches("state that is not known").count(), 1, "one notice for all of them: {report}");
    }

    #[test]
    fn an_export_that_is_full_of_actions_says_what_is_missing() {
        let actions: Vec<Value> = (0..1000).map(|n| json!({"id": n, "type": "updateBoard"})).collect();
        let board = json!({"id": "b", "lists": [], "cards": [{"id": "c", "name": "Pump"}], "actions": actions});
        let found = parse("b.json", &board.to_string(), &Options::default());
        assert!(found.warnings.0.iter().any(|one| one.what.contains("older comments are missing")));
    }
}

mod github_projects {
    use super::*;
    use whyhow::import::github_projects::PULLS;

    #[test]
    fn fields_of_the_project_come_on_top_of_the_issue() {
        let (trial, report) = imported("github-projects/items.json", &[]);
        assert_eq!(order(&trial).len(), 5);
        let item = trial.item("1");
        assert_eq!((item.status, item.points.unwrap().to_string()), (ItemStatus::Doing, "5".to_string()));
        assert_eq!(item.criteria.to_text(), "[x] no double booking\n[ ] mail goes out");
        assert_eq!(item.tasks.to_text(), "[ ] ask the shop");
        assert_eq!(&*item.assignee, "ida, omar");
        let extra = &item.extra.0["github"];
        assert_eq!(extra["target Date"], json!(["2026-03-01"]));
        assert_eq!((&extra["size"], &extra["milestone"][0]["title"]), (&json!(["L"]), &json!("Spring")));
        let sprints: Vec<&Sprint> = trial.product.all::<Sprint>().map(|one| &**one).collect();
        let days = |one: &Sprint| (one.start.unwrap().to_string(), one.end.unwrap().to_string());
        assert_eq!(days(sprints[1]), ("2026-02-16".to_string(), "2026-03-01".to_string()));
        assert_eq!((sprints[0].state, sprints[1].state), (SprintState::Closed, SprintState::Planning));
        assert_eq!(item.sprint, Some(sprints[1].id));
        assert_eq!(trial.item("2").kind, ItemKind::Bug);
        let draft = trial.item("PVTI_0004");
        assert_eq!(
            (draft.status, &draft.extra.0["github"]["status"]),
            (ItemStatus::ToDo, &json!(["Waiting for parts"]))
        );
        for part in ["it has 6 of 9", "1 × pull request", "no state in the file", "Waiting for parts", "Depends on"] {
            assert!(report.contains(part), "{part}\n{report}");
        }
        let (trial, _) = imported("github-projects/items.json", &[(&PULLS, "yes")]);
        assert_eq!(titled(&trial, "Book a slot").sprint.is_some(), order(&trial).len() == 6);
    }

    #[test]
    fn an_issue_from_the_project_and_from_the_list_is_one_story() {
        let issues = json!([
            {"number": 1, "title": "Riders book a slot", "state": "OPEN", "url": "https://github.com/spoke/shop/issues/1"},
            {"number": 7, "title": "Bells", "state": "OPEN", "url": "https://github.com/spoke/shop/issues/7"}
        ]);
        let mut trial = Trial::new();
        trial.import(&with("github-projects/items.json", &[]));
        let plan = trial.import(&parse("issues.json", &issues.to_string(), &Options::default()));
        assert_eq!(plan.report.total(|one| one.new), 1, "{}", plan.report.text());
        assert_eq!(trial.item("1").points.unwrap().to_string(), "5", "what only the project says stays");
        assert_eq!(trial.item("1").status, ItemStatus::Doing, "an open issue may be in progress");
        trial.import(&parse("issues.json", &issues.to_string().replace("OPEN", "CLOSED"), &Options::default()));
        assert_eq!(trial.item("1").status, ItemStatus::Done);
        trial.import(&parse("issues.json", &issues.to_string(), &Options::default()));
        assert_eq!(trial.item("1").status, ItemStatus::ToDo, "it was opened again");
    }
}

mod jira_json {
    use super::*;
    use whyhow::import::SourceFile;
    use whyhow::import::jira_json::POINTS_FIELD;
    use whyhow::import::read;
    use whyhow::model::schema::Horizon;

    #[test]
    fn an_issue_comes_with_its_epic_sprint_sub_tasks_and_links() {
        let (trial, report) = imported("jira-json/search.json", &[]);
        assert_eq!(
            order(&trial),
            ["Order bells", "Helmets for children", "Tandem rental", "Clock is an hour late", "Riders book a slot"],
            "by rank"
        );
        let item = trial.item("SHOP-2");
        assert_eq!(item.criteria.to_text(), "[ ] no double booking\n[ ] a mail goes out");
        assert_eq!(
            item.tasks.to_text(),
            "[x] ask the shop\n[x] Draw the calendar",
            "the sub-task itself says that it is done"
        );
        assert!(item.notes.starts_with("## Acceptance Criteria\n\n- no double booking"), "{}", &*item.notes);
        assert_eq!((&*item.assignee, item.points.unwrap().to_string()), ("Ida Brandt", "5".to_string()));
        assert_eq!(&*item.labels, ["web", "component:Calendar"]);
        assert_eq!(item.created.unwrap().to_string(), "2026-01-05T08:00:00+01:00");
        assert_eq!(item.depends_on, [trial.item("SHOP-3").id]);
        let extra = &item.extra.0["jira"];
        assert_eq!(extra["comments"][0]["body"], "Which colours?");
        assert_eq!(
            (&extra["comments"][0]["author"], &extra["Severity"][0]["value"]),
            (&json!("Ida Brandt"), &json!("Severe"))
        );
        assert_eq!(
            (&extra["issuelinks"], &extra["sprints"]),
            (&json!(["relates to SHOP-9"]), &json!(["SHOP Sprint 1", "SHOP Sprint 2"]))
        );
        assert_eq!(extra["url"], json!(["https://spoke.atlassian.net/browse/SHOP-2"]));
        assert!(extra.get("Rank").is_none() && extra.get("description_raw").is_some());

        let epics: Vec<&RoadmapItem> = trial.product.all::<RoadmapItem>().map(|one| &**one).collect();
        let epic = epics.iter().find(|one| &*one.title == "Booking").unwrap();
        assert_eq!(
            (&*epic.problem, epic.horizon, item.serves),
            ("Riders call to ask for a time.", Horizon::Now, Some(epic.id))
        );
        let named = epics.iter().find(|one| &*one.title == "Trust").unwrap();
        assert_eq!(trial.item("SHOP-3").serves, Some(named.id), "an epic that the file only names");

        let sprints: Vec<&Sprint> = trial.product.all::<Sprint>().map(|one| &**one).collect();
        assert_eq!(
            (&*sprints[0].goal, &*sprints[0].note, sprints[0].state),
            ("Riders can book", "SHOP Sprint 1 in Jira", SprintState::Closed)
        );
        assert_eq!((&*sprints[1].goal, sprints[1].state), ("SHOP Sprint 2", SprintState::Active));
        assert_eq!(item.sprint, Some(sprints[1].id));
        assert_eq!(trial.item("SHOP-3").sprint, Some(sprints[0].id));
        assert_eq!(trial.item("SHOP-6").sprint, None, "an open story is in no closed sprint");
        assert_eq!((sprints[0].entries.len(), sprints[1].entries.len()), (1, 1));
        assert_eq!(trial.item("SHOP-5").status, ItemStatus::Dropped);
        assert_eq!(trial.item("SHOP-6").extra.0["jira"]["status"], json!(["Waiting for parts"]));
        assert_eq!(trial.item("SHOP-7").extra.0["jira"]["parent"], json!(["SHOP-77"]));
        assert!(report.contains("it has 7 of 9"), "{report}");
    }

    #[test]
    fn a_page_of_sprints_brings_dates_and_goals() {
        let (trial, _) = imported("jira-json/sprints.json", &[]);
        let sprints: Vec<&Sprint> = trial.product.all::<Sprint>().map(|one| &**one).collect();
        let days = |one: &Sprint| one.start.zip(one.end).map(|(start, end)| format!("{start} {end}"));
        assert_eq!(days(sprints[0]).unwrap(), "2026-01-12 2026-01-23");
        assert_eq!(sprints[0].ended.unwrap().to_string(), "2026-01-23T15:30:00Z");
        assert_eq!(
            (&*sprints[2].goal, sprints[2].state, days(sprints[2])),
            ("SHOP Sprint 3", SprintState::Planning, None)
        );
        let mut trial = Trial::new();
        trial.import(&with("jira-json/search.json", &[]));
        let plan = trial.import(&with("jira-json/sprints.json", &[]));
        assert_eq!(plan.report.total(|one| one.new), 1, "the same sprints: {}", plan.report.text());
    }

    #[test]
    fn records_of_an_old_server_one_a_line() {
        let (trial, report) = imported("jira-json/lines.jsonl", &[]);
        let item = trial.item("OLD-1");
        assert_eq!((&*item.title, item.status, item.points), ("Sharpen saws", ItemStatus::ToDo, None));
        let epic = trial.product.all::<RoadmapItem>().next().unwrap();
        assert_eq!((&*epic.title, item.serves), ("Good tools", Some(epic.id)));
        let sprint = trial.product.all::<Sprint>().next().unwrap();
        assert_eq!((&*sprint.goal, sprint.state), ("Saws, files", SprintState::Active));
        assert_eq!(trial.item("OLD-2").status, ItemStatus::Dropped);
        for part in ["customfield_10105: 3", "Somewhere"] {
            assert!(report.contains(part), "{part}\n{report}");
        }
        let (trial, _) = imported("jira-json/lines.jsonl", &[(&POINTS_FIELD, "customfield_10105")]);
        assert_eq!(trial.item("OLD-1").points.unwrap().to_string(), "3");
    }

    #[test]
    fn what_a_search_leaves_out_stays_as_it_is() {
        let mut trial = Trial::new();
        trial.import(&with("jira-json/search.json", &[]));
        let before = trial.item("SHOP-2").clone();
        let few = json!({"issues": [{"key": "SHOP-2", "fields": {"summary": "Riders book a time"}}]});
        trial.import(&parse("few.json", &few.to_string(), &Options::default()));
        let after = trial.item("SHOP-2");
        assert_eq!(&*after.title, "Riders book a time");
        assert_eq!(
            (after.status, after.points, after.created, after.kind),
            (before.status, before.points, before.created, before.kind)
        );
        assert_eq!((&after.tasks, &after.criteria, &after.notes), (&before.tasks, &before.criteria, &before.notes));
        assert_eq!((after.sprint, after.serves, &after.labels), (before.sprint, before.serves, &before.labels));
    }

    #[test]
    fn settings_of_jira_are_refused_by_what_they_are_not() {
        for text in ["{\"id\":1,\"columnConfig\":{}}", "[{\"name\":\"Blocks\",\"inward\":\"a\",\"outward\":\"b\"}]"] {
            let file = SourceFile::from_bytes("b.json", text.as_bytes(), None).unwrap();
            let said = read(&file, None, &Options::default(), &mut |_, _| {}).unwrap_err().to_string();
            assert!(said.contains("neither issues nor sprints of Jira"), "{said}");
        }
    }
}

mod taskwarrior {
    use super::*;
    use whyhow::import::taskwarrior::PROJECTS;

    #[test]
    fn tasks_come_with_their_projects_tags_and_attributes() {
        let (trial, report) = imported("taskwarrior/export.json", &[]);
        let item = titled(&trial, "Grease the hubs");
        assert_eq!(
            (item.kind, item.status, item.points.unwrap().to_string()),
            (ItemKind::Chore, ItemStatus::Doing, "3".into())
        );
        let extra = &item.extra.0["taskwarrior"];
        assert_eq!(
            (&extra["annotations"][0]["description"], &extra["brand"]),
            (&json!("use the blue one"), &json!(["Dura"]))
        );
        assert!(extra.get("urgency").is_none());
        let roadmap: Vec<&RoadmapItem> = trial.product.all::<RoadmapItem>().map(|one| &**one).collect();
        assert_eq!((&*roadmap[0].title, roadmap[0].result), ("Shop.Wheels", RoadmapResult::Open));
        assert_eq!((&*roadmap[1].title, roadmap[1].result), ("Home", RoadmapResult::Launched));
        assert_eq!(item.serves, Some(roadmap[0].id));
        let waits = titled(&trial, "Order bells");
        assert_eq!((waits.status, &*waits.notes), (ItemStatus::ToDo, "Waits until 2026-04-01."));
        assert_eq!(waits.created.unwrap().to_string(), "2026-01-02T08:00:00Z", "seconds since 1970, in a text");
        assert_eq!(titled(&trial, "Buy a van").status, ItemStatus::Dropped);
        let done = titled(&trial, "Sweep the floor");
        assert_eq!((done.status, done.closed.unwrap().to_string()), (ItemStatus::Done, "2026-01-05T17:00:00Z".into()));
        assert_eq!(titled(&trial, "Count the cash").depends_on, [item.id, done.id], "a text with commas");
        for part in ["1 × pattern of a recurring task", "date that cannot be read", "link to a missing record"] {
            assert!(report.contains(part), "{part}\n{report}");
        }
        let (trial, _) = imported("taskwarrior/export.json", &[(&PROJECTS, "label")]);
        assert_eq!(&*titled(&trial, "Grease the hubs").labels, ["winter", "chore", "Shop.Wheels"]);
    }

    #[test]
    fn of_a_task_that_a_file_repeats_the_last_one_counts() {
        let (trial, report) = imported("taskwarrior/sync.json", &[]);
        assert_eq!(order(&trial), ["Grease the hubs", "Order bells"]);
        assert_eq!(titled(&trial, "Grease the hubs").status, ItemStatus::Done);
        assert!(report.contains("older state of a task"), "{report}");
    }
}

mod github {
    use super::*;

    #[test]
    fn sub_issues_are_part_of_the_issue_that_lists_them() {
        let url = |n: u32| format!("https://github.com/spoke/shop/issues/{n}");
        let page = json!([[
            {"number": 1, "title": "Booking", "state": "OPEN", "url": url(1), "subIssues": {"nodes": [{"number": 2, "url": url(2)}, {"number": 9, "url": url(9)}]}}
        ], [
            {"number": 2, "title": "Calendar", "state": "OPEN", "url": url(2), "parent": null},
            {"number": 3, "title": "Mail", "state": "OPEN", "url": url(3), "parent": {"number": 1, "url": url(1)}}
        ]]);
        let mut trial = Trial::new();
        trial.import(&parse("pages.json", &page.to_string(), &Options::default()));
        let above = Some(trial.item("1").id);
        assert_eq!((trial.item("2").parent, trial.item("3").parent), (above, above));
    }
}

mod backlog_md {
    use super::*;
    use std::path::Path;
    use whyhow::import::backlog_md::MILESTONES;
    use whyhow::import::{SourceFile, read};
    use whyhow::model::schema::DoneRule;
    use whyhow::tui::state::import_folder;

    fn folder() -> SourceFile {
        import_folder::read(&data_file("backlog-md/bike-shop"), None).unwrap()
    }

    fn taken(milestones: &str) -> (Trial, String) {
        let mut options = Options::default();
        options.set(&MILESTONES, milestones).unwrap();
        let mut trial = Trial::new();
        let plan = trial.import(&read(&folder(), None, &options, &mut |_, _| {}).unwrap());
        (trial, plan.report.text())
    }

    #[test]
    fn a_folder_gives_tasks_milestones_and_rules() {
        let (trial, report) = taken("roadmap");
        let titles = [
            "Mend the \"big\" pump",
            "Riders book a slot: any day",
            "A calendar that shows every stand",
            "Tandems",
            "Paint the sign",
            "Sell tea",
        ];
        assert_eq!(order(&trial), titles, "by hand within tasks, then drafts, completed and archive");
        let item = trial.item("BIKE-1");
        assert_eq!((item.status, &*item.assignee), (ItemStatus::Doing, "@ida"));
        assert_eq!(item.criteria.to_text(), "[x] no double booking\n[ ] a mail goes out");
        assert_eq!(item.tasks.to_text(), "[ ] ask the shop", "the Definition of Done is no plan");
        assert!(item.notes.starts_with("Riders call to ask for a time.\n\n## Definition of Done"), "{}", &*item.notes);
        assert_eq!(item.created.unwrap().to_string(), "2026-01-02T08:15:00Z");
        assert_eq!(item.depends_on, [trial.item("BIKE-2").id]);
        let extra = &item.extra.0["backlog-md"];
        assert_eq!((&extra["priority"], &extra["onStatusChange"]), (&json!(["high"]), &json!(["touch /tmp/never"])));
        assert_eq!((&extra["dependencies"], &extra["status"]), (&json!(["BIKE-99"]), &json!(["On the stand"])));
        assert!(!Path::new("/tmp/never").exists(), "a command in the file is a text");
        assert_eq!(trial.item("BIKE-1.1").parent, Some(item.id), "by its number, whatever the prefix");
        let pump = trial.item("BIKE-2");
        assert_eq!(
            (&*pump.labels, pump.kind, &*pump.assignee),
            (&["bug".to_string(), "floor, back".to_string()][..], ItemKind::Bug, "@ida, omar")
        );
        assert_eq!(trial.item("BIKE-3").status, ItemStatus::Done, "the last status of the settings");
        let second = trial.item("BIKE-3~2");
        assert_eq!((second.status, &*second.reason), (ItemStatus::Dropped, "Archived in Backlog.md"));
        assert_eq!(&*trial.item("DRAFT-1").labels, ["draft"]);
        let rules: Vec<&str> = trial.product.all::<DoneRule>().map(|rule| &*rule.text).collect();
        assert_eq!(rules, ["brakes tested", "price on the slip"]);
        let roadmap: Vec<&RoadmapItem> = trial.product.all::<RoadmapItem>().map(|one| &**one).collect();
        assert_eq!(
            (&*roadmap[0].title, &*roadmap[0].problem, item.serves),
            ("Booking", "Nobody has to call.", Some(roadmap[0].id))
        );
        assert_eq!((&*roadmap[1].title, roadmap[1].result), ("Open house", RoadmapResult::Launched));
        for part in [
            "tasks/readme.md",
            "draft that was archived",
            "both are kept",
            "link to a missing record",
            "date that cannot be read",
        ] {
            assert!(report.contains(part), "{part}\n{report}");
        }
    }

    #[test]
    fn milestones_become_sprints_or_labels_too() {
        let (trial, _) = taken("sprint");
        let sprints: Vec<&Sprint> = trial.product.all::<Sprint>().map(|one| &**one).collect();
        let booking = sprints.iter().find(|one| &*one.goal == "Booking").unwrap();
        assert_eq!(booking.state, SprintState::Planning);
        assert_eq!(trial.item("BIKE-1").sprint, Some(booking.id));
        let (trial, _) = taken("label");
        assert_eq!(&*trial.item("BIKE-1").labels, ["web", "Booking"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_and_hidden_folders_are_not_followed() {
        let scratch = tempfile::tempdir().unwrap();
        let at = |name: &str| scratch.path().join(name);
        std::fs::create_dir_all(at("tasks")).unwrap();
        std::fs::create_dir_all(at(".secret")).unwrap();
        std::fs::write(at("tasks/a.md"), "---\nid: A-1\ntitle: Pump\nstatus: Done\n---\n").unwrap();
        std::fs::write(at(".secret/b.md"), "---\nid: A-2\n---\n").unwrap();
        std::os::unix::fs::symlink("/etc", at("tasks/etc")).unwrap();
        std::os::unix::fs::symlink("a.md", at("tasks/c.md")).unwrap();
        let file = import_folder::read(scratch.path(), None).unwrap();
        assert_eq!(file.files.iter().map(|one| &*one.name).collect::<Vec<_>>(), ["tasks/a.md"]);
        assert_eq!(file.warnings.count("link in the folder, which is not followed"), 2);
    }
}

mod markdown {
    use super::*;
    use whyhow::import::markdown::{BULLETS, HEADINGS};
    use whyhow::import::{SourceFile, read};

    #[test]
    fn boxes_are_stories_under_the_roadmap_item_of_their_heading() {
        let (trial, _) = imported("markdown/backlog.md", &[]);
        assert_eq!(
            order(&trial),
            [
                "Answer the phone",
                "Draw the calendar",
                "Choose the colours",
                "Send a mail",
                "a mail goes out",
                "Write the list",
                "Paint it on the wall",
                "Fit the lift",
                "Count the cash",
                "Buy a till | drawer"
            ]
        );
        let draw = titled(&trial, "Draw the calendar");
        assert_eq!(draw.tasks.to_text(), "[x] ask three riders\n[ ] print it");
        let roadmap: Vec<&RoadmapItem> = trial.product.all::<RoadmapItem>().map(|one| &**one).collect();
        let titles: Vec<&str> = roadmap.iter().map(|one| &*one.title).collect();
        assert_eq!(titles, ["Bike shop backlog", "Riders book a slot", "Prices", "Money", "Spring opening"]);
        assert_eq!(draw.serves, Some(roadmap[1].id));
        assert!(roadmap[1].problem.starts_with("Riders call to ask for a time."), "{}", &*roadmap[1].problem);
        assert!(roadmap[1].problem.contains("- no double booking") && !roadmap[1].problem.contains("Priority"));
        let extra = &roadmap[1].extra.0["markdown"];
        assert_eq!((&extra["Priority"], &extra["Size"]), (&json!(["High"]), &json!(["5"])));
        assert_eq!(roadmap[2].extra.0["markdown"]["horizon"], json!(["next"]));
        let mail = titled(&trial, "Send a mail");
        assert_eq!((mail.status, &*mail.labels), (ItemStatus::Doing, &["mail".to_string()][..]));
        let lift = titled(&trial, "Fit the lift");
        assert_eq!((lift.status, lift.serves), (ItemStatus::Doing, None), "the heading is a status");
        assert_eq!(titled(&trial, "Choose the colours").status, ItemStatus::Done);
        let cash = titled(&trial, "Count the cash");
        assert_eq!(
            (cash.status, cash.points.unwrap().to_string(), cash.serves),
            (ItemStatus::Done, "2".into(), Some(roadmap[3].id))
        );
        assert_eq!(&*cash.notes, "at 6 pm");
    }

    #[test]
    fn a_heading_may_be_a_story_or_a_label() {
        let (trial, _) = imported("markdown/backlog.md", &[(&HEADINGS, "story")]);
        let item = titled(&trial, "Riders book a slot");
        assert_eq!(item.criteria.to_text(), "[ ] no double booking\n[ ] a mail goes out");
        assert_eq!(item.tasks.len(), 5);
        assert_eq!((item.points.unwrap().to_string(), &*item.assignee), ("5".to_string(), "Ida"));
        let why = trial.product.all::<RoadmapItem>().find(|one| &*one.title == "Booking").unwrap();
        assert_eq!(item.serves, Some(why.id));
        let (trial, _) = imported("markdown/backlog.md", &[(&HEADINGS, "label")]);
        assert_eq!(&*titled(&trial, "Draw the calendar").labels, ["Riders book a slot"]);
        assert_eq!(trial.product.all::<RoadmapItem>().len(), 1, "only the milestone of the table");
    }

    #[test]
    fn a_box_that_was_ticked_is_the_same_story() {
        let mut trial = Trial::new();
        trial.import(&with("markdown/backlog.md", &[]));
        let text = std::fs::read_to_string(data_file("markdown/backlog.md")).unwrap();
        let plan =
            trial.import(&parse("backlog.md", &text.replace("- [ ] Answer", "- [x] Answer"), &Options::default()));
        assert_eq!(
            (plan.report.total(|one| one.new), titled(&trial, "Answer the phone").status),
            (0, ItemStatus::Done)
        );
    }

    #[test]
    fn lines_that_read_alike_are_all_kept() {
        let mut trial = Trial::new();
        let plan = trial.import(&parse(
            "a.md",
            "# Bike\n- [ ] Test\n- [x] Test\n- [ ] Test\n# Tea\n- [ ] Test\n",
            &Options::default(),
        ));
        assert_eq!(order(&trial), ["Test", "Test", "Test", "Test"]);
        assert!(plan.report.text().contains("2 × line that reads like another one"), "{}", plan.report.text());
    }

    #[test]
    fn bullets_count_where_a_person_says_so() {
        let file = SourceFile::from_bytes("plan.md", b"# Next\n* Canary builds\n* Broadcast\n", None).unwrap();
        let said = read(&file, None, &Options::default(), &mut |_, _| {}).unwrap_err().to_string();
        assert!(said.contains("no checkboxes") && said.contains("bullets=yes"), "{said}");
        let mut options = Options::default();
        options.set(&BULLETS, "yes").unwrap();
        let mut trial = Trial::new();
        trial.import(&read(&file, None, &options, &mut |_, _| {}).unwrap());
        assert_eq!(order(&trial), ["Canary builds", "Broadcast"]);
    }
}

mod several_files {
    use super::*;
    use crate::harness::scratch::{fed, whyhow};
    use whyhow::store::open::open;
    use whyhow::store::products::Data;

    #[test]
    fn several_files_are_one_step_and_stories_of_a_sprint_that_is_over_count() {
        let data = tempfile::tempdir().unwrap();
        let mut command = whyhow(data.path());
        let files = ["jira-json/sprints.json", "jira-json/search.json", "trello/board.json"].map(data_file);
        command.args(["import", "--into", "Shop"]).args(&files).arg("-");
        let output = fed(command, "- [ ] From standard input\n");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let folder = Data(data.path().to_path_buf()).list().remove(0).folder;
        let opened = open(&folder).unwrap();
        let steps = opened.history(&folder).entries;
        assert_eq!(steps.len(), 2, "the product, and the import");
        assert!(steps[1].step.label.starts_with("Imported 4 files: "), "{}", steps[1].step.label);
        let closed = opened.product.all::<Sprint>().find(|one| one.state == SprintState::Closed).unwrap();
        assert_eq!((&*closed.goal, closed.entries.len()), ("Riders can book", 1));
        assert_eq!(opened.product.all::<BacklogItem>().len(), 5 + 10 + 1);
        let before = std::fs::read(folder.product_json()).unwrap();
        let mut command = whyhow(data.path());
        command.args(["import", "--into", "Shop"]).args(&files);
        assert_eq!(fed(command, "").status.code(), Some(0));
        assert_eq!(std::fs::read(folder.product_json()).unwrap(), before, "a second time changes no byte");
    }

    #[test]
    fn of_several_files_a_broken_one_keeps_all_out() {
        let data = tempfile::tempdir().unwrap();
        let mut command = whyhow(data.path());
        command.args(["import", "--into", "Shop"]).arg(data_file("trello/board.json")).arg("-");
        let output = fed(command, "{\"cards\": [{\"id\": 1");
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains("Nothing was imported"));
        assert!(Data(data.path().to_path_buf()).list().is_empty());
    }
}

/// Files that are cut, or hold other things than they should.
mod hostile {
    use super::*;
    use crate::harness::reader_laws;
    use whyhow::import::{FORMATS, SourceFile, choose, read};

    const SAMPLES: &[&str] = &[
        "trello/board.json",
        "trello/board-2015.json",
        "github-projects/items.json",
        "jira-json/search.json",
        "jira-json/sprints.json",
        "jira-json/lines.jsonl",
        "taskwarrior/export.json",
    ];

    fn text_of(sample: &str) -> String {
        std::fs::read_to_string(data_file(sample)).unwrap()
    }

    #[test]
    fn a_file_cut_anywhere_is_refused_with_the_place() {
        for sample in SAMPLES.iter().filter(|sample| !sample.ends_with("jsonl")) {
            let text = text_of(sample);
            let letters: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            for at in letters.iter().step_by(97).skip(1) {
                let file = SourceFile::from_bytes("cut.json", &text.as_bytes()[..*at], None).unwrap();
                if text[..*at].trim_end().len() == text.trim_end().len() {
                    continue;
                }
                let said = read(&file, None, &Options::default(), &mut |_, _| {}).unwrap_err().to_string();
                assert!(
                    said.contains("ends too early, at line") && said.contains("Nothing was imported"),
                    "{sample} {at}: {said}"
                );
            }
        }
    }

    /// Every value of every sample, replaced by one of another type: what is imported goes in, can be taken back and is
    /// the same a second time.
    #[test]
    fn values_of_other_types_break_nothing() {
        let strange =
            [json!(null), json!([]), json!({}), json!("\u{1b}[2J"), json!(-1e300), json!(true), json!([[{"id": {}}]])];
        for sample in SAMPLES {
            let documents: Vec<Value> =
                serde_json::Deserializer::from_str(&text_of(sample)).into_iter().map(Result::unwrap).collect();
            for (nth, document) in documents.iter().enumerate() {
                let mut places = Vec::new();
                walk(document, &mut Vec::new(), &mut places);
                for (turn, place) in places.iter().enumerate() {
                    let mut all = documents.clone();
                    *at(&mut all[nth], place) = strange[turn % strange.len()].clone();
                    let text: String = all.iter().map(|one| format!("{one}\n")).collect();
                    let file = SourceFile::from_bytes("file", text.as_bytes(), None).unwrap();
                    let Ok(format) = choose(&file, None) else { continue };
                    let at = FORMATS.iter().position(|one| one.name == format.name).unwrap();
                    reader_laws::import_as(FORMATS[at], &file, 0);
                }
            }
        }
    }

    /// What lies at a place.
    fn at<'a>(document: &'a mut Value, place: &[String]) -> &'a mut Value {
        place.iter().fold(document, |value, key| match key.parse::<usize>() {
            Ok(nth) if value.is_array() => value.get_mut(nth).unwrap(),
            _ => value.get_mut(key).unwrap(),
        })
    }

    /// The places of a document, each as the keys that lead there; of lists only the first two elements, which is enough.
    fn walk(value: &Value, at: &mut Vec<String>, out: &mut Vec<Vec<String>>) {
        out.push(at.clone());
        let mut inside = |key: &str, value: &Value, out: &mut Vec<Vec<String>>| {
            at.push(key.to_string());
            walk(value, at, out);
            at.pop();
        };
        match value {
            Value::Array(all) => {
                all.iter().take(2).enumerate().for_each(|(nth, one)| inside(&nth.to_string(), one, out))
            }
            Value::Object(map) => map.iter().for_each(|(key, one)| inside(key, one, out)),
            _ => {}
        }
    }
}
