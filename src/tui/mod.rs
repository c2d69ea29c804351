//! The screen: views, widgets, commands, keys.

pub mod text;
