//! Carrying rows with the arrow keys: they move on screen at once and are dropped as one act. Esc puts them back.

use crate::actions::Context;
use crate::actions::edit::{Place, reorder};
use crate::model::change::Step;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rules::Refusal;
use crate::model::saturating::put_all_at;
use crate::model::schema::Kind;
use crate::tui::state::contract::{Commit, Dropped, Layer, Next, Outcome};
use crate::tui::state::dispatch::perform;
use crate::tui::state::ui::{ListRow, Ui};
use crate::tui::term::input::Input;
use crate::tui::term::key::Press;
use crossterm::event::KeyCode;
use std::ops::Range;

pub struct CarriedRows {
    /// The key that opened the box, for the letters that may follow instead.
    first: Press,
    kind: Kind,
    /// The carried rows, in their order.
    carried: Vec<ListRow>,
    rest: Vec<ListRow>,
    /// How many of the rest are in each column; one entry if there are no columns.
    columns: Vec<usize>,
    column: usize,
    /// The position among the rest before which they are.
    at: usize,
    /// The rows among which they can be placed.
    bounds: Range<usize>,
    /// The product as it was when the rows were picked up.
    rev: u64,
    /// The names of the view's columns.
    column_name: fn(usize) -> Option<&'static str>,
}

impl CarriedRows {
    /// Picks up the rows that an act would be about.
    pub fn new(first: Press, ui: &Ui, product: &Product, kind: Kind, ids: &[Id]) -> Option<CarriedRows> {
        let began = &ui.rows;
        let is_mine = |row: &ListRow| ids.contains(&row.id);
        let at = began.rows.iter().position(is_mine)?;
        let column = began.columns.iter().position(|column| column.contains(&at)).unwrap_or(0);
        let rest_before = |end: usize| began.rows.iter().take(end).filter(|row| !is_mine(row)).count();
        let columns: Vec<usize> = match began.columns.is_empty() {
            true => vec![rest_before(began.rows.len())],
            false => began
                .columns
                .iter()
                .map(|column| rest_before(column.end).saturating_sub(rest_before(column.start)))
                .collect(),
        };
        let (carried, rest): (Vec<ListRow>, Vec<ListRow>) = began.rows.iter().copied().partition(is_mine);
        let bounds = match ui.stretch(at).filter(|_| began.columns.is_empty()) {
            Some(stretch) => rest_before(stretch.start)..rest_before(stretch.end),
            None => 0..rest.len(),
        };
        Some(CarriedRows {
            first,
            kind,
            at: rest_before(at),
            carried,
            rest,
            columns,
            column,
            bounds,
            rev: product.rev(),
            column_name: ui.screen().column_name,
        })
    }

    fn of_column(&self, column: usize) -> Range<usize> {
        let start: usize = self.columns.iter().take(column).sum();
        start..start.saturating_add(self.columns.get(column).copied().unwrap_or(0))
    }

    fn room(&self) -> Range<usize> {
        if self.columns.len() > 1 { self.of_column(self.column) } else { self.bounds.clone() }
    }

    fn step(&mut self, by: isize) {
        let room = self.room();
        self.at = self.at.saturating_add_signed(by).min(room.end).max(room.start);
    }

    fn sideways(&mut self, by: isize) {
        let Some(to) = self.column.checked_add_signed(by).filter(|to| *to < self.columns.len()) else { return };
        let height = self.at.saturating_sub(self.of_column(self.column).start);
        self.column = to;
        let room = self.room();
        self.at = room.start.saturating_add(height).min(room.end);
    }

    /// Arranges the rows as they would be.
    fn show(&self, ui: &mut Ui) {
        let mut rows = self.rest.clone();
        put_all_at(&mut rows, self.at, self.carried.iter().copied());
        let mut end = 0usize;
        let columns = self.columns.iter().enumerate().map(|(nth, count)| {
            let start = end;
            end = end.saturating_add(*count).saturating_add(if nth == self.column { self.carried.len() } else { 0 });
            start..end
        });
        ui.rows.columns = if self.columns.len() > 1 { columns.collect() } else { Vec::new() };
        ui.rows.rows = rows;
        if let Some(first) = self.carried.first() {
            ui.choose_id(first.id);
        }
    }

