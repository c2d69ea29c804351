//! The screen without a terminal: events in, frames out. Tests drive it like this too.

use crate::actions::Context;
use crate::model::change::Step;
use crate::model::grammar::quoted;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Role;
use crate::model::rules::Refusal;
use crate::model::schema::{Conflict, Kind};
use crate::store::notice::NoticeKind;
use crate::store::session::{News, Session};
use crate::tui::mouse::Mouse;
use crate::tui::overlay::back_from_editor;
use crate::tui::overlay::editor::Editor;
use crate::tui::overlay::import_sheet::ImportSheet;
use crate::tui::overlay::keys_box::KeysBox;
use crate::tui::proposing::{asks_again, gone_with, lapsed_agreements, lost_words, to_tell, told};
use crate::tui::registry::REGISTRY;
use crate::tui::repeat::Repeat;
use crate::tui::settings::Layout;
use crate::tui::state::contract::{Commit, Group, HistoryWanted, Layer, LayerKind, Opening, Outcome, Say, TypedText};
use crate::tui::state::dispatch::perform;
use crate::tui::state::external::{Back, External};
use crate::tui::state::guard::{Aim, LateKeys};
use crate::tui::state::keymap::Bound;
use crate::tui::state::marks::Clicked;
use crate::tui::state::tour::Tour;
use crate::tui::state::ui::{Toast, Ui};
use crate::tui::term::clipboard::Clip;
use crate::tui::term::input::Input;
use crate::tui::term::key::Press;
use crate::tui::term::keyboard::on_latin;
use crate::tui::term::layout::SMALLEST;
use crate::tui::term::paint::Zones;
use crate::tui::term::text::clean;
use crate::tui::term::theme::Theme;
use crate::tui::widget::{changed_why, pane};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;
use std::path::PathBuf;
use std::sync::Arc;

/// What the loop must do besides drawing.
#[derive(Clone, PartialEq, Debug)]
pub enum LoopRequest {
    Nothing,
    /// Continue with another product.
    Open(Opening),
    Redraw,
    Mouse(bool),
    /// A text for the person's own editor.
    External(Box<External>),
    /// A text for the clipboard.
    Copy(Box<Clip>),
    /// An address for the browser.
    Browse(Box<Clip>),
    Suspend,
    Quit,
}

pub struct App {
    pub session: Session,
    pub ui: Ui,
    /// What a click means, by place, in the last frame.
    pub zones: Zones,
    pub(super) mouse: Mouse,
    repeat: Repeat,
    late: LateKeys<Box<dyn Layer>>,
}

impl App {
    pub fn new(session: Session, theme: Theme, news: Vec<News>) -> App {
        let mut ui = Ui::new(theme, session.role, &session.by, &REGISTRY);
        ui.today = session.now().day();
        ui.settle(session.product());
        if ui.place().chosen.is_none() {
            ui.choose(0);
        }
        let mut app = App {
            session,
            ui,
            zones: Zones::default(),
            mouse: Mouse::default(),
            repeat: Repeat::default(),
            late: LateKeys::default(),
        };
        app.tell_of_the_files(news);
        app
    }

    /// From now on, keys with shorter pauses between them are one burst: what follows a refusal in it is ignored.
    pub fn ignore_bursts(&mut self, pause: std::time::Duration) {
        self.late.burst = Some(pause);
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.ui.window = Rect::new(0, 0, columns, rows);
        self.prepare();
        self.ui.settle(self.session.product());
    }

    /// A key press. Terminals send Alt and a letter as Esc and the letter: where Alt means nothing, these are two keys.
    pub fn key(&mut self, event: KeyEvent) -> LoopRequest {
        self.ui.slots.take::<Clicked>();
        let Some(letter) = self.behind_esc(event) else { return self.press(event) };
        match self.press(KeyEvent::from(KeyCode::Esc)) {
            LoopRequest::Nothing => self.press(letter),
            wish => wish,
        }
    }

