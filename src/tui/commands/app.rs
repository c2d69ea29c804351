//! The program itself: undo, help, role, leaving.

use crate::actions::Context;
use crate::model::grammar::capital;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::schema::Kind;
use crate::tui::overlay::ask::Ask;
use crate::tui::overlay::menu::{Menu, Which};
use crate::tui::overlay::reading::ReadingBox;
use crate::tui::overlay::role_box::RoleBox;
use crate::tui::settings::Quit;
use crate::tui::state::access::owner_label;
use crate::tui::state::contract::{Command, Group, Opening, Outcome, always};
use crate::tui::state::ui::Ui;
use crate::tui::term::layout::Focus;
use crate::tui::term::text::thousands;

pub const COMMANDS: &[Command] = &[
    Command {
        name: "undo",
        keys: &["u"],
        group: Group::Everywhere,
        label: "undo",
        hint: "Undo your last change, even one made on an earlier day.",
        synonyms: &["back", "revert"],
        weight: 58,
        ready: always,
        run: |_, _, _| Outcome::Undo,
    },
    Command {
        name: "redo",
        keys: &["U", "Ctrl-R"],
        group: Group::Everywhere,
        label: "redo",
        hint: "Redo what was undone.",
        synonyms: &["again"],
        weight: 0,
        ready: always,
        run: |_, _, _| Outcome::Redo,
    },
    Command {
        name: "role",
        keys: &["R"],
        group: Group::Everywhere,
        label: "role",
        hint: "Change role or name: product manager, product owner, both.",
        synonyms: &["hat", "PM", "PO", "seat"],
        weight: 0,
        ready: always,
        run: role,
    },
    Command {
        name: "owners",
        keys: &[],
        group: Group::Everywhere,
        label: "who owns what",
        hint: "Which fields the PM owns, which the PO, and which both write.",
        synonyms: &["owner", "fields", "why", "how", "propose", "rights"],
        weight: 0,
        ready: always,
        run: owners,
    },
    Command {
        name: "repeat",
        keys: &["."],
        group: Group::Everywhere,
        label: "again here",
        hint: "Repeat your last change on what is selected now.",
        synonyms: &["repeat", "dot"],
        weight: 0,
        ready: always,
        run: |_, _, _| Outcome::Repeat,
    },
    Command {
        name: "wider.why",
        keys: &[],
        group: Group::Everywhere,
        label: "wider why",
        hint: "Give the why more room beside the how.",
        synonyms: &["split", "resize", "bigger"],
        weight: 0,
        ready: always,
        run: |ui, _, _| wider(ui, 10),
    },
    Command {
        name: "wider.how",
        keys: &[],
        group: Group::Everywhere,
        label: "wider how",
        hint: "Give the how more room beside the why.",
        synonyms: &["split", "resize", "bigger"],
        weight: 0,
        ready: always,
        run: |ui, _, _| wider(ui, -10),
    },
    Command {
        name: "messages",
        keys: &[],
        group: Group::Everywhere,
        label: "messages",
        hint: "Recent messages of the status line.",
        synonyms: &["log", "toasts", "notifications"],
        weight: 0,
        ready: always,
        run: messages,
    },
    Command {
        name: "sample",
        keys: &[],
        group: Group::Everywhere,
        label: "sample",
        hint: "Open the sample product to try things in.",
        synonyms: &["demo", "example", "tour"],
        weight: 0,
        ready: always,
        run: |_, _, _| Outcome::Open(Opening::Sample { anew: false }),
    },
    Command {
        name: "sample.reset",
        keys: &[],
        group: Group::Everywhere,
        label: "sample reset",
        hint: "Reset the sample to its original state.",
        synonyms: &["demo", "start over"],
        weight: 0,
        ready: |ui, _| match ui.elsewhere.sample.is_empty() {
            true => Err("there is no sample yet".into()),
            false => Ok(()),
        },
        run: |ui, _, _| {
            let words = "What you did in it leaves the list with it. Your own products are not touched.";
            let ask = Ask::new("Reset the sample?", words)
                .or("No", |_, _, _| Outcome::Nothing)
                .or("Yes, reset it", |_, _, _| Outcome::Open(Opening::Sample { anew: true }));
            ui.open(ask)
        },
    },
    Command {
        name: "zoom",
        keys: &["z"],
        group: Group::Everywhere,
        label: "zoom",
        hint: "This pane in the whole window, and back.",
        synonyms: &["full screen", "maximise"],
        weight: 0,
        ready: always,
        run: |ui, _, _| {
            ui.zoom = !ui.zoom;
            Outcome::Nothing
        },
    },
    Command {
        name: "palette",
        keys: &[":", "Ctrl-K", "Ctrl-P"],
        group: Group::Everywhere,
        label: "commands",
        hint: "All commands in one list; a number such as S24 jumps there.",
        synonyms: &["menu", "command line"],
        weight: 0,
        ready: always,
        run: |ui, _, _| ui.open(Menu::new(Which::Palette)),
    },
    Command {
        name: "help",
        keys: &["?", "F1"],
        group: Group::Everywhere,
        label: "help",
        hint: "The keys that work here; Enter does the chosen one.",
        synonyms: &["keys", "manual"],
        weight: 0,
        ready: always,
        run: |ui, _, _| ui.open(Menu::new(Which::Help)),
    },
    Command {
        name: "redraw",
        keys: &["Ctrl-L"],
        group: Group::Everywhere,
        label: "redraw",
        hint: "Redraw the whole screen.",
        synonyms: &["refresh"],
        weight: 0,
        ready: always,
        run: |_, _, _| Outcome::Redraw,
    },
    Command {
        name: "mouse",
        keys: &[],
        group: Group::Everywhere,
        label: "mouse",
        hint: "Mouse on or off; when off, the terminal selects text as usual.",
        synonyms: &["click", "select text", "mouse off", "mouse on"],
        weight: 0,
        ready: always,
        run: |ui, _, _| {
            let on = !ui.settings.mouse;
            ui.settings.mouse = on;
            ui.say(if on { "The mouse is on." } else { "The mouse is off: dragging selects text." });
            Outcome::Mouse(on)
        },
    },
    Command {
        name: "suspend",
        keys: &["Ctrl-Z"],
        group: Group::Everywhere,
        label: "suspend",
        hint: "To the shell; fg comes back.",
        synonyms: &["shell", "background"],
        weight: 0,
        ready: always,
        run: |_, _, _| Outcome::Suspend,
    },
    Command {
        name: "close",
        keys: &["Esc"],
        group: Group::Everywhere,
        label: "out",
        hint: "Close what is on top. Never quits, never loses text.",
        synonyms: &["cancel", "back"],
        weight: 0,
        ready: always,
        run: escape,
    },
    Command {
        name: "quit",
        keys: &["q", "Ctrl-C"],
        group: Group::Everywhere,
        label: "quit",
        hint: "Close what is on top; with nothing open, twice quits.",
        synonyms: &["exit", "leave", "close"],
        weight: 36,
        ready: always,
        run: quit,
    },
    Command {
        name: "quit.now",
        keys: &[],
        group: Group::Everywhere,
        label: "quit now",
        hint: "Quit at once. Asks first if anything is not saved.",
        synonyms: &["exit", "q"],
        weight: 0,
        ready: always,
        run: |_, _, _| Outcome::Quit,
    },
];

