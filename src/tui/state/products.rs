//! The products of the data folder, as view 0 lists them. Names are known at once; the contents are read by a
//! thread, since a large product takes longer than a frame.

use crate::insight::text::listed;
use crate::insight::trace::is_suspect;
use crate::model::author::NO_NAME;
use crate::model::grammar::{count_of, grouped, plural};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, Goal, Kind, Sprint, SprintState};
use crate::store::file::Mark;
use crate::store::folder::Folder;
use crate::store::open::open;
use crate::store::products::{Data, Listed};
use chrono::{DateTime, Local};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};

/// A summary of a product in a few lines.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Summary {
    pub people: String,
    /// Both seats have a name.
    pub is_shared: bool,
    pub vision: String,
    /// A line each, with today's value.
    pub goals: Vec<String>,
    /// Where the work stands, a line each.
    pub work: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct ListedProduct {
    pub id: Id,
    pub listed: Listed,
    pub changed: Option<DateTime<Local>>,
    /// `None` while it is being read; the reason if it does not open.
    pub summary: Option<Result<Summary, String>>,
}

/// The list, some of it perhaps still being read.
#[derive(Default)]
pub struct Products {
    pub all: Vec<ListedProduct>,
    coming: Option<Receiver<(Id, Result<Summary, String>)>>,
    /// Grows with each arrival, so that rows are rebuilt.
    pub rev: u64,
}

/// What view 0 knows beside the open product.
#[derive(Clone, Debug, Default)]
pub struct Elsewhere {
    pub data: Option<Data>,
    /// The product that is open, by its folder's id.
    pub here: String,
    /// The sample, by its folder's id.
    pub sample: String,
    /// A folder on another disk, for a copy when nothing can be saved here.
    pub spare: Option<PathBuf>,
    pub home: Option<PathBuf>,
    /// The view in which the user was, by the folder's id.
    pub seats: BTreeMap<String, String>,
}

impl Products {
    /// Lists the folder again and starts to read.
    pub fn list(&mut self, data: &Data) {
        let mut all: Vec<ListedProduct> = data.list().into_iter().map(shown).collect();
        all.sort_by_key(|one| std::cmp::Reverse(one.changed));
        let folders: Vec<(Id, Folder)> = all.iter().map(|one| (one.id, one.listed.folder.clone())).collect();
        let (send, receive) = channel();
        let reading = std::thread::Builder::new().spawn(move || {
            for (id, folder) in folders {
                let read = open(&folder).map_err(|error| error.short());
                let said = read.map(|opened| summary(&opened.shown(now()).0));
                if send.send((id, said)).is_err() {
                    return;
                }
            }
        });
        // Without a thread the names alone are known.
        drop(reading);
        (self.all, self.coming) = (all, Some(receive));
        self.rev = self.rev.saturating_add(1);
    }

    /// Takes in what was read meanwhile. Returns true if there was anything.
    pub fn poll(&mut self) -> bool {
        let Some(coming) = &self.coming else { return false };
        let read: Vec<(Id, Result<Summary, String>)> = coming.try_iter().collect();
        let came = !read.is_empty();
        for (id, said) in read {
            if let Some(one) = self.all.iter_mut().find(|one| one.id == id) {
                one.summary = Some(said);
            }
        }
        came
    }
}

fn now() -> crate::model::value::When {
    crate::model::value::When(Local::now().fixed_offset())
}

fn shown(listed: Listed) -> ListedProduct {
    // A folder named by hand has no id in its name: its path serves as one.
    let by_path = || Id::from_bits(crc32fast::hash(listed.folder.0.as_os_str().as_encoded_bytes()).into());
    let id = Id::parse(&listed.id).unwrap_or_else(by_path);
    let marks = [listed.folder.journal(), listed.folder.product_json()];
    let newest = marks.iter().filter_map(|path| Mark::at(path)).map(|mark| mark.modified).max();
    let changed = newest.and_then(|nanos| i64::try_from(nanos / 1_000_000_000).ok());
    let changed = changed.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    ListedProduct { id, listed, changed: changed.map(DateTime::<Local>::from), summary: None }
}

fn summary(product: &Product) -> Summary {
    let mut out = Summary::default();
    if let Some(board) = product.vision() {
        let named =
            |name: &str, seat: &str| (!matches!(name.trim(), "" | NO_NAME)).then(|| format!("{seat} {}", name.trim()));
        let people: Vec<String> =
            [named(&board.pm_name, "PM"), named(&board.po_name, "PO")].into_iter().flatten().collect();
        out.is_shared = people.len() > 1;
        out.people = if people.is_empty() { "both roles".to_string() } else { people.join(", ") };
        out.vision = board.vision.to_string();
    }
    out.goals = product.all::<Goal>().map(|goal| goal_line(goal)).collect();
    let running = product.all::<Sprint>().find(|sprint| sprint.state == SprintState::Active);
    out.work.extend(running.map(|sprint| format!("Sprint {}: {}", sprint.number, &*sprint.goal)));
    let (open, done) = listed(product);
    let items = product.table(Kind::RoadmapItem).order().len();
    let (roadmap, stories) = (count_of(items, Kind::RoadmapItem), plural(open, "story", "stories"));
    out.work.push(format!("{roadmap}, {} {stories} open, {} done", grouped(open), grouped(done)));
    let asks = product.all::<BacklogItem>().filter(|item| is_suspect(product, item)).count();
    if asks > 0 {
        out.work.push(format!("{asks} {} for another look", if asks == 1 { "story asks" } else { "stories ask" }));
    }
    out
}

fn goal_line(goal: &Goal) -> String {
    let measure = goal.measures.first();
    let today = measure.and_then(|measure| measure.progress()).map(|percent| format!("  {percent} % of the way"));
    format!("{} {}{}", Kind::Goal.numbered(goal.number), &*goal.title, today.unwrap_or_default())
}
