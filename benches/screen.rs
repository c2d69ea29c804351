//! What a frame and a start cost, beside what nobody can avoid, in one run and in turns; the smallest of all rounds
//! counts. The library's own list, built whole, and a program that only says hello are the peers.
//!
//! `cargo bench --bench screen` runs it; `cargo bench --bench screen -- 1000 10000` takes other sizes.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::panic
)]

#[allow(dead_code)]
mod made;

use crossterm::event::{KeyCode, KeyEvent};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::widgets::{List, ListItem, ListState};
use ratatui::{Terminal, TerminalOptions, Viewport};
use std::hint::black_box;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use whyhow::model::role::Role;
use whyhow::model::schema::BacklogItem;
use whyhow::store::folder::Folder;
use whyhow::store::session::Session;
use whyhow::store::writer::Writer;
use whyhow::tui::app::App;
use whyhow::tui::registry::REGISTRY;
use whyhow::tui::term::theme::Theme;

const ROUNDS: usize = 20;
const STARTS: usize = 15;
const COLUMNS: u16 = 160;
const ROWS: u16 = 45;

type Sink = Terminal<CrosstermBackend<BufWriter<std::io::Sink>>>;

fn terminal() -> Sink {
    let viewport = Viewport::Fixed(Rect::new(0, 0, COLUMNS, ROWS));
    let out = BufWriter::with_capacity(64 << 10, std::io::sink());
    Terminal::with_options(CrosstermBackend::new(out), TerminalOptions { viewport }).unwrap()
}

fn ms(job: impl FnOnce()) -> f64 {
    let begun = Instant::now();
    job();
    begun.elapsed().as_secs_f64() * 1e3
}

/// A data folder with one product of `n` stories.
fn product(n: usize) -> (tempfile::TempDir, PathBuf) {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("bench-0000000000001");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("product.json"), made::document(n)).unwrap();
    // The first writer begins the journal, so that later starts find all in order.
    let mut writer = Writer::open(Folder(folder.clone())).unwrap();
    writer.checkpoint(false).unwrap();
    (data, folder)
}

struct Screen {
    n: usize,
    data: tempfile::TempDir,
    app: App,
    sink: Sink,
    key: f64,
    edit: f64,
    plan: f64,
}

impl Screen {
    fn new(n: usize) -> Screen {
        let (data, folder) = product(n);
        let (session, news) = Session::start(Writer::open(Folder(folder)).unwrap(), "Bench", Role::Both);
        let mut app = App::new(session, Theme::full(), news);
        app.resize(COLUMNS, ROWS);
        app.ui.go(REGISTRY.named("backlog").unwrap());
        app.ui.settle(app.session.product());
        let (key, edit, plan) = (f64::INFINITY, f64::INFINITY, f64::INFINITY);
        let mut screen = Screen { n, data, app, sink: terminal(), key, edit, plan };
        screen.press(KeyCode::End);
        screen.press(KeyCode::Home);
        screen
    }

    /// A walk down forty rows, since a frame's cost hangs on the text of the chosen story; the mean of a key counts.
    fn walk(&mut self) {
        self.press(KeyCode::Home);
        let all: f64 = (0..40).map(|_| self.press(KeyCode::Down)).sum();
        self.key = self.key.min(all / 40.0);
    }

    /// From the key to the bytes of the frame.
    fn press(&mut self, code: KeyCode) -> f64 {
        let (app, sink) = (&mut self.app, &mut self.sink);
        ms(|| {
            app.key(KeyEvent::from(code));
            sink.draw(|frame| {
                app.draw(frame.buffer_mut());
            })
            .unwrap();
            black_box(&sink);
        })
    }
}

/// A frame of the library's list with an item for every story, as a first version of a program has it.
fn naive(titles: &[String], at: usize, sink: &mut Sink) -> f64 {
    let mut state = ListState::default().with_selected(Some(at));
    ms(|| {
        sink.draw(|frame| {
            let items: Vec<ListItem> = titles.iter().map(|title| ListItem::new(title.as_str())).collect();
            frame.render_stateful_widget(List::new(items).highlight_symbol("> "), frame.area(), &mut state);
        })
        .unwrap();
    })
}

