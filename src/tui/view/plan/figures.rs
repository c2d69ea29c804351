//! The figures of a plan, as text and bars.

use super::planned::{Planned, shown};
use crate::insight::outlook::velocity_words;
use crate::insight::plan::Plan;
use crate::insight::rhythm::default_days;
use crate::model::product::Product;
use crate::model::saturating::nearest_count;
use crate::model::schema::Sprint;
use crate::model::value::{Amount, Day};
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::Ui;
use crate::tui::term::text::{times, width};
use crate::tui::term::theme::Theme;
use chrono::Datelike;
use std::fmt;

/// This many warnings are shown; the others are counted.
const WARNINGS: usize = 4;

/// `1 story`, `8 stories`.
pub fn count(n: u32, one: &str, several: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { several })
}

/// `4 Dec`, with the year if it differs.
fn day_word(day: Day, today: Day) -> String {
    let year = if day.0.year() == today.0.year() { "" } else { " %Y" };
    day.0.format(&format!("%-d %b{year}")).to_string()
}

/// The dates of a sprint, as far as known.
pub fn span(sprint: &Sprint, today: Day) -> Option<String> {
    let word = |day: Option<Day>| day.map(|day| day_word(day, today));
    // If both have the same year, it is shown once, at the end.
    let start = match (sprint.start, sprint.end) {
        (Some(start), Some(end)) if start.0.year() == end.0.year() => Some(day_word(start, start)),
        (start, _) => word(start),
    };
    match (start, word(sprint.end)) {
        (Some(start), Some(end)) => Some(format!("{start} – {end}")),
        (Some(start), None) => Some(format!("from {start}")),
        (None, Some(end)) => Some(format!("until {end}")),
        (None, None) => None,
    }
}

/// The dates of a new sprint.
pub fn next_days(ui: &Ui, product: &Product) -> String {
    let (start, end) = default_days(product, None, ui.today);
    span(&Sprint { start: Some(start), end: Some(end), ..Sprint::default() }, ui.today).unwrap_or_default()
}

/// The number of days from one to another, inclusive.
pub fn length_words(start: Day, end: Day) -> String {
    let days = u32::try_from(end.days_since(start).saturating_add(1)).unwrap_or_default();
    match days {
        1.. if days.is_multiple_of(7) => count(days / 7, "week", "weeks"),
        _ => count(days, "day", "days"),
    }
}

/// By how much the selected points exceed the capacity.
pub fn over(plan: &Plan) -> Option<Amount> {
    over_of(plan.selected.points, plan.capacity)
}

/// True if more is selected than fits in.
pub fn is_over(plan: &Plan) -> bool {
    over(plan).is_some()
}

fn over_of(points: Amount, capacity: Option<Amount>) -> Option<Amount> {
    Some(points.minus(capacity?)).filter(|over| *over > Amount::default())
}

/// How far points fill a capacity.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fit {
    points: Amount,
    capacity: Option<Amount>,
}

impl Fit {
    pub fn of(points: Amount, capacity: Option<Amount>) -> Fit {
        Fit { points, capacity }
    }

    /// By how much it is too much.
    pub fn over(self) -> Option<Amount> {
        over_of(self.points, self.capacity)
    }

    /// As the end of a longer sentence, without its full stop.
    pub fn clause(self) -> String {
        let points = self.points;
        match (self.capacity, self.over()) {
            (None, _) => {
                let word = if points == Amount::whole(1) { "point" } else { "points" };
                format!("{points} {word}, no capacity known")
            }
            (Some(all), Some(over)) => format!("{points} of {all}. {over} too many"),
            (Some(all), None) => match all.minus(points) {
                room if room == Amount::default() => format!("{points} of {all} points, fits"),
                room => format!("{points} of {all} points, {room} free"),
            },
        }
    }
}

/// `21 of 21 points, fits`, `26 of 21. 5 too many.`
impl fmt::Display for Fit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stop = if self.over().is_some() { "." } else { "" };
        write!(f, "{}{stop}", self.clause())
    }
}

/// How far what is selected fills the sprint.
pub fn fit(plan: &Plan) -> Fit {
    Fit::of(plan.selected.points, plan.capacity)
}

/// How far the selection fills the sprint, in words.
pub fn fits(plan: &Plan) -> String {
    fit(plan).to_string()
}

/// The points compared with the capacity: a mark shows its end, and the excess continues past it in another pattern.
pub fn points_bar(theme: Theme, plan: &Plan, columns: usize) -> String {
    let Some(capacity) = plan.capacity.filter(|all| *all > Amount::default()) else { return String::new() };
    // A quarter of the width is reserved for the excess, so that the mark does not move.
    let room = (columns.saturating_mul(3) / 4).max(4);
    let scaled = |amount: Amount| nearest_count(amount.as_f64() / capacity.as_f64() * room as f64);
    let filled = scaled(plan.selected.points).min(room);
    let inside = format!(
        "{}{}",
        times(theme.glyph("█", "#"), filled),
        times(theme.glyph("░", "."), room.saturating_sub(filled))
    );
    let beyond = over(plan).map_or(0, |over| scaled(over).max(1)).min(columns.saturating_sub(room.saturating_add(1)));
    format!("{inside}{}{}", theme.glyph("▏", "|"), times(theme.glyph("▓", "="), beyond))
}

