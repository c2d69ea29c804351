//! Which column of a table made by people has the titles, where names alone mislead: in titles nearly every text is another
//! one.

use crate::import::table::columns::{Column, Columns};
use crate::import::table::headers::{ColumnRole, is_by_hand, normal};
use crate::import::table::mapping::Mapping;
use crate::import::table::rows::{TableRow, TableRows};
use rustc_hash::FxHashSet;

/// The fewest rows from which anything can be told.
const FEWEST: usize = 4;

/// The texts of a column.
#[derive(Clone, Copy)]
struct Texts {
    filled: usize,
    different: usize,
    /// The mean length, in characters, and how many have several words.
    length: usize,
    worded: usize,
}

impl Texts {
    fn of(column: &Column, rows: &[TableRow]) -> Texts {
        let cells = rows.iter().flat_map(|row| column.places.iter().map(|place| row.cell(*place).trim()));
        let cells: Vec<&str> = cells.filter(|cell| !cell.is_empty()).collect();
        let different: FxHashSet<String> = cells.iter().map(|cell| cell.to_lowercase()).collect();
        let letters: usize = cells.iter().map(|cell| cell.chars().count()).sum();
        let is_worded = |cell: &&&str| cell.split_whitespace().filter(|word| word.len() > 1).count() > 1;
        Texts {
            filled: cells.len(),
            different: different.len(),
            length: letters.checked_div(cells.len()).unwrap_or(0),
            worded: cells.iter().filter(is_worded).count(),
        }
    }

    fn repeat(self) -> bool {
        self.filled >= FEWEST && self.different.saturating_mul(10) <= self.filled.saturating_mul(6)
    }

    /// Nearly every row has a text of its own, of several words, and short enough for a line.
    fn are_titles(self, rows: usize) -> bool {
        self.filled >= FEWEST
            && self.filled.saturating_mul(10) >= rows.saturating_mul(8)
            && self.different.saturating_mul(10) >= self.filled.saturating_mul(9)
            && self.worded.saturating_mul(10) >= self.filled.saturating_mul(7)
            && (10..=160).contains(&self.length)
    }
}

/// The column that has the titles although its name does not say so, and what the one becomes that is named like it: its
/// few words are labels. `None` if the names are right, or nothing better is there.
pub fn by_texts(columns: &Columns, table: &TableRows, mapping: &Mapping) -> Option<Vec<(String, ColumnRole)>> {
    let is_said = |column: &Column| mapping.role(&normal(&column.header)).is_some();
    let is_title = |column: &&Column| matches!(column.role, ColumnRole::Title | ColumnRole::TitleLevel(_));
    let rows = table.rows.len();
    let named = columns.all.iter().find(is_title);
    if named.is_some_and(|column| is_said(column) || !Texts::of(column, &table.rows).repeat()) {
        return None;
    }
    let free = columns.all.iter().filter(|column| column.role == ColumnRole::Extra && !column.is_known);
    let able: Vec<(&Column, Texts)> = free
        .filter(|column| !is_said(column))
        .map(|column| (column, Texts::of(column, &table.rows)))
        .filter(|(_, texts)| texts.are_titles(rows))
        .collect();
    // A column with remarks is longer, and stands behind.
    let longest = able.iter().map(|(_, texts)| texts.length).max()?;
    let (best, _) = able.iter().find(|(_, texts)| texts.length.saturating_mul(2) >= longest)?;
    let mut said = vec![(best.header.clone(), ColumnRole::Title)];
    if let Some(column) = named {
        let by_hand = is_by_hand(&normal(&column.header)) && column.role == ColumnRole::Title;
        said.push((column.header.clone(), if by_hand { ColumnRole::Labels } else { ColumnRole::Extra }));
    }
    Some(said)
}

/// `only 4 of 12 titles are different`, with what helps, where titles repeat so much that another column may have them.
pub fn repeated<'a>(titles: impl Iterator<Item = &'a str>) -> Option<String> {
    let all: Vec<&str> = titles.collect();
    let different: FxHashSet<&str> = all.iter().copied().collect();
    let (count, different) = (all.len(), different.len());
    let many = count >= FEWEST && different.saturating_mul(2) <= count;
    many.then(|| {
        format!("only {different} of {count} titles are different: if another column holds the titles, choose it as the title")
    })
}
