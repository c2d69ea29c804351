//! Text inside HTML: whatever a record says, it is letters on the page and never markup.

/// Characters that turn the direction of what follows, and tags that nobody sees: they only serve to deceive.
fn deceives(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{206F}' | '\u{E0000}'..='\u{E007F}' | '\u{FFF9}'..='\u{FFFB}')
}

/// Text for between tags and for attributes in double quotes. Line breaks stay; other control characters become visible
/// placeholders.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            '\r' => {}
            '\u{0}'..='\u{1f}' => out.extend(char::from_u32((c as u32).saturating_add(0x2400))),
            '\u{7f}' => out.push('␡'),
            '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}' => {
                out.push('\u{FFFD}')
            }
            _ if deceives(c) => out.push('\u{FFFD}'),
            _ => out.push(c),
        }
    }
    out
}

/// One line of somebody's words, whose direction does not touch what stands beside it.
pub fn words(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() { String::new() } else { format!("<bdi>{}</bdi>", escape(&line)) }
}

/// A text of several lines: paragraphs, and lists where lines begin with a dash. With `links`, web addresses can be
/// followed.
pub fn prose(text: &str, links: bool) -> String {
    let mut out = String::new();
    let (mut lines, mut points): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for line in text.lines().map(str::trim).chain([""]) {
        let point = line.strip_prefix("- ").or_else(|| line.strip_prefix("* "));
        if point.is_none() && !points.is_empty() {
            out.push_str(&list(&std::mem::take(&mut points)));
        }
        if (point.is_some() || line.is_empty()) && !lines.is_empty() {
            out.push_str(&format!("<p dir=\"auto\">{}</p>\n", std::mem::take(&mut lines).join("<br>\n")));
        }
        match point {
            Some(point) => points.push(linked(point, links)),
            None if line.is_empty() => {}
            None => lines.push(linked(line, links)),
        }
    }
    out
}

/// A list of ready-made items.
pub fn list(items: &[String]) -> String {
    let items: String = items.iter().map(|item| format!("<li dir=\"auto\">{item}</li>\n")).collect();
    if items.is_empty() { items } else { format!("<ul>\n{items}</ul>\n") }
}

/// The lines of a text as a list, for fields that hold one thing a line.
pub fn line_list(text: &str, links: bool) -> String {
    let lines = text.lines().map(|line| line.trim().trim_start_matches("- ")).filter(|line| !line.is_empty());
    list(&lines.map(|line| linked(line, links)).collect::<Vec<_>>())
}

/// A line in which the words that are web addresses are links.
fn linked(line: &str, links: bool) -> String {
    let word = |word: &str| {
        let bare = word.trim_matches(|c| matches!(c, '(' | ')' | '<' | '>' | '.' | ',' | ';' | ':' | '"' | '\''));
        match word.split_once(bare) {
            Some((before, after)) if links && is_web(bare) => {
                format!("{}{}{}", escape(before), link(bare, &escape(bare)), escape(after))
            }
            _ => escape(word),
        }
    };
    line.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// A link that tells the other side nothing about the page. The inside is ready-made.
pub fn link(address: &str, inside: &str) -> String {
    if !is_web(address) {
        return inside.to_string();
    }
    format!("<a href=\"{}\" rel=\"noreferrer noopener nofollow\">{inside}</a>", escape(address))
}

/// Only http and https lead anywhere.
fn is_web(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || deceives(c) || "\"'<>`\\".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_markup() {
        assert_eq!(
            escape("</style><script>alert('1')&\"\u{1b}\u{0}\u{202e}x\u{85}"),
            "&lt;/style&gt;&lt;script&gt;alert(&#39;1&#39;)&amp;&quot;␛␀\u{FFFD}x\u{FFFD}"
        );
        assert_eq!(words(" two\n lines "), "<bdi>two lines</bdi>");
        assert_eq!(words(" \n"), "");
    }

    #[test]
    fn lines_become_paragraphs_and_lists() {
        let text = "one\ntwo\n\n- a\n- <b>\nthree";
        let html = "<p dir=\"auto\">one<br>\ntwo</p>\n<ul>\n<li dir=\"auto\">a</li>\n<li dir=\"auto\">&lt;b&gt;</li>\n</ul>\n<p dir=\"auto\">three</p>\n";
        assert_eq!(prose(text, true), html);
        assert_eq!(prose("", true), "");
        assert_eq!(line_list("- a\n\nb", true), "<ul>\n<li dir=\"auto\">a</li>\n<li dir=\"auto\">b</li>\n</ul>\n");
    }

    #[test]
    fn only_web_addresses_are_links() {
        let html = prose("see (https://a.example/x?a=1&b=2), javascript:alert(1) data:text/html,x", true);
        assert!(html.contains("(<a href=\"https://a.example/x?a=1&amp;b=2\" rel=\"noreferrer noopener nofollow\">https://a.example/x?a=1&amp;b=2</a>),"), "{html}");
        assert_eq!(html.matches("<a ").count(), 1);
        assert_eq!(prose("https://a.example", false).matches("<a ").count(), 0);
        assert_eq!(link("javascript:x", "here"), "here");
        assert_eq!(link("https://x\"onclick=y", "here"), "here");
    }
}
