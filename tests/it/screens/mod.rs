//! Views, keys, clicks and texts on the screen, without a terminal.

mod agreement;
mod any_size;
mod board;
mod column_widths;
mod counted_flows;
mod extreme_values;
mod first_day;
mod flows;
mod hints;
mod history_and_bin;
pub mod hostile_text;
mod in_sight;
mod late_keys;
mod many;
mod monkey;
mod mouse;
mod plan;
mod proposals;
mod reasons;
mod replaced_files;
mod review;
mod roadmap;
mod settings;
pub mod timeline;
mod two_hands;
mod typing;
mod views;
