//! Comments: a worry, a question, an idea, praise. They go to the inbox, linked to what they are about.

use crate::actions::Context;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{Feedback, Kind};
use crate::tui::overlay::add_line::AddLine;
use crate::tui::overlay::prompt::Prompt;
use crate::tui::overlay::seed::Seed;
use crate::tui::state::access::may_act;
use crate::tui::state::contract::{Command, Commit, Group, Outcome, Say, on_something};
use crate::tui::state::ui::Ui;

pub const COMMANDS: &[Command] = &[
    Command {
        name: "comment",
        keys: &["c"],
        group: Group::This,
        label: "comment",
        hint: "Comment on this; start with - worry, ? question, + idea, * praise.",
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
        hint: "Create a story from this feedback, linked to what it is about.",
        synonyms: &["story", "convert", "triage"],
        weight: 0,
        ready: |ui, product| {
            let is_one = ui.any_target().is_some_and(|id| product.get::<Feedback>(id).is_some());
            if is_one { Ok(()) } else { Err("no feedback is selected".into()) }
        },
        run: story,
    },
];

fn comment(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    comment_on(ui, ui.targets())
}

/// Opens a line for a comment on these records.
pub fn comment_on(ui: &mut Ui, ids: Vec<Id>) -> Outcome {
    let hint = "- worry · ? question · + idea · * praise · Enter keeps it · Esc back";
    ui.open(Prompt::new("comment: ", hint, "comment", move |text, _, product, context| {
        let step = crate::actions::feedback::comment(product, &ids, text, context);
        let say = Some(Say::Is(" in the inbox. {undo} takes it back.".to_string()));
        step.map(|step| Outcome::Commit(Commit { say, ..Commit::new(step) })).map_err(|refusal| format!("{refusal:#}"))
    }))
}

/// `A` on feedback: a story with the feedback as its title, under the roadmap item that it is about.
pub fn story(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let Some(one) = ui.any_target().and_then(|id| product.get::<Feedback>(id)) else { return Outcome::Nothing };
    if let Err(why) = may_act(ui, product, Kind::BacklogItem, || "the stories".to_string()) {
        return Outcome::refuse(why);
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
        feedback: Some(one.id),
        say: Some(Say::Added(format!(" from {}. {{undo}} takes it back.", product.name_of(one.id)))),
    };
    let title = one.quote.lines().next().unwrap_or_default().to_string();
    ui.open(AddLine::with(seed, &title))
}
