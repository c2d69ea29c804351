//! The form that closes a sprint: whether the goal was met, where each unfinished story goes, what that means for the
//! next sprint. Nothing happens before Enter, and nobody is asked to agree with a result that the program guessed.

use crate::actions::Context;
use crate::actions::sprint::{Carry, Closing, close};
use crate::insight::burndown::{points, pulse};
use crate::insight::outlook::size;
use crate::insight::plan::plan;
use crate::insight::review::dropped_early;
use crate::insight::review_text::{days_so_far, done_of, scope_of};
use crate::insight::sprint::{Figures, Unit, entry_of, figures, in_planning, is_open, size_words};
use crate::insight::velocity::{Pace, pace, velocity};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rules::capital;
use crate::model::saturating::{next_in_circle, previous_in_circle};
use crate::model::schema::{BacklogItem, ItemStatus, Sprint, SprintResult, SprintState};
use crate::model::value::{Amount, Day};
use crate::tui::settings::Unfinished;
use crate::tui::state::contract::{Commit, Layer, Next, Outcome};
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::layout::Part;
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{clean, cut, fit, width, wrap};
use crate::tui::widget::stray_letters::{StrayLetters, digit};
use crate::tui::widget::{list, popup};
use crossterm::event::KeyCode;
use ratatui::style::Style;

/// What was chosen in the form before it was left, for as long as it would ask the same.
struct Draft {
    asked: Asked,
    result: SprintResult,
    places: Vec<Carry>,
    at: usize,
}

/// What the form asks about: the sprint with its result, the stories that are left, and where they can go.
#[derive(PartialEq)]
struct Asked {
    sprint: Id,
    result: SprintResult,
    left: Vec<(Id, Option<Amount>)>,
    next: String,
    others: Vec<Id>,
}

struct Left {
    story: Id,
    name: String,
    title: String,
    /// Its size in this sprint, and the one of today, with which it goes on.
    counts: Option<Amount>,
    points: Option<Amount>,
    to: Carry,
}

/// The next sprint: its name, and how full it would be.
struct Ahead {
    name: String,
    holds: Amount,
    capacity: Option<Amount>,
}

/// A line below the stories.
struct FootLine {
    text: String,
    is_wrong: bool,
}

pub struct CloseSheet {
    sprint: Id,
    name: String,
    goal: String,
    /// As the review said, or as chosen here; open until then.
    result: SprintResult,
    /// The result with which the form was opened.
    began: SprintResult,
    done: Vec<String>,
    /// Dropped while it ran.
    dropped: Vec<String>,
    figures: Figures,
    days: String,
    /// It ends before its last day: what that means.
    early: Option<String>,
    /// What this sprint adds to the velocity, in the unit of all sprints.
    velocity: Amount,
    unit: Unit,
    left: Vec<Left>,
    ahead: Ahead,
    /// Other sprints in planning to which a story can go.
    others: Vec<(Id, String)>,
    /// 0 is the goal, followed by the stories.
    at: usize,
    /// How far what stands below the stories is scrolled, where the window is too low for it.
    below: usize,
    usual: Carry,
    stray: StrayLetters,
}

const CHANGED: &str = "The sprint has changed in another window. Your choices are kept; look again, Enter closes it.";

/// How the form fits into the window.
struct Fitted {
    columns: usize,
    rows: usize,
    facts: Vec<String>,
    foot: Vec<FootLine>,
    /// 1 if there is room for the goal.
    tall: usize,
    head: usize,
    /// The stories, and the lines below them, that are in sight.
    room: usize,
    foot_room: usize,
}

const LETTERS: &str = "Letters do nothing here. After a moment a digit sets the row again; ↑ ↓ ← → work at once, Enter closes the sprint.";
const ASKS: &str = "Was the Sprint Goal met? 1 met, 2 partly met, 3 not met. Enter then closes the sprint.";

/// The rows of a page.
const PAGE: usize = 5;

