//! What follows from a product: read only, no clock, nothing stored.

pub mod chance;
pub mod day_words;
pub mod done;
pub mod find;
pub mod forecast;
pub mod markdown;
pub mod minutes;
pub mod moved;
pub mod needs;
pub mod outlook;
pub mod page;
pub mod plan;
pub mod pulse;
pub mod review;
pub mod since;
pub mod spans;
pub mod sprint;
pub mod thread;
pub mod told;
pub mod velocity;
