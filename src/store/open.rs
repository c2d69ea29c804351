//! Opening a product: what the files say, without writing anything.
//!
//! product.json is a checkpoint: its checksum names a snapshot line of the journal, and the steps after that line's
//! `through` are replayed. A checksum that no line names means the file was edited from outside.

use crate::model::change::{Origin, Step};
use crate::model::derived_cells::Stamp;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rebase::rebase;
use crate::model::saturating::split_from;
use crate::model::value::When;
use crate::store::damage_report;
use crate::store::error::{At, Result, StoreError};
use crate::store::file::{Mark, read_file};
use crate::store::folder::Folder;
use crate::store::history::History;
use crate::store::journal::{JournalLine, LoggedStep, OUTSIDE, Scan, edited, scan};
use crate::store::lock::Lock;
use crate::store::notice::{Notice, NoticeKind};
use crate::store::snapshot::{self, Unread};
use rustc_hash::FxHashSet;
use std::path::PathBuf;
use std::sync::Arc;

/// The label of the step that records an edit from outside.
pub const EDITED: &str = "Edited product.json from outside";

/// What somebody changed in product.json by hand.
#[derive(Clone, Debug, Default)]
pub struct OutsideEdit {
    pub step: Step,
    /// The checksum of the edited file.
    pub crc: Option<u32>,
    /// The newest step in the file that was edited.
    pub seen: Option<Id>,
}

/// A product as its files hold it.
#[derive(Debug, Default)]
pub struct Opened {
    pub product: Product,
    /// The steps of the journal's open segment, in file order.
    pub entries: Vec<Arc<LoggedStep>>,
    pub seen: FxHashSet<Id>,
    /// The snapshot lines of the open segment.
    pub snapshots: Vec<(u32, Option<Id>)>,
    /// Whole lines end here; `torn` bytes follow.
    pub end: u64,
    /// The checksum of the whole lines.
    pub before_end: crc32fast::Hasher,
    pub torn: u64,
    pub journal: Option<Mark>,
    /// product.json as it is, if its content is known to be in `product`.
    pub document: Option<(Mark, u32)>,
    /// What somebody changed in product.json by hand, not yet in `product`.
    pub outside: Option<OutsideEdit>,
    /// The journal has to start over, with a line for product.json as it is.
    pub starts_journal: bool,
    /// The step up to which product.json as it is contains everything, for that line.
    pub holds: Option<Id>,
    pub read_only: Option<String>,
    /// It is read-only because a line of the journal is unreadable: a sound copy can be made.
    pub damaged: bool,
    /// Messages for the user, a sentence each.
    pub notices: Vec<Notice>,
}

impl Opened {
    /// Reads every step ever written to this folder, whose open segment is in `self`.
    pub fn history(&self, folder: &Folder) -> History {
        History::read(folder, &self.entries, &self.snapshots)
    }

    /// Where product.json is not what all steps lead to, as a step to it. Empty also if their beginning is not known, and
    /// if product.json was edited by hand, which no step says yet.
    pub fn differs(&self, history: &History) -> Step {
        let folded = history.fold(None).filter(|_| self.outside.is_none());
        folded.map(|folded| folded.diff(&self.product, "")).unwrap_or_default()
    }

    /// The newest step, `None` if there is none.
    pub fn last(&self) -> Option<Id> {
        self.entries.last().map(|entry| entry.id).or_else(|| self.snapshots.last().and_then(|(_, through)| *through))
    }

    /// The product as a reader sees it, with edits of product.json that nobody has logged yet, and messages for the
    /// user.
    pub fn shown(mut self, now: When) -> (Product, Vec<Notice>) {
        if let Some(OutsideEdit { step, .. }) = self.outside.take() {
            let stamp = Stamp { step: Id::from_bits(u64::MAX), by: OUTSIDE.to_string(), at: now, alone: false };
            if let Ok(rebased) = rebase(&self.product, &step, Origin::External, &stamp, &|_, _| OUTSIDE.to_string()) {
                // An invalid cell is left out; the writer names it.
                let _ = self.product.apply(&rebased.step);
            }
        }
        (self.product, self.notices)
    }
}

/// Opens a product for reading, under a shared lock if there can be one. Writes nothing.
///
/// # Errors
///
/// The folder cannot be read, a writer holds the lock for longer than `PATIENCE`, a newer program wrote the product,
/// or neither product.json nor the journal gives a whole product.
pub fn open(folder: &Folder) -> Result<Opened> {
    if !folder.0.is_dir() {
        std::fs::read_dir(&folder.0).at("open", &folder.0)?;
    }
    // In a folder that cannot be written to, there is no writer to wait for.
    let lock = Lock::open(&folder.lock()).ok();
    let _held = lock.as_ref().map(Lock::take_shared).transpose()?;
    open_unlocked(folder)
}

