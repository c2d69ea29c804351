//! The journal: one line per step with a checksum, and a line for each snapshot. Encoding and reading, no files.

use crate::model::change::{Change, Step};
use crate::model::grammar::quoted;
use crate::model::id::Id;
use crate::model::role::Role;
use crate::model::schema::Kind;
use crate::model::strict::{nested_deeper, shallow};
use crate::model::value::{Value, When};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::Arc;

pub use crate::model::author::OUTSIDE;

/// The session of the step that records an edit of the file: the edited file's checksum.
pub fn edited(crc: u32) -> Id {
    Id::from_bits(u64::from(crc) | 1 << 32)
}

/// A step as written: who did what, when, in which role.
#[derive(Clone, PartialEq, Debug)]
pub struct LoggedStep {
    pub id: Id,
    /// The running program that wrote it.
    pub session: Id,
    /// Sequence number within the session, from 1.
    pub n: u32,
    pub time: When,
    pub by: String,
    pub role: Role,
    /// The act that this one undoes.
    pub undoes: Option<Id>,
    /// The act that this one redoes.
    pub redoes: Option<Id>,
    /// Others have built on it: undo stops here.
    pub fence: bool,
    /// The newest step of the file that its author knew; `None` if the line does not say.
    pub seen: Option<Id>,
    pub step: Step,
}

impl LoggedStep {
    /// What was done, as a list shows it: the label, or `undone: “Deleted S3”`.
    pub fn told(&self) -> String {
        match (self.undoes, self.redoes) {
            (Some(_), _) => format!("undone: {}", quoted(&self.step.label)),
            (None, Some(_)) => format!("redone: {}", quoted(&self.step.label)),
            (None, None) => self.step.label.clone(),
        }
    }
}

#[derive(Clone, PartialEq, Debug)]
pub enum JournalLine {
    Step(Arc<LoggedStep>),
    /// product.json with this checksum contains everything up to and including this step.
    Snapshot {
        crc: u32,
        through: Option<Id>,
    },
}

/// Why a line is unreadable.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Bad {
    /// Cut, overwritten or changed by hand: the checksum does not match.
    Checksum,
    /// Sound, but of a kind or field that this program does not know.
    Newer(String),
    /// As it was written, but no parser takes it: a value in it is nested too deep.
    Unparsable(String),
}

/// The deepest nesting that a line keeps when it is read for a repair.
const MOST_NESTED_IN_REPAIR: usize = 60;

#[derive(Serialize, Deserialize)]
struct RawChange<'a> {
    #[serde(borrow)]
    kind: Cow<'a, str>,
    id: Id,
    #[serde(borrow)]
    field: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    from: Value,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    to: Value,
}

#[derive(Serialize, Deserialize)]
struct RawEntry<'a> {
    id: Id,
    session: Id,
    n: u32,
    time: When,
    by: String,
    role: Role,
    label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    undoes: Option<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    redoes: Option<Id>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    fence: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seen: Option<Id>,
    #[serde(borrow)]
    changes: Vec<RawChange<'a>>,
}

#[derive(Serialize, Deserialize)]
struct RawSnapshot {
    crc: String,
    through: Option<Id>,
}

#[derive(Serialize, Deserialize)]
struct RawSnapshotLine {
    snapshot: RawSnapshot,
}

pub fn crc_text(crc: u32) -> String {
    format!("{crc:08x}")
}

fn sealed(json: Vec<u8>) -> Vec<u8> {
    let mut line = json;
    // The closing brace comes after the checksum, which covers all bytes before it.
    line.pop();
    let crc = crc32fast::hash(&line);
    line.extend_from_slice(format!(",\"crc\":\"{}\"}}\n", crc_text(crc)).as_bytes());
    line
}

/// True if a line without its line end is as it was written, by its checksum.
pub fn fits(line: &[u8]) -> bool {
    const TAIL: usize = r#","crc":"00000000"}"#.len();
    let Some((body, tail)) = line.len().checked_sub(TAIL).and_then(|at| line.split_at_checked(at)) else {
        return false;
    };
    tail == format!(",\"crc\":\"{}\"}}", crc_text(crc32fast::hash(body))).as_bytes()
}

impl JournalLine {
    /// The bytes of the line, with its checksum and line end.
    pub fn encode(&self) -> Result<Vec<u8>, String> {
        let json = match self {
            JournalLine::Step(entry) => serde_json::to_vec(&raw(entry)),
            JournalLine::Snapshot { crc, through } => serde_json::to_vec(&RawSnapshotLine {
                snapshot: RawSnapshot { crc: crc_text(*crc), through: *through },
            }),
        };
        let line = json.map(sealed).map_err(|error| error.to_string())?;
        // What is acknowledged can be read back.
        match JournalLine::decode(line.strip_suffix(b"\n").unwrap_or(&line)) {
            Ok(_) => Ok(line),
            Err(_) => Err("The change could not be read back from a file, so it was not written.".to_string()),
        }
    }

