//! The first run, and a new product later on: one box with three choices, then a name and a role. No wizard.

use crate::model::author::{NO_NAME, may_be_called};
use crate::model::role::Role;
use crate::tui::HeldTerminal;
use crate::tui::registry::REGISTRY;
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::key::Press;
use crate::tui::term::layout::{Part, extent};
use crate::tui::term::paint::Paint;
use crate::tui::term::path_text::{completed, typed_path};
use crate::tui::term::text::{clean, cut, wrap};
use crate::tui::term::theme::Theme;
use crate::tui::widget::input::LineInput;
use crate::tui::widget::popup;
use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, MouseButton, MouseEventKind};
use ratatui::layout::Rect;
use ratatui::style::Style;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

/// Where the name comes from that the first box fills in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NameFrom {
    /// It was given with the command.
    Given,
    /// It was given for another product before, maybe by somebody else.
    Last,
    Login,
}

/// What the user wants to start with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FirstChoice {
    Sample,
    Own { product: String, role: Role, person: String },
    File(PathBuf),
}

/// The current question.
#[derive(Clone, Debug)]
enum Page {
    Choice {
        at: usize,
    },
    Product {
        name: LineInput,
    },
    /// The known name is filled in until a letter is typed.
    Seat {
        product: String,
        at: usize,
        person: LineInput,
        known: bool,
    },
    File {
        path: LineInput,
    },
}

/// The content of the box.
struct BoxLines<'a> {
    title: String,
    lines: Vec<String>,
    /// The input line and its row.
    field: Option<(usize, &'a LineInput)>,
    /// The row with the pointer.
    chosen: Option<usize>,
    /// The row that says what Enter does; a click on it does that.
    enter: Option<usize>,
}

impl BoxLines<'_> {
    /// A question with an input line below it; the last line says what Enter does.
    fn asking<'a>(title: &str, lines: &[&str], field: &'a LineInput) -> BoxLines<'a> {
        BoxLines {
            title: title.to_string(),
            lines: lines.iter().map(ToString::to_string).collect(),
            field: Some((1, field)),
            chosen: None,
            enter: lines.len().checked_sub(1),
        }
    }
}

/// What a key led to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Asked {
    Going,
    Left,
    FirstChoice(FirstChoice),
}

const CHOICES: [&str; 3] = ["Look around in a sample product", "Start my own product", "Open or import a file"];
const SEATS: [(&str, &str, Role); 3] = [
    ("Product manager", "I write the why", Role::Pm),
    ("Product owner", "I write the how", Role::Po),
    ("Both", "one person does both", Role::Both),
];

/// The folder that `~` stands for in a path.
fn home() -> Option<PathBuf> {
    directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_path_buf())
}

#[derive(Clone, Debug)]
pub struct FirstRun {
    page: Page,
    /// The page that Esc leaves the program from.
    only_own: bool,
    word: String,
    login: String,
    from: NameFrom,
    /// The seat that the cursor begins on.
    seat: usize,
}

impl FirstRun {
    /// There is no product yet.
    pub fn new(login: &str) -> FirstRun {
        let (page, login) = (Page::Choice { at: 0 }, login.to_string());
        FirstRun { page, only_own: false, word: String::new(), login, from: NameFrom::Login, seat: 0 }
    }

    /// Says where the name is from that is filled in.
    pub fn knowing(self, from: NameFrom) -> FirstRun {
        FirstRun { from, ..self }
    }

    /// The look at this file was left: its path stands there again.
    pub fn at_file(login: &str, path: &Path) -> FirstRun {
        let page = Page::File { path: LineInput::new(&path.display().to_string()) };
        let word = "Nothing was imported. What you chose for the file is kept.".to_string();
        FirstRun { page, word, ..FirstRun::new(login) }
    }

    /// Another product beside the existing ones.
    pub fn another(login: &str) -> FirstRun {
        let page = Page::Product { name: LineInput::new("") };
        FirstRun { page, only_own: true, ..FirstRun::new(login) }
    }

    /// The role given with the command is the one proposed.
    pub fn as_role(self, role: Option<Role>) -> FirstRun {
        let seat = SEATS.iter().position(|seat| Some(seat.2) == role).unwrap_or(0);
        FirstRun { seat, ..self }
    }

    /// An error message, shown in the box.
    pub fn say(&mut self, word: &str) {
        self.word = word.to_string();
    }

