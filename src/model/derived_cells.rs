//! Cells that whyhow adds to a person's step: numbers, why tokens, confirmations. They are computed on the product as
//! in the file, so that two people never get the same number.

use crate::model::change::{Change, Step};
use crate::model::field::{Field, Record};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::proposed::{accepted, role, wanted};
use crate::model::role::{Owner, Role};
use crate::model::schema::{
    BacklogItem, Conflict, Feedback, FeedbackState, Kind, ProductGoal, Proposal, Sprint, SprintState,
};
use crate::model::snapshot_types::{Agreement, SprintEntry};
use crate::model::value::{Amount, Any, Cell, Confirmation, LastNumbers, Life, Line, Map, Token, Value, When};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// The stamp of a step.
#[derive(Clone, Debug)]
pub struct Stamp {
    pub step: Id,
    pub by: String,
    pub at: When,
    /// Its author has both roles.
    pub alone: bool,
}

impl Field {
    /// True if a change of it changes the why for dependent records: not a name, not a place on the roadmap.
    pub fn is_reason(&self) -> bool {
        self.owner == Owner::Why && self.is_typed() && !self.no_reason
    }
}

/// Cells that are computed here and never accepted from a proposed step.
pub fn is_computed(field: &Field) -> bool {
    matches!(field.key, "number" | "last_numbers")
}

/// Adds the derived cells to a step. `product` does not contain the step yet.
pub fn complete(product: &Product, step: &mut Step, stamp: &Stamp) {
    let mut filling = Filling::of(step);
    number(product, &mut filling);
    why_tokens(product, &mut filling, stamp);
    agreements(product, &mut filling, stamp);
    seen_by_proposers(product, &mut filling, stamp);
    confirmations(product, &mut filling, stamp);
    promises(product, &mut filling, stamp);
    entry_sizes(product, &mut filling, stamp);
    settled_conflicts(product, &mut filling);
    sorted_voices(product, &mut filling);
}

/// True if [`Filling::cell`] knows the field: one that is computed, or from which one is.
fn is_asked(field: &Field) -> bool {
    let is_computed =
        matches!(field.key, "number" | "last_numbers" | "why_rev" | "confirmed" | "promised_on" | "entries");
    is_computed || matches!(field.key, "alive" | "state" | "agreed") || field.is_link()
}

/// A step with an index of its cells, so that a step of a hundred thousand records is completed in one pass.
struct Filling<'a> {
    step: &'a mut Step,
    places: FxHashMap<(Id, &'static str), usize>,
}

impl<'a> Filling<'a> {
    fn of(step: &'a mut Step) -> Filling<'a> {
        let asked = step.changes.iter().enumerate().filter(|(_, one)| is_asked(one.field));
        let places = asked.map(|(place, one)| ((one.id, one.field.key), place)).collect();
        Filling { step, places }
    }

    fn cell(&self, id: Id, key: &'static str) -> Option<Value> {
        debug_assert!(Kind::ALL.iter().filter_map(|kind| kind.field(key)).any(is_asked), "{key} has no index");
        self.places.get(&(id, key)).and_then(|place| self.step.changes.get(*place)).map(|change| change.to.clone())
    }

    fn push<T: Cell>(&mut self, product: &Product, id: Id, field: Option<&'static Field>, to: &T) {
        let Some(field) = field else { return };
        let (from, to) = (product.value(id, field), to.to_value());
        if self.places.contains_key(&(id, field.key)) {
            self.step.changes.retain(|change| !(change.id == id && change.field == field));
            self.places = Filling::of(self.step).places;
        }
        if from != to {
            self.places.insert((id, field.key), self.step.changes.len());
            self.step.changes.push(Change { id, field, from, to });
        }
    }
}

fn number(product: &Product, step: &mut Filling) {
    let (new, given): (Vec<(Kind, Id)>, Vec<_>) =
        step.step.created().partition(|(_, id)| step.cell(*id, "number").is_none());
    let board = product.vision().map(|vision| (vision.id, vision.last_numbers.clone()));
    let (board, known) = match board {
        Some((id, last)) => (Some(id), last),
        None => (new.iter().find(|(kind, _)| *kind == Kind::VisionBoard).map(|(_, id)| *id), LastNumbers::default()),
    };
    let raised = board.and_then(|id| LastNumbers::from_value(&step.cell(id, "last_numbers")?).ok());
    let mut last = raised.unwrap_or(known);
    // Numbers that are in the file already count as assigned.
    let before = last.clone();
    for (kind, id) in given {
        let number = step.cell(id, "number").and_then(|number| number.as_u64()).unwrap_or(0);
        let highest = last.0.entry(kind.key().to_string()).or_default();
        *highest = (*highest).max(u32::try_from(number).unwrap_or(0));
    }
    for (kind, id) in new {
        let next = last.0.entry(kind.key().to_string()).or_default();
        *next = next.saturating_add(1);
        while product.table(kind).by_number(*next).is_some() && *next < u32::MAX {
            *next = next.saturating_add(1);
        }
        let number = *next;
        step.push(product, id, kind.field("number"), &number);
    }
    if let (Some(board), true) = (board, last != before) {
        step.push(product, board, Kind::VisionBoard.field("last_numbers"), &last);
    }
}

/// True if the change gives a record another why: what was agreed on it asks for another look.
pub fn moves_the_why(change: &Change) -> bool {
    change.field.is_reason() && !same_words(&change.from, &change.to)
}

/// True if two values differ at most in white space.
fn same_words(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::String(a), Value::String(b)) => a.split_whitespace().eq(b.split_whitespace()),
        (Value::String(a), Value::Null) | (Value::Null, Value::String(a)) => a.trim().is_empty(),
        _ => without_readings(a) == without_readings(b),
    }
}