    /// The letter of an Alt key that is to be taken as Esc and the letter. In a box it has to be
    /// one that only moves: a chord that means nothing in a text changes nothing below it.
    fn behind_esc(&self, event: KeyEvent) -> Option<KeyEvent> {
        let KeyCode::Char(c) = event.code else { return None };
        let letter = KeyEvent::new(event.code, event.modifiers.difference(KeyModifiers::ALT));
        if !event.modifiers.contains(KeyModifiers::ALT) || Press::from(letter).ctrl {
            return None;
        }
        let moves = |bound: Bound| matches!(bound, Bound::Command(command) if command.group == Group::Move);
        let is_two = match self.ui.top() {
            Some(top) => !top.binds_alt(c) && moves(self.ui.keymap.first(Press::from(letter))),
            None => true,
        };
        is_two.then_some(letter)
    }

    fn press(&mut self, event: KeyEvent) -> LoopRequest {
        let press = self.meant(Press::from(event));
        if let Some(number) = self.late.more_of(|input| input.goes_on_with(press)) {
            self.ui.layers.push(number);
            self.take_aim();
        }
        let was_empty = self.ui.layers.is_empty();
        let moves = matches!(self.ui.keymap.first(press), Bound::Command(command) if command.name.starts_with("move."));
        // A key that was refused and is pressed once more is no sentence.
        let again = self.ui.last_press == Some(press) && !press.letter().is_some_and(char::is_alphabetic);
        if self.late.is_late(press, moves || again && self.late.ignored() == 0) {
            self.tell_of_late_keys();
            return LoopRequest::Nothing;
        }
        let before = (self.ui.view, self.ui.toast.clone());
        let leaving = self.ui.leaving;
        if !self.ui.keymap.touches("quit", press) {
            self.ui.leaving = false;
        }
        if !self.ui.keymap.touches("confirm", press) {
            self.ui.accepting = false;
        }
        if !self.ui.keymap.touches("delete", press) {
            self.ui.sure.clear();
        }
        let trouble = matches!(self.ui.toast, Some(Toast::Trouble(_)));
        if !trouble || press.code == KeyCode::Esc || leaving {
            self.ui.let_toast_go();
        }
        self.ui.last_press = Some(press);
        self.ui.today = self.session.now().day();
        if self.is_too_small() {
            return self.key_when_small(press);
        }
        self.repeat.note(self.ui.layers.is_empty(), Input::Key(press, event));
        (self.ui.refused, self.ui.refusal_stays) = (false, false);
        let outcome = if self.ui.layers.is_empty() { self.bound(press) } else { self.layer(&Input::Key(press, event)) };
        self.ui.refused |= matches!(outcome, Outcome::Say(Toast::Trouble(_)));
        let wish = self.after(outcome);
        // What was said in another view would cover the figures of this one.
        // And what was said of a box ends with it.
        let left_box = press.code == KeyCode::Esc && !was_empty && self.ui.layers.is_empty();
        let is_stale = self.ui.view != before.0 || left_box;
        if is_stale && self.ui.toast == before.1 && matches!(self.ui.toast, Some(Toast::Word(_))) {
            self.ui.toast = None;
        }
        match self.ui.layers.is_empty() {
            true if self.ui.refused => self.late.refused(),
            // What opened after the last box takes what is typed on.
            false => self.late.listens(),
            true => {}
        }
        wish
    }

    /// Keys typed on after a refusal are told once, beside it.
    fn tell_of_late_keys(&mut self) {
        const WORDS: &str = "What you typed after that was ignored.";
        match &mut self.ui.toast {
            _ if self.late.ignored() != 1 => {}
            Some(Toast::Word(text) | Toast::Trouble(text)) => text.extend([" ", WORDS]),
            None => self.ui.say("What you typed was ignored: it came right after a refusal."),
        }
    }

