//! A preview of pasted lines as what they would become. Enter adds them as one change, Esc adds nothing.

use crate::actions::Context;
use crate::actions::edit::{Place, add_all};
use crate::import::outline::{Node, outline};
use crate::model::change::Step;
use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rules::{Refusal, plural_noun};
use crate::model::saturating::next_in_circle;
use crate::model::schema::Kind;
use crate::model::value::{Boxed, Cell, Criterion, Shape, Value};
use crate::tui::overlay::seed::{Seed, title_cells};
use crate::tui::state::access::{can_have, can_write};
use crate::tui::state::contract::{Commit, Layer, Next, Outcome};
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::layout::Part;
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{clean, cut, pasted, times, width, wrap};
use crate::tui::widget::{list, popup};
use crossterm::event::KeyCode;
use ratatui::style::Style;

/// More lines than this belong in a file for `import`.
const MOST: usize = 2000;

/// What the lines under another line become.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Under {
    /// Sentences or text of this field of the record above.
    Cell(&'static Field),
    /// Records of this kind that serve the record above.
    Records(Kind),
    /// Records like the ones above, one below the other.
    Same,
}

pub struct Sheet {
    seed: Seed,
    roots: Vec<Node>,
    /// The title of the record above the new ones.
    above: Option<String>,
    choices: Vec<Under>,
    choice: usize,
    top: usize,
    /// The input into which the lines were pasted.
    back: Option<Box<dyn Layer>>,
    /// The original lines.
    text: String,
}

/// What can go under a record of a kind, as far as the role may write it; the most common first.
fn choices(kind: Kind, ui: &Ui) -> Vec<Under> {
    let mut out = Vec::new();
    if kind == Kind::RoadmapItem && can_have(ui, Kind::BacklogItem) {
        out.push(Under::Records(Kind::BacklogItem));
    }
    let key = match kind {
        Kind::BacklogItem => "criteria",
        Kind::RoadmapItem => "problem",
        Kind::Goal => "why",
        Kind::DoneRule => "because",
        Kind::Sprint => "belief",
        _ => "",
    };
    out.extend(kind.field(key).filter(|field| can_write(ui, field)).map(Under::Cell));
    out.push(Under::Same);
    out
}

impl Sheet {
    /// A preview of lines pasted where records of the seed's kind can be added.
    pub fn open(seed: Seed, back: Option<Box<dyn Layer>>, ui: &Ui, product: &Product, text: &str) -> Next {
        let roots = outline(&pasted(text));
        let lines = roots.iter().map(|root| root.count().saturating_add(1)).sum::<usize>();
        if lines > MOST || roots.is_empty() {
            let word = if roots.is_empty() {
                "The pasted text is empty. Nothing was added.".to_string()
            } else {
                format!(
                    "{lines} lines are too many to paste: at most {MOST} at once, or import a file. Nothing was added."
                )
            };
            return (back, Outcome::refuse(word));
        }
        let deep = roots.iter().any(|root| !root.under.is_empty());
        let choices = if deep { choices(seed.kind, ui) } else { vec![Under::Same] };
        let serves = seed.cells.iter().find(|(field, _)| field.key == "serves").map(|(_, value)| value);
        let first = serves.and_then(|value| value.as_array().map_or(Some(value), |all| all.first()));
        let above = first.and_then(Value::as_str).and_then(Id::parse).map(|id| product.name_of(id));
        let sheet = Sheet { seed, roots, above, choices, choice: 0, top: 0, back, text: pasted(text) };
        (Some(Box::new(sheet)), Outcome::Nothing)
    }

    fn under(&self) -> Under {
        self.choices.get(self.choice).copied().unwrap_or(Under::Same)
    }

    /// `3 stories with 6 criteria`.
    fn counts(&self) -> String {
        let below: usize = self.roots.iter().map(Node::count).sum();
        let (records, with) = match self.under() {
            Under::Same => (self.roots.len().saturating_add(below), String::new()),
            Under::Cell(field) => (self.roots.len(), counted_cells(field, below)),
            Under::Records(kind) => {
                let direct: usize = self.roots.iter().map(|root| root.under.len()).sum();
                let rest = match (below.saturating_sub(direct), cell_under(kind)) {
                    (0, _) | (_, None) => String::new(),
                    (rest, Some(field)) => format!(" and {}", counted_cells(field, rest)),
                };
                (self.roots.len(), format!("{}{rest}", counted(direct, kind)))
            }
        };
        let with = if with.is_empty() { with } else { format!(" with {with}") };
        format!("{}{with}", counted(records, self.seed.kind))
    }

