//! The wiki text of Jira as Markdown.

use crate::import::markup::Converted;

/// What encloses lines that are no wiki text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    /// `{code}`, by the name that ends it.
    Fence(&'static str),
    Quote,
}

/// Converts headings, lists, tables, code, quotes, links, images and inline styles. `people` has the name of an account,
/// if it is known.
pub fn to_markdown<'a>(text: &str, people: &'a dyn Fn(&str) -> Option<&'a str>) -> Converted {
    let mut wiki = Wiki { people, out: String::new(), block: None, is_lossy: false };
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.lines().for_each(|line| wiki.line(line));
    if matches!(wiki.block, Some(Block::Fence(_))) {
        wiki.push("```");
    }
    let mut text = wiki.out;
    while text.ends_with('\n') {
        text.pop();
    }
    Converted { text, is_lossy: wiki.is_lossy }
}

struct Wiki<'a> {
    people: &'a dyn Fn(&str) -> Option<&'a str>,
    out: String,
    block: Option<Block>,
    is_lossy: bool,
}

impl Wiki<'_> {
    fn push(&mut self, line: &str) {
        if self.block == Some(Block::Quote) {
            self.out.push_str("> ");
        }
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn line(&mut self, line: &str) {
        if let Some(Block::Fence(end)) = self.block {
            match line.split_once(end) {
                Some((before, after)) => {
                    if !before.trim().is_empty() {
                        self.push(before);
                    }
                    self.push("```");
                    self.block = None;
                    self.rest(after);
                }
                None => self.push(line),
            }
            return;
        }
        if let Some((before, name, language, after)) = opens_fence(line) {
            self.rest(before);
            match after.split_once(name) {
                // A piece of code in one line.
                Some((code, after)) => {
                    self.push(&format!("```{language}"));
                    self.push(code.trim());
                    self.push("```");
                    self.rest(after);
                }
                None => {
                    self.push(&format!("```{language}"));
                    self.block = Some(Block::Fence(name));
                    if !after.trim().is_empty() {
                        self.push(after);
                    }
                }
            }
            return;
        }
        if let Some((before, after)) = line.split_once("{quote}") {
            self.rest(before);
            self.block = if self.block == Some(Block::Quote) { None } else { Some(Block::Quote) };
            self.rest(after);
            return;
        }
        let written = self.written(line);
        self.push(&written);
    }

    fn rest(&mut self, line: &str) {
        if !line.trim().is_empty() {
            self.line(line);
        }
    }

    /// A line outside of blocks.
    fn written(&mut self, line: &str) -> String {
        let trimmed = line.trim();
        if trimmed == "----" {
            return "---".to_string();
        }
        if let Some((level, text)) = heading(trimmed) {
            return format!("{} {}", std::iter::repeat_n('#', level).collect::<String>(), self.inline(text));
        }
        if let Some(text) = trimmed.strip_prefix("bq. ") {
            return format!("> {}", self.inline(text));
        }
        if trimmed.starts_with('|') && trimmed.len() > 1 {
            return self.table_row(trimmed);
        }
        if let Some((marks, text)) = list_item(trimmed) {
            let depth = marks.len().saturating_sub(1);
            let is_numbered = marks.ends_with('#');
            // A list inside a numbered one has to stand under its text.
            let indent: usize = marks.bytes().take(depth).map(|mark| if mark == b'#' { 3 } else { 2 }).sum();
            let mark = if is_numbered { "1." } else { "-" };
            return format!("{}{mark} {}", std::iter::repeat_n(' ', indent).collect::<String>(), self.inline(text));
        }
        self.inline(line)
    }

    fn table_row(&mut self, line: &str) -> String {
        let is_head = line.starts_with("||");
        let inner = line.trim_matches('|');
        let cells: Vec<String> = if is_head {
            inner.split("||").map(|cell| self.inline(cell.trim())).collect()
        } else {
            cells(inner).into_iter().map(|cell| self.inline(cell.trim())).collect()
        };
        let row = format!("| {} |", cells.join(" | "));
        if !is_head {
            return row;
        }
        let rule = std::iter::repeat_n("---", cells.len()).collect::<Vec<_>>().join(" | ");
        let between = if self.block == Some(Block::Quote) { "\n> " } else { "\n" };
        format!("{row}{between}| {rule} |")
    }

    /// Styles, links, images and macros within a line.
    fn inline(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        let mut before = ' ';
        while let Some(first) = rest.chars().next() {
            let taken = match first {
                '\\' => escaped(rest),
                '{' => self.macro_or_code(rest),
                '[' => self.link(rest),
                '!' => image(rest, before),
                '*' | '_' | '-' | '+' | '^' | '~' => self.style(rest, first, before),
                _ => None,
            };
            match taken {
                Some((written, length)) => {
                    out.push_str(&written);
                    rest = rest.get(length..).unwrap_or_default();
                    before = written.chars().last().unwrap_or(before);
                }
                None => {
                    // Everything up to the next character that may begin something.
                    let plain = |c: char| !matches!(c, '\\' | '{' | '[' | '!' | '*' | '_' | '-' | '+' | '^' | '~');
                    let start = first.len_utf8();
                    let more = rest.get(start..).unwrap_or_default();
                    let end = more.find(|c| !plain(c)).map_or(rest.len(), |at| at.saturating_add(start));
                    let piece = rest.get(..end).unwrap_or_default();
                    out.push_str(piece);
                    before = piece.chars().last().unwrap_or(before);
                    rest = rest.get(end..).unwrap_or_default();
                }
            }
        }
        out
    }

    fn macro_or_code(&mut self, text: &str) -> Option<(String, usize)> {
        if let Some(code) = text.strip_prefix("{{") {
            let end = code.find("}}")?;
            let inner = code.get(..end)?;
            return Some((format!("`{inner}`"), end.saturating_add(4)));
        }
        let end = text.find('}')?;
        let inner = text.get(1..end)?;
        let name = inner.split(':').next().unwrap_or_default();
        let length = end.saturating_add(1);
        match name {
            // The colour is not of the text.
            "color" => Some((String::new(), length)),
            "panel" | "expand" | "anchor" | "toc" | "section" | "column" | "adf" | "html" | "jira" | "status" => {
                self.is_lossy = true;
                Some((title_of(inner).map(|title| format!("**{title}**")).unwrap_or_default(), length))
            }
            _ => None,
        }
    }

    /// `[text|url]`, `[url]`, `[~name]`, `[^file]`.
    fn link(&mut self, text: &str) -> Option<(String, usize)> {
        let end = text.find(']')?;
        let inner = text.get(1..end)?;
        let length = end.saturating_add(1);
        if let Some(person) = inner.strip_prefix('~') {
            let Some(account) = person.strip_prefix("accountid:") else { return Some((format!("@{person}"), length)) };
            let name = (self.people)(account);
            self.is_lossy |= name.is_none();
            return Some((format!("@{}", name.unwrap_or("someone")), length));
        }
        if let Some(file) = inner.strip_prefix('^').filter(|file| !file.is_empty()) {
            self.is_lossy = true;
            return Some((file.to_string(), length));
        }
        let mut parts = inner.split('|');
        let (first, second) = (parts.next().unwrap_or_default().trim(), parts.next().map(str::trim));
        match second {
            Some(url) if is_address(url) => Some((format!("[{}]({url})", self.inline(first)), length)),
            None if is_address(first) => Some((format!("<{first}>"), length)),
            _ => None,
        }
    }

    /// `*b*`, `_i_`, `-s-`: at the borders of words only.
    fn style(&mut self, text: &str, mark: char, before: char) -> Option<(String, usize)> {
        if before.is_alphanumeric() || before == mark {
            return None;
        }
        let inner = text.get(1..)?;
        if inner.starts_with(|c: char| c.is_whitespace() || c == mark) {
            return None;
        }
        let mut from = 0;
        let end = loop {
            let at = inner.get(from..)?.find(mark)?.saturating_add(from);
            let (words, after) = (inner.get(..at)?, inner.get(at.saturating_add(1)..)?);
            let is_end = !words.ends_with(char::is_whitespace)
                && !after.starts_with(|c: char| c.is_alphanumeric() || c == mark)
                && !words.is_empty();
            if is_end {
                break at;
            }
            from = at.saturating_add(1);
        };
        let words = inner.get(..end)?;
        let (open, close) = match mark {
            '*' => ("**", "**"),
            '_' => ("_", "_"),
            '-' => ("~~", "~~"),
            // Markdown has no underline, and neither has it small letters.
            _ => {
                if !words.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                    return None;
                }
                self.is_lossy = true;
                ("", "")
            }
        };
        let written = format!("{open}{}{close}", self.inline(words));
        Some((written, end.saturating_add(2)))
    }
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let rest = line.strip_prefix('h')?;
    let level = rest.bytes().next().filter(|digit| (b'1'..=b'6').contains(digit))?;
    let text = rest.get(1..)?.strip_prefix('.')?;
    Some((usize::from(level.saturating_sub(b'0')), text.trim()))
}

