//! Turns found records into one step: new records, changes of known ones as `compare` has them, no deletions. It only reads
//! the product; importing the same file a second time gives an empty step.

use crate::import::chronology::sprints_by_date;
use crate::import::found::{Found, FoundRecord, Identity};
use crate::import::left_out::Sifting;
use crate::import::links::Links;
use crate::import::matches::{Match, Matched, matches};
use crate::import::numbers::{Numbers, last_numbers};
use crate::import::past::{OWN, Past, PastMoment};
use crate::import::report::Report;
use crate::import::settling::Settling;
use crate::import::three_way::remember;
use crate::model::change::{Change, Step};
use crate::model::field::Field;
use crate::model::halves::in_owned_halves;
use crate::model::id::{Id, IdSource};
use crate::model::product::Product;
use crate::model::rank::Rank;
use crate::model::saturating::take_at;
use crate::model::schema::{BacklogItem, ItemStatus, Kind};
use crate::model::value::{Cell, Map, Source, Value, When};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// How many cells a record usually brings.
const CELLS: usize = 16;

/// A cell to be imported.
pub(super) type FoundCell = (&'static Field, Value);

/// What an import would do.
#[derive(Clone, Debug, Default)]
pub struct ImportPlan {
    pub step: Step,
    pub report: Report,
}

/// The terms of an import, apart from the file and the product.
pub struct Terms<'a> {
    /// The time of whatever has none of its own.
    pub now: When,
    pub settling: Settling,
    /// What the product has been, for our own files.
    pub past: Past<'a>,
}

impl Terms<'_> {
    /// Nothing is settled, and nothing is known of the past.
    pub fn at(now: When) -> Terms<'static> {
        Terms { now, settling: Settling::default(), past: Past::default() }
    }
}

/// The values of what was found go into the step as they are: a large file is in memory once.
pub fn plan(mut found: Found, product: &Product, ids: &mut IdSource, terms: &Terms) -> ImportPlan {
    sprints_by_date(&mut found);
    let mut report = Report::of(&found);
    let Matched { all: matched, links, moved } =
        matches(&found, product, &terms.past, terms.settling.renamed, ids, &mut report);
    tell_gone(&found, product, &matched, &mut report);
    let board = board_of(&found, &matched);
    let ranks = ranks(&found, product, &matched);
    let last_numbers = last_numbers(&found, product, &matched);
    let kinds: Vec<Kind> = found.records.iter().map(|record| record.kind).collect();
    let (titles, moment) = (titles(&found, &matched), terms.past.moment_of(&found));
    let records = std::mem::take(&mut found.records);
    let mut numbers = Numbers::of(product);
    let placed: Vec<Placed> = records
        .into_iter()
        .zip(&matched)
        .zip(ranks)
        .map(|((record, one), rank)| {
            let number = one.new_id().and_then(|id| numbers.of_record(id, &record, &mut report));
            Placed { record, one: *one, rank, number }
        })
        .collect();
    let is_long = placed.len() >= WORTH_A_THREAD;
    let plan_part = |part: Vec<Placed>| {
        let mut planning = Planning {
            found: &found,
            product,
            links: &links,
            board,
            changes: Vec::with_capacity(part.len().saturating_mul(CELLS)),
            report: Report::default(),
            kept: FxHashSet::default(),
            titles: &titles,
            moment,
            terms,
        };
        part.into_iter().for_each(|one| planning.place(one));
        planning
    };
    let (mut planning, rest) = in_owned_halves(placed, is_long, plan_part);
    if let Some(rest) = rest {
        planning.changes.extend(rest.changes);
        planning.kept.extend(rest.kept);
        planning.report.hear(rest.report);
    }
    planning.changes.extend(moved.into_iter().filter_map(|(id, place)| at_new_place(product, id, place)));
    planning.changes.extend(last_numbers);
    planning.changes.extend(planning.origin());
    let Planning { changes, kept, report: said, .. } = planning;
    report.hear(said);
    let entries_at = Some(terms.now).filter(|_| !found.system.is_empty());
    let sifting = Sifting { product, changes, entries_at, entries_refused: FxHashSet::default() };
    let changes = sifting.sift(&mut report);
    count(&mut report, &kinds, &matched, &changes, &kept);
    ImportPlan { step: Step { label: report.label(), changes }, report }
}

