//! The sources as data: files, their code without comments and unit tests, and who imports whom.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder of the project, with its text, in order.
pub fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut out = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            out.push((path.strip_prefix(root()).unwrap().to_path_buf(), text));
        }
    }
    out.sort();
    out
}

/// Where a string, a character or a comment ends that begins here; nothing where none begins.
fn end_of_text(text: &str) -> Option<(usize, bool)> {
    let rest = |from: usize, end: &str| text[from..].find(end).map_or(text.len(), |at| from + at + end.len());
    if text.starts_with("//") {
        return Some((text.find('\n').unwrap_or(text.len()), true));
    }
    if text.starts_with("/*") {
        return Some((rest(2, "*/"), true));
    }
    let raw = text.strip_prefix('b').unwrap_or(text).strip_prefix('r').map(|rest| rest.trim_start_matches('#'));
    if let Some(inside) = raw.and_then(|raw| raw.strip_prefix('"')) {
        let begin = text.len() - inside.len();
        let hashes = text[..begin].matches('#').count();
        return Some((rest(begin, &format!("\"{}", "#".repeat(hashes))), false));
    }
    let quote = text.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            _ if c == quote => return Some((at + 1, false)),
            // A lifetime, and no character.
            _ if quote == '\'' && at > 1 && !text[1..].starts_with('\\') => return None,
            _ => {}
        }
    }
    None
}

/// A source without its comments, its strings and characters empty.
fn bare(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut in_word = false;
    while let Some(first) = rest.chars().next() {
        let literal = if in_word && first != '"' && first != '/' { None } else { end_of_text(rest) };
        let (length, keep) = match literal {
            Some((length, true)) => (length, ""),
            Some((length, false)) => (length, "\"\""),
            None => (first.len_utf8(), &rest[..first.len_utf8()]),
        };
        out.push_str(keep);
        in_word = first.is_alphanumeric() || first == '_';
        rest = &rest[length..];
    }
    out
}

/// What a source says without its comments, its strings and whatever is compiled for tests alone.
pub fn code(text: &str) -> String {
    without_tests(&bare(text))
}

fn without_tests(code: &str) -> String {
    let mut out = String::new();
    let mut parts = code.split("#[cfg(test)]");
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let mut depth = 0usize;
        let end = part.char_indices().find(|(_, c)| {
            match c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && matches!(c, '}' | ';')
        });
        out.push_str(end.map_or("", |(at, _)| &part[at + 1..]));
    }
    out
}

/// A module's path, `tui::screen::board` as three words.
pub type Module = Vec<String>;

/// Which file imports which: it names it in a `use`, or in a path. `mod x;` alone is no import.
pub fn imports() -> BTreeMap<Module, BTreeSet<Module>> {
    let mut files = BTreeMap::new();
    for (path, text) in sources("src") {
        let mut module: Module = path
            .with_extension("")
            .components()
            .skip(1)
            .map(|part| part.as_os_str().to_string_lossy().into())
            .collect();
        if module.last().is_some_and(|last| last == "mod") {
            module.pop();
        }
        if !matches!(module.as_slice(), [one] if one == "lib" || one == "main") {
            files.insert(module, code(&text));
        }
    }
    let known: BTreeSet<Module> = files.keys().cloned().collect();
    files.iter().map(|(module, code)| (module.clone(), imported(module, code, &known))).collect()
}

fn imported(me: &Module, code: &str, known: &BTreeSet<Module>) -> BTreeSet<Module> {
    let mut out = BTreeSet::new();
    let mut local: BTreeMap<String, Module> = BTreeMap::new();
    let mut body = String::new();
    let mut parts = code.split("use ");
    body.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let before = body.chars().last();
        let (tree, rest) = part.split_once(';').unwrap_or((part, ""));
        // The end of another word, such as `reuse `.
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            body.push_str(part);
            continue;
        }
        body.push_str(rest);
        for (path, name) in leaves(tree) {
            if let Some((module, full)) = resolved(&path, me, known) {
                if known.contains(&full) {
                    local.insert(name, full);
                }
                out.insert(module);
            }
        }
    }
    for path in paths(&body) {
        let path = match path.first().and_then(|first| local.get(first)) {
            Some(module) => [&["crate".to_string()], module.as_slice(), &path[1..]].concat(),
            None => path,
        };
        out.extend(resolved(&path, me, known).map(|(module, _)| module));
    }
    out.remove(me);
    out.remove(&Module::new());
    out
}

/// The paths of a `use`, each with the name under which it is known: `a::{b, c as d}` is `a::b` as b and `a::c` as d.
fn leaves(tree: &str) -> Vec<(Module, String)> {
    let tree = tree.trim();
    if let Some((head, inner)) = tree.strip_suffix('}').and_then(|tree| tree.split_once('{')) {
        let head: Module =
            head.split("::").map(str::trim).filter(|part| !part.is_empty()).map(str::to_string).collect();
        let mut depth = 0usize;
        let parts = inner.split(|c| {
            match c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            c == ',' && depth == 0
        });
        let parts = parts.filter(|part| !part.trim().is_empty()).flat_map(leaves);
        return parts
            .map(|(path, name)| {
                let path = [head.clone(), path].concat();
                // `a::{self}` is known as a.
                let name = if name.is_empty() { path.last().cloned().unwrap_or_default() } else { name };
                (path, name)
            })
            .collect();
    }
    let (path, alias) = tree.split_once(" as ").map_or((tree, None), |(path, alias)| (path, Some(alias.trim())));
    let mut path: Module = path.split("::").map(|part| part.trim().to_string()).collect();
    if path.last().is_some_and(|last| last == "self") {
        path.pop();
    }
    let name = alias.map(str::to_string).or_else(|| path.last().cloned()).unwrap_or_default();
    vec![(path, name)]
}

