//! Export: a product as files that other programs and people read.
//!
//! A format is one file and one row of [`FORMATS`]. Nothing here reads a file or a clock: a writer gets the product, the
//! options and the time, and hands the bytes back. The screen copies records through the Markdown writers too.

pub mod format;
pub mod json;
pub mod markdown;

pub use format::{Form, Format};

/// Every format, the lossless one first: it is the one that counts where none is named.
pub const FORMATS: &[&Format] = &[&json::ROW, &markdown::pages::ROW];

/// The format that the ending of a file's name asks for.
pub fn of_ending(ending: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.ending.eq_ignore_ascii_case(ending))
}

/// The format of that name.
pub fn named(name: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.name.eq_ignore_ascii_case(name.trim()))
}
