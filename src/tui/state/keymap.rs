//! Maps key presses to commands: single keys, and prefixes that open a popup. Settings change it, and whatever shows a
//! key asks here instead of the command, so that no hint names a wrong key.

use crate::model::saturating::put_at;
use crate::tui::state::contract::{Command, Registry};
use crate::tui::term::key::{Keys, Press};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// The result of a press.
#[derive(Clone, Copy)]
pub enum Bound {
    Command(&'static Command),
    /// Another key must follow; a popup shows which.
    Prefix,
    Nothing,
}

#[derive(Clone)]
pub struct Keymap {
    registry: &'static Registry,
    /// The keys of each command, the shown one first.
    keys: FxHashMap<&'static str, Vec<Keys>>,
    bound: FxHashMap<Keys, &'static Command>,
    /// Labels from the settings.
    labels: FxHashMap<&'static str, String>,
}

impl Keymap {
    pub fn standard(registry: &'static Registry) -> Keymap {
        let mut map =
            Keymap { registry, keys: FxHashMap::default(), bound: FxHashMap::default(), labels: FxHashMap::default() };
        for command in registry.commands() {
            for keys in command.keys.iter().filter_map(|keys| Keys::parse(keys)) {
                map.keys.entry(command.name).or_default().push(keys);
                map.bound.insert(keys, command);
            }
        }
        map
    }

    pub fn first(&self, press: Press) -> Bound {
        if let Some(command) = self.bound.get(&Keys::one(press)) {
            return Bound::Command(command);
        }
        if self.is_prefix(press) { Bound::Prefix } else { Bound::Nothing }
    }

    pub fn second(&self, first: Press, press: Press) -> Option<&'static Command> {
        self.bound.get(&Keys { first, second: Some(press) }).copied()
    }

    pub fn is_prefix(&self, press: Press) -> bool {
        self.bound.keys().any(|keys| keys.first == press && keys.second.is_some())
    }

    /// The commands that may follow a prefix, in the table's order, without duplicates.
    pub fn after(&self, first: Press) -> Vec<(Press, &'static Command)> {
        let follows = |keys: &Keys| keys.second.filter(|_| keys.first == first);
        self.registry
            .commands()
            .filter_map(|command| Some((self.keys_of(command.name).iter().find_map(follows)?, command)))
            .collect()
    }

