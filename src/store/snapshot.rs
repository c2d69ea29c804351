//! product.json: the readable checkpoint of the journal. Text in and out, no protocol.

use crate::model::document::AsDocument;
use crate::model::product::Product;
use crate::model::schema::{Document, FORMAT};
use crate::model::strict::{MOST_NESTED, shallow};
use crate::store::blocks;
use crate::store::error::Result as StoreResult;
use std::io::Write;
use std::path::Path;

/// The document: indented by two spaces, fields in the table's order, empty ones left out, records sorted by id,
/// the stories last. A field edit is a line or two of difference.
pub fn to_json(product: &Product) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 << 10);
    // Writing to memory cannot fail, and every key is text.
    let _ = write_json(product, &mut out);
    out
}

/// Writes the document directly to its destination, so that a large product is never in memory twice.
pub fn write_json(product: &Product, out: &mut impl Write) -> std::io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &AsDocument(product))?;
    out.write_all(b"\n")
}

/// Why a document does not open.
#[derive(Debug)]
pub enum Unread {
    Newer(String),
    Damaged { line: Option<usize>, why: String },
}

fn damaged(why: impl Into<String>) -> Unread {
    Unread::Damaged { line: None, why: why.into() }
}

/// Describes what is wrong with bytes that are not UTF-8, or not JSON at all.
fn encoding(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some("it is written in UTF-16; save it as UTF-8"),
        _ if bytes.first() == Some(&0) => Some("it begins with NUL bytes, as after a power cut"),
        _ => None,
    }
}

/// The product, and whether the document is of a later minor format.
pub fn from_json(bytes: &[u8]) -> Result<(Product, bool), Unread> {
    if let Some(why) = encoding(bytes) {
        return Err(damaged(why));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let good = bytes.get(..error.valid_up_to());
        let line = good.map(|good| good.iter().filter(|b| **b == b'\n').count().saturating_add(1));
        Unread::Damaged { line, why: "it holds bytes that are not UTF-8".to_string() }
    })?;
    let document: Document = serde_json::from_str(text).map_err(|error| unread(text, &error))?;
    opened(document)
}

/// Like [`from_json`], but a value that is nested too deep is text in what is returned.
pub fn from_json_deep(bytes: &[u8]) -> Read {
    match std::str::from_utf8(bytes) {
        Ok(text) => from_json(shallow(text, MOST_NESTED).as_bytes()),
        Err(_) => from_json(bytes),
    }
}

/// A document that was read: the product, and whether its format is a later minor version.
pub type Read = Result<(Product, bool), Unread>;

/// What product.json holds, the checksum of its bytes, and whether it is of a later minor format. Nothing where it is
/// missing or empty.
pub fn read(path: &Path) -> StoreResult<Option<(Read, u32)>> {
    let size = std::fs::metadata(path).map_or(0, |meta| if meta.is_file() { meta.len() } else { 0 });
    if size >= blocks::LARGE
        && let Ok(mut file) = std::fs::File::open(path)
        && let Some((document, crc)) = blocks::read(&mut file)
    {
        return Ok(Some((opened(document), crc)));
    }
    let bytes = crate::store::file::read_file(path)?.filter(|bytes| !bytes.is_empty());
    Ok(bytes.map(|bytes| (from_json(&bytes), crc32fast::hash(&bytes))))
}

/// The format of a document written by a later program, if it has one.
pub fn newer_format(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let mut format = None;
    // Stops at the key, which comes first; the rest is not needed here.
    let _ = serde::de::DeserializeSeed::deserialize(FormatOnly(&mut format), &mut reader);
    format.filter(|format| version(format).is_some_and(|theirs| Some(theirs) > version(FORMAT)))
}

fn version(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// Looks for the key `format` and stops there.
struct FormatOnly<'a>(&'a mut Option<String>);

impl<'de> serde::de::DeserializeSeed<'de> for FormatOnly<'_> {
    type Value = ();
    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> serde::de::Visitor<'de> for FormatOnly<'_> {
    type Value = ();
    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a whyhow product")
    }
    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<std::borrow::Cow<str>>()? {
            if key == "format" {
                *self.0 = Some(map.next_value()?);
                return Err(serde::de::Error::custom("found"));
            }
            map.next_value::<serde::de::IgnoredAny>()?;
        }
        Ok(())
    }
}

/// The product of a document whose text reads.
pub fn opened(document: Document) -> Result<(Product, bool), Unread> {
    let theirs = version(&document.format).ok_or_else(|| damaged("its format is no number"))?;
    let ours = version(FORMAT).unwrap_or_default();
    if theirs.0 != ours.0 {
        return Err(Unread::Newer(document.format));
    }
    let product = Product::from_document(document).map_err(damaged)?;
    Ok((product, theirs > ours))
}

fn unread(text: &str, error: &serde_json::Error) -> Unread {
    if let Some(at) = text.lines().position(|line| line.starts_with("<<<<<<<")) {
        return Unread::Damaged {
            line: Some(at.saturating_add(1)),
            why: "it holds the marks of an unfinished merge".to_string(),
        };
    }
    let why = error.to_string();
    let why = why.split(" at line ").next().unwrap_or(&why).to_string();
    Unread::Damaged { line: Some(error.line()), why }
}
