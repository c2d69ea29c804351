//! Several files as one import: each is planned on what the ones before it bring, and all of it is one step.

use crate::import::found::Found;
use crate::import::past::Past;
use crate::import::plan::{ImportPlan, Terms, plan};
use crate::import::report::Report;
use crate::model::change::{Change, Step};
use crate::model::grammar::count;
use crate::model::id::{Id, IdSource};
use crate::model::product::Product;
use crate::model::schema::Kind;
use rustc_hash::FxHashMap;

/// What several files bring, as one step.
pub struct Together {
    pub step: Step,
    /// A report a file.
    pub reports: Vec<Report>,
}

impl Together {
    /// The same with one report for all.
    pub fn joined(self) -> ImportPlan {
        ImportPlan { step: self.step, report: Report::joined(self.reports) }
    }
}

/// Stories come before sprints alone: what was done in a sprint that is over counts for it only where the sprint closes
/// with them.
pub fn together<'a>(
    all: Vec<Found>,
    product: &Product,
    ids: &mut IdSource,
    terms: &Terms<'a>,
    past: &dyn Fn(&Found) -> Past<'a>,
) -> Together {
    let mut after = product.clone();
    let (mut changes, mut reports) = (Vec::<Change>::new(), Vec::new());
    let mut places: FxHashMap<(Id, Kind, &str), usize> = FxHashMap::default();
    let has_stories = |found: &Found| found.records.iter().any(|record| record.kind == Kind::BacklogItem);
    let is_one = all.len() == 1;
    let (first, last): (Vec<Found>, Vec<Found>) = all.into_iter().partition(has_stories);
    let mut labels = Vec::new();
    for found in first.into_iter().chain(last) {
        let terms = Terms { now: terms.now, settling: terms.settling.clone(), past: past(&found) };
        let planned = plan(found, &after, ids, &terms);
        labels.push(planned.step.label.clone());
        reports.push(planned.report);
        if is_one {
            changes = planned.step.changes;
            continue;
        }
        // A value that does not fit is refused with the whole step.
        let _ = after.apply(&planned.step);
        for change in planned.step.changes {
            match places.get(&(change.id, change.kind(), change.field.key)).and_then(|at| changes.get_mut(*at)) {
                Some(known) => *known = Change { from: known.from.clone(), ..change },
                None => {
                    places.insert((change.id, change.kind(), change.field.key), changes.len());
                    changes.push(change);
                }
            }
        }
    }
    changes.retain(|change| change.from != change.to);
    let label = match labels.as_slice() {
        [one] => one.clone(),
        [one, other] => format!("{one}; {other}"),
        more => {
            let files = count(more.len(), "file", "files");
            format!("Imported {files}: {}; …", more.first().cloned().unwrap_or_default())
        }
    };
    Together { step: Step { label, changes }, reports }
}
