//! The dialog that starts a sprint: its goal and what that serves, its dates, and what is in it. It is prefilled; only
//! the goal is required.

use crate::actions::Context;
use crate::actions::sprint::{Starting, start};
use crate::insight::burndown::points;
use crate::insight::date_parser::{Around, in_words, read};
use crate::insight::outlook::{short, velocity_words};
use crate::insight::rhythm::default_days;
use crate::insight::sprint::{first_working, works};
use crate::insight::velocity::closed;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{Kind, ProductGoal, Sprint};
use crate::model::value::{Amount, Day};
use crate::tui::state::contract::{Commit, Layer, Next, Outcome};
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::key::Press;
use crate::tui::term::layout::{Part, extent};
use crate::tui::term::paint::{Paint, Zone};
use crate::tui::term::text::{clean, cut, fit, width, wrap};
use crate::tui::view::plan::figures::{count, fits, is_over, length_words, warnings};
use crate::tui::view::plan::planned::planned;
use crate::tui::widget::input::LineInput;
use crate::tui::widget::{day, popup};
use crossterm::event::KeyCode;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// The fields that Tab goes through.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Field {
    Goal,
    Serves,
    From,
    To,
}

const FIELDS: [Field; 4] = [Field::Goal, Field::Serves, Field::From, Field::To];
/// Clicks from this number on are on what the goal can serve.
const SERVED: usize = 100;
const LABEL: usize = 8;

pub struct Start {
    sprint: Id,
    goal: LineInput,
    from: LineInput,
    to: LineInput,
    /// What the goal can serve, and whether it does.
    serves: Vec<(Id, bool)>,
    served_at: usize,
    at: Field,
    /// The open calendar.
    month: Option<Day>,
}

impl Start {
    pub fn new(ui: &Ui, product: &Product) -> Option<Start> {
        let planned = planned(ui)?;
        let sprint = product.get::<Sprint>(planned.sprint?)?;
        let day = |day: Day| LineInput::replaceable(&day.to_string());
        // A sprint that another tool planned may have no days yet: the next ones are proposed.
        let (first, last) = default_days(product, sprint.start, ui.today);
        let goal = LineInput::new(&sprint.goal);
        // What is already written needs no further check.
        let at = if sprint.goal.trim().is_empty() || sprint.start.is_some() { Field::Goal } else { Field::From };
        let selected = planned.plan.serves.iter().filter_map(|(why, sum)| Some(((*why)?, sum.points)));
        let serves = candidates(product, sprint, selected);
        Some(Start {
            sprint: sprint.id,
            goal,
            from: day(sprint.start.unwrap_or(first)),
            to: day(sprint.end.unwrap_or(last)),
            serves,
            served_at: 0,
            at,
            month: None,
        })
    }

    fn line(&mut self) -> Option<&mut LineInput> {
        match self.at {
            Field::Goal => Some(&mut self.goal),
            Field::From => Some(&mut self.from),
            Field::To => Some(&mut self.to),
            Field::Serves => None,
        }
    }

    fn tab(&mut self, by: isize) {
        let at = FIELDS.iter().position(|field| *field == self.at).unwrap_or(0);
        let to = at.saturating_add_signed(by).min(FIELDS.len().saturating_sub(1));
        // From the last field, Tab goes back to the first.
        let to = if to == at { if by > 0 { 0 } else { FIELDS.len().saturating_sub(1) } } else { to };
        self.at = FIELDS.get(to).copied().unwrap_or(Field::Goal);
    }

    /// Back to planning; an arrow key recalls what was typed.
    fn closed(self: Box<Self>, ui: &mut Ui, product: &Product) -> Next {
        let goal = self.goal.text();
        ui.line_history.keep("goal", &goal);
        let was = product.get::<Sprint>(self.sprint).map(|sprint| sprint.goal.to_string()).unwrap_or_default();
        if goal.trim().is_empty() || goal.trim() == was.trim() {
            return (None, Outcome::Nothing);
        }
        (None, Outcome::say("Cancelled. {sprint.start} opens the form again; ↑ in the goal brings the text back."))
    }

    fn clicked(&mut self, nth: usize) {
        if let Some(at) = nth.checked_sub(SERVED) {
            (self.at, self.served_at) = (Field::Serves, at);
            return self.serves_key(KeyCode::Char(' '));
        }
        if let Some(field) = FIELDS.get(nth) {
            self.at = *field;
        }
    }

