//! A product exported and imported again: a copy has the same numbers, and a file that is older than the product takes
//! nothing back without a word.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use crate::harness::scratch::whyhow;
use std::path::{Path, PathBuf};
use whyhow::json;
use whyhow::model::value::Value;

/// A data folder, and a file beside it.
struct Desk {
    dir: tempfile::TempDir,
}

impl Desk {
    fn new() -> Desk {
        Desk { dir: tempfile::tempdir().unwrap() }
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    fn file(&self) -> PathBuf {
        self.dir.path().join("product.json")
    }

    fn run(&self, args: &[&str]) -> String {
        let done = whyhow(&self.data()).args(args).output().unwrap();
        assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }

    fn batch(&self, product: &str, lines: &[Value]) {
        let path = self.dir.path().join("lines.jsonl");
        std::fs::write(&path, lines.iter().map(|line| format!("{line}\n")).collect::<String>()).unwrap();
        self.run(&["--product", product, "batch", path.to_str().unwrap()]);
    }

    fn export(&self, product: &str) -> Value {
        self.run(&["--product", product, "export", "-o", self.file().to_str().unwrap()]);
        serde_json::from_slice(&std::fs::read(self.file()).unwrap()).unwrap()
    }

    fn write(&self, file: &Value) {
        std::fs::write(self.file(), file.to_string()).unwrap();
    }

    fn import(&self, product: &str, more: &[&str]) -> String {
        let file = self.file();
        self.run(&[&["import", file.to_str().unwrap(), "--into", product], more].concat())
    }

    fn items(&self, product: &str) -> Value {
        serde_json::from_str::<Value>(&self.run(&["--product", product, "show", "backlog", "--json"])).unwrap()["items"]
            .take()
    }
}

fn add(title: &str, more: Value) -> Value {
    let mut set = json!({ "title": title });
    set.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"do": "add", "kind": "item", "set": set})
}

fn set(on: &str, set: Value) -> Value {
    json!({"do": "set", "on": on, "set": set})
}

/// The story of that number in a file.
fn story(file: &mut Value, number: u64) -> &mut Value {
    file["items"].as_array_mut().unwrap().iter_mut().find(|item| item["number"] == number).unwrap()
}

fn ferry() -> Desk {
    let desk = Desk::new();
    desk.batch(
        "Ferry",
        &[
            add("Pay", json!({"points": 3, "labels": ["ui", "old"], "notes": "A fee."})),
            add("Gone", json!({})),
            add("Tell", json!({"notes": "After S1, unlike S4.", "criteria": ["fast", "safe"]})),
            add("Gone too", json!({})),
            json!({"do": "delete", "on": "S2"}),
            json!({"do": "delete", "on": "S4"}),
        ],
    );
    desk
}

#[test]
fn a_copy_has_the_same_numbers_and_gives_none_twice() {
    let desk = ferry();
    desk.export("Ferry");
    desk.import("Copy", &[]);
    let numbers = |product: &str| -> Vec<Value> {
        desk.items(product).as_array().unwrap().iter().map(|item| json!([item["number"], item["title"]])).collect()
    };
    assert_eq!(numbers("Copy"), [json!(["S1", "Pay"]), json!(["S3", "Tell"])]);
    desk.batch("Copy", &[add("New", json!({}))]);
    assert_eq!(numbers("Copy")[2], json!(["S5", "New"]), "S4 is a story of the other product");
    // Where a number is taken, the record gets another one, and somebody is told.
    desk.batch("Other", &[add("Mine", json!({}))]);
    let out = desk.import("Other", &[]);
    assert!(out.contains("number that is taken here") && out.contains("S1 Pay"), "{out}");
    assert_eq!(numbers("Other"), [json!(["S1", "Mine"]), json!(["S5", "Pay"]), json!(["S3", "Tell"])]);
}

