//! The general commands: a row and, under it, its function. What belongs to one view is with that view, and
//! `src/tui/registry.rs` puts all of them together.

pub mod address;
pub mod agree;
pub mod app;
pub mod confirm_ticked;
pub mod copy;
pub mod edit;
pub mod export;
pub mod find;
pub mod go;
pub mod import;
pub mod item;
pub mod order;
pub mod products;
pub mod propose;
pub mod save_elsewhere;
pub mod settings;
pub mod sprint;
pub mod talk;
pub mod thread;
pub mod tick;
