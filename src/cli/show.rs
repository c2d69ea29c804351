//! A view as text or JSON, for pipes and scripts. Reads only.

mod sprints;

use crate::cli::{Invocation, now, out};
use crate::model::change::Change;
use crate::model::field::Record;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, Goal, Horizon, Kind, ProductGoal, RoadmapItem, record_json};
use crate::model::value::{Cell, Map, Value, When};
use crate::store::journal::LoggedStep;
use crate::store::open::{History, open};
use anyhow::Result;

#[derive(clap::Args, Debug)]
pub struct Show {
    /// vision, roadmap, backlog, sprint, review, forecast, done, inbox or history
    view: String,
    /// For sprint and review: the number of the sprint; without it the running one, or the one that ended last
    sprint: Option<String>,
    /// As JSON, documented in docs/FORMAT.md
    #[arg(long)]
    json: bool,
    /// The time to show it at
    #[arg(long, value_name = "TIME")]
    now: Option<String>,
}

/// The clock of a command, which a script may set.
pub fn clock(given: Option<&String>) -> Result<When> {
    given.map_or_else(|| Ok(now()), |text| When::parse(text).map_err(anyhow::Error::msg))
}

impl Show {
    pub fn run(&self, setting: &Invocation) -> Result<u8> {
        let kinds: &[Kind] = match self.view.as_str() {
            "vision" => &[Kind::VisionBoard, Kind::Goal, Kind::ProductGoal],
            "roadmap" => &[Kind::RoadmapItem],
            "backlog" => &[Kind::BacklogItem],
            "done" => &[Kind::DoneRule],
            "inbox" => &[Kind::Feedback],
            "sprint" | "review" | "forecast" => &[],
            "history" => return self.history(setting),
            other => {
                let known = "vision, roadmap, backlog, sprint, review, forecast, done, inbox, history";
                out::message(&format!("whyhow: There is no view {other:?}. Views: {known}."));
                return Ok(2);
            }
        };
        let now = clock(self.now.as_ref())?;
        let (product, notices) = open(&setting.product()?.folder)?.shown(now);
        for notice in notices {
            out::message(&notice);
        }
        let which = self.sprint.as_deref();
        if self.json {
            let json = match self.view.as_str() {
                "sprint" => sprints::sprint(&product, which, now)?.json(&product),
                "review" => sprints::review_json(&product, which, now)?,
                "forecast" => sprints::forecast_json(&product, now),
                _ => view_json(&product, kinds),
            };
            return Ok(out::json(&json));
        }
        let text = match self.view.as_str() {
            "sprint" => sprints::sprint(&product, which, now)?.text(&product),
            "review" => sprints::review_text(&product, which, now)?,
            "forecast" => sprints::forecast_text(&product, now),
            _ => view_text(&product, &self.view),
        };
        Ok(out::line(&text))
    }

    fn history(&self, setting: &Invocation) -> Result<u8> {
        let folder = setting.product()?.folder;
        let opened = open(&folder)?;
        let history = History::read(&folder, &opened);
        let product = opened.product;
        if self.json {
            let rows = history.entries.iter().rev().map(|entry| entry_json(&product, entry)).collect();
            return Ok(out::json(&Value::Array(rows)));
        }
        let lines: Vec<String> = history.entries.iter().rev().map(|entry| entry_line(entry)).collect();
        Ok(out::line(&lines.join("\n")))
    }
}

/// Who, when, as whom, what.
fn entry_line(entry: &LoggedStep) -> String {
    let turn = match (entry.undoes, entry.redoes) {
        (Some(_), _) => "undone: ",
        (_, Some(_)) => "again: ",
        _ => "",
    };
    let time = entry.time.0.format("%Y-%m-%d %H:%M");
    format!("{time}  {:<5} {:<10} {turn}{}", entry.role.label(), entry.by, entry.step.label)
}

fn entry_json(product: &Product, entry: &LoggedStep) -> Value {
    let change = |c: &Change| {
        serde_json::json!({
            "kind": c.kind().key(), "id": c.id, "number": product.name_of(c.id),
            "field": c.field.key, "from": c.from, "to": c.to,
        })
    };
    serde_json::json!({
        "step": entry.id, "time": entry.time, "by": entry.by, "role": entry.role.key(), "label": entry.step.label,
        "undoes": entry.undoes, "redoes": entry.redoes,
        "changes": entry.step.changes.iter().map(change).collect::<Vec<_>>(),
    })
}

