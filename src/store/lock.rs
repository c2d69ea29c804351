//! The lock: one writer at a time, held for milliseconds. The file is empty of meaning; the kernel keeps the lock and
//! frees it when its holder dies.

use crate::store::error::{At, Result, StoreError};
use crate::store::file::{Mark, private};
use crate::store::folder::Folder;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a session waits for another one before it says so.
pub const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub struct Lock {
    /// Reopened if somebody deleted the file: a lock on a file without a name keeps nobody out.
    file: Mutex<Arc<File>>,
    path: PathBuf,
    /// For reading only: whatever could be opened is locked, and never recreated.
    looks: bool,
}

/// Holds the lock until dropped.
#[derive(Debug)]
pub struct LockGuard(Arc<File>);

impl Drop for LockGuard {
    fn drop(&mut self) {
        // The kernel frees it at the latest when the file is closed.
        let _ = unlock(&self.0);
    }
}

fn opened(path: &Path) -> Result<Arc<File>> {
    private().read(true).write(true).create(true).truncate(false).open(path).at("open", path).map(Arc::new)
}

impl Lock {
    /// Opens the lock file, and creates it if it is missing. Takes no lock yet.
    pub fn open(path: &Path) -> Result<Lock> {
        Ok(Lock { file: Mutex::new(opened(path)?), path: path.to_path_buf(), looks: false })
    }

    /// Opens what can be locked without writing: the lock file, else the folder itself, or a file in it.
    pub fn look(folder: &Folder) -> Result<Lock> {
        let path = folder.lock();
        let others = [folder.0.clone(), folder.product_json(), folder.journal()];
        let file = others.iter().fold(File::open(&path), |file, other| file.or_else(|_| File::open(other)));
        let file = file.at("open", &path)?;
        Ok(Lock { file: Mutex::new(Arc::new(file)), path, looks: true })
    }

    /// Takes the lock for writing; it is held until the guard is dropped. `lock()` is not used: it gives up on any
    /// signal.
    ///
    /// # Errors
    ///
    /// [`StoreError::Busy`] after two seconds (`PATIENCE`).
    pub fn take(&self) -> Result<LockGuard> {
        self.try_until(try_lock)
    }

    /// Like [`Lock::take`], but for reading: keeps out writers only.
    pub fn take_shared(&self) -> Result<LockGuard> {
        self.try_until(try_lock_shared)
    }

    fn try_until(&self, attempt: fn(&File) -> std::result::Result<(), TryLockError>) -> Result<LockGuard> {
        let (begun, mut interrupted) = (Instant::now(), 0u8);
        loop {
            let file = self.current();
            match attempt(&file) {
                Ok(()) => {
                    let held = LockGuard(file);
                    if self.is_the_one(&held.0) {
                        return Ok(held);
                    }
                    drop(held);
                    *self.file.lock().unwrap_or_else(PoisonError::into_inner) = opened(&self.path)?;
                }
                Err(TryLockError::WouldBlock) => {}
                // A signal or two is normal; endless ones are a fault of the system, and waiting does not help.
                Err(TryLockError::Error(cause))
                    if cause.kind() == std::io::ErrorKind::Interrupted && interrupted < 20 =>
                {
                    interrupted = interrupted.saturating_add(1);
                }
                Err(TryLockError::Error(cause)) => return Err(cause).at("lock", &self.path),
            }
            if begun.elapsed() > PATIENCE {
                return Err(StoreError::Busy { path: self.path.clone() });
            }
            // Random, so that two waiting sessions do not keep colliding.
            std::thread::sleep(Duration::from_micros(fastrand::u64(1000..5000)));
        }
    }

    fn current(&self) -> Arc<File> {
        Arc::clone(&self.file.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns true if the locked file is the one that others find under the name.
    fn is_the_one(&self, file: &File) -> bool {
        let identity = |mark: Mark| mark.identity;
        self.looks || Mark::at(&self.path).map(identity) == Mark::of(file).ok().map(identity)
    }
}

#[cfg(not(target_os = "android"))]
fn try_lock(file: &File) -> std::result::Result<(), TryLockError> {
    file.try_lock()
}

#[cfg(not(target_os = "android"))]
fn try_lock_shared(file: &File) -> std::result::Result<(), TryLockError> {
    file.try_lock_shared()
}

/// The standard library knows no locks on Android.
#[cfg(target_os = "android")]
fn try_lock(file: &File) -> std::result::Result<(), TryLockError> {
    flock(file, rustix::fs::FlockOperation::NonBlockingLockExclusive)
}

#[cfg(target_os = "android")]
fn try_lock_shared(file: &File) -> std::result::Result<(), TryLockError> {
    flock(file, rustix::fs::FlockOperation::NonBlockingLockShared)
}

#[cfg(target_os = "android")]
fn flock(file: &File, how: rustix::fs::FlockOperation) -> std::result::Result<(), TryLockError> {
    rustix::fs::flock(file, how).map_err(|errno| match errno {
        rustix::io::Errno::WOULDBLOCK => TryLockError::WouldBlock,
        errno => TryLockError::Error(errno.into()),
    })
}

#[cfg(not(target_os = "android"))]
fn unlock(file: &File) -> std::io::Result<()> {
    file.unlock()
}

#[cfg(target_os = "android")]
fn unlock(file: &File) -> std::io::Result<()> {
    rustix::fs::flock(file, rustix::fs::FlockOperation::Unlock).map_err(std::io::Error::from)
}
