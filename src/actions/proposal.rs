//! Proposals: what a role may not write becomes one, and its owner accepts or declines it.

use crate::actions::action::{Action, Args, Context, wrong_kind};
use crate::actions::edit::{self, Place, short};
use crate::actions::proposal_trial::{can_be_accepted, reason_in};
use crate::actions::setters::{asks, set_through, setter};
use crate::insight::proposals::{
    self, ProposalStatus, ProposedChange, creates, decides, new_readings, owner, status, wanted,
};
use crate::insight::text;
use crate::model::access::{Access, access, permit, split};
use crate::model::change::{Change, Origin, Step, diff};
use crate::model::field::{Entity, Field};
use crate::model::grammar::{capital, count, plural_noun, to_do};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::proposed::{accepts, stored};
use crate::model::rank::Rank;
use crate::model::refusal::Refusal;
use crate::model::role::{Owner, Role};
use crate::model::rules::{hold, misfits};
use crate::model::schema::{Kind, Proposal, ProposalState};
use crate::model::snapshot_types::ProposedCell;
use crate::model::value::{Cell, Life, Map, Shape, Value};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

pub const ACCEPT: Action = Action {
    name: "proposal.accept",
    hint: "Accepts a proposal: what it asks for is written, credited to both.",
    with: &[
        ("on", "the proposal"),
        ("set", "fields with the values as edited, optional"),
        ("note", "an answer, optional"),
    ],
    run: |product, args, context| {
        let (_, id) = args.record("on")?;
        accept(product, id, &edited(product, id, args)?, args.trimmed("note"), context)
    },
    sets: None,
};

pub const DECLINE: Action = Action {
    name: "proposal.decline",
    hint: "Declines a proposal, with a reason for its author.",
    with: &[("on", "the proposal"), ("reason", "why, in a line")],
    run: |product, args, context| decline(product, args.record("on")?.1, args.trimmed("reason"), context),
    sets: None,
};

pub const WITHDRAW: Action = Action {
    name: "proposal.withdraw",
    hint: "Withdraws a proposal of your own that nobody has answered.",
    with: &[("on", "the proposal")],
    run: |product, args, context| withdraw(product, args.record("on")?.1, context),
    sets: None,
};

/// A value that its owner accepts in place of the proposed one.
pub type Edited = (Id, &'static Field, Value);

/// What becomes of the part of a step that the other half decides.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProposeAs {
    /// A proposal for each record, as for the lines of a script.
    Separate,
    /// The same, but other values for the same cells change the author's open proposal. Lists and longer texts grow by
    /// several.
    Revised,
    /// What this proposal asks for from then on, if it is about the same cells.
    RevisionOf(Id),
    /// One proposal for all of it: no part makes sense without the others.
    Whole,
}

