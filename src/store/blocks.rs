//! Reads a large product.json in blocks, so that the whole file is never in memory: touching its pages once and
//! discarding them would cost more than parsing. Blocks are parsed by several threads at the same time.
//!
//! A JSON string contains no raw line breaks, so a line break is always between tokens. If the head with an empty list
//! of stories is a document, each block is a list of stories, and the tail only closes what is open, then the whole is
//! that document. Anything else (another layout, an error) fails here, and the caller reads the file in one piece,
//! which also locates the error.

use crate::model::saturating::drop_first;
use crate::model::schema::{BacklogItem, Document};
use memchr::memmem;
use std::io::Read;
use std::sync::Arc;

/// Below this size, reading in one piece is as fast.
pub const LARGE: u64 = 1 << 20;
const BLOCK: usize = 1 << 18;
/// More threads than this would wait for the memory and not for each other.
const MOST_AT_ONCE: usize = 4;
const BEGIN: &[u8] = b"\n  \"items\": [\n";
const BETWEEN: &[u8] = b"\n    },\n    {";
/// JSON whitespace, which is less than Unicode whitespace.
const BLANK: [char; 4] = [' ', '\n', '\r', '\t'];
/// How much of `BETWEEN` belongs to the story before: `\n    },`.
const ENDS: usize = 7;

/// Returns the document and the checksum of its bytes, or `None` if it is not formatted as whyhow writes it.
pub fn read(file: &mut impl Read) -> Option<(Document, u32)> {
    let mut crc = crc32fast::Hasher::new();
    let mut buffer: Vec<u8> = Vec::with_capacity(2 * BLOCK);
    let at = loop {
        if let Some(at) = memmem::find(&buffer, BEGIN) {
            break at.saturating_add(BEGIN.len());
        }
        if more(file, &mut buffer, &mut crc)? == 0 {
            return None;
        }
    };
    let mut head = buffer.get(..at)?.to_vec();
    head.extend_from_slice(b"]}");
    let mut document: Document = serde_json::from_str(std::str::from_utf8(&head).ok()?).ok()?;
    drop_first(&mut buffer, at);
    let at_once = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_AT_ONCE);
    let mut waiting: Vec<String> = Vec::with_capacity(at_once);
    loop {
        let read = more(file, &mut buffer, &mut crc)?;
        if read == 0 {
            break;
        }
        // Up to the last complete story; the rest waits for the next block.
        if let Some(end) = memmem::rfind(&buffer, BETWEEN).map(|at| at.saturating_add(ENDS)) {
            waiting.push(list_of(buffer.get(..end)?.strip_suffix(b",")?)?);
            drop_first(&mut buffer, end);
        }
        if waiting.len() >= at_once {
            parse_all(&mut waiting, &mut document.items)?;
        }
    }
    let rest = std::str::from_utf8(&buffer).ok()?;
    let rest = rest.trim_end_matches(BLANK).strip_suffix('}')?.trim_end_matches(BLANK).strip_suffix(']')?;
    waiting.push(list_of(rest.as_bytes())?);
    parse_all(&mut waiting, &mut document.items)?;
    Some((document, crc.finalize()))
}

/// Reads the next block and appends it.
fn more(file: &mut impl Read, buffer: &mut Vec<u8>, crc: &mut crc32fast::Hasher) -> Option<usize> {
    let begin = buffer.len();
    let read = file.by_ref().take(BLOCK as u64).read_to_end(buffer).ok()?;
    crc.update(buffer.get(begin..)?);
    Some(read)
}

/// A list of the stories of a block, without the comma after the last one.
fn list_of(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?.trim_matches(BLANK);
    let mut list = String::with_capacity(text.len().saturating_add(2));
    list.push('[');
    list.push_str(text);
    list.push(']');
    Some(list)
}

type Stories = Vec<Arc<BacklogItem>>;

fn parse(list: &str) -> Option<Stories> {
    serde_json::from_str(list).ok()
}

/// Parses blocks at the same time and appends their stories in the order of the blocks.
fn parse_all(waiting: &mut Vec<String>, out: &mut Stories) -> Option<()> {
    let Some((last, others)) = waiting.split_last() else { return Some(()) };
    std::thread::scope(|scope| {
        let begun: Vec<_> = others
            .iter()
            // Where no thread is to be had, the block is parsed here.
            .map(|list| std::thread::Builder::new().spawn_scoped(scope, || parse(list)).map_err(|_| list))
            .collect();
        let last = parse(last);
        for one in begun {
            match one {
                Ok(thread) => out.append(&mut thread.join().ok()??),
                Err(list) => out.append(&mut parse(list)?),
            }
        }
        out.append(&mut last?);
        Some(())
    })?;
    waiting.clear();
    Some(())
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
            after.title = format!("Story {nth} with \"quotes\" and }}, {{ braces").as_str().into();
            after.story = "Words and words.\n".repeat(20).as_str().into();
            step.changes.extend(crate::model::change::diff(&before, &after));
        }
        product.apply(&step).unwrap();
        String::from_utf8(to_json(&product)).unwrap()
    }

    #[test]
    fn by_blocks_and_in_one_piece_say_the_same() {
        let text = large();
        assert!(text.len() as u64 > LARGE);
        let (document, crc) = read(&mut text.as_bytes()).expect("our own layout");
        assert_eq!(crc, crc32fast::hash(text.as_bytes()));
        let blocks = Product::from_document(document).unwrap();
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
            assert!(read(&mut &text.as_bytes()[..at]).is_none(), "cut at {at}");
            let (before, behind) = text.split_at(at);
            let broken = format!("{before}\u{0}{behind}");
            assert!(read(&mut broken.as_bytes()).is_none() && serde_json::from_str::<Document>(&broken).is_err());
        }
        assert!(read(&mut format!("{text}]").as_bytes()).is_none());
        assert!(read(&mut text.replace(": ", ":").as_bytes()).is_none());
    }
}
