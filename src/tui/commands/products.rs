//! The products of this computer: putting one out of the list; and the bin of records.

use crate::store::products::{Listed, put_aside};
use crate::tui::command::{Command, Group, Outcome};
use crate::tui::ui::Ui;
use crate::tui::widget::Overlay;
use crate::tui::widget::ask::Ask;
use crate::tui::widget::menu::{Menu, Which};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "bin",
        keys: &[],
        group: Group::Everywhere,
        label: "bin",
        hint: "What was deleted; Enter brings it back.",
        synonyms: &["trash", "deleted", "restore", "recover"],
        weight: 0,
        ready: |_, product| if Menu::bin_is_empty(product) { Err("nothing was deleted".to_string()) } else { Ok(()) },
        run: |ui, _, _| ui.open(Overlay::Menu(Box::new(Menu::new(Which::Bin)))),
    },
    Command {
        name: "data.folder",
        keys: &[],
        group: Group::Everywhere,
        label: "data folder",
        hint: "Where the data of this product lies.",
        synonyms: &["path", "files", "where", "backup"],
        weight: 0,
        ready: crate::tui::command::always,
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

/// Undo does not reach another product, so this is asked.
pub fn remove(ui: &mut Ui, listed: &Listed) -> Outcome {
    if listed.id == ui.elsewhere.here {
        return Outcome::say("It is open here. Open another product first; then it can be deleted from this list.");
    }
    let name = crate::tui::text::clean(&listed.name).into_owned();
    let lies_in = listed.folder.0.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let words =
        format!("Its folder {lies_in} is put aside as it is, in .deleted beside the others. Nothing in it is changed.");
    let listed = listed.clone();
    let ask = Ask::new(format!("Take {name} out of the list?"), words)
        .or("No", |_, _, _| Outcome::Done)
        .or("Yes", move |ui, _, _| put_away(ui, &listed));
    ui.open(Overlay::Ask(Box::new(ask)))
}

/// In the list of products the last one that was put aside comes back; the open product is not touched.
pub fn undo(ui: &mut Ui) -> Outcome {
    let Some((from, to)) = ui.put_aside.pop() else {
        return Outcome::say("No product was put aside here. In the other views {undo} takes back what you did there.");
    };
    match std::fs::rename(&from, &to) {
        Ok(()) => {
            if let Some(data) = ui.elsewhere.data.clone() {
                ui.products.list(&data);
            }
            Outcome::say("The product is back in the list.")
        }
        Err(cause) => Outcome::refuse(format!("It lies in {} and could not be moved back: {cause}.", from.display())),
    }
}

fn put_away(ui: &mut Ui, listed: &Listed) -> Outcome {
    let Some(data) = ui.elsewhere.data.clone() else { return Outcome::Done };
    match put_aside(&data, &listed.folder) {
        Ok(to) => {
            ui.products.list(&data);
            ui.put_aside.push((to, listed.folder.0.clone()));
            Outcome::say(format!(
                "{} is out of the list. {{undo}} brings it back.",
                crate::tui::text::clean(&listed.name)
            ))
        }
        Err(error) => Outcome::refuse(error),
    }
}
