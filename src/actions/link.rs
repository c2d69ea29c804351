//! Confirms that a how still fits its why.

use crate::actions::action::{Action, Context};
use crate::insight::echo::{echo, open_size};
use crate::insight::trace::token;
use crate::model::change::{Change, Step};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::schema::RoadmapItem;
use crate::model::snapshot_types::HowSeen;
use crate::model::value::{Cell, Confirmation};

pub const CONFIRM: Action = Action {
    name: "link.confirm",
    hint: "Confirms that a record still fits its why, as the why is now.",
    with: &[("on", "the story or roadmap item, or a list of them"), ("note", "a note, optional")],
    run: |product, args, context| confirm(product, &args.records("on")?, args.trimmed("note"), context),
    sets: None,
};

pub fn confirm(product: &Product, ids: &[Id], note: &str, context: &Context) -> Result<Step, Refusal> {
    let mut step = Step::default();
    for id in ids {
        let record = product.find(*id).filter(|record| record.is_alive());
        let field = record.and_then(|record| record.kind().field("confirmed"));
        let (Some(record), Some(field)) = (record, field) else {
            return Err(Refusal::unchanged(format!("{} serves nothing.", product.name_of(*id))));
        };
        let from = record.value(field);
        let mut all = Vec::<Confirmation>::from_value(&from).unwrap_or_default();
        for one in all.iter_mut().filter(|one| token(product, one.on) != one.rev) {
            *one = Confirmation {
                on: one.on,
                rev: token(product, one.on),
                by: context.by.as_str().into(),
                at: context.now,
                note: note.to_string(),
            };
        }
        let to = all.to_value();
        if from != to {
            step.changes.push(Change { id: *id, field, from, to });
        }
        if product.get::<RoadmapItem>(*id).is_some_and(|item| echo(product, item).is_some()) {
            let seen = HowSeen { by: context.by.clone(), at: context.now, remaining: open_size(product, *id) };
            step.changes.extend(product.edit::<RoadmapItem>(*id, "", |item| item.how_seen = Some(seen)).changes);
        }
    }
    let note = note.trim();
    let said = if note.is_empty() { String::new() } else { format!(": “{note}”") };
    step.label = match ids {
        [one] => format!("Confirmed that {} still fits{said}", product.name_of(*one)),
        _ => format!("Confirmed that {} records still fit{said}", ids.len()),
    };
    permit_how(product, ids, context)?;
    Ok(step)
}

/// Only the owner of the dependent record can confirm it.
fn permit_how(product: &Product, ids: &[Id], context: &Context) -> Result<(), Refusal> {
    for id in ids {
        let Some(record) = product.find(*id) else { continue };
        if !context.role.owns(record.kind().owner()) {
            let what =
                format!("Only the {1} can confirm that {0} still fits.", record.name(), record.kind().owner().seat());
            return Err(Refusal::new(what, format!("You are {}; nothing was changed.", context.role.label())));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::value::Value;

    #[test]
    fn a_record_that_is_gone_has_no_token() {
        assert_eq!(token(&Product::default(), Id::from_bits(3)), None);
        assert_eq!(Vec::<Confirmation>::from_value(&Value::Null), Ok(Vec::new()));
    }
}
