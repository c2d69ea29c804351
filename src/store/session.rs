//! A screen's session: the product as shown (on disk plus pending), and the writer thread.
//!
//! A step is shown at once as pending, and is saved once the writer says so. Steps of others go in below: pending
//! steps are undone and applied again on top of them, without cloning the product.

use crate::model::admit::{Submission, admit};
use crate::model::author::may_be_called;
use crate::model::change::{Change, Origin, Step};
use crate::model::id::{Id, IdSource};
use crate::model::product::Product;
use crate::model::rebase::Rebased;
use crate::model::refusal::Refusal;
use crate::model::role::Role;
use crate::model::schema::Kind;
use crate::model::undo_barrier::fence as is_fence;
use crate::model::value::{Value, When};
use crate::store::folder::Folder;
use crate::store::history::HistoryReader;
use crate::store::journal::{LoggedStep, OUTSIDE};
use crate::store::kept_steps;
use crate::store::notice::{Notice, NoticeKind};
use crate::store::open::Opened;
use crate::store::repair::Copied;
use crate::store::segments;
use crate::store::undo::{UndoEntry, UndoStack};
use crate::store::write_request::{Author, WriteOutcome, WriteRequest};
use crate::store::writer::{Replacement, Writer};
use crate::store::writer_thread::{WriterEvent, WriterRequest, WriterThread};
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Whether what is shown is on disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Saved {
    Yes,
    /// Being written.
    Saving,
    /// Not on disk, and why; retried automatically.
    No(String),
}

/// What the screen should report.
#[derive(Clone, Debug)]
pub enum News {
    /// Another session changed something.
    Others(Arc<LoggedStep>),
    /// An act of this session was refused after all.
    Refused(Refusal),
    /// An act of this session was applied only in part: these cells had changed.
    Left(Vec<String>),
    /// Two values conflict in one cell; the losing one is kept in each of these records.
    Conflict(Vec<Id>),
    Notice(Notice),
}

pub(super) struct Pending {
    pub(super) act: WriteRequest,
    /// As applied to the shown product.
    pub(super) applied: Step,
    /// It was made on files that have been replaced since.
    outlived: bool,
}

/// A copy saved elsewhere, and the act up to which it contains everything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SavedCopy {
    pub folder: Folder,
    upto: u32,
}

pub struct Session {
    folder: Folder,
    shown: Product,
    pending: VecDeque<Pending>,
    pub(super) undo: UndoStack,
    history: HistoryReader,
    ids: IdSource,
    session: Id,
    n: u32,
    /// The newest step of the file that is shown here.
    seen: Option<Id>,
    pub by: String,
    pub role: Role,
    clock: fn() -> When,
    requests: Sender<WriterRequest>,
    events: Receiver<WriterEvent>,
    thread: Option<JoinHandle<()>>,
    /// Held by the writer while it uses the files.
    turn: Arc<Mutex<()>>,
    trouble: Option<String>,
    read_only: Option<String>,
    damaged: bool,
    fresh: bool,
    last_write: Instant,
    /// Messages that do not come from the writer.
    pub(super) aside: Vec<News>,
    copy: Option<SavedCopy>,
}

/// Looks at the closed segments, which opening does not read, once the first screen is there.
fn check_segments(folder: Folder, outbox: Sender<WriterEvent>) {
    let looking = std::thread::Builder::new().spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        if let Some(notice) = Notice::damaged_segments(&segments::damage(&folder)) {
            let _ = outbox.send(WriterEvent::Notices(vec![notice]));
        }
    });
    // Without a thread, `verify` says it.
    drop(looking);
}

fn local_now() -> When {
    When(chrono::Local::now().fixed_offset())
}

