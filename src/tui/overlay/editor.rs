//! A field's text, edited in its pane. Esc keeps it, Tab keeps it and goes on, Ctrl-C discards it.

use crate::actions::Context;
use crate::actions::proposal::{ProposeAs, accept};
use crate::insight::date_parser;
use crate::insight::proposals::latest_by;
use crate::insight::ready::is_ready_field;
use crate::model::change::Change;
use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::schema::Kind;
use crate::model::value::{Day, Life, Shape, Value};
use crate::tui::overlay::add_line::AddLine;
use crate::tui::overlay::own_wish::{own_wish, withdrawn};
use crate::tui::overlay::picker;
use crate::tui::overlay::seed::Seed;
use crate::tui::overlay::typed_value::{changed, fitting_title, has_unread_numbers, head, value};
use crate::tui::state::access::{can_write, may_edit, owner_label, proposes};
use crate::tui::state::contract::{Commit, Layer, LayerKind, Next, Outcome, Say, Then, TypedText};
use crate::tui::state::external::External;
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::key::Press;
use crate::tui::term::layout::{Focus, Part, extent};
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{cut, pasted, wrap};
use crate::tui::widget::input::{area_with, types_over};
use crate::tui::widget::{day, pane, text_keys, wanted};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::widgets::{Clear, Widget};
use ratatui_textarea::{CursorMove, TextArea};

/// Longer texts are longer than anybody reads in a pane.
const LONG: usize = 20_000;
/// The text area cannot count more shown lines than this.
const TALLEST: usize = 60_000;

/// Opens what a view wants to be written next, or before.
pub type NextStep = fn(&mut Ui, &Product, bool);

/// What Tab opens after this field.
#[derive(Clone, Debug)]
pub enum After {
    /// The next field of the same half.
    Next,
    /// For a new record: the next field, or for a story the next new one.
    Add(Box<Seed>),
    /// What the view opens next.
    Step(NextStep),
}

#[derive(Clone, Debug)]
pub struct Editor {
    record: Id,
    field: &'static Field,
    /// The value when the field was opened, as the base for merging a concurrent edit.
    before: Value,
    area: TextArea<'static>,
    after: After,
    /// The text did not fit, and a message said so.
    warned: bool,
    /// The open month, for a field that holds a day.
    month: Option<Day>,
    /// How many earlier entries back the user has gone, in a one-line field.
    back: usize,
    /// The proposal that is accepted with this text.
    accepts: Option<Id>,
    /// One's own proposal about this field, which asks for this text from then on.
    revises: Option<Id>,
    /// The text of the proposal with which the field was opened.
    opened: String,
    /// The next letter replaces the text.
    over: bool,
}

/// A one-line text, which Enter keeps.
fn is_line(field: &Field) -> bool {
    // The reason for a proposal is typed in passing.
    let is_reason = field.kind == Kind::Proposal && field.key == "because";
    is_reason || !matches!(field.shape, Shape::Prose | Shape::Criteria | Shape::Tasks | Shape::Measures)
}

pub fn text_of(product: &Product, record: Id, field: &Field) -> String {
    let text = product.table(field.kind).find(record).map(|one| one.text(field)).unwrap_or_default();
    if matches!(field.shape, Shape::Criteria | Shape::Tasks) && text.is_empty() {
        return String::new();
    }
    text
}

impl Editor {
    /// Opens the right way to edit a field: a text in its pane, or a list to choose from. Says whose it is where it is
    /// the other role's.
    pub fn open(ui: &mut Ui, product: &Product, record: Id, field: &'static Field, after: After) {
        // A day or a number is typed anew more often than it is changed.
        let over = matches!(field.shape, Shape::Day | Shape::Amount);
        Editor::open_as(ui, product, record, field, after, |editor| editor.over = over && !editor.area.is_empty());
    }

