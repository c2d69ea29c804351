//! Moving about, for keys, mouse and boxes alike: rows, columns, panes, records in their views, filters.

use crate::insight::sorting::Sort;
use crate::model::grammar::plural;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::saturating::take_at;
use crate::model::schema::Kind;
use crate::tui::state::contract::Outcome;
use crate::tui::state::filter::{Filter, Look, clauses};
use crate::tui::state::ui::{ListRow, Toast, Ui, ViewState};
use crate::tui::term::layout::Focus;
use crate::tui::term::text::{clean, thousands};
use std::ops::Range;

/// A row that waits for an act, and the rows to go on with after it, the nearest below it first.
pub struct InLine {
    view: usize,
    here: Id,
    group: u8,
    next: Vec<Id>,
}

impl Ui {
    /// Moves the cursor of the list by rows; it stops at both ends and never leaves its column.
    pub fn step(&mut self, by: isize) {
        let range = match self.rows.columns.get(self.place().column) {
            Some(range) => range.clone(),
            None => 0..self.rows.rows.len(),
        };
        if range.is_empty() {
            return;
        }
        let at = self.place().at.clamp(range.start, range.end.saturating_sub(1));
        let to = at.saturating_add_signed(by).clamp(range.start, range.end.saturating_sub(1));
        self.choose(to);
    }

    /// To the column that was clicked.
    pub fn to_column(&mut self, column: usize) {
        self.place_mut().focus = Focus::List;
        let from = self.place().column;
        self.column_to(from, column);
    }

    /// To the same height in another column.
    pub fn column_to(&mut self, from: usize, to: usize) {
        let height = self.rows.columns.get(from).map_or(0, |range| self.place().at.saturating_sub(range.start));
        let Some(range) = self.rows.columns.get(to).cloned() else { return };
        let place = self.place_mut();
        (place.column, place.top) = (to, 0);
        if range.is_empty() {
            (place.at, place.chosen) = (usize::MAX, None);
        } else {
            let at = range.start.saturating_add(height).min(range.end.saturating_sub(1));
            self.choose(at);
        }
    }

    /// The selection is a record, not a row. If it is gone, its neighbour is selected.
    pub(super) fn follow_choice(&mut self) {
        let (at, chosen, column) = (self.place().at, self.place().chosen, self.place().column);
        let still = self.rows.rows.get(at).is_some_and(|row| Some(row.id) == chosen);
        if still {
            self.choose(at);
            return;
        }
        let found = chosen.and_then(|id| self.rows.rows.iter().position(|row| row.id == id));
        let near = match self.rows.columns.get(column) {
            Some(range) if range.is_empty() => usize::MAX,
            Some(range) => at.clamp(range.start, range.end.saturating_sub(1)),
            None => at.min(self.rows.rows.len().saturating_sub(1)),
        };
        if found.is_some() || near != usize::MAX {
            self.choose(found.unwrap_or(near));
        } else {
            let place = self.place_mut();
            (place.at, place.chosen) = (usize::MAX, None);
        }
    }

    /// A view that opens with an empty column shows the first one with a card instead.
    pub(super) fn leave_empty_column(&mut self) {
        let filled = |column: usize| self.rows.columns.get(column).is_some_and(|range| !range.is_empty());
        if filled(self.place().column) {
            return;
        }
        if let Some(first) = self.rows.columns.iter().find(|range| !range.is_empty()).map(|range| range.start) {
            self.choose(first);
        }
    }

    /// To a row of a pane.
    pub fn to_stop(&mut self, focus: Focus, at: usize) {
        let place = self.place_mut();
        place.focus = focus;
        place.inside = 0;
        match focus {
            Focus::How => place.how_at = at,
            _ => place.why_at = at,
        }
    }

    /// The stop of a pane that has the cursor.
    pub fn stop(&self, focus: Focus) -> usize {
        match focus {
            Focus::How => self.place().how_at,
            _ => self.place().why_at,
        }
    }

    /// The selected row of the list and the others, if it waits for an act.
    pub fn in_line(&self) -> Option<InLine> {
        let here = self.row_at_cursor().filter(|_| self.place().focus == Focus::List || self.home.is_some())?;
        let group = (self.screen().waits)(self, here.id)?;
        let (before, after) = self.rows.rows.split_at_checked(self.place().at)?;
        let ids = |rows: &[ListRow]| rows.iter().map(|row| row.id).collect::<Vec<Id>>();
        let next = ids(after).into_iter().chain(ids(before).into_iter().rev()).collect();
        Some(InLine { view: self.view, here: here.id, group, next })
    }

