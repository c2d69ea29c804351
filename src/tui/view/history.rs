//! View 9: every change, newest first: who, when, which half, before and after, the consequences.

use crate::actions::Context;
use crate::insight::describe_change;
use crate::insight::describe_change::{ChangeText, half, set_off, told};
use crate::insight::views;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::store::journal::LoggedStep;
use crate::tui::commands::find;
use crate::tui::state::contract::{Commit, HistoryWanted, ListForm, Outcome, Screen, Verb, always};
use crate::tui::state::filter::Filter;
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::{ListRow, Rows, Ui};
use crate::tui::term::layout::{Arrangement, Focus, Part};
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{clean, thousands};
use crate::tui::widget::list;
use chrono::NaiveDate;
use ratatui::layout::Rect;
use std::sync::Arc;

pub const SCREEN: Screen = Screen {
    form: |_| ListForm { arrangement: Arrangement::Beside { columns: 62 }, row_height: 1, heading: 0 },
    enters: Focus::Why,
    turns: &["all", "only what the change is about"],
    verbs: &[
        Verb { name: "confirm", ready: may_bring_back, run: |ui, product, _| bring_back(ui, product) },
        Verb { name: "turn", ready: always, run: turn },
    ],
    filters: |filter| matches!(filter, Filter::Mine | Filter::Why | Filter::How),
    history: |_| HistoryWanted::Whole,
    rows: |ui, product| rows(ui, product),
    draw,
    row_needs: |ui, _, row| list::needed(ui, row, &line(ui, 0, row, 0)),
    why: |ui, product| halves(ui, product, Focus::Why),
    how: |ui, product| halves(ui, product, Focus::How),
    pane_title,
    status,
    empty: "Nothing has changed yet. Every change will be listed here, with who made it and when.",
    ..Screen::of(&views::HISTORY)
};

fn rows(ui: &Ui, product: &Product) -> Rows {
    let mut out = Rows::default();
    let only = only(ui);
    let (words, exact) = crate::insight::find::words(ui.place().find.trim());
    for (nth, entry) in ui.past.iter().enumerate().rev() {
        let about = only.is_none_or(|id| entry.step.changes.iter().any(|change| change.id == id));
        let found = words.is_empty() || {
            let text = format!("{} {}", entry.by, entry.step.label);
            let text = if exact { text } else { text.to_lowercase() };
            words.iter().all(|word| text.contains(word))
        };
        if about && found && ui.place().filters.iter().all(|filter| passes(ui, product, filter, entry)) {
            out.rows.push(ListRow::other(entry.id, nth));
        } else {
            out.narrowed = out.narrowed.saturating_add(1);
        }
    }
    out
}

fn passes(ui: &Ui, _: &Product, filter: &Filter, entry: &LoggedStep) -> bool {
    match filter {
        Filter::Mine => entry.by == ui.by,
        Filter::Why => half(&entry.step) == Owner::Why,
        Filter::How => half(&entry.step) == Owner::How,
        _ => true,
    }
}

/// The record that the history is narrowed to.
struct Only(Option<Id>);

fn only(ui: &Ui) -> Option<Id> {
    ui.slots.get::<Only>().and_then(|only| only.0).filter(|_| ui.place().is_turned())
}

/// Turns to what the selected change is about, and back to all.
fn turn(ui: &mut Ui, product: &Product, context: &mut Context) -> Outcome {
    let about = chosen(ui).and_then(|entry| entry.step.changes.first()).map(|change| change.id);
    ui.slots.choose(Only(about));
    find::turn(ui, product, context)
}

/// Only the owner of what would be restored may restore it.
fn may_bring_back(ui: &Ui, product: &Product) -> Result<(), NotReady> {
    let entry = chosen(ui).ok_or("nothing is selected")?;
    let step = describe_change::bring_back(product, &entry.step).step;
    crate::model::proposed::permit_on(product, ui.role, &step).map_err(NotReady::from)
}

