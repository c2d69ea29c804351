//! The reader of a table of another tool; the first byte chooses whose, the second the options.
#![no_main]

#[allow(dead_code)]
#[path = "../../tests/it/harness/reader_laws.rs"]
mod reader_laws;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reader_laws::table(bytes));
