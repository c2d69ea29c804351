//! Agreement between two people: that a how still fits its why, and which of two values is kept.

use crate::actions::{Context, goal, link};
use crate::insight::agreement::{active_beside, agreed, both_agreed, not_active_yet, still_agrees};
use crate::insight::describe_change::set_off;
use crate::insight::outlook::short;
use crate::insight::trace::asks_again;
use crate::model::change::{Change, Step};
use crate::model::field::Record;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Role;
use crate::model::rules::plural_noun;
use crate::model::schema::{Conflict, FeedbackKind, GoalState, Kind, ProductGoal};
use crate::tui::commands::confirm_ticked::{confirm_all, is_mixed, may_confirm_some};
use crate::tui::commands::{propose, talk};
use crate::tui::overlay::picker;
use crate::tui::overlay::prompt::Prompt;
use crate::tui::overlay::trail::{Trail, TrailLine};
use crate::tui::state::access::may_act;
use crate::tui::state::contract::{Command, Commit, Group, Outcome, on_something};
use crate::tui::state::marks::LastWhy;
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::ui::Ui;
use crate::tui::term::layout::Focus;
use crate::tui::term::text::wrap;
use crate::tui::widget::changed_why;

pub const COMMANDS: &[Command] = &[
    Command {
        name: "conflict.choose",
        keys: &["s c"],
        group: Group::This,
        label: "choose value",
        hint: "Choose between two values that were written at the same time.",
        synonyms: &["conflict", "merge", "both"],
        weight: 0,
        ready: has_conflict,
        run: choose_value,
    },
    Command {
        name: "suspect",
        keys: &["!"],
        group: Group::This,
        label: "what changed",
        hint: "What changed in the why since this was agreed, before and after.",
        synonyms: &["suspect", "look again", "why moved", "difference"],
        weight: 0,
        ready: asks,
        run: look,
    },
    Command {
        name: "wording",
        keys: &[],
        group: Group::Everywhere,
        label: "wording only",
        hint: "Your last change of a why was only wording: nobody looks again.",
        synonyms: &["wording", "typo", "suspect", "no meaning"],
        weight: 0,
        ready: has_new_why,
        run: wording,
    },
    Command {
        name: "confirm",
        keys: &["C"],
        group: Group::This,
        label: "confirm",
        hint: "It still fits; accept, adopt, agree; in the history: restore this.",
        synonyms: &[
            "suspect",
            "agree",
            "agreement",
            "product goal",
            "active",
            "activate",
            "still fits",
            "accept",
            "proposal",
            "note",
        ],
        weight: 0,
        ready: may_confirm,
        run: confirm,
    },
];

/// The selected Product Goal, if it is a draft that this role has not agreed to, or one that both have and that can be
/// active now.
fn agreeing(ui: &Ui, product: &Product) -> Option<Id> {
    let goal = product.get::<ProductGoal>(ui.any_target()?)?;
    agrees_to(ui.role, product, goal).then_some(goal.id)
}

/// True if this role has to agree to the Product Goal, or makes it active now that both have.
pub fn agrees_to(role: Role, product: &Product, goal: &ProductGoal) -> bool {
    let waits = still_agrees(goal).is_some_and(|missing| role == missing || role == Role::Both);
    let is_open = goal.state == GoalState::Draft && asks_again(product, goal).is_empty();
    let is_next = both_agreed(goal) && active_beside(product, &[goal.id]).is_none();
    let is_mine = if both_agreed(goal) { is_next } else { !agreed(goal).contains(&role) };
    waits || (is_open && is_mine)
}

/// The selected record, if it asks for another look.
fn suspect<'a>(ui: &Ui, product: &'a Product) -> Option<&'a dyn Record> {
    let record = product.find(ui.any_target()?)?;
    (!asks_again(product, record).is_empty()).then_some(record)
}

fn asks(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    on_something(ui, product)?;
    if let Some(words) = has_no_why(ui, product) {
        return Err(NotReady::Sentence(words));
    }
    if suspect(ui, product).is_some() { Ok(()) } else { Err("its why has not changed since it was agreed".into()) }
}

/// What applies to a row that serves nothing, so that no why of it can change.
fn has_no_why(ui: &Ui, product: &Product) -> Option<String> {
    let kind = product.find(ui.any_target()?)?.kind();
    if kind.field("confirmed").is_some() {
        return None;
    }
    let said = talk::chosen(ui, product);
    Some(match kind {
        Kind::Proposal => "A proposal has no why of its own; the reason given for it stands beside it.".to_string(),
        Kind::Feedback => match said.map(|one| (one.kind, one.role.is_empty())) {
            Some((FeedbackKind::Question, _)) => "A question has no why of its own. {comment} answers it.".to_string(),
            Some((_, false)) => "A remark has no why of its own. {comment} answers it.".to_string(),
            _ => "A voice has no why of its own. {set.serves} ties it to what it is about.".to_string(),
        },
        other => format!("A {} serves nothing, so no why of it can change.", other.noun()),
    })
}

