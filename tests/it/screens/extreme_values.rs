//! Figures and days as far out as a file or a batch can take them: they are drawn like any others.

use crate::harness::stage::Stage;
use std::path::PathBuf;
use whyhow::model::role::Role;
use whyhow::model::schema::Sprint;
use whyhow::store::products::Data;

const CLOSED: &str = "closed-sprints.jsonl";
const PLANNED: &str = r#"{"do":"as","role":"both","by":"Omar"}
{"do":"run","command":"sprint.new","with":{"goal":"Far","start":"2031-01-06","end":"2031-01-19"}}
{"do":"run","command":"sprint.plan","with":{"items":["S3","S4","S7"]}}
"#;

/// Every view in every turn, pane by pane, in windows of all forms.
fn walked(lines: &str) -> Stage {
    let mut stage = Stage::after(CLOSED, lines, 120, 35, Role::Both);
    walk(&mut stage);
    stage
}

fn walk(stage: &mut Stage) {
    for (columns, rows) in [(120, 35), (40, 10), (300, 90), (80, 24)] {
        stage.resize(columns, rows);
        for view in 1..=9 {
            for turn in ["", "t", "<tab>", "<tab>", "<tab>", "z", "z", "t", "t", "t"] {
                stage.keys(&format!("{view}{turn}"));
                stage.buffer();
            }
        }
    }
}

#[test]
fn no_person_days() {
    walked(&format!("{PLANNED}{}", r#"{"do":"set","on":"sprint 4","set":{"person_days":0,"absent_days":2}}"#));
}

#[test]
fn points_without_measure() {
    let set = |on: &str, points: i64| format!("{{\"do\":\"set\",\"on\":{on:?},\"set\":{{\"points\":{points}}}}}\n");
    let large: String = ["S3", "S4", "S14"].into_iter().map(|on| set(on, 1_000_000_000_000)).collect();
    walked(&format!("{PLANNED}{large}"));
    let mixed = set("S3", 0) + &set("S4", 3) + &set("S7", 1_000_000_000_000);
    walked(&format!("{PLANNED}{mixed}{}", r#"{"do":"set","on":"sprint 4","set":{"capacity":0}}"#));
}

#[test]
fn sprints_at_both_ends_of_the_calendar() {
    let last = r#"{"do":"as","role":"both","by":"Omar"}
{"do":"run","command":"sprint.new","with":{"goal":"Far","start":"2200-12-01","end":"2200-12-30"}}
{"do":"run","command":"sprint.plan","with":{"items":["S3","S4","S7"],"sprint":"sprint 4"}}
"#;
    let mut stage = walked(last);
    stage.keys("4n").screen();
    let first = r#"{"do":"as","role":"both","by":"Omar"}
{"do":"run","command":"sprint.new","with":{"goal":"Long ago","start":"1900-01-01","end":"1900-01-09"}}
{"do":"run","command":"sprint.plan","with":{"items":["S3","S4","S7"]}}
{"do":"run","command":"sprint.start"}
"#;
    walked(first);
}

/// Where the product lies.
fn folder(stage: &Stage) -> PathBuf {
    Data(stage.data.path().to_path_buf()).find(Some("Bike Doctor")).unwrap().folder.0
}

#[test]
fn the_largest_number_of_a_sprint() {
    let mut stage = Stage::after(CLOSED, PLANNED, 120, 35, Role::Both);
    stage.close_segment();
    let file = folder(&stage).join("product.json");
    let mut product: whyhow::model::value::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let sprints = product["sprints"].as_array_mut().unwrap();
    sprints.iter_mut().find(|one| one["goal"] == "Far").unwrap()["number"] = u32::MAX.into();
    std::fs::write(&file, serde_json::to_vec_pretty(&product).unwrap()).unwrap();
    stage.reopen();
    walk(&mut stage);
    assert!(stage.app().session.product().all::<Sprint>().any(|one| one.number == u32::MAX));
}

#[test]
fn a_closed_journal_with_a_number_of_its_own() {
    let mut stage = Stage::after(CLOSED, PLANNED, 120, 35, Role::Both);
    stage.close_segment();
    let closed = folder(&stage).join("journal");
    std::fs::rename(closed.join("000001.jsonl"), closed.join("4294967295.jsonl")).unwrap();
    stage.keys("3n“More”<enter><esc>").close_segment();
    assert!(closed.join("4294967296.jsonl").exists(), "{:?}", std::fs::read_dir(&closed).unwrap().collect::<Vec<_>>());
}
