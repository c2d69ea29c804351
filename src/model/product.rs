//! A product in memory: a set of cells, read by type and changed by steps only.

use crate::model::change::{Change, Step, diff, diff_records};
use crate::model::field::{Field, Record};
use crate::model::halves::in_halves;
use crate::model::id::Id;
use crate::model::index::Index;
use crate::model::schema::{BacklogItem, Document, Kind, Shelved, Shelves, VisionBoard, blank};
use crate::model::table::{AnyTable, Table, WantedCell, is_placing};
use crate::model::value::{Life, Map, Value};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

#[derive(Clone, Debug, Default)]
pub struct Product {
    shelves: Shelves,
    index: Index,
    /// Grows with every step applied; caches of derived data use it as their key.
    rev: u64,
    /// Keys at the top of product.json that this program does not know.
    pub unknown: Map,
}

/// From how many changes on, orders and sums are built anew instead of following each record.
const MANY: usize = 2000;

/// The changes made to one record, and the record as it was.
type Done<'a> = (&'a [Change], Option<Arc<dyn Record>>);

/// The changes of each record, in their order. In a step of many records what the program computes stands at its end;
/// a record would be copied once more for each of these cells.
fn by_record(step: &Step) -> Vec<Vec<&Change>> {
    let mut all: Vec<Vec<&Change>> = Vec::new();
    let mut places: FxHashMap<(Kind, Id), usize> = FxHashMap::default();
    for run in step.runs() {
        let Some(first) = run.first() else { continue };
        let place = *places.entry((first.kind(), first.id)).or_insert(all.len());
        match all.get_mut(place) {
            Some(known) => known.extend(run),
            None => all.push(run.iter().collect()),
        }
    }
    all
}

/// The wanted cells among changes of one record.
fn cells<'a>(run: impl Iterator<Item = &'a Change>, wanted: fn(&Field) -> bool) -> Vec<WantedCell<'a>> {
    run.filter(|change| wanted(change.field)).map(|change| (change.field, &change.to)).collect()
}

impl PartialEq for Product {
    fn eq(&self, other: &Product) -> bool {
        self.shelves == other.shelves
    }
}

impl Product {
    pub fn from_document(document: Document) -> Result<Product, String> {
        let mut document = document;
        let unknown = std::mem::take(&mut document.unknown);
        let shelves = document.into_shelves()?;
        let index = Index::built(&shelves.items);
        Ok(Product { shelves, index, rev: 0, unknown })
    }

    /// The records alone, shared with this product, for a checkpoint to write on a thread of its own.
    pub fn records(&self) -> Product {
        Product { shelves: self.shelves.records(), unknown: self.unknown.clone(), ..Product::default() }
    }

    /// Becomes another product, as when its files were replaced from outside. `rev` keeps growing, so that nothing
    /// derived from the old records passes for derived from the new ones.
    pub fn replace_with(&mut self, other: Product) {
        let rev = self.rev.max(other.rev).wrapping_add(1);
        *self = Product { rev, ..other };
    }

    pub fn rev(&self) -> u64 {
        self.rev
    }

    pub fn index(&self) -> &Index {
        &self.index
    }

    pub fn shelves(&self) -> &Shelves {
        &self.shelves
    }

    /// The records of a kind without knowing its type.
    pub fn table(&self, kind: Kind) -> &dyn AnyTable {
        self.shelves.table(kind)
    }

    pub fn of<E: Shelved>(&self) -> &Table<E> {
        E::table(&self.shelves)
    }

    /// A record, deleted or not, whose creation was not undone.
    pub fn get<E: Shelved>(&self, id: Id) -> Option<&Arc<E>> {
        self.of::<E>().get(id).filter(|one| one.life() != Life::Nothing)
    }

    /// The existing records of a kind, in their order.
    pub fn all<E: Shelved>(&self) -> impl DoubleEndedIterator<Item = &Arc<E>> + ExactSizeIterator {
        self.of::<E>().iter()
    }

