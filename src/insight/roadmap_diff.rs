//! What has changed on the roadmap since a point in time: in why, how and dates, item by item.

use crate::insight::forecast::Forecast;
use crate::insight::outlook::{short, size};
use crate::insight::text::text;
use crate::insight::trace::{is_over, is_suspect};
use crate::insight::velocity::Unit;
use crate::model::change::{Change, Step};
use crate::model::field::Field;
use crate::model::grammar::{count, ordinal};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rank::Rank;
use crate::model::role::Owner;
use crate::model::schema::{BacklogItem, Horizon, ItemStatus, Kind, RoadmapItem};
use crate::model::snapshot_types::ForecastSnapshot;
use crate::model::value::{Amount, Cell, Day, Measure, Shape, Value, When};
use rustc_hash::FxHashMap;

/// A step of the history.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    pub step: &'a Step,
    pub at: When,
    pub by: &'a str,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Side {
    Why,
    How,
    Date,
}

impl Side {
    pub fn word(self) -> &'static str {
        match self {
            Side::Why => "WHY",
            Side::How => "HOW",
            Side::Date => "DATE",
        }
    }
}

/// One change of a roadmap item.
#[derive(Clone, PartialEq, Debug)]
pub struct Moved {
    pub item: Id,
    pub side: Side,
    /// `Horizon: Next → Later`, `grew 14 → 20 points`.
    pub what: String,
    pub from: String,
    pub to: String,
    /// Who changed it last, and when; `None` if it was computed.
    pub by: Option<(String, When)>,
    /// The stories it is about, each with its outcome.
    pub stories: Vec<(Id, String)>,
    /// Stories that were agreed under the old why.
    pub asks: Vec<Id>,
}

/// The first value of a cell in the window, and its last change.
struct Cellar {
    field: &'static Field,
    from: Value,
    to: Value,
    by: String,
    at: When,
}

type Cells = FxHashMap<(Id, &'static str), Cellar>;

/// Returns everything that changed in these steps, which are those of the window, oldest first. `then` is the forecast
/// at its start.
pub fn moved<'a>(
    product: &Product,
    acts: impl Iterator<Item = Act<'a>>,
    then: &[ForecastSnapshot],
    forecast: &Forecast,
    today: Day,
) -> Vec<Moved> {
    let cells = cells(acts);
    let stories = Stories::of(product, &cells);
    let mut out = Vec::new();
    for item in in_order(product, &cells) {
        whys(product, item, &cells, today, &mut out);
        stories.hows(product, item, &mut out);
        fields(product, item, &cells, (Owner::How, today), &mut out);
        dates(item, then, forecast, today, &mut out);
    }
    out
}

fn cells<'a>(acts: impl Iterator<Item = Act<'a>>) -> Cells {
    let mut out = Cells::default();
    for act in acts {
        let wanted = |change: &&Change| matches!(change.kind(), Kind::RoadmapItem | Kind::BacklogItem);
        for change in act.step.changes.iter().filter(wanted) {
            let one = out.entry((change.id, change.field.key)).or_insert_with(|| Cellar {
                field: change.field,
                from: change.from.clone(),
                to: Value::Null,
                by: String::new(),
                at: act.at,
            });
            (one.to, one.by, one.at) = (change.to.clone(), act.by.to_string(), act.at);
        }
    }
    out.retain(|_, one| one.from != one.to);
    out
}