    pub fn input(&mut self, input: &Input) -> Asked {
        self.word.clear();
        let press = input.press();
        if press.is_some_and(|press| press.ctrl && press.code == KeyCode::Char('c')) {
            return Asked::Left;
        }
        match self.page.clone() {
            Page::Choice { at } => self.choose(at, press),
            Page::Product { name } => self.name(name, input, press),
            Page::Seat { product, at, person, known } => self.seat(&product, at, (person, known), input, press),
            Page::File { path } => self.file(path, input, press),
        }
    }

    fn choose(&mut self, at: usize, press: Option<Press>) -> Asked {
        let last = CHOICES.len().saturating_sub(1);
        match press.map(|press| press.code) {
            Some(KeyCode::Up | KeyCode::Char('k')) => self.page = Page::Choice { at: at.saturating_sub(1) },
            Some(KeyCode::Down | KeyCode::Char('j')) => self.page = Page::Choice { at: at.saturating_add(1).min(last) },
            Some(KeyCode::Enter) => return self.chosen(at),
            Some(KeyCode::Char(digit @ '1'..='3')) => {
                return self.chosen((digit as usize).saturating_sub('1' as usize));
            }
            Some(KeyCode::Esc | KeyCode::Char('q')) => return Asked::Left,
            Some(KeyCode::Char('?')) => {
                self.say("Inside, ? shows the keys that work where you are. : lists every command.");
            }
            Some(KeyCode::Char(':')) => {
                self.say("Commands come once a product is open. 3 opens or imports a file.");
            }
            _ => {}
        }
        Asked::Going
    }

    /// A line of the box was clicked: a choice, a seat, or the line that says what Enter does.
    pub fn click(&mut self, line: usize, ui: &Ui) -> Asked {
        if self.lines(ui).enter == Some(line) {
            return self.input(&Input::key(KeyCode::Enter));
        }
        match &self.page {
            Page::Choice { .. } => match line.checked_sub(CHOICE_LINE).filter(|nth| *nth < CHOICES.len()) {
                Some(nth) => self.chosen(nth),
                None => Asked::Going,
            },
            Page::Seat { product, person, known, .. } => {
                if let Some(at) = line.checked_sub(SEAT_LINE).filter(|nth| *nth < SEATS.len()) {
                    self.page = Page::Seat { product: product.clone(), at, person: person.clone(), known: *known };
                }
                Asked::Going
            }
            _ => Asked::Going,
        }
    }

    fn chosen(&mut self, nth: usize) -> Asked {
        self.page = match nth {
            0 => return Asked::FirstChoice(FirstChoice::Sample),
            1 => Page::Product { name: LineInput::new("") },
            _ => Page::File { path: LineInput::new("") },
        };
        Asked::Going
    }

    fn back(&mut self) -> Asked {
        if self.only_own {
            return Asked::Left;
        }
        self.page = Page::Choice { at: 1 };
        Asked::Going
    }

    fn name(&mut self, mut name: LineInput, input: &Input, press: Option<Press>) -> Asked {
        match press.map(|press| press.code) {
            Some(KeyCode::Esc) => return self.back(),
            Some(KeyCode::Enter | KeyCode::Tab) if name.text().trim().is_empty() => {
                self.say("It needs a name, as people would say it. The vision changes it later.");
            }
            Some(KeyCode::Enter | KeyCode::Tab) => {
                let product = name.text().trim().to_string();
                self.page = Page::Seat { product, at: self.seat, person: LineInput::new(&self.login), known: true };
            }
            _ => {
                name.take(input);
                self.page = Page::Product { name };
            }
        }
        Asked::Going
    }

    fn seat(
        &mut self,
        product: &str,
        mut at: usize,
        (mut person, mut known): (LineInput, bool),
        input: &Input,
        press: Option<Press>,
    ) -> Asked {
        match press.map(|press| press.code) {
            Some(KeyCode::Esc) => {
                self.page = Page::Product { name: LineInput::new(product) };
                return Asked::Going;
            }
            Some(KeyCode::Enter) => {
                let role = SEATS.get(at).map_or(Role::Both, |seat| seat.2);
                let typed = person.text().trim().to_string();
                let person = if typed.is_empty() { self.login.clone() } else { typed };
                if let Err(refusal) = may_be_called(&person) {
                    self.say(&refusal.to_string());
                    return Asked::Going;
                }
                return Asked::FirstChoice(FirstChoice::Own { product: product.to_string(), role, person });
            }
            Some(KeyCode::Up) => at = at.saturating_sub(1),
            Some(KeyCode::Down) => at = at.saturating_add(1).min(SEATS.len().saturating_sub(1)),
            // No name begins with a digit, so 1, 2 and 3 choose.
            Some(KeyCode::Char(digit @ '1'..='3')) => at = (digit as usize).saturating_sub('1' as usize),
            code => {
                // The first letter replaces the known name; moving the cursor in it keeps it.
                if known && matches!(code, Some(KeyCode::Char(_)) | None) {
                    person = LineInput::new("");
                }
                known = false;
                person.take(input);
            }
        }
        self.page = Page::Seat { product: product.to_string(), at, person, known };
        Asked::Going
    }

