//! The end of a sprint: done stories stay, unfinished ones go where the user decides. Also cancelling a sprint whose
//! goal has become obsolete, and reopening a closed one.

use crate::actions::action::{Action, Args, Context, no_record};
use crate::actions::edit::{Place, reorder};
use crate::actions::sprint::args::{named, reason, running_one, sprint_of};
use crate::actions::sprint::select::{New, new};
use crate::actions::whole::follow_parts;
use crate::insight::forecast::forecast;
use crate::insight::sprint::{in_planning, running};
use crate::insight::velocity::closed;
use crate::model::change::Step;
use crate::model::grammar::capital;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::schema::{BacklogItem, ItemStatus, Kind, Sprint, SprintResult, SprintState};
use crate::model::snapshot_types::SprintEntry;
use crate::model::undo_barrier::Fence;
use crate::model::value::{Cell, Life, Prose, Value};

pub const CLOSE: Action = Action {
    name: "sprint.close",
    hint: "Closes the running sprint: its figures are fixed, unfinished stories go where you decide.",
    with: &[
        ("result", "whether the Sprint Goal was met: met, partly or not"),
        ("unfinished", "backlog-top, in-place, next or drop, or one of these per story"),
        ("sprint", "the sprint (default: the running one)"),
    ],
    run: |product, args, context| {
        let sprint = named(args, product)?.map_or_else(|| running_one(product), Ok)?;
        close(product, sprint, &closing(args)?, context)
    },
    sets: None,
};

pub const CANCEL: Action = Action {
    name: "sprint.cancel",
    hint: "Ends a sprint whose goal has become obsolete. It does not count towards velocity.",
    with: &[("reason", "why"), ("sprint", "the sprint (default: the running one)")],
    run: |product, args, context| {
        let sprint = named(args, product)?.map_or_else(|| running_one(product), Ok)?;
        cancel(product, sprint, reason(args, "Cancelling a sprint")?, context)
    },
    sets: None,
};

pub const REOPEN: Action = Action {
    name: "sprint.reopen",
    hint: "Reopens a closed sprint: its unfinished stories come back to it.",
    with: &[("reason", "why"), ("sprint", "the sprint (default: the one closed last)")],
    run: |product, args, context| {
        let last =
            || closed(product).last().map(|sprint| sprint.id).ok_or_else(|| Refusal::unchanged("No sprint is closed."));
        let sprint = named(args, product)?.map_or_else(last, Ok)?;
        reopen(product, sprint, reason(args, "Reopening a sprint")?, context)
    },
    sets: None,
};

/// Where an unfinished story goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Carry {
    /// To the top of the Product Backlog, as Scrum has it.
    #[default]
    BacklogTop,
    /// Back to its place in the Product Backlog.
    InPlace,
    /// On to the next sprint.
    Next,
    /// On to this one, which is in planning.
    Into(Id),
    /// Dropped.
    Drop,
}

impl Carry {
    pub const ALL: [Carry; 4] = [Carry::BacklogTop, Carry::InPlace, Carry::Next, Carry::Drop];

    pub fn key(self) -> &'static str {
        match self {
            Carry::BacklogTop => "backlog-top",
            Carry::InPlace => "in-place",
            Carry::Next | Carry::Into(_) => "next",
            Carry::Drop => "drop",
        }
    }

    fn parse(value: &Value) -> Result<Carry, Refusal> {
        let found = Carry::ALL.into_iter().find(|one| Some(one.key()) == value.as_str());
        found.ok_or_else(|| Refusal::unchanged(format!("{value} is not one of backlog-top, in-place, next, drop.")))
    }

    fn outcome(self) -> &'static str {
        if self == Carry::Drop { SprintEntry::DROPPED } else { self.key() }
    }
}

/// The answers given when closing.
#[derive(Clone, Debug, Default)]
pub struct Closing {
    pub result: SprintResult,
    /// Where unfinished stories go, and the exceptions.
    pub unfinished: Carry,
    pub each: Vec<(Id, Carry)>,
}

