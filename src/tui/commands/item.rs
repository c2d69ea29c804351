//! Commands on stories and roadmap items: points, status, fields by name.

use crate::actions::{self, Context};
use crate::insight::date_parser;
use crate::insight::sprint::is_open;
use crate::model::field::Field;
use crate::model::grammar::count_of;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::schema::{BacklogItem, ItemStatus, Kind};
use crate::model::value::{Cell, Shape};
use crate::tui::overlay::ask::Ask;
use crate::tui::overlay::editor::{After, Editor};
use crate::tui::overlay::picker;
use crate::tui::overlay::points::Points;
use crate::tui::overlay::prompt::Prompt;
use crate::tui::overlay::split::SplitSheet;
use crate::tui::state::access::{may_block, may_edit, proposes};
use crate::tui::state::contract::{Command, Group, Outcome};
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::Ui;
use crate::tui::term::layout::Focus;
use crate::tui::term::text::{clean, cut};
use crate::tui::widget::day;
use crate::tui::widget::pane::row_under_cursor;

/// A row that sets one field by name: the `s` box.
macro_rules! set_row {
    ($name:literal, $keys:expr, $label:literal, $hint:literal, $synonyms:expr, $field:literal) => {
        Command {
            name: $name,
            keys: $keys,
            group: Group::This,
            label: $label,
            hint: $hint,
            synonyms: $synonyms,
            weight: 0,
            ready: |ui, product| has_field(ui, product, $field),
            run: |ui, product, _| set_field(ui, product, $field),
        }
    };
}

pub const COMMANDS: &[Command] = &[
    Command {
        name: "story.points",
        keys: &["p", "s p"],
        group: Group::This,
        label: "points",
        hint: "Set points: a number on the scale, 0 clears.",
        synonyms: &["size", "estimate", "velocity"],
        weight: 70,
        ready: |ui, product| on_stories(ui, product, "points"),
        run: points,
    },
    Command {
        name: "story.done",
        keys: &["d o"],
        group: Group::This,
        label: "done",
        hint: "Done: opens the check of criteria and Definition of Done.",
        synonyms: &["mark done", "close", "finish", "complete"],
        weight: 0,
        ready: |ui, product| on_stories(ui, product, "status"),
        run: super::sprint::done,
    },
    Command {
        name: "story.drop",
        keys: &["d n"],
        group: Group::This,
        label: "not doing",
        hint: "Not doing it: the story is dropped and kept in the history.",
        synonyms: &["drop", "wontfix", "cancel", "archive"],
        weight: 0,
        ready: |ui, product| on_stories(ui, product, "status"),
        run: |ui, product, context| super::edit::done(ui, product, context, ItemStatus::Dropped),
    },
    Command {
        name: "story.split",
        keys: &["x"],
        group: Group::This,
        label: "split",
        hint: "Split it: deal criteria, tasks and points to parts.",
        synonyms: &["slice", "parts", "break down"],
        weight: 0,
        ready: may_split,
        run: split,
    },
    Command {
        name: "story.duplicate",
        keys: &["d u"],
        group: Group::This,
        label: "duplicate of",
        hint: "Close it as a duplicate; voices and links move to the other.",
        synonyms: &["same as", "merge", "duplicates"],
        weight: 0,
        ready: |ui, product| on_stories(ui, product, "status"),
        run: |ui, product, _| {
            let ids = ui.targets_of(product, Kind::BacklogItem);
            match Kind::BacklogItem
                .field("duplicate_of")
                .and_then(|field| picker::for_records(ui, product, &ids, field))
            {
                Some(picker) => ui.open(picker),
                None => Outcome::Nothing,
            }
        },
    },
    set_row!("set.status", &["s s"], "status", "The status, or what became of it.", &["state", "result"], "status"),
    set_row!("set.value", &["s v"], "value", "Value, on the product's own scale.", &["worth", "benefit"], "value"),
    set_row!(
        "set.assignee",
        &["s o", "m o"],
        "assignee",
        "Who works on it.",
        &["assign", "owner", "person", "responsible"],
        "assignee"
    ),
    set_row!("set.labels", &["s l"], "labels", "Labels, separated by commas.", &["tag", "tags"], "labels"),
    set_row!(
        "set.serves",
        &["s g", "m r"],
        "serves",
        "What it serves: a roadmap item or a goal.",
        &["goal", "epic", "parent", "link"],
        "serves"
    ),
    set_row!(
        "set.blocked",
        &["s b"],
        "blocked",
        "Blocked, with the reason. Empty means not blocked.",
        &["stuck", "waiting"],
        "blocked"
    ),
    set_row!("set.kind", &["s t"], "kind", "Kind: story, bug, enabler, spike or chore.", &["type", "bug"], "kind"),
    set_row!(
        "set.depends",
        &["s d"],
        "dates, depends",
        "For a story, what it depends on; for a roadmap item, its promise.",
        &["dependency", "blocks", "promise", "date", "day", "deadline"],
        "depends_on"
    ),
    set_row!(
        "set.later",
        &["s w"],
        "later",
        "Feedback that comes back to be sorted on a day.",
        &["snooze", "defer", "wait", "not now"],
        "later"
    ),
    Command {
        name: "measure.read",
        keys: &["s m"],
        group: Group::This,
        label: "reading",
        hint: "Record today's value of the measure.",
        synonyms: &["measure", "progress", "outcome", "value today"],
        weight: 0,
        ready: has_measure,
        run: reading,
    },
    Command {
        name: "horizon.sooner",
        keys: &["<", "H", "Shift-Left"],
        group: Group::This,
        label: "sooner",
        hint: "One column to the left: sooner, or back on the board.",
        synonyms: &["now", "horizon", "column", "back"],
        weight: 55,
        ready: on_a_card,
        run: |_, _, _| Outcome::Nothing,
    },
    Command {
        name: "horizon.later",
        keys: &[">", "L", "Shift-Right"],
        group: Group::This,
        label: "later",
        hint: "One column to the right: later, or forward on the board.",
        synonyms: &["postpone", "horizon", "column", "start work"],
        weight: 54,
        ready: on_a_card,
        run: |_, _, _| Outcome::Nothing,
    },
];

