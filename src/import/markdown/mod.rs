//! Markdown that people keep a backlog in: checkboxes under headings, lines such as `**Priority**: High`, and tables with
//! a column of titles. Without a column of keys, a story is known again by the headings above it and its words.

pub mod page;
mod story_tables;
mod tables;

use crate::import::bytes::SourceFile;
use crate::import::format::{ImportFormat, Progress};
use crate::import::found::{Found, FoundRecord, Identity, RecordOf};
use crate::import::markdown::page::{MarkdownBox, Page, Section};
use crate::import::markdown::tables::TitledRow;
use crate::import::markdown_lines::quoted;
use crate::import::story::{Story, before, foreign, keep, names_points, points, set_status, title};
use crate::import::table::PROJECTS;
use crate::import::table::records::TableWishes;
use crate::import::{task_lists, vocabulary};
use crate::model::rules::Refusal;
use crate::model::schema::fields::{item, roadmap};
use crate::model::schema::{ItemKind, ItemStatus, RoadmapItem, RoadmapResult};
use crate::model::value::{Boxed, Labels, Task, Value};
use crate::options::{FormatOption, OptionKind, Options};
use rustc_hash::{FxHashMap, FxHashSet};

pub const HEADINGS: FormatOption = FormatOption {
    name: "headings",
    help: "What a heading above checkboxes becomes: a roadmap item, a story with the boxes as its tasks, or a label.",
    kind: OptionKind::Choice("heading setting", || vec!["roadmap", "story", "label"]),
    default: "roadmap",
};
pub const BULLETS: FormatOption = FormatOption {
    name: "bullets",
    help: "Whether items of lists count as if they had an empty checkbox.",
    kind: OptionKind::Switch,
    default: "no",
};

/// Markdown's row in the table.
pub const ROW: ImportFormat = ImportFormat {
    name: "markdown",
    title: "Markdown",
    about: "a file with checkboxes under headings, or tables with a column of titles",
    recognise,
    options: &[&HEADINGS, &BULLETS, &PROJECTS],
    read,
};

fn recognise(file: &SourceFile) -> bool {
    let is_box = |line: &str| {
        let line = line.trim_start();
        let item = line.strip_prefix(['-', '*', '+']).map(str::trim_start);
        item.is_some_and(|item| page::ticked(item).is_some())
    };
    !file.is_folder
        && (file.is_markdown() || file.text.lines().any(is_box))
        && !file.text.trim_start().starts_with('{')
        && file.outline().keys.is_empty()
}

fn read(file: &SourceFile, options: &Options, progress: Progress) -> Result<Found, Refusal> {
    let page = Page::of(&file.text, options.is_on(&BULLETS));
    if page.sections.iter().all(Section::is_prose) {
        return Err(Refusal::new(
            format!("{} has no checkboxes, and no table with a column of titles.", file.name),
            "Nothing was imported; --set bullets=yes takes the items of its lists as stories.",
        ));
    }
    let found = Found {
        format: ROW.title,
        system: "markdown",
        from: file.name.clone(),
        keys_are_enough: true,
        ..Found::default()
    };
    let mut reading = Reading {
        found,
        keys: FxHashMap::default(),
        headings: options.text(&HEADINGS),
        wanted: TableWishes { boxes: false, projects: options.text(&PROJECTS) == "roadmap", site: String::new() },
        whys: Vec::new(),
        known: FxHashSet::default(),
        row_places: FxHashMap::default(),
        above: None,
    };
    let total = page.sections.len();
    for (done, section) in page.sections.iter().enumerate() {
        reading.section(section, &page);
        reading.tell_text(section, page.sections.get(done.saturating_add(1)..).unwrap_or_default());
        if done % 1000 == 0 {
            progress(done, total);
        }
    }
    progress(total, total);
    let Reading { mut found, whys, .. } = reading;
    before(&mut found, whys);
    Ok(found)
}

struct Reading<'a> {
    found: Found,
    /// How often each key has occurred.
    keys: FxHashMap<String, usize>,
    headings: &'a str,
    /// What is asked of its tables.
    wanted: TableWishes,
    /// Roadmap items, in the order of the file.
    whys: Vec<FoundRecord>,
    /// The headings that are one.
    known: FxHashSet<String>,
    /// Where the stories are that tables have.
    row_places: FxHashMap<Identity, usize>,
    /// The last row that is a roadmap item.
    above: Option<Identity>,
}

/// A short name for words: the headings above, and the text itself.
fn print_of(path: &[String], text: &str) -> String {
    format!("{:08x}", crc32fast::hash(format!("{}\n{text}", path.join("\n")).as_bytes()))
}

