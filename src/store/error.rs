//! Errors between memory and disk, with messages that say what happened, what is safe, and what to do next.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

#[derive(Debug)]
pub enum StoreError {
    /// The system returned an error: what was being done, where, and why.
    Io { doing: &'static str, path: PathBuf, cause: io::Error },
    /// A file exists but is unreadable.
    Damaged { path: PathBuf, line: Option<usize>, why: String },
    /// No part of a product opens: what is wrong with it, and what can be done.
    Broken { damage: Box<StoreError>, ways_on: String },
    /// Written by a later whyhow.
    Newer { path: PathBuf, format: String },
    /// Another session has held the lock for too long.
    Busy { path: PathBuf },
    /// Another program is writing the file, without the lock.
    Moving { path: PathBuf },
    /// The product is read-only, and why.
    ReadOnly { why: String },
    /// There is no product of that name.
    Unknown { name: String, known: Vec<String> },
    /// There are several products and none was named.
    Which { known: Vec<String> },
    /// Several products have that name.
    SameName { name: String, folders: Vec<PathBuf> },
    /// No product has that name, but one has no readable name.
    Unnamed { name: String, folder: PathBuf },
    /// There is no product yet.
    Empty { data: PathBuf },
}

pub type Result<T> = std::result::Result<T, StoreError>;

/// Adds context to an error of the system.
pub trait At<T> {
    fn at(self, doing: &'static str, path: &Path) -> Result<T>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, doing: &'static str, path: &Path) -> Result<T> {
        self.map_err(|cause| StoreError::Io { doing, path: path.to_path_buf(), cause })
    }
}

/// Describes an error of the system in common words.
pub fn reason(cause: &io::Error) -> String {
    use io::ErrorKind as Kind;
    match cause.kind() {
        Kind::StorageFull => "the disk is full".to_string(),
        Kind::QuotaExceeded => "the disk quota is exhausted".to_string(),
        Kind::FileTooLarge => "the file would exceed the size that the system allows".to_string(),
        Kind::ReadOnlyFilesystem => "the disk is read-only".to_string(),
        Kind::PermissionDenied => "permission denied".to_string(),
        Kind::NotFound => "it no longer exists".to_string(),
        Kind::NotADirectory => "part of the path is a file, not a folder".to_string(),
        Kind::IsADirectory => "it is a folder, not a file".to_string(),
        _ => match cause.raw_os_error() {
            Some(5) => "the disk reports an error".to_string(),
            Some(24 | 23) => "too many files are open".to_string(),
            _ => cause.to_string(),
        },
    }
}

impl StoreError {
    /// True if the user has no permission to write there.
    pub fn is_refused(&self) -> bool {
        use io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
        matches!(self, StoreError::Io { cause, .. } if matches!(cause.kind(), PermissionDenied | ReadOnlyFilesystem))
    }

    /// A short reason for the status line.
    pub fn short(&self) -> String {
        match self {
            StoreError::Io { cause, .. } => reason(cause),
            StoreError::Busy { .. } => "another window is writing".to_string(),
            StoreError::Moving { .. } => "another program is replacing the journal".to_string(),
            StoreError::ReadOnly { why } => why.clone(),
            other => other.to_string(),
        }
    }
}

fn list(known: &[String]) -> String {
    match known {
        [] => "none".to_string(),
        known => known.join(", "),
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Io { doing, path, cause } => {
                write!(f, "Could not {doing} {}: {}. Everything saved before is safe.", path.display(), reason(cause))
            }
            StoreError::Damaged { path, line, why } => {
                let line = line.map(|line| format!(" (line {line})")).unwrap_or_default();
                write!(f, "{}{line} is unreadable: {why}. Nothing was written; the file is unchanged.", path.display())
            }
            StoreError::Broken { damage, ways_on } => write!(f, "{damage} {ways_on}"),
            StoreError::Newer { path, format } => write!(
                f,
                "{} has format {format}; this whyhow knows {}. Nothing was written; a newer whyhow can open it.",
                path.display(),
                crate::model::schema::FORMAT
            ),
            StoreError::Busy { path } => write!(
                f,
                "Another whyhow has held {} for two seconds. Nothing was written; try again in a moment.",
                path.display()
            ),
            StoreError::Moving { path } => write!(
                f,
                "Another program is writing {}, as in a copy. Nothing is written to it until it stands still.",
                path.display()
            ),
            StoreError::ReadOnly { why } => write!(f, "This product is read-only: {why}."),
            StoreError::Unknown { name, known } => {
                write!(f, "There is no product {name:?}. Known: {}.", list(known))
            }
            StoreError::SameName { name, folders } => {
                let folders: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
                write!(
                    f,
                    "{} products are called {name:?}: {}. Nothing was changed. Name the folder you mean with --product.",
                    folders.len(),
                    folders.join(", ")
                )
            }
            StoreError::Unnamed { name, folder } => write!(
                f,
                "There is no product {name:?}, but the one in {} cannot be read, so it might be that one. Nothing was \
                 changed. whyhow verify --product {} says what is wrong with it.",
                folder.display(),
                folder.file_name().unwrap_or_default().to_string_lossy()
            ),
            StoreError::Which { known } => {
                write!(f, "There are several products; name one with --product. Known: {}.", list(known))
            }
            StoreError::Empty { data } => write!(
                f,
                "There is no product in {} yet. Create one with whyhow import FILE --into NAME, or on the screen.",
                data.display()
            ),
        }
    }
}

impl std::error::Error for StoreError {}
