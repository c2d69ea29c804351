//! Running a command: the open view's verb of that name comes first, then the general command.

use crate::actions::Context;
use crate::model::grammar::{capital, sentence};
use crate::model::product::Product;
use crate::tui::state::contract::{Command, Outcome};
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::ui::Ui;

/// Why the command cannot be done here and now.
pub fn ready(command: &Command, ui: &Ui, product: &Product) -> Result<(), NotReady> {
    let ready = ui.screen().verb(command.name).map_or(command.ready, |verb| verb.ready);
    ready(ui, product)
}

/// Runs a command, or says why it cannot be done now.
pub fn perform(command: &Command, ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    if let Some(why) = ui.lost_aim(product) {
        ui.refused = true;
        return Outcome::refuse(why);
    }
    match ready(command, ui, product) {
        Ok(()) => {
            let run = ui.screen().verb(command.name).map_or(command.run, |verb| verb.run);
            run(ui, product, context)
        }
        Err(why) => {
            ui.refused = true;
            refusal(why)
        }
    }
}

/// As a sentence of its own: who pressed the key knows what it was for.
fn refusal(why: NotReady) -> Outcome {
    match why {
        NotReady::Sentence(why) => Outcome::refuse(why),
        NotReady::Because(why) => Outcome::say(sentence(&capital(&why))),
    }
}
