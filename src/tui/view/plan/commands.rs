//! Planning a sprint: what goes in, what fits, its goal and dates, its start.

use crate::actions::Context;
use crate::actions::sprint::{self, New};
use crate::insight::burndown::points;
use crate::insight::plan::{Filled, PassedOver, Plan, With, fill as what_fits, first};
use crate::insight::ready::Lack;
use crate::insight::sprint::{in_planning, running};
use crate::insight::views;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rules::{Refusal, capital};
use crate::model::saturating::{next_in_circle, small};
use crate::model::schema::{BacklogItem, Kind};
use crate::model::value::{Amount, Cell};
use crate::tui::commands::tick;
use crate::tui::overlay::editor::{After, Editor};
use crate::tui::overlay::prompt::Prompt;
use crate::tui::state::access::{can_have, may_act, may_edit, may_have};
use crate::tui::state::contract::{Command, Commit, Group, Outcome, Say, Verb};
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::ui::Ui;
use crate::tui::term::layout::Focus;
use crate::tui::term::text::{thousands, width};
use crate::tui::view::plan::figures::{Fit, count, fit, next_days, span};
use crate::tui::view::plan::left::{as_before, nothing_left};
use crate::tui::view::plan::planned::{Planned, Turned, planned as shown_plan, sprint as planned_sprint};
use crate::tui::view::plan::start::Start;

/// A row of the `S` box.
macro_rules! sprint_row {
    ($name:literal, $keys:expr, $label:literal, $hint:literal, $synonyms:expr, $weight:literal, $ready:expr, $run:expr) => {
        Command {
            name: $name,
            keys: $keys,
            group: Group::List,
            label: $label,
            hint: $hint,
            synonyms: $synonyms,
            weight: $weight,
            ready: $ready,
            run: $run,
        }
    };
}

pub const COMMANDS: &[Command] = &[
    sprint_row!(
        "sprint.fill",
        &["F"],
        "fill",
        "Fill the sprint from the top; it says what it passed over and why.",
        &["capacity", "auto plan", "sprint planning"],
        78,
        |ui, product| is_open(ui).and_then(|()| may_select(ui, product)).and_then(|()| has_left(ui, product)),
        fill
    ),
    sprint_row!(
        "set.capacity",
        &["s k"],
        "capacity",
        "Set the capacity; then person-days and absent days.",
        &["velocity", "points", "absent", "holiday", "person-days"],
        56,
        |ui, product| is_open(ui).and_then(|()| may_shape(ui, product, "capacity")),
        |ui, product, context| edit(ui, product, context, "capacity")
    ),
    sprint_row!(
        "sprint.start",
        &["S s"],
        "start sprint",
        "Start it with its goal and dates. The plan is recorded.",
        &["begin", "sprint goal", "go"],
        63,
        may_start,
        start
    ),
    sprint_row!(
        "sprint.goal",
        &["S g"],
        "sprint goal",
        "The Sprint Goal: why this sprint is worth doing.",
        &["goal", "why"],
        0,
        |ui, product| may_shape(ui, product, "goal"),
        |ui, product, context| edit(ui, product, context, "goal")
    ),
    sprint_row!(
        "sprint.dates",
        &["S d"],
        "sprint days",
        "First and last day of the sprint: fri, 28 nov, +2w.",
        &["dates", "start", "end", "length"],
        0,
        |ui, product| may_shape(ui, product, "start"),
        |ui, product, context| edit(ui, product, context, "start")
    ),
    sprint_row!(
        "sprint.new",
        &["S n"],
        "new sprint",
        "One more sprint to plan, as long as the last one.",
        &["sprint", "iteration", "plan ahead"],
        0,
        |ui, product| may_have(ui, product, Kind::Sprint),
        new
    ),
    sprint_row!(
        "sprint.discard",
        &["S x"],
        "discard plan",
        "Discard the plan; its stories stay.",
        &["delete sprint", "remove sprint"],
        0,
        |ui, product| {
            is_shown(ui)?;
            may_have(ui, product, Kind::Sprint)?;
            planned(ui, product).map(|_| ())
        },
        discard
    ),
];

