//! The one place that appends to a journal.
//!
//! The writer keeps `durable`, a product that equals the file line by line. Under the lock it reads what others
//! wrote, fits the new steps to it, appends them with one write and one sync, and only then says that they are saved.

use crate::model::admit::{Submission, admit};
use crate::model::change::{Origin, Step};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rebase::Rebased;
use crate::model::refusal::Refusal;
use crate::model::saturating::{drop_first, put_all_at};
use crate::store::checkpoint::REPLACE;
use crate::store::concurrent;
use crate::store::damage_report::TORN;
use crate::store::error::{At, Result, StoreError};
use crate::store::file::{Mark, cut, private, replace, sync, sync_folder};
use crate::store::folder::Folder;
use crate::store::journal::{JournalLine, LoggedStep, OUTSIDE, Scan, scan};
use crate::store::lock::Lock;
use crate::store::notice::{Notice, NoticeKind};
use crate::store::open::{Opened, open_unlocked};
use crate::store::write_request::{Staged, WriteOutcome, WriteRequest};
use rustc_hash::FxHashSet;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long half a line has to stand at the end of the journal before it is taken for the last write of a dead session.
const QUIET: Duration = Duration::from_millis(300);

/// The content of the files after somebody replaced them under a running program.
#[derive(Clone, Debug)]
pub struct Replacement {
    pub product: Product,
    /// The steps of the open segment, oldest first.
    pub entries: Vec<Arc<LoggedStep>>,
    pub last: Option<Id>,
    /// Why nothing can be written to them.
    pub read_only: Option<String>,
    pub damaged: bool,
}

#[derive(Debug)]
pub struct Writer {
    pub(super) folder: Folder,
    pub(super) lock: Arc<Lock>,
    pub(super) journal: File,
    /// Which file `journal` is. `None` where the system does not say it: then contents are compared.
    pub(super) identity: Option<u64>,
    /// The bytes before this are whole lines that are in `durable`.
    pub(super) end: u64,
    /// The checksum of the bytes before `end`: a file with others there is not the one we know.
    before_end: crc32fast::Hasher,
    /// The journal as it was when it was last read or written.
    pub(super) mark: Option<Mark>,
    /// The files are being replaced: how they looked, and since when they have looked so.
    pub(super) moving: Option<(Vec<Option<Mark>>, Instant)>,
    pub(super) durable: Product,
    pub(super) seen: FxHashSet<Id>,
    /// Acts of this writer that were not written.
    void: FxHashSet<Id>,
    /// The steps of the open segment, in file order.
    pub(super) entries: Vec<Arc<LoggedStep>>,
    pub(super) snapshots: Vec<(u32, Option<Id>)>,
    pub(super) document: Option<(Mark, u32)>,
    pub(super) last: Option<Id>,
    pub(super) read_only: Option<String>,
    pub(super) damaged: bool,
    pub(super) notices: Vec<Notice>,
    /// Steps by others that were read since somebody asked.
    pub(super) news: Vec<Arc<LoggedStep>>,
    /// The files were replaced, and this has not been reported yet.
    pub(super) replacement: Option<Box<Replacement>>,
    /// The files have been replaced at some time: earlier acts need not be in them.
    pub(super) was_replaced: bool,
}

