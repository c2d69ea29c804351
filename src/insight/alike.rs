//! Stories that read alike: the same thing may have been asked for twice.

use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, ItemStatus};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Ordering;
use std::thread::{Builder, JoinHandle};

/// Two titles are alike if they share this part of the words of the longer one, and two words at least.
const SHARED: (usize, usize) = (3, 5);

/// Among so many titles, a word that stands in more than one of `USUAL` is not counted.
const MANY: usize = 30;
const USUAL: usize = 5;

/// Words that say nothing about what a title is about.
const PASSED: &[&str] = &[
    "and", "are", "can", "for", "from", "have", "into", "not", "that", "the", "their", "them", "this", "when", "where",
    "will", "with", "you", "your",
];

/// The words of the titles of all stories that were not dropped, prepared for many questions.
#[derive(Clone, Debug, Default)]
pub struct TitleWords {
    rev: u64,
    numbers: FxHashMap<String, u32>,
    /// Each story with the numbers of its words, ascending.
    stories: Vec<(Id, Vec<u32>)>,
    /// The stories, by their place, in whose title each word stands.
    by_word: Vec<Vec<u32>>,
}

/// A title without what stands in brackets before it, as in `[Feature Request]: Add an export`.
fn without_prefix(title: &str) -> &str {
    let rest = title.trim_start().strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(_, rest)| rest);
    rest.map(|rest| rest.trim_start_matches([':', '-', ' '])).filter(|rest| !rest.is_empty()).unwrap_or(title)
}

/// The words of a title that count: lower case, three letters or more, each once.
fn words(title: &str) -> FxHashSet<String> {
    let lower = without_prefix(title).to_lowercase();
    let parts = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= 3);
    parts.filter(|word| !PASSED.contains(word)).map(str::to_string).collect()
}

/// How many words two titles have to share if the longer one has so many.
fn enough(longer: usize) -> usize {
    longer.saturating_mul(SHARED.0).div_ceil(SHARED.1).max(2)
}

/// How many numbers two ascending lists have in common.
fn common(one: &[u32], other: &[u32]) -> usize {
    let (mut one, mut other) = (one.iter().peekable(), other.iter().peekable());
    let mut count = 0usize;
    while let (Some(a), Some(b)) = (one.peek(), other.peek()) {
        match a.cmp(b) {
            Ordering::Less => drop(one.next()),
            Ordering::Greater => drop(other.next()),
            Ordering::Equal => {
                count = count.saturating_add(1);
                one.next();
                other.next();
            }
        }
    }
    count
}

impl TitleWords {
    pub fn of(product: &Product) -> TitleWords {
        let open = product.all::<BacklogItem>().filter(|item| item.status != ItemStatus::Dropped);
        let mut out = TitleWords { rev: product.rev(), ..TitleWords::default() };
        open.for_each(|item| out.push(item.id, &item.title));
        out
    }

    fn push(&mut self, id: Id, title: &str) {
        let place = u32::try_from(self.stories.len()).unwrap_or(u32::MAX);
        let mut all = Vec::new();
        for word in words(title) {
            let next = u32::try_from(self.by_word.len()).unwrap_or(u32::MAX);
            let number = *self.numbers.entry(word).or_insert(next);
            if number == next {
                self.by_word.push(Vec::new());
            }
            if let Some(stories) = self.by_word.get_mut(number as usize) {
                stories.push(place);
            }
            all.push(number);
        }
        all.sort_unstable();
        self.stories.push((id, all));
    }

    /// True if the product has not changed since.
    pub fn fits(&self, product: &Product) -> bool {
        self.rev == product.rev()
    }

    /// True for a word that stands in so many titles that it tells none from the others.
    fn is_usual(&self, number: u32) -> bool {
        let times = self.by_word.get(number as usize).map_or(0, Vec::len);
        self.stories.len() >= MANY && times.saturating_mul(USUAL) > self.stories.len()
    }

