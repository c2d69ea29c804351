//! What NOW requires of a roadmap item: all its reasons.

use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::schema::Kind;
use crate::model::value::Value;

/// What Now requires, in the order in which a person thinks about it.
pub const NOW_ASKS: [&str; 6] = ["problem", "outcome", "measure", "who", "why_now", "serves"];

/// The labels of the reasons that Now requires and that are empty.
pub fn missing_for_now(value: &dyn Fn(&str) -> Value) -> Vec<&'static str> {
    let empty = |key: &&&str| value(key).is_null();
    let label = |key: &&str| match *key {
        "serves" => Some("what it serves"),
        key => Kind::RoadmapItem.field(key).map(|field| field.label),
    };
    NOW_ASKS.iter().filter(empty).filter_map(label).collect()
}

/// The reasons that NOW requires and that are empty in a roadmap item. Empty for a record of another kind.
pub fn missing_of(product: &Product, id: Id) -> Vec<&'static str> {
    let Some(record) = product.table(Kind::RoadmapItem).find(id) else { return Vec::new() };
    missing_for_now(&|key| Kind::RoadmapItem.field(key).map(|field| record.value(field)).unwrap_or_default())
}

/// Checks that a roadmap item with these reasons missing may be in NOW.
///
/// # Errors
///
/// Names what is missing; `name` is the item at the head of a sentence.
pub fn ask_for_now(name: &str, missing: &[&str]) -> Result<(), Refusal> {
    if missing.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(
        format!("NOW asks for {} more: {}.", missing.len(), missing.join(", ").to_lowercase()),
        format!("{name} stays where it is."),
    ))
}
