//! Which records an act is about: the ticked rows that are shown, else the selected one.

use crate::insight::views;
use crate::model::change::Step;
use crate::model::grammar::count_of;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::Kind;
use crate::tui::state::contract::Outcome;
use crate::tui::state::ui::Ui;
use crate::tui::term::text::thousands;
use rustc_hash::FxHashSet;
use std::ops::{Range, RangeInclusive};

impl Ui {
    /// The records that an act is about: the ticked ones in their order, else the selected one.
    pub fn targets(&self) -> Vec<Id> {
        if !self.is_choice_shown() {
            return Vec::new();
        }
        if self.ticked.is_empty() {
            return self.chosen_row().map(|row| row.id).into_iter().collect();
        }
        self.rows.rows.iter().filter(|row| self.ticked.contains(&row.id)).map(|row| row.id).collect()
    }

    /// One of the records an act is about; cheap, whatever is ticked.
    pub fn any_target(&self) -> Option<Id> {
        let chosen = self.chosen_row().map(|row| row.id);
        // Among ticks of several kinds, the row at the cursor says what is meant.
        if let Some(id) = chosen.filter(|id| self.ticked.contains(id)) {
            return Some(id);
        }
        let ticked = self.ticked.iter().next().copied().filter(|_| self.is_choice_shown());
        ticked.or(chosen)
    }

    /// One of the records of this kind that an act is about.
    pub fn any_of(&self, product: &Product, kind: Kind) -> Option<Id> {
        let is_kind = |id: &Id| product.find(*id).is_some_and(|record| record.kind() == kind);
        let ticked = || self.ticked.iter().copied().filter(|_| self.is_choice_shown()).find(is_kind);
        match self.ticked.is_empty() {
            true => self.chosen_row().map(|row| row.id).filter(is_kind),
            false => ticked(),
        }
    }

    /// Some of the records an act is about, in no order: enough to say whether it is allowed, whatever is ticked.
    pub fn some_targets(&self) -> impl Iterator<Item = Id> {
        let chosen = self.chosen_row().map(|row| row.id).filter(|_| self.ticked.is_empty());
        let most = if self.is_choice_shown() { 50 } else { 0 };
        self.ticked.iter().copied().take(most).chain(chosen)
    }

    /// The records an act is about, of one kind only.
    pub fn targets_of(&self, product: &Product, kind: Kind) -> Vec<Id> {
        let is_kind = |id: &Id| product.find(*id).is_some_and(|record| record.kind() == kind);
        self.targets().into_iter().filter(is_kind).collect()
    }

    /// The rows that are on the screen: all of the list, or one column of it where no other fits beside it.
    pub fn rows_on_screen(&self) -> Range<usize> {
        let whole = 0..self.rows.rows.len();
        if !(self.screen().one_column)(self) {
            return whole;
        }
        self.rows.columns.get(self.place().column).cloned().unwrap_or(whole)
    }

    /// Sorts the ticks again when another column is on the screen.
    pub(super) fn leave_ticks(&mut self, product: &Product) {
        if self.ticks_of != self.rows_on_screen() {
            self.sort_ticks(product);
        }
    }

    /// Ticks stay with their records: one that a filter hides or that is in a column beside the
    /// screen waits for its row, one that is deleted is gone.
    pub(super) fn sort_ticks(&mut self, product: &Product) {
        self.ticks_of = self.rows_on_screen();
        if self.ticked.is_empty() && self.ticked_hidden.is_empty() {
            return;
        }
        let rows = self.rows.rows.get(self.ticks_of.clone()).unwrap_or_default();
        let shown: FxHashSet<Id> = rows.iter().map(|row| row.id).collect();
        let all = std::mem::take(&mut self.ticked).into_iter().chain(std::mem::take(&mut self.ticked_hidden));
        let (ticked, hidden): (Vec<Id>, Vec<Id>) = all.partition(|id| shown.contains(id));
        self.ticked.extend(ticked);
        // What leaves the Inbox on its own is done with.
        let narrowed = !self.place().find.is_empty() || !self.place().filters.is_empty();
        if self.screen().name == views::INBOX.name && !narrowed {
            return;
        }
        self.ticked_hidden.extend(hidden.into_iter().filter(|id| product.find(*id).is_some()));
    }

