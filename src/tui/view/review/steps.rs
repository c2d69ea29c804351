//! The review on screen and its steps, built once and cached until the product, the day or the sprint chosen changes.

use crate::actions::Context;
use crate::insight::review::{Review, ReviewStep, dealt, review as review_of, reviewable};
use crate::insight::sprint::is_over;
use crate::model::grammar::capital;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::saturating::next_in_circle;
use crate::model::schema::Sprint;
use crate::model::value::{Day, When};
use crate::tui::state::contract::Outcome;
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::ui::{ListRow, Ui};
use crate::tui::view::outlook;
use chrono::NaiveTime;
use std::sync::Arc;

/// The review on screen, and what it was built from.
struct Known {
    of: (u64, Day, Option<Id>),
    review: Option<Review>,
    /// The steps that were shown or left out.
    dealt: Vec<String>,
    /// Its place among all reviews, the latest first, and how many there are.
    place: (usize, usize),
}

/// The sprint whose review is open. It stays, whatever starts or ends meanwhile.
struct Kept {
    sprint: Id,
    /// Somebody turned to it. Otherwise it was the latest, and another one may be when the view is opened on another day.
    by_hand: bool,
    /// The day on which the view was left.
    left: Option<Day>,
    /// The view was left and is opened again.
    comes_back: bool,
    /// The sprint that had ended last then, if that is known.
    ended: Option<Id>,
}

impl Kept {
    fn of(sprint: Id, by_hand: bool, ended: Option<Id>) -> Kept {
        Kept { sprint, by_hand, left: None, comes_back: false, ended }
    }

    /// A sprint was closed while the view was left: its review is the one that is due.
    fn is_passed(&self, ended: Option<Id>) -> bool {
        self.comes_back && self.ended.is_some() && self.ended != ended
    }
}

/// The sprint that ended last.
fn ended_last(product: &Product, all: &[Id]) -> Option<Id> {
    all.iter().copied().find(|id| product.get::<Sprint>(*id).is_some_and(|sprint| is_over(sprint)))
}

/// The step that was last marked by a key of its own.
struct ByHand(String);

/// The step that was last marked because something was written in it.
struct Written(String);

pub fn mark_by_hand(ui: &mut Ui, key: String) {
    ui.slots.put(ByHand(key));
}

/// Whether a step counts as shown only because something was written in it just now.
pub fn was_written(ui: &Ui, key: &str) -> bool {
    let is_dealt = |known: &Known| known.dealt.iter().any(|dealt| dealt == key);
    ui.slots.get::<Written>().is_some_and(|one| one.0 == key) && ui.slots.get::<Known>().is_some_and(is_dealt)
}

pub fn forget_written(ui: &mut Ui) {
    drop(ui.slots.take::<Written>());
}

pub fn prepare(ui: &mut Ui, product: &Product) {
    outlook::refresh(ui, product);
    let all = reviewable(product);
    let (today, latest) = (ui.today, all.first().copied());
    let ended = ended_last(product, &all);
    let kept = ui.slots.get::<Kept>().filter(|kept| all.contains(&kept.sprint) && !kept.is_passed(ended));
    let (sprint, by_hand) = (kept.map(|kept| kept.sprint).or(latest), kept.is_some_and(|kept| kept.by_hand));
    match sprint {
        Some(sprint) => ui.slots.put(Kept::of(sprint, by_hand, ended)),
        None => drop(ui.slots.take::<Kept>()),
    }
    let of = (product.rev(), today, sprint);
    if ui.slots.get::<Known>().is_none_or(|known| known.of != of) {
        let noon = today.0.and_time(NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default());
        let now = When(noon.and_utc().fixed_offset());
        let review = sprint.and_then(|sprint| review_of(product, sprint, now));
        let at = all.iter().position(|one| Some(*one) == sprint).unwrap_or(0);
        let shown = sprint.and_then(|id| product.get::<Sprint>(id)).map(|sprint| sprint.shown.as_slice());
        let dealt: Vec<String> = shown.unwrap_or_default().iter().map(|one| one.id.clone()).collect();
        let by_hand = ui.slots.get::<ByHand>().map(|one| one.0.clone());
        let before = ui.slots.get::<Known>().filter(|known| known.of.2 == sprint).map(|known| &known.dealt);
        let is_new =
            |key: &&String| before.is_some_and(|before| !before.contains(key)) && by_hand.as_ref() != Some(*key);
        if let Some(key) = dealt.iter().rev().find(is_new).cloned() {
            ui.slots.put(Written(key));
        }
        ui.slots.put(Known { of, review, dealt, place: (at, all.len()) });
    }
}

/// The step under the cursor, by its key: several steps are about the same record.
struct Cursor {
    key: String,
    at: usize,
}

