//! GitHub issues: the list written by `gh issue list --json`, pages of the REST API, and the archive object that
//! contains `issues` and `pulls`. Any subset of the keys may be present; data without a field is kept with the item.

use crate::import::bytes::SourceFile;
use crate::import::format::{ImportFormat, Progress};
use crate::import::found::{Found, FoundRecord, Identity, RecordOf};
use crate::import::github_shape::{
    first, is_empty, mentions, name, place_of, several, text, unpack, without_machinery,
};
use crate::import::task_lists::boxes;
use crate::import::{json, vocabulary};
use crate::model::field::Field;
use crate::model::grammar::count;
use crate::model::rules::Refusal;
use crate::model::schema::fields::{item, roadmap, sprint};
use crate::model::schema::{BacklogItem, ItemKind, ItemStatus, RoadmapItem, RoadmapResult, Sprint, SprintState};
use crate::model::value::{Cell, Labels, Map, Value, When};
use crate::options::{FormatOption, OptionKind, Options};
use rustc_hash::FxHashMap;

/// Keys whose meaning is completely covered by a field.
const MAPPED: &[&str] = &[
    "number",
    "title",
    "body",
    "labels",
    "assignees",
    "assignee",
    "createdAt",
    "created_at",
    "closedAt",
    "closed_at",
    "closed",
    "state",
    "pull_request",
];
/// Keys of lists that sort issues as labels do.
const WORD_LIST_KEYS: &[&str] =
    &["area", "areas", "component", "components", "category", "categories", "tag", "tags", "topics"];
/// The longest word of such a list.
const LONGEST_WORD: usize = 40;
/// Where a download stops by default: the limit of `gh`, and the largest pages.
const PAGE_ENDS: &[usize] = &[30, 100, 1000];
/// Keys that contain an issue's type.
const TYPES: &[&str] = &["type", "issueType", "issue_type", "kind"];

pub const MILESTONES: FormatOption = FormatOption {
    name: "milestones",
    help: "What a milestone becomes: a label, a sprint or a roadmap item.",
    kind: OptionKind::Choice("milestone setting", || vec!["label", "sprint", "roadmap"]),
    default: "label",
};
pub const BOXES: FormatOption = FormatOption {
    name: "boxes",
    help: "Whether task boxes in a description become criteria and tasks. The description stays as it is.",
    kind: OptionKind::Switch,
    default: "yes",
};
pub const WORD_LISTS: FormatOption = FormatOption {
    name: "word-lists",
    help: "Whether lists of short words under keys such as areas, components or tags become labels too.",
    kind: OptionKind::Switch,
    default: "yes",
};
pub const SITE: FormatOption = FormatOption {
    name: "site",
    help: "The repository, owner/name, where the file names none.",
    kind: OptionKind::Text("OWNER/NAME"),
    default: "",
};

/// Whether a value is a list of short words under a key that sorts issues.
fn is_word_list(key: &str, value: &Value) -> bool {
    let is_word = |one: &Value| one.as_str().is_some_and(|word| word.chars().count() <= LONGEST_WORD);
    let all_words = value.as_array().is_some_and(|all| all.iter().all(is_word));
    all_words && WORD_LIST_KEYS.iter().any(|known| key.eq_ignore_ascii_case(known))
}

/// What a milestone of the file becomes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Milestones {
    Label,
    Sprint,
    Roadmap,
}

impl Milestones {
    fn of(options: &Options) -> Milestones {
        match options.text(&MILESTONES) {
            "sprint" => Milestones::Sprint,
            "roadmap" => Milestones::Roadmap,
            _ => Milestones::Label,
        }
    }

    /// The key that identifies a milestone: its number, which stays when it is renamed, else its title. The same milestone
    /// may be both a sprint and a roadmap item here.
    fn key(self, milestone: &Value) -> String {
        let kind = if self == Milestones::Sprint { "sprint" } else { "milestone" };
        match milestone.get("number").and_then(Value::as_u64) {
            Some(number) => format!("{kind}#{number}"),
            None => format!("{kind}:{}", name(milestone, "title")),
        }
    }
}

