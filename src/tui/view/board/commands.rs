//! What the board does with the general keys: cards one column forward or back, a new story directly in the sprint. Space
//! only ticks here, as in `commands/tick.rs`.

use crate::actions::{self, Context};
use crate::insight::sprint::running;
use crate::model::change::Step;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, ItemStatus, Kind};
use crate::tui::commands::find;
use crate::tui::commands::item::on_stories;
use crate::tui::commands::sprint::{check, taken};
use crate::tui::overlay::story_in_sprint::StoryInSprint;
use crate::tui::state::access::may_edit;
use crate::tui::state::contract::{Commit, Dropped, Outcome, Verb};
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::ui::Ui;
use crate::tui::view::board::cards::COLUMNS;
use crate::tui::view::board::{charted, has_days};

pub const VERBS: &[Verb] = &[
    Verb { name: "turn", ready: has_chart, run: find::turn },
    Verb { name: "horizon.sooner", ready: on_a_card, run: |ui, product, context| step(ui, product, context, -1) },
    Verb { name: "horizon.later", ready: on_a_card, run: |ui, product, context| step(ui, product, context, 1) },
];

/// Before the first sprint there is nothing to chart.
fn has_chart(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    match charted(product) {
        _ if ui.place().is_turned() => Ok(()),
        Some(sprint) if has_days(sprint) => Ok(()),
        Some(sprint) => Err(format!("{} has no days, so it has no burndown", product.name_of(sprint.id)).into()),
        None => Err("no sprint has begun yet".into()),
    }
}

fn on_a_card(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    on_stories(ui, product, "status")
}

/// `<` and `>`: move the selected cards one column back or forward.
fn step(ui: &mut Ui, product: &Product, context: &mut Context, by: isize) -> Outcome {
    if ui.place().is_turned() {
        return Outcome::say("There are no cards beside the chart. {turn} returns to the board.");
    }
    let ids = ui.targets_of(product, Kind::BacklogItem);
    let mut moves: Vec<(ItemStatus, Vec<Id>)> = Vec::new();
    for id in &ids {
        let Some(item) = product.get::<BacklogItem>(*id) else { continue };
        let at = COLUMNS.iter().position(|one| *one == item.status);
        let Some(to) = at.and_then(|at| COLUMNS.get(at.checked_add_signed(by)?)).copied() else { continue };
        match moves.iter_mut().find(|(known, _)| *known == to) {
            Some((_, all)) => all.push(*id),
            None => moves.push((to, vec![*id])),
        }
    }
    match moves.as_slice() {
        [] => Outcome::say(if by > 0 { "It is already done." } else { "It is already in the first column." }),
        [(to, ids)] => moved_to(ui, product, context, ids, *to, Step::default()),
        several if several.iter().any(|(to, _)| *to == ItemStatus::Done) => {
            Outcome::say("Some of these would be done: {story.done} checks them together. Nothing was moved.")
        }
        several => {
            let mut step = Step::default();
            for (to, ids) in several {
                match actions::item::status(product, ids, *to, false, context) {
                    Ok(one) => step.join(one),
                    Err(refusal) => return Outcome::refuse(refusal),
                }
            }
            step.label = format!("{} stories a column {}", ids.len(), if by > 0 { "on" } else { "back" });
            taken(Ok(step), ui.place().chosen)
        }
    }
}

/// Moves stories to a column, at a place in the order if one is given. Stories to be done go through their check.
fn moved_to(ui: &mut Ui, product: &Product, context: &mut Context, ids: &[Id], to: ItemStatus, order: Step) -> Outcome {
    if let Some(Err(word)) = Kind::BacklogItem.field("status").map(|field| may_edit(ui, product, field)) {
        return Outcome::refuse(word);
    }
    let elsewhere = |id: &&Id| product.get::<BacklogItem>(**id).is_some_and(|item| item.status != to);
    let moving: Vec<Id> = ids.iter().filter(elsewhere).copied().collect();
    if to == ItemStatus::Done && !moving.is_empty() {
        return check(ui, product, context, &moving);
    }
    let step = match moving.as_slice() {
        [] => Ok(order),
        moving => actions::item::status(product, moving, to, false, context).map(|mut step| {
            step.join(order);
            step
        }),
    };
    match step {
        Ok(step) if step.is_empty() => Outcome::say("It is where it was."),
        Ok(step) => {
            let limit = ui.settings.doing_limit as usize;
            let there = ui.rows.columns.get(1).map_or(0, std::ops::Range::len).saturating_add(moving.len());
            let say = (to == ItemStatus::Doing && limit > 0 && there > limit && !moving.is_empty()).then(|| {
                format!("{}. {there} in DOING, your limit is {limit}. {{undo}} takes it back.", step.label).into()
            });
            Outcome::Commit(Commit { choose: ui.place().chosen, say, ..Commit::new(step) })
        }
        Err(refusal) => Outcome::refuse(refusal),
    }
}

/// Cards that were dropped in a column, at their place in the order there.
pub fn drop_in(ui: &mut Ui, product: &Product, context: &mut Context, dropped: Dropped) -> Outcome {
    let Some(to) = COLUMNS.get(dropped.column).copied() else { return Outcome::Nothing };
    let column = ui.rows.columns.get(dropped.column).and_then(|range| ui.rows.rows.get(range.clone()));
    // In an empty column there are no neighbours.
    let is_empty = column.unwrap_or_default().iter().all(|row| dropped.ids.contains(&row.id));
    let order = if is_empty { Step::default() } else { dropped.order };
    moved_to(ui, product, context, &dropped.ids, to, order)
}

/// `a` on the board: a new story, what leaves for it, and why, asked in one sheet.
pub fn add(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    match running(product) {
        Some(sprint) => ui.open(StoryInSprint::new(product, sprint)),
        None => Outcome::refuse("No sprint is running. {go.backlog} opens the backlog, where a story needs none."),
    }
}
