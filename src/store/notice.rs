//! What a person should know once about the files of a product.

use std::fmt;

/// What a notice is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoticeKind {
    /// The end of the journal is no whole line.
    TornLine,
    /// A line of the journal does not read.
    DamagedLine,
    /// product.json was read without the journal that belongs to it.
    WithoutJournal,
    /// product.json is missing or damaged.
    WithoutDocument,
    /// product.json is older than the journal.
    OlderDocument,
    /// Somebody changed product.json by hand.
    EditedOutside,
    /// Other files were put in the place of ours.
    FilesReplaced,
    /// The files could not be looked at.
    Unreachable,
    /// The writer thread has stopped.
    WriterStopped,
    /// An edit brought back a record that somebody had deleted.
    BroughtBack,
}

/// A sentence that is said once, and what it is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    pub kind: NoticeKind,
    pub text: String,
}

impl Notice {
    pub fn new(kind: NoticeKind, text: impl Into<String>) -> Notice {
        Notice { kind, text: text.into() }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
