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

/// A digit that follows a number taken at once within this time belongs to it.
const DIGIT_BELONGS: Duration = Duration::from_millis(600);

/// Who types without looking begins within so many bursts after a refusal.
const FIRST_KEY: u32 = 10;

/// And goes on within so many.
const NEXT_KEY: u32 = 4;

/// Keys that came too late for what they were meant for, and the input that some belong to after all.
pub struct LateKeys<Input> {
    /// Keys with shorter pauses between them are one burst. `None` ignores nothing.
    pub burst: Option<Duration>,
    /// The last key of a text that is being ignored, and how long the next one may take to belong to it, in bursts.
    ignoring: Option<(Instant, u32)>,
    ignored: usize,
    /// When a value was taken without Enter, and whether a digit took it.
    taken: Option<(Instant, bool)>,
    /// The input of a number that may have more digits.
    number: Option<(Instant, Input)>,
}

impl<Input> Default for LateKeys<Input> {
    fn default() -> LateKeys<Input> {
        LateKeys { burst: None, ignoring: None, ignored: 0, taken: None, number: None }
    }
}

impl<Input> LateKeys<Input> {
    /// True if the key is not to be acted on. Esc and keys with a modifier are always heard, and so are keys that only
    /// move: they do no harm in the middle of a sentence.
    pub fn is_late(&mut self, press: Press, moves: bool) -> bool {
        let taken = self.taken.take();
        if taken.is_some_and(|(at, _)| at.elapsed() < ENTER_IS_LATE) && press == Press::plain(KeyCode::Enter) {
            return true;
        }
        // What goes on like a number, or after a letter comes faster than a hand can type, is the rest of a text.
        if let (Some((at, by_digit)), Some(pause), Some(c)) = (taken, self.burst, press.letter()) {
            let is_text = c.is_ascii_digit() || matches!(c, ' ' | ',' | '.' | ':' | '/');
            let at_once = if by_digit { Duration::ZERO } else { pause.checked_div(4).unwrap_or_default() };
            if at.elapsed() < if is_text { pause } else { at_once } {
                (self.ignoring, self.ignored) = (Some((at, 1)), 0);
            }
        }
        let types = match press.code {
            KeyCode::Char(_) => !press.ctrl && !press.alt,
            KeyCode::Enter | KeyCode::Backspace | KeyCode::Tab | KeyCode::Delete => true,
            _ => false,
        };
        let (Some((last, bursts)), Some(burst)) = (self.ignoring, self.burst) else { return false };
        // What a refusal advises, such as the digit of another view, takes a moment to read.
        let is_word = press.letter().is_some_and(char::is_alphabetic) || self.ignored > 0;
        let bursts = if is_word { bursts } else { bursts.min(NEXT_KEY) };
        if !types || last.elapsed() >= burst.saturating_mul(bursts) {
            self.ignoring = None;
            return false;
        }
        self.ignoring = Some((Instant::now(), bursts.min(NEXT_KEY)));
        if moves {
            return false;
        }
        self.ignored = self.ignored.saturating_add(1);
        true
    }

    /// Something was refused and nothing is open: who types on does not mean commands.
    pub fn refused(&mut self) {
        (self.ignoring, self.ignored) = (self.burst.map(|_| (Instant::now(), FIRST_KEY)), 0);
    }

    /// Something is open that takes keys.
    pub fn listens(&mut self) {
        self.ignoring = None;
    }

    /// A number was taken at once; this is its input.
    pub fn took_a_number(&mut self, input: Input) {
        self.number = Some((Instant::now(), input));
    }

    /// The input of the number that was just taken, if the key pressed now belongs to it.
    pub fn more_of(&mut self, belongs: impl FnOnce(&Input) -> bool) -> Option<Input> {
        let (at, input) = self.number.take()?;
        (at.elapsed() < DIGIT_BELONGS && belongs(&input)).then(|| {
            self.taken = None;
            input
        })
    }

    /// A value was taken by its last digit or letter.
    pub fn took_a_value(&mut self, by_digit: bool) {
        self.taken = Some((Instant::now(), by_digit));
    }

    /// How many keys of the burst were ignored so far.
    pub fn ignored(&self) -> usize {
        self.ignored
    }
}
