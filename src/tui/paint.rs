//! What is drawn on: the cells of a frame, and beside them what a click on each place means. What is drawn as a button
//! is one, since both are written down in the same breath.

use crate::tui::key::Press;
use crate::tui::layout::Focus;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::ops::{Deref, DerefMut};

/// What lies under the pointer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Zone {
    /// Does what the command's key does.
    Command(&'static str),
    /// Does what this key does here.
    Press(Press),
    /// A tab.
    View(usize),
    /// A row of the list.
    Row(usize),
    /// The box at the start of a row.
    Tick(usize),
    /// A column of the list, below its rows.
    Column(usize),
    /// A pane, beside its rows.
    Pane(Focus),
    /// A row of a pane, by the cursor's stops.
    Stop(Focus, usize),
    /// The box of such a row.
    Flip(Focus, usize),
    /// A row of the box on top.
    Entry(usize),
    /// The box on top, beside its rows.
    Top,
}

pub struct Paint<'a> {
    buffer: &'a mut Buffer,
    zones: Vec<(Rect, Zone)>,
}

impl<'a> Paint<'a> {
    pub fn on(buffer: &'a mut Buffer) -> Paint<'a> {
        Paint { buffer, zones: Vec::new() }
    }

    /// What is drawn here answers to clicks; what is drawn later lies above.
    pub fn zone(&mut self, area: Rect, zone: Zone) {
        if !area.is_empty() {
            self.zones.push((area, zone));
        }
    }

    pub fn zones(self) -> Zones {
        Zones(self.zones)
    }
}

impl Deref for Paint<'_> {
    type Target = Buffer;
    fn deref(&self) -> &Buffer {
        self.buffer
    }
}

impl DerefMut for Paint<'_> {
    fn deref_mut(&mut self) -> &mut Buffer {
        self.buffer
    }
}

/// The places of one frame.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Zones(Vec<(Rect, Zone)>);

impl Zones {
    /// What lies topmost at a place.
    pub fn at(&self, column: u16, row: u16) -> Option<Zone> {
        let here = |area: &Rect| area.contains(ratatui::layout::Position { x: column, y: row });
        self.0.iter().rev().find(|(area, _)| here(area)).map(|(_, zone)| *zone)
    }

    pub fn all(&self) -> impl Iterator<Item = &(Rect, Zone)> {
        self.0.iter()
    }
}
