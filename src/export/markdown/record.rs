//! Records as Markdown, for pasting into an email, a wiki or an issue: the why first, then the how.

use crate::insight::text::headline;
use crate::insight::trace::thread;
use crate::model::field::{Field, Record};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::saturating::put_at;
use crate::model::value::{Shape, Value};

/// A complete record under a heading.
pub fn record(product: &Product, id: Id) -> String {
    let mut out = vec![format!("## {}", headline(product, id))];
    let (why, how) = (why(product, id), how(product, id));
    for (title, half) in [("### Why", why), ("### How", how)] {
        if !half.is_empty() {
            out.push(title.to_string());
            out.push(half);
        }
    }
    out.join("\n\n")
}

/// Why a record exists: its own reasons, then those of what it serves, up to the vision.
pub fn why(product: &Product, id: Id) -> String {
    let mut out = Vec::new();
    for knot in thread(product, id).knots {
        let Some(one) = product.find(knot.id) else { continue };
        let own = half(product, one, Owner::Why);
        if knot.id != id {
            out.push(format!("**Serves** {}", headline(product, knot.id)));
        }
        if !own.is_empty() {
            out.push(own);
        }
    }
    out.join("\n\n")
}

/// How a record is to be built.
pub fn how(product: &Product, id: Id) -> String {
    product.find(id).map(|one| half(product, one, Owner::How)).unwrap_or_default()
}

/// The non-empty fields of one half: short ones as a list, then the texts.
fn half(product: &Product, record: &dyn Record, owner: Owner) -> String {
    let kind = record.kind();
    let mine = |field: &&Field| {
        let of = if field.owner == Owner::Both { kind.owner() } else { field.owner };
        of == owner
            && !field.is_head()
            && field.owner != Owner::System
            && Some(field.key) != kind.title_field().map(|one| one.key)
    };
    let (mut short, mut long) = (Vec::new(), Vec::new());
    for field in kind.fields().iter().filter(mine) {
        // What a record serves is part of the chain of its reasons.
        if matches!(field.shape, Shape::Extra | Shape::Facts) || field.key == "serves" {
            continue;
        }
        let value = record.value(field);
        // A default that nobody chose is not shown.
        if value.is_null() && field.key != "status" {
            continue;
        }
        let text = match field.shape {
            Shape::Link | Shape::Links => headlines(product, &value),
            _ => record.text(field),
        };
        match field.shape {
            _ if text.trim().is_empty() => {}
            Shape::Criteria | Shape::Tasks => {
                let boxes: Vec<String> = text.lines().map(|line| format!("- {line}")).collect();
                long.push(format!("**{}**\n\n{}", field.label, boxes.join("\n")));
            }
            Shape::Prose | Shape::Measures => long.push(format!("**{}**\n\n{text}", field.label)),
            _ => short.push(format!("- **{}:** {text}", field.label)),
        }
    }
    if !short.is_empty() {
        put_at(&mut long, 0, short.join("\n"));
    }
    long.join("\n\n")
}

/// Links by number and title.
fn headlines(product: &Product, value: &Value) -> String {
    let one = |value: &Value| value.as_str().and_then(Id::parse).map(|id| headline(product, id));
    match value {
        Value::Array(all) => all.iter().filter_map(one).collect::<Vec<_>>().join(", "),
        value => one(value).unwrap_or_default(),
    }
}
