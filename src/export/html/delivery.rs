//! The how of a report: the running sprint with its burndown, and the last Increments.

use crate::export::html::chart;
use crate::export::html::escape::{escape, words};
use crate::export::html::page::{HtmlTable, facts, heading};
use crate::export::html::readers::Telling;
use crate::insight::burndown::{WorkingDay, pulse, slots};
use crate::insight::review_text::{days, days_so_far, done_of, increment, result, scope_of};
use crate::insight::sprint::{Standing, figures, running, standing};
use crate::insight::text::{headline, split_into};
use crate::insight::velocity::closed;
use crate::model::grammar::capital;
use crate::model::schema::{BacklogItem, Kind, Sprint};
use crate::model::snapshot_types::SprintEntry;
use crate::model::value::Amount;

/// How many Increments are told, newest first.
const LAST: usize = 3;

pub fn sprint(telling: &Telling) -> String {
    let Some(sprint) = running(telling.product) else { return String::new() };
    let goal = facts(&[("Sprint Goal", words(&sprint.goal))]);
    if !telling.is_inside() {
        return goal;
    }
    let (product, today) = (telling.product, telling.today);
    let (figures, pulse) = (figures(&sprint.entries, false), pulse(sprint, &sprint.entries, today));
    let serves = sprint.serves.iter().map(|id| words(&headline(product, *id))).collect::<Vec<_>>().join(", ");
    let rows = facts(&[
        ("Serves", serves),
        ("Days", escape(&days_so_far(sprint, today))),
        ("Done", escape(&done_of(&figures))),
        ("Scope", escape(&scope_of(&figures))),
        ("Today", escape(&pulse.sentence())),
    ]);
    let days = slots(sprint, &sprint.entries, today);
    let drawn = chart::burndown("burndown", &days, pulse.unit(), &pulse.sentence()).map(|chart| {
        let counted = if pulse.sized { "" } else { ", in stories, because none of them has a size" };
        let words =
            format!("The line is what is left at the end of each working day{counted}; the dashes are the ideal.");
        format!("<figure>\n{chart}<figcaption>{words}</figcaption>\n</figure>\n{}", in_numbers(&days, pulse.unit()))
    });
    let stories = if telling.tells_stories() { stories(telling, sprint) } else { String::new() };
    format!("{goal}{rows}{}{stories}", drawn.unwrap_or_default())
}

fn in_numbers(days: &[WorkingDay], unit: &str) -> String {
    let number = |amount: Option<Amount>| amount.map_or("–".to_string(), |one| one.to_string());
    let row = |day: &WorkingDay| {
        let name = format!("Day {}, {}", day.nth, day.day.0.format("%-d %b"));
        vec![escape(&name), number(day.remaining), format!("{:.1}", day.ideal), number(day.scope)]
    };
    let left = format!("{} left", capital(unit));
    let heads = &["Working day", left.as_str(), "Ideal", "In the sprint"];
    let rows = days.iter().map(row).collect();
    HtmlTable { id: "burndown-table", caption: "The burndown in numbers", heads, numbers: true, rows }.html()
}

fn stories(telling: &Telling, sprint: &Sprint) -> String {
    let row = |entry: &SprintEntry| {
        let story = telling.product.get::<BacklogItem>(entry.item);
        let state = match standing(entry, false) {
            Standing::Open => story.map_or("open", |story| story.status.label()),
            Standing::Done => "done",
            Standing::Removed => "taken out",
            Standing::Dropped | Standing::DroppedAtEnd => "dropped",
            Standing::Carried => "not done",
        };
        // The points stand at its parts.
        let split = split_into(telling.product, entry.item);
        let size = || entry.points.map_or("not sized".to_string(), |points| points.to_string());
        vec![
            words(&headline(telling.product, entry.item)),
            split.as_ref().map_or_else(size, |_| "–".to_string()),
            split.unwrap_or_else(|| state.to_string()),
            story.map(|story| words(&story.assignee)).filter(|name| !name.is_empty()).unwrap_or("–".to_string()),
        ]
    };
    let heads = &["Story", "Points", "State", "Who"];
    let rows = sprint.entries.iter().map(row).collect();
    HtmlTable { id: "sprint-stories", caption: "The stories of the sprint", heads, numbers: false, rows }.html()
}

pub fn increments(telling: &Telling) -> String {
    let all = closed(telling.product).into_iter().rev().take(LAST);
    all.map(|sprint| one(telling, sprint)).collect()
}

fn one(telling: &Telling, sprint: &Sprint) -> String {
    let name = heading(3, &crate::model::rules::capital(&Kind::Sprint.numbered(sprint.number)));
    if !telling.is_inside() {
        let text = telling.prose(&sprint.increment);
        return if text.is_empty() { text } else { format!("{name}{text}") };
    }
    let goal = format!("{} <span class=\"soft\">({})</span>", words(&sprint.goal), result(sprint));
    let rows = facts(&[
        ("Increment", telling.prose(&increment(telling.product, sprint, telling.today))),
        ("Sprint Goal", goal),
        ("Days", escape(&days(sprint, telling.today))),
        ("Done", escape(&done_of(&figures(&sprint.entries, true)))),
    ]);
    format!("{name}{rows}")
}
