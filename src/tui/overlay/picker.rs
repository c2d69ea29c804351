//! A list to choose from: type to narrow, Enter takes, Space ticks if several may be chosen. If a field accepts new
//! values, the last row creates one.

use crate::actions::edit::Place;
use crate::actions::{self, Argument, Context};
use crate::insight::agreement::not_active_yet;
use crate::insight::alike::TitleWords;
use crate::model::change::Step;
use crate::model::field::Field;
use crate::model::grammar::{capital, heading};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rules::{Refusal, plural_noun};
use crate::model::saturating::take_at;
use crate::model::schema::{Conflict, Feedback, FeedbackState, Kind, ProductGoal};
use crate::model::value::{Cell as _, Map, Shape, Value};
use crate::tui::overlay::ask::Ask;
use crate::tui::overlay::ask_reason::Reason;
use crate::tui::overlay::choices::{Pick, in_use, partial, possible, present_place, shared, targets};
use crate::tui::state::access::may_have;
use crate::tui::state::contract::{Commit, Layer, LayerKind, Next, Outcome, Say, Then};
use crate::tui::state::filter::Look;
use crate::tui::state::ui::Ui;
use crate::tui::term::input::Input;
use crate::tui::term::key::Press;
use crate::tui::term::layout::{Part, extent};
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{clean, cut, fit, width, wrap_or_cut};
use crate::tui::widget::input::LineInput;
use crate::tui::widget::text_keys;
use crate::tui::widget::{list, popup};
use crossterm::event::KeyCode;
use ratatui::layout::Rect;
use ratatui::style::Style;
use rustc_hash::FxHashMap;
use std::cell::OnceCell;

