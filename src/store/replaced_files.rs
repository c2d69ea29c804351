//! What a writer does when the files were replaced under it: a segment that somebody closed, a git checkout, another
//! product in the place of ours.

use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::saturating::put_all_at;
use crate::store::error::{At, Result, StoreError};
use crate::store::folder::{Mark, make_folder, private, sync_folder};
use crate::store::journal::{JournalLine, LoggedStep, scan};
use crate::store::open::{History, Opened, counted, open_unlocked};
use crate::store::writer::Writer;
use rustc_hash::FxHashSet;
use std::fs::File;
use std::io::Write;
use std::sync::Arc;

impl Writer {
    /// Another file lies at the journal's path: a segment was closed, or everything was replaced from outside.
    pub(super) fn read_anew(&mut self) -> Result<()> {
        if !self.folder.0.is_dir() {
            std::fs::read_dir(&self.folder.0).at("open", &self.folder.0)?;
        }
        let closed = self.folder.closed();
        let ours = closed.iter().position(|path| Mark::at(path).is_some_and(|mark| mark.inode == self.inode));
        let path = self.folder.journal();
        let file = private().read(true).append(true).create(true).open(&path).at("open", &path)?;
        let inode = Mark::of(&file.metadata().at("look at", &path)?).inode;
        let Some(ours) = ours else {
            return self.begin_again(file, inode);
        };
        let mut torn = 0;
        for path in closed.iter().skip(ours).chain(std::iter::once(&path)) {
            let bytes = std::fs::read(path).at("read", path)?;
            let found = scan(&bytes);
            self.refuse_strange(&found)?;
            (self.end, torn) = (found.good as u64, found.torn);
            self.snapshots.clear();
            self.take_lines(found.lines)?;
        }
        self.journal = file;
        self.inode = inode;
        self.trim_entries();
        // Whoever closed the segment may have died in the next write: nothing is appended to half a line.
        if torn > 0 { self.set_aside(self.end) } else { Ok(()) }
    }

    /// The files were replaced, as by a git checkout: what they say now is the product.
    fn begin_again(&mut self, file: File, inode: u64) -> Result<()> {
        let opened = open_unlocked(&self.folder)?;
        self.refuse_another(&opened)?;
        let (torn, anew, document, holds) = (opened.torn, opened.begin_anew, opened.document, opened.holds);
        let fresh = Writer::with(self.folder.clone(), Arc::clone(&self.lock), file, inode, opened);
        let known: Vec<String> = std::mem::take(&mut self.notices);
        let before = std::mem::replace(self, fresh);
        put_all_at(&mut self.notices, 0, known);
        self.notices
            .push("The files of this product were replaced from outside; what you see is read anew.".to_string());
        self.replaced = true;
        self.keep_missing(&before)?;
        if let Some(why) = &self.read_only {
            return Err(StoreError::ReadOnly { why: why.clone() });
        }
        if torn > 0 {
            self.set_aside(self.end)?;
        }
        self.begin_journal(anew, document, holds)
    }

    /// Another product lies where ours lay: the two are never mixed. Ours may come back.
    fn refuse_another(&self, opened: &Opened) -> Result<()> {
        let board = |product: &Product| product.vision().map(|board| board.id);
        let (ours, theirs) = (board(&self.durable), board(&opened.product));
        if ours.is_none() || theirs.is_none() || ours == theirs {
            return Ok(());
        }
        let why = format!("another product ({}) lies in its folder now", opened.product.name());
        Err(StoreError::ReadOnly { why })
    }

    /// Steps that we held and the files lack are kept in a file of their own, so that no acknowledged act is gone.
    fn keep_missing(&mut self, before: &Writer) -> Result<()> {
        let mut lost: Vec<&Arc<LoggedStep>> =
            before.entries.iter().filter(|entry| !self.seen.contains(&entry.id)).collect();
        if !lost.is_empty() {
            let history = History::read(&self.folder, &Opened::default());
            let closed: FxHashSet<Id> = history.entries.iter().map(|entry| entry.id).collect();
            lost.retain(|entry| !closed.contains(&entry.id));
        }
        let mut bytes = Vec::new();
        for entry in &lost {
            let line = JournalLine::Step(Arc::clone(entry)).encode();
            bytes.extend(line.map_err(|why| StoreError::ReadOnly { why })?);
        }
        if bytes.is_empty() {
            return Ok(());
        }
        let backups = self.folder.backups();
        make_folder(&backups)?;
        let path = backups.join(format!("steps-{:08x}.jsonl", crc32fast::hash(&bytes)));
        let mut file = private().write(true).create(true).truncate(true).open(&path).at("write", &path)?;
        file.write_all(&bytes).at("write", &path)?;
        file.sync_all().at("sync", &path)?;
        sync_folder(&backups)?;
        self.notices.push(format!(
            "The files lack {} that had been saved here. They are kept in backup/{}.",
            counted(lost.len(), "step"),
            path.file_name().unwrap_or_default().to_string_lossy()
        ));
        Ok(())
    }
}