    /// Reads one line without its line end.
    pub fn decode(line: &[u8]) -> Result<JournalLine, Bad> {
        if !fits(line) {
            return Err(Bad::Checksum);
        }
        parsed(std::str::from_utf8(line).map_err(|_| Bad::Checksum)?)
    }

    /// Like [`JournalLine::decode`], but a value that is nested too deep for a parser is text in what is returned.
    pub fn decode_deep(line: &[u8]) -> Result<JournalLine, Bad> {
        match (JournalLine::decode(line), std::str::from_utf8(line)) {
            (Err(Bad::Unparsable(_)), Ok(text)) => parsed(&shallow(text, MOST_NESTED_IN_REPAIR)),
            (read, _) => read,
        }
    }
}

/// A line whose checksum fits. The checksum is one more key, which is ignored.
fn parsed(text: &str) -> Result<JournalLine, Bad> {
    let bad = |error: serde_json::Error| match error.classify() {
        serde_json::error::Category::Data => Bad::Newer(error.to_string()),
        _ if nested_deeper(text, MOST_NESTED_IN_REPAIR).is_some() => {
            Bad::Unparsable("a value in it is nested too deep".to_string())
        }
        _ => Bad::Unparsable(error.to_string()),
    };
    if text.starts_with(r#"{"snapshot":"#) {
        let raw: RawSnapshotLine = serde_json::from_str(text).map_err(bad)?;
        let crc = u32::from_str_radix(&raw.snapshot.crc, 16).map_err(|e| Bad::Newer(e.to_string()))?;
        return Ok(JournalLine::Snapshot { crc, through: raw.snapshot.through });
    }
    let raw: RawEntry = serde_json::from_str(text).map_err(bad)?;
    cooked(raw).map(|entry| JournalLine::Step(Arc::new(entry))).map_err(Bad::Newer)
}

fn raw(entry: &LoggedStep) -> RawEntry<'_> {
    let change = |change: &'_ Change| RawChange {
        kind: Cow::Borrowed(change.field.kind.key()),
        id: change.id,
        field: Cow::Borrowed(change.field.key),
        from: change.from.clone(),
        to: change.to.clone(),
    };
    RawEntry {
        id: entry.id,
        session: entry.session,
        n: entry.n,
        time: entry.time,
        by: entry.by.clone(),
        role: entry.role,
        label: entry.step.label.clone(),
        undoes: entry.undoes,
        redoes: entry.redoes,
        fence: entry.fence,
        seen: entry.seen,
        changes: entry.step.changes.iter().map(change).collect(),
    }
}

fn cooked(raw: RawEntry<'_>) -> Result<LoggedStep, String> {
    let mut changes = Vec::with_capacity(raw.changes.len());
    for change in raw.changes {
        let kind = Kind::parse(&change.kind).ok_or_else(|| format!("the kind {:?} is not known", change.kind))?;
        let field = kind.field(&change.field).ok_or_else(|| format!("the field {:?} is not known", change.field))?;
        changes.push(Change { id: change.id, field, from: change.from, to: change.to });
    }
    Ok(LoggedStep {
        id: raw.id,
        session: raw.session,
        n: raw.n,
        time: raw.time,
        by: raw.by,
        role: raw.role,
        undoes: raw.undoes,
        redoes: raw.redoes,
        fence: raw.fence,
        seen: raw.seen,
        step: Step { label: raw.label, changes },
    })
}

/// The content of a range of journal bytes.
#[derive(Debug, Default)]
pub struct Scan {
    pub lines: Vec<JournalLine>,
    /// How many bytes of the range are whole lines.
    pub good: usize,
    /// Bytes after the last whole line: a write that was cut, never acknowledged.
    pub torn: usize,
    /// Unreadable lines in the middle, by number from 1, and why.
    pub damaged: Vec<(usize, String)>,
    /// A sound line of a later program.
    pub newer: Option<String>,
}

/// One line of a range of journal bytes.
#[derive(Debug)]
pub struct RawLine<'a> {
    /// From 1.
    pub number: usize,
    /// Without the line end.
    pub bytes: &'a [u8],
    /// Where the next line begins.
    pub end: usize,
    /// Whether a line end follows: a write that was cut off has none.
    pub is_ended: bool,
    pub read: Result<JournalLine, Bad>,
}

