//! What a format of the export table is: its name, the ending of its files, its options and its writer.

use crate::model::product::Product;
use crate::model::rules::Refusal;
use crate::model::value::When;
use crate::options::{FormatOption, Options};

/// One form in which a product is written.
pub struct Format {
    /// As `--to` takes it.
    pub name: &'static str,
    /// As people call it.
    pub title: &'static str,
    /// What it is for, for `--help` and docs/FORMAT.md.
    pub about: &'static str,
    /// The ending of a file's name that chooses it, without the dot.
    pub ending: &'static str,
    pub form: Form,
    /// What may be set for it.
    pub options: &'static [&'static FormatOption],
    /// Refuses options that do not fit together, before anything is read.
    pub check: fn(&Options) -> Result<(), Refusal>,
    /// The bytes of the file. The time is that of the export.
    pub write: fn(&Product, &Options, When) -> Result<Vec<u8>, Refusal>,
}

/// What the bytes of a format are, which decides how they are made safe for a terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// JSON: control characters are escaped, and it reads as the same.
    Json,
    /// Lines of text: control characters are shown as marks.
    Lines,
}
