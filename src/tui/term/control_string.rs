//! Control strings (DCS, OSC, APC, PM, SOS) that a terminal sends by itself. The reader of events takes them for keys, a
//! letter with Alt and what follows it; nothing of them must run as commands.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::time::{Duration, Instant};

/// ESC and one of these begins a string: DCS, OSC, APC, PM, SOS.
const BEGINNINGS: &str = "P]_^X";
/// Nobody types this many keys behind Alt and a letter without a pause.
const TYPED: usize = 40;
/// A string may come in pieces, with pauses of this length between them.
const PIECES: Duration = Duration::from_millis(300);

/// Tells the keys of a control string from those of a person.
#[derive(Debug, Default)]
pub struct ControlString {
    /// Keys that may be the beginning of a string.
    held: Vec<KeyEvent>,
    /// It is a string: when its last key came.
    inside: Option<Instant>,
}

/// What a key turned out to be.
#[derive(PartialEq, Eq, Debug)]
pub enum HeardKey {
    /// Not known yet.
    Held,
    /// Part of a string.
    Dropped,
    /// Keys that are no string.
    Typed(Vec<KeyEvent>),
    /// A whole string, short enough to be an answer.
    String(Vec<KeyEvent>),
}

impl ControlString {
    /// Takes a key that came now.
    pub fn hear(&mut self, key: KeyEvent, now: Instant) -> HeardKey {
        let is_end = ends(&key);
        if let Some(last) = self.inside {
            self.inside = (!is_end).then_some(now);
            if is_end || now.duration_since(last) < PIECES {
                return HeardKey::Dropped;
            }
            self.inside = None;
        }
        match self.held.is_empty() {
            true if begins(&key) => {
                self.held.push(key);
                HeardKey::Held
            }
            true => HeardKey::Typed(vec![key]),
            false => {
                self.held.push(key);
                if is_end {
                    return HeardKey::String(std::mem::take(&mut self.held));
                }
                if self.held.len() < TYPED {
                    return HeardKey::Held;
                }
                self.held.clear();
                self.inside = Some(now);
                HeardKey::Dropped
            }
        }
    }

    /// True if keys are held back that a person may have typed.
    pub fn holds(&self) -> bool {
        !self.held.is_empty()
    }

    /// Nothing followed: what was held is no string, or half of one.
    pub fn pause(&mut self) -> Vec<KeyEvent> {
        std::mem::take(&mut self.held)
    }
}

fn begins(key: &KeyEvent) -> bool {
    let alt = key.modifiers.contains(KeyModifiers::ALT) && !key.modifiers.contains(KeyModifiers::CONTROL);
    matches!(key.code, KeyCode::Char(c) if alt && BEGINNINGS.contains(c))
}

/// BEL, or ST as ESC and a backslash.
fn ends(key: &KeyEvent) -> bool {
    match key.code {
        KeyCode::Char('g') => key.modifiers.contains(KeyModifiers::CONTROL),
        KeyCode::Char('\\') => key.modifiers.contains(KeyModifiers::ALT),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::term::key::keys_of;

    /// The characters that are typed, and how many strings were whole.
    fn hear(bytes: &str) -> (String, usize) {
        let (mut told, mut typed, mut whole) = (ControlString::default(), Vec::new(), 0);
        let now = Instant::now();
        for key in keys_of(bytes) {
            match told.hear(key, now) {
                HeardKey::Typed(keys) => typed.extend(keys),
                HeardKey::String(_) => whole += 1,
                HeardKey::Held | HeardKey::Dropped => {}
            }
        }
        typed.extend(told.pause());
        (typed.iter().map(|key| key.code.to_string()).collect(), whole)
    }

    #[test]
    fn strings_are_told_from_keys_on_either_side_of_them() {
        for beginning in BEGINNINGS.chars() {
            for end in ["\x07", "\x1b\\"] {
                assert_eq!(hear(&format!("jj\x1b{beginning}1$r0m{end}kk")), ("jjkk".to_string(), 1));
                let long = format!("jj\x1b{beginning}{}{end}kk", "qD".repeat(50_000));
                assert_eq!(hear(&long), ("jjkk".to_string(), 0));
            }
        }
    }

    #[test]
    fn what_a_person_types_behind_alt_is_theirs() {
        assert_eq!(hear("\x1bPabc").0, "Pabc");
        assert_eq!(hear("\x1b]").0, "]");
        assert_eq!(hear("P]_^X"), ("P]_^X".to_string(), 0));
    }

    #[test]
    fn an_endless_string_ends_with_a_pause() {
        let (mut told, begun) = (ControlString::default(), Instant::now());
        for key in keys_of(&format!("\x1bP{}", "q".repeat(1000))) {
            assert!(!matches!(told.hear(key, begun), HeardKey::Typed(_) | HeardKey::String(_)));
        }
        let j = KeyEvent::from(KeyCode::Char('j'));
        assert_eq!(told.hear(j, begun + PIECES / 2), HeardKey::Dropped);
        assert_eq!(told.hear(j, begun + PIECES * 2), HeardKey::Typed(vec![j]));
        assert_eq!(told.hear(j, begun + PIECES * 2), HeardKey::Typed(vec![j]));
    }
}
