//! The roadmap as a whole: ratifying it, and the start of the window for its changes.

use crate::actions;
use crate::actions::Context;
use crate::actions::now::NOW_ASKS;
use crate::export::markdown::pages;
use crate::insight::attention::addressee;
use crate::insight::date_parser::{Around, Lean, read};
use crate::insight::window::Since;
use crate::model::change::Step;
use crate::model::grammar::{count, count_of};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::rules::Refusal;
use crate::model::schema::Horizon;
use crate::model::schema::{Feedback, FeedbackState, Kind, RoadmapItem, RoadmapVersion};
use crate::tui::commands::{agree, copy, export, go};
use crate::tui::overlay::ask_reason::Reason;
use crate::tui::overlay::export_sheet::ExportSheet;
use crate::tui::overlay::prompt::Prompt;
use crate::tui::state::access::{may_act, may_edit, may_order};
use crate::tui::state::contract::{Command, Commit, Dropped, Group, Outcome, Verb, always, on_something};
use crate::tui::state::filter::Filter;
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::ui::{HORIZONS, Ui};
use crate::tui::term::layout::Focus;
use crate::tui::view::roadmap::{changes, timeline};
use crate::tui::widget::fields::sign;
use crate::tui::widget::pane::pane_rows;

/// A row of the `f` box for changes of the roadmap.
macro_rules! since_row {
    ($name:literal, $keys:expr, $label:literal, $hint:literal, $run:expr) => {
        Command {
            name: $name,
            keys: $keys,
            group: Group::List,
            label: $label,
            hint: $hint,
            synonyms: &["changes", "since", "moved"],
            weight: 0,
            ready: on_changes,
            run: $run,
        }
    };
}

pub const COMMANDS: &[Command] = &[
    Command {
        name: "roadmap.ratify",
        keys: &[],
        group: Group::Everywhere,
        label: "ratify",
        hint: "Store the roadmap as a version that the team can rely on.",
        synonyms: &["version", "freeze", "agree", "baseline"],
        weight: 0,
        ready: may_ratify,
        run: ratify,
    },
    Command {
        name: "roadmap.changes",
        keys: &[],
        group: Group::Move,
        label: "roadmap changes",
        hint: "What has changed on the roadmap since it was last ratified.",
        synonyms: &["since", "moved", "diff", "slip"],
        weight: 0,
        ready: crate::tui::state::contract::always,
        run: open_changes,
    },
    since_row!(
        "since.version",
        &["f v"],
        "since version",
        "Changes since the roadmap was last ratified.",
        |ui, _, _| {
            ui.place_mut().filters.retain(|one| !matches!(one, Filter::Since(_)));
            Outcome::Nothing
        }
    ),
    since_row!("since.review", &["f p"], "since review", "Changes since the last sprint review.", |ui, _, _| {
        set(ui, Since::Review);
        Outcome::Nothing
    }),
    since_row!("since.day", &["f d"], "since a day", "Changes since a day, typed in words.", |ui, _, _| {
        let hint = "mon, 12 nov, -2w · Enter picks the day · Esc back";
        ui.open(Prompt::new("changes since: ", hint, "since", |text, ui, product, _| since_day(ui, product, text)))
    }),
];

fn on_changes(ui: &Ui, _: &Product) -> Result<(), NotReady> {
    if changes::is_shown(ui) { Ok(()) } else { Err("this applies to the changes of the roadmap".into()) }
}

fn may_ratify(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    may_act(ui, product, Kind::RoadmapItem, || "the roadmap".to_string())
}

/// What delivery has said about the roadmap and nobody has answered.
fn said(product: &Product) -> Vec<String> {
    let open = product.all::<Feedback>().filter(|one| one.state == FeedbackState::New);
    let of_delivery = open.filter(|one| addressee(product, one) == Some(Owner::Why));
    let about = |one: &Feedback| {
        let item = one.links.iter().find(|id| product.get::<RoadmapItem>(**id).is_some())?;
        let words = one.quote.lines().next().unwrap_or_default().to_string();
        Some(format!("{} {} {}: {words}", sign(one.kind), product.name_of(*item), &*one.source))
    };
    of_delivery.filter_map(|one| about(one)).collect()
}

