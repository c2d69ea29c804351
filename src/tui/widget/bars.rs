//! Vertical bars from zero, with values and names below them: readable by shape, also without colour and in ASCII.

use crate::model::saturating::nearest_count;
use crate::tui::term::text::{fit, times};
use crate::tui::term::theme::Theme;

/// One bar.
pub struct Bar {
    pub label: String,
    pub value: f64,
    /// The value as people write it.
    pub shown: String,
}

const EIGHTHS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
/// The width of a bar and its usual gap.
const BAR: usize = 3;
pub const GAP: usize = 3;

/// The width of a bar with its gap.
pub fn wide(gap: usize) -> usize {
    BAR.saturating_add(gap)
}

/// The lines of a chart of this many rows: the bars, their values, their names. `mark` is a labelled line across them.
pub fn columns(theme: Theme, bars: &[Bar], mark: Option<(f64, &str)>, gap: usize, height: usize) -> Vec<String> {
    let most = bars.iter().map(|bar| bar.value).chain(mark.map(|(at, _)| at)).fold(0.0, f64::max);
    if bars.is_empty() || height == 0 || most <= 0.0 {
        return Vec::new();
    }
    let scale = height as f64 / most;
    let marked = mark.map(|(at, word)| (nearest_count((at * scale).ceil()).clamp(1, height).saturating_sub(1), word));
    let top = format!("{most}");
    let edge = top.len().max(2);
    let mut out = Vec::new();
    for row in (0..height).rev() {
        let axis = match row.saturating_add(1) == height {
            true => format!("{top:>edge$} {}", theme.glyph("┤", "|")),
            false => format!("{:>edge$} {}", "", theme.glyph("│", "|")),
        };
        let across = marked.filter(|(at, _)| *at == row);
        let between = if across.is_some() { theme.glyph("┄", "-") } else { " " };
        let mut line = format!("{axis}{between}");
        for bar in bars {
            let filled = (bar.value * scale - row as f64).clamp(0.0, 1.0);
            line.push_str(&times(cell(theme, filled, between), BAR));
            line.push_str(&times(between, gap));
        }
        line.push_str(across.map_or("", |(_, word)| word));
        out.push(line.trim_end().to_string());
    }
    let named = |zero: &str, name: &dyn Fn(&Bar) -> &str| {
        let names: String = bars.iter().map(|bar| fit(name(bar), wide(gap))).collect();
        format!("{zero:>edge$} {} {}", if zero.is_empty() { " " } else { theme.glyph("└", "+") }, names.trim_end())
    };
    out.push(named("0", &|bar| &bar.shown));
    out.push(named("", &|bar| &bar.label));
    out
}

/// One column of a bar in one row; ASCII has no halves.
fn cell(theme: Theme, filled: f64, empty: &'static str) -> &'static str {
    let eighths = nearest_count(filled * 8.0);
    match eighths {
        0 => empty,
        4.. if theme.ascii || theme.bare => "#",
        _ if theme.ascii || theme.bare => empty,
        eighths => EIGHTHS.get(eighths).copied().unwrap_or("█"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(values: &[f64]) -> Vec<Bar> {
        let bar =
            |(nth, value): (usize, &f64)| Bar { label: format!("s{nth}"), value: *value, shown: value.to_string() };
        values.iter().enumerate().map(bar).collect()
    }

    #[test]
    fn bars_begin_at_zero_and_the_highest_is_full() {
        let lines = columns(Theme::plain().with_ascii(), &bars(&[20.0, 10.0, 0.0]), Some((10.0, "likely 10")), GAP, 4);
        assert_eq!(
            lines,
            [
                "20 | ###",
                "   | ###",
                "   |-###---###---------likely 10",
                "   | ###   ###",
                " 0 + 20    10    0",
                "     s0    s1    s2",
            ]
        );
    }

    #[test]
    fn what_is_less_than_a_row_is_seen_too() {
        let lines = columns(Theme::plain(), &bars(&[8.0, 1.0]), None, GAP, 1);
        assert_eq!(lines[0], " 8 ┤ ███   ▁▁▁");
        assert!(columns(Theme::plain(), &bars(&[0.0]), None, GAP, 3).is_empty());
    }
}
