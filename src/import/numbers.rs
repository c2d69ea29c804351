//! Numbers of our own files: a new record keeps the one by which texts refer to it, unless another has it here.

use crate::import::found::{Found, FoundRecord};
use crate::import::matches::Match;
use crate::import::report::Report;
use crate::model::change::Change;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::Kind;
use crate::model::value::{Cell, LastNumbers, Value};
use rustc_hash::FxHashSet;

/// The numbers that new records have taken.
pub struct Numbers<'a> {
    product: &'a Product,
    taken: FxHashSet<(Kind, u32)>,
}

impl Numbers<'_> {
    pub fn of(product: &Product) -> Numbers<'_> {
        Numbers { product, taken: FxHashSet::default() }
    }

    /// The number of a new record. Without one it gets the next; a reader is told, since texts may refer to it.
    pub fn of_record(&mut self, id: Id, record: &FoundRecord, report: &mut Report) -> Option<Change> {
        let number = record.number?;
        let is_free = self.product.table(record.kind).by_number(number).is_none();
        if is_free && self.taken.insert((record.kind, number)) {
            let field = record.kind.field("number")?;
            return Some(Change { id, field, from: Value::Null, to: number.to_value() });
        }
        let what = "number that is taken here: it becomes another one, and texts that name it mean another record";
        report.warnings.add(what, &format!("{} {}", record.kind.numbered(number), record.title()));
        None
    }
}

/// Numbers that were given there are not given again here, also those of records that are gone.
pub fn last_numbers(found: &Found, product: &Product, matched: &[Match]) -> Option<Change> {
    let boards = found.records.iter().zip(matched).filter(|(record, _)| record.kind == Kind::VisionBoard);
    let mut ids = boards.filter_map(|(_, one)| match one {
        Match::New(id) | Match::Known(id) | Match::Board(id) => Some(*id),
        Match::Dead | Match::Other => None,
    });
    let (id, field) = (ids.next()?, Kind::VisionBoard.field("last_numbers")?);
    let from = product.value(id, field);
    let mut last = LastNumbers::from_value(&from).unwrap_or_default();
    last.raise(&found.last_numbers);
    let to = last.to_value();
    (from != to).then_some(Change { id, field, from, to })
}
