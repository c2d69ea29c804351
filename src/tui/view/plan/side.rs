//! The box beside the list, if there is room: the goal, how full the sprint is, the velocity for comparison, and what
//! the points go to.

use super::figures::{days_words, fits, is_over, next_days, origin, points_bar, span, warnings};
use super::left::nothing_left;
use super::planned::{Planned, shown};
use crate::insight::outlook::velocity_words;
use crate::insight::velocity::Unit;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::role::{Owner, Role};
use crate::model::saturating::signed;
use crate::model::schema::{Kind, Sprint};
use crate::model::value::Amount;
use crate::tui::state::access::{can_have, owner_name};
use crate::tui::state::ui::Ui;
use crate::tui::term::layout::Part;
use crate::tui::term::paint::{Paint, Zone};
use crate::tui::term::text::{clean, cut, fit, times, width, wrap, wrap_or_cut};
use crate::tui::widget::bars::{self, Bar, columns};
use crate::tui::widget::list;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// The column of the values after the labels.
const LABEL: usize = 9;
/// The most lines about what the points go to; the last one sums up the rest.
const SERVED: usize = 4;
/// The least lines of the chart: two of labels, three of bars and the gap.
const CHART: usize = 6;
/// With so many lines for the chart and the sums, a name may take two.
const TALL: usize = 18;
/// Bars for more sprints than this add nothing.
const SPRINTS: usize = 7;

/// The chart and the sums are readable from this width on, with the border.
pub const LEAST: u16 = 46;

/// One line, and what a click on it does.
struct Line {
    text: String,
    style: Style,
    zone: Option<&'static str>,
}

/// Collects lines with labels.
struct Lines<'a> {
    ui: &'a Ui,
    columns: usize,
    all: Vec<Line>,
}

impl Lines<'_> {
    fn add(&mut self, label: &str, text: &str, style: Style, zone: Option<&'static str>) {
        self.all.push(Line { text: format!("{}{text}", fit(label, LABEL)), style, zone });
    }

    /// A text that may take several lines.
    fn wrapped(&mut self, label: &str, text: &str, most: usize, style: Style, zone: Option<&'static str>) {
        for (nth, line) in wrap(text, self.columns.saturating_sub(LABEL), most).into_iter().enumerate() {
            self.add(if nth == 0 { label } else { "" }, &line, style, zone);
        }
    }

    fn gap(&mut self) {
        self.all.push(Line { text: String::new(), style: Style::new(), zone: None });
    }
}

pub fn draw(ui: &Ui, product: &Product, planned: &Planned, area: Rect, buffer: &mut Paint) {
    let sprint = shown(ui, product);
    let title = match sprint {
        Some(sprint) => {
            let days = span(sprint, ui.today).map(|span| format!("  {span}")).unwrap_or_default();
            format!("SPRINT {}{days}", sprint.number)
        }
        None => {
            let short = format!("NEXT SPRINT  {}", next_days(ui, product));
            let long = format!("{short}, not created yet");
            // The border takes a corner and a blank on either side.
            if width(&long).saturating_add(8) <= usize::from(area.width) { long } else { short }
        }
    };
    let whose = match ui.role {
        Role::Both => "both roles".to_string(),
        role if role.owns(Owner::How) => "yours".to_string(),
        _ => owner_name(product, Owner::How),
    };
    let inner = list::column_frame(ui, &title, &whose, false, area, buffer);
    buffer.zone(Rect { height: 1, ..area }, Zone::Command("sprint.dates"));
    let inner = inner.indented();
    let room = usize::from(inner.height);
    let mut lines = Lines { ui, columns: usize::from(inner.width), all: Vec::new() };
    head(product, planned, sprint.map(|one| &**one), &mut lines);
    points(planned, sprint.map(|one| &**one), &mut lines);
    let tall = room.saturating_sub(lines.all.len()) >= TALL;
    let spread = spread(product, planned, ui, lines.columns, if tall { 2 } else { 1 });
    let warned = warnings(&planned.plan);
    let look_twice = ui.theme.glyph("△", "*");
    let warned: Vec<Vec<String>> =
        warned.iter().map(|word| wrap_or_cut(&format!("{look_twice} {word}"), lines.columns, 3)).collect();
    let warned_rows = warned.iter().map(Vec::len).sum::<usize>();
    // The chart gets the remaining room, if that is enough to be readable.
    let below = if spread.is_empty() { 0 } else { spread.len().saturating_add(1) };
    let left = room.saturating_sub(lines.all.len()).saturating_sub(below);
    let kept = if left >= CHART.saturating_add(4) { 4 } else { 1 };
    chart(planned, left.saturating_sub(warned_rows.min(kept)), &mut lines);
    if !spread.is_empty() && lines.all.len() < room {
        lines.gap();
    }
    for (nth, text) in spread.iter().enumerate() {
        lines.add(if nth == 0 { "Goes to" } else { "" }, text, Style::new(), None);
    }
    let left = room.saturating_sub(lines.all.len());
    for text in fitted(warned, left, lines.columns) {
        lines.all.push(Line { text, style: ui.theme.wrong(), zone: None });
    }
    for (y, line) in lines.all.iter().take(room).enumerate() {
        let place = inner.row(y);
        buffer.write(place, cut(&clean(&line.text), lines.columns), lines.columns, line.style);
        if let Some(name) = line.zone {
            buffer.zone(place, Zone::Command(name));
        }
    }
}

