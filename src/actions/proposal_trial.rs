//! A proposal accepted on a copy: whether it can be, and what would follow.

use crate::actions::action::Context;
use crate::actions::proposal::accept;
use crate::model::change::{Origin, Step};
use crate::model::id::{Id, IdSource};
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::role::Role;
use crate::model::rules::hold;
use crate::model::schema::Proposal;
use crate::model::snapshot_types::SprintEntry;
use crate::model::value::Cell as _;

/// What accepting the proposal would write, and the product after that.
///
/// # Errors
///
/// Says why it could not be accepted as it is.
pub fn tried(product: &Product, id: Id, role: Role, by: &str) -> Result<(Step, Product), Refusal> {
    let Some(now) = product.get::<Proposal>(id).and_then(|one| one.at) else {
        return Err(Refusal::unchanged(format!("{} has no date.", product.name_of(id))));
    };
    let mut context = Context { role, by: by.to_string(), now, ids: IdSource::new(0, 0) };
    let step = accept(product, id, &[], "", &mut context)?;
    let mut after = product.clone();
    after.apply(&step).map_err(Refusal::unchanged)?;
    hold(&after, &step, Origin::Edit).map_err(Refusal::from)?;
    Ok((step, after))
}

/// More proposals at once, as from an import, are looked at when they are answered.
const TRIED: usize = 8;

/// Checks that what a step proposes can be accepted at all. A reason can follow later.
///
/// # Errors
///
/// Says why the first one that cannot be accepted is refused.
pub fn can_be_accepted(product: &Product, step: &Step, made: &[Id], by: &str) -> Result<(), Refusal> {
    if made.len() > TRIED {
        return Ok(());
    }
    let mut after = product.clone();
    after.apply(step).map_err(Refusal::unchanged)?;
    for id in made {
        let with_reason = after.edit::<Proposal>(*id, "", |one| {
            if one.because.trim().is_empty() {
                one.because = "its reason".into();
            }
        });
        after.apply(&with_reason).map_err(Refusal::unchanged)?;
        tried(&after, *id, Role::Both, by)?;
    }
    Ok(())
}

/// The reason that a step gives for what comes into a running sprint or leaves it: the proposal is made for it.
pub fn reason_in(step: &Step) -> Option<String> {
    let entries = |value| Vec::<SprintEntry>::from_value(value).unwrap_or_default();
    step.changes.iter().filter(|change| change.field.key == "entries").find_map(|change| {
        let known = entries(&change.from);
        let new = entries(&change.to).into_iter().filter(|one| !known.contains(one));
        let reasons = new.map(|one| if one.removed.is_some() { one.removed_reason } else { one.added_reason });
        reasons.map(|reason| reason.trim().to_string()).find(|reason| !reason.is_empty())
    })
}