const RESULTS: [SprintResult; 3] = [SprintResult::Met, SprintResult::Partly, SprintResult::Not];

impl CloseSheet {
    fn of(ui: &Ui, product: &Product, sprint: &Sprint) -> CloseSheet {
        let usual = if ui.settings.unfinished == Unfinished::Next { Carry::Next } else { Carry::BacklogTop };
        let figures = figures(&sprint.entries, false);
        let inside = product.all::<BacklogItem>().filter(|item| item.sprint == Some(sprint.id));
        let (open, done): (Vec<_>, Vec<_>) = inside.partition(|item| is_open(item));
        let left: Vec<Left> = open
            .iter()
            .map(|item| Left {
                story: item.id,
                name: product.name_of(item.id),
                title: item.title.to_string(),
                counts: entry_of(sprint, item.id).map_or(item.points, |entry| entry.points),
                points: item.points,
                to: usual,
            })
            .collect();
        let planning = in_planning(product);
        let next = planning.first().map(|sprint| sprint.id);
        // The next capacity takes in what this sprint has done.
        let mut after = product.clone();
        let closed = product.edit::<Sprint>(sprint.id, "", |sprint| sprint.state = SprintState::Closed);
        let _ = after.apply(&closed);
        let plan = plan(&after, next, ui.today);
        let unit = pace(&after, ui.today).unit;
        CloseSheet {
            sprint: sprint.id,
            name: product.name_of(sprint.id),
            goal: sprint.goal.to_string(),
            result: sprint.result,
            began: sprint.result,
            done: done
                .iter()
                .filter(|item| item.status == ItemStatus::Done)
                .map(|item| product.name_of(item.id))
                .collect(),
            dropped: dropped_early(&sprint.entries, false).into_iter().map(|id| product.name_of(id)).collect(),
            velocity: velocity(&sprint.entries, unit),
            unit,
            early: early(product, &after, sprint, ui.today),
            days: days_so_far(sprint, ui.today),
            figures,
            at: usize::from(!left.is_empty() && sprint.result != SprintResult::Open),
            left,
            ahead: Ahead {
                name: next.map_or_else(|| "the next sprint".to_string(), |id| product.name_of(id)),
                holds: plan.selected.points,
                capacity: plan.capacity,
            },
            others: planning.iter().skip(1).map(|one| (one.id, product.name_of(one.id))).collect(),
            below: 0,
            usual,
            stray: StrayLetters::default(),
        }
    }

    /// The form as it was left, if nothing that it asks about has changed since.
    pub fn reopened(ui: &Ui, product: &Product, sprint: &Sprint) -> CloseSheet {
        let mut sheet = CloseSheet::of(ui, product, sprint);
        if let Some(draft) = ui.slots.get::<Draft>().filter(|draft| draft.asked == sheet.asks()) {
            (sheet.result, sheet.at) = (draft.result, draft.at);
            for (left, to) in sheet.left.iter_mut().zip(&draft.places) {
                left.to = *to;
            }
        }
        sheet
    }

    fn asks(&self) -> Asked {
        Asked {
            sprint: self.sprint,
            result: self.began,
            left: self.left.iter().map(|left| (left.story, left.points)).collect(),
            next: self.ahead.name.clone(),
            others: self.others.iter().map(|(id, _)| *id).collect(),
        }
    }

    fn places(&self) -> Vec<Carry> {
        let others = self.others.iter().map(|(id, _)| Carry::Into(*id));
        [Carry::BacklogTop, Carry::InPlace, Carry::Next].into_iter().chain(others).chain([Carry::Drop]).collect()
    }

    fn place(&self, to: Carry) -> String {
        match to {
            Carry::BacklogTop => "top of the backlog".to_string(),
            Carry::InPlace => "where it was".to_string(),
            Carry::Next => self.ahead.name.clone(),
            Carry::Drop => "dropped".to_string(),
            Carry::Into(id) => {
                self.others.iter().find(|(known, _)| *known == id).map_or(String::new(), |(_, name)| name.clone())
            }
        }
    }

