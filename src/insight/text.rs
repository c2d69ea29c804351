//! Records and values as people read them: by number and title, never by id.

use crate::insight::sprint::{Unit, is_open};
use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::index::Sums;
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, ItemStatus, Kind};
use crate::model::snapshot_types::ShownStep;
use crate::model::value::{Amount, Cell, Choice, Life, Measure, Shape, Value};
use serde::Deserialize;

/// `split into S41, S42`, of a story whose parts count in its place.
pub fn split_into(product: &Product, id: Id) -> Option<String> {
    let is_part = |item: &&std::sync::Arc<BacklogItem>| item.parent == Some(id) && item.status != ItemStatus::Dropped;
    let parts: Vec<String> = match product.index().parts(id) {
        0 => return None,
        _ => product.all::<BacklogItem>().filter(is_part).map(|item| product.name_of(item.id)).collect(),
    };
    (!parts.is_empty()).then(|| format!("split into {}", parts.join(", ")))
}

/// The points of a story: `5`, `?` of one without; the sum of its parts, in brackets, of one that was split.
pub fn points_word(product: &Product, item: &BacklogItem) -> String {
    if product.index().counts(item) {
        return item.points.map_or_else(|| "?".to_string(), |points| points.to_string());
    }
    parts_sum(product, item.id, 0).map_or_else(|| "(?)".to_string(), |sum| format!("({sum})"))
}

/// The points of the parts of a story, and of theirs. `None` if none of them has any. Nobody nests them deeper than this.
fn parts_sum(product: &Product, whole: Id, depth: usize) -> Option<Amount> {
    let is_part =
        |item: &&std::sync::Arc<BacklogItem>| item.parent == Some(whole) && item.status != ItemStatus::Dropped;
    let size = |item: &std::sync::Arc<BacklogItem>| match product.index().counts(item) || depth >= 8 {
        true => item.points,
        false => parts_sum(product, item.id, depth.saturating_add(1)),
    };
    product.all::<BacklogItem>().filter(is_part).filter_map(size).reduce(Amount::plus)
}

/// A story in a list below what it serves: its points and its state. Of one that was split, its parts count.
pub fn size_and_state(product: &Product, item: &BacklogItem) -> String {
    let state = if product.index().counts(item) { item.status.label() } else { "its parts count" };
    format!("{}  {state}", points_word(product, item))
}

/// The stories that the backlog lists as open, and those done. One that was split stands among its parts there, although
/// the figures count the parts alone.
pub fn listed(product: &Product) -> (usize, usize) {
    let sums = product.index().all;
    let wholes = || {
        product.index().wholes().filter_map(|id| product.get::<BacklogItem>(id)).filter(|one| one.alive == Life::Alive)
    };
    let done = wholes().filter(|item| item.status == ItemStatus::Done).count();
    let open = wholes().filter(|item| is_open(item)).count();
    ((sums.open() as usize).saturating_add(open), (sums.done as usize).saturating_add(done))
}

/// Number and title: `S24 Cancel without a phone call`.
pub fn headline(product: &Product, id: Id) -> String {
    let Some(record) = product.find(id) else { return product.name_of(id) };
    match record.kind() {
        Kind::VisionBoard => record.title(),
        _ => format!("{} {}", record.name(), record.title()),
    }
}

/// How far the stories of a why are (docs/FIGURES.md, Roadmap progress).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ShareDone {
    pub percent: u8,
    pub unit: Unit,
    /// Stories without points, counted as the mean of the others.
    pub guessed: u32,
    pub done: u32,
    pub stories: u32,
}

impl ShareDone {
    /// `None` if there are no stories.
    pub fn of(sums: &Sums) -> Option<ShareDone> {
        let unit = if sums.is_in_points() { Unit::Points } else { Unit::Stories };
        let guessed = if unit == Unit::Points { sums.unsized_items } else { 0 };
        let (done, stories) = (sums.done, sums.items);
        sums.percent().map(|percent| ShareDone { percent, unit, guessed, done, stories })
    }

