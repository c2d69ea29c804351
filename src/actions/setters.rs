//! Fields that only an action sets, given a value for one record or for many.

use crate::actions::action::{Action, Args, Argument, Context, Setter};
use crate::actions::{edit, goal, item, review, roadmap, split, sprint};
use crate::model::change::Step;
use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::value::{Map, Value};

/// The actions that set a field to a plain value.
pub const SETTERS: &[&Action] = &[
    &item::STATUS,
    &split::DUPLICATE,
    &sprint::PLAN,
    &sprint::UNPLAN,
    &roadmap::HORIZON,
    &roadmap::RESULT,
    &goal::STATE,
    &review::RESULT,
];

/// The setter of the action that the table names for a field. `None` if forms set it, or if its action needs more
/// than a value.
pub fn setter(field: &Field) -> Option<&'static Setter> {
    let named = |name: &&str| SETTERS.iter().find(|action| action.name == *name);
    field.actions.iter().find_map(|name| named(name)?.sets.as_ref()).filter(|setter| setter.field == field.key)
}

/// What else is needed to give these records this value, such as a reason: a key for `with` of [`set_through`].
pub fn asks(product: &Product, ids: &[Id], field: &Field, value: &Value) -> Option<Argument> {
    setter(field).and_then(|setter| (setter.asks)(product, ids, value))
}

/// The step that gives one record or many a value of a field: through its action if the table names one, else as a form
/// does. `with` holds what [`asks`] asked for.
///
/// # Errors
///
/// Refuses what the action refuses, for all records if it refuses one; a field that no value sets; a record that has no
/// such field.
pub fn set_through(
    product: &Product,
    ids: &[Id],
    field: &'static Field,
    value: &Value,
    with: &Map,
    context: &mut Context,
) -> Result<Step, Refusal> {
    match setter(field) {
        Some(setter) => {
            let args = Args { with, lookup: &|name| product.named(name) };
            (setter.set)(product, ids, value, &args, context)
        }
        None => edit::set(product, ids, field, value),
    }
}
