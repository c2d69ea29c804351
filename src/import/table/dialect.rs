//! How a table is written: what separates its cells, and which record has the headers.

/// What may separate cells, the most usual first.
const DELIMITERS: &[u8] = b",;\t|";
/// How much of a file is looked at, in bytes and in records.
const HEAD: usize = 1 << 18;
const LOOKED_AT: usize = 50;
/// Among how many records the headers are.
const LINES_BEFORE: usize = 10;

/// The delimiter, and the text without a line that names it.
fn delimiter(text: &str) -> (u8, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let named = first.trim().trim_matches('"').strip_prefix("sep=");
    if let Some([one]) = named.map(str::as_bytes)
        && one.is_ascii()
        && !one.is_ascii_alphanumeric()
        && *one != b'"'
    {
        return (*one, rest);
    }
    // Excel writes a tab as it is, and a line is trimmed.
    if first.trim().trim_matches('"') == "sep=" {
        return (b'\t', rest);
    }
    (guess(text), text)
}

/// The delimiter with which the largest share of the records has the same number of cells, and then the one that gives more
/// of them. Under a wrong one each line of a long text is a record.
fn guess(text: &str) -> u8 {
    let mut best = (b',', (0, 0));
    for delimiter in DELIMITERS {
        let score = usual(&head(text, *delimiter));
        if score > best.1 {
            best = (*delimiter, score);
        }
    }
    best.0
}

/// The share of the records, in thousandths, that have the same number of cells, and that number.
fn usual(records: &[csv::StringRecord]) -> (usize, usize) {
    let widths: Vec<usize> = records.iter().map(csv::StringRecord::len).collect();
    let share = |width: usize| {
        let times = widths.iter().filter(|one| **one == width).count();
        times.saturating_mul(1000).checked_div(widths.len()).unwrap_or_default()
    };
    widths.iter().filter(|width| **width > 1).map(|width| (share(*width), *width)).max().unwrap_or_default()
}

/// The first records of a text.
fn head(text: &str, delimiter: u8) -> Vec<csv::StringRecord> {
    // A letter has four bytes at most.
    let start = (0..4).find_map(|back| text.get(..HEAD.saturating_sub(back))).unwrap_or(text);
    let is_cut = start.len() < text.len();
    let mut all: Vec<_> = reader(start, delimiter).into_records().take(LOOKED_AT).map_while(Result::ok).collect();
    if is_cut && all.len() > 1 && all.len() < LOOKED_AT {
        all.pop();
    }
    all
}

/// The beginning of a table.
#[derive(Clone, Debug)]
pub struct TableHead {
    pub delimiter: u8,
    /// Where the text begins after a line that names the delimiter.
    pub start: usize,
    pub records: Vec<csv::StringRecord>,
}

impl TableHead {
    pub fn of(text: &str) -> TableHead {
        let (delimiter, rest) = delimiter(text);
        TableHead { delimiter, start: text.len().saturating_sub(rest.len()), records: head(rest, delimiter) }
    }

    /// True if a record begins with a checkbox, or is the line of dashes below the headers of a table in Markdown. In a file
    /// that is named as a table, only the latter.
    pub fn is_markdown(&self, is_named_table: bool) -> bool {
        let is_rule = |record: &csv::StringRecord| {
            let mut all = record.iter().flat_map(str::chars).filter(|c| !c.is_whitespace()).peekable();
            let has_border = self.delimiter == b'|' || record.iter().any(|cell| cell.contains('|'));
            has_border && all.peek().is_some() && all.all(|c| matches!(c, '-' | ':' | '|'))
        };
        let is_box = |record: &csv::StringRecord| {
            let first = record.get(0).unwrap_or_default();
            let item = first.trim_start().strip_prefix(['-', '*', '+']).map(str::trim_start);
            // Text in quotes is one cell, whatever its lines begin with.
            item.is_some_and(|item| ["[ ] ", "[x] ", "[X] "].iter().any(|mark| item.starts_with(mark)))
        };
        self.records.iter().any(|record| is_rule(record) || !is_named_table && is_box(record))
    }

    /// True if it looks like a table: most of its records have the same number of cells, and more than one.
    pub fn is_table(&self) -> bool {
        self.records.len() > 1 && usual(&self.records).0 >= 800
    }
}

pub fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(text.as_bytes())
}

