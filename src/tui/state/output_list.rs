//! The list of what an export wrote into a folder, by which the next one knows its own files: those are written anew, and
//! nothing that anybody else wrote or changed is touched.

use crate::tui::state::output_file::OutputFile;
use rustc_hash::{FxHashMap, FxHashSet};
use std::io::Error;
use std::path::{Component, Path, PathBuf};

/// The name of the list; tools pass over a hidden file.
pub const LIST: &str = ".whyhow-export";
const HEAD: &str = "whyhow export";

/// What an export wrote.
#[derive(Debug, Default, PartialEq)]
pub struct OutputList {
    /// The product that it came from.
    key: String,
    /// The checksums that a file had when it was written, by its path in the folder.
    files: FxHashMap<String, Vec<u32>>,
}

/// What became of the files of an export.
#[derive(Debug, Default, PartialEq)]
pub struct OutputCounts {
    pub new: usize,
    pub changed: usize,
    pub same: usize,
    /// Files that this export has no more, removed.
    pub removed: usize,
    /// Left as they are, since somebody else wrote or changed them.
    pub left: Vec<String>,
}

impl OutputList {
    pub fn of(key: &str, files: &[(String, Vec<u8>)]) -> OutputList {
        let files = files.iter().map(|(name, bytes)| (name.clone(), vec![crc32fast::hash(bytes)])).collect();
        OutputList { key: key.to_string(), files }
    }

    /// The list in a folder, if an export left one.
    pub fn read(folder: &Path) -> Option<OutputList> {
        let text = std::fs::read_to_string(folder.join(LIST)).ok()?;
        let mut lines = text.lines();
        let key = lines.next()?.strip_prefix(HEAD)?.trim().to_string();
        let mut files: FxHashMap<String, Vec<u32>> = FxHashMap::default();
        for (sum, name) in lines.filter_map(|line| line.split_once(' ')) {
            files.entry(name.to_string()).or_default().extend(u32::from_str_radix(sum, 16));
        }
        Some(OutputList { key, files })
    }

    pub fn is_of(&self, key: &str) -> bool {
        self.key == key
    }

    pub fn to_text(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        for (name, sums) in &self.files {
            lines.extend(sums.iter().map(|sum| format!("{sum:08x} {name}\n")));
        }
        lines.sort_by(|a, b| a.split_once(' ').map(|(_, name)| name).cmp(&b.split_once(' ').map(|(_, name)| name)));
        format!("{HEAD} {}\n{}", self.key, lines.concat())
    }

    /// Writes the files of a later export into the folder of this one.
    ///
    /// # Errors
    ///
    /// A file could not be written. Those before it are, and the next export goes on from there.
    pub fn update(self, folder: &Path, files: &[(String, Vec<u8>)]) -> std::io::Result<OutputCounts> {
        let mut out = OutputCounts::default();
        let mut list = OutputList { key: self.key.clone(), files: FxHashMap::default() };
        let is_own = |name: &str, sum: u32| self.files.get(name).is_some_and(|sums| sums.contains(&sum));
        let wanted: FxHashSet<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        // Files of others, by what they are about: a story has one file, wherever somebody moved it.
        let mut others: FxHashMap<String, String> = FxHashMap::default();
        let mut stale: Vec<String> = Vec::new();
        for name in names(folder)? {
            let Some(sum) = sum_of(folder, &name) else { continue };
            match (is_own(&name, sum), wanted.contains(name.as_str())) {
                (true, true) => {}
                (true, false) => stale.push(name),
                (false, _) => drop(others.insert(about(&name), name)),
            }
        }
        let mut todo: Vec<&(String, Vec<u8>)> = Vec::new();
        for one in files {
            let (name, bytes) = one;
            let sum = crc32fast::hash(bytes);
            let there = folder.join(name).symlink_metadata().is_ok();
            match others.get(&about(name)) {
                Some(other) if other == name && sum_of(folder, name) == Some(sum) => {
                    out.same = out.same.saturating_add(1)
                }
                Some(other) => {
                    out.left.push(other.clone());
                    continue;
                }
                // A link or a folder of that name is somebody else's.
                None if there && sum_of(folder, name).is_none() => {
                    out.left.push(name.clone());
                    continue;
                }
                None if there && sum_of(folder, name) == Some(sum) => out.same = out.same.saturating_add(1),
                None => {
                    let count = if there { &mut out.changed } else { &mut out.new };
                    *count = count.saturating_add(1);
                    todo.push(one);
                }
            }
            list.files.insert(name.clone(), vec![sum]);
        }
        // If it ends halfway, files of before and of now are known.
        let mut both = OutputList { key: self.key.clone(), files: self.files.clone() };
        for (name, sums) in &list.files {
            both.files.entry(name.clone()).or_default().extend(sums);
        }
        write(folder, LIST, both.to_text().as_bytes())?;
        for (name, bytes) in todo {
            write(folder, name, bytes)?;
        }
        for name in stale {
            std::fs::remove_file(folder.join(&name))?;
            out.removed = out.removed.saturating_add(1);
        }
        write(folder, LIST, list.to_text().as_bytes())?;
        Ok(out)
    }
}

