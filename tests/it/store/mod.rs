//! Files and writers: damage, repair, faults of the system, several sessions on one folder.

mod concurrent;
mod damaged_files;
mod faults;
mod merges;
mod repair;
mod replaced_files;
mod sessions;
