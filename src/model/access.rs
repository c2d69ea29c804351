//! Who may write what: the owner of each field decides, for forms, commands, imports, scripts and undo alike.

use crate::model::change::{Change, Step};
use crate::model::field::Field;
use crate::model::grammar::plural_noun;
use crate::model::id::Id;
use crate::model::refusal::Refusal;
use crate::model::role::{Owner, Role};
use rustc_hash::{FxHashMap, FxHashSet};

/// What a role may do with a cell by hand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    Write,
    /// It belongs to the other half, which decides.
    Propose,
    /// The program computes it. It can be part of a step that a command creates.
    No,
}

/// Returns what `role` may do with `field` by hand. For `alive` and `rank`, that is whether it may add, delete and
/// order records of the kind.
pub fn access(role: Role, field: &Field) -> Access {
    match field.owner {
        Owner::System => Access::No,
        owner if role.owns(owner) => Access::Write,
        _ => Access::Propose,
    }
}

/// Checks that the role may make the step, for forms, commands, imports, batches and undo alike. Cells that the program
/// computes are part of what a command does, so they pass.
///
/// # Errors
///
/// The refusal names the first cell that belongs to the other half.
pub fn permit(role: Role, step: &Step) -> Result<(), Refusal> {
    let theirs = step.changes.iter().find(|change| access(role, change.field) == Access::Propose);
    let Some(change) = theirs else { return Ok(()) };
    let (owner, kind) = (change.field.owner.seat(), change.kind());
    let what = match change.field.key {
        "alive" => format!("Only the {owner} can add or delete a {}.", kind.noun()),
        "rank" => format!("Only the {owner} can reorder {}.", plural_noun(kind)),
        _ => format!("Only the {owner} can change {}.", change.field.of(format!("a {}", kind.noun()))),
    };
    Err(Refusal::new(what, format!("You are {}; nothing was changed.", role.label())))
}

/// Splits a step into what the role may write and what the other half decides: `(mine, theirs)`. [`permit`] accepts
/// `mine`; together they are the step, with each change in one of them and in order.
///
/// - A record that the role may not create goes to the other half completely, with every cell and with the links of
///   other records to it. A record that it may create keeps its own cells; the others are proposed for it.
/// - Computed cells go with the cells of their record, those of a new record with the half that creates it: it is known
///   by where it came from. If the cells of an older record are split, or the step has none, they go to the other half as
///   soon as anything does.
/// - Both keep the label: each is part of what it says.
pub fn split(role: Role, step: &Step) -> (Step, Step) {
    if permit(role, step).is_ok() {
        return (step.clone(), Step { label: step.label.clone(), changes: Vec::new() });
    }
    let refused = |change: &&Change| access(role, change.field) == Access::Propose;
    let strange: FxHashSet<Id> =
        step.changes.iter().filter(refused).filter(|change| change.is_creation()).map(|change| change.id).collect();
    let leads_there =
        |change: &Change| change.field.is_link() && Id::all_in(&change.to).any(|id| strange.contains(&id));
    let theirs = |change: &Change| strange.contains(&change.id) || refused(&change) || leads_there(change);
    // Per record: whether any manually set cell is mine, and whether any is not.
    let mut halves: FxHashMap<Id, (bool, bool)> = FxHashMap::default();
    for change in step.changes.iter().filter(|change| access(role, change.field) != Access::No) {
        let (mine, other) = halves.entry(change.id).or_default();
        if theirs(change) { *other = true } else { *mine = true }
    }
    let new: FxHashSet<Id> = step.created().map(|(_, id)| id).filter(|id| !strange.contains(id)).collect();
    let is_mine = |change: &&Change| match access(role, change.field) {
        Access::No => !theirs(change) && (new.contains(&change.id) || halves.get(&change.id) == Some(&(true, false))),
        _ => !theirs(change),
    };
    let (mine, theirs) = step.changes.iter().partition::<Vec<&Change>, _>(is_mine);
    let part =
        |changes: Vec<&Change>| Step { label: step.label.clone(), changes: changes.into_iter().cloned().collect() };
    (part(mine), part(theirs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::schema::Kind;
    use crate::model::value::Value;

    fn change(kind: Kind, bits: u64, key: &str, to: Value) -> Change {
        Change { id: Id::from_bits(bits), field: kind.field(key).unwrap(), from: Value::Null, to }
    }

    fn keys(step: &Step) -> Vec<&'static str> {
        step.changes.iter().map(|change| change.field.key).collect()
    }

    #[test]
    fn each_half_gets_its_cells() {
        let step = Step {
            label: "Changed S1".into(),
            changes: vec![
                change(Kind::BacklogItem, 1, "points", 3.into()),
                change(Kind::BacklogItem, 1, "benefit", "less waiting".into()),
            ],
        };
        let (mine, theirs) = split(Role::Pm, &step);
        assert_eq!((keys(&mine), keys(&theirs)), (vec!["benefit"], vec!["points"]));
        assert_eq!((mine.label.as_str(), theirs.label.as_str()), ("Changed S1", "Changed S1"));
        let (mine, theirs) = split(Role::Both, &step);
        assert_eq!((mine, theirs.changes), (step, Vec::new()));
    }

    #[test]
    fn a_record_of_the_other_half_is_proposed_whole_with_what_links_to_it() {
        let new = Id::from_bits(7).to_string();
        let step = Step {
            label: "Added".into(),
            changes: vec![
                change(Kind::RoadmapItem, 7, "alive", true.into()),
                change(Kind::RoadmapItem, 7, "approach", "a queue".into()),
                change(Kind::BacklogItem, 1, "serves", new.into()),
                change(Kind::BacklogItem, 1, "points", 3.into()),
            ],
        };
        let (mine, theirs) = split(Role::Po, &step);
        assert_eq!((keys(&mine), keys(&theirs)), (vec!["points"], vec!["alive", "approach", "serves"]));
    }

    #[test]
    fn what_the_program_computes_follows_the_cells_that_it_belongs_to() {
        let done = Step {
            label: "S1 is done".into(),
            changes: vec![
                change(Kind::BacklogItem, 1, "status", "done".into()),
                change(Kind::BacklogItem, 1, "closed", "2026-03-02T09:00:00Z".into()),
                change(Kind::Sprint, 2, "entries", crate::json!([])),
            ],
        };
        let (mine, theirs) = split(Role::Pm, &done);
        assert_eq!((mine.changes.len(), theirs.changes.len()), (0, 3));
        let confirmed = Step { label: String::new(), changes: vec![change(Kind::Goal, 3, "confirmed", Value::Null)] };
        assert_eq!(split(Role::Po, &confirmed).0, confirmed);
    }
}
