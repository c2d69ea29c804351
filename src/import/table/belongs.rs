//! What a story of a table belongs to and waits for: other rows, and epics and projects that have no row of their own.

use crate::import::found::RecordOf;
use crate::import::table::drafts::{Draft, EPIC, PROJECT};
use crate::import::table::headers::ColumnRole;
use crate::import::table::profile::Markup;
use crate::import::table::records::{Records, Taken};
use crate::import::table::rows::TableRow;
use crate::import::vocabulary::Work;
use crate::model::schema::BacklogItem;
use crate::model::schema::fields::item;

impl Records<'_> {
    /// Links a story. The names that become labels are returned.
    pub(super) fn links(
        &mut self,
        at: usize,
        draft: &Draft,
        record: &mut RecordOf<BacklogItem>,
        taken: &mut Taken,
    ) -> Vec<String> {
        let (row, columns) = (draft.row, self.columns);
        let titles = [ColumnRole::EpicTitle, ColumnRole::ShortName];
        let has_parents =
            [ColumnRole::Parent, ColumnRole::EpicLink].iter().chain(&titles).any(|role| columns.has(*role))
                || columns.has(ColumnRole::TitleLevel(1))
                || self.profile.has_epic_labels;
        let (mut serves, mut parent, mut labels) = (Vec::new(), Vec::new(), Vec::new());
        let above = draft.parent.and_then(|parent| self.drafts.all.get(parent));
        match above {
            Some(above) => {
                let link = self.identity(&above.key);
                if matches!(above.work, Work::Item(_)) {
                    parent.push(link)
                } else {
                    serves.push(link)
                }
                // Two different parents: the other one stays beside the story.
                let all = || {
                    [ColumnRole::Parent, ColumnRole::EpicLink].into_iter().flat_map(|role| columns.filled(row, role))
                };
                if all().all(|name| self.drafts.find_by_any(name) == draft.parent) {
                    [ColumnRole::Parent, ColumnRole::EpicLink].into_iter().for_each(|role| taken.take(role));
                }
                if self.drafts.find_by_any(columns.first(row, ColumnRole::ShortName)) == draft.parent {
                    taken.take(ColumnRole::ShortName);
                }
            }
            None => {
                let title = titles.into_iter().find(|role| !columns.first(row, *role).is_empty());
                if let Some(key) = self.epic_key(at, row) {
                    if let Some(title) = title.filter(|_| !draft.is_subtask) {
                        self.note_epic(&key, columns.first(row, title));
                        [ColumnRole::EpicLink, title].into_iter().for_each(|role| taken.take(role));
                    }
                    serves.push(self.identity(&key));
                } else if let Some(role) = title.or_else(|| self.named_link(at, row)).filter(|_| !draft.is_subtask) {
                    // Others than the key of an epic, its title says no more than the name of a project.
                    let name = columns.first(row, role).to_string();
                    if self.project(&name, &mut serves, &mut labels) {
                        taken.take(role);
                    }
                }
                // A later file may have it.
                if self.profile.markup != Markup::Wiki {
                    let named = columns.filled(row, ColumnRole::Parent).find(|name| self.may_be_key(name, at));
                    parent.extend(named.map(|key| self.identity(key)));
                }
            }
        }
        let project = columns.first(row, ColumnRole::Project).to_string();
        if !project.is_empty() && self.project(&project, &mut serves, &mut labels) {
            taken.take(ColumnRole::Project);
        }
        if has_parents || (self.wanted.projects && columns.has(ColumnRole::Project)) {
            record.link(item::serves(), serves);
        }
        if has_parents {
            record.link(item::parent(), parent);
        }
        self.dependencies(at, row, record, taken);
        labels
    }

    /// The key of an epic that is not in the file.
    fn epic_key(&self, at: usize, row: &TableRow) -> Option<String> {
        let columns = self.columns;
        let mut links = columns.filled(row, ColumnRole::EpicLink);
        if self.profile.has_epics_apart {
            return links.next().map(|id| format!("{EPIC}{id}"));
        }
        let is_jira = self.profile.markup == Markup::Wiki;
        let named = columns.filled(row, ColumnRole::Parent).filter(|_| is_jira);
        links.chain(named).find(|name| self.may_be_key(name, at)).map(str::to_string)
    }

    /// A column for keys of epics that has the title of one.
    fn named_link(&self, at: usize, row: &TableRow) -> Option<ColumnRole> {
        let name = self.columns.first(row, ColumnRole::EpicLink);
        let is_name = name.contains(char::is_alphabetic) && !self.may_be_key(name, at);
        is_name.then_some(ColumnRole::EpicLink)
    }

    /// An epic of which only the key and the title are known.
    fn note_epic(&mut self, key: &str, title: &str) {
        if self.known_projects.insert(key.to_string()) {
            self.projects.push((key.to_string(), title.to_string()));
        }
    }

    /// A project without a row of its own is the why of a story that has none yet, or a label. Returns whether it is.
    fn project(
        &mut self,
        name: &str,
        serves: &mut Vec<crate::import::found::Identity>,
        labels: &mut Vec<String>,
    ) -> bool {
        if !self.wanted.projects {
            labels.push(name.to_string());
        } else if serves.is_empty() {
            let key = format!("{PROJECT}{name}");
            self.note_epic(&key, name);
            serves.push(self.identity(&key));
        } else {
            return false;
        }
        true
    }

    fn dependencies(&mut self, at: usize, row: &TableRow, record: &mut RecordOf<BacklogItem>, taken: &mut Taken) {
        let columns = self.columns;
        if columns.has(ColumnRole::DependsOn) || columns.has(ColumnRole::Blocks) {
            let mut to = Vec::new();
            let mut all_known = true;
            let cells: Vec<String> = columns.filled(row, ColumnRole::DependsOn).map(str::to_string).collect();
            for name in
                cells.iter().flat_map(|cell| cell.split([',', ';'])).map(str::trim).filter(|name| !name.is_empty())
            {
                match self.story_named(name) {
                    Some(other) if other != at => {
                        to.extend(self.drafts.all.get(other).map(|one| self.identity(&one.key)))
                    }
                    Some(_) => all_known = false,
                    None => {
                        all_known = false;
                        if self.may_be_key(name, at) && self.drafts.find_by_any(name).is_none() {
                            to.push(self.identity(name));
                        }
                    }
                }
            }
            if all_known {
                taken.take(ColumnRole::DependsOn);
            }
            record.link(item::depends_on(), to);
        }
        let mut all_known = true;
        let cells: Vec<String> = columns.filled(row, ColumnRole::Blocks).map(str::to_string).collect();
        for name in cells.iter().flat_map(|cell| cell.split([',', ';'])).map(str::trim).filter(|name| !name.is_empty())
        {
            match self.story_named(name) {
                Some(other) if other != at => {
                    let key = self.drafts.all.get(at).map(|one| one.key.clone()).unwrap_or_default();
                    self.blocks.push((key, other));
                }
                other => {
                    all_known = false;
                    // It may be in an earlier file, but a story does not know what waits for it.
                    if other.is_none() && self.may_be_key(name, at) && self.drafts.find_by_any(name).is_none() {
                        let title = self.drafts.all.get(at).map(|one| one.title.as_str()).unwrap_or_default();
                        let what = "Blocks: link to a missing record, left out";
                        self.found.warnings.add(what, &format!("{title} → #{name}"));
                    }
                }
            }
        }
        if all_known {
            taken.take(ColumnRole::Blocks);
        }
    }

    /// A row that becomes a story.
    fn story_named(&self, name: &str) -> Option<usize> {
        let at = self.drafts.find_by_any(name)?;
        let draft = self.drafts.all.get(at)?;
        (matches!(draft.work, Work::Item(_)) && !draft.is_task).then_some(at)
    }

    /// True if a name looks like the key of another record, which a later file may have.
    fn may_be_key(&self, name: &str, at: usize) -> bool {
        let own = self.drafts.all.get(at).map(|one| one.key.as_str()).unwrap_or_default();
        let has_sign = |key: &str| key.contains('-');
        !name.contains(char::is_whitespace)
            && name != own
            && !own.starts_with("text-")
            && has_sign(name) == has_sign(own)
    }
}
