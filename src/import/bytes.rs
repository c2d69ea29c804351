//! Decodes the bytes of a foreign file to text. It never guesses silently: each choice it has to make is a warning, and
//! a file that is too large is refused with its size.

use crate::import::found::Tally;
use crate::import::json::{self, Outline};
use crate::import::table::dialect::TableHead;
use crate::model::rules::Refusal;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::io::Read;
use std::sync::OnceLock;

/// The largest foreign file, in bytes.
pub const LARGEST_FILE: usize = 64 << 20;

/// A file from outside, as text.
#[derive(Clone, Debug, Default)]
pub struct SourceFile {
    /// The file's name without its folder, for messages.
    pub name: String,
    pub text: String,
    /// It is a folder, and its text is empty.
    pub is_folder: bool,
    /// The files of the folder.
    pub files: Vec<FolderFile>,
    pub warnings: Tally,
    /// Its beginning as a table: every format for tables asks for it.
    pub(super) head: OnceLock<TableHead>,
    /// The outline of its JSON, for which every format of that kind asks too.
    pub(super) outline: OnceLock<Outline>,
}

/// A file of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderFile {
    /// Its path from the folder, with `/` between the parts.
    pub name: String,
    pub text: String,
}

/// Reads a stream up to the size limit plus one byte, so that exceeding the limit is noticed.
pub fn all_of(stream: &mut dyn Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.take((LARGEST_FILE as u64).saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Why a file of that size is refused; checked before opening it if its size is known.
pub fn fits(name: &str, size: u64) -> Result<(), Refusal> {
    if size <= LARGEST_FILE as u64 {
        return Ok(());
    }
    Err(Refusal::new(
        format!("{name} is larger than 64 MB ({:.1} MB).", size as f64 / f64::from(1 << 20)),
        "Nothing was imported; export it in parts, which are matched by their keys.",
    ))
}

impl SourceFile {
    /// A folder without any files yet.
    pub fn folder(name: &str) -> SourceFile {
        SourceFile { name: name.to_string(), is_folder: true, ..SourceFile::default() }
    }

    pub fn table_head(&self) -> &TableHead {
        self.head.get_or_init(|| TableHead::of(&self.text))
    }

    /// True if it is a page of Markdown by its name, or by a line that only Markdown has.
    pub fn is_markdown(&self) -> bool {
        let name = self.name.to_lowercase();
        let is_named = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        is_named(&[".md", ".markdown", ".mdown"]) || self.table_head().is_markdown(is_named(&[".csv", ".tsv"]))
    }

    pub fn outline(&self) -> &Outline {
        self.outline.get_or_init(|| json::outline(&self.text))
    }

    /// `encoding` is a name such as `windows-1252`, given by a user who knows better.
    pub fn from_bytes(name: &str, bytes: &[u8], encoding: Option<&str>) -> Result<SourceFile, Refusal> {
        fits(name, bytes.len() as u64)?;
        is_text(name, bytes)?;
        let mut file = SourceFile { name: name.to_string(), ..SourceFile::default() };
        let chosen = match encoding {
            Some(label) => Some(named(label)?),
            None => None,
        };
        if let (None, Ok(text)) = (chosen, std::str::from_utf8(bytes)) {
            let text = text.strip_prefix('\u{feff}').unwrap_or(text);
            if looks_utf16(bytes).is_none() {
                file.text = whole_letters(text, &mut file.warnings);
                return Ok(file);
            }
        }
        let encoding = chosen.unwrap_or_else(|| guess(bytes, &mut file.warnings));
        // A byte order mark takes precedence over every guess.
        let (text, _, broken) = encoding.decode(bytes);
        if broken {
            file.warnings.add("the file contains bytes that are not text; they are shown as \u{fffd}", "");
        }
        file.text = whole_letters(&text, &mut file.warnings);
        Ok(file)
    }
}

/// Files that are no text, by their first bytes: what they are, and what helps.
const NO_TEXTS: &[(&[u8], &str, &str)] = &[
    (b"PK\x03\x04", "an Excel workbook or a ZIP archive", "save the sheet as CSV, or take the file out of the archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file", "save the sheet as CSV"),
    (b"\x1f\x8b", "packed with gzip", "unpack it first"),
    (b"%PDF-", "a PDF", "export the list as CSV or JSON"),
    (b"\x89PNG", "a picture", "export the list as CSV or JSON"),
];

/// Refuses what is no text, and a page in place of an export.
fn is_text(name: &str, bytes: &[u8]) -> Result<(), Refusal> {
    let refuse = |what: &str, helps: &str| {
        Err(Refusal::new(
            format!("{name} is {what}, whatever it is called."),
            format!("Nothing was imported; {helps}."),
        ))
    };
    if let Some((_, what, helps)) = NO_TEXTS.iter().find(|(begin, ..)| bytes.starts_with(begin)) {
        return refuse(what, helps);
    }
    let head = bytes.trim_ascii_start().get(..15).unwrap_or_default().to_ascii_lowercase();
    if head.starts_with(b"<!doctype html") || head.starts_with(b"<html") {
        let helps = "a sign-in page is often saved in its place: sign in and export as CSV or JSON";
        return refuse("a web page", helps);
    }
    Ok(())
}

/// Replaces lone surrogates in JSON escapes, as left by programs that cut texts at any position, by the replacement
/// character.
fn whole_letters(text: &str, warnings: &mut Tally) -> String {
    let lone = ["\\ud", "\\uD"];
    if !lone.iter().any(|begin| memchr::memmem::find(text.as_bytes(), begin.as_bytes()).is_some()) {
        return text.to_string();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // A backslash is read together with what it escapes, so that an escaped backslash starts nothing.
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        let Some((before, escape)) = rest.split_at_checked(at) else { break };
        out.push_str(before);
        let (taken, shown) = match (unit(escape), escape.get(6..).and_then(unit)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => (12, escape.get(..12)),
            (Some(0xD800..=0xDFFF), _) => {
                warnings.add("the file contains half a character; it is shown as \u{fffd}", "");
                (6, Some("\\ufffd"))
            }
            _ => {
                let two = escape.chars().take(2).map(char::len_utf8).sum();
                (two, escape.get(..two))
            }
        };
        out.push_str(shown.unwrap_or_default());
        rest = escape.get(taken..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The UTF-16 code unit of a leading `\uXXXX`.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
}

fn named(label: &str) -> Result<&'static Encoding, Refusal> {
    Encoding::for_label(label.trim().as_bytes()).ok_or_else(|| {
        Refusal::new(
            format!("{label:?} is not a known encoding."),
            "Nothing was imported; examples are utf-8, utf-16le and windows-1252.",
        )
    })
}

fn guess(bytes: &[u8], warnings: &mut Tally) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    if let Some(encoding) = looks_utf16(bytes) {
        return encoding;
    }
    if std::str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    warnings.add("the file is not UTF-8; it was read as Windows-1252, so look at accents and signs", "");
    WINDOWS_1252
}

/// Latin text in UTF-16 without a byte order mark has a NUL at every second position.
fn looks_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(4096))?;
    let pairs = head.len() / 2;
    if pairs < 2 {
        return None;
    }
    let nuls = |first: bool| {
        let (two, _) = head.as_chunks::<2>();
        two.iter().filter(|pair| matches!((first, pair), (true, [0, b]) | (false, [b, 0]) if *b != 0)).count()
    };
    let (big, little) = (nuls(true), nuls(false));
    if little.saturating_mul(10) >= pairs.saturating_mul(8) {
        Some(UTF_16LE)
    } else if big.saturating_mul(10) >= pairs.saturating_mul(8) {
        Some(UTF_16BE)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> SourceFile {
        SourceFile::from_bytes("x", bytes, None).unwrap()
    }

    fn utf16(text: &str, little: bool, mark: bool) -> Vec<u8> {
        let mark = mark.then_some(0xfeff_u16);
        let units = mark.into_iter().chain(text.encode_utf16());
        units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    }

    #[test]
    fn the_usual_encodings_are_read() {
        let text = "[{\"title\": \"Straße · naïve\"}]";
        assert_eq!(read(text.as_bytes()).text, text);
        assert_eq!(read(format!("\u{feff}{text}").as_bytes()).text, text);
        for little in [true, false] {
            for mark in [true, false] {
                let file = read(&utf16(text, little, mark));
                assert_eq!(file.text, text, "{little} {mark}");
                assert!(file.warnings.is_empty());
            }
        }
        let latin = read(b"caf\xe9 \x80");
        assert_eq!(latin.text, "café €");
        assert_eq!(latin.warnings.total(), 1);
        assert_eq!(read(b"").text, "");
    }

    #[test]
    fn half_a_letter_is_shown_as_the_mark_for_one_and_told() {
        for (text, whole) in [
            (r#""a\ud800b""#, r#""a\ufffdb""#),
            (r#""\uDC00\ud83d""#, r#""\ufffd\ufffd""#),
            (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
        ] {
            let file = read(text.as_bytes());
            assert_eq!((file.text.as_str(), file.warnings.is_empty()), (whole, false));
            serde_json::from_str::<String>(&file.text).unwrap();
        }
        for text in [r#""\\ud800 \\\\udc00 \u00e9 \ud83d\ude00""#, "\\", r#""\é\u""#, r#""\ud83""#] {
            let file = read(text.as_bytes());
            assert_eq!((file.text.as_str(), file.warnings.is_empty()), (text, true), "{text}");
        }
    }

    #[test]
    fn a_person_may_name_the_encoding() {
        let file = SourceFile::from_bytes("x", b"\x93", Some("windows-1252")).unwrap();
        assert_eq!(file.text, "\u{201c}");
        assert!(SourceFile::from_bytes("x", b"", Some("klingon")).is_err());
    }

    #[test]
    fn a_file_that_is_too_large_is_refused_with_its_size() {
        let refusal = SourceFile::from_bytes("big.json", &vec![b' '; LARGEST_FILE + 1], None).unwrap_err();
        assert!(refusal.what.contains("64"), "{refusal}");
    }

    #[test]
    fn what_is_no_text_is_named_with_what_helps() {
        for (bytes, what) in [
            (&b"PK\x03\x04\x14\0half"[..], "an Excel workbook or a ZIP archive"),
            (b"\x1f\x8b\x08\0", "gzip"),
            (b"%PDF-1.7", "a PDF"),
            (b"\n <!DOCTYPE html><title>Sign in</title>", "a web page"),
        ] {
            let why = SourceFile::from_bytes("plan.csv", bytes, None).unwrap_err().to_string();
            assert!(why.contains(what) && why.contains("Nothing was imported"), "{why}");
        }
        assert!(SourceFile::from_bytes("plan.csv", b"PK,Title\n1,a\n", None).is_ok());
    }
}
