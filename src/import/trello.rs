//! Trello boards, as the board's menu exports them: cards in the order of their lists, with checklists, comments and
//! custom fields. The address that posts to a card by mail is a secret and is never taken.

use crate::import::bytes::SourceFile;
use crate::import::format::{ImportFormat, Progress};
use crate::import::found::{Found, Identity, RecordOf, Tally};
use crate::import::github::BOXES;
use crate::import::list_meaning::ListMeaning;
use crate::import::story::{
    SeenKeys, Story, address, before, foreign, is_empty, keep, names_points, objects, one_line, points, set_status,
    status_of, text, ticked, title, without,
};
use crate::import::table::{MAPPING, Mapping};
use crate::import::task_lists::{boxes, opens_criteria};
use crate::import::word_counts::{FileWords, WordCounts};
use crate::import::{json, moments, story, vocabulary};
use crate::model::rules::Refusal;
use crate::model::schema::fields::{item, roadmap, sprint};
use crate::model::schema::{ItemStatus, RoadmapItem, RoadmapResult, Sprint, SprintState};
use crate::model::value::{Amount, Boxed, Criterion, Labels, Map, Task, Value, When};
use crate::options::{FormatOption, OptionKind, Options};
use rustc_hash::FxHashMap;

/// Keys of a card whose meaning is covered by a field, or that are read in their place.
const MAPPED: &[&str] = &[
    "id",
    "name",
    "desc",
    "closed",
    "idList",
    "labels",
    "idLabels",
    "idMembers",
    "idChecklists",
    "checklists",
    "attachments",
    "customFieldItems",
    "dueComplete",
    "dateCompleted",
    "dateClosed",
    "due",
    "start",
    "idShort",
    "shortUrl",
    "dateLastActivity",
];
/// What of a card is kept as it is read, under these keys.
const KEPT: &[&str] = &["due", "start", "idShort", "shortUrl", "dateLastActivity"];
/// Keys that say something about the card in words.
const WORDS: &[&str] = &["address", "locationName", "coordinates", "urlSource", "recurrenceRule"];
/// At most so many actions are in an export.
const MOST_ACTIONS: usize = 1000;
const ARCHIVED: &str = "Archived in Trello";

pub const LISTS: FormatOption = FormatOption {
    name: "lists",
    help: "What a list becomes whose name is no status: a label, a sprint, a roadmap item, or a status that is not known.",
    kind: OptionKind::Choice("list setting", || vec!["label", "sprint", "roadmap", "status"]),
    default: "label",
};

/// Trello's row in the table.
pub const ROW: ImportFormat = ImportFormat {
    name: "trello",
    title: "Trello board",
    about: "the JSON of a board: Menu, Print, export and share, Export as JSON",
    recognise,
    options: &[&LISTS, &BOXES, &MAPPING],
    read,
};

fn recognise(file: &SourceFile) -> bool {
    let top = file.outline();
    !top.list && top.has("cards") && top.has("lists")
}

/// The id of a board, which it keeps when it is renamed.
pub fn board_id(file: &SourceFile) -> String {
    #[derive(serde::Deserialize)]
    struct Id {
        #[serde(default)]
        id: String,
    }
    let first = serde_json::Deserializer::from_str(&file.text).into_iter::<Id>().next();
    first.and_then(Result::ok).map(|board| board.id).unwrap_or_default()
}

/// The lists with cards, in the board's order, and what they stand for.
pub fn words_of(file: &SourceFile, mapping: &Mapping, setting: &str) -> FileWords {
    let mut out = FileWords::default();
    for document in json::documents(file).unwrap_or_default() {
        let Value::Object(board) = document else { continue };
        let known = Board::of(&board);
        let mut names: Vec<&str> =
            objects(&board, "cards").filter_map(|card| Some(known.list_of(card)?.name)).collect();
        let pos = |name: &str| known.lists.values().find(|list| list.name == name).map_or(f64::MAX, |list| list.pos);
        let places: FxHashMap<&str, f64> = names.iter().map(|name| (*name, pos(name))).collect();
        names.sort_by(|a, b| places.get(a).unwrap_or(&f64::MAX).total_cmp(places.get(b).unwrap_or(&f64::MAX)));
        let mut lists = WordCounts::default();
        for name in names {
            let means = || mapping.list(name).or_else(|| status_of(name).map(ListMeaning::Status));
            lists
                .add(name, || means().or_else(|| of_setting(setting)).unwrap_or(ListMeaning::Status(ItemStatus::ToDo)));
        }
        out.take(FileWords { lists: lists.in_order(), ..FileWords::default() });
    }
    out
}

