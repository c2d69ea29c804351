//! View 2: the roadmap in three columns, now, next and later.

pub mod changes;
mod columns;
pub mod commands;
pub mod timeline;

use crate::insight::views;
use crate::model::schema::Kind;
use crate::tui::state::contract::{Adds, HistoryWanted, ListForm, Screen};
use crate::tui::state::filter::Filter;
use crate::tui::state::ui::{HORIZONS, Ui};
use crate::tui::term::layout::{Arrangement, Focus};
use crate::tui::view::outlook;
use crate::tui::widget::fields::record_title;
use changes::CHANGES;
use timeline::TIMELINE;

pub const SCREEN: Screen = Screen {
    form,
    adds: Adds::Record(|_| Kind::RoadmapItem),
    enters: Focus::Why,
    turns: &["columns", "timeline", "changes"],
    verbs: commands::VERBS,
    drops: Some(commands::drop_in),
    column_name: |nth| HORIZONS.get(nth).map(|horizon| horizon.label()),
    one_column: columns::is_one,
    filters: |filter| matches!(filter, Filter::Unsure),
    history: |ui| if changes::is_shown(ui) { HistoryWanted::Whole } else { HistoryWanted::No },
    prepare: |ui, product| {
        outlook::refresh(ui, product);
        changes::refresh(ui, product);
    },
    rows: |ui, product| match ui.place().turn {
        TIMELINE => timeline::rows(ui, product),
        CHANGES => changes::rows(ui, product),
        _ => columns::columned(ui, product),
    },
    row_needs: |ui, product, row| match ui.place().turn {
        TIMELINE => timeline::needed(ui, product, row),
        CHANGES => changes::needed(ui, product, row),
        _ => 0,
    },
    draw: |ui, product, area, buffer| match ui.place().turn {
        TIMELINE => timeline::draw(ui, product, area, buffer),
        CHANGES => changes::draw(ui, product, area, buffer),
        _ => columns::draw(ui, product, area, buffer),
    },
    why: |ui, product| match ui.place().turn {
        CHANGES => changes::why(ui, product),
        _ => columns::why(ui, product),
    },
    how: |ui, product| match ui.place().turn {
        TIMELINE => timeline::how(ui, product),
        CHANGES => changes::how(ui, product),
        _ => columns::how(ui, product),
    },
    pane_title: |ui, product, focus| match ui.place().turn {
        TIMELINE => timeline::pane_title(ui, product, focus),
        CHANGES => changes::pane_title(ui, product, focus),
        _ => record_title(ui, product, focus),
    },
    status: |ui, product| match ui.place().turn {
        TIMELINE => timeline::status(ui, product),
        CHANGES => changes::status(ui, product),
        _ => columns::status(ui, product),
    },
    empty: "No items yet. An item is a problem worth solving, with a reason. {add} adds the first.",
    ..Screen::of(&views::ROADMAP)
};

fn form(ui: &Ui) -> ListForm {
    let heading = if ui.settings.accessible { 0 } else { timeline::HEADING };
    match ui.place().turn {
        TIMELINE => ListForm { arrangement: Arrangement::Above, row_height: 1, heading },
        CHANGES => ListForm { arrangement: Arrangement::Beside { columns: 66 }, row_height: 1, heading: 0 },
        _ => ListForm { arrangement: Arrangement::Above, row_height: columns::card_height(ui), heading: 0 },
    }
}