/// Takes one act back, as a new change.
fn bring_back(ui: &Ui, product: &Product) -> Outcome {
    let Some(entry) = chosen(ui) else { return Outcome::Nothing };
    if entry.fence {
        return Outcome::say(
            "Later work builds on it, so it is not taken back here: reopen the sprint, or ratify again.",
        );
    }
    let back = describe_change::bring_back(product, &entry.step);
    let named = |all: &[String]| crate::tui::term::text::cut(&clean(&all.join(", ")), 60).into_owned();
    let left = match back.left.as_slice() {
        [] => String::new(),
        all => format!(" Changed again since, so left as it is: {}.", named(all)),
    };
    let over = match back.over.as_slice() {
        [] => String::new(),
        all => format!(" What was written there later went too: {}.", named(all)),
    };
    let step = back.step;
    if step.is_empty() {
        let word = if left.is_empty() { "There is nothing left of it to take back.".to_string() } else { left };
        return Outcome::say(word.trim_start());
    }
    let say = Some(format!("{}.{left}{over} {{undo}} does it again.", step.label).into());
    Outcome::Commit(Commit { say, ..Commit::new(step) })
}

/// The entry under the cursor.
pub fn chosen(ui: &Ui) -> Option<&Arc<LoggedStep>> {
    let row = ui.row_at_cursor()?;
    ui.past.get(row.slot as usize).filter(|entry| entry.id == row.id)
}

fn draw(ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
    let label = match only(ui) {
        Some(id) => format!("only {} · {{turn}} all", product.name_of(id)),
        None => "all".to_string(),
    };
    let inner = list::frame(ui, product, "HISTORY", &label, area, buffer);
    if ui.past_is_coming && ui.rows.rows.is_empty() {
        let columns = usize::from(inner.width.saturating_sub(2));
        buffer.write(inner.past(1), "The history is being read.", columns, ui.theme.quiet());
        return;
    }
    list::draw_rows(ui, product, inner, buffer, &|at, row, columns| line(ui, at, row, columns));
}

fn line(ui: &Ui, at: usize, row: &ListRow, columns: usize) -> list::RowText {
    let Some(entry) = ui.past.get(row.slot as usize) else { return list::RowText::default() };
    let date = entry.time.0.date_naive();
    // The day is shown where it begins, and in the first row shown.
    let above = at.checked_sub(1).filter(|_| at > ui.place().top);
    let above = above.and_then(|at| ui.rows.rows.get(at)).and_then(|one| ui.past.get(one.slot as usize));
    let begins = above.is_none_or(|above| above.time.0.date_naive() != date);
    let day = if begins { day_word(date, ui.today.0) } else { String::new() };
    let by = if columns >= 60 && list::has_room_for(ui, 2, columns) { 8 } else { 6 };
    let by = crate::tui::term::text::fit(&clean(&entry.by), by);
    list::RowText {
        number: format!("{day:<9} {} {by}", entry.time.0.format("%H:%M")),
        title: entry.told(),
        tail: half_word(half(&entry.step)).to_string(),
    }
}

fn half_word(owner: Owner) -> &'static str {
    match owner {
        Owner::Why => "WHY",
        Owner::How => "HOW",
        _ => "   ",
    }
}

/// `today`, `yesterday`, `20 Nov`, and with the year if it differs.
pub fn day_word(date: NaiveDate, today: NaiveDate) -> String {
    use chrono::Datelike;
    match today.signed_duration_since(date).num_days() {
        0 => "today".to_string(),
        1 => "yesterday".to_string(),
        _ if date.year() == today.year() => date.format("%-d %b").to_string(),
        _ => date.format("%-d %b %y").to_string(),
    }
}

