//! Text output: whatever a file contained, nothing that reaches a terminal or a pipe can control it.

use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The maximum number of code points drawn for one character; a stored text may have more.
const LONGEST_LETTER: usize = 8;
/// A family with skin tones is one character of eleven.
const LONGEST_PICTURE: usize = 12;

const JOINER: char = '\u{200D}';

/// Characters that change the text direction, or are invisible.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Characters that only modify their neighbours: kept where they do, otherwise removed.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | JOINER | '\u{FE00}'..='\u{FE0F}')
}

fn is_control(c: char) -> bool {
    c < ' ' || ('\u{7f}'..='\u{9f}').contains(&c)
}

/// A character that can be joined with others to an emoji.
fn is_picture(c: char) -> bool {
    matches!(c,
        '\u{a9}' | '\u{ae}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{2BFF}' | '\u{3030}'
        | '\u{303D}' | '\u{3297}' | '\u{3299}' | '\u{1F000}'..='\u{1FAFF}')
}

/// True if a joiner between these two has an effect: it joins emoji, or makes a symbol an emoji.
fn joins(before: Option<char>, c: char, next: Option<char>) -> bool {
    let Some(before) = before else { return false };
    match c {
        JOINER => (is_picture(before) || before == '\u{FE0F}') && next.is_some_and(is_picture),
        '\u{FE0E}' | '\u{FE0F}' => is_picture(before) || matches!(before, '0'..='9' | '#' | '*'),
        _ => false,
    }
}

/// Characters that need no further checks.
fn is_plain(c: char) -> bool {
    (' '..='\u{7e}').contains(&c) || (c > '\u{9f}' && c < '\u{300}' && !is_hidden(c))
}

fn longest(letter: &str) -> usize {
    if letter.starts_with(is_picture) { LONGEST_PICTURE } else { LONGEST_LETTER }
}

/// The visible placeholder of a hidden character.
fn mark(c: char) -> char {
    match c {
        '\u{0}'..='\u{1f}' => char::from_u32((c as u32).saturating_add(0x2400)).unwrap_or('�'),
        '\u{7f}' => '␡',
        _ => '�',
    }
}

/// Sanitises one line of text for display: control and hidden characters become visible placeholders, joiners are kept
/// only inside emoji, excessive accents are cut.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for letter in text.graphemes(true) {
        clean_letter(letter, &mut out);
    }
    Cow::Owned(out)
}

fn clean_letter(letter: &str, out: &mut String) {
    let mut before = None;
    let mut rest = letter.chars().take(longest(letter)).peekable();
    while let Some(c) = rest.next() {
        let shown = match c {
            '\t' => Some(' '),
            _ if is_control(c) => Some(mark(c)),
            _ if is_joiner(c) && !joins(before, c, rest.peek().copied()) => before.is_none().then_some('�'),
            _ if is_hidden(c) => Some('�'),
            _ => Some(c),
        };
        out.extend(shown);
        before = Some(c);
    }
}

/// Repeats a text; a screen is never wider.
pub fn times(text: &str, count: usize) -> String {
    std::iter::repeat_n(text, count.min(usize::from(u16::MAX))).collect()
}

/// Returns the replacement for the content of a cell, with the same width; `None` if it can stay.
pub fn clean_cell(symbol: &str) -> Option<String> {
    if matches!(symbol.as_bytes(), [b' '..=b'~']) {
        return None;
    }
    let shown = clean(symbol);
    if shown == symbol {
        return None;
    }
    // A hidden character takes no column: a placeholder would shift the rest of the row.
    let seen: String = symbol.chars().filter(|c| !is_control(*c) && !is_hidden(*c) && !is_joiner(*c)).collect();
    let columns = width(symbol).max(1);
    let fitting = if width(&shown) <= columns { shown.into_owned() } else { clean(&seen).into_owned() };
    let fitting = if fitting.is_empty() || width(&fitting) > columns { "�".to_string() } else { fitting };
    Some(fit(&fitting, columns))
}

/// The number of columns of a sanitised text.
pub fn width(text: &str) -> usize {
    let bytes = text.as_bytes();
    // A frame gives a half-width sound mark one cell more than the tables.
    let is_mark = |at: &usize| matches!(bytes.get(*at..at.saturating_add(3)), Some([0xEF, 0xBE, 0x9E | 0x9F]));
    text.width().saturating_add(memchr::memchr_iter(0xEF, bytes).filter(is_mark).count())
}

/// True if every terminal agrees with `width` about this character: plain ones, also with combining accents.
pub fn has_known_width(letter: &str) -> bool {
    let mut all = letter.chars();
    let Some(first) = all.next() else { return true };
    let known = matches!(first,
        '\u{0}'..='\u{8ff}' | '\u{1e00}'..='\u{2bff}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{ff60}' | '�');
    known && all.all(|c| ('\u{300}'..='\u{36f}').contains(&c))
}