/// What happens with the choice.
#[derive(Clone, Debug)]
enum Purpose {
    /// Written to a field of these records.
    Set(Vec<Id>, &'static Field),
    /// Set by the action of that field.
    Action(Vec<Id>, &'static Field),
    /// Decides which of two values stays in a field of this record.
    Keep(Id, String),
    /// Filters or sorts the list.
    Look(Vec<Look>),
}

pub struct Picker {
    title: String,
    all: Vec<Pick>,
    /// Several may be chosen.
    many: bool,
    ticked: Vec<Value>,
    find: LineInput,
    at: usize,
    purpose: Purpose,
    /// What Tab opens after the choice.
    then: Option<Then>,
    /// What the last row creates from a text that no other row has.
    fresh: Option<Fresh>,
    /// What was ticked when the list was opened; the difference is applied.
    before: Vec<Value>,
    /// What only some of the records have, and whether it is to go from them.
    partial: Vec<(Value, bool)>,
    /// Where Space ticks a row instead of being part of a name: nothing is typed, or the arrows chose the row.
    walked: bool,
    /// A comma has just ended a name: the blank behind it is no tick.
    ended: bool,
    /// The width of the longest label, measured when first drawn.
    widest: OnceCell<usize>,
}

/// How close a label is to what was typed, the closest first: the same, begun by it, with a word begun by it, with it
/// somewhere, with its words apart. The count behind a label is no part of it.
fn closeness(label: &str, typed: &str, words: &[&str]) -> u8 {
    let name = label.split("  ").next().unwrap_or(label);
    let begins_a_word = |word: &str| {
        let mut found = name.match_indices(word);
        found.any(|(at, _)| name.get(..at).and_then(|before| before.chars().next_back()).is_none_or(is_between))
    };
    match () {
        () if name == typed => 0,
        () if name.starts_with(typed) => 1,
        () if words.iter().all(|word| begins_a_word(word)) => 2,
        () if name.contains(typed) => 3,
        () => 4,
    }
}

fn is_between(letter: char) -> bool {
    !letter.is_alphanumeric()
}

/// What a field accepts besides the listed values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fresh {
    /// The typed words.
    Words,
    /// A new record of this kind with the typed words as its title.
    Record(Kind),
}

/// Below "none" come the stories that read like this one, then the open ones, then those that are done. Returns the row to
/// begin on.
fn alike_first(product: &Product, stories: &[Id], all: &mut [Pick]) -> usize {
    let title = match stories {
        [one] => product.items().get(*one).map(|item| item.title.to_string()),
        _ => None,
    };
    let alike = title.map(|title| TitleWords::of(product).alike(&title)).unwrap_or_default();
    let places: FxHashMap<Id, usize> = alike.into_iter().zip(1..).collect();
    let place = |pick: &Pick| {
        let Some(id) = pick.value.as_str().and_then(Id::parse) else { return (0, false) };
        let is_done = product.items().get(id).is_some_and(|item| !item.status.is_open());
        (places.get(&id).copied().unwrap_or(usize::MAX), is_done)
    };
    all.sort_by_cached_key(place);
    usize::from(all.get(1).is_some_and(|pick| place(pick).0 < usize::MAX))
}

/// The picker of a field whose value is chosen, not typed; `None` for the others.
pub fn for_field(ui: &Ui, product: &Product, record: Id, field: &'static Field) -> Option<Picker> {
    for_records(ui, product, &[record], field)
}

pub fn for_records(ui: &Ui, product: &Product, records: &[Id], field: &'static Field) -> Option<Picker> {
    let present = records.first().map(|id| product.value(*id, field)).unwrap_or_default();
    let (mut all, many) = match field.shape {
        Shape::Choice(choices) => (possible(product, records, field, choices), false),
        Shape::Link => (targets(product, records, field, true), false),
        Shape::Links => (targets(product, records, field, false), true),
        Shape::Labels => (in_use(product, field, &[]), true),
        _ if field.key == "assignee" => {
            let board = product.vision();
            let names = board.map_or_else(Vec::new, |board| vec![board.pm_name.to_string(), board.po_name.to_string()]);
            let mut all = vec![Pick { label: "nobody".to_string(), value: Value::Null }];
            all.extend(in_use(product, field, &[&names[..], std::slice::from_ref(&ui.by)].concat()));
            (all, false)
        }
        _ => return None,
    };
    let fresh = match field.shape {
        Shape::Labels | Shape::Line => Some(Fresh::Words),
        Shape::Link | Shape::Links if field.key == "serves" => {
            field.targets.first().copied().filter(|kind| may_have(ui, product, *kind).is_ok()).map(Fresh::Record)
        }
        _ => None,
    };
    let ticked = if many { shared(product, records, field) } else { Vec::new() };
    let some = if many { partial(product, records, field) } else { Vec::new() };
    let at = match (field.key, records) {
        // No story is a duplicate of whichever comes first; one that reads alike may be.
        ("duplicate_of", stories) => alike_first(product, stories, &mut all),
        _ => present_place(&all, &present, field),
    };
    let purpose = if !field.actions.is_empty() {
        Purpose::Action(records.to_vec(), field)
    } else {
        Purpose::Set(records.to_vec(), field)
    };
    let names = match records {
        [one] => product.name_of(*one),
        many => format!("these {} {}", many.len(), plural_noun(field.kind)),
    };
    let title = if records.len() == 1 { field.of(names) } else { field.of_many(names) };
    Some(Picker {
        title: heading(&title),
        all,
        many,
        before: ticked.clone(),
        ticked,
        find: LineInput::new(""),
        at,
        purpose,
        then: None,
        fresh,
        partial: some.into_iter().map(|value| (value, false)).collect(),
        walked: false,
        ended: false,
        widest: OnceCell::new(),
    })
}

/// A picker for a way to look at the list, each with its label.
pub fn for_looks(title: &str, looks: Vec<(String, Look)>) -> Picker {
    let (labels, looks): (Vec<String>, Vec<Look>) = looks.into_iter().unzip();
    let pick = |(nth, label): (usize, String)| Pick { label, value: nth.into() };
    Picker {
        title: title.to_string(),
        all: labels.into_iter().enumerate().map(pick).collect(),
        many: false,
        ticked: Vec::new(),
        find: LineInput::new(""),
        at: 0,
        purpose: Purpose::Look(looks),
        then: None,
        fresh: None,
        before: Vec::new(),
        partial: Vec::new(),
        walked: false,
        ended: false,
        widest: OnceCell::new(),
    }
}

/// The two values of a field that two people changed at the same time: of the selected record, else of any.
pub fn for_conflict(product: &Product, chosen: Option<Id>) -> Option<Picker> {
    let all = || product.all::<Conflict>().filter(|one| one.record.is_some());
    let conflict = all().find(|one| one.record == chosen).or_else(|| all().next())?;
    let record = product.find(conflict.record?)?;
    let field = record.kind().field(&conflict.field)?;
    let pick = |word: String, value: &Value, keep: &str| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_string);
        let text = if value.is_null() { "nothing".to_string() } else { text.trim().replace('\n', " / ") };
        Pick { label: format!("{word}: {text}"), value: keep.into() }
    };
    let by = format!("by {}", &*conflict.by);
    let mut all = vec![pick("as it is".to_string(), &record.value(field), "won"), pick(by, &conflict.lost.0, "lost")];
    let both = actions::conflict::both(product, conflict, field);
    all.extend(both.map(|text| pick("both".to_string(), &text.into(), "both")));
    Some(Picker {
        title: format!("{} was changed twice: which one stays", field.head_of(record.name())),
        all,
        many: false,
        ticked: Vec::new(),
        find: LineInput::new(""),
        at: 0,
        purpose: Purpose::Keep(record.id(), field.key.to_string()),
        then: None,
        fresh: None,
        before: Vec::new(),
        partial: Vec::new(),
        walked: false,
        ended: false,
        widest: OnceCell::new(),
    })
}

