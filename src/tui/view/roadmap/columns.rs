//! The roadmap in three columns, and the panes of an item.

use crate::insight::echo::echo;
use crate::insight::outlook::{promise, promise_line, short};
use crate::insight::sprint::Unit;
use crate::insight::text::{ShareDone, progress, size_and_state};
use crate::insight::trace::asks_again;
use crate::model::grammar::capital;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::saturating::split_from;
use crate::model::schema::{Feedback, Horizon, Kind, RoadmapItem, RoadmapResult};
use crate::tui::state::contract::ListLine;
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::{HORIZONS, ListRow, Rows, Ui};
use crate::tui::term::layout::{Arrangement, Focus, Part, areas, extent, side_by_side};
use crate::tui::term::paint::{Paint, Zone};
use crate::tui::term::text::{clean, cut, fit, hung, thousands, width, wrap, wrap_or_cut};
use crate::tui::view::outlook;
use crate::tui::widget::changed_why::changed_whys;
use crate::tui::widget::fields::{confirmed_notes_of, decisions_of, extra_of, fields_of, voices_of};
use crate::tui::widget::list;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

/// The lines of a card in the fullest column, by which the list scrolls.
pub fn card_height(ui: &Ui) -> usize {
    let alone = ui.zoom || ui.settings.accessible;
    let list =
        areas(ui.window, Arrangement::Above, ui.focus(), alone, ui.place().share, 0).and_then(|areas| areas.list);
    let height = list.map_or(0, |area| usize::from(area.height.saturating_sub(2)));
    let most = ui.rows.columns.iter().map(ExactSizeIterator::len).max().unwrap_or(0).max(1);
    high(height, most)
}

/// The lines of a card: two at least, and as many more as there is room for.
fn high(height: usize, cards: usize) -> usize {
    height.checked_div(cards).unwrap_or_default().clamp(2, TALLEST)
}

/// Two lines of title, progress, and what was promised to whom, which may take four in a narrow column.
const TALLEST: usize = 7;

/// The items in their columns.
pub fn columned(ui: &Ui, product: &Product) -> Rows {
    let mut out = Rows::default();
    for horizon in HORIZONS {
        let begin = out.rows.len();
        for item in product.all::<RoadmapItem>().filter(|item| item.horizon == horizon) {
            let open = matches!(item.result, RoadmapResult::Open | RoadmapResult::Launched);
            if open || ui.place().closed {
                out.rows.push(ListRow::of(product, Kind::RoadmapItem, item.id, 0));
            } else {
                out.hidden = out.hidden.saturating_add(1);
            }
        }
        let mut column = Rows { rows: split_from(&mut out.rows, begin), ..Rows::default() };
        list::narrow(ui, product, &mut column);
        out.hidden = out.hidden.saturating_add(column.hidden);
        out.narrowed = out.narrowed.saturating_add(column.narrowed);
        out.rows.append(&mut column.rows);
        out.columns.push(begin..out.rows.len());
    }
    out
}

/// Whether only the present column fits.
pub fn is_one(ui: &Ui) -> bool {
    !ui.place().is_turned() && ui.areas().and_then(|areas| areas.list).unwrap_or(ui.window).width < ALL_COLUMNS
}

/// All columns fit from this width on.
const ALL_COLUMNS: u16 = 78;

/// The columns' places: side by side where each has room for a title, else the present one alone.
fn columns(ui: &Ui, area: Rect) -> Vec<(usize, Rect)> {
    if area.width < ALL_COLUMNS {
        return vec![(ui.place().column.min(2), area)];
    }
    let filled: Vec<bool> = ui.rows.columns.iter().map(|column| !column.is_empty()).collect();
    side_by_side(area, &filled, &vec![HEADING; filled.len()]).into_iter().enumerate().collect()
}

/// An empty column says what goes into it.
const HEADING: u16 = 16;

