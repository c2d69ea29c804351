//! Adding, editing, deleting.

use crate::actions::Context;
use crate::actions::edit::{Place, delete, set, short};
use crate::actions::item::{Answers, status_with};
use crate::actions::proposal::withdraw;
use crate::insight::trace::{hanging, hanging_in_words};
use crate::model::field::Field;
use crate::model::grammar::plural;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Role;
use crate::model::saturating::take_at;
use crate::model::schema::{BacklogItem, Horizon, ItemStatus, Kind, RoadmapItem};
use crate::model::value::{Boxed, Cell, Criterion, Shape, Task, Value};
use crate::tui::commands::propose;
use crate::tui::overlay::add_line::AddLine;
use crate::tui::overlay::ask_reason::Reason;
use crate::tui::overlay::editor::{After, Editor, text_of};
use crate::tui::overlay::picker;
use crate::tui::overlay::seed::Seed;
use crate::tui::overlay::sheet::Sheet;
use crate::tui::state::access::{can_have, may_block, may_edit, may_have};
use crate::tui::state::contract::{Adds, Command, Commit, Group, Opening, Outcome, Say, on_something};
use crate::tui::state::external::External;
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::{HORIZONS, Ui};
use crate::tui::term::layout::Focus;
use crate::tui::term::text::is_lines;
use crate::tui::widget::pane::{row_under_cursor, stops};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "enter",
        keys: &["Enter"],
        group: Group::This,
        label: "open",
        hint: "Open the row, edit the field, or do what is marked. Deletes nothing.",
        synonyms: &["open", "edit"],
        weight: 95,
        ready: may_enter,
        run: enter,
    },
    Command {
        name: "edit",
        keys: &["e", "i"],
        group: Group::This,
        label: "edit",
        hint: "Edit the field under the cursor, or the title of the row.",
        synonyms: &["change", "rename", "write"],
        weight: 80,
        ready: may_edit_this,
        run: edit,
    },
    Command {
        name: "edit.external",
        keys: &["E"],
        group: Group::This,
        label: "in $EDITOR",
        hint: "Edit the field in your own editor: $VISUAL, else $EDITOR.",
        synonyms: &["vim", "nano", "emacs", "external", "big editor"],
        weight: 0,
        ready: has_text_to_edit,
        run: edit_outside,
    },
    Command {
        name: "add",
        keys: &["a"],
        group: Group::List,
        label: "add",
        hint: "Add one below the cursor. Only the title is required.",
        synonyms: &["new", "create", "story", "item", "goal", "ticket", "issue", "card"],
        weight: 90,
        ready: may_add,
        run: add,
    },
    Command {
        name: "add.under",
        keys: &["A"],
        group: Group::List,
        label: "add under",
        hint: "Add one level down: a story of an item, a Product Goal of the vision.",
        synonyms: &["child", "story", "slice"],
        weight: 60,
        ready: may_add_under,
        run: add_under,
    },
    Command {
        name: "delete",
        keys: &["d d", "Del"],
        group: Group::This,
        label: "delete",
        hint: "Delete. {undo} brings it back.",
        synonyms: &["remove", "bin", "trash"],
        weight: 0,
        ready: may_delete,
        run: remove,
    },
];

pub fn may_edit_this(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    let field = match ui.focus() {
        Focus::List => ui.chosen_row().and_then(|row| row.kind.title_field()),
        _ => match row_under_cursor(ui, product) {
            Some(PaneRow::Link { id, .. }) => return Err(leads_elsewhere(product, id)),
            Some(PaneRow::Wanted { id, .. }) => return propose::may_edit_wanted(ui, product, id),
            row => match row.and_then(|row| row.field()) {
                Some((record, field)) => {
                    may_block(product, record, field)?;
                    Some(field)
                }
                None => None,
            },
        },
    };
    match field {
        Some(field) => may_edit(ui, product, field),
        None => Err("nothing is selected".into()),
    }
}

/// A row that only leads to another record has nothing to edit.
fn leads_elsewhere(product: &Product, id: Id) -> NotReady {
    NotReady::Sentence(format!("{{enter}} goes to {}; {{edit}} edits nothing here.", product.name_of(id)))
}

/// A text of its own: no link, nothing that is chosen from a list.
pub fn has_text_to_edit(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    may_edit_this(ui, product)?;
    let found = match ui.focus() {
        Focus::List => return Ok(()),
        _ => row_under_cursor(ui, product).and_then(|row| row.field()),
    };
    match found {
        None => Err("this row has no text".into()),
        Some((record, field)) if picker::for_field(ui, product, record, field).is_some() => {
            Err(format!("{} is chosen from a list", field.label).into())
        }
        Some(_) => Ok(()),
    }
}

