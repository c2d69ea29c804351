//! Actions: acts that take more than writing a cell. Pure functions from product and arguments to a step.
//!
//! One table serves scripts (`batch`: `{"do":"run","command":…}`). The screen's commands call the same functions, so
//! scripts can do everything that the screen can. Fields that only an action sets name it in the field table (`by
//! "item.status"`); [`setters`] sets them for one record or for many.
//!
//! The files beside this one know each other and `action.rs`, never the table here.

pub mod action;
pub mod check;
pub mod conflict;
pub mod decision;
pub mod edit;
pub mod feedback;
pub mod goal;
pub mod item;
pub mod link;
pub mod measure;
pub mod now;
pub mod proposal;
pub mod proposal_trial;
pub mod review;
pub mod roadmap;
pub mod setters;
pub mod split;
pub mod sprint;
pub mod whole;

pub use crate::actions::action::{Action, Args, Argument, Context, Setter, no_record, wrong_kind};
pub use crate::actions::setters::{asks, set_through, setter};

/// Every action, from the files beside this one.
pub const ACTIONS: &[&Action] = &[
    &item::STATUS,
    &split::SPLIT,
    &split::DUPLICATE,
    &sprint::NEW,
    &sprint::PLAN,
    &sprint::UNPLAN,
    &sprint::START,
    &sprint::CLOSE,
    &sprint::REOPEN,
    &sprint::CANCEL,
    &roadmap::HORIZON,
    &roadmap::RESULT,
    &roadmap::RATIFY,
    &link::CONFIRM,
    &goal::STATE,
    &measure::READ,
    &conflict::CHOOSE,
    &feedback::COMMENT,
    &feedback::ANSWER,
    &feedback::ADOPT,
    &feedback::DECLINE,
    &review::STEP,
    &review::RESULT,
    &review::STORY,
    &proposal::ACCEPT,
    &proposal::DECLINE,
    &proposal::WITHDRAW,
];

pub fn named(name: &str) -> Option<&'static Action> {
    ACTIONS.iter().copied().find(|action| action.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::field::Field;
    use crate::model::id::{Id, IdSource};
    use crate::model::product::Product;
    use crate::model::role::Role;
    use crate::model::schema::Kind;
    use crate::model::value::{Map, Shape, Value, When};

    #[test]
    fn every_action_that_the_field_table_names_is_there() {
        let fields = Kind::ALL.iter().flat_map(|kind| kind.fields());
        for field in fields.filter(|field| !field.actions.is_empty()) {
            assert!(field.actions.iter().all(|name| named(name).is_some()), "{field:?} names {:?}", field.actions);
        }
    }

    /// A product with three records of each kind, and the context of its user.
    fn started() -> (Product, Context) {
        let now = When::parse("2026-03-02T09:00:00Z").unwrap();
        let mut context = Context { role: Role::Both, by: "Ida".into(), now, ids: IdSource::new(7, 0) };
        let mut product = Product::default();
        for kind in Kind::ALL.iter().copied().filter(|kind| !matches!(kind, Kind::Conflict | Kind::Proposal)) {
            for nth in 1..=3 {
                let title = kind.title_field().filter(|field| field.actions.is_empty());
                let cells: Vec<_> = title.map(|field| (field, format!("{kind:?} {nth}").into())).into_iter().collect();
                let (step, _) = edit::add(&product, kind, &cells, edit::Place::Bottom, &mut context).unwrap();
                product.apply(&step).unwrap();
            }
        }
        (product, context)
    }

    fn ids(product: &Product, kind: Kind) -> Vec<Id> {
        let table = product.table(kind);
        table.order().iter().map(|slot| table.record(*slot).unwrap().id()).collect()
    }

    /// What could be set: each choice, the last record that a link takes.
    fn values(product: &Product, field: &Field) -> Vec<Value> {
        match field.shape {
            Shape::Choice(all) => all.iter().map(|one| one.key.into()).collect(),
            _ => field.targets.iter().map(|kind| ids(product, *kind)[2].to_string().into()).collect(),
        }
    }

    #[test]
    fn an_action_that_sets_a_field_is_named_by_it_and_takes_many_records() {
        let (product, mut context) = started();
        let all = Kind::ALL.iter().flat_map(|kind| kind.fields());
        // A sprint has a result once it runs, and only one runs at a time.
        let for_many = |field: &&'static Field| setter(field).is_some() && !field.actions.contains(&"review.result");
        let fields: Vec<&'static Field> = all.filter(for_many).collect();
        for action in ACTIONS.iter().filter(|action| action.sets.is_some()) {
            assert!(setters::SETTERS.iter().any(|one| one.name == action.name), "{} is not a setter", action.name);
            let mut named = Kind::ALL.iter().flat_map(|kind| kind.fields());
            assert!(named.any(|field| field.actions.contains(&action.name)), "no field names {:?}", action.name);
        }
        assert!(fields.len() >= 5, "{fields:?}");
        for field in fields.into_iter() {
            let ids = ids(&product, field.kind)[..2].to_vec();
            let mut whole = 0;
            for value in values(&product, field) {
                let mut with = Map::new();
                if let Some(argument) = asks(&product, &ids, field, &value) {
                    let bare = set_through(&product, &ids, field, &value, &with, &mut context);
                    assert!(bare.is_err(), "{field:?} asks for {:?} and goes without", argument.key);
                    with.insert(argument.key, "because".into());
                }
                // Some values ask for more than any argument gives, such as a done check.
                let Ok(step) = set_through(&product, &ids, field, &value, &with, &mut context) else { continue };
                let set =
                    |id: &Id| step.changes.iter().any(|one| one.id == *id && one.field == field && one.to == value);
                whole += usize::from(ids.iter().all(set));
            }
            assert!(whole > 0, "{field:?} is set for both records by no value");
        }
    }

    #[test]
    fn a_script_names_one_record_or_many() {
        let (product, mut context) = started();
        let lookup = |name: &str| product.named(name);
        for (name, on, to) in
            [("item.status", "S", "doing"), ("roadmap.horizon", "R", "next"), ("roadmap.result", "R", "parked")]
        {
            let kind =
                Kind::ALL.iter().copied().find(|kind| kind.letter().to_string() == on && *kind != Kind::VisionBoard);
            let ids = ids(&product, kind.unwrap());
            for many in [vec![ids[0]], ids.clone()] {
                let names: Vec<Value> = many.iter().map(|id| id.to_string().into()).collect();
                let with = Map::from_iter([("on".to_string(), names.into()), ("to".to_string(), to.into())]);
                let step = (named(name).unwrap().run)(&product, &Args { with: &with, lookup: &lookup }, &mut context);
                let step = step.unwrap();
                assert!(many.iter().all(|id| step.changes.iter().any(|one| one.id == *id)), "{name}: {step:?}");
            }
            let with = Map::from_iter([("on".to_string(), Vec::<Value>::new().into()), ("to".to_string(), to.into())]);
            assert!(
                (named(name).unwrap().run)(&product, &Args { with: &with, lookup: &lookup }, &mut context).is_err()
            );
        }
    }
}
