//! A sprint review, built from the sprint by itself: what to go through, in order, and whose part each step is.

use crate::insight::sprint::{Figures, Standing, entries_of, figures, is_over, standing};
use crate::model::id::Id;
use crate::model::kept::KeptForecast;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::schema::{BacklogItem, Feedback, GoalState, ProductGoal, RoadmapItem, Sprint};
use crate::model::value::{Day, When};

/// What a step is about.
#[derive(Clone, PartialEq, Debug)]
pub enum Topic {
    /// The Product Goal, and whether the Sprint Goal was met.
    Goal {
        product_goal: Option<Id>,
    },
    /// A story that is done, to be shown.
    Done(Id),
    /// What was selected and is not done.
    NotDone(Vec<Id>),
    /// What people outside said since the sprint began.
    Voices(Vec<Id>),
    /// The roadmap items that the sprint worked on, and what is forecast for them.
    Roadmap(Vec<Id>),
    /// What the team does differently next: decisions and the order of the Product Backlog.
    Next,
    /// The retrospective.
    Keep,
    Problem,
    Try,
}

/// One step of the walk-through.
#[derive(Clone, PartialEq, Debug)]
pub struct ReviewStep {
    pub topic: Topic,
    pub title: String,
    /// Who leads through it.
    pub seat: Owner,
}

/// A sprint review.
#[derive(Clone, PartialEq, Debug)]
pub struct Review {
    pub sprint: Id,
    pub figures: Figures,
    pub steps: Vec<ReviewStep>,
    /// What was forecast when the sprint closed.
    pub forecast: Vec<KeptForecast>,
}

/// The steps of a sprint's review: goal, each done story in the order in which it was done, what is not done, voices,
/// the roadmap, what comes next, and the retrospective. Steps with nothing in them are left out.
pub fn review(product: &Product, sprint: Id, now: When) -> Option<Review> {
    let sprint = product.get::<Sprint>(sprint)?;
    let (entries, over) = (entries_of(product, sprint, now), is_over(sprint));
    let mut done: Vec<_> = entries.iter().filter(|one| standing(one, over) == Standing::Done).collect();
    done.sort_by_key(|one| one.done);
    let not_done: Vec<Id> = entries
        .iter()
        .filter(|one| !matches!(standing(one, over), Standing::Done | Standing::Removed))
        .map(|one| one.item)
        .collect();
    let active = product.all::<ProductGoal>().find(|goal| goal.state == GoalState::Active);
    let mut steps = vec![step(
        Topic::Goal { product_goal: active.map(|goal| goal.id) },
        "Goal: was it met?".to_string(),
        Owner::Both,
    )];
    for entry in &done {
        let title = product.find(entry.item).map(|item| item.title()).unwrap_or_default();
        steps.push(step(Topic::Done(entry.item), format!("{} {title}", product.name_of(entry.item)), Owner::How));
    }
    if !not_done.is_empty() {
        steps.push(step(
            Topic::NotDone(not_done.clone()),
            format!("Not done: {}", names(product, &not_done)),
            Owner::How,
        ));
    }
    let voices = voices(product, sprint, now.day());
    if !voices.is_empty() {
        steps.push(step(Topic::Voices(voices.clone()), format!("New voices: {}", voices.len()), Owner::Why));
    }
    steps.push(step(Topic::Roadmap(worked_on(product, &entries)), "Effect on the roadmap".to_string(), Owner::Why));
    steps.push(step(Topic::Next, "What changes next".to_string(), Owner::Both));
    for (topic, title) in
        [(Topic::Keep, "What do we keep?"), (Topic::Problem, "What got in the way?"), (Topic::Try, "What do we try?")]
    {
        steps.push(step(topic, title.to_string(), Owner::Both));
    }
    let (figures, forecast) = (figures(&entries, over), sprint.forecast.clone());
    Some(Review { sprint: sprint.id, figures, steps, forecast })
}

fn step(topic: Topic, title: String, seat: Owner) -> ReviewStep {
    ReviewStep { topic, title, seat }
}

fn names(product: &Product, ids: &[Id]) -> String {
    ids.iter().map(|id| product.name_of(*id)).collect::<Vec<_>>().join(", ")
}

/// Feedback of the sprint's days; while it runs, up to today.
fn voices(product: &Product, sprint: &Sprint, today: Day) -> Vec<Id> {
    let Some(start) = sprint.start else { return Vec::new() };
    let end = sprint.end.filter(|_| is_over(sprint)).unwrap_or(today);
    let heard = |date: Option<Day>| date.is_some_and(|date| start <= date && date <= end);
    product.all::<Feedback>().filter(|one| heard(one.date)).map(|one| one.id).collect()
}

/// The roadmap items that the sprint's stories serve, in roadmap order.
fn worked_on(product: &Product, entries: &[crate::model::kept::SprintEntry]) -> Vec<Id> {
    let served: Vec<Id> = entries.iter().filter_map(|one| product.get::<BacklogItem>(one.item)?.serves).collect();
    product.all::<RoadmapItem>().map(|item| item.id).filter(|id| served.contains(id)).collect()
}
