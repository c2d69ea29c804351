//! Decisions: what was decided, and about what.

use crate::actions::action::Context;
use crate::actions::edit::{Place, add};
use crate::model::change::Step;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::schema::Kind;
use crate::model::value::Value;

/// Writes down a decision about these records.
///
/// # Errors
///
/// Refuses an empty one.
pub fn decided(product: &Product, what: &str, about: &[Value], context: &mut Context) -> Result<(Step, Id), Refusal> {
    if what.trim().is_empty() {
        return Err(Refusal::new("A decision needs words.", "Nothing was saved."));
    }
    let cell = |key: &str, value: Value| Kind::Decision.field(key).map(|field| (field, value));
    let links = (!about.is_empty()).then(|| cell("links", about.to_vec().into())).flatten();
    let cells: Vec<_> = cell("title", what.trim().into()).into_iter().chain(links).collect();
    add(product, Kind::Decision, &cells, Place::Bottom, context)
}
