//! The why of a report: vision, goals with their measures, the roadmap by horizon, and what is not done.

use crate::export::html::chart;
use crate::export::html::escape::{escape, list, words};
use crate::export::html::page::{HtmlTable, facts, heading};
use crate::export::html::readers::Telling;
use crate::insight::agreement::state_in_words;
use crate::insight::outlook::promise_line;
use crate::insight::text::{progress, standing};
use crate::insight::velocity::Unit;
use crate::model::id::Id;
use crate::model::schema::{
    BacklogItem, Goal, GoalState, Horizon, ItemStatus, Kind, ProductGoal, RoadmapItem, RoadmapResult,
};
use crate::model::value::{Cell, Measure};
use std::sync::Arc;

/// The most stories named under one roadmap item.
const MOST_STORIES: usize = 12;

pub fn vision(telling: &Telling) -> String {
    let Some(board) = telling.product.vision() else { return String::new() };
    let vision = telling.prose(&board.vision).replacen("<p ", "<p class=\"lead\" ", 1);
    let rows = facts(&[
        ("For", telling.lines(&board.target_group)),
        ("What they need", telling.lines(&board.needs)),
        ("What it is", telling.lines(&board.product)),
    ]);
    format!("{vision}{rows}")
}

/// A measure as the readers get it: those outside without its day.
fn told(telling: &Telling, measure: &Measure) -> Measure {
    let mut measure = measure.clone();
    if !telling.is_inside() {
        measure.due = Default::default();
    }
    measure
}

/// A measure in words, without what only those inside may know.
fn measured(telling: &Telling, measure: &Measure) -> String {
    let measure = &told(telling, measure);
    match (telling.is_inside(), measure.today()) {
        (true, Some(_)) => format!("{}: {}", escape(&measure.to_text()), escape(&standing(measure))),
        (false, Some(now)) => format!("{}: now {}", escape(&measure.to_text()), escape(&measure.with_unit(now))),
        _ => escape(&measure.to_text()),
    }
}

/// The chart of a measure with a sentence below it; the sentence alone if there is nothing to draw.
fn drawn(telling: &Telling, id: &str, measure: &Measure) -> String {
    if measure.is_empty() {
        return String::new();
    }
    let said = measured(telling, measure);
    match chart::measure(id, measure) {
        Some(chart) => format!("<figure>\n{chart}<figcaption>{said}</figcaption>\n</figure>\n"),
        None => format!("<p>{said}</p>\n"),
    }
}

/// A row of the table of measures.
fn row(telling: &Telling, of: String, measure: &Measure) -> Option<Vec<String>> {
    measure.target?;
    let measure = &told(telling, measure);
    let number = |amount: Option<_>| amount.map_or("–".to_string(), |one| escape(&measure.with_unit(one)));
    let way = measure.progress().map_or("–".to_string(), |percent| format!("{percent} %"));
    let due = if measure.due.is_empty() { String::new() } else { format!(" {}", escape(&measure.due)) };
    let target = format!("{}{due}", number(measure.target));
    let name = if measure.name.is_empty() { of } else { words(&measure.name) };
    Some(vec![name, number(measure.from), number(measure.today()), target, way])
}

fn table(id: &str, caption: &str, rows: Vec<Vec<String>>) -> String {
    let heads = &["Measure", "Baseline", "Now", "Target", "Of the way"];
    HtmlTable { id, caption, heads, numbers: true, rows }.html()
}

pub fn goals(telling: &Telling) -> String {
    let product = telling.product;
    let mut out = String::new();
    let mut rows = Vec::new();
    let states = [GoalState::Active, GoalState::Draft, GoalState::Fulfilled, GoalState::Abandoned];
    // Plans and what was given up are for those inside.
    let states = states
        .into_iter()
        .filter(|state| telling.is_inside() || matches!(state, GoalState::Active | GoalState::Fulfilled));
    for goal in states.flat_map(|state| product.all::<ProductGoal>().filter(move |goal| goal.state == state)) {
        let goal: &ProductGoal = goal;
        out.push_str(&heading(
            3,
            &format!("{} <span class=\"soft\">({})</span>", words(&goal.title), state_in_words(product, goal)),
        ));
        out.push_str(&drawn(telling, &format!("m-{}", goal.id), &goal.measure));
        rows.extend(row(telling, words(&goal.title), &goal.measure));
        if telling.is_inside() {
            out.push_str(&facts(&[("Serves", titles(telling, &goal.serves)), ("Reason", telling.prose(&goal.reason))]));
        }
    }
    if product.all::<Goal>().len() > 0 {
        out.push_str(&heading(3, "What the business wants to reach"));
    }
    for goal in product.all::<Goal>() {
        out.push_str(&heading(4, &words(&goal.title)));
        out.push_str(
            &telling.inside(|| format!("{}{}", telling.prose(&goal.why), facts(&[("By when", words(&goal.horizon))]))),
        );
        for (nth, measure) in goal.measures.iter().enumerate() {
            out.push_str(&drawn(telling, &format!("m-{}-{nth}", goal.id), measure));
            rows.extend(row(telling, words(&goal.title), measure));
        }
    }
    out.push_str(&table("goal-measures", "The measures of the goals in numbers", rows));
    out
}

/// Records by their titles.
fn titles(telling: &Telling, ids: &[Id]) -> String {
    let titles = ids.iter().filter_map(|id| telling.product.find(*id)).map(|record| words(&record.title()));
    titles.filter(|title| !title.is_empty()).collect::<Vec<_>>().join(", ")
}

