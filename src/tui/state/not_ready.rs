//! Why a command cannot be done now.

use crate::model::rules::Refusal;
use std::fmt;

/// Why something cannot be done now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NotReady {
    /// A complete sentence, such as who owns a field.
    Sentence(String),
    /// A clause without a full stop: a sentence of its own, or after the name of the command in a list of commands.
    Because(String),
}

impl NotReady {
    /// The reason as a part of a longer line, without its last full stop.
    pub fn clause(&self) -> &str {
        match self {
            NotReady::Sentence(text) => text.strip_suffix('.').unwrap_or(text),
            NotReady::Because(text) => text,
        }
    }
}

impl fmt::Display for NotReady {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotReady::Sentence(text) | NotReady::Because(text) => f.write_str(text),
        }
    }
}

impl From<&str> for NotReady {
    fn from(text: &str) -> NotReady {
        NotReady::Because(text.to_string())
    }
}

impl From<String> for NotReady {
    fn from(text: String) -> NotReady {
        NotReady::Because(text)
    }
}

impl From<Refusal> for NotReady {
    fn from(refusal: Refusal) -> NotReady {
        NotReady::Sentence(format!("{refusal:#}"))
    }
}
