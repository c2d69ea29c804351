//! View 0: the products of this computer, what each is for and where it stands.

use crate::model::product::Product;
use crate::tui::command::{Opening, Outcome};
use crate::tui::layout::{Focus, Shape};
use crate::tui::paint::Paint;
use crate::tui::products::Shown;
use crate::tui::screen::panes::PaneRow;
use crate::tui::screen::{Adds, Form, Screen};
use crate::tui::text::clean;
use crate::tui::ui::{Row, Rows, Ui};
use crate::tui::widget::list;
use ratatui::layout::Rect;

pub const SCREEN: Screen = Screen {
    name: "products",
    key: '0',
    title: "Products",
    short: "Prod",
    form: |_| Form { shape: Shape::Beside { columns: 58 }, row_height: 1, heading: 0 },
    begins: Focus::List,
    kinds: &[],
    adds: Adds::Product,
    enters: Focus::Why,
    opens: Some(|ui, _, _| chosen(ui).map(|one| Outcome::Open(Opening::Product(one.listed.clone())))),
    turns: &[],
    rows,
    draw,
    why,
    how,
    pane_title: |ui, _, focus| match focus {
        Focus::How => "where it stands".to_string(),
        _ => chosen(ui).map(|one| clean(&one.listed.name).into_owned()).unwrap_or_default(),
    },
    status: |ui, _| match ui.products.all.len() {
        1 => "1 product · saved on this computer only".to_string(),
        all => format!("{all} products · saved on this computer only"),
    },
    empty: "No product is here. {add} begins one.",
};

fn rows(ui: &Ui, _: &Product) -> Rows {
    let mut out = Rows::default();
    let find = ui.place().find.trim().to_lowercase();
    for (nth, one) in ui.products.all.iter().enumerate() {
        if find.is_empty() || one.listed.name.to_lowercase().contains(&find) {
            out.rows.push(Row::other(one.id, nth));
        } else {
            out.hidden = out.hidden.saturating_add(1);
        }
    }
    out
}

/// The product under the cursor.
pub fn chosen(ui: &Ui) -> Option<&Shown> {
    let row = ui.row_at_cursor()?;
    ui.products.all.get(row.slot as usize).filter(|one| one.id == row.id)
}

fn draw(ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
    let inner = list::frame(ui, product, "PRODUCTS", &ui.products.all.len().to_string(), area, buffer);
    list::draw_rows(ui, product, inner, buffer, &|_, row, columns| line(ui, row, columns));
}

fn line(ui: &Ui, row: &Row, columns: usize) -> list::Line {
    let Some(one) = ui.products.all.get(row.slot as usize) else { return list::Line::default() };
    let when = one.changed.map(|when| super::history::day_word(when.date_naive(), ui.today.0));
    let people = match &one.summary {
        Some(Ok(summary)) => clean(&summary.people).into_owned(),
        Some(Err(_)) => "does not open".to_string(),
        None => String::new(),
    };
    let when = if one.listed.id == ui.elsewhere.here { Some("open".to_string()) } else { when };
    let people = if columns >= 50 { format!("{:<20}", crate::tui::text::cut(&people, 20)) } else { String::new() };
    let tail = format!("{people} {:<11}", when.unwrap_or_default());
    list::Line::new("", &one.listed.name, &tail)
}

fn why(ui: &Ui, _: &Product) -> Vec<PaneRow> {
    let Some(one) = chosen(ui) else { return Vec::new() };
    match &one.summary {
        None => vec![PaneRow::Note("It is being read.".to_string())],
        Some(Err(why)) => vec![
            PaneRow::Warning(why.clone()),
            PaneRow::Note("Nothing was written to it. Enter tries to open it and says more.".to_string()),
        ],
        Some(Ok(summary)) => {
            let vision = summary.vision.trim();
            let mut out = vec![PaneRow::Text(match vision {
                "" => "Its vision is not written yet.".to_string(),
                text => text.to_string(),
            })];
            out.push(PaneRow::Note(String::new()));
            out.extend(summary.goals.iter().map(|goal| PaneRow::Text(goal.clone())));
            out
        }
    }
}

fn how(ui: &Ui, _: &Product) -> Vec<PaneRow> {
    let Some(one) = chosen(ui) else { return Vec::new() };
    let mut out = Vec::new();
    if let Some(Ok(summary)) = &one.summary {
        out.extend(summary.work.iter().map(|line| PaneRow::Text(line.clone())));
    }
    if let Some(seat) = ui.elsewhere.seats.get(&one.listed.id) {
        out.push(PaneRow::Note(format!("You were in: {seat}. {{enter}} goes back there.")));
    }
    out.push(PaneRow::Note(format!("Its folder: {}", one.listed.folder.0.display())));
    out
}
