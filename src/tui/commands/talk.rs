//! Comments: a worry, a question, an idea, praise. They go to the inbox, linked to what they are about.

use crate::actions::Context;
use crate::actions::decision::decided;
use crate::actions::feedback::{close, heard, is_signed};
use crate::insight::review::voices_behind;
use crate::insight::sprint::running;
use crate::insight::velocity::closed;
use crate::model::grammar::quoted;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::{Owner, Role};
use crate::model::schema::{Feedback, FeedbackKind, FeedbackState, Kind, Sprint};
use crate::model::value::Value;
use crate::tui::overlay::add_line::AddLine;
use crate::tui::overlay::editor::{After, Editor, NextStep};
use crate::tui::overlay::prompt::Prompt;
use crate::tui::overlay::seed::Seed;
use crate::tui::overlay::trail::{Trail, TrailLine};
use crate::tui::state::access::owner_name;
use crate::tui::state::contract::{Command, Commit, Group, Outcome, Say, Then, always, on_something};
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
        name: "decide",
        keys: &[],
        group: Group::Everywhere,
        label: "decide",
        hint: "Write down a decision: what, why, what was refused, look again when.",
        synonyms: &["decision", "adr", "record", "agreed"],
        weight: 0,
        ready: always,
        run: decide,
    },
    Command {
        name: "add.goal",
        keys: &[],
        group: Group::Everywhere,
        label: "add Product Goal",
        hint: "Add a Product Goal: the next state of the product, in one sentence.",
        synonyms: &["add a product goal", "new", "create", "scrum"],
        weight: 0,
        ready: |ui, product| crate::tui::state::access::may_have(ui, product, Kind::ProductGoal),
        run: super::edit::add_product_goal,
    },
    Command {
        name: "tell",
        keys: &[],
        group: Group::Everywhere,
        label: "whom to tell",
        hint: "Whom to tell about an Increment: the voices behind what is done.",
        synonyms: &["release", "customers", "announce", "voices", "answer"],
        weight: 0,
        ready: |_, product| {
            if last_sprint(product).is_some() { Ok(()) } else { Err("no sprint has started yet".into()) }
        },
        run: whom_to_tell,
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

/// The running sprint, else the one that ended last.
fn last_sprint(product: &Product) -> Option<Id> {
    running(product).map(|sprint| sprint.id).or_else(|| closed(product).last().map(|sprint| sprint.id))
}

/// Lists those whose words led to what is done in the sprint shown, each with the words and the story.
fn whom_to_tell(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let chosen = ui.chosen_row().map(|row| row.id).filter(|id| product.get::<Sprint>(*id).is_some());
    let Some(sprint) = chosen.or_else(|| last_sprint(product)).and_then(|id| product.get::<Sprint>(id)) else {
        return Outcome::Nothing;
    };
    let mut lines = Vec::new();
    for (story, voice) in voices_behind(product, sprint) {
        let words = voice.quote.lines().next().unwrap_or_default();
        let text = format!("{}: \u{201c}{words}\u{201d}  {}", &*voice.source, product.name_of(story));
        lines.push(TrailLine { to: Some(voice.id), text });
    }
    let name = product.name_of(sprint.id);
    if lines.is_empty() {
        return Outcome::say(format!("No voice is linked to what was done in {name}."));
    }
    let first = lines.first().and_then(|line| line.to).unwrap_or_default();
    ui.open(Trail::new(format!("Whom to tell about {name}"), lines, first))
}

/// The selected piece of feedback.
pub fn chosen<'a>(ui: &Ui, product: &'a Product) -> Option<&'a Feedback> {
    product.get::<Feedback>(ui.any_target()?).map(|one| &**one)
}

