//! Proposals as they stand now: the values, which ones are overtaken, and which records they are about.

use crate::model::change::Change;
use crate::model::id::Id;
use crate::model::product::Product;
pub use crate::model::proposed::{creates, decides, owner, role, wanted};
use crate::model::schema::{Proposal, ProposalState};
use crate::model::value::Value;
use rustc_hash::FxHashSet;
use std::fmt;

/// Where a proposal stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProposalStatus {
    Open,
    /// Open, but something that it would change has changed since.
    Stale,
    Accepted,
    Declined,
    Withdrawn,
}

impl ProposalStatus {
    /// As `show inbox --json` names it.
    pub fn key(self) -> &'static str {
        match self {
            ProposalStatus::Open => "open",
            ProposalStatus::Stale => "stale",
            ProposalStatus::Accepted => "accepted",
            ProposalStatus::Declined => "declined",
            ProposalStatus::Withdrawn => "withdrawn",
        }
    }

    pub fn is_open(self) -> bool {
        matches!(self, ProposalStatus::Open | ProposalStatus::Stale)
    }
}

impl fmt::Display for ProposalStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ProposalStatus::Stale => "made for an older text",
            other => other.key(),
        })
    }
}

/// One cell of a proposal with the three values that matter.
#[derive(Clone, PartialEq, Debug)]
pub struct ProposedChange {
    /// From the value at the time of the proposal to the one wanted.
    pub change: Change,
    pub present: Value,
}

impl ProposedChange {
    /// True if the cell has changed since, to something else than what is wanted.
    pub fn is_stale(&self) -> bool {
        self.present != self.change.from && self.present != self.change.to
    }
}

/// The cells that it would change, as they are now.
pub fn cells(product: &Product, proposal: &Proposal) -> Vec<ProposedChange> {
    let cell = |change: Change| ProposedChange { present: product.value(change.id, change.field), change };
    wanted(proposal).into_iter().map(cell).collect()
}

/// Where it stands.
pub fn status(product: &Product, proposal: &Proposal) -> ProposalStatus {
    match proposal.state {
        ProposalState::Accepted => ProposalStatus::Accepted,
        ProposalState::Declined => ProposalStatus::Declined,
        ProposalState::Withdrawn => ProposalStatus::Withdrawn,
        ProposalState::Open if cells(product, proposal).iter().any(|cell| is_overtaken(product, cell)) => {
            ProposalStatus::Stale
        }
        ProposalState::Open => ProposalStatus::Open,
    }
}

/// True if a cell has changed since, or belongs to a record that has been deleted since.
fn is_overtaken(product: &Product, cell: &ProposedChange) -> bool {
    let gone = || product.find(cell.change.id).is_some_and(|record| !record.is_alive());
    cell.is_stale() || (cell.change.field.key != "alive" && gone())
}

/// The open proposals, oldest first, each with what it says.
pub fn open(product: &Product) -> impl Iterator<Item = &Proposal> {
    product.all::<Proposal>().map(|one| &**one).filter(|one| one.state == ProposalState::Open)
}

/// The records with an open proposal on them.
pub fn marked(product: &Product) -> FxHashSet<Id> {
    open(product).flat_map(|one| one.about.iter().copied()).collect()
}

/// The open proposals on a record, oldest first.
pub fn open_on(product: &Product, id: Id) -> Vec<&Proposal> {
    open(product).filter(|one| one.about.contains(&id)).collect()
}