    /// A letter of another keyboard layout for the key it lies on, where nothing else is bound to it and nobody types.
    fn meant(&self, press: Press) -> Press {
        if self.ui.settings.layout == Layout::Off {
            return press;
        }
        match self.ui.top() {
            None if matches!(self.ui.keymap.first(press), Bound::Nothing) => on_latin(press).unwrap_or(press),
            None => press,
            Some(top) => top.meant(press, &self.ui.keymap),
        }
    }

    /// When the next frame is due even without an event.
    pub fn wakes_in(&self) -> Option<std::time::Duration> {
        let keys = self.ui.top().and_then(|top| top.waits(&self.ui));
        [keys, self.refreshes_in(), self.ui.toast_goes_in()].into_iter().flatten().min()
    }

    /// When the layer on top has something new to draw.
    pub fn refreshes_in(&self) -> Option<std::time::Duration> {
        self.ui.top().and_then(|top| top.refreshes_in())
    }

    pub fn paste(&mut self, text: String) -> LoopRequest {
        self.repeat.note(self.ui.layers.is_empty(), Input::Paste(text.clone()));
        let outcome = if self.ui.layers.is_empty() {
            crate::tui::commands::edit::paste(&mut self.ui, self.session.product(), &text)
        } else {
            self.layer(&Input::Paste(text))
        };
        self.after(outcome)
    }

    fn is_too_small(&self) -> bool {
        self.ui.window.width < SMALLEST.0 || self.ui.window.height < SMALLEST.1
    }

    fn key_when_small(&mut self, press: Press) -> LoopRequest {
        let again = std::mem::take(&mut self.ui.leaving);
        self.ui.leaving = self.ui.keymap.touches("quit", press);
        if again && self.ui.leaving { self.leave(LoopRequest::Quit) } else { LoopRequest::Nothing }
    }

    pub(super) fn context(&mut self) -> Context {
        let ids = self.session.id_source();
        Context { role: self.session.role, by: self.session.by.clone(), now: self.session.now(), ids }
    }

    fn bound(&mut self, press: Press) -> Outcome {
        self.ui.aim = None;
        match self.ui.keymap.first(press) {
            Bound::Command(command) => {
                let mut context = self.context();
                perform(command, &mut self.ui, self.session.product(), &mut context)
            }
            Bound::Prefix => {
                self.ui.boxes = self.ui.boxes.saturating_add(1);
                self.ui.open(KeysBox::new(press))
            }
            Bound::Nothing => {
                // The first letter of a sentence often means nothing; the others would.
                self.ui.refused |= press.letter().is_some_and(char::is_alphabetic);
                Outcome::say(format!("{press} does nothing here. {{tick}} ticks, {{delete}} deletes, {{help}} keys."))
            }
        }
    }

    pub(super) fn layer(&mut self, input: &Input) -> Outcome {
        let now = pane::row_under_cursor(&self.ui, self.session.product());
        if let Some(aim) = &mut self.ui.aim {
            aim.pane_moved = aim.pane_row.is_some() && aim.pane_row != now;
        }
        let Some(top) = self.ui.layers.pop() else { return Outcome::Nothing };
        let mut context = self.context();
        let types = input.press().is_some_and(|press| press.letter().is_some());
        let (kind, at_once) = (top.kind(), input.press().is_some_and(|press| top.takes_at_once(press)));
        let (stays, outcome) = top.input(input, &mut self.ui, self.session.product(), &mut context);
        match stays {
            Some(layer) => self.ui.layers.push(layer),
            // Whoever knew the digit of a choice goes on with commands; only the rest of a number or a date is late.
            None if at_once && !matches!(outcome, Outcome::Say(Toast::Trouble(_))) => {
                self.late.took_a_value(input.press().is_some_and(is_digit));
            }
            // Whoever is still typing does not mean commands, nor does whoever left a text with Tab.
            None if (types && kind != LayerKind::Sequence || left_by_tab(kind, input)) && self.ui.layers.is_empty() => {
                self.late.refused();
            }
            None => {}
        }
        outcome
    }