/// Turns a step into what its author may do: the part that the role may write, and a proposal for the rest. Returns the
/// step to write and the proposals in it; a step without the other half's cells is returned as it is.
///
/// `way` says what becomes of that rest.
///
/// # Errors
///
/// Refuses what cannot be proposed, such as the start of a sprint, and a value that its field refuses.
pub fn across(
    product: &Product,
    step: Step,
    because: &str,
    way: ProposeAs,
    context: &mut Context,
) -> Result<(Step, Vec<Id>), Refusal> {
    let Err(refusal) = permit(context.role, &step) else { return Ok((step, Vec::new())) };
    if accepts(&step) {
        return Ok((step, Vec::new()));
    }
    let (mut mine, theirs) = split(context.role, &step);
    let groups = match way {
        ProposeAs::Whole => vec![groups(&theirs).into_iter().flatten().collect()],
        _ => groups(&theirs),
    };
    if !groups.iter().all(|group| group.iter().all(|change| can_be_proposed(group, change))) {
        return Err(refusal);
    }
    check(product, &mine, &theirs)?;
    let given = if because.trim().is_empty() { reason_in(&theirs) } else { None };
    let because = given.as_deref().unwrap_or(because);
    let mut made = Vec::with_capacity(groups.len());
    let ranks = edit::ranks_at(product, Kind::Proposal, Place::Bottom, groups.len(), &[]);
    let known = KnownProposals::of(product, context.role);
    for (changes, rank) in groups.iter().zip(ranks) {
        if let Some(known) = known.like(changes) {
            made.push(known);
            continue;
        }
        let title = match way {
            ProposeAs::Whole => step.label.clone(),
            _ => title(product, changes, &step.label),
        };
        let title = to_do(&title);
        let words = Words { title, because };
        let (id, cells) = match known.about(changes, &context.by, way) {
            Some(known) => (known.id, revise(product, known, changes, words, context)),
            None => propose(product, changes, words, rank, context),
        };
        mine.changes.extend(cells);
        made.push(id);
    }
    if permit(context.role, &mine).is_err() {
        return Err(refusal);
    }
    can_be_accepted(product, &mine, &made, &context.by)?;
    mine.label = match mine.changes.iter().all(|change| change.kind() == Kind::Proposal) {
        true => format!("Proposed: {}", to_do(&step.label)),
        false => format!("{}, the rest proposed", step.label),
    };
    Ok((mine, made))
}

/// The open proposals of a role, to find one that asks for the same: an import that is run again proposes nothing twice.
struct KnownProposals<'a> {
    /// Those of new records, by what these say of themselves.
    new: FxHashMap<Vec<(&'static str, String)>, Id>,
    /// The others, by the record of their first cell.
    of: FxHashMap<Id, Vec<&'a Proposal>>,
}

impl<'a> KnownProposals<'a> {
    fn of(product: &'a Product, role: Role) -> KnownProposals<'a> {
        let (mut new, mut of) = (FxHashMap::default(), FxHashMap::<Id, Vec<&Proposal>>::default());
        for one in proposals::open(product).filter(|one| *one.role == *role.key()) {
            let cells = wanted(one);
            match cells.iter().any(Change::is_creation) {
                true => drop(new.insert(brings(cells.iter()), one.id)),
                false => of.entry(one.changes.first().map_or(one.id, |cell| cell.on)).or_default().push(one),
            }
        }
        KnownProposals { new, of }
    }

    /// The proposal that asks for just these changes. Of new records, ids, places, dates and links may differ.
    fn like(&self, changes: &[Change]) -> Option<Id> {
        if changes.iter().any(Change::is_creation) {
            return self.new.get(&brings(changes.iter())).copied();
        }
        let same = |(known, change): (&ProposedCell, &Change)| {
            known.field == change.field.key && known.on == change.id && known.want == change.to
        };
        let says = |one: &&&Proposal| one.changes.len() == changes.len() && one.changes.iter().zip(changes).all(same);
        self.of.get(&changes.first()?.id)?.iter().find(says).map(|one| one.id)
    }

    /// The proposal of this author about just these cells, which then asks for the new values.
    fn about(&self, changes: &[Change], by: &str, way: ProposeAs) -> Option<&'a Proposal> {
        let grows = |change: &Change| {
            !matches!(change.field.shape, Shape::Line | Shape::Choice(_) | Shape::Link | Shape::Amount | Shape::Day)
                && change.field.key != "rank"
        };
        let same = |(known, change): (&ProposedCell, &Change)| known.field == change.field.key && known.on == change.id;
        let is_it = |one: &&&Proposal| {
            let may = match way {
                ProposeAs::Separate | ProposeAs::Whole => false,
                ProposeAs::Revised => *one.by == *by && !changes.iter().any(grows),
                ProposeAs::RevisionOf(id) => id == one.id,
            };
            may && one.changes.len() == changes.len() && one.changes.iter().zip(changes).all(same)
        };
        self.of.get(&changes.first()?.id)?.iter().find(is_it).copied()
    }
}