    /// Opens it and, if it is a text, changes something about the editor first.
    fn open_as(
        ui: &mut Ui,
        product: &Product,
        record: Id,
        field: &'static Field,
        after: After,
        change: impl FnOnce(&mut Editor),
    ) {
        if let Err(why) = may_edit(ui, product, field) {
            ui.trouble(why.to_string());
            return;
        }
        let owner = if field.owner == Owner::Both { field.kind.owner() } else { field.owner };
        let focus = if owner == Owner::How || field.key == "po_name" { Focus::How } else { Focus::Why };
        ui.home.get_or_insert(ui.focus());
        ui.place_mut().focus = focus;
        if let Some(picker) = picker::for_field(ui, product, record, field) {
            let then: Then = Box::new(move |ui, product| go_on(ui, product, record, field, after, true));
            ui.layers.push(Box::new(picker.followed_by(then)));
            return;
        }
        let before = product.value(record, field);
        let own = own_wish(ui, product, record, field);
        let opened = own.as_ref().map(|(_, text)| text.clone()).unwrap_or_default();
        let area = area_with(&if own.is_some() { opened.clone() } else { text_of(product, record, field) });
        let mut editor = Editor {
            record,
            field,
            before,
            area,
            after,
            warned: false,
            month: None,
            back: 0,
            accepts: None,
            revises: own.map(|(id, _)| id),
            opened,
            over: false,
        };
        change(&mut editor);
        ui.layers.push(Box::new(editor));
    }

    /// Opens a list with an empty line at its end.
    pub fn open_new_line(ui: &mut Ui, product: &Product, record: Id, field: &'static Field) {
        Editor::open_as(ui, product, record, field, After::Next, Editor::begin_line);
    }

    /// Opens a field from which Tab leads to what the view says; a list with an empty line at its end.
    pub fn open_step(ui: &mut Ui, product: &Product, record: Id, field: &'static Field, next: NextStep) {
        Editor::open_as(ui, product, record, field, After::Step(next), |editor| {
            if matches!(field.shape, Shape::Criteria | Shape::Tasks) {
                editor.begin_line();
            }
        });
    }

    /// Opens a list with a pasted text in it.
    ///
    /// # Errors
    ///
    /// Why the text was not accepted; the editor is open all the same.
    pub fn paste_new_line(
        ui: &mut Ui,
        product: &Product,
        record: Id,
        field: &'static Field,
        text: &str,
    ) -> Result<(), String> {
        let mut pasted = Ok(());
        Editor::open_as(ui, product, record, field, After::Next, |editor| {
            editor.begin_line();
            pasted = editor.insert(text);
        });
        pasted
    }

    fn begin_line(&mut self) {
        if !self.area.is_empty() {
            self.area.move_cursor(CursorMove::Bottom);
            self.area.move_cursor(CursorMove::End);
            self.area.insert_newline();
        }
    }

    /// Puts the cursor on a line of a list.
    pub fn open_at(ui: &mut Ui, product: &Product, record: Id, field: &'static Field, line: usize) {
        Editor::open_as(ui, product, record, field, After::Next, |editor| {
            editor.area.move_cursor(CursorMove::Jump(extent(line), u16::MAX));
        });
    }

    /// Opens a field with a text other than its own.
    pub fn open_with(ui: &mut Ui, product: &Product, record: Id, field: &'static Field, text: &str) {
        Editor::open_as(ui, product, record, field, After::Next, |editor| editor.area = area_with(text));
    }

    /// Opens a field with a text that was based on an earlier value of it.
    pub fn open_from(ui: &mut Ui, product: &Product, record: Id, field: &'static Field, before: Value, text: &str) {
        Editor::open_as(ui, product, record, field, After::Next, |editor| {
            editor.area = area_with(text);
            editor.before = before;
        });
    }

    /// Opens a field with the text that a proposal asks for; keeping it accepts the proposal with that text.
    pub fn open_to_accept(ui: &mut Ui, product: &Product, proposal: Id, change: &Change) {
        let (record, field) = (change.id, change.field);
        let text = crate::insight::text::text(product, field, &change.to);
        // What was said before would lie over the keys of the box.
        ui.toast = None;
        Editor::open_as(ui, product, record, field, After::Next, |editor| {
            editor.area = area_with(&text);
            editor.opened = editor.area.lines().join("\n");
            (editor.accepts, editor.revises) = (Some(proposal), None);
        });
    }

