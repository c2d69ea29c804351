//! View 1: the vision board, business goals and the Product Goal.

use crate::insight::agreement::state_in_words;
use crate::insight::ready::is_ready_field;
use crate::insight::text::progress;
use crate::insight::trace::asks_again;
use crate::insight::views;
use crate::model::grammar::count;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::saturating::take_at;
use crate::model::schema::{Goal, GoalState, Kind, ProductGoal, RoadmapItem, VisionBoard};
use crate::model::value::Cell;
use crate::tui::state::contract::{Adds, ListForm, Screen};
use crate::tui::state::filter::Filter;
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::{ListRow, Rows, Ui};
use crate::tui::term::layout::{Arrangement, Focus, extent};
use crate::tui::term::paint::Paint;
use crate::tui::widget::changed_why::changed_whys;
use crate::tui::widget::fields::{agreement_of, fields_of, record_title};
use crate::tui::widget::list;
use ratatui::layout::Rect;

pub const SCREEN: Screen = Screen {
    form,
    begins: Focus::Why,
    adds: Adds::Record(|ui| match ui.chosen_row() {
        Some(row) if row.kind == Kind::ProductGoal => Kind::ProductGoal,
        _ => Kind::Goal,
    }),
    enters: Focus::Why,
    filters: |filter| matches!(filter, Filter::Unsure),
    rows: |ui, product| rows(ui, product),
    draw,
    // The panes are what is read here.
    row_needs: |ui, product, row| {
        let half = usize::from(ui.window.width / 2).saturating_sub(2);
        list::needed(ui, row, &line(ui, product, row, 0)).min(half)
    },
    why,
    how,
    pane_title: |ui, product, focus| match (focus, subject(ui, product)) {
        (Focus::How, Some((Kind::VisionBoard, _))) => "what delivery shows".to_string(),
        _ => record_title(ui, product, focus),
    },
    status,
    footer: |ui, command| {
        let on_vision = ui.focus() == Focus::List && ui.chosen_row().is_some_and(|row| row.kind == Kind::VisionBoard);
        match command.name {
            "add.under" if on_vision => Some((60, "add a Product Goal")),
            "add" if ui.window.width >= 70 => Some((command.weight, "add a business goal")),
            _ => None,
        }
    },
    empty: "No goals yet. {add} adds a business goal: what should change, and how you will see it. On the vision, {add.under} adds a Product Goal.",
    ..Screen::of(&views::VISION)
};

/// Its list is short: what it does not need goes to the panes. A find does not move them.
fn form(ui: &Ui) -> ListForm {
    let adding = usize::from(list::adding_after(ui).is_some());
    let rows = ui.rows.rows.len().saturating_add(ui.rows.hidden).saturating_add(adding);
    ListForm { arrangement: Arrangement::Fitted { columns: 46, rows: extent(rows) }, row_height: 1, heading: 0 }
}

fn rows(ui: &Ui, product: &Product) -> Rows {
    let row = |id: Id, kind: Kind| ListRow::of(product, kind, id, u8::from(kind != Kind::VisionBoard));
    let mut out = Rows::default();
    out.rows.extend(product.vision().map(|board| row(board.id, Kind::VisionBoard)));
    out.rows.extend(product.all::<Goal>().map(|goal| row(goal.id, Kind::Goal)));
    out.rows.extend(product.all::<ProductGoal>().map(|goal| row(goal.id, Kind::ProductGoal)));
    list::narrow(ui, product, &mut out);
    out
}

fn draw(ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
    let inner = list::frame(ui, product, "VISION", "goals", area, buffer);
    list::draw_rows(ui, product, inner, buffer, &|_, row: &ListRow, columns: usize| line(ui, product, row, columns));
}

fn line(ui: &Ui, product: &Product, row: &ListRow, columns: usize) -> list::RowText {
    let suspect = product.find(row.id).is_some_and(|record| !asks_again(product, record).is_empty());
    let line = unmarked(ui, product, row, columns);
    let tail = format!("{} {}", ui.mark(row.id, suspect), line.tail).trim_start().to_string();
    let line = list::RowText { tail, ..line };
    // A blank before the border, if that cuts no title.
    let blank = if list::has_room_for(ui, 1, columns) { " " } else { "" };
    list::RowText { tail: format!("{}{blank}", line.tail), ..line }
}

