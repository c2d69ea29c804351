//! Import: what other tools write becomes records found, and what was found becomes one step.
//!
//! A format is one file and one row of [`FORMATS`]; what follows (matching, comparing, the report) is the same for all.
//! Nothing here writes a product or a file: the plan is handed back, and only the store may take it.

pub mod bytes;
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
pub use found::{Found, FoundRecord, Identity, Tally};
pub use plan::{Plan, plan};
pub use report::Report;

use crate::model::rules::Refusal;

/// One form of file that can be read.
pub struct Format {
    /// As `--from` takes it.
    pub name: &'static str,
    /// As people call it.
    pub title: &'static str,
    /// Whether the file looks like one.
    pub recognise: fn(&SourceFile) -> bool,
    pub read: fn(&SourceFile, &Options, Progress) -> Result<Found, Refusal>,
}

/// Told how many records are read, of how many.
pub type Progress<'a> = &'a mut dyn FnMut(usize, usize);

/// Every form of file, the surest to recognise first.
pub const FORMATS: &[Format] = &[
    Format { name: "json", title: "whyhow JSON", recognise: native::recognise, read: native::read },
    Format { name: "github", title: "GitHub issues", recognise: github::recognise, read: github::read },
];

/// What a milestone of the file becomes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Milestones {
    #[default]
    Label,
    Sprint,
    Roadmap,
}

impl Milestones {
    pub const NAMES: [&'static str; 3] = ["label", "sprint", "roadmap"];

    pub fn parse(text: &str) -> Option<Milestones> {
        match text.trim().to_ascii_lowercase().as_str() {
            "label" => Some(Milestones::Label),
            "sprint" => Some(Milestones::Sprint),
            "roadmap" => Some(Milestones::Roadmap),
            _ => None,
        }
    }
}

/// What the person wants of the import, besides what the file says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Options {
    pub milestones: Milestones,
    /// Boxes in a description become criteria and tasks. The description stays as it is.
    pub boxes: bool,
    /// The repository, where the file names none.
    pub site: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Options { milestones: Milestones::Label, boxes: true, site: None }
    }
}

/// The format of that name.
pub fn format(name: &str) -> Result<&'static Format, Refusal> {
    FORMATS.iter().find(|format| format.name.eq_ignore_ascii_case(name.trim())).ok_or_else(|| {
        Refusal::new(
            format!("{name:?} is no format that can be read."),
            format!("Nothing was imported; the formats are {}.", names()),
        )
    })
}

/// The format that the file looks like.
pub fn recognise(file: &SourceFile) -> Result<&'static Format, Refusal> {
    if let Some(format) = FORMATS.iter().find(|format| (format.recognise)(file)) {
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

/// Reads a file in the format named, or in the one it looks like.
pub fn read(file: &SourceFile, from: Option<&str>, options: &Options, progress: Progress) -> Result<Found, Refusal> {
    let format = match from {
        Some(name) => format(name)?,
        None => recognise(file)?,
    };
    let mut found = (format.read)(file, options, progress)?;
    found.warnings.take(&file.warnings);
    Ok(found)
}

fn names() -> String {
    FORMATS.iter().map(|format| format!("{} ({})", format.name, format.title)).collect::<Vec<_>>().join(", ")
}
