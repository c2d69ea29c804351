//! Chooses between two values that were written at the same time.

use crate::actions::action::Action;
use crate::model::change::{Change, Step};
use crate::model::field::Field;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::schema::{Conflict, Kind};
use crate::model::value::Shape;

pub const CHOOSE: Action = Action {
    name: "conflict.choose",
    hint: "Settles a field that two people changed at the same time.",
    with: &[
        ("on", "the record"),
        ("field", "the field's key"),
        ("keep", "won, lost or both; both joins the lines of two texts"),
    ],
    run: |product, args, _| {
        let (_, id) = args.record("on")?;
        choose(product, id, args.needed("field")?, args.needed("keep")?)
    },
    sets: None,
};

pub fn choose(product: &Product, id: Id, key: &str, keep: &str) -> Result<Step, Refusal> {
    let about = |one: &&std::sync::Arc<Conflict>| one.record == Some(id) && &*one.field == key;
    let Some(conflict) = product.all::<Conflict>().rev().find(about) else {
        let what = format!("{key:?} of {} was not changed by two people.", product.name_of(id));
        return Err(Refusal::unchanged(what));
    };
    let which = match keep {
        "both" => "Kept both values",
        "lost" => "Chose the other value",
        _ => "Chose the present value",
    };
    let mut step = Step::new(format!("{which} of {key} of {}", product.name_of(id)));
    let kind = product.find(id).map(|record| record.kind());
    match (keep, kind.and_then(|kind| kind.field(key))) {
        ("won", _) => {}
        ("lost", Some(field)) => {
            let change = product.set(id, field, &conflict.lost.0).map_err(Refusal::unchanged)?;
            step.changes.extend(change);
        }
        ("both", Some(field)) => {
            let both = both(product, conflict, field).ok_or_else(|| {
                Refusal::unchanged(format!("{} is no text of several lines, so it cannot be both.", field.label))
            })?;
            step.changes.extend(product.set(id, field, &both.as_str().into()).map_err(Refusal::unchanged)?);
        }
        _ => return Err(Refusal::unchanged(format!("{keep:?} is none of won, lost and both."))),
    }
    if let Some(field) = Kind::Conflict.field("alive") {
        step.changes.push(Change { id: conflict.id, field, from: true.into(), to: false.into() });
    }
    Ok(step)
}

/// Two texts of lines as one: first the value that is there, then the lines that only the other one has.
pub fn both(product: &Product, conflict: &Conflict, field: &Field) -> Option<String> {
    if field.shape != Shape::Prose {
        return None;
    }
    let now = product.value(conflict.record?, field);
    let (now, lost) = (now.as_str()?, conflict.lost.0.as_str()?);
    let known: Vec<&str> = now.lines().collect();
    let new = lost.lines().filter(|line| !known.contains(line));
    Some(known.iter().copied().chain(new).collect::<Vec<_>>().join("\n"))
}