impl Session {
    /// Starts a session that writes in a thread of its own. Also returns what was found while the files were opened.
    pub fn start(mut writer: Writer, by: &str, role: Role) -> (Session, Vec<News>) {
        let mut news: Vec<News> = writer.take_notices().into_iter().map(News::Notice).collect();
        // Recorded while opening: it is already in the product.
        news.extend(writer.take_news().into_iter().map(News::Others));
        let (requests, inbox) = channel();
        let (outbox, events) = channel();
        let mut session = Session::with(writer.folder(), writer.product().clone(), by, role);
        session.undo = UndoStack::of(by, writer.entries(), writer.folder());
        session.history = HistoryReader::of(writer.folder(), writer.entries());
        session.seen = writer.last_step();
        session.read_only = writer.read_only().map(str::to_string);
        session.damaged = writer.is_damaged();
        session.fresh = writer.is_fresh();
        (session.requests, session.events) = (requests, events);
        news.extend(kept_steps::unsaved(writer.folder()).map(News::Notice));
        check_segments(writer.folder().clone(), outbox.clone());
        let thread = WriterThread {
            told: session.read_only.clone(),
            writer,
            waiting: VecDeque::new(),
            events: outbox,
            trouble: None,
            drafting: None,
            turn: Arc::clone(&session.turn),
        };
        match std::thread::Builder::new().spawn(move || thread.work(&inbox)) {
            Ok(thread) => session.thread = Some(thread),
            Err(_) => session.read_only = Some("the system could not start a thread to write with".to_string()),
        }
        (session, news)
    }

    /// Starts a session that only reads, since the folder cannot be written; `why` is the reason.
    pub fn reading(folder: &Folder, opened: Opened, by: &str, role: Role, why: &str) -> (Session, Vec<News>) {
        let history = HistoryReader::of(folder, &opened.entries);
        let damaged = opened.damaged;
        let (product, notices) = opened.shown(local_now());
        let read_only = Some(why.to_string());
        let mut session = Session::with(folder, product, by, role);
        (session.history, session.damaged, session.read_only) = (history, damaged, read_only);
        (session, notices.into_iter().map(News::Notice).collect())
    }

    /// A session that shows this product, without a writer.
    fn with(folder: &Folder, product: Product, by: &str, role: Role) -> Session {
        let mut ids = IdSource::new(fastrand::u64(..), 0);
        let session = ids.fresh(|_| false);
        Session {
            folder: folder.clone(),
            shown: product,
            pending: VecDeque::new(),
            undo: UndoStack::default(),
            history: HistoryReader::default(),
            ids,
            session,
            n: 0,
            seen: None,
            by: by.to_string(),
            role,
            clock: local_now,
            requests: channel().0,
            events: channel().1,
            thread: None,
            turn: Arc::default(),
            trouble: None,
            read_only: None,
            damaged: false,
            fresh: true,
            last_write: Instant::now(),
            aside: Vec::new(),
            copy: None,
        }
    }

    /// The product as shown: what is on disk, with this session's pending changes in it.
    pub fn product(&self) -> &Product {
        &self.shown
    }

    /// Uses another clock than the machine's.
    pub fn set_clock(&mut self, clock: fn() -> When) {
        self.clock = clock;
    }

    pub fn now(&self) -> When {
        (self.clock)()
    }

    /// Returns an id that no record of the product has.
    pub fn fresh_id(&mut self) -> Id {
        let shown = &self.shown;
        self.ids.fresh(|id| shown.knows(id))
    }

    /// Returns a source of new ids, for actions.
    pub fn id_source(&mut self) -> IdSource {
        IdSource::new(self.fresh_id().bits(), 0)
    }

    /// Whether everything shown is on disk.
    pub fn saved(&self) -> Saved {
        match (&self.trouble, self.pending.is_empty()) {
            (_, true) => Saved::Yes,
            (Some(why), false) => Saved::No(why.clone()),
            (None, false) => Saved::Saving,
        }
    }

    /// Why nothing can be changed, `None` if it can.
    pub fn read_only(&self) -> Option<&str> {
        self.read_only.as_deref()
    }

    /// True if it is read-only because a part of the journal is unreadable.
    pub fn is_damaged(&self) -> bool {
        self.damaged
    }

    /// True if a change is not on disk yet.
    pub fn is_busy(&self) -> bool {
        !self.pending.is_empty()
    }

    /// The number of changes that are shown and not on disk.
    pub fn waiting(&self) -> usize {
        self.pending.len()
    }

    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The copy that was saved elsewhere, if it holds everything shown.
    pub fn copy(&self) -> Option<&Folder> {
        self.copy.as_ref().filter(|kept| kept.upto == self.n).map(|kept| &kept.folder)
    }

