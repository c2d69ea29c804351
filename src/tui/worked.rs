//! What takes some milliseconds to work out, kept until the product or the day moves: never made while drawing.

use crate::insight;
use crate::insight::forecast::{Forecast, forecast};
use crate::insight::review::Review;
use crate::insight::roadmap_diff::{Act, Moved, moved};
use crate::insight::timeline::{Days, spans};
use crate::insight::window::{Since, begin};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::value::{Day, When};
use crate::store::journal::LoggedStep;
use crate::tui::screen::{changes, review};
use crate::tui::ui::Ui;
use chrono::NaiveTime;
use rustc_hash::FxHashMap;
use std::sync::Arc;

#[derive(Default)]
pub struct Worked {
    of: Option<(u64, Day)>,
    pub forecast: Forecast,
    pub spans: FxHashMap<Id, Days>,
    moved_of: Option<(u64, Day, usize, Since)>,
    /// What moved on the roadmap, and since when, in words.
    pub moved: Vec<Moved>,
    pub since: String,
    review_of: Option<(u64, Day, usize)>,
    /// The review that is looked at.
    pub review: Option<Review>,
}

/// Brings up to date what the view shows.
pub fn refresh(ui: &mut Ui, product: &Product) {
    let now = (product.rev(), ui.today);
    if !matches!(ui.screen().name, "roadmap" | "review") {
        return;
    }
    if ui.worked.of != Some(now) {
        ui.worked.forecast = forecast(product, ui.today);
        ui.worked.spans = spans(product, &ui.worked.forecast, ui.today);
        ui.worked.of = Some(now);
    }
    let turned = (product.rev(), ui.today, ui.place().turn);
    if review::is_shown(ui) && ui.worked.review_of != Some(turned) {
        let noon = ui.today.0.and_time(NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default());
        let now = When(noon.and_utc().fixed_offset());
        let sprint = review::sprint_of(ui, product);
        ui.worked.review = sprint.and_then(|sprint| insight::review::review(product, sprint, now));
        ui.worked.review_of = Some(turned);
    }
    let since = changes::since(ui);
    let wanted = (product.rev(), ui.today, ui.past.len(), since);
    if changes::is_shown(ui) && ui.worked.moved_of != Some(wanted) {
        let acts = || ui.past.iter().map(act);
        let begin = begin(product, since, acts().rev(), ui.today);
        let inside = acts().filter(|act| begin.holds(act.at));
        let all = moved(product, inside, &begin.forecast, &ui.worked.forecast, ui.today);
        (ui.worked.moved, ui.worked.since, ui.worked.moved_of) = (all, begin.words, Some(wanted));
    }
}

fn act(entry: &Arc<LoggedStep>) -> Act<'_> {
    Act { step: &entry.step, at: entry.time, by: &entry.by }
}
