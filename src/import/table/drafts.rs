//! TableRows on their way to records: what each is, by which key it is known, and what it belongs to.

use crate::import::found::Tally;
use crate::import::table::columns::Columns;
use crate::import::table::headers::ColumnRole;
use crate::import::table::rows::TableRow;
use crate::import::table::words::Words;
use crate::import::vocabulary::{self, Work};
use crate::model::schema::ItemKind;
use rustc_hash::FxHashMap;

/// A row that becomes a record, or a task of one.
pub struct Draft<'a> {
    pub row: &'a TableRow,
    pub key: String,
    pub title: String,
    pub work: Work,
    /// What it belongs to, if that is in the file: never a row that becomes a task.
    pub parent: Option<usize>,
    /// The rows that become its tasks.
    pub tasks: Vec<usize>,
    /// It becomes a task of another one.
    pub is_task: bool,
    /// Its type says that it is a task of another one, whether that is in the file or not.
    pub is_subtask: bool,
}

/// All rows that become something.
pub struct Drafts<'a> {
    pub all: Vec<Draft<'a>>,
    by_key: FxHashMap<String, usize>,
    by_id: FxHashMap<&'a str, usize>,
    /// Epics and the like by title; `None` where two have the same.
    by_title: FxHashMap<String, Option<usize>>,
}

/// What the key of a sprint begins with, and of a project that has no row.
pub const SPRINT: &str = "sprint:";
pub const PROJECT: &str = "project:";
/// What the key of an epic begins with whose id is no key of a row.
pub const EPIC: &str = "epic:";

/// How far up a row is looked for what it belongs to.
const DEEPEST: usize = 30;

/// A title on one line.
pub fn one_line(text: &str) -> String {
    if !text.contains(['\n', '\r', '\t']) {
        return text.trim().to_string();
    }
    let parts = text.split(['\n', '\r', '\t']).map(str::trim).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" ")
}

fn folded(title: &str) -> String {
    title.trim().to_lowercase()
}