impl Writer {
    /// Opens a product for writing, all under one lock: sets a torn last line aside, starts a missing journal and
    /// takes in edits of product.json.
    ///
    /// A folder that cannot be written, or files that this program must not write, give a writer whose `read_only`
    /// says why.
    ///
    /// # Errors
    ///
    /// The folder cannot be read, the lock is held for longer than `PATIENCE`, or neither product.json nor the
    /// journal can be read. The files are as they were, but for a torn line that may have been set aside.
    pub fn open(folder: Folder) -> Result<Writer> {
        if !folder.0.is_dir() {
            std::fs::read_dir(&folder.0).at("open", &folder.0)?;
        }
        let (lock, barred) = match Lock::open(&folder.lock()) {
            Ok(lock) => (lock, None),
            // A read-only folder can still be read.
            Err(error) if error.is_refused() => (Lock::look(&folder)?, Some(error.short())),
            Err(error) => return Err(error),
        };
        let lock = Arc::new(lock);
        let guard = Arc::clone(&lock);
        let held = guard.take_shared()?;
        let mut opened = open_unlocked(&folder)?;
        if let Some(why) = barred {
            opened.read_only.get_or_insert(format!("its folder cannot be written to, {why}"));
        }
        let sound = opened.torn == 0 && !opened.starts_journal && opened.outside.is_none();
        let mut writer = Writer::reading(folder, lock, opened)?;
        drop(held);
        match (writer.read_only.is_none(), sound) {
            (true, true) => clear_old_drafts(&writer.folder),
            (true, false) => writer.make_sound()?,
            (false, _) => {}
        }
        Ok(writer)
    }

    /// The caller holds the lock, so that the open file is the one that was read.
    fn reading(folder: Folder, lock: Arc<Lock>, opened: Opened) -> Result<Writer> {
        let path = folder.journal();
        let writes = opened.read_only.is_none();
        let mut options = private();
        let options = options.read(true).append(writes).create(writes);
        let journal = match options.open(&path) {
            // Without a journal and the permission to create one, any open file will do: nothing is written.
            Err(_) if !writes => {
                File::open(&folder.0).or_else(|_| File::open(folder.product_json())).at("open", &folder.0)?
            }
            journal => journal.at("open", &path)?,
        };
        let identity = Mark::of(&journal).at("look at", &path)?.identity;
        Ok(Writer::with(folder, lock, journal, identity, opened))
    }

    pub(super) fn with(
        folder: Folder,
        lock: Arc<Lock>,
        journal: File,
        identity: Option<u64>,
        opened: Opened,
    ) -> Writer {
        Writer {
            folder,
            lock,
            journal,
            identity,
            last: opened.last(),
            end: opened.end,
            before_end: opened.before_end,
            mark: opened.journal,
            moving: None,
            durable: opened.product,
            seen: opened.seen,
            void: FxHashSet::default(),
            entries: opened.entries,
            snapshots: opened.snapshots,
            document: opened.document,
            read_only: opened.read_only,
            damaged: opened.damaged,
            notices: opened.notices,
            news: Vec::new(),
            replacement: None,
            was_replaced: false,
        }
    }

    /// Reads everything again under the lock, because another session may have been faster.
    fn make_sound(&mut self) -> Result<()> {
        let lock = Arc::clone(&self.lock);
        let _held = lock.take()?;
        let opened = open_unlocked(&self.folder)?;
        let (starts_journal, document, holds) = (opened.starts_journal, opened.document, opened.holds);
        let (outside, torn) = (opened.outside.clone(), opened.torn);
        let mut notices = std::mem::take(&mut self.notices);
        let mut fresh = Writer::reading(self.folder.clone(), Arc::clone(&self.lock), opened)?;
        notices.retain(|notice| !fresh.notices.contains(notice));
        put_all_at(&mut fresh.notices, 0, notices);
        *self = fresh;
        if self.read_only.is_some() {
            return Ok(());
        }
        clear_old_drafts(&self.folder);
        if torn > 0 {
            self.set_aside(self.end)?;
        }
        self.start_journal(starts_journal, document, holds)?;
        if let Some(edit) = outside {
            self.take_in(edit)?;
            self.settle_document();
        }
        Ok(())
    }

    /// The product as the files hold it, as of the last commit or `follow`.
    pub fn product(&self) -> &Product {
        &self.durable
    }

    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The newest step in the files, `None` if there is none yet.
    pub fn last_step(&self) -> Option<Id> {
        self.last
    }

    /// Why nothing can be written any more, `None` if it can.
    pub fn read_only(&self) -> Option<&str> {
        self.read_only.as_deref()
    }

    /// True if it is read-only because a line of the journal is unreadable.
    pub fn is_damaged(&self) -> bool {
        self.damaged
    }

