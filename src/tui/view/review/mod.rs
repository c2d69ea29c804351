//! View 6: a sprint review, step by step, generated from the sprint. Both roles drive it; with the pane full screen
//! it is readable from the other end of a room.

pub mod commands;
mod step_list;
mod steps;
mod wall;
mod write;

pub use steps::{keep_sprint, sprint_kept};

use crate::insight::burndown::points;
use crate::insight::done::{checked, done_version, waiver};
use crate::insight::outlook::{short, size};
use crate::insight::review::{Review, Topic, heard, said, said_in};
use crate::insight::review_text::{done_of, fate, result, seat};
use crate::insight::sprint::Unit;
use crate::insight::text::{measure, points_word};
use crate::insight::velocity::closed;
use crate::insight::views;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::schema::{
    BacklogItem, Feedback, GoalState, Horizon, ItemStatus, Kind, ProductGoal, RoadmapItem, Sprint,
};
use crate::model::snapshot_types::DoneCheck;
use crate::model::value::{Day, Measure};
use crate::tui::state::access::may_act;
use crate::tui::state::contract::{ListForm, Screen};
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::{ListRow, Rows, Ui};
use crate::tui::term::layout::{Arrangement, Focus};
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{clean, width};
use crate::tui::view::outlook::outlook_rows;
use crate::tui::view::review::steps::{here, prepare, review, visit};
use crate::tui::widget::fields::{sentences_of, sign};
use ratatui::layout::Rect;

pub const SCREEN: Screen = Screen {
    form: |ui| {
        let arrangement = Arrangement::Aside { columns: step_list::wished(ui) };
        ListForm { arrangement, row_height: 1, heading: 0 }
    },
    enters: Focus::How,
    opens: Some(|ui, product, _| Some(write::write(ui, product))),
    verbs: commands::VERBS,
    flips: Some(|ui, product, context, _| commands::flip(ui, product, context)),
    // Both roles drive a review.
    shared: Some(Owner::How),
    prepare,
    along: commands::along,
    visit,
    footer: commands::footer,
    rows: |ui, product| {
        let rows = rows(ui, product);
        steps::follow(ui, &rows.rows);
        rows
    },
    draw,
    why,
    how,
    pane_title,
    status,
    empty: "No sprint has begun yet. Once one runs, its review stands here by itself: goal, done stories, roadmap, retrospective.",
    ..Screen::of(&views::REVIEW)
};

/// One row per step: about its story, else about the sprint.
fn rows(ui: &Ui, product: &Product) -> Rows {
    let mut out = Rows::default();
    let Some(review) = review(ui) else { return out };
    let (words, exact) = crate::insight::find::words(ui.place().find.trim());
    for (nth, step) in review.steps.iter().enumerate() {
        let text = if exact { step.title.clone() } else { step.title.to_lowercase() };
        if !words.iter().all(|word| text.contains(word)) {
            out.narrowed = out.narrowed.saturating_add(1);
            continue;
        }
        let (id, kind) = match step.topic {
            Topic::Done(id) if product.find(id).is_some_and(|one| one.is_alive()) => (id, Kind::BacklogItem),
            _ => (review.sprint, Kind::Sprint),
        };
        out.rows.push(ListRow { kind: Some(kind), ..ListRow::other(id, nth) });
    }
    out
}

fn draw(ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
    if wall::is_open(ui) {
        return wall::draw(ui, product, area, buffer);
    }
    step_list::draw(ui, product, area, buffer);
}

fn link(product: &Product, id: Id, tail: &str) -> Option<PaneRow> {
    let record = product.find(id)?;
    let tail = if tail.is_empty() { String::new() } else { format!("  {tail}") };
    Some(PaneRow::Link { id, text: format!("{} {}{tail}", record.name(), record.title()) })
}

fn labelled(label: &'static str, text: &str, out: &mut Vec<PaneRow>) {
    if !text.trim().is_empty() {
        out.push(PaneRow::Said { label, text: text.trim().to_string() });
    }
}

/// A measure in words, and its progress as a bar.
fn measured(ui: &Ui, one: &Measure, out: &mut Vec<PaneRow>) {
    labelled("Measure", &measure(one), out);
    if let Some(percent) = one.progress().filter(|_| !one.readings.is_empty() && !ui.settings.accessible) {
        out.push(PaneRow::Said { label: "", text: ui.theme.bar(percent, 24) });
    }
}