/// Opens a line for the answer to the selected feedback.
pub fn answer(ui: &mut Ui, product: &Product) -> Outcome {
    let Some(one) = chosen(ui, product).map(|one| one.id) else { return Outcome::Nothing };
    let label = format!("answer to {}: ", product.name_of(one));
    let hint = "Enter keeps the answer where the question stands · Esc back";
    ui.open(Prompt::new(label, hint, "answer", move |text, _, product, context| {
        let step = crate::actions::feedback::answer(product, one, text, context);
        step.map(Outcome::commit).map_err(|refusal| format!("{refusal:#}"))
    }))
}

/// Opens a line for the reason why the selected feedback is declined.
pub fn decline(ui: &mut Ui, product: &Product) -> Outcome {
    let Some(one) = chosen(ui, product).map(|one| one.id) else { return Outcome::Nothing };
    let label = format!("reason for declining {}: ", product.name_of(one));
    ui.open(Prompt::new(
        label,
        "Enter declines it with this line · Esc back",
        "decline",
        move |text, _, product, context| {
            let step = close(product, one, FeedbackState::Declined, text, context);
            step.map(Outcome::commit).map_err(|refusal| format!("{refusal:#}"))
        },
    ))
}

/// Adopts the selected remark.
pub fn adopt(ui: &Ui, product: &Product, context: &mut Context) -> Outcome {
    match chosen(ui, product) {
        Some(one) if one.kind == FeedbackKind::Question => {
            Outcome::say("A question waits for words: {comment} answers it.")
        }
        Some(one) => match close(product, one.id, FeedbackState::Adopted, "", context) {
            Ok(step) => {
                // The change that follows is made where the remark stands; the Inbox goes on with the next row.
                let about = one.links.iter().copied().find(|id| product.find(*id).is_some_and(|on| on.is_alive()));
                let follows = match about.map(|id| product.name_of(id)) {
                    Some(name) => format!(" What follows is changed in {name}: {{palette}} {name} goes there."),
                    None => String::new(),
                };
                let say = Some(Say::Words(format!("{}.{follows} {{undo}} takes it back.", step.label)));
                Outcome::Commit(Commit { say, ..Commit::new(step) })
            }
            Err(refusal) => Outcome::refuse(refusal),
        },
        None => Outcome::Nothing,
    }
}

/// Opens a line for a decision about what is selected.
fn decide(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let targets = Kind::Decision.field("links").map(|field| field.targets).unwrap_or_default();
    let about: Vec<Value> = ui
        .targets()
        .into_iter()
        .filter(|id| product.find(*id).is_some_and(|record| targets.contains(&record.kind())))
        .map(|id| id.to_string().into())
        .collect();
    let hint = "what was decided, in a sentence · Enter keeps it and asks why · Esc back";
    ui.open(Prompt::new("decided: ", hint, "decide", move |text, _, product, context| {
        let (step, id) = decided(product, text, &about, context).map_err(|refusal| format!("{refusal:#}"))?;
        let then: Then = Box::new(move |ui, product| {
            if let Some(why) = Kind::Decision.field("why") {
                Editor::open(ui, product, id, why, After::Next);
            }
        });
        let say = Some(Say::Is(" kept. {undo} takes it back.".to_string()));
        Ok(Outcome::Commit(Commit { say, then: Some(then), ..Commit::new(step) }))
    }))
}

/// Opens a line for a question about a proposal; a sign at its start makes it something else.
pub fn ask_about(ui: &mut Ui, product: &Product, proposal: Id) -> Outcome {
    let label = format!("question about {}: ", product.name_of(proposal));
    let hint = "Enter asks · - worry · + idea · * praise · Esc back";
    ui.open(Prompt::new(label, hint, "comment", move |text, _, product, context| {
        let text = text.trim();
        let text = if is_signed(text) || text.is_empty() { text.to_string() } else { format!("? {text}") };
        let step = crate::actions::feedback::comment(product, &[proposal], &text, context);
        let is_question = heard(&text).kind == FeedbackKind::Question;
        let say = Some(match asked(product, context.role).filter(|_| is_question) {
            Some(whom) => Say::Asked(whom),
            None => Say::Is(" in the inbox. {undo} takes it back.".to_string()),
        });
        step.map(|step| Outcome::Commit(Commit { say, ..Commit::new(step) })).map_err(|refusal| format!("{refusal:#}"))
    }))
}

