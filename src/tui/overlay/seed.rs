//! What an input line adds: shared by the line itself, the preview of pasted lines and the editor that goes on
//! from record to record.

use crate::actions::edit::Place;
use crate::actions::feedback::{SpokenLine, heard};
use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::schema::Kind;
use crate::model::value::{Cell, Value};
use crate::tui::state::contract::Say;

/// What is being added, and where.
#[derive(Clone, Debug)]
pub struct Seed {
    pub kind: Kind,
    /// The initial values besides the title: what it serves, its horizon.
    pub cells: Vec<(&'static Field, Value)>,
    pub place: Place,
    /// The row of the list above the input.
    pub below: Option<Id>,
    /// The feedback that it is made of, which is tied to it.
    pub feedback: Option<Id>,
    /// A message for the status line once it is added.
    pub say: Option<Say>,
}

impl Seed {
    pub fn titled(&self, title: &'static Field, typed: &str) -> Vec<(&'static Field, Value)> {
        title_cells(self.kind, title, typed)
    }
}

/// The title as it was typed. Feedback is read as in a comment: a sign before it is its kind, a name its source; nothing
/// if no words follow.
pub fn title_cells(of: Kind, title: &'static Field, typed: &str) -> Vec<(&'static Field, Value)> {
    if of != Kind::Feedback {
        return vec![(title, typed.into())];
    }
    let SpokenLine { kind, who, words } = heard(typed);
    if words.is_empty() {
        return Vec::new();
    }
    let kind = of.field("kind").map(|field| (field, kind.to_value()));
    let source = who.and_then(|who| Some((of.field("source")?, who.into())));
    std::iter::once((title, words.into())).chain(kind).chain(source).collect()
}
