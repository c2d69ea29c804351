//! A story is split into parts, or closed as a duplicate: nothing is counted twice, and whatever linked to it finds its way.

use crate::harness::scratch::noon;
use crate::laws::sprint_actions::Played;
use whyhow::insight::plan::plan;
use whyhow::insight::roadmap_diff::{Act, moved};
use whyhow::insight::trace::is_suspect;
use whyhow::json;
use whyhow::model::change::{Origin, Step};
use whyhow::model::id::Id;
use whyhow::model::schema::{BacklogItem, Feedback, ItemStatus, Kind, Sprint};
use whyhow::model::value::Value;
use whyhow::model::value::{Amount, Day};

const WHY: u64 = 20;

fn id(bits: u64) -> String {
    Id::from_bits(bits).to_string()
}

/// S1 is worth 8 and is needed by S2, voiced by F1, in the planned sprint 1, and has six criteria and two tasks.
fn desk() -> Played {
    let mut played = backlog();
    played.run("sprint.new", json!({"goal": "Go"})).unwrap();
    played.run("sprint.plan", json!({"items": ["S1"]})).unwrap();
    played
}

/// The same, before any sprint.
fn backlog() -> Played {
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
        // What nobody dealt stays with a story that stays, and goes to the first part of one that is dropped.
        assert_eq!(made.each_ref().map(|part| part.criteria.len()), if replace { [3, 2, 1] } else { [2, 2, 1] });
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
            assert_eq!((&pay.depends_on, voice), (&ids, [&[whole.id], ids.as_slice()].concat()));
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
    let sprint = played.product.all::<Sprint>().next().unwrap();
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

/// S1 of 8 points with two parts: one of 3 that serves the same why, one of 5 that serves another.
fn with_parts(mut played: Played) -> Played {
    played.add(Kind::RoadmapItem, 21, json!({"title": "Prices", "serves": [id(11)]}));
    let part = |points: i64, why: u64| json!({"title": format!("Part {points}"), "points": points, "serves": id(why), "parent": id(1)});
    played.add(Kind::BacklogItem, 5, part(3, WHY));
    played.add(Kind::BacklogItem, 6, part(5, 21));
    played
}

fn today() -> Day {
    Day::parse("2026-03-02").unwrap()
}

#[test]
fn a_whole_never_counts_beside_its_parts_whatever_they_serve() {
    let mut played = with_parts(desk());
    // 3 (S2) + 2 (S3) + 3 + 5; the 8 count through the parts, under the why of each.
    let under = |played: &Played, why: u64| played.product.index().under(Some(Id::from_bits(why))).sums.points();
    assert_eq!(played.product.index().all.points(), Amount::whole(13));
    assert_eq!((under(&played, WHY), under(&played, 21)), (Amount::whole(8), Amount::whole(5)));
    let told = whyhow::insight::forecast::forecast(&played.product, today());
    let left = |bits: u64| told.row(Id::from_bits(bits)).unwrap().remaining;
    assert_eq!((left(WHY), left(21)), (Amount::whole(8), Amount::whole(5)));
    // The whole and both parts are selected: the parts count, the warning says so, and the start leaves the whole out.
    played.run("sprint.plan", json!({"items": [id(5), id(6)]})).unwrap();
    let sprint = played.product.all::<Sprint>().next().unwrap().id;
    let planned = plan(&played.product, Some(sprint), today());
    assert_eq!((planned.selected.points, planned.selected.stories), (Amount::whole(8), 2));
    assert_eq!(planned.warnings[0], "S1 is selected, but its parts count instead. The start leaves it out.");
    played.run("sprint.start", json!({})).unwrap();
    let started = played.product.all::<Sprint>().next().unwrap();
    assert_eq!(whyhow::insight::sprint::figures(&started.entries, false).planned.points, Amount::whole(8));
    assert_eq!((started.entries.len(), story(&played, "Return a bike").sprint), (2, None));
}

#[test]
fn a_pace_in_weeks_counts_done_parts_and_not_their_whole() {
    let mut played = with_parts(backlog());
    for bits in [5, 6, 1] {
        played.run("item.status", json!({"on": id(bits), "to": "done", "tick": "all"})).unwrap();
    }
    let pace = whyhow::insight::velocity::pace(&played.product, today().plus(28));
    assert_eq!(pace.each.iter().copied().sum::<Amount>(), Amount::whole(8), "3 and 5, not 16: {:?}", pace.each);
}

#[test]
fn a_split_does_not_make_the_roadmap_item_grow() {
    let mut played = desk();
    let mut steps = vec![played.run("item.split", json!({"on": "S1", "parts": parts()})).unwrap()];
    let told = |played: &Played, steps: &[Step]| -> Vec<String> {
        let acts = steps.iter().map(|step| Act { step, at: noon(), by: "Omar" });
        let forecast = whyhow::insight::forecast::forecast(&played.product, today());
        let all = moved(&played.product, acts, &[], &forecast, today());
        all.into_iter().filter(|one| one.what.contains("points")).map(|one| one.what).collect()
    };
    assert_eq!(told(&played, &steps), [""; 0], "8 became 3, 3 and 2");
    let field = Kind::BacklogItem.field("points").unwrap();
    let two = story(&played, "Two").id;
    let more = whyhow::actions::edit::set(&played.product, &[two], field, &json!(5)).unwrap();
    steps.push(played.take(&more, Origin::Edit).unwrap().0);
    assert!(told(&played, &steps)[0].starts_with("grew 13 → 15 points"), "{:?}", told(&played, &steps));
}

/// A story without points that came to the item changed nothing of its sum, so it is no cause.
#[test]
fn only_what_changed_the_sum_is_named_as_its_cause() {
    let mut played = desk();
    played.add(Kind::BacklogItem, 50, json!({"title": "Unsized"}));
    let cell = |key: &str| Kind::BacklogItem.field(key).unwrap();
    let mut steps = Vec::new();
    for (id, key, to) in [
        (story(&played, "Return a bike").id, "points", json!(5)),
        (Id::from_bits(50), "serves", json!(Id::from_bits(WHY).to_string())),
    ] {
        let step = whyhow::actions::edit::set(&played.product, &[id], cell(key), &to).unwrap();
        steps.push(played.take(&step, Origin::Edit).unwrap().0);
    }
    let acts = steps.iter().map(|step| Act { step, at: noon(), by: "Omar" });
    let forecast = whyhow::insight::forecast::forecast(&played.product, today());
    let all = moved(&played.product, acts, &[], &forecast, today());
    let told: Vec<&str> = all.iter().map(|one| one.what.as_str()).filter(|what| what.contains("shrank")).collect();
    assert!(told.len() == 1 && told[0].ends_with("points (S1)"), "{told:?}");
}

#[test]
fn a_part_that_comes_into_a_running_sprint_takes_the_place_of_its_whole() {
    let mut played = desk();
    played.run("sprint.start", json!({})).unwrap();
    played.add(Kind::BacklogItem, 5, json!({"title": "Part", "points": 3, "parent": id(1)}));
    played.run("sprint.plan", json!({"items": [id(5)], "reason": "smaller"})).unwrap();
    let sprint = played.product.all::<Sprint>().next().unwrap();
    let told = whyhow::insight::sprint::figures(&sprint.entries, false);
    assert_eq!((told.scope().points, told.removed.points), (Amount::whole(3), Amount::whole(8)));
    let back = played.deed("sprint.plan", json!({"items": ["S1"], "reason": "all of it"})).unwrap_err();
    assert!(back.to_string().contains("S1 has parts, which count instead"), "{back}");
}

/// A why that changed after the story was agreed asks for its parts, too.
#[test]
fn the_parts_of_a_story_in_doubt_are_in_doubt() {
    let mut played = desk();
    let field = Kind::RoadmapItem.field("outcome").unwrap();
    let other =
        whyhow::actions::edit::set(&played.product, &[Id::from_bits(WHY)], field, &json!("Nobody waits")).unwrap();
    played.take(&other, Origin::Edit).unwrap();
    assert!(is_suspect(&played.product, &story(&played, "Return a bike")));
    played.run("item.split", json!({"on": "S1", "parts": parts()})).unwrap();
    for title in ["One", "Two", "Three"] {
        assert!(is_suspect(&played.product, &story(&played, title)), "{title}");
    }
}

/// In a list for others, the points of a story stand once: at its parts.
#[test]
fn a_split_story_says_so_in_exports() {
    let mut played = desk();
    played.run("sprint.start", json!({"sprint": "sprint 1"})).unwrap();
    played.run("item.split", json!({"on": "S1", "parts": parts()})).unwrap();
    let page = whyhow::export::markdown::product::backlog(&played.product);
    let line = page.lines().find(|line| line.contains("] S1 ")).unwrap();
    assert!(line.contains("split into S") && !line.contains("points"), "{line}");
}

/// The last part that ends takes its whole with it, in the same act; taken up again, it takes it back.
#[test]
fn a_whole_ends_with_its_last_part() {
    for is_dropped in [false, true] {
        let mut played = with_parts(desk());
        let status = |played: &mut Played, on: u64, to: &str| {
            let step = played.run("item.status", json!({"on": id(on), "to": to, "tick": "all"})).unwrap();
            (step.label.clone(), story(played, "Return a bike").status, step)
        };
        let (label, whole, _) = status(&mut played, 5, "done");
        assert_eq!((label.as_str(), whole), ("S4 is done", ItemStatus::ToDo));
        // Criteria that it kept for itself are still open.
        let (label, whole, step) = status(&mut played, 6, "done");
        assert_eq!(whole, ItemStatus::ToDo);
        assert!(label.starts_with("S5 is done; S1 has ") && label.ends_with(" of its own to go"), "{label}");
        played.take(&step.invert(), Origin::Undo).unwrap();
        let none = whyhow::actions::edit::set(
            &played.product,
            &[Id::from_bits(1)],
            Kind::BacklogItem.field("criteria").unwrap(),
            &json!([]),
        );
        played.take(&none.unwrap(), Origin::Edit).unwrap();
        let (label, whole, _) = status(&mut played, 6, if is_dropped { "dropped" } else { "done" });
        let word = if is_dropped { "dropped" } else { "done" };
        assert_eq!((label, whole), (format!("S5 is {word}, and with it S1"), ItemStatus::Done));
        let (label, whole, _) = status(&mut played, 5, "doing");
        assert_eq!(
            (label.as_str(), whole),
            ("S4 is in progress, and with it S1, which is open again", ItemStatus::ToDo)
        );
        status(&mut played, 5, "done");
        assert_eq!(story(&played, "Return a bike").status, ItemStatus::Done);
    }
}

/// What is shown of a whole is the sum of its parts, and nothing asks for points of its own.
#[test]
fn a_whole_shows_the_sum_of_its_parts() {
    use whyhow::insight::text::{listed, points_word, size_and_state};
    let played = with_parts(desk());
    let whole = story(&played, "Return a bike");
    assert_eq!(points_word(&played.product, &whole), "(8)");
    assert_eq!(size_and_state(&played.product, &whole), "(8)  its parts count");
    assert_eq!(listed(&played.product), (5, 0));
}
