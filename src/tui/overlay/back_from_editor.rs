//! A text that comes back from the user's own editor: it is saved, or opened in an editor here so that nothing is lost.

use crate::model::product::Product;
use crate::tui::overlay::editor::Editor;
use crate::tui::overlay::typed_value::changed;
use crate::tui::state::contract::{Commit, Outcome};
use crate::tui::state::external::{Back, Cleaned, External};
use crate::tui::state::ui::Ui;

/// Handles the text once it is back.
pub fn taken(external: &External, back: Back, ui: &mut Ui, product: &Product) -> Outcome {
    let Cleaned { text, note } = match back {
        Back::Text(cleaned) => cleaned,
        Back::Trouble(why, held) => {
            let held = held.filter(|held| *held != external.text.trim_end());
            let word = match (&held, external.inner) {
                (Some(_), _) => format!("{why} Its text is here: Esc keeps it, Ctrl-C discards it."),
                (None, true) => format!("{why} The text is unchanged."),
                (None, false) => format!("{why} Nothing was changed."),
            };
            if held.is_some() || external.inner {
                reopen(external, ui, product, held.as_deref());
            }
            return Outcome::refuse(word);
        }
    };
    if text.is_empty() || text == external.text.trim_end() {
        if external.inner {
            reopen(external, ui, product, None);
        }
        return Outcome::say("The text came back unchanged.");
    }
    let lines = text.lines().count();
    match changed(ui, product, external.record, external.field, &external.before, &text) {
        Ok(step) => {
            ui.go_home();
            let lines = if lines == 1 { "1 line".to_string() } else { format!("{lines} lines") };
            let label = external.field.noun();
            let name = product.name_of(external.record);
            let say = Some(format!("Edited {name} {label}, {lines}. {{undo}} takes it back.{note}").into());
            Outcome::Commit(Commit { say, ..Commit::new(step) })
        }
        Err(why) => {
            reopen(external, ui, product, Some(&text));
            Outcome::refuse(format!("{}. Fix it, or Ctrl-C discards it.", why.trim_end_matches('.')))
        }
    }
}

/// Puts the text into an editor in its pane, so that nothing is lost.
fn reopen(external: &External, ui: &mut Ui, product: &Product, text: Option<&str>) {
    Editor::open_from(
        ui,
        product,
        external.record,
        external.field,
        external.before.clone(),
        text.unwrap_or(&external.text),
    );
}