/// A plan is discarded where it is seen.
fn is_shown(ui: &Ui) -> Result<(), NotReady> {
    if ui.screen().name == views::PLAN.name { Ok(()) } else { Err("{go.plan} shows the plan first".into()) }
}

/// The product owner owns what goes into a sprint, its goal and its dates.
pub fn may_plan(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    may_act(ui, product, Kind::Sprint, || "what goes into a sprint".to_string())
}

/// Into a sprint that is in planning stories can be proposed; the sprint itself is made by its owner.
fn may_select(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    let field = Kind::BacklogItem.field("sprint").filter(|_| planned_sprint(ui, product).is_some());
    match field {
        Some(field) => may_edit(ui, product, field),
        None if can_have(ui, Kind::Sprint) => Ok(()),
        None => Err("no sprint is in planning; {sprint.new} proposes one".into()),
    }
}

/// The planning view is open.
fn is_open(ui: &Ui) -> Result<(), NotReady> {
    shown_plan(ui).map(|_| ()).ok_or_else(|| "{go.plan} opens the plan, where this is possible".into())
}

/// A story can come in.
fn has_left(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    match shown_plan(ui).and_then(|planned| nothing_left(product, planned)) {
        Some(why) => Err(NotReady::Sentence(why)),
        None => Ok(()),
    }
}

fn planned(ui: &Ui, product: &Product) -> Result<Id, NotReady> {
    planned_sprint(ui, product).map(|one| one.id).ok_or_else(|| "no sprint is in planning".into())
}

/// The sprint to which goal and dates apply: in the plan the one being planned, elsewhere the running one first.
fn at_hand(ui: &Ui, product: &Product) -> Option<Id> {
    let runs = running(product).filter(|_| shown_plan(ui).is_none());
    runs.or(planned_sprint(ui, product)).map(|one| one.id)
}

/// A field of a sprint can be written or proposed. Where there is no sprint yet, its owner makes one.
fn may_shape(ui: &Ui, product: &Product, key: &str) -> Result<(), NotReady> {
    match at_hand(ui, product) {
        Some(_) => Kind::Sprint.field(key).map_or(Ok(()), |field| may_edit(ui, product, field)),
        None if shown_plan(ui).is_none() => Err("no sprint is running or in planning; {sprint.new} creates one".into()),
        None if can_have(ui, Kind::Sprint) => Ok(()),
        None => Err("no sprint is in planning; {sprint.new} proposes one".into()),
    }
}

/// Opens a field of the sprint, creating the sprint if none is planned yet.
fn edit(ui: &mut Ui, product: &Product, context: &mut Context, key: &str) -> Outcome {
    let Some(field) = Kind::Sprint.field(key) else { return Outcome::Nothing };
    if let Some(id) = at_hand(ui, product) {
        Editor::open(ui, product, id, field, After::Next);
        return Outcome::Nothing;
    }
    match sprint::new(product, &New::default(), context) {
        Ok((step, id)) => Outcome::Commit(Commit {
            then: Some(Box::new(move |ui, product| {
                ui.slots.choose(Turned(id));
                Editor::open(ui, product, id, field, After::Next);
            })),
            ..Commit::new(step)
        }),
        Err(refusal) => Outcome::refuse(refusal),
    }
}

/// A new sprint becomes the one being planned.
fn made(made: Result<(crate::model::change::Step, Id), Refusal>, say: Say) -> Outcome {
    match made {
        Ok((step, id)) => {
            let then: crate::tui::state::contract::Then = Box::new(move |ui, _| ui.slots.choose(Turned(id)));
            Outcome::Commit(Commit { say: Some(say), then: Some(then), ..Commit::new(step) })
        }
        Err(refusal) => Outcome::refuse(refusal),
    }
}

fn new(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    let turns = if in_planning(product).is_empty() { "" } else { " {turn} turns through the plans." };
    let say = Say::Added(format!(
        ", {}.{turns} {{sprint.dates}} changes its days, {{undo}} takes it back.",
        next_days(ui, product)
    ));
    made(sprint::new(product, &New::default(), context), say)
}

fn discard(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    let Ok(id) = planned(ui, product) else { return Outcome::Nothing };
    Outcome::of(sprint::discard(product, id, context))
}

