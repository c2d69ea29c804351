//! Keys as people write them (`j`, `g g`, `Ctrl-R`, `Shift-Up`) and as the terminal sends them.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::fmt;

/// One key press in normal form: a capital letter implies Shift.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Press {
    pub code: KeyCode,
    pub ctrl: bool,
    pub shift: bool,
    /// Alt, or another modifier beside Ctrl and Shift. The key is then another one than without it.
    pub alt: bool,
}

impl From<KeyEvent> for Press {
    fn from(event: KeyEvent) -> Press {
        let others = KeyModifiers::ALT | KeyModifiers::SUPER | KeyModifiers::HYPER | KeyModifiers::META;
        let (ctrl, alt) = (event.modifiers.contains(KeyModifiers::CONTROL), event.modifiers.intersects(others));
        // AltGr arrives as both together on Windows, and the letter is what it types.
        let (ctrl, alt) = if cfg!(windows) && ctrl && alt { (false, false) } else { (ctrl, alt) };
        let is_char = matches!(event.code, KeyCode::Char(_));
        let shift = event.modifiers.contains(KeyModifiers::SHIFT) && !is_char && event.code != KeyCode::BackTab;
        let code = match event.code {
            // A line feed is Enter in lists: some terminals and pastes send it.
            KeyCode::Char('j' | 'm') if ctrl => return Press { alt, ..Press::plain(KeyCode::Enter) },
            KeyCode::Char(c) if ctrl => KeyCode::Char(c.to_ascii_lowercase()),
            KeyCode::Char(c) if event.modifiers.contains(KeyModifiers::SHIFT) && c.is_ascii_lowercase() => {
                KeyCode::Char(c.to_ascii_uppercase())
            }
            code => code,
        };
        Press { code, ctrl, shift, alt }
    }
}

const NAMED: &[(&str, KeyCode)] = &[
    ("Enter", KeyCode::Enter),
    ("Esc", KeyCode::Esc),
    ("Tab", KeyCode::Tab),
    ("Shift-Tab", KeyCode::BackTab),
    ("Space", KeyCode::Char(' ')),
    ("Backspace", KeyCode::Backspace),
    ("Del", KeyCode::Delete),
    ("Up", KeyCode::Up),
    ("Down", KeyCode::Down),
    ("Left", KeyCode::Left),
    ("Right", KeyCode::Right),
    ("Home", KeyCode::Home),
    ("End", KeyCode::End),
    ("PgUp", KeyCode::PageUp),
    ("PgDn", KeyCode::PageDown),
];

/// The event of a press, for a click that stands for a key.
impl From<Press> for KeyEvent {
    fn from(press: Press) -> KeyEvent {
        let mut modifiers = KeyModifiers::NONE;
        if press.alt {
            modifiers |= KeyModifiers::ALT;
        }
        if press.ctrl {
            modifiers |= KeyModifiers::CONTROL;
        }
        if press.shift {
            modifiers |= KeyModifiers::SHIFT;
        }
        KeyEvent::new(press.code, modifiers)
    }
}

impl Press {
    pub const fn plain(code: KeyCode) -> Press {
        Press { code, ctrl: false, shift: false, alt: false }
    }

    /// Key names are case-insensitive; single letters are not.
    pub fn parse(text: &str) -> Option<Press> {
        if let Some((_, code)) = NAMED.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)) {
            return Some(Press::plain(*code));
        }
        if let Some(n) = beginning(text, "F").and_then(|n| n.parse().ok()).filter(|n| (1..=12).contains(n)) {
            return Some(Press::plain(KeyCode::F(n)));
        }
        if let Some(rest) = beginning(text, "Ctrl-") {
            return Press::parse(rest).map(|press| match press.code {
                KeyCode::Char(c) => Press { ctrl: true, ..Press::plain(KeyCode::Char(c.to_ascii_lowercase())) },
                code => Press { code, ctrl: true, ..press },
            });
        }
        if let Some(rest) = beginning(text, "Shift-") {
            return Press::parse(rest).map(|press| match press.code {
                KeyCode::Char(c) if !press.ctrl && c != ' ' => Press::plain(KeyCode::Char(c.to_ascii_uppercase())),
                _ => Press { shift: true, ..press },
            });
        }
        let mut letters = text.chars();
        match (letters.next(), letters.next()) {
            (Some(c), None) => Some(Press::plain(KeyCode::Char(c))),
            _ => None,
        }
    }

    /// A press and what may follow it: `g g`.
    pub fn parse_all(text: &str) -> Option<Vec<Press>> {
        text.split(' ').map(Press::parse).collect()
    }

    pub fn letter(self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }
}

