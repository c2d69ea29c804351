//! Rules that always hold: which states a product can never have, whoever writes it.
//!
//! `access.rs` says who may write what. What is required only *at one moment* (Now requires six reasons, done requires
//! a check) is a guard of an action, not a rule.

pub use crate::model::access::{Access, access, permit, split};
use crate::model::change::{Change, Origin, Step};
use crate::model::field::Field;
pub use crate::model::grammar::{capital, plural_noun};
use crate::model::id::Id;
use crate::model::product::Product;
pub use crate::model::refusal::{Refusal, Rule, Violation};
use crate::model::role::Owner;
use crate::model::schema::{GoalState, Kind, ProductGoal, Shelved, Sprint, SprintState, Stage};
use crate::model::sprint_rules;
use crate::model::strict::MOST_NESTED;
use crate::model::value::{Amount, Cell, Day, LONGEST_TEXT, Shape, Value, When};
use chrono::Datelike;
use rustc_hash::{FxHashMap, FxHashSet};

/// Checks the cells that a step wrote. `after` already has the step applied. Undo may restore a link to a deleted
/// record.
///
/// # Errors
///
/// The first rule that the step breaks. The caller undoes the step.
pub fn hold(after: &Product, step: &Step, origin: Origin) -> Result<(), Violation> {
    violations(after, step, origin).into_iter().next().map_or(Ok(()), Err)
}

/// Returns everything that [`hold`] objects to, for an import, which leaves these cells out instead of failing as a
/// whole.
pub fn violations(after: &Product, step: &Step, origin: Origin) -> Vec<Violation> {
    let mut out = of_cells(after, step, origin);
    let whole: [fn(&Product, &Step) -> Vec<Violation>; 7] =
        [circles, retired, stage, one_sprint, sprint_rules::violations, ratified, one_product_goal];
    out.extend(whole.into_iter().flat_map(|rule| rule(after, step)));
    // A stage that was skipped by mistake can be taken back in one step.
    out.retain(|one| origin != Origin::Undo || one.rule != Rule::Stage);
    out
}

/// From how many changes on a second thread is worth its start.
const WORTH_A_THREAD: usize = 20_000;

/// What is wrong with single cells, in the order of the step.
fn of_cells(after: &Product, step: &Step, origin: Origin) -> Vec<Violation> {
    let judge = |first: usize, changes: &[Change]| {
        let mut out = Vec::new();
        for (at, change) in (first..).zip(changes) {
            misfit(at, change, &mut out);
            out.extend(name_stays(after, step, at, change));
            links(after, at, change, origin, &mut out);
        }
        out
    };
    let halves = step.changes.split_at_checked(step.changes.len() / 2);
    let Some((one, two)) = halves.filter(|_| step.changes.len() >= WORTH_A_THREAD) else {
        return judge(0, &step.changes);
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(|| judge(one.len(), two));
        let mut out = judge(0, one);
        match other.join() {
            Ok(rest) => out.extend(rest),
            Err(panic) => std::panic::resume_unwind(panic),
        }
        out
    })
}

/// True if a rule may look at this field in the product. The others are judged by their changes alone: long texts, lists of
/// words, imported data, and of stories all but their names, links and states.
pub fn is_weighed(field: &Field) -> bool {
    let is_long = matches!(field.shape, Shape::Extra | Shape::Prose | Shape::Labels | Shape::Criteria | Shape::Tasks)
        || field.shape == Shape::Facts && matches!(field.key, "source" | "imported");
    let is_looked_at = || {
        let of_story = matches!(field.key, "alive" | "number" | "status") || field.is_link();
        field.kind != Kind::BacklogItem || of_story
    };
    (!is_long && is_looked_at()) || field.kind.title_field() == Some(field)
}

/// The length in bytes of the longest text in the value, at any depth.
pub fn longest_text(value: &Value) -> usize {
    extent(value).0
}

