//! What a command is. Rows stand at the head of the file that holds their functions; footer, help, palette, boxes and
//! docs/KEYS.md all read the same table.

use crate::actions::Context;
use crate::model::change::Step;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Role;
use crate::store::products::Listed;
use crate::tui::clipboard::Clip;
use crate::tui::external::External;
use crate::tui::ui::{Toast, Ui};
use crate::tui::widget::Overlay;
use std::path::PathBuf;

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
            Group::This => "on what is chosen",
            Group::List => "on the list",
            Group::Move => "moving about",
            Group::Everywhere => "everywhere",
        }
    }
}

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
    pub ready: fn(&Ui, &Product) -> Result<(), String>,
    pub run: fn(&mut Ui, &Product, &mut Context) -> Outcome,
}

/// What a command asks for. It cannot change the product itself.
pub enum Outcome {
    Done,
    Say(Toast),
    Commit(Commit),
    Undo,
    Redo,
    /// The last change once more, on what is chosen now.
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

/// A step to show and save, and what comes after it.
pub struct Commit {
    pub step: Step,
    /// Chosen afterwards, where it is shown.
    pub choose: Option<Id>,
    /// What to say instead of the step's label.
    pub say: Option<String>,
    /// Opened once the step is in.
    pub then: Option<Then>,
    /// A word behind what is said.
    pub lesson: String,
    pub fence: bool,
    /// Laid on top again where the step is refused, so that no text is lost.
    pub retry: Option<Box<Overlay>>,
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

    pub fn refuse(why: impl std::fmt::Display) -> Outcome {
        Outcome::Say(Toast::Trouble(crate::tui::keymap::on_screen(&why.to_string())))
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

impl Ui {
    /// Lays something on top.
    pub fn open(&mut self, overlay: Overlay) -> Outcome {
        // What was said before has nothing to do with what is asked now.
        self.toast = None;
        self.overlays.push(overlay);
        Outcome::Done
    }
}

/// Always ready.
pub fn always(_: &Ui, _: &Product) -> Result<(), String> {
    Ok(())
}

/// Something is chosen.
pub fn on_something(ui: &Ui, _: &Product) -> Result<(), String> {
    if ui.any_target().is_none() { Err("nothing is chosen".to_string()) } else { Ok(()) }
}
