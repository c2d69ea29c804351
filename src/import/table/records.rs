//! Drafts become records: which cell goes into which field, and what is kept beside the record because no field takes it.

use crate::import::found::{Found, FoundRecord, Identity, RecordOf};
use crate::import::markup::{Converted, html, wiki};
use crate::import::table::amounts::{DecimalSign, estimate};
use crate::import::table::cell_lists;
use crate::import::table::columns::{Column, Columns};
use crate::import::table::dates::{Order, SourceDate, read, zone};
use crate::import::table::drafts::{Draft, Drafts};
use crate::import::table::headers::ColumnRole;
use crate::import::table::profile::{Markup, Profile};
use crate::import::table::rows::TableRow;
use crate::import::table::sprints::Sprints;
use crate::import::table::words::{RowEnd, Words, is_no, is_yes};
use crate::import::task_lists::{Boxes, boxes};
use crate::import::vocabulary::{self, Work};
use crate::model::schema::fields::{goal, item, roadmap};
use crate::model::schema::{BacklogItem, Goal, ItemKind, ItemStatus, RoadmapItem, RoadmapResult};
use crate::model::value::{Boxed, Criterion, Labels, Map, Task, Value};
use rustc_hash::{FxHashMap, FxHashSet};

/// The original of a text that was not converted exactly.
const RAW: &str = "description_raw";
const OVERFLOW: &str = "_overflow";
/// The rows that became tasks, whole.
const SUBTASKS: &str = "sub-tasks";

/// How many columns of a row usually have something to keep.
const MANY: usize = 24;

/// What is asked of every table.
pub struct TableWishes {
    /// Whether checkboxes in a description become criteria and tasks.
    pub boxes: bool,
    /// Whether a project without a row of its own becomes a roadmap item; otherwise a label.
    pub projects: bool,
    pub site: String,
}

pub struct Records<'a> {
    pub profile: &'static Profile,
    pub columns: &'a Columns<'a>,
    pub drafts: &'a Drafts<'a>,
    pub orders: FxHashMap<usize, Order>,
    /// What parts the decimals of its estimates.
    pub sign: Option<DecimalSign>,
    pub wanted: &'a TableWishes,
    /// Names by account.
    pub people: &'a FxHashMap<&'a str, &'a str>,
    pub found: Found,
    /// The line of each record.
    pub lines: Vec<u64>,
    pub sprints: Sprints,
    /// Epics and projects without a row that become roadmap items, in the order in which they occur: key and title.
    pub projects: Vec<(String, String)>,
    pub known_projects: FxHashSet<String>,
    /// A story, and the key of one that waits for it.
    pub blocks: Vec<(String, usize)>,
    /// Where the record of a draft is.
    pub places: FxHashMap<usize, usize>,
}

/// What a record has taken from its row: the rest is kept beside it.
pub(super) struct Taken {
    roles: Vec<ColumnRole>,
    raw: Option<String>,
}

impl Taken {
    /// Every record has its key and its title.
    fn begun() -> Taken {
        Taken { roles: vec![ColumnRole::Key, ColumnRole::Title], raw: None }
    }

    fn nothing() -> Taken {
        Taken { roles: Vec::new(), raw: None }
    }

    pub(super) fn take(&mut self, role: ColumnRole) {
        self.roles.push(role);
    }
}

impl<'a> Records<'a> {
    pub fn add(&mut self, at: usize, words: &mut Words<'a>) {
        let drafts = self.drafts;
        let Some(draft) = drafts.all.get(at) else { return };
        if draft.is_task || !matches!(draft.work, Work::Item(_)) {
            // No field takes its sprint, which may be named nowhere else.
            let (status, _) = self.status(draft.row, words);
            self.sprint(draft.row, status.is_open());
        }
        if draft.is_task {
            return;
        }
        let record = match draft.work {
            Work::Roadmap => self.roadmap_item(draft, words),
            Work::Goal => self.goal(draft),
            Work::Item(kind) => self.story(at, draft, kind, words),
            Work::Task => return,
        };
        self.places.insert(at, self.found.records.len());
        self.lines.push(draft.row.line);
        self.found.records.push(record);
    }

    pub fn identity(&self, key: &str) -> Identity {
        Identity::Foreign { site: self.wanted.site.clone(), key: key.to_string() }
    }

    fn goal(&mut self, draft: &Draft<'a>) -> FoundRecord {
        let mut record = RecordOf::<Goal>::new(self.identity(&draft.key));
        let mut taken = Taken::begun();
        record.set(goal::title(), draft.title.clone().into());
        if self.columns.has(ColumnRole::Description) {
            record.set(goal::why(), self.description(draft.row, &mut taken).into());
        }
        self.keep_rest(draft, &taken, &mut record);
        record.into()
    }

