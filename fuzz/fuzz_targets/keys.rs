//! Keys, and what the terminal says by itself among them.
#![no_main]

#[allow(dead_code)]
#[path = "../../tests/it/harness/reader_laws.rs"]
mod reader_laws;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reader_laws::keys(bytes));
