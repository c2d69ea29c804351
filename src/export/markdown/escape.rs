//! Text inside Markdown, escaped where Markdown would read it as markup.

/// One line of text: Markdown syntax is escaped, and a line break becomes a space. A reader of CommonMark gets the same
/// text back.
pub fn escape(text: &str) -> String {
    escaped(text, &|_| false)
}

/// The same for what stands in parentheses behind a title: its own are none of these.
pub fn escape_inside(text: &str) -> String {
    escaped(text, &|c| matches!(c, '(' | ')'))
}

/// A title before which nothing but a number stands, and behind which facts may stand in parentheses: if it ends with
/// some of its own, they are marked, so that it is clear where it ends.
pub fn escape_title(text: &str) -> String {
    if text.trim_end().ends_with(')') { escape_inside(text) } else { escape(text) }
}

fn escaped(text: &str, also: &dyn Fn(char) -> bool) -> String {
    let text = text.trim();
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let closing = text.chars().rev().take_while(|c| *c == '#').count();
    let last = text.chars().count().saturating_sub(closing);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().enumerate().peekable();
    while let Some((at, c)) = rest.next() {
        let next = rest.peek().map(|(_, next)| *next);
        let marks = matches!(c, '|' | '<' | '*' | '_' | '`' | '[' | ']' | '\\' | '~' | '$');
        let begins = at == 0 && matches!(c, '#' | '-' | '+' | '>' | '=');
        let numbers = at > 0 && at == digits && matches!(c, '.' | ')');
        // `&amp;` would be read as `&`, and the marks at the end of a heading as its end.
        let entity = c == '&' && next.is_some_and(|next| next.is_ascii_alphanumeric() || next == '#');
        let closes = c == '#' && at >= last;
        if marks || begins || numbers || entity || closes || also(c) {
            out.push('\\');
        }
        out.push(if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c });
    }
    out
}

/// A label with its text; further lines are indented below it.
pub fn labelled(label: &str, text: &str) -> String {
    if text.trim().is_empty() {
        return String::new();
    }
    let lines: Vec<String> = text.trim().lines().map(escape).collect();
    format!("- **{label}:** {}\n", lines.join("\n  "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_people_are_no_marks() {
        assert_eq!(escape("# no heading | no cell"), "\\# no heading \\| no cell");
        assert_eq!(escape("<b>2*3</b>\nnext"), "\\<b>2\\*3\\</b> next");
        assert_eq!(labelled("Problem", "one\n- two"), "- **Problem:** one\n  \\- two\n");
        assert_eq!(labelled("Problem", " \n"), "");
        assert_eq!(escape("1. first & last &amp; C #"), "1\\. first & last \\&amp; C \\#");
        assert_eq!(escape("~no~ $x$"), "\\~no\\~ \\$x\\$");
        assert_eq!(
            (escape("a (b)"), escape_title("a (b)"), escape_title("(a) b")),
            ("a (b)".into(), "a \\(b\\)".into(), "(a) b".into())
        );
    }
}
