//! Terms of other tools and their equivalents here. One table per question, shared by every format; an unknown term is
//! kept by the caller, never dropped.

use crate::model::schema::{ItemKind, ItemStatus};

const BUG: &[&str] = &["bug", "bugs", "defect", "error", "fehler", "erro"];
const CHORE: &[&str] =
    &["chore", "chores", "maintenance", "technical task", "tech debt", "technical debt", "techdebt", "housekeeping"];
const SPIKE: &[&str] = &["spike", "spikes", "research", "investigation"];
const ENABLER: &[&str] = &["enabler"];

const TO_DO: &[&str] = &[
    "open",
    "opened",
    "reopened",
    "to do",
    "todo",
    "new",
    "backlog",
    "selected for development",
    "ready",
    "ready for dev",
    "triage",
    "unscheduled",
    "unstarted",
    "proposed",
    "approved",
    "planned",
    "not started",
    "pending",
];
const DOING: &[&str] = &[
    "in progress",
    "doing",
    "active",
    "started",
    "committed",
    "in development",
    "in review",
    "code review",
    "review",
    "testing",
    "qa",
    "validation",
    "deploy",
    "ready to merge",
    "blocked",
    "on hold",
    "waiting",
];
const DONE: &[&str] = &[
    "done",
    "closed",
    "resolved",
    "complete",
    "completed",
    "finished",
    "delivered",
    "accepted",
    "shipped",
    "released",
    "merged",
];
const DROPPED: &[&str] = &[
    "canceled",
    "cancelled",
    "won't do",
    "wont do",
    "wontfix",
    "won't fix",
    "duplicate",
    "removed",
    "rejected",
    "abandoned",
    "deleted",
    "not planned",
];

/// Lower case, with `_` and `-` as spaces and single spaces between words.
pub fn plain(text: &str) -> String {
    let text = text.to_lowercase().replace(['_', '-'], " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The kind of work that a type stands for; `None` for plain stories and unknown types.
pub fn kind(word: &str) -> Option<ItemKind> {
    let word = plain(word);
    // Labels may have an emoji or a symbol at either end: `🐛 bug`.
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let among = |words: &[&str]| words.contains(&word);
    if among(BUG) {
        Some(ItemKind::Bug)
    } else if among(CHORE) {
        Some(ItemKind::Chore)
    } else if among(SPIKE) {
        Some(ItemKind::Spike)
    } else if among(ENABLER) {
        Some(ItemKind::Enabler)
    } else {
        None
    }
}

/// The kind that a label stands for: `bug`, `type: bug`, `kind/chore`, `t-spike`.
pub fn kind_of_label(label: &str) -> Option<ItemKind> {
    kind(label).or_else(|| {
        let (head, tail) = label.split_once([':', '/', '=', '-'])?;
        matches!(plain(head).as_str(), "type" | "kind" | "category" | "t" | "issue type" | "c").then(|| kind(tail))?
    })
}

/// The status that a status word stands for.
pub fn status(word: &str) -> Option<ItemStatus> {
    let word = plain(word);
    let among = |words: &[&str]| words.contains(&word.as_str());
    if among(TO_DO) {
        Some(ItemStatus::ToDo)
    } else if among(DOING) {
        Some(ItemStatus::Doing)
    } else if among(DONE) {
        Some(ItemStatus::Done)
    } else if among(DROPPED) {
        Some(ItemStatus::Dropped)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_tell_the_kind() {
        for label in ["bug", "Bug", "type: bug", "kind/bug", "🐛 bug", "type:Defect", "T-bug"] {
            assert_eq!(kind_of_label(label), Some(ItemKind::Bug), "{label}");
        }
        assert_eq!(kind_of_label("tech-debt"), Some(ItemKind::Chore));
        assert_eq!(kind_of_label("type/spike"), Some(ItemKind::Spike));
        for label in ["enhancement", "debug", "bug-bash", "area/bug", ""] {
            assert_eq!(kind_of_label(label), None, "{label}");
        }
    }

    #[test]
    fn states_are_known_in_any_spelling() {
        assert_eq!(status("OPEN"), Some(ItemStatus::ToDo));
        assert_eq!(status("In Progress"), Some(ItemStatus::Doing));
        assert_eq!(status("NOT_PLANNED"), Some(ItemStatus::Dropped));
        assert_eq!(status("closed"), Some(ItemStatus::Done));
        assert_eq!(status("somewhere"), None);
    }
}
