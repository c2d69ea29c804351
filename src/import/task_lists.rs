//! Checkboxes in a Markdown text: under a heading such as *Acceptance Criteria* they are criteria, elsewhere tasks. The
//! text itself is kept, and checkboxes inside code or comments are ignored.

use crate::import::markdown_lines::{Leaf, MarkdownLines};
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
    /// The level of the heading that opened the criteria: 1 to 6, or 7 for a bold line.
    criteria: Option<u8>,
    /// Plain bullets count as criteria if the section has no checkboxes.
    bullets: Vec<Criterion>,
    boxed: bool,
}

pub fn boxes(text: &str) -> Boxes {
    let mut out = Boxes::default();
    let mut place = Place::default();
    let mut lines = MarkdownLines::default();
    for line in text.lines() {
        match lines.read(line) {
            Leaf::Nothing => {}
            Leaf::Heading(level, title) => head(level, &title, &mut place, &mut out),
            Leaf::Text(text) if is_bold_heading(&text) => head(BOLD, &text, &mut place, &mut out),
            Leaf::Text(text) if place.criteria.is_some() && is_gherkin(&text) => {
                place.bullets.push(Criterion::with(text.trim(), false));
            }
            Leaf::Text(_) => {}
            Leaf::Item(text) => item(&text, &mut place, &mut out),
        }
    }
    close(&mut place, &mut out);
    out
}

fn head(level: u8, title: &str, place: &mut Place, out: &mut Boxes) {
    let inside = place.criteria.is_some_and(|opened| level > opened && opened < BOLD);
    if !inside {
        close(place, out);
        place.criteria = opens_criteria(title).then_some(level);
    }
}

fn item(text: &str, place: &mut Place, out: &mut Boxes) {
    match (tick(text), place.criteria.is_some()) {
        (Some((text, ticked)), true) => {
            place.boxed = true;
            out.criteria.push(Criterion::with(text, ticked));
        }
        (Some((text, ticked)), false) => out.tasks.push(Task::with(text, ticked)),
        (None, true) => place.bullets.push(Criterion::with(text, false)),
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

/// The level of a line in bold, below that of every heading.
const BOLD: u8 = 7;

/// A line in bold, or a bare criteria heading with a colon.
fn is_bold_heading(line: &str) -> bool {
    let bare = line.trim_end_matches([':', ' ']);
    let bold = ["**", "__"].iter().any(|mark| {
        bare.strip_prefix(mark)
            .and_then(|rest| rest.strip_suffix(mark))
            .is_some_and(|words| !words.is_empty() && !words.contains(mark))
    });
    bold || (line.ends_with(':') && opens_criteria(line))
}

/// The words with which a line of Gherkin begins.
const GHERKIN: &[&str] = &[
    "given",
    "when",
    "then",
    "and",
    "but",
    "angenommen",
    "gegeben",
    "wenn",
    "dann",
    "und",
    "aber",
    "dado",
    "dada",
    "dados",
    "cuando",
    "entonces",
    "y",
    "pero",
    "quando",
    "então",
    "e",
    "mas",
    "étant donné",
    "soit",
    "quand",
    "alors",
    "et",
    "mais",
];

/// True for a line such as `Given a bike`, also where its first word is bold.
fn is_gherkin(line: &str) -> bool {
    let bare = line.trim().trim_start_matches(['*', '_']).to_lowercase();
    let begins = |word: &&str| bare.strip_prefix(*word).is_some_and(|rest| rest.starts_with([' ', '*', '_', ':']));
    GHERKIN.iter().any(begins)
}

/// True for a title that opens a list of acceptance criteria.
pub fn opens_criteria(title: &str) -> bool {
    let words = title.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase().replace('’', "'");
    CRITERIA.iter().any(|known| {
        words
            .strip_prefix(known)
            .is_some_and(|rest| rest.is_empty() || (known.len() > 10 && rest.starts_with([' ', ':', '('])))
    })
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
    fn gherkin_is_criteria_under_their_heading_and_text_elsewhere() {
        let lines = "Given a bike\n**When** I book\nThen I see it\n";
        let criteria = words(&[("Given a bike", false), ("**When** I book", false), ("Then I see it", false)]);
        assert_eq!(seen(&format!("## Acceptance criteria\n{lines}\nSome words.\n")).0, criteria);
        assert_eq!(seen(&format!("Acceptance Criteria:\n{lines}")).0, criteria);
        assert_eq!(seen(lines), (Vec::new(), Vec::new()));
        assert_eq!(seen("- Given a bike\n- When I book"), (Vec::new(), Vec::new()));
    }

    #[test]
    fn code_and_comments_hold_no_boxes() {
        assert_eq!(boxes("```\n- [ ] a\n```\n<!--\n- [ ] b\n-->\n- [] c\n- [ ]\n- [ ]d"), Boxes::default());
        assert_eq!(boxes("> - [ ] quoted").tasks.len(), 1);
    }
}