    /// Selects the next result, or the next place, of the current row.
    fn turn(&mut self, forward: bool) {
        let step = if forward { next_in_circle } else { previous_in_circle };
        let places = self.places();
        match self.at.checked_sub(1).and_then(|at| self.left.get_mut(at)) {
            None => {
                let to = match RESULTS.iter().position(|one| *one == self.result) {
                    Some(at) => step(at, RESULTS.len()),
                    None if forward => 0,
                    None => RESULTS.len().saturating_sub(1),
                };
                self.result = RESULTS.get(to).copied().unwrap_or_default();
            }
            Some(left) => {
                let at = places.iter().position(|one| *one == left.to).unwrap_or(0);
                left.to = places.get(step(at, places.len())).copied().unwrap_or_default();
            }
        }
    }

    /// Moves it to the next sprint, or not.
    fn flip(&mut self) {
        let Some(left) = self.at.checked_sub(1).and_then(|at| self.left.get_mut(at)) else { return self.turn(true) };
        left.to = if left.to == Carry::Next { Carry::BacklogTop } else { Carry::Next };
        self.at = self.at.saturating_add(1).min(self.left.len());
    }

    /// A digit: the result, or the place of a story; then the next row.
    fn choose(&mut self, nth: usize) -> bool {
        let place = self.places().get(nth).copied();
        let done = match self.at.checked_sub(1).and_then(|at| self.left.get_mut(at)) {
            None => RESULTS.get(nth).map(|result| self.result = *result).is_some(),
            Some(left) => place.map(|to| left.to = to).is_some(),
        };
        if done {
            self.at = self.at.saturating_add(1).min(self.left.len());
        }
        done
    }

    /// Every story goes where this one goes; from the goal, to the next sprint, or back to the backlog.
    fn all_alike(&mut self) {
        let all = self.left.iter().all(|left| left.to == Carry::Next);
        let here = self.at.checked_sub(1).and_then(|at| self.left.get(at)).map(|left| left.to);
        let to = here.unwrap_or(if all { Carry::BacklogTop } else { Carry::Next });
        self.left.iter_mut().for_each(|left| left.to = to);
    }

    /// Limits the stories that go on to the capacity; if none go on yet, fills it from the top.
    fn fit(&mut self) -> Outcome {
        let Some(capacity) = self.ahead.capacity else {
            return Outcome::say("The capacity of the next sprint is not known yet. Space sets the rows one by one.");
        };
        if self.left.is_empty() {
            return Outcome::say(format!("{} Nothing goes on to the next sprint.", self.none_left()));
        }
        let none = self.left.iter().all(|left| left.to != Carry::Next);
        let mut room = capacity.in_hundredths().saturating_sub(self.ahead.holds.in_hundredths());
        for left in self.left.iter_mut().filter(|left| none || left.to == Carry::Next) {
            let size = left.points.unwrap_or_default().in_hundredths();
            let fits = size <= room;
            room = room.saturating_sub(if fits { size } else { 0 });
            left.to = if fits { Carry::Next } else { Carry::BacklogTop };
        }
        let (on, all) = (self.left.iter().filter(|left| left.to == Carry::Next).count(), self.left.len());
        let (name, held) = (capital(&self.ahead.name), self.ahead.holds);
        Outcome::say(match on {
            0 if held >= capacity => format!("Nothing fits: {name} holds {held} of {} already.", points(capacity)),
            0 => format!("Nothing fits: {name} holds {held} of {}, and each story here is larger.", points(capacity)),
            on if on == all => format!("All of them fit into {}.", self.ahead.name),
            on => format!("{on} of {all} stories fit into {}.", self.ahead.name),
        })
    }

