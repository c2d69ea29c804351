//! Where an export or a report goes. A link is followed, a pipe or a device is written into, `-` is standard output, and
//! nothing that a command reads or that whyhow keeps is replaced.

use crate::store::error::reason;
use crate::store::file::private;
use std::io::{ErrorKind, Write};
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

/// Standard output by its path. It is written into as it is, since it may be a file that a shell appends to.
const STDOUT: &[&str] = &["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

const SAFE: &str = "Nothing was written; choose another file.";

impl OutputFile {
    /// Where `path` leads. `data` is the folder of all products, `inputs` are the files that the command reads.
    ///
    /// # Errors
    ///
    /// Why nothing may be written there.
    pub fn at(path: &Path, data: &Path, inputs: &[PathBuf]) -> Result<OutputFile, String> {
        if path.as_os_str() == "-" || STDOUT.iter().any(|known| path == Path::new(known)) {
            return Ok(OutputFile::Stdout);
        }
        if is_stream(path) {
            return Ok(OutputFile::Stream(path.to_path_buf()));
        }
        let name = path.display();
        let target = resolved(path).map_err(|cause| match cause.kind() {
            ErrorKind::NotFound => format!("The folder of {name} does not exist. {SAFE}"),
            _ => format!("{name}: {}. {SAFE}", reason(&cause)),
        })?;
        if data.canonicalize().is_ok_and(|data| target.starts_with(data)) {
            return Err(format!("{name} is in whyhow's data folder, which only whyhow writes. {SAFE}"));
        }
        if inputs.iter().any(|input| is_same(input, &target)) {
            return Err(format!("{name} is the file that is read. {SAFE}"));
        }
        if target.is_dir() { Err(format!("{name} is a folder. {SAFE}")) } else { Ok(OutputFile::Plain(target)) }
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
                let mut stream = std::fs::OpenOptions::new().append(true).open(path)?;
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
}

/// True for a pipe, a device, and a file that somebody else has opened for us: such a path may lead to no name at all.
fn is_stream(path: &Path) -> bool {
    let is_open = ["/dev/fd", "/proc/self/fd"].iter().any(|folder| path.starts_with(folder));
    is_open || path == Path::new("/dev/stderr") || path.metadata().is_ok_and(|meta| !meta.is_file() && !meta.is_dir())
}

/// True if an input is that file, by whatever name; `-` is standard input.
fn is_same(input: &Path, target: &Path) -> bool {
    let input = if input.as_os_str() == "-" { Path::new("/dev/stdin") } else { input };
    input.canonicalize().is_ok_and(|input| input == target) || is_one_file(input, target)
}

#[cfg(unix)]
fn is_one_file(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |path: &Path| std::fs::metadata(path).ok().map(|meta| (meta.dev(), meta.ino()));
    place(a).is_some_and(|one| Some(one) == place(b))
}

#[cfg(not(unix))]
fn is_one_file(_: &Path, _: &Path) -> bool {
    false
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
    #[cfg(unix)]
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
        std::fs::hard_link(at("in.json"), at("same.json")).unwrap();
        assert!(out("same.json").is_err(), "another name of the file that is read");
        for bad in ["data/journal.jsonl", "data/new.json", "sly", "in.json", "data", "loop", "none/x"] {
            assert!(out(bad).is_err(), "{bad}");
        }
        for stdout in ["-", "/dev/stdout", "/dev/fd/1"] {
            assert_eq!(OutputFile::at(Path::new(stdout), &at("data"), &[]), Ok(OutputFile::Stdout));
        }
        let missing = out("none/x").unwrap_err();
        assert!(missing.starts_with("The folder of ") && missing.contains(" does not exist. Nothing"), "{missing}");
        assert_eq!(
            OutputFile::at(Path::new("/dev/null"), &at("data"), &[]),
            Ok(OutputFile::Stream("/dev/null".into()))
        );
    }
}
