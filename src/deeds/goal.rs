//! The life of a Product Goal.

use crate::deeds::{Deed, wrong_kind};
use crate::model::change::Step;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::rules::Refusal;
use crate::model::schema::{GoalState, Kind, ProductGoal};
use crate::model::value::Cell;

pub const STATE: Deed = Deed {
    name: "goal.state",
    hint: "Makes a Product Goal active, fulfilled or abandoned. One is active at a time.",
    with: &[("on", "the Product Goal"), ("to", "draft, active, fulfilled or abandoned")],
    run: |product, args, _| {
        let (_, id) = args.record("on")?;
        let to = GoalState::from_text(args.needed("to")?).map_err(|why| Refusal::new(why, "Nothing was changed."))?;
        state(product, id, to)
    },
};

pub fn state(product: &Product, id: Id, to: GoalState) -> Result<Step, Refusal> {
    let goal = product.get::<ProductGoal>(id).ok_or_else(|| wrong_kind(product, id, Kind::ProductGoal))?;
    let good = matches!(
        (goal.state, to),
        (GoalState::Draft, GoalState::Active)
            | (GoalState::Active, GoalState::Draft | GoalState::Fulfilled | GoalState::Abandoned)
    );
    if !good && goal.state != to {
        let what = format!("A {} Product Goal cannot become {}.", goal.state.label(), to.label());
        return Err(Refusal::new(what, "Draft goes to active, active to fulfilled or abandoned; nothing was changed."));
    }
    let label = format!("The Product Goal {} is {}", product.name_of(id), to.label());
    Ok(product.edit::<ProductGoal>(id, label, |goal| goal.state = to))
}