impl Reading<'_> {
    /// Lines that read alike are different stories: people write `Add tests` under many a heading.
    fn key(&mut self, name: &str, words: &str) -> String {
        let times = self.keys.entry(name.to_string()).or_insert(0);
        *times = times.saturating_add(1);
        if *times == 1 {
            return name.to_string();
        }
        self.found.warnings.add("line that reads like another one under the same headings: both are kept", words);
        format!("{name}~{times}")
    }

    fn row_key(&mut self, name: &str, words: &str) -> String {
        let others = (2_usize..).map(|nth| format!("{name}~{nth}"));
        let free = std::iter::once(name.to_string()).chain(others).find(|key| !self.keys.contains_key(key));
        let free = free.unwrap_or_default();
        if free != name {
            self.found.warnings.add("row with the key of another one: both are kept", words);
        }
        self.keys.insert(free.clone(), 1);
        free
    }

    fn section(&mut self, section: &Section, page: &Page) {
        if section.is_prose() {
            return;
        }
        if self.headings == "story" && !section.boxes.is_empty() && section.has_heading() {
            return self.story_of(section, page);
        }
        let open = |one: &MarkdownBox| one.status.is_open();
        let why = section.has_heading() && self.headings == "roadmap" && section.status.is_none();
        let why = why.then(|| {
            let over = !section.boxes.is_empty() && !section.boxes.iter().any(open);
            self.why(section, over)
        });
        let why = why.flatten().or_else(|| self.why_above(section, page));
        for one in &section.boxes {
            self.boxed(one, section, why.as_ref());
        }
        for row in &section.rows {
            self.row(row, section, why.as_ref());
        }
        self.tables(section, why.as_ref());
    }

    /// Names a heading that has nothing but text, and nothing below it, beside others that have more.
    fn tell_text(&mut self, section: &Section, rest: &[Section]) {
        let mut below = rest.iter().take_while(|other| other.level > section.level);
        if section.has_heading() && section.is_prose() && section.has_text() && below.all(Section::is_prose) {
            let what = "heading with text only: left out (--set bullets=yes takes the items of its lists)";
            self.found.skipped.add(what, section.title());
        }
    }

    /// The roadmap item of a heading; `None` if it is there twice.
    fn why(&mut self, section: &Section, over: bool) -> Option<Identity> {
        let name = print_of(&section.path, "");
        let identity = foreign("", &format!("section:{name}"));
        if !self.known.insert(name.clone()) {
            return Some(identity);
        }
        let mut record = RecordOf::<RoadmapItem>::new(identity.clone());
        record.set(roadmap::title(), title(section.title(), &name).into());
        record.set(roadmap::problem(), unquoted(section.text.trim()).into());
        record.set(roadmap::result(), if over { RoadmapResult::Launched } else { RoadmapResult::Open });
        for (key, value) in &section.facts {
            keep(&mut self.found, &mut record, key, &Value::from(value.as_str()));
        }
        self.whys.push(record.into());
        Some(identity)
    }

    /// Under a heading that is a status, the heading above it is the why.
    fn why_above(&mut self, section: &Section, page: &Page) -> Option<Identity> {
        if self.headings != "roadmap" || section.status.is_none() {
            return None;
        }
        let above = section.path.split_last()?.1;
        let above = page.at(above).filter(|one| one.level > 1 && one.status.is_none())?;
        self.why(above, false)
    }

    fn boxed(&mut self, one: &MarkdownBox, section: &Section, why: Option<&Identity>) {
        let name = print_of(&section.path, &one.text);
        let key = self.key(&name, &one.text);
        let mut record: Story = RecordOf::new(foreign("", &key));
        record.set(item::title(), title(&one.text, &key).into());
        let tasks: Vec<Task> = one.tasks.iter().map(|(text, done)| Task::with(text, *done)).collect();
        record.set(item::tasks(), tasks);
        record.set(item::notes(), one.notes.trim().into());
        let word = one.facts.iter().find(|(key, _)| vocabulary::plain(key) == "status").map(|(_, word)| word.as_str());
        // What is given up has nothing half done below it.
        let is_half = one.status == ItemStatus::Dropped && one.tasks.iter().any(|(_, done)| !done);
        let marked = if is_half { ItemStatus::Doing } else { one.status };
        match (marked, word) {
            (ItemStatus::ToDo, Some(word)) => drop(set_status(&mut self.found, &mut record, word)),
            (ItemStatus::ToDo, None) => record.set(item::status(), section.status.unwrap_or_default()),
            (marked, _) => record.set(item::status(), marked),
        }
        if let Some(sign) = &one.sign {
            let what = format!("box with {sign}: read as {}", marked.label());
            self.found.warnings.add(&what, &one.text);
        }
        let labels = self.facts(&one.facts, &mut record);
        self.place(section, why, labels, &mut record);
        self.found.records.push(record.into());
    }

    /// A heading as a story: its boxes are tasks and criteria, its text is kept.
    fn story_of(&mut self, section: &Section, page: &Page) {
        let name = print_of(&section.path, "");
        let key = self.key(&name, section.title());
        let mut record: Story = RecordOf::new(foreign("", &key));
        record.set(item::title(), title(section.title(), &key).into());
        let boxes = task_lists::boxes(&section.whole);
        let all_done = section.boxes.iter().all(|one| !one.status.is_open());
        record.set(item::criteria(), boxes.criteria);
        record.set(item::tasks(), boxes.tasks);
        record.set(item::notes(), section.whole.trim().into());
        match section.facts.iter().find(|(key, _)| vocabulary::plain(key) == "status") {
            Some((_, word)) => drop(set_status(&mut self.found, &mut record, word)),
            None if all_done => record.set(item::status(), ItemStatus::Done),
            None => record.set(item::status(), section.status.unwrap_or_default()),
        }
        let labels = self.facts(&section.facts, &mut record);
        record.set(item::labels(), labels.into_iter().collect::<Labels>());
        // The heading above is its why, unless it is the title of the page.
        let above = section.path.split_last().map(|(_, above)| above).unwrap_or_default();
        let above = page.at(above).filter(|one| one.level > 1 && one.boxes.is_empty());
        let why = above.and_then(|above| self.why(above, false));
        record.link(item::serves(), why.into_iter().collect());
        for row in &section.rows {
            self.row(row, section, None);
        }
        self.tables(section, None);
        self.found.records.push(record.into());
    }

    fn row(&mut self, row: &TitledRow, section: &Section, why: Option<&Identity>) {
        let name = print_of(&section.path, &format!("{}\n{}", row.title, row.key));
        let key = self.key(&name, &row.title);
        let identity = foreign("", &format!("row:{key}"));
        if row.is_why {
            self.above = Some(identity.clone());
            let mut record = RecordOf::<RoadmapItem>::new(identity);
            let result = if row.ticked == Some(true) { RoadmapResult::Launched } else { RoadmapResult::Open };
            record.set(roadmap::result(), result);
            record.set(roadmap::title(), title(&row.title, &key).into());
            for (header, cell) in &row.cells {
                keep(&mut self.found, &mut record, header, &Value::from(cell.as_str()));
            }
            return self.whys.push(record.into());
        }
        let mut record: Story = RecordOf::new(identity);
        record.set(item::title(), title(&row.title, &key).into());
        let above = self.above.clone().filter(|_| row.is_part);
        let why = above.as_ref().or(why);
        match row.cells.iter().find(|(header, _)| matches!(vocabulary::plain(header).as_str(), "status" | "state")) {
            _ if row.ticked == Some(true) => record.set(item::status(), ItemStatus::Done),
            Some((_, word)) => drop(set_status(&mut self.found, &mut record, word)),
            None => record.set(item::status(), section.status.unwrap_or_default()),
        }
        let labels = self.facts(&row.cells, &mut record);
        self.place(section, why, labels, &mut record);
        self.found.records.push(record.into());
    }

    /// Facts that have a field; all others are kept. Returns the labels.
    fn facts(&mut self, facts: &[(String, String)], record: &mut Story) -> Vec<String> {
        let (mut labels, mut sized, mut kind) = (Vec::new(), false, None);
        for (key, word) in facts {
            let value = Value::from(word.as_str());
            let number = points(&value).filter(|_| !sized && names_points(key));
            match vocabulary::plain(key).as_str() {
                "status" | "state" => {}
                "labels" | "label" | "tags" | "tag" => {
                    labels.extend(word.split(',').map(|label| label.trim().trim_start_matches('#').to_string()));
                }
                "assignee" | "assignees" | "owner" | "owners" | "assigned to" => {
                    record.set(item::assignee(), word.as_str().into());
                }
                "type" | "kind" if vocabulary::kind(word).is_some() => kind = vocabulary::kind(word),
                _ => match number {
                    Some(number) => {
                        sized = true;
                        record.set(item::points(), Some(number));
                    }
                    None => keep(&mut self.found, record, key, &value),
                },
            }
        }
        labels.retain(|label| !label.is_empty());
        let kind = kind.or_else(|| labels.iter().find_map(|label| vocabulary::kind_of_label(label)));
        record.set(item::kind(), kind.unwrap_or(ItemKind::Story));
        labels
    }

    fn place(&self, section: &Section, why: Option<&Identity>, mut labels: Vec<String>, record: &mut Story) {
        if self.headings == "label" && section.has_heading() && section.status.is_none() {
            labels.push(section.title().to_string());
        }
        record.set(item::labels(), labels.into_iter().collect::<Labels>());
        record.link(item::serves(), why.into_iter().cloned().collect());
    }
}

/// A text without the marks of block quotes: in a field of its own they say nothing.
fn unquoted(text: &str) -> String {
    let line = |line: &str| {
        let mut rest = line;
        while let Some(inside) = quoted(rest) {
            rest = inside;
        }
        rest.to_string()
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n").trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::unquoted;

    #[test]
    fn a_quote_is_read_without_its_marks() {
        assert_eq!(unquoted("> Enable students\n> to enrol\n\nSoon"), "Enable students\nto enrol\n\nSoon");
        assert_eq!(unquoted("> > twice"), "twice");
        assert_eq!(unquoted("5 > 3"), "5 > 3");
    }
}
