//! What a person relies on, from outside: one binary for all.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation, clippy::cast_possible_wrap)]
#![allow(clippy::cast_sign_loss, clippy::disallowed_methods, clippy::get_unwrap, clippy::print_stderr)]

mod any_bytes;
mod barred;
mod batch;
mod board;
mod bounds;
mod calls;
mod counted;
mod crash;
mod desk;
mod docs;
mod ends;
mod exchange;
mod faults;
mod flows;
mod foreign;
mod hands;
mod hints;
mod hostile;
mod house;
mod laws;
mod many;
mod meets;
mod monkey;
mod mouse;
mod plan;
mod play;
mod printed;
mod promises;
mod reader_laws;
mod reliability;
mod repair;
mod replaced;
mod review;
mod screens;
mod session_laws;
mod sessions;
mod settings;
mod sprint_acts;
mod sprint_laws;
mod sprints;
mod stage;
mod straight;
mod surroundings;
mod terminal;
mod timeline;
mod two;
mod typing;
mod unsaved;
mod unseen;
mod ways;
mod window;
