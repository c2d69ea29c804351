//! What a writer does if its files are replaced: a segment closed by another session, a git checkout, another
//! product in their place.

use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::saturating::put_all_at;
use crate::store::checkpoint::REPLACE;
use crate::store::error::{At, Result, StoreError};
use crate::store::file::{Mark, private, read_file, replace, sync, sync_folder};
use crate::store::journal::{JournalLine, LoggedStep, scan};
use crate::store::kept_files::{Kept, copied, keep};
use crate::store::kept_steps::BACK;
use crate::store::notice::{Notice, NoticeKind};
use crate::store::open::{Opened, open_unlocked};
use crate::store::segments::{Segment, SegmentLine, Segments};
use crate::store::writer::{Replacement, Writer};
use rustc_hash::FxHashSet;
use std::fs::File;
use std::io::Write;
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
        let newer = self.keep_newer(&opened)?;
        let kept = self.keep_missing(&opened)?;
        let (torn, starts_journal, document, holds) =
            (opened.torn, opened.starts_journal, opened.document, opened.holds);
        let fresh = Writer::with(self.folder.clone(), Arc::clone(&self.lock), file, identity, opened);
        let known: Vec<Notice> = std::mem::take(&mut self.notices);
        *self = fresh;
        put_all_at(&mut self.notices, 0, known);
        self.notices.push(notice(both(newer, kept)));
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

    /// An older journal was put in the place of ours, but closed segments go on behind its beginning. What only they have is
    /// kept in a file of its own and taken out of them: it is not in the product any more. Returns the number of those steps
    /// and the file's name.
    fn keep_newer(&self, opened: &Opened) -> Result<Option<(usize, String)>> {
        let base = opened.snapshots.first().and_then(|(_, base)| *base);
        let begins = opened.entries.first().map(|entry| entry.id);
        let (mut is_behind, mut newer) = (false, Vec::new());
        let mut cuts = Vec::new();
        for path in self.folder.closed_segments() {
            let segment = Segment::read(&path);
            let mut kept = Vec::new();
            for line in segment.lines {
                let SegmentLine::Step(step) = line else {
                    kept.extend((!is_behind).then_some(line));
                    continue;
                };
                is_behind |= Some(step.id) == begins;
                match is_behind {
                    true if !opened.seen.contains(&step.id) => newer.push(step),
                    true => {}
                    false => {
                        is_behind |= Some(step.id) == base;
                        kept.push(SegmentLine::Step(step));
                    }
                }
            }
            cuts.push((path, kept));
        }
        if newer.is_empty() {
            return Ok(None);
        }
        let name = keep(&self.folder, Kept::Replaced, &newer)?;
        for (path, kept) in cuts {
            shorten(&path, kept)?;
        }
        sync_folder(&self.folder.segment_folder())?;
        Ok(Some((newer.len(), name)))
    }

    /// Saves steps that the new files lack in a file of their own, so that no acknowledged act is lost.
    /// Returns their number and the file's name.
    fn keep_missing(&self, opened: &Opened) -> Result<Option<(usize, String)>> {
        let copied = copied(&self.folder);
        let mut held: FxHashSet<Id> = FxHashSet::default();
        let mut lost: Vec<&Arc<LoggedStep>> = copied
            .iter()
            .chain(self.entries.iter())
            .filter(|entry| !opened.seen.contains(&entry.id) && held.insert(entry.id))
            .collect();
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

/// Writes a closed segment anew with these lines; without any, it is removed. Lines that cannot be read stay as they are.
fn shorten(path: &Path, lines: Vec<SegmentLine>) -> Result<()> {
    let mut bytes = Vec::new();
    for line in lines {
        let encoded = match line {
            SegmentLine::Step(step) => JournalLine::Step(step).encode(),
            SegmentLine::Snapshot { crc, through } => JournalLine::Snapshot { crc, through }.encode(),
            SegmentLine::Unreadable(line) => Ok([line.bytes, b"\n".to_vec()].concat()),
        };
        bytes.extend(encoded.map_err(|why| StoreError::ReadOnly { why })?);
    }
    if bytes.is_empty() {
        return std::fs::remove_file(path).at("remove", path);
    }
    let fresh = path.with_extension("new");
    let mut file = private().write(true).create(true).truncate(true).open(&fresh).at("write", &fresh)?;
    file.write_all(&bytes).at("write", &fresh)?;
    sync(&file).at("sync", &fresh)?;
    replace(&fresh, path).at(REPLACE, path)
}

/// Steps that were kept in two files.
fn both(one: Option<(usize, String)>, other: Option<(usize, String)>) -> Option<(usize, String)> {
    match (one, other) {
        (Some((n, name)), Some((more, and))) => Some((n.saturating_add(more), format!("{name} and backup/{and}"))),
        (one, other) => one.or(other),
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
