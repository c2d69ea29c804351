//! Turns found records into one step: new records, a three-way merge for known ones, no deletions. It only reads the
//! product; importing the same file a second time gives an empty step.

use crate::import::found::{Found, FoundRecord, Identity};
use crate::import::left_out::Sifting;
use crate::import::links::Links;
use crate::import::matches::{Match, matches};
use crate::import::report::{Difference, Report};
use crate::import::three_way::{Verdict, base_of, judge, remember};
use crate::model::change::{Change, Step};
use crate::model::field::{Field, Record};
use crate::model::id::{Id, IdSource};
use crate::model::product::Product;
use crate::model::rank::Rank;
use crate::model::schema::{BacklogItem, ItemStatus, Kind, Sprint, SprintState};
use crate::model::value::{Cell, Map, Source, Value, When};
use rustc_hash::FxHashSet;

/// A cell to be imported.
type FoundCell = (&'static Field, Value);

/// What an import would do.
#[derive(Clone, Debug, Default)]
pub struct ImportPlan {
    pub step: Step,
    pub report: Report,
}

/// `now` is the time of whatever has none of its own.
pub fn plan(found: &Found, product: &Product, ids: &mut IdSource, now: When) -> ImportPlan {
    let (matched, links) = matches(found, product, ids);
    let board = board_of(found, &matched);
    let ranks = ranks(found, product, &matched);
    let mut planning = Planning {
        found,
        product,
        links,
        board,
        changes: Vec::new(),
        report: Report::of(found),
        kept: FxHashSet::default(),
        now,
    };
    for ((record, one), rank) in found.records.iter().zip(&matched).zip(ranks) {
        match one {
            Match::New(id) => planning.make(*id, record, rank),
            Match::Known(id) | Match::Board(id) => planning.compare(*id, record, *one),
            Match::Dead => planning.report.skipped.add("deleted here, so not restored", record.title()),
            Match::Other => planning.report.skipped.add("its id belongs to another kind of record", record.title()),
        }
    }
    let Planning { changes, mut report, kept, .. } = planning;
    let entries_at = Some(now).filter(|_| !found.system.is_empty());
    let sifting = Sifting { product, changes, entries_at, entries_refused: FxHashSet::default() };
    let changes = sifting.sift(&mut report);
    count(&mut report, found, &matched, &changes, &kept);
    ImportPlan { step: Step { label: report.label(), changes }, report }
}

/// Counts what became of each record: new, changed, unchanged, with changes of your own kept.
fn count(report: &mut Report, found: &Found, matched: &[Match], changes: &[Change], kept: &FxHashSet<Id>) {
    let told = |change: &&Change| change.kind().source_field() != Some(change.field);
    let changed: FxHashSet<Id> = changes.iter().filter(told).map(|change| change.id).collect();
    for (record, one) in found.records.iter().zip(matched) {
        match one {
            Match::New(_) => report.made(record.kind),
            Match::Known(id) | Match::Board(id) => report.met(record.kind, changed.contains(id), kept.contains(id)),
            Match::Dead | Match::Other => {}
        }
    }
}

/// The vision board of another product's file: its id, and that of the one here.
fn board_of(found: &Found, matched: &[Match]) -> Option<(Id, Id)> {
    found.records.iter().zip(matched).find_map(|(record, one)| match (&record.identity, one) {
        (Identity::Own(theirs), Match::Board(mine)) => Some((*theirs, *mine)),
        _ => None,
    })
}

/// Ranks for the new records: below the existing ones, in the file's order; as in the file if there are none yet.
fn ranks(found: &Found, product: &Product, matched: &[Match]) -> Vec<Option<Rank>> {
    let mut out: Vec<Option<Rank>> = vec![None; matched.len()];
    for kind in Kind::ALL {
        let mut new: Vec<(usize, Option<&Rank>)> = found
            .records
            .iter()
            .zip(matched)
            .enumerate()
            .filter(|(_, (record, one))| record.kind == *kind && matches!(one, Match::New(_)))
            .map(|(place, (record, _))| (place, record.rank.as_ref()))
            .collect();
        if new.is_empty() {
            continue;
        }
        // Records without a rank come first, as in the table.
        new.sort_by(|a, b| a.1.cmp(&b.1));
        let last = last_rank(product, *kind);
        let keeps = last.is_none() && new.iter().all(|(_, rank)| rank.is_some());
        let spread = if keeps { Vec::new() } else { Rank::spread(last.as_ref(), None, new.len()) };
        let mut spread = spread.into_iter();
        for (place, rank) in new {
            if let Some(to) = out.get_mut(place) {
                *to = if keeps { rank.cloned() } else { spread.next() };
            }
        }
    }
    out
}

fn last_rank(product: &Product, kind: Kind) -> Option<Rank> {
    let shelf = product.table(kind);
    shelf.order().last().and_then(|slot| shelf.record(*slot)).map(|record| record.rank().clone())
}

struct Planning<'a> {
    found: &'a Found,
    product: &'a Product,
    links: Links,
    board: Option<(Id, Id)>,
    changes: Vec<Change>,
    report: Report,
    /// Known records with changes of your own that stay.
    kept: FxHashSet<Id>,
    now: When,
}

