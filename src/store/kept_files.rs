//! Steps that were acknowledged and that files put in their place later may lack, kept in `backup/steps-*.jsonl`.

use crate::model::id::Id;
use crate::store::error::{At, Result, StoreError};
use crate::store::file::{make_folder, names, private, sync, sync_folder};
use crate::store::folder::Folder;
use crate::store::journal::{JournalLine, LoggedStep};
use crate::store::segments::{Segment, Segments};
use rustc_hash::FxHashSet;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

/// Why steps are kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kept {
    /// Files that replaced ours lack them.
    Replaced,
    /// The program was ended before they could be written.
    Unsaved,
}

impl Kept {
    pub(super) fn prefix(self) -> &'static str {
        match self {
            Kept::Replaced => "steps-",
            Kept::Unsaved => "steps-unsaved-",
        }
    }
}

/// Keeps steps in a file of their own, and returns its name. The same steps have the same name.
///
/// # Errors
///
/// The file could not be written.
pub fn keep(folder: &Folder, why: Kept, steps: &[Arc<LoggedStep>]) -> Result<String> {
    let mut bytes = Vec::new();
    for step in steps {
        let line = JournalLine::Step(Arc::clone(step)).encode();
        bytes.extend(line.map_err(|why| StoreError::ReadOnly { why })?);
    }
    let backups = folder.backup_folder();
    make_folder(&backups)?;
    let path = backups.join(format!("{}{:08x}.jsonl", why.prefix(), crc32fast::hash(&bytes)));
    let mut file = private().write(true).create(true).truncate(true).open(&path).at("write", &path)?;
    file.write_all(&bytes).at("write", &path)?;
    sync(&file).at("sync", &path)?;
    sync_folder(&backups)?;
    Ok(path.file_name().unwrap_or_default().to_string_lossy().into_owned())
}

/// How many copies of closed segments are kept.
const COPIES: usize = 10;

const CLOSED: &str = "steps-closed-";

/// Keeps a copy of a segment that is being closed. An older state put over the folder, as by a git checkout, may bring
/// another segment of the same number, and no session remembers the steps of closed segments.
///
/// # Errors
///
/// There is no copy; the segment is as safe as before.
pub fn keep_closed(folder: &Folder, bytes: &[u8]) -> Result<()> {
    let backups = folder.backup_folder();
    make_folder(&backups)?;
    let newest = last_number(&copies(folder));
    let name = format!("{CLOSED}{:06}-{:08x}.jsonl", newest.saturating_add(1), crc32fast::hash(bytes));
    let path = backups.join(name);
    let mut file = private().write(true).create_new(true).open(&path).at("write", &path)?;
    let written = file.write_all(bytes).at("write", &path).and_then(|()| sync(&file).at("sync", &path));
    if written.is_err() {
        let _ = std::fs::remove_file(&path);
        return written;
    }
    let mut old = copies(folder);
    old.truncate(old.len().saturating_sub(COPIES));
    old.iter().try_for_each(|path| std::fs::remove_file(path).at("remove", path))?;
    sync_folder(&backups)
}

/// The copies of closed segments, oldest first.
fn copies(folder: &Folder) -> Vec<PathBuf> {
    let mut all = files(folder, CLOSED);
    all.sort();
    all
}

fn last_number(copies: &[PathBuf]) -> u64 {
    let stem = |path: &PathBuf| path.file_name()?.to_str()?.strip_prefix(CLOSED)?.split('-').next()?.parse().ok();
    copies.iter().filter_map(stem).max().unwrap_or(0)
}

/// The steps of copied segments that are in no other file of kept steps.
pub fn copied(folder: &Folder) -> Vec<Arc<LoggedStep>> {
    let (copies, others): (Vec<PathBuf>, Vec<PathBuf>) = files(folder, Kept::Replaced.prefix())
        .into_iter()
        .partition(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(CLOSED)));
    let mut known: FxHashSet<Id> = steps_of(&others).iter().map(|step| step.id).collect();
    let mut steps = steps_of(&copies);
    steps.sort_by_key(|step| step.time.0);
    steps.retain(|step| known.insert(step.id));
    steps
}

fn steps_of(files: &[PathBuf]) -> Vec<Arc<LoggedStep>> {
    files.iter().flat_map(|path| Segment::read(path).steps().cloned().collect::<Vec<_>>()).collect()
}

/// The files of kept steps with this beginning.
fn files(folder: &Folder, prefix: &str) -> Vec<PathBuf> {
    let is_kept = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(prefix) && name.ends_with(".jsonl")
    };
    names(&folder.backup_folder()).into_iter().filter(is_kept).collect()
}

/// Returns the kept steps that are in no segment of the journal, in the order in which they were made.
pub fn missing(folder: &Folder) -> Vec<Arc<LoggedStep>> {
    among(folder, Kept::Replaced.prefix())
}

/// The steps in files of this beginning that are in no segment of the journal.
pub(super) fn among(folder: &Folder, prefix: &str) -> Vec<Arc<LoggedStep>> {
    let files = files(folder, prefix);
    if files.is_empty() {
        return Vec::new();
    }
    let mut known: FxHashSet<Id> =
        Segments::all(folder).flat_map(|one| one.steps().map(|step| step.id).collect::<Vec<_>>()).collect();
    let mut steps = steps_of(&files);
    // The sort is stable: steps of one moment stay as they are in their file.
    steps.sort_by_key(|step| step.time.0);
    steps.retain(|step| known.insert(step.id));
    steps
}
