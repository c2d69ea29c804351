//! What arrives from the terminal: all that came together is taken together, and a text that was pasted as keys is told
//! from keys that were pressed.

use crate::tui::term::background::Background;
use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use std::collections::VecDeque;
use std::io;
use std::time::{Duration, Instant};

/// What has come within this time belongs to the same frame.
const TOGETHER: Duration = Duration::from_micros(50);
/// Nobody presses two keys within this time; a paste through a slow line may pause that long.
const PASTING: Duration = Duration::from_millis(20);
/// A stream that never pauses is not waited for any longer.
const LONGEST: Duration = Duration::from_millis(500);
/// From this many letters at once on it may be a paste, and more of it is waited for.
const SUSPECT: usize = 3;
/// A burst of more letters than this, with lines in it, is a paste.
const BURST: usize = 8;

/// Events that were read and not yet handled.
#[derive(Default)]
pub struct Inbox {
    waiting: VecDeque<Event>,
    background: Background,
    /// What the terminal said of its background.
    pub light: Option<bool>,
}

impl Inbox {
    /// Reads everything that has come, waiting a moment longer where it looks like a paste without its marks.
    pub fn fill(&mut self) -> io::Result<()> {
        let begun = Instant::now();
        loop {
            let patience = if self.is_suspect() && begun.elapsed() < LONGEST { PASTING } else { TOGETHER };
            if !self.waiting.is_empty() && !waits(event::poll(patience))? {
                break;
            }
            let come = event::read()?;
            match come {
                Event::Key(key) if key.kind == KeyEventKind::Release => {}
                Event::Key(key) => self.hear(key),
                come => self.waiting.push_back(come),
            }
            if self.waiting.is_empty() && !waits(event::poll(TOGETHER))? {
                break;
            }
        }
        if let Some(text) = pasted_as_keys(self.waiting.make_contiguous()) {
            self.waiting.retain(|event| !matches!(event, Event::Key(_)));
            self.waiting.push_back(Event::Paste(text));
        }
        Ok(())
    }

    /// A person's keys wait to be handled; those of the terminal's answer do not.
    fn hear(&mut self, key: KeyEvent) {
        let heard = self.background.hear(key);
        self.light = heard.light.or(self.light);
        self.waiting.extend(heard.keys.into_iter().map(Event::Key));
    }

    /// What to send to the terminal so that it says which background it has; once, since it does not change.
    pub fn question(&mut self) -> Option<&'static str> {
        self.background.ask()
    }

    /// Who quits at once does not find the terminal's answer in the shell.
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

    /// Throws away what came while somebody else had the terminal.
    pub fn forget(&mut self) -> io::Result<()> {
        self.waiting.clear();
        while waits(event::poll(Duration::ZERO))? {
            event::read()?;
        }
        Ok(())
    }

    fn is_suspect(&self) -> bool {
        let mut letters = self.waiting.iter().filter_map(|event| match event {
            Event::Key(key) => plain(key).filter(|c| !c.is_whitespace()),
            _ => None,
        });
        let Some(first) = letters.next() else { return false };
        // One letter many times is a key that is held down.
        let others = letters.clone().any(|c| c != first);
        others && letters.nth(SUSPECT - 2).is_some()
    }
}

/// A signal that arrives while waiting is no error.
pub fn waits(answer: io::Result<bool>) -> io::Result<bool> {
    match answer {
        Err(cause) if cause.kind() == io::ErrorKind::Interrupted => Ok(false),
        answer => answer,
    }
}

/// The letter that a key types, or a line end or tab as a paste sends it.
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

/// Keys that people hold down, or press as fast as they can.
fn moves(c: char) -> bool {
    "hjklG gnN+-<>u".contains(c)
}

/// The text of a burst that is a paste: more than eight keys that all type something, in at least two lines, of several
/// letters besides those that move about. A line end at the very end is not enough: over a slow line a title and its
/// Enter come in one piece.
fn pasted_as_keys(events: &[Event]) -> Option<String> {
    if events.len() <= BURST {
        return None;
    }
    let mut text = String::with_capacity(events.len());
    for event in events {
        // A new size, or the window that lost the focus, says nothing about the keys.
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
