//! Adding to a running sprint: what goes out in exchange, and why. Both are stored in the sprint's entries.

use crate::actions::Context;
use crate::actions::sprint::{plan, unplan};
use crate::insight::burndown::points;
use crate::insight::sprint::{entry_of, figures, is_open};
use crate::model::change::Step;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rules::Refusal;
use crate::model::schema::{BacklogItem, Sprint};
use crate::model::value::Amount;
use crate::tui::state::contract::{Commit, Layer, Next, Outcome};
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::layout::Part;
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{clean, cut, fit, width, wrap};
use crate::tui::widget::input::LineInput;
use crate::tui::widget::popup;
use crate::tui::widget::text_keys;
use crossterm::event::KeyCode;
use ratatui::style::Style;

struct Inside {
    story: Id,
    name: String,
    title: String,
    points: Option<Amount>,
    goes: bool,
}

pub struct ComesIn {
    sprint: Id,
    name: String,
    stories: Vec<Id>,
    /// `S30 (5)`, or how many stories with how many points.
    what: String,
    comes: Amount,
    holds: Amount,
    capacity: Option<Amount>,
    inside: Vec<Inside>,
    at: usize,
    /// The reason, once the user has decided what goes out.
    line: Option<LineInput>,
}

impl ComesIn {
    pub fn of(product: &Product, sprint: &Sprint, stories: Vec<Id>) -> ComesIn {
        let size = |id: &Id| product.get::<BacklogItem>(*id).and_then(|item| item.points);
        let comes: Amount = stories.iter().filter_map(size).sum();
        let what = match stories.as_slice() {
            [one] => {
                let points = size(one).map_or_else(|| "no points".to_string(), |points| points.to_string());
                format!("{} ({points})", product.name_of(*one))
            }
            many => format!("{} stories ({comes})", many.len()),
        };
        let is_inside = |item: &&std::sync::Arc<BacklogItem>| item.sprint == Some(sprint.id) && is_open(item);
        let inside: Vec<Inside> = product
            .all::<BacklogItem>()
            .filter(is_inside)
            .filter(|item| !stories.contains(&item.id))
            .map(|item| Inside {
                story: item.id,
                name: product.name_of(item.id),
                title: item.title.to_string(),
                points: entry_of(sprint, item.id).map_or(item.points, |entry| entry.points),
                goes: false,
            })
            .collect();
        let holds = figures(&sprint.entries, false).scope().points;
        let line = inside.is_empty().then(|| LineInput::new(""));
        let (id, name) = (sprint.id, product.name_of(sprint.id));
        // The first candidates to go out are last in the backlog.
        let at = inside.len().saturating_sub(1);
        ComesIn { sprint: id, name, stories, what, comes, holds, capacity: sprint.capacity, inside, at, line }
    }

    fn going(&self) -> Vec<Id> {
        self.inside.iter().filter(|one| one.goes).map(|one| one.story).collect()
    }

    fn balance(&self) -> (String, bool) {
        let goes: Amount = self.inside.iter().filter(|one| one.goes).filter_map(|one| one.points).sum();
        let all = Amount::hundredths(
            self.holds.in_hundredths().saturating_add(self.comes.in_hundredths()).saturating_sub(goes.in_hundredths()),
        );
        let Some(capacity) = self.capacity else {
            return (format!("It would hold {}, was {}.", points(all), self.holds), false);
        };
        let over = all.in_hundredths().saturating_sub(capacity.in_hundredths());
        let word = if over > 0 { format!(" {} too many.", Amount::hundredths(over)) } else { " It fits.".to_string() };
        (format!("It would hold {all} of {}, was {}.{word}", points(capacity), self.holds), over > 0)
    }

    fn step(&self, product: &Product, reason: &str, context: &mut Context) -> Result<Step, Refusal> {
        let going = self.going();
        let mut step = if going.is_empty() {
            Step::default()
        } else {
            unplan(product, Some(self.sprint), &going, reason, context)?
        };
        let mut after = product.clone();
        after.apply(&step).map_err(|why| Refusal::new(why, "Nothing was changed."))?;
        let into = plan(&after, self.sprint, &self.stories, reason, context)?;
        step.label = into.label.clone();
        step.join(into);
        Ok(step)
    }

    fn take(self: Box<Self>, line: LineInput, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        let reason = line.text().trim().to_string();
        if reason.is_empty() {
            let word = "It requires a reason, which is stored with the sprint. Nothing has been changed yet.";
            return (Some(Box::new(ComesIn { line: Some(line), ..*self })), Outcome::say(word));
        }
        ui.line_history.keep("reason", &reason);
        match self.step(product, &reason, context) {
            Ok(step) => {
                let out: Vec<String> = self.inside.iter().filter(|one| one.goes).map(|one| one.name.clone()).collect();
                let out = if out.is_empty() { String::new() } else { format!(", {} out", out.join(" ")) };
                let say = Some(format!("{} into {}{out}. {{undo}} takes it back.", self.what, self.name).into());
                let choose = self.stories.first().copied();
                let retry: Option<Box<dyn Layer>> = Some(Box::new(ComesIn { line: Some(line), ..*self }));
                (None, Outcome::Commit(Commit { say, choose, retry, ..Commit::new(step) }))
            }
            Err(refusal) => (Some(Box::new(ComesIn { line: Some(line), ..*self })), Outcome::refuse(refusal)),
        }
    }