    fn serves_key(&mut self, code: KeyCode) {
        let last = self.serves.len().saturating_sub(1);
        match code {
            KeyCode::Left | KeyCode::Up => self.served_at = self.served_at.saturating_sub(1),
            KeyCode::Right | KeyCode::Down => self.served_at = self.served_at.saturating_add(1).min(last),
            KeyCode::Char(' ') => {
                if let Some((_, on)) = self.serves.get_mut(self.served_at) {
                    *on = !*on;
                }
            }
            _ => {}
        }
    }

    fn walk(&mut self, code: KeyCode) {
        let Some(at) = &mut self.month else { return };
        let (taken, open) = day::walk(at, code);
        if !open {
            self.month = None;
        }
        if let (Some(taken), Some(line)) = (taken, self.line()) {
            *line = LineInput::replaceable(&taken.to_string());
        }
    }

    /// Handles steps by a day or a week, and the calendar. Returns true if the key was one of them.
    fn day_key(&mut self, code: KeyCode, ui: &mut Ui, product: &Product) -> bool {
        let Some(around) = around(ui, product) else { return false };
        let today = ui.today;
        let Some(line) = self.line() else { return false };
        let text = line.text();
        if let Some(days) = day::step(code) {
            match day::stepped(&text, &around, days) {
                Ok(day) => *line = LineInput::replaceable(&day.to_string()),
                Err(why) => ui.trouble(why),
            }
            return true;
        }
        if code == KeyCode::Char('?') {
            self.month = Some(read(&text, &around).unwrap_or(today));
            return true;
        }
        false
    }

    /// Records goal, dates and the selection, if everything is valid.
    fn starts(mut self: Box<Self>, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        let refuse = |this: Box<Start>, why: String| -> Next { (Some(this), Outcome::refuse(why)) };
        if self.goal.text().trim().is_empty() {
            self.at = Field::Goal;
            return refuse(self, "A sprint needs a goal: one sentence on why it is worth doing.".to_string());
        }
        let mut days = [None, None];
        for (nth, field) in [Field::From, Field::To].into_iter().enumerate() {
            let text = if field == Field::From { self.from.text() } else { self.to.text() };
            match around(ui, product).map(|around| read(&text, &around)) {
                Some(Ok(day)) => days.iter_mut().skip(nth).take(1).for_each(|place| *place = Some(day)),
                Some(Err(why)) => {
                    self.at = field;
                    return refuse(self, why);
                }
                None => {}
            }
        }
        let [first, last] = days;
        let said = Starting { goal: Some(self.goal.text()), start: first, end: last };
        let mut step = match start(product, self.sprint, &said, context) {
            Ok(step) => step,
            Err(refusal) => return refuse(self, refusal.to_string()),
        };
        let serves: Vec<Id> = self.serves.iter().filter(|(_, on)| *on).map(|(id, _)| *id).collect();
        step.changes.extend(product.edit::<Sprint>(self.sprint, "", |sprint| sprint.serves = serves).changes);
        ui.line_history.keep("goal", &self.goal.text());
        let planned = planned(ui).map(|planned| planned.plan.selected).unwrap_or_default();
        let name = crate::model::rules::capital(&product.name_of(self.sprint));
        let early = first.filter(|first| *first > ui.today);
        let begins = match early {
            Some(first) => format!("{name} is started early; its days are {}", in_words(first)),
            None => format!("{name} is running"),
        };
        let to = if early.is_some() { "to" } else { "and ends" };
        let end = last.map(|day| format!(" {to} {}", in_words(day))).unwrap_or_default();
        let stories = count(planned.stories, "story", "stories");
        let say = format!(
            "{begins}{end}: {stories} with {}, recorded as planned. {{go.board}} shows its board.",
            points(planned.points)
        );
        let retry: Option<Box<dyn Layer>> = Some(self);
        (None, Outcome::Commit(Commit { say: Some(say.into()), retry, ..Commit::new(step) }))
    }

    fn draw_field(&self, ui: &Ui, product: &Product, field: Field, nth: usize, area: Rect, buffer: &mut Paint) {
        let label = match field {
            Field::Goal => "Goal",
            Field::Serves => "Serves",
            Field::From => "From",
            Field::To => "To",
        };
        let here = self.at == field;
        let style = if here { ui.theme.chosen() } else { ui.theme.strong() };
        buffer.zone(area, Zone::Entry(nth));
        buffer.write(area, label, LABEL, style);
        let value = area.past(LABEL);
        match field {
            Field::Goal if here => self.goal.draw(value, Style::new(), buffer),
            Field::Goal if self.goal.is_empty() => {
                buffer.write(value, "why is it worth doing?", usize::from(value.width), ui.theme.quiet());
            }
            Field::Goal => {
                let columns = usize::from(value.width);
                buffer.write(value, cut(&clean(&self.goal.text()), columns), columns, Style::new());
            }
            Field::Serves => self.draw_serves(ui, product, value, buffer),
            Field::From | Field::To => self.draw_day(ui, product, field, value, buffer),
        }
    }

