//! Files and writers: damage, repair, faults of the system, several sessions on one folder.

mod concurrent;
mod damaged_files;
#[cfg(unix)]
mod faults;
mod merges;
mod repair;
mod replaced_files;
mod sessions;
