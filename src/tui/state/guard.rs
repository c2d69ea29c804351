//! What keeps keys from acting on what the person did not mean: on a row that slid under the cursor, after a refusal that
//! they had not read yet, or below an input that was over already.

use crate::model::id::Id;
use crate::tui::state::pane_row::PaneRow;
use crate::tui::term::key::Press;
use crossterm::event::KeyCode;
use std::time::{Duration, Instant};

/// What a box or a half-typed key sequence began on.
#[derive(Clone, PartialEq, Debug)]
pub struct Aim {
    pub view: usize,
    /// The selected record, and the ticked ones.
    pub chosen: Option<Id>,
    pub ticked: bool,
    /// The row of the pane that has the keys.
    pub pane_row: Option<PaneRow>,
    /// That row is another one by now.
    pub pane_moved: bool,
}

/// A key that takes a value at once makes the Enter after it superfluous for this long.
const ENTER_IS_LATE: Duration = Duration::from_millis(1500);

/// Keys that came too late for what they were meant for.
#[derive(Default, Debug)]
pub struct LateKeys {
    /// Keys with shorter pauses between them are one burst. `None` ignores nothing.
    pub burst: Option<Duration>,
    /// The last key of a burst that is being ignored.
    ignoring: Option<Instant>,
    ignored: usize,
    /// When a value was taken without Enter.
    taken: Option<Instant>,
}

impl LateKeys {
    /// True if the key is not to be acted on. Esc and keys with a modifier are always heard.
    pub fn is_late(&mut self, press: Press) -> bool {
        let taken = self.taken.take().is_some_and(|at| at.elapsed() < ENTER_IS_LATE);
        if taken && press == Press::plain(KeyCode::Enter) {
            return true;
        }
        let types = match press.code {
            KeyCode::Char(_) => !press.ctrl && !press.alt,
            KeyCode::Enter | KeyCode::Backspace | KeyCode::Tab | KeyCode::Delete => true,
            _ => false,
        };
        let (Some(last), Some(pause)) = (self.ignoring, self.burst) else { return false };
        if !types || last.elapsed() >= pause {
            self.ignoring = None;
            return false;
        }
        self.ignoring = Some(Instant::now());
        self.ignored = self.ignored.saturating_add(1);
        true
    }

    /// Something was refused and nothing is open: who types on does not mean commands.
    pub fn refused(&mut self) {
        (self.ignoring, self.ignored) = (self.burst.map(|_| Instant::now()), 0);
    }

    /// A value was taken by its last digit or letter.
    pub fn took_a_value(&mut self) {
        self.taken = Some(Instant::now());
    }

    /// How many keys of the burst were ignored so far.
    pub fn ignored(&self) -> usize {
        self.ignored
    }
}
