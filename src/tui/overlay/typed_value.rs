//! What a typed text means as the value of a field.

use crate::insight::date_parser;
use crate::model::change::{Change, Step};
use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::schema::Kind;
use crate::model::value::{Boxed, Cell, Criterion, Measure, Shape, Task, Value, remeasured, retyped};
use crate::tui::state::ui::Ui;
use crate::tui::term::text::width;
use crate::tui::widget::day;
use crate::tui::widget::pane::title_room;

/// The step from the value with which a text was opened to the new text. The error says what is expected.
pub fn changed(
    ui: &Ui,
    product: &Product,
    record: Id,
    field: &'static Field,
    before: &Value,
    text: &str,
) -> Result<Step, String> {
    let to = value(ui, product, field, before, text)?;
    let mut step = Step::default();
    if to != *before {
        step.label = format!("Changed {}", field.of(product.name_of(record)));
        step.changes.push(Change { id: record, field, from: before.clone(), to });
    }
    Ok(step)
}

pub fn value(ui: &Ui, product: &Product, field: &Field, before: &Value, text: &str) -> Result<Value, String> {
    match field.shape {
        Shape::Day if !text.trim().is_empty() => {
            date_parser::read(text, &day::around(ui, product, field)).map(|day| Some(day).to_value())
        }
        Shape::Criteria => Ok(list_value::<Criterion>(before, text)?.to_value()),
        Shape::Tasks => Ok(list_value::<Task>(before, text)?.to_value()),
        Shape::Measures => {
            let before = Vec::<Measure>::from_value(before)?;
            Ok(remeasured(&before, Vec::<Measure>::from_text(text)?).to_value())
        }
        Shape::Measure => {
            let before = Measure::from_value(before)?;
            let typed = Measure::from_text(text)?;
            Ok(remeasured(&[before], vec![typed]).pop().unwrap_or_default().to_value())
        }
        _ => field.from_text(text),
    }
}

fn list_value<T: Boxed>(before: &Value, text: &str) -> Result<Vec<T>, String>
where
    Vec<T>: Cell,
{
    Ok(retyped(&Vec::<T>::from_value(before)?, Vec::<T>::from_text(text)?))
}

/// The field of a record, as the border of an editor names it: `S4 Title`, `Needs of the vision`.
pub fn head(product: &Product, record: Id, field: &Field) -> String {
    match (field.kind, field.key) {
        (Kind::VisionBoard, "vision") => field.label.to_string(),
        (Kind::VisionBoard, _) => field.head_of("the vision"),
        _ => format!("{} {}", product.name_of(record), field.label),
    }
}

/// The left and the right part of a border: what is edited first, then whose text a proposal is about, as far as there is
/// room. That it is no plain edit is never left out.
pub fn fitting_title(
    title: &str,
    label: &str,
    words: &str,
    right: &'static str,
    columns: u16,
) -> (String, &'static str) {
    let is_short = |word: &&str| matches!(*word, "YOUR" | "PROPOSAL" | "ACCEPT");
    let fewer = words.split(' ').filter(is_short).collect::<Vec<_>>().join(" ");
    let one = fewer.split(' ').next_back().unwrap_or_default().to_string();
    let both = format!("{title} · {words}");
    let forms = [
        (both.clone(), right),
        (both, ""),
        (format!("{title} · {fewer}"), ""),
        (format!("{title} · {one}"), ""),
        (format!("{label} · {one}"), ""),
    ];
    let fits = |form: &(String, &str)| width(&form.0) <= title_room(form.1, columns);
    forms.into_iter().find(fits).unwrap_or((one, ""))
}

/// True for a measure whose numbers are words: it has no progress, and a chart cannot show it.
pub fn has_unread_numbers(field: &Field, text: &str) -> bool {
    let is_words = |line: &str| {
        let has_digits = line.contains(|c: char| c.is_ascii_digit());
        has_digits && Measure::from_text(line).is_ok_and(|measure| measure.target.is_none())
    };
    matches!(field.shape, Shape::Measure | Shape::Measures) && text.lines().any(is_words)
}
