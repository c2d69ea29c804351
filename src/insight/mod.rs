//! What follows from a product: read only, no clock, nothing stored.

pub mod chance;
pub mod day_words;
pub mod done;
pub mod find;
pub mod forecast;
pub mod loose;
pub mod markdown;
pub mod needs;
pub mod plan;
pub mod review;
pub mod sprint;
pub mod thread;
pub mod told;
pub mod velocity;
