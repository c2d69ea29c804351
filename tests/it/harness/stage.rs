//! The screen without a terminal: a real product on a real disk, keys in, text out.

use crate::harness::grammar::{faults, has_no_end};
use crate::harness::load::{SAMPLE, load, load_file};
use crate::harness::scratch::noon;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::path::Path;
use std::time::Duration;
use whyhow::model::id::IdSource;
use whyhow::model::role::Role;
use whyhow::model::value::When;
use whyhow::store::create::{Founder, find_or_create};
use whyhow::store::products::Data;
use whyhow::store::session::Session;
use whyhow::store::writer::Writer;
use whyhow::tui::app::{App, LoopRequest};
use whyhow::tui::onboarding::FirstChoice;
use whyhow::tui::term::theme::Theme;

pub struct Stage {
    pub app: Option<App>,
    pub data: tempfile::TempDir,
    pub pressed: usize,
    /// What `<paste>` pastes.
    pub clip: String,
    /// Looks at each key of `keys` before it is pressed, typed text aside.
    pub watch: Option<fn(&mut Stage, KeyEvent)>,
}

/// A line of the program's own sample, its days counted from a fixed one.
fn placed_in_time(line: &str) -> String {
    let day = |back: i64| (noon().0 - chrono::Duration::days(back)).format("%Y-%m-%d").to_string();
    let mut value: whyhow::model::value::Value = serde_json::from_str(line).unwrap();
    let all = value.as_object_mut().unwrap();
    if let Some(back) = all.remove("back") {
        let time = all.get("time").and_then(|time| time.as_str()).unwrap_or("09:00").to_string();
        all.insert("time", format!("{}T{time}:00+01:00", day(back.as_i64().unwrap())).into());
    }
    let mut out = value.to_string();
    while let Some(at) = out.find("\"@") {
        let end = at + 2 + out[at + 2..].find('"').unwrap();
        let days: i64 = out[at + 2..end].parse().unwrap();
        out.replace_range(at + 1..end, &day(-days));
    }
    out
}

impl Stage {
    /// The sample product in a window of this size.
    pub fn new(columns: u16, rows: u16, role: Role) -> Stage {
        let data = tempfile::tempdir().unwrap();
        load_file(data.path(), SAMPLE);
        Stage::on(data, columns, rows, role)
    }

    /// The sample product with what a further script of tests/data and these lines do to it.
    pub fn after(script: &str, lines: &str, columns: u16, rows: u16, role: Role) -> Stage {
        let data = tempfile::tempdir().unwrap();
        load_file(data.path(), SAMPLE);
        load_file(data.path(), script);
        load(data.path(), "Bike Doctor", lines);
        Stage::on(data, columns, rows, role)
    }

    /// A product that a script in tests/data makes, at the time of a clock that stands still.
    pub fn of(script: &str, clock: fn() -> When, columns: u16, rows: u16, role: Role) -> Stage {
        let data = tempfile::tempdir().unwrap();
        load_file(data.path(), script);
        let mut stage = Stage::on(data, columns, rows, role);
        stage.app().session.set_clock(clock);
        stage.app().ui.today = clock().day();
        stage
    }

    pub fn empty(columns: u16, rows: u16, role: Role) -> Stage {
        let data = tempfile::tempdir().unwrap();
        // A goal added and taken back leaves the product with nothing in it.
        let lines = "{\"do\":\"add\",\"kind\":\"goal\",\"set\":{\"title\":\"x\"}}\n{\"do\":\"undo\"}\n";
        load(data.path(), "Bike Doctor", lines);
        Stage::on(data, columns, rows, role)
    }

    fn on(data: tempfile::TempDir, columns: u16, rows: u16, role: Role) -> Stage {
        let app = open(data.path(), role, columns, rows, Theme::plain());
        Stage { app: Some(app), data, pressed: 0, clip: String::new(), watch: None }
    }

    /// What the first run led to: a product that somebody just named, and their seat in it.
    pub fn begun(begin: FirstChoice, columns: u16, rows: u16) -> Stage {
        let FirstChoice::Own { product, role, person } = begin else { panic!("{begin:?} is no product of one's own") };
        let data = tempfile::tempdir().unwrap();
        let founder = Founder::new(person.clone(), role, noon(), &mut IdSource::new(7, 0));
        find_or_create(&Data(data.path().to_path_buf()), &product, &founder).unwrap();
        let mut stage = Stage::on(data, columns, rows, role);
        stage.app().session.by.clone_from(&person);
        stage.app().take_seat(role, &person);
        stage
    }

    /// The sample that comes with the program, as somebody who opens it for the first time sees it.
    pub fn toured(columns: u16, rows: u16) -> Stage {
        let data = tempfile::tempdir().unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/sample.jsonl");
        let script = std::fs::read_to_string(script).unwrap();
        // The program counts the script's days from today; any days do for looking around.
        let in_time = script.replace("\"day\":-", "\"back\":");
        let lines: Vec<String> = in_time.lines().map(placed_in_time).collect();
        load(data.path(), "Bike Doctor", &lines.join("\n"));
        let mut stage = Stage::on(data, columns, rows, Role::Pm);
        stage.app().begin_tour(Role::Pm);
        stage
    }

