//! Splitting a story into parts, and closing one that says what another one says already.

use crate::actions::action::{Action, Args, Context, Setter, asks_nothing, wrong_kind};
use crate::actions::edit::{Place, add_all};
use crate::actions::item::status;
use crate::actions::sprint::{plan, unplan};
use crate::insight::sprint::is_open;
use crate::model::change::{Change, Step};
use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::saturating::put_all_at;
use crate::model::schema::{BacklogItem, Decision, Feedback, ItemStatus, Kind, Sprint, SprintState};
use crate::model::value::{Amount, Cell, Labels, Life, Value};

/// One part of a story that is split.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StoryPart {
    pub title: String,
    /// The places of its criteria and tasks in the story.
    pub criteria: Vec<usize>,
    pub tasks: Vec<usize>,
    pub points: Option<Amount>,
}

/// What becomes of the story that is split.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Whole {
    /// It stays, and the new ones are parts of it. What was not dealt to a part stays with it.
    #[default]
    Kept,
    /// It is dropped, and the parts take its place everywhere.
    Replaced,
}

pub const SPLIT: Action = Action {
    name: "item.split",
    hint: "Splits a story into parts, with its criteria and tasks dealt to them.",
    with: &[
        ("on", "the story"),
        ("parts", "a list: each with a title, and numbers from 1 of its criteria and tasks, and points"),
        ("replace", "true: the parts take the story's place, which is dropped"),
    ],
    run: |product, args, context| {
        let (_, id) = args.record("on")?;
        let whole = match args.with.get("replace").and_then(Value::as_bool) {
            Some(true) => Whole::Replaced,
            _ => Whole::Kept,
        };
        Ok(split(product, id, &parts_of(args)?, whole, context)?.0)
    },
    sets: None,
};

pub const DUPLICATE: Action = Action {
    name: "item.duplicate",
    hint: "Closes a story as a duplicate; its voices, labels and links move to the other one.",
    with: &[("on", "the story, or a list of them"), ("of", "the story that stays")],
    run: |product, args, context| duplicate(product, &args.records("on")?, args.record("of")?.1, context),
    sets: Some(Setter { field: "duplicate_of", set: set_duplicate, asks: asks_nothing, at_creation: false }),
};

fn set_duplicate(product: &Product, ids: &[Id], to: &Value, _: &Args, context: &mut Context) -> Result<Step, Refusal> {
    match Option::<Id>::from_value(to).map_err(Refusal::unchanged)? {
        Some(of) => duplicate(product, ids, of, context),
        None => {
            let mut step = Step::new("No longer a duplicate");
            for id in ids {
                step.changes.extend(product.edit::<BacklogItem>(*id, "", |item| item.duplicate_of = None).changes);
            }
            Ok(step)
        }
    }
}

fn parts_of(args: &Args) -> Result<Vec<StoryPart>, Refusal> {
    let all =
        args.with.get("parts").and_then(Value::as_array).ok_or_else(|| Refusal::unchanged("\"parts\" is missing."))?;
    let places = |part: &Value, key: &str| -> Vec<usize> {
        let numbers = part.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_u64);
        numbers.filter_map(|number| usize::try_from(number).ok()?.checked_sub(1)).collect()
    };
    let read = |part: &Value| {
        let points = part.get("points").cloned().unwrap_or_default();
        Ok(StoryPart {
            title: part.get("title").and_then(Value::as_str).unwrap_or_default().trim().to_string(),
            criteria: places(part, "criteria"),
            tasks: places(part, "tasks"),
            points: Option::<Amount>::from_value(&points).map_err(Refusal::unchanged)?,
        })
    };
    all.iter().map(read).collect()
}

/// A step that grows by further steps, each computed on the product as the earlier ones leave it.
struct Growing {
    product: Product,
    step: Step,
}

impl Growing {
    fn of(product: &Product) -> Growing {
        Growing { product: product.clone(), step: Step::default() }
    }

    fn push(&mut self, next: Step) -> Result<(), Refusal> {
        self.product.apply(&next).map_err(Refusal::unchanged)?;
        self.step.join(next);
        Ok(())
    }
}

