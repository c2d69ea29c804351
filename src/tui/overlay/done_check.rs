//! The done check of one story: its open criteria and the rules that count for it, ticked or waived. Enter is the
//! acceptance; whatever is ticked is kept also without it. Of a story that is done already, it can be read.

use crate::actions::Context;
use crate::actions::check::{Marked, accept, keep};
use crate::insight::done::{checked, waiver};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{BacklogItem, ItemStatus};
use crate::tui::state::contract::{Commit, Layer, Next, Outcome};
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::layout::Part;
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{clean, cut, fit, times, width, wrap};
use crate::tui::widget::input::LineInput;
use crate::tui::widget::stray_letters::StrayLetters;
use crate::tui::widget::{list, popup};
use crossterm::event::KeyCode;
use ratatui::style::Style;

#[derive(Clone, PartialEq, Eq, Debug)]
enum State {
    Open,
    Ticked,
    Waived(String),
}

/// What a row is about.
#[derive(Clone, PartialEq, Eq, Debug)]
enum About {
    Criterion,
    /// A rule, by the number people know it by.
    Rule(Id, u32),
}

struct ListRow {
    about: About,
    text: String,
    was: State,
    now: State,
}

pub struct DoneBox {
    story: Id,
    name: String,
    title: String,
    /// The status in which Esc leaves it.
    status: String,
    /// Acceptance criteria in all; their rows are there only while some are open.
    criteria: usize,
    rows: Vec<ListRow>,
    at: usize,
    /// The reason for waiving the row under the cursor.
    waiving: Option<LineInput>,
    at_once: bool,
    /// The story is done: there is nothing to tick any more.
    is_over: bool,
    stray: StrayLetters,
    /// What it waits for, if it is blocked.
    blocked: String,
}

const LETTERS: &str = "Letters do nothing here: Space ticks, + ticks the rest, - waives one, Enter accepts the story.";

impl DoneBox {
    /// The check of a story. Returns `None` if there is nothing to check.
    pub fn of(product: &Product, id: Id) -> Option<DoneBox> {
        let item = product.get::<BacklogItem>(id)?;
        let check = checked(product, item);
        if check.criteria == 0 && check.rules.is_empty() {
            return None;
        }
        let mut rows = Vec::new();
        if check.met < check.criteria {
            rows.extend(item.criteria.iter().map(|one| {
                let open = waiver(item, one).map_or(State::Open, |reason| State::Waived(reason.to_string()));
                let was = if one.met { State::Ticked } else { open };
                ListRow { about: About::Criterion, text: one.text.to_string(), now: was.clone(), was }
            }));
        }
        rows.extend(check.rules.iter().map(|(rule, check)| {
            let was = match check {
                None => State::Open,
                Some(check) if check.waived.is_empty() => State::Ticked,
                Some(check) => State::Waived(check.waived.clone()),
            };
            ListRow { about: About::Rule(rule.rule, rule.number), text: rule.text.clone(), now: was.clone(), was }
        }));
        let at = rows.iter().position(|row| row.now == State::Open).unwrap_or(0);
        Some(DoneBox {
            story: id,
            name: product.name_of(id),
            title: item.title.to_string(),
            status: item.status.label().to_uppercase(),
            criteria: check.criteria,
            rows,
            at,
            waiving: None,
            at_once: false,
            is_over: item.status == ItemStatus::Done,
            stray: StrayLetters::default(),
            blocked: item.blocked.trim().to_string(),
        })
    }

    fn open(&self) -> impl Iterator<Item = &ListRow> {
        self.rows.iter().filter(|row| row.now == State::Open)
    }

    /// `2 to go: 4, 5.`
    fn to_go(&self) -> String {
        let all: Vec<String> = self.open().map(|row| row.name()).collect();
        let mut names = all.clone();
        names.dedup();
        match all.len() {
            0 => "Everything is ticked or waived.".to_string(),
            n if self.open().all(|row| row.about == About::Criterion) => {
                format!("{n} {} to go.", if n == 1 { "criterion" } else { "criteria" })
            }
            n => format!("{n} to go: {}.", names.join(", ")),
        }
    }

