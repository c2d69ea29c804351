//! `show sprint`, `show forecast`, `show review` and `show done`: the figures of sprints, as text or JSON.

use crate::insight::burndown::{Pulse, pulse};
use crate::insight::done::{checked, held, in_check};
use crate::insight::forecast::{Arrival, Forecast, Row, forecast};
use crate::insight::outlook::{pace_line, promise};
use crate::insight::plan::suggestion;
use crate::insight::review::{Review, ReviewStep, Topic, review};
use crate::insight::review_text::{days_so_far, done_of, scope_of};
use crate::insight::sprint::{BurndownRow, Figures, burndown, entries_of, figures, is_over, latest};
use crate::insight::velocity::{Period, Unit};
use crate::json;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::rules::capital;
use crate::model::schema::{BacklogItem, Kind, RoadmapItem, Sprint, SprintState};
use crate::model::snapshot_types::{ForecastSnapshot, SprintEntry};
use crate::model::value::{Amount, Value, When};
use anyhow::{Result, bail};
use std::sync::Arc;

/// Returns the sprint that was named, or the running one, or the last one that ended.
fn meant<'a>(product: &'a Product, which: Option<&str>) -> Result<&'a Arc<Sprint>> {
    let Some(name) = which else {
        return latest(product).ok_or_else(|| anyhow::anyhow!("There is no sprint yet. sprint.new creates one."));
    };
    let found = product.named(name).filter(|(kind, _)| *kind == Kind::Sprint);
    match found.and_then(|(_, id)| product.get::<Sprint>(id)) {
        Some(sprint) => Ok(sprint),
        None => bail!("{name:?} is not a sprint of {}. Use a number such as 13.", product.name()),
    }
}

/// A sprint with its figures.
pub struct Shown<'a> {
    sprint: &'a Sprint,
    entries: Vec<SprintEntry>,
    figures: Figures,
    burndown: Vec<BurndownRow>,
    now: Pulse,
    /// The capacity that a sprint in planning would get, if none is set.
    proposed: Option<Amount>,
}

pub fn sprint<'a>(product: &'a Product, which: Option<&str>, now: When) -> Result<Shown<'a>> {
    let sprint = meant(product, which)?;
    let entries = entries_of(product, sprint, now);
    let figures = figures(&entries, is_over(sprint));
    let burndown = burndown(sprint, &entries, now.day());
    let open = sprint.state == SprintState::Planning && sprint.capacity.is_none();
    let proposed = suggestion(product, sprint, now.day()).filter(|_| open).map(|one| one.points);
    let now = pulse(sprint, &entries, now.day());
    Ok(Shown { sprint, entries, figures, burndown, now, proposed })
}

