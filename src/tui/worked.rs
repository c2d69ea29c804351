//! What takes some milliseconds to work out, kept until the product or the day moves: never made while drawing.

use crate::insight::forecast::{Forecast, forecast};
use crate::insight::spans::{Days, spans};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::value::Day;
use crate::tui::ui::Ui;
use rustc_hash::FxHashMap;

#[derive(Default)]
pub struct Worked {
    of: Option<(u64, Day)>,
    pub forecast: Forecast,
    pub spans: FxHashMap<Id, Days>,
}

/// Brings the forecast up to date where the view shows one.
pub fn refresh(ui: &mut Ui, product: &Product) {
    let now = (product.rev(), ui.today);
    if !matches!(ui.screen().name, "roadmap" | "review") || ui.worked.of == Some(now) {
        return;
    }
    let forecast = forecast(product, ui.today);
    let spans = spans(product, &forecast, ui.today);
    ui.worked = Worked { of: Some(now), forecast, spans };
}
