//! Paths as people type, paste or drag them into a line.

use std::path::{Path, PathBuf};

/// A path that starts at the root or home; a relative path would depend on where the program was started.
pub fn whole_path(text: &str, home: Option<&Path>) -> Option<PathBuf> {
    Some(typed_path(text, home)).filter(|path| path.is_absolute())
}

/// The path that was meant: without quotes, without the backslashes of a shell, with `~` as the home folder, from a
/// `file://` address. Terminals put a file that is dropped on them into the line in one of these forms.
pub fn typed_path(text: &str, home: Option<&Path>) -> PathBuf {
    let text = text.trim();
    let quoted = ['\'', '"'].iter().find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote));
    let text = match (quoted, text.strip_prefix("file://")) {
        (Some(text), _) => text.to_string(),
        (None, Some(rest)) => decoded(rest.trim_start_matches("localhost")),
        (None, None) if cfg!(windows) => text.to_string(),
        (None, None) => without_escapes(text),
    };
    from_home(text, home)
}

fn from_home(text: String, home: Option<&Path>) -> PathBuf {
    match (text.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        (None, Some(home)) if text == "~" => home.to_path_buf(),
        _ => PathBuf::from(text),
    }
}

/// Several paths, parted by blanks as in a shell; `*` and `?` in a name stand for the files that fit. A path with blanks
/// needs neither quotes nor backslashes where it is the only one.
pub fn typed_paths(text: &str, home: Option<&Path>) -> Vec<PathBuf> {
    let alone = typed_path(text, home);
    let parts = shell_parts(text);
    if parts.len() < 2 && !text.contains(['*', '?']) || alone.exists() {
        return vec![alone];
    }
    let path = |part: &str| match part.starts_with("file://") {
        true => typed_path(part, home),
        false => from_home(unquoted(part), home),
    };
    parts.into_iter().map(path).flat_map(|path| fitting(&path)).collect()
}

/// `'my files/'*.csv` → `my files/*.csv`.
fn unquoted(part: &str) -> String {
    let (mut out, mut quote) = (String::with_capacity(part.len()), None);
    let mut letters = part.chars();
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            ('\'' | '"', None) => quote = Some(letter),
            (letter, Some(open)) if letter == open => quote = None,
            ('\\', None) if !cfg!(windows) => out.extend(letters.next()),
            (letter, _) => out.push(letter),
        }
    }
    out
}

/// The parts of a line, with their quotes and backslashes.
fn shell_parts(text: &str) -> Vec<&str> {
    let (mut parts, mut begun, mut quote, mut escaped) = (Vec::new(), None, None, false);
    for (at, letter) in text.char_indices() {
        let ends = letter.is_whitespace() && quote.is_none() && !escaped;
        match (ends, begun) {
            (true, Some(from)) => {
                parts.extend(text.get(from..at));
                begun = None;
            }
            (false, None) => begun = Some(at),
            _ => {}
        }
        match (letter, quote) {
            _ if escaped => {}
            ('\'' | '"', None) => quote = Some(letter),
            (letter, Some(open)) if letter == open => quote = None,
            _ => {}
        }
        escaped = letter == '\\' && !escaped && quote.is_none() && !cfg!(windows);
    }
    parts.extend(begun.and_then(|from| text.get(from..)));
    parts
}

/// The files that a path with `*` and `?` in its last name stands for; the path itself where there are none.
fn fitting(path: &Path) -> Vec<PathBuf> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if !name.contains(['*', '?']) || path.exists() {
        return vec![path.to_path_buf()];
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let fits_name = |path: &PathBuf| {
        let other = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        fits(&name, &other) && (name.starts_with('.') || !other.starts_with('.'))
    };
    let mut all: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(fits_name).filter(|path| path.is_file()).collect();
    all.sort();
    if all.is_empty() { vec![path.to_path_buf()] } else { all }
}

/// Whether a name fits a pattern of letters, `*` and `?`.
fn fits(pattern: &str, name: &str) -> bool {
    let name: Vec<char> = name.chars().collect();
    // The places in the name up to which the pattern so far can reach.
    let mut reached: Vec<bool> = std::iter::once(true).chain(name.iter().map(|_| false)).collect();
    for letter in pattern.chars() {
        let mut next = vec![false; reached.len()];
        let mut before = false;
        for (at, to) in next.iter_mut().enumerate() {
            let here = reached.get(at).copied().unwrap_or_default();
            let last = at.checked_sub(1);
            let step = last.and_then(|last| reached.get(last)).copied().unwrap_or_default();
            let same = last.and_then(|last| name.get(last)).is_some_and(|one| letter == '?' || *one == letter);
            *to = if letter == '*' { here || before } else { step && same };
            before = *to;
        }
        reached = next;
    }
    reached.last().copied().unwrap_or_default()
}

/// As [`completed`], for the last of several paths.
pub fn completed_last(text: &str, home: Option<&Path>) -> (String, Vec<String>) {
    let parts = shell_parts(text);
    let Some((last, before)) = parts.split_last() else { return completed(text, home) };
    let are_files = !before.is_empty() && before.iter().all(|part| typed_path(part, home).is_file());
    // A blank at the end begins another path.
    let (head, tail) = match text.ends_with(char::is_whitespace) && typed_path(last, home).is_file() {
        true => (text, ""),
        false if are_files => text.split_at_checked(text.len().saturating_sub(last.len())).unwrap_or(("", text)),
        false => return completed(text, home),
    };
    let (tail, names) = completed(tail, home);
    let tail = if cfg!(windows) || tail.contains('\\') { tail } else { tail.replace(' ', "\\ ") };
    (format!("{head}{tail}"), names)
}