    /// What the next sprint would contain, and whether that is too much.
    fn would_hold(&self) -> Option<FootLine> {
        let on = self.left.iter().filter(|left| left.to == Carry::Next);
        let all: Amount = on.filter_map(|left| left.points).chain([self.ahead.holds]).sum();
        let name = capital(&self.ahead.name);
        let Some(capacity) = self.ahead.capacity else {
            let text = format!("{name} would hold {}.", points(all));
            return (all > Amount::default()).then_some(FootLine { text, is_wrong: false });
        };
        let over = all.in_hundredths().saturating_sub(capacity.in_hundredths());
        let too_many = if over > 0 { format!(" {} too many.", Amount::hundredths(over)) } else { String::new() };
        Some(FootLine {
            text: format!("{name} would hold {all} of {}.{too_many}", points(capacity)),
            is_wrong: over > 0,
        })
    }

    /// Why no story is left to be sent anywhere.
    fn none_left(&self) -> String {
        let dropped = self.dropped.join(", ");
        let was = if self.dropped.len() == 1 { "was" } else { "were" };
        match (self.done.is_empty(), self.dropped.is_empty()) {
            (true, true) => "No story is in it.".to_string(),
            (false, true) => "Everything is done.".to_string(),
            (true, false) => format!("Nothing is left: {dropped} {was} dropped."),
            (false, false) => format!("Nothing is left: {dropped} {was} dropped, the rest is done."),
        }
    }

    fn velocity(&self) -> String {
        format!("{} No credit for half-done work.", self.velocity_alone())
    }

    fn velocity_alone(&self) -> String {
        format!("Velocity of this sprint: {}.", size(self.velocity, self.unit))
    }

    /// The form as it would open now, with what was chosen, if the sprint has changed since it was drawn.
    fn caught_up(&self, ui: &Ui, product: &Product) -> Option<CloseSheet> {
        let mut now = CloseSheet::of(ui, product, product.get::<Sprint>(self.sprint)?);
        if now.asks() == self.asks()
            && (&now.done, &now.dropped, now.velocity) == (&self.done, &self.dropped, self.velocity)
        {
            return None;
        }
        for left in &mut now.left {
            let known = self.left.iter().find(|known| known.story == left.story);
            left.to = known.map_or(left.to, |known| known.to);
        }
        (now.result, now.at) = (self.result, self.at.min(now.left.len()));
        Some(now)
    }

    fn take(mut self: Box<Self>, ui: &Ui, product: &Product, context: &mut Context) -> Next {
        if let Some(now) = self.caught_up(ui, product) {
            return (Some(Box::new(now)), Outcome::say(CHANGED));
        }
        if self.result == SprintResult::Open {
            self.at = 0;
            return (Some(self), Outcome::say(ASKS));
        }
        // Stories that somebody finished or took out meanwhile go nowhere.
        let still =
            |id: Id| product.get::<BacklogItem>(id).is_some_and(|one| is_open(one) && one.sprint == Some(self.sprint));
        let each = self.left.iter().filter(|left| still(left.story)).map(|left| (left.story, left.to)).collect();
        let closing = Closing { result: self.result, unfinished: self.usual, each };
        match close(product, self.sprint, &closing, context) {
            Ok(step) => {
                let say = format!(
                    "Closed {}, goal {}. {} {{go.review}} leads through its review. Undo stops here; {{sprint.reopen}} reopens it.",
                    self.name,
                    self.result.label(),
                    self.velocity_alone()
                );
                let commit = Commit { say: Some(say.into()), ..Commit::new(step) };
                (None, Outcome::Commit(commit).or_again(self))
            }
            Err(refusal) => (Some(self), Outcome::refuse(refusal)),
        }
    }