impl<'a> Drafts<'a> {
    pub fn of(rows: &'a [TableRow], columns: &Columns, words: &mut Words<'a>, out: &mut Left) -> Drafts<'a> {
        let mut drafts = Drafts {
            all: Vec::with_capacity(rows.len()),
            by_key: FxHashMap::default(),
            by_id: FxHashMap::default(),
            by_title: FxHashMap::default(),
        };
        let mut levels: Vec<(u8, usize)> = Vec::new();
        let mut times: FxHashMap<String, usize> = FxHashMap::default();
        for row in rows {
            let (title, level) = title_of(columns, row);
            let Some(key) = drafts.key(columns, row, &title, &mut times, out) else { continue };
            let title = if title.is_empty() { format!("(no title, #{key})") } else { title };
            let work = words.work(columns, row, &title);
            let at = drafts.all.len();
            let mut parent = None;
            if level > 0 {
                while levels.last().is_some_and(|(above, _)| *above >= level) {
                    levels.pop();
                }
                parent = levels.last().map(|(_, at)| *at);
                levels.push((level, at));
            }
            drafts.by_key.entry(key.clone()).or_insert(at);
            let id = columns.first(row, ColumnRole::InternalId);
            if !id.is_empty() {
                drafts.by_id.entry(id).or_insert(at);
            }
            drafts.all.push(Draft {
                row,
                key,
                title,
                work,
                parent,
                tasks: Vec::new(),
                is_task: false,
                is_subtask: work == Work::Task,
            });
        }
        drafts.titles(columns);
        drafts.parents(columns);
        drafts.tasks();
        drafts
    }

    /// The key of a row; without one, its words identify it. `None` for a row that is left out.
    fn key(
        &self,
        columns: &Columns,
        row: &TableRow,
        title: &str,
        times: &mut FxHashMap<String, usize>,
        out: &mut Left,
    ) -> Option<String> {
        let mut named = columns.first(row, ColumnRole::Key);
        if named.is_empty() {
            named = columns.first(row, ColumnRole::InternalId);
        }
        let named = if named.len() > 1 { named.trim_start_matches('#') } else { named };
        let key = if named.is_empty() {
            if title.is_empty() {
                out.skipped.add("row without a title and a key", &format!("line {}", row.line));
                return None;
            }
            format!("text-{:08x}", crc32fast::hash(title.as_bytes()))
        } else {
            one_line(named)
        };
        let earlier = self.by_key.get(&key).and_then(|at| self.all.get(*at));
        if let Some(earlier) = earlier.filter(|_| !named.is_empty()) {
            if earlier.row.cells == row.cells {
                out.skipped.add("row that occurs twice in the file", &key);
                return None;
            }
            out.warnings.add("row with the key of another one: both are kept", &key);
        }
        // Sprints and projects have names of their own among the keys.
        let key =
            if [SPRINT, PROJECT, EPIC].iter().any(|begin| key.starts_with(begin)) { format!("key:{key}") } else { key };
        let count = times.entry(key.clone()).or_default();
        let mut unique = key.clone();
        while *count > 0 || self.by_key.contains_key(&unique) {
            *count = count.saturating_add(1).max(2);
            unique = format!("{key}~{count}");
            if !self.by_key.contains_key(&unique) {
                return Some(unique);
            }
        }
        *count = 1;
        Some(unique)
    }

    fn titles(&mut self, columns: &Columns) {
        for is_roadmap in [true, false] {
            for (at, draft) in self.all.iter().enumerate() {
                let is = matches!(draft.work, Work::Roadmap | Work::Goal);
                if is == is_roadmap {
                    let known = |one: &mut Option<usize>| {
                        let first = one.and_then(|first| self.all.get(first));
                        // A story with the title of an epic takes nothing from it.
                        if first.is_none_or(|first| matches!(first.work, Work::Roadmap | Work::Goal) == is) {
                            *one = None;
                        }
                    };
                    self.by_title.entry(folded(&draft.title)).and_modify(known).or_insert(Some(at));
                    let short = columns.first(draft.row, ColumnRole::ShortName);
                    if is && !short.is_empty() {
                        self.by_title.entry(folded(short)).or_insert(Some(at));
                    }
                }
            }
        }
    }

    /// The row of a key or an internal id.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.by_key.get(name).or_else(|| self.by_id.get(name)).copied()
    }

    /// The row of a key, an internal id or a title.
    pub fn find_by_any(&self, name: &str) -> Option<usize> {
        self.find(name).or_else(|| self.by_title.get(&folded(name)).copied().flatten())
    }

    fn parents(&mut self, columns: &Columns) {
        let mut roles = vec![ColumnRole::Parent, ColumnRole::EpicLink, ColumnRole::EpicTitle];
        roles.retain(|role| columns.has(*role) && !(columns.has_epics_apart() && *role == ColumnRole::EpicLink));
        let epics = self.epics_by_label(columns);
        if roles.is_empty() && epics.is_empty() && !columns.has(ColumnRole::ShortName) {
            return;
        }
        let is_why = |at: &usize| self.all.get(*at).is_some_and(|one| matches!(one.work, Work::Roadmap | Work::Goal));
        let of_epic = |at: usize| {
            let draft = self.all.get(at).filter(|_| !is_why(&at))?;
            let short = self.find_by_any(columns.first(draft.row, ColumnRole::ShortName)).filter(is_why);
            short.or_else(|| {
                columns.list(draft.row, ColumnRole::Labels).iter().find_map(|label| epics.get(label).copied())
            })
        };
        let of_epics: Vec<Option<usize>> = (0..self.all.len()).map(of_epic).collect();
        for at in 0..self.all.len() {
            let Some(draft) = self.all.get(at).filter(|draft| draft.parent.is_none()) else { continue };
            let names = roles.iter().flat_map(|role| columns.filled(draft.row, *role));
            let parent = names.filter_map(|name| self.find_by_any(name)).find(|parent| *parent != at);
            let parent = parent.or_else(|| of_epics.get(at).copied().flatten());
            if let Some(draft) = self.all.get_mut(at) {
                draft.parent = parent;
            }
        }
    }

    /// The epics by their labels, where a tool has them so.
    fn epics_by_label<'r>(&self, columns: &Columns) -> FxHashMap<&'r str, usize>
    where
        'a: 'r,
    {
        let epics =
            self.all.iter().enumerate().filter(|(_, one)| columns.has_epic_labels() && one.work == Work::Roadmap);
        let labels = epics.flat_map(|(at, one)| {
            let row: &'a TableRow = one.row;
            columns.list(row, ColumnRole::Labels).into_iter().map(move |label| (label, at))
        });
        labels.collect()
    }

    /// A sub-task whose story is in the file becomes a task of it, every other one a story.
    fn tasks(&mut self) {
        for at in 0..self.all.len() {
            let Some(draft) = self.all.get(at) else { continue };
            let above = self.above(draft.parent);
            let is_item = |at: usize| self.all.get(at).is_some_and(|one| matches!(one.work, Work::Item(_)));
            let story = above.filter(|above| *above != at && draft.work == Work::Task && is_item(*above));
            if let Some(draft) = self.all.get_mut(at) {
                draft.parent = above.filter(|above| *above != at);
                draft.is_task = story.is_some();
            }
            if let Some(story) = story.and_then(|story| self.all.get_mut(story)) {
                story.tasks.push(at);
            }
        }
        for draft in self.all.iter_mut().filter(|draft| draft.work == Work::Task && !draft.is_task) {
            draft.work = Work::Item(ItemKind::Story);
        }
    }

    /// The nearest row above that does not become a task itself.
    fn above(&self, mut parent: Option<usize>) -> Option<usize> {
        for _ in 0..DEEPEST {
            let one = self.all.get(parent?)?;
            if one.work != Work::Task || one.parent.is_none() {
                return parent;
            }
            parent = one.parent;
        }
        None
    }
}