    pub(super) fn after(&mut self, outcome: Outcome) -> LoopRequest {
        let before = self.ui.toast.clone();
        let wish = self.obey(outcome);
        self.note_unsaved();
        if self.ui.toast != before {
            self.ui.note_toast();
        }
        self.prepare();
        self.ui.settle(self.session.product());
        self.take_aim();
        if let Some(mut tour) = self.ui.tour.take() {
            tour.look(&self.ui.seen(self.session.product()));
            self.ui.tour = Some(tour);
        }
        wish
    }

    /// A layer that opens began on what is selected now.
    fn take_aim(&mut self) {
        if self.ui.layers.is_empty() {
            self.ui.aim = None;
        } else if self.ui.aim.is_none() {
            let place = self.ui.place();
            let (chosen, ticked) = (place.chosen, !self.ui.ticked.is_empty());
            let pane_row = pane::row_under_cursor(&self.ui, self.session.product());
            self.ui.aim = Some(Aim { view: self.ui.view, chosen, ticked, pane_row, pane_moved: false });
        }
    }

    fn obey(&mut self, outcome: Outcome) -> LoopRequest {
        match outcome {
            Outcome::Nothing => {}
            Outcome::Say(toast) => self.ui.toast = Some(toast),
            Outcome::Commit(commit) => self.commit(commit),
            Outcome::Undo => {
                let done = self.session.undo();
                self.ui.tour.iter_mut().for_each(Tour::saw_undo);
                self.turned("Undone", "{redo} does it again", done);
            }
            Outcome::Repeat => return self.repeat(),
            Outcome::Redo => {
                let done = self.session.redo();
                self.turned("Redone", "{undo} takes it back", done);
            }
            Outcome::SitDown(role, name) => {
                let same = name == self.ui.by;
                // Who had no name of their own is the same person under the new one; another name is somebody else.
                let is_unnamed = self.has_no_name() && role == self.ui.role;
                let seats = if same || !is_unnamed { Vec::new() } else { self.seats_of(role) };
                let done = match (same, seats.is_empty()) {
                    (true, _) => Ok(()),
                    (false, true) => self.session.sit_down(&name),
                    (false, false) => self.session.rename(&name),
                };
                match done {
                    Ok(()) => {
                        (self.session.role, self.ui.role) = (role, role);
                        self.ui.by = name;
                        self.name_seats(&seats);
                        self.take_over();
                        self.ui.show_rows(self.session.product());
                        let who = if same { String::new() } else { format!("{}, ", clean(&self.ui.by)) };
                        self.ui.say(format!("You are {who}{} now.", role.label()));
                    }
                    Err(refusal) => self.ui.trouble(format!("{refusal:#}")),
                }
            }
            Outcome::Open(opening) => return self.leave(LoopRequest::Open(opening)),
            Outcome::AbandonFor(opening) => return LoopRequest::Open(opening),
            Outcome::External(external) => return LoopRequest::External(external),
            Outcome::Copy(clip) => return LoopRequest::Copy(clip),
            Outcome::Browse(clip) => return LoopRequest::Browse(clip),
            Outcome::Redraw => return LoopRequest::Redraw,
            Outcome::Mouse(on) => {
                return LoopRequest::Mouse(on);
            }
            Outcome::Suspend => return LoopRequest::Suspend,
            Outcome::SaveElsewhere(path) => self.save_elsewhere(path),
            Outcome::BringBack => self.bring_steps_back(),
            Outcome::Quit => return self.leave(LoopRequest::Quit),
            Outcome::Abandon => return LoopRequest::Quit,
        }
        LoopRequest::Nothing
    }

    /// Takes in the result of the user's own editor.
    pub fn back_from_editor(&mut self, external: External, back: Back) {
        self.ui.today = self.session.now().day();
        let outcome = back_from_editor::taken(&external, back, &mut self.ui, self.session.product());
        self.after(outcome);
    }

