//! What a format of the import table is: its name, how a file of it is recognised, its options and its reader.

use crate::import::bytes::SourceFile;
use crate::import::found::Found;
use crate::model::rules::Refusal;
use crate::options::{FormatOption, Options};

/// One form of file that can be read.
pub struct Format {
    /// As `--from` takes it.
    pub name: &'static str,
    /// As people call it.
    pub title: &'static str,
    /// What writes such files, for docs/FORMAT.md.
    pub about: &'static str,
    /// Whether the file looks like one.
    pub recognise: fn(&SourceFile) -> bool,
    /// What may be set for it.
    pub options: &'static [&'static FormatOption],
    /// Reads a whole file. A value that does not fit is left out and listed; the file is refused only where nothing of it
    /// can be read.
    pub read: fn(&SourceFile, &Options, Progress) -> Result<Found, Refusal>,
}

/// Called with how many records are read, of how many.
pub type Progress<'a> = &'a mut dyn FnMut(usize, usize);