impl fmt::Display for Press {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.alt {
            f.write_str("Alt-")?;
        }
        if self.ctrl {
            f.write_str("Ctrl-")?;
        }
        if self.shift {
            f.write_str("Shift-")?;
        }
        match self.code {
            KeyCode::Up => f.write_str("↑"),
            KeyCode::Down => f.write_str("↓"),
            KeyCode::Left => f.write_str("←"),
            KeyCode::Right => f.write_str("→"),
            KeyCode::Char(c) if c != ' ' => write!(f, "{}", if self.ctrl { c.to_ascii_uppercase() } else { c }),
            KeyCode::F(n) => write!(f, "F{n}"),
            code => {
                let name = NAMED.iter().find(|(_, known)| *known == code).map_or("?", |(name, _)| name);
                f.write_str(name)
            }
        }
    }
}

/// Strips a prefix, ignoring case.
fn beginning<'a>(text: &'a str, begin: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(begin.len())?;
    (head.eq_ignore_ascii_case(begin) && !rest.is_empty()).then_some(rest)
}

/// The keys of a command: one press, or a prefix and a second press.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Keys {
    pub first: Press,
    pub second: Option<Press>,
}

impl Keys {
    pub const fn one(press: Press) -> Keys {
        Keys { first: press, second: None }
    }

    pub fn parse(text: &str) -> Option<Keys> {
        match Press::parse_all(text)?.as_slice() {
            [first] => Some(Keys::one(*first)),
            [first, second] => Some(Keys { first: *first, second: Some(*second) }),
            _ => None,
        }
    }
}

impl fmt::Display for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.second {
            Some(second) => write!(f, "{} {second}", self.first),
            None => write!(f, "{}", self.first),
        }
    }
}

/// How a key is shown: `Down` as `↓`.
pub fn shown(keys: &str) -> String {
    Keys::parse(keys).map_or_else(String::new, |keys| keys.to_string())
}

/// The keys that the reader of events makes of bytes, as far as strings of the terminal and letters go.
#[cfg(test)]
pub fn keys_of(bytes: &str) -> Vec<KeyEvent> {
    let (mut out, mut alt) = (Vec::new(), KeyModifiers::NONE);
    for c in bytes.chars() {
        match c {
            '\x1b' => alt = KeyModifiers::ALT,
            '\x07' => out.push(KeyEvent::new(KeyCode::Char('g'), KeyModifiers::CONTROL)),
            c => out.push(KeyEvent::new(KeyCode::Char(c), std::mem::replace(&mut alt, KeyModifiers::NONE))),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_as_they_are_written() {
        for text in ["j", "G", "Ctrl-R", "Shift-Tab", "Space", "Enter", "F1", "?", "Del"] {
            assert_eq!(Press::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(shown("g g"), "g g");
        assert_eq!(shown("Shift-Up"), "Shift-↑");
        assert_eq!(Press::parse("Nonsense"), None);
        assert_eq!(Press::parse("ctrl-n"), Press::parse("Ctrl-N"));
        assert_eq!(Press::parse("SPACE").unwrap().to_string(), "Space");
        assert_eq!(Press::parse("Shift-x"), Press::parse("X"));
        assert_eq!((Press::parse("F13"), Press::parse("Ctrl-"), Press::parse("é").map(|_| ())), (None, None, Some(())));
        let capital = KeyEvent::new(KeyCode::Char('g'), KeyModifiers::SHIFT);
        assert_eq!(Press::from(capital), Press::parse("G").unwrap());
    }
}
