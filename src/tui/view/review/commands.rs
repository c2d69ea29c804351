//! The review: steps shown and left out, feedback, stories from what the team tries.

use crate::actions::review::{Dealt, step, story as try_story};
use crate::actions::{self, Context};
use crate::export::markdown::review::page;
use crate::insight::review::{Topic, dealt, said_in};
use crate::model::change::{Change, Step};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{Feedback, Kind};
use crate::tui::commands::{copy, edit, go, talk, tick};
use crate::tui::state::access::may_act;
use crate::tui::state::contract::{Command, Commit, Group, Outcome, Say, Verb, always, on_something};
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::Ui;
use crate::tui::term::layout::Focus;
use crate::tui::view::outlook::forecast;
use crate::tui::view::review::steps::{can_turn, here, is_dealt, review, to_step, turn};
use crate::tui::view::review::{steps, wall, write};
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
    let is_last = ui.place().at.saturating_add(1) >= ui.rows.rows.len();
    if steps::was_written(ui, &step.topic.key()) {
        // Whoever wrote it has shown it: the usual Space goes on, one more opens it again.
        steps::forget_written(ui);
        if is_last {
            return Outcome::say(match steps::progress(ui, product) {
                (shown, all) if shown >= all => "That was the last step: the review is complete.".to_string(),
                (shown, all) => format!("That was the last step; {shown} of {all} are shown."),
            });
        }
        let at = ui.place().at;
        to_step(ui, at.saturating_add(1));
        return Outcome::Nothing;
    }
    let to = if dealt(sprint, step).is_some() { Dealt::Open } else { Dealt::Shown };
    mark(ui, product, to, context)
}

