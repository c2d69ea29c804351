//! Editing a text in the user's own editor: the file it is written to, the why below the cut line, what comes back. The
//! loop lends the terminal; nothing here draws.

use crate::insight::trace::thread;
use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::value::{LONGEST_TEXT, Shape, Value};
use crate::store::error::reason;
use crate::tui::term::text::{clean, pasted, wrap};
use std::borrow::Cow;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

/// Everything below this line is for reading only.
const CUT: &str = "# --- Everything below this line is discarded.";
/// The width of the lines below the cut.
const COLUMNS: usize = 76;

/// A field's text to be edited.
#[derive(Clone, PartialEq, Debug)]
pub struct External {
    pub record: Id,
    pub field: &'static Field,
    /// The value when the text was opened, as the base for merging concurrent edits.
    pub before: Value,
    pub text: String,
    /// The field's name, the record, and why it exists.
    notes: Vec<String>,
    /// Of the file.
    name: String,
    /// It came from an editor in a pane, which gets it back if nothing was accepted.
    pub inner: bool,
}

/// How it came back.
#[derive(Clone, PartialEq, Debug)]
pub enum Back {
    Text(Cleaned),
    /// No usable text: why, and what the file contained anyway.
    Trouble(String, Option<String>),
}

/// A text as a field accepts it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Cleaned {
    pub text: String,
    /// What happened to the rest, as a sentence with a leading space; empty if all of it was text.
    pub note: String,
}

impl External {
    pub fn new(product: &Product, record: Id, field: &'static Field, before: Value, text: String) -> External {
        let name: String = format!("{} {}", product.name_of(record), field.label)
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        let notes = notes(product, record, field);
        External { record, field, before, text, notes, name: format!("{name}.md"), inner: false }
    }

    /// Like [`External::new`], for a text from an editor in a pane.
    pub fn from_pane(self) -> External {
        External { inner: true, ..self }
    }

    fn file(&self) -> String {
        let mut out = format!("{}\n\n{CUT}\n", self.text);
        for note in &self.notes {
            out.push_str(format!("# {note}").trim_end());
            out.push('\n');
        }
        out
    }

    /// The text above the cut line. If that line was deleted, the notes themselves are recognised.
    fn above_cut(&self, file: &[u8]) -> Cleaned {
        let lossy = String::from_utf8_lossy(file);
        // A mark that was in the text before stays in it.
        let is_odd_mark = |c: char| c == '\u{fffd}' && matches!(lossy, Cow::Owned(_));
        let file = &*lossy;
        let file = file.strip_prefix('\u{feff}').unwrap_or(file);
        let mut lines: Vec<&str> = file.lines().collect();
        match lines.iter().rposition(|line| line.trim_end() == CUT) {
            Some(at) => lines.truncate(at),
            None => {
                let is_note = |line: &str| {
                    let bare = line.trim_start_matches('#').trim();
                    bare.is_empty() || line.starts_with('#') && self.notes.iter().any(|note| note.trim() == bare)
                };
                while lines.last().is_some_and(|line| is_note(line)) {
                    lines.pop();
                }
            }
        }
        // `lines` removes both kinds of line breaks.
        let above = lines.join("\n");
        let is_odd = |c: char| is_odd_mark(c) || c.is_control() && !matches!(c, '\n' | '\t' | '\r');
        let mut note = String::new();
        if above.contains(is_odd) {
            note.push_str(" Non-text characters were removed.");
        }
        if file.contains('\r') {
            note.push_str(" Line breaks were converted.");
        }
        let known = above.replace(is_odd_mark, "");
        Cleaned { text: pasted(&known).trim_end().to_string(), note }
    }
}

/// The field, the record, and the reasons it depends on.
fn notes(product: &Product, record: Id, field: &Field) -> Vec<String> {
    let mut out = Vec::new();
    let mut add = |text: String, indent: &str| {
        for line in wrap(&text, COLUMNS.saturating_sub(indent.len()), 12) {
            out.push(format!("{indent}{line}"));
        }
    };
    let chain = thread(product, record);
    let title = chain.knots.first().map(|knot| knot.title.clone()).unwrap_or_default();
    add(format!("{} {title}", field.head_of(product.name_of(record))), "");
    add(field.hint.to_string(), "");
    for knot in &chain.knots {
        let own = knot.id == record;
        let Some(one) = product.find(knot.id) else { continue };
        let reasons: Vec<(&str, String)> = knot
            .kind
            .typed_fields()
            .filter(|other| other.owner == Owner::Why && other.shape == Shape::Prose && !(own && *other == field))
            .map(|other| (other.label, one.text(other)))
            .filter(|(_, text)| !text.trim().is_empty())
            .collect();
        if own && reasons.is_empty() {
            continue;
        }
        add(String::new(), "");
        add(if own { "Why".to_string() } else { format!("Why: {} {}", knot.name, knot.title) }, "");
        for (label, text) in reasons {
            add(format!("{label}: {text}"), "  ");
        }
    }
    out
}

