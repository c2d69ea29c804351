//! Tests that need what not every machine has: `strace`, a mount, another user, real files of other tools. libtest
//! cannot ignore a test at run time, so this binary has a harness of its own that speaks like it.
//!
//! A test whose need is not met is reported as ignored, with the need. `WHYHOW_REQUIRE=strace,mount,user,data` names
//! the needs that must be met: their tests then fail instead.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation, clippy::cast_possible_wrap)]
#![allow(clippy::cast_sign_loss, clippy::disallowed_methods, clippy::get_unwrap, clippy::print_stderr)]

#[cfg(unix)]
#[allow(dead_code, reason = "the harness of tests/it, of which this binary uses a part")]
#[path = "../it/harness/mod.rs"]
mod harness;

#[cfg(unix)]
mod disks;
#[cfg(unix)]
mod needs;
#[cfg(unix)]
mod real_files;
mod real_tables;
#[cfg(unix)]
mod syscalls;
#[cfg(unix)]
mod users;

#[cfg(unix)]
use std::process::ExitCode;

/// No other system has what these tests need.
#[cfg(not(unix))]
fn main() {}

#[cfg(unix)]
fn main() -> ExitCode {
    let arguments = libtest_mimic::Arguments::from_args();
    let tests = [disks::TESTS, real_files::TESTS, real_tables::TESTS, syscalls::TESTS, users::TESTS].concat();
    match needs::trials(&tests, &std::env::var("WHYHOW_REQUIRE").unwrap_or_default()) {
        Ok(trials) => libtest_mimic::run(&arguments, trials).exit_code(),
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
