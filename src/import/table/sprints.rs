//! The sprints that the rows of a table name.

use crate::import::found::{FoundRecord, Identity, RecordOf};
use crate::import::table::dates::{Order, SourceDate, read};
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
    pub fn named(&mut self, name: &str, mut days: Days) -> String {
        let (name, own) = from_server(name);
        days = (days.0.or(own.0), days.1.or(own.1));
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
        let has_days = has_days || self.all.iter().any(|seen| seen.days != (None, None));
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

/// The name and the days of a sprint as old servers write it: `…Sprint@1f[id=2,state=CLOSED,name=Two,startDate=…]`.
fn from_server(text: &str) -> (&str, Days) {
    let inside = text.split_once(".Sprint@").and_then(|(_, rest)| rest.split_once('[')).map(|(_, rest)| rest);
    let part = |key: &str| {
        let (_, rest) = inside?.split_once(key)?;
        // A name may have commas; the next key ends it.
        let next = rest.match_indices(',').find(|(at, _)| {
            let word = rest.get(at.saturating_add(1)..).and_then(|rest| rest.split_once('=')).map(|(word, _)| word);
            word.is_some_and(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic()))
        });
        let end = next.map_or(rest.trim_end_matches(']').len(), |(at, _)| at);
        rest.get(..end).filter(|value| *value != "<null>")
    };
    let day = |key: &str| part(key).and_then(|text| read(text, Order::DayFirst));
    (part(",name=").unwrap_or(text), (day(",startDate="), day(",endDate=")))
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
    fn sprints_of_old_servers_have_names_and_days() {
        let text = "com.atlassian.greenhopper.service.sprint.Sprint@7eede03a[id=2,rapidViewId=2,state=FUTURE,\
                    name=Bells, brakes,goal=<null>,startDate=2026-03-02T09:00:00.000+01:00,endDate=<null>,sequence=2]";
        let (name, (start, end)) = from_server(text);
        assert_eq!((name, end), ("Bells, brakes", None));
        assert_eq!(start.unwrap().day().to_string(), "2026-03-02");
        assert_eq!(from_server("Sprint 4 [name=x]").0, "Sprint 4 [name=x]");
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
