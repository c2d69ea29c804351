//! The tab row, the status line and the hints.

use crate::model::product::Product;
use crate::model::saturating::take_at;
use crate::store::session::Saved;
use crate::tui::settings::Hints;
use crate::tui::state::access::proposes;
use crate::tui::state::contract::{Command, LayerKind, Screen};
use crate::tui::state::dispatch::ready;
use crate::tui::state::ui::{Toast, Ui};
use crate::tui::term::key::{Keys, Press};
use crate::tui::term::layout::{Focus, Part, extent};
use crate::tui::term::paint::{Paint, Zone};
use crate::tui::term::text::{clean, cut, fit, width, wrap_or_cut};
use crate::tui::widget::list;
use crate::tui::widget::pane::row_under_cursor;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Row 1: the product, the views, the role. Every part is a button.
pub fn tabs(ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
    let columns = usize::from(area.width);
    let person = match columns {
        70.. => format!("{} {} ", ui.role.label(), clean(&ui.by)),
        _ => format!("{} ", ui.role.label()),
    };
    let person = cut(&person, columns / 4).into_owned();
    let room = columns.saturating_sub(width(&person).saturating_add(1));
    let sample =
        if ui.elsewhere.sample.is_empty() || ui.elsewhere.sample != ui.elsewhere.here { "" } else { " sample" };
    let name = clean(product.name()).into_owned();
    let sample = if name.ends_with("sample") || columns < 90 { "" } else { sample };
    // The blanks around the name, and the sign of a menu.
    let beside = width(sample).saturating_add(3);
    let least = room.saturating_sub(width(&name).min(NAME).saturating_add(beside));
    // The name takes what the tabs leave over, whichever is open: they stay where they are.
    let tabs = (0..ui.registry.screens.len()).map(|open| tabs_width(&tab_words(ui, open, least))).max();
    let name_room = if columns < 60 { NAME } else { room.saturating_sub(tabs.unwrap_or(0).saturating_add(beside)) };
    let name = format!(" {}{sample}{} ", cut(&name, name_room), ui.theme.glyph("▾", "v"));
    buffer.write(area, fit("", columns), columns, Style::new());
    buffer.write(area, cut(&name, room), room, ui.theme.strong());
    let mut x = width(&name);
    buffer.zone(Rect { width: extent(x), ..area }, Zone::Command("go.products"));
    let at = area.right().saturating_sub(extent(width(&person)));
    buffer.write(Rect { x: at, ..area }, &person, columns, ui.theme.strong());
    buffer.zone(Rect { x: at, width: extent(width(&person)), ..area }, Zone::Command("role"));
    if columns < 60 {
        let here = |title| format!(" {} {title}  {}", ui.screen().key, where_in(ui));
        let whole = here(ui.screen().title);
        let here = if width(&whole) <= room.saturating_sub(x) { whole } else { here(ui.screen().short) };
        buffer.write(area.past(x), cut(&here, room.saturating_sub(x)), room, ui.theme.strong());
        return;
    }
    for (view, tab) in tab_words(ui, ui.view, room.saturating_sub(x)) {
        let style = if view == ui.view { ui.theme.strong() } else { Style::new() };
        let place = Rect { width: extent(width(&tab)), ..area.past(x) };
        buffer.write(place, &tab, usize::from(place.width), style);
        buffer.zone(place, Zone::View(view));
        x = x.saturating_add(width(&tab));
    }
}

/// Which pane of how many is visible, if one is visible at a time.
fn where_in(ui: &Ui) -> &'static str {
    match ui.focus() {
        Focus::List => "LIST 1/3",
        Focus::Why => "WHY 2/3",
        Focus::How => "HOW 3/3",
    }
}

/// The product's name is never cut to less for the names of the tabs.
const NAME: usize = 16;

/// The tabs with this view open: all names in full, else the one of the open view and as many others as fit. The
/// products are behind the product's name.
fn tab_words(ui: &Ui, open: usize, room: usize) -> Vec<(usize, String)> {
    let all = || ui.registry.screens.iter().enumerate().filter(|(_, one)| one.tab);
    let tabs = |is_named: &dyn Fn(usize) -> bool, is_tight: bool| -> Vec<(usize, String)> {
        all().map(|(view, one)| (view, tab(ui, one, view == open, is_named(view), is_tight))).collect()
    };
    let whole = tabs(&|_| true, false);
    if tabs_width(&whole) <= room {
        return whole;
    }
    let mut named = vec![open];
    for (view, _) in all() {
        named.push(view);
        if tabs_width(&tabs(&|one| named.contains(&one), true)) > room {
            named.pop();
        }
    }
    if tabs_width(&tabs(&|one| named.contains(&one), true)) > room {
        named.clear();
    }
    let mut out = tabs(&|one| named.contains(&one), true);
    let mut used = 0usize;
    out.retain(|(_, tab)| {
        used = used.saturating_add(width(tab));
        used <= room
    });
    out
}

