//! The products on this computer: beginning another one, removing one from the list; and the bin of deleted records.

use crate::tui::overlay::menu::{Menu, Which};
use crate::tui::state::contract::{Command, Group, Opening, Outcome};
use crate::tui::state::ui::Ui;

pub const COMMANDS: &[Command] = &[
    Command {
        name: "product.new",
        keys: &[],
        group: Group::Everywhere,
        label: "new product",
        hint: "Begin another product beside the ones you have.",
        synonyms: &["create", "add", "start", "project"],
        weight: 0,
        ready: crate::tui::state::contract::always,
        run: |_, _, _| Outcome::Open(Opening::New),
    },
    Command {
        name: "bin",
        keys: &[],
        group: Group::Everywhere,
        label: "bin",
        hint: "Deleted records; Enter restores one.",
        synonyms: &["trash", "deleted", "restore", "recover"],
        weight: 0,
        ready: |_, product| if Menu::bin_is_empty(product) { Err("nothing has been deleted".into()) } else { Ok(()) },
        run: |ui, _, _| ui.open(Menu::new(Which::Bin)),
    },
    Command {
        name: "data.folder",
        keys: &[],
        group: Group::Everywhere,
        label: "data folder",
        hint: "Where this product's data is stored.",
        synonyms: &["path", "files", "where", "backup"],
        weight: 0,
        ready: crate::tui::state::contract::always,
        run: |ui, _, _| match folder_of(ui) {
            Some(folder) => Outcome::say(format!("It is in {folder}")),
            None => Outcome::say("It is only in memory."),
        },
    },
];

fn folder_of(ui: &Ui) -> Option<String> {
    let data = ui.elsewhere.data.as_ref()?;
    let open = data.list().into_iter().find(|one| one.id == ui.elsewhere.here)?;
    Some(open.folder.0.display().to_string())
}
