//! Tables of other tools: one tolerant reader of CSV, and a profile per tool.

mod amounts;
pub mod asked;
mod belongs;
mod cell_lists;
mod columns;
pub mod dates;
pub(super) mod dialect;
pub(super) mod drafts;
pub mod headers;
mod home_made;
pub mod mapping;
pub mod profile;
pub mod reader;
pub(super) mod records;
pub mod rows;
mod sprints;
mod synonyms;
mod titles;
mod words;

pub use headers::ColumnRole;
pub use mapping::Mapping;
pub use reader::{HeaderSample, MAPPING, PROJECTS, SITE, first_row_of, headers_of};
pub use rows::FirstRow;

use crate::import::format::ImportFormat;
use crate::import::github::BOXES;
use crate::import::table::profile::{ANY, ASANA, AZURE, CLICKUP, GITLAB, JIRA, LINEAR, OPENPROJECT, PIVOTAL, SHORTCUT};

/// A row of the import table per profile.
macro_rules! rows {
    ($($row:ident = $profile:ident;)*) => { $(
        pub const $row: ImportFormat = ImportFormat {
            name: $profile.name,
            title: $profile.title,
            about: $profile.about,
            recognise: |file| reader::recognise(&$profile, file),
            options: &[&BOXES, &PROJECTS, &SITE, &MAPPING],
            read: |file, options, progress| reader::read(&$profile, file, options, progress),
        };
    )* };
}

rows! {
    JIRA_ROW = JIRA;
    LINEAR_ROW = LINEAR;
    AZURE_ROW = AZURE;
    SHORTCUT_ROW = SHORTCUT;
    GITLAB_ROW = GITLAB;
    ASANA_ROW = ASANA;
    PIVOTAL_ROW = PIVOTAL;
    CLICKUP_ROW = CLICKUP;
    OPENPROJECT_ROW = OPENPROJECT;
    ANY_ROW = ANY;
}
