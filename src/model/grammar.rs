//! English grammar for sentences: capitals, plurals, counts.

use crate::model::schema::Kind;

/// The text with an upper-case first letter: `sprint 13` becomes `Sprint 13`.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The same at the head of a line, where the article is left out: `the points of S4` becomes `Points of S4`.
pub fn heading(text: &str) -> String {
    capital(text.strip_prefix("the ").unwrap_or(text))
}

/// The text as a sentence: with a full stop, if it has no end of its own.
pub fn sentence(text: &str) -> String {
    let text = text.trim_end();
    match text.chars().next_back() {
        None | Some('.' | '?' | ')' | ':' | '…') => text.to_string(),
        Some(_) => format!("{text}."),
    }
}

/// A key of another tool's file in words: `totalReactions` is `total reactions`, `html_url` is `html url`. A header that
/// people wrote stays as it is.
pub fn key_in_words(key: &str) -> String {
    let is_camel = key.chars().next().is_some_and(char::is_lowercase) && key.chars().any(char::is_uppercase);
    if key.contains(' ') || !(is_camel || key.contains('_')) {
        return key.to_string();
    }
    let mut out = String::with_capacity(key.len().saturating_add(4));
    let mut last = ' ';
    for letter in key.chars() {
        match letter {
            '_' => out.push(' '),
            // Capitals in a row are an abbreviation: `issueID`.
            _ if letter.is_uppercase() && is_camel => {
                if !last.is_uppercase() && last != ' ' && last != '_' {
                    out.push(' ');
                }
                out.extend(letter.to_lowercase());
            }
            _ => out.push(letter),
        }
        last = letter;
    }
    out.trim().to_string()
}

/// The plural of a kind's noun.
pub fn plural_noun(kind: Kind) -> String {
    match kind {
        Kind::BacklogItem => "stories".to_string(),
        Kind::Feedback => "feedback".to_string(),
        other => format!("{}s", other.noun()),
    }
}

/// The word that goes with a number: `one` for 1, `many` for all others.
pub fn plural<'a>(n: usize, one: &'a str, many: &'a str) -> &'a str {
    if n == 1 { one } else { many }
}

/// A number with its noun: `1 story`, `3 stories`.
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", plural(n, one, many))
}

/// A number of records of a kind: `1 story`, `3 stories`.
pub fn count_of(n: usize, kind: Kind) -> String {
    count(n, kind.noun(), &plural_noun(kind))
}

/// The label of a step in a sentence about it, so that what it says is not taken for news: `“17 stories are dropped”`.
pub fn quoted(label: &str) -> String {
    format!("“{label}”")
}

/// The label of a step as something that is still to be done: `Move S3 to the top`.
pub fn to_do(label: &str) -> String {
    const DONE: &[(&str, &str)] = &[
        ("Moved ", "Move "),
        ("Changed ", "Change "),
        ("Added ", "Add "),
        ("Deleted ", "Delete "),
        ("Removed ", "Remove "),
        ("Restored ", "Restore "),
        ("Renamed ", "Rename "),
        ("Ticked ", "Tick "),
        ("Unticked ", "Untick "),
        ("Copied ", "Copy "),
        ("Dropped ", "Drop "),
        ("Imported ", "Import "),
        ("Split ", "Split "),
    ];
    let done = DONE.iter().find_map(|(done, to_do)| Some(format!("{to_do}{}", label.strip_prefix(done)?)));
    done.unwrap_or_else(|| label.to_string())
}

/// `3rd`.
pub fn ordinal(n: usize) -> String {
    let end = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{end}")
}

/// `3062` → `3,062`.
pub fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len().saturating_add(digits.len() / 3));
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && digits.len().saturating_sub(place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_files_become_words() {
        let of = |all: &[&str]| all.iter().map(|key| key_in_words(key)).collect::<Vec<_>>();
        assert_eq!(
            of(&["totalReactions", "hasArea", "html_url", "issueID", "closed_by_pull_requests"]),
            ["total reactions", "has area", "html url", "issue id", "closed by pull requests"]
        );
        assert_eq!(of(&["Risk Score", "ROI", "GitHub", "iOS build"]), ["Risk Score", "ROI", "GitHub", "iOS build"]);
    }

    #[test]
    fn numbers_go_with_their_words() {
        assert_eq!([0, 1, 2].map(|n| count(n, "day", "days")), ["0 days", "1 day", "2 days"]);
        assert_eq!([1, 4].map(|n| count_of(n, Kind::BacklogItem)), ["1 story", "4 stories"]);
        assert_eq!(count_of(2, Kind::Feedback), "2 feedback");
        assert_eq!(["No", "No. ", "Why?", ""].map(sentence), ["No.", "No.", "Why?", ""]);
        assert_eq!(
            (capital("sprint 13"), capital("élan"), capital("")),
            ("Sprint 13".into(), "Élan".into(), String::new())
        );
    }
}