/// Every `a::b::c` of a code.
fn paths(code: &str) -> Vec<Module> {
    let words = code.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':')));
    let paths = words.map(|word| word.split("::").map(str::to_string).collect::<Module>());
    paths.filter(|path| path.len() > 1 && path.iter().all(|part| !part.is_empty() && !part.contains(':'))).collect()
}

/// The file that a path leads to, and the whole path from the root; nothing for what is not ours.
fn resolved(path: &[String], me: &Module, known: &BTreeSet<Module>) -> Option<(Module, Module)> {
    let (first, rest) = path.split_first()?;
    let full: Module = match first.as_str() {
        "crate" => rest.to_vec(),
        "self" => [me.as_slice(), rest].concat(),
        "super" => {
            let ups = path.iter().take_while(|part| *part == "super").count();
            [&me[..me.len().saturating_sub(ups)], &path[ups..]].concat()
        }
        _ => {
            let child = [me.as_slice(), std::slice::from_ref(first)].concat();
            known.contains(&child).then(|| [me.as_slice(), path].concat())?
        }
    };
    let module = (0..=full.len()).rev().map(|n| full[..n].to_vec()).find(|module| known.contains(module))?;
    Some((module, full))
}

/// Groups of two and more that all reach each other, largest first.
pub fn circles<T: Ord + Clone>(edges: &BTreeMap<T, BTreeSet<T>>) -> Vec<BTreeSet<T>> {
    let reach: BTreeMap<&T, BTreeSet<&T>> = edges.keys().map(|from| (from, reached(from, edges))).collect();
    let mut out: Vec<BTreeSet<T>> = Vec::new();
    for (one, reached) in &reach {
        if !reached.contains(one) || out.iter().any(|circle| circle.contains(*one)) {
            continue;
        }
        let back = |other: &&&T| reach.get(**other).is_some_and(|there| there.contains(one));
        out.push(reached.iter().filter(back).map(|other| (*other).clone()).collect());
    }
    out.sort_by_key(|circle| std::cmp::Reverse(circle.len()));
    out
}

fn reached<'a, T: Ord>(from: &T, edges: &'a BTreeMap<T, BTreeSet<T>>) -> BTreeSet<&'a T> {
    let mut out = BTreeSet::new();
    let mut open: Vec<&T> = edges.get(from).into_iter().flatten().collect();
    while let Some(next) = open.pop() {
        if out.insert(next) {
            open.extend(edges.get(next).into_iter().flatten());
        }
    }
    out
}

pub fn named(module: &Module) -> String {
    module.join("::")
}

#[test]
fn a_source_is_read_without_comments_strings_and_tests() {
    let text = "use a; // use b;\nlet s = \"use c; \\\" }\"; let r = r#\"use d; \"\"#; let c = '{'; fn f<'x>(y: &'x str) {}\n\
                #[cfg(test)]\nmod tests { use e; }\nuse g;\n#[cfg(test)]\nuse h;\n/* use i; */ fn z() { b'\"'; }";
    let code = code(text);
    for there in ["use a;", "use g;", "&'x str", "fn z()"] {
        assert!(code.contains(there), "{there}: {code}");
    }
    for gone in ["use b", "use c", "use d", "use e", "use h", "use i", "'{'"] {
        assert!(!code.contains(gone), "{gone}: {code}");
    }
}

#[test]
fn imports_are_found_however_they_are_written() {
    let module = |text: &str| text.split("::").map(str::to_string).collect::<Module>();
    let known: BTreeSet<Module> = ["a", "a::b", "a::c", "d", "d::e", "f"].into_iter().map(module).collect();
    let code =
        "use crate::d::{self, e::{Thing, Other as Another}}; use std::fmt; fn x() { super::c::y(); f(crate::f::G) }";
    let names = |code: &str| imported(&module("a::b"), code, &known).iter().map(named).collect::<Vec<_>>();
    assert_eq!(names(code), ["a::c", "d", "d::e", "f"]);
    // A module that is named first, and a path through it.
    assert_eq!(names("use crate::d as other; fn x() { other::e::y() }"), ["d", "d::e"]);
    assert_eq!(names("fn reuse (x: E) -> Option<E> { E::f() }"), [""; 0]);
    let ring = BTreeMap::from([(1, BTreeSet::from([2])), (2, BTreeSet::from([3])), (3, BTreeSet::from([1, 4]))]);
    assert_eq!(circles(&ring), [BTreeSet::from([1, 2, 3])]);
}
