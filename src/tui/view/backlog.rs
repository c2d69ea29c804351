//! View 3: the Product Backlog, flat by rank or as a tree under what each story serves.

use crate::actions::Context;
use crate::insight::alike::pairs;
use crate::insight::proposals::open;
use crate::insight::ready::is_ready;
use crate::insight::sorting::sort_keys;
use crate::insight::sprint::Unit;
use crate::insight::text::{ShareDone, listed, points_word};
use crate::insight::trace::is_suspect;
use crate::insight::views;
use crate::model::field::Record;
use crate::model::grammar::count;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::schema::{BacklogItem, Goal, ItemStatus, Kind, ProductGoal, RoadmapItem};
use crate::model::snapshot_types::ProposedCell;
use crate::model::table::{AnyTable, Slot};
use crate::tui::commands::go;
use crate::tui::state::access::can_have;
use crate::tui::state::contract::{Adds, Command, Group, ListForm, Outcome, Screen, Verb, always};
use crate::tui::state::filter::Filter;
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::{HORIZONS, ListRow, Rows, Ui};
use crate::tui::term::layout::{Arrangement, Focus, Part};
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{thousands, width};
use crate::tui::widget::changed_why::changed_whys;
use crate::tui::widget::fields::{confirmed_notes_of, decisions_of, extra_of, fields_of, record_title, voices_of};
use crate::tui::widget::list;
use ratatui::layout::Rect;
use rustc_hash::{FxHashMap, FxHashSet};

pub const SCREEN: Screen = Screen {
    form: |_| ListForm { arrangement: Arrangement::Beside { columns: 56 }, row_height: 1, heading: 1 },
    adds: Adds::Record(|_| Kind::BacklogItem),
    enters: Focus::How,
    turns: &["flat", "tree"],
    filters: |filter| !matches!(filter, Filter::Why | Filter::How | Filter::Since(_)),
    verbs: VERBS,
    is_long: true,
    sorts: true,
    boxes: true,
    numbered: true,
    rows: |ui, product| rows(ui, product),
    draw,
    row_needs: |ui, product, row| list::needed(ui, row, &line(ui, product, row, &Columns::least(product))),
    why,
    how,
    pane_title: record_title,
    status,
    empty: "No stories yet. {add} adds one here; {go.roadmap}, then {add.under} on a roadmap item, adds one that serves it.",
    ..Screen::of(&views::BACKLOG)
};

fn is_open(item: &BacklogItem) -> bool {
    !matches!(item.status, ItemStatus::Done | ItemStatus::Dropped)
}

fn rows(ui: &Ui, product: &Product) -> Rows {
    let mut out = Rows::default();
    if ui.place().is_turned() {
        tree(ui, product, &mut out);
    } else {
        out.rows.reserve(product.items().len());
        for slot in product.items().order() {
            entry(ui, product, *slot, 0, &mut out);
        }
    }
    let stories = |out: &Rows| out.rows.iter().filter(|row| row.kind == Some(Kind::BacklogItem)).count();
    let all = stories(&out);
    list::narrow(ui, product, &mut out);
    out.narrowed = all.saturating_sub(stories(&out));
    list::count_left_out(ui, product, |item| !is_open(item), &mut out);
    if ui.place().filters.contains(&Filter::Alike) {
        side_by_side(product, ui.place().is_turned(), &mut out);
    }
    if let Some(sort) = ui.sort() {
        let keys = sort_keys(product, sort);
        let key = |row: &ListRow| keys.get(&row.id).copied().unwrap_or(f64::INFINITY);
        out.rows.sort_by(|a, b| key(a).total_cmp(&key(b)));
    }
    out
}

