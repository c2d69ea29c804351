//! What a person may say about the words of a file, and under which name the answers are kept for the next one.

use crate::import::bytes::SourceFile;
use crate::import::format::ImportFormat;
use crate::import::table::{self, FirstRow, HeaderSample, MAPPING, Mapping, first_row_of, headers_of};
use crate::import::word_counts::FileWords;
use crate::import::{backlog_md, github_projects, trello};

/// The columns of a table, and the words of any file that asks.
#[derive(Default)]
pub struct AskedOfFile {
    pub headers: Vec<HeaderSample>,
    pub words: FileWords,
    /// What the first row of a table is.
    pub first_row: Option<FirstRow>,
}

/// What can be said about a file; `None` for a format without words of its own.
pub fn asked(
    format: &ImportFormat,
    file: &SourceFile,
    mapping: &Mapping,
    options: &[(&str, String)],
) -> Option<AskedOfFile> {
    if !takes_mapping(format) {
        return None;
    }
    let words = |words| AskedOfFile { words, ..AskedOfFile::default() };
    Some(match format.name {
        name if name == trello::ROW.name => {
            let set = options.iter().find(|(name, _)| *name == trello::LISTS.name);
            words(trello::words_of(file, mapping, set.map_or(trello::LISTS.default, |(_, value)| value)))
        }
        name if name == github_projects::ROW.name => words(github_projects::words_of(file, mapping)),
        name if name == backlog_md::ROW.name => words(backlog_md::words_of(file, mapping)),
        _ => AskedOfFile {
            headers: headers_of(file, mapping.first_row),
            words: table::asked::words_of(file, mapping),
            first_row: Some(mapping.first_row.unwrap_or_else(|| first_row_of(file))),
        },
    })
}

/// Whether a format has words that a mapping can explain.
pub fn takes_mapping(format: &ImportFormat) -> bool {
    format.options.iter().any(|option| option.name == MAPPING.name)
}

/// A name for files of the same kind, under which their mapping is kept: tables with the same columns, a board.
pub fn shape_of(format: &ImportFormat, file: &SourceFile) -> String {
    match format.name {
        name if name == trello::ROW.name => {
            format!("{name}-{:08x}", crc32fast::hash(trello::board_id(file).as_bytes()))
        }
        name if name == github_projects::ROW.name || name == backlog_md::ROW.name => name.to_string(),
        _ => table::asked::shape_of(file),
    }
}
