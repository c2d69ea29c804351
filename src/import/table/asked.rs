//! What a person may want to say about a table: what its words for states and types stand for, and how its mapping is
//! found again.

use crate::import::bytes::SourceFile;
use crate::import::table::columns::Columns;
use crate::import::table::headers::{ColumnRole, normal};
use crate::import::table::mapping::Mapping;
use crate::import::table::reader::profile_of;
use crate::import::table::rows::TableRows;
use crate::import::table::words::{RowEnd, Words};
use crate::import::vocabulary::Work;
use crate::model::schema::ItemStatus;
use rustc_hash::FxHashMap;

/// The most words of a column that are listed. A column with more of them is none of words.
const MOST: usize = 60;

/// A word of the file, how many rows have it, and what it is taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordSample<T> {
    pub word: String,
    pub count: usize,
    pub means: T,
}

/// The words of a table, the most frequent first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableWords {
    pub statuses: Vec<WordSample<ItemStatus>>,
    pub types: Vec<WordSample<Work>>,
}

/// The words for states and types that occur in a file, read with a mapping.
pub fn words_of(file: &SourceFile, mapping: &Mapping) -> TableWords {
    let profile = profile_of(file);
    let table = TableRows::of(file, &|cell| mapping.role(&normal(cell)).is_some() || profile.knows(cell));
    let columns = Columns::of(&table.headers, profile, mapping);
    let mut words = Words::of(profile, mapping);
    let (mut statuses, mut types) = (Counts::default(), Counts::default());
    for row in &table.rows {
        let (status, kind) = (columns.first(row, ColumnRole::Status), columns.first(row, ColumnRole::Type));
        statuses.add(status, || words.status(&columns, row, RowEnd::default()));
        types.add(kind, || words.work(&columns, row, ""));
    }
    TableWords { statuses: statuses.sorted(), types: types.sorted() }
}

struct Counts<'a, T> {
    all: Vec<(&'a str, usize, T)>,
    places: FxHashMap<&'a str, usize>,
}

impl<T> Default for Counts<'_, T> {
    fn default() -> Self {
        Counts { all: Vec::new(), places: FxHashMap::default() }
    }
}

impl<'a, T> Counts<'a, T> {
    fn add(&mut self, word: &'a str, means: impl FnOnce() -> T) {
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

    fn sorted(mut self) -> Vec<WordSample<T>> {
        if self.all.len() > MOST {
            return Vec::new();
        }
        self.all.sort_by_key(|(_, count, _)| std::cmp::Reverse(*count));
        let sample = |(word, count, means): (&str, usize, T)| WordSample { word: word.to_string(), count, means };
        self.all.into_iter().map(sample).collect()
    }
}

/// A name for tables with the same columns, under which their mapping is kept.
pub fn shape_of(file: &SourceFile) -> String {
    let profile = profile_of(file);
    let table = crate::import::table::rows::headers(file, &|cell| profile.knows(cell));
    let mut names: Vec<String> = table.iter().map(|header| normal(header)).filter(|name| !name.is_empty()).collect();
    names.sort();
    names.dedup();
    format!("{}-{:08x}", profile.name, crc32fast::hash(names.join("\n").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> SourceFile {
        SourceFile { name: "plan.csv".to_string(), text: text.to_string(), ..SourceFile::default() }
    }

    #[test]
    fn words_are_counted_with_what_they_are_taken_for() {
        let table = file("Title,Status,Type\na,Deploy,Bug\nb,Parked,Story\nc,Parked,Wish\n");
        let words = words_of(&table, &Mapping::default());
        let statuses: Vec<_> = words.statuses.iter().map(|one| (one.word.as_str(), one.count, one.means)).collect();
        assert_eq!(statuses, [("Parked", 2, ItemStatus::ToDo), ("Deploy", 1, ItemStatus::Doing)]);
        assert_eq!(words.types.len(), 3);
        let mapping = Mapping::parse(r#"{"status": {"Parked": "dropped"}}"#).unwrap();
        assert_eq!(words_of(&table, &mapping).statuses[0].means, ItemStatus::Dropped);
    }

    #[test]
    fn a_column_of_sentences_is_none_of_words() {
        let rows: String = (0..100).map(|row| format!("t{row},state {row}\n")).collect();
        assert!(words_of(&file(&format!("Title,Status\n{rows}")), &Mapping::default()).statuses.is_empty());
    }

    #[test]
    fn the_next_file_of_the_same_kind_has_the_same_shape() {
        let shape = |text: &str| shape_of(&file(text));
        assert_eq!(shape("Headline,State\na,b\n"), shape("State,Headline\nc,d\ne,f\n"));
        assert_ne!(shape("Headline,State\na,b\n"), shape("Headline,Stage\na,b\n"));
    }
}
