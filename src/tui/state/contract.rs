//! What is plugged into the screen: commands, views and layers, and what they may ask for in return.
//!
//! These types and [`Ui`] name each other by nature: a command acts on the state, and the state holds the views and the
//! layers that lie on top. So this file, `ui.rs` and `keymap.rs` import each other in a circle, and nothing else in
//! `src/tui` is part of it: whoever fills in such a row stands above.

use crate::actions::Context;
use crate::model::change::Step;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::{Owner, Role};
use crate::model::schema::Kind;
use crate::store::products::Listed;
use crate::tui::state::external::External;
use crate::tui::state::filter::Filter;
use crate::tui::state::keymap::Keymap;
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::{Rows, Toast, Ui};
use crate::tui::term::clipboard::Clip;
use crate::tui::term::input::Input;
use crate::tui::term::key::Press;
use crate::tui::term::layout::{Arrangement, Focus};
use crate::tui::term::paint::Paint;
use ratatui::layout::Rect;
use ratatui::style::Style;
use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

/// Which group of the help a command stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
pub enum Group {
    /// On the thing under the cursor.
    This,
    /// On the list.
    List,
    /// Moving about.
    Move,
    /// Anywhere.
    Everywhere,
}

impl Group {
    pub const ALL: [Group; 4] = [Group::This, Group::List, Group::Move, Group::Everywhere];

    pub fn title(self) -> &'static str {
        match self {
            Group::This => "on the selection",
            Group::List => "on the list",
            Group::Move => "moving about",
            Group::Everywhere => "everywhere",
        }
    }
}

/// Whether something can be done now, and why not.
pub type Ready = fn(&Ui, &Product) -> Result<(), NotReady>;
/// What a command does.
pub type Run = fn(&mut Ui, &Product, &mut Context) -> Outcome;

pub struct Command {
    /// Never changes: settings and scripts name it.
    pub name: &'static str,
    /// The first one is shown; the others are second names.
    pub keys: &'static [&'static str],
    pub group: Group,
    /// Two words for the footer.
    pub label: &'static str,
    /// One sentence, at most 70 characters.
    pub hint: &'static str,
    /// Other words people look for.
    pub synonyms: &'static [&'static str],
    /// How much it wants to be in the footer; 0 is never.
    pub weight: u8,
    /// Why it cannot be done now.
    pub ready: Ready,
    pub run: Run,
}

/// What a general command does in one view.
pub struct Verb {
    /// The command's name.
    pub name: &'static str,
    pub ready: Ready,
    pub run: Run,
}

/// How a list stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ListForm {
    pub arrangement: Arrangement,
    /// Lines per row of the list.
    pub row_height: usize,
    /// Lines above the first row, inside the border.
    pub heading: u16,
}

/// What `a` adds in a view.
#[derive(Clone, Copy)]
pub enum Adds {
    Record(fn(&Ui) -> Kind),
    Product,
    /// A story, in a way of the view's own.
    Story(Run),
    Nothing,
}

/// How much of the history a view looks at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HistoryWanted {
    No,
    /// What has been read already.
    Recent,
    /// All of it; what is missing is read in the background.
    Whole,
}

/// Records that are put down in a column, with the step that gives them their place in the order there.
pub struct Dropped {
    pub ids: Vec<Id>,
    pub column: usize,
    pub order: Step,
}

/// What Enter does in a list; nothing where it goes into a pane after all.
pub type Opens = fn(&mut Ui, &Product, &mut Context) -> Option<Outcome>;
/// What flipping the box of a row does.
pub type Flips = fn(&mut Ui, &Product, &mut Context, Id) -> Outcome;
/// What becomes of records dropped in a column.
pub type Drops = fn(&mut Ui, &Product, &mut Context, Dropped) -> Outcome;
/// The rows among which a row stays when it is moved.
pub type StretchOf = fn(&Ui, usize) -> Option<Range<usize>>;

