//! Giving a product away: the lossless form is product.json's own.

use crate::cli::{Setting, now, out};
use crate::store::open::open;
use crate::store::snapshot::to_json;
use anyhow::{Context, Result};
use std::io::Write;
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
pub struct Export {
    /// The form: json, lossless and read back by import
    #[arg(long, value_name = "FORMAT", default_value = "json")]
    to: String,
    /// The file to write; standard output where it is left out
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Export {
    pub fn run(&self, setting: &Setting) -> Result<u8> {
        if self.to != "json" {
            out::word(&format!("whyhow: {:?} is no format to export. Formats: json.", self.to));
            return Ok(2);
        }
        let (product, notices) = open(&setting.product()?.folder)?.shown(now());
        notices.iter().for_each(|notice| out::word(notice));
        let bytes = to_json(&product);
        match &self.output {
            None => {
                let text = String::from_utf8_lossy(&bytes);
                let mut stdout = std::io::stdout().lock();
                let shown = crate::tui::text::escape_json(&text);
                return Ok(out::code(stdout.write_all(shown.as_bytes()).and_then(|()| stdout.flush())));
            }
            Some(path) => {
                // Beside it first, so that a full disk leaves an older export as it was.
                let fresh = path.with_extension(format!("new-{}", std::process::id()));
                let written = std::fs::write(&fresh, &bytes).and_then(|()| std::fs::rename(&fresh, path));
                if written.is_err() {
                    let _ = std::fs::remove_file(&fresh);
                }
                written.with_context(|| format!("Could not write {}", path.display()))?;
            }
        }
        Ok(0)
    }
}
