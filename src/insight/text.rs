//! Records and values as people read them: by number and title, never by id.

use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::Kind;
use crate::model::value::{Cell, Measure, Shape, Value};

/// Number and title: `S24 Cancel without a phone call`.
pub fn headline(product: &Product, id: Id) -> String {
    let Some(record) = product.find(id) else { return product.name_of(id) };
    match record.kind() {
        Kind::VisionBoard => record.title(),
        _ => format!("{} {}", record.name(), record.title()),
    }
}

/// A value as people read it, with links by number.
pub fn text(product: &Product, field: &Field, value: &Value) -> String {
    let linked = |value: &Value| value.as_str().and_then(Id::parse).map(|id| product.name_of(id));
    match (field.shape, value) {
        (_, Value::Null) => String::new(),
        (Shape::Link, value) => linked(value).unwrap_or_default(),
        (Shape::Links, Value::Array(all)) => all.iter().filter_map(linked).collect::<Vec<_>>().join(", "),
        _ => field.text_of(value),
    }
}

/// `Left before the list, 17 → 8 %, now 9: 89 % of the way`.
pub fn measure(measure: &Measure) -> String {
    let text = measure.to_text();
    match (measure.readings.is_empty(), measure.today(), measure.progress()) {
        (false, Some(today), Some(percent)) => format!("{text}, now {today}: {percent} % of the way"),
        (false, Some(today), None) => format!("{text}, now {today}"),
        _ => text,
    }
}
