//! The whole program in its surroundings: real terminals, signals, kills, disks that refuse, other users.

mod damage_on_screen;
mod endings;
mod environment;
mod killed_proposals;
mod killed_screens;
mod other_systems;
mod terminal;
mod two_windows;
mod unsaved;
