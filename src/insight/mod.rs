//! Everything derived from a product: read-only, no clock, nothing stored.

pub mod age;
pub mod agreement;
pub mod attention;
pub mod broken_links;
pub mod burndown;
pub mod changed_why;
pub mod date_parser;
pub mod describe_change;
pub mod done;
pub mod echo;
pub mod find;
pub mod forecast;
pub mod monte_carlo;
pub mod outlook;
pub mod plan;
pub mod proposals;
pub mod review;
pub mod review_text;
pub mod roadmap_diff;
pub mod sprint;
pub mod text;
pub mod timeline;
pub mod trace;
pub mod velocity;
pub mod views;
pub mod window;