impl Closing {
    fn carry(&self, item: Id) -> Carry {
        self.each.iter().find(|(id, _)| *id == item).map_or(self.unfinished, |(_, carry)| *carry)
    }
}

fn closing(args: &Args) -> Result<Closing, Refusal> {
    let result = SprintResult::from_text(args.needed("result")?).map_err(Refusal::unchanged)?;
    if result == SprintResult::Open {
        return Err(Refusal::unchanged("The result of a closed sprint must be met, partly or not."));
    }
    let mut out = Closing { result, ..Closing::default() };
    match args.with.get("unfinished") {
        None | Some(Value::Null) => {}
        Some(Value::Object(each)) => {
            for (name, carry) in each.iter() {
                let (_, id) = (args.lookup)(name).ok_or_else(|| no_record(name))?;
                out.each.push((id, Carry::parse(carry)?));
            }
        }
        Some(all) => out.unfinished = Carry::parse(all)?,
    }
    Ok(out)
}

/// The entries when the sprint ends, and the unfinished stories.
fn settled(product: &Product, sprint: &Sprint, context: &Context) -> (Vec<SprintEntry>, Vec<Id>) {
    let (mut entries, mut unfinished) = (sprint.entries.clone(), Vec::new());
    // A story added to the sprint by an edit of the file has no entry yet.
    let inside = |item: &BacklogItem| item.sprint == Some(sprint.id);
    for item in product.all::<BacklogItem>().filter(|item| inside(item)) {
        if !entries.iter().any(|entry| entry.item == item.id && (entry.is_in() || !entry.outcome.is_empty())) {
            let mut entry = SprintEntry::new(item.id, item.points, context.now);
            entry.added_reason = "found in the sprint when it ended".to_string();
            entries.push(entry);
        }
    }
    for entry in entries.iter_mut().filter(|entry| entry.is_in()) {
        let item = product.get::<BacklogItem>(entry.item).filter(|item| item.alive == Life::Alive);
        match item {
            None => entry.outcome = SprintEntry::DROPPED.to_string(),
            Some(item) if item.status == ItemStatus::Done || entry.done.is_some() => {
                entry.done = entry.done.or(item.closed).or(Some(context.now));
                entry.outcome = SprintEntry::DONE.to_string();
            }
            Some(item) if item.status == ItemStatus::Dropped => entry.outcome = SprintEntry::DROPPED.to_string(),
            Some(item) if !inside(item) => {
                (entry.removed, entry.removed_reason) = (Some(context.now), "had left when the sprint ended".into());
            }
            Some(_) => unfinished.push(entry.item),
        }
    }
    (entries, unfinished)
}

/// Closes the running sprint. Done stories stay with it; every other goes where `closing` says and counts as carried
/// once more, unless it is dropped. The current forecast is stored with the sprint.
pub fn close(product: &Product, id: Id, closing: &Closing, context: &mut Context) -> Result<Step, Refusal> {
    let sprint = sprint_of(product, id)?;
    is_running(product, sprint)?;
    let (mut entries, unfinished) = settled(product, sprint, context);
    if let Some((stranger, _)) = closing.each.iter().find(|(id, _)| !unfinished.contains(id)) {
        let what = format!("{} is not an unfinished story of {}.", product.name_of(*stranger), product.name_of(id));
        return Err(Refusal::unchanged(what));
    }
    goes_into_planning(product, closing)?;
    for entry in entries.iter_mut().filter(|entry| unfinished.contains(&entry.item) && entry.is_in()) {
        entry.outcome = closing.carry(entry.item).outcome().to_string();
    }
    let moves: Vec<(Id, Carry)> = unfinished.iter().map(|item| (*item, closing.carry(*item))).collect();
    let mut step = Step::new(format!("{} {}", Fence::Close.verb(), product.name_of(id)));
    let closed = product.edit::<Sprint>(id, "", |sprint| {
        (sprint.state, sprint.result, sprint.entries) = (SprintState::Closed, closing.result, entries);
        sprint.ended = Some(context.now);
    });
    let next = follower(product, &closed, &moves, context)?;
    step.changes.extend(carry(product, &moves, next, context)?.changes);
    step.changes.extend(closed.changes);
    let dropped = moves.iter().filter(|(_, carry)| *carry == Carry::Drop).map(|(id, _)| *id).collect::<Vec<Id>>();
    let wholes = follow_parts(product, &mut step, &dropped, context)?;
    step.label.push_str(&wholes);
    keep_forecast(product, id, &mut step, context);
    Ok(step)
}

