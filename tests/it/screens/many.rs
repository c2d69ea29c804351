//! What the screen and the shell say about none, one, two and a thousand of something. The harness reads each sentence.

use crate::harness::scratch::{batch, whyhow};
use crate::harness::stage::Stage;
use whyhow::model::role::Role;
use whyhow::model::schema::BacklogItem;

fn with(stories: usize) -> Stage {
    let mut stage = Stage::empty(120, 35, Role::Both);
    stage.keys("3");
    if stories > 0 {
        let titles: Vec<String> = (1..=stories).map(|n| format!("Story {n}")).collect();
        stage.clip = titles.join("\n");
        stage.keys("a<paste><enter>");
    }
    stage.settle();
    assert_eq!(stage.app().ui.rows.rows.len(), stories, "{stories}");
    stage
}

/// Bulk acts, each followed by its undo and redo.
const ACTS: &[&str] = &[
    "p5",
    "sb“Waits”<enter>",
    "sv8<enter>",
    "so“Omar”<enter>",
    "sl“web”<enter>",
    "st“bug”<enter>",
    "ss“doing”<enter>",
    "dn",
    "mt",
    "mb",
    "m1<enter>",
    "c“Heard it”<enter>",
    "yy",
    "ym",
    "yi",
    "dddd",
];

#[test]
fn every_bulk_act_is_told_well_for_none_one_two_and_a_thousand() {
    for stories in [0, 1, 2, 1000] {
        let mut stage = with(stories);
        for act in ACTS {
            stage.keys("3V").keys(act).keys("<esc><esc><esc>uU").keys("3V").keys("u<esc>");
            stage.settle();
        }
        stage.keys("2a“Why”<enter>3Vmr“Why”<enter>2w<esc>W<esc>dddduu").settle();
        stage.keys("4F").keys("Ss“Goal”<enter><enter><enter><enter>").keys("5V>").keys("Sc1<enter>").settle();
        for view in "1234567890".chars() {
            stage.keys(&view.to_string()).settle();
            let screen = stage.screen();
            let status = screen.lines().rev().nth(1).unwrap_or_default().to_string();
            let faults = crate::harness::grammar::faults(status.trim().trim_end_matches("saved"));
            assert!(faults.is_empty(), "{stories}, view {view}: {status:?} {faults:?}");
        }
    }
}

#[test]
fn the_shell_counts_well_too() {
    for stories in [0usize, 1, 2, 1000] {
        let dir = tempfile::tempdir().unwrap();
        let issue = |n: usize| {
            whyhow::json!({"number": n, "title": format!("Issue {n}"), "state": if n.is_multiple_of(2) { "CLOSED" } else { "OPEN" },
                "body": "- [ ] a box", "labels": [{"name": "web"}], "assignees": [], "url": format!("https://github.com/a/b/issues/{n}")})
        };
        let file = dir.path().join("issues.json");
        std::fs::write(
            &file,
            whyhow::model::value::Value::from((1..=stories).map(issue).collect::<Vec<_>>()).to_string(),
        )
        .unwrap();
        let mut said = String::new();
        for args in [&["--dry-run"][..], &[], &[]] {
            let mut command = whyhow(dir.path());
            command.arg("import").arg(&file).args(["--into", "Shop"]).args(args);
            let output = command.output().unwrap();
            said.push_str(&String::from_utf8_lossy(&output.stderr));
            said.push_str(&String::from_utf8_lossy(&output.stdout));
        }
        let lines = "{\"do\":\"undo\"}\n".repeat(stories.min(2));
        batch(dir.path(), &[], &lines);
        for command in [&["verify"][..], &["products"], &["show", "backlog"], &["show", "history"], &["show", "sprint"]]
        {
            let output = whyhow(dir.path()).args(command).output().unwrap();
            said.push_str(&String::from_utf8_lossy(&output.stderr));
        }
        for line in said.lines() {
            let faults = crate::harness::grammar::faults(line);
            assert!(faults.is_empty(), "{stories}: {line:?} {faults:?}");
        }
    }
}

#[test]
fn many_are_dropped_with_one_reason_and_labels_of_some_can_go() {
    let mut stage = Stage::new(120, 35, Role::Po);
    // Three stories, one of which has a label of its own.
    stage.keys("3 /“Text”<enter> sl“ours”<enter> <esc><esc>");
    stage.keys("gg <space><space><space><space><space><space><space> sl");
    let screen = stage.screen();
    assert!(screen.contains("[-] ours"), "what only some have: {screen}");
    // For all, then for none.
    while !stage.screen().contains("▸ [-] ours") {
        stage.keys("<down>");
    }
    stage.keys("<space><up><space><enter>").settle();
    let product = stage.app().session.product().clone();
    assert!(
        product.all::<BacklogItem>().all(|item| item.labels.iter().all(|label| label != "ours")),
        "{}",
        stage.screen()
    );
    stage.keys("dn");
    assert!(stage.screen().contains("Drop 7 stories?"), "{}", stage.screen());
    stage.keys("“Out of scope this year”<enter>").settle();
    let product = stage.app().session.product().clone();
    let reasons = product.all::<BacklogItem>().filter(|item| &*item.reason == "Out of scope this year").count();
    assert_eq!(reasons, 7, "{}", stage.screen());
    stage.keys("u");
    let product = stage.app().session.product().clone();
    assert!(product.all::<BacklogItem>().all(|item| item.reason.is_empty()), "one act, one undo");
}
