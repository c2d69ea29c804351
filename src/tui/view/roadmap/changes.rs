//! View 2, turned twice: what has changed on the roadmap since it was ratified, since the last review or since a day:
//! reading for the ten minutes before a sprint review.

use crate::insight::roadmap_diff::{Act, Moved, Side, asking as stories_asking, moved};
use crate::insight::trace::asks_again;
use crate::insight::window::{Since, begin};
use crate::model::grammar::capital;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::schema::{Kind, RoadmapItem};
use crate::model::value::Day;
use crate::store::journal::LoggedStep;
use crate::tui::state::access::{can_have, owner_name};
use crate::tui::state::filter::Filter;
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::{ListRow, Rows, Ui};
use crate::tui::term::layout::{Focus, Part};
use crate::tui::term::paint::Paint;
use crate::tui::term::text::{clean, fit, width, wrap};
use crate::tui::view::history::day_word;
use crate::tui::view::outlook::{forecast, outlook_rows};
use crate::tui::widget::fields::fields_of;
use crate::tui::widget::list;
use ratatui::layout::Rect;
use std::sync::Arc;

/// Its place among the layouts of the roadmap.
pub const CHANGES: usize = 2;

pub fn is_shown(ui: &Ui) -> bool {
    ui.screen().name == "roadmap" && ui.place().turn == CHANGES
}

/// Since when changes are shown: the last ratification, unless another time was chosen.
pub fn since(ui: &Ui) -> Since {
    let chosen = ui.place().filters.iter().find_map(|filter| match filter {
        Filter::Since(since) => Some(*since),
        _ => None,
    });
    chosen.unwrap_or_default()
}

/// What has changed on the roadmap, and since when, in words.
struct Known {
    of: (u64, Day, (usize, Option<Id>), Since),
    moved: Vec<Moved>,
    since: String,
}

/// Computes what has changed, if that is shown.
pub fn refresh(ui: &mut Ui, product: &Product) {
    let since = since(ui);
    let of = (product.rev(), ui.today, ui.past_key(), since);
    if !is_shown(ui) || ui.slots.get::<Known>().is_some_and(|known| known.of == of) {
        return;
    }
    let acts = || ui.past.iter().map(act);
    let begin = begin(product, since, acts().rev(), ui.today);
    let inside = acts().filter(|act| begin.holds(act.at));
    let all = moved(product, inside, &begin.forecast, forecast(ui), ui.today);
    ui.slots.put(Known { of, moved: all, since: begin.words });
}

fn act(entry: &Arc<LoggedStep>) -> Act<'_> {
    Act { step: &entry.step, at: entry.time, by: &entry.by }
}

/// What has changed, as last computed.
pub fn moved_now(ui: &Ui) -> &[Moved] {
    ui.slots.get::<Known>().map_or(&[], |known| &known.moved)
}

fn since_words(ui: &Ui) -> &str {
    ui.slots.get::<Known>().map_or("", |known| &known.since)
}

/// One row per change, about its roadmap item.
pub fn rows(ui: &Ui, product: &Product) -> Rows {
    let row = |(nth, one): (usize, &Moved)| {
        let kind = product.find(one.item).filter(|record| record.is_alive()).map(|record| record.kind());
        ListRow { kind, ..ListRow::other(one.item, nth) }
    };
    let mut out = Rows { rows: moved_now(ui).iter().enumerate().map(row).collect(), ..Rows::default() };
    list::narrow(ui, product, &mut out);
    out
}

fn of_row<'a>(ui: &'a Ui, row: &ListRow) -> Option<&'a Moved> {
    moved_now(ui).get(row.slot as usize).filter(|one| one.item == row.id)
}

/// The change under the cursor.
fn chosen(ui: &Ui) -> Option<&Moved> {
    of_row(ui, &ui.row_at_cursor()?)
}

pub fn draw(ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
    let since = format!("since {}", since_words(ui));
    let label = match usize::from(area.width).checked_sub(width(&since)) {
        Some(29..) => format!("{since} · {{turn}} columns"),
        Some(16..) => since,
        _ => "changes".to_string(),
    };
    let inner = list::frame(ui, product, "CHANGES", &label, area, buffer);
    if ui.rows.rows.is_empty() && ui.place().find.trim().is_empty() {
        let words = match ui.past_is_coming {
            true => "The history is being read.".to_string(),
            false => format!(
                "Nothing has changed since {}. {{since.review}} or {{since.day}} look further back.",
                since_words(ui)
            ),
        };
        let columns = usize::from(inner.width.saturating_sub(2));
        for (y, line) in wrap(&ui.keymap.fill(&words), columns, usize::from(inner.height)).iter().enumerate() {
            buffer.write(inner.row(y).past(1), line, columns, ui.theme.quiet());
        }
        return;
    }
    list::draw_rows(ui, product, inner, buffer, &|_, row, columns| line(ui, product, row, columns));
}

pub fn needed(ui: &Ui, product: &Product, row: &ListRow) -> usize {
    list::needed(ui, row, &line(ui, product, row, 0))
}