    pub(super) fn note_copy(&mut self, copied: &Copied) {
        self.copy = Some(SavedCopy { folder: copied.folder.clone(), upto: self.n });
    }

    pub(super) fn pending_entries(&self) -> Vec<Arc<LoggedStep>> {
        self.pending.iter().map(Pending::entry).collect()
    }

    /// The product without pending changes: what is on disk, as far as this session knows.
    pub(super) fn without_pending(&self) -> Product {
        let mut product = self.shown.clone();
        for one in self.pending.iter().rev() {
            // They were applied to this product, in this order.
            let _ = product.apply(&one.applied.invert());
        }
        product
    }

    /// Shows a step at once and sends it to the writer thread. Does not wait for the disk.
    ///
    /// Returns the step as shown, with what was added to it, such as new numbers. Undo stops at it if `fence` is set;
    /// it always does at the start and the close of a sprint and at a ratification. What the writer makes of it comes
    /// with a later `poll`.
    ///
    /// # Errors
    ///
    /// Nothing was changed: the session is read-only, or the step is against a rule.
    pub fn commit(&mut self, step: Step, fence: bool) -> Result<Arc<Step>, Refusal> {
        self.may_write()?;
        let fence = fence || is_fence(&step).is_some();
        let act = self.act(step, Origin::Edit, self.role, fence);
        let id = act.id;
        let applied = self.admit(&act)?.step;
        if applied.is_empty() {
            return Ok(Arc::new(applied));
        }
        let written = Arc::new(applied.clone());
        self.undo.forget_undone();
        self.undo.push_done(UndoEntry { act: id, step: Arc::clone(&written), role: self.role, fence });
        self.send(act, applied);
        Ok(written)
    }

    /// Undoes the last change of this person and returns its label and the step that does so. Does not wait for the
    /// disk.
    ///
    /// Cells that others changed since are left alone; a later `poll` names them.
    ///
    /// # Errors
    ///
    /// Nothing was changed: there is nothing to undo, undo stops here, or the session is read-only.
    pub fn undo(&mut self) -> Result<(String, Step), Refusal> {
        self.may_write()?;
        let done = self.undo.last()?;
        let mut act = self.act(done.step.invert(), Origin::Undo, done.role, false);
        act.undoes = Some(done.act);
        self.turn(act, done, true)
    }

    /// Redoes the last undone change, like [`Session::undo`] in the other direction.
    ///
    /// # Errors
    ///
    /// Nothing was changed: there is nothing to redo, or the session is read-only.
    pub fn redo(&mut self) -> Result<(String, Step), Refusal> {
        self.may_write()?;
        let done = self.undo.last_undone()?;
        let mut act = self.act(done.step.invert(), Origin::Undo, done.role, false);
        act.redoes = Some(done.act);
        self.turn(act, done, false)
    }

    fn turn(&mut self, act: WriteRequest, done: UndoEntry, was_done: bool) -> Result<(String, Step), Refusal> {
        let label = done.step.label.clone();
        let Rebased { step: applied, left, .. } = self.admit(&act)?;
        if was_done {
            self.undo.pop()
        } else {
            self.undo.pop_undone()
        }
        let turned = UndoEntry { step: Arc::new(applied.clone()), ..done };
        if was_done {
            self.undo.push_undone(turned)
        } else {
            self.undo.push_done(turned)
        }
        if !applied.is_empty() {
            self.send(act, applied.clone());
        } else if !left.is_empty() {
            // No writer is asked, so none will report it.
            self.aside.push(News::Left(left));
        }
        Ok((label, applied))
    }

    pub(super) fn may_write(&self) -> Result<(), Refusal> {
        match &self.read_only {
            Some(why) => Err(Refusal::new(format!("This product is read-only: {why}."), "Nothing was changed.")),
            None => Ok(()),
        }
    }

    fn act(&mut self, step: Step, way: Origin, role: Role, fence: bool) -> WriteRequest {
        self.n = self.n.saturating_add(1);
        let author = Author { session: self.session, n: self.n, time: self.now(), by: self.by.clone(), role };
        let request = WriteRequest::new(self.fresh_id(), author, step);
        WriteRequest { way, fence, seen: self.seen, meets_later: true, ..request }
    }