/// Says of each story which one it reads like. In a flat list both stand next to each other, where the first of them stood.
fn side_by_side(product: &Product, is_tree: bool, out: &mut Rows) {
    let among = out.rows.iter().map(|row| row.id).collect();
    let mut places: FxHashMap<Id, usize> = out.rows.iter().enumerate().map(|(at, row)| (row.id, at)).collect();
    for (one, other) in pairs(product, &among) {
        out.alike.entry(one).or_insert(other);
        out.alike.entry(other).or_insert(one);
        if let (Some(a), Some(b)) = (places.get(&one).copied(), places.get(&other).copied()) {
            places.extend([(one, a.min(b)), (other, a.min(b))]);
        }
    }
    if !is_tree {
        out.rows.sort_by_key(|row| places.get(&row.id).copied());
    }
}

fn entry(ui: &Ui, product: &Product, slot: Slot, depth: u8, out: &mut Rows) {
    let Some(item) = product.items().at(slot) else { return };
    if is_open(item) || ui.place().closed {
        out.rows.push(ListRow::new(&**item, slot, depth));
    } else {
        out.hidden = out.hidden.saturating_add(1);
    }
}

/// Each why with what serves it, the parts of a story below it. What is folded shows its head only, unless something is
/// searched for.
fn tree(ui: &Ui, product: &Product, out: &mut Rows) {
    let mut branch = |kind: Kind, why: Option<Id>, always: bool| {
        let slots = &product.index().under(why).slots;
        if slots.is_empty() && !always {
            return;
        }
        out.rows.extend(why.map(|id| ListRow::of(product, kind, id, 0)));
        if why.is_some_and(|id| is_folded(ui, id)) {
            return;
        }
        let parts = parts_of(product, slots);
        for slot in slots.iter().filter(|slot| !parts.below.contains(slot)) {
            with_parts(ui, product, &parts, *slot, u8::from(why.is_some()), out);
        }
    };
    for horizon in HORIZONS {
        for item in product.all::<RoadmapItem>().filter(|item| item.horizon == horizon) {
            branch(Kind::RoadmapItem, Some(item.id), true);
        }
    }
    for goal in product.all::<ProductGoal>() {
        branch(Kind::ProductGoal, Some(goal.id), false);
    }
    for goal in product.all::<Goal>() {
        branch(Kind::Goal, Some(goal.id), false);
    }
    branch(Kind::BacklogItem, None, false);
}

/// The stories of a branch that are parts of others in it, by the story that they are part of.
#[derive(Default)]
struct Parts {
    of: FxHashMap<Id, Vec<Slot>>,
    below: FxHashSet<Slot>,
}

fn parts_of(product: &Product, slots: &[Slot]) -> Parts {
    let mut out = Parts::default();
    let parent = |slot: &Slot| product.items().at(*slot).and_then(|item| item.parent);
    if slots.iter().all(|slot| parent(slot).is_none()) {
        return out;
    }
    let here: FxHashSet<Id> = slots.iter().filter_map(|slot| product.items().at(*slot)).map(|item| item.id).collect();
    for slot in slots {
        if let Some(whole) = parent(slot).filter(|whole| here.contains(whole)) {
            out.of.entry(whole).or_default().push(*slot);
            out.below.insert(*slot);
        }
    }
    out
}

/// A story and its parts, each a step deeper; nobody nests them deeper than this.
fn with_parts(ui: &Ui, product: &Product, parts: &Parts, slot: Slot, depth: u8, out: &mut Rows) {
    entry(ui, product, slot, depth, out);
    let Some(item) = product.items().at(slot).filter(|item| depth < 8 && !is_folded(ui, item.id)) else { return };
    for part in parts.of.get(&item.id).into_iter().flatten() {
        with_parts(ui, product, parts, *part, depth.saturating_add(1), out);
    }
}

/// A find or a filter looks below folded rows, too.
fn is_folded(ui: &Ui, id: Id) -> bool {
    let place = ui.place();
    place.folded.contains(&id) && place.find.trim().is_empty() && place.filters.is_empty()
}

/// Whether a row of the tree has others below it, shown or folded.
fn has_branch(product: &Product, row: &ListRow) -> bool {
    match row.kind {
        Some(Kind::BacklogItem) => product.items().get(row.id).is_some_and(|item| !product.index().counts(item)),
        Some(_) => !product.index().under(Some(row.id)).slots.is_empty(),
        None => false,
    }
}