    /// Returns what a person should know, each notice once.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
    }

    /// Returns the steps that others wrote since the last call, in file order.
    pub fn take_news(&mut self) -> Vec<Arc<LoggedStep>> {
        std::mem::take(&mut self.news)
    }

    /// Returns what the files hold, once after somebody replaced them, as by a git checkout. What `take_news` returns
    /// afterwards comes on top of it.
    pub fn take_replacement(&mut self) -> Option<Box<Replacement>> {
        self.replacement.take()
    }

    /// The steps of the open journal segment, oldest first.
    pub fn entries(&self) -> &[Arc<LoggedStep>] {
        &self.entries
    }

    /// Writes a group of requests with one write and one sync, and returns an outcome for each, in their order.
    ///
    /// Takes the lock. All are saved together: if one is `NotSaved`, all are, and the files and the product are as
    /// they were.
    pub fn commit(&mut self, acts: &[WriteRequest]) -> Vec<WriteOutcome> {
        let mut rest = acts.iter();
        let written = self.commit_each(&mut |_| rest.next().cloned());
        written.unwrap_or_else(|why| acts.iter().map(|_| WriteOutcome::NotSaved(why.clone())).collect())
    }

    /// Like [`Writer::commit`], but each request is made on the product with the earlier ones in it.
    ///
    /// `next` is called with the lock held, until it returns `None`.
    ///
    /// # Errors
    ///
    /// Why nothing was saved: the files and the product are as they were, and the requests may be sent again. If the
    /// lines could not be synced and the journal could not be rewritten either, the writer is read-only from then on.
    pub fn commit_each(
        &mut self,
        next: &mut dyn FnMut(Staged<'_>) -> Option<WriteRequest>,
    ) -> std::result::Result<Vec<WriteOutcome>, String> {
        if let Some(why) = &self.read_only {
            return Err(why.clone());
        }
        self.try_commit(next).map_err(|error| match self.folder.0.is_dir() {
            true => error.short(),
            false => "its folder is gone".to_string(),
        })
    }

    fn try_commit(&mut self, next: &mut dyn FnMut(Staged<'_>) -> Option<WriteRequest>) -> Result<Vec<WriteOutcome>> {
        let lock = Arc::clone(&self.lock);
        let _held = lock.take()?;
        self.catch_up()?;
        let (mut answers, mut lines, mut done) = (Vec::new(), Vec::new(), Vec::<Arc<LoggedStep>>::new());
        loop {
            let last = done.last().map(|entry| entry.id).or(self.last);
            let Some(act) = next(Staged { product: &self.durable, last }) else { break };
            let act = act.on_the_file(last);
            let asked = act.id;
            if let Some(entry) = self.entries.iter().rev().find(|entry| entry.id == asked) {
                // It arrived after all, although nobody could say so then.
                answers.push(WriteOutcome::Saved { entry: Arc::clone(entry), left: Vec::new(), conflicts: 0 });
                continue;
            }
            let (answer, entry) = match self.resolve_undo(act, &done) {
                Ok(Some(act)) => self.admit_act(&act),
                Ok(None) => (WriteOutcome::Unchanged, None),
                Err(refusal) => (WriteOutcome::Refused(refusal), None),
            };
            if entry.is_none() && matches!(answer, WriteOutcome::Unchanged | WriteOutcome::Refused(_)) {
                self.void.insert(asked);
            }
            if let Some(entry) = entry {
                self.void.remove(&asked);
                match JournalLine::Step(Arc::clone(&entry)).encode() {
                    Ok(line) => lines.extend_from_slice(&line),
                    Err(why) => {
                        self.unapply(&entry.step);
                        answers.push(WriteOutcome::Refused(Refusal::new(why, "Nothing was changed.")));
                        continue;
                    }
                }
                done.push(entry);
            }
            answers.push(answer);
        }
        if lines.is_empty() {
            return Ok(answers);
        }
        if let Err(error) = self.append(&lines) {
            for entry in done.iter().rev() {
                self.unapply(&entry.step);
            }
            return Err(error);
        }
        for entry in done {
            self.remember(entry);
        }
        Ok(answers)
    }

    /// An undo or redo requested before its act was answered: it reverses what was written of the act, and nothing
    /// if nothing was or it was turned that way already. Refused if the act is gone with files that have been replaced since.
    fn resolve_undo(
        &self,
        act: WriteRequest,
        group: &[Arc<LoggedStep>],
    ) -> std::result::Result<Option<WriteRequest>, Refusal> {
        let (first, undoes) = (act.first(), act.undoes.is_some());
        if act.way != Origin::Undo || self.void.contains(&first) {
            return Ok((act.way != Origin::Undo).then_some(act));
        }
        let of =
            |entry: &&Arc<LoggedStep>| entry.id == first || entry.undoes == Some(first) || entry.redoes == Some(first);
        let written = group.iter().rev().chain(self.entries.iter().rev()).find(of);
        if written.is_none() && self.was_replaced && !self.holds_step(first) {
            return Err(Refusal::new("It is not in the files that replaced the old ones.", "Nothing was changed."));
        }
        Ok(match written {
            // Somebody was faster: an edit of the file itself is anybody's to take back, but only once.
            Some(entry) if entry.undoes.is_some() == undoes => None,
            Some(entry) => Some(WriteRequest { step: entry.step.invert(), ..act }),
            None => Some(act),
        })
    }

    /// Fits one act to the file's content and applies it to `durable`; not yet on disk.
    pub(super) fn admit_act(&mut self, act: &WriteRequest) -> (WriteOutcome, Option<Arc<LoggedStep>>) {
        let stamp = act.stamp();
        let met = self.meet_unseen(act).and_then(|(step, unlinked)| {
            let submission = Submission { step: &step, origin: act.way, role: act.role, stamp: &stamp };
            let last_writer = |id: Id, key: &str| last_writer(&self.entries, id, key);
            admit(&mut self.durable, submission, &last_writer).map(|rebased| (rebased, unlinked))
        });
        let (Rebased { step, mut left, conflicts }, unlinked) = match met {
            Ok(met) => met,
            Err(refusal) => return (WriteOutcome::Refused(refusal), None),
        };
        left.extend(unlinked);
        if step.is_empty() {
            return (WriteOutcome::Unchanged, None);
        }
        let mut entry = act.logged(step);
        entry.seen = if act.again { self.last } else { entry.seen };
        let entry = Arc::new(entry);
        (WriteOutcome::Saved { entry: Arc::clone(&entry), left, conflicts }, Some(entry))
    }

    /// Fits the act to what its author could not have seen.
    fn meet_unseen(&self, act: &WriteRequest) -> std::result::Result<(Step, Vec<String>), Refusal> {
        if !act.meets_later {
            return Ok((act.step.clone(), Vec::new()));
        }
        let later = concurrent::behind(&self.entries, act.seen).iter().map(|entry| &**entry);
        let others: Vec<&LoggedStep> = later.filter(|entry| entry.session != act.session).collect();
        concurrent::fit(&self.durable, &act.step, act.way, &others)
    }

    pub(super) fn unapply(&mut self, step: &Step) {
        // It was just applied, so it can be undone.
        let _ = self.durable.apply(&step.invert());
    }

    pub(super) fn remember(&mut self, entry: Arc<LoggedStep>) {
        self.seen.insert(entry.id);
        self.last = Some(entry.id);
        self.entries.push(entry);
    }

    /// Appends bytes to the journal; they are on disk, under its name, when this returns. On an error the file is as it
    /// was, unless another program has replaced it meanwhile.
    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<()> {
        let path = self.folder.journal();
        if let Err(cause) = self.journal.write_all(bytes) {
            // A partial write leaves half a line: the old length must be restored.
            let _ = cut(&self.journal, &path, self.end);
            self.mark = Mark::at(&path).filter(|mark| mark.identity == self.identity && mark.size == self.end);
            return Err(cause).at("write to", &path);
        }
        if let Err(cause) = self.journal.sync_data() {
            self.rescue(bytes).map_err(|_| StoreError::Io { doing: "write to", path, cause })?;
            return Ok(());
        }
        let end = self.end.saturating_add(bytes.len() as u64);
        let mark = Mark::at(&path);
        if !mark.is_some_and(|mark| mark.identity == self.identity && mark.size == end) {
            // No lock keeps other programs out: what was written may be in a file without a name.
            self.mark = None;
            return Err(StoreError::Moving { path });
        }
        self.mark = mark;
        self.end = end;
        self.before_end.update(bytes);
        Ok(())
    }

    /// True if these bytes begin with the whole lines that this writer knows.
    pub(super) fn begins_like_ours(&self, bytes: &[u8]) -> bool {
        let before = usize::try_from(self.end).ok().and_then(|end| bytes.get(..end));
        before.is_some_and(|before| crc32fast::hash(before) == self.before_end.clone().finalize())
    }

    /// Remembers that the file ends here, behind these bytes.
    pub(super) fn ends_behind(&mut self, whole: &[u8]) {
        self.end = whole.len() as u64;
        self.before_end = crc32fast::Hasher::new();
        self.before_end.update(whole);
    }

    /// Appends one line. The caller holds the lock; on an error the file is as it was.
    pub(super) fn append_line(&mut self, line: &JournalLine) -> Result<()> {
        let bytes = line.encode().map_err(|why| StoreError::ReadOnly { why })?;
        self.append(&bytes)
    }

    /// A sync failed, so the file's pages cannot be trusted any more: everything that was synced before, and the new
    /// lines, go into a new file that replaces the old one.
    fn rescue(&mut self, bytes: &[u8]) -> Result<()> {
        let attempt = self.rewrite_journal(bytes);
        if let Err(error) = &attempt {
            // The lines may or may not be on disk; nothing more is promised until the next start.
            let _ = cut(&self.journal, &self.folder.journal(), self.end);
            self.read_only = Some(format!("saving failed and the journal could not be rewritten: {}", error.short()));
        }
        attempt
    }

    fn rewrite_journal(&mut self, bytes: &[u8]) -> Result<()> {
        let path = self.folder.journal();
        if Mark::at(&path).is_some_and(|mark| mark.identity != self.identity) {
            return Err(StoreError::Moving { path });
        }
        let length = usize::try_from(self.end).map_err(std::io::Error::other).at("read", &path)?;
        let mut content = vec![0u8; length];
        self.journal.seek(SeekFrom::Start(0)).at("read", &path)?;
        self.journal.read_exact(&mut content).at("read", &path)?;
        content.extend_from_slice(bytes);
        self.replace_journal(&content)
    }

    /// Replaces journal.jsonl with this content, whole or not at all. The caller holds the lock.
    ///
    /// # Errors
    ///
    /// The old journal is in place, unless only the sync of the folder failed: then the new one is, and may be gone
    /// after a power cut.
    pub(super) fn replace_journal(&mut self, content: &[u8]) -> Result<()> {
        let (path, fresh) = (self.folder.journal(), self.folder.0.join("journal.new"));
        let _ = std::fs::remove_file(&fresh);
        let mut file = private().read(true).append(true).create_new(true).open(&fresh).at("write", &fresh)?;
        file.write_all(content).at("write", &fresh)?;
        sync(&file).at("sync", &fresh)?;
        // Some systems replace no file that is open.
        drop(std::mem::replace(&mut self.journal, file));
        if let Err(cause) = replace(&fresh, &path) {
            self.journal = private().read(true).append(true).open(&path).at("open", &path)?;
            let _ = std::fs::remove_file(&fresh);
            return Err(cause).at(REPLACE, &path);
        }
        let mark = Mark::of(&self.journal).at("look at", &path)?;
        (self.identity, self.mark) = (mark.identity, Some(mark));
        self.ends_behind(content);
        sync_folder(&self.folder.0)
    }

    /// Copies what follows the last whole line to a file of its own and truncates the journal. That line was never
    /// acknowledged. The caller holds the lock; on an error the bytes are still in the journal.
    pub(super) fn set_aside(&mut self, end: u64) -> Result<()> {
        let path = self.folder.journal();
        let bytes = std::fs::read(&path).at("read", &path)?;
        let torn = usize::try_from(end).ok().and_then(|end| bytes.get(end..)).unwrap_or_default();
        self.set_torn_aside(torn)?;
        cut(&self.journal, &path, end).at("cut", &path)?;
        sync(&self.journal).at("sync", &path)?;
        self.mark = Mark::at(&path);
        Ok(())
    }

    /// Keeps the bytes of a torn line in a file of its own.
    pub(super) fn set_torn_aside(&mut self, torn: &[u8]) -> Result<()> {
        let aside = self.folder.0.join(format!("journal.torn-{:08x}", crc32fast::hash(torn)));
        if !aside.exists() {
            let mut file = private().write(true).create_new(true).open(&aside).at("write", &aside)?;
            file.write_all(torn).at("write", &aside)?;
            sync(&file).at("sync", &aside)?;
            sync_folder(&self.folder.0)?;
        }
        self.notices.retain(|notice| notice.kind != NoticeKind::TornLine);
        let kept = aside.file_name().unwrap_or_default().to_string_lossy();
        // A partial write has no line end; if there is one, a saved line may have been damaged.
        let text = if torn.ends_with(b"\n") {
            format!(
                "{TORN} does not read and was put aside. It was not shown as saved, or was damaged since; it is kept in {kept}."
            )
        } else {
            format!("{TORN} was cut off in the middle of a write and had not been saved. It is kept in {kept}.")
        };
        self.notices.push(Notice::new(NoticeKind::TornLine, text));
        Ok(())
    }

    /// True if the files are not as this writer left them. Takes no lock and reads no content.
    pub fn others_wrote(&self) -> bool {
        let journal = Mark::at(&self.folder.journal());
        let same_journal = journal.is_some() && journal == self.mark;
        let same_document = Mark::at(&self.folder.product_json()) == self.document.map(|(mark, _)| mark);
        !(same_journal && same_document)
    }

    /// Takes in what others wrote. Takes the lock, but only if the files have changed.
    ///
    /// # Errors
    ///
    /// The lock is busy, or the files cannot be read: the product is as it was, and the next call tries again. Lines
    /// of a newer program make the writer read-only.
    pub fn follow(&mut self) -> Result<()> {
        if self.read_only.is_some() || !self.others_wrote() {
            return Ok(());
        }
        let lock = Arc::clone(&self.lock);
        let _held = lock.take()?;
        self.catch_up()
    }

    /// Reads everything new in the files; `durable` equals them afterwards. The caller holds the lock.
    pub(super) fn catch_up(&mut self) -> Result<()> {
        match Mark::at(&self.folder.journal()) {
            Some(mark) if self.moving.is_none() && Some(mark) == self.mark => {}
            Some(mark) if self.moving.is_none() && mark.identity == self.identity && mark.size >= self.end => {
                self.read_tail(mark)?;
            }
            _ => self.reload()?,
        }
        self.outside_edit()
    }

    fn read_tail(&mut self, mark: Mark) -> Result<()> {
        let path = self.folder.journal();
        let mut bytes = Vec::new();
        if mark.identity.is_none() {
            // It may be another file: what is read and written is the one that has the name.
            self.journal = private().read(true).append(true).open(&path).at("open", &path)?;
        }
        self.journal.seek(SeekFrom::Start(0)).at("read", &path)?;
        self.journal.read_to_end(&mut bytes).at("read", &path)?;
        let (before, new) =
            usize::try_from(self.end).ok().and_then(|end| bytes.split_at_checked(end)).unwrap_or_default();
        if !self.begins_like_ours(&bytes) {
            // Somebody wrote other content into the same file, as `cp` does.
            return self.reload();
        }
        let found = scan(new);
        let rest = QUIET.checked_sub(mark.age().unwrap_or(QUIET)).filter(|rest| found.torn > 0 && !rest.is_zero());
        if let Some(rest) = rest {
            // Somebody has just died in a write, or writes without the lock.
            std::thread::sleep(rest);
            if Mark::at(&path) != Some(mark) {
                return Err(StoreError::Moving { path });
            }
        }
        self.refuse_strange(&found, before.iter().filter(|byte| **byte == b'\n').count())?;
        self.take_lines(found.lines)?;
        let good = new.get(..found.good).unwrap_or_default();
        self.before_end.update(good);
        self.end = self.end.saturating_add(good.len() as u64);
        self.mark = Some(mark);
        if found.torn > 0 { self.set_aside(self.end) } else { Ok(()) }
    }

    /// Refuses lines that this program cannot read: what it would write after them could contradict them. The writer
    /// is read-only from then on.
    pub(super) fn refuse_strange(&mut self, found: &Scan, lines_before: usize) -> Result<()> {
        let why = match (found.damaged.first(), &found.newer) {
            (Some((line, why)), _) => {
                let line = line.saturating_add(lines_before);
                format!("line {line} of {} cannot be read: {why}", self.folder.journal().display())
            }
            (None, Some(why)) => format!("a newer whyhow writes to it now ({why})"),
            (None, None) => return Ok(()),
        };
        self.read_only = Some(why.clone());
        Err(StoreError::ReadOnly { why })
    }

    pub(super) fn take_lines(&mut self, lines: Vec<JournalLine>) -> Result<()> {
        for line in lines {
            match line {
                JournalLine::Snapshot { crc, through } => self.snapshots.push((crc, through)),
                JournalLine::Step(entry) if self.seen.contains(&entry.id) => {}
                JournalLine::Step(entry) => {
                    self.durable.apply(&entry.step).map_err(|why| StoreError::Damaged {
                        path: self.folder.journal(),
                        line: None,
                        why,
                    })?;
                    self.news.push(Arc::clone(&entry));
                    self.remember(entry);
                }
            }
        }
        Ok(())
    }

    /// Starts a journal that was missing or empty with a line for product.json as it is. The caller holds the lock.
    pub(super) fn start_journal(
        &mut self,
        starts: bool,
        document: Option<(Mark, u32)>,
        through: Option<Id>,
    ) -> Result<()> {
        if let (true, Some((_, crc))) = (starts, document) {
            self.append_line(&JournalLine::Snapshot { crc, through })?;
            self.snapshots.push((crc, through));
            sync_folder(&self.folder.0)?;
        }
        Ok(())
    }

    /// Keeps the steps that undo may still need without reading segments again.
    pub(super) fn trim_entries(&mut self) {
        const KEPT: usize = 10_000;
        let surplus = self.entries.len().saturating_sub(KEPT);
        drop_first(&mut self.entries, surplus);
    }

    /// The sizes of the open segment and of product.json, in bytes.
    pub fn sizes(&self) -> (u64, u64) {
        (self.end, self.document.map_or(0, |(mark, _)| mark.size))
    }
}

/// Who wrote a cell last, according to the open segment.
fn last_writer(entries: &[Arc<LoggedStep>], id: Id, key: &str) -> String {
    let wrote = |entry: &&Arc<LoggedStep>| entry.step.changes.iter().any(|c| c.id == id && c.field.key == key);
    entries.iter().rev().find(wrote).map_or_else(|| OUTSIDE.to_string(), |entry| entry.by.clone())
}

/// Removes drafts of product.json left by dead sessions, older than a day.
fn clear_old_drafts(folder: &Folder) {
    let Ok(entries) = std::fs::read_dir(&folder.0) else { return };
    for entry in entries.filter_map(|entry| entry.ok()) {
        let ours = entry.file_name().to_str().is_some_and(|n| n.starts_with(".product-") && n.ends_with(".tmp"));
        let age = entry.metadata().ok().and_then(|meta| meta.modified().ok()).and_then(|time| time.elapsed().ok());
        if ours && age.is_some_and(|age| age.as_secs() > 86_400) {
            // It was never the product; the next opening tries again.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}
