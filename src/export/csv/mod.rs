//! Tables for spreadsheets and other tools: our own columns, from which an import gets everything back, and those of
//! other tools.

pub mod own;
pub mod profiles;
mod text;
