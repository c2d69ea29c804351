//! The whole history of a product: read at once to rebuild a product of the past, or newest segment first by a
//! thread of its own if somebody wants to see it. Only reads.

use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::Kind;
use crate::store::file::read_file;
use crate::store::folder::Folder;
use crate::store::journal::LoggedStep;
use crate::store::segments::{Segment, Segments};
use crate::store::snapshot;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

/// Every change ever made, oldest first, as far as read.
#[derive(Default)]
pub struct HistoryReader {
    entries: Arc<Vec<Arc<LoggedStep>>>,
    coming: Option<Receiver<Vec<Arc<LoggedStep>>>>,
    folder: Option<Folder>,
}

impl HistoryReader {
    /// The history of a folder whose open segment has been read.
    pub fn of(folder: &Folder, entries: &[Arc<LoggedStep>]) -> HistoryReader {
        HistoryReader { entries: Arc::new(entries.to_vec()), coming: None, folder: Some(folder.clone()) }
    }

    /// What has been read so far, oldest first; shared, so that a view can keep it.
    pub fn entries(&self) -> Arc<Vec<Arc<LoggedStep>>> {
        Arc::clone(&self.entries)
    }

    /// Adds a step just written here or in another session.
    pub fn note(&mut self, entry: &Arc<LoggedStep>) {
        Arc::make_mut(&mut self.entries).push(Arc::clone(entry));
    }

    /// Returns true if the closed segments were requested.
    pub fn is_wanted(&self) -> bool {
        self.folder.is_none()
    }

    /// Starts to read the closed segments in a thread of its own, once.
    pub fn want(&mut self) {
        let Some(folder) = self.folder.take() else { return };
        let closed = Segments::closed(&folder, self.entries.iter().map(|entry| entry.id));
        let (send, receive) = channel();
        self.coming = Some(receive);
        let reading = std::thread::Builder::new().spawn(move || {
            for segment in closed {
                // An unreadable segment leaves a gap in what is shown; `verify` names it.
                if send.send(segment.steps().cloned().collect()).is_err() {
                    return;
                }
            }
        });
        // Without a thread the open segment is what is known.
        drop(reading);
    }

    /// True while closed segments are being read.
    pub fn is_coming(&self) -> bool {
        self.coming.is_some()
    }

    /// Takes in what the thread has read. True if there was something.
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

/// Every step ever written, from the closed segments on.
pub struct History {
    pub entries: Vec<Arc<LoggedStep>>,
    pub snapshots: Vec<(u32, Option<Id>)>,
    backups: Vec<std::path::PathBuf>,
}

impl History {
    /// Reads the closed segments and appends the open one. Anything unreadable leaves a gap, which
    /// `verify` names.
    pub fn read(folder: &Folder, entries: &[Arc<LoggedStep>], snapshots: &[(u32, Option<Id>)]) -> History {
        let closed: Vec<Segment> = Segments::closed(folder, entries.iter().map(|entry| entry.id)).collect();
        let steps = closed.iter().rev().flat_map(Segment::steps).chain(entries);
        let named = closed.iter().rev().flat_map(Segment::snapshots).chain(snapshots.iter().copied());
        History { entries: steps.cloned().collect(), snapshots: named.collect(), backups: folder.backups() }
    }

    /// The product after the step `through`, or after all steps. `None` if no beginning is found: the first step did
    /// not create the product, and no backup is named by a snapshot line.
    pub fn fold(&self, through: Option<Id>) -> Option<Product> {
        let end = match through {
            Some(id) => self.entries.iter().position(|entry| entry.id == id)?.saturating_add(1),
            None => self.entries.len(),
        };
        let (mut product, from) = self.beginning(end)?;
        for entry in self.entries.get(from..end)? {
            product.apply(&entry.step).ok()?;
        }
        Some(product)
    }

    /// Steps up to which a product.json was written and which no segment holds: older segments are missing.
    pub fn missing(&self) -> Vec<Id> {
        let known: FxHashSet<Id> = self.entries.iter().map(|entry| entry.id).collect();
        self.snapshots.iter().filter_map(|(_, through)| *through).filter(|id| !known.contains(id)).collect()
    }

    /// Steps that come before one their author had seen, with that one: somebody reordered lines.
    pub fn out_of_order(&self) -> Vec<(Id, Id)> {
        let places: FxHashMap<Id, usize> = self.entries.iter().enumerate().map(|(at, entry)| (entry.id, at)).collect();
        let seen_at = |entry: &LoggedStep| entry.seen.and_then(|seen| places.get(&seen).copied());
        let mut out = Vec::new();
        for (at, entry) in self.entries.iter().enumerate() {
            let Some(later) = seen_at(entry).filter(|seen| *seen > at).and_then(|seen| self.entries.get(seen)) else {
                continue;
            };
            // A step that was brought back stands behind what its author has seen by then.
            if seen_at(later).is_none_or(|seen| seen < at) {
                out.push((entry.id, later.id));
            }
        }
        out
    }

    /// The number of steps that follow a missing one, such as those that outlived a checkout of older files.
    pub fn made_elsewhere(&self) -> usize {
        let known: FxHashSet<Id> = self.entries.iter().map(|entry| entry.id).collect();
        self.entries.iter().filter(|entry| entry.seen.is_some_and(|seen| !known.contains(&seen))).count()
    }

    /// An empty product if the first step creates it; else the newest backup that a snapshot line names.
    fn beginning(&self, end: usize) -> Option<(Product, usize)> {
        let first = self.entries.first();
        if first.is_some_and(|entry| entry.step.created().any(|(kind, _)| kind == Kind::VisionBoard)) {
            return Some((Product::default(), 0));
        }
        self.backups.iter().rev().find_map(|path| {
            let bytes = read_file(path).ok()??;
            let crc = crc32fast::hash(&bytes);
            let (_, through) = self.snapshots.iter().rev().find(|(known, _)| *known == crc)?;
            let from = match through {
                Some(id) => self.entries.iter().position(|entry| entry.id == *id)?.saturating_add(1),
                None => 0,
            };
            let (product, _) = snapshot::from_json(&bytes).ok()?;
            (from <= end).then_some((product, from))
        })
    }
}
