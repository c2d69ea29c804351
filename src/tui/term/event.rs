//! Input from the terminal: events that arrive together are handled together, and text pasted as keys is distinguished
//! from pressed keys.

use crate::tui::term::background::Background;
use crate::tui::term::control_string::{ControlString, HeardKey};
use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use std::collections::VecDeque;
use std::io;
use std::time::{Duration, Instant};

/// Events within this time belong to the same frame.
const TOGETHER: Duration = Duration::from_micros(50);
/// Nobody presses two keys within this time; a paste over a slow connection may pause that long.
const PASTING: Duration = Duration::from_millis(20);
/// A stream that never pauses is not waited for any longer.
const LONGEST: Duration = Duration::from_millis(500);
/// After this long, what has arrived is handled, even if the stream goes on.
const ENDLESS: Duration = Duration::from_secs(2);
/// From this many characters at once, it may be a paste, and the rest is waited for.
const SUSPECT: usize = 3;
/// A burst of more characters than this with line breaks in it is a paste.
const BURST: usize = 8;

/// Events that have been read but not handled.
#[derive(Default)]
pub struct Inbox {
    waiting: VecDeque<Event>,
    letters: Letters,
    strings: ControlString,
    background: Background,
    /// What the terminal reported about its background.
    pub light: Option<bool>,
}

impl Inbox {
    /// Reads everything that has arrived, waiting a moment longer if it looks like a paste without brackets.
    pub fn fill(&mut self) -> io::Result<()> {
        let begun = Instant::now();
        self.letters = Letters::default();
        loop {
            let is_open = self.letters.are_suspect() || self.strings.holds();
            let patience = if is_open && begun.elapsed() < LONGEST { PASTING } else { TOGETHER };
            if (!self.waiting.is_empty() || self.strings.holds()) && !waits(event::poll(patience))? {
                break;
            }
            let come = event::read()?;
            match come {
                Event::Key(key) if key.kind == KeyEventKind::Release => {}
                Event::Key(key) => self.hear(key),
                come => self.waiting.push_back(come),
            }
            if self.waiting.is_empty() && !self.strings.holds() && !waits(event::poll(TOGETHER))? {
                break;
            }
            if begun.elapsed() > ENDLESS {
                break;
            }
        }
        for key in self.strings.pause() {
            self.answer_or_key(key);
        }
        if let Some(text) = pasted_as_keys(self.waiting.make_contiguous()) {
            self.waiting.retain(|event| !matches!(event, Event::Key(_)));
            self.waiting.push_back(Event::Paste(text));
        }
        Ok(())
    }

    /// Takes a key. What the terminal says by itself is no key of the user.
    fn hear(&mut self, key: KeyEvent) {
        match self.strings.hear(key, Instant::now()) {
            HeardKey::Held | HeardKey::Dropped => {}
            HeardKey::Typed(keys) => keys.into_iter().for_each(|key| self.answer_or_key(key)),
            HeardKey::String(keys) => {
                for key in keys {
                    self.light = self.background.hear(key).light.or(self.light);
                }
            }
        }
    }

    /// Takes a key that is in no string, unless it is in an answer that came in pieces.
    fn answer_or_key(&mut self, key: KeyEvent) {
        let heard = self.background.hear(key);
        self.light = heard.light.or(self.light);
        for key in heard.keys {
            self.letters.note(&key);
            self.waiting.push_back(Event::Key(key));
        }
    }

    /// The query to send to the terminal for its background; only once, since it does not change.
    pub fn question(&mut self) -> Option<&'static str> {
        self.background.ask()
    }

    /// Prevents the terminal's answer from appearing in the shell after quitting at once.
    pub fn swallow_answer(&mut self) -> io::Result<()> {
        while let Some(left) = self.background.under_way() {
            if waits(event::poll(left))?
                && let Event::Key(key) = event::read()?
            {
                self.background.hear(key);
            }
        }
        Ok(())
    }

    pub fn take(&mut self) -> Option<Event> {
        self.waiting.pop_front()
    }

    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Discards what arrived while another program had the terminal.
    pub fn forget(&mut self) -> io::Result<()> {
        self.waiting.clear();
        while waits(event::poll(Duration::ZERO))? {
            event::read()?;
        }
        Ok(())
    }
}

