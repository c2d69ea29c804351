//! Giving a product away: the lossless form is product.json's own, Markdown is for reading.

use crate::cli::show::clock;
use crate::cli::{Invocation, out};
use crate::insight::page::{self, VIEWS};
use crate::model::product::Product;
use crate::model::schema::Kind;
use crate::model::value::When;
use crate::store::folder::private;
use crate::store::open::open;
use crate::store::snapshot::to_json;
use anyhow::{Context, Result, bail};
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(clap::Args, Debug)]
pub struct Export {
    /// The form: json, lossless and read back by import; markdown, a page to read
    #[arg(long, value_name = "FORMAT", default_value = "json")]
    to: String,
    /// For markdown, one view instead of the whole: vision, roadmap, backlog, sprint, review, done or inbox
    #[arg(long, value_name = "VIEW")]
    view: Option<String>,
    /// For the views sprint and review: the number of the sprint; without it the running one, or the one that ended last
    #[arg(long, value_name = "NUMBER")]
    sprint: Option<String>,
    /// The time to write it at
    #[arg(long, value_name = "TIME")]
    now: Option<String>,
    /// The file to write; standard output where it is left out
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Export {
    pub fn run(&self, setting: &Invocation) -> Result<u8> {
        if let Err(why) = self.asks() {
            out::message(&format!("whyhow: {why}"));
            return Ok(2);
        }
        let now = clock(self.now.as_ref())?;
        let (product, notices) = open(&setting.product()?.folder)?.shown(now);
        notices.iter().for_each(|notice| out::message(notice));
        let bytes = match self.to.as_str() {
            "markdown" => self.markdown(&product, now)?.into_bytes(),
            _ => to_json(&product),
        };
        match &self.output {
            None => self.print(&bytes),
            Some(path) => {
                // Beside it first, so that a full disk leaves an older export as it was.
                let fresh = path.with_extension(format!("new-{}", std::process::id()));
                let written = write_private(&fresh, path, &bytes).and_then(|()| std::fs::rename(&fresh, path));
                if written.is_err() {
                    let _ = std::fs::remove_file(&fresh);
                }
                written.with_context(|| format!("Could not write {}", path.display()))?;
                Ok(0)
            }
        }
    }

    /// What does not fit together, before anything is read.
    fn asks(&self) -> Result<(), String> {
        let known = VIEWS.join(", ");
        match (self.to.as_str(), self.view.as_deref(), &self.sprint) {
            ("json", None, None) | ("markdown", None, None) => Ok(()),
            ("json", ..) => Err("json is the whole product: --view and --sprint are for markdown.".to_string()),
            ("markdown", Some("sprint" | "review"), _) => Ok(()),
            ("markdown", _, Some(_)) => Err("--sprint goes with --view sprint or --view review.".to_string()),
            ("markdown", Some(view), _) if VIEWS.contains(&view) => Ok(()),
            ("markdown", Some(view), _) => Err(format!("There is no view {view:?} to export. Views: {known}.")),
            (to, ..) => Err(format!("{to:?} is no format to export. Formats: json, markdown.")),
        }
    }

    fn markdown(&self, product: &Product, now: When) -> Result<String> {
        let Some(view) = &self.view else { return Ok(page::whole(product, now)) };
        let sprint = match &self.sprint {
            None => None,
            Some(name) => match product.named(name).filter(|(kind, _)| *kind == Kind::Sprint) {
                Some((_, id)) => Some(id),
                None => bail!("{name:?} names no sprint of {}. Use a number such as 13.", product.name()),
            },
        };
        let written = page::view(product, view, sprint, now);
        written.ok_or_else(|| anyhow::anyhow!("There is no sprint yet. sprint.new makes one."))
    }

    /// On a terminal or in a pipe nothing that a text holds can steer it.
    fn print(&self, bytes: &[u8]) -> Result<u8> {
        let text = String::from_utf8_lossy(bytes);
        if self.to == "markdown" {
            return Ok(out::line(text.trim_end()));
        }
        let mut stdout = std::io::stdout().lock();
        let shown = crate::tui::term::text::escape_json(&text);
        Ok(out::code(stdout.write_all(shown.as_bytes()).and_then(|()| stdout.flush())))
    }
}

/// As private as what it was made from; a mode that somebody chose for an older export stays.
fn write_private(fresh: &Path, older: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = private().write(true).create_new(true).open(fresh)?;
    if let Ok(older) = std::fs::metadata(older) {
        file.set_permissions(older.permissions())?;
    }
    file.write_all(bytes)
}
