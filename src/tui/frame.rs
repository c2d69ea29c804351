//! One frame of the screen: the view with its panes, the lines around them, and the layers on top.

use crate::tui::app::App;
use crate::tui::term::layout::{Focus, Part, SMALLEST};
use crate::tui::term::paint::{Paint, Zone, Zones};
use crate::tui::term::text::wrap;
use crate::tui::widget::{chrome, list, pane};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

impl App {
    /// Draws everything; changes nothing.
    pub fn draw(&self, buffer: &mut Buffer) -> Zones {
        let mut paint = Paint::on(buffer);
        self.paint(&mut paint);
        paint.zones()
    }

    fn paint(&self, buffer: &mut Paint) {
        let (ui, product) = (&self.ui, self.session.product());
        let Some(areas) = ui.areas() else {
            let word = format!(
                "Window {}x{}, whyhow needs {}x{}. {}",
                ui.window.width,
                ui.window.height,
                SMALLEST.0,
                SMALLEST.1,
                match &ui.unsaved {
                    Some(unsaved) if unsaved.waiting > 0 => format!("NOT SAVED: {}.", unsaved.why),
                    _ => "Nothing is lost.".to_string(),
                }
            );
            let lines = wrap(&word, usize::from(ui.window.width), usize::from(ui.window.height));
            for (y, line) in lines.iter().enumerate() {
                buffer.write(ui.window.row(y), line, usize::from(ui.window.width), ui.theme.strong());
            }
            return;
        };
        chrome::tabs(ui, product, areas.tabs, buffer);
        if let Some(area) = areas.list {
            (ui.screen().draw)(ui, product, area, buffer);
            list::below_columns(ui, product, area, buffer);
        }
        for focus in [Focus::Why, Focus::How] {
            if let Some(area) = areas.of(focus) {
                pane::draw(ui, product, focus, area, buffer);
            }
        }
        if let (Some(why), Some(how)) = (areas.why, areas.how) {
            let border = if why.x == how.x { Rect { height: 1, ..how } } else { Rect { width: 1, ..how } };
            buffer.zone(border, Zone::Split);
        }
        chrome::status(ui, product, &self.session.saved(), self.session.read_only().is_some(), areas.status, buffer);
        chrome::hints(ui, product, areas.hints, buffer);
        for layer in &ui.layers {
            layer.draw(ui, product, buffer);
        }
        chrome::message_above(ui, product, areas.status, buffer);
        if ui.theme.ascii {
            buffer.to_ascii();
        }
    }
}