pub fn comment(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    comment_on(ui, ui.targets())
}

/// Opens a line for a comment on these records.
pub fn comment_on(ui: &mut Ui, ids: Vec<Id>) -> Outcome {
    let hint = "- worry · ? question · + idea · * praise · Name: said by them · Enter keeps it · Esc back";
    ui.open(comment_line("comment: ", hint, ids))
}

/// Opens a line for feedback given in a review, from which Tab leads on.
pub fn feedback_on(ui: &mut Ui, ids: Vec<Id>, next: Option<NextStep>) -> Outcome {
    let hint = "- worry · ? question · + idea · * praise · Enter keeps it · Tab next step · Esc back";
    ui.open(comment_line("feedback: ", hint, ids).before(next))
}

/// Whom somebody in one role asks: whoever has the other half.
fn asked(product: &Product, role: Role) -> Option<String> {
    match role {
        Role::Pm => Some(owner_name(product, Owner::How)),
        Role::Po => Some(owner_name(product, Owner::Why)),
        Role::Both => None,
    }
}

/// ` on S2 and sprint 1,`
fn on_whom(product: &Product, ids: &[Id]) -> String {
    let names: Vec<String> = ids.iter().map(|id| product.name_of(*id)).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => format!(" on {one},"),
        [one, two] => format!(" on {one} and {two},"),
        [one, two, rest @ ..] => format!(" on {one}, {two} and {} more,", rest.len()),
    }
}

fn comment_line(label: &str, hint: &'static str, ids: Vec<Id>) -> Prompt {
    Prompt::new(label, hint, "comment", move |text, _, product, context| {
        let step = crate::actions::feedback::comment(product, &ids, text, context);
        let heard = heard(text);
        let by = heard.who.map(|who| format!(" from {who},")).unwrap_or_default();
        let on = on_whom(product, &ids);
        let asked =
            asked(product, context.role).filter(|_| heard.who.is_none() && heard.kind == FeedbackKind::Question);
        let say = Some(match asked {
            Some(whom) => Say::Asked(whom),
            None => Say::Is(format!("{by}{on} in the inbox. {{undo}} takes it back.")),
        });
        step.map(|step| Outcome::Commit(Commit { say, ..Commit::new(step) })).map_err(|refusal| format!("{refusal:#}"))
    })
}

/// `A` on feedback: a story with the feedback as its title, under the roadmap item that it is about; for the PM, a roadmap
/// item.
pub fn story(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let Some(one) = ui.any_target().and_then(|id| product.get::<Feedback>(id)) else { return Outcome::Nothing };
    if ui.role == Role::Pm {
        return roadmap_item(ui, product, one);
    }
    let under = one.links.iter().find(|id| product.find(**id).is_some_and(|record| record.kind() == Kind::RoadmapItem));
    let serves = under.and_then(|id| Some((Kind::BacklogItem.field("serves")?, id.to_string().into())));
    let told = Kind::BacklogItem.field("notes").map(|field| (field, quoted(&one.quote).into()));
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

/// For the PM, a roadmap item with the feedback as its problem.
fn roadmap_item(ui: &mut Ui, product: &Product, one: &Feedback) -> Outcome {
    let cell = |key: &str, text: String| Kind::RoadmapItem.field(key).map(|field| (field, text.into()));
    let seed = Seed {
        kind: Kind::RoadmapItem,
        cells: cell("problem", quoted(&one.quote)).into_iter().chain(cell("horizon", "later".to_string())).collect(),
        place: crate::actions::edit::Place::Bottom,
        below: ui.chosen_row().map(|row| row.id),
        feedback: Some(one.id),
        say: Some(Say::Added(format!(" from {}. {{undo}} takes it back.", product.name_of(one.id)))),
    };
    let title = one.quote.lines().next().unwrap_or_default().to_string();
    ui.open(AddLine::with(seed, &title))
}