impl Shown<'_> {
    pub fn json(&self, product: &Product) -> Value {
        let (sprint, figures) = (self.sprint, &self.figures);
        let row = |row: &BurndownRow| json!({"day": row.day, "remaining": row.remaining, "scope": row.scope, "ideal": row.ideal});
        json!({
            "number": sprint.number, "goal": sprint.goal, "state": sprint.state, "result": sprint.result,
            "start": sprint.start, "end": sprint.end, "ended": sprint.ended, "capacity": sprint.capacity,
            "day": self.now.day, "days": self.now.days,
            "proposed": self.proposed,
            "planned": figures.planned.points, "added": figures.added.points, "removed": figures.removed.points,
            "completed": figures.completed.points, "carried": figures.carried.points,
            "dropped": figures.dropped.points, "dropped_at_end": figures.dropped_at_end.points,
            "burndown_unit": self.now.unit(),
            "burndown": self.burndown.iter().map(row).collect::<Vec<_>>(),
            "items": self.entries.iter().map(|entry| entry_json(product, entry)).collect::<Vec<_>>(),
            "remaining": figures.remaining.points, "scope": figures.scope().points,
            "stories": stories_json(figures),
            "unsized": unsized_of(figures),
            "reason": sprint.reason,
            "forecast": sprint.forecast.iter().map(|one| kept_json(product, one)).collect::<Vec<_>>(),
        })
    }

    pub fn text(&self, product: &Product) -> String {
        let (sprint, figures) = (self.sprint, &self.figures);
        let days = match (sprint.start, sprint.end) {
            (Some(start), Some(end)) => format!("{start} to {end}"),
            _ => "no dates yet".to_string(),
        };
        let name = capital(&Kind::Sprint.numbered(sprint.number));
        let mut out = vec![format!("{name}  {}  {days}", sprint.state.label())];
        let result = if is_over(sprint) { format!("  ({})", sprint.result.label()) } else { String::new() };
        out.push(format!("Goal      {}{result}", &*sprint.goal));
        let capacity = match (sprint.capacity, self.proposed) {
            (Some(all), _) => format!(" of {all}"),
            (None, Some(all)) => format!(" of {all} proposed"),
            (None, None) => String::new(),
        };
        out.push(format!("Planned   {}{capacity}", figures.planned.points));
        for (word, sum) in [
            ("Added", figures.added),
            ("Removed", figures.removed),
            ("Done", figures.completed),
            ("Left", figures.remaining),
            ("Carried", figures.carried),
            ("Dropped", figures.dropped),
        ] {
            if sum.stories > 0 {
                let many = if sum.stories == 1 { "story" } else { "stories" };
                out.push(format!("{word:<9} {}  ({} {many})", sum.points, sum.stories));
            }
        }
        out.extend(self.entries.iter().map(|entry| entry_line(product, entry)));
        if sprint.state != SprintState::Planning {
            if !self.now.sized {
                out.push("None of its stories has a size; below, stories are counted.".to_string());
            }
            out.push(format!("{:<12}{:>6}{:>8}{:>8}", "Day", "left", "scope", "ideal"));
            let shown = |amount: Option<Amount>| amount.map_or_else(|| "-".to_string(), |amount| amount.to_string());
            out.extend(self.burndown.iter().map(|row| {
                let day = row.day.to_string();
                format!("{day:<12}{:>6}{:>8}{:>8.1}", shown(row.remaining), shown(row.scope), row.ideal)
            }));
        }
        out.join("\n")
    }
}

fn unsized_of(figures: &Figures) -> u32 {
    figures.planned.unsized_items.saturating_add(figures.added.unsized_items)
}

fn stories_json(figures: &Figures) -> Value {
    json!({
        "planned": figures.planned.stories, "added": figures.added.stories,
        "removed": figures.removed.stories, "completed": figures.completed.stories,
        "carried": figures.carried.stories, "dropped": figures.dropped.stories,
        "dropped_at_end": figures.dropped_at_end.stories,
        "remaining": figures.remaining.stories, "scope": figures.scope().stories,
    })
}

fn title(product: &Product, id: Id) -> String {
    product.find(id).map(|record| record.title()).unwrap_or_default()
}

fn entry_json(product: &Product, entry: &SprintEntry) -> Value {
    json!({
        "id": entry.item, "number": product.name_of(entry.item), "title": title(product, entry.item),
        "points": entry.points, "sized": entry.sized, "planned": entry.is_planned(), "added": entry.added,
        "added_reason": entry.added_reason, "removed": entry.removed, "removed_reason": entry.removed_reason,
        "done": entry.done, "outcome": entry.outcome,
        "status": product.get::<BacklogItem>(entry.item).map(|item| item.status),
    })
}

fn entry_line(product: &Product, entry: &SprintEntry) -> String {
    let points = entry.points.map_or_else(|| "?".to_string(), |points| points.to_string());
    let came = if entry.is_planned() { String::new() } else { format!("  added: {}", entry.added_reason) };
    let left =
        if entry.removed_reason.is_empty() { String::new() } else { format!("  left: {}", entry.removed_reason) };
    let done = entry.done.map(|when| format!("  done {}", when.day())).unwrap_or_default();
    let outcome = match entry.outcome.as_str() {
        "" | SprintEntry::DONE => String::new(),
        other => format!("  {other}"),
    };
    let (name, title) = (product.name_of(entry.item), title(product, entry.item));
    format!("  {name:<6} {points:>4}  {title}{done}{came}{left}{outcome}")
}

fn kept_json(product: &Product, kept: &ForecastSnapshot) -> Value {
    json!({
        "number": product.name_of(kept.item), "remaining": kept.remaining, "unsized": kept.unsized_items,
        "likely": kept.likely, "safe": kept.safe,
    })
}