/// From how many records on a second thread is worth its start.
const WORTH_A_THREAD: usize = 1000;

/// A record of the file with all that is settled in the order of the file.
struct Placed {
    record: FoundRecord,
    one: Match,
    rank: Option<Rank>,
    number: Option<Change>,
}

/// The source of a record that has another place from now on.
fn at_new_place(product: &Product, id: Id, (site, key): (String, String)) -> Option<Change> {
    let field = product.find(id)?.kind().source_field()?;
    let from = product.value(id, field);
    let source = Option::<Source>::from_value(&from).ok().flatten()?;
    Some(Change { id, field, from, to: Some(Source { site: site.into(), key: key.into(), ..source }).to_value() })
}

/// Names the stories that are open here and came from the same place, but are not in the file. A file may hold only a
/// part, so they are left as they are.
fn tell_gone(found: &Found, product: &Product, matched: &[Match], report: &mut Report) {
    const GONE: &str = "imported earlier and open here, but not in this file: left as it is";
    if found.system.is_empty() {
        return;
    }
    let known: FxHashSet<Id> =
        matched.iter().filter_map(|one| if let Match::Known(id) = one { Some(*id) } else { None }).collect();
    let sites: FxHashSet<&str> = known
        .iter()
        .filter_map(|id| product.get::<BacklogItem>(*id)?.source.as_ref())
        .filter(|source| &*source.system == found.system)
        .map(|source| &*source.site)
        .collect();
    let is_open = |item: &BacklogItem| !matches!(item.status, ItemStatus::Done | ItemStatus::Dropped);
    for item in product.all::<BacklogItem>().filter(|item| is_open(item) && !known.contains(&item.id)) {
        let source = item.source.as_ref().filter(|source| &*source.system == found.system);
        if source.is_some_and(|source| sites.contains(&*source.site)) {
            report.warnings.add(GONE, &format!("{} {}", product.name_of(item.id), &*item.title));
            report.gone.push(item.id);
        }
    }
}

