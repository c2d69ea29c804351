//! All commands and all views. A new view is a file and a line here; so is a file of commands.

use crate::tui::commands::{
    address, agree, app, copy, edit, export, find, go, import, item, order, products, propose, save_elsewhere,
    settings, sprint, talk, thread, tick,
};
use crate::tui::state::contract::{Command, Registry, Screen};
use crate::tui::view::{
    backlog, board, done, history, inbox, plan, products as products_view, review, roadmap, vision,
};

/// The commands, in the order in which help shows them.
const COMMANDS: &[&[Command]] = &[
    edit::COMMANDS,
    agree::COMMANDS,
    propose::COMMANDS,
    item::COMMANDS,
    roadmap::commands::COMMANDS,
    backlog::COMMANDS,
    review::commands::COMMANDS,
    order::COMMANDS,
    tick::COMMANDS,
    plan::commands::COMMANDS,
    copy::COMMANDS,
    address::COMMANDS,
    find::COMMANDS,
    talk::COMMANDS,
    thread::COMMANDS,
    sprint::COMMANDS,
    go::COMMANDS,
    products::COMMANDS,
    import::COMMANDS,
    export::COMMANDS,
    app::COMMANDS,
    save_elsewhere::COMMANDS,
    settings::COMMANDS,
];

/// The views, in the order of their keys.
pub const SCREENS: &[&Screen] = &[
    &vision::SCREEN,
    &roadmap::SCREEN,
    &backlog::SCREEN,
    &plan::SCREEN,
    &board::SCREEN,
    &review::SCREEN,
    &done::SCREEN,
    &inbox::SCREEN,
    &history::SCREEN,
    &products_view::SCREEN,
];

pub static REGISTRY: Registry = Registry { commands: COMMANDS, screens: SCREENS };

pub fn all() -> impl Iterator<Item = &'static Command> {
    REGISTRY.commands()
}

pub fn command_named(name: &str) -> Option<&'static Command> {
    REGISTRY.command(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::term::key::Press;

    #[test]
    fn every_key_leads_to_one_command() {
        let mut seen: Vec<(Vec<Press>, &str)> = Vec::new();
        for command in all() {
            for keys in command.keys {
                let presses =
                    Press::parse_all(keys).unwrap_or_else(|| panic!("{keys:?} of {} is no key", command.name));
                for (known, name) in &seen {
                    let clash = *known == presses || (known.len() != presses.len() && known[0] == presses[0]);
                    assert!(!clash, "{keys} is bound to {name} and {}", command.name);
                }
                seen.push((presses, command.name));
            }
        }
    }

    #[test]
    fn every_command_says_what_it_does() {
        for command in all() {
            assert!(!command.hint.is_empty() && command.hint.chars().count() <= 70, "{}", command.name);
            assert!(command.label.split_whitespace().count() <= 3, "{}", command.label);
            assert!(all().filter(|other| other.name == command.name).count() == 1, "{} stands twice", command.name);
        }
    }
}