/// Anybody may go in; what would be written has an owner.
fn may_enter(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    match ui.focus() {
        Focus::List if !ui.is_choice_shown() => Err("no row is shown".into()),
        Focus::List if ui.row_at_cursor().is_none() => may_add(ui, product),
        Focus::List => Ok(()),
        _ if led_to(ui, product).is_some() => Ok(()),
        _ => may_edit_this(ui, product),
    }
}

/// The record that Enter goes to from the row of a pane.
fn led_to(ui: &Ui, product: &Product) -> Option<Id> {
    match row_under_cursor(ui, product)? {
        PaneRow::Link { id, .. } => Some(id),
        PaneRow::Wanted { id, .. } => propose::may_edit_wanted(ui, product, id).is_err().then_some(id),
        _ => None,
    }
}

fn enter(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    if ui.focus() != Focus::List {
        if let Some(id) = led_to(ui, product) {
            ui.to_record(product, id);
            return Outcome::Nothing;
        }
        return edit(ui, product, context);
    }
    if let Some(outcome) = ui.screen().opens.and_then(|opens| opens(ui, product, context)) {
        return outcome;
    }
    if ui.place().chosen.is_none() {
        return match may_add(ui, product) {
            Ok(()) => add(ui, product, context),
            Err(why) => Outcome::refuse(format!("Nothing is here yet, and {why}.")),
        };
    }
    let focus = match ui.role {
        Role::Pm => Focus::Why,
        Role::Po => Focus::How,
        Role::Both => ui.screen().enters,
    };
    ui.place_mut().focus = focus;
    Outcome::Nothing
}

pub fn edit(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    if ui.focus() == Focus::List {
        if let Some(row) = ui.chosen_row()
            && let Some(field) = row.kind.title_field()
        {
            Editor::open(ui, product, row.id, field, After::Next);
        }
        return Outcome::Nothing;
    }
    match row_under_cursor(ui, product) {
        Some(PaneRow::Field { record, field }) => Editor::open(ui, product, record, field, After::Next),
        Some(PaneRow::Box { record, field, nth, .. }) => Editor::open_at(ui, product, record, field, nth),
        Some(PaneRow::Wanted { id, .. }) => return propose::edit_wanted(ui, product, id),
        Some(PaneRow::Link { id, .. }) => return Outcome::refuse(leads_elsewhere(product, id)),
        _ => return Outcome::refuse("Nothing to edit in this row."),
    }
    Outcome::Nothing
}

/// The field under the cursor, or the title of the row, in the person's own editor.
pub fn edit_outside(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let found = match ui.focus() {
        Focus::List => ui.chosen_row().and_then(|row| Some((row.id, row.kind.title_field()?))),
        _ => row_under_cursor(ui, product).and_then(|row| row.field()),
    };
    let Some((record, field)) = found else { return Outcome::refuse("Nothing to edit in this row.") };
    if picker::for_field(ui, product, record, field).is_some() {
        return Outcome::refuse(format!("{} is chosen from a list: {{edit}} opens it.", field.label));
    }
    let (before, text) = (product.value(record, field), text_of(product, record, field));
    Outcome::External(Box::new(External::new(product, record, field, before, text)))
}

fn may_add(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    if let Some((_, field)) = sentences(ui, product) {
        return may_edit(ui, product, field);
    }
    match ui.screen().adds {
        Adds::Record(kind) => may_have(ui, product, kind(ui)),
        Adds::Product => Ok(()),
        Adds::Story(_) if crate::insight::sprint::running(product).is_none() => Err("no sprint is running".into()),
        Adds::Story(_) => may_have(ui, product, Kind::BacklogItem),
        Adds::Nothing => Err("nothing can be added here by hand".into()),
    }
}