fn tab(ui: &Ui, one: &Screen, is_open: bool, is_named: bool, is_tight: bool) -> String {
    let (open, close) = if is_open { ("[", "]") } else { (" ", " ") };
    let keys = ui.keymap.keys_of(&format!("go.{}", one.name)).first();
    let key = keys.filter(|keys| keys.second.is_none()).map(Keys::to_string).unwrap_or_default();
    let title = if is_named { one.title } else { "" };
    let gap = if key.is_empty() || title.is_empty() { "" } else { " " };
    let badge = match ((one.badge)(ui), is_tight) {
        (0, _) => String::new(),
        (count, true) => format!(":{count}"),
        (count, false) => format!(" {count}"),
    };
    format!("{open}{key}{gap}{title}{badge}{close}")
}

fn tabs_width(tabs: &[(usize, String)]) -> usize {
    tabs.iter().map(|(_, tab)| width(tab)).sum()
}

/// The second-last line: messages or the position; on the right, whether everything is saved.
pub fn status(ui: &Ui, product: &Product, saved: &Saved, read_only: bool, area: Rect, buffer: &mut Paint) {
    let columns = usize::from(area.width);
    let message = Message::of(ui, product, columns).filter(|message| message.place != Place::Hints);
    let (word, word_style) = match saved {
        // A message that must be read in full needs the room more than the reason does.
        Saved::No(why) if message.as_ref().is_none_or(|one| one.leaves_room_for(why, columns)) => {
            (format!(" NOT SAVED: {why} "), ui.theme.wrong())
        }
        Saved::No(_) => (" NOT SAVED ".to_string(), ui.theme.wrong()),
        _ if read_only => (" read-only ".to_string(), ui.theme.wrong()),
        Saved::Yes => (" saved ".to_string(), ui.theme.quiet()),
        Saved::Saving => (" saving ".to_string(), ui.theme.quiet()),
    };
    let word = cut(&word, columns.saturating_sub(4)).into_owned();
    let room = columns.saturating_sub(width(&word));
    let (text, style) = match &message {
        Some(message) => (message.in_status().to_string(), message.style),
        None if ui.settings.accessible => (spoken(ui, product), ui.theme.quiet()),
        None => (with_filters(ui, product, room), ui.theme.quiet()),
    };
    buffer.write(area, fit(&format!(" {}", clean(&ui.keymap.fill(&text))), room), room, style);
    if names_undo(ui) {
        buffer.zone(Rect { width: extent(room), ..area }, Zone::Command("undo"));
    }
    buffer.write(area.past(room), &word, columns, word_style);
}

/// Draws the lines of a message that neither the status line nor the line below it has room for, over the end of the
/// view and over a box: the end of a sentence is where the advice is.
pub fn message_above(ui: &Ui, product: &Product, status: Rect, buffer: &mut Paint) {
    let columns = usize::from(status.width);
    let Some(message) = Message::of(ui, product, columns) else { return };
    let above = message.above();
    if !above.is_empty() && message.place != Place::Hints {
        let room = columns.saturating_sub(beside(ui));
        buffer.write(status, fit(&format!(" {}", message.in_status()), room), room, message.style);
    }
    for (nth, line) in above.iter().enumerate() {
        let rows = extent(above.len().saturating_sub(nth));
        if let Some(y) = status.y.checked_sub(rows) {
            buffer.write(Rect { y, ..status }, fit(&format!(" {line}"), columns), columns, message.style);
        }
    }
}

/// Where a message ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In the status line.
    Status,
    /// In the line below it, in place of the hints: a refusal.
    Below,
    /// A line being typed has the status line: in place of the hints if one line is enough, else above the status line.
    Hints,
}

/// A message, which is shown whole.
struct Message {
    lines: Vec<String>,
    style: Style,
    place: Place,
}

