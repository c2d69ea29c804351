//! What somebody asked or proposed and somebody else has answered lately.

use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{Feedback, Proposal, ProposalState};
use crate::model::value::{Day, When};

/// For how many days an answer stays in sight.
const NEWS_DAYS: i64 = 14;

fn is_late(answered: Option<When>, today: Day) -> bool {
    answered.is_some_and(|at| today.days_since(at.day()) <= NEWS_DAYS)
}

/// True if it is this person's proposal and was answered lately, by whomever.
pub fn is_decided(proposal: &Proposal, by: &str, today: Day) -> bool {
    let answered = matches!(proposal.state, ProposalState::Accepted | ProposalState::Declined);
    answered && *proposal.by == *by && is_late(proposal.answered, today)
}

/// True if it is this person's question or remark, and somebody else answered it lately.
pub fn is_answered(one: &Feedback, by: &str, today: Day) -> bool {
    !one.role.is_empty() && *one.source == *by && *one.answered_by != *by && is_late(one.answered, today)
}

/// What others answered of this person's proposals, questions and remarks, the latest proposals first.
pub fn answers_to(product: &Product, by: &str, today: Day) -> Vec<Id> {
    let proposals = product.all::<Proposal>().rev();
    let decided = proposals.filter(|one| *one.answered_by != *by && is_decided(one, by, today)).map(|one| one.id);
    let said = product.all::<Feedback>().rev().filter(|one| is_answered(one, by, today)).map(|one| one.id);
    decided.chain(said).collect()
}