/// A private folder, deleted with everything the editor leaves in it.
struct Private(PathBuf);

impl Private {
    fn new() -> io::Result<Private> {
        let path = std::env::temp_dir().join(format!("whyhow-{}-{:08x}", std::process::id(), fastrand::u32(..)));
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt;
            std::fs::DirBuilder::new().mode(0o700).create(&path)?;
        }
        #[cfg(not(unix))]
        std::fs::create_dir(&path)?;
        Ok(Private(path))
    }

    fn write(&self, name: &str, text: &str) -> io::Result<PathBuf> {
        let path = self.0.join(name);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        options.open(&path)?.write_all(text.as_bytes())?;
        Ok(path)
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        // Anything that cannot be removed is in the temporary folder.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs something on the real terminal.
type Lend<'a> = &'a mut dyn FnMut(&mut dyn FnMut() -> io::Result<ExitStatus>) -> io::Result<io::Result<ExitStatus>>;

/// Edits the text with `$VISUAL` or `$EDITOR`. An error is the terminal's; everything else is returned as a message.
pub fn edited(external: &External, read: &dyn Fn(&str) -> Option<String>, lend: Lend<'_>) -> io::Result<Back> {
    let set = ["VISUAL", "EDITOR"].iter().find_map(|key| read(key).filter(|value| !value.trim().is_empty()));
    let Some(editor) = set else {
        let why = "Neither VISUAL nor EDITOR is set. In your shell: export EDITOR=vi, or nano, or \"code -w\".";
        return Ok(Back::Trouble(why.to_string(), None));
    };
    let words = match words(&editor) {
        Some(words) if !words.is_empty() => words,
        _ => {
            let why = format!("VISUAL or EDITOR has an unclosed quote: {}.", clean(&editor));
            return Ok(Back::Trouble(why, None));
        }
    };
    let prepared = Private::new().and_then(|folder| {
        let path = folder.write(&external.name, &external.file())?;
        Ok((folder, path))
    });
    let (folder, path) = match prepared {
        Ok(prepared) => prepared,
        Err(cause) => {
            return Ok(Back::Trouble(format!("Could not create a file for the editor: {cause}."), None));
        }
    };
    let ended = lend(&mut || run(&words, &path))?;
    let name = words.first().map(|name| clean(name).into_owned()).unwrap_or_default();
    let held = match held(&path) {
        Ok(file) => Some(external.above_cut(&file)),
        Err(Some(bytes)) => {
            // Too large to accept, too valuable to discard.
            let path = path.display().to_string();
            std::mem::forget(folder);
            let why = format!("{name} returned {bytes} bytes; the limit is 1 MiB. The text is in {path}.");
            return Ok(Back::Trouble(why, None));
        }
        Err(None) => None,
    };
    Ok(match (ended, held) {
        (Ok(status), Some(text)) if status.success() => Back::Text(text),
        (Ok(status), None) if status.success() => Back::Trouble(format!("{name} returned no text."), None),
        (Ok(status), held) => Back::Trouble(failure(&name, status), held.map(|held| held.text)),
        (Err(cause), held) => {
            let why = match cause.kind() {
                io::ErrorKind::NotFound => "no such program".to_string(),
                _ => reason(&cause),
            };
            Back::Trouble(format!("{name} could not be started: {why}."), held.map(|held| held.text))
        }
    })
}

/// The content of the file, or its size if it is too large.
fn held(path: &Path) -> Result<Vec<u8>, Option<u64>> {
    let size = std::fs::metadata(path).map_err(|_| None)?.len();
    if size > (LONGEST_TEXT as u64).saturating_add(64 << 10) {
        return Err(Some(size));
    }
    std::fs::read(path).map_err(|_| None)
}

fn failure(name: &str, status: ExitStatus) -> String {
    match status.code() {
        Some(126 | 127) => format!("{name} could not be started: no such program."),
        Some(code) => format!("{name} exited with code {code}."),
        None => format!("{name} was terminated by a signal."),
    }
}

fn run(words: &[String], path: &Path) -> io::Result<ExitStatus> {
    let (name, arguments) = words.split_first().ok_or(io::ErrorKind::NotFound)?;
    Command::new(name).args(arguments).arg(path).status()
}

/// Splits the variable into words: spaces separate them; quotes and, where paths have none, backslashes join them. No
/// shell is involved, so a dollar, a semicolon or a star is an ordinary character. `None` if a quote is not closed.
fn words(setting: &str) -> Option<Vec<String>> {
    let mut out = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut rest = setting.chars().peekable();
    while let Some(c) = rest.next() {
        match (quote, c) {
            (None, c) if c.is_whitespace() => out.extend(word.take()),
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (Some(open), c) if c == open => quote = None,
            (None, '\\') if !cfg!(windows) => word.get_or_insert_default().push(rest.next()?),
            (Some('"'), '\\') if !cfg!(windows) && matches!(rest.peek(), Some('"' | '\\')) => {
                word.get_or_insert_default().extend(rest.next());
            }
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    out.extend(word);
    quote.is_none().then(|| out.into_iter().map(|word| at_home(&word)).collect())
}

/// Expands a path that begins with `~/`.
fn at_home(word: &str) -> String {
    let home = || std::env::var("HOME").ok().filter(|home| !home.is_empty());
    match word.strip_prefix("~/").and_then(|rest| Some(format!("{}/{rest}", home()?))) {
        Some(path) => path,
        None => word.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::schema::Kind;

    #[test]
    fn the_text_above_the_cut_comes_back_whatever_became_of_the_cut() {
        let external = External {
            record: Id::default(),
            field: Kind::RoadmapItem.field("outcome").unwrap(),
            before: Value::Null,
            text: "# A heading\n\nTwo lines".to_string(),
            notes: vec!["Outcome of R2".to_string(), String::new(), "  Problem: slow".to_string()],
            name: "R2-Outcome.md".to_string(),
            inner: false,
        };
        let file = external.file();
        assert!(file.ends_with("# Outcome of R2\n#\n#   Problem: slow\n"), "{file}");
        let above = |file: &str| external.above_cut(file.as_bytes()).text;
        assert_eq!(above(&file), external.text);
        assert_eq!(above(&file.replace(CUT, "")), external.text);
        assert_eq!(above(&file.replace('\n', "\r\n")), external.text);
        assert_eq!(above("# only a heading\n"), "# only a heading");
    }

    /// Row 62: non-text is removed with a message; a byte order mark is removed silently.
    #[test]
    fn what_is_no_text_is_left_out_and_told() {
        let external = External::new(
            &Product::default(),
            Id::default(),
            Kind::Goal.field("why").unwrap(),
            Value::Null,
            String::new(),
        );
        let read = |file: &[u8]| {
            let Cleaned { text, note } = external.above_cut(file);
            (text, note)
        };
        let odd = " Non-text characters were removed.".to_string();
        assert_eq!(read(b"a\0b\xff\x1b[31mc\n\tday"), ("ab[31mc\n  day".to_string(), odd.clone()));
        let ends = " Line breaks were converted.";
        assert_eq!(read(b"one\r\ntwo\r\n"), ("one\ntwo".to_string(), ends.to_string()));
        assert_eq!(read(b"\xfeone\r\n"), ("one".to_string(), odd + ends));
        assert_eq!(read("\u{feff}plain é 日本\n".as_bytes()), ("plain é 日本".to_string(), String::new()));
    }

    /// Row 62: words and quotes are split as people write them, without any expansion by a shell.
    #[cfg(unix)]
    #[test]
    fn the_setting_is_split_into_words_and_no_shell_reads_it() {
        let split = |setting: &str| words(setting).map(|words| words.join("|"));
        for (setting, shown) in [
            ("code -w", "code|-w"),
            ("  'my editor' \t--wait ", "my editor|--wait"),
            (r#""C:\Program Files\x" -a"#, r"C:\Program Files\x|-a"),
            (r#"a\ b "c \" d" 'e \ f'"#, r#"a b|c " d|e \ f"#),
            ("vi; rm -rf $HOME `id` $(id) > x | y &", "vi;|rm|-rf|$HOME|`id`|$(id)|>|x|||y|&"),
            ("e''x \"\"", "ex|"),
        ] {
            assert_eq!(split(setting).as_deref(), Some(shown), "{setting}");
        }
        for setting in ["'open", "a \"b", "end\\"] {
            assert_eq!(split(setting), None, "{setting}");
        }
    }
}
