//! Checkboxes in a Markdown text: under a heading such as *Acceptance Criteria* they are criteria, elsewhere tasks. The
//! text itself is kept, and checkboxes inside code or comments are ignored.

use crate::model::value::{Boxed, Criterion, Task};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Boxes {
    pub criteria: Vec<Criterion>,
    pub tasks: Vec<Task>,
}

/// Headings that open a list of acceptance criteria, in lower case.
const CRITERIA: &[&str] = &[
    "acceptance criteria",
    "acceptance criterion",
    "acceptance criterias",
    "acceptance tests",
    "acceptance",
    "criterios de aceptación",
    "critérios de aceite",
    "critérios de aceitação",
    "critères d'acceptation",
    "akzeptanzkriterien",
    "ac",
];

/// The context of a line in the text.
#[derive(Default)]
struct Place {
    /// The code block it is in.
    fence: Option<Fence>,
    comment: bool,
    /// The level of the heading that opened the criteria: 1 to 6, or 7 for a bold line.
    criteria: Option<u8>,
    /// Plain bullets count as criteria if the section has no checkboxes.
    bullets: Vec<Criterion>,
    boxed: bool,
}

/// A code block, as CommonMark has it: it is closed by as many of its signs, and nothing else on the line.
struct Fence {
    sign: char,
    length: usize,
    is_quoted: bool,
}

impl Fence {
    fn opened_by(line: &str, is_quoted: bool) -> Option<Fence> {
        let line = bullet(line).map_or(line, str::trim_start);
        let sign = line.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
        let length = line.chars().take_while(|c| *c == sign).count();
        // With a backtick in it, the rest of the line is no info string, and the line is code in a text.
        let info = line.trim_start_matches(sign);
        (length >= 3 && !(sign == '`' && info.contains('`'))).then_some(Fence { sign, length, is_quoted })
    }

    fn is_closed_by(&self, line: &str) -> bool {
        let line = line.trim_end();
        line.chars().all(|c| c == self.sign) && line.chars().count() >= self.length
    }
}

/// The line without its comments; `inside` says whether one is open at its end.
fn without_comments(line: &str, inside: &mut bool) -> String {
    let (mut out, mut rest) = (String::new(), line);
    loop {
        let (mark, keeps) = if *inside { ("-->", false) } else { ("<!--", true) };
        let (text, tail) = match rest.split_once(mark) {
            Some((text, tail)) => (text, Some(tail)),
            None => (rest, None),
        };
        if keeps {
            out.push_str(text);
        }
        let Some(tail) = tail else { return out };
        *inside = !*inside;
        rest = tail;
    }
}

/// A line across the page, such as `* * *`, is no item of a list.
fn is_break(line: &str) -> bool {
    let line = line.trim_start_matches(['>', ' ']);
    let sign = line.chars().next().filter(|sign| matches!(sign, '-' | '*' | '_'));
    let only = |sign: char| line.chars().all(|c| c == sign || c.is_whitespace());
    sign.is_some_and(|sign| only(sign) && line.chars().filter(|c| *c == sign).count() >= 3)
}

pub fn boxes(text: &str) -> Boxes {
    let mut out = Boxes::default();
    let mut place = Place::default();
    for line in text.lines() {
        read_line(line.trim(), &mut place, &mut out);
    }
    close(&mut place, &mut out);
    out
}

fn read_line(line: &str, place: &mut Place, out: &mut Boxes) {
    let unquoted = line.trim_start_matches(['>', ' ']);
    let is_quoted = unquoted.len() < line.len();
    if let Some(fence) = &place.fence {
        if fence.is_closed_by(unquoted) || (fence.is_quoted && !is_quoted) {
            let ends_outside = fence.is_quoted && !is_quoted;
            place.fence = None;
            if !ends_outside {
                return;
            }
        } else {
            return;
        }
    }
    if !place.comment
        && let Some(fence) = Fence::opened_by(unquoted, is_quoted)
    {
        place.fence = Some(fence);
        return;
    }
    // What follows the end of a comment on its line is text, and no item.
    let is_inside = place.comment;
    let line = without_comments(line, &mut place.comment);
    let line = line.trim();
    if is_inside || is_break(line) {
        return;
    }
    if let Some((level, title)) = heading(line) {
        let inside = place.criteria.is_some_and(|opened| level > opened && opened < 7);
        if !inside {
            close(place, out);
            place.criteria = opens_criteria(title).then_some(level);
        }
        return;
    }
    let Some(item) = bullet(line) else { return };
    match (tick(item), place.criteria.is_some()) {
        (Some((text, ticked)), true) => {
            place.boxed = true;
            out.criteria.push(Criterion::with(text, ticked));
        }
        (Some((text, ticked)), false) => out.tasks.push(Task::with(text, ticked)),
        (None, true) if !item.trim().is_empty() => place.bullets.push(Criterion::with(item, false)),
        _ => {}
    }
}

fn close(place: &mut Place, out: &mut Boxes) {
    let bullets = std::mem::take(&mut place.bullets);
    if !place.boxed {
        out.criteria.extend(bullets);
    }
    place.boxed = false;
    place.criteria = None;
}

/// `## Title`, a line in bold, or a bare criteria heading with a colon; 7 if it has no level.
fn heading(line: &str) -> Option<(u8, &str)> {
    let marks = line.len().saturating_sub(line.trim_start_matches('#').len());
    if (1..=6).contains(&marks) {
        let title = line.trim_start_matches('#');
        let level = u8::try_from(marks).ok().filter(|_| title.starts_with([' ', '\t']))?;
        return Some((level, title));
    }
    let bare = line.trim_end_matches([':', ' ']);
    let bold = ["**", "__"].iter().any(|mark| {
        bare.strip_prefix(mark)
            .and_then(|rest| rest.strip_suffix(mark))
            .is_some_and(|words| !words.is_empty() && !words.contains(mark))
    });
    if bold || (line.ends_with(':') && opens_criteria(line)) {
        return Some((7, line));
    }
    None
}

