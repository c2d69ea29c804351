//! The terminal and what comes and goes through it: bytes, keys, text, colours, places. Nothing here knows the product's
//! screen.

pub mod background;
pub mod clipboard;
pub mod event;
pub mod fault;
pub mod input;
pub mod key;
pub mod keyboard;
pub mod layout;
pub mod paint;
pub mod palette;
pub mod terminal;
pub mod text;
pub mod theme;