    /// Takes all ticks away, also those that are not shown. Returns true if there were any.
    pub fn untick(&mut self) -> bool {
        let had = !self.ticked.is_empty() || !self.ticked_hidden.is_empty();
        if had {
            self.last_ticked = self.ticked.drain().chain(self.ticked_hidden.drain()).collect();
        }
        had
    }

    /// Takes all ticks away with the view they were made in, and says how they come back.
    pub(super) fn leave_ticks_behind(&mut self) {
        let left = match (self.untick(), self.last_ticked.len()) {
            (false, _) => return,
            (true, 1) => "1 tick".to_string(),
            (true, many) => format!("{} ticks", thousands(many)),
        };
        self.say(format!("{left} left behind: {{tick.again}} brings them back."));
    }

    /// The rows between the start of a range and the cursor, while one is begun.
    pub fn span(&self) -> Option<RangeInclusive<usize>> {
        let begun = self.range?;
        let from = self.rows.rows.iter().position(|row| row.id == begun)?;
        let at = self.place().at;
        (at < self.rows.rows.len()).then_some(from.min(at)..=from.max(at))
    }

    /// Ticks what was ticked before the ticks went, beside what is ticked now. Returns how many came back.
    pub fn tick_again(&mut self, product: &Product) -> usize {
        let before = self.ticked.len().saturating_add(self.ticked_hidden.len());
        self.ticked.extend(std::mem::take(&mut self.last_ticked));
        self.sort_ticks(product);
        self.ticked.len().saturating_add(self.ticked_hidden.len()).saturating_sub(before)
    }

    /// Ticks everything shown, besides what is ticked already; nothing if no story is shown.
    pub fn tick_shown(&mut self, product: &Product) -> Option<Outcome> {
        self.settle(product);
        if self.screen().flips.is_some() {
            return Some(Outcome::say(format!(
                "{} shown. Here a box means something else, so nothing was ticked.",
                self.counted_rows()
            )));
        }
        let shown = self.rows.rows.get(self.rows_on_screen()).unwrap_or_default();
        let stories: Vec<Id> =
            shown.iter().filter(|row| row.kind == Some(Kind::BacklogItem)).map(|row| row.id).collect();
        let count = stories.len();
        self.ticked.extend(stories);
        (count > 0).then(|| Outcome::say(format!("{} ticked. {{close}} unticks them.", thousands(self.ticked.len()))))
    }

    /// Says how many ticked records an act left alone because they are not shown.
    pub fn left_alone(&self, product: &Product, written: &Step) -> String {
        let touched = written.changes.iter().filter(|change| self.ticked.contains(&change.id));
        let kinds: Vec<Kind> = touched.map(|change| change.kind()).collect();
        if kinds.is_empty() {
            return String::new();
        }
        let hidden = match self.ticked_hidden.len() {
            0 => String::new(),
            1 => " The hidden one was left alone.".to_string(),
            many => format!(" {many} hidden ones were left alone."),
        };
        let other = |id: &Id| product.find(*id).map(|record| record.kind()).is_some_and(|kind| !kinds.contains(&kind));
        let others: Vec<Id> = self.targets().into_iter().filter(other).collect();
        let others = match others.as_slice() {
            [] => String::new(),
            [one] => format!(" {} was left alone.", product.name_of(*one)),
            [one, ..] => {
                let kind = product.find(*one).map_or(Kind::RoadmapItem, |record| record.kind());
                format!(" {} were left alone.", count_of(others.len(), kind))
            }
        };
        hidden + &others
    }
}
