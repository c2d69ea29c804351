//! Generates docs/KEYS.md from the command table. It writes no file; a test compares the text with the file in the
//! repository.

use crate::tui::state::contract::{Command, Group, Registry, Screen};
use crate::tui::state::keymap::Keymap;

const MADE: &str = "\
# Keys

Generated from the program's command table; `UPDATE_DOCS=1 cargo test docs` regenerates this page.
";

const HEAD: &str = "
The screen shows the first key of each row; the others do the same. Two keys separated by a space are pressed one after
the other; after the first, a popup shows what may follow. `:` finds any command by name, including those without a key.
";

const TYPING: &str = "
## While typing

In a text in a pane, Esc keeps the text, Tab keeps it and goes to the next field, and Ctrl-C discards what was typed.
In a one-line input (find, points, a new title), Enter accepts and Esc cancels.
";

/// The documentation page, with the default keys.
pub fn page(registry: &'static Registry) -> String {
    format!("{MADE}{}", tables(&Keymap::standard(registry)))
}

/// The current keys, for printing.
pub fn sheet(keymap: &Keymap) -> String {
    format!("# Keys\n{}", tables(keymap))
}

fn tables(keymap: &Keymap) -> String {
    let mut out = String::from(HEAD);
    for group in Group::ALL {
        let rows: Vec<&Command> = keymap.registry().commands().filter(|command| command.group == group).collect();
        out.push_str(&format!("\n## {}\n\n| keys | label | what it does | name |\n|---|---|---|---|\n", title(group)));
        for command in rows {
            let (keys, label) = (keys(keymap, command), cell(keymap.label_of(command)));
            let hint = cell(&keymap.fill(command.hint));
            out.push_str(&format!("| {keys} | {label} | {hint} | `{}` |\n", command.name));
        }
    }
    out.push_str("\n## Views\n\n| key | view |\n|---|---|\n");
    for screen in keymap.registry().screens.iter().filter(|screen| screen.key != Screen::PLAIN.key) {
        out.push_str(&format!("| `{}` | {} |\n", screen.key, screen.title));
    }
    out.push_str(TYPING);
    out
}

/// The group's title, capitalised.
fn title(group: Group) -> String {
    let mut letters = group.title().chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn keys(keymap: &Keymap, command: &Command) -> String {
    let all = keymap.keys_of(command.name).iter();
    let all: Vec<String> = all.map(|keys| format!("`{}`", cell(&keys.to_string()))).collect();
    if all.is_empty() { "–".to_string() } else { all.join(" ") }
}

/// Escapes a text for a table cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