/// From the start of a process to the words that say it can be used, through a real terminal.
fn start(command: CommandBuilder, ready: &str) -> f64 {
    let size = PtySize { rows: ROWS, cols: COLUMNS, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut reader = pair.master.try_clone_reader().unwrap();
    let mut keys = pair.master.take_writer().unwrap();
    let begun = Instant::now();
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let (mut seen, mut buffer) = (Vec::new(), [0u8; 65536]);
    let mut took = f64::INFINITY;
    while let Ok(n) = reader.read(&mut buffer) {
        if n == 0 {
            break;
        }
        seen.extend_from_slice(&buffer[..n]);
        if seen.windows(ready.len()).any(|window| window == ready.as_bytes()) {
            took = begun.elapsed().as_secs_f64() * 1e3;
            break;
        }
    }
    keys.write_all(b"qqq").unwrap();
    let _ = keys.flush();
    std::thread::spawn(move || while reader.read(&mut buffer).is_ok_and(|n| n > 0) {});
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > Duration::from_secs(5) {
            child.kill().unwrap();
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    took
}

fn whyhow(data: &Path) -> CommandBuilder {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_whyhow"));
    command.args(["--data", data.to_str().unwrap()]);
    command.env("LANG", "C.UTF-8");
    command
}

fn hello() -> CommandBuilder {
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    command.arg("--hello");
    command
}

/// The smallest program that draws on a terminal: what a start cannot cost less than.
fn say_hello() {
    let mut terminal = ratatui::init();
    terminal.draw(|frame| frame.render_widget("hello world", frame.area())).unwrap();
    while !matches!(crossterm::event::read().unwrap(), crossterm::event::Event::Key(_)) {}
    ratatui::restore();
}

fn row(name: &str, what: &str, n: usize, ours: f64, floor: f64, limit: f64) {
    let ratio = ours / floor;
    let word = if ratio > limit { "OVER" } else { "ok" };
    println!("{name:<4} {what:<52} {n:>7} {ours:>9.3} {floor:>9.3} {ratio:>8.3} {limit:>7} x  {word}");
}

fn main() {
    if std::env::args().any(|arg| arg == "--hello") {
        return say_hello();
    }
    let sizes: Vec<usize> = std::env::args().filter_map(|arg| arg.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![1_000, 10_000, 100_000] } else { sizes };
    let mut small = Screen::new(100);
    let mut all: Vec<Screen> = sizes.iter().map(|n| Screen::new(*n)).collect();
    let lists: Vec<Vec<String>> = all
        .iter()
        .map(|screen| screen.app.session.product().all::<BacklogItem>().map(|item| item.title.to_string()).collect())
        .collect();
    let (mut bare, mut naives) = (terminal(), vec![f64::INFINITY; all.len()]);
    for round in 0..ROUNDS {
        small.walk();
        for ((screen, titles), naive_best) in all.iter_mut().zip(&lists).zip(&mut naives) {
            screen.walk();
            *naive_best = naive_best.min(naive(titles, round, &mut bare));
        }
    }
    for round in 0..15 {
        for screen in std::iter::once(&mut small).chain(&mut all) {
            screen.press(KeyCode::Char('p'));
            let took = screen.press(KeyCode::Char(if round % 2 == 0 { '3' } else { '5' }));
            screen.edit = screen.edit.min(took);
            screen.app.session.wait_saved(Duration::from_secs(30));
            screen.app.poll();
        }
    }
    let (mut hello_best, mut starts) = (f64::INFINITY, vec![f64::INFINITY; all.len()]);
    for _ in 0..STARTS {
        hello_best = hello_best.min(start(hello(), "world"));
        for (screen, best) in all.iter().zip(&mut starts) {
            *best = best.min(start(whyhow(screen.data.path()), "saved"));
        }
    }
    for screen in &mut all {
        screen.press(KeyCode::Char('4'));
        screen.press(KeyCode::Home);
    }
    for _ in 0..15 {
        for screen in &mut all {
            // Into the sprint: the step, the whole plan reckoned anew, the frame.
            let took = screen.press(KeyCode::Char(' '));
            screen.plan = screen.plan.min(took);
            screen.app.session.wait_saved(Duration::from_secs(30));
            screen.app.poll();
        }
    }
    println!("\n{:<57} {:>7} {:>9} {:>9} {:>8} {:>9}", "", "items", "ms", "floor ms", "ratio", "limit");
    for (nth, screen) in all.iter().enumerate() {
        let (n, limit) = (screen.n, if screen.n <= 1_000 { 3.0 } else { 12.0 });
        row("F1", "key to frame, beside 100 stories", n, screen.key, small.key, 1.15);
        row(
            "F3",
            "key to frame, beside the library's list of all",
            n,
            screen.key,
            naives[nth],
            if n >= 100_000 { 0.05 } else { 1.0 },
        );
        row("E1", "edit to frame, beside a frame of 16 ms", n, screen.edit, 16.0, 1.0);
        row("E2", "a story into the sprint, beside a frame of 16 ms", n, screen.plan, 16.0, 1.0);
        let limit = if n > 10_000 { limit * n as f64 / 10_000.0 } else { limit };
        row("P2", "start to a usable list, beside hello", n, starts[nth], hello_best, limit);
    }
}
