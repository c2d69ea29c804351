//! The tab row, the status line and the hints.

use crate::model::product::Product;
use crate::store::session::Saved;
use crate::tui::commands::all;
use crate::tui::screen::SCREENS;
use crate::tui::text::{clean, cut, fit, width};
use crate::tui::ui::{Toast, Ui};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Row 1: the product, the views, the role.
pub fn tabs(ui: &Ui, product: &Product, area: Rect, buffer: &mut Buffer) {
    let columns = usize::from(area.width);
    let person = format!("{} {} ", ui.role.label(), clean(&ui.by));
    let person = if columns >= 70 { person } else { format!("{} ", ui.role.label()) };
    let room = columns.saturating_sub(width(&person) + 1);
    let name_room = if columns >= 110 { 30 } else { 16 };
    let name = format!(" {}  ", cut(&clean(product.name()), name_room));
    buffer.set_stringn(area.x, area.y, fit("", columns), columns, Style::new());
    buffer.set_stringn(area.x, area.y, cut(&name, room), room, ui.theme.strong());
    let mut x = width(&name);
    for (at, screen) in SCREENS.iter().enumerate() {
        let title = if columns >= 70 { screen.title } else { screen.short };
        let present = at == ui.view;
        let (open, close) = if present { ("[", "]") } else { (" ", " ") };
        let keys = ui.keymap.keys_of(&format!("go.{}", screen.name)).first();
        let tab = match keys.filter(|keys| keys.second.is_none()) {
            Some(key) => format!("{open}{key} {title}{close}"),
            None => format!("{open}{title}{close}"),
        };
        if x + width(&tab) > room {
            break;
        }
        let style = if present { ui.theme.strong() } else { Style::new() };
        buffer.set_stringn(area.x + x as u16, area.y, &tab, room, style);
        x += width(&tab);
    }
    let at = area.x + area.width.saturating_sub(width(&person) as u16);
    buffer.set_stringn(at, area.y, &person, columns, ui.theme.strong());
}

/// The last line but one: what happened or where one is; at the right whether all is saved.
pub fn status(ui: &Ui, product: &Product, saved: &Saved, read_only: bool, area: Rect, buffer: &mut Buffer) {
    let columns = usize::from(area.width);
    let (word, word_style) = match saved {
        _ if read_only => (" read only ".to_string(), ui.theme.wrong()),
        Saved::Yes => (" saved ".to_string(), ui.theme.quiet()),
        Saved::Saving => (" saving ".to_string(), ui.theme.quiet()),
        Saved::No(why) => (format!(" NOT SAVED: {why} "), ui.theme.wrong()),
    };
    let word = cut(&word, columns.saturating_sub(4)).into_owned();
    let room = columns.saturating_sub(width(&word));
    let (text, style) = match &ui.toast {
        Some(Toast::Word(text)) => (text.clone(), Style::new()),
        Some(Toast::Trouble(text)) => (text.clone(), ui.theme.wrong()),
        None => match &ui.tour {
            Some(tour) => (tour.words(), ui.theme.strong()),
            None => ((ui.screen().status)(ui, product), ui.theme.quiet()),
        },
    };
    let text = format!(" {}", clean(&ui.keymap.fill(&text)));
    buffer.set_stringn(area.x, area.y, fit(&text, room), room, style);
    buffer.set_stringn(area.x + room as u16, area.y, &word, columns, word_style);
}

/// The last line: what can be done now, by weight, as many as fit; help and commands always last.
pub fn hints(ui: &Ui, product: &Product, area: Rect, buffer: &mut Buffer) {
    let columns = usize::from(area.width);
    let text = match ui.overlays.last() {
        Some(overlay) => format!(" {}", overlay.hints()),
        None => shown_hints(ui, product, columns),
    };
    buffer.set_stringn(area.x, area.y, fit(&text, columns), columns, ui.theme.quiet());
}

/// The hints of the footer, as many as fit.
pub fn shown_hints(ui: &Ui, product: &Product, columns: usize) -> String {
    let named = |name: &str| {
        let command = crate::tui::keymap::command_named(name)?;
        let keys = ui.keymap.keys_of(name).first()?;
        Some(format!("  {keys} {}", ui.keymap.label_of(command)))
    };
    let last: Vec<&str> = if columns >= 70 { vec!["palette", "help"] } else { vec!["help"] };
    let last: String = last.into_iter().filter_map(named).collect();
    let mut ready: Vec<_> =
        all().filter(|command| command.weight > 0 && (command.ready)(ui, product).is_ok()).collect();
    ready.sort_by_key(|command| std::cmp::Reverse(command.weight));
    let mut out = String::from(" ");
    for command in ready {
        // Without a key there is nothing to press.
        let Some(keys) = ui.keymap.keys_of(command.name).first() else { continue };
        let hint = format!("{keys} {}", ui.keymap.label_of(command));
        let gap = if out.len() > 1 { "  " } else { "" };
        if width(&out) + width(gap) + width(&hint) + width(&last) > columns {
            continue;
        }
        out.push_str(gap);
        out.push_str(&hint);
    }
    out + &last
}
