//! What is particular to the tables of one tool: a row per tool. Whatever a row does not name is read by the names that
//! all tools share.

use crate::import::table::dates::Order;
use crate::import::table::headers::{ColumnRole, normal, role};
use crate::import::vocabulary::Work;

/// The language of long texts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Markup {
    /// Markdown, or HTML where a text looks like it.
    Plain,
    /// Jira's wiki text.
    Wiki,
}

/// What is particular to one tool. Headers stand in plain form.
#[derive(Debug)]
pub struct Profile {
    /// Its name for `--from`.
    pub name: &'static str,
    pub title: &'static str,
    pub about: &'static str,
    /// The system that knows the keys.
    pub system: &'static str,
    /// Its keys name a record wherever it lies, as `SHOP-12` does.
    pub keys_are_enough: bool,
    /// A file is one of this tool if all headers of one of these sets are in it.
    pub signs: &'static [&'static [&'static str]],
    /// The roles of its columns where they are not those of other tools, the best first.
    pub columns: &'static [(&'static str, ColumnRole)],
    /// Its types where they are not those of other tools.
    pub types: &'static [(&'static str, Work)],
    /// What separates the values of a list in a cell.
    pub separators: &'static [char],
    pub markup: Markup,
    /// Words that stand for an empty cell.
    pub nothing: &'static [&'static str],
    /// A `'` before `=`, `+`, `-` or `@` is not part of a cell: it is there for spreadsheets.
    pub is_guarded: bool,
    /// A sprint is the last part of a path.
    pub has_sprint_paths: bool,
    /// What its sprints are called where they have numbers only.
    pub sprint_noun: &'static str,
    /// The number of rows at which its exports stop.
    pub ends: Option<usize>,
    /// The order of day and month where the dates do not say.
    pub order: Option<Order>,
    /// People named its columns: names are also looked for before, in and after brackets and slashes.
    pub is_loose: bool,
    /// Epics have ids of their own, which are no keys of rows.
    pub has_epics_apart: bool,
    /// A story is one of an epic whose label it has.
    pub has_epic_labels: bool,
    /// A line break in a text is written as `\n`.
    pub is_escaped: bool,
}

const PLAIN: Profile = Profile {
    name: "",
    title: "",
    about: "",
    system: "",
    keys_are_enough: false,
    signs: &[],
    columns: &[],
    types: &[],
    separators: &[',', ';'],
    markup: Markup::Plain,
    nothing: &[],
    is_guarded: false,
    has_sprint_paths: false,
    sprint_noun: "Sprint",
    ends: None,
    order: None,
    is_loose: false,
    has_epics_apart: false,
    has_epic_labels: false,
    is_escaped: false,
};

pub const JIRA: Profile = Profile {
    name: "jira-csv",
    title: "Jira CSV",
    about: "the CSV export of a Jira filter, Cloud or Server, all fields or the current ones, in English, Spanish, \
            Portuguese, German or French",
    system: "jira",
    keys_are_enough: true,
    signs: &[
        &["summary", "issue key"],
        &["summary", "issue type", "status"],
        &["summary", "project key"],
        &["summary", "issue type", "key"],
        &["summary", "work item key"],
        &["summary", "work type", "status"],
        &["resumen", "clave de incidencia"],
        &["resumen", "tipo de incidencia"],
        &["resumo", "chave da item"],
        &["resumo", "chave do item"],
        &["resumo", "tipo de item"],
        &["zusammenfassung", "vorgangsschlüssel"],
        &["zusammenfassung", "schlüssel"],
        &["zusammenfassung", "vorgangstyp"],
        &["résumé", "clé de ticket"],
        &["résumé", "clé"],
        &["résumé", "type de ticket"],
        &["résumé", "clé du ticket"],
        &["riepilogo", "chiave segnalazione"],
        &["riepilogo", "chiave"],
        &["要約", "課題キー"],
        &["概要", "问题关键字"],
    ],
    columns: &[
        ("parent", ColumnRole::Parent),
        ("parent key", ColumnRole::Parent),
        ("parent id", ColumnRole::Parent),
        ("parent summary", ColumnRole::EpicTitle),
        ("last viewed", ColumnRole::MachineOnly),
        ("zuletzt angesehen", ColumnRole::MachineOnly),
        ("dernière consultation", ColumnRole::MachineOnly),
        ("última visualización", ColumnRole::MachineOnly),
        ("visto por última vez", ColumnRole::MachineOnly),
        ("última visualização", ColumnRole::MachineOnly),
        ("issue color", ColumnRole::MachineOnly),
        ("epic color", ColumnRole::MachineOnly),
        ("epic colour", ColumnRole::MachineOnly),
        ("project avatar", ColumnRole::MachineOnly),
        ("issue", ColumnRole::Extra),
        ("feature", ColumnRole::Extra),
        ("categories", ColumnRole::Extra),
        ("area", ColumnRole::Extra),
        ("areas", ColumnRole::Extra),
        ("target version", ColumnRole::Extra),
        ("definition of done", ColumnRole::Extra),
        ("name", ColumnRole::Extra),
        ("component", ColumnRole::Extra),
        ("components", ColumnRole::Extra),
        ("category", ColumnRole::Extra),
        ("size", ColumnRole::Extra),
        ("rough estimate", ColumnRole::Extra),
        ("business value", ColumnRole::Extra),
        ("reason", ColumnRole::Extra),
        ("outcome", ColumnRole::Extra),
        ("progress", ColumnRole::Extra),
        ("phase", ColumnRole::Extra),
        ("stage", ColumnRole::Extra),
        ("days", ColumnRole::Extra),
        ("pt", ColumnRole::Extra),
        ("estimate", ColumnRole::Extra),
        ("effort", ColumnRole::Extra),
        ("milestone", ColumnRole::Extra),
    ],
    separators: &[],
    markup: Markup::Wiki,
    ends: Some(1000),
    ..PLAIN
};