    /// The product of a script in `tests/data`, on a day of its own.
    pub fn of_day(script: &str, day: fn() -> When, columns: u16, rows: u16, role: Role) -> Stage {
        let data = tempfile::tempdir().unwrap();
        load_file(data.path(), script);
        let mut stage = Stage::on(data, columns, rows, role);
        stage.app().session.set_clock(day);
        // A key that does nothing here lets the screen look at the clock.
        stage.keys("<esc>");
        stage.app().ui.toast = None;
        stage.pressed = 0;
        stage
    }

    /// The product that the program's own import makes of these GitHub issues, as a JSON array.
    pub fn imported(issues: &whyhow::model::value::Value, columns: u16, rows: u16, role: Role) -> Stage {
        let data = tempfile::tempdir().unwrap();
        let file = data.path().join("issues.json");
        std::fs::write(&file, issues.to_string()).unwrap();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_whyhow"));
        command.arg("--data").arg(data.path()).args(["--as", "both", "--by", "Omar", "import"]).arg(&file);
        let out = command.args(["--into", "Bike Doctor"]).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        Stage::on(data, columns, rows, role)
    }

    pub fn with_theme(mut self, theme: Theme) -> Stage {
        self.app().ui.theme = theme;
        self
    }

    pub fn app(&mut self) -> &mut App {
        self.app.as_mut().unwrap()
    }

    /// Presses keys: letters as they are, others as `<enter>`, blanks are left out; `“…”` is typed text that does not
    /// count as keys.
    pub fn keys(&mut self, keys: &str) -> &mut Stage {
        let (mut rest, mut typing) = (keys, false);
        while let Some(c) = rest.chars().next() {
            if let (false, Some((name, tail))) = (typing, rest.strip_prefix('<').and_then(|rest| rest.split_once('>')))
            {
                if name == "paste" {
                    // One gesture, as a key is one.
                    self.pressed += 1;
                    self.paste(&self.clip.clone());
                } else {
                    self.watched(named(name));
                }
                rest = tail;
                continue;
            }
            rest = &rest[c.len_utf8()..];
            match c {
                '“' => typing = true,
                '”' => typing = false,
                ' ' if !typing => {}
                c if typing => {
                    let pressed = self.pressed;
                    self.press(KeyEvent::from(KeyCode::Char(c)));
                    self.pressed = pressed;
                }
                c => self.watched(KeyEvent::from(KeyCode::Char(c))),
            }
        }
        self
    }

    fn watched(&mut self, event: KeyEvent) {
        if let Some(watch) = self.watch {
            watch(self, event);
        }
        self.press(event);
    }

    pub fn press(&mut self, event: KeyEvent) -> LoopRequest {
        self.pressed += 1;
        let before = self.app().ui.messages.len();
        let wish = self.app().key(event);
        self.app().poll();
        self.read_messages(before);
        wish
    }

    /// Every sentence of every test is read.
    fn read_messages(&mut self, from: usize) {
        for message in self.app().ui.messages.iter().skip(from) {
            let faults = faults(message);
            assert!(faults.is_empty() && !has_no_end(message), "{message:?}: {faults:?}");
        }
    }

    pub fn paste(&mut self, text: &str) -> &mut Stage {
        self.app().paste(text.to_string());
        self
    }

    /// The column and row of a text on the screen, at its first letter.
    pub fn find(&mut self, words: &str) -> (u16, u16) {
        let screen = self.screen();
        let (row, line) = screen
            .lines()
            .enumerate()
            .find(|(_, line)| line.contains(words))
            .unwrap_or_else(|| panic!("no {words:?} on\n{screen}"));
        let before = line.split(words).next().unwrap_or_default();
        (unicode_width::UnicodeWidthStr::width(before) as u16, row as u16)
    }

    pub fn mouse(&mut self, kind: MouseEventKind, place: (u16, u16)) -> LoopRequest {
        let mut buffer = Buffer::empty(self.app().ui.window);
        let zones = self.app().draw(&mut buffer);
        self.app().zones = zones;
        let event = MouseEvent { kind, column: place.0, row: place.1, modifiers: KeyModifiers::NONE };
        let wish = self.app().mouse(event, std::time::Instant::now());
        self.app().poll();
        wish
    }

    /// A click on the words.
    pub fn click(&mut self, words: &str) -> &mut Stage {
        let place = self.find(words);
        self.mouse(MouseEventKind::Down(MouseButton::Left), place);
        self.mouse(MouseEventKind::Up(MouseButton::Left), place);
        self
    }

