//! Atlassian Document Format, the JSON in which Jira holds texts, as Markdown.

use crate::import::moments;
use crate::model::saturating::drop_first;
use crate::model::value::{Map, Value};

/// A text as Markdown.
#[derive(Debug, Default, PartialEq)]
pub struct Translated {
    pub text: String,
    /// Everything in it has a form in Markdown; of other parts the words are there.
    pub exact: bool,
}

/// True for a document of this format.
pub fn is_document(value: &Value) -> bool {
    value.get("type").and_then(Value::as_str) == Some("doc") && value.get("content").is_some_and(Value::is_array)
}

pub fn markdown(document: &Value) -> Translated {
    let mut writer = Writer { exact: true };
    let text = writer.blocks(document);
    Translated { text: text.trim_end().to_string(), exact: writer.exact }
}

struct Writer {
    exact: bool,
}

fn nodes(node: &Value) -> impl Iterator<Item = &Map> {
    node.get("content").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

fn kind(node: &Map) -> &str {
    node.get("type").and_then(Value::as_str).unwrap_or_default()
}

fn attribute<'a>(node: &'a Map, key: &str) -> &'a str {
    node.get("attrs").and_then(|attrs| attrs.get(key)?.as_str()).unwrap_or_default()
}

fn as_value(node: &Map) -> Value {
    Value::from(node.clone())
}

impl Writer {
    /// The blocks in a node, with a blank line between them.
    fn blocks(&mut self, node: &Value) -> String {
        let mut parts: Vec<String> = Vec::new();
        let mut line = String::new();
        for child in nodes(node) {
            match self.block(child) {
                Some(block) => {
                    parts.extend(Some(std::mem::take(&mut line)).filter(|line| !line.trim().is_empty()));
                    parts.push(block);
                }
                None => line.push_str(&self.inline(child)),
            }
        }
        parts.push(line);
        parts.retain(|part| !part.trim().is_empty());
        parts.join("\n\n")
    }

    /// A block; `None` for what stands in a line.
    fn block(&mut self, node: &Map) -> Option<String> {
        let inside = as_value(node);
        Some(match kind(node) {
            "paragraph" => self.line(&inside),
            "heading" => {
                let level = node.get("attrs").and_then(|attrs| attrs.get("level")?.as_u64()).unwrap_or(1).clamp(1, 6);
                format!("{} {}", "######".get(..usize::try_from(level).unwrap_or(1)).unwrap_or("#"), self.line(&inside))
            }
            "bulletList" | "decisionList" => self.list(&inside, |_| "- ".to_string()),
            "orderedList" => self.list(&inside, |nth| format!("{}. ", nth.saturating_add(1))),
            "taskList" => self.list(&inside, |_| "- ".to_string()),
            "codeBlock" => {
                let code: String =
                    nodes(&inside).filter_map(|node| node.get("text")?.as_str()).collect::<Vec<_>>().join("");
                let mut fence = "```".to_string();
                while code.contains(&fence) {
                    fence.push('`');
                }
                format!("{fence}{}\n{code}\n{fence}", attribute(node, "language"))
            }
            "blockquote" => quoted(&self.blocks(&inside)),
            "panel" | "expand" | "nestedExpand" => {
                let title = attribute(node, "title");
                let head = if title.is_empty() { String::new() } else { format!("**{title}**\n\n") };
                quoted(&format!("{head}{}", self.blocks(&inside)))
            }
            "rule" => "---".to_string(),
            "table" => self.table(&inside),
            "mediaSingle" | "mediaGroup" => self.blocks(&inside),
            "media" => {
                self.exact = false;
                let name = [attribute(node, "alt"), attribute(node, "url"), attribute(node, "id")];
                format!("[{}]", name.into_iter().find(|name| !name.is_empty()).unwrap_or("attachment"))
            }
            _ if node.contains_key("content") => {
                self.exact = false;
                self.blocks(&inside)
            }
            _ => return None,
        })
    }

    fn list(&mut self, node: &Value, mark: fn(usize) -> String) -> String {
        let items: Vec<&Map> = nodes(node).collect();
        let mut out = Vec::new();
        let mut nth = 0usize;
        for item in items {
            let text = self.blocks(&as_value(item));
            if matches!(kind(item), "taskList" | "bulletList" | "orderedList") {
                // A list directly in a list is a level deeper.
                let nested = self.block(item).unwrap_or_default();
                out.push(indented(&nested, "  ", "  "));
                continue;
            }
            let mark = match (kind(item), attribute(item, "state")) {
                ("taskItem", "DONE") => "- [x] ".to_string(),
                ("taskItem", _) => "- [ ] ".to_string(),
                _ => mark(nth),
            };
            nth = nth.saturating_add(1);
            // Blocks of an item stand close together, so that a list stays one.
            out.push(indented(
                &text.replace("\n\n", "\n"),
                &mark,
                if mark.len() > 2 && !mark.starts_with('-') { "   " } else { "  " },
            ));
        }
        out.join("\n")
    }

    fn table(&mut self, node: &Value) -> String {
        let mut rows: Vec<Vec<String>> = Vec::new();
        for row in nodes(node) {
            let cells = nodes(&as_value(row)).map(as_value).collect::<Vec<_>>();
            let cell =
                |cell: &Value| self.blocks(cell).replace("\n\n", "<br>").replace('\n', "<br>").replace('|', "\\|");
            rows.push(cells.iter().map(cell).collect());
        }
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        let line = |row: &[String]| format!("| {} |", row.join(" | "));
        let mut lines = Vec::new();
        for (nth, mut row) in rows.into_iter().enumerate() {
            if nth == 0 {
                // The first row is the head, and says how wide the table is.
                row.resize(width, String::new());
                lines.push(line(&row));
                row.fill("---".to_string());
            }
            lines.push(line(&row));
        }
        lines.join("\n")
    }

