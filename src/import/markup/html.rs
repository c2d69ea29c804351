//! HTML of long fields as Markdown: the elements that editors of such fields write.

use crate::import::markup::Converted;

/// What a list is, and how many items it had.
#[derive(Clone, Copy)]
enum List {
    Bullets,
    Numbers,
}

/// True if the text has a closing tag, a paragraph or a line break of HTML.
pub fn is_html(text: &str) -> bool {
    let Some(at) = text.find('<') else { return false };
    let lower = text.get(at..).unwrap_or_default().to_ascii_lowercase();
    [
        "</p>",
        "</div>",
        "<br>",
        "<br/>",
        "<br />",
        "</li>",
        "</span>",
        "</strong>",
        "</b>",
        "</a>",
        "</em>",
        "</h2>",
        "</h3>",
    ]
    .iter()
    .any(|tag| lower.contains(tag))
}

/// Converts paragraphs, lists, headings, links, images, tables and inline styles.
pub fn to_markdown(text: &str) -> Converted {
    let mut html = Html::default();
    let mut rest = text;
    while !rest.is_empty() {
        match rest.find('<') {
            None => {
                html.text(rest);
                break;
            }
            Some(0) => match tag(rest) {
                Some((tag, after)) => {
                    html.tag(tag);
                    rest = after;
                }
                None => {
                    html.text("<");
                    rest = rest.get(1..).unwrap_or_default();
                }
            },
            Some(at) => {
                html.text(rest.get(..at).unwrap_or_default());
                rest = rest.get(at..).unwrap_or_default();
            }
        }
    }
    html.closed()
}

/// `<name attributes>` at the start of a text, and what follows. A comment is a tag without a name.
fn tag(text: &str) -> Option<(&str, &str)> {
    if let Some(comment) = text.strip_prefix("<!--") {
        let end = comment.find("-->")?;
        return Some(("", comment.get(end.saturating_add(3)..)?));
    }
    let inner = text.strip_prefix('<')?;
    if !inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!') {
        return None;
    }
    let mut quote = None;
    for (at, c) in inner.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, '>') => return Some((inner.get(..at)?, inner.get(at.saturating_add(1)..)?)),
            (None, '<') => return None,
            _ => {}
        }
    }
    None
}

#[derive(Default)]
struct Html {
    out: String,
    lists: Vec<List>,
    /// Where open links lead.
    links: Vec<String>,
    /// Inside `<pre>`, where blanks count.
    is_pre: bool,
    /// Inside `<script>` or `<style>`, by name.
    hidden: Option<&'static str>,
    /// The cells of the table row being read.
    cells: usize,
    is_head: bool,
    is_lossy: bool,
}

impl Html {
    fn text(&mut self, text: &str) {
        if self.hidden.is_some() {
            return;
        }
        let text = unescaped(text);
        if self.is_pre {
            self.out.push_str(&text);
            return;
        }
        let starts_blank = text.starts_with(char::is_whitespace);
        let words: Vec<&str> = text.split_whitespace().collect();
        let is_open = self.out.is_empty() || self.out.ends_with(['\n', ' ']);
        if starts_blank && !is_open {
            self.out.push(' ');
        }
        if words.is_empty() {
            return;
        }
        self.out.push_str(&words.join(" "));
        if text.ends_with(char::is_whitespace) {
            self.out.push(' ');
        }
    }

    /// Ends the line, with `empty` lines after it.
    fn line(&mut self, empty: usize) {
        if !self.is_pre {
            while self.out.ends_with(' ') {
                self.out.pop();
            }
        }
        if self.out.is_empty() {
            return;
        }
        let ends = self.out.chars().rev().take_while(|c| *c == '\n').count();
        for _ in ends..empty.saturating_add(1) {
            self.out.push('\n');
        }
    }

    /// A mark such as `**`, before or after the blank that belongs outside of it.
    fn mark(&mut self, mark: &str, is_end: bool) {
        if !is_end {
            self.out.push_str(mark);
            return;
        }
        let blank = self.out.ends_with(' ');
        while self.out.ends_with(' ') {
            self.out.pop();
        }
        match self.out.strip_suffix(mark) {
            // Nothing was inside.
            Some(before) => self.out = before.to_string(),
            None => self.out.push_str(mark),
        }
        if blank {
            self.out.push(' ');
        }
    }

