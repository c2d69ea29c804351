//! Requests to the writer, and their outcomes.

use crate::model::change::Origin;
use crate::model::change::Step;
use crate::model::derived_cells::Stamp;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Role;
use crate::model::rules::Refusal;
use crate::model::value::When;
use crate::store::journal::LoggedStep;
use std::sync::Arc;

/// A request to write a step.
#[derive(Clone, Debug)]
pub struct WriteRequest {
    pub id: Id,
    pub session: Id,
    pub n: u32,
    pub time: When,
    pub by: String,
    pub role: Role,
    pub way: Origin,
    pub undoes: Option<Id>,
    pub redoes: Option<Id>,
    pub fence: bool,
    /// The newest step of the file that the author knew. If not given, the act is made on the file as it is.
    pub seen: Option<Id>,
    /// It was saved once and is brought back: the line says that its author has seen the file as it is now.
    pub again: bool,
    /// Later steps of others are fitted to what the author could not have seen (`concurrent`).
    pub meets_later: bool,
    pub step: Step,
}

/// Who acts, when and in which role.
#[derive(Clone, Debug)]
pub struct Author {
    pub session: Id,
    /// Sequence number of the act within the session, from 1.
    pub n: u32,
    pub time: When,
    pub by: String,
    pub role: Role,
}

impl WriteRequest {
    /// An edit that is made on the file as it is.
    pub fn new(id: Id, author: Author, step: Step) -> WriteRequest {
        let Author { session, n, time, by, role } = author;
        WriteRequest {
            id,
            session,
            n,
            time,
            by,
            role,
            way: Origin::Edit,
            undoes: None,
            redoes: None,
            fence: false,
            seen: None,
            again: false,
            meets_later: false,
            step,
        }
    }

    /// Whose act it is, for what the program adds to it.
    pub(super) fn stamp(&self) -> Stamp {
        Stamp { step: self.id, by: self.by.clone(), at: self.time, alone: self.role == Role::Both }
    }

    /// An act that is made on the file as it is has seen all of it.
    pub(super) fn on_the_file(self, last: Option<Id>) -> WriteRequest {
        let seen = if self.meets_later { self.seen } else { self.seen.or(last) };
        WriteRequest { seen, ..self }
    }

    /// The line of the journal for this act, with the step as it is written.
    pub fn logged(&self, step: Step) -> LoggedStep {
        LoggedStep {
            id: self.id,
            session: self.session,
            n: self.n,
            time: self.time,
            by: self.by.clone(),
            role: self.role,
            undoes: self.undoes,
            redoes: self.redoes,
            fence: self.fence,
            seen: self.seen,
            step,
        }
    }

    /// The original step, of which this is the first execution, the undo or the redo.
    pub fn first(&self) -> Id {
        self.undoes.or(self.redoes).unwrap_or(self.id)
    }
}

/// What became of a request.
#[derive(Clone, Debug)]
pub enum WriteOutcome {
    /// On disk, as written here.
    Saved { entry: Arc<LoggedStep>, left: Vec<String>, conflicts: usize },
    /// It changes nothing, so nothing was written.
    Unchanged,
    /// Against a rule, or overtaken by the changes of others.
    Refused(Refusal),
    /// Not on disk; it can be retried.
    NotSaved(String),
}

/// What the next request of a group can build on.
pub struct Staged<'a> {
    pub product: &'a Product,
    /// The newest step, including those of this group.
    pub last: Option<Id>,
}