    fn draw_day(&self, ui: &Ui, product: &Product, field: Field, area: Rect, buffer: &mut Paint) {
        let line = if field == Field::From { &self.from } else { &self.to };
        let columns = usize::from(area.width);
        let Some(around) = around(ui, product) else { return };
        if self.at == field {
            line.draw(area, Style::new(), buffer);
            return day::draw_reading(ui, &line.text(), &around, area, buffer);
        }
        let known = read(&line.text(), &around);
        let mut words = known.as_ref().map_or_else(|_| line.text(), |day| in_words(*day));
        let early = "   still to come: Enter starts it early";
        let is_free = field == Field::From && known.as_ref().is_ok_and(|first| *first <= ui.today && !works(*first));
        if let (true, Some(day)) = (is_free, known.as_ref().ok().and_then(|first| first_working(*first))) {
            words.push_str(&format!("   first working day {}", short(day, ui.today)));
        }
        let is_early = field == Field::From && known.as_ref().is_ok_and(|first| *first > ui.today);
        if is_early && width(&words).saturating_add(width(early)) <= columns {
            words.push_str(early);
        }
        if let (Field::To, Ok(last), Ok(first)) = (field, &known, read(&self.from.text(), &around)) {
            let length = length_words(first, *last);
            words.push_str(&format!("   {length}{}", as_before(product, &length)));
        }
        buffer.write(area, cut(&clean(&words), columns), columns, Style::new());
    }

    fn draw_serves(&self, ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
        let columns = usize::from(area.width);
        if self.serves.is_empty() {
            let words = "no story in it serves a roadmap item";
            buffer.write(area, cut(words, columns), columns, ui.theme.quiet());
            return;
        }
        let mut x = 0;
        for (nth, (id, on)) in self.serves.iter().enumerate() {
            let mark = if *on { ui.theme.tick() } else { " " };
            let word = match (self.serves.as_slice(), product.find(*id)) {
                ([_], Some(record)) => format!("[{mark}] {} {}", record.name(), record.title()),
                _ => format!("[{mark}] {}", product.name_of(*id)),
            };
            let word = cut(&clean(&word), columns.saturating_sub(x)).into_owned();
            let style =
                if self.at == Field::Serves && nth == self.served_at { ui.theme.chosen() } else { Style::new() };
            let place = Rect { width: extent(crate::tui::term::text::width(&word)), ..area.past(x) };
            buffer.write(place, &word, columns.saturating_sub(x), style);
            buffer.zone(place, Zone::Entry(SERVED.saturating_add(nth)));
            x = x.saturating_add(usize::from(place.width)).saturating_add(2);
            if x >= columns {
                break;
            }
        }
    }
}