    fn line(&mut self, node: &Value) -> String {
        let children: Vec<&Map> = nodes(node).collect();
        children.into_iter().map(|child| self.inline(child)).collect()
    }

    fn inline(&mut self, node: &Map) -> String {
        match kind(node) {
            "text" => self.marked(node),
            "hardBreak" => "\n".to_string(),
            "mention" | "status" => attribute(node, "text").to_string(),
            "emoji" => [attribute(node, "text"), attribute(node, "shortName")]
                .into_iter()
                .find(|text| !text.is_empty())
                .unwrap_or_default()
                .to_string(),
            "inlineCard" | "blockCard" | "embedCard" => attribute(node, "url").to_string(),
            "date" => moments::when(&attribute(node, "timestamp").into())
                .map_or_else(String::new, |when| when.day().to_string()),
            _ => {
                self.exact = false;
                let text = node.get("text").and_then(Value::as_str).unwrap_or_else(|| attribute(node, "text"));
                if text.is_empty() { self.line(&as_value(node)) } else { text.to_string() }
            }
        }
    }

    fn marked(&mut self, node: &Map) -> String {
        let text = node.get("text").and_then(Value::as_str).unwrap_or_default();
        let marks = node.get("marks").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
        // Marks enclose words, and no blanks at their ends.
        let words = text.trim();
        let Some(at) = text.find(words).filter(|_| !words.is_empty()) else { return text.to_string() };
        let (head, tail) =
            (text.get(..at).unwrap_or_default(), text.get(at.saturating_add(words.len())..).unwrap_or_default());
        let mut out = words.to_string();
        for mark in marks {
            out = match kind(mark) {
                "code" => format!("`{out}`"),
                "strong" => format!("**{out}**"),
                "em" => format!("_{out}_"),
                "strike" => format!("~~{out}~~"),
                "link" if attribute(mark, "href") == out => out,
                "link" => format!("[{out}]({})", attribute(mark, "href")),
                "textColor" | "backgroundColor" | "underline" | "subsup" => out,
                _ => {
                    self.exact = false;
                    out
                }
            };
        }
        format!("{head}{out}{tail}")
    }
}

fn quoted(text: &str) -> String {
    text.lines().map(|line| format!("> {line}").trim_end().to_string()).collect::<Vec<_>>().join("\n")
}

/// A text whose first line follows a mark, and whose other lines stand below it.
fn indented(text: &str, mark: &str, below: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
    let first = lines.first().cloned().unwrap_or_default();
    drop_first(&mut lines, 1);
    let rest = lines.into_iter().map(|line| format!("\n{below}{line}"));
    format!("{mark}{first}{}", rest.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    fn text(words: &str) -> Value {
        json!({"type": "text", "text": words})
    }

    fn paragraph(words: &str) -> Value {
        json!({"type": "paragraph", "content": [text(words)]})
    }

    fn read(content: Value) -> (String, bool) {
        let read = markdown(&json!({"type": "doc", "version": 1, "content": content}));
        (read.text, read.exact)
    }

    #[test]
    fn blocks_and_marks_become_markdown() {
        let item = |words: &str| json!({"type": "listItem", "content": [paragraph(words)]});
        let nested =
            json!({"type": "listItem", "content": [paragraph("b"), {"type": "bulletList", "content": [item("c")]}]});
        let task =
            |words: &str, state: &str| json!({"type": "taskItem", "attrs": {"state": state}, "content": [text(words)]});
        let cell = |words: &str| json!({"type": "tableCell", "content": [paragraph(words)]});
        let content = json!([
            {"type": "heading", "attrs": {"level": 2}, "content": [text("Why")]},
            {"type": "paragraph", "content": [
                text("A "), {"type": "text", "text": "bold ", "marks": [{"type": "strong"}]}, text("word, "),
                {"type": "text", "text": "here", "marks": [{"type": "link", "attrs": {"href": "https://example.org"}}]},
                {"type": "hardBreak"}, {"type": "mention", "attrs": {"id": "557058:x", "text": "@Ida"}},
                {"type": "emoji", "attrs": {"shortName": ":smile:", "text": "🙂"}},
                {"type": "inlineCard", "attrs": {"url": "https://a.b/c"}}
            ]},
            {"type": "orderedList", "content": [item("a"), nested]},
            {"type": "taskList", "content": [task("done", "DONE"), task("open", "TODO")]},
            {"type": "codeBlock", "attrs": {"language": "rust"}, "content": [text("let a = \"```\";")]},
            {"type": "blockquote", "content": [paragraph("said")]},
            {"type": "table", "content": [
                {"type": "tableRow", "content": [cell("h"), cell("i")]}, {"type": "tableRow", "content": [cell("a|b")]}
            ]},
            {"type": "rule"}
        ]);
        let wanted = "## Why\n\nA **bold** word, [here](https://example.org)\n@Ida🙂https://a.b/c\n\n1. a\n2. b\n   - c\n\n\
            - [x] done\n- [ ] open\n\n````rust\nlet a = \"```\";\n````\n\n> said\n\n| h | i |\n| --- | --- |\n| a\\|b |\n\n---";
        assert_eq!(read(content), (wanted.to_string(), true));
    }

    #[test]
    fn words_of_unknown_parts_stay_and_are_told() {
        let content =
            json!([{"type": "extension", "content": [paragraph("kept")]}, paragraph("more"), {"type": "future"}]);
        assert_eq!(read(content), ("kept\n\nmore".to_string(), false));
        assert_eq!(read(json!([1, null, {"type": "text"}, {"type": 3}])).0, "");
        assert_eq!(markdown(&json!({"type": "doc"})).text, "");
    }
}
