//! What the columns of a table mean: header names in plain form, and the names that tools give to each role.

use crate::import::table::home_made::HOME_MADE;
use crate::import::table::synonyms::SYNONYMS;
use crate::import::vocabulary::plain;

/// What the cells of a column say about a record.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum ColumnRole {
    Title,
    /// A column of a tree, one per level, of which a row fills one. The first level is 1.
    TitleLevel(u8),
    Key,
    /// A number that only the other program shows; links may go by it.
    InternalId,
    Type,
    Status,
    StatusCategory,
    Resolution,
    /// Yes or no: it is done.
    IsDone,
    Priority,
    Points,
    Sprint,
    SprintNumber,
    SprintStart,
    SprintEnd,
    Team,
    Parent,
    /// The key of an epic, which counts where `Parent` is empty.
    EpicLink,
    /// The title of a larger thing that it belongs to.
    EpicTitle,
    /// Another name by which others mean it, as epics have.
    ShortName,
    /// A project or milestone that has no row of its own.
    Project,
    Description,
    /// Why it is worth doing.
    Benefit,
    Criteria,
    Assignee,
    Reporter,
    Labels,
    Created,
    Updated,
    Closed,
    /// When it was given up.
    Dropped,
    Due,
    Comment,
    /// What must be done before this one.
    DependsOn,
    /// What waits for this one.
    Blocks,
    /// A task of the record; one per column.
    Task,
    /// Whether the task in the same place is done.
    TaskStatus,
    Rank,
    Url,
    /// The zone of dates that name none.
    Zone,
    /// Kept beside the record.
    Extra,
    /// Meaningless outside the other program: left out and counted.
    MachineOnly,
    /// Left out because a person said so.
    Skip,
}

/// The roles by the name that a mapping gives them.
const NAMES: &[(&str, ColumnRole)] = &[
    ("title", ColumnRole::Title),
    ("key", ColumnRole::Key),
    ("internal id", ColumnRole::InternalId),
    ("type", ColumnRole::Type),
    ("status", ColumnRole::Status),
    ("status category", ColumnRole::StatusCategory),
    ("resolution", ColumnRole::Resolution),
    ("is done", ColumnRole::IsDone),
    ("priority", ColumnRole::Priority),
    ("points", ColumnRole::Points),
    ("sprint", ColumnRole::Sprint),
    ("sprint number", ColumnRole::SprintNumber),
    ("sprint start", ColumnRole::SprintStart),
    ("sprint end", ColumnRole::SprintEnd),
    ("team", ColumnRole::Team),
    ("parent", ColumnRole::Parent),
    ("epic link", ColumnRole::EpicLink),
    ("epic title", ColumnRole::EpicTitle),
    ("short name", ColumnRole::ShortName),
    ("project", ColumnRole::Project),
    ("description", ColumnRole::Description),
    ("benefit", ColumnRole::Benefit),
    ("criteria", ColumnRole::Criteria),
    ("assignee", ColumnRole::Assignee),
    ("reporter", ColumnRole::Reporter),
    ("labels", ColumnRole::Labels),
    ("created", ColumnRole::Created),
    ("updated", ColumnRole::Updated),
    ("closed", ColumnRole::Closed),
    ("dropped", ColumnRole::Dropped),
    ("due", ColumnRole::Due),
    ("comment", ColumnRole::Comment),
    ("depends on", ColumnRole::DependsOn),
    ("blocks", ColumnRole::Blocks),
    ("task", ColumnRole::Task),
    ("task status", ColumnRole::TaskStatus),
    ("rank", ColumnRole::Rank),
    ("url", ColumnRole::Url),
    ("zone", ColumnRole::Zone),
    ("extra", ColumnRole::Extra),
    ("machine only", ColumnRole::MachineOnly),
    ("skip", ColumnRole::Skip),
];

