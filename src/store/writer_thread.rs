//! The writer thread: takes requests in groups, reports their outcome, follows what others write, and writes
//! product.json in pauses.

use crate::model::id::Id;
use crate::store::checkpoint::{DocumentDraft, draft};
use crate::store::error::Result;
use crate::store::fault_injection::inject_fault;
use crate::store::journal::LoggedStep;
use crate::store::notice::{Notice, NoticeKind};
use crate::store::write_request::{WriteOutcome, WriteRequest};
use crate::store::writer::{Replacement, Writer};
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// A product.json up to this size is rewritten after each pause.
const SMALL: u64 = 5 << 20;

/// What a session asks of its writer thread.
pub(super) enum WriterRequest {
    Write(Box<WriteRequest>),
    Look,
    Checkpoint { close: bool },
    Close,
}

/// What the writer thread reports to its session.
pub(super) enum WriterEvent {
    Answer(Id, WriteOutcome),
    Others(Vec<Arc<LoggedStep>>),
    Notices(Vec<Notice>),
    /// The files were replaced; this is their content.
    Replaced(Box<Replacement>),
    Fresh,
    /// Nothing can be written until the next start.
    ReadOnly(String),
    Closed,
}

/// The writer thread.
pub(super) struct WriterThread {
    pub(super) writer: Writer,
    pub(super) waiting: VecDeque<WriteRequest>,
    pub(super) events: Sender<WriterEvent>,
    /// Why the files could not be checked the last time.
    pub(super) trouble: Option<String>,
    pub(super) drafting: Option<JoinHandle<Result<DocumentDraft>>>,
    /// The reason for being read-only that the session knows.
    pub(super) told: Option<String>,
    /// Held while the files are used, the lock included.
    pub(super) turn: Arc<Mutex<()>>,
}

impl WriterThread {
    pub(super) fn work(mut self, inbox: &Receiver<WriterRequest>) {
        loop {
            inject_fault("writer");
            let patience = if self.waiting.is_empty() { Duration::from_secs(3600) } else { Duration::from_secs(5) };
            let patience = if self.drafting.is_some() { Duration::from_millis(20) } else { patience };
            let first = match inbox.recv_timeout(patience) {
                Ok(order) => Some(order),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => Some(WriterRequest::Close),
            };
            let mut orders: Vec<WriterRequest> = first.into_iter().collect();
            orders.extend(inbox.try_iter());
            let (mut closing, mut checkpoint) = (false, None);
            for order in orders {
                match order {
                    WriterRequest::Write(act) => self.waiting.push_back(*act),
                    WriterRequest::Look => {}
                    WriterRequest::Checkpoint { close } => checkpoint = Some(close),
                    WriterRequest::Close => closing = true,
                }
            }
            let turn = Arc::clone(&self.turn);
            let _held = turn.lock().unwrap_or_else(PoisonError::into_inner);
            self.write();
            self.follow();
            self.finish_draft();
            if closing {
                self.close();
                return;
            }
            if checkpoint.is_some() || self.writer.is_due() {
                self.begin_draft();
            }
        }
    }

    fn write(&mut self) {
        // Up to 64 steps share one write and one sync.
        while !self.waiting.is_empty() {
            let group: Vec<WriteRequest> = self.waiting.iter().take(64).cloned().collect();
            let answers = self.writer.commit(&group);
            let failed = answers.iter().any(|answer| matches!(answer, WriteOutcome::NotSaved(_)));
            self.pass_on();
            for (act, answer) in group.iter().zip(answers) {
                if !failed {
                    self.waiting.pop_front();
                }
                let _ = self.events.send(WriterEvent::Answer(act.id, answer));
            }
            if failed {
                self.tell_read_only();
                return;
            }
            if !self.waiting.is_empty() {
                // Give another session its turn.
                std::thread::sleep(Duration::from_millis(2));
            }
        }
    }

    /// Sends steps of others to the screen before the answers that build on them.
    fn pass_on(&mut self) {
        if let Some(replacement) = self.writer.take_replacement() {
            let _ = self.events.send(WriterEvent::Replaced(replacement));
        }
        let news = self.writer.take_news();
        if !news.is_empty() {
            let _ = self.events.send(WriterEvent::Others(news));
        }
        let notices = self.writer.take_notices();
        if !notices.is_empty() {
            let _ = self.events.send(WriterEvent::Notices(notices));
        }
    }

    fn follow(&mut self) {
        let trouble = self.writer.follow().err().map(|error| error.to_string());
        // Reported once; unsaved changes report it in their own way.
        if trouble != self.trouble && self.waiting.is_empty() {
            let notice = trouble.clone().map(|why| Notice::new(NoticeKind::Unreachable, why));
            let _ = self.events.send(WriterEvent::Notices(notice.into_iter().collect()));
        }
        self.trouble = trouble;
        self.pass_on();
        self.tell_read_only();
    }

    /// The session must not take changes that can never be written.
    fn tell_read_only(&mut self) {
        let why = self.writer.read_only().map(str::to_string);
        if let Some(why) = why.filter(|why| self.told.as_ref() != Some(why)) {
            self.told = Some(why.clone());
            let _ = self.events.send(WriterEvent::ReadOnly(why));
        }
    }

    /// A separate thread writes the draft from a copy that shares the records, while this one goes on saving.
    fn begin_draft(&mut self) {
        if self.drafting.is_some() || !self.waiting.is_empty() {
            return;
        }
        // A large product is rewritten when its journal has grown, not after each pause.
        let small = self.writer.sizes().1 <= SMALL;
        let wanted = self.writer.is_due() || (small && !self.writer.is_fresh());
        if !wanted || self.writer.read_only().is_some() {
            let _ = self.events.send(WriterEvent::Fresh);
            return;
        }
        let (folder, product, through) =
            (self.writer.folder().clone(), self.writer.product().records(), self.writer.last_step());
        // Without a thread there is only the journal, which is the authority anyway.
        self.drafting = std::thread::Builder::new().spawn(move || draft(&folder, &product, through)).ok();
    }

    fn finish_draft(&mut self) {
        if !self.drafting.as_ref().is_some_and(JoinHandle::is_finished) {
            return;
        }
        let Some(Ok(made)) = self.drafting.take().map(JoinHandle::join) else { return };
        let close = self.writer.is_due();
        // A failed checkpoint leaves the journal, which is the authority; another one will follow.
        if made.and_then(|made| self.writer.place(made, close)).is_ok() {
            let _ = self.events.send(WriterEvent::Fresh);
        }
    }

    fn close(&mut self) {
        if let Some(thread) = self.drafting.take() {
            let _ = thread.join();
        }
        let (journal, document) = self.writer.sizes();
        let small = document <= SMALL;
        if small || self.writer.is_due() {
            // As above: the journal has everything.
            let _ = self.writer.checkpoint(journal > 1 << 20);
        }
        let _ = self.events.send(WriterEvent::Closed);
    }
}