    fn roadmap_item(&mut self, draft: &Draft<'a>, words: &mut Words<'a>) -> FoundRecord {
        let mut record = RecordOf::<RoadmapItem>::new(self.identity(&draft.key));
        let mut taken = Taken::begun();
        record.set(roadmap::title(), draft.title.clone().into());
        if self.columns.has(ColumnRole::Description) {
            record.set(roadmap::problem(), self.description(draft.row, &mut taken).into());
        }
        let (status, _) = self.status(draft.row, words);
        record.set(
            roadmap::result(),
            match status {
                ItemStatus::Done => RoadmapResult::Launched,
                ItemStatus::Dropped => RoadmapResult::Declined,
                _ => RoadmapResult::Open,
            },
        );
        let above = draft.parent.and_then(|parent| self.drafts.all.get(parent));
        if let Some(goal) = above.filter(|above| above.work == Work::Goal) {
            record.link(roadmap::serves(), vec![self.identity(&goal.key)]);
        } else if let Some(above) = above.filter(|_| !self.columns.has(ColumnRole::Parent)) {
            // In a tree no cell says it.
            self.found.kept_beside = self.found.kept_beside.saturating_add(1);
            record.keep("Parent", Value::from(vec![Value::from(above.key.as_str())]));
        }
        self.keep_rest(draft, &taken, &mut record);
        record.into()
    }

    fn story(&mut self, at: usize, draft: &Draft<'a>, kind: ItemKind, words: &mut Words<'a>) -> FoundRecord {
        let (row, columns) = (draft.row, self.columns);
        let mut record = RecordOf::<BacklogItem>::new(self.identity(&draft.key));
        let mut taken = Taken::begun();
        record.set_as_read(item::title(), draft.title.as_str());
        record.set(item::kind(), kind);
        let (status, closed) = self.status(row, words);
        record.set(item::status(), status);
        let is_over = !status.is_open();
        if columns.has(ColumnRole::Status) {
            let blocked = if is_over { "" } else { words.blocked(columns, row) };
            record.set_as_read(item::blocked(), blocked);
        }
        self.texts(draft, &mut record, &mut taken, words);
        self.dates(row, &mut record, &mut taken, closed.filter(|_| is_over));
        self.points(row, &mut record, &mut taken, &draft.key);
        self.people(row, &mut record, &mut taken);
        let projects = self.links(at, draft, &mut record, &mut taken);
        if columns.has(ColumnRole::Labels) || !projects.is_empty() {
            let labels = columns.labels(row).into_iter().map(str::to_string);
            record.set(item::labels(), labels.chain(projects).collect::<Labels>());
            taken.take(ColumnRole::Labels);
        }
        if columns.has(ColumnRole::Sprint) || columns.has(ColumnRole::SprintNumber) {
            let (current, is_whole) = self.sprint(row, !is_over);
            record.link(item::sprint(), current.iter().map(|key| self.identity(key)).collect());
            if is_whole {
                [ColumnRole::Sprint, ColumnRole::SprintNumber, ColumnRole::SprintStart, ColumnRole::SprintEnd]
                    .into_iter()
                    .for_each(|role| taken.take(role));
            }
        }
        self.keep_rest(draft, &taken, &mut record);
        record.into()
    }

    /// The status, and when it ended.
    fn status(&mut self, row: &'a TableRow, words: &mut Words<'a>) -> (ItemStatus, Option<SourceDate>) {
        let (closed, dropped) = (self.date(row, ColumnRole::Closed), self.date(row, ColumnRole::Dropped));
        let says = |role: ColumnRole| is_yes(self.columns.first(row, role));
        let done = closed.is_some() || says(ColumnRole::Closed);
        // What was done may be archived.
        let is_word_done = || vocabulary::status(self.columns.first(row, ColumnRole::Status)) == Some(ItemStatus::Done);
        let is_done = || done || says(ColumnRole::IsDone) || is_word_done();
        let is_dropped = (dropped.is_some() && !is_word_done()) || (says(ColumnRole::Dropped) && !is_done());
        let ended = RowEnd { done, dropped: is_dropped };
        (words.status(self.columns, row, ended), closed.or(dropped))
    }

    /// The first date of a role that can be read.
    fn date(&self, row: &TableRow, role: ColumnRole) -> Option<SourceDate> {
        let places = self.columns.places(role).iter();
        let moment = places
            .into_iter()
            .find_map(|place| read(row.cell(*place), self.orders.get(place).copied().unwrap_or_default()))?;
        Some(moment.in_zone(zone(self.columns.first(row, ColumnRole::Zone))))
    }

