//! The running sprint: adding and removing stories, the done check, closing, reopening and cancelling.

use crate::actions::item::{Answers, status_with};
use crate::actions::sprint::{cancel, plan, reopen, unplan};
use crate::actions::{self, Context};
use crate::insight::burndown::points;
use crate::insight::done::{checked, counts_from, rules_wait};
use crate::insight::sprint::{figures, in_planning, is_open, running};
use crate::insight::velocity::closed;
use crate::model::change::Step;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rules::{Refusal, capital};
use crate::model::schema::{BacklogItem, ItemStatus, Kind, Sprint, SprintState};
use crate::tui::overlay::ask::Ask;
use crate::tui::overlay::ask_reason::Reason;
use crate::tui::overlay::done_check::DoneBox;
use crate::tui::overlay::scope_change::ComesIn;
use crate::tui::overlay::sprint_close::CloseSheet;
use crate::tui::state::access::{may_act, may_edit};
use crate::tui::state::contract::{Command, Commit, Group, Outcome};
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::ui::Ui;

pub const COMMANDS: &[Command] = &[
    Command {
        name: "sprint.plan",
        keys: &["m s"],
        group: Group::This,
        label: "to a sprint",
        hint: "Into a sprint, planned or running, or out of the one it is in.",
        synonyms: &["sprint", "select", "scope", "commit", "iteration"],
        weight: 0,
        ready: |ui, product| {
            on_stories(ui, product)?;
            let any = running(product).is_some() || !in_planning(product).is_empty();
            if any { Ok(()) } else { Err("no sprint is planned or running yet".into()) }
        },
        run: to_sprint,
    },
    Command {
        name: "sprint.unplan",
        keys: &[],
        group: Group::This,
        label: "out of sprint",
        hint: "Take it out of its sprint. A running one requires a reason.",
        synonyms: &["remove from sprint", "scope", "descope"],
        weight: 0,
        ready: on_stories,
        run: |ui, product, context| {
            let ids = ui.targets_of(product, Kind::BacklogItem);
            out_of_sprint(ui, product, context, ids)
        },
    },
    Command {
        name: "sprint.close",
        keys: &["S c"],
        group: Group::List,
        label: "close sprint",
        hint: "Close the running sprint: what was done stays, the rest goes on.",
        synonyms: &["end sprint", "finish", "velocity", "carry over"],
        weight: 0,
        ready: on_running,
        run: close,
    },
    Command {
        name: "sprint.reopen",
        keys: &["S r"],
        group: Group::List,
        label: "reopen sprint",
        hint: "Reopen the sprint that was closed last, with a reason.",
        synonyms: &["undo close", "reverse", "back"],
        weight: 0,
        ready: can_reopen,
        run: open_again,
    },
    Command {
        name: "sprint.cancel",
        keys: &[],
        group: Group::List,
        label: "cancel sprint",
        hint: "End a sprint whose goal is obsolete. It does not count for velocity.",
        synonyms: &["stop", "abort", "sprint cancel"],
        weight: 0,
        ready: on_running,
        run: call_off,
    },
];

fn on_stories(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    if !ui.any_of(product, Kind::BacklogItem).is_some_and(|id| super::edit::is_story(product, id)) {
        return Err("no story is selected".into());
    }
    Kind::BacklogItem.field("sprint").map_or(Ok(()), |field| may_edit(ui, product, field))
}

fn may_sprint(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    may_act(ui, product, Kind::Sprint, || "the sprint".to_string())
}

fn on_running(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    running(product).ok_or("no sprint is running")?;
    may_sprint(ui, product)
}

fn can_reopen(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    if closed(product).is_empty() {
        return Err("no sprint has been closed yet".into());
    }
    may_sprint(ui, product)
}

/// Laid on top, whatever it is for.
pub fn taken(step: Result<Step, Refusal>, choose: Option<Id>) -> Outcome {
    match step {
        Ok(step) => Outcome::Commit(Commit { choose, ..Commit::new(step) }),
        Err(refusal) => Outcome::refuse(refusal),
    }
}

/// `d o`: the done check of a story, or of all that are ticked.
pub fn done(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    let ids = ui.targets_of(product, Kind::BacklogItem);
    let open = |id: &&Id| product.get::<BacklogItem>(**id).is_some_and(|item| item.status != ItemStatus::Done);
    let open: Vec<Id> = ids.iter().filter(open).copied().collect();
    if open.is_empty() {
        return match ids.as_slice() {
            // Its check can be read; keys meant for it act on nothing else.
            [one] => match DoneBox::of(product, *one) {
                Some(check) => ui.open(check),
                None => Outcome::say("It is already done."),
            },
            _ => Outcome::say("They are already done."),
        };
    }
    check(ui, product, context, &open)
}