    fn question(&self) -> String {
        let above = self.above.as_ref().map(|name| format!(" under {name}")).unwrap_or_default();
        format!("Add {}{above}? Enter adds them, Esc adds nothing.", self.counts())
    }

    /// The lines may have been typed ahead over a slow connection, so they are not lost.
    fn leave(self, ui: &mut Ui) -> Next {
        ui.kill = self.text;
        (self.back, Outcome::say("Nothing was added. Ctrl-V in a text inserts the lines there."))
    }

    fn take(self: Box<Self>, product: &Product, context: &mut Context) -> Next {
        let (step, last) = match self.step(product, context) {
            Ok(made) => made,
            Err(refusal) => return (Some(self), Outcome::refuse(refusal)),
        };
        let say = Some(format!("{} added. {{undo}} takes them back.", self.counts()).into());
        let retry: Option<Box<dyn Layer>> = Some(self);
        (None, Outcome::Commit(Commit { choose: last, say, retry, ..Commit::new(step) }))
    }

    /// Everything as one step, and the last record of the seed's kind.
    fn step(&self, product: &Product, context: &mut Context) -> Result<(Step, Option<Id>), Refusal> {
        let mut nodes: Vec<&Node> = Vec::new();
        for root in &self.roots {
            nodes.push(root);
            if self.under() == Under::Same {
                nodes.extend(root.flat().into_iter().map(|(_, node)| node));
            }
        }
        let rows = nodes.iter().map(|node| self.cells(node)).collect::<Result<Vec<_>, _>>()?;
        let (mut step, made) = add_all(product, self.seed.kind, &rows, self.seed.place, context)?;
        if let Under::Records(kind) = self.under() {
            let serves = kind.field("serves");
            let mut rows = Vec::new();
            for (node, id) in nodes.iter().zip(&made) {
                for child in &node.under {
                    let mut cells = titled(kind, child)?;
                    cells.extend(serves.map(|field| (field, Value::from(id.to_string()))));
                    cells.extend(cell_under(kind).and_then(|field| Some((field, cell_of(field, child)?))));
                    rows.push(cells);
                }
            }
            step.changes.extend(add_all(product, kind, &rows, Place::Bottom, context)?.0.changes);
        }
        step.label = format!("Added {}", self.counts());
        Ok((step, made.last().copied()))
    }

    fn cells(&self, node: &Node) -> Result<Vec<(&'static Field, Value)>, Refusal> {
        let mut cells = titled(self.seed.kind, node)?;
        cells.extend(self.seed.cells.iter().cloned());
        if let Under::Cell(field) = self.under() {
            cells.extend(cell_of(field, node).map(|value| (field, value)));
        }
        Ok(cells)
    }

    /// The lines of the tree as shown.
    fn rows(&self, ui: &Ui) -> Vec<String> {
        let tick = ui.theme.tick();
        let mut out = Vec::new();
        for root in &self.roots {
            out.push(format!("+ {}", root.text));
            for (depth, node) in root.flat() {
                let sentence = match self.under() {
                    Under::Same => None,
                    Under::Cell(field) => Some((0usize, field)),
                    Under::Records(_) if depth == 0 => None,
                    Under::Records(kind) => cell_under(kind).map(|field| (1, field)),
                };
                out.push(match sentence {
                    None if self.under() == Under::Same => format!("+ {}", node.text),
                    None => format!("    + {}", node.text),
                    Some((from, field)) => {
                        let indent = times("    ", from.saturating_add(1)) + &times("  ", depth.saturating_sub(from));
                        let mark = if is_boxed(field) {
                            format!("[{}] ", if node.ticked { tick } else { " " })
                        } else {
                            String::new()
                        };
                        format!("{indent}{mark}{}", node.text)
                    }
                });
            }
        }
        let ticked = self.roots.iter().filter(|root| root.ticked).count();
        if ticked > 0 && self.seed.kind == Kind::BacklogItem {
            out.push(String::new());
            let key = ui.keymap.fill("{story.done}");
            out.push(format!("{ticked} with a ticked box: added as to do, {key} marks them done."));
        }
        out
    }
}

