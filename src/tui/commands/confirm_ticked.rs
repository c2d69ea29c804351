//! One key for ticked rows of several kinds: each gets the yes that it waits for, as one act. What decides something is
//! only done where all ticked rows wait for the same.

use crate::actions::feedback::close;
use crate::actions::proposal::accept;
use crate::actions::{Context, goal, link};
use crate::insight::attention::addressee;
use crate::insight::proposals::{decides, status};
use crate::model::change::{JoinedSteps, Step};
use crate::model::grammar::{capital, count, plural_noun};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::role::Role;
use crate::model::schema::{Feedback, FeedbackKind, FeedbackState, GoalState, Kind, ProductGoal, Proposal};
use crate::tui::commands::agree::agrees_to;
use crate::tui::state::contract::{Commit, Outcome};
use crate::tui::state::marks::EachTold;
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::ui::Ui;

/// What a yes means for a record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Yes {
    Accept,
    Adopt,
    Agree,
    StillFits,
    Read,
}

impl Yes {
    const ALL: [Yes; 5] = [Yes::Accept, Yes::Adopt, Yes::Agree, Yes::StillFits, Yes::Read];

    /// Accepting, adopting and agreeing decide something: beside rows of another kind, none of them is done in passing.
    fn decides(self) -> bool {
        matches!(self, Yes::Accept | Yes::Adopt | Yes::Agree)
    }

    /// `2 proposals`, of what waits for this yes.
    fn waiting(self, many: usize) -> String {
        match self {
            Yes::Accept => count(many, "proposal", "proposals"),
            Yes::Adopt => count(many, "remark", "remarks"),
            Yes::Agree => count(many, "Product Goal", "Product Goals"),
            Yes::Read => count(many, "answer", "answers"),
            Yes::StillFits => count(many, "record", "records"),
        }
    }

    /// `accepted 2 proposals`.
    fn done(self, many: usize) -> String {
        match self {
            Yes::Accept => format!("accepted {}", self.waiting(many)),
            Yes::Adopt => format!("adopted {}", self.waiting(many)),
            Yes::Agree => format!("agreed to {}", self.waiting(many)),
            Yes::Read => format!("marked {} as read", self.waiting(many)),
            Yes::StillFits => format!("confirmed {}", self.waiting(many)),
        }
    }
}

/// True if several rows are ticked that are not answered in the same way.
pub fn is_mixed(product: &Product, ids: impl Iterator<Item = Id>) -> bool {
    let mut kinds: Vec<Kind> = ids.filter_map(|id| product.find(id)).map(|record| record.kind()).collect();
    let is_one = kinds.len() < 2;
    let of_its_own = kinds.iter().any(|kind| matches!(kind, Kind::Proposal | Kind::Feedback | Kind::ProductGoal));
    kinds.dedup();
    !is_one && (of_its_own || kinds.len() > 1)
}

/// The yes that a record waits for from this role, if it does.
fn waits_for(ui: &Ui, product: &Product, answers: &[Id], id: Id) -> Option<Yes> {
    if answers.contains(&id) {
        return Some(Yes::Read);
    }
    if let Some(proposal) = product.get::<Proposal>(id) {
        return (status(product, proposal).is_open() && decides(ui.role, proposal)).then_some(Yes::Accept);
    }
    if let Some(one) = product.get::<Feedback>(id) {
        let is_mine = addressee(product, one).is_none_or(|owner| ui.role.owns(owner));
        let waits = one.state == FeedbackState::New && one.kind != FeedbackKind::Question;
        return (is_mine && waits).then_some(Yes::Adopt);
    }
    let record = product.find(id)?;
    if product.get::<ProductGoal>(id).is_some_and(|goal| agrees_to(ui.role, product, goal)) {
        return Some(Yes::Agree);
    }
    (record.kind().field("confirmed").is_some() && ui.role.owns(record.kind().owner())).then_some(Yes::StillFits)
}