/// The sprint that takes over unfinished stories must not have started yet.
fn goes_into_planning(product: &Product, closing: &Closing) -> Result<(), Refusal> {
    let all = closing.each.iter().map(|(_, carry)| *carry).chain([closing.unfinished]);
    for carry in all {
        let Carry::Into(id) = carry else { continue };
        let into = sprint_of(product, id)?;
        if into.state != SprintState::Planning {
            let what = format!("{} is {}.", capital(&product.name_of(id)), into.state.label());
            return Err(Refusal::new(
                what,
                "Unfinished stories can only go to a sprint in planning; nothing was changed.",
            ));
        }
    }
    Ok(())
}

fn is_running(product: &Product, sprint: &Sprint) -> Result<(), Refusal> {
    if sprint.state == SprintState::Active {
        return Ok(());
    }
    let what = format!("{} is {}.", capital(&product.name_of(sprint.id)), sprint.state.label());
    Err(Refusal::new(what, "Only a running sprint can end; nothing was changed."))
}

/// The forecast, including the sprint's own figures.
fn keep_forecast(product: &Product, id: Id, step: &mut Step, context: &Context) {
    let mut after = product.clone();
    let (Ok(()), Some(field)) = (after.apply(step), Kind::Sprint.field("forecast")) else { return };
    let to = forecast(&after, context.now.day()).kept().to_value();
    let from = product.value(id, field);
    if from != to {
        step.changes.push(crate::model::change::Change { id, field, from, to });
    }
}

/// The sprint to which unfinished stories go on, if some do. A new one follows the day on which this one was closed.
fn follower(
    product: &Product,
    closed: &Step,
    moves: &[(Id, Carry)],
    context: &mut Context,
) -> Result<Option<(Step, Id)>, Refusal> {
    if !moves.iter().any(|(_, carry)| *carry == Carry::Next) {
        return Ok(None);
    }
    if let Some(sprint) = in_planning(product).first() {
        return Ok(Some((Step::default(), sprint.id)));
    }
    let mut after = product.clone();
    after.apply(closed).map_err(Refusal::unchanged)?;
    new(&after, &New::default(), context).map(Some)
}

/// Moves unfinished stories out of their sprint, each to its place.
fn carry(
    product: &Product,
    moves: &[(Id, Carry)],
    next: Option<(Step, Id)>,
    context: &Context,
) -> Result<Step, Refusal> {
    let going = |to: Carry| moves.iter().filter(move |(_, carry)| *carry == to).map(|(id, _)| *id).collect::<Vec<Id>>();
    let (mut step, next) = next.map_or_else(Default::default, |(made, id)| (made, Some(id)));
    let now = context.now;
    for (id, carry) in moves {
        let one = product.edit::<BacklogItem>(*id, "", |item| {
            item.sprint = match carry {
                Carry::Next => next,
                Carry::Into(sprint) => Some(*sprint),
                _ => None,
            };
            if *carry == Carry::Drop {
                (item.status, item.closed) = (ItemStatus::Dropped, Some(now));
            } else {
                item.carried = item.carried.saturating_add(1);
            }
        });
        step.changes.extend(one.changes);
    }
    let top = going(Carry::BacklogTop);
    if !top.is_empty() {
        step.changes.extend(reorder(product, Kind::BacklogItem, &top, Place::Top)?.changes);
    }
    Ok(step)
}