    fn flip(&mut self) {
        if let Some(one) = self.inside.get_mut(self.at) {
            one.goes = !one.goes;
        }
        // The first candidates are last, so the cursor steps up.
        self.at = self.at.saturating_sub(1);
    }
}

impl Layer for ComesIn {
    fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        if let Some(mut line) = self.line.take() {
            match input.press().map(|press| (press.code, press.ctrl)) {
                Some((KeyCode::Esc, _)) if !self.inside.is_empty() => {}
                Some((KeyCode::Esc, _)) | Some((KeyCode::Char('c'), true)) => return (None, Outcome::Nothing),
                Some((KeyCode::Enter, _)) => return self.take(line, ui, product, context),
                Some((KeyCode::Up, _)) => {
                    line.earlier(&mut ui.line_history, "reason");
                    self.line = Some(line);
                }
                _ => {
                    line.take_with(input, &mut ui.kill);
                    self.line = Some(line);
                }
            }
            return (Some(self), Outcome::Nothing);
        }
        let last = self.inside.len().saturating_sub(1);
        if let Input::Click(nth) = input {
            self.at = (*nth).min(last);
            self.flip();
            return (Some(self), Outcome::Nothing);
        }
        match input.press().map(|press| (press.code, press.ctrl)) {
            Some((KeyCode::Esc, false)) | Some((KeyCode::Char('c'), true)) => {
                return (None, Outcome::say(format!("{} is unchanged.", crate::model::rules::capital(&self.name))));
            }
            Some((KeyCode::Up | KeyCode::Char('k'), _)) => self.at = self.at.saturating_sub(1),
            Some((KeyCode::Down | KeyCode::Char('j'), _)) => self.at = self.at.saturating_add(1).min(last),
            Some((KeyCode::Char(' '), _)) => self.flip(),
            Some((KeyCode::Enter, _)) => self.line = Some(LineInput::new("")),
            _ => {}
        }
        (Some(self), Outcome::Nothing)
    }

    fn binds_alt(&self, letter: char) -> bool {
        text_keys::binds_alt(letter)
    }

    fn hints(&self, _: &Ui) -> String {
        match self.line {
            Some(_) => "Enter does it · ↑ earlier ones · Esc back".to_string(),
            None => "Space ticks what goes out · Enter goes on to the reason · Esc back".to_string(),
        }
    }

    fn draw(&self, ui: &Ui, _: &Product, buffer: &mut Paint) {
        let columns = usize::from(ui.window.width.saturating_sub(6)).clamp(20, 68);
        let words = match (self.inside.is_empty(), &self.line) {
            (_, Some(_)) => "Why? The reason is stored with the sprint.",
            (false, None) => "Space ticks what goes out for it, or Enter and a reason for growing.",
            (true, None) => "",
        };
        let words = wrap(words, columns, 2);
        let rows = self.inside.len().saturating_add(words.len()).saturating_add(4);
        let inner = popup::frame(ui, &format!("{} comes into {}", self.what, self.name), columns, rows, buffer);
        let (columns, height) = (usize::from(inner.width), usize::from(inner.height));
        let room = height.saturating_sub(words.len().saturating_add(4));
        let first = popup::scrolled(self.at, self.inside.len(), room.max(1));
        for (y, (nth, one)) in self.inside.iter().enumerate().skip(first).take(room).enumerate() {
            let chosen = nth == self.at && self.line.is_none();
            let pointer = if chosen { ui.theme.pointer() } else { " " };
            let mark = match (ui.theme.bare, one.goes) {
                (true, true) => "goes out ".to_string(),
                (true, false) => "stays    ".to_string(),
                (false, true) => format!("[{}]", ui.theme.tick()),
                (false, false) => "[ ]".to_string(),
            };
            let size = one.points.map_or_else(|| "?".to_string(), |points| points.to_string());
            let tail = format!("{size:>4}{}", if one.goes { "  out" } else { "     " });
            let head = format!("{mark}{pointer}{} {}", one.name, clean(&one.title));
            let text = format!("{}{tail}", fit(&head, columns.saturating_sub(width(&tail))));
            let style = if chosen { ui.theme.chosen() } else { Style::new() };
            buffer.write(inner.row(y), text, columns, style);
            popup::entry(inner, y, nth, buffer);
        }
        let mut y = self.inside.len().min(room).saturating_add(usize::from(!self.inside.is_empty()));
        let mut put = |text: &str, style: Style| {
            if y < height {
                buffer.write(inner.row(y), cut(text, columns), columns, style);
            }
            y = y.saturating_add(1);
        };
        let (balance, is_over) = self.balance();
        put(&balance, if is_over { ui.theme.wrong() } else { Style::new() });
        words.iter().for_each(|line| put(line, ui.theme.quiet()));
        if let Some(line) = &self.line {
            put("> ", ui.theme.strong());
            // In a low window the input covers the last row.
            line.draw(inner.row(y.min(height).saturating_sub(1)).past(2), Style::new(), buffer);
        }
    }
}
