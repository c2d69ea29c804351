//! Burndown and burn-up: bars from zero, an ideal line, marks where the scope changed. Readable without colour and in
//! ASCII; a one-line sparkline if there is no room, and a sentence for screen readers.

use crate::insight::burndown::WorkingDay;
use crate::model::saturating::{nearest, nearest_count};
use crate::model::value::{Amount, Measure};
use crate::tui::state::ui::Ui;
use crate::tui::term::layout::{Part, extent};
use crate::tui::term::paint::Paint;
use crate::tui::term::text::times;
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
    fn bar(self, slot: &WorkingDay) -> Option<f64> {
        let (left, scope) = (slot.remaining?.as_f64(), slot.scope?.as_f64());
        Some(if self == Chart::Down { left } else { scope - left })
    }

    fn ideal(self, slot: &WorkingDay) -> f64 {
        if self == Chart::Down { slot.ideal } else { slot.planned - slot.ideal }
    }
}

/// The geometry of one chart.
struct Scale {
    /// Rows of the plot, and the value at the top.
    rows: u16,
    top: f64,
    /// The distance of labels in rows, and in value.
    every: u16,
    unit: i64,
    /// Columns of the labels, of a day with its gap, and of its bar.
    gutter: u16,
    day: u16,
    bar: u16,
}

fn scale(slots: &[WorkingDay], area: Rect, widest: u16) -> Option<Scale> {
    let rows = area.height.checked_sub(2).filter(|rows| *rows >= 2)?;
    let most = slots.iter().filter_map(|slot| slot.scope).max().unwrap_or_default().as_f64();
    let most = slots.iter().map(|slot| slot.ideal).fold(most, f64::max).max(1.0);
    let every = if rows >= 16 { 4 } else { 2 };
    let unit = nearest((most * f64::from(every) / f64::from(rows)).ceil()).max(1);
    let top = unit as f64 * f64::from(rows) / f64::from(every);
    let gutter = extent(nearest(top.floor()).to_string().len()).max(2).saturating_add(1);
    let day = area.width.checked_sub(gutter)?.checked_div(extent(slots.len().max(1))).unwrap_or_default().min(widest);
    (day >= 1).then(|| Scale { rows, top, every, unit, gutter, day, bar: day.saturating_sub(1).max(1) })
}

impl Scale {
    /// The height of a value, in eighths of a row.
    fn eighths(&self, value: f64) -> u16 {
        u16::try_from(nearest(value.max(0.0) / self.top * f64::from(self.rows) * 8.0)).unwrap_or(u16::MAX)
    }

    /// The row, from the bottom, of a line at this value; `None` on the axis itself.
    fn line(&self, value: f64) -> Option<u16> {
        self.eighths(value).div_ceil(8).checked_sub(1).map(|row| row.min(self.rows.saturating_sub(1)))
    }
}

/// Draws the chart and returns the number of rows used; 0 without room.
pub fn draw(ui: &Ui, chart: Chart, slots: &[WorkingDay], area: Rect, buffer: &mut Paint) -> u16 {
    let Some(scale) = scale(slots, area, if ui.zoom { 12 } else { 6 }) else { return 0 };
    let axis = area.y.saturating_add(scale.rows);
    for row in 0..scale.rows {
        let above = row.saturating_add(1);
        let units = above.checked_div(scale.every).filter(|_| above.is_multiple_of(scale.every));
        let label = units.map(|units| scale.unit.saturating_mul(i64::from(units)));
        let text = label.map_or_else(String::new, |label| label.to_string());
        let side = if label.is_some() { ui.theme.glyph("┤", "+") } else { ui.theme.glyph("│", "|") };
        let gutter = usize::from(scale.gutter.saturating_sub(1));
        let at = Rect { y: axis.saturating_sub(above), ..area };
        buffer.write(at, format!("{text:>gutter$}{side}"), gutter.saturating_add(1), ui.theme.quiet());
    }
    for (nth, slot) in slots.iter().enumerate() {
        let x = area.x.saturating_add(scale.gutter).saturating_add(extent(nth).saturating_mul(scale.day));
        column(ui, (chart, slot), &scale, Rect { x, y: axis, ..area }, buffer);
    }
    foot(ui, slots, &scale, Rect { y: axis, ..area }, buffer);
    scale.rows.saturating_add(2)
}

