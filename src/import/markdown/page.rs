//! A page of Markdown as sections: each has the headings above it, its text, its boxes, its facts and its tables.

use crate::import::markdown::tables::{MarkdownRows, MarkdownTable, StoryTable, TitledRow};
use crate::import::markdown_lines::{Leaf, MarkdownLines};
use crate::import::story::status_of;
use crate::import::vocabulary;
use crate::model::schema::ItemStatus;
use rustc_hash::FxHashMap;

/// Headings that only say what kind of boxes follow: they belong to the heading above.
const PLAIN_HEADINGS: &[&str] = &[
    "tasks",
    "task list",
    "subtasks",
    "checklist",
    "steps",
    "acceptance criteria",
    "definition of done",
    "plan",
    "implementation plan",
    "requirements",
];

/// A key and what is said about it.
pub type Fact = (String, String);

/// A checkbox with what is below it.
#[derive(Debug, Default)]
pub struct MarkdownBox {
    pub text: String,
    /// What its mark says.
    pub status: ItemStatus,
    /// Its mark is none that Markdown knows: `[-]`.
    pub sign: Option<String>,
    pub tasks: Vec<(String, bool)>,
    pub notes: String,
    pub facts: Vec<Fact>,
    depth: usize,
}

#[derive(Debug, Default)]
pub struct Section {
    /// The titles from the top of the page down to its own.
    pub path: Vec<String>,
    /// The level of its heading; 0 before the first one.
    pub level: u8,
    /// What its boxes are, if its title is a status.
    pub status: Option<ItemStatus>,
    /// Its text without boxes, facts and tables.
    pub text: String,
    /// All of its text.
    pub whole: String,
    pub facts: Vec<Fact>,
    pub boxes: Vec<MarkdownBox>,
    pub rows: Vec<TitledRow>,
    pub tables: Vec<StoryTable>,
}

impl Section {
    /// True if it has a text of its own, or a list.
    pub fn has_text(&self) -> bool {
        !self.text.trim().is_empty() || !self.facts.is_empty()
    }

    /// True if nothing in it becomes a story.
    pub fn is_prose(&self) -> bool {
        self.boxes.is_empty() && self.rows.is_empty() && self.tables.is_empty()
    }

    pub fn has_heading(&self) -> bool {
        self.level > 0
    }

    pub fn title(&self) -> &str {
        self.path.last().map(String::as_str).unwrap_or_default()
    }
}

#[derive(Debug, Default)]
pub struct Page {
    pub sections: Vec<Section>,
    places: FxHashMap<Vec<String>, usize>,
}

/// The words behind a checkbox, and what its mark says. Signs other than those of a plain box are no part of Markdown:
/// people use them for what is given up, half done, or put off.
pub fn boxed(item: &str) -> Option<(&str, ItemStatus)> {
    let (mark, text) = item.split_at_checked(3)?;
    let status = match mark {
        "[ ]" | "[>]" => ItemStatus::ToDo,
        "[x]" | "[X]" => ItemStatus::Done,
        "[-]" => ItemStatus::Dropped,
        "[~]" | "[/]" => ItemStatus::Doing,
        _ => return None,
    };
    let text = text.strip_prefix([' ', '\t'])?.trim();
    (!text.is_empty()).then_some((text, status))
}

/// The words behind a checkbox, and whether it is ticked.
pub fn ticked(item: &str) -> Option<(&str, bool)> {
    boxed(item).map(|(text, status)| (text, !status.is_open()))
}

impl Page {
    /// The section of these headings, the first of several.
    pub fn at(&self, path: &[String]) -> Option<&Section> {
        self.sections.get(*self.places.get(path)?)
    }

    /// `bullets`: items of lists count as empty boxes.
    pub fn of(text: &str, bullets: bool) -> Page {
        let mut page = Page { sections: vec![Section::default()], places: FxHashMap::default() };
        let mut reader = PageReader {
            lines: MarkdownLines::default(),
            open: Vec::new(),
            table: MarkdownTable::default(),
            boxed: false,
            nth: 0,
        };
        for line in text.lines() {
            reader.nth = reader.nth.saturating_add(1);
            reader.line(line, bullets, &mut page);
        }
        reader.end_table(&mut page);
        page
    }
}

struct PageReader {
    lines: MarkdownLines,
    /// The headings that are open: level and title.
    open: Vec<(u8, String)>,
    table: MarkdownTable,
    /// The last box of the section still takes what is below it.
    boxed: bool,
    /// Which line of the page it is at, from 1.
    nth: u64,
}