pub fn draw(ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
    let all = columns(ui, area);
    let alone = all.len() == 1;
    for (nth, area) in all {
        let Some(range) = ui.rows.columns.get(nth).cloned() else { continue };
        let horizon = HORIZONS.get(nth).copied().unwrap_or_default();
        let present = ui.place().column == nth;
        let note = match horizon {
            Horizon::Now => "being worked on, or next in line",
            Horizon::Next => "likely, not promised",
            Horizon::Later => "ideas with a reason",
        };
        let label = if alone { beside(ui, nth) } else { range.len().to_string() };
        let name = horizon.label().to_uppercase();
        // The note, or its first half, beside the count.
        let notes = [note, note.split(", ").next().unwrap_or_default()];
        let room = usize::from(area.width).saturating_sub(width(&label).saturating_add(BESIDE_TITLE));
        let title = notes.map(|note| format!("{name}  {note}")).into_iter().find(|title| width(title) <= room);
        let title = title.unwrap_or(name);
        buffer.zone(area, Zone::Column(nth));
        let inner = list::column_frame(ui, &title, &label, present, area, buffer);
        let top = if present { ui.place().top } else { 0 };
        draw_column(ui, product, range, top, present, inner, buffer);
    }
}

/// The corners, the pointer and the blanks around title and count in a border.
const BESIDE_TITLE: usize = 10;

/// How many are here, and in the hidden columns.
fn beside(ui: &Ui, nth: usize) -> String {
    let count = |at: usize| ui.rows.columns.get(at).map_or(0, std::ops::Range::len);
    let others = HORIZONS.iter().enumerate().filter(|(at, _)| *at != nth);
    let others: Vec<String> = others.map(|(at, one)| format!("{} {}", one.label(), count(at))).collect();
    format!("{} · {}", count(nth), others.join(" · "))
}

fn draw_column(
    ui: &Ui,
    product: &Product,
    range: std::ops::Range<usize>,
    top: usize,
    present: bool,
    area: Rect,
    buffer: &mut Paint,
) {
    let adding = list::adding_after(ui).filter(|_| present);
    if range.is_empty() && adding.is_none() {
        let words = match ui.place().column {
            // What has no reason yet does not begin in NOW.
            0 => "Items begin in NEXT ({add}); {horizon.sooner} there brings one here",
            _ => "{add} adds here",
        };
        let word = if present { ui.keymap.fill(words) } else { "".into() };
        let room = usize::from(area.width.saturating_sub(2));
        for (y, line) in wrap(&word, room, usize::from(area.height)).iter().enumerate() {
            buffer.write(area.row(y).past(1), line, room, ui.theme.quiet());
        }
        return;
    }
    let mut y = area.y;
    if let Some((line @ ListLine { below: None, .. }, layer)) = adding {
        y = list::draw_add_line(ui, line, layer, "", Rect { y, height: 1, ..area }, buffer);
    }
    let last = area.bottom();
    let high = high(usize::from(area.height), range.len());
    let columns = usize::from(area.width);
    let drawn = |at: usize, high: usize| {
        ui.rows.rows.get(at).map(|row| lines_of(ui, product, row, at, columns, high)).unwrap_or_default()
    };
    // Where all cards are in sight, the short ones leave their lines to the others.
    let is_whole = top == 0 && high.saturating_mul(range.len()) <= usize::from(area.height);
    let heights = if is_whole {
        let needs: Vec<usize> = range.clone().map(|at| drawn(at, TALLEST).len().saturating_add(1)).collect();
        shared_out(&needs, high, usize::from(area.height))
    } else {
        vec![high; range.len()]
    };
    for (at, tall) in range.clone().zip(heights).skip(top) {
        let Some(row) = ui.rows.rows.get(at) else { break };
        if y >= last {
            break;
        }
        // The last line of a card may be the blank before the next one.
        let room = extent(tall.min(TALLEST)).min(last.saturating_sub(y));
        draw_card(ui, row, at, &drawn(at, usize::from(room)), Rect { y, height: room, ..area }, buffer);
        y = y.saturating_add(extent(tall));
        if let Some((line, layer)) = adding
            && line.below == Some(row.id)
            && y < last
        {
            y = list::draw_add_line(ui, line, layer, "", Rect { y, height: 1, ..area }, buffer);
        }
    }
    let high = extent(high);
    let shown = usize::from(area.height.checked_div(high).unwrap_or_default());
    list::more(ui, range.len().saturating_sub(top.saturating_add(shown)), area, buffer);
}

