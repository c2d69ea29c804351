//! Data to standard output, words to standard error, nothing that could steer a terminal. A closed pipe is no error.

use crate::model::value::Value;
use crate::tui::text::{clean_lines, escape_json};
use std::io::Write;

/// The exit code for data that was written, or could not be. A closed pipe is no error: nobody listens any more.
pub fn code(written: std::io::Result<()>) -> u8 {
    match written {
        Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => {
            let why = crate::store::error::reason(&cause);
            word(&format!("whyhow: Could not write the output: {why}. The product is as it was."));
            1
        }
        _ => 0,
    }
}

/// Lines of data; the exit code.
pub fn line(text: &str) -> u8 {
    let mut out = std::io::stdout().lock();
    code(writeln!(out, "{}", clean_lines(text)).and_then(|()| out.flush()))
}

/// A word to the person.
pub fn word(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", clean_lines(text));
}

/// A JSON document, indented; the exit code.
pub fn json(value: &Value) -> u8 {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    let mut out = std::io::stdout().lock();
    code(writeln!(out, "{}", escape_json(&text)).and_then(|()| out.flush()))
}

/// A JSON document in one line. False when nobody listens any more.
pub fn json_line(out: &mut impl Write, value: &Value) -> bool {
    let text = serde_json::to_string(value).unwrap_or_default();
    writeln!(out, "{}", escape_json(&text)).is_ok()
}
