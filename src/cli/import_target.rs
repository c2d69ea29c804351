//! The product of an import: found or created, written to as one step for all files, and removed again if it was created for an
//! import that failed.

use crate::actions::Context;
use crate::actions::proposal::{ProposeAs, across};
use crate::cli::invocation::{Invocation, now};
use crate::cli::out;
use crate::import::listing::ImportList;
use crate::import::together::Together;
use crate::import::{Found, Past, Report, Settling, Terms, plan, renaming, together};
use crate::insight::alike::pairs;
use crate::model::change::Step;
use crate::model::grammar::{count, plural};
use crate::model::id::{Id, IdSource};
use crate::model::product::Product;
use crate::model::rules::Refusal;
use crate::model::schema::Kind;
use crate::store::create::{Founder, find_or_create};
use crate::store::error::StoreError;
use crate::store::folder::Folder;
use crate::store::journal::LoggedStep;
use crate::store::open::open;
use crate::store::write_request::{Author, WriteOutcome, WriteRequest};
use crate::store::writer::Writer;
use anyhow::{Result, bail};
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// The product to import into, and what it has been where a file of our own asks for that.
pub(super) struct Target {
    reached: Reached,
    /// It was created for this import.
    is_new: bool,
    history: Vec<Arc<LoggedStep>>,
    /// What to say of the import once it is done.
    pub(super) notes: Vec<String>,
}

/// A product, opened or created.
enum Reached {
    /// Opened read-only.
    Seen(Box<Product>),
    Open(Box<Writer>),
}

impl Target {
    pub(super) fn find(setting: &Invocation, into: Option<&str>, look: bool, all: &[Found]) -> Result<Target> {
        let name = into.or(setting.wide.product.as_deref());
        let found = match name {
            Some(name) => setting.places.data.find(Some(name)),
            None => setting.product(),
        };
        let (folder, is_new) = match (found, name) {
            (Ok(listed), _) => (listed.folder, false),
            (Err(StoreError::Unknown { .. } | StoreError::Empty { .. }), Some(_)) if look => {
                return Ok(Target {
                    reached: Reached::Seen(Box::default()),
                    is_new: false,
                    history: Vec::new(),
                    notes: Vec::new(),
                });
            }
            (Err(StoreError::Unknown { .. } | StoreError::Empty { .. }), Some(name)) => {
                fits(setting, name, all)?;
                made(setting, name)?
            }
            (Err(error), _) => return Err(error.into()),
        };
        let is_own = all.iter().any(|found| found.system.is_empty());
        if look {
            let opened = open(&folder)?;
            let history = if is_own { opened.history(&folder).entries } else { Vec::new() };
            let (product, notices) = opened.shown(now());
            notices.iter().for_each(|notice| out::message(&notice.text));
            return Ok(Target { reached: Reached::Seen(Box::new(product)), is_new, history, notes: Vec::new() });
        }
        // The writer takes in what was edited by hand, so it comes first.
        let mut writer = Writer::open(folder.clone())?;
        writer.take_notices().iter().for_each(|notice| out::message(&notice.text));
        let history = if is_own { open(&folder)?.history(&folder).entries } else { Vec::new() };
        Ok(Target { reached: Reached::Open(Box::new(writer)), is_new, history, notes: Vec::new() })
    }

    pub(super) fn product(&self) -> &Product {
        match &self.reached {
            Reached::Seen(product) => product,
            Reached::Open(writer) => writer.product(),
        }
    }

    /// Imports what the files hold, as one step. It is planned on the product as the files of the product hold it at that
    /// moment, so that two imports at once do not both take a record for new.
    ///
    /// # Errors
    ///
    /// Nothing was imported.
    pub(super) fn take(&mut self, all: &[Found], settling: &Settling, setting: &Invocation) -> Result<Vec<Report>> {
        let mut ids = IdSource::new(fastrand::u64(..), 0);
        let Target { reached, history, notes, .. } = self;
        let writer = match reached {
            Reached::Seen(product) => {
                let Together { step, mut reports } = planned(all, product, history, settling, &mut ids)?;
                listed(product, &step, &mut reports);
                return Ok(reports);
            }
            Reached::Open(writer) => writer,
        };
        let (mut reports, mut refused, mut proposed) = (None, None, 0);
        let answers = writer.commit_each(&mut |staged| {
            if reports.is_some() || refused.is_some() {
                return None;
            }
            let made = planned(all, staged.product, history, settling, &mut ids).and_then(|made| {
                let mut context = context(setting, ids.clone());
                let (step, proposals) = across(staged.product, made.step, "", ProposeAs::Separate, &mut context)?;
                ids = context.ids;
                proposed = proposals.len();
                reports = Some(made.reports);
                Ok(step)
            });
            let step = match made {
                Ok(step) => step,
                Err(refusal) => {
                    refused = Some(refusal);
                    return None;
                }
            };
            let mut fresh = || -> Id { ids.fresh(|id| staged.product.knows(id)) };
            let (id, session) = (fresh(), fresh());
            let author = Author { session, n: 1, time: now(), by: setting.by(), role: setting.role() };
            (!step.is_empty()).then(|| WriteRequest::new(id, author, step))
        });
        let answers = answers.map_err(not_saved)?;
        if let Some(refusal) = refused {
            return Err(refusal.into());
        }
        match answers.into_iter().next() {
            Some(WriteOutcome::Refused(refusal)) => bail!("{refusal}"),
            Some(WriteOutcome::NotSaved(why)) => Err(not_saved(why)),
            answer => {
                if let Some(WriteOutcome::Saved { entry, .. }) = answer {
                    what_reads_alike(writer.product(), &entry.step, notes);
                }
                notes.extend(of_proposals(proposed));
                Ok(reports.unwrap_or_default())
            }
        }
    }

