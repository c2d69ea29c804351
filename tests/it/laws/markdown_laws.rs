//! The task list of the Markdown export says each title so that it can be read back: by the rules of CommonMark, whatever
//! the title is made of.

use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence};
use whyhow::export::{Subject, markdown};
use whyhow::json;
use whyhow::model::product::Product;
use whyhow::model::schema::{BacklogItem, FORMAT};
use whyhow::model::value::When;
use whyhow::options::Options;
use whyhow::store::snapshot;

fn config(cases: u32) -> Config {
    let failure_persistence = None::<Box<FileFailurePersistence>>.map(|one| one as _);
    Config { cases, failure_persistence, max_shrink_iters: 400, ..Config::default() }
}

/// Where the facts behind a title begin: the last parenthesis that is not escaped.
fn without_facts(line: &str) -> &str {
    let is_open = |at: usize| {
        let slashes = line[..at].chars().rev().take_while(|c| *c == '\\').count();
        slashes.is_multiple_of(2)
    };
    let ends = line.ends_with(')') && is_open(line.len() - 1);
    let begin = line.rmatch_indices(" (").map(|(at, _)| at).find(|at| is_open(at + 1));
    match begin.filter(|_| ends) {
        Some(at) => &line[..at],
        None => line,
    }
}

/// The text of a line: a backslash before a sign stands for that sign. Any other sign that means something is a fault.
fn read(line: &str) -> String {
    let mut out = String::new();
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek().is_some_and(char::is_ascii_punctuation) => out.extend(chars.next()),
            '*' | '_' | '`' | '[' | ']' | '<' | '~' | '|' => panic!("{c} means something in {line}"),
            _ => out.push(c),
        }
    }
    out
}

fn titles(product: &Product) -> Vec<String> {
    let mut options = Options::default();
    options.set(&markdown::pages::VIEW, "backlog").unwrap();
    let now = When::parse("2026-03-12T12:00:00Z").unwrap();
    let bytes = (markdown::pages::ROW.write)(&Subject::of(product, now), &options).unwrap().bytes;
    let page = String::from_utf8(bytes).unwrap();
    let lines = page.split('\n').filter_map(|line| line.strip_prefix("- [ ] S").or(line.strip_prefix("- [x] S")));
    lines.map(|line| read(without_facts(line.split_once(' ').unwrap().1))).collect()
}

fn title() -> impl Strategy<Value = String> {
    let sign = prop::sample::select("\\*_`[]<>|#-+=()&;!~$.:\"'1 aé日".chars().collect::<Vec<_>>());
    let word = prop::sample::select(vec![
        "&amp;",
        "1. a",
        "(3 points)",
        "[x](y)",
        "<!-- c -->",
        "**b**",
        "# h",
        "C #",
        "\\",
        "a\tb",
    ]);
    let part = prop_oneof![6 => sign.prop_map(String::from), 1 => word.prop_map(String::from)];
    prop::collection::vec(part, 1..14).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(config(400))]
    /// Row 72: Markdown in a title is no Markdown.
    #[test]
    fn each_title_comes_back_as_it_was(titles_of in prop::collection::vec((title(), any::<bool>(), title()), 1..4)) {
        let items: Vec<whyhow::model::value::Value> = titles_of
            .iter()
            .enumerate()
            .map(|(nth, (title, facts, other))| {
                let mut item = json!({"id": format!("000000000000{}", nth + 1), "number": nth + 1, "rank": format!("V{nth}z"), "title": title});
                if *facts {
                    item["points"] = 3.into();
                    item["assignee"] = other.as_str().into();
                    item["labels"] = json!([other]);
                }
                item
            })
            .collect();
        let document = json!({"format": FORMAT, "items": items});
        let (product, _) = snapshot::from_json(document.to_string().as_bytes()).unwrap();
        let wanted: Vec<String> = product
            .all::<BacklogItem>()
            .map(|item| item.title.trim().replace(['\t', '\r'], " "))
            .collect();
        prop_assert_eq!(titles(&product), wanted);
    }
}
