//! What a proposal asks for, read from its cells: the changes, who answers it, and what accepting it allows.

use crate::model::access::{Access, access, permit};
use crate::model::change::{Change, Step};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::role::{Owner, Role};
use crate::model::schema::{Kind, Proposal, ProposalState};
use crate::model::snapshot_types::ProposedCell;
use crate::model::value::Value;

/// The cells as a proposal stores them.
pub fn stored(changes: &[Change]) -> Vec<ProposedCell> {
    let cell = |change: &Change| ProposedCell {
        on: change.id,
        kind: change.kind().key().to_string(),
        field: change.field.key.to_string(),
        was: change.from.clone(),
        want: change.to.clone(),
        beside: None,
    };
    changes.iter().map(cell).collect()
}

/// The changes that a proposal asks for. Cells that this version does not know are left out.
pub fn wanted(proposal: &Proposal) -> Vec<Change> {
    let change = |cell: &ProposedCell| {
        let field = Kind::parse(&cell.kind)?.field(&cell.field)?;
        Some(Change { id: cell.on, field, from: cell.was.clone(), to: cell.want.clone() })
    };
    proposal.changes.iter().filter_map(change).collect()
}

/// The records that a proposal would create; most create none or one.
pub fn creates(proposal: &Proposal) -> Vec<(Kind, Id)> {
    let all = wanted(proposal);
    all.iter().filter(|change| change.is_creation()).map(|change| (change.kind(), change.id)).collect()
}

/// The cells that its author could not write.
fn asked(proposal: &Proposal) -> impl Iterator<Item = Change> {
    let role = role(proposal);
    wanted(proposal).into_iter().filter(move |change| access(role, change.field) == Access::Propose)
}

/// The half that answers it.
pub fn owner(proposal: &Proposal) -> Owner {
    asked(proposal).next().map_or(Owner::Both, |change| change.field.owner)
}

/// True if this role answers it.
pub fn decides(role: Role, proposal: &Proposal) -> bool {
    asked(proposal).all(|change| access(role, change.field) != Access::Propose)
}

/// Checks that the role may make the step on this product: what [`permit`] allows, and in a step that accepts a proposal,
/// or takes that back, the cells that the author of the proposal owns and wanted.
///
/// # Errors
///
/// Those of [`permit`].
pub fn permit_on(product: &Product, role: Role, step: &Step) -> Result<(), Refusal> {
    let refusal = match permit(role, step) {
        Ok(()) => return Ok(()),
        Err(refusal) => refusal,
    };
    let credits: Vec<Credit> = step.changes.iter().filter_map(|change| credit(product, change)).collect();
    let is_credited = |change: &Change| credits.iter().any(|credit| credit.covers(change));
    let mut theirs = step.changes.iter().filter(|change| access(role, change.field) == Access::Propose);
    if theirs.all(is_credited) { Ok(()) } else { Err(refusal) }
}

/// True if the step accepts a proposal, or takes that back.
pub fn accepts(step: &Step) -> bool {
    step.changes.iter().any(|change| answers(change).is_some())
}

/// The proposals that a step accepts.
pub fn accepted(step: &Step) -> impl Iterator<Item = Id> {
    step.changes.iter().filter(|change| answers(change) == Some(true)).map(|change| change.id)
}

/// A proposal that a step accepts, or whose acceptance it takes back.
struct Credit {
    role: Role,
    wanted: Vec<Change>,
    accepted: bool,
}

impl Credit {
    fn covers(&self, change: &Change) -> bool {
        let value = if self.accepted { &change.to } else { &change.from };
        let same = |one: &Change| one.id == change.id && one.field == change.field && one.to == *value;
        access(self.role, change.field) == Access::Write && self.wanted.iter().any(same)
    }
}

fn credit(product: &Product, change: &Change) -> Option<Credit> {
    let accepted = answers(change)?;
    let proposal = product.get::<Proposal>(change.id)?;
    Some(Credit { role: role(proposal), wanted: wanted(proposal), accepted })
}

/// `Some(true)` if the change accepts a proposal, `Some(false)` if it takes that back.
fn answers(change: &Change) -> Option<bool> {
    let is_state = change.kind() == Kind::Proposal && change.field.key == "state";
    let is_accepted = |value: &Value| value.as_str() == Some(ProposalState::Accepted.key());
    match (is_accepted(&change.from), is_accepted(&change.to)) {
        (false, true) if is_state => Some(true),
        (true, false) if is_state => Some(false),
        _ => None,
    }
}

/// The role in which it was made.
pub fn role(proposal: &Proposal) -> Role {
    Role::parse(&proposal.role).unwrap_or_default()
}