/// Folds the branch under the cursor; below a head, goes to it.
fn fold(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let Some(row) = ui.row_at_cursor().filter(|_| in_tree(ui)) else { return go::sideways(ui, -1) };
    if has_branch(product, &row) && !ui.place().folded.contains(&row.id) {
        ui.place_mut().folded.insert(row.id);
        return Outcome::Nothing;
    }
    let at = ui.place().at;
    let above = ui.rows.rows.get(..at).unwrap_or_default().iter().rposition(|one| one.depth < row.depth);
    above.into_iter().for_each(|above| ui.choose(above));
    Outcome::Nothing
}

/// Unfolds the branch under the cursor; otherwise goes into the panes.
fn unfold(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    let row = ui.row_at_cursor().filter(|_| in_tree(ui));
    match row.is_some_and(|row| ui.place_mut().folded.remove(&row.id)) {
        true => Outcome::Nothing,
        false => go::sideways(ui, 1),
    }
}

fn in_tree(ui: &Ui) -> bool {
    ui.place().is_turned() && ui.focus() == Focus::List
}

/// The next level: only what is served, then its stories, then their parts.
fn level(ui: &mut Ui, product: &Product, _: &mut Context) -> Outcome {
    let heads: FxHashSet<Id> = [Kind::RoadmapItem, Kind::ProductGoal, Kind::Goal]
        .into_iter()
        .flat_map(|kind| product.living(kind))
        .map(|record| record.id())
        .collect();
    let wholes: FxHashSet<Id> = product.all::<BacklogItem>().filter_map(|item| item.parent).collect();
    let folded = &ui.place().folded;
    let (next, word) = if heads.is_subset(folded) && !heads.is_empty() {
        let word = if wholes.is_empty() {
            "Nothing is folded any more."
        } else {
            "The stories are shown, their parts are folded."
        };
        (wholes, word)
    } else if folded.is_empty() {
        (heads.union(&wholes).copied().collect(), "The stories are folded under what they serve.")
    } else {
        (FxHashSet::default(), "Nothing is folded any more.")
    };
    ui.place_mut().folded = next;
    Outcome::say(word)
}

pub const COMMANDS: &[Command] = &[Command {
    name: "tree.level",
    keys: &["g t"],
    group: Group::List,
    label: "fold level",
    hint: "Fold the tree to the next level; {go.left} and {go.right} one row.",
    synonyms: &["fold all", "unfold all", "collapse", "expand"],
    weight: 0,
    ready: |ui, _| {
        if ui.screen().name == views::BACKLOG.name && ui.place().is_turned() {
            Ok(())
        } else {
            Err("this is no tree; in the backlog, {turn} shows one".into())
        }
    },
    run: level,
}];

const VERBS: &[Verb] =
    &[Verb { name: "go.left", ready: always, run: fold }, Verb { name: "go.right", ready: always, run: unfold }];

fn draw(ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
    let place = ui.place();
    let label = if place.is_turned() { "tree · {turn} flat" } else { "flat · {turn} tree" };
    let inner = list::frame(ui, product, "BACKLOG", label, area, buffer);
    let columns = Columns::within(ui, product, usize::from(inner.width));
    let tail = tail(ui, &columns, "", "pts", "ready", "why");
    let head = list::RowText { number: "#".into(), title: "story".into(), tail };
    list::draw_heading(ui, &head, inner, buffer);
    let rows = inner.below(1);
    list::draw_rows(ui, product, rows, buffer, &|_, row: &ListRow, _| line(ui, product, row, &columns));
}

/// The columns right of the titles that may be left out: titles go first.
struct Columns {
    points: bool,
    why: bool,
    /// The width of the states.
    states: usize,
}

impl Columns {
    /// Points say nothing as long as nothing has any.
    fn least(product: &Product) -> Columns {
        let all = product.index().all;
        Columns { points: all.items > all.unsized_items, why: false, states: STATES }
    }

