//! Somebody types whole sentences into whatever is open, while another window moves, renames and deletes the rows under
//! half-pressed keys: whatever is changed is the record that was chosen, or a new one, and no sentence runs as commands.

use crate::harness::scratch::Hand;
use crate::harness::stage::{Stage, open_as};
use crossterm::event::{KeyCode, KeyEvent};
use std::time::{Duration, Instant};
use whyhow::actions::edit;
use whyhow::json;
use whyhow::model::id::Id;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, Kind};
use whyhow::store::products::Data;
use whyhow::store::writer::Writer;
use whyhow::tui::term::theme::Theme;

/// What begins something on the chosen row, and how it goes on.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// A key of a sequence; the rest of it follows.
    Half(&'static str),
    /// An open box or line, into which a sentence is typed; Enter ends it.
    Words,
    /// A box that takes a number.
    Number,
    /// A refusal: the person has not seen it yet and types on.
    Refused,
}

const BEGINNINGS: &[(&str, Way)] = &[
    ("d", Way::Half("d")),
    ("d", Way::Half("n")),
    ("m", Way::Half("t")),
    ("m", Way::Half("b")),
    ("s", Way::Half("b“Waits for Ilse”<enter>")),
    (":“delete”", Way::Half("<enter>")),
    (":“to top”", Way::Half("<enter>")),
    ("e", Way::Words),
    ("c", Way::Words),
    ("sb", Way::Words),
    ("sl", Way::Words),
    ("so", Way::Words),
    ("a", Way::Words),
    ("A", Way::Words),
    ("p", Way::Number),
    ("sv", Way::Number),
    ("sm", Way::Refused),
    ("ms", Way::Refused),
];

const SENTENCES: &[&str] = &[
    "done by friday, says Ilse",
    "undo the second one: it is wrong",
    "quit asking; delete nothing",
    "Vera said “yes”, not no",
    "why 9 and not 10?",
    "move it to the top / or drop it",
    "zoom + raise - lower",
    "Über 20 % más",
];

struct Play {
    stage: Stage,
    writer: Writer,
    other: Hand,
    random: fastrand::Rng,
}

impl Play {
    fn new(seed: u64) -> Play {
        let mut stage = Stage::empty(110, 30, Role::Both);
        assert!(stage.app.take().unwrap().session.close());
        stage.app = Some(open_as("Omar", stage.data.path(), Role::Both, 110, 30, Theme::plain()));
        stage.app().ignore_bursts(Duration::from_secs(30));
        let folder = Data(stage.data.path().to_path_buf()).list().remove(0).folder;
        let mut play = Play {
            stage,
            writer: Writer::open(folder).unwrap(),
            other: Hand::new(seed + 7, "Zoe"),
            random: fastrand::Rng::with_seed(seed),
        };
        for n in 0..5 {
            play.other.added(&mut play.writer, Kind::BacklogItem, &[("title", json!(format!("Row {n}")))]);
        }
        play.heard();
        play.stage.keys("3");
        play
    }

    /// Waits until the first window shows what the second has written.
    fn heard(&mut self) {
        let begun = Instant::now();
        loop {
            self.stage.app().session.look();
            self.stage.app().poll();
            self.writer.follow().unwrap();
            if self.stage.app().session.product() == self.writer.product() {
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "the windows never agree");
            std::thread::yield_now();
        }
    }

    fn rows(&self) -> Vec<Id> {
        self.writer.product().all::<BacklogItem>().filter(|item| item.status.is_open()).map(|item| item.id).collect()
    }

    /// The other window does something to a row.
    fn disturb(&mut self) {
        let rows = self.rows();
        let (Some(one), kind) = (self.random.choice(&rows).copied(), Kind::BacklogItem) else { return };
        let product = self.writer.product();
        let step = match self.random.u8(..5) {
            0 if rows.len() > 3 => edit::delete(product, &[one]).unwrap(),
            1 => edit::reorder(product, kind, &[one], edit::Place::Top).unwrap(),
            2 => edit::reorder(product, kind, &[one], edit::Place::Bottom).unwrap(),
            3 => {
                let title = kind.title_field().unwrap();
                edit::set(product, &[one], title, &json!(format!("Renamed {}", self.random.u16(..)))).unwrap()
            }
            _ => {
                self.other.added(&mut self.writer, kind, &[("title", json!("New at the top"))]);
                let last = self.rows().last().copied().unwrap();
                edit::reorder(self.writer.product(), kind, &[last], edit::Place::Top).unwrap()
            }
        };
        if step.is_empty() {
            return;
        }
        let (last, _) = self.other.saved(&mut self.writer, step);
        // The first window hears of it at once.
        let begun = Instant::now();
        while !self.is_heard(last) {
            self.stage.app().session.look();
            self.stage.app().poll();
            assert!(begun.elapsed() < Duration::from_secs(20));
        }
    }

