//! Tables of Markdown: those with a column of titles hold stories, or roadmap items where the column says so.

use crate::import::markdown::page::ticked;
use crate::import::vocabulary;

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
}

impl MarkdownTable {
    /// Takes a line of a table. Without a line at both ends only the second line shows that it is one.
    pub fn take(&mut self, line: &str) -> bool {
        let is_line = line.starts_with('|') || (!self.lines.is_empty() && line.contains('|'));
        if is_line {
            self.lines.push(line.to_string());
        }
        is_line
    }

    /// The rows; `None` for what is no table, or has no titles.
    pub fn rows(&self) -> Option<Vec<TitledRow>> {
        let (head, rest) = self.lines.split_first()?;
        let (line, rest) = rest.split_first()?;
        let is_rule = |cell: &String| !cell.is_empty() && cell.chars().all(|c| matches!(c, '-' | ':' | ' '));
        if !cells(line).iter().all(is_rule) {
            return None;
        }
        let headers = cells(head);
        let plain: Vec<String> = headers.iter().map(|header| vocabulary::plain(&words(header))).collect();
        let place = |known: &[&str]| plain.iter().position(|header| known.contains(&header.as_str()));
        let (at, is_why) = match place(TITLES) {
            Some(at) => (at, false),
            None => (place(WHYS)?, true),
        };
        let key_at = place(KEYS);
        let row = |line: &String| {
            let all = cells(line);
            let cell = |at: usize| all.get(at).map(|cell| words(cell)).unwrap_or_default();
            let others = headers.iter().enumerate().filter(|(nth, header)| *nth != at && !header.is_empty());
            let others = others.map(|(nth, header)| (words(header), cell(nth))).filter(|(_, cell)| !cell.is_empty());
            let whole = all.get(at).map(|cell| cell.trim_start()).unwrap_or_default();
            let part = whole.strip_prefix('↳').map(str::trim_start);
            let boxed = ticked(part.unwrap_or(whole));
            TitledRow {
                title: words(boxed.map_or(part.unwrap_or(whole), |(title, _)| title)),
                key: key_at.map(cell).unwrap_or_default(),
                is_why: is_why && part.is_none(),
                ticked: boxed.map(|(_, done)| done),
                is_part: part.is_some(),
                cells: others.collect(),
            }
        };
        Some(rest.iter().map(row).filter(|row| !row.title.is_empty()).collect())
    }
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

    fn rows(text: &str) -> Option<Vec<TitledRow>> {
        let mut table = MarkdownTable::default();
        text.lines().for_each(|line| assert!(table.take(line)));
        table.rows()
    }

    #[test]
    fn a_table_with_titles_has_rows() {
        let all = rows("| # | **Task** | Owner |\n|---|:--|--|\n| 1 | [Pump](https://a.b) a\\|b | Ida\n| 2 | | x |\n")
            .unwrap();
        assert_eq!(all.len(), 1);
        assert_eq!((&*all[0].title, &*all[0].key, all[0].is_why), ("Pump a|b", "1", false));
        assert_eq!(all[0].cells, [("#".to_string(), "1".to_string()), ("Owner".to_string(), "Ida".to_string())]);
        let parts =
            rows("| Milestone | Owner |\n| --- | --- |\n| Lift | |\n| ↳ [x] Order it | Ida |\n| [x] Till | |").unwrap();
        let seen: Vec<_> = parts.iter().map(|row| (&*row.title, row.is_why, row.is_part, row.ticked)).collect();
        assert_eq!(
            seen,
            [("Lift", true, false, None), ("Order it", false, true, Some(true)), ("Till", true, false, Some(true))]
        );
        assert!(rows("| Milestone | Date |\n| --- | --- |\n| Opening | May |").unwrap()[0].is_why);
        assert_eq!(rows("| Key | Value |\n| --- | --- |\n| a | b |"), None);
        assert_eq!(rows("| Task |\n| Pump |"), None);
    }
}
