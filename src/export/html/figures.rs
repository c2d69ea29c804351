//! How each figure of the report is made, in short. docs/FIGURES.md has the whole of it.

use crate::export::html::page::{HtmlPage, facts};
use crate::export::html::readers::Telling;

/// The one that those outside see too.
const OF_THE_WAY: &str = "Of the way";
const PROMISED: &str = "Promised";

/// A figure, what it means, and the sections that show it.
const FIGURES: &[(&str, &str, &[&str])] = &[
    (
        OF_THE_WAY,
        "How far the newest reading of a measure is from the baseline to the target. Nothing is shown before the first reading. A goal is reached when its measure is, not when its stories are done.",
        &["goals", "roadmap"],
    ),
    (
        "Done, of a roadmap item",
        "The points of its stories that are done, of all its points; a story without a size counts as the mean of the others. Without any sizes, stories are counted. Dropped stories do not count.",
        &["roadmap"],
    ),
    (
        "Velocity",
        "What was done in each of the last closed sprints, ten at most. Likely is reached in half of them, safe in 85 of 100.",
        &["forecast"],
    ),
    (
        "Forecast",
        "The backlog is worked off in order, 10,000 times, each time with velocities drawn from past sprints. Likely is the sprint by which half of the runs have got there, safe the one by which 85 of 100 have. It takes three sprints to forecast anything.",
        &["forecast"],
    ),
    (PROMISED, "A promise holds if its day is not before the safe forecast.", &["forecast"]),
    (
        "Done, of a sprint",
        "The points of its stories that are done, of what the sprint holds: all that came in and was neither taken out nor dropped. Sizes are those of the start of the sprint.",
        &["sprint", "increments"],
    ),
    (
        "Burndown",
        "The points left at the end of each working day. The ideal falls evenly from what was planned to nothing on the last working day; what is taken out or dropped lowers it.",
        &["sprint"],
    ),
    (
        "What moved",
        "What was changed on the roadmap, field by field, and safe forecasts that are different from those at the beginning of the time.",
        &["moved"],
    ),
];

/// Only what the page shows is explained.
pub fn figures(telling: &Telling, page: &HtmlPage) -> String {
    let is_shown = |(name, _, sections): &&(&str, &str, &[&str])| {
        (telling.is_inside() || *name == OF_THE_WAY)
            && (![OF_THE_WAY, PROMISED].contains(name) || page.has_label(name))
            && sections.iter().any(|section| page.has(section))
    };
    let rows: Vec<(&str, String)> =
        FIGURES.iter().filter(is_shown).map(|(name, words, _)| (*name, words.to_string())).collect();
    facts(&rows)
}
