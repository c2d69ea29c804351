//! Single files and folders: private from the start, durable names, and marks that distinguish versions. What systems do
//! differently is settled here.

use crate::store::error::{At, Result, StoreError};
use crate::store::fault_injection::lacks;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The paths in a folder, in no order; none if it is unreadable.
pub fn names(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect()
}

/// Options for files that only their owner may read.
pub fn private() -> OpenOptions {
    let options = OpenOptions::new();
    #[cfg(unix)]
    let options = {
        let mut private = options;
        std::os::unix::fs::OpenOptionsExt::mode(&mut private, 0o600);
        private
    };
    options
}

/// Creates a folder that only its owner may enter, and its parents.
pub fn make_folder(path: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).at("make the folder", path)
}

/// Makes a file durable.
pub fn sync(file: &File) -> io::Result<()> {
    match file.sync_all() {
        // A share on macOS may know only the plain call.
        #[cfg(target_vendor = "apple")]
        Err(cause) if is_unsupported(&cause) => rustix::fs::fsync(file).map_err(io::Error::from),
        done => done,
    }
}

/// Makes the names in a folder durable. A file system that does not support this is not an error.
pub fn sync_folder(path: &Path) -> Result<()> {
    if cfg!(windows) {
        return Ok(());
    }
    let folder = File::open(path).at("open the folder", path)?;
    match sync(&folder) {
        Err(cause) if is_unsupported(&cause) => Ok(()),
        done => done.at("sync the folder", path),
    }
}

fn is_unsupported(cause: &io::Error) -> bool {
    // ENOTSUP has a number of its own on Apple's systems.
    matches!(cause.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported)
        || (cfg!(target_vendor = "apple") && cause.raw_os_error() == Some(45))
}

/// Truncates a file that is open for appending. Windows does not allow that with such a handle.
pub fn cut(file: &File, path: &Path, length: u64) -> io::Result<()> {
    if cfg!(windows) {
        return OpenOptions::new().write(true).open(path)?.set_len(length);
    }
    file.set_len(length)
}

/// Gives a file the name of another, which it replaces.
///
/// # Errors
///
/// Both are as they were. Some systems refuse if the other one is open.
pub fn replace(from: &Path, to: &Path) -> io::Result<()> {
    if lacks("replace") && is_open(to) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    fs::rename(from, to)
}

/// True if this program has the file open.
fn is_open(path: &Path) -> bool {
    let Ok(path) = fs::canonicalize(path) else { return false };
    names(Path::new("/proc/self/fd")).iter().any(|open| fs::read_link(open).is_ok_and(|open| open == path))
}

/// Reads a file; `None` if there is none.
///
/// # Errors
///
/// It is unreadable, or not a plain file: reading a pipe or a device could block forever.
pub fn read_file(path: &Path) -> Result<Option<Vec<u8>>> {
    match std::fs::metadata(path) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound && !path.is_symlink() => return Ok(None),
        Err(cause) => return Err(cause).at("read", path),
        // A pipe or a device would block forever.
        Ok(meta) if !meta.is_file() => {
            let why = "it is not a plain file".to_string();
            return Err(StoreError::Damaged { path: path.to_path_buf(), line: None, why });
        }
        Ok(_) => {}
    }
    std::fs::read(path).at("read", path).map(Some)
}

/// Lets two files change places, so that what another program has put there meanwhile is not lost. Returns false if the
/// system cannot do that; then nothing has changed.
///
/// # Errors
///
/// Nothing has changed, for another reason: one of the files is missing, or the folder cannot be written to.
pub fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
    if lacks("exchange") {
        return Ok(false);
    }
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
            Ok(()) => Ok(true),
            Err(Errno::NOSYS | Errno::INVAL | Errno::NOTSUP) => Ok(false),
            Err(errno) => Err(errno.into()),
        }
    }
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    {
        let _ = (one, other);
        Ok(false)
    }
}

/// Distinguishes versions of a file without reading it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Mark {
    /// Distinguishes files, not their contents. `None` where the system does not say it.
    pub identity: Option<u64>,
    pub size: u64,
    pub modified: u128,
}

impl Mark {
    pub fn of(file: &File) -> io::Result<Mark> {
        Ok(Mark { identity: identity(file), ..Mark::without_identity(&file.metadata()?) })
    }

    pub fn at(path: &Path) -> Option<Mark> {
        #[cfg(unix)]
        {
            let meta = fs::metadata(path).ok()?;
            Some(Mark { identity: number(&meta), ..Mark::without_identity(&meta) })
        }
        #[cfg(not(unix))]
        {
            let opened = File::open(path).ok().and_then(|file| Mark::of(&file).ok());
            // A folder cannot be opened.
            opened.or_else(|| fs::metadata(path).ok().map(|meta| Mark::without_identity(&meta)))
        }
    }

    fn without_identity(meta: &fs::Metadata) -> Mark {
        let since = meta.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        Mark { identity: None, size: meta.len(), modified: since.map_or(0, |since| since.as_nanos()) }
    }

    /// For how long the file has not been changed; `None` if the clock says that it will be changed later.
    pub fn age(&self) -> Option<Duration> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_nanos();
        now.checked_sub(self.modified).and_then(|age| u64::try_from(age).ok()).map(Duration::from_nanos)
    }
}

#[cfg(unix)]
fn number(meta: &fs::Metadata) -> Option<u64> {
    Some(std::os::unix::fs::MetadataExt::ino(meta)).filter(|number| *number != 0 && !lacks("identity"))
}

#[cfg(unix)]
fn identity(file: &File) -> Option<u64> {
    file.metadata().ok().and_then(|meta| number(&meta))
}

#[cfg(windows)]
fn identity(file: &File) -> Option<u64> {
    winapi_util::file::information(file).ok().map(|known| known.file_index()).filter(|number| *number != 0)
}

#[cfg(not(any(unix, windows)))]
fn identity(_: &File) -> Option<u64> {
    None
}
