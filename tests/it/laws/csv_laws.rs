//! The law of our own CSV: read back, a table gives what the lossless JSON gives, whatever the product holds and however
//! the table is written.

use crate::harness::play::{Table, play};
use crate::harness::reader_laws::sample;
use crate::screens::hostile_text::{document, plain};
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence};
use std::path::Path;
use whyhow::export::{self, ExportFormat, Subject};
use whyhow::import::{self, Found, ImportPlan, SourceFile, Terms};
use whyhow::json;
use whyhow::model::id::IdSource;
use whyhow::model::product::Product;
use whyhow::model::schema::{BacklogItem, FORMAT, Kind};
use whyhow::model::value::Value;
use whyhow::model::value::When;
use whyhow::options::Options;
use whyhow::store::snapshot;

fn now() -> When {
    When::parse("2026-03-12T12:00:00+01:00").unwrap()
}

fn config(cases: u32) -> Config {
    let failure_persistence = None::<Box<FileFailurePersistence>>.map(|one| one as _);
    Config { cases, failure_persistence, max_shrink_iters: 400, ..Config::default() }
}

/// Every way of writing the table.
fn ways() -> Vec<Options> {
    let mut out = Vec::new();
    for delimiter in ["comma", "semicolon", "tab"] {
        for (excel, safe) in [("no", "yes"), ("yes", "no"), ("yes", "yes")] {
            let mut options = Options::default();
            for option in export::csv::own::ROW.options {
                let value = match option.name {
                    "delimiter" => delimiter,
                    "safe-cells" => safe,
                    _ => excel,
                };
                options.set(option, value).unwrap();
            }
            out.push(options);
        }
    }
    out
}

fn written(format: &ExportFormat, product: &Product, options: &Options) -> Vec<u8> {
    (format.write)(&Subject::of(product, now()), options).unwrap().bytes
}

fn found(bytes: &[u8], format: &str) -> Found {
    let file = SourceFile::from_bytes("file", bytes, None).unwrap();
    assert_eq!(import::choose(&file, None).unwrap().name, format);
    import::read(&file, None, &Options::default(), &mut |_, _| {}).unwrap()
}

fn planned(found: &Found, into: &Product) -> ImportPlan {
    import::plan(found.clone(), into, &mut IdSource::new(11, 0), &Terms::at(now()))
}

/// The order of keys counts too.
fn written_like(a: &Value, b: &Value) -> bool {
    serde_json::to_vec(a).unwrap() == serde_json::to_vec(b).unwrap()
}

/// Both ways give the same step into an empty product, and nothing is left out on the way.
fn comes_back(product: &Product, ways: &[Options]) {
    let mut by_json =
        planned(&found(&written(&export::json::ROW, product, &Options::default()), "json"), &Product::default());
    for options in ways {
        let bytes = written(&export::csv::own::ROW, product, options);
        let found = found(&bytes, "whyhow-csv");
        assert!(found.skipped.is_empty(), "{:?}", found.skipped);
        let mut by_csv = planned(&found, &Product::default());
        for plan in [&mut by_json, &mut by_csv] {
            plan.step.changes.sort_by_key(|change| (change.kind(), change.id, change.field.key));
        }
        for (a, b) in by_json.step.changes.iter().zip(&by_csv.step.changes) {
            assert!(a == b && written_like(&a.to, &b.to), "{a:#?} came back as {b:#?}");
        }
        assert_eq!(by_json.step.changes.len(), by_csv.step.changes.len());
    }
}

#[test]
fn of_each_known_product_every_fact_comes_back() {
    let review = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/json/review.json");
    let (review, _) = snapshot::from_json(&std::fs::read(review).unwrap()).unwrap();
    let (hostile, _) = snapshot::from_json(document().as_bytes()).unwrap();
    for product in [sample(), &review, &hostile] {
        comes_back(product, &ways());
        for options in ways() {
            let bytes = written(&export::csv::own::ROW, product, &options);
            assert_eq!(
                bytes,
                written(&export::csv::own::ROW, product, &options),
                "the same product gives the same bytes"
            );
            // Whatever is hidden in a text is a placeholder in the table.
            let text = String::from_utf8(bytes).unwrap();
            let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
            let hidden =
                text.chars().find(|c| !matches!(c, '\n' | '\t') && plain(&c.to_string()).is_err() && !joins(*c));
            assert_eq!(hidden, None);
        }
    }
}

