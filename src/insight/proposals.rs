//! Proposals as they stand now: the values, which ones are overtaken, and which records they are about.

use crate::insight::forecast::{Forecast, forecast};
use crate::insight::trace::{asks_again, is_over};
use crate::model::change::{Change, Step};
use crate::model::derived_cells::{SeenWhy, moves_the_why, seen_whys};
use crate::model::field::{Field, Record};
use crate::model::id::Id;
use crate::model::product::Product;
pub use crate::model::proposed::{creates, decides, owner, role, wanted};
use crate::model::rank::Rank;
use crate::model::schema::{Kind, Proposal, ProposalState, RoadmapItem};
use crate::model::snapshot_types::ProposedCell;
use crate::model::value::{Cell, Day, Measure, Reading, Shape, Value};
use rustc_hash::FxHashSet;
use std::fmt;

/// Where a proposal stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProposalStatus {
    Open,
    /// Open, but something that it would change has changed since.
    Stale,
    Accepted,
    Declined,
    Withdrawn,
}

impl ProposalStatus {
    /// As `show inbox --json` names it.
    pub fn key(self) -> &'static str {
        match self {
            ProposalStatus::Open => "open",
            ProposalStatus::Stale => "stale",
            ProposalStatus::Accepted => "accepted",
            ProposalStatus::Declined => "declined",
            ProposalStatus::Withdrawn => "withdrawn",
        }
    }

    pub fn is_open(self) -> bool {
        matches!(self, ProposalStatus::Open | ProposalStatus::Stale)
    }
}

impl fmt::Display for ProposalStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ProposalStatus::Stale => "outdated",
            other => other.key(),
        })
    }
}

/// One cell of a proposal with the three values that matter.
#[derive(Clone, PartialEq, Debug)]
pub struct ProposedChange {
    /// From the value at the time of the proposal to the one wanted.
    pub change: Change,
    pub present: Value,
}

impl ProposedChange {
    /// True if the cell has changed since, to something else than what is wanted.
    pub fn is_stale(&self) -> bool {
        self.present != self.change.from && self.present != self.change.to
    }
}

/// The cells that it would change, as they are now.
pub fn cells(product: &Product, proposal: &Proposal) -> Vec<ProposedChange> {
    let cell = |change: Change| {
        let present = product.value(change.id, change.field);
        let change = read_beside(&change, &present).unwrap_or(change);
        ProposedChange { change, present }
    };
    wanted(proposal).into_iter().map(cell).collect()
}

