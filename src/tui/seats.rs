//! Who has which half of the product, as the product names them.

use crate::model::author::NO_NAME;
use crate::model::change::{Change, Step};
use crate::model::field::Field;
use crate::model::role::Role;
use crate::model::schema::Kind;
use crate::tui::app::App;

impl App {
    /// True for somebody who has not said who they are.
    pub(super) fn has_no_name(&self) -> bool {
        self.ui.by == NO_NAME
    }

    /// The fields of the product that name this person for this role.
    pub(super) fn seats_of(&self, role: Role) -> Vec<&'static Field> {
        let Some(board) = self.session.product().vision().map(|board| board.id) else { return Vec::new() };
        let mine = [(Role::Pm, "pm_name"), (Role::Po, "po_name")].into_iter();
        let mine = mine.filter(|(seat, _)| role == *seat || role == Role::Both);
        let is_me = |field: &&'static Field| {
            self.session.product().value(board, field).as_str().is_some_and(|name| name.trim() == self.ui.by)
        };
        mine.filter_map(|(_, key)| Kind::VisionBoard.field(key)).filter(is_me).collect()
    }

    /// Names this person as the owner of the half that they write in, if the product still has there whoever founded it in
    /// both roles, or nobody.
    pub(super) fn takes_over(&self) -> Option<Change> {
        let board = self.session.product().vision()?;
        let (mine, other, key) = match self.ui.role {
            Role::Pm => (board.pm_name.trim(), board.po_name.trim(), "pm_name"),
            Role::Po => (board.po_name.trim(), board.pm_name.trim(), "po_name"),
            Role::Both => return None,
        };
        // Beside somebody who is named, an empty seat is taken by whoever sits down in it.
        let is_empty = mine.is_empty() && !other.is_empty() && other != NO_NAME && other != self.ui.by;
        let is_free = is_empty || (!mine.is_empty() && (mine == other || mine == NO_NAME));
        if !is_free || mine == self.ui.by || self.has_no_name() {
            return None;
        }
        let field = Kind::VisionBoard.field(key)?;
        self.session.product().set(board.id, field, &self.ui.by.as_str().into()).ok().flatten()
    }

    /// Writes the name of somebody who has just sat down, where nobody else is named.
    pub(super) fn take_over(&mut self) {
        let Some(change) = self.takes_over() else { return };
        let label = format!("{} is {} of this product", self.ui.by, self.ui.role.label());
        // Losing it is an inconvenience, not a failure.
        let _ = self.session.commit(Step { label, changes: vec![change] }, false);
    }

    /// Writes this person's new name where the product had the old one.
    pub(super) fn name_seats(&mut self, seats: &[&'static Field]) {
        let Some(board) = self.session.product().vision().map(|board| board.id) else { return };
        let mut step = Step::new(format!("{} is the new name of the {}", self.ui.by, self.ui.role.label()));
        let name = self.ui.by.as_str().into();
        let set = |field: &&'static Field| self.session.product().set(board, field, &name).ok().flatten();
        step.changes.extend(seats.iter().filter_map(set));
        if !step.changes.is_empty() {
            // Losing it is an inconvenience, not a failure.
            let _ = self.session.commit(step, false);
        }
    }

    /// Seats the creator of the product: sets role and name, and records in the product who has which half.
    pub fn take_seat(&mut self, role: Role, person: &str) {
        self.session.role = role;
        (self.ui.role, self.ui.by) = (role, person.to_string());
        let mut step = Step::new(format!("{person} is {} of this product", role.label()));
        let Some(board) = self.session.product().vision().map(|board| board.id) else { return };
        for (seat, key) in [(Role::Pm, "pm_name"), (Role::Po, "po_name")] {
            if let (true, Some(field)) = (role == seat || role == Role::Both, Kind::VisionBoard.field(key)) {
                let change = self.session.product().set(board, field, &person.into()).ok().flatten();
                step.changes.extend(change);
            }
        }
        // Losing the name is an inconvenience, not a failure.
        let _ = self.session.commit(step, true);
        self.ui.settle(self.session.product());
        self.ui.say("Your product is ready. {enter} writes the first part of its vision.");
    }
}
