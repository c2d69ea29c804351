//! Compares a found record with the one here, field by field: what is taken, what stays, what only a person can settle,
//! and what the next import compares with.

use crate::import::found::{FoundRecord, Identity};
use crate::import::matches::Match;
use crate::import::plan::{FoundCell, Planning, beside};
use crate::import::report::Difference;
use crate::import::settling::Whose;
use crate::import::three_way::{Base, Verdict, base_of, has_same, judge, print_of, remember};
use crate::model::change::Change;
use crate::model::field::{Field, Record};
use crate::model::id::Id;
use crate::model::role::Owner;
use crate::model::schema::{BacklogItem, ItemStatus, Kind, Sprint, SprintState};
use crate::model::value::{Cell, Extra, Map, Source, Value};
use std::sync::Arc;

/// What follows from a story's status and moves with it.
const OF_STATUS: &[&str] = &["closed", "accepted_by", "earlier_end", "carried"];

/// A file that only says that a story is open says nothing new where the last import brought one in progress, as from the
/// project that the issue is in.
fn still_open(base: &Map, field: &Field, theirs: Value) -> Value {
    let is_status = field.kind == Kind::BacklogItem && field.key == "status";
    let says_open = || ItemStatus::from_value(&theirs).is_ok_and(|status| status == ItemStatus::ToDo);
    if !is_status || !says_open() {
        return theirs;
    }
    let known = [ItemStatus::Doing, ItemStatus::ToAccept].map(|status| status.to_value());
    known.into_iter().find(|known| base.get(field.key) == Some(&print_of(field, known))).unwrap_or(theirs)
}

/// A field of which the file says something.
struct Weighed {
    field: &'static Field,
    mine: Value,
    theirs: Value,
    verdict: Verdict,
}

/// Whose value a field has after the import.
#[derive(Clone, PartialEq)]
enum Outcome {
    Same,
    Theirs(Value),
    /// Mine, and the next import takes the file's value for known.
    Settled,
    /// Mine, and the next import compares again.
    Mine,
}

/// The result of a comparison.
#[derive(Default)]
struct Compared {
    taken: Vec<FoundCell>,
    /// Something that was changed here stays.
    kept: bool,
    base: Map,
}

impl Compared {
    fn take(&mut self, one: &Weighed, outcome: Outcome) {
        match outcome {
            Outcome::Same => remember(&mut self.base, one.field, &one.theirs),
            Outcome::Theirs(to) => {
                remember(&mut self.base, one.field, &one.theirs);
                self.kept |= to != one.theirs;
                self.taken.push((one.field, to));
            }
            Outcome::Settled => {
                remember(&mut self.base, one.field, &one.theirs);
                self.kept = true;
            }
            Outcome::Mine => self.kept |= one.verdict == Verdict::Keep,
        }
    }
}

