//! Status changes of a story.

use crate::actions::action::{Action, Args, Context, Setter, asks_nothing, no_record, wrong_kind};
use crate::actions::sprint::ledger::Ledger;
use crate::actions::whole::follow_parts;
use crate::insight::done::{Checked, checked};
use crate::model::change::Step;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::schema::{BacklogItem, ItemStatus, Kind, Sprint, SprintState};
use crate::model::snapshot_types::{DoneCheck, EarlierEnd};
use crate::model::value::{Cell, Criterion, Life, Line, Value};

pub const STATUS: Action = Action {
    name: "item.status",
    hint: "Moves a story on: to do, doing, to accept, done, or dropped.",
    with: &[
        ("on", "the story, or a list of them"),
        ("to", "to_do, doing, to_accept, done or dropped"),
        ("tick", "\"all\", or the numbers of the rules that hold"),
        ("waive", "rules that are waived, each with its reason"),
        ("reason", "why it is dropped"),
    ],
    run: |product, args, context| set_status(product, &args.records("on")?, &args.value("to")?, args, context),
    sets: Some(Setter { field: "status", set: set_status, asks: asks_nothing, at_creation: false }),
};

fn set_status(product: &Product, ids: &[Id], to: &Value, args: &Args, context: &mut Context) -> Result<Step, Refusal> {
    let to = ItemStatus::from_value(to).map_err(Refusal::unchanged)?;
    let check = |id: &Id| product.get::<BacklogItem>(*id).map(|item| checked(product, item));
    let checks = ids.iter().map(|id| check(id).ok_or_else(|| wrong_kind(product, *id, Kind::BacklogItem)));
    let answers = Answers::read(args, &checks.collect::<Result<Vec<_>, _>>()?)?;
    status_with(product, ids, to, &answers, context)
}

/// The answers in the done check.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// Every criterion and every rule holds.
    pub all: bool,
    /// These rules hold.
    pub ticked: Vec<Id>,
    /// These are waived, each with the reason. `None` stands for the acceptance criteria.
    pub waived: Vec<(Option<Id>, String)>,
    /// Why it is dropped.
    pub reason: String,
}

impl Answers {
    fn read(args: &Args, checks: &[Checked]) -> Result<Answers, Refusal> {
        let reason = args.trimmed("reason").to_string();
        let mut out = Answers { all: args.text("tick") == Some("all"), reason, ..Answers::default() };
        let ticks = match args.with.get("tick") {
            Some(Value::Array(all)) => all.iter().collect(),
            Some(one) if !out.all => vec![one],
            _ => Vec::new(),
        };
        for tick in ticks {
            let name = tick.as_str().map_or_else(|| tick.to_string(), str::to_string);
            out.ticked.push(rule(args, checks, &name)?);
        }
        for (name, reason) in args.with.get("waive").and_then(Value::as_object).into_iter().flatten() {
            let reason = reason.as_str().map(str::trim).filter(|reason| !reason.is_empty());
            let Some(reason) = reason else {
                return Err(Refusal::new(
                    format!("Waiving {name} requires a reason."),
                    "It is shown beside the rule; nothing was changed.",
                ));
            };
            let about = if **name == *"criteria" { None } else { Some(rule(args, checks, name)?) };
            out.waived.push((about, reason.to_string()));
        }
        Ok(out)
    }

    /// The story's checks, updated with these answers.
    fn merged(&self, item: &BacklogItem, check: &Checked, context: &Context) -> Vec<DoneCheck> {
        let mut out = item.checks.clone();
        let mut say = |rule: Option<Id>, waived: &str| {
            out.retain(|known| known.rule != rule);
            let (by, waived) = (context.by.clone(), waived.to_string());
            out.push(DoneCheck { rule, criterion: String::new(), by, at: context.now, waived });
        };
        for id in &self.ticked {
            say(Some(*id), "");
        }
        for (rule, reason) in &self.waived {
            say(*rule, reason);
        }
        let answered: Vec<Option<Id>> = self.waived.iter().map(|(rule, _)| *rule).collect();
        for rule in check.open().into_iter().filter(|rule| self.all && !answered.contains(&Some(rule.rule))) {
            if !self.ticked.contains(&rule.rule) {
                say(Some(rule.rule), "");
            }
        }
        out
    }
}