/// What all lists become whose names say nothing. `None` for a status that is not known.
fn of_setting(setting: &str) -> Option<ListMeaning> {
    match setting {
        "sprint" => Some(ListMeaning::Sprint),
        "roadmap" => Some(ListMeaning::Roadmap(None)),
        "status" => None,
        _ => Some(ListMeaning::Label),
    }
}

fn read(file: &SourceFile, options: &Options, progress: Progress) -> Result<Found, Refusal> {
    let mapping = Mapping::parse(options.text(&MAPPING))?;
    let mut found = Found { format: ROW.title, system: "trello", from: file.name.clone(), ..Found::default() };
    let mut keys = SeenKeys::default();
    for document in json::documents(file)? {
        let Value::Object(board) = document else {
            found.skipped.add("document that is no board", "");
            continue;
        };
        let reading = Reading { board: Board::of(&board), options, mapping: &mapping, lists: FxHashMap::default() };
        reading.read(&board, &mut found, &mut keys, progress);
    }
    Ok(found)
}

/// A list of the board.
struct List<'a> {
    name: &'a str,
    pos: f64,
    closed: bool,
}

/// What of the board the cards point to, by id.
struct Board<'a> {
    site: &'a str,
    lists: FxHashMap<&'a str, List<'a>>,
    labels: FxHashMap<&'a str, &'a Map>,
    people: FxHashMap<&'a str, &'a str>,
    fields: FxHashMap<&'a str, &'a Map>,
    checklists: FxHashMap<&'a str, Vec<&'a Map>>,
    comments: FxHashMap<&'a str, Vec<Value>>,
    /// When a card came to the list it is in, or was archived: the last time, by card and list.
    moved: FxHashMap<(&'a str, &'a str), &'a str>,
}

fn by_id<'a>(board: &'a Map, key: &str) -> FxHashMap<&'a str, &'a Map> {
    objects(board, key).map(|one| (text(one, "id"), one)).collect()
}

fn person(member: &Map) -> &str {
    Some(text(member, "fullName")).filter(|name| !name.trim().is_empty()).unwrap_or_else(|| text(member, "username"))
}

/// The place of a list, a card or a checklist among its like.
fn pos(one: &Map) -> f64 {
    one.get("pos").and_then(Value::as_f64).unwrap_or(f64::MAX)
}

fn is_true(one: &Map, key: &str) -> bool {
    one.get(key) == Some(&Value::Bool(true))
}

impl<'a> Board<'a> {
    fn of(board: &'a Map) -> Board<'a> {
        let list =
            |one: &'a Map| List { name: text(one, "name").trim(), pos: pos(one), closed: is_true(one, "closed") };
        let mut checklists: FxHashMap<&str, Vec<&Map>> = FxHashMap::default();
        for one in objects(board, "checklists") {
            checklists.entry(text(one, "idCard")).or_default().push(one);
        }
        let (mut comments, mut moved) = (FxHashMap::<&str, Vec<Value>>::default(), FxHashMap::default());
        let actions: Vec<&Map> = objects(board, "actions").collect();
        // The newest action comes first.
        for action in actions.into_iter().rev() {
            let Some(data) = action.get("data").and_then(Value::as_object) else { continue };
            let Some(card) = data.get("card").and_then(Value::as_object) else { continue };
            let (id, date) = (text(card, "id"), text(action, "date"));
            match text(action, "type") {
                "commentCard" | "copyCommentCard" => {
                    let author = action.get("memberCreator").and_then(Value::as_object).map(person).unwrap_or_default();
                    let comment = crate::json!({"author": author, "date": date, "text": text(data, "text")});
                    comments.entry(id).or_default().push(comment);
                }
                "updateCard" => {
                    if let Some(list) = data.get("listAfter").and_then(Value::as_object) {
                        moved.insert((id, text(list, "id")), date);
                    }
                    if is_true(card, "closed") {
                        moved.insert((id, ""), date);
                    }
                }
                _ => {}
            }
        }
        Board {
            site: text(board, "id"),
            lists: objects(board, "lists").map(|one| (text(one, "id"), list(one))).collect(),
            labels: by_id(board, "labels"),
            people: objects(board, "members").map(|one| (text(one, "id"), person(one))).collect(),
            fields: by_id(board, "customFields"),
            checklists,
            comments,
            moved,
        }
    }

    fn list_of(&self, card: &Map) -> Option<&List<'a>> {
        self.lists.get(text(card, "idList"))
    }
}

