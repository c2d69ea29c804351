//! View 4: the next sprint. What is ready in backlog order with its running sum, how far the capacity
//! reaches, what is not ready and why; beside it the goal and the figures.

pub mod commands;
mod figures;
mod left;
mod planned;
mod side;
mod start;

use crate::insight::plan::{Candidate, concerns, plan};
use crate::insight::ready::DefinitionOfReady;
use crate::insight::sprint::in_planning;
use crate::insight::trace::is_suspect;
use crate::insight::velocity::pace;
use crate::insight::views;
use crate::model::grammar::capital;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::saturating::small;
use crate::model::schema::{BacklogItem, Kind};
use crate::model::value::Amount;
use crate::tui::state::access::{can_have, owner_name};
use crate::tui::state::contract::{Adds, Command, ListForm, ListLine, Screen};
use crate::tui::state::filter::Filter;
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::{ListRow, Rows, Ui};
use crate::tui::term::layout::{Arrangement, Focus, Part, extent, of_hundred};
use crate::tui::term::paint::{Paint, Zone};
use crate::tui::term::text::{cut, fit, thousands, times, width, wrap, wrap_or_cut};
use crate::tui::view::backlog::why_of_story;
use crate::tui::widget::fields::{fields_of, record_title};
use crate::tui::widget::list;
use figures::{count, fits, span};
use left::nothing_left;
use planned::{Planned, planned, shown, sprint};
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use std::sync::Arc;

pub const SCREEN: Screen = Screen {
    form: |ui| ListForm { arrangement: Arrangement::High, row_height: 1, heading: u16::from(has_heading(ui)) },
    adds: Adds::Record(|_| Kind::BacklogItem),
    verbs: commands::VERBS,
    flips: Some(|ui, product, context, id| commands::flip(ui, product, id, context)),
    stretch: Some(|ui, at| {
        let ready = planned(ui)?.ready_rows;
        Some(if at < ready { 0..ready } else { ready..ui.rows.rows.len() })
    }),
    filters: |filter| !matches!(filter, Filter::Why | Filter::How | Filter::Since(_)),
    is_long: true,
    enters: Focus::How,
    rows,
    draw,
    row_needs,
    why,
    how,
    pane_title,
    status,
    footer,
    empty: "No open story is left to plan. {add} adds one here, {go.backlog} shows the whole Product Backlog.",
    ..Screen::of(&views::PLAN)
};

fn rows(ui: &mut Ui, product: &Product) -> Rows {
    let sprint = sprint(ui, product).map(|one| one.id);
    let mut planned = Planned { sprint, plan: plan(product, sprint, ui.today), ..Planned::default() };
    planned.pace = pace(product, ui.today);
    let mut out = Rows::default();
    let all = planned.plan.ready.iter().chain(&planned.plan.not_ready);
    out.rows.extend(all.clone().map(|one| ListRow::of(product, Kind::BacklogItem, one.item, 0)));
    list::narrow(ui, product, &mut out);
    // Both are in the same order, so one walk finds which candidate each row shows.
    let mut all = all.enumerate();
    planned.nth.reserve(out.rows.len());
    for row in &out.rows {
        let found = all.find(|(_, one)| one.item == row.id);
        planned.nth.extend(found.map(|(nth, _)| small(nth)));
    }
    let ready = planned.plan.ready.len();
    planned.ready_rows = planned.nth.partition_point(|nth| (*nth as usize) < ready);
    planned.line = planned.plan.capacity.map(|capacity| {
        let fits = |nth: &u32| planned.candidate(*nth as usize).is_some_and(|one| one.sum <= capacity);
        planned.nth.get(..planned.ready_rows).unwrap_or_default().partition_point(fits)
    });
    ui.slots.put(planned);
    out
}

/// The box of a row says whether the story is in the sprint.
fn footer(ui: &Ui, command: &Command) -> Option<(u8, &'static str)> {
    let selected = || {
        let row = ui.row_at_cursor()?;
        planned(ui)?.of(row.id).map(|one| one.selected)
    };
    match command.name {
        "tick" if ui.focus() == Focus::List => {
            Some((77, if selected() == Some(true) { "take out" } else { "plan it" }))
        }
        "tick.all" if ui.focus() == Focus::List => Some((0, "plan all ready")),
        _ => None,
    }
}

/// Returns true if the figures have a box of their own beside the list.
fn has_side(ui: &Ui) -> bool {
    ui.window.width >= 110 && ui.window.height >= 28 && !ui.settings.accessible
}