    /// The text is another one than the proposal asks for.
    fn is_edited(&self) -> bool {
        self.area.lines().join("\n") != self.opened
    }

    /// Leaves the proposal as it was: who has changed nothing accepts nothing.
    fn leave(self: Box<Self>, ui: &mut Ui, product: &Product, proposal: Id) -> Next {
        let (text, name) = (self.area.lines().join("\n"), product.name_of(proposal));
        let said = wanted::no_longer_open(product, proposal).unwrap_or_else(|| format!("{name} waits as before."));
        ui.go_home();
        if text == self.opened {
            return (None, Outcome::say(said));
        }
        ui.kill = text;
        (None, Outcome::say(format!("{said} Ctrl-V in a text brings back what you typed.")))
    }

    /// Accepts the proposal with the text as it is now.
    fn accept(mut self: Box<Self>, ui: &mut Ui, product: &Product, proposal: Id, context: &mut Context) -> Next {
        if wanted::no_longer_open(product, proposal).is_some() {
            return self.leave(ui, product, proposal);
        }
        let text = self.area.lines().join("\n");
        let now = product.value(self.record, self.field);
        let step = value(ui, product, self.field, &now, &text).and_then(|to| {
            let edited = [(self.record, self.field, to)];
            accept(product, proposal, &edited, "", context).map_err(|refusal| format!("{refusal:#}"))
        });
        match step {
            Ok(step) => {
                let say = wanted::written(product, proposal, &step, self.record, self.field).map(Say::Words);
                let then: Then = Box::new(|ui: &mut Ui, _: &Product| ui.go_home());
                let retry: Option<Box<dyn Layer>> = Some(self);
                (None, Outcome::Commit(Commit { then: Some(then), retry, say, ..Commit::new(step) }))
            }
            Err(why) => {
                self.warned = true;
                let why = why.trim_end_matches('.');
                (Some(self), Outcome::refuse(format!("{why}. Ctrl-C leaves the proposal as it is.")))
            }
        }
    }

    /// The number of letters, if it may be large; counting is expensive.
    fn letters(&self) -> usize {
        let bytes: usize = self.area.lines().iter().map(String::len).sum();
        if bytes < LONG { bytes } else { self.area.lines().iter().map(|line| line.chars().count()).sum() }
    }

    /// Handles a key that edits the text.
    fn typed(&mut self, event: KeyEvent, ui: &mut Ui) -> Outcome {
        let seen = ui.areas().and_then(|areas| areas.of(ui.focus())).map_or(0, |area| usize::from(area.height));
        let is_line = is_line(self.field);
        let mut kill = if is_line { ui.kill.replace('\n', " ") } else { std::mem::take(&mut ui.kill) };
        let before = is_line.then(|| kill.clone());
        let done = text_keys::take(&mut self.area, event, &mut kill, seen.saturating_sub(5));
        if before.is_none_or(|before| before != kill) {
            ui.kill = kill;
        }
        done.map_or_else(Outcome::refuse, |()| Outcome::Nothing)
    }

    /// Leaves the field as it was; the typed text can be recalled.
    fn thrown_away(&self, ui: &mut Ui, product: &Product) -> Outcome {
        let text = self.area.lines().join("\n");
        let typed = product.table(self.field.kind).find(self.record).is_none_or(|one| one.text(self.field) != text);
        ui.go_home();
        let label = self.field.label;
        if !typed || text.trim().is_empty() {
            return Outcome::say(format!("{label} is as it was."));
        }
        if is_line(self.field) {
            ui.line_history.keep(self.field.key, &text);
            return Outcome::say(format!("{label} is as it was. ↑ in it brings back what you typed."));
        }
        ui.kill = text;
        Outcome::say(format!("{label} is as it was. Ctrl-V in a text brings back what you typed."))
    }

