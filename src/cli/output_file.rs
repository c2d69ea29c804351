//! Where a command writes its output. A link is followed, a pipe or a device is written into, `-` is standard output, and
//! nothing that a command reads or that whyhow keeps is replaced.

use crate::cli::out;
use crate::store::error::reason;
use crate::store::file::private;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A place for output that may be written.
#[derive(Debug, PartialEq)]
pub enum OutputFile {
    Stdout,
    /// A pipe or a device, written into.
    Stream(PathBuf),
    /// A plain file, replaced as a whole, or a new one.
    Plain(PathBuf),
}

const SAFE: &str = "Nothing was written; choose another file.";

impl OutputFile {
    /// Where `path` leads. `data` is the folder of all products, `inputs` are the files that the command reads.
    ///
    /// # Errors
    ///
    /// Why nothing may be written there.
    pub fn at(path: &Path, data: &Path, inputs: &[PathBuf]) -> Result<OutputFile, String> {
        if path.as_os_str() == "-" {
            return Ok(OutputFile::Stdout);
        }
        let name = path.display();
        let target = resolved(path).map_err(|cause| format!("{name}: {}. {SAFE}", reason(&cause)))?;
        if data.canonicalize().is_ok_and(|data| target.starts_with(data)) {
            return Err(format!("{name} is in whyhow's data folder, which only whyhow writes. {SAFE}"));
        }
        if inputs.iter().any(|input| input.canonicalize().is_ok_and(|input| input == target)) {
            return Err(format!("{name} is the file that is read. {SAFE}"));
        }
        match std::fs::metadata(&target) {
            Ok(meta) if meta.is_dir() => Err(format!("{name} is a folder. {SAFE}")),
            Ok(meta) if !meta.is_file() => Ok(OutputFile::Stream(target)),
            _ => Ok(OutputFile::Plain(target)),
        }
    }

    /// Writes it all. A plain file is written beside the old one first, so that a full disk leaves that as it was. A
    /// reader that goes away is no failure.
    ///
    /// # Errors
    ///
    /// Why it could not be written; a plain file is then as it was.
    pub fn write(&self, bytes: &[u8]) -> std::io::Result<()> {
        match self {
            OutputFile::Stdout => {
                let mut stdout = std::io::stdout().lock();
                stdout.write_all(bytes).and_then(|()| stdout.flush())
            }
            OutputFile::Stream(path) => {
                let mut stream = std::fs::OpenOptions::new().write(true).open(path)?;
                match stream.write_all(bytes).and_then(|()| stream.flush()) {
                    Err(cause) if cause.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
                    done => done,
                }
            }
            OutputFile::Plain(path) => {
                let mut name = path.file_name().unwrap_or_default().to_os_string();
                name.push(format!(".new-{}", std::process::id()));
                let fresh = path.with_file_name(name);
                let written = write_private(&fresh, path, bytes).and_then(|()| std::fs::rename(&fresh, path));
                if written.is_err() {
                    let _ = std::fs::remove_file(&fresh);
                }
                written
            }
        }
    }

    /// Writes it all and returns the exit code; a failure is reported.
    pub fn put(&self, path: &Path, bytes: &[u8]) -> u8 {
        match (self, self.write(bytes)) {
            (OutputFile::Stdout, written) => out::code(written),
            (_, Ok(())) => 0,
            (_, Err(cause)) => {
                let why = reason(&cause);
                out::message(&format!("whyhow: Could not write {}: {why}. Everything saved is safe.", path.display()));
                1
            }
        }
    }
}

/// The file that a path leads to, through all links, whether it is there or not.
fn resolved(path: &Path) -> std::io::Result<PathBuf> {
    let mut path = path.to_path_buf();
    for _ in 0..40 {
        if let Ok(whole) = path.canonicalize() {
            return Ok(whole);
        }
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        match std::fs::read_link(&path) {
            Ok(link) => path = parent.join(link),
            Err(_) => return Ok(parent.canonicalize()?.join(path.file_name().unwrap_or_default())),
        }
    }
    Err(std::io::Error::other("too many links"))
}

/// As private as the product itself; permissions that somebody set on an older file stay.
fn write_private(fresh: &Path, older: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = private().write(true).create_new(true).open(fresh)?;
    if let Ok(older) = std::fs::metadata(older) {
        file.set_permissions(older.permissions())?;
    }
    file.write_all(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_what_is_read_or_kept_is_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().canonicalize().unwrap().join(name);
        std::fs::create_dir(at("data")).unwrap();
        std::fs::write(at("data/journal.jsonl"), "x").unwrap();
        std::fs::write(at("in.json"), "x").unwrap();
        for (link, to) in [("link", "real"), ("again", "link"), ("sly", "data/journal.jsonl"), ("loop", "loop")] {
            std::os::unix::fs::symlink(to, at(link)).unwrap();
        }
        let out = |name: &str| OutputFile::at(&at(name), &at("data"), &[at("in.json")]);
        assert_eq!(out("again"), Ok(OutputFile::Plain(at("real"))), "a link to nothing yet");
        out("link").unwrap().write(b"one").unwrap();
        assert_eq!(std::fs::read(at("real")).unwrap(), b"one");
        assert!(at("link").is_symlink());
        for bad in ["data/journal.jsonl", "data/new.json", "sly", "in.json", "data", "loop", "none/x"] {
            assert!(out(bad).is_err(), "{bad}");
        }
        assert_eq!(OutputFile::at(Path::new("-"), &at("data"), &[]), Ok(OutputFile::Stdout));
        assert_eq!(
            OutputFile::at(Path::new("/dev/null"), &at("data"), &[]),
            Ok(OutputFile::Stream("/dev/null".into()))
        );
    }
}
