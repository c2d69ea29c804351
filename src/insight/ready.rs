//! The Definition of Ready: what a story needs before it is planned. It is the team's own, kept with the product; it warns and
//! never refuses.

use crate::insight::sprint::is_open;
use crate::insight::trace::is_suspect;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{
    AskedFor, AskedOnly, BacklogItem, GoalState, Kind, ProductGoal, RoadmapItem, RoadmapResult, VisionBoard,
};
use crate::model::value::{Amount, Life};

/// The fields of the product that hold it.
pub const READY_FIELDS: [&str; 5] = ["ready_points", "ready_why", "ready_criterion", "ready_size", "ready_depends"];

/// What a story lacks to be ready (docs/FIGURES.md, Ready).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lack {
    Size,
    Criteria,
    /// It serves nothing.
    Why,
    /// What it serves was parked, declined or abandoned.
    WhyEnded,
    /// Its why has changed since it was agreed.
    Suspect,
    /// It is larger than a ready story may be.
    TooLarge,
    /// It depends on too many stories that are not done.
    Depends,
    /// It has parts, which are done instead.
    Parts,
}

impl Lack {
    /// The name that scripts read.
    pub fn key(self) -> &'static str {
        match self {
            Lack::Size => "size",
            Lack::Criteria => "criteria",
            Lack::Why => "why",
            Lack::WhyEnded => "why_ended",
            Lack::Suspect => "why_changed",
            Lack::TooLarge => "too_large",
            Lack::Depends => "depends",
            Lack::Parts => "parts",
        }
    }

    /// A form for a narrow column.
    pub fn short(self) -> &'static str {
        match self {
            Lack::Size => "size",
            Lack::Criteria => "crit.",
            Lack::Why | Lack::WhyEnded => "why",
            Lack::Suspect => "why!",
            Lack::TooLarge => "large",
            Lack::Depends => "waits",
            Lack::Parts => "parts",
        }
    }

    /// A few words, for a list or the end of a sentence.
    pub fn word(self) -> &'static str {
        match self {
            Lack::Size => "no points",
            Lack::Criteria => "no criteria",
            Lack::Why => "no why",
            Lack::WhyEnded => "why ended",
            Lack::Suspect => "why changed",
            Lack::TooLarge => "too large",
            Lack::Depends => "waits for others",
            Lack::Parts => "has parts",
        }
    }
}

/// The Definition of Ready of a product.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DefinitionOfReady {
    pub points: bool,
    pub why: bool,
    pub criterion: bool,
    /// The most points of a ready story.
    pub size: Option<Amount>,
    /// The most open stories that a ready one depends on.
    pub depends: Option<Amount>,
}

impl DefinitionOfReady {
    /// As the team has set it; points and a why that still applies if nothing was set.
    pub fn of(product: &Product) -> DefinitionOfReady {
        let unset = VisionBoard::default();
        let board = product.vision().map_or(&unset, |board| board);
        DefinitionOfReady {
            points: board.ready_points == AskedFor::Yes,
            why: board.ready_why == AskedFor::Yes,
            criterion: board.ready_criterion == AskedOnly::Yes,
            size: board.ready_size,
            depends: board.ready_depends,
        }
    }

    /// What it asks for: `points, a why that still applies, at most 8 points`.
    pub fn words(&self) -> String {
        let mut out = Vec::new();
        out.extend(self.points.then(|| "points".to_string()));
        out.extend(self.criterion.then(|| "an acceptance criterion".to_string()));
        out.extend(self.why.then(|| "a why that still applies".to_string()));
        out.extend(self.size.map(|most| format!("at most {most} points")));
        out.extend(self.depends.map(|most| match most == Amount::default() {
            true => "every story it depends on done".to_string(),
            false => format!("at most {most} open stories it depends on"),
        }));
        if out.is_empty() { "nothing".to_string() } else { out.join(", ") }
    }

    /// What a story lacks. One with parts is never ready: these are done instead.
    pub fn lacks(&self, product: &Product, item: &BacklogItem) -> Vec<Lack> {
        if !product.index().counts(item) {
            return vec![Lack::Parts];
        }
        let why = item.serves.and_then(|why| product.find(why)).filter(|why| why.is_alive());
        let ended = item.serves.is_some_and(|why| is_over(product, why));
        let open = || {
            let others = item.depends_on.iter().filter_map(|id| product.get::<BacklogItem>(*id));
            let open = others.filter(|other| other.alive == Life::Alive && is_open(other)).count();
            Amount::whole(i64::try_from(open).unwrap_or(i64::MAX))
        };
        let all = [
            (Lack::Size, self.points && item.points.is_none()),
            (Lack::Criteria, self.criterion && item.criteria.is_empty()),
            (Lack::Why, self.why && why.is_none()),
            (Lack::WhyEnded, self.why && why.is_some() && ended),
            (Lack::Suspect, self.why && why.is_some() && !ended && is_suspect(product, item)),
            (Lack::TooLarge, self.size.zip(item.points).is_some_and(|(most, size)| size > most)),
            (Lack::Depends, self.depends.is_some_and(|most| open() > most)),
        ];
        all.into_iter().filter(|(_, lacks)| *lacks).map(|(lack, _)| lack).collect()
    }
}

/// True if a why is over without having been reached.
fn is_over(product: &Product, why: Id) -> bool {
    let parked = |item: &RoadmapItem| matches!(item.result, RoadmapResult::Parked | RoadmapResult::Declined);
    product.get::<RoadmapItem>(why).is_some_and(|item| parked(item))
        || product.get::<ProductGoal>(why).is_some_and(|goal| goal.state == GoalState::Abandoned)
}

/// A story is ready to plan: it lacks nothing.
pub fn is_ready(product: &Product, item: &BacklogItem) -> bool {
    DefinitionOfReady::of(product).lacks(product, item).is_empty()
}

/// True for a field that belongs to the Definition of Ready.
pub fn is_ready_field(kind: Kind, key: &str) -> bool {
    kind == Kind::VisionBoard && READY_FIELDS.contains(&key)
}
