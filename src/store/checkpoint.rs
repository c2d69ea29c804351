//! Writes a fresh product.json and closes segments of the journal. Nothing is ever truncated.

use crate::model::id::Id;
use crate::model::product::Product;
use crate::store::error::{At, Result, StoreError};
use crate::store::file::{Mark, cut, exchange, make_folder, private, replace, sync, sync_folder};
use crate::store::folder::Folder;
use crate::store::journal::{JournalLine, scan};
use crate::store::kept_files::keep_closed;
use crate::store::snapshot;
use crate::store::writer::Writer;
use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is being done when a file is replaced.
pub(super) const REPLACE: &str = "replace";

/// How many old versions of product.json are kept.
const BACKUPS: usize = 10;

/// A new product.json, written and synced beside the old one, not yet in its place.
#[derive(Debug)]
pub struct DocumentDraft {
    path: PathBuf,
    target: PathBuf,
    crc: u32,
    through: Option<Id>,
}

impl Drop for DocumentDraft {
    fn drop(&mut self) {
        // Already gone if it has taken its place.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Counts and checksums the bytes written to a file.
struct Sealing<'a> {
    file: &'a File,
    crc: crc32fast::Hasher,
    bytes: u64,
}

impl Write for Sealing<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.crc.update(bytes.get(..written).unwrap_or_default());
        self.bytes = self.bytes.saturating_add(written as u64);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Writes a new product.json beside the old one, synced and not yet in its place.
///
/// Needs no lock and no writer, so a thread of its own can do it. `through` is the newest step in `product`. The file
/// is removed when the draft is dropped.
///
/// # Errors
///
/// No file is left behind, and product.json is as it was.
pub fn draft(folder: &Folder, product: &Product, through: Option<Id>) -> Result<DocumentDraft> {
    let named = folder.product_json();
    // A link stays a link: its target is replaced.
    let target = if named.is_symlink() { std::fs::canonicalize(&named).at("follow", &named)? } else { named };
    let home = target.parent().unwrap_or(&folder.0).to_path_buf();
    let path = home.join(format!(".product-{:016x}.tmp", fastrand::u64(..)));
    let file = private().write(true).create_new(true).open(&path).at("write", &path)?;
    let mut draft = DocumentDraft { path: path.clone(), target: target.clone(), crc: 0, through };
    let sealing = Sealing { file: &file, crc: crc32fast::Hasher::new(), bytes: 0 };
    let mut out = BufWriter::with_capacity(256 << 10, sealing);
    snapshot::write_json(product, &mut out).at("write", &path)?;
    let sealing = out.into_inner().map_err(std::io::IntoInnerError::into_error).at("write", &path)?;
    let bytes = sealing.bytes;
    draft.crc = sealing.crc.finalize();
    if let Ok(meta) = std::fs::metadata(&target) {
        // Permissions set by somebody are kept.
        let _ = file.set_permissions(meta.permissions());
    }
    sync(&file).at("sync", &path)?;
    let written = file.metadata().at("look at", &path)?.len();
    let fault = match snapshot::read(&path)? {
        _ if written != bytes => format!("{written} of {bytes} bytes arrived"),
        Some((Ok(_), crc)) if crc == draft.crc => return Ok(draft),
        _ => "it does not read back as it was written".to_string(),
    };
    Err(StoreError::Damaged { path, line: None, why: fault })
}

impl Writer {
    /// True if product.json already contains everything.
    pub fn is_fresh(&self) -> bool {
        let known = self.document.map(|(_, crc)| crc);
        let covering = self.snapshots.last().filter(|(crc, _)| Some(*crc) == known);
        covering.is_some_and(|(_, through)| *through == self.last)
    }

    /// True if the journal has outgrown its segment: it is larger than 1 MiB and a quarter of product.json.
    pub fn is_due(&self) -> bool {
        let (journal, document) = self.sizes();
        journal > (1u64 << 20).max(document / 4)
    }

