//! The table of settings, from which the file, the list on the screen and docs/SETTINGS.md are made.

use crate::model::saturating::{next_in_circle, previous_in_circle};
use crate::model::value::Amount;
use crate::tui::settings::{Colours, Glyphs, Hints, Layout, Quit, Settings, THEMES, Unfinished};
use std::fmt;

/// A value of a setting.
#[derive(Clone, PartialEq, Debug)]
pub enum SettingValue {
    Word(String),
    Yes(bool),
    Number(u32),
    Numbers(Vec<Amount>),
}

impl fmt::Display for SettingValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SettingValue::Word(word) => f.pad(word),
            SettingValue::Yes(yes) => f.pad(if *yes { "yes" } else { "no" }),
            SettingValue::Number(number) => f.pad(&number.to_string()),
            SettingValue::Numbers(all) => f.pad(&joined(all)),
        }
    }
}

pub fn joined(all: &[Amount]) -> String {
    all.iter().map(Amount::to_string).collect::<Vec<_>>().join(" ")
}

/// What a setting can be.
pub enum Choices {
    Words(Vec<String>),
    YesNo,
    /// Up to `most`, in steps.
    Number {
        most: u32,
        step: u32,
    },
    /// Numbers, typed with blanks between them.
    Numbers,
}

pub struct Setting {
    /// Never changes: files name it.
    pub key: &'static str,
    /// One sentence, at most 90 letters.
    pub hint: &'static str,
    pub choices: fn(&Settings) -> Choices,
    pub read: fn(&Settings) -> SettingValue,
    write: fn(&mut Settings, SettingValue),
}

/// A setting whose value is one of an enum's words.
macro_rules! word {
    ($key:ident, $choice:ident, $hint:literal) => {
        Setting {
            key: stringify!($key),
            hint: $hint,
            choices: |_| Choices::Words($choice::WORDS.iter().map(ToString::to_string).collect()),
            read: |settings| SettingValue::Word(settings.$key.word().to_string()),
            write: |settings, given| {
                if let SettingValue::Word(word) = given {
                    settings.$key = $choice::from_word(&word).unwrap_or_default();
                }
            },
        }
    };
}

macro_rules! yes_no {
    ($key:ident, $hint:literal) => {
        Setting {
            key: stringify!($key),
            hint: $hint,
            choices: |_| Choices::YesNo,
            read: |settings| SettingValue::Yes(settings.$key),
            write: |settings, given| {
                if let SettingValue::Yes(yes) = given {
                    settings.$key = yes;
                }
            },
        }
    };
}

pub const SETTINGS: &[Setting] = &[
    Setting {
        key: "theme",
        hint: "The colour theme. auto picks dark or light to match the terminal; mono has no colour.",
        choices: |settings| {
            let own = settings.themes.iter().map(|(name, _)| name.clone());
            Choices::Words(THEMES.iter().map(ToString::to_string).chain(own).collect())
        },
        read: |settings| SettingValue::Word(settings.theme.clone()),
        write: |settings, given| {
            if let SettingValue::Word(word) = given {
                settings.theme = word;
            }
        },
    },
    word!(colours, Colours, "How many colours are used. auto reads COLORTERM, TERM and NO_COLOR."),
    word!(glyphs, Glyphs, "Characters for borders and marks. auto uses ascii unless the locale is UTF-8."),
    word!(hints, Hints, "The last line: keys with labels, keys only, or no line at all."),
    Setting {
        key: "hint_delay_ms",
        hint: "Milliseconds before the popup of a prefix key appears. 0 shows it at once.",
        choices: |_| Choices::Number { most: 2000, step: 100 },
        read: |settings| SettingValue::Number(settings.hint_delay_ms),
        write: |settings, given| {
            if let SettingValue::Number(number) = given {
                settings.hint_delay_ms = number;
            }
        },
    },
    yes_no!(mouse, "Whether clicks and the wheel work. If not, the terminal selects text as usual."),
    word!(quit, Quit, "How often to press the quit key to leave."),
    Setting {
        key: "points",
        hint: "The points scale. A value is set at once if no other begins with the same digits.",
        choices: |_| Choices::Numbers,
        read: |settings| SettingValue::Numbers(settings.points.clone()),
        write: |settings, given| {
            if let SettingValue::Numbers(mut all) = given {
                all.sort();
                all.dedup();
                settings.points = all;
            }
        },
    },
    word!(layout, Layout, "Cyrillic, Greek, Hebrew and Arabic letters act as the Latin ones on the same keys."),
    Setting {
        key: "doing_limit",
        hint: "The most stories that should be in DOING. 0 is no limit; it warns and never blocks.",
        choices: |_| Choices::Number { most: 99, step: 1 },
        read: |settings| SettingValue::Number(settings.doing_limit),
        write: |settings, given| {
            if let SettingValue::Number(number) = given {
                settings.doing_limit = number;
            }
        },
    },
    word!(
        unfinished,
        Unfinished,
        "Where unfinished stories of a sprint go by default: top of the backlog, or next sprint."
    ),
    yes_no!(accessible, "For screen readers: one pane at a time, no borders, states as words."),
];

