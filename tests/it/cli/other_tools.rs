//! Exports for other tools: what they take is what they get, and whatever a text holds, it is one value there.

use crate::harness::reader_laws::sample;
use crate::harness::scratch::{batch, whyhow};
use crate::screens::hostile_text::document;
use whyhow::export::{self, Form, Subject, Written};
use whyhow::model::product::Product;
use whyhow::model::schema::BacklogItem;
use whyhow::model::sheet::is_hidden;
use whyhow::model::value::When;
use whyhow::options::Options;
use whyhow::store::snapshot;

fn now() -> When {
    When::parse("2026-03-12T12:00:00+01:00").unwrap()
}

fn written(name: &str, product: &Product, set: &[(&str, &str)]) -> Written {
    let format = export::named(name).unwrap();
    let mut options = Options::default();
    for (option, value) in set {
        let option = format.options.iter().find(|one| one.name == *option).unwrap();
        options.set(option, value).unwrap();
    }
    (format.write)(&Subject::of(product, now()), &options).unwrap()
}

fn text(name: &str, product: &Product) -> String {
    String::from_utf8(written(name, product, &[]).bytes).unwrap()
}

fn hostile() -> Product {
    snapshot::from_json(document().as_bytes()).unwrap().0
}

/// A product with an epic, a story of it with parts, and one of everything that has no place elsewhere.
fn shed() -> Product {
    let lines = r#"
{"do":"at","time":"2026-03-02T14:38:00Z","seed":7}
{"do":"add","kind":"goal","ref":"g","set":{"title":"Fewer calls"}}
{"do":"set","on":"P1","set":{"vision":"Nobody waits."}}
{"do":"add","kind":"roadmap","ref":"r","set":{"title":"Cancel online","problem":"A call costs {ten} minutes.","horizon":"next","serves":["g"]}}
{"do":"add","kind":"item","ref":"a","set":{"title":"=Cancel","points":3,"serves":"r","labels":["web","two words"],"assignee":"Mia","story":"As a rider <b>","criteria":["[x] It works","It's quick"],"tasks":["[x] draw it"]}}
{"do":"add","kind":"item","ref":"b","set":{"title":"The button","parent":"a","points":0.5,"kind":"bug"}}
{"do":"add","kind":"item","ref":"c","set":{"title":"Refund","depends_on":["a"],"kind":"spike"}}
{"do":"run","command":"item.status","with":{"on":"c","to":"dropped","reason":"too dear"}}
{"do":"add","kind":"rule","set":{"text":"Tested"}}
{"do":"add","kind":"feedback","set":{"quote":"I waited"}}
{"do":"run","command":"sprint.new","with":{"goal":"Go","start":"2026-03-02","end":"2026-03-13"}}
{"do":"run","command":"sprint.plan","with":{"items":["b"]}}
"#;
    let data = tempfile::tempdir().unwrap();
    let (code, answers, _) = batch(data.path(), &["--product", "Shed"], lines.trim_start());
    assert_eq!(code, 0, "{answers:?}");
    let out = whyhow(data.path()).args(["export"]).output().unwrap();
    snapshot::from_json(&out.stdout).unwrap().0
}

fn table(name: &str, product: &Product) -> Vec<Vec<String>> {
    let text = text(name, product);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_string).collect()).collect()
}

fn column<'a>(rows: &'a [Vec<String>], header: &str) -> Vec<&'a str> {
    let at = rows[0].iter().position(|one| one == header).unwrap_or_else(|| panic!("{header}: {:?}", rows[0]));
    rows[1..].iter().map(|row| row[at].as_str()).collect()
}

/// Of any product, whatever its texts hold: tables are straight, and nothing hidden gets out.
#[test]
fn no_export_lets_a_hidden_character_out() {
    for product in [hostile(), sample().clone(), shed(), Product::default()] {
        for format in export::FORMATS.iter().filter(|format| format.form == Form::Ready) {
            let out = written(format.name, &product, &[]);
            let text = String::from_utf8(out.bytes).unwrap();
            assert_eq!(text.chars().find(|c| is_hidden(*c)), None, "{}", format.name);
            if format.name.ends_with("csv") {
                let rows = table(format.name, &product);
                assert!(rows.iter().all(|row| row.len() == rows[0].len()), "{} is ragged", format.name);
            }
        }
    }
}