/// What new records say of themselves, whatever their ids are: fields and values, in an order of their own.
fn brings<'a>(changes: impl Iterator<Item = &'a Change> + Clone) -> Vec<(&'static str, String)> {
    let new: FxHashSet<Id> = changes.clone().filter(|one| one.is_creation()).map(|one| one.id).collect();
    let same_each_time = |one: &&Change| {
        let has_ids = one.field.is_link() || one.field.shape == Shape::Entries;
        !matches!(one.field.key, "rank" | "created" | "imported_at") && !has_ids
    };
    let value = |one: &Change| match one.field.shape {
        Shape::Facts if matches!(one.field.key, "source" | "imported") => {
            ["system", "site", "key"].map(|key| one.to.get(key).map(Value::to_string).unwrap_or_default()).join(" ")
        }
        _ => one.to.to_string(),
    };
    let own = changes.filter(|one| new.contains(&one.id)).filter(same_each_time);
    let mut out: Vec<(&'static str, String)> = own.map(|one| (one.field.key, value(one))).collect();
    out.sort();
    out
}

/// One group a proposal: new records that link to each other with all links to them, the cells of one record, or places
/// in an order.
fn groups(theirs: &Step) -> Vec<Vec<Change>> {
    let together = together(theirs);
    let by_hand = |change: &&Change| access(Role::Both, change.field) != Access::No && change.field.key != "rank";
    let also: FxHashSet<Id> = theirs.changes.iter().filter(by_hand).map(|change| change.id).collect();
    let mut out: Vec<Vec<Change>> = Vec::new();
    let mut places: FxHashMap<Option<Id>, usize> = FxHashMap::default();
    for change in &theirs.changes {
        let new = new_of(&together, change);
        if new.is_none() && access(Role::Both, change.field) == Access::No {
            continue;
        }
        // A card that goes to another column and to another place in it moves once.
        let is_place = change.field.key == "rank" && !also.contains(&change.id);
        let key = new.or((!is_place).then_some(change.id));
        let place = *places.entry(key).or_insert(out.len());
        match out.get_mut(place) {
            Some(group) => group.push(change.clone()),
            None => out.push(vec![change.clone()]),
        }
    }
    out
}

/// The group of the new record that a change is about, or that it links to.
fn new_of(together: &FxHashMap<Id, Id>, change: &Change) -> Option<Id> {
    let linked = || Id::all_in(&change.to).find_map(|id| together.get(&id)).filter(|_| change.field.is_link());
    together.get(&change.id).or_else(linked).copied()
}

/// The new records, each with one that stands for all that it is linked to.
fn together(theirs: &Step) -> FxHashMap<Id, Id> {
    let mut out: FxHashMap<Id, Id> = theirs.created().map(|(_, id)| (id, id)).collect();
    for change in theirs.changes.iter().filter(|change| change.field.is_link()) {
        for to in Id::all_in(&change.to) {
            let (Some(a), Some(b)) = (out.get(&change.id).copied(), out.get(&to).copied()) else { continue };
            if a != b {
                out.values_mut().filter(|one| **one == b).for_each(|one| *one = a);
            }
        }
    }
    out
}

/// True if the change can be made later: by hand, by an action that only needs the value, or with its new record.
fn can_be_proposed(group: &[Change], change: &Change) -> bool {
    let field = change.field;
    let kept = matches!(change.kind(), Kind::RoadmapVersion | Kind::Conflict | Kind::Proposal);
    let is_new = || group.iter().any(|one| one.is_creation() && one.id == change.id);
    !kept && (field.actions.is_empty() || setter(field).is_some() || is_new())
}

/// Checks what can be checked before anybody accepts it: it may link to what the author makes in the same step.
fn check(product: &Product, mine: &Step, theirs: &Step) -> Result<(), Refusal> {
    if let Some(misfit) = misfits(theirs).into_iter().next() {
        return Err(misfit.into());
    }
    if !theirs.changes.iter().any(|change| change.field.is_link()) {
        return Ok(());
    }
    let mut after = product.clone();
    after.apply(mine).and_then(|()| after.apply(theirs)).map_err(Refusal::unchanged)?;
    hold(&after, theirs, Origin::Edit).map_err(Refusal::from)
}

/// What a proposal is called.
fn title(product: &Product, changes: &[Change], label: &str) -> String {
    let Some(first) = changes.first() else { return label.to_string() };
    let is_new = |id: Id| changes.iter().any(|change| change.id == id && change.is_creation());
    if is_new(first.id) && changes.iter().any(|change| !is_new(change.id) && !change.field.is_link()) {
        // New records and what becomes of an older one: the act says it best.
        return label.to_string();
    }
    if let Some(new) = changes.iter().find(|change| change.is_creation()) {
        let name = changes.iter().find(|one| one.id == new.id && Some(one.field) == one.kind().title_field());
        let mut kinds: Vec<(Kind, usize)> = Vec::new();
        for change in changes.iter().filter(|change| change.is_creation()) {
            match kinds.iter_mut().find(|(kind, _)| *kind == change.kind()) {
                Some((_, count)) => *count = count.saturating_add(1),
                None => kinds.push((change.kind(), 1)),
            }
        }
        if kinds.len() > 1 || kinds.iter().any(|(_, count)| *count > 1) {
            let words = kinds.iter().map(|(kind, count)| match count {
                1 => format!("1 new {}", kind.noun()),
                count => format!("{count} new {}", plural_noun(*kind)),
            });
            return words.collect::<Vec<_>>().join(" and ");
        }
        return format!("New {}: {}", new.kind().noun(), short(&name.map(|one| one.to.clone()).unwrap_or_default()));
    }
    let records = {
        let mut ids: Vec<Id> = changes.iter().map(|change| change.id).collect();
        ids.dedup();
        ids.len()
    };
    // Beside another change, a place in the order says little.
    let told: Vec<&Change> = changes.iter().filter(|one| one.field.key != "rank").collect();
    if let (1, Some(gone)) = (records, told.iter().find(|one| one.is_deletion())) {
        let record = product.find(gone.id).map(|record| record.title()).unwrap_or_default();
        return format!("Delete {}: {}", product.name_of(gone.id), short(&record.into()));
    }
    match told.as_slice() {
        [] => label.to_string(),
        [one] => match new_readings(one).last() {
            Some((_, reading)) => {
                let what = capital(&one.field.of(product.name_of(one.id)));
                format!("{what} reads {} on {}", reading.value, reading.day)
            }
            None => match edit::only_removed(one) {
                Some(gone) => format!("{} without {gone}", one.field.head_of(product.name_of(one.id))),
                None => edit::what_moves(product, one),
            },
        },
        [one, more @ ..] if records == 1 => {
            let rest = match more {
                [other] => format!(" and {}", other.field.noun()),
                more => format!(" and {} more fields", more.len()),
            };
            format!("{}{rest} of {}", one.field.label, product.name_of(first.id))
        }
        _ => label.to_string(),
    }
}

/// The cells as a proposal stores them, each place with the record that it is beside.
fn with_neighbours(product: &Product, changes: &[Change]) -> Vec<ProposedCell> {
    let moving: FxHashSet<Id> = changes.iter().filter(|one| one.field.key == "rank").map(|one| one.id).collect();
    let mut cells = stored(changes);
    for (cell, change) in cells.iter_mut().zip(changes) {
        if change.field.key == "rank" && !change.from.is_null() {
            cell.beside = neighbour(product, change, &moving);
        }
    }
    cells
}

/// The record above which a change moves another one up, or below which it moves it down.
fn neighbour(product: &Product, change: &Change, moving: &FxHashSet<Id>) -> Option<Id> {
    let (from, to) = (Rank::from_value(&change.from).ok()?, Rank::from_value(&change.to).ok()?);
    let table = product.table(change.kind());
    let order = table.order();
    let is_above = |slot: &u32| table.record(*slot).is_some_and(|one| (one.rank(), one.id()) < (&to, change.id));
    let (above, below) = order.split_at_checked(order.partition_point(is_above))?;
    let still = |slot: &u32| table.record(*slot).map(|one| one.id()).filter(|id| !moving.contains(id));
    if to < from { below.iter().find_map(still) } else { above.iter().rev().find_map(still) }
}

/// The cells of a proposal that asks for something else now.
fn revise(product: &Product, known: &Proposal, changes: &[Change], words: Words, context: &Context) -> Vec<Change> {
    let step = product.edit::<Proposal>(known.id, "", |one| {
        one.title = words.title.as_str().into();
        one.changes = with_neighbours(product, changes);
        one.at = Some(context.now);
        if !words.because.trim().is_empty() {
            one.because = words.because.trim().into();
        }
    });
    step.changes
}

/// What a proposal says besides its cells.
struct Words<'a> {
    title: String,
    because: &'a str,
}

