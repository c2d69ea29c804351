//! View 0: the products on this computer, what each is for and how far it is.

use crate::actions::Context;
use crate::insight::views;
use crate::model::product::Product;
use crate::model::role::Role;
use crate::store::products::{Listed, put_aside};
use crate::tui::overlay::ask::Ask;
use crate::tui::state::contract::{Adds, ListForm, Opening, Outcome, Screen, Verb, always};
use crate::tui::state::not_ready::NotReady;
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::products::ListedProduct;
use crate::tui::state::ui::{ListRow, Rows, Ui};
use crate::tui::term::layout::{Arrangement, Focus};
use crate::tui::term::paint::Paint;
use crate::tui::term::text::clean;
use crate::tui::widget::list;
use ratatui::layout::Rect;

pub const SCREEN: Screen = Screen {
    tab: false,
    form: |_| ListForm { arrangement: Arrangement::Beside { columns: 58 }, row_height: 1, heading: 0 },
    adds: Adds::Product,
    enters: Focus::Why,
    opens: Some(|ui, _, _| chosen(ui).map(|one| Outcome::Open(Opening::Product(one.listed.clone())))),
    verbs: &[
        Verb { name: "undo", ready: always, run: |ui, _, _| undo(ui) },
        Verb { name: "delete", ready: may_remove, run: remove_chosen },
    ],
    visit,
    rows: |ui, product| rows(ui, product),
    draw,
    row_needs: |ui, _, row| list::needed(ui, row, &line(ui, row, 50)),
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
    ..Screen::of(&views::PRODUCTS)
};

fn rows(ui: &Ui, _: &Product) -> Rows {
    let mut out = Rows::default();
    let find = ui.place().find.trim().to_lowercase();
    for (nth, one) in ui.products.all.iter().enumerate() {
        if find.is_empty() || one.listed.name.to_lowercase().contains(&find) {
            out.rows.push(ListRow::other(one.id, nth));
        } else {
            out.narrowed = out.narrowed.saturating_add(1);
        }
    }
    out
}

/// Whether the folder has been listed since this view was entered.
struct Listing;

/// Lists the folder again whenever the view is entered.
fn visit(ui: &mut Ui, is_open: bool) {
    if !is_open {
        ui.slots.take::<Listing>();
    } else if ui.slots.get::<Listing>().is_none() {
        if let Some(data) = ui.elsewhere.data.clone() {
            ui.products.list(&data);
        }
        ui.slots.put(Listing);
    }
}

fn may_remove(ui: &Ui, _: &Product) -> Result<(), NotReady> {
    chosen(ui).map(|_| ()).ok_or_else(|| "nothing is selected".into())
}

fn remove_chosen(ui: &mut Ui, _: &Product, _: &mut Context) -> Outcome {
    match chosen(ui).map(|one| one.listed.clone()) {
        Some(listed) => remove(ui, &listed),
        None => Outcome::Nothing,
    }
}

/// Undo does not reach another product, so this is asked.
fn remove(ui: &mut Ui, listed: &Listed) -> Outcome {
    if listed.id == ui.elsewhere.here {
        return Outcome::say("It is open here. Open another product first; then it can be deleted from this list.");
    }
    let name = crate::tui::term::text::clean(&listed.name).into_owned();
    let lies_in = listed.folder.0.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let words = format!("Its folder {lies_in} is moved to .deleted beside the others. Nothing in it is changed.");
    let listed = listed.clone();
    let ask = Ask::new(format!("Remove {name} from the list?"), words)
        .or("No", |_, _, _| Outcome::Nothing)
        .or("Yes", move |ui, _, _| put_away(ui, &listed));
    ui.open(ask)
}

/// In the list of products, undo brings back the one removed last; the open product is not touched.
fn undo(ui: &mut Ui) -> Outcome {
    let Some((from, to)) = ui.put_aside.pop() else {
        return Outcome::say("No product has been removed here. In the other views {undo} undoes what you did there.");
    };
    match std::fs::rename(&from, &to) {
        Ok(()) => {
            if let Some(data) = ui.elsewhere.data.clone() {
                ui.products.list(&data);
            }
            Outcome::say("The product is back in the list.")
        }
        Err(cause) => Outcome::refuse(format!("It is in {} and could not be moved back: {cause}.", from.display())),
    }
}

fn put_away(ui: &mut Ui, listed: &Listed) -> Outcome {
    let Some(data) = ui.elsewhere.data.clone() else { return Outcome::Nothing };
    match put_aside(&data, &listed.folder) {
        Ok(to) => {
            ui.products.list(&data);
            ui.put_aside.push((to, listed.folder.0.clone()));
            Outcome::say(format!(
                "{} is removed from the list. {{undo}} brings it back.",
                crate::tui::term::text::clean(&listed.name)
            ))
        }
        Err(error) => Outcome::refuse(error),
    }
}

/// The product under the cursor.
pub fn chosen(ui: &Ui) -> Option<&ListedProduct> {
    let row = ui.row_at_cursor()?;
    ui.products.all.get(row.slot as usize).filter(|one| one.id == row.id)
}

fn draw(ui: &Ui, product: &Product, area: Rect, buffer: &mut Paint) {
    let inner = list::frame(ui, product, "PRODUCTS", &ui.products.all.len().to_string(), area, buffer);
    list::draw_rows(ui, product, inner, buffer, &|_, row, columns| line(ui, row, columns));
}

fn line(ui: &Ui, row: &ListRow, columns: usize) -> list::RowText {
    let Some(one) = ui.products.all.get(row.slot as usize) else { return list::RowText::default() };
    let when = one.changed.map(|when| super::history::day_word(when.date_naive(), ui.today.0));
    let people = match &one.summary {
        // Who has both roles here fills the seat that has no name.
        Some(Ok(summary)) if one.listed.id == ui.elsewhere.here && ui.role == Role::Both && !summary.is_shared => {
            format!("{}, both roles", clean(&ui.by))
        }
        Some(Ok(summary)) => clean(&summary.people).into_owned(),
        Some(Err(_)) => "does not open".to_string(),
        None => String::new(),
    };
    let when = if one.listed.id == ui.elsewhere.here { Some("open".to_string()) } else { when };
    let people =
        if columns >= 50 { format!("{:<20}", crate::tui::term::text::cut(&people, 20)) } else { String::new() };
    let tail = format!("{people} {:<11}", when.unwrap_or_default());
    list::RowText::new("", &one.listed.name, &tail)
}

fn why(ui: &Ui, _: &Product) -> Vec<PaneRow> {
    let Some(one) = chosen(ui) else { return Vec::new() };
    match &one.summary {
        None => vec![PaneRow::Note("Reading this product …".to_string())],
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