/// Counts what became of each record: new, changed, unchanged, with changes of your own kept.
fn count(report: &mut Report, kinds: &[Kind], matched: &[Match], changes: &[Change], kept: &FxHashSet<Id>) {
    let told =
        |change: &&Change| change.kind().source_field() != Some(change.field) && change.field.key != "last_numbers";
    let changed: FxHashSet<Id> = changes.iter().filter(told).map(|change| change.id).collect();
    for (kind, one) in kinds.iter().zip(matched) {
        match one {
            Match::New(_) => report.made(*kind),
            Match::Known(id) | Match::Board(id) => report.met(*kind, changed.contains(id), kept.contains(id)),
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

pub(super) struct Planning<'a> {
    pub found: &'a Found,
    pub product: &'a Product,
    links: &'a Links,
    board: Option<(Id, Id)>,
    pub changes: Vec<Change>,
    pub report: Report,
    /// Known records with changes of your own that stay.
    pub kept: FxHashSet<Id>,
    /// What the records are called that this import creates, for comparisons with known ones.
    pub titles: &'a FxHashMap<Id, String>,
    /// How much of the past the file contains.
    pub moment: PastMoment,
    pub terms: &'a Terms<'a>,
}

/// The titles of new records, where there are known ones too.
fn titles(found: &Found, matched: &[Match]) -> FxHashMap<Id, String> {
    if !matched.iter().any(|one| matches!(one, Match::Known(_) | Match::Board(_))) {
        return FxHashMap::default();
    }
    let new = |(record, one): (&FoundRecord, &Match)| match one {
        Match::New(id) => Some((*id, record.title().to_string())),
        _ => None,
    };
    found.records.iter().zip(matched).filter_map(new).collect()
}

impl Planning<'_> {
    fn place(&mut self, placed: Placed) {
        let Placed { record, one, rank, number } = placed;
        match one {
            Match::New(id) => {
                self.make(id, record, rank);
                self.changes.extend(number);
            }
            Match::Known(id) | Match::Board(id) => self.compare(id, record, one),
            Match::Dead => self.report.skipped.add("deleted here, so not restored", record.title()),
            Match::Other => self.report.skipped.add("its id belongs to another kind of record", record.title()),
        }
    }

    /// The file's values of the record, as fields store them.
    pub fn cells(&mut self, record: &mut FoundRecord) -> Vec<FoundCell> {
        let mut links: Vec<FoundCell> = Vec::with_capacity(record.links.len());
        for (field, to) in &record.links {
            links.push((field, self.links.resolve(record, field, to, &mut self.report.warnings)));
        }
        let refused = record.fields.iter_mut().enumerate();
        let refused: Vec<(usize, String)> =
            refused.filter_map(|(at, (field, value))| field.settle(value).err().map(|why| (at, why))).collect();
        for (_, why) in &refused {
            self.report.skipped.add(&format!("{why}; left out"), record.title());
        }
        let mut cells = std::mem::take(&mut record.fields);
        for (at, _) in refused.into_iter().rev() {
            take_at(&mut cells, at);
        }
        cells.iter_mut().for_each(|(field, value)| self.with_own_board(field, value));
        cells.append(&mut links);
        cells
    }

    /// A confirmation against the file's vision counts for the vision here.
    fn with_own_board(&self, field: &Field, value: &mut Value) {
        let Some((theirs, mine)) = self.board else { return };
        if field.key == "confirmed" {
            let theirs = theirs.to_string();
            for one in value.as_array_mut().into_iter().flatten() {
                if let Some(on) = one.get_mut("on").filter(|on| on.as_str() == Some(&theirs)) {
                    *on = Value::from(mine.to_string());
                }
            }
        }
    }

    fn make(&mut self, id: Id, mut record: FoundRecord, rank: Option<Rank>) {
        let cells = self.cells(&mut record);
        let mut base = Map::new();
        if matches!(record.identity, Identity::Foreign { .. }) {
            base = Map::with_capacity(cells.len());
            cells.iter().for_each(|(field, value)| remember(&mut base, field, value));
        }
        let source = self.source(&record, base);
        let kind = record.kind;
        let mut put = |field: Option<&'static Field>, to: Value| {
            let field = field.filter(|_| !to.is_null());
            self.changes.extend(field.map(|field| Change { id, field, from: Value::Null, to }));
        };
        put(kind.field("alive"), Value::Bool(true));
        put(kind.field("rank"), rank.unwrap_or_default().to_value());
        let mut dated = false;
        for (field, to) in cells {
            dated |= field.key == "created" && !to.is_null();
            put(Some(field), to);
        }
        // When a voice was heard is known from its date; it was not written down here.
        if !dated && kind != Kind::Feedback {
            put(kind.field("created"), Some(self.terms.now).to_value());
        }
        if !record.extra.is_empty() {
            put(kind.field("extra"), beside(self.found.system, std::mem::take(&mut record.extra), Map::new()));
        }
        let is_foreign = source.is_some();
        put(kind.source_field(), source.to_value());
        if is_foreign {
            put(kind.field("imported_at"), Some(self.terms.now).to_value());
        }
    }

    /// Of another product of ours, the step up to which it came in: a file of this one says so to that product.
    fn origin(&self) -> Option<Change> {
        let ((theirs, id), key) = (self.board?, self.found.through?);
        let field = Kind::VisionBoard.source_field()?;
        let (system, from) = (OWN.into(), self.product.value(id, field));
        let to =
            Some(Source { system, site: theirs.to_string().into(), key: key.to_string().into(), base: Arc::default() })
                .to_value();
        (from != to).then_some(Change { id, field, from, to })
    }

    pub fn source(&self, record: &FoundRecord, base: Map) -> Option<Source> {
        match &record.identity {
            Identity::Foreign { site, key } => {
                let (site, key) = self.links.place(site, key);
                Some(Source { system: self.found.system.into(), site: site.into(), key: key.into(), base: base.into() })
            }
            Identity::Own(_) => None,
        }
    }
}

/// The data kept with a record: headers of this system replaced or added, all others unchanged.
pub(super) fn beside(system: &str, extra: Map, mut known: Map) -> Value {
    match known.get_mut(system).and_then(Value::as_object_mut) {
        Some(headers) => headers.extend(extra),
        None => drop(known.insert(system.to_string(), Value::from(extra))),
    }
    Value::from(known)
}
