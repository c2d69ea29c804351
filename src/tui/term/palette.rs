//! Named colours: built-in themes and custom ones. If the terminal has no colours, weight and brightness replace them;
//! shape and words carry the meaning in any case.

use ratatui::style::{Color, Modifier, Style};

/// How many colours the terminal has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Depth {
    None,
    Sixteen,
    Indexed,
    True,
}

/// One named colour on every kind of terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hue {
    /// As red, green and blue; without it, the one of the sixteen is used everywhere.
    pub full: Option<u32>,
    /// The one of the sixteen; `Reset` is the terminal's own.
    pub low: Color,
    pub also: Modifier,
    /// Added if the colour cannot be shown.
    pub instead: Modifier,
}

impl Hue {
    /// The terminal's own foreground.
    pub const OWN: Hue = Hue { full: None, low: Color::Reset, also: Modifier::empty(), instead: Modifier::empty() };

    const fn of(full: u32, low: Color) -> Hue {
        Hue { full: Some(full), low, ..Hue::OWN }
    }

    const fn also(self, also: Modifier) -> Hue {
        Hue { also, ..self }
    }

    pub fn style(self, depth: Depth) -> Style {
        let colour = match (depth, self.full) {
            (Depth::None, _) => None,
            (Depth::True, Some(full)) => {
                let [_, red, green, blue] = full.to_be_bytes();
                Some(Color::Rgb(red, green, blue))
            }
            (Depth::Indexed, Some(full)) => Some(Color::Indexed(nearest(full))),
            _ => Some(self.low),
        };
        let style = Style::new().add_modifier(self.also);
        match colour.filter(|colour| *colour != Color::Reset) {
            Some(colour) => style.fg(colour),
            None => style.add_modifier(self.instead),
        }
    }

    /// `#56b4e9`, `bright cyan`, `bold`, `bold #ff0000`: at most one colour, and how it is set.
    pub fn parse(text: &str) -> Result<Hue, String> {
        let mut hue = Hue::OWN;
        let mut words = text.split_whitespace().map(str::to_lowercase).peekable();
        if words.peek().is_none() {
            return Err("a colour is written as #56b4e9, as cyan, or as bold".to_string());
        }
        while let Some(word) = words.next() {
            let modifier = MODIFIERS.iter().find(|(name, _)| *name == word);
            let bright = (word == "bright").then(|| words.next()).flatten().map(|name| format!("bright {name}"));
            let name = bright.unwrap_or(word);
            let named = SIXTEEN.iter().find(|(known, ..)| *known == name);
            let hex = name.strip_prefix('#').filter(|hex| hex.len() == 6);
            match (modifier, named, hex.and_then(|hex| u32::from_str_radix(hex, 16).ok())) {
                (Some((_, modifier)), ..) => hue.also |= *modifier,
                (_, Some((_, colour, _)), _) => hue.low = *colour,
                (_, _, Some(full)) => (hue.full, hue.low) = (Some(full), nearest_of_sixteen(full)),
                _ => return Err(format!("{name:?} is not a colour; write it as #56b4e9, as cyan, or as bold")),
            }
        }
        Ok(hue)
    }
}

const MODIFIERS: &[(&str, Modifier)] = &[
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underline", Modifier::UNDERLINED),
    ("reverse", Modifier::REVERSED),
];

/// The sixteen by name, as in xterm; `default` is the terminal's own.
const SIXTEEN: &[(&str, Color, u32)] = &[
    ("default", Color::Reset, 0x7F7F7F),
    ("black", Color::Black, 0x000000),
    ("red", Color::Red, 0xCD0000),
    ("green", Color::Green, 0x00CD00),
    ("yellow", Color::Yellow, 0xCDCD00),
    ("blue", Color::Blue, 0x0000EE),
    ("magenta", Color::Magenta, 0xCD00CD),
    ("cyan", Color::Cyan, 0x00CDCD),
    ("white", Color::Gray, 0xE5E5E5),
    ("bright black", Color::DarkGray, 0x7F7F7F),
    ("bright red", Color::LightRed, 0xFF0000),
    ("bright green", Color::LightGreen, 0x00FF00),
    ("bright yellow", Color::LightYellow, 0xFFFF00),
    ("bright blue", Color::LightBlue, 0x5C5CFF),
    ("bright magenta", Color::LightMagenta, 0xFF00FF),
    ("bright cyan", Color::LightCyan, 0x00FFFF),
    ("bright white", Color::White, 0xFFFFFF),
];

