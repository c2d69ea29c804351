//! What changed in a why since a record was agreed under it: each field before and after, by whom and when.

use crate::insight::text::text;
use crate::insight::trace::asks_again;
use crate::model::change::Step;
use crate::model::field::{Field, Record};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::value::{Value, When};

/// A step of the past, as the history knows it.
#[derive(Clone, Copy)]
pub struct PastStep<'a> {
    pub id: Id,
    pub by: &'a str,
    pub at: When,
    pub step: &'a Step,
}

/// A why that changed since a record was agreed.
#[derive(Clone, PartialEq, Debug)]
pub struct ChangedWhy {
    pub why: Id,
    /// Who agreed, and when.
    pub agreed_by: String,
    pub agreed: When,
    /// The fields that read differently now, the last one changed first; empty if the steps are not known.
    pub fields: Vec<ChangedField>,
}

/// One field of a why, before and after, with its last author.
#[derive(Clone, PartialEq, Debug)]
pub struct ChangedField {
    pub field: &'static Field,
    pub before: Value,
    pub after: Value,
    pub by: String,
    pub at: When,
}

/// Returns what a record asks about. `past` holds the steps newest first; it is read back to the step under which the
/// record was agreed.
pub fn changed_whys<'a, I>(product: &Product, record: &dyn Record, past: impl Fn() -> I) -> Vec<ChangedWhy>
where
    I: Iterator<Item = PastStep<'a>>,
{
    let asks = asks_again(product, record);
    let agreed = record.confirmed().iter().filter(|one| asks.contains(&one.on));
    let of = |one: &crate::model::value::Confirmation| ChangedWhy {
        why: one.on,
        agreed_by: one.by.to_string(),
        agreed: one.at,
        fields: since(product, one.on, one.rev, past()),
    };
    agreed.map(of).collect()
}

fn since<'a>(
    product: &Product,
    why: Id,
    rev: Option<Id>,
    past: impl Iterator<Item = PastStep<'a>>,
) -> Vec<ChangedField> {
    let mut out: Vec<ChangedField> = Vec::new();
    for one in past.take_while(|one| Some(one.id) != rev) {
        for change in one.step.changes.iter().filter(|change| change.id == why && change.field.is_reason()) {
            match out.iter_mut().find(|known| known.field == change.field) {
                Some(known) => known.before = change.from.clone(),
                None => out.push(ChangedField {
                    field: change.field,
                    before: change.from.clone(),
                    after: change.to.clone(),
                    by: one.by.to_string(),
                    at: one.at,
                }),
            }
        }
    }
    // A reading of a measure changes its value, but not what it says.
    out.retain(|one| text(product, one.field, &one.before) != text(product, one.field, &one.after));
    out
}
