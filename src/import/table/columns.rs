//! The columns of a table with their roles, and the cells of a row by role.

use crate::import::table::headers::{ColumnRole, normal};
use crate::import::table::mapping::Mapping;
use crate::import::table::profile::Profile;
use crate::import::table::rows::TableRow;
use crate::import::vocabulary::plain;
use rustc_hash::FxHashMap;

/// A column, or several with the same header.
pub struct Column {
    /// As it is written; `column 5` where there is none.
    pub header: String,
    pub role: ColumnRole,
    /// Its places in a row.
    pub places: Vec<usize>,
}

/// How good a name is: where it is named, and its place there.
type Good = (usize, usize);
type Placed = (Good, usize);

pub struct Columns<'a> {
    /// In the order of the file.
    pub all: Vec<Column>,
    /// How many headers there are.
    pub width: usize,
    places: FxHashMap<ColumnRole, Vec<usize>>,
    profile: &'a Profile,
}

/// Before these a spreadsheet would compute something.
const FORMULA: &[char] = &['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

impl<'a> Columns<'a> {
    pub fn of(headers: &[String], profile: &'a Profile, mapping: &Mapping) -> Columns<'a> {
        let mut all: Vec<(Column, Good)> = Vec::new();
        let mut known: FxHashMap<&str, usize> = FxHashMap::default();
        for (place, header) in headers.iter().enumerate() {
            let header = header.trim();
            if let Some((column, _)) = known.get(header).and_then(|at| all.get_mut(*at)).filter(|_| !header.is_empty())
            {
                column.places.push(place);
                continue;
            }
            known.insert(header, all.len());
            let plain = normal(header);
            let said = mapping.role(&plain).map(|(role, at)| (role, (0, at)));
            let found = said.or_else(|| profile.role(&plain).map(|(role, at)| (role, (1, at))));
            let (role, good) = found.unwrap_or((ColumnRole::Extra, (2, 0)));
            let header = if header.is_empty() { format!("column {}", place.saturating_add(1)) } else { header.into() };
            all.push((Column { header, role, places: vec![place] }, good));
        }
        let best = best_of(&all);
        for (column, good) in &mut all {
            if !column.role.is_shared() && best.get(&column.role).is_some_and(|best| best != good) {
                column.role = ColumnRole::Extra;
            }
        }
        let mut places: FxHashMap<ColumnRole, Vec<Placed>> = FxHashMap::default();
        for (column, good) in &all {
            places.entry(column.role).or_default().extend(column.places.iter().map(|place| (*good, *place)));
        }
        let places = places.into_iter().map(|(role, mut places)| {
            places.sort_unstable();
            (role, places.into_iter().map(|(_, place)| place).collect())
        });
        Columns {
            places: places.collect(),
            all: all.into_iter().map(|(column, _)| column).collect(),
            width: headers.len(),
            profile,
        }
    }

    /// Where the cells of a role are, those of the best header first.
    pub fn places(&self, role: ColumnRole) -> &[usize] {
        self.places.get(&role).map(Vec::as_slice).unwrap_or_default()
    }

    pub fn has(&self, role: ColumnRole) -> bool {
        self.places.contains_key(&role)
    }

    pub fn has_title(&self) -> bool {
        self.places.keys().any(|role| matches!(role, ColumnRole::Title | ColumnRole::TitleLevel(_)))
    }

    /// The filled cells of a role, without blanks around them.
    pub fn filled<'r>(&self, row: &'r TableRow, role: ColumnRole) -> impl Iterator<Item = &'r str> {
        self.places(role).iter().map(|place| self.text(row.cell(*place))).filter(|cell| !self.is_nothing(cell))
    }

    /// The first filled cell of a role, or nothing.
    pub fn first<'r>(&self, row: &'r TableRow, role: ColumnRole) -> &'r str {
        self.filled(row, role).next().unwrap_or_default()
    }

    /// A cell without blanks around it, and without what keeps a spreadsheet from computing it.
    pub fn text<'r>(&self, cell: &'r str) -> &'r str {
        let cell = cell.trim();
        match cell.strip_prefix('\'') {
            Some(rest) if self.profile.is_guarded && rest.starts_with(FORMULA) => rest,
            _ => cell,
        }
    }

    fn is_nothing(&self, cell: &str) -> bool {
        if cell.is_empty() || cell == "[]" || cell == "{}" {
            return true;
        }
        let nothing = self.profile.nothing;
        !nothing.is_empty() && cell.len() < 16 && nothing.contains(&plain(cell).as_str())
    }

    /// The values of a list in the filled cells of a role.
    pub fn list<'r>(&self, row: &'r TableRow, role: ColumnRole) -> Vec<&'r str> {
        let mut out = Vec::new();
        for cell in self.filled(row, role) {
            let bare = cell.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(cell);
            let all = bare.split(|c| self.profile.separators.contains(&c)).map(|one| one.trim().trim_matches('"'));
            out.extend(all.filter(|one| !self.is_nothing(one)));
        }
        out
    }
}

