//! The reader of a file of another tool; the first byte chooses the options.
#![no_main]

#[allow(dead_code)]
#[path = "../../tests/it/harness/reader_laws.rs"]
mod reader_laws;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reader_laws::import(bytes));