impl Message {
    fn of(ui: &Ui, product: &Product, columns: usize) -> Option<Message> {
        let carrying = ui.top().and_then(|top| top.status(product));
        let (text, style) = match (&carrying, &ui.toast, &ui.tour) {
            (Some(text), ..) => (text.clone(), ui.theme.strong()),
            (None, Some(Toast::Word(text)), _) => (text.clone(), Style::new()),
            (None, Some(Toast::Trouble(text)), _) => (text.clone(), ui.theme.wrong()),
            (None, None, Some(tour)) => (tour.words(), ui.theme.strong()),
            (None, None, None) => return None,
        };
        let is_refusal = carrying.is_none() && matches!(ui.toast, Some(Toast::Trouble(_)));
        let place = match (in_status_line(ui), is_refusal) {
            (true, _) if carrying.is_none() && ui.toast.is_some() => Place::Hints,
            (true, _) if carrying.is_none() => return None,
            (_, true) if ui.settings.hints != Hints::Off => Place::Below,
            _ => Place::Status,
        };
        let room = if place == Place::Hints { columns.saturating_sub(2) } else { columns.saturating_sub(beside(ui)) };
        let lines = wrap_or_cut(&clean(&ui.keymap.fill(&text)), room, LONGEST);
        let style = if place == Place::Hints { ui.theme.wrong() } else { style };
        Some(Message { lines, style, place })
    }

    /// How many of the last lines have a place of their own.
    fn below_view(&self) -> usize {
        match (self.place, self.lines.len()) {
            (Place::Status, _) => 1,
            (Place::Below, _) => 2,
            (Place::Hints, 1) => 1,
            (Place::Hints, _) => 0,
        }
    }

    fn above(&self) -> &[String] {
        let above = self.lines.len().saturating_sub(self.below_view());
        self.lines.get(..above).unwrap_or_default()
    }

    fn in_status(&self) -> &str {
        let at = self.above().len();
        self.lines.get(at).map_or("", String::as_str)
    }

    /// What continues in place of the hints.
    fn in_hints(&self) -> Option<&str> {
        let at = match self.place {
            Place::Status => return None,
            Place::Below => self.above().len().saturating_add(1),
            Place::Hints => self.above().len(),
        };
        self.lines.get(at).map(String::as_str)
    }

    fn leaves_room_for(&self, why: &str, columns: usize) -> bool {
        let [line] = self.lines.as_slice() else { return false };
        width(line).saturating_add(width(why)).saturating_add(15) <= columns
    }
}

/// More lines of a message than this would hide what it is about.
const LONGEST: usize = 6;

/// How much of the list is shown, and the view's own words.
fn shown_and_counted(ui: &Ui, product: &Product) -> String {
    let words = (ui.screen().status)(ui, product);
    list::shown_of(ui).map_or_else(|| words.clone(), |shown| format!("{shown} · {words}"))
}

/// The view's own words, and what narrows its list where the list is not in sight.
fn with_filters(ui: &Ui, product: &Product, room: usize) -> String {
    let words = shown_and_counted(ui, product);
    if ui.areas().is_none_or(|areas| areas.list.is_some()) {
        return words;
    }
    let force = list::in_force_within(ui, product, room.saturating_sub(2));
    if force.is_empty() { words } else { format!("{force} · {words}") }
}

/// The current row, for screen readers, before the counts of the view.
fn spoken(ui: &Ui, product: &Product) -> String {
    let counts = shown_and_counted(ui, product);
    match ui.chosen_row().and_then(|row| product.find(row.id)) {
        Some(record) => format!("{} {}. {counts}", record.name(), record.title()),
        None => counts,
    }
}

/// A line being typed has the status line.
fn in_status_line(ui: &Ui) -> bool {
    ui.top().is_some_and(|top| top.kind() == LayerKind::StatusLine)
}

/// The width of the right end of the status line beside a refusal, with a space before it.
fn beside(ui: &Ui) -> usize {
    let word = if ui.unsaved.is_some() { " NOT SAVED " } else { " saving " };
    word.len().saturating_add(1)
}

/// The toast names `undo`: a click on it does that.
fn names_undo(ui: &Ui) -> bool {
    matches!(&ui.toast, Some(Toast::Word(text) | Toast::Trouble(text)) if text.contains("{undo}"))
}