    /// True if the files were replaced by some that do not have the record, or its creation was undone: there is nothing
    /// left to keep the text in.
    fn is_homeless(&self, product: &Product) -> bool {
        product.table(self.field.kind).find(self.record).is_none_or(|one| one.life() == Life::Nothing)
    }

    /// Closes; the text can be pasted elsewhere.
    fn let_go(&self, ui: &mut Ui) -> Outcome {
        ui.go_home();
        ui.kill = self.area.lines().join("\n");
        Outcome::say("The record is gone, so nothing was changed. Ctrl-V in another text brings back what you typed.")
    }

    /// Puts a pasted text at the cursor.
    fn insert(&mut self, text: &str) -> Result<(), String> {
        let text = pasted(text);
        let text = if is_line(self.field) { text.replace('\n', " ") } else { text };
        text_keys::insert(&mut self.area, &text)
    }

    /// A new line continues with the bullet of the one above; an empty bullet ends the list.
    fn new_line(&mut self) {
        let row = self.area.cursor().0;
        let line = self.area.lines().get(row).cloned().unwrap_or_default();
        match line.trim() {
            "-" => {
                self.area.move_cursor(CursorMove::Head);
                self.area.delete_line_by_end();
            }
            bullet if bullet.starts_with("- ") => {
                self.area.insert_newline();
                self.area.insert_str("- ");
            }
            _ => self.area.insert_newline(),
        }
    }

    /// The left and the right part of the border: the record and its field first, then whose text a proposal is about,
    /// as far as there is room.
    fn border(&self, ui: &Ui, product: &Product, area: Rect) -> (String, &'static str) {
        let title = head(product, self.record, self.field);
        let (words, right) = if self.accepts.is_some() {
            ("ACCEPT AS EDITED".to_string(), "Ctrl-C leaves it")
        } else if proposes(ui, self.field) {
            let owner = owner_label(product, self.field.owner);
            let own = if self.revises.is_some() { "YOUR " } else { "" };
            (format!("{own}PROPOSAL TO {owner}"), "not their text yet")
        } else {
            return (title, "Esc keeps");
        };
        fitting_title(&title, self.field.label, &words, right, area.width)
    }

    /// Opens what follows once this field is kept.
    fn next(&self, forward: bool) -> Then {
        let (record, field, after) = (self.record, self.field, self.after.clone());
        Box::new(move |ui, product| go_on(ui, product, record, field, after, forward))
    }

    fn keep(
        mut self: Box<Self>,
        ui: &mut Ui,
        product: &Product,
        context: &Context,
        (then, then_home): (Option<Then>, bool),
    ) -> Next {
        let text = self.area.lines().join("\n");
        let step = match changed(ui, product, self.record, self.field, &self.before, &text) {
            Ok(step) => step,
            Err(why) => {
                if self.warned && then_home {
                    return (None, self.thrown_away(ui, product));
                }
                self.warned = true;
                return (
                    Some(self),
                    Outcome::refuse(format!(
                        "{}. Fix it, or Esc again leaves it as it was.",
                        why.trim_end_matches('.')
                    )),
                );
            }
        };
        if is_line(self.field) {
            ui.line_history.keep(self.field.key, &text);
        }
        let say = (has_unread_numbers(self.field, &text) && !step.is_empty()).then(|| {
            let label = &step.label;
            Say::Words(format!(
                "{label}: its numbers could not be read. Write them like “38 → 55 %”. {{undo}} takes it back."
            ))
        });
        let revises = self.revises;
        if revises.is_some()
            && step.is_empty()
            && text != self.opened
            && let Some((step, say)) = withdrawn(product, &[self.record], self.field, context)
        {
            ui.go_home();
            return (None, Outcome::Commit(Commit { say: Some(say), ..Commit::new(step) }));
        }
        if let Some(own) = revises.filter(|_| text == self.opened) {
            ui.go_home();
            let name = product.name_of(own);
            return (
                None,
                Outcome::say(format!("{name} asks for this already. {{delete}} on it in the Inbox withdraws it.")),
            );
        }
        let proposes = revises.map_or(ProposeAs::Revised, ProposeAs::RevisionOf);
        let retry: Option<Box<dyn Layer>> = Some(self);
        (None, Outcome::Commit(Commit { then, retry, say, proposes, ..Commit::new(step) }))
    }

