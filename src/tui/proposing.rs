//! What an act asks of the other half: what a person writes there becomes a proposal, whatever box it was typed in, and a
//! why that changes asks its hows for another look.

use crate::actions::proposal::{ProposeAs, across};
use crate::insight::changed_why::{PastStep, earlier_tokens};
use crate::insight::proposals::owner;
use crate::insight::review::voices_behind;
use crate::model::change::{Change, Step};
use crate::model::derived_cells::moves_the_why;
use crate::model::grammar::{capital, count};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Role;
use crate::model::rules::Refusal;
use crate::model::schema::{Feedback, GoalState, Kind, ProductGoal, Proposal, ProposalState, Sprint};
use crate::tui::app::App;
use crate::tui::state::access::owner_name;
use crate::tui::state::marks::LastWhy;
use crate::tui::term::text::clean;

impl App {
    /// The step within what the role may write, and the proposals made of the rest.
    pub(super) fn across(&mut self, step: Step, way: ProposeAs) -> Result<(Step, Vec<Id>), Refusal> {
        let mut context = self.context();
        across(self.session.product(), step, "", way, &mut context)
    }

    /// The tokens of whys that this step changes back to what they were.
    pub(super) fn changed_back(&self, step: &Step) -> Vec<Change> {
        let entries = self.session.history().entries();
        let past = || {
            entries.iter().rev().map(|entry| PastStep {
                id: entry.id,
                by: &entry.by,
                at: entry.time,
                step: &entry.step,
            })
        };
        earlier_tokens(self.session.product(), step, past)
    }

    /// Keeps which whys the act gave another meaning, for "wording only". Says which ones have their old one back.
    pub(super) fn note_whys(&mut self, written: &Step, back: &[Change]) -> String {
        let is_back = |change: &Change| back.iter().any(|one| one.id == change.id);
        let moved = written.changes.iter().filter(|change| change.field.key == "why_rev" && !is_back(change));
        self.ui.slots.put(LastWhy(moved.cloned().collect()));
        let product = self.session.product();
        let names: Vec<String> = back.iter().map(|change| product.name_of(change.id)).collect();
        match names.as_slice() {
            [] => String::new(),
            [one] => format!(" {one} reads as it did before, so what was agreed then stands."),
            many => format!(" {} read as they did before, so what was agreed then stands.", many.join(", ")),
        }
    }
}

/// Where the proposals are, as a sentence. `written` is the label of the step if part of it was written.
pub(super) fn told(product: &Product, made: &[Id], step: &Step, written: Option<&String>) -> String {
    let owners: std::collections::BTreeSet<String> = made
        .iter()
        .filter_map(|id| product.get::<Proposal>(*id))
        .map(|proposal| owner_name(product, owner(proposal)))
        .collect();
    let whose = owners.into_iter().collect::<Vec<_>>().join(" and ");
    let is_new = |id: Id| step.created().any(|(_, new)| new == id);
    match (made, written) {
        ([one], None) if !is_new(*one) => return replaced(product, *one, step, &whose),
        _ => {}
    }
    match (made.len(), written) {
        (_, Some(label)) => format!("{label} to {whose}. {{undo}} takes it back."),
        (1, None) => {
            let title = made.first().and_then(|id| product.get::<Proposal>(*id)).map(|one| clean(&one.title));
            format!("Proposed to {whose}, see the Inbox: {}. {{undo}} takes it back.", title.unwrap_or_default())
        }
        (many, None) => {
            let what = count(many, "change", "changes");
            format!("{what} proposed to {whose}; see the Inbox. {{undo}} takes them back.")
        }
    }
}

/// One's own proposal that asks for something else now, or for the same again.
fn replaced(product: &Product, id: Id, step: &Step, whose: &str) -> String {
    let name = product.name_of(id);
    let title = product.get::<Proposal>(id).map(|one| clean(&one.title)).unwrap_or_default();
    let cell = |key: &str| step.changes.iter().find(|change| change.id == id && change.field.key == key);
    if cell("changes").is_none() {
        return format!("{name} asks {whose} for this already: {title}.");
    }
    let was = cell("title").and_then(|change| change.from.as_str()).map(clean);
    let was = was.map(|was| format!(" (it was: {was})")).unwrap_or_default();
    format!("Replaces your proposal {name} to {whose}: {title}{was}. {{undo}} brings the earlier one back.")
}

