//! A list to choose from: type to narrow, Enter takes, Space ticks where several may be chosen.

use crate::deeds::{self, Context};
use crate::model::change::Step;
use crate::model::field::{Field, Record};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::{Conflict, GoalState, Horizon, ItemStatus, Kind, RoadmapResult};
use crate::model::value::{Cell, Shape, Value};
use crate::tui::command::{Commit, Outcome, Then};
use crate::tui::commands::find::toggle;
use crate::tui::filter::Filter;
use crate::tui::paint::Paint;
use crate::tui::text::{clean, cut, fit};
use crate::tui::ui::Ui;
use crate::tui::widget::editor::{After, go_home, go_on};
use crate::tui::widget::input::LineInput;
use crate::tui::widget::{Input, Next, Overlay, top};
use crossterm::event::KeyCode;
use ratatui::layout::Rect;
use ratatui::style::Style;

#[derive(Clone, Debug)]
struct Pick {
    label: String,
    value: Value,
}

/// What is done with what was chosen.
#[derive(Clone, Debug)]
enum Purpose {
    /// Written to a field of these records.
    Set(Vec<Id>, &'static Field),
    /// Set by the deed of that field.
    Deed(Vec<Id>, &'static Field),
    /// Which of two values stays in a field of this record.
    Keep(Id, String),
    /// Narrows the list.
    Narrow(Vec<Filter>),
}

#[derive(Clone, Debug)]
pub struct Picker {
    title: String,
    all: Vec<Pick>,
    /// Several may be chosen.
    many: bool,
    ticked: Vec<Value>,
    find: LineInput,
    at: usize,
    purpose: Purpose,
    after: Option<(After, Id, &'static Field)>,
}

/// The picker of a field that is chosen, not typed; nothing for the others.
pub fn for_field(product: &Product, record: Id, field: &'static Field) -> Option<Picker> {
    for_records(product, &[record], field)
}

pub fn for_records(product: &Product, records: &[Id], field: &'static Field) -> Option<Picker> {
    let present = records.first().map(|id| product.value(*id, field)).unwrap_or_default();
    let (all, many) = match field.shape {
        Shape::Choice(choices) => {
            let pick = |choice: &crate::model::value::Choice| Pick {
                label: choice.label.to_string(),
                value: choice.key.into(),
            };
            (choices.iter().map(pick).collect(), false)
        }
        Shape::Link => (targets(product, records, field, true), false),
        Shape::Links => (targets(product, records, field, false), true),
        _ => return None,
    };
    let ticked = present.as_array().cloned().unwrap_or_default();
    let at = present_place(&all, &present, field);
    let purpose =
        if field.by_deed { Purpose::Deed(records.to_vec(), field) } else { Purpose::Set(records.to_vec(), field) };
    let names = match records {
        [one] => product.name_of(*one),
        many => format!("{} records", many.len()),
    };
    Some(Picker {
        title: format!("{} of {names}", field.label),
        all,
        many,
        ticked,
        find: LineInput::new(""),
        at,
        purpose,
        after: None,
    })
}

/// Something to narrow the list by.
pub fn for_filters(product: &Product, title: &str, filters: Vec<Filter>) -> Picker {
    let pick = |(nth, filter): (usize, &Filter)| Pick { label: filter.chip(product), value: nth.into() };
    Picker {
        title: title.to_string(),
        all: filters.iter().enumerate().map(pick).collect(),
        many: false,
        ticked: Vec::new(),
        find: LineInput::new(""),
        at: 0,
        purpose: Purpose::Narrow(filters),
        after: None,
    }
}

/// The two values of a field that two people changed at the same time: of the chosen record, else of any.
pub fn for_conflict(product: &Product, chosen: Option<Id>) -> Option<Picker> {
    let all = || product.all::<Conflict>().filter(|one| one.record.is_some());
    let conflict = all().find(|one| one.record == chosen).or_else(|| all().next())?;
    let record = product.find(conflict.record?)?;
    let field = record.kind().field(&conflict.field)?;
    let pick = |word: String, value: &Value, keep: &str| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_string);
        let text = if value.is_null() { "nothing".to_string() } else { text };
        Pick { label: format!("{word}: {text}"), value: keep.into() }
    };
    let by = format!("by {}", &*conflict.by);
    let all = vec![pick("as it is".to_string(), &record.value(field), "won"), pick(by, &conflict.lost.0, "lost")];
    Some(Picker {
        title: format!("{} of {} was changed twice: which one stays", field.label, record.name()),
        all,
        many: false,
        ticked: Vec::new(),
        find: LineInput::new(""),
        at: 0,
        purpose: Purpose::Keep(record.id(), field.key.to_string()),
        after: None,
    })
}

fn present_place(all: &[Pick], present: &Value, field: &Field) -> usize {
    let normal = |value: &Value| field.accept(value).unwrap_or_default();
    // "none" is rarely what somebody opens a list of choices for.
    let first = usize::from(present.is_null() && all.len() > 1 && all.first().is_some_and(|pick| pick.value.is_null()));
    let known = all.iter().position(|pick| !present.is_null() && normal(&pick.value) == *present);
    let usual = all.iter().position(|pick| !pick.value.is_null() && normal(&pick.value) == *present);
    known.or(usual).unwrap_or(first)
}

/// The living records a link may point at, in their order.
fn targets(product: &Product, records: &[Id], field: &'static Field, none: bool) -> Vec<Pick> {
    let mut out = Vec::new();
    if none {
        out.push(Pick { label: "none".to_string(), value: Value::Null });
    }
    for kind in field.targets {
        let shelf = product.shelf(*kind);
        let living = shelf.order().iter().filter_map(|slot| shelf.record(*slot));
        for record in living.filter(|record| !records.contains(&record.id())) {
            out.push(Pick { label: named(record), value: record.id().to_string().into() });
        }
    }
    out
}

fn named(record: &dyn Record) -> String {
    format!("{} {}", record.name(), record.title())
}

impl Picker {
    pub fn followed_by(mut self, after: After, record: Id, field: &'static Field) -> Picker {
        self.after = Some((after, record, field));
        self
    }