    /// Applies an act to what is shown, as the writer will to what is on disk.
    pub(super) fn admit(&mut self, act: &WriteRequest) -> Result<Rebased, Refusal> {
        let stamp = act.stamp();
        let submission = Submission { step: &act.step, origin: act.way, role: act.role, stamp: &stamp };
        admit(&mut self.shown, submission, &|_, _| String::new())
    }

    pub(super) fn send(&mut self, act: WriteRequest, applied: Step) {
        self.fresh = false;
        self.last_write = Instant::now();
        // If the writer has stopped, `poll` says so.
        let _ = self.requests.send(WriterRequest::Write(Box::new(act.clone())));
        self.pending.push_back(Pending { act, applied, outlived: false });
    }

    /// Asks the writer thread to look for what others wrote and, after two seconds without a change, for a fresh
    /// product.json. Returns at once.
    pub fn look(&mut self) {
        let _ = self.requests.send(WriterRequest::Look);
        let idle = self.pending.is_empty() && !self.fresh && self.last_write.elapsed() > Duration::from_secs(2);
        if idle {
            // Requested again later if the writer had to postpone it.
            self.last_write = Instant::now();
            let _ = self.requests.send(WriterRequest::Checkpoint { close: false });
        }
    }

    /// Keeps the writer from the files and their lock for as long as the guard is held: a program that is stopped must not
    /// hold the lock. Waits until the writer has finished what it is doing. `None` if that takes longer than the limit.
    pub fn rest(&self, limit: Duration) -> Option<MutexGuard<'_, ()>> {
        let begun = Instant::now();
        loop {
            match self.turn.try_lock() {
                Ok(guard) => return Some(guard),
                Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
                Err(TryLockError::WouldBlock) if begun.elapsed() >= limit => return None,
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }

    /// Every change ever made, as far as it was read; `want_history` reads the rest.
    pub fn history(&self) -> &HistoryReader {
        &self.history
    }

    /// Starts to read the closed segments, once.
    pub fn want_history(&mut self) {
        self.history.want();
    }

    /// Takes in older changes that were read meanwhile. True if there were any.
    pub fn poll_history(&mut self) -> bool {
        self.history.poll()
    }

    /// Takes in what the writer thread has reported so far, without waiting, and returns what a person should hear of
    /// it.
    pub fn poll(&mut self) -> Vec<News> {
        let mut news = std::mem::take(&mut self.aside);
        loop {
            match self.events.try_recv() {
                Ok(event) => self.handle(event, &mut news),
                Err(TryRecvError::Disconnected) if self.thread.is_some() => {
                    self.writer_is_gone(&mut news);
                    return news;
                }
                Err(_) => return news,
            }
        }
    }

    /// The writer thread has crashed. Nothing can be saved here any more; what is shown stays.
    fn writer_is_gone(&mut self, news: &mut Vec<News>) {
        if self.trouble.as_deref() == Some(GONE) {
            return;
        }
        self.trouble = Some(GONE.to_string());
        self.read_only = Some(GONE.to_string());
        if self.pending.is_empty() {
            let word = "The background writer has stopped. Everything you see is on disk; restart whyhow to continue.";
            news.push(News::Notice(Notice::new(NoticeKind::WriterStopped, word)));
        }
    }

    /// Like [`Session::poll`], but waits until everything is on disk or the time is up.
    pub fn wait_saved(&mut self, limit: Duration) -> Vec<News> {
        let (begun, mut news) = (Instant::now(), Vec::new());
        while !self.pending.is_empty() && begun.elapsed() < limit {
            match self.events.recv_timeout(Duration::from_millis(20)) {
                Ok(event) => self.handle(event, &mut news),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        news
    }

    fn handle(&mut self, event: WriterEvent, news: &mut Vec<News>) {
        match event {
            WriterEvent::Answer(id, answer) => self.answered(id, answer, news),
            WriterEvent::Others(entries) => {
                self.seen = entries.last().map(|entry| entry.id).or(self.seen);
                self.rebase_pending(|shown| {
                    for entry in &entries {
                        // The writer has applied them already: they fit.
                        let _ = shown.apply(&entry.step);
                    }
                });
                entries.iter().for_each(|entry| self.history.note(entry));
                // What the same person does in another window or a script can be undone here too. An edit of the file
                // itself belongs to nobody: whoever sees it may undo it.
                for entry in entries.iter().filter(|entry| entry.by == OUTSIDE || entry.by == self.by) {
                    self.undo.note(entry);
                }
                news.extend(entries.into_iter().map(News::Others));
            }
            WriterEvent::Notices(notices) => news.extend(notices.into_iter().map(News::Notice)),
            WriterEvent::Replaced(replacement) => self.take_replacement(*replacement),
            WriterEvent::ReadOnly(why) => self.read_only = Some(why),
            WriterEvent::Fresh => self.fresh = self.pending.is_empty(),
            WriterEvent::Closed => {}
        }
    }

    /// Changes the product below the pending steps.
    fn rebase_pending(&mut self, change: impl FnOnce(&mut Product)) {
        let mut pending = std::mem::take(&mut self.pending);
        for one in pending.iter().rev() {
            let _ = self.shown.apply(&one.applied.invert());
        }
        change(&mut self.shown);
        for one in &mut pending {
            one.applied = self.admit(&one.act).map(|rebased| rebased.step).unwrap_or_default();
        }
        self.pending = pending;
    }

    /// Somebody else takes the seat: from now on acts carry this name, and undo takes back what this person did.
    ///
    /// # Errors
    ///
    /// Refuses a name that nobody may have; the person stays.
    pub fn sit_down(&mut self, by: &str) -> Result<(), Refusal> {
        may_be_called(by)?;
        self.by = by.to_string();
        // What is on its way to the disk can be taken back too.
        let known = self.history.entries().iter().cloned().chain(self.pending_entries()).collect::<Vec<_>>();
        self.undo = UndoStack::of(by, &known, &self.folder);
        Ok(())
    }

    /// The same person goes by another name from now on. Refuses one that nobody may have.
    pub fn rename(&mut self, by: &str) -> Result<(), Refusal> {
        may_be_called(by)?;
        self.by = by.to_string();
        self.undo.rename(by);
        Ok(())
    }

    /// Shows the new files, with their history and what of it can be undone. Pending steps are applied on top;
    /// those that do not fit stay pending until the writer refuses them.
    fn take_replacement(&mut self, new: Replacement) {
        self.shown.replace_with(new.product);
        self.seen = new.last;
        self.undo = UndoStack::of(&self.by, &new.entries, &self.folder);
        let is_wanted = self.history.is_wanted();
        self.history = HistoryReader::of(&self.folder, &new.entries);
        if is_wanted {
            self.history.want();
        }
        (self.read_only, self.damaged) = (new.read_only, new.damaged);
        // The copy contains what was shown before.
        (self.copy, self.fresh) = (None, false);
        for mut one in std::mem::take(&mut self.pending) {
            one.outlived = true;
            one.applied = match one.act.way {
                Origin::Undo => self.turn_again(&mut one.act),
                _ => self.do_again(&one.act),
            };
            self.pending.push_back(one);
        }
    }

    /// Applies a pending edit to replaced files; returns what of it is shown.
    fn do_again(&mut self, act: &WriteRequest) -> Step {
        let applied = self.admit(act).map(|rebased| rebased.step).unwrap_or_default();
        if !applied.is_empty() {
            self.undo.forget_undone();
            let step = Arc::new(applied.clone());
            self.undo.push_done(UndoEntry { act: act.id, step, role: act.role, fence: act.fence });
        }
        applied
    }

    /// Applies a pending undo or redo to replaced files; does nothing if they lack its act.
    fn turn_again(&mut self, act: &mut WriteRequest) -> Step {
        let (first, undoes) = (act.first(), act.undoes.is_some());
        let found = if undoes { self.undo.take_done(first) } else { self.undo.take_undone(first) };
        let Some(found) = found else { return Step::default() };
        act.step = found.step.invert();
        let laid = self.admit(act).map(|rebased| rebased.step);
        let turned = laid.is_ok();
        let applied = laid.unwrap_or_default();
        let step = if turned { Arc::new(applied.clone()) } else { Arc::clone(&found.step) };
        let entry = UndoEntry { step, ..found };
        if undoes == turned {
            self.undo.push_undone(entry)
        } else {
            self.undo.push_done(entry)
        }
        applied
    }

    fn answered(&mut self, id: Id, answer: WriteOutcome, news: &mut Vec<News>) {
        if self.pending.front().is_none_or(|one| one.act.id != id) {
            return;
        }
        if let WriteOutcome::NotSaved(why) = answer {
            self.trouble = Some(why);
            return;
        }
        self.trouble = None;
        let Some(front) = self.pending.pop_front() else { return };
        let act = front.act.first();
        let front_way = front.act.way;
        // If it is already being undone or redone, that answer decides how the act ends up.
        let turned = self.pending.iter().any(|one| one.act.first() == act);
        match answer {
            WriteOutcome::Saved { entry, left, conflicts } => {
                self.seen = Some(entry.id);
                self.history.note(&entry);
                if !turned {
                    self.undo.correct(act, Some(&entry.step));
                }
                if entry.step.changes != front.applied.changes {
                    self.replace(front, |shown| {
                        let _ = shown.apply(&entry.step);
                    });
                }
                if !left.is_empty() {
                    news.push(News::Left(left));
                }
                if conflicts > 0 {
                    let met = entry.step.created().filter(|(kind, _)| *kind == Kind::Conflict).map(|(_, id)| id);
                    news.push(News::Conflict(met.collect()));
                }
                let back = |change: &Change| change.field.key == "alive" && change.from == Value::Bool(false);
                if front_way == Origin::Edit && entry.step.changes.iter().any(back) {
                    let word = "What you edited had been deleted in another window; your edit brought it back.";
                    news.push(News::Notice(Notice::new(NoticeKind::BroughtBack, word)));
                }
            }
            WriteOutcome::Unchanged => {
                // Somebody else made the same change first: there is nothing of it to undo.
                self.undo.correct(act, None);
                self.replace(front, |_| {});
            }
            WriteOutcome::Refused(refusal) => {
                match front_way {
                    Origin::Undo => self.undo.put_back(act, front.act.step.invert()),
                    _ => self.undo.correct(act, None),
                }
                let named = format!("{}: {}", front.act.step.label, refusal.what);
                let refusal = if front.outlived { Refusal::new(named, refusal.hint) } else { refusal };
                self.replace(front, |_| {});
                news.push(News::Refused(refusal));
            }
            WriteOutcome::NotSaved(_) => {}
        }
    }

    /// The outcome of the first pending step is known: what is shown of it is replaced by what was written.
    fn replace(&mut self, front: Pending, written: impl FnOnce(&mut Product)) {
        self.rebase_pending(|shown| {
            let _ = shown.apply(&front.applied.invert());
            written(shown);
        });
    }

    /// Ends the session. False if a change is not on disk.
    pub fn close(mut self) -> bool {
        self.end() == 0
    }

    /// Like [`Session::end`], but waits no longer than this, whatever the writer is waiting for. It may still write what
    /// is pending; a step that is written twice counts once.
    pub fn end_within(&mut self, limit: Duration) -> usize {
        self.wait_saved(limit);
        let _ = self.requests.send(WriterRequest::Close);
        let begun = Instant::now();
        while begun.elapsed() < limit && self.thread.as_ref().is_some_and(|thread| !thread.is_finished()) {
            std::thread::sleep(Duration::from_millis(5));
        }
        match self.thread.take() {
            Some(thread) if thread.is_finished() => drop(thread.join()),
            // It waits for the lock or the disk, and ends with the program.
            _ => {}
        }
        self.poll();
        self.pending.len()
    }

    /// Ends the writer thread: writes pending changes and a fresh product.json. Waits three seconds at most for
    /// pending changes, and 300 ms if saving has failed before.
    ///
    /// Returns the number of changes that are not on disk; they are still in `product`.
    pub fn end(&mut self) -> usize {
        // A disk that has refused already gets one more chance, and no long one.
        let patience = if self.trouble.is_some() { Duration::from_millis(300) } else { Duration::from_secs(3) };
        self.wait_saved(patience);
        let _ = self.requests.send(WriterRequest::Close);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        self.poll();
        self.pending.len()
    }
}

impl Drop for Session {
    /// Writes pending changes even if the screen crashes.
    fn drop(&mut self) {
        let _ = self.requests.send(WriterRequest::Close);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Why nothing is saved any more once the writer thread has ended.
const GONE: &str = "the background writer has stopped";
