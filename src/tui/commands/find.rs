//! Searching and filtering.

use crate::actions::Context;
use crate::insight::people::{assigned, authors};
use crate::insight::sorting::{Sort, sorts};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::saturating::next_in_circle;
use crate::model::schema::{BacklogItem, ItemKind, Kind, Sprint};
use crate::tui::overlay::find::FindLine;
use crate::tui::overlay::picker;
use crate::tui::overlay::prompt::Prompt;
use crate::tui::state::contract::{Command, Group, Outcome, always};
use crate::tui::state::filter::{Filter, Look, SavedLook, origin};
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::ui::Ui;
use crate::tui::term::layout::Focus;
use crate::tui::term::text::thousands;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;
use std::mem::discriminant;

/// A row that turns a filter on or off.
macro_rules! filter_row {
    ($name:literal, $keys:expr, $label:literal, $hint:literal, $filter:expr) => {
        Command {
            name: $name,
            keys: $keys,
            group: Group::List,
            label: $label,
            hint: $hint,
            synonyms: &["filter", "only"],
            weight: 0,
            ready: |ui, _| fits(ui, &$filter),
            run: |ui, product, _| ui.toggle_filter(product, $filter),
        }
    };
}

/// A row that offers values to filter by, each with how many stories have it.
macro_rules! choice_row {
    ($name:literal, $keys:expr, $label:literal, $hint:literal, $words:expr, $title:literal, $choices:expr) => {
        Command {
            name: $name,
            keys: $keys,
            group: Group::List,
            label: $label,
            hint: $hint,
            synonyms: $words,
            weight: 0,
            ready: |ui, product| has_choice(ui, product, $choices),
            run: |ui, product, _| pick(ui, product, $title, $choices),
        }
    };
}

pub const COMMANDS: &[Command] = &[
    Command {
        name: "find",
        keys: &["/"],
        group: Group::List,
        label: "find",
        hint: "Find in this list: all words, or parts of them. Esc clears.",
        synonyms: &["search", "filter"],
        weight: 50,
        ready: always,
        run: find,
    },
    Command {
        name: "filter.closed",
        keys: &["f c"],
        group: Group::List,
        label: "closed too",
        hint: "Show or hide what is done or dropped.",
        synonyms: &["done", "archive", "hidden"],
        weight: 0,
        ready: always,
        run: closed,
    },
    filter_row!("filter.mine", &["f m"], "mine", "Only yours: assigned to you, or changed by you.", Filter::Mine),
    filter_row!(
        "filter.unsure",
        &["f u"],
        "why changed",
        "Only what was agreed before its why changed.",
        Filter::Unsure
    ),
    filter_row!("filter.ready", &["f r"], "ready", "Only what is ready to plan.", Filter::Ready),
    filter_row!("filter.unsized", &["f e"], "no points", "Only stories without points.", Filter::Unsized),
    filter_row!("filter.blocked", &["f b"], "blocked", "Only what is blocked.", Filter::Blocked),
    filter_row!("filter.why", &["f w"], "why only", "Only changes of the why, in the history.", Filter::Why),
    filter_row!("filter.how", &["f h"], "how only", "Only changes of the how, in the history.", Filter::How),
    filter_row!(
        "filter.no_criterion",
        &["f a"],
        "no criterion",
        "Only stories without acceptance criteria.",
        Filter::NoCriterion
    ),
    Command {
        name: "filter.alike",
        keys: &["f z"],
        group: Group::List,
        label: "alike",
        hint: "Only stories that read like another one.",
        synonyms: &["duplicate", "duplicates", "similar", "pairs", "twice"],
        weight: 0,
        ready: |ui, _| fits(ui, &Filter::Alike),
        run: |ui, product, _| ui.toggle_filter(product, Filter::Alike),
    },
    filter_row!("filter.last_import", &["f i"], "last import", "Only what the last import added.", Filter::LastImport),
    filter_row!(
        "filter.serves_nothing",
        &["f n"],
        "serves nothing",
        "Only stories without a why.",
        Filter::Serves(None)
    ),
    choice_row!("filter.label", &["f l"], "by label", "Only stories with a label.", &["tag"], "Label", labels),
    choice_row!(
        "filter.assignee",
        &["f o"],
        "by person",
        "Only stories of a person: assigned to them, or written by them.",
        &["owner", "who", "assignee", "author", "reporter"],
        "Person",
        people
    ),
    choice_row!("filter.sprint", &["f s"], "by sprint", "Only stories of a sprint.", &["iteration"], "Sprint", sprints),
    choice_row!("filter.kind", &["f k"], "by kind", "Only stories of a kind.", &["type", "bug"], "Kind", kinds),
    choice_row!(
        "filter.serves",
        &["f g"],
        "by why",
        "Only what serves a roadmap item or goal.",
        &["epic"],
        "Serves",
        whys
    ),
    choice_row!(
        "filter.source",
        &["f q"],
        "by source",
        "Only what was imported from a place.",
        &["import"],
        "From",
        origins
    ),
    Command {
        name: "filter.sort",
        keys: &["f t"],
        group: Group::List,
        label: "sort",
        hint: "Sort the list to look at it; your own order stays as it is.",
        synonyms: &["order", "age", "order by", "reactions"],
        weight: 0,
        ready: can_sort,
        run: sort,
    },
    Command {
        name: "filter.saved",
        keys: &["f f"],
        group: Group::List,
        label: "saved filter",
        hint: "Show the list as saved under a name.",
        synonyms: &["view", "bookmark"],
        weight: 0,
        ready: |ui, _| {
            if ui.saved_looks.is_empty() {
                Err("no filter is saved yet; {filter.save} saves one".into())
            } else {
                fits(ui, &Filter::Ready)
            }
        },
        run: saved,
    },
    Command {
        name: "filter.save",
        keys: &["f y"],
        group: Group::List,
        label: "save filter",
        hint: "Save find, filters and sort under a name.",
        synonyms: &["view", "bookmark", "keep"],
        weight: 0,
        ready: |ui, _| fits(ui, &Filter::Ready),
        run: save,
    },
    Command {
        name: "filter.clear",
        keys: &["f x"],
        group: Group::List,
        label: "clear filter",
        hint: "Show everything again.",
        synonyms: &["reset"],
        weight: 0,
        ready: always,
        run: clear,
    },
    Command {
        name: "turn",
        keys: &["t"],
        group: Group::List,
        label: "turn",
        hint: "Turn the view: flat or tree, columns or timeline, the next plan.",
        synonyms: &["tree", "flat", "group"],
        weight: 40,
        ready: can_turn,
        run: turn,
    },
];

