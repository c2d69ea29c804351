//! Importing a file of another tool, from the screen.

use crate::actions::Context;
use crate::model::product::Product;
use crate::tui::overlay::import_sheet::ImportSheet;
use crate::tui::overlay::prompt::Prompt;
use crate::tui::state::contract::{Adds, Command, Group, Opening, Outcome, always};
use crate::tui::state::ui::Ui;
use crate::tui::term::path_text::{completed_last, typed_paths};

pub const COMMANDS: &[Command] = &[Command {
    name: "import",
    keys: &[],
    group: Group::Everywhere,
    label: "import",
    hint: "Import a file of another tool; you see first what it would do.",
    synonyms: &["jira", "github", "trello", "csv", "azure", "linear", "excel", "json", "load", "backlog.md"],
    weight: 0,
    ready: always,
    run: ask,
}];

fn ask(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    let hint = "paths, typed or dropped here · Tab completes · Enter reads · Esc back";
    let takes = |text: &str, ui: &mut Ui, product: &Product, context: &mut Context| {
        if text.trim().is_empty() {
            return Err("Which file? Type its path; Tab completes it.".to_string());
        }
        let paths = typed_paths(text, ui.elsewhere.home.as_deref());
        // In the list of products, a file brings another one and is not mixed into the one that happens to be open.
        if let Adds::Product = ui.screen().adds {
            return match paths.as_slice() {
                [path] => Ok(Outcome::Open(Opening::File(path.clone()))),
                _ => Err("A new product begins with one file. Open it, then {import} adds the others.".to_string()),
            };
        }
        let sheet = ImportSheet::of(paths, ui, product, context);
        Ok(ui.open(sheet))
    };
    let prompt = Prompt::new("files to import: ", hint, "import", takes);
    ui.open(prompt.completed_by(|text, ui| completed_last(text, ui.elsewhere.home.as_deref())))
}
