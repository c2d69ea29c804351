//! Imports on trial: a file goes into a product as the store would write it, and its facts have to come out again.

use std::collections::{BTreeMap, BTreeSet};
use whyhow::import::{Found, ImportPlan, Settling, SourceFile, Terms, plan, read};
use whyhow::model::admit::{Submission, admit};
use whyhow::model::change::{Origin, Step};
use whyhow::model::derived_cells::Stamp;
use whyhow::model::id::{Id, IdSource};
use whyhow::model::product::Product;
use whyhow::model::role::Role;
use whyhow::model::schema::{BacklogItem, ItemStatus};
use whyhow::model::value::Value;
use whyhow::model::value::When;
use whyhow::options::Options;

fn now() -> When {
    When::parse("2026-03-02T09:00:00Z").unwrap()
}

/// A product that takes what is imported as the store would.
pub struct Trial {
    pub product: Product,
    ids: IdSource,
    steps: u64,
}

impl Trial {
    pub fn new() -> Trial {
        Trial { product: Product::default(), ids: IdSource::new(7, 0), steps: 0 }
    }

    pub fn plan(&mut self, found: &Found) -> ImportPlan {
        plan(found.clone(), &self.product, &mut self.ids, &Terms::at(now()))
    }

    /// Imports with answers to what changed on both sides.
    pub fn settle(&mut self, found: &Found, settling: Settling) -> ImportPlan {
        let plan = plan(found.clone(), &self.product, &mut self.ids, &Terms { settling, ..Terms::at(now()) });
        self.take(&plan.step);
        plan
    }

    /// As the store takes a step: rebased, completed, applied, judged.
    pub fn take(&mut self, step: &Step) {
        self.steps += 1;
        let stamp = Stamp { step: Id::from_bits(self.steps), by: "Omar".to_string(), at: now(), alone: true };
        let submission = Submission { step, origin: Origin::Edit, role: Role::Both, stamp: &stamp };
        let rebased = admit(&mut self.product, submission, &|_, _| String::new()).unwrap();
        assert_eq!(rebased.conflicts, 0);
    }

    /// Imports, and proves that doing it again changes nothing.
    pub fn import(&mut self, found: &Found) -> ImportPlan {
        let plan = self.plan(found);
        self.take(&plan.step);
        let again = self.plan(found);
        assert_eq!(again.step.changes, Vec::new(), "the second import of {}", found.from);
        plan
    }

    pub fn item(&self, key: &str) -> &BacklogItem {
        let mut all = self.product.of::<BacklogItem>().all();
        all.find(|item| item.source.as_ref().is_some_and(|source| &*source.key == key)).unwrap()
    }

    pub fn edit(&mut self, key: &str, change: impl FnOnce(&mut BacklogItem)) {
        let id = self.item(key).id;
        let step = self.product.edit::<BacklogItem>(id, "edit", change);
        self.take(&step);
    }
}

/// A file read with these options; it has to be readable.
pub fn parse(name: &str, text: &str, options: &Options) -> Found {
    let file = SourceFile::from_bytes(name, text.as_bytes(), None).unwrap();
    read(&file, None, options, &mut |_, _| {}).unwrap()
}

/// Imports a file and holds what comes out of the product against facts that somebody else has reckoned.
pub fn gives_what_it_holds(name: &str, bytes: &[u8], facts: &Value) -> Trial {
    let file = SourceFile::from_bytes(name, bytes, None).unwrap();
    // The facts are about what the file calls labels.
    let mut options = Options::default();
    options.set(&whyhow::import::github::WORD_LISTS, "no").unwrap();
    let found = read(&file, None, &options, &mut |_, _| {}).unwrap();
    let mut trial = Trial::new();
    let plan = trial.import(&found);
    assert!(plan.report.text().contains("read as GitHub issues"));
    let items: Vec<&BacklogItem> = trial.product.all::<BacklogItem>().map(|item| &**item).collect();
    let same = |key: &str, counted: usize| assert_eq!(counted as u64, facts[key].as_u64().unwrap(), "{name}: {key}");
    same("items", items.len());
    states(&items, facts, name);
    let milestones: BTreeSet<String> = strings(&facts["milestones"]).into_iter().map(one_line).collect();
    let labels: Vec<&String> = items.iter().flat_map(|item| item.labels.iter()).collect();
    let labels: Vec<&String> = labels.into_iter().filter(|label| !milestones.contains(*label)).collect();
    same("label_uses", labels.len());
    same("labels_distinct", labels.iter().collect::<BTreeSet<_>>().len());
    let in_milestone = |item: &&&BacklogItem| item.labels.iter().any(|label| milestones.contains(label));
    same("with_milestone", items.iter().filter(in_milestone).count());
    same("with_body", items.iter().filter(|item| !item.notes.is_empty()).count());
    let ticked: usize = items
        .iter()
        .map(|i| i.tasks.iter().filter(|t| t.done).count() + i.criteria.iter().filter(|c| c.met).count())
        .sum();
    let all: usize = items.iter().map(|item| item.tasks.len() + item.criteria.len()).sum();
    assert_eq!(whyhow::json!([all - ticked, ticked]), facts["task_list_boxes"], "{name}");
    same("titles_distinct", titles(&trial).into_iter().collect::<BTreeSet<_>>().len());
    same(
        "numbers_distinct",
        items.iter().map(|item| &*item.source.as_ref().unwrap().key).collect::<BTreeSet<_>>().len(),
    );
    extras(&trial, &file, name);
    trial
}

/// All titles, white space collapsed, in order.
pub fn titles(trial: &Trial) -> Vec<String> {
    let mut titles: Vec<String> =
        trial.product.all::<BacklogItem>().map(|item| one_line(item.title.to_string())).collect();
    titles.sort();
    titles
}

fn states(items: &[&BacklogItem], facts: &Value, name: &str) {
    let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
    for item in items {
        let word = if matches!(item.status, ItemStatus::Done | ItemStatus::Dropped) { "CLOSED" } else { "OPEN" };
        *seen.entry(word).or_default() += 1;
    }
    let mut wanted: BTreeMap<&str, u64> = BTreeMap::new();
    for (word, count) in facts["by_state"].as_object().unwrap() {
        *wanted.entry(if **word == *"CLOSED" { "CLOSED" } else { "OPEN" }).or_default() += count.as_u64().unwrap();
    }
    assert_eq!(seen, wanted, "{name}");
}

/// Every filled key of every issue that has no field is found beside its item.
fn extras(trial: &Trial, file: &SourceFile, name: &str) {
    let top: Value = serde_json::from_str(&file.text).unwrap();
    let issues = top.as_array().or_else(|| top["issues"].as_array()).unwrap();
    for issue in issues {
        let item = trial.item(&issue["number"].to_string());
        for key in [
            "areas",
            "priority",
            "type",
            "totalReactions",
            "commentCount",
            "author",
            "comments",
            "updatedAt",
            "milestone",
        ] {
            let filled = match &issue[key] {
                Value::Null => 0,
                Value::Array(all) => all.len(),
                _ => 1,
            };
            let kept =
                item.extra.0.get("github").and_then(|all| all.get(key)).and_then(Value::as_array).map_or(0, Vec::len);
            assert_eq!(kept, filled, "{name} {key}");
        }
    }
}

pub fn strings(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_string()).collect()
}

fn one_line(text: String) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