    /// Goes on to the next row that waits as the selected one did, now that this one does not wait there any more. With
    /// none left the cursor stays.
    pub fn go_on(&mut self, line: Option<InLine>) {
        let Some(line) = line.filter(|line| line.view == self.view) else { return };
        let waits = |id: Id| (self.screen().waits)(self, id) == Some(line.group) && self.shows(id);
        if waits(line.here) {
            return;
        }
        if let Some(next) = line.next.iter().copied().find(|id| waits(*id)) {
            self.choose_id(next);
        }
    }

    /// Selects what an act made, which must be visible whatever was searched for before.
    pub fn show_made(&mut self, product: &Product, id: Id) {
        let record = product.find(id).filter(|record| record.is_alive());
        let is_narrowed = !self.place().find.is_empty() || !self.place().filters.is_empty();
        // What stands in another view is not hidden here.
        let is_here = record.is_some_and(|record| self.screen().kinds.contains(&record.kind()));
        if self.choose_id(id) || !is_here || !is_narrowed {
            return;
        }
        self.place_mut().find.clear();
        self.settle(product);
        let shown = self.choose_id(id);
        if let Some(Toast::Word(word)) = &mut self.toast {
            word.push_str(if shown {
                " The find line was cleared to show it."
            } else {
                " A filter hides it: {filter.clear}."
            });
        }
    }

    /// Returns the focus to where it was before an editor was opened.
    pub fn go_home(&mut self) {
        if let Some(home) = self.home.take() {
            self.place_mut().focus = home;
        }
    }

    /// Shows a record in its own view.
    pub fn to_record(&mut self, product: &Product, id: Id) {
        let Some(record) = product.find(id) else { return self.say("It no longer exists.") };
        let Some(view) = self.registry.of_kind(record.kind()) else {
            return self.say(format!("{} has no view of its own yet.", record.name()));
        };
        self.go(view);
        let place = self.place_mut();
        place.chosen = Some(id);
        place.focus = Focus::List;
        (place.at, place.why_at, place.how_at) = (0, 0, 0);
        self.unfold_to(product, id);
        self.settle(product);
        if self.choose_id(id) || self.shown_with(product, id, |place| place.closed = true) {
            return self.settle(product);
        }
        let narrow = |place: &mut ViewState| {
            place.find.clear();
            place.filters.clear();
        };
        let both = |place: &mut ViewState| {
            narrow(place);
            place.closed = true;
        };
        let cleared = "The filter was cleared to show it.";
        if self.shown_with(product, id, narrow) || self.shown_with(product, id, both) {
            self.report(cleared);
        } else {
            self.report(format!("{} is not in this list.", product.name_of(id)));
        }
        self.settle(product);
    }

    /// Changes how the list is looked at if that shows the record, which is then selected.
    fn shown_with(&mut self, product: &Product, id: Id, change: impl FnOnce(&mut ViewState)) -> bool {
        let place = self.place_mut();
        let before = (place.find.clone(), place.filters.clone(), place.closed);
        change(place);
        if before == (place.find.clone(), place.filters.clone(), place.closed) {
            return false;
        }
        self.settle(product);
        if self.choose_id(id) {
            return true;
        }
        let place = self.place_mut();
        (place.find, place.filters, place.closed) = before;
        self.settle(product);
        false
    }

    /// Unfolds the branches of a tree that hide a record: what it serves, and the stories that it is part of.
    fn unfold_to(&mut self, product: &Product, id: Id) {
        let folded = &mut self.place_mut().folded;
        let mut at = product.items().get(id);
        // Parts do not go in circles; the bound only guards the loop.
        for _ in 0..16 {
            let Some(item) = at else { return };
            for above in item.serves.iter().chain(&item.parent) {
                folded.remove(above);
            }
            at = item.parent.and_then(|whole| product.items().get(whole));
        }
    }

    /// The rows among which a row stays when it is moved: its branch of a tree, or what the view says.
    pub fn stretch(&self, at: usize) -> Option<Range<usize>> {
        match self.screen().stretch {
            Some(stretch) => stretch(self, at),
            None => self.place().is_turned().then(|| self.branch(at)),
        }
    }

    /// The stretch of stories under the same heading.
    fn branch(&self, at: usize) -> Range<usize> {
        let rows = &self.rows.rows;
        let is_head = |row: &ListRow| row.kind != Some(Kind::BacklogItem);
        let begin = rows.iter().take(at).rposition(is_head).map_or(0, |head| head.saturating_add(1));
        let end = rows.iter().skip(at).position(is_head).map_or(rows.len(), |head| at.saturating_add(head));
        begin..end
    }

