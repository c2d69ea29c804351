//! What the tests share: products in scratch folders, a screen without a terminal, a real terminal, people at play.

pub mod digest;
pub mod grammar;
pub mod load;
pub mod lookup;
pub mod markup;
pub mod play;
pub mod reader_laws;
pub mod scratch;
pub mod stage;
pub mod trial;
#[cfg(unix)]
pub mod window;
