//! The backlog in figures: what an import brings even where nobody has written a why yet. Nothing of it is for readers
//! outside.

use crate::export::html::escape::{escape, list, words};
use crate::export::html::page::{HtmlTable, facts, heading};
use crate::export::html::readers::Telling;
use crate::insight::text::headline;
use crate::model::grammar::{count, grouped, plural};
use crate::model::schema::{BacklogItem, ItemKind, ItemStatus};
use crate::model::value::{Day, When};
use chrono::Datelike;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// How many months are told, the newest last.
const MONTHS: i32 = 12;
/// How many labels, and how many of the oldest stories.
const LABELS: usize = 10;
const OLDEST: usize = 5;

pub fn backlog(telling: &Telling) -> String {
    let all: Vec<&Arc<BacklogItem>> = telling.product.all::<BacklogItem>().collect();
    if !telling.is_inside() || all.is_empty() {
        return String::new();
    }
    let open: Vec<&BacklogItem> = all.iter().filter(|story| story.status.is_open()).map(|story| &***story).collect();
    let with = |status: ItemStatus| all.iter().filter(|story| story.status == status).count();
    let states = [
        format!("{} open", grouped(open.len())),
        format!("{} done", grouped(with(ItemStatus::Done))),
        format!("{} dropped", grouped(with(ItemStatus::Dropped))),
    ];
    let states = states.iter().filter(|words| !words.starts_with("0 ")).cloned().collect::<Vec<_>>();
    let tally = |named: Vec<(&str, usize)>| {
        let named = named.into_iter().filter(|(_, count)| *count > 0);
        named.map(|(label, count)| format!("{} {label}", grouped(count))).collect::<Vec<_>>().join(", ")
    };
    let by_state =
        ItemStatus::ALL.iter().map(|one| (one.label(), open.iter().filter(|story| story.status == *one).count()));
    let by_kind = ItemKind::ALL.iter().map(|one| {
        let some = open.iter().filter(|story| story.kind == *one).count();
        (plural(some, one.label(), several(*one)), some)
    });
    let of_open = |is: fn(&BacklogItem) -> bool| match open.iter().filter(|story| is(story)).count() {
        0 => String::new(),
        some => format!("{} of {}", grouped(some), count(open.len(), "open story", "open stories")),
    };
    let rows = facts(&[
        ("Stories", escape(&format!("{}: {}", grouped(all.len()), states.join(", ")))),
        ("Open, by state", escape(&tally(by_state.collect()))),
        ("Open, by kind", escape(&tally(by_kind.collect()))),
        ("Blocked", of_open(|story| !story.blocked.is_empty())),
        ("Without a size", of_open(|story| story.points.is_none())),
        ("Without a why", of_open(|story| story.serves.is_none())),
        ("Open for the longest time", oldest(telling, &open)),
    ]);
    format!("{rows}{}{}", months(&all), labels(&all))
}

fn several(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Story => "stories",
        ItemKind::Bug => "bugs",
        ItemKind::Enabler => "enablers",
        ItemKind::Spike => "spikes",
        ItemKind::Chore => "chores",
    }
}

/// The oldest open stories; without the stories, how old they are.
fn oldest(telling: &Telling, open: &[&BacklogItem]) -> String {
    let mut dated: Vec<(When, &BacklogItem)> = open.iter().filter_map(|story| Some((story.created?, *story))).collect();
    dated.sort_by_key(|(when, story)| (*when, story.number));
    let day = |when: &When| when.day().0.format("%-d %b %Y").to_string();
    let Some((first, _)) = dated.first() else { return String::new() };
    if !telling.tells_stories() {
        return escape(&format!("one since {}", day(first)));
    }
    let line = |(when, story): &(When, &BacklogItem)| {
        let since = escape(&day(when));
        format!("{} <span class=\"soft\">(since {since})</span>", words(&headline(telling.product, story.id)))
    };
    list(&dated.iter().take(OLDEST).map(line).collect::<Vec<_>>())
}

/// A month of a year, as a number that grows by one.
fn month(day: Day) -> i32 {
    day.0.year().saturating_mul(12).saturating_add(i32::try_from(day.0.month0()).unwrap_or_default())
}

fn month_words(month: i32) -> String {
    const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let name = usize::try_from(month.rem_euclid(12)).ok().and_then(|at| NAMES.get(at)).copied().unwrap_or_default();
    format!("{name} {}", month.div_euclid(12))
}

/// What came and what was done, month by month, up to the last month in which anything did.
fn months(all: &[&Arc<BacklogItem>]) -> String {
    let come: Vec<i32> = all.iter().filter_map(|story| story.created).map(|when| month(when.day())).collect();
    let over = |story: &&&Arc<BacklogItem>| !story.status.is_open();
    let gone: Vec<(i32, bool)> = all
        .iter()
        .filter(over)
        .filter_map(|story| Some((month(story.closed?.day()), story.status == ItemStatus::Done)))
        .collect();
    let Some(last) = come.iter().copied().chain(gone.iter().map(|(month, _)| *month)).max() else {
        return String::new();
    };
    // What has no day cannot be open or closed in a month.
    if gone.is_empty() || all.iter().filter(over).any(|story| story.closed.is_none()) || come.len() < all.len() {
        return String::new();
    }
    let first = come.iter().copied().min().unwrap_or(last).max(last.saturating_sub(MONTHS.saturating_sub(1)));
    let row = |month: i32| {
        let count = |all: usize| grouped(all);
        let new = come.iter().filter(|one| **one == month).count();
        let done = gone.iter().filter(|(one, is_done)| *one == month && *is_done).count();
        let before = come.iter().filter(|one| **one <= month).count();
        let open = before.saturating_sub(gone.iter().filter(|(one, _)| *one <= month).count());
        vec![escape(&month_words(month)), count(new), count(done), count(open)]
    };
    let rows: Vec<Vec<String>> = (first..=last).map(row).collect();
    let heads = &["Month", "New", "Done", "Open at its end"];
    HtmlTable { id: "months", caption: "Stories, month by month", heads, numbers: true, rows }.html()
}

/// The labels that most of the open stories have.
fn labels(all: &[&Arc<BacklogItem>]) -> String {
    let mut counts: FxHashMap<&str, (usize, usize)> = FxHashMap::default();
    for story in all {
        for label in story.labels.iter() {
            let (open, done) = counts.entry(label).or_default();
            *open = open.saturating_add(usize::from(story.status.is_open()));
            *done = done.saturating_add(usize::from(story.status == ItemStatus::Done));
        }
    }
    let mut named: Vec<(&str, (usize, usize))> = counts.into_iter().filter(|(_, (open, _))| *open > 0).collect();
    named.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let row = |(label, (open, done)): &(&str, (usize, usize))| vec![words(label), grouped(*open), grouped(*done)];
    let rows: Vec<Vec<String>> = named.iter().take(LABELS).map(row).collect();
    if rows.is_empty() {
        return String::new();
    }
    let heads = &["Label", "Open", "Done"];
    let table =
        HtmlTable { id: "labels", caption: "The labels of the open stories", heads, numbers: true, rows }.html();
    format!("{}{table}", heading(3, "What the open stories are about"))
}