    pub fn double_click(&mut self, words: &str) -> &mut Stage {
        let place = self.find(words);
        for _ in 0..2 {
            self.mouse(MouseEventKind::Down(MouseButton::Left), place);
            self.mouse(MouseEventKind::Up(MouseButton::Left), place);
        }
        self
    }

    /// From one text to another with the button down.
    pub fn drag(&mut self, from: &str, to: &str) -> &mut Stage {
        let (from, to) = (self.find(from), self.find(to));
        self.mouse(MouseEventKind::Down(MouseButton::Left), from);
        self.mouse(MouseEventKind::Drag(MouseButton::Left), to);
        self.mouse(MouseEventKind::Up(MouseButton::Left), to);
        self
    }

    pub fn settle(&mut self) -> &mut Stage {
        self.app().settle(Duration::from_secs(20));
        self
    }

    pub fn resize(&mut self, columns: u16, rows: u16) -> &mut Stage {
        self.app().resize(columns, rows);
        self
    }

    pub fn buffer(&mut self) -> Buffer {
        let app = self.app();
        let mut buffer = Buffer::empty(Rect::new(0, 0, app.ui.window.width, app.ui.window.height));
        app.draw(&mut buffer);
        buffer
    }

    /// The screen as text, with blanks at line ends cut.
    pub fn screen(&mut self) -> String {
        self.settle();
        text(&self.buffer())
    }

    /// The screen as text and, in the last line, a checksum of all styles.
    pub fn styled(&mut self) -> String {
        let screen = self.screen();
        let buffer = self.buffer();
        let styles: String = buffer.content.iter().map(|cell| format!("{:?}", cell.style())).collect();
        format!("{screen}\nstyles {:08x}", crc32fast::hash(styles.as_bytes()))
    }

    /// Leaves the program, closes the journal's segment, and opens it again.
    pub fn close_segment(&mut self) -> &mut Stage {
        let (role, columns, rows) = {
            let app = self.app();
            (app.session.role, app.ui.window.width, app.ui.window.height)
        };
        assert!(self.app.take().unwrap().session.close(), "everything was saved");
        let listed = Data(self.data.path().to_path_buf()).find(Some("Bike Doctor")).unwrap();
        Writer::open(listed.folder).unwrap().checkpoint(true).unwrap();
        self.app = Some(open(self.data.path(), role, columns, rows, Theme::plain()));
        self
    }

    /// Leaves the program and opens it again.
    pub fn reopen(&mut self) -> &mut Stage {
        let (role, columns, rows) = {
            let app = self.app();
            (app.session.role, app.ui.window.width, app.ui.window.height)
        };
        let app = self.app.take().unwrap();
        assert!(app.session.close(), "everything was saved");
        self.app = Some(open(self.data.path(), role, columns, rows, Theme::plain()));
        self
    }
}

pub fn text(buffer: &Buffer) -> String {
    let width = usize::from(buffer.area.width);
    let mut out = Vec::new();
    for row in buffer.content.chunks(width) {
        let mut line = String::new();
        let mut skip = 0;
        for cell in row {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            line.push_str(cell.symbol());
            skip = unicode_width::UnicodeWidthStr::width(cell.symbol()).saturating_sub(1);
        }
        out.push(line.trim_end().to_string());
    }
    out.join("\n")
}

pub fn open(data: &Path, role: Role, columns: u16, rows: u16, theme: Theme) -> App {
    let name = if role == Role::Pm { "Priya" } else { "Omar" };
    open_as(name, data, role, columns, rows, theme)
}

pub fn open_as(name: &str, data: &Path, role: Role, columns: u16, rows: u16, theme: Theme) -> App {
    let listed = Data(data.to_path_buf()).find(Some("Bike Doctor")).unwrap();
    let (session, news) = Session::start(Writer::open(listed.folder).unwrap(), name, role);
    let mut app = App::new(session, theme, news);
    app.resize(columns, rows);
    app
}

fn named(name: &str) -> KeyEvent {
    let plain = |code| KeyEvent::new(code, KeyModifiers::NONE);
    match name {
        "enter" => plain(KeyCode::Enter),
        "esc" => plain(KeyCode::Esc),
        "tab" => plain(KeyCode::Tab),
        "btab" => plain(KeyCode::BackTab),
        "space" => plain(KeyCode::Char(' ')),
        "bs" => plain(KeyCode::Backspace),
        "del" => plain(KeyCode::Delete),
        "up" => plain(KeyCode::Up),
        "down" => plain(KeyCode::Down),
        "left" => plain(KeyCode::Left),
        "right" => plain(KeyCode::Right),
        "pgdn" => plain(KeyCode::PageDown),
        "pgup" => plain(KeyCode::PageUp),
        "home" => plain(KeyCode::Home),
        "end" => plain(KeyCode::End),
        ctrl => match ctrl.strip_prefix("c-").and_then(|rest| rest.chars().next()) {
            Some(c) => KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL),
            None => panic!("no key {name:?}"),
        },
    }
}