#[test]
fn jira_gets_a_tree_by_number_and_a_column_for_each_label() {
    let rows = table("jira-csv", &shed());
    assert_eq!(rows[0].iter().filter(|header| *header == "Labels").count(), 2);
    assert_eq!(column(&rows, "Summary"), ["Cancel online", "'=Cancel", "The button", "Refund"], "a formula is a text");
    assert_eq!(column(&rows, "Issue Id"), ["1", "2", "3", "4"]);
    assert_eq!(column(&rows, "Parent Id"), ["", "1", "2", ""]);
    assert_eq!(column(&rows, "Issue Type"), ["Epic", "Story", "Sub-task", "Task"]);
    assert_eq!(column(&rows, "Status"), ["To Do", "To Do", "To Do", "Done"]);
    assert_eq!(column(&rows, "Resolution"), ["", "", "", "Won't Do"]);
    assert_eq!(column(&rows, "Story Points"), ["", "3", "0.5", ""]);
    assert_eq!(column(&rows, "Sprint"), ["", "", "Sprint 1", ""]);
    assert_eq!(column(&rows, "Created")[1], "02/Mar/26 2:38 PM");
    assert_eq!(rows[2][rows[0].iter().position(|one| one == "Labels").unwrap() + 1], "two_words");
    let texts = column(&rows, "Description");
    assert_eq!(texts[0], "A call costs \\{ten} minutes.");
    assert_eq!(
        texts[1],
        "As a rider <b>\n\nh3. Acceptance criteria\n* (/) It works\n* It's quick\n\nh3. Tasks\n* (/) draw it"
    );
}

#[test]
fn what_has_no_place_elsewhere_is_said() {
    let notes = |name: &str| written(name, &shed(), &[]).notes;
    let jira = notes("jira-csv");
    assert_eq!(
        jira[0],
        "Not in the file, since Jira has no place for it: the vision, 1 goal, 1 sprint, 1 rule, 1 piece of feedback."
    );
    assert!(jira[1].starts_with("Jira finds a sprint by its id") && jira[2].contains("no blanks"), "{jira:?}");
    assert!(notes("azure-csv")[1].starts_with("Azure DevOps takes new items in the state New only"));
    assert!(notes("linear-csv")[1].starts_with("Roadmap items are the names of projects"));
    assert!(notes("github-script")[1].starts_with("People stand in the text"));
    assert_eq!(notes("csv"), [""; 0], "our own has a place for everything");
}

#[test]
fn azure_gets_each_title_in_the_column_of_its_depth() {
    let rows = table("azure-csv", &shed());
    let depth = |row: &Vec<String>| -> Vec<String> { row[2..5].to_vec() };
    assert_eq!(depth(&rows[0]), ["Title 1", "Title 2", "Title 3"]);
    assert_eq!(depth(&rows[1]), ["Cancel online", "", ""]);
    assert_eq!(depth(&rows[2]), ["", "'=Cancel", ""]);
    assert_eq!(depth(&rows[3]), ["", "", "The button"]);
    assert_eq!(column(&rows, "Work Item Type"), ["Epic", "User Story", "Task", "User Story"]);
    assert_eq!(column(&rows, "State"), ["New", "New", "New", "Removed"]);
    assert_eq!(
        column(&rows, "Description")[1],
        "<div>As a rider &lt;b&gt;</div><h3>Tasks</h3><ul><li>✓ draw it</li></ul>"
    );
    assert_eq!(column(&rows, "Acceptance Criteria")[1], "<ul><li>✓ It works</li><li>It's quick</li></ul>");
}

#[test]
fn linear_gets_stories_with_their_project_and_cycle() {
    let rows = table("linear-csv", &shed());
    assert_eq!(column(&rows, "ID"), ["S1", "S2", "S3"]);
    assert_eq!(column(&rows, "Project"), ["Cancel online", "Cancel online", ""]);
    assert_eq!(column(&rows, "Parent issue"), ["", "S1", ""]);
    assert_eq!(column(&rows, "Labels"), ["web, two words", "bug", "spike"]);
    assert_eq!(column(&rows, "Cycle End"), ["", "2026-03-13", ""]);
    assert_eq!(column(&rows, "Canceled")[2], "2026-03-02T14:38:00Z");
}

