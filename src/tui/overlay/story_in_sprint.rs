//! A new story in the running sprint, asked in one sheet: title, points, why, what goes out for it, and the reason. It is
//! one act: nothing is kept of it if it is refused or left.

use crate::actions::Context;
use crate::actions::edit::{Place, add};
use crate::actions::proposal::ProposeAs;
use crate::model::change::Step;
use crate::model::field::Field;
use crate::model::grammar::sentence;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rules::{Refusal, capital};
use crate::model::saturating::{next_in_circle, previous_in_circle};
use crate::model::schema::{Kind, Sprint};
use crate::model::value::{Amount, Cell, Value};
use crate::tui::overlay::choices::{Pick, targets};
use crate::tui::overlay::exchange::Exchange;
use crate::tui::state::contract::{Commit, Layer, Next, Outcome, Say};
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::key::Press;
use crate::tui::term::layout::Part;
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{clean, cut};
use crate::tui::widget::input::LineInput;
use crate::tui::widget::popup;
use crate::tui::widget::text_keys;
use crossterm::event::KeyCode;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// What the cursor is on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum At {
    Title,
    Points,
    Why,
    /// A story that may go out.
    Out(usize),
    Reason,
}

pub struct StoryInSprint {
    title: LineInput,
    points: LineInput,
    /// What it can serve; the first is nothing.
    whys: Vec<Pick>,
    why: usize,
    /// What was typed to find a why.
    find: String,
    exchange: Exchange,
    reason: LineInput,
    at: At,
}

/// The width of the labels.
const LABEL: usize = 8;

fn story_field(key: &str) -> Option<&'static Field> {
    Kind::BacklogItem.field(key)
}

impl StoryInSprint {
    /// The why is what the sprint serves, if that is said; it is never guessed from a card.
    pub fn new(product: &Product, sprint: &Sprint) -> StoryInSprint {
        let whys = story_field("serves").map(|field| targets(product, &[], field, true)).unwrap_or_default();
        let is_served =
            |pick: &Pick| pick.value.as_str().and_then(Id::parse).is_some_and(|id| sprint.serves.contains(&id));
        let why = match sprint.serves.as_slice() {
            [] => 0,
            [first, ..] => {
                let first = Value::from(first.to_string());
                let at = whys.iter().position(|pick| pick.value == first);
                at.or_else(|| whys.iter().position(is_served)).unwrap_or(0)
            }
        };
        StoryInSprint {
            title: LineInput::new(""),
            points: LineInput::new(""),
            whys,
            why,
            find: String::new(),
            exchange: Exchange::of(product, sprint, &[]),
            reason: LineInput::new(""),
            at: At::Title,
        }
    }

    /// All rows in their order.
    fn rows(&self) -> Vec<At> {
        let out = (0..self.exchange.len()).map(At::Out);
        [At::Title, At::Points, At::Why].into_iter().chain(out).chain([At::Reason]).collect()
    }

    /// One row up or down.
    fn step(&mut self, down: bool) {
        let rows = self.rows();
        let at = rows.iter().position(|row| *row == self.at).unwrap_or(0);
        let to = if down { at.saturating_add(1) } else { at.saturating_sub(1) };
        self.at = rows.get(to).copied().unwrap_or(self.at);
        self.find.clear();
    }

    /// From field to field; the stories are one, begun with the last of the backlog.
    fn tab(&mut self, forward: bool) {
        let last = self.exchange.len().checked_sub(1).map(At::Out);
        let fields: Vec<At> = [At::Title, At::Points, At::Why].into_iter().chain(last).chain([At::Reason]).collect();
        let same = |field: &At| *field == self.at || matches!((field, self.at), (At::Out(_), At::Out(_)));
        let at = fields.iter().position(same).unwrap_or(0);
        let to = if forward { next_in_circle(at, fields.len()) } else { previous_in_circle(at, fields.len()) };
        self.at = fields.get(to).copied().unwrap_or(At::Title);
        self.find.clear();
    }

    fn line(&mut self) -> Option<&mut LineInput> {
        match self.at {
            At::Title => Some(&mut self.title),
            At::Points => Some(&mut self.points),
            At::Reason => Some(&mut self.reason),
            At::Why | At::Out(_) => None,
        }
    }

    /// The points as typed: nothing for an empty line.
    fn size(&self) -> Result<Value, String> {
        story_field("points").map_or(Ok(Value::Null), |field| field.from_text(self.points.text().trim()))
    }

    fn comes(&self) -> Amount {
        let size = self.size().ok().and_then(|value| Option::<Amount>::from_value(&value).ok());
        size.flatten().unwrap_or_default()
    }

