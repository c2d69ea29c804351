//! The done check in progress: what was ticked is kept whether or not the story is done.

use crate::actions::action::{Context, wrong_kind};
use crate::actions::item::{Answers, status_with};
use crate::model::change::Step;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::refusal::Refusal;
use crate::model::schema::{BacklogItem, ItemStatus, Kind};
use crate::model::snapshot_types::DoneCheck;

/// What somebody changed in the done check.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Marked {
    /// Criteria by their text, and whether each is met.
    pub met: Vec<(String, bool)>,
    pub ticked: Vec<Id>,
    pub waived: Vec<(Id, String)>,
    /// Neither ticked nor waived any more.
    pub opened: Vec<Id>,
    /// All criteria that are waived now, each with the reason. `None` if these are the same as before.
    pub criteria_waived: Option<Vec<(String, String)>>,
    /// All remaining ones were ticked at once.
    pub at_once: bool,
}

/// Stores what was ticked, without changing the story's status.
pub fn keep(product: &Product, id: Id, marked: &Marked, context: &Context) -> Result<Step, Refusal> {
    product.get::<BacklogItem>(id).ok_or_else(|| wrong_kind(product, id, Kind::BacklogItem))?;
    let label = format!("Checked {}", product.name_of(id));
    Ok(product.edit::<BacklogItem>(id, label, |item| {
        for (text, met) in &marked.met {
            item.criteria.iter_mut().filter(|one| *one.text == **text).for_each(|one| one.met = *met);
        }
        let made = |rule: Option<Id>, criterion: &str, waived: &str| DoneCheck {
            rule,
            criterion: criterion.to_string(),
            by: context.by.clone(),
            at: context.now,
            waived: waived.to_string(),
        };
        let mut say = |rule: Id, check: Option<&str>| {
            item.checks.retain(|known| known.rule != Some(rule));
            item.checks.extend(check.map(|waived| made(Some(rule), "", waived)));
        };
        marked.opened.iter().for_each(|rule| say(*rule, None));
        marked.ticked.iter().for_each(|rule| say(*rule, Some("")));
        marked.waived.iter().for_each(|(rule, reason)| say(*rule, Some(reason)));
        if let Some(waived) = &marked.criteria_waived {
            let is_same = |known: &DoneCheck| {
                waived.iter().any(|(text, reason)| known.criterion == *text && known.waived == *reason)
            };
            item.checks.retain(|known| known.rule.is_some() || is_same(known));
            for (text, reason) in waived {
                if !item.checks.iter().any(|known| known.rule.is_none() && known.criterion == *text) {
                    item.checks.push(made(None, text, reason));
                }
            }
        }
    }))
}

/// Stores what was ticked and accepts the story as done, as one step.
pub fn accept(product: &Product, id: Id, marked: &Marked, context: &mut Context) -> Result<Step, Refusal> {
    let mut step = keep(product, id, marked, context)?;
    let mut after = product.clone();
    after.apply(&step).map_err(|why| Refusal::unchanged(why.to_string()))?;
    let done = status_with(&after, &[id], ItemStatus::Done, &Answers::default(), context)?;
    step.label = done.label.clone();
    if marked.at_once {
        step.label.push_str(", the rest of its check ticked at once");
    }
    step.join(done);
    Ok(step)
}