/// The cells of a new proposal.
fn propose(
    product: &Product,
    changes: &[Change],
    words: Words,
    rank: Rank,
    context: &mut Context,
) -> (Id, Vec<Change>) {
    let id = context.fresh(product);
    let mut about: Vec<Id> = Vec::new();
    // New parts are about their whole.
    let whole = |change: &Change| if change.field.key == "parent" { Id::all_in(&change.to).next() } else { None };
    let records = changes.iter().flat_map(|change| std::iter::once(change.id).chain(whole(change)));
    for id in records.filter(|id| product.find(*id).is_some_and(|record| record.is_alive())) {
        if !about.contains(&id) {
            about.push(id);
        }
    }
    let proposal = Proposal {
        id,
        alive: Life::Alive,
        rank,
        title: words.title.as_str().into(),
        because: words.because.trim().into(),
        about,
        changes: with_neighbours(product, changes),
        role: context.role.key().into(),
        by: context.by.as_str().into(),
        at: Some(context.now),
        ..Proposal::default()
    };
    (id, diff(&Proposal { id, ..Proposal::default() }, &proposal))
}

/// The values that the owner wrote in place of proposed ones, as a script gives them.
fn edited(product: &Product, id: Id, args: &Args) -> Result<Vec<Edited>, Refusal> {
    let proposal = open(product, id)?;
    let Some(set) = args.with.get("set") else { return Ok(Vec::new()) };
    let Value::Object(set) = set else { return Err(Refusal::unchanged("\"set\" holds fields with their values.")) };
    let cells = wanted(proposal);
    let one = |(key, value): (&Arc<str>, &Value)| {
        let cell = cells.iter().find(|change| change.field.key == &**key);
        let cell = cell.ok_or_else(|| {
            let known: Vec<&str> = cells.iter().map(|change| change.field.key).collect();
            let what = format!("{} does not ask for {key:?}.", product.name_of(id));
            Refusal::new(what, format!("It asks for {}. Nothing was changed.", known.join(", ")))
        })?;
        Ok((cell.id, cell.field, cell.field.accept(value).map_err(Refusal::unchanged)?))
    };
    set.iter().map(one).collect()
}