const NO_STATE: &str = "no state in the file: imported as to do";

/// GitHub's row in the table.
pub const ROW: ImportFormat = ImportFormat {
    name: "github",
    title: "GitHub issues",
    about: "`gh issue list --json`, pages of the REST API, answers to GraphQL queries, archives that hold `issues`",
    recognise,
    options: &[&MILESTONES, &BOXES, &WORD_LISTS, &SITE],
    read,
};

fn recognise(file: &SourceFile) -> bool {
    let top = file.outline();
    let issue = top.has("title") && (top.has("number") || top.has("html_url") || top.has("labels"));
    let archive = !top.list && top.has("issues") && !top.has("startAt");
    let search = top.has("items") && top.has("incomplete_results");
    let query = top.has("data") && ["\"nodes\"", "\"edges\""].iter().any(|key| file.text.contains(key));
    issue || archive || search || query
}

fn read(file: &SourceFile, options: &Options, progress: Progress) -> Result<Found, Refusal> {
    let pages = unpack(json::documents(file)?);
    let site_is_given = !options.text(&SITE).is_empty();
    let found = Found {
        format: ROW.title,
        system: "github",
        from: file.name.clone(),
        site_is_given,
        says_open_only: true,
        ..Found::default()
    };
    let site = match options.text(&SITE) {
        "" => pages.site,
        named => named.to_string(),
    };
    let mut reading = Reading {
        found,
        milestones_become: Milestones::of(options),
        boxes: options.is_on(&BOXES),
        word_lists: options.is_on(&WORD_LISTS),
        site,
        site_is_given,
        known: FxHashMap::default(),
        milestones: Vec::new(),
        children: Vec::new(),
    };
    if pages.pulls > 0 {
        reading.found.skipped.add_many("pull request: not imported as a story", pages.pulls);
    }
    let total = pages.records.len();
    for (done, record) in pages.records.into_iter().enumerate() {
        match record {
            Value::Object(issue) => reading.issue(&issue),
            _ => reading.found.skipped.add("entry that is no issue", ""),
        }
        if done % 1000 == 0 {
            progress(done, total);
        }
    }
    progress(total, total);
    reading.cut_off(total, pages.promised);
    reading.place_children();
    reading.close_milestones();
    Ok(reading.found)
}

struct Milestone {
    site: String,
    key: String,
    title: String,
    day: Option<String>,
    closed: bool,
    open_items: usize,
}

/// The day on which a milestone is due.
fn day_of(milestone: &Value) -> Option<String> {
    let day = ["dueOn", "due_on"].iter().find_map(|key| milestone.get(*key)?.as_str())?;
    day.split_at_checked(10).map(|(day, _)| day.to_string())
}

/// True unless the file says that the milestone is open.
fn is_closed(milestone: &Value) -> bool {
    milestone.get("state").is_none_or(|_| is_said_closed(milestone))
}

fn is_said_closed(milestone: &Value) -> bool {
    let state = milestone.get("state").and_then(Value::as_str);
    state.is_some_and(|state| vocabulary::status(state) == Some(ItemStatus::Done))
}

/// What an issue becomes.
type Story = RecordOf<BacklogItem>;

/// An issue that was read already.
struct Earlier {
    /// The checksum of what was read.
    reads: u32,
    updated: String,
    /// Its place among the records.
    at: usize,
    /// How many different issues have this number.
    times: usize,
}

struct Reading {
    found: Found,
    milestones_become: Milestones,
    /// Whether checkboxes in a description become criteria and tasks.
    boxes: bool,
    /// Whether lists such as `areas` become labels.
    word_lists: bool,
    /// The repository of issues that do not name theirs.
    site: String,
    /// The repository was named by the person: it is that of all issues, whatever their addresses say.
    site_is_given: bool,
    /// The first issue of each key, to distinguish a repeat from a second one.
    known: FxHashMap<(String, String), Earlier>,
    milestones: Vec<Milestone>,
    /// Sub-issues, as the issue above them lists them: the sub-issue, and the one above.
    children: Vec<(Identity, Identity)>,
}