/// `* a`, `** a`, `# a`, `*# a`, `- a`: the marks, and the text.
fn list_item(line: &str) -> Option<(&str, &str)> {
    let (marks, text) = line.split_once(' ')?;
    let is_list = !marks.is_empty() && marks.len() <= 10 && marks.bytes().all(|mark| matches!(mark, b'*' | b'#'));
    (is_list || marks == "-").then(|| (marks, text.trim()))
}

/// The cells of a row; a link may have a bar of its own.
fn cells(row: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut is_link = false;
    for (at, c) in row.char_indices() {
        match c {
            '[' => is_link = row.get(at..).is_some_and(|rest| rest.contains(']')),
            ']' => is_link = false,
            '|' if !is_link => {
                out.extend(row.get(start..at));
                start = at.saturating_add(1);
            }
            _ => {}
        }
    }
    out.extend(row.get(start..));
    out
}

/// `text {code:java} more`: what stands before, the macro that ends it, the language, what stands after.
fn opens_fence(line: &str) -> Option<(&str, &'static str, &str, &str)> {
    let (at, name) = [("{code", "{code}"), ("{noformat", "{noformat}")]
        .iter()
        .filter_map(|(open, close)| line.find(open).map(|at| (at, *close)))
        .min()?;
    let (before, macro_and_after) = line.split_at_checked(at)?;
    let (head, after) = macro_and_after.split_once('}')?;
    let parameters = head.strip_prefix(name.trim_end_matches('}'))?;
    if !parameters.is_empty() && !parameters.starts_with(':') {
        return None;
    }
    let first = parameters.trim_start_matches(':').split('|').next().unwrap_or_default();
    let is_language = first.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'#' | b'-'));
    Some((before, name, if is_language { first } else { "" }, after))
}

