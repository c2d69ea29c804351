//! Adding in place: an input line in the list where the new record will be. Only the title is required.

use crate::actions::Context;
use crate::actions::edit::{Place, add};
use crate::actions::feedback::tied;
use crate::insight::alike::{ComingTitleWords, TitleWords};
use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Role;
use crate::model::schema::Kind;
use crate::model::value::Cell;
use crate::tui::overlay::editor::{After, Editor, because_of_proposal};
use crate::tui::overlay::seed::Seed;
use crate::tui::overlay::sheet::Sheet;
use crate::tui::state::access::can_have;
use crate::tui::state::contract::{Commit, Layer, ListLine, Next, Outcome, TypedText};
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::key::Press;
use crate::tui::term::paint::Paint;
use crate::tui::term::text::is_lines;
use crate::tui::widget::input::LineInput;
use crate::tui::widget::text_keys;
use crossterm::event::KeyCode;
use ratatui::layout::Rect;
use ratatui::style::Style;

pub struct AddLine {
    pub seed: Seed,
    pub below: Option<Id>,
    pub line: LineInput,
    added: usize,
    /// A story whose title reads like this one.
    alike: Option<Id>,
}

impl AddLine {
    pub fn new(seed: Seed) -> AddLine {
        AddLine { below: seed.below, seed, line: LineInput::new(""), added: 0, alike: None }
    }

    /// A line with a title to start from.
    pub fn with(seed: Seed, title: &str) -> AddLine {
        AddLine { line: LineInput::new(title), ..AddLine::new(seed) }
    }

    fn cancel(self, ui: &mut Ui) -> Next {
        if !self.line.is_empty() {
            ui.line_history.keep("add", &self.line.text());
            return (None, Outcome::say("Cancelled. ↑ in the next line brings the text back."));
        }
        let word = match self.added {
            0 => String::new(),
            n => format!("{n} added. {{undo}} takes them back, one by one."),
        };
        (None, if word.is_empty() { Outcome::Nothing } else { Outcome::say(word) })
    }

    /// Looks for a story that was asked for in nearly the same words.
    fn look_alike(&mut self, ui: &mut Ui, product: &Product) {
        self.alike = None;
        if self.seed.kind != Kind::BacklogItem {
            return;
        }
        if !ui.slots.get::<TitleWords>().is_some_and(|words| words.fits(product)) {
            let words = match ui.slots.take::<ComingTitleWords>() {
                Some(coming) => coming.ready(),
                None => ComingTitleWords::begin(product),
            };
            match words {
                Ok(words) => ui.slots.put(words),
                Err(coming) => ui.slots.put(coming),
            }
        }
        let words = ui.slots.get::<TitleWords>().filter(|words| words.fits(product));
        self.alike = words.and_then(|words| words.alike(&self.line.text()).first().copied());
    }

    fn take(self: Box<Self>, code: KeyCode, ui: &Ui, product: &Product, context: &mut Context) -> Next {
        if self.line.text().trim().is_empty() {
            let outcome =
                if self.added == 0 { Outcome::say("Nothing was added: it needs a title.") } else { Outcome::Nothing };
            return (None, outcome);
        }
        let Some(title) = self.seed.kind.title_field() else { return (None, Outcome::Nothing) };
        let mut cells = self.seed.titled(title, self.line.text().trim());
        if cells.is_empty() {
            return (Some(self), Outcome::say("Nothing was added: it needs words after the sign."));
        }
        cells.extend(self.seed.cells.iter().cloned());
        if let Some(date) = self.seed.kind.field("date").filter(|field| cells.iter().all(|(known, _)| known != field)) {
            // What somebody says is from today, if nothing else is said.
            cells.push((date, Some(context.now.day()).to_value()));
        }
        let (mut step, made) = match add(product, self.seed.kind, &cells, self.seed.place, context) {
            Ok(made) => made,
            Err(refusal) => return (Some(self), Outcome::refuse(refusal)),
        };
        if let Some(feedback) = self.seed.feedback {
            step.join(tied(product, feedback, made));
        }
        let say = self.seed.say.clone();
        let kept = self.seed.clone();
        let seed = Seed { place: Place::After(made), below: Some(made), ..self.seed.clone() };
        let added = self.added.saturating_add(1);
        let then: Option<crate::tui::state::contract::Then> = match code {
            KeyCode::Down => Some(Box::new(move |ui: &mut Ui, _: &Product| {
                let mut next = AddLine::new(seed);
                next.added = added;
                ui.layers.push(Box::new(next));
            })),
            KeyCode::Tab if !can_have(ui, self.seed.kind) => Some(because_of_proposal()),
            KeyCode::Tab => Some(Box::new(move |ui: &mut Ui, product: &Product| {
                let role = ui.role;
                if let Some(field) = first_field(seed.kind, role) {
                    Editor::open(ui, product, made, field, After::Add(Box::new(seed)));
                }
            })),
            _ => None,
        };
        let choose = Some(made);
        let retry: Option<Box<dyn Layer>> = Some(Box::new(AddLine { seed: kept, ..*self }));
        (None, Outcome::Commit(Commit { choose, say, then, retry, ..Commit::new(step) }))
    }
}

