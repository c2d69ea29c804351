//! Splitting a story: its criteria and tasks on the left of a digit, the parts with their titles and points above.

use crate::actions::Context;
use crate::actions::proposal::ProposeAs;
use crate::actions::split::{StoryPart, Whole, split};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::BacklogItem;
use crate::model::value::{Amount, Cell};
use crate::tui::state::contract::{Commit, Layer, Next, Outcome};
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::layout::Part;
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{clean, cut, fit, width};
use crate::tui::widget::input::LineInput;
use crate::tui::widget::text_keys;
use crate::tui::widget::{list, popup};
use crossterm::event::KeyCode;
use ratatui::style::Style;

/// More parts than keys have no digit.
const MOST: usize = 9;
/// A part is named after its first criterion, in so many columns.
const LONGEST_NAME: usize = 80;

/// A criterion or a task.
#[derive(Clone)]
struct Dealt {
    text: String,
    is_task: bool,
    /// Its place among the criteria or tasks of the story.
    nth: usize,
    /// The part it goes to, from 0; `None` stays with the story.
    to: Option<usize>,
}

#[derive(Clone)]
struct PartLine {
    /// Empty until somebody types: then it is named after what it gets.
    title: LineInput,
    points: LineInput,
}

/// What the keys are about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    /// A criterion or a task.
    Row(usize),
    Title(usize),
    Points(usize),
}

#[derive(Clone)]
pub struct SplitSheet {
    story: Id,
    name: String,
    title: String,
    points: Option<Amount>,
    rows: Vec<Dealt>,
    parts: Vec<PartLine>,
    whole: Whole,
    at: At,
}

/// What was dealt and typed before Esc, to go on with.
struct Unfinished(SplitSheet);

impl SplitSheet {
    /// The sheet of a story, as it was left if the story has the same criteria and tasks still.
    pub fn open(ui: &mut Ui, product: &Product, item: &BacklogItem) -> SplitSheet {
        let fresh = SplitSheet::of(product, item);
        let same = |kept: &SplitSheet| {
            let texts =
                |sheet: &SplitSheet| sheet.rows.iter().map(|row| (row.text.clone(), row.is_task)).collect::<Vec<_>>();
            kept.story == fresh.story && texts(kept) == texts(&fresh)
        };
        let kept = ui.slots.take::<Unfinished>().map(|Unfinished(kept)| kept).filter(same);
        match kept {
            Some(kept) => {
                ui.say("Your parts are as you left them. Ctrl-U in a title empties it, Space takes a row back.");
                SplitSheet { title: fresh.title, points: fresh.points, ..kept }
            }
            None => fresh,
        }
    }

    /// True if something was dealt or typed.
    fn is_begun(&self) -> bool {
        let typed = |(nth, part): (usize, &PartLine)| self.is_named(nth) || !part.points.is_empty();
        let is_typed = self.parts.iter().enumerate().any(typed);
        self.rows.iter().any(|row| row.to.is_some()) || is_typed || self.whole != Whole::Kept
    }

    fn of(product: &Product, item: &BacklogItem) -> SplitSheet {
        let criteria = item.criteria.iter().map(|one| (one.text.to_string(), false));
        let tasks = item.tasks.iter().map(|one| (one.text.to_string(), true));
        let mut counts = [0usize; 2];
        let row = |(text, is_task): (String, bool)| {
            let count = counts.get_mut(usize::from(is_task));
            let nth = count.map_or(0, |count| std::mem::replace(count, count.saturating_add(1)));
            Dealt { text, is_task, nth, to: None }
        };
        let rows: Vec<Dealt> = criteria.chain(tasks).map(row).collect();
        let at = if rows.is_empty() { At::Title(0) } else { At::Row(0) };
        let part = || PartLine { title: LineInput::new(""), points: LineInput::new("") };
        let mut sheet = SplitSheet {
            story: item.id,
            name: product.name_of(item.id),
            title: item.title.to_string(),
            points: item.points,
            rows,
            parts: vec![part(), part()],
            whole: Whole::Kept,
            at,
        };
        sheet.go(at);
        sheet
    }

    /// The title of a part: as typed, else as it is named by itself.
    fn title_of(&self, nth: usize) -> String {
        let typed = self.parts.get(nth).map(|part| part.title.text().trim().to_string()).unwrap_or_default();
        if typed.is_empty() { self.named_by_itself(nth) } else { typed }
    }

