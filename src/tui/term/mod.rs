//! The terminal and its input and output: bytes, keys, text, colours, geometry. Nothing here knows the product's
//! screen.

pub mod background;
pub mod browser;
pub mod clipboard;
pub mod control_string;
pub mod event;
pub mod fault;
pub mod input;
pub mod key;
pub mod keyboard;
pub mod layout;
pub mod paint;
pub mod palette;
pub mod path_text;
pub mod terminal;
pub mod text;
pub mod theme;
