//! Which records have an open proposal, kept for the lists so that no frame walks all proposals; and which whys the last act
//! moved.

use crate::insight::proposals::marked;
use crate::model::change::Change;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::tui::state::slots::Slots;
use rustc_hash::FxHashSet;

/// The tokens of the whys that the last act of this session moved.
pub struct LastWhy(pub Vec<Change>);

/// The records with an open proposal, as of a revision of the product.
struct Marks {
    rev: u64,
    proposed: FxHashSet<Id>,
}

/// Brings the marks up to date with the product.
pub fn refresh(slots: &mut Slots, product: &Product) {
    if slots.get::<Marks>().is_none_or(|marks| marks.rev != product.rev()) {
        slots.put(Marks { rev: product.rev(), proposed: marked(product) });
    }
}

/// True if somebody proposes a change of the record.
pub fn is_proposed(slots: &Slots, id: Id) -> bool {
    slots.get::<Marks>().is_some_and(|marks| marks.proposed.contains(&id))
}