    /// True if somebody gave the part a title.
    fn is_named(&self, nth: usize) -> bool {
        self.title_of(nth) != self.named_by_itself(nth)
    }

    /// Goes to a field. A title is filled with the name that the part has; one left as it was goes on following what is
    /// dealt to it.
    fn go(&mut self, to: At) {
        if let At::Title(nth) = self.at
            && !self.is_named(nth)
            && let Some(part) = self.parts.get_mut(nth)
        {
            part.title = LineInput::new("");
        }
        self.at = to;
        let At::Title(nth) = to else { return };
        let name = self.title_of(nth);
        if let Some(part) = self.parts.get_mut(nth).filter(|part| part.title.is_empty()) {
            part.title = LineInput::replaceable(&name);
        }
    }

    /// Its first criterion or task, else the story's title with a number.
    fn named_by_itself(&self, nth: usize) -> String {
        match self.rows.iter().find(|row| row.to == Some(nth)) {
            Some(row) => cut(&row.text, LONGEST_NAME).into_owned(),
            None => format!("{}, part {}", self.title, nth.saturating_add(1)),
        }
    }

    fn deal(&mut self, row: usize, to: Option<usize>) {
        while self.parts.len() <= to.unwrap_or(0) {
            self.parts.push(PartLine { title: LineInput::new(""), points: LineInput::new("") });
        }
        if let Some(one) = self.rows.get_mut(row) {
            one.to = to;
        }
        self.at = At::Row(row.saturating_add(1).min(self.rows.len().saturating_sub(1)));
    }

    /// All places in the order of Tab: the rows, then title and points of each part.
    fn next(&self, forward: bool) -> At {
        let mut all: Vec<At> = if self.rows.is_empty() { Vec::new() } else { vec![At::Row(0)] };
        for nth in 0..self.parts.len() {
            all.extend([At::Title(nth), At::Points(nth)]);
        }
        let is_here = |one: &At| *one == self.at || matches!((one, self.at), (At::Row(_), At::Row(_)));
        let at = all.iter().position(is_here).unwrap_or(0);
        let last = all.len().saturating_sub(1);
        let to = match forward {
            true if at == last => 0,
            true => at.saturating_add(1),
            false => at.checked_sub(1).unwrap_or(last),
        };
        all.get(to).copied().unwrap_or(self.at)
    }

    fn is_last(&self) -> bool {
        self.at == At::Points(self.parts.len().saturating_sub(1))
    }

    /// Up and down: through the rows, or from part to part in the same column.
    fn step(&mut self, down: bool) {
        let moved = |at: usize, count: usize| match down {
            true => at.saturating_add(1).min(count.saturating_sub(1)),
            false => at.saturating_sub(1),
        };
        self.go(match self.at {
            At::Row(at) => At::Row(moved(at, self.rows.len())),
            At::Title(nth) => At::Title(moved(nth, self.parts.len())),
            At::Points(nth) => At::Points(moved(nth, self.parts.len())),
        });
    }

    fn part(&self, nth: usize) -> Result<StoryPart, String> {
        let places = |is_task: bool| {
            let mine = self.rows.iter().filter(|row| row.to == Some(nth) && row.is_task == is_task);
            mine.map(|row| row.nth).collect()
        };
        let typed = self.parts.get(nth).map(|part| part.points.text()).unwrap_or_default();
        let points = Option::<Amount>::from_text(&typed)
            .map_err(|why| format!("Points of part {}: {why}", nth.saturating_add(1)))?;
        Ok(StoryPart { title: self.title_of(nth), criteria: places(false), tasks: places(true), points })
    }

