//! The table `[keys.list]` of the file: which key does what. The last line wins, and users cannot lock themselves out.

use crate::tui::state::config_file::{Told, entries};
use crate::tui::state::contract::Command;
use crate::tui::state::keymap::Keymap;
use crate::tui::term::key::{Keys, Press};
use crate::tui::term::text::clean;
use crossterm::event::KeyCode;
use toml_edit::Item;

/// What a line requests.
enum Act {
    Do(&'static Command, Option<String>),
    /// Everything that follows another key follows this one.
    Prefix(Press),
    Nothing,
}

struct Line {
    number: usize,
    keys: Keys,
    act: Act,
}

pub fn read(item: &Item, keymap: &mut Keymap, told: &mut Told) {
    let mut lines = Vec::new();
    for (key, item) in item.as_table_like().map(entries).unwrap_or_default() {
        match (key.get(), item.as_table_like()) {
            ("list", Some(table)) => {
                for (key, item) in entries(table) {
                    let number = told.line(key);
                    match line(key.get(), item, keymap) {
                        Ok((keys, act)) => lines.push(Line { number, keys, act }),
                        Err(why) => told.add(number, why),
                    }
                }
            }
            _ => told.add(told.line(key), "keys are bound in [keys.list]"),
        }
    }
    apply(lines, keymap, told);
}

/// Prefixes are moved first, so that any line can bind the freed key.
fn apply(lines: Vec<Line>, keymap: &mut Keymap, told: &mut Told) {
    for line in &lines {
        if let Act::Prefix(from) = line.act {
            if keymap.is_prefix(from) {
                keymap.move_prefix(from, line.keys.first);
            } else {
                told.add(line.number, format!("nothing follows {from}"));
            }
        }
    }
    let mut mine: Vec<(Keys, usize)> = Vec::new();
    for Line { number, keys, act } in lines {
        let gone = match act {
            Act::Prefix(_) => continue,
            Act::Nothing => {
                take_away(keymap, keys);
                mine.push((keys, number));
                continue;
            }
            Act::Do(command, label) => {
                if let Some(label) = label {
                    keymap.relabel(command, &label);
                }
                keymap.bind(keys, command)
            }
        };
        for (known, earlier) in mine.iter().filter(|(known, _)| *known == keys || gone.iter().any(|(g, _)| g == known))
        {
            told.add(number, format!("{keys} replaces {known} in line {earlier}; the last one applies"));
        }
        mine.push((keys, number));
    }
}

/// Unbinds a key, or a prefix with everything that follows it.
fn take_away(keymap: &mut Keymap, keys: Keys) {
    keymap.unbind(keys);
    if keys.second.is_none() {
        for (second, _) in keymap.after(keys.first) {
            keymap.unbind(Keys { second: Some(second), ..keys });
        }
    }
}

fn line(key: &str, item: &Item, keymap: &Keymap) -> Result<(Keys, Act), String> {
    let keys = Keys::parse(key)
        .ok_or_else(|| format!("{:?} is not a key; write it as x, Ctrl-N, Shift-Up, F2, m t", clean(key)))?;
    let act = act(item, keymap)?;
    for press in [Some(keys.first), keys.second].into_iter().flatten() {
        arrives(press)?;
    }
    if is_kept(keys) {
        return Err(format!("{keys} cannot be rebound, so that nobody is locked out"));
    }
    if matches!(act, Act::Prefix(_)) && keys.second.is_some() {
        return Err(format!("a prefix is one key, and {keys} is two"));
    }
    Ok((keys, act))
}

fn act(item: &Item, keymap: &Keymap) -> Result<Act, String> {
    if item.as_str() == Some("none") {
        return Ok(Act::Nothing);
    }
    let part = |name: &str| item.as_table_like().and_then(|table| table.get(name)).and_then(Item::as_str);
    if let Some(from) = part("prefix") {
        return Press::parse(from).map(Act::Prefix).ok_or_else(|| format!("{:?} is not a key", clean(from)));
    }
    let name = item
        .as_str()
        .or_else(|| part("do"))
        .ok_or("a key is set to a command's name, { do = \"add\", label = \"New\" }, { prefix = \"d\" } or \"none\"")?;
    let command = keymap
        .command(name)
        .ok_or_else(|| format!("there is no command {:?}; {{keys.sheet}} writes all names to a file", clean(name)))?;
    let label = part("label").map(|label| clean(label.trim()).into_owned()).filter(|label| !label.is_empty());
    match label {
        Some(label) if label.chars().count() > 20 => Err("a label has at most 20 letters".to_string()),
        label => Ok(Act::Do(command, label)),
    }
}

/// With these alone, every command can be reached.
fn is_kept(keys: Keys) -> bool {
    let plain = |press: Press| !press.ctrl && !press.shift;
    let way_out = |press: Press| {
        let code = press.code;
        plain(press)
            && matches!(
                code,
                KeyCode::Esc | KeyCode::Enter | KeyCode::Up | KeyCode::Down | KeyCode::Left | KeyCode::Right
            )
    };
    let help = keys.first.letter() == Some('?') && plain(keys.first);
    help || way_out(keys.first) || keys.second.is_some_and(way_out)
}

/// Terminals send the same code for some keys.
fn arrives(press: Press) -> Result<(), String> {
    let other = match (press.code, press.ctrl) {
        (KeyCode::Char('i'), true) => "Tab",
        (KeyCode::Char('j' | 'm'), true) => "Enter",
        (KeyCode::Char('h'), true) => "Backspace",
        (KeyCode::Char('['), true) => "Esc",
        _ => return Ok(()),
    };
    Err(format!("terminals send {press} as {other}, so they cannot be distinguished"))
}

/// The differences from the default keys: each command with its current and default keys.
pub fn changed(keymap: &Keymap) -> Vec<String> {
    let before = Keymap::standard(keymap.registry());
    let words = |map: &Keymap, command: &Command| {
        let all: Vec<String> = map.keys_of(command.name).iter().map(Keys::to_string).collect();
        if all.is_empty() { "no key".to_string() } else { all.join("  ") }
    };
    let mut out = Vec::new();
    for command in keymap.registry().commands() {
        let (now, then) = (words(keymap, command), words(&before, command));
        let label = keymap.label_of(command);
        if now != then || label != command.label {
            let label = if label == command.label { String::new() } else { format!(", shown as {label}") };
            out.push(format!("{:<18} {now}  (was {then}){label}", command.name));
        }
    }
    out
}
