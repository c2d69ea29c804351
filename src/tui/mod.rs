//! The screen: views, widgets, commands, keys, and the loop that joins them to a terminal.

pub mod app;
pub mod commands;
mod frame;
pub mod mouse;
pub mod onboarding;
pub mod overlay;
mod proposing;
pub mod registry;
pub mod repeat;
mod seats;
pub mod settings;
pub mod state;
pub mod term;
mod unsaved_changes;
pub mod view;
pub mod widget;

use crate::store::fault_injection::inject_fault;
use app::{App, LoopRequest};
use crossterm::event::Event;
use state::contract::Opening;
use state::external::{self, External};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use term::event::{Inbox, waits};
use term::paint::Zones;
use term::terminal::Terminal;
use term::{browser, clipboard, fault};

/// How long the loop sleeps when nothing is under way, before it checks whether another window wrote.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long it sleeps while a step is being written.
const WRITING: Duration = Duration::from_millis(16);
/// How often the view state and the text being typed are written to the side file.
const KEEP_EVERY: Duration = Duration::from_secs(2);
/// Who types has shorter pauses than this between the keys.
const BURST: Duration = Duration::from_millis(120);

/// How the screen ended.
#[derive(Clone, Debug)]
pub enum Ended {
    Quit,
    /// Continue with another product.
    Open(Opening),
    /// By a signal: the exit code is 128 and its number.
    Signal(usize),
}

/// The signals that end a program from outside.
#[cfg(unix)]
const ENDING: [i32; 3] = [signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP, signal_hook::consts::SIGINT];
#[cfg(not(unix))]
const ENDING: [i32; 2] = [signal_hook::consts::SIGTERM, signal_hook::consts::SIGINT];

fn read_environment(key: &str) -> Option<String> {
    std::env::var(key).ok()
}

/// Catches the signals that end a program. The loop sees them at its next turn, within half a second.
fn signals() -> io::Result<Arc<AtomicUsize>> {
    let seen = Arc::new(AtomicUsize::new(0));
    for signal in ENDING {
        signal_hook::flag::register_usize(signal, Arc::clone(&seen), usize::try_from(signal).unwrap_or_default())?;
    }
    Ok(seen)
}

/// The signals about being stopped and resumed.
#[derive(Clone, Default)]
struct Stops {
    /// Somebody asked from outside, as with `kill -TSTP`. The key itself comes as a key.
    asked: Arc<AtomicBool>,
    /// The program was resumed: whatever was done to the terminal meanwhile is undone.
    back: Arc<AtomicBool>,
    /// The user's own editor has the terminal: it stops together with us, as the shell expects.
    lent: Arc<AtomicBool>,
}

impl Stops {
    #[cfg(unix)]
    fn heard() -> io::Result<Stops> {
        use signal_hook::consts::{SIGCONT, SIGTSTP};
        let stops = Stops::default();
        signal_hook::flag::register_conditional_default(SIGTSTP, Arc::clone(&stops.lent))?;
        signal_hook::flag::register(SIGTSTP, Arc::clone(&stops.asked))?;
        signal_hook::flag::register(SIGCONT, Arc::clone(&stops.back))?;
        Ok(stops)
    }

    #[cfg(not(unix))]
    fn heard() -> io::Result<Stops> {
        Ok(Stops::default())
    }
}

/// The terminal, and whether a signal asked to end: held from the first question to the last frame.
pub struct HeldTerminal {
    pub terminal: Terminal,
    ended: Arc<AtomicUsize>,
    stops: Stops,
    inbox: Inbox,
}

impl HeldTerminal {
    /// Takes over the terminal. Crash reports go to this folder.
    pub fn take(reports: &Path) -> io::Result<HeldTerminal> {
        let ended = signals()?;
        fault::watch(reports);
        Ok(HeldTerminal {
            terminal: Terminal::take(Arc::clone(&ended))?,
            ended,
            stops: Stops::heard()?,
            inbox: Inbox::default(),
        })
    }
}