    fn fitted(&self, ui: &Ui) -> Fitted {
        let title = |left: &Left| width(&left.name).saturating_add(width(&clean(&left.title)));
        let titles = self.left.iter().map(title).max().unwrap_or(0);
        let columns = popup::columns(ui, 72, titles.saturating_add(self.widest_place()).saturating_add(16));
        let foot = self.foot(columns);
        let facts = self.facts(columns, usize::from(ui.window.height));
        // In a low window the question stands for the goal.
        let tall = usize::from(ui.window.height >= 14);
        let head = facts.len().saturating_add(3).saturating_add(tall);
        let rows = head.saturating_add(self.left.len()).saturating_add(foot.len()).saturating_add(1);
        let height = popup::rows_inside(ui, rows);
        // As many stories as fit between header and footer.
        let left = height.saturating_sub(head);
        let room = left.saturating_sub(foot.len().min(height / 3).saturating_add(1)).max(1);
        let foot_room = left.saturating_sub(self.left.len().min(room).saturating_add(1));
        Fitted { columns, rows, facts, foot, tall, head, room, foot_room }
    }

    /// Below the last story, what stands there scrolls.
    fn down(&mut self, ui: &Ui, rows: usize) {
        if self.at < self.left.len() {
            self.at = self.at.saturating_add(rows).min(self.left.len());
        } else {
            let fitted = self.fitted(ui);
            let last = fitted.foot.len().saturating_sub(fitted.foot_room);
            self.below = self.below.saturating_add(rows).min(last);
        }
    }

    fn up(&mut self, rows: usize) {
        match self.below {
            0 => self.at = self.at.saturating_sub(rows),
            below => self.below = below.saturating_sub(rows),
        }
    }

    fn row(&self, ui: &Ui, left: &Left, chosen: bool, columns: usize) -> String {
        let on = matches!(left.to, Carry::Next);
        let mark = match (ui.theme.bare, on) {
            (true, true) => "next   ".to_string(),
            (true, false) => "       ".to_string(),
            (false, true) => format!("[{}]", ui.theme.tick()),
            (false, false) => "[ ]".to_string(),
        };
        let pointer = if chosen { ui.theme.pointer() } else { " " };
        let widest =
            self.left.iter().map(|left| width(&size_words(left.counts, left.points))).max().unwrap_or(0).max(4);
        let size = size_words(left.counts, left.points);
        let to = format!("{} {}", ui.theme.glyph("→", "->"), self.place(left.to));
        let wide = self.widest_place().saturating_add(width(&to).saturating_sub(width(self.place(left.to).as_str())));
        let tail = format!("{size:>widest$}  {}", fit(&to, wide.min(columns.saturating_mul(2) / 5)));
        let head = format!("{mark}{pointer}{} {}", left.name, clean(&left.title));
        format!("{} {tail}", fit(&head, columns.saturating_sub(width(&tail).saturating_add(1))))
    }

    /// `▸ Met?  1 met  [2 partly met]  3 not met`.
    fn asked(&self, ui: &Ui, columns: usize) -> String {
        let pointer = if self.at == 0 { ui.theme.pointer() } else { " " };
        let choice = |(nth, result): (usize, &SprintResult)| {
            let word = if columns >= 48 { result.label() } else { result.key() };
            let text = format!("{} {word}", nth.saturating_add(1));
            if *result == self.result { format!("[{text}]") } else { format!(" {text} ") }
        };
        let all: Vec<String> = RESULTS.iter().enumerate().map(choice).collect();
        format!("{pointer} Met? {}", all.join(" "))
    }

    /// The width of the longest name of a place.
    fn widest_place(&self) -> usize {
        self.left.iter().map(|left| width(&self.place(left.to))).max().unwrap_or(0)
    }

    /// How the plan became what the sprint holds, and its days; in one line if that fits or there is no room for two.
    fn facts(&self, columns: usize, rows: usize) -> Vec<String> {
        let dropped = match self.dropped.as_slice() {
            [] => String::new(),
            all => format!(" ({} dropped)", all.join(", ")),
        };
        let (scope, days) = (format!("  Scope {}{dropped}", scope_of(&self.figures)), &self.days);
        let one = format!("{scope} · {days}");
        if width(&one) <= columns || rows < 14 { vec![one] } else { vec![scope, format!("  Days  {days}")] }
    }

