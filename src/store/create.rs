//! Making a product: a folder that is whole or not there at all.

use crate::model::change::{Change, Step};
use crate::model::complete::{Stamp, complete};
use crate::model::id::{Id, IdSource};
use crate::model::product::Product;
use crate::model::role::Role;
use crate::model::schema::Kind;
use crate::model::value::{Cell, Line, Value, When};
use crate::store::error::{At, Result, StoreError};
use crate::store::folder::{Data, Folder, make_folder, private, slug, sync_folder};
use crate::store::journal::{Entry, JournalLine};
use crate::store::lock::Lock;
use crate::store::snapshot;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// Who makes the product, when, and under which ids.
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

/// The folder of the product of that name, which is made where there is none. True when it was made.
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
    let draft = data.0.join(format!(".new-{}", founder.board));
    let _ = std::fs::remove_dir_all(&draft);
    make_folder(&draft)?;
    fill(&Folder(draft.clone()), name, founder)?;
    let folder = data.0.join(format!("{}-{}", slug(name), founder.board));
    std::fs::rename(&draft, &folder).at("make the folder", &folder)?;
    sync_folder(&data.0)?;
    Ok((Folder(folder), true))
}

/// The step that makes a product.
pub fn founding(name: &str, founder: &Founder) -> Step {
    let cell = |key: &str, to: Value| {
        Kind::VisionBoard.field(key).map(|field| Change { id: founder.board, field, from: Value::Null, to })
    };
    let name = name.trim();
    let mut step = Step::new(format!("Made the product {name:?}"));
    step.changes =
        [cell("alive", true.into()), cell("name", Line::from(name).to_value())].into_iter().flatten().collect();
    let stamp = Stamp { step: founder.step, by: founder.by.clone(), at: founder.now };
    complete(&Product::default(), &mut step, &stamp);
    step
}

fn fill(folder: &Folder, name: &str, founder: &Founder) -> Result<()> {
    let step = founding(name, founder);
    let mut product = Product::default();
    product.apply(&step).map_err(|why| StoreError::ReadOnly { why })?;
    let entry = Entry {
        id: founder.step,
        session: founder.session,
        n: 0,
        time: founder.now,
        by: founder.by.clone(),
        role: founder.role,
        undoes: None,
        redoes: None,
        fence: true,
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
    write_synced(&folder.lock(), b"")?;
    write_synced(&folder.journal(), &journal)?;
    write_synced(&folder.product_json(), &document)?;
    sync_folder(&folder.0)
}

fn write_synced(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = private().write(true).create_new(true).open(path).at("write", path)?;
    file.write_all(bytes).at("write", path)?;
    file.sync_all().at("sync", path)
}

/// Folders of sessions that died while making a product, older than a day.
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
