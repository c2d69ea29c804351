//! What an action is: its row, its arguments, and who acts.

use crate::model::change::Step;
use crate::model::grammar::count_of;
use crate::model::id::{Id, IdSource};
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::role::Role;
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
    /// An id that no record of the product has.
    pub fn fresh(&mut self, product: &Product) -> Id {
        self.ids.fresh(|id| product.knows(id))
    }
}

/// One action: its name never changes, scripts rely on it.
pub struct Action {
    pub name: &'static str,
    /// What it does, in one sentence.
    pub hint: &'static str,
    /// The keys of `with`, and what each means.
    pub with: &'static [(&'static str, &'static str)],
    /// The resulting step. The product is unchanged.
    pub run: fn(&Product, &Args, &mut Context) -> Result<Step, Refusal>,
    /// How it sets the fields that name it in the field table, if they accept a plain value.
    pub sets: Option<Setter>,
}

/// The step that gives these records a value. `Args` holds what else it needs, such as a reason.
pub type Set = fn(&Product, &[Id], &Value, &Args, &mut Context) -> Result<Step, Refusal>;

/// Sets a field of one record or of many.
pub struct Setter {
    /// The field's key. The action may write other fields beside it.
    pub field: &'static str,
    pub set: Set,
    /// What it needs to know besides, for these records and this value.
    pub asks: fn(&Product, &[Id], &Value) -> Option<Argument>,
    /// A new record may have the value from the start; `edit::add` then asks what the action would.
    pub at_creation: bool,
}

/// Something that an action needs to know.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Argument {
    /// Its key in `with`.
    pub key: &'static str,
    /// What it means, as the table of the action says it.
    pub about: &'static str,
}

/// For a setter that needs no more than the value.
pub(super) fn asks_nothing(_: &Product, _: &[Id], _: &Value) -> Option<Argument> {
    None
}

/// The arguments of an action as a script gave them. `lookup` knows the names given earlier in the same script.
pub struct Args<'a> {
    pub with: &'a Map,
    pub lookup: &'a dyn Fn(&str) -> Option<(Kind, Id)>,
}

impl Args<'_> {
    pub fn text(&self, key: &str) -> Option<&str> {
        self.with.get(key).and_then(Value::as_str)
    }

    /// The text of a key, without surrounding spaces; empty if there is none.
    pub fn trimmed(&self, key: &str) -> &str {
        self.text(key).unwrap_or_default().trim()
    }

    pub fn needed(&self, key: &str) -> Result<&str, Refusal> {
        self.text(key).ok_or_else(|| Refusal::unchanged(format!("{key:?} is missing.")))
    }

    /// The text of `key` as a value that a field accepts.
    pub fn value(&self, key: &str) -> Result<Value, Refusal> {
        self.needed(key).map(Value::from)
    }

    /// Returns the record that `key` names.
    pub fn record(&self, key: &str) -> Result<(Kind, Id), Refusal> {
        let name = self.needed(key)?;
        (self.lookup)(name).ok_or_else(|| no_record(name))
    }

    /// The records that `key` names: one, or a list of them, each once.
    pub fn records(&self, key: &str) -> Result<Vec<Id>, Refusal> {
        let Some(Value::Array(names)) = self.with.get(key) else { return self.record(key).map(|(_, id)| vec![id]) };
        let mut out = Vec::with_capacity(names.len());
        for name in names.iter() {
            let name = name.as_str().map_or_else(|| name.to_string(), str::to_string);
            let (_, id) = (self.lookup)(&name).ok_or_else(|| no_record(&name))?;
            if !out.contains(&id) {
                out.push(id);
            }
        }
        if out.is_empty() { Err(Refusal::unchanged(format!("{key:?} names no record."))) } else { Ok(out) }
    }
}

/// Records of a kind in words: `S24`, or `3 stories`.
pub(super) fn one_or_many(product: &Product, kind: Kind, ids: &[Id]) -> String {
    match ids {
        [one] => product.name_of(*one),
        many => count_of(many.len(), kind),
    }
}

pub fn no_record(name: &str) -> Refusal {
    Refusal::new(format!("{name:?} is not a record."), "Use a ref of this input, a number such as S24, or an id.")
}

pub fn wrong_kind(product: &Product, id: Id, wanted: Kind) -> Refusal {
    match product.find(id) {
        Some(_) => Refusal::unchanged(format!("{} is not a {}.", product.name_of(id), wanted.noun())),
        None => Refusal::unchanged(format!("The {} is gone: its creation was undone.", wanted.noun())),
    }
}
