//! A product as a page of Markdown: vision, roadmap, backlog as a task list, sprint, Definition of Done, feedback.

use crate::export::markdown::escape::{escape, escape_inside, escape_title, labelled};
use crate::insight::agreement::state_in_words;
use crate::insight::forecast::{Forecast, forecast};
use crate::insight::outlook::{left_in_column, promise_line, short};
use crate::insight::review_text::{days, done_of, result};
use crate::insight::sprint::{entries_of, figures, is_over, latest};
use crate::insight::text::ShareDone;
use crate::insight::text::{measure, split_into, text};
use crate::model::author::NO_NAME;
use crate::model::field::Record;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{
    BacklogItem, DoneRule, Feedback, Goal, Horizon, ItemStatus, Kind, ProductGoal, RoadmapItem, RoadmapResult, Sprint,
};
use crate::model::value::{Day, Shape, When};

/// The whole product, readable from top to bottom.
pub fn whole(product: &Product, now: When) -> String {
    let forecast = forecast(product, now.day());
    let sprint = latest(product).map(|sprint| sprint.id);
    let parts = [
        format!("# {}\n", escape(product.name())),
        vision(product),
        roadmap(product, &forecast, now.day()),
        backlog(product),
        sprint.map(|id| one_sprint(product, id, now)).unwrap_or_default(),
        done(product),
        inbox(product),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The non-empty fields of a record as a list, without its title and what is shown elsewhere.
fn fields(product: &Product, record: &dyn Record, without: &[&str]) -> String {
    let kind = record.kind();
    let wanted = kind.typed_fields().filter(|field| Some(field.key) != kind.title_field().map(|one| one.key));
    let wanted = wanted.filter(|field| !without.contains(&field.key) && field.shape != Shape::Extra);
    wanted
        .map(|field| match field.shape {
            Shape::Link | Shape::Links => labelled(field.label, &text(product, field, &record.value(field))),
            _ => labelled(field.label, &record.text(field)),
        })
        .collect()
}

pub fn vision(product: &Product) -> String {
    let mut out = String::from("## Vision\n\n");
    if let Some(board) = product.vision() {
        let board: &dyn Record = &**board;
        // Whoever has not said a name is nobody to a reader.
        let unnamed = ["pm_name", "po_name"]
            .into_iter()
            .filter(|key| board.kind().field(key).is_some_and(|field| board.value(field).as_str() == Some(NO_NAME)));
        out.push_str(&fields(product, board, &unnamed.collect::<Vec<_>>()));
    }
    for goal in product.all::<ProductGoal>() {
        let measure = measure(&goal.measure);
        let text = format!("{} ({}) {measure}", &*goal.title, state_in_words(product, goal));
        out.push_str(&labelled("Product Goal", text.trim()));
    }
    let goals: String = product.all::<Goal>().map(|goal| one_goal(goal)).collect();
    if !goals.is_empty() {
        out.push_str(&format!("\n## Goals\n\n{goals}"));
    }
    out
}

fn one_goal(goal: &Goal) -> String {
    let measures: Vec<String> = goal.measures.iter().map(measure).collect();
    let tail = if measures.is_empty() { String::new() } else { format!(": {}", escape(&measures.join("; "))) };
    format!("- G{} {}{tail}\n", goal.number, escape(&goal.title))
}

pub fn roadmap(product: &Product, forecast: &Forecast, today: Day) -> String {
    let mut out = String::from("## Roadmap\n");
    for horizon in [Horizon::Now, Horizon::Next, Horizon::Later] {
        let open = |item: &&std::sync::Arc<RoadmapItem>| {
            item.horizon == horizon && matches!(item.result, RoadmapResult::Open | RoadmapResult::Launched)
        };
        let rows: String =
            product.all::<RoadmapItem>().filter(open).map(|one| row(product, one, forecast, today)).collect();
        if rows.is_empty() {
            continue;
        }
        out.push_str(&format!("\n### {}\n\n", horizon.label()));
        out.push_str("| Item | Serves | Done | Left | Safe forecast | Promised |\n|---|---|---|---|---|---|\n");
        out.push_str(&rows);
    }
    for item in product.all::<RoadmapItem>() {
        let record: &dyn Record = &**item;
        let fields = fields(product, record, &["promised", "promised_to"]);
        let result =
            if item.result == RoadmapResult::Open { String::new() } else { labelled("Result", item.result.label()) };
        if !fields.is_empty() {
            out.push_str(&format!("\n### R{} {}\n\n{result}{fields}", item.number, escape(&item.title)));
        }
    }
    out
}

fn row(product: &Product, item: &RoadmapItem, forecast: &Forecast, today: Day) -> String {
    let sums = product.index().under(Some(item.id)).sums;
    let percent = ShareDone::of(&sums).map_or_else(|| "no stories".to_string(), |one| one.short());
    let found = forecast.row(item.id);
    let left = found.map(|row| left_in_column(row, forecast.pace.unit)).unwrap_or_default();
    let safe = found.map(|row| match row.safe {
        Some(one) => short(one.day, today),
        None => row.why.clone().unwrap_or_default(),
    });
    let promised = promise_line(item, forecast, today);
    let serves: Vec<String> = item.serves.iter().map(|id| product.name_of(*id)).collect();
    let cells = [
        format!("R{} {}", item.number, escape(&item.title)),
        serves.join(", "),
        percent,
        left,
        escape(&safe.unwrap_or_default()),
        escape(&promised.unwrap_or_default()),
    ];
    format!("| {} |\n", cells.join(" | "))
}

pub fn backlog(product: &Product) -> String {
    let mut out = String::from("## Product Backlog\n\n");
    let of = |wanted: &dyn Fn(ItemStatus) -> bool| -> String {
        product.all::<BacklogItem>().filter(|item| wanted(item.status)).map(|item| story(product, item)).collect()
    };
    out.push_str(&of(&|status| !matches!(status, ItemStatus::Done | ItemStatus::Dropped)));
    let done = of(&|status| status == ItemStatus::Done);
    if !done.is_empty() {
        out.push_str(&format!("\n### Done\n\n{done}"));
    }
    out
}

/// A checkbox with number, title and what planning needs; its criteria as checkboxes below it.
fn story(product: &Product, item: &BacklogItem) -> String {
    let tick = |yes: bool| if yes { "x" } else { " " };
    let mut said = Vec::new();
    // Its parts have the points.
    match split_into(product, item.id) {
        Some(parts) => said.push(parts),
        None => said.extend(item.points.map(|points| format!("{points} points"))),
    }
    said.extend(item.serves.map(|id| product.name_of(id)));
    said.extend((!matches!(item.status, ItemStatus::ToDo | ItemStatus::Done)).then(|| item.status.label().to_string()));
    said.extend((!item.assignee.is_empty()).then(|| escape_inside(&item.assignee)));
    said.extend(item.labels.iter().map(|label| escape_inside(label)));
    said.extend((!item.blocked.is_empty()).then(|| format!("blocked: {}", escape_inside(&item.blocked))));
    let said = if said.is_empty() { String::new() } else { format!(" ({})", said.join(", ")) };
    let mut out =
        format!("- [{}] S{} {}{said}\n", tick(item.status == ItemStatus::Done), item.number, escape_title(&item.title));
    for one in &item.criteria {
        out.push_str(&format!("  - [{}] {}\n", tick(one.met), escape(&one.text)));
    }
    out
}

pub fn one_sprint(product: &Product, id: Id, now: When) -> String {
    let Some(sprint) = product.get::<Sprint>(id) else { return String::new() };
    let entries = entries_of(product, sprint, now);
    let mut out = format!("## {}\n\n", crate::model::rules::capital(&Kind::Sprint.numbered(sprint.number)));
    out.push_str(&labelled("Sprint Goal", &sprint.goal));
    out.push_str(&labelled("Days", &days(sprint, now.day())));
    out.push_str(&labelled("State", if is_over(sprint) { result(sprint) } else { sprint.state.label() }));
    out.push_str(&labelled("Done", &done_of(&figures(&entries, is_over(sprint)))));
    out.push('\n');
    for entry in entries.iter().filter(|entry| entry.is_in()) {
        let title = product.find(entry.item).map(|record| record.title()).unwrap_or_default();
        let points = entry.points.map(|points| format!(" ({points} points)")).unwrap_or_default();
        let tick = if entry.done.is_some() { "x" } else { " " };
        out.push_str(&format!("- [{tick}] {} {}{points}\n", product.name_of(entry.item), escape(&title)));
    }
    out
}

pub fn done(product: &Product) -> String {
    let rule = |one: &std::sync::Arc<DoneRule>| {
        let because = if one.because.is_empty() { String::new() } else { format!(" ({})", escape(&one.because)) };
        format!("- {}{because}\n", escape(&one.text))
    };
    let rules: String = product.all::<DoneRule>().map(rule).collect();
    if rules.is_empty() { String::new() } else { format!("## Definition of Done\n\n{rules}") }
}

pub fn inbox(product: &Product) -> String {
    let voice = |one: &std::sync::Arc<Feedback>| {
        let who = if one.source.is_empty() { String::new() } else { format!("{}: ", escape(&one.source)) };
        let about: Vec<String> = one.links.iter().map(|id| product.name_of(*id)).collect();
        let about = if about.is_empty() { String::new() } else { format!(", {}", about.join(", ")) };
        format!("- {who}{} ({}, {}{about})\n", escape(&one.quote), one.kind.label(), one.state.label())
    };
    let voices: String = product.all::<Feedback>().map(voice).collect();
    if voices.is_empty() { String::new() } else { format!("## Feedback\n\n{voices}") }
}
