//! Facts of a sprint and its review in a few words, for the screen and for exports.

use crate::insight::burndown::pulse;
use crate::insight::done::done_version;
use crate::insight::outlook::short;
use crate::insight::review::ReviewStep;
use crate::insight::sprint::{Figures, Sum, Unit, ended_on, is_over};
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::schema::{Sprint, SprintResult, SprintState};
use crate::model::snapshot_types::SprintEntry;
use crate::model::value::Day;

/// Who leads a step.
pub fn seat(step: &ReviewStep) -> &'static str {
    match step.seat {
        Owner::Why => "PM",
        Owner::How => "PO",
        _ => "both",
    }
}

/// `11 of 19 points, 2 of 3 stories`: what is done of what the sprint holds (docs/FIGURES.md, Sprint progress).
pub fn done_of(figures: &Figures) -> String {
    let all = figures.scope();
    let word = if all.stories == 1 { "story" } else { "stories" };
    let stories = format!("{} of {} {word}{}", figures.completed.stories, all.stories, unsized_in(figures));
    match points_of(figures) {
        Some(points) => format!("{points} points, {stories}"),
        None => stories,
    }
}

/// `11 of 19`: the points done of those that the sprint holds. `None` if none of its stories is sized.
pub fn points_of(figures: &Figures) -> Option<String> {
    let (done, all) = (figures.completed.points, figures.scope().points);
    (figures.unit() == Unit::Points).then(|| format!("{done} of {all}"))
}

/// `2 of 3`, or `2 of 3, 1 unsized`.
pub fn stories_of(figures: &Figures) -> String {
    format!("{} of {}{}", figures.completed.stories, figures.scope().stories, unsized_in(figures))
}

/// `, 1 unsized`: the stories that add nothing to the points.
fn unsized_in(figures: &Figures) -> String {
    match (figures.unit(), figures.scope().unsized_items) {
        (Unit::Stories, _) | (_, 0) => String::new(),
        (Unit::Points, count) => format!(", {count} unsized"),
    }
}

/// `8 planned, +3 -5 since the start`: how the plan became what the sprint holds, in points, or in stories if none is sized.
pub fn scope_of(figures: &Figures) -> String {
    let planned = format!("{} planned", amount(figures, figures.planned));
    scope_change(figures).map_or(planned.clone(), |change| format!("{planned}, {change} since the start"))
}

/// `+3 -5`: what was added, and what was removed or dropped before the end. `None` if the scope stayed.
pub fn scope_change(figures: &Figures) -> Option<String> {
    let part = |sign: &str, sum: Sum| (sum.stories > 0).then(|| format!("{sign}{}", amount(figures, sum)));
    let parts: Vec<String> =
        [part("+", figures.added), part("-", figures.left_early())].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn amount(figures: &Figures, sum: Sum) -> String {
    match figures.unit() {
        Unit::Points => sum.points.to_string(),
        Unit::Stories => sum.stories.to_string(),
    }
}

/// Whether the Sprint Goal was met; a running sprint may have no result yet.
pub fn result(sprint: &Sprint) -> &'static str {
    match sprint.result {
        SprintResult::Open if !is_over(sprint) => "still running",
        result => result.label(),
    }
}

/// The days of a sprint: `9 Nov to 20 Nov`. One that is over has those it really ran: `9 Nov to 18 Nov, planned to 20 Nov`.
pub fn days(sprint: &Sprint, today: Day) -> String {
    let (Some(start), Some(end)) = (sprint.start, sprint.end) else { return "no dates yet".to_string() };
    let [first, last] = [start, end].map(|day| short(day, today));
    match ended_on(sprint).filter(|ended| *ended != end) {
        Some(ended) if ended < start => {
            format!("{}, planned for {first} to {last}", ended_in_words(sprint, ended, today))
        }
        Some(ended) => format!("{first} to {}, planned to {last}", short(ended, today)),
        None => format!("{first} to {last}"),
    }
}

/// `9 Nov to 20 Nov, day 7 of 10`, or how it ended.
pub fn days_so_far(sprint: &Sprint, today: Day) -> String {
    let days = days(sprint, today);
    match (sprint.state, ended_on(sprint)) {
        (SprintState::Active, _) => format!("{days}, {}", pulse(sprint, &sprint.entries, today).day_words()),
        (_, Some(end)) if sprint.start.is_some_and(|start| end < start) => days,
        (state, Some(_)) if sprint.start.is_some() => format!("{days}, {}", state.label()),
        (_, Some(end)) => format!("{days}, {}", ended_in_words(sprint, end, today)),
        _ => days,
    }
}

/// `closed 20 Nov`.
pub fn ended_in_words(sprint: &Sprint, end: Day, today: Day) -> String {
    format!("{} {}", sprint.state.label(), short(end, today))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::value::When;

    #[test]
    fn a_sprint_that_is_over_has_the_days_it_ran() {
        let today = Day::parse("2026-12-20").unwrap();
        let day = |text: &str| Day::parse(text).ok();
        let said = |ended: &str| {
            let ended = When::parse(&format!("{ended}T12:00:00Z")).ok();
            let (start, end) = (day("2026-11-30"), day("2026-12-11"));
            let sprint = Sprint { state: SprintState::Closed, start, end, ended, ..Sprint::default() };
            [days(&sprint, today), days_so_far(&sprint, today)]
        };
        assert_eq!(said("2026-12-11"), ["30 Nov to 11 Dec", "30 Nov to 11 Dec, closed"]);
        let early = "30 Nov to 4 Dec, planned to 11 Dec";
        assert_eq!(said("2026-12-04"), [early.to_string(), format!("{early}, closed")]);
        assert_eq!(said("2026-11-28"), ["closed 28 Nov, planned for 30 Nov to 11 Dec"; 2]);
    }
}
