//! Reports what an import found and does: as a preview, as a line afterwards, and as a file on request. Titles from
//! outside are stripped of everything that could control a terminal.

use crate::import::found::{Found, Tally};
use crate::import::settling::Whose;
use crate::model::field::Field;
use crate::model::grammar::{grouped, plural, plural_noun};
use crate::model::schema::fields::item;
use crate::model::schema::{ItemKind, ItemStatus, Kind};
use std::fmt::Write;

#[derive(Clone, Debug, Default)]
pub struct Report {
    pub format: &'static str,
    /// The file's name.
    pub from: String,
    /// Per kind of record, in the table's order.
    pub kinds: Vec<Count>,
    /// Stories in the file by status and by kind; only those that occur.
    pub by_status: Vec<(&'static str, usize)>,
    pub by_type: Vec<(&'static str, usize)>,
    /// What became of groups such as milestones.
    pub became: Vec<String>,
    pub skipped: Tally,
    pub warnings: Tally,
    /// Changed here and in the file.
    pub differs: Vec<Difference>,
    /// The records are those of another system, so that an answer in favour of yours is remembered.
    remembers: bool,
    pub kept_beside: usize,
    pub machine_only: usize,
}

/// The outcome for the records of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    pub kind: Kind,
    pub found: usize,
    pub new: usize,
    pub changed: usize,
    pub same: usize,
    /// Of those matched, the ones changed only here since the last import.
    pub kept: usize,
}

/// A field that changed on both sides, with the two values as people read them.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// `S24`
    pub record: String,
    pub title: String,
    pub field: &'static Field,
    pub mine: String,
    pub theirs: String,
    /// The file has what was here when it was written.
    pub only_here: bool,
    pub settled: Option<Whose>,
}

/// How many differences are shown where the report is not a file.
const LISTED: usize = 50;

impl Report {
    pub fn of(found: &Found) -> Report {
        let mut report = Report {
            format: found.format,
            from: found.from.clone(),
            became: found.became.clone(),
            skipped: found.skipped.clone(),
            warnings: found.warnings.clone(),
            kept_beside: found.kept_beside,
            machine_only: found.machine_only,
            remembers: !found.system.is_empty(),
            ..Report::default()
        };
        for kind in Kind::ALL {
            let count = found.records.iter().filter(|record| record.kind == *kind).count();
            if count > 0 {
                report.kinds.push(Count { kind: *kind, found: count, new: 0, changed: 0, same: 0, kept: 0 });
            }
        }
        let tally = |field: &Field, key: &str, first: bool| {
            let items = found.records.iter().filter(|record| record.kind == Kind::BacklogItem);
            items.filter(|record| record.text(field) == key || (first && record.text(field).is_empty())).count()
        };
        let first = |place: usize| place == 0;
        for (place, status) in ItemStatus::ALL.iter().enumerate() {
            report.by_status.push((status.label(), tally(item::status().field, status.key(), first(place))));
        }
        for (place, kind) in ItemKind::ALL.iter().enumerate() {
            report.by_type.push((kind.label(), tally(item::kind().field, kind.key(), first(place))));
        }
        report.by_status.retain(|(_, count)| *count > 0);
        report.by_type.retain(|(_, count)| *count > 0);
        report
    }

    /// One report for several files.
    pub fn joined(all: Vec<Report>) -> Report {
        let files: Vec<String> = all.iter().map(|one| one.from.clone()).collect();
        let mut all = all.into_iter();
        let mut out = all.next().unwrap_or_default();
        for one in all {
            for count in one.kinds {
                match out.count(count.kind) {
                    Some(known) => known.add(count),
                    None => out.kinds.push(count),
                }
            }
            out.kinds.sort_by_key(|count| Kind::ALL.iter().position(|kind| *kind == count.kind));
            add_tallies(&mut out.by_status, one.by_status);
            add_tallies(&mut out.by_type, one.by_type);
            out.became.extend(one.became);
            out.skipped.take(&one.skipped);
            out.warnings.take(&one.warnings);
            out.differs.extend(one.differs);
            out.remembers |= one.remembers;
            out.kept_beside = out.kept_beside.saturating_add(one.kept_beside);
            out.machine_only = out.machine_only.saturating_add(one.machine_only);
        }
        if files.len() > 1 {
            out.from = format!("{} files", files.len());
        }
        out
    }

