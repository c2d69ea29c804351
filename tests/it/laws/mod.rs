//! Laws that hold for every kind, field, sprint and play, tried with values and orders made at random.

mod any_bytes;
mod csv_laws;
mod field_table;
mod figures;
mod links;
mod markdown_laws;
mod proposals;
mod session_laws;
mod splitting;
pub mod sprint_actions;
mod sprint_laws;