/// What becomes of a list that is no status.
struct Used {
    meaning: ListMeaning,
    open: usize,
}

struct Reading<'a> {
    board: Board<'a>,
    options: &'a Options,
    mapping: &'a Mapping,
    /// The lists that become sprints or roadmap items.
    lists: FxHashMap<&'a str, Used>,
}

impl<'a> Reading<'a> {
    fn read(mut self, board: &'a Map, found: &mut Found, keys: &mut SeenKeys, progress: Progress) {
        let actions = board.get("actions").and_then(Value::as_array).map_or(0, Vec::len);
        if actions >= MOST_ACTIONS {
            let what = "an export has at most 1,000 actions, and this one has them: older comments are missing";
            found.warnings.add(what, "");
        }
        if !text(board, "desc").trim().is_empty() {
            found.skipped.add("description of the board, which has no place here", &one_line(text(board, "desc")));
        }
        let mut cards: Vec<&Map> = objects(board, "cards").collect();
        let place = |card: &Map| self.board.list_of(card).map_or(f64::MAX, |list| list.pos);
        cards.sort_by(|a, b| place(a).total_cmp(&place(b)).then(pos(a).total_cmp(&pos(b))));
        for (done, card) in cards.iter().enumerate() {
            self.card(card, found, keys);
            if done % 1000 == 0 {
                progress(done, cards.len());
            }
        }
        progress(cards.len(), cards.len());
        let all = board.get("cards").and_then(Value::as_array).map_or(0, Vec::len);
        found.skipped.take(&counted("entry that is no card", all.saturating_sub(cards.len())));
        self.lists_become(found);
    }

    fn card(&mut self, card: &'a Map, found: &mut Found, keys: &mut SeenKeys) {
        let id = text(card, "id");
        let id = if id.is_empty() { text(card, "shortLink") } else { id };
        if id.is_empty() && text(card, "name").is_empty() {
            return found.skipped.add("entry that is no card", "");
        }
        let list = self.board.list_of(card).map_or("", |list| list.name);
        if self.mapping.list(list) == Some(ListMeaning::LeaveOut) {
            return found.skipped.add("card of a list that is left out", list);
        }
        let Some(key) = keys.take(found, id, card) else { return };
        let mut record = RecordOf::new(foreign(self.board.site, &key));
        record.set(item::title(), title(text(card, "name"), &key).into());
        self.words(card, id, &mut record, found);
        self.status(card, id, &mut record, found);
        self.labels(card, &mut record);
        record.set(item::created(), born(id));
        let people = card.get("idMembers").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let people: Vec<&str> = people.filter_map(|id| self.board.people.get(id).copied()).collect();
        record.set(item::assignee(), people.join(", ").into());
        self.extra(card, id, &mut record, found);
        self.fields(card, &mut record, found);
        found.records.push(record.into());
    }

    /// The description, and the checklists beside it.
    fn words(&self, card: &Map, id: &str, record: &mut Story, found: &mut Found) {
        let body = story::lines(text(card, "desc"));
        let mut all = if self.options.is_on(&BOXES) { boxes(&body) } else { Default::default() };
        let mut lists: Vec<&Map> = objects(card, "checklists").collect();
        if lists.is_empty() {
            lists = self.board.checklists.get(id).cloned().unwrap_or_default();
        }
        lists.sort_by(|a, b| pos(a).total_cmp(&pos(b)));
        let mut names = Vec::new();
        for list in lists {
            let mut items: Vec<&Map> = objects(list, "checkItems").collect();
            items.sort_by(|a, b| pos(a).total_cmp(&pos(b)));
            let items = items.into_iter().map(|one| (text(one, "name").to_string(), text(one, "state") == "complete"));
            let name = text(list, "name").trim();
            if opens_criteria(name) || vocabulary::plain(name).starts_with("definition of") {
                all.criteria.extend(ticked(items, Criterion::with));
            } else {
                all.tasks.extend(ticked(items, Task::with));
            }
            if !matches!(vocabulary::plain(name).as_str(), "" | "checklist") {
                names.push(Value::from(name));
            }
        }
        keep(found, record, "checklists", &Value::from(names));
        record.set(item::criteria(), all.criteria);
        record.set(item::tasks(), all.tasks);
        record.set(item::notes(), body.into());
    }

