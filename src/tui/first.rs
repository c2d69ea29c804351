//! The first run: no product is there yet, so its name is asked for.

use crate::tui::terminal::Terminal;
use crate::tui::text::cut;
use crate::tui::theme::Theme;
use crate::tui::ui::Ui;
use crate::tui::widget::input::LineInput;
use crate::tui::widget::{Input, top};
use crossterm::event::{self, Event, KeyCode, KeyEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::io;

const WORDS: &[&str] = &[
    "There is no product here yet. What is it called?",
    "",
    "",
    "The product manager writes why: vision, goals, roadmap.",
    "The product owner writes how: stories, order, sprints.",
    "One person can do both; R changes the role at any time.",
    "",
    "Enter begins. Esc leaves, and nothing is written.",
];

/// Asks for the name of the first product. Nothing where the person leaves.
pub fn ask_name(theme: Theme) -> io::Result<Option<String>> {
    crate::tui::terminal::restore_on_panic();
    let mut terminal = Terminal::take()?;
    let mut ui = Ui::new(theme, crate::model::role::Role::Both, "");
    let mut line = LineInput::new("");
    loop {
        let (columns, rows) = terminal.size()?;
        ui.window = Rect::new(0, 0, columns, rows);
        terminal.draw(|buffer| draw(&ui, &line, buffer))?;
        let input = match event::read()? {
            Event::Key(key) if key.kind != KeyEventKind::Release => Input::Key(key.into(), key),
            Event::Paste(text) => Input::Paste(text),
            _ => continue,
        };
        match input.press().map(|press| (press.code, press.ctrl)) {
            Some((KeyCode::Esc, _) | (KeyCode::Char('c'), true)) => return Ok(None),
            Some((KeyCode::Enter, _)) if !line.text().trim().is_empty() => {
                return Ok(Some(line.text().trim().to_string()));
            }
            _ => line.take(&input),
        }
    }
}

fn draw(ui: &Ui, line: &LineInput, buffer: &mut Buffer) {
    let inner = top::frame(ui, "whyhow", 60, WORDS.len() as u16, buffer);
    let columns = usize::from(inner.width);
    for (at, words) in WORDS.iter().enumerate().take(usize::from(inner.height)) {
        buffer.set_stringn(inner.x, inner.y + at as u16, cut(words, columns), columns, ratatui::style::Style::new());
    }
    if inner.height > 1 {
        buffer.set_stringn(inner.x, inner.y + 1, "> ", columns, ui.theme.strong());
        let area = Rect { x: inner.x + 2, y: inner.y + 1, width: inner.width.saturating_sub(2), height: 1 };
        line.draw(area, ui.theme.strong(), buffer);
    }
}