impl Reading {
    fn issue(&mut self, issue: &Map) {
        let url = text(issue, &["html_url", "url", "repository_url"]);
        let is_pull = issue.get("pull_request").is_some_and(|pull| !pull.is_null() && pull != &Value::Bool(false))
            || issue.get("isPullRequest") == Some(&Value::Bool(true))
            || url.contains("/pull/");
        if is_pull {
            return self.found.skipped.add("pull request: not imported as a story", "");
        }
        if first(issue, &["title", "number"]).is_none() {
            return self.found.skipped.add("entry that is no issue", "");
        }
        let Some((site, key, replaces)) = self.identity(issue, url) else { return };
        let mut record = RecordOf::new(Identity::Foreign { site: site.clone(), key: key.clone() });
        self.words_of(issue, &key, &mut record);
        let mut kept = Vec::new();
        self.state_of(issue, &key, &mut record, &mut kept);
        self.labels_of(issue, &site, &mut record);
        self.links_of(issue, &site, &mut record);
        self.extra_of(issue, &kept, &mut record);
        match replaces.and_then(|at| self.found.records.get_mut(at)) {
            Some(older) => *older = record.into(),
            None => self.found.records.push(record.into()),
        }
    }

    /// Site and key, and the older state of the same issue that it replaces. `None` for a duplicate of an earlier issue,
    /// or an older state of it.
    fn identity(&mut self, issue: &Map, url: &str) -> Option<(String, String, Option<usize>)> {
        let place = place_of(url);
        let (mut site, mut key) = place.unwrap_or_default();
        let has_address = !site.is_empty();
        if site.is_empty() || self.site_is_given {
            site.clone_from(&self.site);
        }
        match first(issue, &["number"]) {
            Some(Value::Number(number)) => key = number.to_string(),
            Some(Value::String(number)) => key = number.trim_start_matches('#').to_string(),
            _ => {}
        }
        if key.is_empty() {
            self.found.warnings.add("issue without a number: told apart by its words", text(issue, &["title"]));
            let words = format!("{}\n{}", text(issue, &["title"]), text(issue, &["createdAt", "created_at"]));
            key = format!("text-{:08x}", crc32fast::hash(words.as_bytes()));
        }
        let reads = serde_json::to_vec(issue).map_or(0, |bytes| crc32fast::hash(&bytes));
        let updated = text(issue, &["updatedAt", "updated_at"]).to_string();
        match self.known.get_mut(&(site.clone(), key.clone())) {
            Some(earlier) if earlier.reads == reads => {
                self.found.skipped.add("issue that occurs twice in the file", &format!("#{key}"));
                return None;
            }
            // The same address: one issue that changed between two pages of a download.
            Some(earlier) if has_address => {
                self.found.skipped.add("older state of an issue that is on two pages", &format!("#{key}"));
                let is_newer = updated >= earlier.updated;
                let at = earlier.at;
                if is_newer {
                    (earlier.reads, earlier.updated) = (reads, updated);
                }
                return is_newer.then_some((site, key, Some(at)));
            }
            Some(earlier) => {
                earlier.times = earlier.times.saturating_add(1);
                self.found.warnings.add("issue with the number of another one: both are kept", &format!("#{key}"));
                key = format!("{key}~{}", earlier.times);
            }
            None => {
                let at = self.found.records.len();
                self.known.insert((site.clone(), key.clone()), Earlier { reads, updated, at, times: 1 });
            }
        }
        Some((site, key, None))
    }

    /// Title, description, and what the description contains.
    fn words_of(&mut self, issue: &Map, key: &str, record: &mut Story) {
        let title = text(issue, &["title"]).replace(['\n', '\r', '\t'], " ");
        let title = match title.trim() {
            "" => format!("(no title, #{key})"),
            title => title.to_string(),
        };
        record.set(item::title(), title.into());
        let Some(body) = issue.get("body") else { return };
        let body = body.as_str().unwrap_or_default().replace("\r\n", "\n").replace('\r', "\n");
        if self.boxes {
            let boxes = boxes(&body);
            record.set(item::criteria(), boxes.criteria);
            record.set(item::tasks(), boxes.tasks);
        }
        let mentions = mentions(&body);
        if mentions > 0 {
            self.found
                .warnings
                .add_many("mention such as \u{201c}Depends on #12\u{201d}: not linked; link it by hand", mentions);
        }
        record.set(item::notes(), body.into());
    }