    fn dates(
        &mut self,
        row: &TableRow,
        record: &mut RecordOf<BacklogItem>,
        taken: &mut Taken,
        closed: Option<SourceDate>,
    ) {
        if self.columns.has(ColumnRole::Created) {
            let created = self.date(row, ColumnRole::Created);
            match created {
                Some(moment) => record.set_as_read(item::created(), moment.to_when()),
                None => record.set(item::created(), None),
            }
            if created.is_some() {
                taken.take(ColumnRole::Created);
            }
        }
        if self.columns.has(ColumnRole::Closed) || self.columns.has(ColumnRole::Dropped) {
            match closed {
                Some(moment) => record.set_as_read(item::closed(), moment.to_when()),
                None => record.set(item::closed(), None),
            }
            if closed.is_some() && closed == self.date(row, ColumnRole::Closed) {
                taken.take(ColumnRole::Closed);
            }
        }
        for role in [ColumnRole::Created, ColumnRole::Closed, ColumnRole::Dropped, ColumnRole::Due] {
            let cell = self.columns.first(row, role);
            if !cell.is_empty() && !is_yes(cell) && !is_no(cell) && self.date(row, role).is_none() {
                self.found.warnings.add("date that cannot be read: kept beside the story", cell);
            }
        }
    }

    fn points(&mut self, row: &TableRow, record: &mut RecordOf<BacklogItem>, taken: &mut Taken, key: &str) {
        if !self.columns.has(ColumnRole::Points) {
            return;
        }
        let cell = self.columns.first(row, ColumnRole::Points);
        let read = estimate(cell, self.sign);
        if read.is_some_and(|read| read.is_open) {
            let what = "estimate that may be decimals or thousands: read as decimals";
            self.found.warnings.add(what, cell);
        }
        record.set(item::points(), read.map(|read| read.amount));
        match read {
            Some(read) if !read.is_rounded => {
                // Where a second column says otherwise, both stay to be seen.
                let sign = self.sign;
                let all = self.columns.filled(row, ColumnRole::Points).map(|cell| estimate(cell, sign));
                if all.map(|other| other.map(|other| other.amount)).all(|amount| amount == Some(read.amount)) {
                    taken.take(ColumnRole::Points);
                }
            }
            Some(_) => {
                self.found.warnings.add("estimate with more than two decimals: rounded, and kept as it was", key)
            }
            None if cell.is_empty() => {}
            None => self.found.warnings.add("estimate that is no number: kept beside the story", cell),
        }
    }

    /// Names of people; a mail address or an account stays beside the story.
    fn people(&mut self, row: &TableRow, record: &mut RecordOf<BacklogItem>, taken: &mut Taken) {
        if !self.columns.has(ColumnRole::Assignee) {
            return;
        }
        let all: Vec<(&str, bool)> = self
            .columns
            .list(row, ColumnRole::Assignee)
            .into_iter()
            .map(person)
            .filter(|(name, _)| !name.is_empty())
            .collect();
        let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
        record.set(item::assignee(), names.join(", ").into());
        if all.iter().all(|(_, is_name)| *is_name) {
            taken.take(ColumnRole::Assignee);
        }
    }

    /// Description, criteria and tasks.
    fn texts(
        &mut self,
        draft: &Draft<'a>,
        record: &mut RecordOf<BacklogItem>,
        taken: &mut Taken,
        words: &mut Words<'a>,
    ) {
        let (row, columns) = (draft.row, self.columns);
        let mut inside = Boxes::default();
        let has_text = columns.has(ColumnRole::Description);
        if has_text {
            let text = self.description(row, taken);
            if self.wanted.boxes {
                inside = boxes(&text);
            }
            record.set_as_read(item::notes(), text);
        }
        if columns.has(ColumnRole::Benefit) {
            record.set_as_read(item::benefit(), self.converted(columns.first(row, ColumnRole::Benefit)).text);
            taken.take(ColumnRole::Benefit);
        }
        if columns.has(ColumnRole::Criteria) || has_text && self.wanted.boxes {
            let mut all: Vec<Criterion> = Vec::new();
            let mut is_lossy = false;
            for cell in columns.filled(row, ColumnRole::Criteria) {
                let converted = self.converted(cell);
                is_lossy |= converted.is_lossy;
                let listed = cell_lists::criteria(&converted.text).into_iter();
                all.extend(listed.map(|(text, ticked)| Criterion::with(&text, ticked)));
            }
            all.extend(inside.criteria);
            record.set(item::criteria(), all);
            if !is_lossy {
                taken.take(ColumnRole::Criteria);
            }
        }
        if columns.has(ColumnRole::Task) || !draft.tasks.is_empty() || has_text && self.wanted.boxes {
            let mut tasks = inside.tasks;
            let states: Vec<&str> =
                columns.places(ColumnRole::TaskStatus).iter().map(|place| columns.text(row.cell(*place))).collect();
            let mut all_read = true;
            for (nth, place) in columns.places(ColumnRole::Task).iter().enumerate() {
                let text = columns.text(row.cell(*place));
                if columns.is_nothing(text) {
                    continue;
                }
                if columns.has(ColumnRole::TaskStatus) {
                    let state = states.get(nth).copied().unwrap_or_default();
                    let is_done = vocabulary::status(state) == Some(ItemStatus::Done);
                    tasks.push(Task::with(text, is_done));
                } else if let Some(listed) = cell_lists::tasks(text) {
                    tasks.extend(listed.into_iter().map(|(text, is_done)| Task::with(&text, is_done)));
                } else {
                    all_read = false;
                }
            }
            if all_read {
                taken.take(ColumnRole::Task);
            }
            taken.take(ColumnRole::TaskStatus);
            let drafts = self.drafts;
            for task in draft.tasks.iter().filter_map(|at| drafts.all.get(*at)) {
                tasks.push(self.subtask(task, words));
            }
            record.set(item::tasks(), tasks);
        }
    }

