//! Pages about what comes next: the plan of a sprint, and the forecast of the roadmap.

use crate::export::markdown::escape::{escape, labelled};
use crate::insight::outlook::{arrival, left, pace_line, promise_line};
use crate::insight::plan::{Candidate, plan as planned};
use crate::insight::review_text::days;
use crate::insight::sprint::in_planning;
use crate::insight::text::headline;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{Kind, RoadmapItem, Sprint};
use crate::model::value::{Amount, Day};

/// The plan of a sprint: what is selected, ready and not ready, and warnings before it starts. If no sprint is named,
/// the next one in planning; if there is none, what is ready for it.
pub fn plan(product: &Product, sprint: Option<Id>, today: Day) -> String {
    let sprint = sprint.or_else(|| in_planning(product).first().map(|one| one.id));
    let plan = planned(product, sprint, today);
    let mut out = String::from("## Plan\n\n");
    if let Some(sprint) = sprint.and_then(|id| product.get::<Sprint>(id)) {
        out = format!("## Plan of {}\n\n", Kind::Sprint.numbered(sprint.number));
        out.push_str(&labelled("Sprint Goal", &sprint.goal));
        out.push_str(&labelled("Days", &days(sprint, today)));
    }
    let capacity = plan.capacity.map(|all| format!(" of {all}")).unwrap_or_default();
    out.push_str(&labelled("Selected", &format!("{}{capacity} points", plan.selected.points)));
    let all = || plan.ready.iter().chain(&plan.not_ready);
    let line = |one: &Candidate| {
        let lacks: Vec<&str> = one.lacks.iter().map(|lack| lack.word()).collect();
        let lacks = if lacks.is_empty() { String::new() } else { format!(": {}", lacks.join(", ")) };
        format!("- {}{}{lacks}\n", escape(&headline(product, one.item)), size(one.points))
    };
    let lists: [(&str, String); 4] = [
        ("Selected", all().filter(|one| one.selected).map(line).collect()),
        ("Ready", plan.ready.iter().filter(|one| !one.selected).map(line).collect()),
        ("Not ready", plan.not_ready.iter().filter(|one| !one.selected).map(line).collect()),
        ("To look at", plan.warnings.iter().map(|one| format!("- {}\n", escape(one))).collect()),
    ];
    for (title, list) in lists.iter().filter(|(_, list)| !list.is_empty()) {
        out.push_str(&format!("\n### {title}\n\n{list}"));
    }
    out
}

fn size(points: Option<Amount>) -> String {
    points.map(|points| format!(" ({points} points)")).unwrap_or_default()
}

/// The likely and safe dates of each open roadmap item, and which promises hold.
pub fn forecast(product: &Product, today: Day) -> String {
    let forecast = crate::insight::forecast::forecast(product, today);
    let mut out = format!("## Forecast\n\n{}\n", escape(&pace_line(&forecast)));
    if !forecast.rows.is_empty() {
        out.push_str("\n| Item | Left | Likely | Safe | Promised |\n|---|---|---|---|---|\n");
    }
    for row in &forecast.rows {
        let said = |one| arrival(product, &forecast, one, today);
        let why = || row.why.clone().unwrap_or_default();
        let item = product.get::<RoadmapItem>(row.item);
        let cells = [
            headline(product, row.item),
            left(row, forecast.pace.unit),
            row.likely.map_or_else(why, said),
            row.safe.map_or_else(why, said),
            item.and_then(|item| promise_line(item, &forecast, today)).unwrap_or_default(),
        ];
        out.push_str(&format!("| {} |\n", cells.map(|cell| escape(&cell)).join(" | ")));
    }
    out
}
