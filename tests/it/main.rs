//! What people rely on, floor by floor: one binary, so that the whole suite links once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod batch;
mod crash;
mod desk;
mod house;
mod laws;
mod sessions;