    fn marked(&self) -> Marked {
        let mut out = Marked { at_once: self.at_once, ..Marked::default() };
        for row in self.rows.iter().filter(|row| row.now != row.was) {
            match (&row.about, &row.now) {
                (About::Criterion, now) => {
                    out.met.push((row.text.clone(), *now == State::Ticked));
                    if [&row.was, now].into_iter().any(|state| matches!(state, State::Waived(_))) {
                        out.criteria_waived = Some(self.criteria_waived());
                    }
                }
                (About::Rule(id, _), State::Ticked) => out.ticked.push(*id),
                (About::Rule(id, _), State::Open) => out.opened.push(*id),
                (About::Rule(id, _), State::Waived(reason)) => out.waived.push((*id, reason.clone())),
            }
        }
        out
    }

    /// The waived criteria, each with the reason.
    fn criteria_waived(&self) -> Vec<(String, String)> {
        let waived = |row: &ListRow| match (&row.about, &row.now) {
            (About::Criterion, State::Waived(reason)) => Some((row.text.clone(), reason.clone())),
            _ => None,
        };
        self.rows.iter().filter_map(waived).collect()
    }

    fn is_changed(&self) -> bool {
        self.rows.iter().any(|row| row.now != row.was)
    }

    fn flip(&mut self) {
        let at = self.at;
        if let Some(row) = self.rows.get_mut(at) {
            row.now = if row.now == State::Open { State::Ticked } else { State::Open };
        }
        self.at = at.saturating_add(1).min(self.rows.len().saturating_sub(1));
    }

    fn tick_the_rest(&mut self) {
        self.at_once |= self.open().count() > 1;
        self.rows.iter_mut().filter(|row| row.now == State::Open).for_each(|row| row.now = State::Ticked);
    }

    /// Waives the row under the cursor.
    fn waive(&mut self, reason: &str) {
        let Some(row) = self.rows.get_mut(self.at) else { return };
        row.now = State::Waived(reason.to_string());
        self.at = self.rows.iter().position(|row| row.now == State::Open).unwrap_or(self.at);
    }

    fn leave(self: Box<Self>, product: &Product, context: &mut Context) -> Next {
        if !self.is_changed() {
            return (None, Outcome::say(format!("{} stays in {}.", self.name, self.status)));
        }
        let (open, all) = (self.open().count(), self.rows.len());
        match keep(product, self.story, &self.marked(), context) {
            Ok(step) => {
                let say = format!(
                    "{} stays in {}. {} of {all} are kept. {{undo}} takes them back.",
                    self.name,
                    self.status,
                    all.saturating_sub(open)
                );
                let (say, choose) = (Some(say.into()), Some(self.story));
                let retry: Option<Box<dyn Layer>> = Some(self);
                (None, Outcome::Commit(Commit { say, choose, retry, ..Commit::new(step) }))
            }
            Err(refusal) => (Some(self), Outcome::refuse(refusal)),
        }
    }

    /// A story that is done is only read.
    fn read(mut self: Box<Self>, input: &Input) -> Next {
        let last = self.rows.len().saturating_sub(1);
        match input.press().map(|press| (press.code, press.ctrl)) {
            Some((KeyCode::Esc | KeyCode::Enter, false)) | Some((KeyCode::Char('c'), true)) => {
                return (None, Outcome::Nothing);
            }
            Some((KeyCode::Up | KeyCode::Char('k'), _)) => self.at = self.at.saturating_sub(1),
            Some((KeyCode::Down | KeyCode::Char('j'), _)) => self.at = self.at.saturating_add(1).min(last),
            Some((KeyCode::Home, _)) => self.at = 0,
            Some((KeyCode::End, _)) => self.at = last,
            _ => {
                let word = format!("{} is done, so its check stays. Esc closes it.", self.name);
                return (Some(self), Outcome::say(word));
            }
        }
        (Some(self), Outcome::Nothing)
    }

    fn take(mut self: Box<Self>, product: &Product, context: &mut Context) -> Next {
        let status = product.get::<BacklogItem>(self.story).map(|item| item.status);
        if let Some(status) = status.filter(|status| status.label().to_uppercase() != self.status) {
            self.status = status.label().to_uppercase();
            let word = format!(
                "{} is {} now, by another window. Enter makes it done all the same.",
                self.name,
                status.label()
            );
            return (Some(self), Outcome::say(word));
        }
        if self.open().next().is_some() {
            let word = format!("{} + ticks the rest, - waives one with a reason.", self.to_go());
            return (Some(self), Outcome::say(word));
        }
        match accept(product, self.story, &self.marked(), context) {
            Ok(step) => {
                let choose = Some(self.story);
                let retry: Option<Box<dyn Layer>> = Some(self);
                (None, Outcome::Commit(Commit { choose, retry, ..Commit::new(step) }))
            }
            Err(refusal) => (Some(self), Outcome::refuse(refusal)),
        }
    }

