//! From a press to a command: single keys, and prefixes that open a box.

use crate::tui::command::Command;
use crate::tui::commands::all;
use crate::tui::key::Press;
use rustc_hash::FxHashMap;

/// What a press leads to.
#[derive(Clone, Copy)]
pub enum Bound {
    Command(&'static Command),
    /// More is to come: a box shows what.
    Prefix,
    Nothing,
}

pub struct Keymap {
    single: FxHashMap<Press, &'static Command>,
    double: FxHashMap<(Press, Press), &'static Command>,
}

impl Keymap {
    pub fn standard() -> Keymap {
        let mut map = Keymap { single: FxHashMap::default(), double: FxHashMap::default() };
        for command in all() {
            for keys in command.keys {
                match Press::parse_all(keys).as_deref() {
                    Some([one]) => {
                        map.single.insert(*one, command);
                    }
                    Some([one, two]) => {
                        map.double.insert((*one, *two), command);
                    }
                    _ => {}
                }
            }
        }
        map
    }

    pub fn first(&self, press: Press) -> Bound {
        if let Some(command) = self.single.get(&press) {
            return Bound::Command(command);
        }
        if self.double.keys().any(|(first, _)| *first == press) { Bound::Prefix } else { Bound::Nothing }
    }

    pub fn second(&self, first: Press, press: Press) -> Option<&'static Command> {
        self.double.get(&(first, press)).copied()
    }

    /// What may follow a prefix, in the table's order, each command once.
    pub fn after(&self, first: Press) -> Vec<(Press, &'static Command)> {
        let mut out = Vec::new();
        for command in all() {
            for keys in command.keys {
                if let Some([one, two]) = Press::parse_all(keys).as_deref()
                    && *one == first
                    && out.last().is_none_or(|(_, last): &(Press, &Command)| last.name != command.name)
                {
                    out.push((*two, command));
                }
            }
        }
        out
    }
}