/// The living records of some kinds as they stand in product.json, in their order, with the numbers people see.
fn view_json(product: &Product, kinds: &[Kind]) -> Value {
    let mut map = Map::new();
    for kind in kinds {
        let shelf = product.table(*kind);
        let one = |slot: &u32| -> Option<Value> {
            let record = shelf.record(*slot)?;
            let mut json = record_json(product.shelves(), *kind, record.id())?;
            if let Value::Object(fields) = &mut json {
                fields.insert("number".into(), record.name().into());
                named_links(product, record, fields);
            }
            Some(json)
        };
        let all: Vec<Value> = shelf.order().iter().filter_map(one).collect();
        match (kind, all.first()) {
            (Kind::VisionBoard, Some(one)) => map.insert(kind.plural().into(), one.clone()),
            _ => map.insert(kind.plural().into(), Value::Array(all)),
        };
        if *kind == Kind::DoneRule {
            map.extend(sprints::done_json(product).into_iter().map(|(key, value)| (key.to_string(), value)));
        }
    }
    Value::Object(map)
}

/// Links as numbers, beside nothing else: a script follows them by eye and by `number`.
fn named_links(product: &Product, record: &dyn Record, fields: &mut Map) {
    let name =
        |value: &Value| value.as_str().and_then(Id::parse).map_or(value.clone(), |id| product.name_of(id).into());
    for field in record.kind().fields().iter().filter(|field| !field.targets.is_empty()) {
        if let Some(value) = fields.get_mut(field.key) {
            *value = match &*value {
                Value::Array(all) => Value::Array(all.iter().map(name).collect()),
                one => name(one),
            };
        }
    }
}

fn view_text(product: &Product, view: &str) -> String {
    match view {
        "vision" => vision(product),
        "roadmap" => roadmap(product),
        "backlog" => backlog(product),
        "done" => sprints::done_text(product),
        _ => numbered(product, Kind::Feedback),
    }
}

fn paragraph(out: &mut Vec<String>, label: &str, text: &str) {
    for (at, line) in text.lines().enumerate() {
        let head = if at == 0 { label } else { "" };
        out.push(format!("{head:<14}{line}"));
    }
}

fn vision(product: &Product) -> String {
    let mut out = Vec::new();
    let shelf = product.table(Kind::VisionBoard);
    if let Some(board) = shelf.order().first().and_then(|slot| shelf.record(*slot)) {
        for field in Kind::VisionBoard.typed_fields() {
            paragraph(&mut out, field.label, &board.text(field));
        }
    }
    for goal in product.all::<Goal>() {
        paragraph(
            &mut out,
            &Kind::Goal.numbered(goal.number),
            &format!("{}\n{}", &*goal.title, goal.measures.to_text()),
        );
    }
    for goal in product.all::<ProductGoal>() {
        paragraph(&mut out, "Product Goal", &format!("{} ({})", &*goal.title, goal.state.label()));
    }
    out.join("\n")
}

fn roadmap(product: &Product) -> String {
    let mut out = Vec::new();
    for horizon in [Horizon::Now, Horizon::Next, Horizon::Later] {
        out.push(horizon.label().to_uppercase());
        for item in product.all::<RoadmapItem>().filter(|item| item.horizon == horizon) {
            let sums = product.index().under(Some(item.id)).sums;
            let progress = match sums.percent() {
                Some(percent) => format!("{percent} %, {} of {} stories", sums.done, sums.items),
                None => "no stories yet".to_string(),
            };
            out.push(format!("  R{:<4} {}  ({progress})", item.number, &*item.title));
        }
    }
    out.join("\n")
}

fn backlog(product: &Product) -> String {
    let row = |(place, item): (usize, &std::sync::Arc<BacklogItem>)| {
        let why = item.serves.map(|id| product.name_of(id)).unwrap_or_default();
        let points = if item.points.is_some() { item.points.to_text() } else { "?".to_string() };
        format!(
            "{:>5}  S{:<6} {:>4}  {:<9} {:<5} {}",
            place.saturating_add(1),
            item.number,
            points,
            item.status.label(),
            why,
            &*item.title
        )
    };
    product.all::<BacklogItem>().enumerate().map(row).collect::<Vec<_>>().join("\n")
}

fn numbered(product: &Product, kind: Kind) -> String {
    let shelf = product.table(kind);
    let row = |slot: &u32| shelf.record(*slot).map(|record| format!("{:<9} {}", record.name(), record.title()));
    shelf.order().iter().filter_map(row).collect::<Vec<_>>().join("\n")
}
