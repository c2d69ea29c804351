//! The why and how panes: fields with labels, checkboxes, links; the border shows the owner.

use crate::actions::measure::measures_of;
use crate::insight::done::waiver;
use crate::insight::text::standing;
use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::{Owner, Role};
use crate::model::schema::{BacklogItem, Kind};
use crate::model::value::{Cell, Shape};
use crate::tui::state::access::owner_label;
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::Ui;
use crate::tui::term::layout::{Focus, Part, extent};
use crate::tui::term::paint::{Paint, Zone};
use crate::tui::term::text::{clean, cut, hung, times, width, wrap, wrap_or_cut};
use crate::tui::term::theme::Border;
use crate::tui::widget::chart::readings;
use crate::tui::widget::fields::shown_text;
use crate::tui::widget::wanted::with_proposals;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::{Block, Widget};
use std::ops::Range;

/// A row as lines on the screen.
struct Drawn {
    lines: Vec<(String, Style)>,
    /// Its cursor stop.
    stop: Option<usize>,
    is_box: bool,
}

pub fn half(focus: Focus) -> Owner {
    if focus == Focus::How { Owner::How } else { Owner::Why }
}

/// What the border says of the half: yours, both roles, or the owner's name; shorter in a narrow border, which has room
/// for the record's name or for the whole sentence.
fn owner_word(ui: &Ui, product: &Product, focus: Focus, rows: &[PaneRow], is_narrow: bool) -> String {
    let owner = owner_of(ui, focus, rows);
    if let Some(word) = (ui.screen().pane_owner)(ui, product, half(focus)) {
        word
    } else if ui.row_at_cursor().is_some_and(|row| row.kind.is_none()) {
        "read-only".to_string()
    } else if ui.role == Role::Both {
        if is_narrow { "both" } else { "both roles" }.to_string()
    } else if owner == Owner::Both || ui.screen().shared == Some(half(focus)) || is_of_both(ui) {
        "both write".to_string()
    } else if ui.role.owns(owner) {
        "yours".to_string()
    } else {
        let name = owner_label(product, owner);
        if is_narrow { name } else { format!("{name} · {}", proposing(ui)) }
    }
}

/// Who decides here: the owner of the field at the cursor, elsewhere that of the first field. A pane may show fields of
/// the other half, such as the Sprint Goal among the whys.
fn owner_of(ui: &Ui, focus: Focus, rows: &[PaneRow]) -> Owner {
    let at = if ui.focus() == focus { ui.stop(focus) } else { 0 };
    let field = rows.iter().filter(|row| row.is_stop()).nth(at).and_then(PaneRow::field);
    match field.map(|(_, field)| field.owner) {
        Some(owner @ (Owner::Why | Owner::How | Owner::Both)) => owner,
        Some(Owner::System) | None => half(focus),
    }
}

/// How somebody in the other role has a say here.
fn proposing(ui: &Ui) -> String {
    ui.keymap.fill("{edit} proposes").into_owned()
}

/// Whether both roles write all that is shown, in either pane.
fn is_of_both(ui: &Ui) -> bool {
    let kinds = ui.screen().kinds;
    match ui.chosen_row() {
        Some(row) => row.kind.owner() == Owner::Both,
        None => !kinds.is_empty() && kinds.iter().all(|kind| kind.owner() == Owner::Both),
    }
}

/// Draws the border of a pane and returns the area inside.
pub fn frame(ui: &Ui, focus: Focus, title: &str, right: &str, area: Rect, buffer: &mut Paint) -> Rect {
    let (border, colour) = match focus {
        Focus::How => (Border::How, ui.theme.how()),
        _ => (Border::Why, ui.theme.why()),
    };
    buffer.zone(area, Zone::Pane(focus));
    let block = Block::bordered().border_set(ui.theme.border(border)).border_style(colour);
    let inner = block.inner(area);
    block.render(area, buffer);
    let focused = ui.focus() == focus;
    let word = if focus == Focus::How { "HOW" } else { "WHY" };
    let pointer = if focused { ui.theme.pointer() } else { " " };
    let room = usize::from(area.width.saturating_sub(4));
    let style = if focused { colour.patch(ui.theme.chosen()) } else { colour.patch(ui.theme.strong()) };
    buffer.write(area.past(2), format!("{pointer}{word} "), room, style);
    let left_room = title_room(right, area.width);
    let right = format!(" {right} ");
    let title = cut(title, left_room);
    if !title.is_empty() && left_room > 1 {
        buffer.write(area.past(7), format!(" {title} "), left_room.saturating_add(2), colour);
    }
    if !right.trim().is_empty() && width(&right).saturating_add(6) <= room {
        let x = area.right().saturating_sub(extent(width(&right)).saturating_add(2));
        buffer.write(Rect { x, ..area }, &right, room, ui.theme.quiet());
    }
    inner
}

