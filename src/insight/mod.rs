//! What follows from a product: read only, no clock, nothing stored.

pub mod attention;
pub mod broken_links;
pub mod burndown;
pub mod date_parser;
pub mod describe_change;
pub mod done;
pub mod find;
pub mod forecast;
pub mod markdown;
pub mod minutes;
pub mod monte_carlo;
pub mod outlook;
pub mod page;
pub mod plan;
pub mod review;
pub mod roadmap_diff;
pub mod sprint;
pub mod timeline;
pub mod trace;
pub mod velocity;
pub mod window;
