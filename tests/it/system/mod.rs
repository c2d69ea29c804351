//! The whole program in its surroundings: real terminals, signals, kills, disks that refuse, other users.

mod barred_files;
mod endings;
mod environment;
mod killed_screens;
mod syscalls;
mod terminal;
mod two_windows;
mod unsaved;