    /// The existing records of a kind without knowing its type, in their order.
    pub fn living(&self, kind: Kind) -> impl DoubleEndedIterator<Item = &dyn Record> {
        let table = self.table(kind);
        table.order().iter().filter_map(|slot| table.record(*slot))
    }

    /// A record of any kind.
    pub fn find(&self, id: Id) -> Option<&dyn Record> {
        // Stories, the last kind of the table, are the most numerous: the small tables are searched first.
        let found = Kind::ALL.iter().find_map(|kind| self.table(*kind).find(id));
        found.filter(|one| one.life() != Life::Nothing)
    }

    pub fn knows(&self, id: Id) -> bool {
        Kind::ALL.iter().any(|kind| self.table(*kind).slot_of(id).is_some())
    }

    /// The vision board, of which a product has one.
    pub fn vision(&self) -> Option<&Arc<VisionBoard>> {
        self.all::<VisionBoard>().next()
    }

    pub fn name(&self) -> &str {
        self.vision().map_or("", |vision| &vision.name)
    }

    pub fn value(&self, id: Id, field: &Field) -> Value {
        self.table(field.kind).find(id).map(|record| record.value(field)).unwrap_or_default()
    }

    /// A record as people call it: `S24`, `sprint 13`.
    pub fn name_of(&self, id: Id) -> String {
        match self.find(id) {
            Some(record) if record.kind() == Kind::VisionBoard => "the vision".to_string(),
            Some(record) => record.name(),
            None => "a record that is gone".to_string(),
        }
    }

    /// The record that a person names: `S24`, `s24`, `13` or `sprint 13` for a sprint, `rule 2`, or an id.
    pub fn named(&self, text: &str) -> Option<(Kind, Id)> {
        let text = text.trim();
        if let Some(id) = Id::parse(text)
            && let Some(record) = self.find(id)
        {
            return Some((record.kind(), id));
        }
        if text.eq_ignore_ascii_case(Kind::VisionBoard.noun()) {
            return self.vision().map(|board| (Kind::VisionBoard, board.id));
        }
        let (kind, digits) = self.named_kind(text)?;
        let number: u32 = digits.trim().parse().ok()?;
        self.table(kind).by_number(number).map(|id| (kind, id))
    }