    fn within(ui: &Ui, product: &Product, columns: usize) -> Columns {
        let least = Columns::least(product);
        let points = least.points || list::has_room_for(ui, 5, columns);
        let extra = if points && !least.points { 11 } else { 6 };
        // A sign needs no more than the heading does, with a blank before the border.
        let is_word = |row: &ListRow| match product.items().at(row.slot) {
            Some(item) if item.id == row.id => item.status != ItemStatus::ToDo || !item.blocked.is_empty(),
            _ => false,
        };
        let states = if ui.rows.rows.iter().any(is_word) { STATES } else { "ready ".len() };
        Columns { points, why: columns >= 64 && list::has_room_for(ui, extra, columns), states }
    }
}

/// The longest word for a state.
const STATES: usize = 7;

fn tail(ui: &Ui, columns: &Columns, mark: &str, points: &str, ready: &str, why: &str) -> String {
    let why = if columns.why { format!(" {why:<5}") } else { String::new() };
    // Two marks take the blank before the points.
    let blank = if !ui.theme.bare && width(mark) > 1 { "" } else { " " };
    let points = if columns.points { format!("{blank}{points:>4}") } else { String::new() };
    // Words need more space than symbols.
    let (marks, states) = if ui.theme.bare { (11, 9) } else { (1, columns.states) };
    format!("{mark:>marks$}{points} {ready:<states$}{why}")
}

fn line(ui: &Ui, product: &Product, row: &ListRow, columns: &Columns) -> list::RowText {
    let item = product.items().at(row.slot).filter(|item| item.id == row.id);
    let Some(item) = item else { return branch_line(ui, product, row) };
    let ready = match item.status {
        ItemStatus::ToDo if is_ready(product, item) => ui.theme.state(ui.theme.tick(), "ready"),
        ItemStatus::ToDo => ui.theme.state(ui.theme.glyph("·", "."), "not ready"),
        ItemStatus::ToAccept => "accept",
        status => status.label(),
    };
    let ready = if item.blocked.is_empty() { ready } else { "blocked" };
    let points = points_word(product, item);
    let why = item.serves.map(|id| product.name_of(id)).unwrap_or_default();
    let mark = ui.mark(item.id, is_suspect(product, item));
    list::RowText {
        number: format!("{} S{}", fold_sign(ui, product, row), item.number).trim_start().to_string(),
        title: item.title.to_string(),
        tail: tail(ui, columns, mark, &points, ready, &why),
    }
}

/// `+` on a folded row of the tree, `-` on one with rows below it.
fn fold_sign(ui: &Ui, product: &Product, row: &ListRow) -> &'static str {
    match ui.place().is_turned() && has_branch(product, row) {
        false => "",
        true if is_folded(ui, row.id) => "+",
        true => "-",
    }
}

fn branch_line(ui: &Ui, product: &Product, row: &ListRow) -> list::RowText {
    let Some(record) = product.find(row.id) else { return list::RowText::default() };
    let sums = product.index().under(Some(row.id)).sums;
    let tail = match ShareDone::of(&sums) {
        // Without sizes there is nothing to say in the column of points.
        Some(one) if one.unit == Unit::Stories => {
            format!("{} {}/{} stories {:>4}", ui.theme.bar(one.percent, 8), one.done, one.stories, "")
        }
        Some(one) => format!("{} {} {:>4}", ui.theme.bar(one.percent, 8), one.short(), sums.points()),
        None => "no stories yet".to_string(),
    };
    // How many stories are out of sight.
    let count = if is_folded(ui, row.id) { format!(" ({})", thousands(sums.items as usize)) } else { String::new() };
    let number = format!("{} {}{count}", fold_sign(ui, product, row), record.name()).trim_start().to_string();
    list::RowText { number, title: record.title(), tail }
}

fn why(ui: &Ui, product: &Product) -> Vec<PaneRow> {
    let Some(row) = ui.chosen_row() else { return Vec::new() };
    match product.items().get(row.id) {
        Some(item) => why_of_story(ui, product, item),
        None => fields_of(product, row.kind, row.id, Owner::Why),
    }
}

