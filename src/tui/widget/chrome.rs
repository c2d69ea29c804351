//! The tab row, the status line and the hints.

use crate::model::product::Product;
use crate::store::session::Saved;
use crate::tui::settings::Hints;
use crate::tui::state::access::proposes;
use crate::tui::state::contract::{Command, LayerKind, Screen};
use crate::tui::state::dispatch::ready;
use crate::tui::state::ui::{Toast, Ui};
use crate::tui::term::key::{Keys, Press};
use crate::tui::term::layout::{Focus, Part, extent};
use crate::tui::term::paint::{Paint, Zone};
use crate::tui::term::text::{clean, cut, fit, width};
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
    let name_room = if columns >= 110 { 30 } else { 16 };
    let name = clean(product.name()).into_owned();
    let sample = if name.ends_with("sample") || columns < 90 { "" } else { sample };
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
    for (view, tab) in tab_words(ui, room.saturating_sub(x)) {
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

/// The tabs, with as much of their names as fits. The products are behind the product's name.
fn tab_words(ui: &Ui, room: usize) -> Vec<(usize, String)> {
    let ways: [fn(&Screen, bool) -> &'static str; 4] = [
        |one, _| one.title,
        |one, _| one.short,
        // The open view keeps its name longest.
        |one, is_open| if is_open { one.title } else { "" },
        |_, _| "",
    ];
    let mut out = Vec::new();
    for (tight, title) in ways.into_iter().enumerate() {
        out = ui
            .registry
            .screens
            .iter()
            .enumerate()
            .filter(|(_, one)| one.tab)
            .map(|(view, one)| {
                let (open, close) = if view == ui.view { ("[", "]") } else { (" ", " ") };
                let keys = ui.keymap.keys_of(&format!("go.{}", one.name)).first();
                let key = keys.filter(|keys| keys.second.is_none()).map(Keys::to_string).unwrap_or_default();
                let title = title(one, view == ui.view);
                let is_apart = tight == 0 || (tight == 2 && !title.is_empty());
                let gap = if is_apart && !key.is_empty() { " " } else { "" };
                let badge = match ((one.badge)(ui), tight) {
                    (0, _) => String::new(),
                    (count, 0) => format!(" {count}"),
                    (count, _) => format!(":{count}"),
                };
                (view, format!("{open}{key}{gap}{title}{badge}{close}"))
            })
            .collect();
        if out.iter().map(|(_, tab)| width(tab)).sum::<usize>() <= room {
            break;
        }
    }
    let mut used = 0usize;
    out.retain(|(_, tab)| {
        used = used.saturating_add(width(tab));
        used <= room
    });
    out
}

/// The second-last line: messages or the position; on the right, whether everything is saved.
pub fn status(ui: &Ui, product: &Product, saved: &Saved, read_only: bool, area: Rect, buffer: &mut Paint) {
    let columns = usize::from(area.width);
    let (word, word_style) = match saved {
        // A refusal that must be read in full needs the room more than the reason does.
        Saved::No(_) if matches!(ui.toast, Some(Toast::Trouble(_))) => (" NOT SAVED ".to_string(), ui.theme.wrong()),
        Saved::No(why) => (format!(" NOT SAVED: {why} "), ui.theme.wrong()),
        _ if read_only => (" read-only ".to_string(), ui.theme.wrong()),
        Saved::Yes => (" saved ".to_string(), ui.theme.quiet()),
        Saved::Saving => (" saving ".to_string(), ui.theme.quiet()),
    };
    let word = cut(&word, columns.saturating_sub(4)).into_owned();
    let room = columns.saturating_sub(width(&word));
    let carrying = ui.top().and_then(|top| top.status(product));
    let (text, style) = match &ui.toast {
        _ if carrying.is_some() => (carrying.unwrap_or_default(), ui.theme.strong()),
        Some(Toast::Word(text)) => (text.clone(), Style::new()),
        Some(Toast::Trouble(text)) => (text.clone(), ui.theme.wrong()),
        None => match &ui.tour {
            Some(tour) => (tour.words(), ui.theme.strong()),
            None if ui.settings.accessible => (spoken(ui, product), ui.theme.quiet()),
            None => (with_filters(ui, product, room), ui.theme.quiet()),
        },
    };
    let mut text = format!(" {}", clean(&ui.keymap.fill(&text)));
    if rest_of_toast(ui, columns).is_some() {
        let lines = broken(text.trim_start(), columns.saturating_sub(beside(ui)));
        text = format!(" {}", lines.first().map_or("", String::as_str));
    }
    buffer.write(area, fit(&text, room), room, style);
    if names_undo(ui) {
        buffer.zone(Rect { width: extent(room), ..area }, Zone::Command("undo"));
    }
    buffer.write(area.past(room), &word, columns, word_style);
}

/// The view's own words, and what narrows its list where the list is not in sight.
fn with_filters(ui: &Ui, product: &Product, room: usize) -> String {
    let words = (ui.screen().status)(ui, product);
    if ui.areas().is_none_or(|areas| areas.list.is_some()) {
        return words;
    }
    let force = list::in_force_within(ui, product, room.saturating_sub(2));
    if force.is_empty() { words } else { format!("{force} · {words}") }
}

/// The current row, for screen readers, before the counts of the view.
fn spoken(ui: &Ui, product: &Product) -> String {
    let counts = (ui.screen().status)(ui, product);
    match ui.chosen_row().and_then(|row| product.find(row.id)) {
        Some(record) => format!("{} {}. {counts}", record.name(), record.title()),
        None => counts,
    }
}

/// A line being typed has the status line.
fn in_status_line(ui: &Ui) -> bool {
    ui.top().is_some_and(|top| top.kind() == LayerKind::StatusLine)
}

/// The part of a refusal that does not fit into the status line: it continues in place of the hints, because it must be
/// read in full.
fn rest_of_toast(ui: &Ui, columns: usize) -> Option<String> {
    let Some(Toast::Trouble(text)) = &ui.toast else { return None };
    if in_status_line(ui) {
        return None;
    }
    let lines = broken(&clean(&ui.keymap.fill(text)), columns.saturating_sub(beside(ui)));
    (lines.len() > 1).then(|| lines.get(1..).unwrap_or_default().join(" "))
}

/// The width of the right end of the status line beside a refusal, with a space before it.
fn beside(ui: &Ui) -> usize {
    let word = if ui.unsaved.is_some() { " NOT SAVED " } else { " saving " };
    word.len().saturating_add(1)
}

fn broken(text: &str, columns: usize) -> Vec<String> {
    crate::tui::term::text::wrap(text, columns, 4)
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
    if let Some(rest) = rest_of_toast(ui, columns) {
        buffer.write(area, fit(&format!(" {rest}"), columns), columns, ui.theme.wrong());
        return;
    }
    // An input occupies the status line: messages appear here meanwhile.
    if let (true, Some(Toast::Word(text) | Toast::Trouble(text))) = (in_status_line(ui), &ui.toast) {
        let text = format!(" {}", clean(&ui.keymap.fill(text)));
        buffer.write(area, fit(&text, columns), columns, ui.theme.wrong());
        return;
    }
    let parts: Vec<(String, Option<Zone>)> = match ui.top().filter(|top| top.waits(ui).is_none()) {
        Some(top) => said(&top.hints(ui)),
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
