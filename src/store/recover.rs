//! What is left of a damaged product: every readable line, on the newest readable state. Only reads, and relies on
//! no file being sound. `repair` writes the result into a new folder.

use crate::model::change::{Change, Step};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::Kind;
use crate::model::value::{Map, Value};
use crate::store::damage_report::Lost;
use crate::store::error::{Result, StoreError};
use crate::store::file::read_file;
use crate::store::folder::Folder;
use crate::store::journal::{Bad, JournalLine, LoggedStep};
use crate::store::salvage;
use crate::store::segments::{Segment, SegmentLine, Segments, UnreadableLine};
use crate::store::snapshot::{self, Unread};
use std::path::Path;
use std::sync::Arc;

/// One line of all segments, in their order.
#[derive(Debug)]
enum Part {
    Step(Arc<LoggedStep>),
    Snapshot { crc: u32, through: Option<Id> },
    Gap,
}

/// A state on which later steps are replayed.
struct Base {
    product: Product,
    /// The place in the lines from which steps are replayed.
    at: usize,
    name: String,
    /// It is unknown which steps it contains.
    is_rough: bool,
}

/// What was read, and from where.
#[derive(Debug, Default)]
pub struct Recovered {
    /// The state on which the later steps were replayed; `None` if the first step created the product.
    pub base: Option<Product>,
    /// The steps recovered, in order: after the base, or all from the first.
    pub entries: Vec<Arc<LoggedStep>>,
    /// The product with all of them in it.
    pub product: Product,
    /// A description of what was opened.
    pub from: String,
    pub lost: Vec<Lost>,
}

/// Reads everything readable of a product, and lists the rest. Writes nothing.
///
/// # Errors
///
/// Nothing can be read, or a newer program wrote it.
pub fn recover(folder: &Folder) -> Result<Recovered> {
    let (parts, mut lost) = lines(folder)?;
    let documents = documents(folder, &mut lost)?;
    let whole = begins_with_the_product(&parts);
    let has_gaps = parts.iter().any(|part| matches!(part, Part::Gap));
    let best = bases(&parts, &documents).into_iter().min_by_key(|base| {
        let gaps = parts.iter().skip(base.at).filter(|part| matches!(part, Part::Gap)).count();
        // A journal without a gap is the truth, whatever product.json says.
        let is_doubtful = whole && !has_gaps && base.at > 0;
        (gaps, base.is_rough, is_doubtful, std::cmp::Reverse(base.at))
    });
    let Base { mut product, at, name: from, .. } = match best {
        Some(base) => base,
        None => salvaged(folder, &mut lost)?,
    };
    product.unknown = newest_unknown(&documents);
    if !whole {
        with_board(&mut product, folder);
    }
    let base = (!whole).then(|| product.clone());
    for part in parts.get(at..).unwrap_or_default() {
        if let Part::Step(entry) = part {
            replay(&mut product, entry, &mut lost);
        }
    }
    let kept = if whole { 0 } else { at };
    let steps = parts.into_iter().skip(kept).filter_map(|part| match part {
        Part::Step(entry) => Some(entry),
        _ => None,
    });
    let entries = steps.collect();
    Ok(Recovered { base, entries, product, from, lost })
}

/// Lists the unreadable lines of the journal and its closed segments.
///
/// # Errors
///
/// A newer program wrote one of the lines.
pub fn damage(folder: &Folder) -> Result<Vec<Lost>> {
    lines(folder).map(|(_, lost)| lost)
}

fn replay(product: &mut Product, entry: &LoggedStep, lost: &mut Vec<Lost>) {
    if let Err(why) = product.apply(&entry.step) {
        let place = format!("the step {} of {}", entry.id, entry.time.0.format("%Y-%m-%d %H:%M"));
        lost.push(Lost::new(place, why).holding(entry.step.label.clone()));
    }
}

fn begins_with_the_product(parts: &[Part]) -> bool {
    let Some(Part::Step(first)) = parts.first() else { return false };
    first.step.created().any(|(kind, _)| kind == Kind::VisionBoard)
}

fn short(path: &Path, folder: &Folder) -> String {
    path.strip_prefix(&folder.0).unwrap_or(path).display().to_string()
}