    fn state_of(&mut self, issue: &Map, key: &str, record: &mut Story, kept: &mut Vec<&'static str>) {
        let word = text(issue, &["state"]);
        let reason = text(issue, &["stateReason", "state_reason"]);
        let closed_at = first(issue, &["closedAt", "closed_at"]).filter(|value| !value.is_null());
        let said_closed = issue.get("closed").and_then(Value::as_bool);
        let status = match vocabulary::status(word) {
            Some(ItemStatus::Done) if vocabulary::status(reason) == Some(ItemStatus::Dropped) => {
                Some(ItemStatus::Dropped)
            }
            Some(status) => Some(status),
            None if closed_at.is_some() || said_closed == Some(true) => Some(ItemStatus::Done),
            None if said_closed == Some(false) => Some(ItemStatus::ToDo),
            None => None,
        };
        if vocabulary::status(word).is_none() && !word.is_empty() {
            self.found.warnings.add("state that is not known: the word is kept beside the story", word);
            kept.push("state");
        } else if status.is_none() {
            self.found.warnings.add(NO_STATE, "");
        }
        if let Some(status) = status {
            record.set(item::status(), status);
        }
        for (field, keys) in
            [(item::created(), ["createdAt", "created_at"]), (item::closed(), ["closedAt", "closed_at"])]
        {
            let Some(value) = first(issue, &keys) else { continue };
            match value.as_str().map(When::parse) {
                None => record.set(field, None),
                Some(Ok(when)) => record.set(field, Some(when)),
                Some(Err(_)) => {
                    self.found.warnings.add("date that cannot be read: kept beside the story", &format!("#{key}"));
                    kept.extend(keys);
                }
            }
        }
    }

    /// Labels, kind, and who works on it.
    fn labels_of(&mut self, issue: &Map, site: &str, record: &mut Story) {
        let labels = issue.get("labels").map(several).unwrap_or_default();
        let mut labels: Vec<String> = labels.iter().map(|label| name(label, "name").to_string()).collect();
        let types: Vec<&Value> = TYPES.iter().filter_map(|key| issue.get(key)).collect();
        let kind = types.iter().find_map(|value| vocabulary::kind(name(value, "name")));
        let kind = kind
            .or_else(|| labels.iter().find_map(|label| vocabulary::kind_of_label(label)))
            .or_else(|| record.title().to_lowercase().starts_with("[spike]").then_some(ItemKind::Spike));
        // A file without types and labels says nothing about the kind.
        if kind.is_some() || issue.contains_key("labels") || !types.is_empty() {
            record.set(item::kind(), kind.unwrap_or_default());
        }
        let milestone = issue.get("milestone").filter(|milestone| !name(milestone, "title").is_empty());
        if let Some(milestone) = milestone {
            let title = name(milestone, "title").to_string();
            match self.milestones_become {
                Milestones::Label => {
                    self.note_milestone(milestone, title.clone(), site, record);
                    labels.push(title);
                }
                place => {
                    let link = Identity::Foreign { site: site.to_string(), key: place.key(milestone) };
                    let field = if place == Milestones::Sprint { item::sprint() } else { item::serves() };
                    record.link(field, vec![link]);
                    self.note_milestone(milestone, title, site, record);
                }
            }
        }
        let lists = issue.iter().filter(|(key, value)| self.word_lists && is_word_list(key, value));
        let words = lists.flat_map(|(_, value)| several(value)).map(|one| name(one, "name").trim().to_string());
        labels.extend(words.filter(|word| !word.is_empty()));
        let has_lists = self.word_lists && issue.iter().any(|(key, value)| is_word_list(key, value));
        let label_milestones = self.milestones_become == Milestones::Label && issue.contains_key("milestone");
        if issue.contains_key("labels") || label_milestones || has_lists {
            record.set(item::labels(), labels.into_iter().collect::<Labels>());
        }
        if let Some(people) = first(issue, &["assignees", "assignee"]) {
            let people: Vec<&str> = several(people).into_iter().map(|one| name(one, "login")).collect();
            let people: Vec<&str> = people.into_iter().filter(|one| !one.is_empty()).collect();
            record.set(item::assignee(), people.join(", ").into());
        }
    }