    /// Filters are toggles that add up; each is a chip in the border.
    pub fn toggle_filter(&mut self, product: &Product, filter: Filter) -> Outcome {
        let chip = filter.chip(product);
        let filters = &mut self.place_mut().filters;
        match filters.iter().position(|one| *one == filter) {
            Some(at) => {
                take_at(filters, at);
                Outcome::say(format!("No longer filtered: {chip}."))
            }
            None => {
                filters.push(filter);
                self.settle(product);
                let (count, is_one) = self.counted();
                let clauses = clauses(&self.place().filters, product, is_one);
                let closed = match self.rows.kept_closed {
                    0 => String::new(),
                    1 => " are open, one is closed: {filter.closed} shows it".to_string(),
                    many => format!(" are open, {} are closed: {{filter.closed}} shows them", thousands(many)),
                };
                Outcome::say(format!("{count} {clauses}{closed}. {{filter.clear}} shows everything again."))
            }
        }
    }

    /// How many records the list shows, in words; the heads of a tree do not count.
    pub(super) fn counted_rows(&self) -> String {
        let rows = &self.rows.rows;
        match rows.iter().filter(|row| row.kind == Some(Kind::BacklogItem)).count() {
            0 if self.screen().is_long || rows.is_empty() => "nothing".to_string(),
            0 => format!("{} shown", thousands(rows.len())),
            1 => "1 story".to_string(),
            many => format!("{} stories", thousands(many)),
        }
    }

    /// The same as the start of a sentence, and whether it is one.
    fn counted(&self) -> (String, bool) {
        let rows = &self.rows.rows;
        let stories = rows.iter().filter(|row| row.kind == Some(Kind::BacklogItem)).count();
        match stories {
            0 if self.screen().is_long => ("No stories".to_string(), false),
            0 => (format!("{} {}", thousands(rows.len()), plural(rows.len(), "row", "rows")), rows.len() == 1),
            many => (format!("{} {}", thousands(many), plural(many, "story", "stories")), many == 1),
        }
    }

    /// The order in which the list is looked at, if it is not the one made by hand.
    pub fn sort(&self) -> Option<&Sort> {
        self.place().sort.as_ref().filter(|_| self.screen().sorts && !self.place().is_turned())
    }

    /// Shows the list as chosen.
    pub fn look(&mut self, product: &Product, look: Look) -> Outcome {
        match look {
            Look::Filter(filter) => self.toggle_filter(product, filter),
            Look::Sort(sort) => {
                self.place_mut().sort = sort;
                // Who has not moved reads from the top; else the selected story keeps the cursor.
                let stays = self.place().at > 0 && self.place().chosen.is_some();
                self.settle(product);
                if !stays {
                    self.choose(0);
                    self.settle(product);
                }
                let at = self.place().at;
                let place = match self.place().chosen.filter(|_| stays && at > 0) {
                    Some(id) => format!(" {} is in row {} now.", product.name_of(id), thousands(at.saturating_add(1))),
                    None => String::new(),
                };
                match self.sort() {
                    Some(sort) => {
                        let label = sort.label();
                        let kept = "Your own order is kept: {filter.clear} shows it.";
                        Outcome::say(format!("Sorted by {label}.{place} {kept}"))
                    }
                    None => Outcome::say(format!("In your own order.{place}")),
                }
            }
            Look::Saved(name) => {
                let Some(saved) = self.saved_looks.get(&name).cloned() else { return Outcome::Nothing };
                let place = self.place_mut();
                (place.filters, place.sort) = (saved.filters, saved.sort);
                (place.find, place.closed) = (saved.find, saved.closed);
                self.settle(product);
                let count = self.counted_rows();
                Outcome::say(format!("{}: {count}. {{filter.clear}} shows everything again.", clean(&name)))
            }
        }
    }

    /// The rows that move along with a dragged row: all ticked ones if it is ticked.
    pub fn dragged(&self, product: &Product, id: Id) -> Option<(Kind, Vec<Id>)> {
        let kind = product.find(id)?.kind();
        let ids = if self.ticked.contains(&id) { self.targets_of(product, kind) } else { vec![id] };
        (kind != Kind::VisionBoard).then_some((kind, ids))
    }

    /// The kind and the ids of the rows that are moved: those of the kind of the first one.
    pub fn moved(&self, product: &Product) -> Option<(Kind, Vec<Id>)> {
        let kind = product.find(self.targets().first().copied()?)?.kind();
        (kind != Kind::VisionBoard).then(|| (kind, self.targets_of(product, kind)))
    }
}