/// The best name that stands in the file, per role.
fn best_of(all: &[(Column, Good)]) -> FxHashMap<ColumnRole, Good> {
    let mut best: FxHashMap<ColumnRole, Good> = FxHashMap::default();
    for (column, good) in all {
        let one = best.entry(column.role).or_insert(*good);
        *one = (*one).min(*good);
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::table::profile::{ANY, CLICKUP, JIRA, LINEAR};

    fn columns(headers: &[&str], profile: &'static Profile, mapping: &str) -> Columns<'static> {
        let headers: Vec<String> = headers.iter().map(|header| header.to_string()).collect();
        Columns::of(&headers, profile, &Mapping::parse(mapping).unwrap())
    }

    fn row(cells: &[&str]) -> TableRow {
        TableRow { line: 2, cells: cells.iter().copied().collect() }
    }

    #[test]
    fn the_best_name_takes_the_role_and_a_mapping_comes_first() {
        let headers = ["ID", "Name", "Summary", "Milestone", "Sprint", "Sprint", "Estimate", "Story Points"];
        let all = columns(&headers, &ANY, "");
        assert_eq!(all.places(ColumnRole::Title), [2]);
        assert_eq!(all.places(ColumnRole::Sprint), [4, 5]);
        assert_eq!(all.places(ColumnRole::Points), [7, 6], "the first filled one of both counts");
        assert_eq!(all.all[1].role, ColumnRole::Extra);
        let all = columns(&headers, &ANY, r#"{"columns": {"name": "title", "Summary": "skip"}}"#);
        assert_eq!((all.places(ColumnRole::Title), all.all[2].role), ([1].as_slice(), ColumnRole::Skip));
        let all = columns(&["Sprint", "Description"], &ANY, "");
        assert!(!all.has_title(), "a description stands in for no title");
        let all = columns(&["Request", "Asked by", "Rough effort", "Where is it", "Notes"], &ANY, "");
        assert_eq!(all.places(ColumnRole::Title), [0]);
    }

    #[test]
    fn cells_are_found_in_any_of_the_repeated_columns() {
        let all = columns(&["Summary", "Issue key", "Sprint", "Sprint", "", ""], &JIRA, "");
        let row = row(&["a", " K-1 ", "", "S2"]);
        assert_eq!((all.first(&row, ColumnRole::Key), all.first(&row, ColumnRole::Sprint)), ("K-1", "S2"));
        assert_eq!(all.all.iter().map(|one| one.header.as_str()).collect::<Vec<_>>()[3..], ["column 5", "column 6"]);
    }

    #[test]
    fn lists_and_words_for_nothing_are_those_of_the_tool() {
        let all = columns(&["Task ID", "Task Name", "tags", "Priority"], &CLICKUP, "");
        let one = row(&["1", "a", "[bell, \"brake\"]", "none"]);
        assert_eq!(all.list(&one, ColumnRole::Labels), ["bell", "brake"]);
        assert_eq!(all.first(&one, ColumnRole::Priority), "");
        let all = columns(&["ID", "Title"], &LINEAR, "");
        assert_eq!(all.first(&row(&["1", "'=1+1"]), ColumnRole::Title), "=1+1");
        assert_eq!(all.first(&row(&["1", "'tis"]), ColumnRole::Title), "'tis");
    }
}