/// Adds the story, or takes it out.
pub fn flip(ui: &mut Ui, product: &Product, id: Id, context: &mut Context) -> Outcome {
    if let Err(why) = may_select(ui, product) {
        return Outcome::refuse(why);
    }
    let selected = shown_plan(ui).and_then(|plan| plan.of(id)).is_some_and(|one| one.selected);
    if selected { take_out(ui, product, &[id], context) } else { put_in(ui, product, &[id], context) }
}

/// Takes all out if some are in, or else adds all that are ready.
pub fn flip_all(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    let Some(planned) = shown_plan(ui) else { return Outcome::Nothing };
    let candidates = || planned.plan.ready.iter().chain(&planned.plan.not_ready);
    let shown: rustc_hash::FxHashSet<Id> = ui.rows.rows.iter().map(|row| row.id).collect();
    let inside: Vec<Id> =
        candidates().filter(|one| one.selected && shown.contains(&one.item)).map(|one| one.item).collect();
    if !inside.is_empty() {
        return take_out(ui, product, &inside, context);
    }
    let ready: Vec<Id> =
        planned.plan.ready.iter().filter(|one| shown.contains(&one.item)).map(|one| one.item).collect();
    if ready.is_empty() {
        return Outcome::say("Nothing here is ready. {tick} adds a story anyway.");
    }
    put_in(ui, product, &ready, context)
}

/// Selects stories; if no sprint is in planning yet, creates one with the proposed dates.
pub fn put_in(ui: &mut Ui, product: &Product, ids: &[Id], context: &mut Context) -> Outcome {
    put_in_saying(ui, product, ids, "", context)
}

fn put_in_saying(ui: &mut Ui, product: &Product, ids: &[Id], rest: &str, context: &mut Context) -> Outcome {
    let Some(planned) = shown_plan(ui) else { return Outcome::Nothing };
    let fresh: Vec<Id> = ids.iter().copied().filter(|id| planned.of(*id).is_some_and(|one| !one.selected)).collect();
    if fresh.is_empty() {
        return Outcome::say("They are already in it.");
    }
    let what = coming(product, planned, &fresh);
    let word = after(product, planned, &fresh, true) + rest;
    let Some(sprint) = planned.sprint else {
        let what = several(product, &fresh);
        let say = Say::Added(format!(" with {what}, {}: {word}", next_days(ui, product)));
        return made(sprint::new_with(product, &New::default(), &fresh, context), say);
    };
    let say = format!("{what}: {word}");
    match sprint::plan(product, sprint, &fresh, "", context) {
        Ok(step) => Outcome::Commit(Commit { say: Some(say.into()), ..Commit::new(step) }),
        Err(refusal) => Outcome::refuse(refusal),
    }
}

fn take_out(ui: &mut Ui, product: &Product, ids: &[Id], context: &mut Context) -> Outcome {
    let Some(planned) = shown_plan(ui) else { return Outcome::Nothing };
    let say = format!("{} out: {}", several(product, ids), after(product, planned, ids, false));
    match sprint::unplan(product, planned.sprint, ids, "", context) {
        Ok(step) => Outcome::Commit(Commit { say: Some(say.into()), ..Commit::new(step) }),
        Err(refusal) => Outcome::refuse(refusal),
    }
}

fn several(product: &Product, ids: &[Id]) -> String {
    match ids {
        [one] => product.name_of(*one),
        many => count(small(many.len()), "story", "stories"),
    }
}

/// `S5 in`, `4 more stories, 12 points`: what comes into a sprint that may hold others already.
fn coming(product: &Product, planned: &Planned, ids: &[Id]) -> String {
    match ids {
        [one] => format!("{} in", product.name_of(*one)),
        many if planned.plan.selected.stories == 0 => format!("{} in", several(product, many)),
        many => format!("{} more stories, {}", many.len(), points(size_of(product, many))),
    }
}

/// The points of these stories.
fn size_of(product: &Product, ids: &[Id]) -> Amount {
    ids.iter().filter_map(|id| product.get::<BacklogItem>(*id)).filter_map(|item| item.points).sum()
}

