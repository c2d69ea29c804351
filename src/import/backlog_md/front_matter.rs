//! The lines between `---` at the top of a file, and simple settings files: keys with a text or a list of texts. It is
//! more patient than YAML, which refuses `assignee: @name` as people and the tool itself write it.

use crate::model::value::{Map, Value};

/// The keys and the text below; `None` for a file that has no such lines.
pub fn split(text: &str) -> Option<(Map, &str)> {
    let rest = text.strip_prefix("---")?;
    let rest = rest.trim_start_matches([' ', '\t']).strip_prefix('\n')?;
    let mut at = 0usize;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == "---" {
            let head = rest.get(..at)?;
            return Some((parse(head), rest.get(at.saturating_add(line.len())..)?));
        }
        at = at.saturating_add(line.len());
    }
    None
}

/// The keys of the first column, each with what follows it.
pub fn parse(text: &str) -> Map {
    let mut out = Map::new();
    let lines: Vec<&str> = text.lines().collect();
    let mut rest = lines.as_slice();
    while let Some((line, below)) = rest.split_first() {
        rest = below;
        let Some((key, value)) = key_of(line) else { continue };
        let is_below = |line: &&&str| line.trim().is_empty() || line.starts_with([' ', '\t']) || is_item(line);
        let inside = rest.iter().take_while(is_below).count();
        let (inside, after) = rest.split_at_checked(inside).unwrap_or_default();
        rest = after;
        // The first of two stays, as the tool reads it.
        if !out.contains_key(key) {
            out.insert(key.to_string(), value_of(value, inside));
        }
    }
    out
}

fn is_item(line: &str) -> bool {
    line == "-" || line.starts_with("- ")
}

/// `key: value` at the beginning of a line.
fn key_of(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let is_key = !key.is_empty() && key.chars().all(plain) && !key.starts_with('-');
    (is_key && (value.is_empty() || value.starts_with([' ', '\t']))).then_some((key, value.trim()))
}

fn value_of(first: &str, below: &[&str]) -> Value {
    let lines = || below.iter().map(|line| line.trim());
    if matches!(first, ">" | ">-" | ">+") {
        return Value::from(lines().filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" "));
    }
    if matches!(first, "|" | "|-" | "|+") {
        return Value::from(lines().collect::<Vec<_>>().join("\n").trim_end().to_string());
    }
    if first.is_empty() && lines().any(is_item) {
        return below_items(below);
    }
    let whole = std::iter::once(first).chain(lines()).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    if let Some(inside) = whole.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return parts(inside)
            .iter()
            .map(|part| unquoted(part))
            .filter(|part| !part.is_empty())
            .map(Value::from)
            .collect();
    }
    Value::from(unquoted(&whole))
}

/// A list with a line an item; deeper lines continue theirs.
fn below_items(below: &[&str]) -> Value {
    let mut items: Vec<String> = Vec::new();
    for line in below.iter().map(|line| line.trim()).filter(|line| !line.is_empty()) {
        match (line.strip_prefix('-').filter(|_| is_item(line)), items.last_mut()) {
            (Some(item), _) => items.push(item.trim().to_string()),
            (None, Some(last)) => {
                last.push(' ');
                last.push_str(line);
            }
            (None, None) => {}
        }
    }
    Value::from_iter(items.iter().map(|item| unquoted(item)).filter(|item| !item.is_empty()).map(Value::from))
}

/// The parts between commas that are in no quotes.
fn parts(text: &str) -> Vec<String> {
    let (mut out, mut quote) = (vec![String::new()], None);
    let mut escaped = false;
    for c in text.chars() {
        match quote {
            Some('"') if escaped => escaped = false,
            Some('"') if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == ',' => {
                out.push(String::new());
                continue;
            }
            None if matches!(c, '"' | '\'') && out.last().is_some_and(|part| part.trim().is_empty()) => quote = Some(c),
            None => {}
        }
        if let Some(part) = out.last_mut() {
            part.push(c);
        }
    }
    out
}

/// A text without its quotes.
fn unquoted(text: &str) -> String {
    let text = text.trim();
    let between = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    if let Some(inside) = between('\'') {
        return inside.replace("''", "'");
    }
    let Some(inside) = between('"') else { return text.to_string() };
    // Its escapes are those of JSON, and few of them occur.
    serde_json::from_str(text).unwrap_or_else(|_| inside.replace("\\\"", "\"").replace("\\\\", "\\"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn what_people_and_tools_write_is_read() {
        let text = "---\nid: BACK-1\ntitle: 'It''s: here'\nassignee: @codex\nlabels:\n  - web\n  - 'a b'\nreferences:\n- https://a.b/c#d\n\
            dependencies: []\nstatuses: [\"To Do\", 'In, Progress', Done]\nlong: >-\n  one\n  two\nempty:\nquoted: \"say \\\"x\\\"\"\n\
            wrapped: begins\n  and goes on\n---\nBody\n---\nmore\n";
        let (keys, body) = split(text).unwrap();
        assert_eq!(
            Value::from(keys),
            json!({
                "id": "BACK-1", "title": "It's: here", "assignee": "@codex", "labels": ["web", "a b"],
                "references": ["https://a.b/c#d"], "dependencies": [], "statuses": ["To Do", "In, Progress", "Done"],
                "long": "one two", "empty": "", "quoted": "say \"x\"", "wrapped": "begins and goes on"
            })
        );
        assert_eq!(body, "Body\n---\nmore\n");
        for none in ["", "# Title", "---\nid: 1\n", "--- x\n---\n"] {
            assert!(split(none).is_none(), "{none}");
        }
    }
}
