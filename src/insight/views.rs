//! The registry of views, shared by the screen, `show` and `export --view`. What a view shows
//! is with each of them.
//!
//! A view of the screen takes its names, its digit and its kinds from here (`Screen::of`). `show` has a row for each name in
//! src/cli/show.rs, the Markdown export one in src/export/markdown/product.rs; tests ask for both.

use crate::model::schema::Kind;

/// One view.
#[derive(Debug, PartialEq)]
pub struct View {
    /// As the screen, `show` and `export --view` name it.
    pub name: &'static str,
    /// Another name for the same view.
    pub alias: Option<&'static str>,
    pub title: &'static str,
    /// Its title if tabs are narrow.
    pub short: &'static str,
    /// The digit that opens it on the screen. `None` if it is part of other views there.
    pub digit: Option<char>,
    /// The kinds of record that it shows.
    pub kinds: &'static [Kind],
    /// Whether it is about one sprint, which may be named.
    pub of_a_sprint: bool,
    /// Why an export of the product cannot contain it. `None` if it can.
    pub not_exported: Option<&'static str>,
}

const fn view(
    digit: Option<char>,
    name: &'static str,
    title: &'static str,
    short: &'static str,
    kinds: &'static [Kind],
) -> View {
    View { name, alias: None, title, short, digit, kinds, of_a_sprint: false, not_exported: None }
}

pub const VISION: View =
    view(Some('1'), "vision", "Vision", "Vis", &[Kind::VisionBoard, Kind::Goal, Kind::ProductGoal]);
pub const ROADMAP: View = view(Some('2'), "roadmap", "Roadmap", "Road", &[Kind::RoadmapItem]);
pub const BACKLOG: View = view(Some('3'), "backlog", "Backlog", "Back", &[Kind::BacklogItem]);
pub const PLAN: View = View { of_a_sprint: true, ..view(Some('4'), "plan", "Plan", "Plan", &[]) };
pub const BOARD: View =
    View { alias: Some("sprint"), of_a_sprint: true, ..view(Some('5'), "board", "Board", "Bd", &[]) };
pub const REVIEW: View = View { of_a_sprint: true, ..view(Some('6'), "review", "Review", "Rev", &[Kind::Sprint]) };
pub const FORECAST: View = view(None, "forecast", "Forecast", "Fore", &[]);
pub const DONE: View = view(Some('7'), "done", "Done", "Done", &[Kind::DoneRule]);
pub const INBOX: View = view(Some('8'), "inbox", "Inbox", "In", &[Kind::Feedback, Kind::Proposal, Kind::Decision]);
pub const HISTORY: View = View {
    not_exported: Some("the history is in the journal, which an export of the product leaves out"),
    ..view(Some('9'), "history", "History", "Hist", &[])
};
pub const PRODUCTS: View = View {
    not_exported: Some("an export is of one product; whyhow products lists them"),
    ..view(Some('0'), "products", "Products", "Prod", &[])
};

/// Every view, in the order of their digits.
pub const VIEWS: &[&View] =
    &[&VISION, &ROADMAP, &BACKLOG, &PLAN, &BOARD, &REVIEW, &FORECAST, &DONE, &INBOX, &HISTORY, &PRODUCTS];

/// The view of that name or alias.
pub fn named(name: &str) -> Option<&'static View> {
    VIEWS.iter().copied().find(|view| view.name == name || view.alias == Some(name))
}

/// The names of these views for people, aliases too: `vision, roadmap, board or sprint`.
pub fn names(which: impl Fn(&View) -> bool) -> String {
    let name = |view: &View| match view.alias {
        Some(alias) => format!("{} or {alias}", view.name),
        None => view.name.to_string(),
    };
    VIEWS.iter().copied().filter(|view| which(view)).map(name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_digits_and_kinds_lead_to_one_view() {
        for (place, view) in VIEWS.iter().enumerate() {
            assert_eq!(named(view.name), Some(*view));
            assert!(view.alias.is_none_or(|alias| named(alias) == Some(*view)));
            for other in &VIEWS[..place] {
                assert!(view.digit.is_none() || other.digit != view.digit, "{} and {}", view.name, other.name);
                assert!(!view.kinds.iter().any(|kind| other.kinds.contains(kind)), "{} and {}", view.name, other.name);
            }
        }
        assert!(names(|view| view.of_a_sprint).contains("board or sprint"));
    }
}
