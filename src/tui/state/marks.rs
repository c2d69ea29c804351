//! Which records have an open proposal and how much waits, kept so that no frame walks all records; and which whys the last
//! act moved.

use crate::insight::attention::waiting;
use crate::insight::proposals::marked;
use crate::model::change::Change;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Role;
use crate::model::value::Day;
use crate::tui::state::slots::Slots;
use rustc_hash::FxHashSet;

/// The tokens of the whys that the last act of this session moved.
pub struct LastWhy(pub Vec<Change>);

/// The label of an act whose message has told of every ticked row.
pub struct EachTold(pub String);

/// The last thing that somebody did was a click.
pub struct Clicked;

/// Up to this many stories, what waits is counted after each edit; with more the Inbox alone counts it.
const COUNTED: usize = 10_000;

/// What a revision of the product means for lists and tabs, for one role on one day.
struct Marks {
    key: (u64, Role, Day, usize),
    /// The records with an open proposal.
    proposed: FxHashSet<Id>,
    /// How many records wait for the role.
    waiting: usize,
}

/// Brings the marks up to date.
///
/// `answers` is how many answers wait to be read.
pub fn refresh(slots: &mut Slots, product: &Product, role: Role, today: Day, answers: usize) {
    let key = (product.rev(), role, today, answers);
    if slots.get::<Marks>().is_none_or(|marks| marks.key != key) {
        let is_small = product.items().len() <= COUNTED;
        let waiting = if is_small { waiting(product, role, today) } else { 0 };
        slots.put(Marks { key, proposed: marked(product), waiting: waiting.saturating_add(answers) });
    }
}

/// How many records wait for the role, for the tab; 0 in a product that is too large to count after each edit.
pub fn waiting_here(slots: &Slots) -> usize {
    slots.get::<Marks>().map_or(0, |marks| marks.waiting)
}

/// True if somebody proposes a change of the record.
pub fn is_proposed(slots: &Slots, id: Id) -> bool {
    slots.get::<Marks>().is_some_and(|marks| marks.proposed.contains(&id))
}