/// Runs the screen until it is left. One thread, no ticks: a frame is drawn after events only.
pub fn run(held: &mut HeldTerminal, app: &mut App, keep: &mut dyn FnMut(&App)) -> io::Result<Ended> {
    let HeldTerminal { terminal, ended, stops, inbox } = held;
    terminal.mouse(app.ui.settings.mouse)?;
    let (columns, rows) = terminal.size()?;
    app.resize(columns, rows);
    ask_background(terminal, app, inbox)?;
    draw(terminal, app)?;
    let (mut looked, mut kept, mut touched) = (Instant::now(), Instant::now(), false);
    app.ignore_bursts(BURST);
    loop {
        inject_fault("screen");
        let patience = if app.session.is_busy() { WRITING } else { LOOK_EVERY };
        let (wakes, refreshes) = (app.wakes_in(), app.refreshes_in().is_some());
        let mut changed = false;
        if !inbox.is_empty() || waits(crossterm::event::poll(wakes.map_or(patience, |wakes| wakes.min(patience))))? {
            match take_events(app, inbox)? {
                LoopRequest::Quit => {
                    inbox.swallow_answer()?;
                    return Ok(Ended::Quit);
                }
                LoopRequest::Mouse(on) => terminal.mouse(on)?,
                LoopRequest::External(external) => {
                    stops.lent.store(true, Ordering::Relaxed);
                    let back = write_outside(app, *external, terminal, inbox, ended);
                    stops.lent.store(false, Ordering::Relaxed);
                    stops.asked.store(false, Ordering::Relaxed);
                    back?;
                    terminal.mouse(app.ui.settings.mouse)?;
                }
                LoopRequest::Suspend => {
                    suspend(terminal, app)?;
                    terminal.mouse(app.ui.settings.mouse)?;
                }
                LoopRequest::Copy(clip) => {
                    let said = clipboard::copy(&clip, &read_environment, &mut |bytes| terminal.send(bytes))?;
                    app.ui.say(said);
                }
                LoopRequest::Browse(clip) if browser::open(&clip.text, &read_environment) => {
                    app.ui.say(format!("Opened {} in the browser.", clip.what));
                }
                LoopRequest::Browse(clip) => {
                    let said = clipboard::copy(&clip, &read_environment, &mut |bytes| terminal.send(bytes))?;
                    app.ui.say(format!("No browser can be started from here. {said}"));
                }
                LoopRequest::Redraw => terminal.clear()?,
                LoopRequest::Open(opening) => return Ok(Ended::Open(opening)),
                LoopRequest::Nothing => {}
            }
            (changed, touched) = (true, true);
        }
        if touched && kept.elapsed() >= KEEP_EVERY {
            (kept, touched) = (Instant::now(), false);
            keep(app);
        }
        match ended.load(Ordering::Relaxed) {
            0 => {}
            signal => {
                app.keep_text();
                return Ok(Ended::Signal(signal));
            }
        }
        if stops.asked.swap(false, Ordering::Relaxed) {
            suspend(terminal, app)?;
            terminal.mouse(app.ui.settings.mouse)?;
            changed = true;
        }
        if stops.back.swap(false, Ordering::Relaxed) {
            terminal.take_back()?;
            terminal.mouse(app.ui.settings.mouse)?;
            changed = true;
        }
        changed |= app.poll() || refreshes || wakes.is_some() && app.wakes_in().is_none();
        if looked.elapsed() >= LOOK_EVERY {
            looked = Instant::now();
            app.session.look();
            // A resize before anybody listened is not reported again.
            changed |= terminal.is_behind() || terminal.size()? != (app.ui.window.width, app.ui.window.height);
        }
        if changed {
            let (columns, rows) = terminal.size()?;
            if (columns, rows) != (app.ui.window.width, app.ui.window.height) {
                app.resize(columns, rows);
            }
            draw(terminal, app)?;
        }
    }
}

/// Sends the question without waiting for the answer. An earlier answer also applies to the next product.
fn ask_background(terminal: &mut Terminal, app: &mut App, inbox: &mut Inbox) -> io::Result<()> {
    if let Some(light) = inbox.light {
        app.ui.take_background(light);
    } else if app.ui.settings.asks_background()
        && let Some(question) = inbox.question()
    {
        terminal.send(question.as_bytes())?;
    }
    Ok(())
}

/// Draws one frame; its zones decide what the next click means.
fn draw(terminal: &mut Terminal, app: &mut App) -> io::Result<()> {
    let mut zones = Zones::default();
    terminal.draw(|buffer| {
        zones = app.draw(buffer);
        zones.cursor
    })?;
    app.zones = zones;
    Ok(())
}

/// Handles everything that came together, so that a held key or a paste costs one frame. What is left stands after an
/// act that the loop itself has to do.
fn take_events(app: &mut App, inbox: &mut Inbox) -> io::Result<LoopRequest> {
    if inbox.is_empty() {
        inbox.fill()?;
        if let Some(light) = inbox.light.filter(|light| app.ui.settings.around.light != Some(*light)) {
            app.ui.take_background(light);
        }
    }
    while let Some(come) = inbox.take() {
        let wish = match come {
            Event::Key(key) => app.key(key),
            Event::Paste(text) => app.paste(text),
            Event::Mouse(mouse) => app.mouse(mouse, Instant::now()),
            Event::Resize(columns, rows) => {
                app.resize(columns, rows);
                LoopRequest::Nothing
            }
            _ => LoopRequest::Nothing,
        };
        if wish != LoopRequest::Nothing {
            return Ok(wish);
        }
    }
    Ok(LoopRequest::Nothing)
}

/// Suspending waits at most this long for a write to end.
const LONGEST_WRITE: Duration = Duration::from_secs(10);

/// To the shell and back: restores the terminal, then sets it up again and redraws everything. The writer rests
/// meanwhile, or other windows would wait for the lock of a stopped program.
fn suspend(terminal: &mut Terminal, app: &mut App) -> io::Result<()> {
    let stopped = app.session.rest(LONGEST_WRITE).map(|_rests| stop(terminal));
    if stopped.is_none() {
        app.ui.trouble("Not suspended: a change is still being written. {suspend} tries again.");
    }
    stopped.unwrap_or(Ok(()))
}

#[cfg(unix)]
fn stop(terminal: &mut Terminal) -> io::Result<()> {
    terminal.lend(|| signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP))?
}

#[cfg(not(unix))]
fn stop(_: &mut Terminal) -> io::Result<()> {
    Ok(())
}

/// To the user's own editor and back. Input that arrived meanwhile was meant for the editor, as was its Ctrl-C.
fn write_outside(
    app: &mut App,
    external: External,
    terminal: &mut Terminal,
    inbox: &mut Inbox,
    ended: &AtomicUsize,
) -> io::Result<()> {
    let back = external::edited(&external, &|key| std::env::var(key).ok(), &mut |act| terminal.lend(act))?;
    inbox.forget()?;
    let interrupt = signal_hook::consts::SIGINT as usize;
    let _ = ended.compare_exchange(interrupt, 0, Ordering::Relaxed, Ordering::Relaxed);
    app.back_from_editor(external, back);
    Ok(())
}
