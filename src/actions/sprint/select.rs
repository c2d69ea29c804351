//! Creates sprints and selects stories for them, also for a running sprint, with a reason.

use crate::actions::action::{Action, Args, Argument, Context, Setter, no_record, one_or_many, wrong_kind};
use crate::actions::edit::{self, Place};
use crate::actions::sprint::args::{amount, day, named, only_planned, running_one, sprint_of};
use crate::actions::sprint::ledger::Ledger;
use crate::insight::outlook::short;
use crate::insight::rhythm::default_days;
use crate::insight::sprint::is_open;
use crate::model::change::Step;
use crate::model::grammar::capital;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::schema::{BacklogItem, Kind, Sprint, SprintState};
use crate::model::snapshot_types::SprintEntry;
use crate::model::value::{Amount, Cell, Day, Value};
use chrono::Months;

pub const NEW: Action = Action {
    name: "sprint.new",
    hint: "Creates a sprint to plan. Without dates it follows the last one and is as long.",
    with: &[
        ("goal", "the Sprint Goal"),
        ("start", "the first day"),
        ("end", "the last day"),
        ("capacity", "how many points fit in, optional"),
    ],
    run: |product, args, context| {
        let goal = args.text("goal").unwrap_or_default().to_string();
        let (start, end) = (day(args, "start")?, day(args, "end")?);
        let wanted = New { goal, start, end, capacity: amount(args, "capacity")? };
        new(product, &wanted, context).map(|(step, _)| step)
    },
    sets: None,
};

pub const PLAN: Action = Action {
    name: "sprint.plan",
    hint: "Selects stories for a sprint. A running sprint requires a reason.",
    with: &[
        ("items", "numbers, ids or refs"),
        ("sprint", "the sprint (default: the one in planning)"),
        ("reason", "why it comes into a running sprint"),
    ],
    run: |product, args, context| {
        let reason = args.trimmed("reason");
        let sprint = match named(args, product)? {
            Some(sprint) => sprint,
            None => only_planned(product).or_else(|why| match running_one(product) {
                Ok(running) if !reason.is_empty() => Ok(running),
                _ => Err(why),
            })?,
        };
        plan(product, sprint, &items(args, product)?, reason, context)
    },
    sets: Some(Setter { field: "sprint", set: set_sprint, asks: asks_why, at_creation: false }),
};

pub const UNPLAN: Action = Action {
    name: "sprint.unplan",
    hint: "Takes stories out of their sprint. A running sprint requires a reason.",
    with: &[
        ("items", "numbers, ids or refs"),
        ("sprint", "the sprint (default: the one each story is in)"),
        ("reason", "why it leaves a running sprint"),
    ],
    run: |product, args, context| {
        let (sprint, reason) = (named(args, product)?, args.trimmed("reason"));
        unplan(product, sprint, &items(args, product)?, reason, context)
    },
    sets: Some(Setter { field: "sprint", set: set_sprint, asks: asks_why, at_creation: false }),
};

/// Into a sprint, or out of the one that each story is in.
fn set_sprint(product: &Product, ids: &[Id], to: &Value, args: &Args, context: &mut Context) -> Result<Step, Refusal> {
    match Option::<Id>::from_value(to).map_err(Refusal::unchanged)? {
        Some(sprint) => plan(product, sprint, ids, args.trimmed("reason"), context),
        None => unplan(product, None, ids, args.trimmed("reason"), context),
    }
}

/// Entering or leaving a running sprint requires a reason.
fn asks_why(product: &Product, ids: &[Id], to: &Value) -> Option<Argument> {
    let runs = |sprint: Option<Id>| {
        sprint.and_then(|id| product.get::<Sprint>(id)).is_some_and(|sprint| sprint.state == SprintState::Active)
    };
    let sprint = |id: &Id| product.get::<BacklogItem>(*id).and_then(|item| item.sprint);
    match Option::<Id>::from_value(to).unwrap_or_default() {
        Some(into) if runs(Some(into)) => Some(Argument { key: "reason", about: "why it comes into a running sprint" }),
        None if ids.iter().any(|id| runs(sprint(id))) => {
            Some(Argument { key: "reason", about: "why it leaves a running sprint" })
        }
        _ => None,
    }
}

/// The initial values of a new sprint.
#[derive(Clone, Debug, Default)]
pub struct New {
    pub goal: String,
    pub start: Option<Day>,
    pub end: Option<Day>,
    pub capacity: Option<Amount>,
}

/// A sprint lasts one month at most (Scrum Guide 2020).
pub(super) fn days_fit(start: Day, end: Day) -> Result<(), Refusal> {
    if end < start {
        return Err(Refusal::unchanged(format!("The sprint would end on {end}, before it starts on {start}.")));
    }
    let month = start.0.checked_add_months(Months::new(1)).unwrap_or(start.0);
    if end.0 > month {
        return Err(Refusal::new(
            format!("From {start} to {end} is more than a month."),
            "A sprint lasts one month at most, so that its goal stays valid; nothing was changed.",
        ));
    }
    Ok(())
}