fn ratify(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let said = said(product);
    if !said.is_empty() {
        let title = format!("Ratify? {} not answered", count(said.len(), "remark is", "remarks are"));
        let words = format!("{}\nThe line above says what is new; it may stay empty.", said.join("\n"));
        return ui.open(Reason::new(title, words, "", |text, _, product, context| {
            ratified(product, text, context).map_err(|why| Refusal::new(why, ""))
        }));
    }
    let hint = "a sentence, or nothing · Enter ratifies · Esc back";
    let line = Prompt::new("ratify, what is new: ", hint, "ratify", |text, _, product, context| {
        ratified(product, text, context)
    });
    ui.open(line)
}

/// Ratifies with the typed note. A refusal leaves the input open.
fn ratified(product: &Product, note: &str, context: &mut Context) -> Result<Outcome, String> {
    let step = crate::actions::roadmap::ratify(product, note, context).map_err(|refusal| format!("{refusal:#}"))?;
    let number = product.all::<RoadmapVersion>().map(|one| one.number).max().unwrap_or(0).saturating_add(1);
    let items = product.all::<RoadmapItem>().len();
    let word = if items == 1 { "item with its forecast" } else { "items with their forecasts" };
    let say = format!(
        "Version {number} is ratified and keeps {items} {word}. {{go.roadmap}} {{turn}} {{turn}} shows what changes from now on."
    );
    Ok(Outcome::Commit(Commit { say: Some(say.into()), ..Commit::new(step) }))
}

fn set(ui: &mut Ui, since: Since) {
    let filters = &mut ui.place_mut().filters;
    filters.retain(|one| !matches!(one, Filter::Since(_)));
    filters.push(Filter::Since(since));
}

/// Parses the typed date.
fn since_day(ui: &mut Ui, product: &Product, text: &str) -> Result<Outcome, String> {
    let day = read(text, &Around::new(product, ui.today, Lean::Back, ui.month_first))?;
    set(ui, Since::Day(day));
    Ok(Outcome::Nothing)
}

fn open_changes(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    if let Some(view) = ui.registry.of_kind(Kind::RoadmapItem) {
        ui.go(view);
        ui.place_mut().turn = changes::CHANGES;
    }
    Outcome::Nothing
}

/// What the general keys do on the roadmap.
pub const VERBS: &[Verb] = &[
    Verb { name: "horizon.sooner", ready: on_item, run: |ui, product, _| horizon(ui, product, -1) },
    Verb { name: "horizon.later", ready: on_item, run: |ui, product, _| horizon(ui, product, 1) },
    Verb { name: "go.left", ready: always, run: |ui, _, _| sideways(ui, -1) },
    Verb { name: "go.right", ready: always, run: |ui, _, _| sideways(ui, 1) },
    Verb { name: "confirm", ready: may_confirm, run: confirm },
    Verb { name: "copy.markdown", ready: may_copy, run: copy_markdown },
    Verb { name: "export.this", ready: always, run: export_this },
];

fn on_item(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    if ui.any_target().and_then(|id| product.get::<RoadmapItem>(id)).is_none() {
        return Err("no roadmap item is selected".into());
    }
    Kind::RoadmapItem.field("horizon").map_or(Ok(()), |field| may_edit(ui, product, field))
}

/// Moves the selected items a column sooner or later.
fn horizon(ui: &mut Ui, product: &Product, by: isize) -> Outcome {
    let ids = ui.targets_of(product, Kind::RoadmapItem);
    let mut moves: Vec<(Horizon, Vec<Id>)> = Vec::new();
    for item in ids.iter().filter_map(|id| product.get::<RoadmapItem>(*id)) {
        let at = HORIZONS.iter().position(|one| *one == item.horizon).unwrap_or(0);
        let Some(to) = at.checked_add_signed(by).and_then(|at| HORIZONS.get(at)).copied() else { continue };
        match moves.iter_mut().find(|(known, _)| *known == to) {
            Some((_, all)) => all.push(item.id),
            None => moves.push((to, vec![item.id])),
        }
    }
    if moves.is_empty() {
        let end = if by > 0 { Horizon::Later } else { Horizon::Now };
        let place = if by > 0 { "last" } else { "first" };
        return Outcome::say(format!("{} is the {place} column.", end.label()));
    }
    let mut step = Step::default();
    for (to, ids) in &moves {
        match actions::roadmap::horizon(product, ids, *to) {
            Ok(one) => {
                step.label = one.label.clone();
                step.join(one);
            }
            Err(refusal) => {
                let missing =
                    |id: &Id| Some(actions::now::missing_of(product, *id).len()).filter(|missing| *missing > 0);
                // The pane opens at the first of them.
                if let Some(at) = ids.iter().find_map(|id| first_missing(ui, product, *id)) {
                    ui.place_mut().why_at = at;
                }
                let them = if ids.iter().find_map(missing) == Some(1) { "it" } else { "them" };
                return Outcome::refuse(format!("{} Tab and Enter write {them}.", refusal.what));
            }
        }
    }
    if moves.len() > 1 {
        let all: usize = moves.iter().map(|(_, ids)| ids.len()).sum();
        step.label =
            format!("{} a column {}", count_of(all, Kind::RoadmapItem), if by > 0 { "later" } else { "sooner" });
    }
    Outcome::Commit(Commit { choose: ui.place().chosen, ..Commit::new(step) })
}