    fn note_milestone(&mut self, milestone: &Value, title: String, site: &str, record: &Story) {
        let key = self.milestones_become.key(milestone);
        let open = !matches!(record.text(item::status().field), "done" | "dropped");
        let known = self.milestones.iter_mut().find(|known| known.key == key && known.site == site);
        if let Some(known) = known {
            known.open_items = known.open_items.saturating_add(usize::from(open));
            return;
        }
        let day = day_of(milestone);
        let closed = is_closed(milestone);
        let open_items = usize::from(open);
        self.milestones.push(Milestone { site: site.to_string(), key, title, day, closed, open_items });
    }

    /// A sub-issue of the file that does not name the issue above it is part of the one that lists it.
    fn place_children(&mut self) {
        let parent = item::parent().field;
        let above: FxHashMap<Identity, Identity> = std::mem::take(&mut self.children).into_iter().collect();
        for record in self.found.records.iter_mut().filter(|_| !above.is_empty()) {
            let is_placed = record.links.iter().any(|(field, to)| *field == parent && !to.is_empty());
            if let Some(above) = above.get(&record.identity).filter(|_| !is_placed) {
                record.links.retain(|(field, _)| *field != parent);
                record.links.push((parent, vec![above.clone()]));
            }
        }
    }

    /// Turns milestones into records of their own, before the items that link to them.
    fn close_milestones(&mut self) {
        let as_sprint = self.milestones_become == Milestones::Sprint;
        let all = self.milestones.len();
        if self.milestones_become == Milestones::Label {
            self.milestones.clear();
            if all > 0 {
                let labels = count(all, "label", "labels");
                self.found.became.push(format!(
                    "milestones: {labels}; the setting milestones can make them sprints or roadmap items"
                ));
            }
            return;
        }
        let mut labelled: Vec<String> = Vec::new();
        let mut records = Vec::with_capacity(self.milestones.len().saturating_add(self.found.records.len()));
        for milestone in std::mem::take(&mut self.milestones) {
            let identity = Identity::Foreign { site: milestone.site, key: milestone.key };
            let over = milestone.closed && milestone.open_items == 0;
            if as_sprint && milestone.day.is_none() && !over {
                // Without a day it is a list of wishes, not a time box.
                self.label_instead(&identity, &milestone.title);
                labelled.push(milestone.title);
                continue;
            }
            records.push(if as_sprint {
                let mut record = RecordOf::<Sprint>::new(identity);
                record.set(sprint::goal(), milestone.title.into());
                if let Some(day) = milestone.day {
                    record.set_as_read(sprint::end(), day);
                }
                if over {
                    record.set(sprint::state(), SprintState::Closed);
                }
                record.into()
            } else {
                let mut record = RecordOf::<RoadmapItem>::new(identity);
                record.set(roadmap::title(), milestone.title.into());
                record.set(roadmap::result(), if over { RoadmapResult::Launched } else { RoadmapResult::Open });
                record.into()
            });
        }
        records.append(&mut self.found.records);
        self.found.records = records;
        let became = all.saturating_sub(labelled.len());
        let mut words = match as_sprint {
            true => format!("milestones: {}", count(became, "sprint", "sprints")),
            false => format!("milestones: {}", count(became, "roadmap item", "roadmap items")),
        };
        if let Some(first) = labelled.first() {
            let more = if labelled.len() > 1 { " and others" } else { "" };
            let labels = count(labelled.len(), "label", "labels");
            words.push_str(&format!(", {labels} ({first}{more}: open issues and no day to end on)"));
        }
        if all > 0 {
            self.found.became.push(words);
        }
    }

