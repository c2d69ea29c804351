//! The mouse: a click does what the key beside it does, the wheel scrolls, dragging moves rows. Nothing requires it.

use crate::model::id::Id;
use crate::tui::app::{App, LoopRequest};
use crate::tui::commands::go::by as by_rows;
use crate::tui::commands::{order, tick};
use crate::tui::registry::REGISTRY;
use crate::tui::state::contract::Outcome;
use crate::tui::state::dispatch::perform;
use crate::tui::state::marks::Clicked;
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::layout::{Focus, extent};
use crate::tui::term::paint::Zone;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use std::time::{Duration, Instant};

/// Two clicks on the same place within this time are a double click.
const DOUBLE: Duration = Duration::from_millis(400);
/// Rows per turn of the wheel.
const WHEEL: isize = 3;

/// The last action of the mouse.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mouse {
    last: Option<(Zone, Instant)>,
    /// Where the button was pressed, and the row it grabbed.
    held: Option<(Zone, Option<Id>)>,
    dragged: bool,
}

impl App {
    /// Handles a mouse event; the zones are those of the visible frame.
    pub fn mouse(&mut self, event: MouseEvent, now: Instant) -> LoopRequest {
        if matches!(event.kind, MouseEventKind::Down(_)) {
            self.ui.slots.put(Clicked);
        }
        let zone = self.zones.at(event.column, event.row);
        match event.kind {
            MouseEventKind::Down(MouseButton::Left) => self.pressed(zone, event, now),
            MouseEventKind::Drag(MouseButton::Left) => self.dragged(zone, event),
            MouseEventKind::Up(MouseButton::Left) => self.released(zone),
            MouseEventKind::Down(MouseButton::Right) => self.menu(zone),
            MouseEventKind::ScrollUp => self.wheel(zone, -WHEEL),
            MouseEventKind::ScrollDown => self.wheel(zone, WHEEL),
            _ => LoopRequest::Nothing,
        }
    }

    fn pressed(&mut self, zone: Option<Zone>, event: MouseEvent, now: Instant) -> LoopRequest {
        let again = matches!((self.mouse.last, zone), (Some((last, at)), Some(zone)) if last == zone && now.duration_since(at) < DOUBLE);
        // A third click starts over.
        self.mouse.last = zone.filter(|_| !again).map(|zone| (zone, now));
        let row = match zone {
            Some(Zone::Row(at)) => self.ui.rows.rows.get(at).map(|row| row.id),
            _ => None,
        };
        self.mouse.held = zone.map(|zone| (zone, row));
        self.mouse.dragged = false;
        match zone {
            Some(zone) => self.click(zone, again, event.modifiers.contains(KeyModifiers::SHIFT)),
            None => LoopRequest::Nothing,
        }
    }

    /// Acts as if a key had been pressed.
    fn as_key(&mut self, code: KeyCode) -> LoopRequest {
        self.key(KeyEvent::from(code))
    }

    fn by_name(&mut self, name: &str) -> LoopRequest {
        let Some(command) = REGISTRY.command(name) else { return LoopRequest::Nothing };
        self.ui.toast = None;
        let mut context = self.context();
        let outcome = perform(command, &mut self.ui, self.session.product(), &mut context);
        self.after(outcome)
    }

    fn click(&mut self, zone: Zone, again: bool, shift: bool) -> LoopRequest {
        match zone {
            Zone::Command(name) => return self.by_name(name),
            Zone::Press(press) => return self.key(KeyEvent::from(press)),
            Zone::Entry(nth) => {
                let outcome = self.layer(&Input::Click(nth));
                return self.after(outcome);
            }
            Zone::Top => return LoopRequest::Nothing,
            _ => {}
        }
        // An overlay keeps its text and closes when something beside it is clicked.
        if !self.ui.layers.is_empty() {
            let wish = self.as_key(KeyCode::Esc);
            if !self.ui.layers.is_empty() {
                return wish;
            }
        }
        let outcome = match zone {
            Zone::View(view) => {
                self.ui.go(view);
                Outcome::Nothing
            }
            Zone::Row(at) if again => {
                self.take_row(at);
                return self.as_key(KeyCode::Enter);
            }
            Zone::Row(at) if shift => {
                tick::to_row(&mut self.ui, at);
                Outcome::Nothing
            }
            Zone::Row(at) => {
                self.take_row(at);
                Outcome::Nothing
            }
            Zone::Tick(at) => {
                self.take_row(at);
                let mut context = self.context();
                tick::flip_row(&mut self.ui, self.session.product(), at, &mut context)
            }
            Zone::Column(column) => {
                self.ui.to_column(column);
                Outcome::Nothing
            }
            Zone::Pane(focus) => {
                self.ui.place_mut().focus = focus;
                Outcome::Nothing
            }
            Zone::Stop(focus, at) | Zone::Flip(focus, at) => {
                self.ui.to_stop(focus, at);
                match (zone, again) {
                    (Zone::Flip(..), _) => return self.as_key(KeyCode::Char(' ')),
                    (_, true) => return self.as_key(KeyCode::Enter),
                    _ => Outcome::Nothing,
                }
            }
            Zone::Command(_) | Zone::Press(_) | Zone::Entry(_) | Zone::Top | Zone::Split => Outcome::Nothing,
        };
        self.ui.toast = None;
        self.after(outcome)
    }