    pub fn hints(&self) -> String {
        let many = if self.many { " · Space ticks" } else { "" };
        format!("↑ ↓ choose · type to narrow{many} · Enter takes · Esc back")
    }

    /// Up to this many are looked through and shown while typing.
    fn shown(&self) -> Vec<&Pick> {
        let find = self.find.text().to_lowercase();
        let words: Vec<&str> = find.split_whitespace().collect();
        let fits = |pick: &&Pick| {
            let label = pick.label.to_lowercase();
            words.iter().all(|word| label.contains(word))
        };
        self.all.iter().filter(fits).take(1000).collect()
    }

    pub fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        if let Input::Click(nth) = input {
            self.at = *nth;
            let code = if self.many { KeyCode::Char(' ') } else { KeyCode::Enter };
            return self.input(&Input::key(code), ui, product, context);
        }
        let Some(press) = input.press() else {
            self.find.take_with(input, &mut ui.kill);
            self.at = 0;
            return (Some(Overlay::Pick(self)), Outcome::Done);
        };
        let count = self.shown().len();
        match (press.code, press.ctrl) {
            (KeyCode::Esc, _) | (KeyCode::Char('c'), true) => {
                go_home(ui, product);
                return (None, Outcome::Done);
            }
            (KeyCode::Up, _) => self.at = self.at.saturating_sub(1),
            (KeyCode::Down, _) => self.at = (self.at + 1).min(count.saturating_sub(1)),
            (KeyCode::PageUp | KeyCode::Home, _) => self.at = 0,
            (KeyCode::PageDown | KeyCode::End, _) => self.at = count.saturating_sub(1),
            (KeyCode::Char(' '), false) if self.many => {
                if let Some(value) = self.shown().get(self.at).map(|pick| pick.value.clone()) {
                    match self.ticked.iter().position(|one| *one == value) {
                        Some(at) => drop(self.ticked.remove(at)),
                        None => self.ticked.push(value),
                    }
                    self.at = (self.at + 1).min(count.saturating_sub(1));
                }
            }
            (KeyCode::Char(digit @ '1'..='9'), false) if self.find.is_empty() && self.all.len() <= 9 && !self.many => {
                self.at = (digit as usize).saturating_sub('1' as usize);
                if self.at < count {
                    return self.take(ui, product, context, false);
                }
            }
            (KeyCode::Enter, _) => return self.take(ui, product, context, false),
            (KeyCode::Tab, _) => return self.take(ui, product, context, true),
            _ => {
                self.find.take_with(input, &mut ui.kill);
                self.at = 0;
            }
        }
        (Some(Overlay::Pick(self)), Outcome::Done)
    }

