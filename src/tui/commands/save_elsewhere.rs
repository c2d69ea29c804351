//! Unsaved changes: a copy in another place, and the question before quitting.

use crate::actions::Context;
use crate::model::product::Product;
use crate::model::rules::Refusal;
use crate::tui::overlay::ask::Ask;
use crate::tui::overlay::ask_reason::Reason;
use crate::tui::state::contract::{Command, Group, Outcome, always};
use crate::tui::state::ui::{Ui, Unsaved};
use std::path::{Path, PathBuf};

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
                    format!("{text:?} is not a complete path."),
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

/// A path that starts at the root or home; a relative path would depend on where the program was started.
fn whole_path(text: &str, home: Option<&Path>) -> Option<PathBuf> {
    let path = match (text.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ if text == "~" => home?.to_path_buf(),
        _ => PathBuf::from(text),
    };
    path.is_absolute().then_some(path)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_from_its_beginning_on_is_taken() {
        let home = Some(Path::new("/home/mia"));
        assert_eq!(whole_path("~/copy", home), Some("/home/mia/copy".into()));
        assert_eq!(whole_path("~", home), Some("/home/mia".into()));
        assert_eq!(whole_path("/media/stick", home), Some("/media/stick".into()));
        for text in ["copy", "./copy", "../copy", "~mia/copy"] {
            assert_eq!(whole_path(text, home), None, "{text}");
        }
        assert_eq!(whole_path("~/copy", None), None);
    }
}
