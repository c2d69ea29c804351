//! Chooses between two values that were written at the same time.

use crate::actions::action::Action;
use crate::model::change::{Change, Step};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::schema::{Conflict, Kind};

pub const CHOOSE: Action = Action {
    name: "conflict.choose",
    hint: "Settles a field that two people changed at the same time.",
    with: &[("on", "the record"), ("field", "the field's key"), ("keep", "won or lost")],
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
    let mut step = Step::new(format!(
        "Chose the {} value of {key} of {}",
        if keep == "lost" { "other" } else { "present" },
        product.name_of(id)
    ));
    let kind = product.find(id).map(|record| record.kind());
    match (keep, kind.and_then(|kind| kind.field(key))) {
        ("won", _) => {}
        ("lost", Some(field)) => {
            let change = product.set(id, field, &conflict.lost.0).map_err(Refusal::unchanged)?;
            step.changes.extend(change);
        }
        _ => return Err(Refusal::unchanged(format!("{keep:?} is neither won nor lost."))),
    }
    if let Some(field) = Kind::Conflict.field("alive") {
        step.changes.push(Change { id: conflict.id, field, from: true.into(), to: false.into() });
    }
    Ok(step)
}