    /// `24 % pts`, `~36 % pts` with guessed sizes, `20 % stories`.
    pub fn short(&self) -> String {
        let unit = if self.unit == Unit::Points { "pts" } else { "stories" };
        format!("{}{} % {unit}", if self.guessed > 0 { "~" } else { "" }, self.percent)
    }

    /// `24%`, `~36%`: where there is no room for the unit, which the panes name.
    pub fn compact(&self) -> String {
        format!("{}{}%", if self.guessed > 0 { "~" } else { "" }, self.percent)
    }

    /// `24 % of points, 2 of 10 stories`; `about 36 % of points with 3 sizes guessed, …`.
    pub fn words(&self) -> String {
        let share = match (self.unit, self.guessed) {
            (Unit::Stories, _) => format!("{} % of stories", self.percent),
            (_, 0) => format!("{} % of points", self.percent),
            (_, 1) => format!("about {} % of points with 1 size guessed", self.percent),
            (_, count) => format!("about {} % of points with {count} sizes guessed", self.percent),
        };
        let many = if self.stories == 1 { "story" } else { "stories" };
        format!("{share}, {} of {} {many}", self.done, self.stories)
    }
}

/// `24 % of points, 2 of 10 stories`, or that there are no stories yet.
pub fn progress(product: &Product, why: Id) -> String {
    let sums = product.index().under(Some(why)).sums;
    ShareDone::of(&sums).map_or_else(|| "no stories yet".to_string(), |one| one.words())
}

/// The label of one of a fixed list; an empty value is the first of the list. `None` for a field of another shape.
pub fn choice(field: &Field, value: &Value) -> Option<&'static str> {
    let Shape::Choice(all) = field.shape else { return None };
    let named = |one: &&Choice| Some(one.key) == value.as_str();
    all.iter().find(named).or(all.first()).map(|one| one.label)
}

/// A value as people read it, with links by number.
pub fn text(product: &Product, field: &Field, value: &Value) -> String {
    let linked = |value: &Value| value.as_str().and_then(Id::parse).map(|id| product.name_of(id));
    match (field.shape, value) {
        (_, Value::Null) => String::new(),
        (Shape::Link, value) => linked(value).unwrap_or_default(),
        (Shape::Links, Value::Array(all)) => all.iter().filter_map(linked).collect::<Vec<_>>().join(", "),
        (Shape::Entries, Value::Array(all)) if field.key == "shown" => {
            all.iter().filter_map(|one| shown_step(product, one)).collect::<Vec<_>>().join(", ")
        }
        _ => field.text_of(value),
    }
}

/// A step of a review and what became of it: `S3`, `not done (left out)`.
fn shown_step(product: &Product, value: &Value) -> Option<String> {
    let step = ShownStep::deserialize(value).ok()?;
    let name = Id::parse(&step.id).map_or_else(|| step.id.replace('_', " "), |id| product.name_of(id));
    Some(if step.left_out { format!("{name} (left out)") } else { name })
}

/// Where a measure stands: `now 9, 89 % of the way, read 20 Nov 2026`. Empty if nobody has read it.
pub fn standing(measure: &Measure) -> String {
    let Some(last) = measure.readings.iter().max_by_key(|reading| reading.day) else { return String::new() };
    let unit = if measure.unit.is_empty() { String::new() } else { format!(" {}", &*measure.unit) };
    let way = measure.progress().map(|percent| format!(", {percent} % of the way")).unwrap_or_default();
    let note = if last.note.is_empty() { String::new() } else { format!(": {}", &*last.note) };
    format!("now {}{unit}{way}, read {}{note}", last.value, last.day.0.format("%-d %b %Y"))
}

/// `Left before the list, 17 → 8 %, now 9: 89 % of the way`.
pub fn measure(measure: &Measure) -> String {
    let text = measure.to_text();
    match (measure.readings.is_empty(), measure.today(), measure.progress()) {
        (false, Some(today), Some(percent)) => format!("{text}, now {today}: {percent} % of the way"),
        (false, Some(today), None) => format!("{text}, now {today}"),
        _ => text,
    }
}
