//! A project, a repository or a board that comes under another name: it is asked about, and never doubled.

#![allow(clippy::unwrap_used)]

use crate::harness::scratch::whyhow;
use std::path::Path;
use whyhow::json;
use whyhow::model::value::Value;

/// Imports a text as a file of that name. Returns the exit code and what was said.
fn imported(data: &Path, name: &str, text: &str, args: &[&str]) -> (i32, String) {
    let file = data.join(name);
    std::fs::write(&file, text).unwrap();
    let mut command = whyhow(&data.join("data"));
    let output = command.args(["import", "--into", "Shop"]).arg(file).args(args).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(said).unwrap())
}

/// Stories, and roadmap items.
fn counted(data: &Path) -> (usize, usize) {
    let count = |view: &str, key: &str| {
        let shown = whyhow(&data.join("data")).args(["show", view, "--json"]).output().unwrap();
        let shown: Value = serde_json::from_slice(&shown.stdout).unwrap();
        shown[key].as_array().unwrap().len()
    };
    (count("backlog", "items"), count("roadmap", "roadmap"))
}

/// A Jira project of that key: an epic and stories below it, `skip` of them missing.
fn jira(project: &str, titles: &[&str]) -> String {
    let head = "Summary,Issue key,Issue id,Issue Type,Status,Project key,Parent key,Created\n";
    let epic = format!("Shop online,{project}-1,100,Epic,To Do,{project},,01/Feb/26 9:00 AM\n");
    let row = |(at, title): (usize, &&str)| {
        let number = at + 2;
        format!("{title},{project}-{number},10{number},Story,To Do,{project},{project}-1,0{number}/Feb/26 9:00 AM\n")
    };
    format!("{head}{epic}{}", titles.iter().enumerate().map(row).collect::<String>())
}

#[test]
fn a_renamed_jira_project_is_asked_about_and_moves_as_a_whole() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path();
    assert_eq!(imported(data, "jira.csv", &jira("SHOP", &["Cart", "Pay", "Search", "Wish list"]), &[]).0, 0);
    assert_eq!(counted(data), (4, 1));
    let renamed = jira("STORE", &["Cart", "Pay", "Search"]);
    let (code, said) = imported(data, "jira.csv", &renamed, &[]);
    assert_eq!((code, counted(data)), (1, (4, 1)), "{said}");
    assert!(said.contains("STORE has the numbers and titles of SHOP") && said.contains("--renamed yes"), "{said}");
    let (code, said) = imported(data, "jira.csv", &renamed, &["--renamed", "yes"]);
    assert_eq!((code, counted(data)), (0, (4, 1)), "{said}");
    // What was not in that file has moved too, so the next one finds it.
    let whole = jira("STORE", &["Cart", "Pay", "Search", "Wish list"]);
    let (code, said) = imported(data, "jira.csv", &whole, &[]);
    assert!(code == 0 && !said.contains(" new"), "{said}");
    assert_eq!(counted(data), (4, 1));
}

#[test]
fn another_project_with_the_same_titles_is_another_one_if_a_person_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path();
    imported(data, "jira.csv", &jira("SHOP", &["Cart", "Pay"]), &[]);
    let other = jira("STORE", &["Cart", "Pay"]);
    let (code, said) = imported(data, "jira.csv", &other, &["--renamed", "no"]);
    assert_eq!((code, counted(data)), (0, (4, 2)), "{said}");
    let (code, said) = imported(data, "jira.csv", &other, &[]);
    assert_eq!((code, counted(data)), (0, (4, 2)), "by now it is known: {said}");
}

#[test]
fn numbers_alone_raise_no_question() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path();
    imported(data, "jira.csv", &jira("SHOP", &["Cart", "Pay"]), &[]);
    let other = jira("BOAT", &["Moor", "Sail"]).replace("Shop online", "On the water");
    let (code, said) = imported(data, "jira.csv", &other, &[]);
    assert_eq!((code, counted(data)), (0, (4, 2)), "{said}");
}

/// A story deleted here stays deleted, also when its project comes under another name.
#[test]
fn what_was_deleted_stays_deleted_after_the_move() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path();
    imported(data, "jira.csv", &jira("SHOP", &["Cart", "Pay", "Search"]), &[]);
    let delete = r#"{"do": "delete", "on": "S2"}"#;
    let script = data.join("delete.jsonl");
    std::fs::write(&script, delete).unwrap();
    let output = whyhow(&data.join("data")).args(["batch"]).arg(&script).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(counted(data).0, 2);
    let renamed = jira("STORE", &["Cart", "Pay", "Search"]);
    assert_eq!(imported(data, "jira.csv", &renamed, &["--renamed", "yes"]).0, 0);
    assert_eq!(counted(data).0, 2);
    let (code, said) = imported(data, "jira.csv", &renamed, &[]);
    assert_eq!((code, counted(data).0), (0, 2), "{said}");
}

#[test]
fn a_renamed_repository_keeps_its_stories_under_its_new_address() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path();
    let issues = |site: &str| {
        let issue = |number: u32, title: &str| {
            json!({"number": number, "title": title, "state": "OPEN",
                "url": format!("https://github.com/{site}/issues/{number}")})
        };
        json!([issue(1, "Login page"), issue(2, "Logout"), issue(3, "Search")]).to_string()
    };
    imported(data, "issues.json", &issues("acme/shop"), &[]);
    let (code, said) = imported(data, "issues.json", &issues("acme/store"), &["--renamed", "yes"]);
    assert_eq!((code, counted(data).0), (0, 3), "{said}");
    let (code, said) = imported(data, "issues.json", &issues("acme/store"), &[]);
    assert!(code == 0 && said.contains("3 unchanged") && counted(data).0 == 3, "{said}");
}

/// A copy of a Trello board has ids of its own; its cards go by their titles.
#[test]
fn a_copied_board_is_asked_about() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path();
    let board = |id: &str| {
        let card = |nth: u32, name: &str| {
            json!({"id": format!("{id}{nth:04}"), "idShort": nth, "name": name, "desc": "", "idList": "l1", "pos": nth,
                "closed": false, "labels": [], "idMembers": [], "idChecklists": []})
        };
        let cards = [card(1, "Moor in fog"), card(2, "Sell day tickets"), card(3, "Paint the hull"), card(4, "Oil it")];
        json!({"id": id, "name": "Ferry", "lists": [{"id": "l1", "name": "Doing", "pos": 1, "closed": false}],
            "cards": cards, "labels": [], "checklists": [], "members": [], "actions": []})
        .to_string()
    };
    let (first, copy) = ("5d0000000000000000000001", "5e0000000000000000000002");
    assert_eq!(imported(data, "board.json", &board(first), &[]).0, 0);
    let (code, said) = imported(data, "copy.json", &board(copy), &[]);
    assert!(code == 1 && said.contains("Is it the same one?") && counted(data).0 == 4, "{said}");
    assert_eq!(imported(data, "copy.json", &board(copy), &["--renamed", "yes"]).0, 0);
    let (code, said) = imported(data, "copy.json", &board(copy), &[]);
    assert!(code == 0 && said.contains("4 unchanged") && counted(data).0 == 4, "{said}");
}