    /// Replays the keys of the last change.
    fn repeat(&mut self) -> LoopRequest {
        if self.repeat.is_repeating() {
            return LoopRequest::Nothing;
        }
        let Some(inputs) = self.repeat.begin() else {
            self.ui.say("There is no change to repeat yet.");
            return LoopRequest::Nothing;
        };
        for input in inputs {
            match input {
                Input::Key(_, event) => self.key(event),
                Input::Paste(text) => self.paste(text),
                Input::Click(_) => LoopRequest::Nothing,
            };
        }
        // An overlay that the change left open is not wanted again.
        for _ in 0..8 {
            if self.ui.layers.is_empty() {
                break;
            }
            self.key(KeyEvent::from(KeyCode::Esc));
        }
        self.repeat.end();
        LoopRequest::Nothing
    }

    fn commit(&mut self, commit: Commit) {
        let Commit { step, choose, say, then, lesson, fence, retry, more, proposes } = commit;
        let line = self.ui.in_line();
        more.into_iter().for_each(|input| self.late.took_a_number(input));
        if step.is_empty() {
            self.ui.toast = say.map(|say| Toast::Word(say.sentence(None))).or(self.ui.toast.take());
        } else {
            let mut step = step;
            let context = self.context();
            let along = self.ui.screen().along;
            step.changes.extend(along(&self.ui, self.session.product(), &step, &context));
            let (step, proposed) = match self.across(step, proposes) {
                Ok(parts) => parts,
                Err(refusal) => return self.refuse(&refusal, retry),
            };
            let mut step = step;
            let takes_over = self.takes_over();
            let partly = !step.changes.iter().all(|change| change.kind() == Kind::Proposal);
            let label = step.label.clone();
            let made: Vec<Id> = step.created().map(|(_, id)| id).collect();
            let back = self.changed_back(&step);
            step.changes.extend(takes_over.into_iter().chain(back.iter().cloned()));
            let written = match self.session.commit(step, fence) {
                Ok(written) => written,
                Err(refusal) => return self.refuse(&refusal, retry),
            };
            self.repeat.changed();
            let product = self.session.product();
            let name = match made.as_slice() {
                [one] => Some(product.name_of(*one)),
                _ => None,
            };
            let say = say.unwrap_or_else(|| match name {
                Some(_) => Say::Added(". {undo} takes it back.".to_string()),
                None => Say::Words(format!("{label}. {{undo}} takes it back.")),
            });
            let word = match proposed.is_empty() {
                true => say.sentence(name.as_deref()),
                false => told(product, &proposed, &written, partly.then_some(&label)),
            };
            let asks =
                asks_again(product, &written) + &lapsed_agreements(product, &written) + &to_tell(product, &written);
            let asks = self.note_whys(&written, &back) + &asks;
            let product = self.session.product();
            let hidden = self.ui.left_alone(product, &written);
            self.ui.say(word + &hidden + &asks + &lesson);
        }
        self.ui.settle(self.session.product());
        if let Some(id) = choose {
            self.ui.show_made(self.session.product(), id);
        }
        self.ui.go_on(line);
        if let Some(then) = then {
            then(&mut self.ui, self.session.product());
        }
    }

    /// Says why a step was not taken; what was typed opens again.
    fn refuse(&mut self, refusal: &Refusal, retry: Option<Box<dyn Layer>>) {
        self.ui.trouble(format!("{refusal:#}"));
        self.ui.refused = true;
        self.ui.layers.extend(retry);
    }

    fn turned(&mut self, word: &str, back: &str, done: Result<(String, Step), Refusal>) {
        match done {
            Ok((label, step)) if step.is_empty() => {
                self.ui.say(format!("{word}: {}. It was already so.", quoted(&label)))
            }
            Ok((label, step)) => {
                let product = self.session.product();
                self.ui.settle(product);
                // The cursor jumps to what changed, where this view shows it.
                if let Some(change) =
                    step.changes.iter().find(|change| self.ui.rows.rows.iter().any(|row| row.id == change.id))
                {
                    self.ui.choose_id(change.id);
                }
                let (gone, theirs) = gone_with(product, &step, &self.ui.by);
                let word = format!("{word}: {}.{gone} {back}.", quoted(&label));
                if theirs { self.ui.say_whole(word) } else { self.ui.say(word) }
            }
            Err(refusal) => self.ui.say_whole(format!("{refusal:#}")),
        }
    }