/// If there are few rows, all of them go to stories.
fn has_heading(ui: &Ui) -> bool {
    ui.window.height >= 18
}

fn draw(ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
    let Some(planned) = planned(ui) else { return };
    let mut area = area;
    if has_side(ui) {
        let needs = extent(ui.place().row_needs().saturating_add(2)).min(area.width.saturating_sub(side::LEAST));
        let columns = of_hundred(area.width, 55).max(needs);
        let beside = area.past(usize::from(columns));
        side::draw(ui, product, planned, beside, buffer);
        area.width = columns;
    }
    let title = match shown(ui, product) {
        _ if has_side(ui) => "READY TO PLAN".to_string(),
        Some(sprint) => format!("PLAN SPRINT {}", sprint.number),
        None => "PLAN THE NEXT SPRINT".to_string(),
    };
    let inner = list::frame(ui, product, &title, &label(ui, planned, product), area, buffer);
    let mut rows = inner;
    if has_heading(ui) {
        heading(ui, inner, buffer);
        rows = inner.below(1);
    }
    if ui.rows.rows.is_empty() && list::adding_after(ui).is_none() {
        list::empty(ui, product, rows, buffer);
        return;
    }
    draw_lines(ui, product, planned, rows, buffer);
}

fn label(ui: &Ui, planned: &Planned, product: &Product) -> String {
    let all = thousands(planned.plan.ready.len());
    let ready = match ui.rows.narrowed {
        0 => format!("{all} ready"),
        _ => format!("{} of {all} ready", thousands(planned.ready_rows)),
    };
    let all = in_planning(product);
    match all.iter().position(|one| Some(one.id) == planned.sprint) {
        Some(at) if all.len() > 1 => format!("{ready} · plan {} of {}, {{turn}} next", at.saturating_add(1), all.len()),
        _ => ready,
    }
}

/// One line of the list.
enum Line {
    Row(usize),
    Capacity(Amount),
    /// What comes next is not ready, or how that goes on.
    NotReady(String),
    Blank,
    /// None is ready: what that takes.
    Note(String),
    Add,
}

/// The lines from the first visible row, as far as the window can show them.
fn lines(ui: &Ui, product: &Product, planned: &Planned, area: Rect) -> Vec<Line> {
    let rows = &ui.rows.rows;
    let (top, height) = (ui.place().top, usize::from(area.height));
    let adding = list::adding_after(ui);
    let mut out = Vec::new();
    if matches!(adding, Some((ListLine { below: None, .. }, _))) {
        out.push(Line::Add);
    }
    if planned.plan.ready.is_empty() && top == 0 && !rows.is_empty() {
        let stories = count(small(planned.plan.not_ready.len()), "story", "stories");
        let words = format!(
            "{stories}, none ready. Ready means: {}. Press {{go.done}} to change that; {{tick}} plans a story all the same.",
            DefinitionOfReady::of(product).words()
        );
        let columns = usize::from(area.width.saturating_sub(2));
        out.extend(wrap(&ui.keymap.fill(&words), columns, height / 2).into_iter().map(Line::Note));
    }
    // Twice the window covers every line that can be visible, wherever the cursor is.
    for (at, row) in rows.iter().enumerate().skip(top).take(height.saturating_mul(2)) {
        before(product, planned, at, area, &mut out);
        out.push(Line::Row(at));
        if matches!(adding, Some((ListLine { below: Some(after), .. }, _)) if after == row.id) {
            out.push(Line::Add);
        }
    }
    if planned.line == Some(rows.len()) && top.saturating_add(height) >= rows.len() {
        out.extend(planned.plan.capacity.map(Line::Capacity));
    }
    out
}

/// What is drawn above a row.
fn before(product: &Product, planned: &Planned, at: usize, area: Rect, out: &mut Vec<Line>) {
    if planned.line == Some(at) && !planned.plan.ready.is_empty() {
        out.extend(planned.plan.capacity.map(Line::Capacity));
    }
    if at == planned.ready_rows && at < planned.nth.len() {
        let is_high = area.height >= 12;
        if is_high && at > 0 {
            out.push(Line::Blank);
        }
        // Where none is ready, the line above the rows says what that takes.
        let words = match planned.plan.ready.is_empty() {
            true => "not ready".to_string(),
            false => format!("not ready (a ready story has: {})", DefinitionOfReady::of(product).words()),
        };
        let room = usize::from(area.width.saturating_sub(2));
        out.extend(wrap_or_cut(&words, room, if is_high { 3 } else { 1 }).into_iter().map(Line::NotReady));
    }
}

