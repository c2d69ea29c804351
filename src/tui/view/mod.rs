//! The views: what rows and panes each shows, and what it does with the general keys. A view is one file, or
//! a folder if it is large; nothing below knows any of them.

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
