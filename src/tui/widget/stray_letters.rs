//! A box of choices has no text, so letters mean nothing in it. Whoever types on all the same thinks of a text, and nothing of
//! it may act: not its blanks, not its digits, not the Enter at its end.

use crate::tui::term::input::Input;
use crate::tui::term::key::Press;
use crossterm::event::KeyCode;

/// Whether somebody is typing into a box that takes no text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct StrayLetters {
    typing: bool,
}

impl StrayLetters {
    /// True if the key is part of a text that nobody asked for. Arrows, Esc and clicks end it; `j` and `k` move, as in
    /// lists, while nothing else was typed.
    pub fn takes(&mut self, input: &Input) -> bool {
        let Some(press) = input.press() else {
            self.typing = false;
            return matches!(input, Input::Paste(_));
        };
        match (press.letter(), press.code) {
            (Some('j' | 'k'), _) if !self.typing => false,
            (Some(c), _) => {
                self.typing |= c.is_alphabetic();
                self.typing
            }
            (None, KeyCode::Enter | KeyCode::Tab) => std::mem::take(&mut self.typing),
            (None, KeyCode::Backspace) => self.typing,
            _ => {
                self.typing = false;
                false
            }
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
}