/// The height of each card: what it needs up to its equal share, and then what the others leave, from the top.
fn shared_out(needs: &[usize], share: usize, height: usize) -> Vec<usize> {
    let mut out: Vec<usize> = needs.iter().map(|need| (*need).min(share)).collect();
    let mut spare = height.saturating_sub(out.iter().fold(0, |sum, one| sum.saturating_add(*one)));
    for (tall, need) in out.iter_mut().zip(needs) {
        let more = need.saturating_sub(*tall).min(spare);
        *tall = tall.saturating_add(more);
        spare = spare.saturating_sub(more);
    }
    out
}

/// Draws the lines of a card.
fn draw_card(ui: &Ui, row: &ListRow, at: usize, lines: &[(String, Style)], area: Rect, buffer: &mut Paint) {
    let columns = usize::from(area.width);
    if ui.place().chosen == Some(row.id) && ui.place().at == at && ui.focus() == Focus::List {
        buffer.cursor(area.x.saturating_add(1), area.y);
    }
    buffer.zone(area, Zone::Row(at));
    for (y, (text, style)) in lines.iter().take(usize::from(area.height)).enumerate() {
        buffer.write(area.row(y), cut(text, columns), columns, *style);
    }
}

/// The lines of a card of at most this height.
fn lines_of(ui: &Ui, product: &Product, row: &ListRow, at: usize, columns: usize, high: usize) -> Vec<(String, Style)> {
    let Some(item) = product.get::<RoadmapItem>(row.id) else { return Vec::new() };
    let chosen = ui.place().chosen == Some(row.id) && ui.place().at == at;
    let suspect = !asks_again(product, &**item).is_empty() || echo(product, item).is_some();
    let goal = match item.serves.first() {
        Some(id) => product.name_of(*id),
        None => "--".to_string(),
    };
    let mark = if ui.ticked.contains(&row.id) { ui.theme.tick() } else { " " };
    let pointer = if chosen { ui.theme.pointer() } else { " " };
    let tail = format!("{:>1} {goal:<3}", ui.mark(item.id, suspect));
    let title = format!("R{} {}", item.number, &*item.title);
    let room = columns.saturating_sub(width(&tail).saturating_add(4));
    let note = list::note(ui, product, row);
    let (detail, first_things_first) = detail(ui, product, item);
    // With room for more lines, the title is not cut; what was promised comes before its rest.
    let is_launched = item.result == RoadmapResult::Launched;
    let others =
        [!note.is_empty(), !detail.is_empty(), is_launched].into_iter().filter(|is| *is).count().saturating_add(1);
    let titles = high.saturating_sub(others);
    let title = clean(&title);
    let first = wrap(&title, room, 1).into_iter().next().filter(|_| titles > 1).unwrap_or_else(|| title.to_string());
    let rest = title.get(first.len()..).unwrap_or_default().trim_start();
    let first = first.as_str();
    let head = format!("{mark}{pointer} {} {tail}", fit(first, room));
    let style = list::row_style(ui, chosen, Focus::List);
    let style = if list::carried(ui, row) { ui.theme.chosen() } else { style };
    let style = if ui.dropping == Some(row.id) { style.add_modifier(Modifier::UNDERLINED) } else { style };
    let mut below: Vec<(String, Style)> = Vec::new();
    if !rest.is_empty() {
        let lines = wrap_or_cut(rest, columns.saturating_sub(3), titles.saturating_sub(1));
        below.extend(lines.into_iter().map(|line| (format!("   {line}"), style)));
    }
    let sums = product.index().under(Some(item.id)).sums;
    let under = match (item.result, ShareDone::of(&sums)) {
        (RoadmapResult::Open | RoadmapResult::Launched, Some(one)) => {
            let percent = one.percent;
            let done = match (one.unit, one.guessed) {
                (Unit::Stories, _) => format!("{percent} %, {}/{} stories", sums.done, sums.items),
                (_, 0) => format!("{percent} %, {}/{} pts", sums.done_points(), sums.points()),
                (_, guessed) => format!("~{percent} % pts, {guessed} guessed"),
            };
            let bar = extent(columns.saturating_sub(width(&done).saturating_add(5))).min(20);
            format!("   {} {done}", ui.theme.bar(percent, bar))
        }
        (RoadmapResult::Open | RoadmapResult::Launched, None) if item.serves.is_empty() => {
            let words = "   no goal yet: why do we want it?";
            if high < 5 && width(words) > columns { "   no goal yet".to_string() } else { words.to_string() }
        }
        (RoadmapResult::Open | RoadmapResult::Launched, None) => "   no stories yet".to_string(),
        (result, _) => format!("   {}", result.label()),
    };
    if !note.is_empty() {
        below.push((format!("   {note}"), ui.theme.quiet()));
    }
    below.push((under, ui.theme.quiet()));
    // It stays in its column until somebody moves it, but nobody works on it any more.
    if is_launched {
        below.push(("   launched".to_string(), ui.theme.quiet()));
    }
    let spare = high.saturating_sub(2).saturating_sub(below.len());
    if !detail.is_empty() {
        // In one line, the verdict must not be what is cut.
        let is_cut = spare == 0 && width(&detail).saturating_add(3) > columns;
        below.push((format!("   {}", if is_cut { first_things_first } else { detail }), ui.theme.quiet()));
    }
    let lines = below.iter().flat_map(|(text, style)| {
        let lines = if spare > 0 { hung(text, columns, 3) } else { vec![cut(text, columns).into_owned()] };
        lines.into_iter().map(|line| (line, *style))
    });
    std::iter::once((head, style)).chain(lines).take(high).collect()
}

