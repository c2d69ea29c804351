//! A Backlog.md folder: tasks as Markdown files with a head of keys, drafts, what was completed or archived, milestones,
//! and the Definition of Done from its settings. Commands in it are texts, and never run.

pub mod front_matter;
mod sections;

use crate::import::bytes::{FolderFile, SourceFile};
use crate::import::format::{ImportFormat, Progress};
use crate::import::found::{Found, FoundRecord, RecordOf};
use crate::import::story::{
    NO_STATE, SeenKeys, Story, UNKNOWN_STATE, before, foreign, keep, lines, status_of, text, title,
};
use crate::import::table::{MAPPING, Mapping};
use crate::import::word_counts::{FileWords, WordCounts};
use crate::import::{moments, vocabulary};
use crate::model::rules::Refusal;
use crate::model::schema::fields::{item, roadmap, rule, sprint};
use crate::model::schema::{DoneRule, ItemKind, ItemStatus, RoadmapItem, RoadmapResult, Sprint, SprintState};
use crate::model::value::{Labels, Map, Value, When};
use crate::options::{FormatOption, OptionKind, Options};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;

/// Keys whose meaning is covered by a field.
const MAPPED: &[&str] = &[
    "id",
    "title",
    "status",
    "assignee",
    "labels",
    "milestone",
    "dependencies",
    "parent_task_id",
    "created_date",
    "completed_date",
    "type",
    "ordinal",
    "subtasks",
];
const ARCHIVED: &str = "Archived in Backlog.md";

pub const MILESTONES: FormatOption = FormatOption {
    name: "milestones",
    help: "What a milestone becomes: a roadmap item, a sprint or a label.",
    kind: OptionKind::Choice("milestone setting", || vec!["label", "sprint", "roadmap"]),
    default: "roadmap",
};

/// Backlog.md's row in the table.
pub const ROW: ImportFormat = ImportFormat {
    name: "backlog-md",
    title: "Backlog.md folder",
    about: "the folder `backlog` of a project, or a single task file",
    recognise,
    options: &[&MILESTONES, &MAPPING],
    read,
};

fn recognise(file: &SourceFile) -> bool {
    if file.is_folder {
        return root(&file.files).is_some();
    }
    if !file.text.starts_with("---") {
        return false;
    }
    let text = lines(&file.text);
    front_matter::split(&text)
        .is_some_and(|(keys, _)| ["id", "title", "status"].iter().all(|key| keys.contains_key(key)))
}

/// Where in the folder the backlog lies.
fn root(files: &[FolderFile]) -> Option<String> {
    let of = |file: &FolderFile| {
        let parts = ["tasks/", "completed/", "drafts/", "config.yml"];
        let places = parts.iter().filter_map(|part| {
            let at = file.name.find(part)?;
            file.name.get(..at).filter(|head| head.is_empty() || head.ends_with('/')).map(str::to_string)
        });
        places.min_by_key(String::len)
    };
    let is_task = |file: &&FolderFile| file.name.ends_with(".md") || file.name.ends_with("config.yml");
    // An archive has folders of the same names.
    let roots = files.iter().filter(is_task).filter_map(of).filter(|root| !root.ends_with("archive/"));
    roots.min_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)))
}

/// Where a task lies.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Folder {
    Tasks,
    Drafts,
    Completed,
    Archive,
}

struct TaskFile<'a> {
    folder: Folder,
    name: &'a str,
    keys: Map,
    body: String,
}

impl TaskFile<'_> {
    fn id(&self) -> String {
        match text(&self.keys, "id").trim() {
            "" => self.name.rsplit('/').next().unwrap_or(self.name).trim_end_matches(".md").to_string(),
            id => id.to_uppercase(),
        }
    }

    /// Its place in its folder: by hand, else by its number.
    fn order(&self) -> (Folder, bool, f64, Vec<u64>, String) {
        let ordinal = text(&self.keys, "ordinal").parse::<f64>().ok().filter(|number| number.is_finite());
        let id = self.id();
        let numbers = id.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok());
        (self.folder, ordinal.is_none(), ordinal.unwrap_or_default(), numbers.collect(), id.clone())
    }
}

/// The numbers at the end of an id: `TASK-24.1` → `24.1`. The prefix may have been another one once.
fn number_of(id: &str) -> &str {
    id.rsplit_once('-').map_or(id, |(_, number)| number)
}