impl ColumnRole {
    /// The role of that name: `title`, `depends_on`, `title 2`.
    pub fn named(name: &str) -> Option<ColumnRole> {
        let name = plain(name);
        let name = if name == "why" { "benefit" } else { name.as_str() };
        let level = || name.strip_prefix("title ")?.parse().ok().filter(|level| *level > 0).map(ColumnRole::TitleLevel);
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, role)| *role).or_else(level)
    }

    pub fn name(self) -> String {
        match self {
            ColumnRole::TitleLevel(level) => format!("title {level}"),
            role => NAMES.iter().find(|(_, known)| *known == role).map(|(name, _)| *name).unwrap_or_default().into(),
        }
    }

    /// The names that a mapping may use.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }

    /// True if columns of several names may have it together, as Jira has two for points. Of all others, the name that
    /// stands first in the table takes the role, and the rest is kept beside the record.
    pub fn is_shared(self) -> bool {
        matches!(
            self,
            ColumnRole::Points
                | ColumnRole::Parent
                | ColumnRole::Labels
                | ColumnRole::Comment
                | ColumnRole::DependsOn
                | ColumnRole::Blocks
                | ColumnRole::Criteria
                | ColumnRole::Extra
                | ColumnRole::MachineOnly
                | ColumnRole::Skip
        )
    }

    /// True if its cells are dates.
    pub fn is_date(self) -> bool {
        matches!(
            self,
            ColumnRole::Created
                | ColumnRole::Updated
                | ColumnRole::Closed
                | ColumnRole::Dropped
                | ColumnRole::Due
                | ColumnRole::SprintStart
                | ColumnRole::SprintEnd
        )
    }
}

/// The words before the brackets of a field that a Jira site has added.
const CUSTOM: &[&str] = &[
    "custom field",
    "campo personalizado",
    "campos personalizados",
    "benutzerdefiniertes feld",
    "benutzerdefinierte felder",
    "champ personnalisé",
    "champs personnalisés",
    "campo personalizzato",
    "カスタムフィールド",
    "自定义字段",
];

/// A header for comparison: no byte order mark, lower case, single blanks, no final colon; a custom field answers to the
/// name in its brackets.
pub fn normal(header: &str) -> String {
    let header = header.trim_matches(|c: char| c == '\u{feff}' || c.is_whitespace());
    let header = plain(header.trim_end_matches([':', ' '])).replace('\u{2019}', "'");
    let inner = header.split_once('(').filter(|(before, _)| CUSTOM.contains(&before.trim()));
    match inner.and_then(|(_, rest)| rest.strip_suffix(')')) {
        Some(inner) => inner.trim().to_string(),
        None => header,
    }
}

/// More names than a tool's table has for a role.
const BY_HAND: usize = 1000;

/// True for a name that no tool gives: people use it for other things too.
pub fn is_by_hand(normal: &str) -> bool {
    role(normal).is_some_and(|(_, place)| place >= BY_HAND)
}

/// The role of a header in plain form, and how good a name it is: 0 for the best.
pub fn role(normal: &str) -> Option<(ColumnRole, usize)> {
    let level = || {
        let level = normal.strip_prefix("title ")?.parse().ok().filter(|level| (1..=20).contains(level))?;
        Some((ColumnRole::TitleLevel(level), 0))
    };
    let among = |table: &[(ColumnRole, &[&str])]| {
        table.iter().find_map(|(role, names)| {
            let place = names.iter().position(|name| *name == normal)?;
            Some((*role, place))
        })
    };
    // The names that tools give are the better ones.
    let by_hand = || among(HOME_MADE).map(|(role, place)| (role, place.saturating_add(BY_HAND)));
    among(SYNONYMS).or_else(level).or_else(by_hand)
}

/// How much worse a name is that stands beside other words. It is still better than one of those in [`HOME_MADE`].
const IN_PART: usize = 500;

/// Words in brackets that make an estimate none of points.
const UNITS: &[&str] =
    &["hour", "hours", "h", "hrs", "hr", "min", "minutes", "stunden", "std", "heures", "horas", "seconds", "€", "$"];