fn parts(full: u32) -> [u32; 3] {
    [full >> 16 & 0xFF, full >> 8 & 0xFF, full & 0xFF]
}

fn distance(one: u32, other: u32) -> u32 {
    parts(one).into_iter().zip(parts(other)).map(|(a, b)| a.abs_diff(b).pow(2)).sum()
}

fn nearest_of_sixteen(full: u32) -> Color {
    let named = SIXTEEN.iter().skip(1).min_by_key(|(_, _, known)| distance(*known, full));
    named.map_or(Color::Reset, |(_, colour, _)| *colour)
}

/// The steps of the 6×6×6 colour cube.
const STEPS: [u32; 6] = [0, 95, 135, 175, 215, 255];

/// The colour of an index of the 256; below 16 it depends on the terminal.
pub fn of_index(index: u8) -> u32 {
    let n = u32::from(index);
    if n >= 232 {
        let grey = n.saturating_sub(232).saturating_mul(10).saturating_add(8);
        return grey << 16 | grey << 8 | grey;
    }
    let cube = n.saturating_sub(16);
    let step = |nth: u32| STEPS.get((nth % 6) as usize).copied().unwrap_or(0);
    step(cube / 36) << 16 | step(cube / 6) << 8 | step(cube)
}

/// The closest of the 256 colours, among those that are the same everywhere.
pub fn nearest(full: u32) -> u8 {
    (16..=255).min_by_key(|index| distance(of_index(*index), full)).unwrap_or(231)
}

/// The colours of a theme. Body text is always the terminal's own, and no background is painted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Palette {
    pub why: Hue,
    pub how: Hue,
    pub quiet: Hue,
    pub wrong: Hue,
    pub strong: Hue,
    pub chosen: Hue,
    pub lists: Hue,
    pub boxes: Hue,
}

/// A name in a palette, what it colours, and its field.
pub type Named = (&'static str, &'static str, fn(&mut Palette) -> &mut Hue);

/// The names for custom themes.
pub const NAMES: &[Named] = &[
    ("why", "borders and labels of the why", |palette| &mut palette.why),
    ("how", "borders and labels of the how", |palette| &mut palette.how),
    ("quiet", "hints, counts, notes", |palette| &mut palette.quiet),
    ("wrong", "warnings and errors", |palette| &mut palette.wrong),
    ("strong", "names and headings", |palette| &mut palette.strong),
    ("chosen", "the selected row", |palette| &mut palette.chosen),
    ("lists", "borders of lists", |palette| &mut palette.lists),
    ("boxes", "borders of dialogs and popups", |palette| &mut palette.boxes),
];

const STRONG: Hue = Hue::OWN.also(Modifier::BOLD);
const CHOSEN: Hue = Hue::OWN.also(Modifier::REVERSED);

/// Blue for why and orange for how are distinguishable with all common kinds of colour blindness (after Okabe and Ito).
pub const DARK: Palette = Palette {
    why: Hue::of(0x56B4E9, Color::LightCyan),
    how: Hue::of(0xE69F00, Color::Yellow),
    quiet: Hue { instead: Modifier::DIM, ..Hue::of(0xA0A8B0, Color::Reset) },
    wrong: Hue::of(0xFF7B8A, Color::Red).also(Modifier::BOLD),
    strong: STRONG,
    chosen: CHOSEN,
    lists: Hue::OWN,
    boxes: Hue::OWN,
};

pub const LIGHT: Palette = Palette {
    why: Hue::of(0x005FA3, Color::Blue),
    how: Hue::of(0x9A4600, Color::Red),
    quiet: Hue { instead: Modifier::DIM, ..Hue::of(0x5A6068, Color::Reset) },
    wrong: Hue::of(0xB3003C, Color::Red).also(Modifier::BOLD),
    ..DARK
};