fn read(file: &SourceFile, options: &Options, progress: Progress) -> Result<Found, Refusal> {
    let mut found = Found { format: ROW.title, system: "backlog-md", from: file.name.clone(), ..Found::default() };
    let mapping = Mapping::parse(options.text(&MAPPING))?;
    let files = files_of(file);
    let (mut reading, mut tasks) = sorted(&files, options, mapping, &mut found);
    if tasks.is_empty() && reading.milestones.is_empty() {
        return Err(Refusal::new(
            format!("{} has no tasks of Backlog.md.", file.name),
            "Nothing was imported; name the folder that has tasks/ in it.",
        ));
    }
    tasks.sort_by(|a, b| {
        let (a, b) = (a.order(), b.order());
        (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)).then_with(|| (a.3, a.4).cmp(&(b.3, b.4)))
    });
    reading.know(&tasks);
    let mut keys = SeenKeys::default();
    for (done, task) in tasks.iter().enumerate() {
        reading.task(task, &mut keys, &mut found);
        if done % 100 == 0 {
            progress(done, tasks.len());
        }
    }
    progress(tasks.len(), tasks.len());
    reading.finish(&mut found);
    Ok(found)
}

/// The files of the folder; a task alone lies in one of its own.
fn files_of(file: &SourceFile) -> Cow<'_, [FolderFile]> {
    match file.is_folder {
        true => Cow::Borrowed(&file.files),
        false => Cow::Owned(vec![FolderFile { name: format!("tasks/{}", file.name), text: file.text.clone() }]),
    }
}

/// The tasks, and all else that a folder says.
fn sorted<'f, 'o>(
    files: &'f [FolderFile],
    options: &'o Options,
    mapping: Mapping,
    found: &mut Found,
) -> (Reading<'o>, Vec<TaskFile<'f>>) {
    let root = root(files).unwrap_or_default();
    let ids = FxHashMap::default();
    let mut reading = Reading { options, mapping, config: Map::new(), milestones: Vec::new(), ids };
    let mut tasks: Vec<TaskFile> = Vec::new();
    for one in files {
        let Some(name) = one.name.strip_prefix(root.as_str()) else { continue };
        reading.sort(name, &one.text, &mut tasks, found);
    }
    (reading, tasks)
}

/// The statuses of the tasks, and what they stand for.
pub fn words_of(file: &SourceFile, mapping: &Mapping) -> FileWords {
    let (files, options) = (files_of(file), Options::default());
    let (reading, tasks) = sorted(&files, &options, mapping.clone(), &mut Found::default());
    let mut statuses = WordCounts::default();
    for task in &tasks {
        let word = text(&task.keys, "status").trim();
        statuses.add(word, || reading.said(word).unwrap_or_default());
    }
    FileWords { statuses: statuses.sorted(), ..FileWords::default() }
}

struct Milestone {
    id: String,
    title: String,
    about: String,
    archived: bool,
    tasks: usize,
    open: usize,
}

struct Reading<'a> {
    options: &'a Options,
    mapping: Mapping,
    config: Map,
    milestones: Vec<Milestone>,
    /// The ids of the file, also by their numbers alone.
    ids: FxHashMap<String, String>,
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let all = match value {
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(one)) => vec![&**one],
        _ => Vec::new(),
    };
    all.into_iter().map(|one| one.trim().to_string()).filter(|one| !one.is_empty()).collect()
}