/// As many warnings as there is room for; the last line says that something is missing.
fn fitted(warned: Vec<Vec<String>>, room: usize, columns: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let count = warned.len();
    for (nth, lines) in warned.into_iter().enumerate() {
        let left = room.saturating_sub(out.len());
        let is_last = nth.saturating_add(1) == count;
        if left == 0 || (left == 1 && !is_last && nth > 0) {
            let more = count.saturating_sub(nth);
            if left == 1 {
                out.push(format!("… {more} more"));
            } else if let Some(last) = out.last_mut() {
                let begin = wrap(last, columns.saturating_sub(11), 1).concat();
                *last = format!("{begin} … {more} more");
            }
            break;
        }
        out.extend(match lines.len() > left {
            true => wrap_or_cut(&lines.join(" "), columns, left),
            false => lines,
        });
    }
    out
}

/// The goal and what it serves.
fn head(product: &Product, planned: &Planned, sprint: Option<&Sprint>, lines: &mut Lines) {
    let quiet = lines.ui.theme.quiet();
    let Some(sprint) = sprint else {
        let words = match can_have(lines.ui, Kind::Sprint) {
            true if nothing_left(product, planned).is_some() => {
                "No story is left to plan; {sprint.new} creates the sprint all the same.".to_string()
            }
            true => "{tick} on a story creates it, {sprint.fill} creates and fills it.".to_string(),
            false => format!(
                "{} creates it. {{sprint.new}} proposes one; then {{tick}} proposes stories for it.",
                owner_name(product, Owner::How)
            ),
        };
        let words = lines.ui.keymap.fill(&words).into_owned();
        return lines.wrapped("", &words, 2, quiet, Some("sprint.new"));
    };
    match sprint.goal.trim() {
        "" => {
            let words = lines.ui.keymap.fill("not written yet: {sprint.goal}").into_owned();
            lines.wrapped("Goal", &words, 1, quiet, Some("sprint.goal"));
        }
        goal => lines.wrapped("Goal", goal, 2, lines.ui.theme.strong(), Some("sprint.goal")),
    }
    let names: Vec<String> = sprint.serves.iter().filter_map(|id| product.find(*id)).map(|one| one.name()).collect();
    if !names.is_empty() {
        let title = match sprint.serves.as_slice() {
            [one] => product.find(*one).map(|one| format!(" {}", one.title())).unwrap_or_default(),
            _ => String::new(),
        };
        lines.add("Serves", &format!("{}{title}", names.join(", ")), Style::new(), Some("sprint.goal"));
    }
}

/// How full it is, compared with the capacity.
fn points(planned: &Planned, sprint: Option<&Sprint>, lines: &mut Lines) {
    let (ui, plan) = (lines.ui, &planned.plan);
    lines.gap();
    let words = fits(plan);
    let style = if is_over(plan) { ui.theme.wrong() } else { ui.theme.strong() };
    let bar_room = lines.columns.saturating_sub(LABEL.saturating_add(width(&words)).saturating_add(2)).min(34);
    let bar = points_bar(ui.theme, plan, bar_room);
    let text = if bar.is_empty() { words } else { format!("{bar}  {words}") };
    lines.add("Points", &text, style, Some("set.capacity"));
    lines.wrapped("", &velocity_words(&planned.pace, false), 4, Style::new(), None);
    if let Some(word) = origin(plan, sprint) {
        lines.add("", &word, ui.theme.quiet(), Some("set.capacity"));
    }
    if let Some(word) = sprint.and_then(|sprint| days_words(plan, sprint)) {
        lines.add("Days", &word, Style::new(), Some("set.capacity"));
    } else if plan.capacity.is_none() {
        let words = ui.keymap.fill("{set.capacity} sets a capacity by hand.");
        lines.wrapped("", &words, 1, ui.theme.quiet(), Some("set.capacity"));
    }
    if plan.selected.unsized_items > 0 {
        let word = format!("{} without points", plan.selected.unsized_items);
        lines.add("", &word, ui.theme.wrong(), None);
    }
}

