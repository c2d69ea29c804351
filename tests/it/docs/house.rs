//! The house keeps its floors: each uses those below it, and the lower ones know no file, clock, chance or screen.

use std::path::{Path, PathBuf};

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut out = Vec::new();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            out.push((path, text));
        }
    }
    out.sort();
    out
}

/// What a source says without its comments and unit tests.
fn code(text: &str) -> String {
    let body = text.split("#[cfg(test)]").next().unwrap_or_default();
    body.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

fn never(floor: &str, words: &[&str]) {
    let all = sources(&format!("src/{floor}"));
    for (path, text) in &all {
        let code = code(text);
        for word in words {
            assert!(!code.contains(word), "{} names {word}, which its floor does not know", path.display());
        }
    }
}

/// Files, clocks, chance and screens, by the names under which Rust reaches them.
const WORLD: [&str; 12] = [
    "std::fs",
    "std::io",
    "std::env",
    "std::net",
    "std::process",
    "Local::now",
    "Utc::now",
    "SystemTime",
    "Instant::",
    "fastrand",
    "ratatui",
    "crossterm",
];

#[test]
fn the_ground_floors_know_no_world() {
    for floor in ["model", "insight", "actions"] {
        assert!(!sources(&format!("src/{floor}")).is_empty(), "src/{floor} is there");
        never(floor, &WORLD);
        let above = ["crate::store", "crate::import", "crate::export", "crate::tui", "crate::cli", "crate::config"];
        never(floor, &above);
    }
    never("model", &["crate::actions", "crate::insight"]);
    never("insight", &["crate::actions"]);
}

#[test]
fn the_upper_floors_are_not_known_below() {
    never("store", &["crate::import", "crate::tui", "crate::cli", "crate::config", "ratatui", "crossterm"]);
    never("store", &["crate::actions", "crate::insight"]);
    never("import", &["crate::export", "crate::tui", "crate::cli", "ratatui", "crossterm"]);
    never("export", &["crate::store", "crate::import", "crate::tui", "crate::cli", "ratatui", "crossterm"]);
    never("tui", &["crate::cli"]);
}

#[test]
fn the_rule_finds_what_it_looks_for() {
    assert!(code("use std::fs; // std::io\n#[cfg(test)]\nuse fastrand;").contains("std::fs"));
    assert!(!code("x(); // std::io\n#[cfg(test)]\nuse fastrand;").contains("std::io"));
    assert!(!code("x();\n#[cfg(test)]\nuse fastrand;").contains("fastrand"));
}

/// Files that may be longer than 700 lines, and why.
const LONG: [(&str, &str); 1] = [("src/model/value.rs", "every type of cell stands beside the others, one impl each")];

#[test]
fn each_file_says_what_it_is_for_and_stays_short() {
    for (path, text) in sources("src").into_iter().chain(sources("tests")).chain(sources("benches")) {
        assert!(text.starts_with("//!"), "{} does not say what it is for", path.display());
        let excused = LONG.iter().any(|(name, _)| path.ends_with(name));
        let lines = text.lines().count();
        assert!(lines <= 700 || excused, "{} has {lines} lines", path.display());
        assert!(lines > 700 || !excused, "{} needs no excuse any more", path.display());
    }
}
