//! Reads what the program says as a native speaker would: numbers with their words, doubled words, full stops, and words
//! of parsers that are for nobody.

/// Words that are the same in both numbers, or end in an s without being a plural.
const NO_PLURAL: &[&str] = &[
    "is", "was", "has", "this", "its", "less", "plus", "does", "says", "shows", "serves", "goes", "as", "us", "opens",
    "stays", "runs", "ends", "starts", "takes", "leaves", "needs", "makes", "asks", "holds", "keeps", "points",
];

/// After these a number is a name: `sprint 1 opens`, `line 1 has`.
const NAMED_BY_NUMBER: &[&str] =
    &["sprint", "rule", "version", "line", "row", "match", "day", "step", "of", "match", "nov", "dec", "jan"];

const SINGULAR: &[&str] = &[
    "story",
    "item",
    "goal",
    "record",
    "change",
    "act",
    "rule",
    "sprint",
    "file",
    "line",
    "row",
    "value",
    "link",
    "sprint",
    "week",
    "month",
    "issue",
    "message",
    "comment",
    "criterion",
    "task",
    "edit",
    "product",
    "key",
];

const OF_PARSERS: &[&str] =
    &["unknown variant", "invalid type", "expected one of", "missing field", "invalid value:", "EOF while"];

const DOUBLED: &[&str] = &["of", "the", "a", "to", "is", "in", "and", "it", "was"];

/// What stands in quotes is somebody's own text.
fn without_quotes(text: &str) -> String {
    let (mut out, mut quoted) = (String::new(), false);
    for c in text.chars() {
        match (c, quoted) {
            ('"', _) | ('\u{201c}', false) | ('\u{201d}', true) => {
                quoted = !quoted;
                out.extend(quoted.then_some("Q"));
            }
            (c, false) => out.push(c),
            _ => {}
        }
    }
    out
}

/// What a reader would stumble over, if anything.
pub fn faults(sentence: &str) -> Vec<String> {
    let text = without_quotes(sentence);
    let words: Vec<&str> =
        text.split_whitespace().map(|word| word.trim_matches([',', ';', ':', '(', ')', '.'])).collect();
    let mut out = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).map_or("", |at| words[at]).to_lowercase();
        let next = words.get(at + 1).copied().unwrap_or_default();
        let is_count = !NAMED_BY_NUMBER.contains(&before.as_str());
        let is_number =
            word.chars().any(|c| c.is_ascii_digit()) && word.chars().all(|c| c.is_ascii_digit() || c == ',');
        if is_count && *word == "1" && next.ends_with('s') && !next.ends_with("ss") && !NO_PLURAL.contains(&next) {
            out.push(format!("1 {next}"));
        }
        if is_count && is_number && *word != "1" && SINGULAR.contains(&next) {
            out.push(format!("{word} {next}"));
        }
        if is_count && *word == "1" && ["are", "were", "have"].contains(&words.get(at + 2).copied().unwrap_or_default())
        {
            out.push(format!("1 {next} {}", words[at + 2]));
        }
        if DOUBLED.contains(word) && *word == next {
            out.push(format!("{word} {word}"));
        }
    }
    let rest = text.replace("...", "");
    out.extend(rest.contains("..").then(|| "two full stops".to_string()));
    out.extend(text.contains(" .").then(|| "a blank before a full stop".to_string()).filter(|_| !text.contains(" ./")));
    out.extend(OF_PARSERS.iter().filter(|words| text.contains(**words)).map(|words| words.to_string()));
    out
}

/// A message is a whole sentence.
pub fn has_no_end(message: &str) -> bool {
    let end = message.trim_end().chars().next_back();
    !matches!(end, None | Some('.' | '?' | ')' | ':' | '…' | '”' | '"'))
}

#[test]
fn faults_are_found_and_good_sentences_pass() {
    for bad in [
        "1 items are new.",
        "1 story have no points.",
        "Part of of S3065.",
        "0 story was added.",
        "1,000 issue read.",
        "It was..",
        "unknown variant x.",
    ] {
        assert!(!faults(bad).is_empty(), "{bad}");
    }
    for good in [
        "1 story is new.",
        "Sprint 1 starts on Monday.",
        "1,000 stories, 0 of them new.",
        "Points of S1 3 → 1. 1 is left.",
        "Added \"of of 1 items\".",
        "Row 1 of 1 items…",
    ] {
        assert_eq!(faults(good), Vec::<String>::new(), "{good}");
    }
}