pub fn check(ui: &mut Ui, product: &Product, context: &mut Context, ids: &[Id]) -> Outcome {
    let [one] = ids else { return check_all(ui, product, context, ids) };
    match DoneBox::of(product, *one) {
        Some(check) => ui.open(check),
        None => match actions::item::status(product, ids, ItemStatus::Done, false, context) {
            Ok(step) => {
                Outcome::Commit(Commit { choose: Some(*one), lesson: rules_later(product, *one), ..Commit::new(step) })
            }
            Err(refusal) => Outcome::refuse(refusal),
        },
    }
}

/// Why no rule was asked for, if there are some: a running sprint keeps those with which it began.
fn rules_later(product: &Product, story: Id) -> String {
    let is_in = |sprint: &Id| product.get::<Sprint>(*sprint).is_some_and(|one| one.state == SprintState::Active);
    let inside = product.get::<BacklogItem>(story).and_then(|item| item.sprint).is_some_and(|sprint| is_in(&sprint));
    match inside && rules_wait(product) {
        true => format!(" The Definition of Done counts from sprint {}.", counts_from(product)),
        false => String::new(),
    }
}

/// Several stories at once: those fully checked are done; for the others, somebody says what holds.
fn check_all(ui: &mut Ui, product: &Product, context: &mut Context, ids: &[Id]) -> Outcome {
    let is_done = |id: &Id| product.get::<BacklogItem>(*id).is_some_and(|item| checked(product, item).is_done());
    let (ready, open): (Vec<Id>, Vec<Id>) = ids.iter().copied().partition(is_done);
    if open.is_empty() {
        return taken(actions::item::status(product, &ready, ItemStatus::Done, false, context), ui.place().chosen);
    }
    let lack = |id: &Id| {
        let check = product.get::<BacklogItem>(*id).map(|item| checked(product, item)).unwrap_or_default();
        let to_go = check.open().len().saturating_add(check.open_criteria());
        format!("{} {to_go}", product.name_of(*id))
    };
    let lacks: Vec<String> = open.iter().take(6).map(lack).collect();
    let more = if open.len() > lacks.len() { " and more" } else { "" };
    let words = format!(
        "Criteria and rules to go: {}{more}. Ticking all is recorded as such in the history.",
        lacks.join(", ")
    );
    let all = ids.to_vec();
    let mut ask = Ask::new(format!("Are these {} stories done?", ids.len()), words).or(
        format!("Yes, everything holds for all {}", ids.len()),
        move |ui, product, context| {
            let step =
                status_with(product, &all, ItemStatus::Done, &Answers { all: true, ..Answers::default() }, context);
            taken(step.map(said_at_once), ui.place().chosen)
        },
    );
    if !ready.is_empty() {
        ask = ask.or(format!("Only the {} whose check is complete", ready.len()), move |ui, product, context| {
            taken(actions::item::status(product, &ready, ItemStatus::Done, false, context), ui.place().chosen)
        });
    }
    let ask =
        ask.or("None: I check them one by one", |_, _, _| Outcome::say("Nothing was changed. They are still ticked."));
    ui.open(ask)
}

fn said_at_once(mut step: Step) -> Step {
    step.label.push_str(", all checks ticked at once");
    step
}

/// `m s`: into a sprint that is planned or running, or out of it.
fn to_sprint(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let ids = ui.targets_of(product, Kind::BacklogItem);
    let what = match ids.as_slice() {
        [one] => product.name_of(*one),
        many => format!("{} stories", many.len()),
    };
    let sprints: Vec<&std::sync::Arc<Sprint>> = running(product).into_iter().chain(in_planning(product)).collect();
    let mut ask = Ask::new(format!("{what} into which sprint?"), "");
    for sprint in sprints {
        let (id, state) = (sprint.id, sprint.state.label());
        let goal = if sprint.goal.is_empty() { "no goal yet".to_string() } else { sprint.goal.to_string() };
        let label = format!("{}, {state}: {goal}", capital(&product.name_of(id)));
        let ids = ids.clone();
        ask = ask.or(label, move |ui, product, context| into_sprint(ui, product, context, id, ids));
    }
    let is_in = |id: &Id| product.get::<BacklogItem>(*id).is_some_and(|item| item.sprint.is_some());
    if ids.iter().any(is_in) {
        ask = ask.or("None: out of its sprint", move |ui, product, context| out_of_sprint(ui, product, context, ids));
    }
    ui.open(ask)
}

/// The sprint is running and has a scope log.
fn runs(product: &Product, sprint: Id) -> bool {
    product.get::<Sprint>(sprint).is_some_and(|sprint| sprint.state == SprintState::Active)
}

/// The stories among these that are in a running sprint other than `not`.
fn in_running(product: &Product, ids: &[Id], not: Option<Id>) -> Vec<Id> {
    let inside = |id: &&Id| {
        let sprint = product.get::<BacklogItem>(**id).and_then(|item| item.sprint);
        sprint.is_some_and(|sprint| Some(sprint) != not && runs(product, sprint))
    };
    ids.iter().filter(inside).copied().collect()
}

