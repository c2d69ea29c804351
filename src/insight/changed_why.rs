//! What changed in a why since a record was agreed under it: each field before and after, by whom and when.

use crate::insight::text::text;
use crate::insight::trace::asks_again;
use crate::model::change::{Change, Step};
use crate::model::derived_cells::moves_the_why;
use crate::model::field::{Field, Record};
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::value::{Cell as _, Token, Value, When};
use rustc_hash::FxHashSet;

/// A step of the past, as the history knows it.
#[derive(Clone, Copy)]
pub struct PastStep<'a> {
    pub id: Id,
    pub by: &'a str,
    pub at: When,
    pub step: &'a Step,
}

/// A why that changed since a record was agreed.
#[derive(Clone, PartialEq, Debug)]
pub struct ChangedWhy {
    pub why: Id,
    /// Who agreed, and when.
    pub agreed_by: String,
    pub agreed: When,
    /// The fields that read differently now, the last one changed first; empty if the steps are not known.
    pub fields: Vec<ChangedField>,
    /// The steps are known, and nothing reads differently: what was changed was changed back.
    pub is_back: bool,
}

/// One field of a why, before and after, with its last author.
#[derive(Clone, PartialEq, Debug)]
pub struct ChangedField {
    pub field: &'static Field,
    pub before: Value,
    pub after: Value,
    pub by: String,
    pub at: When,
}

/// Returns what a record asks about. `past` holds the steps newest first; it is read back to the step under which the
/// record was agreed.
pub fn changed_whys<'a, I>(product: &Product, record: &dyn Record, past: impl Fn() -> I) -> Vec<ChangedWhy>
where
    I: Iterator<Item = PastStep<'a>>,
{
    let asks = asks_again(product, record);
    let agreed = record.confirmed().iter().filter(|one| asks.contains(&one.on));
    let of = |one: &crate::model::value::Confirmation| {
        let (fields, is_known) = since(product, one.on, one.rev, past());
        let is_back = is_known && fields.is_empty();
        ChangedWhy { why: one.on, agreed_by: one.by.to_string(), agreed: one.at, fields, is_back }
    };
    agreed.map(of).collect()
}

/// The fields of a why that read differently since a step, and whether that step was found.
fn since<'a>(
    product: &Product,
    why: Id,
    rev: Option<Id>,
    past: impl Iterator<Item = PastStep<'a>>,
) -> (Vec<ChangedField>, bool) {
    let (mut out, mut is_known) = (Vec::<ChangedField>::new(), false);
    // The token of the last change that had a meaning of its own, while steps are passed that were only wording.
    let mut wording_since: Option<Value> = None;
    for one in past {
        if Some(one.id) == rev {
            is_known = true;
            break;
        }
        if wording_since.as_ref().is_some_and(|token| *token == Token(Some(one.id)).to_value()) {
            wording_since = None;
        }
        if wording_since.is_some() {
            continue;
        }
        if let Some(token) = only_wording(one.step, why) {
            wording_since = Some(token);
            continue;
        }
        for change in one.step.changes.iter().filter(|change| change.id == why && change.field.is_reason()) {
            match out.iter_mut().find(|known| known.field == change.field) {
                Some(known) => known.before = change.from.clone(),
                None => out.push(ChangedField {
                    field: change.field,
                    before: change.from.clone(),
                    after: product.value(why, change.field),
                    by: one.by.to_string(),
                    at: one.at,
                }),
            }
        }
    }
    // A reading of a measure changes its value, but not what it says.
    out.retain(|one| text(product, one.field, &one.before) != text(product, one.field, &one.after));
    (out, is_known)
}

/// The token that a step gives back to a why without changing what it says: what came since that token was only wording.
fn only_wording(step: &Step, why: Id) -> Option<Value> {
    let mut about = step.changes.iter().filter(|change| change.id == why);
    let token = about.clone().find(|change| change.field.key == "why_rev")?;
    (!about.any(moves_the_why)).then(|| token.to.clone())
}

/// The tokens under which whys read before as they do after this step; `past` holds the steps newest first. With its old
/// token, a why that was changed back asks nobody to look again.
pub fn earlier_tokens<'a, I>(product: &Product, step: &Step, past: impl Fn() -> I) -> Vec<Change>
where
    I: Iterator<Item = PastStep<'a>>,
{
    let mut out: Vec<Change> = Vec::new();
    // Those that the step itself gives a token, and those that were looked at.
    let given = step.changes.iter().filter(|one| one.field.key == "why_rev").map(|one| one.id);
    let mut seen: FxHashSet<Id> = given.collect();
    for moved in step.changes.iter().filter(|change| moves_the_why(change)) {
        let Some(field) = moved.kind().field("why_rev") else { continue };
        // A record that the step makes has no earlier why.
        if !seen.insert(moved.id) || product.find(moved.id).is_none() {
            continue;
        }
        if let Some(to) = earlier_token(product, step, moved.id, past()) {
            out.push(Change { id: moved.id, field, from: product.value(moved.id, field), to });
        }
    }
    out
}

fn earlier_token<'a>(
    product: &Product,
    step: &Step,
    why: Id,
    past: impl Iterator<Item = PastStep<'a>>,
) -> Option<Value> {
    let about = |one: &&Change| one.id == why && one.field.is_reason();
    // Each field that was changed, from what it said at the time that the walk is at to what it says after the step.
    let mut fields: Vec<Change> = step.changes.iter().filter(about).cloned().collect();
    for one in past {
        for change in one.step.changes.iter().filter(about) {
            match fields.iter_mut().find(|known| known.field == change.field) {
                Some(known) => known.from = change.from.clone(),
                None => fields.push(Change { to: product.value(why, change.field), ..change.clone() }),
            }
        }
        let token = one.step.changes.iter().find(|change| change.id == why && change.field.key == "why_rev");
        let Some(token) = token.filter(|token| !token.from.is_null() && token.from != token.to) else { continue };
        if !fields.iter().any(moves_the_why) {
            return Some(token.from.clone());
        }
    }
    None
}