fn unmarked(ui: &Ui, product: &Product, row: &ListRow, columns: usize) -> list::RowText {
    match row.kind {
        Some(Kind::VisionBoard) => list::RowText::new("", "The vision", ""),
        Some(Kind::Goal) => {
            let Some(goal) = product.get::<Goal>(row.id) else { return list::RowText::default() };
            let percent = goal.measures.iter().find_map(|measure| measure.progress());
            let today = goal.measures.iter().find_map(|measure| measure.today());
            let tail = match percent {
                Some(percent) if columns >= 60 && list::has_room_for(ui, 14, columns) => {
                    format!("{} {percent:>3} % of the way", ui.theme.bar(percent, 8))
                }
                Some(percent) => format!("{percent:>3} % there"),
                None if goal.measures.is_empty() => "no measure".to_string(),
                None => today.map_or_else(|| "no reading".to_string(), |value| format!("now {value}")),
            };
            list::RowText::new(&Kind::Goal.numbered(goal.number), &goal.title, &tail)
        }
        _ => {
            let Some(goal) = product.get::<ProductGoal>(row.id) else { return list::RowText::default() };
            list::RowText::new(&Kind::ProductGoal.numbered(goal.number), &goal.title, &state_in_words(product, goal))
        }
    }
}

/// The record that the panes are about: the selected one, else the vision board.
fn subject(ui: &Ui, product: &Product) -> Option<(Kind, Id)> {
    let row = ui.chosen_row().map(|row| (row.kind, row.id));
    row.or_else(|| product.vision().map(|board| (Kind::VisionBoard, board.id)))
}

fn why(ui: &Ui, product: &Product) -> Vec<PaneRow> {
    let Some((kind, id)) = subject(ui, product) else { return Vec::new() };
    let asks = product.find(id).into_iter().flat_map(|record| changed_whys(ui, product, record));
    let agreed = agreement_of(product, id, ui.today);
    let mut out: Vec<PaneRow> = asks.chain(agreed).chain(fields_of(product, kind, id, Owner::Why)).collect();
    if kind == Kind::VisionBoard {
        // The vision comes first, the product's name last: it is the one that is already there.
        let at = out.iter().position(|row| row.field().is_some_and(|(_, field)| field.key == "name"));
        let name = at.and_then(|at| take_at(&mut out, at));
        out.extend(name);
        out.retain(|row| row.field().is_none_or(|(_, field)| field.key != "po_name"));
    }
    out
}

fn how(ui: &Ui, product: &Product) -> Vec<PaneRow> {
    let Some((kind, id)) = subject(ui, product) else { return Vec::new() };
    let mut out = fields_of(product, kind, id, Owner::How);
    if kind == Kind::VisionBoard {
        // The Definition of Ready stands beside the Definition of Done.
        out.retain(|row| row.field().is_none_or(|(_, field)| !is_ready_field(field.kind, field.key)));
        let po_name = Kind::VisionBoard.field("po_name");
        out.extend(po_name.map(|field| PaneRow::Field { record: id, field }));
        out.push(PaneRow::Heading("Goals and what is done for them".to_string()));
        out.extend(product.all::<Goal>().map(|goal| goal_line(product, goal)));
        if let Some(goal) = active_goal(product) {
            out.push(PaneRow::Note(format!("Product Goal: {}", &*goal.title)));
        }
        return out;
    }
    out.push(PaneRow::Heading("Roadmap items that serve it".to_string()));
    let serving = product.all::<RoadmapItem>().filter(|item| item.serves.contains(&id));
    let links: Vec<PaneRow> = serving
        .map(|item| PaneRow::Link {
            id: item.id,
            text: format!("R{} {}\t{}", item.number, &*item.title, progress(product, item.id)),
        })
        .collect();
    if links.is_empty() {
        out.push(PaneRow::Note("None yet. {add.under} adds one.".to_string()));
    }
    out.extend(links);
    out
}

fn goal_line(product: &Product, goal: &Goal) -> PaneRow {
    let items = product.all::<RoadmapItem>().filter(|item| item.serves.contains(&goal.id));
    let (mut roadmap, mut all, mut done) = (0usize, 0u32, 0u32);
    for item in items {
        let sums = product.index().under(Some(item.id)).sums;
        roadmap = roadmap.saturating_add(1);
        all = all.saturating_add(sums.items);
        done = done.saturating_add(sums.done);
    }
    let text = format!(
        "G{} {}\t{roadmap} {}, {done} of {all} {} done",
        goal.number,
        &*goal.title,
        if roadmap == 1 { "item" } else { "items" },
        if all == 1 { "story" } else { "stories" }
    );
    PaneRow::Link { id: goal.id, text }
}

fn active_goal(product: &Product) -> Option<&ProductGoal> {
    product.all::<ProductGoal>().find(|goal| goal.state == GoalState::Active).map(|goal| &**goal)
}

fn status(_: &Ui, product: &Product) -> String {
    let Some(board) = product.vision() else { return "No product is open".to_string() };
    let board: &VisionBoard = board;
    let parts = [&*board.vision, &*board.target_group, &*board.needs, &*board.product, &*board.not_doing];
    let filled = parts.iter().filter(|part| !part.is_empty()).count();
    let goals = count(product.all::<Goal>().len(), "business goal", "business goals");
    let product_goals = count(product.all::<ProductGoal>().len(), "Product Goal", "Product Goals");
    format!("Vision · {filled} of 5 parts filled · {goals} · {product_goals} · {}", board.stage.to_text())
}
