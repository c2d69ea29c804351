//! Markup of other tools as Markdown. What is exact is converted; where something else occurs the caller keeps the
//! original beside the result.

pub mod adf;
pub mod html;
pub mod wiki;

/// A converted text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Converted {
    pub text: String,
    /// Something in the original has no exact form in Markdown.
    pub is_lossy: bool,
}
