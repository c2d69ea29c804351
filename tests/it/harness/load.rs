//! Products that a test begins with: batch scripts, played in this process.

use std::path::{Path, PathBuf};
use whyhow::cli::batch::play;
use whyhow::cli::invocation::{GlobalArgs, Invocation};
use whyhow::config::Places;

/// The script of the product that most screens are tested with.
pub const SAMPLE: &str = "bike-doctor.jsonl";

/// A file of `tests/data`.
pub fn data_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// Plays the lines on a product of a data folder, which is made where it is missing. Each line has to be taken.
pub fn load(data: &Path, product: &str, lines: &str) {
    let wide = GlobalArgs { product: Some(product.to_string()), ..GlobalArgs::default() };
    let invocation = Invocation { wide, places: Places::find(Some(data)).unwrap() };
    let lines: Vec<String> = lines.lines().map(str::to_string).collect();
    let failed: Vec<_> = play(&invocation, &lines).into_iter().filter(|answer| answer["ok"] == false).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

/// Plays a script of `tests/data` on the product Bike Doctor.
pub fn load_file(data: &Path, script: &str) {
    load(data, "Bike Doctor", &std::fs::read_to_string(data_file(script)).unwrap());
}
