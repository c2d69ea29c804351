//! Finding and filtering.

use crate::deeds::Context;
use crate::model::product::Product;
use crate::tui::command::{Command, Group, Outcome, always};
use crate::tui::layout::Focus;
use crate::tui::ui::Ui;
use crate::tui::widget::Overlay;
use crate::tui::widget::small::{Purpose, Small};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "find",
        keys: &["/"],
        group: Group::List,
        label: "find",
        hint: "Find in this list: each word, any part of it. Esc clears.",
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
        hint: "Show what is done or dropped too, or hide it again.",
        synonyms: &["done", "archive", "hidden"],
        weight: 0,
        ready: always,
        run: closed,
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
        hint: "Turn this view: the backlog flat or as a tree.",
        synonyms: &["tree", "flat", "group"],
        weight: 40,
        ready: can_turn,
        run: turn,
    },
];

fn find(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    ui.place_mut().focus = Focus::List;
    let text = ui.place().find.clone();
    ui.open(Overlay::Small(Box::new(Small::new(Purpose::Find, &text))))
}

fn closed(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    let place = ui.place_mut();
    place.closed = !place.closed;
    let word = if place.closed { "Closed ones are shown too. f c hides them." } else { "Closed ones are hidden." };
    Outcome::say(word)
}

fn clear(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    let place = ui.place_mut();
    place.find.clear();
    place.closed = false;
    Outcome::Done
}

fn can_turn(ui: &Ui, _: &Product) -> Result<(), String> {
    if !ui.screen().turns.is_empty() { Ok(()) } else { Err("this view has one way to look at it".to_string()) }
}

fn turn(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    let place = ui.place_mut();
    place.turned = !place.turned;
    Outcome::Done
}
