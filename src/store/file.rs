//! Single files and folders: private from the start, durable names, and marks that distinguish versions.

use crate::store::error::{At, Result, StoreError};
use std::fs::{self, File, OpenOptions};
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

/// Makes the names in a folder durable. A file system that does not support this is not an error.
pub fn sync_folder(path: &Path) -> Result<()> {
    if cfg!(windows) {
        return Ok(());
    }
    let folder = File::open(path).at("open the folder", path)?;
    match folder.sync_all() {
        Err(cause) if matches!(cause.kind(), std::io::ErrorKind::InvalidInput | std::io::ErrorKind::Unsupported) => {
            Ok(())
        }
        done => done.at("sync the folder", path),
    }
}

/// Reads a file; `None` if there is none.
///
/// # Errors
///
/// It is unreadable, or not a plain file: reading a pipe or a device could block forever.
pub fn read_file(path: &Path) -> Result<Option<Vec<u8>>> {
    match std::fs::metadata(path) {
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound && !path.is_symlink() => return Ok(None),
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
pub fn exchange(one: &Path, other: &Path) -> std::io::Result<bool> {
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
    pub inode: u64,
    pub size: u64,
    pub modified: u128,
}

impl Mark {
    pub fn of(meta: &fs::Metadata) -> Mark {
        let since = meta.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        #[cfg(unix)]
        let inode = std::os::unix::fs::MetadataExt::ino(meta);
        #[cfg(not(unix))]
        let inode = 0;
        Mark { inode, size: meta.len(), modified: since.map_or(0, |since| since.as_nanos()) }
    }

    /// For how long the file has not been changed; `None` if the clock says that it will be changed later.
    pub fn age(&self) -> Option<Duration> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_nanos();
        now.checked_sub(self.modified).and_then(|age| u64::try_from(age).ok()).map(Duration::from_nanos)
    }

    pub fn at(path: &Path) -> Option<Mark> {
        fs::metadata(path).ok().map(|meta| Mark::of(&meta))
    }
}
