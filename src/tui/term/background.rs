//! Detects the terminal's background. The query is sent with the first frame without waiting: the answer arrives among
//! the keys and is recognised by its form, so that no keys typed ahead are lost and a silent terminal costs nothing.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::time::{Duration, Instant};

/// OSC 11, terminated by BEL: terminals terminate their answer as the query was.
const QUESTION: &str = "\x1b]11;?\x07";

/// The characters of an answer.
const LETTERS: &str = "0123456789abcdefABCDEFrg:/;";

/// The maximum length of an answer.
const LONGEST: usize = 40;

/// How long after the query an answer may still arrive.
const UNDER_WAY: Duration = Duration::from_millis(100);

/// Listens for the answer.
#[derive(Debug, Default)]
pub struct Background {
    asked: Option<Instant>,
    answered: bool,
    /// Keys that may be the start of the answer.
    held: Vec<KeyEvent>,
}

/// What a key turned out to be.
#[derive(PartialEq, Eq, Debug, Default)]
pub struct Heard {
    pub keys: Vec<KeyEvent>,
    /// The answer: the background is light, or dark.
    pub light: Option<bool>,
}

impl Background {
    /// Returns the query, once; from then on an answer is expected.
    pub fn ask(&mut self) -> Option<&'static str> {
        if self.asked.is_some() {
            return None;
        }
        self.asked = Some(Instant::now());
        Some(QUESTION)
    }

    /// How long an answer may still arrive. If it arrived after the program has ended, it would appear in the shell.
    pub fn under_way(&self) -> Option<Duration> {
        let asked = self.asked.filter(|_| !self.answered)?;
        UNDER_WAY.checked_sub(asked.elapsed()).filter(|left| !left.is_zero())
    }

    /// Takes a key; returns those typed by the user.
    pub fn hear(&mut self, key: KeyEvent) -> Heard {
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        // As keys, ESC ] is Alt-], BEL is Ctrl-G and ESC \ is Alt-\.
        if self.asked.is_none() || self.answered || self.held.is_empty() && !(alt && key.code == KeyCode::Char(']')) {
            return Heard { keys: vec![key], light: None };
        }
        let ends = ctrl && key.code == KeyCode::Char('g') || alt && key.code == KeyCode::Char('\\');
        let goes_on = match key.code {
            KeyCode::Char(c) => self.held.is_empty() || !ctrl && !alt && LETTERS.contains(c),
            _ => false,
        };
        if goes_on && self.held.len() < LONGEST {
            self.held.push(key);
            // Nobody types these characters with Alt, so whatever does not begin like an answer is the user's.
            let text = text(&self.held);
            let begins = "11;rgb".starts_with(&text) || text.starts_with("11;rgb");
            return if begins { Heard::default() } else { Heard { keys: std::mem::take(&mut self.held), light: None } };
        }
        let held = std::mem::take(&mut self.held);
        match (text(&held), ends) {
            (text, true) => {
                self.answered = true;
                Heard { keys: Vec::new(), light: is_light(&text) }
            }
            // A partial answer is not the user's input.
            (text, false) if text.starts_with("11;") => Heard { keys: vec![key], light: None },
            _ => Heard { keys: held.into_iter().chain([key]).collect(), light: None },
        }
    }
}

/// The characters after the prefix.
fn text(held: &[KeyEvent]) -> String {
    let letter = |key: &KeyEvent| match key.code {
        KeyCode::Char(c) => Some(c),
        _ => None,
    };
    held.iter().skip(1).filter_map(letter).collect()
}

/// Parses `11;rgb:ffff/ffff/ffff`, with one to four digits per component and an optional alpha component.
fn is_light(text: &str) -> Option<bool> {
    let parts = text.strip_prefix("11;rgb")?.trim_start_matches('a').strip_prefix(':')?;
    let part = |digits: &str| {
        let most = 16f64.powi(i32::try_from(digits.len()).ok()?) - 1.0;
        let value = u32::from_str_radix(digits, 16).ok()?;
        (digits.len() <= 4).then(|| f64::from(value) / most)
    };
    let mut all = parts.split('/').map(part);
    let (red, green, blue) = (all.next()??, all.next()??, all.next()??);
    Some(0.299 * red + 0.587 * green + 0.114 * blue > 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::term::key::keys_of as keys;

    fn hear(bytes: &str) -> (String, Option<bool>) {
        let mut background = Background::default();
        background.ask();
        let heard: Vec<Heard> = keys(bytes).into_iter().map(|key| background.hear(key)).collect();
        let light = heard.iter().find_map(|one| one.light);
        let typed = heard.iter().flat_map(|one| &one.keys).map(|key| key.code.to_string()).collect();
        (typed, light)
    }

    #[test]
    fn an_answer_is_told_from_keys_on_either_side_of_it() {
        for end in ["\x07", "\x1b\\"] {
            assert_eq!(hear(&format!("jj\x1b]11;rgb:ffff/ffff/ffff{end}kk")), ("jjkk".to_string(), Some(true)));
            assert_eq!(hear(&format!("\x1b]11;rgb:1e/1e/1e{end}3")), ("3".to_string(), Some(false)));
            assert_eq!(hear(&format!("\x1b]11;rgba:fdfd/f6f6/e3e3/ffff{end}")), (String::new(), Some(true)));
        }
    }

    #[test]
    fn what_only_looks_like_an_answer_is_given_back() {
        assert_eq!(hear("\x1b]j11").0, "]j11");
        assert_eq!(hear("]11;rgb:0/0/0").0, "]11;rgb:0/0/0");
        assert_eq!(hear("\x1b]1x"), ("]1x".to_string(), None));
        let mut deaf = Background::default();
        assert_eq!(keys("\x1b]11").into_iter().flat_map(|key| deaf.hear(key).keys).count(), 3);
    }

    #[test]
    fn half_an_answer_is_left_out_and_the_next_key_counts() {
        assert_eq!(hear("\x1b]11;rgb:ffj"), ("j".to_string(), None));
        assert_eq!(hear("\x1b]11;rgb:1/1\x07j"), ("j".to_string(), None));
    }
}