    fn tag(&mut self, tag: &str) {
        let is_end = tag.starts_with('/');
        let inner = tag.trim_start_matches('/');
        let end = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
        let name = inner.get(..end).unwrap_or_default().to_ascii_lowercase();
        if let Some(hidden) = self.hidden {
            if is_end && name == hidden {
                self.hidden = None;
            }
            return;
        }
        match name.as_str() {
            "" | "span" | "font" | "html" | "body" | "tbody" | "thead" | "small" | "section" | "article" => {}
            "p" => self.line(1),
            "div" | "dl" | "dt" | "dd" => self.line(0),
            "br" => self.line_break(),
            "hr" => {
                self.line(1);
                self.out.push_str("---");
                self.line(1);
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.line(1);
                if !is_end {
                    let level = name.as_bytes().get(1).map_or(1, |digit| usize::from(digit.saturating_sub(b'0')));
                    self.out.extend(std::iter::repeat_n('#', level));
                    self.out.push(' ');
                }
            }
            "b" | "strong" => self.mark("**", is_end),
            "i" | "em" => self.mark("_", is_end),
            "s" | "del" | "strike" => self.mark("~~", is_end),
            "code" if self.is_pre => {}
            "code" | "tt" => self.mark("`", is_end),
            "u" | "sub" | "sup" | "mark" => self.is_lossy = true,
            "pre" => {
                self.is_pre = false;
                self.line(usize::from(!is_end));
                self.out.push_str("```\n");
                self.is_pre = !is_end;
            }
            "blockquote" => {
                self.line(1);
                if !is_end {
                    self.out.push_str("> ");
                }
            }
            "ul" | "ol" => self.list(if name == "ul" { List::Bullets } else { List::Numbers }, is_end),
            "li" => {
                self.line(0);
                if !is_end {
                    let depth = self.lists.len().saturating_sub(1);
                    self.out.extend(std::iter::repeat_n(' ', depth.saturating_mul(3)));
                    self.out.push_str(if let Some(List::Numbers) = self.lists.last() { "1. " } else { "- " });
                }
            }
            "a" => self.link(inner, is_end),
            "img" => {
                let source = attribute(inner, "src").unwrap_or_default();
                let alt = attribute(inner, "alt").unwrap_or_default();
                self.is_lossy |= source.starts_with("data:");
                if !source.starts_with("data:") {
                    self.out.push_str(&format!("![{alt}]({source})"));
                }
            }
            "table" => self.line(1),
            "tr" => self.row(is_end),
            "td" | "th" => self.cell(name == "th", is_end),
            "script" => self.hide("script", is_end),
            "style" => self.hide("style", is_end),
            _ => self.is_lossy = true,
        }
    }

    fn line_break(&mut self) {
        match self.out.ends_with('\n') {
            true => self.line(1),
            false => self.line(0),
        }
    }

    fn list(&mut self, list: List, is_end: bool) {
        self.line(if self.lists.len() > usize::from(is_end) { 0 } else { 1 });
        if is_end {
            self.lists.pop();
        } else {
            self.lists.push(list);
        }
    }

    fn link(&mut self, tag: &str, is_end: bool) {
        if !is_end {
            self.links.push(attribute(tag, "href").unwrap_or_default());
            self.out.push('[');
            return;
        }
        let Some(href) = self.links.pop() else { return };
        let is_address = ["http://", "https://", "mailto:"].iter().any(|scheme| href.starts_with(scheme));
        if is_address {
            self.out.push_str(&format!("]({href})"));
            return;
        }
        // An address inside the other program, or none: only its words stay.
        self.is_lossy |= !href.is_empty();
        if let Some((before, words)) = self.out.rsplit_once('[') {
            self.out = format!("{before}{words}");
        }
    }

    fn row(&mut self, is_end: bool) {
        if !is_end {
            self.line(0);
            (self.cells, self.is_head) = (0, false);
            return;
        }
        if self.cells > 0 {
            self.out.push_str(" |");
        }
        self.line(0);
        if self.is_head {
            let rule = std::iter::repeat_n("---", self.cells).collect::<Vec<_>>().join(" | ");
            self.out.push_str(&format!("| {rule} |"));
            self.line(0);
        }
        self.cells = 0;
    }

    fn cell(&mut self, is_head: bool, is_end: bool) {
        if is_end {
            return;
        }
        self.out.push_str(if self.cells == 0 { "| " } else { " | " });
        self.cells = self.cells.saturating_add(1);
        self.is_head |= is_head;
    }