fn escaped(text: &str) -> Option<(String, usize)> {
    let next = text.get(1..)?.chars().next()?;
    matches!(next, '{' | '}' | '[' | ']' | '*' | '_' | '-' | '!' | '|' | '\\' | '#' | '+' | '^' | '~')
        .then(|| (format!("\\{next}"), next.len_utf8().saturating_add(1)))
}

/// `!img.png|thumbnail!`
fn image(text: &str, before: char) -> Option<(String, usize)> {
    if before.is_alphanumeric() {
        return None;
    }
    let inner = text.get(1..)?;
    let end = inner.find('!')?;
    let inner = inner.get(..end)?;
    let file = inner.split('|').next().unwrap_or_default();
    let is_file = file.len() > 2 && !file.contains(char::is_whitespace) && file.contains('.') || is_named(file);
    is_file.then(|| (format!("![]({})", file.replace(' ', "%20")), end.saturating_add(2)))
}

/// A file name with blanks, and an ending.
fn is_named(file: &str) -> bool {
    let ending = file.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    !file.starts_with(' ')
        && ending.is_some_and(|ending| {
            matches!(ending.as_str(), "png" | "jpg" | "jpeg" | "gif" | "svg" | "bmp" | "webp" | "mp4" | "mov" | "pdf")
        })
}