    fn count(&mut self, kind: Kind) -> Option<&mut Count> {
        self.kinds.iter_mut().find(|count| count.kind == kind)
    }

    pub(super) fn made(&mut self, kind: Kind) {
        if let Some(count) = self.count(kind) {
            count.new = count.new.saturating_add(1);
        }
    }

    pub(super) fn met(&mut self, kind: Kind, changed: bool, kept: bool) {
        if let Some(count) = self.count(kind) {
            count.changed = count.changed.saturating_add(usize::from(changed));
            count.same = count.same.saturating_add(usize::from(!changed));
            count.kept = count.kept.saturating_add(usize::from(kept));
        }
    }

    pub fn total(&self, of: fn(&Count) -> usize) -> usize {
        self.kinds.iter().map(of).sum()
    }

    /// The step's label: `Imported 3,062 stories from issues.json`.
    pub fn label(&self) -> String {
        let list = |of: fn(&Count) -> usize| -> String {
            let parts: Vec<String> =
                self.kinds.iter().filter(|one| of(one) > 0).map(|one| counted(one.kind, of(one))).collect();
            match parts.split_last() {
                Some((last, [])) => last.clone(),
                Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
                None => String::new(),
            }
        };
        let (new, changed) = (list(|one| one.new), list(|one| one.changed));
        let what = match (new.as_str(), changed.as_str()) {
            ("", "") if self.differs.iter().any(|one| one.settled.is_some()) => {
                return format!("Settled what changed here and in {}", shown(&self.from, 80));
            }
            ("", "") => "nothing new".to_string(),
            (_, "") => new,
            ("", _) => format!("changes to {changed}"),
            _ => format!("{new}, and changes to {changed},"),
        };
        format!("Imported {what} from {}", shown(&self.from, 80))
    }

    /// What the file holds and what becomes of it, as lines.
    pub fn counts(&self) -> Vec<String> {
        let mut out: Vec<String> =
            self.kinds.iter().map(|one| format!("{}: {}", counted(one.kind, one.found), becomes(one))).collect();
        if out.is_empty() {
            out.push("No records found.".to_string());
        }
        for (name, list) in [("by status", &self.by_status), ("by kind", &self.by_type)] {
            let parts: Vec<String> = list.iter().map(|(label, count)| format!("{label} {}", grouped(*count))).collect();
            out.extend((!parts.is_empty()).then(|| format!("  {name}: {}", parts.join(", "))));
        }
        out.extend(self.became.iter().map(|words| format!("  {words}")));
        if self.kept_beside > 0 {
            let (values, are) = (grouped(self.kept_beside), plural(self.kept_beside, "value is", "values are"));
            out.push(format!("  {values} other {are} kept under Extra"));
        }
        if self.machine_only > 0 {
            let (values, are) = (grouped(self.machine_only), plural(self.machine_only, "value", "values"));
            out.push(format!("  {values} {are} only for the other tool (ids, addresses): not kept"));
        }
        out
    }

    /// The report as it is shown, with the first of many differences.
    pub fn text(&self) -> String {
        self.with_differences(LISTED)
    }

    /// The report with all differences.
    pub fn whole_text(&self) -> String {
        self.with_differences(usize::MAX)
    }

    fn with_differences(&self, most: usize) -> String {
        let mut out = format!("{}, read as {}\n\n", shown(&self.from, 200), self.format);
        self.counts().iter().for_each(|line| out.extend([line, "\n"]));
        section(&mut out, "Left out", &self.skipped);
        section(&mut out, "To look at", &self.warnings);
        for (only_here, settled, title) in [
            (true, None, "Changed here since the file was written; yours is kept"),
            (true, Some(Whose::Mine), "Changed here since the file was written; settled for yours"),
            (true, Some(Whose::Theirs), "Changed here since the file was written; settled for the file's"),
            (false, None, "Changed here and in the file; yours is kept"),
            (false, Some(Whose::Mine), "Changed here and in the file; settled for yours"),
            (false, Some(Whose::Theirs), "Changed here and in the file; settled for the file's"),
        ] {
            let of_it = |one: &&Difference| one.only_here == only_here && one.settled == settled;
            differences(&self.differs.iter().filter(of_it).collect::<Vec<_>>(), title, most, &mut out);
        }
        self.how_to_settle(&mut out);
        out
    }

