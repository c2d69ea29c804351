//! Finds records as you type. Numbers, titles and labels of all stories are one text, whatever else they say is a second
//! one; both are searched at memory speed.

use crate::model::field::{Field, Record};
use crate::model::grammar::key_in_words;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, Feedback, Kind};
use crate::model::table::AnyTable;
use crate::model::value::{Shape, Source};
use memchr::memmem;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};

/// The texts of all stories: what their rows show, and what they say besides.
#[derive(Default)]
pub struct Haystack {
    rev: u64,
    exact: bool,
    heads: Texts,
    depths: Depths,
    /// What the feedback linked to a story says; exact if case matters.
    voices: Texts,
}

/// A text for each slot, all in one buffer.
#[derive(Default)]
struct Texts {
    text: String,
    /// The end of each slot's text.
    ends: Vec<usize>,
}

impl Texts {
    /// Ends the text of a slot.
    fn end(&mut self) {
        self.text.push('\n');
        self.ends.push(self.text.len());
    }

    fn of(&self, slot: usize) -> &str {
        let begin = slot.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        self.ends.get(slot).and_then(|end| self.text.get(begin..end.saturating_sub(1))).unwrap_or_default()
    }

    /// The slots whose text contains a word.
    fn holding(&self, word: &str) -> Vec<bool> {
        let mut out = vec![false; self.ends.len()];
        let finder = memmem::Finder::new(word);
        let mut rows = out.iter_mut().zip(&self.ends);
        // One hit is enough: the search goes on behind the slot's text.
        let mut begin = 0;
        while let Some(found) = self.text.as_bytes().get(begin..).and_then(|rest| finder.find(rest)) {
            let position = begin.saturating_add(found);
            let Some((hit, end)) = rows.find(|(_, end)| **end > position) else { break };
            *hit = true;
            begin = *end;
        }
        out
    }
}

/// The words of a search, and whether case matters: it does once a capital is typed.
pub fn words(find: &str) -> (Vec<String>, bool) {
    let exact = find.chars().any(char::is_uppercase);
    let word = |word: &str| if exact { word.to_string() } else { word.to_lowercase() };
    (find.split_whitespace().map(word).collect(), exact)
}

/// The fields in which a find looks: all texts, what an import kept, and where it came from.
fn searched(kind: Kind) -> impl Iterator<Item = &'static Field> {
    let is_text = |shape| {
        matches!(
            shape,
            Shape::Line
                | Shape::Prose
                | Shape::Labels
                | Shape::Criteria
                | Shape::Tasks
                | Shape::Measure
                | Shape::Measures
                | Shape::Extra
        )
    };
    let source = kind.source_field();
    kind.fields().iter().filter(move |field| !field.is_head() && (is_text(field.shape) || Some(*field) == source))
}

/// Returns true if the record contains every word, in any of its texts.
pub fn holds(record: &dyn Record, words: &[String], exact: bool) -> bool {
    let mut text = record.name();
    for field in searched(record.kind()) {
        text.push('\n');
        text.push_str(&record.text(field));
    }
    let text = if exact { text } else { text.to_lowercase() };
    words.iter().all(|word| text.contains(word.as_str()))
}

/// How a record matches a find.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FindHit {
    /// Number and title show it.
    Shown,
    /// A word lies in this field.
    In(String),
}

/// How the record contains every word, if it does.
pub fn hit(record: &dyn Record, words: &[String], exact: bool) -> Option<FindHit> {
    holds(record, words, exact).then(|| found_in(record, words, exact).map_or(FindHit::Shown, FindHit::In))
}

/// The record that a number alone means: `S24` is ours, `#2271` and `2271` are an imported record's first.
pub fn numbered(product: &Product, find: &str) -> Option<Id> {
    let find = find.trim();
    let key = find.trim_start_matches('#');
    if key.is_empty() || key.contains(char::is_whitespace) {
        return None;
    }
    let is_key = |source: &Option<Source>| source.as_ref().is_some_and(|source| source.key.eq_ignore_ascii_case(key));
    let imported = || product.all::<BacklogItem>().find(|item| is_key(&item.source)).map(|item| item.id);
    imported().or_else(|| product.named(key).map(|(_, id)| id))
}