fn is_address(text: &str) -> bool {
    let schemes = ["http://", "https://", "mailto:", "ftp://", "file:"];
    schemes.iter().any(|scheme| text.starts_with(scheme)) && !text.contains(char::is_whitespace)
}

fn title_of(inner: &str) -> Option<&str> {
    let (_, parameters) = inner.split_once(':')?;
    let title = parameters.split('|').find_map(|one| one.strip_prefix("title="));
    title.filter(|title| !title.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn to_markdown(wiki: &str) -> Converted {
        super::to_markdown(wiki, &|account| (account == "77:ida").then_some("Ida Berg"))
    }

    fn exact(wiki: &str, markdown: &str) {
        assert_eq!(to_markdown(wiki), Converted { text: markdown.to_string(), is_lossy: false }, "{wiki}");
    }

    #[test]
    fn headings_lists_and_rules() {
        exact("h1. One\nh3.Three\n----\nplain", "# One\n### Three\n---\nplain");
        exact(
            "* a\n** b\n*** c\n# one\n## two\n#* mixed\n- dash",
            "- a\n  - b\n    - c\n1. one\n   1. two\n   - mixed\n- dash",
        );
        exact("bq. said\n{quote}\na\nb\n{quote}\nc", "> said\n> a\n> b\nc");
    }

    #[test]
    fn styles_stand_at_the_borders_of_words() {
        exact("*bold* _it_ -gone- {{co de}}", "**bold** _it_ ~~gone~~ `co de`");
        exact("*Test Result:* {color:#bf2600}*FAIL*{color}", "**Test Result:** **FAIL**");
        exact(
            "snake_case_name, 2*3*4, well-known-word, a - b - c",
            "snake_case_name, 2*3*4, well-known-word, a - b - c",
        );
        exact("*not closed and _this neither", "*not closed and _this neither");
        exact("\\*plain\\* \\{x\\}", "\\*plain\\* \\{x\\}");
    }

    #[test]
    fn links_images_and_tables() {
        exact("[shop|https://a.example/x] [https://b.example]", "[shop](https://a.example/x) <https://b.example>");
        exact("!wheel.png|thumbnail! !my wheel.jpg! Wow! Yes!", "![](wheel.png) ![](my%20wheel.jpg) Wow! Yes!");
        exact(
            "||Part||Price||\n|Chain|[a|https://a.example]|",
            "| Part | Price |\n| --- | --- |\n| Chain | [a](https://a.example) |",
        );
        exact("[ABC-12] and [x|y]", "[ABC-12] and [x|y]");
    }

    #[test]
    fn code_stays_as_it_is() {
        exact("{code:java}\nint *a* = 1;\n{code}\nafter", "```java\nint *a* = 1;\n```\nafter");
        exact("see {noformat}h1. no{noformat} then", "see \n```\nh1. no\n```\n then");
        exact("{code:title=x.rs|borderStyle=solid}\nopen", "```\nopen\n```");
    }

    #[test]
    fn what_has_no_form_in_markdown_is_marked() {
        for (wiki, markdown) in [
            ("{panel:title=Watch out|bgColor=#fff}\nhot\n{panel}", "**Watch out**\nhot"),
            ("[~accountid:5ed8] look", "@someone look"),
            ("[^plan.pdf]", "plan.pdf"),
            ("+under+", "under"),
        ] {
            assert_eq!(to_markdown(wiki), Converted { text: markdown.to_string(), is_lossy: true }, "{wiki}");
        }
        exact("[~ida] and [~accountid:77:ida] look", "@ida and @Ida Berg look");
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in any::<String>(), near in "[a *_{}\\[\\]|!#h1.\\\\\n-]{0,60}") {
            for text in [text, near] {
                let _ = to_markdown(&text);
            }
        }
    }
}
