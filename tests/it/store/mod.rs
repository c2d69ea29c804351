//! Files and writers: damage, repair, faults of the system, several sessions on one folder.

mod concurrent;
mod damaged_files;
#[cfg(unix)]
mod faults;
mod merges;
mod other_programs;
mod repair;
mod replaced_files;
mod sessions;
