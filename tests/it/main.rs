//! What a person relies on, from outside: one binary for all.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod docs;
mod exchange;
mod flows;
mod monkey;
mod screens;
mod stage;
mod terminal;
