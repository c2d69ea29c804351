//! Where an export of several files goes: a new or empty folder. They are written beside it first, so that the folder is
//! there as a whole or not at all.

use crate::store::error::reason;
use crate::store::file::{make_folder, private};
use std::io::{Error, ErrorKind, Write};
use std::path::{Component, Path, PathBuf};

const SAFE: &str = "Nothing was written; choose another folder.";

/// A folder that may be written.
#[derive(Debug, PartialEq)]
pub struct OutputFolder(PathBuf);

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
            Ok(true) => Ok(OutputFolder(target)),
            Ok(false) => Err(format!("{name} is not empty. {SAFE}")),
            Err(cause) if cause.kind() == ErrorKind::NotFound && !path.is_symlink() => Ok(OutputFolder(target)),
            Err(cause) => Err(format!("{name}: {}. {SAFE}", reason(&cause))),
        }
    }

    /// Writes all files by their paths in the folder.
    ///
    /// # Errors
    ///
    /// Why they could not be written; the folder is then as it was.
    pub fn write(&self, files: &[(String, Vec<u8>)]) -> std::io::Result<()> {
        let mut name = self.0.file_name().unwrap_or_default().to_os_string();
        name.push(format!(".new-{}", std::process::id()));
        let fresh = self.0.with_file_name(name);
        let written = fill(&fresh, files).and_then(|()| {
            // An empty folder gives way.
            let _ = std::fs::remove_dir(&self.0);
            std::fs::rename(&fresh, &self.0)
        });
        if written.is_err() {
            let _ = std::fs::remove_dir_all(&fresh);
        }
        written
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
            out(name).unwrap().write(&files).unwrap();
            assert_eq!(std::fs::read(at(name).join("tasks/b.md")).unwrap(), b"two");
            assert!(out(name).unwrap_err().contains("is not empty"), "a second time");
        }
        for bad in ["full", "file", "data", "data/new", "none/new"] {
            assert!(out(bad).is_err(), "{bad}");
        }
        let sly = vec![("../sly".to_string(), Vec::new())];
        assert!(out("third").unwrap().write(&sly).is_err());
        assert!(!at("third").exists() && !at("sly").exists());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 5, "nothing is left beside");
    }
}
