//! The roadmap as a whole: ratifying it, and since when its changes are looked at.

use crate::actions::Context;
use crate::insight::date_parser::{Around, Lean, read};
use crate::insight::window::Since;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::schema::{Kind, RoadmapItem, RoadmapVersion};
use crate::tui::command::{Command, Commit, Group, Outcome};
use crate::tui::filter::Filter;
use crate::tui::screen::{changes, roadmap};
use crate::tui::ui::Ui;
use crate::tui::widget::Overlay;
use crate::tui::widget::editor::not_yours;
use crate::tui::widget::small::{Purpose, Small};

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
        hint: "Freeze the roadmap as a version that the team can rely on.",
        synonyms: &["version", "freeze", "agree", "baseline"],
        weight: 0,
        ready: may_ratify,
        run: |ui, _, _| ui.open(Overlay::Small(Box::new(Small::new(Purpose::Ratify, "")))),
    },
    Command {
        name: "roadmap.changes",
        keys: &[],
        group: Group::Move,
        label: "roadmap changes",
        hint: "What moved on the roadmap since it was ratified last.",
        synonyms: &["since", "moved", "diff", "slip"],
        weight: 0,
        ready: crate::tui::command::always,
        run: open_changes,
    },
    since_row!(
        "since.version",
        &["f v"],
        "since version",
        "Changes since the roadmap was ratified last.",
        |ui, _, _| {
            ui.place_mut().filters.retain(|one| !matches!(one, Filter::Since(_)));
            Outcome::Done
        }
    ),
    since_row!("since.review", &["f p"], "since review", "Changes since the last sprint review.", |ui, _, _| {
        set(ui, Since::Review);
        Outcome::Done
    }),
    since_row!("since.day", &["f d"], "since a day", "Changes since a day, typed in words.", |ui, _, _| {
        ui.open(Overlay::Small(Box::new(Small::new(Purpose::Since, ""))))
    }),
];

fn on_changes(ui: &Ui, _: &Product) -> Result<(), String> {
    if changes::is_shown(ui) { Ok(()) } else { Err("this is about the changes of the roadmap".to_string()) }
}

fn may_ratify(ui: &Ui, product: &Product) -> Result<(), String> {
    if ui.role.owns(Owner::Why) {
        return Ok(());
    }
    Err(not_yours(ui, product, Owner::Why, "the roadmap"))
}

/// Ratifies with what was typed. A refusal leaves the line open.
pub fn ratified(product: &Product, note: &str, context: &mut Context) -> Result<Outcome, String> {
    let step = crate::actions::roadmap::ratify(product, note, context).map_err(|refusal| refusal.to_string())?;
    let number = product.all::<RoadmapVersion>().map(|one| one.number).max().unwrap_or(0).saturating_add(1);
    let items = product.all::<RoadmapItem>().len();
    let word = if items == 1 { "item" } else { "items" };
    let say = format!(
        "Version {number} is ratified: {items} {word} and their forecasts are kept as they are. Changes since then \
         stand in {{go.roadmap}} {{turn}} {{turn}}."
    );
    Ok(Outcome::Commit(Commit { say: Some(say), ..Commit::new(step) }))
}

fn set(ui: &mut Ui, since: Since) {
    let filters = &mut ui.place_mut().filters;
    filters.retain(|one| !matches!(one, Filter::Since(_)));
    filters.push(Filter::Since(since));
}

/// The day that was typed, in words.
pub fn since_day(ui: &mut Ui, product: &Product, text: &str) -> Result<Outcome, String> {
    let day = read(text, &Around::new(product, ui.today, Lean::Back, ui.month_first))?;
    set(ui, Since::Day(day));
    Ok(Outcome::Done)
}

fn open_changes(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    if let Some(view) = crate::tui::screen::of_kind(Kind::RoadmapItem) {
        ui.go(view);
        ui.place_mut().turn = roadmap::CHANGES;
    }
    Outcome::Done
}