/// `◆ 18 Dec to Anna, holds · 3 voices`: what was promised, and how many asked for it; and the same with the verdict first.
fn detail(ui: &Ui, product: &Product, item: &RoadmapItem) -> (String, String) {
    let sign = ui.theme.glyph("◆", "*");
    let forecast = outlook::forecast(ui);
    let promised = promise_line(item, forecast, ui.today).map(|line| format!("{sign} {line}"));
    let verdict = promise(item, forecast).and_then(|one| one.holds());
    let day = item.promised.map(|day| short(day, ui.today));
    let first = verdict.zip(day).map(|(holds, day)| {
        let verdict = if holds { "holds" } else { "does not hold" };
        let to = if item.promised_to.trim().is_empty() { "" } else { " to " };
        format!("{verdict}: {sign} {day}{to}{}", item.promised_to.trim())
    });
    let voices = product.all::<Feedback>().filter(|voice| voice.links.contains(&item.id)).count();
    let voices = match voices {
        0 => None,
        1 => Some("1 voice".to_string()),
        many => Some(format!("{many} voices")),
    };
    let with_voices =
        |promised: Option<String>| promised.into_iter().chain(voices.clone()).collect::<Vec<_>>().join(" · ");
    (with_voices(promised.clone()), with_voices(first.or(promised)))
}

