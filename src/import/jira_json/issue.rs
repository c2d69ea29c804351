//! What an issue of Jira becomes.

use crate::import::found::{Found, FoundRecord, Identity, RecordOf};
use crate::import::github::BOXES;
use crate::import::jira_json::shape::{JiraSprint, all_named, comments, name_in, named, rank};
use crate::import::jira_json::{POINTS_FIELD, Reading, is_machinery, key_in};
use crate::import::markup::{adf, wiki};
use crate::import::story::{
    NO_STATE, Story, UNKNOWN_STATE, describe, foreign, is_empty, keep, lines, names_points, objects, points, status_of,
    text, title, without,
};
use crate::import::{moments, vocabulary};
use crate::model::field::Entity;
use crate::model::schema::fields::{item, roadmap};
use crate::model::schema::{Horizon, ItemKind, ItemStatus, Kind, RoadmapItem, RoadmapResult, SprintState};
use crate::model::value::{Boxed, Cell, Labels, Map, Task, Value};
use rustc_hash::{FxHashMap, FxHashSet};

/// Fields whose meaning is covered, or that are read in their place.
const MAPPED: &[&str] = &[
    "summary",
    "description",
    "issuetype",
    "status",
    "labels",
    "assignee",
    "parent",
    "epic",
    "subtasks",
    "issuelinks",
    "created",
    "resolutiondate",
    "resolution",
    "comment",
    "sprint",
    "closedSprints",
    "attachment",
    "components",
];
/// Fields that only Jira understands, or that follow from others.
const MACHINE: &[&str] = &["workratio", "lastViewed", "watches", "votes", "progress", "aggregateprogress", "thumbnail"];
/// Resolutions by which nothing was built.
const DROPPED: &[&str] =
    &["won't do", "wont do", "won't fix", "duplicate", "cannot reproduce", "declined", "not a bug", "incomplete"];
const EPICS: &[&str] = &["epic", "initiative", "theme", "capability", "objective"];

/// What an issue becomes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Class {
    Roadmap,
    Story,
    Part,
}

pub(super) struct JiraIssue<'a> {
    map: &'a Map,
    fields: &'a Map,
    key: &'a str,
}

impl<'a> JiraIssue<'a> {
    pub fn of(map: &'a Map) -> Option<JiraIssue<'a>> {
        let fields = map.get("fields")?.as_object()?;
        Some(JiraIssue { map, fields, key: text(map, "key").trim() }).filter(|issue| !issue.key.is_empty())
    }

    fn class(&self) -> Class {
        class_of(self.fields.get("issuetype"))
    }

    fn parent(&self) -> &'a str {
        key_in(self.fields.get("parent"))
    }

    /// The address of its page.
    fn page(&self) -> String {
        let host = text(self.map, "self").split_once("/rest/").map(|(host, _)| host);
        host.map(|host| format!("{host}/browse/{}", self.key)).unwrap_or_default()
    }
}

fn class_of(kind: Option<&Value>) -> Class {
    let Some(kind) = kind else { return Class::Story };
    let level = kind.get("hierarchyLevel").and_then(Value::as_i64).unwrap_or(0);
    if level < 0 || kind.get("subtask") == Some(&Value::Bool(true)) {
        Class::Part
    } else if level > 0 || EPICS.contains(&vocabulary::plain(name_in(kind)).as_str()) {
        Class::Roadmap
    } else {
        Class::Story
    }
}

/// Sorts issues by their place in the order by hand, if each has one.
pub(super) fn by_rank(issues: &mut [Map]) {
    let of = |issue: &Map| {
        let fields = issue.get("fields").and_then(Value::as_object)?;
        fields.iter().find_map(|(key, value)| Some((key.to_string(), rank(value)?.to_string())))
    };
    let ranks: Option<Vec<(String, String)>> = issues.iter().map(of).collect();
    let is_one_field = ranks.is_some_and(|ranks| ranks.iter().zip(ranks.iter().skip(1)).all(|(a, b)| a.0 == b.0));
    if is_one_field {
        issues.sort_by_key(|issue| of(issue).map(|(_, rank)| rank));
    }
}

