//! What a person relies on, from outside: one binary for all.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation, clippy::cast_possible_wrap)]
#![allow(clippy::cast_sign_loss, clippy::disallowed_methods, clippy::get_unwrap, clippy::print_stderr)]

mod cli;
mod docs;
mod harness;
mod laws;
mod screens;
mod store;
#[cfg(unix)]
mod system;
