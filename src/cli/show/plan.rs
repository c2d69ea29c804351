//! `show plan`: what is ready for a sprint, what is selected, and what to look at before it starts.

use crate::insight::plan::{Candidate, Plan, plan};
use crate::insight::sprint::in_planning;
use crate::json;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{Kind, Sprint};
use crate::model::value::{Value, When};
use anyhow::{Result, bail};

/// The plan of the sprint named, or of the next one in planning, if any.
fn planned(product: &Product, which: Option<&str>, now: When) -> Result<(Option<Id>, Plan)> {
    let sprint = match which {
        None => in_planning(product).first().map(|one| one.id),
        Some(name) => match product.named(name).filter(|(kind, _)| *kind == Kind::Sprint) {
            Some((_, id)) => Some(id),
            None => bail!("{name:?} is not a sprint of {}. Use a number such as 13.", product.name()),
        },
    };
    Ok((sprint, plan(product, sprint, now.day())))
}

fn title(product: &Product, id: Id) -> String {
    product.find(id).map(|record| record.title()).unwrap_or_default()
}

pub fn json(product: &Product, which: Option<&str>, now: When) -> Result<Value> {
    let (sprint, plan) = planned(product, which, now)?;
    let sprint = sprint.and_then(|id| product.get::<Sprint>(id));
    let row = |one: &Candidate| {
        json!({
            "number": product.name_of(one.item), "title": title(product, one.item), "points": one.points,
            "selected": one.selected, "lacks": one.lacks.iter().map(|lack| lack.key()).collect::<Vec<_>>(),
        })
    };
    Ok(json!({
        "number": sprint.map(|one| one.number), "goal": sprint.map(|one| one.goal.clone()),
        "start": sprint.and_then(|one| one.start), "end": sprint.and_then(|one| one.end),
        "capacity": plan.capacity, "proposed": plan.suggestion.map(|one| one.points),
        "selected": plan.selected.points, "stories": plan.selected.stories, "unsized": plan.selected.unsized_items,
        "ready": plan.ready.iter().map(row).collect::<Vec<_>>(),
        "not_ready": plan.not_ready.iter().map(row).collect::<Vec<_>>(),
        "warnings": plan.warnings,
    }))
}

pub fn text(product: &Product, which: Option<&str>, now: When) -> Result<String> {
    let (sprint, plan) = planned(product, which, now)?;
    let mut out = Vec::new();
    match sprint.and_then(|id| product.get::<Sprint>(id)) {
        Some(sprint) => {
            out.push(format!("Plan of {}", Kind::Sprint.numbered(sprint.number)));
            out.push(format!("Goal      {}", &*sprint.goal));
        }
        None => out.push("Plan of the next sprint, not created yet".to_string()),
    }
    let capacity = plan.capacity.map(|all| format!(" of {all}")).unwrap_or_default();
    out.push(format!("Selected  {}{capacity}", plan.selected.points));
    for one in plan.ready.iter().chain(&plan.not_ready) {
        let mark = if one.selected { "x" } else { " " };
        let points = one.points.map_or_else(|| "?".to_string(), |points| points.to_string());
        let lacks: Vec<&str> = one.lacks.iter().map(|lack| lack.word()).collect();
        let lacks = if lacks.is_empty() { String::new() } else { format!("  not ready: {}", lacks.join(", ")) };
        let name = product.name_of(one.item);
        out.push(format!("[{mark}] {name:<6} {points:>4}  {}{lacks}", title(product, one.item)));
    }
    out.extend(plan.warnings);
    Ok(out.join("\n"))
}
