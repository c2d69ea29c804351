//! The keys of every text, in our own table: keys not in it do nothing. Motions and deletions go by characters as
//! people see them, not by code points.

use crate::model::value::LONGEST_TEXT;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui_textarea::{CursorMove, TextArea};
use unicode_segmentation::UnicodeSegmentation;

/// What a key does to a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Act {
    Type(char),
    Move(Motion),
    /// Deletes, and remembers what was deleted.
    Kill(Motion),
    /// Deletes one character.
    Delete(Motion),
    Cut,
    Copy,
    Paste,
    Undo,
    Redo,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Motion {
    Letter(Way),
    Word(Way),
    /// To the end of the displayed line, or of the logical line when deleting.
    Line(Way),
    /// One displayed line.
    Row(Way),
    Page(Way),
    All(Way),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Way {
    Back,
    On,
}

fn act(key: KeyEvent) -> Option<Act> {
    use Motion::{All, Letter, Line, Page, Row, Word};
    use Way::{Back, On};
    let has = |modifier| key.modifiers.contains(modifier);
    let (ctrl, alt) = (has(KeyModifiers::CONTROL), has(KeyModifiers::ALT));
    // AltGr arrives as both together on Windows.
    let (ctrl, alt) = if cfg!(windows) && ctrl && alt { (false, false) } else { (ctrl, alt) };
    Some(match (key.code, ctrl, alt) {
        (KeyCode::Char(c), false, false) if !c.is_control() => Act::Type(c),
        (KeyCode::Left, false, false) => Act::Move(Letter(Back)),
        (KeyCode::Right, false, false) => Act::Move(Letter(On)),
        (KeyCode::Up, false, false) => Act::Move(Row(Back)),
        (KeyCode::Down, false, false) => Act::Move(Row(On)),
        (KeyCode::Left, ..) | (KeyCode::Char('b' | 'B'), false, true) => Act::Move(Word(Back)),
        (KeyCode::Right, ..) | (KeyCode::Char('f' | 'F'), false, true) => Act::Move(Word(On)),
        (KeyCode::Home, true, false) => Act::Move(All(Back)),
        (KeyCode::End, true, false) => Act::Move(All(On)),
        (KeyCode::Home, false, false) | (KeyCode::Char('a' | 'A'), true, false) => Act::Move(Line(Back)),
        (KeyCode::End, false, false) | (KeyCode::Char('e' | 'E'), true, false) => Act::Move(Line(On)),
        (KeyCode::PageUp, false, false) => Act::Move(Page(Back)),
        (KeyCode::PageDown, false, false) => Act::Move(Page(On)),
        // Many terminals send Ctrl-H for Backspace.
        (KeyCode::Backspace, false, false) | (KeyCode::Char('h' | 'H'), true, false) => Act::Delete(Letter(Back)),
        (KeyCode::Delete, false, false) => Act::Delete(Letter(On)),
        (KeyCode::Backspace, ..) | (KeyCode::Char('w' | 'W'), true, false) => Act::Kill(Word(Back)),
        (KeyCode::Delete, ..) | (KeyCode::Char('d' | 'D'), false, true) => Act::Kill(Word(On)),
        (KeyCode::Char('u' | 'U'), true, false) => Act::Kill(Line(Back)),
        (KeyCode::Char('k' | 'K'), true, false) => Act::Kill(Line(On)),
        (KeyCode::Char('x' | 'X'), true, false) => Act::Cut,
        (KeyCode::Char('c' | 'C'), true, false) => Act::Copy,
        (KeyCode::Char('v' | 'V'), true, false) => Act::Paste,
        // Ctrl-_ arrives as Ctrl-7 from most terminals.
        (KeyCode::Char('z' | 'Z' | '_' | '7'), true, false) => Act::Undo,
        (KeyCode::Char('y' | 'Y'), true, false) => Act::Redo,
        _ => return None,
    })
}

/// True if Alt with this letter moves or deletes in a text.
pub fn binds_alt(letter: char) -> bool {
    matches!(letter.to_ascii_lowercase(), 'b' | 'f' | 'd')
}

/// Handles the key. `page` is the number of displayed lines per page. The error is a sentence.
pub fn take(area: &mut TextArea<'_>, key: KeyEvent, kill: &mut String, page: usize) -> Result<(), String> {
    match act(key) {
        None => {}
        Some(Act::Type(c)) => return insert(area, c.encode_utf8(&mut [0; 4])),
        Some(Act::Paste) => return insert(area, kill),
        Some(Act::Move(motion)) => {
            match (key.modifiers.contains(KeyModifiers::SHIFT), area.is_selecting()) {
                (true, false) => area.start_selection(),
                (false, true) => area.cancel_selection(),
                _ => {}
            }
            moved(area, motion, page);
        }
        Some(Act::Copy) => {
            *kill = selected(area).unwrap_or_else(|| kill.clone());
            area.cancel_selection();
        }
        Some(Act::Cut) => {
            if let Some(text) = selected(area) {
                *kill = text;
                area.cut();
            }
        }
        Some(Act::Kill(motion)) => {
            select(area, motion);
            if let Some(text) = selected(area) {
                *kill = text;
            }
            area.cut();
        }
        Some(Act::Delete(motion)) => {
            select(area, motion);
            area.cut();
        }
        Some(Act::Undo) => drop(area.undo()),
        Some(Act::Redo) => drop(area.redo()),
    }
    Ok(())
}

/// Inserts a text at the cursor, or replaces the selection.
pub fn insert(area: &mut TextArea<'_>, text: &str) -> Result<(), String> {
    if area.lines().iter().map(|line| line.len().saturating_add(1)).sum::<usize>().saturating_add(text.len())
        > LONGEST_TEXT
    {
        return Err("A field is limited to 1 MiB. Nothing was inserted; the text is unchanged.".to_string());
    }
    if selected(area).is_none() {
        area.cancel_selection();
    }
    area.insert_str(text);
    Ok(())
}

/// The selection, if it is not empty.
pub fn selected(area: &TextArea<'_>) -> Option<String> {
    let ((first, from), (last, to)) = area.selection_range().filter(|(start, end)| start != end)?;
    let lines = area.lines().get(first..=last)?;
    let cut = |nth: usize, line: &String| -> String {
        let end = if first.saturating_add(nth) == last { to } else { usize::MAX };
        let skip = if nth == 0 { from } else { 0 };
        line.chars().take(end).skip(skip).collect()
    };
    Some(lines.iter().enumerate().map(|(nth, line)| cut(nth, line)).collect::<Vec<_>>().join("\n"))
}

/// Selects what a deletion removes, unless something is selected already. Lines are logical lines, not displayed ones.
fn select(area: &mut TextArea<'_>, motion: Motion) {
    if selected(area).is_some() {
        return;
    }
    area.cancel_selection();
    area.start_selection();
    let before = area.cursor();
    match motion {
        Motion::Line(Way::Back) => area.move_cursor(CursorMove::Head),
        Motion::Line(Way::On) => area.move_cursor(CursorMove::End),
        motion => moved(area, motion, 1),
    }
    // At the end of a line, its line break is deleted.
    if area.cursor() == before && matches!(motion, Motion::Line(_)) {
        let way = if motion == Motion::Line(Way::Back) { Way::Back } else { Way::On };
        moved(area, Motion::Letter(way), 1);
    }
}

fn moved(area: &mut TextArea<'_>, motion: Motion, page: usize) {
    match motion {
        Motion::Letter(way) => letter(area, way),
        Motion::Word(way) => word(area, way),
        Motion::Line(way) => line(area, way),
        Motion::Row(Way::Back) => area.move_cursor(CursorMove::Up),
        Motion::Row(Way::On) => area.move_cursor(CursorMove::Down),
        Motion::Page(way) => {
            for _ in 0..page.max(1) {
                moved(area, Motion::Row(way), page);
            }
        }
        Motion::All(Way::Back) => {
            area.move_cursor(CursorMove::Top);
            area.move_cursor(CursorMove::Head);
        }
        Motion::All(Way::On) => {
            area.move_cursor(CursorMove::Bottom);
            area.move_cursor(CursorMove::End);
        }
    }
}

/// One visible character, which may be many code points.
fn letter(area: &mut TextArea<'_>, way: Way) {
    let cursor = area.cursor();
    let line = area.lines().get(cursor.0).map(String::as_str).unwrap_or_default();
    let at = line.char_indices().nth(cursor.1).map_or(line.len(), |(at, _)| at);
    let (before, after) = line.split_at_checked(at).unwrap_or_default();
    let (letter, step) = match way {
        Way::Back => (before.graphemes(true).next_back(), CursorMove::Back),
        Way::On => (after.graphemes(true).next(), CursorMove::Forward),
    };
    for _ in 0..letter.map_or(1, |letter| letter.chars().count()) {
        area.move_cursor(step);
    }
}

/// Over non-word characters, then over the word: in prose a full stop is not a word of its own. At an end of the line,
/// over it.
fn word(area: &mut TextArea<'_>, way: Way) {
    let cursor = area.cursor();
    let line = area.lines().get(cursor.0).map(String::as_str).unwrap_or_default();
    let (rest, step): (Vec<char>, _) = match way {
        Way::On => (line.chars().skip(cursor.1).collect(), CursorMove::Forward),
        Way::Back => {
            let mut before: Vec<char> = line.chars().take(cursor.1).collect();
            before.reverse();
            (before, CursorMove::Back)
        }
    };
    let is_word = |c: &&char| c.is_alphanumeric() || matches!(**c, '_' | '\'' | '’' | '\u{300}'..='\u{36f}');
    let between = rest.iter().take_while(|c| !is_word(c)).count();
    let word = rest.iter().skip(between).take_while(is_word).count();
    for _ in 0..between.saturating_add(word).max(1) {
        area.move_cursor(step);
    }
}

/// To an end of the displayed line.
fn line(area: &mut TextArea<'_>, way: Way) {
    let row = area.screen_cursor().row;
    let step = if way == Way::Back { CursorMove::Back } else { CursorMove::Forward };
    loop {
        let (here, line) = (area.cursor(), area.cursor().0);
        area.move_cursor(step);
        let there = area.cursor();
        if there == here {
            return;
        }
        if area.screen_cursor().row != row || there.0 != line {
            // One too far.
            area.move_cursor(if way == Way::Back { CursorMove::Forward } else { CursorMove::Back });
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::widget::input::area_with;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::widgets::Widget;

    fn key(code: KeyCode, modifiers: KeyModifiers) -> KeyEvent {
        KeyEvent::new(code, modifiers)
    }

    fn ctrl(c: char) -> KeyEvent {
        key(KeyCode::Char(c), KeyModifiers::CONTROL)
    }

    fn alt(c: char) -> KeyEvent {
        key(KeyCode::Char(c), KeyModifiers::ALT)
    }

    /// The text after these keys, with the cursor as a bar.
    fn after(text: &str, keys: &[KeyEvent], kill: &mut String) -> String {
        let mut area = area_with(text);
        for key in keys {
            take(&mut area, *key, kill, 3).unwrap();
        }
        shown(&area)
    }

    fn shown(area: &TextArea<'_>) -> String {
        let cursor = area.cursor();
        let mut lines: Vec<String> = area.lines().to_vec();
        let at = lines[cursor.0].char_indices().nth(cursor.1).map_or(lines[cursor.0].len(), |(at, _)| at);
        lines[cursor.0].insert(at, '|');
        lines.join("\n")
    }

    #[test]
    fn words_are_walked_and_killed_and_come_back() {
        let mut kill = String::new();
        let left = key(KeyCode::Left, KeyModifiers::CONTROL);
        let right = key(KeyCode::Right, KeyModifiers::CONTROL);
        assert_eq!(after("one two three", &[left, left], &mut kill), "one |two three");
        assert_eq!(after("one two three", &[alt('b'), alt('b'), alt('f')], &mut kill), "one two| three");
        assert_eq!(after("one two three", &[ctrl('a'), right], &mut kill), "one| two three");
        assert_eq!(after("one two", &[ctrl('w')], &mut kill), "one |");
        assert_eq!(kill, "two");
        assert_eq!(after("One. Don’t stop!", &[ctrl('w'), ctrl('w')], &mut kill), "One. |");
        assert_eq!(after("two", &[ctrl('w')], &mut kill), "|");
        assert_eq!(after("one two", &[key(KeyCode::Backspace, KeyModifiers::CONTROL)], &mut kill), "one |");
        assert_eq!(after("one two", &[ctrl('a'), alt('d')], &mut kill), "| two");
        assert_eq!(after("new", &[ctrl('v')], &mut kill), "newone|", "what another text killed");
        assert_eq!(after("one two", &[ctrl('a'), key(KeyCode::Delete, KeyModifiers::CONTROL)], &mut kill), "| two");
    }

    #[test]
    fn lines_are_killed_to_their_ends() {
        let mut kill = String::new();
        assert_eq!(after("one\ntwo", &[ctrl('u')], &mut kill), "one\n|");
        assert_eq!(after("one\ntwo", &[ctrl('a'), ctrl('k')], &mut kill), "one\n|");
        assert_eq!(after("one\ntwo", &[key(KeyCode::Up, KeyModifiers::NONE), ctrl('k')], &mut kill), "one|two");
        assert_eq!(kill, "\n");
        assert_eq!(after("one\ntwo", &[ctrl('a'), ctrl('u')], &mut kill), "one|two");
    }

    #[test]
    fn typing_takes_the_place_of_what_is_selected() {
        let mut kill = String::new();
        let back = key(KeyCode::Left, KeyModifiers::SHIFT);
        let x = key(KeyCode::Char('x'), KeyModifiers::NONE);
        assert_eq!(after("abc", &[back, back, x], &mut kill), "ax|");
        assert_eq!(after("abc", &[back, back, ctrl('x'), ctrl('v'), ctrl('v')], &mut kill), "abcbc|");
        assert_eq!(
            after("abc", &[back, ctrl('c'), key(KeyCode::End, KeyModifiers::NONE), ctrl('v')], &mut kill),
            "abcc|"
        );
        assert_eq!(after("a\nbc", &[back, back, back, ctrl('x')], &mut kill), "a|");
        assert_eq!(kill, "\nbc");
        // A plain motion lets go of it.
        assert_eq!(
            after("abc", &[back, key(KeyCode::Left, KeyModifiers::NONE), x], &mut kill),
            "axbc".replace('x', "x|")
        );
    }

    #[test]
    fn undo_takes_one_act_back_and_redo_does_it_again() {
        let mut kill = "kept".to_string();
        assert_eq!(after("one two", &[ctrl('w'), ctrl('w'), ctrl('z')], &mut kill), "one |");
        assert_eq!(after("one two", &[ctrl('w'), ctrl('7'), ctrl('z')], &mut kill), "one two|");
        assert_eq!(after("one two", &[ctrl('w'), ctrl('z'), ctrl('y')], &mut kill), "one |");
    }

    #[test]
    fn letters_are_whole() {
        let mut kill = String::new();
        let bs = key(KeyCode::Backspace, KeyModifiers::NONE);
        assert_eq!(after("a👨‍👩‍👧", &[bs], &mut kill), "a|");
        assert_eq!(after("e\u{301}x", &[ctrl('h'), bs], &mut kill), "|");
        assert_eq!(after("🇩🇪x", &[ctrl('a'), key(KeyCode::Delete, KeyModifiers::NONE)], &mut kill), "|x");
        assert_eq!(after("a👨‍👩‍👧b", &[bs, key(KeyCode::Left, KeyModifiers::NONE)], &mut kill), "a|👨‍👩‍👧");
    }

    #[test]
    fn home_and_end_are_those_of_the_shown_line() {
        let mut kill = String::new();
        let mut area = area_with("one two three four");
        (&area).render(Rect::new(0, 0, 10, 5), &mut Buffer::empty(Rect::new(0, 0, 10, 5)));
        take(&mut area, key(KeyCode::Home, KeyModifiers::NONE), &mut kill, 3).unwrap();
        assert_eq!(shown(&area), "one two |three four");
        take(&mut area, key(KeyCode::Up, KeyModifiers::NONE), &mut kill, 3).unwrap();
        take(&mut area, ctrl('e'), &mut kill, 3).unwrap();
        assert_eq!(area.screen_cursor().row, 0);
        take(&mut area, key(KeyCode::PageDown, KeyModifiers::NONE), &mut kill, 3).unwrap();
        assert_eq!(area.screen_cursor().row, 1);
        take(&mut area, key(KeyCode::Home, KeyModifiers::CONTROL), &mut kill, 3).unwrap();
        assert_eq!(shown(&area), "|one two three four");
    }

    #[test]
    fn what_the_table_does_not_name_does_nothing() {
        let mut kill = "kept".to_string();
        for c in ('a'..='z').chain("0123456789-/\\[]".chars()) {
            if !"abcefhkuvwxyz7".contains(c) {
                assert_eq!(after("text", &[ctrl(c)], &mut kill), "text|", "Ctrl-{c}");
            }
            if !"bfd".contains(c) {
                assert_eq!(after("text", &[alt(c)], &mut kill), "text|", "Alt-{c}");
            }
        }
        for code in [KeyCode::F(5), KeyCode::Insert, KeyCode::Tab, KeyCode::Esc, KeyCode::Null] {
            assert_eq!(after("text", &[key(code, KeyModifiers::NONE)], &mut kill), "text|");
        }
        assert_eq!(kill, "kept");
    }

    #[test]
    fn a_field_takes_one_mebibyte() {
        let mut area = area_with(&"x".repeat(LONGEST_TEXT - 2));
        assert!(insert(&mut area, "y").is_ok());
        let why = insert(&mut area, "z").unwrap_err();
        assert_eq!(why, "A field is limited to 1 MiB. Nothing was inserted; the text is unchanged.");
        assert_eq!(area.lines().join("\n").len(), LONGEST_TEXT - 1);
    }
}
