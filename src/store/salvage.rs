//! Salvages single records from a product.json that is unreadable as a whole: cut off, or wrong in one place. Our own
//! layout is enough to find where a record begins and ends.

use crate::json;
use crate::model::product::Product;
use crate::model::schema::{FORMAT, Kind};
use crate::model::value::Value;
use crate::store::damage_report::Lost;
use crate::store::snapshot::{self, Unread};

/// A range of text that should be one record.
struct Piece {
    kind: Kind,
    /// The line that closes it, without its comma.
    end: &'static str,
    line: usize,
    text: String,
}

/// Adds every readable record that is not in the product yet.
pub fn records(bytes: &[u8], name: &str, product: &mut Product, lost: &mut Vec<Lost>) {
    let text = String::from_utf8_lossy(bytes);
    for piece in pieces(&text) {
        let read: Result<Value, _> = serde_json::from_str(&piece.text);
        let one = read.map_err(|error| error.to_string()).and_then(|record| single(piece.kind, record));
        match one {
            Ok(one) => take(product, &one, piece.kind),
            Err(why) => {
                let place = format!("{name}, a {} from line {} on", piece.kind.noun(), piece.line);
                lost.push(Lost::new(place, why).holding(excerpt(&piece.text)));
            }
        }
    }
}

/// A product with that record alone.
fn single(kind: Kind, record: Value) -> Result<Product, String> {
    let document = json!({"format": FORMAT, kind.plural(): [record]});
    match snapshot::from_json(document.to_string().as_bytes()) {
        Ok((product, _)) => Ok(product),
        Err(Unread::Damaged { why, .. }) => Err(why),
        Err(Unread::Newer(format)) => Err(format!("it is of format {format}")),
    }
}

fn take(product: &mut Product, one: &Product, kind: Kind) {
    let mut step = Product::default().diff(one, "");
    let board = kind == Kind::VisionBoard && product.vision().is_some();
    step.changes.retain(|change| !board && product.table(kind).find(change.id).is_none());
    // It was read as this kind, so its values fit.
    let _ = product.apply(&step);
}

fn excerpt(text: &str) -> String {
    let title = text.lines().find_map(|line| line.trim().strip_prefix("\"title\": "));
    title.unwrap_or_else(|| text.trim()).chars().take(100).collect()
}

/// The arrays are indented by two spaces, their records by four; the product itself is not an array.
fn pieces(text: &str) -> Vec<Piece> {
    let (mut out, mut kind, mut open): (Vec<Piece>, Option<Kind>, Option<Piece>) = (Vec::new(), None, None);
    for (nth, line) in text.lines().enumerate() {
        if let Some((key, rest)) = line.strip_prefix("  \"").and_then(|rest| rest.split_once("\": ")) {
            out.extend(open.take());
            kind = Kind::ALL.iter().copied().find(|kind| kind.plural() == key);
            if let (Some(kind), "{") = (kind, rest) {
                open = Some(Piece { kind, end: "  }", line: nth.saturating_add(1), text: "{\n".to_string() });
            }
            continue;
        }
        match (line, &mut open, kind) {
            ("    {", None, Some(kind)) => {
                open = Some(Piece { kind, end: "    }", line: nth.saturating_add(1), text: "{\n".to_string() });
            }
            (line, Some(piece), _) if line.strip_suffix(',').unwrap_or(line) == piece.end => {
                piece.text.push('}');
                out.extend(open.take());
            }
            (_, Some(piece), _) => {
                piece.text.push_str(line);
                piece.text.push('\n');
            }
            _ => {}
        }
    }
    out.extend(open);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::change::{Change, Step};
    use crate::model::id::Id;
    use crate::model::schema::BacklogItem;

    #[test]
    fn a_document_that_is_cut_or_wrong_in_one_place_gives_its_other_records() {
        let mut product = Product::default();
        let mut step = Step::default();
        for (kind, id, title) in
            [(Kind::VisionBoard, 1, "name"), (Kind::BacklogItem, 2, "title"), (Kind::BacklogItem, 3, "title")]
        {
            let id = Id::from_bits(id);
            for (key, to) in [("alive", Value::Bool(true)), (title, format!("Record {id}").into())] {
                step.changes.push(Change { id, field: kind.field(key).unwrap(), from: Value::Null, to });
            }
        }
        product.apply(&step).unwrap();
        let text = String::from_utf8(snapshot::to_json(&product)).unwrap();
        let read = |text: &str| {
            let (mut out, mut lost) = (Product::default(), Vec::new());
            records(text.as_bytes(), "product.json", &mut out, &mut lost);
            (out, lost)
        };
        let (all, lost) = read(&text);
        assert!(all == product && lost.is_empty());
        let second = text.rfind("    {").unwrap();
        let (cut, lost) = read(text.get(..second + 30).unwrap());
        assert_eq!((cut.all::<BacklogItem>().count(), lost.len()), (1, 1));
        assert_eq!(cut.name(), product.name());
        let (one, lost) = read(&text.replacen("\"title\": ", "\"title\" ", 1));
        assert_eq!((one.all::<BacklogItem>().count(), lost.len()), (1, 1));
    }
}