    fn take_row(&mut self, at: usize) {
        self.ui.place_mut().focus = Focus::List;
        self.ui.choose(at);
    }

    fn dragged(&mut self, zone: Option<Zone>, event: MouseEvent) -> LoopRequest {
        match self.mouse.held {
            Some((Zone::Split, _)) => {
                self.mouse.dragged = true;
                self.split_at(event.column, event.row);
            }
            Some((Zone::Row(_), Some(id))) if self.ui.layers.is_empty() => {
                self.mouse.dragged = true;
                self.ui.dropping = match zone {
                    Some(Zone::Row(at)) => self.ui.rows.rows.get(at).map(|row| row.id).filter(|over| *over != id),
                    _ => None,
                };
            }
            _ if !self.mouse.dragged => {
                self.mouse.dragged = true;
                let word = "To select text, hold Shift while dragging (Option in iTerm2). {mouse} turns the mouse off.";
                self.ui.say(word);
            }
            _ => {}
        }
        LoopRequest::Nothing
    }

    /// The border between why and how follows the pointer.
    fn split_at(&mut self, column: u16, row: u16) {
        let Some((why, how)) = self.ui.areas().and_then(|areas| areas.why.zip(areas.how)) else { return };
        let (at, all) = if why.x == how.x {
            (row.saturating_sub(why.y), why.height.saturating_add(how.height))
        } else {
            (column.saturating_sub(why.x), why.width.saturating_add(how.width))
        };
        let share = usize::from(at).saturating_mul(100).checked_div(usize::from(all));
        self.ui.place_mut().share = extent(share.unwrap_or_default()).clamp(20, 80);
        self.after(Outcome::Nothing);
    }

    fn released(&mut self, zone: Option<Zone>) -> LoopRequest {
        self.ui.dropping = None;
        let (held, dragged) = (self.mouse.held.take(), std::mem::take(&mut self.mouse.dragged));
        let (Some((Zone::Row(_), Some(id))), true) = (held, dragged) else { return LoopRequest::Nothing };
        let mut context = self.context();
        let (ui, product) = (&mut self.ui, self.session.product());
        let outcome = match zone {
            Some(Zone::Row(at) | Zone::Tick(at)) => order::drop_on(ui, product, &mut context, id, at),
            Some(Zone::Column(column)) => order::drop_in(ui, product, &mut context, id, column),
            _ => return LoopRequest::Nothing,
        };
        self.after(outcome)
    }

    /// The right button shows what can be done here; outside of a dialog it closes the dialog.
    fn menu(&mut self, zone: Option<Zone>) -> LoopRequest {
        if !self.ui.layers.is_empty() {
            return match zone {
                Some(Zone::Top | Zone::Entry(_)) => LoopRequest::Nothing,
                _ => self.as_key(KeyCode::Esc),
            };
        }
        match zone {
            Some(Zone::Row(at) | Zone::Tick(at)) => self.take_row(at),
            Some(Zone::Stop(focus, at) | Zone::Flip(focus, at)) => self.ui.to_stop(focus, at),
            _ => {}
        }
        self.by_name("help")
    }

    fn wheel(&mut self, zone: Option<Zone>, by: isize) -> LoopRequest {
        if !self.ui.layers.is_empty() {
            let code = if by > 0 { KeyCode::Down } else { KeyCode::Up };
            return self.as_key(code);
        }
        match zone {
            Some(Zone::Pane(focus) | Zone::Stop(focus, _) | Zone::Flip(focus, _)) if focus != Focus::List => {
                if self.ui.focus() != focus {
                    let at = self.ui.stop(focus);
                    self.ui.to_stop(focus, at);
                }
                by_rows(&mut self.ui, self.session.product(), by.signum());
            }
            // Where a step is larger than a row, the view says how far the wheel goes.
            _ if self.ui.screen().verb("go.down").is_some() => {
                self.ui.place_mut().focus = Focus::List;
                return self.by_name(if by > 0 { "go.down" } else { "go.up" });
            }
            _ => walk(&mut self.ui, by),
        }
        self.after(Outcome::Nothing)
    }
}

fn walk(ui: &mut Ui, by: isize) {
    ui.place_mut().focus = Focus::List;
    ui.step(by);
}