/// The last line: what can be done now, by priority, as many as fit; help and commands always last. Each is a button.
pub fn hints(ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
    let columns = usize::from(area.width);
    if area.height == 0 {
        return;
    }
    buffer.write(area, fit("", columns), columns, ui.theme.quiet());
    if let Some(message) = Message::of(ui, product, columns)
        && let Some(line) = message.in_hints()
    {
        buffer.write(area, fit(&format!(" {line}"), columns), columns, message.style);
        return;
    }
    let parts: Vec<(String, Option<Zone>)> = match ui.top().filter(|top| top.waits(ui).is_none()) {
        Some(top) => fitting(said(&top.hints(ui)), columns),
        None => {
            let zone = |hint: Hint| (hint.words, Some(Zone::Command(hint.name)));
            footer(ui, product, columns).into_iter().map(zone).collect()
        }
    };
    let gap = if ui.layers.is_empty() { "  " } else { " · " };
    let mut x = 1;
    for (nth, (words, zone)) in parts.iter().enumerate() {
        if nth > 0 {
            buffer.write(area.past(x), gap, columns.saturating_sub(x), ui.theme.quiet());
            x = x.saturating_add(width(gap));
        }
        let words = cut(words, columns.saturating_sub(x));
        buffer.write(area.past(x), &words, columns.saturating_sub(x), ui.theme.quiet());
        if let Some(zone) = zone {
            buffer.zone(Rect { width: extent(width(&words)), ..area.past(x) }, *zone);
        }
        x = x.saturating_add(width(&words));
        if x >= columns {
            break;
        }
    }
}

/// The hints of an overlay: those that begin with a key are buttons too.
fn said(hints: &str) -> Vec<(String, Option<Zone>)> {
    let zone = |hint: &str| {
        let key = hint.split(' ').next().and_then(Press::parse)?;
        Some(Zone::Press(key))
    };
    hints.split(" · ").map(|hint| (hint.to_string(), zone(hint))).collect()
}

/// Hints go one by one where room is short, what Enter and Esc do after the others.
fn fitting(mut parts: Vec<(String, Option<Zone>)>, columns: usize) -> Vec<(String, Option<Zone>)> {
    let needs = |parts: &[(String, Option<Zone>)]| {
        parts.iter().fold(0usize, |sum, (words, _)| sum.saturating_add(width(words)).saturating_add(3))
    };
    while parts.len() > 2 && needs(&parts) > columns.saturating_add(2) {
        let others = parts.get(1..).unwrap_or_default();
        let spared =
            |first: &[&str]| others.iter().rposition(|(words, _)| !first.iter().any(|key| words.starts_with(key)));
        let at = spared(&["Enter", "Esc"]).or_else(|| spared(&["Esc"])).unwrap_or(0);
        take_at(&mut parts, at.saturating_add(1));
    }
    parts
}

/// One hint of the footer.
pub struct Hint {
    pub name: &'static str,
    /// `e edit`.
    pub words: String,
}

/// The hints of the footer, as many as fit.
pub fn footer(ui: &Ui, product: &Product, columns: usize) -> Vec<Hint> {
    let hint = |command: &'static Command| {
        // Without a key there is nothing to press.
        let keys = ui.keymap.keys_of(command.name).first()?;
        Some(Hint { name: command.name, words: hint_words(ui, product, keys, command) })
    };
    let last: &[&str] = if columns >= 70 { &["palette", "help"] } else { &["help"] };
    let last: Vec<Hint> = last.iter().filter_map(|name| hint(ui.registry.command(name)?)).collect();
    let mut used = last.iter().map(|hint| width(&hint.words).saturating_add(2)).sum::<usize>().saturating_add(1);
    let weight = |command: &Command| (ui.screen().footer)(ui, command).map_or(command.weight, |(weight, _)| weight);
    let mut offered: Vec<_> =
        ui.registry.commands().filter(|command| weight(command) > 0 && ready(command, ui, product).is_ok()).collect();
    offered.sort_by_key(|command| std::cmp::Reverse(weight(command)));
    let mut out = Vec::new();
    for hint in offered.into_iter().filter_map(hint) {
        let wide = width(&hint.words).saturating_add(2);
        if used.saturating_add(wide) <= columns {
            used = used.saturating_add(wide);
            out.push(hint);
        }
    }
    out.extend(last);
    out
}

/// True if an edit of what the cursor is on becomes a proposal.
fn is_proposed_here(ui: &Ui, product: &Product) -> bool {
    let field = match ui.focus() {
        Focus::List => ui.chosen_row().and_then(|row| row.kind.title_field()),
        _ => row_under_cursor(ui, product).and_then(|row| row.field()).map(|(_, field)| field),
    };
    field.is_some_and(|field| proposes(ui, field))
}

/// A key with its label; with short hints, only the key.
fn hint_words(ui: &Ui, product: &Product, keys: &Keys, command: &Command) -> String {
    match ui.settings.hints {
        Hints::Short => keys.to_string(),
        _ => {
            let here = (ui.screen().footer)(ui, command).map(|(_, label)| label);
            let here = here.or_else(|| (command.name == "edit" && is_proposed_here(ui, product)).then_some("propose"));
            format!("{keys} {}", here.unwrap_or_else(|| ui.keymap.label_of(command)))
        }
    }
}
