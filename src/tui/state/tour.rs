//! The guided tour through the sample: seven tasks in the status line. It blocks no key.

use crate::model::id::Id;
use crate::tui::term::layout::{Focus, extent};
use crate::tui::term::text::wrap;

/// What the tour observes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seen {
    pub view: &'static str,
    pub chosen: Option<Id>,
    pub focus: Focus,
    /// The why of something is open on top.
    pub why: bool,
    pub rev: u64,
}

/// A task, and how to detect that it was done.
struct Act {
    words: &'static str,
    done: fn(&Tour, &Seen) -> bool,
}

const ACTS: [Act; 7] = [
    Act { words: "Press {go.down} twice. Watch the why and the how follow.", done: |tour, _| tour.moves >= 2 },
    // Back to the list: the fifth task goes into an item from there.
    Act {
        words: "{go.pane} three times: into the why, into the how of it, and back.",
        done: |tour, seen| tour.how && seen.focus == Focus::List,
    },
    Act {
        words: "{go.backlog} opens the backlog: the stories in their order.",
        done: |_, seen| seen.view == "backlog",
    },
    Act { words: "{why} says why the story is there, up to the vision. {close} closes it.", done: |_, seen| seen.why },
    Act {
        words: "{go.roadmap}, {enter}, {go.down} to the problem, {edit} and a few words. Esc keeps them.",
        done: |tour, seen| seen.rev > tour.rev,
    },
    Act { words: "{undo} takes your change back, whatever it was.", done: |tour, _| tour.undone },
    Act { words: "{go.products}, then {add} starts your own product. {close} ends this tour.", done: |_, _| false },
];

/// The progress of the tour.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tour {
    at: usize,
    moves: usize,
    chosen: Option<Id>,
    rev: u64,
    undone: bool,
    /// The how pane has had the focus.
    how: bool,
}

impl Tour {
    pub fn new(seen: &Seen) -> Tour {
        Tour { chosen: seen.chosen, rev: seen.rev, ..Tour::default() }
    }

    /// The tour as it was left, at one of its tasks.
    pub fn at(act: usize, seen: &Seen) -> Tour {
        Tour { at: act.min(ACTS.len().saturating_sub(1)), ..Tour::new(seen) }
    }

    /// The current task, counted from 0.
    pub fn act(&self) -> usize {
        self.at
    }

    /// The tour's text; keys are filled in when it is shown.
    pub fn words(&self) -> String {
        let words = ACTS.get(self.at).map_or("", |act| act.words);
        format!("{}/{}  {words}", self.at.saturating_add(1), ACTS.len())
    }

    /// How many lines the text takes, with its keys filled in, beside the word `saving`.
    pub fn rows(words: &str, columns: u16) -> u16 {
        let room = usize::from(columns).saturating_sub(" saving  ".len());
        extent(wrap(words, room, 4).len())
    }

    /// Checks after each event whether the current task was done.
    pub fn look(&mut self, seen: &Seen) {
        if seen.chosen != self.chosen {
            self.chosen = seen.chosen;
            self.moves = self.moves.saturating_add(1);
        }
        self.how |= seen.focus == Focus::How;
        if self.at.saturating_add(1) < ACTS.len() && ACTS.get(self.at).is_some_and(|act| (act.done)(self, seen)) {
            *self = Tour { at: self.at.saturating_add(1), ..Tour::new(seen) };
        }
    }

    pub fn saw_undo(&mut self) {
        self.undone = true;
    }
}
