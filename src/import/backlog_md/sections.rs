//! The body of a task: sections under headings of the second level, with comments that mark their beginning and end.

use crate::import::task_lists::boxes;
use crate::model::value::{Boxed, Criterion, Task};

#[derive(Debug, Default, PartialEq)]
pub struct TaskBody {
    pub criteria: Vec<Criterion>,
    pub tasks: Vec<Task>,
    /// All of it but criteria that are nothing else, and the heading of the description.
    pub notes: String,
}

pub fn read(body: &str) -> TaskBody {
    let mut out = TaskBody::default();
    let mut notes: Vec<String> = Vec::new();
    for (title, text) in split(body) {
        let words = title.trim_start_matches('#').trim().to_lowercase();
        let text = text.trim_matches('\n').trim_end();
        if words != "definition of done" {
            // Other titles may begin with these words, as *Acceptance criteria evidence* does.
            let title = if words == "acceptance criteria" { title } else { "" };
            let found = boxes(&format!("{title}\n{text}"));
            out.tasks.extend(found.tasks);
            out.criteria.extend(found.criteria.iter().map(|one| Criterion::with(unnumbered(one.text()), one.met)));
        }
        let is_box = |line: &str| {
            line.trim().is_empty() || ["- [ ] ", "- [x] ", "- [X] "].iter().any(|mark| line.starts_with(mark))
        };
        let only_criteria = words == "acceptance criteria" && text.lines().all(is_box);
        if only_criteria || (text.is_empty() && words == "description") {
            continue;
        }
        if !title.is_empty() && words != "description" {
            notes.push(title.trim_end().to_string());
        }
        if !text.is_empty() {
            notes.push(text.to_string());
        }
    }
    out.notes = notes.join("\n\n");
    out
}

/// Headings of the second level, each with what is below it; the first is empty. Markers are left out.
fn split(body: &str) -> Vec<(&str, String)> {
    let mut out = vec![("", String::new())];
    let mut fence: Option<&str> = None;
    for line in body.lines() {
        let mark = ["```", "~~~"].into_iter().find(|mark| line.trim_start().starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            _ => {}
        }
        if fence.is_none() && line.starts_with("## ") {
            out.push((line, String::new()));
        } else if (fence.is_some() || !is_marker(line))
            && let Some((_, text)) = out.last_mut()
        {
            text.push_str(line);
            text.push('\n');
        }
    }
    out
}

/// `<!-- AC:BEGIN -->`
fn is_marker(line: &str) -> bool {
    let inside = line.trim().strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
    inside.is_some_and(|inside| {
        let words = inside.trim();
        (words.ends_with(":BEGIN") || words.ends_with(":END")) && !words.contains(char::is_whitespace)
    })
}

/// `#1 text` → `text`
fn unnumbered(text: &str) -> &str {
    let Some(rest) = text.strip_prefix('#') else { return text };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let tail = rest.get(digits..).and_then(|tail| tail.strip_prefix(' '));
    tail.filter(|_| digits > 0).map_or(text, str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::value::Cell;

    #[test]
    fn markers_go_and_sections_stay() {
        let body = "\n## Description\n\n<!-- SECTION:DESCRIPTION:BEGIN -->\nWhy.\n\n```\n## code\n```\n<!-- SECTION:DESCRIPTION:END -->\n\n\
            ## Acceptance Criteria\n<!-- AC:BEGIN -->\n- [x] #1 It rings\n- [ ] #2 #12 is closed\n<!-- AC:END -->\n\n\
            ## Definition of Done\n<!-- DOD:BEGIN -->\n- [ ] #1 Tested\n<!-- DOD:END -->\n\n## Implementation Plan\n\n1. look\n- [ ] order\n";
        let read = read(body);
        assert_eq!(read.criteria.to_text(), "[x] It rings\n[ ] #12 is closed");
        assert_eq!(read.tasks.to_text(), "[ ] order");
        assert_eq!(
            read.notes,
            "Why.\n\n```\n## code\n```\n\n## Definition of Done\n\n- [ ] #1 Tested\n\n## Implementation Plan\n\n1. look\n- [ ] order"
        );
    }

    #[test]
    fn criteria_with_words_between_them_stay_in_the_text() {
        let read = read("Old form\n\n## Acceptance Criteria\nAll of:\n- one\n- two\n");
        assert_eq!((read.criteria.len(), read.notes.contains("All of:")), (2, true));
    }
}
