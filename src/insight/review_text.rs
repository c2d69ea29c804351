//! Facts of a sprint and its review in a few words, for the screen and for exports.

use crate::insight::outlook::short;
use crate::insight::review::{ReviewStep, done_version};
use crate::insight::sprint::{Figures, is_over};
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::schema::Sprint;
use crate::model::snapshot_types::SprintEntry;
use crate::model::value::{Amount, Day};

/// Who leads a step.
pub fn seat(step: &ReviewStep) -> &'static str {
    match step.seat {
        Owner::Why => "PM",
        Owner::How => "PO",
        _ => "both",
    }
}

/// `11 of 19 points, 2 of 3 stories`, including stories added later.
pub fn done_of(figures: &Figures) -> String {
    let points = [figures.planned.points, figures.added.points].into_iter().sum::<Amount>();
    let stories = figures.planned.stories.saturating_add(figures.added.stories);
    let word = if stories == 1 { "story" } else { "stories" };
    format!("{} of {points} points, {} of {stories} {word}", figures.completed.points, figures.completed.stories)
}

/// Whether the Sprint Goal was met; a running sprint has no result yet.
pub fn result(sprint: &Sprint) -> &'static str {
    if is_over(sprint) { sprint.result.label() } else { "still running" }
}

/// The days of a sprint: `9 Nov to 20 Nov`.
pub fn days(sprint: &Sprint, today: Day) -> String {
    match (sprint.start, sprint.end) {
        (Some(start), Some(end)) => format!("{} to {}", short(start, today), short(end, today)),
        _ => "no dates yet".to_string(),
    }
}

/// What became of an unfinished story.
pub fn fate(entry: &SprintEntry) -> &'static str {
    match entry.outcome.as_str() {
        "backlog-top" => "back to the top of the backlog",
        "in-place" => "back to its place in the backlog",
        "next" => "continues in the next sprint",
        SprintEntry::DROPPED => "dropped",
        _ => "open",
    }
}

/// The Increment, its Definition of Done, and whether it was released.
pub fn increment(product: &Product, sprint: &Sprint, today: Day) -> String {
    let mut parts = vec![sprint.increment.trim().to_string()];
    let rules = sprint.done_rules.len();
    if rules > 0 {
        let (version, _) = done_version(product, sprint);
        let word = if rules == 1 { "rule" } else { "rules" };
        parts.push(format!("Definition of Done version {version}, {rules} {word}."));
    }
    parts.push(match sprint.released {
        Some(day) => format!("Released {}.", short(day, today)),
        None => "Not released yet.".to_string(),
    });
    parts.retain(|part| !part.is_empty());
    parts.join(" ")
}