/// Existing items in roadmap order, then removed ones.
fn in_order(product: &Product, cells: &Cells) -> Vec<Id> {
    let horizons = [Horizon::Now, Horizon::Next, Horizon::Later].into_iter();
    let mut out: Vec<Id> = horizons
        .flat_map(|horizon| product.all::<RoadmapItem>().filter(move |item| item.horizon == horizon))
        .map(|item| item.id)
        .collect();
    let gone = |((id, key), one): (&(Id, &'static str), &Cellar)| {
        let taken = *key == "alive" && one.field.kind == Kind::RoadmapItem && one.to != Value::Bool(true);
        (taken && !one.from.is_null()).then_some(*id)
    };
    let mut gone: Vec<Id> = cells.iter().filter_map(gone).collect();
    gone.sort();
    out.extend(gone);
    out
}

fn whys(product: &Product, item: Id, cells: &Cells, today: Day, out: &mut Vec<Moved>) {
    if let Some(one) = cells.get(&(item, "alive")) {
        let there = one.to == Value::Bool(true);
        let what = match (one.from.is_null(), there) {
            (true, true) => "is new",
            (false, true) => "is back",
            _ => "was removed",
        };
        let title = product.find(item).map(|record| record.title()).unwrap_or_default();
        let (from, to) = if there { (String::new(), title) } else { (title, String::new()) };
        out.push(line(item, Side::Why, what.to_string(), (from, to), Some(one)));
        return;
    }
    fields(product, item, cells, (Owner::Why, today), out);
    out.extend(order(product, item, cells));
}

/// An item that was moved within its column: its place before and after, among those that are open now.
fn order(product: &Product, item: Id, cells: &Cells) -> Option<Moved> {
    let one = cells.get(&(item, "rank")).filter(|one| !one.from.is_null())?;
    if cells.contains_key(&(item, "horizon")) {
        return None;
    }
    let horizon = product.get::<RoadmapItem>(item)?.horizon;
    let peers = product.all::<RoadmapItem>().filter(|peer| peer.horizon == horizon && !is_over(product, &***peer));
    let now: Vec<Id> = peers.map(|peer| peer.id).collect();
    let rank_then = |id: Id| {
        let before = cells.get(&(id, "rank")).and_then(|one| Rank::from_value(&one.from).ok());
        before.or_else(|| product.find(id).map(|record| record.rank().clone()))
    };
    let mut then = now.clone();
    then.sort_by_key(|id| (rank_then(*id), *id));
    let place = |all: &[Id]| all.iter().position(|one| *one == item).map(|at| ordinal(at.saturating_add(1)));
    let (from, to) = (place(&then)?, place(&now)?);
    let what = format!("Order: {from} → {to} in {}", horizon.label());
    (from != to).then(|| line(item, Side::Why, what, (from, to), Some(one)))
}

/// The changed fields of one half, in the table's order.
fn fields(product: &Product, item: Id, cells: &Cells, (owner, today): (Owner, Day), out: &mut Vec<Moved>) {
    if cells.get(&(item, "alive")).is_some_and(|one| one.from.is_null()) {
        return;
    }
    let mine = |field: &&Field| field.owner == owner && !field.is_head();
    for field in Kind::RoadmapItem.fields().iter().filter(mine) {
        let Some(one) = cells.get(&(item, field.key)) else { continue };
        if field.key == "promised_to" && cells.contains_key(&(item, "promised")) {
            continue;
        }
        let (what, from, to) = words(product, item, one, today);
        let side = if owner == Owner::Why { Side::Why } else { Side::How };
        let mut moved = line(item, side, what, (from, to), Some(one));
        // A new reading is news about the why, not a different why.
        if field.is_reason() && text(product, field, &one.from) != text(product, field, &one.to) {
            moved.asks = asking(product, item);
            moved.asks.retain(|story| agreed_before(product, *story, item, one.at));
        }
        out.push(moved);
    }
}

/// Describes the change of a field, in one line and as its two values.
fn words(product: &Product, item: Id, one: &Cellar, today: Day) -> (String, String, String) {
    let say = |value: &Value| said(product, item, one.field, value, today);
    let (from, to) = (say(&one.from), say(&one.to));
    let label = one.field.label;
    if let Some((was, is)) = measured(one) {
        let read = |text: &str, value: &str| if from == to { format!("{text}: {value}") } else { text.to_string() };
        return (format!("{label} {was} → {is}"), read(&from, &was), read(&to, &format!("read {is}")));
    }
    let short = |text: &str| !text.contains(['→', '\n']) && text.chars().count() <= 24;
    let first = to.lines().next().unwrap_or_default();
    let what = match (from.as_str(), to.as_str()) {
        (_, "") => format!("{label} cleared"),
        ("", _) => format!("{label} {first}"),
        (was, is) if was == is => format!("{label} has a new reading"),
        (was, is) if short(was) && short(is) => format!("{label}: {was} → {is}"),
        _ => format!("{label} now {first}"),
    };
    (what, from, to)
}

/// Describes a value: an unset choice by its name, a promise with its recipient.
fn said(product: &Product, item: Id, field: &'static Field, value: &Value, today: Day) -> String {
    match (field.shape, value) {
        (Shape::Choice(choices), Value::Null) => choices.first().map(|one| one.label.to_string()).unwrap_or_default(),
        (Shape::Day, Value::String(_)) => {
            let day = Option::<Day>::from_value(value).ok().flatten().map(|day| short(day, today));
            let to = product.get::<RoadmapItem>(item).map(|item| item.promised_to.trim().to_string());
            let to = to.filter(|to| !to.is_empty()).map(|to| format!(" to {to}")).unwrap_or_default();
            format!("{}{to}", day.unwrap_or_default())
        }
        _ => text(product, field, value),
    }
}

/// What changed in an otherwise unchanged measure: its target, or its progress.
fn measured(one: &Cellar) -> Option<(String, String)> {
    if one.field.shape != Shape::Measure {
        return None;
    }
    let (was, is) = (Measure::from_value(&one.from).ok()?, Measure::from_value(&one.to).ok()?);
    let with_unit = |amount: Amount| is.with_unit(amount);
    if was.name != is.name || was.from != is.from || was.unit != is.unit || was.due != is.due {
        return None;
    }
    match (was.target == is.target, was.today().or(was.from), is.today()) {
        (false, ..) => Some((format!("target {}", was.target?), with_unit(is.target?))),
        (true, Some(before), Some(today)) if before != today => Some((format!("read {before}"), with_unit(today))),
        _ => None,
    }
}

fn line(item: Id, side: Side, what: String, (from, to): (String, String), by: Option<&Cellar>) -> Moved {
    let by = by.map(|one| (one.by.clone(), one.at));
    Moved { item, side, what, from, to, by, stories: Vec::new(), asks: Vec::new() }
}

/// True if a story was agreed before the item was changed at this time.
fn agreed_before(product: &Product, story: Id, item: Id, changed: When) -> bool {
    let all = product.items().get(story).map(|one| &one.confirmed);
    all.is_some_and(|all| all.iter().any(|one| one.on == item && one.at <= changed))
}

/// Stories under an item that were agreed under an older why.
pub fn asking(product: &Product, item: Id) -> Vec<Id> {
    let slots = &product.index().under(Some(item)).slots;
    let stories = slots.iter().filter_map(|slot| product.items().at(*slot));
    stories.filter(|story| is_suspect(product, story)).map(|story| story.id).collect()
}

fn dates(item: Id, then: &[ForecastSnapshot], forecast: &Forecast, today: Day, out: &mut Vec<Moved>) {
    let was = then.iter().find(|one| one.item == item).and_then(|one| one.safe);
    let now = forecast.row(item).and_then(|row| row.safe).map(|one| one.day);
    let (from, to) = match (was, now) {
        (Some(was), Some(now)) if was != now => (short(was, today), short(now, today)),
        _ => return,
    };
    out.push(line(item, Side::Date, format!("safe forecast {from} → {to}"), (from, to), None));
}

/// What counts about a story for the item it serves.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Weight {
    serves: Option<Id>,
    counts: bool,
    points: Option<Amount>,
    done: bool,
    /// It has parts, which count instead.
    whole: bool,
}

