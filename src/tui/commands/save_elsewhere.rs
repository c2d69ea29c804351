//! Unsaved changes: a copy in another place, and the question before quitting.

use crate::actions::Context;
use crate::model::product::Product;
use crate::model::rules::Refusal;
use crate::tui::overlay::ask::Ask;
use crate::tui::overlay::ask_reason::Reason;
use crate::tui::state::contract::{Command, Group, Outcome, always};
use crate::tui::state::ui::{Ui, Unsaved};
use crate::tui::term::path_text::whole_path;
use std::path::PathBuf;

pub const COMMANDS: &[Command] = &[
    Command {
        name: "save.elsewhere",
        keys: &["Z"],
        group: Group::Everywhere,
        label: "save elsewhere",
        hint: "Save a complete copy in another folder, if this one fails.",
        synonyms: &["export", "rescue", "not saved", "disk full", "read only", "copy product"],
        weight: 90,
        ready: |ui, _| match ui.unsaved {
            Some(_) => Ok(()),
            None => Err("everything is saved here".into()),
        },
        run: elsewhere,
    },
    Command {
        name: "steps.bring_back",
        keys: &[],
        group: Group::Everywhere,
        label: "bring back",
        hint: "Bring back saved changes that replaced files lack.",
        synonyms: &["lost", "git checkout", "restore steps", "replaced", "missing changes"],
        weight: 0,
        ready: always,
        run: |_, _, _| Outcome::BringBack,
    },
];

/// Asks for a folder, with a sensible default filled in.
fn elsewhere(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    let Some(unsaved) = &ui.unsaved else { return Outcome::Nothing };
    let proposed = proposed(ui, unsaved).display().to_string();
    let words = match unsaved.is_gone {
        true => {
            "The product's folder is gone. It will be recreated in this folder, with everything you see. Or type another one."
        }
        false => "The whole product is copied there, with everything you see. Nothing here is changed.",
    };
    let lacks = "Enter a folder, such as /media/stick or ~/copy.";
    ui.open(
        Reason::new("Save everything in which folder?", words, lacks, |text, ui, _, _| {
            match whole_path(text, ui.elsewhere.home.as_deref()) {
                Some(path) => Ok(Outcome::SaveElsewhere(path)),
                None => Err(Refusal::new(
                    format!("\u{201c}{text}\u{201d} is not a complete path."),
                    "Type the whole path, starting with / or ~. Nothing was written.",
                )),
            }
        })
        .begun(&proposed),
    )
}

/// The folder's old path if it is gone; else a folder on another disk, if a writable one exists.
fn proposed(ui: &Ui, unsaved: &Unsaved) -> PathBuf {
    let data = ui.elsewhere.data.as_ref().map(|data| data.0.clone());
    match (unsaved.is_gone, data) {
        (true, Some(data)) => data,
        _ => ui.elsewhere.spare.clone().unwrap_or_default(),
    }
}

/// Asked before quitting or opening another product with unsaved changes.
pub fn before_leaving(unsaved: &Unsaved, then: Outcome) -> Ask {
    let (n, why) = (unsaved.waiting, &unsaved.why);
    let acts = if n == 1 { "Your last change is".to_string() } else { format!("Your last {n} changes are") };
    let words = format!("{acts} not on disk: {why}. Everything shown as saved is safe. {}", unsaved.outlook());
    Ask::new("Leave without saving?", words)
        .or("Stay here", |_, _, _| Outcome::Nothing)
        .or("Save everything in another folder", elsewhere)
        .or(if n == 1 { "Leave, and lose the last change" } else { "Leave, and lose these changes" }, |_, _, _| then)
}