    /// What a list stands for: as a person said, as its name says, else as all such lists do. `None` for a status that is
    /// not known.
    fn meaning(&self, name: &str) -> Option<ListMeaning> {
        let said = self.mapping.list(name).or_else(|| status_of(name).map(ListMeaning::Status));
        said.or_else(|| of_setting(self.options.text(&LISTS)))
    }

    fn status(&mut self, card: &'a Map, id: &str, record: &mut Story, found: &mut Found) {
        let list_id = text(card, "idList");
        let list = self.board.lists.get(list_id);
        let (name, list_closed) = list.map_or(("", false), |list| (list.name, list.closed));
        keep(found, record, "list", &Value::from(name));
        let meaning = self.meaning(name).filter(|_| !name.is_empty());
        let known = if let Some(ListMeaning::Status(status)) = meaning { Some(status) } else { None };
        let archived = list_closed || is_true(card, "closed");
        let status = match known {
            Some(status @ (ItemStatus::Done | ItemStatus::Dropped)) => status,
            _ if is_true(card, "dueComplete") => ItemStatus::Done,
            _ if archived => ItemStatus::Dropped,
            Some(status) => status,
            None => ItemStatus::ToDo,
        };
        if archived {
            record.keep("archived", Value::from(vec![Value::Bool(true)]));
        }
        record.set(item::reason(), if status == ItemStatus::Dropped && archived { ARCHIVED } else { "" }.into());
        let is_strange = meaning.is_none() && !name.is_empty();
        if is_strange && status == ItemStatus::ToDo {
            set_status(found, record, name);
        } else {
            record.set(item::status(), status);
        }
        let became = meaning.filter(|meaning| !matches!(meaning, ListMeaning::Status(_)));
        if let Some(meaning) = became {
            let used = self.lists.entry(list_id).or_insert(Used { meaning, open: 0 });
            used.open = used.open.saturating_add(usize::from(status.is_open()));
        }
        match became {
            Some(ListMeaning::Sprint) => record.link(item::sprint(), vec![self.list_at("sprint", list_id)]),
            Some(ListMeaning::Roadmap(_)) => record.link(item::serves(), vec![self.list_at("roadmap", list_id)]),
            _ => {}
        }
        let closed = match status {
            ItemStatus::Done => [text(card, "dateCompleted"), self.moved(id, list_id)],
            ItemStatus::Dropped => [text(card, "dateClosed"), self.moved(id, "")],
            _ => ["", ""],
        };
        record.set(item::closed(), closed.into_iter().find_map(|date| moments::when(&date.into())));
    }

    fn moved(&self, card: &str, list: &str) -> &str {
        self.board.moved.get(&(card, list)).copied().unwrap_or_default()
    }

    /// The record that a list becomes.
    fn list_at(&self, place: &str, id: &str) -> Identity {
        foreign(self.board.site, &format!("{place}:{id}"))
    }

    fn labels(&self, card: &Map, record: &mut Story) {
        let mut of_card: Vec<&Map> = objects(card, "labels").collect();
        if of_card.is_empty() {
            let ids = card.get("idLabels").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
            of_card = ids.filter_map(|id| self.board.labels.get(id).copied()).collect();
        }
        let name = |label: &&Map| match text(label, "name").trim() {
            "" => text(label, "color").trim().to_string(),
            name => name.to_string(),
        };
        let mut labels: Vec<String> = of_card.iter().map(name).filter(|name| !name.is_empty()).collect();
        let kind = labels.iter().find_map(|label| vocabulary::kind_of_label(label));
        record.set(item::kind(), kind.unwrap_or_default());
        let list = self.board.list_of(card).map_or("", |list| list.name);
        if !list.is_empty() && self.meaning(list) == Some(ListMeaning::Label) {
            labels.push(list.to_string());
        }
        record.set(item::labels(), labels.into_iter().collect::<Labels>());
    }

