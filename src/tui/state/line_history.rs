//! The history of one-line inputs, newest first, per purpose: `↑` recalls earlier input, including cancelled input. It
//! lasts as long as the program runs.

use crate::model::saturating::put_at;
use rustc_hash::FxHashMap;

const MOST: usize = 20;
/// Longer inputs are texts, which undo or a draft restores.
const LONGEST: usize = 4096;

#[derive(Clone, Debug, Default)]
pub struct LineHistory(FxHashMap<&'static str, Vec<String>>);

impl LineHistory {
    pub fn keep(&mut self, purpose: &'static str, text: &str) {
        let text = text.replace('\n', " ");
        let text = text.trim();
        if text.is_empty() || text.len() > LONGEST {
            return;
        }
        let all = self.0.entry(purpose).or_default();
        all.retain(|one| one != text);
        put_at(all, 0, text.to_string());
        all.truncate(MOST);
    }

    /// The newest comes first.
    pub fn nth(&self, purpose: &str, nth: usize) -> Option<&str> {
        self.0.get(purpose)?.get(nth).map(String::as_str)
    }

    /// Returns the entry before the one shown; overwritten input is kept too. `back` counts how far back the user has
    /// gone.
    pub fn earlier(&mut self, purpose: &'static str, back: &mut usize, typed: &str) -> Option<String> {
        if *back == 0 && !typed.trim().is_empty() {
            self.keep(purpose, typed);
            *back = 1;
        }
        let found = self.nth(purpose, *back)?.to_string();
        *back = back.saturating_add(1);
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_back_newest_first_each_once() {
        let mut entries = LineHistory::default();
        for text in ["one", "two", "one", " ", ""] {
            entries.keep("add", text);
        }
        let mut back = 0;
        assert_eq!(entries.earlier("add", &mut back, "typed").as_deref(), Some("one"));
        assert_eq!(entries.earlier("add", &mut back, "one").as_deref(), Some("two"));
        assert_eq!(entries.earlier("add", &mut back, "two"), None);
        assert_eq!(entries.nth("add", 0), Some("typed"));
        assert_eq!(entries.nth("find", 0), None);
    }
}
