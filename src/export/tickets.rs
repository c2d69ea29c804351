//! A backlog as other tools see it: epics, stories and their parts in one list, parents before children. What such a list
//! has no place for is counted, so that the exporter can say it.

use crate::insight::text::headline;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, Horizon, ItemKind, ItemStatus, Kind, RoadmapItem, RoadmapResult, Sprint};
use crate::model::sheet::visible;
use crate::model::value::{Amount, Boxed, Cell, When};
use crate::options::{FormatOption, OptionKind};
use rustc_hash::FxHashMap;
use std::sync::Arc;

pub const OPEN: FormatOption = FormatOption {
    name: "open",
    help: "Whether only what is open goes into the file.",
    kind: OptionKind::Switch,
    default: "no",
};

/// What a ticket is elsewhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Level {
    Epic,
    Story,
    /// A story that is part of another one.
    Part,
}

/// Where a ticket stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stand {
    ToDo,
    Doing,
    ToAccept,
    Done,
    Dropped,
}

impl Stand {
    pub fn is_open(self) -> bool {
        !matches!(self, Stand::Done | Stand::Dropped)
    }
}

/// A roadmap item or a story, in the terms of other tools. Texts hold no control characters.
pub struct Ticket {
    /// Its place in the list, from 1.
    pub nth: usize,
    pub id: Id,
    /// What people call it here.
    pub key: String,
    pub level: Level,
    pub kind: ItemKind,
    pub title: String,
    pub stand: Stand,
    /// The ticket above it, by its place.
    pub parent: Option<usize>,
    /// The roadmap item that it serves, by its place.
    pub epic: Option<usize>,
    pub points: Option<Amount>,
    pub labels: Vec<String>,
    pub assignee: String,
    pub sprint: Option<Arc<Sprint>>,
    pub created: Option<When>,
    pub closed: Option<When>,
    /// What must be done before it.
    pub depends_on: Vec<Id>,
    pub body: Vec<TicketText>,
}

/// A part of a ticket's description.
pub struct TicketText {
    /// Empty for the beginning.
    pub heading: &'static str,
    /// True for the acceptance criteria, which have a place of their own in some tools.
    pub is_criteria: bool,
    pub text: String,
    /// Lines with a box, ticked or not.
    pub boxes: Vec<(String, bool)>,
}

/// All tickets of a product.
pub struct Tickets {
    pub all: Vec<Ticket>,
    /// What is not among them.
    pub beside: Vec<BesideTickets>,
}

/// Records that no ticket stands for, counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BesideTickets {
    /// `None` for what is not all records of a kind.
    pub kind: Option<Kind>,
    /// `2 goals`.
    pub words: String,
}

impl Tickets {
    pub fn of(product: &Product, open_only: bool) -> Tickets {
        let mut out = Tickets { all: Vec::new(), beside: Vec::new() };
        let mut children: FxHashMap<Option<Id>, Vec<&Arc<BacklogItem>>> = FxHashMap::default();
        let wanted = |item: &&Arc<BacklogItem>| !open_only || item.status.is_open();
        let there = |id: Id| product.items().get(id).filter(wanted).is_some();
        let stories = || product.all::<BacklogItem>().filter(wanted);
        for item in stories() {
            children.entry(item.parent.filter(|id| there(*id))).or_default().push(item);
        }
        for horizon in [Horizon::Now, Horizon::Next, Horizon::Later] {
            for item in product.all::<RoadmapItem>().filter(|item| item.horizon == horizon) {
                let epic = epic(item);
                if !open_only || epic.stand.is_open() {
                    let nth = out.add(epic);
                    let mine = children.get(&None).into_iter().flatten().filter(|story| story.serves == Some(item.id));
                    mine.for_each(|story| out.story(product, story, (Some(nth), Some(nth)), &children, 0));
                }
            }
        }
        let listed = |out: &Tickets, id: Id| out.all.iter().any(|ticket| ticket.id == id);
        for story in children.get(&None).into_iter().flatten() {
            if !listed(&out, story.id) {
                out.story(product, story, (None, None), &children, 0);
            }
        }
        out.beside = beside(product, stories().count());
        out
    }

    fn add(&mut self, ticket: Ticket) -> usize {
        let nth = self.all.len().saturating_add(1);
        self.all.push(Ticket { nth, ..ticket });
        nth
    }

    /// A story with its parts below it.
    fn story(
        &mut self,
        product: &Product,
        item: &BacklogItem,
        (parent, epic): (Option<usize>, Option<usize>),
        children: &FxHashMap<Option<Id>, Vec<&Arc<BacklogItem>>>,
        depth: usize,
    ) {
        let level = if depth == 0 { Level::Story } else { Level::Part };
        let nth = self.add(Ticket { parent, epic, level, ..story(product, item) });
        for part in children.get(&Some(item.id)).into_iter().flatten().filter(|_| depth < 20) {
            self.story(product, part, (Some(nth), epic), children, depth.saturating_add(1));
        }
    }

    pub fn get(&self, nth: usize) -> Option<&Ticket> {
        self.all.get(nth.checked_sub(1)?)
    }

    pub fn of_id(&self, id: Id) -> Option<&Ticket> {
        self.all.iter().find(|ticket| ticket.id == id)
    }