    /// Selects the first why that contains what was typed.
    fn find_why(&mut self) {
        let find = self.find.to_lowercase();
        if let Some(at) = self.whys.iter().position(|pick| pick.label.to_lowercase().contains(&find)) {
            self.why = at;
        }
    }

    /// Handles a key on the why: arrows walk, letters find.
    fn why_key(&mut self, press: Press) {
        match press.code {
            KeyCode::Left | KeyCode::Right => {
                let step = if press.code == KeyCode::Right { next_in_circle } else { previous_in_circle };
                self.why = step(self.why, self.whys.len().max(1));
                self.find.clear();
            }
            KeyCode::Backspace => {
                self.find.pop();
                self.find_why();
            }
            _ => {
                if let Some(letter) = press.letter() {
                    self.find.push(letter);
                    self.find_why();
                }
            }
        }
    }

    /// The story and what goes out for it, as one step.
    fn build(
        &self,
        product: &Product,
        size: Value,
        reason: &str,
        context: &mut Context,
    ) -> Result<(Step, Id), Refusal> {
        let title = self.title.text().trim().to_string();
        let why = self.whys.get(self.why).map(|pick| pick.value.clone()).unwrap_or_default();
        let cells: Vec<_> = [("title", title.as_str().into()), ("points", size), ("serves", why)]
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .filter_map(|(key, value)| Some((story_field(key)?, value)))
            .collect();
        let (mut step, id) = add(product, Kind::BacklogItem, &cells, Place::Top, context)?;
        let mut after = product.clone();
        after.apply(&step).map_err(|why| Refusal::new(why, "Nothing was changed."))?;
        let label = format!("{} for {}: {reason}", step.label, self.exchange.name);
        step.join(self.exchange.step(&after, &[id], reason, context)?);
        step.label = label;
        Ok((step, id))
    }

    /// Goes to what is missing, and says so.
    fn lacks(mut self: Box<Self>, at: At, what: &str) -> Next {
        self.at = at;
        (Some(self), Outcome::say(format!("{what} Nothing has been changed yet.")))
    }

    fn take(self: Box<Self>, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        if self.title.text().trim().is_empty() {
            return self.lacks(At::Title, "It needs a title.");
        }
        let size = match self.size() {
            Ok(size) => size,
            Err(why) => return self.lacks(At::Points, &sentence(&why)),
        };
        let reason = self.reason.text().trim().to_string();
        if reason.is_empty() {
            return self.lacks(At::Reason, "It requires a reason, which is stored with the sprint.");
        }
        ui.line_history.keep("reason", &reason);
        match self.build(product, size, &reason, context) {
            Ok((step, id)) => {
                let say = format!(" to {}{}. {{undo}} takes it back.", self.exchange.name, self.exchange.out());
                let retry: Option<Box<dyn Layer>> = Some(self);
                let say = Some(Say::Added(say));
                (
                    None,
                    Outcome::Commit(Commit {
                        say,
                        choose: Some(id),
                        retry,
                        proposes: ProposeAs::Whole,
                        ..Commit::new(step)
                    }),
                )
            }
            Err(refusal) => (Some(self), Outcome::refuse(refusal)),
        }
    }

    fn cancel(&self, ui: &mut Ui) -> Next {
        ui.line_history.keep("add", &self.title.text());
        ui.line_history.keep("reason", &self.reason.text());
        (None, Outcome::say(format!("{} is unchanged.", capital(&self.exchange.name))))
    }

    /// The row that was clicked.
    fn clicked(&mut self, nth: usize) {
        let Some(at) = self.rows().get(nth).copied() else { return };
        self.at = at;
        if let At::Out(at) = at {
            self.exchange.flip(at);
        }
    }

    /// What stands beside a label, without a cursor.
    fn shown(&self, at: At) -> String {
        match at {
            At::Title => self.title.text(),
            At::Points => self.points.text(),
            At::Reason => self.reason.text(),
            At::Why => self.whys.get(self.why).map(|pick| pick.label.clone()).unwrap_or_default(),
            At::Out(_) => String::new(),
        }
    }

    fn draw_field(&self, ui: &Ui, at: At, label: &str, area: Rect, buffer: &mut Paint) {
        let here = self.at == at;
        let style = if here { ui.theme.chosen() } else { ui.theme.strong() };
        let pointer = if here { ui.theme.pointer() } else { " " };
        buffer.write(area, format!("{pointer}{label}"), LABEL, style);
        let rest = area.past(LABEL);
        let room = usize::from(rest.width);
        let line = match at {
            At::Title => Some(&self.title),
            At::Points => Some(&self.points),
            At::Reason => Some(&self.reason),
            At::Why | At::Out(_) => None,
        };
        match line.filter(|_| here) {
            Some(line) => line.draw(rest, Style::new(), buffer),
            None => {
                let text = clean(&self.shown(at)).into_owned();
                let found =
                    if here && !self.find.is_empty() { format!("   find: {}", self.find) } else { String::new() };
                let style = if here { ui.theme.chosen() } else { Style::new() };
                buffer.write(rest, cut(&format!("{text}{found}"), room), room, style);
                if here {
                    buffer.cursor(rest.x, rest.y);
                }
            }
        }
    }
}