/// All lines of all segments. Of a step in two of them, the later occurrence counts.
fn lines(folder: &Folder) -> Result<(Vec<Part>, Vec<Lost>)> {
    let (mut parts, mut lost) = (Vec::new(), Vec::new());
    let mut segments = Segments::all(folder);
    let open = segments.next();
    let mut closed: Vec<Segment> = segments.collect();
    closed.reverse();
    let mut before = 0u64;
    for segment in closed {
        let number = segment.path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse::<u64>().ok());
        let next = before.saturating_add(1);
        let number = number.unwrap_or(next);
        if number > next {
            let place = format!("journal/{next:06}.jsonl");
            lost.push(Lost::new(place, "it is missing"));
            parts.push(Part::Gap);
        }
        before = number;
        take(segment, folder, &mut parts, &mut lost)?;
    }
    let closed = lost.len();
    if let Some(open) = open {
        take(open, folder, &mut parts, &mut lost)?;
    }
    let torn = parts.iter().rev().take_while(|part| matches!(part, Part::Gap)).count();
    let from = lost.len().saturating_sub(torn).max(closed);
    lost.iter_mut().skip(from).for_each(|one| one.is_torn = true);
    Ok((parts, lost))
}

fn take(segment: Segment, folder: &Folder, parts: &mut Vec<Part>, lost: &mut Vec<Lost>) -> Result<()> {
    let place = short(&segment.path, folder);
    if let Some(why) = &segment.unreadable {
        parts.push(Part::Gap);
        lost.push(Lost::new(place, why.short()));
        return Ok(());
    }
    for line in segment.lines {
        match line {
            SegmentLine::Step(entry) => parts.push(Part::Step(entry)),
            SegmentLine::Snapshot { crc, through } => parts.push(Part::Snapshot { crc, through }),
            SegmentLine::Unreadable(UnreadableLine { number, bytes, bad, is_cut }) => {
                if let Bad::Newer(why) = bad {
                    let why =
                        format!("line {number} of {place} was written by a newer whyhow, which repairs it ({why})");
                    return Err(StoreError::ReadOnly { why });
                }
                if let (Bad::Unparsable(why), Ok(JournalLine::Step(entry))) = (&bad, JournalLine::decode_deep(&bytes)) {
                    parts.push(Part::Step(entry));
                    lost.push(kept_as_text(format!("{place}, line {number}"), why));
                    continue;
                }
                parts.push(Part::Gap);
                let why = if let Bad::Unparsable(why) = bad { why } else { why_bad(&bytes, is_cut).to_string() };
                let one = Lost::new(format!("{place}, line {number}"), why);
                lost.push(one.holding(excerpt(&bytes)));
            }
        }
    }
    Ok(())
}

fn kept_as_text(place: String, why: &str) -> Lost {
    Lost { is_kept: true, ..Lost::new(place, format!("{why}; whyhow repair keeps the value as text")) }
}

fn why_bad(line: &[u8], is_cut: bool) -> &'static str {
    if line.iter().all(|byte| *byte == 0) {
        "it holds NUL bytes only, as after a power cut"
    } else if [b"<<<<<<<", b"=======", b">>>>>>>"].iter().any(|mark| line.starts_with(*mark)) {
        "it is a mark of an unfinished merge"
    } else if is_cut {
        "it was cut off in the middle of a write, before it was saved"
    } else {
        "its checksum does not fit"
    }
}

/// What a line seems to contain: its label if visible, else its beginning.
fn excerpt(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let label = text.split_once("\"label\":\"").and_then(|(_, rest)| rest.split_once("\",\"")).map(|(label, _)| label);
    let plain = label.and_then(|label| serde_json::from_str::<String>(&format!("\"{label}\"")).ok());
    plain.as_deref().or(label).unwrap_or(&text).chars().take(100).collect()
}

/// A readable product.json or backup.
struct Held {
    name: String,
    crc: u32,
    product: Product,
    is_current: bool,
}

