//! From memory to disk and back: journal, snapshot, lock, history. The only floor that writes a product's files.

pub mod blocks;
pub mod checkpoint;
pub mod concurrent;
pub mod create;
pub mod damage_report;
pub mod error;
pub mod fault_injection;
pub mod file;
pub mod folder;
pub mod history;
pub mod journal;
pub mod lock;
pub mod notice;
pub mod open;
pub mod products;
pub mod recover;
pub mod repair;
mod replaced_files;
pub mod salvage;
pub mod save_copy;
pub mod segments;
pub mod session;
pub mod snapshot;
pub mod undo;
pub mod write_request;
pub mod writer;
mod writer_thread;