    fn is_heard(&mut self, last: Id) -> bool {
        let entries = self.stage.app().session.history().entries();
        entries.iter().rev().any(|entry| entry.id == last)
    }

    fn once(&mut self) {
        self.stage.keys("<esc><esc><esc>");
        if self.stage.app().ui.screen().name != "backlog" {
            self.stage.keys("3");
        }
        while self.rows().len() < 5 {
            self.other.added(&mut self.writer, Kind::BacklogItem, &[("title", json!("One more"))]);
        }
        self.heard();
        for _ in 0..self.random.usize(..6) {
            let key = *self.random.choice(&[KeyCode::Up, KeyCode::Down]).unwrap();
            self.stage.press(KeyEvent::from(key));
        }
        if self.random.u8(..4) == 0 {
            self.stage.keys("<space><space>");
        }
        let (begin, way) = *self.random.choice(BEGINNINGS).unwrap();
        let ui = &self.stage.app().ui;
        // A title is edited in the row under the cursor, whatever is ticked.
        let chosen: Vec<Id> = match ui.ticked.is_empty() || begin == "e" {
            true => ui.place().chosen.into_iter().collect(),
            false => ui.ticked.iter().copied().collect(),
        };
        let (view, past) = (self.stage.app().ui.view, self.stage.app().session.history().entries().len());
        self.stage.keys(begin);
        if self.random.bool() {
            self.disturb();
        }
        let sentence = *self.random.choice(SENTENCES).unwrap();
        match way {
            Way::Half(rest) => drop(self.stage.keys(rest)),
            Way::Number => drop(self.stage.keys("“3”<enter>")),
            Way::Words | Way::Refused => {
                for c in sentence.chars() {
                    self.stage.press(KeyEvent::from(KeyCode::Char(c)));
                }
                self.stage.keys("<enter>");
            }
        }
        self.stage.settle();
        self.judge(&chosen, begin, way, sentence, view, past);
        self.stage.keys("<esc><esc><esc>");
        self.heard();
    }

    /// Whatever this window changed is what had been chosen, or new.
    fn judge(&mut self, chosen: &[Id], begin: &str, way: Way, sentence: &str, view: usize, past: usize) {
        let entries = self.stage.app().session.history().entries();
        let mine: Vec<_> = entries.iter().skip(past).filter(|entry| entry.by == "Omar").cloned().collect();
        let what = format!(
            "{begin} {way:?} {sentence:?} on {chosen:?}: {:?}",
            mine.iter().map(|one| &one.step.label).collect::<Vec<_>>()
        );
        let screen = self.stage.screen();
        assert!(mine.len() <= 1, "more than one act: {what}\n{screen}");
        if let Way::Refused = way {
            assert!(mine.is_empty() && self.stage.app().ui.view == view, "{what}\n{screen}");
        }
        for entry in &mine {
            let created: Vec<Id> = entry.step.created().map(|(_, id)| id).collect();
            for change in &entry.step.changes {
                let is_meant = chosen.contains(&change.id) || created.contains(&change.id);
                assert!(
                    is_meant || change.field.key == "last_numbers",
                    "{} of {} was not chosen: {what}\n{screen}",
                    change.field.label,
                    change.id
                );
            }
        }
        assert!(
            matches!(way, Way::Half(_)) || self.stage.app().ui.view == view,
            "the view has changed: {what}\n{screen}"
        );
    }
}

fn plays(seed: u64, count: usize) {
    let mut play = Play::new(seed);
    for _ in 0..count {
        play.once();
    }
}

#[test]
fn nobody_acts_on_a_row_they_had_not_chosen() {
    for seed in 0..4 {
        plays(seed, 60);
    }
}

#[test]
#[ignore = "ten thousand plays take minutes; run it before a release"]
fn nobody_acts_on_a_row_they_had_not_chosen_at_length() {
    for seed in 100..200 {
        plays(seed, 100);
    }
}
