//! Rust type ⇄ value ⇄ text: what a field may contain, how it is written in JSON, and how a person reads and types it.
//!
//! A [`Value`] is plain JSON. `null` stands for a field's default, so a record that was never written and a field that
//! was cleared look the same everywhere. Each file holds the types of one sort, with their `Cell` impls.

pub(crate) mod cell;
mod checklist;
mod choice;
mod date;
mod facts;
mod link;
mod measure;
mod number;
mod text;

pub use cell::{Cell, LONGEST_TEXT, Map, Shape, Value};
pub use checklist::{Boxed, Criterion, Task, element_name, retyped};
pub use choice::Choice;
pub(crate) use choice::choices;
pub use date::{Day, When};
pub(crate) use facts::facts;
pub use facts::{Any, Confirmation, Extra, LastNumbers, Life, Source, Token, Unknown};
pub use measure::{Measure, Reading, remeasured};
pub use number::Amount;
pub use text::{Labels, Line, Prose};
