//! Undo barriers: steps on which others build at once, so that undo stops at them. Starting a sprint, closing it,
//! ratifying the roadmap.
//!
//! The cells of a step say which barrier it is, its label what people call it. Each has its own alternative to undo.

use crate::model::change::Step;
use crate::model::grammar::quoted;
use crate::model::rules::Refusal;
use crate::model::schema::{Kind, SprintState};
use crate::model::value::Cell;

/// A kind of step that undo does not reverse.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fence {
    Start,
    Close,
    Ratify,
}

impl Fence {
    /// The beginning of such a step's label.
    pub fn verb(self) -> &'static str {
        match self {
            Fence::Start => "Started",
            Fence::Close => "Closed",
            Fence::Ratify => "Ratified",
        }
    }

    fn way_on(self) -> &'static str {
        match self {
            Fence::Start => "{sprint.cancel} ends it, and {sprint.unplan} takes stories out.",
            Fence::Close => "{sprint.reopen} reopens it.",
            Fence::Ratify => "Change the roadmap and ratify it again, which stores a new version ({roadmap.ratify}).",
        }
    }
}

/// Returns which barrier a step is, if any. A record that comes in complete, as from an import, is none.
pub fn fence(step: &Step) -> Option<Fence> {
    let made = |id| step.created().any(|(_, new)| new == id);
    step.changes.iter().find_map(|change| match (change.kind(), change.field.key) {
        (Kind::Sprint, "state") if !made(change.id) => {
            let state = |value| SprintState::from_value(value).unwrap_or_default();
            match (state(&change.from), state(&change.to)) {
                (SprintState::Planning, SprintState::Active) => Some(Fence::Start),
                (SprintState::Active, SprintState::Closed) => Some(Fence::Close),
                _ => None,
            }
        }
        (Kind::RoadmapVersion, "alive") if change.is_creation() => Some(Fence::Ratify),
        _ => None,
    })
}

/// Why undo stops at this step, and what to do instead.
pub fn stop(step: &Step) -> Refusal {
    let Some(fence) = fence(step) else {
        return Refusal::new(format!("Undo stops at {}.", quoted(&step.label)), "Others build on it.");
    };
    let older = "What came before it can be taken back one change at a time in the history ({go.history}).";
    Refusal::new(format!("Undo stops at {}.", quoted(&step.label)), format!("{} {older}", fence.way_on()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::change::Change;
    use crate::model::id::Id;
    use crate::model::value::Value;

    #[test]
    fn a_closed_sprint_is_named_with_its_way_back() {
        let field = Kind::Sprint.field("state").unwrap();
        let change = Change { id: Id::from_bits(1), field, from: "active".into(), to: "closed".into() };
        let mut step = Step { label: "Closed sprint 13".into(), changes: vec![change] };
        assert_eq!(
            stop(&step).to_string(),
            "Undo stops at “Closed sprint 13”. sprint.reopen reopens it. What came before it can be taken back one change at a \
             time in the history (go.history)."
        );
        let back = step.invert();
        assert_eq!(fence(&back), None, "reopening can be taken back");
        step.changes[0].from = Value::Null;
        assert_eq!(fence(&step), None);
    }
}
