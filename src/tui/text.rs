//! Text on its way out: whatever a file held, nothing that reaches a terminal or a pipe can steer it.

use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Most code points that are drawn for one letter; a stored text may have more.
const LONGEST_LETTER: usize = 8;

/// Characters that turn the direction of text, or hide in it.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180E}'
        | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

fn is_control(c: char) -> bool {
    c < ' ' || ('\u{7f}'..='\u{9f}').contains(&c)
}

/// The visible mark that stands for a character that is not shown.
fn mark(c: char) -> char {
    match c {
        '\u{0}'..='\u{1f}' => char::from_u32((c as u32).saturating_add(0x2400)).unwrap_or('�'),
        '\u{7f}' => '␡',
        _ => '�',
    }
}

/// One line of text as it may be shown: control and hidden characters become visible marks, joiners stay only inside
/// emoji, heaps of accents are cut.
pub fn clean(text: &str) -> Cow<'_, str> {
    let plain = |c: char| (' '..='\u{7e}').contains(&c) || (c > '\u{9f}' && !is_hidden(c) && c < '\u{300}');
    if text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for letter in text.graphemes(true) {
        clean_letter(letter, &mut out);
    }
    Cow::Owned(out)
}

fn clean_letter(letter: &str, out: &mut String) {
    let is_emoji = letter.width() >= 2 || letter.contains('\u{FE0F}');
    for (nth, c) in letter.chars().enumerate() {
        let joiner = matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}');
        if nth >= LONGEST_LETTER && !is_emoji {
            break;
        }
        match c {
            '\t' => out.push(' '),
            _ if is_control(c) => out.push(mark(c)),
            _ if joiner && !is_emoji && nth == 0 => out.push('�'),
            _ if joiner && !is_emoji => {}
            _ if is_hidden(c) => out.push('�'),
            _ => out.push(c),
        }
    }
}

/// A text so many times over; a screen is never wider.
pub fn times(text: &str, count: usize) -> String {
    std::iter::repeat_n(text, count.min(usize::from(u16::MAX))).collect()
}

/// How many columns a cleaned text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text in at most `columns` columns, cut at a letter's end with an ellipsis.
pub fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    if text.len() <= columns || width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut used = 0usize;
    for letter in text.graphemes(true) {
        let wide = letter.width();
        if used.saturating_add(wide).saturating_add(1) > columns {
            break;
        }
        out.push_str(letter);
        used = used.saturating_add(wide);
    }
    if columns > 0 {
        out.push('…');
    }
    Cow::Owned(out)
}

/// The text in exactly `columns` columns.
pub fn fit(text: &str, columns: usize) -> String {
    let mut out = cut(text, columns).into_owned();
    let used = width(&out);
    out.extend(std::iter::repeat_n(' ', columns.saturating_sub(used)));
    out
}

/// The text in lines of at most `columns` columns, broken at blanks where that is possible; `most` lines at most.
pub fn wrap(text: &str, columns: usize, most: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut out: Vec<String> = Vec::new();
    for line in text.split('\n') {
        if out.len() >= most {
            break;
        }
        wrap_line(&clean(line), columns, most, &mut out);
    }
    out.truncate(most);
    out
}

fn wrap_line(line: &str, columns: usize, most: usize, out: &mut Vec<String>) {
    let mut row = String::new();
    let mut used = 0usize;
    for word in line.split_inclusive(' ') {
        let bare = width(word.trim_end());
        if used > 0 && used.saturating_add(bare) > columns {
            out.push(std::mem::take(&mut row).trim_end().to_string());
            used = 0;
            if out.len() >= most {
                return;
            }
        }
        if bare <= columns {
            row.push_str(word);
            used = used.saturating_add(width(word));
            continue;
        }
        for letter in word.graphemes(true) {
            // A heap of signs that is one letter may be wider than a narrow row.
            let letter = if letter.width() > columns { "…" } else { letter };
            let wide = letter.width();
            if used.saturating_add(wide) > columns {
                out.push(std::mem::take(&mut row));
                used = 0;
                if out.len() >= most {
                    return;
                }
            }
            row.push_str(letter);
            used = used.saturating_add(wide);
        }
    }
    out.push(row.trim_end().to_string());
}

/// A document for a terminal or a pipe: line ends and tabs stay, the rest is cleaned.
pub fn clean_lines(text: &str) -> String {
    text.split('\n').map(|line| clean(line).into_owned()).collect::<Vec<_>>().join("\n")
}

/// JSON with every control and direction character escaped, so that it can be shown raw.
pub fn escape_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && (is_control(c) || is_hidden(c)) {
            let mut units = [0u16; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_gets_out() {
        let hostile = "a\u{1b}]52;c;AAAA\u{7}b\u{9b}31m\u{202e}c\u{200b}d\u{e0041}\u{0}";
        let shown = clean(hostile);
        assert!(shown.chars().all(|c| !is_control(c) && !is_hidden(c)), "{shown:?}");
        assert!(shown.contains('␛') && shown.contains('a') && shown.contains('d'));
        let json = escape_json(&serde_json::to_string(hostile).unwrap());
        assert!(json.is_ascii());
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), hostile);
    }

    #[test]
    fn families_flags_and_accents_stay_whole() {
        for text in ["👨‍👩‍👧", "🇩🇪", "é", "日本", "שלום", "العربية"] {
            assert_eq!(clean(text), text);
        }
        let heap = format!("e{}", "\u{301}".repeat(5000));
        assert!(clean(&heap).chars().count() <= LONGEST_LETTER);
    }

    #[test]
    fn columns_are_kept() {
        assert_eq!(cut("日本語", 5), "日本…");
        assert_eq!(fit("日本語", 4), "日… ");
        assert_eq!(fit("ab", 4), "ab  ");
        assert_eq!(wrap("one two three", 7, 9), ["one two", "three"]);
        assert_eq!(wrap("a\n\nb", 7, 9), ["a", "", "b"]);
        assert_eq!(wrap("abcdefgh", 3, 2), ["abc", "def"]);
        assert!(wrap("!\u{1933}\u{11347}", 2, 9).iter().all(|line| width(line) <= 2));
    }
}
