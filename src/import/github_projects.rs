//! GitHub Projects, as `gh project item-list --format json` writes them. An issue is the same record as in a list of
//! issues; what the project says about it comes on top.

use crate::import::bytes::SourceFile;
use crate::import::format::{ImportFormat, Progress};
use crate::import::found::{Found, RecordOf};
use crate::import::github::BOXES;
use crate::import::github_shape::{mentions, name, place_of, several};
use crate::import::story::{
    NO_STATE, SeenKeys, Story, before, describe, foreign, keep, names_points, points, set_status_as, status_of, text,
    title,
};
use crate::import::table::{MAPPING, Mapping};
use crate::import::word_counts::{FileWords, WordCounts};
use crate::import::{json, moments, vocabulary};
use crate::model::rules::Refusal;
use crate::model::schema::fields::{item, sprint};
use crate::model::schema::{ItemKind, ItemStatus, Sprint, SprintState};
use crate::model::value::{Day, Labels, Map, Value};
use crate::options::{FormatOption, OptionKind, Options};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Keys of an item whose meaning is covered by a field. All others are fields of the project.
const MAPPED: &[&str] = &["id", "content", "title", "status", "labels", "assignees", "repository"];
/// The site of what is in no repository: drafts and iterations.
const PROJECT: &str = "project";

pub const PULLS: FormatOption = FormatOption {
    name: "pulls",
    help: "Whether pull requests of the project become stories too.",
    kind: OptionKind::Switch,
    default: "no",
};

/// The row of GitHub Projects in the table.
pub const ROW: ImportFormat = ImportFormat {
    name: "github-projects",
    title: "GitHub Project",
    about: "`gh project item-list NUMBER --owner OWNER --format json --limit 10000`",
    recognise,
    options: &[&PULLS, &BOXES, &MAPPING],
    read,
};

fn recognise(file: &SourceFile) -> bool {
    let top = file.outline();
    let page = !top.list && top.has("items") && !top.has("format") && !top.has("incomplete_results");
    let item = top.has("content") && top.has("id");
    (page || item) && file.text.contains("\"content\"")
}

fn read(file: &SourceFile, options: &Options, progress: Progress) -> Result<Found, Refusal> {
    let mut found = Found { format: ROW.title, system: "github", from: file.name.clone(), ..Found::default() };
    let mapping = Mapping::parse(options.text(&MAPPING))?;
    let (items, promised) = items(file, &mut found)?;
    let total = items.len();
    let mut reading = Reading {
        options,
        mapping,
        keys: SeenKeys::default(),
        iterations: Vec::new(),
        iteration_places: FxHashMap::default(),
    };
    for (done, one) in items.iter().enumerate() {
        match one.as_object() {
            Some(one) => reading.item(one, &mut found),
            None => found.skipped.add("entry that is no item", ""),
        }
        if done % 1000 == 0 {
            progress(done, total);
        }
    }
    progress(total, total);
    if let Some(promised) = promised.filter(|promised| *promised > total as u64) {
        let what =
            format!("the list is incomplete: it has {total} of {promised}; export it again with --limit {promised}");
        found.warnings.add(&what, "");
    }
    reading.close_iterations(&mut found);
    Ok(found)
}

/// The items of all pages, and how many the project has by its own count.
fn items(file: &SourceFile, found: &mut Found) -> Result<(Vec<Value>, Option<u64>), Refusal> {
    let (mut items, mut promised) = (Vec::new(), None);
    for document in json::documents(file)? {
        match document {
            Value::Array(all) => items.extend(Arc::unwrap_or_clone(all)),
            Value::Object(page) if page.contains_key("items") => {
                let mut page = Arc::unwrap_or_clone(page);
                promised = promised.max(page.get("totalCount").and_then(Value::as_u64));
                match page.remove("items") {
                    Some(Value::Array(all)) => items.extend(Arc::unwrap_or_clone(all)),
                    _ => found.skipped.add("page without a list of items", ""),
                }
            }
            other => items.push(other),
        }
    }
    Ok((items, promised))
}

/// The options of the status field, and what they stand for.
pub fn words_of(file: &SourceFile, mapping: &Mapping) -> FileWords {
    let (items, _) = items(file, &mut Found::default()).unwrap_or_default();
    let mut statuses = WordCounts::default();
    for one in items.iter().filter_map(Value::as_object) {
        let word = text(one, "status").trim();
        statuses.add(word, || mapping.status(word).or_else(|| status_of(word)).unwrap_or_default());
    }
    FileWords { statuses: statuses.sorted(), ..FileWords::default() }
}

/// A time box of the project: its title, its first day and its length in days.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Iteration {
    title: String,
    start: Day,
    days: i64,
}

impl Iteration {
    /// Iterations are known by their shape: people name the field as they like.
    fn of(value: &Value) -> Option<Iteration> {
        let map = value.as_object()?;
        let start = moments::day(map.get("startDate")?)?;
        let days = map.get("duration")?.as_i64().filter(|days| *days > 0)?;
        Some(Iteration { title: title(text(map, "title"), &start.to_string()), start, days })
    }

    fn key(&self) -> String {
        format!("iteration:{}:{}", self.start, self.title)
    }
}

/// What an issue that is closed says of itself, where the project says nothing.
fn state_of(content: &Map) -> Option<ItemStatus> {
    let closed = vocabulary::status(text(content, "state")).filter(|status| *status == ItemStatus::Done)?;
    let reason = vocabulary::status(text(content, "stateReason"));
    Some(reason.filter(|reason| *reason == ItemStatus::Dropped).unwrap_or(closed))
}