/// The letters of one burst.
#[derive(Debug, Default)]
struct Letters {
    first: Option<char>,
    count: usize,
    differ: bool,
}

impl Letters {
    fn note(&mut self, key: &KeyEvent) {
        if let Some(c) = plain(key).filter(|c| !c.is_whitespace()) {
            let first = *self.first.get_or_insert(c);
            self.count = self.count.saturating_add(1);
            self.differ |= c != first;
        }
    }

    /// True if they may be a paste. The same character many times is a key held down.
    fn are_suspect(&self) -> bool {
        self.differ && self.count >= SUSPECT
    }
}

/// A signal that arrives while waiting is not an error.
pub fn waits(answer: io::Result<bool>) -> io::Result<bool> {
    match answer {
        Err(cause) if cause.kind() == io::ErrorKind::Interrupted => Ok(false),
        answer => answer,
    }
}

/// The character that a key types, or a line break or tab as in a paste.
fn plain(key: &KeyEvent) -> Option<char> {
    match (key.code, key.modifiers) {
        (KeyCode::Enter, KeyModifiers::NONE) => Some('\n'),
        (KeyCode::Tab, KeyModifiers::NONE) => Some('\t'),
        // A line feed.
        (KeyCode::Char('j'), KeyModifiers::CONTROL) => Some('\n'),
        (KeyCode::Char(c), KeyModifiers::NONE | KeyModifiers::SHIFT) => Some(c),
        _ => None,
    }
}

/// Keys that people hold down or press as fast as they can.
fn moves(c: char) -> bool {
    "hjklG gnN+-<>u".contains(c)
}

/// Returns the text of a burst that is a paste: more than eight keys that all type something, in at least two lines,
/// with several characters besides those for moving. A line break at the very end is not enough: over a slow
/// connection, a title and its Enter arrive in one piece.
fn pasted_as_keys(events: &[Event]) -> Option<String> {
    if events.len() <= BURST {
        return None;
    }
    let mut text = String::with_capacity(events.len());
    for event in events {
        // A resize or loss of focus says nothing about the keys.
        if let Event::Key(key) = event {
            text.push(plain(key)?);
        }
    }
    let lines = text.split('\n').filter(|line| !line.trim().is_empty()).count();
    let mut kinds: Vec<char> = text.chars().filter(|c| !c.is_whitespace() && !moves(*c)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    (text.chars().count() > BURST && lines >= 2 && kinds.len() >= 2).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<Event> {
        let key = |c| match c {
            '\n' => Event::Key(KeyEvent::from(KeyCode::Enter)),
            '↓' => Event::Key(KeyEvent::from(KeyCode::Down)),
            c => Event::Key(KeyEvent::from(KeyCode::Char(c))),
        };
        text.chars().map(key).collect()
    }

    #[test]
    fn lines_that_come_at_once_are_a_paste() {
        for text in ["one\ntwo\nthree", "- [ ] Slot\n- [ ] Mail\n", "q q d d u\nx\n", "Überprüfen\nÄndern"] {
            assert_eq!(pasted_as_keys(&keys(text)).as_deref(), Some(text));
        }
    }

    #[test]
    fn held_keys_and_quick_fingers_are_not() {
        let held = "j".repeat(3000);
        let there_and_back = "jk".repeat(1500) + "\njjj";
        for text in [
            held.as_str(),
            &there_and_back,
            "jjjjjjjjjjjj\nkkkkkk",
            "aA new story\n",
            "p5\njp3\n",
            "qqqqqqqqqqqq",
            "  \n\n\n\n\n\n\n\n\n",
        ] {
            assert_eq!(pasted_as_keys(&keys(text)), None, "{text:?}");
        }
        assert_eq!(pasted_as_keys(&keys("one\ntwo↓three")), None, "an arrow is pressed, not pasted");
    }
}
