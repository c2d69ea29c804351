//! How people and tools write their lists, apart from what the formats say: columns by other names, cells with several
//! values, rows that belong to something without a row.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use crate::harness::trial::{Trial, parse};
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
