//! Data to standard output, words to standard error, nothing that could steer a terminal. A closed pipe is no error.

use crate::model::value::Value;
use crate::tui::text::{clean_lines, escape_json};
use std::io::Write;

/// A line of data.
pub fn line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{}", clean_lines(text));
}

/// A word to the person.
pub fn word(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", clean_lines(text));
}

/// A JSON document, indented.
pub fn json(value: &Value) {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    let _ = writeln!(std::io::stdout(), "{}", escape_json(&text));
}

/// A JSON document in one line. False when nobody listens any more.
pub fn json_line(out: &mut impl Write, value: &Value) -> bool {
    let text = serde_json::to_string(value).unwrap_or_default();
    writeln!(out, "{}", escape_json(&text)).is_ok()
}
