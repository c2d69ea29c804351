//! What is plugged into the screen: commands, views and layers, and what they may ask for in return.
//!
//! These types and [`Ui`] name each other by nature: a command acts on the state, and the state holds the views and the
//! layers that are on top. So this file, `ui.rs` and `keymap.rs` import each other in a circle, and nothing else in
//! `src/tui` is part of it: whatever fills in such a row is above.

use crate::actions::Context;
use crate::actions::proposal::ProposeAs;
use crate::insight::views::View;
use crate::model::change::{Change, Step};
use crate::model::grammar::sentence;
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
use crate::tui::state::ui::{ListRow, Rows, Toast, Ui};
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

/// The group of a command in the help.
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

/// Checks that something can be done now; the error says why not.
pub type Ready = fn(&Ui, &Product) -> Result<(), NotReady>;
/// What a command does.
pub type Run = fn(&mut Ui, &Product, &mut Context) -> Outcome;

pub struct Command {
    /// Never changes, because settings and scripts name it.
    pub name: &'static str,
    /// The first one is shown; the others are alternatives.
    pub keys: &'static [&'static str],
    pub group: Group,
    /// Two words for the footer.
    pub label: &'static str,
    /// One sentence, at most 70 characters.
    pub hint: &'static str,
    /// Other words people look for.
    pub synonyms: &'static [&'static str],
    /// Its priority in the footer; 0 is never.
    pub weight: u8,
    /// Checks that it can be done now.
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

/// The arrangement of a list.
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
    /// A story, in the view's own way.
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

/// Records dropped in a column, with the step that gives them their place in the order there.
pub struct Dropped {
    pub ids: Vec<Id>,
    pub column: usize,
    pub order: Step,
}

/// What Enter does in a list. Returns `None` if it goes into a pane after all.
pub type Opens = fn(&mut Ui, &Product, &mut Context) -> Option<Outcome>;
/// What toggling the box of a row does.
pub type Flips = fn(&mut Ui, &Product, &mut Context, Id) -> Outcome;
/// What becomes of records dropped in a column.
pub type Drops = fn(&mut Ui, &Product, &mut Context, Dropped) -> Outcome;
/// The rows among which a row stays when it is moved.
pub type StretchOf = fn(&Ui, usize) -> Option<Range<usize>>;

/// One view. Selection, scrolling, find, panes and editing come with it; `..Screen::PLAIN` fills in what a simple list
/// needs.
pub struct Screen {
    pub name: &'static str,
    /// The digit that opens it; a blank where it has none.
    pub key: char,
    pub title: &'static str,
    pub short: &'static str,
    /// Whether it has a tab; the list of products is behind the product's name.
    pub tab: bool,
    /// The arrangement of its list in its current turn.
    pub form: fn(&Ui) -> ListForm,
    /// What has the focus when the view is first opened.
    pub begins: Focus,
    /// The kinds of record that this view shows.
    pub kinds: &'static [Kind],
    /// What `a` adds here.
    pub adds: Adds,
    /// The pane that Enter in the list goes into, for somebody in both roles.
    pub enters: Focus,
    /// What Enter in the list does instead.
    pub opens: Option<Opens>,
    /// The layouts of this view, which `t` turns through; empty if there is only one.
    pub turns: &'static [&'static str],
    /// What general commands do here instead of what they do elsewhere.
    pub verbs: &'static [Verb],
    /// What toggling the box of a row does, by Space or by a click; without it the row is ticked for the next act. A verb
    /// named `tick` changes when Space is allowed.
    pub flips: Option<Flips>,
    /// What becomes of records dropped in a column; without it only their order changes.
    pub drops: Option<Drops>,
    /// The names of its columns, if it has any.
    pub column_name: fn(usize) -> Option<&'static str>,
    /// Whether one column alone is on the screen now: acts leave the others alone.
    pub one_column: fn(&Ui) -> bool,
    /// The rows among which a row stays when it is moved; without it all of its list.
    pub stretch: Option<StretchOf>,
    /// The filters that have a meaning here.
    pub filters: fn(&Filter) -> bool,
    /// Whether its list can be sorted to look at, unless the view is turned.
    pub sorts: bool,
    /// Whether its rows are on the screen in its current turn; a chart in full size has none.
    pub lists: fn(&Ui) -> bool,
    /// Whether its list is long, so that the text searched by the find line is prepared.
    pub is_long: bool,
    /// Whether every row has a box even if nothing is ticked.
    pub boxes: bool,
    /// Whether the rows show their place in the order, unless the view is turned.
    pub numbered: bool,
    /// The half that both roles write here; every empty field of it is asked for.
    pub shared: Option<Owner>,
    pub history: fn(&Ui) -> HistoryWanted,
    /// Computes what the view shows besides its rows, before these. Called when the product, the day, the
    /// history, the turn or a filter has changed.
    pub prepare: fn(&mut Ui, &Product),
    /// What else an act in this view writes, in the same step.
    pub along: fn(&Ui, &Product, &Step, &Context) -> Vec<Change>,
    /// Called after each event while the view is open, and once with `false` after it was left.
    pub visit: fn(&mut Ui, bool),
    pub rows: fn(&mut Ui, &Product) -> Rows,
    pub draw: fn(&Ui, &Product, Rect, &mut Paint),
    /// The columns in which a row is not cut, without what may be left out; 0 if it does not matter. Some rows of the
    /// list are measured when it changes, and the list is made that wide if the panes can spare it.
    pub row_needs: fn(&Ui, &Product, &ListRow) -> usize,
    pub why: fn(&Ui, &Product) -> Vec<PaneRow>,
    pub how: fn(&Ui, &Product) -> Vec<PaneRow>,
    /// The text in the border of a pane.
    pub pane_title: fn(&Ui, &Product, Focus) -> String,
    /// Who has the say in a half, in place of its owner.
    pub pane_owner: fn(&Ui, &Product, Owner) -> Option<String>,
    /// Position and counts for the status line.
    pub status: fn(&Ui, &Product) -> String,
    /// How much waits in the view, for its tab; 0 shows nothing.
    pub badge: fn(&Ui) -> usize,
    /// The group of rows that a record waits in, if it waits for an act: after it the cursor goes on within this group.
    pub waits: fn(&Ui, Id) -> Option<u8>,
    /// The label of a command and its priority in the footer, if these differ here.
    pub footer: fn(&Ui, &Command) -> Option<(u8, &'static str)>,
    /// Shown if the list is empty: what goes here, and the key.
    pub empty: &'static str,
}

