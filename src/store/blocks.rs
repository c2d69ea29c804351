//! Reading a large product.json by blocks: two threads, and never more than a block's copy in memory.
//!
//! A JSON string holds no raw line end, so a line end always stands between tokens. If the head with an empty list of
//! stories is a document, each block is a list of stories, and the tail only closes what is open, then the whole is
//! that document. Anything else (another layout, a fault) fails here, and the caller reads the file in one piece, which
//! also says where the fault is.

use crate::model::schema::{BacklogItem, Document};
use memchr::memmem;

/// Below this, one piece is as fast.
const LARGE: usize = 1 << 20;
const BLOCK: usize = 512 << 10;
const BEGIN: &str = "\n  \"items\": [\n";
const BETWEEN: &str = "\n    },\n    {";

/// The document, or nothing where the file is small or not laid out as we write it.
pub fn read(text: &str) -> Option<Document> {
    if text.len() < LARGE {
        return None;
    }
    let at = memmem::find(text.as_bytes(), BEGIN.as_bytes())? + BEGIN.len();
    let (head, rest) = text.split_at_checked(at)?;
    let body = rest.trim_end().strip_suffix('}')?.trim_end().strip_suffix(']')?;
    let mut document: Document = serde_json::from_str(&format!("{head}]}}")).ok()?;
    let half = boundary(body, body.len() / 2).unwrap_or(body.len());
    let (first, second) = body.split_at_checked(half)?;
    let (first, second) = std::thread::scope(|scope| {
        let other = scope.spawn(|| stories(second));
        (stories(first), other.join().ok().flatten())
    });
    let (mut items, mut more) = (first?, second?);
    items.append(&mut more);
    document.items = items;
    Some(document)
}

/// Where a story ends at or after `from`: just behind the comma.
fn boundary(body: &str, from: usize) -> Option<usize> {
    let rest = body.as_bytes().get(from..)?;
    // Behind `\n    },`, before the next line.
    memmem::find(rest, BETWEEN.as_bytes()).map(|at| from + at + 7)
}

fn stories(body: &str) -> Option<Vec<BacklogItem>> {
    let mut out: Vec<BacklogItem> = Vec::new();
    let (mut rest, mut block) = (body, String::with_capacity(BLOCK * 2));
    while !rest.trim().is_empty() {
        let end = if rest.len() > BLOCK { boundary(rest, BLOCK).unwrap_or(rest.len()) } else { rest.len() };
        let (now, later) = rest.split_at_checked(end)?;
        block.clear();
        block.push('[');
        let now = now.trim();
        block.push_str(now.strip_suffix(',').unwrap_or(now));
        block.push(']');
        out.append(&mut serde_json::from_str(&block).ok()?);
        rest = later;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::product::Product;
    use crate::store::snapshot::to_json;

    fn large() -> String {
        let mut product = Product::default();
        let mut step = crate::model::change::Step::default();
        for nth in 0..3000u64 {
            let id = crate::model::id::Id::from_bits(nth + 1);
            let before = BacklogItem { id, ..BacklogItem::default() };
            let mut after = before.clone();
            after.alive = crate::model::value::Life::Alive;
            after.number = nth as u32 + 1;
            after.title = format!("Story {nth} with \"quotes\" and },\\n    {{ braces").as_str().into();
            after.story = "Words and words.\n".repeat(20).as_str().into();
            step.changes.extend(crate::model::change::diff(&before, &after));
        }
        product.apply(&step).unwrap();
        String::from_utf8(to_json(&product)).unwrap()
    }

    #[test]
    fn by_blocks_and_in_one_piece_say_the_same() {
        let text = large();
        assert!(text.len() > LARGE);
        let blocks = Product::from_document(read(&text).expect("our own layout")).unwrap();
        let piece = Product::from_document(serde_json::from_str(&text).unwrap()).unwrap();
        assert!(blocks == piece && blocks.items().len() == 3000);
    }

    #[test]
    fn a_fault_anywhere_is_left_to_the_one_piece_reader() {
        let text = large();
        for part in 1..40 {
            let mut at = text.len() * part / 40;
            while !text.is_char_boundary(at) {
                at += 1;
            }
            assert!(read(&text[..at]).is_none(), "cut at {at}");
            let broken = format!("{}\u{0}{}", &text[..at], &text[at..]);
            assert!(read(&broken).is_none() && serde_json::from_str::<Document>(&broken).is_err());
        }
        assert!(read(&text.replace("\n    ", "\n  ")).is_none());
        assert!(read(&format!("{text}]")).is_none());
    }
}
