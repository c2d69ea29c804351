//! The only way for a step into a product, on the screen that shows it and in the file that stores it.
//!
//! 1. [`permit_on`] checks the step as requested: who may write each cell. Whatever is added later is the program's own
//!    (numbers, tokens, conflicts, a deleted record restored by an edit).
//! 2. [`rebase`] adapts it to the current product and adds what the program computes.
//! 3. The result is applied.
//! 4. [`hold`] checks the resulting product.
//!
//! Both callers therefore refuse the same steps for the same reasons. Only the product differs: a session admits a step
//! to what it shows, the writer to what the file contains.

use crate::model::author::may_sign;
use crate::model::change::{Change, Origin, Step};
use crate::model::derived_cells::Stamp;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::proposed::permit_on;
use crate::model::rebase::{Rebased, rebase};
use crate::model::refusal::Refusal;
use crate::model::role::Role;
use crate::model::rules::hold;
use rustc_hash::FxHashSet;
use std::borrow::Cow;

/// A step to be admitted.
#[derive(Clone, Copy, Debug)]
pub struct Submission<'a> {
    pub step: &'a Step,
    /// An external step skips the owner check and the rules, because it is already in the file.
    pub origin: Origin,
    /// The role of its author.
    pub role: Role,
    pub stamp: &'a Stamp,
}

/// Admits a step to the product. Returns what was written and what was left out; an empty step means that nothing would
/// change, and the product was not touched. `last_writer` tells who wrote a losing value.
///
/// # Errors
///
/// Refuses a step under a reserved name, one that its author may not make, one overtaken by others, or one that breaks
/// a rule. The product is then unchanged.
pub fn admit(
    product: &mut Product,
    submission: Submission<'_>,
    last_writer: &dyn Fn(Id, &str) -> String,
) -> Result<Rebased, Refusal> {
    let Submission { step, origin, role, stamp } = submission;
    if origin != Origin::External {
        may_sign(&stamp.by)?;
        permit_on(product, role, &as_asked(step, origin))?;
    }
    let rebased = rebase(product, step, origin, stamp, last_writer)?;
    if rebased.step.is_empty() {
        return Ok(rebased);
    }
    product.apply(&rebased.step).map_err(Refusal::unchanged)?;
    if origin != Origin::External
        && let Err(violation) = hold(product, &rebased.step, origin)
    {
        // It was just applied, so it can be undone.
        let _ = product.apply(&rebased.step.invert());
        return Err(violation.into());
    }
    Ok(rebased)
}