fn find(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    ui.begin_find(product);
    ui.place_mut().focus = Focus::List;
    // It opens empty; the arrow up brings the last one back.
    let place = ui.place_mut();
    place.before_find = place.chosen;
    let last = std::mem::take(&mut place.find);
    ui.line_history.keep("find", &last);
    ui.open(FindLine::new(""))
}

/// True if the filter applies to this view.
fn fits(ui: &Ui, filter: &Filter) -> Result<(), NotReady> {
    let here = (ui.screen().filters)(filter);
    if here { Ok(()) } else { Err("this filter does not apply to this view".into()) }
}

/// The values to filter by, in the order in which they are offered.
type Choices = fn(&Product) -> Vec<Filter>;

/// A filter with a value needs a story that has one.
fn has_choice(ui: &Ui, product: &Product, choices: Choices) -> Result<(), NotReady> {
    fits(ui, &Filter::Ready)?;
    if choices(product).is_empty() { Err("no story has one yet".into()) } else { Ok(()) }
}

fn pick(ui: &mut Ui, product: &Product, title: &str, choices: Choices) -> Outcome {
    let all = choices(product);
    let mut counts: FxHashMap<String, usize> = FxHashMap::default();
    let mut with_closed = counts.clone();
    let mut kinds: Vec<&Filter> = Vec::new();
    for filter in &all {
        // Of each kind alone: what it is combined with are the filters of the others.
        if !kinds.iter().any(|known| discriminant(*known) == discriminant(filter)) {
            kinds.push(filter);
            let closed = ui.place().closed;
            counts.extend(self::counts(ui, product, filter, closed));
            with_closed.extend(self::counts(ui, product, filter, true));
        }
    }
    // What a view keeps beside its rows is about the rows shown.
    (ui.screen().rows)(ui, product);
    let of = |counts: &FxHashMap<String, usize>, filter: &Filter| {
        filter.word().and_then(|word| counts.get(&word).copied()).unwrap_or(0)
    };
    let count = |filter: &Filter| of(&counts, filter);
    let label = |filter: &Filter| {
        let count = match (count(filter), of(&with_closed, filter)) {
            (0, closed) if closed > 0 => format!("{} closed", thousands(closed)),
            (count, _) => thousands(count),
        };
        let on = if ui.place().filters.contains(filter) { format!(" {}", ui.theme.tick()) } else { String::new() };
        format!("{}  {count}{on}", value_of(product, filter))
    };
    // What would show nothing stands last.
    let (mut some, none): (Vec<Filter>, Vec<Filter>) = all.into_iter().partition(|filter| count(filter) > 0);
    // Of hundreds of people, those with most stories are meant most often.
    some.sort_by_key(|filter| match filter {
        Filter::Assignee(_) => (0, std::cmp::Reverse(count(filter))),
        Filter::Author(_) => (1, std::cmp::Reverse(count(filter))),
        _ => (2, std::cmp::Reverse(0)),
    });
    let looks = some.into_iter().chain(none).map(|filter| (label(&filter), Look::Filter(filter))).collect();
    ui.open(picker::for_looks(title, looks))
}