/// The measures in a value, however many its field holds.
pub fn measures(field: &Field, value: &Value) -> Vec<Measure> {
    match field.shape {
        Shape::Measure => Measure::from_value(value).map(|one| vec![one]).unwrap_or_default(),
        Shape::Measures => Vec::from_value(value).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// The readings that a change adds, each with the place of its measure, if it changes nothing else.
pub fn new_readings(change: &Change) -> Vec<(usize, Reading)> {
    let (was, want) = (measures(change.field, &change.from), measures(change.field, &change.to));
    let same = |(was, want): (&Measure, &Measure)| *was == Measure { readings: was.readings.clone(), ..want.clone() };
    if was.len() != want.len() || !was.iter().zip(&want).all(same) {
        return Vec::new();
    }
    let pairs = was.iter().zip(want).enumerate();
    let new = |(at, (was, want)): (usize, (&Measure, Measure))| {
        let is_new = |one: &Reading| !was.readings.contains(one);
        want.readings.into_iter().filter(is_new).map(|one| (at, one)).collect::<Vec<_>>()
    };
    pairs.flat_map(new).collect()
}

/// A proposed reading goes beside those that came since, and beside a target that has changed since.
fn read_beside(change: &Change, present: &Value) -> Option<Change> {
    let new = new_readings(change);
    if new.is_empty() || *present == change.from || *present == change.to {
        return None;
    }
    let (was, mut all) = (measures(change.field, &change.from), measures(change.field, present));
    for (at, reading) in new {
        let of = was.get(at)?;
        let is_it = |one: &Measure| if of.id.is_some() { one.id == of.id } else { one.name == of.name };
        // A measure that is gone gets no reading, nor does another one in its place.
        let known = all.iter().position(is_it).or_else(|| (all.len() == was.len()).then_some(at))?;
        let measure = all.get_mut(known)?;
        measure.readings.retain(|one| one.day != reading.day);
        measure.readings.push(reading);
        measure.readings.sort_by_key(|one| one.day);
    }
    let to = match change.field.shape {
        Shape::Measure => all.first().map(Cell::to_value)?,
        _ => all.to_value(),
    };
    Some(Change { from: present.clone(), to, ..change.clone() })
}

/// Where it stands.
pub fn status(product: &Product, proposal: &Proposal) -> ProposalStatus {
    match proposal.state {
        ProposalState::Accepted => ProposalStatus::Accepted,
        ProposalState::Declined => ProposalStatus::Declined,
        ProposalState::Withdrawn => ProposalStatus::Withdrawn,
        ProposalState::Open if cells(product, proposal).iter().any(|cell| is_overtaken(product, cell)) => {
            ProposalStatus::Stale
        }
        ProposalState::Open => ProposalStatus::Open,
    }
}

/// True if a cell has changed since, or belongs to a record that has been deleted since.
fn is_overtaken(product: &Product, cell: &ProposedChange) -> bool {
    let gone = || product.find(cell.change.id).is_some_and(|record| !record.is_alive());
    cell.is_stale() || (cell.change.field.key != "alive" && gone())
}

/// True if the record was deleted.
pub fn is_gone(product: &Product, id: Id) -> bool {
    product.find(id).is_none_or(|record| !record.is_alive())
}

/// True if it asks for a deletion alone, and somebody else did it since.
pub fn is_deleted_already(product: &Product, proposal: &Proposal) -> bool {
    let gone: Vec<Id> = wanted(proposal).iter().filter(|one| one.is_deletion()).map(|one| one.id).collect();
    let all = wanted(proposal);
    !gone.is_empty() && all.iter().all(|one| gone.contains(&one.id)) && gone.iter().all(|id| is_gone(product, *id))
}

/// Whether a proposed place is further up; `None` for a cell that is no place in an order.
pub fn moves_up(cell: &ProposedCell) -> Option<bool> {
    let rank = |value| Rank::from_value(value).ok().filter(|_| cell.field == "rank");
    Some(rank(&cell.want)? < rank(&cell.was)?)
}

/// The open proposals, oldest first, each with what it says.
pub fn open(product: &Product) -> impl Iterator<Item = &Proposal> {
    product.all::<Proposal>().map(|one| &**one).filter(|one| one.state == ProposalState::Open)
}

/// The records with an open proposal on them.
pub fn marked(product: &Product) -> FxHashSet<Id> {
    open(product).flat_map(|one| one.about.iter().copied()).collect()
}

/// `new: Fewer no-shows`, if a value leads to a record that the same proposal would create.
pub fn new_record(proposal: &Proposal, value: &Value) -> Option<String> {
    let id = value.as_str().and_then(Id::parse)?;
    let all = wanted(proposal);
    all.iter().find(|one| one.id == id && one.is_creation())?;
    let title = all.iter().find(|one| one.id == id && Some(one.field) == one.kind().title_field());
    Some(format!("new: {}", title.and_then(|one| one.to.as_str()).unwrap_or_default()))
}

/// The open proposals on a record, oldest first.
pub fn open_on(product: &Product, id: Id) -> Vec<&Proposal> {
    open(product).filter(|one| one.about.contains(&id)).collect()
}

/// The open proposal that somebody made last.
pub fn latest_by(product: &Product, by: &str) -> Option<Id> {
    open(product).filter(|one| *one.by == *by).max_by_key(|one| (one.at, one.id)).map(|one| one.id)
}

/// What accepting a proposal would move.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AcceptanceEffect {
    /// Records that would ask for another look, because their why changes.
    pub asks: Vec<Id>,
    /// Those that would ask if it was accepted with another text, which its author has not seen.
    pub asks_if_edited: Vec<Id>,
    /// Roadmap items whose safe forecast would move: the day before and after, `None` where there is none.
    pub moves: Vec<(Id, Option<Day>, Option<Day>)>,
}

/// Compares a product with itself after a proposal was accepted in this step.
pub fn effect(before: &Product, after: &Product, step: &Step, today: Day) -> AcceptanceEffect {
    // Who proposed it has seen it.
    let asks = asking(before, step, &seen_whys(before, step));
    let asks_if_edited = asking(before, step, &[]);
    let moves = if step.changes.iter().any(moves_the_forecast) { moves(before, after, today) } else { Vec::new() };
    AcceptanceEffect { asks, asks_if_edited, moves }
}

/// The records that were confirmed under a why that the step changes, and that do not ask for another look yet.
fn asking(product: &Product, step: &Step, seen: &[SeenWhy]) -> Vec<Id> {
    let whys: FxHashSet<Id> = step.changes.iter().filter(|one| moves_the_why(one)).map(|one| one.id).collect();
    let kinds = Kind::ALL.iter().filter(|kind| !whys.is_empty() && kind.field("confirmed").is_some());
    let is_seen = |record: &dyn Record, on: Id| seen.iter().any(|one| one.covers(record, on));
    let hangs =
        |record: &&dyn Record| record.confirmed().iter().any(|one| whys.contains(&one.on) && !is_seen(*record, one.on));
    let asks = |record: &&dyn Record| asks_again(product, *record).is_empty() && !is_over(product, *record);
    kinds.flat_map(|kind| product.living(*kind)).filter(hangs).filter(asks).map(|record| record.id()).collect()
}

fn moves_the_forecast(change: &Change) -> bool {
    change.kind() == Kind::BacklogItem
        && matches!(change.field.key, "alive" | "rank" | "points" | "serves" | "status" | "parent" | "sprint")
}

fn moves(before: &Product, after: &Product, today: Day) -> Vec<(Id, Option<Day>, Option<Day>)> {
    let safe = |forecast: &Forecast, item: Id| forecast.row(item).and_then(|row| row.safe).map(|one| one.day);
    let (was, will) = (forecast(before, today), forecast(after, today));
    let items = after.all::<RoadmapItem>().map(|item| (item.id, safe(&was, item.id), safe(&will, item.id)));
    items.filter(|(_, was, will)| was != will).collect()
}

/// The words that two texts do not share: those only in the first, and those only in the second. A comma or full stop is
/// compared for itself, so that it does not take its word along.
pub fn differing_words(was: &str, want: &str) -> (String, String) {
    let (a, b) = (tokens(was), tokens(want));
    let same = |(a, b): &(&(usize, &str), &(usize, &str))| a.1 == b.1;
    let head = a.iter().zip(&b).take_while(same).count();
    let (rest_a, rest_b) = (a.get(head..).unwrap_or_default(), b.get(head..).unwrap_or_default());
    let tail = rest_a.iter().rev().zip(rest_b.iter().rev()).take_while(same).count();
    let middle = |text: &str, rest: &[(usize, &str)]| {
        let only = rest.get(..rest.len().saturating_sub(tail)).unwrap_or_default();
        let (Some((from, _)), Some((last, word))) = (only.first(), only.last()) else { return String::new() };
        let found = text.get(*from..last.saturating_add(word.len())).unwrap_or_default();
        found.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    (middle(was, rest_a), middle(want, rest_b))
}

/// Words and signs with their places. A sign within a word, as in `3.5` or `no-shows`, belongs to it; a box is one sign.
fn tokens(text: &str) -> Vec<(usize, &str)> {
    let mut out = Vec::new();
    let mut from: Option<usize> = None;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let end = at.saturating_add(letter.len_utf8());
        let is_box = |rest: &str| ["[ ]", "[x]"].iter().any(|sign| rest.starts_with(sign));
        if from.is_none() && text.get(at..).is_some_and(is_box) {
            let end = at.saturating_add("[ ]".len());
            out.extend(text.get(at..end).map(|sign| (at, sign)));
            letters.nth(1);
            continue;
        }
        let goes_on = letters.peek().is_some_and(|(_, next)| next.is_alphanumeric());
        let is_word = letter.is_alphanumeric() || (from.is_some() && goes_on && !letter.is_whitespace());
        if is_word {
            let begun = *from.get_or_insert(at);
            let is_within = letters.peek().is_some_and(|(_, next)| !next.is_whitespace());
            let next_is_sign_at_end = {
                let mut ahead = letters.clone();
                let sign = ahead.next().is_some_and(|(_, next)| !next.is_alphanumeric());
                sign && !ahead.next().is_some_and(|(_, after)| after.is_alphanumeric())
            };
            if !is_within || next_is_sign_at_end {
                out.extend(text.get(begun..end).map(|word| (begun, word)));
                from = None;
            }
        } else if !letter.is_whitespace() {
            out.extend(text.get(at..end).map(|sign| (at, sign)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_that_differ_are_those_between_what_is_shared() {
        let differ = |a, b| {
            let (was, want) = differing_words(a, b);
            format!("{was}|{want}")
        };
        assert_eq!(differ("Shops see our bookings.", "Shops see our bookings and theirs."), "|and theirs");
        assert_eq!(differ("The list is there", "The list is, every hour, there"), "|, every hour,");
        assert_eq!(
            differ("It reads 3.5 of no-shows (all)", "It reads 3.7 of no-shows (none)"),
            "3.5 of no-shows (all|3.7 of no-shows (none"
        );
        assert_eq!(differ("[ ] Opens. [x] Shuts.", "[x] Opens. [x] Shuts."), "[ ]|[x]");
        assert_eq!(differ("a b c", "a b c"), "|");
        assert_eq!(differ("a b", "a x b"), "|x");
        assert_eq!(differ("a a", "a"), "a|");
        assert_eq!(differ("", "new"), "|new");
    }
}