pub fn forecast_json(product: &Product, now: When) -> Value {
    let forecast = forecast(product, now.day());
    let period = if forecast.pace.period == Period::Week { "weeks" } else { "sprints" };
    let arrival = |one: Option<Arrival>| one.map(|one| json!({period: one.periods, "date": one.day}));
    let row = |row: &Row| {
        let mut out = json!({
            "number": product.name_of(row.item), "remaining": row.remaining, "unsized": row.unsized_items,
            "likely": arrival(row.likely), "safe": arrival(row.safe), "promise": promised(product, &forecast, row.item),
            "ahead": row.ahead, "unsized_ahead": row.unsized_ahead,
        });
        if let (Some(why), Some(fields)) = (&row.why, out.as_object_mut()) {
            fields.insert("why", why.as_str().into());
        }
        out
    };
    let known = forecast.why.is_none();
    let mut out = json!({
        "velocity": forecast.pace.each,
        "likely": forecast.pace.likely().filter(|_| known), "safe": forecast.pace.safe().filter(|_| known),
        "basis": known.then(|| forecast.pace.basis()),
        "roadmap": forecast.rows.iter().map(row).collect::<Vec<_>>(),
        "unit": if forecast.pace.unit == Unit::Points { "points" } else { "stories" },
    });
    if let (Some(why), Some(fields)) = (&forecast.why, out.as_object_mut()) {
        fields.insert("why", why.as_str().into());
    }
    out
}

/// The promise of an item compared with the forecast: `spare` is in days, negative if the promise does not hold.
fn promised(product: &Product, forecast: &Forecast, item: Id) -> Value {
    let one = product.get::<RoadmapItem>(item).and_then(|item| promise(item, forecast));
    one.map_or(Value::Null, |one| {
        json!({"date": one.day, "to": one.to, "made": one.made, "holds": one.holds(), "spare": one.spare,
            "finished": one.finished.and_then(|done| done.on)})
    })
}

pub fn forecast_text(product: &Product, now: When) -> String {
    let forecast = forecast(product, now.day());
    let mut out = vec![pace_line(&forecast)];
    for row in &forecast.rows {
        let unsized_items = match row.unsized_items {
            0 => String::new(),
            count => format!(", {count} unsized"),
        };
        let when = match (row.likely, row.safe, &row.why) {
            (Some(likely), Some(safe), _) => format!("likely {}, safe {}", likely.day, safe.day),
            (Some(likely), None, Some(why)) => format!("likely {}, safe {why}", likely.day),
            (_, _, why) => why.clone().unwrap_or_default(),
        };
        let name = product.name_of(row.item);
        let promised = product.get::<RoadmapItem>(row.item).and_then(|item| promise(item, &forecast));
        let promised = promised.map_or_else(String::new, |one| {
            let verdict = one.short_verdict(now.day());
            let verdict = if verdict.is_empty() { verdict } else { format!(": {verdict}") };
            format!("  promised {}{verdict}", one.day)
        });
        let left = format!("{} left{unsized_items}", row.remaining);
        out.push(format!("{name:<5} {}  {left}  {when}{promised}", title(product, row.item)));
    }
    out.join("\n")
}

fn seat(step: &ReviewStep) -> &'static str {
    match step.seat {
        Owner::Why => "pm",
        Owner::How => "po",
        _ => "both",
    }
}

fn reviewed(product: &Product, which: Option<&str>, now: When) -> Result<Review> {
    let sprint = meant(product, which)?;
    review(product, sprint.id, now).ok_or_else(|| anyhow::anyhow!("There is no sprint yet."))
}