/// Opens on what changed in the why of the selected record; the same key that confirms in a list confirms in it.
fn look(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let Some(record) = suspect(ui, product) else { return Outcome::Nothing };
    let mut lines = Vec::new();
    for one in changed_why::changed(ui, product, record) {
        let title = product.find(one.why).map(|why| why.title()).unwrap_or_default();
        lines.push(TrailLine { to: Some(one.why), text: format!("{} {title}", product.name_of(one.why)) });
        let agreed = short(one.agreed.day(), ui.today);
        lines.push(plain(format!("  {} was agreed by {}, {agreed}", record.name(), one.agreed_by)));
        if one.is_back {
            lines.push(plain(format!("    {}", changed_why::as_before(product, record, &one))));
        }
        for field in &one.fields {
            lines.push(plain(format!("  {}, by {}, {}", field.field.label, field.by, short(field.at.day(), ui.today))));
            let room = usize::from(ui.window.width.saturating_sub(14)).clamp(20, 84);
            let differ = changed_why::differing(product, field);
            let both = changed_why::before_and_after(product, field);
            let all = differ.iter().map(String::as_str).chain(both.lines());
            lines.extend(all.flat_map(|line| wrap(line, room, 200)).map(|line| plain(format!("    {line}"))));
        }
    }
    let id = record.id();
    let title = format!("Does {} still fit?", record.name());
    let can = may_confirm_these(ui, product, std::iter::once(id)).is_ok();
    let trail = Trail::new(title, lines, id);
    ui.open(if can { trail.confirming(id) } else { trail })
}

fn plain(text: String) -> TrailLine {
    TrailLine { to: None, text }
}

/// Asks for one note that covers all of these.
fn confirm_with_note(ui: &mut Ui, ids: Vec<Id>) -> Outcome {
    let label = format!("{} still fit, note: ", ids.len());
    let hint = "Enter confirms all of them, with or without a note · Esc back";
    ui.open(Prompt::new(label, hint, "confirm", move |text, _, product, context| {
        let step = link::confirm(product, &ids, text.trim(), context);
        step.map(Outcome::commit).map_err(|refusal| format!("{refusal:#}"))
    }))
}

/// What the last act of this person changed in a why, if it was that and nothing came after it.
fn last_why(ui: &Ui, product: &Product) -> Option<Step> {
    let last = ui.slots.get::<LastWhy>()?;
    let same = |change: &&Change| product.value(change.id, change.field) == change.to;
    let back: Vec<Change> = last.0.iter().filter(same).cloned().collect();
    let step = Step { label: "Only the wording changed".to_string(), changes: back }.invert();
    (!step.is_empty()).then_some(step)
}

fn has_new_why(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    if last_why(ui, product).is_some() { Ok(()) } else { Err("your last act changed no why".into()) }
}

fn wording(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let Some(step) = last_why(ui, product) else { return Outcome::Nothing };
    let names: Vec<String> = step.changes.iter().map(|change| product.name_of(change.id)).collect();
    let label = format!("Only the wording of {} changed", names.join(" and "));
    let mut after = product.clone();
    let left = after.apply(&step).map(|_| set_off(&after, &step)).unwrap_or_default();
    let asked = match left.as_slice() {
        [] => "Nobody is asked to look again.".to_string(),
        [one] => format!("{} still asks because of an earlier change.", product.name_of(*one)),
        many => format!("{} records still ask because of an earlier change.", many.len()),
    };
    let say = Some(format!("{label}. {asked} {{undo}} takes it back.").into());
    Outcome::Commit(Commit { say, ..Commit::new(Step { label, ..step }) })
}

fn has_conflict(_: &Ui, product: &Product) -> Result<(), NotReady> {
    let any = product.all::<Conflict>().next().is_some();
    if any { Ok(()) } else { Err("no field was changed by two people at the same time".into()) }
}

fn choose_value(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let on = |id: Id| product.all::<Conflict>().any(|one| one.record == Some(id));
    let here = ui.chosen_row().map(|row| row.id).filter(|id| on(*id));
    let Some(about) = here.or_else(|| product.all::<Conflict>().find_map(|one| one.record)) else {
        return Outcome::refuse("The record with that value no longer exists.");
    };
    // The question is about the selected record, or goes to the one that it is about.
    if here.is_none() {
        ui.to_record(product, about);
    }
    match picker::for_conflict(product, Some(about)) {
        Some(picker) => ui.open(picker),
        None => Outcome::say("The record with that value no longer exists."),
    }
}

