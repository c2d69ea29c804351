//! What each line of a Markdown text is: an item of a list, a heading, text, or nothing of these, as in code and comments.
//! Follows CommonMark as far as that takes: containers by their indentation, fences by sign and length.

/// What a line holds, without its containers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leaf {
    /// Blank, code, a comment, a line across the page.
    Nothing,
    /// The level, 1 to 6, and the title.
    Heading(u8, String),
    /// The text of an item of a list.
    Item(String),
    Text(String),
}

/// What a line stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Container {
    Quote,
    /// An item of a list, whose content begins at this column.
    Item(usize),
}

/// What ends only at a certain sign.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Raw {
    /// A code block: closed by as many of its signs, and nothing else on the line.
    Fence { sign: char, length: usize },
    /// HTML up to the line with this in it.
    Html(&'static str),
}

/// Deeper lists and quotes are text: nobody writes them.
const MOST_NESTED: usize = 100;

/// HTML whose content is no Markdown, and what ends it.
const RAW_HTML: &[(&str, &str)] = &[
    ("<!--", "-->"),
    ("<pre", "</pre>"),
    ("<script", "</script>"),
    ("<style", "</style>"),
    ("<textarea", "</textarea>"),
];

/// Reads a text line by line.
#[derive(Debug, Default)]
pub struct MarkdownLines {
    containers: Vec<Container>,
    /// Code or HTML, and how many containers it is in.
    raw: Option<(Raw, usize)>,
    /// A paragraph is open: deeper indentation continues it.
    paragraph: bool,
    /// A comment that began within a line is open.
    comment: bool,
}

impl MarkdownLines {
    /// How many items of lists the last line stands in.
    pub fn depth(&self) -> usize {
        self.containers.iter().filter(|one| matches!(one, Container::Item(_))).count()
    }

    /// The next line goes on with code or HTML.
    pub fn is_raw(&self) -> bool {
        self.raw.is_some()
    }

    pub fn read(&mut self, line: &str) -> Leaf {
        let line = without_tabs(line);
        let (matched, rest) = self.matched(&line);
        if matched < self.containers.len() {
            if self.paragraph && self.raw.is_none() && !rest.trim().is_empty() && !begins_block(rest) {
                return self.text(rest, false);
            }
            self.containers.truncate(matched);
            self.paragraph = false;
            if self.raw.as_ref().is_some_and(|(_, depth)| *depth > matched) {
                self.raw = None;
            }
        }
        match self.raw.take() {
            Some((raw, depth)) => {
                if !raw.is_closed_by(rest) {
                    self.raw = Some((raw, depth));
                }
                Leaf::Nothing
            }
            None => self.leaf(rest),
        }
    }

    /// How many of the open containers go on in a line, and what is left of it.
    fn matched<'a>(&self, line: &'a str) -> (usize, &'a str) {
        let mut rest = line;
        for (at, container) in self.containers.iter().enumerate() {
            let inside = match container {
                Container::Quote => quoted(rest),
                Container::Item(_) if rest.trim().is_empty() => Some(rest),
                Container::Item(width) => {
                    rest.split_at_checked(*width).filter(|(head, _)| head.trim().is_empty()).map(|(_, rest)| rest)
                }
            };
            let Some(inside) = inside else { return (at, rest) };
            rest = inside;
        }
        (self.containers.len(), rest)
    }

    /// New containers, and what is in the last of them.
    fn leaf(&mut self, mut rest: &str) -> Leaf {
        let mut in_item = false;
        loop {
            let text = rest.trim();
            if text.is_empty() {
                self.paragraph = false;
                return Leaf::Nothing;
            }
            if indent(rest) >= 4 {
                return if self.paragraph { self.text(rest, false) } else { Leaf::Nothing };
            }
            // While a comment from an earlier line is open, nothing begins.
            if self.comment || self.containers.len() >= MOST_NESTED {
                return self.text(rest, false);
            }
            if let Some(inside) = quoted(rest) {
                self.containers.push(Container::Quote);
                (rest, self.paragraph) = (inside, false);
            } else if let Some(raw) = Raw::opened_by(text) {
                self.paragraph = false;
                let ends_at_once = matches!(raw, Raw::Html(_)) && raw.is_closed_by(text);
                self.raw = Some((raw, self.containers.len())).filter(|_| !ends_at_once);
                return Leaf::Nothing;
            } else if is_break(text) {
                self.paragraph = false;
                return Leaf::Nothing;
            } else if let Some((level, title)) = heading(text) {
                self.paragraph = false;
                return Leaf::Heading(level, title.to_string());
            } else if let Some((width, inside)) = item(rest) {
                self.containers.push(Container::Item(width));
                (rest, self.paragraph, in_item) = (inside, false, true);
            } else {
                return self.text(rest, in_item);
            }
        }
    }

    /// Text without its comments. What follows the end of a comment on its line is text, and no item.
    fn text(&mut self, line: &str, is_item: bool) -> Leaf {
        self.paragraph = true;
        let was_inside = self.comment;
        let text = without_comments(line, &mut self.comment).trim().to_string();
        match text.is_empty() {
            true => Leaf::Nothing,
            false if is_item && !was_inside => Leaf::Item(text),
            false => Leaf::Text(text),
        }
    }
}