    fn foot(&self, columns: usize) -> Vec<FootLine> {
        let plain = |text: String| FootLine { text, is_wrong: false };
        let mut out: Vec<FootLine> = self.would_hold().into_iter().filter(|_| !self.left.is_empty()).collect();
        if !self.left.is_empty() {
            let places = self.places().into_iter().enumerate();
            let places: Vec<String> =
                places.map(|(nth, to)| format!("{} {}", nth.saturating_add(1), self.place(to))).collect();
            out.push(plain(places.join(" · ")));
            // Without a capacity, nothing says what fits.
            let fit = if self.ahead.capacity.is_some() { " · =: as many as fit" } else { "" };
            out.push(plain(format!("Space: next sprint or not · *: all like this one{fit}")));
        }
        if self.left.iter().any(|left| left.counts != left.points) {
            let name = capital(&self.name);
            out.push(plain(format!(
                "{name} counts the size a story had when it came in; it goes on with its size now."
            )));
        }
        out.push(plain(self.velocity()));
        out.extend(self.early.clone().map(plain));
        let lines = |line: FootLine| {
            let is_wrong = line.is_wrong;
            wrap(&line.text, columns, 3).into_iter().map(move |text| FootLine { text, is_wrong })
        };
        out.into_iter().flat_map(lines).collect()
    }
}

/// What it means for the velocity if a sprint ends before its last day. `after` is the product with the sprint closed.
fn early(product: &Product, after: &Product, sprint: &Sprint, today: Day) -> Option<String> {
    sprint.end.filter(|end| today < *end)?;
    let now = pulse(sprint, &sprint.entries, today);
    let when = match now.begins {
        Some(first) => format!("before its first working day, {first},"),
        None if now.day > 0 => format!("early, on day {} of {},", now.day, now.days),
        None => "early".to_string(),
    };
    let range =
        |pace: &Pace| pace.likely().zip(pace.safe()).map(|(likely, safe)| format!("likely {likely}, safe {safe}"));
    let (was, becomes) = (range(&pace(product, today)), range(&pace(after, today)));
    let moves = match (was, becomes) {
        (Some(was), Some(becomes)) if was == becomes => format!(": it stays {was}"),
        (Some(was), Some(becomes)) => format!(": {becomes} instead of {was}"),
        (None, Some(becomes)) => format!(": {becomes}"),
        _ => String::new(),
    };
    Some(format!("It ends {when} and counts fully in the velocity{moves}."))
}

