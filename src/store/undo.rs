//! Undo and redo of a person's own acts, including those of earlier sessions, last one first.

use crate::model::change::Step;
use crate::model::id::Id;
use crate::model::rules::Refusal;
use crate::model::saturating::take_at;
use crate::model::undo_barrier::stop;
use crate::store::folder::Folder;
use crate::store::journal::{LoggedStep, OUTSIDE};
use crate::store::segments::{Segment, Segments};
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// One act that can be undone or redone.
#[derive(Clone, Debug)]
pub struct UndoEntry {
    /// The original act, which `undoes` and `redoes` name.
    pub act: Id,
    /// The step to invert: the act, its undo, or its redo, as written.
    pub step: Arc<Step>,
    pub role: crate::model::role::Role,
    pub fence: bool,
}

/// A person's stack of acts.
#[derive(Clone, Debug, Default)]
pub struct UndoStack {
    done: Vec<UndoEntry>,
    undone: Vec<UndoEntry>,
    /// Older steps, read when needed.
    older: Segments,
    /// Acts whose state is known from later lines, so that older segments add nothing.
    spoken: FxHashSet<Id>,
    /// A new act came after what has been read so far: whatever was undone before it cannot be redone.
    acted: bool,
    by: String,
    /// Names that this person had before in this session.
    earlier: Vec<String>,
}

impl UndoStack {
    /// The changes of `by` in the open segment. Older ones are read when they are wanted.
    pub fn of(by: &str, entries: &[Arc<LoggedStep>], folder: &Folder) -> UndoStack {
        let older = Segments::closed(folder, entries.iter().map(|entry| entry.id));
        let mut acts = UndoStack { by: by.to_string(), older, ..UndoStack::default() };
        for entry in entries.iter().filter(|entry| acts.is_mine(entry)).cloned().collect::<Vec<_>>() {
            acts.note(&entry);
        }
        acts
    }

    fn is_mine(&self, entry: &LoggedStep) -> bool {
        entry.by == self.by || entry.by == OUTSIDE || self.earlier.contains(&entry.by)
    }

    /// The same person goes by another name from now on; what they did before stays theirs.
    pub fn rename(&mut self, by: &str) {
        self.earlier.push(std::mem::replace(&mut self.by, by.to_string()));
    }

    /// Adds a step of this person: a change, an undo or a redo.
    pub fn note(&mut self, entry: &LoggedStep) {
        let act = entry.undoes.or(entry.redoes).unwrap_or(entry.id);
        let done = UndoEntry { act, step: Arc::new(entry.step.clone()), role: entry.role, fence: entry.fence };
        self.spoken.insert(act);
        if entry.undoes.is_some() {
            self.done.retain(|one| one.act != act);
            self.undone.push(done);
        } else if entry.redoes.is_some() {
            self.undone.retain(|one| one.act != act);
            self.done.push(done);
        } else {
            self.forget_undone();
            self.done.push(done);
        }
    }

    /// Corrects a change that was written differently from what was shown, or removes it if it was not written.
    pub fn correct(&mut self, act: Id, step: Option<&Step>) {
        for stack in [&mut self.done, &mut self.undone] {
            match step {
                Some(step) => {
                    stack.iter_mut().filter(|one| one.act == act).for_each(|one| one.step = Arc::new(step.clone()))
                }
                None => stack.retain(|one| one.act != act),
            }
        }
    }

    /// Puts a change back where it was before an undo or redo that was refused.
    pub fn put_back(&mut self, act: Id, step: Step) {
        let step = Arc::new(step);
        let taken = |stack: &mut Vec<UndoEntry>| {
            let at = stack.iter().rposition(|one| one.act == act)?;
            take_at(stack, at)
        };
        if let Some(one) = taken(&mut self.undone) {
            self.done.push(UndoEntry { step, ..one });
        } else if let Some(one) = taken(&mut self.done) {
            self.undone.push(UndoEntry { step, ..one });
        }
    }

    /// The change that undo would take back. Reads older segments if need be.
    ///
    /// # Errors
    ///
    /// There is none, or undo stops at it.
    pub fn last(&mut self) -> Result<UndoEntry, Refusal> {
        self.read_until(|acts| !acts.done.is_empty());
        match self.done.last() {
            None => Err(Refusal::new("Nothing of yours is left to undo.", "History shows all changes.")),
            Some(done) if done.fence => Err(stop(&done.step)),
            Some(done) => Ok(done.clone()),
        }
    }

    /// The change that redo would bring back: one undone with no new change since.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn last_undone(&mut self) -> Result<UndoEntry, Refusal> {
        self.read_until(|acts| acts.acted || !acts.undone.is_empty());
        self.undone.last().cloned().ok_or_else(|| Refusal::new("Nothing is left to redo.", ""))
    }

    /// Takes out a change that can be undone, however old it is.
    pub fn take_done(&mut self, act: Id) -> Option<UndoEntry> {
        self.read_until(|acts| acts.done.iter().any(|one| one.act == act));
        let at = self.done.iter().rposition(|one| one.act == act)?;
        take_at(&mut self.done, at)
    }

    /// Takes out a change that can be redone, however old it is.
    pub fn take_undone(&mut self, act: Id) -> Option<UndoEntry> {
        self.read_until(|acts| acts.acted || acts.undone.iter().any(|one| one.act == act));
        let at = self.undone.iter().rposition(|one| one.act == act)?;
        take_at(&mut self.undone, at)
    }

    pub fn pop(&mut self) {
        self.done.pop();
    }

    pub fn pop_undone(&mut self) {
        self.undone.pop();
    }

    pub fn push_done(&mut self, done: UndoEntry) {
        self.spoken.insert(done.act);
        self.done.push(done);
    }

    pub fn push_undone(&mut self, done: UndoEntry) {
        self.undone.push(done);
    }

    pub fn forget_undone(&mut self) {
        self.undone.clear();
        self.acted = true;
    }

    fn read_until(&mut self, enough: impl Fn(&UndoStack) -> bool) {
        while !enough(self) {
            let Some(segment) = self.older.next() else { break };
            self.take_older(&segment);
        }
    }

    fn take_older(&mut self, segment: &Segment) {
        let mut acts = UndoStack { by: self.by.clone(), earlier: self.earlier.clone(), ..UndoStack::default() };
        segment
            .steps()
            .filter(|entry| acts.is_mine(entry))
            .cloned()
            .collect::<Vec<_>>()
            .iter()
            .for_each(|entry| acts.note(entry));
        // An act may have been undone in a later segment.
        acts.done.retain(|one| !self.spoken.contains(&one.act));
        acts.done.append(&mut self.done);
        self.done = acts.done;
        if !self.acted {
            acts.undone.retain(|one| !self.spoken.contains(&one.act));
            acts.undone.append(&mut self.undone);
            self.undone = acts.undone;
            self.acted = acts.acted;
        }
        self.spoken.extend(acts.spoken);
    }
}