/// Where the words are that number and title lack: the label of a field, or the header under which an import kept the
/// value. `None` if number and title have them all.
pub fn found_in(record: &dyn Record, words: &[String], exact: bool) -> Option<String> {
    let fold = |text: String| if exact { text } else { text.to_lowercase() };
    let head = fold(format!("{} {}", record.name(), record.title()));
    let word = words.iter().find(|word| !head.contains(word.as_str()))?;
    let title = record.kind().title_field();
    // The source first: an import keeps its number in the page's address too.
    let source = record.kind().source_field();
    source.into_iter().chain(searched(record.kind())).filter(|field| Some(*field) != title).find_map(|field| {
        let text = record.text(field);
        let line = text.lines().find(|line| fold(line.to_string()).contains(word.as_str()))?;
        Some(match (field.shape, line.split_once(": ")) {
            (Shape::Extra, Some((header, _))) => key_in_words_of(header),
            _ => field.label.to_lowercase(),
        })
    })
}

/// Where a hit of a story lies: in it, or else in feedback linked to it.
pub fn found_in_or_near(product: &Product, record: &dyn Record, words: &[String], exact: bool) -> Option<String> {
    found_in(record, words, exact).or_else(|| {
        product.items().get(record.id())?;
        let fold = |text: String| if exact { text } else { text.to_lowercase() };
        let head = fold(format!("{} {}", record.name(), record.title()));
        let word = words.iter().find(|word| !head.contains(word.as_str()))?;
        let mut linked = product.all::<Feedback>().filter(|one| one.links.contains(&record.id()));
        linked.any(|one| holds(&**one, std::slice::from_ref(word), exact)).then(|| "feedback".to_string())
    })
}

/// The texts of the feedback linked to each story.
fn voices(product: &Product, exact: bool) -> Texts {
    let mut of: FxHashMap<Id, String> = FxHashMap::default();
    for one in product.all::<Feedback>().filter(|one| !one.links.is_empty()) {
        let record: &dyn Record = &**one;
        let mut text = String::new();
        for field in searched(Kind::Feedback) {
            push_folded(&mut text, &record.text(field), exact);
            text.push(' ');
        }
        one.links.iter().for_each(|id| of.entry(*id).or_default().push_str(&text));
    }
    let mut out = Texts::default();
    let items = product.items();
    for slot in items.slots() {
        let of = items.at(slot).filter(|item| item.number > 0).and_then(|item| of.get(&item.id));
        out.text.push_str(of.map(String::as_str).unwrap_or_default());
        out.end();
    }
    out
}

/// A header of an import, behind the name of its source.
fn key_in_words_of(header: &str) -> String {
    header.split(' ').map(key_in_words).collect::<Vec<_>>().join(" ")
}

/// The folded texts of all stories, without number, title and labels.
#[derive(Default)]
pub struct Depths {
    texts: Texts,
    /// The stories that were folded.
    folded: Vec<Option<Arc<BacklogItem>>>,
}

/// The texts of stories that are still being folded.
pub struct Folding(Option<JoinHandle<Depths>>);

impl Folding {
    /// Begins to fold the texts of all stories in the background.
    pub fn begin(product: &Product) -> Folding {
        let stories = stories(product);
        let begun = Builder::new().spawn(move || Depths::default().fitted(stories));
        Folding(begun.ok())
    }

    /// Waits for the texts. A thread that failed leaves none: what is missing is folded by `Depths::fitted`.
    pub fn finish(self) -> Depths {
        self.0.and_then(|thread| thread.join().ok()).unwrap_or_default()
    }
}

/// Every story by slot.
fn stories(product: &Product) -> Vec<Option<Arc<BacklogItem>>> {
    let items = product.items();
    items.slots().map(|slot| items.at(slot).filter(|item| item.number > 0).cloned()).collect()
}

impl Depths {
    /// The texts of these stories: those of unchanged ones are copied.
    fn fitted(self, stories: Vec<Option<Arc<BacklogItem>>>) -> Depths {
        let is_same = |(old, new): (&Option<Arc<_>>, &Option<Arc<_>>)| match (old, new) {
            (Some(old), Some(new)) => Arc::ptr_eq(old, new),
            (old, new) => old.is_none() && new.is_none(),
        };
        if self.folded.len() == stories.len() && self.folded.iter().zip(&stories).all(is_same) {
            return self;
        }
        let mut texts = Texts::default();
        texts.text.reserve(self.texts.text.len());
        for (slot, story) in stories.iter().enumerate() {
            match (self.folded.get(slot).and_then(Option::as_ref), story) {
                (Some(old), Some(new)) if Arc::ptr_eq(old, new) => texts.text.push_str(self.texts.of(slot)),
                (_, Some(new)) => push_depth(&mut texts.text, new),
                (_, None) => {}
            }
            texts.end();
        }
        Depths { texts, folded: stories }
    }
}