/// The room of the title beside what stands on the right of a border.
pub fn title_room(right: &str, columns: u16) -> usize {
    let right = if right.is_empty() { 0 } else { width(right).saturating_add(3) };
    usize::from(columns.saturating_sub(11)).saturating_sub(right)
}

pub fn draw(ui: &Ui, product: &Product, focus: Focus, area: Rect, buffer: &mut Paint) {
    let title = (ui.screen().pane_title)(ui, product, focus);
    let rows = pane_rows(ui, product, focus);
    let whose = owner_word(ui, product, focus, &rows, area.width < 50);
    let inner = frame(ui, focus, &title, &whose, area, buffer);
    let focused = ui.focus() == focus;
    let at = ui.stop(focus);
    let shown = if focused {
        Shown::All
    } else if width(&title) <= title_room(&whose, area.width) {
        Shown::Filled
    } else {
        Shown::FilledAndTitle
    };
    let drawn = drawn_rows(ui, product, &rows, shown, usize::from(inner.width.saturating_sub(2)));
    // The lines of all rows, and which of them belong to the cursor.
    let mut lines: Vec<(&str, Style, bool, Option<Zone>)> = Vec::new();
    for row in &drawn {
        let chosen = focused && row.stop == Some(at);
        let zone = row.stop.map(|at| if row.is_box { Zone::Flip(focus, at) } else { Zone::Stop(focus, at) });
        for (text, style) in &row.lines {
            lines.push((text, *style, chosen, zone));
        }
    }
    let height = usize::from(inner.height);
    let first = lines.iter().position(|line| line.2).unwrap_or(0);
    let extents = PaneExtents::of(&drawn, height);
    let top = match focused {
        true => extents.position(at, ui.place().inside),
        false => 0,
    };
    for (y, (text, style, chosen, zone)) in lines.iter().skip(top).take(height).enumerate() {
        let place = inner.row(y);
        let columns = usize::from(inner.width);
        match zone {
            // Clicking the checkbox toggles it, clicking its text selects it.
            Some(Zone::Flip(focus, at)) => {
                buffer.zone(place, Zone::Stop(*focus, *at));
                buffer.zone(Rect { width: 4.min(inner.width), ..place }, Zone::Flip(*focus, *at));
            }
            Some(zone) => buffer.zone(place, *zone),
            None => {}
        }
        let style = if *chosen { style.patch(ui.theme.chosen()) } else { *style };
        let begins = top.saturating_add(y) == first.max(top);
        let pointer = if *chosen && begins { ui.theme.pointer() } else { " " };
        buffer.write(place, pointer, columns, Style::new());
        if pointer != " " {
            buffer.cursor(place.x, place.y);
        }
        buffer.write(place.past(1), text, columns.saturating_sub(2), style);
    }
    let below = lines.len().saturating_sub(top.saturating_add(height));
    if below > 0 {
        let word = format!(" {} {below} more ", ui.theme.dots());
        let border = area.below(usize::from(area.height).saturating_sub(1)).past(2);
        buffer.write(border, &word, usize::from(area.width.saturating_sub(4)), ui.theme.quiet());
    }
}

/// The lines of a pane, for scrolling: how many there are, how many are visible at once, and which belong to each stop.
#[derive(Default, Debug)]
pub struct PaneExtents {
    lines: usize,
    height: usize,
    stops: Vec<Range<usize>>,
}

impl PaneExtents {
    fn of(drawn: &[Drawn], height: usize) -> PaneExtents {
        let mut out = PaneExtents { lines: 0, height, stops: Vec::new() };
        for row in drawn {
            let end = out.lines.saturating_add(row.lines.len());
            if row.stop.is_some() {
                out.stops.push(out.lines..end);
            }
            out.lines = end;
        }
        out
    }

    pub fn height(&self) -> usize {
        self.height
    }

