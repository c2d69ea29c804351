//! Deeds: what a person does that asks more than writing a cell. Pure functions from product and arguments to a step.
//!
//! One table serves scripts (`batch`: `{"do":"run","command":…}`); the screen's commands call the same functions, so
//! nothing that the screen can do is out of a script's reach.

pub mod check;
pub mod conflict;
pub mod edit;
pub mod feedback;
pub mod goal;
pub mod item;
pub mod link;
pub mod review;
pub mod roadmap;
pub mod sprint;

use crate::model::change::Step;
use crate::model::id::{Id, IdSource};
use crate::model::product::Product;
use crate::model::role::Role;
use crate::model::rules::Refusal;
use crate::model::schema::Kind;
use crate::model::value::{Map, Value, When};

/// Who acts, when, and where new ids come from.
#[derive(Clone, Debug)]
pub struct Context {
    pub role: Role,
    pub by: String,
    pub now: When,
    pub ids: IdSource,
}

impl Context {
    pub fn fresh(&mut self, product: &Product) -> Id {
        self.ids.fresh(|id| product.knows(id))
    }
}

/// One deed: its name never changes, scripts rely on it.
pub struct Action {
    pub name: &'static str,
    /// What it does, in one sentence.
    pub hint: &'static str,
    /// The keys of `with`, and what each means.
    pub with: &'static [(&'static str, &'static str)],
    pub run: fn(&Product, &Args, &mut Context) -> Result<Step, Refusal>,
}

/// Every deed, from the files beside this one.
pub const ACTIONS: &[&Action] = &[
    &item::STATUS,
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
    &goal::READ,
    &conflict::CHOOSE,
    &feedback::COMMENT,
    &review::STEP,
    &review::STORY,
];

pub fn named(name: &str) -> Option<&'static Action> {
    ACTIONS.iter().copied().find(|deed| deed.name == name)
}

/// The arguments of a deed as a script gave them. `lookup` knows the names given earlier in the same script.
pub struct Args<'a> {
    pub with: &'a Map,
    pub lookup: &'a dyn Fn(&str) -> Option<(Kind, Id)>,
}

impl Args<'_> {
    pub fn text(&self, key: &str) -> Option<&str> {
        self.with.get(key).and_then(Value::as_str)
    }

    pub fn needed(&self, key: &str) -> Result<&str, Refusal> {
        self.text(key).ok_or_else(|| Refusal::new(format!("{key:?} is missing."), "Nothing was changed."))
    }

    /// The record that `key` names.
    pub fn record(&self, key: &str) -> Result<(Kind, Id), Refusal> {
        let name = self.needed(key)?;
        (self.lookup)(name).ok_or_else(|| no_record(name))
    }
}

pub fn no_record(name: &str) -> Refusal {
    Refusal::new(format!("{name:?} names no record."), "Use a ref of this input, a number such as S24, or an id.")
}

pub fn wrong_kind(product: &Product, id: Id, wanted: Kind) -> Refusal {
    Refusal::new(format!("{} is no {}.", product.name_of(id), wanted.noun()), "Nothing was changed.")
}