/// At least 7 to 1 on every background; nothing is dimmed.
pub const CONTRAST_DARK: Palette = Palette {
    why: Hue::of(0xA6DCFF, Color::LightCyan),
    how: Hue::of(0xFFCC66, Color::LightYellow),
    quiet: Hue::OWN,
    wrong: Hue::of(0xFFB8C0, Color::LightRed).also(Modifier::BOLD.union(Modifier::UNDERLINED)),
    ..DARK
};

pub const CONTRAST_LIGHT: Palette = Palette {
    why: Hue::of(0x002A66, Color::Blue),
    how: Hue::of(0x5C2A00, Color::Red),
    quiet: Hue::OWN,
    wrong: Hue::of(0x7A0028, Color::Red).also(Modifier::BOLD.union(Modifier::UNDERLINED)),
    ..DARK
};

#[cfg(test)]
mod tests {
    use super::*;

    const ON_DARK: [u32; 6] = [0x000000, 0x1E1E1E, 0x282828, 0x282A36, 0x002B36, 0x2E3440];
    const ON_LIGHT: [u32; 4] = [0xFFFFFF, 0xFDF6E3, 0xF5F5F5, 0xEFF1F5];

    /// The contrast of two colours as the Web Content Accessibility Guidelines define it.
    fn contrast(one: u32, other: u32) -> f64 {
        let light = |full: u32| {
            let linear = |c: u32| {
                let c = f64::from(c) / 255.0;
                if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
            };
            let [r, g, b] = parts(full).map(linear);
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        let (a, b) = (light(one), light(other));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_colour_of_every_theme_can_be_read_on_the_usual_backgrounds() {
        let themes: [(&str, Palette, &[u32], f64); 4] = [
            ("dark", DARK, &ON_DARK, 4.5),
            ("light", LIGHT, &ON_LIGHT, 4.5),
            ("contrast on dark", CONTRAST_DARK, &ON_DARK, 7.0),
            ("contrast on light", CONTRAST_LIGHT, &ON_LIGHT, 7.0),
        ];
        for (theme, mut palette, grounds, least) in themes {
            for (name, _, hue) in NAMES {
                let Some(full) = hue(&mut palette).full else { continue };
                for (depth, shown) in [("true", full), ("256", of_index(nearest(full)))] {
                    for ground in grounds {
                        let ratio = contrast(shown, *ground);
                        assert!(ratio >= least, "{theme} {name} in {depth} on #{ground:06x}: {ratio:.2}");
                    }
                }
            }
        }
    }

    #[test]
    fn contrast_is_what_the_guidelines_say() {
        assert_eq!(contrast(0x000000, 0xFFFFFF), 21.0);
        assert!((contrast(0x767676, 0xFFFFFF) - 4.54).abs() < 0.01);
    }

    #[test]
    fn colours_are_read_as_people_write_them() {
        assert_eq!(Hue::parse("#56B4E9").unwrap().full, Some(0x56B4E9));
        assert_eq!(Hue::parse("Bright Cyan").unwrap(), Hue { low: Color::LightCyan, ..Hue::OWN });
        assert_eq!(Hue::parse("bold #ff0000").unwrap().also, Modifier::BOLD);
        assert_eq!(Hue::parse("default").unwrap(), Hue::OWN);
        for wrong in ["", "#12", "blurple", "bright", "#gggggg"] {
            assert!(Hue::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_depth_tells_why_from_how_or_leaves_it_to_the_borders() {
        for palette in [DARK, LIGHT, CONTRAST_DARK, CONTRAST_LIGHT] {
            for depth in [Depth::Sixteen, Depth::Indexed, Depth::True] {
                assert_ne!(palette.why.style(depth), palette.how.style(depth));
                assert_ne!(palette.wrong.style(depth), Style::new());
            }
            let style = palette.why.style(Depth::None);
            assert_eq!((style.fg, style.bg), (None, None));
        }
    }
}
