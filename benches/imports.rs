//! What an import costs beside the bare reading of its file, for files of every tool: from the bytes to a step that a
//! product in memory has taken, the same file again, and the undo of it. Memory is in `import_memory.rs`, where counting
//! would distort the times.
//!
//! `cargo bench --bench imports -- 1000 10000` takes other sizes, `-- jira-csv` one tool.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout
)]

mod files;

use files::{Shelf, TOOLS, bare_csv, found, parse};
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;
use whyhow::model::change::Origin;
use whyhow::model::id::Id;
use whyhow::model::role::Role;
use whyhow::model::value::When;
use whyhow::store::journal::{JournalLine, LoggedStep};
use whyhow::store::snapshot;

fn timed<T>(best: &mut f64, job: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let out = black_box(job());
    // Dropping what was made is not part of making it.
    *best = best.min(begun.elapsed().as_secs_f64() * 1e3);
    out
}

fn main() {
    let sizes: Vec<usize> = std::env::args().filter_map(|arg| arg.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![1_000, 10_000, 100_000] } else { sizes };
    let named: Vec<&files::Tool> = TOOLS.iter().filter(|tool| std::env::args().any(|arg| arg == tool.name)).collect();
    let tools: Vec<&files::Tool> = if named.is_empty() { TOOLS.iter().collect() } else { named };
    println!(
        "{:<16} {:>7} {:>6} | {:>8} {:>8} {:>8} {:>8} | {:>6} {:>6} {:>6} | {:>8} {:>8} {:>5} | {:>8} {:>8}",
        "ms",
        "rows",
        "MB",
        "csv",
        "parse",
        "read",
        "whole",
        "/csv",
        "/parse",
        "/read",
        "again",
        "undo",
        "undo/",
        "journal",
        "snapshot"
    );
    for tool in tools {
        for n in &sizes {
            let given = (tool.make)(*n);
            let rounds = if *n >= 100_000 { 2 } else { 7 };
            let mut best = [f64::INFINITY; 8];
            for round in 0..rounds {
                let bare = timed(&mut best[0], || bare_csv(&given));
                if bare.is_none() {
                    best[0] = f64::NAN;
                }
                drop(bare);
                let parsed = timed(&mut best[1], || parse(&given));
                assert!(parsed.len() > 0);
                drop(parsed);
                let all = timed(&mut best[2], || found(&given));
                assert!(all.records.len() >= *n, "{} of {n}", all.records.len());
                drop(all);
                let mut shelf = Shelf::new();
                let step = timed(&mut best[3], || shelf.import(&given));
                assert!(shelf.product.items().len() * 10 >= *n * 9, "{}", shelf.product.items().len());
                let again = timed(&mut best[4], || shelf.import(&given));
                assert!(again.is_empty());
                let at = When::parse("2026-03-02T09:00:00Z").unwrap();
                let line = JournalLine::Step(Arc::new(LoggedStep {
                    id: Id::from_bits(1),
                    session: Id::from_bits(2),
                    n: 1,
                    time: at,
                    by: "Omar".into(),
                    role: Role::Both,
                    undoes: None,
                    redoes: None,
                    fence: false,
                    seen: None,
                    step,
                }));
                drop(timed(&mut best[6], || line.encode().unwrap()));
                drop(timed(&mut best[7], || snapshot::to_json(&shelf.product)));
                if round > 0 {
                    continue;
                }
                let JournalLine::Step(entry) = line else { panic!() };
                timed(&mut best[5], || shelf.take(&entry.step.invert(), Origin::Undo));
                assert_eq!(shelf.product.items().len(), 0);
            }
            let [csv, parsed, read, whole, again, undo, journal, snapshot] = best;
            println!(
                "{:<16} {n:>7} {:>6.1} | {csv:>8.1} {parsed:>8.1} {read:>8.1} {whole:>8.1} | {:>6.2} {:>6.2} {:>6.2} | \
                 {again:>8.1} {undo:>8.1} {:>5.2} | {journal:>8.1} {snapshot:>8.1}",
                tool.name,
                given.len() as f64 / 1e6,
                whole / csv,
                whole / parsed,
                whole / read,
                undo / whole,
            );
        }
    }
}
