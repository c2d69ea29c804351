//! View 8: what people say about the product, and what became of it.

use crate::insight::views;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::schema::{Feedback, FeedbackState, Kind};
use crate::tui::state::contract::{Adds, ListForm, Screen};
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::{ListRow, Rows, Ui};
use crate::tui::term::layout::{Arrangement, Focus};
use crate::tui::term::paint::Paint;
use crate::tui::widget::fields::{fields_of, record_title, sign};
use crate::tui::widget::list;
use ratatui::layout::Rect;

pub const SCREEN: Screen = Screen {
    form: |_| ListForm { arrangement: Arrangement::Beside { columns: 60 }, row_height: 1, heading: 0 },
    adds: Adds::Record(|_| Kind::Feedback),
    enters: Focus::Why,
    rows: |ui, product| rows(ui, product),
    draw,
    why: |ui, product| match ui.chosen_row() {
        Some(row) => fields_of(product, Kind::Feedback, row.id, Owner::Why),
        None => Vec::new(),
    },
    how,
    pane_title: |ui, product, focus| match focus {
        Focus::How => "what it is about".to_string(),
        _ => record_title(ui, product, focus),
    },
    status,
    empty: "Nothing was said yet. {add} writes down what a customer said, {comment} on anything writes a word about it.",
    ..Screen::of(&views::INBOX)
};

/// New feedback comes first, each part in its order; the rest is hidden until asked for.
fn rows(ui: &Ui, product: &Product) -> Rows {
    let mut out = Rows::default();
    let (mut open, mut closed) = (Vec::new(), Vec::new());
    for one in product.all::<Feedback>() {
        let row = ListRow::of(product, Kind::Feedback, one.id, 0);
        match one.state {
            FeedbackState::New => open.push(row),
            FeedbackState::Linked => closed.push(row),
            _ if ui.place().closed => closed.push(row),
            _ => out.hidden = out.hidden.saturating_add(1),
        }
    }
    out.rows = open;
    out.rows.append(&mut closed);
    list::narrow(ui, product, &mut out);
    out
}

fn draw(ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
    let new = product.all::<Feedback>().filter(|one| one.state == FeedbackState::New).count();
    let inner = list::frame(ui, product, "INBOX", &format!("{new} not sorted"), area, buffer);
    list::draw_rows(ui, product, inner, buffer, &|_, row, columns| line(ui, product, row, columns));
}

fn line(ui: &Ui, product: &Product, row: &ListRow, columns: usize) -> list::RowText {
    let Some(one) = product.get::<Feedback>(row.id) else { return list::RowText::default() };
    let about = one.links.first().map(|id| product.name_of(*id)).unwrap_or_default();
    let source = if columns >= 48 {
        crate::tui::term::text::fit(&crate::tui::term::text::clean(&one.source), 10)
    } else {
        String::new()
    };
    let sign = sign(one.kind);
    let sign = if sign == '·' { ui.theme.glyph("·", ".").to_string() } else { sign.to_string() };
    list::RowText {
        number: format!("{sign} {source}"),
        title: one.quote.lines().next().unwrap_or_default().to_string(),
        tail: format!("{about:>4} {:<9}", one.state.label()),
    }
}

fn how(ui: &Ui, product: &Product) -> Vec<PaneRow> {
    let Some(one) = ui.chosen_row().and_then(|row| product.get::<Feedback>(row.id)) else { return Vec::new() };
    let links = one.links.iter().filter_map(|id| product.find(*id)).filter(|record| record.is_alive());
    let mut out: Vec<PaneRow> = links
        .map(|record| PaneRow::Link { id: record.id(), text: format!("{} {}", record.name(), record.title()) })
        .collect();
    if out.is_empty() {
        out.push(PaneRow::Note("Nothing yet. {set.serves} ties it to a roadmap item or a story.".to_string()));
    }
    out.push(PaneRow::Note("{add.under} makes a story of it, {set.status} says what became of it.".to_string()));
    out
}

fn status(ui: &Ui, product: &Product) -> String {
    let all = product.table(Kind::Feedback).order().len();
    let new = product.all::<Feedback>().filter(|one| one.state == FeedbackState::New).count();
    let mut parts = vec![format!("{all} {}", if all == 1 { "voice" } else { "voices" }), format!("{new} not sorted")];
    if ui.rows.hidden > 0 {
        parts.push(format!("{} not shown", ui.rows.hidden));
    }
    parts.join(" · ")
}
