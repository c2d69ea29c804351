//! What can go wrong between memory and disk, in words: what happened, what is safe, what to do next.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

#[derive(Debug)]
pub enum StoreError {
    /// The system refused: what was being done, where, and why.
    Io { doing: &'static str, path: PathBuf, cause: io::Error },
    /// A file is there but does not read as it should.
    Damaged { path: PathBuf, line: Option<usize>, why: String },
    /// Nothing of a product opens: what is wrong with it, and the ways on.
    Broken { damage: Box<StoreError>, ways_on: String },
    /// Written by a later whyhow.
    Newer { path: PathBuf, format: String },
    /// Another session holds the lock for too long.
    Busy { path: PathBuf },
    /// Nothing may be written here, and why.
    ReadOnly { why: String },
    /// No product of that name.
    Unknown { name: String, known: Vec<String> },
    /// Several products, none named.
    Which { known: Vec<String> },
    /// There is no product yet.
    Empty { data: PathBuf },
}

pub type Result<T> = std::result::Result<T, StoreError>;

/// Puts a name on an error of the system.
pub trait At<T> {
    fn at(self, doing: &'static str, path: &Path) -> Result<T>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, doing: &'static str, path: &Path) -> Result<T> {
        self.map_err(|cause| StoreError::Io { doing, path: path.to_path_buf(), cause })
    }
}

/// The system's reason in words people use.
pub fn reason(cause: &io::Error) -> String {
    use io::ErrorKind as Kind;
    match cause.kind() {
        Kind::StorageFull => "the disk is full".to_string(),
        Kind::QuotaExceeded => "the quota is used up".to_string(),
        Kind::FileTooLarge => "the file would be larger than the system allows".to_string(),
        Kind::ReadOnlyFilesystem => "the disk is read-only".to_string(),
        Kind::PermissionDenied => "the system does not permit it".to_string(),
        Kind::NotFound => "it is not there any more".to_string(),
        Kind::NotADirectory => "a part of the path is a file, not a folder".to_string(),
        Kind::IsADirectory => "it is a folder, not a file".to_string(),
        _ => match cause.raw_os_error() {
            Some(5) => "the disk reports a fault".to_string(),
            Some(24 | 23) => "too many files are open".to_string(),
            _ => cause.to_string(),
        },
    }
}

impl StoreError {
    /// The system does not let this person write there.
    pub fn is_refused(&self) -> bool {
        use io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
        matches!(self, StoreError::Io { cause, .. } if matches!(cause.kind(), PermissionDenied | ReadOnlyFilesystem))
    }

    /// The short reason for a status line.
    pub fn short(&self) -> String {
        match self {
            StoreError::Io { cause, .. } => reason(cause),
            StoreError::Busy { .. } => "another window is writing".to_string(),
            StoreError::ReadOnly { why } => why.clone(),
            other => other.to_string(),
        }
    }
}

fn list(known: &[String]) -> String {
    match known {
        [] => "there is none".to_string(),
        known => known.join(", "),
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Io { doing, path, cause } => {
                write!(f, "Could not {doing} {}: {}. What was saved before is safe.", path.display(), reason(cause))
            }
            StoreError::Damaged { path, line, why } => {
                let line = line.map(|line| format!(" (line {line})")).unwrap_or_default();
                write!(f, "{}{line} cannot be read: {why}. Nothing was written; the file is as it was.", path.display())
            }
            StoreError::Broken { damage, ways_on } => write!(f, "{damage} {ways_on}"),
            StoreError::Newer { path, format } => write!(
                f,
                "{} is of format {format}; this whyhow knows {}. Nothing was written; a newer whyhow opens it.",
                path.display(),
                crate::model::schema::FORMAT
            ),
            StoreError::Busy { path } => write!(
                f,
                "Another whyhow has held {} for two seconds. Nothing was written; try again in a moment.",
                path.display()
            ),
            StoreError::ReadOnly { why } => write!(f, "This product is open for reading only: {why}."),
            StoreError::Unknown { name, known } => {
                write!(f, "There is no product {name:?}. Known: {}.", list(known))
            }
            StoreError::Which { known } => {
                write!(f, "There are several products; name one with --product. Known: {}.", list(known))
            }
            StoreError::Empty { data } => write!(
                f,
                "There is no product in {} yet. whyhow import FILE --into NAME makes one, and so does the screen.",
                data.display()
            ),
        }
    }
}

impl std::error::Error for StoreError {}
