//! Data to standard output, messages to standard error, nothing that could control a terminal. A closed pipe is not an
//! error.

use crate::model::value::Value;
use crate::store::error::reason;
use crate::tui::state::output_file::OutputFile;
use crate::tui::term::text::{clean_lines, escape_json};
use std::io::Write;
use std::path::Path;

/// Returns the exit code for the result of writing data. A closed pipe is not an error: nobody is reading any more.
pub fn code(written: std::io::Result<()>) -> u8 {
    match written {
        Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => {
            let why = crate::store::error::reason(&cause);
            message(&format!("whyhow: Could not write the output: {why}. Everything saved is safe."));
            1
        }
        _ => 0,
    }
}

/// Writes lines of data and returns the exit code.
pub fn line(text: &str) -> u8 {
    let mut out = std::io::stdout().lock();
    code(writeln!(out, "{}", clean_lines(text)).and_then(|()| out.flush()))
}

/// Writes a message for the user.
pub fn message(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", clean_lines(&without_secrets(text)));
}

/// Writes an indented JSON document and returns the exit code.
pub fn json(value: &Value) -> u8 {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    let mut out = std::io::stdout().lock();
    code(writeln!(out, "{}", escape_json(&text)).and_then(|()| out.flush()))
}

/// Writes a JSON document on one line.
pub fn json_line(out: &mut impl Write, value: &Value) -> std::io::Result<()> {
    let text = serde_json::to_string(value).unwrap_or_default();
    writeln!(out, "{}", escape_json(&text))
}

/// Writes to a file that was chosen before, and returns the exit code; a failure is reported.
pub fn put(file: &OutputFile, path: &Path, bytes: &[u8]) -> u8 {
    match file {
        OutputFile::Stdout => code(file.write(bytes)),
        _ => put_done(path, file.write(bytes)),
    }
}

/// Reports whether something was written to a path, and returns the exit code.
pub fn put_done(path: &Path, done: std::io::Result<()>) -> u8 {
    let Err(cause) = done else { return 0 };
    message(&format!("whyhow: Could not write {}: {}. Everything saved is safe.", path.display(), reason(&cause)));
    1
}

/// Writes our own bytes, such as a shell script, and returns the exit code.
pub fn bytes(bytes: &[u8]) -> u8 {
    let mut out = std::io::stdout().lock();
    code(out.write_all(bytes).and_then(|()| out.flush()))
}

/// Removes credentials from URLs such as `https://mia:token@host/`, because messages get copied into chats and reports.
fn without_secrets(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("://") {
        out.push_str(before);
        out.push_str("://");
        let end = behind.find(|c: char| c.is_whitespace() || "/?#\"'<>".contains(c)).unwrap_or(behind.len());
        let (host, tail) = behind.split_at_checked(end).unwrap_or((behind, ""));
        match host.rsplit_once('@') {
            Some((_, host)) => out.push_str(&format!("…@{host}")),
            None => out.push_str(host),
        }
        rest = tail;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_message_repeats_a_password() {
        for (text, shown) in [
            (
                "Could not read https://mia:s3cret@git.host/a/b.git: gone",
                "Could not read https://…@git.host/a/b.git: gone",
            ),
            ("ssh://token@host and http://a@b@host", "ssh://…@host and http://…@host"),
            ("https://host/a@b, mia@host, ://", "https://host/a@b, mia@host, ://"),
            ("no address", "no address"),
        ] {
            assert_eq!(without_secrets(text), shown);
        }
    }
}
