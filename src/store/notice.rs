//! Messages about the files of a product, each shown once.

use crate::model::grammar::count;
use crate::store::damage_report::Lost;
use std::fmt;

/// What a notice is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoticeKind {
    /// The journal ends in an incomplete line.
    TornLine,
    /// A line of the journal is unreadable.
    DamagedLine,
    /// product.json was read without the journal that belongs to it.
    WithoutJournal,
    /// product.json is missing or damaged.
    WithoutDocument,
    /// product.json is older than the journal.
    OlderDocument,
    /// Somebody changed product.json by hand.
    EditedOutside,
    /// The files were replaced by others.
    FilesReplaced,
    /// Changes are kept that are not in the product.
    KeptSteps,
    /// A closed segment of the journal is damaged.
    DamagedSegment,
    /// The files could not be checked.
    Unreachable,
    /// The writer thread has stopped.
    WriterStopped,
    /// An edit brought back a record that somebody had deleted.
    BroughtBack,
}

/// A sentence shown once, and what it is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    pub kind: NoticeKind,
    pub text: String,
}

impl Notice {
    pub fn new(kind: NoticeKind, text: impl Into<String>) -> Notice {
        Notice { kind, text: text.into() }
    }

    /// Somebody changed that many cells in product.json, and they are in the product now.
    pub fn edited(changes: usize) -> Notice {
        let changes = count(changes, "change", "changes");
        let text = format!("product.json was edited from outside: {changes} taken in. u takes that back.");
        Notice::new(NoticeKind::EditedOutside, text)
    }

    /// Closed segments are damaged. Nothing that is shown needs them.
    pub fn damaged_segments(lost: &[Lost]) -> Option<Notice> {
        let first = lost.first()?;
        let more = match lost.len() {
            1 => String::new(),
            n => format!(" The same is true of {} more.", count(n.saturating_sub(1), "file", "files")),
        };
        let text = format!(
            "An older part of the journal is damaged: {}: {}.{more} What you see and what you save is safe; the history and undo lack what was there. whyhow repair makes a sound copy beside it.",
            first.place, first.why
        );
        Some(Notice::new(NoticeKind::DamagedSegment, text))
    }

    /// An older checkpoint is in the place of product.json, and it is not known why.
    pub fn older_document() -> Notice {
        Notice::new(
            NoticeKind::OlderDocument,
            "product.json is an older checkpoint, as after a git checkout or an edit that gave it its earlier content. The newest state from the journal is shown; the older file is kept in backup before it is replaced.",
        )
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
