//! The lossless export: the content of product.json.

use crate::export::format::{ExportFormat, Form, Subject, Written};
use crate::model::document::AsDocument;
use crate::model::rules::Refusal;
use crate::options::Options;

/// The row of the table.
pub const ROW: ExportFormat = ExportFormat {
    name: "json",
    title: "whyhow JSON",
    about: "lossless, like product.json; import reads it back",
    ending: "json",
    form: Form::Json,
    tells_past: false,
    options: &[],
    check: |_| Ok(()),
    write,
};

/// Writes the document, indented by two spaces, with a newline at the end.
///
/// # Errors
///
/// None known: every key is text and every number is finite.
fn write(subject: &Subject, _: &Options) -> Result<Written, Refusal> {
    let mut out = serde_json::to_vec_pretty(&AsDocument(subject.product)).map_err(|error| {
        Refusal::new(format!("The product cannot be written as JSON: {error}."), "Nothing was written.")
    })?;
    out.push(b'\n');
    Ok(out.into())
}