/// Problem, outcome and measure of what is served.
fn reasons(ui: &Ui, product: &Product, id: Id, out: &mut Vec<PaneRow>) {
    if let Some(item) = product.get::<RoadmapItem>(id) {
        labelled("Problem", &item.problem, out);
        labelled("Outcome", &item.outcome, out);
        measured(ui, &item.measure, out);
    }
    out.extend(link(product, id, ""));
}

fn why(ui: &Ui, product: &Product) -> Vec<PaneRow> {
    let Some((_, step, sprint)) = here(ui, product) else { return Vec::new() };
    let mut out = Vec::new();
    match &step.topic {
        Topic::Goal { product_goal } => {
            if let Some(goal) = product_goal.and_then(|id| product.get::<ProductGoal>(id)) {
                labelled("Product Goal", &goal.title, &mut out);
                measured(ui, &goal.measure, &mut out);
            } else {
                let any = product.all::<ProductGoal>().any(|goal| goal.state == GoalState::Active);
                let is_draft = |goal: &std::sync::Arc<ProductGoal>| goal.state == GoalState::Draft;
                let words = match (product.all::<ProductGoal>().len(), product.all::<ProductGoal>().any(is_draft)) {
                    (_, true) => {
                        "No Product Goal is active. {confirm} on one in the Vision view ({go.vision}) agrees to it."
                    }
                    (1.., false) => {
                        "No Product Goal is active. In the Vision view ({go.vision}), {add.under} on the vision adds the next one."
                    }
                    (0, false) => {
                        "No Product Goal is written yet. It is the state of the product that delivery works towards, whereas a business goal says what should change for the business. In the Vision view ({go.vision}), {add.under} on the vision adds one."
                    }
                };
                out.extend((!any).then(|| PaneRow::Note(words.to_string())));
            }
            labelled("Sprint", &format!("{} ({})", &*sprint.goal, result(sprint)), &mut out);
            labelled("Belief", &sprint.belief, &mut out);
            out.extend(sentences_of(product, Kind::Sprint, sprint.id, "belief_result"));
            out.extend(sprint.serves.iter().filter_map(|id| link(product, *id, "")));
        }
        Topic::Done(id) => {
            let item = product.get::<BacklogItem>(*id);
            labelled("Benefit", item.map_or("", |item| &*item.benefit), &mut out);
            match item.and_then(|item| item.serves) {
                Some(why) => reasons(ui, product, why, &mut out),
                None => out.push(PaneRow::Warning("It serves nothing: why was it done?".to_string())),
            }
        }
        Topic::NotDone { open, dropped } => {
            let ids = open.iter().chain(dropped);
            let mut whys: Vec<Id> =
                ids.filter_map(|id| product.get::<BacklogItem>(*id).and_then(|item| item.serves)).collect();
            whys.dedup();
            out.push(PaneRow::Heading("What these stories serve".to_string()));
            out.extend(whys.iter().filter_map(|id| link(product, *id, "")));
        }
        Topic::Voices(ids) => out.extend(voices(product, ids)),
        Topic::Roadmap(ids) => {
            for id in ids {
                out.extend(link(product, *id, ""));
                if let Some(item) = product.get::<RoadmapItem>(*id) {
                    measured(ui, &item.measure, &mut out);
                }
            }
        }
        Topic::Next => {
            out.push(PaneRow::Heading("Now on the roadmap".to_string()));
            let now = product.all::<RoadmapItem>().filter(|item| item.horizon == Horizon::Now);
            out.extend(now.filter_map(|item| link(product, item.id, "")));
        }
        Topic::Keep | Topic::Problem | Topic::Try => {
            labelled("Sprint", &format!("{} ({})", &*sprint.goal, result(sprint)), &mut out);
            labelled("Belief", &sprint.belief, &mut out);
        }
    }
    out
}

fn voices(product: &Product, ids: &[Id]) -> Vec<PaneRow> {
    let row = |id: &Id| {
        let one = product.get::<Feedback>(*id)?;
        Some(PaneRow::Link { id: *id, text: format!("{} {}: {}", sign(one.kind), one.source.trim(), &*one.quote) })
    };
    ids.iter().filter_map(row).collect()
}