/// The pointer, and the digit, box or mark before a label.
const BESIDE_LABEL: usize = 8;

impl Picker {
    pub fn followed_by(self, then: Then) -> Picker {
        Picker { then: Some(then), ..self }
    }

    /// At most this many are searched and shown while typing.
    fn shown(&self) -> Vec<&Pick> {
        let find = self.find.text().to_lowercase();
        let words: Vec<&str> = find.split_whitespace().collect();
        let fits = |pick: &&Pick| {
            let label = pick.label.to_lowercase();
            words.iter().all(|word| label.contains(word))
        };
        let mut out: Vec<&Pick> = self.all.iter().filter(fits).collect();
        if !words.is_empty() {
            out.sort_by_cached_key(|pick| closeness(&pick.label.to_lowercase(), find.trim(), &words));
        }
        out.truncate(1000);
        out
    }

    /// The text of the last row, if no row is exactly what was typed.
    fn new_words(&self) -> Option<String> {
        let typed = self.find.text().split_whitespace().collect::<Vec<_>>().join(" ");
        let typed = typed.trim_matches([',', ' ']).to_string();
        let same = |pick: &Pick| pick.label.to_lowercase() == typed.to_lowercase();
        (self.fresh.is_some() && !typed.is_empty() && !self.all.iter().any(same)).then_some(typed)
    }

    /// The number of rows, including the one that creates something new.
    fn count(&self) -> usize {
        self.shown().len().saturating_add(usize::from(self.new_words().is_some()))
    }

    /// Returns true if the row under the cursor is the one that creates something new.
    fn on_new(&self) -> Option<String> {
        self.new_words().filter(|_| self.at == self.shown().len())
    }

    /// Digits choose among few rows, if nobody types them as part of a name.
    fn has_digits(&self) -> bool {
        self.find.is_empty() && (2..=9).contains(&self.all.len()) && !self.many && self.fresh != Some(Fresh::Words)
    }