    /// The keys of a command, the shown one first; empty if it has none.
    pub fn keys_of(&self, name: &str) -> &[Keys] {
        self.keys.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The key shown for a command. A command without a key is found by its label in the palette.
    pub fn key_of(&self, command: &Command) -> String {
        match self.keys_of(command.name).first() {
            Some(keys) => keys.to_string(),
            None => {
                let palette = self.keys_of("palette").first().map_or_else(String::new, Keys::to_string);
                format!("{palette} {}", self.label_of(command))
            }
        }
    }

    /// True if a press is one of a command's keys.
    pub fn touches(&self, name: &str, press: Press) -> bool {
        self.keys_of(name).iter().any(|keys| keys.first == press || keys.second == Some(press))
    }

    pub fn label_of<'a>(&'a self, command: &Command) -> &'a str {
        self.labels.get(command.name).map_or(command.label, String::as_str)
    }

    /// The help text of a command, preceded by a custom label.
    pub fn sentence_of(&self, command: &'static Command) -> Cow<'static, str> {
        let hint = self.fill(command.hint);
        match self.labels.get(command.name) {
            Some(label) => Cow::Owned(format!("{label}: {hint}")),
            None => hint,
        }
    }

    /// Fills in the keys of a sentence: `{undo} takes it back` names the current key of undo.
    pub fn fill<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if !text.contains('{') {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let named = after.split_once('}').and_then(|(name, tail)| Some((self.command(name)?, tail)));
            match named {
                Some((command, tail)) => {
                    out.push_str(&self.key_of(command));
                    rest = tail;
                }
                // User text with a brace in it is left alone.
                None => {
                    out.push('{');
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        Cow::Owned(out)
    }

    /// Binds keys to a command and shows them first. Returns the commands that lost these keys: what they did before,
    /// what followed a key that is no longer a prefix, a single key that becomes a prefix.
    pub fn bind(&mut self, keys: Keys, command: &'static Command) -> Vec<(Keys, &'static Command)> {
        let in_the_way = |known: &Keys| {
            *known == keys || (known.first == keys.first && known.second.is_some() != keys.second.is_some())
        };
        let gone: Vec<Keys> = self.bound.keys().copied().filter(in_the_way).collect();
        let gone = gone.into_iter().filter_map(|keys| Some((keys, self.unbind(keys)?))).collect();
        put_at(self.keys.entry(command.name).or_default(), 0, keys);
        self.bound.insert(keys, command);
        gone
    }

    /// Unbinds keys and returns their command.
    pub fn unbind(&mut self, keys: Keys) -> Option<&'static Command> {
        let command = self.bound.remove(&keys)?;
        if let Some(all) = self.keys.get_mut(command.name) {
            all.retain(|known| *known != keys);
        }
        Some(command)
    }

    /// Moves everything under a prefix to another one. The old one is free afterwards.
    pub fn move_prefix(&mut self, from: Press, to: Press) {
        self.unbind(Keys::one(to));
        for all in self.keys.values_mut() {
            for keys in all.iter_mut().filter(|keys| keys.first == from && keys.second.is_some()) {
                keys.first = to;
            }
        }
        let moved = |keys: Keys| {
            if keys.first == from && keys.second.is_some() { Keys { first: to, ..keys } } else { keys }
        };
        self.bound =
            std::mem::take(&mut self.bound).into_iter().map(|(keys, command)| (moved(keys), command)).collect();
    }

    /// A command, by its name.
    pub fn command(&self, name: &str) -> Option<&'static Command> {
        self.registry.command(name)
    }

    /// All commands, and the views.
    pub fn registry(&self) -> &'static Registry {
        self.registry
    }

    pub fn relabel(&mut self, command: &'static Command, label: &str) {
        self.labels.insert(command.name, label.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::registry::{REGISTRY, command_named};

    fn keys(text: &str) -> Keys {
        Keys::parse(text).unwrap()
    }

    #[test]
    fn sentences_name_the_key_of_now() {
        let mut map = Keymap::standard(&REGISTRY);
        assert_eq!(map.fill("{undo} takes it back, {delete} deletes"), "u takes it back, d d deletes");
        map.bind(keys("x"), command_named("undo").unwrap());
        assert_eq!(map.fill("Added {x}. {undo} takes it back {"), "Added {x}. x takes it back {");
        for known in [keys("x"), keys("u")] {
            map.unbind(known);
        }
        assert_eq!(map.fill("{undo} takes it back"), ": undo takes it back");
    }

    #[test]
    fn a_key_is_never_a_command_and_a_prefix() {
        let mut map = Keymap::standard(&REGISTRY);
        let gone = map.bind(keys("m"), command_named("tick").unwrap());
        assert!(gone.len() > 5 && gone.iter().all(|(keys, _)| keys.first.to_string() == "m"), "what followed m");
        assert!(matches!(map.first(keys("m").first), Bound::Command(command) if command.name == "tick"));
        let gone = map.bind(keys("u t"), command_named("move.top").unwrap());
        assert_eq!(gone.len(), 1);
        assert!(matches!(map.first(keys("u").first), Bound::Prefix));
        assert_eq!(map.keys_of("undo"), []);
    }

    #[test]
    fn a_prefix_moves_with_all_that_follows_it() {
        let mut map = Keymap::standard(&REGISTRY);
        let before: Vec<_> = map.after(keys("d").first).iter().map(|(_, command)| command.name).collect();
        map.move_prefix(keys("d").first, keys("x").first);
        assert!(matches!(map.first(keys("d").first), Bound::Nothing));
        assert_eq!(map.after(keys("x").first).iter().map(|(_, command)| command.name).collect::<Vec<_>>(), before);
        assert_eq!(map.keys_of("delete").first(), Some(&keys("x d")));
    }
}
