//! Edits of product.json by hand or by another program: how a writer notices them and writes them as steps.

use crate::model::change::Origin;
use crate::model::grammar::count;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Role;
use crate::model::rules::misfits;
use crate::model::value::When;
use crate::store::error::{Result, StoreError};
use crate::store::file::{Mark, read_file};
use crate::store::history::History;
use crate::store::journal::{self, JournalLine, OUTSIDE};
use crate::store::notice::{Notice, NoticeKind};
use crate::store::open::{EDITED, OutsideEdit, open_unlocked};
use crate::store::snapshot;
use crate::store::write_request::{Author, WriteRequest};
use crate::store::writer::Writer;
use std::sync::Arc;

impl Writer {
    /// product.json is not the one we know: another session's checkpoint, or an edit by hand. The caller holds the lock.
    pub(super) fn outside_edit(&mut self) -> Result<()> {
        let path = self.folder.product_json();
        let mark = Mark::at(&path);
        if mark == self.document.map(|(mark, _)| mark) {
            return Ok(());
        }
        let (Some(mark), Some(bytes)) = (mark, read_file(&path)?) else {
            self.document = None;
            return Ok(());
        };
        if let Some(format) = snapshot::newer_format(&bytes) {
            // Even if its checksum is known: our version would lack what we do not understand.
            let why = format!("a newer whyhow (format {format}) wrote product.json");
            self.read_only = Some(why.clone());
            return Err(StoreError::ReadOnly { why });
        }
        let crc = crc32fast::hash(&bytes);
        if self.snapshots.iter().any(|(known, _)| *known == crc) {
            let edit = self.put_back(crc, &bytes);
            self.document = Some((mark, crc));
            return edit.map_or(Ok(()), |edit| self.record(edit));
        }
        let opened = open_unlocked(&self.folder)?;
        if let Some(why) = opened.read_only {
            self.read_only = Some(why.clone());
            return Err(StoreError::ReadOnly { why });
        }
        self.durable.unknown = opened.product.unknown.clone();
        for notice in opened.notices {
            if !self.notices.contains(&notice) {
                self.notices.push(notice);
            }
        }
        self.document = Some((mark, crc));
        let outside = match opened.outside {
            // Nothing on disk shows what it was before, but we know.
            None if opened.starts_journal => {
                let step = self.durable.diff(&opened.product, EDITED);
                Some(OutsideEdit { step, ..OutsideEdit::default() })
            }
            outside => outside,
        };
        outside.map_or(Ok(()), |edit| self.record(edit))
    }

    /// The edit that gives product.json the content of an older checkpoint, although we have seen a newer one in its
    /// place. `None` for the newest checkpoint, and where another session put it there.
    fn put_back(&mut self, crc: u32, bytes: &[u8]) -> Option<OutsideEdit> {
        let place = |crc: u32| self.snapshots.iter().rposition(|(known, _)| *known == crc);
        let newest = self.snapshots.len().saturating_sub(1);
        let (theirs, ours) = (place(crc)?, self.document.and_then(|(_, known)| place(known)));
        let Some(ours) = ours else {
            if theirs < newest {
                self.notices.push(Notice::older_document());
            }
            return None;
        };
        if theirs >= ours {
            return None;
        }
        let through = self.snapshots.get(ours).and_then(|(_, through)| *through);
        let (file, _) = snapshot::from_json(bytes).ok()?;
        let Some(before) = self.product_at(through) else {
            self.notices.push(Notice::older_document());
            return None;
        };
        let step = before.diff(&file, EDITED);
        if step.is_empty() {
            return None;
        }
        self.notices.push(Notice::edited(step.changes.len()));
        Some(OutsideEdit { step, crc: Some(crc), seen: through })
    }

    /// The product after that step, `None` if the history does not reach back that far.
    fn product_at(&self, through: Option<Id>) -> Option<Product> {
        History::read(&self.folder, &self.entries, &self.snapshots).fold(Some(through?))
    }

    fn record(&mut self, edit: OutsideEdit) -> Result<()> {
        if !edit.step.is_empty() {
            self.take_in(edit)?;
            self.settle_document();
        }
        Ok(())
    }

    /// Writes an edit from outside as a step like any other. Its session names the edited file, so that nobody takes it in
    /// a second time, over what was written since, before a fresh file has taken its place.
    ///
    /// Values that no field can have are left out and named; the edited file is kept in `backup/`.
    pub(super) fn take_in(&mut self, mut edit: OutsideEdit) -> Result<()> {
        let misfits = misfits(&edit.step);
        if let Some(first) = misfits.first() {
            let text = format!(
                "{} {} of the edited product.json left out; the file is kept in backup.",
                first.refusal.what,
                count(misfits.len(), "value", "values")
            );
            self.notices.push(Notice::new(NoticeKind::EditedOutside, text));
        }
        let mut at = 0usize..;
        edit.step.changes.retain(|_| {
            let at = at.next();
            !misfits.iter().any(|one| one.changes.iter().any(|change| Some(*change) == at))
        });
        let random = || Id::from_bits(fastrand::u64(1..));
        let author = Author {
            session: edit.crc.map_or_else(random, journal::edited),
            n: 1,
            time: When(chrono::Local::now().fixed_offset()),
            by: OUTSIDE.to_string(),
            role: Role::Both,
        };
        let act = WriteRequest {
            way: Origin::External,
            seen: edit.seen.or(self.last),
            ..WriteRequest::new(random(), author, edit.step)
        };
        if let (_, Some(entry)) = self.admit_act(&act) {
            let bytes = JournalLine::Step(Arc::clone(&entry)).encode().map_err(|why| StoreError::ReadOnly { why });
            if let Err(error) = bytes.and_then(|bytes| self.append(&bytes)) {
                self.unapply(&entry.step);
                return Err(error);
            }
            self.news.push(Arc::clone(&entry));
            self.remember(entry);
        }
        Ok(())
    }
}