pub fn why(ui: &Ui, product: &Product) -> Vec<PaneRow> {
    let Some(row) = ui.chosen_row() else { return Vec::new() };
    let mut out = Vec::new();
    // What asks for another look comes first.
    if let Some(item) = product.get::<RoadmapItem>(row.id) {
        out.extend(changed_whys(ui, product, &**item));
        out.extend(echo_row(ui, product, item));
    }
    out.extend(fields_of(product, Kind::RoadmapItem, row.id, Owner::Why));
    // Until somebody is in the pane, it names what is empty itself.
    let missing = crate::actions::now::missing_of(product, row.id);
    if !missing.is_empty() && ui.focus() == Focus::Why {
        out.push(PaneRow::Note(format!("NOW asks for {} more: {}.", missing.len(), missing.join(", ").to_lowercase())));
    }
    if let Some(item) = product.get::<RoadmapItem>(row.id) {
        out.extend(promise_row(ui, item));
        out.extend(confirmed_notes_of(product, &**item, ui.today));
    }
    out.extend(voices_of(product, row.id));
    out.extend(decisions_of(product, row.id));
    out
}

/// What moved in the how since the roadmap was ratified.
fn echo_row(ui: &Ui, product: &Product, item: &RoadmapItem) -> Option<PaneRow> {
    let echo = echo(product, item)?;
    let day = short(echo.since.day(), ui.today);
    Some(PaneRow::Warning(format!(
        "! Since {day} its stories have changed: {echo}. {{confirm}} says that the why still holds."
    )))
}

/// Whether what was promised still holds.
fn promise_row(ui: &Ui, item: &RoadmapItem) -> Option<PaneRow> {
    let promise = promise(item, outlook::forecast(ui))?;
    let made = promise.made.map(|day| format!(", made {}", short(day, ui.today))).unwrap_or_default();
    let safe = outlook::forecast(ui).row(item.id).and_then(|row| row.safe).map(|one| short(one.day, ui.today));
    if let Some(words) = promise.finished_words(ui.today) {
        return Some(PaneRow::Note(format!("{}.", capital(&words))));
    }
    Some(match (promise.holds(), safe) {
        (Some(true), Some(safe)) => PaneRow::Note(format!("Promise{made}: safe forecast {safe}, it holds.")),
        (Some(false), Some(safe)) => {
            PaneRow::Warning(format!("Promise{made}: safe forecast {safe}, it does not hold."))
        }
        _ => PaneRow::Note(format!("Promise{made}: there is no forecast to compare it with.")),
    })
}

pub fn how(ui: &Ui, product: &Product) -> Vec<PaneRow> {
    let Some(row) = ui.chosen_row() else { return Vec::new() };
    let mut out = vec![PaneRow::Heading(format!("Stories  {}", progress(product, row.id)))];
    let under = product.index().under(Some(row.id));
    // A pane shows a screenful; the backlog's tree shows all.
    for slot in under.slots.iter().take(50) {
        let Some(item) = product.items().at(*slot) else { continue };
        let mark = if item.status == crate::model::schema::ItemStatus::Done { ui.theme.tick() } else { " " };
        let text = format!("{mark} S{} {}\t{}", item.number, &*item.title, size_and_state(product, item));
        out.push(PaneRow::Link { id: item.id, text });
    }
    if under.slots.len() > 50 {
        out.push(PaneRow::Note(format!("{} more in the backlog's tree.", under.slots.len().saturating_sub(50))));
    }
    out.extend(fields_of(product, Kind::RoadmapItem, row.id, Owner::How));
    out.extend(extra_of(product, Kind::RoadmapItem, row.id));
    out
}

pub fn status(ui: &Ui, product: &Product) -> String {
    let all = product.table(Kind::RoadmapItem).order().len();
    let mut parts = vec![format!("{all} roadmap {}", if all == 1 { "item" } else { "items" })];
    if let Some(record) = ui.chosen_row().and_then(|row| product.find(row.id)) {
        parts.push(format!("{} {}", record.name(), record.title()));
    }
    let over = ui.rows.hidden.saturating_sub(ui.rows.narrowed);
    if over > 0 {
        parts.push(format!("{} closed, {{filter.closed}} shows them", thousands(over)));
    }
    parts.join(" · ")
}
