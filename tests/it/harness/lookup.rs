//! Records of the product on a stage, by the names that people use.

use crate::harness::stage::Stage;
use whyhow::model::id::Id;
use whyhow::model::product::Product;

pub fn product(stage: &mut Stage) -> &Product {
    stage.app().session.product()
}

/// The record called `S24`, `R2` or the like.
pub fn named(stage: &mut Stage, name: &str) -> Id {
    product(stage).named(name).unwrap_or_else(|| panic!("no {name}")).1
}

/// Goes to a view by its keys and puts the cursor on a record there.
pub fn choose<'a>(stage: &'a mut Stage, view: &str, name: &str) -> &'a mut Stage {
    stage.keys(view);
    let id = named(stage, name);
    assert!(stage.app().ui.choose_id(id), "{name}: {}", stage.screen());
    stage
}