impl Raw {
    fn opened_by(text: &str) -> Option<Raw> {
        let sign = text.chars().next()?;
        if matches!(sign, '`' | '~') {
            let length = text.chars().take_while(|c| *c == sign).count();
            // With a backtick in it, the rest of the line is no info string, and the line is code in a text.
            let info = text.trim_start_matches(sign);
            return (length >= 3 && !(sign == '`' && info.contains('`'))).then_some(Raw::Fence { sign, length });
        }
        let begins = |tag: &str| {
            let head = text.get(..tag.len()).filter(|head| head.eq_ignore_ascii_case(tag));
            // `<pre` is no `<preview`.
            let next = text.get(tag.len()..).and_then(|rest| rest.chars().next());
            head.is_some() && (tag.ends_with('-') || next.is_none_or(|c| c == '>' || c.is_whitespace()))
        };
        RAW_HTML.iter().find(|(tag, _)| begins(tag)).map(|(_, end)| Raw::Html(end))
    }

    fn is_closed_by(&self, line: &str) -> bool {
        match self {
            Raw::Html(end) => line.to_ascii_lowercase().contains(end),
            Raw::Fence { sign, length } => {
                let text = line.trim();
                indent(line) < 4 && text.chars().all(|c| c == *sign) && text.chars().count() >= *length
            }
        }
    }
}

fn begins_block(rest: &str) -> bool {
    let text = rest.trim();
    indent(rest) < 4
        && (quoted(rest).is_some()
            || Raw::opened_by(text).is_some()
            || is_break(text)
            || heading(text).is_some()
            || item(rest).is_some())
}

fn indent(line: &str) -> usize {
    line.len().saturating_sub(line.trim_start_matches(' ').len())
}

/// What is in a quote.
pub fn quoted(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches(' ').strip_prefix('>').filter(|_| indent(line) < 4)?;
    Some(rest.strip_prefix(' ').unwrap_or(rest))
}

/// The column at which the content of a list item begins, and the content: what follows `-`, `*`, `+` or `1.`.
fn item(line: &str) -> Option<(usize, &str)> {
    let text = line.trim_start_matches(' ');
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let sign = text.chars().nth(digits)?;
    let is_mark = match digits {
        0 => matches!(sign, '-' | '*' | '+'),
        1..=9 => matches!(sign, '.' | ')'),
        _ => false,
    };
    let rest = text.get(digits.saturating_add(1)..).filter(|_| is_mark)?;
    let blanks = indent(rest);
    if blanks == 0 && !rest.is_empty() {
        return None;
    }
    // With more than four blanks it is code in an item, and after nothing else a blank item.
    let gap = if (1..=4).contains(&blanks) && !rest.trim().is_empty() { blanks } else { 1 };
    let width = indent(line).saturating_add(digits).saturating_add(1).saturating_add(gap);
    Some((width, rest.get(gap..).unwrap_or_default()))
}

/// A line across the page, such as `* * *`, is no item of a list.
fn is_break(text: &str) -> bool {
    let sign = text.chars().next().filter(|sign| matches!(sign, '-' | '*' | '_'));
    let only = |sign: char| text.chars().all(|c| c == sign || c.is_whitespace());
    sign.is_some_and(|sign| only(sign) && text.chars().filter(|c| *c == sign).count() >= 3)
}

fn heading(text: &str) -> Option<(u8, &str)> {
    let title = text.trim_start_matches('#');
    let level = u8::try_from(text.len().saturating_sub(title.len())).ok().filter(|level| (1..=6).contains(level))?;
    title.starts_with(' ').then_some((level, title))
}

/// Tabs before the text as blanks, up to columns of four.
fn without_tabs(line: &str) -> String {
    let (mut out, mut column) = (String::with_capacity(line.len()), 0_usize);
    let mut chars = line.char_indices();
    for (at, c) in chars.by_ref() {
        match c {
            '\t' => {
                let blanks = 4_usize.saturating_sub(column % 4);
                out.extend(std::iter::repeat_n(' ', blanks));
                column = column.saturating_add(blanks);
            }
            ' ' | '>' | '-' | '*' | '+' | '.' | ')' | '0'..='9' => {
                out.push(c);
                column = column.saturating_add(1);
            }
            _ => {
                out.push_str(line.get(at..).unwrap_or_default());
                return out;
            }
        }
    }
    out
}