fn found(product: &Product, id: Id) -> Result<&Proposal, Refusal> {
    let proposal = product.get::<Proposal>(id).filter(|one| one.is_alive());
    proposal.map(|one| &**one).ok_or_else(|| wrong_kind(product, id, Kind::Proposal))
}

/// A proposal that nobody has answered.
fn open(product: &Product, id: Id) -> Result<&Proposal, Refusal> {
    let proposal = found(product, id)?;
    let status = status(product, proposal);
    if status.is_open() {
        return Ok(proposal);
    }
    let by = match proposal.answered_by.trim() {
        "" => String::new(),
        name => format!(" by {name}"),
    };
    Err(Refusal::unchanged(format!("{} was {status} already{by}.", product.name_of(id))))
}

/// Checks that the acting role answers this proposal.
pub fn may_answer(product: &Product, proposal: &Proposal, context: &Context) -> Result<(), Refusal> {
    if decides(context.role, proposal) {
        return Ok(());
    }
    let what = format!("Only the {} can answer {}.", owner(proposal).seat(), product.name_of(proposal.id));
    Err(Refusal::new(what, format!("You are {}; nothing was changed.", context.role.label())))
}

/// Accepts a proposal. Each cell gets the wanted value, or the one in `edited`; what follows from it is computed now, as
/// if the owner had made the change.
///
/// # Errors
///
/// Refuses one that was answered before, one that this role does not answer, one made for an older text (unless `edited`
/// has a value for each such cell), and what the change itself is refused for. Nothing is changed then.
pub fn accept(
    product: &Product,
    id: Id,
    edited: &[Edited],
    note: &str,
    context: &mut Context,
) -> Result<Step, Refusal> {
    let proposal = open(product, id)?;
    may_answer(product, proposal, context)?;
    let chosen = |change: &Change| edited.iter().find(|(on, field, _)| *on == change.id && *field == change.field);
    let mut cells = proposals::cells(product, proposal);
    overtaken(product, proposal, &cells, edited)?;
    for cell in &mut cells {
        if let Some((_, _, value)) = chosen(&cell.change) {
            cell.change.to = value.clone();
        }
    }
    let makes_room = place_beside(product, proposal, &mut cells);
    let mut step = written(product, proposal, &cells, context)?;
    step.changes.extend(makes_room);
    let others: Vec<Change> = wanted(proposal).into_iter().filter_map(|one| otherwise(product, edited, one)).collect();
    let named = |one: &Change| format!("{} {}", one.field.of(product.name_of(one.id)), in_place_of(product, one));
    let written: Vec<String> = others.iter().map(named).collect();
    let told = match others.as_slice() {
        [one] => in_place_of(product, one),
        _ => written.join(", "),
    };
    let answer = match (written.is_empty(), note.trim()) {
        (true, note) => note.to_string(),
        (false, "") => format!("As edited: {told}."),
        (false, note) => format!("As edited: {told}. {note}"),
    };
    step.join(answered(product, proposal, ProposalState::Accepted, &answer, context));
    step.label = match written.is_empty() {
        true if proposals::is_deleted_already(product, proposal) => {
            let names: Vec<String> = proposal.about.iter().map(|on| product.name_of(*on)).collect();
            let are = if names.len() == 1 { "is" } else { "are" };
            let name = product.name_of(id);
            format!("Closed {name} by {}: {} {are} deleted already", who(proposal), names.join(", "))
        }
        true => format!("Accepted: {} (proposed by {})", &*proposal.title, who(proposal)),
        false => format!("Accepted as edited: {} (proposed by {})", written.join(", "), who(proposal)),
    };
    Ok(step)
}