/// Ends a sprint early. Done stories stay done, the others go back to the top of the Product Backlog.
pub fn cancel(product: &Product, id: Id, reason: &str, context: &mut Context) -> Result<Step, Refusal> {
    let sprint = sprint_of(product, id)?;
    is_running(product, sprint)?;
    let (mut entries, unfinished) = settled(product, sprint, context);
    for entry in entries.iter_mut().filter(|entry| unfinished.contains(&entry.item) && entry.is_in()) {
        entry.outcome = Carry::BacklogTop.outcome().to_string();
    }
    let moves: Vec<(Id, Carry)> = unfinished.iter().map(|item| (*item, Carry::BacklogTop)).collect();
    let mut step = carry(product, &moves, None, context)?;
    step.label = format!("Cancelled {}: {reason}", product.name_of(id));
    let ended = product.edit::<Sprint>(id, "", |sprint| {
        (sprint.state, sprint.entries, sprint.reason) = (SprintState::Cancelled, entries, Prose::from(reason));
        sprint.ended = Some(context.now);
    });
    step.changes.extend(ended.changes);
    Ok(step)
}

/// Reopens a closed sprint. Unfinished stories come back to it, unless they have moved on since; those have left the
/// sprint.
pub fn reopen(product: &Product, id: Id, reason: &str, context: &mut Context) -> Result<Step, Refusal> {
    let sprint = sprint_of(product, id)?;
    let name = product.name_of(id);
    if sprint.state != SprintState::Closed {
        let what = format!("{} is {}.", capital(&name), sprint.state.label());
        return Err(Refusal::new(what, "Only a closed sprint can be reopened; nothing was changed."));
    }
    if let Some(other) = running(product) {
        let what = format!("{} is running.", capital(&product.name_of(other.id)));
        return Err(Refusal::new(what, "Close it first; nothing was changed."));
    }
    let mut step = Step::new(format!("Reopened {name}: {reason}"));
    let mut entries = sprint.entries.clone();
    for entry in entries.iter_mut().filter(|entry| entry.is_in()) {
        let was = std::mem::take(&mut entry.outcome);
        if was == SprintEntry::DONE {
            continue;
        }
        if comes_back(product, entry.item, &was) {
            step.changes.extend(brought_back(product, entry.item, id, &was).changes);
        } else {
            entry.removed = Some(context.now);
            entry.removed_reason = "had moved on when the sprint was reopened".to_string();
        }
    }
    let opened = product.edit::<Sprint>(id, "", |sprint| {
        (sprint.state, sprint.entries, sprint.result) = (SprintState::Active, entries, SprintResult::Open);
        sprint.reason = Prose::from(reason);
        sprint.forecast.clear();
        sprint.ended = None;
    });
    step.changes.extend(opened.changes);
    Ok(step)
}

/// True if the story is as the close left it: open and in no sprint, or dropped by the close itself.
fn comes_back(product: &Product, item: Id, was: &str) -> bool {
    let Some(item) = product.get::<BacklogItem>(item).filter(|item| item.alive == Life::Alive) else { return false };
    let planned = |id: Id| product.get::<Sprint>(id).is_none_or(|sprint| sprint.state == SprintState::Planning);
    match item.status {
        ItemStatus::Done => false,
        ItemStatus::Dropped => was == SprintEntry::DROPPED,
        _ => was != SprintEntry::DROPPED && item.sprint.is_none_or(planned),
    }
}

fn brought_back(product: &Product, item: Id, sprint: Id, was: &str) -> Step {
    product.edit::<BacklogItem>(item, "", |item| {
        item.sprint = Some(sprint);
        if was == SprintEntry::DROPPED {
            (item.status, item.closed) = (ItemStatus::ToDo, None);
        } else {
            item.carried = item.carried.saturating_sub(1);
        }
    })
}
