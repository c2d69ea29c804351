//! The strip that leads through the sample by doing: seven acts in the status line. It blocks no key.

use crate::model::id::Id;
use crate::model::product::Product;
use crate::tui::layout::Focus;
use crate::tui::ui::Ui;
use crate::tui::widget::Overlay;

/// What is asked for, and how it is seen that it was done.
struct Act {
    words: &'static str,
    done: fn(&Tour, &Ui, &Product) -> bool,
}

const ACTS: [Act; 7] = [
    Act { words: "Press {go.down} twice. Watch the why and the how follow.", done: |tour, _, _| tour.moves >= 2 },
    // Back to the list: the fifth act goes into an item from there.
    Act {
        words: "{go.pane} three times: into the why, into the how of it, and back.",
        done: |tour, ui, _| tour.how && ui.focus() == Focus::List,
    },
    Act {
        words: "{go.backlog} opens the backlog: the stories in their order.",
        done: |_, ui, _| ui.screen().name == "backlog",
    },
    Act {
        words: "{why} says why the story is there, up to the vision. {close} closes it.",
        done: |_, ui, _| matches!(ui.overlays.last(), Some(Overlay::Trail(_))),
    },
    Act {
        words: "{go.roadmap}, {enter}, {go.down} to the problem, {edit} and a few words. Esc keeps them.",
        done: |tour, _, product| product.rev() > tour.rev,
    },
    Act { words: "{undo} takes your change back, whatever it was.", done: |tour, _, _| tour.undone },
    Act { words: "{go.products}, then {add} starts your own product. {close} ends this strip.", done: |_, _, _| false },
];

/// How far somebody is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tour {
    at: usize,
    moves: usize,
    chosen: Option<Id>,
    rev: u64,
    undone: bool,
    /// The how pane had the keys.
    how: bool,
}

impl Tour {
    pub fn new(ui: &Ui, product: &Product) -> Tour {
        Tour { chosen: ui.place().chosen, rev: product.rev(), ..Tour::default() }
    }

    /// The strip as it was left, at one of its acts.
    pub fn at(act: usize, ui: &Ui, product: &Product) -> Tour {
        Tour { at: act.min(ACTS.len().saturating_sub(1)), ..Tour::new(ui, product) }
    }

    /// Which act is asked for now, counted from nought.
    pub fn act(&self) -> usize {
        self.at
    }

    /// The strip's words; keys are filled in where it is shown.
    pub fn words(&self) -> String {
        let words = ACTS.get(self.at).map_or("", |act| act.words);
        format!("{}/{}  {words}", self.at.saturating_add(1), ACTS.len())
    }

    /// Looks whether the present act was done, after each event.
    pub fn look(&mut self, ui: &Ui, product: &Product) {
        if ui.place().chosen != self.chosen {
            self.chosen = ui.place().chosen;
            self.moves = self.moves.saturating_add(1);
        }
        self.how |= ui.focus() == Focus::How;
        if self.at.saturating_add(1) < ACTS.len() && ACTS.get(self.at).is_some_and(|act| (act.done)(self, ui, product))
        {
            *self = Tour { at: self.at.saturating_add(1), ..Tour::new(ui, product) };
        }
    }

    pub fn saw_undo(&mut self) {
        self.undone = true;
    }
}
