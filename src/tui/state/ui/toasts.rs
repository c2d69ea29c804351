//! Messages in the status line: how long they stay, and what stands behind what.

use crate::tui::state::ui::{Toast, Ui};
use std::time::{Duration, Instant};

impl Ui {
    /// Says a sentence that has to be read in full: one too long for the status line is wrapped, and stays until Esc.
    pub fn say_whole(&mut self, word: String) {
        let fits = word.chars().count() <= usize::from(self.window.width).saturating_sub(12);
        self.toast = Some(if fits { Toast::Word(word) } else { Toast::Trouble(word) });
    }

    /// The next key ends a message, but not before it could be read.
    pub fn let_toast_go(&mut self) {
        self.toast_goes = self.said_at.is_some_and(|at| at.elapsed() < self.patience) && self.toast.is_some();
        if !self.toast_goes {
            self.toast = None;
        }
    }

    /// How long an ending message still stays.
    pub fn toast_goes_in(&self) -> Option<Duration> {
        let said = self.said_at.filter(|_| self.toast_goes)?;
        Some(self.patience.saturating_sub(said.elapsed()))
    }

    /// Stores a message for `messages`.
    pub fn note_toast(&mut self) {
        let Some(Toast::Word(word) | Toast::Trouble(word)) = &self.toast else { return };
        self.messages.push_back(word.clone());
        if self.messages.len() > 100 {
            self.messages.pop_front();
        }
        (self.said_at, self.toast_goes, self.own) = (Some(Instant::now()), false, None);
    }

    /// Says what the writer tells. While a refusal of its own has not been read, it goes to the messages alone; behind an
    /// answer that has only just been given, it stands second.
    pub fn report(&mut self, word: impl Into<String>) {
        let word = word.into();
        if self.refusal_stays {
            self.messages.push_back(word);
            return;
        }
        let is_fresh = self.said_at.is_some_and(|at| at.elapsed() < self.patience);
        let own = match &self.toast {
            // Trouble that the writer told is over with its next word; a refusal of the last key is not.
            Some(Toast::Trouble(_)) if !self.refused => String::new(),
            Some(Toast::Word(said) | Toast::Trouble(said)) if is_fresh => {
                said.get(..self.own.unwrap_or(said.len())).unwrap_or_default().to_string()
            }
            _ => String::new(),
        };
        let was_trouble = matches!(self.toast, Some(Toast::Trouble(_))) && !own.is_empty();
        self.say(word.clone());
        self.note_toast();
        self.own = Some(own.len());
        if !own.is_empty() {
            let both = format!("{own} {word}");
            self.toast = Some(if was_trouble { Toast::Trouble(both) } else { Toast::Word(both) });
        }
    }
}
