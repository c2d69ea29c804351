//! The program itself: undo, help, role, leaving.

use crate::deeds::Context;
use crate::model::product::Product;
use crate::tui::command::{Command, Group, Outcome, always};
use crate::tui::layout::Focus;
use crate::tui::settings::Quit;
use crate::tui::ui::Ui;
use crate::tui::widget::Overlay;
use crate::tui::widget::menu::{Menu, Which};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "undo",
        keys: &["u"],
        group: Group::Everywhere,
        label: "undo",
        hint: "Take your last act back, also one of an earlier day.",
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
        hint: "Do again what was taken back.",
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
        hint: "Change the role: product manager, product owner, both.",
        synonyms: &["hat", "PM", "PO", "seat"],
        weight: 0,
        ready: always,
        run: |ui, _, _| Outcome::SetRole(ui.role.next()),
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
            Outcome::Done
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
        run: |ui, _, _| ui.open(Overlay::Menu(Box::new(Menu::new(Which::Palette)))),
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
        run: |ui, _, _| ui.open(Overlay::Menu(Box::new(Menu::new(Which::Help)))),
    },
    Command {
        name: "redraw",
        keys: &["Ctrl-L"],
        group: Group::Everywhere,
        label: "redraw",
        hint: "Draw the whole screen anew.",
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
        hint: "The mouse on, or off: then the terminal selects text as usual.",
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
        hint: "Close the innermost thing. Never quits, never loses text.",
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
        hint: "Close the innermost thing; with nothing left, twice quits.",
        synonyms: &["exit", "leave", "close"],
        weight: 5,
        ready: always,
        run: quit,
    },
    Command {
        name: "quit.now",
        keys: &[],
        group: Group::Everywhere,
        label: "quit now",
        hint: "Quit at once. All is saved.",
        synonyms: &["exit", "q"],
        weight: 0,
        ready: always,
        run: |_, _, _| Outcome::Quit,
    },
];

/// Closes the innermost of range, ticks, find, zoom, pane. True when something was closed.
fn close_innermost(ui: &mut Ui) -> bool {
    if ui.range.take().is_some() {
        return true;
    }
    if !ui.ticked.is_empty() {
        ui.ticked.clear();
        return true;
    }
    if !ui.place().find.is_empty() {
        ui.place_mut().find.clear();
        return true;
    }
    if ui.zoom {
        ui.zoom = false;
        return true;
    }
    if ui.focus() != Focus::List {
        ui.place_mut().focus = Focus::List;
        return true;
    }
    false
}

fn escape(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    if close_innermost(ui) {
        return Outcome::Done;
    }
    if ui.tour.take().is_some() {
        return Outcome::say("The strip is gone for good. ? shows the keys that work here.");
    }
    Outcome::say("↑ ↓ move, Enter opens, ? shows all keys. q q quits.")
}

fn quit(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    let again = std::mem::take(&mut ui.leaving);
    if close_innermost(ui) {
        return Outcome::Done;
    }
    if again || ui.settings.quit == Quit::Once {
        return Outcome::Quit;
    }
    ui.leaving = true;
    Outcome::say("q again to quit. All is saved.")
}
