//! What a column of an imported table means: the meanings, each with what it does, to choose from and to filter by typing.

use crate::import::table::ColumnRole;
use crate::tui::term::layout::Part;
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{cut, fit};
use crate::tui::widget::popup;
use crossterm::event::KeyCode;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// What a column is usually taken for, for the arrow keys. All others are chosen from the list.
pub const USUAL_ROLES: &[ColumnRole] = &[
    ColumnRole::Title,
    ColumnRole::Description,
    ColumnRole::Benefit,
    ColumnRole::Key,
    ColumnRole::Status,
    ColumnRole::Type,
    ColumnRole::Points,
    ColumnRole::Labels,
    ColumnRole::Assignee,
    ColumnRole::Sprint,
    ColumnRole::Parent,
    ColumnRole::Criteria,
    ColumnRole::Created,
    ColumnRole::Extra,
    ColumnRole::Skip,
];

/// How many meanings are in sight.
pub const IN_SIGHT: usize = 8;
/// The room for their names.
const NAMES: usize = 18;

/// The roles whose names have the typed text in them, those that begin with it first, then those whose descriptions have it.
pub fn roles_like(text: &str) -> Vec<&'static str> {
    let text = text.trim().to_lowercase();
    let first = ColumnRole::names().filter(|name| name.starts_with(&text));
    let named = ColumnRole::names().filter(|name| !name.starts_with(&text) && name.contains(&text));
    let described = ColumnRole::names().filter(|name| {
        let note = ColumnRole::named(name).map(role_note).unwrap_or_default();
        !name.contains(&text) && note.to_lowercase().contains(&text)
    });
    first.chain(named).chain(described).collect()
}

/// True for a meaning that no field of a story has: its values stand under Extra.
fn is_beside(role: ColumnRole) -> bool {
    matches!(
        role,
        ColumnRole::Due
            | ColumnRole::Reporter
            | ColumnRole::Priority
            | ColumnRole::Updated
            | ColumnRole::Comment
            | ColumnRole::Url
    )
}

/// A meaning in the row of a column: `points`, `priority → Extra`.
pub fn role_words(role: ColumnRole) -> String {
    match role {
        ColumnRole::Extra => "under Extra".to_string(),
        role if is_beside(role) => format!("{} → Extra", role.name()),
        role => role.name(),
    }
}

/// What a meaning of a column does.
pub fn role_note(role: ColumnRole) -> &'static str {
    match role {
        ColumnRole::Due => "A story has no due date here: kept under Extra.",
        ColumnRole::Priority => "Kept under Extra; the list sorts by it.",
        role if is_beside(role) => "A story has no field for that: kept under Extra.",
        ColumnRole::Extra => "Kept beside the story, under Extra.",
        ColumnRole::Skip => "Left out.",
        ColumnRole::MachineOnly => "For the other program only: left out and counted.",
        ColumnRole::Benefit => "Why the story is worth doing: its Benefit.",
        ColumnRole::Title => "What the story is called.",
        ColumnRole::Key => "Its key there; links and later imports go by it.",
        ColumnRole::InternalId => "A number of the other program; links may use it.",
        ColumnRole::Type => "Story, bug, epic and the like.",
        ColumnRole::Status => "Whether it is to do, in work, done or dropped.",
        ColumnRole::IsDone => "Yes or no: it is done.",
        ColumnRole::Points => "Its size.",
        ColumnRole::Description => "Its notes.",
        ColumnRole::Criteria => "Its acceptance criteria.",
        ColumnRole::Labels => "Words to find and group it by.",
        ColumnRole::Assignee => "Who works on it.",
        ColumnRole::Sprint => "The sprint it is in, by name.",
        ColumnRole::Parent => "The key or title of what it is part of.",
        ColumnRole::EpicLink => "The key of its epic.",
        ColumnRole::EpicTitle => "The title of its epic.",
        ColumnRole::DependsOn => "The keys of what must be done before it.",
        ColumnRole::Blocks => "The keys of what waits for it.",
        ColumnRole::Rank => "Its place in the order.",
        ColumnRole::StatusCategory => "To do, in work or done, beside states of its own.",
        ColumnRole::Resolution => "How it ended; one that says won't do drops it.",
        ColumnRole::SprintNumber => "The number of its sprint.",
        ColumnRole::SprintStart => "The first day of its sprint.",
        ColumnRole::SprintEnd => "The last day of its sprint.",
        ColumnRole::Project => "What it belongs to: a label, or a roadmap item.",
        ColumnRole::ShortName => "Another name by which others mean it.",
        ColumnRole::Created => "The day it was written.",
        ColumnRole::Closed => "The day it was done.",
        ColumnRole::Dropped => "The day it was given up.",
        ColumnRole::Task => "A task of it, one a column.",
        ColumnRole::TaskStatus => "Whether the task beside it is done.",
        ColumnRole::Zone => "The time zone of dates that name none.",
        _ => "",
    }
}

/// The place of a meaning in the whole list.
pub fn place_of(role: ColumnRole) -> usize {
    ColumnRole::names().position(|name| name == role.name()).unwrap_or(0)
}

/// The place after a key that moves in the list; `None` for any other key.
pub fn moved(at: usize, code: KeyCode, count: usize) -> Option<usize> {
    let last = count.saturating_sub(1);
    match code {
        KeyCode::Up => Some(at.min(last).saturating_sub(1)),
        KeyCode::Down => Some(at.saturating_add(1).min(last)),
        _ => None,
    }
}

/// Draws the meanings that fit what is typed, the chosen one marked.
pub fn draw(text: &str, at: usize, (pointer, chosen, quiet): (&str, Style, Style), area: Rect, buffer: &mut Paint) {
    let all = roles_like(text);
    let columns = usize::from(area.width);
    if all.is_empty() {
        buffer.write(area, "No column means that.", columns, quiet);
    }
    let at = at.min(all.len().saturating_sub(1));
    let first = popup::scrolled(at, all.len(), IN_SIGHT);
    for (y, (nth, name)) in all.iter().enumerate().skip(first).take(IN_SIGHT).enumerate() {
        let note = ColumnRole::named(name).map(role_note).unwrap_or_default();
        let (mark, style) = if nth == at { (pointer, chosen) } else { (" ", quiet) };
        let line = format!("{mark} {} {note}", fit(name, NAMES));
        buffer.write(area.row(y), fit(&cut(&line, columns), columns), columns, style);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meaning_is_found_by_what_it_does() {
        assert!(roles_like("who").contains(&"assignee"));
        assert_eq!(roles_like("titl").first(), Some(&"title"));
    }
}