/// An epic that the file names without having it.
pub(super) fn named_epic(key: &str, name: &str) -> FoundRecord {
    let mut record = RecordOf::<RoadmapItem>::new(foreign("", key));
    record.set(roadmap::title(), title(name, key).into());
    record.into()
}

/// A text of Jira as Markdown: a document of its own format, or wiki text, which stays as it is.
fn prose<E: Entity>(value: &Value, header: &str, record: &mut RecordOf<E>, found: &mut Found) -> String {
    if adf::is_document(value) {
        let read = adf::markdown(value);
        if !read.exact {
            found
                .warnings
                .add("text with parts that Markdown does not have: the original is kept beside the story", "");
            keep(found, record, &format!("{header}_raw"), value);
        }
        return read.text;
    }
    let text = lines(value.as_str().unwrap_or_default());
    let read = wiki::to_markdown(&text, &|_| None);
    if read.is_lossy {
        keep(found, record, &format!("{header}_raw"), value);
    }
    read.text
}

fn from_wiki(text: &str) -> String {
    wiki::to_markdown(&lines(text), &|_| None).text
}

impl<'a> Reading<'a> {
    /// What the issues become, before the first one is read.
    pub fn prepare(&mut self, issues: &[JiraIssue<'a>]) {
        let wanted = vocabulary::plain(self.options.text(&POINTS_FIELD));
        let named: Vec<String> = if wanted.is_empty() {
            self.names.iter().filter(|(_, name)| names_points(name)).map(|(field, _)| field.clone()).collect()
        } else {
            let is_it =
                |field: &str, name: &str| vocabulary::plain(field) == wanted || vocabulary::plain(name) == wanted;
            let of_names = self.names.iter().filter(|(field, name)| is_it(field, name)).map(|(field, _)| field.clone());
            of_names.chain([self.options.text(&POINTS_FIELD).trim().to_string()]).collect()
        };
        self.points_at = Some(named).filter(|named| !named.is_empty()).map(|mut named| {
            named.sort();
            named
        });
        for issue in issues {
            self.classes.insert(issue.key.to_string(), issue.class());
        }
        for issue in issues {
            let parent = issue.parent();
            let of_story = self.classes.get(parent) == Some(&Class::Story);
            if issue.class() == Class::Part && of_story {
                self.parts.entry(parent.to_string()).or_default().push(issue.map);
            }
            for (this, other) in links(issue.fields).filter_map(|link| link.order(issue.key)) {
                if this != issue.key && self.classes.contains_key(this) {
                    self.blockers.entry(this.to_string()).or_default().push(other.to_string());
                }
            }
        }
    }

    pub fn issue(&mut self, issue: &JiraIssue<'a>, found: &mut Found) {
        let is_part_here = issue.class() == Class::Part && self.classes.get(issue.parent()) == Some(&Class::Story);
        let Some(key) = self.keys.take(found, issue.key, issue.map) else { return };
        if is_part_here {
            return;
        }
        if issue.class() == Class::Roadmap { self.epic(issue, &key, found) } else { self.story(issue, &key, found) }
    }

    fn epic(&mut self, issue: &JiraIssue, key: &str, found: &mut Found) {
        let mut record = RecordOf::<RoadmapItem>::new(foreign("", key));
        record.set(roadmap::title(), title(text(issue.fields, "summary"), key).into());
        if let Some(description) = issue.fields.get("description") {
            let text = prose(description, "description", &mut record, found);
            record.set(roadmap::problem(), text.into());
        }
        let status = state(issue.fields, &mut record, found);
        let result = match status {
            ItemStatus::Done => RoadmapResult::Launched,
            ItemStatus::Dropped => RoadmapResult::Declined,
            _ => RoadmapResult::Open,
        };
        record.set(roadmap::result(), result);
        if status == ItemStatus::Doing {
            record.set(roadmap::horizon(), Horizon::Now);
        }
        keep(found, &mut record, "labels", issue.fields.get("labels").unwrap_or(&Value::Null));
        keep(found, &mut record, "assignee", &Value::from(named(issue.fields, "assignee")));
        keep(found, &mut record, "created", &Value::from(text(issue.fields, "created")));
        self.extra(issue, &mut record, found, &[]);
        found.records.push(record.into());
    }

    fn story(&mut self, issue: &JiraIssue, key: &str, found: &mut Found) {
        let fields = issue.fields;
        let mut record = RecordOf::new(foreign("", key));
        // A search may ask for some fields alone: what it leaves out stays as it is.
        let says = |keys: &[&str]| keys.iter().any(|key| fields.contains_key(key));
        if says(&["summary"]) {
            record.set(item::title(), title(text(fields, "summary"), key).into());
        }
        self.words(issue, &mut record, found);
        let status = state(fields, &mut record, found);
        if says(&["status", "resolution", "resolutiondate"]) {
            record.set(item::status(), status);
        }
        if says(&["issuetype", "labels"]) {
            self.kind(fields, &mut record, found);
        }
        let moment = |key: &str| fields.get(key).and_then(moments::when);
        if says(&["created"]) {
            record.set(item::created(), moment("created"));
        }
        if says(&["resolutiondate"]) {
            record.set(item::closed(), moment("resolutiondate").filter(|_| !status.is_open()));
        }
        if status.is_open() {
            keep(found, &mut record, "resolutiondate", &Value::from(text(fields, "resolutiondate")));
        }
        let components = all_named(fields, "components").into_iter().map(|name| format!("component:{name}"));
        if fields.contains_key("labels") || fields.contains_key("components") {
            let labels = all_named(fields, "labels").into_iter().chain(components).collect::<Labels>();
            record.set(item::labels(), labels);
        }
        if let Some(person) = fields.get("assignee") {
            record.set(item::assignee(), name_in(person).into());
            let private = ["emailAddress", "accountId"].iter().filter_map(|key| Some((*key, person.get(*key)?)));
            for (key, value) in private.filter(|(_, value)| !is_empty(value)) {
                keep(found, &mut record, &format!("assignee {key}"), value);
            }
        }
        self.size(fields, &mut record, found);
        let read = self.sprint(fields, status, &mut record, found);
        self.place(issue, &mut record, found);
        self.links(issue, &mut record, found);
        self.extra(issue, &mut record, found, &read);
        found.records.push(record.into());
    }

    /// Description, criteria and tasks: sub-tasks come after the boxes of the description.
    fn words(&self, issue: &JiraIssue, record: &mut Story, found: &mut Found) {
        let body = issue.fields.get("description").map(|value| prose(value, "description", record, found));
        let mut scratch = Story::new(foreign("", issue.key));
        describe(&mut scratch, body.as_deref().unwrap_or_default(), self.options.is_on(&BOXES));
        let of_body = scratch.value(item::tasks().field).cloned().unwrap_or_default();
        let mut tasks: Vec<Task> = Cell::from_value(&of_body).unwrap_or_default();
        let parts = self.parts.get(issue.key).map(Vec::as_slice).unwrap_or_default();
        let listed: Vec<&Map> = objects(issue.fields, "subtasks").collect();
        let whole: FxHashMap<&str, &Map> = parts.iter().map(|part| (text(part, "key"), *part)).collect();
        let known: FxHashSet<&str> = listed.iter().map(|one| text(one, "key")).collect();
        let others: Vec<&Map> = parts.iter().copied().filter(|part| !known.contains(text(part, "key"))).collect();
        let mut kept = Vec::new();
        for one in listed.iter().copied().chain(others) {
            // The issue itself says more than its line in the parent.
            let whole = whole.get(text(one, "key")).copied().unwrap_or(one);
            let Some(fields) = whole.get("fields").and_then(Value::as_object) else { continue };
            let words = title(text(fields, "summary"), text(whole, "key"));
            tasks.push(Task::with(&words, !read_state(fields).status.is_none_or(ItemStatus::is_open)));
            kept.push(without(&Value::from(whole.clone()), is_machinery));
        }
        keep(found, record, "subtasks", &Value::from(kept));
        if let Some(body) = body {
            record.set(item::notes(), body.into());
            if let Some(criteria) = scratch.value(item::criteria().field) {
                record.set_as_read(item::criteria(), criteria.clone());
            }
        }
        if issue.fields.contains_key("description") || issue.fields.contains_key("subtasks") || !parts.is_empty() {
            record.set(item::tasks(), tasks);
        }
    }

    fn kind(&self, fields: &Map, record: &mut Story, found: &mut Found) {
        let word = named(fields, "issuetype");
        let of_type = vocabulary::kind(word);
        let of_title = record.title().to_lowercase().starts_with("[spike]").then_some(ItemKind::Spike);
        let of_label = || all_named(fields, "labels").iter().find_map(|label| vocabulary::kind_of_label(label));
        let kind = of_type.or(of_title).or_else(of_label).unwrap_or_default();
        record.set(item::kind(), kind);
        if vocabulary::plain(word) != kind.label() {
            keep(found, record, "issuetype", &Value::from(word));
        }
    }

    fn size(&self, fields: &Map, record: &mut Story, found: &mut Found) {
        if let Some(known) = &self.points_at {
            if known.iter().any(|field| fields.contains_key(field)) {
                record.set(item::points(), known.iter().find_map(|field| points(fields.get(field)?)));
            }
            return;
        }
        for (field, value) in
            fields.iter().filter(|(field, value)| field.starts_with("customfield_") && value.is_number())
        {
            if !self.names.contains_key(&**field) {
                let what =
                    "number that may be the points, which the file does not say: --set points-field=… takes a field";
                found.warnings.add(what, &format!("{field}: {value}"));
            }
        }
    }

    /// The sprint of a story: the one that runs or is planned, else the last one if the story ended there. Returns the
    /// fields that hold sprints.
    fn sprint(&mut self, fields: &Map, status: ItemStatus, record: &mut Story, found: &mut Found) -> Vec<String> {
        let mut read = Vec::new();
        let mut all: Vec<JiraSprint> = Vec::new();
        let order = ["closedSprints", "sprint"];
        let custom = fields.iter().filter(|(field, _)| field.starts_with("customfield_"));
        let named = order.iter().filter_map(|key| fields.get_key_value(*key));
        for (field, value) in custom.chain(named) {
            let Some(sprints) = JiraSprint::all_in(value) else { continue };
            read.push(field.to_string());
            sprints
                .into_iter()
                .filter(|one| !all.iter().any(|known| known.id == one.id && known.name == one.name))
                .collect::<Vec<_>>()
                .into_iter()
                .for_each(|one| all.push(one));
        }
        let is_named =
            |(field, name): (&String, &String)| vocabulary::plain(name) == "sprint" && fields.contains_key(field);
        let says = !read.is_empty() || fields.contains_key("sprint") || self.names.iter().any(is_named);
        let keys: Vec<String> = all.iter().map(|one| self.note_sprint_key(one)).collect();
        let of = |state: SprintState| all.iter().rposition(|one| one.state == state);
        let current = of(SprintState::Active).or_else(|| of(SprintState::Planning));
        let last = current.or_else(|| of(SprintState::Closed).filter(|_| !status.is_open()));
        if says {
            let key = last.and_then(|at| keys.get(at));
            record.link(item::sprint(), key.map(|key| foreign("", key)).into_iter().collect());
        }
        if all.len() > 1 || last.is_none() {
            keep(found, record, "sprints", &all.iter().map(|one| Value::from(one.name.as_str())).collect());
        }
        read
    }

    /// The epic or the story above it.
    fn place(&mut self, issue: &JiraIssue, record: &mut Story, found: &mut Found) {
        let fields = issue.fields;
        let by_name = |wanted: &[&str]| {
            let mut named = self.names.iter().filter(|(_, name)| wanted.contains(&vocabulary::plain(name).as_str()));
            named.find_map(|(field, _)| fields.get(field)?.as_str()).unwrap_or_default()
        };
        let (parent, epic) = (issue.parent(), key_in(fields.get("epic")));
        let parent_type = fields.get("parent").and_then(|parent| parent.get("fields")?.get("issuetype"));
        let parent = if parent.is_empty() { by_name(&["parent link"]) } else { parent };
        let epic = if epic.is_empty() { by_name(&["epic link"]) } else { epic };
        let class = match self.classes.get(parent) {
            Some(class) => Some(*class),
            None if parent_type.is_some() => Some(class_of(parent_type)),
            // Above all but a sub-task there is an epic.
            None => (issue.class() == Class::Story && !parent.is_empty()).then_some(Class::Roadmap),
        };
        let serves = if class == Some(Class::Roadmap) { parent } else { epic };
        if !serves.is_empty() {
            if !self.classes.contains_key(serves) {
                let of_epic = fields.get("epic").and_then(Value::as_object);
                let of_parent = fields.get("parent").and_then(|parent| parent.get("fields")?.as_object());
                let words = of_parent.filter(|_| serves == parent).map(|one| text(one, "summary")).or_else(|| {
                    let epic = of_epic.filter(|_| serves == key_in(fields.get("epic")))?;
                    Some(Some(text(epic, "summary")).filter(|words| !words.is_empty()).unwrap_or(text(epic, "name")))
                });
                match words.filter(|words| !words.is_empty()) {
                    Some(words) if !self.epics.iter().any(|(key, _)| key == serves) => {
                        self.epics.push((serves.to_string(), words.to_string()));
                    }
                    Some(_) => {}
                    None => keep(found, record, "parent", &Value::from(serves)),
                }
            }
            record.link(item::serves(), vec![foreign("", serves)]);
        }
        if !parent.is_empty() && class != Some(Class::Roadmap) {
            if !self.classes.contains_key(parent) {
                keep(found, record, "parent", &Value::from(parent));
            }
            record.link(item::parent(), vec![foreign("", parent)]);
        }
    }

    fn links(&self, issue: &JiraIssue, record: &mut Story, found: &mut Found) {
        let mut before: Vec<String> = self.blockers.get(issue.key).cloned().unwrap_or_default();
        let mut kept = Vec::new();
        for link in links(issue.fields) {
            match link.order(issue.key) {
                Some((this, other)) if this == issue.key => before.push(other.to_string()),
                // The other one depends on it, and has the link if the file has it.
                Some((this, _)) if self.classes.contains_key(this) => {}
                _ => kept.push(Value::from(format!("{} {}", link.words, link.other))),
            }
        }
        keep(found, record, "issuelinks", &Value::from(kept));
        if issue.fields.contains_key("issuelinks") || !before.is_empty() {
            let ids: Vec<Identity> = before.iter().map(|key| foreign("", key)).collect();
            record.link(item::depends_on(), ids);
        }
    }

    /// Everything else, under the names of the fields where the file has them.
    fn extra<E: Entity>(&self, issue: &JiraIssue, record: &mut RecordOf<E>, found: &mut Found, read: &[String]) {
        keep(found, record, "id", issue.map.get("id").unwrap_or(&Value::Null));
        keep(found, record, "url", &Value::from(issue.page()));
        keep(found, record, "resolution", &Value::from(named(issue.fields, "resolution")));
        let spoken = comments(issue.fields).into_iter().map(|one| {
            let body = one.get("body").unwrap_or(&Value::Null);
            let body = if adf::is_document(body) { adf::markdown(body).text } else { from_wiki(name_in(body)) };
            crate::json!({"author": named(one, "author"), "created": text(one, "created"), "body": body})
        });
        let spoken: Value = spoken.collect();
        keep(found, record, "comments", &spoken);
        let files = objects(issue.fields, "attachment")
            .map(|one| crate::json!({"name": text(one, "filename"), "url": text(one, "content")}));
        let files: Value = files.collect();
        keep(found, record, "attachments", &files);
        let epic = key_in(issue.fields.get("epic"));
        let is_points = |field: &str| self.points_at.as_ref().is_some_and(|known| known.iter().any(|one| one == field));
        for (field, value) in issue.fields {
            let is_mapped = MAPPED.contains(&&**field)
                || read.iter().any(|one| **one == **field)
                || (E::KIND == Kind::BacklogItem && is_points(field))
                || (!epic.is_empty() && value.as_str() == Some(epic));
            if is_mapped || is_empty(value) || matches!(value.as_str(), Some("{}" | "[]")) {
                continue;
            }
            if MACHINE.contains(&&**field) || rank(value).is_some() {
                found.machine_only = found.machine_only.saturating_add(1);
                continue;
            }
            let header = self.names.get(&**field).map_or(&**field, String::as_str);
            let value = without(value, is_machinery);
            let value = if adf::is_document(&value) { Value::from(adf::markdown(&value).text) } else { value };
            keep(found, record, header, &value);
        }
    }
}

/// What an issue says about its state.
struct Said<'a> {
    word: &'a str,
    status: Option<ItemStatus>,
}

