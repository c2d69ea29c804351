//! Where the files of one product are.

use crate::store::file::names;
use std::path::PathBuf;

/// The folder of one product.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn product_json(&self) -> PathBuf {
        self.0.join("product.json")
    }

    pub fn journal(&self) -> PathBuf {
        self.0.join("journal.jsonl")
    }

    pub fn lock(&self) -> PathBuf {
        self.0.join("lock")
    }

    pub fn segment_folder(&self) -> PathBuf {
        self.0.join("journal")
    }

    pub fn backup_folder(&self) -> PathBuf {
        self.0.join("backup")
    }

    /// The closed segments of the journal, oldest first.
    pub fn closed_segments(&self) -> Vec<PathBuf> {
        sorted(names(&self.segment_folder()), "jsonl")
    }

    /// The kept versions of product.json, oldest first.
    pub fn backups(&self) -> Vec<PathBuf> {
        sorted(names(&self.backup_folder()), "json")
    }
}

fn sorted(mut paths: Vec<PathBuf>, extension: &str) -> Vec<PathBuf> {
    paths.retain(|path| path.extension().is_some_and(|one| one == extension));
    paths.sort();
    paths
}