/// The fields of one half before and after; below the how, what the change set off.
fn halves(ui: &Ui, product: &Product, focus: Focus) -> Vec<PaneRow> {
    let Some(entry) = chosen(ui) else { return Vec::new() };
    let of_half = |one: &ChangeText| (one.owner == Owner::How) == (focus == Focus::How);
    let all: Vec<ChangeText> = told(product, &entry.step).into_iter().filter(of_half).collect();
    let mut out = Vec::new();
    if focus == Focus::Why {
        // The list may have no room for all of it.
        out.extend([PaneRow::Text(clean(&entry.step.label).into_owned()), PaneRow::Note(who(ui, entry))]);
    }
    for one in all.iter().take(MOST) {
        out.push(PaneRow::Heading(one.what.clone()));
        let shown = |text: &str| if text.trim().is_empty() { "nothing".to_string() } else { text.to_string() };
        out.push(PaneRow::Note(format!("- {}", shown(&one.from))));
        out.push(PaneRow::Text(format!("+ {}", shown(&one.to))));
    }
    if all.len() > MOST {
        out.push(PaneRow::Note(format!("and {} more.", thousands(all.len().saturating_sub(MOST)))));
    }
    if all.is_empty() {
        let half = if focus == Focus::How { "how" } else { "why" };
        out.push(PaneRow::Note(format!("Nothing was changed on the {half} side.")));
    }
    if focus == Focus::How {
        out.extend(consequences(product, entry));
    }
    out
}

/// A pane lists this many changed fields; an import may have changed thousands.
const MOST: usize = 40;

fn who(ui: &Ui, entry: &LoggedStep) -> String {
    let day = day_word(entry.time.0.date_naive(), ui.today.0);
    format!("{} as {}, {day} {}", clean(&entry.by), entry.role.label(), entry.time.0.format("%H:%M"))
}

fn consequences(product: &Product, entry: &LoggedStep) -> Vec<PaneRow> {
    let mut out = Vec::new();
    let asks = set_off(product, &entry.step);
    if !asks.is_empty() {
        out.push(PaneRow::Heading("What it led to".to_string()));
        out.extend(asks.iter().take(MOST).map(|id| {
            let title = product.find(*id).map(|record| record.title()).unwrap_or_default();
            PaneRow::Link { id: *id, text: format!("! {} {title} asks for another look", product.name_of(*id)) }
        }));
    }
    let mut ids: Vec<_> = entry.step.changes.iter().map(|change| change.id).collect();
    ids.dedup();
    let alive = ids.iter().filter_map(|id| product.find(*id)).filter(|record| record.is_alive());
    let links: Vec<PaneRow> = alive
        .take(8)
        .map(|record| PaneRow::Link { id: record.id(), text: format!("{} {}", record.name(), record.title()) })
        .collect();
    if !links.is_empty() {
        out.push(PaneRow::Heading("What it is about".to_string()));
        out.extend(links);
    }
    out.push(PaneRow::Note(match entry.fence {
        true => {
            "Later work builds on it, so it is not taken back here: reopen the sprint, or ratify again.".to_string()
        }
        false => {
            "{confirm} takes this one act back, as a new change; what came later stays. Nothing ever leaves this list."
                .to_string()
        }
    }));
    out
}

fn pane_title(ui: &Ui, _: &Product, focus: Focus) -> String {
    match (focus, chosen(ui)) {
        (_, None) => String::new(),
        (Focus::How, _) => "what it changed and led to".to_string(),
        _ => "before and after".to_string(),
    }
}

fn status(ui: &Ui, _: &Product) -> String {
    let since = ui.past.first().map(|entry| day_word(entry.time.0.date_naive(), ui.today.0));
    let all = ui.past.len();
    let mut parts = vec![match since {
        Some(since) if since == "today" => {
            format!("{} {} today", thousands(all), if all == 1 { "change" } else { "changes" })
        }
        Some(since) => format!("{} {} since {since}", thousands(all), if all == 1 { "change" } else { "changes" }),
        None if ui.past_is_coming => "The history is being read".to_string(),
        None => "No changes yet".to_string(),
    }];
    if ui.past_is_coming && all > 0 {
        parts.push("older ones are being read".to_string());
    }
    parts.push("{undo} undoes your latest change".to_string());
    parts.join(" · ")
}
