//! Where an export of several files goes: a new or empty folder, where they are written beside it first, so that it is
//! there as a whole or not at all; or the folder of an earlier export.

use crate::store::error::reason;
use crate::store::file::{make_folder, private};
use crate::tui::state::output_list::{LIST, OutputList};
use std::io::{Error, ErrorKind, Write};
use std::path::{Component, Path, PathBuf};

const SAFE: &str = "Nothing was written; choose another folder.";

/// A folder that may be written, and what an earlier export left in it.
#[derive(Debug, PartialEq)]
pub struct OutputFolder(PathBuf, Option<OutputList>);

impl OutputFolder {
    /// Where `path` leads. `data` is the folder of all products.
    ///
    /// # Errors
    ///
    /// Why nothing may be written there: something is there already, or whyhow keeps its own files there.
    pub fn at(path: &Path, data: &Path) -> Result<OutputFolder, String> {
        let name = path.display();
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let target = match (path.canonicalize(), parent.canonicalize(), path.file_name()) {
            (Ok(whole), ..) => whole,
            (Err(_), Ok(parent), Some(file)) => parent.join(file),
            _ => return Err(format!("The folder around {name} does not exist. {SAFE}")),
        };
        if data.canonicalize().is_ok_and(|data| target.starts_with(data)) {
            return Err(format!("{name} is in whyhow's data folder, which only whyhow writes. {SAFE}"));
        }
        match std::fs::read_dir(&target).map(|mut all| all.next().is_none()) {
            Ok(true) => Ok(OutputFolder(target, None)),
            Ok(false) => match OutputList::read(&target) {
                Some(list) => Ok(OutputFolder(target, Some(list))),
                None => Err(format!(
                    "{name} is not empty. Nothing was written, as its files are not of an earlier export; choose a new folder, \
                     or import this one first."
                )),
            },
            Err(cause) if cause.kind() == ErrorKind::NotFound && !path.is_symlink() => Ok(OutputFolder(target, None)),
            Err(cause) => Err(format!("{name}: {}. {SAFE}", reason(&cause))),
        }
    }

    /// Writes all files by their paths in the folder. `key` says which product they are of. Returns what there is to say
    /// of a folder that had files before.
    ///
    /// # Errors
    ///
    /// Why they could not be written; a new folder is then as it was.
    pub fn write(self, key: &str, files: &[(String, Vec<u8>)]) -> std::io::Result<Vec<String>> {
        let OutputFolder(target, list) = self;
        if let Some(list) = list {
            if !list.is_of(key) {
                return Err(Error::other("the folder holds the export of another product; choose another folder"));
            }
            return list.update(&target, files).map(|done| done.lines());
        }
        let mut name = target.file_name().unwrap_or_default().to_os_string();
        name.push(format!(".new-{}", std::process::id()));
        let fresh = target.with_file_name(name);
        let list = (LIST.to_string(), OutputList::of(key, files).to_text().into_bytes());
        let written = fill(&fresh, files).and_then(|()| fill(&fresh, &[list])).and_then(|()| {
            // An empty folder gives way.
            let _ = std::fs::remove_dir(&target);
            std::fs::rename(&fresh, &target)
        });
        if written.is_err() {
            let _ = std::fs::remove_dir_all(&fresh);
        }
        written.map(|()| Vec::new())
    }
}

fn fill(folder: &Path, files: &[(String, Vec<u8>)]) -> std::io::Result<()> {
    make(folder)?;
    for (name, bytes) in files {
        // No name leads out of the folder.
        if Path::new(name).components().any(|part| !matches!(part, Component::Normal(_))) {
            return Err(Error::other(format!("{name:?} is no name of a file")));
        }
        let path = folder.join(name);
        path.parent().map_or(Ok(()), make)?;
        private().write(true).create_new(true).open(&path)?.write_all(bytes)?;
    }
    Ok(())
}

fn make(folder: &Path) -> std::io::Result<()> {
    if folder.is_dir() { Ok(()) } else { make_folder(folder).map_err(|error| Error::other(error.to_string())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_comes_as_a_whole_and_replaces_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        for folder in ["data", "empty", "full"] {
            std::fs::create_dir(at(folder)).unwrap();
        }
        std::fs::write(at("full/kept"), "x").unwrap();
        std::fs::write(at("file"), "x").unwrap();
        let out = |name: &str| OutputFolder::at(&at(name), &at("data"));
        let files = vec![("a.md".to_string(), b"one".to_vec()), ("tasks/b.md".to_string(), b"two".to_vec())];
        for name in ["new", "empty"] {
            assert!(out(name).unwrap().write("P", &files).unwrap().is_empty());
            assert_eq!(std::fs::read(at(name).join("tasks/b.md")).unwrap(), b"two");
            let again = out(name).unwrap().write("P", &files).unwrap();
            assert_eq!(again, ["Files of the earlier export: 2 unchanged."], "a second time");
            assert!(out(name).unwrap().write("Q", &files).is_err(), "of another product");
        }
        for bad in ["full", "file", "data", "data/new", "none/new"] {
            assert!(out(bad).is_err(), "{bad}");
        }
        let sly = vec![("../sly".to_string(), Vec::new())];
        assert!(out("third").unwrap().write("P", &sly).is_err());
        assert!(!at("third").exists() && !at("sly").exists());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 5, "nothing is left beside");
    }
}
