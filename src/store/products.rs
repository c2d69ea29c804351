//! The data folder: the products in it by name, and those set aside.

use crate::store::error::{At, Result, StoreError};
use crate::store::file::{make_folder, names, sync_folder};
use crate::store::folder::Folder;
use crate::store::lock::Lock;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// The part of a name that is safe in a path; people read it, programs use the id.
pub fn slug(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        if letter.is_ascii_alphanumeric() {
            out.push(letter);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
        if out.len() >= 40 {
            break;
        }
    }
    match out.trim_matches('-') {
        "" => "product".to_string(),
        slug => slug.to_string(),
    }
}

/// A product as listed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    pub folder: Folder,
    /// From the JSON; the folder's name if that is unreadable.
    pub name: String,
    pub slug: String,
    pub id: String,
}

/// The folder of all products.
#[derive(Clone, Debug)]
pub struct Data(pub PathBuf);

impl Data {
    /// All products in the folder, by name; none if it cannot be read.
    pub fn list(&self) -> Vec<Listed> {
        let mut all: Vec<Listed> = names(&self.0).into_iter().filter_map(|path| listed(&path)).collect();
        all.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
        all
    }

    /// The first of the names `named(1)`, `named(2)` … that no product here has.
    pub fn free_name(&self, named: impl Fn(u32) -> String) -> String {
        let known: Vec<String> = self.list().into_iter().map(|one| one.name.to_lowercase()).collect();
        let free = (1..1000).map(&named).find(|one| !known.contains(&one.to_lowercase()));
        free.unwrap_or_else(|| named(1000))
    }

    /// The product of that name, slug or id; without a name, the only one.
    ///
    /// # Errors
    ///
    /// There is none, there are several and none was named, or the folder cannot be read.
    pub fn find(&self, name: Option<&str>) -> Result<Listed> {
        if let Err(cause) = fs::read_dir(&self.0)
            && cause.kind() != std::io::ErrorKind::NotFound
        {
            // An unreadable folder is not an empty one.
            return Err(cause).at("open the folder", &self.0);
        }
        let all = self.list();
        let known = || all.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
        let Some(name) = name else {
            return match all.as_slice() {
                [] => Err(StoreError::Empty { data: self.0.clone() }),
                [one] => Ok(one.clone()),
                _ => Err(StoreError::Which { known: known() }),
            };
        };
        let same =
            |one: &&Listed| one.name.trim().eq_ignore_ascii_case(name.trim()) || one.id.eq_ignore_ascii_case(name);
        // Two names may have the same slug, and some have none: only text given as a slug counts.
        let hit = all.iter().find(same).or_else(|| all.iter().find(|one| one.slug == name));
        hit.cloned().ok_or_else(|| StoreError::Unknown { name: name.to_string(), known: known() })
    }
}

fn listed(path: &Path) -> Option<Listed> {
    let name = path.file_name()?.to_str()?;
    let traces = ["product.json", "journal.jsonl", "journal", "backup"];
    // An unreadable folder is listed, so that opening it says what is wrong.
    let barred = || fs::read_dir(path).is_err();
    if name.starts_with('.') || !path.is_dir() || !(traces.iter().any(|trace| path.join(trace).exists()) || barred()) {
        return None;
    }
    let (slug, id) = name.rsplit_once('-').unwrap_or((name, ""));
    let folder = Folder(path.to_path_buf());
    Some(Listed {
        name: product_name(&folder).unwrap_or_else(|| slug.to_string()),
        slug: slug.to_string(),
        id: id.to_string(),
        folder,
    })
}

/// The product's name from the head of its JSON, without reading the rest.
fn product_name(folder: &Folder) -> Option<String> {
    use std::io::Read;
    let mut head = Vec::new();
    let path = folder.product_json();
    // Checked before it is opened: opening a pipe blocks until somebody writes into it.
    if !fs::metadata(&path).ok()?.is_file() {
        return None;
    }
    let file = File::open(&path).ok()?;
    file.take(64 << 10).read_to_end(&mut head).ok()?;
    let text = String::from_utf8_lossy(&head);
    let after = text.split_once("\"name\": ")?.1;
    let quoted = serde_json::Deserializer::from_str(after).into_iter::<String>().next()?;
    quoted.ok().filter(|name| !name.is_empty())
}

/// Moves a product's folder out of the list and returns where it is now. It is kept there for a month. Takes the
/// product's lock.
///
/// # Errors
///
/// The folder is where it was, unless only the sync failed.
pub fn put_aside(data: &Data, folder: &Folder) -> Result<PathBuf> {
    let bin = data.0.join(BIN);
    make_folder(&bin)?;
    let name = folder.0.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let to = (1..).map(|nth| bin.join(format!("{name}.{nth}"))).find(|path| !path.exists());
    let to = to.unwrap_or_else(|| bin.join(&name));
    let lock = Lock::open(&folder.lock())?;
    let held = lock.take()?;
    fs::rename(&folder.0, &to).at("put aside the folder", &folder.0)?;
    drop(held);
    sync_folder(&data.0)?;
    Ok(to)
}

/// The folder of deleted products.
pub const BIN: &str = ".deleted";