impl Planning<'_> {
    pub fn compare(&mut self, id: Id, mut record: FoundRecord, how: Match) {
        let Some(mine) = self.product.table(record.kind).find(id) else { return };
        let source_field = record.kind.source_field().filter(|_| is_foreign(&record));
        let before = source_field.and_then(|field| mine.cell::<Option<Source>>(field)?.as_ref());
        let base = before.map(|source| Map::clone(&source.base)).unwrap_or_default();
        let mut compared = self.fields(mine, &mut record, how, base);
        if let Some(field) = record.kind.field("extra").filter(|_| !record.extra.is_empty()) {
            let none = Map::new();
            let known = mine.cell::<Extra>(field).map_or(&none, |extra| &extra.0);
            let headers = known.get(self.found.system).and_then(Value::as_object);
            let is_known = |(header, value): (&Arc<str>, &Value)| {
                headers.and_then(|known| known.get(header)).is_some_and(|known| has_same(known, value))
            };
            if !record.extra.iter().all(is_known) {
                let extra = std::mem::take(&mut record.extra);
                compared.taken.push((field, beside(self.found.system, extra, known.clone())));
            }
        }
        if let Some(item) = mine.as_any().downcast_ref::<BacklogItem>() {
            self.follow_status(item, &mut compared.taken);
        }
        for (field, to) in compared.taken {
            let from = mine.value(field);
            if from != to {
                self.changes.push(Change { id, field, from, to });
            }
        }
        if let (Some(field), Some(before)) = (source_field, before) {
            // The place too, which a transfer has changed.
            let now = self.source(&record, compared.base);
            if now.as_ref() != Some(before) {
                self.changes.push(Change { id, field, from: mine.value(field), to: now.to_value() });
            }
        }
        if compared.kept {
            self.kept.insert(id);
        }
    }

    fn fields(&mut self, mine: &dyn Record, record: &mut FoundRecord, how: Match, base: Map) -> Compared {
        let mut out = Compared { base, ..Compared::default() };
        let mut all = self.weigh(mine, record, how, &out.base);
        let is_status = |one: &Weighed| one.field.kind == Kind::BacklogItem && one.field.key == "status";
        // The status comes first: others follow it.
        all.sort_by_key(|one| !is_status(one));
        let mut status = None;
        for one in &all {
            let outcome = match &status {
                Some(status) if OF_STATUS.contains(&one.field.key) => with_status(status, one),
                _ => self.outcome(mine, one),
            };
            if is_status(one) {
                status = Some(outcome.clone());
            }
            out.take(one, outcome);
        }
        out
    }

    /// The fields of which the file says something, each compared with what the last import brought.
    fn weigh(&mut self, mine: &dyn Record, record: &mut FoundRecord, how: Match, base: &Map) -> Vec<Weighed> {
        let mut out = Vec::new();
        for (field, theirs) in self.whole(mine, record) {
            if stays(field, how, is_foreign(record)) || (record.kind.title_field() == Some(field) && is_blank(&theirs))
            {
                continue;
            }
            // A file without the day says nothing about it: the one here is that of the import.
            if is_foreign(record) && field.key == "created" && theirs.is_null() {
                continue;
            }
            let here = mine.value(field);
            let theirs = if field.key == "unknown" { merged(&here, &theirs) } else { theirs };
            let theirs = if self.found.says_open_only { still_open(base, field, theirs) } else { theirs };
            let base = match how {
                Match::Known(id) if !is_foreign(record) => self.was(id, field, &here, &theirs),
                _ => base_of(base, field),
            };
            let verdict = judge(field, &base, &here, &theirs);
            out.push(Weighed { field, mine: here, theirs, verdict });
        }
        out
    }

    /// What a field was when our own file was written.
    fn was(&self, id: Id, field: &Field, mine: &Value, theirs: &Value) -> Base {
        Base::of(field, self.terms.past.base(self.moment, id, field, mine, theirs))
    }

    /// The file's cells, and the empty ones that an export leaves out.
    fn whole(&mut self, mine: &dyn Record, record: &mut FoundRecord) -> Vec<FoundCell> {
        let mut cells = self.cells(record);
        if self.found.through.is_some() {
            let named: Vec<&str> = cells.iter().map(|(field, _)| field.key).collect();
            let is_left_out = |field: &&Field| !field.is_head() && !named.contains(&field.key) && !is_given(field);
            let empty = record.kind.fields().iter().filter(is_left_out).filter(|field| !mine.value(field).is_null());
            let empty: Vec<FoundCell> = empty.map(|field| (field, Value::Null)).collect();
            cells.extend(empty);
        }
        cells
    }

    /// What becomes of a field, as far as a person has a say in it. What the program itself writes is no such matter.
    fn outcome(&mut self, mine: &dyn Record, one: &Weighed) -> Outcome {
        match &one.verdict {
            Verdict::Same => return Outcome::Same,
            Verdict::Take => return Outcome::Theirs(one.theirs.clone()),
            Verdict::Merge(both) => return Outcome::Theirs(both.clone()),
            Verdict::Differs if one.field.owner == Owner::System => return Outcome::Settled,
            Verdict::Keep if one.field.owner == Owner::System || !self.found.system.is_empty() => return Outcome::Mine,
            Verdict::Keep | Verdict::Differs => {}
        }
        // Our own file is a copy of this product: who imports it may want it back as it was, but only by name.
        let only_here = one.verdict == Verdict::Keep;
        let settling = &self.terms.settling;
        let settled =
            if only_here { settling.named(&mine.name(), one.field) } else { settling.of(&mine.name(), one.field) };
        self.report.differs.push(Difference {
            record: mine.name(),
            title: mine.title(),
            field: one.field,
            mine: self.said(one.field, &one.mine),
            theirs: self.said(one.field, &one.theirs),
            only_here,
            settled,
        });
        match settled {
            None => Outcome::Mine,
            Some(Whose::Mine) => Outcome::Settled,
            Some(Whose::Theirs) => Outcome::Theirs(one.theirs.clone()),
        }
    }

    /// A value as people read it.
    fn said(&self, field: &Field, value: &Value) -> String {
        if !field.is_link() {
            return field.text_of(value);
        }
        let name = |id: Id| match self.titles.get(&id) {
            Some(title) => format!("\u{201c}{title}\u{201d}"),
            None => self.product.name_of(id),
        };
        Id::all_in(value).map(name).collect::<Vec<_>>().join(", ")
    }

    /// The facts of closing move with the status: a story that is open again has none. What was done in a sprint that is
    /// closed here stays done: its figures have counted it.
    fn follow_status(&mut self, item: &BacklogItem, taken: &mut Vec<FoundCell>) {
        let is_over = |status: ItemStatus| matches!(status, ItemStatus::Done | ItemStatus::Dropped);
        let status = taken.iter().find(|(field, _)| field.key == "status").map(|(_, to)| ItemStatus::from_value(to));
        let Some(Ok(to)) = status.filter(|_| is_over(item.status)) else { return };
        if is_over(to) {
            return;
        }
        let sprint = item.sprint.and_then(|id| self.product.get::<Sprint>(id));
        if item.status == ItemStatus::Done && sprint.is_some_and(|sprint| sprint.state == SprintState::Closed) {
            taken.retain(|(field, _)| !matches!(field.key, "status" | "closed"));
            let what = "reopened in the file, but done in a sprint that is closed here: it stays done";
            self.report.warnings.add(what, &item.title);
            return;
        }
        for key in ["closed", "accepted_by"] {
            taken.retain(|(field, _)| field.key != key);
            taken.extend(Kind::BacklogItem.field(key).map(|field| (field, Value::Null)));
        }
    }
}

