//! Creates a product: its folder appears complete or not at all.

use crate::model::change::{Change, Step};
use crate::model::derived_cells::{Stamp, complete};
use crate::model::id::{Id, IdSource};
use crate::model::product::Product;
use crate::model::role::Role;
use crate::model::schema::Kind;
use crate::model::value::{Cell, Line, Value, When};
use crate::store::error::{At, Result, StoreError};
use crate::store::file::{make_folder, private, sync, sync_folder};
use crate::store::folder::Folder;
use crate::store::journal::{JournalLine, LoggedStep};
use crate::store::lock::Lock;
use crate::store::products::{Data, slug};
use crate::store::snapshot;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// Who creates the product, when, and with which ids.
#[derive(Clone, Debug)]
pub struct Founder {
    pub by: String,
    pub role: Role,
    pub now: When,
    pub board: Id,
    pub step: Id,
    pub session: Id,
}

impl Founder {
    pub fn new(by: String, role: Role, now: When, ids: &mut IdSource) -> Founder {
        let mut fresh = || ids.fresh(|_| false);
        Founder { by, role, now, board: fresh(), step: fresh(), session: fresh() }
    }
}

/// Returns the folder of the product of that name, and true if it was created just now. Takes the lock of the data
/// folder.
///
/// # Errors
///
/// No product was created.
pub fn find_or_create(data: &Data, name: &str, founder: &Founder) -> Result<(Folder, bool)> {
    make_folder(&data.0)?;
    if let Some(parent) = data.0.parent() {
        sync_folder(parent)?;
    }
    let lock = Lock::open(&data.0.join("lock"))?;
    let _held = lock.take()?;
    match data.find(Some(name)) {
        Ok(known) => return Ok((known.folder, false)),
        Err(StoreError::Unknown { .. }) => {}
        Err(error) => return Err(error),
    }
    clear_old_drafts(data);
    let (journal, document) = first_files(name, founder)?;
    let folder = settle(data, name, founder.board, (&journal, &document), &|_| Ok(()))?;
    Ok((folder, true))
}

/// Puts a whole product into the data folder. It is listed only after `sound` has accepted it. Takes the lock of the
/// data folder.
///
/// # Errors
///
/// No product was created; what is left of a draft is removed after a day.
pub fn place(
    data: &Data,
    name: &str,
    id: Id,
    files: (&[u8], &[u8]),
    sound: &dyn Fn(&Folder) -> Result<()>,
) -> Result<Folder> {
    make_folder(&data.0)?;
    let lock = Lock::open(&data.0.join("lock"))?;
    let _held = lock.take()?;
    settle(data, name, id, files, sound)
}

/// The caller holds the lock of the data folder.
fn settle(
    data: &Data,
    name: &str,
    id: Id,
    files: (&[u8], &[u8]),
    sound: &dyn Fn(&Folder) -> Result<()>,
) -> Result<Folder> {
    let draft = Folder(data.0.join(format!(".new-{id}")));
    let _ = std::fs::remove_dir_all(&draft.0);
    let folder = data.0.join(format!("{}-{id}", slug(name)));
    let made = fill(&draft, files).and_then(|()| sound(&draft));
    let done = made.and_then(|()| std::fs::rename(&draft.0, &folder).at("make the folder", &folder));
    if let Err(error) = done {
        // Leftovers are removed after a day.
        let _ = std::fs::remove_dir_all(&draft.0);
        return Err(error);
    }
    sync_folder(&data.0)?;
    Ok(Folder(folder))
}

/// The step that creates a product of that name.
pub fn founding(name: &str, founder: &Founder) -> Step {
    let cell = |key: &str, to: Value| {
        Kind::VisionBoard.field(key).map(|field| Change { id: founder.board, field, from: Value::Null, to })
    };
    let name = name.trim();
    let mut step = Step::new(format!("Made the product {name:?}"));
    step.changes =
        [cell("alive", true.into()), cell("name", Line::from(name).to_value())].into_iter().flatten().collect();
    let stamp = Stamp { step: founder.step, by: founder.by.clone(), at: founder.now, alone: false };
    complete(&Product::default(), &mut step, &stamp);
    step
}

fn fill(folder: &Folder, (journal, document): (&[u8], &[u8])) -> Result<()> {
    make_folder(&folder.0)?;
    write_synced(&folder.lock(), b"")?;
    write_synced(&folder.journal(), journal)?;
    write_synced(&folder.product_json(), document)?;
    sync_folder(&folder.0)
}

/// The journal and the product.json of a new product.
fn first_files(name: &str, founder: &Founder) -> Result<(Vec<u8>, Vec<u8>)> {
    let step = founding(name, founder);
    let mut product = Product::default();
    product.apply(&step).map_err(|why| StoreError::ReadOnly { why })?;
    let entry = LoggedStep {
        id: founder.step,
        session: founder.session,
        n: 0,
        time: founder.now,
        by: founder.by.clone(),
        role: founder.role,
        undoes: None,
        redoes: None,
        fence: true,
        seen: None,
        step,
    };
    let document = snapshot::to_json(&product);
    let lines = [
        JournalLine::Step(Arc::new(entry)),
        JournalLine::Snapshot { crc: crc32fast::hash(&document), through: Some(founder.step) },
    ];
    let mut journal = Vec::new();
    for line in lines {
        journal.extend(line.encode().map_err(|why| StoreError::ReadOnly { why })?);
    }
    Ok((journal, document))
}

fn write_synced(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = private().write(true).create_new(true).open(path).at("write", path)?;
    file.write_all(bytes).at("write", path)?;
    sync(&file).at("sync", path)
}

/// Removes folders of sessions that died while creating a product, older than a day.
fn clear_old_drafts(data: &Data) {
    let Ok(entries) = std::fs::read_dir(&data.0) else { return };
    for entry in entries.filter_map(|entry| entry.ok()) {
        let ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(".new-"));
        let age = entry.metadata().ok().and_then(|meta| meta.modified().ok()).and_then(|time| time.elapsed().ok());
        if ours && age.is_some_and(|age| age.as_secs() > 86_400) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}