/// Cuts a text to at most `columns` columns, at a character boundary, with an ellipsis.
pub fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    if text.len() <= columns || width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut used = 0usize;
    for letter in text.graphemes(true) {
        let wide = width(letter);
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

/// Cuts or pads a text to exactly `columns` columns.
pub fn fit(text: &str, columns: usize) -> String {
    let mut out = cut(text, columns).into_owned();
    let used = width(&out);
    out.extend(std::iter::repeat_n(' ', columns.saturating_sub(used)));
    out
}

/// Wraps a text to at most `most` lines of at most `columns` columns, at spaces if possible.
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

/// Wraps a sanitised line, with its further rows indented.
pub fn hung(line: &str, columns: usize, indent: usize) -> Vec<String> {
    if width(line) <= columns {
        return vec![line.to_string()];
    }
    let first = wrap(line, columns, 1).into_iter().next().unwrap_or_default();
    let rest = line.get(first.len()..).unwrap_or_default().trim_start();
    let further = wrap(rest, columns.saturating_sub(indent), usize::MAX);
    std::iter::once(first).chain(further.into_iter().map(|row| format!("{:indent$}{row}", ""))).collect()
}

/// Like `wrap`, but shows with an ellipsis that something is left out.
pub fn wrap_or_cut(text: &str, columns: usize, most: usize) -> Vec<String> {
    let mut lines = wrap(text, columns, most.saturating_add(1));
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = cut(&format!("{last}…"), columns).into_owned();
        }
    }
    lines
}

/// Whether two words are a figure and what it counts: `12 behind`, `safe 8.`
fn is_figure(word: &str, next: &str, is_last: bool) -> bool {
    let figure =
        |word: &str| word.starts_with(|c: char| c.is_ascii_digit()) && word.chars().all(|c| !c.is_alphabetic());
    let word = word.trim_end();
    let bare = next.trim_end().trim_end_matches(['.', ',', ';', ':', ')']);
    let ends = is_last || bare.len() < next.trim_end().len();
    let is_word = |word: &str| !word.is_empty() && word.chars().count() <= 8 && word.chars().all(char::is_alphabetic);
    figure(word) && word.ends_with(|c: char| c.is_ascii_digit()) && is_word(bare)
        || is_word(word) && ends && figure(bare)
}

/// The words of a line, each with the space after it. The two keys of a sequence, such as `f x`, stay together, and so do
/// a figure and its unit.
fn unbroken(line: &str, columns: usize) -> Vec<&str> {
    let is_key = |word: &str| {
        let word = word.trim_end_matches([' ', '.', ',', ';', ':', ')']);
        word.chars().count() == 1 && word.chars().all(char::is_alphanumeric)
    };
    let (mut out, mut start, mut end) = (Vec::new(), 0usize, 0usize);
    let mut words = line.split_inclusive(' ').peekable();
    while let Some(word) = words.next() {
        let begins = start == end;
        end = end.saturating_add(word.len());
        let is_first = begins && is_key(word) && word.trim_end().len() == 1;
        let is_pair = |next: &&str| {
            let is_last = end.saturating_add(next.len()) == line.len();
            is_first && is_key(next)
                || begins && is_figure(word, next, is_last) && width(word).saturating_add(width(next)) <= columns / 2
        };
        if !words.peek().is_some_and(is_pair) {
            out.extend(line.get(start..end));
            start = end;
        }
    }
    out
}

fn wrap_line(line: &str, columns: usize, most: usize, out: &mut Vec<String>) {
    let mut row = String::new();
    let mut used = 0usize;
    for word in unbroken(line, columns) {
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
            // A cluster that is one character may be wider than a narrow row.
            let letter = if width(letter) > columns { "…" } else { letter };
            let wide = width(letter);
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

/// Sanitises a document for a terminal or a pipe: line breaks and tabs stay, the rest is cleaned.
pub fn clean_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(['\n', '\t']) {
        let words = piece.strip_suffix(['\n', '\t']).unwrap_or(piece);
        let end = piece.get(words.len()..).unwrap_or_default();
        out.push_str(&clean(words));
        out.push_str(end);
    }
    out
}

/// Escapes in JSON everything that `clean` would hide, so that it can be shown raw without changing its meaning.
pub fn escape_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for line in json.split_inclusive('\n') {
        if line.chars().all(|c| c == '\n' || is_plain(c)) {
            out.push_str(line);
            continue;
        }
        for letter in line.graphemes(true) {
            escape_letter(letter, &mut out);
        }
    }
    out
}