/// From the value that was proposed to another one that the owner wrote in its place.
fn otherwise(product: &Product, edited: &[Edited], proposed: Change) -> Option<Change> {
    let (_, field, to) = edited.iter().find(|(on, field, _)| *on == proposed.id && *field == proposed.field)?;
    let differs = text::text(product, field, to) != text::text(product, field, &proposed.to);
    differs.then(|| Change { from: proposed.to.clone(), to: to.clone(), ..proposed })
}

/// `3 instead of 5`, or the beginning of a longer text.
fn in_place_of(product: &Product, change: &Change) -> String {
    let say = |value: &Value| text::text(product, change.field, value);
    let (proposed, written) = (say(&change.from), say(&change.to));
    match proposed.chars().count().max(written.chars().count()) {
        _ if written.trim().is_empty() => "nothing".to_string(),
        ..=24 => format!("{written} instead of {proposed}"),
        _ => short(&written.as_str().into()),
    }
}

/// Gives what moves a place beside the record that it was proposed to be next to, wherever that is by now. Returns what
/// others have to move for it.
fn place_beside(product: &Product, proposal: &Proposal, cells: &mut [ProposedChange]) -> Vec<Change> {
    let mut others = Vec::new();
    let mut done: Vec<(Kind, Id, bool)> = Vec::new();
    let target = |cell: &ProposedCell| {
        let kind = Kind::parse(&cell.kind)?;
        Some((kind, cell.beside?, proposals::moves_up(cell)?))
    };
    for at in proposal.changes.iter().filter_map(target) {
        if done.contains(&at) {
            continue;
        }
        done.push(at);
        let (kind, beside, is_up) = at;
        let together = |cell: &&ProposedCell| target(cell) == Some(at);
        let ids: Vec<Id> = proposal.changes.iter().filter(together).map(|cell| cell.on).collect();
        let place = if is_up { Place::Before(beside) } else { Place::After(beside) };
        // Without its neighbour, it goes to the place that was proposed.
        let Ok(moved) = edit::reorder(product, kind, &ids, place) else { continue };
        for cell in cells.iter_mut().filter(|cell| ids.contains(&cell.change.id) && cell.change.field.key == "rank") {
            let new = moved.changes.iter().find(|one| one.id == cell.change.id && one.field == cell.change.field);
            cell.change.to = new.map_or_else(|| cell.present.clone(), |new| new.to.clone());
        }
        others.extend(moved.changes.into_iter().filter(|one| !ids.contains(&one.id)));
    }
    others
}