    fn how_to_settle(&self, out: &mut String) {
        let Some(one) = self.differs.iter().find(|one| one.settled.is_none()) else { return };
        let quote = if one.record.contains(' ') { "\"" } else { "" };
        let record = format!("{quote}{}{quote}", one.record);
        let field = format!("{quote}{}.{}{quote}", one.record, one.field.key);
        let _ = writeln!(out, "\nTo settle them, add to the same import");
        let _ = writeln!(
            out,
            "  --theirs {record}: what the file says about {}; --theirs {field}: one field of it",
            one.record
        );
        if self.remembers {
            let _ = writeln!(out, "  --mine {record}: what you have, until the file changes again");
            let _ = writeln!(out, "  --conflicts theirs, --conflicts mine: all of them");
        } else if self.differs.iter().any(|one| one.settled.is_none() && !one.only_here) {
            let _ = writeln!(out, "  --conflicts theirs: all that changed here and in the file");
        }
        let _ = writeln!(out, "Until then yours stays, and each import lists them again.");
    }
}

impl Count {
    fn add(&mut self, other: Count) {
        for (mine, theirs) in [
            (&mut self.found, other.found),
            (&mut self.new, other.new),
            (&mut self.changed, other.changed),
            (&mut self.same, other.same),
            (&mut self.kept, other.kept),
        ] {
            *mine = mine.saturating_add(theirs);
        }
    }
}

fn add_tallies(all: &mut Vec<(&'static str, usize)>, more: Vec<(&'static str, usize)>) {
    for (word, count) in more {
        match all.iter_mut().find(|(known, _)| *known == word) {
            Some((_, known)) => *known = known.saturating_add(count),
            None => all.push((word, count)),
        }
    }
}

fn differences(all: &[&Difference], title: &str, most: usize, out: &mut String) {
    if all.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{title}");
    let mut above = "";
    for one in all.iter().take(most) {
        let (label, (mine, theirs)) = (one.field.label, apart(&one.mine, &one.theirs));
        if above != one.record {
            let _ = writeln!(out, "  {} {}", one.record, shown(&one.title, 60));
            above = &one.record;
        }
        let _ = writeln!(out, "    {label} here: {mine}");
        let _ = writeln!(out, "    {label} in the file: {theirs}");
    }
    if all.len() > most {
        let more = grouped(all.len().saturating_sub(most));
        let _ = writeln!(out, "  and {more} more; --report FILE lists them all");
    }
}

fn becomes(one: &Count) -> String {
    let mut parts = Vec::new();
    for (count, word) in [(one.new, "new"), (one.changed, "changed"), (one.same, "unchanged")] {
        if count > 0 {
            parts.push(format!("{} {word}", grouped(count)));
        }
    }
    let placed = one.new.saturating_add(one.changed).saturating_add(one.same);
    if placed < one.found {
        parts.push(format!("{} left out", grouped(one.found.saturating_sub(placed))));
    }
    let own = match one.kept {
        0 => String::new(),
        kept => format!("; your own changes kept on {} of them", grouped(kept)),
    };
    parts.join(", ") + &own
}

fn section(out: &mut String, title: &str, tally: &Tally) {
    if tally.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{title}");
    groups(tally).iter().for_each(|line| out.extend([line, "\n"]));
}

/// Repeated messages as lines, each with a few examples below it.
pub fn groups(tally: &Tally) -> Vec<String> {
    let mut out = Vec::new();
    for group in &tally.0 {
        out.push(format!("  {} × {}", grouped(group.count), shown(&group.what, 200)));
        out.extend(group.examples.iter().map(|example| format!("      {}", shown(example, 100))));
        if group.count > group.examples.len() && !group.examples.is_empty() {
            out.push("      …".to_string());
        }
    }
    out
}