/// Adds what a find reads of a story besides number, title and labels.
fn push_depth(out: &mut String, item: &BacklogItem) {
    let record: &dyn Record = item;
    for field in searched(Kind::BacklogItem).filter(|field| field.key != "title" && field.shape != Shape::Labels) {
        let text = record.text(field);
        if !text.is_empty() {
            push_folded(out, &text, false);
            out.push('\n');
        }
    }
}

impl Haystack {
    /// The texts as they are now. `depths` are those of an earlier state, if there are any.
    pub fn built(product: &Product, exact: bool, depths: Depths) -> Haystack {
        let items = product.items();
        let mut out = Haystack { rev: product.rev(), exact, ..Haystack::default() };
        for slot in items.slots() {
            if let Some(item) = items.at(slot).filter(|item| item.number > 0) {
                let text = &mut out.heads.text;
                text.push_str(if exact { "S" } else { "s" });
                text.push_str(&item.number.to_string());
                for part in std::iter::once(&*item.title).chain(item.labels.iter().map(String::as_str)) {
                    text.push(' ');
                    push_folded(text, part, exact);
                }
            }
            out.heads.end();
        }
        out.depths = depths.fitted(stories(product));
        out.voices = voices(product, exact);
        out
    }

    /// The folded texts, for the next haystack.
    pub fn into_depths(self) -> Depths {
        self.depths
    }

    /// True if it is still up to date with the product.
    pub fn fits(&self, product: &Product, exact: bool) -> bool {
        self.rev == product.rev() && self.exact == exact && self.heads.ends.len() == product.items().slots().len()
    }

    /// The slots whose number, title and labels contain every word.
    pub fn heads(&self, words: &[String]) -> Vec<bool> {
        self.with_all(words, |word| self.heads.holding(word))
    }

    /// The slots that contain every word.
    pub fn hits(&self, words: &[String]) -> Vec<bool> {
        self.with_all(words, |word| {
            let mut found = self.heads.holding(word);
            let deep = self.depths.texts.holding(&word.to_lowercase());
            let voiced = self.voices.holding(word);
            for (slot, ((found, deep), voiced)) in found.iter_mut().zip(deep).zip(voiced).enumerate() {
                *found = *found || voiced || (deep && (!self.exact || self.has_exactly(slot, word)));
            }
            found
        })
    }

    fn with_all(&self, words: &[String], with: impl Fn(&str) -> Vec<bool>) -> Vec<bool> {
        let mut out = vec![true; self.heads.ends.len()];
        for word in words {
            out.iter_mut().zip(with(word)).for_each(|(hit, found)| *hit &= found);
        }
        out
    }

    /// Folded texts only say where to look if case matters.
    fn has_exactly(&self, slot: usize, word: &str) -> bool {
        let item = self.depths.folded.get(slot).and_then(Option::as_ref);
        item.is_some_and(|item| holds(&**item, &[word.to_string()], true))
    }

    /// All text that is searched: of rows, then what the stories say besides, then their feedback.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        [self.heads.text.as_str(), self.depths.texts.text.as_str(), self.voices.text.as_str()].into_iter()
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
            Haystack::built(&product, exact, Depths::default()).hits(&words)
        };
        assert_eq!(find("slot"), [true, true, true, false]);
        assert_eq!(find("slot canc"), [true, false, false, false]);
        assert_eq!(find("Slot"), [false, true, true, false]);
        assert_eq!(find("über"), [false, false, true, false]);
        assert_eq!(find("s4"), [false, false, false, true]);
        assert_eq!(find(""), [true; 4]);
        assert_eq!(find("nothing"), [false; 4]);
    }

    #[test]
    fn texts_are_taken_over_from_an_earlier_state_only_where_nothing_changed() {
        let mut product = product(&["one", "two", "three"]);
        let earlier = Haystack::built(&product, false, Depths::default()).into_depths();
        let before = product.items().at(1).unwrap();
        let after = BacklogItem { notes: "Under the CLOCK".into(), ..BacklogItem::clone(before) };
        let changes = crate::model::change::diff(&**before, &after);
        product.apply(&Step { label: String::new(), changes }).unwrap();
        let hits = |product: &Product, find: &str, depths: Depths| {
            let (words, exact) = words(find);
            Haystack::built(product, exact, depths).hits(&words)
        };
        assert_eq!(hits(&product, "clock", earlier), [false, true, false]);
        assert_eq!(hits(&product, "CLOCK", Depths::default()), [false, true, false]);
        assert_eq!(hits(&product, "Clock", Depths::default()), [false; 3]);
        assert_eq!(hits(&product, "two clock", Depths::default()), [false, true, false]);
    }
}