    pub fn last_stop(&self) -> usize {
        self.stops.len().saturating_sub(1)
    }

    fn stop(&self, at: usize) -> Range<usize> {
        self.stops.get(at).cloned().unwrap_or_default()
    }

    /// The first visible line, with the cursor on a stop from which the pane is scrolled so far.
    pub fn position(&self, at: usize, inside: isize) -> usize {
        self.top(at).saturating_add_signed(self.within(at, inside))
    }

    /// How far a pane can be scrolled from a stop: up to its beginning if it is the first, and down until everything to the
    /// next stop, or to the end, was seen.
    pub fn within(&self, at: usize, inside: isize) -> isize {
        let signed = |lines: usize| isize::try_from(lines).unwrap_or(isize::MAX);
        let up = if at == 0 { signed(self.top(0)).saturating_neg() } else { 0 };
        inside.clamp(up, signed(self.beyond(at)))
    }

    /// The first visible line if the cursor is on a stop: its row is completely visible, or its top if it is taller than
    /// the pane.
    fn top(&self, at: usize) -> usize {
        let stop = self.stop(at);
        stop.end.saturating_sub(self.height).min(stop.start)
    }

    fn beyond(&self, at: usize) -> usize {
        let to = match self.stops.get(at.saturating_add(1)) {
            Some(next) => next.start.max(self.stop(at).end),
            None => self.lines,
        };
        to.saturating_sub(self.top(at)).saturating_sub(self.height)
    }
}

/// The lines of a pane that has the cursor.
pub fn extents(ui: &Ui, product: &Product, focus: Focus) -> PaneExtents {
    let Some(area) = ui.areas().and_then(|areas| areas.of(focus)) else { return PaneExtents::default() };
    let rows = pane_rows(ui, product, focus);
    let drawn = drawn_rows(ui, product, &rows, Shown::All, usize::from(area.width.saturating_sub(4)));
    PaneExtents::of(&drawn, usize::from(area.height.saturating_sub(2)))
}

/// The rows of a pane of the current view.
pub fn pane_rows(ui: &Ui, product: &Product, focus: Focus) -> Vec<PaneRow> {
    let rows = match focus {
        Focus::Why => (ui.screen().why)(ui, product),
        Focus::How => (ui.screen().how)(ui, product),
        Focus::List => return Vec::new(),
    };
    with_proposals(ui, product, rows, half(focus))
}

/// The current row of the focused pane.
pub fn row_under_cursor(ui: &Ui, product: &Product) -> Option<PaneRow> {
    let focus = ui.focus();
    let rows = pane_rows(ui, product, focus);
    rows.into_iter().filter(PaneRow::is_stop).nth(ui.stop(focus))
}

/// The number of cursor stops of the pane.
pub fn stops(ui: &Ui, product: &Product, focus: Focus) -> usize {
    pane_rows(ui, product, focus).iter().filter(|row| row.is_stop()).count()
}

/// Which fields a pane shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    All,
    /// Those that say something, as long as nobody writes here.
    Filled,
    /// The title too: the border cuts it.
    FilledAndTitle,
}

fn drawn_rows(ui: &Ui, product: &Product, rows: &[PaneRow], shown: Shown, columns: usize) -> Vec<Drawn> {
    let label_columns = label_columns(rows, columns);
    let mut out = Vec::new();
    let (mut stop, mut left_out) = (0usize, Vec::new());
    for (at, row) in rows.iter().enumerate() {
        // Its wanted value would stand there without what it is about.
        let is_wanted = matches!(rows.get(at.saturating_add(1)), Some(PaneRow::Wanted { .. }));
        let here = row.is_stop().then(|| {
            stop = stop.saturating_add(1);
            stop.saturating_sub(1)
        });
        if let PaneRow::Field { record, field } = row
            && shown != Shown::All
            && shown_text(product, *record, field).trim().is_empty()
        {
            if !asks_nothing(ui, field) && !left_out.contains(&field.label) {
                left_out.push(field.label);
            }
            continue;
        }
        if let PaneRow::Field { record, field } = row
            && shown != Shown::All
            && !is_wanted
            && goes_without_saying(product, *record, field, shown)
        {
            continue;
        }
        let is_box = matches!(row, PaneRow::Box { .. });
        out.push(Drawn { lines: lines_of(ui, product, row, columns, label_columns), stop: here, is_box });
    }
    if !left_out.is_empty() {
        let names = left_out.join(", ").to_lowercase();
        let word = format!("Empty: {names}");
        let lines = wrap(&word, columns, 4).into_iter().map(|line| (line, ui.theme.quiet())).collect();
        out.push(Drawn { lines, stop: None, is_box: false });
    }
    out
}