impl Layer for Sheet {
    fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        let Some(press) = input.press() else { return (Some(self), Outcome::Nothing) };
        let last = self.rows(ui).len().saturating_sub(1);
        match press.code {
            KeyCode::Esc => return self.leave(ui),
            KeyCode::Char('c') if press.ctrl => return self.leave(ui),
            KeyCode::Enter => return self.take(product, context),
            KeyCode::Tab => self.choice = next_in_circle(self.choice, self.choices.len()),
            KeyCode::Up => self.top = self.top.saturating_sub(1),
            KeyCode::Down => self.top = self.top.saturating_add(1).min(last),
            KeyCode::PageUp => self.top = self.top.saturating_sub(10),
            KeyCode::PageDown => self.top = self.top.saturating_add(10).min(last),
            _ => {}
        }
        (Some(self), Outcome::Nothing)
    }

    fn hints(&self, _: &Ui) -> String {
        let next = self.choices.get(next_in_circle(self.choice, self.choices.len()));
        let turn = match next {
            Some(_) if self.choices.len() < 2 => String::new(),
            Some(Under::Cell(field)) => format!(" · Tab lines under them as {}", field.noun()),
            Some(Under::Records(kind)) => format!(" · Tab lines under them as {}", plural_noun(*kind)),
            _ => format!(" · Tab every line as a {}", self.seed.kind.noun()),
        };
        format!("Enter adds them · Esc adds nothing{turn} · ↑ ↓ scroll")
    }

    fn draw(&self, ui: &Ui, _: &Product, buffer: &mut Paint) {
        let rows = self.rows(ui);
        let wide = popup::columns(ui, 76, rows.iter().map(|row| width(&clean(row))).max().unwrap_or(0));
        let asked = wrap(&self.question(), wide, 4);
        let height = rows.len().saturating_add(asked.len()).saturating_add(1);
        let inner = popup::frame(ui, "Pasted lines", wide, height, buffer);
        let columns = usize::from(inner.width);
        let lines = asked.iter().map(|line| (line.as_str(), ui.theme.strong()));
        for (y, (line, style)) in lines.enumerate().take(usize::from(inner.height)) {
            buffer.write(inner.row(y), line, columns, style);
        }
        let used = asked.len().saturating_add(1);
        let room = usize::from(inner.height).saturating_sub(used);
        let top = self.top.min(rows.len().saturating_sub(room));
        for (y, row) in rows.iter().skip(top).take(room).enumerate() {
            let text = clean(row);
            buffer.write(inner.row(used.saturating_add(y)), cut(&text, columns), columns, Style::new());
        }
        list::more(ui, rows.len().saturating_sub(top.saturating_add(room)), inner, buffer);
    }
}

fn counted(count: usize, kind: Kind) -> String {
    match (count, kind) {
        (1, kind) => format!("1 {}", kind.noun()),
        (count, Kind::Feedback) => format!("{count} pieces of feedback"),
        (count, kind) => format!("{count} {}", plural_noun(kind)),
    }
}

fn is_boxed(field: &Field) -> bool {
    matches!(field.shape, Shape::Criteria | Shape::Tasks)
}

fn counted_cells(field: &Field, count: usize) -> String {
    match (is_boxed(field), count) {
        (true, 1) => "1 criterion".to_string(),
        (true, _) => format!("{count} criteria"),
        (false, 1) => format!("1 line of {}", field.label),
        (false, _) => format!("{count} lines of {}", field.label),
    }
}

/// Where lines under a record of this kind go, if the kind itself is under another.
fn cell_under(kind: Kind) -> Option<&'static Field> {
    kind.field("criteria")
}

fn titled(kind: Kind, node: &Node) -> Result<Vec<(&'static Field, Value)>, Refusal> {
    match kind.title_field() {
        Some(field) => Ok(title_cells(kind, field, &node.text)),
        None => Err(Refusal::new("It has no title.", "Nothing was added.")),
    }
}

/// All lines under a node as one value: sentences with checkboxes, or a text that keeps its indentation.
fn cell_of(field: &Field, node: &Node) -> Option<Value> {
    let lines = node.flat();
    if lines.is_empty() {
        return None;
    }
    if is_boxed(field) {
        let all: Vec<Criterion> = lines.iter().map(|(_, node)| Criterion::with(&node.text, node.ticked)).collect();
        return Some(all.to_value());
    }
    let line = |(depth, node): &(usize, &Node)| format!("{}{}", times("  ", *depth), node.text);
    let text: Vec<String> = lines.iter().map(line).collect();
    let separator = if field.shape == Shape::Line { " " } else { "\n" };
    Some(text.join(separator).into())
}
