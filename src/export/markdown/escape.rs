//! Text inside Markdown, escaped where Markdown would read it as markup.

/// One line of text: Markdown syntax is escaped, and a line break becomes a space.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.trim().chars().enumerate() {
        let marks = matches!(c, '|' | '<' | '*' | '_' | '`' | '[' | ']' | '\\');
        let begins = at == 0 && matches!(c, '#' | '-' | '+' | '>' | '=');
        if marks || begins {
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
    }
}
