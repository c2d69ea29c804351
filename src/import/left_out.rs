//! Leaves out what the rules of the product refuse, so that one such cell does not fail the whole import. The rules are
//! asked, not repeated: [`violations`] names the changes and the link targets at fault, they are dropped and listed, and
//! the rest is asked about again.

use crate::import::report::Report;
use crate::import::sprints;
use crate::import::three_way::{forget_links, put_back};
use crate::model::change::{Change, Origin, Step};
use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rules::{Rule, Violation, is_weighed, longest_text, violations};
use crate::model::value::{Cell, Shape, Source, Value, When};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// What a record without a name is called.
const UNNAMED: &str = "(no title)";

/// Dropping a cell can expose another fault, such as a link to a record that was never created.
const ROUNDS: usize = 20;

/// The changes of an import on their way past the rules.
pub struct Sifting<'a> {
    pub product: &'a Product,
    /// What the records of the file change, without the entries of sprints.
    pub changes: Vec<Change>,
    /// Set where stories come from another system: the entries of their sprints follow from them.
    pub entries_at: Option<When>,
    /// Sprints whose entries stay as they are.
    pub entries_refused: FxHashSet<Id>,
}

impl Sifting<'_> {
    /// Returns the changes that the product accepts, entries of sprints included, and lists what was left out.
    pub fn sift(mut self, out: &mut Report) -> Vec<Change> {
        for _ in 0..ROUNDS {
            let records = self.changes.len();
            let step = Step { label: String::new(), changes: self.with_entries() };
            if step.is_empty() {
                return step.changes;
            }
            let mut after = self.product.clone();
            // A value that does not fit its field cannot be here; the writer would refuse the step with the reason.
            if after.apply_where(&step, is_weighed).is_err() {
                return step.changes;
            }
            let found = first_causes(violations(&after, &step, Origin::Edit));
            if found.is_empty() {
                return step.changes;
            }
            self.drop(step, records, &found, &after, out);
        }
        self.with_entries()
    }

    /// The changes, which are taken out of here, with the entries that follow from them at the end.
    fn with_entries(&mut self) -> Vec<Change> {
        let mut all = std::mem::take(&mut self.changes);
        if let Some(now) = self.entries_at {
            let entries = sprints::entries(self.product, &all, now);
            all.extend(entries.into_iter().filter(|change| !self.entries_refused.contains(&change.id)));
        }
        all
    }

    /// Keeps all of a step but what was objected to. `records` is the number of changes that are not entries.
    fn drop(&mut self, step: Step, records: usize, found: &[Violation], after: &Product, out: &mut Report) {
        let mut whole: FxHashSet<usize> = FxHashSet::default();
        let mut cut: FxHashMap<usize, FxHashSet<Id>> = FxHashMap::default();
        let mut unnamed: FxHashSet<Id> = FxHashSet::default();
        for one in found {
            let is_known =
                |at: &usize| cut.get(at).is_some_and(|known| one.targets.iter().all(|id| known.contains(id)));
            if one.targets.is_empty() || !one.changes.iter().all(is_known) {
                list(&step, one, after, out);
            }
            for at in &one.changes {
                let Some(change) = step.changes.get(*at) else { continue };
                if *at >= records {
                    self.entries_refused.insert(change.id);
                } else if one.rule == Rule::Name && change.is_creation() {
                    unnamed.insert(change.id);
                } else if one.rule == Rule::Name && one.changes.len() > 1 {
                    // The rest of a new record without a name.
                } else if one.targets.is_empty() {
                    whole.insert(*at);
                } else {
                    cut.entry(*at).or_default().extend(&one.targets);
                }
            }
        }
        let mut gone: FxHashMap<Id, Vec<Dropped>> = FxHashMap::default();
        let mut kept = Vec::with_capacity(records);
        for (at, change) in step.changes.into_iter().take(records).enumerate() {
            let targets = cut.get(&at).filter(|_| !whole.contains(&at));
            if whole.contains(&at) {
                gone.entry(change.id).or_default().push((change.field, None));
            } else if let Some(targets) = targets {
                let to = without(&change, targets);
                let of_list = (change.field.shape == Shape::Links).then(|| targets.clone());
                if to != change.from && (of_list.is_some() || !to.is_null()) {
                    kept.push(Change { to, ..change.clone() });
                }
                gone.entry(change.id).or_default().push((change.field, of_list));
            } else if unnamed.contains(&change.id) {
                kept.extend(named_change(change));
            } else {
                kept.push(change);
            }
        }
        self.changes = kept;
        self.forget(&gone);
    }

    /// The next import compares with what was taken, not with what the file said.
    fn forget(&mut self, gone: &FxHashMap<Id, Vec<Dropped>>) {
        for change in &mut self.changes {
            let is_source = change.kind().source_field() == Some(change.field);
            let Some(fields) = gone.get(&change.id).filter(|_| is_source) else { continue };
            let source = |value: &Value| Option::<Source>::from_value(value).ok().flatten();
            let Some(mut new) = source(&change.to) else { continue };
            let old = source(&change.from).map(|source| source.base).unwrap_or_default();
            for (field, links) in fields {
                match links {
                    Some(links) => forget_links(Arc::make_mut(&mut new.base), field, links),
                    None => put_back(Arc::make_mut(&mut new.base), &old, field),
                }
            }
            change.to = Some(new).to_value();
        }
        self.changes.retain(|change| change.from != change.to);
    }
}