impl Layer for StoryInSprint {
    fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        if let Input::Click(nth) = input {
            self.clicked(*nth);
            return (Some(self), Outcome::Nothing);
        }
        let press = input.press();
        let has_selection = self.line().is_some_and(|line| line.has_selection());
        match press.map(|press| (press.code, press.ctrl)) {
            Some((KeyCode::Esc, _)) => return self.cancel(ui),
            Some((KeyCode::Char('c'), true)) if !has_selection => return self.cancel(ui),
            Some((KeyCode::Enter, _)) => return self.take(ui, product, context),
            Some((KeyCode::Tab, _)) => self.tab(true),
            Some((KeyCode::BackTab, _)) => self.tab(false),
            Some((KeyCode::Up, _)) => self.step(false),
            Some((KeyCode::Down, _)) => self.step(true),
            _ => match (self.at, press) {
                (At::Out(at), Some(press)) => {
                    if press.code == KeyCode::Char(' ') {
                        self.exchange.flip(at);
                        // The first candidates are last, so the cursor steps up.
                        self.at = At::Out(at.saturating_sub(1));
                    }
                }
                (At::Why, Some(press)) => self.why_key(press),
                _ => {
                    if let Some(line) = self.line() {
                        line.take_with(input, &mut ui.kill);
                    }
                }
            },
        }
        (Some(self), Outcome::Nothing)
    }

    fn binds_alt(&self, letter: char) -> bool {
        text_keys::binds_alt(letter)
    }

    fn hints(&self, _: &Ui) -> String {
        let here = match self.at {
            At::Why => "← → another why · letters find one",
            At::Out(_) => "Space ticks what goes out",
            _ => "Tab next",
        };
        format!("{here} · ↑ ↓ rows · Enter adds it · Esc back")
    }

    fn draw(&self, ui: &Ui, _: &Product, buffer: &mut Paint) {
        let columns = popup::columns(ui, 68, self.exchange.needed());
        let stories = self.exchange.len();
        // Title, points, why, reason and balance; above the stories what they are for.
        let rows = stories.saturating_add(if stories > 0 { 6 } else { 5 });
        let inner = popup::frame(ui, &format!("A new story for {}", self.exchange.name), columns, rows, buffer);
        let (columns, height) = (usize::from(inner.width), usize::from(inner.height));
        let mut nth = 0usize;
        for (at, label) in [(At::Title, "Title"), (At::Points, "Points"), (At::Why, "Why")] {
            if nth < height {
                self.draw_field(ui, at, label, inner.row(nth), buffer);
                popup::entry(inner, nth, nth, buffer);
            }
            nth = nth.saturating_add(1);
        }
        let mut y = nth;
        let room = height.saturating_sub(y.saturating_add(2));
        let heading = usize::from(stories > 0 && room > stories.min(2));
        if heading > 0 {
            buffer.write(inner.row(y), "What goes out for it", columns, ui.theme.quiet());
            y = y.saturating_add(1);
        }
        let room = room.saturating_sub(heading);
        let chosen = if let At::Out(at) = self.at { at } else { stories.saturating_sub(1) };
        let first = popup::scrolled(chosen, stories, room.max(1));
        for at in (first..stories).take(room) {
            let here = self.at == At::Out(at);
            let style = if here { ui.theme.chosen() } else { Style::new() };
            buffer.write(inner.row(y), self.exchange.row(ui, at, here, columns), columns, style);
            if here {
                popup::cursor(inner, y, buffer);
            }
            popup::entry(inner, y, nth.saturating_add(at), buffer);
            y = y.saturating_add(1);
        }
        if y < height {
            self.draw_field(ui, At::Reason, "Reason", inner.row(y), buffer);
            popup::entry(inner, y, nth.saturating_add(stories), buffer);
        }
        let y = y.saturating_add(1);
        if y < height {
            let (balance, is_over) = self.exchange.balance(self.comes());
            let style = if is_over { ui.theme.wrong() } else { ui.theme.quiet() };
            buffer.write(inner.row(y), cut(&balance, columns), columns, style);
        }
    }
}