/// Values of a new record by field.
type Cells = Vec<(&'static Field, Value)>;

fn cell(kind: Kind, key: &str, value: Value) -> Cells {
    kind.field(key).map(|field| (field, value)).into_iter().collect()
}

/// The list of sentences under the cursor of a pane, to which a sentence can be added.
fn sentences(ui: &Ui, product: &Product) -> Option<(Id, &'static Field)> {
    let (record, field) = (ui.focus() != Focus::List).then(|| row_under_cursor(ui, product))??.field()?;
    matches!(field.shape, Shape::Criteria | Shape::Tasks).then_some((record, field))
}

fn add(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    if let Some((record, field)) = sentences(ui, product) {
        Editor::open_new_line(ui, product, record, field);
        return Outcome::Nothing;
    }
    if let Adds::Product = ui.screen().adds {
        return Outcome::Open(Opening::New);
    }
    if let Adds::Story(add) = ui.screen().adds {
        return add(ui, product, context);
    }
    let Some(seed) = seed(ui, product) else { return Outcome::Nothing };
    ui.place_mut().focus = Focus::List;
    ui.open(AddLine::new(seed))
}

/// Previews lines pasted with nothing open, as what `a` would add here.
pub fn paste(ui: &mut Ui, product: &Product, text: &str) -> Outcome {
    if !is_lines(text) {
        return Outcome::say("Nothing was pasted: {add} opens a line to paste into.");
    }
    if let Err(why) = may_add(ui, product) {
        return Outcome::refuse(format!("{why} Nothing was pasted."));
    }
    if let Some((record, field)) = sentences(ui, product) {
        let pasted = Editor::paste_new_line(ui, product, record, field, text);
        return pasted.map_or_else(Outcome::refuse, |()| Outcome::Nothing);
    }
    let Some(seed) = seed(ui, product) else {
        return Outcome::say("Nothing was pasted: nothing can be added in this view by hand.");
    };
    let (sheet, outcome) = Sheet::open(seed, None, ui, product, text);
    ui.place_mut().focus = Focus::List;
    ui.layers.extend(sheet);
    outcome
}

/// Reopens the line in which a title was being typed when the program ended, as `a` would open it.
pub fn title_line(ui: &Ui, product: &Product, title: &str) -> Option<AddLine> {
    may_add(ui, product).ok()?;
    seed(ui, product).map(|seed| AddLine::with(seed, title))
}

/// What `a` adds here, and where.
fn seed(ui: &Ui, product: &Product) -> Option<Seed> {
    let Adds::Record(kind) = ui.screen().adds else { return None };
    let kind = kind(ui);
    let chosen = ui.chosen_row();
    let same = chosen.filter(|row| row.kind == kind);
    let place = same.map_or(Place::Bottom, |row| Place::After(row.id));
    let mut seed = Seed { kind, cells: Vec::new(), place, below: chosen.map(|row| row.id), feedback: None, say: None };
    match kind {
        Kind::RoadmapItem => {
            let beside =
                chosen.filter(|_| ui.rows.columns.is_empty()).and_then(|row| product.get::<RoadmapItem>(row.id));
            let column = HORIZONS.get(ui.place().column).copied().unwrap_or_default();
            let horizon = beside.map_or(column, |item| item.horizon);
            // NOW asks for reasons that a new item does not have yet.
            let horizon = if horizon == Horizon::Now {
                seed.say = Some(Say::Is(
                    " in NEXT: NOW needs its reasons first. {horizon.later} and {horizon.sooner} move it.".to_string(),
                ));
                Horizon::Next
            } else {
                horizon
            };
            seed.cells = cell(kind, "horizon", horizon.to_value());
        }
        Kind::BacklogItem => {
            let serves = match chosen {
                Some(row) if row.kind == Kind::BacklogItem => product.items().get(row.id).and_then(|item| item.serves),
                Some(row) => Some(row.id),
                None => None,
            };
            seed.say = serves.map(|id| Say::Added(format!(", for {}. {{undo}} takes it back.", product.name_of(id))));
            seed.cells = serves.map(|id| cell(kind, "serves", id.to_string().into())).unwrap_or_default();
        }
        _ => {}
    }
    Some(seed)
}

/// What `A` adds under the selected row.
fn under(ui: &Ui) -> Option<(Kind, Id)> {
    let row = ui.chosen_row()?;
    match row.kind {
        Kind::VisionBoard => Some((Kind::ProductGoal, row.id)),
        Kind::Goal | Kind::ProductGoal => Some((Kind::RoadmapItem, row.id)),
        Kind::RoadmapItem | Kind::BacklogItem | Kind::Feedback => Some((Kind::BacklogItem, row.id)),
        _ => None,
    }
}

/// The links of a record that `A` adds, and the story after which it will stand.
fn hung_under(product: &Product, kind: Kind, above: Id) -> (Cells, Option<Id>) {
    // A Product Goal is listed beside the goals; what it serves is set once they exist.
    if kind == Kind::ProductGoal {
        return (Vec::new(), None);
    }
    if kind != Kind::BacklogItem {
        return (cell(kind, "serves", vec![above.to_string()].into()), None);
    }
    let Some(whole) = product.items().get(above) else {
        let under = product.index().under(Some(above));
        let last = under.slots.last().and_then(|slot| product.items().at(*slot)).map(|item| item.id);
        return (cell(kind, "serves", above.to_string().into()), last);
    };
    let mut cells = cell(kind, "parent", above.to_string().into());
    cells.extend(whole.serves.into_iter().flat_map(|why| cell(kind, "serves", why.to_string().into())));
    let last = product.all::<BacklogItem>().rfind(|item| item.parent == Some(above));
    (cells, Some(last.map_or(above, |part| part.id)))
}

fn may_add_under(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    match under(ui) {
        Some((kind, _)) => may_have(ui, product, kind),
        None => Err("there is nothing to add it under".into()),
    }
}

fn add_under(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    if ui.chosen_row().is_some_and(|row| row.kind == Kind::Feedback) {
        return super::talk::story(ui, product, context);
    }
    let Some((kind, above)) = under(ui) else { return Outcome::Nothing };
    let (cells, last) = hung_under(product, kind, above);
    // The line stands where the record will.
    let below = last.filter(|id| ui.rows.rows.iter().any(|row| row.id == *id)).unwrap_or(above);
    let seed = Seed {
        kind,
        cells,
        place: last.map_or(Place::Bottom, Place::After),
        below: Some(below),
        feedback: None,
        say: Some(Say::Added(format!(" under {}. {{undo}} takes it back.", product.name_of(above)))),
    };
    ui.place_mut().focus = Focus::List;
    ui.open(AddLine::new(seed))
}

/// Adds a Product Goal where the goals are, from wherever somebody is.
pub(super) fn add_product_goal(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    let Some(vision) = product.vision().map(|board| board.id) else { return Outcome::Nothing };
    ui.to_record(product, vision);
    add_under(ui, product, context)
}

/// Number and title of something about to be deleted.
pub(super) fn named(product: &Product, id: Id) -> String {
    let title = product.find(id).map(|record| record.title()).unwrap_or_default();
    format!("{} {}", product.name_of(id), short(&title.into()))
}

/// Checks that this role may delete: the records, or in a pane the sentence under the cursor.
pub fn may_delete(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    on_something(ui, product)?;
    if ui.focus() != Focus::List {
        return match row_under_cursor(ui, product) {
            Some(PaneRow::Box { field, .. }) => may_edit(ui, product, field),
            // One's own proposal is withdrawn.
            Some(PaneRow::Wanted { .. }) => Ok(()),
            _ => Err(NotReady::Sentence(
                "Esc goes back to the list; {delete} deletes there. {edit} empties a field here.".to_string(),
            )),
        };
    }
    ui.some_targets().filter_map(|id| Some(product.find(id)?.kind())).try_for_each(|kind| match kind {
        Kind::VisionBoard => Err(NotReady::Sentence(
            "The product itself is not deleted here. Its stage can be set to Retired.".to_string(),
        )),
        kind => may_have(ui, product, kind),
    })
}

pub fn remove(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    if ui.focus() != Focus::List {
        return remove_sentence(ui, product, context);
    }
    let ids = ui.targets();
    let hanging = hanging(product, &ids);
    let theirs =
        ids.iter().filter_map(|id| product.find(*id)).map(|record| record.kind()).find(|kind| !can_have(ui, *kind));
    if let Some(Err(why)) = theirs.map(|kind| may_have(ui, product, kind)) {
        return Outcome::refuse(why);
    }
    let (all, words) = (hanging.len(), hanging_in_words(&hanging));
    let (hang, them, have) = (plural(all, "depends", "depend"), plural(all, "it", "them"), plural(all, "has", "have"));
    if all > 0 && ui.sure != ids {
        let then = match theirs {
            Some(_) => "proposes to delete".to_string(),
            None => format!("deletes and leaves {them} without a why"),
        };
        let asked = |names: &str| format!("{words} {hang} on {names}. {{delete}} again {then}.");
        let (short, long) = match ids.as_slice() {
            // Titles may look alike; the number tells them apart.
            [one] => (product.name_of(*one), named(product, *one)),
            all => (format!("these {}", all.len()), format!("these {}", all.len())),
        };
        ui.sure = ids;
        // The end says what the key does.
        let fits = asked(&long).chars().count() <= usize::from(ui.window.width).saturating_sub(8);
        return Outcome::say(asked(if fits { &long } else { &short }));
    }
    match delete(product, &ids) {
        Ok(step) => {
            let mut say = format!("{}. {{undo}} brings it back.", step.label);
            if all > 0 {
                say = format!("{}. {words} {hang} on it and {have} no why now. {{undo}} brings it back.", step.label);
            }
            Outcome::Commit(Commit { say: Some(say.into()), ..Commit::new(step) })
        }
        Err(refusal) => Outcome::refuse(refusal),
    }
}

/// Removes one sentence from the list under the cursor of a pane.
fn remove_sentence(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    if let Some(PaneRow::Wanted { id, .. }) = row_under_cursor(ui, product) {
        return Outcome::of(withdraw(product, id, context));
    }
    let Some(PaneRow::Box { record, field, nth, .. }) = row_under_cursor(ui, product) else {
        return Outcome::say("Esc goes back to the list; {delete} deletes there. {edit} empties a field here.");
    };
    if let Err(word) = may_edit(ui, product, field) {
        return Outcome::refuse(word);
    }
    let mut all = product.value(record, field).as_array().cloned().unwrap_or_default();
    take_at(&mut all, nth);
    told(product, record, field, &Value::from(all), "Deleted")
}

/// A change of one sentence, labelled with what was done to it.
pub fn told(product: &Product, record: Id, field: &'static Field, value: &Value, done: &str) -> Outcome {
    let one = if field.key == "tasks" { "task" } else { "criterion" };
    Outcome::of(set(product, &[record], field, value).map(|mut step| {
        step.label = format!("{done} a {one} of {}", product.name_of(record));
        step
    }))
}

/// Flips the box of the row under the cursor of a pane and steps down.
pub fn flip(ui: &mut Ui, product: &Product) -> Outcome {
    let Some(PaneRow::Box { record, field, nth, ticked, .. }) = row_under_cursor(ui, product) else {
        return Outcome::say("This row has no box. {tick} ticks rows in the list and boxes here.");
    };
    if let Err(word) = may_edit(ui, product, field) {
        return Outcome::refuse(word);
    }
    let value = product.value(record, field);
    let flipped = if field.key == "tasks" { flipped::<Task>(&value, nth) } else { flipped::<Criterion>(&value, nth) };
    let focus = ui.focus();
    let last = stops(ui, product, focus).saturating_sub(1);
    let place = ui.place_mut();
    let at = if focus == Focus::How { &mut place.how_at } else { &mut place.why_at };
    *at = at.saturating_add(1).min(last);
    told(product, record, field, &flipped, if ticked { "Unticked" } else { "Ticked" })
}

fn flipped<T: Boxed>(value: &Value, nth: usize) -> Value
where
    Vec<T>: Cell,
{
    let mut all = Vec::<T>::from_value(value).unwrap_or_default();
    if let Some(one) = all.get_mut(nth) {
        one.set_ticked(!one.ticked());
    }
    all.to_value()
}

/// Marks stories done or dropped, with the action's guard. They are dropped with one reason.
pub fn done(ui: &mut Ui, product: &Product, context: &mut Context, to: ItemStatus) -> Outcome {
    if let Some(Err(word)) = Kind::BacklogItem.field("status").map(|field| may_edit(ui, product, field)) {
        return Outcome::refuse(word);
    }
    let ids = ui.targets_of(product, Kind::BacklogItem);
    if to != ItemStatus::Dropped || ids.is_empty() {
        return Outcome::of(crate::actions::item::status(product, &ids, to, false, context));
    }
    let (title, words) = match ids.as_slice() {
        [one] => (
            format!("Drop {}?", product.name_of(*one)),
            "Why? The reason is kept with the story. Enter without one drops it anyway.",
        ),
        many => (
            format!("Drop {} stories?", many.len()),
            "Why? The reason is kept with each story. Enter without one drops them anyway.",
        ),
    };
    ui.open(Reason::new(title, words, "", move |text, _, product, context| {
        let answers = Answers { reason: text.to_string(), ..Answers::default() };
        status_with(product, &ids, to, &answers, context).map(Outcome::commit)
    }))
}

/// Returns true if this id belongs to a story that is not deleted.
pub fn is_story(product: &Product, id: Id) -> bool {
    product.table(Kind::BacklogItem).find(id).is_some_and(|record| record.is_alive())
}