fn opens_criteria(title: &str) -> bool {
    let words = title.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase().replace('’', "'");
    CRITERIA.iter().any(|known| {
        words
            .strip_prefix(known)
            .is_some_and(|rest| rest.is_empty() || (known.len() > 10 && rest.starts_with([' ', ':', '('])))
    })
}

/// What follows `-`, `*`, `+` or `1.`.
fn bullet(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(['>', ' ']);
    if let Some(rest) = line.strip_prefix(['-', '*', '+']) {
        return rest.starts_with([' ', '\t']).then(|| rest.trim_start());
    }
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    if rest.len() == line.len() {
        return None;
    }
    let rest = rest.strip_prefix(['.', ')'])?;
    rest.starts_with(' ').then(|| rest.trim_start())
}

fn tick(item: &str) -> Option<(&str, bool)> {
    let (mark, text) = item.split_at_checked(3)?;
    let ticked = match mark {
        "[ ]" => false,
        "[x]" | "[X]" => true,
        _ => return None,
    };
    let text = text.strip_prefix([' ', '\t'])?.trim();
    (!text.is_empty()).then_some((text, ticked))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Ticked = Vec<(String, bool)>;

    fn seen(text: &str) -> (Ticked, Ticked) {
        let boxes = boxes(text);
        let criteria = boxes.criteria.iter().map(|one| (one.text().to_string(), one.met)).collect();
        (criteria, boxes.tasks.iter().map(|one| (one.text().to_string(), one.done)).collect())
    }

    fn words(list: &[(&str, bool)]) -> Ticked {
        list.iter().map(|(text, ticked)| (text.to_string(), *ticked)).collect()
    }

    #[test]
    fn code_comments_and_breaks_are_as_commonmark_has_them() {
        let read = |text: &str| {
            let boxes = boxes(text);
            let criteria: Vec<String> = boxes.criteria.iter().map(|one| one.text.to_string()).collect();
            let tasks: Vec<String> = boxes.tasks.iter().map(|one| one.text.to_string()).collect();
            (criteria.join(", "), tasks.join(", "))
        };
        let head = "## Acceptance criteria\n";
        for (text, criteria, tasks) in [
            ("````md\n```\n- [ ] inner\n```\n- [ ] outer\n````\n- [ ] real", "real", ""),
            ("~~~\n```\n- [ ] code\n~~~ no end\n~~~~\n- [ ] real", "real", ""),
            ("Hello <!-- a template\n- [ ] hidden\n-->\n- [ ] real <!-- to self -->", "real", ""),
            ("- [ ] one <!-- a --> more <!-- b\n- [ ] hidden --> - [ ] no item\n- [ ] two", "one  more, two", ""),
            ("- [ ] top\n  - [ ] nested\n* * *\n- plain", "top, nested", ""),
            ("- one\n- two\n***\n- - -\n", "one, two", ""),
            ("- [ ] one\n  ```sh\n  - [ ] code in a list\n  ```\n- [ ] two", "one, two", ""),
            ("``` not `code`\n- [ ] real", "real", ""),
        ] {
            assert_eq!(read(&format!("{head}{text}")), (criteria.to_string(), tasks.to_string()), "{text}");
        }
        assert_eq!(read("> ```\n> - [ ] quoted code\n> ```\n\n- [ ] real").1, "real");
        assert_eq!(read("> ```\n> - [ ] quoted code\n- [ ] real").1, "real", "the end of the quote ends its code");
    }

    #[test]
    fn criteria_and_tasks_are_told_apart() {
        let text = "Why\n\n## ✅ Acceptance Criteria\n- [ ] one\n### Detail\n* [x] two\n## Plan\n  + [X] three\n1. [ ] four\n- plain";
        let (criteria, tasks) = seen(text);
        assert_eq!(criteria, words(&[("one", false), ("two", true)]));
        assert_eq!(tasks, words(&[("three", true), ("four", false)]));
    }

    #[test]
    fn a_bold_line_is_a_heading_too() {
        for head in ["**Acceptance Criteria**:", "**Acceptance criteria:**", "Acceptance Criteria:"] {
            let (criteria, tasks) = seen(&format!("{head}\r\n\r\n- [ ] one\r\n**Tasks**\r\n- [ ] two"));
            assert_eq!(criteria.len(), 1, "{head}");
            assert_eq!(tasks.len() + criteria.len(), 2, "{head}");
        }
    }

    #[test]
    fn a_bold_line_inside_a_section_does_not_end_it() {
        assert_eq!(seen("#### AC\n**Happy path**\n- [ ] one\n#### Next\n- [ ] two").0, words(&[("one", false)]));
    }

    #[test]
    fn bullets_are_criteria_where_there_are_no_boxes() {
        assert_eq!(
            seen("## Acceptance criteria\n- one\n- two\n## Else\n- three").0,
            words(&[("one", false), ("two", false)])
        );
        assert_eq!(seen("## Acceptance criteria\n- [ ] one\n- two").0, words(&[("one", false)]));
    }

    #[test]
    fn code_and_comments_hold_no_boxes() {
        assert_eq!(boxes("```\n- [ ] a\n```\n<!--\n- [ ] b\n-->\n- [] c\n- [ ]\n- [ ]d"), Boxes::default());
        assert_eq!(boxes("> - [ ] quoted").tasks.len(), 1);
    }
}
