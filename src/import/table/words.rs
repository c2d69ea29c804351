//! What the words of a row for its status and its type stand for. Each word is looked up once; those that nobody knows are
//! named in one notice.

use crate::import::found::Tally;
use crate::import::table::columns::Columns;
use crate::import::table::headers::ColumnRole;
use crate::import::table::mapping::Mapping;
use crate::import::table::profile::Profile;
use crate::import::table::rows::TableRow;
use crate::import::vocabulary::{self, Work, plain};
use crate::model::schema::{ItemKind, ItemStatus};
use rustc_hash::FxHashMap;

pub struct Words<'a> {
    profile: &'a Profile,
    mapping: &'a Mapping,
    statuses: FxHashMap<&'a str, Option<ItemStatus>>,
    works: FxHashMap<&'a str, Option<Work>>,
    /// The status in a cell, and what stands behind it.
    parted: FxHashMap<&'a str, (&'a str, &'a str)>,
    /// Words that are in no list, with how often they occur.
    strange_statuses: Strange<'a>,
    strange_works: Strange<'a>,
}

/// In the order in which they occur.
type Strange<'a> = Vec<(&'a str, usize)>;

/// The dates of a row that say how it ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RowEnd {
    pub done: bool,
    pub dropped: bool,
}

impl<'a> Words<'a> {
    pub fn of(profile: &'a Profile, mapping: &'a Mapping) -> Words<'a> {
        Words {
            profile,
            mapping,
            statuses: FxHashMap::default(),
            works: FxHashMap::default(),
            parted: FxHashMap::default(),
            strange_statuses: Vec::new(),
            strange_works: Vec::new(),
        }
    }

    fn known(&mut self, word: &'a str) -> Option<ItemStatus> {
        if word.is_empty() {
            return None;
        }
        *self.statuses.entry(word).or_insert_with(|| vocabulary::status(word))
    }

    /// The word for the status of a row, and what stands behind it: `Blocked`, and `waiting for legal`.
    pub fn said(&mut self, columns: &Columns, row: &'a TableRow) -> (&'a str, &'a str) {
        let cell = columns.first(row, ColumnRole::Status);
        let mapping = self.mapping;
        *self.parted.entry(cell).or_insert_with(|| {
            let is_known = |head: &str| mapping.status(head).is_some() || vocabulary::status(head).is_some();
            let parts = if mapping.status(cell).is_some() { None } else { vocabulary::status_and_rest(cell) };
            parts.filter(|(head, _)| is_known(head)).unwrap_or((cell, ""))
        })
    }

    /// What a story waits for, where its state says so.
    pub fn blocked(&mut self, columns: &Columns, row: &'a TableRow) -> &'a str {
        vocabulary::blocked_by(self.said(columns, row))
    }

    /// The mapping comes first, then what says that it was dropped, the category, the dates, and the word itself.
    pub fn status(&mut self, columns: &Columns, row: &'a TableRow, ended: RowEnd) -> ItemStatus {
        let (word, _) = self.said(columns, row);
        if let Some(status) = self.mapping.status(word) {
            return status;
        }
        let known = self.known(word);
        let is_dropped = known == Some(ItemStatus::Dropped)
            || ended.dropped
            || self.known(columns.first(row, ColumnRole::Resolution)) == Some(ItemStatus::Dropped);
        if is_dropped {
            return ItemStatus::Dropped;
        }
        if let Some(status) = self.known(columns.first(row, ColumnRole::StatusCategory)) {
            return status;
        }
        if ended.done || is_yes(columns.first(row, ColumnRole::IsDone)) {
            return ItemStatus::Done;
        }
        if known.is_none() && !word.is_empty() {
            note(&mut self.strange_statuses, word);
        }
        known.unwrap_or_default()
    }

    /// What the type of a row stands for; where it has none, its labels or its title say so.
    pub fn work(&mut self, columns: &Columns, row: &'a TableRow, title: &str) -> Work {
        let word = columns.first(row, ColumnRole::Type);
        let (profile, mapping) = (self.profile, self.mapping);
        let work = *self.works.entry(word).or_insert_with(|| {
            let plain = plain(word);
            let own = profile.types.iter().find(|(name, _)| *name == plain).map(|(_, work)| *work);
            mapping.work(word).or(own).or_else(|| vocabulary::work(word))
        });
        if let Some(work) = work.filter(|work| *work != Work::Item(ItemKind::Story)) {
            return work;
        }
        if title.get(..7).is_some_and(|head| head.eq_ignore_ascii_case("[spike]")) {
            return Work::Item(ItemKind::Spike);
        }
        if let Some(work) = work {
            return work;
        }
        let labels = columns.list(row, ColumnRole::Labels);
        if let Some(kind) = labels.into_iter().find_map(vocabulary::kind_of_label) {
            return Work::Item(kind);
        }
        if !word.is_empty() {
            note(&mut self.strange_works, word);
        }
        Work::Item(ItemKind::Story)
    }

    /// Says which words nobody knew.
    pub fn tell(&self, warnings: &mut Tally) {
        for (what, strange) in [
            ("status that is not known: imported as to do, with the word kept beside it", &self.strange_statuses),
            ("type that is not known: imported as a story, with the word kept beside it", &self.strange_works),
        ] {
            for (word, count) in strange {
                warnings.add(what, word);
                warnings.add_many(what, count.saturating_sub(1));
            }
        }
    }
}

/// How many words are told apart; the rest is only counted.
const MOST: usize = 500;

fn note<'a>(strange: &mut Strange<'a>, word: &'a str) {
    // Where every row has a word of its own, the column is none of words.
    let place = strange.iter().position(|(known, _)| *known == word).or((strange.len() >= MOST).then_some(MOST));
    match place.and_then(|at| strange.get_mut(at)) {
        Some((_, count)) => *count = count.saturating_add(1),
        None => strange.push((word, 1)),
    }
}

pub fn is_yes(word: &str) -> bool {
    if word.is_empty() || word.len() > 8 {
        return false;
    }
    matches!(
        plain(word).as_str(),
        "true" | "yes" | "y" | "x" | "1" | "done" | "sí" | "si" | "sim" | "ja" | "oui" | "wahr"
    )
}

pub fn is_no(word: &str) -> bool {
    word.len() <= 8 && matches!(plain(word).as_str(), "false" | "no" | "n" | "0" | "nein" | "non" | "não" | "falsch")
}
