//! Charts as inline SVG, each with a title and a description in words. Their numbers also stand in tables.

use crate::export::html::escape::escape;
use crate::insight::burndown::WorkingDay;
use crate::model::value::{Amount, Measure};

/// The room of a chart, in its own units.
const WIDE: f64 = 340.0;
const EDGE: f64 = 10.0;

/// A chart with its text alternative. The id makes its parts unique.
fn chart(id: &str, (title, description): (&str, &str), height: f64, inside: &str) -> String {
    format!(
        "<svg viewBox=\"0 0 {WIDE} {height}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\">\n\
         <title id=\"{id}-t\">{}</title>\n<desc id=\"{id}-d\">{}</desc>\n{inside}</svg>\n",
        escape(title),
        escape(description)
    )
}

/// The way from the baseline to the target, and how far it is gone. `None` without both ends.
pub fn measure(id: &str, measure: &Measure) -> Option<String> {
    let (from, target) = (measure.from?, measure.target?);
    let way = target.as_f64() - from.as_f64();
    if way == 0.0 {
        return None;
    }
    let now = measure.today();
    // A reading far outside of both ends would leave no room for them.
    let gone = now.map(|now| ((now.as_f64() - from.as_f64()) / way).clamp(-1.0, 3.0));
    let (low, high) = (gone.unwrap_or(0.0).min(0.0), gone.unwrap_or(0.0).max(1.0));
    let x = |part: f64| EDGE + (WIDE - 2.0 * EDGE) * (part - low) / (high - low);
    let (zero, one) = (x(0.0), x(1.0));
    let mut inside = format!(
        "<rect class=\"track\" x=\"{zero:.1}\" y=\"24\" width=\"{:.1}\" height=\"12\" rx=\"3\"/>\n",
        one - zero
    );
    if let (Some(gone), Some(now)) = (gone, now) {
        let at = x(gone);
        let (left, width) = (at.min(zero), (at - zero).abs());
        inside.push_str(&format!(
            "<rect class=\"fill\" x=\"{left:.1}\" y=\"24\" width=\"{width:.1}\" height=\"12\" rx=\"3\"/>\n\
             <line class=\"now\" x1=\"{at:.1}\" y1=\"19\" x2=\"{at:.1}\" y2=\"41\"/>\n"
        ));
        inside.push_str(&label(at, 14.0, &format!("now {}", measure.with_unit(now))));
    }
    inside.push_str(&label(zero, 54.0, &measure.with_unit(from)));
    inside.push_str(&label(one, 54.0, &measure.with_unit(target)));
    let gone = match (now, measure.progress()) {
        (Some(now), Some(percent)) => format!("now {}: {percent} % of the way", measure.with_unit(now)),
        _ => "not read yet".to_string(),
    };
    let description = format!("From {from} to {}, {gone}.", measure.with_unit(target));
    let title = if measure.name.is_empty() { "Measure" } else { &*measure.name };
    Some(chart(id, (title, &description), 60.0, &inside))
}

/// A text at a place, set so that it stays inside.
fn label(x: f64, y: f64, text: &str) -> String {
    let anchor = match x {
        x if x < WIDE * 0.25 => "start",
        x if x > WIDE * 0.75 => "end",
        _ => "middle",
    };
    format!("<text x=\"{x:.1}\" y=\"{y}\" text-anchor=\"{anchor}\">{}</text>\n", escape(text))
}

/// What is left at the end of each working day, beside the ideal. `None` without any day or if nothing is counted.
pub fn burndown(id: &str, days: &[WorkingDay], unit: &str, sentence: &str) -> Option<String> {
    const TOP: f64 = 20.0;
    const FLOOR: f64 = 150.0;
    let left = |day: &WorkingDay| day.remaining.map(Amount::as_f64);
    let most = days.iter().flat_map(|day| [left(day).unwrap_or(0.0), day.ideal]).fold(0.0, f64::max);
    let last = days.len().checked_sub(1)?;
    if most <= 0.0 {
        return None;
    }
    let step = (WIDE - 2.0 * EDGE) / f64::from(u32::try_from(last.max(1)).unwrap_or(1));
    let x = |nth: usize| EDGE + step * f64::from(u32::try_from(nth).unwrap_or(0));
    let y = |value: f64| FLOOR - (FLOOR - TOP) * (value / most).clamp(0.0, 1.0);
    let points = |of: &dyn Fn(&WorkingDay) -> Option<f64>| -> String {
        let place = |(nth, day): (usize, &WorkingDay)| of(day).map(|value| format!("{:.1},{:.1}", x(nth), y(value)));
        days.iter().enumerate().filter_map(place).collect::<Vec<_>>().join(" ")
    };
    let mut inside = format!(
        "<line class=\"axis\" x1=\"{EDGE}\" y1=\"{FLOOR}\" x2=\"{}\" y2=\"{FLOOR}\"/>\n<polyline class=\"ideal\" points=\"{}\"/>\n",
        WIDE - EDGE,
        points(&|day| Some(day.ideal))
    );
    let lines = points(&left);
    if lines.contains(' ') {
        inside.push_str(&format!("<polyline class=\"left\" points=\"{lines}\"/>\n"));
    }
    if let Some((nth, now)) = days.iter().enumerate().rev().find_map(|(nth, day)| Some((nth, left(day)?))) {
        inside.push_str(&format!("<circle class=\"fill\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\"/>\n", x(nth), y(now)));
    }
    inside.push_str(&label(EDGE, 12.0, &format!("{most} {unit}")));
    inside.push_str(&label(EDGE, 168.0, "day 1"));
    inside.push_str(&label(WIDE - EDGE, 168.0, &format!("day {}", days.len())));
    Some(chart(id, ("Burndown", &format!("{sentence}.")), 174.0, &inside))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::value::{Cell, Day, Reading};

    fn read(text: &str, value: &str) -> Measure {
        let day = Day::parse("2026-03-02").unwrap();
        let reading = Reading { day, value: Amount::parse(value).unwrap(), note: "".into() };
        Measure { readings: vec![reading], ..Measure::from_text(text).unwrap() }
    }

    #[test]
    fn a_measure_shows_where_it_stands_whichever_way_it_goes() {
        let chart = measure("m", &read("Left, 17 → 8 %", "9")).unwrap();
        assert!(chart.contains("From 17 to 8 %, now 9 %: 89 % of the way."), "{chart}");
        assert!(chart.contains("width=\"284.4\""), "eight ninths of the way: {chart}");
        let beyond = measure("m", &read("Left, 17 → 8 %", "-1000")).unwrap();
        assert!(!beyond.contains("NaN") && beyond.contains("now -1000 %"), "{beyond}");
        assert_eq!(measure("m", &Measure::from_text("only words").unwrap()), None);
        assert!(measure("m", &Measure::from_text("x, 1 → 2").unwrap()).unwrap().contains("not read yet"));
    }
}