fn draw_lines(ui: &Ui, product: &Product, planned: &Planned, area: Rect, buffer: &mut Paint) {
    let lines = lines(ui, product, planned, area);
    let height = usize::from(area.height);
    let is_here = |line: &Line| match line {
        Line::Row(at) => list::adding_after(ui).is_none() && *at == ui.place().at,
        Line::Add => true,
        _ => false,
    };
    // Lines between the rows may have pushed the cursor out of the window.
    let here = lines.iter().position(is_here).unwrap_or(0);
    let skip = here.saturating_add(1).saturating_sub(height);
    let mut last = ui.place().top;
    for (y, line) in lines.iter().skip(skip).take(height).enumerate() {
        let line_area = area.row(y);
        if let Line::Row(at) = line {
            last = at.saturating_add(1);
        }
        draw_line(ui, product, planned, line, line_area, buffer);
    }
    list::more(ui, ui.rows.rows.len().saturating_sub(last), area, buffer);
    list::scrollbar(ui, ui.rows.rows.len(), ui.place().top, area, buffer);
}

fn draw_line(ui: &Ui, product: &Product, planned: &Planned, line: &Line, area: Rect, buffer: &mut Paint) {
    let columns = usize::from(area.width);
    match line {
        Line::Row(at) => draw_row(ui, product, planned, *at, area, buffer),
        Line::Capacity(capacity) if ui.theme.bare => {
            buffer.write(area, format!("here capacity {capacity} is reached"), columns, ui.theme.quiet());
        }
        Line::Capacity(capacity) => {
            let dash = ui.theme.glyph("─", "-");
            let head = format!(" {} capacity {capacity} ", times(dash, 4));
            let rest = times(dash, columns.saturating_sub(width(&head).saturating_add(1)));
            buffer.write(area, format!("{head}{rest}"), columns, ui.theme.strong());
            buffer.zone(area, Zone::Command("set.capacity"));
        }
        Line::NotReady(words) | Line::Note(words) => {
            buffer.write(area.past(1), words, columns.saturating_sub(1), ui.theme.quiet());
        }
        Line::Blank => {}
        Line::Add => {
            if let Some((line, layer)) = list::adding_after(ui) {
                list::draw_add_line(ui, line, layer, &times(" ", place_columns(ui).saturating_add(4)), area, buffer);
            }
        }
    }
}

fn place_columns(ui: &Ui) -> usize {
    ui.rows.rows.len().max(10).to_string().len().saturating_add(1)
}

/// The right part of a row, in columns that the heading shares.
fn tail(ui: &Ui, columns: usize, mark: &str, points: &str, sum: &str, why: &str) -> String {
    let marks = if ui.theme.bare { 10 } else { 1 };
    let last = last_columns(ui, columns);
    let why = if last == LAST { format!("{sum:>5} {why:<5}") } else { format!("{sum:>5}") };
    format!("{mark:>marks$} {points:>4} {why:<last$}")
}

/// The last column at its widest: the sum and what a story serves, or what it lacks.
const LAST: usize = 11;

/// The last column gives way to the titles.
fn last_columns(ui: &Ui, columns: usize) -> usize {
    match columns {
        ..50 => 5,
        _ if list::has_room_for(ui, LAST.saturating_sub(LACKS), columns) => LAST,
        _ => LACKS,
    }
}

/// Room for most of what a story lacks.
const LACKS: usize = 9;

fn row_needs(ui: &Ui, product: &Product, row: &ListRow) -> usize {
    let Some(item) = product.items().at(row.slot).filter(|item| item.id == row.id) else { return 0 };
    let line = list::RowText::new(&format!("S{}", item.number), &item.title, "");
    let tail = 7usize.saturating_add(LACKS);
    list::needed(ui, row, &line).saturating_add(tail).saturating_add(place_columns(ui))
}

fn heading(ui: &Ui, area: Rect, buffer: &mut Paint) {
    let columns = usize::from(area.width);
    let before = if ui.theme.bare { 9 } else { 4 };
    let head = format!("{}{:>2$} ", times(" ", before), "#", place_columns(ui).saturating_sub(1));
    let line = list::RowText {
        title: "story".into(),
        tail: tail(ui, columns, "", "pts", "sum", "for"),
        ..list::RowText::default()
    };
    let text = list::composed(&format!("{head} "), &line, "", columns);
    buffer.write(area, cut(&text, columns), columns, ui.theme.quiet());
}

