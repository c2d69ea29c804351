//! `whyhow verify`: checks that the files open and contain every acknowledged edit.

use crate::cli::invocation::Invocation;
use crate::cli::lines::Lines;
use crate::cli::out;
use crate::insight::broken_links::loose_links;
use crate::model::grammar::count;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::Kind;
use crate::model::value::Value;
use crate::store::damage_report::Lost;
use crate::store::error::StoreError;
use crate::store::folder::Folder;
use crate::store::history::History;
use crate::store::open::{Opened, open};
use crate::store::recover::damage;
use anyhow::{Context, Result};
use rustc_hash::FxHashSet;
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
pub struct Verify {
    /// The answers of a batch: every step of an "ok" line must be in the history
    #[arg(long, value_name = "FILE")]
    acks: Option<PathBuf>,
}

impl Verify {
    /// Returns 0 if all is well, 1 if an acknowledged edit is missing, and 2 if the files do not open or parts are
    /// unreadable.
    pub fn run(&self, invocation: &Invocation) -> Result<u8> {
        let wanted = self.wanted()?;
        let listed = match invocation.product() {
            Ok(listed) => listed,
            Err(StoreError::Empty { .. }) => {
                out::message("There is no product.");
                return Ok(u8::from(!wanted.is_empty()));
            }
            // Nothing was acknowledged, so no product need be there.
            Err(error @ StoreError::Unknown { .. }) if self.acks.is_some() => {
                out::message(&error.to_string());
                return Ok(u8::from(!wanted.is_empty()));
            }
            Err(error) => return Err(error.into()),
        };
        let opened = match open(&listed.folder) {
            Ok(opened) => opened,
            Err(error) => {
                out::message(&error.to_string());
                return Ok(2);
            }
        };
        let history = opened.history(&listed.folder);
        let known: FxHashSet<Id> = history.entries.iter().map(|entry| entry.id).collect();
        let missing: Vec<&Id> = wanted.iter().filter(|id| !known.contains(id)).collect();
        let steps = opened.entries.len();
        let read_only = opened.read_only.clone();
        let stray = stray(&opened, &history);
        let (product, notices) = opened.shown(crate::cli::invocation::now());
        for notice in notices {
            out::message(&notice.text);
        }
        if !product.index_is_sound() {
            out::message("The index in memory does not match the records.");
            return Ok(2);
        }
        for one in loose_links(&product) {
            out::message(&one);
        }
        if let Some(words) = unknown(&product) {
            out::message(&words);
        }
        if let Some(why) = read_only {
            out::message(&format!("It opens read-only: {why}."));
        }
        let damage = damaged(&listed.folder)?;
        for one in &damage {
            out::message(&format!("{}: {}.", one.place, one.why));
        }
        let reordered = history.out_of_order();
        for (step, seen) in &reordered {
            out::message(&format!("The step {step} is before {seen}, which its author had seen."));
        }
        match history.made_elsewhere() {
            0 => {}
            1 => out::message("1 step follows a step that these files lack, as after a git checkout."),
            n => out::message(&format!("{n} steps follow steps that these files lack, as after a git checkout.")),
        }
        for word in &stray {
            out::message(word);
        }
        for id in &missing {
            out::message(&format!("The acknowledged step {id} is missing."));
        }
        if !missing.is_empty() {
            return Ok(1);
        }
        if !damage.is_empty() {
            out::message(&format!("{} is damaged. whyhow repair makes a sound copy beside it.", product.name()));
            return Ok(2);
        }
        if !stray.is_empty() {
            let ways =
                "Put back the files that belong together. Without them, whyhow repair makes a sound copy beside it.";
            out::message(ways);
            return Ok(2);
        }
        if !reordered.is_empty() {
            out::message("Lines of the journal were reordered. Put back the files as they were before.");
            return Ok(2);
        }
        let acknowledged = match wanted.len() {
            0 => String::new(),
            n => format!(" All {n} acknowledged edits are there."),
        };
        Ok(out::line(&format!(
            "{}: sound. {} stories; {steps} steps since the journal was last closed.{acknowledged}",
            product.name(),
            product.items().len()
        )))
    }

    fn wanted(&self) -> Result<Vec<Id>> {
        let Some(path) = &self.acks else { return Ok(Vec::new()) };
        let unread = || format!("Could not read {}", path.display());
        let file = std::fs::File::open(path).with_context(unread)?;
        let step = |line: &[u8]| -> Option<Id> {
            let ack: Value = serde_json::from_slice(line).ok()?;
            let ok = ack.get("ok")?.as_bool()?;
            ack.get("step").and_then(Value::as_str).filter(|_| ok).and_then(Id::parse)
        };
        let mut all = Vec::new();
        for line in Lines::of(std::io::BufReader::new(file)) {
            all.extend(step(&line.with_context(unread)?));
        }
        Ok(all)
    }
}

/// Where product.json and the journal do not belong together, in sentences.
fn stray(opened: &Opened, history: &History) -> Vec<String> {
    let mut out = Vec::new();
    let (missing, differs) = (history.missing(), opened.differs(history));
    if let Some(first) = missing.first() {
        let steps = count(missing.len(), "step", "steps");
        out.push(format!("Older parts of the journal are missing: it names {steps} that no file has, first {first}."));
    }
    if let Some(change) = differs.changes.first() {
        let cells = count(differs.changes.len(), "value differs", "values differ");
        let cell = change.field.of(opened.product.name_of(change.id));
        out.push(format!("product.json is not what the journal leads to: {cells}, first {cell}."));
    }
    out
}

/// What the file contains that this program does not know: kept, but not shown.
fn unknown(product: &Product) -> Option<String> {
    let top: Vec<&str> = product.unknown.keys().map(|key| &**key).collect();
    let has_keys = |kind: &Kind| {
        let shelf = product.table(*kind);
        let unknown = kind.field("unknown");
        let records = shelf.slots().filter_map(|slot| shelf.record(slot));
        records.filter(|record| unknown.is_some_and(|field| !record.value(field).is_null())).count()
    };
    let records: usize = Kind::ALL.iter().map(has_keys).sum();
    let mut parts = Vec::new();
    match records {
        0 => {}
        1 => parts.push("1 record has keys".to_string()),
        many => parts.push(format!("{many} records have keys")),
    }
    match top.as_slice() {
        [] => {}
        [one] => parts.push(format!("product.json has a list {one:?}")),
        all => parts.push(format!("product.json has {} lists ({})", all.len(), all.join(", "))),
    }
    (!parts.is_empty())
        .then(|| format!("{} that this whyhow does not know. They are kept unchanged.", parts.join(", and ")))
}

/// Returns unreadable lines in the middle of a segment, and unreadable segments. An incomplete last line was never
/// acknowledged, and a file of a newer program is not damage.
fn damaged(folder: &Folder) -> Result<Vec<Lost>> {
    let mut all = match damage(folder) {
        Err(StoreError::Newer { .. } | StoreError::ReadOnly { .. }) => return Ok(Vec::new()),
        all => all?,
    };
    all.retain(|one| !one.is_torn);
    Ok(all)
}
