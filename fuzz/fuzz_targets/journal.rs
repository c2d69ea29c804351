//! The reader of a line of a journal, with and without a checksum that fits.
#![no_main]

#[allow(dead_code)]
#[path = "../../tests/it/harness/reader_laws.rs"]
mod reader_laws;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reader_laws::journal(bytes));
