//! The products of this computer: putting one out of the list; and the bin of records.

use crate::tui::overlay::menu::{Menu, Which};
use crate::tui::state::contract::{Command, Group, Outcome};
use crate::tui::state::ui::Ui;

pub const COMMANDS: &[Command] = &[
    Command {
        name: "bin",
        keys: &[],
        group: Group::Everywhere,
        label: "bin",
        hint: "What was deleted; Enter brings it back.",
        synonyms: &["trash", "deleted", "restore", "recover"],
        weight: 0,
        ready: |_, product| if Menu::bin_is_empty(product) { Err("nothing was deleted".into()) } else { Ok(()) },
        run: |ui, _, _| ui.open(Menu::new(Which::Bin)),
    },
    Command {
        name: "data.folder",
        keys: &[],
        group: Group::Everywhere,
        label: "data folder",
        hint: "Where the data of this product lies.",
        synonyms: &["path", "files", "where", "backup"],
        weight: 0,
        ready: crate::tui::state::contract::always,
        run: |ui, _, _| match folder_of(ui) {
            Some(folder) => Outcome::say(format!("It lies in {folder}")),
            None => Outcome::say("It lies in memory only."),
        },
    },
];

fn folder_of(ui: &Ui) -> Option<String> {
    let data = ui.elsewhere.data.as_ref()?;
    let open = data.list().into_iter().find(|one| one.id == ui.elsewhere.here)?;
    Some(open.folder.0.display().to_string())
}
