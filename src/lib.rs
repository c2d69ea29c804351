//! whyhow: a terminal backlog manager that keeps the product manager's why beside the product owner's how.
//!
//! The floors, from the ground up: [`model`], then [`insight`] and [`actions`], [`store`], [`import`] and [`export`],
//! and on top [`tui`] and [`cli`]. A floor uses those below it only; see ARCHITECTURE.md.

// Lints that tests are exempt from and for which clippy.toml has no switch.
#![cfg_attr(
    test,
    allow(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_sign_loss,
        clippy::disallowed_methods
    )
)]

pub mod actions;
pub mod cli;
pub mod config;
pub mod export;
pub mod import;
pub mod insight;
pub mod model;
pub mod options;
pub mod store;
pub mod tui;