/// A number that leaves none for others is not taken over, and no script gives a record its number.
#[test]
fn numbers_out_of_bounds_are_not_taken() {
    let desk = ferry();
    let mut file = desk.export("Ferry");
    story(&mut file, 3)["number"] = json!(u32::MAX);
    file["product"]["last_numbers"]["item"] = json!(u32::MAX);
    desk.write(&file);
    desk.import("Copy", &[]);
    desk.batch("Copy", &[add("New", json!({}))]);
    let numbers = desk.items("Copy").as_array().unwrap().iter().map(|item| item["number"].clone()).collect::<Value>();
    assert_eq!(numbers, json!(["S1", "S2", "S3"]));
    let lines = desk.dir.path().join("lines.jsonl");
    std::fs::write(&lines, add("Forged", json!({"number": 50})).to_string()).unwrap();
    let done = whyhow(&desk.data()).args(["--product", "Copy", "batch", lines.to_str().unwrap()]).output().unwrap();
    assert!(!done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
}

#[test]
fn what_changed_here_since_the_export_is_kept_and_listed() {
    let desk = ferry();
    let mut file = desk.export("Ferry");
    desk.batch(
        "Ferry",
        &[
            set("S1", json!({"title": "Pay by card", "notes": "A fee of 2 %.", "labels": ["ui", "old", "mine"]})),
            set("S3", json!({"criteria": ["[x] fast", "safe"]})),
            add("Later", json!({})),
        ],
    );
    story(&mut file, 1)["notes"] = json!("No fee.");
    story(&mut file, 1)["points"] = json!(5);
    story(&mut file, 1)["labels"] = json!(["ui", "theirs"]);
    story(&mut file, 3)["title"] = json!("Tell all");
    story(&mut file, 3).as_object_mut().unwrap().shift_remove("notes");
    desk.write(&file);
    let out = desk.import("Ferry", &[]);
    for part in [
        "Changed here since the file was written; yours is kept\n  S1 Pay by card\n    Title here: “Pay by card”\n    Title in the file: “Pay”\n",
        "Changed here and in the file; yours is kept\n  S1 Pay by card\n    Notes here: “A fee of 2 %.”\n    Notes in the file: “No fee.”\n",
        "--theirs S1: what the file says",
    ] {
        assert!(out.contains(part), "{part}\n{out}");
    }
    let items = desk.items("Ferry");
    assert_eq!(items[0]["title"], "Pay by card");
    assert_eq!((&items[0]["points"], &items[0]["labels"]), (&json!(5), &json!(["ui", "theirs", "mine"])));
    assert_eq!((&items[1]["title"], &items[1]["notes"]), (&json!("Tell all"), &Value::Null));
    assert_eq!(items[1]["criteria"][0]["met"], true);
    assert_eq!(items[2]["title"], "Later");
    let out = desk.import("Ferry", &["--conflicts", "theirs", "--theirs", "S1.title"]);
    assert!(out.contains("settled for the file's"), "{out}");
    let items = desk.items("Ferry");
    assert_eq!((&items[0]["title"], &items[0]["notes"]), (&json!("Pay"), &json!("No fee.")));
}

#[test]
fn what_was_deleted_or_undone_here_does_not_come_back() {
    let desk = ferry();
    desk.export("Ferry");
    desk.batch("Ferry", &[json!({"do": "delete", "on": "S3"})]);
    let out = desk.import("Ferry", &[]);
    assert!(out.contains("deleted here, so not restored\n      Tell"), "{out}");
    assert_eq!(desk.items("Ferry").as_array().unwrap().len(), 1);

    desk.batch("Ferry", &[add("Undone", json!({}))]);
    desk.export("Ferry");
    desk.batch("Ferry", &[json!({"do": "undo"})]);
    desk.import("Ferry", &[]);
    assert_eq!(desk.items("Ferry").as_array().unwrap().len(), 1);
}

/// A copy of product.json names no step; how old it is follows from what is in it.
#[test]
fn a_file_that_names_no_step_takes_nothing_back_either() {
    let desk = ferry();
    let mut file = desk.export("Ferry");
    file.as_object_mut().unwrap().shift_remove("through");
    desk.batch("Ferry", &[set("S1", json!({"title": "Pay by card", "notes": "A fee of 2 %."}))]);
    story(&mut file, 1)["notes"] = json!("No fee.");
    story(&mut file, 3)["title"] = json!("Tell all");
    desk.write(&file);
    let out = desk.import("Ferry", &[]);
    let items = desk.items("Ferry");
    assert_eq!((&items[0]["title"], &items[0]["notes"]), (&json!("Pay by card"), &json!("A fee of 2 %.")), "{out}");
    assert_eq!(items[1]["title"], "Tell all");
    assert!(out.contains("Title in the file: “Pay”") && out.contains("Notes in the file: “No fee.”"), "{out}");
}

/// The other product has moved on, and so has this copy of it.
#[test]
fn a_copy_and_its_original_meet() {
    let desk = ferry();
    desk.export("Ferry");
    desk.import("Copy", &[]);
    desk.batch("Copy", &[set("S1", json!({"title": "Pay by card"})), set("S3", json!({"points": 8}))]);
    desk.batch(
        "Ferry",
        &[set("S1", json!({"notes": "No fee."})), set("S3", json!({"points": 5})), add("More", json!({}))],
    );
    desk.export("Ferry");
    let out = desk.import("Copy", &[]);
    let items = desk.items("Copy");
    assert_eq!((&items[0]["title"], &items[0]["notes"]), (&json!("Pay by card"), &json!("No fee.")), "{out}");
    assert_eq!((&items[1]["points"], &items[2]["number"]), (&json!(8), &json!("S5")), "{out}");
    assert!(out.contains("Points here: “8”\n    Points in the file: “5”"), "{out}");
}

/// A file of the copy says up to which step of the original it knows it.
#[test]
fn what_was_done_in_a_copy_comes_back() {
    let desk = ferry();
    desk.batch("Ferry", &[set("S1", json!({"points": 5})), set("S3", json!({"points": 1}))]);
    desk.export("Ferry");
    desk.import("Copy", &[]);
    desk.batch("Copy", &[set("S1", json!({"points": 8, "title": "Pay by card"})), set("S3", json!({"points": 2}))]);
    desk.batch("Ferry", &[set("S3", json!({"points": 3}))]);
    desk.export("Copy");
    let out = desk.import("Ferry", &[]);
    let items = desk.items("Ferry");
    assert_eq!((&items[0]["points"], &items[0]["title"]), (&json!(8), &json!("Pay by card")), "{out}");
    assert_eq!(items[1]["points"], 3);
    assert_eq!(out.matches(" in the file: ").count(), 1, "{out}");
    assert!(out.contains("Points here: “3”\n    Points in the file: “2”"), "{out}");
}

#[test]
fn an_export_that_nobody_touched_changes_nothing() {
    let desk = ferry();
    desk.export("Ferry");
    let out = desk.import("Ferry", &["--dry-run"]);
    assert!(out.contains("2 stories: 2 unchanged") && !out.contains("Changed here"), "{out}");
    let before = std::fs::read(journal(&desk.data())).unwrap();
    desk.import("Ferry", &[]);
    assert_eq!(std::fs::read(journal(&desk.data())).unwrap(), before);
}

fn journal(data: &Path) -> PathBuf {
    let folder = std::fs::read_dir(data).unwrap().map(|one| one.unwrap().path()).find(|path| path.is_dir()).unwrap();
    folder.join("journal.jsonl")
}
