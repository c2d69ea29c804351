//! Markdown, for people to read: the product as a page, one view of it, a sprint review, single records. Nothing here is
//! read back.

pub mod changes;
pub mod escape;
pub mod pages;
pub mod planning;
pub mod product;
pub mod record;
pub mod review;