fn mark(ui: &mut Ui, product: &Product, to: Dealt, context: &mut Context) -> Outcome {
    let Some((review, one, _)) = here(ui, product) else { return Outcome::Nothing };
    let key = one.topic.key();
    let done = step(product, review.sprint, &key, to, context);
    steps::mark_by_hand(ui, key);
    if done.is_ok() && to != Dealt::Open {
        let at = ui.place().at;
        to_step(ui, at.saturating_add(1));
    }
    Outcome::of(done)
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

/// What else an act writes here.
pub fn along(ui: &Ui, product: &Product, act: &Step, context: &Context) -> Vec<Change> {
    match here(ui, product) {
        Some((review, step, _)) => actions::review::along(product, review.sprint, &step.topic.key(), act, context),
        None => Vec::new(),
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
    Verb { name: "edit", ready: write::may_write, run: write::edit_here },
    Verb { name: "edit.external", ready: write::may_write_outside, run: write::write_outside },
    Verb { name: "add", ready: on_something, run: feedback },
    Verb { name: "turn", ready: can_turn, run: turn },
    Verb { name: "story.points", ready: sizes_stay, run: |_, _, _| Outcome::Nothing },
    Verb { name: "order.up", ready: order_stays, run: |_, _, _| Outcome::Nothing },
    Verb { name: "order.down", ready: order_stays, run: |_, _, _| Outcome::Nothing },
    Verb { name: "move.top", ready: order_stays, run: |_, _, _| Outcome::Nothing },
    Verb { name: "move.bottom", ready: order_stays, run: |_, _, _| Outcome::Nothing },
    Verb { name: "move.place", ready: order_stays, run: |_, _, _| Outcome::Nothing },
    Verb { name: "delete", ready: may_delete, run: edit::remove },
    Verb { name: "tick", ready: may_flip, run: tick_step },
    Verb { name: "tick.range", ready: one_by_one, run: |_, _, _| Outcome::Nothing },
    Verb { name: "tick.all", ready: one_by_one, run: |_, _, _| Outcome::Nothing },
    Verb { name: "go.left", ready: always, run: |ui, _, _| sideways(ui, -1) },
    Verb { name: "go.right", ready: always, run: |ui, _, _| sideways(ui, 1) },
    Verb { name: "go.up", ready: always, run: |ui, product, _| upright(ui, product, -1, 1) },
    Verb { name: "go.down", ready: always, run: |ui, product, _| upright(ui, product, 1, 1) },
    Verb { name: "go.page_up", ready: always, run: |ui, product, _| upright(ui, product, -1, wall::page(ui)) },
    Verb { name: "go.page_down", ready: always, run: |ui, product, _| upright(ui, product, 1, wall::page(ui)) },
    Verb { name: "add.under", ready: may_make_story, run: make_story },
    Verb { name: "comment", ready: on_something, run: feedback },
    Verb { name: "copy.markdown", ready: copy::on_record, run: copy_markdown },
];

/// Notes what somebody says in this step.
fn feedback(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let about = write::about(ui, product);
    talk::feedback_on(ui, about, None)
}

/// What is shown has the size that it had in its sprint.
fn sizes_stay(_: &Ui, _: &Product) -> Result<(), NotReady> {
    Err("a review shows the sizes of its sprint; {go.backlog} opens the backlog, where they are set".into())
}

/// The rows are steps, not the backlog.
fn order_stays(_: &Ui, _: &Product) -> Result<(), NotReady> {
    Err("the steps of a review have an order of their own".into())
}

/// In a pane a line may go; the steps themselves come from the sprint.
fn may_delete(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    match ui.focus() {
        Focus::List => Err("the steps come from the sprint; {review.leave_out} leaves one out".into()),
        _ => edit::may_delete(ui, product),
    }
}

/// What the keys are called here, for the step under the cursor.
pub fn footer(ui: &Ui, command: &Command) -> Option<(u8, &'static str)> {
    if ui.focus() != Focus::List {
        return None;
    }
    let step = review(ui).zip(ui.row_at_cursor()).and_then(|(review, row)| review.steps.get(row.slot as usize));
    let is_dealt = step.is_some_and(|step| is_dealt(ui, step));
    let is_written = step.is_some_and(|step| steps::was_written(ui, &step.topic.key()));
    let writes = step.map_or("write", |step| write::label(step));
    Some(match command.name {
        "tick" => (
            95,
            if is_written && ui.place().at.saturating_add(1) >= ui.rows.rows.len() {
                "finish"
            } else if is_written {
                "next"
            } else if is_dealt {
                "open again"
            } else {
                "shown, next"
            },
        ),
        "edit" => (94, writes),
        // The same as the key before, under a name that says less.
        "enter" | "add" => (0, ""),
        "comment" if step.is_some_and(write::takes_feedback) => (0, ""),
        "comment" => (80, "feedback"),
        "add.under" => (70, "make a story"),
        "measure.read" if step.is_some_and(|step| matches!(step.topic, Topic::Roadmap(_))) => (90, "read a measure"),
        "zoom" => (62, if ui.zoom { "back to the steps" } else { "large" }),
        "turn" => (61, "other sprint"),
        _ => return None,
    })
}

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
    let at = ui.place().at.saturating_add_signed(by.signum());
    to_step(ui, at);
    Outcome::Nothing
}

/// From step to step; in the large form, first through the lines that do not fit on its page.
fn upright(ui: &mut Ui, product: &Product, way: isize, far: usize) -> Outcome {
    let by = way.saturating_mul(isize::try_from(far).unwrap_or(1));
    if ui.focus() != Focus::List {
        return if far > 1 { go::by_page(ui, product, way > 0) } else { go::by(ui, product, by) };
    }
    if wall::is_open(ui) {
        let room = isize::try_from(wall::overflow(ui, product)).unwrap_or(isize::MAX);
        let now = ui.place().inside.clamp(0, room);
        let to = now.saturating_add(by).clamp(0, room);
        if to != now {
            ui.place_mut().inside = to;
            return Outcome::Nothing;
        }
    }
    let far = if wall::is_open(ui) { way } else { by };
    let at = ui.place().at.saturating_add_signed(far);
    to_step(ui, at);
    Outcome::Nothing
}

/// The whole review as Markdown.
fn copy_markdown(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    let Some(review) = review(ui) else { return copy::markdown(ui, product, context) };
    let what = format!("the review of {} as Markdown", product.name_of(review.sprint));
    copy::page(ui, what, "review", &page(product, review, forecast(ui), ui.today))
}