    /// Writes a fresh product.json; with `close` also closes the journal's segment. Takes the lock for the last part
    /// only.
    ///
    /// # Errors
    ///
    /// The journal has everything that was saved, so nothing is lost; product.json is the old one or the new one,
    /// each of them whole.
    pub fn checkpoint(&mut self, close: bool) -> Result<()> {
        if self.read_only.is_some() || (self.is_fresh() && !close) {
            return Ok(());
        }
        for _ in 0..3 {
            let made = draft(&self.folder, &self.durable, self.last)?;
            if self.place(made, close)? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Replaces product.json by a draft and adds its snapshot line to the journal; with `close` also closes
    /// the segment. Takes the lock.
    ///
    /// Returns false if the draft no longer fits: product.json was edited meanwhile, which is in the product now, or
    /// another session closed the segment. Then nothing has changed, and a new draft has to be made.
    ///
    /// # Errors
    ///
    /// The snapshot line may be in the journal without its document; readers ignore such a line. No step is lost.
    pub fn place(&mut self, made: DocumentDraft, close: bool) -> Result<bool> {
        let lock = Arc::clone(&self.lock);
        let _held = lock.take()?;
        let document = self.document.map(|(mark, _)| mark);
        self.catch_up()?;
        if document.is_some() && self.document.map(|(mark, _)| mark) != document && Mark::at(&made.target) != document {
            return Ok(false);
        }
        if !self.reaches(made.through) {
            // Another session closed the segment meanwhile, and the steps between would be in no file that is read.
            return Ok(false);
        }
        self.put(made, close)
    }

    /// An edit of product.json is in the journal now, and a fresh product.json replaces the edited one at once: as
    /// long as the edited one is there, the next session would take the same edit for a new one. The caller holds
    /// the lock.
    pub(super) fn settle_document(&mut self) {
        // If it fails, the edit is in the journal and the next checkpoint does it.
        let _ = draft(&self.folder, &self.durable, self.last).and_then(|made| self.put(made, false));
    }

    /// Returns false if somebody has edited product.json meanwhile; it is where it was. The caller holds the lock, and the
    /// draft fits the journal.
    fn put(&mut self, made: DocumentDraft, close: bool) -> Result<bool> {
        let before = Mark::at(&made.target);
        if self.document.is_some_and(|(known, _)| Some(known) != before) {
            return Ok(false);
        }
        let line = JournalLine::Snapshot { crc: made.crc, through: made.through };
        self.append_line(&line)?;
        self.snapshots.push((made.crc, made.through));
        let kept = self.keep_backup(&made.target)?;
        // Looked at while nobody else has a name for it: an edit right after the exchange is not taken for it.
        let ours = Mark::at(&made.path);
        match self.take_place(&made, before) {
            Ok(true) => {}
            Ok(false) => {
                self.name_again()?;
                return Ok(false);
            }
            Err(error) => {
                // It is still in its place: each attempt would leave one more copy of it.
                kept.iter().for_each(|kept| drop(std::fs::remove_file(kept)));
                return Err(error);
            }
        }
        let home = made.target.parent().unwrap_or(&self.folder.0).to_path_buf();
        sync_folder(&home)?;
        self.document = ours.map(|mark| (mark, made.crc));
        match if close { self.close_segment(&line, made.through) } else { Ok(()) } {
            // Some systems replace no file that another window has open: the segment is closed another time.
            Err(StoreError::Io { doing: REPLACE, cause, .. }) if cause.kind() == ErrorKind::PermissionDenied => {}
            closed => closed?,
        }
        Ok(true)
    }

    /// Replaces product.json, which looked like this, by the draft. Returns false if it was edited since; then the edited
    /// file is product.json. Editors take no lock, so the two files change places first, and what came out is looked at.
    fn take_place(&self, made: &DocumentDraft, before: Option<Mark>) -> Result<bool> {
        let (path, target) = (&made.path, &made.target);
        let Some(before) = before else {
            // A link never replaces a file.
            return match std::fs::hard_link(path, target) {
                Ok(()) => Ok(true),
                Err(cause) if cause.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
                Err(_) => replace(path, target).at(REPLACE, target).map(|()| true),
            };
        };
        let ours = Mark::at(path);
        match exchange(path, target) {
            Ok(true) => {}
            Ok(false) if Mark::at(target) != Some(before) => return Ok(false),
            // Where the system cannot do it, a moment remains. A file that is gone is replaced by a new one.
            _ => return replace(path, target).at(REPLACE, target).map(|()| true),
        }
        if Mark::at(path) == Some(before) {
            return Ok(true);
        }
        self.keep_edits(path, target, ours)?;
        Ok(false)
    }

    /// Gives the edited file, which came out at `path`, its place again. Edited once more meanwhile, the newest edit is the
    /// file, and the one before is kept in `backup/`.
    fn keep_edits(&self, path: &Path, target: &Path, ours: Option<Mark>) -> Result<()> {
        exchange(path, target).at(REPLACE, target)?;
        if Mark::at(path) != ours {
            exchange(path, target).at(REPLACE, target)?;
            self.keep_backup(path)?;
        }
        Ok(())
    }

    /// The checkpoint that was named last is not in place: names the one again that was before it, so that an edit of
    /// that file is compared with it.
    fn name_again(&mut self) -> Result<()> {
        let known = self.document.map(|(_, crc)| crc);
        let Some((crc, through)) = self.snapshots.iter().rfind(|(crc, _)| Some(*crc) == known).copied() else {
            return Ok(());
        };
        self.append_line(&JournalLine::Snapshot { crc, through })?;
        self.snapshots.push((crc, through));
        Ok(())
    }

    /// True if the open segment contains every step after this one.
    fn reaches(&self, through: Option<Id>) -> bool {
        let Some(base) = self.snapshots.first().map(|(_, base)| *base) else { return true };
        let place = |id: Option<Id>| id.and_then(|id| self.entries.iter().rposition(|entry| entry.id == id));
        through == base || base.is_none() || place(through).is_some_and(|at| place(base).is_none_or(|base| base <= at))
    }

    /// Links the old product.json into `backup/` before the new one replaces it. Returns the link, if there was a file.
    fn keep_backup(&self, target: &Path) -> Result<Option<PathBuf>> {
        if !target.exists() {
            return Ok(None);
        }
        let backups = self.folder.backup_folder();
        make_folder(&backups)?;
        let mut known: Vec<PathBuf> = std::fs::read_dir(&backups)
            .at("open the folder", &backups)?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.extension().is_some_and(|e| e == "json"))
            .collect();
        known.sort();
        let kept = backups.join(format!("{:06}.json", last_number(&known).saturating_add(1)));
        if std::fs::hard_link(target, &kept).is_err() {
            std::fs::copy(target, &kept).at("copy", target)?;
        }
        sync_folder(&backups)?;
        for old in known.iter().rev().skip(BACKUPS - 1) {
            // One backup more than needed does no harm.
            let _ = std::fs::remove_file(old);
        }
        Ok(Some(kept))
    }

    /// Somebody who took no lock appended to the journal while it was closed: a closed segment holds whole lines only, and
    /// what follows them is put aside.
    fn close_whole_lines(&mut self, closed: &Path, whole: &[u8]) -> Result<()> {
        if Mark::at(closed).is_none_or(|mark| mark.size <= whole.len() as u64) {
            return Ok(());
        }
        let bytes = std::fs::read(closed).at("read", closed)?;
        self.set_torn_aside(bytes.get(whole.len()..).unwrap_or_default())?;
        let file = File::options().append(true).open(closed).at("open", closed)?;
        cut(&file, closed, whole.len() as u64).at("cut", closed)?;
        sync(&file).at("sync", closed)
    }

    /// Starts a new journal with the snapshot line and the lines that the snapshot does not cover; the old segment
    /// stays under `journal/`. At every moment journal.jsonl exists.
    fn close_segment(&mut self, line: &JournalLine, through: Option<Id>) -> Result<()> {
        let path = self.folder.journal();
        let bytes = std::fs::read(&path).at("read", &path)?;
        if Mark::at(&path) != self.mark {
            return Err(StoreError::Moving { path });
        }
        let mut content = line.encode().map_err(|why| StoreError::ReadOnly { why })?;
        let lines = scan(&bytes).lines;
        let is_it = |line: &JournalLine| matches!(line, JournalLine::Step(entry) if Some(entry.id) == through);
        // If it is not in this segment, the segment begins right after it, and every step is kept.
        let from = lines.iter().position(is_it).map_or(0, |at| at.saturating_add(1));
        for line in lines.iter().skip(from).filter(|line| matches!(line, JournalLine::Step(_))) {
            content.extend_from_slice(&line.encode().map_err(|why| StoreError::ReadOnly { why })?);
        }
        let segments = self.folder.segment_folder();
        make_folder(&segments)?;
        sync_folder(&self.folder.0)?;
        let closed =
            segments.join(format!("{:06}.jsonl", last_number(&self.folder.closed_segments()).saturating_add(1)));
        if std::fs::hard_link(&path, &closed).is_err() {
            std::fs::copy(&path, &closed).at("copy", &path)?;
        }
        sync_folder(&segments)?;
        let before = self.mark;
        if let Err(error) = self.replace_journal(&content) {
            // Only what is at the path counts: the last sync fails after the new journal has taken its place.
            if Mark::at(&path).is_some() && Mark::at(&path) == before {
                // The journal is still the old one: its second name would look like a closed segment.
                let _ = std::fs::remove_file(&closed);
            }
            return Err(error);
        }
        self.close_whole_lines(&closed, &bytes)?;
        // A second safety: without it the segment is as safe as before.
        let _ = keep_closed(&self.folder, bytes.get(..scan(&bytes).good).unwrap_or_default());
        self.snapshots = match line {
            JournalLine::Snapshot { crc, through } => vec![(*crc, *through)],
            JournalLine::Step(_) => Vec::new(),
        };
        Ok(())
    }
}

fn last_number(paths: &[PathBuf]) -> u64 {
    let number = |path: &PathBuf| path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse().ok());
    paths.iter().filter_map(number).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::id::IdSource;
    use crate::model::role::Role;
    use crate::model::value::When;
    use crate::store::create::{Founder, find_or_create};
    use crate::store::products::Data;

    #[test]
    fn of_two_edits_during_an_exchange_the_newest_stays_and_the_older_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let founder = Founder::new(
            "Ann".to_string(),
            Role::Both,
            When::parse("2026-03-02T12:00:00+01:00").unwrap(),
            &mut IdSource::new(1, 0),
        );
        let (folder, _) = find_or_create(&Data(dir.path().to_path_buf()), "Shop", &founder).unwrap();
        let writer = Writer::open(folder).unwrap();
        let (draft, target) = (writer.folder.0.join(".draft"), writer.folder.product_json());
        let ours = Mark::at(&target);
        std::fs::write(&draft, "the first edit").unwrap();
        std::fs::remove_file(&target).unwrap();
        std::fs::write(&target, "the second edit").unwrap();
        writer.keep_edits(&draft, &target, ours).unwrap();
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "the second edit");
        let kept = std::fs::read_dir(writer.folder.backup_folder()).unwrap().map(|entry| entry.unwrap().path());
        assert!(kept.into_iter().any(|path| std::fs::read_to_string(path).unwrap() == "the first edit"));
    }
}
