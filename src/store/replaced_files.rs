//! What a writer does if its files are replaced: a segment closed by another session, a git checkout, another
//! product in their place.

use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::saturating::put_all_at;
use crate::store::error::{At, Result, StoreError};
use crate::store::file::{Mark, make_folder, private, sync_folder};
use crate::store::journal::{JournalLine, LoggedStep, scan};
use crate::store::notice::{Notice, NoticeKind};
use crate::store::open::{Opened, open_unlocked};
use crate::store::segments::Segments;
use crate::store::writer::{Replacement, Writer};
use rustc_hash::FxHashSet;
use std::fs::File;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

impl Writer {
    /// Another file is at the journal's path: a segment was closed, or everything was replaced from outside.
    pub(super) fn reload(&mut self) -> Result<()> {
        if !self.folder.0.is_dir() {
            std::fs::read_dir(&self.folder.0).at("open", &self.folder.0)?;
        }
        let closed = self.folder.closed_segments();
        let ours = closed.iter().position(|path| Mark::at(path).is_some_and(|mark| mark.inode == self.inode));
        let path = self.folder.journal();
        if ours.is_none() {
            self.wait_for_quiet();
        }
        let file = private().read(true).append(true).create(true).open(&path).at("open", &path)?;
        let inode = Mark::of(&file.metadata().at("look at", &path)?).inode;
        let Some(ours) = ours else {
            return self.reopen(file, inode);
        };
        let mut torn = 0;
        for path in closed.iter().skip(ours).chain(std::iter::once(&path)) {
            let bytes = std::fs::read(path).at("read", path)?;
            let found = scan(&bytes);
            self.refuse_strange(&found)?;
            torn = found.torn;
            self.ends(found.good as u64, bytes.get(..found.good).unwrap_or_default());
            self.snapshots.clear();
            self.take_lines(found.lines)?;
        }
        self.journal = file;
        self.inode = inode;
        self.trim_entries();
        // The session that closed the segment may have died in its next write: nothing is appended to a partial line.
        if torn > 0 { self.set_aside(self.end) } else { Ok(()) }
    }

    /// Git and `cp` take no lock and write one file after the other: waits until two looks find the same, a second at
    /// most.
    fn wait_for_quiet(&self) {
        let folder = &self.folder;
        let look = || [folder.journal(), folder.segment_folder(), folder.product_json()].map(|path| Mark::at(&path));
        let mut before = look();
        for _ in 0..20 {
            std::thread::sleep(Duration::from_millis(50));
            let now = look();
            if now == before {
                return;
            }
            before = now;
        }
    }

    /// The files were replaced, as by a git checkout: they are the product now. On an error the writer keeps
    /// what it had before.
    fn reopen(&mut self, file: File, inode: u64) -> Result<()> {
        let opened = open_unlocked(&self.folder)?;
        self.refuse_another(&opened)?;
        let kept = self.keep_missing(&opened)?;
        let (torn, starts_journal, document, holds) =
            (opened.torn, opened.starts_journal, opened.document, opened.holds);
        let fresh = Writer::with(self.folder.clone(), Arc::clone(&self.lock), file, inode, opened);
        let known: Vec<Notice> = std::mem::take(&mut self.notices);
        *self = fresh;
        put_all_at(&mut self.notices, 0, known);
        self.notices.push(notice(kept));
        self.was_replaced = true;
        self.replacement = Some(Box::new(Replacement {
            product: self.durable.clone(),
            entries: self.entries.clone(),
            last: self.last,
            read_only: self.read_only.clone(),
            damaged: self.damaged,
        }));
        if let Some(why) = &self.read_only {
            return Err(StoreError::ReadOnly { why: why.clone() });
        }
        if torn > 0 {
            self.set_aside(self.end)?;
        }
        self.start_journal(starts_journal, document, holds)
    }

    /// Another product is in the place of ours: the two are never mixed. Ours may come back.
    fn refuse_another(&self, opened: &Opened) -> Result<()> {
        let board = |product: &Product| product.vision().map(|board| board.id);
        let (ours, theirs) = (board(&self.durable), board(&opened.product));
        if ours.is_none() || theirs.is_none() || ours == theirs {
            return Ok(());
        }
        let why = format!("another product ({}) is in its folder now", opened.product.name());
        Err(StoreError::ReadOnly { why })
    }

    /// True if the journal contains that step, in any segment.
    pub(super) fn holds_step(&self, id: Id) -> bool {
        let in_closed =
            || Segments::closed(&self.folder, []).any(|segment| segment.steps().any(|entry| entry.id == id));
        self.seen.contains(&id) || in_closed()
    }

    /// Saves steps that the new files lack in a file of their own, so that no acknowledged act is lost.
    /// Returns their number and the file's name.
    fn keep_missing(&self, opened: &Opened) -> Result<Option<(usize, String)>> {
        let mut lost: Vec<&Arc<LoggedStep>> =
            self.entries.iter().filter(|entry| !opened.seen.contains(&entry.id)).collect();
        if !lost.is_empty() {
            let closed = Segments::closed(&self.folder, []);
            let known: FxHashSet<Id> =
                closed.flat_map(|one| one.steps().map(|entry| entry.id).collect::<Vec<_>>()).collect();
            lost.retain(|entry| !known.contains(&entry.id));
        }
        let mut bytes = Vec::new();
        for entry in &lost {
            let line = JournalLine::Step(Arc::clone(entry)).encode();
            bytes.extend(line.map_err(|why| StoreError::ReadOnly { why })?);
        }
        if bytes.is_empty() {
            return Ok(None);
        }
        let backups = self.folder.backup_folder();
        make_folder(&backups)?;
        let path = backups.join(format!("steps-{:08x}.jsonl", crc32fast::hash(&bytes)));
        let mut file = private().write(true).create(true).truncate(true).open(&path).at("write", &path)?;
        file.write_all(&bytes).at("write", &path)?;
        file.sync_all().at("sync", &path)?;
        sync_folder(&backups)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Some((lost.len(), name)))
    }
}

/// What happened, what is safe, what to do.
fn notice(kept: Option<(usize, String)>) -> Notice {
    let missing = kept.map(|(n, name)| match n {
        1 => format!(" 1 step saved here before is missing from them; it is kept in backup/{name}."),
        n => format!(" {n} steps saved here before are missing from them; they are kept in backup/{name}."),
    });
    let text = format!(
        "The files of this product were replaced from outside, as by git checkout, and have been reloaded.{} If this was not intended, put the old files back.",
        missing.unwrap_or_default()
    );
    Notice::new(NoticeKind::FilesReplaced, text)
}
