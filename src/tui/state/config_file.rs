//! Reads settings and keys from the text of config.toml. Invalid entries are reported with their line and skipped.

use crate::model::value::Amount;
use crate::tui::settings::table::{Setting, SettingValue};
use crate::tui::settings::{Settings, THEMES, lenient};
use crate::tui::state::contract::Registry;
use crate::tui::state::keymap::Keymap;
use crate::tui::state::keys_file;
use crate::tui::term::palette::{CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT, NAMES, Palette};
use crate::tui::term::text::clean;
use toml_edit::{Item, Key, TableLike, Value};

/// Messages with the line they are about.
pub struct Told<'a> {
    text: &'a str,
    pub all: Vec<(usize, String)>,
}

impl Told<'_> {
    /// The line of a key, counted from 1.
    pub fn line(&self, key: &Key) -> usize {
        let at = key.span().map_or(0, |span| span.start);
        self.text.bytes().take(at).filter(|byte| *byte == b'\n').count().saturating_add(1)
    }

    pub fn add(&mut self, line: usize, what: impl Into<String>) {
        self.all.push((line, what.into()));
    }
}

/// Reads a file on top of `settings`; the keys start from their defaults.
pub fn read(text: &str, mut settings: Settings, registry: &'static Registry) -> (Settings, Keymap) {
    let mut keymap = Keymap::standard(registry);
    let (table, faults) = lenient::parse(text);
    let mut told = Told { text, all: faults };
    // Themes come first: the setting that selects one may be above it.
    if let Some(themes) = table.get("themes") {
        read_themes(themes, &mut settings, &mut told);
    }
    for (key, item) in entries(&table) {
        match (key.get(), Setting::named(key.get())) {
            ("themes", _) => {}
            ("keys", _) => keys_file::read(item, &mut keymap, &mut told),
            (name, None) => {
                told.add(told.line(key), format!("{:?} is not a setting; {{settings}} shows all", clean(name)))
            }
            (_, Some(setting)) => {
                let set = given(item).and_then(|given| setting.set(&mut settings, given).ok());
                if set.is_none() {
                    let what = format!("{} is {}", setting.key, setting.expects(&settings));
                    told.add(told.line(key), what);
                }
            }
        }
    }
    told.all.sort_by_key(|(line, _)| *line);
    settings.troubles = told.all.into_iter().map(|(line, what)| format!("line {line}: {what}.")).collect();
    (settings, keymap)
}

/// The entries of a table with their keys, which know their place in the text.
pub fn entries(table: &dyn TableLike) -> Vec<(&Key, &Item)> {
    table.iter().filter_map(|(name, _)| table.get_key_value(name)).collect()
}

fn given(item: &Item) -> Option<SettingValue> {
    match item.as_value()? {
        Value::String(word) => Some(SettingValue::Word(word.value().clone())),
        Value::Boolean(yes) => Some(SettingValue::Yes(*yes.value())),
        Value::Integer(number) => u32::try_from(*number.value()).ok().map(SettingValue::Number),
        Value::Array(all) => {
            let number = |one: &Value| match one {
                Value::Float(number) => Some(number.value().to_string()),
                Value::Integer(number) => Some(number.value().to_string()),
                _ => None,
            };
            let amount = |one: &Value| Amount::parse(&number(one)?).ok();
            all.iter().map(amount).collect::<Option<Vec<_>>>().map(SettingValue::Numbers)
        }
        _ => None,
    }
}

fn read_themes(item: &Item, settings: &mut Settings, told: &mut Told) {
    for (key, item) in item.as_table_like().map(entries).unwrap_or_default() {
        let name = key.get();
        match item.as_table_like() {
            _ if THEMES.contains(&name) => {
                told.add(told.line(key), format!("there is already a theme {name}; give this one another name"));
            }
            Some(table) => {
                let palette = read_theme(table, told);
                settings.themes.push((clean(name).into_owned(), palette));
            }
            None => told.add(told.line(key), "a theme is a table, as [themes.mine]"),
        }
    }
}

/// Reads the names that are set, on top of the theme it is based on.
fn read_theme(table: &dyn TableLike, told: &mut Told) -> Palette {
    let bases = [("dark", DARK), ("light", LIGHT), ("contrast", CONTRAST_DARK), ("contrast-light", CONTRAST_LIGHT)];
    let base = table.get("base").and_then(Item::as_str).unwrap_or("dark");
    let mut palette = bases.iter().find(|(name, _)| *name == base).map_or(DARK, |(_, palette)| *palette);
    for (key, item) in entries(table) {
        let line = told.line(key);
        let named = NAMES.iter().find(|(name, ..)| *name == key.get());
        match (named, item.as_str()) {
            (None, Some(base)) if key.get() == "base" => {
                if !bases.iter().any(|(name, _)| *name == base) {
                    told.add(line, "base is one of dark, light, contrast, contrast-light");
                }
            }
            (None, _) => {
                let names = NAMES.iter().map(|(name, ..)| *name).collect::<Vec<_>>().join(", ");
                told.add(line, format!("a theme has base, {names}"));
            }
            (Some(_), None) => told.add(line, "a colour is a word in quotes, as \"#56b4e9\""),
            (Some((_, _, hue)), Some(text)) => match crate::tui::term::palette::Hue::parse(text) {
                // What stands in for a missing colour is kept, so that the theme is usable at every depth.
                Ok(own) => {
                    *hue(&mut palette) = crate::tui::term::palette::Hue { instead: hue(&mut palette).instead, ..own }
                }
                Err(why) => told.add(line, why),
            },
        }
    }
    palette
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::registry::REGISTRY;
    use crate::tui::settings::Hints;
    use crate::tui::settings::Quit;

    #[test]
    fn what_is_right_counts_and_what_is_wrong_is_named_with_its_line() {
        let text = "theme = \"dark\"\nhintz = \"off\"\nhints = \"loud\"\nquit = \"once\"\npoints = [0.5, 1, \"x\"]\n";
        let (settings, _) = read(text, Settings::default(), &REGISTRY);
        assert_eq!((settings.theme.as_str(), settings.quit, settings.hints), ("dark", Quit::Once, Hints::Full));
        assert_eq!(
            settings.troubles,
            [
                "line 2: \"hintz\" is not a setting; {settings} shows all.",
                "line 3: hints is one of full, short, off.",
                "line 5: points is a list of 1 to 30 numbers, as [1, 2, 3, 5, 8, 13].",
            ]
        );
    }

    #[test]
    fn a_theme_of_ones_own_is_a_few_names_on_top_of_another() {
        let text =
            "theme = \"paper\"\n[themes.paper]\nbase = \"light\"\nwhy = \"#123456\"\nhow = \"pink\"\nx = \"red\"\n";
        let (settings, _) = read(text, Settings::default(), &REGISTRY);
        assert_eq!(settings.theme, "paper");
        let (_, palette) = &settings.themes[0];
        assert_eq!((palette.why.full, palette.how), (Some(0x123456), LIGHT.how));
        assert_eq!(settings.troubles.len(), 2);
        assert!(settings.troubles[0].starts_with("line 5: \"pink\" is not a colour"), "{:?}", settings.troubles);
    }

    #[test]
    fn an_empty_file_is_the_usual_settings() {
        assert_eq!(read("", Settings::default(), &REGISTRY).0, Settings::default());
        assert_eq!(read("# only words\n", Settings::default(), &REGISTRY).0, Settings::default());
    }
}