/// A story is selected, and the role may write this field of it.
pub fn on_stories(ui: &Ui, product: &Product, key: &str) -> Result<(), NotReady> {
    if !ui.any_of(product, Kind::BacklogItem).is_some_and(|id| super::edit::is_story(product, id)) {
        return Err("no story is selected".into());
    }
    Kind::BacklogItem.field(key).map_or(Ok(()), |field| may_edit(ui, product, field))
}

/// A view with cards in columns says itself what these keys do.
fn on_a_card(_: &Ui, _: &Product) -> Result<(), NotReady> {
    Err("no roadmap item is selected".into())
}

fn has_measure(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    let field = measured_here(ui, product)
        .first()
        .and_then(|id| product.find(*id))
        .and_then(|record| ["measures", "measure"].iter().find_map(|key| record.kind().field(key)));
    match field {
        Some(field) => may_edit(ui, product, field),
        None => Err("there is no measure here to read".into()),
    }
}

/// The records whose measures can be read here: the one that a row of a pane leads to, else the selected one, else those
/// that its why shows.
fn measured_here(ui: &Ui, product: &Product) -> Vec<Id> {
    let row = if ui.focus() == Focus::List { None } else { row_under_cursor(ui, product) };
    let leads_to = |row: PaneRow| match row {
        PaneRow::Link { id, .. } | PaneRow::Wanted { id, .. } => Some(id),
        PaneRow::Field { record, .. } => Some(record),
        _ => None,
    };
    let has_measure = |id: &Id| !actions::measure::measures_of(product, *id).is_empty();
    let one = row.and_then(leads_to).filter(has_measure).or_else(|| ui.place().chosen.filter(has_measure));
    if let Some(one) = one {
        return vec![one];
    }
    let mut shown: Vec<Id> = Vec::new();
    for id in (ui.screen().why)(ui, product).into_iter().filter_map(leads_to).filter(has_measure) {
        if !shown.contains(&id) {
            shown.push(id);
        }
    }
    shown
}

/// A line for the value; where there are several measures, they are listed first.
fn reading(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let ids = measured_here(ui, product);
    let of = |id: &Id| actions::measure::measures_of(product, *id);
    let all: Vec<(Id, usize, crate::model::value::Measure)> =
        ids.iter().flat_map(|id| of(id).into_iter().enumerate().map(|(nth, one)| (*id, nth, one))).collect();
    if let [(id, nth, _)] = all.as_slice() {
        return read_nth(ui, product, *id, *nth);
    }
    let title = match ids.as_slice() {
        [] => return Outcome::Nothing,
        [id] => format!("Which measure of {}?", product.name_of(*id)),
        _ => "Which measure?".to_string(),
    };
    let several = ids.len() > 1;
    let ask = all.into_iter().fold(Ask::new(title, ""), |ask, (id, nth, measure)| {
        let name = if several { format!("{}  ", product.name_of(id)) } else { String::new() };
        let text = format!("{name}{}", clean(&measure.to_text()));
        ask.or(text, move |ui, product, _| read_nth(ui, product, id, nth))
    });
    ui.open(ask)
}

fn read_nth(ui: &mut Ui, product: &Product, id: Id, nth: usize) -> Outcome {
    let measure = actions::measure::measures_of(product, id).get(nth).cloned().unwrap_or_default();
    let label = format!("{}: ", cut(&clean(&measure.name), 40));
    let is_measure = |field: &&Field| matches!(field.shape, Shape::Measure | Shape::Measures);
    let field = product.find(id).and_then(|record| record.kind().fields().iter().find(is_measure));
    let hint = match field.filter(|field| proposes(ui, field)).map(|field| field.owner) {
        Some(Owner::How) => "70, or 70, 20 nov, a note · Enter proposes it to the PO · Esc back",
        Some(_) => "70, or 70, 20 nov, a note · Enter proposes it to the PM · Esc back",
        None => "70, or 70, 20 nov, a note · Enter stores it · Esc back",
    };
    ui.open(Prompt::new(label, hint, "reading", move |text, ui, product, _| {
        let around = date_parser::Around::new(product, ui.today, date_parser::Lean::Back, ui.month_first);
        let reading = actions::measure::typed(text, &around)?;
        let step = actions::measure::read(product, id, nth, reading, ui.today);
        step.map(Outcome::commit).map_err(|refusal| format!("{refusal:#}"))
    }))
}

