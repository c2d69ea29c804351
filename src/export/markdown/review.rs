//! A sprint review as a Markdown page: what was achieved, what was shown, what was said, what changes.

use crate::export::markdown::escape::escape;
use crate::insight::forecast::Forecast;
use crate::insight::outlook::{line, promise, short};
use crate::insight::review::{Review, Topic, dealt, said};
use crate::insight::review_text::{days, done_of, fate, increment, result, seat};
use crate::insight::text::{headline, measure};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, Feedback, Kind, ProductGoal, RoadmapItem, Sprint};
use crate::model::value::{Boxed, Day, Task};
use std::sync::Arc;

/// A text as list items.
fn bullets(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| format!("- {}\n", escape(line.trim_start_matches("- ")))).collect()
}

fn quote(one: &Feedback) -> String {
    let about: String = one.source.trim().to_string();
    let who = if about.is_empty() { String::new() } else { format!("{}: ", escape(&about)) };
    format!("- {who}{} ({})\n", escape(&one.quote), one.kind.label())
}

/// Renders the page. Empty sections are left out.
pub fn page(product: &Product, review: &Review, forecast: &Forecast, today: Day) -> String {
    let Some(sprint) = product.get::<Sprint>(review.sprint) else { return String::new() };
    let mut out = head(product, sprint, review, today);
    for step in &review.steps {
        let body = match &step.topic {
            Topic::Goal { .. } => continue,
            Topic::Done(id) => shown_story(product, *id),
            Topic::NotDone { open, dropped } => not_done(product, sprint, open.iter().chain(dropped)),
            Topic::Voices(ids) => {
                ids.iter().filter_map(|id| product.get::<Feedback>(*id)).map(|one| quote(one)).collect()
            }
            Topic::Roadmap(ids) => roadmap(product, ids, forecast, today),
            Topic::Next => bullets(&sprint.decisions),
            Topic::Keep => bullets(&sprint.keep),
            Topic::Problem => bullets(&sprint.problem),
            Topic::Try => tries(&sprint.tried),
        };
        if !body.is_empty() {
            // What was said in the review has a section of its own.
            let title = match &step.topic {
                Topic::Voices(ids) => format!("Feedback before the review: {}", ids.len()),
                _ => step.title.clone(),
            };
            out.push_str(&format!("\n## {}\n\n{body}", escape(&title)));
        }
    }
    let said: Vec<&Arc<Feedback>> = said(product, sprint.id);
    if !said.is_empty() {
        out.push_str("\n## What was said\n\n");
        for one in said {
            let about: Vec<String> =
                one.links.iter().filter(|id| **id != sprint.id).map(|id| product.name_of(*id)).collect();
            let about = if about.is_empty() { String::new() } else { format!(" [{}]", about.join(", ")) };
            out.push_str(&format!("{}{about}\n", quote(one).trim_end()));
        }
    }
    out.push_str(&left_out(sprint, review));
    out
}

fn head(product: &Product, sprint: &Sprint, review: &Review, today: Day) -> String {
    let mut out = format!("# {}: review of {}\n\n", product.name(), Kind::Sprint.numbered(sprint.number));
    let mut row = |label: &str, text: String| {
        if !text.trim().is_empty() {
            out.push_str(&format!("- **{label}:** {}\n", escape(&text)));
        }
    };
    let goal = review.steps.iter().find_map(|step| match step.topic {
        Topic::Goal { product_goal } => product_goal.and_then(|id| product.get::<ProductGoal>(id)),
        _ => None,
    });
    if let Some(goal) = goal {
        row("Product Goal", goal.title.to_string());
        row("Measure", measure(&goal.measure));
    }
    row("Sprint Goal", format!("{} ({})", &*sprint.goal, result(sprint)));
    row("Days", days(sprint, today));
    row("Done", done_of(&review.figures));
    row("Belief", sprint.belief.to_string());
    row("What the sprint showed", sprint.belief_result.to_string());
    row("Increment", increment(product, sprint, today));
    row("There", sprint.attendees.to_string());
    out
}

fn shown_story(product: &Product, id: Id) -> String {
    let Some(item) = product.get::<BacklogItem>(id) else { return String::new() };
    let mut out = String::new();
    if let Some(why) = item.serves.and_then(|id| product.get::<RoadmapItem>(id)) {
        out.push_str(&format!("Serves {}", escape(&headline(product, why.id))));
        let measure = measure(&why.measure);
        out.push_str(&if measure.is_empty() { "\n".to_string() } else { format!(": {measure}\n") });
    }
    if !item.benefit.is_empty() {
        out.push_str(&format!("{}\n", escape(&item.benefit)));
    }
    if !out.is_empty() {
        out.push('\n');
    }
    for one in &item.criteria {
        out.push_str(&format!("- [{}] {}\n", if one.met { "x" } else { " " }, escape(&one.text)));
    }
    out
}

fn not_done<'a>(product: &Product, sprint: &Sprint, ids: impl Iterator<Item = &'a Id>) -> String {
    let line = |id: &Id| {
        let fate = sprint.entries.iter().rev().find(|one| one.item == *id).map_or("open", fate);
        format!("- {}: {fate}\n", escape(&headline(product, *id)))
    };
    ids.map(line).collect()
}

fn roadmap(product: &Product, ids: &[Id], forecast: &Forecast, today: Day) -> String {
    let mut out = String::new();
    for item in ids.iter().filter_map(|id| product.get::<RoadmapItem>(*id)) {
        out.push_str(&format!(
            "- {}: {}",
            escape(&headline(product, item.id)),
            line(product, forecast, item.id, today)
        ));
        if let Some(promise) = promise(item, forecast) {
            let words = promise.finished_words(today).unwrap_or_else(|| {
                let holds = match promise.holds() {
                    Some(true) => "holds",
                    Some(false) => "does not hold",
                    None => "cannot be checked yet: there is no forecast",
                };
                format!("the promise of {} {holds}", short(promise.day, today))
            });
            out.push_str(&format!("; {words}"));
        }
        out.push('\n');
    }
    out
}

fn tries(all: &[Task]) -> String {
    all.iter().map(|one| format!("- [{}] {}\n", if one.ticked() { "x" } else { " " }, escape(&one.text))).collect()
}

/// Steps that were left out on purpose, so that the page documents it.
fn left_out(sprint: &Sprint, review: &Review) -> String {
    let names: Vec<String> = review
        .steps
        .iter()
        .filter(|step| dealt(sprint, step).is_some_and(|kept| kept.left_out))
        .map(|step| format!("- {} ({})\n", step.title, seat(step)))
        .collect();
    if names.is_empty() { String::new() } else { format!("\n## Left out\n\n{}", names.concat()) }
}