    /// Custom fields: one that is named after points is them, all others are kept under their names.
    fn fields(&self, card: &Map, record: &mut Story, found: &mut Found) {
        let mut size: Option<Amount> = None;
        for one in objects(card, "customFieldItems") {
            let Some(field) = self.board.fields.get(text(one, "idCustomField")) else {
                keep(found, record, "customFieldItems", &without(&Value::from(one.clone()), is_id));
                continue;
            };
            let name = text(field, "name").trim();
            let chosen = objects(field, "options").find(|option| text(option, "id") == text(one, "idValue"));
            let value = chosen.map_or(one, |option| option).get("value").and_then(Value::as_object);
            let value = ["text", "number", "date", "checked"].iter().find_map(|key| value?.get(key));
            let Some(value) = value else { continue };
            match points(value) {
                Some(number) if size.is_none() && text(field, "type") == "number" && names_points(name) => {
                    size = Some(number);
                }
                _ => keep(found, record, if name.is_empty() { "customFieldItems" } else { name }, value),
            }
        }
        record.set(item::points(), size);
    }

    fn extra(&self, card: &Map, id: &str, record: &mut Story, found: &mut Found) {
        for key in KEPT {
            keep(found, record, key, card.get(key).unwrap_or(&Value::Null));
        }
        let attachments = objects(card, "attachments")
            .map(|one| crate::json!({"name": text(one, "name"), "url": address(text(one, "url"))}));
        keep(found, record, "attachments", &attachments.collect());
        if let Some(comments) = self.board.comments.get(id) {
            keep(found, record, "comments", &Value::from(comments.clone()));
        }
        for (key, value) in card.iter().filter(|(key, _)| !MAPPED.contains(&&***key)) {
            if WORDS.contains(&&**key) {
                keep(found, record, key, &without(value, is_id));
            } else if !is_empty(value) && value != &Value::Bool(false) {
                found.machine_only = found.machine_only.saturating_add(1);
            }
        }
    }

    /// The lists that cards link to, before the cards. Without dates, one is over once nothing of it is open.
    fn lists_become(&self, found: &mut Found) {
        let mut all: Vec<(&str, &List, &Used)> =
            self.lists.iter().filter_map(|(id, used)| Some((*id, self.board.lists.get(id)?, used))).collect();
        all.sort_by(|a, b| a.1.pos.total_cmp(&b.1.pos).then(a.0.cmp(b.0)));
        let what = "list whose name says no status: a label for its cards, unless you say what it means";
        let labels = all
            .iter()
            .filter(|(_, list, used)| used.meaning == ListMeaning::Label && self.mapping.list(list.name).is_none());
        labels.for_each(|(_, list, _)| found.warnings.add(what, list.name));
        let records = all.into_iter().filter_map(|(id, list, used)| {
            let over = used.open == 0;
            match used.meaning {
                ListMeaning::Sprint => {
                    let mut record = RecordOf::<Sprint>::new(self.list_at("sprint", id));
                    record.set(sprint::goal(), one_line(list.name).into());
                    if over {
                        record.set(sprint::state(), SprintState::Closed);
                    }
                    Some(record.into())
                }
                ListMeaning::Roadmap(horizon) => {
                    let mut record = RecordOf::<RoadmapItem>::new(self.list_at("roadmap", id));
                    record.set(roadmap::title(), one_line(list.name).into());
                    record.set(roadmap::result(), if over { RoadmapResult::Launched } else { RoadmapResult::Open });
                    if let Some(horizon) = horizon {
                        record.set(roadmap::horizon(), horizon);
                    }
                    Some(record.into())
                }
                ListMeaning::Status(_) | ListMeaning::Label | ListMeaning::LeaveOut => None,
            }
        });
        let records = records.collect();
        before(found, records);
    }
}

fn counted(what: &str, count: usize) -> Tally {
    let mut tally = Tally::default();
    if count > 0 {
        tally.add_many(what, count);
    }
    tally
}

fn is_id(key: &str) -> bool {
    key == "id" || key.starts_with("id") && key.chars().nth(2).is_some_and(char::is_uppercase) || key == "email"
}

/// The first eight digits of an id are the second in which it was made.
fn born(id: &str) -> Option<When> {
    let digits = id.get(..8).filter(|_| id.len() == 24)?;
    let seconds = u32::from_str_radix(digits, 16).ok()?;
    moments::when(&Value::from(seconds))
}