impl Weight {
    fn under(self, item: Id) -> bool {
        self.counts && !self.whole && self.serves == Some(item)
    }

    /// Its points for an item, and how many of them are done, in hundredths.
    fn share(self, item: Id) -> (i64, i64) {
        let size = self.points.filter(|_| self.under(item)).map_or(0, Amount::in_hundredths);
        (size, if self.done { size } else { 0 })
    }
}

/// The stories that changed, before and after.
struct Stories {
    all: Vec<(Id, Weight, Weight, String, When)>,
    edited: Vec<(Id, String, When)>,
}

/// The texts of a story.
const WORDS: [&str; 3] = ["title", "story", "criteria"];

impl Stories {
    fn of(product: &Product, cells: &Cells) -> Stories {
        let mut ids: Vec<Id> =
            cells.keys().map(|(id, _)| *id).filter(|id| product.items().get(*id).is_some()).collect();
        ids.sort();
        ids.dedup();
        let mut out = Stories { all: Vec::new(), edited: Vec::new() };
        let lost = lost_parts(product, &ids, cells);
        ids.extend(lost.keys().filter(|id| product.items().get(**id).is_some()));
        ids.sort_by_key(|id| (product.items().get(*id).map(|item| item.number), *id));
        ids.dedup();
        for id in ids {
            let Some(item) = product.items().get(id) else { continue };
            let now = now(product, item);
            let parts = lost.get(&id);
            let many = parts.map_or(0, |one| one.more).saturating_add(i64::from(product.index().parts(id)));
            let was = Weight { whole: many > 0, ..was(now, id, cells) };
            let last = |keys: &[&'static str]| {
                keys.iter()
                    .filter_map(|key| cells.get(&(id, key)))
                    .max_by_key(|one| one.at)
                    .map(|one| (one.by.clone(), one.at))
            };
            let own = || last(&["alive", "serves", "points", "status"]);
            let by_parts = || parts.map(|one| (one.by.clone(), one.at));
            if let (true, Some((by, at))) = (was != now, own().or_else(by_parts)) {
                out.all.push((id, was, now, by, at));
            } else if let (true, Some((by, at))) = (now.counts, last(&WORDS)) {
                out.edited.push((id, by, at));
            }
        }
        out
    }