    fn put_back(&self, ui: &mut Ui, product: &Product) {
        ui.show_rows(product);
        if let Some(first) = self.carried.first() {
            ui.choose_id(first.id);
        }
    }

    /// The status line while rows are carried.
    pub fn words(&self, product: &Product) -> String {
        let what = match self.carried.as_slice() {
            [one] => product.name_of(one.id),
            many => format!("{} rows", many.len()),
        };
        let place = self.at.saturating_sub(self.room().start).saturating_add(1);
        match (self.column_name)(self.column).filter(|_| self.columns.len() > 1) {
            Some(column) => format!("Carrying {what} to place {place} of {column}"),
            None => format!("Carrying {what} to place {place}"),
        }
    }

    fn drop_here(&self, product: &Product, ui: &mut Ui, context: &mut Context) -> Outcome {
        let ids: Vec<Id> = self.carried.iter().map(|row| row.id).collect();
        let order = match self.ordered(product, &ids) {
            Ok(order) => order,
            Err(refusal) => return Outcome::refuse(refusal),
        };
        if let Some(drops) = ui.screen().drops.filter(|_| self.columns.len() > 1) {
            return drops(ui, product, context, Dropped { ids, column: self.column, order });
        }
        if order.is_empty() {
            return Outcome::say("It is where it was.");
        }
        Outcome::Commit(Commit { choose: ids.first().copied(), ..Commit::new(order) })
    }

    /// The carried rows at their new place in the order.
    fn ordered(&self, product: &Product, ids: &[Id]) -> Result<Step, Refusal> {
        let room = self.room();
        let peer = |at: usize| self.rest.get(at).filter(|row| room.contains(&at) && row.kind == Some(self.kind));
        let above = self.at.checked_sub(1).and_then(peer);
        let place = match (above, peer(self.at)) {
            (Some(above), _) => Place::After(above.id),
            (None, Some(below)) => Place::Before(below.id),
            (None, None) => Place::Bottom,
        };
        reorder(product, self.kind, ids, place)
    }
}

impl Layer for CarriedRows {
    fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        if product.rev() != self.rev {
            self.put_back(ui, product);
            return (None, Outcome::say("The list changed meanwhile. Nothing was moved."));
        }
        let Some(press) = input.press() else { return (Some(self), Outcome::Nothing) };
        match press.code {
            KeyCode::Up | KeyCode::Char('k') => self.step(-1),
            KeyCode::Down | KeyCode::Char('j') => self.step(1),
            KeyCode::Left | KeyCode::Char('h') => self.sideways(-1),
            KeyCode::Right | KeyCode::Char('l') => self.sideways(1),
            KeyCode::PageUp => self.step(ui.page().saturating_neg()),
            KeyCode::PageDown => self.step(ui.page()),
            KeyCode::Home => self.step(isize::MIN / 2),
            KeyCode::End => self.step(isize::MAX / 2),
            KeyCode::Enter => {
                self.put_back(ui, product);
                return (None, self.drop_here(product, ui, context));
            }
            KeyCode::Esc => {
                self.put_back(ui, product);
                return (None, Outcome::say("Put back where it was."));
            }
            KeyCode::Char('c') if press.ctrl => {
                self.put_back(ui, product);
                return (None, Outcome::Nothing);
            }
            _ => {
                if let Some(command) = ui.keymap.second(self.first, press) {
                    self.put_back(ui, product);
                    return (None, perform(command, ui, product, context));
                }
            }
        }
        self.show(ui);
        (Some(self), Outcome::Nothing)
    }

    fn hints(&self, _: &Ui) -> String {
        "↑ ↓ ← → carry · Enter drops · Esc puts back".to_string()
    }

    fn status(&self, product: &Product) -> Option<String> {
        Some(self.words(product))
    }

    fn carries(&self, id: Id) -> bool {
        self.carried.iter().any(|row| row.id == id)
    }

    fn is_carrying(&self) -> bool {
        true
    }
}
