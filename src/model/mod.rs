//! The ground floor: records, fields, values, steps, rules. No files, no clock, no randomness, no screen.

pub mod bounds;
pub mod change;
pub mod complete;
pub mod fence;
pub mod field;
pub mod fields_page;
pub mod id;
pub mod index;
pub mod kept;
pub mod merge;
pub mod product;
pub mod rank;
pub mod rebase;
pub mod role;
pub mod rules;
pub mod schema;
pub mod shelf;
mod sprint_rules;
pub mod strict;
pub mod value;
