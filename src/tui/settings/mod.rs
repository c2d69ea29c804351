//! The user's settings for the screen. Nothing here is required: without a file every setting has its default. The
//! table lists the settings, `read` and `write` handle the file, and the rest of the screen reads the fields.

pub mod lenient;
pub mod page;
pub mod table;
pub mod write;

use crate::model::value::Amount;
use crate::tui::term::palette::{CONTRAST_DARK, CONTRAST_LIGHT, DARK, Depth, LIGHT, Palette};
use crate::tui::term::theme::{Surroundings, Theme};
use std::path::PathBuf;

/// An enum whose values are words in the file.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $first:ident $word:literal, $($other:ident $words:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
        pub enum $name { #[default] $first, $($other),* }

        impl $name {
            pub const WORDS: &'static [&'static str] = &[$word, $($words),*];

            pub const fn word(self) -> &'static str {
                match self { $name::$first => $word, $($name::$other => $words),* }
            }

            pub fn from_word(word: &str) -> Option<$name> {
                match word { $word => Some($name::$first), $($words => Some($name::$other),)* _ => None }
            }
        }
    };
}

choice! {
    /// How many colours are used.
    Colours { Auto "auto", Full "full", Indexed "256", Sixteen "16", None "none" }
}

choice! {
    /// Which signs are drawn.
    Glyphs { Auto "auto", Unicode "unicode", Ascii "ascii" }
}

choice! {
    /// What the last line shows.
    Hints { Full "full", Short "short", Off "off" }
}

choice! {
    /// How often `q` must be pressed to quit.
    Quit { Twice "twice", Once "once" }
}

choice! {
    /// Whether letters of other keyboard layouts act as the Latin letter on the same key.
    Layout { Auto "auto", Off "off" }
}

choice! {
    /// Where unfinished stories of a sprint go by default.
    Unfinished { Backlog "backlog", Next "next" }
}

/// The built-in themes.
pub const THEMES: [&str; 5] = ["auto", "dark", "light", "contrast", "mono"];

#[derive(Clone, PartialEq, Debug)]
pub struct Settings {
    pub theme: String,
    pub colours: Colours,
    pub glyphs: Glyphs,
    pub hints: Hints,
    pub hint_delay_ms: u32,
    pub mouse: bool,
    pub quit: Quit,
    /// The points scale, in ascending order.
    pub points: Vec<Amount>,
    pub layout: Layout,
    /// How many stories are worked on at once; 0 is no limit.
    pub doing_limit: u32,
    pub unfinished: Unfinished,
    pub accessible: bool,
    /// Custom themes, by name.
    pub themes: Vec<(String, Palette)>,
    /// What is wrong in the file, line by line.
    pub troubles: Vec<String>,
    /// Where they are stored; `None` if they are for this run only.
    pub file: Option<PathBuf>,
    /// The folder to which the key sheet is written.
    pub folder: Option<PathBuf>,
    pub around: Surroundings,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            theme: "auto".to_string(),
            colours: Colours::default(),
            glyphs: Glyphs::default(),
            hints: Hints::default(),
            hint_delay_ms: 200,
            mouse: true,
            quit: Quit::default(),
            points: [1, 2, 3, 5, 8, 13].map(Amount::whole).to_vec(),
            layout: Layout::default(),
            doing_limit: 0,
            unfinished: Unfinished::default(),
            accessible: false,
            themes: Vec::new(),
            troubles: Vec::new(),
            file: None,
            folder: None,
            around: Surroundings::PLAIN,
        }
    }
}

impl Settings {
    /// Colours and symbols for drawing.
    pub fn look(&self) -> Theme {
        let depth = match self.colours {
            Colours::Auto => self.around.depth,
            Colours::Full => Depth::True,
            Colours::Indexed => Depth::Indexed,
            Colours::Sixteen => Depth::Sixteen,
            Colours::None => Depth::None,
        };
        let light = self.around.light.unwrap_or(false);
        let own = self.themes.iter().find(|(name, _)| *name == self.theme);
        let palette = match (self.theme.as_str(), light) {
            (_, _) if own.is_some() => own.map_or(DARK, |(_, palette)| *palette),
            ("light", _) | ("auto", true) => LIGHT,
            ("contrast", false) => CONTRAST_DARK,
            ("contrast", true) => CONTRAST_LIGHT,
            _ => DARK,
        };
        let depth = if self.theme == "mono" { Depth::None } else { depth };
        let ascii = match self.glyphs {
            Glyphs::Auto => self.around.ascii,
            Glyphs::Unicode => false,
            Glyphs::Ascii => true,
        };
        let mut theme = Theme::new(depth, palette, ascii);
        theme.bare = self.accessible;
        theme
    }

    /// Whether to ask the terminal for its background; independent of the current theme, because that may change.
    pub fn asks_background(&self) -> bool {
        self.around.answers && self.around.depth != Depth::None
    }

    /// The points values whose text begins like this.
    pub fn points_beginning<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Amount> + 'a {
        self.points.iter().copied().filter(move |value| value.to_string().starts_with(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_choice_lead_back_to_it() {
        for word in Hints::WORDS {
            assert_eq!(Hints::from_word(word).unwrap().word(), *word);
        }
        assert_eq!(Colours::from_word("512"), None);
    }

    #[test]
    fn a_theme_follows_the_background_only_where_it_is_told_to() {
        let on = |theme: &str, light| {
            let around = Surroundings { depth: Depth::True, light, ..Surroundings::PLAIN };
            Settings { theme: theme.to_string(), around, ..Settings::default() }.look().why()
        };
        assert_eq!(on("auto", None), on("dark", Some(true)));
        assert_eq!(on("auto", Some(true)), on("light", None));
        assert_ne!(on("contrast", Some(true)), on("contrast", Some(false)));
        assert_eq!(on("mono", None), ratatui::style::Style::new());
    }
}
