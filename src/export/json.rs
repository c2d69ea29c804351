//! The lossless export: the document that product.json holds.

use crate::export::format::{Form, Format};
use crate::model::document::AsDocument;
use crate::model::product::Product;
use crate::model::rules::Refusal;
use crate::model::value::When;
use crate::options::Options;

/// The row of the table.
pub const ROW: Format = Format {
    name: "json",
    title: "whyhow JSON",
    about: "lossless, as product.json; import reads it back",
    ending: "json",
    form: Form::Json,
    options: &[],
    check: |_| Ok(()),
    write,
};

/// The document, indented by two blanks, with a line end at its end.
///
/// # Errors
///
/// None is known: every key is text and every number finite.
fn write(product: &Product, _: &Options, _: When) -> Result<Vec<u8>, Refusal> {
    let mut out = serde_json::to_vec_pretty(&AsDocument(product)).map_err(|error| {
        Refusal::new(format!("The product does not fit into JSON: {error}."), "Nothing was written.")
    })?;
    out.push(b'\n');
    Ok(out)
}
