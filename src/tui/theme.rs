//! Colours and glyphs. Shape and words carry every meaning; colour only helps.

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;

/// How many colours the terminal has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Depth {
    None,
    Sixteen,
    True,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Theme {
    depth: Depth,
    light: bool,
    pub ascii: bool,
}

impl Theme {
    /// What the environment says. The terminal itself is never asked: some answer late, some not at all.
    pub fn from_environment(read: &dyn Fn(&str) -> Option<String>) -> Theme {
        let has = |key: &str, word: &str| read(key).is_some_and(|value| value.contains(word));
        let depth = if read("NO_COLOR").is_some_and(|value| !value.is_empty()) {
            Depth::None
        } else if has("COLORTERM", "truecolor") || has("COLORTERM", "24bit") || has("TERM", "256color") {
            Depth::True
        } else {
            Depth::Sixteen
        };
        // COLORFGBG is `foreground;background`; 7 and 15 are white.
        let light = read("COLORFGBG").and_then(|value| value.rsplit(';').next().map(str::to_string));
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|key| read(key).filter(|value| !value.is_empty()));
        let utf8 = locale.is_some_and(|value| value.to_lowercase().replace('-', "").contains("utf8"));
        Theme {
            depth,
            light: matches!(light.as_deref(), Some("7" | "15")),
            ascii: !utf8 || has("TERM", "linux") || read("WHYHOW_GLYPHS").as_deref() == Some("ascii"),
        }
    }

    pub const fn plain() -> Theme {
        Theme { depth: Depth::None, light: false, ascii: false }
    }

    pub const fn full() -> Theme {
        Theme { depth: Depth::True, light: false, ascii: false }
    }

    pub const fn with_ascii(self) -> Theme {
        Theme { ascii: true, ..self }
    }

    fn pick(self, dark: u32, light: u32, dark16: Color, light16: Color) -> Style {
        let rgb = |hex: u32| Color::Rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8);
        let colour = match (self.depth, self.light) {
            (Depth::None, _) => return Style::new(),
            (Depth::True, false) => rgb(dark),
            (Depth::True, true) => rgb(light),
            (Depth::Sixteen, false) => dark16,
            (Depth::Sixteen, true) => light16,
        };
        Style::new().fg(colour)
    }

    /// Blue: the pair stays apart for all common kinds of colour blindness (after Okabe and Ito).
    pub fn why(self) -> Style {
        self.pick(0x56B4E9, 0x005FA3, Color::LightCyan, Color::Blue)
    }

    /// Orange.
    pub fn how(self) -> Style {
        self.pick(0xE69F00, 0x9A4600, Color::Yellow, Color::Red)
    }

    pub fn quiet(self) -> Style {
        match self.depth {
            Depth::True => self.pick(0xA0A8B0, 0x5A6068, Color::Reset, Color::Reset),
            _ => Style::new().add_modifier(Modifier::DIM),
        }
    }

    pub fn wrong(self) -> Style {
        self.pick(0xFF7B8A, 0xB3003C, Color::Red, Color::Red).add_modifier(Modifier::BOLD)
    }

    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    pub fn chosen(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// Double for the why, single for the how, round for lists, heavy for what lies on top.
    pub fn border(self, which: Border) -> border::Set<'static> {
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
        if self.ascii { ascii } else { unicode }
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
        let filled = usize::from(columns) * usize::from(percent.min(100)) / 100;
        let rest = usize::from(columns) - filled;
        format!("{}{}", self.glyph("█", "#").repeat(filled), self.glyph("░", ".").repeat(rest))
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
