//! What always holds of sprints: one runs at a time, a running one loses no line of its plan, a finished one keeps its
//! figures. Also where two people act at the same moment, and where one of them takes an act back.

use crate::model::change::{Change, Step};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rules::{Refusal, capital};
use crate::model::schema::{BacklogItem, ItemStatus, Kind, Sprint, SprintState};
use crate::model::snapshot_types::SprintEntry;
use crate::model::value::{Cell, Value};
use rustc_hash::{FxHashMap, FxHashSet};

/// The cells that a sprint's figures rest on: fixed once it is over.
pub const FROZEN: &[&str] = &["entries", "start", "end", "capacity", "result", "done_rules", "forecast"];

/// Which sprints a step makes, and of which it says where they stand: looked up once, for steps of many records.
struct Touched {
    new: FxHashSet<Id>,
    moved: FxHashSet<Id>,
}

impl Touched {
    fn by(step: &Step) -> Touched {
        let of = |wanted: fn(&Change) -> bool| {
            let sprints = step.changes.iter().filter(|change| change.kind() == Kind::Sprint);
            sprints.filter(|change| wanted(change)).map(|change| change.id).collect()
        };
        Touched { new: of(Change::is_creation), moved: of(|change| change.field.key == "state") }
    }
}

/// `after` already has the step applied.
pub fn hold(after: &Product, step: &Step) -> Result<(), Refusal> {
    if step.changes.iter().any(|change| change.kind() == Kind::Sprint) {
        one_runs(after)?;
        let touched = Touched::by(step);
        for change in step.changes.iter().filter(|change| change.kind() == Kind::Sprint) {
            let Some(sprint) = after.get::<Sprint>(change.id) else { continue };
            let (is_new, moves) = (touched.new.contains(&change.id), touched.moved.contains(&change.id));
            days(sprint)?;
            deleted(sprint, change)?;
            match (change.field.key, sprint.state) {
                ("state", SprintState::Active) if !is_new => begun(after, sprint)?,
                ("state", SprintState::Closed) => ended(after, sprint)?,
                ("entries", SprintState::Active) if !moves => running(sprint, change)?,
                // A step that moves its state is a reopening, or an undo of one.
                _ if !moves && !is_new => kept(sprint, change)?,
                _ => {}
            }
        }
    }
    selections(after, step)?;
    step.changes.iter().try_for_each(|change| stays_in(after, change))
}

/// A story is not deleted out of a running sprint: what leaves it is written down there.
fn stays_in(after: &Product, change: &Change) -> Result<(), Refusal> {
    if change.kind() != Kind::BacklogItem || !change.is_deletion() {
        return Ok(());
    }
    let sprint = after.get::<BacklogItem>(change.id).and_then(|item| after.get::<Sprint>(item.sprint?));
    let holds = |sprint: &Sprint| {
        sprint.state == SprintState::Active && sprint.entries.iter().any(|entry| entry.item == change.id)
    };
    match sprint.filter(|sprint| holds(sprint)) {
        Some(sprint) => Err(Refusal::new(
            format!("{} is in {}, which is running.", after.name_of(change.id), name(sprint)),
            "Drop it, or take it out with a reason: the sprint keeps account of both. Nothing was changed.",
        )),
        None => Ok(()),
    }
}

fn name(sprint: &Sprint) -> String {
    Kind::Sprint.numbered(sprint.number)
}

fn one_runs(after: &Product) -> Result<(), Refusal> {
    let running = after.all::<Sprint>().filter(|sprint| sprint.state == SprintState::Active).count();
    if running > 1 {
        return Err(Refusal::new("A sprint is running already.", "Close it first; nothing was changed."));
    }
    Ok(())
}

fn days(sprint: &Sprint) -> Result<(), Refusal> {
    match (sprint.start, sprint.end) {
        (Some(start), Some(end)) if end < start => Err(Refusal::new(
            format!("{} would end on {end}, before it starts on {start}.", capital(&name(sprint))),
            "Nothing was changed.",
        )),
        _ => Ok(()),
    }
}

fn deleted(sprint: &Sprint, change: &Change) -> Result<(), Refusal> {
    if change.is_deletion() && sprint.state != SprintState::Planning {
        return Err(Refusal::new(
            format!("{} has run, and its figures are part of the velocity.", capital(&name(sprint))),
            "Only a sprint in planning is deleted; nothing was changed.",
        ));
    }
    Ok(())
}

/// A sprint that is over keeps what its figures rest on.
fn kept(sprint: &Sprint, change: &Change) -> Result<(), Refusal> {
    let over = matches!(sprint.state, SprintState::Closed | SprintState::Cancelled);
    if over && FROZEN.contains(&change.field.key) {
        let hint = match sprint.state {
            SprintState::Closed => format!("sprint.reopen opens {} again; nothing was changed.", name(sprint)),
            _ => "Nothing was changed.".to_string(),
        };
        return Err(Refusal::new(format!("A {} sprint keeps its figures.", sprint.state.label()), hint));
    }
    Ok(())
}

