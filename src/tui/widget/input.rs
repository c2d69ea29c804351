//! A one-line input with the usual editing keys, based on ratatui's text area.

use crate::tui::state::line_history::LineHistory;
use crate::tui::term::input::Input;
use crate::tui::term::paint::Paint;
use crate::tui::term::text::pasted;
use crate::tui::widget::text_keys;
use crossterm::event::KeyCode;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::widgets::Widget;
use ratatui_textarea::{CursorMove, TextArea, WrapMode};

pub fn area_with(text: &str) -> TextArea<'static> {
    let mut area = TextArea::new(text.split('\n').map(str::to_string).collect());
    area.set_cursor_line_style(Style::new());
    area.set_wrap_mode(WrapMode::WordOrGlyph);
    area.set_max_histories(500);
    area.set_selection_style(Style::new().add_modifier(Modifier::REVERSED));
    area.move_cursor(CursorMove::Bottom);
    area.move_cursor(CursorMove::End);
    area
}

/// True if the input is text, or takes text away: where a text is to be replaced, it goes first.
pub fn types_over(input: &Input) -> bool {
    match input {
        Input::Key(press, _) => press.letter().is_some() || matches!(press.code, KeyCode::Backspace | KeyCode::Delete),
        Input::Paste(_) => true,
        Input::Click(_) => false,
    }
}

/// A single line.
#[derive(Clone, Debug)]
pub struct LineInput {
    area: TextArea<'static>,
    /// How far back in the input history.
    back: usize,
    /// The next letter replaces the text.
    over: bool,
}

impl LineInput {
    pub fn new(text: &str) -> LineInput {
        let mut area = area_with(&text.replace('\n', " "));
        area.set_wrap_mode(WrapMode::None);
        LineInput { area, back: 0, over: false }
    }

    /// A line whose text the first letter replaces: a day or a number is typed anew more often than it is changed.
    pub fn replaceable(text: &str) -> LineInput {
        LineInput { over: !text.is_empty(), ..LineInput::new(text) }
    }

    pub fn text(&self) -> String {
        self.area.lines().join(" ")
    }

    pub fn is_empty(&self) -> bool {
        self.area.is_empty()
    }

    /// True if something is selected, which Ctrl-C copies.
    pub fn has_selection(&self) -> bool {
        text_keys::selected(&self.area).is_some()
    }

    /// Handles a key or a paste that the owner does not use.
    pub fn take(&mut self, input: &Input) {
        self.take_with(input, &mut String::new());
    }

    /// Like [`LineInput::take`], with the shared clipboard.
    pub fn take_with(&mut self, input: &Input, kill: &mut String) {
        self.back = 0;
        if std::mem::take(&mut self.over) && types_over(input) {
            self.area = LineInput::new("").area;
        }
        match input {
            Input::Click(_) => {}
            Input::Paste(text) => {
                let line = pasted(text).replace('\n', " ");
                let _ = text_keys::insert(&mut self.area, line.trim());
            }
            Input::Key(press, _) if matches!(press.code, KeyCode::Enter | KeyCode::Tab | KeyCode::Esc) => {}
            Input::Key(_, event) => {
                let mut line = kill.replace('\n', " ");
                let before = line.clone();
                let _ = text_keys::take(&mut self.area, *event, &mut line, 1);
                if line != before {
                    *kill = line;
                }
            }
        }
    }

    /// The entry before this one.
    pub fn earlier(&mut self, entries: &mut LineHistory, purpose: &'static str) {
        let mut back = self.back;
        if let Some(text) = entries.earlier(purpose, &mut back, &self.text()) {
            *self = LineInput::new(&text);
        }
        self.back = back;
    }

    /// Goes forward from an earlier entry.
    pub fn is_fresh(&self) -> bool {
        self.back > 0 || self.is_empty()
    }

    pub fn draw(&self, area: Rect, style: Style, buffer: &mut Paint) {
        let mut shown = self.area.clone();
        shown.set_style(if self.over { style.add_modifier(Modifier::REVERSED) } else { style });
        (&shown).render(area, buffer);
        buffer.cursor_in(area);
    }
}