/// Asks for the role of the person at the keyboard: which half they may write.
fn role(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    let who = RoleBox::of(ui);
    ui.open(who)
}

/// The owner of each field, from the field table.
fn owners(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let mut lines = vec!["What is not yours you can propose: its owner accepts, edits or declines it.".to_string()];
    for kind in Kind::ALL {
        let fields = || kind.fields().iter().filter(|field| !field.is_head() && field.owner != Owner::System);
        if fields().next().is_none() {
            continue;
        }
        let to_add = match kind.owner() {
            Owner::Both => "both add, delete and order".to_string(),
            owner => format!("{} adds, deletes and orders", owner_label(product, owner)),
        };
        lines.push(String::new());
        lines.push(format!("{}: {to_add}", capital(kind.noun())));
        for owner in [Owner::Why, Owner::How, Owner::Both] {
            let labels: Vec<String> = fields().filter(|field| field.owner == owner).map(|field| field.noun()).collect();
            if !labels.is_empty() {
                let whose = if owner == Owner::Both { "both".to_string() } else { owner_label(product, owner) };
                lines.push(format!("  {whose}: {}", labels.join(", ")));
            }
        }
    }
    ui.open(ReadingBox { title: "Who owns what".to_string(), lines, top: 0 })
}

/// The split is kept per view.
fn wider(ui: &mut Ui, by: i16) -> Outcome {
    let place = ui.place_mut();
    place.share = place.share.saturating_add_signed(by).clamp(20, 80);
    Outcome::say(format!("The why takes {} % of the space here.", place.share))
}

/// Recent messages, newest first.
fn messages(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    let lines: Vec<String> = ui.messages.iter().rev().map(|word| ui.keymap.fill(word).into_owned()).collect();
    if lines.is_empty() {
        return Outcome::say("There are no messages yet.");
    }
    ui.open(ReadingBox { title: "Messages, newest first".to_string(), lines, top: 0 })
}

/// Closes the innermost: of a pane, its zoom and then itself; of the list, range, ticks, find, filters, zoom. Returns true
/// if something was closed.
fn close_innermost(ui: &mut Ui) -> bool {
    if ui.focus() != Focus::List {
        if ui.zoom {
            ui.zoom = false;
        } else {
            ui.place_mut().focus = Focus::List;
        }
        return true;
    }
    if ui.range.take().is_some() {
        return true;
    }
    if ui.untick() {
        return true;
    }
    if !ui.place().find.is_empty() {
        ui.place_mut().find.clear();
        return true;
    }
    let place = ui.place_mut();
    if !place.filters.is_empty() || place.sort.is_some() {
        (place.filters, place.sort) = (Vec::new(), None);
        return true;
    }
    if ui.zoom {
        ui.zoom = false;
        return true;
    }
    false
}

fn escape(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    let ticks = |ui: &Ui| ui.ticked.len().saturating_add(ui.ticked_hidden.len());
    let ticked = ticks(ui);
    if close_innermost(ui) {
        if ticked > 0 && ticks(ui) == 0 {
            return Outcome::say(format!("{} unticked, {{tick.again}} brings them back.", thousands(ticked)));
        }
        return Outcome::Nothing;
    }
    if ui.tour.take().is_some() {
        return Outcome::say("The tour is over. {help} shows the keys that work here.");
    }
    Outcome::say("↑ ↓ move, Enter opens, {help} shows all keys. {quit} {quit} quits.")
}

fn quit(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    let again = std::mem::take(&mut ui.leaving);
    if close_innermost(ui) {
        return Outcome::Nothing;
    }
    // With unsaved changes the question is asked at once and says so.
    if again || ui.settings.quit == Quit::Once || ui.unsaved.as_ref().is_some_and(|unsaved| unsaved.waiting > 0) {
        return Outcome::Quit;
    }
    ui.leaving = true;
    Outcome::say("{quit} again to quit. Everything is saved.")
}