/// The part of a step that its author asked for. Editing a deleted record restores it, which is the program's own; so
/// taking the edit back may delete it again, whoever owns the record.
fn as_asked(step: &Step, origin: Origin) -> Cow<'_, Step> {
    let turns = |one: &Change| one.field.key == "alive" && one.from.is_boolean() && one.to.is_boolean();
    if origin != Origin::Undo || !step.changes.iter().any(turns) {
        return Cow::Borrowed(step);
    }
    let written: FxHashSet<Id> = step.changes.iter().filter(|one| !one.field.is_head()).map(|one| one.id).collect();
    let mut asked = step.clone();
    asked.changes.retain(|one| !(turns(one) && written.contains(&one.id)));
    Cow::Owned(asked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::author::OUTSIDE;
    use crate::model::schema::Kind;
    use crate::model::value::{Value, When};

    fn cell(kind: Kind, bits: u64, key: &str, to: Value) -> Change {
        Change { id: Id::from_bits(bits), field: kind.field(key).unwrap(), from: Value::Null, to }
    }

    fn take(product: &mut Product, step: &Step, origin: Origin, role: Role, by: &str) -> Result<Rebased, Refusal> {
        let at = When::parse("2026-03-02T09:00:00Z").unwrap();
        let stamp = Stamp { step: Id::from_bits(99), by: by.into(), at, alone: role == Role::Both };
        admit(product, Submission { step, origin, role, stamp: &stamp }, &|_, _| String::new())
    }

    fn started() -> Product {
        let mut product = Product::default();
        let changes = vec![
            cell(Kind::Goal, 1, "alive", true.into()),
            cell(Kind::Goal, 1, "title", "Fewer calls".into()),
            cell(Kind::BacklogItem, 2, "alive", true.into()),
            cell(Kind::BacklogItem, 2, "title", "Cancel online".into()),
        ];
        take(&mut product, &Step { label: "Began".into(), changes }, Origin::Edit, Role::Both, "Ida").unwrap();
        product
    }

    #[test]
    fn only_an_external_step_skips_the_owner_and_the_rules() {
        let own_part = Id::from_bits(2).to_string();
        let steps = [
            (Role::Po, vec![Change { from: "Fewer calls".into(), ..cell(Kind::Goal, 1, "title", "More".into()) }]),
            (Role::Both, vec![cell(Kind::BacklogItem, 2, "parent", own_part.into())]),
        ];
        for (role, changes) in steps {
            let step = Step { label: "Wrote".into(), changes };
            for origin in [Origin::Edit, Origin::Undo] {
                let mut product = started();
                assert!(take(&mut product, &step, origin, role, "Omar").is_err(), "{step:?}");
                assert!(product == started(), "an error leaves the product as it was");
            }
            assert!(take(&mut started(), &step, Origin::External, role, OUTSIDE).is_ok(), "{step:?}");
        }
    }

    #[test]
    fn an_edit_that_restored_a_record_can_be_taken_back_by_its_author() {
        let mut product = started();
        let made = vec![
            cell(Kind::RoadmapItem, 3, "alive", true.into()),
            cell(Kind::RoadmapItem, 3, "title", "Book in two taps".into()),
        ];
        take(&mut product, &Step { label: "Added".into(), changes: made }, Origin::Edit, Role::Pm, "Ida").unwrap();
        let gone = Change { from: true.into(), ..cell(Kind::RoadmapItem, 3, "alive", false.into()) };
        let deleted = Step { label: "Deleted".into(), changes: vec![gone] };
        let lives = |product: &Product| product.find(Id::from_bits(3)).unwrap().is_alive();
        take(&mut product, &deleted, Origin::Edit, Role::Pm, "Ida").unwrap();
        let risk = Step { label: "Wrote".into(), changes: vec![cell(Kind::RoadmapItem, 3, "risk", "Cost".into())] };
        let written = take(&mut product, &risk, Origin::Edit, Role::Po, "Omar").unwrap().step;
        assert!(lives(&product), "writing into it restores it");
        take(&mut product, &written.invert(), Origin::Undo, Role::Po, "Omar").unwrap();
        assert!(!lives(&product));
        // A step that only deletes is the owner's.
        take(&mut product, &deleted.invert(), Origin::Undo, Role::Pm, "Ida").unwrap();
        assert!(take(&mut product, &deleted, Origin::Undo, Role::Po, "Omar").is_err());
    }

    #[test]
    fn the_name_of_the_file_opens_no_door() {
        let step = Step { label: "Wrote".into(), changes: vec![cell(Kind::BacklogItem, 2, "points", 3.into())] };
        assert!(take(&mut started(), &step, Origin::Edit, Role::Both, "Omar").is_ok());
        assert!(take(&mut started(), &step, Origin::Edit, Role::Both, OUTSIDE).is_err());
    }

    #[test]
    fn what_is_so_already_touches_nothing() {
        let mut product = started();
        let step = Step { label: "Wrote".into(), changes: vec![cell(Kind::Goal, 1, "title", "Fewer calls".into())] };
        let rev = product.rev();
        assert!(take(&mut product, &step, Origin::Edit, Role::Pm, "Ida").unwrap().step.is_empty());
        assert_eq!(product.rev(), rev);
    }
}
