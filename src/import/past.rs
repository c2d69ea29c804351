//! What this product has been, as far as its history is known: a file of its own that is older than it is compared with
//! the product of that time.

use crate::import::found::{Found, Identity};
use crate::model::change::{Change, Step};
use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::schema::Kind;
use crate::model::value::{Cell, Source, Value};
use rustc_hash::FxHashMap;

/// The system of the source of a product that another one came into.
pub const OWN: &str = "whyhow";

/// All changes of each cell, oldest first, each with the place of its step.
#[derive(Debug, Default)]
pub struct Past<'a> {
    cells: FxHashMap<(Id, &'static str), Vec<(usize, &'a Change)>>,
    steps: FxHashMap<Id, usize>,
    /// The place of the step that created a record.
    made: FxHashMap<Id, usize>,
}

/// The moment in the history up to which a file knows it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PastMoment {
    /// The place of the last step that is in the file; `None` if none is known to be.
    last: Option<usize>,
    /// The file may hold later steps too.
    at_least: bool,
}

impl<'a> Past<'a> {
    /// Every step known, oldest first.
    pub fn of(steps: impl Iterator<Item = (Id, &'a Step)>) -> Past<'a> {
        let mut past = Past::default();
        for (place, (id, step)) in steps.enumerate() {
            past.steps.insert(id, place);
            for change in &step.changes {
                past.cells.entry((change.id, change.field.key)).or_default().push((place, change));
                if change.is_creation() {
                    past.made.insert(change.id, place);
                }
            }
        }
        past
    }

    /// True if there was such a record once.
    pub fn knows(&self, record: Id) -> bool {
        self.made.contains_key(&record)
    }

    /// How much of the history a file contains: up to the step that it names, else at least up to the newest step that
    /// has left a trace in it.
    pub fn moment_of(&self, found: &Found) -> PastMoment {
        let named = [found.through, known_by_other(found)].into_iter().flatten().find_map(|id| self.steps.get(&id));
        if let Some(place) = named {
            return PastMoment { last: Some(*place), at_least: false };
        }
        let ids = found.records.iter().filter_map(|record| match record.identity {
            Identity::Own(id) => self.made.get(&id),
            Identity::Foreign { .. } => None,
        });
        // A why carries the step that last changed it.
        let tokens = found.records.iter().flat_map(|record| &record.fields).filter(|(field, _)| field.key == "why_rev");
        let tokens = tokens.filter_map(|(_, value)| self.steps.get(&Id::parse(value.as_str()?)?));
        PastMoment { last: ids.chain(tokens).max().copied(), at_least: true }
    }

    /// What a cell was at that moment. Where the moment is not exact and the cell has had the file's value since, it is
    /// taken to have been that.
    pub fn base(&self, moment: PastMoment, record: Id, field: &Field, mine: &Value, theirs: &Value) -> Value {
        let Some(changes) = self.cells.get(&(record, field.key)) else { return mine.clone() };
        let mut later = changes.iter().filter(|(place, _)| Some(*place) > moment.last).map(|(_, change)| change);
        let first = later.next();
        if moment.at_least && first.into_iter().chain(later).any(|change| change.to == *theirs) {
            return theirs.clone();
        }
        match (first, changes.last()) {
            (Some(first), _) => first.from.clone(),
            // Changed by a step that is not in this history yet.
            (None, Some((_, last))) => last.to.clone(),
            (None, None) => mine.clone(),
        }
    }
}

/// The step of this product that came into the one in the file last.
fn known_by_other(found: &Found) -> Option<Id> {
    let board = found.records.iter().find(|record| record.kind == Kind::VisionBoard)?;
    let source = Option::<Source>::from_value(board.value(Kind::VisionBoard.source_field()?)?).ok()??;
    Id::parse(&source.key).filter(|_| &*source.system == OWN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::found::FoundRecord;

    fn change(key: &str, from: Value, to: Value) -> Change {
        Change { id: Id::from_bits(1), field: Kind::BacklogItem.field(key).unwrap(), from, to }
    }

    #[test]
    fn a_cell_has_its_value_of_that_time() {
        let made = vec![change("alive", Value::Null, true.into()), change("title", Value::Null, "a".into())];
        let steps =
            [made, vec![change("title", "a".into(), "b".into())], vec![change("title", "b".into(), "c".into())]];
        let steps = steps.map(|changes| Step { label: String::new(), changes });
        let past = Past::of((10u64..).map(Id::from_bits).zip(&steps));
        let title = Kind::BacklogItem.field("title").unwrap();
        let record = Id::from_bits(1);
        let base = |moment, theirs: &str| past.base(moment, record, title, &"c".into(), &theirs.into());

        let mut found = Found { through: Some(Id::from_bits(11)), ..Found::default() };
        assert_eq!(base(past.moment_of(&found), "z"), "b");
        assert_eq!(base(past.moment_of(&found), "a"), "b", "the file has gone back to it");
        found.through = None;
        found.records.push(FoundRecord::new(Kind::BacklogItem, Identity::Own(record)));
        assert_eq!(base(past.moment_of(&found), "z"), "a");
        assert_eq!(base(past.moment_of(&found), "b"), "b", "it has been that since");
        assert_eq!(past.base(PastMoment::default(), Id::from_bits(2), title, &"m".into(), &"z".into()), "m");
        assert!(past.knows(record) && !past.knows(Id::from_bits(2)));
    }
}
