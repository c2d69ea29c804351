//! Since when a story has its status (docs/FIGURES.md, Age). An undo gives back the day of before, and a story that leaves
//! a status and comes back to it on the same day has not left it.

use crate::model::id::Id;
use crate::model::saturating::split_from;
use crate::model::value::{Day, Value};
use rustc_hash::FxHashMap;

/// A change of a story's status, from the history.
#[derive(Clone, Debug)]
pub struct StatusChange {
    pub item: Id,
    /// The step that wrote it.
    pub step: Id,
    /// The act that it takes back or does again.
    pub undoes: Option<Id>,
    pub redoes: Option<Id>,
    pub from: Value,
    pub to: Value,
    pub day: Day,
}

/// A status that a story has had.
#[derive(Clone, Debug)]
struct Stay {
    act: Id,
    status: Value,
    day: Day,
}

#[derive(Default)]
struct Past {
    stays: Vec<Stay>,
    /// Undone, so that a redo gives the day back.
    undone: Vec<Stay>,
}

/// Returns since when each story has its status, from all changes in order. A story that changed its status only before
/// the first of them is left out.
pub fn since(changes: impl Iterator<Item = StatusChange>) -> FxHashMap<Id, Day> {
    let mut all: FxHashMap<Id, Past> = FxHashMap::default();
    for change in changes {
        all.entry(change.item).or_default().take(change);
    }
    all.into_iter().filter_map(|(item, past)| Some((item, past.stays.last()?.day))).collect()
}

impl Past {
    fn take(&mut self, change: StatusChange) {
        if let Some(act) = change.undoes {
            let at = self.stays.iter().rposition(|stay| stay.act == act);
            let undone = at.map(|at| split_from(&mut self.stays, at)).unwrap_or_default();
            self.undone.extend(undone.into_iter().next());
            return;
        }
        let again = change.redoes.and_then(|act| self.undone.pop_if(|stay| stay.act == act));
        if let Some(stay) = again {
            self.stays.push(stay);
            return;
        }
        let returns = |stay: &Stay| stay.status == change.from && stay.day == change.day;
        let had = self.stays.iter().rev().nth(1).is_some_and(|before| before.status == change.to);
        if had && self.stays.last().is_some_and(returns) {
            self.stays.pop();
            return;
        }
        self.stays.push(Stay { act: change.step, status: change.to, day: change.day });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(step: u64, from: &str, to: &str, day: &str) -> StatusChange {
        let (item, step) = (Id::from_bits(1), Id::from_bits(step));
        let day = Day::parse(day).unwrap();
        StatusChange { item, step, undoes: None, redoes: None, from: from.into(), to: to.into(), day }
    }

    fn day_of(changes: Vec<StatusChange>) -> Option<String> {
        since(changes.into_iter()).get(&Id::from_bits(1)).map(Day::to_string)
    }

    #[test]
    fn an_undo_and_a_slip_of_the_finger_leave_the_day_alone() {
        let began = || change(10, "to_do", "doing", "2026-11-09");
        assert_eq!(day_of(vec![began()]).unwrap(), "2026-11-09");
        let dropped = || change(11, "doing", "dropped", "2026-11-26");
        let undo = StatusChange { undoes: Some(Id::from_bits(11)), ..change(12, "dropped", "doing", "2026-11-26") };
        assert_eq!(day_of(vec![began(), dropped(), undo.clone()]).unwrap(), "2026-11-09");
        let redo = StatusChange { redoes: Some(Id::from_bits(11)), ..change(13, "doing", "dropped", "2026-11-27") };
        assert_eq!(day_of(vec![began(), dropped(), undo, redo]).unwrap(), "2026-11-26");
        let back =
            vec![began(), change(14, "doing", "to_do", "2026-11-26"), change(15, "to_do", "doing", "2026-11-26")];
        assert_eq!(day_of(back).unwrap(), "2026-11-09");
        let later =
            vec![began(), change(14, "doing", "to_do", "2026-11-25"), change(15, "to_do", "doing", "2026-11-26")];
        assert_eq!(day_of(later).unwrap(), "2026-11-26");
        let unknown = StatusChange { undoes: Some(Id::from_bits(9)), ..change(12, "dropped", "doing", "2026-11-26") };
        assert_eq!(day_of(vec![unknown]), None);
    }
}
