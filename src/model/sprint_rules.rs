//! Rules that always hold for sprints: one runs at a time, a running one loses no line of its plan, a finished one
//! keeps its figures. They also hold for concurrent changes and for undo.

use crate::model::change::{Change, Step};
use crate::model::grammar::capital;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::refusal::{Refusal, Rule, Violation};
use crate::model::schema::{BacklogItem, Kind, Sprint, SprintState};
use crate::model::snapshot_types::SprintEntry;
use crate::model::value::{Cell, Value};
use rustc_hash::{FxHashMap, FxHashSet};

/// The cells on which a sprint's figures depend: fixed once it is over.
const FROZEN: &[&str] = &["entries", "start", "end", "capacity", "done_rules", "forecast", "ended"];

/// The sprints that a step creates, and those whose state it changes: looked up once, for steps with many records.
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

/// Returns what the step breaks. `after` already has it applied.
pub(super) fn violations(after: &Product, step: &Step) -> Vec<Violation> {
    let mut out = Vec::new();
    let sprints = || step.changes.iter().enumerate().filter(|(_, change)| change.kind() == Kind::Sprint);
    if sprints().next().is_some() {
        let (touched, mut judged) = (Touched::by(step), FxHashSet::default());
        for (at, change) in sprints() {
            let Some(sprint) = after.get::<Sprint>(change.id) else { continue };
            let (is_new, moves) = (touched.new.contains(&change.id), touched.moved.contains(&change.id));
            if judged.insert(change.id) {
                out.extend(days(sprint, step));
            }
            let broken = |rule: Rule| move |refusal| Violation::of(rule, at, refusal);
            out.extend(deleted(sprint, change).map(broken(Rule::SprintDeleted)));
            let entries = broken(Rule::SprintEntries);
            out.extend(match (change.field.key, sprint.state) {
                ("state", SprintState::Active) if !is_new => begun(after, sprint).map(entries),
                ("state", SprintState::Closed) => ended(after, sprint).map(entries),
                ("entries", SprintState::Active) if !moves => running(sprint, change).map(entries),
                // A step that changes its state is a reopening, or the undo of one.
                _ if !moves && !is_new => kept(sprint, change).map(broken(Rule::SprintFigures)),
                _ => None,
            });
        }
    }
    out.extend(selections(after, step));
    let stays = |(at, change)| stays_in(after, change).map(|refusal| Violation::of(Rule::SprintEntries, at, refusal));
    out.extend(step.changes.iter().enumerate().filter_map(stays));
    out
}

/// A story cannot be deleted from a running sprint: the sprint records what leaves it.
fn stays_in(after: &Product, change: &Change) -> Option<Refusal> {
    if change.kind() != Kind::BacklogItem || !change.is_deletion() {
        return None;
    }
    let sprint = after.get::<BacklogItem>(change.id).and_then(|item| after.get::<Sprint>(item.sprint?))?;
    let holds = sprint.state == SprintState::Active && sprint.entries.iter().any(|entry| entry.item == change.id);
    holds.then(|| {
        Refusal::new(
            format!("{} is in {}, which is running.", after.name_of(change.id), name(sprint)),
            "Drop it, or take it out with a reason; the sprint records both. Nothing was changed.",
        )
    })
}

fn name(sprint: &Sprint) -> String {
    Kind::Sprint.numbered(sprint.number)
}

fn days(sprint: &Sprint, step: &Step) -> Option<Violation> {
    let (start, end) = sprint.start.zip(sprint.end).filter(|(start, end)| end < start)?;
    let of_it = || step.changes.iter().enumerate().filter(|(_, change)| change.id == sprint.id);
    let is_day = |change: &Change| matches!(change.field.key, "start" | "end");
    let days: Vec<usize> = of_it().filter(|(_, change)| is_day(change)).map(|(at, _)| at).collect();
    let changes = if days.is_empty() { of_it().map(|(at, _)| at).collect() } else { days };
    let what = format!("{} would end on {end}, before it starts on {start}.", capital(&name(sprint)));
    Some(Violation::new(Rule::SprintDays, changes, Refusal::unchanged(what)))
}

fn deleted(sprint: &Sprint, change: &Change) -> Option<Refusal> {
    (change.is_deletion() && sprint.state != SprintState::Planning).then(|| {
        Refusal::new(
            format!("{} has run, and its figures are part of the velocity.", capital(&name(sprint))),
            "Only a sprint in planning can be deleted; nothing was changed.",
        )
    })
}

/// A sprint that is over keeps everything its figures depend on.
fn kept(sprint: &Sprint, change: &Change) -> Option<Refusal> {
    let hint = match sprint.state {
        SprintState::Closed => format!("{{sprint.reopen}} opens {} again; nothing was changed.", name(sprint)),
        SprintState::Cancelled => "Nothing was changed.".to_string(),
        SprintState::Planning | SprintState::Active => return None,
    };
    let what = || format!("The figures of a {} sprint cannot be changed.", sprint.state.label());
    FROZEN.contains(&change.field.key).then(|| Refusal::new(what(), hint))
}