/// Who made it, by name or by role.
pub fn who(proposal: &Proposal) -> String {
    match proposal.by.trim() {
        "" => format!("the {}", proposals::role(proposal).label()),
        name => name.to_string(),
    }
}

/// Refuses a proposal of which a cell has changed since and has no edited value.
fn overtaken(
    product: &Product,
    proposal: &Proposal,
    cells: &[ProposedChange],
    edited: &[Edited],
) -> Result<(), Refusal> {
    if status(product, proposal) != ProposalStatus::Stale {
        return Ok(());
    }
    let name = product.name_of(proposal.id);
    let deleted = cells.iter().find(|cell| product.find(cell.change.id).is_some_and(|record| !record.is_alive()));
    if let Some(cell) = deleted.filter(|cell| cell.change.field.key != "alive") {
        let what = format!("{name} is about {}, which was deleted.", product.name_of(cell.change.id));
        return Err(Refusal::new(what, "Restore it first, or decline the proposal. Nothing was changed."));
    }
    let is_settled = |change: &Change| edited.iter().any(|(on, field, _)| *on == change.id && *field == change.field);
    let Some(cell) = cells.iter().find(|cell| cell.is_stale() && !is_settled(&cell.change)) else { return Ok(()) };
    let what = cell.change.field.head_of(product.name_of(cell.change.id));
    Err(Refusal::new(
        format!("{what} has changed since {name} was proposed."),
        "{edit} shows what it is now and accepts what you make of it. Nothing was changed.",
    ))
}

