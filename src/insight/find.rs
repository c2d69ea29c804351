//! Finds stories as you type: one buffer with the text of all stories, searched at memory speed.

use crate::model::product::Product;
use crate::model::table::AnyTable;
use memchr::memmem;

/// Number, title and labels of every story, concatenated by slot.
#[derive(Clone, Debug, Default)]
pub struct Haystack {
    rev: u64,
    exact: bool,
    text: String,
    /// The end of each slot's text.
    ends: Vec<usize>,
}

/// The words of a search, and whether case matters: it does once a capital is typed.
pub fn words(find: &str) -> (Vec<String>, bool) {
    let exact = find.chars().any(char::is_uppercase);
    let word = |word: &str| if exact { word.to_string() } else { word.to_lowercase() };
    (find.split_whitespace().map(word).collect(), exact)
}

impl Haystack {
    pub fn built(product: &Product, exact: bool) -> Haystack {
        let items = product.items();
        let mut out = Haystack { rev: product.rev(), exact, ..Haystack::default() };
        for slot in items.slots() {
            if let Some(item) = items.at(slot).filter(|item| item.number > 0) {
                let begin = out.text.len();
                out.text.push_str(if exact { "S" } else { "s" });
                out.text.push_str(&item.number.to_string());
                for part in std::iter::once(&*item.title).chain(item.labels.iter().map(String::as_str)) {
                    out.text.push(' ');
                    push_folded(&mut out.text, part, exact);
                }
                debug_assert!(out.text.len() >= begin);
            }
            out.text.push('\n');
            out.ends.push(out.text.len());
        }
        out
    }

    /// True if it is still up to date with the product.
    pub fn fits(&self, product: &Product, exact: bool) -> bool {
        self.rev == product.rev() && self.exact == exact && self.ends.len() == product.items().slots().len()
    }

    /// The slots that contain every word.
    pub fn hits(&self, words: &[String]) -> Vec<bool> {
        let mut out = vec![true; self.ends.len()];
        for word in words {
            let found = self.with(word);
            for (hit, found) in out.iter_mut().zip(found) {
                *hit &= found;
            }
        }
        out
    }

    fn with(&self, word: &str) -> Vec<bool> {
        let mut out = vec![false; self.ends.len()];
        let finder = memmem::Finder::new(word);
        // Hits and stories are in the same order, so one pass covers both.
        let mut rows = out.iter_mut().zip(&self.ends);
        let mut row = rows.next();
        for position in finder.find_iter(self.text.as_bytes()) {
            while row.as_ref().is_some_and(|(_, end)| **end <= position) {
                row = rows.next();
            }
            if let Some((hit, _)) = &mut row {
                **hit = true;
            }
        }
        out
    }

    pub fn len(&self) -> usize {
        self.text.len()
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }
}

fn push_folded(out: &mut String, text: &str, exact: bool) {
    if exact {
        out.push_str(text);
    } else if text.is_ascii() {
        let begin = out.len();
        out.push_str(text);
        if let Some(tail) = out.get_mut(begin..) {
            tail.make_ascii_lowercase();
        }
    } else {
        out.push_str(&text.to_lowercase());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::change::Step;
    use crate::model::id::Id;
    use crate::model::schema::{BacklogItem, Kind};
    use crate::model::value::{Life, Line};

    fn product(titles: &[&str]) -> Product {
        let mut product = Product::default();
        for (at, title) in titles.iter().enumerate() {
            let id = Id::from_bits(at as u64 + 1);
            let mut after = BacklogItem { id, ..BacklogItem::default() };
            (after.alive, after.number, after.title) = (Life::Alive, at as u32 + 1, Line::from(*title));
            let before = BacklogItem { id, ..BacklogItem::default() };
            let changes = crate::model::change::diff(&before, &after);
            product.apply(&Step { label: String::new(), changes }).unwrap();
        }
        assert_eq!(product.table(Kind::BacklogItem).order().len(), titles.len());
        product
    }

    #[test]
    fn every_word_has_to_be_there_in_any_order() {
        let product = product(&["Cancel a slot", "Slot list", "Über den Slot", "cancel"]);
        let find = |line: &str| {
            let (words, exact) = words(line);
            Haystack::built(&product, exact).hits(&words)
        };
        assert_eq!(find("slot"), [true, true, true, false]);
        assert_eq!(find("slot canc"), [true, false, false, false]);
        assert_eq!(find("Slot"), [false, true, true, false]);
        assert_eq!(find("über"), [false, false, true, false]);
        assert_eq!(find("s4"), [false, false, false, true]);
        assert_eq!(find(""), [true; 4]);
        assert_eq!(find("nothing"), [false; 4]);
    }
}
