//! From memory to disk and back: journal, snapshot, lock, history. The only floor that writes a product's files.

pub mod blocks;
pub mod checkpoint;
pub mod create;
mod desk;
pub mod elsewhere;
pub mod error;
pub mod folder;
pub mod history;
pub mod journal;
pub mod lock;
pub mod open;
pub mod past;
pub mod recover;
pub mod rehearse;
pub mod repair;
mod replaced;
pub mod salvage;
pub mod session;
pub mod snapshot;
pub mod told;
pub mod unseen;
pub mod writer;