/// One view. Selection, scrolling, find, panes and editing come with it; `..Screen::PLAIN` fills in what a simple list
/// needs.
pub struct Screen {
    pub name: &'static str,
    /// The digit that opens it.
    pub key: char,
    pub title: &'static str,
    pub short: &'static str,
    /// It has a tab; the list of products is behind the product's name.
    pub tab: bool,
    /// How its list stands, as it is turned now.
    pub form: fn(&Ui) -> ListForm,
    /// What has the keys when the view is opened first.
    pub begins: Focus,
    /// The kinds of record that live here.
    pub kinds: &'static [Kind],
    /// What `a` adds here.
    pub adds: Adds,
    /// What Enter in the list goes into, for somebody in both roles.
    pub enters: Focus,
    /// What Enter in the list does instead; nothing where it goes into a pane after all.
    pub opens: Option<Opens>,
    /// The ways to look at this view, which `t` turns through; empty where there is one.
    pub turns: &'static [&'static str],
    /// What general commands do here instead of what they do elsewhere.
    pub verbs: &'static [Verb],
    /// What flipping the box of a row does; without it the row is ticked for the next act.
    pub flips: Option<Flips>,
    /// What becomes of records dropped in a column; without it only their order changes.
    pub drops: Option<Drops>,
    /// What its columns are called, where it has some.
    pub column_name: fn(usize) -> Option<&'static str>,
    /// The rows among which a row stays when it is moved; without it all of its list.
    pub stretch: Option<StretchOf>,
    /// The filters that have a meaning here.
    pub filters: fn(&Filter) -> bool,
    /// Its list is long: what the find line searches is prepared.
    pub is_long: bool,
    /// Every row has a box, also with nothing ticked.
    pub boxes: bool,
    /// The rows show their place in the order, unless they are turned.
    pub numbered: bool,
    /// The half that both roles write here; every empty field of it is asked for.
    pub shared: Option<Owner>,
    pub history: fn(&Ui) -> HistoryWanted,
    /// Works out what the view shows beside its rows, before these are made. Called when the product, the day, the
    /// history, the turn or a filter has changed.
    pub prepare: fn(&mut Ui, &Product),
    /// Called after each event while the view is open, and once with `false` after it was left.
    pub visit: fn(&mut Ui, bool),
    pub rows: fn(&mut Ui, &Product) -> Rows,
    pub draw: fn(&Ui, &Product, Rect, &mut Paint),
    pub why: fn(&Ui, &Product) -> Vec<PaneRow>,
    pub how: fn(&Ui, &Product) -> Vec<PaneRow>,
    /// What stands in the border of a pane.
    pub pane_title: fn(&Ui, &Product, Focus) -> String,
    /// Position and counts for the status line.
    pub status: fn(&Ui, &Product) -> String,
    /// What a command is called and how much it wants to be in the footer, where that is different here.
    pub footer: fn(&Ui, &Command) -> Option<(u8, &'static str)>,
    /// Said where the list is empty: what goes here, and the key.
    pub empty: &'static str,
}

impl Screen {
    /// A list beside two panes that shows nothing yet.
    pub const PLAIN: Screen = Screen {
        name: "",
        key: ' ',
        title: "",
        short: "",
        tab: true,
        form: |_| ListForm { arrangement: Arrangement::Beside { columns: 60 }, row_height: 1, heading: 0 },
        begins: Focus::List,
        kinds: &[],
        adds: Adds::Nothing,
        enters: Focus::Why,
        opens: None,
        turns: &[],
        verbs: &[],
        flips: None,
        drops: None,
        column_name: |_| None,
        stretch: None,
        filters: |_| false,
        is_long: false,
        boxes: false,
        numbered: false,
        shared: None,
        history: |_| HistoryWanted::No,
        prepare: |_, _| {},
        visit: |_, _| {},
        rows: |_, _| Rows::default(),
        draw: |_, _, _, _| {},
        why: |_, _| Vec::new(),
        how: |_, _| Vec::new(),
        pane_title: |_, _, _| String::new(),
        status: |_, _| String::new(),
        footer: |_, _| None,
        empty: "",
    };

    /// What a command does here instead of what it does elsewhere.
    pub fn verb(&self, name: &str) -> Option<&'static Verb> {
        self.verbs.iter().find(|verb| verb.name == name)
    }
}

/// All commands and all views, in the order in which help and tabs show them. `src/tui/registry.rs` has the one of the
/// program; the state is given it, so that nothing down here names a command or a view.
pub struct Registry {
    pub commands: &'static [&'static [Command]],
    pub screens: &'static [&'static Screen],
}

impl Registry {
    pub fn commands(&self) -> impl Iterator<Item = &'static Command> + use<> {
        self.commands.iter().flat_map(|group| group.iter())
    }

    pub fn command(&self, name: &str) -> Option<&'static Command> {
        self.commands().find(|command| command.name == name)
    }

    /// The place of a view, by its name.
    pub fn named(&self, name: &str) -> Option<usize> {
        self.screens.iter().position(|screen| screen.name == name)
    }

    /// The view in which records of a kind live.
    pub fn of_kind(&self, kind: Kind) -> Option<usize> {
        self.screens.iter().position(|screen| screen.kinds.contains(&kind))
    }
}

/// The layer as it goes on, or nothing when it is closed; and what it asks for.
pub type Next = (Option<Box<dyn Layer>>, Outcome);

/// A line that is typed between the rows of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ListLine {
    /// The row it stands below; at the head of the list without one.
    pub below: Option<Id>,
    /// What it will be.
    pub kind: Kind,
}

/// A text that was not kept yet; without a record it is the title of a new one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TypedText {
    pub record: Option<Id>,
    pub field: String,
    pub text: String,
}

/// What a layer is, for whoever asks from outside.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LayerKind {
    /// A box with choices or questions.
    Box,
    /// All commands, help, or records to jump to.
    Menu,
    /// A text of one field.
    Editor,
    /// A list to choose from.
    Picker,
    /// A chain of records: why something is here.
    Trail,
    /// A line of its own in the status line.
    StatusLine,
}