    fn reason(mut self: Box<Self>, mut line: LineInput, input: &Input, ui: &mut Ui) -> Next {
        match input.press().map(|press| (press.code, press.ctrl)) {
            Some((KeyCode::Esc, _)) | Some((KeyCode::Char('c'), true)) => {}
            Some((KeyCode::Enter, _)) if line.text().trim().is_empty() => {
                self.waiving = Some(line);
                let word = "A waiver requires a reason, which is shown beside what it waives.";
                return (Some(self), Outcome::say(word));
            }
            Some((KeyCode::Enter, _)) => {
                ui.line_history.keep("reason", &line.text());
                self.waive(line.text().trim());
            }
            Some((KeyCode::Up, _)) => {
                line.earlier(&mut ui.line_history, "reason");
                self.waiving = Some(line);
            }
            _ => {
                line.take_with(input, &mut ui.kill);
                self.waiving = Some(line);
            }
        }
        (Some(self), Outcome::Nothing)
    }

    fn lines(&self, ui: &Ui, columns: usize) -> Vec<Line> {
        let head = |text: String| Line { text, style: ui.theme.strong(), row: None };
        let mut out = Vec::new();
        if !self.blocked.is_empty() && !self.is_over {
            let words = format!("It is blocked: {}. Accepting it takes the block off.", clean(&self.blocked));
            let lines = wrap(&words, columns, 3).into_iter();
            out.extend(lines.map(|text| Line { text, style: ui.theme.wrong(), row: None }));
            out.push(head(String::new()));
        }
        let listed = self.rows.iter().any(|row| row.about == About::Criterion);
        if self.criteria > 0 {
            let open = self.open().filter(|row| row.about == About::Criterion).count();
            let word = if self.criteria_waived().is_empty() { "met" } else { "met or waived" };
            out.push(head(format!(
                "Acceptance criteria  {} of {} {word}",
                self.criteria.saturating_sub(open),
                self.criteria
            )));
        }
        for (nth, row) in self.rows.iter().enumerate() {
            let is_rule = matches!(row.about, About::Rule(..));
            let first =
                nth.checked_sub(1).and_then(|at| self.rows.get(at)).is_none_or(|above| above.about == About::Criterion);
            if is_rule && first {
                if listed || self.criteria > 0 {
                    out.push(head(String::new()));
                }
                out.push(head("Definition of Done".to_string()));
            }
            out.extend(row.lines(ui, columns, nth, nth == self.at));
        }
        out
    }
}

