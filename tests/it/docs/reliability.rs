//! docs/RELIABILITY.md is complete: every row has its tests, or says why it has none.

use crate::docs::sources::{root, sources};
use std::collections::BTreeMap;

const ROWS: std::ops::RangeInclusive<usize> = 1..=116;

/// The numbers of `Rows 11, 12 and 15: …`, `Row 6: …` or `Rows 64–67 …`.
fn numbers(comment: &str) -> Vec<usize> {
    let Some(rest) = comment.strip_prefix("Rows ").or_else(|| comment.strip_prefix("Row ")) else { return Vec::new() };
    let mut out: Vec<usize> = Vec::new();
    let mut range = false;
    for word in rest.split_inclusive([' ', '–', ',', ':', ';']) {
        let bare = word.trim_end_matches([' ', '–', ',', ':', ';']);
        match bare.parse::<usize>() {
            Ok(n) if range => out.extend(out.last().map_or(n, |last| last + 1)..=n),
            Ok(n) => out.push(n),
            Err(_) if matches!(bare, "and" | "to" | "") => {}
            Err(_) => break,
        }
        range = word.ends_with('–') || bare == "to";
        if word.ends_with(':') {
            break;
        }
    }
    out
}

/// The tests that a file of `tests/tools` lists for its own harness.
fn listed(text: &str) -> Vec<&str> {
    let list = text.split_once("\ntests! {").and_then(|(_, rest)| rest.split_once("\n}")).map_or("", |(list, _)| list);
    list.split([',', ':', ';', '(', '\n']).map(str::trim).collect()
}

/// Which tests say of themselves that they prove a row: `file::name` by row.
fn proofs() -> BTreeMap<usize, Vec<String>> {
    let mut out: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (path, text) in ["tests/it", "tests/tools", "src"].into_iter().flat_map(sources) {
        let file = path.file_stem().unwrap().to_string_lossy().into_owned();
        let listed = listed(&text);
        let (mut rows, mut is_test) = (Vec::new(), false);
        for line in text.lines().map(str::trim) {
            match (line.strip_prefix("/// "), line.strip_prefix("fn ")) {
                (Some(comment), _) => rows.extend(numbers(comment)),
                _ if line == "#[test]" => is_test = true,
                (_, Some(name)) => {
                    let name = name.split(['(', '<']).next().unwrap();
                    let named = std::mem::take(&mut rows);
                    for row in if std::mem::take(&mut is_test) || listed.contains(&name) { named } else { Vec::new() } {
                        out.entry(row).or_default().push(format!("{file}::{name}"));
                    }
                }
                _ => {}
            }
        }
    }
    for tests in out.values_mut() {
        tests.sort();
        tests.dedup();
    }
    out
}

/// The page with its last column made from the tests.
fn written(page: &str, proofs: &BTreeMap<usize, Vec<String>>) -> String {
    let line = |line: &str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let number = cells.get(1).and_then(|cell| cell.parse::<usize>().ok());
        match (number, cells.as_slice()) {
            (Some(number), [_, _, fault, behaviour, ..]) => {
                let tests = proofs.get(&number).map(|tests| tests.join(" ")).unwrap_or_default();
                format!("| {number} | {fault} | {behaviour} | {tests} |\n")
            }
            _ => format!("{line}\n"),
        }
    };
    page.lines().map(line).collect()
}

#[test]
fn every_row_of_the_docs_has_its_tests_or_says_why_not() {
    let path = root().join("docs/RELIABILITY.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let proofs = proofs();
    let fresh = written(&page, &proofs);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    } else {
        assert!(fresh == page, "UPDATE_DOCS=1 cargo test writes docs/RELIABILITY.md anew");
    }
    let mut found: Vec<usize> = Vec::new();
    for line in fresh.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let Some(number) = cells.get(1).and_then(|cell| cell.parse::<usize>().ok()) else { continue };
        assert_eq!(cells.len(), 6, "row {number} has a bar in its words");
        let excused = cells[3].starts_with("Not built") || cells[3].contains("Not tested here:");
        assert!(!cells[4].is_empty() || excused, "row {number} has no test and does not say why");
        assert!(!cells[2].is_empty() && !cells[3].is_empty(), "row {number} says what happens");
        found.push(number);
    }
    assert!(found.iter().copied().eq(ROWS), "each row once, in order: {found:?}");
    assert!(proofs.keys().all(|row| ROWS.contains(row)), "a test names a row that is not there");
}

#[test]
fn numbers_of_rows_are_read_as_people_write_them() {
    for (comment, want) in [
        ("Row 6: a flip", vec![6]),
        ("Rows 11, 12 and 15: the file", vec![11, 12, 15]),
        ("Rows 64–67: text", vec![64, 65, 66, 67]),
        ("Row 39 with writers: both", vec![39]),
        ("Row 35, while we run: a newer", vec![35]),
        ("Rows are drawn 3 times", vec![]),
        ("Something about Row 5", vec![]),
    ] {
        assert_eq!(numbers(comment), want, "{comment}");
    }
}