impl PageReader {
    fn line(&mut self, line: &str, bullets: bool, page: &mut Page) {
        let was_raw = self.lines.is_raw();
        let leaf = self.lines.read(line);
        let is_code = was_raw || self.lines.is_raw();
        if let Leaf::Heading(level, title) = &leaf {
            self.end_table(page);
            return self.heading(*level, title, line, page);
        }
        let facts = if is_code { Vec::new() } else { facts_in_comment(line) };
        let depth = self.lines.depth();
        if let Leaf::Text(text) = &leaf
            && self.table.take(text, self.nth)
        {
            return self.whole(line, page);
        }
        self.end_table(page);
        self.whole(line, page);
        let Some(section) = page.sections.last_mut() else { return };
        match leaf {
            Leaf::Item(text) => {
                let found = boxed(&text).map(|(text, status)| (text.to_string(), status));
                let found = found.or_else(|| bullets.then(|| (text.clone(), ItemStatus::ToDo)));
                let sign = text.get(..3).filter(|sign| ["[-]", "[~]", "[/]", "[>]"].contains(sign));
                let last = section.boxes.last_mut().filter(|_| self.boxed);
                match (found, last) {
                    (Some((text, status)), Some(last)) if depth > last.depth => {
                        last.tasks.push((text, !status.is_open()));
                    }
                    (Some((text, status)), _) => {
                        self.boxed = true;
                        let sign = sign.map(str::to_string);
                        section.boxes.push(MarkdownBox { text, status, sign, depth, facts, ..MarkdownBox::default() });
                    }
                    (None, Some(last)) if depth > last.depth => note(&mut last.notes, &format!("- {text}")),
                    (None, _) => {
                        self.boxed = false;
                        note(&mut section.text, line);
                    }
                }
            }
            Leaf::Text(text) => {
                let fact = fact_of(&text);
                let last = section.boxes.last_mut().filter(|last| self.boxed && depth >= last.depth);
                match (last, fact) {
                    (Some(last), Some(fact)) => last.facts.push(fact),
                    (Some(last), None) => note(&mut last.notes, &text),
                    (None, fact) => {
                        self.boxed = false;
                        match fact {
                            Some(fact) => section.facts.push(fact),
                            None => note(&mut section.text, line),
                        }
                        section.facts.extend(facts);
                    }
                }
            }
            Leaf::Nothing if !facts.is_empty() => match section.boxes.last_mut().filter(|_| self.boxed) {
                Some(last) => last.facts.extend(facts),
                None => section.facts.extend(facts),
            },
            _ => {
                let is_break = line.trim().chars().all(|c| matches!(c, '-' | '*' | '_' | ' '));
                if is_code || line.trim().is_empty() {
                    note(&mut section.text, line);
                } else if is_break {
                    self.boxed = false;
                }
            }
        }
    }

    fn whole(&self, line: &str, page: &mut Page) {
        if let Some(section) = page.sections.last_mut() {
            section.whole.push_str(line);
            section.whole.push('\n');
        }
    }

    fn heading(&mut self, level: u8, title: &str, line: &str, page: &mut Page) {
        self.boxed = false;
        let title = title.trim().trim_end_matches('#').trim().to_string();
        let above = self.open.last().is_some_and(|(above, _)| *above < level);
        if above && PLAIN_HEADINGS.contains(&vocabulary::plain(title.trim_end_matches(':')).as_str()) {
            return self.whole(line, page);
        }
        self.open.retain(|(above, _)| *above < level);
        self.open.push((level, title.clone()));
        let path: Vec<String> = self.open.iter().map(|(_, title)| title.clone()).collect();
        page.places.entry(path.clone()).or_insert(page.sections.len());
        page.sections.push(Section { path, level, status: status_of(&title), ..Section::default() });
    }

    fn end_table(&mut self, page: &mut Page) {
        let table = std::mem::take(&mut self.table);
        if let Some(section) = page.sections.last_mut() {
            match table.rows() {
                Some(MarkdownRows::Stories(table)) => section.tables.push(table),
                Some(MarkdownRows::Whys(rows)) => section.rows.extend(rows),
                None => table.lines.iter().for_each(|line| note(&mut section.text, line)),
            }
        }
    }
}

/// Adds a line; of several blank ones one stays.
fn note(text: &mut String, line: &str) {
    if !line.trim().is_empty() || !(text.is_empty() || text.ends_with("\n\n")) {
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

/// `**Priority**: High`, `**Size:** L`
fn fact_of(text: &str) -> Option<Fact> {
    let (key, value) = text.strip_prefix("**")?.split_once("**")?;
    let (key, value) = match (key.strip_suffix(':'), value.trim_start().strip_prefix(':')) {
        (Some(key), _) => (key, value),
        (None, Some(value)) => (key, value),
        (None, None) => return None,
    };
    let (key, value) = (key.trim(), value.trim());
    let is_word = !key.is_empty() && key.chars().count() <= 40 && !value.is_empty() && value.chars().count() <= 200;
    is_word.then(|| (key.to_string(), value.to_string()))
}

/// `<!-- status: shipped | priority: high -->`
fn facts_in_comment(line: &str) -> Vec<Fact> {
    let inside = line.split_once("<!--").and_then(|(_, rest)| rest.split_once("-->")).map(|(inside, _)| inside);
    let parts = inside.into_iter().flat_map(|inside| inside.split('|'));
    let fact = |part: &str| {
        let (key, value) = part.split_once(':')?;
        let (key, value) = (key.trim(), value.trim());
        let is_word =
            !key.is_empty() && !value.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == ' ' || c == '_');
        is_word.then(|| (key.to_string(), value.to_string()))
    };
    parts.map(fact).collect::<Option<Vec<_>>>().unwrap_or_default()
}
