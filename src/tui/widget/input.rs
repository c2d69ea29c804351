//! One line of typed text with the usual editing keys, on top of the text area of ratatui.

use crate::tui::paint::Paint;
use crate::tui::widget::Input;
use crossterm::event::KeyCode;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;
use ratatui_textarea::{CursorMove, TextArea, WrapMode};

/// Keys that mean the same in every text: undo, redo, kill, paste. True when the key was one of them.
pub fn editing_key(area: &mut TextArea<'_>, input: &Input) -> bool {
    let Some(press) = input.press() else { return false };
    match (press.code, press.ctrl) {
        (KeyCode::Char('z' | '_'), true) => area.undo(),
        (KeyCode::Char('y'), true) => area.redo(),
        (KeyCode::Char('u'), true) => area.delete_line_by_head(),
        (KeyCode::Char('v'), true) => area.paste(),
        (KeyCode::Home, true) => {
            area.move_cursor(CursorMove::Top);
            area.move_cursor(CursorMove::Head);
            true
        }
        (KeyCode::End, true) => {
            area.move_cursor(CursorMove::Bottom);
            area.move_cursor(CursorMove::End);
            true
        }
        _ => return false,
    };
    true
}

/// Pasted text as it is kept: no control characters, tabs as two blanks, no blanks at line ends.
pub fn pasted(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', "  ");
    let keep = |c: &char| *c == '\n' || !c.is_control();
    let clean: String = text.chars().filter(keep).collect();
    clean.split('\n').map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// More than one line with words in it.
pub fn is_lines(text: &str) -> bool {
    text.split(['\n', '\r']).filter(|line| !line.trim().is_empty()).nth(1).is_some()
}

pub fn area_with(text: &str) -> TextArea<'static> {
    let mut area = TextArea::new(text.split('\n').map(str::to_string).collect());
    area.set_cursor_line_style(Style::new());
    area.set_wrap_mode(WrapMode::WordOrGlyph);
    area.set_max_histories(500);
    area.move_cursor(CursorMove::Bottom);
    area.move_cursor(CursorMove::End);
    area
}

/// A single line.
#[derive(Clone, Debug)]
pub struct LineInput {
    area: TextArea<'static>,
}

impl LineInput {
    pub fn new(text: &str) -> LineInput {
        let mut area = area_with(&text.replace('\n', " "));
        area.set_wrap_mode(WrapMode::None);
        LineInput { area }
    }

    pub fn text(&self) -> String {
        self.area.lines().join(" ")
    }

    pub fn is_empty(&self) -> bool {
        self.area.is_empty()
    }

    /// Takes a key or a paste that the owner has no other meaning for.
    pub fn take(&mut self, input: &Input) {
        match input {
            Input::Click(_) => {}
            Input::Paste(text) => {
                let line = pasted(text).replace('\n', " ");
                self.area.insert_str(line.trim());
            }
            Input::Key(..) if editing_key(&mut self.area, input) => {}
            Input::Key(press, _) if matches!(press.code, KeyCode::Enter | KeyCode::Tab | KeyCode::Esc) => {}
            Input::Key(_, event) => {
                self.area.input(*event);
            }
        }
    }

    pub fn draw(&self, area: Rect, style: Style, buffer: &mut Paint) {
        let mut shown = self.area.clone();
        shown.set_style(style);
        (&shown).render(area, buffer);
    }
}