/// Splits an open story. Returns the step and the parts, which stand below the story in its order, serve what it serves, and
/// have its labels, dependencies and sprint.
///
/// # Errors
///
/// It is no open story, there are fewer than two parts, or a part has no title. Nothing is changed.
pub fn split(
    product: &Product,
    id: Id,
    parts: &[StoryPart],
    whole: Whole,
    context: &mut Context,
) -> Result<(Step, Vec<Id>), Refusal> {
    let item = open_story(product, id)?.clone();
    let name = product.name_of(id);
    if parts.len() < 2 {
        return Err(Refusal::new(format!("{name} needs two parts at least."), "Nothing was changed."));
    }
    if let Some(nth) = parts.iter().position(|part| part.title.trim().is_empty()) {
        return Err(Refusal::new(format!("Part {} has no title.", nth.saturating_add(1)), "Nothing was changed."));
    }
    let parent = if whole == Whole::Kept { Some(id) } else { item.parent };
    let mut parts = parts.to_vec();
    if whole == Whole::Replaced {
        leave_none(&item, &mut parts);
    }
    let rows: Vec<Vec<(&'static Field, Value)>> = parts.iter().map(|part| cells(&item, part, parent)).collect();
    let mut all = Growing::of(product);
    let (mut added, made) = add_all(product, Kind::BacklogItem, &rows, Place::After(id), context)?;
    added.changes.extend(made.iter().filter_map(|part| agreed_as(&item, *part)));
    all.push(added)?;
    all.push(moved_links(&all.product, id, &made, whole))?;
    let sprint = item.sprint.and_then(|id| product.get::<Sprint>(id)).filter(|sprint| {
        sprint.alive == Life::Alive && matches!(sprint.state, SprintState::Planning | SprintState::Active)
    });
    if let Some(sprint) = sprint {
        let reason = format!("{name} was split");
        let out = unplan(&all.product, Some(sprint.id), &[id], &reason, context)?;
        all.push(out)?;
        let into = plan(&all.product, sprint.id, &made, &reason, context)?;
        all.push(into)?;
    }
    match whole {
        Whole::Kept => all.push(keep_rest(&all.product, id, &parts))?,
        Whole::Replaced => {
            let dropped = status(&all.product, &[id], ItemStatus::Dropped, false, context)?;
            all.push(dropped)?;
        }
    }
    let mut step = all.step;
    let word = if whole == Whole::Replaced { "replaced by" } else { "split into" };
    step.label = format!("{name} {word} {} parts", made.len());
    Ok((step, made))
}

/// A part was agreed to when the story was: a why that has changed since asks for the parts, too.
fn agreed_as(item: &BacklogItem, part: Id) -> Option<Change> {
    let (field, to) = (Kind::BacklogItem.field("confirmed")?, item.confirmed.to_value());
    (!to.is_null()).then_some(Change { id: part, field, from: Value::Null, to })
}

/// The cells of a part.
fn cells(item: &BacklogItem, part: &StoryPart, parent: Option<Id>) -> Vec<(&'static Field, Value)> {
    let criteria: Vec<_> = part.criteria.iter().filter_map(|nth| item.criteria.get(*nth).cloned()).collect();
    let tasks: Vec<_> = part.tasks.iter().filter_map(|nth| item.tasks.get(*nth).cloned()).collect();
    let values = [
        ("title", Value::from(part.title.trim())),
        ("kind", item.kind.to_value()),
        ("criteria", criteria.to_value()),
        ("tasks", tasks.to_value()),
        ("points", part.points.to_value()),
        ("labels", item.labels.to_value()),
        ("assignee", item.assignee.to_value()),
        ("depends_on", item.depends_on.to_value()),
        ("serves", item.serves.to_value()),
        ("parent", parent.to_value()),
    ];
    values.into_iter().filter_map(|(key, value)| Some((Kind::BacklogItem.field(key)?, value))).collect()
}

/// Nothing of a story that is dropped gets lost: what was not dealt goes to the first part.
fn leave_none(item: &BacklogItem, parts: &mut [StoryPart]) {
    let left = |count: usize, dealt: Vec<usize>| (0..count).filter(|nth| !dealt.contains(nth)).collect::<Vec<usize>>();
    let criteria = left(item.criteria.len(), parts.iter().flat_map(|part| part.criteria.clone()).collect());
    let tasks = left(item.tasks.len(), parts.iter().flat_map(|part| part.tasks.clone()).collect());
    if let Some(first) = parts.first_mut() {
        first.criteria.extend(criteria);
        first.tasks.extend(tasks);
    }
}

/// What was dealt to the parts leaves the story.
fn keep_rest(product: &Product, id: Id, parts: &[StoryPart]) -> Step {
    let dealt = |nth: usize, of: fn(&StoryPart) -> &Vec<usize>| parts.iter().any(|part| of(part).contains(&nth));
    product.edit::<BacklogItem>(id, "", |item| {
        let mut nth = 0usize;
        item.criteria.retain(|_| {
            nth = nth.saturating_add(1);
            !dealt(nth.saturating_sub(1), |part| &part.criteria)
        });
        let mut nth = 0usize;
        item.tasks.retain(|_| {
            nth = nth.saturating_add(1);
            !dealt(nth.saturating_sub(1), |part| &part.tasks)
        });
    })
}

/// What depended on a story, spoke of it or decided about it does so of these instead; voices and decisions keep a story that
/// stays, too. The parts of a story that one other replaces go with it.
fn moved_links(product: &Product, from: Id, to: &[Id], whole: Whole) -> Step {
    let mut step = Step::default();
    let links = |links: &mut Vec<Id>, stays: bool| {
        let Some(at) = links.iter().position(|id| *id == from) else { return };
        links.retain(|id| stays || *id != from);
        let fresh: Vec<Id> = to.iter().copied().filter(|id| !links.contains(id)).collect();
        put_all_at(links, at.saturating_add(usize::from(stays)), fresh);
    };
    let stays = whole == Whole::Kept;
    for other in product.all::<BacklogItem>().filter(|other| other.depends_on.contains(&from)) {
        let edit = |item: &mut BacklogItem| {
            links(&mut item.depends_on, false);
            item.depends_on.retain(|id| *id != other.id);
        };
        step.changes.extend(product.edit(other.id, "", edit).changes);
    }
    for voice in product.all::<Feedback>().filter(|voice| voice.links.contains(&from)) {
        step.changes.extend(product.edit::<Feedback>(voice.id, "", |one| links(&mut one.links, stays)).changes);
    }
    for decision in product.all::<Decision>().filter(|one| one.links.contains(&from)) {
        step.changes.extend(product.edit::<Decision>(decision.id, "", |one| links(&mut one.links, stays)).changes);
    }
    if let ([one], Whole::Replaced) = (to, whole) {
        for part in product.all::<BacklogItem>().filter(|part| part.parent == Some(from) && part.id != *one) {
            step.changes.extend(product.edit::<BacklogItem>(part.id, "", |part| part.parent = Some(*one)).changes);
        }
    }
    step
}

/// Closes stories as duplicates of another one, which gets their voices, labels, and what depended on them or was part of
/// them.
///
/// # Errors
///
/// One of them is no open story, or is the one that stays; or that one was dropped. Nothing is changed. It may be done: what
/// is asked for once more after it was delivered is a duplicate too.
pub fn duplicate(product: &Product, ids: &[Id], of: Id, context: &mut Context) -> Result<Step, Refusal> {
    let stays = product.get::<BacklogItem>(of).ok_or_else(|| wrong_kind(product, of, Kind::BacklogItem))?;
    if stays.alive != Life::Alive || stays.status == ItemStatus::Dropped {
        let what = format!("{} was dropped, so no other story can be its duplicate.", product.name_of(of));
        return Err(Refusal::new(what, "Nothing was changed."));
    }
    let mut all = Growing::of(product);
    for id in ids {
        let name = product.name_of(*id);
        if *id == of {
            return Err(Refusal::new(format!("{name} is no duplicate of itself."), "Nothing was changed."));
        }
        let item = open_story(product, *id)?;
        let moved = moved_links(&all.product, *id, &[of], Whole::Replaced);
        all.push(moved)?;
        let labels = labels_with(&all.product, of, &item.labels);
        all.push(labels)?;
        let mark = all.product.edit::<BacklogItem>(*id, "", |item| item.duplicate_of = Some(of));
        all.push(mark)?;
    }
    let dropped = status(&all.product, ids, ItemStatus::Dropped, false, context)?;
    all.push(dropped)?;
    let mut step = all.step;
    let what = match ids {
        [one] => format!("{} is a duplicate", product.name_of(*one)),
        many => format!("{} stories are duplicates", many.len()),
    };
    step.label = format!("{what} of {}", product.name_of(stays.id));
    Ok(step)
}

fn labels_with(product: &Product, id: Id, more: &Labels) -> Step {
    let fresh: Vec<String> = more.iter().cloned().collect();
    product.edit::<BacklogItem>(id, "", |item| {
        let mut all: Vec<String> = item.labels.iter().cloned().collect();
        all.extend(fresh);
        item.labels = all.into_iter().collect();
    })
}

fn open_story(product: &Product, id: Id) -> Result<&BacklogItem, Refusal> {
    let item = product.get::<BacklogItem>(id).ok_or_else(|| wrong_kind(product, id, Kind::BacklogItem))?;
    match item.alive == Life::Alive && is_open(item) {
        true => Ok(item),
        false => Err(Refusal::new(format!("{} is not open.", product.name_of(id)), "Nothing was changed.")),
    }
}