    /// Handles the keys of a day: steps, and the month. Returns true if the key was one of them.
    fn day_key(&mut self, code: KeyCode, ui: &mut Ui, product: &Product) -> bool {
        let around = day::around(ui, product, self.field);
        let text = self.area.lines().join(" ");
        if let Some(at) = &mut self.month {
            let (taken, open) = day::walk(at, code);
            if let Some(taken) = taken {
                self.area = area_with(&taken.to_string());
            }
            if !open {
                self.month = None;
            }
            return true;
        }
        if let Some(days) = day::step(code) {
            match day::stepped(&text, &around, days) {
                Ok(day) => self.area = area_with(&day.to_string()),
                Err(why) => ui.trouble(why),
            }
            return true;
        }
        if code == KeyCode::Char('?') {
            self.month = Some(date_parser::read(&text, &around).unwrap_or(ui.today));
            return true;
        }
        false
    }

    /// In the worst case each shown line is half full.
    fn is_too_tall(&self, columns: u16) -> bool {
        let columns = usize::from(columns).max(1);
        let lines = self.area.lines();
        let rows =
            |line: &String| line.len().saturating_mul(2).checked_div(columns).unwrap_or_default().saturating_add(1);
        lines.iter().map(rows).sum::<usize>() > TALLEST
    }
}

