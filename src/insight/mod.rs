//! What follows from a product: read only, no clock, nothing stored.

pub mod day_words;
pub mod find;
pub mod markdown;
pub mod needs;
pub mod thread;
pub mod told;
