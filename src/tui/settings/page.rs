//! docs/SETTINGS.md as text, from the table of settings. It writes no file: a test compares it with the one in the
//! repository.

use crate::tui::settings::Settings;
use crate::tui::settings::table::{Given, SETTINGS};
use crate::tui::term::palette::NAMES;

const HEAD: &str = "\
# Settings

Made from the table of settings; `UPDATE_DOCS=1 cargo test docs` writes this page anew.

Nothing needs a file. Those who want one write `config.toml` into the folder of settings (`~/.config/whyhow` on Linux), or
into the data folder where one is named with `--data` or `WHYHOW_DATA`. `:` and then `settings` shows every setting with its
value and changes it at once; the file is written then, and its comments stay.

A line that cannot be taken is named with its number when the program starts, and the rest of the file counts.
";

const KEYS: &str = r##"
## Keys

```toml
[keys.list]
"x" = "tick"                            # a command by its name, as docs/KEYS.md lists them
"ctrl-n" = { do = "add", label = "New" }  # with a label of your own for the last line
"m u" = "move.top"                      # two keys, one after the other
"D" = { prefix = "d" }                  # all that followed d follows D now, and d is free
"z" = "none"                            # does nothing any more
```

A key in the file is shown first wherever keys are shown; those that the command had go on working. Where two lines want
the same key, the last one counts, and the program says so when it starts. Esc, Enter, the arrows and `?` cannot be taken
away. `:` and then `keys changed` lists what differs from docs/KEYS.md, `key sheet` writes all keys to a file.

## Themes

```toml
theme = "paper"

[themes.paper]
base = "light"          # dark, light, contrast or contrast-light
why = "#004b8d"
how = "bold #8a3b00"
quiet = "bright black"
```

A colour is `#rrggbb`, one of the sixteen by its name (`red`, `bright red`, …), or `default`, and may have `bold`, `dim`,
`italic`, `underline` or `reverse` before it. Body text is always the terminal's own.

"##;

const REST: &str = "
## Without the file

| where | what |
|---|---|
| `--plain` | as `accessible = true`, for this run |
| `WHYHOW_MOUSE=0` | as `mouse = false` |
| `WHYHOW_GLYPHS=ascii` | as `glyphs = \"ascii\"`, where the file leaves it at auto |
| `NO_COLOR` | no colours, where the file leaves them at auto |
| `COLORTERM`, `TERM` | how many colours there are |
| `COLORFGBG` | the background, where the terminal itself does not answer |
";

/// The whole page.
pub fn page() -> String {
    let usual = Settings::default();
    let mut out = String::from(HEAD);
    out.push_str("\n## The settings\n\n| name | usual value | can be | what it does |\n|---|---|---|---|\n");
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
fn in_toml(given: &Given) -> String {
    match given {
        Given::Word(word) => format!("\"{word}\""),
        Given::Yes(yes) => yes.to_string(),
        Given::Number(number) => number.to_string(),
        Given::Numbers(all) => {
            format!("[{}]", all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        }
    }
}
