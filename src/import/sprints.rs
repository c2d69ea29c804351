//! Updates sprint entries for an import: a story that is added to a sprint, removed or finished gets its entry there,
//! from which all figures are computed. Closed sprints keep theirs.

use crate::model::change::Change;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, ItemStatus, Kind, Sprint, SprintState};
use crate::model::snapshot_types::SprintEntry;
use crate::model::value::{Amount, Cell, Value, When};
use rustc_hash::{FxHashMap, FxHashSet};

/// The reason in the entries of a running sprint.
const IMPORTED: &str = "import";

/// A story before and after the import, as far as sprints are concerned.
#[derive(Clone, Default)]
struct Standing {
    sprint: Option<Id>,
    status: ItemStatus,
    points: Option<Amount>,
    closed: Option<When>,
}

/// The changes of entries that follow from the changes of stories.
pub fn entries(product: &Product, changes: &[Change], now: When) -> Vec<Change> {
    let Some(field) = Kind::Sprint.field("entries") else { return Vec::new() };
    let closing = closed_by(changes);
    let mut sprints: FxHashMap<Id, Vec<SprintEntry>> = FxHashMap::default();
    let mut order: Vec<Id> = Vec::new();
    let runs = changes.chunk_by(|a, b| a.id == b.id && a.kind() == b.kind());
    for run in runs.filter(|run| run.iter().any(|one| matches!(one.field.key, "sprint" | "status"))) {
        let Some(id) = run.first().filter(|one| one.kind() == Kind::BacklogItem).map(|one| one.id) else { continue };
        let (before, after) = standing(product, id, run);
        for sprint in [before.sprint, after.sprint].into_iter().flatten() {
            let known = product.get::<Sprint>(sprint);
            if known.is_some_and(|one| matches!(one.state, SprintState::Closed | SprintState::Cancelled)) {
                continue;
            }
            let all = sprints.entry(sprint).or_insert_with(|| {
                order.push(sprint);
                known.map(|one| one.entries.clone()).unwrap_or_default()
            });
            let late = known.is_some_and(|one| one.state == SprintState::Active);
            let kind = if closing.contains(&sprint) {
                Into::Over
            } else if late {
                Into::Running
            } else {
                Into::Other
            };
            enter(all, id, (after.sprint == Some(sprint)).then_some(&after), kind, now);
        }
    }
    let change = |id: Id| {
        let (from, to) = (product.value(id, field), sprints.get(&id)?.to_value());
        (from != to).then_some(Change { id, field, from, to })
    };
    order.into_iter().filter_map(change).collect()
}

/// The sprints that this import creates as closed.
fn closed_by(changes: &[Change]) -> FxHashSet<Id> {
    let closed =
        |one: &&Change| one.kind() == Kind::Sprint && one.field.key == "state" && one.to.as_str() == Some("closed");
    changes.iter().filter(closed).map(|one| one.id).collect()
}

fn standing(product: &Product, id: Id, run: &[Change]) -> (Standing, Standing) {
    let before = product.get::<BacklogItem>(id).map_or_else(Standing::default, |item| Standing {
        sprint: item.sprint,
        status: item.status,
        points: item.points,
        closed: item.closed,
    });
    let mut after = before.clone();
    for change in run {
        match change.field.key {
            "sprint" => after.sprint = taken(&change.to),
            "status" => after.status = taken(&change.to),
            "points" => after.points = taken(&change.to),
            "closed" => after.closed = taken(&change.to),
            _ => {}
        }
    }
    (before, after)
}

fn taken<T: Cell>(value: &Value) -> T {
    T::from_value(value).unwrap_or_default()
}

/// The state of a sprint, as an import sees it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Into {
    /// Already running here: new stories were not there at its start.
    Running,
    /// Closed by this import.
    Over,
    Other,
}

/// `inside` is the state of the story, if it is in the sprint.
fn enter(all: &mut Vec<SprintEntry>, item: Id, inside: Option<&Standing>, sprint: Into, now: When) {
    let known = all.iter_mut().rev().find(|entry| entry.item == item && entry.removed.is_none());
    let Some(after) = inside else {
        if let Some(entry) = known {
            entry.removed = Some(now);
            entry.removed_reason = IMPORTED.to_string();
        }
        return;
    };
    let entry = match known {
        Some(entry) => entry,
        None => {
            let mut entry = SprintEntry::new(item, after.points, now);
            if sprint == Into::Running {
                entry.added_reason = IMPORTED.to_string();
            }
            all.push(entry);
            let Some(entry) = all.last_mut() else { return };
            entry
        }
    };
    entry.done = (after.status == ItemStatus::Done).then(|| after.closed.unwrap_or(now));
    if sprint == Into::Over {
        entry.outcome = after.status.key().to_string();
    }
}
