//! Taskwarrior's `task export`: an array, one task, or one a line. Files of its sync repeat a task; the last one counts.

use crate::import::bytes::SourceFile;
use crate::import::format::{ImportFormat, Progress};
use crate::import::found::{Found, RecordOf};
use crate::import::story::{
    SeenKeys, Story, before, foreign, keep, names_points, objects, one_line, points, set_status, text, title,
};
use crate::import::{json, moments, vocabulary};
use crate::model::rules::Refusal;
use crate::model::schema::fields::{item, roadmap};
use crate::model::schema::{ItemStatus, RoadmapItem, RoadmapResult};
use crate::model::value::{Amount, Labels, Map, Value};
use crate::options::{FormatOption, OptionKind, Options};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Attributes whose meaning is covered by a field.
const MAPPED: &[&str] =
    &["uuid", "description", "status", "entry", "end", "project", "depends", "tags", "annotations", "parent"];
/// Attributes that only Taskwarrior understands, or that it works out.
const MACHINE: &[&str] = &["id", "urgency", "imask", "mask"];
/// Its tasks are known by their uuid alone, wherever they lie.
const SITE: &str = "local";

pub const PROJECTS: FormatOption = FormatOption {
    name: "projects",
    help: "What a project becomes: a roadmap item or a label.",
    kind: OptionKind::Choice("project setting", || vec!["roadmap", "label"]),
    default: "roadmap",
};

/// Taskwarrior's row in the table.
pub const ROW: ImportFormat = ImportFormat {
    name: "taskwarrior",
    title: "Taskwarrior",
    about: "`task export`, and the files of its sync",
    recognise,
    options: &[&PROJECTS],
    read,
};

fn recognise(file: &SourceFile) -> bool {
    let top = file.outline();
    top.has("description") && ["uuid", "entry"].iter().any(|key| top.has(key)) && top.has("status")
}

fn read(file: &SourceFile, options: &Options, progress: Progress) -> Result<Found, Refusal> {
    let mut found = Found { format: ROW.title, system: "taskwarrior", from: file.name.clone(), ..Found::default() };
    let mut tasks: Vec<Map> = Vec::new();
    let mut places: FxHashMap<String, usize> = FxHashMap::default();
    let documents = json::documents(file)?.into_iter().flat_map(|document| match document {
        Value::Array(all) => Arc::unwrap_or_clone(all),
        one => vec![one],
    });
    for one in documents {
        let Value::Object(task) = one else {
            found.skipped.add("entry that is no task", "");
            continue;
        };
        let task = Arc::unwrap_or_clone(task);
        let uuid = text(&task, "uuid").to_lowercase();
        match places.get(&uuid).filter(|_| !uuid.is_empty()).and_then(|at| tasks.get_mut(*at)) {
            Some(older) => {
                found.skipped.add("older state of a task that the file repeats", text(older, "description"));
                *older = task;
            }
            None => {
                places.insert(uuid, tasks.len());
                tasks.push(task);
            }
        }
    }
    let mut reading =
        Reading { as_label: options.text(&PROJECTS) == "label", projects: Vec::new(), known: FxHashMap::default() };
    let mut keys = SeenKeys::default();
    for (done, task) in tasks.iter().enumerate() {
        reading.task(task, &mut keys, &mut found);
        if done % 1000 == 0 {
            progress(done, tasks.len());
        }
    }
    progress(tasks.len(), tasks.len());
    reading.close_projects(&mut found);
    Ok(found)
}

struct Reading {
    as_label: bool,
    /// Each project with the number of its tasks that are open.
    projects: Vec<(String, usize)>,
    known: FxHashMap<String, usize>,
}

