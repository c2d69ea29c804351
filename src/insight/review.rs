//! A sprint review, generated from the sprint: what to go through, in order, and who leads each step.

use crate::insight::sprint::{Figures, Standing, ended_on, entries_of, figures, is_over, running, standing};
use crate::model::grammar::capital;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::schema::{BacklogItem, Feedback, FeedbackState, GoalState, ProductGoal, RoadmapItem, Sprint};
use crate::model::snapshot_types::{ForecastSnapshot, ShownStep, SprintEntry};
use crate::model::value::{Day, When};
use std::sync::Arc;

/// What a step is about.
#[derive(Clone, PartialEq, Debug)]
pub enum Topic {
    /// The Product Goal, and whether the Sprint Goal was met.
    Goal {
        product_goal: Option<Id>,
    },
    /// A story that is done, to be shown.
    Done(Id),
    /// What was in the sprint to its end and is not done, and what was dropped while it ran.
    NotDone {
        open: Vec<Id>,
        dropped: Vec<Id>,
    },
    /// Feedback from outside since the sprint started.
    Voices(Vec<Id>),
    /// The roadmap items that the sprint worked on, and their forecasts.
    Roadmap(Vec<Id>),
    /// What the team does differently from now on: decisions and the order of the Product Backlog.
    Next,
    /// The retrospective.
    Keep,
    Problem,
    Try,
}

impl Topic {
    /// The key under which a step is stored as shown.
    pub fn key(&self) -> String {
        match self {
            Topic::Goal { .. } => "goal".to_string(),
            Topic::Done(id) => id.to_string(),
            Topic::NotDone { .. } => "not_done".to_string(),
            Topic::Voices(_) => "voices".to_string(),
            Topic::Roadmap(_) => "roadmap".to_string(),
            Topic::Next => "next".to_string(),
            Topic::Keep => "keep".to_string(),
            Topic::Problem => "problem".to_string(),
            Topic::Try => "try".to_string(),
        }
    }

    /// The records that feedback given in this step is about.
    pub fn about(&self, product: &Product) -> Vec<Id> {
        match self {
            Topic::Goal { product_goal } => product_goal.iter().copied().collect(),
            Topic::Done(id) => {
                let serves = product.get::<BacklogItem>(*id).and_then(|item| item.serves);
                std::iter::once(*id).chain(serves).collect()
            }
            Topic::NotDone { open, dropped } => open.iter().chain(dropped).copied().collect(),
            Topic::Roadmap(ids) => ids.clone(),
            _ => Vec::new(),
        }
    }
}

/// One step of the review.
#[derive(Clone, PartialEq, Debug)]
pub struct ReviewStep {
    pub topic: Topic,
    pub title: String,
    /// Who leads it.
    pub seat: Owner,
}

/// A sprint review.
#[derive(Clone, PartialEq, Debug)]
pub struct Review {
    pub sprint: Id,
    pub figures: Figures,
    pub steps: Vec<ReviewStep>,
    /// The forecast when the sprint closed.
    pub forecast: Vec<ForecastSnapshot>,
}

/// Returns the steps of a sprint's review: goal, each done story in order of completion, what is not done, feedback,
/// the roadmap, what comes next, and the retrospective. Empty steps are left out.
pub fn review(product: &Product, sprint: Id, now: When) -> Option<Review> {
    let sprint = product.get::<Sprint>(sprint)?;
    let (entries, over) = (entries_of(product, sprint, now), is_over(sprint));
    let mut done: Vec<_> = entries.iter().filter(|one| standing(one, over) == Standing::Done).collect();
    done.sort_by_key(|one| one.done);
    let not_done =
        stories(&entries, over, |one| !matches!(one, Standing::Done | Standing::Removed | Standing::Dropped));
    let dropped = dropped_early(&entries, over);
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
    if !not_done.is_empty() || !dropped.is_empty() {
        let part = |word: &str, ids: &[Id]| (!ids.is_empty()).then(|| format!("{word}: {}", names(product, ids)));
        let parts = [part("not done", &not_done), part("dropped", &dropped)];
        let title = capital(&parts.into_iter().flatten().collect::<Vec<_>>().join(" · "));
        steps.push(step(Topic::NotDone { open: not_done, dropped }, title, Owner::How));
    }
    let voices = voices(product, sprint, now.day());
    if !voices.is_empty() {
        let title = format!("Feedback: {}", voices.len());
        steps.push(step(Topic::Voices(voices), title, Owner::Why));
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

/// The stories of some entries, each once.
fn stories(entries: &[SprintEntry], over: bool, is_meant: impl Fn(Standing) -> bool) -> Vec<Id> {
    let mut out: Vec<Id> = Vec::new();
    for one in entries {
        if is_meant(standing(one, over)) && !out.contains(&one.item) {
            out.push(one.item);
        }
    }
    out
}

/// The stories dropped while the sprint ran.
pub fn dropped_early(entries: &[SprintEntry], over: bool) -> Vec<Id> {
    stories(entries, over, |one| one == Standing::Dropped)
}

fn step(topic: Topic, title: String, seat: Owner) -> ReviewStep {
    ReviewStep { topic, title, seat }
}

fn names(product: &Product, ids: &[Id]) -> String {
    ids.iter().map(|id| product.name_of(*id)).collect::<Vec<_>>().join(", ")
}

/// The sprints that can be reviewed: the running one, then those that have ended, the latest first.
pub fn reviewable(product: &Product) -> Vec<Id> {
    let mut ended: Vec<_> = product.all::<Sprint>().filter(|one| is_over(one)).collect();
    ended.sort_by_key(|one| std::cmp::Reverse((ended_on(one), one.number)));
    running(product).into_iter().chain(ended).map(|one| one.id).collect()
}

/// The feedback given in the review of a sprint.
pub fn said(product: &Product, sprint: Id) -> Vec<&Arc<Feedback>> {
    let is_said = |one: &&Arc<Feedback>| one.role.is_empty() && one.links.contains(&sprint);
    product.all::<Feedback>().filter(is_said).collect()
}

/// All feedback of a review: what was heard in the days of the sprint, and what was said in the review itself.
pub fn heard<'a>(product: &'a Product, review: &Review) -> Vec<&'a Arc<Feedback>> {
    let before = review.steps.iter().find_map(|step| match &step.topic {
        Topic::Voices(ids) => Some(ids.as_slice()),
        _ => None,
    });
    let before = before.unwrap_or_default().iter().filter_map(|id| product.get::<Feedback>(*id));
    before.chain(said(product, review.sprint)).collect()
}