pub const LINEAR: Profile = Profile {
    name: "linear-csv",
    title: "Linear CSV",
    about: "the CSV export of Linear, with 25, 30 or 34 columns",
    system: "linear",
    keys_are_enough: true,
    signs: &[
        &["id", "team", "title", "cycle number"],
        &["id", "team", "title", "parent issue"],
        &["id", "team", "title", "project milestone"],
    ],
    columns: &[
        ("id", ColumnRole::Key),
        ("team", ColumnRole::Team),
        ("project", ColumnRole::Project),
        ("archived", ColumnRole::Extra),
        ("milestone", ColumnRole::Extra),
        ("canceled", ColumnRole::Dropped),
    ],
    separators: &[','],
    nothing: &["no priority"],
    is_guarded: true,
    sprint_noun: "Cycle",
    ..PLAIN
};

pub const AZURE: Profile = Profile {
    name: "azure-csv",
    title: "Azure DevOps CSV",
    about: "the CSV export of an Azure DevOps query, flat or as a tree",
    system: "azure",
    signs: &[&["work item type"]],
    columns: &[
        ("id", ColumnRole::Key),
        ("work item type", ColumnRole::Type),
        ("closed date", ColumnRole::Closed),
        ("rev", ColumnRole::MachineOnly),
        ("watermark", ColumnRole::MachineOnly),
        ("component", ColumnRole::Extra),
        ("components", ColumnRole::Extra),
        ("category", ColumnRole::Extra),
        ("area", ColumnRole::Extra),
        ("areas", ColumnRole::Extra),
    ],
    types: &[("feature", Work::Roadmap), ("task", Work::Task)],
    separators: &[';'],
    has_sprint_paths: true,
    order: Some(Order::MonthFirst),
    ..PLAIN
};

pub const SHORTCUT: Profile = Profile {
    name: "shortcut-csv",
    title: "Shortcut CSV",
    about: "the CSV export of Shortcut stories",
    system: "shortcut",
    signs: &[
        &["id", "name", "requester", "owners"],
        &["id", "name", "requestor", "owners"],
        &["id", "name", "is completed", "epic"],
        &["id", "name", "is completed", "iteration"],
    ],
    columns: &[
        ("id", ColumnRole::Key),
        ("name", ColumnRole::Title),
        ("requester", ColumnRole::Reporter),
        ("requestor", ColumnRole::Reporter),
        ("epic", ColumnRole::Project),
        ("epic id", ColumnRole::Extra),
        ("tasks", ColumnRole::Task),
        ("utc offset", ColumnRole::Zone),
    ],
    separators: &[';'],
    ..PLAIN
};

pub const GITLAB: Profile = Profile {
    name: "gitlab-csv",
    title: "GitLab CSV",
    about: "the CSV export of GitLab issues",
    system: "gitlab",
    signs: &[
        &["title", "state", "author username"],
        &["issue id", "title", "state", "url"],
        &["iid", "title", "state"],
    ],
    columns: &[
        ("iid", ColumnRole::Key),
        ("issue id", ColumnRole::Key),
        ("id", ColumnRole::InternalId),
        ("milestone", ColumnRole::Project),
        ("author", ColumnRole::Reporter),
    ],
    separators: &[','],
    has_epics_apart: true,
    ..PLAIN
};

pub const ASANA: Profile = Profile {
    name: "asana-csv",
    title: "Asana CSV",
    about: "the CSV export of an Asana project",
    system: "asana",
    signs: &[&["task id", "name", "section/column"], &["task id", "created at", "completed at", "name"]],
    columns: &[
        ("task id", ColumnRole::Key),
        ("name", ColumnRole::Title),
        ("section/column", ColumnRole::Status),
        ("column", ColumnRole::Status),
        ("projects", ColumnRole::Project),
        ("parent task", ColumnRole::Parent),
        ("blocked by (dependencies)", ColumnRole::DependsOn),
        ("blocking (dependencies)", ColumnRole::Blocks),
    ],
    separators: &[','],
    ..PLAIN
};