/// The rule that a number or a name means: first among those that count for the stories.
fn rule(args: &Args, checks: &[Checked], name: &str) -> Result<Id, Refusal> {
    let digits = name.trim().trim_start_matches("rule").trim();
    let number = digits.parse::<u32>().ok();
    let count = || checks.iter().flat_map(|check| &check.rules).map(|(rule, _)| rule);
    let known = count().find(|rule| Some(rule.number) == number);
    let named = || (args.lookup)(name).filter(|(kind, _)| *kind == Kind::DoneRule).map(|(_, id)| id);
    let id = known.map(|rule| rule.rule).or_else(named).ok_or_else(|| no_record(name))?;
    match count().any(|rule| rule.rule == id) {
        true => Ok(id),
        false => Err(Refusal::new(
            match checks {
                [_] => format!("Rule {digits} does not apply to this story."),
                _ => format!("Rule {digits} counts for none of these stories."),
            },
            "A running sprint keeps the rules it started with; nothing was changed.",
        )),
    }
}

/// Changes the status of stories. `tick` ticks every criterion and every rule on the way to done.
pub fn status(
    product: &Product,
    ids: &[Id],
    to: ItemStatus,
    tick: bool,
    context: &mut Context,
) -> Result<Step, Refusal> {
    status_with(product, ids, to, &Answers { all: tick, ..Answers::default() }, context)
}

/// Changes the status of stories. Done requires that every acceptance criterion and every rule of the Definition of
/// Done is met or waived with a reason; the rules are those with which the story's sprint started. If the story is in a
/// running sprint, the sprint's entry is updated.
pub fn status_with(
    product: &Product,
    ids: &[Id],
    to: ItemStatus,
    answers: &Answers,
    context: &mut Context,
) -> Result<Step, Refusal> {
    let mut step = Step::default();
    let mut ledger = Ledger::default();
    let mut freed = 0usize;
    for id in ids {
        let item = product.get::<BacklogItem>(*id).ok_or_else(|| wrong_kind(product, *id, Kind::BacklogItem))?;
        if item.alive != Life::Alive {
            return Err(Refusal::unchanged(format!("{} was deleted.", product.name_of(*id))));
        }
        stays_done(product, item, to)?;
        let check = checked(product, item);
        let checks = answers.merged(item, &check, context);
        if to == ItemStatus::Done {
            done_check(&product.name_of(*id), item, &check, &checks, answers)?;
        }
        freed = freed.saturating_add(usize::from(to == ItemStatus::Done && !item.blocked.trim().is_empty()));
        ledger.follow(product, item, to, context.now);
        step.changes.extend(moved(product, item, to, checks, (answers, context)).changes);
    }
    step.changes.extend(ledger.changes(product));
    let wholes = follow_parts(product, &mut step, ids, context)?;
    step.label = match ids {
        [one] => format!("{} {}", product.name_of(*one), became(to).0),
        _ => format!("{} stories {}", ids.len(), became(to).1),
    };
    match (ids, freed) {
        (_, 0) => {}
        ([_], _) => step.label.push_str(" and no longer blocked"),
        (_, 1) => step.label.push_str(", one of them no longer blocked"),
        (_, many) => step.label.push_str(&format!(", {many} of them no longer blocked")),
    }
    step.label.push_str(&wholes);
    Ok(step)
}

/// The change of one story's status, without its sprint's entry.
pub fn moved(
    product: &Product,
    item: &BacklogItem,
    to: ItemStatus,
    checks: Vec<DoneCheck>,
    (answers, context): (&Answers, &Context),
) -> Step {
    let ended = matches!(to, ItemStatus::Done | ItemStatus::Dropped);
    // A story finished before its sprint starts is not part of it, nor is one taken up again after its sprint is over.
    let leaves = item.sprint.and_then(|id| product.get::<Sprint>(id)).is_some_and(|sprint| match sprint.state {
        SprintState::Planning => ended,
        SprintState::Active => false,
        SprintState::Closed | SprintState::Cancelled => item.status != to,
    });
    product.edit::<BacklogItem>(item.id, "", |item| {
        if answers.all && to == ItemStatus::Done {
            item.criteria.iter_mut().for_each(|criterion| criterion.met = true);
        }
        item.checks = checks;
        if to == ItemStatus::Done {
            // What is done waits for nothing.
            item.blocked = Line::default();
        }
        if leaves {
            item.sprint = None;
        }
        if to != ItemStatus::Dropped || !answers.reason.is_empty() {
            item.reason = Line::from(if to == ItemStatus::Dropped { answers.reason.as_str() } else { "" });
        }
        if item.status != to {
            end(item, to, context);
        }
    })
}

