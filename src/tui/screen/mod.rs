//! The views: what rows each shows and what stands in its why and how panes. Views only read.

pub mod backlog;
pub mod board;
pub mod cards;
pub mod changes;
pub mod done;
pub mod history;
pub mod inbox;
pub mod panes;
pub mod plan;
pub mod products;
pub mod review;
pub mod review_wall;
pub mod roadmap;
pub mod timeline;
pub mod vision;

use crate::actions::Context;
use crate::model::product::Product;
use crate::model::schema::Kind;
use crate::tui::command::Outcome;
use crate::tui::layout::{Focus, Shape};
use crate::tui::paint::Paint;
use crate::tui::screen::panes::PaneRow;
use crate::tui::ui::{Rows, Ui};
use ratatui::layout::Rect;

/// What Enter does in a list.
pub type Opens = fn(&mut Ui, &Product, &mut Context) -> Option<Outcome>;

/// How a list stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Form {
    pub shape: Shape,
    /// Lines per row of the list.
    pub row_height: usize,
    /// Lines above the first row, inside the border.
    pub heading: u16,
}

/// What `a` adds in a view.
#[derive(Clone, Copy)]
pub enum Adds {
    Record(fn(&Ui) -> Kind),
    Product,
    /// A story, in a way of the view's own.
    Story(fn(&mut Ui, &Product, &mut Context) -> Outcome),
    Nothing,
}

/// One view. Selection, scrolling, find, panes and editing come with it.
pub struct Screen {
    pub name: &'static str,
    /// The digit that opens it.
    pub key: char,
    pub title: &'static str,
    pub short: &'static str,
    /// How its list stands, as it is turned now.
    pub form: fn(&Ui) -> Form,
    /// What has the keys when the view is opened first.
    pub begins: Focus,
    /// The kinds of record that live here.
    pub kinds: &'static [Kind],
    /// What `a` adds here.
    pub adds: Adds,
    /// What Enter in the list goes into, for somebody in both roles.
    pub enters: Focus,
    /// What Enter in the list does instead; nothing where it goes into a pane after all.
    pub opens: Option<Opens>,
    /// The ways to look at this view, which `t` turns through; empty where there is one.
    pub turns: &'static [&'static str],
    pub rows: fn(&Ui, &Product) -> Rows,
    pub draw: fn(&Ui, &Product, Rect, &mut Paint),
    pub why: fn(&Ui, &Product) -> Vec<PaneRow>,
    pub how: fn(&Ui, &Product) -> Vec<PaneRow>,
    /// What stands in the border of a pane.
    pub pane_title: fn(&Ui, &Product, Focus) -> String,
    /// Position and counts for the status line.
    pub status: fn(&Ui, &Product) -> String,
    /// Said where the list is empty: what goes here, and the key.
    pub empty: &'static str,
}

pub const SCREENS: &[&Screen] = &[
    &vision::SCREEN,
    &roadmap::SCREEN,
    &backlog::SCREEN,
    &plan::SCREEN,
    &board::SCREEN,
    &review::SCREEN,
    &done::SCREEN,
    &inbox::SCREEN,
    &history::SCREEN,
    &products::SCREEN,
];

/// The place of a view, by its name.
pub fn named(name: &str) -> Option<usize> {
    SCREENS.iter().position(|screen| screen.name == name)
}

/// The view in which records of a kind live.
pub fn of_kind(kind: Kind) -> Option<usize> {
    SCREENS.iter().position(|screen| screen.kinds.contains(&kind))
}

/// The rows of a pane of the present view.
pub fn pane_rows(ui: &Ui, product: &Product, focus: Focus) -> Vec<PaneRow> {
    match focus {
        Focus::Why => (ui.screen().why)(ui, product),
        Focus::How => (ui.screen().how)(ui, product),
        Focus::List => Vec::new(),
    }
}

/// 3062 as 3,062.
pub fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && digits.len().saturating_sub(at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
