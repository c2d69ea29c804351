//! The last change, as the keys that made it: `.` replays them.

use crate::tui::term::input::Input;

#[derive(Default)]
pub struct Repeat {
    /// The keys pressed since no overlay was open.
    now: Vec<Input>,
    last: Vec<Input>,
    repeating: bool,
}

/// A change of more keys than this is a text, not something to repeat.
const LONGEST: usize = 2000;

impl Repeat {
    /// Records the input; `begins` is true if no overlay is open.
    pub fn note(&mut self, begins: bool, input: Input) {
        if self.repeating {
            return;
        }
        if begins {
            self.now.clear();
        }
        if self.now.len() <= LONGEST {
            self.now.push(input);
        }
    }

    /// The keys so far have led to a change.
    pub fn changed(&mut self) {
        if !self.repeating && self.now.len() <= LONGEST {
            self.last = self.now.clone();
        }
    }

    /// Returns the keys to replay; empty if there has been no change yet.
    pub fn begin(&mut self) -> Option<Vec<Input>> {
        self.repeating = !self.last.is_empty();
        self.repeating.then(|| self.last.clone())
    }

    /// The keys may trigger this very command if the screen has changed since.
    pub fn is_repeating(&self) -> bool {
        self.repeating
    }

    pub fn end(&mut self) {
        self.repeating = false;
    }
}