/// `3,062 stories`, `1 sprint`.
fn counted(kind: Kind, count: usize) -> String {
    let noun = match kind {
        Kind::Feedback => plural(count, "piece of feedback", "pieces of feedback").to_string(),
        kind if count == 1 => kind.noun().to_string(),
        kind => plural_noun(kind),
    };
    format!("{} {noun}", grouped(count))
}

/// How much of a value is shown.
const SHOWN: usize = 100;
/// How much of two texts that begin alike is shown before they part.
const BEFORE: usize = 20;

/// Two values for comparison: long texts from where they part.
fn apart(mine: &str, theirs: &str) -> (String, String) {
    let alike = mine.chars().zip(theirs.chars()).take_while(|(a, b)| a == b).count();
    let is_long = |text: &str| text.chars().nth(SHOWN).is_some();
    let skip = if is_long(mine) || is_long(theirs) { alike.saturating_sub(BEFORE) } else { 0 };
    let part = |text: &str| {
        let rest: String = text.chars().skip(skip).collect();
        match (skip, rest.trim().is_empty()) {
            (_, true) if text.trim().is_empty() => "nothing".to_string(),
            (0, _) => format!("\u{201c}{}\u{201d}", shown(&rest, SHOWN)),
            _ => format!("\u{201c}…{}\u{201d}", shown(&rest, SHOWN)),
        }
    };
    (part(mine), part(theirs))
}

/// One line of foreign text: no control characters, nothing that changes the text direction, not too long.
fn shown(text: &str, longest: usize) -> String {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let clean = |c: char| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c };
    let mut out: String = text.chars().filter(|c| !turns(*c)).map(clean).take(longest).collect();
    if text.chars().nth(longest).is_some() {
        out.push('…');
    }
    out.trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped() {
        let all: Vec<String> = [0, 12, 999, 1000, 3062, 1234567].into_iter().map(grouped).collect();
        assert_eq!(all, ["0", "12", "999", "1,000", "3,062", "1,234,567"]);
        assert_eq!(counted(Kind::BacklogItem, 1), "1 story");
        assert_eq!(counted(Kind::BacklogItem, 3062), "3,062 stories");
    }

    #[test]
    fn sentences_go_with_every_number() {
        let said = |count: usize| {
            let mut report = Report { kept_beside: count, machine_only: count, ..Report::default() };
            report.warnings.add_many("date that cannot be read", count);
            for kind in [Kind::BacklogItem, Kind::Feedback] {
                report.kinds.push(Count { kind, found: count, new: count, changed: 0, same: 0, kept: 0 });
            }
            (report.label(), report.text().lines().skip(2).collect::<Vec<_>>().join("|"))
        };
        let (label, text) = said(1);
        assert_eq!(label, "Imported 1 story and 1 piece of feedback from ");
        assert_eq!(
            text,
            "1 story: 1 new|1 piece of feedback: 1 new|  1 other value is kept under Extra|\
             \u{20} 1 value only for the other tool (ids, addresses): not kept||To look at|  1 × date that cannot be read"
        );
        let (label, text) = said(1000);
        assert_eq!(label, "Imported 1,000 stories and 1,000 pieces of feedback from ");
        assert!(text.contains("1,000 other values are kept") && text.contains("1,000 × date that cannot be read"));
        assert!(said(2).1.contains("2 values only for the other tool"));
        assert_eq!(said(0).0, "Imported nothing new from ");
    }

    #[test]
    fn foreign_titles_cannot_steer_the_terminal() {
        assert_eq!(shown("a\u{1b}[31mb\nc\u{202e}d", 100), "a [31mb cd");
        assert_eq!(shown("abcdef", 3), "abc…");
    }

    #[test]
    fn long_texts_are_shown_from_where_they_part() {
        assert_eq!(apart("a", ""), ("\u{201c}a\u{201d}".to_string(), "nothing".to_string()));
        let (mine, theirs) = (format!("{}mine", "x".repeat(300)), "x".repeat(300));
        let (mine, theirs) = apart(&mine, &theirs);
        assert_eq!(mine, format!("\u{201c}…{}mine\u{201d}", "x".repeat(20)));
        assert_eq!(theirs, format!("\u{201c}…{}\u{201d}", "x".repeat(20)));
    }
}
