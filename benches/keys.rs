//! Every key of the table in every view at 10,000 stories: from the key to the bytes of its frame, the smallest of three
//! rounds. The slowest are printed; what takes longer than a frame of 16 ms is marked.
//!
//! `cargo bench --bench keys` runs it; `cargo bench --bench keys -- 50000` takes another size, and the names of views
//! after it take these alone.
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
    clippy::panic
)]

#[allow(dead_code)]
mod made;

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::io::BufWriter;
use std::time::{Duration, Instant};
use whyhow::actions::Context;
use whyhow::actions::edit::{self, Place};
use whyhow::actions::proposal::{ProposeAs, across};
use whyhow::model::change::Step;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, Kind};
use whyhow::store::folder::Folder;
use whyhow::store::session::Session;
use whyhow::store::writer::Writer;
use whyhow::tui::app::App;
use whyhow::tui::registry::{SCREENS, all};
use whyhow::tui::term::key::Press;
use whyhow::tui::term::layout::Focus;
use whyhow::tui::term::theme::Theme;

const ROUNDS: usize = 3;
const SHOWN: usize = 40;
const FRAME: f64 = 16.0;
/// Open proposals, and as many voices that nobody has sorted.
const LETTERS: usize = 1_000;
/// Changes in the history, as a year of work leaves them.
const CHANGES: usize = 3_000;
const SIZE: (u16, u16) = (160, 45);

struct Bench {
    app: App,
    sink: Terminal<CrosstermBackend<BufWriter<std::io::Sink>>>,
    /// What each key took at best, by the place and the key.
    took: BTreeMap<String, f64>,
    _data: tempfile::TempDir,
}