/// The person-days present.
pub fn days_words(plan: &Plan, sprint: &Sprint) -> Option<String> {
    let absent = sprint.absent_days.filter(|days| *days > Amount::default());
    let (there, all) = plan.suggestion.and_then(|one| one.person_days).or_else(|| {
        let all = sprint.person_days?;
        let away = absent.unwrap_or_default().min(all).max(Amount::default());
        Some((all.minus(away), all))
    })?;
    let away = absent.map_or(String::new(), |days| format!(", {days} absent"));
    Some(format!("{there} of {all} person-days{away}"))
}

/// How a capacity that was not set by hand was computed.
pub fn origin(plan: &Plan, sprint: Option<&Sprint>) -> Option<String> {
    if sprint.is_some_and(|sprint| sprint.capacity.is_some()) {
        return None;
    }
    let suggestion = plan.suggestion?;
    let lowered = if suggestion.person_days.is_some() && suggestion.points < suggestion.likely {
        ", less absent days"
    } else {
        ""
    };
    Some(format!("capacity: likely velocity{lowered}"))
}

/// What the selected stories serve, with their points.
pub fn serves(product: &Product, planned: &Planned) -> Option<String> {
    let part = |(why, sum): &(Option<crate::model::id::Id>, crate::insight::sprint::Sum)| {
        let name = why.map_or_else(|| "no roadmap item".to_string(), |id| product.name_of(id));
        format!("{name} {}", sum.points)
    };
    let parts: Vec<String> = planned.plan.serves.iter().map(part).collect();
    (!parts.is_empty()).then(|| format!("Points for: {}.", parts.join(", ")))
}

/// Warnings before the start; an excess is shown beside the bar.
pub fn warnings(plan: &Plan) -> Vec<String> {
    let skip = usize::from(is_over(plan));
    let mut out: Vec<String> = plan.warnings.iter().skip(skip).take(WARNINGS).cloned().collect();
    let more = plan.warnings.len().saturating_sub(skip.saturating_add(WARNINGS));
    if more > 0 {
        out.push(format!("And {more} more: see the rows with a mark."));
    }
    out
}

/// The content of the box beside the list, for a pane.
pub fn sentences(ui: &Ui, product: &Product, planned: &Planned) -> Vec<PaneRow> {
    let (plan, sprint) = (&planned.plan, shown(ui, product));
    let mut out = Vec::new();
    let words = fits(plan);
    let columns = ui.areas().and_then(|areas| areas.how).map_or(40, |area| usize::from(area.width.saturating_sub(4)));
    let bar_room = columns.saturating_sub(width(&words).saturating_add(1));
    match points_bar(ui.theme, plan, bar_room) {
        bar if ui.theme.bare || bar.is_empty() || bar_room < 8 => out.push(PaneRow::Text(capital(&words))),
        bar => out.push(PaneRow::Text(format!("{bar} {words}"))),
    }
    let mut velocity = velocity_words(&planned.pace, false);
    if width(&velocity) > columns {
        velocity = velocity_words(&planned.pace, true);
    }
    out.push(PaneRow::Text(capital(&velocity)));
    let more = [sprint.and_then(|sprint| days_words(plan, sprint)), origin(plan, sprint.map(|one| &**one))];
    out.extend(more.into_iter().flatten().map(|word| PaneRow::Text(capital(&word))));
    out.extend(warnings(plan).into_iter().map(|word| PaneRow::Warning(capital(&word))));
    out
}

fn capital(words: &str) -> String {
    let mut rest = words.chars();
    rest.next().map(|first| first.to_uppercase().to_string() + rest.as_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::velocity::Pace;

    #[test]
    fn likely_and_safe_say_from_how_many_sprints_they_are() {
        let pace = |all: &[i64]| Pace { each: all.iter().map(|one| Amount::whole(*one)).collect(), ..Pace::default() };
        assert_eq!(velocity_words(&pace(&[24, 19, 21]), false), "last three 24 19 21: likely 21, safe 19");
        let six = velocity_words(&pace(&[20, 21, 22, 24, 19, 5]), false);
        assert_eq!(
            velocity_words(&pace(&[3]), false),
            "last sprint: 3 points; no velocity yet (needs 3 closed sprints)"
        );
        assert_eq!(six, "last three 24 19 5; from 6 sprints: likely 21, safe 5");
    }
}