fn column(ui: &Ui, (chart, slot): (Chart, &WorkingDay), scale: &Scale, foot: Rect, buffer: &mut Paint) {
    // From a column of the day, over so many.
    let mut put = |row: u16, (from, columns): (u16, u16), glyph: &str, style: Style| {
        let columns = usize::from(columns);
        let at = Rect { y: foot.y.saturating_sub(1).saturating_sub(row), ..foot }.past(usize::from(from));
        buffer.write(at, times(glyph, columns), columns, style);
    };
    let mut top = None;
    if let Some(value) = chart.bar(slot) {
        let high = scale.eighths(value);
        top = high.div_ceil(8).checked_sub(1);
        for row in 0..scale.rows {
            let filled = high.saturating_sub(row.saturating_mul(8)).min(8);
            if let Some(glyph) = block(ui, filled, row == 0 && value > 0.0) {
                put(row, (0, scale.bar), glyph, ui.theme.how());
            }
        }
    }
    if chart == Chart::Up
        && let Some(row) = slot.scope.and_then(|scope| scale.line(scope.as_f64()))
    {
        put(row, (0, scale.day), ui.theme.glyph("━", "="), ui.theme.strong());
    }
    // The ideal line runs in the gaps between bars, which it would cut through; where there are no gaps, only their tops
    // stay whole, to be compared with the others.
    if let Some(row) = scale.line(chart.ideal(slot)) {
        let (glyph, gap) = (ui.theme.glyph("┄", "-"), scale.day.saturating_sub(scale.bar));
        let is_behind = top.is_some_and(|top| row <= top);
        if top == Some(row) || is_behind && gap > 0 {
            put(row, (scale.bar, gap), glyph, Style::new());
        } else {
            put(row, (0, scale.day), glyph, Style::new());
        }
    }
}

/// A row of a bar filled by that many eighths. In ASCII, half a row counts as a full one.
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

/// The axis with the working days, and below it today and scope changes.
fn foot(ui: &Ui, slots: &[WorkingDay], scale: &Scale, area: Rect, buffer: &mut Paint) {
    let quiet = ui.theme.quiet();
    let line = ui.theme.glyph("─", "-");
    let gutter = usize::from(scale.gutter.saturating_sub(1));
    let long = slots.len().saturating_mul(usize::from(scale.day));
    let all = usize::from(area.width);
    buffer.write(area, format!("{:>gutter$}{}{}", 0, ui.theme.glyph("└", "+"), times(line, long)), all, quiet);
    let below = area.row(1);
    for (nth, slot) in slots.iter().enumerate() {
        let x = area.x.saturating_add(scale.gutter).saturating_add(extent(nth).saturating_mul(scale.day));
        let number = slot.nth.to_string();
        let room = usize::from(scale.day);
        let shown = number.len() < room
            || room == 2 && number.len() == 2 && slot.nth.is_multiple_of(2)
            || room == 1 && slot.nth.is_multiple_of(5);
        let number = if room == 1 { number.get(number.len().saturating_sub(1)..).unwrap_or_default() } else { &number };
        if shown {
            let at = x.saturating_add(scale.bar.saturating_sub(extent(number.len())));
            buffer.write(Rect { x: at, ..area }, number, room, if slot.today { ui.theme.chosen() } else { quiet });
        }
        let mark = match (slot.came > Amount::default(), slot.went > Amount::default()) {
            (true, true) => "±",
            (true, false) => "+",
            (false, true) => "-",
            _ => "",
        };
        let mark = if ui.theme.ascii && mark == "±" { "*" } else { mark };
        buffer.write(Rect { x, ..below }, mark, 1, ui.theme.strong());
        if slot.today || slot.to_come {
            let at = x.saturating_add(scale.bar).saturating_sub(1);
            let at = if mark.is_empty() { at } else { at.max(x.saturating_add(1)) };
            let end = area.right();
            let begins = format!("^starts {}", slot.day.0.format("%a %-d %b"));
            let word = if slot.to_come { &begins } else { "^today" };
            let word = if usize::from(end.saturating_sub(at)) >= word.len() { word } else { "^" };
            buffer.write(Rect { x: at, ..below }, word, usize::from(end.saturating_sub(at)), quiet);
        }
    }
}

/// What is left as a sparkline, with digits in ASCII.
pub fn spark(ui: &Ui, slots: &[WorkingDay]) -> String {
    let most = slots.iter().filter_map(|slot| slot.scope).max().unwrap_or_default().as_f64().max(1.0);
    slots.iter().filter_map(|slot| slot.remaining).map(|left| eighths(ui, left.as_f64() / most)).collect()
}

/// A bar of one column, for a share from 0 to 1.
fn eighths(ui: &Ui, share: f64) -> &'static str {
    const PARTS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
    const DIGITS: [&str; 9] = ["0", "1", "2", "3", "4", "5", "6", "7", "8"];
    let parts = if ui.theme.ascii || ui.theme.bare { DIGITS } else { PARTS };
    parts.get(nearest_count((share * 8.0).ceil()).min(8)).copied().unwrap_or(" ")
}

/// The readings of a measure as a sparkline, oldest first, between its lowest and highest value; the last twenty. Empty with
/// fewer than two.
pub fn readings(ui: &Ui, measure: &Measure) -> String {
    let all: Vec<f64> = measure.readings.iter().map(|reading| reading.value.as_f64()).collect();
    let ends = [measure.from, measure.target].into_iter().flatten().map(Amount::as_f64);
    let (low, high) =
        all.iter().copied().chain(ends).fold((f64::MAX, f64::MIN), |(low, high), one| (low.min(one), high.max(one)));
    if all.len() < 2 || high <= low {
        return String::new();
    }
    // The lowest is a line, not nothing.
    let share = |value: f64| (0.125 + (value - low) / (high - low) * 0.875).min(1.0);
    all.iter().skip(all.len().saturating_sub(20)).map(|value| eighths(ui, share(*value))).collect()
}