struct Reading<'a> {
    options: &'a Options,
    mapping: Mapping,
    keys: SeenKeys,
    /// Each with the number of its stories that are open.
    iterations: Vec<(Iteration, usize)>,
    iteration_places: FxHashMap<Iteration, usize>,
}

impl Reading<'_> {
    fn item(&mut self, one: &Map, found: &mut Found) {
        let nothing = Map::new();
        let content = one.get("content").and_then(Value::as_object).unwrap_or(&nothing);
        let kind = text(content, "type");
        let url = text(content, "url");
        let is_pull = kind == "PullRequest" || url.contains("/pull/");
        if is_pull && !self.options.is_on(&PULLS) {
            return found.skipped.add("pull request: not imported as a story (--set pulls=yes takes them)", "");
        }
        let words = [text(content, "title"), text(one, "title")];
        let words = words.into_iter().find(|words| !words.trim().is_empty()).unwrap_or_default();
        let number = content.get("number").and_then(Value::as_u64).map(|number| number.to_string());
        let repository = text(content, "repository");
        let (site, key) = match (place_of(url), number) {
            (Some((site, key)), number) => (site, number.unwrap_or(key)),
            (None, Some(number)) if !repository.is_empty() => (repository.to_string(), number),
            _ => (PROJECT.to_string(), text(one, "id").to_string()),
        };
        if key.is_empty() {
            return found.skipped.add("item without an address and an id", words);
        }
        let place = format!("{site}#{key}");
        let Some(taken) = self.keys.take(found, &place, one) else { return };
        let key = taken.rsplit_once('#').map_or(key.clone(), |(_, key)| key.to_string());
        let mut record = RecordOf::new(foreign(&site, &key));
        record.set(item::title(), title(words, &key).into());
        if let Some(body) = content.get("body").filter(|body| !body.is_null()) {
            let body = body.as_str().unwrap_or_default();
            describe(&mut record, body, self.options.is_on(&BOXES));
            let mentions = mentions(body);
            if mentions > 0 {
                let what = "mention such as \u{201c}Depends on #12\u{201d}: not linked; link it by hand";
                found.warnings.add_many(what, mentions);
            }
        }
        // Without a status, an issue that is known stays as it is.
        let status = match text(one, "status").trim() {
            "" => match state_of(content) {
                Some(status) => {
                    record.set(item::status(), status);
                    status
                }
                None => {
                    found.warnings.add(NO_STATE, "");
                    ItemStatus::ToDo
                }
            },
            word => set_status_as(found, &mut record, word, self.mapping.status(word)),
        };
        self.labels(one, kind, &mut record);
        self.fields(one, status.is_open(), &mut record, found);
        found.records.push(record.into());
    }

    fn labels(&self, one: &Map, kind: &str, record: &mut Story) {
        let labels: Vec<String> = one
            .get("labels")
            .map(several)
            .unwrap_or_default()
            .into_iter()
            .map(|label| name(label, "name").to_string())
            .collect();
        let of_label = labels.iter().find_map(|label| vocabulary::kind_of_label(label));
        let of_title = record.title().to_lowercase().starts_with("[spike]").then_some(ItemKind::Spike);
        if of_label.is_some() || of_title.is_some() || one.contains_key("labels") || kind == "DraftIssue" {
            record.set(item::kind(), of_label.or(of_title).unwrap_or_default());
        }
        if one.contains_key("labels") {
            record.set(item::labels(), labels.into_iter().filter(|label| !label.is_empty()).collect::<Labels>());
        }
        if let Some(people) = one.get("assignees") {
            let people: Vec<&str> = several(people).into_iter().map(|one| name(one, "login")).collect();
            record.set(item::assignee(), people.join(", ").into());
        }
    }

    /// The fields of the project: the first iteration is the sprint, the first number named after points is the size.
    fn fields(&mut self, one: &Map, is_open: bool, record: &mut Story, found: &mut Found) {
        let (mut boxed, mut sized) = (false, false);
        for (key, value) in one.iter().filter(|(key, _)| !MAPPED.contains(&&***key)) {
            if let Some(iteration) = Iteration::of(value).filter(|_| !boxed) {
                boxed = true;
                record.link(item::sprint(), vec![foreign(PROJECT, &iteration.key())]);
                self.note(iteration, is_open);
                continue;
            }
            match points(value).filter(|_| !sized && value.is_number() && names_points(key)) {
                Some(number) => {
                    sized = true;
                    record.set(item::points(), Some(number));
                }
                None => keep(found, record, key, value),
            }
        }
    }

    fn note(&mut self, iteration: Iteration, is_open: bool) {
        let open = usize::from(is_open);
        let known = self.iteration_places.get(&iteration).and_then(|place| self.iterations.get_mut(*place));
        match known {
            Some((_, known)) => *known = known.saturating_add(open),
            None => {
                self.iteration_places.insert(iteration.clone(), self.iterations.len());
                self.iterations.push((iteration, open));
            }
        }
    }

    /// The sprints come before the stories, the earliest first. One with nothing open is over.
    fn close_iterations(&mut self, found: &mut Found) {
        self.iterations.sort_by(|a, b| a.0.start.cmp(&b.0.start).then_with(|| a.0.title.cmp(&b.0.title)));
        let records = self.iterations.iter().map(|(iteration, open)| {
            let mut record = RecordOf::<Sprint>::new(foreign(PROJECT, &iteration.key()));
            record.set(sprint::goal(), iteration.title.as_str().into());
            record.set(sprint::start(), Some(iteration.start));
            record.set(sprint::end(), Some(iteration.start.plus(iteration.days.saturating_sub(1))));
            if *open == 0 {
                record.set(sprint::state(), SprintState::Closed);
            }
            record.into()
        });
        let records = records.collect();
        before(found, records);
    }
}
