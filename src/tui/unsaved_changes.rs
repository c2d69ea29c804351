//! Unsaved changes of an open product and damage in its files: messages, questions, and copies in another folder.

use crate::model::grammar::count;
use crate::store::products::Data;
use crate::store::session::{News, Saved};
use crate::tui::app::{App, LoopRequest};
use crate::tui::commands::save_elsewhere::before_leaving;
use crate::tui::overlay::ask::Ask;
use crate::tui::state::contract::{Opening, Outcome};
use crate::tui::state::ui::Unsaved;
use std::path::PathBuf;

/// Nobody reads more letters than this in a status line.
const A_LINE: usize = 110;

impl App {
    /// Leaves if everything is on disk; else asks first.
    pub(super) fn leave(&mut self, wish: LoopRequest) -> LoopRequest {
        if self.session.saved() == Saved::Saving {
            // Writes under way get a moment to finish.
            self.settle(std::time::Duration::from_secs(1));
        }
        self.note_unsaved();
        let in_danger = self.session.is_busy() && self.session.copy().is_none();
        let unsaved = self.ui.unsaved.clone().unwrap_or_else(|| Unsaved {
            why: "the disk has not answered yet".to_string(),
            waiting: self.session.waiting(),
            is_gone: false,
            is_final: self.session.read_only().is_some(),
        });
        match (in_danger, wish) {
            (false, wish) => wish,
            (true, wish) => {
                let then = match wish {
                    LoopRequest::Open(opening) => Outcome::AbandonFor(opening),
                    _ => Outcome::Abandon,
                };
                self.ui.open(before_leaving(&unsaved, then));
                LoopRequest::Nothing
            }
        }
    }

    pub(super) fn save_elsewhere(&mut self, path: PathBuf) {
        let place = path.display().to_string();
        match self.session.copy_to(&Data(path)) {
            Ok(copied) if self.session.folder() == &copied.folder => {
                self.ui
                    .say(format!("The folder was recreated, with everything you see: {}.", copied.folder.0.display()));
            }
            Ok(copied) => {
                let name = copied.name;
                self.ui.say(format!(
                    "Everything you see is saved in {place}. whyhow --data {place:?} --product {name:?} opens it."
                ));
            }
            Err(error) => {
                self.ui.trouble(format!("{error} {{save.elsewhere}} tries another folder."));
            }
        }
    }

    /// Brings back saved steps that replaced files lack.
    pub(super) fn bring_steps_back(&mut self) {
        match self.session.bring_back() {
            Ok(taken) => self.ui.say(format!("Brought back: {}. History shows them.", count(taken, "step", "steps"))),
            Err(refusal) => self.ui.trouble(refusal.to_string()),
        }
    }

    /// Tracks whether what is shown is on disk, and reports a change.
    pub(super) fn note_unsaved(&mut self) {
        let why = match (self.session.saved(), self.session.read_only()) {
            (Saved::No(why), _) => Some(why),
            (_, Some(why)) => Some(why.to_string()),
            _ => None,
        };
        let is_gone = why.is_some() && !self.session.folder().0.is_dir();
        let is_final = self.session.read_only().is_some();
        let now = why.map(|why| Unsaved { why, waiting: self.session.waiting(), is_gone, is_final });
        let before = std::mem::replace(&mut self.ui.unsaved, now);
        let in_danger = |unsaved: &Option<Unsaved>| unsaved.as_ref().is_some_and(|unsaved| unsaved.waiting > 0);
        match (in_danger(&before), in_danger(&self.ui.unsaved)) {
            (false, true) => {
                let why = self.ui.unsaved.as_ref().map(|unsaved| unsaved.why.clone()).unwrap_or_default();
                let kept = match is_final {
                    true => "What you see is kept until you leave, and cannot be saved here",
                    false => "What you see is kept and retried automatically",
                };
                self.ui.trouble(format!("Not on disk: {why}. {kept}; {{save.elsewhere}} saves it elsewhere."));
                self.ui.note_toast();
            }
            (true, false) if !self.session.is_busy() => self.ui.report(match self.ui.refusal_stays {
                true => "Everything else is on disk again.",
                false => "Everything is on disk again.",
            }),
            _ => {}
        }
    }

    /// Shows something that must be read first.
    pub fn show_once(&mut self, title: &str, words: &str) {
        let ask = Ask::new(title, words).or("Go on", |_, _, _| Outcome::Nothing);
        self.ui.open(ask);
        self.ui.messages.push_back(words.to_string());
    }

    /// Reports what was found on opening: in a box if a line is too short; damage comes with a choice of actions.
    pub(super) fn tell_of_the_files(&mut self, news: Vec<News>) {
        let notices: Vec<&str> = news
            .iter()
            .filter_map(|one| if let News::Notice(notice) = one { Some(&*notice.text) } else { None })
            .collect();
        let words = notices.join(" ");
        let ask = if self.session.is_damaged() {
            Ask::new("Part of the files is unreadable", &words)
                .or("Look at what is readable; nothing is written", |_, _, _| Outcome::Nothing)
                .or("Make a sound copy beside it and go on there", |_, _, _| Outcome::Open(Opening::Repaired))
        } else if words.len() > A_LINE {
            return self.show_once("Found in the files", &words);
        } else {
            return self.tell(news);
        };
        self.ui.open(ask);
        self.ui.messages.push_back(words);
        self.note_unsaved();
    }
}