    fn hows(&self, product: &Product, item: Id, out: &mut Vec<Moved>) {
        let mine: Vec<_> = self.all.iter().filter(|(_, was, now, ..)| was.under(item) || now.under(item)).collect();
        let Some(last) = mine.iter().max_by_key(|one| one.4).map(|one| (one.3.clone(), one.4)) else {
            return self.edits(product, item, out);
        };
        let now = sums(product, item);
        let (mut then, mut more) = (now, 0i64);
        for (_, was, now, ..) in &mine {
            let ((was_size, was_done), (now_size, now_done)) = (was.share(item), now.share(item));
            let back = |sum: i64, was: i64, now: i64| sum.saturating_add(was).saturating_sub(now);
            then = (back(then.0, was_size, now_size), back(then.1, was_done, now_done));
            let unsized_one = |one: &Weight| i64::from(one.under(item) && one.points.is_none());
            more = back(more, unsized_one(now), unsized_one(was));
        }
        let told = |wanted: &dyn Fn(&Weight, &Weight) -> bool| -> Vec<(Id, String)> {
            let mine = mine.iter().filter(|(_, was, now, ..)| wanted(was, now));
            mine.map(|(id, was, now, ..)| (*id, fate(*was, *now, item))).collect()
        };
        let points = |amount: i64| Amount::hundredths(amount).to_string();
        let sized = |amount: i64| size(Amount::hundredths(amount), Unit::Points);
        let mut push = |what: String, from: i64, to: i64, stories: Vec<(Id, String)>| {
            let what = format!("{what}{}", named(product, &stories));
            let words = (sized(from), sized(to));
            out.push(Moved { by: Some(last.clone()), stories, ..line(item, Side::How, what, words, None) });
        };
        // Only what changed the sum is a cause of it.
        let resized = told(&|was, now| was.share(item).0 != now.share(item).0);
        let without_size = |one: &Weight| one.under(item) && one.points.is_none();
        match (now.0.saturating_sub(then.0), more) {
            (0, 0) => {}
            (0, more) => {
                let word = if more > 0 { "more" } else { "fewer" };
                push(
                    format!("{} {word} without points", more.abs()),
                    then.0,
                    now.0,
                    told(&|was, now| without_size(was) != without_size(now)),
                );
            }
            (by, _) => {
                let verb = if by > 0 { "grew" } else { "shrank" };
                push(format!("{verb} {} → {}", points(then.0), sized(now.0)), then.0, now.0, resized);
            }
        }
        if then.1 != now.1 {
            // The share on the roadmap guesses these; here only what has points counts.
            let unsized_items = product.index().under(Some(item)).sums.unsized_items as usize;
            let beside = match unsized_items {
                0 => String::new(),
                many => format!(", not counting {} without points", count(many, "story", "stories")),
            };
            let what = format!("done {} → {} of {} points{beside}", points(then.1), points(now.1), points(now.0));
            push(what, then.1, now.1, told(&|was, now| was.done != now.done));
        }
        self.edits(product, item, out);
    }

    fn edits(&self, product: &Product, item: Id, out: &mut Vec<Moved>) {
        let serves = |id: Id| product.items().get(id).is_some_and(|story| story.serves == Some(item));
        let mine: Vec<_> = self.edited.iter().filter(|(id, ..)| serves(*id)).collect();
        let Some((_, by, at)) = mine.iter().max_by_key(|one| one.2) else { return };
        let stories: Vec<(Id, String)> = mine.iter().map(|(id, ..)| (*id, "was rewritten".to_string())).collect();
        let what = format!("stories rewritten{}", named(product, &stories));
        let by = Some((by.clone(), *at));
        out.push(Moved { by, stories, ..line(item, Side::How, what, (String::new(), String::new()), None) });
    }
}

