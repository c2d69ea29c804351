//! Brings kept steps back under their own ids, so that none is taken twice.

use crate::model::change::Origin;
use crate::model::rebase::Rebased;
use crate::model::refusal::Refusal;
use crate::store::error::{Result, StoreError};
use crate::store::folder::Folder;
use crate::store::journal::{LoggedStep, OUTSIDE};
use crate::store::kept_files::{Kept, among, keep, missing};
use crate::store::notice::{Notice, NoticeKind};
use crate::store::session::{News, Session};
use crate::store::undo::UndoEntry;
use crate::store::write_request::{Author, WriteOutcome, WriteRequest};
use crate::store::writer::Writer;
use std::sync::Arc;

/// What became of the kept steps.
#[derive(Debug, Default)]
pub struct BroughtBack {
    /// How many are in the product again.
    pub taken: usize,
    /// The others, with the reason: `Renamed S1: S1 is deleted.`
    pub refused: Vec<String>,
}

/// Tells of changes that could not be written before an earlier program was ended. `None` if all are in the journal.
pub fn unsaved(folder: &Folder) -> Option<Notice> {
    let (changes, them) = match among(folder, Kept::Unsaved.prefix()).len() {
        0 => return None,
        1 => ("1 change was".to_string(), "it"),
        n => (format!("{n} changes were"), "them"),
    };
    let text = format!("{changes} not on disk when whyhow was ended, and kept in backup. {BACK} brings {them} back.");
    Some(Notice::new(NoticeKind::KeptSteps, text))
}

/// What brings kept steps back, on the screen and in a shell.
pub const BACK: &str = "The command \"bring back\" or whyhow repair --steps";

/// Asks for a kept step again: its author, its moment and its id, on top of what the files hold now.
pub fn request(step: &LoggedStep) -> WriteRequest {
    let author = Author { session: step.session, n: step.n, time: step.time, by: step.by.clone(), role: step.role };
    let way = match (step.undoes.or(step.redoes), step.by == OUTSIDE) {
        (Some(_), _) => Origin::Undo,
        (None, true) => Origin::External,
        (None, false) => Origin::Edit,
    };
    WriteRequest {
        way,
        undoes: step.undoes,
        redoes: step.redoes,
        fence: step.fence,
        seen: step.seen,
        again: true,
        meets_later: true,
        ..WriteRequest::new(step.id, author, step.step.clone())
    }
}

/// Writes the kept steps that the journal lacks. Values that others changed since stay as they are.
///
/// # Errors
///
/// The files could not be written. What was taken before is in them; the rest is still kept.
pub fn bring_back(writer: &mut Writer) -> Result<BroughtBack> {
    let mut done = BroughtBack::default();
    for step in missing(writer.folder()) {
        for outcome in writer.commit(&[request(&step)]) {
            match outcome {
                WriteOutcome::Saved { .. } => done.taken = done.taken.saturating_add(1),
                WriteOutcome::Unchanged => {
                    done.refused.push(format!("{}: it would change nothing now.", step.step.label));
                }
                WriteOutcome::Refused(refusal) => {
                    done.refused.push(format!("{}: {}", step.step.label, refusal.what));
                }
                WriteOutcome::NotSaved(why) => return Err(StoreError::ReadOnly { why }),
            }
        }
    }
    Ok(done)
}

impl Session {
    /// Brings back saved steps that replaced files lack, each as an act of its author; does not wait for the disk. Returns
    /// how many fit.
    ///
    /// # Errors
    ///
    /// Nothing was changed: no step is missing, none fits, or the session is read-only.
    pub fn bring_back(&mut self) -> std::result::Result<usize, Refusal> {
        self.may_write()?;
        let (mut taken, mut refused) = (0usize, None);
        for step in missing(self.folder()) {
            let act = request(&step);
            match self.admit(&act) {
                Ok(Rebased { step, .. }) if step.is_empty() => {}
                Ok(Rebased { step: applied, .. }) => {
                    if act.by == self.by && act.way == Origin::Edit {
                        let (step, role) = (Arc::new(applied.clone()), act.role);
                        self.undo.push_done(UndoEntry { act: act.id, step, role, fence: act.fence });
                    }
                    self.send(act, applied);
                    taken = taken.saturating_add(1);
                }
                Err(refusal) => refused = refused.or(Some(refusal)),
            }
        }
        match (taken, refused) {
            (0, Some(refusal)) => Err(refusal),
            (0, None) => Err(Refusal::new("No saved step is missing.", "Nothing was changed.")),
            (taken, Some(refusal)) => {
                self.aside.push(News::Refused(refusal));
                Ok(taken)
            }
            (taken, None) => Ok(taken),
        }
    }

    /// Keeps the changes that are not on disk beside the product, where `bring_back` finds them.
    ///
    /// # Errors
    ///
    /// Nothing could be written there.
    pub fn keep_pending(&self) -> Result<()> {
        keep(self.folder(), Kept::Unsaved, &self.pending_entries()).map(drop)
    }
}
