//! The data folder: the products in it by name, and those set aside.

use crate::store::error::{At, Result, StoreError};
use crate::store::file::{make_folder, names, read_file, sync_folder};
use crate::store::folder::Folder;
use crate::store::lock::Lock;
use crate::store::open::open;
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
    /// The slug of the folder if no part of the product can be read.
    pub name: String,
    /// The name was read.
    pub is_named: bool,
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
    /// There is none, there are several and none was named, several have the name, one cannot be read at all, or the
    /// folder cannot be read.
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
        // The folder's name and the id in it are of one product; two copies may have one name.
        let is_chosen = |one: &&Listed| {
            one.id.eq_ignore_ascii_case(name) || one.folder.0.file_name().is_some_and(|folder| folder == name)
        };
        if let Some(chosen) = all.iter().find(is_chosen) {
            return Ok(chosen.clone());
        }
        let same = |one: &&Listed| one.name.trim().eq_ignore_ascii_case(name.trim());
        let several: Vec<PathBuf> = all.iter().filter(same).map(|one| one.folder.0.clone()).collect();
        if several.len() > 1 {
            return Err(StoreError::SameName { name: name.to_string(), folders: several });
        }
        // Two names may have the same slug, and some have none: only text given as a slug counts.
        let hit = all.iter().find(same).or_else(|| all.iter().find(|one| one.slug == name));
        let unnamed = || all.iter().find(|one| !one.is_named).map(|one| one.folder.0.clone());
        hit.cloned().ok_or_else(|| match unnamed() {
            // It might be that one: nobody should make a second product for it.
            Some(folder) => StoreError::Unnamed { name: name.to_string(), folder },
            None => StoreError::Unknown { name: name.to_string(), known: known() },
        })
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
    let found = product_name(&folder);
    Some(Listed {
        is_named: found.is_some(),
        name: found.unwrap_or_else(|| slug.to_string()),
        slug: slug.to_string(),
        id: id.to_string(),
        folder,
    })
}

/// The product's name: from the head of its JSON as we write it, else from the whole of it however it is written, else
/// from what the journal and the backups rebuild. `None` if no part of it can be read.
fn product_name(folder: &Folder) -> Option<String> {
    name_in_head(folder).or_else(|| name_in_json(folder)).or_else(|| name_in_journal(folder))
}

/// The first lines of a product.json as we write it; nothing else is read.
fn name_in_head(folder: &Folder) -> Option<String> {
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
    let product = text.split_once("\n  \"product\": {\n")?.1;
    let fields = product.split_once("\n  }").map_or(product, |(fields, _)| fields);
    let line = fields.lines().find_map(|line| line.strip_prefix("    \"name\": "))?;
    let name: String = serde_json::from_str(line.trim_end_matches(',')).ok()?;
    Some(name).filter(|name| !name.is_empty())
}

fn name_in_json(folder: &Folder) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Named {
        product: Record,
    }
    #[derive(serde::Deserialize)]
    struct Record {
        name: String,
    }
    let bytes = read_file(&folder.product_json()).ok().flatten()?;
    let named: Named = serde_json::from_slice(&bytes).ok()?;
    Some(named.product.name).filter(|name| !name.is_empty())
}

fn name_in_journal(folder: &Folder) -> Option<String> {
    let opened = open(folder).ok()?;
    Some(opened.product.name().to_string()).filter(|name| !name.is_empty())
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
    // Windows renames no folder with an open file in it.
    let held = (!cfg!(windows)).then_some((lock, held));
    fs::rename(&folder.0, &to).at("put aside the folder", &folder.0)?;
    drop(held);
    sync_folder(&data.0)?;
    Ok(to)
}

/// The folder of deleted products.
pub const BIN: &str = ".deleted";