/// ` (S4, S7)`, four of them at most.
fn named(product: &Product, stories: &[(Id, String)]) -> String {
    let names: Vec<String> = stories.iter().take(4).map(|(id, _)| product.name_of(*id)).collect();
    let more = if stories.len() > 4 { " …" } else { "" };
    if names.is_empty() { String::new() } else { format!(" ({}{more})", names.join(", ")) }
}

/// The parts that a story had at the beginning of the window and has no more, less those that came, with whoever did it
/// last.
struct LostParts {
    more: i64,
    by: String,
    at: When,
}

fn lost_parts(product: &Product, ids: &[Id], cells: &Cells) -> FxHashMap<Id, LostParts> {
    let mut out: FxHashMap<Id, LostParts> = FxHashMap::default();
    for item in ids.iter().filter_map(|id| product.items().get(*id)) {
        let cell = |key: &'static str| cells.get(&(item.id, key));
        let (now, then) = (now(product, item), was(now(product, item), item.id, cells));
        let before = cell("parent").map(|one| Option::<Id>::from_value(&one.from).unwrap_or_default());
        let (before, after) = (before.unwrap_or(item.parent), item.parent);
        let (before, after) = (before.filter(|_| then.counts), after.filter(|_| now.counts));
        let last = ["alive", "parent", "status"].iter().filter_map(|key| cell(key)).max_by_key(|one| one.at);
        let Some(last) = last.filter(|_| before != after) else { continue };
        for (whole, by) in [(before, 1), (after, -1)] {
            let Some(whole) = whole else { continue };
            let one = out.entry(whole).or_insert_with(|| LostParts { more: 0, by: last.by.clone(), at: last.at });
            one.more = one.more.saturating_add(by);
            if last.at >= one.at {
                (one.by, one.at) = (last.by.clone(), last.at);
            }
        }
    }
    out
}

fn now(product: &Product, item: &BacklogItem) -> Weight {
    let alive = product.find(item.id).is_some_and(|record| record.is_alive());
    Weight {
        serves: item.serves,
        counts: alive && item.status != ItemStatus::Dropped,
        points: item.points,
        done: item.status == ItemStatus::Done,
        whole: !product.index().counts(item),
    }
}

/// The story before the window: each changed cell with its old value.
fn was(now: Weight, id: Id, cells: &Cells) -> Weight {
    let mut was = now;
    let from = |key: &'static str| cells.get(&(id, key)).map(|one| &one.from);
    if let Some(value) = from("serves") {
        was.serves = Option::<Id>::from_value(value).unwrap_or_default();
    }
    if let Some(value) = from("points") {
        was.points = Option::<Amount>::from_value(value).unwrap_or_default();
    }
    if let Some(value) = from("status") {
        let status = ItemStatus::from_value(value).unwrap_or_default();
        was.done = status == ItemStatus::Done;
        was.counts = status != ItemStatus::Dropped;
    }
    if let Some(value) = from("alive") {
        was.counts &= *value == Value::Bool(true);
    }
    was
}

/// The outcome of a story, for the item.
fn fate(was: Weight, now: Weight, item: Id) -> String {
    let sized =
        |points: Option<Amount>| points.map_or_else(|| "no points".to_string(), |points| size(points, Unit::Points));
    match (was.under(item), now.under(item)) {
        (false, true) => format!("added, {}", sized(now.points)),
        (true, false) if now.counts && now.whole => "is counted by its parts now".to_string(),
        (true, false) if now.counts => "now serves something else".to_string(),
        (true, false) => "was dropped".to_string(),
        _ if was.points != now.points => format!("{} → {}", sized(was.points), sized(now.points)),
        _ if now.done => format!("is done, {}", sized(now.points)),
        _ => "is open again".to_string(),
    }
}

/// The points of an item's stories and how many of them are done, in hundredths, without dropped stories.
fn sums(product: &Product, item: Id) -> (i64, i64) {
    let slots = &product.index().under(Some(item)).slots;
    let stories = slots.iter().filter_map(|slot| product.items().at(*slot));
    let counted = stories.filter(|story| story.status != ItemStatus::Dropped && product.index().counts(story));
    counted.fold((0, 0), |(all, done), story| {
        let size = story.points.map_or(0, Amount::in_hundredths);
        let is_done = story.status == ItemStatus::Done;
        (all.saturating_add(size), done.saturating_add(if is_done { size } else { 0 }))
    })
}