/// The readable ones, product.json first, then the newest backup.
fn documents(folder: &Folder, lost: &mut Vec<Lost>) -> Result<Vec<Held>> {
    let mut out = Vec::new();
    let paths = std::iter::once(folder.product_json()).chain(folder.backups().into_iter().rev());
    for (nth, path) in paths.enumerate() {
        let name = short(&path, folder);
        let bytes = match read_file(&path) {
            Ok(Some(bytes)) if !bytes.is_empty() => bytes,
            Ok(_) => {
                lost.push(Lost::new(name, "it is missing or empty"));
                continue;
            }
            Err(why) => {
                lost.push(Lost::new(name, why.short()));
                continue;
            }
        };
        match snapshot::from_json(&bytes) {
            Ok((_, true)) => return Err(StoreError::Newer { path, format: "a later one".to_string() }),
            Err(Unread::Newer(format)) => return Err(StoreError::Newer { path, format }),
            Ok((product, false)) => {
                out.push(Held { name, crc: crc32fast::hash(&bytes), product, is_current: nth == 0 });
            }
            Err(Unread::Damaged { line, why }) => {
                let line = line.map(|line| format!(", line {line}")).unwrap_or_default();
                if let Ok((product, false)) = snapshot::from_json_deep(&bytes) {
                    lost.push(kept_as_text(format!("{name}{line}"), &why));
                    out.push(Held { name, crc: crc32fast::hash(&bytes), product, is_current: nth == 0 });
                    continue;
                }
                lost.push(Lost::new(format!("{name}{line}"), why));
            }
        }
    }
    Ok(out)
}

fn bases(parts: &[Part], documents: &[Held]) -> Vec<Base> {
    let mut out = Vec::new();
    if begins_with_the_product(parts) {
        let name = "the journal, from its first line".to_string();
        out.push(Base { product: Product::default(), at: 0, name, is_rough: false });
    }
    let named = |crc: u32| {
        parts.iter().enumerate().rev().find_map(|(at, part)| match part {
            Part::Snapshot { crc: known, through } if *known == crc => Some((at, *through)),
            _ => None,
        })
    };
    for held in documents {
        let line = named(held.crc);
        let newest = || {
            parts.iter().enumerate().rev().find_map(|(at, part)| match part {
                Part::Snapshot { through, .. } => Some((at, *through)),
                _ => None,
            })
        };
        let at = match (line, held.is_current) {
            (Some((at, through)), _) => behind(parts, at, through),
            // Edited by hand, or the line that named it is lost: the newest checkpoint is the nearest guess.
            (None, true) => newest().map_or(0, |(at, through)| behind(parts, at, through)),
            (None, false) => continue,
        };
        let name = held.name.clone();
        out.push(Base { product: held.product.clone(), at, name, is_rough: line.is_none() });
    }
    out
}

/// The start of the steps that a checkpoint does not contain.
fn behind(parts: &[Part], line: usize, through: Option<Id>) -> usize {
    let Some(through) = through else { return 0 };
    let is_it = |part: &Part| matches!(part, Part::Step(entry) if entry.id == through);
    match parts.iter().position(is_it) {
        Some(at) => at.saturating_add(1),
        // The step itself is lost: it was one of the gaps before the line.
        None => {
            parts.iter().take(line).rposition(|part| matches!(part, Part::Gap)).map_or(line, |at| at.saturating_add(1))
        }
    }
}

/// A product without its own record gets one, named after the folder.
fn with_board(product: &mut Product, folder: &Folder) {
    if product.vision().is_some() {
        return;
    }
    let name = folder.0.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (slug, id) = name.rsplit_once('-').unwrap_or((&name, ""));
    let id = Id::parse(id).unwrap_or(Id::from_bits(u64::from(crc32fast::hash(name.as_bytes())) | 1));
    let cell =
        |key: &str, to: Value| Kind::VisionBoard.field(key).map(|field| Change { id, field, from: Value::Null, to });
    let mut step = Step::default();
    step.changes.extend([cell("alive", true.into()), cell("name", slug.into())].into_iter().flatten());
    // A name and `alive` always fit their fields.
    let _ = product.apply(&step);
}

fn newest_unknown(documents: &[Held]) -> Map {
    documents.first().map(|held| held.product.unknown.clone()).unwrap_or_default()
}

/// If no whole state is readable: single readable records, those of product.json before those of the backups.
fn salvaged(folder: &Folder, lost: &mut Vec<Lost>) -> Result<Base> {
    let mut product = Product::default();
    let paths = std::iter::once(folder.product_json()).chain(folder.backups().into_iter().rev());
    for path in paths {
        if let Ok(Some(bytes)) = read_file(&path) {
            salvage::records(&bytes, &short(&path, folder), &mut product, lost);
        }
    }
    let any = Kind::ALL.iter().any(|kind| !product.table(*kind).slots().is_empty());
    if !any {
        let why = "neither the journal nor product.json nor a backup holds a record that reads".to_string();
        return Err(StoreError::Damaged { path: folder.0.clone(), line: None, why });
    }
    let name = "single records of product.json and its backups".to_string();
    Ok(Base { product, at: 0, name, is_rough: true })
}
