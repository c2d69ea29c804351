//! What the actions of a sprint read from their arguments.

use crate::actions::action::{Args, no_record, wrong_kind};
use crate::insight::sprint::{in_planning, running};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::schema::{Kind, Sprint};
use crate::model::value::{Amount, Cell, Day, Life, Value};
use std::sync::Arc;

/// Returns an existing sprint.
pub(super) fn sprint_of(product: &Product, id: Id) -> Result<&Arc<Sprint>, Refusal> {
    let sprint = product.get::<Sprint>(id).filter(|sprint| sprint.alive == Life::Alive);
    sprint.ok_or_else(|| wrong_kind(product, id, Kind::Sprint))
}

/// Returns the sprint that `sprint` names.
pub(super) fn named(args: &Args, product: &Product) -> Result<Option<Id>, Refusal> {
    let text = match args.with.get("sprint") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text.to_string(),
        Some(other) => other.to_string(),
    };
    let (kind, id) = (args.lookup)(&text).ok_or_else(|| no_record(&text))?;
    if kind != Kind::Sprint { Err(wrong_kind(product, id, Kind::Sprint)) } else { Ok(Some(id)) }
}

/// Returns the only sprint in planning.
pub(super) fn only_planned(product: &Product) -> Result<Id, Refusal> {
    match in_planning(product).as_slice() {
        [one] => Ok(one.id),
        [] => Err(Refusal::new("No sprint is in planning.", "{sprint.new} makes one; nothing was changed.")),
        several => {
            let names: Vec<String> = several.iter().map(|one| product.name_of(one.id)).collect();
            Err(Refusal::unchanged(format!("{} are in planning; name one as \"sprint\".", names.join(" and "))))
        }
    }
}

/// Returns the running sprint.
pub(super) fn running_one(product: &Product) -> Result<Id, Refusal> {
    running(product).map(|sprint| sprint.id).ok_or_else(|| {
        Refusal::new("No sprint is running.", "{sprint.start} starts the one in planning; nothing was changed.")
    })
}

/// Returns the day given for a key.
pub(super) fn day(args: &Args, key: &str) -> Result<Option<Day>, Refusal> {
    args.text(key).map(|text| Day::parse(text).map_err(Refusal::unchanged)).transpose()
}

/// Returns the number given for a key.
pub(super) fn amount(args: &Args, key: &str) -> Result<Option<Amount>, Refusal> {
    let value = args.with.get(key).cloned().unwrap_or_default();
    Option::<Amount>::from_value(&value).map_err(|why| Refusal::unchanged(format!("{key:?}: {why}.")))
}

/// Returns the reason given for a key; it is required.
pub(super) fn reason<'a>(args: &'a Args, what: &str) -> Result<&'a str, Refusal> {
    let given = args.text("reason").map(str::trim).filter(|text| !text.is_empty());
    given.ok_or_else(|| {
        Refusal::new(format!("{what} requires a reason."), "Give it as \"reason\"; nothing was changed.")
    })
}
