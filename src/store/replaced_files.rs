//! What a writer does if its files are replaced: a segment closed by another session, a git checkout, another
//! product in their place.

use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::saturating::put_all_at;
use crate::store::error::{At, Result, StoreError};
use crate::store::file::{Mark, private, read_file};
use crate::store::journal::{LoggedStep, scan};
use crate::store::kept_steps::{BACK, Kept, keep};
use crate::store::notice::{Notice, NoticeKind};
use crate::store::open::{Opened, open_unlocked};
use crate::store::segments::Segments;
use crate::store::writer::{Replacement, Writer};
use rustc_hash::FxHashSet;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long files that were replaced have to look the same before they are read.
const REPLACED: Duration = Duration::from_millis(50);
/// The same for a journal whose content has changed in place.
const WHOLE_IN_PLACE: Duration = Duration::from_secs(1);
/// The same for a journal that ends in half a line.
const HALF_A_LINE: Duration = Duration::from_secs(5);
/// For how long a caller waits for that.
const PATIENCE: Duration = Duration::from_secs(2);

impl Writer {
    /// Another file is at the journal's path: a segment was closed, or everything was replaced from outside.
    ///
    /// # Errors
    ///
    /// The folder is gone, or the files are still being replaced: the next call looks again.
    pub(super) fn reload(&mut self) -> Result<()> {
        if !self.folder.0.is_dir() {
            std::fs::read_dir(&self.folder.0).at("open", &self.folder.0)?;
        }
        let closed = self.folder.closed_segments();
        let ours = closed.iter().position(|path| self.is_ours(path));
        let path = self.folder.journal();
        if ours.is_none() {
            self.stands_still()?;
        }
        let file = private().read(true).append(true).create(true).open(&path).at("open", &path)?;
        let mark = Mark::of(&file).at("look at", &path)?;
        let Some(ours) = ours else {
            return self.reopen(file, mark.identity);
        };
        let mut torn = 0;
        for path in closed.iter().skip(ours).chain(std::iter::once(&path)) {
            let bytes = std::fs::read(path).at("read", path)?;
            let found = scan(&bytes);
            self.refuse_strange(&found, 0)?;
            torn = found.torn;
            self.ends_behind(bytes.get(..found.good).unwrap_or_default());
            self.snapshots.clear();
            self.take_lines(found.lines)?;
        }
        self.journal = file;
        (self.identity, self.mark) = (mark.identity, Some(mark));
        self.trim_entries();
        // The session that closed the segment may have died in its next write: nothing is appended to a partial line.
        if torn > 0 { self.set_aside(self.end) } else { Ok(()) }
    }

    /// True if a closed segment is the journal that this writer has been writing to.
    fn is_ours(&self, segment: &Path) -> bool {
        match (self.identity, Mark::at(segment).and_then(|mark| mark.identity)) {
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => read_file(segment).is_ok_and(|bytes| bytes.is_some_and(|bytes| self.begins_like_ours(&bytes))),
        }
    }

    /// Git, `cp` and their like take no lock and write one file after the other, some of them slowly: waits a moment until
    /// all files look the same for long enough.
    ///
    /// # Errors
    ///
    /// [`StoreError::Moving`]: they do not yet, and nothing must be appended.
    fn stands_still(&mut self) -> Result<()> {
        let path = self.folder.journal();
        let begun = Instant::now();
        loop {
            let looks: Vec<Option<Mark>> = [path.clone(), self.folder.segment_folder(), self.folder.product_json()]
                .map(|path| Mark::at(&path))
                .into();
            let since = match self.moving.take() {
                Some((known, since)) if known == looks => since,
                _ => Instant::now(),
            };
            let journal = looks.first().copied().flatten();
            let needed = self.still_for(journal)?;
            let age = journal.and_then(|mark| mark.age()).unwrap_or_default();
            if since.elapsed() >= REPLACED && since.elapsed().max(age) >= needed {
                return Ok(());
            }
            self.moving = Some((looks, since));
            if needed.saturating_sub(since.elapsed().max(age)) > PATIENCE || begun.elapsed() > PATIENCE {
                return Err(StoreError::Moving { path });
            }
            std::thread::sleep(REPLACED);
        }
    }

    /// How long the journal has to stand still. A file that ends in half a line is most likely not finished, and neither
    /// is one that changes in place.
    fn still_for(&self, journal: Option<Mark>) -> Result<Duration> {
        let path = self.folder.journal();
        let bytes = read_file(&path)?.unwrap_or_default();
        let in_place = cfg!(unix) && journal.is_some_and(|mark| mark.identity == self.identity);
        Ok(match (scan(&bytes).torn > 0, in_place) {
            (true, _) => HALF_A_LINE,
            (false, true) => WHOLE_IN_PLACE,
            (false, false) => REPLACED,
        })
    }

    /// The files were replaced, as by a git checkout: they are the product now. On an error the writer keeps
    /// what it had before.
    fn reopen(&mut self, file: File, identity: Option<u64>) -> Result<()> {
        let opened = open_unlocked(&self.folder)?;
        self.refuse_another(&opened)?;
        let kept = self.keep_missing(&opened)?;
        let (torn, starts_journal, document, holds) =
            (opened.torn, opened.starts_journal, opened.document, opened.holds);
        let fresh = Writer::with(self.folder.clone(), Arc::clone(&self.lock), file, identity, opened);
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
            self.leave_behind()?;
        }
        self.start_journal(starts_journal, document, holds)
    }

    /// The whole lines go to a new file, and what follows them to one of its own: whoever still writes into the old file
    /// does not write into ours.
    fn leave_behind(&mut self) -> Result<()> {
        let path = self.folder.journal();
        let bytes = std::fs::read(&path).at("read", &path)?;
        let whole = usize::try_from(self.end).ok().and_then(|end| bytes.get(..end)).unwrap_or_default();
        self.set_torn_aside(bytes.get(whole.len()..).unwrap_or_default())?;
        self.replace_journal(whole)
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
        if lost.is_empty() {
            return Ok(None);
        }
        let lost: Vec<Arc<LoggedStep>> = lost.into_iter().cloned().collect();
        let name = keep(&self.folder, Kept::Replaced, &lost)?;
        Ok(Some((lost.len(), name)))
    }
}

/// What happened, what is safe, what to do.
fn notice(kept: Option<(usize, String)>) -> Notice {
    let missing = kept.map(|(n, name)| match n {
        1 => format!(" 1 step saved here before is missing from them; it is kept in backup/{name}. {BACK} brings it back."),
        n => format!(" {n} steps saved here before are missing from them; they are kept in backup/{name}. {BACK} brings them back."),
    });
    let text = format!(
        "The files of this product were replaced from outside, as by git checkout, and have been reloaded.{} If this was not intended, put the old files back.",
        missing.unwrap_or_default()
    );
    Notice::new(NoticeKind::FilesReplaced, text)
}