    fn file(&mut self, mut path: LineInput, input: &Input, press: Option<Press>) -> Asked {
        match press.map(|press| press.code) {
            Some(KeyCode::Esc) => return self.back(),
            Some(KeyCode::Enter) if path.text().trim().is_empty() => {
                self.say("Type the path of the file, or drop the file on the window.");
            }
            Some(KeyCode::Enter) => {
                return Asked::FirstChoice(FirstChoice::File(typed_path(&path.text(), home().as_deref())));
            }
            Some(KeyCode::Tab) => {
                let (text, names) = completed(&path.text(), home().as_deref());
                match names.as_slice() {
                    [] => self.say("No file there begins like that."),
                    [_] => {}
                    some => self.say(&cut(&some.join("  "), 56)),
                }
                self.page = Page::File { path: LineInput::new(&text) };
            }
            _ => {
                path.take(input);
                self.page = Page::File { path };
            }
        }
        Asked::Going
    }

    fn lines(&self, ui: &Ui) -> BoxLines<'_> {
        let pointer = |here: bool| if here { ui.theme.pointer() } else { " " };
        match &self.page {
            Page::Choice { at } => {
                let mut lines = vec![
                    "Why on the left. How on the right.".to_string(),
                    "A product manager owns the why, a product owner owns".to_string(),
                    "the how. Both are on one screen.".to_string(),
                    String::new(),
                ];
                lines.extend(
                    CHOICES
                        .iter()
                        .enumerate()
                        .map(|(nth, one)| format!("{} {}  {one}", pointer(nth == *at), nth.saturating_add(1))),
                );
                lines.extend([
                    String::new(),
                    "Use the arrow keys and Enter, or the number. You cannot".to_string(),
                    "break anything: u undoes every step, and all work is".to_string(),
                    "saved automatically.".to_string(),
                    String::new(),
                    "? shows the keys at any time. Esc leaves.".to_string(),
                ]);
                let chosen = Some(CHOICE_LINE.saturating_add(*at));
                BoxLines { title: "whyhow".to_string(), lines, field: None, chosen, enter: None }
            }
            Page::Product { name } => {
                let lines = [
                    "What is the product called?",
                    "",
                    "",
                    "As people would say it: Bike Doctor. It can be changed",
                    "at any time.",
                    "",
                    "Enter goes on. Esc goes back; nothing is written yet.",
                ];
                BoxLines::asking("A product of your own", &lines, name)
            }
            Page::Seat { product, at, person, known } => {
                let name = match self.from {
                    NameFrom::Last if *known => format!("Your name ({} was here last)", clean(&self.login)),
                    NameFrom::Login if *known && self.login != NO_NAME => "Your name (from this computer)".to_string(),
                    _ => "Your name".to_string(),
                };
                let mut lines = vec![String::new()];
                lines.extend(SEATS.iter().enumerate().map(|(nth, (seat, what, _))| {
                    format!("{} {}  {seat:<17} {what}", pointer(nth == *at), nth.saturating_add(1))
                }));
                lines.extend([
                    String::new(),
                    cut(&name, 58).into_owned(),
                    String::new(),
                    String::new(),
                    "You can read everything in any role. The role decides".to_string(),
                    "which half you write. R changes it at any time.".to_string(),
                    String::new(),
                    "↑ ↓ or 1 2 3 choose, letters change the name,".to_string(),
                    "Enter begins, Esc goes back.".to_string(),
                ]);
                let chosen = Some(SEAT_LINE.saturating_add(*at));
                let enter = lines.len().checked_sub(1);
                BoxLines {
                    title: format!("Your role in {}", clean(product)),
                    lines,
                    field: Some((6, person)),
                    chosen,
                    enter,
                }
            }
            Page::File { path } => {
                let lines = [
                    "Where is the file?",
                    "",
                    "",
                    "A product.json of whyhow, or what Jira, GitHub, Trello,",
                    "Linear, Azure DevOps and others export, or a CSV of your",
                    "own. It is only read, and you see first what would come.",
                    "",
                    &self.signed(),
                    "",
                    "Enter opens it, Tab completes the path. Esc goes back.",
                ];
                BoxLines::asking("Open or import a file", &lines, path)
            }
        }
    }

    /// Whose name an import takes: nobody is asked for one on that page.
    fn signed(&self) -> String {
        let name = cut(&clean(&self.login), 20).into_owned();
        match self.from {
            NameFrom::Given => format!("It is signed by {name}."),
            NameFrom::Last => format!("Signed by {name}, who was here last; --by changes that."),
            NameFrom::Login if self.login == NO_NAME => "Signed with no name; --by gives one.".to_string(),
            NameFrom::Login => format!("Signed by {name}, from this computer; --by changes that."),
        }
    }

    /// Draws the box; gives the row of its first line, for clicks.
    pub fn draw(&self, ui: &Ui, buffer: &mut Paint) -> u16 {
        let BoxLines { title, mut lines, field, chosen, .. } = self.lines(ui);
        if !self.word.is_empty() {
            lines.push(String::new());
            lines.extend(wrap(&self.word, 56, 4));
        }
        let inner = popup::frame(ui, &title, 58, lines.len(), buffer);
        let columns = usize::from(inner.width);
        // In a low window the choices and the field take precedence over the text above them.
        let last = match (&self.page, field) {
            (Page::Choice { .. }, _) => CHOICE_LINE.saturating_add(CHOICES.len()),
            (_, field) => field.map_or(0, |(row, _)| row.saturating_add(1)),
        };
        let above = last.saturating_sub(usize::from(inner.height));
        for (y, line) in lines.iter().skip(above).enumerate().take(usize::from(inner.height)) {
            let is_chosen = chosen == Some(y.saturating_add(above));
            let style = if is_chosen { ui.theme.chosen() } else { Style::new() };
            buffer.write(inner.row(y), cut(line, columns), columns, style);
        }
        if let Some((row, input)) = field
            && let Some(row) = row.checked_sub(above).filter(|row| *row < usize::from(inner.height))
        {
            let y = inner.y.saturating_add(extent(row));
            buffer.write(Rect { y, ..inner }, "> ", columns, ui.theme.strong());
            let area = Rect { y, height: 1, ..inner }.past(2);
            input.draw(area, ui.theme.strong(), buffer);
        }
        inner.y.saturating_sub(extent(above))
    }
}