impl Layer for Editor {
    fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        let Some(press) = input.press() else {
            let outcome = match input {
                Input::Paste(text) => self.insert(text).map_or_else(Outcome::refuse, |()| Outcome::Nothing),
                _ => Outcome::Nothing,
            };
            return (Some(self), outcome);
        };
        if self.is_homeless(product) && matches!(press.code, KeyCode::Esc | KeyCode::Enter | KeyCode::Tab) {
            return (None, self.let_go(ui));
        }
        let over = std::mem::take(&mut self.over);
        if self.field.shape == Shape::Day && self.day_key(press.code, ui, product) {
            self.over = true;
            return (Some(self), Outcome::Nothing);
        }
        if over && types_over(input) {
            self.area = area_with("");
        }
        match (press.code, press.ctrl) {
            (KeyCode::F(4), _) => {
                let text = self.area.lines().join("\n");
                let external = External::new(product, self.record, self.field, self.before.clone(), text);
                (None, Outcome::External(Box::new(external.from_pane())))
            }
            (KeyCode::Esc | KeyCode::Enter | KeyCode::Tab, _) | (KeyCode::Char('s'), true)
                if self.accepts.is_some() && (press.code != KeyCode::Enter || is_line(self.field)) =>
            {
                let proposal = self.accepts.unwrap_or_default();
                match press.code {
                    KeyCode::Esc if !self.is_edited() => self.leave(ui, product, proposal),
                    _ => self.accept(ui, product, proposal, context),
                }
            }
            (KeyCode::Esc, _) | (KeyCode::Char('s'), true) => {
                self.keep(ui, product, context, (Some(Box::new(|ui: &mut Ui, _: &Product| ui.go_home())), true))
            }
            (KeyCode::Enter, _) if is_line(self.field) => {
                self.keep(ui, product, context, (Some(Box::new(|ui: &mut Ui, _: &Product| ui.go_home())), false))
            }
            (KeyCode::Tab, _) => {
                let then = if proposes(ui, self.field) { because_of_proposal() } else { self.next(true) };
                self.keep(ui, product, context, (Some(then), false))
            }
            (KeyCode::BackTab, _) => {
                let then = self.next(false);
                self.keep(ui, product, context, (Some(then), false))
            }
            (KeyCode::Char('c'), true) if text_keys::selected(&self.area).is_none() => match self.accepts {
                Some(proposal) => self.leave(ui, product, proposal),
                None => (None, self.thrown_away(ui, product)),
            },
            (KeyCode::Enter, _) => {
                self.new_line();
                (Some(self), Outcome::Nothing)
            }
            (KeyCode::Up, false) if is_line(self.field) && self.area.screen_cursor().row == 0 => {
                let typed = self.area.lines().join(" ");
                if let Some(text) = ui.line_history.earlier(self.field.key, &mut self.back, &typed) {
                    self.area = area_with(&text);
                }
                (Some(self), Outcome::Nothing)
            }
            _ => {
                self.back = 0;
                let outcome = match input {
                    Input::Key(_, event) => self.typed(*event, ui),
                    _ => Outcome::Nothing,
                };
                (Some(self), outcome)
            }
        }
    }

    fn binds_alt(&self, letter: char) -> bool {
        text_keys::binds_alt(letter)
    }

    fn hints(&self, ui: &Ui) -> String {
        if self.month.is_some() {
            return "↑ ↓ ← → walk · PgUp PgDn months · Enter takes the day · Esc back".to_string();
        }
        if self.field.shape == Shape::Day {
            return "Esc keeps · ↑ ↓ a day · PgUp PgDn a week · ? month · Tab next field · Ctrl-C discards it"
                .to_string();
        }
        if self.accepts.is_some() {
            let accept = if is_line(self.field) { "Enter" } else { "Ctrl-S" };
            return format!(
                "{accept} accepts · Esc accepts once it is edited · Ctrl-C leaves it · Ctrl-U clears the line"
            );
        }
        if proposes(ui, self.field) {
            let keys =
                if is_line(self.field) { "Enter or Esc proposes it" } else { "Esc proposes it · Enter new line" };
            return format!("{keys} · Tab adds why · Ctrl-C discards it");
        }
        let enter = if is_line(self.field) { "Enter keeps" } else { "Enter new line" };
        let long = match self.letters() {
            letters if letters >= LONG => {
                format!("{} letters, long for one field · ", crate::tui::term::text::thousands(letters))
            }
            _ => String::new(),
        };
        let next = if matches!(self.after, After::Step(_)) { "Tab next step" } else { "Tab next field" };
        format!("{long}Esc keeps · {enter} · {next} · Ctrl-C discards it")
    }

    fn draw(&self, ui: &Ui, product: &Product, buffer: &mut Paint) {
        let Some(areas) = ui.areas() else { return };
        let focus = ui.focus();
        let Some(area) = areas.of(focus).or(areas.why).or(areas.list) else { return };
        Clear.render(area, buffer);
        let (title, right) = self.border(ui, product, area);
        let inner = pane::frame(ui, focus, &title, right, area, buffer);
        let room = usize::from(inner.width.saturating_sub(2));
        let mut text = inner.indented();
        if inner.height >= 4 {
            let most = if inner.height >= 6 { 3 } else { 1 };
            let words = match self.is_homeless(product) {
                true => "The record is gone. Esc closes; Ctrl-V in another text brings back what you typed.",
                false => self.field.hint,
            };
            let hint = wrap(words, room, most);
            for (at, line) in hint.iter().enumerate() {
                buffer.write(text.row(at), cut(line, room), room, ui.theme.quiet());
            }
            text = text.below(hint.len());
        }
        if let Some(proposal) = self.accepts.filter(|_| text.height >= 4) {
            let spare = usize::from(text.height).saturating_sub(self.area.lines().len().saturating_add(1));
            let most = spare.max(usize::from(text.height / 2).clamp(1, 4));
            let lines = wanted::beside(product, proposal, (self.record, self.field), room, most);
            for (at, line) in lines.iter().enumerate() {
                buffer.write(text.row(at), cut(line, room), room, ui.theme.quiet());
            }
            text = text.below(lines.len());
        }
        if self.is_too_tall(text.width) {
            let word = "This text has more lines than fit here. F4 opens it in your own editor, Esc keeps it as it is.";
            for (at, line) in wrap(word, room, usize::from(text.height)).iter().enumerate() {
                buffer.write(text.row(at), line, room, ui.theme.strong());
            }
            return;
        }
        if self.over {
            // A day or a number: short enough to be copied.
            let mut area = self.area.clone();
            area.set_style(Style::new().add_modifier(Modifier::REVERSED));
            (&area).render(text, buffer);
        } else {
            (&self.area).render(text, buffer);
        }
        buffer.cursor_in(text);
        if self.field.shape == Shape::Day {
            let around = day::around(ui, product, self.field);
            day::draw_reading(ui, &self.area.lines().join(" "), &around, text, buffer);
        }
        if let Some(at) = self.month {
            day::draw_month(ui, at, buffer);
        }
    }

    fn kind(&self) -> LayerKind {
        LayerKind::Editor
    }

    fn draft(&self) -> Option<TypedText> {
        Some(TypedText {
            record: Some(self.record),
            field: self.field.key.to_string(),
            text: self.area.lines().join("\n"),
        })
    }

    fn keep_key(&self) -> Option<Press> {
        // A text that would accept a proposal is only kept as a draft.
        self.accepts.is_none().then(|| Press::plain(KeyCode::Esc))
    }
}