/// Creates a sprint in planning and returns its id.
pub fn new(product: &Product, wanted: &New, context: &mut Context) -> Result<(Step, Id), Refusal> {
    let (start, end) = default_days(product, wanted.start, context.now.day());
    let end = wanted.end.unwrap_or(end);
    days_fit(start, end)?;
    let values = [
        ("goal", Value::from(wanted.goal.trim())),
        ("start", Some(start).to_value()),
        ("end", Some(end).to_value()),
        ("capacity", wanted.capacity.to_value()),
    ];
    let cells: Vec<_> = values.into_iter().filter_map(|(key, value)| Some((Kind::Sprint.field(key)?, value))).collect();
    let (mut step, id) = edit::add(product, Kind::Sprint, &cells, Place::Bottom, context)?;
    let today = context.now.day();
    step.label = format!("New sprint from {} to {}", short(start, today), short(end, today));
    Ok((step, id))
}

/// Creates a sprint in planning with its first stories, as one step.
pub fn new_with(product: &Product, wanted: &New, items: &[Id], context: &mut Context) -> Result<(Step, Id), Refusal> {
    let (mut step, id) = new(product, wanted, context)?;
    // The copy shares the records; on it, the new sprint is like any other.
    let mut with = product.clone();
    with.apply(&step).map_err(Refusal::unchanged)?;
    step.changes.extend(plan(&with, id, items, "", context)?.changes);
    Ok((step, id))
}

/// Deletes a sprint in planning; its stories stay in the Product Backlog.
pub fn discard(product: &Product, id: Id, context: &mut Context) -> Result<Step, Refusal> {
    let items: Vec<Id> =
        product.all::<BacklogItem>().filter(|item| item.sprint == Some(id)).map(|item| item.id).collect();
    let mut step = unplan(product, Some(id), &items, "", context)?;
    step.changes.extend(edit::delete(product, &[id])?.changes);
    step.label = format!("Deleted {}, which was in planning", product.name_of(id));
    Ok(step)
}

/// Returns the stories that `items` names.
fn items(args: &Args, product: &Product) -> Result<Vec<Id>, Refusal> {
    let names: Vec<&str> = match args.with.get("items") {
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(one)) => one.split([',', ' ']).filter(|name| !name.is_empty()).collect(),
        _ => Vec::new(),
    };
    if names.is_empty() {
        return Err(Refusal::unchanged("\"items\" is missing; it names stories."));
    }
    let mut out = Vec::with_capacity(names.len());
    for name in names {
        let (kind, id) = (args.lookup)(name).ok_or_else(|| no_record(name))?;
        if kind != Kind::BacklogItem {
            return Err(wrong_kind(product, id, Kind::BacklogItem));
        }
        if !out.contains(&id) {
            out.push(id);
        }
    }
    Ok(out)
}

fn story(product: &Product, id: Id) -> Result<&std::sync::Arc<BacklogItem>, Refusal> {
    let item = product.get::<BacklogItem>(id).ok_or_else(|| wrong_kind(product, id, Kind::BacklogItem))?;
    if item.alive == crate::model::value::Life::Alive {
        return Ok(item);
    }
    Err(Refusal::unchanged(format!("{} was deleted.", product.name_of(id))))
}

/// Selects stories for a sprint. A running sprint also records them in its entries, with the reason and their current
/// size.
pub fn plan(product: &Product, sprint: Id, items: &[Id], reason: &str, context: &mut Context) -> Result<Step, Refusal> {
    let into = sprint_of(product, sprint)?;
    let runs = into.state == SprintState::Active;
    if !matches!(into.state, SprintState::Planning | SprintState::Active) {
        let what = format!("{} is {}.", capital(&product.name_of(sprint)), into.state.label());
        return Err(Refusal::new(what, "Use the next one; nothing was changed."));
    }
    let (mut step, mut ledger, mut taken) = (Step::default(), Ledger::default(), Vec::new());
    let mut wholes: Vec<Id> = Vec::new();
    for id in items {
        let item = story(product, *id)?;
        if item.sprint == Some(sprint) {
            continue;
        }
        free_for(product, item)?;
        taken.push(*id);
        step.changes.extend(product.edit::<BacklogItem>(*id, "", |item| item.sprint = Some(sprint)).changes);
        if runs {
            if !product.index().counts(item) {
                let what = format!("{} has parts, which count instead.", product.name_of(*id));
                return Err(Refusal::new(what, "Add these to the sprint; nothing was changed."));
            }
            wholes.extend(item.parent.filter(|whole| !wholes.contains(whole)));
            let mut entry = SprintEntry::new(*id, item.points, context.now);
            entry.added_reason = reason.to_string();
            ledger.edit(product, sprint, |entries| entries.push(entry));
        }
    }
    if runs && reason.is_empty() && !taken.is_empty() {
        let what = format!("{} is running; adding a story requires a reason.", capital(&product.name_of(sprint)));
        return Err(Refusal::new(what, "Give it as \"reason\", or say what leaves; nothing was changed."));
    }
    // A story counts through its parts, so it leaves once one of them comes in.
    for whole in wholes.iter().filter_map(|id| product.get::<BacklogItem>(*id)) {
        if whole.sprint == Some(sprint) && is_open(whole) {
            ledger.leave(product, sprint, whole.id, reason, context.now);
            step.join(product.edit::<BacklogItem>(whole.id, "", |whole| whole.sprint = None));
        }
    }
    step.changes.extend(ledger.changes(product));
    let why = if runs { format!(": {reason}") } else { String::new() };
    step.label =
        format!("Selected {} for {}{why}", one_or_many(product, Kind::BacklogItem, &taken), product.name_of(sprint));
    Ok(step)
}

