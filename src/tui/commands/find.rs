//! Searching and filtering.

use crate::actions::Context;
use crate::model::product::Product;
use crate::model::saturating::next_in_circle;
use crate::model::schema::{BacklogItem, Sprint};
use crate::tui::overlay::find::FindLine;
use crate::tui::overlay::picker;
use crate::tui::state::contract::{Command, Group, Outcome, always};
use crate::tui::state::filter::Filter;
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::ui::Ui;
use crate::tui::term::layout::Focus;

/// A row that turns a filter on or off.
macro_rules! filter_row {
    ($name:literal, $keys:expr, $label:literal, $hint:literal, $filter:expr) => {
        Command {
            name: $name,
            keys: $keys,
            group: Group::List,
            label: $label,
            hint: $hint,
            synonyms: &["filter", "only"],
            weight: 0,
            ready: |ui, _| fits(ui, &$filter),
            run: |ui, product, _| ui.toggle_filter(product, $filter),
        }
    };
}

pub const COMMANDS: &[Command] = &[
    Command {
        name: "find",
        keys: &["/"],
        group: Group::List,
        label: "find",
        hint: "Find in this list: all words, or parts of them. Esc clears.",
        synonyms: &["search", "filter"],
        weight: 50,
        ready: always,
        run: find,
    },
    Command {
        name: "filter.closed",
        keys: &["f c"],
        group: Group::List,
        label: "closed too",
        hint: "Show or hide what is done or dropped.",
        synonyms: &["done", "archive", "hidden"],
        weight: 0,
        ready: always,
        run: closed,
    },
    filter_row!("filter.mine", &["f m"], "mine", "Only yours: assigned to you, or changed by you.", Filter::Mine),
    filter_row!(
        "filter.unsure",
        &["f u"],
        "why changed",
        "Only what was agreed before its why changed.",
        Filter::Unsure
    ),
    filter_row!("filter.ready", &["f r"], "ready", "Only what is ready to plan.", Filter::Ready),
    filter_row!("filter.unsized", &["f e"], "no points", "Only stories without points.", Filter::Unsized),
    filter_row!("filter.blocked", &["f b"], "blocked", "Only what is blocked.", Filter::Blocked),
    filter_row!("filter.why", &["f w"], "why only", "Only changes of the why, in the history.", Filter::Why),
    filter_row!("filter.how", &["f h"], "how only", "Only changes of the how, in the history.", Filter::How),
    Command {
        name: "filter.label",
        keys: &["f l"],
        group: Group::List,
        label: "by label",
        hint: "Only stories with a label.",
        synonyms: &["tag"],
        weight: 0,
        ready: |ui, product| has_choice(ui, product, labels),
        run: |ui, product, _| pick(ui, product, "Label", labels),
    },
    Command {
        name: "filter.assignee",
        keys: &["f o"],
        group: Group::List,
        label: "by person",
        hint: "Only stories assigned to a person.",
        synonyms: &["owner", "assignee", "who"],
        weight: 0,
        ready: |ui, product| has_choice(ui, product, people),
        run: |ui, product, _| pick(ui, product, "Assignee", people),
    },
    Command {
        name: "filter.sprint",
        keys: &["f s"],
        group: Group::List,
        label: "by sprint",
        hint: "Only stories of a sprint.",
        synonyms: &["iteration"],
        weight: 0,
        ready: |ui, product| has_choice(ui, product, sprints),
        run: |ui, product, _| pick(ui, product, "Sprint", sprints),
    },
    Command {
        name: "filter.clear",
        keys: &["f x"],
        group: Group::List,
        label: "clear filter",
        hint: "Show everything again.",
        synonyms: &["reset"],
        weight: 0,
        ready: always,
        run: clear,
    },
    Command {
        name: "turn",
        keys: &["t"],
        group: Group::List,
        label: "turn",
        hint: "Turn the view: flat or tree, columns or timeline, the next plan.",
        synonyms: &["tree", "flat", "group"],
        weight: 40,
        ready: can_turn,
        run: turn,
    },
];

fn find(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    ui.begin_find(product);
    ui.place_mut().focus = Focus::List;
    // It opens empty; the arrow up brings the last one back.
    let last = std::mem::take(&mut ui.place_mut().find);
    ui.line_history.keep("find", &last);
    ui.open(FindLine::new(""))
}

/// True if the filter applies to this view.
fn fits(ui: &Ui, filter: &Filter) -> Result<(), NotReady> {
    let here = (ui.screen().filters)(filter);
    if here { Ok(()) } else { Err("this filter does not apply to this view".into()) }
}

/// A filter with a value needs a story that has one.
fn has_choice(ui: &Ui, product: &Product, choices: fn(&Product) -> Vec<Filter>) -> Result<(), NotReady> {
    fits(ui, &Filter::Ready)?;
    if choices(product).is_empty() { Err("no story has one yet".into()) } else { Ok(()) }
}

fn pick(ui: &mut Ui, product: &Product, title: &str, choices: fn(&Product) -> Vec<Filter>) -> Outcome {
    ui.open(picker::for_filters(product, title, choices(product)))
}

fn labels(product: &Product) -> Vec<Filter> {
    let all: std::collections::BTreeSet<String> =
        product.all::<BacklogItem>().flat_map(|item| item.labels.iter().cloned()).collect();
    all.into_iter().map(Filter::Label).collect()
}

fn people(product: &Product) -> Vec<Filter> {
    let named = product.all::<BacklogItem>().map(|item| item.assignee.trim().to_string());
    let all: std::collections::BTreeSet<String> = named.filter(|name| !name.is_empty()).collect();
    all.into_iter().map(Filter::Assignee).collect()
}

fn sprints(product: &Product) -> Vec<Filter> {
    product.all::<Sprint>().rev().map(|sprint| Filter::Sprint(sprint.id)).collect()
}

fn closed(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    let place = ui.place_mut();
    place.closed = !place.closed;
    let word =
        if place.closed { "Closed ones are shown. {filter.closed} hides them." } else { "Closed ones are hidden." };
    Outcome::say(word)
}

fn clear(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    let place = ui.place_mut();
    place.find.clear();
    place.filters.clear();
    place.closed = false;
    Outcome::Nothing
}

fn can_turn(ui: &Ui, _: &Product) -> Result<(), NotReady> {
    if !ui.screen().turns.is_empty() { Ok(()) } else { Err("this view has no other layout".into()) }
}

/// Turns the view to the next way to look at it.
pub fn turn(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    let ways = ui.screen().turns.len().max(1);
    let place = ui.place_mut();
    place.turn = next_in_circle(place.turn, ways);
    // What was asked for is in the list's place; from a pane in full size it would not be seen.
    place.focus = Focus::List;
    Outcome::Nothing
}