/// `my\ file` → `my file`.
fn without_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => out.extend(letters.next()),
            letter => out.push(letter),
        }
    }
    out
}

/// `my%20file` → `my file`.
fn decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                out.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The text as far as all files go on from it, and the names that are possible then. Folders end in `/`.
pub fn completed(text: &str, home: Option<&Path>) -> (String, Vec<String>) {
    let (head, begun) = text.rsplit_once('/').map_or(("", text), |(head, begun)| (head, begun));
    let folder = match (head, text.contains('/')) {
        ("", true) => PathBuf::from("/"),
        ("", false) => PathBuf::from("."),
        (head, _) => typed_path(head, home),
    };
    let begun = without_escapes(begun);
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok().filter(|name| name.starts_with(&begun))?;
            // Hidden files are shown to those who ask for them.
            let shown = begun.starts_with('.') || !name.starts_with('.');
            let is_folder = entry.path().is_dir();
            shown.then(|| if is_folder { format!("{name}/") } else { name })
        })
        .take(10_000)
        .collect();
    names.sort();
    let Some(first) = names.first() else { return (text.to_string(), names) };
    let same = |name: &String| first.chars().zip(name.chars()).take_while(|(a, b)| a == b).count();
    let shared = names.iter().map(same).min().unwrap_or(0);
    let shared: String = first.chars().take(shared).collect();
    let before = if text.contains('/') { format!("{head}/") } else { String::new() };
    let escaped = if cfg!(windows) { shared } else { shared.replace('\\', "\\\\") };
    (format!("{before}{escaped}"), names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_from_its_beginning_on_is_taken() {
        let home = Some(Path::new("/home/mia"));
        assert_eq!(whole_path("~/copy", home), Some("/home/mia/copy".into()));
        assert_eq!(whole_path("~", home), Some("/home/mia".into()));
        assert_eq!(whole_path("/media/stick", home), Some("/media/stick".into()));
        for text in ["copy", "./copy", "../copy", "~mia/copy"] {
            assert_eq!(whole_path(text, home), None, "{text}");
        }
        assert_eq!(whole_path("~/copy", None), None);
    }

    #[test]
    fn a_dropped_file_is_found_in_whatever_form_it_comes() {
        for text in [
            "/tmp/my file.csv",
            "'/tmp/my file.csv' ",
            "\"/tmp/my file.csv\"",
            "/tmp/my\\ file.csv",
            "file:///tmp/my%20file.csv",
        ] {
            assert_eq!(typed_path(text, None), Path::new("/tmp/my file.csv"), "{text}");
        }
        assert_eq!(typed_path("issues.json", None), Path::new("issues.json"));
        assert_eq!(typed_path("file:///tmp/100%.csv", None), Path::new("/tmp/100%.csv"));
    }

    #[test]
    fn several_paths_are_parted_as_in_a_shell() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["jira-1.csv", "jira-2.csv", "my plan.csv", ".hidden.csv", "notes.md"] {
            std::fs::write(at(name), "").unwrap();
        }
        let shown = folder.path().display();
        let typed = |text: &str| typed_paths(text, None);
        assert_eq!(typed(&format!("{shown}/my plan.csv")), [at("my plan.csv")], "one file with a blank");
        let three = [at("jira-2.csv"), at("my plan.csv"), at("jira-1.csv")];
        assert_eq!(typed(&format!("{shown}/jira-2.csv '{shown}/my plan.csv'  {shown}/jira-1.csv ")), three);
        assert_eq!(typed(&format!("{shown}/jira-2.csv {shown}/my\\ plan.csv {shown}/jira-1.csv")), three);
        assert_eq!(typed(&format!("{shown}/jira-?.csv")), [at("jira-1.csv"), at("jira-2.csv")]);
        assert_eq!(typed(&format!("{shown}/*.csv")).len(), 3, "without what is hidden");
        assert_eq!(typed(&format!("{shown}/x*.csv")), [at("x*.csv")]);
        let (text, _) = completed_last(&format!("{shown}/jira-1.csv {shown}/my"), None);
        assert_eq!(text, format!("{shown}/jira-1.csv {shown}/my\\ plan.csv"));
        let (text, names) = completed_last(&format!("{shown}/jira-1.csv {shown}/jira-"), None);
        assert_eq!((text, names.len()), (format!("{shown}/jira-1.csv {shown}/jira-"), 2));
    }

    #[test]
    fn a_pattern_fits_names() {
        for (pattern, name, fitting) in [
            ("*.csv", "a.csv", true),
            ("a*c", "abbc", true),
            ("a*c", "ab", false),
            ("?.md", "ab.md", false),
            ("*", "", true),
        ] {
            assert_eq!(fits(pattern, name), fitting, "{pattern} {name}");
        }
    }

    #[test]
    fn a_path_is_completed_as_far_as_all_names_go() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["issues-open.json", "issues-all.json", ".hidden"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        std::fs::create_dir(folder.path().join("boards")).unwrap();
        let at = folder.path().display().to_string();
        let (text, names) = completed(&format!("{at}/iss"), None);
        assert_eq!((text, names.len()), (format!("{at}/issues-"), 2));
        assert_eq!(completed(&format!("{at}/b"), None).0, format!("{at}/boards/"));
        assert_eq!(completed(&format!("{at}/"), None).1.len(), 3, "without what is hidden");
        assert_eq!(completed("~/b", Some(folder.path())).0, "~/boards/");
        assert_eq!(completed(&format!("{at}/none"), None), (format!("{at}/none"), Vec::new()));
    }
}