/// The length in bytes of the longest text in a value, and how deep maps and lists are nested in it.
fn extent(value: &Value) -> (usize, usize) {
    let larger = |a: (usize, usize), b: (usize, usize)| (a.0.max(b.0), a.1.max(b.1));
    let inner = match value {
        Value::String(text) => return (text.len(), 0),
        Value::Array(all) => all.iter().map(extent).fold((0, 0), larger),
        Value::Object(all) => all.values().map(extent).fold((0, 0), larger),
        Value::Null | Value::Bool(_) | Value::Number(_) => return (0, 0),
    };
    (inner.0, inner.1.saturating_add(1))
}

/// What a value is refused for wherever it stands: its length, its depth, its range. Even an edit of the file itself is
/// held to these.
pub fn misfits(step: &Step) -> Vec<Violation> {
    let mut out = Vec::new();
    step.changes.iter().enumerate().for_each(|(at, change)| misfit(at, change, &mut out));
    out
}

fn misfit(at: usize, change: &Change, out: &mut Vec<Violation>) {
    let (longest, depth) = extent(&change.to);
    if longest > LONGEST_TEXT {
        let what = format!("A text in {} would be longer than 1 MiB.", change.field.label);
        let hint = "Nothing was changed; shorten the text or keep it in a separate file.";
        out.push(Violation::of(Rule::TextLength, at, Refusal::new(what, hint)));
    }
    if depth > MOST_NESTED {
        let what = format!("A value in {} is nested more than {MOST_NESTED} levels deep.", change.field.label);
        out.push(Violation::of(Rule::Nesting, at, Refusal::unchanged(what)));
    }
    out.extend(range(at, change));
}

/// The years that a date can have: a year of two digits was meant for another one.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// A new amount is not negative, and a new date is near. Values from before this rule stay.
fn range(at: usize, change: &Change) -> Option<Violation> {
    let label = change.field.label;
    let what = match change.field.shape {
        Shape::Amount => {
            let amount = Option::<Amount>::from_value(&change.to).ok().flatten()?;
            (amount < Amount::default()).then(|| format!("{label} cannot be below 0; {amount} was given."))
        }
        Shape::Day => far(Option::<Day>::from_value(&change.to).ok().flatten()?, label),
        Shape::When => far(Option::<When>::from_value(&change.to).ok().flatten()?.day(), label),
        _ => None,
    };
    what.map(|what| Violation::of(Rule::Range, at, Refusal::unchanged(what)))
}

fn far(day: Day, label: &str) -> Option<String> {
    let year = day.0.year();
    (!YEARS.contains(&year))
        .then(|| format!("{label} cannot be in the year {year}: years are those from 1900 to 2200."))
}

/// A record must keep a name for people; a sprint gets its goal later.
fn name_stays(after: &Product, step: &Step, at: usize, change: &Change) -> Option<Violation> {
    let kind = change.kind();
    let named = !matches!(kind, Kind::Sprint | Kind::RoadmapVersion | Kind::Conflict | Kind::Proposal);
    let is_name = Some(change.field) == kind.title_field();
    if !named || !(change.is_creation() || is_name) {
        return None;
    }
    let record = after.table(kind).find(change.id).filter(|record| record.is_alive())?;
    if !record.title().trim().is_empty() {
        return None;
    }
    let label = kind.title_field().map_or("name", |field| field.label);
    let refusal = Refusal::unchanged(format!("A {} needs its {}.", kind.noun(), label.to_lowercase()));
    // Without its name, a new record cannot be added at all.
    let of_it = step.changes.iter().enumerate().filter(|(_, one)| one.id == change.id).map(|(at, _)| at);
    let changes = if change.is_creation() { of_it.collect() } else { vec![at] };
    Some(Violation::new(Rule::Name, changes, refusal))
}

/// A new link must point to an existing record of the right kind; one that breaks later is flagged, not an error.
fn links(after: &Product, at: usize, change: &Change, origin: Origin, out: &mut Vec<Violation>) {
    if !change.field.is_link() {
        return;
    }
    let known: Vec<Id> = Id::all_in(&change.from).collect();
    for target in Id::all_in(&change.to).filter(|target| !known.contains(target)) {
        if let Some(refusal) = link_fault(after, change, target, origin) {
            out.push(Violation { targets: vec![target], ..Violation::of(Rule::Link, at, refusal) });
        }
    }
}

