//! The house keeps its floors: each folder of `src` uses those below it, the lower ones know no file, clock, chance or
//! screen, files do not import each other in circles, and a public type's name is used once.

use crate::docs::sources::{Module, circles, code, imports, named, root, sources};
use std::collections::{BTreeMap, BTreeSet};

/// A folder of `src`, the others that it may name, and whether it may touch files, clocks, chance and the terminal.
struct Floor {
    folder: &'static str,
    below: &'static [&'static str],
    never: &'static [&'static [&'static str]],
}

/// Files, clocks and chance, by the names under which Rust reaches them.
const WORLD: &[&str] = &[
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "Local::now",
    "Utc::now",
    "SystemTime",
    "Instant::",
    "fastrand",
];
const STREAMS: &[&str] = &["std::io"];
const SCREEN: &[&str] = &["ratatui", "crossterm"];
const ALL: &[&[&str]] = &[WORLD, STREAMS, SCREEN];

const FLOORS: &[Floor] = &[
    Floor { folder: "model", below: &[], never: ALL },
    Floor { folder: "options", below: &["model"], never: ALL },
    Floor { folder: "insight", below: &["model"], never: ALL },
    Floor { folder: "actions", below: &["model", "insight"], never: ALL },
    Floor { folder: "import", below: &["model", "options"], never: &[WORLD, SCREEN] },
    Floor { folder: "export", below: &["model", "insight", "options"], never: ALL },
    Floor { folder: "store", below: &["model"], never: &[SCREEN] },
    Floor {
        folder: "tui",
        below: &["model", "options", "insight", "actions", "import", "export", "store"],
        never: &[],
    },
    Floor { folder: "config", below: &["model", "store", "tui"], never: &[SCREEN] },
    Floor {
        folder: "cli",
        below: &["model", "options", "insight", "actions", "import", "export", "store", "tui", "config"],
        never: &[],
    },
];

/// The folders of `src/tui`, lowest first: each imports those before it. The files beside them put all together and are
/// imported by none of these.
const TUI: &[&str] = &["term", "settings", "state", "widget", "overlay", "commands", "view"];

/// Circles of more than three files that are still there: the first of the files, and how many. It only shrinks.
const CIRCLES: &[(&str, usize)] = &[];

/// Public types whose name is declared twice. The list only shrinks.
const TWICE: &[&str] = &[];

/// Files that may be longer than 700 lines, and why.
const LONG: &[(&str, &str)] = &[];

#[test]
fn each_folder_stands_on_a_floor() {
    let there: BTreeSet<String> = imports().into_keys().map(|module| module[0].clone()).collect();
    let listed: BTreeSet<String> = FLOORS.iter().map(|floor| floor.folder.to_string()).collect();
    assert_eq!(there, listed, "the folders of src are those of the table of floors");
    for (nth, floor) in FLOORS.iter().enumerate() {
        for below in floor.below {
            assert!(FLOORS[..nth].iter().any(|one| one.folder == *below), "{below} stands below {}", floor.folder);
        }
    }
}

#[test]
fn no_floor_knows_one_above_it() {
    for (module, imported) in imports() {
        let floor = FLOORS.iter().find(|floor| floor.folder == module[0]).unwrap();
        for other in imported {
            let known = other[0] == module[0] || floor.below.contains(&other[0].as_str());
            assert!(known, "{} imports {}, which is not below it", named(&module), named(&other));
        }
    }
}

#[test]
fn the_lower_floors_know_no_world() {
    for floor in FLOORS {
        for (path, text) in
            sources("src").into_iter().filter(|(path, _)| path.starts_with(format!("src/{}", floor.folder)))
        {
            let code = code(&text);
            for word in floor.never.iter().copied().flatten() {
                assert!(!code.contains(word), "{} names {word}, which its floor does not know", path.display());
            }
        }
    }
}

#[test]
fn no_folder_of_the_screen_knows_one_above_it() {
    let floor = |module: &Module| TUI.iter().position(|folder| module.get(1).is_some_and(|part| part == folder));
    let all = imports();
    let inside: BTreeSet<&str> = all.keys().filter_map(floor).map(|nth| TUI[nth]).collect();
    assert_eq!(inside, TUI.iter().copied().collect(), "the folders of src/tui are those of the table");
    for (module, imported) in all.iter().filter(|(module, _)| module[0] == "tui") {
        assert!(floor(module).is_some() || folder_of(module, 2).is_none(), "{} is in no known folder", named(module));
        for other in imported.iter().filter(|other| other[0] == "tui") {
            let known = floor(module).is_none() || floor(other).is_some_and(|below| Some(below) <= floor(module));
            assert!(known, "{} imports {}, which is not below it", named(module), named(other));
        }
    }
}