    fn take(self: Box<Self>, product: &Product, context: &mut Context) -> Next {
        let parts: Result<Vec<StoryPart>, String> = (0..self.parts.len()).map(|nth| self.part(nth)).collect();
        let parts = match parts {
            Ok(parts) => parts,
            Err(why) => return (Some(self), Outcome::refuse(why)),
        };
        // With nothing dealt and nothing typed, nothing was said about how to split it.
        if self.rows.iter().all(|row| row.to.is_none()) && (0..self.parts.len()).all(|nth| !self.is_named(nth)) {
            return (Some(self), Outcome::say("Deal the criteria to parts with 1, 2 …, or Tab and name the parts."));
        }
        match split(product, self.story, &parts, self.whole, context) {
            Ok((step, made)) => {
                let names = made.len();
                let word = if self.whole == Whole::Replaced { "was replaced by" } else { "has" };
                let say = Some(format!("{} {word} {names} parts. {{undo}} takes it back.", self.name).into());
                let choose = made.first().copied();
                let retry: Option<Box<dyn Layer>> = Some(self);
                (None, Outcome::Commit(Commit { say, choose, retry, proposes: ProposeAs::Whole, ..Commit::new(step) }))
            }
            Err(refusal) => (Some(self), Outcome::refuse(refusal)),
        }
    }

    /// `8 points before, 3 + 5 in the parts`.
    fn sum(&self) -> String {
        let sizes: Vec<Option<Amount>> =
            (0..self.parts.len()).map(|nth| self.part(nth).ok().and_then(|part| part.points)).collect();
        let before =
            self.points.map_or_else(|| "No points before".to_string(), |points| format!("{points} points before"));
        let known: Amount = sizes.iter().flatten().copied().sum();
        match sizes.iter().filter(|size| size.is_none()).count() {
            0 => format!("{before}, {known} in the parts"),
            open if open == sizes.len() => format!("{before}, the parts are not sized yet"),
            open => format!("{before}, {known} in the parts, {open} not sized"),
        }
    }

    fn on_row(mut self: Box<Self>, row: usize, code: KeyCode) -> Next {
        match code {
            KeyCode::Char(digit @ '1'..='9') => {
                let to = (digit as usize).saturating_sub('1' as usize).min(MOST.saturating_sub(1));
                self.deal(row, Some(to));
            }
            KeyCode::Char(' ' | '0') => self.deal(row, None),
            KeyCode::Char('k') => self.step(false),
            KeyCode::Char('j') => self.step(true),
            KeyCode::Char(_) => {
                let word = "A digit deals the row to a part, Space leaves it, Tab names the parts.";
                return (Some(self), Outcome::say(word));
            }
            _ => {}
        }
        (Some(self), Outcome::Nothing)
    }
}

