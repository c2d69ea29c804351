//! The lowest layer: records, fields, values, steps, rules. No files, no clock, no randomness, no screen.

pub mod access;
pub mod admit;
pub mod author;
pub mod change;
pub mod derived_cells;
pub mod document;
pub mod field;
pub mod fields_page;
pub mod grammar;
pub mod id;
pub mod index;
pub mod links;
pub mod merge;
pub mod product;
pub mod rank;
pub mod rebase;
pub mod refusal;
pub mod role;
pub mod rules;
pub mod saturating;
pub mod schema;
pub mod snapshot_types;
mod sprint_rules;
pub mod strict;
pub mod table;
pub mod undo_barrier;
pub mod value;
