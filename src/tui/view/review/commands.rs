//! The review: steps shown and left out, feedback, stories from what the team tries.

use crate::actions::review::{Dealt, step, story as try_story};
use crate::actions::{self, Context};
use crate::export::markdown::review::page;
use crate::insight::review::{Topic, dealt, said_in};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{Feedback, Kind};
use crate::tui::commands::{copy, go, talk, tick};
use crate::tui::state::access::may_act;
use crate::tui::state::contract::{Command, Commit, Group, Outcome, Say, Verb, always, on_something};
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::Ui;
use crate::tui::term::layout::Focus;
use crate::tui::view::outlook::forecast;
use crate::tui::view::review::steps::{here, review};
use crate::tui::widget::pane::row_under_cursor;

pub const COMMANDS: &[Command] = &[Command {
    name: "review.leave_out",
    keys: &[],
    group: Group::This,
    label: "leave out",
    hint: "Leave this step of the review out; the review records that.",
    synonyms: &["skip", "omit", "review"],
    weight: 0,
    ready: |ui, product| in_review(ui, product),
    run: |ui, product, context| mark(ui, product, Dealt::LeftOut, context),
}];

fn in_review(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    if ui.screen().name == "review" && here(ui, product).is_some() { Ok(()) } else { Err("no review is open".into()) }
}

/// Space: marks the step as shown and goes to the next; a step already dealt with is opened again.
pub fn flip(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    let Some((_, step, sprint)) = here(ui, product) else { return Outcome::Nothing };
    let to = if dealt(sprint, step).is_some() { Dealt::Open } else { Dealt::Shown };
    mark(ui, product, to, context)
}

fn mark(ui: &mut Ui, product: &Product, to: Dealt, context: &mut Context) -> Outcome {
    let Some((review, one, _)) = here(ui, product) else { return Outcome::Nothing };
    let done = step(product, review.sprint, &one.topic.key(), to, context);
    if done.is_ok() && to != Dealt::Open {
        ui.step(1);
    }
    Outcome::of(done)
}

/// The records that feedback given in this step is about: the story with what it serves, and the reviewed sprint.
fn about(ui: &Ui, product: &Product) -> Vec<Id> {
    let Some((review, step, _)) = here(ui, product) else { return Vec::new() };
    let mut out = step.topic.about(product);
    out.push(review.sprint);
    out
}

/// What `A` creates a story from: the feedback or line under the cursor of a pane, else the first line to try without a
/// story, else the last feedback in this step.
enum Source {
    Said(Id),
    Tried(String),
}

fn source(ui: &Ui, product: &Product) -> Option<Source> {
    let (review, step, sprint) = here(ui, product)?;
    if ui.focus() != Focus::List {
        match row_under_cursor(ui, product) {
            Some(PaneRow::Link { id, .. }) if product.get::<Feedback>(id).is_some() => return Some(Source::Said(id)),
            Some(PaneRow::Box { field, text, .. }) if field.key == "tried" => return Some(Source::Tried(text)),
            _ => {}
        }
    }
    let said = || said_in(product, review, step).last().map(|one| Source::Said(one.id));
    match step.topic {
        Topic::Try => {
            let open = sprint.tried.iter().find(|one| !one.done);
            open.map(|one| Source::Tried(one.text.to_string())).or_else(said)
        }
        _ => said(),
    }
}

fn may_make_story(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    if source(ui, product).is_none() {
        return Err("there is no feedback or line to try here to create a story from".into());
    }
    may_act(ui, product, Kind::BacklogItem, || "the stories".to_string())
}

fn make_story(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    let sprint = here(ui, product).map(|(review, ..)| review.sprint);
    let made = match (source(ui, product), sprint) {
        (Some(Source::Said(id)), _) => actions::feedback::story(product, id, context),
        (Some(Source::Tried(text)), Some(sprint)) => try_story(product, sprint, &text, context),
        _ => return Outcome::Nothing,
    };
    match made {
        Ok((step, _)) => {
            let say = Some(Say::Added(" to the Product Backlog. {undo} takes it back.".to_string()));
            Outcome::Commit(Commit { say, ..Commit::new(step) })
        }
        Err(refusal) => Outcome::refuse(refusal),
    }
}

/// What the general keys do in a review.
pub const VERBS: &[Verb] = &[
    Verb { name: "tick", ready: may_flip, run: tick_step },
    Verb { name: "tick.range", ready: one_by_one, run: |_, _, _| Outcome::Nothing },
    Verb { name: "tick.all", ready: one_by_one, run: |_, _, _| Outcome::Nothing },
    Verb { name: "go.left", ready: always, run: |ui, _, _| sideways(ui, -1) },
    Verb { name: "go.right", ready: always, run: |ui, _, _| sideways(ui, 1) },
    Verb { name: "add.under", ready: may_make_story, run: make_story },
    Verb { name: "comment", ready: on_something, run: |ui, product, _| talk::comment_on(ui, about(ui, product)) },
    Verb { name: "copy.markdown", ready: copy::on_record, run: copy_markdown },
];

fn one_by_one(_: &Ui, _: &Product) -> Result<(), NotReady> {
    Err("review steps are marked one by one".into())
}

fn may_flip(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    if ui.focus() == Focus::List { Ok(()) } else { tick::has_box(ui, product) }
}

fn tick_step(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    if ui.focus() == Focus::List { flip(ui, product, context) } else { tick::tick(ui, product, context) }
}

/// In the list ← and → go from step to step.
fn sideways(ui: &mut Ui, by: isize) -> Outcome {
    if ui.focus() != Focus::List {
        return go::sideways(ui, by);
    }
    ui.step(by.signum());
    Outcome::Nothing
}

/// The whole review as Markdown.
fn copy_markdown(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    let Some(review) = review(ui) else { return copy::markdown(ui, product, context) };
    let what = format!("the review of {} as Markdown", product.name_of(review.sprint));
    copy::page(ui, what, "review", &page(product, review, forecast(ui), ui.today))
}
