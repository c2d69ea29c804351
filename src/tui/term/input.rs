//! Input for whatever has the focus.

use crate::tui::term::key::Press;
use crossterm::event::{KeyCode, KeyEvent};

#[derive(Clone, Debug)]
pub enum Input {
    Key(Press, KeyEvent),
    Paste(String),
    /// A click on one of its rows.
    Click(usize),
}

impl Input {
    /// A key, as if it had been pressed.
    pub fn key(code: KeyCode) -> Input {
        Input::Key(Press::plain(code), KeyEvent::from(code))
    }

    pub fn press(&self) -> Option<Press> {
        match self {
            Input::Key(press, _) => Some(*press),
            Input::Paste(_) | Input::Click(_) => None,
        }
    }
}
