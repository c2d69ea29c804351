//! What a report cannot tell because nobody has written it yet: said on the page to those inside, and to whoever exports
//! with the command that fills it.

use crate::export::html::escape::{escape, list};
use crate::export::html::readers::Telling;
use crate::insight::velocity::closed;
use crate::model::schema::{BacklogItem, Goal, ProductGoal, RoadmapItem};

/// A part that is missing.
struct Missing {
    /// What it is, in a word or two.
    part: &'static str,
    /// Why it is not there.
    why: &'static str,
    /// What fills it, with keys.
    fills: &'static str,
    is_missing: fn(&Telling) -> bool,
    /// Whether a page for those outside would have it.
    for_all: bool,
}

const PARTS: &[Missing] = &[
    Missing {
        part: "the vision",
        why: "No vision is written: for whom the product is, and what it changes for them.",
        fills: "{go.vision} shows the vision, {edit} writes it",
        is_missing: |telling| telling.product.vision().is_none_or(|board| board.vision.is_empty()),
        for_all: true,
    },
    Missing {
        part: "goals",
        why: "No goal is written: what the business wants to reach, and how it is measured.",
        fills: "{go.vision}, then {add} adds a goal",
        is_missing: |telling| {
            telling.product.all::<Goal>().next().is_none() && telling.product.all::<ProductGoal>().next().is_none()
        },
        for_all: true,
    },
    Missing {
        part: "the roadmap",
        why: "No roadmap item is written: what will be different, for whom, and when.",
        fills: "{go.roadmap}, then {add} adds an item; {set.serves} puts a story under one",
        is_missing: |telling| telling.product.all::<RoadmapItem>().next().is_none(),
        for_all: true,
    },
    Missing {
        part: "what the roadmap items will change",
        why: "The roadmap items are titles only: none says what will be different, or how that is measured.",
        fills: "{go.roadmap}, then {edit} on an item writes its outcome",
        is_missing: |telling| {
            let mut all = telling.product.all::<RoadmapItem>().peekable();
            all.peek().is_some()
                && all.all(|item| item.outcome.is_empty() && item.problem.is_empty() && item.measure.is_empty())
        },
        for_all: true,
    },
    Missing {
        part: "what the last sprints made",
        why: "No sprint with dates has ended: three of them make a velocity, and with it a forecast.",
        fills: "{go.plan} plans a sprint",
        is_missing: |telling| !closed(telling.product).iter().any(|sprint| sprint.end.is_some()),
        for_all: true,
    },
    Missing {
        part: "sizes",
        why: "No open story has a size: figures count stories instead of points.",
        fills: "{story.points} sizes a story",
        is_missing: |telling| {
            let mut open = telling.product.all::<BacklogItem>().filter(|story| story.status.is_open()).peekable();
            open.peek().is_some() && open.all(|story| story.points.is_none())
        },
        for_all: false,
    },
];

fn all<'a>(telling: &'a Telling) -> impl Iterator<Item = &'static Missing> + 'a {
    let is_told = |one: &&Missing| one.for_all || telling.is_inside();
    PARTS.iter().filter(is_told).filter(|one| (one.is_missing)(telling))
}

/// The section of the page. Those outside do not read what the author has still to do.
pub fn missing(telling: &Telling) -> String {
    telling.inside(|| list(&all(telling).map(|one| escape(one.why)).collect::<Vec<_>>()))
}

/// What to say to whoever exports.
pub fn notes(telling: &Telling) -> Vec<String> {
    all(telling).map(|one| format!("Not on the page: {}. On the screen, {}.", one.part, one.fills)).collect()
}