/// What follows from the status is taken where the status is; where both sides agree on it, mine stays.
fn with_status(status: &Outcome, one: &Weighed) -> Outcome {
    match (status, &one.verdict) {
        (Outcome::Theirs(_), _) | (Outcome::Same, Verdict::Take) => Outcome::Theirs(one.theirs.clone()),
        (_, Verdict::Same) => Outcome::Same,
        (Outcome::Same, Verdict::Keep) | (Outcome::Mine, _) => Outcome::Mine,
        (Outcome::Same | Outcome::Settled, _) => Outcome::Settled,
    }
}

pub(super) fn is_foreign(record: &FoundRecord) -> bool {
    matches!(record.identity, Identity::Foreign { .. })
}

/// Fields of a known record that no file can change.
fn stays(field: &Field, how: Match, foreign: bool) -> bool {
    match how {
        Match::Board(_) => matches!(field.key, "name" | "source"),
        // Sprints and Product Goals start and end here, with all that this involves.
        _ if foreign && field.key == "state" => matches!(field.kind, Kind::Sprint | Kind::ProductGoal),
        _ => field.key == "why_rev",
    }
}

/// Fields that no file of ours sets.
fn is_given(field: &Field) -> bool {
    matches!(field.key, "why_rev" | "last_numbers") || field.kind.source_field() == Some(field)
}

fn merged(mine: &Value, theirs: &Value) -> Value {
    match (mine, theirs) {
        (Value::Object(mine), Value::Object(theirs)) => {
            let mut all = Map::clone(mine);
            all.extend(theirs.iter().map(|(key, value)| (key.clone(), value.clone())));
            Value::from(all)
        }
        (_, theirs) => theirs.clone(),
    }
}

fn is_blank(value: &Value) -> bool {
    value.as_str().is_none_or(|text| text.trim().is_empty())
}
