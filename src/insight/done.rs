//! The done check: which rules apply to a story, which of them hold, and how the rules have held.

use crate::insight::outlook::next_sprint;
use crate::insight::sprint::{in_planning, is_over, running};
use crate::insight::velocity;
use crate::model::id::Id;
use crate::model::product::Product;
use crate::model::saturating::percent;
use crate::model::schema::{BacklogItem, DoneRule, ItemStatus, Sprint, SprintState};
use crate::model::snapshot_types::{DoneCheck, RuleSnapshot, SprintEntry};
use crate::model::value::Criterion;

/// The current Definition of Done, in order.
pub fn rules_now(product: &Product) -> Vec<RuleSnapshot> {
    let kept = |rule: &std::sync::Arc<DoneRule>| RuleSnapshot {
        rule: rule.id,
        number: rule.number,
        text: rule.text.to_string(),
    };
    product.all::<DoneRule>().map(kept).collect()
}

/// The rules that apply to a story: those with which its sprint started, or today's if it is in no started sprint.
pub fn rules_for(product: &Product, item: &BacklogItem) -> Vec<RuleSnapshot> {
    let sprint = item.sprint.and_then(|id| product.get::<Sprint>(id));
    match sprint.filter(|sprint| sprint.state == SprintState::Active || is_over(sprint)) {
        Some(sprint) => sprint.done_rules.clone(),
        None => rules_now(product),
    }
}

/// The number of the sprint from which today's rules count while one runs: the next one.
pub fn counts_from(product: &Product) -> u32 {
    in_planning(product).first().map_or_else(|| next_sprint(product), |sprint| sprint.number)
}

/// True if there are rules, but none with which the running sprint began: they count from the next one.
pub fn rules_wait(product: &Product) -> bool {
    running(product).is_some_and(|sprint| sprint.done_rules.is_empty()) && !rules_now(product).is_empty()
}

/// The progress of a story's done check.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Checked {
    /// The rules that apply, each with its check if somebody ticked or waived it.
    pub rules: Vec<(RuleSnapshot, Option<DoneCheck>)>,
    /// The number of acceptance criteria, and of those met.
    pub criteria: usize,
    pub met: usize,
    /// Open criteria that were waived.
    pub criteria_waived: usize,
}

impl Checked {
    /// The rules that nobody has ticked or waived.
    pub fn open(&self) -> Vec<&RuleSnapshot> {
        self.rules.iter().filter(|(_, check)| check.is_none()).map(|(rule, _)| rule).collect()
    }

    /// Acceptance criteria that are neither met nor waived.
    pub fn open_criteria(&self) -> usize {
        self.criteria.saturating_sub(self.met).saturating_sub(self.criteria_waived)
    }

    pub fn is_done(&self) -> bool {
        self.open().is_empty() && self.open_criteria() == 0
    }
}

/// The current done check of a story.
pub fn checked(product: &Product, item: &BacklogItem) -> Checked {
    let check = |rule: Id| item.checks.iter().find(|check| check.rule == Some(rule)).cloned();
    let rules = rules_for(product, item);
    Checked {
        rules: rules.into_iter().map(|rule| (rule.clone(), check(rule.rule))).collect(),
        criteria: item.criteria.len(),
        met: item.criteria.iter().filter(|criterion| criterion.met).count(),
        criteria_waived: item.criteria.iter().filter(|criterion| waiver(item, criterion).is_some()).count(),
    }
}

/// Why an open criterion is waived, if it is.
pub fn waiver<'a>(item: &'a BacklogItem, criterion: &Criterion) -> Option<&'a str> {
    let check = item.checks.iter().find(|check| !criterion.met && check.waives(&criterion.text))?;
    Some(check.waived.as_str())
}

/// How a rule has held.
#[derive(Clone, PartialEq, Debug)]
pub struct Held {
    pub rule: RuleSnapshot,
    /// The stories it was checked for, and those for which it held or was waived.
    pub stories: u32,
    pub held: u32,
    pub waived: u32,
    /// Why it was waived, oldest first.
    pub reasons: Vec<String>,
}

impl Held {
    /// The percentage of checked stories for which it held. `None` if there were none.
    pub fn percent(&self) -> Option<u8> {
        (self.stories > 0).then(|| percent(f64::from(self.held) / f64::from(self.stories)))
    }
}

/// How today's rules have held for the stories done in the last closed sprints.
pub fn held(product: &Product, sprints: usize) -> Vec<Held> {
    let closed = velocity::closed(product);
    let last = closed.iter().rev().take(sprints).rev();
    let done: Vec<&std::sync::Arc<BacklogItem>> = last
        .flat_map(|sprint| sprint.entries.iter().filter(|one| one.is_in() && one.outcome == SprintEntry::DONE))
        .filter_map(|entry| product.get::<BacklogItem>(entry.item))
        .collect();
    let of = |rule: RuleSnapshot| {
        let mut out = Held { rule, stories: 0, held: 0, waived: 0, reasons: Vec::new() };
        for check in done.iter().flat_map(|item| &item.checks).filter(|check| check.rule == Some(out.rule.rule)) {
            out.stories = out.stories.saturating_add(1);
            if check.waived.is_empty() {
                out.held = out.held.saturating_add(1);
            } else {
                out.waived = out.waived.saturating_add(1);
                out.reasons.push(check.waived.clone());
            }
        }
        out
    };
    rules_now(product).into_iter().map(of).collect()
}

/// The versions of the Definition of Done with which sprints have started, oldest first: the number of the first sprint
/// with it, and its rules. Later changes become a version with the next start.
pub fn versions(product: &Product) -> Vec<(u32, Vec<RuleSnapshot>)> {
    let mut begun: Vec<_> = product.all::<Sprint>().filter(|one| one.state != SprintState::Planning).collect();
    begun.sort_by_key(|one| (one.start, one.number));
    let mut out: Vec<(u32, Vec<RuleSnapshot>)> = Vec::new();
    for sprint in begun.into_iter().filter(|sprint| !sprint.done_rules.is_empty()) {
        if out.last().is_none_or(|(_, rules)| *rules != sprint.done_rules) {
            out.push((sprint.number, sprint.done_rules.clone()));
        }
    }
    out
}

/// The Definition of Done that applied in a sprint: its version, and how many of its rules read otherwise today.
pub fn done_version(product: &Product, sprint: &Sprint) -> (usize, usize) {
    let begun = |one: &Sprint| (one.start, one.number);
    let until = |since: u32| {
        let first = product.all::<Sprint>().find(|one| one.number == since);
        first.is_some_and(|first| begun(first) <= begun(sprint))
    };
    let version = versions(product).iter().filter(|(since, _)| until(*since)).count();
    let today = rules_now(product);
    let moved = sprint.done_rules.iter().filter(|rule| !today.contains(rule)).count();
    (version, moved)
}

/// The stories that are held against the rules now: the open ones of the running sprint, and those in work outside of
/// it. What is nearest to done comes first.
pub fn in_check(product: &Product) -> Vec<&BacklogItem> {
    let sprint = running(product).map(|sprint| sprint.id);
    let is_in_check = |item: &&BacklogItem| match item.status {
        ItemStatus::ToAccept | ItemStatus::Doing => true,
        ItemStatus::ToDo => sprint.is_some() && item.sprint == sprint,
        ItemStatus::Done | ItemStatus::Dropped => false,
    };
    let mut all: Vec<&BacklogItem> = product.all::<BacklogItem>().map(|item| &**item).filter(is_in_check).collect();
    all.sort_by_key(|item| std::cmp::Reverse(item.status));
    all
}
