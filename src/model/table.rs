//! All records of one kind: by slot, by id, by number, and in manual order.
//!
//! A slot is a record's index in the vector and never changes, so that orders and sums can refer to slots.

use crate::model::field::{Entity, Field, Record};
use crate::model::id::Id;
use crate::model::rank::Rank;
use crate::model::saturating::{put_at, small, take_at};
use crate::model::value::{Life, Value};
use rustc_hash::FxHashMap;
use std::sync::Arc;

pub type Slot = u32;

/// No list of records exceeds the range of a slot: memory ends first.
fn slot_at(place: usize) -> Slot {
    small(place)
}

#[derive(Clone, Debug)]
pub struct Table<E> {
    records: Vec<Arc<E>>,
    slots: FxHashMap<Id, Slot>,
    /// The existing ones by (rank, id).
    order: Vec<Slot>,
    numbers: FxHashMap<u32, Slot>,
}

impl<E> Default for Table<E> {
    fn default() -> Self {
        Table { records: Vec::new(), slots: FxHashMap::default(), order: Vec::new(), numbers: FxHashMap::default() }
    }
}

/// A record before and after one step's changes to it.
pub struct Altered {
    pub slot: Slot,
    pub before: Option<Arc<dyn Record>>,
    /// Like `get`, but also returns a record whose creation was undone.
    pub was: Option<Arc<dyn Record>>,
    pub after: Arc<dyn Record>,
}

/// True if the order of a table or the numbers of its records follow from the field.
pub fn is_placing(field: &Field) -> bool {
    matches!(field.key, "alive" | "rank" | "number")
}

/// A cell, and the value that it is to have.
pub type WantedCell<'a> = (&'static Field, &'a Value);

/// A table of any kind.
pub trait AnyTable: Sync {
    fn record(&self, slot: Slot) -> Option<&dyn Record>;
    fn find(&self, id: Id) -> Option<&dyn Record>;
    fn slot_of(&self, id: Id) -> Option<Slot>;
    fn by_number(&self, number: u32) -> Option<Id>;
    /// The existing records, in order.
    fn order(&self) -> &[Slot];
    /// Every slot that contains or contained a record.
    fn slots(&self) -> std::ops::Range<Slot>;
    /// Writes cells of one record, creating it if it is new. If a value is invalid, nothing is written.
    fn alter(&mut self, id: Id, cells: &[WantedCell]) -> Result<Altered, String>;
    /// The record as it will be with these cells.
    ///
    /// # Errors
    ///
    /// Says which value is invalid for its field.
    fn altered(&self, id: Id, cells: &[WantedCell]) -> Result<Arc<dyn Record>, String>;
    /// Takes a record of this kind in. Orders and numbers stay as they are: `rebuild` comes after the last record.
    fn put(&mut self, record: Arc<dyn Record>);
    /// Rebuilds orders and numbers from scratch.
    fn rebuild(&mut self);
}

fn before<E: Entity>(a: &E, b: &E) -> bool {
    (Entity::rank(a), Entity::id(a)) < (Entity::rank(b), Entity::id(b))
}

impl<E: Entity> Table<E> {
    pub fn filled(records: Vec<Arc<E>>) -> Result<Self, String> {
        let mut shelf =
            Table { slots: FxHashMap::with_capacity_and_hasher(records.len(), Default::default()), ..Table::default() };
        for (slot, record) in records.iter().enumerate() {
            if shelf.slots.insert(Entity::id(&**record), slot_at(slot)).is_some() {
                return Err(format!("duplicate id {} among the {}", Entity::id(&**record), E::KIND.plural()));
            }
        }
        shelf.records = records;
        shelf.rebuild();
        Ok(shelf)
    }

    /// The records without orders and numbers.
    pub fn records_alone(&self) -> Self {
        Table { records: self.records.clone(), ..Table::default() }
    }

    pub fn get(&self, id: Id) -> Option<&Arc<E>> {
        self.records.get(*self.slots.get(&id)? as usize)
    }

    pub fn at(&self, slot: Slot) -> Option<&Arc<E>> {
        self.records.get(slot as usize)
    }