fn how(ui: &Ui, product: &Product) -> Vec<PaneRow> {
    let Some((review, step, sprint)) = here(ui, product) else { return Vec::new() };
    let field = |key: &str| sentences_of(product, Kind::Sprint, sprint.id, key);
    let mut out = Vec::new();
    match &step.topic {
        Topic::Goal { .. } => {
            out.push(PaneRow::Text(format!("Done {}", done_of(&review.figures))));
            out.extend(increment(product, review, sprint));
            for key in ["increment", "released", "attendees"] {
                out.extend(field(key));
            }
        }
        Topic::Done(id) => out.extend(to_show(ui, product, sprint, *id)),
        Topic::NotDone { open, dropped } => {
            for id in open.iter().chain(dropped) {
                let fate = sprint.entries.iter().rev().find(|one| one.item == *id).map_or("open", fate);
                out.extend(link(product, *id, fate));
            }
        }
        Topic::Voices(_) => {
            let taken = said(product, sprint.id).len();
            let also = if taken > 0 { format!(" {taken} more came up in the review itself.") } else { String::new() };
            out.push(PaneRow::Note(format!("Heard in the days of the sprint, outside of the review.{also}")));
        }
        Topic::Roadmap(ids) => {
            for id in ids {
                out.push(PaneRow::Heading(product.name_of(*id)));
                let is_last = closed(product).last().is_some_and(|last| last.id == sprint.id);
                if let Some(then) = at_close(review, *id, ui.today).filter(|_| !is_last) {
                    out.push(PaneRow::Text(then));
                    out.push(PaneRow::Text("Today:".to_string()));
                }
                out.extend(outlook_rows(ui, product, *id));
            }
        }
        Topic::Next => {
            out.extend(field("decisions"));
            out.push(PaneRow::Heading("Next in the backlog".to_string()));
            let open = product.all::<BacklogItem>().filter(|item| item.status == ItemStatus::ToDo);
            // What comes next of a story that was split are its parts.
            let open = open.filter(|item| product.index().counts(item));
            out.extend(open.take(5).filter_map(|item| link(product, item.id, &points_word(product, item))));
        }
        Topic::Keep => out.extend(field("keep")),
        Topic::Problem => out.extend(field("problem")),
        Topic::Try => out.extend(field("tried")),
    }
    let words = match step.topic {
        Topic::Goal { .. } => "{edit} in the list says if the goal was met. {go.pane} goes to these texts.",
        Topic::Next | Topic::Keep | Topic::Problem => "{edit} writes it, and Tab there goes on to the next step.",
        Topic::Try => "{edit} writes it. {add.under} makes a story of a line, at the top of the backlog.",
        _ => "",
    };
    out.extend((!words.is_empty()).then(|| PaneRow::Note(words.to_string())));
    let said: Vec<Id> = said_in(product, review, step).iter().map(|one| one.id).collect();
    if said.is_empty() {
        let word = "{comment} writes what somebody says, as in \"Ilse: add the tax\". It goes to the inbox.";
        out.push(PaneRow::Note(word.to_string()));
    } else {
        out.push(PaneRow::Heading("Feedback on this step".to_string()));
        out.extend(voices(product, &said));
        let words = match may_act(ui, product, Kind::BacklogItem, || "the stories".to_string()) {
            Ok(()) => "{comment} writes another one, {add.under} makes a story of the last.",
            Err(_) => "{comment} writes another one.",
        };
        out.push(PaneRow::Note(words.to_string()));
    }
    out
}

/// What was forecast when the sprint was closed.
fn at_close(review: &Review, item: Id, today: Day) -> Option<String> {
    let then = review.forecast.iter().find(|one| one.item == item)?;
    let unit = if then.in_stories { Unit::Stories } else { Unit::Points };
    let left = size(then.remaining, unit);
    Some(match (then.likely, then.safe) {
        (Some(likely), Some(safe)) => {
            format!("At the close: {left} left, likely {}, safe {}.", short(likely, today), short(safe, today))
        }
        _ => format!("At the close: {left} left, no safe date."),
    })
}

/// What is in the Increment, and by which Definition of Done.
fn increment(product: &Product, review: &Review, sprint: &Sprint) -> Vec<PaneRow> {
    let done: Vec<String> = review
        .steps
        .iter()
        .filter_map(|step| match step.topic {
            Topic::Done(id) => Some(product.name_of(id)),
            _ => None,
        })
        .collect();
    let inside = if done.is_empty() { "nothing yet".to_string() } else { done.join(", ") };
    let mut out = vec![PaneRow::Text(format!("In the Increment: {inside}"))];
    let rules = sprint.done_rules.len();
    if rules > 0 {
        let (version, moved) = done_version(product, sprint);
        let word = if rules == 1 { "rule" } else { "rules" };
        let today = if moved > 0 { format!(", {moved} worded differently today") } else { String::new() };
        out.push(PaneRow::Text(format!("Definition of Done version {version}, {rules} {word}{today}")));
    }
    out
}