/// The value of a filter as the picker shows it: records with their titles.
fn value_of(product: &Product, filter: &Filter) -> String {
    match filter {
        Filter::Label(label) => label.clone(),
        Filter::From(origin) => origin.clone(),
        Filter::Serves(Some(id)) | Filter::Sprint(id) => {
            product.find(*id).map(|record| format!("{} {}", record.name(), record.title())).unwrap_or_default()
        }
        Filter::Serves(None) => "nothing".to_string(),
        other => other.chip(product),
    }
}

/// How many stories this view would show with each filter of a kind, by its word: beside the find line and the filters of
/// the other kinds, with closed ones or without.
fn counts(ui: &mut Ui, product: &Product, like: &Filter, closed: bool) -> FxHashMap<String, usize> {
    let place = ui.place_mut();
    let same = |one: &Filter| discriminant(like) == discriminant(one);
    let others = place.filters.iter().filter(|one| !same(one)).cloned().collect();
    let filters = std::mem::replace(&mut place.filters, others);
    // A filter looks below what is folded.
    let (folded, was_closed) = (std::mem::take(&mut place.folded), std::mem::replace(&mut place.closed, closed));
    let rows = (ui.screen().rows)(ui, product).rows;
    let place = ui.place_mut();
    (place.filters, place.folded, place.closed) = (filters, folded, was_closed);
    let mut out: FxHashMap<String, usize> = FxHashMap::default();
    for item in rows.iter().filter_map(|row| product.get::<BacklogItem>(row.id)) {
        let mut of: Vec<Filter> = item.labels.iter().cloned().map(Filter::Label).collect();
        of.extend([Filter::OfKind(item.kind), Filter::Serves(item.serves)]);
        of.extend(assigned(item).into_iter().map(Filter::Assignee));
        of.extend(authors(item).into_iter().map(Filter::Author));
        of.extend(item.sprint.map(Filter::Sprint));
        of.extend(item.source.as_ref().map(|source| Filter::From(origin(source))));
        of.retain(|one| same(one));
        for word in of.iter().filter_map(Filter::word) {
            let count = out.entry(word).or_default();
            *count = count.saturating_add(1);
        }
    }
    out
}

fn labels(product: &Product) -> Vec<Filter> {
    let all: BTreeSet<String> = product.all::<BacklogItem>().flat_map(|item| item.labels.iter().cloned()).collect();
    all.into_iter().map(Filter::Label).collect()
}

/// Those who stories are assigned to, then those who wrote them elsewhere.
fn people(product: &Product) -> Vec<Filter> {
    let (mut doing, mut wrote) = (BTreeSet::new(), BTreeSet::new());
    for item in product.all::<BacklogItem>() {
        doing.extend(assigned(item));
        wrote.extend(authors(item));
    }
    doing.into_iter().map(Filter::Assignee).chain(wrote.into_iter().map(Filter::Author)).collect()
}

fn sprints(product: &Product) -> Vec<Filter> {
    product.all::<Sprint>().rev().map(|sprint| Filter::Sprint(sprint.id)).collect()
}

fn kinds(product: &Product) -> Vec<Filter> {
    let used: FxHashSet<ItemKind> = product.all::<BacklogItem>().map(|item| item.kind).collect();
    ItemKind::ALL.iter().copied().filter(|kind| used.contains(kind)).map(Filter::OfKind).collect()
}