/// Like [`open`], for a caller that holds the lock.
pub fn open_unlocked(folder: &Folder) -> Result<Opened> {
    let journal_path = folder.journal();
    let journal = Mark::at(&journal_path);
    let bytes = read_file(&journal_path)?;
    let found = scan(bytes.as_deref().unwrap_or_default());
    let whole = bytes.as_deref().and_then(|bytes| bytes.get(..found.good)).unwrap_or_default();
    let (end, torn) = (found.good as u64, found.torn as u64);
    let mut opened = Opened { journal, end, torn, ..Opened::default() };
    opened.before_end.update(whole);
    sort_lines(&mut opened, &found);
    let document_path = folder.product_json();
    let mark = Mark::at(&document_path);
    match (snapshot::read(&document_path)?, mark) {
        (Some((read, crc)), Some(mark)) => with_document(folder, &mut opened, read, crc, mark)?,
        _ => without_document(folder, &mut opened, None)?,
    }
    judge(folder, &mut opened, &found);
    Ok(opened)
}

fn sort_lines(opened: &mut Opened, found: &Scan) {
    for line in &found.lines {
        match line {
            JournalLine::Step(entry) => {
                if opened.seen.insert(entry.id) {
                    opened.entries.push(Arc::clone(entry));
                }
            }
            JournalLine::Snapshot { crc, through } => opened.snapshots.push((*crc, *through)),
        }
    }
}

fn judge(folder: &Folder, opened: &mut Opened, found: &Scan) {
    if let Some(why) = &found.newer {
        opened.read_only = Some(format!("its journal was written by a newer whyhow ({why})"));
    }
    if let Some((line, why)) = found.damaged.first() {
        let path = folder.journal();
        opened.damaged = true;
        opened.read_only = Some(format!("line {line} of {} cannot be read: {why}", path.display()));
        let newest = opened.entries.last().map(|entry| format!(", up to {}", damage_report::moment(entry.time)));
        opened.notices.push(Notice::new(NoticeKind::DamagedLine, format!(
            "Line {line} of the journal cannot be read: {why}. All other lines are in what you see{}; nothing is written until the journal is whole again. {}",
            newest.unwrap_or_default(),
            damage_report::ways_on(folder)
        )));
    }
    if opened.torn > 0 {
        opened.notices.push(Notice::new(NoticeKind::TornLine, format!(
            "{} does not read: it was cut off in a write and not shown as saved, or damaged since. Everything before it is in what you see.",
            damage_report::TORN
        )));
    }
}

fn with_document(folder: &Folder, opened: &mut Opened, read: snapshot::Read, crc: u32, mark: Mark) -> Result<()> {
    let (product, newer) = match read {
        Ok(read) => read,
        Err(Unread::Newer(format)) => return Err(StoreError::Newer { path: folder.product_json(), format }),
        Err(Unread::Damaged { line, why }) => {
            let damage = StoreError::Damaged { path: folder.product_json(), line, why };
            return without_document(folder, opened, Some(damage));
        }
    };
    if newer {
        opened.read_only = Some("it was written by a newer whyhow".to_string());
    }
    if let Some(at) = opened.snapshots.iter().rposition(|(known, _)| *known == crc) {
        let through = opened.snapshots.get(at).and_then(|(_, through)| *through);
        let newer = opened.snapshots.len().saturating_sub(at).saturating_sub(1);
        if newer > 0 && was_replaced(folder, crc, mark, newer) {
            opened.notices.push(Notice::older_document());
        }
        opened.product = product;
        opened.document = Some((mark, crc));
        return replay(opened, folder, through);
    }
    if opened.entries.is_empty() && opened.snapshots.is_empty() {
        opened.product = product;
        opened.document = Some((mark, crc));
        opened.starts_journal = true;
        if opened.journal.is_some() || !folder.closed_segments().is_empty() {
            opened.notices.push(Notice::new(
                NoticeKind::WithoutJournal,
                "The journal is empty or missing; product.json is taken as it stands.",
            ));
        }
        return Ok(());
    }
    edited_outside(folder, opened, product, crc)
}

/// True if product.json, which has this checksum and for which newer checkpoints are named, had been replaced by one of
/// them: somebody has put it back. After a crash just before that, the newest checkpoint was never in its place.
fn was_replaced(folder: &Folder, crc: u32, mark: Mark, newer: usize) -> bool {
    let is_old = |path: &PathBuf| {
        let kept = Mark::at(path).filter(|kept| kept.size == mark.size);
        let kept = kept.filter(|kept| kept.identity.is_some() && kept.identity != mark.identity);
        kept.is_some() && read_file(path).is_ok_and(|bytes| bytes.is_some_and(|bytes| crc32fast::hash(&bytes) == crc))
    };
    newer > 1 || folder.backups().iter().rev().any(is_old)
}