fn escape_letter(letter: &str, out: &mut String) {
    let most = longest(letter);
    let mut before = None;
    let mut rest = letter.chars().enumerate().peekable();
    while let Some((nth, c)) = rest.next() {
        let next = rest.peek().map(|(_, c)| *c);
        let loose = is_joiner(c) && !joins(before, c, next);
        // Beyond the first few it can only be an accent or a joined emoji, which JSON syntax never needs.
        if c != '\n' && (is_control(c) || is_hidden(c) || loose || nth >= most) {
            let mut units = [0u16; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
        before = Some(c);
    }
}

/// Normalises pasted text: no control characters, tabs as two spaces, no trailing spaces.
pub fn pasted(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', "  ");
    let keep = |c: &char| *c == '\n' || !c.is_control();
    let clean: String = text.chars().filter(keep).collect();
    clean.split('\n').map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// True for more than one line of text.
pub fn is_lines(text: &str) -> bool {
    text.split(['\n', '\r']).filter(|line| !line.trim().is_empty()).nth(1).is_some()
}

/// 3062 as 3,062.
pub fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && digits.len().saturating_sub(at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows 64 and 65: marks stand for what is not shown, and JSON says the same with escapes.
    #[test]
    fn nothing_that_steers_a_terminal_gets_out() {
        let hostile = "a\u{1b}]52;c;AAAA\u{7}b\u{9b}31m\u{202e}c\u{200b}d\u{e0041}\u{0}";
        let shown = clean(hostile);
        assert!(shown.chars().all(|c| !is_control(c) && !is_hidden(c)), "{shown:?}");
        assert!(shown.contains('␛') && shown.contains('a') && shown.contains('d'));
        let json = escape_json(&serde_json::to_string(hostile).unwrap());
        assert!(json.is_ascii());
        assert_eq!(clean_lines("a\tb\u{1b}\n\n\u{202e}c\r\n"), "a\tb␛\n\n�c␍\n");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), hostile);
    }

    /// Rows 65, 67 and 68: people's own scripts and pictures stay as they are, heaps of accents are cut.
    #[test]
    fn families_flags_and_accents_stay_whole() {
        for text in ["👨‍👩‍👧", "🇩🇪", "é", "日本", "שלום", "العربية"] {
            assert_eq!(clean(text), text);
        }
        for base in ["e", "日", "👩", "\u{fe0f}", "❤️"] {
            let heap = format!("{base}{}", "\u{301}".repeat(5000));
            assert!(clean(&heap).chars().count() <= LONGEST_PICTURE, "{base}");
        }
        let chain = ["👩"; 3000].join("\u{200d}");
        assert!(clean(&chain).chars().count() <= LONGEST_PICTURE, "a picture without an end");
    }

    /// Row 66: joiners and selectors where they do something, and nowhere else.
    #[test]
    fn joiners_stay_only_inside_pictures() {
        for text in ["👩🏽‍❤️‍💋‍👨🏻", "1️⃣", "❤️", "👩‍🔧"] {
            assert_eq!(clean(text), text);
        }
        for text in ["a\u{200d}b", "日\u{200d}本", "日\u{fe0f}", "x\u{fe01}", "न\u{200c}न", "👩\u{200d}", "👩\u{200d}x"]
        {
            let shown = clean(text);
            assert!(!shown.chars().any(is_joiner), "{text:?} is shown as {shown:?}");
            assert!(!escape_json(text).chars().any(is_joiner), "{text:?}");
        }
    }

    #[test]
    fn what_a_cell_holds_instead_takes_as_many_columns() {
        for (symbol, shown) in [
            ("\u{1b}", "␛"),
            ("a\u{200b}", "a"),
            ("a\u{202e}\u{301}", "a\u{301}"),
            ("日\u{feff}", "日"),
            ("👩\u{e0041}", "👩"),
            ("\u{9b}", "�"),
            ("\u{200b}", "�"),
        ] {
            assert_eq!(clean_cell(symbol).as_deref(), Some(shown), "{symbol:?}");
        }
        for symbol in ["a", " ", "é", "日", "👩‍🔧", "┃"] {
            assert_eq!(clean_cell(symbol), None);
        }
    }

    #[test]
    fn columns_are_kept() {
        assert_eq!(cut("日本語", 5), "日本…");
        assert_eq!(fit("日本語", 4), "日… ");
        assert_eq!(fit("ab", 4), "ab  ");
        for text in ["ｶﾞｷﾞﾊﾟ", "日本語", "👨‍👩‍👧🇩🇪1️⃣", "é ᄀᄀ각"] {
            let cells: u16 = text.graphemes(true).map(ratatui::buffer::CellWidth::cell_width).sum();
            assert_eq!(width(text), usize::from(cells), "{text} takes as many columns as its cells");
        }
        assert_eq!(wrap("one two three", 7, 9), ["one two", "three"]);
        assert_eq!(wrap("a\n\nb", 7, 9), ["a", "", "b"]);
        assert_eq!(wrap("abcdefgh", 3, 2), ["abc", "def"]);
        assert!(wrap("!\u{1933}\u{11347}", 2, 9).iter().all(|line| width(line) <= 2));
    }

    #[test]
    fn the_keys_of_a_sequence_stay_on_one_line() {
        assert_eq!(wrap("Nothing here. f x shows it.", 15, 9), ["Nothing here.", "f x shows it."]);
        assert_eq!(wrap("abc f x.", 6, 9), ["abc", "f x."]);
        assert_eq!(wrap("a b c d e f", 5, 9), ["a b ", "c d ", "e f"].map(str::trim_end));
    }
}