    fn subtask(&mut self, draft: &Draft<'a>, words: &mut Words<'a>) -> Task {
        let (status, _) = self.status(draft.row, words);
        let is_over = !status.is_open();
        let by = self.columns.list(draft.row, ColumnRole::Assignee).into_iter().map(|one| person(one).0).next();
        Task { by: by.unwrap_or_default().into(), ..Task::with(&draft.title, is_over) }
    }

    fn description(&self, row: &TableRow, taken: &mut Taken) -> String {
        let cell = self.columns.first(row, ColumnRole::Description);
        taken.take(ColumnRole::Description);
        let escaped = Some(cell).filter(|cell| self.profile.is_escaped && cell.contains("\\n"));
        let converted = match escaped {
            Some(cell) => self.converted(&cell.replace("\\n", "\n")),
            None => self.converted(cell),
        };
        if converted.is_lossy {
            taken.raw = Some(cell.to_string());
        }
        converted.text
    }

    /// A long text as Markdown.
    fn converted(&self, text: &str) -> Converted {
        match self.profile.markup {
            Markup::Wiki => wiki::to_markdown(text, &|account| self.people.get(account).copied()),
            Markup::Plain if html::is_html(text) => html::to_markdown(text),
            Markup::Plain if text.contains('\r') => {
                Converted { text: text.replace("\r\n", "\n").replace('\r', "\n"), is_lossy: false }
            }
            Markup::Plain => Converted { text: text.to_string(), is_lossy: false },
        }
    }

    /// The key of the sprint that a row is in, and whether no other one is named. An open story keeps its sprint open.
    fn sprint(&mut self, row: &TableRow, is_open: bool) -> (Option<String>, bool) {
        let columns = self.columns;
        let (start, end) = (self.date(row, ColumnRole::SprintStart), self.date(row, ColumnRole::SprintEnd));
        let number = columns.first(row, ColumnRole::SprintNumber);
        let team = columns.first(row, ColumnRole::Team);
        if !number.is_empty() {
            let named = columns.first(row, ColumnRole::Sprint);
            let name = match named {
                "" => format!("{} {number}", self.profile.sprint_noun),
                name => name.to_string(),
            };
            let key = self.sprints.numbered(team, number, &name, (start, end));
            self.sprints.current(&key, is_open);
            return (Some(key), true);
        }
        let names = if self.profile.markup == Markup::Wiki {
            columns.filled(row, ColumnRole::Sprint).collect()
        } else if self.profile.has_sprint_paths {
            columns.filled(row, ColumnRole::Sprint).filter(|path| path.contains('\\')).collect()
        } else {
            columns.list(row, ColumnRole::Sprint)
        };
        let mut keys: Vec<String> = Vec::new();
        for name in &names {
            let key = self.sprints.named(name, (start, end));
            if keys.last() != Some(&key) {
                keys.push(key);
            }
        }
        if let Some(current) = keys.last() {
            self.sprints.current(current, is_open);
        }
        let is_whole = keys.len() < 2 && !self.profile.has_sprint_paths;
        (keys.pop(), is_whole)
    }