/// Why filling added nothing, and how full the sprint is.
fn nothing_added(plan: &Plan) -> String {
    let held = plan.selected.points;
    if let Some(capacity) = plan.capacity.filter(|capacity| held >= *capacity && held > Amount::default()) {
        let more = held.minus(capacity);
        return match more > Amount::default() {
            true => format!("Nothing added: {} are in already, {more} more than {capacity}.", points(held)),
            false => format!("Nothing added: {held} of {} are in already.", points(capacity)),
        };
    }
    let why = match plan.ready.iter().all(|one| one.selected) {
        true => "no other story is ready",
        false => "no ready story fits into the rest",
    };
    format!("Nothing added: {why}. {}.", fit(plan).clause())
}

/// How full the sprint is with or without these, and warnings about them.
fn after(product: &Product, planned: &Planned, ids: &[Id], comes: bool) -> String {
    let size = size_of(product, ids);
    let selected = planned.plan.selected.points;
    let points = if comes { selected.plus(size) } else { selected.minus(size) };
    let fit = Fit::of(points, planned.plan.capacity);
    let (out, over) = (format!("{}.", fit.clause()), fit.over().is_some());
    if let ([id], true) = (ids, comes)
        && let Some(lacks) = planned.of(*id).map(|one| &one.lacks).filter(|lacks| !lacks.is_empty())
    {
        let name = product.name_of(*id);
        return match lacks.as_slice() {
            [Lack::Size, ..] => {
                format!("{out} {name} has no points. Planned anyway; {{story.points}} sets them.")
            }
            lacks => {
                let words: Vec<&str> = lacks.iter().map(|lack| lack.word()).collect();
                format!("{out} {name} is not ready: {}. Planned anyway.", words.join(", "))
            }
        };
    }
    match over {
        true => format!("{out} {{tick}} takes stories out, or leave it."),
        false => format!("{out} {{undo}} takes it back."),
    }
}

/// Fills the sprint by the Definition of Ready. Where something is missing for that, it asks for a number.
fn fill(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    let Some(planned) = shown_plan(ui) else { return Outcome::Nothing };
    let plan = &planned.plan;
    let left: Vec<_> = plan.ready.iter().filter(|one| !one.selected).collect();
    if plan.ready.is_empty() && plan.not_ready.iter().any(|one| !one.selected) {
        // Where only the why is missing, points say more than a count.
        let is_sized = plan.not_ready.iter().filter(|one| !one.selected).all(|one| one.points.is_some());
        let asks = if is_sized { "How many points from the top? " } else { "How many from the top? " };
        let how_many = if is_sized { points_from_top } else { how_many };
        let all = format!("No story is ready ({}). {asks}", lacking(plan));
        // A narrow line keeps room for the number.
        let fits = width(&all).saturating_add(6) <= usize::from(ui.window.width);
        return ui.open(how_many(if fits { all } else { format!("No story is ready. {asks}") }));
    }
    if !left.is_empty() && left.iter().all(|one| one.points.is_none()) {
        return ui.open(how_many("How many of the ready stories? ".to_string()));
    }
    // Where nothing can come in, a capacity would change nothing.
    if plan.capacity.is_none() && !left.is_empty() {
        return ui.open(ask_capacity(product));
    }
    let filled = what_fits(product, plan);
    let passed = passed_over(product, plan, &filled);
    if !filled.takes.is_empty() {
        return put_in_saying(ui, product, &filled.takes, &passed, context);
    }
    Outcome::say(format!("{}{passed}", nothing_added(plan)))
}