/// The category decides, which is the same in all languages; the word and the resolution tell what was dropped.
fn read_state(fields: &Map) -> Said<'_> {
    let word = named(fields, "status");
    let category = fields.get("status").and_then(|status| status.get("statusCategory")?.get("key")?.as_str());
    let by_word = status_of(word);
    let dropped = DROPPED.contains(&vocabulary::plain(named(fields, "resolution")).as_str())
        || by_word == Some(ItemStatus::Dropped);
    let ended = !text(fields, "resolutiondate").is_empty() || !named(fields, "resolution").is_empty();
    let status = match category {
        Some("done") if dropped => Some(ItemStatus::Dropped),
        Some("done") => Some(ItemStatus::Done),
        Some("indeterminate") => Some(ItemStatus::Doing),
        Some("new") => Some(ItemStatus::ToDo),
        _ if by_word == Some(ItemStatus::Done) && dropped => Some(ItemStatus::Dropped),
        _ if by_word.is_none() && ended => Some(if dropped { ItemStatus::Dropped } else { ItemStatus::Done }),
        _ => by_word,
    };
    Said { word, status }
}

/// The status, with its word kept where that says more.
fn state<E: Entity>(fields: &Map, record: &mut RecordOf<E>, found: &mut Found) -> ItemStatus {
    let said = read_state(fields);
    match said.status {
        None if said.word.is_empty() => found.warnings.add(NO_STATE, ""),
        None => found.warnings.add(UNKNOWN_STATE, said.word),
        Some(_) => {}
    }
    let status = said.status.unwrap_or_default();
    if vocabulary::plain(said.word) != status.label() {
        keep(found, record, "status", &Value::from(said.word));
    }
    status
}

/// A link between two issues, as one of them says it.
struct IssueLink<'a> {
    words: &'a str,
    other: &'a str,
}

fn links(fields: &Map) -> impl Iterator<Item = IssueLink<'_>> {
    objects(fields, "issuelinks").filter_map(|link| {
        let kind = link.get("type").and_then(Value::as_object);
        let (side, other) = match (key_in(link.get("inwardIssue")), key_in(link.get("outwardIssue"))) {
            ("", "") => return None,
            ("", other) => ("outward", other),
            (other, _) => ("inward", other),
        };
        Some(IssueLink { words: kind.map(|kind| text(kind, side)).unwrap_or_default(), other })
    })
}

impl<'a> IssueLink<'a> {
    /// Which of the two must wait, and for which; `None` where neither must.
    fn order(&self, this: &'a str) -> Option<(&'a str, &'a str)> {
        match vocabulary::plain(self.words).as_str() {
            "is blocked by" | "depends on" | "depends upon" | "requires" => Some((this, self.other)),
            "blocks" | "is depended on by" | "is depended upon by" | "is required by" => Some((self.other, this)),
            _ => None,
        }
    }
}