/// The line without its comments; `inside` says whether one is open at its end. In code there is none.
fn without_comments(line: &str, inside: &mut bool) -> String {
    let (mut out, mut rest) = (String::new(), line);
    loop {
        if *inside {
            let Some((_, tail)) = rest.split_once("-->") else { return out };
            *inside = false;
            rest = tail;
            continue;
        }
        let Some((text, behind)) = rest.split_once("<!--") else {
            out.push_str(rest);
            return out;
        };
        let code = code_span(rest).filter(|(begin, _)| *begin < text.len());
        if let Some((code, tail)) = code.and_then(|(_, end)| rest.split_at_checked(end)) {
            out.push_str(code);
            rest = tail;
        } else {
            out.push_str(text);
            *inside = true;
            rest = behind;
        }
    }
}

/// Where the first code in a line begins and ends.
fn code_span(text: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(at) = text.get(from..)?.find('`') {
        let begin = from.saturating_add(at);
        let length = text.get(begin..)?.bytes().take_while(|byte| *byte == b'`').count();
        let mut next = begin.saturating_add(length);
        while let Some(at) = text.get(next..)?.find('`') {
            let end = next.saturating_add(at);
            let run = text.get(end..)?.bytes().take_while(|byte| *byte == b'`').count();
            next = end.saturating_add(run);
            if run == length {
                return Some((begin, next));
            }
        }
        from = begin.saturating_add(length);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The items of a text.
    fn items(text: &str) -> String {
        let mut lines = MarkdownLines::default();
        let leaves = text.lines().map(|line| lines.read(line));
        let items = leaves.filter_map(|leaf| if let Leaf::Item(text) = leaf { Some(text) } else { None });
        items.collect::<Vec<_>>().join("|")
    }

    #[test]
    fn items_are_found_in_lists_and_quotes() {
        for (text, found) in [
            ("- a\n  - b\n    - c\n      - d\n", "a|b|c|d"),
            ("- a\n\t- tab\n- - twice\n- 1. and so", "a|tab|twice|and so"),
            ("-   wide\n+ plus\n1) one\n12. two\n1234567890. too long", "wide|plus|one|two"),
            ("> - quoted\n> > - twice\n>- tight\n", "quoted|twice|tight"),
            ("-no\n\\- escaped\n-\n- \n- a", "a"),
            ("Title\n===\n- a\n---\n- b\n* * *\n_ _ _\n*\t*\t*\n- - -", "a|b"),
            ("<details>\n\n- inside\n\n</details>\n- after", "inside|after"),
            ("| a |\n|---|\n| - x |\n- real", "real"),
        ] {
            assert_eq!(items(text), found, "{text}");
        }
    }

    #[test]
    fn code_holds_no_items() {
        for (text, found) in [
            ("~~~ md title=\"a\"\n- code\n~~~\n- real", "real"),
            ("~~~md ```\n- code\n~~~\n- real", "real"),
            ("`````\n```\n- code\n`````\n- real", "real"),
            ("1. a\n   - in\n   ```\n   - code\n   ```\n   - after", "a|in|after"),
            ("- x\n  ```\n  - code\n- real", "x|real"),
            ("> ```\n- real\n> - also\n", "real|also"),
            ("- ```\n  - code\n  ```\n- real", "real"),
            ("    ```\n- real\n    ```", "real"),
            ("- a\n\n      - code in an item\n- real", "a|real"),
            ("Text\n\n    - code\n\n- real", "real"),
            ("Text\n    - goes on\n\n- real", "real"),
            ("\t- code\n\n- real", "real"),
            ("<pre>\n- code\n</pre>\n- real\n<preview>\n- too", "real|too"),
        ] {
            assert_eq!(items(text), found, "{text}");
        }
    }

    #[test]
    fn comments_hold_no_items() {
        for (text, found) in [
            ("<!--\na\n- hidden\n\n- hidden too\n-->\n- real", "real"),
            ("<!-- one line --> - no item\n- real", "real"),
            ("Text <!-- b\n- hidden\n--> - no item\n- real", "real"),
            ("- one <!--\n hidden -->\n- two <!-- a --> b", "one|two  b"),
            ("- `<!--` one\n- ``a ` <!--`` two\n- ` <!-- three\n- hidden", "`<!--` one|``a ` <!--`` two|`"),
        ] {
            assert_eq!(items(text), found, "{text}");
        }
    }
}
