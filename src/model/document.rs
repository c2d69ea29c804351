//! A product as one document, as product.json and the JSON export hold it.

use crate::model::product::Product;
use crate::model::schema::FORMAT;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

/// Serializes a product: the format first, then keys that this program does not know, then the records of each kind in
/// the table's order, sorted by id.
pub struct AsDocument<'a>(pub &'a Product);

impl Serialize for AsDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("format", FORMAT)?;
        for (key, value) in &self.0.unknown {
            map.serialize_entry(key, value)?;
        }
        self.0.shelves().write_arrays(&mut map)?;
        map.end()
    }
}