impl Layer for CloseSheet {
    fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        if self.stray.takes(input) {
            return (Some(self), Outcome::say(LETTERS));
        }
        // What was said about letters is over.
        ui.toast = None;
        if let Input::Click(nth) = input {
            self.at = (*nth).min(self.left.len());
            self.flip();
            return (Some(self), Outcome::Nothing);
        }
        let mut outcome = Outcome::Nothing;
        match input.press().map(|press| (press.code, press.ctrl)) {
            Some((KeyCode::Esc, false)) | Some((KeyCode::Char('c'), true)) => {
                let chosen = self.result != self.began || self.left.iter().any(|left| left.to != self.usual);
                let kept = if chosen { " Your choices are kept: {sprint.close} shows them again." } else { "" };
                ui.slots.take::<Draft>();
                if chosen {
                    let places = self.left.iter().map(|left| left.to).collect();
                    ui.slots.put(Draft { asked: self.asks(), result: self.result, places, at: self.at });
                }
                return (None, Outcome::say(format!("{} goes on.{kept}", capital(&self.name))));
            }
            Some((KeyCode::Enter, _)) => return self.take(ui, product, context),
            Some((KeyCode::Up | KeyCode::Char('k'), _)) => self.up(1),
            Some((KeyCode::Down | KeyCode::Char('j'), _)) => self.down(ui, 1),
            Some((KeyCode::PageUp, _)) => self.up(PAGE),
            Some((KeyCode::PageDown, _)) => self.down(ui, PAGE),
            Some((KeyCode::Home, _)) => (self.at, self.below) = (0, 0),
            Some((KeyCode::End, _)) => {
                self.at = self.left.len();
                self.down(ui, usize::MAX);
            }
            Some((KeyCode::Char('<') | KeyCode::Left, _)) => self.turn(false),
            Some((KeyCode::Char('>') | KeyCode::Right, _)) => self.turn(true),
            Some((KeyCode::Char(' '), _)) => self.flip(),
            Some((KeyCode::Char('*'), _)) => self.all_alike(),
            Some((KeyCode::Char('='), _)) => outcome = self.fit(),
            _ => {
                if let Some(nth) = input.press().and_then(digit)
                    && !self.choose(nth)
                {
                    outcome = Outcome::say("There is no such choice for this row.");
                }
            }
        }
        (Some(self), outcome)
    }

    fn hints(&self, _: &Ui) -> String {
        let fit = if self.ahead.capacity.is_some() { " · = what fits" } else { "" };
        format!("↑ ↓ row · digit: set, next row · ← → set it · * all alike{fit} · Enter closes it · Esc back")
    }

    fn draw(&self, ui: &Ui, _: &Product, buffer: &mut Paint) {
        let Fitted { columns, rows, facts, foot, tall, head, room, foot_room } = self.fitted(ui);
        let inner = popup::frame(ui, &format!("Close {}?", self.name), columns, rows, buffer);
        let (columns, height) = (usize::from(inner.width), usize::from(inner.height));
        let mut put = |y: usize, text: &str, style: Style| {
            if y < height {
                buffer.write(inner.row(y), fit(&cut(text, columns), columns), columns, style);
            }
        };
        let chosen = |is: bool| if is { ui.theme.chosen() } else { Style::new() };
        if tall > 0 {
            put(0, &format!("  Goal  {}", clean(&self.goal)), Style::new());
        }
        put(tall, &self.asked(ui, columns), chosen(self.at == 0));
        let words = done_of(&self.figures);
        // In a narrow box the first half says enough.
        let stay = if columns >= 60 { words.as_str() } else { words.split(", ").next().unwrap_or_default() };
        let done = if self.done.is_empty() { "nothing yet".to_string() } else { self.done.join(" ") };
        put(
            tall.saturating_add(1),
            &format!("  Done  {} {stay}", fit(&done, columns.saturating_sub(width(stay).saturating_add(9)))),
            Style::new(),
        );
        let question = match self.left.len() {
            0 => self.none_left(),
            _ => "Not done, and where it goes:".to_string(),
        };
        for (nth, fact) in facts.iter().enumerate() {
            put(nth.saturating_add(2).saturating_add(tall), fact, ui.theme.quiet());
        }
        put(head.saturating_sub(1), &question, ui.theme.strong());
        let first = popup::scrolled(self.at.saturating_sub(1), self.left.len(), room);
        for (y, (nth, left)) in self.left.iter().enumerate().skip(first).take(room).enumerate() {
            let here = self.at.checked_sub(1) == Some(nth);
            put(head.saturating_add(y), &self.row(ui, left, here, columns), chosen(here));
        }
        let after = head.saturating_add(self.left.len().min(room)).saturating_add(1);
        let below = self.below.min(foot.len().saturating_sub(foot_room));
        for (y, line) in foot.iter().skip(below).enumerate() {
            put(after.saturating_add(y), &line.text, if line.is_wrong { ui.theme.wrong() } else { ui.theme.quiet() });
        }
        let unseen = foot.len().saturating_sub(below.saturating_add(foot_room));
        let stories = self.left.len().saturating_sub(first.saturating_add(room));
        list::more(ui, stories.saturating_add(unseen), inner, buffer);
        popup::entry(inner, tall, 0, buffer);
        for y in 0..self.left.len().min(room) {
            popup::entry(inner, head.saturating_add(y), first.saturating_add(y).saturating_add(1), buffer);
        }
    }
}