impl OutputCounts {
    /// What was written, a sentence each.
    pub fn lines(&self) -> Vec<String> {
        let parts = [
            (self.new, "new"),
            (self.changed, "changed"),
            (self.same, "unchanged"),
            (self.removed, "removed that this export no longer has"),
        ];
        let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
        let mut out = vec![format!("Files of the earlier export: {}.", parts.collect::<Vec<_>>().join(", "))];
        if let Some(first) = self.left.first() {
            let files = crate::model::grammar::count(self.left.len(), "file", "files");
            let was = if self.left.len() == 1 { "was" } else { "were" };
            out.push(format!(
                "{files} {was} written or changed by others and left alone, such as {first}. Import the folder first to take that in."
            ));
        }
        out
    }
}

/// What a file is about: the number before the title in its name.
fn about(name: &str) -> String {
    let base = name.rsplit('/').next().unwrap_or(name);
    let head = base.split_once(" - ").map_or(base, |(head, _)| head);
    head.strip_suffix(".md").unwrap_or(head).to_lowercase()
}

/// The checksum of a plain file in the folder, reached through plain folders.
fn sum_of(folder: &Path, name: &str) -> Option<u32> {
    let path = plain(folder, name)?;
    path.symlink_metadata().is_ok_and(|meta| meta.is_file()).then_some(())?;
    std::fs::read(path).ok().map(|bytes| crc32fast::hash(&bytes))
}

/// The path of a file; nothing if it would lead out of the folder, by its name or by a link.
fn plain(folder: &Path, name: &str) -> Option<PathBuf> {
    let mut path = folder.to_path_buf();
    for part in Path::new(name).components() {
        let is_link = path != folder && path.symlink_metadata().is_ok_and(|meta| !meta.is_dir());
        if is_link || !matches!(part, Component::Normal(_)) {
            return None;
        }
        path.push(part);
    }
    Some(path)
}

/// All files in the folder and in the folders in it, hidden ones aside.
fn names(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut out = Vec::new();
    let mut open = vec![String::new()];
    while let Some(place) = open.pop() {
        for entry in std::fs::read_dir(folder.join(&place))? {
            let entry = entry?;
            let Some(name) = entry.file_name().to_str().filter(|name| !name.starts_with('.')).map(str::to_string)
            else {
                continue;
            };
            let name = if place.is_empty() { name } else { format!("{place}/{name}") };
            match entry.file_type()?.is_dir() {
                true => open.push(name),
                false => out.push(name),
            }
        }
    }
    out.sort();
    Ok(out)
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let path = plain(folder, name).ok_or_else(|| Error::other(format!("{name:?} is no name of a file")))?;
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    OutputFile::Plain(path).write(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(all: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
        all.iter().map(|(name, text)| (name.to_string(), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn a_later_export_writes_its_own_files_and_no_others() {
        let dir = tempfile::tempdir().unwrap();
        let read = |name: &str| std::fs::read_to_string(dir.path().join(name)).ok();
        let first = files(&[
            ("tasks/task-1 - Pay.md", "one"),
            ("tasks/task-2 - Moor.md", "two"),
            ("tasks/task-3 - Sell.md", "three"),
            ("tasks/task-4 - Ring.md", "four"),
        ]);
        OutputList { key: "P".into(), ..OutputList::default() }.update(dir.path(), &first).unwrap();
        // Somebody changes one, moves one, and adds one.
        std::fs::write(dir.path().join("tasks/task-2 - Moor.md"), "mine").unwrap();
        std::fs::create_dir(dir.path().join("completed")).unwrap();
        std::fs::rename(dir.path().join("tasks/task-4 - Ring.md"), dir.path().join("completed/task-4 - Ring.md"))
            .unwrap();
        std::fs::write(dir.path().join("tasks/notes.md"), "notes").unwrap();
        let list = OutputList::read(dir.path()).unwrap();
        assert!(list.is_of("P") && !list.is_of("Q"));
        let later = files(&[
            ("completed/task-1 - Pay.md", "one, done"),
            ("tasks/task-2 - Moor.md", "two, later"),
            ("tasks/task-3 - Sell.md", "three"),
            ("tasks/task-4 - Ring.md", "four, later"),
            ("tasks/task-5 - New.md", "five"),
        ]);
        let done = list.update(dir.path(), &later).unwrap();
        assert_eq!((done.new, done.changed, done.same, done.removed), (2, 0, 1, 1), "{done:?}");
        assert_eq!(done.left, ["tasks/task-2 - Moor.md", "completed/task-4 - Ring.md"]);
        assert_eq!(read("tasks/task-2 - Moor.md").as_deref(), Some("mine"));
        assert_eq!(read("tasks/notes.md").as_deref(), Some("notes"));
        assert_eq!(read("completed/task-1 - Pay.md").as_deref(), Some("one, done"));
        assert_eq!((read("tasks/task-1 - Pay.md"), read("tasks/task-4 - Ring.md")), (None, None));
        assert!(done.lines()[1].starts_with("2 files were written or changed by others"), "{:?}", done.lines());
        let again = OutputList::read(dir.path()).unwrap().update(dir.path(), &later).unwrap();
        assert_eq!((again.new, again.changed, again.same, again.removed), (0, 0, 3, 0), "{again:?}");
        let sly = files(&[("../sly.md", "x")]);
        assert!(OutputList::read(dir.path()).unwrap().update(dir.path(), &sly).is_err());
    }
}
