//! How things move: what changed in the time that the report tells of, the forecast, and what moved on the roadmap.

use crate::export::html::escape::{escape, list, words};
use crate::export::html::page::{HtmlTable, heading};
use crate::export::html::readers::Telling;
use crate::export::html::whys::{item_title, story_words};
use crate::insight::outlook::{arrival, left, pace_line, promise_line, sentences, short};
use crate::insight::review_text::{done_of, result};
use crate::insight::roadmap_diff::{Moved, moved};
use crate::insight::sprint::{figures, is_over};
use crate::insight::text::headline;
use crate::model::grammar::grouped;
use crate::model::id::Id;
use crate::model::schema::{
    BacklogItem, Decision, Goal, GoalState, ItemStatus, Kind, ProductGoal, RoadmapItem, RoadmapResult, Sprint,
};
use crate::model::value::{Cell, Measure, Value};
use std::sync::Arc;

/// Things that only grew are told by their number beyond this many.
const MOST_NAMED: usize = 20;

pub fn changed(telling: &Telling) -> String {
    let mut points = Vec::new();
    points.extend(results(telling));
    if telling.is_inside() {
        points.extend(sprints(telling));
        points.extend(readings(telling));
        points.extend(decisions(telling));
        points.extend(stories_done(telling));
    }
    let since = telling.inside(|| format!("<p>Since {}.</p>\n", escape(&telling.begin.words)));
    match (points.is_empty(), telling.is_inside()) {
        (true, true) => format!("{since}<p>No result, no sprint and no decision since then.</p>\n"),
        (true, false) => String::new(),
        _ => format!("{since}{}", list(&points)),
    }
}

/// What a record's field was set to last within the time, if it was.
fn set_to(telling: &Telling, id: Id, key: &str) -> Option<Value> {
    let within = telling.acts.iter().filter(|act| telling.begin.holds(act.at));
    let changes = within.flat_map(|act| &act.step.changes).filter(|change| change.id == id && change.field.key == key);
    let all: Vec<_> = changes.collect();
    let (first, last) = (all.first()?, all.last()?);
    (first.from != last.to).then(|| last.to.clone())
}

/// Roadmap items and Product Goals that came to an end, and items that are new.
fn results(telling: &Telling) -> Vec<String> {
    let mut out = Vec::new();
    for goal in telling.product.all::<ProductGoal>() {
        let state = set_to(telling, goal.id, "state").and_then(|to| GoalState::from_value(&to).ok());
        let told = match state {
            Some(GoalState::Fulfilled) => "Product Goal fulfilled",
            Some(GoalState::Active) => "New Product Goal",
            Some(GoalState::Abandoned) if telling.is_inside() => "Product Goal abandoned",
            _ => continue,
        };
        out.push(format!("{told}: {}", words(&goal.title)));
    }
    for item in telling.product.all::<RoadmapItem>() {
        let result = set_to(telling, item.id, "result").and_then(|to| RoadmapResult::from_value(&to).ok());
        let is_new = set_to(telling, item.id, "alive").is_some();
        let told = match result {
            Some(RoadmapResult::Launched) => "Launched",
            Some(RoadmapResult::Achieved) => "Achieved",
            Some(RoadmapResult::Missed) if telling.is_inside() => "Missed",
            Some(RoadmapResult::Parked) => "Parked",
            Some(RoadmapResult::Declined) => "Declined",
            _ if is_new && telling.is_inside() => "New on the roadmap",
            _ => continue,
        };
        out.push(format!("{told}: {}", item_title(telling, item)));
    }
    let more = out.len().saturating_sub(MOST_NAMED);
    out.truncate(MOST_NAMED);
    out.extend((more > 0).then(|| format!("and {} more on the roadmap", grouped(more))));
    out
}

fn sprints(telling: &Telling) -> Vec<String> {
    let ended = telling.product.all::<Sprint>().filter(|sprint| is_over(sprint));
    let on_its_day = |sprint: &Sprint| sprint.end.is_some_and(|day| telling.begin.holds_day(day));
    let ended =
        ended.filter(|sprint| sprint.ended.map_or_else(|| on_its_day(sprint), |when| telling.begin.holds(when)));
    let line = |sprint: &Arc<Sprint>| {
        let done = done_of(&figures(&sprint.entries, true));
        let name = crate::model::rules::capital(&Kind::Sprint.numbered(sprint.number));
        format!("{name} {}: {} ({}; {done})", sprint.state.label(), words(&sprint.goal), result(sprint))
    };
    ended.map(line).collect()
}

/// The newest reading of each measure, if it is of the time.
fn readings(telling: &Telling) -> Vec<String> {
    let line = |measure: &Measure, of: &str| {
        let last = measure.readings.iter().max_by_key(|reading| reading.day)?;
        let before = measure.readings.iter().filter(|one| one.day < last.day).max_by_key(|one| one.day);
        let before = before.map(|one| one.value).or(measure.from);
        let name = if measure.name.is_empty() { of } else { &*measure.name };
        let from = before.map(|before| format!("{before} → ")).unwrap_or_default();
        let unit = if measure.unit.is_empty() { String::new() } else { format!(" {}", escape(&measure.unit)) };
        let day = escape(&short(last.day, telling.today));
        telling
            .begin
            .holds_day(last.day)
            .then(|| format!("New reading of {}: {from}{}{unit} ({day})", words(name), last.value))
    };
    let product = telling.product;
    let goals = product.all::<Goal>().flat_map(|goal| goal.measures.iter().map(|one| (one, &*goal.title)));
    let aims = product.all::<ProductGoal>().map(|goal| (&goal.measure, &*goal.title));
    let items = product.all::<RoadmapItem>().map(|item| (&item.measure, &*item.title));
    goals.chain(aims).chain(items).filter_map(|(measure, of)| line(measure, of)).collect()
}