#[test]
fn files_do_not_import_each_other_in_circles() {
    let mut allowed: BTreeMap<&str, usize> = CIRCLES.iter().copied().collect();
    for circle in circles(&imports()).iter().filter(|circle| circle.len() > 3) {
        let names: Vec<String> = circle.iter().map(named).collect();
        let most = allowed.remove(names[0].as_str()).unwrap_or(3);
        assert!(names.len() <= most, "a circle of {} files: {}", names.len(), names.join(" "));
    }
    assert!(allowed.is_empty(), "these circles are gone, take them off the list: {allowed:?}");
}

/// The folder of a file, as deep as this.
fn folder_of(module: &Module, depth: usize) -> Option<Module> {
    let is_folder = root().join("src").join(module.iter().collect::<std::path::PathBuf>()).is_dir();
    let folder = if is_folder { module.as_slice() } else { &module[..module.len() - 1] };
    (folder.len() >= depth).then(|| folder[..depth].to_vec())
}

#[test]
fn folders_do_not_import_each_other_in_circles() {
    for depth in 1..4 {
        let mut edges: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
        for (module, imported) in imports() {
            let Some(from) = folder_of(&module, depth) else { continue };
            let others = imported.iter().filter_map(|other| folder_of(other, depth));
            // Folders side by side: those of one parent.
            let others = others.filter(|other| *other != from && other[..depth - 1] == from[..depth - 1]);
            edges.entry(from.clone()).or_default().extend(others);
        }
        let circles = circles(&edges);
        assert!(circles.is_empty(), "folders that import each other: {circles:?}");
    }
}

/// The names of the types that a source declares for others.
fn public_types(code: &str) -> Vec<String> {
    let words: Vec<&str> = code.split_whitespace().collect();
    let declared = words.windows(3).filter(|three| {
        three[0].starts_with("pub") && matches!(three[1], "struct" | "enum" | "trait" | "type" | "union")
    });
    let names = declared.map(|three| three[2].split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap());
    // The `$name` of a macro is none.
    names.filter(|name| !name.is_empty()).map(str::to_string).collect()
}

#[test]
fn a_public_type_has_a_name_of_its_own() {
    let mut declared: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in sources("src") {
        for name in public_types(&code(&text)) {
            declared.entry(name).or_default().push(path.display().to_string());
        }
    }
    for (name, paths) in &declared {
        assert!(paths.len() == 1 || TWICE.contains(&name.as_str()), "{name} is declared in {}", paths.join(" and "));
    }
    for name in TWICE {
        assert!(declared.get(*name).is_some_and(|paths| paths.len() > 1), "{name} needs no exception any more");
    }
}

#[test]
fn each_file_says_what_it_is_for_and_stays_short() {
    for (path, text) in ["src", "tests", "benches"].into_iter().flat_map(sources) {
        assert!(text.starts_with("//!"), "{} does not say what it is for", path.display());
        let excused = LONG.iter().any(|(name, _)| path.ends_with(name));
        let lines = text.lines().count();
        assert!(lines <= 700 || excused, "{} has {lines} lines", path.display());
        assert!(lines > 700 || !excused, "{} needs no excuse any more", path.display());
    }
}

/// Sentences of other libraries that are cut before they are shown; nothing is decided from them.
const CUT: &[&str] = &["invalid type: ", " at line "];

/// True for a literal that reads as a part of a sentence: two words with a space between them.
fn is_sentence(literal: &str) -> bool {
    let word = |part: &&str| part.chars().filter(|c| c.is_alphabetic()).count() > 1;
    literal.split(' ').filter(word).count() > 1
}

/// The literals that a source compares a text with.
fn compared(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let calls =
        ["contains(", "starts_with(", "ends_with(", "strip_prefix(", "strip_suffix(", "split(", "split_once(", "find("];
    let calls = calls.into_iter().chain(["replace(", "replacen(", "trim_start_matches(", "trim_end_matches("]);
    let mut out = Vec::new();
    for begin in calls.chain(["== ", "!= "]) {
        for (at, _) in text.match_indices(&format!("{begin}\"")) {
            let literal = text[at + begin.len() + 1..].split('"').next().unwrap_or_default();
            out.push(literal.to_string());
        }
    }
    out.extend(text.lines().filter_map(|line| Some(line.split_once("\" =>")?.0.trim().strip_prefix('"')?.to_string())));
    out.retain(|literal| !literal.contains('"'));
    out
}

#[test]
fn nothing_is_decided_from_a_sentence() {
    let samples =
        "if why.contains(\"no criteria yet\") {}\nmatch it {\n    \"was agreed before\" => 1,\n}\nx == \"todo\"";
    let found: Vec<String> = compared(samples).into_iter().filter(|one| is_sentence(one)).collect();
    assert_eq!(found, ["no criteria yet", "was agreed before"]);
    for (path, text) in sources("src") {
        let found = compared(&text).into_iter().find(|one| is_sentence(one) && !CUT.contains(&one.as_str()));
        // Readers of other tools' files know their words, and a person's words are parsed.
        let reads = path.starts_with("src/import") || path.ends_with("date_parser.rs");
        assert!(found.is_none() || reads, "{} compares a text with {found:?}", path.display());
    }
}
