//! Tables of Markdown: those with a column of titles hold stories, or roadmap items where the column says so. What the
//! columns of stories mean is that of any table.

use crate::import::markdown::page::{boxed, ticked};
use crate::import::table::headers::{ColumnRole, normal, role};
use crate::import::table::rows::{TableRow, TableRows};
use crate::import::{found::Tally, vocabulary};
use crate::model::schema::ItemStatus;

/// Headers of a column of titles.
const TITLES: &[&str] = &[
    "title",
    "name",
    "summary",
    "task",
    "tasks",
    "item",
    "story",
    "user story",
    "feature",
    "issue",
    "work item",
    "deliverable",
    "backlog item",
    "task name",
    "item name",
];
/// Headers of a column of titles that are no stories, but why there are some.
const WHYS: &[&str] =
    &["milestone", "milestone name", "epic", "theme", "goal", "objective", "initiative", "release", "release version"];
const KEYS: &[&str] = &["id", "key", "#", "no", "no.", "number", "nr"];

/// What a table is.
pub enum MarkdownRows {
    Stories(StoryTable),
    Whys(Vec<TitledRow>),
}

/// A table of stories.
#[derive(Debug, Default)]
pub struct StoryTable {
    pub headers: Vec<String>,
    pub rows: Vec<StoryRow>,
}

/// The cells of a row, and the box before its title.
#[derive(Debug)]
pub struct StoryRow {
    pub line: u64,
    pub cells: Vec<String>,
    pub boxed: Option<ItemStatus>,
}

impl StoryTable {
    pub fn table(&self) -> TableRows {
        let row = |row: &StoryRow| TableRow { line: row.line, cells: row.cells.iter().map(String::as_str).collect() };
        let rows = self.rows.iter().map(row).collect();
        TableRows { headers: self.headers.clone(), rows, warnings: Tally::default() }
    }

    /// What the box of a row says.
    pub fn boxed(&self, line: u64) -> Option<ItemStatus> {
        self.rows.get(self.rows.binary_search_by_key(&line, |row| row.line).ok()?)?.boxed
    }
}

/// A row with a title.
#[derive(Debug, PartialEq)]
pub struct TitledRow {
    pub title: String,
    pub key: String,
    pub is_why: bool,
    /// It has a box before its title, which is ticked or not.
    pub ticked: Option<bool>,
    /// It is part of the row above that is not: `↳ [x] title`.
    pub is_part: bool,
    /// The other cells that are filled, by their headers.
    pub cells: Vec<(String, String)>,
}

/// The lines of a table while it is read.
#[derive(Debug, Default)]
pub struct MarkdownTable {
    pub lines: Vec<String>,
    /// The line of the page on which it begins.
    start: u64,
}

impl MarkdownTable {
    /// Takes a line of a table. Without a line at both ends only the second line shows that it is one.
    pub fn take(&mut self, line: &str, nth: u64) -> bool {
        if self.lines.is_empty() {
            self.start = nth;
        }
        let is_line = line.starts_with('|') || (!self.lines.is_empty() && line.contains('|'));
        if is_line {
            self.lines.push(line.to_string());
        }
        is_line
    }

    /// The rows; `None` for what is no table, or has no titles.
    pub fn rows(&self) -> Option<MarkdownRows> {
        let (head, rest) = self.lines.split_first()?;
        let (line, rest) = rest.split_first()?;
        let is_rule = |cell: &String| !cell.is_empty() && cell.chars().all(|c| matches!(c, '-' | ':' | ' '));
        if !cells(line).iter().all(is_rule) {
            return None;
        }
        let headers: Vec<String> = cells(head).iter().map(|header| words(header)).collect();
        let plain: Vec<String> = headers.iter().map(|header| vocabulary::plain(header)).collect();
        let place = |known: &[&str]| plain.iter().position(|header| known.contains(&header.as_str()));
        if place(TITLES).is_some() || place(WHYS).is_none() && has_stories(&headers) {
            return Some(MarkdownRows::Stories(self.stories(headers, rest)));
        }
        let (at, key_at) = (place(WHYS)?, place(KEYS));
        let row = |line: &String| {
            let all = cells(line);
            let cell = |at: usize| all.get(at).map(|cell| words(cell)).unwrap_or_default();
            let others = headers.iter().enumerate().filter(|(nth, header)| *nth != at && !header.is_empty());
            let others = others.map(|(nth, header)| (header.clone(), cell(nth))).filter(|(_, cell)| !cell.is_empty());
            let whole = all.get(at).map(|cell| cell.trim_start()).unwrap_or_default();
            let part = whole.strip_prefix('↳').map(str::trim_start);
            let boxed = ticked(part.unwrap_or(whole));
            TitledRow {
                title: words(boxed.map_or(part.unwrap_or(whole), |(title, _)| title)),
                key: key_at.map(cell).unwrap_or_default(),
                is_why: part.is_none(),
                ticked: boxed.map(|(_, done)| done),
                is_part: part.is_some(),
                cells: others.collect(),
            }
        };
        Some(MarkdownRows::Whys(rest.iter().map(row).filter(|row| !row.title.is_empty()).collect()))
    }

