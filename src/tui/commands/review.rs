//! The review: steps shown and left out, what is said, stories of what is tried.

use crate::actions::review::{Dealt, step, story as try_story};
use crate::actions::{self, Context};
use crate::export::markdown::review::page;
use crate::insight::review::{Topic, dealt, said_in};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::schema::Feedback;
use crate::tui::command::{Command, Commit, Group, Outcome};
use crate::tui::layout::Focus;
use crate::tui::screen::panes::PaneRow;
use crate::tui::screen::review::{here, is_shown};
use crate::tui::ui::Ui;
use crate::tui::widget::editor::not_yours;
use crate::tui::widget::pane::row_under_cursor;

pub const COMMANDS: &[Command] = &[Command {
    name: "review.leave_out",
    keys: &[],
    group: Group::This,
    label: "leave out",
    hint: "Leave this step of the review out; that it was is written down.",
    synonyms: &["skip", "omit", "review"],
    weight: 0,
    ready: |ui, product| in_review(ui, product),
    run: |ui, product, context| mark(ui, product, Dealt::LeftOut, context),
}];

fn in_review(ui: &Ui, product: &Product) -> Result<(), String> {
    if is_shown(ui) && here(ui, product).is_some() { Ok(()) } else { Err("no review is open".to_string()) }
}

/// Space: the step was shown, and on to the next; on one that was dealt with, it is open again.
pub fn flip(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    let Some((_, step, sprint)) = here(ui, product) else { return Outcome::Done };
    let to = if dealt(sprint, step).is_some() { Dealt::Open } else { Dealt::Shown };
    mark(ui, product, to, context)
}

fn mark(ui: &mut Ui, product: &Product, to: Dealt, context: &mut Context) -> Outcome {
    let Some((review, one, _)) = here(ui, product) else { return Outcome::Done };
    let done = step(product, review.sprint, &one.topic.key(), to, context);
    if done.is_ok() && to != Dealt::Open {
        super::go::step(ui, 1);
    }
    Outcome::of(done)
}

/// What is said in this step is about these: the story with what it serves, and the sprint whose review it is.
pub fn about(ui: &Ui, product: &Product) -> Vec<Id> {
    let Some((review, step, _)) = here(ui, product) else { return Vec::new() };
    let mut out = step.topic.about(product);
    out.push(review.sprint);
    out
}

/// What A makes a story of: the feedback or the line under the cursor of a pane, else the first line that is tried and
/// has no story yet, else what was said last in this step.
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

pub fn may_make_story(ui: &Ui, product: &Product) -> Result<(), String> {
    if source(ui, product).is_none() {
        return Err("nothing was said or tried here that a story could be made of".to_string());
    }
    if ui.role.owns(Owner::How) { Ok(()) } else { Err(not_yours(ui, product, Owner::How, "the stories")) }
}

pub fn make_story(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    let sprint = here(ui, product).map(|(review, ..)| review.sprint);
    let made = match (source(ui, product), sprint) {
        (Some(Source::Said(id)), _) => actions::feedback::story(product, id, context),
        (Some(Source::Tried(text)), Some(sprint)) => try_story(product, sprint, &text, context),
        _ => return Outcome::Done,
    };
    match made {
        Ok((step, _)) => {
            let say = Some("Added to the Product Backlog. {undo} takes it back.".to_string());
            Outcome::Commit(Commit { say, ..Commit::new(step) })
        }
        Err(refusal) => Outcome::refuse(refusal),
    }
}

/// The whole review as Markdown.
pub fn markdown(ui: &Ui, product: &Product) -> Option<(String, String)> {
    let review = ui.worked.review.as_ref().filter(|_| is_shown(ui))?;
    let name = product.name_of(review.sprint);
    Some((format!("the review of {name} as Markdown"), page(product, review, &ui.worked.forecast, ui.today)))
}
