//! The pages and the sources: what they promise of each other.

mod house;
mod pages;
mod recipes;
mod reliability;
mod sources;
