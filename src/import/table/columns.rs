//! The columns of a table with their roles, and the cells of a row by role.

use crate::import::table::headers::{ColumnRole, normal, role_in_part};
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
    /// Its header says what it is, if only that it is kept beside the record.
    pub is_known: bool,
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
    /// Its rows are cards.
    is_trello: bool,
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
            let in_part = || role_in_part(&plain).filter(|_| profile.is_loose);
            let by_name = || profile.role(&plain).or_else(|| loose(profile, &plain)).or_else(in_part);
            let found = said.or_else(|| by_name().map(|(role, at)| (role, (1, at))));
            let is_known = found.is_some();
            let (role, good) = found.unwrap_or((ColumnRole::Extra, (2, 0)));
            let header = if header.is_empty() { format!("column {}", place.saturating_add(1)) } else { header.into() };
            all.push((Column { header, role, is_known, places: vec![place] }, good));
        }
        if profile.is_loose {
            without_title(&mut all);
        }
        let best = best_of(&all);
        let mut lost: Vec<usize> = Vec::new();
        for (at, (column, good)) in all.iter_mut().enumerate() {
            if !column.role.is_shared() && best.get(&column.role).is_some_and(|best| best != good) {
                if column.role == ColumnRole::Title {
                    lost.push(at);
                }
                (column.role, column.is_known) = (ColumnRole::Extra, false);
            }
        }
        if profile.is_loose {
            // What would be a title in another table has its own place beside a better one.
            for at in lost {
                let has = |role: ColumnRole| all.iter().any(|(column, _)| column.role == role);
                let has = (has(ColumnRole::Description), has(ColumnRole::EpicTitle));
                let Some((column, _)) = all.get_mut(at) else { continue };
                let role = match normal(&column.header).as_str() {
                    name if STORY_TEXT.contains(&name) && !has.0 => ColumnRole::Description,
                    "feature" if !has.1 => ColumnRole::EpicTitle,
                    _ => continue,
                };
                (column.role, column.is_known) = (role, true);
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
            is_trello: headers.iter().any(|header| normal(header) == "card id"),
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

    pub fn has_epics_apart(&self) -> bool {
        self.profile.has_epics_apart
    }

    pub fn has_epic_labels(&self) -> bool {
        self.profile.has_epic_labels
    }

    /// The labels of a row. Trello puts the colour behind the name.
    pub fn labels<'r>(&self, row: &'r TableRow) -> Vec<&'r str> {
        let all = self.list(row, ColumnRole::Labels).into_iter();
        if self.is_trello { all.map(uncoloured).filter(|label| !label.is_empty()).collect() } else { all.collect() }
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

    pub fn is_nothing(&self, cell: &str) -> bool {
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

/// Names of a column with the whole text of a story, where another one has its title.
const STORY_TEXT: &[&str] = &["story", "user story", "historia de usuario", "história de usuário"];

/// Names of columns that only tables made by people have.
const LOOSE: &[(ColumnRole, &[&str])] = &[
    (ColumnRole::Project, &["project", "projects", "projekt", "projet", "proyecto", "projeto"]),
    (
        ColumnRole::Task,
        &["tasks", "subtasks", "sub tasks", "checklist", "tareas", "subtareas", "tarefas", "aufgaben", "tâches"],
    ),
];

/// `Urgent (red)` → `Urgent`; a colour without a name is the label.
fn uncoloured(label: &str) -> &str {
    const COLOURS: &[&str] =
        &["green", "yellow", "orange", "red", "purple", "blue", "sky", "lime", "pink", "black", "no color"];
    let Some((name, colour)) = label.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) else { return label };
    let shade = colour.trim_end_matches("_dark").trim_end_matches("_light");
    match name.trim() {
        "" if COLOURS.contains(&shade) => colour,
        name if COLOURS.contains(&shade) => name,
        _ => label,
    }
}

fn loose(profile: &Profile, plain: &str) -> Option<(ColumnRole, usize)> {
    let mut all = LOOSE.iter().filter(|_| profile.is_loose);
    all.find_map(|(role, names)| Some((*role, names.iter().position(|name| *name == plain)?)))
}

/// In a table without a title, its tasks are the titles.
fn without_title(all: &mut [(Column, Good)]) {
    let is_title = |role: ColumnRole| matches!(role, ColumnRole::Title | ColumnRole::TitleLevel(_));
    if !all.iter().any(|(column, _)| is_title(column.role))
        && let Some((column, _)) = all.iter_mut().find(|(column, _)| column.role == ColumnRole::Task)
    {
        column.role = ColumnRole::Title;
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