impl Planning<'_> {
    /// The file's values of the record, as fields store them.
    fn cells(&mut self, record: &FoundRecord) -> Vec<FoundCell> {
        let mut cells: Vec<FoundCell> = Vec::with_capacity(record.fields.len().saturating_add(record.links.len()));
        for (field, value) in &record.fields {
            match field.accept(value) {
                Ok(value) => cells.push((field, self.with_own_board(field, value))),
                Err(why) => self.report.skipped.add(&format!("{why}; left out"), record.title()),
            }
        }
        for (field, to) in &record.links {
            let to = self.links.resolve(record, field, to, &mut self.report.warnings);
            cells.push((field, to));
        }
        cells
    }

    /// A confirmation against the file's vision counts for the vision here.
    fn with_own_board(&self, field: &Field, mut value: Value) -> Value {
        let Some((theirs, mine)) = self.board else { return value };
        if field.key == "confirmed" {
            let theirs = theirs.to_string();
            for one in value.as_array_mut().into_iter().flatten() {
                if let Some(on) = one.get_mut("on").filter(|on| on.as_str() == Some(&theirs)) {
                    *on = Value::String(mine.to_string());
                }
            }
        }
        value
    }

    fn make(&mut self, id: Id, record: &FoundRecord, rank: Option<Rank>) {
        let cells = self.cells(record);
        let mut base = Map::new();
        cells.iter().for_each(|(field, value)| remember(&mut base, field, value));
        let source = self.source(record, base);
        let mut put = |key: &str, to: Value| {
            let field = record.kind.field(key).filter(|_| !to.is_null());
            self.changes.extend(field.map(|field| Change { id, field, from: Value::Null, to }));
        };
        put("alive", Value::Bool(true));
        put("rank", rank.unwrap_or_default().to_value());
        let mut dated = false;
        for (field, to) in cells {
            dated |= field.key == "created" && !to.is_null();
            put(field.key, to);
        }
        if !dated {
            put("created", Some(self.now).to_value());
        }
        if !record.extra.is_empty() {
            put("extra", beside(self.found.system, record, Map::new()));
        }
        if let Some(field) = record.kind.source_field() {
            put(field.key, source.to_value());
        }
    }

    fn source(&self, record: &FoundRecord, base: Map) -> Option<Source> {
        match &record.identity {
            Identity::Foreign { site, key } => {
                let (site, key) = self.links.place(site, key);
                Some(Source { system: self.found.system.to_string(), site, key, base })
            }
            Identity::Own(_) => None,
        }
    }

    fn compare(&mut self, id: Id, record: &FoundRecord, how: Match) {
        let Some(mine) = self.product.table(record.kind).find(id) else { return };
        let source_field = record.kind.source_field().filter(|_| is_foreign(record));
        let before = source_field.and_then(|field| Option::<Source>::from_value(&mine.value(field)).ok().flatten());
        let base = before.as_ref().map(|source| source.base.clone()).unwrap_or_default();
        let mut weighed = self.weigh(mine, record, how, base);
        if let Some(field) = record.kind.field("extra").filter(|_| !record.extra.is_empty()) {
            let known = mine.value(field).as_object().cloned().unwrap_or_default();
            weighed.taken.push((field, beside(self.found.system, record, known)));
        }
        if let Some(item) = mine.as_any().downcast_ref::<BacklogItem>() {
            self.follow_status(item, &mut weighed.taken);
        }
        for (field, to) in weighed.taken {
            let from = mine.value(field);
            if from != to {
                self.changes.push(Change { id, field, from, to });
            }
        }
        if let (Some(field), Some(before)) = (source_field, before)
            && before.base != weighed.base
        {
            let to = Some(Source { base: weighed.base, ..before }).to_value();
            self.changes.push(Change { id, field, from: mine.value(field), to });
        }
        if weighed.kept {
            self.kept.insert(id);
        }
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
            let what = "reopened in the file, but done in a sprint that is closed here: they stay done";
            self.report.warnings.add(what, &item.title);
            return;
        }
        for key in ["closed", "accepted_by"] {
            taken.retain(|(field, _)| field.key != key);
            taken.extend(Kind::BacklogItem.field(key).map(|field| (field, Value::Null)));
        }
    }

    /// Field by field: what is imported, what stays, and what the next import compares with.
    fn weigh(&mut self, mine: &dyn Record, record: &FoundRecord, how: Match, base: Map) -> Weighed {
        let mut out = Weighed { base, ..Weighed::default() };
        for (field, theirs) in self.cells(record) {
            if stays(field, how, is_foreign(record)) || (record.kind.title_field() == Some(field) && is_blank(&theirs))
            {
                continue;
            }
            let old = mine.value(field);
            let theirs = if field.key == "unknown" { merged(&old, &theirs) } else { theirs };
            let outright = !is_foreign(record) && matches!(how, Match::Known(_));
            let verdict = match base_of(&out.base, field) {
                _ if old == theirs => Verdict::Same,
                _ if outright => Verdict::Take,
                base => judge(field, &base, &old, &theirs),
            };
            match verdict {
                Verdict::Same => remember(&mut out.base, field, &theirs),
                Verdict::Take => {
                    remember(&mut out.base, field, &theirs);
                    out.taken.push((field, theirs));
                }
                Verdict::Merge(both) => {
                    remember(&mut out.base, field, &theirs);
                    out.kept = true;
                    out.taken.push((field, both));
                }
                Verdict::Keep => out.kept = true,
                Verdict::Differs => self.report.differs.push(Difference {
                    record: mine.name(),
                    title: mine.title(),
                    field: field.label,
                    mine: old,
                    theirs,
                }),
            }
        }
        out
    }
}