/// The most values a points scale may have.
const LONGEST_SCALE: usize = 30;

impl Setting {
    pub fn named(key: &str) -> Option<&'static Setting> {
        SETTINGS.iter().find(|setting| setting.key == key)
    }

    /// Gives the setting a value, or says what it can be.
    pub fn set(&self, settings: &mut Settings, given: SettingValue) -> Result<(), String> {
        let given = match ((self.choices)(settings), given) {
            // 256 is written with and without quotes.
            (Choices::Words(_), SettingValue::Number(number)) => SettingValue::Word(number.to_string()),
            (_, given) => given,
        };
        let fits = match ((self.choices)(settings), &given) {
            (Choices::Words(words), SettingValue::Word(word)) => words.contains(word),
            (Choices::YesNo, SettingValue::Yes(_)) => true,
            (Choices::Number { most, .. }, SettingValue::Number(number)) => *number <= most,
            (Choices::Numbers, SettingValue::Numbers(all)) => {
                !all.is_empty() && all.len() <= LONGEST_SCALE && all.iter().all(|one| one.in_hundredths() >= 0)
            }
            _ => false,
        };
        if !fits {
            return Err(format!("{} is {}.", self.key, self.expects(settings)));
        }
        (self.write)(settings, given);
        Ok(())
    }

    /// What it can be, in words.
    pub fn expects(&self, settings: &Settings) -> String {
        match (self.choices)(settings) {
            Choices::Words(words) => format!("one of {}", words.join(", ")),
            Choices::YesNo => "true or false".to_string(),
            Choices::Number { most, .. } => format!("a number from 0 to {most}"),
            Choices::Numbers => format!("a list of 1 to {LONGEST_SCALE} numbers, as [1, 2, 3, 5, 8, 13]"),
        }
    }

    /// The value before or after the current one; `None` if it has to be typed.
    pub fn step(&self, settings: &Settings, forward: bool) -> Option<SettingValue> {
        match ((self.choices)(settings), (self.read)(settings)) {
            (Choices::Words(words), SettingValue::Word(word)) => {
                let at = words.iter().position(|known| *known == word).unwrap_or(0);
                let to = if forward { next_in_circle } else { previous_in_circle };
                words.get(to(at, words.len())).cloned().map(SettingValue::Word)
            }
            (Choices::YesNo, SettingValue::Yes(yes)) => Some(SettingValue::Yes(!yes)),
            (Choices::Number { most, step }, SettingValue::Number(number)) => {
                let to = if forward { number.saturating_add(step).min(most) } else { number.saturating_sub(step) };
                Some(SettingValue::Number(to))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_takes_its_own_value_back() {
        let mut settings = Settings::default();
        for setting in SETTINGS {
            assert!(setting.hint.chars().count() <= 90 && setting.hint.ends_with('.'), "{}", setting.key);
            let value = (setting.read)(&settings);
            setting.set(&mut settings, value).unwrap();
        }
        assert_eq!(settings, Settings::default());
    }

    #[test]
    fn stepping_on_comes_back_to_the_first_value() {
        let mut settings = Settings::default();
        let theme = Setting::named("theme").unwrap();
        for _ in THEMES {
            let next = theme.step(&settings, true).unwrap();
            theme.set(&mut settings, next).unwrap();
        }
        assert_eq!(settings.theme, "auto");
        assert_eq!(theme.step(&settings, false), Some(SettingValue::Word("mono".to_string())));
    }

    #[test]
    fn what_does_not_fit_is_said_and_changes_nothing() {
        let mut settings = Settings::default();
        let refused = Setting::named("hints").unwrap().set(&mut settings, SettingValue::Word("loud".to_string()));
        assert_eq!(refused.unwrap_err(), "hints is one of full, short, off.");
        assert!(Setting::named("points").unwrap().set(&mut settings, SettingValue::Numbers(Vec::new())).is_err());
        assert!(Setting::named("mouse").unwrap().set(&mut settings, SettingValue::Number(1)).is_err());
        assert!(Setting::named("colours").unwrap().set(&mut settings, SettingValue::Number(256)).is_ok());
        assert_eq!(settings.colours, Colours::Indexed);
    }
}
