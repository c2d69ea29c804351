//! Sprints of another tool in the order of time, in which they get their numbers: a list of issues names the newest first.

use crate::import::found::{Found, FoundRecord, Identity};
use crate::model::schema::fields::{item, sprint};
use crate::model::schema::{Kind, SprintState};
use crate::model::value::{Value, When};
use rustc_hash::FxHashMap;

/// Puts the sprints of a file in order, each by its own dates, else, if it is over, by when the last of its stories was
/// closed. Those without any date come last, in the file's order.
pub fn sprints_by_date(found: &mut Found) {
    let places: Vec<usize> =
        found.records.iter().enumerate().filter(|(_, one)| one.kind == Kind::Sprint).map(|(at, _)| at).collect();
    // Our own files have numbers.
    if places.len() < 2 || found.system.is_empty() {
        return;
    }
    let closed = last_closed(&found.records);
    let day_of = |record: &FoundRecord| {
        let own = [sprint::end().field, sprint::start().field, sprint::ended().field];
        let own = own.into_iter().map(|field| record.text(field)).find(|text| !text.is_empty());
        let is_over = record.text(sprint::state().field) == SprintState::Closed.key();
        let over = || closed.get(&record.identity).map(String::as_str).filter(|_| is_over);
        own.or_else(over).and_then(|text| text.get(..10)).map(str::to_string)
    };
    let mut order: Vec<(bool, Option<String>, usize)> = Vec::with_capacity(places.len());
    for at in &places {
        let day = found.records.get(*at).and_then(day_of);
        order.push((day.is_none(), day, *at));
    }
    order.sort();
    let sorted: Vec<FoundRecord> = order.iter().filter_map(|(_, _, at)| found.records.get(*at)).cloned().collect();
    for (at, record) in places.into_iter().zip(sorted) {
        if let Some(place) = found.records.get_mut(at) {
            *place = record;
        }
    }
}

/// When the last story of each sprint was closed.
fn last_closed(records: &[FoundRecord]) -> FxHashMap<Identity, String> {
    let mut out: FxHashMap<Identity, String> = FxHashMap::default();
    for record in records.iter().filter(|record| record.kind == Kind::BacklogItem) {
        let closed =
            record.value(item::closed().field).and_then(Value::as_str).filter(|text| When::parse(text).is_ok());
        let sprints = record.links.iter().filter(|(field, _)| *field == item::sprint().field).flat_map(|(_, to)| to);
        for (sprint, closed) in sprints.zip(std::iter::repeat(closed)).filter_map(|(one, at)| Some((one, at?))) {
            let known = out.entry(sprint.clone()).or_default();
            if known.as_str() < closed {
                *known = closed.to_string();
            }
        }
    }
    out
}