impl Reading<'_> {
    /// Puts a file where it belongs.
    fn sort<'f>(&mut self, name: &'f str, content: &str, tasks: &mut Vec<TaskFile<'f>>, found: &mut Found) {
        if matches!(name, "config.yml" | "config.yaml") {
            self.config = front_matter::parse(&lines(content));
            return;
        }
        let place = name.rsplit_once('/').map_or("", |(place, _)| place);
        let folder = match place {
            "tasks" => Some(Folder::Tasks),
            "drafts" => Some(Folder::Drafts),
            "completed" => Some(Folder::Completed),
            "archive/tasks" => Some(Folder::Archive),
            _ => None,
        };
        let is_milestone = matches!(place, "milestones" | "archive/milestones");
        if folder.is_none() && !is_milestone {
            let what = match place {
                "archive/drafts" => "draft that was archived",
                "decisions" => "decision of the folder, not imported",
                _ => "file outside the folders of tasks",
            };
            return found.skipped.add(what, name);
        }
        let content = lines(content);
        let Some((keys, body)) = front_matter::split(&content) else {
            return found.skipped.add("file without a head between --- lines", name);
        };
        match folder {
            Some(folder) => tasks.push(TaskFile { folder, name, keys, body: body.to_string() }),
            None => self.milestones.push(Milestone {
                id: text(&keys, "id").to_string(),
                title: title(text(&keys, "title"), text(&keys, "id")),
                about: sections::read(body).notes,
                archived: place.starts_with("archive"),
                tasks: 0,
                open: 0,
            }),
        }
    }

    fn know(&mut self, tasks: &[TaskFile]) {
        let mut numbers: FxHashMap<String, Option<String>> = FxHashMap::default();
        for task in tasks {
            let id = task.id();
            // Drafts count by themselves.
            if task.folder != Folder::Drafts {
                let known = numbers.entry(number_of(&id).to_string()).or_insert_with(|| Some(id.clone()));
                *known = known.take().filter(|known| *known == id);
            }
            self.ids.insert(id.clone(), id);
        }
        for (number, id) in numbers {
            self.ids.extend(id.map(|id| (format!("-{number}"), id)));
        }
    }

    /// The id of a task, whatever its case and prefix.
    fn known(&self, id: &str) -> (String, bool) {
        let id = id.trim().to_uppercase();
        let known = self.ids.get(&id).or_else(|| self.ids.get(&format!("-{}", number_of(&id))));
        known.map_or((id, false), |known| (known.clone(), true))
    }

    fn site(&self) -> String {
        text(&self.config, "project_name").trim().to_string()
    }

    fn task(&mut self, task: &TaskFile, keys: &mut SeenKeys, found: &mut Found) {
        let id = task.id();
        let Some(key) = keys.take(found, &id, &(task.name, &task.keys, &task.body)) else { return };
        let site = self.site();
        let mut record: Story = RecordOf::new(foreign(&site, &key));
        record.set(item::title(), title(text(&task.keys, "title"), &key).into());
        let body = sections::read(&task.body);
        record.set(item::criteria(), body.criteria);
        record.set(item::tasks(), body.tasks);
        record.set(item::notes(), body.notes.into());
        let status = self.status(task, &mut record, found);
        let mut labels = texts(task.keys.get("labels"));
        let word = text(&task.keys, "type").trim();
        let kind = vocabulary::kind(word).or_else(|| labels.iter().find_map(|label| vocabulary::kind_of_label(label)));
        record.set(item::kind(), kind.unwrap_or(ItemKind::Story));
        if vocabulary::plain(word) != kind.unwrap_or_default().label() {
            keep(found, &mut record, "type", &Value::from(word));
        }
        if task.folder == Folder::Drafts {
            labels.push("draft".to_string());
        }
        let milestone = text(&task.keys, "milestone").trim();
        if !milestone.is_empty() {
            let (id, title) = self.note(milestone, status);
            match self.options.text(&MILESTONES) {
                "label" => labels.push(title),
                place => {
                    let field = if place == "sprint" { item::sprint() } else { item::serves() };
                    record.link(field, vec![foreign(&site, &format!("{place}:{id}"))]);
                }
            }
        }
        record.set(item::labels(), labels.into_iter().collect::<Labels>());
        record.set(item::assignee(), texts(task.keys.get("assignee")).join(", ").into());
        let created = self.moment(task, "created_date", &mut record, found);
        record.set(item::created(), created);
        let closed = self.moment(task, "completed_date", &mut record, found);
        record.set(item::closed(), closed.filter(|_| !status.is_open()));
        let parent = text(&task.keys, "parent_task_id").trim();
        if !parent.is_empty() {
            let (parent, is_here) = self.known(parent);
            if !is_here {
                keep(found, &mut record, "parent_task_id", &Value::from(parent.as_str()));
            }
            record.link(item::parent(), vec![foreign(&site, &parent)]);
        }
        let depends = texts(task.keys.get("dependencies"));
        let depends: Vec<(String, bool)> = depends.iter().map(|id| self.known(id)).collect();
        let missing = depends.iter().filter(|(_, is_here)| !is_here).map(|(id, _)| Value::from(id.as_str()));
        keep(found, &mut record, "dependencies", &missing.collect());
        record.link(item::depends_on(), depends.iter().map(|(id, _)| foreign(&site, id)).collect());
        for (header, value) in task.keys.iter().filter(|(header, _)| !MAPPED.contains(&&***header)) {
            keep(found, &mut record, header, value);
        }
        if task.keys.contains_key("ordinal") {
            found.machine_only = found.machine_only.saturating_add(1);
        }
        found.records.push(record.into());
    }

    fn moment(&self, task: &TaskFile, key: &str, record: &mut Story, found: &mut Found) -> Option<When> {
        let value = task.keys.get(key)?;
        let when = moments::when(value);
        if when.is_none() && !text(&task.keys, key).trim().is_empty() {
            found.warnings.add("date that cannot be read: kept beside the story", task.name);
            keep(found, record, key, value);
        }
        when
    }

    /// What a status stands for. A word that is not known takes its place among the statuses of the settings: first, last,
    /// or between.
    fn said(&self, word: &str) -> Option<ItemStatus> {
        let all = texts(self.config.get("statuses"));
        let place = all.iter().position(|one| one.eq_ignore_ascii_case(word));
        let of_settings = place.map(|at| match at {
            at if at.saturating_add(1) == all.len() => ItemStatus::Done,
            0 => ItemStatus::ToDo,
            _ => ItemStatus::Doing,
        });
        self.mapping.status(word).or_else(|| status_of(word)).or(of_settings)
    }

    fn status(&self, task: &TaskFile, record: &mut Story, found: &mut Found) -> ItemStatus {
        let word = text(&task.keys, "status").trim();
        let is_draft = task.folder == Folder::Drafts && word.eq_ignore_ascii_case("draft");
        let said = self.said(word).or(is_draft.then_some(ItemStatus::ToDo));
        match said {
            None if word.is_empty() => found.warnings.add(NO_STATE, ""),
            None => found.warnings.add(UNKNOWN_STATE, word),
            Some(_) => {}
        }
        let said = said.unwrap_or_default();
        let status = match task.folder {
            Folder::Completed if said.is_open() => ItemStatus::Done,
            Folder::Archive if said.is_open() => ItemStatus::Dropped,
            _ => said,
        };
        if task.folder != Folder::Tasks {
            let folder = match task.folder {
                Folder::Archive => "archive",
                Folder::Completed => "completed",
                _ => "drafts",
            };
            keep(found, record, "folder", &Value::from(folder));
        }
        let archived = task.folder == Folder::Archive && said.is_open();
        record.set(item::reason(), if archived { ARCHIVED } else { "" }.into());
        if vocabulary::plain(word) != status.label() {
            keep(found, record, "status", &Value::from(word));
        }
        record.set(item::status(), status);
        status
    }

    /// The milestone of a task, by its id or its title: what it is called here.
    fn note(&mut self, name: &str, status: ItemStatus) -> (String, String) {
        let is_it = |one: &Milestone| one.id.eq_ignore_ascii_case(name) || one.title == name;
        let at = self.milestones.iter().position(is_it).unwrap_or(self.milestones.len());
        if at == self.milestones.len() {
            let (id, title) = (name.to_string(), title(name, name));
            self.milestones.push(Milestone { id, title, about: String::new(), archived: false, tasks: 0, open: 0 });
        }
        let Some(one) = self.milestones.get_mut(at) else { return Default::default() };
        one.tasks = one.tasks.saturating_add(1);
        one.open = one.open.saturating_add(usize::from(status.is_open()));
        (one.id.clone(), one.title.clone())
    }

    /// Milestones and rules, before the tasks.
    fn finish(&self, found: &mut Found) {
        let site = self.site();
        let mut records: Vec<FoundRecord> = Vec::new();
        let place = self.options.text(&MILESTONES);
        for one in self.milestones.iter().filter(|_| place != "label") {
            let identity = foreign(&site, &format!("{place}:{}", one.id));
            let over = one.tasks > 0 && one.open == 0;
            if place == "sprint" {
                let mut record = RecordOf::<Sprint>::new(identity);
                record.set(sprint::goal(), one.title.as_str().into());
                record.set(sprint::note(), one.about.as_str().into());
                if over {
                    record.set(sprint::state(), SprintState::Closed);
                }
                records.push(record.into());
                continue;
            }
            let mut record = RecordOf::<RoadmapItem>::new(identity);
            record.set(roadmap::title(), one.title.as_str().into());
            record.set(roadmap::problem(), one.about.as_str().into());
            let result = match (over, one.archived) {
                (true, _) => RoadmapResult::Launched,
                (false, true) => RoadmapResult::Parked,
                (false, false) => RoadmapResult::Open,
            };
            record.set(roadmap::result(), result);
            record.set(roadmap::reason(), if result == RoadmapResult::Parked { ARCHIVED } else { "" }.into());
            records.push(record.into());
        }
        let mut known = FxHashSet::default();
        let rules = texts(self.config.get("definition_of_done"));
        for text in rules.into_iter().filter(|text| known.insert(text.clone())) {
            let mut record = RecordOf::<DoneRule>::new(foreign(&site, &format!("rule:{text}")));
            record.set(rule::text(), text.as_str().into());
            records.push(record.into());
        }
        before(found, records);
    }
}
