//! A sound copy of a damaged product, in a folder of its own beside the old one, which stays as it is.
//!
//! The copy's journal folds to exactly its product: where lines are lost, one step at its end says what they made.

use crate::model::change::{Change, Step};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Role;
use crate::model::schema::{Kind, blank};
use crate::model::value::{Life, Value};
use crate::store::create::{Founder, place};
use crate::store::damage_report::Lost;
use crate::store::error::{Result, StoreError};
use crate::store::folder::Folder;
use crate::store::journal::{JournalLine, LoggedStep, OUTSIDE};
use crate::store::open::open_unlocked;
use crate::store::products::{Data, Listed};
use crate::store::recover::Recovered;
use crate::store::snapshot;
use std::sync::Arc;

/// A finished copy.
#[derive(Debug)]
pub struct Copied {
    pub folder: Folder,
    /// The name under which it opens.
    pub name: String,
    pub steps: usize,
    pub product: Product,
}

/// The name of a copy, and the label of the step at its end.
#[derive(Clone, Debug)]
pub struct Meant {
    pub name: String,
    pub label: String,
}

impl Meant {
    /// A sound copy of this product, beside it.
    pub fn repaired(data: &Data, of: &Listed, found: &Recovered) -> Meant {
        let name = if found.product.name().is_empty() { &of.name } else { found.product.name() };
        let name = data.free_name(|nth| match nth {
            1 => format!("{name} (repaired)"),
            nth => format!("{name} (repaired {nth})"),
        });
        let from = of.folder.0.file_name().unwrap_or_default().to_string_lossy();
        Meant { name, label: format!("Repaired: a sound copy of {from}") }
    }
}

/// Writes what was recovered into a product of its own. Steps that do not fit are left out and added to `found.lost`.
///
/// # Errors
///
/// No copy is left behind: it could not be written, or it did not open as it was written.
pub fn write(data: &Data, found: &mut Recovered, meant: &Meant, founder: &Founder) -> Result<Copied> {
    let name = meant.name.clone();
    let (mut entries, mut product) = (Vec::new(), Product::default());
    if let Some(base) = &found.base {
        let step = product.diff(base, &format!("Taken from {}", found.from));
        keep(&mut product, &mut entries, entry(step, founder, founder.step.bits() ^ 1, None), &mut found.lost);
    }
    for one in &found.entries {
        keep(&mut product, &mut entries, Arc::clone(one), &mut found.lost);
    }
    let closing = closing(&product, &found.product, meant);
    let seen = entries.last().map(|entry| entry.id);
    keep(&mut product, &mut entries, entry(closing, founder, founder.step.bits(), seen), &mut found.lost);
    product.unknown = found.product.unknown.clone();
    let document = snapshot::to_json(&product);
    let mut journal = Vec::new();
    let through = entries.last().map(|entry| entry.id);
    let steps = entries.into_iter().map(JournalLine::Step);
    let line = JournalLine::Snapshot { crc: crc32fast::hash(&document), through };
    let mut written = 0usize;
    for line in steps.chain(std::iter::once(line)) {
        journal.extend(line.encode().map_err(|why| StoreError::ReadOnly { why })?);
        written = written.saturating_add(1);
    }
    let sound = |folder: &Folder| is_sound(folder, &product);
    let folder = place(data, &name, founder.board, (&journal, &document), &sound)?;
    Ok(Copied { folder, name, steps: written.saturating_sub(1), product })
}

fn keep(product: &mut Product, entries: &mut Vec<Arc<LoggedStep>>, entry: Arc<LoggedStep>, lost: &mut Vec<Lost>) {
    match product.apply(&entry.step) {
        Ok(()) => entries.push(entry),
        Err(why) => {
            lost.push(Lost::new(format!("the step {}", entry.id), why).holding(entry.step.label.clone()));
        }
    }
}

fn entry(step: Step, founder: &Founder, id: u64, seen: Option<Id>) -> Arc<LoggedStep> {
    Arc::new(LoggedStep {
        id: Id::from_bits(id),
        session: founder.session,
        n: 0,
        time: founder.now,
        by: OUTSIDE.to_string(),
        role: Role::Both,
        undoes: None,
        redoes: None,
        fence: true,
        seen,
        step,
    })
}

/// What the folded steps lack of what was recovered, records whose creation is lost, and the new name.
fn closing(folded: &Product, found: &Product, meant: &Meant) -> Step {
    let mut step = folded.diff(found, &meant.label);
    for kind in Kind::ALL {
        let shelf = found.table(*kind);
        for record in shelf.slots().filter_map(|slot| shelf.record(slot)) {
            let empty = blank(*kind);
            let written = || kind.fields().iter().any(|field| record.value(field) != empty.value(field));
            if record.life() == Life::Nothing && written() {
                step.changes.extend(brought_back(*kind, record.id(), record.title().is_empty()));
            }
        }
    }
    if let Some(board) = found.vision() {
        let before = Value::from(board.name.to_string());
        step.changes.retain(|change| !(change.id == board.id && change.field.key == "name"));
        step.changes.extend(cell(Kind::VisionBoard, board.id, "name", before, meant.name.as_str().into()));
    }
    step
}

fn cell(kind: Kind, id: Id, key: &str, from: Value, to: Value) -> Option<Change> {
    kind.field(key).map(|field| Change { id, field, from, to })
}

/// Its first line is lost, but not what was written into it later.
fn brought_back(kind: Kind, id: Id, nameless: bool) -> Vec<Change> {
    let title = kind.title_field().filter(|_| nameless);
    let alive = cell(kind, id, "alive", Value::Null, true.into());
    let named = title.map(|field| Change {
        id,
        field,
        from: Value::Null,
        to: format!("A {} whose first line was lost", kind.noun()).into(),
    });
    alive.into_iter().chain(named).collect()
}

/// The copy opens, says what was meant, and its journal says the same.
fn is_sound(folder: &Folder, product: &Product) -> Result<()> {
    let opened = open_unlocked(folder)?;
    let folded = opened.history(folder).fold(None);
    let whole = opened.read_only.is_none() && opened.outside.is_none() && opened.torn == 0;
    let fault = match folded {
        _ if !whole => "it does not open for writing",
        _ if opened.product != *product => "it opens as another product",
        None => "its journal does not reach back to the beginning",
        Some(folded) if folded != *product => "its journal folds to another product",
        Some(_) if !opened.product.index_is_sound() => "its orders do not fit its records",
        Some(_) => return Ok(()),
    };
    let why = format!("the copy does not read as it was written ({fault}), so it was not kept");
    Err(StoreError::Damaged { path: folder.0.clone(), line: None, why })
}