fn link_fault(after: &Product, change: &Change, target: Id, origin: Origin) -> Option<Refusal> {
    let label = change.field.label;
    if target == change.id {
        return Some(Refusal::unchanged(format!("{label}: a record cannot link to itself.")));
    }
    let Some(found) = after.find(target).filter(|record| record.is_alive() || origin == Origin::Undo) else {
        let what = format!("{label}: {} no longer exists.", after.name_of(target));
        return Some(Refusal::new(what, "Nothing was changed; choose another one."));
    };
    if change.field.targets.contains(&found.kind()) {
        return None;
    }
    let wanted: Vec<&str> = change.field.targets.iter().map(|kind| kind.noun()).collect();
    let (wanted, name, noun) = (wanted.join(" or a "), found.name(), found.kind().noun());
    Some(Refusal::unchanged(format!("{label} takes a {wanted}; {name} is a {noun}.")))
}

/// The targets of the links of one field, for the records that a step writes.
type Settled = FxHashMap<(&'static str, Id), Vec<Id>>;

/// Links between records of one kind must not form a cycle. The changes are checked one after the other: of those that
/// close a cycle together, the last is at fault.
fn circles(after: &Product, step: &Step) -> Vec<Violation> {
    let own_kind = |change: &&Change| change.field.may_circle();
    let mut settled = Settled::default();
    // Of later changes, only what they leave unchanged counts.
    for change in step.changes.iter().filter(own_kind) {
        let from: Vec<Id> = Id::all_in(&change.from).collect();
        let stay = Id::all_in(&change.to).filter(|target| from.contains(target)).collect();
        settled.insert((change.field.key, change.id), stay);
    }
    let mut out = Vec::new();
    for (at, change) in step.changes.iter().enumerate().filter(|(_, change)| own_kind(change)) {
        let mut targets: Vec<Id> = Id::all_in(&change.to).collect();
        if leads_back(after, &settled, change, &targets) {
            let cut;
            (cut, targets) = targets.into_iter().partition(|one| leads_back(after, &settled, change, &[*one]));
            let (name, label) = (after.name_of(change.id), change.field.noun());
            let what = format!("{name} would depend on itself: {label} already leads back to it.");
            let violation = Violation::of(Rule::Circle, at, Refusal::unchanged(what));
            out.push(Violation { targets: cut, ..violation });
        }
        settled.insert((change.field.key, change.id), targets);
    }
    out
}

/// True if the links of the change's field lead from one of `begin` to the changed record.
fn leads_back(after: &Product, settled: &Settled, change: &Change, begin: &[Id]) -> bool {
    let mut seen = FxHashSet::default();
    let mut open = begin.to_vec();
    while let Some(id) = open.pop() {
        if id == change.id {
            return true;
        }
        if !seen.insert(id) {
            continue;
        }
        match settled.get(&(change.field.key, id)) {
            Some(targets) => open.extend(targets),
            None => open.extend(after.table(change.kind()).find(id).iter().flat_map(|one| one.links_of(change.field))),
        }
    }
    false
}

/// A retired product cannot be changed, except that its stage can be set back.
fn retired(after: &Product, step: &Step) -> Vec<Violation> {
    let is_retired = after.vision().is_some_and(|vision| vision.stage == Stage::Retired);
    if !is_retired || step.changes.iter().any(|change| change.field.key == "stage") {
        return Vec::new();
    }
    let by_hand = step.changes.iter().enumerate().filter(|(_, change)| change.field.owner != Owner::System);
    let changes: Vec<usize> = by_hand.map(|(at, _)| at).collect();
    if changes.is_empty() {
        return Vec::new();
    }
    let refusal = Refusal::new(
        "The product is retired and cannot be changed.",
        "Set its stage back to Decline to work on it again.",
    );
    vec![Violation::new(Rule::Retired, changes, refusal)]
}

/// A product's stage moves forward, and back by at most one stage.
fn stage(_: &Product, step: &Step) -> Vec<Violation> {
    let place = |value: &Value| {
        let stage = Stage::from_value(value).unwrap_or_default();
        Stage::ALL.iter().position(|one| *one == stage).unwrap_or(0)
    };
    let far_back = |change: &Change| place(&change.to).saturating_add(1) < place(&change.from);
    let is_stage = |change: &Change| change.kind() == Kind::VisionBoard && change.field.key == "stage";
    let refusal = || Refusal::unchanged("A product's stage can go back only one step at a time.");
    let all = step.changes.iter().enumerate().filter(|(_, change)| is_stage(change) && far_back(change));
    all.map(|(at, _)| Violation::of(Rule::Stage, at, refusal())).collect()
}

/// A ratified roadmap is a promise with a date: nobody changes it afterwards; a new version follows it.
fn ratified(after: &Product, step: &Step) -> Vec<Violation> {
    let versions = || step.changes.iter().enumerate().filter(|(_, change)| change.kind() == Kind::RoadmapVersion);
    let whole: Vec<Id> = versions()
        .filter(|(_, change)| change.field.key == "alive" && !change.is_deletion())
        .map(|(_, change)| change.id)
        .collect();
    let place = |change: &Change| matches!(change.field.key, "rank" | "number" | "unknown");
    let violation = |(at, change): (usize, &Change)| {
        let what = format!("{} of the roadmap is ratified and cannot be changed.", after.name_of(change.id));
        let hint = "Ratify again to get a new version; nothing was changed.";
        Violation::of(Rule::Ratified, at, Refusal::new(what, hint))
    };
    versions().filter(|(_, change)| !place(change) && !whole.contains(&change.id)).map(violation).collect()
}

fn one_product_goal(after: &Product, step: &Step) -> Vec<Violation> {
    let is_active = |goal: &ProductGoal| goal.state == GoalState::Active;
    let hint = "Fulfil or abandon the other one first; nothing was changed.";
    let refusal = Refusal::new("Only one Product Goal can be active at a time.", hint);
    one_at_a_time(after, step, Rule::OneProductGoal, is_active, refusal)
}

fn one_sprint(after: &Product, step: &Step) -> Vec<Violation> {
    let runs = |sprint: &Sprint| sprint.state == SprintState::Active;
    let refusal = Refusal::new("A sprint is running already.", "Close it first; nothing was changed.");
    one_at_a_time(after, step, Rule::OneSprint, runs, refusal)
}

/// For a kind of which only one record is active at a time: the changes that activate a second one. The one active
/// before stays active, or else the first one in the step.
fn one_at_a_time<E: Shelved>(
    after: &Product,
    step: &Step,
    rule: Rule,
    is_active: fn(&E) -> bool,
    refusal: Refusal,
) -> Vec<Violation> {
    let of_kind = || step.changes.iter().enumerate().filter(|(_, change)| change.kind() == E::KIND);
    if of_kind().next().is_none() {
        return Vec::new();
    }
    let active: Vec<Id> = after.all::<E>().filter(|one| is_active(one)).map(|one| one.id()).collect();
    if active.len() < 2 {
        return Vec::new();
    }
    let change_of =
        |id: Id, key: &str| of_kind().find(|(_, change)| change.id == id && change.field.key == key).map(|(at, _)| at);
    let made_active = |id: Id| change_of(id, "state").or_else(|| change_of(id, "alive"));
    let was = active.iter().copied().find(|id| made_active(*id).is_none());
    let first = || of_kind().map(|(_, change)| change.id).find(|id| active.contains(id));
    let stays = was.or_else(first);
    let mut changes: Vec<usize> = active.into_iter().filter(|id| Some(*id) != stays).filter_map(made_active).collect();
    if changes.is_empty() {
        // Two were already active: whatever the step writes about the kind is refused.
        changes = of_kind().map(|(at, _)| at).collect();
    }
    vec![Violation::new(rule, changes, refusal)]
}
