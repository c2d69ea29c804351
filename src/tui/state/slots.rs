//! The views' own state: one slot per type, which only the file that declares the type can name.

use rustc_hash::FxHashMap;
use std::any::{Any, TypeId};

/// Values of views, by their type.
#[derive(Default)]
pub struct Slots {
    all: FxHashMap<TypeId, Box<dyn Any>>,
    /// Grows with each choice that rows depend on.
    rev: u64,
}

impl Slots {
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.all.get(&TypeId::of::<T>())?.downcast_ref()
    }

    pub fn get_mut<T: Any>(&mut self) -> Option<&mut T> {
        self.all.get_mut(&TypeId::of::<T>())?.downcast_mut()
    }

    /// Stores something computed from the product. The rows shown stay as they are.
    pub fn put<T: Any>(&mut self, value: T) {
        self.all.insert(TypeId::of::<T>(), Box::new(value));
    }

    /// Stores a choice of the user: the rows are rebuilt.
    pub fn choose<T: Any>(&mut self, value: T) {
        self.put(value);
        self.rev = self.rev.saturating_add(1);
    }

    pub fn take<T: Any>(&mut self) -> Option<T> {
        self.all.remove(&TypeId::of::<T>())?.downcast().ok().map(|value| *value)
    }

    /// The choices from which the rows were made.
    pub fn rev(&self) -> u64 {
        self.rev
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(PartialEq, Debug)]
    struct One(u8);

    #[test]
    fn each_type_has_a_slot_of_its_own() {
        let mut slots = Slots::default();
        assert_eq!(slots.get::<One>(), None);
        slots.put(One(1));
        slots.put(7u8);
        assert_eq!((slots.get::<One>(), slots.get::<u8>(), slots.rev()), (Some(&One(1)), Some(&7), 0));
        slots.choose(One(2));
        assert_eq!((slots.take::<One>(), slots.rev()), (Some(One(2)), 1));
        assert_eq!(slots.get::<One>(), None);
    }
}