fn line(ui: &Ui, product: &Product, row: &ListRow, columns: usize) -> list::RowText {
    let Some(one) = of_row(ui, row) else { return list::RowText::default() };
    let who = match &one.by {
        Some((by, at)) if columns >= 60 && list::has_room_for(ui, 8, columns) => {
            let day = day_word(at.0.date_naive(), ui.today.0);
            format!("{} {day:<9}", fit(&clean(by), 7))
        }
        Some((_, at)) => format!("{:<9}", day_word(at.0.date_naive(), ui.today.0)),
        None if columns >= 60 && list::has_room_for(ui, 8, columns) => format!("{:<17}", "computed"),
        None => format!("{:<9}", "computed"),
    };
    let asks = match one.asks.len() {
        0 => "  ".to_string(),
        many => format!("!{}", many.min(9)),
    };
    list::RowText {
        number: format!("{:<4} {}", one.side.word(), fit(&product.name_of(one.item), 3)),
        title: one.what.clone(),
        tail: format!("{asks} {who}"),
    }
}

/// What C confirms here: the item itself, and the stories under it that were agreed before its why.
pub fn asking(ui: &Ui, product: &Product) -> Vec<Id> {
    let Some(one) = chosen(ui) else { return Vec::new() };
    let mut out = Vec::new();
    let own = product.get::<RoadmapItem>(one.item).is_some_and(|item| !asks_again(product, &**item).is_empty());
    if own && can_have(ui, Kind::RoadmapItem) {
        out.push(one.item);
    }
    if can_have(ui, Kind::BacklogItem) {
        out.extend(stories_asking(product, one.item));
    }
    if out.is_empty() { vec![one.item] } else { out }
}

fn before_after(one: &Moved) -> Vec<PaneRow> {
    if one.from.trim().is_empty() && one.to.trim().is_empty() {
        return vec![PaneRow::Heading(one.what.clone())];
    }
    let shown = |text: &str| if text.trim().is_empty() { "nothing".to_string() } else { text.to_string() };
    vec![
        PaneRow::Heading(one.what.clone()),
        PaneRow::Note(format!("- {}", shown(&one.from))),
        PaneRow::Text(format!("+ {}", shown(&one.to))),
    ]
}

/// Who changed it, and when.
fn who(ui: &Ui, one: &Moved) -> PaneRow {
    PaneRow::Note(match &one.by {
        Some((by, at)) => {
            let day = day_word(at.0.date_naive(), ui.today.0);
            format!("{}, {day} {}", clean(by), at.0.format("%H:%M"))
        }
        None => "Computed from the backlog and the sprints; nobody typed it.".to_string(),
    })
}

/// Before and after of the why; for another change, the current why.
pub fn why(ui: &Ui, product: &Product) -> Vec<PaneRow> {
    let Some(one) = chosen(ui) else { return Vec::new() };
    let mut out = Vec::new();
    if one.side == Side::Why {
        out.extend(before_after(one));
        out.push(who(ui, one));
    } else {
        let moved = moved_now(ui).iter().filter(|other| other.item == one.item && other.side == Side::Why).count();
        out.push(PaneRow::Note(match moved {
            0 => "Its why has not changed.".to_string(),
            1 => "Its why changed too: see its WHY row.".to_string(),
            many => format!("Its why changed too: see its {many} WHY rows."),
        }));
    }
    out.extend(fields_of(product, Kind::RoadmapItem, one.item, Owner::Why));
    out
}

/// What a change of the why affects; before and after of the how; a date with its reasons.
pub fn how(ui: &Ui, product: &Product) -> Vec<PaneRow> {
    let Some(one) = chosen(ui) else { return Vec::new() };
    let link = |(id, words): &(Id, String)| {
        let title = product.find(*id).map(|record| record.title()).unwrap_or_default();
        PaneRow::Link { id: *id, text: format!("{} {words}  {title}", product.name_of(*id)) }
    };
    match one.side {
        Side::Why if one.asks.is_empty() => vec![PaneRow::Note("No story asks for another look.".to_string())],
        Side::Why => {
            let mut out = vec![PaneRow::Heading("Agreed before this why".to_string())];
            out.extend(one.asks.iter().map(|id| link(&(*id, "!".to_string()))));
            out.push(PaneRow::Note(match can_have(ui, Kind::BacklogItem) {
                true => "{confirm} says that they still fit.".to_string(),
                false => format!("{} says whether they still fit.", capital(&owner_name(product, Owner::How))),
            }));
            out
        }
        Side::How => {
            let mut out = before_after(one);
            out.extend(one.stories.iter().map(link));
            out.push(who(ui, one));
            out
        }
        Side::Date => {
            let mut out = before_after(one);
            out.extend(outlook_rows(ui, product, one.item));
            out.push(who(ui, one));
            out
        }
    }
}

pub fn pane_title(ui: &Ui, product: &Product, focus: Focus) -> String {
    let Some(one) = chosen(ui) else { return String::new() };
    let name = product.name_of(one.item);
    match (focus, one.side) {
        (Focus::How, Side::Why) => format!("{name} what it touched"),
        (Focus::How, Side::How) => format!("{name} before and after"),
        (Focus::How, Side::Date) => format!("{name} forecast"),
        (_, Side::Why) => format!("{name} before and after"),
        _ => format!("{name} as it stands"),
    }
}

pub fn status(ui: &Ui, _: &Product) -> String {
    let many = moved_now(ui).len();
    let word = if many == 1 { "change" } else { "changes" };
    format!("{many} {word} since {} · {{since.review}} last review · {{since.day}} a day", since_words(ui))
}

/// The list as Markdown, for copying.
pub fn page(ui: &Ui, product: &Product) -> String {
    crate::export::markdown::changes::changes(product, since_words(ui), moved_now(ui))
}
