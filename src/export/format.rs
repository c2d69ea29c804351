//! A row of the export table: a format's name, file extension, options and writer.

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
    /// The file extension that selects it, without the dot.
    pub ending: &'static str,
    pub form: Form,
    /// Its options.
    pub options: &'static [&'static FormatOption],
    /// Refuses options that do not go together, before anything is read.
    pub check: fn(&Options) -> Result<(), Refusal>,
    /// Writes the bytes of the file. The time is that of the export.
    pub write: fn(&Product, &Options, When) -> Result<Vec<u8>, Refusal>,
}

/// The type of a format's bytes, which decides how they are made safe for a terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// JSON: control characters are escaped, which does not change its meaning.
    Json,
    /// Lines of text: control characters are shown as placeholders.
    Lines,
}