    /// Ticks or unticks the row under the cursor; a new word becomes a row.
    fn tick(&mut self) {
        if let (Some(word), Some(Fresh::Words)) = (self.on_new(), self.fresh) {
            self.all.push(Pick { value: word.as_str().into(), label: word.clone() });
            self.ticked.push(word.into());
            self.at = self.all.len().saturating_sub(1);
            self.find = LineInput::new("");
            return;
        }
        let Some(value) = self.shown().get(self.at).map(|pick| pick.value.clone()) else { return };
        let some = self.partial.iter_mut().find(|(one, _)| *one == value);
        match (self.ticked.iter().position(|one| *one == value), some) {
            // What some have: for all, then for none, then as it was.
            (Some(at), Some((_, goes))) => {
                take_at(&mut self.ticked, at);
                *goes = true;
            }
            (None, Some((_, goes))) if *goes => *goes = false,
            (Some(at), None) => drop(take_at(&mut self.ticked, at)),
            (None, _) => self.ticked.push(value),
        }
        self.at = self.at.saturating_add(1).min(self.count().saturating_sub(1));
    }

    fn take(mut self, ui: &mut Ui, product: &Product, context: &mut Context, go_next: bool) -> Next {
        let mut made = Step::default();
        let chosen = match (self.on_new(), self.fresh) {
            (Some(words), Some(Fresh::Words)) => Some(Value::from(words)),
            (Some(words), Some(Fresh::Record(kind))) => match new_record(product, kind, &words, context) {
                Ok((step, id)) => {
                    made = step;
                    Some(id.to_string().into())
                }
                Err(refusal) => return (Some(Box::new(self)), Outcome::refuse(refusal)),
            },
            _ => self.shown().get(self.at).map(|pick| pick.value.clone()),
        };
        if chosen.is_none() && (!self.many || !self.find.is_empty()) {
            let word = "Nothing matches. Backspace widens the search.";
            return (Some(Box::new(self)), Outcome::say(word));
        }
        let chosen_label =
            chosen.as_ref().and_then(Value::as_str).map(str::to_string).filter(|_| !self.find.is_empty());
        if let Purpose::Look(looks) = &self.purpose {
            let nth = chosen.and_then(|value| usize::try_from(value.as_u64()?).ok());
            let look = nth.and_then(|nth| looks.get(nth)).cloned();
            let outcome = look.map_or(Outcome::Nothing, |look| ui.look(product, look));
            // Tab ticks what is left, for the next act.
            return (None, if go_next { ui.tick_shown(product).unwrap_or(outcome) } else { outcome });
        }
        if let (Purpose::Action(ids, field), Some(value)) = (&self.purpose, &chosen)
            && let Some(argument) = actions::asks(product, ids, field, value)
        {
            let title = format!("{}: {}", self.title, field.text_of(value));
            ui.go_home();
            return (Some(Box::new(asked(title, argument, ids.clone(), field, value.clone()))), Outcome::Nothing);
        }
        if let (Purpose::Set(ids, field), Some(value)) = (&self.purpose, &chosen)
            && let Some(reason) = answering(product, ids, field, value)
        {
            ui.go_home();
            return (Some(Box::new(reason)), Outcome::Nothing);
        }
        if let (Purpose::Set(ids, field), Some(value)) = (&self.purpose, &chosen)
            && let Some(words) = actions::edit::consequence(field, value)
        {
            let ask = asked_first(&self.title, words, ids.clone(), field, value.clone());
            return (Some(Box::new(ask)), Outcome::Nothing);
        }
        let step = match &self.purpose {
            Purpose::Look(_) => Ok(Step::default()),
            Purpose::Set(ids, field) if self.many => self.set_lists(product, ids, field, chosen, go_next),
            Purpose::Set(ids, field) => actions::edit::set(product, ids, field, &chosen.unwrap_or_default()),
            Purpose::Action(ids, field) => {
                actions::set_through(product, ids, field, &chosen.unwrap_or_default(), &Map::new(), context)
            }
            Purpose::Keep(id, key) => {
                let value = chosen.unwrap_or_default();
                actions::conflict::choose(product, *id, key, value.as_str().unwrap_or_default())
            }
        };
        let say = (!made.is_empty())
            .then(|| Say::Added(format!(": {} serves it now. {{undo}} takes it back.", self.whose(product))));
        let say = say.or_else(|| self.said_of_labels(product, chosen_label.as_deref()));
        let step = step.map(|step| joined(made, step));
        match step {
            Ok(step) => {
                let say = say.or_else(|| self.why_nothing(ui, product, &step));
                let then = self.then.take().filter(|_| go_next);
                let then = then.or_else(|| Some(Box::new(|ui: &mut Ui, _: &Product| ui.go_home())));
                let retry: Option<Box<dyn Layer>> = Some(Box::new(self));
                (None, Outcome::Commit(Commit { then, say, retry, ..Commit::new(step) }))
            }
            Err(refusal) => (Some(Box::new(self)), Outcome::refuse(refusal)),
        }
    }