    fn take(self, ui: &mut Ui, product: &Product, context: &mut Context, go_next: bool) -> Next {
        let chosen = self.shown().get(self.at).map(|pick| pick.value.clone());
        let value = match (self.many, chosen) {
            (true, chosen) => {
                let mut all = self.ticked.clone();
                // Enter on a row with nothing ticked means that row.
                if all.is_empty() && !(go_next && self.find.is_empty()) {
                    all.extend(chosen);
                }
                Value::Array(all)
            }
            (false, Some(value)) => value,
            (false, None) => {
                return (
                    Some(Overlay::Pick(Box::new(self))),
                    Outcome::say("Nothing matches. Backspace widens the search."),
                );
            }
        };
        if let Purpose::Narrow(filters) = &self.purpose {
            let filter = value.as_u64().and_then(|nth| filters.get(nth as usize)).cloned();
            return (None, filter.map_or(Outcome::Done, |filter| toggle(ui, product, filter)));
        }
        let step = match &self.purpose {
            Purpose::Narrow(_) => Ok(Step::default()),
            Purpose::Set(ids, field) => deeds::edit::set(product, ids, field, &value),
            Purpose::Deed(ids, field) => by_deed(product, ids, field, &value, context),
            Purpose::Keep(id, key) => deeds::conflict::choose(product, *id, key, value.as_str().unwrap_or_default()),
        };
        let then: Option<Then> = match self.after.clone().filter(|_| go_next) {
            Some((after, record, field)) => {
                Some(Box::new(move |ui: &mut Ui, product: &Product| go_on(ui, product, record, field, after, true)))
            }
            None => Some(Box::new(go_home)),
        };
        match step {
            Ok(step) => {
                ui.ticked.clear();
                (None, Outcome::Commit(Commit { then, ..Commit::new(step) }))
            }
            Err(refusal) => (None, Outcome::refuse(refusal)),
        }
    }

    pub fn draw(&self, ui: &Ui, buffer: &mut Paint) {
        let shown = self.shown();
        let rows = (shown.len().max(1) + 2).min(20) as u16;
        let inner = top::frame(ui, &self.title, 60, rows, buffer);
        let columns = usize::from(inner.width);
        buffer.set_stringn(inner.x, inner.y, "> ", columns, ui.theme.strong());
        let line = Rect { x: inner.x + 2, width: inner.width.saturating_sub(2), height: 1, ..inner };
        self.find.draw(line, Style::new(), buffer);
        let height = usize::from(inner.height.saturating_sub(1));
        let first = top::scrolled(self.at, shown.len(), height);
        for (y, (at, pick)) in shown.iter().enumerate().skip(first).take(height).enumerate() {
            let chosen = at == self.at;
            let pointer = if chosen { ui.theme.pointer() } else { " " };
            let mark = match (self.many, self.ticked.contains(&pick.value)) {
                (false, _) => String::new(),
                (true, true) => format!("[{}] ", ui.theme.tick()),
                (true, false) => "[ ] ".to_string(),
            };
            let text = format!("{pointer} {mark}{}", clean(&pick.label));
            let style = if chosen { ui.theme.chosen() } else { Style::new() };
            buffer.set_stringn(inner.x, inner.y + 1 + y as u16, fit(&cut(&text, columns), columns), columns, style);
            top::entry(inner, y + 1, at, buffer);
        }
        if shown.is_empty() {
            buffer.set_stringn(inner.x, inner.y + 1, "Nothing to choose from yet.", columns, ui.theme.quiet());
        }
    }
}

/// The deed that sets a field marked so in the table.
fn by_deed(
    product: &Product,
    ids: &[Id],
    field: &Field,
    value: &Value,
    context: &mut Context,
) -> Result<crate::model::change::Step, crate::model::rules::Refusal> {
    let id = ids.first().copied().unwrap_or_default();
    match (field.kind, field.key) {
        (Kind::BacklogItem, "status") => {
            deeds::item::status(product, ids, ItemStatus::from_value(value).unwrap_or_default(), false, context)
        }
        (Kind::RoadmapItem, "horizon") => {
            deeds::roadmap::horizon(product, id, Horizon::from_value(value).unwrap_or_default())
        }
        (Kind::RoadmapItem, "result") => {
            deeds::roadmap::result(product, id, RoadmapResult::from_value(value).unwrap_or_default(), "")
        }
        (Kind::ProductGoal, "state") => {
            deeds::goal::state(product, id, GoalState::from_value(value).unwrap_or_default())
        }
        _ => {
            Err(crate::model::rules::Refusal::new(format!("{} is not set here.", field.label), "Nothing was changed."))
        }
    }
}
