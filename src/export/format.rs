//! A row of the export table: a format's name, file extension, options and writer, and what a writer gets and gives.

use crate::insight::roadmap_diff::Act;
use crate::model::product::Product;
use crate::model::rules::Refusal;
use crate::model::value::When;
use crate::options::{FormatOption, Options};

/// A format in which a product can be written.
pub struct ExportFormat {
    /// Its name for `--to`.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What it is for, for `--help` and docs/FORMAT.md.
    pub about: &'static str,
    /// The file extension that selects it, without the dot; empty if only `--to` does.
    pub ending: &'static str,
    pub form: Form,
    /// True if it tells what has changed, so that it needs the history.
    pub tells_past: bool,
    /// Its options.
    pub options: &'static [&'static FormatOption],
    /// Refuses options that do not go together, before anything is read.
    pub check: fn(&Options) -> Result<(), Refusal>,
    /// Writes the file.
    pub write: fn(&Subject, &Options) -> Result<Written, Refusal>,
}

/// The type of a format's bytes, which decides where they can go and how they are made safe for a terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// JSON: control characters are escaped, which does not change its meaning.
    Json,
    /// Lines of text: control characters are shown as placeholders.
    Lines,
    /// Text that its writer keeps free of control characters: it goes into a pipe as it is.
    Ready,
    /// Files in a folder: it goes to a path only.
    Folder,
}

/// What is written: a product at a moment, with its history if the format tells of it.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    pub product: &'a Product,
    /// Every step known, oldest first.
    pub acts: &'a [Act<'a>],
    /// The time of the export.
    pub now: When,
}

impl<'a> Subject<'a> {
    /// A product of which no history is known.
    pub fn of(product: &'a Product, now: When) -> Subject<'a> {
        Subject { product, acts: &[], now }
    }
}

/// What a writer gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub bytes: Vec<u8>,
    /// Of a folder, its files by path in it, with / between; there are no `bytes` then.
    pub files: Vec<(String, Vec<u8>)>,
    /// Of a folder, which product it is of, so that a later export knows its own.
    pub key: String,
    /// The same in files of a size that the other tool takes; empty where one is enough.
    pub parts: Vec<Vec<u8>>,
    /// What did not fit or was left out, a sentence each, for whoever exports.
    pub notes: Vec<String>,
}

impl From<Vec<u8>> for Written {
    fn from(bytes: Vec<u8>) -> Written {
        Written { bytes, ..Written::default() }
    }
}

impl From<String> for Written {
    fn from(text: String) -> Written {
        text.into_bytes().into()
    }
}
