//! Texts in the markup of other tools, as Markdown.

pub mod adf;
