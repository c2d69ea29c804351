//! The parts a screen is made of, and what can lie on top of it.

pub mod add;
pub mod ask;
pub mod bars;
pub mod carry;
pub mod chart;
pub mod chrome;
pub mod close;
pub mod comes_in;
pub mod day;
pub mod done_check;
pub mod editor;
pub mod input;
pub mod list;
pub mod menu;
pub mod pane;
pub mod picker;
pub mod picks;
pub mod reason;
pub mod settings;
pub mod sheet;
pub mod small;
pub mod start;
pub mod text_keys;
pub mod top;
pub mod trail;

use crate::actions::Context;
use crate::model::product::Product;
use crate::tui::command::Outcome;
use crate::tui::key::Press;
use crate::tui::paint::Paint;
use crate::tui::ui::Ui;
use crossterm::event::{KeyCode, KeyEvent};

/// What a person does to whatever lies on top.
#[derive(Clone, Debug)]
pub enum Input {
    Key(Press, KeyEvent),
    Paste(String),
    /// A click on a row of its own.
    Click(usize),
}

impl Input {
    /// A key as if it had been pressed.
    pub fn key(code: KeyCode) -> Input {
        Input::Key(Press::plain(code), KeyEvent::from(code))
    }

    pub fn press(&self) -> Option<Press> {
        match self {
            Input::Key(press, _) => Some(*press),
            Input::Paste(_) | Input::Click(_) => None,
        }
    }
}

/// Something that lies on top and has the keys.
pub enum Overlay {
    /// A new record's title, in the list where it will live.
    Add(Box<add::AddLine>),
    /// A field's text, in its pane.
    Edit(Box<editor::Editor>),
    /// A list to choose from.
    Pick(Box<picker::Picker>),
    /// What may follow a prefix key.
    Keys(menu::KeysBox),
    /// Help, or all commands.
    Menu(Box<menu::Menu>),
    /// A short line of its own: find, points, a place.
    Small(Box<small::Small>),
    /// What pasted lines would become.
    Sheet(Box<sheet::Sheet>),
    /// Something to read.
    Read(small::Reading),
    /// Something to read whose lines lead somewhere.
    Trail(Box<trail::Trail>),
    /// A question with a few answers.
    Ask(Box<ask::Ask>),
    /// Rows in the air.
    Carry(Box<carry::Carry>),
    /// Goal and days of a sprint that is about to start.
    Start(Box<start::Start>),
    /// The settings.
    Settings(Box<settings::SettingsBox>),
    /// A line of words that an act asks for.
    Reason(Box<reason::Reason>),
    /// What a story lacks to be done.
    DoneCheck(Box<done_check::DoneCheck>),
    /// The end of a sprint.
    Close(Box<close::CloseSheet>),
    /// What comes into a running sprint.
    ComesIn(Box<comes_in::ComesIn>),
}

/// The overlay as it goes on, or nothing when it is closed; and what it asks for.
pub type Next = (Option<Overlay>, Outcome);

impl Overlay {
    pub fn input(self, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        match self {
            Overlay::Add(add) => add.input(input, ui, product, context),
            Overlay::Edit(editor) => editor.input(input, ui, product),
            Overlay::Pick(picker) => picker.input(input, ui, product, context),
            Overlay::Keys(keys) => keys.input(input, ui, product, context),
            Overlay::Menu(menu) => menu.input(input, ui, product, context),
            Overlay::Small(small) => small.input(input, ui, product, context),
            Overlay::Sheet(sheet) => sheet.input(input, ui, product, context),
            Overlay::Read(reading) => reading.input(input),
            Overlay::Trail(trail) => trail.input(input, ui, product),
            Overlay::Ask(ask) => ask.input(input, ui, product, context),
            Overlay::Carry(carry) => carry.input(input, ui, product, context),
            Overlay::Start(start) => start.input(input, ui, product, context),
            Overlay::Settings(settings) => settings.input(input, ui),
            Overlay::Reason(reason) => reason.input(input, ui, product, context),
            Overlay::DoneCheck(check) => check.input(input, ui, product, context),
            Overlay::Close(sheet) => sheet.input(input, product, context),
            Overlay::ComesIn(sheet) => sheet.input(input, ui, product, context),
        }
    }

    pub fn draw(&self, ui: &Ui, product: &Product, buffer: &mut Paint) {
        match self {
            // The list draws it between its rows.
            Overlay::Add(_) => {}
            Overlay::Edit(editor) => editor.draw(ui, product, buffer),
            Overlay::Pick(picker) => picker.draw(ui, buffer),
            Overlay::Keys(keys) => keys.draw(ui, product, buffer),
            Overlay::Menu(menu) => menu.draw(ui, product, buffer),
            Overlay::Small(small) => small.draw(ui, buffer),
            Overlay::Sheet(sheet) => sheet.draw(ui, buffer),
            Overlay::Read(reading) => reading.draw(ui, buffer),
            Overlay::Trail(trail) => trail.draw(ui, buffer),
            Overlay::Ask(ask) => ask.draw(ui, buffer),
            // The list shows the rows where they would stand.
            Overlay::Carry(_) => {}
            Overlay::Start(start) => start.draw(ui, product, buffer),
            Overlay::Settings(settings) => settings.draw(ui, buffer),
            Overlay::Reason(reason) => reason.draw(ui, buffer),
            Overlay::DoneCheck(check) => check.draw(ui, buffer),
            Overlay::Close(sheet) => sheet.draw(ui, buffer),
            Overlay::ComesIn(sheet) => sheet.draw(ui, buffer),
        }
    }

    /// Whether it is drawn yet: a box after a prefix waits, so that a fluent hand never sees it flash.
    pub fn is_seen(&self, ui: &Ui) -> bool {
        match self {
            Overlay::Keys(keys) => keys.waits(ui).is_none(),
            _ => true,
        }
    }

    /// What the last line says while it lies on top.
    pub fn hints(&self, ui: &Ui) -> String {
        match self {
            Overlay::Add(add) => add.hints(),
            Overlay::Edit(editor) => editor.hints(),
            Overlay::Pick(picker) => picker.hints(),
            Overlay::Keys(keys) => keys.hints(ui),
            Overlay::Menu(_) => "↑ ↓ choose · type to narrow · Enter does it · Esc back".to_string(),
            Overlay::Small(small) => small.hints(ui),
            Overlay::Sheet(sheet) => sheet.hints(),
            Overlay::Read(_) => "↑ ↓ scroll · Esc back".to_string(),
            Overlay::Trail(_) => "↑ ↓ choose · Enter goes there · Esc back".to_string(),
            Overlay::Ask(ask) => ask.hints(),
            Overlay::Carry(carry) => carry.hints(),
            Overlay::Start(start) => start.hints(),
            Overlay::Settings(settings) => settings.hints(),
            Overlay::Reason(reason) => reason.hints(),
            Overlay::DoneCheck(check) => check.hints(),
            Overlay::Close(sheet) => sheet.hints(),
            Overlay::ComesIn(sheet) => sheet.hints(),
        }
    }
}