/// Checks that one of the ticked rows waits for a yes from this role.
pub fn may_confirm_some(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    let answers = ui.new_answers(product);
    match ui.some_targets().any(|id| waits_for(ui, product, &answers, id).is_some()) {
        true => Ok(()),
        false => Err(NotReady::Sentence(NONE.to_string())),
    }
}

const NONE: &str = "None of the ticked rows waits for your yes.";

/// Says yes to each of these that waits for it, as one step; the others are skipped and counted.
pub fn confirm_all(ui: &mut Ui, product: &Product, ids: &[Id], context: &mut Context) -> Outcome {
    let (mut all, mut after) = (JoinedSteps::default(), product.clone());
    let (mut done, mut skipped) = (Vec::<(Id, Yes)>::new(), Skipped::default());
    let answers = ui.new_answers(product);
    let each: Vec<Option<Yes>> = ids.iter().map(|id| waits_for(ui, product, &answers, *id)).collect();
    let first = each.iter().flatten().next();
    let is_one_kind = each.iter().flatten().all(|yes| Some(yes) == first);
    let mut own: Vec<Yes> = Vec::new();
    for (id, yes) in ids.iter().zip(each) {
        let Some(yes) = yes else {
            skipped.add(&after, *id, why_not(ui, &after, *id));
            continue;
        };
        if yes.decides() && !is_one_kind {
            own.push(yes);
            continue;
        }
        let said = match yes {
            Yes::Read => {
                done.push((*id, yes));
                continue;
            }
            Yes::Accept => accept(&after, *id, &[], "", context),
            Yes::Adopt => close(&after, *id, FeedbackState::Adopted, "", context),
            Yes::Agree => goal::state(&after, &[*id], GoalState::Active, "", context),
            Yes::StillFits => link::confirm(&after, &[*id], "", context),
        };
        match said {
            Ok(step) if step.is_empty() => skipped.add(&after, *id, FITS),
            Ok(step) => {
                if let Err(why) = after.apply(&step) {
                    return Outcome::refuse(why);
                }
                all.add(step);
                done.push((*id, yes));
            }
            Err(refusal) => skipped.refuse(refusal),
        }
    }
    let own = own_yes(&own);
    if done.is_empty() && !own.is_empty() {
        return Outcome::say(format!("Nothing was decided.{own} Tick rows of one kind, or take them one by one."));
    }
    if done.is_empty() {
        let told = skipped.told();
        return skipped
            .refusals
            .into_iter()
            .next()
            .map_or_else(|| Outcome::say(format!("{NONE}{told}")), Outcome::refuse);
    }
    let told = Yes::ALL.map(|yes| (yes, done.iter().filter(|(_, one)| *one == yes).count()));
    let told: Vec<String> = told.iter().filter(|(_, many)| *many > 0).map(|(yes, many)| yes.done(*many)).collect();
    let label = capital(&in_a_row(&told));
    let skipped = skipped.told();
    let ids: Vec<Id> = done.into_iter().map(|(id, _)| id).collect();
    let read: Vec<Id> = ids.iter().copied().filter(|id| answers.contains(id)).collect();
    let back = if read.len() == ids.len() { "" } else { " {undo} takes it back." };
    let say = Some(format!("{label}.{own}{skipped}{back}").into());
    ui.slots.put(EachTold(label.clone()));
    let step = Step { label: label.clone(), ..all.into_step(label) };
    let untick = move |ui: &mut Ui, product: &Product| {
        ui.read_answers(product, &read);
        ui.ticked.retain(|id| !ids.contains(id));
        ui.ticked_hidden.retain(|id| !ids.contains(id));
    };
    Outcome::Commit(Commit { say, then: Some(Box::new(untick)), ..Commit::new(step) })
}