impl Bench {
    fn new(n: usize) -> Bench {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join("bench-0000000000001");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("product.json"), made::document(n)).unwrap();
        let (session, news) = Session::start(Writer::open(Folder(folder)).unwrap(), "Bench", Role::Both);
        let app = App::new(session, Theme::full(), news);
        let viewport = Viewport::Fixed(Rect::new(0, 0, SIZE.0, SIZE.1));
        let out = BufWriter::with_capacity(64 << 10, std::io::sink());
        let sink = Terminal::with_options(CrosstermBackend::new(out), TerminalOptions { viewport }).unwrap();
        let mut bench = Bench { app, sink, took: BTreeMap::new(), _data: data };
        bench.app.resize(SIZE.0, SIZE.1);
        bench.work(CHANGES);
        bench.letters(LETTERS);
        // Undo finds a small step.
        bench.work(1);
        bench
    }

    /// Proposals of the PM on points of stories, and voices of customers.
    fn letters(&mut self, many: usize) {
        let session = &mut self.app.session;
        let ids: Vec<_> = session.product().all::<BacklogItem>().map(|item| item.id).collect();
        let (points, quote) = (Kind::BacklogItem.field("points").unwrap(), Kind::Feedback.field("quote").unwrap());
        let (now, source) = (session.now(), session.id_source());
        let mut context = Context { role: Role::Pm, by: "Priya".into(), now, ids: source };
        let mut step = Step::new("Proposed and said");
        for nth in 0..many {
            let product = session.product();
            let value = whyhow::json!(nth % 5 + 20);
            let wanted = edit::set(product, &[ids[nth * 11 % ids.len()]], points, &value).unwrap();
            step.changes
                .extend(across(product, wanted, "it grew", ProposeAs::Separate, &mut context).unwrap().0.changes);
            let said = vec![(quote, format!("voice {nth}: the list is too long").into())];
            step.changes
                .extend(edit::add(product, Kind::Feedback, &said, Place::Bottom, &mut context).unwrap().0.changes);
        }
        session.commit(step, false).unwrap();
        self.app.settle(Duration::from_secs(120));
    }

    /// Edits, so that there is a history to look at.
    fn work(&mut self, changes: usize) {
        let field = Kind::BacklogItem.field("points").unwrap();
        let ids: Vec<_> = self.app.session.product().all::<BacklogItem>().map(|item| item.id).collect();
        for nth in 0..changes {
            let id = ids[nth * 7 % ids.len()];
            let value = whyhow::json!(nth % 8 + 1);
            let step = whyhow::actions::edit::set(self.app.session.product(), &[id], field, &value).unwrap();
            self.app.session.commit(step, false).unwrap();
        }
        self.app.settle(Duration::from_secs(120));
    }

    /// From the key to the bytes of the frame.
    fn press(&mut self, event: KeyEvent) -> f64 {
        let (app, sink) = (&mut self.app, &mut self.sink);
        let begun = Instant::now();
        app.key(event);
        sink.draw(|frame| {
            app.draw(frame.buffer_mut());
        })
        .unwrap();
        black_box(&sink);
        begun.elapsed().as_secs_f64() * 1e3
    }

    fn note(&mut self, there: String, took: f64) {
        let best = self.took.entry(there).or_insert(f64::INFINITY);
        *best = best.min(took);
    }

    /// Presses keys one after the other; the slowest of them counts. Then all is put back.
    fn chord(&mut self, there: &str, name: &str, keys: &[KeyEvent]) {
        let (places, view, ticked) = (self.app.ui.places.clone(), self.app.ui.view, self.app.ui.ticked.clone());
        let rev = self.app.session.product().rev();
        let took = keys.iter().map(|event| self.press(*event)).fold(0.0, f64::max);
        self.note(format!("{there}  {name}"), took);
        self.app.ui.layers.clear();
        self.app.settle(Duration::from_secs(60));
        if self.app.session.product().rev() != rev && name != "undo" && name != "redo" {
            let _ = self.app.session.undo();
            self.app.settle(Duration::from_secs(60));
        }
        let ui = &mut self.app.ui;
        (ui.places, ui.view, ui.ticked) = (places, view, ticked);
        (ui.zoom, ui.range, ui.leaving, ui.toast) = (false, None, false, None);
        self.app.resize(SIZE.0, SIZE.1);
    }

    fn everything(&mut self) {
        let keyed: Vec<(&str, Vec<KeyEvent>)> = all()
            .filter_map(|command| {
                let keys = Press::parse_all(command.keys.first()?)?;
                Some((command.name, keys.into_iter().map(KeyEvent::from).collect()))
            })
            .collect();
        let lines = ["/pri", "//pri", ":pri", "?pri", "p3", "cword", "aword", "eword"];
        let asked: Vec<String> = std::env::args().filter(|arg| SCREENS.iter().any(|one| one.name == *arg)).collect();
        let is_asked = |name: &str| asked.is_empty() || asked.iter().any(|one| one == name);
        for (view, screen) in SCREENS.iter().enumerate().filter(|(_, screen)| is_asked(screen.name)) {
            for turn in 0..screen.turns.len().max(1) {
                for (focus, ticks) in
                    [(Focus::List, false), (Focus::List, true), (Focus::Why, false), (Focus::How, false)]
                {
                    self.app.ui.go(view);
                    let place = self.app.ui.place_mut();
                    (place.turn, place.focus) = (turn, focus);
                    self.press(KeyCode::Esc.into());
                    self.app.settle(Duration::from_secs(60));
                    self.app.ui.place_mut().focus = focus;
                    self.app.resize(SIZE.0, SIZE.1);
                    let rows: Vec<_> = self.app.ui.rows.rows.iter().map(|row| row.id).collect();
                    self.app.ui.choose(rows.len() / 2);
                    self.app.ui.ticked = if ticks { rows.into_iter().collect() } else { Default::default() };
                    let ticked = if ticks { ", all ticked" } else { "" };
                    let there = format!("{:<9} {turn} {focus:?}{ticked}", screen.name);
                    for (name, keys) in &keyed {
                        self.chord(&there, name, keys);
                    }
                    for line in lines {
                        let keys: Vec<KeyEvent> = line.chars().map(|c| KeyEvent::from(KeyCode::Char(c))).collect();
                        self.chord(&there, line, &keys);
                    }
                    self.app.ui.ticked.clear();
                }
            }
        }
    }
}

fn main() {
    let n = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(10_000);
    let mut bench = Bench::new(n);
    for _ in 0..ROUNDS {
        bench.everything();
    }
    let mut all: Vec<(String, f64)> = bench.took.into_iter().collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    let over = all.iter().filter(|(_, took)| *took > FRAME).count();
    println!("\n{n} stories, {} places and keys, {over} over {FRAME} ms", all.len());
    for (there, took) in all.iter().take(SHOWN.max(over)) {
        println!("{took:>9.2} ms  {}  {there}", if *took > FRAME { "OVER" } else { "ok  " });
    }
}
