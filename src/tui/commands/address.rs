//! The page of a record in the tool it came from: open it, or copy its address.

use crate::actions::Context;
use crate::insight::address::{address, source_number};
use crate::model::product::Product;
use crate::tui::state::contract::{Command, Group, Outcome};
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::ui::Ui;
use crate::tui::term::clipboard::Clip;

pub const COMMANDS: &[Command] = &[
    Command {
        name: "address.open",
        keys: &["o"],
        group: Group::This,
        label: "open page",
        hint: "Open its page in the browser; for what came from another tool.",
        synonyms: &["url", "link", "browser", "web", "issue"],
        weight: 0,
        ready: has_address,
        run: |ui, product, _| open(ui, product),
    },
    Command {
        name: "address.copy",
        keys: &["y u"],
        group: Group::This,
        label: "copy address",
        hint: "Copy the web address of its page.",
        synonyms: &["clipboard", "yank", "url", "link"],
        weight: 0,
        ready: has_address,
        run: copy,
    },
    Command {
        name: "address.number",
        keys: &["y s"],
        group: Group::This,
        label: "copy source number",
        hint: "Copy its number in the tool it came from, as #2271.",
        synonyms: &["clipboard", "yank", "issue", "key"],
        weight: 0,
        ready: has_number,
        run: |ui, product, _| match number(ui, product) {
            Some(clip) => Outcome::Copy(Box::new(clip)),
            None => Outcome::Nothing,
        },
    },
];

/// The number of the selected record in the tool it came from.
fn number(ui: &Ui, product: &Product) -> Option<Clip> {
    let record = product.find(ui.any_target()?)?;
    let number = source_number(record)?;
    let folder = ui.settings.folder.clone().unwrap_or_else(std::env::temp_dir);
    Some(Clip::new(
        format!("{number}, the number of {} in its source", record.name()),
        &record.name(),
        &number,
        &folder,
    ))
}

fn has_number(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    match number(ui, product) {
        Some(_) => Ok(()),
        None => Err("this row has no number in another tool".into()),
    }
}

fn clip(ui: &Ui, product: &Product) -> Option<Clip> {
    let record = product.find(ui.any_target()?)?;
    let folder = ui.settings.folder.clone().unwrap_or_else(std::env::temp_dir);
    Some(Clip::new(format!("{}'s page", record.name()), &record.name(), &address(record)?, &folder))
}

fn has_address(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    match clip(ui, product) {
        Some(_) => Ok(()),
        None => Err("this row has no web address; only what came from another tool has one".into()),
    }
}

/// Opens the page of the selected record.
pub fn open(ui: &Ui, product: &Product) -> Outcome {
    match clip(ui, product) {
        Some(clip) => Outcome::Browse(Box::new(clip)),
        None => Outcome::say("It has no web address: only what came from another tool has one."),
    }
}

fn copy(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    match clip(ui, product) {
        Some(clip) => {
            Outcome::Copy(Box::new(Clip { what: format!("the address of {}: {}", clip.what, clip.text), ..clip }))
        }
        None => Outcome::Nothing,
    }
}