/// What accepting writes: a new record as it is, fields that an action sets through it, the rest as a form does.
fn written(
    product: &Product,
    proposal: &Proposal,
    cells: &[ProposedChange],
    context: &mut Context,
) -> Result<Step, Refusal> {
    let new: Vec<Id> = creates(proposal).into_iter().map(|(_, id)| id).collect();
    let mut step = Step::default();
    let mut later: Vec<Change> = Vec::new();
    for ProposedChange { change, present } in cells {
        let mut change = Change { from: present.clone(), ..change.clone() };
        let is_new = new.contains(&change.id);
        // A date that came with it, as from an import, stays.
        if is_new && change.field.key == "created" && change.to == proposal.at.to_value() {
            change.to = Some(context.now).to_value();
        }
        // Into a running sprint, a new story goes as any other.
        let enters = || change.field.key == "sprint" && asks(product, &[change.id], change.field, &change.to).is_some();
        let by_action = if is_new { enters() } else { change.is_deletion() || setter(change.field).is_some() };
        if by_action {
            later.push(change);
        } else if change.from != change.to {
            step.changes.push(change);
        }
    }
    if later.is_empty() {
        return Ok(step);
    }
    // Each builds on what was written before it.
    let mut after = product.clone();
    after.apply(&step).map_err(Refusal::unchanged)?;
    for change in &later {
        let one = acted(&after, change, &proposal.because, context)?;
        after.apply(&one).map_err(Refusal::unchanged)?;
        step.join(one);
    }
    Ok(step)
}

/// What an action makes of a proposed value; the reason given for the proposal is the reason that it asks for.
fn acted(product: &Product, change: &Change, because: &str, context: &mut Context) -> Result<Step, Refusal> {
    let ids = [change.id];
    if change.is_deletion() {
        let is_there = product.find(change.id).is_some_and(|record| record.is_alive());
        return if is_there { edit::delete(product, &ids) } else { Ok(Step::default()) };
    }
    let mut with = Map::new();
    if let Some(argument) = asks(product, &ids, change.field, &change.to) {
        with.insert(argument.key.to_string(), because.into());
    }
    set_through(product, &ids, change.field, &change.to, &with, context)
}

/// The proposal's own cells once it has been answered.
fn answered(product: &Product, proposal: &Proposal, state: ProposalState, answer: &str, context: &Context) -> Step {
    product.edit::<Proposal>(proposal.id, "", |one| {
        one.state = state;
        one.answer = answer.trim().into();
        one.answered_by = context.by.as_str().into();
        one.answered = Some(context.now);
    })
}

/// Declines a proposal, with a reason.
///
/// # Errors
///
/// Refuses one that was answered before, one that this role does not answer, and an empty reason.
pub fn decline(product: &Product, id: Id, reason: &str, context: &Context) -> Result<Step, Refusal> {
    let proposal = open(product, id)?;
    may_answer(product, proposal, context)?;
    if reason.trim().is_empty() {
        return Err(Refusal::new("Declining requires a reason.", "Its author reads it; nothing was changed."));
    }
    let step = answered(product, proposal, ProposalState::Declined, reason, context);
    Ok(Step { label: format!("Declined: {} (proposed by {})", &*proposal.title, who(proposal)), ..step })
}

/// Withdraws a proposal.
///
/// # Errors
///
/// Refuses one that was answered before, and one that somebody else made.
pub fn withdraw(product: &Product, id: Id, context: &Context) -> Result<Step, Refusal> {
    let proposal = open(product, id)?;
    if *proposal.by != *context.by {
        let what = format!("{} is {}'s to withdraw.", product.name_of(id), who(proposal));
        return Err(Refusal::new(what, "Its owner accepts or declines it. Nothing was changed."));
    }
    let step = answered(product, proposal, ProposalState::Withdrawn, "", context);
    Ok(Step { label: format!("Withdrew: {}", to_do(&proposal.title)), ..step })
}

/// The half that has to answer, for a sentence: one of the proposals may go to each.
pub fn addressees(product: &Product, made: &[Id]) -> Vec<Owner> {
    let mut out: Vec<Owner> = Vec::new();
    for proposal in made.iter().filter_map(|id| product.get::<Proposal>(*id)) {
        let to = owner(proposal);
        if !out.contains(&to) {
            out.push(to);
        }
    }
    out
}

/// How many proposals, in words.
pub fn counted(made: &[Id]) -> String {
    count(made.len(), "proposal", "proposals")
}