    /// `Labels of 40 stories: + quay, - ours`: what was ticked and what went.
    fn said_of_labels(&self, product: &Product, chosen: Option<&str>) -> Option<Say> {
        if self.fresh != Some(Fresh::Words) || !self.many {
            return None;
        }
        let word = |sign: &str, value: &Value| value.as_str().map(|label| format!("{sign} {}", clean(label)));
        let come = self.ticked.iter().filter(|value| !self.before.contains(value));
        let mut out: Vec<String> = come.filter_map(|value| word("+", value)).collect();
        let is_new = |label: &&str| !self.ticked.iter().any(|value| value.as_str() == Some(label));
        out.extend(chosen.filter(is_new).map(|label| format!("+ {}", clean(label))));
        let go = self.before.iter().filter(|value| !self.ticked.contains(value));
        out.extend(go.filter_map(|value| word("-", value)));
        out.extend(self.partial.iter().filter(|(_, goes)| *goes).filter_map(|(value, _)| word("-", value)));
        let whose = self.whose(product);
        (!out.is_empty()).then(|| Say::Words(format!("Labels of {whose}: {}. {{undo}} takes it back.", out.join(", "))))
    }

    /// The records it is about, in words.
    fn whose(&self, product: &Product) -> String {
        match &self.purpose {
            Purpose::Set(ids, _) | Purpose::Action(ids, _) => match ids.as_slice() {
                [one] => product.name_of(*one),
                many => format!("each of {}", many.len()),
            },
            Purpose::Keep(id, _) => product.name_of(*id),
            Purpose::Look(_) => self.title.clone(),
        }
    }

    /// Applies the ticked and unticked values to each record's own list; the rest of it stays.
    fn set_lists(
        &self,
        product: &Product,
        ids: &[Id],
        field: &'static Field,
        chosen: Option<Value>,
        go_next: bool,
    ) -> Result<Step, Refusal> {
        let mut ticked = self.ticked.clone();
        // A row found by typing is meant, and so is a row if nothing is ticked; Tab alone passes by.
        let meant = !self.find.is_empty() || (ticked.is_empty() && self.before.is_empty() && !go_next);
        ticked.extend(chosen.filter(|value| meant && !self.ticked.contains(value)));
        let mut step = Step::default();
        for id in ids {
            let mut list = product.value(*id, field).as_array().cloned().unwrap_or_default();
            let goes = |value: &Value| self.before.contains(value) || self.partial.contains(&(value.clone(), true));
            list.retain(|value| ticked.contains(value) || !goes(value));
            list.extend(ticked.iter().filter(|value| !self.before.contains(value)).cloned());
            let mut seen = Vec::new();
            list.retain(|value| {
                !seen.contains(value) && {
                    seen.push(value.clone());
                    true
                }
            });
            let one = actions::edit::set(product, &[*id], field, &Value::from(list))?;
            step.label = one.label;
            step.changes.extend(one.changes);
        }
        if ids.len() > 1 {
            step.label = format!("Changed {}", field.of_many(format!("{} {}", ids.len(), plural_noun(field.kind))));
        }
        Ok(step)
    }