pub const PIVOTAL: Profile = Profile {
    name: "pivotal-csv",
    title: "Pivotal Tracker CSV",
    about: "the CSV export of Pivotal Tracker",
    system: "pivotal",
    signs: &[&["id", "title", "current state"]],
    columns: &[
        ("id", ColumnRole::Key),
        ("title", ColumnRole::Title),
        ("iteration", ColumnRole::SprintNumber),
        ("task", ColumnRole::Task),
        ("task status", ColumnRole::TaskStatus),
    ],
    types: &[("release", Work::Roadmap)],
    separators: &[','],
    sprint_noun: "Iteration",
    has_epic_labels: true,
    ..PLAIN
};

pub const CLICKUP: Profile = Profile {
    name: "clickup-csv",
    title: "ClickUp CSV",
    about: "the CSV export of a ClickUp list or space",
    system: "clickup",
    signs: &[&["task id", "task name"]],
    columns: &[
        ("task id", ColumnRole::Key),
        ("task name", ColumnRole::Title),
        ("parent id", ColumnRole::Parent),
        ("list", ColumnRole::Extra),
        ("date closed", ColumnRole::Closed),
        ("checklists", ColumnRole::Task),
        ("sprints", ColumnRole::Sprint),
        ("points estimate", ColumnRole::Points),
        ("item type (drop down)", ColumnRole::Type),
        ("due date text", ColumnRole::MachineOnly),
        ("start date text", ColumnRole::MachineOnly),
        ("date created text", ColumnRole::MachineOnly),
        ("date updated text", ColumnRole::MachineOnly),
        ("date closed text", ColumnRole::MachineOnly),
    ],
    separators: &[','],
    nothing: &["none", "null"],
    is_escaped: true,
    ..PLAIN
};

pub const OPENPROJECT: Profile = Profile {
    name: "openproject-csv",
    title: "OpenProject CSV",
    about: "the CSV export of an OpenProject work package table",
    system: "openproject",
    signs: &[
        &["id", "subject", "type", "status"],
        &["id", "subject", "work package type"],
        &["id", "subject", "version"],
    ],
    columns: &[("id", ColumnRole::Key), ("subject", ColumnRole::Title), ("version", ColumnRole::Sprint)],
    types: &[("milestone", Work::Roadmap), ("phase", Work::Roadmap)],
    separators: &[','],
    ends: Some(500),
    ..PLAIN
};

/// What people write into a cell for which they have nothing to say: dashes.
const DASHES: &[&str] = &["", "–", "—"];

/// A table in a page of Markdown.
pub const MARKDOWN: Profile = Profile {
    name: "markdown",
    title: "Markdown",
    system: "markdown",
    keys_are_enough: true,
    nothing: DASHES,
    is_loose: true,
    ..PLAIN
};

/// Any table with a column that is a title.
pub const ANY: Profile = Profile {
    name: "csv",
    title: "CSV",
    about: "any table with a column of titles, separated by commas, semicolons, tabs or bars; you say what the \
            columns mean where their names do not",
    system: "csv",
    nothing: DASHES,
    is_loose: true,
    is_guarded: true,
    ..PLAIN
};

/// All profiles, [`ANY`] last.
pub const PROFILES: &[&Profile] =
    &[&JIRA, &LINEAR, &AZURE, &SHORTCUT, &GITLAB, &ASANA, &PIVOTAL, &CLICKUP, &OPENPROJECT, &ANY];

impl Profile {
    /// The role of a header in plain form, and how good a name it is: 0 for the best.
    pub fn role(&self, header: &str) -> Option<(ColumnRole, usize)> {
        let own = self.columns.iter().position(|(name, _)| *name == header);
        let own = own.and_then(|at| self.columns.get(at).map(|(_, role)| (*role, at)));
        // The tool's own names come before those that all tools share.
        own.or_else(|| role(header).map(|(role, place)| (role, place.saturating_add(self.columns.len()))))
    }

    pub fn knows(&self, header: &str) -> bool {
        let header = normal(header);
        self.role(&header).is_some() || self.signs.iter().any(|set| set.contains(&header.as_str()))
    }

    /// True if the headers, in plain form, are those of a file of this tool.
    pub fn fits(&self, headers: &[String]) -> bool {
        self.signs.iter().any(|set| set.iter().all(|sign| headers.iter().any(|header| header == sign)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_their_plain_form_once_each() {
        for profile in PROFILES {
            let names: Vec<&str> = profile.columns.iter().map(|(name, _)| *name).collect();
            for (at, name) in names.iter().enumerate() {
                assert!(!names[..at].contains(name), "{} {name}", profile.name);
            }
            for name in names.iter().chain(profile.signs.iter().copied().flatten()) {
                assert_eq!(normal(name), **name, "{}", profile.name);
            }
        }
    }
}