    /// The existing records, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Arc<E>> + ExactSizeIterator {
        static NONE: [Slot; 0] = [];
        let order = if self.order.is_empty() { &NONE[..] } else { &self.order };
        InOrder { shelf: self, order: order.iter() }
    }

    /// All existing records, deleted ones included, in unspecified order.
    pub fn all(&self) -> impl Iterator<Item = &Arc<E>> {
        self.records.iter().filter(|record| record.life() != Life::Nothing)
    }

    pub fn len(&self) -> usize {
        self.order.len()
    }

    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    pub fn last_rank(&self) -> Option<&Rank> {
        self.order.last().and_then(|slot| self.at(*slot)).map(|record| Entity::rank(&**record))
    }

    pub fn first_rank(&self) -> Option<&Rank> {
        self.order.first().and_then(|slot| self.at(*slot)).map(|record| Entity::rank(&**record))
    }

    /// The position of an existing record in the order.
    pub fn place(&self, record: &E) -> Option<usize> {
        let at = self.order.partition_point(|slot| self.at(*slot).is_some_and(|other| before(&**other, record)));
        let slot = self.slots.get(&record.id())?;
        (self.order.get(at) == Some(slot)).then_some(at)
    }

    fn record_with(&self, id: Id, cells: &[WantedCell]) -> Result<E, String> {
        let mut record = self.get(id).map(|known| E::clone(known)).unwrap_or_default();
        record.set_id(id);
        for (field, to) in cells {
            (field.write)(&mut record, to).map_err(|why| format!("{}: {why}", field.label))?;
        }
        Ok(record)
    }

    /// Puts a record in its slot, or in a new one.
    fn store(&mut self, record: Arc<E>) -> Slot {
        let next = slot_at(self.records.len());
        let slot = *self.slots.entry(record.id()).or_insert(next);
        match self.records.get_mut(slot as usize) {
            Some(place) => *place = record,
            None => self.records.push(record),
        }
        slot
    }

    fn enter(&mut self, slot: Slot) {
        let Some(record) = self.at(slot).cloned() else { return };
        if record.number() > 0 && record.life() != Life::Nothing {
            self.numbers.insert(record.number(), slot);
        }
        if record.is_alive() {
            let at = self.order.partition_point(|other| self.at(*other).is_some_and(|o| before(&**o, &*record)));
            put_at(&mut self.order, at, slot);
        }
    }

    fn leave(&mut self, slot: Slot, record: &E) {
        if self.numbers.get(&record.number()) == Some(&slot) {
            self.numbers.remove(&record.number());
        }
        if let Some(at) = self.place(record) {
            take_at(&mut self.order, at);
        }
    }
}

struct InOrder<'a, E> {
    shelf: &'a Table<E>,
    order: std::slice::Iter<'a, Slot>,
}

impl<'a, E: Entity> Iterator for InOrder<'a, E> {
    type Item = &'a Arc<E>;
    fn next(&mut self) -> Option<Self::Item> {
        self.order.by_ref().find_map(|slot| self.shelf.at(*slot))
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.order.size_hint()
    }
}

impl<E: Entity> DoubleEndedIterator for InOrder<'_, E> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let shelf = self.shelf;
        self.order.next_back().and_then(|slot| shelf.at(*slot))
    }
}

impl<E: Entity> ExactSizeIterator for InOrder<'_, E> {}

impl<E: Entity> AnyTable for Table<E> {
    fn record(&self, slot: Slot) -> Option<&dyn Record> {
        self.at(slot).map(|record| &**record as &dyn Record)
    }

    fn find(&self, id: Id) -> Option<&dyn Record> {
        self.get(id).map(|record| &**record as &dyn Record)
    }

    fn slot_of(&self, id: Id) -> Option<Slot> {
        self.slots.get(&id).copied()
    }

    fn by_number(&self, number: u32) -> Option<Id> {
        self.at(*self.numbers.get(&number)?).map(|record| record.id())
    }

    fn order(&self) -> &[Slot] {
        &self.order
    }

    fn slots(&self) -> std::ops::Range<Slot> {
        0..slot_at(self.records.len())
    }

    fn alter(&mut self, id: Id, cells: &[WantedCell]) -> Result<Altered, String> {
        let record = Arc::new(self.record_with(id, cells)?);
        let known = self.slots.get(&id).copied();
        let before = known.and_then(|slot| self.at(slot)).cloned();
        let moves = cells.iter().any(|(field, _)| is_placing(field));
        if let (true, Some(slot), Some(before)) = (moves, known, &before) {
            self.leave(slot, before);
        }
        let slot = self.store(Arc::clone(&record));
        if moves || before.is_none() {
            self.enter(slot);
        }
        let was = before.map(|one| one as Arc<dyn Record>);
        let before = was.clone().filter(|one| one.life() != Life::Nothing);
        Ok(Altered { slot, before, was, after: record })
    }

    fn altered(&self, id: Id, cells: &[WantedCell]) -> Result<Arc<dyn Record>, String> {
        Ok(Arc::new(self.record_with(id, cells)?))
    }

    fn put(&mut self, record: Arc<dyn Record>) {
        if let Ok(record) = record.into_any().downcast::<E>() {
            self.store(record);
        }
    }

    fn rebuild(&mut self) {
        self.numbers.clear();
        let mut order: Vec<(u64, Slot)> = Vec::with_capacity(self.records.len());
        for (slot, record) in self.records.iter().enumerate() {
            if record.number() > 0 && record.life() != Life::Nothing {
                self.numbers.insert(record.number(), slot_at(slot));
            }
            if record.is_alive() {
                order.push((Entity::rank(&**record).prefix(), slot_at(slot)));
            }
        }
        // The first eight bytes decide nearly every comparison without touching the record.
        let key = |slot: Slot| self.at(slot).map(|record| (Entity::rank(&**record), record.id()));
        order.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| key(a.1).cmp(&key(b.1))));
        self.order = order.into_iter().map(|(_, slot)| slot).collect();
    }
}

impl<E: Entity> PartialEq for Table<E> {
    /// Equal if the same records are there, in whatever slots.
    fn eq(&self, other: &Self) -> bool {
        let alike = |a: &Self, b: &Self| {
            a.all().all(|one| b.get(one.id()).is_some_and(|two| Arc::ptr_eq(one, two) || one == two))
        };
        alike(self, other) && alike(other, self)
    }
}