    /// Removes a product that was created for an import which then failed, unless somebody has written to it.
    pub(super) fn take_back(&mut self) {
        let Reached::Open(writer) = &self.reached else { return };
        if self.is_new && writer.entries().len() == 1 && !writer.others_wrote() {
            let folder = writer.folder().0.clone();
            self.reached = Reached::Seen(Box::default());
            // What is left of it is an empty product, which can be removed by hand.
            let _ = std::fs::remove_dir_all(folder);
        }
    }

    /// Ends as the screen does, with a fresh product.json. A large step closes its segment.
    pub(super) fn finish(&mut self) {
        let Reached::Open(writer) = &mut self.reached else { return };
        let (journal, _) = writer.sizes();
        if let Err(error) = writer.checkpoint(journal > 1 << 20) {
            out::message(&format!("{error} The journal has everything that was imported."));
        }
    }
}

/// The step of all files, with a report for each.
///
/// # Errors
///
/// A file reads like one that was imported from another place: the question, with both answers.
fn planned(
    all: &[Found],
    product: &Product,
    history: &[Arc<LoggedStep>],
    settling: &Settling,
    ids: &mut IdSource,
) -> Result<Together, Refusal> {
    if settling.renamed.is_none()
        && let Some(one) = all.iter().find_map(|found| renaming(found, product))
    {
        let answers = "--renamed yes takes it as the same one, --renamed no as another one";
        return Err(Refusal::new(one.question(), format!("Nothing was imported. {answers}.")));
    }
    let past = |found: &Found| {
        let steps = history.iter().filter(|_| found.system.is_empty());
        Past::of(steps.map(|entry| (entry.id, &entry.step)))
    };
    Ok(together(all.to_vec(), product, ids, &Terms { settling: settling.clone(), ..Terms::at(now()) }, &past))
}

/// Whoever only looks sees which records it would be.
fn listed(product: &Product, step: &Step, reports: &mut [Report]) {
    let joined = Report::joined(reports.to_vec());
    let lists = ImportList::ALL.map(|one| (one, one.records(product, step, &joined)));
    if let Some(last) = reports.last_mut() {
        last.lists = lists.into();
    }
}

/// The most stories among which an import looks for duplicates: beyond that it would take longer than the import itself.
const MOST_COMPARED: usize = 20_000;

/// New stories that read like others: the first few by name.
fn what_reads_alike(product: &Product, step: &Step, notes: &mut Vec<String>) {
    let new: FxHashSet<Id> = step.created().filter(|(kind, _)| *kind == Kind::BacklogItem).map(|(_, id)| id).collect();
    if new.is_empty() || product.items().len() > MOST_COMPARED {
        return;
    }
    let all = pairs(product, &new);
    let Some(first) = all.get(..all.len().min(5)).filter(|first| !first.is_empty()) else { return };
    let title = |id: Id| product.find(id).map(|one| format!("{} {}", one.name(), one.title())).unwrap_or_default();
    let pairs = count(all.len(), "pair reads alike", "pairs read alike");
    notes.push(format!("{pairs}, new or known, as their titles say:"));
    notes.extend(first.iter().map(|(one, other)| format!("  {}  ~  {}", title(*one), title(*other))));
    if all.len() > first.len() {
        notes.push(
            "  and more. On the screen, f z shows them and d u closes one as a duplicate of another.".to_string(),
        );
    }
}

/// What the role may not write was proposed to the other one.
fn of_proposals(proposed: usize) -> Option<String> {
    let what = count(proposed, "proposal waits", "proposals wait");
    let note = format!("{what} for the other role, who owns what they would change: show inbox lists them.");
    (proposed > 0).then_some(note)
}

fn context(setting: &Invocation, ids: IdSource) -> Context {
    Context { role: setting.role(), by: setting.by(), now: now(), ids }
}

fn not_saved(why: String) -> anyhow::Error {
    anyhow::anyhow!("Not saved: {why}. Nothing of it was imported.")
}

/// Checks that there is something for a new product, and that it takes all of it in this role, before it is created.
fn fits(setting: &Invocation, name: &str, all: &[Found]) -> Result<()> {
    if all.iter().all(|found| found.records.is_empty()) {
        let files = all.iter().map(|found| found.from.as_str()).collect::<Vec<_>>().join(" and ");
        let have = plural(all.len(), "has", "have");
        bail!("{files} {have} no records. Nothing was imported, and {name} was not made.");
    }
    let (mut product, mut ids) = (Product::default(), IdSource::new(fastrand::u64(..), 0));
    for found in all {
        let planned = plan(found.clone(), &product, &mut ids, &Terms::at(now()));
        let (step, _) = across(&product, planned.step, "", ProposeAs::Separate, &mut context(setting, ids.clone()))?;
        product.apply(&step).map_err(anyhow::Error::msg)?;
    }
    Ok(())
}

fn made(setting: &Invocation, name: &str) -> Result<(Folder, bool), StoreError> {
    let mut ids = IdSource::new(fastrand::u64(..), 0);
    let mut fresh = || ids.fresh(|_| false);
    let founder =
        Founder { by: setting.by(), role: setting.role(), now: now(), board: fresh(), step: fresh(), session: fresh() };
    find_or_create(&setting.places.data, name, &founder)
}