/// Keeps the cursor on its step when other steps come before it.
pub fn follow(ui: &mut Ui, rows: &[ListRow]) {
    let Some(Known { review: Some(review), .. }) = ui.slots.get::<Known>() else { return };
    // Moved since, it is on the step that was meant.
    let Some(cursor) = ui.slots.get::<Cursor>().filter(|cursor| cursor.at == ui.place().at) else { return };
    let is_it = |row: &ListRow| review.steps.get(row.slot as usize).is_some_and(|step| step.topic.key() == cursor.key);
    if let Some((at, row)) = rows.iter().enumerate().find(|(_, row)| is_it(row)) {
        let id = row.id;
        let place = ui.place_mut();
        (place.at, place.chosen) = (at, Some(id));
    }
}

/// Notes the step under the cursor, and when the view was left. Opened on another day, it begins with the latest sprint.
pub fn visit(ui: &mut Ui, is_open: bool) {
    let today = ui.today;
    if is_open {
        let step = review(ui).zip(ui.row_at_cursor()).and_then(|(review, row)| review.steps.get(row.slot as usize));
        match step.map(|step| step.topic.key()) {
            Some(key) => ui.slots.put(Cursor { key, at: ui.place().at }),
            None => drop(ui.slots.take::<Cursor>()),
        }
    }
    let Some(kept) = ui.slots.get_mut::<Kept>() else { return };
    kept.comes_back |= is_open && kept.left.is_some();
    if !is_open {
        kept.left.get_or_insert(today);
    } else if kept.left.take().is_some_and(|day| day != today) && !kept.by_hand {
        ui.slots.take::<Kept>();
    }
}

pub fn review(ui: &Ui) -> Option<&Review> {
    ui.slots.get::<Known>()?.review.as_ref()
}

/// Whether a step was shown or left out.
pub fn is_dealt(ui: &Ui, step: &ReviewStep) -> bool {
    ui.slots.get::<Known>().is_some_and(|known| known.dealt.contains(&step.topic.key()))
}

/// `2 of 9`: the place of this review among all, the latest first. `None` if it is the only one.
pub fn place(ui: &Ui) -> Option<(usize, usize)> {
    let (at, all) = ui.slots.get::<Known>()?.place;
    (all > 1).then_some((at.saturating_add(1), all))
}

/// The sprint to come back to, for the next start: the one chosen by hand, or the one that is open.
pub fn sprint_kept(ui: &Ui) -> Option<Id> {
    ui.slots.get::<Kept>().filter(|kept| kept.by_hand || kept.left.is_none()).map(|kept| kept.sprint)
}

/// Comes back to a sprint.
pub fn keep_sprint(ui: &mut Ui, sprint: Id) {
    ui.slots.choose(Kept::of(sprint, true, None));
}

pub fn can_turn(_: &Ui, product: &Product) -> Result<(), NotReady> {
    match reviewable(product).len() {
        0 => Err("no sprint has begun yet".into()),
        1 => Err("no other sprint has a review yet".into()),
        _ => Ok(()),
    }
}

/// One sprint further back; after the oldest the latest again.
pub fn turn(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let all = reviewable(product);
    let now = review(ui).map(|review| review.sprint);
    let at = all.iter().position(|one| Some(*one) == now).map_or(0, |at| next_in_circle(at, all.len()));
    let Some(sprint) = all.get(at).copied() else { return Outcome::Nothing };
    // The latest is what the view opens with.
    ui.slots.choose(Kept::of(sprint, at > 0, ended_last(product, &all)));
    to_step(ui, 0);
    Outcome::say(format!("{}, {} of {}.", capital(&product.name_of(sprint)), at.saturating_add(1), all.len()))
}

/// The review, the step under the cursor and its sprint.
pub fn here<'a>(ui: &'a Ui, product: &'a Product) -> Option<(&'a Review, &'a ReviewStep, &'a Arc<Sprint>)> {
    let review = review(ui)?;
    let step = review.steps.get(ui.row_at_cursor()?.slot as usize)?;
    Some((review, step, product.get::<Sprint>(review.sprint)?))
}

/// Goes to a row. Several steps are about the same sprint, so their panes begin at the top each time.
pub fn to_step(ui: &mut Ui, at: usize) {
    let at = at.min(ui.rows.rows.len().saturating_sub(1));
    if ui.place().at != at {
        ui.choose(at);
        let place = ui.place_mut();
        (place.why_at, place.how_at, place.inside) = (0, 0, 0);
    }
}

/// How many steps were shown, of how many.
pub fn progress(ui: &Ui, product: &Product) -> (usize, usize) {
    let Some(review) = review(ui) else { return (0, 0) };
    let sprint = product.get::<Sprint>(review.sprint);
    let shown = |step: &&ReviewStep| sprint.and_then(|one| dealt(one, step)).is_some_and(|kept| !kept.left_out);
    (review.steps.iter().filter(shown).count(), review.steps.len())
}
