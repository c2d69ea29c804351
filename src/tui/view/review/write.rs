//! Writing in a review: each step has something of its own to write, whether the goal was met, the decisions or the
//! retrospective; in the other steps it is feedback. Tab keeps it and opens the text of the next step.

use crate::actions::Context;
use crate::insight::review::{ReviewStep, Topic};
use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::Kind;
use crate::model::value::Shape;
use crate::tui::commands::{edit, talk};
use crate::tui::overlay::editor::{Editor, text_of};
use crate::tui::state::access::may_edit;
use crate::tui::state::contract::Outcome;
use crate::tui::state::external::External;
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::ui::Ui;
use crate::tui::term::layout::Focus;
use crate::tui::view::review::steps::{here, to_step};

/// The field that a step is written in; `None` if its text is feedback.
fn field_of(step: &ReviewStep) -> Option<&'static Field> {
    let key = match step.topic {
        Topic::Goal { .. } => "result",
        Topic::Next => "decisions",
        Topic::Keep => "keep",
        Topic::Problem => "problem",
        Topic::Try => "tried",
        _ => return None,
    };
    Kind::Sprint.field(key)
}

/// Whether the text of a step is feedback.
pub fn takes_feedback(step: &ReviewStep) -> bool {
    field_of(step).is_none()
}

/// What `e` does here, for the footer.
pub fn label(step: &ReviewStep) -> &'static str {
    match field_of(step).map(|field| field.key) {
        Some("result") => "say if it was met",
        Some("decisions") => "write decisions",
        Some("keep") => "write what to keep",
        Some("problem") => "write what got in the way",
        Some("tried") => "write what to try",
        _ => "write feedback",
    }
}

pub fn may_write(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    if ui.focus() != Focus::List {
        return edit::may_edit_this(ui, product);
    }
    match here(ui, product) {
        Some((_, step, _)) => field_of(step).map_or(Ok(()), |field| may_edit(ui, product, field)),
        None => Err("no review is open".into()),
    }
}

/// `e`: the text of the step; in a pane, the field under the cursor.
pub fn edit_here(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    if ui.focus() != Focus::List {
        return edit::edit(ui, product, context);
    }
    write(ui, product)
}

/// Opens the text of the step under the cursor.
pub fn write(ui: &mut Ui, product: &Product) -> Outcome {
    let Some((review, step, _)) = here(ui, product) else { return Outcome::Nothing };
    match field_of(step) {
        Some(field) => {
            let sprint = review.sprint;
            Editor::open_step(ui, product, sprint, field, next);
            Outcome::Nothing
        }
        None => {
            let about = about(ui, product);
            talk::feedback_on(ui, about, Some(next))
        }
    }
}

/// The records that feedback given in this step is about: the story with what it serves, and the reviewed sprint.
pub fn about(ui: &Ui, product: &Product) -> Vec<Id> {
    let Some((review, step, _)) = here(ui, product) else { return Vec::new() };
    let mut out = step.topic.about(product);
    out.push(review.sprint);
    out
}

/// Goes one step on, or back, and opens its text.
fn next(ui: &mut Ui, product: &Product, forward: bool) {
    ui.go_home();
    ui.place_mut().focus = Focus::List;
    let at = ui.place().at;
    let to = if forward { at.checked_add(1) } else { at.checked_sub(1) };
    match to.filter(|to| *to < ui.rows.rows.len()) {
        Some(to) => {
            to_step(ui, to);
            write(ui, product);
        }
        None => {
            ui.say(if forward { "That was the last step. Everything is kept." } else { "That was the first step." })
        }
    }
}

pub fn may_write_outside(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    if ui.focus() != Focus::List {
        return edit::has_text_to_edit(ui, product);
    }
    may_write(ui, product)?;
    match here(ui, product) {
        Some((_, step, _)) if field_of(step).is_some_and(|field| matches!(field.shape, Shape::Choice(_))) => {
            Err("it is chosen from a list; {edit} opens it".into())
        }
        Some((_, step, _)) if field_of(step).is_some() => Ok(()),
        _ => Err("feedback is one line; {comment} opens it".into()),
    }
}

/// `E`: the text of the step in the person's own editor.
pub fn write_outside(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    if ui.focus() != Focus::List {
        return edit::edit_outside(ui, product, context);
    }
    let found = here(ui, product).and_then(|(review, step, _)| Some((review.sprint, field_of(step)?)));
    let Some((sprint, field)) = found else { return Outcome::Nothing };
    let (before, text) = (product.value(sprint, field), text_of(product, sprint, field));
    Outcome::External(Box::new(External::new(product, sprint, field, before, text)))
}