/// The width of the longest label, limited to leave room for the text.
fn label_columns(rows: &[PaneRow], columns: usize) -> usize {
    let label = |row: &PaneRow| match row {
        // An empty list of boxes is named among what is empty; a full one has a line of its own.
        PaneRow::Field { field, .. } if matches!(field.shape, Shape::Criteria | Shape::Tasks) => 0,
        PaneRow::Field { field, .. } => width(field.short_label()).saturating_add(2),
        _ => 0,
    };
    rows.iter().map(label).max().unwrap_or(0).clamp(8, 18.min(columns.saturating_mul(2) / 5).max(8))
}

/// Below each measure, where it stands, and how it got there.
fn with_readings(ui: &Ui, product: &Product, record: Id, field: &Field, text: String) -> String {
    if !matches!(field.shape, Shape::Measure | Shape::Measures) {
        return text;
    }
    let mut out = Vec::new();
    for measure in measures_of(product, record).iter().filter(|one| !one.is_empty()) {
        out.push(measure.to_text());
        let standing = standing(measure);
        let line = format!("{} {standing}", readings(ui, measure));
        out.extend((!standing.is_empty()).then(|| line.trim().to_string()));
    }
    if out.is_empty() { text } else { out.join("\n") }
}

/// A field that most records do not use: if it is empty, nothing is missing.
fn asks_nothing(ui: &Ui, field: &Field) -> bool {
    match field.kind {
        // In the review, they are what is asked.
        Kind::Sprint if ui.screen().shared.is_some() => false,
        Kind::RoadmapItem => matches!(field.key, "promised" | "promised_to"),
        Kind::Sprint => matches!(
            field.key,
            "attendees" | "decisions" | "belief_result" | "keep" | "problem" | "tried" | "increment" | "released"
        ),
        _ => false,
    }
}

/// The title is in the border, a roadmap item's horizon is its column, and the default of a choice says nothing.
fn goes_without_saying(product: &Product, record: Id, field: &Field, shown: Shown) -> bool {
    let usual = match field.shape {
        Shape::Choice(choices) => {
            let first = choices.first().map(|choice| choice.label);
            first == Some(shown_text(product, record, field).as_str()) && field.kind != Kind::VisionBoard
        }
        _ => false,
    };
    // The goal of a sprint is why it exists, and its border has the number.
    let untitled = matches!(field.kind, Kind::VisionBoard | Kind::Sprint);
    let in_border = Some(field) == field.kind.title_field() && !untitled && shown != Shown::FilledAndTitle;
    usual || in_border || field.key == "horizon" && !field.actions.is_empty()
}

/// The maximum lines of one field in a pane that is not zoomed; the editor shows it completely.
const LONGEST_FIELD: usize = 10_000;