#[test]
fn only_what_is_open_if_wanted() {
    let out = written("linear-csv", &shed(), &[("open", "yes")]);
    assert!(!String::from_utf8(out.bytes).unwrap().contains("Refund"));
    assert!(out.notes[0].contains("1 closed story"), "{:?}", out.notes);
}

/// The script is run with a `gh` that writes down its arguments.
#[cfg(unix)]
#[test]
fn the_script_for_github_passes_every_text_as_one_argument() {
    use std::os::unix::fs::PermissionsExt;
    for product in [shed(), hostile()] {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        let gh = "#!/bin/sh\nfor one in \"$@\"; do printf '%s\\0' \"$one\"; done >>\"$HEARD\"\nprintf '\\n\\0' >>\"$HEARD\"\necho https://a.example/1\n";
        std::fs::write(at("gh"), gh).unwrap();
        std::fs::set_permissions(at("gh"), std::fs::Permissions::from_mode(0o755)).unwrap();
        std::fs::write(at("issues.sh"), written("github-script", &product, &[]).bytes).unwrap();
        let path = format!("{}:/usr/bin:/bin", dir.path().display());
        let mut command = std::process::Command::new("/bin/sh");
        command.arg(at("issues.sh")).env_clear().env("PATH", path).env("HEARD", at("heard")).current_dir(dir.path());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let heard = std::fs::read_to_string(at("heard")).unwrap();
        let calls: Vec<Vec<&str>> = heard.split("\n\0").map(|call| call.split_terminator('\0').collect()).collect();
        let titles: Vec<&str> = calls
            .iter()
            .filter(|call| call.first() == Some(&"issue") && call[1] == "create")
            .map(|call| call[3])
            .collect();
        assert_eq!(titles.len(), product.all::<BacklogItem>().len(), "an issue for each story");
        for item in product.all::<BacklogItem>() {
            let shown: String = item.title.chars().map(|c| if is_hidden(c) { '\u{FFFD}' } else { c }).collect();
            let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(titles.contains(&shown.as_str()), "{shown}");
        }
        let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|one| one.unwrap().file_name()).collect();
        assert_eq!(left.len(), 3, "no text ran as a command: {left:?}");
    }
}

fn drawn(view: &str, product: &Product) -> String {
    String::from_utf8(written("mermaid", product, &[("view", view)]).bytes).unwrap()
}

/// Row 73: whatever a title holds, it is one label and one line.
#[test]
fn a_diagram_has_a_box_for_each_record_and_no_other_lines() {
    for product in [shed(), hostile(), Product::default()] {
        for view in ["dependencies", "why"] {
            let text = drawn(view, &product);
            for line in text.lines().skip(1) {
                let words: Vec<&str> = line.split_whitespace().collect();
                let is_link = words.len() == 3
                    && words[1] == "-->"
                    && [words[0], words[2]].iter().all(|one| one.starts_with('n'));
                let is_box = line.starts_with("  n") && line.contains("[\"") && line.matches('"').count() == 2;
                let label = line.split('"').nth(1).unwrap_or_default();
                assert!(is_link || is_box || line.starts_with("  classDef "), "{view}: {line}");
                let steers = ['<', '>', '`', '[', ']', '{', '}', '\\'];
                assert!(!label.contains(steers) && label.matches('#').count() <= label.matches(';').count(), "{line}");
            }
        }
        let text = drawn("roadmap", &product);
        let begins = ["  title", "  dateFormat YYYY-MM-DD", "  axisFormat ", "  section "];
        for line in text.lines().skip(1).filter(|line| !begins.iter().any(|begin| line.starts_with(begin))) {
            let (name, days) = line.split_once(" :").unwrap_or_else(|| panic!("{line}"));
            assert!(!name.contains([':', ';', '#', '%']), "{line}");
            let last = days.split(", ").last().unwrap();
            assert!(last == "0d" || last.len() == 10, "{line}");
        }
    }
}

