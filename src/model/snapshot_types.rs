//! Snapshots that later edits cannot change: the stories of a sprint, done checks, the rules at the start of a sprint,
//! forecasts. `sprint_rules.rs` says when each may change.

use crate::model::id::Id;
use crate::model::value::{Amount, Day, Value, When, facts};
use serde::{Deserialize, Serialize};

facts!(Entries: Vec<SprintEntry>, Vec<DoneCheck>, Vec<ShownStep>);
facts!(Facts: Vec<Agreement>, Vec<RuleSnapshot>, Vec<ForecastSnapshot>, Vec<ProposedCell>, Option<EarlierEnd>, Option<HowSeen>);

/// One story in a sprint. All sprint figures are computed from these, none from live stories.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SprintEntry {
    pub item: Id,
    /// The size at the start of the sprint, or when added; of an unsized story the first one that it gets while it is in
    /// the sprint. Once there, it never changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<Amount>,
    /// When it was sized, if that was after it came in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sized: Option<When>,
    pub added: When,
    /// Why it was added to a running sprint. Empty if it was there at the start.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub added_reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<When>,
    /// Why it left a running sprint.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub removed_reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<When>,
    /// The times during which it was done before it was taken up again, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub done_before: Vec<DoneSpan>,
    /// Once the sprint is over: `done`, `dropped`, or where the story went (`backlog-top`, `in-place`, `next`).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub outcome: String,
}

impl SprintEntry {
    pub const DONE: &'static str = "done";
    pub const DROPPED: &'static str = "dropped";

    pub fn new(item: Id, points: Option<Amount>, added: When) -> SprintEntry {
        SprintEntry {
            item,
            points,
            sized: None,
            added,
            added_reason: String::new(),
            removed: None,
            removed_reason: String::new(),
            done: None,
            done_before: Vec::new(),
            outcome: String::new(),
        }
    }

    /// Records that the story is done. Taken up and finished again on one day it has been done all along: that was a
    /// correction.
    pub fn finish(&mut self, now: When) {
        if self.done.is_some() {
            return;
        }
        let corrected = self.done_before.pop_if(|span| span.until.day() == now.day());
        self.done = Some(corrected.map_or(now, |span| span.from));
    }

    /// Records that the story is open again. The days on which it was done stay what they were.
    pub fn reopen(&mut self, now: When) {
        if let Some(from) = self.done.take() {
            self.done_before.push(DoneSpan { from, until: now });
        }
    }

    /// True if the story was done at the end of a day.
    pub fn is_done_on(&self, day: Day) -> bool {
        let before = self.done_before.iter().any(|span| span.from.day() <= day && day < span.until.day());
        before || self.done.is_some_and(|when| when.day() <= day)
    }

    /// The size at the end of a day.
    pub fn points_on(&self, day: Day) -> Option<Amount> {
        self.points.filter(|_| self.sized.is_none_or(|when| when.day() <= day))
    }

    /// True if it was there when the sprint started.
    pub fn is_planned(&self) -> bool {
        self.added_reason.is_empty()
    }

    /// True if it is in the sprint, done or not.
    pub fn is_in(&self) -> bool {
        self.removed.is_none()
    }
}

/// A time during which a story was done.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DoneSpan {
    pub from: When,
    pub until: When,
}

/// How a story had ended before it was taken up again: if it ends the same way on the same day, that was a correction.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EarlierEnd {
    /// `done` or `dropped`.
    pub status: String,
    pub closed: When,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub accepted_by: String,
    /// When it was taken up again.
    pub until: When,
}

/// Somebody checked that a rule of the Definition of Done holds for a story, or waived it or a criterion with a reason.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DoneCheck {
    /// The rule. `None` stands for the story's own acceptance criteria.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Id>,
    /// The words of the one criterion that is waived. Without a rule and without these, all open criteria are.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub criterion: String,
    pub by: String,
    pub at: When,
    /// Why the story is done although the rule does not hold.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub waived: String,
}

impl DoneCheck {
    /// True if it waives this criterion, should it be open.
    pub fn waives(&self, criterion: &str) -> bool {
        self.rule.is_none() && (self.criterion.is_empty() || self.criterion == criterion)
    }
}

/// A step of a review that was shown, or left out on purpose.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ShownStep {
    /// The step: `goal`, a done story's id, `not_done`, `voices`, `roadmap`, `next`, `keep`, `problem`, `try`.
    pub id: String,
    pub by: String,
    pub at: When,
    #[serde(default, skip_serializing_if = "is_not")]
    pub left_out: bool,
}

fn is_not(yes: &bool) -> bool {
    !*yes
}

/// A rule of the Definition of Done as it was when a sprint started.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RuleSnapshot {
    pub rule: Id,
    pub number: u32,
    pub text: String,
}

/// The forecast for a roadmap item when the roadmap was ratified or a sprint closed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ForecastSnapshot {
    pub item: Id,
    /// Open points of its own stories, or their number if stories were counted.
    #[serde(default)]
    pub remaining: Amount,
    /// True if stories were counted, not points.
    #[serde(default, skip_serializing_if = "is_not")]
    pub in_stories: bool,
    /// What other stories came before its last one, and how many of these had no points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ahead: Option<Amount>,
    #[serde(default, skip_serializing_if = "is_none_left")]
    pub unsized_ahead: u32,
    /// The likely velocity at that time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub velocity: Option<Amount>,
    /// Its own open stories without points.
    #[serde(default, rename = "unsized", skip_serializing_if = "is_none_left")]
    pub unsized_items: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likely: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safe: Option<Day>,
}

/// How large the open stories of a roadmap item were when somebody said that its why still holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HowSeen {
    pub by: String,
    pub at: When,
    /// Open points, or open stories where none has points.
    pub remaining: Amount,
}

/// Somebody agreed to a Product Goal in a role.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Agreement {
    /// `pm`, `po` or `both`.
    pub role: String,
    pub by: String,
    pub at: When,
    /// The goal's token at that time: an agreement to other words does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rev: Option<Id>,
}

/// One cell that a proposal would change.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ProposedCell {
    /// The record; of a new one, the id that it will have.
    pub on: Id,
    /// The keys of its kind and of the field.
    pub kind: String,
    pub field: String,
    /// The value when it was proposed.
    #[serde(default, skip_serializing_if = "Value::is_null", deserialize_with = "crate::model::strict::value")]
    pub was: Value,
    #[serde(default, skip_serializing_if = "Value::is_null", deserialize_with = "crate::model::strict::value")]
    pub want: Value,
    /// For a place in an order: the record that it goes next to, above it if it moves up and below it if it moves down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<Id>,
}

fn is_none_left(count: &u32) -> bool {
    *count == 0
}
