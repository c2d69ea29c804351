//! What is particular to the tables of one tool: a row per tool. Whatever a row does not name is read by the names that
//! all tools share.

use crate::import::table::dates::Order;
use crate::import::table::headers::{Role, normal, role};
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
    /// A file is one of this tool if all headers of one of these sets are in it.
    pub signs: &'static [&'static [&'static str]],
    /// The roles of its columns where they are not those of other tools, the best first.
    pub columns: &'static [(&'static str, Role)],
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
    /// The order of day and month where the dates do not say.
    pub order: Option<Order>,
}

const PLAIN: Profile = Profile {
    name: "",
    title: "",
    about: "",
    system: "",
    signs: &[],
    columns: &[],
    types: &[],
    separators: &[',', ';'],
    markup: Markup::Plain,
    nothing: &[],
    is_guarded: false,
    has_sprint_paths: false,
    sprint_noun: "Sprint",
    order: None,
};

pub const JIRA: Profile = Profile {
    name: "jira-csv",
    title: "Jira CSV",
    about: "the CSV export of a Jira filter, Cloud or Server, all fields or the current ones, in English, Spanish, \
            Portuguese, German or French",
    system: "jira",
    signs: &[
        &["summary", "issue key"],
        &["summary", "issue type", "status"],
        &["summary", "project key"],
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
    ],
    columns: &[
        ("parent", Role::Parent),
        ("parent key", Role::Parent),
        ("parent id", Role::Parent),
        ("epic name", Role::Extra),
        ("parent summary", Role::EpicTitle),
        ("last viewed", Role::MachineOnly),
        ("zuletzt angesehen", Role::MachineOnly),
        ("dernière consultation", Role::MachineOnly),
        ("última visualización", Role::MachineOnly),
        ("visto por última vez", Role::MachineOnly),
        ("última visualização", Role::MachineOnly),
        ("issue color", Role::MachineOnly),
        ("epic color", Role::MachineOnly),
        ("epic colour", Role::MachineOnly),
        ("project avatar", Role::MachineOnly),
        ("issue", Role::Extra),
        ("name", Role::Extra),
        ("component", Role::Extra),
        ("size", Role::Extra),
        ("estimate", Role::Extra),
        ("effort", Role::Extra),
        ("milestone", Role::Extra),
    ],
    separators: &[],
    markup: Markup::Wiki,
    ..PLAIN
};

pub const LINEAR: Profile = Profile {
    name: "linear-csv",
    title: "Linear CSV",
    about: "the CSV export of Linear, with 25, 30 or 34 columns",
    system: "linear",
    signs: &[
        &["id", "team", "title", "cycle number"],
        &["id", "team", "title", "parent issue"],
        &["id", "team", "title", "project milestone"],
    ],
    columns: &[
        ("id", Role::Key),
        ("team", Role::Team),
        ("project", Role::Project),
        ("milestone", Role::Extra),
        ("canceled", Role::Dropped),
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
        ("id", Role::Key),
        ("work item type", Role::Type),
        ("closed date", Role::Closed),
        ("rev", Role::MachineOnly),
        ("watermark", Role::MachineOnly),
        ("component", Role::Extra),
        ("area", Role::Extra),
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
        ("id", Role::Key),
        ("name", Role::Title),
        ("requester", Role::Reporter),
        ("requestor", Role::Reporter),
        ("epic", Role::Project),
        ("epic id", Role::Extra),
        ("utc offset", Role::Zone),
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
        ("iid", Role::Key),
        ("issue id", Role::Key),
        ("id", Role::InternalId),
        ("milestone", Role::Project),
        ("author", Role::Reporter),
    ],
    separators: &[','],
    ..PLAIN
};

pub const ASANA: Profile = Profile {
    name: "asana-csv",
    title: "Asana CSV",
    about: "the CSV export of an Asana project",
    system: "asana",
    signs: &[&["task id", "name", "section/column"], &["task id", "created at", "completed at", "name"]],
    columns: &[
        ("task id", Role::Key),
        ("name", Role::Title),
        ("section/column", Role::Status),
        ("column", Role::Status),
        ("projects", Role::Project),
        ("parent task", Role::Parent),
        ("blocked by (dependencies)", Role::DependsOn),
        ("blocking (dependencies)", Role::Blocks),
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
        ("id", Role::Key),
        ("title", Role::Title),
        ("iteration", Role::SprintNumber),
        ("task", Role::Task),
        ("task status", Role::TaskStatus),
    ],
    types: &[("release", Work::Roadmap)],
    separators: &[','],
    sprint_noun: "Iteration",
    ..PLAIN
};

pub const CLICKUP: Profile = Profile {
    name: "clickup-csv",
    title: "ClickUp CSV",
    about: "the CSV export of a ClickUp list or space",
    system: "clickup",
    signs: &[&["task id", "task name"]],
    columns: &[
        ("task id", Role::Key),
        ("task name", Role::Title),
        ("parent id", Role::Parent),
        ("list", Role::Extra),
        ("date closed", Role::Closed),
        ("sprints", Role::Sprint),
        ("points estimate", Role::Points),
        ("item type (drop down)", Role::Type),
        ("due date text", Role::MachineOnly),
        ("start date text", Role::MachineOnly),
        ("date created text", Role::MachineOnly),
        ("date updated text", Role::MachineOnly),
        ("date closed text", Role::MachineOnly),
    ],
    separators: &[','],
    nothing: &["none", "null"],
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
    columns: &[("id", Role::Key), ("subject", Role::Title), ("version", Role::Sprint)],
    types: &[("milestone", Work::Roadmap), ("phase", Work::Roadmap)],
    separators: &[','],
    ..PLAIN
};

/// Any table with a column that is a title.
pub const ANY: Profile = Profile {
    name: "csv",
    title: "CSV",
    about: "any table with a column of titles, separated by commas, semicolons, tabs or bars; `--mapping` says what the \
            columns mean where their names do not",
    system: "csv",
    is_guarded: true,
    ..PLAIN
};

/// All profiles, [`ANY`] last.
pub const PROFILES: &[&Profile] =
    &[&JIRA, &LINEAR, &AZURE, &SHORTCUT, &GITLAB, &ASANA, &PIVOTAL, &CLICKUP, &OPENPROJECT, &ANY];

impl Profile {
    /// The role of a header in plain form, and how good a name it is: 0 for the best.
    pub fn role(&self, header: &str) -> Option<(Role, usize)> {
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