/// A field that was not taken; of a list, the links that were not.
type Dropped = (&'static Field, Option<FxHashSet<Id>>);

/// What is to be handled first: a story has no place in a sprint that runs, unless that sprint should not run at all.
/// A retired product refuses the import as a whole.
fn first_causes(all: Vec<Violation>) -> Vec<Violation> {
    let follows = |one: &Violation| one.rule == Rule::SprintEntries;
    let (later, first): (Vec<Violation>, Vec<Violation>) =
        all.into_iter().filter(|one| one.rule != Rule::Retired).partition(follows);
    if first.is_empty() { later } else { first }
}

/// Links go to what a person should look at, the rest to what was left out.
fn list(step: &Step, one: &Violation, after: &Product, out: &mut Report) {
    let Some(change) = one.changes.first().and_then(|at| step.changes.get(*at)) else { return };
    let title = named(after, change.id);
    let what = sentence(one.rule, change);
    if !one.targets.is_empty() {
        let targets: Vec<String> = one.targets.iter().map(|id| named(after, *id)).collect();
        out.warnings.add(&what, &format!("{title} → {}", targets.join(", ")));
    } else if one.rule == Rule::TextLength {
        out.skipped.add(&what, &format!("{title} ({} bytes)", longest_text(&change.to)));
    } else if one.rule != Rule::Name {
        out.skipped.add(&what, &title);
    }
}

/// As the file calls a record: by its title, else by its id.
fn named(after: &Product, id: Id) -> String {
    let title = after.find(id).map(|record| record.title()).filter(|title| !title.trim().is_empty());
    title.unwrap_or_else(|| id.to_string())
}

/// What was left out, in the words of the report.
fn sentence(rule: Rule, change: &Change) -> String {
    let label = change.field.label;
    match rule {
        Rule::TextLength => format!("{label} longer than 1,048,576 bytes, left out"),
        Rule::Range => format!("{label} below 0, or in a year before 1900 or after 2200; left out"),
        Rule::Nesting => format!("{label} nested too deep, left out"),
        Rule::Link => format!("{label}: link to a missing record, left out"),
        Rule::Circle => format!("{label}: link that would close a cycle, left out"),
        Rule::OneSprint => "a second running sprint: imported as planned".to_string(),
        Rule::OneProductGoal => "a second active Product Goal: imported as a draft".to_string(),
        Rule::Stage => "a stage far before the product's own, left out".to_string(),
        Rule::SprintDays => "sprint that ends before it starts: imported without dates".to_string(),
        Rule::SprintFigures => "figures of a closed sprint, which cannot change".to_string(),
        Rule::Ratified => "change to a ratified roadmap, left out".to_string(),
        Rule::SprintDeleted | Rule::SprintEntries => {
            format!("{label}: change that a sprint which has started does not take, left out")
        }
        Rule::Name | Rule::Retired => format!("{label}, left out"),
    }
}

/// The links of a change without these targets.
fn without(change: &Change, targets: &FxHashSet<Id>) -> Value {
    let left: Vec<Id> = Id::all_in(&change.to).filter(|id| !targets.contains(id)).collect();
    match change.field.shape {
        Shape::Link => left.first().copied().to_value(),
        _ => left.to_value(),
    }
}

/// A new record without a name gets one with its creation, in place of a blank one.
fn named_change(change: Change) -> Vec<Change> {
    let title = change.kind().title_field().filter(|_| change.is_creation());
    let is_title = change.kind().title_field() == Some(change.field);
    let name = title.map(|field| Change { id: change.id, field, from: Value::Null, to: UNNAMED.into() });
    std::iter::once(change).filter(|_| !is_title).chain(name).collect()
}