    /// Keeps what no field has taken.
    fn keep_rest<E: crate::model::field::Entity>(&mut self, draft: &Draft, taken: &Taken, record: &mut RecordOf<E>) {
        record.keep_all(self.rest(draft.row, taken));
        if let Some(raw) = &taken.raw {
            self.found.kept_beside = self.found.kept_beside.saturating_add(1);
            record.keep(RAW, Value::from(vec![Value::from(raw.as_str())]));
        }
        let drafts = self.drafts;
        let whole = Taken::nothing();
        let tasks = draft.tasks.iter().filter_map(|at| drafts.all.get(*at));
        let tasks: Vec<Value> = tasks.map(|task| Value::from(self.rest(task.row, &whole))).collect();
        if !tasks.is_empty() {
            record.keep(SUBTASKS, Value::from(tasks));
        }
    }

    fn rest(&mut self, row: &TableRow, taken: &Taken) -> Map {
        let columns = self.columns;
        let mut out = Map::with_capacity(columns.all.len().min(MANY));
        for column in &columns.all {
            // Most columns of a wide table are empty in most rows.
            if column.places.iter().all(|place| row.cell(*place).is_empty()) {
                continue;
            }
            let is_taken = match column.role {
                ColumnRole::TitleLevel(_) => taken.roles.contains(&ColumnRole::Title),
                role => taken.roles.contains(&role),
            };
            if is_taken || column.role == ColumnRole::Skip {
                continue;
            }
            let values = self.values(row, column);
            if !values.is_empty() {
                self.found.kept_beside = self.found.kept_beside.saturating_add(values.len());
                match column.role {
                    ColumnRole::Due => self.found.dues = self.found.dues.saturating_add(1),
                    ColumnRole::Priority => self.found.priorities = self.found.priorities.saturating_add(1),
                    _ => {}
                }
                out.insert(column.header.clone(), Value::from(values));
            }
        }
        let overflow: Vec<Value> = row.overflow(columns.width).into_iter().map(Value::from).collect();
        if !overflow.is_empty() {
            self.found.kept_beside = self.found.kept_beside.saturating_add(overflow.len());
            out.insert(OVERFLOW.to_string(), Value::from(overflow));
        }
        out
    }

    /// The filled cells of a column, as read.
    fn values(&mut self, row: &TableRow, column: &Column) -> Vec<Value> {
        let mut out = Vec::new();
        for place in &column.places {
            let cell = row.cell(*place);
            let bare = cell.trim();
            if bare.is_empty() || bare == "{}" || bare == "[]" || bare == "null" && self.columns.is_nothing(bare) {
                continue;
            }
            if matches!(column.role, ColumnRole::MachineOnly | ColumnRole::Rank) {
                self.found.machine_only = self.found.machine_only.saturating_add(1);
            } else if is_secret(bare) {
                self.found.skipped.add("address with an access token, which is a secret", &column.header);
            } else {
                let cell = if bare.starts_with('\'') { self.columns.text(cell) } else { cell };
                out.push(Value::from(cell));
            }
        }
        out
    }
}

/// The name of a person, and whether that is all that the text has: `Ida <ida@example.com>`, `ida@example.com`.
fn person(text: &str) -> (&str, bool) {
    let text = text.trim();
    if let Some((name, rest)) = text.split_once('<').filter(|(_, rest)| rest.contains('@')) {
        let name = name.trim();
        return (if name.is_empty() { local_part(rest) } else { name }, false);
    }
    let is_mail = text.contains('@') && !text.contains(char::is_whitespace) && !text.starts_with('@');
    if is_mail { (local_part(text), false) } else { (text, true) }
}

fn local_part(mail: &str) -> &str {
    mail.split('@').next().unwrap_or_default()
}

/// An address that lets whoever has it in.
fn is_secret(text: &str) -> bool {
    let words = ["token=", "api_key=", "apikey=", "X-Amz-Signature="];
    let after = |word: &str| text.find(word).and_then(|at| text.get(..at)).is_some_and(|head| head.contains('?'));
    text.contains('=') && words.iter().any(|word| after(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_have_names_and_addresses_stay_beside() {
        assert_eq!(person("Ida Berg"), ("Ida Berg", true));
        assert_eq!(person("Ida Berg <ida@example.com>"), ("Ida Berg", false));
        assert_eq!(person("<ida@example.com>"), ("ida", false));
        assert_eq!(person("ida@example.com"), ("ida", false));
        assert_eq!(person("@ida"), ("@ida", true));
    }

    #[test]
    fn tokens_in_addresses_are_secrets() {
        assert!(is_secret("https://a.example/x?private_token=abc"));
        assert!(is_secret("see https://a.example/x?a=1&token=abc"));
        assert!(!is_secret("token=3 is a word") && !is_secret("https://a.example/?a=1"));
    }
}
