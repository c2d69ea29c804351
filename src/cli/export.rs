//! `whyhow export`: writes a product in another format, to a file or to standard output.

use crate::cli::format_args::{FormatRow, Given, names, options_help};
use crate::cli::invocation::{Invocation, clock};
use crate::cli::out;
use crate::export::html;
use crate::export::markdown::pages;
use crate::export::{self, ExportFormat, FORMATS, Form, of_ending};
use crate::options::Options;
use crate::tui::registry::REGISTRY;
use crate::tui::state::export_job::{OutputPlace, exported};
use crate::tui::state::keymap::Keymap;
use crate::tui::state::output_file::OutputFile;
use anyhow::Result;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
#[command(after_help = options_help(&FORMATS.iter().map(|format| row(format)).collect::<Vec<_>>()))]
pub struct Export {
    /// The form of the file
    #[arg(long, value_name = "FORMAT", help = format!("The format; without it the one that the ending of --output names, else json: {}", names(&FORMATS.iter().map(|format| row(format)).collect::<Vec<_>>())))]
    to: Option<String>,
    /// An option of the format; the list is below
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Short for --set view=VIEW
    #[arg(long, value_name = "VIEW")]
    view: Option<String>,
    /// Short for --set sprint=NUMBER
    #[arg(long, value_name = "NUMBER")]
    sprint: Option<String>,
    /// Short for --set for=READERS
    #[arg(long = "for", value_name = "READERS")]
    readers: Option<String>,
    /// Short for --set since=DAY
    #[arg(long, value_name = "DAY")]
    since: Option<String>,
    /// Leave mail addresses out; people are known by their names
    #[arg(long)]
    no_mail: bool,
    /// The time to use instead of the clock
    #[arg(long, value_name = "TIME")]
    now: Option<String>,
    /// The file to write, or the folder; - or nothing for standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

fn row(format: &ExportFormat) -> FormatRow {
    FormatRow { name: format.name, title: format.title, about: format.about, options: format.options }
}

impl Export {
    pub fn run(&self, invocation: &Invocation) -> Result<u8> {
        let (format, options) = match self.asks() {
            Ok(asks) => asks,
            Err(why) => {
                out::message(&format!("whyhow: {why}"));
                return Ok(2);
            }
        };
        let now = clock(self.now.as_ref())?;
        let data = &invocation.places.data.0;
        let place = |path| OutputPlace::at(path, data, format).map(|place| (path, place));
        let target = self.output.as_deref().map(place).transpose().map_err(anyhow::Error::msg)?;
        let folder = invocation.product()?.folder;
        let made = exported(&folder, format, &options, now, !self.no_mail).map_err(anyhow::Error::from_boxed)?;
        let keys = Keymap::standard(&REGISTRY);
        made.notices.iter().for_each(|note| out::message(note));
        made.written.notes.iter().for_each(|note| out::message(&keys.fill(note)));
        let written = made.written;
        match target {
            None | Some((_, OutputPlace::File(OutputFile::Stdout))) => print(format.form, &written.bytes),
            Some((path, place)) => {
                let done = place.write(&written);
                if let Ok((parts, lines)) = &done {
                    parts.iter().for_each(|path| out::message(&format!("Written: {}", path.display())));
                    lines.iter().for_each(|line| out::message(line));
                }
                Ok(out::put_done(path, done.map(drop)))
            }
        }
    }

    /// The format and its options; invalid combinations are refused before anything is read.
    fn asks(&self) -> Result<(&'static ExportFormat, Options), String> {
        let flags = [
            (&pages::VIEW, self.view.as_deref()),
            (&pages::SPRINT, self.sprint.as_deref()),
            (&html::READERS, self.readers.as_deref()),
            (&html::SINCE, self.since.as_deref()),
        ];
        let given = Given::new(&flags, &self.set)?;
        let format = match &self.to {
            Some(name) => export::named(name).ok_or_else(|| {
                let known: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
                format!("{name:?} is not an export format. Formats: {}.", known.join(", "))
            })?,
            None => self.guessed(&given)?,
        };
        given.check(&[row(format)])?;
        let options = given.of(format.options).map_err(|refusal| refusal.to_string())?;
        (format.check)(&options).map_err(|refusal| refusal.to_string())?;
        if format.form == Form::Folder && self.output.as_ref().is_none_or(|path| path.as_os_str() == "-") {
            return Err(format!("{} is a folder of files: name a new folder with --output.", format.name));
        }
        Ok((format, options))
    }

    /// The format that the ending of the file names; else the first one, or the one that alone has the options given.
    fn guessed(&self, given: &Given) -> Result<&'static ExportFormat, String> {
        let ending = self.output.as_ref().and_then(|path| path.extension()?.to_str());
        if let Some(format) = ending.and_then(of_ending) {
            return Ok(format);
        }
        let [first, ..] = FORMATS else { return Err("There is no format to export.".to_string()) };
        let has = |format: &ExportFormat, name: &str| format.options.iter().any(|option| option.name == name);
        let having = |name: &str| FORMATS.iter().copied().filter(|format| has(format, name)).collect::<Vec<_>>();
        let mut fits = FORMATS.iter().copied().filter(|format| given.names().all(|name| has(format, name)));
        if given.names().all(|name| has(first, name) || having(name).is_empty()) {
            return Ok(first);
        }
        match (fits.next(), fits.next(), ending) {
            (Some(one), None, None) => Ok(one),
            (one, _, ending) => {
                let lost = given.names().find(|name| !has(first, name)).unwrap_or_default();
                let names: Vec<&str> = having(lost).iter().map(|format| format.name).collect();
                let to = one.map_or_else(String::new, |one| format!(", as in --to {}", one.name));
                let what = ending
                    .map_or("No format is named".to_string(), |ending| format!("The ending .{ending} names no format"));
                Err(format!("{what}. {lost:?} is an option of {}: name it with --to{to}.", names.join(", ")))
            }
        }
    }
}

/// Makes the bytes safe for a terminal or a pipe: no text in them can control it.
fn print(form: Form, bytes: &[u8]) -> Result<u8> {
    let text = String::from_utf8_lossy(bytes);
    match form {
        Form::Ready if !std::io::stdout().is_terminal() => Ok(out::bytes(bytes)),
        Form::Lines | Form::Ready | Form::Folder => Ok(out::line(text.trim_end())),
        Form::Json => {
            let mut stdout = std::io::stdout().lock();
            let shown = crate::tui::term::text::escape_json(&text);
            Ok(out::code(stdout.write_all(shown.as_bytes()).and_then(|()| stdout.flush())))
        }
    }
}
