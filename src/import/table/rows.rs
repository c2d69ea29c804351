//! The records of a table: ordered lists of cells under headers, of which several may have the same name.

use crate::import::bytes::SourceFile;
use crate::import::found::Tally;
use crate::import::table::dialect::{header_at, reader};
use crate::import::vocabulary::status;

/// A table, read whole.
pub struct TableRows {
    /// The headers as they are written; several may be equal.
    pub headers: Vec<String>,
    pub rows: Vec<TableRow>,
    pub warnings: Tally,
}

/// One record.
pub struct TableRow {
    /// The line of the file on which it begins.
    pub line: u64,
    pub cells: csv::StringRecord,
}

const OVERFLOW: &str = "row with more cells than there are headers: the rest is kept beside the story as _overflow";

const LONGER: &str = "row with one cell more than there are headers: a cell may be cut at a delimiter without quotes";

impl TableRow {
    /// The cells beyond the last header, up to the last filled one.
    pub fn overflow(&self, headers: usize) -> Vec<&str> {
        let mut rest: Vec<&str> = self.cells.iter().skip(headers).collect();
        while rest.last().is_some_and(|cell| cell.trim().is_empty()) {
            rest.pop();
        }
        rest
    }

    pub fn cell(&self, at: usize) -> &str {
        self.cells.get(at).unwrap_or_default()
    }
}

/// The line on which a record begins; the position of the reader is before the empty lines that it skips.
fn line_of(cells: &csv::StringRecord, text: &str) -> u64 {
    let Some(position) = cells.position() else { return 0 };
    let rest = usize::try_from(position.byte()).ok().and_then(|at| text.as_bytes().get(at..)).unwrap_or_default();
    let skipped = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).filter(|byte| **byte == b'\n').count();
    position.line().saturating_add(skipped as u64)
}

/// What the first row of a table is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FirstRow {
    Names,
    Data,
}

impl FirstRow {
    pub fn word(self) -> &'static str {
        match self {
            FirstRow::Names => "names",
            FirstRow::Data => "data",
        }
    }

    pub fn named(word: &str) -> Option<FirstRow> {
        [FirstRow::Names, FirstRow::Data].into_iter().find(|one| one.word().eq_ignore_ascii_case(word.trim()))
    }

    /// What it looks like.
    pub fn of(file: &SourceFile, is_known: &dyn Fn(&str) -> bool) -> FirstRow {
        let records = &file.table_head().records;
        match header_at(records, is_known).is_some_and(|at| is_data(records, at, is_known)) {
            true => FirstRow::Data,
            false => FirstRow::Names,
        }
    }
}

/// The headers of a table, without reading the rest.
pub fn headers(file: &SourceFile, is_known: &dyn Fn(&str) -> bool) -> Vec<String> {
    let records = &file.table_head().records;
    match header_at(records, is_known) {
        Some(at) if is_data(records, at, is_known) => numbered(records),
        at => at.and_then(|at| records.get(at)).map(named).unwrap_or_default(),
    }
}

/// Names for the columns of a table that has none.
fn numbered(records: &[csv::StringRecord]) -> Vec<String> {
    let most = records.iter().map(|record| named(record).len()).max().unwrap_or_default();
    (1..=most).map(|nth| format!("Column {nth}")).collect()
}

/// True if the record that would have the headers looks like one of the rows: no known name in it, but a number, or a word
/// for a state above another one.
fn is_data(records: &[csv::StringRecord], at: usize, is_known: &dyn Fn(&str) -> bool) -> bool {
    let Some(first) = records.get(at).filter(|record| !record.iter().any(is_known)) else { return false };
    let is_number = |cell: &str| {
        let cell = cell.trim();
        cell.starts_with(|c: char| c.is_ascii_digit()) && cell.chars().all(|c| c.is_ascii_digit() || ".,".contains(c))
    };
    let below = |place: usize| {
        let rows = records.iter().skip(at.saturating_add(1));
        rows.filter_map(move |row| row.get(place)).any(|cell| status(cell).is_some())
    };
    let has_state = || first.iter().enumerate().any(|(place, cell)| status(cell).is_some() && below(place));
    first.len() > 1 && (first.iter().any(is_number) || has_state())
}

/// Empty headers at the end are no columns.
fn named(record: &csv::StringRecord) -> Vec<String> {
    let mut headers: Vec<String> = record.iter().map(|cell| cell.trim_matches('\u{feff}').to_string()).collect();
    while headers.last().is_some_and(|header| header.trim().is_empty()) {
        headers.pop();
    }
    headers
}

