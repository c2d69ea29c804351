//! Parses pasted lines as a tree: indentation, bullets, numbers, headings and checkboxes give the structure. No text is
//! lost, and what the lines become is decided elsewhere.

/// A line and the lines below it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Node {
    pub text: String,
    /// Its checkbox is ticked.
    pub ticked: bool,
    pub under: Vec<Node>,
}

impl Node {
    /// How many lines are under it, at any depth.
    pub fn count(&self) -> usize {
        self.under.iter().map(|node| node.count().saturating_add(1)).sum()
    }

    /// All lines under it in order, each with its depth.
    pub fn flat(&self) -> Vec<(usize, &Node)> {
        let mut out = Vec::new();
        for node in &self.under {
            out.push((0, node));
            out.extend(node.flat().into_iter().map(|(depth, node)| (depth.saturating_add(1), node)));
        }
        out
    }
}

/// What precedes the text of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mark {
    None,
    Bullet,
    Heading(usize),
}

/// Parses the lines of a text. In a list that begins with a plain line, bullets are below plain lines, as people write
/// a story and its criteria without indentation.
pub fn outline(text: &str) -> Vec<Node> {
    let lines: Vec<(usize, Mark, Node)> = text.lines().filter_map(read_line).collect();
    let plain_first = lines.first().is_some_and(|(_, mark, _)| *mark == Mark::None);
    let mut open: Vec<(usize, Node)> = Vec::new();
    let mut roots = Vec::new();
    for (indent, mark, node) in lines {
        let column = match mark {
            Mark::Heading(level) => level,
            mark => indent.saturating_mul(2).saturating_add(if plain_first && mark == Mark::Bullet { 11 } else { 10 }),
        };
        close(&mut open, &mut roots, column);
        open.push((column, node));
    }
    close(&mut open, &mut roots, 0);
    roots
}

/// Attaches finished lines to their parents, before a line at this column.
fn close(open: &mut Vec<(usize, Node)>, roots: &mut Vec<Node>, column: usize) {
    while open.last().is_some_and(|(last, _)| *last >= column) {
        let Some((_, node)) = open.pop() else { return };
        match open.last_mut() {
            Some((_, parent)) => parent.under.push(node),
            None => roots.push(node),
        }
    }
}

/// The indentation, mark and text of a line; `None` for lines without text.
fn read_line(line: &str) -> Option<(usize, Mark, Node)> {
    let words = line.trim();
    let indent = line.chars().take_while(|c| c.is_whitespace()).map(|c| if c == '\t' { 4 } else { 1 }).sum();
    if words.chars().all(|c| matches!(c, '-' | '*' | '_' | '=' | '#' | '+' | '•')) {
        return None;
    }
    let (mark, rest) = marked(words);
    let (ticked, text) = boxed(rest);
    (!text.is_empty()).then(|| (indent, mark, Node { text: text.to_string(), ticked, under: Vec::new() }))
}

fn marked(line: &str) -> (Mark, &str) {
    let hashes = line.bytes().take_while(|byte| *byte == b'#').count();
    if (1..=6).contains(&hashes)
        && let Some(rest) = line.get(hashes..).and_then(|rest| rest.strip_prefix(' '))
    {
        return (Mark::Heading(hashes), rest.trim());
    }
    let Some((first, rest)) = line.split_once(char::is_whitespace) else { return (Mark::None, line) };
    if matches!(first, "-" | "*" | "+" | "•" | "–" | "—" | "◦" | "▪" | "‣" | "·") || is_number(first) {
        return (Mark::Bullet, rest.trim());
    }
    // A checkbox needs no bullet.
    let mark = if boxed(line).1.len() < line.len() { Mark::Bullet } else { Mark::None };
    (mark, line)
}

/// `1.`, `2)`, `1.2.`, `a)`. A bare number may be part of the text.
fn is_number(word: &str) -> bool {
    let Some(body) = word.strip_suffix(['.', ')']) else { return false };
    let mut letters = body.chars();
    if let (Some(one), None) = (letters.next(), letters.next()) {
        return one.is_ascii_digit() || (one.is_ascii_alphabetic() && word.ends_with(')'));
    }
    body.split('.').all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
}

fn boxed(text: &str) -> (bool, &str) {
    for (mark, ticked) in [("[ ]", false), ("[]", false), ("[x]", true), ("[X]", true), ("[✓]", true)] {
        if let Some(rest) = text.strip_prefix(mark) {
            return (ticked, rest.trim());
        }
    }
    (false, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The tree with two blanks per depth and an x before what is ticked.
    fn drawn(text: &str) -> String {
        let root = Node { under: outline(text), ..Node::default() };
        let line = |(depth, node): (usize, &Node)| {
            format!("{}{}{}", "  ".repeat(depth), if node.ticked { "x " } else { "" }, node.text)
        };
        root.flat().into_iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn bullets_numbers_and_boxes_go() {
        assert_eq!(drawn("- one\n* two\n1. three\n2) four\na) five\n1.2. six"), "one\ntwo\nthree\nfour\nfive\nsix");
        assert_eq!(drawn("- [ ] one\n- [x] two\n[X] three\n1. [✓] four"), "one\nx two\nx three\nx four");
        assert_eq!(
            drawn("3 repair bays\n1.5 hours at most\n-5 °C\n#1 wish"),
            "3 repair bays\n1.5 hours at most\n-5 °C\n#1 wish"
        );
        assert_eq!(drawn("- [ ] one\n* two\n\nthree\t\n---\n- \n"), "one\ntwo\nthree");
    }

    #[test]
    fn indents_make_a_tree() {
        assert_eq!(drawn("one\n  a\n    deep\n  b\ntwo\n\tc"), "one\n  a\n    deep\n  b\ntwo\n  c");
        assert_eq!(drawn("    one\n      a\n    two"), "one\n  a\ntwo");
        assert_eq!(drawn("      one\n  two\nthree"), "one\ntwo\nthree");
    }

    #[test]
    fn bullets_stand_under_the_plain_line_above_them() {
        assert_eq!(
            drawn("Book in two taps\n- slot\n- mail\nCancel\n- [x] button"),
            "Book in two taps\n  slot\n  mail\nCancel\n  x button"
        );
        assert_eq!(drawn("- one\ntwo\n- three"), "one\ntwo\nthree");
    }

    #[test]
    fn headings_hold_what_comes_after_them() {
        assert_eq!(
            drawn("# Booking\n- one\n- two\n## Price\nthree\n# Repair"),
            "Booking\n  one\n  two\n  Price\n    three\nRepair"
        );
        assert_eq!(drawn("before\n# Booking\none"), "before\nBooking\n  one");
    }

    proptest! {
        #[test]
        fn every_word_stays_in_its_order(lines in prop::collection::vec(("[ \t]{0,5}", "(- |\\* |1\\. |## |\\[x\\] )?", "[a-zé]{1,6}"), 0..30)) {
            let text: String = lines.iter().map(|(indent, mark, word)| format!("{indent}{mark}{word}\n")).collect();
            let root = Node { under: outline(&text), ..Node::default() };
            let found: Vec<&str> = root.flat().into_iter().map(|(_, node)| node.text.as_str()).collect();
            prop_assert_eq!(found, lines.iter().map(|(_, _, word)| word.as_str()).collect::<Vec<_>>());
        }

        #[test]
        fn no_text_breaks_it(text in any::<String>()) {
            let _ = outline(&text);
        }
    }
}