    /// The sample was opened for the first time: shows the PM's roadmap and starts the tour.
    pub fn begin_tour(&mut self, role: Role) {
        (self.session.role, self.ui.role) = (role, role);
        if let Some(view) = REGISTRY.named("roadmap") {
            self.ui.go(view);
        }
        self.ui.settle(self.session.product());
        if self.ui.place().chosen.is_none() {
            self.ui.choose(0);
        }
        self.ui.tour = Some(Tour::new(&self.ui.seen(self.session.product())));
    }

    /// Starts with a look at what a file would bring.
    pub fn begin_import(&mut self, path: PathBuf) {
        self.ui.toast = None;
        let context = self.context();
        let sheet = ImportSheet::of(vec![path], &self.ui, self.session.product(), &context).into_new();
        let outcome = self.ui.open(sheet);
        self.after(outcome);
    }

    /// Starts with the list of products.
    pub fn show_products(&mut self) {
        if let Some(view) = REGISTRY.named("products") {
            self.ui.go(view);
        }
        self.prepare();
        self.ui.settle(self.session.product());
    }

    /// The text being typed, for the side file that brings it back after a crash.
    pub fn draft(&self) -> Option<TypedText> {
        self.ui.top()?.draft()
    }

    /// Puts a text that was being typed when the program ended back into its field.
    pub fn bring_back(&mut self, draft: TypedText) {
        let product = self.session.product();
        let Some(id) = draft.record else {
            if let Some(line) = crate::tui::commands::edit::title_line(&self.ui, product, &draft.text) {
                self.ui.layers.push(Box::new(line));
                return self.ui.say("The title you were typing is back. Enter adds it, Esc leaves it.");
            }
            self.ui.line_history.keep("add", &draft.text);
            return self.ui.say("The title you were typing is kept: a, then ↑ brings it back.");
        };
        let kind = product.find(id).filter(|record| record.is_alive()).map(|record| record.kind());
        match kind.and_then(|kind| kind.field(&draft.field)) {
            Some(field) => {
                self.ui.to_record(product, id);
                Editor::open_with(&mut self.ui, product, id, field, &draft.text);
                self.ui.say("The text you were typing is back. Esc keeps it, Ctrl-C discards it.");
            }
            None => {
                self.ui.line_history.keep("add", &draft.text);
                self.ui.say("The record you were editing is gone; ↑ in a new line brings back your text.");
            }
        }
    }

    /// Keeps the text being typed, because a signal is about to end the program.
    pub fn keep_text(&mut self) {
        let Some(press) = self.ui.top().and_then(|top| top.keep_key()) else { return };
        self.key(KeyEvent::from(press));
    }

    /// Waits until everything is on disk or the time is up, and handles the writer's events.
    pub fn settle(&mut self, limit: std::time::Duration) {
        let news = self.session.wait_saved(limit);
        self.tell(news);
        self.poll();
        self.prepare();
        self.ui.settle(self.session.product());
    }

    /// What a view shows beside the product: the history, the other products.
    fn prepare(&mut self) {
        let open = self.ui.view;
        for (view, screen) in REGISTRY.screens.iter().enumerate() {
            (screen.visit)(&mut self.ui, view == open);
        }
        if changed_why::is_wanted(&self.ui, self.session.product()) {
            self.session.want_history();
            let history = self.session.history();
            changed_why::know(&mut self.ui, history.entries(), history.is_coming());
        }
        match (self.ui.screen().history)(&self.ui) {
            HistoryWanted::Whole => {
                self.session.want_history();
                self.ui.past = self.session.history().entries();
                self.ui.past_is_coming = self.session.history().is_coming();
            }
            HistoryWanted::Recent => self.ui.past = self.session.history().entries(),
            // The list of products is only a stop on the way.
            HistoryWanted::No if self.ui.screen().tab => self.ui.past = Arc::default(),
            HistoryWanted::No => {}
        }
    }

