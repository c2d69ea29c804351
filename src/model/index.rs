//! An index beside the cells, so that no key press walks the whole backlog: the stories under each why, and sums.
//!
//! Updated incrementally by each step; `Index::built` builds it from scratch, and both must always be equal.

use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::saturating::{percent, put_at, take_at};
use crate::model::schema::{BacklogItem, ItemStatus, Kind};
use crate::model::table::{Altered, AnyTable, Slot, Table, is_placing};
use crate::model::value::{Amount, Life};
use rustc_hash::FxHashMap;

/// The stories that serve one why, or none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Under {
    /// In backlog order.
    pub slots: Vec<Slot>,
    pub sums: Sums,
}

/// Sums over existing stories. Dropped ones count only in `dropped`. A story that has parts is counted through them alone.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sums {
    pub items: u32,
    pub done: u32,
    pub dropped: u32,
    /// Stories without points, done ones included.
    pub unsized_items: u32,
    pub unsized_done: u32,
    pub points: i64,
    pub done_points: i64,
    pub blocked: u32,
}

impl Sums {
    fn count(&mut self, item: &BacklogItem, sign: i32) {
        let add = |sum: &mut u32, yes: bool| {
            if yes {
                *sum = sum.saturating_add_signed(sign);
            }
        };
        let done = item.status == ItemStatus::Done;
        if item.status == ItemStatus::Dropped {
            add(&mut self.dropped, true);
            return;
        }
        add(&mut self.items, true);
        add(&mut self.done, done);
        add(&mut self.blocked, !item.blocked.is_empty() && !done);
        match item.points {
            None => {
                add(&mut self.unsized_items, true);
                add(&mut self.unsized_done, done);
            }
            Some(points) => {
                let points = points.in_hundredths().saturating_mul(i64::from(sign));
                self.points = self.points.saturating_add(points);
                if done {
                    self.done_points = self.done_points.saturating_add(points);
                }
            }
        }
    }

    pub fn open(&self) -> u32 {
        self.items.saturating_sub(self.done)
    }

    pub fn points(&self) -> Amount {
        Amount::hundredths(self.points)
    }

    pub fn done_points(&self) -> Amount {
        Amount::hundredths(self.done_points)
    }

    /// True if the share is one of points; else it is one of stories.
    pub fn is_in_points(&self) -> bool {
        self.unsized_items < self.items && self.points > 0
    }