    fn named_kind<'a>(&self, text: &'a str) -> Option<(Kind, &'a str)> {
        for (word, kind) in [("sprint", Kind::Sprint), ("rule", Kind::DoneRule)] {
            let (head, tail) = text.split_at_checked(word.len()).unwrap_or((text, ""));
            if head.eq_ignore_ascii_case(word) {
                return Some((kind, tail));
            }
        }
        let first = text.chars().next()?;
        if first.is_ascii_digit() {
            return Some((Kind::Sprint, text));
        }
        let kind = Kind::ALL.iter().copied().find(|kind| kind.letter().eq_ignore_ascii_case(&first))?;
        Some((kind, text.strip_prefix(first)?))
    }

    /// The changes of a record's edit on a copy; the product stays as it is.
    pub fn edit<E: Shelved>(&self, id: Id, label: impl Into<String>, edit: impl FnOnce(&mut E)) -> Step {
        let mut step = Step::new(label);
        if let Some(before) = self.of::<E>().get(id) {
            let mut after = E::clone(before);
            edit(&mut after);
            step.changes = diff(&**before, &after);
        }
        step
    }

    /// The step that turns this product into `after`, record by record. It deletes records that `after` lacks.
    pub fn diff(&self, after: &Product, label: &str) -> Step {
        let mut step = Step::new(label);
        for kind in Kind::ALL {
            let (old, new) = (self.table(*kind), after.table(*kind));
            for slot in new.slots() {
                let Some(now) = new.record(slot).filter(|one| one.life() != Life::Nothing) else { continue };
                let changes = match old.find(now.id()) {
                    Some(was) => diff_records(now.id(), was, now),
                    None => diff_records(now.id(), blank(*kind).as_ref(), now),
                };
                step.changes.extend(changes);
            }
            let gone = |one: &&dyn Record| one.is_alive() && new.find(one.id()).is_none();
            for was in old.slots().filter_map(|slot| old.record(slot)).filter(gone) {
                let delete = |field| Change { id: was.id(), field, from: true.into(), to: false.into() };
                step.changes.extend(kind.field("alive").map(delete));
            }
        }
        step
    }

    /// One cell's change, with the value as the field stores it.
    pub fn set(&self, id: Id, field: &'static Field, to: &Value) -> Result<Option<Change>, String> {
        let (from, to) = (self.value(id, field), field.accept(to)?);
        Ok((from != to).then_some(Change { id, field, from, to }))
    }

    /// The only way in. If a value is invalid for its field, nothing is changed.
    pub fn apply(&mut self, step: &Step) -> Result<(), String> {
        self.apply_where(step, |_| true)
    }

    /// Applies the cells of some fields alone, on a copy that answers questions about them.
    pub fn apply_where(&mut self, step: &Step, wanted: fn(&Field) -> bool) -> Result<(), String> {
        if step.changes.len() > MANY {
            return self.apply_many(step, wanted);
        }
        let mut done: Vec<Done<'_>> = Vec::new();
        for run in step.runs() {
            match self.apply_run(run, wanted) {
                Ok(before) => done.push((run, before)),
                Err(why) => {
                    // Back to the actual old value, which need not be the step's `from`.
                    for (run, before) in done.iter().rev() {
                        let was = |field: &Field| before.as_ref().map(|one| one.value(field)).unwrap_or_default();
                        let back: Vec<Change> =
                            run.iter().map(|one| Change { to: was(one.field), ..Change::clone(one) }).collect();
                        let _ = self.apply_run(&back, wanted);
                    }
                    self.rev = self.rev.wrapping_add(1);
                    return Err(why);
                }
            }
        }
        self.rev = self.rev.wrapping_add(1);
        Ok(())
    }

    /// The same for a step of many records: every record is made before one is taken in.
    fn apply_many(&mut self, step: &Step, wanted: fn(&Field) -> bool) -> Result<(), String> {
        let runs = by_record(step);
        let all_of = |_, runs: &[Vec<&Change>]| {
            let with_cells = runs.iter().filter_map(|run| {
                let cells = cells(run.iter().copied(), wanted);
                let first = run.first().filter(|_| !cells.is_empty())?;
                let record = self.table(first.kind()).altered(first.id, &cells);
                Some(record.map(|record| (first.kind(), record)))
            });
            with_cells.collect::<Result<Vec<_>, String>>()
        };
        let (one, two) = in_halves(&runs, true, all_of);
        for (kind, record) in one?.into_iter().chain(two.transpose()?.into_iter().flatten()) {
            self.shelves.table_mut(kind).put(record);
        }
        let placed = step.changes.iter().filter(|change| is_placing(change.field));
        let kinds: FxHashSet<Kind> = placed.map(Change::kind).collect();
        kinds.into_iter().for_each(|kind| self.shelves.table_mut(kind).rebuild());
        if step.changes.iter().any(|change| Index::counts_by(change.field)) {
            self.index = Index::built(&self.shelves.items);
        }
        self.rev = self.rev.wrapping_add(1);
        Ok(())
    }

    /// Returns the record as it was.
    fn apply_run(&mut self, run: &[Change], wanted: fn(&Field) -> bool) -> Result<Option<Arc<dyn Record>>, String> {
        let Some(first) = run.first() else { return Ok(None) };
        let altered = self.shelves.table_mut(first.kind()).alter(first.id, &cells(run.iter(), wanted))?;
        if run.iter().any(|change| Index::counts_by(change.field)) {
            self.index.follow(&altered, &self.shelves.items);
        }
        Ok(altered.was)
    }

    /// True if the index equals one rebuilt from the cells.
    pub fn index_is_sound(&self) -> bool {
        let orders = Kind::ALL.iter().all(|kind| {
            let mut anew = self.shelves.clone();
            anew.table_mut(*kind).rebuild();
            anew.table(*kind).order() == self.table(*kind).order()
        });
        orders && self.index == Index::built(&self.shelves.items)
    }

    pub fn items(&self) -> &Table<BacklogItem> {
        &self.shelves.items
    }
}
