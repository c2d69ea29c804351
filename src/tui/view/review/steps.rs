//! The review on screen and its steps, built once and cached until the product or the day changes.

use crate::insight::review::{Review, ReviewStep, dealt, review as review_of, reviewable};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::Sprint;
use crate::model::value::{Day, When};
use crate::tui::state::ui::Ui;
use crate::tui::view::outlook;
use chrono::NaiveTime;
use std::sync::Arc;

/// The review on screen, and what it was built from.
struct Known {
    of: (u64, Day, usize),
    review: Option<Review>,
}

pub fn prepare(ui: &mut Ui, product: &Product) {
    outlook::refresh(ui, product);
    let of = (product.rev(), ui.today, ui.place().turn);
    if ui.slots.get::<Known>().is_none_or(|known| known.of != of) {
        let noon = ui.today.0.and_time(NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default());
        let now = When(noon.and_utc().fixed_offset());
        let review = sprint_of(ui, product).and_then(|sprint| review_of(product, sprint, now));
        ui.slots.put(Known { of, review });
    }
}

pub fn review(ui: &Ui) -> Option<&Review> {
    ui.slots.get::<Known>()?.review.as_ref()
}

/// The sprint whose review this is: the running one or the one that ended last; turned, one further back.
fn sprint_of(ui: &Ui, product: &Product) -> Option<Id> {
    let all = reviewable(product);
    all.get(ui.place().turn).or(all.last()).copied()
}

/// The review, the step under the cursor and its sprint.
pub fn here<'a>(ui: &'a Ui, product: &'a Product) -> Option<(&'a Review, &'a ReviewStep, &'a Arc<Sprint>)> {
    let review = review(ui)?;
    let step = review.steps.get(ui.row_at_cursor()?.slot as usize)?;
    Some((review, step, product.get::<Sprint>(review.sprint)?))
}

/// How many steps were shown, of how many.
pub fn progress(ui: &Ui, product: &Product) -> (usize, usize) {
    let Some(review) = review(ui) else { return (0, 0) };
    let sprint = product.get::<Sprint>(review.sprint);
    let shown = |step: &&ReviewStep| sprint.and_then(|one| dealt(one, step)).is_some_and(|kept| !kept.left_out);
    (review.steps.iter().filter(shown).count(), review.steps.len())
}
