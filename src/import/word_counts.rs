//! Words of a file that stand for something: how often each occurs, and what it is taken for.

use crate::import::list_meaning::ListMeaning;
use crate::import::vocabulary::Work;
use crate::model::schema::ItemStatus;
use rustc_hash::FxHashMap;

/// The most words of one kind that are listed: where there are more, they are no words but texts.
const MOST: usize = 60;

/// A word of the file, how many records have it, and what it is taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordSample<T> {
    pub word: String,
    pub count: usize,
    pub means: T,
}

/// The words of a file; those of tables and tasks with the most frequent first, lists in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileWords {
    pub statuses: Vec<WordSample<ItemStatus>>,
    pub types: Vec<WordSample<Work>>,
    /// The lists of a board.
    pub lists: Vec<WordSample<ListMeaning>>,
}

impl FileWords {
    /// Adds those of another file.
    pub fn take(&mut self, other: FileWords) {
        add(&mut self.statuses, other.statuses);
        add(&mut self.types, other.types);
        add(&mut self.lists, other.lists);
    }
}

fn add<T>(all: &mut Vec<WordSample<T>>, more: Vec<WordSample<T>>) {
    for one in more {
        match all.iter_mut().find(|known| known.word == one.word) {
            Some(known) => known.count = known.count.saturating_add(one.count),
            None => all.push(one),
        }
    }
}

/// Counts words in the order in which they occur.
pub struct WordCounts<'a, T> {
    all: Vec<(&'a str, usize, T)>,
    places: FxHashMap<&'a str, usize>,
}

impl<T> Default for WordCounts<'_, T> {
    fn default() -> Self {
        WordCounts { all: Vec::new(), places: FxHashMap::default() }
    }
}

impl<'a, T> WordCounts<'a, T> {
    pub fn add(&mut self, word: &'a str, means: impl FnOnce() -> T) {
        if word.is_empty() {
            return;
        }
        match self.places.get(word).and_then(|place| self.all.get_mut(*place)) {
            Some((_, count, _)) => *count = count.saturating_add(1),
            None => {
                self.places.insert(word, self.all.len());
                self.all.push((word, 1, means()));
            }
        }
    }

    /// The most frequent first; none where there are too many.
    pub fn sorted(mut self) -> Vec<WordSample<T>> {
        self.all.sort_by_key(|(_, count, _)| std::cmp::Reverse(*count));
        self.in_order()
    }

    /// In the order in which they occur.
    pub fn in_order(self) -> Vec<WordSample<T>> {
        if self.all.len() > MOST {
            return Vec::new();
        }
        let sample = |(word, count, means): (&str, usize, T)| WordSample { word: word.to_string(), count, means };
        self.all.into_iter().map(sample).collect()
    }
}
