//! The whole history of a product, newest segment first: what the open segment holds is known at once, closed segments
//! are read by a thread of their own when somebody wants to see them. Only reads.

use crate::model::id::Id;
use crate::store::folder::{Folder, read_file};
use crate::store::journal::{JournalLine, LoggedStep, scan};
use rustc_hash::FxHashSet;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

/// Every change that was ever made, oldest first, as far as it was read.
#[derive(Default)]
pub struct HistoryReader {
    entries: Arc<Vec<Arc<LoggedStep>>>,
    coming: Option<Receiver<Vec<Arc<LoggedStep>>>>,
    folder: Option<Folder>,
}

impl HistoryReader {
    /// The past of a folder, of which the open segment was read already.
    pub fn of(folder: &Folder, entries: &[Arc<LoggedStep>]) -> HistoryReader {
        HistoryReader { entries: Arc::new(entries.to_vec()), coming: None, folder: Some(folder.clone()) }
    }

    /// What is known so far, oldest first; shared, so that a view can keep it.
    pub fn entries(&self) -> Arc<Vec<Arc<LoggedStep>>> {
        Arc::clone(&self.entries)
    }

    /// Something was written, here or in another session.
    pub fn note(&mut self, entry: &Arc<LoggedStep>) {
        Arc::make_mut(&mut self.entries).push(Arc::clone(entry));
    }

    /// Somebody asked for the closed segments.
    pub fn is_wanted(&self) -> bool {
        self.folder.is_none()
    }

    /// Begins to read the closed segments, once.
    pub fn want(&mut self) {
        let Some(folder) = self.folder.take() else { return };
        let known: FxHashSet<Id> = self.entries.iter().map(|entry| entry.id).collect();
        let (send, receive) = channel();
        self.coming = Some(receive);
        let reading = std::thread::Builder::new().spawn(move || {
            let mut known = known;
            for path in folder.closed().iter().rev() {
                // A segment that does not read leaves a gap in what is shown; `verify` names it.
                let Ok(Some(bytes)) = read_file(path) else { continue };
                if send.send(fresh(&bytes, &mut known)).is_err() {
                    return;
                }
            }
        });
        // Without a thread the open segment is what is known.
        drop(reading);
    }

    /// Still reading.
    pub fn is_coming(&self) -> bool {
        self.coming.is_some()
    }

    /// Takes in what the thread has read. True when something came.
    pub fn poll(&mut self) -> bool {
        let Some(coming) = &self.coming else { return false };
        let mut came = false;
        loop {
            match coming.try_recv() {
                Ok(older) => {
                    let mut all = older;
                    all.extend(self.entries.iter().cloned());
                    self.entries = Arc::new(all);
                    came = true;
                }
                Err(std::sync::mpsc::TryRecvError::Empty) => return came,
                Err(std::sync::mpsc::TryRecvError::Disconnected) => {
                    self.coming = None;
                    return true;
                }
            }
        }
    }
}

/// The steps of a segment that were not met yet: lines behind a checkpoint stand in two segments.
fn fresh(bytes: &[u8], known: &mut FxHashSet<Id>) -> Vec<Arc<LoggedStep>> {
    let steps = scan(bytes).lines.into_iter().filter_map(|line| match line {
        JournalLine::Step(entry) => Some(entry),
        JournalLine::Snapshot { .. } => None,
    });
    steps.filter(|entry| known.insert(entry.id)).collect()
}