    /// The most that one ticket has of something.
    pub fn most(&self, of: impl Fn(&Ticket) -> usize) -> usize {
        self.all.iter().map(of).max().unwrap_or(0)
    }
}

fn one_line(text: &str) -> String {
    visible(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn section(heading: &'static str, text: &str) -> TicketText {
    TicketText { heading, is_criteria: false, text: visible(text.trim()), boxes: Vec::new() }
}

fn epic(item: &RoadmapItem) -> Ticket {
    let stand = match item.result {
        RoadmapResult::Open if item.horizon == Horizon::Now => Stand::Doing,
        RoadmapResult::Open | RoadmapResult::Launched => Stand::ToDo,
        RoadmapResult::Achieved | RoadmapResult::Missed => Stand::Done,
        RoadmapResult::Parked | RoadmapResult::Declined => Stand::Dropped,
    };
    let body = vec![
        section("", &item.problem),
        section("Outcome", &item.outcome),
        section("Measured by", &item.measure.to_text()),
        section("For whom", &item.who),
        section("Why now", &item.why_now),
        section("Approach", &item.approach),
        section("Risk", &item.risk),
        section("Reason", &item.reason),
    ];
    Ticket {
        nth: 0,
        id: item.id,
        key: Kind::RoadmapItem.numbered(item.number),
        level: Level::Epic,
        kind: ItemKind::Story,
        title: one_line(&item.title),
        stand,
        parent: None,
        epic: None,
        points: None,
        labels: vec![item.horizon.key().to_string()],
        assignee: String::new(),
        sprint: None,
        created: None,
        closed: None,
        depends_on: Vec::new(),
        body: body.into_iter().filter(|one| !one.text.is_empty()).collect(),
    }
}

fn boxes<T: Boxed>(heading: &'static str, all: &[T]) -> TicketText {
    let boxes = all.iter().map(|one| (one_line(one.text()), one.ticked())).collect();
    TicketText { heading, is_criteria: false, text: String::new(), boxes }
}

fn story(product: &Product, item: &BacklogItem) -> Ticket {
    let stand = match item.status {
        ItemStatus::ToDo => Stand::ToDo,
        ItemStatus::Doing => Stand::Doing,
        ItemStatus::ToAccept => Stand::ToAccept,
        ItemStatus::Done => Stand::Done,
        ItemStatus::Dropped => Stand::Dropped,
    };
    let names = item.depends_on.iter().map(|id| headline(product, *id)).collect::<Vec<_>>().join("\n");
    let body = vec![
        section("", &item.story),
        TicketText { is_criteria: true, ..boxes("Acceptance criteria", &item.criteria) },
        boxes("Tasks", &item.tasks),
        section("Benefit", &item.benefit),
        section("Depends on", &names),
        section("Blocked", &item.blocked),
        section("Notes", &item.notes),
        section("Reason", &item.reason),
    ];
    Ticket {
        nth: 0,
        id: item.id,
        key: Kind::BacklogItem.numbered(item.number),
        level: Level::Story,
        kind: item.kind,
        title: one_line(&item.title),
        stand,
        parent: None,
        epic: None,
        points: item.points,
        labels: item.labels.iter().map(|label| one_line(label)).collect(),
        assignee: one_line(&item.assignee),
        sprint: item.sprint.and_then(|id| product.get::<Sprint>(id)).cloned(),
        created: item.created,
        closed: item.closed,
        depends_on: item.depends_on.clone(),
        body: body.into_iter().filter(|one| !one.text.is_empty() || !one.boxes.is_empty()).collect(),
    }
}

/// The kinds of record that no ticket stands for, counted; and stories that were not wanted.
fn beside(product: &Product, stories: usize) -> Vec<BesideTickets> {
    let mut out = Vec::new();
    let mut say = |kind: Option<Kind>, words: String| out.push(BesideTickets { kind, words });
    if product.vision().is_some_and(|board| !board.vision.is_empty()) {
        say(Some(Kind::VisionBoard), "the vision".to_string());
    }
    for kind in Kind::ALL {
        let count = product.living(*kind).count();
        match (kind, count) {
            (_, 0) | (Kind::VisionBoard | Kind::RoadmapItem | Kind::BacklogItem, _) => {}
            (Kind::Feedback, 1) => say(Some(*kind), "1 piece of feedback".to_string()),
            (Kind::Feedback, count) => say(Some(*kind), format!("{count} pieces of feedback")),
            (kind, count) => say(Some(*kind), format!("{count} {}{}", kind.noun(), if count == 1 { "" } else { "s" })),
        }
    }
    match product.all::<BacklogItem>().len().saturating_sub(stories) {
        0 => {}
        1 => say(None, "1 closed story".to_string()),
        count => say(None, format!("{count} closed stories")),
    }
    out
}

/// The sentence about what is not in a file for another tool.
pub fn left_out(beside: &[BesideTickets], tool: &str) -> Option<String> {
    let words: Vec<&str> = beside.iter().map(|one| one.words.as_str()).collect();
    (!words.is_empty()).then(|| format!("Not in the file, since {tool} has no place for it: {}.", words.join(", ")))
}

/// The name of a sprint as other tools show it.
pub fn sprint_name(sprint: &Sprint) -> String {
    crate::model::rules::capital(&Kind::Sprint.numbered(sprint.number))
}
