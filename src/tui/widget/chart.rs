//! Burndown and burn-up: bars from zero, an ideal line, marks where the scope changed. Readable without colour and in
//! ASCII; where there is no room it is a spark of one line, and for those who hear the screen a sentence.

use crate::insight::pulse::Slot;
use crate::model::value::Amount;
use crate::tui::paint::Paint;
use crate::tui::text::width;
use crate::tui::ui::Ui;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Which of the two it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Chart {
    /// What is left.
    Down,
    /// What is done, and how much there is to do.
    Up,
}

impl Chart {
    fn bar(self, slot: &Slot) -> Option<f64> {
        let (left, scope) = (slot.remaining?.as_f64(), slot.scope?.as_f64());
        Some(if self == Chart::Down { left } else { scope - left })
    }

    fn ideal(self, slot: &Slot, planned: f64) -> f64 {
        if self == Chart::Down { slot.ideal } else { planned - slot.ideal }
    }
}

/// Where everything of one chart stands.
struct Scale {
    /// Rows of the plot, and the value at the top of the highest.
    rows: u16,
    top: f64,
    /// Every so many rows there is a label, worth so much.
    every: u16,
    unit: i64,
    /// Columns of the labels, of a day with its gap, and of its bar.
    gutter: u16,
    day: u16,
    bar: u16,
}

fn scale(slots: &[Slot], area: Rect) -> Option<Scale> {
    let rows = area.height.checked_sub(2).filter(|rows| *rows >= 2)?;
    let most = slots.iter().filter_map(|slot| slot.scope).max().unwrap_or_default().as_f64();
    let most = slots.iter().map(|slot| slot.ideal).fold(most, f64::max).max(1.0);
    let every = if rows >= 16 { 4 } else { 2 };
    let unit = (most * f64::from(every) / f64::from(rows)).ceil().max(1.0) as i64;
    let top = unit as f64 * f64::from(rows) / f64::from(every);
    let gutter = (width(&(top.floor() as i64).to_string()) as u16).max(2) + 1;
    let day = (area.width.checked_sub(gutter)? / slots.len().max(1) as u16).min(6);
    (day >= 1).then(|| Scale { rows, top, every, unit, gutter, day, bar: day.saturating_sub(1).max(1) })
}

impl Scale {
    /// How many eighths of a row a value is high.
    fn eighths(&self, value: f64) -> u16 {
        (value.max(0.0) / self.top * f64::from(self.rows) * 8.0).round() as u16
    }

    /// The row, from below, on which a line at this value runs; nothing on the axis itself.
    fn line(&self, value: f64) -> Option<u16> {
        self.eighths(value).div_ceil(8).checked_sub(1).map(|row| row.min(self.rows - 1))
    }
}

/// Draws the chart; gives how many rows it took. Without room, nothing.
pub fn draw(ui: &Ui, chart: Chart, slots: &[Slot], area: Rect, buffer: &mut Paint) -> u16 {
    let Some(scale) = scale(slots, area) else { return 0 };
    let axis = area.y + scale.rows;
    for row in 0..scale.rows {
        let label = (row + 1).is_multiple_of(scale.every).then(|| scale.unit * i64::from((row + 1) / scale.every));
        let text = label.map_or_else(String::new, |label| label.to_string());
        let side = if label.is_some() { ui.theme.glyph("┤", "+") } else { ui.theme.glyph("│", "|") };
        let gutter = usize::from(scale.gutter - 1);
        buffer.set_stringn(area.x, axis - 1 - row, format!("{text:>gutter$}{side}"), gutter + 1, ui.theme.quiet());
    }
    let planned = slots.first().map_or(0.0, |slot| slot.ideal);
    for (nth, slot) in slots.iter().enumerate() {
        let x = area.x + scale.gutter + nth as u16 * scale.day;
        column(ui, (chart, slot, planned), &scale, (x, axis), buffer);
    }
    foot(ui, slots, &scale, Rect { y: axis, ..area }, buffer);
    scale.rows + 2
}

