//! The text of a CSV file: delimiter, line ends, quotes, and cells that no spreadsheet takes for formulas.

use crate::export::format::Written;
use crate::model::rules::Refusal;
use crate::model::sheet::marked;
use crate::options::{FormatOption, OptionKind, Options};

pub const DELIMITER: FormatOption = FormatOption {
    name: "delimiter",
    help: "What stands between two cells; spreadsheets of many countries want a semicolon.",
    kind: OptionKind::Choice("delimiter", || vec!["comma", "semicolon", "tab"]),
    default: "comma",
};
pub const BOM: FormatOption = FormatOption {
    name: "bom",
    help: "Whether the file begins with a byte order mark, by which Excel knows UTF-8.",
    kind: OptionKind::Switch,
    default: "no",
};
pub const CRLF: FormatOption =
    FormatOption { name: "crlf", help: "Whether rows end as on Windows.", kind: OptionKind::Switch, default: "no" };
pub const SAFE: FormatOption = FormatOption {
    name: "safe-cells",
    help: "Whether ' is put before a cell that a spreadsheet would take for a formula.",
    kind: OptionKind::Switch,
    default: "yes",
};

/// The options of every CSV.
pub const OPTIONS: &[&FormatOption] = &[&DELIMITER, &BOM, &CRLF, &SAFE];

/// Writes rows of cells, the first one with the headers.
///
/// # Errors
///
/// None known: the rows are in memory.
pub fn written(rows: &[Vec<String>], options: &Options) -> Result<Written, Refusal> {
    let delimiter = match options.text(&DELIMITER) {
        "semicolon" => b';',
        "tab" => b'\t',
        _ => b',',
    };
    let end = if options.is_on(&CRLF) { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
    let bytes = if options.is_on(&BOM) { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).terminator(end).flexible(true).from_writer(bytes);
    let refused = |why: String| Refusal::new(format!("The table cannot be written: {why}."), "Nothing was written.");
    for row in rows {
        let cells = row.iter().map(|cell| marked(cell, options.is_on(&SAFE)));
        writer.write_record(cells).map_err(|error| refused(error.to_string()))?;
    }
    writer.into_inner().map(Written::from).map_err(|error| refused(error.to_string()))
}
