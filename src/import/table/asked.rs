//! What a person may want to say about a table: what its words for states and types stand for, and how its mapping is
//! found again.

use crate::import::bytes::SourceFile;
use crate::import::table::headers::{ColumnRole, normal};
use crate::import::table::mapping::Mapping;
use crate::import::table::reader::{columns_of, profile_of};
use crate::import::table::rows::TableRows;
use crate::import::table::words::{RowEnd, Words};
use crate::import::word_counts::{FileWords, WordCounts};

/// The words for states and types that occur in a file, read with a mapping.
pub fn words_of(file: &SourceFile, mapping: &Mapping) -> FileWords {
    let profile = profile_of(file);
    let is_known = |cell: &str| mapping.role(&normal(cell)).is_some() || profile.knows(cell);
    let table = TableRows::of(file, mapping.first_row, &is_known);
    let (columns, _) = columns_of(&table, profile, mapping);
    let mut words = Words::of(profile, mapping);
    let (mut statuses, mut types) = (WordCounts::default(), WordCounts::default());
    for row in &table.rows {
        let ((status, _), kind) = (words.said(&columns, row), columns.first(row, ColumnRole::Type));
        statuses.add(status, || words.status(&columns, row, RowEnd::default()));
        types.add(kind, || words.work(&columns, row, ""));
    }
    FileWords { statuses: statuses.sorted(), types: types.sorted(), ..FileWords::default() }
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
    use crate::model::schema::ItemStatus;

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