#[test]
fn diagrams_show_the_roadmap_the_dependencies_and_the_why() {
    let product = shed();
    let why = drawn("why", &product);
    for line in ["n1[\"G1 Fewer calls\"]:::why", "n2[\"R1 Cancel online\"]:::why", "n3[\"S1 =Cancel\"]:::open"] {
        assert!(why.contains(line), "{why}");
    }
    assert!(why.contains("  n1 --> n2\n  n2 --> n3\n  n3 --> n4\n"), "goal, outcome, story, part: {why}");
    assert!(!why.contains("Refund"), "what was dropped needs no why");
    assert!(drawn("roadmap", &product).contains("  section Sprints\n  Sprint 1 Go :2026-03-02, 2026-03-14\n"));
    assert!(drawn("dependencies", &product).contains("Nothing to draw"), "only a dropped story depends on another");
    let notes = written("mermaid", &product, &[]).notes;
    assert_eq!(notes, ["Without a bar, since nothing is forecast for them: R1."]);
}

fn tasks(product: &Product, stories: &str) -> Vec<whyhow::model::value::Value> {
    serde_json::from_slice(&written("taskwarrior", product, &[("stories", stories)]).bytes).unwrap()
}

#[test]
fn taskwarrior_gets_tasks_that_it_knows_again() {
    let product = shed();
    let all = tasks(&product, "all");
    let titles: Vec<&str> = all.iter().map(|task| task["description"].as_str().unwrap()).collect();
    assert_eq!(titles, ["=Cancel", "The button", "Refund"]);
    assert_eq!(tasks(&product, "open").len(), 2);
    assert_eq!(tasks(&product, "sprint").len(), 1);
    let (first, last) = (&all[0], &all[2]);
    assert_eq!((&first["status"], &last["status"]), (&"pending".into(), &"deleted".into()));
    assert_eq!(first["entry"], "20260302T143800Z");
    assert_eq!(last["end"], "20260302T143800Z");
    assert_eq!(first["tags"], whyhow::json!(["web", "two_words"]));
    assert_eq!((&first["project"], &first["estimate"]), (&"Cancel online".into(), &3.0.into()));
    assert_eq!(last["depends"], whyhow::json!([first["uuid"]]));
    assert_eq!(all[1]["due"], "20260313T000000Z");
    let lines: Vec<&str> =
        first["annotations"].as_array().unwrap().iter().map(|one| one["description"].as_str().unwrap()).collect();
    assert_eq!(lines, ["As a rider <b>", "[x] It works", "[ ] It's quick", "[x] draw it"]);
    let mut uuids: Vec<&str> = all.iter().map(|task| task["uuid"].as_str().unwrap()).collect();
    uuids.sort_unstable();
    uuids.dedup();
    assert_eq!(uuids.len(), 3);
    let mut later = product.clone();
    let id = later.all::<BacklogItem>().next().unwrap().id;
    let step = later.edit::<BacklogItem>(id, "", |item| item.title = "Another title".into());
    later.apply(&step).unwrap();
    assert_eq!(tasks(&later, "all")[0]["uuid"], first["uuid"], "a story with another title is the same task");
    assert!(!tasks(&hostile(), "all").is_empty());
}

/// What a folder holds, by path.
fn contents(folder: &std::path::Path) -> std::collections::BTreeMap<String, String> {
    crate::harness::scratch::contents(folder)
        .into_iter()
        .map(|(path, bytes)| {
            let path = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            (path, String::from_utf8(bytes).unwrap())
        })
        .collect()
}