/// The row of the first reason that NOW asks for in the pane of the selected item.
fn first_missing(ui: &Ui, product: &Product, id: Id) -> Option<usize> {
    let missing = |key: &&str| Kind::RoadmapItem.field(key).is_some_and(|field| product.value(id, field).is_null());
    let first = NOW_ASKS.iter().copied().find(missing)?;
    let rows = pane_rows(ui, product, Focus::Why);
    let mut stops = rows.iter().filter(|row| row.is_stop());
    stops.position(|row| row.field().is_some_and(|(record, field)| record == id && field.key == first))
}

/// Items that were dropped in a column, at their place in the order there.
pub fn drop_in(ui: &mut Ui, product: &Product, _: &mut Context, dropped: Dropped) -> Outcome {
    let Some(to) = HORIZONS.get(dropped.column) else { return Outcome::Nothing };
    if let Err(why) = may_order(ui, product, Kind::RoadmapItem) {
        return Outcome::refuse(why);
    }
    let mut step = Step::default();
    for id in &dropped.ids {
        if product.get::<RoadmapItem>(*id).is_some_and(|item| item.horizon != *to) {
            match actions::roadmap::horizon(product, &[*id], *to) {
                Ok(moved) => {
                    step.label = moved.label.clone();
                    step.join(moved);
                }
                Err(refusal) => return Outcome::refuse(refusal),
            }
        }
    }
    if step.label.is_empty() {
        step.label = dropped.order.label.clone();
    }
    step.join(dropped.order);
    if step.is_empty() {
        return Outcome::say("It is where it was.");
    }
    Outcome::Commit(Commit { choose: dropped.ids.first().copied(), ..Commit::new(step) })
}

/// Scrolls the timeline by weeks.
fn sideways(ui: &mut Ui, by: isize) -> Outcome {
    if ui.focus() == Focus::List && timeline::is_shown(ui) {
        timeline::scroll(ui, by);
        return Outcome::Nothing;
    }
    go::sideways(ui, by)
}

/// What `confirm` is about: on a change, the records that it made suspect.
fn confirmed(ui: &Ui, product: &Product) -> Vec<Id> {
    if changes::is_shown(ui) { changes::asking(ui, product) } else { ui.targets() }
}

fn may_confirm(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    on_something(ui, product)?;
    match changes::is_shown(ui) {
        true => agree::may_confirm_these(ui, product, changes::asking(ui, product).into_iter()),
        false => agree::may_confirm_these(ui, product, ui.some_targets()),
    }
}

fn confirm(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    agree::confirm_these(product, &confirmed(ui, product), context)
}

fn may_copy(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    if changes::is_shown(ui) { Ok(()) } else { copy::on_record(ui, product) }
}

/// The changes are read as a whole and copied as a whole.
fn copy_markdown(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    if !changes::is_shown(ui) {
        return copy::markdown(ui, product, context);
    }
    copy::page(ui, "the changes as Markdown", "changes", &changes::page(ui, product))
}

/// The changes are no page of the product alone: what is written is what the view shows.
fn export_this(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    if !changes::is_shown(ui) {
        return export::export_this(ui, product, context);
    }
    let page = changes::page(ui, product);
    ui.open(ExportSheet::of_page(&pages::ROW, "changes", page, product))
}