    fn row(&self, ui: &Ui, at: usize, pick: &Pick) -> String {
        let mark = match (self.many, self.ticked.contains(&pick.value)) {
            (false, _) if self.has_digits() => format!("{} ", at.saturating_add(1)),
            (false, _) => String::new(),
            (true, true) => format!("[{}] ", ui.theme.tick()),
            (true, false) if self.partial.contains(&(pick.value.clone(), false)) => "[-] ".to_string(),
            (true, false) => "[ ] ".to_string(),
        };
        format!("{mark}{}", clean(&pick.label))
    }

    /// What the last row creates, in words.
    fn new_kind(&self) -> String {
        match self.fresh {
            Some(Fresh::Record(kind)) => format!("{} ", kind.noun()),
            _ => String::new(),
        }
    }
}

impl Layer for Picker {
    fn input(mut self: Box<Self>, input: &Input, ui: &mut Ui, product: &Product, context: &mut Context) -> Next {
        if let Input::Click(nth) = input {
            self.at = *nth;
            let code = if self.many { KeyCode::Char(' ') } else { KeyCode::Enter };
            return self.input(&Input::key(code), ui, product, context);
        }
        let Some(press) = input.press() else {
            self.find.take_with(input, &mut ui.kill);
            self.at = 0;
            return (Some(self), Outcome::Nothing);
        };
        let count = self.count();
        match (press.code, press.ctrl) {
            (KeyCode::Esc, _) | (KeyCode::Char('c'), true) => {
                ui.go_home();
                return (None, Outcome::Nothing);
            }
            (KeyCode::Char(' '), false) if std::mem::take(&mut self.ended) => {}
            (KeyCode::Up, _) => (self.at, self.walked) = (self.at.saturating_sub(1), true),
            (KeyCode::Down, _) => {
                (self.at, self.walked) = (self.at.saturating_add(1).min(count.saturating_sub(1)), true);
            }
            (KeyCode::PageUp | KeyCode::Home, _) => self.at = 0,
            (KeyCode::PageDown | KeyCode::End, _) => self.at = count.saturating_sub(1),
            (KeyCode::Char(' '), false) if self.many && (self.walked || self.find.is_empty()) => self.tick(),
            (KeyCode::Char(' '), false) if self.find.is_empty() => {
                return (Some(self), Outcome::say("Enter takes the row, Esc leaves it as it was."));
            }
            // Labels used to be typed with commas between them.
            (KeyCode::Char(','), false) if self.many && self.fresh == Some(Fresh::Words) && !self.find.is_empty() => {
                let typed = self.find.text().trim().to_lowercase();
                let same = self.shown().iter().position(|pick| pick.label.to_lowercase() == typed);
                self.at = same.unwrap_or(self.shown().len());
                let known = same.and_then(|at| self.shown().get(at).map(|pick| pick.value.clone()));
                if known.is_none_or(|value| !self.ticked.contains(&value)) {
                    self.tick();
                }
                (self.find, self.ended) = (LineInput::new(""), true);
            }
            (KeyCode::Char(digit @ '1'..='9'), false) if self.has_digits() => {
                self.at = (digit as usize).saturating_sub('1' as usize);
                if self.at < count {
                    return self.take(ui, product, context, false);
                }
            }
            (KeyCode::Enter, _) => return self.take(ui, product, context, false),
            (KeyCode::Tab, _) => return self.take(ui, product, context, true),
            _ => {
                self.find.take_with(input, &mut ui.kill);
                (self.at, self.walked, self.ended) = (0, false, false);
            }
        }
        (Some(self), Outcome::Nothing)
    }

    fn binds_alt(&self, letter: char) -> bool {
        text_keys::binds_alt(letter)
    }