fn open_items<'a>(telling: &'a Telling, horizon: Horizon) -> impl Iterator<Item = &'a Arc<RoadmapItem>> {
    let open = move |item: &&Arc<RoadmapItem>| {
        item.horizon == horizon && matches!(item.result, RoadmapResult::Open | RoadmapResult::Launched)
    };
    telling.product.all::<RoadmapItem>().filter(open)
}

/// True for what was launched although it stands at a horizon to come, as imports leave it.
fn is_over(item: &RoadmapItem) -> bool {
    item.result == RoadmapResult::Launched && item.horizon != Horizon::Now
}

fn columns(title: &str, cards: &str) -> String {
    match cards.is_empty() {
        true => String::new(),
        false => format!("{}<div class=\"columns\">\n{cards}</div>\n", heading(3, title)),
    }
}

pub fn roadmap(telling: &Telling) -> String {
    let mut out = String::new();
    let mut rows = Vec::new();
    for horizon in [Horizon::Now, Horizon::Next, Horizon::Later] {
        let cards: String =
            open_items(telling, horizon).filter(|item| !is_over(item)).map(|item| card(telling, item)).collect();
        rows.extend(open_items(telling, horizon).filter_map(|item| row(telling, words(&item.title), &item.measure)));
        out.push_str(&columns(horizon.label(), &cards));
    }
    let over = [Horizon::Next, Horizon::Later].into_iter().flat_map(|horizon| open_items(telling, horizon));
    let cards: String = over.filter(|item| is_over(item)).map(|item| card(telling, item)).collect();
    out.push_str(&columns("Launched", &cards));
    out.push_str(&table("roadmap-measures", "The measures of the roadmap in numbers", rows));
    out
}

/// The title of a roadmap item, with its number for those who use it.
pub fn item_title(telling: &Telling, item: &RoadmapItem) -> String {
    let number = telling.inside(|| format!("{} ", Kind::RoadmapItem.numbered(item.number)));
    format!("{number}{}", words(&item.title))
}

fn card(telling: &Telling, item: &RoadmapItem) -> String {
    let launched = if item.result == RoadmapResult::Launched { "<p class=\"soft\">Launched</p>\n" } else { "" };
    let measured = drawn(telling, &format!("m-{}", item.id), &item.measure);
    let mut rows = vec![
        ("The problem", telling.problem(item)),
        ("What will be different", telling.prose(&item.outcome)),
        ("Measured by", measured),
        ("Serves", titles(telling, &item.serves)),
    ];
    if telling.is_inside() {
        let promise = promise_line(item, &telling.forecast, telling.today).map(|line| escape(&line));
        rows.extend([
            ("For whom", words(&item.who)),
            ("Why now", telling.prose(&item.why_now)),
            ("Done", escape(&progress(telling.product, item.id))),
            ("Promised", promise.unwrap_or_default()),
            ("Approach", telling.prose(&item.approach)),
            ("Risk", telling.prose(&item.risk)),
        ]);
    }
    if telling.tells_stories() {
        rows.push(("Stories", stories(telling, item.id)));
    }
    format!(
        "<article class=\"card\">\n{}{launched}{}</article>\n",
        heading(4, &item_title(telling, item)),
        facts(&rows)
    )
}

/// The open stories of an item, the first ones by name.
fn stories(telling: &Telling, item: Id) -> String {
    let mine =
        telling.product.all::<BacklogItem>().filter(|story| story.serves == Some(item) && story.status.is_open());
    let all: Vec<_> = mine.collect();
    let mut lines: Vec<String> = all.iter().take(MOST_STORIES).map(|story| story_words(telling, story)).collect();
    let more = all.len().saturating_sub(MOST_STORIES);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    list(&lines)
}

/// A story with its size and state, and a link to where it came from.
pub fn story_words(telling: &Telling, story: &BacklogItem) -> String {
    let number = escape(&telling.product.name_of(story.id));
    let number = match crate::insight::address::address(story) {
        Some(address) => crate::export::html::escape::link(&address, &number),
        None => number,
    };
    let is_done = story.status == ItemStatus::Done;
    let size = match (telling.product.index().counts(story), story.points) {
        (true, Some(points)) => crate::insight::outlook::size(points, Unit::Points),
        (true, None) if is_done => String::new(),
        (true, None) => "not sized".to_string(),
        (false, _) => "split, its parts count".to_string(),
    };
    // That they are done stands above those that are.
    let state = if is_done { "" } else { story.status.label() };
    let facts: Vec<&str> = [size.as_str(), state].into_iter().filter(|fact| !fact.is_empty()).collect();
    let facts = match facts.is_empty() {
        true => String::new(),
        false => format!(" <span class=\"soft\">({})</span>", facts.join(", ")),
    };
    format!("{number} {}{facts}", words(&story.title))
}

pub fn not_doing(telling: &Telling) -> String {
    let mut out = telling.product.vision().map(|board| telling.lines(&board.not_doing)).unwrap_or_default();
    for (result, title) in [(RoadmapResult::Parked, "Parked for now"), (RoadmapResult::Declined, "Declined")] {
        let of = telling.product.all::<RoadmapItem>().filter(|item| item.result == result);
        let line = |item: &Arc<RoadmapItem>| {
            let reason = telling.inside(|| telling.prose(&item.reason));
            format!("{}{reason}", item_title(telling, item))
        };
        let items: Vec<String> = of.map(line).collect();
        if !items.is_empty() {
            out.push_str(&heading(3, title));
            out.push_str(&list(&items));
        }
    }
    out
}
