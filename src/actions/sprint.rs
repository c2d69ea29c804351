//! The life of a sprint: new, filled, started, closed; cancelled or reopened if necessary. The actions are in the
//! files of this folder.

mod args;
pub mod close;
pub mod ledger;
pub mod select;
pub mod start;

pub use close::{CANCEL, CLOSE, Carry, Closing, REOPEN, cancel, close, reopen};
pub use select::{NEW, New, PLAN, UNPLAN, discard, new, new_with, plan, unplan};
pub use start::{START, Starting, start};