/// Something that lies on top and has the keys: a box, an editor, a line being typed.
pub trait Layer {
    fn input(self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next;

    /// Draws it over the views. What is drawn between the rows of a list draws itself there.
    fn draw(&self, _: &Ui, _: &Product, _: &mut Paint) {}

    /// What the last line says while it lies on top.
    fn hints(&self, ui: &Ui) -> String;

    fn kind(&self) -> LayerKind {
        LayerKind::Box
    }

    /// How long until it is drawn; nothing where it is: a box after a prefix waits, so that a fluent hand never sees it
    /// flash.
    fn waits(&self, _: &Ui) -> Option<Duration> {
        None
    }

    /// The press as it is meant here, where letters of another keyboard layout stand for keys.
    fn meant(&self, press: Press, _: &Keymap) -> Press {
        press
    }

    /// The text being typed, for the side file that brings it back after a crash.
    fn draft(&self) -> Option<TypedText> {
        None
    }

    /// The key that keeps the text being typed, where one would be lost otherwise.
    fn keep_key(&self) -> Option<Press> {
        None
    }

    /// What the status line says while it lies on top.
    fn status(&self, _: &Product) -> Option<String> {
        None
    }

    /// The row is carried by it.
    fn carries(&self, _: Id) -> bool {
        false
    }

    /// Rows are in the air.
    fn is_carrying(&self) -> bool {
        false
    }

    fn list_line(&self) -> Option<ListLine> {
        None
    }

    /// Draws the line in the list.
    fn draw_list_line(&self, _: Rect, _: Style, _: &mut Paint) {}
}

/// What a command asks for. It cannot change the product itself.
pub enum Outcome {
    Nothing,
    Say(Toast),
    Commit(Commit),
    Undo,
    Redo,
    /// Repeats the last change on what is selected now.
    Repeat,
    SetRole(Role),
    /// Another product, or none yet.
    Open(Opening),
    /// The same, though something is not saved.
    AbandonFor(Opening),
    /// A text for the person's own editor.
    External(Box<External>),
    /// A text for the clipboard.
    Copy(Box<Clip>),
    Redraw,
    /// Clicks come here, or stay with the terminal.
    Mouse(bool),
    Suspend,
    /// A copy of everything in this folder.
    SaveElsewhere(PathBuf),
    Quit,
    /// To quit, though something is not saved.
    Abandon,
}

/// What is opened instead of the present product.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Opening {
    Product(Listed),
    /// Nothing is there yet: the first run asks.
    First,
    /// One that is to be named first.
    New,
    /// Made under this name.
    Named(String),
    /// A sound copy of the open product, whose files are damaged.
    Repaired,
    /// The sample, made if it is not there, or made anew.
    Sample {
        anew: bool,
    },
}

/// What is said once a step is in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Say {
    /// These words.
    Words(String),
    /// `Added`, what was added, and these words behind it.
    Added(String),
    /// What was added, `is`, and these words behind it.
    Is(String),
}

impl Say {
    /// The sentence, with the name of the record that the step made, where it made one.
    pub fn sentence(self, made: Option<&str>) -> String {
        match (self, made) {
            (Say::Words(words), _) => words,
            (Say::Added(rest), Some(name)) => format!("Added {name}{rest}"),
            (Say::Added(rest), None) => format!("Added{rest}"),
            (Say::Is(rest), name) => format!("{} is{rest}", name.unwrap_or("It")),
        }
    }
}

impl From<String> for Say {
    fn from(words: String) -> Say {
        Say::Words(words)
    }
}

/// A step to show and save, and what comes after it.
pub struct Commit {
    pub step: Step,
    /// Chosen afterwards, where it is shown.
    pub choose: Option<Id>,
    /// What to say instead of the step's label.
    pub say: Option<Say>,
    /// Opened once the step is in.
    pub then: Option<Then>,
    /// A word behind what is said.
    pub lesson: String,
    pub fence: bool,
    /// Laid on top again where the step is refused, so that no text is lost.
    pub retry: Option<Box<dyn Layer>>,
}

impl Commit {
    pub fn new(step: Step) -> Commit {
        Commit { step, choose: None, say: None, then: None, lesson: String::new(), fence: false, retry: None }
    }
}

/// Something to open on the product as it is after a step.
pub type Then = Box<dyn FnOnce(&mut Ui, &Product)>;

impl Outcome {
    pub fn commit(step: Step) -> Outcome {
        Outcome::Commit(Commit::new(step))
    }

    /// Says why not. A refusal is asked for the form that names commands in braces, which the screen fills with keys.
    pub fn refuse(why: impl std::fmt::Display) -> Outcome {
        Outcome::Say(Toast::Trouble(format!("{why:#}")))
    }

    pub fn say(word: impl Into<String>) -> Outcome {
        Outcome::Say(Toast::Word(word.into()))
    }

    /// A step or its refusal.
    pub fn of(step: Result<Step, crate::model::rules::Refusal>) -> Outcome {
        match step {
            Ok(step) => Outcome::commit(step),
            Err(refusal) => Outcome::refuse(refusal),
        }
    }
}

/// Always ready.
pub fn always(_: &Ui, _: &Product) -> Result<(), NotReady> {
    Ok(())
}

/// Checks that something is selected.
pub fn on_something(ui: &Ui, _: &Product) -> Result<(), NotReady> {
    if ui.any_target().is_none() { Err("nothing is selected".into()) } else { Ok(()) }
}
