//! Export: a product as files that other programs and people read.
//!
//! A format is one file and one row of [`FORMATS`]. Nothing here reads a file or a clock: a writer gets the product,
//! the options and the time, and returns the bytes. The screen also uses the Markdown writers for copying records.

pub mod backlog_md;
pub mod csv;
pub mod format;
pub mod github_script;
pub mod html;
pub mod json;
pub mod markdown;
pub mod mermaid;
pub mod taskwarrior;
pub mod tickets;

pub use format::{ExportFormat, Form, Subject, Written};

/// All formats, starting with the lossless one, which is the default.
pub const FORMATS: &[&ExportFormat] = &[
    &json::ROW,
    &markdown::pages::ROW,
    &html::ROW,
    &csv::own::ROW,
    &csv::profiles::JIRA_ROW,
    &csv::profiles::AZURE_ROW,
    &csv::profiles::LINEAR_ROW,
    &mermaid::ROW,
    &backlog_md::ROW,
    &taskwarrior::ROW,
    &github_script::ROW,
];

/// Returns the format for a file extension.
pub fn of_ending(ending: &str) -> Option<&'static ExportFormat> {
    FORMATS.iter().copied().find(|format| !ending.is_empty() && format.ending.eq_ignore_ascii_case(ending))
}

/// Returns the format of that name.
pub fn named(name: &str) -> Option<&'static ExportFormat> {
    FORMATS.iter().copied().find(|format| format.name.eq_ignore_ascii_case(name.trim()))
}