/// The lines of a range of journal bytes, in their order.
pub fn lines(bytes: &[u8]) -> impl Iterator<Item = RawLine<'_>> {
    let (mut at, mut number) = (0usize, 0usize);
    std::iter::from_fn(move || {
        let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
        let found = memchr::memchr(b'\n', rest);
        let line = rest.get(..found.unwrap_or(rest.len())).unwrap_or_default();
        number = number.saturating_add(1);
        at = at.saturating_add(line.len()).saturating_add(usize::from(found.is_some()));
        Some(RawLine { number, bytes: line, end: at, is_ended: found.is_some(), read: JournalLine::decode(line) })
    })
}

/// Reads all lines. Bad bytes at the very end are a torn tail; bad lines before good ones are damage.
pub fn scan(bytes: &[u8]) -> Scan {
    let mut out = Scan::default();
    let mut bad: Vec<(usize, String)> = Vec::new();
    for line in lines(bytes).take_while(|line| line.is_ended) {
        match line.read {
            Ok(read) => {
                out.damaged.append(&mut bad);
                out.lines.push(read);
                out.good = line.end;
            }
            Err(Bad::Newer(why)) => {
                out.damaged.append(&mut bad);
                out.newer.get_or_insert(why);
                out.good = line.end;
            }
            Err(Bad::Unparsable(why)) => {
                out.damaged.append(&mut bad);
                out.damaged.push((line.number, why));
                out.good = line.end;
            }
            Err(Bad::Checksum) => {
                let merge_mark = line.bytes.starts_with(b"<<<<<<<") || line.bytes.starts_with(b">>>>>>>");
                let why = if merge_mark { "it is a mark of an unfinished merge" } else { "its checksum does not fit" };
                bad.push((line.number, why.to_string()));
            }
        }
    }
    out.torn = bytes.len().saturating_sub(out.good);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(label: &str) -> JournalLine {
        let field = Kind::BacklogItem.field("title").unwrap();
        let change = Change { id: Id::from_bits(9), field, from: Value::Null, to: "a \u{1b} \"b\"\n".into() };
        JournalLine::Step(Arc::new(LoggedStep {
            id: Id::from_bits(1),
            session: Id::from_bits(2),
            n: 1,
            time: When::parse("2026-03-02T09:00:00+01:00").unwrap(),
            by: "Omar".into(),
            role: Role::Po,
            undoes: None,
            redoes: None,
            fence: false,
            seen: Some(Id::from_bits(8)),
            step: Step { label: label.into(), changes: vec![change] },
        }))
    }

    #[test]
    fn a_line_reads_back_and_any_cut_or_flip_is_seen() {
        let line = entry("Tell");
        let bytes = line.encode().unwrap();
        let body = &bytes[..bytes.len() - 1];
        assert_eq!(JournalLine::decode(body).unwrap(), line);
        for cut in 0..body.len() {
            assert_eq!(JournalLine::decode(&body[..cut]), Err(Bad::Checksum));
        }
        for at in 0..body.len() {
            let mut flipped = body.to_vec();
            flipped[at] ^= 1;
            assert!(JournalLine::decode(&flipped).is_err(), "a flip at byte {at} went through");
        }
    }

    /// As earlier versions wrote it.
    #[test]
    fn a_line_that_does_not_say_what_its_author_had_seen_still_reads() {
        let bytes = entry("Tell").encode().unwrap();
        let text = String::from_utf8(bytes).unwrap().replacen(&format!(",\"seen\":\"{}\"", Id::from_bits(8)), "", 1);
        let body = text.trim_end().rsplit_once(",\"crc\"").unwrap().0;
        let line = sealed(format!("{body}}}").into_bytes());
        let JournalLine::Step(read) = JournalLine::decode(line.strip_suffix(b"\n").unwrap()).unwrap() else { panic!() };
        assert_eq!(read.seen, None);
        let JournalLine::Step(full) = entry("Tell") else { panic!() };
        assert_eq!(LoggedStep { seen: full.seen, ..LoggedStep::clone(&read) }, *full);
        assert_eq!(JournalLine::Step(read).encode().unwrap(), line, "and is written as it was");
    }

    #[test]
    fn the_end_may_be_torn_the_middle_may_not() {
        let (one, two) = (entry("one").encode().unwrap(), entry("two").encode().unwrap());
        let torn = scan(&[&one[..], &two[..20]].concat());
        assert_eq!((torn.lines.len(), torn.good, torn.torn), (1, one.len(), 20));
        assert!(torn.damaged.is_empty());
        let nul = scan(&[&one[..], &[0u8; 100][..]].concat());
        assert_eq!((nul.lines.len(), nul.torn), (1, 100));
        let hole = scan(&[&one[..], b"junk\n", &two[..]].concat());
        assert_eq!((hole.lines.len(), hole.torn, hole.damaged.len()), (2, 0, 1));
        assert_eq!(hole.damaged[0].0, 2);
    }
}