impl TableRows {
    /// Reads the rows. Without a word about the first one, it is what it looks like.
    pub fn of(file: &SourceFile, said: Option<FirstRow>, is_known: &dyn Fn(&str) -> bool) -> TableRows {
        let head = file.table_head();
        let rest = file.text.get(head.start..).unwrap_or_default();
        let before = u64::from(head.start > 0);
        let at = header_at(&head.records, is_known);
        let mut rows = TableRows { headers: Vec::new(), rows: Vec::new(), warnings: Tally::default() };
        let is_nameless = match said {
            Some(said) => said == FirstRow::Data,
            None => at.is_some_and(|at| is_data(&head.records, at, is_known)),
        };
        if is_nameless {
            rows.headers = numbered(&head.records);
            if said.is_none() {
                rows.warnings
                    .add("the first line looks like a story, so the columns are called Column 1 and so on", "");
            }
        } else if said.is_some() {
            // Nobody has to be told what they said.
        } else if let Some(at) = at
            && let Some(record) = head.records.get(at)
            && !record.iter().any(is_known)
        {
            let line = line_of(record, rest).saturating_add(before);
            rows.warnings.add("no column has a known name: this line was read as the names", &format!("line {line}"));
        }
        let at = at.filter(|_| !is_nameless);
        let mut longer = Vec::new();
        let mut last = 0;
        let mut header = csv::StringRecord::new();
        // The text is UTF-8 and rows may have any length, so that nothing fails.
        let records = reader(rest, head.delimiter).into_records().map_while(Result::ok);
        for (place, cells) in records.enumerate() {
            let line = line_of(&cells, rest).saturating_add(before);
            match at {
                Some(at) if place < at => continue,
                Some(at) if place == at => {
                    rows.headers = named(&cells);
                    header = cells;
                    continue;
                }
                _ => {}
            }
            if cells.iter().all(|cell| cell.chars().all(|c| c.is_whitespace() || c.is_control())) {
                continue;
            }
            if cells == header {
                rows.warnings.add("headers that stand again between the rows, left out", "");
                continue;
            }
            last = line;
            let row = TableRow { line, cells };
            if row.cells.len() > rows.headers.len() && !row.overflow(rows.headers.len()).is_empty() {
                rows.warnings.add(OVERFLOW, &format!("line {line}"));
            } else if row.cells.len() > header.len() && !is_nameless {
                longer.push(line);
            }
            rows.rows.push(row);
        }
        // Where every row ends with a delimiter, that is how the file is written.
        if longer.len() <= rows.rows.len() / 2 {
            longer.iter().for_each(|line| rows.warnings.add(LONGER, &format!("line {line}")));
        }
        rows.told_if_cut(rest, last);
        rows
    }

    /// A quote that nothing closes swallows the rest: then the file was cut, or a quote is missing.
    fn told_if_cut(&mut self, text: &str, line: u64) {
        let quotes = memchr::memchr_iter(b'"', text.as_bytes()).count();
        let Some(row) = self.rows.last().filter(|_| quotes % 2 == 1) else { return };
        let ends = row.cells.iter().next_back().unwrap_or_default();
        if row.cells.len() < self.headers.len() || ends.contains('\n') {
            let what = "the last row is not complete: a quote is open, or the file was cut off";
            self.warnings.add(what, &format!("line {line}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> TableRows {
        let file = SourceFile::from_bytes("x", text.as_bytes(), None).unwrap();
        TableRows::of(&file, None, &|cell| ["Title", "Key", "Sprint"].contains(&cell))
    }

    #[test]
    fn rows_may_be_ragged_blank_or_long() {
        let rows = read(
            "# mine\nKey,Title,Sprint,Sprint,\n1,a\n,,,\n\n2,b,S1,S2,x,y,\nKey,Title,Sprint,Sprint,\n\"3\",\"c\nd\",,\n4,e\n",
        );
        assert_eq!(rows.headers, ["Key", "Title", "Sprint", "Sprint"]);
        let lines: Vec<u64> = rows.rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [3, 6, 8, 10]);
        assert_eq!(rows.rows[1].overflow(4), ["x", "y"]);
        assert_eq!((rows.rows[0].cell(1), rows.rows[0].cell(3), rows.rows[2].cell(1)), ("a", "", "c\nd"));
        assert_eq!(rows.warnings.0[0].examples, ["line 6"]);
        assert_eq!(rows.warnings.total(), 2);
    }

    #[test]
    fn a_first_row_that_is_data_is_no_header() {
        let rows = read("Regal bauen;2,5;offen\nLampe tauschen;1.000,5;fertig\n;3;offen\nTür ölen;;läuft\n");
        assert_eq!(rows.headers, ["Column 1", "Column 2", "Column 3"]);
        assert_eq!((rows.rows.len(), rows.rows[0].cell(0), rows.rows[0].line), (4, "Regal bauen", 1));
        assert!(rows.warnings.0[0].what.contains("Column 1"), "{:?}", rows.warnings);
        let rows = read("Shelf,open\nLamp,done\n");
        assert_eq!((rows.headers.len(), rows.rows.len()), (2, 2));
        let rows = read("What,Where\nLamp,Hall\n");
        assert_eq!((&*rows.headers[0], rows.rows.len()), ("What", 1));
        assert!(rows.warnings.0[0].what.contains("read as the names"), "{:?}", rows.warnings);
        assert!(read("Title,2026\na,3\n").headers.contains(&"2026".to_string()), "a known name makes it a header");
    }

    #[test]
    fn what_the_first_row_is_can_be_said() {
        let file = SourceFile::from_bytes("x", b"Shelf,open\nLamp,done\n", None).unwrap();
        let read = |said| TableRows::of(&file, said, &|_| false);
        assert_eq!(FirstRow::of(&file, &|_| false), FirstRow::Data);
        let names = read(Some(FirstRow::Names));
        assert_eq!((&*names.headers[0], names.rows.len()), ("Shelf", 1));
        let file = SourceFile::from_bytes("x", b"Shelf,Hall\nLamp,Attic\n", None).unwrap();
        let data = TableRows::of(&file, Some(FirstRow::Data), &|_| false);
        assert_eq!((&*data.headers[0], data.rows.len(), data.warnings.total()), ("Column 1", 2, 0));
        assert_eq!(FirstRow::named("Data"), Some(FirstRow::Data));
    }

    #[test]
    fn half_a_file_says_so() {
        let rows = read("Key,Title\n1,a\n2,\"b\nand no end\n3,c\n");
        assert_eq!(rows.rows.len(), 2);
        assert!(rows.warnings.0[0].what.contains("cut off"), "{:?}", rows.warnings);
        assert!(read("Key,Title\n1,a 5\" pipe\n2,b\n").warnings.is_empty());
        assert!(read("").rows.is_empty());
    }
}
