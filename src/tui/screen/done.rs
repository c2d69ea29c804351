//! View 7: the Definition of Done, rule by rule, why each exists, and which stories are looked at with it now.

use crate::model::product::Product;
use crate::model::role::Owner;
use crate::model::schema::{BacklogItem, DoneRule, ItemStatus, Kind};
use crate::tui::layout::{Focus, Shape};
use crate::tui::paint::Paint;
use crate::tui::screen::panes::{PaneRow, fields_of, record_title};
use crate::tui::screen::{Adds, Form, Screen};
use crate::tui::ui::{Row, Rows, Ui};
use crate::tui::widget::list;
use ratatui::layout::Rect;

pub const SCREEN: Screen = Screen {
    name: "done",
    key: '7',
    title: "Done",
    short: "Done",
    form: |_| Form { shape: Shape::Beside { columns: 66 }, row_height: 1, heading: 0 },
    begins: Focus::List,
    kinds: &[Kind::DoneRule],
    adds: Adds::Record(|_| Kind::DoneRule),
    enters: Focus::How,
    opens: Some(crate::tui::commands::done::begin),
    turns: &[],
    rows,
    draw,
    why,
    how,
    pane_title: |ui, product, focus| match focus {
        Focus::How => "what it is held against".to_string(),
        _ => record_title(ui, product, focus),
    },
    status,
    empty: "No rules yet. Five that many teams start from: {enter} puts them in, you change them. {add} writes your own.",
};

fn rows(ui: &Ui, product: &Product) -> Rows {
    let mut out = Rows::default();
    out.rows.extend(product.all::<DoneRule>().map(|rule| Row::of(product, Kind::DoneRule, rule.id, 0)));
    list::narrow(ui, product, &mut out);
    out
}

fn draw(ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
    let inner = list::frame(ui, product, "DEFINITION OF DONE", "what done means for every story", area, buffer);
    list::draw_rows(ui, product, inner, buffer, &|at, row, columns| line(product, at, row, columns));
}

fn line(product: &Product, at: usize, row: &Row, columns: usize) -> list::Line {
    let Some(rule) = product.get::<DoneRule>(row.id) else { return list::Line::default() };
    let serves = rule.serves.map(|id| product.name_of(id)).unwrap_or_default();
    let tail = match (rule.because.is_empty(), columns >= 60) {
        (true, true) => format!("{serves:>4}  no because"),
        (false, true) => format!("{serves:>4}            "),
        _ => format!("{serves:>4}"),
    };
    list::Line { number: format!("{:>2} ", at + 1), title: rule.text.to_string(), tail }
}

fn why(ui: &Ui, product: &Product) -> Vec<PaneRow> {
    let Some(row) = ui.chosen_row() else {
        return vec![PaneRow::Note(
            "A rule keeps a promise to the people behind a goal. Each says why it exists.".to_string(),
        )];
    };
    fields_of(product, Kind::DoneRule, row.id, Owner::Why)
}

/// The stories that a person would hold against the rules now.
fn looked_at(product: &Product) -> impl Iterator<Item = &BacklogItem> {
    let now = |item: &&BacklogItem| matches!(item.status, ItemStatus::ToAccept | ItemStatus::Doing);
    product.all::<BacklogItem>().map(|item| &**item).filter(now)
}

fn how(ui: &Ui, product: &Product) -> Vec<PaneRow> {
    let mut out = Vec::new();
    if let Some(row) = ui.chosen_row() {
        out.extend(fields_of(product, Kind::DoneRule, row.id, Owner::How));
    }
    let now: Vec<&BacklogItem> = looked_at(product).take(31).collect();
    out.push(PaneRow::Heading("Stories looked at now".to_string()));
    for item in now.iter().take(30) {
        let met = item.criteria.iter().filter(|criterion| criterion.met).count();
        let criteria = match item.criteria.len() {
            0 => "no criteria".to_string(),
            all => format!("criteria {met} of {all}"),
        };
        let text = format!("S{} {}\t{criteria}  {}", item.number, &*item.title, item.status.label());
        out.push(PaneRow::Link { id: item.id, text });
    }
    if now.is_empty() {
        out.push(PaneRow::Note("None: no story is being worked on or waits to be accepted.".to_string()));
    } else if now.len() > 30 {
        out.push(PaneRow::Note("and more; the backlog shows all.".to_string()));
    }
    out.push(PaneRow::Heading("Definition of Ready".to_string()));
    out.push(PaneRow::Note(
        "Points, one acceptance criterion, and something it serves. It warns and never stops anybody.".to_string(),
    ));
    out
}

fn status(ui: &Ui, product: &Product) -> String {
    let all = product.shelf(Kind::DoneRule).order().len();
    let without = product.all::<DoneRule>().filter(|rule| rule.because.is_empty()).count();
    let mut parts = vec![format!("Definition of Done · {all} {}", if all == 1 { "rule" } else { "rules" })];
    if without > 0 {
        parts.push(format!("{without} without a because"));
    }
    if ui.rows.hidden > 0 {
        parts.push(format!("{} not shown", ui.rows.hidden));
    }
    parts.join(" · ")
}