impl Layer for Start {
    fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        let stay = |this: Box<Start>, outcome: Outcome| -> Next { (Some(this), outcome) };
        if let Input::Click(nth) = input {
            self.clicked(*nth);
            return stay(self, Outcome::Nothing);
        }
        let Some(press) = input.press() else {
            if let Some(line) = self.line() {
                line.take_with(input, &mut ui.kill);
            }
            return stay(self, Outcome::Nothing);
        };
        if self.month.is_some() {
            self.walk(press.code);
            return stay(self, Outcome::Nothing);
        }
        let copies = self.line().is_some_and(|line| line.has_selection());
        match (press.code, press.ctrl) {
            (KeyCode::Esc, _) => return self.closed(ui, product),
            (KeyCode::Char('c'), true) if !copies => return self.closed(ui, product),
            (KeyCode::Enter, _) => return self.starts(ui, product, context),
            (KeyCode::Tab, _) => self.tab(1),
            (KeyCode::BackTab, _) => self.tab(-1),
            (code, false) if self.at == Field::Serves => self.serves_key(code),
            (KeyCode::Up, _) if self.at == Field::Goal => self.goal.earlier(&mut ui.line_history, "goal"),
            (code, false) if self.at != Field::Goal && self.day_key(code, ui, product) => {}
            _ => {
                if let Some(line) = self.line() {
                    line.take_with(input, &mut ui.kill);
                }
            }
        }
        stay(self, Outcome::Nothing)
    }

    fn hints(&self, _: &Ui) -> String {
        match (self.month.is_some(), self.at) {
            (true, _) => "↑ ↓ ← → walk · PgUp PgDn months · Enter takes the day · Esc back",
            (_, Field::Goal) => "Enter starts the sprint · Tab next field · Esc back to planning",
            (_, Field::Serves) => "Space ticks · ← → choose · Enter starts the sprint · Tab next field · Esc back",
            _ => "Enter starts the sprint · ↑ ↓ a day · PgUp PgDn a week · ? month · Tab next field · Esc back",
        }
        .to_string()
    }

    fn draw(&self, ui: &Ui, product: &Product, buffer: &mut Paint) {
        let Some(planned) = planned(ui) else { return };
        let warned = warnings(&planned.plan);
        let columns = popup::columns(ui, 66, usize::from(ui.window.width).saturating_mul(2) / 3);
        let look_twice = ui.theme.glyph("△", "*");
        let told = |word: &String| wrap(&format!("{look_twice} {word}"), columns, 2);
        let warned: Vec<String> = warned.iter().flat_map(told).collect();
        let rows = if warned.is_empty() { 7 } else { warned.len().saturating_add(8) };
        let title = format!("Start {}", product.name_of(self.sprint));
        let inner = popup::frame(ui, &title, columns, rows, buffer);
        let seen = |y: usize| y < usize::from(inner.height);
        for (nth, field) in FIELDS.iter().enumerate().filter(|(nth, _)| seen(*nth)) {
            self.draw_field(ui, product, *field, nth, inner.row(nth), buffer);
        }
        let columns = usize::from(inner.width);
        if seen(4) {
            let stories = count(planned.plan.selected.stories, "story", "stories");
            let points = format!("{}{}  {stories}", fit("Points", LABEL), fits(&planned.plan));
            let style = if is_over(&planned.plan) { ui.theme.wrong() } else { Style::new() };
            buffer.write(inner.row(4), cut(&points, columns), columns, style);
        }
        if seen(5) {
            let words = format!("{}{}", fit("", LABEL), velocity_words(&planned.pace, false));
            buffer.write(inner.row(5), cut(&words, columns), columns, ui.theme.quiet());
        }
        // The last line says how it starts.
        for (y, line) in (7..usize::from(inner.height).saturating_sub(1)).zip(&warned) {
            buffer.write(inner.row(y), cut(line, columns), columns, ui.theme.wrong());
        }
        if inner.height >= 7 {
            let last = inner.row(usize::from(inner.height).saturating_sub(1));
            buffer.write(last, "Enter starts it. Tab next field. Esc back to planning.", columns, ui.theme.quiet());
            buffer.zone(Rect { width: 16.min(last.width), ..last }, Zone::Press(Press::plain(KeyCode::Enter)));
        }
        if let Some(at) = self.month {
            day::draw_month(ui, at, buffer);
        }
    }
}

/// The context for interpreting a date.
fn around(ui: &Ui, product: &Product) -> Option<Around> {
    Kind::Sprint.field("start").map(|field| day::around(ui, product, field))
}

/// Whether the last sprint was as long.
fn as_before(product: &Product, length: &str) -> &'static str {
    let last = closed(product).last().and_then(|sprint| sprint.start.zip(sprint.end));
    match last {
        Some((start, end)) if length_words(start, end) == length => ", as the last one",
        _ => "",
    }
}

/// What a goal can serve: what is already set, the roadmap items that its stories serve, the active Product Goal. If
/// nothing is set yet, the item with the largest share of the points is proposed; without points the first one.
fn candidates(product: &Product, sprint: &Sprint, selected: impl Iterator<Item = (Id, Amount)>) -> Vec<(Id, bool)> {
    let mut out: Vec<(Id, bool)> = sprint.serves.iter().map(|id| (*id, true)).collect();
    let lives = |id: Id| product.find(id).is_some_and(|record| record.is_alive());
    let selected: Vec<(Id, Amount)> = selected.filter(|(id, _)| lives(*id)).collect();
    // Of equals, the first in the backlog.
    let largest = selected.iter().rev().max_by_key(|(_, points)| *points).map(|(id, _)| *id);
    let largest = largest.filter(|_| out.is_empty());
    let goals = product.all::<ProductGoal>().filter(|goal| goal.state == crate::model::schema::GoalState::Active);
    for id in selected.iter().map(|(id, _)| *id).chain(goals.map(|goal| goal.id)) {
        if out.iter().all(|(known, _)| *known != id) {
            out.push((id, largest == Some(id)));
        }
    }
    out.retain(|(id, _)| lives(*id));
    out
}
