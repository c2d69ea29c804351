//! Several criteria or tasks in one cell.

use crate::import::outline::{Node, outline};
use crate::model::value::Value;

/// The longest part of a line that is cut at its signs: a longer one is a sentence, and the sign belongs to it.
const LONGEST: usize = 160;

/// The words of an element, and whether it is ticked.
pub type CellEntry = (String, bool);

/// The criteria in a cell: its lines, or the parts of a single line.
pub fn criteria(text: &str) -> Vec<CellEntry> {
    match parts(text.trim()) {
        Some(parts) => parts.into_iter().map(|part| (part, false)).collect(),
        None => flat(&outline(text)),
    }
}

/// The tasks in a cell, where it is a list: lines with bullets, boxes or numbers, or lists by their names as JSON. `None` for
/// any other text.
pub fn tasks(text: &str) -> Option<Vec<CellEntry>> {
    let text = text.trim();
    if text.starts_with('{') {
        return of_json(text);
    }
    // `[x] a;[ ] b`
    let lines = text.replace(";[", "\n[").replace("; [", "\n[");
    let is_marked = |line: &str| {
        let line = line.trim_start();
        let after = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_number = after.len() < line.len() && after.starts_with(['.', ')']);
        is_number || ["- ", "* ", "+ ", "• ", "[ ]", "[x]", "[X]"].iter().any(|mark| line.starts_with(mark))
    };
    lines.lines().all(|line| line.trim().is_empty() || is_marked(line)).then(|| flat(&outline(&lines)))
}

fn flat(nodes: &[Node]) -> Vec<CellEntry> {
    let mut out = Vec::new();
    for node in nodes {
        out.push((node.text.clone(), node.ticked));
        out.extend(node.flat().into_iter().map(|(_, under)| (under.text.clone(), under.ticked)));
    }
    out
}

/// `{"QA": ["test visa", {"name": "test amex", "resolved": true}]}`
fn of_json(text: &str) -> Option<Vec<CellEntry>> {
    let lists: Value = serde_json::from_str(text).ok()?;
    let mut out = Vec::new();
    for (_, list) in lists.as_object()?.iter() {
        for one in list.as_array()?.iter() {
            let map = one.as_object();
            let words = one.as_str().or_else(|| map?.get("name")?.as_str())?;
            let done = map.and_then(|map| map.get("resolved")).and_then(Value::as_bool) == Some(true);
            let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
            if !words.is_empty() {
                out.push((words, done));
            }
        }
    }
    Some(out)
}

/// The parts of a single line, if its numbers or its signs say that it is a list.
fn parts(text: &str) -> Option<Vec<String>> {
    if text.contains(['\n', '`']) {
        return None;
    }
    numbered(text).or_else(|| parted(text, '|')).or_else(|| parted(text, ';'))
}

/// `1) one; 2) two`, `1. one 2. two`: numbers from one on, with the same sign behind each.
fn numbered(text: &str) -> Option<Vec<String>> {
    let sign = text.strip_prefix('1').and_then(|rest| rest.chars().next()).filter(|c| matches!(c, ')' | '.'))?;
    let mut out = Vec::new();
    let mut rest = text.get(2..)?;
    for nth in 2_usize.. {
        let next = rest.find(&format!(" {nth}{sign} ")).and_then(|at| rest.split_at_checked(at));
        let (part, behind) = next.unwrap_or((rest, ""));
        let part = part.trim().trim_end_matches([';', ',']).trim_end();
        if part.is_empty() {
            return None;
        }
        out.push(part.to_string());
        let Some((_, behind)) = behind.split_once(sign) else { break };
        rest = behind;
    }
    (out.len() > 1).then_some(out)
}

/// At least three short parts. The steps of one scenario stay together, and so does a sentence whose last part begins with
/// *and*.
fn parted(text: &str, sign: char) -> Option<Vec<String>> {
    let parts: Vec<&str> = text.trim_end_matches(sign).split(sign).map(str::trim).collect();
    let begins = |part: &&str, words: &[&str]| {
        let first = part.split_whitespace().next().unwrap_or_default().to_lowercase();
        words.contains(&first.trim_end_matches(','))
    };
    let is_list = parts.len() > 2
        && parts.iter().all(|part| !part.is_empty() && part.chars().count() <= LONGEST)
        && !parts.iter().any(|part| begins(part, &["given", "when", "then"]))
        && !parts.last().is_some_and(|part| begins(part, &["and", "or", "und", "oder", "y", "e", "et", "ou"]));
    is_list.then(|| parts.into_iter().map(str::to_string).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(all: Vec<CellEntry>) -> String {
        all.into_iter()
            .map(|(text, done)| format!("{}{text}", if done { "x " } else { "" }))
            .collect::<Vec<_>>()
            .join("/")
    }

    #[test]
    fn criteria_in_one_line_are_parted() {
        for (text, found) in [
            ("1) enters a place; 2) picks 2 days; 3) sees a price.", "enters a place/picks 2 days/sees a price."),
            ("1. one 2. two", "one/two"),
            ("User can login|User can logout|Token is returned", "User can login/User can logout/Token is returned"),
            ("one ; two; three;", "one/two/three"),
            ("- [x] one\n- two", "x one/two"),
        ] {
            assert_eq!(words(criteria(text)), found, "{text}");
        }
    }

    #[test]
    fn a_sentence_stays_whole() {
        for text in [
            "Valid users can sign in; invalid credentials show a clear error",
            "Shows a | b",
            "It asks first; it waits; and it goes on",
            "Given a day | When it ends | Then it is dark",
            "Accepts `a|b|c`",
            "Takes 1) or 2) of them",
        ] {
            assert_eq!(words(criteria(text)), text);
        }
        let long = "word ".repeat(40);
        assert_eq!(criteria(&format!("a; b; {long}")).len(), 1);
    }

    #[test]
    fn tasks_are_lists_only() {
        assert_eq!(words(tasks("- [ ] one\n- [x] two").unwrap()), "one/x two");
        assert_eq!(words(tasks("[X] one;[ ] two").unwrap()), "x one/two");
        let json = r#"{"QA": ["visa", {"name": "amex", "resolved": true}], "B": []}"#;
        assert_eq!(words(tasks(json).unwrap()), "visa/x amex");
        assert_eq!((tasks("A-1, A-2"), tasks("{\"a\": 1}")), (None, None));
    }
}
