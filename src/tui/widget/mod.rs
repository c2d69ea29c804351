//! The parts that views and layers are drawn with.

pub mod bars;
pub mod changed_why;
pub mod chart;
pub mod chrome;
pub mod day;
pub mod fields;
pub mod input;
pub mod list;
pub mod pane;
pub mod popup;
pub mod text_keys;
pub mod wanted;