/// A new reading of a measure is news about the why, not a different why.
fn without_readings(value: &Value) -> Value {
    match value {
        Value::Object(map) => Value::from(
            map.iter()
                .filter(|(key, _)| &***key != "readings")
                .map(|(k, v)| (k.clone(), without_readings(v)))
                .collect::<Map>(),
        ),
        Value::Array(all) => Value::from_iter(all.iter().map(without_readings)),
        other => other.clone(),
    }
}

fn why_tokens(product: &Product, step: &mut Filling, stamp: &Stamp) {
    let mut moved: Vec<(Kind, Id)> = Vec::new();
    let mut seen: FxHashSet<Id> = FxHashSet::default();
    for change in &step.step.changes {
        let entry = (change.kind(), change.id);
        // Who has both roles and fills in what was empty knows what is planned on it.
        let is_known = stamp.alone && change.from.is_null() && product.find(change.id).is_some();
        if moves_the_why(change) && !is_known && seen.insert(change.id) {
            moved.push(entry);
        }
    }
    for (kind, id) in moved {
        if kind.field("why_rev").is_some() && step.cell(id, "why_rev").is_none() {
            step.push(product, id, kind.field("why_rev"), &Token(Some(stamp.step)));
        }
    }
}

/// A why that a step gives the words that somebody proposed for it.
pub struct SeenWhy {
    pub why: Id,
    /// Who proposed them, and in which role.
    pub role: Role,
    by: Arc<str>,
}

impl SeenWhy {
    /// True if the record is the proposer's to confirm against this why.
    pub fn covers(&self, record: &dyn Record, on: Id) -> bool {
        self.why == on && self.role.owns(record.kind().owner())
    }
}

/// The whys that a step changes just as the proposals that it accepts ask for.
pub fn seen_whys(product: &Product, step: &Step) -> Vec<SeenWhy> {
    let mut out = Vec::new();
    for proposal in accepted(step).filter_map(|id| product.get::<Proposal>(id)) {
        let wanted = wanted(proposal);
        let as_proposed = |change: &Change| {
            wanted.iter().any(|one| one.id == change.id && one.field == change.field && one.to == change.to)
        };
        let mut whys: Vec<Id> = step.changes.iter().filter(|one| moves_the_why(one)).map(|one| one.id).collect();
        whys.dedup();
        let moves = |why: Id| step.changes.iter().filter(move |one| one.id == why && moves_the_why(one));
        whys.retain(|why| moves(*why).all(as_proposed));
        out.extend(whys.into_iter().map(|why| SeenWhy { why, role: role(proposal), by: (*proposal.by).into() }));
    }
    out
}

/// Who proposed a why has seen it: what was confirmed against it in that role stays confirmed.
fn seen_by_proposers(product: &Product, step: &mut Filling, stamp: &Stamp) {
    for seen in seen_whys(product, step.step) {
        let (was, to) = (product.find(seen.why).and_then(|why| why.why_rev()), token_after(product, step, seen.why));
        for kind in Kind::ALL.iter().filter(|kind| seen.role.owns(kind.owner())) {
            let Some(field) = kind.field("confirmed") else { continue };
            let stands = |one: &Confirmation| one.on == seen.why && one.rev == was;
            for record in product.living(*kind).filter(|record| record.confirmed().iter().any(stands)) {
                if step.cell(record.id(), "confirmed").is_some() {
                    continue;
                }
                let mut all = record.confirmed().to_vec();
                for one in all.iter_mut().filter(|one| stands(one)) {
                    (one.rev, one.by, one.at) = (to, seen.by.clone(), stamp.at);
                }
                step.push(product, record.id(), Some(field), &all);
            }
        }
    }
}