impl Layer for AddLine {
    fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        let Some(press) = input.press() else {
            return match input {
                // Pasted lines become records after a preview; a single one is part of the title.
                Input::Paste(text) if is_lines(text) => {
                    let whole = format!("{}{text}", self.line.text());
                    Sheet::open(self.seed.clone(), Some(self), ui, product, &whole)
                }
                _ => {
                    self.line.take(input);
                    (Some(self), Outcome::Nothing)
                }
            };
        };
        match press.code {
            KeyCode::Esc => self.cancel(ui),
            KeyCode::Char('c') if press.ctrl && !self.line.has_selection() => self.cancel(ui),
            KeyCode::Up => {
                self.line.earlier(&mut ui.line_history, "add");
                (Some(self), Outcome::Nothing)
            }
            KeyCode::Enter | KeyCode::Down | KeyCode::Tab => {
                ui.line_history.keep("add", &self.line.text());
                self.take(press.code, ui, product, context)
            }
            _ => {
                self.line.take_with(input, &mut ui.kill);
                self.look_alike(ui, product);
                (Some(self), Outcome::Nothing)
            }
        }
    }

    fn binds_alt(&self, letter: char) -> bool {
        text_keys::binds_alt(letter)
    }

    fn hints(&self, ui: &Ui) -> String {
        if !can_have(ui, self.seed.kind) {
            return "Enter proposes it · ↓ and another · Tab adds why · ↑ earlier ones · Esc cancels".to_string();
        }
        "Enter adds it · ↓ and another · Tab its fields · ↑ earlier ones · Esc cancels".to_string()
    }

    fn draft(&self) -> Option<TypedText> {
        let text = self.line.text();
        (!self.line.is_empty()).then_some(TypedText { record: None, field: String::new(), text })
    }

    fn keep_key(&self) -> Option<Press> {
        Some(Press::plain(KeyCode::Enter))
    }

    fn status(&self, product: &Product) -> Option<String> {
        let one = product.find(self.alike?)?;
        Some(format!("{} has a similar title: {}", one.name(), one.title()))
    }

    fn list_line(&self) -> Option<ListLine> {
        Some(ListLine { below: self.below, kind: self.seed.kind })
    }

    fn draw_list_line(&self, area: Rect, style: Style, buffer: &mut Paint) {
        self.line.draw(area, style, buffer);
    }
}

/// Where Tab goes from the title: the first why for the PM, the criteria for the PO.
pub fn first_field(kind: Kind, role: Role) -> Option<&'static Field> {
    let key = match (kind, role) {
        (Kind::RoadmapItem, Role::Po) => "approach",
        (Kind::RoadmapItem, _) => "problem",
        (Kind::BacklogItem, Role::Pm) => "benefit",
        (Kind::BacklogItem, _) => "criteria",
        (Kind::Goal, _) => "why",
        (Kind::ProductGoal, _) => "measure",
        _ => return kind.typed_fields().nth(1),
    };
    kind.field(key)
}