    /// Returns done points over all points, in percent. A story without points counts as the mean of its sized
    /// siblings; if none is sized, stories are counted. `None` if there are no stories.
    pub fn percent(&self) -> Option<u8> {
        let sized = self.items.saturating_sub(self.unsized_items);
        if self.items == 0 {
            return None;
        }
        let (done, all) = if !self.is_in_points() {
            (f64::from(self.done), f64::from(self.items))
        } else {
            let mean = self.points as f64 / f64::from(sized);
            let done = self.done_points as f64 + mean * f64::from(self.unsized_done);
            (done, self.points as f64 + mean * f64::from(self.unsized_items))
        };
        Some(percent(done / all))
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Index {
    under: FxHashMap<Option<Id>, Under>,
    /// How many living parts, not dropped, each story has.
    parts: FxHashMap<Id, u32>,
    pub all: Sums,
}

impl Index {
    /// The stories that serve `why`; `None` stands for those that serve nothing.
    pub fn under(&self, why: Option<Id>) -> &Under {
        static NOBODY: Under = Under {
            slots: Vec::new(),
            sums: Sums {
                items: 0,
                done: 0,
                dropped: 0,
                unsized_items: 0,
                unsized_done: 0,
                points: 0,
                done_points: 0,
                blocked: 0,
            },
        };
        self.under.get(&why).unwrap_or(&NOBODY)
    }

    /// True if a story counts in sums, plans and forecasts: it has no parts. Else these count, whatever they serve.
    pub fn counts(&self, item: &BacklogItem) -> bool {
        self.parts(item.id) == 0
    }

    /// The stories that have parts.
    pub fn wholes(&self) -> impl Iterator<Item = Id> {
        self.parts.keys().copied()
    }

    /// How many parts a story has that exist and are not dropped.
    pub fn parts(&self, id: Id) -> u32 {
        self.parts.get(&id).copied().unwrap_or(0)
    }

    fn count(&mut self, item: &BacklogItem, sign: i32) {
        if self.counts(item) {
            self.all.count(item, sign);
            self.under.entry(item.serves).or_default().sums.count(item, sign);
        }
    }

    /// Counts a part of another story in or out. The other one counts itself only while it has none.
    fn count_part(&mut self, item: &BacklogItem, items: &Table<BacklogItem>, is_in: bool) {
        let Some(parent) = whole_of(item) else { return };
        let known = self.parts(parent);
        let now = if is_in { known.saturating_add(1) } else { known.saturating_sub(1) };
        let whole = items.get(parent).filter(|one| one.alive == Life::Alive).cloned();
        if let Some(whole) = whole.as_deref().filter(|_| is_in && known == 0) {
            self.count(whole, -1);
        }
        if now == 0 {
            self.parts.remove(&parent);
        } else {
            self.parts.insert(parent, now);
        }
        if let Some(whole) = whole.as_deref().filter(|_| now == 0) {
            self.count(whole, 1);
        }
    }

    /// True if a change of the field changes the index.
    pub fn counts_by(field: &Field) -> bool {
        let counted = ["serves", "parent", "status", "points", "blocked"];
        field.kind == Kind::BacklogItem && (is_placing(field) || counted.contains(&field.key))
    }

    pub fn built(items: &Table<BacklogItem>) -> Index {
        let mut index = Index::default();
        for item in items.iter() {
            if let Some(parent) = whole_of(item) {
                let count = index.parts.entry(parent).or_default();
                *count = count.saturating_add(1);
            }
        }
        for slot in items.order() {
            let Some(item) = items.at(*slot) else { continue };
            // The order is walked from the top, so each list comes out sorted.
            let under = index.under.entry(item.serves).or_default();
            under.slots.push(*slot);
            index.count(item, 1);
        }
        index
    }

    /// Updates the index after one story changed. `items` contains its new state.
    pub fn follow(&mut self, altered: &Altered, items: &Table<BacklogItem>) {
        let before = altered.before.as_ref().and_then(|one| one.as_any().downcast_ref::<BacklogItem>());
        let after = altered.after.as_any().downcast_ref::<BacklogItem>();
        let living = |item: &&BacklogItem| item.alive == Life::Alive;
        if let Some(item) = before.filter(living) {
            self.count(item, -1);
            self.count_part(item, items, false);
            if let Some(under) = self.under.get_mut(&item.serves) {
                if let Some(at) = place(&under.slots, item, items, altered.slot) {
                    take_at(&mut under.slots, at);
                }
                if under.slots.is_empty() {
                    self.under.remove(&item.serves);
                }
            }
        }
        if let Some(item) = after.filter(living) {
            self.count(item, 1);
            self.count_part(item, items, true);
            let under = self.under.entry(item.serves).or_default();
            let at = under.slots.partition_point(|slot| stands_before(items, *slot, item));
            put_at(&mut under.slots, at, altered.slot);
        }
    }
}

/// The story that this one is a part of. A dropped part is none, and no story is a part of itself.
fn whole_of(item: &BacklogItem) -> Option<Id> {
    item.parent.filter(|parent| *parent != item.id && item.status != ItemStatus::Dropped)
}

fn stands_before(items: &Table<BacklogItem>, slot: Slot, item: &BacklogItem) -> bool {
    items.at(slot).is_some_and(|other| (&other.rank, other.id) < (&item.rank, item.id))
}

/// The story's position before the change: its slot already has the new rank, so the search skips it.
fn place(slots: &[Slot], item: &BacklogItem, items: &Table<BacklogItem>, slot: Slot) -> Option<usize> {
    let near = slots.partition_point(|other| *other != slot && stands_before(items, *other, item));
    if slots.get(near) == Some(&slot) {
        return Some(near);
    }
    slots.iter().position(|other| *other == slot)
}