/// Opens the reason of the proposal that was just made.
pub fn because_of_proposal() -> Then {
    Box::new(|ui, product| {
        let field = Kind::Proposal.field("because");
        match (latest_by(product, &ui.by), field) {
            (Some(proposal), Some(field)) => Editor::open(ui, product, proposal, field, After::Next),
            _ => ui.go_home(),
        }
    })
}

/// The fields Tab goes through: those of the same half that this role may write, in the table's order.
fn ring(kind: Kind, field: &'static Field, ui: &Ui) -> Vec<&'static Field> {
    let same_half = |other: &&'static Field| other.owner == field.owner && can_write(ui, other);
    let mut all: Vec<&'static Field> = kind.typed_fields().filter(same_half).collect();
    if kind == Kind::VisionBoard {
        // The name is last in the pane, so it comes last here too.
        all.sort_by_key(|field| field.key == "name");
        all.retain(|other| other.key != "stage" && is_ready_field(kind, other.key) == is_ready_field(kind, field.key));
    }
    all.retain(|field| !matches!(field.key, "kind"));
    all
}

/// Opens what comes after a field.
pub fn go_on(ui: &mut Ui, product: &Product, record: Id, field: &'static Field, after: After, forward: bool) {
    if let (After::Add(seed), Kind::BacklogItem) = (&after, field.kind) {
        // Story after story: title, criteria, the next title.
        ui.home = None;
        ui.place_mut().focus = Focus::List;
        ui.layers.push(Box::new(AddLine::new((**seed).clone())));
        return;
    }
    if let After::Step(next) = after {
        return next(ui, product, forward);
    }
    let all = ring(field.kind, field, ui);
    let at = all.iter().position(|other| *other == field);
    let next = match (at, forward) {
        (Some(at), true) => all.get(at.saturating_add(1)),
        (Some(at), false) => at.checked_sub(1).and_then(|at| all.get(at)),
        (None, _) => None,
    };
    match next {
        Some(next) => {
            let focus = ui.focus();
            let rows = crate::tui::widget::pane::pane_rows(ui, product, focus);
            let stops = rows.iter().filter(|row| row.is_stop());
            let at = stops.enumerate().find(|(_, row)| row.field() == Some((record, *next))).map(|(at, _)| at);
            if let Some(at) = at {
                let place = ui.place_mut();
                if focus == Focus::How { place.how_at = at } else { place.why_at = at }
            }
            Editor::open(ui, product, record, next, after);
        }
        None => {
            ui.go_home();
            ui.say("That was the last field. Everything is kept.");
        }
    }
}
