//! A row of the import table: a format's name, how its files are detected, its options and its reader.

use crate::import::bytes::SourceFile;
use crate::import::found::Found;
use crate::model::rules::Refusal;
use crate::options::{FormatOption, Options};

/// A file format that can be read.
pub struct ImportFormat {
    /// Its name for `--from`.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What writes such files, for docs/FORMAT.md.
    pub about: &'static str,
    /// True if the file looks like this format.
    pub recognise: fn(&SourceFile) -> bool,
    /// Its options.
    pub options: &'static [&'static FormatOption],
    /// Reads a complete file. Invalid values are left out and listed; the file is refused only if it is entirely
    /// unreadable.
    pub read: fn(&SourceFile, &Options, Progress) -> Result<Found, Refusal>,
}

/// Called with the number of records read and their total.
pub type Progress<'a> = &'a mut dyn FnMut(usize, usize);
