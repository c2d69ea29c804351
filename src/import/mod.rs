//! Import: data from other tools becomes found records, and these become one step.
//!
//! A format is one file and one row of [`FORMATS`]; everything else (matching, comparing, the report) is shared.
//! Nothing here writes a product or a file: the plan is returned, and only the store writes it.

pub mod asked;
pub mod backlog_md;
pub mod bytes;
mod chronology;
mod compare;
pub mod format;
pub mod found;
pub mod github;
pub mod github_projects;
mod github_shape;
pub mod jira_json;
pub mod json;
pub mod left_out;
pub mod links;
pub mod list_meaning;
pub mod listing;
pub mod markdown;
mod markdown_lines;
pub mod markup;
pub mod matches;
pub mod moments;
pub mod native;
pub mod numbers;
pub mod outline;
pub mod own_csv;
pub mod past;
pub mod plan;
pub mod renamed;
pub mod report;
pub mod settling;
pub mod sprints;
pub mod story;
pub mod table;
pub mod task_lists;
pub mod taskwarrior;
pub mod three_way;
pub mod together;
pub mod trello;
pub mod vocabulary;
pub mod word_counts;

pub use bytes::{FolderFile, SourceFile};
pub use format::{ImportFormat, Progress};
pub use found::{Found, FoundRecord, Identity, Tally};

pub use past::Past;
pub use plan::{ImportPlan, Terms, plan};
pub use renamed::{Renaming, renaming};
pub use report::Report;
pub use settling::{Answered, Renamed, Settling, Whose};
pub use together::together;

use crate::model::rules::Refusal;
use crate::options::Options;

/// All file formats: a file that looks like several of them is of the first.
pub const FORMATS: &[&ImportFormat] = &[
    // Our own come first.
    &native::ROW,
    &own_csv::ROW,
    &trello::ROW,
    &jira_json::ROW,
    &github_projects::ROW,
    &github::ROW,
    &taskwarrior::ROW,
    &backlog_md::ROW,
    &table::JIRA_ROW,
    &table::LINEAR_ROW,
    &table::AZURE_ROW,
    &table::SHORTCUT_ROW,
    &table::GITLAB_ROW,
    &table::ASANA_ROW,
    &table::PIVOTAL_ROW,
    &table::CLICKUP_ROW,
    &table::OPENPROJECT_ROW,
    &table::ANY_ROW,
    &markdown::ROW,
];

/// Returns the format of that name.
///
/// # Errors
///
/// There is none of that name; the refusal lists the formats.
pub fn format(name: &str) -> Result<&'static ImportFormat, Refusal> {
    FORMATS.iter().copied().find(|format| format.name.eq_ignore_ascii_case(name.trim())).ok_or_else(|| {
        Refusal::new(
            format!("{name:?} is not a known format."),
            format!("Nothing was imported; the formats are {}.", names()),
        )
    })
}

/// Detects the format of a file.
///
/// # Errors
///
/// It looks like none of them. An invalid JSON file is refused with the position of the error.
pub fn recognise(file: &SourceFile) -> Result<&'static ImportFormat, Refusal> {
    if let Some(format) = FORMATS.iter().copied().find(|format| (format.recognise)(file)) {
        return Ok(format);
    }
    if file.is_folder {
        return Err(Refusal::new(
            format!("{} is a folder without tasks of Backlog.md.", file.name),
            "Nothing was imported; name a file, or the folder that has tasks/ or backlog/ in it.",
        ));
    }
    // For an invalid file, the syntax error is a better message than an unknown format.
    let text = file.text.trim();
    if text.is_empty() || text.starts_with(['[', '{']) {
        json::check(file)?;
    }
    if file.outline().keys.is_empty() && text.starts_with(['[', '{']) {
        return Err(Refusal::new(
            format!("{} has no records.", file.name),
            "Nothing was imported; check what it was exported from.",
        ));
    }
    if let Some(words) = answered_error(text) {
        return Err(Refusal::new(
            format!("{} holds no records but an error: {words}", file.name),
            "Nothing was imported; the request that wrote it failed.",
        ));
    }
    Err(Refusal::new(
        format!("{} is not in a known format.", file.name),
        format!("Nothing was imported; name its format with --from: {}.", names()),
    ))
}

/// What the service of another tool answered in place of records: GitHub has a `message`, Jira `errorMessages`.
fn answered_error(text: &str) -> Option<String> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer {
        message: Option<String>,
        #[serde(default)]
        error_messages: Vec<String>,
    }
    let answer = serde_json::from_str::<Answer>(text).ok()?;
    let words = answer.message.into_iter().chain(answer.error_messages).collect::<Vec<_>>().join(" ");
    let words: String = words.trim().chars().take(200).filter(|c| !c.is_control()).collect();
    match words.ends_with(['.', '!', '?']) {
        _ if words.is_empty() => None,
        true => Some(words),
        false => Some(format!("{words}.")),
    }
}

/// Returns the format named, or the detected one; a folder is detected in any case.
///
/// # Errors
///
/// There is none of that name, or the file looks like none.
pub fn choose(file: &SourceFile, from: Option<&str>) -> Result<&'static ImportFormat, Refusal> {
    let Some(name) = from else { return recognise(file) };
    let named = format(name)?;
    // A folder has no text of its own.
    if file.is_folder && named.name != backlog_md::ROW.name { recognise(file) } else { Ok(named) }
}

/// Reads a file in the named or detected format.
///
/// # Errors
///
/// The format is unknown, or the file is unreadable.
pub fn read(file: &SourceFile, from: Option<&str>, options: &Options, progress: Progress) -> Result<Found, Refusal> {
    let format = choose(file, from)?;
    let mut found = (format.read)(file, options, progress)?;
    found.warnings.take(&file.warnings);
    Ok(found)
}

fn names() -> String {
    FORMATS.iter().map(|format| format!("{} ({})", format.name, format.title)).collect::<Vec<_>>().join(", ")
}
