//! The layers on top of the views: boxes, editors, lines being typed. Each is a file that implements
//! [`Layer`](crate::tui::state::contract::Layer).

pub mod add_line;
pub mod ask;
pub mod ask_reason;
pub mod back_from_editor;
pub mod carry;
pub mod choices;
pub mod done_check;
pub mod editor;
pub mod exchange;
pub mod export_sheet;
pub mod find;
pub mod import_meaning;
pub mod import_rows;
pub mod import_sheet;
pub mod keys_box;
pub mod menu;
pub mod own_wish;
pub mod picker;
pub mod points;
pub mod prompt;
pub mod reading;
pub mod role_box;
pub mod scope_change;
pub mod seed;
pub mod settings_box;
pub mod sheet;
pub mod split;
pub mod sprint_close;
pub mod story_in_sprint;
pub mod trail;
pub mod typed_value;