    /// Rows for the reader of any table: cells without what only draws them, titles without their boxes.
    fn stories(&self, headers: Vec<String>, lines: &[String]) -> StoryTable {
        let mut out = StoryTable { headers, rows: Vec::new() };
        for (line, text) in (self.start.saturating_add(2)..).zip(lines) {
            let mut status = None;
            let cell = |cell: String| {
                let bare = cell.trim_start_matches('↳').trim_start();
                match boxed(bare).filter(|_| status.is_none()) {
                    Some((title, marked)) => {
                        status = Some(marked);
                        words(title)
                    }
                    None => words(bare),
                }
            };
            let all: Vec<String> = cells(text).into_iter().map(cell).collect();
            if all.iter().any(|cell| !cell.is_empty()) {
                out.rows.push(StoryRow { line, cells: all, boxed: status });
            }
        }
        out
    }
}

/// A column of titles in any language, beside one that only stories have.
fn has_stories(headers: &[String]) -> bool {
    let roles: Vec<ColumnRole> =
        headers.iter().filter_map(|header| role(&normal(header))).map(|(role, _)| role).collect();
    let of_stories =
        [ColumnRole::Status, ColumnRole::Points, ColumnRole::Sprint, ColumnRole::Priority, ColumnRole::Criteria];
    roles.contains(&ColumnRole::Title) && of_stories.iter().any(|role| roles.contains(role))
}

/// The cells of a line; `\|` is no border.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut out = vec![String::new()];
    let mut escaped = false;
    for c in line.chars() {
        match c {
            '|' if !escaped => out.push(String::new()),
            _ => {
                if escaped && c != '|' {
                    out.last_mut().into_iter().for_each(|cell| cell.push('\\'));
                }
                if c != '\\' || escaped {
                    out.last_mut().into_iter().for_each(|cell| cell.push(c));
                }
            }
        }
        escaped = c == '\\' && !escaped;
    }
    if out.last().is_some_and(|last| last.trim().is_empty()) && out.len() > 1 {
        out.pop();
    }
    out.into_iter().map(|cell| cell.trim().to_string()).collect()
}

/// A cell without what only draws it: bold, links to an address, line breaks.
fn words(cell: &str) -> String {
    let cell = cell.replace("<br>", " · ").replace("<br/>", " · ").replace("**", "");
    let mut out = String::new();
    let mut rest = cell.as_str();
    while let Some((before, link)) = rest.split_once('[') {
        out.push_str(before);
        match link.split_once(']') {
            Some((words, after)) => {
                out.push_str(words);
                rest =
                    after.strip_prefix('(').and_then(|after| after.split_once(')')).map_or(after, |(_, after)| after);
            }
            None => {
                out.push('[');
                rest = link;
            }
        }
    }
    out.push_str(rest);
    out.trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Option<MarkdownRows> {
        let mut table = MarkdownTable::default();
        (1..).zip(text.lines()).for_each(|(nth, line)| assert!(table.take(line, nth)));
        table.rows()
    }

    fn whys(text: &str) -> Vec<TitledRow> {
        match rows(text) {
            Some(MarkdownRows::Whys(all)) => all,
            _ => panic!("{text}"),
        }
    }

    #[test]
    fn a_table_with_titles_has_rows() {
        let text = "| # | **Task** | Owner |\n|---|:--|--|\n| 1 | [ ] [Pump](https://a.b) a\\|b | Ida\n| | | |\n";
        let Some(MarkdownRows::Stories(all)) = rows(text) else { panic!() };
        assert_eq!((&*all.headers[1], all.rows.len(), all.boxed(3)), ("Task", 1, Some(ItemStatus::ToDo)));
        assert_eq!(all.rows[0].cells, ["1", "Pump a|b", "Ida"]);
        assert!(matches!(rows("| Tarea | Estado |\n|--|--|\n| a | Hecho |"), Some(MarkdownRows::Stories(_))));
        let parts = whys("| Milestone | Owner |\n| --- | --- |\n| Lift | |\n| ↳ [x] Order it | Ida |\n| [x] Till | |");
        let seen: Vec<_> = parts.iter().map(|row| (&*row.title, row.is_why, row.is_part, row.ticked)).collect();
        assert_eq!(
            seen,
            [("Lift", true, false, None), ("Order it", false, true, Some(true)), ("Till", true, false, Some(true))]
        );
        assert!(whys("| Milestone | Date |\n| --- | --- |\n| Opening | May |")[0].is_why);
        assert!(rows("| Key | Value |\n| --- | --- |\n| a | b |").is_none());
        assert!(rows("| Task |\n| Pump |").is_none());
    }
}