#[test]
fn backlog_md_gets_a_folder_with_a_file_a_story() {
    let data = tempfile::tempdir().unwrap();
    let place = tempfile::tempdir().unwrap();
    let import = place.path().join("shed.json");
    std::fs::write(&import, written("json", &shed(), &[]).bytes).unwrap();
    let run = |args: &[&str]| whyhow(data.path()).args(args).output().unwrap();
    assert!(run(&["import", import.to_str().unwrap(), "--into", "Shed"]).status.success());
    let folder = place.path().join("backlog");
    let args = ["export", "--to", "backlog-md", "-o", folder.to_str().unwrap()];
    let output = run(&args);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.starts_with(
            "Not in the file, since Backlog.md has no place for it: the vision, 1 goal, 1 sprint, 1 piece"
        )
    );
    let files = contents(&folder);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            ".whyhow-export",
            "archive/tasks/task-3 - Refund.md",
            "config.yml",
            "milestones/m-1 - Cancel-online.md",
            "tasks/task-1 - Cancel.md",
            "tasks/task-2 - The-button.md"
        ]
    );
    assert!(files["config.yml"].contains("definition_of_done: [\"Tested\"]"));
    let task = &files["tasks/task-1 - Cancel.md"];
    for part in [
        "---\nid: \"task-1\"\ntitle: \"=Cancel\"\nstatus: \"To Do\"\nassignee: [\"Mia\"]\ncreated_date: \"2026-03-02 14:38\"\nlabels: [\"web\", \"two words\"]\nmilestone: \"m-1\"\n",
        "<!-- SECTION:DESCRIPTION:BEGIN -->\nAs a rider <b>\n<!-- SECTION:DESCRIPTION:END -->",
        "## Acceptance Criteria\n<!-- AC:BEGIN -->\n- [x] #1 It works\n- [ ] #2 It's quick\n<!-- AC:END -->",
        "<!-- SECTION:PLAN:BEGIN -->\n- [x] draw it\n<!-- SECTION:PLAN:END -->",
    ] {
        assert!(task.contains(part), "{part}: {task}");
    }
    assert!(files["tasks/task-2 - The-button.md"].contains("parent_task_id: \"task-1\"\npoints: 0.5\ntype: \"bug\"\n"));
    // A later export goes into the same folder: what somebody changed there meanwhile stays.
    std::fs::write(folder.join("tasks/task-1 - Cancel.md"), "mine").unwrap();
    let again = run(&args);
    let said = String::from_utf8(again.stderr).unwrap();
    assert!(again.status.success() && said.contains("Files of the earlier export:"), "{said}");
    assert!(said.contains("1 file was written or changed by others and left alone"), "{said}");
    assert_eq!(contents(&folder)["tasks/task-1 - Cancel.md"], "mine");
    // Any other folder with something in it is left alone, and there is no folder on standard output.
    std::fs::remove_file(folder.join(".whyhow-export")).unwrap();
    let before = contents(&folder);
    let again = run(&args);
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8(again.stderr).unwrap().contains("is not empty. Nothing was written"));
    assert_eq!(contents(&folder), before);
    for args in [&["export", "--to", "backlog-md"][..], &["export", "--to", "backlog-md", "-o", "-"]] {
        assert_eq!(run(args).status.code(), Some(2));
    }
}

#[test]
fn no_text_leads_out_of_the_folder_or_out_of_its_section() {
    let files = written("backlog-md", &hostile(), &[]).files;
    assert!(files.len() > 50);
    for (name, bytes) in &files {
        let text = std::str::from_utf8(bytes).unwrap();
        let plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '/' | '-' | '.' | ' '));
        assert!(plain && !name.contains("..") && !name.starts_with('/'), "{name}");
        assert_eq!(text.chars().find(|c| is_hidden(*c)), None, "{name}");
        for mark in ["SECTION:DESCRIPTION", "AC", "SECTION:PLAN"] {
            let begins = text.matches(&format!("<!-- {mark}:BEGIN -->")).count();
            assert_eq!(begins, text.matches(&format!("<!-- {mark}:END -->")).count(), "{name}");
            assert!(begins <= 1, "{name}");
        }
        let head = text.strip_prefix("---\n").and_then(|text| text.split_once("\n---\n"));
        for line in head.map(|(head, _)| head).unwrap_or_default().lines() {
            let (_, value) = line.split_once(": ").unwrap_or_else(|| panic!("{name}: {line}"));
            serde_json::from_str::<whyhow::model::value::Value>(value).unwrap_or_else(|_| panic!("{name}: {value}"));
        }
    }
    let mut names: Vec<&String> = files.iter().map(|(name, _)| name).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), files.len());
}