fn column(
    ui: &Ui,
    (chart, slot, planned): (Chart, &Slot, f64),
    scale: &Scale,
    (x, axis): (u16, u16),
    buffer: &mut Paint,
) {
    let wide = usize::from(scale.bar);
    let mut put = |row: u16, glyph: &str, columns: usize, style: Style| {
        buffer.set_stringn(x, axis - 1 - row, glyph.repeat(columns), columns, style);
    };
    if let Some(value) = chart.bar(slot) {
        let high = scale.eighths(value);
        for row in 0..scale.rows {
            let filled = high.saturating_sub(row * 8).min(8);
            if let Some(glyph) = block(ui, filled, row == 0 && value > 0.0) {
                put(row, glyph, wide, ui.theme.how());
            }
        }
    }
    if chart == Chart::Up
        && let Some(row) = slot.scope.and_then(|scope| scale.line(scope.as_f64()))
    {
        put(row, ui.theme.glyph("━", "="), usize::from(scale.day), ui.theme.strong());
    }
    // The ideal is seen on a bar as well: it cuts through it.
    if let Some(row) = scale.line(chart.ideal(slot, planned)) {
        put(row, ui.theme.glyph("┄", "-"), usize::from(scale.day), Style::new());
    }
}

/// A row of a bar that is filled so many eighths. In ASCII half a row counts as one.
fn block(ui: &Ui, eighths: u16, lowest: bool) -> Option<&'static str> {
    const PARTS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
    if ui.theme.ascii || ui.theme.bare {
        return match eighths {
            4.. => Some("#"),
            1.. if lowest => Some("_"),
            _ => None,
        };
    }
    let at = if lowest { eighths.max(1) } else { eighths };
    PARTS.get(usize::from(at.checked_sub(1)?)).copied()
}

/// The axis with the working days, and below it today and what changed the scope.
fn foot(ui: &Ui, slots: &[Slot], scale: &Scale, area: Rect, buffer: &mut Paint) {
    let quiet = ui.theme.quiet();
    let line = ui.theme.glyph("─", "-");
    let gutter = usize::from(scale.gutter - 1);
    let long = slots.len() * usize::from(scale.day);
    let all = usize::from(area.width);
    buffer.set_stringn(
        area.x,
        area.y,
        format!("{:>gutter$}{}{}", 0, ui.theme.glyph("└", "+"), line.repeat(long)),
        all,
        quiet,
    );
    for (nth, slot) in slots.iter().enumerate() {
        let x = area.x + scale.gutter + nth as u16 * scale.day;
        let number = slot.nth.to_string();
        let room = usize::from(scale.day);
        let shown = number.len() < room || room == 2 && number.len() == 2 || room == 1 && slot.nth.is_multiple_of(5);
        let number = if room == 1 { number.get(number.len() - 1..).unwrap_or_default() } else { &number };
        if shown {
            let at = x + (usize::from(scale.bar).saturating_sub(number.len())) as u16;
            buffer.set_stringn(at, area.y, number, room, if slot.today { ui.theme.chosen() } else { quiet });
        }
        let mark = match (slot.came > Amount::default(), slot.went > Amount::default()) {
            (true, true) => "±",
            (true, false) => "+",
            (false, true) => "-",
            _ => "",
        };
        let mark = if ui.theme.ascii && mark == "±" { "*" } else { mark };
        buffer.set_stringn(x, area.y + 1, mark, 1, ui.theme.strong());
        if slot.today {
            let at = x + scale.bar - 1;
            let at = if mark.is_empty() { at } else { at.max(x + 1) };
            let end = area.x + area.width;
            let word = if usize::from(end.saturating_sub(at)) >= 6 { "^today" } else { "^" };
            buffer.set_stringn(at, area.y + 1, word, usize::from(end.saturating_sub(at)), quiet);
        }
    }
}

/// What is left as a line of small bars, a digit each in ASCII.
pub fn spark(ui: &Ui, slots: &[Slot]) -> String {
    const PARTS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
    const DIGITS: [&str; 9] = ["0", "1", "2", "3", "4", "5", "6", "7", "8"];
    let most = slots.iter().filter_map(|slot| slot.scope).max().unwrap_or_default().as_f64().max(1.0);
    let part = |left: Amount| {
        let at = (left.as_f64() / most * 8.0).ceil().clamp(0.0, 8.0) as usize;
        let parts = if ui.theme.ascii || ui.theme.bare { DIGITS } else { PARTS };
        parts.get(at).copied().unwrap_or(" ")
    };
    slots.iter().filter_map(|slot| slot.remaining).map(part).collect()
}