impl Layer for DoneBox {
    fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        if let Some(line) = self.waiving.take() {
            return self.reason(line, input, ui);
        }
        if self.is_over {
            return self.read(input);
        }
        if self.stray.takes(input) {
            return (Some(self), Outcome::say(LETTERS));
        }
        if let Input::Click(nth) = input {
            self.at = (*nth).min(self.rows.len().saturating_sub(1));
            self.flip();
            return (Some(self), Outcome::Nothing);
        }
        let last = self.rows.len().saturating_sub(1);
        match input.press().map(|press| (press.code, press.ctrl)) {
            Some((KeyCode::Esc, false)) | Some((KeyCode::Char('c'), true)) => {
                return self.leave(product, context);
            }
            Some((KeyCode::Enter, _)) => return self.take(product, context),
            Some((KeyCode::Up | KeyCode::Char('k'), _)) => self.at = self.at.saturating_sub(1),
            Some((KeyCode::Down | KeyCode::Char('j'), _)) => self.at = self.at.saturating_add(1).min(last),
            Some((KeyCode::Home, _)) => self.at = 0,
            Some((KeyCode::End, _)) => self.at = last,
            Some((KeyCode::Char(' '), _)) => self.flip(),
            Some((KeyCode::Char('+'), _)) => self.tick_the_rest(),
            Some((KeyCode::Char('-'), _)) if !self.rows.is_empty() => self.waiving = Some(LineInput::new("")),
            _ => {}
        }
        (Some(self), Outcome::Nothing)
    }

    fn hints(&self, _: &Ui) -> String {
        match self.waiving {
            Some(_) => "Enter waives it · Esc back".to_string(),
            None if self.is_over => "↑ ↓ move · Esc back".to_string(),
            None => "Space ticks · + the rest · - waives one · Enter accepts it · Esc back, ticks are kept".to_string(),
        }
    }

    fn draw(&self, ui: &Ui, _: &Product, buffer: &mut Paint) {
        let columns = usize::from(ui.window.width.saturating_sub(6)).clamp(20, 64);
        let lines = self.lines(ui, columns);
        let (before, after) = if self.is_over { ("", " is done") } else { ("Is ", " done?") };
        let name = format!("{before}{} ", self.name);
        // The question keeps its end.
        let room = popup::title_room(ui).saturating_sub(width(&name).saturating_add(width(after)));
        let title = format!("{name}{}{after}", cut(&clean(&self.title), room));
        let inner = popup::frame(ui, &title, columns, lines.len().saturating_add(3), buffer);
        let columns = usize::from(inner.width);
        let height = usize::from(inner.height.saturating_sub(3));
        let at = lines.iter().position(|line| line.row == Some(self.at)).unwrap_or(0);
        let first = popup::scrolled(at, lines.len(), height);
        for (y, line) in lines.iter().skip(first).take(height).enumerate() {
            buffer.write(inner.row(y), fit(&line.text, columns), columns, line.style);
            if let Some(row) = line.row {
                popup::entry(inner, y, row, buffer);
            }
        }
        list::more(ui, lines.len().saturating_sub(first.saturating_add(height)), inner, buffer);
        if inner.height < 3 {
            return;
        }
        let foot = inner.below(height.saturating_add(1));
        match &self.waiving {
            Some(line) => {
                let label = "Waived because: ";
                buffer.write(foot, label, columns, ui.theme.strong());
                line.draw(foot.row(0).past(label.len()), Style::new(), buffer);
            }
            None => {
                buffer.write(foot, cut(&self.to_go(), columns), columns, ui.theme.strong());
            }
        }
        let word = match self.open().next() {
            _ if self.is_over => "Esc closes it.",
            None => "Enter accepts it as done.",
            Some(_) if self.waiving.is_some() => "Only this row is waived; the reason is shown beside it.",
            Some(_) => "Space ticks and steps down. + ticks the rest. - waives one.",
        };
        buffer.write(foot.row(1), cut(word, columns), columns, ui.theme.quiet());
    }
}

struct Line {
    text: String,
    style: Style,
    row: Option<usize>,
}

impl ListRow {
    /// Its name in a sentence.
    fn name(&self) -> String {
        match self.about {
            About::Rule(_, number) => number.to_string(),
            About::Criterion => "criteria".to_string(),
        }
    }

    fn lines(&self, ui: &Ui, columns: usize, nth: usize, chosen: bool) -> Vec<Line> {
        let bare = ui.theme.bare;
        let mark = match (&self.now, bare) {
            (State::Open, true) => "open   ".to_string(),
            (State::Ticked, true) => "ticked ".to_string(),
            (State::Waived(_), true) => "waived ".to_string(),
            (State::Open, false) => "[ ]".to_string(),
            (State::Ticked, false) => format!("[{}]", ui.theme.tick()),
            (State::Waived(_), false) => "[~]".to_string(),
        };
        let pointer = if chosen { ui.theme.pointer() } else { " " };
        let number = match self.about {
            About::Rule(_, number) => format!("{number} "),
            About::Criterion => String::new(),
        };
        let head = format!("{mark}{pointer}{number}");
        let room = columns.saturating_sub(width(&head));
        let style = if chosen { ui.theme.chosen() } else { Style::new() };
        let indent = times(" ", width(&head));
        let mut out = Vec::new();
        for (at, line) in wrap(&self.text, room, 3).into_iter().enumerate() {
            let head = if at == 0 { &head } else { &indent };
            out.push(Line { text: format!("{head}{line}"), style, row: Some(nth) });
        }
        if let State::Waived(reason) = &self.now {
            for line in wrap(&format!("waived: {reason}"), room, 2) {
                out.push(Line { text: format!("{indent}{line}"), style: ui.theme.quiet(), row: Some(nth) });
            }
        }
        out
    }
}
