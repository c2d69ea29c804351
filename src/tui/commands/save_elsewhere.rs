//! When what is shown is not on disk: a copy in another place, and the question before leaving.

use crate::actions::Context;
use crate::model::product::Product;
use crate::model::rules::Refusal;
use crate::tui::overlay::ask::Ask;
use crate::tui::overlay::ask_reason::Reason;
use crate::tui::state::contract::{Command, Group, Outcome};
use crate::tui::state::ui::{Ui, Unsaved};
use std::path::{Path, PathBuf};

pub const COMMANDS: &[Command] = &[Command {
    name: "save.elsewhere",
    keys: &["Z"],
    group: Group::Everywhere,
    label: "save elsewhere",
    hint: "A whole copy in another folder, when nothing can be saved here.",
    synonyms: &["export", "rescue", "not saved", "disk full", "read only", "copy product"],
    weight: 90,
    ready: |ui, _| match ui.unsaved {
        Some(_) => Ok(()),
        None => Err("everything is saved here".into()),
    },
    run: elsewhere,
}];

/// Asks for a folder; what a person would choose stands there already.
fn elsewhere(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    let Some(unsaved) = &ui.unsaved else { return Outcome::Nothing };
    let proposed = proposed(ui, unsaved).display().to_string();
    let words = match unsaved.is_gone {
        true => {
            "The product's folder is gone. In this folder it is made again, with all you see in it. Or type another one."
        }
        false => {
            "The whole product goes there, with all you see in it. Nothing here is touched, and saving here is tried again by itself."
        }
    };
    let lacks = "A folder is needed, as /media/stick or ~/copy.";
    ui.open(
        Reason::new("Save it all in which folder?", words, lacks, |text, ui, _, _| {
            match whole_path(text, ui.elsewhere.home.as_deref()) {
                Some(path) => Ok(Outcome::SaveElsewhere(path)),
                None => Err(Refusal::new(
                    format!("{text:?} does not say where it begins."),
                    "Type the whole path, from / or ~ on. Nothing was written.",
                )),
            }
        })
        .begun(&proposed),
    )
}

/// Where the folder is gone, the place it had; else one on another disk, if this computer has one to write to.
fn proposed(ui: &Ui, unsaved: &Unsaved) -> PathBuf {
    let data = ui.elsewhere.data.as_ref().map(|data| data.0.clone());
    match (unsaved.is_gone, data) {
        (true, Some(data)) => data,
        _ => ui.elsewhere.spare.clone().unwrap_or_default(),
    }
}

/// A path that begins at the root or at home; a part of a path would lie wherever the program was started.
fn whole_path(text: &str, home: Option<&Path>) -> Option<PathBuf> {
    let path = match (text.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ if text == "~" => home?.to_path_buf(),
        _ => PathBuf::from(text),
    };
    path.is_absolute().then_some(path)
}

/// Asked before the program ends or another product is opened with acts that are on no disk.
pub fn before_leaving(unsaved: &Unsaved, then: Outcome) -> Ask {
    let (n, why) = (unsaved.waiting, &unsaved.why);
    let acts = if n == 1 { "Your last act is".to_string() } else { format!("Your last {n} acts are") };
    let words = format!("{acts} not on disk: {why}. What was shown as saved is safe. It is tried again all the time.");
    Ask::new("Leave without saving?", words)
        .or("Stay here", |_, _, _| Outcome::Nothing)
        .or("Save it all in another folder", elsewhere)
        .or(if n == 1 { "Leave, and lose the last act" } else { "Leave, and lose these acts" }, |_, _, _| then)
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
