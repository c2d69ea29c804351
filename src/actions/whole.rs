//! A story that was split ends with its parts.

use crate::actions::action::Context;
use crate::actions::item::{Answers, moved};
use crate::actions::sprint::ledger::Ledger;
use crate::insight::sprint::is_open;
use crate::model::change::Step;
use crate::model::grammar::count;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::schema::{BacklogItem, ItemStatus};
use crate::model::value::Life;

/// Lets the stories that these are parts of follow them, in the same step: a whole is done with its last open part, and is
/// taken up again with one. Returns what its label says of them, to stand behind what it says of the parts.
///
/// Its parts have passed the Definition of Done; criteria that it kept for itself still have to be met.
///
/// # Errors
///
/// The step does not fit the product.
pub fn follow_parts(product: &Product, step: &mut Step, ids: &[Id], context: &Context) -> Result<String, Refusal> {
    let (mut words, mut below) = (String::new(), ids.to_vec());
    loop {
        let part = |id: &Id| product.get::<BacklogItem>(*id).and_then(|part| part.parent);
        let mut wholes: Vec<Id> = below.iter().filter_map(part).collect();
        wholes.sort_unstable();
        wholes.dedup();
        if wholes.is_empty() {
            return Ok(words);
        }
        let mut now = product.clone();
        now.apply(step).map_err(Refusal::unchanged)?;
        below.clear();
        for id in wholes {
            let Some(whole) = now.get::<BacklogItem>(id).filter(|one| one.alive == Life::Alive && !ids.contains(&id))
            else {
                continue;
            };
            let name = now.name_of(id);
            let to = match state(product, &now, whole) {
                State::Over => ItemStatus::Done,
                State::Again => ItemStatus::ToDo,
                State::Lacks(criteria) => {
                    let left = count(criteria, "criterion of its own", "criteria of its own");
                    words.push_str(&format!("; {name} has {left} to go"));
                    continue;
                }
                State::Alone => {
                    words.push_str(&format!("; {name} has no part left and counts itself again"));
                    continue;
                }
                State::Stays => continue,
            };
            words.push_str(&match to {
                ItemStatus::Done => format!(", and with it {name}"),
                _ => format!(", and with it {name}, which is open again"),
            });
            let mut ledger = Ledger::default();
            ledger.follow(&now, whole, to, context.now);
            let mut own = moved(&now, whole, to, whole.checks.clone(), (&Answers::default(), context));
            own.changes.extend(ledger.changes(&now));
            step.join(own);
            below.push(id);
        }
    }
}

enum State {
    Over,
    Again,
    /// It keeps open criteria of its own.
    Lacks(usize),
    /// All its parts were dropped.
    Alone,
    Stays,
}

fn state(before: &Product, now: &Product, whole: &BacklogItem) -> State {
    let had_open = |id: Id| before.get::<BacklogItem>(id).is_some_and(|part| is_open(part));
    let mut parts = now.all::<BacklogItem>().filter(|part| part.parent == Some(whole.id));
    if !is_open(whole) {
        let again = whole.status == ItemStatus::Done
            && whole.sprint.is_none()
            && parts.any(|part| is_open(part) && before.get::<BacklogItem>(part.id).is_some() && !had_open(part.id));
        return if again { State::Again } else { State::Stays };
    }
    let (mut done, mut ended) = (0usize, false);
    for part in parts {
        if is_open(part) {
            return State::Stays;
        }
        done = done.saturating_add(usize::from(part.status == ItemStatus::Done));
        ended |= had_open(part.id);
    }
    let waives = |text: &str| whole.checks.iter().any(|check| check.waives(text));
    let criteria = whole.criteria.iter().filter(|one| !one.met && !waives(&one.text)).count();
    match (ended, done, criteria) {
        (false, _, _) => State::Stays,
        (_, 0, _) => State::Alone,
        (_, _, 0) => State::Over,
        (_, _, left) => State::Lacks(left),
    }
}
