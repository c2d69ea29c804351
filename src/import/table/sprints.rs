//! The sprints that the rows of a table name.

use crate::import::found::{FoundRecord, Identity, RecordOf};
use crate::import::table::dates::Moment;
use crate::import::table::drafts::SPRINT;
use crate::model::schema::fields::sprint;
use crate::model::schema::{Sprint, SprintState};
use rustc_hash::FxHashMap;

/// First and last day, where the file has them.
type Days = (Option<Moment>, Option<Moment>);

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

    /// A sprint without an open story is over. Without days it says nothing about the pace, and no figure counts it.
    pub fn records(self, site: &str, has_days: bool) -> impl Iterator<Item = FoundRecord> {
        let site = site.to_string();
        self.all.into_iter().map(move |seen| {
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
