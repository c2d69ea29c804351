//! Jira's JSON: pages of a search, single issues, and the sprints of a board. It is the only form that brings the dates
//! and goals of sprints. Epics become roadmap items, sub-tasks become tasks of their story where the file has it.

mod issue;
mod shape;

use crate::import::bytes::SourceFile;
use crate::import::format::{ImportFormat, Progress};
use crate::import::found::{Found, FoundRecord, RecordOf};
use crate::import::github::BOXES;
use crate::import::jira_json::issue::{Class, JiraIssue};
use crate::import::jira_json::shape::{JiraPages, JiraSprint};
use crate::import::json;
use crate::import::story::{SeenKeys, before, foreign, text};
use crate::model::rules::Refusal;
use crate::model::schema::fields::sprint;
use crate::model::schema::{Sprint, SprintState};
use crate::model::value::{Map, Value};
use crate::options::{FormatOption, OptionKind, Options};
use rustc_hash::FxHashMap;

pub const POINTS_FIELD: FormatOption = FormatOption {
    name: "points-field",
    help: "The field that holds the points, such as customfield_10016, where the file does not name its fields.",
    kind: OptionKind::Text("FIELD"),
    default: "",
};

/// The row of Jira's JSON in the table.
pub const ROW: ImportFormat = ImportFormat {
    name: "jira-json",
    title: "Jira JSON",
    about: "pages of a search (`/rest/api/3/search/jql`, with `expand=names`), single issues, the sprints of a board",
    recognise,
    options: &[&POINTS_FIELD, &BOXES],
    read,
};

fn recognise(file: &SourceFile) -> bool {
    let top = file.outline();
    // Within a text of an issue the quotes would have a backslash before them.
    let fields = || ["\"fields\":", "\"fields\" :"].iter().any(|key| file.text.contains(key));
    let page = ["issues", "data"].iter().any(|key| top.has(key)) && !top.has("repo") && fields();
    let issue = top.has("key") && top.has("fields");
    let sprint = |has: &dyn Fn(&str) -> bool| has("originBoardId") || (has("startDate") && has("endDate"));
    let sprints = top.has("values") && sprint(&|key| file.text.contains(&format!("\"{key}\"")));
    let alone = top.has("state") && top.has("name") && sprint(&|key| top.has(key));
    // Its settings are recognised to say what they are.
    let settings = top.has("columnConfig") || (top.has("inward") && top.has("outward"));
    page || issue || sprints || alone || settings
}

fn read(file: &SourceFile, options: &Options, progress: Progress) -> Result<Found, Refusal> {
    let mut pages = JiraPages::of(json::documents(file)?);
    if pages.issues.is_empty() && pages.sprints.is_empty() {
        return Err(Refusal::new(
            format!("{} has neither issues nor sprints of Jira.", file.name),
            "Nothing was imported; export a search, or the sprints of a board.",
        ));
    }
    let mut found =
        Found { format: ROW.title, system: "jira", from: file.name.clone(), keys_are_enough: true, ..Found::default() };
    if pages.others > 0 {
        found.skipped.add_many("entry that is neither an issue nor a sprint", pages.others);
    }
    let total = pages.issues.len();
    if pages.promised > total as u64 {
        let what = format!(
            "the list is incomplete: it has {total} of {}; export the other pages too (startAt), which are matched by key",
            pages.promised
        );
        found.warnings.add(&what, "");
    } else if pages.goes_on && total > 0 {
        found.warnings.add("the list is incomplete: its last page says that another one follows", "");
    }
    issue::by_rank(&mut pages.issues);
    let mut reading = Reading {
        options,
        names: pages.names,
        classes: FxHashMap::default(),
        parts: FxHashMap::default(),
        blockers: FxHashMap::default(),
        epics: Vec::new(),
        sprints: Vec::new(),
        sprint_places: FxHashMap::default(),
        keys: SeenKeys::default(),
        points_at: None,
    };
    pages.sprints.into_iter().for_each(|sprint| reading.note_sprint(sprint));
    let issues: Vec<JiraIssue> = pages.issues.iter().filter_map(JiraIssue::of).collect();
    reading.prepare(&issues);
    for (done, issue) in issues.iter().enumerate() {
        reading.issue(issue, &mut found);
        if done % 1000 == 0 {
            progress(done, total);
        }
    }
    progress(total, total);
    reading.finish(&mut found);
    Ok(found)
}

