//! What an import holds in memory at most beside the bare reading of its file, for files of every tool. The bytes of the
//! file itself are there before and count for neither.
//!
//! `cargo bench --bench import_memory -- 1000 10000` takes other sizes, `-- jira-csv` one tool.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

mod files;

use files::{Shelf, TOOLS, bare_csv, found, parse};
use peak_alloc::PeakAlloc;
use std::hint::black_box;
use whyhow::model::change::Origin;

#[global_allocator]
static BYTES: PeakAlloc = PeakAlloc;

/// The most bytes that were held at once during a job beyond those before it, and what it made still holds.
fn held<T>(job: impl FnOnce() -> T) -> (f64, f64) {
    let before = BYTES.current_usage();
    BYTES.reset_peak_usage();
    let out = black_box(job());
    let most = BYTES.peak_usage() - before;
    let stays = BYTES.current_usage() - before;
    drop(out);
    (most as f64 / 1e6, stays as f64 / 1e6)
}

fn main() {
    let sizes: Vec<usize> = std::env::args().filter_map(|arg| arg.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![1_000, 10_000, 100_000] } else { sizes };
    let named: Vec<&files::Tool> = TOOLS.iter().filter(|tool| std::env::args().any(|arg| arg == tool.name)).collect();
    let tools: Vec<&files::Tool> = if named.is_empty() { TOOLS.iter().collect() } else { named };
    println!(
        "{:<16} {:>7} {:>6} | {:>8} {:>8} {:>8} {:>8} {:>8} | {:>6} {:>6} {:>6} | {:>8} {:>8}",
        "MB held at most",
        "rows",
        "MB",
        "csv",
        "parse",
        "read",
        "whole",
        "stays",
        "/csv",
        "/parse",
        "/read",
        "again",
        "undo"
    );
    for tool in tools {
        for n in &sizes {
            let given = (tool.make)(*n);
            let (mut csv, _) = held(|| bare_csv(&given));
            if bare_csv(&given).is_none() {
                csv = f64::NAN;
            }
            let (parsed, _) = held(|| parse(&given));
            let (read, _) = held(|| found(&given));
            let mut shelf = Shelf::new();
            let mut step = None;
            let (whole, _) = held(|| step = Some(shelf.import(&given)));
            let (stays, _) = held(|| ());
            let step = step.unwrap();
            let (again, _) = held(|| shelf.import(&given));
            let (undo, _) = held(|| shelf.take(&step.invert(), Origin::Undo));
            drop(shelf);
            println!(
                "{:<16} {n:>7} {:>6.1} | {csv:>8.1} {parsed:>8.1} {read:>8.1} {whole:>8.1} {stays:>8.1} | \
                 {:>6.2} {:>6.2} {:>6.2} | {again:>8.1} {undo:>8.1}",
                tool.name,
                given.len() as f64 / 1e6,
                whole / csv,
                whole / parsed,
                whole / read,
            );
        }
    }
}