/// Checks that the selected record depends on something and that this role can confirm it.
pub fn may_confirm(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    on_something(ui, product)?;
    if answered(ui, product).is_some() {
        return Ok(());
    }
    if is_mixed(product, ui.some_targets()) {
        return may_confirm_some(ui, product);
    }
    if propose::chosen(ui, product).is_some() {
        return propose::may_answer(ui, product);
    }
    if talk::chosen(ui, product).is_some() || agreeing(ui, product).is_some() {
        return Ok(());
    }
    let goal = ui.any_target().and_then(|id| product.get::<ProductGoal>(id));
    let is_fine = |goal: &&std::sync::Arc<ProductGoal>| asks_again(product, &***goal).is_empty();
    if let Some(why) = goal.filter(is_fine).and_then(|goal| not_active_yet(product, goal, ui.role, ui.today)) {
        return Err(NotReady::Sentence(why));
    }
    may_confirm_these(ui, product, ui.some_targets())
}

/// Checks that these depend on something and that this role can confirm them.
pub fn may_confirm_these(ui: &Ui, product: &Product, about: impl Iterator<Item = Id>) -> Result<(), NotReady> {
    for kind in about.filter_map(|id| Some(product.find(id)?.kind())) {
        let is_fine =
            || ui.any_target().and_then(|id| product.find(id)).is_none_or(|one| asks_again(product, one).is_empty());
        if kind == Kind::Goal && product.all::<ProductGoal>().next().is_none() && is_fine() {
            return Err(NotReady::Sentence(
                "A business goal needs no agreement. No Product Goal is written yet: {add.under} on the vision adds one."
                    .to_string(),
            ));
        }
        if kind.field("confirmed").is_none() {
            let what = if kind == Kind::Feedback { "feedback".to_string() } else { format!("a {}", kind.noun()) };
            return Err(format!("{what} serves nothing, so there is nothing to confirm").into());
        }
        may_act(ui, product, kind, || format!("whether {} still fit", plural_noun(kind)))?;
    }
    Ok(())
}

pub fn confirm(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    let ids = ui.targets();
    if is_mixed(product, ids.iter().copied()) {
        return confirm_all(ui, product, &ids, context);
    }
    if let Some(id) = answered(ui, product) {
        return read(ui, product, id);
    }
    if talk::chosen(ui, product).is_some() {
        // Who went through the rows above has not looked at this one yet.
        return match std::mem::take(&mut ui.accepting) {
            true => {
                Outcome::say(format!("That was the last of them. {{confirm}} again adopts {}.", names(product, &ids)))
            }
            false => talk::adopt(ui, product, context),
        };
    }
    if let Some(goal) = agreeing(ui, product) {
        return Outcome::of(goal::state(product, &[goal], GoalState::Active, "", context));
    }
    if propose::chosen(ui, product).is_some() {
        ui.accepting = true;
        return propose::accept_it(ui, product, context);
    }
    if std::mem::take(&mut ui.accepting) {
        let name = names(product, &ids);
        return Outcome::say(format!("That was the last of them. {{confirm}} again says that {name} still fits."));
    }
    let asking = ids.iter().filter(|id| product.find(**id).is_some_and(|one| !asks_again(product, one).is_empty()));
    if asking.count() > 1 {
        return confirm_with_note(ui, ids);
    }
    // Nobody clears it blind: where no pane shows what changed, a box does.
    if ui.focus() == Focus::List && ui.areas().is_none_or(|areas| areas.why.is_none()) && suspect(ui, product).is_some()
    {
        return look(ui, product, context);
    }
    confirm_these(product, &ids, context)
}

fn names(product: &Product, ids: &[Id]) -> String {
    ids.iter().map(|id| product.name_of(*id)).collect::<Vec<_>>().join(", ")
}

/// The selected proposal, question or remark of one's own with an answer that was not read yet.
pub fn answered(ui: &Ui, product: &Product) -> Option<Id> {
    let id = ui.any_target()?;
    ui.new_answers(product).into_iter().find(|one| *one == id)
}

/// Marks an answer as read and goes on to the next row. The product stays as it is.
fn read(ui: &mut Ui, product: &Product, id: Id) -> Outcome {
    let line = ui.in_line();
    ui.accepting = true;
    ui.read_answers(product, &[id]);
    ui.ticked.remove(&id);
    ui.settle(product);
    ui.go_on(line);
    let left = match ui.new_answers(product).len() {
        0 => "No other answer waits.".to_string(),
        1 => "1 more answer waits.".to_string(),
        many => format!("{many} more answers wait."),
    };
    Outcome::say(format!("The answer to {} is marked as read. {left}", product.name_of(id)))
}

/// Confirms that these still fit what they depend on.
pub fn confirm_these(product: &Product, ids: &[Id], context: &mut Context) -> Outcome {
    match link::confirm(product, ids, "", context) {
        Ok(step) if step.is_empty() => Outcome::say("Nothing to confirm: it was agreed under the current why."),
        other => Outcome::of(other),
    }
}