    fn hide(&mut self, name: &'static str, is_end: bool) {
        self.is_lossy = true;
        self.hidden = (!is_end).then_some(name);
    }

    fn closed(mut self) -> Converted {
        if self.is_pre {
            self.line(0);
            self.out.push_str("```");
        }
        let text = self.out.trim_end().to_string();
        Converted { text, is_lossy: self.is_lossy }
    }
}

/// The value of an attribute of a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let lower = tag.to_ascii_lowercase();
    let mut from = 0;
    loop {
        let at = lower.get(from..)?.find(name)?.saturating_add(from);
        let after = at.saturating_add(name.len());
        let is_start = lower.get(..at)?.ends_with(|c: char| c.is_whitespace() || c == '"' || c == '\'');
        let value = tag.get(after..)?.trim_start().strip_prefix('=').map(str::trim_start);
        if let Some(value) = value.filter(|_| is_start) {
            let text = match value.chars().next()? {
                quote @ ('"' | '\'') => value.get(1..)?.split(quote).next()?,
                _ => value.split(|c: char| c.is_whitespace() || c == '>').next()?,
            };
            return Some(unescaped(text).trim().to_string());
        }
        from = after;
    }
}

/// A text with its entities as characters.
fn unescaped(text: &str) -> String {
    if !text.contains('&') {
        return text.to_string();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let entity = after.split_once(';').filter(|(name, _)| name.len() <= 10);
        match entity.and_then(|(name, after)| Some((character(name)?, after))) {
            Some((c, after)) => {
                out.push(c);
                rest = after;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| !c.is_control() || matches!(c, '\n' | '\t'));
    }
    Some(match name {
        "nbsp" => ' ',
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" | "rsquo" | "lsquo" => '\'',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "euro" => '€',
        "copy" => '©',
        "bull" => '•',
        "middot" => '·',
        "rarr" => '→',
        "ldquo" => '\u{201c}',
        "rdquo" => '\u{201d}',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "Auml" => 'Ä',
        "Ouml" => 'Ö',
        "Uuml" => 'Ü',
        "szlig" => 'ß',
        "eacute" => 'é',
        "egrave" => 'è',
        "agrave" => 'à',
        "ccedil" => 'ç',
        "ntilde" => 'ñ',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn exact(html: &str, markdown: &str) {
        assert_eq!(to_markdown(html), Converted { text: markdown.to_string(), is_lossy: false }, "{html}");
    }

    #[test]
    fn paragraphs_and_breaks() {
        exact("<div>One<br>two</div><div>three</div>", "One\ntwo\nthree");
        exact("<p>One &amp; <b>two </b>three</p>\n<p>four&nbsp;five</p>", "One & **two** three\n\nfour five");
        exact("plain text, 1 < 2 & 3 > 2", "plain text, 1 < 2 & 3 > 2");
        exact("<p><strong></strong>x</p>", "x");
    }

    #[test]
    fn lists_headings_and_code() {
        exact("<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul><p>d</p>", "- a\n- b\n   1. c\n\nd");
        exact("<h2>Head</h2>text<pre><code>a  b\n c</code></pre>", "## Head\n\ntext\n\n```\na  b\n c\n```");
        exact(
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>",
            "| a | b |\n| --- | --- |\n| 1 | 2 |",
        );
    }

    #[test]
    fn links_and_images() {
        exact("<a href=\"https://a.example/?x=1&amp;y=2\">shop</a>", "[shop](https://a.example/?x=1&y=2)");
        exact("<img src='https://a.example/x.png' alt=wheel>", "![wheel](https://a.example/x.png)");
        let read = to_markdown("<a href=\"javascript:alert(1)\">x</a><u>y</u><script>alert(1)</script>");
        assert_eq!(read, Converted { text: "xy".to_string(), is_lossy: true });
    }

    #[test]
    fn html_is_told_from_text() {
        assert!(is_html("<p>a</p>") && is_html("a<br>b") && is_html("x <B>y</B>"));
        assert!(!is_html("a < b, b > c, Vec<String>") && !is_html(""));
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in any::<String>(), near in "[<>/a-p&;\"=# !-]{0,60}") {
            for text in [text, near] {
                let _ = (to_markdown(&text), is_html(&text));
            }
        }
    }
}