/// The role of a header that people made of several names: `Points (Fibonacci)`, `Etiquetas (labels)`, `Story / Notes`.
pub fn role_in_part(normal: &str) -> Option<(ColumnRole, usize)> {
    let known = |name: &str| {
        role(name.trim())
            .filter(|(role, _)| !matches!(role, ColumnRole::Team | ColumnRole::Zone | ColumnRole::Extra))
            .map(|(role, place)| (role, place.saturating_add(IN_PART)))
    };
    if let Some((before, inside)) = normal.split_once('(') {
        let inside = inside.split(')').next().unwrap_or_default().trim();
        let is_unit = UNITS.contains(&inside);
        return known(before).or_else(|| known(inside)).filter(|(role, _)| !(is_unit && *role == ColumnRole::Points));
    }
    if let Some((first, last)) = normal.rsplit_once('/') {
        return known(last).or_else(|| known(first));
    }
    // `Criterios de aceptación en formato Gherkin`
    let names = SYNONYMS.iter().filter(|(role, _)| *role == ColumnRole::Criteria).flat_map(|(_, names)| *names);
    let begins = |name: &&&str| normal.strip_prefix(**name).is_some_and(|rest| rest.starts_with(' '));
    names.filter(|name| name.contains(' ')).find(begins).and_then(|name| known(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_known_however_it_is_written() {
        for header in
            ["\u{feff}Summary", " SUMMARY: ", "summary", "Resumen", "Zusammenfassung", "Résumé", "story_title"]
        {
            assert_eq!(role(&normal(header)).map(|(role, _)| role), Some(ColumnRole::Title), "{header}");
        }
        for header in
            ["Custom field (Story Points)", "Campo personalizado (Story point estimate)", "story_points", "Storypoint"]
        {
            assert_eq!(role(&normal(header)).map(|(role, _)| role), Some(ColumnRole::Points), "{header}");
        }
        assert_eq!(role(&normal("Title 3")), Some((ColumnRole::TitleLevel(3), 0)));
        assert_eq!(role(&normal("Outward issue link (Blocks)")).map(|(role, _)| role), Some(ColumnRole::Blocks));
        assert_eq!(role(&normal("Custom field (Severity)")), None);
        assert_eq!(role(""), None);
    }

    #[test]
    fn names_are_found_beside_other_words() {
        for (header, role) in [
            ("Points (Fibonacci)", Some(ColumnRole::Points)),
            ("Estimate (Story Points)", Some(ColumnRole::Points)),
            ("Estimación del esfuerzo (story points)", Some(ColumnRole::Points)),
            ("Estimate (hours)", None),
            ("Etiquetas (labels)", Some(ColumnRole::Labels)),
            ("Criterios de aceptación en formato test cases", Some(ColumnRole::Criteria)),
            ("User Story / Description", Some(ColumnRole::Description)),
            ("Category/Epic", Some(ColumnRole::EpicTitle)),
            ("Severity(S0-S3)", None),
            ("Owner/Squad", Some(ColumnRole::Assignee)),
        ] {
            assert_eq!(role_in_part(&normal(header)).map(|(role, _)| role), role, "{header}");
        }
    }

    #[test]
    fn every_name_stands_once_and_in_its_plain_form() {
        let all: Vec<&str> = SYNONYMS.iter().chain(HOME_MADE).flat_map(|(_, names)| names.iter().copied()).collect();
        for (at, name) in all.iter().enumerate() {
            assert_eq!(normal(name), *name);
            assert!(!all[..at].contains(name), "{name} stands twice");
        }
    }

    #[test]
    fn every_role_has_a_name_that_reads_back() {
        for (name, role) in NAMES {
            assert_eq!((ColumnRole::named(name), role.name().as_str()), (Some(*role), *name));
        }
        assert_eq!(ColumnRole::named(&ColumnRole::TitleLevel(2).name()), Some(ColumnRole::TitleLevel(2)));
        assert_eq!(ColumnRole::named("depends_on"), Some(ColumnRole::DependsOn));
        assert_eq!(ColumnRole::named("title 0"), None);
    }
}