fn lines_of(ui: &Ui, product: &Product, row: &PaneRow, columns: usize, label_columns: usize) -> Vec<(String, Style)> {
    let plain = Style::new();
    match row {
        PaneRow::Field { record, field } => {
            let text = shown_text(product, *record, field);
            // Beside an empty field there is room for the complete label.
            let room = if text.trim().is_empty() { columns.saturating_sub(2) } else { label_columns.saturating_sub(1) };
            let label = cut(field.short_label(), room).into_owned();
            let indent = times(" ", label_columns);
            let pad = times(" ", label_columns.saturating_sub(width(&label)).max(1));
            let text = with_readings(ui, product, *record, field, text);
            let mut wrapped = wrap(&text, columns.saturating_sub(label_columns), LONGEST_FIELD);
            if text.trim().is_empty() {
                wrapped = vec![ui.theme.glyph("·", ".").to_string()];
            }
            let line = |(at, line): (usize, String)| {
                let head = if at == 0 { format!("{label}{pad}") } else { indent.clone() };
                (format!("{head}{line}"), plain)
            };
            wrapped.into_iter().enumerate().map(line).collect()
        }
        PaneRow::Box { text, ticked, record, field, nth } => {
            let waived = waiver_of(product, *record, field, *nth);
            let mark = match waived {
                Some(_) => "~",
                None if *ticked => ui.theme.tick(),
                None => " ",
            };
            let bare = match waived {
                Some(_) => "waived: ",
                None if *ticked => "ticked: ",
                None => "open: ",
            };
            let line = |(at, line): (usize, String)| {
                let head = match (at, ui.theme.bare) {
                    (0, true) => bare.to_string(),
                    (0, false) => format!("[{mark}] "),
                    _ => "    ".to_string(),
                };
                (format!("{head}{line}"), plain)
            };
            let room = if ui.theme.bare { 8 } else { 4 };
            let mut out: Vec<_> =
                wrap(text, columns.saturating_sub(room), 20).into_iter().enumerate().map(line).collect();
            if let Some(reason) = waived {
                let lines = wrap(&format!("waived: {reason}"), columns.saturating_sub(4), 4).into_iter();
                out.extend(lines.map(|line| (format!("    {line}"), ui.theme.quiet())));
            }
            out
        }
        PaneRow::Link { text, .. } => tailed(text, columns).into_iter().map(|line| (line, plain)).collect(),
        PaneRow::Wanted { text, .. } => {
            let lines = wrap(text, columns.saturating_sub(2), 8).into_iter().enumerate();
            lines.map(|(at, line)| (format!("{} {line}", if at == 0 { "^" } else { " " }), plain)).collect()
        }
        PaneRow::Heading(text) => {
            wrap_or_cut(text, columns, 4).into_iter().map(|line| (line, ui.theme.strong())).collect()
        }
        PaneRow::Said { label, text } if width(label) > 8 => {
            let head = std::iter::once((cut(label, columns).into_owned(), ui.theme.quiet()));
            let lines = wrap(text, columns.saturating_sub(2), 200).into_iter();
            head.chain(lines.map(|line| (format!("  {line}"), plain))).collect()
        }
        PaneRow::Said { label, text } => {
            let lines = wrap(text, columns.saturating_sub(9), 200).into_iter().enumerate();
            lines.map(|(at, line)| (format!("{:<9}{line}", if at == 0 { label } else { "" }), plain)).collect()
        }
        PaneRow::Text(text) => wrap(text, columns, 200).into_iter().map(|line| (line, plain)).collect(),
        PaneRow::Note(text) => {
            wrap(&ui.keymap.fill(text), columns, 40).into_iter().map(|line| (line, ui.theme.quiet())).collect()
        }
        PaneRow::Warning(text) => {
            wrap(&ui.keymap.fill(text), columns, 4).into_iter().map(|line| (line, ui.theme.wrong())).collect()
        }
    }
}

/// Why a criterion is waived, if it is.
fn waiver_of<'a>(product: &'a Product, record: Id, field: &Field, nth: usize) -> Option<&'a str> {
    let item = product.get::<BacklogItem>(record).filter(|_| field.shape == Shape::Criteria)?;
    waiver(item, item.criteria.get(nth)?)
}

/// The most lines of a link; where it leads, all of it is shown.
const LINK: usize = 3;

/// Text after a tab stands in the first line, beside a title that takes as many as it needs.
fn tailed(text: &str, columns: usize) -> Vec<String> {
    let (head, tail) = text.split_once('\t').unwrap_or((text, ""));
    let (head, tail) = (clean(head), clean(tail));
    let beside = if tail.is_empty() { 0 } else { width(&tail).saturating_add(2) };
    let room = columns.saturating_sub(beside);
    // A long one stands below the title.
    if room < 12 || room < columns / 2 && width(&head) > room {
        let below = wrap(&tail, columns.saturating_sub(4), LINK).into_iter().map(|line| format!("    {line}"));
        return indented(&head, columns, LINK).into_iter().chain(below).collect();
    }
    let mut lines = indented(&head, room, LINK);
    if let Some(first) = lines.first_mut().filter(|_| beside > 0) {
        first.push_str(&format!("  {tail}"));
    }
    lines
}

/// A wrapped text whose further lines begin below the title, after mark and number.
fn indented(text: &str, columns: usize, most: usize) -> Vec<String> {
    let mut lines = hung(text, columns, 2);
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = cut(&format!("{last}…"), columns).into_owned();
        }
    }
    lines
}
