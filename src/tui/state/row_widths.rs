//! How wide the rows of a list are, so that the window can be divided between it and the panes.

use crate::model::product::Product;
use crate::tui::state::ui::Ui;

/// So many rows are measured at most: the others are about as long.
const SAMPLE: usize = 200;

/// A list of so many rows is seen at a glance.
const SHORT: usize = 40;

/// Notes how many columns the rows of the present list need. It only grows, and a find or a filter does not change it:
/// panes that move while somebody types are worse than a title that is cut.
pub fn measure(ui: &mut Ui, product: &Product) {
    let place = ui.place();
    let (turn, before) = place.needs;
    let same = turn == place.turn;
    if same && before > 0 && !(place.find.trim().is_empty() && place.filters.is_empty()) {
        return;
    }
    let needs = needed(ui, product).max(if same { before } else { 0 });
    let place = ui.place_mut();
    place.needs = (place.turn, needs);
}

/// What all rows of a short list need; in a long one, one in ten may be cut.
fn needed(ui: &Ui, product: &Product) -> usize {
    let (rows, needs) = (&ui.rows.rows, ui.screen().row_needs);
    let step = rows.len().div_ceil(SAMPLE).max(1);
    let sample = rows.iter().enumerate().filter(|(at, _)| at.is_multiple_of(step));
    let mut all: Vec<usize> = sample.map(|(_, row)| needs(ui, product, row)).collect();
    all.sort_unstable();
    let spared = if all.len() > SHORT { all.len() / 10 } else { 0 };
    let most = all.len().saturating_sub(1).saturating_sub(spared);
    all.get(most).copied().unwrap_or_default()
}