impl Layer for SplitSheet {
    fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        if let Input::Click(nth) = input {
            self.go(At::Row((*nth).min(self.rows.len().saturating_sub(1))));
            return (Some(self), Outcome::Nothing);
        }
        match input.press().map(|press| (press.code, press.ctrl)) {
            Some((KeyCode::Esc, _)) | Some((KeyCode::Char('c'), true)) => {
                if !self.is_begun() {
                    return (None, Outcome::say(format!("{} is as it was.", self.name)));
                }
                let say = format!("{} is as it was. Your parts are kept: {{story.split}} on it goes on.", self.name);
                ui.slots.put(Unfinished(*self));
                return (None, Outcome::say(say));
            }
            Some((KeyCode::Char('s'), true)) => return self.take(product, context),
            // In a field, Enter goes on to the next one; in the last one it splits.
            Some((KeyCode::Enter, _)) if !matches!(self.at, At::Row(_)) && !self.is_last() => self.go(self.next(true)),
            Some((KeyCode::Enter, _)) => return self.take(product, context),
            Some((KeyCode::Char('r'), true)) => {
                self.whole = if self.whole == Whole::Kept { Whole::Replaced } else { Whole::Kept };
            }
            Some((KeyCode::Tab, _)) => self.go(self.next(true)),
            Some((KeyCode::BackTab, _)) => self.go(self.next(false)),
            Some((KeyCode::Up, _)) => self.step(false),
            Some((KeyCode::Down, _)) => self.step(true),
            Some((code, false)) if matches!(self.at, At::Row(_)) => {
                let At::Row(row) = self.at else { return (Some(self), Outcome::Nothing) };
                return self.on_row(row, code);
            }
            _ => match self.at {
                At::Title(nth) => {
                    if let Some(part) = self.parts.get_mut(nth) {
                        part.title.take_with(input, &mut ui.kill);
                    }
                }
                At::Points(nth) => {
                    if let Some(part) = self.parts.get_mut(nth) {
                        part.points.take(input);
                    }
                }
                At::Row(_) => {}
            },
        }
        (Some(self), Outcome::Nothing)
    }

    fn binds_alt(&self, letter: char) -> bool {
        !matches!(self.at, At::Row(_)) && text_keys::binds_alt(letter)
    }

    fn hints(&self, _: &Ui) -> String {
        match self.at {
            At::Row(_) => {
                "1-9 to that part · Space stays · Tab names them · Ctrl-R replaces it · Enter splits · Esc back"
            }
            _ if self.is_last() => "Enter splits · Tab next · ↑ ↓ other parts · Ctrl-R replaces it · Esc back",
            _ => "Enter next · Ctrl-S splits · ↑ ↓ other parts · Ctrl-R replaces it · Esc back",
        }
        .to_string()
    }

    fn draw(&self, ui: &Ui, _: &Product, buffer: &mut Paint) {
        let columns = popup::columns(
            ui,
            84,
            self.rows.iter().map(|row| width(&clean(&row.text))).max().unwrap_or(0).saturating_add(12),
        );
        let head = self.parts.len().saturating_add(4);
        let rows = head.saturating_add(self.rows.len());
        let title = format!("Split {} {}", self.name, clean(&self.title));
        let inner = popup::frame(ui, &title, columns, rows, buffer);
        let (columns, height) = (usize::from(inner.width), usize::from(inner.height));
        for (nth, part) in self.parts.iter().enumerate().take(height) {
            let here = matches!(self.at, At::Title(at) | At::Points(at) if at == nth);
            let pointer = if here { ui.theme.pointer() } else { " " };
            let points = part.points.text();
            let tail = if points.is_empty() { "? pts".to_string() } else { format!("{points} pts") };
            let room = columns.saturating_sub(width(&tail).saturating_add(5));
            let style = if here { ui.theme.strong() } else { Style::new() };
            let text = format!("{pointer}{} {} {tail}", nth.saturating_add(1), fit(&clean(&self.title_of(nth)), room));
            buffer.write(inner.row(nth), fit(&text, columns), columns, style);
            match self.at {
                At::Title(at) if at == nth => {
                    let area = ratatui::layout::Rect {
                        width: inner
                            .width
                            .saturating_sub(crate::tui::term::layout::extent(width(&tail)).saturating_add(5)),
                        ..inner.row(nth).past(3)
                    };
                    buffer.write(area, fit("", usize::from(area.width)), usize::from(area.width), Style::new());
                    part.title.draw(area, Style::new(), buffer);
                }
                At::Points(at) if at == nth => {
                    let area = inner.row(nth).past(columns.saturating_sub(8));
                    buffer.write(area, fit("", 8), 8, Style::new());
                    part.points.draw(area, Style::new(), buffer);
                }
                _ => {}
            }
        }
        let whole = match self.whole {
            Whole::Kept => format!("{} stays as the whole of them. Ctrl-R lets them take its place.", self.name),
            Whole::Replaced => format!("{} is dropped and they take its place. Ctrl-R keeps it.", self.name),
        };
        for (nth, words) in [self.sum() + ".", whole].into_iter().enumerate() {
            let line = self.parts.len().saturating_add(nth);
            if line < height {
                buffer.write(inner.row(line), cut(&words, columns), columns, ui.theme.quiet());
            }
        }
        let room = height.saturating_sub(head.saturating_sub(1));
        let at = match self.at {
            At::Row(at) => at,
            _ => 0,
        };
        let first = popup::scrolled(at, self.rows.len(), room.max(1));
        for (y, (nth, row)) in self.rows.iter().enumerate().skip(first).take(room).enumerate() {
            let here = self.at == At::Row(nth);
            let pointer = if here { ui.theme.pointer() } else { " " };
            let to = row.to.map_or_else(|| " ".to_string(), |to| to.saturating_add(1).to_string());
            let kind = if row.is_task { "task: " } else { "" };
            let text = format!("[{to}]{pointer}{kind}{}", clean(&row.text));
            let style = if here { ui.theme.chosen() } else { Style::new() };
            let y = head.saturating_sub(1).saturating_add(y);
            buffer.write(inner.row(y), fit(&cut(&text, columns), columns), columns, style);
            popup::entry(inner, y, nth, buffer);
            if here {
                popup::cursor(inner, y, buffer);
            }
        }
        list::more(ui, self.rows.len().saturating_sub(first.saturating_add(room)), inner, buffer);
    }
}