/// `187 lack points, 120 a why`: what keeps stories from being ready, the most frequent first.
fn lacking(plan: &Plan) -> String {
    let mut counts: Vec<(Lack, usize)> = Vec::new();
    for lack in plan.not_ready.iter().flat_map(|one| one.lacks.iter().copied()) {
        match counts.iter_mut().find(|(known, _)| *known == lack) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => counts.push((lack, 1)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let words: Vec<String> = counts.iter().take(2).map(|(lack, count)| format!("{}: {count}", lack.word())).collect();
    words.join(", ")
}

/// What was passed over, and why: the first two by name.
fn passed_over(product: &Product, plan: &Plan, filled: &Filled) -> String {
    let word = |(id, why): &(Id, PassedOver)| {
        let name = product.name_of(*id);
        match why {
            PassedOver::Large { points, with } => {
                let size = points.map_or_else(|| "no points".to_string(), |points| points.to_string());
                match with {
                    None => format!("{name} ({size}) does not fit"),
                    Some(With { first, count, points }) => {
                        let more =
                            if *count > 1 { format!(" and {} more", count.saturating_sub(1)) } else { String::new() };
                        let first = product.name_of(*first);
                        format!("{name} ({size}) needs {first}{more} first, {points} together")
                    }
                }
            }
            PassedOver::Waits(on) => format!("{name} waits for {}", product.name_of(*on)),
        }
    };
    let mut words: Vec<String> = filled.passed.iter().take(2).map(word).collect();
    if filled.passed.len() > words.len() {
        words.push(format!("and {} more that do not fit or wait", filled.passed.len().saturating_sub(words.len())));
    }
    let passed = if words.is_empty() { String::new() } else { format!(" Passed over: {}.", words.join(", ")) };
    match plan.not_ready.iter().filter(|one| !one.selected).count() {
        0 => passed,
        1 => format!("{passed} 1 story is not ready."),
        many => format!("{passed} {} stories are not ready.", thousands(many)),
    }
}

/// A line for the number of stories that come in from the top, whatever they lack.
fn how_many(label: String) -> Prompt {
    Prompt::new(label, "a number of stories · Enter plans them · Esc back", "count", |text, ui, product, context| {
        let count: usize = text.trim().parse().map_err(|_| "How many stories? A number such as 5.".to_string())?;
        let Some(planned) = shown_plan(ui) else { return Ok(Outcome::Nothing) };
        let takes = first(product, &planned.plan, count);
        match takes.is_empty() {
            true => Err("No story can be taken: each waits for another one, or the number is 0.".to_string()),
            false => Ok(put_in(ui, product, &takes, context)),
        }
    })
    .number("")
}

/// A line for the points that come in from the top, whatever the stories lack.
fn points_from_top(label: String) -> Prompt {
    Prompt::new(label, "a number of points · Enter plans them · Esc back", "points", |text, ui, product, context| {
        let most: Amount =
            Amount::parse(text.trim()).map_err(|_| "How many points? A number such as 20.".to_string())?;
        let Some(planned) = shown_plan(ui) else { return Ok(Outcome::Nothing) };
        let size = |id: &Id| planned.of(*id).and_then(|one| one.points).unwrap_or_default();
        let mut sum = Amount::default();
        let fits = |id: &Id| {
            sum = [sum, size(id)].into_iter().sum();
            sum <= most
        };
        // Each stands behind what it depends on, so any beginning of the list can be taken.
        let takes: Vec<Id> = first(product, &planned.plan, usize::MAX).into_iter().take_while(fits).collect();
        match takes.is_empty() {
            true => Err(format!("The first story from the top is larger than {}.", points(most))),
            false => Ok(put_in(ui, product, &takes, context)),
        }
    })
    .number("")
}

/// A line for the capacity, which is set and filled in one act.
fn ask_capacity(product: &Product) -> Prompt {
    let before = as_before(product);
    let from = before.as_ref().map(|(_, from)| format!(" ({from})")).unwrap_or_default();
    let label = format!("how many points fit into the sprint{from}? ");
    let proposed = before.map(|(points, _)| points.to_string()).unwrap_or_default();
    let prompt = Prompt::new(
        label,
        "the capacity · Enter sets and fills it · Esc back",
        "capacity",
        |text, ui, product, context| {
            let field = Kind::Sprint.field("capacity").ok_or("There is no capacity.")?;
            let value = field.from_text(text)?;
            let capacity = Option::<Amount>::from_value(&value)?.filter(|points| *points > Amount::default());
            let capacity = capacity.ok_or("How many points? A number such as 20.")?;
            let Some(planned) = shown_plan(ui) else { return Ok(Outcome::Nothing) };
            let plan = Plan { capacity: Some(capacity), ..planned.plan.clone() };
            let filled = what_fits(product, &plan);
            let passed = passed_over(product, &plan, &filled);
            let refused = |refusal: Refusal| format!("{refusal:#}");
            let Some(sprint) = planned.sprint else {
                let wanted = New { capacity: Some(capacity), ..New::default() };
                let made = sprint::new_with(product, &wanted, &filled.takes, context);
                return Ok(self::made(
                    made,
                    Say::Added(format!(
                        " for {}, {}.{passed} {{undo}} takes it back.",
                        points(capacity),
                        match filled.takes.is_empty() {
                            true => "with no story: none fits".to_string(),
                            false => format!("with {}", several(product, &filled.takes)),
                        }
                    )),
                ));
            };
            let mut step = crate::actions::edit::set(product, &[sprint], field, &value).map_err(refused)?;
            if !filled.takes.is_empty() {
                step.join(sprint::plan(product, sprint, &filled.takes, "", context).map_err(refused)?);
            }
            let did = match filled.takes.is_empty() {
                true => nothing_added(&plan),
                false => {
                    let all = plan.selected.points.plus(size_of(product, &filled.takes));
                    let fit = Fit::of(all, Some(capacity)).clause();
                    format!("{}: {fit}.", coming(product, planned, &filled.takes))
                }
            };
            let say = format!("{did}{passed} {{undo}} takes it back.");
            Ok(Outcome::Commit(Commit { say: Some(say.into()), ..Commit::new(step) }))
        },
    );
    prompt.proposing(&proposed)
}

fn may_start(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    is_open(ui).and_then(|()| may_plan(ui, product))?;
    if let Some(other) = running(product) {
        let end = other.end.map(|end| format!(" until {}", end.0.format("%-d %b"))).unwrap_or_default();
        let other = (capital(&product.name_of(other.id)), other.start.filter(|start| *start > ui.today));
        return Err(NotReady::Sentence(match other {
            (name, None) => format!("{name} is running{end}. Close it before the next one starts."),
            (name, Some(start)) => {
                let start = start.0.format("%-d %b");
                format!("{name} was started early and starts {start}. Close it before the next one starts.")
            }
        }));
    }
    let planned = shown_plan(ui);
    match planned.map_or(0, |planned| planned.plan.selected.stories) {
        0 if has_left(ui, product).is_err() => has_left(ui, product),
        0 => Err("nothing is selected yet; {tick} adds a story, {sprint.fill} fills the sprint".into()),
        _ => Ok(()),
    }
}

fn start(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    match Start::new(ui, product) {
        Some(start) => ui.open(start),
        None => Outcome::say("No sprint is in planning."),
    }
}

/// There is another plan to turn to.
fn can_turn(_: &Ui, product: &Product) -> Result<(), NotReady> {
    match in_planning(product).len() {
        0 | 1 => Err("there is no other sprint in planning; {sprint.new} creates one".into()),
        _ => Ok(()),
    }
}

/// The next sprint in planning.
fn turn(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let all = in_planning(product);
    let at = all.iter().position(|one| Some(one.id) == shown_plan(ui).and_then(|plan| plan.sprint)).unwrap_or(0);
    let Some(next) = all.get(next_in_circle(at, all.len())) else { return Outcome::Nothing };
    ui.slots.choose(Turned(next.id));
    let days = span(next, ui.today).map(|span| format!(", {span}")).unwrap_or_default();
    Outcome::say(format!("{}{days}.", capital(&product.name_of(next.id))))
}

/// What the general keys do in the plan: its boxes say what is in the sprint.
pub const VERBS: &[Verb] = &[
    Verb { name: "tick", ready: may_tick, run: tick::tick },
    Verb { name: "tick.range", ready: on_a_row, run: range },
    Verb { name: "tick.all", ready: on_a_row, run: flip_all },
    Verb { name: "turn", ready: can_turn, run: turn },
];

fn on_a_row(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    tick::on_a_row(ui, product)?;
    may_select(ui, product)
}

fn may_tick(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    if ui.focus() == Focus::List { on_a_row(ui, product) } else { tick::has_box(ui, product) }
}

/// Adds a range of stories.
fn range(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    let Some(row) = ui.chosen_row() else { return Outcome::Nothing };
    match tick::ranged(ui, row.id) {
        Some(ids) => put_in(ui, product, &ids, context),
        None => Outcome::say("Move to the other end, then {tick.range} again ticks all between."),
    }
}
