//! The plan on screen: which sprint, and the data behind its list and figures.

use crate::insight::plan::{Candidate, Plan};
use crate::insight::sprint::in_planning;
use crate::insight::velocity::Pace;
use crate::insight::views;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::Sprint;
use crate::tui::state::ui::Ui;
use std::sync::Arc;

/// The data behind the list and the figures beside it, computed once per change of the product.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Planned {
    /// The sprint in planning; `None` if there is none yet.
    pub sprint: Option<Id>,
    pub plan: Plan,
    pub pace: Pace,
    /// Which candidate each row shows: first those that are ready, then the others.
    pub nth: Vec<u32>,
    /// How many rows are ready; the others come after them.
    pub ready_rows: usize,
    /// The first row that no longer fits, if the capacity is known.
    pub line: Option<usize>,
}

impl Planned {
    pub fn candidate(&self, nth: usize) -> Option<&Candidate> {
        let ready = self.plan.ready.len();
        if nth < ready { self.plan.ready.get(nth) } else { self.plan.not_ready.get(nth.saturating_sub(ready)) }
    }

    /// What a row shows; a row being carried is searched for.
    pub fn at(&self, at: usize, id: Id) -> Option<&Candidate> {
        let there = self.nth.get(at).and_then(|nth| self.candidate(*nth as usize)).filter(|one| one.item == id);
        there.or_else(|| self.of(id))
    }

    /// The candidate for a story.
    pub fn of(&self, id: Id) -> Option<&Candidate> {
        self.plan.ready.iter().chain(&self.plan.not_ready).find(|one| one.item == id)
    }
}

/// The plan that the rows are about, while this view is open.
pub fn planned(ui: &Ui) -> Option<&Planned> {
    ui.slots.get::<Planned>().filter(|_| ui.screen().name == views::PLAN.name)
}

/// Which of several sprints in planning is shown.
pub struct Turned(pub Id);

/// The sprint being planned: the one chosen among several, else the next.
pub fn sprint<'a>(ui: &Ui, product: &'a Product) -> Option<&'a Arc<Sprint>> {
    let all = in_planning(product);
    let chosen = ui.slots.get::<Turned>().map(|turned| turned.0);
    all.iter().find(|one| Some(one.id) == chosen).or(all.first()).copied()
}

/// The sprint being planned, as the frame shows it.
pub fn shown<'a>(ui: &Ui, product: &'a Product) -> Option<&'a Arc<Sprint>> {
    product.get::<Sprint>(planned(ui)?.sprint?)
}