/// What a story serves, with its reasons, and then its own.
pub fn why_of_story(ui: &Ui, product: &Product, item: &BacklogItem) -> Vec<PaneRow> {
    let mut out = fields_of(product, Kind::BacklogItem, item.id, Owner::Why);
    match item.serves.and_then(|id| product.find(id)) {
        Some(served) => {
            let mut above = vec![PaneRow::Heading(format!("{} serves {}", product.name_of(item.id), named(served)))];
            above.extend(fields_of(product, served.kind(), served.id(), Owner::Why));
            above
                .retain(|row| !row.field().is_some_and(|(_, field)| !field.actions.is_empty() || field.key == "title"));
            above.append(&mut out);
            // What asks for another look comes first.
            out = changed_whys(ui, product, item);
            out.append(&mut above);
        }
        None => {
            out.push(PaneRow::Note("It serves nothing yet. {set.serves} puts it under a roadmap item.".to_string()))
        }
    }
    out.extend(voices_of(product, item.id));
    out.extend(decisions_of(product, item.id));
    out.extend(confirmed_notes_of(product, item, ui.today));
    out
}

fn named(record: &dyn Record) -> String {
    format!("{} {}", record.name(), record.title())
}

fn how(ui: &Ui, product: &Product) -> Vec<PaneRow> {
    let Some(row) = ui.chosen_row() else { return Vec::new() };
    if row.kind != Kind::BacklogItem {
        return fields_of(product, row.kind, row.id, Owner::How);
    }
    let mut out = fields_of(product, Kind::BacklogItem, row.id, Owner::How);
    out.extend(extra_of(product, Kind::BacklogItem, row.id));
    out
}

/// How many new stories of one's own wait for the other role: they are not in the list yet.
fn proposed_stories(ui: &Ui, product: &Product) -> Option<String> {
    if can_have(ui, Kind::BacklogItem) {
        return None;
    }
    let mine = open(product).filter(|one| *one.by == *ui.by);
    let is_new =
        |cell: &&ProposedCell| cell.field == "alive" && cell.was.is_null() && cell.kind == Kind::BacklogItem.key();
    let all: usize = mine.map(|one| one.changes.iter().filter(is_new).count()).sum();
    (all > 0).then(|| format!("{} proposed, see the Inbox", count(all, "new story", "new stories")))
}

fn status(ui: &Ui, product: &Product) -> String {
    let sums = product.index().all;
    let (open, _) = listed(product);
    let is_narrowed = ui.rows.narrowed > 0;
    let mut parts = Vec::new();
    if !is_narrowed {
        parts.push(format!("{} {}", thousands(open), if open == 1 { "story" } else { "stories" }));
    }
    let at = ui.place().at;
    // In a narrow window, how to see the closed ones says more.
    if at < ui.rows.rows.len() && (ui.window.width >= 70 || ui.rows.hidden == 0) {
        parts.push(format!("row {} of {}", thousands(at.saturating_add(1)), thousands(ui.rows.rows.len())));
    }
    if !ui.place().find.is_empty() {
        parts.push(format!("find: {}", ui.place().find));
        let elsewhere = list::found_elsewhere(ui, "{filter.closed}");
        parts.extend((!elsewhere.is_empty()).then_some(elsewhere));
    } else if is_narrowed && !ui.place().closed {
        parts.push("closed ones are left out, {filter.closed} shows them".to_string());
    } else if !is_narrowed && ui.rows.hidden > 0 {
        parts.push(format!("{} closed, {{filter.closed}} shows them", thousands(ui.rows.hidden)));
    }
    parts.extend(proposed_stories(ui, product));
    let shelf = product.table(Kind::BacklogItem).order().len();
    if sums.dropped > 0 && ui.place().closed && !is_narrowed {
        parts.push(format!("{} in all", thousands(shelf)));
    }
    parts.join(" · ")
}
