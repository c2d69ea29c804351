//! Every command of the program, in the files beside this one: a row and, under it, its function.

pub mod agree;
pub mod app;
pub mod board;
pub mod copy;
pub mod done;
pub mod edit;
pub mod find;
pub mod go;
pub mod item;
pub mod order;
pub mod products;
pub mod review;
pub mod roadmap;
pub mod settings;
pub mod sprint;
pub mod talk;
pub mod thread;
pub mod tick;
pub mod unsaved;

use crate::tui::command::Command;

/// The rows, in the order in which help shows them.
const GROUPS: &[&[Command]] = &[
    edit::COMMANDS,
    agree::COMMANDS,
    item::COMMANDS,
    roadmap::COMMANDS,
    review::COMMANDS,
    order::COMMANDS,
    tick::COMMANDS,
    sprint::COMMANDS,
    copy::COMMANDS,
    find::COMMANDS,
    talk::COMMANDS,
    thread::COMMANDS,
    board::COMMANDS,
    go::COMMANDS,
    products::COMMANDS,
    app::COMMANDS,
    unsaved::COMMANDS,
    settings::COMMANDS,
];

pub fn all() -> impl Iterator<Item = &'static Command> {
    GROUPS.iter().flat_map(|group| group.iter())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::key::Press;

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
