//! The lock: one writer at a time, held for milliseconds. The file is empty of meaning; the kernel keeps the lock and
//! frees it when its holder dies.

use crate::store::error::{At, Result, StoreError};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long a session waits for another one before it says so.
pub const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub struct Lock {
    file: File,
    path: PathBuf,
}

/// Held until dropped.
#[derive(Debug)]
pub struct Held<'a>(&'a File);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        // The kernel frees it at the latest when the file is closed.
        let _ = self.0.unlock();
    }
}

impl Lock {
    pub fn open(path: &Path) -> Result<Lock> {
        let file = super::folder::private().read(true).write(true).create(true).truncate(false).open(path);
        Ok(Lock { file: file.at("open", path)?, path: path.to_path_buf() })
    }

    /// For who may not write: the lock file where it may be read, else the folder itself, which can be locked as well.
    pub fn look(folder: &super::folder::Folder) -> Result<Lock> {
        let path = folder.lock();
        let file = File::open(&path).or_else(|_| File::open(&folder.0)).at("open", &path)?;
        Ok(Lock { file, path })
    }

    /// The lock itself, or the error after `PATIENCE`. `lock()` is not used: it gives up on any signal.
    pub fn take(&self) -> Result<Held<'_>> {
        self.try_until(File::try_lock)
    }

    pub fn take_shared(&self) -> Result<Held<'_>> {
        self.try_until(File::try_lock_shared)
    }

    fn try_until(&self, attempt: fn(&File) -> std::result::Result<(), TryLockError>) -> Result<Held<'_>> {
        let (begun, mut interrupted) = (Instant::now(), 0);
        loop {
            match attempt(&self.file) {
                Ok(()) => return Ok(Held(&self.file)),
                Err(TryLockError::WouldBlock) => {}
                // A signal or two is normal; without end it is a fault of the system, and waiting does not help.
                Err(TryLockError::Error(cause))
                    if cause.kind() == std::io::ErrorKind::Interrupted && interrupted < 20 =>
                {
                    interrupted += 1;
                }
                Err(TryLockError::Error(cause)) => return Err(cause).at("lock", &self.path),
            }
            if begun.elapsed() > PATIENCE {
                return Err(StoreError::Busy { path: self.path.clone() });
            }
            // Random, so that two that wait do not meet again and again.
            std::thread::sleep(Duration::from_micros(fastrand::u64(1000..5000)));
        }
    }
}