/// Checks that a story can be selected: it is open, and in no running sprint.
fn free_for(product: &Product, item: &BacklogItem) -> Result<(), Refusal> {
    let name = product.name_of(item.id);
    if !is_open(item) {
        return Err(Refusal::unchanged(format!("{name} is already {}.", item.status.label())));
    }
    let sprint = item.sprint.and_then(|id| product.get::<Sprint>(id));
    match sprint.filter(|sprint| sprint.state == SprintState::Active) {
        Some(other) => Err(Refusal::new(
            format!("{name} is in {}, which is running.", product.name_of(other.id)),
            "{sprint.unplan} takes it out there first; nothing was changed.",
        )),
        None => Ok(()),
    }
}

/// Takes stories out of their sprint; the entries of a running one keep them, with the reason.
pub fn unplan(
    product: &Product,
    sprint: Option<Id>,
    items: &[Id],
    reason: &str,
    context: &mut Context,
) -> Result<Step, Refusal> {
    let (mut step, mut ledger) = (Step::default(), Ledger::default());
    for id in items {
        let item = story(product, *id)?;
        let name = product.name_of(*id);
        let Some(from) = item.sprint.filter(|from| sprint.is_none_or(|wanted| wanted == *from)) else {
            let which = sprint.map_or_else(|| "any sprint".to_string(), |sprint| product.name_of(sprint));
            return Err(Refusal::unchanged(format!("{name} is not in {which}.")));
        };
        let state = product.get::<Sprint>(from).map(|sprint| sprint.state).unwrap_or_default();
        let over = matches!(state, SprintState::Closed | SprintState::Cancelled);
        if over || (state == SprintState::Active && !is_open(item)) {
            return Err(Refusal::unchanged(format!("{name} was done in {} and stays there.", product.name_of(from))));
        }
        if state == SprintState::Active {
            if reason.is_empty() {
                let what =
                    format!("{} is running; removing a story requires a reason.", capital(&product.name_of(from)));
                return Err(Refusal::new(what, "Give it as \"reason\"; nothing was changed."));
            }
            ledger.leave(product, from, *id, reason, context.now);
        }
        step.changes.extend(product.edit::<BacklogItem>(*id, "", |item| item.sprint = None).changes);
    }
    step.changes.extend(ledger.changes(product));
    let why = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    step.label = format!("Took {} out of the sprint{why}", one_or_many(product, Kind::BacklogItem, items));
    Ok(step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::value::{Life, When};

    #[test]
    fn proposed_days_follow_the_real_end_and_are_as_many_working_days() {
        let day = |text: &str| Day::parse(text).unwrap();
        let proposed = |sprint: Option<(&str, &str, &str)>, today: &str| {
            let mut product = Product::default();
            if let Some((start, end, closed)) = sprint {
                let before = Sprint { id: Id::from_bits(1), ..Sprint::default() };
                let mut after = before.clone();
                (after.alive, after.state) = (Life::Alive, SprintState::Closed);
                (after.start, after.end) = (Some(day(start)), Some(day(end)));
                after.ended = Some(When::parse(&format!("{closed}T10:00:00Z")).unwrap());
                let changes = crate::model::change::diff(&before, &after);
                product.apply(&Step { label: String::new(), changes }).unwrap();
            }
            let (start, end) = default_days(&product, None, day(today));
            (start.to_string(), end.to_string())
        };
        let days = |start: &str, end: &str| (start.to_string(), end.to_string());
        assert_eq!(proposed(None, "2026-11-28"), days("2026-11-28", "2026-12-11"));
        assert_eq!(proposed(None, "2026-11-30"), days("2026-11-30", "2026-12-11"));
        let early = Some(("2026-11-28", "2026-12-11", "2026-11-28"));
        assert_eq!(proposed(early, "2026-11-28"), days("2026-11-30", "2026-12-11"));
        let late = Some(("2026-11-28", "2026-12-11", "2026-12-11"));
        assert_eq!(proposed(late, "2026-12-11"), days("2026-12-14", "2026-12-25"));
        let sundays = Some(("2026-11-30", "2026-12-13", "2026-12-13"));
        assert_eq!(proposed(sundays, "2026-12-13"), days("2026-12-14", "2026-12-27"));
    }
}
