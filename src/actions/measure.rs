//! Readings of measures: a value, its day, and a note.

use crate::actions::action::{Action, Args};
use crate::insight::date_parser::{self, Around};
use crate::model::change::{Change, Step};
use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::value::{Amount, Cell, Day, Line, Measure, Reading, Shape};

pub const READ: Action = Action {
    name: "measure.read",
    hint: "Records a value of a measure, beside the earlier ones.",
    with: &[
        ("on", "a goal, Product Goal or roadmap item with a measure"),
        ("value", "the value, in quotes"),
        ("measure", "the name of the measure, if there are several (default: the first)"),
        ("day", "when it was read (default: today)"),
        ("note", "what there is to say about it"),
    ],
    run: |product, args, context| {
        let (_, id) = args.record("on")?;
        let value = value_of(args.needed("value")?).map_err(Refusal::unchanged)?;
        let day = match args.text("day") {
            Some(day) => Day::parse(day).map_err(Refusal::unchanged)?,
            None => context.now.day(),
        };
        let note = Line::from(args.trimmed("note"));
        read(product, id, named(product, id, args)?, Reading { day, value, note }, context.now.day())
    },
    sets: None,
};

/// The place of the measure that a script names.
fn named(product: &Product, id: Id, args: &Args) -> Result<usize, Refusal> {
    let Some(name) = args.text("measure") else { return Ok(0) };
    let at = measures_of(product, id).iter().position(|measure| *measure.name == *name.trim());
    at.ok_or_else(|| {
        Refusal::unchanged(format!("{} has no measure called \u{201c}{name}\u{201d}.", product.name_of(id)))
    })
}

/// The measures of a record, in their order; empty if it has none.
pub fn measures_of(product: &Product, id: Id) -> Vec<Measure> {
    measures(product, id).map(|(_, all)| all).unwrap_or_default()
}

fn measures(product: &Product, id: Id) -> Option<(&'static Field, Vec<Measure>)> {
    let record = product.find(id).filter(|record| record.is_alive())?;
    let is_measure = |field: &&Field| matches!(field.shape, Shape::Measure | Shape::Measures);
    let field = record.kind().fields().iter().find(is_measure)?;
    let value = record.value(field);
    let all = Vec::<Measure>::from_value(&value).or_else(|_| Measure::from_value(&value).map(|one| vec![one])).ok()?;
    (!value.is_null()).then_some((field, all))
}

fn value_of(text: &str) -> Result<Amount, String> {
    Amount::parse(text.trim().trim_end_matches(['%', ' ']))
}

/// A reading as people type it: `70`, `70, 20 nov` or `70, 20 nov, after the campaign`. Without a day it is from today; what
/// is no day is a note.
///
/// # Errors
///
/// A sentence, if the value is no number, or what looks like a day is none.
pub fn typed(text: &str, around: &Around) -> Result<Reading, String> {
    let (value, rest) = text.split_once(", ").unwrap_or((text, ""));
    let value = value_of(value)?;
    let (first, further) = rest.split_once(", ").unwrap_or((rest, ""));
    let (day, note) = match (first.trim().is_empty(), date_parser::read(first, around)) {
        (true, _) => (around.today, further.trim().to_string()),
        (false, Ok(day)) => (day, further.trim().to_string()),
        (false, Err(why)) if first.trim().starts_with(|c: char| c.is_ascii_digit()) => return Err(why),
        (false, Err(_)) => (around.today, rest.trim().to_string()),
    };
    Ok(Reading { day, value, note: Line::from(note.as_str()) })
}

/// Adds a reading to one of the record's measures. One of the same day is replaced.
///
/// # Errors
///
/// The record has no such measure, or the day is still to come. Nothing is changed.
pub fn read(product: &Product, id: Id, nth: usize, reading: Reading, today: Day) -> Result<Step, Refusal> {
    let Some((field, mut all)) = measures(product, id) else {
        let what = format!("{} has no measure to read.", product.name_of(id));
        return Err(Refusal::new(what, "Write one first, such as: Repeat bookings, 31 → 35 %"));
    };
    let Reading { day, value, .. } = reading;
    if day > today {
        return Err(Refusal::new(
            format!("{day} is still to come."),
            "A reading is what was measured; nothing was changed.",
        ));
    }
    let Some(measure) = all.get_mut(nth) else {
        return Err(Refusal::unchanged(format!("{} has no such measure.", product.name_of(id))));
    };
    let before = measure.readings.iter().find(|known| known.day == day).map(|known| known.value);
    measure.readings.retain(|known| known.day != day);
    measure.readings.push(reading);
    measure.readings.sort_by_key(|known| known.day);
    let name = if measure.name.is_empty() { "Measure".to_string() } else { measure.name.to_string() };
    let when = if day == today { String::new() } else { format!(" on {day}") };
    let was = before.filter(|before| *before != value).map(|before| format!(", was {before}")).unwrap_or_default();
    let to = match field.shape {
        Shape::Measure => all.first().map(Cell::to_value).unwrap_or_default(),
        _ => all.to_value(),
    };
    let from = product.value(id, field);
    let label = format!("{name} of {} reads {value}{when}{was}", product.name_of(id));
    let changes = if from == to { Vec::new() } else { vec![Change { id, field, from, to }] };
    Ok(Step { label, changes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::date_parser::Lean;

    #[test]
    fn a_reading_is_a_value_a_day_and_a_note() {
        let today = Day::parse("2026-11-27").unwrap();
        let around = Around::new(&Product::default(), today, Lean::Back, false);
        for (text, value, day, note) in [
            ("70", "70", "2026-11-27", ""),
            ("70,5 %", "70.5", "2026-11-27", ""),
            ("70, 20 nov", "70", "2026-11-20", ""),
            ("1.5, yesterday, after the fair", "1.5", "2026-11-26", "after the fair"),
            ("70, after the fair, in Kiel", "70", "2026-11-27", "after the fair, in Kiel"),
        ] {
            let one = typed(text, &around).unwrap_or_else(|why| panic!("{text}: {why}"));
            assert_eq!(
                (one.value.to_string().as_str(), one.day.to_string().as_str(), &*one.note),
                (value, day, note),
                "{text}"
            );
        }
        assert!(typed("many", &around).is_err() && typed("70, 40 nov", &around).is_err());
    }
}
