//! The sprints that the rows of a table name.

use crate::import::found::{FoundRecord, Identity, RecordOf};
use crate::import::table::dates::SourceDate;
use crate::import::table::drafts::SPRINT;
use crate::model::schema::fields::sprint;
use crate::model::schema::{Sprint, SprintState};
use rustc_hash::FxHashMap;

/// First and last day, where the file has them.
type Days = (Option<SourceDate>, Option<SourceDate>);

struct Seen {
    key: String,
    name: String,
    days: Days,
    /// Stories in it that are neither done nor dropped.
    open: usize,
}

/// In the order in which the rows name them.
#[derive(Default)]
pub struct Sprints {
    all: Vec<Seen>,
    by_key: FxHashMap<String, usize>,
}

impl Sprints {
    /// The key of a sprint that is known by its name or its path.
    pub fn named(&mut self, name: &str, days: Days) -> String {
        let leaf = name.rsplit('\\').next().unwrap_or(name).trim();
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.note(format!("{SPRINT}{}", words(name)), &words(leaf), days)
    }

    /// The key of a sprint that is known by its number in a team, so that it may be renamed.
    pub fn numbered(&mut self, team: &str, number: &str, name: &str, days: Days) -> String {
        self.note(format!("{SPRINT}{team}#{number}"), name, days)
    }

    fn note(&mut self, key: String, name: &str, days: Days) -> String {
        if let Some(seen) = self.by_key.get(&key).and_then(|at| self.all.get_mut(*at)) {
            seen.days.0 = seen.days.0.or(days.0);
            seen.days.1 = seen.days.1.or(days.1);
        } else {
            self.by_key.insert(key.clone(), self.all.len());
            self.all.push(Seen { key: key.clone(), name: name.to_string(), days, open: 0 });
        }
        key
    }

    /// A story is in it now.
    pub fn current(&mut self, key: &str, is_open: bool) {
        if let Some(seen) = self.by_key.get(key).and_then(|at| self.all.get_mut(*at)).filter(|_| is_open) {
            seen.open = seen.open.saturating_add(1);
        }
    }

    /// By first day, then by name, so that they are numbered in the order in which they were. A sprint without an open story
    /// is over. Without days it says nothing about the pace, and no figure counts it.
    pub fn records(self, site: &str, has_days: bool) -> impl Iterator<Item = FoundRecord> {
        let site = site.to_string();
        let mut all = self.all;
        all.sort_by_cached_key(|seen| (seen.days.0.is_none(), seen.days.0.map(SourceDate::day), natural(&seen.name)));
        all.into_iter().map(move |seen| {
            let mut record = RecordOf::<Sprint>::new(Identity::Foreign { site: site.clone(), key: seen.key });
            record.set(sprint::goal(), seen.name.into());
            if has_days {
                for (field, day) in [(sprint::start(), seen.days.0), (sprint::end(), seen.days.1)] {
                    match day {
                        Some(day) => record.set_as_read(field, day.day().format("%Y-%m-%d").to_string()),
                        None => record.set(field, None),
                    }
                }
            }
            if seen.open == 0 {
                record.set(sprint::state(), SprintState::Closed);
            }
            record.into()
        })
    }
}

/// A name by its words and numbers, so that sprint 10 comes after sprint 9.
fn natural(name: &str) -> Vec<(String, u64)> {
    let mut out = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (word, after) = rest.split_at_checked(digits).unwrap_or((rest, ""));
        let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let (number, after) = after.split_at_checked(end).unwrap_or((after, ""));
        out.push((word.to_lowercase(), number.parse().unwrap_or(u64::MAX)));
        rest = after;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sprints_come_in_the_order_of_their_numbers() {
        let mut names = ["NW Sprint 10", "NW Sprint 9", "NW Sprint", "Alpha 2"];
        names.sort_by_cached_key(|name| natural(name));
        assert_eq!(names, ["Alpha 2", "NW Sprint", "NW Sprint 9", "NW Sprint 10"]);
    }

    #[test]
    fn a_sprint_is_over_once_nothing_in_it_is_open() {
        let mut sprints = Sprints::default();
        let days = (None, None);
        let one = sprints.named("Team\\PI 2\\Iteration  4", days);
        let two = sprints.numbered("Pump", "3", "Third", days);
        sprints.current(&one, true);
        sprints.current(&two, false);
        let said = |record: FoundRecord| (record.title().to_string(), record.text(sprint::state().field).to_string());
        let all: Vec<_> = sprints.records("", false).map(said).collect();
        assert_eq!(all, [("Iteration 4".into(), String::new()), ("Third".into(), "closed".into())]);
    }
}