    fn hints(&self, _: &Ui) -> String {
        let many = if self.many { " · Space ticks" } else { "" };
        let tab = if matches!(&self.purpose, Purpose::Look(looks) if matches!(looks.first(), Some(Look::Filter(_)))) {
            " · Tab takes and ticks all"
        } else {
            ""
        };
        format!("↑ ↓ choose · type to narrow{many} · Enter takes{tab} · Esc back")
    }

    fn draw(&self, ui: &Ui, _: &Product, buffer: &mut Paint) {
        let shown = self.shown();
        let widest =
            *self.widest.get_or_init(|| self.all.iter().map(|pick| width(&clean(&pick.label))).max().unwrap_or(0));
        let columns = popup::columns(ui, 60, widest.saturating_add(BESIDE_LABEL));
        // What the selected row does not show stands below the rows.
        let chosen = shown
            .get(self.at)
            .map(|pick| clean(&pick.label))
            .filter(|label| width(label).saturating_add(BESIDE_LABEL) > columns);
        let whole = chosen.map_or_else(Vec::new, |label| wrap_or_cut(&label, columns, 3));
        let below = if whole.is_empty() { 0 } else { whole.len().saturating_add(1) };
        let rows = self.count().max(1).saturating_add(2).min(20).saturating_add(below);
        let outer = popup::frame(ui, &self.title, columns, rows, buffer);
        let columns = usize::from(outer.width);
        let below = if usize::from(outer.height) > below.saturating_add(3) { below } else { 0 };
        let inner = Rect { height: outer.height.saturating_sub(extent(below)), ..outer };
        for (y, line) in whole.iter().enumerate().take(below) {
            buffer.write(
                inner.row(usize::from(inner.height).saturating_add(y).saturating_add(1)),
                line,
                columns,
                ui.theme.quiet(),
            );
        }
        buffer.write(inner, "> ", columns, ui.theme.strong());
        let line = inner.row(0).past(2);
        self.find.draw(line, Style::new(), buffer);
        let height = usize::from(inner.height.saturating_sub(1));
        let first = popup::scrolled(self.at, self.count(), height);
        let mut texts: Vec<String> = shown.iter().enumerate().map(|(at, pick)| self.row(ui, at, pick)).collect();
        texts.extend(
            self.new_words().map(|words| format!("+ new {}\u{201c}{}\u{201d}", self.new_kind(), clean(&words))),
        );
        for (y, (at, text)) in texts.iter().enumerate().skip(first).take(height).enumerate() {
            let chosen = at == self.at;
            let text = format!("{} {text}", if chosen { ui.theme.pointer() } else { " " });
            let style = if chosen { ui.theme.chosen() } else { Style::new() };
            buffer.write(inner.row(y.saturating_add(1)), fit(&cut(&text, columns), columns), columns, style);
            popup::entry(inner, y.saturating_add(1), at, buffer);
        }
        list::more(ui, texts.len().saturating_sub(first.saturating_add(height)), outer, buffer);
        if texts.is_empty() {
            let word = if self.find.is_empty() { "Nothing to choose from yet." } else { "Nothing matches." };
            buffer.write(inner.row(1), word, columns, ui.theme.quiet());
        }
    }

    fn takes_at_once(&self, press: Press) -> bool {
        self.has_digits() && press.letter().is_some_and(|c| c.is_ascii_digit())
    }

    fn kind(&self) -> LayerKind {
        LayerKind::Picker
    }
}

impl Picker {
    /// What stands in the way where a choice changes nothing.
    fn why_nothing(&self, ui: &Ui, product: &Product, step: &Step) -> Option<Say> {
        let Purpose::Action(ids, field) = &self.purpose else { return None };
        let goals = ids.iter().filter_map(|id| product.get::<ProductGoal>(*id));
        let mut waits = goals.filter_map(|goal| not_active_yet(product, goal, ui.role, ui.today));
        waits.next().filter(|_| step.is_empty() && field.key == "state").map(Say::Words)
    }
}

