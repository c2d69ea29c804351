//! docs/SETTINGS.md as text, from the table of settings. It writes no file: a test compares it with the one in the
//! repository.

use crate::tui::settings::Settings;
use crate::tui::settings::table::{SETTINGS, SettingValue};
use crate::tui::term::palette::NAMES;

const HEAD: &str = "\
# Settings

Generated from the table of settings; `UPDATE_DOCS=1 cargo test docs` regenerates this page.

A settings file is optional: `config.toml` in the settings folder (`~/.config/whyhow` on Linux), or in the data folder if one
is given with `--data` or `WHYHOW_DATA`. `:` and then `settings` lists every setting with its value and changes it at once;
this writes the file and keeps its comments.

An invalid line is reported with its number when the program starts; the rest of the file applies.
";

const KEYS: &str = r##"
## Keys

```toml
[keys.list]
"x" = "tick"                            # a command by its name in docs/KEYS.md
"ctrl-n" = { do = "add", label = "New" }  # with your own label for the last line
"m u" = "move.top"                      # two keys, one after the other
"D" = { prefix = "d" }                  # everything that followed d now follows D, and d is free
"z" = "none"                            # unbound
```

Keys from the file are shown first wherever keys are shown; the command's other keys keep working. If two lines bind the
same key, the last one wins, and a message at startup says so. Esc, Enter, the arrow keys and `?` cannot be rebound. `:` and
then `keys changed` lists the differences from docs/KEYS.md; `key sheet` writes all current keys to a file.

## Themes

```toml
theme = "paper"

[themes.paper]
base = "light"          # dark, light, contrast or contrast-light
why = "#004b8d"
how = "bold #8a3b00"
quiet = "bright black"
```

A colour is `#rrggbb`, one of the sixteen terminal colours by name (`red`, `bright red`, …), or `default`, optionally preceded
by `bold`, `dim`, `italic`, `underline` or `reverse`. Body text always has the terminal's own colour.

"##;

const REST: &str = "
## Without the file

| where | what |
|---|---|
| `--plain` | the same as `accessible = true`, for this run |
| `WHYHOW_MOUSE=0` | the same as `mouse = false` |
| `WHYHOW_GLYPHS=ascii` | the same as `glyphs = \"ascii\"`, if the file leaves it at auto |
| `NO_COLOR` | no colours, if the file leaves `colours` at auto |
| `COLORTERM`, `TERM` | how many colours the terminal has |
| `COLORFGBG` | the background colour, if the terminal itself does not answer |
";

/// The whole page.
pub fn page() -> String {
    let usual = Settings::default();
    let mut out = String::from(HEAD);
    out.push_str("\n## The settings\n\n| name | default | values | what it does |\n|---|---|---|---|\n");
    for setting in SETTINGS {
        let value = in_toml(&(setting.read)(&usual));
        out.push_str(&format!("| `{}` | `{value}` | {} | {} |\n", setting.key, setting.expects(&usual), setting.hint));
    }
    out.push_str(KEYS);
    out.push_str("| name | what it colours |\n|---|---|\n");
    for (name, what, _) in NAMES {
        out.push_str(&format!("| `{name}` | {what} |\n"));
    }
    out.push_str(REST);
    out
}

/// A value as the file has it.
fn in_toml(given: &SettingValue) -> String {
    match given {
        SettingValue::Word(word) => format!("\"{word}\""),
        SettingValue::Yes(yes) => yes.to_string(),
        SettingValue::Number(number) => number.to_string(),
        SettingValue::Numbers(all) => {
            format!("[{}]", all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        }
    }
}