fn into_sprint(ui: &mut Ui, product: &Product, context: &mut Context, sprint: Id, ids: Vec<Id>) -> Outcome {
    let is_there = |id: &Id| product.get::<BacklogItem>(*id).is_some_and(|item| item.sprint == Some(sprint));
    let ids: Vec<Id> = ids.into_iter().filter(|id| !is_there(id)).collect();
    let name = product.name_of(sprint);
    if ids.is_empty() {
        return Outcome::say(format!("It is already in {name}."));
    }
    let closed = ids.iter().find(|id| product.get::<BacklogItem>(**id).is_some_and(|item| !is_open(item)));
    if let Some(id) = closed {
        return Outcome::refuse(format!("{} is no longer open, so it cannot go into a sprint.", product.name_of(*id)));
    }
    if let Some(into) = product.get::<Sprint>(sprint).filter(|into| into.state == SprintState::Active) {
        let sheet = ComesIn::of(product, into, ids);
        return ui.open(sheet);
    }
    let leaving = in_running(product, &ids, Some(sprint));
    if leaving.is_empty() {
        return taken(plan(product, sprint, &ids, "", context), ids.first().copied());
    }
    asked_to_leave(
        ui,
        product,
        format!("{} for {name}", leave_words(product, &leaving)),
        move |reason, product, context| {
            let mut step = unplan(product, None, &leaving, reason, context)?;
            let mut after = product.clone();
            after.apply(&step).map_err(|why| Refusal::new(why, "Nothing was changed."))?;
            let into = plan(&after, sprint, &ids, "", context)?;
            step.label = format!("{}: {reason}", into.label);
            step.join(into);
            Ok(step)
        },
    )
}

fn leave_words(product: &Product, leaving: &[Id]) -> String {
    match leaving {
        [one] => format!("{} leaves the running sprint", product.name_of(*one)),
        many => format!("{} stories leave the running sprint", many.len()),
    }
}

fn asked_to_leave(
    ui: &mut Ui,
    product: &Product,
    title: String,
    step: impl Fn(&str, &Product, &mut Context) -> Result<Step, Refusal> + 'static,
) -> Outcome {
    let name = running(product).map(|sprint| product.name_of(sprint.id)).unwrap_or_default();
    let words = format!("Why? The reason is kept with {name}. Half-done work does not count for velocity.");
    ui.open(Reason::new(
        title,
        words,
        "Leaving a running sprint requires a reason.",
        move |reason, _, product, context| {
            let step = step(reason, product, context)?;
            Ok(Outcome::commit(step))
        },
    ))
}

fn out_of_sprint(ui: &mut Ui, product: &Product, context: &mut Context, ids: Vec<Id>) -> Outcome {
    let is_in = |id: &Id| product.get::<BacklogItem>(*id).is_some_and(|item| item.sprint.is_some());
    let ids: Vec<Id> = ids.into_iter().filter(is_in).collect();
    if ids.is_empty() {
        return Outcome::say("It is not in a sprint.");
    }
    let leaving = in_running(product, &ids, None);
    if leaving.is_empty() {
        return Outcome::of(unplan(product, None, &ids, "", context));
    }
    asked_to_leave(ui, product, leave_words(product, &leaving), move |reason, product, context| {
        unplan(product, None, &ids, reason, context)
    })
}

fn close(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let Some(sprint) = running(product) else { return Outcome::Nothing };
    let sheet = CloseSheet::reopened(ui, product, sprint);
    ui.open(sheet)
}

fn open_again(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let Some(last) = closed(product).last().map(|sprint| sprint.id) else { return Outcome::Nothing };
    let name = product.name_of(last);
    if let Some(other) = running(product) {
        let other = capital(&product.name_of(other.id));
        return Outcome::refuse(format!(
            "{other} is running. {{sprint.close}} closes it first; then {name} can be reopened."
        ));
    }
    let words = format!(
        "{}. Why? Its unfinished stories come back to it, and the velocity of {name} is computed again.",
        capital(&super::edit::named(product, last))
    );
    let title = format!("Reopen {name}");
    ui.open(Reason::new(title, words, "Reopening a sprint requires a reason.", move |reason, _, product, context| {
        reopen(product, last, reason, context).map(Outcome::commit)
    }))
}

fn call_off(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let Some(sprint) = running(product) else { return Outcome::Nothing };
    let (id, name) = (sprint.id, product.name_of(sprint.id));
    let done = figures(&sprint.entries, false).completed.points;
    let words = format!(
        "{}. Why is its goal obsolete? Done stories stay done ({}), the rest goes to the top of the backlog. It adds no velocity.",
        capital(&super::edit::named(product, id)),
        points(done)
    );
    let title = format!("Cancel {name}");
    ui.open(Reason::new(title, words, "Cancelling a sprint requires a reason.", move |reason, _, product, context| {
        cancel(product, id, reason, context).map(Outcome::commit)
    }))
}
