//! What the screen knows beside the product, and what can be plugged into it.

pub mod access;
pub mod config_file;
pub mod contract;
pub mod dispatch;
pub mod export_job;
pub mod external;
pub mod filter;
pub mod guard;
pub mod import_folder;
pub mod import_job;
pub mod keymap;
pub mod keys_file;
pub mod keys_page;
pub mod line_history;
pub mod marks;
pub mod moves;
pub mod not_ready;
pub mod output_file;
pub mod output_folder;
pub mod pane_row;
pub mod products;
pub mod row_widths;
pub mod slots;
pub mod ticks;
pub mod tour;
pub mod ui;
