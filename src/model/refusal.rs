//! Refusals: why something is not done, what to do about it, and the rule and the cells behind it.

use crate::model::id::Id;
use std::fmt;

/// Why a step is refused, and what to do about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    pub what: String,
    /// What helps. It names commands in braces, as in `{sprint.close} closes it first`: the screen fills in keys,
    /// a script reads the bare names.
    pub hint: String,
}

impl Refusal {
    pub fn new(what: impl Into<String>, hint: impl Into<String>) -> Refusal {
        Refusal { what: what.into(), hint: hint.into() }
    }

    /// What helps, with the bare names of commands, as a script reads it.
    pub fn bare_hint(&self) -> String {
        self.hint.chars().filter(|c| !matches!(c, '{' | '}')).collect()
    }

    /// A refusal whose hint only says that nothing was changed.
    pub fn unchanged(what: impl Into<String>) -> Refusal {
        Refusal::new(what, "Nothing was changed.")
    }
}

/// With `{:#}` the names of commands are in braces.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.hint.as_str() {
            "" => f.write_str(&self.what),
            hint if f.alternate() => write!(f, "{} {hint}", self.what),
            _ => write!(f, "{} {}", self.what, self.bare_hint()),
        }
    }
}

impl std::error::Error for Refusal {}

/// A rule that holds for every product.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Rule {
    /// No text exceeds the limit of a field.
    TextLength,
    /// A size, a capacity or a number of days is not negative, and a year is one of 1900 to 2200.
    Range,
    /// Maps and lists in a value are not nested deeper than in a file that is read.
    Nesting,
    /// A record has a name.
    Name,
    /// A link points to an existing record of a kind that the field accepts, and not to the record itself.
    Link,
    /// Links of one field do not form a cycle.
    Circle,
    /// A retired product is not changed.
    Retired,
    /// A product's stage can go back only one step at a time.
    Stage,
    /// A ratified roadmap is not changed.
    Ratified,
    /// Only one Product Goal can be active at a time.
    OneProductGoal,
    /// One sprint runs at a time.
    OneSprint,
    /// A sprint ends on or after the day on which it starts.
    SprintDays,
    /// Only a sprint in planning can be deleted.
    SprintDeleted,
    /// A sprint that is over keeps its figures.
    SprintFigures,
    /// The entries of a running sprint agree with the stories in it.
    SprintEntries,
}

/// A rule that a step breaks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violation {
    pub rule: Rule,
    /// The changes that break it, as positions in the step; never empty. Without them the rule holds, unless it was
    /// broken before.
    pub changes: Vec<usize>,
    /// For a link: the invalid targets. The rest of the list is fine.
    pub targets: Vec<Id>,
    pub refusal: Refusal,
}

impl Violation {
    pub(super) fn new(rule: Rule, changes: Vec<usize>, refusal: Refusal) -> Violation {
        Violation { rule, changes, targets: Vec::new(), refusal }
    }

    pub(super) fn of(rule: Rule, change: usize, refusal: Refusal) -> Violation {
        Violation::new(rule, vec![change], refusal)
    }
}

impl From<Violation> for Refusal {
    fn from(violation: Violation) -> Refusal {
        violation.refusal
    }
}