/// After an undo or redo: what it deletes, with what somebody else wrote on it. True if somebody did.
pub(super) fn gone_with(product: &Product, step: &Step, by: &str) -> (String, bool) {
    let Some(gone) = step.changes.iter().find(|change| change.is_deletion()) else { return (String::new(), false) };
    let name = product.name_of(gone.id);
    match answer_of(product, gone.id).filter(|(who, _)| who != by) {
        Some((who, what)) => {
            let stays = stays(product, gone.id);
            (format!(" {name} is deleted again, and {who}'s {what} with it.{stays}"), true)
        }
        None => (format!(" {name} is deleted again."), false),
    }
}

/// What somebody else's undo took away of this person's words.
pub(super) fn lost_words(product: &Product, step: &Step, by: &str) -> Option<String> {
    let gone = step.changes.iter().find(|change| change.is_deletion())?;
    let (_, what) = answer_of(product, gone.id).filter(|(who, _)| who == by)?;
    let name = product.name_of(gone.id);
    let stays = stays(product, gone.id);
    Some(format!("{name} is deleted, and your {what} with it.{stays} The bin keeps both: {{bin}}."))
}

/// An accepted proposal that is deleted changes nothing back.
fn stays(product: &Product, id: Id) -> String {
    match product.get::<Proposal>(id).filter(|one| one.state == ProposalState::Accepted) {
        Some(one) => format!(" What was accepted stays as it is: {}.", clean(&one.title).trim_end_matches('.')),
        None => String::new(),
    }
}

/// Who answered a question, a remark or a proposal.
fn answer_of(product: &Product, id: Id) -> Option<(String, &'static str)> {
    let by = match (product.get::<Feedback>(id), product.get::<Proposal>(id)) {
        (Some(one), _) => &one.answered_by,
        (_, Some(one)) => &one.answered_by,
        _ => return None,
    };
    (!by.trim().is_empty()).then(|| (clean(by.trim()).into_owned(), "answer"))
}

/// After a release: how many people's words led to it.
pub(super) fn to_tell(product: &Product, step: &Step) -> String {
    let released = step.changes.iter().find(|change| change.field.key == "released" && !change.to.is_null());
    let sprint = released.and_then(|change| product.get::<Sprint>(change.id));
    match sprint.map_or(0, |sprint| voices_behind(product, sprint).len()) {
        0 => String::new(),
        1 => " One voice led to it: \"whom to tell\" shows it.".to_string(),
        many => format!(" {many} voices led to it: \"whom to tell\" lists them."),
    }
}

/// Whose agreement to a Product Goal was to other words than a step gave it.
pub(super) fn lapsed_agreements(product: &Product, step: &Step) -> String {
    let is_token = |change: &&Change| change.kind() == Kind::ProductGoal && change.field.key == "why_rev";
    let mut told = String::new();
    for change in step.changes.iter().filter(is_token) {
        let Some(goal) = product.get::<ProductGoal>(change.id).filter(|goal| goal.state == GoalState::Draft) else {
            continue;
        };
        let (was, name) = (Id::all_in(&change.from).next(), product.name_of(change.id));
        for one in goal.agreed.iter().filter(|one| one.rev == was && one.rev != goal.why_rev.0) {
            let who = match one.by.trim() {
                "" => format!("The {}", Role::parse(&one.role).unwrap_or(Role::Both).label()),
                by => clean(by).into_owned(),
            };
            told.push_str(&format!(" {who} agreed to {name} as it was, and is asked again."));
        }
    }
    told
}

/// Names those whose records need another look because a step changed their why.
pub(super) fn asks_again(product: &Product, step: &Step) -> String {
    // That a change was only wording asks nobody; its message says who asks because of an earlier one.
    if !step.changes.iter().any(moves_the_why) {
        return String::new();
    }
    let asked = crate::insight::describe_change::set_off(product, step);
    let kinds = asked.iter().filter_map(|id| product.find(*id)).map(|record| record.kind());
    let owners: std::collections::BTreeSet<String> = kinds.map(|kind| owner_name(product, kind.owner())).collect();
    if asked.is_empty() {
        return String::new();
    }
    let who: Vec<String> = owners.into_iter().collect();
    let what = match asked.as_slice() {
        [one] => product.name_of(*one),
        many => count(many.len(), "record", "records"),
    };
    let who = capital(&who.join(" and "));
    format!(" {who} should look at {what} again. If the meaning is the same, type {{palette}} wording only.")
}