/// Says what follows from a value and asks whether it is meant.
fn asked_first(title: &str, words: &str, ids: Vec<Id>, field: &'static Field, value: Value) -> Ask {
    let yes = format!("Yes, set it to {}", field.text_of(&value));
    let ask = Ask::new(format!("{title}: {}", field.text_of(&value)), words);
    let ask = ask.or("No, leave it as it is", |ui, _, _| {
        ui.go_home();
        Outcome::say("Nothing was changed.")
    });
    ask.or(yes, move |ui, product, _| {
        ui.go_home();
        Outcome::of(actions::edit::set(product, &ids, field, &value))
    })
}

/// Asks for the answer where feedback is set to answered, and for the reason where it is declined, so that they stand beside
/// what was said.
fn answering(product: &Product, ids: &[Id], field: &'static Field, value: &Value) -> Option<Reason> {
    let is_state = field.kind == Kind::Feedback && field.key == "state";
    let ends_as = [FeedbackState::Answered, FeedbackState::Declined];
    let to = ends_as.into_iter().find(|state| is_state && *value == state.to_value())?;
    let ends = |id: &Id| {
        let state = product.get::<Feedback>(*id).map(|one| one.state);
        matches!(state, Some(FeedbackState::New | FeedbackState::Linked))
    };
    if ids.is_empty() || !ids.iter().all(ends) {
        return None;
    }
    let (name, ids) = (ids.iter().map(|id| product.name_of(*id)).collect::<Vec<_>>().join(", "), ids.to_vec());
    let told = "as it is to stand beside what was said.";
    let (title, words, lacks) = match to {
        FeedbackState::Declined => {
            ("Reason for declining", format!("The reason, {told}"), "Declining requires a reason.")
        }
        _ => ("Answer to", format!("The answer, {told} Enter without one marks it as answered elsewhere."), ""),
    };
    let (title, verb) = (format!("{title} {name}"), capital(to.label()));
    Some(Reason::new(title, words, lacks, move |text, _, product, context| {
        let (mut all, mut label) = (Step::default(), String::new());
        for id in &ids {
            let step = actions::feedback::close(product, *id, to, text, context)?;
            label = if ids.len() == 1 { step.label.clone() } else { format!("{verb} {name}") };
            all.join(step);
        }
        Ok(Outcome::commit(Step { label, ..all }))
    }))
}

/// Asks for what an action needs besides the value, and sets the value for all of the records.
fn asked(title: String, argument: Argument, ids: Vec<Id>, field: &'static Field, value: Value) -> Reason {
    let words = format!("{}.", capital(argument.about));
    Reason::new(title, words, "This is required.", move |text, _, product, context| {
        let with: Map = std::iter::once((argument.key.to_string(), Value::from(text))).collect();
        let step = actions::set_through(product, &ids, field, &value, &with, context)?;
        Ok(Outcome::commit(step))
    })
}

/// The step that adds a record with only a title, to be linked at once.
fn new_record(product: &Product, kind: Kind, words: &str, context: &mut Context) -> Result<(Step, Id), Refusal> {
    let cells: Vec<(&'static Field, Value)> =
        kind.title_field().map(|field| (field, words.into())).into_iter().collect();
    actions::edit::add(product, kind, &cells, Place::Bottom, context)
}

/// Creating a record and linking it is one act.
fn joined(mut made: Step, step: Step) -> Step {
    if made.is_empty() {
        return step;
    }
    made.changes.extend(step.changes);
    made
}

#[cfg(test)]
mod tests {
    use super::closeness;

    #[test]
    fn the_closest_label_comes_first() {
        let mut all = ["kackburt  0", "old burt  2", "to/kburt", "kburtram  0", "kburt  3", "burt k"];
        all.sort_by_cached_key(|label| closeness(label, "kburt", &["kburt"]));
        assert_eq!(all[..3], ["kburt  3", "kburtram  0", "to/kburt"]);
        let of = |label| closeness(label, "burt", &["burt"]);
        assert!(of("old burt  2") < of("kackburt  0"));
    }
}