fn whys(product: &Product) -> Vec<Filter> {
    let used: FxHashSet<Option<Id>> = product.all::<BacklogItem>().map(|item| item.serves).collect();
    let kinds = [Kind::RoadmapItem, Kind::ProductGoal, Kind::Goal];
    let all = kinds.into_iter().flat_map(|kind| product.living(kind)).map(|record| Some(record.id()));
    std::iter::once(None).chain(all).filter(|why| used.contains(why)).map(Filter::Serves).collect()
}

fn origins(product: &Product) -> Vec<Filter> {
    let all: BTreeSet<String> =
        product.all::<BacklogItem>().filter_map(|item| item.source.as_ref()).map(origin).collect();
    all.into_iter().map(Filter::From).collect()
}

fn can_sort(ui: &Ui, _: &Product) -> Result<(), NotReady> {
    match ui.screen().sorts && !ui.place().is_turned() {
        true => Ok(()),
        false => Err("only the flat backlog can be sorted".into()),
    }
}

fn sort(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let mut looks = vec![("your own order".to_string(), Look::Sort(None))];
    let label = |sort: &Sort, count: usize| format!("{}  {}", sort.label(), thousands(count));
    looks.extend(sorts(product).into_iter().map(|(sort, count)| (label(&sort, count), Look::Sort(Some(sort)))));
    ui.open(picker::for_looks("Sort by", looks))
}

fn saved(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    let looks = ui.saved_looks.keys().map(|name| (name.clone(), Look::Saved(name.clone()))).collect();
    ui.open(picker::for_looks("Saved filters", looks))
}

fn save(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    let prompt = Prompt::new("save this filter as: ", SAVES, "filter", |text, ui, _, _| {
        let name = text.trim().to_string();
        if name.is_empty() {
            return Err("It needs a name.".to_string());
        }
        let place = ui.place();
        let look = SavedLook {
            filters: place.filters.iter().filter(|filter| filter.word().is_some()).cloned().collect(),
            sort: place.sort.clone(),
            find: place.find.clone(),
            closed: place.closed,
        };
        if look == SavedLook::default() {
            return match ui.saved_looks.remove(&name) {
                Some(_) => Ok(Outcome::say(format!("The filter \u{201c}{name}\u{201d} is no longer saved."))),
                None => Err("Nothing is filtered, so there is nothing to save.".to_string()),
            };
        }
        ui.saved_looks.insert(name.clone(), look);
        Ok(Outcome::say(format!("Saved as \u{201c}{name}\u{201d}. {{filter.saved}} shows it again.")))
    });
    ui.open(prompt)
}

const SAVES: &str = "Enter saves it; with no filter on, forgets that name · Esc back";

fn closed(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    let place = ui.place_mut();
    place.closed = !place.closed;
    let word =
        if place.closed { "Closed ones are shown. {filter.closed} hides them." } else { "Closed ones are hidden." };
    Outcome::say(word)
}

fn clear(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    let place = ui.place_mut();
    place.find.clear();
    place.filters.clear();
    (place.closed, place.sort) = (false, None);
    Outcome::Nothing
}

fn can_turn(ui: &Ui, _: &Product) -> Result<(), NotReady> {
    if !ui.screen().turns.is_empty() { Ok(()) } else { Err("this view has no other layout".into()) }
}

/// What was selected when the view was last turned.
struct TurnedFrom {
    screen: &'static str,
    record: Id,
    /// Its row: a layout that does not show it begins there.
    at: usize,
}

/// Turns the view to the next way to look at it.
pub fn turn(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    let ways = ui.screen().turns.len().max(1);
    let name = ui.screen().name;
    // A layout that does not show the record, and in which nobody moved, loses no selection.
    let is_lost = |from: &TurnedFrom| {
        let begun = from.at.min(ui.rows.rows.len().saturating_sub(1));
        from.screen == name && ui.place().at == begun && ui.rows.rows.iter().all(|row| row.id != from.record)
    };
    let lost = ui.slots.get::<TurnedFrom>().filter(|from| is_lost(from)).map(|from| from.record);
    let chosen = lost.or(ui.place().chosen);
    if let Some(record) = chosen {
        ui.slots.put(TurnedFrom { screen: name, record, at: ui.place().at });
    }
    let place = ui.place_mut();
    place.chosen = chosen;
    place.turn = next_in_circle(place.turn, ways);
    // What was asked for is in the list's place; from a pane in full size it would not be seen.
    place.focus = Focus::List;
    Outcome::Nothing
}
