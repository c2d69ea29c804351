//! A word about something: a worry, a question, an idea, praise. It lands in the inbox, tied to what it is about.

use crate::actions::Context;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::schema::{Feedback, Kind};
use crate::tui::command::{Command, Group, Outcome, on_something};
use crate::tui::screen::review;
use crate::tui::ui::Ui;
use crate::tui::widget::Overlay;
use crate::tui::widget::add::{AddLine, Seed};
use crate::tui::widget::editor::not_yours;
use crate::tui::widget::small::{Purpose, Small};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "comment",
        keys: &["c"],
        group: Group::This,
        label: "comment",
        hint: "A word about this: begin with - worry, ? question, + idea, * praise.",
        synonyms: &["feedback", "question", "idea", "note"],
        weight: 30,
        ready: on_something,
        run: comment,
    },
    Command {
        name: "feedback.story",
        keys: &[],
        group: Group::This,
        label: "make a story",
        hint: "A story from this piece of feedback, tied to what it is about.",
        synonyms: &["story", "convert", "triage"],
        weight: 0,
        ready: |ui, product| {
            let is_one = ui.any_target().is_some_and(|id| product.get::<Feedback>(id).is_some());
            if is_one { Ok(()) } else { Err("no feedback is chosen".to_string()) }
        },
        run: story,
    },
];

fn comment(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let ids = if review::is_shown(ui) { super::review::about(ui, product) } else { ui.targets() };
    ui.open(Overlay::Small(Box::new(Small::new(Purpose::Comment(ids), ""))))
}

/// `A` on feedback: a story whose title is what was said, under the roadmap item it speaks of.
pub fn story(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let Some(one) = ui.any_target().and_then(|id| product.get::<Feedback>(id)) else { return Outcome::Done };
    if !ui.role.owns(Owner::How) {
        return Outcome::refuse(not_yours(ui, product, Owner::How, "the stories"));
    }
    let under = one.links.iter().find(|id| product.find(**id).is_some_and(|record| record.kind() == Kind::RoadmapItem));
    let serves = under.and_then(|id| Some((Kind::BacklogItem.field("serves")?, id.to_string().into())));
    let told =
        Kind::BacklogItem.field("notes").map(|field| (field, format!("{} said: {}", &*one.source, &*one.quote).into()));
    let seed = Seed {
        kind: Kind::BacklogItem,
        cells: serves.into_iter().chain(told).collect(),
        place: crate::actions::edit::Place::Bottom,
        below: ui.chosen_row().map(|row| row.id),
        word: format!("Added from {}. {{undo}} takes it back.", product.name_of(one.id)),
    };
    let title = one.quote.lines().next().unwrap_or_default().to_string();
    ui.open(Overlay::Add(Box::new(AddLine::with(seed, &title))))
}