/// A sprint under its key.
struct Noted {
    key: String,
    sprint: JiraSprint,
}

struct Reading<'a> {
    options: &'a Options,
    /// What the fields are called.
    names: FxHashMap<String, String>,
    /// What the issues of the file become.
    classes: FxHashMap<String, Class>,
    /// The sub-tasks of the file, by their parent.
    parts: FxHashMap<String, Vec<&'a Map>>,
    /// What must be done before an issue, as the other issues say.
    blockers: FxHashMap<String, Vec<String>>,
    /// Epics that are named by their stories alone: key and title.
    epics: Vec<(String, String)>,
    sprints: Vec<Noted>,
    /// The places of sprints, by name and then by id.
    sprint_places: FxHashMap<String, Vec<(String, usize)>>,
    keys: SeenKeys,
    /// The field that holds the points, where it is known.
    points_at: Option<Vec<String>>,
}

impl Reading<'_> {
    /// The key of a sprint, which is its name: the CSV of the same site knows no more. Of two with the same name the
    /// second goes with its number.
    fn note_sprint_key(&mut self, sprint: &JiraSprint) -> String {
        let of_name = self.sprint_places.get(&sprint.name).map(Vec::as_slice).unwrap_or_default();
        let is_second = !of_name.is_empty();
        let known = of_name.iter().find(|(id, _)| *id == sprint.id).map(|(_, place)| *place);
        if let Some(known) = known.and_then(|place| self.sprints.get_mut(place)) {
            if known.sprint.start.is_none() && sprint.start.is_some() {
                known.sprint = sprint.clone();
            }
            return known.key.clone();
        }
        let key =
            if is_second { format!("sprint:{}#{}", sprint.name, sprint.id) } else { format!("sprint:{}", sprint.name) };
        let place = (sprint.id.clone(), self.sprints.len());
        self.sprint_places.entry(sprint.name.clone()).or_default().push(place);
        self.sprints.push(Noted { key: key.clone(), sprint: sprint.clone() });
        key
    }

    fn note_sprint(&mut self, sprint: JiraSprint) {
        self.note_sprint_key(&sprint);
    }

    /// Sprints and epics come before the stories that link to them.
    fn finish(mut self, found: &mut Found) {
        let order = |noted: &Noted| (noted.sprint.start.is_none(), noted.sprint.start);
        self.sprints.sort_by_key(order);
        let mut records: Vec<FoundRecord> = self.sprints.iter().map(sprint_record).collect();
        records.extend(self.epics.iter().map(|(key, title)| issue::named_epic(key, title)));
        before(found, records);
    }
}

/// Its goal; without one, its name stands for it.
fn sprint_record(noted: &Noted) -> FoundRecord {
    let one = &noted.sprint;
    let mut record = RecordOf::<Sprint>::new(foreign("", &noted.key));
    let goal = if one.goal.is_empty() { &one.name } else { &one.goal };
    record.set(sprint::goal(), goal.as_str().into());
    if !one.goal.is_empty() {
        record.set(sprint::note(), format!("{} in Jira", one.name).into());
    }
    record.set(sprint::start(), one.start);
    record.set(sprint::end(), one.end);
    record.set(sprint::state(), one.state);
    if one.state == SprintState::Closed {
        record.set(sprint::ended(), one.ended);
    }
    record.into()
}

/// True for keys that only Jira understands.
fn is_machinery(key: &str) -> bool {
    matches!(
        key,
        "self" | "avatarUrls" | "iconUrl" | "avatarId" | "accountType" | "active" | "timeZone" | "expand" | "colorName"
    )
}

/// The key of an issue in an object.
fn key_in(value: Option<&Value>) -> &str {
    value.and_then(Value::as_object).map(|map| text(map, "key")).unwrap_or_default()
}
