//! The start of the window for roadmap changes: the last ratified version, the last review, or a day.

use crate::insight::outlook::{last_version, short};
use crate::insight::roadmap_diff::Act;
use crate::insight::sprint::running;
use crate::insight::velocity::closed;
use crate::model::product::Product;
use crate::model::schema::Sprint;
use crate::model::snapshot_types::ForecastSnapshot;
use crate::model::undo_barrier::{Fence, fence};
use crate::model::value::{Day, When};

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Since {
    #[default]
    Ratified,
    /// The close of the last reviewed sprint.
    Review,
    /// The close of the sprint before the last closed one.
    LastClosed,
    Day(Day),
}

/// The start of a window, as text and as a point in time, and the forecast at that time.
#[derive(Clone, PartialEq, Debug)]
pub struct Begin {
    /// `version 4, ratified 12 Nov`.
    pub words: String,
    after: After,
    pub forecast: Vec<ForecastSnapshot>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum After {
    Everything,
    Moment(When),
    /// The day itself is included.
    Day(Day),
}

impl Begin {
    pub fn holds(&self, at: When) -> bool {
        match self.after {
            After::Everything => true,
            After::Moment(moment) => at > moment,
            After::Day(day) => at.day() >= day,
        }
    }

    /// The same for what is known by its day only; the day of the start itself counts.
    pub fn holds_day(&self, on: Day) -> bool {
        match self.after {
            After::Everything => true,
            After::Moment(moment) => on >= moment.day(),
            After::Day(day) => on >= day,
        }
    }
}

/// Returns the start of the window. `acts` is the whole history, newest first.
pub fn begin<'a>(product: &Product, since: Since, acts: impl Iterator<Item = Act<'a>>, today: Day) -> Begin {
    match since {
        Since::Ratified => ratified(product, today),
        Since::Review => review(product, acts, today),
        Since::LastClosed => last_closed(product, acts, today),
        Since::Day(day) => of_day(product, day, today),
    }
}

fn ratified(product: &Product, today: Day) -> Begin {
    match last_version(product).and_then(|version| Some((version, version.at?))) {
        Some((version, at)) => Begin {
            words: format!("version {}, ratified {}", version.number, short(at.day(), today)),
            after: After::Moment(at),
            forecast: version.forecast.clone(),
        },
        None => beginning("the beginning (nothing is ratified yet)"),
    }
}

/// A sprint that was closed but not yet shown is about to be reviewed; the window then starts with the close before it.
fn review<'a>(product: &Product, acts: impl Iterator<Item = Act<'a>>, today: Day) -> Begin {
    let all = dated(product);
    let waits = running(product).is_none() && all.last().is_some_and(|sprint| sprint.shown.is_empty());
    match all.len().checked_sub(if waits { 2 } else { 1 }).and_then(|at| all.get(at)) {
        Some(sprint) => close_of(sprint, acts, today),
        None => beginning("the beginning (no sprint is reviewed yet)"),
    }
}

/// What the last closed sprint brought is always told.
fn last_closed<'a>(product: &Product, acts: impl Iterator<Item = Act<'a>>, today: Day) -> Begin {
    match dated(product).as_slice() {
        [.., before, _] => close_of(before, acts, today),
        [_] => beginning("the beginning"),
        [] => beginning("the beginning (no sprint is closed yet)"),
    }
}

fn beginning(words: &str) -> Begin {
    Begin { words: words.to_string(), after: After::Everything, forecast: Vec::new() }
}

/// The closed sprints. One that another tool closed, without a date, is no moment from which anything could be told.
fn dated(product: &Product) -> Vec<&Sprint> {
    closed(product).into_iter().map(|sprint| &**sprint).filter(|sprint| sprint.end.is_some()).collect()
}

fn close_of<'a>(sprint: &Sprint, acts: impl Iterator<Item = Act<'a>>, today: Day) -> Begin {
    let closes = |act: &Act| {
        fence(act.step) == Some(Fence::Close) && act.step.changes.iter().any(|change| change.id == sprint.id)
    };
    let at = { acts }.find(closes).map(|act| act.at);
    let after = match (at, sprint.end) {
        (Some(at), _) => After::Moment(at),
        (None, Some(end)) => After::Day(end.plus(1)),
        (None, None) => After::Everything,
    };
    let day = at.map(|at| at.day()).or(sprint.end).unwrap_or(today);
    Begin {
        words: format!("the close of sprint {}, {}", sprint.number, short(day, today)),
        after,
        forecast: sprint.forecast.clone(),
    }
}

/// The last forecast before a day: from a version or from the close of a sprint.
fn of_day(product: &Product, day: Day, today: Day) -> Begin {
    let versions = product.all::<crate::model::schema::RoadmapVersion>();
    let versions = versions.filter_map(|one| Some((one.at?.day(), &one.forecast)));
    let sprints = closed(product).into_iter().filter_map(|one| Some((one.end?, &one.forecast)));
    let kept = versions.chain(sprints).filter(|(on, _)| *on < day).max_by_key(|(on, _)| *on);
    Begin {
        words: short(day, today),
        after: After::Day(day),
        forecast: kept.map(|(_, forecast)| forecast.clone()).unwrap_or_default(),
    }
}