fn decisions(telling: &Telling) -> Vec<String> {
    let taken = telling.product.all::<Decision>().filter(|one| one.at.is_some_and(|at| telling.begin.holds(at)));
    taken.map(|one| format!("Decided: {}", words(&one.title))).collect()
}

fn stories_done(telling: &Telling) -> Option<String> {
    let done = telling.product.all::<BacklogItem>().filter(|story| story.status == ItemStatus::Done);
    let mut done: Vec<_> = done.filter(|story| story.closed.is_some_and(|when| telling.begin.holds(when))).collect();
    done.sort_by_key(|story| (story.closed, story.number));
    let count = match done.len() {
        0 => return None,
        1 => "1 story done".to_string(),
        many => format!("{} stories done", grouped(many)),
    };
    if !telling.tells_stories() {
        return Some(count);
    }
    let more = done.len().saturating_sub(MOST_NAMED);
    if more > 0 {
        // Nobody asks for those of the first year.
        done.reverse();
    }
    let mut lines: Vec<String> = done.iter().take(MOST_NAMED).map(|story| story_words(telling, story)).collect();
    if more > 0 {
        lines.push(format!("and {} done before them", grouped(more)));
    }
    Some(format!("{count}\n{}", list(&lines)))
}

pub fn forecast(telling: &Telling) -> String {
    let (product, forecast, today) = (telling.product, &telling.forecast, telling.today);
    if !telling.is_inside() || forecast.rows.is_empty() {
        return String::new();
    }
    let mut out = format!("<p>{}.</p>\n", escape(&pace_line(forecast)));
    let said = |one| escape(&arrival(product, forecast, one, today));
    let mut rows = Vec::new();
    for row in &forecast.rows {
        let Some(item) = product.get::<RoadmapItem>(row.item) else { continue };
        // Nothing is left of what is launched, and nothing was promised of it.
        if item.result == RoadmapResult::Launched && product.index().under(Some(item.id)).sums.open() == 0 {
            continue;
        }
        let why = || escape(row.why.as_deref().unwrap_or("–"));
        rows.push(vec![
            item_title(telling, item),
            escape(&left(row, forecast.pace.unit)),
            row.likely.map_or_else(why, said),
            row.safe.map_or_else(why, said),
            promise_line(item, forecast, today).map_or("–".to_string(), |line| escape(&line)),
        ]);
        if row.likely.is_none() {
            continue;
        }
        // The first sentence names the story that everything waits for.
        let skipped = usize::from(!telling.tells_stories());
        let lines = sentences(product, forecast, item.id, today).into_iter().skip(skipped);
        let lines: Vec<String> = lines
            .map(|one| match one.wrong {
                true => format!("<span class=\"warn\">{}</span>", escape(&one.text)),
                false => escape(&one.text),
            })
            .collect();
        out.push_str(&heading(3, &item_title(telling, item)));
        out.push_str(&list(&lines));
    }
    let caption = "When the roadmap items are done: likely is half of all runs, safe 85 of 100";
    let heads = &["Item", "Left", "Likely", "Safe", "Promised"];
    out.push_str(&HtmlTable { id: "forecast-table", caption, heads, numbers: false, rows }.html());
    out
}

pub fn what_moved(telling: &Telling) -> String {
    if !telling.is_inside() {
        return String::new();
    }
    let within = telling.acts.iter().filter(|act| telling.begin.holds(act.at)).copied();
    let all = moved(telling.product, within, &telling.begin.forecast, &telling.forecast, telling.today);
    let mut out = String::new();
    for item in all.chunk_by(|a, b| a.item == b.item) {
        let lines: Vec<String> = item.iter().filter_map(|one| line(telling, one)).collect();
        if let (Some(first), false) = (item.first(), lines.is_empty()) {
            out.push_str(&heading(3, &words(&headline(telling.product, first.item))));
            out.push_str(&list(&lines));
        }
    }
    match out.is_empty() {
        true => out,
        false => format!("<p>Since {}.</p>\n{out}", escape(&telling.begin.words)),
    }
}

/// A change with its side and its author. Leaders get the sums that stories lead to, without the stories.
fn line(telling: &Telling, one: &Moved) -> Option<String> {
    let what = match (telling.tells_stories() || one.stories.is_empty(), one.from.as_str(), one.to.as_str()) {
        (true, ..) => words(&one.what),
        (false, from, to) if from == to => return None,
        (false, from, to) => format!("{} → {}", words(from), words(to)),
    };
    let by = one.by.as_ref().map(|(by, at)| format!("{}, {}", words(by), escape(&short(at.day(), telling.today))));
    let by = by.map(|by| format!(" <span class=\"soft\">({by})</span>")).unwrap_or_default();
    let side = crate::model::rules::capital(&one.side.word().to_lowercase());
    let told = |(id, fate): &(Id, String)| format!("{}: {}", words(&headline(telling.product, *id)), escape(fate));
    let stories = match telling.tells_stories() {
        true => list(&one.stories.iter().take(MOST_NAMED).map(told).collect::<Vec<_>>()),
        false => String::new(),
    };
    Some(format!("<span class=\"side\">{side}</span> {what}{by}{stories}"))
}