    /// The stories of a milestone that is no sprint get its title as a label.
    fn label_instead(&mut self, milestone: &Identity, title: &str) {
        let labels = item::labels().field;
        for record in &mut self.found.records {
            let linked =
                |(field, to): &(&Field, Vec<Identity>)| *field == item::sprint().field && to.contains(milestone);
            let before = record.links.len();
            record.links.retain(|link| !linked(link));
            if record.links.len() == before {
                continue;
            }
            let known = record.value(labels).and_then(|value| Labels::from_value(value).ok()).unwrap_or_default();
            let all: Labels = known.iter().cloned().chain([title.to_string()]).collect();
            record.fields.retain(|(field, _)| *field != labels);
            record.fields.push((labels, all.to_value()));
        }
    }

    fn links_of(&mut self, issue: &Map, site: &str, record: &mut Story) {
        let link = |value: &Value| -> Option<Identity> {
            let url = value.as_str().or_else(|| value.get("html_url").or_else(|| value.get("url"))?.as_str());
            let place = url.and_then(place_of).filter(|(_, key)| !key.is_empty());
            let number = value.as_u64().or_else(|| value.get("number")?.as_u64()).map(|n| n.to_string());
            let (site, key) = match (place, number) {
                (Some((site, key)), number) => (site, number.unwrap_or(key)),
                (None, Some(key)) => (site.to_string(), key),
                (None, None) => return None,
            };
            Some(Identity::Foreign { site, key })
        };
        if let Some(value) = first(issue, &["parent", "parent_issue_url"]) {
            record.link(item::parent(), several(value).into_iter().filter_map(link).collect());
        }
        if let Some(value) = first(issue, &["subIssues", "sub_issues"]) {
            let above = record.identity.clone();
            let all = several(value).into_iter().filter_map(link);
            self.children.extend(all.map(|child| (child, above.clone())));
        }
        if let Some(value) = first(issue, &["blockedBy", "blocked_by"]) {
            record.link(item::depends_on(), several(value).into_iter().filter_map(link).collect());
        }
    }

    /// Data without a field: every other value as read, except what only the other program understands.
    fn extra_of(&mut self, issue: &Map, kept: &[&str], record: &mut Story) {
        for (header, value) in issue {
            if MAPPED.contains(&&**header) && !kept.contains(&&**header) {
                continue;
            }
            if self.word_lists && is_word_list(header, value) {
                continue;
            }
            let machine = &**header == "node_id"
                || (header.ends_with("_url") && &**header != "html_url")
                || (&**header == "url" && issue.contains_key("html_url"))
                || (&**header == "reactions" && value.get("total_count") == Some(&Value::from(0)));
            if machine {
                self.found.machine_only = self.found.machine_only.saturating_add(usize::from(!is_empty(value)));
                continue;
            }
            let values: Vec<Value> = match value {
                Value::Array(all) => all.iter().filter(|one| !is_empty(one)).map(without_machinery).collect(),
                one if is_empty(one) => Vec::new(),
                one => vec![without_machinery(one)],
            };
            if !values.is_empty() {
                self.found.kept_beside = self.found.kept_beside.saturating_add(values.len());
                record.keep(header, Value::from(values));
            }
        }
    }

    fn cut_off(&mut self, total: usize, promised: Option<u64>) {
        match promised {
            Some(promised) if promised > total as u64 => self.found.warnings.add(
                &format!("the list is incomplete: it has {total} of {promised}; export it again with a higher limit"),
                "",
            ),
            None if PAGE_ENDS.contains(&total) => self.found.warnings.add(
                &format!(
                    "the list may be incomplete: {total} is where a download stops by default (gh: --limit 10000)"
                ),
                "",
            ),
            _ => {}
        }
        let unnamed =
            |record: &FoundRecord| matches!(&record.identity, Identity::Foreign { site, .. } if site.is_empty());
        if self.found.records.iter().any(unnamed) {
            self.found
                .warnings
                .add("the file does not name its repository; a later import finds the items by their numbers", "");
        }
    }
}