fn joins(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

/// Most values are cells; the exact column is for what no cell can say.
#[test]
fn the_cells_of_a_usual_product_say_it_themselves() {
    let product = sample();
    let text = String::from_utf8(written(&export::csv::own::ROW, product, &Options::default())).unwrap();
    let first = text.lines().next().unwrap();
    assert!(
        first.starts_with("whyhow id,key,kind,rank,title,type,state,estimate,sprint,sprint start,sprint end,"),
        "{first}"
    );
    let rows: Vec<csv::StringRecord> =
        csv::Reader::from_reader(text.as_bytes()).records().map(Result::unwrap).collect();
    assert!(rows.iter().all(|row| row[row.len() - 1].is_empty()), "{text}");
    assert!(text.contains(",S1,item,") && text.contains(",sprint 1,2026-03-02,2026-03-13,"), "{text}");
    assert!(text.contains("[ ] one"), "{text}");
}

/// What somebody changes in a spreadsheet comes in, and what stands beside it stays.
#[test]
fn a_cell_that_was_changed_counts() {
    let product = sample();
    let table = String::from_utf8(written(&export::csv::own::ROW, product, &Options::default())).unwrap();
    let edited = table.replace("Refund", "Refund at once").replace("[ ] one", "\"[x] one\n[ ] two\"");
    assert_ne!(edited, table);
    let step = planned(&found(edited.as_bytes(), "whyhow-csv"), product).step;
    let mut cells: Vec<String> =
        step.changes.iter().map(|change| format!("{:?} {}", change.field, change.to)).collect();
    cells.sort();
    assert_eq!(
        cells,
        ["item.criteria [{\"text\":\"one\",\"met\":true},{\"text\":\"two\"}]", "item.title \"Refund at once\""]
    );
    assert_eq!(
        planned(&found(table.as_bytes(), "whyhow-csv"), product).step.changes,
        [],
        "unchanged it changes nothing"
    );
    let cleared = table.replace(",money,", ",,");
    let step = planned(&found(cleared.as_bytes(), "whyhow-csv"), product).step;
    assert_eq!(step.changes.len(), 1, "an emptied cell is an emptied field: {:?}", step.changes);
    assert_eq!((step.changes[0].field.key, &step.changes[0].to), ("labels", &Value::Null));
}

#[test]
fn a_broken_table_is_read_as_far_as_it_goes() {
    let table = String::from_utf8(written(&export::csv::own::ROW, sample(), &Options::default())).unwrap();
    let with_hint = format!("sep=,\n{table}");
    assert_eq!(
        found(with_hint.as_bytes(), "whyhow-csv").records.len(),
        found(table.as_bytes(), "whyhow-csv").records.len()
    );
    let broken = format!("{table},,,\nnothing,S9,nonsense\n,S10,item,,no id\n\"");
    let found = found(broken.as_bytes(), "whyhow-csv");
    let said: Vec<&str> = found.skipped.0.iter().map(|one| one.what.as_str()).collect();
    assert_eq!(said, ["a row without a kind of record", "story without an id"]);
}

/// Texts of any letters, among them those that formulas, quotes, marks and separators are made of.
fn text() -> impl Strategy<Value = String> {
    let letter = prop_oneof![
        4 => prop::sample::select(vec!['\'', '=', '+', '-', '@', '"', ',', ';', '\t', ' ', '[', '{', ']', 'x', '/', ':', '1', '→', '%', '\\']),
        2 => prop::sample::select(vec!['\n', '\r', '\u{0}', '\u{1b}', '\u{85}', '\u{202e}', '\u{feff}', '\u{fffd}', '\u{e0041}']),
        3 => any::<char>(),
    ];
    prop::collection::vec(letter, 0..12).prop_map(|letters| letters.into_iter().collect())
}

fn record() -> impl Strategy<Value = Value> {
    (prop::collection::vec(text(), 14), any::<bool>()).prop_map(|(texts, ticked)| {
        let t = |nth: usize| texts[nth].as_str();
        json!({
            "title": t(0), "story": t(1), "notes": t(2), "labels": [t(3), t(4)], "assignee": t(5), "points": 2.5,
            "criteria": [{"text": t(6), "met": ticked}, {"text": t(7), "id": "abc"}],
            "tasks": [{"text": t(8), "done": ticked, "by": t(9)}],
            "extra": {t(10): {t(11): [t(12)], "b": [t(13), t(0)], "c": []}, "d": {"e": [t(1)], "f": [t(2)]}},
            t(12): t(13),
        })
    })
}

proptest! {
    #![proptest_config(config(200))]
    #[test]
    fn any_text_comes_back(records in prop::collection::vec(record(), 1..4)) {
        let items: Vec<Value> = records
            .into_iter()
            .enumerate()
            .map(|(nth, mut one)| {
                one["id"] = format!("000000000000{}", nth + 1).into();
                one["number"] = json!(nth + 1);
                one["rank"] = format!("V{nth}z").into();
                one
            })
            .collect();
        let document = json!({"format": FORMAT, "items": items});
        let (product, _) = snapshot::from_json(document.to_string().as_bytes()).unwrap();
        prop_assert!(product.all::<BacklogItem>().len() > 0);
        comes_back(&product, &ways()[..2]);
    }
}

proptest! {
    #![proptest_config(config(12))]
    #[test]
    fn whatever_people_do_comes_back(moves in play(40)) {
        let mut table = Table::laid();
        table.play(&moves);
        let product = table.rise().read();
        prop_assert!(Kind::ALL.iter().any(|kind| product.living(*kind).next().is_some()));
        comes_back(&product, &ways()[..2]);
    }
}