/// A story planned at the start stays in the sprint's entries: it can be done, removed or dropped, but not forgotten.
fn running(sprint: &Sprint, change: &Change) -> Option<Refusal> {
    let kept = |was: &SprintEntry| {
        // A size that came later may come and go: it is a fact of its day.
        let size = |now: &SprintEntry| now.points == was.points || was.points.is_none() || was.sized.is_some();
        sprint.entries.iter().any(|now| now.item == was.item && size(now) && now.added == was.added)
    };
    let before = Vec::<SprintEntry>::from_value(&change.from).unwrap_or_default();
    let forgets = !before.iter().filter(|was| was.is_planned()).all(kept);
    forgets.then(|| {
        Refusal::new(
            format!("{} has started with the stories selected at that time.", capital(&name(sprint))),
            "{sprint.unplan} takes a story out, with a reason; nothing was changed.",
        )
    })
}

/// The stories in a sprint that starts, or is reopened, must be those of its entries: nobody has selected another one
/// in the meantime, and none has moved on while the sprint was over.
fn begun(after: &Product, sprint: &Sprint) -> Option<Refusal> {
    let inside: FxHashSet<Id> = sprint.entries.iter().filter(|one| one.is_in()).map(|one| one.item).collect();
    let strange =
        |one: &BacklogItem| one.sprint == Some(sprint.id) && one.status.is_open() && !inside.contains(&one.id);
    if let Some(item) = after.all::<BacklogItem>().find(|one| strange(one)) {
        return Some(Refusal::new(
            format!("{} was selected for {} in the meantime.", after.name_of(item.id), name(sprint)),
            "Look at the plan and start it again; nothing was changed.",
        ));
    }
    let elsewhere = |id: &&Id| after.get::<BacklogItem>(**id).is_some_and(|item| item.sprint != Some(sprint.id));
    let gone = inside.iter().find(elsewhere)?;
    Some(Refusal::new(
        format!("{} is no longer in {}.", after.name_of(*gone), name(sprint)),
        "The sprint is unchanged; nothing was changed.",
    ))
}

/// Nobody may finish a story while somebody closes the sprint.
fn ended(after: &Product, sprint: &Sprint) -> Option<Refusal> {
    let unlike = |one: &&SprintEntry| {
        one.is_in() && !one.outcome.is_empty() && one.done.is_some() != (one.outcome == SprintEntry::DONE)
    };
    let entry = sprint.entries.iter().find(unlike)?;
    Some(Refusal::new(
        format!("{} changed while {} was being closed.", after.name_of(entry.item), name(sprint)),
        "Close the sprint again with what is done now; nothing was changed.",
    ))
}

/// A story enters and leaves a running sprint only with a line in its entries, which only actions write. A step that
/// also writes the entries has taken care of that.
fn selections(after: &Product, step: &Step) -> Vec<Violation> {
    let mut inside: FxHashMap<Id, Option<FxHashSet<Id>>> = FxHashMap::default();
    let mut out = Vec::new();
    let about = |change: &Change| change.kind() == Kind::BacklogItem && change.field.key == "sprint";
    for (at, change) in step.changes.iter().enumerate().filter(|(_, change)| about(change)) {
        for (value, comes) in [(&change.from, false), (&change.to, true)] {
            let Some(id) = sprint_in(value) else { continue };
            let items = inside.entry(id).or_insert_with(|| items_of_running(after, step, id));
            let Some(items) = items else { continue };
            if items.contains(&change.id) != comes {
                let (item, sprint) = (after.name_of(change.id), capital(&after.name_of(id)));
                let way = if comes { "{sprint.plan} adds it" } else { "{sprint.unplan} takes it out" };
                let refusal = Refusal::new(
                    format!("{sprint} is running, and {item} is {} it.", if comes { "not in" } else { "in" }),
                    format!("{way}, with a reason; nothing was changed."),
                );
                out.push(Violation::of(Rule::SprintEntries, at, refusal));
            }
        }
    }
    out
}

fn sprint_in(value: &Value) -> Option<Id> {
    Option::<Id>::from_value(value).unwrap_or_default()
}

/// The stories of a running sprint whose entries the step does not change.
fn items_of_running(after: &Product, step: &Step, id: Id) -> Option<FxHashSet<Id>> {
    let sprint = after.get::<Sprint>(id).filter(|sprint| sprint.state == SprintState::Active)?;
    let written = step.changes.iter().any(|change| change.id == id && change.field.key == "entries");
    // A dropped story can be taken up again, so it has not left.
    let holds = |one: &&SprintEntry| one.is_in() || one.outcome == SprintEntry::DROPPED;
    (!written).then(|| sprint.entries.iter().filter(holds).map(|one| one.item).collect())
}