    /// Handles the writer's events. Returns true if the screen changed.
    pub fn poll(&mut self) -> bool {
        let gone = self.ui.toast_goes_in().is_some_and(|left| left.is_zero());
        if gone {
            self.ui.let_toast_go();
        }
        let read = gone | self.session.poll_history() | self.ui.products.poll();
        let told = self.poll_writer();
        if read || told {
            self.prepare();
            self.ui.settle(self.session.product());
        }
        read || told
    }

    fn poll_writer(&mut self) -> bool {
        let busy = self.session.is_busy();
        let saved = self.session.saved();
        let news = self.session.poll();
        let changed = !news.is_empty() || busy != self.session.is_busy() || saved != self.session.saved();
        self.tell(news);
        self.note_unsaved();
        if changed {
            self.ui.settle(self.session.product());
        }
        changed
    }

    pub(super) fn tell(&mut self, news: Vec<News>) {
        // Rows of the history are found by their place in it.
        self.prepare();
        let product = self.session.product();
        for one in news {
            match one {
                News::Others(entry) => {
                    let who = clean(&entry.by).into_owned();
                    let mine = lost_words(product, &entry.step, &self.ui.by).filter(|_| entry.undoes.is_some());
                    let word = format!("{who}, other window: {}.", entry.told());
                    if let Some(lost) = mine {
                        self.ui.trouble(format!("{word} {lost}"));
                        continue;
                    }
                    match entry.step.created().any(|(kind, _)| kind == Kind::Conflict) {
                        true => self.ui.trouble(format!(
                            "{word} It was changed twice; both values are kept: {{conflict.choose}} chooses."
                        )),
                        false => self.ui.report(word),
                    }
                }
                News::Refused(refusal) => {
                    self.ui.trouble(format!("Not taken: {refusal:#}"));
                    self.ui.note_toast();
                    self.ui.refusal_stays = true;
                }
                News::Left(cells) => {
                    self.ui.report(format!("Left as it is, because it has changed since: {}.", cells.join(", ")))
                }
                News::Conflict(ids) => {
                    let what: Vec<String> = ids.iter().filter_map(|id| met(product, *id)).collect();
                    let what = if what.is_empty() { "A value".to_string() } else { what.join(", ") };
                    self.ui.trouble(format!(
                        "{what} was changed twice. Both values are kept: {{conflict.choose}} chooses."
                    ));
                }
                News::Notice(notice) => match notice.kind {
                    // What was on the screen is gone; the reason must not be missed.
                    NoticeKind::FilesReplaced => self.ui.trouble(notice.text),
                    _ => self.ui.report(notice.text),
                },
            }
            // A refusal stays as long as any other message, even if the one before was about to go.
            if !self.ui.refusal_stays && matches!(self.ui.toast, Some(Toast::Trouble(_))) {
                self.ui.note_toast();
            }
        }
        self.ui.settle(product);
    }
}

/// Tab went on from a text, and nothing followed.
fn left_by_tab(kind: LayerKind, input: &Input) -> bool {
    kind == LayerKind::Editor && input.press().is_some_and(|press| press.code == KeyCode::Tab)
}

fn is_digit(press: Press) -> bool {
    press.letter().is_some_and(|c| c.is_ascii_digit())
}

/// The cell in which two values met: `Title of S24`.
fn met(product: &Product, conflict: Id) -> Option<String> {
    let one = product.get::<Conflict>(conflict)?;
    let record = product.find(one.record?)?;
    let field = record.kind().field(&one.field)?;
    Some(field.head_of(record.name()))
}