/// Moves a story on, with the facts of its end. A story that was taken up again and ends in the same way on the same day
/// had ended all along: that was a correction, and the facts of the first end stay.
fn end(item: &mut BacklogItem, to: ItemStatus, context: &Context) {
    let before = item.earlier_end.take();
    if let Some(closed) = item.closed.filter(|_| matches!(item.status, ItemStatus::Done | ItemStatus::Dropped)) {
        let (status, accepted_by) = (item.status.key().to_string(), item.accepted_by.to_string());
        item.earlier_end = Some(EarlierEnd { status, closed, accepted_by, until: context.now });
    } else if !matches!(to, ItemStatus::Done | ItemStatus::Dropped) {
        // Still open: what it had ended with before stays known.
        item.earlier_end = before.clone();
    }
    item.status = to;
    let same = before.filter(|one| one.status == to.key() && one.until.day() == context.now.day());
    (item.closed, item.accepted_by) = match (to, same) {
        (ItemStatus::Done | ItemStatus::Dropped, Some(one)) => (Some(one.closed), Line::from(one.accepted_by)),
        (ItemStatus::Done, None) => (Some(context.now), Line::from(context.by.as_str())),
        (ItemStatus::Dropped, None) => (Some(context.now), Line::default()),
        _ => (None, Line::default()),
    };
}

/// A story done in a sprint that is over is part of that sprint's figures.
fn stays_done(product: &Product, item: &BacklogItem, to: ItemStatus) -> Result<(), Refusal> {
    let sprint = item.sprint.and_then(|id| product.get::<Sprint>(id));
    let over = sprint.filter(|sprint| sprint.state == SprintState::Closed);
    match over {
        Some(sprint) if item.status == ItemStatus::Done && to != ItemStatus::Done => {
            let (story, sprint) = (product.name_of(item.id), product.name_of(sprint.id));
            Err(Refusal::new(
                format!("{story} was done in {sprint}, which is closed."),
                "Its figures cannot change. Put what is left into a new story that depends on it; nothing was changed.",
            ))
        }
        _ => Ok(()),
    }
}

fn done_check(
    name: &str,
    item: &BacklogItem,
    before: &Checked,
    checks: &[DoneCheck],
    answers: &Answers,
) -> Result<(), Refusal> {
    let is_open = |one: &&Criterion| !one.met && !checks.iter().any(|check| check.waives(&one.text));
    let open = item.criteria.iter().filter(is_open).count();
    if open > 0 && !answers.all {
        return Err(Refusal::new(
            format!("{name} has {open} of {} criteria open.", item.criteria.len()),
            "Tick them first; nothing was changed.",
        ));
    }
    let unanswered = before.open().into_iter().filter(|rule| checks.iter().all(|check| check.rule != Some(rule.rule)));
    let left: Vec<String> = unanswered.map(|rule| rule.number.to_string()).collect();
    if left.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(
        format!("{name} has {} of {} rules open: {}.", left.len(), before.rules.len(), left.join(", ")),
        "Tick those that hold, or waive one with a reason; nothing was changed.",
    ))
}

/// What a story with that status is, after its name, and what several are.
fn became(to: ItemStatus) -> (&'static str, &'static str) {
    match to {
        ItemStatus::ToDo => ("is back in to do", "are back in to do"),
        ItemStatus::Doing => ("is in progress", "are in progress"),
        ItemStatus::ToAccept => ("waits to be accepted", "wait to be accepted"),
        ItemStatus::Done => ("is done", "are done"),
        ItemStatus::Dropped => ("is dropped", "are dropped"),
    }
}