/// How a done story is presented: what to do, what was met, which rules hold, by whom.
fn to_show(ui: &Ui, product: &Product, sprint: &Sprint, id: Id) -> Vec<PaneRow> {
    let Some(item) = product.get::<BacklogItem>(id) else { return Vec::new() };
    let mut out = Vec::new();
    labelled("Show", &item.notes, &mut out);
    labelled("Story", &item.story, &mut out);
    for one in &item.criteria {
        let waived = waiver(item, one);
        let mark = match (one.met, waived, ui.theme.bare) {
            (true, _, true) => "met:".to_string(),
            (false, Some(_), true) => "waived:".to_string(),
            (false, None, true) => "not met:".to_string(),
            (false, Some(_), false) => "[~]".to_string(),
            (met, _, false) => format!("[{}]", if met { ui.theme.tick() } else { " " }),
        };
        out.push(PaneRow::Text(format!("{mark} {}", &*one.text)));
        out.extend(waived.map(|reason| PaneRow::Note(format!("    waived: {}", clean(reason)))));
    }
    let check = checked(product, item);
    let rules = check.rules.len();
    if rules > 0 {
        let answered = rules.saturating_sub(check.open().len());
        let is_waived = |one: &&(_, Option<DoneCheck>)| one.1.as_ref().is_some_and(|check| !check.waived.is_empty());
        let waived = check.rules.iter().filter(is_waived).count();
        let waived = if waived > 0 { format!(", {waived} waived") } else { String::new() };
        labelled("Done", &format!("{answered} of {rules} checks{waived}"), &mut out);
    }
    let entry = sprint.entries.iter().rev().find(|one| one.item == id);
    let day = entry.and_then(|one| one.done).map(|at| format!(", {}", short(at.day(), ui.today)));
    let size = entry.and_then(|one| one.points).map(|size| format!("{}, ", points(size))).unwrap_or_default();
    let by = if item.assignee.is_empty() { item.accepted_by.trim() } else { item.assignee.trim() };
    if !by.is_empty() {
        labelled("By", &format!("{size}{by}{}", day.unwrap_or_default()), &mut out);
    }
    out.extend(link(product, id, ""));
    out
}

fn pane_title(ui: &Ui, product: &Product, focus: Focus) -> String {
    let Some((_, step, sprint)) = here(ui, product) else { return String::new() };
    match (focus, &step.topic) {
        (Focus::How, Topic::Done(id)) => format!("{} what to show", product.name_of(*id)),
        (Focus::How, topic) => match topic {
            Topic::Goal { .. } => "the Increment".to_string(),
            Topic::NotDone { .. } => "what becomes of it".to_string(),
            Topic::Voices(_) => "new voices".to_string(),
            Topic::Roadmap(_) => "forecast".to_string(),
            Topic::Next => "decisions".to_string(),
            _ => "retrospective".to_string(),
        },
        (_, Topic::Done(id)) => {
            let why = product.get::<BacklogItem>(*id).and_then(|item| item.serves);
            let why = why.map(|id| format!(" serves {}", crate::insight::text::headline(product, id)));
            format!("{}{}", product.name_of(*id), why.unwrap_or_default())
        }
        _ => Kind::Sprint.numbered(sprint.number),
    }
}

fn status(ui: &Ui, product: &Product) -> String {
    let Some((review, step, sprint)) = here(ui, product) else { return "No review yet".to_string() };
    let nth = review.steps.iter().position(|one| one == step).unwrap_or(0).saturating_add(1);
    let mut parts = vec![
        format!("Review of {}", Kind::Sprint.numbered(sprint.number)),
        format!("step {nth} of {}, {}", review.steps.len(), seat(step)),
    ];
    let times = || sprint.shown.iter().map(|one| one.at.0);
    if let (Some(first), Some(last)) = (times().min(), times().max())
        && let minutes = last.signed_duration_since(first).num_minutes()
        && (1..600).contains(&minutes)
    {
        parts.push(format!("{} minutes in", minutes));
    }
    let left_out = sprint.shown.iter().filter(|one| one.left_out).count();
    if left_out > 0 {
        parts.push(format!("{left_out} left out"));
    }
    let notes = heard(product, review).len();
    parts.push(format!("{notes} feedback {}", if notes == 1 { "note" } else { "notes" }));
    // What does not fit is left out, not cut; the saved mark takes the end of the line.
    let room = usize::from(ui.window.width).saturating_sub(9);
    while parts.len() > 2 && width(&parts.join(" · ")) > room {
        parts.pop();
    }
    parts.join(" · ")
}
