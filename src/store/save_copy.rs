//! Copies an open product to another folder, including acts that could not be written: for a disk
//! that is full, gone or read-only. The old folder is only read, and the session goes on trying to write there.

use crate::model::id::IdSource;
use crate::store::create::Founder;
use crate::store::error::Result;
use crate::store::journal::LoggedStep;
use crate::store::products::{Data, slug};
use crate::store::recover::{Recovered, recover};
use crate::store::repair::{Copied, Meant, write};
use crate::store::session::{Pending, Session};
use std::sync::Arc;

impl Session {
    /// Saves everything shown as a product of its own in this data folder, and returns it.
    ///
    /// If the product's own folder is gone and this is the data folder it was in, it gets its old name back and the
    /// session goes on in it; otherwise the session keeps trying to save in its own folder.
    ///
    /// # Errors
    ///
    /// No copy was made, and the session is as it was.
    pub fn copy_to(&mut self, data: &Data) -> Result<Copied> {
        let mut found = self.recovered();
        let board = found.product.vision().map(|board| board.id);
        let mut ids = IdSource::new(self.fresh_id().bits(), 0);
        let mut founder = Founder::new(self.by.clone(), self.role, self.now(), &mut ids);
        let name = found.product.name().to_string();
        let name = data.free_name(|nth| match nth {
            1 => name.clone(),
            2 => format!("{name} (copy)"),
            nth => format!("{name} (copy {})", nth.saturating_sub(1)),
        });
        let at_home = board.filter(|id| !data.0.join(format!("{}-{id}", slug(&name))).exists());
        founder.board = at_home.unwrap_or(founder.board);
        let label = "Saved in another place".to_string();
        let copied = write(data, &mut found, &Meant { name, label }, &founder)?;
        self.note_copy(&copied);
        Ok(copied)
    }

    /// The history if readable, else what is shown without the pending acts; then the pending acts; and as the
    /// product, what is shown.
    fn recovered(&self) -> Recovered {
        let pending = self.pending_entries();
        let mut found = recover(self.folder()).unwrap_or_else(|_| {
            let base = self.without_pending();
            Recovered { base: Some(base), from: "what the screen showed".to_string(), ..Recovered::default() }
        });
        found.entries.extend(pending);
        found.product = self.product().clone();
        found
    }
}

impl Pending {
    /// The act as a line of a journal.
    pub(super) fn entry(&self) -> Arc<LoggedStep> {
        Arc::new(self.act.logged(self.applied.clone()))
    }
}