fn draw_row(ui: &Ui, product: &Product, planned: &Planned, at: usize, area: Rect, buffer: &mut Paint) {
    let Some(row) = ui.rows.rows.get(at) else { return };
    let item = product.items().at(row.slot).filter(|item| item.id == row.id);
    let (Some(one), Some(item)) = (planned.at(at, row.id), item) else { return };
    let columns = usize::from(area.width);
    let chosen = ui.place().at == at && ui.place().chosen == Some(row.id);
    let pointer = if chosen { ui.theme.pointer() } else { " " };
    let in_span = ui.span().is_some_and(|span| span.contains(&at));
    let box_ = match (ui.theme.bare, one.selected) {
        (true, true) => format!("{:<7}{pointer} ", "in"),
        (true, false) => format!("{:<7}{pointer} ", ""),
        (false, _) if in_span => format!("[v]{pointer}"),
        (false, true) => format!("[{}]{pointer}", ui.theme.tick()),
        (false, false) => format!("[ ]{pointer}"),
    };
    let ready = one.lacks.is_empty();
    let place = if ready { at.saturating_add(1).to_string() } else { "-".to_string() };
    let mut head = format!("{box_}{place:>0$} ", place_columns(ui).saturating_sub(1));
    let carried = list::carried(ui, row);
    if carried {
        head = head.replacen(' ', ui.theme.glyph("⇅", "^"), 1);
    }
    let points = one.points.map_or_else(|| "?".to_string(), |points| points.to_string());
    let mark = if concerns(product, item, planned.sprint.unwrap_or_default(), planned.plan.capacity).is_empty() {
        ui.mark(item.id, is_suspect(product, item))
    } else if is_suspect(product, item) {
        ui.mark(item.id, true)
    } else {
        ui.theme.state(ui.theme.glyph("△", "*"), "look twice")
    };
    let tail = if ready {
        // While rows are being carried, the sums would be out of date.
        let carrying = ui.top().is_some_and(|top| top.is_carrying());
        let sum = if carrying { String::new() } else { one.sum.to_string() };
        let why = item.serves.map(|id| product.name_of(id)).unwrap_or_default();
        tail(ui, columns, mark, &points, &sum, &why)
    } else {
        let wide = last_columns(ui, columns);
        let lacks = lacks(ui, one, columns >= 50, wide);
        let marks = if ui.theme.bare { 10 } else { 1 };
        format!("{mark:>marks$} {points:>4} {}", if ui.theme.bare { lacks } else { fit(&lacks, wide) })
    };
    let style = list::row_style(ui, chosen, Focus::List);
    let style = if carried { ui.theme.chosen() } else { style };
    let style = if one.selected { style.patch(ui.theme.strong()) } else { style };
    let style = if ui.dropping == Some(row.id) { style.add_modifier(Modifier::UNDERLINED) } else { style };
    let line = list::RowText::new(&format!("S{}", item.number), &item.title, &tail);
    let text = list::composed(&head, &line, &list::note(ui, product, row), columns);
    buffer.write(area, cut(&text, columns), columns, style);
    buffer.zone(area, Zone::Row(at));
    buffer.zone(Rect { width: 3.min(area.width), ..area }, Zone::Tick(at));
}

/// What a story lacks: one thing by name, several as a count; all of them for a screen reader.
fn lacks(ui: &Ui, one: &Candidate, is_wide: bool, room: usize) -> String {
    match one.lacks.as_slice() {
        all if ui.theme.bare => all.iter().map(|lack| lack.word()).collect::<Vec<_>>().join(", "),
        [only] if is_wide && width(only.word()) <= room => only.word().to_string(),
        many if is_wide && many.len() > 1 => format!("{} missing", many.len()),
        many => many.first().map_or("", |first| first.short()).to_string(),
    }
}

/// The selected story.
fn story<'a>(ui: &Ui, product: &'a Product) -> Option<&'a Arc<BacklogItem>> {
    product.items().get(ui.chosen_row()?.id)
}

