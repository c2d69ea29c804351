//! What always holds: who may change what, and what a product can never look like.
//!
//! What only *this moment* asks (NOW wants six reasons, done wants a check) are guards of the deeds, not rules.

use crate::model::change::{Change, Step};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rebase::Origin;
use crate::model::role::{Owner, Role};
use crate::model::schema::{BacklogItem, GoalState, Kind, ProductGoal, Stage};
use crate::model::sprint_rules;
pub use crate::model::sprint_rules::FROZEN;
use crate::model::value::{Cell, LONGEST_TEXT, Shape, Value};
use std::fmt;

/// Why a step is not taken, and what helps.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    pub what: String,
    pub hint: String,
}

impl Refusal {
    pub fn new(what: impl Into<String>, hint: impl Into<String>) -> Refusal {
        Refusal { what: what.into(), hint: hint.into() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.hint.as_str() {
            "" => f.write_str(&self.what),
            hint => write!(f, "{} {hint}", self.what),
        }
    }
}

impl std::error::Error for Refusal {}

/// Whether the role may write every cell of the step: the one check for forms, commands, imports, batches and undo.
pub fn permit(role: Role, step: &Step) -> Result<(), Refusal> {
    let Some(change) = step.changes.iter().find(|change| !role.owns(change.field.owner)) else { return Ok(()) };
    let (owner, kind) = (change.field.owner.seat(), change.kind());
    let what = match change.field.key {
        "alive" => format!("Adding and deleting a {} is the {owner}'s.", kind.noun()),
        "rank" => format!("The order of {} is the {owner}'s.", plural_noun(kind)),
        _ => format!("{} of a {} is the {owner}'s.", change.field.label, kind.noun()),
    };
    Err(Refusal::new(what, format!("You are {}; nothing was changed.", role.label())))
}

/// A name at the head of a sentence: `sprint 13` becomes `Sprint 13`.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Several of a kind, in words.
pub fn plural_noun(kind: Kind) -> String {
    match kind {
        Kind::BacklogItem => "stories".to_string(),
        Kind::Feedback => "feedback".to_string(),
        other => format!("{}s", other.noun()),
    }
}

/// Judges the cells that a step wrote. `after` already has the step applied; on a refusal the caller takes it back.
/// What is taken back may lead to a deleted record again, as it did before.
pub fn hold(after: &Product, step: &Step, way: Origin) -> Result<(), Refusal> {
    for change in &step.changes {
        size(change)?;
        name_stays(after, change)?;
        links(after, change, way)?;
    }
    retired(after, step)?;
    stage(step)?;
    sprint_rules::hold(after, step)?;
    ratified(after, step)?;
    one_product_goal(after, step)
}

fn touches(step: &Step, kind: Kind) -> bool {
    step.changes.iter().any(|change| change.kind() == kind)
}

fn size(change: &Change) -> Result<(), Refusal> {
    if is_too_long(&change.to) {
        return Err(Refusal::new(
            format!("A text in {} would be longer than 1 MiB.", change.field.label),
            "Nothing was changed; shorten the text or keep it in a file of its own.",
        ));
    }
    Ok(())
}

/// Some text in the value, however deep, is longer than a field takes.
fn is_too_long(value: &Value) -> bool {
    match value {
        Value::String(text) => text.len() > LONGEST_TEXT,
        Value::Array(all) => all.iter().any(is_too_long),
        Value::Object(all) => all.values().any(is_too_long),
        _ => false,
    }
}

/// A record keeps a name people can call it by; a sprint gets its goal later.
fn name_stays(after: &Product, change: &Change) -> Result<(), Refusal> {
    let kind = change.kind();
    let named = !matches!(kind, Kind::Sprint | Kind::RoadmapVersion | Kind::Conflict);
    let is_name = Some(change.field) == kind.title_field();
    if !named || !(change.is_creation() || is_name) {
        return Ok(());
    }
    let Some(record) = after.table(kind).find(change.id).filter(|record| record.is_alive()) else { return Ok(()) };
    if record.title().trim().is_empty() {
        let label = kind.title_field().map_or("name", |field| field.label);
        return Err(Refusal::new(
            format!("A {} needs its {}.", kind.noun(), label.to_lowercase()),
            "Nothing was changed.",
        ));
    }
    Ok(())
}

fn ids(value: &Value) -> Vec<Id> {
    match value {
        Value::Array(all) => all.iter().filter_map(Value::as_str).filter_map(Id::parse).collect(),
        Value::String(one) => Id::parse(one).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// A reference that is written points at a living record of the right kind; one left behind later is a flag, not an error.
fn links(after: &Product, change: &Change, way: Origin) -> Result<(), Refusal> {
    if !matches!(change.field.shape, Shape::Link | Shape::Links) || change.field.targets.is_empty() {
        return Ok(());
    }
    let known = ids(&change.from);
    for target in ids(&change.to).into_iter().filter(|target| !known.contains(target)) {
        let label = change.field.label;
        if target == change.id {
            return Err(Refusal::new(format!("{label}: a record cannot point at itself."), "Nothing was changed."));
        }
        let found = after.find(target).filter(|record| record.is_alive() || way == Origin::Undo);
        let Some(found) = found else {
            return Err(Refusal::new(
                format!("{label}: {} is not there any more.", after.name_of(target)),
                "Nothing was changed; choose another.",
            ));
        };
        if !change.field.targets.contains(&found.kind()) {
            let wanted: Vec<&str> = change.field.targets.iter().map(|kind| kind.noun()).collect();
            return Err(Refusal::new(
                format!("{label} takes a {}; {} is a {}.", wanted.join(" or a "), found.name(), found.kind().noun()),
                "Nothing was changed.",
            ));
        }
    }
    if change.kind() == Kind::BacklogItem && matches!(change.field.key, "depends_on" | "parent") {
        no_cycle(after, change)?;
    }
    Ok(())
}

/// Follows the links of one field from where the change points; meeting the changed story again is a circle.
fn no_cycle(after: &Product, change: &Change) -> Result<(), Refusal> {
    let next = |id: Id| -> Vec<Id> {
        let Some(item) = after.get::<BacklogItem>(id) else { return Vec::new() };
        if change.field.key == "parent" { item.parent.into_iter().collect() } else { item.depends_on.clone() }
    };
    let mut seen = rustc_hash::FxHashSet::default();
    let mut open = ids(&change.to);
    while let Some(id) = open.pop() {
        if id == change.id {
            return Err(Refusal::new(
                format!(
                    "{} would hang on itself: {} already leads back to it.",
                    after.name_of(change.id),
                    change.field.label.to_lowercase()
                ),
                "Nothing was changed.",
            ));
        }
        if seen.insert(id) {
            open.extend(next(id));
        }
    }
    Ok(())
}

/// A retired product is kept as it was. Only its stage can be taken back.
fn retired(after: &Product, step: &Step) -> Result<(), Refusal> {
    let is_retired = after.vision().is_some_and(|vision| vision.stage == Stage::Retired);
    let about_stage = step.changes.iter().any(|change| change.field.key == "stage");
    if is_retired && !about_stage && step.changes.iter().any(|change| change.field.owner != Owner::System) {
        return Err(Refusal::new(
            "The product is retired, so it is kept as it was.",
            "Set its stage back to Decline to work on it again.",
        ));
    }
    Ok(())
}

/// A product's life goes forward, and back by one stage at most.
fn stage(step: &Step) -> Result<(), Refusal> {
    for change in step.changes.iter().filter(|c| c.kind() == Kind::VisionBoard && c.field.key == "stage") {
        let place = |value: &Value| {
            let stage = Stage::from_value(value).unwrap_or_default();
            Stage::ALL.iter().position(|one| *one == stage).unwrap_or(0)
        };
        if place(&change.to).saturating_add(1) < place(&change.from) {
            return Err(Refusal::new("A product's stage goes back by one at a time.", "Nothing was changed."));
        }
    }
    Ok(())
}

/// A ratified roadmap is a promise with a date on it: nobody changes it afterwards, a new version follows it.
fn ratified(after: &Product, step: &Step) -> Result<(), Refusal> {
    let versions = || step.changes.iter().filter(|change| change.kind() == Kind::RoadmapVersion);
    let whole: Vec<Id> = versions()
        .filter(|change| change.field.key == "alive" && !change.is_deletion())
        .map(|change| change.id)
        .collect();
    let place = |change: &Change| matches!(change.field.key, "rank" | "number" | "unknown");
    match versions().find(|change| !place(change) && !whole.contains(&change.id)) {
        Some(change) => Err(Refusal::new(
            format!("{} of the roadmap is ratified and stays as it is.", after.name_of(change.id)),
            "Ratify again to have a new version; nothing was changed.",
        )),
        None => Ok(()),
    }
}

fn one_product_goal(after: &Product, step: &Step) -> Result<(), Refusal> {
    if !touches(step, Kind::ProductGoal) {
        return Ok(());
    }
    let active = after.all::<ProductGoal>().filter(|goal| goal.state == GoalState::Active).count();
    if active > 1 {
        return Err(Refusal::new(
            "One Product Goal is active at a time.",
            "Fulfil or abandon the other first; nothing was changed.",
        ));
    }
    Ok(())
}