pub fn review_json(product: &Product, which: Option<&str>, now: When) -> Result<Value> {
    let review = reviewed(product, which, now)?;
    let names = |ids: &[Id]| ids.iter().map(|id| product.name_of(*id)).collect::<Vec<_>>();
    let step = |(place, step): (usize, &ReviewStep)| {
        let (about, items) = match &step.topic {
            Topic::Goal { product_goal } => ("goal", names(product_goal.as_slice())),
            Topic::Done(id) => ("done", names(&[*id])),
            Topic::NotDone { open, .. } => ("not_done", names(open)),
            Topic::Voices(ids) => ("voices", names(ids)),
            Topic::Roadmap(ids) => ("roadmap", names(ids)),
            Topic::Next => ("next", Vec::new()),
            Topic::Keep => ("keep", Vec::new()),
            Topic::Problem => ("problem", Vec::new()),
            Topic::Try => ("try", Vec::new()),
        };
        let dropped = match &step.topic {
            Topic::NotDone { dropped, .. } => names(dropped),
            _ => Vec::new(),
        };
        json!({"step": place.saturating_add(1), "about": about, "title": step.title, "for": seat(step), "items": items,
            "dropped": dropped})
    };
    let sprint = product.get::<Sprint>(review.sprint);
    let now_in = sprint.map(|one| pulse(one, &one.entries, now.day()));
    Ok(json!({
        "sprint": sprint.map(|one| one.number), "goal": sprint.map(|one| one.goal.clone()),
        "result": sprint.map(|one| one.result),
        "start": sprint.map(|one| one.start), "end": sprint.map(|one| one.end), "ended": sprint.map(|one| one.ended),
        "day": now_in.as_ref().map(|now| now.day), "days": now_in.as_ref().map(|now| now.days),
        "completed": review.figures.completed.points, "planned": review.figures.planned.points,
        "added": review.figures.added.points, "removed": review.figures.removed.points,
        "dropped": review.figures.dropped.points, "dropped_at_end": review.figures.dropped_at_end.points,
        "scope": review.figures.scope().points, "stories": stories_json(&review.figures),
        "unsized": unsized_of(&review.figures),
        "steps": review.steps.iter().enumerate().map(step).collect::<Vec<_>>(),
        "forecast": review.forecast.iter().map(|one| kept_json(product, one)).collect::<Vec<_>>(),
    }))
}

pub fn review_text(product: &Product, which: Option<&str>, now: When) -> Result<String> {
    let review = reviewed(product, which, now)?;
    let mut out = Vec::new();
    if let Some(sprint) = product.get::<Sprint>(review.sprint) {
        out.push(format!("Review of {}", Kind::Sprint.numbered(sprint.number)));
        let result = if is_over(sprint) { format!("  ({})", sprint.result.label()) } else { String::new() };
        out.push(format!("Goal    {}{result}", &*sprint.goal));
    }
    out.push(format!("Done    {}", done_of(&review.figures)));
    out.push(format!("Scope   {}", scope_of(&review.figures)));
    out.extend(product.get::<Sprint>(review.sprint).map(|one| format!("Days    {}", days_so_far(one, now.day()))));
    let rows = review.steps.iter().enumerate();
    out.extend(rows.map(|(place, step)| {
        format!("{:>3}  {:<5} {}", place.saturating_add(1), seat(step).to_uppercase(), step.title)
    }));
    Ok(out.join("\n"))
}

/// What `show done` prints beside the rules: how they have held in the last three sprints, and the checks of the
/// running sprint's open stories.
pub fn done_json(product: &Product) -> Vec<(&'static str, Value)> {
    let rule = |one: &crate::insight::done::Held| {
        json!({
            "number": one.rule.number, "text": one.rule.text, "stories": one.stories, "held": one.held,
            "waived": one.waived, "percent": one.percent(), "reasons": one.reasons,
        })
    };
    let story = |item: &BacklogItem| {
        let check = checked(product, item);
        let open: Vec<u32> = check.open().iter().map(|rule| rule.number).collect();
        json!({
            "number": product.name_of(item.id), "status": item.status, "checked": check.rules.len().saturating_sub(open.len()),
            "of": check.rules.len(), "open": open, "criteria": check.criteria, "met": check.met,
        })
    };
    let held: Vec<Value> = held(product, 3).iter().map(rule).collect();
    let stories: Vec<Value> = in_check(product).into_iter().map(story).collect();
    vec![("held", held.into()), ("checked", stories.into())]
}

pub fn done_text(product: &Product) -> String {
    let mut out: Vec<String> = Vec::new();
    for one in held(product, 3) {
        let share = one.percent().map(|percent| format!("  held for {percent} % of stories")).unwrap_or_default();
        let waived = match one.reasons.as_slice() {
            [] => String::new(),
            reasons => format!("  waived: {}", reasons.join("; ")),
        };
        out.push(format!("{:<9} {}{share}{waived}", Kind::DoneRule.numbered(one.rule.number), one.rule.text));
    }
    for item in in_check(product) {
        let check = checked(product, item);
        let (open, all) = (check.open().len(), check.rules.len());
        let name = product.name_of(item.id);
        out.push(format!("{name:<9} {}  {} of {all}  {}", &*item.title, all.saturating_sub(open), item.status.label()));
    }
    out.join("\n")
}
