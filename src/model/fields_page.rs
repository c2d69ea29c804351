//! Generates docs/FIELDS.md from the field table. It writes no file; a test compares the text with the file in the
//! repository.

use crate::model::field::Field;
use crate::model::rules::capital;
use crate::model::schema::{FORMAT, Kind};
use crate::model::value::Shape;

/// The whole page.
pub fn page() -> String {
    let mut out = format!(
        "\
# Kinds and fields

Generated from the program's field table (format {FORMAT}); `UPDATE_DOCS=1 cargo test docs` regenerates this page.
FORMAT.md says how values are stored.

The owner of a field is who may write it: **PM** the product manager, **PO** the product owner, **both** either of them,
**whyhow** neither, because the program computes it. The owner of a kind may add, delete and order its records. *By* names
the actions that set the field with checks of their own, instead of a form.

Every record also has `id` (13 characters, never changes), `number` (what people call it by), `rank` (its place in the
manual order) and, once deleted, `deleted`.
"
    );
    for kind in Kind::ALL {
        out.push_str(&format!(
            "\n## {}: `{}`\n\n{} Array in product.json: `{}`. People say: {}. Owner: {}.\n\n\
             | key | label | owner | value | what belongs here |\n|---|---|---|---|---|\n",
            capital(kind.noun()),
            kind.key(),
            kind.about(),
            kind.plural(),
            kind.numbered(1),
            kind.owner().seat(),
        ));
        for field in kind.fields().iter().filter(|field| !field.is_head()) {
            out.push_str(&row(field));
        }
    }
    out
}

fn row(field: &Field) -> String {
    let names: Vec<String> = field.actions.iter().map(|name| format!("`{name}`")).collect();
    let by = if names.is_empty() { String::new() } else { format!(", by {}", names.join(" ")) };
    format!("| `{}` | {} | {}{by} | {} | {} |\n", field.key, field.label, field.owner.seat(), value(field), field.hint)
}

/// Describes the type of a field's value.
fn value(field: &Field) -> String {
    let targets = || field.targets.iter().map(|kind| format!("`{}`", kind.key())).collect::<Vec<_>>().join(", ");
    match field.shape {
        Shape::Line => "one line".to_string(),
        Shape::Prose => "text".to_string(),
        Shape::Amount => "number".to_string(),
        Shape::Choice(all) => all.iter().map(|one| format!("`{}`", one.key)).collect::<Vec<_>>().join(" "),
        Shape::Day => "day".to_string(),
        Shape::When => "time".to_string(),
        Shape::Link if field.targets.is_empty() => "id of any record".to_string(),
        Shape::Link => format!("id of {}", targets()),
        Shape::Links => format!("ids of {}", targets()),
        Shape::Labels => "list of words".to_string(),
        Shape::Criteria => "list of criteria".to_string(),
        Shape::Tasks => "list of tasks".to_string(),
        Shape::Measure => "measure".to_string(),
        Shape::Measures => "list of measures".to_string(),
        Shape::Extra => "object".to_string(),
        Shape::Entries | Shape::Facts => "facts".to_string(),
    }
}
