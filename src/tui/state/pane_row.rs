//! One row of a why or how pane, as a view gives it and a pane draws it.

use crate::model::field::Field;
use crate::model::id::Id;

/// One row of a pane. The cursor stops on fields, checkboxes and links.
#[derive(Clone, PartialEq, Debug)]
pub enum PaneRow {
    Field {
        record: Id,
        field: &'static Field,
    },
    /// One sentence with a checkbox, from a list of criteria or tasks.
    Box {
        record: Id,
        field: &'static Field,
        nth: usize,
        text: String,
        ticked: bool,
    },
    /// Another record that depends on this one.
    Link {
        id: Id,
        text: String,
    },
    /// A value that an open proposal wants for the field above.
    Wanted {
        id: Id,
        text: String,
    },
    Heading(String),
    /// Text under a short label.
    Said {
        label: &'static str,
        text: String,
    },
    /// Plain text.
    Text(String),
    /// A side note.
    Note(String),
    /// A warning.
    Warning(String),
}

impl PaneRow {
    pub fn is_stop(&self) -> bool {
        matches!(self, PaneRow::Field { .. } | PaneRow::Box { .. } | PaneRow::Link { .. } | PaneRow::Wanted { .. })
    }

    /// The field it shows, for editing and for the owner in the border.
    pub fn field(&self) -> Option<(Id, &'static Field)> {
        match self {
            PaneRow::Field { record, field } | PaneRow::Box { record, field, .. } => Some((*record, field)),
            _ => None,
        }
    }
}