/// The result of a comparison.
#[derive(Default)]
struct Weighed {
    taken: Vec<FoundCell>,
    /// Changed here since the last import, but not in the file.
    kept: bool,
    base: Map,
}

fn is_foreign(record: &FoundRecord) -> bool {
    matches!(record.identity, Identity::Foreign { .. })
}

/// Fields of a known record that no file can change.
fn stays(field: &Field, how: Match, foreign: bool) -> bool {
    match how {
        Match::Board(_) => matches!(field.key, "name"),
        // Sprints and Product Goals start and end here, with all that this involves.
        _ if foreign && field.key == "state" => matches!(field.kind, Kind::Sprint | Kind::ProductGoal),
        _ => field.key == "why_rev",
    }
}

/// The data kept with a record: headers of this system replaced or added, all others unchanged.
fn beside(system: &str, record: &FoundRecord, mut known: Map) -> Value {
    let mut headers = known.get(system).and_then(Value::as_object).cloned().unwrap_or_default();
    for (header, values) in &record.extra {
        headers.insert(header.clone(), values.clone());
    }
    known.insert(system.to_string(), Value::Object(headers));
    Value::Object(known)
}

fn merged(mine: &Value, theirs: &Value) -> Value {
    match (mine, theirs) {
        (Value::Object(mine), Value::Object(theirs)) => {
            let mut all = mine.clone();
            all.extend(theirs.iter().map(|(key, value)| (key.clone(), value.clone())));
            Value::Object(all)
        }
        (_, theirs) => theirs.clone(),
    }
}

fn is_blank(value: &Value) -> bool {
    value.as_str().is_none_or(|text| text.trim().is_empty())
}
