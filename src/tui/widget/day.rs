//! Date input: the interpretation beside what is typed, steps with the arrow keys, and a calendar.

use crate::insight::date_parser::{Around, Lean, in_words, read};
use crate::model::field::Field;
use crate::model::product::Product;
use crate::model::schema::Kind;
use crate::model::value::Day;
use crate::tui::state::ui::Ui;
use crate::tui::term::layout::Part;
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{clean, cut, width};
use crate::tui::widget::popup;
use chrono::{Datelike, Days, Months, NaiveDate};
use crossterm::event::KeyCode;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// The context for interpreting a field's date.
pub fn around(ui: &Ui, product: &Product, field: &Field) -> Around {
    let lean = if field.kind == Kind::Feedback { Lean::Back } else { Lean::Ahead };
    Around::new(product, ui.today, lean, ui.month_first)
}

/// How many days a key steps.
pub fn step(code: KeyCode) -> Option<i64> {
    match code {
        KeyCode::Up => Some(-1),
        KeyCode::Down => Some(1),
        KeyCode::PageUp => Some(-7),
        KeyCode::PageDown => Some(7),
        _ => None,
    }
}

/// The typed date, or today if there is none, moved by some days. Text that is not a date is left alone.
pub fn stepped(text: &str, around: &Around, days: i64) -> Result<Day, String> {
    let from = if text.trim().is_empty() { around.today } else { read(text, around)? };
    Ok(moved(from, days))
}

fn moved(day: Day, days: i64) -> Day {
    let by = Days::new(days.unsigned_abs());
    let to = if days < 0 { day.0.checked_sub_days(by) } else { day.0.checked_add_days(by) };
    to.map_or(day, Day)
}

/// The interpretation, to the right of the text.
pub fn draw_reading(ui: &Ui, text: &str, around: &Around, area: Rect, buffer: &mut Paint) {
    if text.trim().is_empty() {
        return;
    }
    let (reading, style) = match read(text, around) {
        Ok(day) => (format!("  {}  {}", ui.theme.glyph("→", "->"), in_words(day)), ui.theme.strong()),
        Err(_) => ("  no date yet: fri, 28 nov, +2w".to_string(), ui.theme.quiet()),
    };
    let rest = area.past(width(&clean(text)).saturating_add(1));
    let room = usize::from(rest.width);
    buffer.write(rest, cut(&reading, room), room, style);
}

/// Handles a key in the calendar; returns the picked day, if any, and whether the calendar stays open.
pub fn walk(at: &mut Day, code: KeyCode) -> (Option<Day>, bool) {
    let months = |by: i32| {
        let by_ = Months::new(by.unsigned_abs());
        if by < 0 { at.0.checked_sub_months(by_) } else { at.0.checked_add_months(by_) }
    };
    *at = match code {
        KeyCode::Left | KeyCode::Char('h') => moved(*at, -1),
        KeyCode::Right | KeyCode::Char('l') => moved(*at, 1),
        KeyCode::Up | KeyCode::Char('k') => moved(*at, -7),
        KeyCode::Down | KeyCode::Char('j') => moved(*at, 7),
        KeyCode::PageUp => months(-1).map_or(*at, Day),
        KeyCode::PageDown => months(1).map_or(*at, Day),
        KeyCode::Home => at.0.with_day(1).map_or(*at, Day),
        KeyCode::End => last(at.0).map_or(*at, Day),
        KeyCode::Enter => return (Some(*at), false),
        KeyCode::Esc | KeyCode::Char('?' | 'q') => return (None, false),
        _ => *at,
    };
    (None, true)
}

fn last(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)?.checked_add_months(Months::new(1))?.pred_opt()
}

/// The weeks of the month, Monday first.
fn weeks(day: NaiveDate) -> Vec<[Option<u32>; 7]> {
    let (Some(first), Some(end)) = (day.with_day(1), last(day)) else { return Vec::new() };
    let before = first.weekday().num_days_from_monday();
    let mut places = (1..).map(|place: u32| place.checked_sub(before).filter(|day| (1..=end.day()).contains(day)));
    let weeks = 0..before.saturating_add(end.day()).div_ceil(7);
    weeks.map(|_| [(); 7].map(|()| places.next().flatten())).collect()
}

pub fn draw_month(ui: &Ui, at: Day, buffer: &mut Paint) {
    let weeks = weeks(at.0);
    let inner = popup::frame(ui, &at.0.format("%B %Y").to_string(), 30, weeks.len().saturating_add(1), buffer);
    let columns = usize::from(inner.width);
    buffer.write(inner, " Mo  Tu  We  Th  Fr  Sa  Su", columns, ui.theme.quiet());
    let room = usize::from(inner.height.saturating_sub(1));
    let week_of = weeks.iter().position(|week| week.contains(&Some(at.0.day()))).unwrap_or(0);
    let first = popup::scrolled(week_of, weeks.len(), room);
    for (y, week) in weeks.iter().skip(first).take(room).enumerate() {
        for (nth, day) in week.iter().enumerate() {
            let Some(day) = day else { continue };
            let is_today = at.0.with_day(*day) == Some(ui.today.0);
            let style = match (*day == at.0.day(), is_today) {
                (true, _) => ui.theme.chosen(),
                (false, true) => ui.theme.strong(),
                _ => Style::new(),
            };
            let mark = if is_today { "*" } else { " " };
            let place = inner.below(1).row(y).past(nth.saturating_mul(4));
            buffer.write(place, format!("{mark}{day:>2}"), usize::from(place.width), style);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_has_all_its_days_under_their_weekdays() {
        for month in 1..=12 {
            let day = NaiveDate::from_ymd_opt(2026, month, 15).unwrap();
            let weeks = weeks(day);
            let all: Vec<u32> = weeks.iter().flatten().flatten().copied().collect();
            assert_eq!(all, (1..=last(day).unwrap().day()).collect::<Vec<_>>());
            let nth = day.weekday().num_days_from_monday() as usize;
            assert!(weeks.iter().any(|week| week[nth] == Some(15)));
        }
    }

    #[test]
    fn arrows_walk_and_enter_takes() {
        let mut at = Day::parse("2026-11-28").unwrap();
        for code in [KeyCode::Right, KeyCode::Down, KeyCode::PageUp, KeyCode::End] {
            assert_eq!(walk(&mut at, code), (None, true));
        }
        assert_eq!(at.to_string(), "2026-11-30");
        assert_eq!(walk(&mut at, KeyCode::Enter), (Some(at), false));
        assert_eq!(walk(&mut at, KeyCode::Esc), (None, false));
    }
}
