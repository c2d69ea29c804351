//! A box of choices has no text, so letters mean nothing in it. Whoever types on all the same thinks of a text, and nothing of
//! it may act: not its blanks, not its digits, not the Enter at its end. After a pause, the text is over.

use crate::tui::term::input::Input;
use crate::tui::term::key::Press;
use crossterm::event::KeyCode;
use std::time::{Duration, Instant};

/// After a longer pause than this, a key is no longer part of what was typed before.
const PAUSE: Duration = Duration::from_millis(1000);

/// Whether somebody is typing into a box that takes no text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct StrayLetters {
    /// The last key of such a text.
    typing: Option<Instant>,
}

impl StrayLetters {
    /// True if the key is part of a text that nobody asked for. A pause, arrows, Esc and clicks end it; `j` and `k` move,
    /// as in lists, while nothing else was typed. The first Enter after a text only ends it, however late it comes.
    pub fn takes(&mut self, input: &Input) -> bool {
        self.takes_at(input, Instant::now())
    }

    fn takes_at(&mut self, input: &Input, now: Instant) -> bool {
        let Some(press) = input.press() else {
            self.typing = None;
            return matches!(input, Input::Paste(_));
        };
        let typed = self.typing.take();
        let goes_on = typed.is_some_and(|last| now.saturating_duration_since(last) < PAUSE);
        match (press.letter(), press.code) {
            (Some('j' | 'k'), _) if !goes_on => false,
            (Some(c), _) => {
                self.typing = (goes_on || c.is_alphabetic()).then_some(now);
                self.typing.is_some()
            }
            (None, KeyCode::Enter | KeyCode::Tab) => typed.is_some(),
            (None, KeyCode::Backspace) => {
                self.typing = typed.map(|_| now);
                typed.is_some()
            }
            _ => false,
        }
    }
}

/// The place of a digit among choices, from 0.
pub fn digit(press: Press) -> Option<usize> {
    let digit = press.letter()?.to_digit(10)?;
    usize::try_from(digit).ok()?.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(keys: &str) -> Vec<bool> {
        let mut stray = StrayLetters::default();
        let code = |c: char| match c {
            '\n' => KeyCode::Enter,
            '^' => KeyCode::Up,
            c => KeyCode::Char(c),
        };
        keys.chars().map(|c| stray.takes(&Input::key(code(c)))).collect()
    }

    #[test]
    fn a_sentence_is_taken_whole_and_an_arrow_ends_it() {
        assert!(taken("on the 2nd, + more\n").iter().all(|one| *one));
        assert_eq!(taken("j 1+\n"), [false; 5], "keys of the box are not");
        assert_eq!(taken("a j^ 1\n"), [true, true, true, false, false, false, false]);
        assert_eq!(taken("a\n\n"), [true, true, false], "the Enter after the text is not the one of the box");
    }

    #[test]
    fn a_pause_ends_a_text_and_a_digit_acts_again() {
        let (mut stray, start) = (StrayLetters::default(), Instant::now());
        let mut at = |c: char, millis: u64| {
            let code = if c == '\n' { KeyCode::Enter } else { KeyCode::Char(c) };
            stray.takes_at(&Input::key(code), start + Duration::from_millis(millis))
        };
        assert_eq!((at('a', 0), at('b', 200), at('2', 900)), (true, true, true));
        assert_eq!((at('2', 2400), at('3', 2500)), (false, false));
        assert_eq!((at('a', 3000), at('\n', 6000), at('\n', 6100)), (true, true, false), "Enter needs to be meant");
    }
}
