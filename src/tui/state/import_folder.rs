//! Reads a folder for an import: its Markdown and settings files, as text. Links and hidden folders are not followed, and
//! number, depth and size are bounded.

use crate::import::bytes::{FolderFile, LARGEST_FILE, SourceFile};
use crate::model::rules::Refusal;
use crate::store::error::reason;
use std::path::{Path, PathBuf};

const MOST_FILES: usize = 20_000;
const MOST_NESTED: usize = 8;
const SAFE: &str = "Nothing was imported.";

/// The tables in a folder, by name; `None` if there are none.
pub fn tables(folder: &Path) -> Option<Vec<PathBuf>> {
    let is_backlog = |place: &Path| {
        ["tasks", "completed", "drafts"].iter().any(|name| place.join(name).is_dir())
            || place.join("config.yml").is_file()
    };
    let places = [folder.to_path_buf(), folder.join("backlog"), folder.join(".backlog")];
    if !folder.is_dir() || places.iter().any(|place| is_backlog(place)) {
        return None;
    }
    let is_table = |path: &PathBuf| {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        ["csv", "tsv"].contains(&ending.as_str()) && !is_hidden && path.is_file()
    };
    let mut all: Vec<PathBuf> = entries(folder).ok()?.into_iter().filter(is_table).collect();
    all.sort();
    Some(all).filter(|all| !all.is_empty())
}

/// The files of a folder, or of the backlog in it.
///
/// # Errors
///
/// It cannot be read, or is too large.
pub fn read(folder: &Path, encoding: Option<&str>) -> Result<SourceFile, Refusal> {
    let inside = ["backlog", ".backlog"].iter().map(|name| folder.join(name));
    let is_backlog = |place: &PathBuf| place.join("tasks").is_dir() || place.join("config.yml").is_file();
    let start = inside.filter(|place| is_plain_folder(place)).find(is_backlog).unwrap_or_else(|| folder.to_path_buf());
    let mut out = SourceFile::folder(&folder.display().to_string());
    let (mut open, mut size) = (vec![(start.clone(), 0)], 0usize);
    while let Some((place, depth)) = open.pop() {
        for path in entries(&place)? {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let Ok(meta) = path.symlink_metadata() else { continue };
            if name.starts_with('.') || name == "node_modules" {
                continue;
            }
            if meta.is_dir() && depth < MOST_NESTED {
                open.push((path, depth.saturating_add(1)));
            } else if meta.is_file() && [".md", ".yml", ".yaml"].iter().any(|ending| name.ends_with(ending)) {
                size = size.saturating_add(usize::try_from(meta.len()).unwrap_or(usize::MAX));
                if size > LARGEST_FILE || out.files.len() >= MOST_FILES {
                    return Err(Refusal::new(
                        format!("{} has more than 64 MB or {MOST_FILES} files of text.", folder.display()),
                        format!("{SAFE} Name the folder of the backlog in it."),
                    ));
                }
                let bytes = std::fs::read(&path).map_err(|cause| unread(&path, &cause))?;
                let file = SourceFile::from_bytes(&name, &bytes, encoding)?;
                out.warnings.take(&file.warnings);
                out.files.push(FolderFile { name: relative(&path, &start), text: file.text });
            } else if meta.is_symlink() {
                out.warnings.add("link in the folder, which is not followed", &relative(&path, &start));
            }
        }
    }
    out.files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(out)
}

fn is_plain_folder(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|meta| meta.is_dir())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Refusal> {
    let all = std::fs::read_dir(folder).map_err(|cause| unread(folder, &cause))?;
    // A name that goes away while the folder is read is none.
    Ok(all.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect())
}

fn relative(path: &Path, folder: &Path) -> String {
    let parts = path.strip_prefix(folder).unwrap_or(path).components();
    parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn unread(path: &Path, cause: &std::io::Error) -> Refusal {
    Refusal::new(format!("Could not read {}: {}.", path.display(), reason(cause)), SAFE)
}