/// The velocity of the last sprints, as bars from zero.
fn chart(planned: &Planned, room: usize, lines: &mut Lines) {
    let pace = &planned.pace;
    if pace.sprints.is_empty() || room < CHART {
        return;
    }
    let likely = pace.likely().map(|likely| (likely.as_f64(), format!("likely {likely}")));
    // The label of the line needs its room at the end; older bars go first.
    let label = likely.as_ref().map_or(0, |(_, word)| width(word)).saturating_add(LABEL + 5);
    let left = lines.columns.saturating_sub(label);
    let gap = if left < bars::wide(bars::GAP).saturating_mul(4) { 1 } else { bars::GAP };
    let fitting = left.checked_div(bars::wide(gap)).unwrap_or_default().clamp(1, SPRINTS);
    let from = pace.sprints.len().saturating_sub(fitting);
    let bar = |(number, value): (&u32, &Amount)| Bar {
        label: format!("s{number}"),
        value: value.as_f64(),
        shown: value.to_string(),
    };
    let bars: Vec<Bar> = pace.sprints.iter().zip(&pace.each).skip(from).map(bar).collect();
    let height = room.saturating_sub(3).min(6);
    lines.gap();
    let unit = if pace.unit == Unit::Stories { "stories" } else { "points" };
    let chart = columns(lines.ui.theme, &bars, likely.as_ref().map(|(at, word)| (*at, word.as_str())), gap, height);
    for (nth, line) in chart.iter().enumerate() {
        let label = match nth {
            0 => "Velocity",
            1 => unit,
            _ => "",
        };
        lines.add(label, line, Style::new(), None);
    }
}

/// What the points go to, with a bar from zero per roadmap item.
fn spread(product: &Product, planned: &Planned, ui: &Ui, columns: usize, most_lines: usize) -> Vec<String> {
    let serves = &planned.plan.serves;
    let most = serves.iter().map(|(_, sum)| sum.points.in_hundredths()).max().unwrap_or(0).max(1);
    let name = |why: &Option<Id>| match why.and_then(|id| product.find(id)) {
        Some(record) => clean(&format!("{} {}", record.name(), record.title())).into_owned(),
        None => "no roadmap item".to_string(),
    };
    // The names need their room first.
    let longest = serves.iter().take(SERVED).map(|(why, _)| width(&name(why))).max().unwrap_or(0);
    let bar = columns.saturating_sub(longest.saturating_add(LABEL + 5)).clamp(5, 14);
    let named = columns.saturating_sub(LABEL.saturating_add(bar).saturating_add(5)).min(longest.max(20));
    let line = |(why, sum): &(Option<Id>, crate::insight::sprint::Sum)| {
        let long = sum.points.in_hundredths().saturating_mul(signed(bar)).checked_div(most);
        let long = long.and_then(|long| usize::try_from(long).ok()).unwrap_or_default();
        let long = long.max(usize::from(sum.points.in_hundredths() > 0));
        let bar = times(ui.theme.glyph("▇", "#"), long);
        let mut lines = wrap_or_cut(&name(why), named, most_lines);
        if let Some(first) = lines.first_mut() {
            *first = format!("{} {bar} {}", fit(first, named), sum.points);
        }
        lines
    };
    let shown = if serves.len() > SERVED { SERVED.saturating_sub(1) } else { serves.len() };
    let rest = serves.get(shown..).unwrap_or_default();
    let more = (!rest.is_empty()).then(|| {
        let points: Amount = rest.iter().map(|(_, sum)| sum.points).sum();
        format!("and {} more: {points}", rest.len())
    });
    serves.iter().take(shown).flat_map(line).chain(more).collect()
}
