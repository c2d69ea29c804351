//! Colours and glyphs. Shape and words carry every meaning; colour only helps.

use crate::tui::term::layout::of_hundred;
pub use crate::tui::term::palette::Depth;
use crate::tui::term::palette::{DARK, Palette};
use crate::tui::term::text::times;
use ratatui::style::Style;
use ratatui::symbols::border;

/// What the environment and the terminal itself say about the terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Surroundings {
    pub depth: Depth,
    /// Dark text on a light background; `None` if unknown.
    pub light: Option<bool>,
    pub ascii: bool,
    /// It can be asked for its background. The Linux console would print the query.
    pub answers: bool,
}

impl Surroundings {
    /// Dark, without colours, with all symbols.
    pub const PLAIN: Surroundings = Surroundings { depth: Depth::None, light: None, ascii: false, answers: false };

    pub fn of_environment(read: &dyn Fn(&str) -> Option<String>) -> Surroundings {
        let has = |key: &str, word: &str| read(key).is_some_and(|value| value.contains(word));
        let depth = if read("NO_COLOR").is_some_and(|value| !value.is_empty()) || has("TERM", "dumb") {
            Depth::None
        } else if has("COLORTERM", "truecolor") || has("COLORTERM", "24bit") || has("TERM", "direct") {
            Depth::True
        } else if has("TERM", "256") {
            Depth::Indexed
        } else {
            Depth::Sixteen
        };
        // COLORFGBG is `foreground;background`; 7 and 15 are white.
        let ground = read("COLORFGBG").and_then(|value| value.rsplit(';').next()?.parse::<u8>().ok());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|key| read(key).filter(|value| !value.is_empty()));
        let utf8 = locale.is_some_and(|value| value.to_lowercase().replace('-', "").contains("utf8"));
        Surroundings {
            depth,
            answers: !has("TERM", "linux") && !has("TERM", "dumb"),
            light: ground.map(|ground| matches!(ground, 7 | 15)),
            ascii: !utf8 || has("TERM", "linux") || read("WHYHOW_GLYPHS").as_deref() == Some("ascii"),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Theme {
    depth: Depth,
    palette: Palette,
    pub ascii: bool,
    /// Without borders, for screen readers.
    pub bare: bool,
}

impl Theme {
    pub const fn new(depth: Depth, palette: Palette, ascii: bool) -> Theme {
        Theme { depth, palette, ascii, bare: false }
    }

    pub const fn plain() -> Theme {
        Theme::new(Depth::None, DARK, false)
    }

    pub const fn full() -> Theme {
        Theme::new(Depth::True, DARK, false)
    }

    pub const fn with_ascii(self) -> Theme {
        Theme { ascii: true, ..self }
    }

    pub fn why(self) -> Style {
        self.palette.why.style(self.depth)
    }

    pub fn how(self) -> Style {
        self.palette.how.style(self.depth)
    }

    pub fn quiet(self) -> Style {
        self.palette.quiet.style(self.depth)
    }

    pub fn wrong(self) -> Style {
        self.palette.wrong.style(self.depth)
    }

    pub fn strong(self) -> Style {
        self.palette.strong.style(self.depth)
    }

    /// The selected row and the title of the focused pane.
    pub fn chosen(self) -> Style {
        self.palette.chosen.style(self.depth)
    }

    /// Borders of lists.
    pub fn lists(self) -> Style {
        self.palette.lists.style(self.depth)
    }

    /// Borders of overlays.
    pub fn boxes(self) -> Style {
        self.palette.boxes.style(self.depth)
    }

    /// Double for the why, single for the how, round for lists, heavy for overlays.
    pub fn border(self, which: Border) -> border::Set<'static> {
        if self.bare {
            return ascii(' ', ' ', ' ');
        }
        match (which, self.ascii) {
            (Border::Why, false) => border::DOUBLE,
            (Border::How, false) => border::PLAIN,
            (Border::List, false) => border::ROUNDED,
            (Border::Top, false) => border::THICK,
            (Border::Why, true) => ascii('#', '#', '='),
            (Border::How, true) => ascii('+', '|', '-'),
            (Border::List, true) => ascii('.', '|', '-'),
            (Border::Top, true) => ascii('*', '|', '*'),
        }
    }

    pub fn glyph(self, unicode: &'static str, ascii: &'static str) -> &'static str {
        if self.ascii || self.bare { ascii } else { unicode }
    }

    /// A state as a symbol, or as a word for screen readers.
    pub fn state(self, sign: &'static str, word: &'static str) -> &'static str {
        if self.bare { word } else { sign }
    }

    pub fn pointer(self) -> &'static str {
        self.glyph("▸", ">")
    }

    pub fn tick(self) -> &'static str {
        self.glyph("✓", "x")
    }

    pub fn dots(self) -> &'static str {
        self.glyph("…", "..")
    }

    /// A bar of `columns` columns, filled to `percent`.
    pub fn bar(self, percent: u8, columns: u16) -> String {
        let filled = of_hundred(columns, u16::from(percent.min(100)));
        let rest = columns.saturating_sub(filled);
        format!("{}{}", times(self.glyph("█", "#"), filled.into()), times(self.glyph("░", "."), rest.into()))
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Border {
    Why,
    How,
    List,
    Top,
}

const fn letter(c: char) -> &'static str {
    match c {
        '#' => "#",
        '=' => "=",
        '+' => "+",
        '|' => "|",
        '-' => "-",
        '.' => ".",
        ' ' => " ",
        _ => "*",
    }
}

const fn ascii(corner: char, side: char, line: char) -> border::Set<'static> {
    border::Set {
        top_left: letter(corner),
        top_right: letter(corner),
        bottom_left: letter(corner),
        bottom_right: letter(corner),
        vertical_left: letter(side),
        vertical_right: letter(side),
        horizontal_top: letter(line),
        horizontal_bottom: letter(line),
    }
}
