//! Settings and keys: showing them, changing them, writing them to a file.

use crate::actions::Context;
use crate::model::product::Product;
use crate::tui::overlay::reading::ReadingBox;
use crate::tui::overlay::settings_box::SettingsBox;
use crate::tui::state::contract::{Command, Group, Outcome, always};
use crate::tui::state::ui::Ui;
use crate::tui::state::{keys_file, keys_page};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "settings",
        keys: &[],
        group: Group::Everywhere,
        label: "settings",
        hint: "All settings with their values; Space changes one at once.",
        synonyms: &["options", "preferences", "config", "theme", "colours", "mouse", "glyphs"],
        weight: 0,
        ready: always,
        run: |ui, _, _| ui.open(SettingsBox::default()),
    },
    Command {
        name: "keys.changed",
        keys: &[],
        group: Group::Everywhere,
        label: "keys changed",
        hint: "Which keys config.toml has changed.",
        synonyms: &["bindings", "shortcuts", "rebind"],
        weight: 0,
        ready: always,
        run: changed,
    },
    Command {
        name: "keys.sheet",
        keys: &[],
        group: Group::Everywhere,
        label: "key sheet",
        hint: "Write all keys as they are now to a file, to print.",
        synonyms: &["cheat sheet", "print", "shortcuts"],
        weight: 0,
        ready: always,
        run: sheet,
    },
];

fn changed(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    let lines = keys_file::changed(&ui.keymap);
    if lines.is_empty() {
        return Outcome::say("All keys have their defaults. [keys.list] in config.toml changes them.");
    }
    ui.open(ReadingBox { title: "Keys changed".to_string(), lines, top: 0 })
}

fn sheet(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    let Some(folder) = &ui.settings.folder else {
        return Outcome::say("There is no folder to write to. docs/KEYS.md lists the default keys.");
    };
    let file = folder.join("KEYS.md");
    match std::fs::write(&file, keys_page::sheet(&ui.keymap)) {
        Ok(()) => Outcome::say(format!("All keys are in {}.", file.display())),
        Err(cause) => Outcome::refuse(format!("{} could not be written: {cause}.", file.display())),
    }
}