/// Who has agreed to a Product Goal and writes other words for it agrees to these too; what others agreed to were the
/// old ones.
fn agreements(product: &Product, step: &mut Filling, stamp: &Stamp) {
    let is_token = |change: &&Change| change.kind() == Kind::ProductGoal && change.field.key == "why_rev";
    let moved: Vec<(Id, Value)> =
        step.step.changes.iter().filter(is_token).map(|change| (change.id, change.to.clone())).collect();
    for (id, to) in moved {
        let Some(goal) = product.get::<ProductGoal>(id) else { continue };
        let is_own = |one: &Agreement| one.by == stamp.by && one.rev == goal.why_rev.0;
        if step.cell(id, "agreed").is_some() || !goal.agreed.iter().any(is_own) {
            continue;
        }
        let mut agreed = goal.agreed.clone();
        for one in agreed.iter_mut().filter(|one| is_own(one)) {
            one.rev = Id::all_in(&to).next();
        }
        step.push(product, id, Kind::ProductGoal.field("agreed"), &agreed);
    }
}

/// The token that a why will have once the step is applied.
fn token_after(product: &Product, step: &Filling, id: Id) -> Option<Id> {
    match step.cell(id, "why_rev") {
        Some(value) => Id::all_in(&value).next(),
        None => product.find(id)?.why_rev(),
    }
}

/// Creating a link confirms it, because its author has just seen the why. A new goal or roadmap item is also confirmed
/// against the vision.
fn confirmations(product: &Product, step: &mut Filling, stamp: &Stamp) {
    let mut linked: Vec<(Kind, Id)> = Vec::new();
    let mut seen: FxHashSet<Id> = FxHashSet::default();
    let asks =
        |change: &&Change| change.field.is_why_link() || (change.is_creation() && change.kind().is_under_vision());
    for change in step.step.changes.iter().filter(asks) {
        if seen.insert(change.id) {
            linked.push((change.kind(), change.id));
        }
    }
    for (kind, id) in linked {
        let Some(field) = kind.field("confirmed") else { continue };
        if step.cell(id, "confirmed").is_some() {
            continue;
        }
        let known = Vec::<Confirmation>::from_value(&product.value(id, field)).unwrap_or_default();
        let mut confirmed: Vec<Confirmation> = Vec::new();
        if let Some(vision) = product.vision().map(|board| board.id).filter(|_| kind.is_under_vision()) {
            let old = known.iter().find(|one| one.on == vision).cloned();
            confirmed.push(old.unwrap_or_else(|| confirm(product, step, vision, stamp)));
        }
        for link in kind.links().filter(|link| link.is_why_link()) {
            let value = step.cell(id, link.key).unwrap_or_else(|| product.value(id, link));
            for on in Id::all_in(&value) {
                if confirmed.iter().all(|one| one.on != on) {
                    let old = known.iter().find(|one| one.on == on).cloned();
                    confirmed.push(old.unwrap_or_else(|| confirm(product, step, on, stamp)));
                }
            }
        }
        step.push(product, id, Some(field), &confirmed);
    }
}

fn confirm(product: &Product, step: &Filling, on: Id, stamp: &Stamp) -> Confirmation {
    let rev = token_after(product, step, on);
    Confirmation { on, rev, by: stamp.by.as_str().into(), at: stamp.at, note: String::new() }
}

/// A promise counts as made on the day its date was written.
fn promises(product: &Product, step: &mut Filling, stamp: &Stamp) {
    let made: Vec<(Id, bool)> = step
        .step
        .changes
        .iter()
        .filter(|change| change.kind() == Kind::RoadmapItem && change.field.key == "promised")
        .map(|change| (change.id, !change.to.is_null()))
        .collect();
    for (id, is_made) in made {
        if step.cell(id, "promised_on").is_none() {
            step.push(product, id, Kind::RoadmapItem.field("promised_on"), &is_made.then(|| stamp.at.day()));
        }
    }
}