/// The place of the record with the headers: the first with two names that `is_known`, or with one of them where it is no
/// shorter; else the first with two cells or more.
pub fn header_at(records: &[csv::StringRecord], is_known: &dyn Fn(&str) -> bool) -> Option<usize> {
    let first = || records.iter().take(LINES_BEFORE);
    let known = |record: &csv::StringRecord| record.iter().filter(|cell| is_known(cell)).count();
    let filled = |record: &csv::StringRecord| record.iter().filter(|cell| !cell.trim().is_empty()).count();
    let width = |at: usize| records.get(at).map(filled).unwrap_or_default();
    // A word for a status or a type may be a known name too. In a row of mostly other words, below one that is as wide, it
    // is such a word: the names above are a person's own.
    let is_data = |at: usize, record: &csv::StringRecord| {
        let is_wide_above = first().take(at).any(|above| filled(above) >= filled(record));
        known(record).saturating_mul(2) < filled(record) && is_wide_above
    };
    let place = |least: usize| {
        let mut all = first().enumerate();
        all.find(|(at, one)| known(one) >= least && one.len() > 1 && !is_data(*at, one)).map(|(at, _)| at)
    };
    let (two, one) = (place(2), place(1));
    // Among the rows below one with a known name, words for types may look like two of them.
    let both = one.zip(two).map(|(one, two)| if width(one) >= width(two) { one } else { two });
    both.or(two)
        .or(one)
        .or_else(|| first().position(|record| known(record) == 1 && record.len() == 1))
        .or_else(|| first().position(|record| filled(record) > 1))
        .or_else(|| first().position(|record| filled(record) == 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_named_or_found() {
        assert_eq!(delimiter("sep=;\r\na,b;c\n"), (b';', "a,b;c\n"));
        assert_eq!(delimiter("\"sep=|\"\na|b\n"), (b'|', "a|b\n"));
        assert_eq!(delimiter("sep=\t\na\tb\n"), (b'\t', "a\tb\n"));
        for (text, found) in [
            ("a;b;c\n1;\"x,y,z\";3\n4;5,5;6\n", b';'),
            ("a\tb\n1\t2\n", b'\t'),
            ("Title,Notes\nOne,\"a;b;c\nd;e\"\nTwo,c\n", b','),
            ("one\ntwo\n", b','),
            ("", b','),
        ] {
            assert_eq!(delimiter(text), (found, text), "{text}");
        }
    }

    #[test]
    fn headers_may_stand_below_other_lines() {
        let at = |text: &str| header_at(&head(text, b','), &|cell| ["Title", "Key"].contains(&cell));
        assert_eq!(at("# filename: x\nMy backlog,,\n\nKey,Title,X\n1,a,\n"), Some(2));
        assert_eq!(at("x\nfoo,bar\n"), Some(1));
        assert_eq!(at("a,b,Title\n1,Key,Title\n"), Some(0));
        assert_eq!(at("Title\na\n"), Some(0));
        assert_eq!(at("What,How big,How far,Who\nDoor,1,Key,Ann\nPaint,2,Key,Bob\n"), Some(0), "a word in a row");
        assert_eq!(at("Export of May\nWhat,Title,How far,Who\nDoor,1,Key,Ann\n"), Some(1));
        assert_eq!(at(""), None);
    }

    #[test]
    fn a_line_of_dashes_or_a_box_is_markdown() {
        for text in
            ["| ID | Title |\n|----|:--:|\n| 1 | a |\n", "a | b\n--|--\n1 | 2\n", "# A\n- [x] one, two\n- [ ] b, c\n"]
        {
            assert!(TableHead::of(text).is_markdown(false), "{text}");
        }
        for text in ["ID|Title\n1|-\n2|b\n", "ID,Title\n1,\"a\n- [ ] b\n|--|--|\n\"\n", "- a, b\n---\n"] {
            assert!(!TableHead::of(text).is_markdown(false), "{text}");
        }
    }

    #[test]
    fn prose_is_no_table() {
        assert!(TableHead::of("a,b\n1,2\n3,4\n").is_table());
        for text in
            ["hello", "Hello, world.\nThis is, as far as I know, a letter.\nYours\n", "- [ ] one\n- [ ] two\n", ""]
        {
            assert!(!TableHead::of(text).is_table(), "{text}");
        }
    }
}
