//! Messages about damage: where it is, what was opened instead and how old that is, what else there is.

use crate::model::value::When;
use crate::store::folder::Folder;
use chrono::{DateTime, Local};
use std::time::UNIX_EPOCH;

/// Something unreadable, which is therefore not in what was recovered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lost {
    /// `journal.jsonl, line 7`
    pub place: String,
    pub why: String,
    /// What is still visible of it, for a person to judge.
    pub excerpt: String,
    /// Whether it is the end of the open journal: usually a write that was cut off and never acknowledged.
    pub is_torn: bool,
    /// Whether a repair keeps it, in another form.
    pub is_kept: bool,
}

impl Lost {
    pub fn new(place: impl Into<String>, why: impl Into<String>) -> Lost {
        Lost { place: place.into(), why: why.into(), excerpt: String::new(), is_torn: false, is_kept: false }
    }

    pub fn holding(self, excerpt: impl Into<String>) -> Lost {
        Lost { excerpt: excerpt.into(), ..self }
    }
}

impl std::fmt::Display for Lost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}.", self.place, self.why)?;
        if self.excerpt.is_empty() { Ok(()) } else { write!(f, " It held: {}", self.excerpt) }
    }
}

/// How messages about a torn or damaged end of the journal begin, from readers and from the writer that sets it aside.
pub const TORN: &str = "The last line of the journal";

/// `2026-03-02 12:00, 2 hours ago`
pub fn moment(at: When) -> String {
    let at = at.0.with_timezone(&Local);
    format!("{}, {}", at.format("%Y-%m-%d %H:%M"), ago(Local::now().signed_duration_since(at).num_minutes()))
}

fn ago(minutes: i64) -> String {
    let several = |n: i64, what: &str| if n == 1 { format!("1 {what} ago") } else { format!("{n} {what}s ago") };
    match minutes {
        // A clock that was set back makes no negative ages.
        ..=0 => "just now".to_string(),
        1..60 => several(minutes, "minute"),
        60..2880 => several(minutes / 60, "hour"),
        _ => several(minutes / 1440, "day"),
    }
}

/// What to do about damage, and the backups with their dates, newest first.
pub fn ways_on(folder: &Folder) -> String {
    const SHOWN: usize = 3;
    let dated = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let changed = std::fs::metadata(path).and_then(|meta| meta.modified()).ok();
        // A time outside the calendar is left out.
        let seconds = changed.and_then(|time| i64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok());
        let at = seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        let at = at.map(|at| at.with_timezone(&Local).format(" of %Y-%m-%d %H:%M").to_string());
        format!("{name}{}", at.unwrap_or_default())
    };
    let all = folder.backups();
    let newest: Vec<String> = all.iter().rev().take(SHOWN).map(dated).collect();
    let kept = match newest.as_slice() {
        [] => "There are no older versions in backup.".to_string(),
        newest => {
            format!("Older versions in backup: {}. whyhow import FILE --into NAME opens one.", newest.join(", "))
        }
    };
    format!("whyhow repair makes a sound copy beside it. {kept}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Row 29: a clock that was set back makes no negative age.
    #[test]
    fn ages_are_said_in_the_unit_that_fits() {
        let said: Vec<String> = [-500, 0, 1, 59, 60, 150, 2880, 14400].into_iter().map(ago).collect();
        let want = ["just now", "just now", "1 minute ago", "59 minutes ago", "1 hour ago", "2 hours ago"];
        assert_eq!(said[..6], want);
        assert_eq!(said[6..], ["2 days ago", "10 days ago"]);
    }
}