/// ` 2 proposals and 1 remark wait for their own C.`; empty if none does.
fn own_yes(all: &[Yes]) -> String {
    let many = Yes::ALL.map(|yes| (yes, all.iter().filter(|one| **one == yes).count()));
    let words: Vec<String> = many.iter().filter(|(_, many)| *many > 0).map(|(yes, many)| yes.waiting(*many)).collect();
    match all.len() {
        0 => String::new(),
        1 => format!(" {} waits for its own {{confirm}}.", in_a_row(&words)),
        _ => format!(" {} wait for their own {{confirm}}.", in_a_row(&words)),
    }
}

/// Why a row was skipped, after its name or after a number of such rows.
type Because = (&'static str, &'static str);

const FITS: Because = ("fits its why already", "fit their why already");

/// Why nothing waits for a yes from this role.
fn why_not(ui: &Ui, product: &Product, id: Id) -> Because {
    let other = match ui.role {
        Role::Pm => ("waits for the PO", "wait for the PO"),
        Role::Po => ("waits for the PM", "wait for the PM"),
        Role::Both => ("waits for nobody", "wait for nobody"),
    };
    if let Some(proposal) = product.get::<Proposal>(id) {
        let is_open = status(product, proposal).is_open();
        return if is_open { other } else { ("was answered already", "were answered already") };
    }
    if let Some(one) = product.get::<Feedback>(id) {
        let is_mine = addressee(product, one).is_none_or(|owner| ui.role.owns(owner));
        return match (one.state, is_mine) {
            (FeedbackState::New, true) => {
                ("waits for words, {comment} answers it", "wait for words, {comment} answers each")
            }
            (FeedbackState::New, false) => other,
            _ => ("was answered already", "were answered already"),
        };
    }
    match product.find(id) {
        Some(record) if record.kind().field("confirmed").is_some() => other,
        _ => ("has nothing to confirm", "have nothing to confirm"),
    }
}

/// The rows that got no yes, by what they are and why.
#[derive(Default)]
struct Skipped {
    rows: Vec<(String, String, Because, Vec<Id>)>,
    refusals: Vec<Refusal>,
}

impl Skipped {
    fn add(&mut self, product: &Product, id: Id, because: Because) {
        let (one, many) = match product.find(id).map(|record| record.kind()) {
            Some(Kind::Feedback) => match product.get::<Feedback>(id).map(|one| one.kind) {
                Some(FeedbackKind::Question) => ("question".to_string(), "questions".to_string()),
                _ => ("remark".to_string(), "remarks".to_string()),
            },
            Some(kind) => (kind.noun().to_string(), plural_noun(kind)),
            None => ("row".to_string(), "rows".to_string()),
        };
        match self.rows.iter_mut().find(|known| (&known.0, known.2) == (&one, because)) {
            Some(known) => known.3.push(id),
            None => self.rows.push((one, many, because, vec![id])),
        }
    }

    fn refuse(&mut self, refusal: Refusal) {
        self.refusals.push(refusal);
    }

    /// ` Skipped: 2 questions wait for words, c answers each; 1 proposal waits for the PO.`; empty if none was.
    fn told(&self) -> String {
        let rows = self.rows.iter().map(|(one, many, because, ids)| {
            let verb = if ids.len() == 1 { because.0 } else { because.1 };
            format!("{} {verb}", count(ids.len(), one, many))
        });
        let mut refused: Vec<(&str, usize)> = Vec::new();
        for refusal in &self.refusals {
            match refused.iter_mut().find(|(what, _)| *what == refusal.what) {
                Some((_, many)) => *many = many.saturating_add(1),
                None => refused.push((&refusal.what, 1)),
            }
        }
        let refused = refused.iter().map(|(what, many)| match many {
            1 => what.trim_end_matches('.').to_string(),
            many => format!("{many} times: {}", what.trim_end_matches('.')),
        });
        let all: Vec<String> = rows.chain(refused).collect();
        if all.is_empty() { String::new() } else { format!(" Skipped: {}.", all.join("; ")) }
    }
}

/// `a`, `a and b`, `a, b and c`.
fn in_a_row(all: &[String]) -> String {
    match all {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}