    /// The stories whose titles read like this one, the most alike first.
    pub fn alike(&self, title: &str) -> Vec<Id> {
        let mut all = words(title);
        all.retain(|word| !self.numbers.get(word).is_some_and(|number| self.is_usual(*number)));
        let least = enough(all.len());
        let stories = |number: &u32| self.by_word.get(*number as usize).map_or(0, Vec::len);
        let mut asked: Vec<u32> = all.iter().filter_map(|word| self.numbers.get(word).copied()).collect();
        asked.sort_unstable_by_key(stories);
        // Who shares that many words shares one of the rarest: without them, too few are left.
        let rarest =
            asked.get(..asked.len().saturating_sub(least).saturating_add(1).min(asked.len())).unwrap_or_default();
        let places = rarest.iter().filter_map(|number| self.by_word.get(*number as usize)).flatten();
        let candidates: FxHashSet<u32> =
            if asked.len() < least { FxHashSet::default() } else { places.copied().collect() };
        asked.sort_unstable();
        let shared = |place: u32| {
            let (id, words) = self.stories.get(place as usize)?;
            let count = common(&asked, words);
            let counted = words.iter().filter(|number| !self.is_usual(**number)).count();
            (count >= enough(all.len().max(counted))).then_some((std::cmp::Reverse(count), place, *id))
        };
        let mut found: Vec<_> = candidates.into_iter().filter_map(shared).collect();
        found.sort_unstable();
        found.into_iter().map(|(_, _, id)| id).collect()
    }
}

/// A product of so many stories is prepared at once; a larger one beside the keys.
const AT_ONCE: usize = 2000;

/// The words of a product that are being prepared.
pub struct ComingTitleWords(Option<JoinHandle<TitleWords>>);

impl ComingTitleWords {
    /// Begins to prepare the words of a large product; a small one is ready at once.
    pub fn begin(product: &Product) -> Result<TitleWords, ComingTitleWords> {
        if product.items().len() <= AT_ONCE {
            return Ok(TitleWords::of(product));
        }
        // The copy shares the records.
        let product = product.clone();
        let work = move || TitleWords::of(&product);
        Err(ComingTitleWords(Builder::new().name("alike".to_string()).spawn(work).ok()))
    }

    /// The words, once they are there.
    pub fn ready(self) -> Result<TitleWords, ComingTitleWords> {
        match self.0 {
            Some(work) if work.is_finished() => work.join().map_err(|_| ComingTitleWords(None)),
            other => Err(ComingTitleWords(other)),
        }
    }
}

/// The open stories of `among` that read like another one, or came from the same place under the same key; each with that
/// other one.
pub fn pairs(product: &Product, among: &FxHashSet<Id>) -> Vec<(Id, Id)> {
    let known = TitleWords::of(product);
    let mut by_key: FxHashMap<(&str, &str, &str), Id> = FxHashMap::default();
    let mut out = Vec::new();
    for item in product.all::<BacklogItem>().filter(|item| item.status != ItemStatus::Dropped) {
        let key = item.source.as_ref().map(|one| (&*one.system, &*one.site, &*one.key));
        let same_key = key.and_then(|key| by_key.insert(key, item.id));
        if !among.contains(&item.id) || item.status == ItemStatus::Done {
            continue;
        }
        let reads_alike = || known.alike(&item.title).into_iter().find(|other| *other != item.id);
        out.extend(same_key.or_else(reads_alike).map(|other| (item.id, other)));
    }
    // Each pair once, whichever of the two was asked about.
    let mut seen: FxHashSet<(Id, Id)> = FxHashSet::default();
    out.retain(|(one, other)| seen.insert((*one.min(other), *one.max(other))));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_alike_by_the_words_they_share() {
        let titles = ["Crash when the map is opened twice", "Map crash", "Send a text when the bike is ready"];
        let mut known = TitleWords::default();
        for (place, title) in titles.iter().enumerate() {
            known.push(Id::from_bits(place as u64 + 1), title);
        }
        let alike = |title: &str| known.alike(title).iter().map(|id| id.bits()).collect::<Vec<_>>();
        // crash, map, opened and twice: four of four.
        assert_eq!(alike("The map: a crash, opened twice!"), [1]);
        // Two of three are enough, two of four are not.
        assert_eq!(alike("Crash of map view"), [2]);
        assert_eq!(alike("A text for every bike"), Vec::<u64>::new());
        assert_eq!(alike("map"), Vec::<u64>::new(), "one word is no likeness");
        assert_eq!(alike("[Bug]: Map crash"), [2], "what stands in brackets before it is no part of it");
    }

    #[test]
    fn words_that_many_titles_have_make_none_alike() {
        let mut known = TitleWords::default();
        for place in 1..=40u64 {
            known.push(Id::from_bits(place), &format!("[Feature Request]: Add export number{place}"));
        }
        known.push(Id::from_bits(41), "Colour blind palette");
        assert_eq!(known.alike("Add export dialog"), []);
        assert_eq!(known.alike("Add palette for the colour blind"), [Id::from_bits(41)]);
    }
}