fn points(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let Some(field) = Kind::BacklogItem.field("points") else { return Outcome::Nothing };
    if let Err(word) = may_edit(ui, product, field) {
        return Outcome::refuse(word);
    }
    let ids = ui.targets_of(product, Kind::BacklogItem);
    ui.open(Points::of(ids))
}

/// The field of that name that people write; some kinds have another name for the same thing.
fn field_named(kind: Kind, key: &str) -> Option<&'static crate::model::field::Field> {
    let others: &[&str] = match key {
        "status" => &["state", "result"],
        "serves" => &["links"],
        "assignee" => &["source"],
        // One key for dates; a story has none, so it sets what the story depends on.
        "depends_on" => &["promised", "date", "revisit"],
        _ => &[],
    };
    let typed = |key: &str| kind.field(key).filter(|field| field.owner != Owner::System);
    typed(key).or_else(|| others.iter().find_map(|key| typed(key)))
}

/// The kind of record that a key is about where several kinds are ticked: the stories, if they have the field.
fn kind_meant(ui: &Ui, product: &Product, key: &str) -> Option<Kind> {
    let stories = ui.any_of(product, Kind::BacklogItem).filter(|_| Kind::BacklogItem.field(key).is_some());
    stories.or_else(|| ui.any_target()).and_then(|id| product.find(id)).map(|record| record.kind())
}

fn has_field(ui: &Ui, product: &Product, key: &str) -> Result<(), NotReady> {
    match kind_meant(ui, product, key).and_then(|kind| field_named(kind, key)) {
        Some(field) if ui.some_targets().nth(1).is_some() && !goes_to_many(field) => {
            Err(format!("{} can be set for only one at a time", field.label).into())
        }
        Some(field) => {
            ui.some_targets().try_for_each(|id| may_block(product, id, field))?;
            may_edit(ui, product, field)
        }
        None => Err("what is selected has no such field".into()),
    }
}

/// Whether one value makes sense for several records at once: what is picked, a word, a number, a day.
fn goes_to_many(field: &Field) -> bool {
    !matches!(field.shape, Shape::Criteria | Shape::Tasks | Shape::Measure | Shape::Measures)
}

fn set_field(ui: &mut Ui, product: &Product, key: &str) -> Outcome {
    let kind = kind_meant(ui, product, key);
    let ids = kind.map(|kind| ui.targets_of(product, kind)).unwrap_or_default();
    let Some(field) = kind.and_then(|kind| field_named(kind, key)) else { return Outcome::Nothing };
    if let Err(word) = may_edit(ui, product, field) {
        return Outcome::refuse(word);
    }
    if let Some(picker) = picker::for_records(ui, product, &ids, field) {
        return ui.open(picker);
    }
    if let [one] = ids.as_slice() {
        Editor::open(ui, product, *one, field, After::Next);
        return Outcome::Nothing;
    }
    ui.open(for_all(product, ids, field))
}

/// A line whose text is set for several records at once.
fn for_all(product: &Product, ids: Vec<Id>, field: &'static Field) -> Prompt {
    let kind = ids.first().and_then(|id| product.find(*id)).map(|record| record.kind());
    let whose = kind.map_or_else(|| ids.len().to_string(), |kind| count_of(ids.len(), kind));
    let label = field.of_many(whose);
    let hint = "the same for all · empty clears · Enter sets · Esc back";
    Prompt::new(
        format!("{}: ", label.strip_prefix("the ").unwrap_or(&label)),
        hint,
        field.key,
        move |text, ui, product, _| {
            let value = match field.shape {
                Shape::Day if !text.trim().is_empty() => {
                    Some(date_parser::read(text, &day::around(ui, product, field))?).to_value()
                }
                _ => field.from_text(text)?,
            };
            let step = actions::edit::set(product, &ids, field, &value).map_err(|refusal| format!("{refusal:#}"))?;
            Ok(Outcome::commit(step))
        },
    )
}

/// One open story is split at a time.
fn may_split(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    on_stories(ui, product, "title")?;
    let mut all = ui.some_targets();
    match (all.next().and_then(|id| product.get::<BacklogItem>(id)), all.next()) {
        (_, Some(_)) => Err("one story is split at a time".into()),
        (Some(item), None) if !is_open(item) => Err("a story that is over is not split".into()),
        _ => Ok(()),
    }
}

fn split(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let item = ui.any_target().and_then(|id| product.get::<BacklogItem>(id));
    let Some(item) = item else { return Outcome::Nothing };
    let sheet = SplitSheet::open(ui, product, item);
    ui.open(sheet)
}