fn entries(value: &Value) -> Vec<SprintEntry> {
    Vec::<SprintEntry>::from_value(value).unwrap_or_default()
}

/// What a sprint began with stays in its entries: it may be done, removed or dropped, not forgotten.
fn running(sprint: &Sprint, change: &Change) -> Result<(), Refusal> {
    let kept = |was: &SprintEntry| {
        sprint.entries.iter().any(|now| now.item == was.item && now.points == was.points && now.added == was.added)
    };
    if entries(&change.from).iter().filter(|was| was.is_planned()).all(kept) {
        return Ok(());
    }
    Err(Refusal::new(
        format!("{} has started, with the stories that were selected then.", capital(&name(sprint))),
        "sprint.unplan takes a story out, with a reason; nothing was changed.",
    ))
}

/// The stories in a sprint that begins, or runs again, are those of its entries: nobody selected another one while
/// somebody started it, and none has gone on while it was over.
fn begun(after: &Product, sprint: &Sprint) -> Result<(), Refusal> {
    let inside: FxHashSet<Id> = sprint.entries.iter().filter(|one| one.is_in()).map(|one| one.item).collect();
    let open = |item: &BacklogItem| !matches!(item.status, ItemStatus::Done | ItemStatus::Dropped);
    let missing =
        after.all::<BacklogItem>().find(|one| one.sprint == Some(sprint.id) && open(one) && !inside.contains(&one.id));
    if let Some(item) = missing {
        return Err(Refusal::new(
            format!("{} was selected for {} in the meantime.", after.name_of(item.id), name(sprint)),
            "Look at the plan and start it again; nothing was changed.",
        ));
    }
    let elsewhere = |id: &&Id| after.get::<BacklogItem>(**id).is_some_and(|item| item.sprint != Some(sprint.id));
    match inside.iter().find(elsewhere) {
        Some(item) => Err(Refusal::new(
            format!("{} is not in {} any more.", after.name_of(*item), name(sprint)),
            "The sprint stays as it is; nothing was changed.",
        )),
        None => Ok(()),
    }
}

/// Nobody finished a story while somebody closed the sprint.
fn ended(after: &Product, sprint: &Sprint) -> Result<(), Refusal> {
    let unlike = |one: &&SprintEntry| {
        one.is_in() && !one.outcome.is_empty() && one.done.is_some() != (one.outcome == SprintEntry::DONE)
    };
    match sprint.entries.iter().find(unlike) {
        Some(entry) => Err(Refusal::new(
            format!("{} moved while {} was being closed.", after.name_of(entry.item), name(sprint)),
            "Close it again with what is done now; nothing was changed.",
        )),
        None => Ok(()),
    }
}

/// A story comes into a running sprint and leaves it with a line in its entries, which only a deed writes. Where the
/// step writes the entries too, it has seen to that.
fn selections(after: &Product, step: &Step) -> Result<(), Refusal> {
    let mut inside: FxHashMap<Id, Option<FxHashSet<Id>>> = FxHashMap::default();
    let about = |change: &&Change| change.kind() == Kind::BacklogItem && change.field.key == "sprint";
    for change in step.changes.iter().filter(about) {
        for (value, comes) in [(&change.from, false), (&change.to, true)] {
            let Some(id) = Option::<Id>::from_value(value).unwrap_or_default() else { continue };
            let items = inside.entry(id).or_insert_with(|| items_of_running(after, step, id));
            let Some(items) = items else { continue };
            if items.contains(&change.id) != comes {
                let (item, sprint) = (after.name_of(change.id), capital(&after.name_of(id)));
                let way = if comes { "sprint.plan adds it" } else { "sprint.unplan takes it out" };
                return Err(Refusal::new(
                    format!("{sprint} is running, and {item} is {} it.", if comes { "not in" } else { "in" }),
                    format!("{way}, with a reason; nothing was changed."),
                ));
            }
        }
    }
    Ok(())
}

/// The stories of a running sprint whose entries the step leaves alone.
fn items_of_running(after: &Product, step: &Step, id: Id) -> Option<FxHashSet<Id>> {
    let sprint = after.get::<Sprint>(id).filter(|sprint| sprint.state == SprintState::Active)?;
    let written = step.changes.iter().any(|change| change.id == id && change.field.key == "entries");
    // What was dropped may be taken up again, so it has not left.
    let holds = |one: &&SprintEntry| one.is_in() || one.outcome == SprintEntry::DROPPED;
    (!written).then(|| sprint.entries.iter().filter(holds).map(|one| one.item).collect())
}