/// What is left out, and what to look at.
#[derive(Default)]
pub struct Left {
    pub skipped: Tally,
    pub warnings: Tally,
}

/// The title of a row, and its level in a tree; 0 where there is no tree.
fn title_of(columns: &Columns, row: &TableRow) -> (String, u8) {
    let title = columns.first(row, ColumnRole::Title);
    if !title.is_empty() {
        return (one_line(title), 0);
    }
    for level in 1..=20 {
        let title = columns.first(row, ColumnRole::TitleLevel(level));
        if !title.is_empty() {
            return (one_line(title), level);
        }
    }
    (String::new(), 0)
}

/// Moves the cells of rows one column to the right in which a status stands under the header before, as in exports that
/// lost an empty cell. Returns the lines.
pub fn realign(rows: &mut [TableRow], columns: &Columns) -> Vec<u64> {
    let mut lines = Vec::new();
    let (Some(status), Some(person)) =
        (columns.places(ColumnRole::Status).first().copied(), columns.places(ColumnRole::Assignee).first().copied())
    else {
        return lines;
    };
    if status != person.saturating_add(1) {
        return lines;
    }
    for row in rows {
        let is_shifted = row.cell(status).trim().is_empty() && vocabulary::status(row.cell(person)).is_some();
        let ends = row.cells.iter().next_back().is_none_or(|cell| cell.trim().is_empty());
        let has_room = ends || row.cells.len() <= status;
        if !is_shifted || !has_room {
            continue;
        }
        let last = row.cells.len().saturating_sub(1);
        let mut cells = csv::StringRecord::new();
        for (at, cell) in row.cells.iter().enumerate().filter(|(at, _)| *at < last || last == person) {
            if at == person {
                cells.push_field("");
            }
            cells.push_field(cell);
        }
        row.cells = cells;
        lines.push(row.line);
    }
    lines
}
