//! What is left to plan, and what a first capacity can go by.

use crate::insight::sprint::{ended_on, figures, is_over, running};
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, Sprint};
use crate::model::value::Amount;
use crate::tui::view::plan::planned::Planned;

/// Why no story can come into the sprint, and where to go on; `None` while one can.
pub fn nothing_left(product: &Product, planned: &Planned) -> Option<String> {
    let plan = &planned.plan;
    let mut all = plan.ready.iter().chain(&plan.not_ready).peekable();
    if all.peek().is_some() {
        let is_left = all.any(|one| !one.selected);
        return (!is_left).then(|| {
            "No story is left to plan: every open one is in this sprint. {sprint.start} starts it, {add} adds a story here."
                .to_string()
        });
    }
    let runs = running(product);
    let inside = runs.map_or(0, |sprint| {
        let is_in = |item: &&std::sync::Arc<BacklogItem>| item.sprint == Some(sprint.id);
        product.all::<BacklogItem>().filter(is_in).filter(|item| crate::insight::sprint::is_open(item)).count()
    });
    Some(match (runs, inside) {
        (Some(sprint), 1..) => format!(
            "No story is left to plan: every open one is in {}, which {{go.board}} shows. {{add}} adds one here.",
            product.name_of(sprint.id)
        ),
        _ => "No open story is left to plan. {add} adds one here, {go.backlog} shows the whole Product Backlog."
            .to_string(),
    })
}

/// What the newest sprint had for its capacity, else what it finished; with the words that say so.
pub fn as_before(product: &Product) -> Option<(Amount, String)> {
    let begun =
        |sprint: &&std::sync::Arc<Sprint>| is_over(sprint) || running(product).is_some_and(|one| one.id == sprint.id);
    let day = |sprint: &Sprint| ended_on(sprint).or(sprint.end).or(sprint.start);
    let last = product.all::<Sprint>().filter(begun).max_by_key(|sprint| (day(sprint), sprint.number))?;
    let name = product.name_of(last.id);
    if let Some(capacity) = last.capacity.filter(|capacity| *capacity > Amount::default()) {
        return Some((capacity, format!("as in {name}")));
    }
    let done = figures(&last.entries, is_over(last)).completed.points;
    (is_over(last) && done > Amount::default()).then(|| (done, format!("done in {name}")))
}
