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
    match (text.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        (None, Some(home)) if text == "~" => home.to_path_buf(),
        _ => PathBuf::from(text),
    }
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
