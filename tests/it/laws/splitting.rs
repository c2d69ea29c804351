//! A story is split into parts, or closed as a duplicate: nothing is counted twice, and whatever linked to it finds its way.

use crate::laws::sprint_actions::Played;
use serde_json::{Value, json};
use whyhow::insight::plan::plan;
use whyhow::model::change::Origin;
use whyhow::model::id::Id;
use whyhow::model::schema::{BacklogItem, Feedback, ItemStatus, Kind};
use whyhow::model::value::{Amount, Day};

const WHY: u64 = 20;

fn id(bits: u64) -> String {
    Id::from_bits(bits).to_string()
}

/// S1 is worth 8 and is needed by S2, voiced by F1, in the planned sprint 1, and has six criteria and two tasks.
fn desk() -> Played {
    let mut played = Played::default();
    played.add(Kind::VisionBoard, 10, json!({"name": "Ferry"}));
    played.add(Kind::Goal, 11, json!({"title": "Fewer calls"}));
    played.add(Kind::RoadmapItem, WHY, json!({"title": "Returns", "serves": [id(11)]}));
    let story = json!({"title": "Return a bike", "points": 8, "serves": id(WHY), "labels": ["shop"],
        "criteria": ["a", "b", "c", "d", "e", "f"], "tasks": ["t", "u"]});
    played.add(Kind::BacklogItem, 1, story);
    played.add(Kind::BacklogItem, 2, json!({"title": "Pay", "points": 3, "serves": id(WHY), "depends_on": [id(1)]}));
    played.add(
        Kind::BacklogItem,
        3,
        json!({"title": "Give it back", "labels": ["desk"], "serves": id(WHY), "points": 2}),
    );
    played.add(Kind::Feedback, 30, json!({"quote": "Let me return it at night", "links": [id(1)]}));
    played.run("sprint.new", json!({"goal": "Go"})).unwrap();
    played.run("sprint.plan", json!({"items": ["S1"]})).unwrap();
    played
}

fn parts() -> Value {
    json!([{"title": "One", "criteria": [1, 2], "tasks": [1], "points": 3},
        {"title": "Two", "criteria": [3, 4], "points": 3}, {"title": "Three", "criteria": [5], "tasks": [2], "points": 2}])
}

fn story(played: &Played, title: &str) -> BacklogItem {
    let found = played.product.all::<BacklogItem>().find(|item| &*item.title == title);
    BacklogItem::clone(found.unwrap_or_else(|| panic!("no story {title}")))
}

/// The points under the roadmap item, and those in the plan of the sprint.
fn figures(played: &Played) -> (Amount, Amount) {
    let sprint = played.product.all::<BacklogItem>().find_map(|item| item.sprint);
    let plan = plan(&played.product, sprint, Day::parse("2026-03-02").unwrap());
    (played.product.index().under(Some(Id::from_bits(WHY))).sums.points(), plan.selected.points)
}

#[test]
fn a_split_counts_each_point_once_and_keeps_every_link() {
    for replace in [false, true] {
        let mut played = desk();
        let (before, plan_before) = figures(&played);
        assert_eq!((before, plan_before), (Amount::whole(13), Amount::whole(8)));
        let whole = story(&played, "Return a bike");
        let begun = played.product.clone();
        let step = played.run("item.split", json!({"on": "S1", "parts": parts(), "replace": replace})).unwrap();
        assert_eq!(figures(&played), (before, plan_before), "3 + 3 + 2 = 8, replace {replace}");
        let made = ["One", "Two", "Three"].map(|title| story(&played, title));
        assert_eq!(made.each_ref().map(|part| part.criteria.len()), [2, 2, 1]);
        assert_eq!(made.each_ref().map(|part| part.tasks.len()), [1, 0, 1]);
        for part in &made {
            assert_eq!((part.serves, &part.labels, part.sprint), (whole.serves, &whole.labels, whole.sprint));
            assert_eq!(part.parent, (!replace).then_some(whole.id));
        }
        let order: Vec<_> = played.product.all::<BacklogItem>().map(|item| item.title.to_string()).collect();
        assert_eq!(order[..4], ["Return a bike", "One", "Two", "Three"], "the parts stand below it");
        let (after, pay) = (story(&played, "Return a bike"), story(&played, "Pay"));
        let voice = played.product.all::<Feedback>().next().unwrap().links.clone();
        let ids: Vec<Id> = made.iter().map(|part| part.id).collect();
        if replace {
            assert_eq!((after.status, after.sprint), (ItemStatus::Dropped, None));
            assert_eq!((&pay.depends_on, &voice), (&ids, &ids));
        } else {
            // What was not dealt stays with the whole.
            assert_eq!((after.criteria.len(), after.tasks.len(), after.sprint), (1, 0, None));
            assert_eq!((pay.depends_on, voice), (vec![whole.id], vec![whole.id]));
        }
        played.take(&step.invert(), Origin::Undo).unwrap();
        for item in begun.all::<BacklogItem>() {
            assert_eq!(story(&played, &item.title), **item, "one undo gives all back");
        }
        let left = ids.iter().filter(|id| played.product.find(**id).is_some()).count();
        assert_eq!(left, 0, "nothing of the parts is left, replace {replace}");
    }
}

#[test]
fn a_split_of_a_running_story_is_written_into_the_sprint() {
    let mut played = desk();
    played.run("sprint.start", json!({"sprint": "sprint 1"})).unwrap();
    played.run("item.split", json!({"on": "S1", "parts": parts()})).unwrap();
    let sprint = played.product.all::<whyhow::model::schema::Sprint>().next().unwrap();
    let figures = whyhow::insight::sprint::figures(&sprint.entries, false);
    assert_eq!(figures.scope().points, Amount::whole(8), "out with 8, in with 3, 3 and 2");
    assert!(sprint.entries.iter().any(|entry| entry.removed_reason == "S1 was split"), "{:?}", sprint.entries);
}

#[test]
fn what_cannot_be_split_says_why_and_changes_nothing() {
    let played = desk();
    let one = json!([{"title": "Only"}]);
    let unnamed = json!([{"title": "One"}, {"title": " "}]);
    for (parts, word) in [(one, "two parts at least"), (unnamed, "Part 2 has no title")] {
        let refusal = played.deed("item.split", json!({"on": "S1", "parts": parts})).unwrap_err();
        assert!(refusal.to_string().contains(word), "{refusal}");
    }
    let mut over = desk();
    over.run("item.status", json!({"on": "S1", "to": "dropped"})).unwrap();
    assert!(
        over.deed("item.split", json!({"on": "S1", "parts": parts()})).unwrap_err().to_string().contains("not open")
    );
}

#[test]
fn a_duplicate_hands_over_its_voices_labels_and_links() {
    let mut played = desk();
    played.run("item.duplicate", json!({"on": "S1", "of": "S3"})).unwrap();
    let (gone, stays, pay) = (story(&played, "Return a bike"), story(&played, "Give it back"), story(&played, "Pay"));
    assert_eq!((gone.status, gone.duplicate_of), (ItemStatus::Dropped, Some(stays.id)));
    assert_eq!(stays.labels.to_vec(), ["desk", "shop"]);
    assert_eq!(
        (pay.depends_on, played.product.all::<Feedback>().next().unwrap().links.clone()),
        (vec![stays.id], vec![stays.id])
    );
    let itself = played.deed("item.duplicate", json!({"on": "S3", "of": "S3"})).unwrap_err();
    assert!(itself.to_string().contains("no duplicate of itself"), "{itself}");
}
