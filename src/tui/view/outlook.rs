//! The forecast, which the roadmap and the review share. Computing it takes milliseconds, so it is cached until the
//! product or the day changes, and never computed while drawing.

use crate::insight::forecast::{Forecast, forecast as forecast_of};
use crate::insight::outlook;
use crate::insight::timeline::{Days, spans as spans_of};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::value::Day;
use crate::tui::state::pane_row::PaneRow;
use crate::tui::state::ui::Ui;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

struct Known {
    /// The state of the product and the day.
    of: (u64, Day),
    forecast: Forecast,
    spans: FxHashMap<Id, Days>,
}

static NOTHING: LazyLock<(Forecast, FxHashMap<Id, Days>)> = LazyLock::new(Default::default);

/// Brings the forecast up to date.
pub fn refresh(ui: &mut Ui, product: &Product) {
    let of = (product.rev(), ui.today);
    if ui.slots.get::<Known>().is_none_or(|known| known.of != of) {
        let forecast = forecast_of(product, ui.today);
        let spans = spans_of(product, &forecast, ui.today);
        ui.slots.put(Known { of, forecast, spans });
    }
}

/// The forecast as last computed.
pub fn forecast(ui: &Ui) -> &Forecast {
    ui.slots.get::<Known>().map_or(&NOTHING.0, |known| &known.forecast)
}

/// The days that each roadmap item takes, by its id.
pub fn spans(ui: &Ui) -> &FxHashMap<Id, Days> {
    ui.slots.get::<Known>().map_or(&NOTHING.1, |known| &known.spans)
}

/// The forecast for an item, sentence by sentence.
pub fn outlook_rows(ui: &Ui, product: &Product, id: Id) -> Vec<PaneRow> {
    let sentences = outlook::sentences(product, forecast(ui), id, ui.today);
    let row = |one: outlook::Sentence| if one.wrong { PaneRow::Warning(one.text) } else { PaneRow::Text(one.text) };
    sentences.into_iter().map(row).collect()
}