/// The lines of the box on which the choices and the roles begin.
const CHOICE_LINE: usize = 4;
const SEAT_LINE: usize = 1;

/// Asks in the terminal. Returns `None` if the user leaves.
pub fn ask(held: &mut HeldTerminal, first: &mut FirstRun, theme: Theme) -> io::Result<Option<FirstChoice>> {
    let mut ui = Ui::new(theme, Role::Both, "", &REGISTRY);
    loop {
        let (columns, rows) = held.terminal.size()?;
        ui.window = Rect::new(0, 0, columns, rows);
        let mut begins = 0;
        held.terminal.draw(|buffer| {
            let mut paint = Paint::on(buffer);
            begins = first.draw(&ui, &mut paint);
            paint.zones().cursor
        })?;
        if held.ended.load(Ordering::Relaxed) != 0 {
            return Ok(None);
        }
        if !super::waits(event::poll(super::LOOK_EVERY))? {
            continue;
        }
        let asked = match event::read()? {
            Event::Key(key) if key.kind != KeyEventKind::Release => first.input(&key_input(key)),
            Event::Paste(text) => first.input(&Input::Paste(text)),
            Event::Mouse(mouse) if mouse.kind == MouseEventKind::Down(MouseButton::Left) => {
                mouse.row.checked_sub(begins).map_or(Asked::Going, |line| first.click(usize::from(line), &ui))
            }
            _ => continue,
        };
        match asked {
            Asked::Going => {}
            Asked::Left => return Ok(None),
            Asked::FirstChoice(begin) => return Ok(Some(begin)),
        }
    }
}

fn key_input(key: KeyEvent) -> Input {
    Input::Key(key.into(), key)
}