impl Screen {
    /// A view of the registry, with a list beside two panes that shows nothing yet.
    pub const fn of(view: &'static View) -> Screen {
        let key = match view.digit {
            Some(digit) => digit,
            None => ' ',
        };
        Screen { name: view.name, key, title: view.title, short: view.short, kinds: view.kinds, ..Screen::PLAIN }
    }

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
        one_column: |_| false,
        stretch: None,
        filters: |_| false,
        sorts: false,
        lists: |_| true,
        is_long: false,
        boxes: false,
        numbered: false,
        shared: None,
        history: |_| HistoryWanted::No,
        prepare: |_, _| {},
        along: |_, _, _, _| Vec::new(),
        visit: |_, _| {},
        rows: |_, _| Rows::default(),
        draw: |_, _, _, _| {},
        row_needs: |_, _, _| 0,
        why: |_, _| Vec::new(),
        how: |_, _| Vec::new(),
        pane_title: |_, _, _| String::new(),
        pane_owner: |_, _, _| None,
        status: |_, _| String::new(),
        badge: |_| 0,
        waits: |_, _| None,
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

    /// The view that shows records of a kind.
    pub fn of_kind(&self, kind: Kind) -> Option<usize> {
        self.screens.iter().position(|screen| screen.kinds.contains(&kind))
    }
}

/// The layer as it continues, or `None` once it is closed; and what it asks for.
pub type Next = (Option<Box<dyn Layer>>, Outcome);

/// A line being typed between the rows of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ListLine {
    /// The row above it; `None` at the head of the list.
    pub below: Option<Id>,
    /// What it will be.
    pub kind: Kind,
}

/// A text not saved yet; without a record, the title of a new one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TypedText {
    pub record: Option<Id>,
    pub field: String,
    pub text: String,
}

/// The kind of a layer, for code outside of it.
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
    /// An input in the status line.
    StatusLine,
    /// The keys that may follow a prefix: the next one is a command.
    Sequence,
}