impl Reading {
    fn task(&mut self, task: &Map, keys: &mut SeenKeys, found: &mut Found) {
        let (uuid, words) = (text(task, "uuid").to_lowercase(), text(task, "description"));
        if text(task, "status") == "recurring" {
            return found.skipped.add("pattern of a recurring task; its tasks are there by themselves", words);
        }
        if uuid.is_empty() && words.trim().is_empty() {
            return found.skipped.add("entry that is no task", "");
        }
        let key = if uuid.is_empty() {
            found.warnings.add("task without a uuid: told apart by its words", words);
            let words = format!("{words}\n{}", text(task, "entry"));
            format!("text-{:08x}", crc32fast::hash(words.as_bytes()))
        } else {
            uuid
        };
        let Some(key) = keys.take(found, &key, task) else { return };
        let mut record = RecordOf::new(foreign(SITE, &key));
        record.set(item::title(), title(words, &key).into());
        let status = self.status(task, &mut record, found);
        let tags = task.get("tags").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let mut labels: Vec<String> = tags.map(one_line).collect();
        record.set(item::kind(), labels.iter().find_map(|tag| vocabulary::kind_of_label(tag)).unwrap_or_default());
        let project = one_line(text(task, "project"));
        if self.as_label {
            labels.extend(Some(project).filter(|project| !project.is_empty()));
        } else {
            let link = (!project.is_empty()).then(|| foreign(SITE, &format!("project:{project}")));
            record.link(item::serves(), link.into_iter().collect());
            self.note(project, status);
        }
        record.set(item::labels(), labels.into_iter().filter(|label| !label.is_empty()).collect::<Labels>());
        record.set(item::created(), task.get("entry").and_then(moments::when));
        record.set(item::closed(), task.get("end").and_then(moments::when).filter(|_| !status.is_open()));
        // A list, or a text with commas before version 2.6.
        let depends = match task.get("depends") {
            Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).map(str::to_lowercase).collect(),
            Some(Value::String(all)) => all.split(',').map(|one| one.trim().to_lowercase()).collect(),
            _ => Vec::new(),
        };
        let depends = depends.iter().filter(|uuid| !uuid.is_empty()).map(|uuid| foreign(SITE, uuid));
        record.link(item::depends_on(), depends.collect());
        self.rest(task, &mut record, found);
        found.records.push(record.into());
    }

    fn status(&self, task: &Map, record: &mut Story, found: &mut Found) -> ItemStatus {
        let word = text(task, "status");
        let started = word == "pending" && task.contains_key("start");
        let waits = task.get("wait").and_then(moments::when).filter(|_| word == "waiting" || word == "pending");
        record
            .set(item::notes(), waits.map(|until| format!("Waits until {}.", until.day())).unwrap_or_default().into());
        let status = match word {
            "waiting" => ItemStatus::ToDo,
            _ if started => ItemStatus::Doing,
            "pending" => ItemStatus::ToDo,
            other => return set_status(found, record, other),
        };
        record.set(item::status(), status);
        if word == "waiting" {
            keep(found, record, "status", &Value::from(word));
        }
        status
    }

    /// Annotations, and attributes without a field, also those that people have defined.
    fn rest(&self, task: &Map, record: &mut Story, found: &mut Found) {
        let notes = objects(task, "annotations").map(|one| {
            crate::json!({"entry": one.get("entry").unwrap_or(&Value::Null), "description": text(one, "description")})
        });
        let notes: Value = notes.collect();
        keep(found, record, "annotations", &notes);
        let mut size: Option<Amount> = None;
        for (key, value) in task.iter().filter(|(key, _)| !MAPPED.contains(&&***key)) {
            if MACHINE.contains(&&**key) {
                found.machine_only = found.machine_only.saturating_add(1);
                continue;
            }
            match points(value).filter(|_| size.is_none() && names_points(key)) {
                Some(number) => size = Some(number),
                None => keep(found, record, key, value),
            }
        }
        record.set(item::points(), size);
        for key in ["entry", "end"] {
            let value = task.get(key).unwrap_or(&Value::Null);
            if moments::when(value).is_none() && !value.is_null() {
                found.warnings.add("date that cannot be read: kept beside the story", &value.to_string());
                keep(found, record, key, value);
            }
        }
    }

    fn note(&mut self, project: String, status: ItemStatus) {
        if project.is_empty() {
            return;
        }
        let at = *self.known.entry(project.clone()).or_insert(self.projects.len());
        if at == self.projects.len() {
            self.projects.push((project, 0));
        }
        if let Some((_, open)) = self.projects.get_mut(at) {
            *open = open.saturating_add(usize::from(status.is_open()));
        }
    }

    /// The projects come before the tasks that link to them. One with nothing open is over.
    fn close_projects(&mut self, found: &mut Found) {
        let records = self.projects.iter().map(|(project, open)| {
            let mut record = RecordOf::<RoadmapItem>::new(foreign(SITE, &format!("project:{project}")));
            record.set(roadmap::title(), project.as_str().into());
            record.set(roadmap::result(), if *open == 0 { RoadmapResult::Launched } else { RoadmapResult::Open });
            record.into()
        });
        let records = records.collect();
        before(found, records);
    }
}