fn replay(opened: &mut Opened, folder: &Folder, through: Option<Id>) -> Result<()> {
    let base = opened.snapshots.first().and_then(|(_, base)| *base);
    let later = match opened.entries.iter().position(|entry| Some(entry.id) == through) {
        Some(at) => opened.entries.get(at.saturating_add(1)..).unwrap_or_default().to_vec(),
        None if through == base => opened.entries.clone(),
        // Older than the start of the open segment: the steps between are in the closed ones.
        None => {
            let mut all = opened.history(folder).entries;
            let at = all.iter().position(|entry| Some(entry.id) == through).map_or(0, |at| at.saturating_add(1));
            split_from(&mut all, at)
        }
    };
    for entry in &later {
        if let Err(why) = opened.product.apply(&entry.step) {
            // Its checksum matches: it was written by a program that knows values that this one does not.
            opened.read_only = Some(format!("the step {:?} cannot be read here: {why}", entry.step.label));
        }
    }
    Ok(())
}

/// No line of the open segment names this document.
fn edited_outside(folder: &Folder, opened: &mut Opened, file: Product, crc: u32) -> Result<()> {
    let history = opened.history(folder);
    let through = opened.snapshots.last().and_then(|(_, through)| *through);
    let base = |through: Option<Id>| through.and_then(|through| history.fold(Some(through)));
    let (Some(now), base) = (history.fold(None), base(through)) else {
        return taken_as_it_stands(folder, opened, file, crc);
    };
    let known = history.snapshots.iter().any(|(known, _)| *known == crc);
    let Some(base) = base.or_else(|| known.then(|| now.clone())) else {
        return taken_as_it_stands(folder, opened, file, crc);
    };
    opened.product = now;
    // Keys that occur in no step are as in the file.
    opened.product.unknown = file.unknown.clone();
    if known {
        opened.notices.push(Notice::older_document());
        return Ok(());
    }
    let taken_in = history.entries.iter().rposition(|entry| entry.by == OUTSIDE && entry.session == edited(crc));
    let fresh = through.and_then(|through| history.entries.iter().rposition(|entry| entry.id == through));
    if taken_in.is_some() && taken_in > fresh {
        // Already recorded, and no fresh file has replaced it since: after one, the same edit is a new one.
        opened.document = Mark::at(&folder.product_json()).map(|mark| (mark, crc));
        return Ok(());
    }
    let step = base.diff(&file, EDITED);
    if !step.is_empty() {
        opened.notices.push(Notice::edited(step.changes.len()));
        opened.outside = Some(OutsideEdit { step, crc: Some(crc), seen: through });
    }
    Ok(())
}

/// Nothing tells what was changed: the file is the checkpoint of the last snapshot line, and later steps come on top.
fn taken_as_it_stands(folder: &Folder, opened: &mut Opened, file: Product, crc: u32) -> Result<()> {
    let through = opened.snapshots.last().and_then(|(_, through)| *through);
    opened.product = file;
    opened.notices.push(Notice::new(
        NoticeKind::EditedOutside,
        "product.json was changed from outside and is taken as it stands.",
    ));
    opened.document = Mark::at(&folder.product_json()).map(|mark| (mark, crc));
    opened.starts_journal = true;
    opened.holds = through;
    replay(opened, folder, through)
}

/// product.json is missing, empty or damaged: the journal is the truth.
fn without_document(folder: &Folder, opened: &mut Opened, damage: Option<StoreError>) -> Result<()> {
    let history = opened.history(folder);
    let Some(product) = history.fold(None) else {
        let path = folder.product_json();
        let damage = damage.unwrap_or(StoreError::Damaged {
            path,
            line: None,
            why: "it is missing or empty, and the journal does not reach back to the beginning".to_string(),
        });
        return Err(StoreError::Broken { damage: Box::new(damage), ways_on: damage_report::ways_on(folder) });
    };
    let newest = history
        .entries
        .last()
        .map(|entry| format!(", up to {}", damage_report::moment(entry.time)))
        .unwrap_or_default();
    opened.product = product;
    opened.notices.push(Notice::new(NoticeKind::WithoutDocument, match damage {
        Some(StoreError::Damaged { line, why, .. }) => {
            let line = line.map(|line| format!(" (line {line})")).unwrap_or_default();
            format!(
                "product.json{line} cannot be read: {why}. Everything was read from the journal instead{newest}; the damaged file is kept in backup before it is replaced. {}",
                damage_report::ways_on(folder)
            )
        }
        _ => format!("product.json is missing or empty; everything was read from the journal instead{newest}."),
    }));
    Ok(())
}