/// Something on top of the views that has the keys: a box, an editor, a line being typed.
pub trait Layer {
    fn input(self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next;

    /// Draws it over the views. A line between the rows of a list is drawn there instead.
    fn draw(&self, _: &Ui, _: &Product, _: &mut Paint) {}

    /// The hints in the last line while it is on top.
    fn hints(&self, ui: &Ui) -> String;

    fn kind(&self) -> LayerKind {
        LayerKind::Box
    }

    /// How long until it is drawn; `None` if it is: a box after a prefix waits, so that a fluent hand never sees it
    /// flash.
    fn waits(&self, _: &Ui) -> Option<Duration> {
        None
    }

    /// How long until it has something new to draw, even without an event: the progress of work in the background.
    fn refreshes_in(&self) -> Option<Duration> {
        None
    }

    /// True if Alt with this letter means something in it, as in a text.
    fn binds_alt(&self, _: char) -> bool {
        false
    }

    /// True if this key can end it without Enter.
    fn takes_at_once(&self, _: Press) -> bool {
        false
    }

    /// True if this key, pressed right after the value was taken, is one more letter of it.
    fn goes_on_with(&self, _: Press) -> bool {
        false
    }

    /// The press as meant here, where letters of another keyboard layout stand for keys.
    fn meant(&self, press: Press, _: &Keymap) -> Press {
        press
    }

    /// The text being typed, for the side file that brings it back after a crash.
    fn draft(&self) -> Option<TypedText> {
        None
    }

    /// The key that keeps the text being typed, if it would be lost otherwise.
    fn keep_key(&self) -> Option<Press> {
        None
    }

    /// The text of the status line while it is on top.
    fn status(&self, _: &Product) -> Option<String> {
        None
    }

    /// Returns true if it carries this row.
    fn carries(&self, _: Id) -> bool {
        false
    }

    /// Returns true if it carries rows.
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
    /// Who sits at the keyboard: the role and the name.
    SitDown(Role, String),
    /// Another product, or none yet.
    Open(Opening),
    /// Another product, even if something is not saved.
    AbandonFor(Opening),
    /// A text for the user's own editor.
    External(Box<External>),
    /// A text for the clipboard.
    Copy(Box<Clip>),
    /// An address for the browser; where there is none, it is copied.
    Browse(Box<Clip>),
    Redraw,
    /// Clicks come here, or stay with the terminal.
    Mouse(bool),
    Suspend,
    /// A copy of everything in this folder.
    SaveElsewhere(PathBuf),
    /// Bring saved steps back that replaced files lack.
    BringBack,
    Quit,
    /// Quit, even if something is not saved.
    Abandon,
}

/// What to open instead of the current product.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Opening {
    Product(Listed),
    /// There is no product yet: the first run asks.
    First,
    /// A new one, which has to be named first.
    New,
    /// A new one with this name.
    Named(String),
    /// A new one made of this file, once somebody has looked at what it would bring.
    File(PathBuf),
    /// A sound copy of the open product, whose files are damaged.
    Repaired,
    /// The sample, created if it is missing, or reset.
    Sample {
        anew: bool,
    },
}

/// The message once a step is applied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Say {
    /// These words.
    Words(String),
    /// `Added`, the record's name, and these words after it.
    Added(String),
    /// The record's name, `is`, and these words after it.
    Is(String),
    /// The record's name and these words after it.
    Named(String),
    /// `Asked`, these words, and the record's name.
    Asked(String),
}

impl Say {
    /// The sentence, with the name of the record that the step created, if any.
    pub fn sentence(self, made: Option<&str>) -> String {
        match (self, made) {
            (Say::Words(words), _) => words,
            (Say::Added(rest), Some(name)) => format!("Added {name}{rest}"),
            (Say::Added(rest), None) => format!("Added{rest}"),
            (Say::Asked(whom), name) => {
                format!("Asked {whom}: {}. {{undo}} takes it back.", name.unwrap_or("your question"))
            }
            (Say::Named(rest), name) => format!("{}{rest}", name.unwrap_or("It")),
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
    /// The record selected afterwards, if it is shown.
    pub choose: Option<Id>,
    /// What to say instead of the step's label.
    pub say: Option<Say>,
    /// Opened once the step is applied.
    pub then: Option<Then>,
    /// Appended to the message.
    pub lesson: String,
    pub fence: bool,
    /// Reopened if the step is refused, so that no text is lost.
    pub retry: Option<Box<dyn Layer>>,
    /// Reopened if the next key shows that the number taken has more digits.
    pub more: Option<Box<dyn Layer>>,
    /// What becomes of what the other half decides.
    pub proposes: ProposeAs,
}

impl Commit {
    pub fn new(step: Step) -> Commit {
        Commit {
            step,
            choose: None,
            say: None,
            then: None,
            lesson: String::new(),
            fence: false,
            retry: None,
            more: None,
            proposes: ProposeAs::Revised,
        }
    }
}

/// Opens something on the product as it is after a step.
pub type Then = Box<dyn FnOnce(&mut Ui, &Product)>;

impl Outcome {
    pub fn commit(step: Step) -> Outcome {
        Outcome::Commit(Commit::new(step))
    }

    /// A message saying why not, in the form that names commands in braces, which the screen replaces by keys.
    pub fn refuse(why: impl std::fmt::Display) -> Outcome {
        Outcome::Say(Toast::Trouble(sentence(&format!("{why:#}"))))
    }

    pub fn say(word: impl Into<String>) -> Outcome {
        Outcome::Say(Toast::Word(word.into()))
    }

    /// With the layer that is open again if the step is refused.
    pub fn or_again(self, layer: Box<dyn Layer>) -> Outcome {
        match self {
            Outcome::Commit(commit) => {
                let retry = Some(commit.retry.unwrap_or(layer));
                Outcome::Commit(Commit { retry, ..commit })
            }
            other => other,
        }
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