/// The sprint's fields in which a step's text is kept.
pub fn texts(topic: &Topic) -> &'static [&'static str] {
    match topic {
        Topic::Goal { .. } => &["result", "increment", "belief_result"],
        Topic::Next => &["decisions"],
        Topic::Keep => &["keep"],
        Topic::Problem => &["problem"],
        Topic::Try => &["tried"],
        Topic::Done(_) | Topic::NotDone { .. } | Topic::Voices(_) | Topic::Roadmap(_) => &[],
    }
}

/// The feedback given in one step, if that is known; else by what it is about: about its story, or about the step's subject, or about neither.
pub fn said_in<'a>(product: &'a Product, review: &Review, step: &ReviewStep) -> Vec<&'a Arc<Feedback>> {
    let place = |one: &Feedback| {
        if review.steps.iter().any(|step| step.topic.key() == *one.said_in) {
            return Some(one.said_in.to_string());
        }
        let mut steps = review.steps.iter();
        let story = steps.find(|step| matches!(step.topic, Topic::Done(id) if one.links.contains(&id)));
        let other = || {
            let about = |step: &&ReviewStep| match &step.topic {
                Topic::Done(_) => false,
                topic => topic.about(product).iter().any(|id| one.links.contains(id)),
            };
            review.steps.iter().find(about)
        };
        let next = || review.steps.iter().find(|step| step.topic == Topic::Next);
        story.or_else(other).or_else(next).map(|step| step.topic.key())
    };
    said(product, review.sprint).into_iter().filter(|one| place(one).as_ref() == Some(&step.topic.key())).collect()
}

/// How a step was dealt with, if it was.
pub fn dealt<'a>(sprint: &'a Sprint, step: &ReviewStep) -> Option<&'a ShownStep> {
    let key = step.topic.key();
    sprint.shown.iter().find(|one| one.id == key)
}

/// True for the running sprint and for the one that ended last.
fn is_latest(product: &Product, sprint: &Sprint) -> bool {
    let latest = reviewable(product).into_iter().find(|id| product.get::<Sprint>(*id).is_some_and(|one| is_over(one)));
    !is_over(sprint) || latest == Some(sprint.id)
}

/// Feedback from the days of the sprint that was not given in its review; while it runs, up to today. What has no day
/// and is not sorted is still new: it counts in the latest review. What was written down on the last day, but after the
/// close, comes too late: a review that was held does not open again.
fn voices(product: &Product, sprint: &Sprint, today: Day) -> Vec<Id> {
    let Some(start) = sprint.start else { return Vec::new() };
    let end = ended_on(sprint).unwrap_or(today);
    let is_latest = is_latest(product, sprint);
    let close = sprint.ended.filter(|_| is_over(sprint));
    let in_time = |one: &Feedback| one.created.zip(close).is_none_or(|(created, close)| created <= close);
    let heard = |one: &Feedback| match one.date {
        Some(date) => start <= date && (date < end || date == end && in_time(one)),
        None => is_latest && one.state == FeedbackState::New && in_time(one),
    };
    // A question of one role to the other is no voice from outside.
    let outside = product.all::<Feedback>().filter(|one| one.role.is_empty() && !one.links.contains(&sprint.id));
    outside.filter(|one| heard(one)).map(|one| one.id).collect()
}

/// The roadmap items that the sprint's stories serve, in roadmap order.
fn worked_on(product: &Product, entries: &[SprintEntry]) -> Vec<Id> {
    let served: Vec<Id> = entries.iter().filter_map(|one| product.get::<BacklogItem>(one.item)?.serves).collect();
    product.all::<RoadmapItem>().map(|item| item.id).filter(|id| served.contains(id)).collect()
}

/// The voices that led to what is done in a sprint: feedback linked to a done story or to what it serves, each with the
/// story. A voice stands once, with the first story that it is about.
pub fn voices_behind<'a>(product: &'a Product, sprint: &Sprint) -> Vec<(Id, &'a Arc<Feedback>)> {
    let done = |entry: &&SprintEntry| entry.done.is_some();
    let stories: Vec<(Id, Option<Id>)> = sprint
        .entries
        .iter()
        .filter(done)
        .map(|entry| (entry.item, product.get::<BacklogItem>(entry.item).and_then(|item| item.serves)))
        .collect();
    let behind = |voice: &'a Arc<Feedback>| {
        let direct = stories.iter().find(|(story, _)| voice.links.contains(story));
        let above = || stories.iter().find(|(_, serves)| serves.is_some_and(|why| voice.links.contains(&why)));
        direct.or_else(above).map(|(story, _)| (*story, voice))
    };
    product.all::<Feedback>().filter(|voice| voice.role.is_empty()).filter_map(behind).collect()
}
