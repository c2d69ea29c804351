//! Import: what other tools write becomes records found, and what was found becomes one step.
//!
//! A format is one file and one row of [`FORMATS`]; what follows (matching, comparing, the report) is the same for all.
//! Nothing here writes a product or a file: the plan is handed back, and only the store may take it.

pub mod bytes;
pub mod format;
pub mod found;
pub mod github;
mod github_shape;
pub mod import_rules;
pub mod json;
pub mod links;
pub mod matches;
pub mod native;
pub mod outline;
pub mod plan;
pub mod report;
pub mod sprints;
pub mod task_lists;
pub mod vocabulary;

pub use bytes::SourceFile;
pub use format::{Format, Progress};
pub use found::{Found, FoundRecord, Identity, Tally};
pub use plan::{Plan, plan};
pub use report::Report;

use crate::model::rules::Refusal;
use crate::options::Options;

/// Every form of file, the surest to recognise first.
pub const FORMATS: &[&Format] = &[&native::ROW, &github::ROW];

/// The format of that name.
///
/// # Errors
///
/// There is none; the refusal lists those that there are.
pub fn format(name: &str) -> Result<&'static Format, Refusal> {
    FORMATS.iter().copied().find(|format| format.name.eq_ignore_ascii_case(name.trim())).ok_or_else(|| {
        Refusal::new(
            format!("{name:?} is no format that can be read."),
            format!("Nothing was imported; the formats are {}.", names()),
        )
    })
}

/// The format that the file looks like.
///
/// # Errors
///
/// It looks like none of them. A broken JSON file is refused with the place where it breaks.
pub fn recognise(file: &SourceFile) -> Result<&'static Format, Refusal> {
    if let Some(format) = FORMATS.iter().copied().find(|format| (format.recognise)(file)) {
        return Ok(format);
    }
    // A file that is broken has a clearer reason than being of no known kind.
    if file.text.trim_start().starts_with(['[', '{']) {
        json::check(file)?;
    }
    Err(Refusal::new(
        format!("{} is in no form that can be read.", file.name),
        format!("Nothing was imported; name its format with --from: {}.", names()),
    ))
}

/// The format named, or the one that the file looks like.
///
/// # Errors
///
/// There is none of that name, or the file looks like none.
pub fn choose(file: &SourceFile, from: Option<&str>) -> Result<&'static Format, Refusal> {
    from.map_or_else(|| recognise(file), format)
}

/// Reads a file in the format named, or in the one it looks like.
///
/// # Errors
///
/// The format is unknown, or nothing of the file can be read.
pub fn read(file: &SourceFile, from: Option<&str>, options: &Options, progress: Progress) -> Result<Found, Refusal> {
    let format = choose(file, from)?;
    let mut found = (format.read)(file, options, progress)?;
    found.warnings.take(&file.warnings);
    Ok(found)
}

fn names() -> String {
    FORMATS.iter().map(|format| format!("{} ({})", format.name, format.title)).collect::<Vec<_>>().join(", ")
}