/// The first size that an unsized story gets while it is in a running sprint becomes the size of its entry.
fn entry_sizes(product: &Product, step: &mut Filling, stamp: &Stamp) {
    let is_size = |change: &&Change| change.kind() == Kind::BacklogItem && change.field.key == "points";
    let sized: Vec<(Id, Value)> =
        step.step.changes.iter().filter(is_size).map(|one| (one.id, one.to.clone())).collect();
    if sized.is_empty() {
        return;
    }
    let mut sprints: FxHashMap<Id, Vec<SprintEntry>> = FxHashMap::default();
    for (item, points) in sized {
        let points = Option::<Amount>::from_value(&points).ok().flatten();
        // A sprint that comes with this step, as from a file, has the entries that the step says.
        let is_known = |sprint: &Id| points.is_some() && product.get::<Sprint>(*sprint).is_some();
        let Some(sprint) = sprint_after(product, step, item).filter(is_known) else { continue };
        let entries = sprints.entry(sprint).or_insert_with(|| entries_after(product, step, sprint));
        let entry = entries.iter_mut().rev().find(|entry| entry.item == item && entry.is_in());
        if let Some(entry) = entry.filter(|entry| entry.points.is_none()) {
            (entry.points, entry.sized) = (points, Some(stamp.at));
        }
    }
    for (sprint, entries) in sprints {
        step.push(product, sprint, Kind::Sprint.field("entries"), &entries);
    }
}

/// The running sprint that a story is in once the step is applied.
fn sprint_after(product: &Product, step: &Filling, item: Id) -> Option<Id> {
    let sprint = match step.cell(item, "sprint") {
        Some(value) => Id::all_in(&value).next(),
        None => product.get::<BacklogItem>(item).and_then(|item| item.sprint),
    }?;
    let state = match step.cell(sprint, "state") {
        Some(value) => SprintState::from_value(&value).unwrap_or_default(),
        None => product.get::<Sprint>(sprint)?.state,
    };
    (state == SprintState::Active).then_some(sprint)
}

fn entries_after(product: &Product, step: &Filling, sprint: Id) -> Vec<SprintEntry> {
    match step.cell(sprint, "entries") {
        Some(value) => Vec::from_value(&value).unwrap_or_default(),
        None => product.get::<Sprint>(sprint).map(|sprint| sprint.entries.clone()).unwrap_or_default(),
    }
}

/// A voice that is tied to something is linked, one that got an answer is answered: nobody sets that by hand.
fn sorted_voices(product: &Product, step: &mut Filling) {
    let about = |change: &&Change| change.kind() == Kind::Feedback && matches!(change.field.key, "links" | "answer");
    let touched: Vec<(Id, FeedbackState)> = step
        .step
        .changes
        .iter()
        .filter(about)
        .filter(|change| !change.to.is_null())
        .map(|change| {
            (change.id, if change.field.key == "links" { FeedbackState::Linked } else { FeedbackState::Answered })
        })
        .collect();
    for (id, state) in touched {
        let is_new =
            product.get::<Feedback>(id).is_some_and(|one| one.state == FeedbackState::New && one.role.is_empty());
        if is_new && step.cell(id, "state").is_none() {
            step.push(product, id, Kind::Feedback.field("state"), &state);
        }
    }
}

/// A conflict is settled once its cell has the lost value again.
fn settled_conflicts(product: &Product, step: &mut Filling) {
    if product.of::<Conflict>().is_empty() {
        return;
    }
    let over: Vec<Id> = product
        .all::<Conflict>()
        .filter(|conflict| {
            let about = |change: &&Change| Some(change.id) == conflict.record && change.field.key == &*conflict.field;
            // Undoing the winner removes the conflict record, choosing deletes it: the step itself takes care of that.
            step.cell(conflict.id, "alive").is_none()
                && step.step.changes.iter().any(|change| about(&change) && change.to == conflict.lost.0)
        })
        .map(|conflict| conflict.id)
        .collect();
    for id in over {
        step.push(product, id, Kind::Conflict.field("alive"), &Life::Deleted);
    }
}

/// The record that keeps a lost value.
pub fn conflict(lost: &Change, by: &str, nth: usize, stamp: &Stamp) -> Vec<Change> {
    // Derived from the winner's step, so that the same lines always create the same record.
    let id = Id::from_bits(
        stamp.step.bits().rotate_left(17).wrapping_add(nth as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1,
    );
    let cell =
        |key: &str, to: Value| Kind::Conflict.field(key).map(|field| Change { id, field, from: Value::Null, to });
    [
        cell("alive", Value::Bool(true)),
        cell("field", Line::from(lost.field.key).to_value()),
        cell("record", Some(lost.id).to_value()),
        cell("lost", Any(lost.from.clone()).to_value()),
        cell("by", Line::from(by).to_value()),
        cell("step", Token(Some(stamp.step)).to_value()),
    ]
    .into_iter()
    .flatten()
    .filter(|change| !change.to.is_null())
    .collect()
}
