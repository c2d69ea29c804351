//! What an input line adds: shared by the line itself, the preview of pasted lines and the editor that goes on
//! from record to record.

use crate::actions::edit::Place;
use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::schema::Kind;
use crate::model::value::Value;
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