fn why(ui: &Ui, product: &Product) -> Vec<PaneRow> {
    let Some(planned) = planned(ui) else { return Vec::new() };
    let mut out = Vec::new();
    match shown(ui, product) {
        Some(sprint) => {
            let field = |key: &str| Kind::Sprint.field(key).map(|field| PaneRow::Field { record: sprint.id, field });
            out.extend(field("goal"));
            if sprint.goal.trim().is_empty() {
                out.push(PaneRow::Note(
                    "No Sprint Goal yet: why is it worth doing? {sprint.goal} writes it.".to_string(),
                ));
            }
            out.extend(field("serves"));
            out.extend(figures::serves(product, planned).map(PaneRow::Text));
            if !can_have(ui, Kind::Sprint) {
                let owner = owner_name(product, Owner::How);
                out.push(PaneRow::Note(format!("Goal and plan belong to {owner}.")));
            }
        }
        None if can_have(ui, Kind::Sprint) => out.push(PaneRow::Note(
            "No sprint is in planning. The first story that goes in makes one; {sprint.new} makes an empty one."
                .to_string(),
        )),
        None => out.push(PaneRow::Note(format!(
            "No sprint is in planning. {} creates it; {{sprint.new}} proposes one.",
            capital(&owner_name(product, Owner::How))
        ))),
    }
    if let Some(item) = story(ui, product) {
        out.extend(why_of_story(ui, product, item));
    }
    out
}

fn how(ui: &Ui, product: &Product) -> Vec<PaneRow> {
    let Some(planned) = planned(ui) else { return Vec::new() };
    let of_sprint = |out: &mut Vec<PaneRow>| {
        let Some(sprint) = shown(ui, product) else { return };
        out.push(PaneRow::Heading(format!("Sprint {}", sprint.number)));
        let mut fields = fields_of(product, Kind::Sprint, sprint.id, Owner::How);
        // The goal and what it serves are on the other side.
        fields.retain(|row| {
            !row.field().is_some_and(|(_, field)| matches!(field.key, "goal" | "serves") || !field.actions.is_empty())
        });
        out.append(&mut fields);
    };
    let mut out = Vec::new();
    if has_side(ui) {
        of_story(ui, product, planned, &mut out);
        of_sprint(&mut out);
    } else {
        out.extend(figures::sentences(ui, product, planned));
        of_sprint(&mut out);
        of_story(ui, product, planned, &mut out);
    }
    out
}

fn of_story(ui: &Ui, product: &Product, planned: &Planned, out: &mut Vec<PaneRow>) {
    let Some(item) = story(ui, product) else { return };
    if !has_side(ui) {
        out.push(PaneRow::Heading(format!("S{} {}", item.number, &*item.title)));
    }
    if let Some(one) = planned.of(item.id).filter(|one| !one.lacks.is_empty()) {
        let words: Vec<&str> = one.lacks.iter().map(|lack| lack.word()).collect();
        out.push(PaneRow::Note(format!("Not ready: {}. It can be planned all the same.", words.join(", "))));
    }
    let concerns = concerns(product, item, planned.sprint.unwrap_or_default(), planned.plan.capacity);
    out.extend(concerns.into_iter().map(|word| PaneRow::Warning(format!("{} {word}", ui.theme.glyph("△", "*")))));
    let mut fields = fields_of(product, Kind::BacklogItem, item.id, Owner::How);
    // The box of its row says whether it is in.
    fields.retain(|row| row.field().is_none_or(|(_, field)| field.key != "sprint"));
    out.append(&mut fields);
}

fn pane_title(ui: &Ui, product: &Product, focus: Focus) -> String {
    match (focus, shown(ui, product)) {
        (Focus::Why, Some(_)) => "the goal".to_string(),
        (Focus::Why, None) => record_title(ui, product, focus),
        (_, Some(sprint)) if !has_side(ui) => format!("sprint {}", sprint.number),
        _ => record_title(ui, product, focus),
    }
}

fn status(ui: &Ui, product: &Product) -> String {
    let Some(planned) = planned(ui) else { return String::new() };
    let mut parts = Vec::new();
    match shown(ui, product) {
        Some(sprint) => {
            parts.push(format!("Sprint {}", sprint.number));
            parts.push(count(planned.plan.selected.stories, "story", "stories"));
            parts.push(fits(&planned.plan));
            parts.extend(span(sprint, ui.today));
        }
        None if nothing_left(product, planned).is_some() => {
            parts.push("No sprint in planning, and no story is left to plan".to_string())
        }
        None if can_have(ui, Kind::Sprint) => parts.push("No sprint in planning, {tick} makes one".to_string()),
        None => parts.push("No sprint in planning, {sprint.new} proposes one".to_string()),
    }
    parts.join(" · ")
}
