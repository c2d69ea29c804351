//! `whyhow import`: imports files of other tools. --dry-run looks first; all files together are one undo step.

use crate::cli::format_args::{FormatRow, Given, names, options_help};
use crate::cli::import_target::Target;
use crate::cli::invocation::{Invocation, product_name};
use crate::cli::out;
use crate::import::asked::takes_mapping;
use crate::import::{self, Answered, FORMATS, Found, Renamed, Report, Settling, SourceFile, Whose, github, table};
use crate::options::Options;
use crate::store::error::reason;
use crate::store::products::Listed;
use crate::tui::state::import_choices::{ChoicesInForce, read_as_chosen};
use crate::tui::state::import_job::{expanded, in_local_time, kept_mapping, source_file};
use crate::tui::state::output_file::OutputFile;
use crate::tui::term::text::clean_lines;
use anyhow::{Context, Result};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[derive(clap::Args, Debug, Default)]
#[command(after_help = options_help(&rows(None)))]
pub struct Import {
    /// The files to read, or a folder of Backlog.md or of CSV files; - for standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The format; detected by default
    #[arg(long, value_name = "FORMAT", help = format!("What wrote the files; recognised where it is left out: {}", names(&rows(None))))]
    from: Option<String>,
    /// The product to import into; created if there is none of that name
    #[arg(long, value_name = "NAME", value_parser = product_name)]
    into: Option<String>,
    /// Only say what would happen
    #[arg(long)]
    dry_run: bool,
    /// Also write the report to this file
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Settles what changed here and in the file, for one side. Without it yours stays, and each import lists it again
    #[arg(long, value_name = "SIDE", value_enum)]
    conflicts: Option<SideArg>,
    /// Settles a record or a field for the file's side, such as S24 or S24.title
    #[arg(long, value_name = "RECORD")]
    theirs: Vec<String>,
    /// Settles a record or a field for your side
    #[arg(long, value_name = "RECORD")]
    mine: Vec<String>,
    /// Whether a project, repository or board that reads like one imported before is that one under another name
    #[arg(long, value_name = "ANSWER", value_enum)]
    renamed: Option<AnswerArg>,
    /// An option of the format; the list is below
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Leave mail addresses out; people are known by their names
    #[arg(long, value_name = "ANSWER", value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "yes")]
    no_mail: Option<AnswerArg>,
    /// Short for --set milestones=KIND
    #[arg(long, value_name = "KIND")]
    milestones: Option<String>,
    /// Short for --set boxes=no
    #[arg(long)]
    no_boxes: bool,
    /// Short for --set site=SITE
    #[arg(long, value_name = "SITE")]
    site: Option<String>,
    /// What the columns and words of a table mean, as JSON: {"columns": {"Headline": "title"}, "status": {"Deploy": "doing"}}
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// The encoding, if the detected one is wrong
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum SideArg {
    Mine,
    Theirs,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum AnswerArg {
    Yes,
    No,
}

/// The rows of the formats as the command line sees them, or the row of one.
fn rows(name: Option<&str>) -> Vec<FormatRow> {
    let wanted = FORMATS.iter().filter(|one| name.is_none_or(|name| one.name == name));
    wanted.map(|one| FormatRow { name: one.name, title: one.title, about: one.about, options: one.options }).collect()
}

impl Import {
    pub fn run(&self, setting: &Invocation) -> Result<u8> {
        let given = match self.given() {
            Ok(given) => given,
            Err(why) => {
                out::message(&format!("whyhow: {why}"));
                return Ok(2);
            }
        };
        let place = |path| OutputFile::at(path, &setting.places.data.0, &self.files).map(|target| (path, target));
        let report = self.report.as_deref().map(place).transpose().map_err(anyhow::Error::msg)?;
        // Every file is read before anything is written: one that fails leaves the product, or none, as it was.
        let data = &setting.places.data.0;
        let files = expanded(&self.files);
        let read = files.iter().map(|path| self.found(path, &given, data)).collect::<Result<Vec<_>>>()?;
        let (all, choices): (Vec<Found>, Vec<ChoicesInForce>) = read.into_iter().unzip();
        let mut target = Target::find(setting, self.into.as_deref(), self.dry_run, &all)?;
        let settling = self.settling();
        let (reports, mut code) = match target.take(&all, &settling, setting) {
            Ok(reports) => (reports, 0),
            Err(why) => {
                let names: Vec<&str> = all.iter().map(|found| found.from.as_str()).collect();
                out::message(&format!("whyhow: {}: {why:#}", names.join(" and ")));
                (Vec::new(), 1)
            }
        };
        std::mem::take(&mut target.notes).iter().for_each(|note| out::message(note));
        code = code.max(tell(&reports, report));
        tell_idle(&settling, &reports);
        if self.dry_run {
            out::message("Nothing was written: --dry-run only looks.");
        }
        match reports.is_empty() {
            true => target.take_back(),
            false if self.dry_run || (given.is_empty() && self.no_mail.is_none()) => {}
            false => {
                for cause in choices.iter().filter_map(|one| one.keep(data).err()) {
                    out::message(&format!("What you chose was not kept for the next time: {}.", reason(&cause)));
                }
            }
        }
        target.finish();
        Ok(code)
    }

    fn settling(&self) -> Settling {
        let all = self.conflicts.map(|side| match side {
            SideArg::Mine => Whose::Mine,
            SideArg::Theirs => Whose::Theirs,
        });
        let named = |texts: &[String], side| texts.iter().map(|text| (Answered::parse(text), side)).collect::<Vec<_>>();
        let renamed = self.renamed.map(|answer| match answer {
            AnswerArg::Yes => Renamed::Same,
            AnswerArg::No => Renamed::Another,
        });
        Settling { all, named: [named(&self.mine, Whose::Mine), named(&self.theirs, Whose::Theirs)].concat(), renamed }
    }

    /// The options, checked before anything is read.
    fn given(&self) -> Result<Given, String> {
        if let Some(name) = self.from.as_deref().filter(|name| rows(Some(name)).is_empty()) {
            let known: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
            return Err(format!("{name:?} is not an import format. Formats: {}.", known.join(", ")));
        }
        let mapping = self.mapping.as_deref().map(mapping_in).transpose()?;
        let flags = [
            (&github::MILESTONES, self.milestones.as_deref()),
            (&github::BOXES, self.no_boxes.then_some("no")),
            (&github::SITE, self.site.as_deref()),
            (&table::MAPPING, mapping.as_deref()),
        ];
        let given = Given::new(&flags, &self.set)?;
        // Some of several files may have a format without this option.
        given.check(&rows(None))?;
        Ok(given)
    }

    /// What a file holds. Without a mapping, what was said of a table with the same columns at the keyboard counts.
    fn found(&self, path: &Path, given: &Given, data: &Path) -> Result<(Found, ChoicesInForce)> {
        let file = self.file(path)?;
        let format = import::choose(&file, self.from.as_deref())?;
        let mut options = given.of(format.options)?;
        if takes_mapping(format)
            && options.text(&table::MAPPING).is_empty()
            && let Some(kept) = kept_mapping(data, format, &file)
        {
            options.set(&table::MAPPING, &kept.to_json().to_string())?;
            out::message(&format!("{}: its columns and words mean what you said at the keyboard.", file.name));
        }
        let mut bar = Bar::new("reading");
        let mail = self.no_mail.map(|answer| matches!(answer, AnswerArg::Yes));
        let mut progress = |done, all| bar.show(done, all);
        let read = read_as_chosen(&file, format, &options, mail, Some(data), &mut progress);
        bar.clear();
        let (found, choices) = read?;
        if choices.from_before {
            let what = choices.choices.told();
            out::message(&format!("{}: read as at the last import: {what}.", file.name));
        }
        Ok((in_local_time(found), choices))
    }

    fn file(&self, path: &Path) -> Result<SourceFile> {
        if path.as_os_str() != "-" {
            return source_file(path, self.encoding.as_deref()).map_err(anyhow::Error::msg);
        }
        let bytes = import::bytes::all_of(&mut std::io::stdin().lock());
        let bytes = bytes.with_context(|| "Could not read standard input. Nothing was imported.")?;
        Ok(SourceFile::from_bytes("standard input", &bytes, self.encoding.as_deref())?)
    }
}

/// The text of a mapping that reads.
fn mapping_in(path: &Path) -> Result<String, String> {
    if path.is_dir() {
        return Err(format!("{} is not a plain file. Nothing was imported.", path.display()));
    }
    let file = source_file(path, None)?;
    table::Mapping::parse(&file.text).map_err(|refusal| format!("{}: {refusal}", path.display()))?;
    Ok(file.text)
}

/// Prints the reports, and writes them to their file; returns the exit code.
fn tell(reports: &[Report], file: Option<(&Path, OutputFile)>) -> u8 {
    let joined = |text: fn(&Report) -> String| reports.iter().map(text).collect::<Vec<_>>().join("\n");
    let shown = match &file {
        // One report is enough, and this is the longer one.
        Some((_, OutputFile::Stdout)) => joined(Report::whole_text),
        _ => joined(Report::text),
    };
    if reports.is_empty() {
        return 0;
    }
    let printed = out::line(&shown);
    match file {
        // It quotes titles, and somebody may view it in a terminal.
        Some((path, file)) if file != OutputFile::Stdout => {
            printed.max(out::put(&file, path, clean_lines(&joined(Report::whole_text)).as_bytes()))
        }
        _ => printed,
    }
}

/// Names the answers to which there was no question, such as a misspelt one.
fn tell_idle(settling: &Settling, reports: &[Report]) {
    let met: Vec<_> = reports.iter().flat_map(|one| &one.differs).map(|one| (one.record.clone(), one.field)).collect();
    for name in settling.idle(&met) {
        out::message(&format!("Nothing to settle about {name}: it did not change both here and in a file."));
    }
}

/// A file that somebody sent.
pub enum SentFile {
    /// A whole product, which has become one of the products here.
    Product(Listed),
    /// An export of another tool, to be looked at in a new product of this name.
    Export(String),
}

/// Makes a product of our own that somebody sent one of the products here, named after the product in it or after the
/// file. For an export of another tool there is only a name: its import is looked at first.
pub fn open_file(setting: &Invocation, path: &Path) -> Result<SentFile> {
    let file = Import::default().file(path)?;
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let stem = readable(stem);
    let name = setting.places.data.free_name(|nth| match nth {
        1 => stem.to_string(),
        nth => format!("{stem} {nth}"),
    });
    if import::recognise(&file)?.name != import::native::ROW.name {
        return Ok(SentFile::Export(name));
    }
    let found = import::read(&file, None, &Options::default(), &mut |_, _| {})?;
    let mut target = Target::find(setting, Some(&name), false, std::slice::from_ref(&found))?;
    target.take(std::slice::from_ref(&found), &Settling::default(), setting)?;
    let name = target.product().name().to_string();
    target.finish();
    Ok(SentFile::Product(setting.places.data.find(Some(&name))?))
}

/// A name for a product, out of that of a file: `vscode-mssql-all-issues` is `vscode mssql`.
fn readable(stem: &str) -> String {
    const OF_FILES: &[&str] =
        &["all", "issues", "issue", "export", "exported", "backlog", "jira", "github", "trello", "csv", "json"];
    let words: Vec<&str> = stem.split(['-', '_', ' ']).filter(|word| !word.is_empty()).collect();
    let is_name = |word: &&&str| {
        let is_number = word.chars().all(|c| c.is_ascii_digit() || c == '.');
        !is_number && !OF_FILES.contains(&word.to_lowercase().as_str())
    };
    let named: Vec<&str> = words.iter().filter(is_name).copied().collect();
    let best = if named.is_empty() { words } else { named };
    if best.is_empty() { "Product".to_string() } else { best.join(" ") }
}

/// Progress on standard error, if that is a terminal and the work takes long enough to be noticed.
struct Bar {
    what: &'static str,
    begun: Instant,
    shown: bool,
}

impl Bar {
    fn new(what: &'static str) -> Bar {
        Bar { what, begun: Instant::now(), shown: false }
    }

    fn show(&mut self, done: usize, all: usize) {
        let mut stderr = std::io::stderr();
        if self.begun.elapsed() > Duration::from_millis(300) && stderr.is_terminal() {
            let _ = write!(stderr, "\r{} {done} of {all}", self.what);
            let _ = stderr.flush();
            self.shown = true;
        }
    }

    fn clear(&mut self) {
        if self.shown {
            let _ = write!(std::io::stderr(), "\r{:40}\r", "");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn a_product_is_named_after_what_its_file_is_about() {
        assert_eq!(readable("vscode-mssql-all-issues"), "vscode mssql");
        assert_eq!(readable("Ferry_export_2026-11-28"), "Ferry");
        assert_eq!(readable("issues"), "issues");
        assert_eq!(readable("-"), "Product");
    }
}
