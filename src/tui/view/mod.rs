//! The views: what rows each shows, what stands in its panes, and what it does with the general keys. A view is one file, or
//! a folder where it is large; nothing below knows any of them.

pub mod backlog;
pub mod board;
pub mod done;
pub mod history;
pub mod inbox;
pub mod outlook;
pub mod plan;
pub mod products;
pub mod review;
pub mod roadmap;
pub mod vision;
